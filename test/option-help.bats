#!/usr/bin/env bats
# option-help.bats - --help, --list, --version

load helper

# fits LINES: what was written last is that long at most, and 80 columns wide.
fits() {
	local lines width
	lines=$(wc -l <out) width=$(expand <out | wc -L)
	echo "$lines lines, $width columns"
	[ "$lines" -le "$1" ] && [ "$width" -le 80 ]
}

@test "--help tells usage and every option and operator on standard output" {
	try --help
	is "$status" 0
	is "$err" ''
	[[ $out == *'mbatch [OPTION]'* ]]
	local o
	for o in records bytes timeout gap window key start end all null \
	    batch-end bad max-record stats help version list separator input; do
		grep -qE -- "--$o\b" <<<"$out" || { echo "no --$o"; false; }
	done
	fits 1000
	for o in $("$ROOT"/test/helper/operators); do
		grep -qE "^  $o( |\$)" out
	done
}

@test "-h is a screen, with all names" {
	local o
	mbatch --help >all
	try -h
	is "$status" 0
	is "$err" ''
	fits 49
	for o in $("$ROOT"/test/helper/operators) \
	    $(grep -oE '^ {2,6}(-., )?--[a-z-]+' all); do
		grep -qE -- "(^| )$o( |\$)" out || { echo "no $o"; false; }
	done
	try -h -n
	grep -q '^Options:' out
}

@test "alone on a terminal: how it is used, and where to go on" {
	need_terminals
	plumb tty "$MBATCH" </dev/null >out 2>err || status=$?
	slurp
	usage 'COMMAND . mbatch' 'usage: mbatch .*mbatch -a count by 1 < FILE' \
	    'mbatch -h .*man mbatch'
	# what is read from one is told
	plumb tty "$MBATCH" -a count >out 2>err <<<a
	slurp
	is "$out" '1\n'
	is "$err" 'mbatch: records are read from this terminal; ^D ends them\n'
	try <<<a
	gives 'a\n'
}

@test "--help OP tells of the operator" {
	local op
	for op in $("$ROOT"/test/helper/operators); do
		try --help "$op"
		is "$status" 0
		is "$err" ''
		[[ $out == *"mbatch"*"$op"* ]]
		[ "$(wc -l <out)" -ge 2 ]
	done
	try --help=sort
	cp out one
	try -h sort
	cmp one out
	try --help nosuch
	usage nosuch
	try --help cuont
	usage "'count'"
	try --help filter
	usage "'where'"
	try --help pattern
	usage "'patterns'"
	for op in -w --window window; do
		try --help "$op"
		gives '  -w, --window DUR           aligned windows of DUR, empty ones too\n  man mbatch                 has more\n'
	done
}

@test "--help OP: each flag has a line, neighbours are there" {
	local op flag see names
	names="$("$ROOT"/test/helper/operators) $TOPICS"
	for op in $("$ROOT"/test/helper/operators); do
		mbatch --help "$op" >out
		fits 40
		while read -r flag; do
			grep -qE -- "^  $flag( |\$)" out || {
				echo "$op: no line for $flag"
				false
			}
		done < <(head -n 1 out | grep -oE '(\[|\| )-[A-Za-z-]+' |
		    grep -oE -- '--?[A-Za-z].*')
		grep -q '^what comes out: ' out
		for see in $(sed -n 's/^see also: \(.*\) (mbatch.*/\1/p' out |
		    tr -d ,); do
			grep -qw -- "$see" <<<"$names" || {
				echo "$op: see $see"
				false
			}
		done
	done
}

@test "--help OP: the example prints what stands there" {
	not_under_valgrind
	local op cmd n
	ln -s "$MBATCH" mbatch
	cp "$ROOT"/test/data/* .
	for op in $("$ROOT"/test/helper/operators); do
		"$MBATCH" --help "$op" >out
		cmd=$(sed -n 's/^example: //p' out)
		sed -n '/^example:/,/^$/s/^    //p' out >want
		echo "$cmd"
		PATH=.:$PATH bash -c "$cmd" >got 2>/dev/null || [ $? -eq 3 ]
		n=$(grep -cvx '[.][.][.]' want)
		[ "$(wc -l <got)" -eq "$n" ] || [ "$(tail -n 1 want)" = ... ]
		cmp <(grep -vx '[.][.][.]' want) <(head -n "$n" got)
		[ "$n" -gt 0 ]
	done
}

TOPICS='expressions fields patterns times windows'

@test "--help TOPIC is a screen, whose lines run" {
	not_under_valgrind
	local topic cmd
	ln -s "$MBATCH" mbatch
	for topic in $TOPICS; do
		try --help "$topic"
		is "$status" 0
		is "$err" ''
		fits 48
		while read -r cmd; do
			echo "$cmd"
			PATH=.:$PATH bash -c "$cmd" \
			    <"$ROOT/test/data/access.log" >got 2>err
			[ -s got ]
			[ ! -s err ]
		done < <(sed -n 's/^    \(mbatch .*\)/\1/p' out)
	done
	try --help expressions
	[[ $out == *'round(X [, PLACES])'* ]]
	try -h
	[[ $out == *"$TOPICS"* ]]
}

@test "--help of a format, or an option, is its line" {
	try --help csv
	is "$status" 0
	[[ $out == *csv*'RFC 4180'*'man mbatch'* ]]
	try --help live
	[[ $out == *--live*terminal*'man mbatch'* ]]
}

@test "OP --help is an operator's help" {
	local op
	for op in $("$ROOT"/test/helper/operators); do
		try --help "$op"
		cp out one
		try -a count then "$op" --help
		cmp one out
		is "$status" 0
		is "$err" ''
	done
	try -a grep -- --help <<<--help
	gives '--help\n'
	status=0
	mbatch head --help >/dev/full 2>err || status=$?
	is "$status" 1
}

@test "-l prints the operators of the table, tab-separated" {
	try -l
	is "$status" 0
	is "$(cut -f 1 out)" "$("$ROOT"/test/helper/operators)"
	awk -F '\t' 'NF < 3 { exit 1 }' out
	cp out one
	try --list
	cmp one out
}

@test "-V prints name and version" {
	try -V
	is "$status" 0
	is "$err" ''
	[[ $out =~ ^mbatch\ [0-9]+\.[0-9]+(\.[0-9]+)?$'\n'$ ]]
	cp out one
	try --version
	cmp one out
}

@test "help that cannot be written is a failure" {
	[ -e /dev/full ] || skip 'no /dev/full'
	local o
	for o in --help -l -V '--help count'; do
		status=0
		# shellcheck disable=SC2086  # words
		mbatch $o >/dev/full 2>err || status=$?
		is "$status" 1
		grep -q '^mbatch: .*No space' err
	done
}
