#!/usr/bin/env bats
# calls that fail, some of what `make check-faults` makes fail

load helper

# faulted ARG...: as faults says.
faulted() {
	local status=0
	plain_build_only
	"$ROOT/test/faults" "$@" >told || status=$?
	[ "$status" -ne 77 ] || skip 'nothing can be preloaded'
	cat told
	[ "$status" -eq 0 ]
	grep -qE '^[1-9][0-9]* calls failed, 0 wrong$' told
}

@test "whatever call fails, nothing is lost without a word" {
	faulted -s 90 batches read batches write into spawn tee rename \
	    into-fail pipe quoted alloc per open
}

@test "a file that can't be looked at is told, not taken for its end" {
	faulted -s 4 state pread range pread
}

@test "workers: what can't go on is told" {
	faulted -s 18 two poll two alloc
	faulted -s 9 two-blocks alloc
}

@test "a last drawing that can't be written is a failure" {
	need_terminals
	faulted -s 5 live write
}
