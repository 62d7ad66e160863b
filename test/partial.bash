# partial.bash - what happens to states on their way: shared by partial.bats
# and extra/partial.bats

# faulty N SEED: of the lines of `states`, three runs', N files fault.K with a
# random fault each, told in fault.K.what.
faulty() {
	awk -v n="$1" -v seed="$2" '
	function rnd(m) {
		x = (x * 16807) % 2147483647
		return int(x / 2147483647 * m) + 1
	}
	FNR == NR { other[++others] = $0; next }
	{ line[++lines] = $0 }
	END {
		x = seed + 1
		for (k = 0; k < 10; k++)
			rnd(2)
		for (k = 0; k < n; k++) {
			file = "fault." k
			for (i = 1; i <= lines; i++)
				out[i] = line[i] "\n"
			what = rnd(8)
			i = rnd(lines)
			j = rnd(lines)
			if (what == 1)
				out[i] = ""
			else if (what == 2)
				out[i] = out[j] = ""
			else if (what == 3)
				out[i] = out[i] out[i]
			else if (what == 4)
				out[i] = out[j]
			else if (what == 5)
				out[i] = other[rnd(others)] "\n"
			else if (what == 6) {
				out[i] = substr(out[i], 1, rnd(length(out[i])) - 1)
				for (j = i + 1; j <= lines; j++)
					out[j] = ""
			} else if (what == 7) {
				j = rnd(length(line[i]))
				out[i] = substr(line[i], 1, j - 1) "x" \
				    substr(line[i], j + 1) "\n"
			} else {
				for (; j > 0 && out[j] !~ /mbatch3 e /; j--)
					out[j] = ""
				out[i] = out[i] out[i] out[i]
			}
			for (i = 1; i <= lines; i++)
				printf "%s", out[i] >file
			printf "%s\n", "fault " what >(file ".what")
			close(file)
			close(file ".what")
		}
	}' others states
}

# faults N SEED: none of N faults gives an answer with status 0, unless it is
# the right one, as a newline may be lost at the end; where the runs are parts of
# one file without --runs, too.
faults() {
	local k option chain=(stats 'count,sum:2,p90:2,distinct:3' by 1)
	random_records 1200 "$2" >records
	for k in 1 2 3; do
		mbatch --run "r$k" --range "$k/3" --partial "${chain[@]}" \
		    <records
	done >states
	for k in 0 1 2; do
		awk -v k="$k" 'NR % 3 >= k' records |
		    mbatch --run "r$((k + 1))" --partial "${chain[@]}"
	done >others
	mbatch --merge "${chain[@]}" <states >want
	faulty "$1" "$2"
	for ((k = 0; k < $1; k++)); do
		option=()
		[ $((k % 2)) -eq 0 ] || option=(--runs 3)
		! "$MBATCH" "${option[@]}" --merge "${chain[@]}" <fault.$k \
		    >out 2>err || cmp want out || {
			cat fault.$k.what
			return 1
		}
		[ -s err ] || [ -s out ]
	done
}

# levels SEED CHAIN...: one run, and random pieces of the records by three
# levels of merging, of any lines, give the same to the bit.  The records are
# in `records`; what follows the aggregate is merged by sort.
levels() {
	local seed=$1 k
	shift
	mbatch -a "$@" <records | LC_ALL=C sort >want
	[ -s want ]
	awk -v seed="$seed" 'BEGIN { srand(seed) }
	    { print >("piece." int(rand() * 5)) }' records
	for k in piece.*; do
		mbatch --partial "$@" <"$k"
	done >level.0
	for k in 1 2; do
		rm -f part.*
		awk -v seed="$seed" 'BEGIN { srand(seed + 1) }
		    { print >("part." int(rand() * 3)) }' level.$((k - 1))
		for part in part.*; do
			mbatch --partial --merge "$@" <"$part"
		done >level.$k
	done
	mbatch --runs "$(find . -name 'piece.*' | wc -l)" --merge "$@" \
	    <level.2 | LC_ALL=C sort | cmp - want
	rm -f piece.*
}
