#!/usr/bin/env bats
# op-lookup.bats - lookup: columns of a file's rows by a key

load helper

table() {
	printf 'k,name,n\na,alpha,1\nb,"b, ""q""",02\n,nothing,0\nc,,3\n' >t.csv
}

@test "the manual's example" {
	cp "$ROOT"/test/data/* .
	try -a -i clf lookup statuses.csv status then count by meaning then \
	    head 2 <access.log
	gives 'OK\t6\nFound\t1\n'
}

@test "newlines in the file's quotes, in its names too; a quote left open" {
	printf '"k\n1",v\n"a\nb","1\n\n2"\n\nc,3\nc,4\n' >t.csv
	try -i csv lookup t.csv 1 v < <(printf 'k\nc\n')
	is "$out" 'k,v\nc,3\n'
	try -N -i csv lookup -N t.csv 1 w=2 < <(printf 'c,0\n"a\nb",0\n')
	is "$out" 'c,0,3\n"a\nb",0,"1\n\n2"\n'
	is "$err" 'mbatch: lookup: t.csv: 1 key comes again (line 9): the first row counts\n'
	{
		printf 'k,v\n'
		seq 3000 | awk '{ printf "\"a%d\n\",%d\n", $1, $1 }'
		printf 'z,"\n'
	} >t.csv
	try -i csv lookup t.csv k v < <(printf 'k\n"a2999\n"\n')
	fails 2 '^mbatch: lookup: t.csv, line 6002: '
	sed -i '$d' t.csv
	try -i csv -o json lookup t.csv k v < <(printf 'k\n"a2999\n"\n')
	gives '{"k":"a2999\\n","v":2999}\n'
}

@test "columns of the row, absent where there is none; told by -v" {
	table
	try -v -i csv lookup t.csv id=k name \
	    < <(printf 'id,x\nb,1\nz,2\n,3\nc,4\n')
	is "$out" 'id,x,name\nb,1,"b, ""q"""\nz,2,\n,3,nothing\nc,4,\n'
	fails 0 '^mbatch: 1 record that lookup found no row for$'
	try -i csv -o json lookup t.csv id=k \
	    < <(printf 'id\na\nz\nc\n')
	gives '{"id":"a","name":"alpha","n":1}\n{"id":"z","name":null,"n":null}\n{"id":"c","name":null,"n":3}\n'
	try -i csv lookup t.csv id=k name then let name='default(name, "?")' \
	    < <(printf 'id\na\nz\n')
	gives 'id,name\na,alpha\nz,?\n'
	try -i csv lookup t.csv k what=name,k2=k,n then cut n,k,what,k2 \
	    < <(printf 'n,k\n9,a\n8,x\n')
	gives 'n,k,what,k2\n1,a,alpha,a\n,x,,\n'
	printf 'k,v\na,other\n' >u.csv
	try -i csv lookup t.csv k name then lookup u.csv k then \
	    lookup t.csv k w=name < <(printf 'k\na\n')
	gives 'k,name,v,w\na,alpha,other,alpha\n'
	try lookup t.csv 2=k 1=n,name < <(printf 'x a y\nx z y\n')
	gives '1\ta\ty\talpha\n\tz\ty\t\n'
	try lookup t.csv k < <(printf '{"k":"b","n":[1]}\n{"x":"a"}\nk=c n=1\n')
	gives '{"k":"b","n":"02","name":"b, \\"q\\""}\n{"x":"a","name":null,"n":null}\nk=c n=3 name=\n'
	try -i csv lookup t.csv k then count by name </dev/null
	gives ''
}

@test "-k: records with a row; -v: those without, as they are" {
	table
	printf '"a", x,1\nz,y,"2"\nc,z,3\n' >in
	try -i csv -N lookup -k t.csv 1=k then cut 1,3- <in
	gives '"a",1,alpha,1\nc,3,,3\n'
	try -i csv -N lookup -k -N t.csv 1 2 then cut 1,-1 <in
	gives '"a",alpha\nc,\n'
	try -i csv -N lookup -v t.csv 1=k <in
	gives 'z,y,"2"\n'
	try -i csv -N lookup -kN t.csv 1 <in
	gives '"a", x,1,alpha,1\nc,z,3,,3\n'
	printf 'alpha\nbeta\n' >words
	try lookup -k -N words 0=1 <<<$'beta\nx beta\nalpha'
	gives 'beta\nalpha\n'
	try -i json lookup -N t.csv k=1 <<<'{"k":"a"}'
	gives '{"k":"a","k_2":"alpha","k_3":1}\n'
	try lookup -v t.csv k name </dev/null
	usage '^mbatch: lookup: -v passes records without a row'
	try lookup t.csv k,n:net </dev/null
	usage '^mbatch: lookup: a column of networks is the only key'
	try -i csv -N lookup -k t.csv 1=k name <<<$'a\nc'
	gives 'a,alpha\nc,\n'
}

@test "a file of any format, by its name or its first line" {
	printf '{"k":"a","o":{"x":1},"t\\t":"\\u0000"}\n{"o":2,"k":"b","y":true}\n{"o":1}\n' >t.json
	cp t.json t
	for f in t t.json; do
		try -i json lookup $f id=k <<<'{"id":"a"}
{"id":"b"}'
		gives '{"id":"a","o":"{\\"x\\":1}","t\\t":"\\u0000","y":null}\n{"id":"b","o":2,"t\\t":null,"y":"true"}\n'
	done
	try -i json lookup t.json id=k x=o.x,y then cut x,y <<<'{"id":"a"}'
	gives '{"x":1,"y":null}\n'
	printf '\357\273\277k\tv\r\na\\tb\t1\\n2\r\nx\ty' >t
	try -i tsv lookup t k < <(printf 'k\na\\tb\nx\n')
	gives 'k\tv\na\\tb\t1\\n2\nx\ty\n'
	printf 'k,v\r\n\r\na,1\r\n\r\nb\r\n' >t
	try -i csv lookup t k < <(printf 'k\r\na\r\nb\r\n')
	gives 'k,v\na,1\nb,\n'
	printf 'k,v\na\0b,x\0y\n' >t
	try -i csv lookup t k < <(printf 'k\na\0b\na\n')
	gives 'k,v\na@b,x@y\na,\n'
	try -i csv lookup <(printf 'k,v\na,1\n') k < <(printf 'k\na\n')
	gives 'k,v\na,1\n'
	yes a | sed '1s/a/k/; 3000q' >in	# of all workers it is read once
	MBATCH_WORK=3:300 try -a -i csv lookup <(printf 'k,v\na,1\n') k \
	    then count by v <in
	gives '1\t2999\n'
	try lookup t.json 1=k </dev/null
	gives ''
}

@test "what is wrong with the file is told before a record is read" {
	table
	try -i csv lookup t.csv id=key <<<id
	usage "^mbatch: lookup: t.csv: there is no field 'key'" '^mbatch: lookup: t.csv: its first line was taken.* -N'
	{ printf k; printf ',a-column-of-a-long-name-%d' {1..40}; echo; } >long
	try lookup long 1=key <<<id
	usage ', [.][.][.]$'
	try lookup no.csv k <<<x
	usage '^mbatch: lookup: no.csv: No such file or directory$'
	mkdir dir
	try lookup dir k <<<x
	usage '^mbatch: lookup: dir: Is a directory$'
	: >empty
	try lookup empty 1=k <<<x
	usage '^mbatch: lookup: empty: it is empty, without .* -N'
	try lookup -N empty 1 then cut 1 <<<x
	gives 'x\n'
	try lookup -v -N empty 1 <<<x
	gives 'x\n'
	printf 'k,v\na,1\nb,"x\n' >bad
	try lookup bad 1=k v <<<x
	usage '^mbatch: lookup: bad, line 3: unterminated quote at byte 3$'
	printf '{"a":1}\n' >bad
	try lookup bad 1=k a <<<x
	usage "^mbatch: lookup: bad: no row has 'k'$"
	printf '\r\n\nk,v\n\na,1\n' >bad	# empty lines of csv are none
	try lookup bad 1=k v <<<a
	gives 'a\t1\n'
	try lookup -N bad 1=1 3 <<<a
	usage "^mbatch: lookup: bad: no row has '3'$"
	printf 'n,v\n10.0.0.0/33,1\n' >bad
	try lookup bad 1=n:net v <<<x
	usage "^mbatch: lookup: bad, line 2: '10.0.0.0/33' is no network$"
	try -i clf lookup t.csv host=k vhost=name <<<x
	usage "'vhost' can't be changed"
}

@test "keys that come again: the first row counts, and it is told" {
	printf 'k,l,v\na,b,1\na,c,2\na,b,3\na,c,4\n' >t.csv
	try -i csv lookup t.csv k v <<<$'k\na'
	is "$out" 'k,v\na,1\n'
	fails 0 '^mbatch: lookup: t.csv: 3 keys come again \(line 3\): the first row counts$'
	try -i json lookup t.csv x=k,l v <<<'{"x":"a","l":"c"}
{"x":"a"}
{"x":"a","l":"b"}'
	is "$out" '{"x":"a","l":"c","v":2}\n{"x":"a","v":null}\n{"x":"a","l":"b","v":1}\n'
	fails 0 ' 2 keys come again \(line 4\)'
}

@test "networks: the longest that an address lies in" {
	printf '%s\n' n,v 0.0.0.0/0,all 10.0.0.0/8,ten 10.1.0.0/16,one \
	    10.1.255.255,last 255.255.255.255/32,end 2001:db8::/32,doc \
	    2001:db8:0:1::/64,sub ::ffff:192.0.2.0/120,mapped \
	    10.1.77.3/16,again >t.csv
	try lookup t.csv 1=n:net v < <(printf '%s\n' 10.0.255.255 10.1.0.0 \
	    10.1.255.254 10.1.255.255 10.2.0.0 11.0.0.0 255.255.255.255 \
	    2001:db8::1 2001:DB8:0:1:ffff:ffff:ffff:ffff 2001:db8:0:2:: \
	    2001:db9:: ::ffff:10.1.2.3 192.0.2.77 10.1 x ::)
	is "$(cut -f2 out | paste -sd' ')" 'ten one one last ten all end doc sub doc  one mapped   '
	fails 0 '^mbatch: lookup: t.csv: 1 network comes again: the first counts$'
	awk 'BEGIN {
		srand(7)
		print "n,v"
		for (i = 0; i < 300; i++) {
			len = 8 + int(rand() * 20)
			size = 2 ^ (32 - len)
			at = int((10 * 2 ^ 24 + rand() * 2 ^ 18) / size) * size
			if ((at, len) in v)
				continue
			v[at, len] = i
			print ip(at) "/" len "," i >"n.csv"
		}
		for (i = 0; i < 1000; i++) {
			at = 10 * 2 ^ 24 + int(rand() * 2 ^ 18)
			for (len = 32; len >= 0; len--) {
				size = 2 ^ (32 - len)
				if ((int(at / size) * size, len) in v)
					break
			}
			print ip(at) >"q"
			print ip(at) "\t" (len < 0 ? "" : \
			    v[int(at / size) * size, len]) >"want"
		}
	}
	function ip(x) {
		return int(x / 2 ^ 24) "." int(x / 2 ^ 16) % 256 "." \
		    int(x / 256) % 256 "." x % 256
	}' >/dev/null
	try lookup -N n.csv 1=1:net v=2 <q
	cmp out want
	[ "$(cut -f2 want | sort -u | grep -c .)" -gt 50 ]
}

@test "many rows and records, with and without columns of text" {
	awk 'BEGIN {
		for (i = 0; i < 30000; i += 3)
			print "key" i "," i * 2 (i % 2 ? ",a longer one" : "")
	}' >t.csv
	awk 'BEGIN { for (i = 0; i < 9000; i++)
		print i "," "key" i * 7 % 40000 }' >in
	awk -F, 'NR == FNR { v[$1] = $2; next }
		{ print $0 "," v[$2] }' t.csv in >want
	try -i csv -N lookup -N t.csv 2=1 v=2 <in
	cmp out want
	try -i csv -N lookup -N t.csv 2=1 v=2 then cut 3 <in
	cmp out <(cut -d, -f3 want | sed 's/^$/""/')
	try -i csv -N lookup -k -N t.csv 2=1 v=2 <in
	cmp out <(grep -v ',$' want)
	try -i csv -N lookup -v -N t.csv 2=1 <in
	cmp out <(sed -n 's/,$//p' want)
	try -i csv -N -a lookup -N t.csv 2=1 v=2 then stats count,sum:v <in
	is "$out" "$(awk -F, '{ s += $3 } END { print NR "\t" s }' want)\n"
}

@test "the file is read anew between batches, if it has changed" {
	printf 'k,v\na,1\n' >t.csv
	live -n 1 lookup t.csv 1=k v
	say 'a\n'
	hear $'a\t1'
	printf 'v,k\n22,a\n' >new && mv new t.csv
	say 'a\n'
	hear $'a\t22'
	rm t.csv
	say 'a\nb\n'
	hear $'a\t22'
	hear b
	printf 'v,k\n"2,a\n' >new && mv new t.csv
	say 'a\na\n'
	hear $'a\t22'
	hear $'a\t22'
	printf 'x,k\n2,a\n' >new && mv new t.csv
	say 'a\n'
	hear $'a\t22'
	printf 'v,k\n333,a\n' >>t.csv
	printf 'v,k\n333,a\n' >new && mv new t.csv
	say 'a\n'
	hear $'a\t333'
	hush
	hear_end
	ended
	is "$(cat err)" "mbatch: lookup: t.csv: what was read before stays: No such file or directory
mbatch: lookup: t.csv, line 2: unterminated quote at byte 1
mbatch: lookup: t.csv: it has changed; what was read before stays
mbatch: lookup: t.csv: there is no field 'v'; there are 'x', 'k'
mbatch: lookup: t.csv: its first line was taken for the names of its columns: if it is a row, give -N, and positions
mbatch: lookup: t.csv: it has changed; what was read before stays"
	is "$status" 0
}

@test "in windows of the records' own time, and behind an aggregate" {
	printf 'k,v\na,1\nb,2\n' >t.csv
	try -i json -w 1m -T t lookup t.csv k then sort v then stamp batch \
	    < <(printf '{"t":%d,"k":"%s"}\n' 60 b 61 a 125 a)
	gives '{"batch":1,"t":61,"k":"a","v":1}\n{"batch":1,"t":60,"k":"b","v":2}\n{"batch":2,"t":125,"k":"a","v":1}\n'
	try -a -o csv count by 1 then lookup t.csv 1=k then cut -x 1 \
	    <<<$'a\nb\na'
	gives 'count,v\n2,1\n1,2\n'
}

@test "lookup: networks of one family, and those within one another" {
	printf '%s\n' '2001:db8::/32 a' '2001:db8::/48 b' '2001:db8::1:0/112 c' \
	    '2001:db8::/112 d' >nets
	try lookup nets 1=n:net v </dev/null || :
	printf 'n\tv\n%s\t%s\n%s\t%s\n%s\t%s\n' 2001:db8::/32 a \
	    2001:db8::/112 d 2001:db8::1:0/112 c >nets
	try -i tsv lookup nets ip=n:net v <<<$'ip\n1.2.3.4\n2001:db8::5\n2001:db8::1:5\n2001:db8:1::1'
	gives 'ip\tv\n1.2.3.4\t\n2001:db8::5\td\n2001:db8::1:5\tc\n2001:db8:1::1\ta\n'
}
