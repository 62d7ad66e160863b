#!/usr/bin/env bats
# format-json.bats - json in: paths, kept, changed and made records, bad ones

load helper

setup() {
	begin
	cat >in <<'END'
{"a":1,"b":"x y","c":{"d":[1,"two",null]},"e":null}
{ "b" : "z" , "a" : "", "f" : true }
{"a":-0.50,"b":1e400,"c":"null"}
END
}

@test "json: kept records are the same bytes" {
	mbatch -i json <in | cmp - in
	mbatch -i json -o json -n 1 <in | cmp - in
	mbatch -i json where 'b != "none"' <in | cmp - in
	try -a -i json sort b then head 1 <in
	gives '{"a":-0.50,"b":1e400,"c":"null"}\n'
	try -i json <<<'no json at all'
	gives 'no json at all\n'
}

@test "json: changed records keep their values as they were written" {
	try -i json cut b,a <in
	gives '{"b":"x y","a":1}\n{"b":"z","a":""}\n{"b":1e400,"a":-0.50}\n'
	try -i json cut NEW=c <in
	gives '{"NEW":{"d":[1,"two",null]}}\n{"NEW":null}\n{"NEW":"null"}\n'
	try -i json cut c.d.1,c.d.2,c.d.9,e <<<"$(head -n 1 in)"
	is "$out" '{"c.d.1":"two","c.d.2":null,"c.d.9":null,"e":null}\n'
	fails 0 "no record had 'c.d.9'"
	try -i json cut -x b,c <in
	gives '{"a":1,"e":null}\n{"a":"","f":true}\n{"a":-0.50}\n'
	try -i json let a=2 <in
	gives '{"a":2,"b":"x y","c":{"d":[1,"two",null]},"e":null}\n'\
'{"b":"z","a":2,"f":true}\n{"a":2,"b":1e400,"c":"null"}\n'
	try -i json let 'g="q\"\t"' then cut g then head 1 <in
	gives '{"g":"q\\"\\t"}\n'
	try -a -i json stamp batch then head 1 <in
	gives '{"batch":1,"a":1,"b":"x y","c":{"d":[1,"two",null]},"e":null}\n'
	try -a -i json uniq -c e then cut count,a <in
	gives '{"count":3,"a":1}\n'
}

@test "json: made records are tab-separated plain values" {
	try -a -i json count by b <in
	gives 'x y\t1\nz\t1\n1e400\t1\n'
	try -a -i json count by e <in
	gives '\t3\n'
	try -a -i json count by c.d <in
	gives '[1,"two",null]\t1\n\t2\n'
	try -a -i json -o json count by b,a <in
	gives '{"b":"x y","a":1,"count":1}\n{"b":"z","a":"","count":1}\n'\
'{"b":1e400,"a":-0.50,"count":1}\n'
	try -a -i json count by k <<<'{"k":"\u00e9\n\ud83d\ude00\\"}'
	gives '\xc3\xa9\\n\xf0\x9f\x98\x80\\\\\t1\n'
}

@test "json: a name nobody had is told" {
	try -a -i json count by nosuch <in
	is "$out" '\t3\n'
	fails 0 "^mbatch: count: no record had 'nosuch'$"
	try -i json cut nosuch,a then head 1 <in
	is "$out" '{"nosuch":null,"a":1}\n'
	fails 0 "no record had 'nosuch'"
	try -i json cut a </dev/null
	gives ''
}

@test "json: positions are a usage error, 0 is the record" {
	local op
	for op in 'cut 1' 'cut 2-' 'count by -1' 'sort 1' 'uniq 2'; do
		# shellcheck disable=SC2086  # words
		try -i json $op <in
		usage 'json records have no positions'
	done
	try -i json cut .1 <<<'{"1":"one"}'
	gives '{"1":"one"}\n'
	try -i json cut r=0 <<<'{"a":1}'
	gives '{"r":{"a":1}}\n'
}

@test "json: of duplicate keys the last; a whole name before a path" {
	try -i json cut a <<<'{"a":1,"a":2}'
	gives '{"a":2}\n'
	try -i json cut -x b <<<'{"a":1,"b":0,"a":2}'
	gives '{"a":2}\n'
	try -i json cut x=a.b <<<'{"a":{"b":1},"a.b":2}'
	gives '{"x":2}\n'
	try -i json cut 'x={a.b}' <<<'{"a":{"b":1},"a.b":2}'
	gives '{"x":2}\n'
}

@test "json: records that can't be read, whatever becomes of them" {
	printf '%s\n' '{"a":1}' '{"a":' '{"a":2,"b":tru}' '[1]' '' '{"a":3} x' \
	    '{"a":01}' '{"a":9}' >bad
	local op
	for op in 'cut a' 'where a>0 then cut a' 'cut a then let a=a'; do
		# shellcheck disable=SC2086  # words
		try -i json $op <bad
		is "$out" '{"a":1}\n{"a":9}\n'
		fails 0 '^mbatch: record 2: .* at byte 6$' '^mbatch: 6 records '
		is "$(wc -l <err)" 2
	done
	try -i json -o csv <bad
	is "$out" 'a\n1\n9\n'
	fails 0 'record 2: .*byte 6$' '^mbatch: 6 records could not be read'
	try -i json -o csv --bad kept <bad
	is "$out" 'a\n1\n9\n'
	sed -n '2,7p' bad | cmp - kept
	try -n 1 -i json -o csv --bad fail <bad
	is "$out" 'a\n1\n'
	fails 1 'record 2: '
	is "$(wc -l <err)" 1
}

# nest N OPEN CLOSE: 1 in N of them.
nest() {
	local i in=1
	for ((i = 0; i < $1; i++)); do
		in=$2$in$3
	done
	printf '%s\n' "$in"
}

@test "json: jq 1.6 does what the manual says of it" {
	local t
	[[ $(jq --version 2>&1) = jq-1.6* ]] || skip 'no jq 1.6'
	while read -r t; do
		try -i json --bad fail let b=1 <<<"{\"a\":$t}"
		fails 1 'record 1: '
		jq -e . <<<"{\"a\":$t}" >/dev/null
	done <<<$'01\n1.\n.5\n+1\nNaN\nInfinity'
	for t in 12345678901234567890 1e400 1.50 1E+2 -0.0 $'"\x7f"'; do
		is "$(mbatch -i json cut a <<<"{\"a\":$t}")" "{\"a\":$t}"
		[ "$(jq -c . <<<"{\"a\":$t}")" != "{\"a\":$t}" ]
	done
	run jq . <<<'"\ud800"'
	[ "$status" -ne 0 ]
	is "$(jq . <<<'"\udc00"')" '"\xef\xbf\xbd"'
	is "$(printf '"\xff"' | jq .)" '"\xef\xbf\xbd"'
	nest 256 '[' ']' | jq . >/dev/null
	nest 128 '{"a":' '}' | jq . >/dev/null
	run jq . < <(nest 257 '[' ']')
	[ "$status" -ne 0 ]
	run jq . < <(nest 129 '{"a":' '}')
	[ "$status" -ne 0 ]
	is "$(jq -c . <<<'{}{}')" '{}\n{}'
	is "$(jq -c . <<<$'\n{"a":\n1}\n\n')" '{"a":1}'
	is "$(printf '{"a":"\0"}\n' | jq -c .)" '{"a":"\\u0000"}'
	printf '\xef\xbb\xbf{"a":1}\n\xef\xbb\xbf{"a":1}\n' >bom
	mbatch -i json --bad fail cut a <bom | cmp - <(
		printf '{"a":1}\n{"a":1}\n')
	run jq . bom
	[ "$status" -ne 0 ]
}

@test "json: where jq 1.6 takes what is no JSON, and changes what is" {
	local t n=0
	printf '%s\n' '{"a":01}' '{"a":1.}' '{"a":.5}' '{"a":+1}' '{"a":NaN}' \
	    '{"a":nan}' '{"a":-}' "{'a':1}" '{"a":1,}' '{"a":1}{"a":2}' \
	    '{"a":1} {"a":2}' '{a:1}' $'{"a":"\t"}' '{"a":"\x"}' '' ' ' \
	    '{"a":"\u12"}' '{"a":tru}' 'null' >bad
	while IFS= read -r t; do
		try -i json --bad fail cut a <<<"$t"
		is "$out" ''
		fails 1 '^mbatch: record 1: '
		n=$((n + 1))
	done <bad
	is "$n" 19
	for t in 100000000000000000000000001 1.000000000000000000000000001 1E+2 \
	    -0 0.10 1e999; do
		try -i json cut a <<<"{\"a\":$t}"
		gives "{\"a\":$t}\n"
		try -a -i json count by a <<<"{\"a\":$t}"
		gives "$t\t1\n"
	done
	try -a -i json count by a <<<'{"a":"x\ud800y"}'
	gives 'x\xef\xbf\xbdy\t1\n'
	try -a -i json count by a < <(printf '{"a":"x\xff"}\n')
	gives 'x\xff\t1\n'
	try -i json cut a < <(printf '\xef\xbb\xbf{"a":1}\r\n')
	gives '{"a":1}\n'
	head -c 100000 /dev/zero | tr '\0' '[' >deep
	head -c 100000 /dev/zero | tr '\0' ']' >peed
	{ printf '{"b":'; cat deep peed; printf ',"a":1}'; } >in
	try -i json cut a <in
	gives '{"a":1}\n'
}

@test "json: among records alike each is checked as by itself" {
	local way n
	awk 'BEGIN {
		for (i = 1; i <= 3000; i++) {
			s = i % 7 ? 200 : "\"o\\u006b\""; m = "\"text " i "\""
			if (i == 700) m = "\"a\ttab\""
			if (i == 900) s = "0200"
			if (i == 1100) m = "\"not closed"
			if (i == 1300) m = "\"a\"x"
			if (i == 1500) m = "\"a\\q\""
			if (i == 1700) s = "{\"s\":1}"
			if (i == 1900) m = m ",\"s\":404"
			if (i == 2100) m = m ",\"\\u0073\":500"
			if (i == 2300) m = "-1.5e3"
			if (i == 2500) s = "null"
			printf "{\"n\":%d,\"s\":%s,\"m\":%s}%s\n", i, s, m,
			    i == 2700 ? "," : i == 2900 ? " " : ""
		}
	}' >in
	for way in none sse2 avx2 neon; do
		MBATCH_SIMD=$way mbatch -V >out 2>err || continue
		MBATCH_SIMD=$way try -a -i json count by s <in
		is "$out" '200\t2564\nok\t426\n{"s":1}\t1\n404\t1\n500\t1\n\t1\n'
		fails 0 'record 700: .* in a string at byte 30$' '6 records '
	done
	for n in 900 1100 1300 1500 2700; do
		sed "1,200p;$n!d" in >one
		try -a -i json count by n <one
		fails 0 'record 201: .* at byte [0-9]+$'
	done
	try -a -i json cut n,s then head 1 <in
	is "$out" '{"n":1,"s":200}\n'
	fails 0
	try -a stats sum:n by s <in
	is "$out" '200\t3845258\nok\t639842\n{"s":1}\t1700\n404\t1900\n'\
'500\t2100\n\t2500\n'
}

@test "json: a long record behind short ones" {
	awk 'BEGIN {
		for (s = "x"; length(s) < 1000000; )
			s = s s
		for (i = 1; i <= 50; i++) {
			printf "{\"n\":%d,\"m\":\"a\"}\n", i
			if (i % 10 == 0)
				printf "{\"n\":%d,\"m\":\"%s\"}\n", i,
				    substr(s, 1, i * 20000 - 193600)
		}
	}' >in
	awk -F '[:,]' '{ print $2 }' <in >want
	mbatch -n 11 -i json cut n <in >out
	sed 's/[^0-9]//g' out | cmp - want
	mbatch -n 11 stats sum:n <in >out
	awk '{ s += $1 } NR % 11 == 0 { print s; s = 0 }' want | cmp - out
}
