#!/usr/bin/env bats
# docs.bats - every example of the README and the manual, run
#
# An example is a line that begins with "$ " in an indented block of the README
# or in a literal display of the manual, and what it prints are the lines after
# it; where it ends in a backslash, a | or & or `do` it goes on.  It is run by
# bash in a copy of test/data and of test/cookbook, whose stub stands for the
# programs that need a server.  One without output is of a live stream: the last
# `mbatch` of its pipeline is run on no input, and without --live, which wants a
# terminal.

load helper

setup() {
	begin
	cp "$ROOT"/test/data/* "$ROOT"/test/cookbook/*.* .
	mkdir bin
	ln -s "$MBATCH" bin/mbatch
	local name
	sed -nE 's/^([a-z-]+)\)$/\1/p' "$ROOT/test/cookbook/stub" |
	while read -r name; do
		ln -s "$ROOT/test/cookbook/stub" "bin/$name"
	done
	PATH=$PWD/bin:$PATH
}

# The examples of a file, without indent and mdoc's escapes.
literal() {
	case $1 in
	*.[17])
		sed -n '/^\.Bd -literal/,/^\.Ed/p' "$1" | sed -e 's/^\.[BE]d.*//' \
		    -e 's/\\&//g' -e 's/\\-/-/g' -e 's/\\e/\\/g' -e 's/\\(aq/'\''/g'
		;;
	*)
		sed -n 's/^    //p; t; s/.*//p' "$1"
		;;
	esac
}

# lacks COMMAND: it wants a program that is not here.
lacks() {
	local tool
	for tool in jq parallel sqlite3; do
		if [[ $1 == *"$tool "* ]] && ! command -v "$tool" >/dev/null; then
			return 0
		fi
	done
	[[ $1 == *split*--filter* ]] && ! split --help 2>&1 | grep -q filter
}

# run_example COMMAND OUTPUT
run_example() {
	local got
	echo "$1"
	if lacks "$1"; then
		return
	fi
	if [ -n "$2" ]; then
		got=$("$H/limit" "$LIMIT" bash -o pipefail -c "$1" </dev/null)
		[ "$got" = "$2" ] || {
			printf 'prints:\n%s\nnot:\n%s\n' "$got" "$2"
			return 1
		}
	else
		got=${1##*|}
		[[ $1 == *'|'* && $got =~ ^[[:space:]]+mbatch\  ]]
		got=${got/--live /}
		"$H/limit" "$LIMIT" bash -o pipefail -c "$got" </dev/null >/dev/null
	fi
}

# run_examples FILE MIN: all of them, of which there are at least so many.
run_examples() {
	local line command='' want='' n=0
	while IFS= read -r line; do
		if [[ $command =~ ([\\|\&]|\ do)$ && -z $want ]]; then
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

@test "the examples of the cookbook print what it says" {
	run_examples "$ROOT/man/mbatch-cookbook.7" 70
}

# What COMMAND prints, but for blanks.
words() {
	bash -o pipefail -c "$1" </dev/null | tr -s ' \t' ' ' | sed 's/^ //'
}

@test "the cookbook's lines of other programs print what ours do" {
	local line theirs='' n=0
	while IFS= read -r line; do
		if [[ $line != '    '* ]]; then
			theirs=$line
		elif ! lacks "$theirs"; then
			echo "$theirs"
			words "$theirs" >theirs
			words "$line" >ours
			[ -s ours ]
			diff theirs ours
			n=$((n + 1))
		fi
	done < <(literal "$ROOT/man/mbatch-cookbook.7" | sed -n '/^awk /,$p')
	echo "$n lines"
	[ "$n" -ge 12 ]
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
	mandoc -Tlint -Wwarning "$ROOT"/man/*.[17]
}

@test "no line of the manual is wider than a screen" {
	need mandoc
	mandoc -T ascii -O width=78 "$ROOT"/man/*.[17] | sed 's/.\x08//g' |
	    expand | awk 'length > 80 { print; bad = 1 } END { exit bad }'
}
