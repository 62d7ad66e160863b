#!/usr/bin/env bats
# op-into.bats - into: each batch to a command

load helper

setup() {
	begin
	seq 25 >in
}

@test "the manual's example" {
	try -n 10 into wc -l <in
	gives '10\n10\n5\n'
}

@test "each batch is the command's standard input, byte for byte" {
	printf 'a\0b\r\n\n\xff\xfe no newline' >odd
	try -n 1 into cat <odd
	[ "$err" = '' ]
	{ cat odd; echo; } | cmp - "$BATS_TEST_TMPDIR/out"
	try -a into cat <odd
	{ cat odd; echo; } | cmp - "$BATS_TEST_TMPDIR/out"
	try -0 -n 1 into od -An -c < <(printf 'a\nb\0c')
	gives '   a  \\n   b  \\0\n   c  \\0\n'
}

@test "nothing runs for empty input, nor for a batch of which nothing came" {
	try -a into sh -c 'echo ran' </dev/null
	gives ''
	try into sh -c 'echo ran' </dev/null
	gives ''
	try -n 5 grep 7 then into sh -c 'echo $MBATCH_NUMBER; cat' <in
	gives '2\n7\n4\n17\n'
	try count then into sh -c 'echo ran' </dev/null
	gives ''
}

@test "what operators make of a batch without records is run with too" {
	try -a count then into cat </dev/null
	gives '0\n'
	try -a collect then into sh -c 'cat; echo $MBATCH_RECORDS' </dev/null
	gives '[]\n0\n'
	printf '%s\n' 2017-07-10T05:00:00Z 2017-07-10T05:00:21Z >empty
	try -w 10s -T 1 count then into cat <empty
	gives '1\n0\n1\n'
	try -w 10s -T 1 -S -- count then where 'count = 0' then into cat <empty
	gives '--\n0\n--\n--\n'
	try -w 10s -T 1 into echo ran <empty
	gives 'ran\nran\n'
	try -w 10s -T 1 count then into --on-fail lost sh -c 'grep -v 0' <empty
	is "$out" '1\n1\n'
	fails 1 'batch 2 \(no records\): sh: exit status 1' 'it is in lost'
	is "$(<lost)" 0
}

@test "the environment says which batch it is" {
	try -n 20 into sh -c 'echo "$MBATCH_NUMBER $MBATCH_RECORDS \
$MBATCH_BYTES $MBATCH_REASON"' <in
	gives '1 20 51 records\n2 5 15 eof\n'
	try -a into sh -c 'date -d "$MBATCH_TIME" >/dev/null && echo time
case $MBATCH_TIME in *Z) echo utc;; esac' <in
	gives 'time\nutc\n'
}

@test "MBATCH_KEY is there with -k only, whatever was there before" {
	export MBATCH_KEY=old MBATCH_NUMBER=99 MBATCH_OTHER=kept
	try -n 20 into sh -c 'echo "${MBATCH_KEY-none} $MBATCH_NUMBER \
$MBATCH_OTHER"' <in
	gives 'none 1 kept\nnone 2 kept\n'
	try -k 1 into sh -c 'echo "$MBATCH_KEY: $(wc -l)"' \
	    < <(printf 'a b 1\na b 2\nc 3\n')
	gives 'a: 2\nc: 1\n'
}

@test "MBATCH_KEY: up to a NUL; one that no environment holds is told" {
	try -k 1 into sh -c 'echo "$MBATCH_KEY"; cat' < <(printf 'a\0b c\n')
	gives 'a\na@b c\n'
	{ head -c 3M /dev/zero | tr '\0' k; printf '\nb\n'; } >in
	try -k 1 into cat <in
	is "$out" ''
	fails 1 'batch 1 .*cat: .*: the key, MBATCH_KEY, has 3145728 bytes$'
	try -k 1 into --on-fail lost cat <in
	is "$out" 'b\n'
	fails 1 'MBATCH_KEY'
	cmp lost <(head -n 1 in)
}

@test "no shell: words reach the command as they are" {
	try -a into printf '[%s]\n' '*' '$HOME' 'a b' -n then into <in
	gives '[*]\n[$HOME]\n[a b]\n[-n]\n[then]\n[into]\n'
}

@test "-P: large batches take two descriptors each" {
	local record
	plain_build_only
	record=$(head -c 100000 /dev/zero | tr '\0' x)
	mkdir on
	ulimit -n 64
	# the first of them end when there are 22
	yes "$record" | head -n 275 | mbatch -n 11 into -P 22 sh -c '
		echo >on/$MBATCH_NUMBER
		"$H/await" on/22 && wc -l' >got
	[ "$(sort -u got)" = 11 ]
	[ "$(wc -l <got)" -eq 25 ]
}

@test "-P: fewer run where descriptors are short" {
	plain_build_only
	ulimit -n 40
	live -n 1 into -P 100 sh -c '"$H/await" go && cat'
	say "$(printf '%s\\n' {1..100})"
	settle
	echo >go
	for i in {1..100}; do
		hear "$i"
	done
	ended
	[ "$status" -eq 0 ]
	[ ! -s err ]
}

@test "flags end at the first other word, or at --" {
	try -a into head -n 2 <in
	gives '1\n2\n'
	try -a into -t 10 -- wc -l <in
	gives '25\n'
	try -a into -t10 -P1 wc -l <in
	gives '25\n'
}

@test "bad arguments" {
	try into </dev/null
	usage 'into: the command is missing' 'usage: mbatch into '
	try into '' </dev/null
	usage 'the command must not be empty'
	try into -P </dev/null
	usage '-P needs a value'
	try into -P 0 cat </dev/null
	usage '-P must be from 1 to'
	try into -P x cat </dev/null
	usage "-P must be a whole number, not 'x'"
	try into -P 501 cat </dev/null
	usage '-P must be from 1 to'
	try into -t soon cat </dev/null
	usage "-t 'soon'"
	try into -x cat </dev/null
	usage 'no flag -x'
	try into --fail f cat </dev/null
	usage 'no flag --fail'
	try into --on-fail </dev/null
	usage '--on-fail needs a value'
	try into --on-fail /nowhere/f cat </dev/null
	usage '--on-fail /nowhere/f: No such file'
	try into cat then count <in
	fails 1 'cat: exit status 1'
}

@test "csv and tsv: the header line comes first in each command's stdin" {
	printf '"a",b\n1,2\n3,4\n5,6\n' >csv
	try -n 2 -i csv into cat <csv
	gives '"a",b\n1,2\n3,4\n"a",b\n5,6\n'
	try -n 2 -i csv -N into cat <csv
	gives '"a",b\n1,2\n3,4\n5,6\n'
	try -n 2 -i csv cut b,a then into cat <csv
	gives 'b,a\n2,1\n4,3\nb,a\n6,5\n'
	try -n 2 -i csv count by a then into cat <csv
	gives '1\t1\n3\t1\n5\t1\n'
	try -n 2 -H into cat < <(printf 'x y\n1 2\n3 4\n5 6\n')
	gives 'x y\n1 2\n3 4\nx y\n5 6\n'
}

@test "-o says what the command gets" {
	printf 'a,b\n1,2\n3,x\n5,6\n' >csv
	try -n 2 -i csv -o json into cat <csv
	gives '{"a":1,"b":2}\n{"a":3,"b":"x"}\n{"a":5,"b":6}\n'
	try -n 2 -i json -o csv into cat < \
	    <(printf '{"a":1}\n{"a":2}\n{"a":3}\n')
	gives 'a\n1\n2\na\n3\n'
	try -n 2 -i csv -o csv count by a then into cat <csv
	gives 'a,count\n1,1\n3,1\na,count\n5,1\n'
	try -n 2 -i csv -o table into cat <csv
	gives 'a  b\n1  2\n3  x\na  b\n5  6\n'
}

@test "a batch of which no record can be written has no command" {
	try -n 1 -i json -o csv -S -- into cat <<<$'{\n{"a":1}\n[]\n{"a":2}'
	is "$out" '--\na\n1\n--\n--\na\n2\n--\n'
	fails 0 '^mbatch: record 1: cut short'
	try -n 1 -i json -o table into sh -c 'echo ran' <<<'{'
	is "$out" ''
}

@test "-S comes after each command's output, and each batch without" {
	try -n 10 -S -- into wc -l <in
	gives '10\n--\n10\n--\n5\n--\n'
	try -n 10 -S -- into -P 3 wc -l <in
	gives '10\n--\n10\n--\n5\n--\n'
	try -n 10 -S -- grep 5 then grep 2 then into -P 3 cat <in
	gives '--\n--\n25\n--\n'
}

@test "a command that fails: batch, records, status; nothing runs after it" {
	try -n 10 into sh -c 'echo $MBATCH_NUMBER; test $MBATCH_NUMBER -lt 2' <in
	is "$out" '1\n2\n'
	is "$err" 'mbatch: into: batch 2 (records 11-20): sh: exit status 1\n'
	is "$status" 1
	try -n 1 into sh -c 'exit 7' <in
	fails 1 'batch 1 \(record 1\): sh: exit status 7'
	try -n 10 into sh -c 'kill -KILL $$' <in
	fails 1 'batch 1 \(records 1-10\): sh: killed by signal 9 \(Killed\)'
	# one that may not be looked into, of PATH, would be what is told
	PATH=/usr/bin:/bin try -n 10 into nosuchcommand <in
	fails 1 'batch 1 \(records 1-10\): nosuchcommand: No such file'
	try -n 10 into ./in <in
	fails 1 'batch 1 .*: ./in: Permission denied'
}

@test "a failure in the last batch, and with -P" {
	try -n 20 into -P 4 sh -c 'test $MBATCH_NUMBER -lt 2' <in
	fails 1 'batch 2 \(records 21-25\): sh: exit status 1'
	try -n 1 into -P 2 nosuchcommand <in
	fails 1 'batch 1 \(record 1\): nosuchcommand'
}

@test "a failure ends a run that has no more input coming" {
	mkfifo go
	live -n 2 into -P 2 sh -c 'read x <go; exit 3'
	say '1\n2\n3\n'
	echo >go
	hear_end
	status=0
	wait "$live" || status=$?
	live=
	grep -q "batch 1 (records 1-2): sh: exit status 3" err
	[ "$status" -eq 1 ]
}

@test "with -P what runs when one fails is finished and written" {
	mkfifo a b
	live -n 1 into -P 2 sh -c '
		read n
		case $n in
		1)	read x <a; echo one;;
		2)	exit 1;;
		*)	echo never;;
		esac'
	say '1\n2\n3\n4\n'
	until_true grep -q 'batch 2' err
	echo >a
	hear one
	hear_end
	ended
	[ "$status" -eq 1 ]
}

@test "--on-fail keeps the batches of failed commands and goes on" {
	try -n 10 into --on-fail kept sh -c 'cat; test $MBATCH_NUMBER -ne 2' <in
	is "$out" "$(cat in)\n"
	fails 1 'batch 2 \(records 11-20\): sh: exit status 1' \
	    '1 batch failed; it is in kept'
	seq 11 20 | cmp - kept
	try -n 10 into --on-fail=kept -P 3 false <in
	fails 1 '3 batches failed; they are in kept'
	{ seq 11 20; cat in; } | sort -n | cmp - <(sort -n kept)
	try -n 10 into --on-fail kept2 nosuchcommand <in
	fails 1 '3 batches failed'
	cmp in kept2
}

@test "--on-fail: nothing is left of a run that could not begin" {
	try into --on-fail kept <in
	usage 'the command is missing'
	try into --on-fail kept -P 0 cat <in
	usage '-P must be'
	try -i csv cut nosuch then into --on-fail kept cat <in
	usage "no field 'nosuch'"
	try --late 5s into --on-fail kept cat <in
	usage '--late'
	[ ! -e kept ]
	try -a into --on-fail kept --on-fail kept2 false <in
	fails 1 'it is in kept2'
	[ ! -e kept ]
	cmp in kept2
}

@test "--on-fail: what could not be kept is not said to be" {
	(
		ulimit -f 1
		seq 1000 | mbatch -n 200 into --on-fail kept false 2>err
	) && false
	grep -q 'File too large' err
	grep -qE 'into: ([2-9]) batches failed; [1-4] in kept' err
}

# waits PID...: each for a lock that another process has.
waits() {
	local p
	for p; do
		grep -q -- "-> .* $p " /proc/locks || return
	done
}

@test "--on-fail: nothing is written, nor taken away, while another run locks it" {
	local pid
	mkfifo held
	live -n 1 into --on-fail s.lock true
	settle				# it has made the file
	"$MBATCH" --state s -n 1 <held >first 8>&- &
	pid=$!
	exec 7>held
	echo 1 >&7
	wait_for first
	"$MBATCH" -n 1 into --on-fail s.lock false <<<a 2>told 7>&- 8>&- &
	hush
	[ ! -r /proc/locks ] || until_true waits "$live" $!
	[ -e s.lock ]
	[ ! -s s.lock ]
	exec 7>&-
	wait "$pid" "$live"
	wait $! || status=$?
	is "$status $(cat s.lock)" '1 a'
}

@test "--on-fail: one header line; no file if nothing failed" {
	printf 'a,b\n1,2\n3,4\n5,6\n' >csv
	try -n 1 -i csv into --on-fail kept false <csv
	fails 1 '3 batches'
	cmp csv kept
	try -n 1 -i csv -o csv cut a then into --on-fail kept3 false <csv
	is "$(cat kept3)" 'a\n1\n3\n5'
	try -n 1 into --on-fail none true <in
	gives ''
	[ ! -e none ]
	: >old
	try -n 1 into --on-fail old true <in
	[ -e old ]
	try -n 1 into --on-fail /dev/full false <in
	fails 1 '/dev/full: No space left'
}

@test "--on-fail: one header line, whatever is in it or comes before it" {
	try -n 1 -i json -o csv into --on-fail kept false \
	    <<<$'{"a\\nb":1}\n{"a\\nb":2}'
	is "$(cat kept)" '"a\nb"\n1\n2'
	# More than a vector of bad records in front, in the second batch.
	{
		yes '{"a":1}' | head -n 1100
		yes '{' | head -n 1099
		echo '{"a":2}'
	} >json
	try -n 1100 -i json -o csv into --on-fail kept2 false <json
	fails 1 '2 batches failed'
	{ echo a; yes 1 | head -n 1100; echo 2; } | cmp - kept2
}

@test "--on-fail /dev/stderr: behind what was told there, in a file too" {
	try -n 20 into --on-fail /dev/stderr false <in
	fails 1 '^mbatch: into: 2 batches failed; they are in /dev/stderr$'
	grep -v mbatch: err | cmp - in
	[ "$(head -n 1 err)" = \
	    'mbatch: into: batch 1 (records 1-20): false: exit status 1' ]
}

@test "--on-fail with a batch that is larger than memory takes" {
	seq 400000 >big
	try -a into --on-fail kept false <big
	fails 1 '1 batch failed'
	cmp big kept
}

@test "-P: the output comes in the order of the batches" {
	mkfifo one
	mbatch -n 10 into -P 3 sh -c 'case $MBATCH_NUMBER in
		1)	read x <one;;
		3)	echo >one;;
		esac; echo $MBATCH_NUMBER; cat' <in >got
	{ echo 1; seq 10; echo 2; seq 11 20; echo 3; seq 21 25; } | cmp - got
}

@test "-P: N run at a time, no more" {
	mkdir on
	seq 200 | mbatch -n 10 into -P 3 sh -c '
		: >on/$MBATCH_NUMBER; ls on | wc -l; rm on/$MBATCH_NUMBER' >got
	[ "$(wc -l <got)" -eq 20 ]
	[ "$(sort -n got | tail -n 1)" -le 3 ]
}

@test "-P: a child whose turn it isn't waits when it has written a MiB" {
	mkfifo one
	mbatch -n 1 into -P 2 sh -c 'case $MBATCH_NUMBER in
		1)	read x <one; echo first;;
		2)	head -c 3000000 /dev/zero & echo >one; wait;;
		esac' < <(seq 2) >got
	[ "$(wc -c <got)" -eq 3000006 ]
	[ "$(head -n 1 got)" = first ]
}

@test "large batches to and from a child that writes much, no deadlock" {
	local n
	seq 600000 >big
	for n in 1 3000 20000 200000 600000; do
		[ "$n" -gt 1 ] || continue
		mbatch -n $n into cat <big | cmp - big
		mbatch -n $n into -P 3 cat <big | cmp - big
	done
	# Writes before it reads, more than any pipe holds.
	mbatch -n 300000 into sh -c 'head -c 5000000 /dev/zero; cat' <big |
	    tr -d '\0' | cmp - big
	mbatch -n 300000 into -P 2 sh -c 'head -c 5000000 /dev/zero; cat' <big |
	    tr -d '\0' | cmp - big
}

@test "a batch over 1 MiB is not held in memory" {
	plain_build_only
	seq 5000000 >big
	mbatch -a into md5sum <big | cmp - <(md5sum <big)
	"$H/maxrss" rss "$MBATCH" -j 1 -a into cat <big | cmp - big
	[ "$(cat rss)" -lt 12000 ]
}

@test "a temporary file that can't be made is told" {
	seq 400000 >big
	TMPDIR=/nowhere try -a into wc -l <big
	fails 1 'a temporary file in /nowhere: No such file'
	is "$out" ''
	TMPDIR=$PWD try -a into sh -c 'ls' <big
	is "$err" ''
	run grep mbatch <<<"$out"; [ "$status" -eq 1 ]
}

@test "a temporary file that gets too large ends it once what runs has ended" {
	# Of the second batch the first MiB still fits, the rest does not.
	{ echo a; seq -f 'b %06.0f' 140000; } >big
	(
		ulimit -f 1100
		TMPDIR=$PWD mbatch -k 1 into -P 2 sh -c \
		    'test $MBATCH_NUMBER -eq 1 || exit 0
			"$H/await" err && cat' <big 2>err >got
	) && false
	is "$(cat err)" "mbatch: a temporary file in $PWD: File too large"
	is "$(cat got)" a
}

@test "a child that reads slowly, partly, not at all, or closes its stdin" {
	seq 100000 >big
	mbatch -n 50000 into sh -c 'dd bs=100 2>/dev/null' <big | cmp - big
	mbatch -n 50000 into -P 2 sh -c 'dd bs=100 2>/dev/null' <big | cmp - big
	try -n 50000 into head -n 1 <big
	gives '1\n50001\n'
	try -n 50000 into -P 2 head -n 1 <big
	gives '1\n50001\n'
	try -n 50000 into true <big
	gives ''
	try -n 50000 into sh -c 'exec <&-; echo closed' <big
	gives 'closed\nclosed\n'
	try -n 50000 into -P 2 sh -c 'exec <&-; echo closed' <big
	gives 'closed\nclosed\n'
	try -n 50000 into -P 2 true <big
	gives ''
	seq 600000 >big
	try -n 300000 into true <big
	gives ''
}

@test "a grandchild that holds the output and the input is not waited for" {
	mkfifo never
	# It has all of the child's descriptors and waits for ever.
	try -n 10 into -P 2 sh -c 'cat <never & echo $!; cat' <in
	is "$err" ''
	is "$status" 0
	[ "$(wc -l <<<"$out")" -eq 29 ]
	grep -xE '[0-9]{3,}' <<<"$out" | xargs kill || :
	exec 7<>never			# lets go those that don't read yet
	exec 7<&-
}

@test "a grandchild that never stops writing does not hold a batch" {
	try -a into -P 2 sh -c 'yes & echo $! >pid' <in
	kill "$(cat pid)" 2>/dev/null || :
	is "$status" 0
}

@test "no descriptor but 0, 1, 2 gets to a child" {
	[ -e /proc/self/fd ] || skip 'no /proc/self/fd'
	seq 400000 >big
	local flags
	seq 2 >two
	"$H/limit" "$LIMIT" ls /proc/self/fd <in >want 2>err
	cat want want >twice
	for flags in '' '-P 2' '--on-fail kept'; do
		# shellcheck disable=SC2086  # flags are words
		try -n 300000 into $flags ls /proc/self/fd <big
		cmp twice "$BATS_TEST_TMPDIR/out"
		# shellcheck disable=SC2086
		try --bad bad -n 13 -k 0 into $flags ls /proc/self/fd <two
		cmp twice "$BATS_TEST_TMPDIR/out"
	done
}

# The signals 1 to 31 that are blocked and ignored: the C library has some of
# its own above.
signals_of() {
	local name mask
	"$@" grep -E '^Sig(Blk|Ign)' \
	    /proc/self/status <in | while read -r name mask; do
		echo "$name $((16#$mask & 0x7fffffff))"
	done
}

@test "children begin with the signals that the program began with" {
	[ -e /proc/self/status ] || skip 'no /proc/self/status'
	local flags
	for flags in USR2 'HUP PIPE USR1'; do
		# shellcheck disable=SC2086  # names are words
		(
			trap '' $flags
			signals_of env >want
			signals_of "$MBATCH" -a into >got
			signals_of "$MBATCH" -a into -P 2 >>got
		)
		cat want want | cmp - got
	done
}

@test "no zombies are left" {
	need ps
	live -n 1 into -P 4 echo x
	say '1\n2\n3\n'
	hear x
	hear x
	hear x
	settle
	until_true eval '[ -z "$(ps -o stat= --ppid "$live")" ]'
	ended
	[ "$status" -eq 0 ]
}

@test "output comes while a child still runs, and while no input comes" {
	mkfifo go
	live -n 1 into -P 2 sh -c 'echo begun; read x <go; echo done'
	say '1\n'
	hear begun
	echo >go
	hear 'done'
	ended
	[ "$status" -eq 0 ]
}

@test "-t ends a child that runs longer, which is a failure" {
	mkfifo never
	exec 7<>never
	try -n 10 into -t 0.1 sh -c 'exec cat never' <in
	fails 1 'batch 1 \(records 1-10\): sh: ran longer than -t allows'
	try -n 10 into -P 2 -t 3s --on-fail kept sh -c \
	    'test $MBATCH_NUMBER -ne 2 || exec cat never; cat' <in
	is "$out" "$(seq 10; seq 21 25)\n"
	fails 1 'batch 2 .*ran longer' '1 batch failed'
	exec 7<&-
}

@test "-t: one that ignores TERM is killed after the grace" {
	mkfifo never
	exec 7<>never
	# ignored signals stay ignored in what it runs
	try -a into -t 0.1 sh -c 'trap "" TERM; exec cat never' <in
	fails 1 'ran longer than -t allows'
	exec 7<&-
}

@test "TERM: the child finishes, the open batch is run, then it dies of TERM" {
	mkfifo go
	live -n 2 into sh -c 'echo "$MBATCH_REASON" $(cat)
	    test $MBATCH_NUMBER -ne 1 || read x <go; echo end'
	say '1\n2\n3\n'
	hear 'records 1 2'
	kill -TERM "$live"
	echo >go
	hear end
	hear 'signal 3'
	hear end
	hear_end
	ended
	[ "$status" -eq 143 ]
}

@test "TERM with -P: all that run finish" {
	mkfifo go1 go2
	live -n 1 into -P 3 sh -c \
	    'echo $(cat); read x <go$MBATCH_NUMBER; echo end'
	say '1\n2\n'
	hear 1
	kill -TERM "$live"
	echo >go2
	echo >go1
	hear end
	hear 2
	hear end
	hear_end
	ended
	[ "$status" -eq 143 ]
}

@test "killed by the signal that it got itself, it dies of that too" {
	local flags
	for flags in '' '-P 2'; do
		# shellcheck disable=SC2086  # flags are words
		try -a into $flags sh -c 'kill -HUP $PPID; kill -HUP $$' <in
		fails 129 'batch 1 .*: sh: killed by signal 1'
		is "$out" ''
	done
	try -n 20 into --on-fail kept sh -c 'cat
	    test $MBATCH_NUMBER -ne 1 || { kill -HUP $PPID; kill -HUP $$; }' <in
	fails 129 'batch 1 ' '1 batch failed; it is in kept'
	is "$out" "$(cat in)\n"
	# another failure is one all the same
	try -n 10 into sh -c 'kill -HUP $PPID; exit 5' <in
	fails 1 'exit status 5'
	try -n 10 into sh -c 'kill -HUP $$' <in
	fails 1 'killed by signal 1'
}

@test "a second TERM goes to the children too, and ends at once" {
	mkfifo never
	live -n 1 into -P 2 sh -c 'trap "echo got TERM; exit" TERM
	    echo $(cat); read x <never & wait'
	say '1\n'
	hear 1
	kill -TERM "$live"
	until [ ! -e "/proc/$live" ] || ! kill -0 "$live" 2>/dev/null; do
		kill -TERM "$live" 2>/dev/null || :
		sleep 0.05
	done
	ended
	[ "$status" -eq 143 ]
	exec 7<>never			# lets go what reads there
	exec 7<&-
}

@test "a reader that goes away ends it at once, the child too, silently" {
	mkfifo never
	yes | mbatch -n 100000 into cat 2>err | head -n 1 >/dev/null
	[ ! -s err ]
	exec 7<>never
	live -n 1 into sh -c 'echo $$; exec cat never'
	say '1\n'
	read -r -u 9 child
	exec 9<&-
	status=0
	wait "$live" || status=$?
	live=
	[ "$status" -eq 141 ]
	[ ! -s err ]
	until_true gone "$child"
	exec 7<&-
}

@test "a reader that goes away, with -P" {
	mkfifo never
	yes | mbatch -n 100000 into -P 3 cat 2>err | head -n 1 >/dev/null
	[ ! -s err ]
	exec 7<>never
	live -n 1 into -P 2 sh -c 'echo $$; exec cat never'
	say '1\n'
	read -r -u 9 child
	exec 9<&-
	status=0
	wait "$live" || status=$?
	live=
	[ "$status" -eq 141 ]
	[ ! -s err ]
	until_true gone "$child"
	exec 7<&-
}

@test "a full disk is a message and 1" {
	status=0
	mbatch -n 10 into -P 2 cat <in 2>err >/dev/full || status=$?
	[ "$status" -eq 1 ]
	grep -q 'standard output: No space left' err
}

@test "a slow batch closes later ones by time as it should" {
	live -n 100 -t 0.2 into sh -c 'echo "$MBATCH_RECORDS by $MBATCH_REASON"'
	say '1\n2\n3\n'
	hear '3 by timeout'
	say '1\n2\n3\n4\n'
	hear '4 by timeout'
	hush
	hear_end
}

@test "-P 1: the next batch is read while a command runs" {
	# More than pipes hold, so that it is written only if it is read.
	(printf 'a\nb\n'; yes b | head -c 3000000; echo >written) |
	    mbatch -k 1 into -P 1 sh -c '"$H/await" written && wc -l' >got
	printf '1\n1500001\n' | cmp - got
}

@test "--on-fail: a file that somebody else put there stays" {
	live -n 1 into --on-fail lost cat
	say '1\n'
	hear 1
	mv lost elsewhere
	echo precious >lost
	ended
	is "$status" 0
	is "$(<lost)" precious
	live -n 1 into --on-fail new cat
	say '1\n'
	hear 1
	mv new elsewhere
	: >new
	ended
	[ -e new ]
}

# share FILE: a run that has made FILE, and ends at the end of descriptor 7; it
# is $first.
share() {
	local i
	mkfifo said1
	"$MBATCH" -n 1 into --on-fail "$1" sh -c 'read -r x; [ "$x" != bad ]' \
	    <said1 >one 2>err1 &
	first=$!
	exec 7>said1
	for ((i = 0; i < 600; i++)); do
		[ ! -e "$1" ] || return 0
		sleep 0.1
	done
	return 1
}

@test "--on-fail: two runs share a file, and lose nothing" {
	share lost
	live -n 1 into --on-fail lost sh -c 'read -r x; [ "$x" != bad ]' 7>&-
	say '1\n'
	settle
	exec 7>&-
	wait "$first"
	[ ! -e lost ]			# it was of no use
	say 'bad\n'
	say '2\nbad\n'
	ended
	is "$status" 1
	grep -q 'into: 2 batches failed; they are in lost' err
	is "$(<lost)" 'bad\nbad'
}

@test "--on-fail: the one that made it leaves what the other one wrote" {
	share lost
	try -n 1 into --on-fail lost false <<<x
	fails 1 'it is in lost'
	exec 7>&-
	wait "$first"
	is "$(<lost)" x
}

@test "--on-fail: many at a time, one header line or none lost" {
	local i
	for ((i = 0; i < 20; i++)); do
		printf 'a,b\n%d,x\n%d,y\n' $i $i | "$MBATCH" -i csv -n 1 into \
		    --on-fail lost false 2>/dev/null &
		printf 'a,b\n1,1\n' | "$MBATCH" -i csv into --on-fail lost true &
	done
	wait
	[ "$(grep -c '^[0-9]*,[xy]$' lost)" -eq 40 ]
	[ "$(grep -cx 'a,b' lost)" -eq 1 ]
	[ "$(wc -l <lost)" -eq 41 ]
}

@test "--on-fail: the input is no place for it" {
	seq 3 >f
	try into --on-fail f false <f
	usage 'into: --on-fail f: that is the input file'
	is "$(<f)" '1\n2\n3'
}

@test "what a command can't be given, or heard of, is a failure" {
	seq 3 >in
	try_fault 'write -1 2 1' into cat <in
	fails 1 'batch 1 \(records 1-3\): cat: its input or output: No space left'
	try_fault 'read -1 1000 1' into -P 2 cat <in
	fails 1 'batch 1 \(records 1-3\): cat: its input or output: No space left'
	try_fault 'write -1 2 1' -n 1 into --on-fail lost cat <in
	is "$out" '2\n3\n'
	fails 1 'into: 1 batch failed; it is in lost'
	is "$(<lost)" 1
}

@test "--on-fail: what close finds is told" {
	local i told=
	for ((i = 1; i < 9; i++)); do
		try_fault "close -1 0 $i" into --on-fail lost false <<<1
		fails 1 'batch 1'
		if grep -q 'into: --on-fail lost: No space left' err; then
			[[ $err != *'in lost'* ]]
			told=1
		fi
	done
	[ -n "$told" ]
}

@test "a temporary file that close finds not to be whole is told" {
	head -c 2000000 /dev/zero | tr '\0' x >big
	local i told=
	for ((i = 1; i < 9; i++)); do
		try_fault "close -1 0 $i" into wc -c <big
		if grep -q 'a temporary file in .*: No space left' err; then
			is "$status" 1
			is "$out" ''
			told=1
		fi
	done
	[ -n "$told" ]
}

@test "into: a command that fails as nobody reads any more fails of that" {
	mkfifo fifo
	exec 5<>fifo 6>fifo 5<&-
	status=0
	seq 3 | mbatch -n 1 into sh -c 'exit 1' >&6 2>err || status=$?
	is "$status" 141
	[ ! -s err ]
	# where whoever starts it ignores the signal
	status=0
	seq 3 | (trap '' PIPE && exec "$MBATCH" -n 1 into sh -c 'exit 1') \
	    >&6 2>err || status=$?
	exec 6>&-
	is "$status" 1
	is "$(cat err)" 'mbatch: standard output: Broken pipe'
}
