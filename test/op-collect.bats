#!/usr/bin/env bats
# op-collect.bats - collect: the batch as one JSON array

load helper

@test "text records are strings" {
	try -n 2 collect < <(printf 'a b\n"q\\\n1\n')
	gives '["a b","\\"q\\\\"]\n["1"]\n'
	try -n 2 -i text collect < <(printf '{"a":1}\nx')
	gives '["{\\"a\\":1}","x"]\n'
}

@test "JSON records are objects, byte for byte" {
	try -n 3 -i json collect < <(printf '{"a": 1}\n{ }\r\n {"b":[1.50]} \n')
	gives '[{"a": 1},{ },{"b":[1.50]}]\n'
	try -a collect < <(printf '{"a": 1}\ntext\n{broken\n')
	gives '[{"a": 1},"text","{broken"]\n'
}

@test "records with names are objects" {
	try -a -i csv collect < <(printf 'a,b\n1,"x,y"\n007,\n')
	gives '[{"a":1,"b":"x,y"},{"a":"007","b":""}]\n'
	try -a -i logfmt collect < <(printf 'a=1 b="x y"\n')
	gives '[{"a":1,"b":"x y"}]\n'
	try -a -H collect < <(printf 'a b\n1 x\n')
	gives '[{"a":1,"b":"x"}]\n'
	try -a count by 1 then collect < <(printf 'x\ny\nx\n')
	gives '[{"1":"x","count":2},{"1":"y","count":1}]\n'
}

@test "records that can't be read are told and left out" {
	try -a -i json collect < <(printf 'x\n{"a":1}\n{"a":\n')
	is "$out" '[{"a":1}]\n'
	fails 0 'record 1: ' '2 records could not be read'
	try -a -i json --bad fail collect < <(printf '{"a":1}\nx\n')
	fails 1 'record 2: '
}

@test "empty input: with -a the empty array, else nothing" {
	try -a collect </dev/null
	gives '[]\n'
	try collect </dev/null
	gives ''
	try -a grep nothing then collect < <(seq 3)
	gives '[]\n'
	try -a -i csv collect < <(printf 'a,b\n')
	gives '[]\n'
}

@test "no final newline, CRLF, NUL, batch of 1" {
	try -a collect < <(printf 'a\nb')
	gives '["a","b"]\n'
	try -a -i csv collect < <(printf 'a,b\r\n1,2\r\n')
	gives '[{"a":1,"b":2}]\n'
	try -a collect < <(printf 'a\0b\n')
	gives '["a\\u0000b"]\n'
	try -a collect < <(printf '{"a":1}\0\n')
	gives '["{\\"a\\":1}\\u0000"]\n'
	try -n 1 collect < <(seq 2)
	gives '["1"]\n["2"]\n'
	try -0 -a collect < <(printf 'a\nb\0c')
	gives '["a\\nb","c"]@'
}

@test "what comes after: into, head; -o json" {
	try -n 2 collect then into cat < <(seq 3)
	gives '["1","2"]\n["3"]\n'
	try -n 2 -o json collect < <(seq 3)
	gives '["1","2"]\n["3"]\n'
	try -n 2 -i csv -o json collect < <(printf 'a\n1\n2\n')
	gives '[{"a":1},{"a":2}]\n'
	try -n 2 -F , collect < <(printf '1,2\n')
	gives '["1,2"]\n'
}

@test "jq reads it and counts right" {
	need jq
	seq 1000 | awk '{ print "{\"n\":" $1 ",\"s\":\"a\\\"b\"}" }' >in
	try -n 100 -i json collect <in
	[ "$(jq length <"$BATS_TEST_TMPDIR/out" | sort -u)" = 100 ]
	jq -c '.[]' <"$BATS_TEST_TMPDIR/out" | cmp - in
}

@test "bad arguments" {
	try collect x </dev/null
	usage "collect: one word too many: 'x'" 'usage: mbatch collect'
}

@test "arrays are JSON: another -o is an error, unless they become something" {
	local format
	for format in csv tsv logfmt text table; do
		try -o $format collect < <(seq 3)
		usage "collect: its arrays are JSON, .* as -o $format\$"
		try -i csv -o $format collect then grep a then tee f <<<$'a\n1'
		usage "as -o $format\$"
		[ ! -e f ]
	done
	try -o csv collect then into cat < <(seq 3)
	usage 'as -o csv$'
	try -o json collect < <(seq 3)
	gives '["1","2","3"]\n'
	try -o csv collect then count < <(seq 3)
	gives 'count\n1\n'
	try -o csv collect then replace '.*' '{"all":&}' < <(seq 2)
	gives 'all\n"[""1"",""2""]"\n'
}
