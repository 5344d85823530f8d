    # Options without a command are those of the default one.
    if [[ ${words[2]} == -* ]]; then
        words[2]=(report "${words[2]}")
        (( CURRENT += 1 ))
    fi

