#!/usr/bin/env bats
# docs.bats - every example of the README and the manual, run
#
# An example is a line that begins with "$ " in an indented block of the README
# or in a literal display of the manual, and what it prints are the lines after
# it; where it ends in a backslash it goes on.  It is run by bash in a copy of
# test/data.  One without output is of a live stream: the last `mbatch` of its
# pipeline is run on no input.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$ROOT"/test/data/* .
	mkdir bin
	ln -s "$MBATCH" bin/mbatch
	PATH=$PWD/bin:$PATH
}

# The examples of a file, without indent and mdoc's escapes.
literal() {
	case $1 in
	*.1)
		sed -n '/^\.Bd -literal/,/^\.Ed/p' "$1" | sed -e 's/^\.[BE]d.*//' \
		    -e 's/\\&//g' -e 's/\\-/-/g' -e 's/\\e/\\/g' -e 's/\\(aq/'\''/g'
		;;
	*)
		sed -n 's/^    //p; t; s/.*//p' "$1"
		;;
	esac
}

# run_example COMMAND OUTPUT
run_example() {
	local got
	echo "$1"
	if [ -n "$2" ]; then
		got=$("$H/limit" "$LIMIT" bash -o pipefail -c "$1" </dev/null)
		[ "$got" = "$2" ] || {
			printf 'prints:\n%s\nnot:\n%s\n' "$got" "$2"
			return 1
		}
	else
		[[ $1 == *'| mbatch '* ]]
		got="mbatch ${1##*| mbatch }"
		"$H/limit" "$LIMIT" bash -o pipefail -c "$got" </dev/null >/dev/null
	fi
}

# run_examples FILE MIN: all of them, of which there are at least so many.
run_examples() {
	local line command='' want='' n=0
	while IFS= read -r line; do
		if [[ $command == *\\ ]]; then
			command+=$'\n'$line
			continue
		fi
		if [[ $line == '$ '* || -z $line ]] && [ -n "$command" ]; then
			run_example "$command" "${want%$'\n'}"
			command='' want='' n=$((n + 1))
		fi
		if [[ $line == '$ '* ]]; then
			command=${line#'$ '}
		elif [ -n "$command" ]; then
			want+=$line$'\n'
		fi
	done < <(literal "$1"; echo)
	echo "$n examples"
	[ "$n" -ge "$2" ]
}

@test "the examples of the README print what it says" {
	run_examples "$ROOT/README" 3
}

@test "the examples of the manual print what it says" {
	run_examples "$ROOT/man/mbatch.1" 7
}

@test "the README's first try works" {
	cd "$ROOT"
	local try
	try=$(grep -E '^    apt-get .*&& \./mbatch ' README |
	    sed 's/.*&& \.\/mbatch/mbatch/')
	[ -n "$try" ]
	bash -c "$try" >"$BATS_TEST_TMPDIR/out"
	[ -s "$BATS_TEST_TMPDIR/out" ]
	grep -qE '^    apt-get .*&& make check$' README
}

@test "the manual is clean for mandoc" {
	need mandoc
	mandoc -Tlint -Wwarning "$ROOT/man/mbatch.1"
}

@test "no line of the manual is wider than a screen" {
	need mandoc
	mandoc -T ascii -O width=78 "$ROOT/man/mbatch.1" | sed 's/.\x08//g' |
	    expand | awk 'length > 80 { print; bad = 1 } END { exit bad }'
}
