
# Bash ends words at the colons of a PCI address. Put them together before the
# question, and cut off what is there already from the answers.
_vgt-balloon_whole_words() {
    local cur prev words cword
    _get_comp_words_by_ref -n : cur prev words cword
    # Options without a command are those of the default one.
    if [[ ${words[1]} == -* ]]; then
        words=("${words[0]}" report "${words[@]:1}")
        ((cword += 1))
    fi
    COMP_WORDS=("${words[@]}") COMP_CWORD=$cword
    _vgt-balloon "$1" "$cur" "$prev"
    __ltrim_colon_completions "$cur"
}
complete -o filenames -F _vgt-balloon_whole_words vgt-balloon
