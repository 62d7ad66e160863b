#!/usr/bin/env bats
# over.bats - aggregates over the last N batches, and over all of them

load helper

EVERY=count,sum:2,mean:2,stddev:2,min:2,max:2,range:2,median:2,p90:2
EVERY+=,distinct:3,mode:3,first:3,last:3,list:2,values:2,argmax:3@2,argmin:3@2

# slides N M K OP...: over N, in batches of M of the K records, equals the same
# of each window by itself.
slides() {
	local over=$1 n=$2 k=$3 i from
	shift 3
	mbatch "${opt[@]}" -n "$n" "$@" over "$over" <records >ours
	for ((i = n; i < k + n; i += n)); do
		from=$((i - over * n))
		((from > 0)) || from=0
		tail -n +$((from + 1)) records |
		    head -n $(((i > k ? k : i) - from)) |
		    mbatch -a "${opt[@]}" "$@"
	done >want
	cmp ours want
}

@test "over N equals the same over the last N batches" {
	opt=()
	random_records 1200 5 >records
	slides 1 100 1200 stats $EVERY by 1
	slides 2 100 1200 stats $EVERY by 1
	slides 3 70 1200 stats $EVERY by 1
	slides 50 100 1200 stats $EVERY by 1
	slides 7 13 1200 stats $EVERY by 1,3
	slides 4 150 1200 stats $EVERY
	slides 3 90 1200 top 5 sum:2 by 3
	slides 3 90 1200 top -r -p 5 by 3
	slides 3 90 1200 count -p by 3
	slides 5 100 1200 hist 2
	slides 9 30 1200 hist -l 2
	opt=(--approx)
	slides 3 90 1200 stats $EVERY by 1
	slides 4 90 1200 top 7 by 3
}

@test "over N: groups come and go" {
	awk 'BEGIN { for (i = 0; i < 3000; i++)
		print int(i / 50) + i % 3, i % 11, "w" int(i / 9) }' >records
	opt=()
	slides 3 40 3000 stats count,distinct:3,mode:3,max:2 by 1
	slides 20 100 3000 stats count,distinct:3,median:2 by 3
}

@test "over N: many groups come and go in constant memory" {
	plain_build_only
	awk 'BEGIN { for (i = 0; i < 200000; i++) print i, i % 7 }' >in
	mbatch -n 1000 stats count,distinct:1,max:2 by 1 over 3 <in |
	    tail -n 1 >out
	is "$(<out)" '199999\t1\t1\t2'
	"$H/maxrss" long "$MBATCH" -j 1 -n 1000 stats count,distinct:1 by 1 over 3 \
	    <in >out
	head -n 100000 in | "$H/maxrss" short "$MBATCH" -j 1 -n 1000 \
	    stats count,distinct:1 by 1 over 3 >out
	awk 'NR == 1 { long = $1 } END { exit !(long < $1 + 4096) }' long short
}

@test "over N: texts that left are forgotten, without groups too" {
	opt=()
	seq 6000 >records
	slides 2 700 6000 stats distinct:1,mode:1,count
	plain_build_only
	seq 100000 | "$H/maxrss" short "$MBATCH" -j 1 -n 1000 \
	    stats distinct:1,mode:1 over 2 >out
	seq 600000 | "$H/maxrss" long "$MBATCH" -j 1 -n 1000 \
	    stats distinct:1,mode:1 over 2 >out
	is "$(tail -n 1 out)" '2000\t598001'
	awk 'NR == 1 { long = $1 } END { exit !(long < $1 + 4096) }' long short
}

@test "over N: batches without records move the window too" {
	printf '%s\n' '2024-01-01T00:00:00Z a' '2024-01-01T00:00:03Z b' >in
	try -w 1s -T 1 grep a then count over 2 <in
	gives '1\n1\n0\n0\n'
	try -w 1s -T 1 grep a then count by 2 over 2 <in
	gives 'a\t1\na\t1\n'
}

@test "over all: the last lines are the same for any -n" {
	random_records 1500 6 >records
	mbatch -a stats $EVERY by 1 <records >want
	local n
	for n in 1 7 100 1499 1500 2000; do
		mbatch -n $n stats $EVERY by 1 over all <records >ours
		tail -n "$(wc -l <want)" ours | cmp - want
		mbatch -n $n count over all <records | tail -n 1 >ours
		is "$(<ours)" 1500
	done
	try -n 2 count by 1 over all <<<$'a\nb\na\nc'
	gives 'a\t1\nb\t1\na\t2\nb\t1\nc\t1\n'
}

@test "over N and --max-groups: totals add up" {
	awk 'BEGIN { for (i = 0; i < 600; i++) print i % 37 + int(i / 60) }' >in
	local n
	for n in 1 2 5; do
		mbatch -n 60 --max-groups 5 count by 1 over $n then \
		    stamp batch <in 2>err >out
		awk -v n=$n '{ sum[$1] += $3; lines[$1]++; if ($2 == "(other)") o++ }
		    END { for (b = 1; b <= 10; b++)
			if (sum[b] != (b < n ? b : n) * 60 || lines[b] > 6)
				exit 1
			exit o != 10 }' out
		grep -q 'more than --max-groups 5' err
	done
}

@test "over: bad words" {
	try count over 5m
	usage 'over counts batches' 'usage: mbatch count'
	try count over
	usage 'missing'
	try count over 0
	usage 'number of batches'
	try count by 1 over x
	usage "not 'x'"
	try top 5 over 3
	usage 'over goes with by'
}
