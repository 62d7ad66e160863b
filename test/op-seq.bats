#!/usr/bin/env bats
# op-seq.bats - the record that completes a sequence of steps within a time

load helper

# N records "time key letter", the time mostly going on, by up to STEP.
timed() {
	awk -v n="$1" -v seed="$2" -v step="$3" 'BEGIN {
		x = seed + 3
		t = 1000
		for (i = 0; i < n; i++) {
			x = (x * 16807) % 2147483647
			t += x % (step + 1)
			printf "%d k%d %s\n", t - (x % 5 ? 0 : x % 90),
			    x % 11, substr("aaabbcdef", x % 9 + 1, 1)
		}
	}'
}

# seq_awk DUR STEPS [U]: STEPS is a letter and how often it must come, for each
# step: "a3 b1 c2".  The columns are of each record start, elapsed, count and,
# with U, the step.
seq_awk() {
	awk -v dur="$1" -v steps="$2" -v unfinished="$3" '
	BEGIN {
		nsteps = split(steps, word, " ")
		for (i = 1; i <= nsteps; i++) {
			letter[i] = substr(word[i], 1, 1)
			times[i] = substr(word[i], 2) + 0
		}
	}
	function show(k, rec, at, step,  i, count) {
		count = n[k]
		for (i = 1; i <= done[k]; i++)
			count += times[i]
		gsub(" ", "\t", rec)
		print rec "\t" held[k, lo[k]] "\t" at - held[k, lo[k]] "\t" \
		    count (unfinished ? "\t" step : "")
	}
	function tell(k) {
		if (unfinished && done[k] > 0)
			show(k, last[k], lastat[k], done[k] + (n[k] > 0))
	}
	function first(  k, least) {
		least = ""
		for (k in newest)
			if (least == "" || turn[k] < turn[least])
				least = k
		return least
	}
	{
		now = NR == 1 || $1 > now ? $1 : now
		while ((k = first()) != "" && newest[k] <= now - dur) {
			tell(k)
			delete newest[k]
		}
		k = $2
		if (index(steps, $3) == 0)
			next
		if (k in newest && done[k] > 0 && held[k, lo[k]] <= now - dur) {
			tell(k)
			if (done[k] > 1 || n[k] > 0)
				lo[k] = hi[k]
			done[k] = n[k] = 0
			if (lo[k] == hi[k] && $3 != letter[1])
				delete newest[k]
		}
		if (!(k in newest))
			lo[k] = hi[k] = done[k] = n[k] = 0
		if (done[k] > 0 && $3 == letter[done[k] + 1]) {
			if (++n[k] == times[done[k] + 1]) {
				done[k]++
				n[k] = 0
			}
		} else if ($3 == letter[1] && (done[k] == 0 ||
		    (done[k] == 1 && n[k] == 0 && times[1] > 1))) {
			held[k, hi[k]++] = now
			if (hi[k] - lo[k] > times[1])
				lo[k]++
			newest[k] = now
			turn[k] = NR
			if (hi[k] - lo[k] == times[1] &&
			    held[k, lo[k]] > now - dur)
				done[k] = 1
		} else {
			next
		}
		last[k] = $0
		lastat[k] = now
		if (done[k] == nsteps) {
			show(k, $0, now, nsteps)
			delete newest[k]
		}
	}'
}

@test "seq: what every operator does" {
	try -n 3 -T 2 seq 1m '$1 = "a"' '$1 = "b"' </dev/null
	gives ''
	printf 'b 2 x\na 3 y' | mbatch -a -T 2 seq 1m '$1="b"' '$1="a"' >out
	is "$(<out)" $'a\t3\ty\t1970-01-01T00:00:02Z\t1\t2'
}

@test "seq: the record that completes, used up; others are ignored" {
	try -a -T t -i logfmt seq 10 'e = "a"' 'e = "b"' by k <<<'t=1 k=x e=a
t=2 k=y e=b
t=3 k=x e=c
t=4 k=x e=b
t=5 k=x e=b
t=6 k=y e=a
t=7.5 k=y e=b'
	gives 't=4 k=x e=b seq_start=1970-01-01T00:00:01Z seq_elapsed=3 seq_count=2
t=7.5 k=y e=b seq_start=1970-01-01T00:00:06Z seq_elapsed=1.5 seq_count=2\n'
	# after DUR it is too late; a repeated first step does not restart
	try -a -T 1 seq 10 '$2 = "a"' '$2 = "b"' then cut 1 \
	    <<<$'0 a\n10 b\n20 a\n25 a\n30 b\n40 a\n49 b'
	gives '49\n'
	# one record is one step
	try -a -T 1 seq 10 '$2 = "a"' '$2 = "a"' then cut 1,seq_elapsed \
	    <<<$'0 a\n1 a\n2 a'
	gives '1\t1\n'
}

@test "seq N EXPR: the newest N, of which the oldest is the start" {
	try -a -T 1 seq 10 3 '$2 = "a"' '$2 = "b"' then cut 1,4,5 \
	    <<<$'0 a\n1 a\n2 b\n3 a\n9 a\n12 a\n12 b\n13 b'
	gives '12\t9\t4\n'
	try -a -T 1 seq 10 '$2 = "a"' 2 '$2 = "b"' '$2 = "c"' then cut 1,4,5 \
	    <<<$'0 a\n1 c\n2 b\n3 a\n4 c\n5 b\n6 b\n7 c'
	gives '7\t7\t4\n'
	try -a -T 1 seq 10 2 '$2 = "a"' then cut 1,4,5 \
	    <<<$'0 a\n10 a\n19 a\n20 a\n21 a'
	gives '19\t9\t2\n21\t1\t2\n'
}

@test "seq -u: what was begun and never ended, once its time is over" {
	try -a -T t -i logfmt seq -u 10 'e = "a"' 'e = "b"' 'e = "c"' by k \
	    <<<'t=1 k=x e=a
t=2 k=y e=a
t=3 k=x e=b
t=5 k=z e=a
t=6 k=z e=b
t=7 k=z e=c
t=11.5 k=w e=d
t=14 k=v e=a
t=20 k=v e=e'
	gives 't=7 k=z e=c seq_start=1970-01-01T00:00:05Z seq_elapsed=2 seq_count=3 seq_step=3
t=3 k=x e=b seq_start=1970-01-01T00:00:01Z seq_elapsed=2 seq_count=2 seq_step=2
t=2 k=y e=a seq_start=1970-01-01T00:00:02Z seq_elapsed=0 seq_count=1 seq_step=1\n'
}

# seq_agrees STEPS EXPR...: with -u and without, for some DUR.
seq_agrees() {
	local steps=$1 dur n u
	shift
	for dur in 7 60 500; do
		for u in '' -u; do
			seq_awk $dur "$steps" $u <in >want
			cat want >>all
			for n in '-n 1' '-n 7' '-n 1000' -a; do
				# shellcheck disable=SC2086
				mbatch $n -T 1 seq $u $dur "$@" by 2 \
				    then let '4=strptime($4)' <in | cmp - want
			done
		done
	done
}

@test "seq agrees with awk, however batches are cut" {
	local seed
	local a='$3 = "a"' b='$3 = "b"' c='$3 = "c"'
	for seed in 1 2; do
		timed 3000 $seed $((seed * 2)) >in
		seq_agrees 'a1 b1' "$a" "$b"
		seq_agrees 'a1 b1 c1' "$a" "$b" "$c"
		seq_agrees 'a3 b1' 3 "$a" "$b"
		seq_agrees 'b2 a3 c1' 2 "$b" 3 "$a" "$c"
		seq_agrees 'a7' 7 "$a"
		seq_agrees 'c1 c2' "$c" 2 "$c"
	done
	[ "$(wc -l <all)" -gt 5000 ]
}

@test "seq -m: the oldest key out first, told and counted" {
	try -a -T 1 seq -m 2 1h '$3 = "a"' '$3 = "b"' by 2 then cut 2 \
	    <<<$'1 x a\n2 y a\n3 z a\n4 x b\n5 y b\n6 z b'
	is "$out" 'y\nz\n'
	fails 0 '^mbatch: record 3: seq: -m is reached'
}

@test "seq: records of other formats, and what was held of them" {
	local r='{"t":1,"id":7,"m":"a text of more than sixteen bytes","n":[1]}'
	try -a -i json -T t seq -u 1m 'm contains "text"' 'm = "x"' by id \
	    then cut -x seq_start <<<"$r
{\"t\":100}"
	gives '{"t":1,"id":7,"m":"a text of more than sixteen bytes","n":[1],"seq_elapsed":0,"seq_count":1,"seq_step":1}\n'
	try -a -i csv -T t seq -u 1m 'm = "a"' 'm = "b"' then cut -x seq_start \
	    <<<$'t,m\n1,a\n100,a\n101,b'
	gives 't,m,seq_elapsed,seq_count,seq_step\n1,a,0,1,1\n101,b,1,2,2\n'
}

@test "seq: in windows of the records' own time" {
	try -w 10 -T 1 seq -u 10 '$2 = "a"' '$2 = "b"' \
	    then stamp time,reason then cut 1-4 \
	    <<<$'1 a\n5 b\n12 a\n21 b\n25 a\n70 c'
	gives '1970-01-01T00:00:00Z\twindow\t5\tb
1970-01-01T00:00:20Z\twindow\t21\tb
1970-01-01T00:00:30Z\twindow\t25\ta\n'
}

@test "seq -u: time alone tells it, in a batch of none" {
	live -n 1 seq -u 0.2 '$2 = "a"' '$2 = "b"' by 1 then cut 1,2,seq_step \
	    then stamp batch,records,reason
	say 'x a\n'
	hear $'2\t0\ttimer\tx\ta\t1'
	say 'x a\nx b\n'
	hear $'4\t1\trecords\tx\tb\t2'
	hush
	hear_end
}

@test "seq: a live log by its own time" {
	live -T 0 -t 0.1 seq -u 0.3 '$2 = "a"' '$2 = "b"' by 3 then cut 2,3
	say "$(date +%s.%N) a x\n"
	hear $'a\tx'
	say "$(date +%s.%N) a y\n$(date +%s.%N) b y\n"
	hear $'b\ty'
	hush
	hear_end
}

@test "seq: memory" {
	plain_build_only
	awk 'BEGIN {
		for (i = 0; i < 200000; i++)
			print 1 + int(i / 50000), i, "a"
	}' >in
	"$H/maxrss" none "$MBATCH" -j 1 -n 1000 -T 1 seq 1m '$3="a"' '$3="b"' \
	    <in >/dev/null
	"$H/maxrss" rss "$MBATCH" -j 1 -n 1000 -T 1 seq 1m '$3="a"' '$3="b"' by 2 \
	    <in >/dev/null
	[ $((($(<rss) - $(<none)) * 1024)) -lt $((200000 * (64 + 8))) ]
}

@test "seq: bad words" {
	try seq
	usage '^mbatch: seq: DUR is missing' 'usage: mbatch seq'
	try seq 0 '$1 = "a"'
	usage '^mbatch: seq: DUR must be above 0'
	try seq 5m
	usage '^mbatch: seq: a step is missing'
	try seq 5m by 1
	usage '^mbatch: seq: a step is missing'
	try seq 5m 5
	usage '^mbatch: seq: the step that is to come 5 times is missing'
	try seq 5m 0 '$1 = "a"'
	usage '^mbatch: seq: N is from 1 to 65535'
	try seq 5m 65536 '$1 = "a"'
	usage '^mbatch: seq: N is from 1 to 65535'
	try seq 5m '$1 ='
	usage '^mbatch: seq: ' '^mbatch:   \$1 =' '\^$'
	try seq 5m status '>=' 500
	usage '^mbatch: seq: '
	try seq 5m '$1 = "a"' by 1 x
	usage '^mbatch: seq: one word too many'
	# shellcheck disable=SC2046
	try seq 5m $(seq 65 | sed 's/.*/$1=&/')
	usage '^mbatch: seq: there can be 64 steps'
	printf 'a\n' >in
	try seq 1m '$1 = "a"' <in
	usage '^mbatch: seq: it goes by the records. own time, -T FIELD'
}
