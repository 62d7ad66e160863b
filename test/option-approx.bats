#!/usr/bin/env bats
# option-approx.bats - fixed memory: --approx and --max-groups

load helper

# Quantiles within 1 % and distinct counts within 4 standard errors.
within() {
	local chain=(stats 'count,p1:1,median:1,p90:1,p99:1,p99.9:1,distinct:1')
	mbatch -a "${chain[@]}" <in >exact
	mbatch -a --approx "${chain[@]}" <in >approx
	paste exact approx | awk '{
		for (i = 2; i <= 6; i++) {
			d = $i - $(i + 7)
			if (d * d > (0.0101 * $i) ^ 2) exit 1
		}
		d = $7 - $14
		if ($1 != $8 || ($7 <= 4096 ? d != 0 : d * d > (0.033 * $7) ^ 2))
			exit 1
	}' || { paste exact approx; return 1; }
}

@test "--approx: quantiles within 1 %, distinct within its error" {
	awk 'BEGIN { srand(1); for (i = 0; i < 60000; i++) print rand() }' >in
	within
	awk 'BEGIN { srand(2); for (i = 0; i < 60000; i++)
		print 1 / (1 - rand()) ^ 1.1 }' >in
	within
	yes 42 | head -n 5000 >in
	within
	seq 50000 >in
	within
	seq 30000 -1 -30000 >in
	within
	awk 'BEGIN { srand(3); for (i = 0; i < 60000; i++)
		print int(exp(rand() * 40 - 10)) }' >in
	within
	seq 4096 >in
	within
}

@test "--approx: memory does not grow with the values" {
	plain_build_only
	local chain=(stats 'distinct:1,p99:1') n
	for n in 300000 1500000; do
		seq $n | "$H/maxrss" $n "$MBATCH" -j 1 -a --approx "${chain[@]}" \
		    >out
		seq $n | "$H/maxrss" top$n "$MBATCH" -j 1 -a --approx top 5 by 1 \
		    >out
	done
	awk 'NR == 1 { small = $1 } END { exit !($1 < small + 4096) }' \
	    300000 1500000
	awk 'NR == 1 { small = $1 } END { exit !($1 < small + 4096) }' \
	    top300000 top1500000
}

@test "--approx top by: counts are never too low, nor too high by more than error" {
	awk 'BEGIN { srand(4); for (i = 0; i < 200000; i++)
		print int(40000 * rand() ^ 3) }' >in
	mbatch -a count by 1 <in >exact
	mbatch -a --approx top 100 by 1 <in >approx
	is "$(wc -l <approx)" 100
	awk 'NR == FNR { n[$1] = $2; next }
	    $2 < n[$1] || $2 - $3 > n[$1] { exit 1 }' exact approx
	# all that have more than a 16384th are there
	mbatch -a --approx top 16384 by 1 <in >approx
	awk 'NR == FNR { held[$1]; next }
	    $2 > 200000 / 16384 && !($1 in held) { exit 1 }' approx exact
	try --approx top -p 2 by 1 -o json <<<1
	usage 'one word too many'
	mbatch -a -o csv --approx top -p 2 by 1 <<<$'a\nb\nb\nb' >out
	is "$(<out)" '1,count,error,share\nb,3,0,0.75\na,1,0,0.25'
}

@test "--approx top: what it can't do" {
	try --approx top -r by 1
	usage 'smallest groups are not known'
	try --approx top 20000 by 1
	usage 'at most 16384'
	mbatch -a --approx top 1 sum:2 by 1 <<<$'a 1\nb 3\na 1' >out
	is "$(<out)" 'b\t3'
}

@test "--max-groups: further groups are one, and it is told" {
	try -a --max-groups 2 count by 1 <<<$'a\nb\nc\na\nd\nc'
	is "$out" 'a\t2\nb\t1\n(other)\t3\n'
	fails 0 '^mbatch: record 3: count: more than --max-groups 2' \
	    '^mbatch: 3 records of further groups went to \(other\)'
	try -a --max-groups 4 count by 1 <<<$'a\nb\nc\na\nd\nc'
	gives 'a\t2\nb\t1\nc\t2\nd\t1\n'
	try -n 3 --max-groups 1 stats sum:2,count by 1,2 <<<$'a 1\nb 2\nb 2\nc 1'
	is "$out" 'a\t1\t1\t1\n(other)\t\t4\t2\nc\t1\t1\t1\n'
	try --max-groups x count
	usage '--max-groups'
}

@test "--approx, --max-groups: without an aggregate they are mistakes" {
	try --approx grep x </dev/null
	usage '--approx is for aggregates .*, and none of them is there'
	try --max-groups 3 sort then uniq -c 1 </dev/null
	usage '--max-groups is for aggregates'
	try --approx --partial uniq </dev/null
	usage '--approx is for aggregates'
	try --approx grep x then count then head </dev/null
	gives ''
	try --max-groups 0 grep x </dev/null
	gives ''
	# where states are merged, or made
	try -a --approx --partial count </dev/null
	is "${out%%|*}" '\tmbatch3 g count'
	try -a --approx --merge sort then count </dev/null
	usage "sort can't come before"
}
