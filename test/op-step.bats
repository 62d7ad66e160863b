#!/usr/bin/env bats
# op-step.bats - each record against the previous ones of its key

load helper

@test "step: what every operator does" {
	usual_across step delta 2
	usual_across step ewma 2 by 1
	usual_across step anomaly 2
	usual_across step spark 2
	usual_across step sum 2
	usual_across step lag:2 3 by 1
	usual_across step mean:5 2
	usual_across step count by 1
}

@test "step delta: exact, absent for the first of a key" {
	try -n 1 step delta 2 by 1 <<<$'a 1\nb 5\na 3\nb 2.5'
	gives 'a\t1\t\nb\t5\t\na\t3\t2\nb\t2.5\t-2.5\n'
	try -a step delta 1 then cut 2 \
	    < <(printf '%s\n' .3 .1 9223372036854775807 9223372036854775806 \
	    -1 1e3 0.000000000000000001 100.50 100.5 1e300)
	is "$(sed -n '2p;4p;5p;6p;9p' out)" \
	    '-0.2\n-1\n-9223372036854775807\n1001\n0'
	same_for_every_n step delta 2 by 1
}

@test "step delta, ratio and ewma agree with awk" {
	random_records 3000 1 >in
	mbatch -n 100 step delta 2 by 1 then cut 4 <in |
	    cmp - <(awk '{ print ($1 in p) ? $2 - p[$1] : ""; p[$1] = $2 }' in)
	mbatch -n 100 step ratio 2 by 1,3 then cut 4 <in |
	    cmp - <(awk "$FEWEST"'{ k = $1 " " $3
		print (k in p) && p[k] ? fewest($2 / p[k]) : ""
		p[k] = $2 }' in)
	mbatch -n 100 step ewma:0.25 2 then cut 4 <in |
	    cmp - <(awk "$FEWEST"'{ m = NR == 1 ? $2 : m + 0.25 * ($2 - m)
		print fewest(m) }' in)
}

@test "step ratio: absent after zero" {
	try -a step ratio 1 <<<$'4\n2\n0\n5\n10'
	gives '4\t\n2\t0.5\n0\t0\n5\t\n10\t2\n'
	# of decimals, not of the doubles next to them
	try -a step ratio 1 then cut 2 <<<$'0.1\n0.3\n0.9\n0.6'
	gives '\n3\n3\n0.6666666666666666\n'
}

@test "step ewma: the first is itself; ALPHA is a half" {
	try -a step ewma 1 <<<$'4\n2\n0'
	gives '4\t4\n2\t3\n0\t1.5\n'
	try -a step ewma:1 1 <<<$'4\n2'
	gives '4\t4\n2\t2\n'
}

@test "step anomaly: none in the warm-up, then the distance in deviations" {
	seq 12 >in
	try -a step anomaly 1 <in
	is "$(sed -n '10p;11p' out)" '10\t\n11\t1.914854215512676'
	try -a step anomaly 1 < <(printf '%s\n' 5 5 5 5 5 5 5 5 5 5 5 6 5)
	is "$(sed -n '11p;12p' out)" '5\t0\n6\t1000000'
	# A plain program of the same.
	random_records 3000 2 >in
	mbatch -n 10 step anomaly:9 2 by 1 then cut 4 <in |
	    cmp - <(awk "$FEWEST"'{
		k = $1; a = 0.2; d = $2 - m[k]; n = ++c[k]
		f = !d ? 0 : !v[k] ? 1e6 : (d < 0 ? -d : d) / sqrt(v[k])
		if (1 / n > a) a = 1 / n
		m[k] += a * d; v[k] = (1 - a) * (v[k] + a * d * d)
		if (n <= 10) print ""; else print fewest(f) }' in)
	try -a step anomaly 1 then where 'anomaly_1 > 3' then cut 1 \
	    < <(seq 40 | awk '{ print $1 == 33 ? 99 : $1 % 4 }')
	gives '99\n'
}

@test "step spark: the last values, low to high" {
	try -a step spark 1 then cut 2 < <(seq 8)
	is "$(tail -n 1 out)" '.:-=+*#@'
	try -a step spark:3 1 then cut 2 <<<$'1\n1\n5\n3\n9\n9\n9'
	gives '.\n..\n..@\n.@=\n-.@\n.@@\n...\n'
	LC_ALL=en_US.UTF-8 try -a step spark:2 1 then cut 2 <<<$'1\n2'
	gives '▁\n▁█\n'
	try -a step spark 1 then cut 2 <<<$'-1e308\n1e308\n-1e308'
	gives '.\n.@\n.@.\n'
}

@test "step sum, lag, mean and count agree with awk" {
	local n
	random_records 3000 3 >in
	awk "$FEWEST"'{
		k = $1; i = ++c[k]; s[k] += $2; v[k, i] = $2; t[k, i] = $3
		m = 0
		for (j = i > 5 ? i - 4 : 1; j <= i; j++)
			m += v[k, j]
		print s[k], (i > 2 ? t[k, i - 2] : ""), fewest(s[k] / i), \
		    fewest(m / (i > 5 ? 5 : i)), i
	}' in >want
	for n in '-n 1' '-n 7' '-n 1000' -a; do
		# shellcheck disable=SC2086
		mbatch $n step sum 2 by 1 then step lag:2 3 by 1 then \
		    step mean 2 by 1 then step mean:5 2 by 1 then \
		    step count by 1 then cut 4-8 <in | tr '\t' ' ' | cmp - want
	done
}

@test "step sum and mean: exact, whatever there was before" {
	try -a step sum 1 then cut 2 < <(printf '%s\n' 0.1 0.2 \
	    9223372036854775807 9223372036854775807 1e30 -1e30)
	gives '0.1\n0.3\n9223372036854775807.3\n18446744073709551614.3
1.0000000000184468e+30\n18446744073709552000\n'
	try -a step mean:2 1 then cut 2 < <(printf '%s\n' 1e300 0.1 0.2 0.3 \
	    -9223372036854775808 9223372036854775807 1 0.000000000000000001 2 4)
	gives "1e+300\n5e+299\n0.15\n0.25\n-4611686018427388000\n-0.5
4611686018427387904\n0.5\n1\n3\n"
	# the same as of these values alone
	random_records 500 4 | awk '{ print $2 % 7 == 0 ? $2 "e20" : \
	    $2 % 5 == 0 ? $2 / 1000 : $2 % 3 == 0 ? $2 "12345678901234567" : $2
	}' >in
	mbatch -a step mean:3 1 then cut 2 <in >out
	for ((i = 3; i <= 500; i += 7)); do
		head -n $i in | tail -n 3 | mbatch -a stats mean:1 |
		    cmp - <(sed -n "${i}p" out)
	done
}

@test "step lag: any text, as it was" {
	try -a step lag 2 by 1 <<<$'a x\nb 1\na y\na\nb 1.50\na z'
	gives 'a\tx\t\nb\t1\t\na\ty\tx\na\t\nb\t1.50\t1\na\tz\ty\n'
	try -i json step lag a <<<$'{"a":true}\n{"a":"5"}\n{"a":[1]}\n{"a":null}\n{"a":1.50}'
	gives '{"a":true,"lag_a":null}\n{"a":"5","lag_a":true}
{"a":[1],"lag_a":"5"}\n{"a":null,"lag_a":null}\n{"a":1.50,"lag_a":[1]}\n'
	try -i json step lag a then cut lag_a <<<$'{"a":"x"}\n{"a":"yy"}\n{"a":5}'
	gives '{"lag_a":null}\n{"lag_a":"x"}\n{"lag_a":"yy"}\n'
	try -i csv step lag:1 a then cut lag1_a <<<$'a\n"x,y"\n""\nz'
	gives 'lag1_a\n""\n"x,y"\n""\n'
	try -a step lag 1 then tail 1 < <(head -c 5000 /dev/zero | tr '\0' x; echo
	    echo y)
	is "${#out}" 5003
	try -n 2 count by 1 then step lag count by 1 then \
	    where 'count > lag_count' <<<$'a\nb\na\na'
	gives 'a\t2\t1\n'
}

@test "step: NAME= names the column" {
	try -i csv -a step prev=lag n then step n=count then tail 1 <<<$'n\n7\n8'
	gives 'n,prev\n2,7\n'
	try -i json -a step '{a b}=sum' n <<<'{"n":7}'
	gives '{"n":7,"a b":7}\n'
}

@test "step: the column's name, in every format" {
	try -i csv -n 1 step delta n <<<$'k,n\na,1\nb,3'
	gives 'k,n,delta_n\na,1,\nb,3,2\n'
	try -n 1 step delta n.m by k <<<$'{"k":1,"n":{"m":1}}\n{"k":1,"n":{"m":4}}'
	is "$(tail -n 1 out)" '{"k":1,"n":{"m":4},"delta_n.m":3}'
	try -n 1 step delta n <<<$'n=1\nn=3'
	is "$(tail -n 1 out)" 'n=3 delta_n=2'
	try -n 2 count then step delta count <<<$'a\nb\nc'
	gives '2\t\n1\t-1\n'
}

@test "step: what is no number is told, and absent is not" {
	try -a step delta 2 by 1 <<<$'a 1\na x\na\na 4'
	is "$out" 'a\t1\t\na\tx\t\na\t\na\t4\t3\n'
	fails 0 "^mbatch: record 2: step: 'x' is no number"
	# Empty is there, and no number.
	try -i csv step delta a <<<$'a,b\n1,2\n,3\n4,5'
	is "$out" 'a,b,delta_a\n1,2,\n,3,\n4,5,3\n'
	fails 0 "^mbatch: record 2: step: '' is no number"
}

@test "step: the past is remembered across batches and windows" {
	try -w 1m -T 1 count then step delta count then stamp time \
	    <<<$'1 a\n2 b\n61 c\n200 d'
	gives "$(printf '1970-01-01T00:00:00Z\t2\t
1970-01-01T00:01:00Z\t1\t-1
1970-01-01T00:02:00Z\t0\t-1
1970-01-01T00:03:00Z\t1\t1')\n"
}

@test "step: bad words" {
	try step
	usage '^mbatch: step: ' 'usage: mbatch step'
	try step delta
	usage '^mbatch: step: '
	try step delt 1
	usage "there is no step 'delt'.*did you mean 'delta'"
	try step ewma:2 1
	usage 'ALPHA of ewma'
	try step anomaly:1.5 1
	usage 'K of anomaly'
	try step spark:65 1
	usage 'N of spark'
	try step delta:3 1
	usage 'delta takes no number'
	try step delta 1 2
	usage "^mbatch: step: one word too many: '2'; did you mean 'by 2'"
	for word in sum lag mean delta ewma; do
		try step $word:bytes by host
		usage "the field is a word of its own: step $word bytes"
		try step x=$word:bytes
		usage "the field is a word of its own: step $word bytes"
	done
	try step ewma:fast bytes
	usage 'ALPHA of ewma'
	try step sum:2 bytes
	usage 'sum takes no number'
	try step count:bytes
	usage 'count is of records'
	try step count bytes
	usage "did you mean 'by bytes'"
	try step lag:0 1
	usage 'N of lag must be a whole number from 1 on'
	try step mean:1 1
	usage 'N of mean must be a whole number from 2 on'
	try step mean:10000000 1
	usage 'N of mean is at most 1000000'
	try step sum
	usage 'FIELD is missing'
	try step =sum 1
	usage '^mbatch: step: '
}
