    # Options without a command are those of the default one.
    set -l typed $unparsed_tokens[2..] (commandline -t)
    string match -q -- '-*' $typed[1]
    and set unparsed_tokens $unparsed_tokens[1] report $unparsed_tokens[2..]
