#!/usr/bin/env bats
# unit.bats - the modules' own tests, built from test/unit/*.c

load helper

@test "the unit tests of all modules pass" {
	[ -z "${VALGRIND_MBATCH-}" ] || V="valgrind -q --error-exitcode=99"
	local source name failed=
	for source in "$ROOT"/test/unit/*.c; do
		name=$(basename "$source" .c)
		[ -z "${COVERAGE-}" ] ||
		    export GCOV_PREFIX=$COVERAGE/unit-$name
		# shellcheck disable=SC2086  # a command and its options
		if ! timeout 400 ${V-} "$MBATCH_BUILD/unit/$name"; then
			failed+=" $name"
		fi
	done
	echo "failed:${failed:- none}"
	[ -z "$failed" ]
}
