#!/usr/bin/env bats
# partial.bats - states written, merged and read: --partial, --merge

load helper

EVERY=count,sum:2,mean:2,var:2,stddev:2,min:2,max:2,range:2,median:2,p90:2
EVERY+=,distinct:3,mode:3

# What one run gives, and many after any split and any order, sorted.
one() {
	mbatch -a "$@" <records | LC_ALL=C sort >want
	[ -s want ]
}

# Splits the records among N runs of --partial, each with some lines of all.
split() {
	local n=$1 i
	shift
	for ((i = 0; i < n; i++)); do
		awk -v n="$n" -v i="$i" '(NR * 7919) % 104729 % n == i' records |
		    mbatch --partial "$@"
	done
}

merges() {
	local option=()
	[ "$1" != --approx ] || { option=(--approx); shift; }
	one "${option[@]}" "$@"
	split 1 "${option[@]}" "$@" >one.states
	split 7 "${option[@]}" "$@" >seven.states
	mbatch "${option[@]}" --merge "$@" <one.states | LC_ALL=C sort |
	    cmp - want
	mbatch "${option[@]}" --merge "$@" <seven.states | LC_ALL=C sort |
	    cmp - want
	tac seven.states | mbatch "${option[@]}" --merge "$@" |
	    LC_ALL=C sort | cmp - want
}

@test "--partial, --merge: to the bit what one run gives, under any split and order" {
	random_records 3000 3 >records
	merges count
	merges count by 1
	merges count -p by 1,3
	merges stats $EVERY
	merges stats $EVERY by 1
	merges stats $EVERY by 1,3
	merges top 3 by 3
	merges top 3 mean:2 by 3
	merges stats nets=distinct:2:100,v=median:2 by 2:100
	merges hist 2
	merges --approx stats $EVERY by 1
	merges --approx top 40 by 3
}

@test "--partial, --merge: numbers of all kinds" {
	awk 'BEGIN { for (i = 0; i < 500; i++) {
		print "a", i * 1e300
		print "b", i / 7
		print "a", "9223372036854775807"
		print "c", -i ".000000000000000001"
		print "d", i "e-" i % 40
	} }' >records
	merges stats $EVERY by 1
	merges stats $EVERY
}

@test "--merge then: the chain goes on after the aggregate" {
	random_records 1000 4 >records
	merges stats count,mean:2 by 3 then top 5 mean_2 then cut 3
	merges grep 'w[1-9]$' then stats count,m=mean:2 by 3 then sort -n m
	merges --approx top 40 by 3 then cut count
}

@test "--partial --merge: a combiner of any lines" {
	random_records 2000 5 >records
	one stats $EVERY by 1
	split 6 stats $EVERY by 1 >states
	awk 'NR % 3 == 0' states | mbatch --partial --merge stats $EVERY by 1 >some
	awk 'NR % 3 == 1' states >>some
	awk 'NR % 3 == 2' states | mbatch --partial --merge stats $EVERY by 1 \
	    >>some
	mbatch --partial --merge stats $EVERY by 1 <some >all
	is "$(wc -l <all)" 7
	mbatch --merge stats $EVERY by 1 <all | LC_ALL=C sort | cmp - want
}

# Hadoop Streaming: mappers; the shuffle sorts lines and gives those of one key
# (up to the first tab) to one reducer; combiners see lines of some mappers.
@test "mapper, combiner, sort and reducers" {
	random_records 3000 6 >records
	one stats $EVERY by 1
	split 5 stats $EVERY by 1 >mapped
	head -n 17 mapped | LC_ALL=C sort |
	    mbatch --partial --merge stats $EVERY by 1 >shuffled
	tail -n +18 mapped | LC_ALL=C sort |
	    mbatch --merge --partial stats $EVERY by 1 >>shuffled
	LC_ALL=C sort shuffled >sorted
	for keys in '^k[0-2]	' '^k[3-9]	'; do
		grep "$keys" sorted | mbatch --merge stats $EVERY by 1
	done | LC_ALL=C sort | cmp - want
}

@test "GNU parallel --pipe" {
	need parallel
	plain_build_only
	random_records 5000 7 >records
	one stats $EVERY by 1
	parallel --will-cite --pipe --block 10k -j 2 \
	    "$MBATCH" --partial stats $EVERY by 1 <records |
	    mbatch --merge stats $EVERY by 1 | LC_ALL=C sort | cmp - want
}

@test "a state is one line of printable characters behind the keys" {
	try --partial count,1 </dev/null
	usage 'no operator'
	printf 'a\tb\\\n' >in
	mbatch -F, --partial stats $EVERY by 0,1 <in >out 2>/dev/null
	is "$(cut -f 1,2 out)" 'a\\tb\\\\\ta\\tb\\\\'
	awk -F '\t' '{ exit !(NF == 3 && $3 ~ /^mbatch1 g [ -~]+$/) }' out
	mbatch -F, --merge stats $EVERY by 0,1 <out |
	    cut -d , -f 1-3 >shown
	is "$(<shown)" 'a\\tb\\,a\\tb\\,1'
	# no keys: the empty key
	seq 10 | mbatch --partial count >out
	is "$(cut -f 1 out)" ''
	is "$(mbatch --merge count <out)" 10
}

@test "a large state is several lines of one key" {
	awk 'BEGIN { for (i = 0; i < 20000; i++) print "a", i, "x" i }' >records
	merges stats count,median:2,distinct:3,mode:2 by 1
	awk '{ exit length($0) > 80000 }' one.states
	[ "$(wc -l <one.states)" -gt 3 ]
	is "$(cut -f 1 one.states | sort -u)" a
	LC_ALL=C sort one.states |
	    mbatch --merge stats count,median:2,distinct:3,mode:2 by 1 |
	    cmp - want
}

@test "no records: a state without keys, none with" {
	mbatch --partial stats $EVERY </dev/null >states
	is "$(wc -l <states)" 1
	mbatch -a stats $EVERY </dev/null >want
	cat states states | mbatch --merge stats $EVERY | cmp - want
	try --partial count by 1 </dev/null
	gives ''
	try --merge count </dev/null
	gives '0\n'
}

@test "(other) stays apart when states are merged" {
	for i in 1 2; do
		seq $i 3 30 | mbatch --max-groups 2 --partial count by 1
	done >states 2>/dev/null
	try --max-groups 2 --merge count by 1 <states
	is "$out" '1\t1\n4\t1\n(other)\t18\n'
	mbatch --merge count by 1 <states >out
	is "$(<out)" '1\t1\n4\t1\n(other)\t16\n2\t1\n5\t1'
}

@test "what is no state of this chain is refused, and nothing is written" {
	seq 10 | mbatch --partial stats count,sum:1 by 1 >states
	local chain=(--merge stats 'count,sum:1' by 1)
	sed 's/mbatch1/mbatch2/' states >bad
	try "${chain[@]}" <bad
	fails 1 'record 1: a state of another version'
	is "$out" ''
	try --merge stats count,max:1 by 1 <states
	fails 1 'record 1: a state of other aggregates or keys'
	is "$out" ''
	try --merge stats count,sum:1 by 2 <states
	fails 1 'other aggregates or keys'
	head -c -8 states >bad
	try "${chain[@]}" <bad
	fails 1 'record 10: a state that was cut short or changed'
	is "$out" ''
	sed '3s/ 1 / 2 /' states >bad
	try "${chain[@]}" <bad
	fails 1 'record 3: a state that was cut short or changed'
	try "${chain[@]}" <<<$'a b\n'
	fails 1 'record 1: not a line that --partial wrote'
	try --bad skip "${chain[@]}" < <(head -n 3 states; echo x; tail -n 1 states)
	fails 0 'record 4: not a line'
	is "$out" '1\t1\t1\n2\t1\t2\n3\t1\t3\n10\t1\t10\n'
	mbatch --bad bad "${chain[@]}" < <(head -n 3 states; echo x) \
	    >out 2>/dev/null
	is "$(<bad)" x
}

@test "a damaged state is found, wherever it is damaged" {
	random_records 300 8 | mbatch --partial stats $EVERY by 1 |
	    head -n 1 >state
	local n i
	n=$(($(wc -c <state) - 1))
	for ((i = 4; i < n; i += n / 23 + 1)); do
		LC_ALL=C awk -v i=$i '{ c = substr($0, i, 1)
			print substr($0, 1, i - 1) (c == "A" ? "B" : "A") \
			    substr($0, i + 1) }' state >bad
		try --merge stats $EVERY by 1 <bad
		fails 1 'record 1: '
		is "$out" ''
	done
}

@test "--partial, --merge: bad chains" {
	try --partial cut 1
	usage 'needs an aggregate'
	try --merge
	usage 'needs an aggregate'
	try --partial sort then count
	usage "sort can't come before the first aggregate"
	try --partial head 3 then count
	usage "head can't come before"
	try --merge count over 3
	usage 'count over'
	try --partial count by 1 over all
	usage 'count over'
}

@test "--partial means -a, unless something else closes batches" {
	try --partial count < <(seq 5000)
	is "$(grep -c . <<<"$out")" 1
	mbatch -n 1000 --partial count < <(seq 5000) >out
	is "$(grep -c . out)" 5
	is "$(mbatch --merge count <out)" 5000
}
