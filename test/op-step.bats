#!/usr/bin/env bats
# op-step.bats - each record against the previous ones of its key

load helper

@test "step: what every operator does" {
	usual_across step delta 2
	usual_across step ewma 2 by 1
	usual_across step anomaly 2
	usual_across step spark 2
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
}
