#!/usr/bin/env bats
# helper.bats - what the tests stand on

load helper

# Processes of every kind that a test may leave: their ids go to `pids`.
leave() {
	mkdir -p below
	sleep 1000 3>&- &
	echo $! >>pids
	( while :; do sleep 0.05; done ) 3>&- &
	echo $! >>pids
	(cd below && exec setsid sh -c 'echo $$ >>../pids
	    trap "" TERM HUP; sleep 1000' 3>&-) &
	sh -c 'sleep 1000 & echo $! >>pids' 3>&-
	live -n 1 into sh -c 'echo $$; echo $$ >>pids; exec sleep 1000'
	echo "$live" >>pids
	say '1\n'
	read -r -t "$LIMIT" -u 9 _
	until_true eval '[ "$(wc -l <pids)" -eq 6 ]'
}

@test "what a test left is ended, wherever it went" {
	[ -e /proc/self/cwd ] || skip 'no /proc'
	local pid
	leave
	while read -r pid; do
		kill -0 "$pid"
	done <pids
	teardown
	while read -r pid; do
		gone "$pid"
	done <pids
}

@test "a test that fails leaves no process behind" {
	[ -e /proc/self/cwd ] || skip 'no /proc'
	local pid
	{
		declare -f leave
		printf 'load "%s/test/helper"\n' "$ROOT"
		printf '@%s { leave; cp pids "%s/pids"; false; }\n' \
		    'test "fails"' "$PWD"
	} >fails.bats
	env -i PATH="${PATH//"$BATS_LIBEXEC:"/}" MBATCH="$MBATCH" \
	    MBATCH_BUILD="$MBATCH_BUILD" bats --tap fails.bats 3>&- >out && false
	cat out
	grep -q '^not ok 1 fails' out
	[ "$(wc -l <pids)" -eq 6 ]
	while read -r pid; do
		gone "$pid"
	done <pids
}

@test "signals begin at their defaults" {
	[ -e /proc/self/status ] || skip 'no /proc'
	trap '' HUP INT TERM PIPE
	"$H/limit" 10 grep -E '^Sig(Ign|Blk)' /proc/self/status >got
	trap - HUP INT TERM PIPE
	[ "$(grep -c 0000000$ got)" -eq 2 ]
	status=0
	"$H/limit" 1 sleep 1000 || status=$?
	is "$status" 142
}

@test "what waits for a file ends when its folder is gone" {
	mkdir folder
	(cd folder && exec "$H/await" never) 3>&- &
	until_true eval '[ "$(readlink "/proc/$!/exe")" -ef "$H/await" ]'
	rmdir folder
	status=0
	wait $! || status=$?
	is "$status" 1
}
