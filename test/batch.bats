#!/usr/bin/env bats
# batch.bats - the promises about batches, in the manual's order
#
# Where time matters the tests wait for what happens, and never ask that
# something happen quickly.

load helper

# 1. Every record belongs to exactly one batch.

@test "without a chain what goes in comes out, whatever closes the batches" {
	random_records 3000 1 >in
	local options
	for options in '-n 1' '-n 7' '-n 1024' '-n 0' '-b 1' '-b 100' '-b 64k' \
	    '-a' '-k 1' '-s ^k3' '-e ^k3' '-n 5 -b 40 -k 1' '-t 1ns' '-g 1ns' \
	    ''; do
		# shellcheck disable=SC2086  # words
		mbatch $options <in |
		    cmp - in
	done
}

@test "the batches' counts add up to the input" {
	random_records 3000 2 >in
	local options
	for options in '-n 7' '-b 100' '-b 1' '-k 1' '-s ^k3' '-e ^k3' '-a' \
	    '-n 100 -k 3 -e 5$'; do
		# shellcheck disable=SC2086  # words
		mbatch $options count <in |
		    awk '{ n += $1 } $1 == 0 { exit 2 } END { exit n != 3000 }'
	done
}

@test "-n and -b are hard ceilings" {
	random_records 3000 3 >in
	local n b
	for n in 1 2 3 1000 1023 1024 1025 2999 3000 3001; do
		mbatch -n "$n" count <in |
		    awk -v n="$n" '
		    last != "" && last != n { exit 1 } { last = $1; s += $1 }
		    END { exit !(last <= n && s == 3000) }'
	done
	for b in 30 100 4096 20000; do
		mbatch -b "$b" stamp batch,bytes <in | awk -v b="$b" '
		    $2 > b { exit 1 }
		    $1 != last { sum += $2; last = $1 }
		    END { print sum }' >sum
		is "$(<sum)" "$(wc -c <in)"
	done
}

@test "-b closes exactly where the limit is met or would be exceeded" {
	printf 'a\nb\nccc\nd\n' >in
	try -b 4 stamp batch,bytes,reason <in
	gives '1\t4\tbytes\ta\n1\t4\tbytes\tb\n2\t4\tbytes\tccc\n3\t2\teof\td\n'
	try -b 5 stamp batch,bytes,reason <in
	gives '1\t4\tbytes\ta\n1\t4\tbytes\tb\n2\t4\tbytes\tccc\n3\t2\teof\td\n'
	try -b 6 stamp batch,bytes,reason <in
	gives '1\t4\tbytes\ta\n1\t4\tbytes\tb\n2\t6\tbytes\tccc\n2\t6\tbytes\td\n'
}

@test "an oversized record is a batch of its own" {
	try -b 4 stamp batch,bytes,reason <<<$'a\nlong-one\nb\nc'
	gives '1\t2\tbytes\ta\n2\t9\tbytes\tlong-one\n3\t4\tbytes\tb\n3\t4\tbytes\tc\n'
}

@test "whichever limit comes first closes the batch" {
	try -n 3 -b 7 stamp batch,reason <<<$'a\nb\nc\nlonger\nd\ne\nf\ng'
	gives '1\trecords\ta\n1\trecords\tb\n1\trecords\tc\n2\tbytes\tlonger\n3\trecords\td\n3\trecords\te\n3\trecords\tf\n4\teof\tg\n'
}

# 2. The clock of -t.

@test "-t closes a batch whose oldest record has waited, while input is open" {
	live -n 100 -t 0.2 stamp batch,records,reason
	say 'a\nb\n'
	hear $'1\t2\ttimeout\ta'
	hear $'1\t2\ttimeout\tb'
	say c
	hush
	hear $'2\t1\teof\tc'
	ended
	is "$status" 0
}

@test "-t is not re-armed by further records" {
	live -t 0.5 count
	( for _ in {1..600}; do printf 'x\n'; sleep 0.05; done >&8 ) &
	writer=$!
	read -r -t "$LIMIT" n <&9
	kill "$writer"
	[ "$n" -ge 1 ]
	[ "$n" -lt 600 ]
}

@test "-t is looked at while input never rests" {
	yes | mbatch -t 0.1 count | head -n 3 >out
	[ "$(wc -l <out)" -eq 3 ]
}

@test "-t runs from the read that completed the first record" {
	live -t 0.2
	say 'par'
	settle
	sleep 0.4
	say 'tial\n'
	hear partial
	hush
	hear_end
}

@test "-t and -g never close a batch of a regular file" {
	random_records 5000 1 >in
	try -t 1ns count <in
	gives '5000\n'
	try -g 1ns count <in
	gives '5000\n'
}

@test "-g closes a batch when no record has come" {
	live -g 0.2 stamp batch,reason
	say 'a\n'
	hear $'1\tgap\ta'
	say 'b\n'
	hear $'2\tgap\tb'
	hush
	hear_end
}

@test "-g is re-armed by further records" {
	# A machine that has other things to do may make a gap of any pause, so
	# that each ten are several batches: until one of them lasts longer.
	local i n range longer=0 tries=0
	live -g 0.5 stats count,range:1
	while [ "$longer" -eq 0 ]; do
		[ $((tries += 1)) -le 20 ]
		for i in {1..10}; do
			say "$(date +%s.%N)\n"
			sleep 0.1
		done
		for ((i = 0; i < 10; i += n)); do
			read -r -t "$LIMIT" n range <&9
			[[ $range != 0.[0-5]* ]] && [ "$n" -gt 1 ] && longer=1
		done
	done
	hush
	hear_end
}

@test "by default batches close after 1000 records or a second" {
	try count < <(seq 2500)
	is "$out" '1000\n1000\n500\n'
	live stamp reason
	say 'a\n'
	hear $'timeout\ta'
	hush
	hear_end
}

@test "a limit of 0 is off" {
	try -n 0 -b 0 count < <(seq 2500)
	gives '2500\n'
}

# 3. The end of input.

@test "end of input closes the batch at once" {
	live -n 100 -t 1h -g 1h -w 30d stamp reason
	say 'a\n'
	settle
	hush
	hear $'eof\ta'
	hear_end
	ended
	is "$status" 0
}

@test "a last line without newline is a record, counted and written with one" {
	try -b 4 -S -- < <(printf 'a\nb\nc')
	gives 'a\nb\n--\nc\n--\n'
	try -b 4 stamp bytes < <(printf 'a\nb\nc')
	gives '4\ta\n4\tb\n2\tc\n'
	try -0 -n 1 stamp bytes < <(printf 'ab\0c')
	gives '3\tab@2\tc@'
}

# 4. Empty batches.

@test "there are no empty batches" {
	try count </dev/null
	gives ''
	try -n 3 count </dev/null
	gives ''
	try -n 3 count < <(seq 6)
	gives '3\n3\n'
	try -n 3 -S -- </dev/null
	gives ''
	try -s '^1' -S -- < <(seq 3)
	gives '1\n2\n3\n--\n'
	try -e '^3' -S -- < <(seq 3)
	gives '1\n2\n3\n--\n'
	try -w 1h count < <(:)
	gives ''
}

@test "-a is one batch, an empty one too" {
	try -a count </dev/null
	gives '0\n'
	try -a count by 1 </dev/null
	gives ''
	try -a grep x then count </dev/null
	gives '0\n'
	try -a -S -- </dev/null
	gives '--\n'
}

@test "windows without records are reported" {
	live -w 0.2 count
	hear 0
	hear 0
	say 'a\n'
	local n=0 line
	while [ "$n" -eq 0 ]; do
		read -r -t "$LIMIT" line <&9
		n=$line
	done
	[ "$n" -eq 1 ]
	hear 0
	hush
	hear_end
}

@test "a window cut by the end of input comes only if it has records" {
	try -w 1h stamp records,reason < <(printf 'a\n')
	gives '1\teof\ta\n'
	try -w 1h -S -- < <(:)
	gives ''
}

@test "windows are aligned to the epoch" {
	live -w 2s stamp time
	say 'a\n'
	local time
	read -r -t "$LIMIT" time _ <&9
	hush
	[ $(($(date -d "$time" +%s) % 2)) -eq 0 ]
	[[ $time =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$ ]]
}

# 5. One write a batch.

@test "a batch is passed to write in one call" {
	seq 1000 | plumb writes "$MBATCH" -n 100 >out
	is "$(<out)" \
	    '292\n400\n400\n400\n400\n400\n400\n400\n400\n401'
	seq 20000 | plumb writes "$MBATCH" -a -S end sort -n -r \
	    >out
	is "$(<out)" 108898
	seq 1000 | plumb writes "$MBATCH" -n 500 -S end count by 1 \
	    >out
	[ "$(wc -l <out)" -eq 2 ]
}

@test "a batch is out before the next is in" {
	live -n 2 -S .
	say 'a\nb\nc\n'
	hear a
	hear b
	hear .
	say 'd\n'
	hear c
	hear d
	hear .
	hush
	hear_end
}

@test "a streaming chain writes each full MiB before its batch closes" {
	live -a grep x
	( yes xxxxxxxxxxxxxxx | head -n 200000 >&8 ) &
	n=$("$H/limit" "$LIMIT" head -c 1048576 <&9 | wc -c)
	[ "$n" -eq 1048576 ]
}

@test "short writes are continued" {
	seq 300000 >in
	plumb outnonblock "$MBATCH" -n 100000 <in |
	    cmp - in
	plumb outsocket "$MBATCH" -a <in |
	    cmp - in
}

# 6. What a batch knows.

@test "a batch knows its number, records and bytes" {
	try -n 2 stamp batch,records,bytes < <(seq 9 13)
	gives '1\t2\t5\t9\n1\t2\t5\t10\n2\t2\t6\t11\n2\t2\t6\t12\n3\t1\t3\t13\n'
}

@test "a batch knows why it closed" {
	try -n 1 stamp reason <<<a
	gives 'records\ta\n'
	try -b 2 stamp reason <<<a
	gives 'bytes\ta\n'
	try -k 1 stamp reason <<<$'a\nb'
	gives 'key\ta\neof\tb\n'
	try -s b stamp reason <<<$'a\nb'
	gives 'start\ta\neof\tb\n'
	try -e a stamp reason <<<$'a\nb'
	gives 'end\ta\neof\tb\n'
	live -w 1s stamp reason
	say 'a\n'
	hear $'window\ta'
	hush
}

# 7. Slow readers, memory.

@test "a slow reader slows the input, and nothing queues" {
	plain_build_only
	( yes | "$H/maxrss" rss "$MBATCH" -n 1000 || : ) |
	    ( sleep 1; head -n 1 ) >out
	is "$(<out)" y
	wait_for rss
	[ "$(<rss)" -lt 16384 ]
}

@test "a streaming chain runs in constant memory" {
	local jobs
	plain_build_only
	for jobs in 1 2; do
		yes "$(printf '%0200d' 7)" | head -n 500000 |
		    "$H/maxrss" rss "$MBATCH" -j $jobs -w 1h grep 7 |
		    cksum >sum
		[ "$(<rss)" -lt $((jobs * 8192)) ]
		yes "$(printf '%0200d' 7)" | head -n 500000 |
		    cksum | cmp - sum
		seq 1000000 | "$H/maxrss" rss "$MBATCH" -j $jobs -a cut 1 \
		    then head 900000 then count
		[ "$(<rss)" -lt $((jobs * 8192)) ]
	done
}

@test "operators that keep a few records hold a few records" {
	plain_build_only
	local chain
	for chain in 'top 10 1' 'tail 10' 'head 10' 'tail 1 by 2' \
	    'count by 2' 'uniq 2'; do
		# shellcheck disable=SC2086  # words
		seq -f '%.0f x' 1000000 | "$H/maxrss" rss \
		    "$MBATCH" -a $chain >out
		echo "$chain: $(<rss) KiB"
		[ "$(<rss)" -lt 8192 ]
	done
}

# 8. Signals, and readers that go away.

@test "TERM, INT and HUP close the open batch and are died of" {
	local signal want
	for signal in TERM:143 INT:130 HUP:129; do
		want=${signal#*:}
		signal=${signal%:*}
		live -a stamp records,reason
		say 'a\nb\n'
		settle
		kill -"$signal" "$live"
		hear $'2\tsignal\ta'
		hear $'2\tsignal\tb'
		hear_end
		ended
		is "$status" "$want"
		is "$(<err)" ''
	done
}

@test "TERM, INT and HUP: a line that has not come whole is no record" {
	local signal
	for signal in TERM INT HUP; do
		MBATCH=env live --default-signal=INT "$MBATCH" -n 0 -g 100 \
		    stats count,sum:v,min:v
		say 'v=1000\nv=1'
		settle
		kill -"$signal" "$live"
		hear $'1\t1000\t1000'
		hear_end
		ended
		[ "$status" -gt 128 ]
		is "$(<err)" 'mbatch: 3 bytes of an unfinished record were left'
	done
}

@test "TERM: of a file, how much of it was not read is told" {
	local pid line status=0 got left
	seq 600000 >in
	mkfifo out
	"$MBATCH" grep . <in >out 2>err &
	pid=$!
	exec 7<out
	read -r line <&7	# what it writes is more than a pipe holds
	kill -TERM "$pid"
	got=$(wc -c <&7)
	exec 7<&-
	wait "$pid" || status=$?
	is "$status" 143
	left=$(sed -n 's/^mbatch: the last \([0-9]*\) bytes of the input were not read$/\1/p' err)
	is "$((left > 0)) $((got + left + ${#line} + 1))" "1 $(wc -c <in)"
}

@test "TERM: what was left is told, whatever records are" {
	local options said want left
	while IFS='|' read -r options said want left; do
		# shellcheck disable=SC2086  # words
		live $options
		say "$said"
		settle
		kill -TERM "$live"
		[ -z "$want" ] || hear "$want"
		hear_end
		ended
		is "$status" 143
		is "$(<err)" "$left"
	done <<-'EOF'
	-a count|a\nb|1|mbatch: 1 byte of an unfinished record was left
	-a count|ab|0|mbatch: 2 bytes of an unfinished record were left
	-a count|a\nb\n|2|
	-a -0 count|a\nb\0c\n||mbatch: 2 bytes of an unfinished record were left
	-a -i csv cut b|a,b||mbatch: 3 bytes of an unfinished record were left
	-a -i csv -o json cut b|a,b\n1,2\n3,"x|{"b":2}|mbatch: 4 bytes of an unfinished record were left
	-a --bad skip --max-record 3 count|a\nbcdef|1|mbatch: record 2: longer than --max-record 3
	-w 1d count|a\nb|1|mbatch: 1 byte of an unfinished record was left
	-w 1d -T 1 count|5 a\n6|1|mbatch: 1 byte of an unfinished record was left
	EOF
}

@test "USR1: a line that has not come whole is of the next batch" {
	live -a stamp batch,bytes
	say 'a\nb'
	settle
	kill -USR1 "$live"
	hear $'1\t2\ta'
	say 'c\n'
	hush
	hear $'2\t3\tbc'
	hear_end
	ended
	is "$status" 0
	is "$(<err)" ''
}

@test "a signal ends a run that has read nothing" {
	live -n 10 count
	settle
	kill -TERM "$live"
	hear_end
	ended
	is "$status" 143
}

@test "a second signal is immediate" {
	live -a sort
	( yes yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy | head -n 100000 >&8 ) &
	wait $!
	settle
	kill -TERM "$live"		# its output, 3 MB, nobody reads
	until_true read -r -t 0 <&9
	settle
	kill -TERM "$live"
	ended
	is "$status" 143
}

@test "USR1 closes the open batch" {
	live -a stamp batch,records,reason
	say 'a\nb\n'
	settle
	kill -USR1 "$live"
	hear $'1\t2\tflush\ta'
	hear $'1\t2\tflush\tb'
	say 'c\n'
	hush
	hear $'2\t1\teof\tc'
	ended
	is "$status" 0
}

@test "USR1 without an open batch does nothing" {
	live -n 10 stamp batch
	settle
	kill -USR1 "$live"
	kill -USR1 "$live"
	say 'a\n'
	hush
	hear $'1\ta'
	ended
	is "$status" 0
}

@test "signals ignored at the start stay ignored" {
	MBATCH=sh live -c 'trap "" TERM INT HUP; exec "$@"' - "$MBATCH" -n 2
	local signal
	for signal in TERM INT HUP; do
		say 'a\n'
		settle
		kill -$signal "$live"
		say 'b\n'
		hear a
		hear b
	done
	ended
	is "$status" 0
}

@test "a dead reader ends the run, with no input coming" {
	mkfifo in
	exec 8<>in
	local options
	for options in '-n 10' '-a count' '-w 1h' '-t 1h sort'; do
		# shellcheck disable=SC2086  # words
		(
			status=0
			mbatch $options 2>err || status=$?
			echo $status >status
		) <&8 | :
		wait_for status
		is "$(<status)" 141
		is "$(<err)" ''
		rm status
	done
}

@test "a dead reader ends the run while input comes" {
	local chain
	for chain in '-n 10' '-n 1000 count' '-b 1M' '-w 1h' '-a'; do
		# shellcheck disable=SC2086  # words
		yes | ( status=0; mbatch $chain 2>err || status=$?
		    echo $status >status ) | head -n 1 >out
		is "$(<out)" "$([[ $chain == *count ]] && echo 1000 || echo y)"
		wait_for status
		is "$(<status)" 141
		is "$(<err)" ''
		rm status
	done
}

@test "a chain that wants no more of the only batch ends the run" {
	yes | mbatch -a head 3 >out
	is "$(<out)" 'y\ny\ny'
	yes | mbatch -a head 3 then count >out
	is "$(<out)" 3
	yes | mbatch -a cut 1 then head 2 then sort >out
	is "$(<out)" 'y\ny'
	try -n 5 head 1 < <(seq 12)
	gives '1\n6\n11\n'
}

# 9. Failed writes; exit statuses.

@test "a full disk is a message and exit 1" {
	[ -e /dev/full ] || skip 'no /dev/full'
	local chain
	for chain in '' '-n 1' '-a count' '-a sort' '-w 1h'; do
		status=0
		# shellcheck disable=SC2086  # words
		echo x | mbatch $chain >/dev/full 2>err || status=$?
		is "$status" 1
		grep -q '^mbatch: .*No space left on device' err
		[ "$(wc -l <err)" -eq 1 ]
	done
}

@test "closed descriptors fail rather than hit another file" {
	status=0
	echo x | mbatch >&- 2>err || status=$?
	is "$status" 1
	grep -q '^mbatch: .*Bad file descriptor' err
	status=0
	mbatch -a count <&- >out 2>err || status=$?
	is "$status" 1
	grep -q '^mbatch: .*Bad file descriptor' err
	status=0
	mbatch nosuch </dev/null >out 2>&- || status=$?
	is "$status" 2
	is "$(<out)" ''
}

@test "a directory as input is a message and exit 1" {
	try -a count </
	fails 1 '^mbatch: .*[Dd]irectory'
}

# 10. Nothing is silent.

@test "values that are no numbers are told: the first, and the total" {
	try -a top 2 1 < <(printf '1\nx\n3\ny\n2\n')
	is "$out" '3\n2\n'
	is "$status" 0
	fails 0 '^mbatch: .*2.*x' '^mbatch: 2 '
}

@test "several batches of an aggregate of a file are told, and -a named" {
	seq 2500 >in
	try count <in
	is "$out" '1000\n1000\n500\n'
	fails 0 '^mbatch: .*3 batches.* -a'
	try count < <(seq 2500)
	is "$err" ''
	try -n 1000 count <in
	is "$err" ''
	try count < <(seq 10)
	is "$err" ''
	try grep 1 <in
	is "$err" ''
}

@test "several batches of a file are told where one may have been meant" {
	local chain
	seq 1001 >in
	for chain in sort 'sort then stamp' 'top 3 1' 'head 1' 'tail 1' \
	    'tail 1 by 1' uniq 'uniq -c' reverse shuffle 'sample -n 1'; do
		# shellcheck disable=SC2086  # words
		try $chain <in
		fails 0 '^mbatch: the input was 2 batches .* -a makes one of it$'
		# shellcheck disable=SC2086  # words
		try -n 1000 $chain <in
		is "$err" ''
	done
	for chain in 'grep 1' 'cut 1' dedup 'step delta 1' 'sample 1' stamp \
	    join collect 'tee out-%N' 'into cat'; do
		# shellcheck disable=SC2086  # words
		try $chain <in
		is "$err" ''
	done
}

# 11. The same bytes.

@test "the same bytes, live or from a file, however the reads fall" {
	random_records 300 5 >in
	local chain piece
	for chain in '-n 7 stamp batch,records,bytes,reason' \
	    '-b 50 stamp batch,bytes' '-k 1 count by 3' '-s ^k3 top 2 2' \
	    '-e ^k3 sort 2' '-a count by 1,3' '-a -S end uniq 1' \
	    '-n 10 -e w39 tail 2'; do
		# shellcheck disable=SC2086  # words
		mbatch $chain <in >want
		for piece in 1 2 13 4096; do
			# shellcheck disable=SC2086  # words
			plumb packet $piece "$MBATCH" $chain \
			    <in |
			    cmp - want
		done
	done
}

@test "groups come in order of first appearance, ties to the first, in top by to the first key" {
	for _ in 1 2 3 4 5; do
		try -a count by 1 < <(printf '%s\n' z y x w v z)
		gives 'z\t2\ny\t1\nx\t1\nw\t1\nv\t1\n'
		try -a top 3 by 1 < <(printf '%s\n' z y x w v w)
		gives 'w\t2\nv\t1\nx\t1\n'
		try -a top 2 1 < <(printf '%s\n' '1 a' '2 b' '2 c' '2 d')
		gives '2 b\n2 c\n'
	done
}
