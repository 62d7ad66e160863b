# bash completion for mbatch: the operators come from `mbatch -l`, the options
# and formats from `mbatch --help`                            -*- shell-script -*-

_mbatch_options() {
	"$1" --help 2>/dev/null |
	    grep -oE '^ {2,6}(-., )?--[a-z-]+' | grep -oE -- '-[a-zA-Z0-9-]+'
}

_mbatch_formats() {
	"$1" --help 2>/dev/null | sed -n '/^Formats:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# The operator that the word at COMP_CWORD belongs to; empty: options or an
# operator's name are expected there.
_mbatch_operator() {
	local i word op='' value=0
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [ "$value" -eq 1 ]; then
			value=0
		elif [ "$word" = 'then' ]; then
			op=''
		elif [ -n "$op" ]; then
			continue
		elif [[ $word == -[nbtgwkseTioFSh] || $word == --* &&
		    $word != *=* && " $_mbatch_valued " == *" $word "* ]]; then
			value=1
		elif [[ $word != -* ]]; then
			op=$word
		fi
	done
	echo "$op"
}

_mbatch() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local program=${COMP_WORDS[0]} words='' op
	local _mbatch_valued
	_mbatch_valued=$("$program" --help 2>/dev/null |
	    grep -oE -- '--[a-z-]+ [^ ]' | grep -oE -- '--[a-z-]+' | tr '\n' ' ')
	COMPREPLY=()
	op=$(_mbatch_operator)
	if [ "$op" = into ] && [ "$prev" = into ]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		return
	elif [ -n "$op" ]; then
		words='then by over'
	else
		case $prev in
		-i | --input)
			words=$(_mbatch_formats "$program")
			;;
		-o | --output)
			words="$(_mbatch_formats "$program") table"
			;;
		--bad)
			words='skip fail'
			;;
		-[nbtgwkseTFS] | --records | --bytes | --timeout | --gap | \
		    --window | --key | --start | --end | --separator | \
		    --time | --late | --batch-end | --max-*)
			return
			;;
		*)
			words=$("$program" -l 2>/dev/null | cut -f 1)
			[[ $cur != -* || $prev == 'then' ]] ||
			    words=$(_mbatch_options "$program")
			;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -o default -F _mbatch mbatch
