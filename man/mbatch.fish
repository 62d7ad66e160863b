# fish completion for mbatch: `mbatch --complete` knows all

function __mbatch_complete
    set -l words (commandline -opc)
    set -l at (count $words)
    set -l cur (commandline -ct)
    # fish takes < FILE out of the words
    set -l file (commandline -p | string match -rg '<\s*([^\s<>|;&]+)')
    for line in ($words[1] --complete $at $words "$cur" '<'$file 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path $cur
            case ':command 0'
                complete -C "$cur"
            case ':command *'
                set -l from (string replace ':command ' '' $line)
                complete -C (string join ' ' -- \
                    (string escape -- $words[(math $from + 1)..-1]) $cur)
            case '*'
                echo $line
        end
    end
end

complete -c mbatch -fa '(__mbatch_complete)'
