#!/usr/bin/env bats
# option-progress.bats - --progress, USR2: how far the run is

load helper

@test "USR2 tells how far the run is, and changes nothing" {
	live -n 5 count
	say '1\n2\n3\n'
	settle
	kill -USR2 "$live"
	wait_for err
	say '4\n5\n'
	hear 5
	ended
	is "$status" 0
	grep -qxE 'mbatch: 6 B, [0-9.]+ (B|KiB)/s; 3 records, 0 batches' err
}

@test "USR2 tells how much of a file is read, and how long the rest takes" {
	seq 300000 >in
	# shellcheck disable=SC2016  # the command's
	try -j 1 -n 50000 into sh -c 'cat >/dev/null; kill -USR2 $PPID' <in
	is "$status" 0
	fails 0 '^mbatch: [0-9.]+ .iB of 1.9 MiB \([0-9]+ %\), [0-9.]+ .?i?B/s, [0-9]+ (s|min) left; [0-9]+ records, [1-6] batch(es)?$'
}

@test "--progress: a line in place, gone at the end; none where output is seen" {
	need_terminals
	status=0
	: >drawn
	{
		seq 3
		for ((n = 0; n < 600; n++)); do
			! grep -q '3 records' drawn || break
			sleep 0.1
		done
		echo x
	} |
	    TERM=xterm PLUMB_SIZE=24x30 plumb outtty sh -c \
	    'exec "$0" --progress -n 2 count 2>&1 >out' \
	    "$MBATCH" >drawn || status=$?
	is "$status" 0
	is "$(cat out)" '2\n2'
	"$H/screen" 24 30 <drawn >screen
	is "$(cat screen)" -
	tr '\r' '\n' <drawn >lines
	grep -qE '6 B, [0-9.]+ B/s; 3 records' lines
	# cut to the screen, with room for ^C
	[ "$(wc -L <lines)" -le 30 ]
	{ seq 3; sleep 1.3; } | plumb outtty "$MBATCH" -a --progress count \
	    >drawn 2>&1
	is "$(tr -d '\r' <drawn)" 'count\n    3'
	{ seq 3; sleep 1.3; } | TERM=dumb plumb outtty sh -c \
	    'exec "$0" --progress -a count 2>&1 >out' "$MBATCH" >drawn
	[ ! -s drawn ]
	try --progress -a count <<<1
	gives '1\n'
}

@test "--progress: of a file, by any number of workers" {
	need_terminals
	seq 200000 >in
	TERM=xterm MBATCH_WORK=3:1000 plumb outtty sh -c \
	    'exec "$0" --progress -a stats sum:1 2>&1 >out <in' "$MBATCH" \
	    </dev/null >drawn
	is "$(cat out)" 20000100000
}

@test "USR2: what is left of a file takes seconds, minutes or hours" {
	local n
	: >told
	for ((n = 1 << 30; n <= 1 << 42; n *= 8)); do
		truncate -s $n in 2>/dev/null || skip "no files of $n bytes"
		# shellcheck disable=SC2016  # the command's
		try -0 -j 1 -n 900000 into sh -c \
		    'cat >/dev/null; s=USR2; [ ! -s err ] || s=TERM
		    kill -$s $PPID' <in
		cat err >>told
	done
	rm in
	grep -qE ', [0-9]+ min left' told
	grep -qE ', [0-9.]+ h left' told
}
