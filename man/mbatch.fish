# fish completion for mbatch: the operators come from `mbatch -l`, the options
# from `mbatch --help`

function __mbatch_wants_operator
    # After the options, and after `then`.
    set -l words (commandline -opc)
    set -e words[1]
    set -l op 0
    set -l value 0
    for word in $words
        if test $value -eq 1
            set value 0
        else if test "$word" = then
            set op 0
        else if test $op -eq 1
            continue
        else if string match -qr '^-[nbtgwkseTioFSh]$' -- $word
            set value 1
        else if not string match -q -- '-*' $word
            set op 1
        end
    end
    test $op -eq 0 -a $value -eq 0
end

function __mbatch_operators
    mbatch -l 2>/dev/null | string replace -r '^([^\t]*)\t.*\t' '$1\t'
end

function __mbatch_formats
    mbatch --help 2>/dev/null |
        string match -rg '^  (auto|text|csv|tsv|json|logfmt|clf) '
end

complete -c mbatch -f
complete -c mbatch -n __mbatch_wants_operator -a '(__mbatch_operators)'
complete -c mbatch -n 'not __mbatch_wants_operator' -a 'then by over'
for line in (mbatch --help 2>/dev/null | string match -r '^ +(?:-., )?--.*')
    set -l long (string match -rg -- '--([a-z-]+)' $line)
    set -l short (string match -rg '^ +-(.),' -- $line)
    set -l help (string match -rg '  +([^- ].*)$' -- $line)
    set -l flags -c mbatch -n __mbatch_wants_operator -l $long
    test -n "$short"; and set flags $flags -s $short
    string match -qr -- '--[a-z-]+ [^ ]' $line; and set flags $flags -r
    complete $flags -d "$help"
end
complete -c mbatch -s i -l input -xa '(__mbatch_formats)'
complete -c mbatch -s o -l output -xa '(__mbatch_formats) table'
