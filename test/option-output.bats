#!/usr/bin/env bats
# option-output.bats - -o: every format from every other, there and back

load helper

# Values that try what must be quoted, in a format that can hold them all.
hard() {
	cat >hard.json <<'END'
{"id":1,"t":"plain","u":"two words"}
{"id":-2.50,"t":"a,b;c\t\"d\"","u":"\\"}
{"id":1e5,"t":"x\ny\rz","u":"\\n\\\\t"}
{"id":0,"t":" lead and trail ","u":"="}
{"id":12345678901234567890123,"t":"é日本😀","u":"{"}
{"id":7,"t":"a=b","u":"'"}
{"id":8,"t":"\u0001\u001f","u":"#"}
{"id":9,"t":"","u":"null"}
END
}

@test "there and back loses nothing that the format can hold" {
	hard
	mbatch -i json -o json let id=id <hard.json >want
	local via
	for via in csv tsv logfmt; do
		if [ $via = csv ]; then
			grep -v '\\n' <want >held	# a newline ends a record
		else
			cp want held
		fi
		mbatch -i json -o $via <held | mbatch -i $via -o json >back
		cmp held back
		mbatch -i json -o $via <held >"held.$via"
		mbatch -i $via -o $via let id=id <"held.$via" |
		    cmp - "held.$via"
	done
	mbatch -0 -i json -o csv < <(tr '\n' '\0' <want) |
	    mbatch -0 -i csv -o json | tr '\0' '\n' | cmp - want
}

@test "every pair of formats" {
	local in out
	printf 'a,b\n1,x y\n' >in.csv
	printf 'a\tb\n1\tx y\n' >in.tsv
	printf '{"a":1,"b":"x y"}\n' >in.json
	printf 'a=1 b="x y"\n' >in.logfmt
	printf '1\tx y\n' >in.text
	for in in csv tsv json logfmt; do
		for out in csv tsv json logfmt text; do
			mbatch -i $in -o $out <in.$in | cmp - in.$out
			mbatch -a -i $in -o $out sort a <in.$in |
			    cmp - in.$out
		done
		mbatch -i $in -o table <in.$in |
		    cmp - <(printf 'a  b\n1  x y\n')
	done
	for in in json logfmt; do
		for out in csv tsv json logfmt text; do
			mbatch -o $out <in.$in | cmp - in.$out
		done
	done
	for out in csv tsv json logfmt text; do
		mbatch -i text -F '\t' let 2='$2' then head 1 <in.text |
		    cmp - in.text
	done
}

@test "fields known by position keep their places beside a new name" {
	printf 'a b c\nd e\nf g h i\n' >in
	try -o json let 'x=concat($1, "!")' then let y=2 <in
	gives '{"1":"a","2":"b","3":"c","x":"a!","y":2}
{"1":"d","2":"e","x":"d!","y":2}
{"1":"f","2":"g","3":"h","4":"i","x":"f!","y":2}\n'
	try -o csv let 'x=concat($1, "!")' then let y=2 <in
	is "$out" '1,2,3,x,y\na,b,c,a!,2\nd,e,,d!,2\nf,g,h,f!,2\n'
	is "$(grep -c "the first record had no '4'" <err)" 1
	try -N -i text -o csv let x=9 <in
	gives 'a,b,c,9\nd,e,9\nf,g,h,i,9\n'
	try -i text -o table let x=9 < <(head -n 2 in)
	is "$out" '1  2  3  x\na  b  c  9\nd  e     9\n'
	printf '%s\n' 'h - - [t] "GET /" 200 1 "-" "-" more' 'h - - [t] "-" 1' |
	    mbatch -i clf -o json let x=9 >out
	is "$(grep -o '"agent.*' <out)" \
	    '"agent":null,"12":"more","x":9}\n"agent":null,"x":9}'
	try -N -i csv -o json step delta 1 <<<$'1,b\n3'
	gives '{"1":1,"2":"b","delta_1":null}\n{"1":3,"delta_1":2}\n'
}

@test "made records in every format" {
	printf 'x y\n' >in
	try -a -o csv count by 2,1 <in
	gives '2,1,count\ny,x,1\n'
	try -a -o tsv count by 2,1 <in
	gives '2\t1\tcount\ny\tx\t1\n'
	try -a -o json count by 2,1 <in
	gives '{"2":"y","1":"x","count":1}\n'
	try -a -o logfmt count by 2,1 <in
	gives '2=y 1=x count=1\n'
	try -a -o text count by 2,1 <in
	gives 'y\tx\t1\n'
	try -a -o table count by 2,1 <in
	gives '2  1  count\ny  x      1\n'
	try -a -N -o csv count by 1 <in
	gives 'x,1\n'
	try -a -o json stats mean:1,max:2 <<<'a b'
	is "$out" '{"mean_1":null,"max_2":null}\n'
	try -a -o csv count </dev/null
	gives 'count\n0\n'
	try -a -o json count by 1 </dev/null
	gives ''
}

@test "numbers keep their digits, other text is a string" {
	printf '%s\n' a 1 -0 1.50 1e400 007 +1 .5 1. 0x10 NaN true null ' 1' \
	    >in
	try -i csv -o json <in
	gives '{"a":1}\n{"a":-0}\n{"a":1.50}\n{"a":1e400}\n{"a":"007"}\n'\
'{"a":"+1"}\n{"a":".5"}\n{"a":"1."}\n{"a":"0x10"}\n{"a":"NaN"}\n'\
'{"a":"true"}\n{"a":"null"}\n{"a":" 1"}\n'
}

@test "json to csv: the columns are the first record's, and what differs is told" {
	printf '%s\n' '{"a":1,"b":2}' '{"b":3,"a":4}' '{"a":5}' \
	    '{"a":6,"b":7,"c":8,"d":9}' '{}' >in
	try -i json -o csv <in
	is "$out" 'a,b\n1,2\n4,3\n5,\n6,7\n,\n'
	fails 0 '^mbatch: record 3: .*not have all fields' \
	    "^mbatch: record 4: the first record had no 'c'" \
	    '^mbatch: 2 records did not have all'
	is "$(wc -l <err)" 3
	try -n 1 -i json -o csv <in
	is "$out" 'a,b\n1,2\n4,3\n5,\n6,7\n,\n'
	try -i json -o csv <<<$'{}\n{"a":1}'
	is "$out" 'a\n1\n'
	fails 0 'record 1: it has no fields'
	try -i json -o csv cut c,a <<<$'{"a":1}\n{"a":2,"c":3}'
	gives 'c,a\n,1\n3,2\n'
}

@test "csv's header comes once, at the top, for any batches" {
	# also where columns that a cut made come as text after all
	try -i json -o csv replace -f v x x then cut v,w <<<$'{"v":1,"w":2}\n{"v":"x"}'
	gives 'v,w\n1,2\nx,\n'
	seq 3000 | sed 's/.*/{"a":&}/' >in
	{ echo a; seq 3000; } >want
	local n
	for n in 1 7 1000 3000; do
		mbatch -i json -o csv -n $n <in | cmp - want
	done
	try -n 1 -S '--' -i json -o csv <<<$'{"a":1}\n{"a":2}'
	gives 'a\n1\n--\n2\n--\n'
}

@test "bad records follow --bad in conversions, and are told once" {
	printf '{"a":1}\n{"a":\n{"a":3}\n' >in
	local to
	for to in csv tsv text logfmt table; do
		rm -f kept
		try -i json -o $to --bad kept <in
		is "$err" 'mbatch: record 2: cut short at byte 6\n'
		cmp kept <(sed -n 2p in)
		try -i json -o $to --bad fail <in
		fails 1 'record 2: '
		try -i json -o $to cut a then let a=a <in
		is "$err" 'mbatch: record 2: cut short at byte 6\n'
	done
	try -v -i json -o csv <in
	fails 0 '^mbatch: 1 bad record$'
	try -i json <in
	gives "$(<in)\n"
}

@test "bad records first, last and over the whole input" {
	local first
	for first in 1 500 3000; do
		seq 3000 | sed "s/.*/{\"a\":&}/; ${first}s/}//" >in
		try -i json cut a <in
		is "$err" "mbatch: record $first: cut short at byte $((5 + ${#first} + 1))\n"
		is "$(wc -l <out)" 2999
	done
	yes '{"a"' | head -n 2500 >in
	try -i json cut a <in
	is "$out" ''
	fails 1 '^mbatch: record 1: ' '^mbatch: 2500 records'
	try -i json -a --bad kept count by a <in
	is "$out" ''
	is "$status" 0
	cmp kept in
}

@test "-o: what is no format" {
	try -o clf
	usage "'clf': clf is only read"
	try -o cvs
	usage "'cvs': .*did you mean 'csv'"
}

@test "what made records have nothing for is null, not the empty text" {
	try -a stats max:1,mode:1 by 2 then collect <<<' '
	gives '[{"2":"","max_1":null,"mode_1":""}]\n'
	try -a -i csv stats mean:b,count then cut -x count then collect \
	    <<<$'a,b\n1'
	gives '[{"mean_b":null}]\n'
	try -i csv -o json step delta a then step spark b <<<$'a,b\n1,\n2,""'
	is "$out" '{"a":1,"b":"","delta_a":null,"spark_b":null}\n'\
'{"a":2,"b":"","delta_a":1,"spark_b":null}\n'
	try -a -o logfmt stats max:1,count <<<''
	gives 'count=1\n'
	local line='h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200 - "" "-"'
	try -i clf -o json cut bytes,user,protocol,agent,status <<<"$line"
	gives '{"bytes":null,"user":null,"protocol":null,"agent":null,'\
'"status":200}\n'
	try -i clf -o json <<<"$line"
	is "${out##*bytes}" '":null,"referer":"","agent":null}\n'
	try -i clf -o json cut a=1,bytes then let b=a <<<"$line"
	gives '{"a":"h","bytes":null,"b":"h"}\n'
}

@test "what operators named is a column even if the first record has none" {
	local i
	printf 'a=1\nb=2 a=3\nc x=1\n' >in
	for i in auto logfmt; do
		try -i $i -o csv cut b,a <in
		gives 'b,a\n,1\n2,3\n,\n'
		try -i $i -o tsv cut b then where 'b = 2' then cut x=b,a=b <in
		gives 'x\ta\n2\t2\n'
		try -i $i -o csv cut c,b,b then let d='b + 1' then \
		    cut -x c <in
		gives 'b,3,d\n,,\n2,2,3\n,,\n'
		try -i $i -o json cut b <in
		gives '{}\n{"b":2}\n{}\n'
		try -i $i -a -o table head 2 then step delta a then \
		    sort -n a <in
		fails 0 "record 2: the first record had no 'b'"
		is "$out" 'a  delta_a\n1\n3        2\n'
		try -i $i -a -o csv let b='default(b, "x")' then \
		    extract -f b '([0-9])?' d then head 2 <in
		gives 'a,b,d\n1,x,\n3,2,2\n'
	done
	try -i logfmt -o csv replace -f b 2 5 <in
	is "$out" 'a\n1\n3\n""\n'
	try -i logfmt -o csv cut 'a b=b' <in
	gives 'a_b\n""\n2\n""\n'
}

@test "what has no value is absent to the next operator, too" {
	local line='h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200'
	printf '%s\n' "$line -" "$line 5" "$line -" >in
	try -i clf -a cut host,bytes then \
	    stats count:bytes,mode:bytes,mean:2 by host <in
	gives 'h\t1\t5\t5\n'
	try -i clf cut bytes then let b='default(bytes, 0)' then \
	    where 'bytes = ""' <in
	gives ''
	try -i csv step delta a then cut delta_a then tee x then \
	    stats count:delta_a,mean:1 <<<$'a\n1\n3'
	gives '1\t2\n'
	is "$(<x)" 'delta_a\n""\n2'
	try -i csv -o json step delta a then cut delta_a <<<$'a\n1\n3'
	gives '{"delta_a":null}\n{"delta_a":2}\n'
	try -a stats max:2 by 1 then let m='default(max_2, "-")' \
	    <<<$'a 1\nb'
	gives 'a\t1\t1\nb\t\t-\n'
	try -a -i csv count by a then stats mode:a,count:a <<<$'a,b\n,1\n,2'
	gives '\t1\n'
}

@test "names longer than most; control characters that tsv leaves alone" {
	local long
	printf -v long 'x%.0s' {1..100}
	try -i csv -o json cut "1,2" <<<"${long}1,${long}2"$'\n1,2'
	gives "{\"${long}1\":1,\"${long}2\":2}\n"
	try -i json -o text cut a <<<'{"a":"x\u0001y\rz"}'
	gives 'x\x01y\rz\n'
	head -c 3000000 /dev/zero | tr '\0' x >long
	try grep x <long
	is "$status" 0
	tr -d '\n' <out | cmp - long
}
