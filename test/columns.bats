#!/usr/bin/env bats
# columns.bats - what operators hand on as columns is as if each had written text

load helper

# The chain gives the same for `in` where a grep that lets all pass stands
# behind each operator, and needs text.
both() {
	local apart=() word
	for word in "$@"; do
		if [ "$word" = then ]; then
			apart+=(then grep '')
		fi
		apart+=("$word")
	done
	try "${apart[@]}" then grep '' <in
	cp out out.apart
	cp err err.apart
	echo "$status" >>err.apart
	try "$@" <in
	echo "$status" >>err
	if [ "$status" -eq 2 ] || ! cmp out out.apart ||
	    ! cmp err err.apart; then
		printf 'differs: %s\n' "$*"
		diff out.apart out | head -4
		diff err.apart err | head -4
		return 1
	fi
}

# Vectors of such records, of which some are odd.
csv() {
	awk 'BEGIN {
		print "a,b,c,d"
		for (i = 0; i < 2500; i++)
			print i % 97 == 0 ? "\"x,\"\"y\"," i ",," : \
			    i % 89 == 0 ? i ",2" : \
			    i % 83 == 0 ? "1,2,3,4,5" : \
			    i % 79 == 0 ? "\"open," i ",3,4" : \
			    i % 13 "," i * 1024 "," i / 8 ",v" i % 7
	}' >in
}

json() {
	awk 'BEGIN {
		for (i = 0; i < 2500; i++)
			print i % 97 == 0 ? "{\"a\":null,\"b\":\"x\\ty\"}" : \
			    i % 89 == 0 ? "{\"a\":1.50,\"a\":\"7\", \"d\":{}}" : \
			    i % 83 == 0 ? "{\"a\":1" : \
			    "{\"a\":" i % 13 ",\"b\":" i * 1024 \
			    ",\"c\":\"" i / 8 "\",\"d\":\"v" i % 7 "\"}"
	}' >in
}

clf() {
	awk 'BEGIN {
		for (i = 0; i < 2500; i++)
			printf "h%d - %s [10/Oct/2000:13:55:%02d -0700] " \
			    "\"%s\" %d %s%s\n", i % 5, i % 7 ? "-" : "u",
			    i % 60, i % 31 ? "GET /p" i % 9 " HTTP/1.1" : \
			    i % 2 ? "-" : "\\x16", i % 11 ? 200 : 404,
			    i % 17 ? i * 3 : "-", i % 5 ? "" : \
			    i % 3 ? " \"-\" \"agent\"" : " \"-\" \"cut"
	}' >in
}

@test "columns: csv, kept, changed, made and held" {
	local f
	csv
	for f in b '$2'; do
		both -a -i csv let "n=$f/1024" then where 'n > 3' then \
		    stats 'sum:n,max:n,first:n,mean:n' by a
		both -a -i csv let "n=$f/7" 'm=d' then let 'm=m' 'o=n*7' then \
		    count by m,o
	done
	both -a -i csv let n=b/1024 then where 'n > 3'
	both -a -i csv let n=b/1024 then let m=n/2 then cut a,m,n
	both -a -i csv cut d,a,b then let n=b+1 then grep -f d v then count by n
	both -a -i csv replace -f d v '"' then let x=d then uniq d,x
	both -a -i csv extract -f d '([0-9])' e then step delta e by a then \
	    top 5 by delta_e
	both -a -i csv split d v then dedup d,a then sample -s 1 50% by a
	both -a -i csv let n=b/3 then sort -n n then head 50 then cut n,d
	both -a -i csv top 7 b then cut d,b then tail 3 then reverse
	both -a -i csv where 'b > 9' then tail 5 by a then count by a,b
	both -n 100 -i csv let n=b/3 then shuffle -s 1 then cut n then \
	    sample -n 3 -s 1
	both -a -i csv let 'n=if(b > 99, b, 1/0)' then count by n
	both -a -i csv -o json let n=b/4 then where 'n > 9' then cut n,d
	both -a -i csv -o json cut d,b then where 'b > 9'
	both -a -i csv --bad fail where 'a > 1' then let n=b then count by d
}

@test "columns: json, kept, changed, made and held" {
	json
	both -a -i json let n=b/1024 then where 'n > 3' then \
	    stats sum:n,max:n by a
	both -a -i json let n=b/1024 then where 'n > 3'
	both -a -i json where 'a > 3' then count by d,c
	both -a -i json where 'a > 3' then count by none
	both -a -i json let n=a m=b then let a=n o=m then cut a,o,c
	both -a -i json cut a,d then where 'a < 3' then let n=a
	both -a -i json let x=c then replace -f x '[.]' '"' then count by x
	both -a -i json -o csv cut d,a,b
	both -a -i json -o csv cut a,b then let n=a/4 then cut n,b then head 99
	both -a -i json sort a then count by d
	both -a -i json top 5 b then cut d,b
	both -a -i json let n=b/3 then sort n then tail 5
	both -n 10 -i json head 3 by a then let n=c then uniq a,n
}

@test "columns: logs, kept, changed, made and held" {
	clf
	both -a -i clf where 'status >= 400' then count by path
	both -a -i clf let kb='bytes / 1024' then where 'kb > 1' then \
	    stats sum:kb by status
	both -a -i clf let kb='bytes / 1024' then count by agent,kb
	both -a -i clf let user=host then let x=user then count by x,path
	both -a -i clf let method='"1"' then count by path,method
	both -a -i clf let path='1/0' then count by path,method
	both -a -i clf cut host,user,path then where 'host != "h1"' then \
	    count by user,path
	both -a -i clf -o json let kb='bytes / 1024' then cut user,kb
	both -a -i clf sort -n bytes then cut host,status then head 5
	both -a -i clf top 5 bytes then cut host,path
}

@test "columns: changed records leave in another format" {
	local n o time='[10/Oct/2000:13:55:01 -0700]'
	clf
	for o in json csv text logfmt; do
		both -a -i clf -o $o let kb='bytes / 1024' n=host
	done
	both -a -i clf -o json let kb=bytes then where 'kb > 9' then let path=kb
	{
		head -n 400 in
		echo "h - - $time \"GET /\" 200 5 \"-\" \"a\" beyond"
		echo "v h - - $time \"GET /\" 200 5"
		tail -n 400 in
		echo "\"h - - $time \"GET / HTTP/1.1\" 200 \"5"
		echo "h - - $time \"GET / HTTP/1.1\" 200 5 \"cut \\\""
	} >odd
	tail -n 402 odd >in
	both -a -i clf -o json let kb='bytes / 1024'
	both -a -i clf let kb='bytes / 1024' then cut host,bytes,referer,kb
	for n in 1 402; do
		tail -n +$n odd >in
		both -n 400 -i clf -o csv let kb='bytes / 1024'
		both -n 400 -i clf -o tsv replace -f 14 1 2 then let kb=bytes
	done
	csv
	both -a -i csv -o json let x=b/3
	both -a -i csv -o tsv cut c,b then let x=b/3 c='""'
	grep -vE '".*,|,2$|3,4,5|open' in >clean
	mv clean in
	both -a -i csv -o json let x=b/3 c='"q,\""'
	both -a -i csv -o logfmt let x=b/3 then where 'x > 9' then let d=x a='""'
	json
	both -a -i json -o csv cut d,a then let x=a/3
}

@test "columns: text, whose records end where they like" {
	local f
	awk 'BEGIN {
		for (i = 0; i < 2500; i++)
			print i % 1099 == 0 ? "" : i % 1013 == 0 ? i " 2" : \
			    i % 997 == 0 ? "1  2 3 4\t5 6 7" : \
			    i % 7 " " i " - " i / 4 " v" i % 5
	}' >in
	for f in '' '-F ' '-F-'; do
		both -a ${f:+"$f"} let 'n=$2/8' then stats 'sum:n,sum:-2' by 1
		both -a ${f:+"$f"} let 'n=$2*2' then let 'm=n' 'o=$-1' then \
		    count by 6,-2,-5,5
		both -a ${f:+"$f"} let '$6=$1' then count by 6,5,-1
		both -a ${f:+"$f"} let '$2=$77' '$4=1' then count by 2,4,-1,5
		both -a ${f:+"$f"} cut 5,1,a=2 then where 'a > 3' then \
		    let 'b=$1' then count by b,1
		both -a ${f:+"$f"} let 'n=concat("a", $5, "-")' then dedup n
		both -a ${f:+"$f"} step delta 2 then fill 6 then sort -n -1 \
		    then cut 1,-1
	done
	both -a -i text -F ', ' let 'n=$2' then count by 1,n
	# The first has no such field, nor have others.
	sed -i '1s/.*/one/; 9s/.*/nine/' in
	both -a replace -f 2 - + then let 'n=$1'
	both -a cut 1,2 then fill 3 then let n=1
	printf 'a;b\n1;2\n' >in
	both -i tsv -F ';' let 'c="x;y"' then cut c
	is "$out" 'c\nx\n'
}

@test "columns: auto, as each record tells" {
	local f
	awk 'BEGIN {
		for (i = 0; i < 2500; i++)
			print i % 97 == 0 ? "a=" i " words b=x1" : \
			    i % 89 == 0 ? "{\"a\":" : \
			    i % 3 == 0 || (i > 1000 && i < 2100) ? \
			    "{\"a\":" i ",\"b\":\"x\\u003" i % 4 "\"}" : \
			    "a=" i " b=\"x \\" i % 4 "\" c=y"
	}' >in
	grep -v ' ' in >in.json
	both -a let n=a/8 then stats sum:n,max:n,count by b
	both -a let n=a/8 'm=b' then where 'n > 9' then cut m,n,c
	both -a cut b,a then let n=a/8 o=b then tail 99 then count by o,n
	both -a extract -f b '(.)$' e then step delta a by e then sort -n delta_a
	both -a fill -v q c then count by c
	both -a let c=none then count by c
	# Told of what gets there, and of no other.
	printf 'a=1 b=2\n{ no JSON\n' >in
	both --bad fail grep -v -f 1 '{' then count by b
	both --bad fail where '$1 != "{"' then let c=b then count by b,c
	cp in.json in
	both -a let n=a/8 then stats sum:n by b
	both -a cut b,a then tail 9 then join '|'
	both -a cut b,a then tail 9 then count by b
	printf '%s\n' 'x y' 'x y z w' x '{"a":1}' 'a=1 b' >in
	both -a let '$4=3' then reverse then count by 3
	both -a fill -e 1 by 3 then sort 2 then cut 3,1
	printf '%s\n' '{ x 3' '1 x 3' '{ y 3' >in
	both -a uniq -1 then sort a
	both -a grep -f 1 3 then uniq a
	both -a dedup 2 then cut new=a
}

@test "columns: looked up in a file" {
	printf 'key,e,f\n1,one,\n3,"t,""3""",x\n5,,"a	b"\n' >t.csv
	csv
	both -a -i csv lookup t.csv a=key then where 'f != "x"' then \
	    count by e,f
	both -a -i csv lookup -k t.csv a=key c=e,f then cut d,f,c
	both -a -i csv lookup -v t.csv a=key then let n=b then count by d
	both -a -i csv -o json lookup t.csv a=key then let 'e=default(e, 1)'
	both -a -i csv lookup -N t.csv 1 2=2 then sort b then head 9
	# One column set twice.
	both -a -i csv lookup t.csv a=key c=e,c=f then count by c
	both -a -i csv let b=5 2=6 then count by b
	json
	both -a -i json lookup t.csv a=key n=e,n=f then count by n
	both -a -i json lookup t.csv a=key then count by e,f
	both -a -i json lookup t.csv a=key d=f,g=e then where 'a < 9' then \
	    cut a,d,g
	both -a -i json lookup -k t.csv a=key then cut e,f
	both -a -i json -o csv lookup t.csv a=key then cut a,e,f,d
	clf
	printf 'h1,"x y",\nh2,-,""\n' >h
	both -a -i clf lookup -N h host=1 agent=2,user=3 then \
	    count by agent,user
	both -a -i clf lookup -N h host=1 new=2 then sort new then count by new
}

@test "columns: a name that no record had that came so far is told" {
	printf '{"a":%d,"b":null}\n{"a":9,"c":1}\n' 1 >in
	both -a -i json where 'a < 5' then count by b
	is "$err" ''
	both -a -i json where 'a < 5' then count by c
	is "$err" "mbatch: count: no record had 'c'\n"
	both -a -i json let 'n=a' then where 'n < 5' then count by c
	is "$err" "mbatch: count: no record had 'c'\n"
}

@test "columns: a number is what its text would be" {
	printf 'x\n1\n3\n1e30\n' >in
	both -a -i csv let 'y=x/7e6' then count by y
	is "$out" '1.4285714285714285e-07\t1\n4.2857142857142857e-07\t1\n1.4285714285714285e+23\t1\n'
	awk 'BEGIN { print "x"; for (i = 0; i < 200; i++) print i }' >in
	both -a -i csv let 'y=x/7e6' then stats sum:y,max:y,min:y,last:y
	both -a -i csv let 'y=x*0.50' then where 'y = "1.5"'
	is "$out" 'x,y\n3,1.5\n'
	both -a -i csv let 'y=x*0.50' then where 'y < 1' then let 'z=y + 1'
	is "$out" 'x,y,z\n0,0,1\n1,0.5,1.5\n'
}

@test "columns: logfmt writes no absent values, and names its own way" {
	seq -f 'a=%.0f alone b="x y" a=7' 200 >in
	both -a -i logfmt let 'z=q' then count by z
	is "$out" '\t200\n'
	is "$err" "mbatch: let: no record had 'q'
mbatch: count: no record had 'z'\n"
	both -a -i logfmt let 'b c=a' then stats sum:b_c
	is "$out" '20100\n'
	both -a -i logfmt cut alone,b then let 'c=concat("=", alone)' then count by alone,b,c
	is "$out" 'true\tx y\t=true\t200\n'
	echo 'b="x' >>in
	both -a -i logfmt let 'a=a+1' then stats sum:a
	is "$out" '20300\n'
	is "$err" 'mbatch: record 201: unterminated quote at byte 3\n'
}

# what one vector gives, and one of few records, each written by itself.
alike() {
	try -n 40 "$@" <in
	cp out want
	try -a "$@" <in
	cmp out want
}

@test "columns: a carriage return is no part of a record's last value" {
	printf 'c=1 b=5\r a=2\nc=2 b=5\n%.0s' {1..40} >in
	both -a -i logfmt cut c,b then count by b
	both -a -i logfmt let n=b then count by n
	printf 'a,b\n5\r,1\n5,1\n%.0s' {1..40} >in
	both -a -i csv cut b,a then count by a
	both -a -i csv -o json let n=a then cut n,b
}

@test "columns: odd records among many are written as by themselves" {
	local i
	for i in {1..40}; do
		printf '%s\n' 1,x,2 "$i,y,3" '5,"a,b",' 2,,7 3,z
		((i % 9)) || printf '%s\r\n' '4,"q""r",1,more' 1 '"",2,3'
	done >rows
	{ echo a,b,c && cat rows; } >in
	alike -i csv let x=a+1 'b="q,\"r"' then grep -f c . then let 'c=$9' x=x*2
	alike -i csv cut c,b,new=a
	alike -i csv cut b
	alike -i tsv -F , let x=a+1 a=b
	cp rows in
	alike -i csv -N let 1='"p,q"'
	alike -i csv -N let x=upper\(\$2\) 2=\$3
	alike -F , let x=\$1+1 2=\$3
	sed 's/,/  /g' rows >in
	alike let x=\$1+1 -1='"u\tv"'
	alike -i text split 2 , then let -2=7
	for i in {1..40}; do
		printf '%s\n' '{"a":1,"b":"x"}' "{\"a\": $i, \"b\":null}" \
		    '{"b":2,"a":"\u0041"}' '{"a":1,"b":[1, 2]}'
		((i % 9)) || printf '%s\n' '{"a":1}' '{"a":1,"b":2,"a":3}' '{}'
	done >in
	alike -i json let x=a+1 'b=if(a = 1, b)' then grep -f a '' then let a=b
	alike -i json cut b,new=a
	for i in {1..40}; do
		printf '%s\n' 'a=1 b="x y"' "b=$i a=" 'a=1  b=2' 'a= b="\""'
		((i % 9)) || printf '%s\n' 'a b=2' 'a=1 b=2 a=3' b=
	done >in
	alike -i logfmt let x=a+1 b=a then grep -f a '' then let 'a=concat(b, " ")'
	alike -i logfmt cut b,a
}
