#!/usr/bin/env bats
# op-dedup.bats - what was not seen before, in any batch

load helper

# What "awk '!seen'" of the key does, with an expiry: within t of the newest
# time so far, from when the key last passed.  dedup_awk KEY TIME DUR
dedup_awk() {
	awk -v t="$3" "
	{ now = $2 > now ? $2 : now }
	!($1 in at) || now - at[$1] >= t { at[$1] = now; print }"
}

# N records "time key", the time mostly going on.
timed() {
	awk -v n="$1" -v seed="$2" 'BEGIN {
		x = seed + 3
		t = 1000
		for (i = 0; i < n; i++) {
			x = (x * 16807) % 2147483647
			t += x % 7
			printf "%d k%d x\n", t - (x % 5 ? 0 : x % 90), x % 61
		}
	}'
}

@test "dedup: what every operator does" {
	usual_across dedup
	usual_across dedup -m 3 1,2
}

@test "dedup: the first of each, whatever the batches" {
	try -n 1 dedup <<<$'b\na\nb\na\nc'
	gives 'b\na\nc\n'
	try -n 2 dedup then count <<<$'b\nb\nb\na\nc\nb'
	gives '1\n1\n1\n'
	try -a dedup < <(printf 'a\na\r\na\0\na\n')
	gives 'a\na\r\na@\n'
	same_for_every_n dedup 1,3
	same_for_every_n dedup -m 3 1
}

@test "dedup FIELDS: keys, buckets, absent fields" {
	try -n 1 dedup 1 <<<$'a 1\nb 2\na 3'
	gives 'a 1\nb 2\n'
	try -n 1 dedup 1:10 <<<$'1\n9\n10\n25'
	gives '1\n10\n25\n'
	try -n 1 dedup 2 <<<$'a\nb\nc 1\nd'
	gives 'a\nc 1\n'
	try -n 1 dedup user.id then cut n \
	    <<<$'{"user":{"id":1},"n":1}\n{"user":{"id":1},"n":2}\n{"n":3}'
	gives '{"n":1}\n{"n":3}\n'
}

@test "dedup agrees with awk" {
	agrees 'awk "!seen[\$0]++"' dedup
	agrees 'awk "!seen[\$1]++"' dedup 1
	agrees 'awk "!seen[\$1 \" \" \$3]++"' dedup 1,3
}

@test "dedup -t: by the records' own time, for DUR from when it passed" {
	try -n 1 -T 1 dedup -t 10 2 <<<$'0 a\n9 a\n10 a\n12 b\n19 a\n20 a\n21 b'
	gives '0 a\n10 a\n12 b\n20 a\n'
	local seed t
	for seed in 1 2 3; do
		timed 3000 $seed >in
		for t in 1 7 60 5000; do
			mbatch -n 50 -T 1 dedup -t $t 2 <in |
			    cmp - <(dedup_awk '$2' '$1' $t <in)
			mbatch -w 10s --late 30s -T 1 dedup -t $t 2 then \
			    count <in 2>/dev/null |
			    awk '{ n += $1 } END { print n }' >n
			[ "$(<n)" -gt 0 ]
		done
	done
}

@test "dedup -t: by arrival where records have no time" {
	live -n 1 dedup -t 1
	say 'a\na\nb\n'
	hear a
	hear b
	sleep 1.5
	say 'a\nb\nb\n'
	hear a
	hear b
	hush
	hear_end
	try -n 1 dedup -t 1h < <(printf 'a\na\n')
	gives 'a\n'
	printf 'a\na\n' >in
	try -n 1 dedup -t 1h <in
	usage "^mbatch: dedup: -t goes by the records' own time, -T FIELD"
}

@test "dedup -t: with web server logs by their time, while it is there" {
	local l='- - [10/Oct/2000:13:%s:36 -0700] "GET / HTTP/1.1" 200 5\n'
	# shellcheck disable=SC2059  # a line's format
	printf "a $l" 10 15 21 >in
	try -i clf -n 1 dedup -t 10m host then cut time <in
	is "$(wc -l <out)" 2
	try -i clf -a cut host,time then dedup -t 10m host <in
	is "$(wc -l <out)" 2
	try -i clf -a cut host then dedup -t 10m host < <(cat in)
	gives 'a\n'
	try -i clf -a cut host then dedup -t 10m host <in
	usage '^mbatch: dedup: -t goes by the field of -T'
	try -i clf -w 5m count by host then dedup -t 10m host then stamp time \
	    <in
	gives '2000-10-10T20:10:00Z\ta\t1\n2000-10-10T20:20:00Z\ta\t1\n'
	try -T time -i clf -a cut host then dedup -t 10m host <in
	usage '^mbatch: dedup: .*-T'
}

@test "dedup -m: the oldest out first, told and counted" {
	try -n 1 dedup -m 2 <<<$'a\nb\na\nc\na\nb\nc'
	is "$out" 'a\nb\nc\na\nb\nc\n'
	fails 0 '^mbatch: record 4: dedup: -m' '^mbatch: 4 keys were forgotten'
	local m
	for m in 1 5 40; do
		random_records 3000 $m >in
		mbatch -n 7 dedup -m $m 3 <in 2>/dev/null |
		    cmp - <(awk -v m=$m '
		    !($3 in has) {
			if (n - old >= m) delete has[q[old++]]
			has[q[n++] = $3]
			print
		    }' in)
	done
}

@test "dedup -t holds what falls inside DUR" {
	plain_build_only
	seq 2000000 | "$H/maxrss" rss "$MBATCH" -j 1 -n 1000 -T 1 dedup -t 1000 1 |
	    tail -n 1 >out
	is "$(<out)" 2000000
	[ "$(<rss)" -lt 8192 ]
	seq 2000000 | "$H/maxrss" rss "$MBATCH" -j 1 -n 1000 dedup -m 1000 1 \
	    2>/dev/null | tail -n 1 >out
	is "$(<out)" 2000000
	[ "$(<rss)" -lt 8192 ]
}

@test "dedup: bad words" {
	try dedup -z
	usage '^mbatch: dedup: .*-z' 'usage: mbatch dedup'
	try dedup -t x
	usage "^mbatch: dedup: -t 'x'"
	try dedup -m x
	usage '^mbatch: dedup: '
	try dedup 1 2
	usage '^mbatch: dedup: '
	try -T 1 dedup 1
	usage '-T is used by'
}
