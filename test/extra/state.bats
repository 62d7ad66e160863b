#!/usr/bin/env bats
# state.bats - --state as a processor of loggers, and over days

load ../helper

# A processor that fails half the time, before, while or after it did anything:
# the loggers run it again.
setup() {
	begin
	cat >processor <<-EOF
		#!/bin/bash
		exec 2>>"$PWD/told"
		set -o pipefail
		n=\$(cat "$PWD/runs" 2>/dev/null || echo 0)
		echo \$((n + 1)) >"$PWD/runs"
		case \$((n % 4)) in
		0) exit 1 ;;
		2) "$MBATCH" --state /dev/fd/4 --state-to /dev/fd/5 step n=count \
		    | head -n 3; exit 1 ;;
		esac
		exec "$MBATCH" --state /dev/fd/4 --state-to /dev/fd/5 step n=count
	EOF
	chmod +x processor
	mkdir logs
}

# Every line of all the pieces, N at least, with the number of those before it.
numbered() {
	[ ! -s told ] || {
		cat told
		return 1
	}
	[ "$(cat runs)" -ge 4 ]
	cat logs/@* >all
	[ "$(wc -l <all)" -gt "$1" ]
	seq "$(wc -l <all)" | awk '{ print "line " $1 " n=" $1 }' | cmp - all
}

@test "multilog: a processor that fails half the time" {
	need multilog
	seq 2000 | sed 's/^/line /' | timeout -s KILL 60 \
	    multilog s4096 n90 "!$PWD/processor" ./logs 2>err
	grep -q . err
	numbered 1000
}

# The first descriptors are in use, as it loses 5 otherwise.
@test "s6-log: a processor that fails half the time" {
	need s6-log
	need execlineb
	seq 9000 | sed 's/^/line /' | timeout -s KILL 60 \
	    s6-log -- s4096 n90 r10 "!$PWD/processor" ./logs 2>err 3</dev/null \
	    4</dev/null 5</dev/null
	grep -q . err
	numbered 6000
}

# aged DAY WORDS: a run on that day, killed at a write if KILL says so.
aged() {
	local at=$1
	shift
	FAKETIME="@$at" LD_PRELOAD="$ROOT_SO $faketime" "$MBATCH" --state s \
	    "$@" <log >>res
}

@test "a syslog without years, killed and repeated later, gives the same" {
	need faketime
	faketime=$(faketime 2020-01-01 printenv LD_PRELOAD)
	ROOT_SO=$H/kill.so
	[ -s "$ROOT_SO" ] || skip 'nothing can be preloaded'
	local chain day
	for chain in "let t='strptime(\$1)' then cut t" \
	    "-T 1 -w 1s --ahead 1d count then stamp time"; do
		rm -f s res
		printf 'Dec 31 23:59:5%d,x\n' 1 2 3 4 >log
		printf 'Jan  2 00:00:0%d,x\n' 1 2 3 >>log
		touch -d '2024-01-01 12:00:00' log
		eval "aged '2024-01-01 13:00:00' -F , $chain" 2>err
		cp res want
		rm -f s res
		for day in 2024-01-02 2024-06-01 2025-01-03 2026-03-04; do
			KILL=9 eval "aged '$day 00:00:00' -F , $chain" \
			    2>/dev/null || :
			touch log
		done
		eval "aged '2026-03-05 00:00:00' -F , $chain" 2>err2
		cmp res want
		[ -s want ]
	done
}
