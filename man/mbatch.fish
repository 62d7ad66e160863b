# fish completion for mbatch: the operators come from `mbatch -l`, the options
# from `mbatch --help`

set -g __mbatch_valued (mbatch --help 2>/dev/null |
    string match -rg -- '(?:(-.), )?(--[a-z-]+) [^ \\[]')

# What the next word is: an operator (or an option before it), an option's
# value, an operator's word, into's command (or a flag before it), a flag's
# value; behind into's command, the number of the word that this is.
function __mbatch_place
    set -l place operator
    set -l n 0
    for word in (commandline -opc)
        set n (math $n + 1)
        test $n -eq 1; and continue
        switch $place
            case value
                set place operator
            case flag
                set place into
            case into
                if string match -qr '^(-[Pt]|--on-fail)$' -- $word
                    set place flag
                else if not string match -q -- '-*' $word
                    echo $n
                    return
                end
            case word
                test "$word" = then; and set place operator
            case operator
                if contains -- $word $__mbatch_valued
                    set place value
                else if test "$word" = into
                    set place into
                else if not string match -q -- '-*' $word
                    set place word
                end
        end
    end
    echo $place
end

function __mbatch_wants_operator
    test (__mbatch_place) = operator
end

function __mbatch_wants_word
    test (__mbatch_place) = word
end

function __mbatch_wants_command
    string match -qr '^(into|\d+)$' (__mbatch_place)
end

# As if the line were into's command.
function __mbatch_command
    set -l words (commandline -opc)
    set -l place (__mbatch_place)
    test $place = into; and set words; or set words $words[$place..-1]
    complete -C (string join ' ' -- (string escape -- $words) \
        (commandline -ct))
end

function __mbatch_operators
    mbatch -l 2>/dev/null | string replace -r '^([^\t]*)\t.*\t' '$1\t'
end

function __mbatch_formats
    mbatch --help 2>/dev/null |
        string match -rg '^  (auto|text|csv|tsv|json|logfmt|clf) '
end

complete -c mbatch -n __mbatch_wants_operator -fa '(__mbatch_operators)'
complete -c mbatch -n __mbatch_wants_word -a 'then by over'
complete -c mbatch -n __mbatch_wants_command -fa '(__mbatch_command)'
for line in (mbatch --help 2>/dev/null | string match -r '^ +(?:-., )?--.*')
    set -l long (string match -rg -- '--([a-z-]+)' $line)
    set -l short (string match -rg '^ +-(.),' -- $line)
    set -l help (string match -rg '  +([^- ].*)$' -- $line)
    set -l flags -c mbatch -n __mbatch_wants_operator -l $long
    test -n "$short"; and set flags $flags -s $short
    string match -qr -- '--[a-z-]+ [^ \\[]' $line; and set flags $flags -r
    complete $flags -d "$help"
end
complete -c mbatch -s i -l input -xa '(__mbatch_formats)'
complete -c mbatch -s o -l output -xa '(__mbatch_formats) table'
