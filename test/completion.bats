#!/usr/bin/env bats
# completion.bats - what the shells complete

load helper

# completes LINE WANT...: the words that bash would offer are these.
completes() {
	local line=$1 got
	shift
	got=$(bash -c '
		. "$1"
		read -r -a COMP_WORDS <<<"$2"
		[[ $2 != *" " ]] || COMP_WORDS+=("")
		COMP_WORDS[0]=$MBATCH
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_mbatch
		printf "%s\n" "${COMPREPLY[@]}"
	' - "$ROOT/man/completion.bash" "$line" | tr '\n' ' ')
	echo "$line: $got"
	[ "$got" = "$* " ]
}

@test "bash: operators where one can stand" {
	local all
	all=$("$ROOT"/test/helper/operators | tr '\n' ' ')
	# shellcheck disable=SC2086  # words
	completes 'mbatch ' $all
	completes 'mbatch cou' count
	completes 'mbatch -n 5 sor' sort
	completes 'mbatch --records 5 -a sor' sort
	completes 'mbatch --records=5 sor' sort
	completes 'mbatch -a count by 1 then to' top
	completes 'mbatch -h cou' count
	completes 'mbatch -a count the' 'then'
}

@test "bash: options before the operator" {
	completes 'mbatch --rec' --records
	completes 'mbatch -a --max-r' --max-record
	completes 'mbatch -i lo' logfmt
	completes 'mbatch -o ta' table
	completes 'mbatch -a count ov' over
	completes 'mbatch -e x cou' count
	completes 'mbatch --late x cou' count
}

@test "zsh: the completion is sound" {
	need zsh
	zsh -n "$ROOT/man/_mbatch"
}

@test "fish: operators and options" {
	need fish
	mkdir bin
	ln -s "$MBATCH" bin/mbatch
	PATH=$PWD/bin:$PATH fish -c "source $ROOT/man/mbatch.fish
	    complete -C 'mbatch -a cou'" >out
	grep -q '^count' out
}
