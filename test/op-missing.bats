#!/usr/bin/env bats
# op-missing.bats - keys of earlier batches that this one lacks

load helper

setup() {
	begin
	# keys that come, pause and go
	random_records 1200 1 |
	    awk '{ print $1 int(NR / 400) % 3 int(NR / 90) % 2, $2, $3 }' >in
}

# What an awk program gives for count, sum:2, max:2 by 1 of each N records, and
# keys of the OVER batches before.
model() {
	awk -v n="$1" -v over="$2" '
	function flush(i, k) {
		b++
		for (i = 1; i <= keys; i++) {
			k = key[i]
			print k, count[k], sum[k], max[k]
			if (!(k in last)) {
				order[++all] = k
				place[k] = all
			}
			last[k] = b
		}
		for (i = 1; i <= all; i++) {
			k = order[i]
			if (place[k] != i)
				continue
			if (k in last && last[k] < b && b - last[k] <= over)
				print k, 0, 0, ""
			else if (k in last && last[k] < b)
				delete last[k]
		}
		keys = 0
		split("", count); split("", sum); split("", max)
	}
	!count[$1]++ { key[++keys] = $1; max[$1] = $2 }
	{ sum[$1] += $2 }
	$2 > max[$1] { max[$1] = $2 }
	NR % n == 0 { flush() }
	END { if (NR % n) flush() }' | tr ' ' '\t'
}

@test "missing agrees with awk" {
	local n over
	for n in 1 7 100 1200; do
		for over in 1 2 5 100000; do
			mbatch -n $n stats count,sum:2,max:2 by 1 then \
			    missing by 1 over $over <in 2>err >out
			model $n $over <in | cmp - out
		done
		model $n 100000 <in >want
		mbatch -n $n stats count,sum:2,max:2 by 1 then \
		    missing by 1 over all <in 2>err | cmp - want
		model $n 1 <in >want
		mbatch -n $n stats count,sum:2,max:2 by 1 then \
		    missing by 1 <in 2>err | cmp - want
	done
}

@test "silence is seen where windows are" {
	printf '%s\n' '5 a' '15 b' '17 a' '44 b' >in
	try -w 10s -T 1 count by 2 then missing by 1 over 2 then stamp time <in
	is "$out" '1970-01-01T00:00:00Z\ta\t1
1970-01-01T00:00:10Z\tb\t1\n1970-01-01T00:00:10Z\ta\t1
1970-01-01T00:00:20Z\ta\t0\n1970-01-01T00:00:20Z\tb\t0
1970-01-01T00:00:30Z\ta\t0\n1970-01-01T00:00:30Z\tb\t0
1970-01-01T00:00:40Z\tb\t1\n'
	fails 0 "^mbatch: missing: 'a' came last 3 batches ago: it is no longer"
	try -w 10s -T 1 count by 2 then missing by 1 over all then \
	    alert 'count = 0' then stamp time <in
	is "$out" '1970-01-01T00:00:20Z\ta\t0\n1970-01-01T00:00:20Z\tb\t0
1970-01-01T00:00:30Z\ta\t0\n1970-01-01T00:00:30Z\tb\t0
1970-01-01T00:00:40Z\ta\t0\n'
	is "$status" 3
	is "$err" ''
}

@test "a key that is no longer shown is told once, ten of them by name" {
	seq 14 | awk '{ print $1, "x"; print $1, "y" }' >in
	try -n 2 count by 1 then missing by 1 over 1 <in
	is "$(grep -c 'came last 2 batches ago' err)" 10
	grep -q '^mbatch: 12 keys had not come for as long' err
	# back again it is missed again
	try -n 1 count by 1 then missing by 1 <<<$'a\nb\nb\na\nb'
	is "$out" 'a\t1\nb\t1\na\t0\nb\t1\na\t1\nb\t0\nb\t1\na\t0\n'
	is "$(grep -c "'a' came last" err)" 1
}

@test "-f: keys that must come" {
	printf 'web1\nweb2\r\n\nweb1\ndb \\t1' >keys
	printf '%s\n' '1 web1' '2 web3' '12 web2' '15 web1' >in
	try -w 10s -T 1 count by 2 then missing -f keys by 1 then cut 1,2 <in
	gives 'web1\t1\nweb3\t1\nweb2\t0\ndb \\t1\t0\nweb2\t1\nweb1\t1\ndb \\t1\t0\n'
	try -w 10s -T 1 count by 2 then missing -f keys by 1 over 1 then \
	    where 'count = 0' <in
	gives 'web2\t0\ndb \\t1\t0\ndb \\t1\t0\nweb3\t0\n'
	# one batch of all shows what a file names
	try -a count by 2 then missing -f keys by 1 then where 'count = 0' <in
	gives 'db \\t1\t0\n'
	try -a count by 1 then missing -f keys by 1 </dev/null
	gives 'web1\t0\nweb2\t0\ndb \\t1\t0\n'
	printf 'a\t1\nb\t2\\t\n' >keys
	try -i logfmt -a stats sum:n,max:n by k,j then missing -f keys by j,k \
	    <<<'k=1 j=a n=5'
	gives '1\ta\t5\t5\n2\\t\tb\t0\t\n'
	mbatch -a count by 1 then missing -f <(seq 5000) by 1 </dev/null |
	    cmp - <(seq 5000 | sed 's/$/\t0/')
}

@test "counts and sums are 0 through what follows them" {
	printf '%s\n' k=a,n=1 k=b,n=2 | tr , ' ' >in
	try -n 1 -o json stats count,s=sum:n,mean:n,first:n,n=count:n by k then \
	    missing by k then tail 1 <in
	is "$(tail -n 1 out)" \
	    '{"k":"a","count":0,"s":0,"mean_n":null,"first_n":"","n":0}'
	try -n 1 -o json stats count,s=sum:n,max:n by k then \
	    cut s,key=k,c=count,max_n then let d=c*2 then sort key then \
	    missing by key then stamp batch <in
	is "$(tail -n 1 out)" \
	    '{"batch":2,"s":0,"key":"a","c":0,"max_n":null,"d":""}'
	try -n 1 top 3 sum:n by k then cut -x nothing <in
	usage 'nothing'
	try -n 1 top 3 sum:n by k then missing by k <in
	is "$out" 'a\t1\nb\t2\na\t0\n'
	try -n 1 count by k then missing by k then count by count <in
	is "$out" '1\t1\n1\t1\n0\t1\n'
	try -n 1 count by k then missing by 1 then head 1 <in
	is "$out" 'a\t1\nb\t1\n'
}

@test "step anomaly and alerts see silence" {
	seq 0 600 | awk '$1 % 10 < 8 || $1 < 400 { print $1, "heartbeat" }
	    { print $1, "other" }' | awk '$1 < 500 || $2 != "heartbeat"' >in
	try -w 20s -T 1 count by 2 then missing by 1 over 3 then \
	    step anomaly count by 1 then alert 'count = 0' then stamp time <in
	is "$(cut -f 1-3 out)" '1970-01-01T00:08:20Z\theartbeat\t0
1970-01-01T00:08:40Z\theartbeat\t0\n1970-01-01T00:09:00Z\theartbeat\t0'
	is "$status" 3
}

@test "without -w: that nothing is silent is told" {
	local told='missing: without -w there are no batches of silence'
	try -n 1 count by 1 then missing by 1 <<<$'a\nb\nc'
	is "$(grep -c "$told" err)" 1
	try -a count by 1 then missing by 1 <<<a
	is "$err" "mbatch: $told: a batch closes because records come\n"
	echo a >keys
	try -n 1 count by 1 then missing -f keys by 1 <<<$'a\nb'
	fails 0 "$told"
	try -w 1s -T 1 count by 2 then missing by 1 <<<'1 a'
	is "$err" ''
}

@test "empty input, odd keys" {
	try -a count by 1 then missing by 1 </dev/null
	is "$out" ''
	try -n 1 -i csv -o csv count by k then missing by k <<<$'k\n"a,\tb"\n""\nc'
	is "$out" 'k,count\n"a,\tb",1\n,1\n"a,\tb",0\nc,1\n,0\n'
	try -n 1 -0 count by 1 then missing by 1 < <(printf 'a\nb\0c\0')
	is "$out" 'a\\nb\t1@c\t1@a\\nb\t0@'
}

@test "memory is that of the batches that count" {
	plain_build_only
	seq 300000 >in
	"$H/maxrss" long "$MBATCH" -j 1 -n 1000 count by 1 then missing by 1 over 2 \
	    <in >out 2>err
	head -n 50000 in | "$H/maxrss" short "$MBATCH" -j 1 -n 1000 count by 1 then \
	    missing by 1 over 2 >out 2>err
	[ "$(<long)" -lt $(($(<short) * 3 / 2)) ]
}

@test "bad words" {
	try missing </dev/null
	usage 'by KEYS is missing' 'usage: mbatch missing \[-f FILE\] by KEYS'
	try missing by 1 </dev/null
	usage 'it comes after an aggregate: count by KEYS then missing by KEYS'
	try -i csv missing by a <<<a,b
	usage 'it comes after an aggregate'
	try -i json stats list:a then collect then missing by a </dev/null
	usage 'it comes after an aggregate'
	try count by 1 then missing by 9 </dev/null
	usage 'no field 9'
	try count by 2 then missing by 2 </dev/null
	usage "column '2', 'count', is a count or a sum and no key"
	try -i csv count by a then missing by b <<<a,b
	usage "'b'"
	try count by 1 then missing by 1 over 1h </dev/null
	usage 'over counts batches'
	try count by 1 then missing -f nothing by 1 </dev/null
	usage 'missing: nothing: No such file'
	try count by 1 then missing -f . by 1 </dev/null
	usage 'missing: \.: Is a directory'
	printf 'a\tb\nc\n' >keys
	try count by 1 then missing -f keys by 1 </dev/null
	usage 'keys, line 1: as many fields as KEYS'
	try count by 1,2 then missing -f keys by 1,2 </dev/null
	usage 'keys, line 2: as many fields as KEYS'
	try mising by 1 </dev/null
	usage "did you mean 'missing'"
	try count by 1 then missing by 0 </dev/null
	usage "column '0' is not one of those that are known"
}
