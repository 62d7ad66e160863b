#!/usr/bin/env bats
# snapshot.bats - what is remembered, written and read back again and again:
# the same bytes
load helper

# Keys, numbers of all kinds, times that are not in order.
records() {
	awk 'BEGIN {
		srand(5)
		split("1 2.50 -3 0.1 1e300 x 12345678901234567890 7 7.0", v)
		for (i = 0; i < 90; i++)
			printf "%d\tk%d\t%s\tw%d foo=%d a\\b\n",
			    1e9 + 5 * i - int(rand() * 50), rand() * 4,
			    v[1 + int(rand() * 9)], rand() * 8, rand() * 99
	}'
}

# same OPTION... -- CHAIN...: small reads, so that windows are half full.
same() {
	local -a options=()
	local chain
	records >in
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	for chain; do
		# shellcheck disable=SC2086  # words
		set -- "${options[@]}" $chain
		"$MBATCH" -i tsv "$@" <in >want 2>/dev/null
		MBATCH_WORK=1:300 MBATCH_RESUME=1 \
		    "$MBATCH" -i tsv "$@" <in >got 2>err
		cmp got want || {
			echo "$chain"
			cat err
			return 1
		}
		[ -s want ]
	done
}

@test "what operators remember from batch to batch" {
	local all=count,sum:3,stddev:3,max:3,p90:3,distinct:3,mode:3,values:3
	same -n 7 -- 'dedup 3' 'step anomaly 3' 'step mean:3 3 by 2' \
	    'step lag:2 4 by 2' "stats $all by 2 over all" \
	    "stats $all by 4 over 3" 'hist 3 over 2' 'template -r -f 4 over 2' \
	    'movers sum:3 by 4 over 2' 'count by 4 then missing by 1 over 2'
	same -n 5 --approx -- 'top 2 by 4 over all'
}

@test "what operators remember by time" {
	same -T 1 -n 7 -- 'dedup -t 1m 3' 'burst -d 3 2 30s by 2' \
	    'seq -u 40s $3>1 2 $3<1 by 2' \
	    'session 20s count,distinct:3,mode:3,p50:3 by 4'
	# By when they come; and of an hour that the clock shows twice the one
	# that is nearest to the newest time.
	export MBATCH_RESUME=1
	printf 'a\nb\na\n' | mbatch -n 1 burst 2 2h by 1 >got
	is "$(cut -f 1 got)" a
	printf '%s\n' '2026-10-25T03:10:00+01:00 a' '2026-10-25T02:50:00 b' \
	    '2026-10-25T01:00:00Z c' |
	    TZ=CET-1CEST,M3.5.0,M10.5.0/3 mbatch --local -n 1 -T 1 \
		stats first:2 over all >got
	is "$(<got)" 'a\nb\nc'
}

@test "open windows of the records' own time" {
	printf 'k,name\nk1,one\nk3,three\n' >names.csv
	same -w 1m -T 1 --late 1m -- 'sort -n 3,4' 'sort -r 2,4' 'sort -n -r 3' 'sort' 'tail 1 by 2' \
	    'head 1 by 2' 'top 3 3' 'uniq -c 2' 'sample -n 3 -s 2' 'stamp' \
	    'collect' 'template -r -f 4' 'rate by 2 over 2' \
	    'let x=$3*2 then sort x then cut x,2' 'dedup 2 then count' \
	    'lookup names.csv 2=k then sort' 'pivot 2 3 by 4' \
	    'pivot -c k0,k1,k3 2 3 by 4'
}

@test "of every operator that remembers or holds" {
	local f
	for f in "$ROOT"/ops/*.c; do
		grep -q 'OP_EFFECT' "$f" ||
		    ! grep -Eq 'OP_ACROSS|OP_HOLD|\.reset =' "$f" ||
		    grep -Eq '\.both =|_HOOKS' "$f" || {
			echo "$f has no hook both"
			return 1
		}
	done
}
