#!/usr/bin/env bats
# op-let.bats - let, and the functions of expressions

load helper

# value EXPR [RECORD]: what let makes of the expression, absent as nothing.
value() {
	try let x="$1" then cut x <<<"${2-a=1}"
	out=${out#x=}
	out=${out%?}
}

@test "the manual's example" {
	try -a let kb='round($2 / 1024, 1)' then cut -2,-1 then head 2 \
	    < <(printf 'a 2048\nb 5000\nc 1\n')
	gives '2048\t2\n5000\t4.9\n'
}

@test "new and changed fields in each format" {
	try -i csv let c='a + b' b='"x, y"' < <(printf 'a,b\n1,2\n3\n')
	gives 'a,b,c\n1,"x, y",3\n3,"x, y",\n'
	try -i tsv let b='concat(a, "\t", b)' < <(printf 'a\tb\n1\t2\n')
	gives 'a\tb\n1\t1\\t2\n'
	try -i json let b='a + 1' c='"x\"y"' d='nosuch' <<<'{"a":1,"b":[2]}'
	is "$out" '{"a":1,"b":2,"c":"x\\"y","d":null}\n'
	try -i logfmt let b='concat(a, " ", a)' <<<'a=1'
	gives 'a=1 b="1 1"\n'
	try let x='$1 * 2' 2='upper($2)' <<<'1 b'
	gives '1\tB\t2\n'
	try -F, let 1='$1 + 1' 4='"z"' <<<'1,b'
	gives '2,b,,z\n'
	try -a count by 1 then let share='count / 4' < <(printf 'a\nb\na\na\n')
	gives 'a\t3\t0.75\nb\t1\t0.25\n'
}

@test "later ones see earlier ones, as they are then" {
	try let x='$1 + 1' y='x * 2' x='x + y' 1='x' < <(seq 2)
	gives '6\t6\t4\n9\t9\t6\n'
	try let big='$1 > 1' both='big and $1 > 2' < <(seq 3)
	gives '1\t0\t0\n2\t1\t0\n3\t1\t1\n'
}

@test "let: a field alone is copied as it is written" {
	local t
	for t in '"12"' true '[1, "a"]' '{"x": null}' 1.50 '"\u0041"' null; do
		is "$(mbatch -i json let k=n then cut k <<<"{\"n\":$t}")" \
		    "{\"k\":${t//\\/\\\\}}"
		is "$(mbatch let k=n 'n=1' j=k then cut j <<<"{\"n\":$t}")" \
		    "{\"j\":${t//\\/\\\\}}"
	done
	try -i json let k=a.b 'm=k + 1' k=m <<<'{"a":{"b":1.0}}'
	gives '{"a":{"b":1.0},"k":2,"m":2}\n'
	try -i logfmt let k=a z=b <<<'a="x" b'
	gives 'a="x" b k="x" z\n'
	try -i csv let k=a <<<$'a\n"x,y"\n"z"'
	gives 'a,k\n"x,y","x,y"\n"z",z\n'
}

@test "empty input, CRLF, any -n" {
	try -a let x=1+1 </dev/null
	gives ''
	same_for_every_n let x='$2 * 2' y='x > 100'
}

@test "whole numbers stay exact while they fit" {
	value 'a + 1' a=9007199254740993
	is "$out" 9007199254740994
	value 'a * 3' a=3074457345618258602
	is "$out" 9223372036854775806
	value 'a + 1' a=9223372036854775807
	is "$out" 9223372036854776000
	value 'a / 3' a=9007199254740993
	is "$out" 3002399751580331
	value 'a / 2' a=7
	is "$out" 3.5
	value 'a % 3' a=-7
	is "$out" -1
	value 'a % 0.75' a=2
	is "$out" 0.5
	value '-a' a=-9223372036854775808
	is "$out" 9223372036854776000
	value 'a / -1' a=-9223372036854775808
	is "$out" 9223372036854776000
	value 'a % -1' a=-9223372036854775808
	is "$out" 0
}

@test "what has no value is absent" {
	local e
	for e in 'true + 1' '-true' 'a / 0' 'a % 0' 'log(0)' 'sqrt(-a)' 'exp(1000)' 'a + b' \
	    'len(b)' 'num("x")' 'part("a.b", ".", 3)' 'env("NO_SUCH_VAR")' \
	    'concat(a, b)' 'b = 1' 'not b = 1'; do
		value "$e"
		is "$out" '' || { echo "$e"; return 1; }
	done
}

@test "functions: numbers with units" {
	local expr want
	while IFS='|' read -r want expr; do
		value "$expr" 'a=5 s=1h'
		is "$out" "$want" && is "$status" 0 ||
		    { echo "$expr"; return 1; }
	done <<'END'
63.5|duration("1m3.5s")
0.00379|duration("3.79ms")
-0.0000015|duration("-1.5us")
0.00025|duration("250µs")
0.000000001|duration(" 1 ns ")
0.000015|duration("1.5e-05s")
180061.001|duration("2d2h1m1s1ms")
93600|duration("1 day 2 hours")
1209600|duration("2 weeks")
5|duration(a)
3600|duration(s)
7|duration("7")
|duration("1m30")
|duration("1M")
|duration("s")
|duration("1s x")
|duration("")
3072|bytes("3KiB")
1228.8|bytes("1.2KiB")
5000|bytes("5 kB")
5000|bytes("5KB")
10240|bytes("10K")
1073741824|bytes("1g")
1500000000000|bytes("1.5TB")
2305843009213693952|bytes("2E")
1e+21|bytes("1e3EB")
1000|bytes("1e3B")
-4000000|bytes("-4MB")
16|bytes("16 bytes")
|bytes("3KiBx")
|bytes("1MB 2kB")
|bytes("KB")
END
	try let 'b=duration(b)' <<<$'b=1s\nb=x'
	is "$out" 'b=1\n\n'
	fails 0 "^mbatch: record 2: 'x' is not a number, in 'duration\(b\)'"
}

@test "functions: group, net, pad" {
	local expr want
	while IFS='|' read -r want expr; do
		value "$expr" 'a=5 s="GET /a/b 12ms" ip=10.1.2.3 v=2001:db8:1:2::3'
		is "$out" "$want" && is "$status" 0 ||
		    { echo "$expr"; return 1; }
	done <<'END'
a|group(s, "/([a-z])(/x)?", 1)
a|group(s, "/([a-z])(/x)?")
/a|group(s, "/([a-z])(/x)?", 0)
|group(s, "/([a-z])(/x)?", 2)
|group(s, "nothing")
|group(s, "/([a-z])", nosuch)
|group(s, "/([a-z])", s)
|group(s, "(G)", a)
0.012|duration(group(s, "[0-9]+ms$"))
10.1.2.0/24|net(ip, 24)
10.1.2.3/32|net(ip, 64)
2001:db8:1:2::/64|net(v, 64)
2001:d00::/24|net(v, 24)
2001:db8:1::/48|net(v, 24, 48)
10.0.0.0/8|net(ip, 8, 48)
1.2.3.0/24|net("::ffff:1.2.3.4", 24)
|net(s, 24)
|net(ip, 129)
|net(ip, -1)
"    5"|pad(a, 5)
"5    ."|concat(pad(a, -5), ".")
00005|pad(a, 5, 0)
"  ü"|pad("ü", 3)
abcdef|pad("abcdef", 3)
|pad(a, 1e9)
END
	try let 'v=group($1, "(a", 1)' <<<a
	usage 'in the pattern, behind 0 bytes: unmatched \('
	try let 'v=group($1, "(a)", 2)' <<<a
	usage 'the pattern has 1 group$'
	try let 'v=group($1, $2, 2)' <<<a
	usage 'the pattern must stand in quotes'
}

@test "functions" {
	local expr want
	while read -r want expr; do
		value "$expr" 'a=5 s="Grün,b,c" t=-2.5'
		is "$out" "$want" && is "$status" 0 ||
		    { echo "$expr"; return 1; }
	done <<'END'
9 len(s)
8 chars(s)
GRüN,B,C upper(s)
grün,b,c lower(s)
r substr(s, 2, 1)
b,c substr(s, 7)
,c substr(s, -2)
,b substr(s, -4, 2)
c substr(s, -1, 4)
Gr substr(s, -11, 4)
Grün,b,c substr(s, -99)
x concat("x", substr(s, -99, 2))
,c substr(s, -1.5)
Gr substr(s, 0, 3)
x concat("x", substr(s, 10))
true if(a > 4, true, false)
false if(a > 5, true, false)
1 substr(a, 0, 99) = 5
6 index(s, ",")
0 index(s, "x")
Grün part(s, ",", 1)
c part(s, ",", -1)
b part(s, ",", -2)
5-5 concat(a, "-", a)
2.5 abs(t)
-3 floor(t)
-2 ceil(t)
-3 round(t)
-2 int(t)
3.14 round(3.14159, 2)
1200 round(1234, -2)
1e+30 round(1e30, -29)
9223372036854776000 round(9223372036854775807, -3)
0 log(1)
1 exp(0)
3 sqrt(9)
-2.5 min(a, t, 3)
5 max(a, t, 3)
yes if(a > 4, "yes", "no")
no if(nosuch2 = 1 and a = 6, "yes", "no")
x default(part(s, ",", 9), "x")
5 num(a)
5 duration(a)
1 nr()
2024-11-12 strftime("%Y-%m-%d", "2024-11-12T14:39:08Z")
14:39:08 strftime("%H:%M:%S", 1731422348)
00:00:12 strftime("%H:%M:%S", 12.5)
23:59:58 strftime("%H:%M:%S", 0 - 1.25)
1731422348 strptime("2024-11-12T14:39:08Z")
1731369600 strptime("%d/%m/%Y", "12/11/2024")
1731369600.5 strptime("12/11/2024 0.500000", "%d/%m/%Y %S.%f") + 0
0.000006 strptime(0.00002 * 0.3)
0.000003333 strptime(0.00001 / 3)
-0.000003334 strptime(-0.00001 / 3)
x default(part(s, ",", 9), default(part(s, ",", 8), "x"))
1 now() > 1700000000
UTC env("TZ")
END
}

# The exact results of these, in full where they fit 64 bits, else the nearest
# double's fewest digits.
@test "numbers are decimal, and exact while they fit" {
	local expr want
	while read -r want expr; do
		value "$expr" 'a=1'
		is "$out" "$want" && is "$status" 0 ||
		    { echo "$expr"; return 1; }
	done <<'END'
0.3 0.1 + 0.2
0.3 0.1 * 3
0.2 0.3 - 0.1
3 0.3 / 0.1
1.1 1.10 + 0
0.07 0.7 * 0.1
435 4.35 * 100
1.331 1.1 * 1.1 * 1.1
1234567890.123456 1234567890123456 / 1000000
0.0048828125 5 / 1024
94.19005584716797 12345679 / 131072
0.000003814697265625 1 / 262144
1.9073486328125e-06 1 / 524288
0.3333333333333333 1 / 3
3.3333333333333335 10 / 3
-0.6666666666666666 -2 / 3
3.3333333333333335e-07 1 / 3000000
4503599627370496.5 9007199254740993 / 2
2573485501354569.5 9007199254740993 / 3.5
9223372036854776000 9223372036854775807 + 0.5
9.223372036854776e+21 9223372036854775807 * 1000
18446744073709552000 9223372036854775807 - -9223372036854775807
10145709240540254000 4611686018427387905 * 2.2
922337203685477600 922337203685477580.7 + 0.1
922337203685477600 922337203685477580.7 + 0.01
121932631356500530 123456789.123456789 * 987654321.987654321
0.00000000000000001 0.000000000000000001 * 10
1e-19 0.000000000000000001 / 10
1.5 7.5 % 2
-1.5 -7.5 % 2
0 0.3 % 0.1
0 1 % 0.1
-0.5 -(0.5)
0.1 abs(-0.1)
9223372036854775807 abs(-9223372036854775807)
1.01 round(1.005, 2)
-1.01 round(-1.005, 2)
3 round(2.5)
-3 round(-2.5)
3.33 round(10 / 3, 2)
0.6666666666666666 round(2 / 3, 17)
0.000001764 round(0.000012345 / 7, 9)
9007199254740990 round(9007199254740993.5, -1)
10000000000000000000 round(9223372036854775807, -19)
0 round(9223372036854775807, -20)
0 round(0.05, -1)
1234.5678 round(1234.5678, 40)
-1 floor(-0.1)
9007199254740993 floor(9007199254740993.5)
1 ceil(0.000000000000000001)
0 ceil(-0.5)
-922337203685477580 int(-922337203685477580.7)
3 floor(10 / 3)
0.1 min(0.1, 0.10000000000000001)
0.10000000000000001 max(0.1, 0.10000000000000001)
1.4142135623730951 sqrt(2)
0.5 sqrt(0.25)
5.184705528587072e+21 exp(50)
2.061153622438558e-09 exp(-20)
1 a / 10 + 0.2 = 0.3
1 a * 0.10 = 0.1000
0 a / 10 = 0.10000000000000001
1 a / 10 < 0.10000000000000001
1 a * 9007199254740993 > sqrt(81129638414606663681390495662081)
1 a * 9007199254740992.5 > 9007199254740992
1 a / 3 > 0.333333
1 a / 3 * 3 = 1
1 a / 10 + 0.2 = "0.3"
0.3s concat(0.1 + 0.2, "s")
1440768803.345678 strptime("2015-08-28T13:33:23.345678Z")
0.000001 strptime("2015-08-28T13:33:23.345679Z") - strptime("2015-08-28T13:33:23.345678Z")
1440768803.12345679 strptime("2015-08-28T13:33:23.123456789Z") + 0.000000001
-1.000000001 strptime("1969-12-31T23:59:58.999999999Z")
23.123456789 strftime("%S.%N", strptime("2015-08-28T13:33:23.123456789Z"))
58.999999999 strftime("%S.%N", strptime("1969-12-31T23:59:58.999999999Z"))
23.345678 strftime("%S.%f", 1440768803.345678)
END
	# what one stage wrote the next one reads
	try -a let x='a / 10' then let y='x + 0.2' then where 'y = 0.3' \
	    then stats sum:y,mean:y,p50:y <<<'a=1'
	gives '0.3\t0.3\t0.3\n'
	# times a microsecond apart are two
	try -a let t='strptime(t)' then stats distinct:t,range:t < <(printf \
	    't=2015-08-28T13:33:23.%s\n' 345678Z 345679Z 345678Z)
	gives '2\t0.000001\n'
}

# A column of decimals has one scale.
@test "a record's numbers are its own, whatever the others are" {
	local n
	printf '%s\n' x,y 0.000000000000000001,2 0,3 \
	    5,9007199254740992.0000000000000000001 >zero
	printf '%s\n' x,y 0.5,2 0,3 \
	    9007199254740993,9007199254740992.0000000000000000001 >whole
	for n in -n1000 -n1; do
		try "$n" -i csv let a='x * 1 > y' b='y < x + 0' \
		    c='max(y, x * 1)' <whole
		is "$(tail -n 2 out | cut -d , -f 3-)" \
		    '0,0,3\n1,1,9007199254740993'
		try "$n" -i csv let a='round(x * 1, -5)' b='round(x - x, -2)' \
		    <zero
		is "$(cut -d , -f 3- out)" 'a,b\n0,0\n0,0\n0,0'
	done
}

@test "a time made seconds stays a time, and a number" {
	local f
	printf '%s\n' '{"t":"2020-01-01T00:00:00Z"}' \
	    '{"t":"2020-01-01T00:01:30.5Z"}' '{"t":"1969-12-31T23:59:59Z"}' \
	    >json
	printf '%s\n' t 2020-01-01T00:00:00Z 2020-01-01T00:01:30.5Z \
	    1969-12-31T23:59:59Z >csv
	sed '1d; s/^/t=/' csv >logfmt
	cp csv tsv
	for f in json csv tsv logfmt; do
		try -a -i $f let 't=strptime(t)' then count by t:1m <$f
		gives '2020-01-01T00:00:00Z\t1\n2020-01-01T00:01:00Z\t1\n1969-12-31T23:59:00Z\t1\n'
		try -a -i $f let 't=strptime(t)' then stats sum:t,max:t <$f
		gives '3155673689.5\t1577836890.5\n'
		try -a -i $f let 't=strptime(t)' then sort -n -r t then \
		    let 'd=strftime("%H:%M:%S", t)' then cut d then head 1 \
		    then join <$f
		is "$(grep -o '00:01:30' out)" 00:01:30
		try -a -i $f -o json let 't=strptime(t)' <$f
		gives '{"t":1577836800}\n{"t":1577836890.5}\n{"t":-1}\n'
		try -i $f -T t -w 1m --late all -o json \
		    let 't=strptime(t)' then where 't > 0' then count <$f
		is "$(grep -c 1 out)" 2
	done
}

@test "values that are no numbers are told once and counted" {
	try -a let x='$1 + 1' < <(printf '1\nb\nc\n')
	is "$out" '1\t2\nb\t\nc\t\n'
	fails 0 "record 2: 'b' is not a number, in '\\\$1 \+ 1'" \
	    "2 values in '\\\$1 \+ 1' were not numbers"
	try -a let x='num($1) + 1' < <(printf '1\nb\n')
	gives '1\t2\nb\t\n'
	try let x='strftime("%H", $1)' <<<never
	fails 0 "'never' is not a time"
	# nothing is told of a side that does not count
	try where '$1 = "n" and $2 + 1 > 1' < <(printf 'n 1\nt x\n')
	gives 'n 1\n'
}

@test "arguments" {
	try let </dev/null
	usage 'NAME=EXPR is missing'
	try let x </dev/null
	usage "'x' is not NAME=EXPR"
	try let '=1' </dev/null
	usage 'is not NAME=EXPR'
	try let x= </dev/null
	usage 'the expression is empty'
	try let 0=1 </dev/null
	usage 'the whole record'
	try let 999999=1 </dev/null
	usage 'too far'
	try -i json let a.b=1 <<<'{}'
	usage 'whole members'
	try let x=1 then </dev/null
	usage "must follow 'then'"
	try let x = 1 </dev/null
	usage "'x' is not NAME=EXPR: without blanks"
	try let 'x = $1 + 1' <<<1
	gives '1\t2\n'
}

@test "let: a clf line cut short within its last quotes keeps the new field apart" {
	printf '%s\n' '192.0.2.1 - - [06/Oct/2026:08:58:12 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozi' >log
	run "$MBATCH" -a -i clf let kb='bytes * 2' then cut agent,kb <log
	[ "$status" -eq 0 ]
	[ "$output" = $'Mozi\t10' ]
}

@test "let: what no JSON text can hold, in a whole vector before an aggregate" {
	awk 'BEGIN {
		for (i = 0; i < 1024; i++)
			printf "{\"a\":\"x y\",\"b\":\"%s\"}\n",
			    i == 500 ? "q\377" : "qz"
	}' >in
	try -a -i json let n1=a 'n2=upper(b)' then count by n1,n2 <in
	gives 'x y\tQZ\t1023\nx y\tQ\0357\0277\0275\t1\n'
}

@test "let: numbers that no decimal holds, and texts without a separator" {
	try -i logfmt let 'p=round(1e30,1)' 'q=round(1e-22,3)' \
	    's=strftime("%s",-1e-19)' 'u=part(a,b,1)' 'v=part(a,b,2)' \
	    <<<'a=1.25 b='
	gives 'a=1.25 b= p=1e+30 q=0 s=-1 u=1.25\n'
	try let 'x=strftime("%s",1e30)' <<<a
	fails 0 "'1e\+30' is not a time"
	while IFS='|' read -r expr what; do
		try let "x=$expr" <<<a
		usage "$what"
	done <<-'EOF'
		strptime($1,a)|the format must be a text in quotes
		env($1)|the name of a variable must stand in quotes
		part($1,",",0)|parts are counted from 1, or from -1 at the end
		part($1,"",1)|the separator of part\(\) is empty
	EOF
}

@test "let: more fields than there is room for at once" {
	local k want=()
	for ((k = 1; k <= 18; k++)); do
		want+=("a$k=$k")
	done
	try -i logfmt let "${want[@]}" <<<$'k=1\nk=2'
	gives "k=1 ${want[*]}\nk=2 ${want[*]}\n"
	try let "${want[@]}" <<<'k 1'
	gives "k 1 ${want[*]}\n"
}

@test "let: what is compared, defaulted and made of numbers" {
	try -i json -o csv let a=x 'b=default(a, 7)' 'c=y > -1e300' \
	    'd=bytes(2048)' 'e=duration(5)' 'f=strftime(1440768803.25, "%s")' \
	    'g=y < -1e300' 'h=strptime(y / 4)' \
	    < <(printf '%s\n' '{"x":5,"y":1}' '{"y":2}')
	is "$out" 'x,y,a,b,c,d,e,f,g,h\n5,1,5,5,1,2048,5,1440768803,0,0.25\n,2,,7,1,2048,5,1440768803,0,0.5\n'
	try -i json let a=5 then let b=a.x < <(echo '{"a":{"x":1}}')
	is "$out" '{"a":5,"b":null}\n'
}
