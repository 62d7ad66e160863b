#!/usr/bin/env bats
# option-content.bats - -k, -s and -e: batches by what records say

load helper

@test "-k closes a batch when the field's value changes" {
	try -k 1 stamp batch,reason <<<$'a 1\na 2\nb 3\na 4'
	gives '1\tkey\ta\t1\n1\tkey\ta\t2\n2\tkey\tb\t3\n3\teof\ta\t4\n' ||
	gives '1\tkey\ta 1\n1\tkey\ta 2\n2\tkey\tb 3\n3\teof\ta 4\n'
	try --key 1 count <<<$'a\na\nb'
	gives '2\n1\n'
}

@test "-k: a name that no record had is told" {
	try -k nosuch -S -- <<<$'a=1\na=2'
	is "$out" 'a=1\na=2\n--\n'
	is "$err" "mbatch: -k: no record had 'nosuch'\n"
	try -n 1 -k a <<<$'b=1\nb=2'
	is "$err" "mbatch: -k: no record of the first batch had 'a'
mbatch: -k: no record had 'a'\n"
	# What the same read has of later batches makes no difference.
	try -k a <<<$'b=1\na=2'
	is "$err" "mbatch: -k: no record of the first batch had 'a'\n"
	try -n 1 -p a -i logfmt -- <<<$'b=1\na=2'
	is "$err" "mbatch: -p: no record of the first batch had 'a'\n"
	try -k nosuch </dev/null
	gives ''
}

@test "-k: a record that can't be read ends no batch, and is told" {
	printf '{bad\n{"a":1}\n{bad\n{"a":1}\n{"a":2}\n{b\n' >in
	local n
	for n in 1 100; do
		status=0
		plumb packet $n "$MBATCH" -i json -k a -S -- stamp records \
		    <in >out 2>err || status=$?
		slurp
		is "$out" '{"batch_records":4,"a":1}\n{"batch_records":4,"a":1}\n--\n{"batch_records":2,"a":2}\n--\n'
		is "$err" 'mbatch: record 1: no key in quotes at byte 2\nmbatch: 3 records could not be read\n'
		is "$status" 0
	done
	# shellcheck disable=SC2016  # the child's
	try -i json -k a --bad kept into sh -c 'echo "$MBATCH_KEY"; cat' <in
	is "$out" '1\n{"a":1}\n{"a":1}\n2\n{"a":2}\n'
	cmp kept <(printf '{bad\n{bad\n{b\n')
	try -i json -k a --bad fail -n 1 count <in
	is "$err" 'mbatch: record 1: no key in quotes at byte 2\n'
	is "$status" 1
	try -i json -k a < <(printf '{a\n')
	is "$err" 'mbatch: record 1: no key in quotes at byte 2\n'
}

@test "-k, -s and -e together with -n and -b, by any read" {
	local o n
	seq 3000 >in
	for o in '-s 5' '-e 7' '-s 1 -e 9' '-k 1:7' '-k 1:10 -s 3' \
	    '-k 1:7 -n 3' '-s 3 -n 4' '-e 5 -b 40' '-k 1:5 -e 3 -s 9 -n 7'; do
		# shellcheck disable=SC2086  # words
		try $o -S -- stamp reason,records <in
		cp out one
		is "$(grep -c -v -x -e -- out)" 3000
		for n in 1 7 100; do
			# shellcheck disable=SC2086  # words
			plumb packet $n "$MBATCH" $o -S -- \
			    stamp reason,records <in >two
			cmp one two
		done
	done
}

@test "-k: a missing field is the empty key" {
	try -k 2 count <<<$'a\nb\nc x\nd'
	gives '2\n1\n1\n'
}

@test "-k compares whole values, across reads and vectors" {
	awk 'BEGIN { for (i = 0; i < 5000; i++) print int(i / 1500) }' >in
	try -k 1 count by 1 <in
	gives '0\t1500\n1\t1500\n2\t1500\n3\t500\n'
	plumb packet 7 "$MBATCH" -k 1 count <in | cmp - <(printf '%d\n' 1500 \
	    1500 1500 500)
	try -k 1 count <<<$'ab\na\nab'
	gives '1\n1\n1\n'
}

@test "-k takes a bucket" {
	try -k 1:10 count <<<$'1\n9\n10\n19\n5'
	gives '2\n2\n1\n'
}

@test "-k by a separated field" {
	try -F, -k 2 count <<<$'1,a b\n2,a b\n3,a'
	gives '2\n1\n'
}

@test "-s starts a batch at each match" {
	try -s '^BEGIN' -S -- <<<$'x\nBEGIN 1\na\nBEGIN 2\nb'
	gives 'x\n--\nBEGIN 1\na\n--\nBEGIN 2\nb\n--\n'
	try -s . -S -- <<<$'a\nb'
	gives 'a\n--\nb\n--\n'
	try --start nomatch count <<<$'a\nb'
	gives '2\n'
}

@test "-e ends a batch with each match" {
	try -e 'END$' -S -- <<<$'a\nEND\nb\nc\nEND\nd'
	gives 'a\nEND\n--\nb\nc\nEND\n--\nd\n--\n'
	try -e . -S -- <<<$'a\nb'
	gives 'a\n--\nb\n--\n'
	try --end nomatch count <<<$'a\nb'
	gives '2\n'
}

@test "-s and -e together" {
	try -s '^<' -e '>$' stamp batch,reason <<<$'<\na\n>\nb\n<\n>\n<>'
	gives '1\tend\t<\n1\tend\ta\n1\tend\t>\n2\tstart\tb\n3\tend\t<\n3\tend\t>\n4\tend\t<>\n'
}

@test "-s and -e find matches across reads and vectors" {
	seq 10000 >in
	try -s '00$' count <in
	is "$out" "99\n$(printf '100\\n%.0s' {1..99})1\n"
	try -e '00$' count <in
	is "$out" "$(printf '100\\n%.0s' {1..100})"
}

@test "an error in the pattern of -s or -e is a usage error" {
	try -s '(' </dev/null
	usage '\('
	try -e '[' </dev/null
	usage '\['
	try -s
	usage '-s'
}

@test "-e closes before what follows is looked at, live or from a file" {
	printf '1\n<\n2\n>\n<\n3\n' >in
	mbatch -s '^<' -e '>$' -k 1:9 -b 4 -n 2 stamp batch,reason <in >want
	plumb packet 2 "$MBATCH" -s '^<' -e '>$' -k 1:9 -b 4 -n 2 \
	    stamp batch,reason <in | cmp - want
	mbatch -s '^<' -e '>$' stamp batch,reason <in >want
	plumb packet 2 "$MBATCH" -s '^<' -e '>$' stamp batch,reason <in |
	    cmp - want
}
