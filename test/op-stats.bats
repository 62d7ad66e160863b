#!/usr/bin/env bats
# op-stats.bats - sums, means, quantiles and the like

load helper

ALL=count,sum:2,mean:2,var:2,stddev:2,min:2,max:2,range:2,median:2,p90:2
ALL+=,distinct:2,mode:2,first:2,last:2

@test "stats: what every operator does" {
	usual stats count,sum:2,p50:2 by 1
	try -a stats "$ALL" </dev/null
	gives '0\t0\t\t\t\t\t\t\t\t\t0\t\t\t\n'
}

@test "stats: each aggregate" {
	try -a stats "$ALL" <<<$'x 4\nx 1\nx 2.5\nx 4'
	gives '4\t11.5\t2.875\t2.0625\t1.4361406616345072\t1\t4\t3\t3.25\t4\t3\t4\t4\t4\n'
	try -a stats count:2,n=count,p0:2,p100:2,p99.9:2 <<<$'x 1\nx\nx 2'
	gives '2\t3\t1\t2\t1.999\n'
}

@test "stats: one value has no variance, none no mean" {
	try -a stats count,mean:2,var:2,stddev:2 by 1 <<<$'a 1\nb\na 3\nc 7'
	gives 'a\t2\t2\t2\t1.4142135623730951\nb\t1\t\t\t\nc\t1\t7\t\t\n'
}

@test "stats: columns are named AGG_FIELD, or as said" {
	try -a -H -o csv stats 'count,p99.5:ms,mean:{a b},x=sum:ms,distinct:ip:/24' \
	    by ip <<<$'ip ms {a b}'
	usage 'no.*a b'
	try -a -H -F, -o csv stats 'count,p99.5:ms,mean:{a b},x=sum:ms' by ip \
	    <<<$'ip,ms,a b\n192.0.2.1,3,4'
	gives 'ip,count,p99.5_ms,mean_a b,x\n192.0.2.1,1,3,4,3\n'
	try -a -H -F, -o csv stats distinct:ip:/24,distinct:ip \
	    <<<$'ip,ms\n192.0.2.1,3\n192.0.2.9,3'
	usage "two columns are named 'distinct_ip'"
	try -a -H -F, -o csv stats nets=distinct:ip:/24,distinct:ip \
	    <<<$'ip,ms\n192.0.2.1,3\n192.0.2.9,3'
	gives 'nets,distinct_ip\n1,2\n'
	try -o json stats '{a b}=sum:b,{a:b}=p99:b,.9=count,m=max:{b}' \
	    <<<'{"b":1}'
	gives '{"a b":1,"a:b":1,"9":1,"m":1}\n'
	try -o json top '{x=y}=sum:b' by b <<<'{"b":1}'
	gives '{"b":1,"x=y":1}\n'
	try stats '{a=sum:b' <<<'{"b":1}'
	usage "there is no aggregate '{a=sum'"
}

@test "stats: sums are exact" {
	try -a stats sum:1 < <(printf '9007199254740993\n1\n')
	gives '9007199254740994\n'
	try -a stats sum:1,mean:1 < <(yes 9223372036854775807 | head -n 1000)
	gives '9223372036854775807000\t9223372036854775807\n'
	try -a stats sum:1 < <(for i in 1 2 3 4 5 6 7 8 9 10; do echo .1; done)
	gives '1\n'
	try -a stats sum:1,mean:1 <<<$'0.1\n0.2'
	gives '0.3\t0.15\n'
	try -a stats sum:1,mean:1 <<<$'9223372036854775807\n9223372036854775807\n0.5'
	gives '18446744073709551614.5\t6148914691236517000\n'
	try -a stats mean:1,median:1 <<<$'9007199254740993\n9007199254740994'
	gives '9007199254740993.5\t9007199254740993.5\n'
	try -a stats sum:1,mean:1 < <(printf '%s\n' 1e308 1 -1e308)
	gives '1\t0.3333333333333333\n'
}

# NIST's NumAcc3 and 4: mean and deviation are 1000000.2, 0.1 and so on.
@test "stats: deviations of nearly equal numbers have all digits" {
	for n in 1000000 10000000; do
		awk -v n=$n 'BEGIN {
			print n ".2"
			for (i = 0; i < 500; i++)
				print n ".1\n" n ".3"
		}' | mbatch -a stats mean:1,stddev:1 >>out
	done
	is "$(<out)" '1000000.2\t0.1\n10000000.2\t0.1'
}

@test "stats: what is not a number is left out and told, what is absent only left out" {
	try -a stats count,sum:2,mean:2,distinct:2 <<<$'a 1\nb NA\nc\nd -\ne 3'
	is "$out" '5\t4\t2\t4\n'
	fails 0 "^mbatch: record 2: stats: 'NA' of '2' is not a number" \
	    "^mbatch: 2 values of '2' were not numbers"
	is "$(grep -c . <<<"$err")" 2
}

@test "stats: min and max are the text as it stood" {
	try -a stats min:1,max:1,range:1 <<<$'1.50\n01.5\n+1e3\n1000'
	gives '01.5\t+1e3\t998.5\n'
	try -a stats min:1,max:1 <<<$'1000\n+1e3\n1.50\n01.5'
	gives '01.5\t+1e3\n'
	try -a stats max:1,min:1 <<<$'9007199254740992\n9007199254740993'
	gives '9007199254740993\t9007199254740992\n'
	try -a stats max:1,min:1 <<<$'-9007199254740993\n-9007199254740992'
	gives '-9007199254740992\t-9007199254740993\n'
	# beyond 64 bits too, whatever the order
	try -a stats max:1,min:1,mode:1 <<<$'18446744073709551614\n18446744073709551615\n18446744073709551616'
	gives '18446744073709551616\t18446744073709551614\t18446744073709551614\n'
	try -a stats max:1,min:1 <<<$'9223372036854775808\n9223372036854775807\n92233720368547758075e-1'
	gives '9223372036854775808\t9223372036854775807\n'
	try -a stats range:1 <<<$'-9223372036854775808\n9223372036854775807'
	gives '18446744073709551615\n'
}

@test "stats: quantiles of integers and decimals are exact" {
	local all=min:1,p0:1,median:1,p100:1,max:1
	try -a stats $all <<<9007199254740993
	gives '9007199254740993\t9007199254740993\t9007199254740993\t9007199254740993\t9007199254740993\n'
	try -a stats p0:1,median:1,p75:1 <<<$'9007199254740997\n9007199254740993'
	gives '9007199254740993\t9007199254740995\t9007199254740996\n'
	try -a stats median:1,p100:1 <<<$'9223372036854775807\n-9223372036854775808'
	gives '-0.5\t9223372036854775807\n'
	try -a stats median:1 <<<$'0.1\n0.30\n0.2\n0.3'
	gives '0.25\n'
	# over N a window is exact again when what did not fit has left it
	try -n 1 stats median:1 over 1 <<<$'0.5\n9223372036854775807'
	gives '0.5\n9223372036854775807\n'
	try -a stats p100:1 <<<$'0.5\n9223372036854775807'
	gives '9223372036854776000\n'
}

@test "stats: what is a number" {
	try -a -i tsv -N stats count:1,sum:1 < <(printf '%s\n' 12 -0.5 +3 .5 5. \
	    007 1e2 1E-1 -0)
	gives '9\t127.1\n'
	try -a -i tsv -N stats min:1 < <(printf '%s\n' 0x10 inf -Infinity nan 1e400 \
	    1,5 1_000 ' 1' '1 ' 1e 1k . - '' --1)
	is "$out" '\n'
	fails 0 "'0x10' of '1' is not a number" "15 values of '1' were not"
}

@test "stats mode: ties go to the smallest number, then to the first bytes" {
	try -a stats mode:1 <<<$'10\n9\nb\na'
	gives '9\n'
	try -a stats mode:1 <<<$'b\na\na\nb'
	gives 'a\n'
	try -a stats mode:1 <<<$'1.0\n1'
	gives '1\n'
}

@test "stats first, last, mode: tabs, NUL and long texts" {
	try -a -F, stats first:1,last:1,mode:1 < <(printf 'a\tb,\n\0,\n\0,\n')
	gives 'a\\tb,\\0,\\0\n'
	local long
	long=$(printf '%0500d' 1)
	try -a stats first:1,last:1,min:1,max:1,mode:1 < <(printf '%s\n' \
	    "$long" "$long")
	gives "$long\t$long\t$long\t$long\t$long\n"
}

@test "stats: batches of many sizes, states used again" {
	awk 'BEGIN { for (i = 0; i < 3000; i++)
	    printf "k%d %d %0*d\n", i * i % 7, i % 91, i % 40, i % 13 }' >in
	local n i
	for n in 1 7 100 999; do
		mbatch -n $n stats "$ALL",mode:3,last:3,distinct:3 by 1 <in >ours
		for ((i = 0; i < 3000; i += n)); do
			tail -n +$((i + 1)) in | head -n $n |
			    mbatch -a stats "$ALL",mode:3,last:3,distinct:3 by 1
			((i / n < 8)) || break
		done >want
		head -n "$(wc -l <want)" ours | cmp - want
	done
}

@test "stats: mistakes are answered" {
	try stats cuont
	usage "no aggregate 'cuont'; did you mean 'count'" 'usage: mbatch stats'
	try stats sum
	usage 'sum needs a field: sum:FIELD'
	try stats p101:1
	usage 'p101: a percentage is from 0 to 100'
	try stats avg:1
	usage "did you mean 'mean'"
	try stats 1:sum
	usage 'the aggregate comes first: sum:1'
	try stats mean:1,mean:1
	usage "two columns are named 'mean_1'"
	try stats
	usage 'missing'
	try stats frobnicate:1
	usage 'there are count, and of a field \(sum:FIELD\) sum'
	try stats 'sum(bytes)'
	usage "'sum\(bytes\)': the field comes behind a colon: sum:FIELD"
	try stats sum:1,,count
	usage 'an aggregate is missing in the list'
	try stats count 1
	usage "did you mean 'by 1'"
	try stats sum:1 over 5m
	usage 'over counts batches'
	try stats sum:1 over x
	usage 'over is followed by'
}

@test "stats agrees with datamash" {
	need datamash
	agrees 'datamash -s -W -g 3 count 2 sum 2 min 2 max 2 unique 1 |
	    cut -f 1-5' stats count,sum:2,min:2,max:2 by 3 then sort 1
	agrees 'datamash -s -W -R 9 -g 3 mean 2 median 2 q1 2 q3 2 perc:90 2 \
	    sstdev 2 svar 2 countunique 1 |
	    awk -v OFS="\t" "{ for (i = 2; i <= NF; i++)
	    \$i = \$i == \"nan\" ? \"\" : sprintf(\"%.8g\", \$i); print }"' \
	    stats mean:2,median:2,p25:2,p75:2,p90:2,stddev:2,var:2,distinct:1 \
	    by 3 then sort 1 2>/dev/null || different
}

# datamash rounds to 9 decimals: compared as numbers.
different() {
	mbatch -a stats mean:2,median:2,p25:2,p75:2,p90:2,stddev:2,var:2,distinct:1 \
	    by 3 then sort 1 <records >ours
	datamash -s -W -R 9 -g 3 mean 2 median 2 q1 2 q3 2 perc:90 2 sstdev 2 \
	    svar 2 countunique 1 <records >theirs
	paste ours theirs | awk -F '\t' '{
		for (i = 2; i <= NF / 2; i++) {
			a = $i; b = $(i + NF / 2)
			if (b == "nan" ? a != "" : (a - b) ^ 2 > 1e-15 * (1 + b * b))
				exit 1
		}
	}'
}

# What an awk program gives for list:3, values:2, argmax:3@2 and argmin:3@2 by 1
# of each N records.
lists() {
	awk -v n="$1" '
	function flush(i, k) {
		for (i = 1; i <= keys; i++) {
			k = key[i]
			print k, list[k] (nlist[k] > 100 ? ",..." : ""),
			    vals[k] (nvals[k] > 100 ? ",..." : ""), hi[k], lo[k]
		}
		keys = 0
		split("", seen); split("", nlist); split("", nvals)
		split("", list); split("", vals)
	}
	!nlist[$1]++ { key[++keys] = $1; max[$1] = min[$1] = $2
		hi[$1] = lo[$1] = $3 }
	$2 > max[$1] { max[$1] = $2; hi[$1] = $3 }
	$2 < min[$1] { min[$1] = $2; lo[$1] = $3 }
	nlist[$1] <= 100 { list[$1] = list[$1] (nlist[$1] > 1 ? "," : "") $3 }
	!(($1, $2) in seen) { seen[$1, $2]
		if (++nvals[$1] <= 100)
			vals[$1] = vals[$1] (nvals[$1] > 1 ? "," : "") $2 }
	NR % n == 0 { flush() }
	END { flush() }' | tr ' ' '\t'
}

@test "stats: list, values, argmax and argmin agree with awk" {
	local n
	random_records 3000 6 >in
	for n in 1 7 1000 3000; do
		try -n $n stats list:3,values:2,argmax:3@2,argmin:3@2 by 1 <in
		lists $n <in | cmp - out
		is "$status" 0
	done
	fails 0 "^mbatch: list_3: more than 100 values" \
	    "^mbatch: 7 lists of '3' end in \.\.\." "^mbatch: 7 lists of '2' end in"
	seq 100 >in
	try -a stats list:1,values:1 <in
	is "$err" ''
	try -a stats list:1 then cut 1 < <(seq 101)
	is "$out" "$(seq 100 | tr '\n' ,)...\n"
	is "$err" "mbatch: list_1: more than 100 values: the list ends in ...\n"
	try -a stats values:1 < <(yes "$(seq 100)" | head -n 1000)
	gives "$(seq 100 | paste -sd ,)\n"
}

@test "stats: lists are arrays in JSON" {
	printf '%s\n' k,v 'a,"x,y"' 'a,7' 'b,' 'a,1e400' 'b,q\r' 'a,007' >in
	try -a -i csv -o json stats l=list:v by k then cut k,n=l <in
	gives '{"k":"a","n":["x,y",7,1e400,"007"]}\n{"k":"b","n":["","q\\\\r"]}\n'
	try -a -i csv -o json stats list:v,values:v then let n=1 then stamp batch <in
	gives '{"batch":1,"list_v":["x,y",7,"",1e400,"q\\\\r","007"],"values_v":["x,y",7,"",1e400,"q\\\\r","007"],"n":1}\n'
	try -a -i csv -o json stats values:v by k then head 1 then collect <in
	gives '[{"k":"a","values_v":["x,y",7,1e400,"007"]}]\n'
	try -a -i csv stats values:v by k <in
	gives 'a\tx\\\\,y,7,1e400,007\nb\t,q\\\\\\\\r\n'
	try -a -o json stats list:2,count <<<x
	gives '{"list_2":[],"count":1}\n'
	try -a -i json -o json stats list:v <<<$'{"v":[1,"a"]}\n{"v":null}\n{}\n{"v":true}'
	gives '{"list_v":["[1,\\"a\\"]","true"]}\n'
	try -a stats list:1 then split list_1 <<<$'a\nb'
	gives 'a\nb\n'
}

@test "stats: first and last go by the records' time where -T is given" {
	local n
	awk 'BEGIN { srand(5); for (i = 0; i < 2000; i++)
	    printf "%d k%d v%d\n", rand() * 90, rand() * 9, i }' >in
	for n in 1 7 1000 2000; do
		awk -v n=$n '
		function flush(i) {
			for (i = 1; i <= keys; i++)
				print key[i] "\t" first[key[i]] "\t" last[key[i]]
			keys = 0
			split("", from)
		}
		!($2 in from) { key[++keys] = $2; to[$2] = -1 }
		!($2 in from) || $1 < from[$2] { from[$2] = $1; first[$2] = $3 }
		$1 >= to[$2] { to[$2] = $1; last[$2] = $3 }
		NR % n == 0 { flush() }
		END { flush() }' in >want
		try -n $n -T 1 stats first:3,last:3 by 2 <in
		cmp want out
	done
	try -n 700 -T 1 stats first:3,last:3 by 2 over all <in
	tail -n 9 out | cmp - want
	try -a -T 1 stats first:3,last:3,distinct:3 <<<$'5 a b\n3 a c\n9 b\nx y d'
	fails 0 "record 4: no time in field '1'"
	is "$out" 'c\tb\t2\n'
	try -a -T 1 top 1 first:2 by 3 <<<$'5 1 a\n3 2 a\n4 9 b\n1 0 b'
	gives 'a\t2\n'
	# what was made has its order, a time that was taken away is none
	try -a -H -o csv -T t let 't=if(v = 2, "x", t)' then \
	    stats first:v,last:v then stats last:first_v <<<$'t v\n2 1\n1 2\n3 3\n0 2'
	fails 0 'record 2: .*no time \(-T\), so neither first nor last'
	is "$out" 'last_first_v\n1\n'
	try -a -T 1 stats count then stats first:1 </dev/null
	gives '0\n'
	# among numbers only those of records that have one
	try -i json -T t stats first:a,last:a,sum:a <<<\
'{"t":3,"a":1}
{"t":1}
{"t":2,"a":5}
{"t":4,"a":null}'
	gives '5\t1\t6\n'
}

@test "stats: argmax goes by numbers, the first of equal ones" {
	try -a stats argmax:1@2,argmin:1@2 <<<$'a 1\nb 1.0\nc x\nd\ne 0.9\nf 1'
	is "$out" 'a\te\n'
	fails 0 "record 3: stats: 'x' of '2' is not a number"
	try -a stats argmax:1@2,argmin:1@2 <<<$'a 9223372036854775808\nb 9223372036854775809\nc 9223372036854775808'
	gives 'b\ta\n'
	# left out where there is no text, too
	try -a -i logfmt -o json stats argmax:p@ms,n=argmin:p@ms <<<$'p=a ms=1\nms=5\np=b ms=2\np=c'
	gives '{"argmax_p":"b","n":"a"}\n'
	try -a stats argmax:2@3,max:3,sum:3 by 1 </dev/null
	gives ''
	try -a -i logfmt stats 'argmax:@t@ms,argmax:{a@b}@ms,x=argmax:ms@@t' \
	    <<<'@t=5 ms=7 a@b=c'
	gives '5\tc\t7\n'
	try stats argmax:p </dev/null
	usage 'argmax needs a field and what it goes by: argmax:FIELD@BY'
	try stats argmin:p@ </dev/null
	usage 'argmin:FIELD@BY'
	try stats max_by:p </dev/null
	usage "did you mean 'argmax'"
	try stats collapse:p </dev/null
	usage "did you mean 'list'"
	try top list:1 by 2 </dev/null
	usage 'a list orders nothing'
}

@test "stats stddev: a root that a double holds, of a variance that it doesn't" {
	try -a stats stddev:1 <<<$'1e300\n10'
	gives '7.071067811865476e+299\n'
}
