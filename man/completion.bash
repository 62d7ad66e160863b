# bash completion for mbatch: the operators come from `mbatch -l`, the options
# and formats from `mbatch --help`                            -*- shell-script -*-

_mbatch_options() {
	"$1" --help 2>/dev/null |
	    grep -oE '^ {2,6}(-., )?--[a-z-]+' | grep -oE -- '-[a-zA-Z0-9-]+'
}

_mbatch_formats() {
	"$1" --help 2>/dev/null | sed -n '/^Formats:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# The operator that the word at COMP_CWORD belongs to, and where its first word
# is; empty: options or an operator's name are expected there.
_mbatch_operator() {
	local i word op='' value=0 at=0
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [ "$value" -eq 1 ]; then
			value=0
		elif [ "$word" = 'then' ]; then
			op=''
		elif [ -n "$op" ]; then
			continue
		elif [[ " $_mbatch_valued " == *" $word "* ]]; then
			value=1
		elif [[ $word != -* ]]; then
			op=$word at=$((i + 1))
		fi
	done
	echo "$op $at"
}

# The command behind into's flags, the first of which is at $1, or its words.
_mbatch_into() {
	local i
	for ((i = $1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-P | -t | --on-fail) ((i += 1)) ;;
		-*) ;;
		*) break ;;
		esac
	done
	if [ "$i" -eq "$COMP_CWORD" ]; then
		mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[i]}")
	elif [ "$i" -lt "$COMP_CWORD" ] && declare -F _command_offset >/dev/null
	then
		_command_offset "$i"
	fi
}

_mbatch() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local program=${COMP_WORDS[0]} words='' op at
	local _mbatch_valued
	_mbatch_valued=$("$program" --help 2>/dev/null |
	    grep -oE -- '(-., )?--[a-z-]+ [^ ]' |
	    grep -oE -- '-[a-zA-Z0-9-]+' | tr '\n' ' ')
	COMPREPLY=()
	op=$(_mbatch_operator) at=${op#* } op=${op% *}
	if [ "$op" = into ]; then
		_mbatch_into "$at"
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
		*)
			[[ $prev == -h || $prev == --help ||
			    " $_mbatch_valued " != *" $prev "* ]] || return
			words=$("$program" -l 2>/dev/null | cut -f 1)
			[[ $cur != -* || $prev == 'then' ]] ||
			    words=$(_mbatch_options "$program")
			;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -o default -F _mbatch mbatch
