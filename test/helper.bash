# helper.bash - what the tests share; loaded by each with `load helper`
#
# MBATCH		the program under test
# MBATCH_BUILD	where helper programs and unit tests were built
# MBATCH_CHECK	asan or valgrind, or nothing for a plain build

ROOT=${BATS_TEST_DIRNAME%/test*}
MBATCH=${MBATCH:-$ROOT/mbatch}
MBATCH_BUILD=${MBATCH_BUILD:-$ROOT/build}
H=$MBATCH_BUILD/helper
LIMIT=${LIMIT:-120}		# seconds, for what ends at once if all is well
export MBATCH H LIMIT
export LC_ALL=C TZ=UTC HOME=${BATS_TEST_TMPDIR-/}
unset COLUMNS NO_COLOR MANPATH CDPATH MBATCH_SIMD
umask 022
# make cov: what each file of tests runs is counted by itself.
[ -z "${COVERAGE-}" ] || export GCOV_PREFIX=$COVERAGE/${BATS_TEST_FILENAME##*/}

[ -x "$H/limit" ] || {
	echo "no $H/limit: make check builds what the tests need" >&2
	exit 1
}

# What each setup begins with.  Where a test failed is looked up once it has, not
# before each command, which took more time than the commands.
begin() {
	if declare -F bats_debug_trap bats_error_trap >/dev/null; then
		trap - DEBUG
		trap 'bats_error_trap; bats_debug_trap "$BASH_SOURCE"' ERR
	fi
	cd "$BATS_TEST_TMPDIR" || return
}

setup() {
	begin
}

# Runs the program; a hang becomes exit status 142.
mbatch() {
	"$H/limit" "$LIMIT" "$MBATCH" "$@"
}

plumb() {
	"$H/limit" "$LIMIT" "$H/plumb" "$@"
}

# Runs the program on stdin: its output goes to $out, its messages to $err,
# both with all their newlines, its exit status to $status.
try() {
	status=0
	mbatch "$@" >out 2>err ||
	    status=$?
	slurp
}

# Reads them without a process for each: there are many tests.
slurp() {
	local part=
	out=
	while IFS= read -r -d '' part; do
		out+=$part@
	done <out
	out+=$part
	IFS= read -r -d '' err <err || :
}

show() {
	printf 'status: %s\nout: %q\nerr: %q\n' "${status-}" "${out-}" "${err-}"
}

# is GOT WANT: equal, NULs shown as @; \n and the like in WANT are read.
is() {
	local want
	printf -v want '%b' "$2"
	[ "$1" = "$want" ] || {
		printf 'got:  %q\nwant: %q\n' "$1" "$want"
		show
		return 1
	}
}

# For awk: a double in the fewest digits that read back as it.
# shellcheck disable=SC2034  # the tests' own
FEWEST='function fewest(x,  p, s) {
	for (p = 15; p <= 17; p++) {
		s = sprintf("%." p "g", x)
		if (s + 0 == x)
			break
	}
	return s + 0 == 0 ? 0 : s
}'

# The last try ended well, silently, with this output.
gives() {
	is "$out" "$1"
	is "$err" ''
	is "$status" 0
}

# fails STATUS PATTERN...: the last try ended with it and each of the EREs is
# found in what was told on stderr.
fails() {
	local want=$1 re
	shift
	[ "$status" -eq "$want" ] || {
		echo "exit status: $status, not $want"
		show
		return 1
	}
	for re; do
		grep -qE -e "$re" <<<"$err" || {
			echo "not told: $re"
			show
			return 1
		}
	done
}

# A usage error: exit 2, no output, every line from "mbatch: " or a usage.
usage() {
	fails 2 '^mbatch: ' "$@"
	is "$out" ''
}

# A live run: the program reads from what `say` says and its lines are taken
# by `hear`.  `hush` is the end of input.  Descriptors 8 and 9 are its ends.
live() {
	rm -f said heard
	mkfifo said heard
	"$H/limit" $((LIMIT * 2)) "$MBATCH" "$@" <said >heard 2>err 3>&- &
	live=$!
	exec 8>said 9<heard
}

# In one write: printf has one for each line.
say() {
	printf '%b' "$1" >"$BATS_TEST_TMPDIR/.say"
	cat "$BATS_TEST_TMPDIR/.say" >&8
}

# The next line is WANT.
hear() {
	local line
	read -r -t "$LIMIT" line <&9 || {
		printf 'nothing heard, waiting for %q\n' "$1"
		cat err
		return 1
	}
	[ "$line" = "$1" ] || {
		printf 'heard: %q\nnot:   %q\n' "$line" "$1"
		return 1
	}
}

# Nothing more is to come: the output is at its end.
hear_end() {
	local line
	! read -r -t "$LIMIT" line <&9 || {
		printf 'heard: %q, not the end\n' "$line"
		return 1
	}
}

hush() {
	exec 8>&-
}

# Waits until the live run has taken what was said and sleeps in poll.
settle() {
	"$H/settled" "$live" <&8
}

# Ends the live run; its exit status becomes $status.
ended() {
	exec 8>&-
	status=0
	wait "$live" || status=$?
	live=
}

# Waits until there is something in the file.
wait_for() {
	"$H/await" "$1"
}

# until_true CMD...: waits until it succeeds; what it says is not shown.
until_true() {
	local end=$((SECONDS + LIMIT))
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || {
			echo "never true: $*"
			return 1
		}
		sleep 0.01
	done
}

# Whether there is no such process any more, or none that could do anything.
gone() {
	! kill -0 "$1" 2>/dev/null ||
	    grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null
}

# Whatever a test started ends with it, however it failed.
teardown() {
	"$H/sweep" "$BATS_TEST_TMPDIR"
}

# try_fault FAULT ARG...: as try, where one call of the program fails: see
# helper/fault.so.c.
try_fault() {
	local so=$H/fault.so
	plain_build_only
	[ -s "$so" ] && [[ $(FAULT=here LD_PRELOAD=$so "$MBATCH" -V 2>&1) == \
	    fault.so* ]] || skip 'nothing can be preloaded'
	status=0
	FAULT=$1 LD_PRELOAD=$so "$MBATCH" "${@:2}" >out 2>err || status=$?
	slurp
}

# Tests that measure the program, or give it much to do.
plain_build_only() {
	[ -z "${MBATCH_CHECK-}" ] || skip "not with $MBATCH_CHECK"
}

not_under_valgrind() {
	[ "${MBATCH_CHECK-}" != valgrind ] || skip 'too slow under valgrind'
}

need() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || skip "no $tool"
	done
}

# moreutils has another parallel.
need_gnu_parallel() {
	parallel --version 2>/dev/null </dev/null | grep -q '^GNU' ||
	    skip 'no GNU parallel'
}

need_terminals() {
	local status=0
	plumb outtty true || status=$?
	[ "$status" -ne 77 ] || skip 'no terminals'
}

# random_records N SEED: lines of three columns: a small key, a number, a word;
# the same for the same seed.
random_records() {
	awk -v n="$1" -v seed="$2" '
	function rnd(m) {
		x = (x * 16807) % 2147483647
		return int(x / 2147483647 * m)
	}
	BEGIN {
		x = seed + 1
		for (i = 0; i < 10; i++)
			rnd(2)
		for (i = 0; i < n; i++)
			printf "k%d %d w%d\n", rnd(7), rnd(1000) - 300, rnd(40)
	}'
}

# same_for_every_n OP...: the same bytes whatever the size of the batches.
same_for_every_n() {
	local n
	random_records 3000 1 >records
	mbatch -a "$@" <records >all
	[ -s all ]
	for n in 1 2 7 1000 1024 1025 2999 3000 5000; do
		mbatch -n "$n" "$@" <records |
		    cmp - all
	done
}

# agrees ORACLE OP...: mbatch -a OP gives what the shell command does on
# random records.
agrees() {
	local oracle=$1 records
	shift
	for records in '1 1' '3000 2' '5000 3'; do
		# shellcheck disable=SC2086  # two arguments
		random_records $records >records
		mbatch -a "$@" <records >ours
		bash -c "$oracle" <records | cmp - ours
	done
}

# usual OP...: what holds for every operator that starts anew with each batch,
# and what holds for all.
usual() {
	local r
	usual_across "$@"
	while read -r r; do
		mbatch -a "$@" <<<"$r"
	done <three >alone
	mbatch -n 1 "$@" <three | cmp - alone
}

# usual_across OP...: what holds for every operator: nothing for no records, a last
# record without newline counts, and an operator's example of --help runs.
usual_across() {
	local r
	try -n 3 "$@" </dev/null
	gives ''
	printf 'b 2 x\na 1 y\nb 2 x\n' >three
	mbatch -a "$@" <three >whole
	[ -s whole ]
	printf 'b 2 x\na 1 y\nb 2 x' | mbatch -a "$@" | cmp - whole
	r=$(mbatch --help "$1" | sed -n \
	    's/^example: *mbatch \(.*\) < access.log$/\1/p')
	[ -n "$r" ]
	bash -c "\"\$MBATCH\" $r" <three >shown
}
