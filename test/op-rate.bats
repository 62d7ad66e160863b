#!/usr/bin/env bats
# op-rate.bats - records a second

load helper

@test "rate: no records, bad words" {
	try -n 3 rate </dev/null
	gives ''
	try rate 1
	usage "did you mean 'by 1'"
	try --partial rate
	usage "with --partial it needs the records' own time"
	try --merge count then rate
	usage 'with --merge it comes first or needs -w'
}

@test "rate: from opening to closing" {
	local r a b
	live -a rate
	say '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n'
	settle
	sleep 0.5
	hush
	read -r -t "$LIMIT" r <&9
	awk -v r="$r" 'BEGIN { exit !(r > 0 && r <= 20) }'
	ended
	live -n 4 rate by 1
	say 'a\na\nb\n'
	settle
	sleep 0.5
	say 'b\n'
	read -r -t "$LIMIT" _ a <&9
	read -r -t "$LIMIT" _ b <&9
	awk -v a="$a" -v b="$b" 'BEGIN { exit !(a == b && a > 0 && a <= 4) }'
	ended
}

@test "rate -T: from the first record's time to the last one's" {
	try -a -T 1 rate by 2 < <(printf '%s\n' '2024-01-01T00:00:10Z b' \
	    '2024-01-01T00:00:05Z a' '2024-01-01T00:00:09Z a')
	gives 'b\t0.2\na\t0.4\n'
	# further apart than 64 bits of nanoseconds
	try -a -T 1 --ahead all rate \
	    < <(printf '1700-01-01\n2200-01-01\n')
	gives '2.1684043449710089e-10\n'
}

@test "rate: of the window" {
	local r=0
	live -w 1s rate
	say '1\n2\n3\n4\n5\n'
	while [ "$r" = 0 ]; do
		read -r -t "$LIMIT" r <&9
	done
	# the first one began before the program did
	awk -v r="$r" 'BEGIN { exit !(r >= 5) }'
	ended
	live -w 1000h rate then stamp reason
	say '1\n2\n3\n4\n5\n'
	settle
	sleep 0.1
	hush
	read -r -t "$LIMIT" _ r <&9
	awk -v r="$r" 'BEGIN { exit !(r > 0 && r <= 50) }'
	ended
}

@test "rate: of a window cut short by what of it was seen" {
	# its start, its end, both
	printf '2024-01-01T%s\n' 00:30:00 00:59:59 01:00:00 02:00:00 02:00:50 \
	    >log
	try -T 0 -w 1h rate then stamp time,reason <log
	gives '2024-01-01T00:00:00Z\twindow\t0.0011111111111111111
2024-01-01T01:00:00Z\twindow\t0.0002777777777777778
2024-01-01T02:00:00Z\teof\t0.04\n'
	try -T 0 -w 1h rate over 2 <log
	gives '0.0011111111111111111\n0.0005555555555555556\n'\
'0.0008219178082191781\n'
	try -T 0 -w 1h rate < <(printf '2024-01-01T00:10:0%d\n' 0 5)
	gives '0.4\n'
	# what an aggregate made of a window is of all of it
	try -T 0 -w 1h count then rate then stamp reason <log
	gives 'window\t0.0002777777777777778\nwindow\t0.0002777777777777778
eof\t0.0002777777777777778\n'
}

@test "rate over: since the first of the batches opened" {
	local r
	live -n 3 rate over 2
	say '1\n2\n3\n'
	read -r -t "$LIMIT" _ <&9
	sleep 0.5
	say '1\n2\n3\n'
	read -r -t "$LIMIT" r <&9
	awk -v r="$r" 'BEGIN { exit !(r > 0 && r <= 12) }'
	ended
	live -n 3 rate over all
	say '1\n2\n3\n'
	read -r -t "$LIMIT" _ <&9
	sleep 0.5
	say '1\n2\n3\n4\n5\n6\n'
	read -r -t "$LIMIT" _ <&9
	read -r -t "$LIMIT" r <&9
	awk -v r="$r" 'BEGIN { exit !(r > 0 && r <= 18) }'
	ended
}

@test "rate -T over: batches in no order of time come and leave" {
	awk 'BEGIN {
		for (i = 0; i < 400; i++)
			print 1700000000 + i * 7919 % 1009
	}' >log
	mbatch -n 1 -T 1 rate over 5 <log | tail -n +2 >out
	awk "$FEWEST"'{ t[NR] = $1 } NR > 1 {
		lo = hi = $1
		n = NR < 5 ? NR : 5
		for (i = NR - n + 1; i < NR; i++) {
			lo = t[i] < lo ? t[i] : lo
			hi = t[i] > hi ? t[i] : hi
		}
		print fewest(n / (hi - lo))
	}' log | cmp - out
}

@test "rate -T over: from the first to the last record of these batches" {
	printf '2024-01-01T00:00:%02d\n' $(seq 0 8) >log
	try -n 3 -T 0 rate over 2 <log
	gives '1.5\n1.2\n1.2\n'
	try -n 3 -T 0 rate over all <log
	gives '1.5\n1.2\n1.125\n'
	# the newest first
	try -n 3 -T 0 rate over 2 < <(sort -r log)
	gives '1.5\n1.2\n1.2\n'
	try -w 3s -T 0 rate over 2 <log
	gives '1\n1\n1.2\n'
	try -n 1 -T 0 rate over 4 < <(head -n 5 log)
	gives '\n2\n1.5\n1.3333333333333333\n1.3333333333333333\n'
}
