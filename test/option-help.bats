#!/usr/bin/env bats
# option-help.bats - --help, --list, --version

load helper

@test "--help tells usage and every option on standard output" {
	try --help
	is "$status" 0
	is "$err" ''
	[[ $out == *'mbatch [OPTION]'* ]]
	local o
	for o in records bytes timeout gap window key start end all null \
	    batch-end bad max-record stats help version list separator input; do
		grep -qE -- "--$o\b" <<<"$out" || { echo "no --$o"; false; }
	done
	try -h
	is "$status" 0
	[ "$(expand <<<"$out" | wc -L)" -le 80 ]
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
	try -h -n
	grep -q '^Options' out
	try --help nosuch
	usage nosuch
	try --help cuont
	usage "'count'"
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
