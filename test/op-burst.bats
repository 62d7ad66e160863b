#!/usr/bin/env bats
# op-burst.bats - the record that makes N of a key within a time

load helper

# N records "time key value", the time mostly going on, by up to STEP.
timed() {
	awk -v n="$1" -v seed="$2" -v step="$3" 'BEGIN {
		x = seed + 3
		t = 1000
		for (i = 0; i < n; i++) {
			x = (x * 16807) % 2147483647
			t += x % (step + 1)
			printf "%d k%d v%d\n", t - (x % 5 ? 0 : x % 90),
			    x % 11, x % 17
		}
	}'
}

# burst_awk N DUR: of the times held those DUR old leave; the count with this
# record is N, and with the one before it was less.
burst_awk() {
	awk -v most="$1" -v dur="$2" '
	{
		now = NR == 1 || $1 > now ? $1 : now
		k = $2
		while (from[k] < to[k] && at[k, from[k] + 0] <= now - dur)
			delete at[k, from[k]++]
		if (from[k] == to[k])
			quiet[k] = 0
		at[k, to[k]++] = now
		full = to[k] - from[k] >= most
		if (full && !quiet[k])
			print
		quiet[k] = full
	}'
}

# The same of different values.
burst_values() {
	awk -v most="$1" -v dur="$2" '
	{
		now = NR == 1 || $1 > now ? $1 : now
		n = 0
		for (i = 0; i < 17; i++)
			n += ($2, "v" i) in last &&
			    last[$2, "v" i] > now - dur
		if (n == 0)
			quiet[$2] = 0
		n += !(($2, $3) in last && last[$2, $3] > now - dur)
		last[$2, $3] = now
		if (n >= most && !quiet[$2])
			print
		quiet[$2] = n >= most
	}'
}

@test "burst: what every operator does" {
	try -n 3 -T 2 burst 1 1s </dev/null
	gives ''
	printf 'b 2 x\na 3 y' | mbatch -a -T 2 burst 2 1m >out
	is "$(<out)" 'a 3 y'
}

@test "burst: the record that makes N, then quiet until the count is less" {
	try -a -T 1 burst 3 10 < <(printf '%s a\n' 0 1 2 3 4 15 16 17 30 31 39)
	gives '2 a\n17 a\n39 a\n'
	# what is DUR old is out
	try -a -T 1 burst 2 10 < <(printf '%s a\n' 0 10 20 29)
	gives '29 a\n'
	# quiet as long as each record still makes N
	try -a -T 1 burst 2 10 < <(printf '%s a\n' 0 9 18 27 37 46)
	gives '9 a\n46 a\n'
	# each key has its own count; 1 is the first after silence
	try -a -T 1 burst 1 10 by 2 <<<$'0 a\n1 b\n2 a\n11 b\n13 a\n20 b\n30 b'
	gives '0 a\n1 b\n11 b\n13 a\n30 b\n'
}

@test "burst agrees with awk, however batches are cut" {
	local seed most dur cuts=('-n 1' '-n 7' '-n 1000' -a) i=0
	for seed in 1 2 3; do
		timed 3000 $seed $((seed * 2)) >in
		for most in 1 2 3 5 40; do
			for dur in 7 60 500; do
				# shellcheck disable=SC2086
				mbatch ${cuts[i++ % 4]} -T 1 \
				    burst $most $dur by 2 <in >out
				burst_awk $most $dur <in | cmp - out
			done
		done
	done
}

@test "burst -d agrees with awk, however batches are cut" {
	local seed most dur cuts=('-n 1' '-n 7' -a) i=0
	for seed in 1 2; do
		timed 1500 $seed 3 >in
		for most in 1 2 4 9; do
			for dur in 30 300; do
				# shellcheck disable=SC2086
				mbatch ${cuts[i++ % 3]} -T 1 \
				    burst -d 3 $most $dur by 2 <in >out
				burst_values $most $dur <in | cmp - out
			done
		done
	done
}

@test "burst -d: buckets, long values, absent ones are none" {
	try -a -T 1 burst -d 2:/24 2 1m \
	    <<<$'1 10.0.0.1\n2 10.0.0.9\n3\n4 10.0.1.1\n5 10.0.2.1'
	gives '4 10.0.1.1\n'
	local long=0123456789abcdef0123456789
	try -a -T 1 burst -d 2 2 1m <<<"1 ${long}a
2 ${long}a
3 ${long}b"
	gives "3 ${long}b\n"
	try -a -T t burst -d v 2 1m <<<$'{"t":1}\n{"t":2,"v":"a"}\n{"t":3,"v":""}'
	gives '{"t":3,"v":""}\n'
}

@test "burst -m: the oldest key out first, told and counted" {
	try -a -T 1 burst -m 2 2 1h by 2 <<<$'1 a\n2 b\n3 c\n4 b\n5 a\n6 c\n7 a'
	is "$out" '4 b\n7 a\n'
	fails 0 '^mbatch: record 3: burst: -m is reached' \
	    '^mbatch: 3 keys were forgotten early'
	seq 3000 | mbatch -n 7 -T 1 burst -m 0 1 1h by 1 | cmp - <(seq 3000)
}

@test "burst: in windows, and of what an aggregate made of them" {
	try -w 10 -T 1 burst 2 15 by 2 then stamp time,reason \
	    <<<$'1 a\n2 b\n12 a\n31 b\n32 b'
	gives '1970-01-01T00:00:10Z\twindow\t12 a\n1970-01-01T00:00:30Z\teof\t32 b\n'
	try -w 10 -T 1 count by 2 then burst 2 15 by 1 <<<$'1 a\n12 a\n31 a\n44 a'
	gives 'a\t1\na\t1\n'
}

@test "burst: by arrival, where the input is no file" {
	live -n 1 burst 2 1h by 1
	say 'a\nb\na\na\nb\n'
	hear a
	hear b
	hush
	hear_end
	ended
	live -n 1 burst 1 0.1
	say 'a\na\n'
	hear a
	sleep 0.2
	say 'b\n'
	hear b
}

@test "burst: a file needs the records' own time" {
	printf 'a\n' >in
	try burst 2 1m <in
	usage '^mbatch: burst: it goes by the records. own time, -T FIELD'
	try -i clf cut host then burst 2 1m <in
	usage '^mbatch: burst: it goes by the field of -T'
	try -T 1 cut 1 then extract '(.)' x then burst 2 1m </dev/null
	usage '^mbatch: burst: it goes by the field of -T'
}

@test "burst: a record whose time can't be read is none" {
	try -a -T 1 let '1=if($2 = "x", "none", $1)' then burst 2 1m \
	    <<<$'1 a\n2 x\n3 b'
	is "$out" '3\tb\n'
	fails 0 '^mbatch: record 2: no time in field .1. .* at byte 1'
	try -a -T 1 --bad fail let '1=if($2 = "x", "none", $1)' then burst 1 1 \
	    <<<$'1 a\n2 x\n3 b'
	is "$out" '1\ta\n'
	fails 1 'no time in field'
}

@test "burst: a window of more than a minute holds back what it finds" {
	mbatch -T 1 -w 2m burst 2 1m 2>err < <(printf '1 a\n')
	grep -q '^mbatch: burst: .*-T 0 -t 1s' err
	printf '1 a\n' >in
	try -T 1 -w 2m burst 2 1m <in
	gives ''
	try -T 1 -w 1m burst 2 1m < <(printf '1 a\n')
	gives ''
}

@test "burst: memory" {
	plain_build_only
	awk 'BEGIN {
		for (i = 0; i < 200000; i++)
			print 1 + int(i / 50000), i
	}' >in
	mbatch -n 1000 -T 1 burst 2 1m then head 0 <in
	"$H/maxrss" none "$MBATCH" -j 1 -n 1000 -T 1 burst 2 1m <in >/dev/null
	"$H/maxrss" rss "$MBATCH" -j 1 -n 1000 -T 1 burst 2 1m by 2 <in >/dev/null
	[ $((($(<rss) - $(<none)) * 1024)) -lt $((200000 * (64 + 16))) ]
	# what is DUR old is given back
	"$H/maxrss" rss "$MBATCH" -j 1 -n 1000 -T 2 burst 2 100 by 2 <in >/dev/null
	[ $(($(<rss) - $(<none))) -lt 1024 ]
}

@test "burst: bad words" {
	try burst
	usage '^mbatch: burst: N is missing' 'usage: mbatch burst'
	try burst 5
	usage '^mbatch: burst: DUR is missing'
	try burst 1m 5
	usage '^mbatch: burst: N must be a whole number'
	try burst 0 5
	usage '^mbatch: burst: N is from 1 to'
	try burst 3000000000 5
	usage '^mbatch: burst: N is from 1 to'
	try burst 5 0
	usage '^mbatch: burst: DUR must be above 0'
	try burst 5 1m x
	usage "^mbatch: burst: .*did you mean 'by x'"
	try --partial burst 5 1m then count
	usage "^mbatch: --partial: burst can't come before"
}
