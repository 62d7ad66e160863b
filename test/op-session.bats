#!/usr/bin/env bats
# op-session.bats - runs of a key's records without a gap

load helper

# N records "time key number", the time mostly going on, by up to STEP.
timed() {
	awk -v n="$1" -v seed="$2" -v step="$3" 'BEGIN {
		x = seed + 3
		t = 1000
		for (i = 0; i < n; i++) {
			x = (x * 16807) % 2147483647
			t += x % (step + 1)
			printf "%d k%d %d\n", t - (x % 5 ? 0 : x % 90),
			    x % 13, x % 17
		}
	}'
}

# session_awk GAP: key, start, end, duration, count, sum, open; the one whose
# last record came first closes first.
session_awk() {
	awk -v gap="$1" '
	function show(k, open) {
		print k "\t" from[k] "\t" to[k] "\t" to[k] - from[k] "\t" \
		    count[k] "\t" sum[k] "\t" open
		delete last[k]
	}
	function first(  k, least) {
		least = ""
		for (k in last)
			if (least == "" || turn[k] < turn[least])
				least = k
		return least
	}
	{
		now = NR == 1 || $1 > now ? $1 : now
		while ((k = first()) != "" && last[k] + gap <= now)
			show(k, 0)
		k = $2
		if (!(k in last)) {
			from[k] = to[k] = $1
			count[k] = sum[k] = 0
		}
		from[k] = $1 < from[k] ? $1 : from[k]
		to[k] = $1 > to[k] ? $1 : to[k]
		last[k] = now
		turn[k] = NR
		count[k]++
		sum[k] += $3
	}
	END {
		while ((k = first()) != "")
			show(k, 1)
	}'
}

# The times of start and end as seconds.
seconds() {
	mbatch -F '\t' let '2=strptime($2)' '3=strptime($3)'
}

@test "session: what every operator does" {
	try -n 3 -T 2 session 1m </dev/null
	gives ''
	printf 'b 2 x\na 3 y' | mbatch -a -T 2 session 1m by 1 >out
	is "$(wc -l <out)" 2
}

@test "session: keys, start, end, duration, what is asked for, open" {
	try -a -T 1 session 10 <<<$'1\n5.5\n15.4\n25.4'
	gives '1970-01-01T00:00:01Z\t1970-01-01T00:00:15.400Z\t14.4\t3\t0
1970-01-01T00:00:25.400Z\t1970-01-01T00:00:25.400Z\t0\t1\t1\n'
	try -a -T 1 -o json session 1m n=sum:3,first:2 by 2,4 \
	    <<<$'1 a 2 x\n2 b 3 x\n3 a 4 x'
	gives '{"2":"b","4":"x","start":"1970-01-01T00:00:02Z","end":"1970-01-01T00:00:02Z","duration":0,"n":3,"first_2":"b","open":1}
{"2":"a","4":"x","start":"1970-01-01T00:00:01Z","end":"1970-01-01T00:00:03Z","duration":2,"n":6,"first_2":"a","open":1}\n'
}

@test "session agrees with awk, however batches are cut" {
	local seed gap n
	for seed in 1 2 3; do
		timed 3000 $seed $((seed * 3)) >in
		for gap in 7 30 60 5000; do
			session_awk $gap <in >want
			for n in '-n 1' '-n 7' '-n 1000' -a; do
				# shellcheck disable=SC2086
				mbatch $n -T 1 session $gap count,sum:3 by 2 \
				    <in | seconds | cmp - want
			done
		done
	done
}

@test "session: all aggregates, texts too, forget what came before" {
	local n
	timed 20000 4 3 | awk '{ print $0, "w" NR % 257 }' >in
	# of each session, by the batches that its records alone make
	mbatch -a -T 1 session 40 count,distinct:4,mode:4,p50:3,var:3,last:4 \
	    then cut -x start,end,duration,open <in >want
	awk '{
		now = NR == 1 || $1 > now ? $1 : now
		if (last != "" && last + 40 <= now)
			s++
		last = now
		print s + 0, $0
	}' in | mbatch -k 1 stats count,distinct:5,mode:5,p50:4,var:4,last:5 |
	    cmp - want
	for n in 1 7 1000; do
		mbatch -n $n -T 1 session 40 \
		    count,distinct:4,mode:4,p50:3,var:3,last:4 \
		    then cut -x start,end,duration,open <in | cmp - want
	done
	# and of many keys
	mbatch -n 100 -T 1 session 40 count,distinct:4,mode:4 by 2 \
	    then cut -x start,end,duration,open <in >many
	mbatch -a -T 1 session 40 count,distinct:4,mode:4 by 2 \
	    then cut -x start,end,duration,open <in | cmp - many
	is "$(awk '{ n += $2 } $3 > $2 { n = -1e9 } END { print n }' many)" \
	    20000
}

@test "session: texts of those that closed are forgotten" {
	plain_build_only
	for n in 20000 120000; do
		seq $n | awk '{ print $1 * 100, "t" $1 }' |
		    "$H/maxrss" rss$n "$MBATCH" -j 1 -n 1000 -T 1 \
		    session 10s mode:2 >out
	done
	is "$(tail -n 1 out | cut -f 4)" t120000
	[ "$(<rss120000)" -lt $(($(<rss20000) + 4096)) ]
}

@test "session: what is open at the end, whatever closed the last batch" {
	try -n 2 -T 1 session 10 by 2 then stamp batch,records,reason \
	    <<<$'1 a\n2 b'
	is "$(cut -f 1-4,8- out)" $'2\t0\teof\ta\t1\t1\n2\t0\teof\tb\t1\t1'
	try -a -T 1 session 10 by 2 then count <<<$'1 a\n2 b\n30 c'
	gives '3\n'
	try -n 1 -T 1 session 10 by 2 then count <<<$'1 a\n2 b\n30 c'
	gives '0\n0\n2\n1\n'
	try -a -T 1 session 10 by 2 then head 1 then cut 1 <<<$'1 a\n2 b\n30 c'
	gives 'a\n'
	# the session that an assert ended
	try -n 1 -T 1 session 10 by 2 then assert '$1 != "a"' then cut 1 \
	    <<<$'1 a\n2 b\n30 c\n40 d'
	is "$out" 'a\n'
	is "$status" 3
}

@test "session: in windows of the records' own time" {
	printf '%s\n' '1 a' '2 b' '31 b' '35 a' '62 b' >in
	try -w 10 -T 1 session 10 by 2 then stamp time,reason then cut 1-3 <in
	gives '1970-01-01T00:00:10Z\twindow\ta
1970-01-01T00:00:10Z\twindow\tb
1970-01-01T00:00:40Z\twindow\tb
1970-01-01T00:00:40Z\twindow\ta
1970-01-01T00:01:00Z\teof\tb\n'
}

@test "session: time alone ends it, in a batch of none or the open one" {
	live -n 4 session 0.2 by 1 then cut 1,duration,count,open \
	    then stamp batch,records,reason
	say 'a\na\na\n'
	settle
	sleep 0.4
	say 'b\n'
	hear $'1\t4\trecords\ta\t0\t3\t0'
	hear $'2\t0\ttimer\tb\t0\t1\t0'
	ended
	live -n 1 session 0.2 by 1 then cut 1,count,open \
	    then stamp batch,records,reason,time then let '$4=$4 > "2000"'
	say 'a\n'
	hear $'2\t0\ttimer\t1\ta\t1\t0'
	say 'c\n'
	hear $'4\t0\ttimer\t1\tc\t1\t0'
	hush
	hear_end
	ended
	is "$status" 0
	live -n 1 session 1h by 1 then cut 1,count,open \
	    then stamp batch,records,reason
	say 'd\n'
	settle
	hush
	hear $'2\t0\teof\td\t1\t1'
	hear_end
}

@test "session: by the records' own time, which goes on while nothing comes" {
	live -n 1 -T 1 session 0.3 by 2 then cut 1,count,open
	say "$(date +%s.%N) a\n"
	hear $'a\t1\t0'
	# but not that of an old log, which is replayed
	say '1000 b\n'
	settle
	hush
	hear $'b\t1\t1'
	hear_end
	ended
	live -n 1 -T 1 session 0.1 by 2 then cut 1,count,open
	say '1000 b\n'
	settle
	sleep 0.3
	say '1001 c\n'
	hear $'b\t1\t0'
	hush
	hear $'c\t1\t1'
	hear_end
}

@test "session: time alone, in windows of the clock" {
	live -w 1s session 0.2 then stamp reason then cut 1,duration,open
	say 'a\n'
	hear $'window\t0\t0'
	ended
}

@test "session: what is open as the input ends, though no window is" {
	live -S -- -w 1s -T 1 session 1h by 2 then cut 1,open then stamp reason
	say "$(date +%s.%N) a\n"
	hear --		# the first window closed while nothing came
	hush
	local line=--
	while [ "$line" = -- ]; do
		read -r -t "$LIMIT" line <&9
	done
	is "$line" $'eof\ta\t1'
	ended
	printf '1 a\n2 b\n' | mbatch -a -T 1 session 10 by 2 then count >out
	is "$(<out)" 2
	# a batch that was flushed is over
	live -a -T 1 session 1h by 2 then cut 1,open then stamp batch,reason
	say '1 a\n2 b\n'
	settle
	kill -USR1 "$live"
	settle
	hush
	hear $'2\teof\ta\t1'
	hear $'2\teof\tb\t1'
	hear_end
	ended
}

@test "session: what time brings forth goes down the chain" {
	live -n 1 session 0.2 by 1 then cut 1,count then assert '$1 != "b"' \
	    then into sh -c 'echo "$MBATCH_REASON $MBATCH_RECORDS $(cat)"'
	say 'a\n'
	hear $'timer 0 a\t1'
	say 'b\n'
	hear $'timer 0 b\t1'
	hear_end
	ended
	is "$status" 3
	live -n 1 session 0.2 by 1 then cut 1 then head 1 then count
	say 'a\n'
	hear 0
	hear 1
	ended
}

@test "session -m: the oldest comes early, told and counted" {
	try -a -T 1 session -m 2 1h by 2 then cut 1,count,open \
	    <<<$'1 a\n2 b\n3 a\n4 c\n5 d'
	is "$out" 'b\t1\t1\na\t2\t1\nc\t1\t1\nd\t1\t1\n'
	fails 0 '^mbatch: record 4: session: -m is reached' \
	    '^mbatch: 2 sessions came before they were over'
}

@test "session: a record whose time can't be read is in none" {
	try -a -T 1 let '1=if($2 = "x", "none", $1)' then \
	    session 1m count,distinct:3 by 2 then cut 1,4- \
	    <<<$'1 a p\n2 x q\n3 a p'
	is "$out" 'a\t2\t2\t1\t1\n'
	fails 0 '^mbatch: record 2: no time in field'
	try -a -T 1 --bad fail let '1=if($2 = "x", "none", $1)' then \
	    session 1 by 2 then cut 1,open <<<$'1 a\n3 b\n2 x\n9 c'
	is "$out" 'a\t0\n'
	fails 1 'no time in field'
}

@test "session: bad words" {
	try session
	usage '^mbatch: session: GAP is missing' 'usage: mbatch session'
	try session 0
	usage '^mbatch: session: GAP must be above 0'
	try session count
	usage "^mbatch: session: GAP 'count'"
	try session 1m cont
	usage "^mbatch: session: there is no aggregate 'cont'; did you mean"
	try session 1m count by
	usage '^mbatch: session: what to group by'
	printf 'a\n' >in
	try session 1m <in
	usage '^mbatch: session: it goes by the records. own time, -T FIELD'
	try --partial session 1m then count
	usage "^mbatch: session: with --partial it needs the records' own time"
	try -w 1h -T 1 --partial session 1m <in
	usage '^mbatch: session: sessions go on from window to window'
	try --merge --sorted session 1m <in
	usage '^mbatch: --merge: session needs all groups'
}

@test "session: states of parts, joined at their edges, are those of the whole" {
	local n by
	# no two records of one time, so that first and last are known
	awk 'BEGIN { srand(9); for (i = 0; i < 1500; i++)
	    printf "17%08d k%d %d v%d\n", i += rand() * 3, rand() * rand() * 30,
	    rand() * 99, i }' >in
	for by in '' 'by 2' 'by 3,2'; do
		# shellcheck disable=SC2086  # words
		set -- session 12 count,sum:3,distinct:4,first:4,last:4 $by
		mbatch -a -T 1 "$@" <in | sort >want
		grep -q '1$' want
		for n in l/7 r/3; do
			rm -f part.*
			command split -n $n in part.
			for f in part.*; do
				mbatch -T 1 --partial "$@" <"$f"
			done | sort >states
			mbatch --merge "$@" <states >out
			sort out | cmp - want
			mbatch --partial --merge "$@" <states |
			    mbatch --merge "$@" | cmp - out
		done
	done
	mbatch -a -T 1 -o json "$@" then head 3 <in >want
	mbatch -T 1 --partial "$@" <in | mbatch --merge -o json "$@" then head 3 |
	    cmp - want
	# closed by -m before its time, it is whole again
	set -- session -m 1 10 by 2
	mbatch -T 1 --partial "$@" 2>told <<<$'1 a\n2 b\n3 a\n40 a' |
	    mbatch --merge "$@" >out
	is "$(cut -f 1,4- out)" 'b\t0\t1\t0\na\t2\t2\t0\na\t0\t1\t1'
	mbatch -T 1 --partial session 10 by 2 <<<'1 a' >states
	try --merge session 11 by 2 <states
	fails 1 'other aggregates, keys'
	try --merge session 10 by 2 < <(head -n 1 states)
	fails 1 'some came twice, or a run is missing its end'
	# two that begin together
	set -- session 10 sum:1 by 2
	mbatch -T 1 --partial "$@" <<<$'1 a\n5 a' >first
	mbatch -T 1 --partial "$@" <<<$'1 a\n9 a' >second
	mbatch --merge "$@" < <(cat first second) >out
	mbatch --merge "$@" < <(cat second first) | cmp - out
	is "$(cut -f 1,4- out)" 'a\t8\t16\t1'
}
