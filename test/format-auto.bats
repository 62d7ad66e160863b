#!/usr/bin/env bats
# format-auto.bats - the reference picks the parser, record by record

load helper

setup() {
	begin
	printf '%s\n' '{"a":1,"b":2}' 'a=2 b="3 4"' 'plain line' '  {"a": 5}' \
	    'a=6' '' >in
}

@test "auto: kept records are the same bytes" {
	mbatch <in | cmp - in
	mbatch -n 1 where 'default(a, 0) >= 0' <in | cmp - in
	mbatch -o text cut 0 <in | cmp - in
}

@test "auto: a name is JSON's or a key's" {
	try -a count by a <in
	gives '1\t1\n2\t1\n\t2\n5\t1\n6\t1\n'
	try cut a <in
	gives '{"a":1}\na=2\n\n{"a":5}\na=6\n\n'
	try cut z=b,a <in
	gives '{"z":2,"a":1}\nz="3 4" a=2\n\n{"z":null,"a":5}\na=6\n\n'
	try cut -x a <in
	gives '{"b":2}\nb="3 4"\nplain line\n{}\n\n\n'
	try let c=a+1 <in
	gives '{"a":1,"b":2,"c":2}\na=2 b="3 4" c=3\nplain line\n{"a":5,"c":6}\na=6 c=7\n\n'
	try let c=1 <<<'plain line'
	gives 'plain line c=1\n'
}

@test "auto: a position is text's, whatever the record looks like" {
	try -a count by 1 <in
	gives '{"a":1,"b":2}\t1\na=2\t1\nplain\t1\n{"a":\t1\na=6\t1\n\t1\n'
	try cut 2 <in
	gives '\nb="3\nline\n5}\n\n\n'
	try cut 2- <in
	gives '\nb="3\t4"\nline\n5}\n\n\n'
	try cut -x 1 <in
	gives '\nb="3\t4"\nline\n5}\n\n\n'
	try let 2=9 <in
	gives '{"a":1,"b":2}\t9\na=2\t9\t4"\nplain\t9\n{"a":\t9\na=6\t9\n\t9\n'
	try -a uniq -c 1 then head 2 <in
	gives '1\t{"a":1,"b":2}\n1\ta=2 b="3 4"\n'
}

@test "auto: positions and names in one chain" {
	try cut 1,a <in
	gives '{"a":1,"b":2}\t1\na=2\t2\nplain\t\n{"a":\t5\na=6\t6\n\t\n'
	try -a count by 1,a then head 2 <in
	gives '{"a":1,"b":2}\t1\t1\na=2\t2\t1\n'
	try where 'a > 1' then cut 1 <in
	gives 'a=2\n{"a":\na=6\n'
	try cut a then cut 1 <in
	gives '{"a":1}\na=2\n\n{"a":5}\na=6\n\n'
	try cut 1 then cut a <in
	usage "no field 'a'"
}

@test "auto: as objects and columns" {
	try -o json <in
	gives '{"a":1,"b":2}\n{"a":2,"b":"3 4"}\n{"record":"plain line"}\n{"a":5}\n{"a":6}\n{"record":""}\n'
	try -o csv <<<$'{"a":1,"b":"x"}\na=2 b=","'
	gives 'a,b\n1,x\n2,","\n'
	try -o csv <<<$'one\ntwo,'
	gives 'record\none\n"two,"\n'
}

@test "auto: what can't be read, and names nobody had" {
	try cut a < <(printf '{"a":1}\n{"a":\nb="x a=3\n')
	is "$out" '{"a":1}\na=3\n'
	is "$err" 'mbatch: record 2: cut short at byte 6\n'
	try -o json < <(printf '{"a":1}\n{"a":\n')
	is "$out" '{"a":1}\n'
	is "$err" 'mbatch: record 2: cut short at byte 6\n'
	try -a count by nosuch <in
	is "$out" '\t6\n'
	fails 0 "no record had 'nosuch'"
	try where 'nosuch = 1' then cut a <in
	is "$out" ''
	is "$err" "mbatch: where: no record had 'nosuch'\n"
	# in many records at once, whose other columns nobody wants
	try -i auto -a let c=1 then count by c < <(
		for ((i = 0; i < 100; i++)); do echo '{"a":tru}'; done)
	is "$out" ''
	is "$err" "mbatch: record 1: not a value at byte 6\nmbatch: 100 records \
could not be read\n"
}

@test "auto: positions make text, names and the whole record do not" {
	try step delta 1 < <(seq 2)
	gives '1\t\n2\t1\n'
	try step delta 0 then where 'delta_0 = 1' < <(seq 2)
	gives '2 delta_0=1\n'
	try let 'n=len($0)' <<<$'{"a":1}\na=1\na b'
	gives '{"a":1,"n":7}\na=1 n=3\na b n=3\n'
	try let 'n=len($0)' 'm=$1' <<<$'{"a":1}\na b'
	gives '{"a":1}\t7\t{"a":1}\na\tb\t3\ta\n'
}

@test "auto: a word alone is a key only where some key has a value" {
	printf '%s\n' 'an error came' error 'error x=1' 'x=1 error' \
		'an "error" = came' 'error "x=1"' 'error =1' \
		'GET /?q=1 error' '' >words
	try -a count by error <words
	gives '\t6\ntrue\t3\n'
	try where '$1 = b' <<<$'a\nb\nb b=1\nc b=c'
	gives 'c b=c\n'
	try where 'an = "true"' <words
	is "$out" ''
	fails 0 "no record had 'an'"
	try cut error < <(sed -n '1p;3p' words)
	gives '\nerror\n'
	# but not before one that has a value
	try let error=5 then where 'error = 5' then count <<<'an error came'
	gives '1\n'
	# said to be logfmt, a line of words is keys
	try -a -i logfmt count by error < <(sed -n '1,3p' words)
	gives 'true\t3\n'
}

@test "auto: text stays as it is where a member is added or left out" {
	while IFS='|' read -r rec chain want; do
		# shellcheck disable=SC2086
		try $chain <<<"$rec"
		is "$out" "$want\n"
		is "$status" 0
	done <<-'END'
		an  error came|let error=1|an  error came error=1
		the cat the dog|let x=1|the cat the dog x=1
		error|let error=1|error error=1
		the cat the x=1|let x=2|the cat the x=2
		the cat the x=1 x=2|let y=2|the cat the x=1 y=2
		error x=1|let error=2|error=2 x=1
		an error came|let error=1 then let x=error error=2|an error came error=2 x=1
		the cat the=1|cut -x the|the cat
		say "x a=1|let b=2|say "x a=1 b=2
		it's "so|let b=2|it's "so b=2
		the  cat|cut -x cat|the  cat
		a  b=1 a|cut -x b|a a
	END
}

@test "auto: an empty first line is no record to take columns from" {
	local told='record 1: it has no fields and is left out'
	while IFS='|' read -r rest want; do
		try -a -o csv < <(printf %b "\n \n$rest")
		is "$out" "$want\n"
		fails 0 "$told"
	done <<-'END'
		a=1\nb=2\n|a\n1\n""
		{"a":1}\n{"a":2}\n|a\n1\n2
		a b\n\nc\n|record\na b\n""\nc
	END
	try -a -o json <<<$'\na=1'
	gives '{"record":""}\n{"a":1}\n'
}
