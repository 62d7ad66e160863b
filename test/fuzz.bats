#!/usr/bin/env bats
# what the fuzzers begin with, and what they found once

load helper

@test "nothing that a fuzzer was given does harm" {
	local d
	for d in "$ROOT"/test/fuzz/cases/*/; do
		d=${d%/}
		"$H/limit" "$LIMIT" "$MBATCH_BUILD/replay/${d##*/}" "$d"/* ||
		    { echo "$d"; return 1; }
	done
}
