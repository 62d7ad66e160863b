#!/usr/bin/env bats
# --state: runs that go on where the last one ended

load helper

# Preloaded it does without what syncs, and kills: helper/kill.so.c.
so=$H/kill.so
[ -z "${MBATCH_CHECK-}" ] && [ -s "$so" ] &&
    [[ $(KILL=here LD_PRELOAD=$so "$MBATCH" -V 2>&1) == kill.so* ]] || so=

# One run over log, its output added to res.
go() {
	status=0
	LD_PRELOAD=${so-} mbatch --state s "$@" <log >>res 2>err || status=$?
	err=$(cat err)
}

# It went well, and told nothing; res is.
went() {
	told 0 '^$'
	is "$(tr '\n' ' ' <res)" "$*"
}

# It ended so, and told that.
told() {
	[[ $status = "$1" && $err =~ $2 ]] || {
		show
		return 1
	}
}

need_kill() {
	[ -n "$so" ] || skip 'nothing can be preloaded'
}

# The run kills itself at its N-th call.
killed() {
	local n=$1
	shift
	status=0
	{ KILL=$n LD_PRELOAD=$so "$MBATCH" --state s "$@" <log >>res 2>err ||
	    status=$?; } 2>killed
	err=$(cat err)
}

@test "a run goes on where the last one ended" {
	seq 10 >log
	go -n 4
	went '1 2 3 4 5 6 7 8 9 10 '
	printf '11\n12' >>log
	go -n 4
	went '1 2 3 4 5 6 7 8 9 10 11 '
	go -n 4
	printf '\n' >>log
	go -n 4
	went '1 2 3 4 5 6 7 8 9 10 11 12 '
	cp s before
	go -n 4			# nothing new
	cmp s before
	rm -f s res
	: >log
	go -a count
	went ''
	seq 3 >log
	go -a count
	go -a count
	went '3 '
	seq 5 >>log
	go -a count
	went '3 5 '
	rm s
	go --state-from end -a count
	seq 2 >>log
	go --state-from end -a count
	went '3 5 2 '
}

@test "--explain shows the state, and leaves it" {
	seq 10 >log
	go --explain -n 3 dedup then count over all
	grep -q '^state  *none yet: the input is read from its start$' res
	go -n 3 dedup then count over all
	cp s before
	seq 11 12 >>log
	: >res
	go --explain -n 3 dedup then count over all
	told 0 '^$'
	grep -A 2 '^state' res | sed 's/20[-0-9T:.]*Z/NOW/' >seen
	diff seen - <<-'EOF'
		state       at byte 21, and 6 follow
		            after 4 batches of 10 records, the last run NOW
		            remembered: dedup, count, 166 bytes
	EOF
	cmp s before
	go --explain -n 4 dedup
	told 1 'of another command'
	seq 9 >log
	go --explain -n 3 dedup then count over all
	grep -q 'at byte 21 of another file than this' res
	[ -n "$so" ] || return 0
	rm s
	killed 9 -n 2
	: >res
	go --explain -n 2
	grep -q 'which ended early: it is repeated' res
}

@test "numbers go on, header lines come once" {
	seq 3 >log
	go -n 2 stamp batch then let n='nr()'
	seq 2 >>log
	go -n 2 stamp batch then let n='nr()'
	is "$(tr '\t\n' ', ' <res)" '1,1,1 1,2,2 2,3,3 3,1,4 3,2,5 '
	rm s res
	printf 'a,b\n' >log
	go -i csv -o csv -n 1
	went ''
	printf '1,2\n' >>log
	go -i csv -o csv -n 1
	printf '3,4\n' >>log
	go -i csv -o csv -n 1
	went 'a,b 1,2 3,4 '
	sed 's/b/c/' log >log2
	mv log2 log
	go -i csv -o csv -n 1
	[ "$status" = 1 ]
	rm s res
	echo '{"a":1,"b":2}' >log
	go -o csv let c=3
	echo '{"b":5,"a":4}' >>log
	go -o csv let c=3
	went 'a,b,c 1,2,3 4,5,3 '
	rm s res
	: >log
	go -i json -o csv -N
	echo '{"a":1,"b":2}' >>log
	go -i json -o csv -N
	went '1,2 '
	# a run of which no record is written
	rm s res
	echo '{"a":1}' >log
	go -i json -o csv where 'a>1'
	went ''
	echo '{"a":2}' >>log
	go -i json -o csv where 'a>1'
	went 'a 2 '
}

@test "what can't be done again is a usage error" {
	seq 3 >log
	for o in '-t 1s' '-g 1' '-a rate' '-a sample .5' '-a shuffle' \
	    '-a stamp' '-a let x=now()' '-o table' '--bad f' \
	    '--merge count'; do
		read -ra words <<<"$o"
		go "${words[@]}"
		told 2 '^mbatch: .*'
		[ ! -e s ]
	done
	mbatch --state s <log 2>err | cat >res
	grep -q 'mbatch --state s --state-to s.new ... | CMD && mv s.new s' err
	[ ! -s res ]
	echo old >res
	status=0
	mbatch --state s <log 1<>res 2>err || status=$?
	err=$(cat err)
	told 2 'would overwrite'
	try --state-skip <log
	is "$status" 2
	try --state s --state-skip < <(cat log)
	is "$status" 2
}

@test "a state that is not this run's is told" {
	seq 3 >log
	go
	cp s good
	go -n 5
	told 1 'it is of another command, mbatch; --state-reset begins anew'
	sed 's/state 2/state 9/' good >s
	go
	told 1 'another version'
	echo hello >s
	go
	told 1 'no state of mbatch'
	for ((i = 20; i < 300; i += 23)); do
		{ head -c $i good; printf x; tail -c +$((i + 2)) good; } >s
		cmp -s s good && continue
		go
		told 1 'it is damaged|another version'
	done
	# cut at any length, of one line or without an end
	for i in 1 9 15 16 17 18 40 $(($(wc -c <good) - 30)) \
	    $(($(wc -c <good) - 1)); do
		head -c "$i" good >s
		go
		told 1 'it is damaged|another version|no state of mbatch'
	done
	for end in '' e 'end' "$(printf 'end\tx')" "$(tail -n 1 good) "; do
		{ sed \$d good; echo "$end"; } >s
		go
		told 1 'it is damaged'
	done
	{ head -n 1 good; tail -n 1 good; } >s
	go
	told 1 'it is damaged'
	head -c 100 good >s
	go
	told 1 'it is damaged'
	cmp -n 100 s good
	go --state-reset
	is "$status" 0
	cmp s good || :
	is "$(tr '\n' ' ' <res)" '1 2 3 1 2 3 '
	mbatch --state s cat 2>/dev/null <log && return 1
	mkdir full
	go --state full/none/s
	told 1 'No such file'
}

# holds PID FILE: that is open there.
holds() {
	local f
	for f in /proc/"$1"/fd/*; do
		[ ! "$f" -ef "$2" ] || return 0
	done
	return 1
}

@test "one run at a time" {
	mkfifo in
	seq 3 >log
	"$MBATCH" --state s -n 1 <in >first &
	exec 5>in
	echo 1 >&5
	wait_for first
	go
	told 4 'another run holds s.lock'
	echo kept >s.new
	go --state-to s.new
	told 4 'another run holds s.lock'
	is "$(cat s.new)" kept
	go --state-wait 1ms
	told 4 'another run holds s.lock'
	"$MBATCH" --state s --state-wait 1h <log >>res 2>err 5>&- &
	until_true holds $! s.lock
	kill -TERM $!
	status=0
	wait $! || status=$?
	err=$(cat err)
	told 4 'another run holds s.lock'
	"$H/limit" 60 "$MBATCH" --state s -n 1 --state-wait 1h <log >>res 2>err \
	    5>&- &
	exec 5>&-
	wait
	grep -q 'input that had no positions' err
}

@test "killed at any call: old or new, and all of it once" {
	need_kill
	seq 9 >base
	cp base log
	go -n 2
	cp s s.old
	cp res res.old
	seq 10 15 >>base
	for ((n = 1; ; n++)); do
		cp s.old s
		cp res.old res
		cp base log
		killed $n -n 2
		[ "$status" = 137 ] || break
		echo 16 >>log
		killed $((n % 7 + 1)) -n 2
		go -n 2
		went '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 '
	done
	[ $n -gt 10 ]
	is "$status" 0
}

# many [OPTION]... mbatch ARG...: rounds of 200 runs that are killed at random moments,
# of a seed each, and what came out in the end: helper/killed.c.
many() {
	local i said k w killed=0 wrote=0 runs=${STATE_RUNS:-200}
	for ((i = 0; i < runs; i += 200)); do
		rm -rf round
		mkdir round
		said=$(cd round && "$H/killed" -p "$so" \
		    -s $((${SEED:-1} + i / 200)) "$@") || {
			echo "$said"
			return 1
		}
		read -r k _ _ _ _ w _ <<<"$said"
		killed=$((killed + k)) wrote=$((wrote + w))
	done
	[ -z "${STATE_RUNS-}" ] || echo "# $killed of $i runs killed," \
	    "$wrote when they had written: ${*//$'\n'/ }" >&3
}

@test "killed at random moments: every record once" {
	need_kill
	many mbatch -n 7
	many mbatch
	many mbatch -F , -n 7 where '$2 >= 0' then let '$1=$1 * 2' then grep .
	many -h a,b mbatch -i csv -a -o json let x=1
	many -h a,b mbatch -i csv -o csv -n 7 where 'b > 0'
	many -h a,b -g 'sort res' -w 'sort log' mbatch -i csv -o csv \
	    -a sort -r b
	many -h a,b mbatch -i csv -o tsv -a let x=1
	many -g '"$MBATCH" --merge count <res' -w 'wc -l <log' \
	    mbatch -n 7 --partial count
	many -g "awk '{ n += \$1 } END { print n }' res" -w 'wc -l <log' \
	    mbatch -a count
}

@test "killed at random moments: files of tee" {
	need_kill
	many -g 'cat res; ls part-* | sort -t - -k 2n | xargs cat; ls .part*' \
	    -w 'cat log log' mbatch -n 7 tee 'part-%N' 2>nothing
	many -g 'cat res; sort -m -t , -k 2n part-*' -w 'cat log log' \
	    mbatch -F , -n 7 tee -a 'part-{1}'
	many -h a,b -g 'cat part; awk "FNR > 1" part-* |
	    sort -t , -k 2n; awk "FNR == 1" part-*' \
	    -w 'cat log; sed 1d log; yes a,b | head -n 7' \
	    mbatch -n 7 -i csv tee 'part-{a}' then tee part
}

@test "killed at random moments: what was remembered is, to the bit" {
	need_kill
	many mbatch -F , -n 1 count by 1 over all
	many -g 'tac res | sort -u -t , -k 1,1' -w '"$MBATCH" -F , -a \
	    stats sum:2,mean:2,p50:2 by 1 <log | sort' \
	    mbatch -F , -n 5 stats sum:2,mean:2,p50:2 by 1 over all
	many mbatch -F , dedup 1 then step n=count
	# Times that now and then are late; the last windows are still open.
	many -w '"$MBATCH" -F , -T 2:%s -w 1h --late 12m \
	    stats count,sum:1 then stamp batch,time <log |
	    awk -v n="$(wc -l <res)" "NR <= n { print } END {
	    if (NR > n + 3) print NR - n, \"windows more\" }"' \
	    -l mbatch -F , -T 2:%s -w 1h --late 12m \
	    stats count,sum:1 then stamp batch,time
}

@test "a year that is missing is the same when a run is repeated" {
	need_kill
	printf 'Dec 31 23:59:59,a\nJan  1 00:00:01,b\n' >log
	touch -d '2024-01-01 12:00' log
	killed 9 -F , let 't=strptime($1)' then cut t
	is "$status" 137
	echo 'Jan  1 00:00:02,c' >>log
	touch -d '2026-06-01 12:00' log
	go -F , let 't=strptime($1)' then cut t
	is "$(tr '\n' ' ' <res)" '1704067199 1704067201 1767225602 '
}

@test "output that something else was added to is told, and never cut" {
	need_kill
	seq 9 >log
	for ((n = 1; ; n++)); do
		rm -f s res
		killed $n -n 3
		[ "$(wc -l <res)" != 7 ] || break
	done
	echo other >>res
	go -n 3
	told 0 'from byte 12 on there is something else'
	is "$(tr '\n' ' ' <res)" '1 2 3 4 5 6 7 8other 7 8 9 '
	go -n 3
	told 0 '^$'
}

@test "a disk that is full while the state is written" {
	seq 3 >log
	go
	cp s good
	seq 4 6 >>log
	need_kill
	so=$H/fault.so
	FAULT='write -1 9 1' go		# of the try
	told 1 's.tmp: No space left'
	[ ! -e s.tmp ]
	cmp s good
	FAULT='write 1 99 1' go		# standard output was closed by then
	told 1 's.tmp: No space left'
	[ ! -e s.tmp ]
	go
	went '1 2 3 4 5 6 '
}

# Lines FROM to TO, changed at that second.
old() {
	seq "$1" "$2" >"$3"
	touch -d "@$4" "$3"
}

@test "standard output, rotated files and headers that don't suit are told" {
	seq 3 >log
	: >new
	for to in '>&-' '1<new'; do
		status=0
		eval "mbatch --state s <log 2>err $to" || status=$?
		err=$(cat err)
		told 2 'it is none'
	done
	plumb outtty "$MBATCH" --state s <log >out 2>&1 && return 1
	grep -q 'this is none: nobody knows what its reader has got' out
	# one that is open to be read, too
	mbatch --state s <log 1<>new
	cmp new log
	rm s
	mbatch --state null <log >/dev/null
	grep -q . null
	# files that are none, that one itself, two that are the same
	mkdir folder
	go --state-rotated log --state-rotated folder --state-rotated nosuch
	went '1 2 3 '
	go --state-rotated log/x
	told 1 '^mbatch: --state-rotated log/x: '
	seq 4 3000 >>log
	go
	echo 3001 >>log
	cp log log.1
	mv log gone
	cp log.1 log.2
	echo 3002 >log
	go --state-rotated log.1 --state-rotated log.2
	told 1 'several files go on behind byte 13893 of what was read last'
	rm s
	printf 'a,b\n1,2\n' >log
	go -i csv
	printf 'b,a\n3,4\n' >log
	go -i csv --state-skip
	told 1 'the header is another one than before: .?b,a'
	[ -n "$so" ] || return 0
	rm s
	seq 9 >log
	killed 9 -n 2
	mv res before
	go -n 2
	told 1 'standard output is not what a run that was killed wrote to'
	go --state-skip -n 2
	is "$status" 0
	is "$(tail -n 1 res)" 9
}

@test "a log that is rotated between two runs" {
	names=(--state-rotated log.3 --state-rotated log.1 --state-rotated log.2)
	seq 1 1000 >log
	go -a
	seq 1001 1500 >>log
	touch -d @1000 log
	mv log log.1		# once
	old 1501 1600 log 2000
	go -a
	told 1 'is not the file of which 3893 bytes were read'
	go -a "${names[@]}"
	cmp res <(seq 1600)
	cmp res <(seq 1600)
	seq 1601 3000 >>log
	go -a "${names[@]}"
	seq 3001 3100 >>log	# twice, and an older one is there
	touch -d @2500 log
	mv log.1 log.3
	mv log log.2
	old 3101 3200 log.1 3000
	seq 3201 3300 >log
	go -a "${names[@]}"
	told 0 '^$'
	cmp res <(seq 3300)
	rm log.*
	go -a "${names[@]}"	# nobody asks where it was
	echo 3301 >>log
	go -a "${names[@]}"
	told 0 '^$'
	cmp res <(seq 3301)
	mv log log.1		# which of the two comes next?
	old 3302 3303 log.2 4000
	old 3304 3305 log.3 4000
	touch -d @4000 log.1
	echo 3306 >log
	go -a "${names[@]}"
	told 1 'log.1 and log.[23] were changed at the same time'
	touch -d @4001 log.2
	go -a "${names[@]}"
	told 1 'log.1 and log.3 were changed at the same time'
	touch -d @4002 log.3
	go -a "${names[@]}"
	told 0 '^$'
	cmp res <(seq 3306)
	seq 3307 5000 >>log
	go -a
	cp log log.2		# of which there are copies
	cp log log.3
	touch -d @4003 log
	mv log log.1
	seq 5001 5010 >log
	go -a --state-rotated log.2 --state-rotated log.3 --state-rotated log.1
	told 1 'several files go on behind byte .* must not name copies'
	go -a --state-rotated log.1
	cmp res <(seq 5010)
	rm log*			# compressed, say
	seq 3400 3500 >log
	go -a "${names[@]}"
	told 1 'unless --state-rotated names where it is'
	go -a "${names[@]}" --state-skip
	told 0 'what came behind the 50 bytes that were read is passed over'
	cmp res <(seq 5010; seq 3400 3500)
}

@test "a log that is copied and cut between two runs" {
	seq 1 2000 >log
	go -a
	seq 2001 2100 >>log
	cp log log.1
	touch -d @1000 log.1
	seq 2101 2110 >log2
	cat log2 >log		# the same inode
	go -a
	told 1 'was cut to 50 bytes after 8893 of it were read'
	go -a --state-rotated log.1
	told 0 '^$'
	cmp res <(seq 2110)
	seq 2111 2120 >>log	# less than 4 KiB
	cp log log.1
	touch -d @2000 log.1
	echo 2121 >log
	go -a --state-rotated log.1
	told 0 '^$'
	cmp res <(seq 2121)
	seq 9 >log		# and none of it
	go -a --state-skip
	told 0 'what came behind the 5 bytes'
	seq 10 >>log
	go -a
	cmp res <(seq 2121; seq 9; seq 10)
}

@test "a log of which no record was read is copied and cut" {
	for fmt in text csv; do
		rm -f s res log*
		head=
		[ $fmt = text ] || head='a\n'
		printf %b "$head" >log
		go -i $fmt -a
		for i in 2 1; do
			printf '%d\n' $((3 - i)) >>log
			cp log log.$i
			touch -d "+$((3 - i)) hours" log.$i
			printf %b "$head" >log
		done
		echo 3 >>log
		go -i $fmt -a --state-rotated log.1 --state-rotated log.2
		told 0 '^$'
		is "$(tr '\n' ' ' <res)" "${head:+a }1 2 3 "
	done
}

@test "a log that is copied and cut before a run is repeated" {
	need_kill
	for ((n = 1; ; n++)); do
		rm -f s res log.*
		seq 1 1000 >log
		go -n 100
		seq 1001 1500 >>log
		mv log log.1
		: >log			# nothing of it is read by the try
		killed $n -n 100 --state-rotated log.1
		[ "$status" = 137 ] || break
		seq 1501 1600 >log
		cp log log.2
		: >log
		go -n 100 --state-rotated log.1 --state-rotated log.2
		told 0 '^$'
		cmp res <(seq 1600)
	done
	is "$status" 0
}

@test "a log that is another one, with the same inode or header" {
	printf 'a\n1\n' >log
	go -i csv -a
	printf 'a\n1\n2\n' >log2
	mv log2 log
	go -i csv -a
	told 1 'is not the file of which 4 bytes were read'
	go -i csv -a --state-skip
	rm -f s res
	{ echo a; seq 3000; } >log
	go -i csv -a
	{ echo a; seq 2 4000; } >log2
	cat log2 >log
	go -i csv -a
	told 1 'is not the file'
	# each piece has the header, and it must be the same
	{ echo b; seq 3; } >log
	touch -d @2000 log
	{ echo a; seq 3010; } >log.1
	touch -d @1000 log.1
	go -i csv -a --state-rotated log.1
	told 1 'standard input has another header: .b.'
	sed -i '1s/b/a/' log
	go -i csv -a --state-rotated log.1
	told 0 '^$'
	cmp res <(echo a; seq 3010; seq 3)
}

@test "what a slow writer adds to a log that was left" {
	seq 1000 >log
	go -n 900
	mv log log.1
	printf '1001\n1002' >>log.1
	touch -d @1000 log.1
	seq 1003 1010 >log
	go -n 900 --state-rotated log.1
	told 0 '^$'
	cmp res <(seq 1010)
	printf '\n1002.5\n' >>log.1
	echo 1011 >>log
	go -n 900 --state-rotated log.1
	told 0 '8 bytes came late to log.1'
	echo 1012 >>log
	go -n 900 --state-rotated log.1
	told 0 '^$'
	cmp <(tail -n 4 res) <(printf '\n1002.5\n1011\n1012\n')
	# One that is still written to is not passed.
	mv log log.2
	printf '1013\n10' >>log.2
	echo 1015 >log
	go -n 900 --state-rotated log.2
	printf '14\n' >>log.2
	touch -d @3000 log.2
	go -n 900 --state-rotated log.2
	cmp <(tail -n 3 res) <(seq 1013 1015)
}

@test "a run that ends within what came late to a log that was left" {
	a=(-n 1 --state-rotated log.1 --state-rotated log.2 assert '$1 != 1008')
	old 1 1000 log 1000
	go "${a[@]}"
	mv log log.1
	old 1001 1005 log 2000
	go "${a[@]}"
	seq 1006 1010 >>log.1
	mv log.1 log.2		# changed after the one that comes behind it
	mv log log.1
	echo 1011 >log
	go "${a[@]}"
	told 3 '25 bytes came late to log.2'
	go "${a[@]}"
	told 0 '10 bytes came late to log.2'
	go "${a[@]}"
	told 0 '^$'
	cmp res <(seq 1011)
}

@test "a file that is no state's is never replaced" {
	seq 3 >log
	go
	cp s good
	cp log log2
	go --state-to s
	told 2 '^mbatch: --state-to s: it is the file of --state too'
	cmp s good
	go --state-to log
	told 2 'it is standard input'
	cmp log log2
	mkfifo pipe
	go --state pipe
	told 2 '^mbatch: --state pipe: it is no regular file'
	go --state-to pipe
	told 2 'it is no regular file'
	[ -p pipe ]
	go --state res
	told 2 'it is standard output'
	ln -s nothing link
	go --state link
	told 2 'link: it is a link to nothing'
	[ -h link ]
	ln -s loop loop
	go --state loop
	told 1 '^mbatch: --state loop: '
	go --state-to log/s
	told 1 '^mbatch: --state-to log/s: '
	go --state log/s
	told 1 '^mbatch: --state: log/s.lock: '
	mkdir none.tmp
	go --state-to none
	told 1 '^mbatch: --state-to: none.tmp: '
	go --state none
	told 1 '^mbatch: --state: none.tmp: '
	try --state /dev/fd/9 <log 9<none.tmp
	told 1 '^mbatch: --state /dev/fd/9: '
	: >s			# what is left of one
	go
	told 1 'it is no state of mbatch'
	rm s
	go --state-to none/s.new
	told 1 'none/s.new.tmp: No such file'
	is "$(tr '\n' ' ' <res)" '1 2 3 '
}

@test "a run that was killed is repeated over a log that was rotated" {
	need_kill
	seq 1 1000 >log
	go -n 100
	for at in 8 10 12; do
		rm -f log.1
		seq 1001 1500 >>log
		cp s s.was
		killed $at -n 100
		is "$status" 137
		seq 1501 1600 >>log
		touch -d @1000 log
		mv log log.1
		seq 1601 1700 >log
		go -n 100
		told 1 "a run was killed, and what it read is no longer"
		go -n 100 --state-rotated log.1
		told 0 '^$'
		cmp res <(seq 1700)
		cat log.1 log >log2
		rm -f s res
		seq 1 1000 >log
		go -n 100
	done
	seq 1001 1500 >>log
	killed 9 -n 100
	echo 1 >log
	go -n 100 --state-skip
	told 0 'standard output from byte 3893 on may be of a run'
	rm -f s res
	seq 1001 1500 >log
	killed 9 -n 100
	: >log			# nothing is left to be read
	go -n 100 --state-skip
	told 0 'standard output from byte 0 on may be of a run'
	go -n 100
	told 0 '^$'
}

@test "a log that shrinks while it is read" {
	seq 100000 >log
	cat >shorten <<-'EOF'
		#!/bin/sh
		cat
		: >log
	EOF
	chmod +x shorten
	go -n 1000 into ./shorten
	told 1 'was cut to .* bytes while it was read'
	go --state-reset -n 1000 into cat
	is "$status" 0
}

@test "the state goes to another file, for a command that may fail" {
	RANDOM=${SEED:-3}
	: >log
	for ((i = 0; i < 100; i++)); do
		seq $((i * 5 + 1)) $((i * 5 + RANDOM % 5 + 1)) >>log
		set +e
		set -o pipefail
		LD_PRELOAD=$so mbatch --state s --state-to s.new -n 3 <log |
		    if ((RANDOM % 2)); then cat >>res; else
			cat >/dev/null
			false
		fi && mv s.new s
		set +o pipefail
		set -e
	done
	LD_PRELOAD=$so mbatch --state s --state-to s.new -n 3 <log >>res
	mv s.new s
	cmp res log
	echo stale >s.new
	! mbatch --state s --state-to s.new -n 3 -o x <log 2>err || return 1
	! mbatch --state s --state-to s.new -n 4 <log 2>err || return 1
	[ ! -e s.new ]
}

@test "the state is a descriptor: each input is a whole piece" {
	: >new
	for piece in '1 2 1' '2 3' '2 3' '1 4 x'; do
		mv new old
		tr ' ' '\n' <<<"$piece" >log
		mbatch --state /dev/fd/4 --state-to /dev/fd/5 dedup <log \
		    4<old 5>new | cat >>res
	done
	is "$(tr '\n' ' ' <res)" '1 2 3 4 x '
	try --state /dev/fd/4 --state-skip <log
	told 2 'is a whole piece, and has no position'
	: >log
	go dedup
	mbatch --state /dev/fd/4 --state-to /dev/fd/5 dedup <log 4<s 5>new \
	    2>err && return 1
	grep -q 'it is of an input that had positions' err
}

@test "a repeated run finds what lies outside as it was, or tells" {
	need_kill
	printf 'k,v\n1,a\n' >names.csv
	printf '1\n2\n' >keys
	chain=(-a let 'e=env("E")' then lookup names.csv '1=k')
	export E=1
	for other in 'E=2' 'printf "k,v\n1,b\n" >names.csv' ''; do
		rm -f s res
		seq 2 >log
		killed 8 "${chain[@]}"
		is "$status" 137
		eval "$other"
		go "${chain[@]}"
		case $other in
		E=*) told 1 "killed, and env\\('E'\\) is no longer what it was" ;;
		*csv) told 1 'killed, and names.csv is no longer' ;;
		'') told 0 '^$' ;;
		esac
		go --state-skip "${chain[@]}"
		is "$status" 0
		E=1
	done
	rm s
	printf '1\n' >log
	killed 8 -a stats count by 1 then missing -f keys by 1
	echo 3 >>keys
	go -a stats count by 1 then missing -f keys by 1
	told 1 'keys is no longer what it was'
}

@test "a signal leaves the open batch to the next run" {
	need_kill
	seq 10 >log
	# At the 3rd batch; sleep lets nothing end before the signal is seen.
	cat >quit <<-'EOF'
		#!/bin/sh
		read -r x
		echo "$x"
		[ "$x" != 5 ] || kill -TERM "$PPID"
	EOF
	chmod +x quit
	sed 's/TERM/USR1/' quit >flush
	chmod +x flush
	go -n 2 into ./flush
	told 0 'USR1 closes no batch where --state is given'
	is "$(tr '\n' ' ' <res)" '1 3 5 7 9 '
	rm s
	status=0
	LD_PRELOAD=$so "$MBATCH" --state s -n 2 into ./quit <log >>res 2>err ||
	    status=$?
	is "$status" 143
	LD_PRELOAD=$so go -n 2 into ./quit
	is "$status" 0
	echo 11 >>log
	go -n 2 into ./quit
	is "$status" 0
}

@test "files of tee: all runs are as one" {
	printf 'k,n\na,1\nb,2\n' >log
	echo old >part-b
	go -i csv tee 'part-{k}'
	told 1 'part-b is there already'
	rm s part-* res
	for n in 3 4 5; do
		go -i csv -n 1 tee 'part-{k}'
		told 0 '^$'
		echo "a,$n" >>log
	done
	cmp part-a <(printf 'k,n\na,1\na,3\na,4\n')
	cmp part-b <(printf 'k,n\nb,2\n')
	go -i csv tee x then tee -a x
	told 2 'an earlier tee makes .x.'
	need_kill
	rm s res
	echo old >all
	seq 9 >log
	for ((n = 1; ; n++)); do	# there is more than before
		rm -f s
		echo old >all
		: >res
		killed $n -n 2 tee -a all
		[ "$status" = 137 ] || break
		[ "$(wc -l <all)" = 1 ] || break
	done
	is "$status" 137
	cp all was
	cp s s.was
	echo other >>all
	go -n 2 tee -a all
	told 0 'all: from byte .* on there is something else'
	cp s.was s
	: >res
	: >all
	go -n 2 tee -a all
	told 1 'all has 0 bytes, and had 4 before what a run that was killed wrote; --state-skip goes on'
	rm all
	go -n 2 tee -a all
	told 1 'all has 0 bytes, and had 4 before what a run that was killed'
	cp was all
	go -n 2 tee -a all
	told 0 '^$'
	cmp all <(echo old; seq 9)
	cp s.was s
	: >res
	rm all
	go -n 2 --state-skip tee -a all
	told 0 'all has 0 bytes, and had 4 before'
	cmp all <(seq 9)
}

@test "files of tee: those of others, of the state, and of another tee" {
	seq 6 >log
	echo other >part-2
	for n in 1 2; do
		go -n 2 tee 'part-%N'
		told 1 'part-2( is there already|\.[0-9a-f]*-0: File exists)'
		is "$(cat part-2)" other
	done
	rm s part-* .part-* res
	for name in s s.lock s.tmp; do
		echo a >log
		go tee -a '{1}'
		echo $name >>log
		go tee -a '{1}'
		told 1 "$name: that is a file of --state"
		rm s a res
	done
	printf 'x y\nx y\nz x\n' >log
	echo had >a-x
	go -n 1 tee -a 'a-{1}' then tee -a 'a-{2}'
	told 0 '^$'
	is "$(cat a-x)" $'had\nx y\nx y\nz x'
	need_kill
	for ((n = 1; ; n++)); do
		rm -f s res
		echo had >a-x
		rm -f a-[yz]
		killed $n -n 1 tee -a 'a-{1}' then tee -a 'a-{2}'
		[ "$status" = 137 ] || break
		go -n 1 tee -a 'a-{1}' then tee -a 'a-{2}'
		is "$(cat a-x)" $'had\nx y\nx y\nz x'
		[[ $(ls -A) != *.a-* ]]
	done
	is "$status" 0
}

@test "commands that fail get their batch once more, and no other" {
	seq 10 >log
	cat >take <<-'EOF'
		#!/bin/sh
		batch=$(cat)
		case $batch in *5*) [ -e ok ] || exit 1; esac
		echo "$batch" >>got
	EOF
	chmod +x take
	go -n 2 into ./take
	told 1 'batch 3 .*exit status 1'
	is "$(tr '\n' ' ' <got)" '1 2 3 4 '
	go -n 2 into ./take
	told 1 'batch 3 .*exit status 1'
	: >ok
	go -n 2 into ./take
	told 0 'batches from 3 on may have come to their commands before'
	cmp got log
	[ -n "$so" ] || return 0
	rm s got
	KILL=20 go -n 2 into ./take
	is "$status" 137
	go -n 2 into ./take
	told 0 'batches from 1 on may have come to their commands before'
}

@test "killed at random moments: commands get each batch at least once" {
	need_kill
	# Of both the records; then those that a run gave to a command once
	# more without telling their batch.  What got half has no end.
	cat >twice <<-'EOF'
		FNR == 1 { file++ }
		file == 1 {
			at[++runs] = $1
			from[runs] = match($0, /batches from [0-9]+ /) ? \
			    substr($0, RSTART + 13) + 0 : 1e9
			next
		}
		{
			begin = match($0, /.*[{]/) ? RLENGTH - 1 : 0
			while (r < runs && at[r + 1] <= bytes + begin)
				r++
			bytes += length($0) + 1
			if (split(substr($0, begin + 1), a, /[:,}]/) != 7)
				next
			if (!(a[6] in seen))
				print a[6]
			else if (seen[a[6]] == r || a[2] < from[r])
				print "untold:", $0
			seen[a[6]] = r
		}
	EOF
	many -g 'awk -f ../twice told res | sort -n' -w 'cut -d , -f 2 log' \
	    -m mbatch -F , -o json -n 3 stamp batch then into cat
}

@test "runs that do something twice, or not, are told" {
	need_kill
	printf '#!/bin/sh\nexec cat\n' >twice
	printf '#!/bin/sh\n[ "$1" = --state ] || exec cat\n' >never
	printf '#!/bin/sh\n[ "$1" != --state ] || echo x >&2\n' >talks
	chmod +x twice never talks
	MBATCH=$PWD/twice many mbatch >out && return 1
	grep -q 'seed 1: mbatch --state s: line [0-9]* is' out
	MBATCH=$PWD/never many mbatch >out && return 1
	grep -q 'line 1 is' out
	MBATCH=$PWD/talks many mbatch >out && return 1
	grep -q 'run [0-9]*: x' out
}

@test "a log of 1 to 5000 bytes that grows within lines" {
	RANDOM=${SEED:-5}
	: >log
	seq 10000 11000 >all
	go -n 4
	for ((at = 0; at < 5000; at += 1 + RANDOM % (at < 40 ? 5 : 400))); do
		head -c $at all >log2
		cat log2 >log
		go -n 4
		told 0 '^$'
		head -n $((at / 6)) all | cmp - res
	done
	printf 'a,b' >log
	rm s res
	go -i csv -a count
	printf '\n' >>log
	go -i csv -a count	# no record yet
	[ ! -s res ]
	printf '1,2\n' >>log
	go -i csv -a count
	is "$(cat res)" 1
}

@test "a run of more than a second that is killed is repeated in part" {
	seq 20000 >log
	cat >take <<-'EOF'
		#!/bin/sh
		read first
		echo $first >>got
		cat >>got
		case $first in
		1) sleep 1.1 ;;
		18001) [ -e ok ] || kill -VTALRM $PPID ;;
		esac
	EOF
	chmod +x take
	go -n 1000 into ./take
	is "$status" $((128 + $(kill -l VTALRM)))
	: >ok
	go -n 1000 into ./take
	told 0 'batches from ([2-9]|1[0-9]) on may have come to their'
	is "$(grep -cx 1 got)" 1
	sort -nu got | cmp - log
}

@test "an alert comes once" {
	seq 5 >log
	go -n 2 alert '$1 > 4'
	told 3 '^$'
	go -n 2 alert '$1 > 4'
	told 0 '^$'
	seq 7 9 >>log
	go -n 2 alert -q '$1 > 4'
	told 1 'of another command'
	rm s res
	go -n 2 alert -q '$1 > 4'
	told 3 '^$'
	is "$(tr '\n' ' ' <res)" '5 7 '
	go -n 2 alert -q '$1 > 4'
	told 3 '^$'
	is "$(tr '\n' ' ' <res)" '5 7 8 9 '
	go -n 2 alert -q '$1 > 4'
	told 0 '^$'
	rm s res
	go -n 3 assert '$1 != 2'
	told 3 '.'
	is "$(tr '\n' ' ' <res)" '1 2 '
	go -n 3 assert '$1 != 2'
	is "$(tr '\n' ' ' <res)" '1 2 3 4 5 7 8 9 '
}

@test "what operators remember of a stream" {
	printf '1\n2\n1\n' | mbatch --state s dedup >>res
	printf '2\n3\n' | mbatch --state s dedup >>res
	is "$(tr '\n' ' ' <res)" '1 2 3 '
	! printf '4\nx\n' | mbatch --state s dedup then assert 'num($0) > 0' \
	    >>res 2>err || return 1
	printf '4\n' | mbatch --state s dedup >>res
	is "$(tr '\n' ' ' <res)" '1 2 3 4 '
}

@test "lookup: the file of open windows is the same, or that is told" {
	printf 'k,name\na,one\nb,two\n' >names.csv
	printf '%s\n' '1000 a' '1010 b' >log
	go -w 1m -T 1 lookup names.csv 2=k then count by name
	printf '%s\n' '1015 a' '1090 a' >>log
	cp names.csv was
	echo c,three >>names.csv
	go -w 1m -T 1 lookup names.csv 2=k then count by name
	told 1 'lookup: names.csv: it is not what it was when the state was'
	mv was names.csv
	go -w 1m -T 1 lookup names.csv 2=k then count by name
	went $'one\t2 two\t1 '
}

@test "a batch that ends before the first record of a read ends there" {
	local i
	awk 'BEGIN { for (; i < 200; i++) printf "%d %0*d\n", i, i % 13 + 1, i
	    }' >log
	for i in 1 2; do
		MBATCH_WORK=2:64 mbatch --state s -b 700 into sh -c \
		    'cat >>res; [ -e t ] || { touch t; kill -TERM $PPID; }' \
		    <log || [ "$i" = 1 ]
	done
	cmp res log
}
