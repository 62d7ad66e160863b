#!/usr/bin/env bats
# partial.bats - states under many splits, many faults on their way, and little memory

load ../helper
load ../partial

@test "61 chains, 6 random splits each, by three levels of merging" {
	local key agg seed n=0
	local -a aggs=(count sum:2 mean:2 var:2 'stddev:2,min:2' max:2
	    range:2 median:2 'p99:2,p1:2' distinct:3 mode:3
	    'count,sum:2,p90:2,distinct:2,mode:2')
	for seed in 1 2 3 4 5 6; do
		random_records 900 $seed >records
		for agg in "${aggs[@]}"; do
			levels $seed stats "$agg"
			for key in 1 3 1,3; do
				levels $seed stats "$agg" by $key
				n=$((n + 1))
			done
			n=$((n + 1))
		done
		for key in 1 3 2:100; do
			levels $seed count -p by $key
			levels $seed top 3 sum:2 by $key
			levels $seed grep 'w[1-9]' then count by $key
			n=$((n + 3))
		done
		levels $seed hist 2
		levels $seed uniq -c 3 then cut count,3
		levels $seed let 'x=$2 * 1.5' then stats sum:x by 1
		levels $seed top 5 mean:2 by 3 then sort -n 1
		n=$((n + 4))
	done
	[ $n -eq $((61 * 6)) ]
}

@test "1000 cuts, drops, doublings and swaps of lines: no wrong answer" {
	local seed
	for seed in 1 2 3 4 5; do
		faults 200 $seed
	done
}

# within WHAT ARG...: 12 MB are enough, or too little.
within() {
	status=0
	(ulimit -v 12000; exec "$MBATCH" "${@:2}") >out 2>err || status=$?
	if [ "$1" = enough ]; then
		[ $status -eq 0 ]
	else
		grep -q 'out of memory' err
	fi
}

@test "--merge --sorted: the memory of one group, one window, of a combiner too" {
	plain_build_only
	local chain=(stats 'count,distinct:1' by '1,2')
	seq 60000 | awk '{ print 60 * $1, $1 % 100 }' >in
	mbatch --partial "${chain[@]}" <in | LC_ALL=C sort >states
	within little --merge "${chain[@]}" <states
	within enough --merge --sorted "${chain[@]}" <states
	is "$(wc -l <out)" 60000
	within little --partial --merge "${chain[@]}" <states
	within enough --partial --merge --sorted "${chain[@]}" <states
	mv out again
	within enough --merge --sorted "${chain[@]}" \
	    < <(LC_ALL=C sort again)
	is "$(wc -l <out)" 60000
	mbatch -T 1 -w 1m --partial "${chain[@]}" <in | LC_ALL=C sort >states
	within little -w 1m --merge "${chain[@]}" <states
	within enough -w 1m --merge --sorted "${chain[@]}" <states
	is "$(wc -l <out)" 60000
}
