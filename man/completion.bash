# bash completion for mbatch: `mbatch --complete` knows all   -*- shell-script -*-

# The words of the line as typed, which bash cuts at = : < and >, to words;
# where each begins in COMP_WORDS to
# origin, which is completed to at, what of that bash leaves alone to kept.
_mbatch_words() {
	local i word glued=0 line=$COMP_LINE
	words=() origin=() kept=''
	for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
		word=${COMP_WORDS[i]}
		[[ $i -eq 0 || $line == "${line#[[:blank:]]}" ]] || glued=0
		line=${line#"${line%%[![:blank:]]*}"}
		line=${line#"$word"}
		if [ "$glued" -eq 1 ]; then
			[ "$i" -ne "$COMP_CWORD" ] || kept=${words[-1]}
			words[-1]+=$word
		else
			words+=("$word") origin+=("$i")
		fi
		if [ "$i" -eq "$COMP_CWORD" ]; then
			at=$((${#words[@]} - 1))
			# what stands alone is taken as nothing
			[[ $word != [=:] ]] || kept+=$word
		fi
		glued=1
	done
}

_mbatch() {
	local words origin at kept line word
	COMPREPLY=()
	_mbatch_words
	while IFS= read -r line; do
		word=${line%%$'\t'*}
		case $line in
		:files)
			compopt -o default 2>/dev/null
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(
			    compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
			;;
		':command 0')
			mapfile -t COMPREPLY < <(
			    compgen -c -- "${COMP_WORDS[COMP_CWORD]}")
			;;
		:command*)
			if declare -F _command_offset >/dev/null; then
				_command_offset "${origin[${line#* }]}"
			fi
			;;
		*)
			word=${word#"$kept"}
			[[ $word != *[^[:alnum:],._@:=/%+-]* ]] ||
			    printf -v word %q "$word"
			COMPREPLY+=("$word")
			[[ $word != *[=:] ]] || compopt -o nospace 2>/dev/null
			;;
		esac
	done < <("${words[0]}" --complete "$at" "${words[@]}" 2>/dev/null)
}

complete -F _mbatch mbatch
