#!/usr/bin/env bats
# partial.bats - states written, merged and read: --partial, --merge

load helper
load partial

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
	merges hist -l -n 30 2
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
	is "$(cut -f 1 all | sort -u | wc -l)" 8
	is "$(grep -c '	mbatch3 e ' all)" 6
	mbatch --merge stats $EVERY by 1 <all | LC_ALL=C sort | cmp - want
}

# reduce KEYS... -- OPTION... CHAIN: as Hadoop Streaming has it.  Mappers; the
# shuffle sorts lines and gives those of one key (up to the first tab) to one
# reducer; combiners see, or don't, lines of some mappers.
reduce() {
	local keys=() i
	for ((; $#; )); do
		[ "$1" != -- ] || break
		keys+=("$1")
		shift
	done
	shift
	split 5 "$@" >mapped
	awk -v seed="$RANDOM" 'BEGIN { srand(seed) }
	    { print > ("combine." int(rand() * 4)) }' mapped
	cat combine.0 >shuffled
	for i in 1 2 3; do
		LC_ALL=C sort combine.$i | mbatch --partial --merge "$@"
	done >>shuffled
	LC_ALL=C sort shuffled >sorted
	for i in "${keys[@]}"; do
		grep -E "$i" sorted | mbatch --merge --part "$@"
	done | LC_ALL=C sort | cmp - want
}

@test "mapper, combiner, sort and reducers" {
	random_records 3000 6 >records
	one stats $EVERY by 1
	reduce '^k[0-2]	' '^k[3-9]	' -- stats $EVERY by 1
}

@test "mapper, combiner, sort and reducers: windows" {
	timed_records 3000 6 >records
	local chain=(-w 6h -T 1 grep -v k6 then stats 'count,p99:3,sum:3'
	    by 2 then top 3 then stamp time)
	mbatch "${chain[@]}" <records | LC_ALL=C sort >want
	[ -s want ]
	reduce '^2024-01-2[0-9]' '^2024-01-3' -- "${chain[@]}"
}

# Records with a time of their own in front, mostly in order: three days, some
# hours without any.
timed_records() {
	random_records "$1" "$2" | awk -v n="$1" '{
		t = int(NR * 259200 / n)
		h = int(t / 3600)
		if (h % 11 == 5)
			next
		printf "2024-01-%02dT%02d:%02d:%02dZ %s\n", 28 + int(h / 24),
		    h % 24, int(t % 3600 / 60), t % 60, $0
	}'
}

# windows OPTION... -- CHAIN...: one run, and many whose states are merged in
# the order of the pieces, or any, give the same.
windows() {
	local option=()
	for ((; $#; )); do
		[ "$1" != -- ] || break
		option+=("$1")
		shift
	done
	shift
	# without windows: one batch
	[[ "${option[*]}" == *-w* ]] || option+=(-a)
	mbatch "${option[@]}" "$@" <records >want
	[ -s want ]
	command split -n l/5 records piece.
	for piece in piece.*; do
		mbatch "${option[@]}" --partial "$@" <"$piece"
	done >states
	mbatch "${option[@]}" --merge "$@" <states | cmp - want
	# any split, any order, combined or not
	split 4 "${option[@]}" "$@" | LC_ALL=C sort >states
	tac states | mbatch "${option[@]}" --merge "$@" >got
	LC_ALL=C sort got | cmp - <(LC_ALL=C sort want)
	awk 'NR % 3 == 1' states |
	    mbatch "${option[@]}" --partial --merge "$@" >some
	awk 'NR % 3 != 1' states >>some
	mbatch "${option[@]}" --merge "$@" <some >got
	LC_ALL=C sort got | cmp - <(LC_ALL=C sort want)
}

@test "-w -T: windows are the first key, and come out as in one run" {
	timed_records 4000 11 >records
	windows -T 1 -w 1h -- count
	windows -T 1 -w 1h -- count by 2
	windows -T 1 -w 30m -- count -p by 2,4
	windows -T 1 -w 1d -- stats "${EVERY//[23]/3}" by 2
	windows -T 1 -w 7s -- stats count,max:3
	windows -T 1 -w 2h -- top 3 sum:3 by 4 then stamp time
	windows -T 1 -w 3h -- hist 3
	windows -T 1 -w 1d --approx -- top 3 by 4
	windows -T 1 -w 1h --max-groups 100 -- count by 4
	windows -T 1 -w 1h -S = -- count by 2 then stamp batch,time,reason
	windows --local -T 1 -w 1d -- count by 2 then stamp time
}

@test "-w -T: what stands behind the aggregate sees windows" {
	timed_records 3000 15 >records
	windows -T 1 -w 1h -- stats s=sum:3 by 2 then where 's > 2000' then \
	    stamp batch,reason
	windows -T 1 -w 1h -- stats count,p=p90:3 by 2 then where 'p > 500' then \
	    stats n=count then stamp batch,time,reason
	windows -T 1 -w 1h -- count then stats sum:count over 3
	windows -T 1 -w 1h -- count by 2 then rate
	mbatch -T 1 -w 1h --merge count by 2 then into sh -c \
	    'echo "$MBATCH_TIME $MBATCH_REASON"' \
	    < <(mbatch -T 1 -w 1h --partial count by 2 <records) >out
	is "$(sed -n '1p;$p' out)" \
	    '2024-01-28T00:00:00Z window\n2024-01-31T00:00:00Z eof'
}

@test "-w -T: windows whose records were all passed over are there too" {
	timed_records 3000 13 >records
	windows -T 1 -w 2h -- where '$3 > 600 and $1 =~ "T1"' then count by 2 \
	    then stats count then stamp batch,time
	windows -T 1 -w 2h -- grep 'T11.*w7$' then count
	windows -T 1 -w 2h -S = -- grep 'T11.*w7$' then count by 2
}

@test "rate: by the records' own time, of the window or from first to last" {
	timed_records 3000 16 >records
	windows -T 1 -w 3h -- rate by 2
	windows -T 1 -w 3h -- rate
	windows -T 1 -- rate by 2
	# also of records that are passed over
	windows -T 1 -- where '$1 =~ "T1[0-4]"' then rate by 2
	windows -T 1 -- where '$1 =~ "T1[0-4]"' then rate then stamp reason
	try -T 1 --partial rate by 2 <records
	grep -q 'mbatch3 g@17064000[0-9]*,1706659200000000000 count|2 ' out
	grep -v T1 records | mbatch -T 1 --partial where '$1 =~ "T1"' \
	    then rate by 2 >none
	is "$(sed 1q none | cut -d ' ' -f 2 | cut -c 1-3)" 'n@1'
	try -T 1 --partial rate </dev/null
	is "$(mbatch --merge rate <<<"${out%$'\n'}")" ''
	mbatch --partial count by 2 <records >states
	try --merge rate by 2 <states
	fails 1 'does not say when its records came'
	mbatch -T 1 --partial rate by 2 <records >states
	try --merge count by 2 <states
	fails 1 'a state of other aggregates'
}

@test "uniq: distinct records, counted" {
	random_records 3000 17 >records
	# which record of several is shown goes by the order of the lines
	merges uniq 3 then cut 3
	merges uniq -c 1,3 then cut 1
	merges cut 1,3 then uniq -c
	merges uniq -cd
	merges uniq -u 2,3
	merges uniq 3,2:100 then count by 3
	merges grep w1 then uniq -c 3 then sort -n 1 then head 5 then cut 1
	timed_records 3000 18 >records
	windows -T 1 -w 1h -- uniq -c 4 then cut 1
	windows -T 1 -w 1h -- uniq 2,4 then cut 2,4 then stamp batch,time
	awk -v q='"' '{ print "{" q "t" q ":" q $1 q "," q "k" q ":" q $2 q \
	    "}" }' records >json
	mv json records
	windows -i json -T t -w 6h -- uniq -c k then cut count,k
	windows -i json -T t -w 6h -- let 'd=substr(t, 9, 2)' then uniq -c d,k \
	    then cut count,d
	grep '"count":' got
	printf 'a\tb\\\r\n\0\t\n\na\tb\\\r\n' >records
	mbatch --partial uniq -c <records >states
	mbatch --merge uniq -c <states | cmp - <(mbatch uniq -c <records)
	tr '\n\0' '\0\n' <records >nul
	mbatch -0 --partial uniq -c <nul | mbatch -0 --merge uniq -c |
	    cmp - <(mbatch -0 uniq -c <nul)
	mbatch -0 --partial uniq -c 1 <nul | mbatch -0 --merge uniq -c 1 |
	    cmp - <(mbatch -0 uniq -c 1 <nul)
}

@test "uniq: records are those of the chain before it, and have no header" {
	printf '%s\n' '1.1.1.1 - - [10/Oct/2000:13:55:36 +0000]'" \
\"GET / HTTP/1.0\" "{200,404,200}\ 7 >records
	local chain=(cut 'status,method' then uniq -c then
	    let 'x=count * 2' then cut 'x,status')
	mbatch -i clf "${chain[@]}" <records >want
	is "$(<want)" '4\t200\n2\t404'
	mbatch -i clf --partial "${chain[@]}" <records |
	    mbatch -i clf --merge "${chain[@]}" | cmp - want
	mbatch -i clf -o json "${chain[@]}" <records >want
	mbatch -i clf --partial "${chain[@]}" <records |
	    mbatch -i clf -o json --merge "${chain[@]}" | cmp - want
	try -i csv --partial uniq -c a <<<a,b
	usage '--partial: no state has the header'
	try -i csv --merge uniq -c a </dev/null
	usage '--merge: no state has the header'
	try -H --partial uniq a <<<'a b'
	usage 'no state has the header'
	mbatch -i csv -N --partial uniq -c 2 <<<$'a,"b"\nc,b\nc,d' >states
	mbatch -i csv -N --merge uniq -c 2 <states >got
	is "$(<got)" '2,a,"b"\n1,c,d'
	# a count made of a csv has no need of it
	mbatch -i csv --partial count by a then uniq <<<$'a\n1\n1' >states
	is "$(mbatch -i csv --merge count by a then uniq <states)" '1\t2'
}

@test "-w -T: a line is the window, the keys, the state" {
	printf '%s\n' '1700000000 a' '1700003700 b' '1700010000 a' >records
	mbatch -T 1 -w 1h --partial count by 2 <records >states
	is "$(grep -v '	mbatch3 e' states | cut -f 1,2)" \
	    "$(printf '2023-11-14T%s\n' '22:00:00Z\ta' '23:00:00Z\tb' \
	    '01:00:00Z\ta' | sed '3s/14T/15T/')"
	# no line for the empty window; one key without keys
	mbatch -T 1 -w 1h --partial count <records | cut -f 1 >out
	is "$(<out)" "$(cut -f 1 states)"
	is "$(mbatch -T 1 -w 1h --partial count <records |
	    awk -F '\t' '{ print NF }' | sort -u)" 2
	# parts of a second
	mbatch -T 1 -w 1ms --partial count < <(echo 1700000000.0015) >states
	is "$(sed 1q states | cut -f 1)" 2023-11-14T22:13:20.001Z
	is "$(mbatch -w 1ms --merge count then stamp time <states)" \
	    '2023-11-14T22:13:20.001Z\t1'
	mbatch -T 1 -w 10us --partial count < <(echo 1700000000.00001) |
	    mbatch -w 10us --merge count >out
	is "$(<out)" 1
}

@test "-w -T: states of other windows are refused" {
	printf '%s\n' '1700000000 a' '1700003700 b' '1700010000 a' >records
	mbatch -T 1 -w 1h --partial count by 2 <records >states
	try -w 30m --merge count by 2 <states
	fails 1 'record 1: a state of windows of another length'
	mbatch -T 1 -w 1mo --partial count >months \
	    < <(printf '2024-02-0%d\n' 1 2)
	mbatch -T 1 -w 1mo --partial count >rest <<<2024-02-29
	try -w 1mo --merge count then stamp time \
	    < <(cat months rest)
	gives '2024-02-01T00:00:00Z\t3\n'
	try -w 31d --merge count <months
	fails 1 'record 1: a state of windows of another length'
	try -w 1mo@1d --merge count <months
	fails 1 'record 1: a state of windows of another length'
	is "$out" ''
	try --merge count by 2 <states
	fails 1 'record 1: a state of a window; --merge needs the same -w'
	mbatch --partial count by 2 <records >none
	try -w 1h --merge count by 2 <none
	fails 1 'record 1: a state of no window'
	try --merge count by 1,2 <states
	fails 1 'other aggregates, keys or --approx'
	TZ=UTC-5:30 mbatch --local -T 1 -w 1h --partial count by 2 \
	    <records >local
	is "$(head -n 1 local | cut -f 1)" 2023-11-15T03:00:00+05:30
	is "$(TZ=UTC-5:30 mbatch --local -w 1h --merge count then stamp time \
	    < <(sed 1q local) 2>&1)" \
	    'mbatch: record 1: a state of other aggregates, keys or --approx than'\
" the chain's at byte 29"
	is "$(TZ=UTC-5:30 mbatch --local -w 1h --merge --part count by 2 then \
	    stamp time < <(sed 1q local))" '2023-11-15T03:00:00+05:30\ta\t1'
	try -w 1h --merge count by 2 <local
	fails 1 'record 1: no window of -w starts when'
	try --bad skip -w 1h --merge count by 2 \
	    < <(cat states local none; echo 2023-11-14T22:00:00Z x)
	fails 0 'record 5: no window of -w' 'read its records with other options'
	is "$out" 'a\t1\nb\t1\na\t1\n'
}

@test "-w: without the records' own time there are no states" {
	try -w 1h --partial count < <(echo)
	usage 'needs the records. own time'
	try -n 3 -w 1h --merge count </dev/null
	usage '-n can.t be combined with -w and --merge'
	try -w 1h --merge --part count </dev/null
	gives ''
	try -w 1h --late all -T .no --merge --part count </dev/null
	gives ''
}

@test "-w -T: late records are each run's own affair, but with --late all" {
	printf '%s\n' '1700000000 a' '1700007200 b' '1700000001 a' >records
	try -T 1 -w 1h --partial count <records
	fails 0 'before the windows still open'
	mbatch -w 1h --merge count <out >got
	is "$(<got)" '1\n0\n2'
	mbatch -T 1 -w 1h --late all --partial count <records >states
	is "$(mbatch -w 1h --late all --merge count <states)" '2\n0\n1'
}

@test "-k: sorted states are merged key by key" {
	printf '%s\n' 'b x,1' 'a y,2' 'a y,3' 'c z,1' >records
	for i in 1 2 3; do
		mbatch -F, --partial count by 1 <records
	done | LC_ALL=C sort >states
	for format in auto json csv; do
		try -i $format -F, -k 1 --merge count by 1 then stamp batch <states
		gives '1,a y,6\n2,b x,3\n3,c z,3\n'
	done
}

@test "GNU parallel --pipe" {
	need_gnu_parallel
	plain_build_only
	random_records 5000 7 >records
	one stats $EVERY by 1
	parallel --will-cite --pipe --block 10k -j 2 \
	    "$MBATCH" --partial stats $EVERY by 1 <records |
	    mbatch --merge stats $EVERY by 1 | LC_ALL=C sort | cmp - want
	timed_records 5000 14 >records
	mbatch -w 3h -T 1 count by 2 then stamp time <records |
	    LC_ALL=C sort >want
	parallel --will-cite --pipe --block 20k -j 2 \
	    "$MBATCH" -w 3h -T 1 --partial count by 2 <records |
	    mbatch -w 3h --merge count by 2 then stamp time |
	    LC_ALL=C sort | cmp - want
}

@test "a state is one line of printable characters behind the keys" {
	try --partial count,1 </dev/null
	usage 'no operator'
	printf 'a\tb\\\n' >in
	mbatch -F, --partial stats $EVERY by 0,1 <in >out 2>/dev/null
	is "$(sed 1q out | cut -f 1,2)" 'a\\tb\\\\\ta\\tb\\\\'
	sed 1q out |
	    awk -F '\t' '{ exit !(NF == 3 && $3 ~ /^mbatch3 g [ -~]+$/) }'
	sed 1d out |
	    awk -F '\t' '{ exit !(NF == 2 && $2 ~ /^mbatch3 e [ -~]+$/ &&
	    split($2, word, " ") == 14) }'
	mbatch -F, --merge stats $EVERY by 0,1 <out |
	    cut -d , -f 1-3 >shown
	is "$(<shown)" 'a\\tb\\,a\\tb\\,1'
	# no keys: the empty key
	seq 10 | mbatch --partial count >out
	is "$(cut -f 1 out | sort -u)" ''
	is "$(mbatch --merge count <out)" 10
}

# named HEADER OPTIONS CHAIN...: one run, and states by way of a combiner, name
# the columns alike.
named() {
	local want=$1 opt
	read -ra opt <<<"$2"
	shift 2
	mbatch -a "${opt[@]}" -o csv "$@" <in >want
	is "$(head -n 1 want)" "$want"
	mbatch "${opt[@]}" --partial "$@" <in >states
	mbatch "${opt[@]}" --partial --merge "$@" <states >again
	mbatch "${opt[@]}" -o csv --merge "$@" <again | cmp - want
}

@test "a key has the name that one run gives it" {
	local take='(.) (.) (.)'
	echo 'b a 7' >in
	named 2,count '' cut 2,1 then count by 1
	named 1,X,count '' cut X=2,1 then count by 2,1 then where 'X = "a"'
	named 1,x,count '' let 'x=$3' then count by 1,x
	named x,count '' let 'x=$3' then count by -1
	named r,count '' extract "$take" q,r,s then count by 2
	named q,sum_3,p50_s '' extract "$take" q,r,s then stats sum:3,p50:s by 1
	named q,count '' extract "$take" q,r,s then top 3 by 1
	named q,count,error --approx extract "$take" q,r,s then top 3 by 1
	named r,count '' parse '* * *' q,r,s then count by 2
	named 2,1,q,count '' cut 2,1 then let q=1 then count by 1,2,q
	printf 'ci ty,"n|,\\",o\na,3,4\n' >in
	named 'ci ty,count' '-i csv' count by 1
	named '"n|,\",ci ty,mean_3' '-i csv' stats mean:3 by 2,1
	named 'o,n' '-i csv' stats n=count by -1 then where 'o = 4'
	printf 'h n\na 3\n' >in
	named h,mean_2 -H stats mean:2 by 1
	printf '{"a":1}\n' >in
	named b,count '-i json' let b=a then count by b
	try --merge --part count by 1 </dev/null
	gives ''
}

@test "a large state is several lines of one key" {
	awk 'BEGIN { for (i = 0; i < 20000; i++) print "a", i, "x" i }' >records
	merges stats count,median:2,distinct:3,mode:2 by 1
	awk 'length($0) > 511 { exit 1 }' one.states
	[ "$(wc -l <one.states)" -gt 200 ]
	is "$(cut -f 1 one.states | sort -u)" '\na'
	LC_ALL=C sort one.states |
	    mbatch --merge stats count,median:2,distinct:3,mode:2 by 1 |
	    cmp - want
}

@test "no records: a state without keys, none with" {
	mbatch --partial stats $EVERY </dev/null >states
	is "$(wc -l <states)" 2
	mbatch -a stats $EVERY </dev/null >want
	mbatch --merge stats $EVERY <states | cmp - want
	try --partial count by 1 </dev/null
	is "$(cut -c 1-10 out)" '\tmbatch3 e'
	mv out states
	try --merge count by 1 <states
	gives ''
	try --merge --part count </dev/null
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
	seq 4 | mbatch --partial count by 1,0 >states
	try --max-groups 2 --merge count by 1,0 <states
	is "$out" '1\t1\t1\n2\t2\t1\n(other)\t\t2\n'
	fails 0 'record 3: count: more than --max-groups 2: further groups are'
	seq 4 | mbatch --max-groups 2 --partial count by 1,0 >states 2>err
	try --merge count by 1,0 <states
	gives '1\t1\t1\n2\t2\t1\n(other)\t\t2\n'
}

@test "what is no state of this chain is refused, and nothing is written" {
	seq 10 | mbatch --partial stats count,sum:1 by 1 >states
	local chain=(--merge stats 'count,sum:1' by 1)
	sed 's/mbatch3/mbatch4/' states >bad
	try "${chain[@]}" <bad
	fails 1 'record 1: a state of another version'
	sed 's/mbatch3/mbatch2/' states >bad
	try "${chain[@]}" <bad
	fails 1 'record 1: a state of an older version.*how much they wrote'
	is "$out" ''
	try --merge stats count,max:1 by 1 <states
	fails 1 'record 1: a state of other aggregates, keys or --approx'
	is "$out" ''
	try --merge stats count,sum:1 by 2 <states
	fails 1 'other aggregates, keys or --approx'
	sed '$d' states | head -c -8 >bad
	try "${chain[@]}" <bad
	fails 1 'record 10: a state that was cut short or changed'
	head -c -8 states >bad
	try "${chain[@]}" <bad
	fails 1 'record 11: a state that was cut short or changed'
	is "$out" ''
	sed '3s/ 1 / 2 /' states >bad
	try "${chain[@]}" <bad
	fails 1 'record 3: a state that was cut short or changed'
	try "${chain[@]}" <<<$'a b\n'
	fails 1 'record 1: not a line that --partial wrote'
	try --bad skip "${chain[@]}" < <(head -n 3 states; echo x
	    tail -n 2 states)
	fails 0 'record 4: not a line' '4 of the 10 lines of states'
	is "$out" '1\t1\t1\n2\t1\t2\n3\t1\t3\n10\t1\t10\n'
	mbatch --bad kept "${chain[@]}" < <(head -n 3 states; echo x) \
	    >out 2>/dev/null
	is "$(<kept)" x
}

@test "sums: doubles that cancel out are remembered" {
	printf '%s\n' 9223372036854775807 -9223372036854775809 \
	    9223372036854775808 >in
	mbatch -a stats sum:1,mean:1 <in >whole
	is "$(<whole)" '9223372036854776000\t3074457345618258400'
	mbatch --partial stats sum:1,mean:1 <in |
	    mbatch --merge stats sum:1,mean:1 | cmp - whole
	mbatch -n 1 --partial stats sum:1,mean:1 <in |
	    mbatch -n 2 --merge --partial stats sum:1,mean:1 |
	    mbatch --merge stats sum:1,mean:1 | cmp - whole
}

@test "hist: a state with another -n is refused, a logarithmic one has none" {
	seq 100 >in
	mbatch --partial hist -n 20 1 <in >states
	mbatch --partial hist 1 <in >>states
	try --merge hist 1 <states
	fails 1 'record 1: a state of hist with another -n'
	is "$out" ''
	try --bad skip --merge hist 1 <states
	mbatch -a hist 1 <in | cmp - out
	try -a --partial hist 1 </dev/null
	cat out states >three
	try --merge hist -n 20 1 <three
	fails 1 'record 5: a state of hist with another -n'
	mbatch --partial hist -l -n 3 1 <in | mbatch --merge hist -l 1 >out
	mbatch -a hist -l 1 <in | cmp - out
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
	sed 's/ g/  /' state >bad
	cmp -s state bad && return 1
	try --merge stats $EVERY by 1 <bad
	fails 1 'record 1: '
	is "$out" ''
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

@test "--partial: what stands behind the aggregate is checked, not run" {
	try --partial count by 1 then cut nosuch <<<a
	usage "there is no field 'nosuch'; there are '1', 'count'"
	try --partial -T 1 count then dedup -t 1h <<<a
	usage "dedup: -t goes by the field of -T, '1', which"
	try --partial uniq -c 1 then cut count then grep x then tee f <<<'a b'
	is "$status" 0
	[ ! -e f ]
	# a user of -T that runs where states are merged
	try --partial -T ts count by ts then dedup -t 1h <<<'ts=1700000000'
	is "$err" ''
	mv out states
	try -T ts --merge count by ts then dedup -t 1h <states
	gives '1700000000\t1\n'
}

@test "--partial means -a, unless something else closes batches" {
	try --partial count < <(seq 5000)
	is "$(grep -c . <<<"$out")" 2
	mbatch -n 1000 --partial count < <(seq 5000) >out
	is "$(grep -c . out)" 6
	is "$(mbatch --merge count <out)" 5000
}

@test "nameless, absent and empty keys are the same merged, in every format" {
	local f o k op n=0
	local to=('-o csv' '-o tsv' '-o json' '-o logfmt' '-o text' '-o table')
	printf ',a,b\nx,1,2\n,3,\ny,,4\nx\n' >csv
	tr , '\t' <csv >tsv
	printf '%s\n' '{"a":1,"b":null,"":"q"}' '{"a":"","b":""}' '{}' \
	    '{"a":null,"b":[1]}' '{"":"q","a":"null"}' >json
	printf '%s\n' 'a=1 b=' 'a="" b=2' c=1 'a b=x' >logfmt
	printf '%s\n' '1 2' '' 3 '  4 5' >text
	printf '192.0.2.1 %s [10/Oct/2000:13:55:36 -0700] "%s" 200 %s\n' \
	    '- -' 'GET / HTTP/1.0' - '- u' '' '5 "" "x"' 'i u' - '7 "-" "-"' \
	    >clf
	cat json logfmt text >auto
	for f in csv tsv json logfmt text clf auto; do
		case $f in
		csv | tsv) k='1 a 1,a b:10' ;;
		clf) k='ident bytes user,referer 2 bytes:1k agent:1m' ;;
		text) k='1 2 1,2' ;;
		*) k='a b b,a a:10' ;;
		esac
		for k in $k; do for op in "count by $k" "top by $k" \
		    "stats first:${k%%[,:]*},distinct:${k%%,*} by $k"; do
			# shellcheck disable=SC2086  # words
			mbatch -a -i $f --partial $op <$f >states
			for o in '' "${to[n++ % 6]}"; do
				# shellcheck disable=SC2086  # words
				mbatch $o -a -i $f $op <$f >want 2>/dev/null
				# shellcheck disable=SC2086  # words
				mbatch $o --merge $op <states >got 2>/dev/null
				cmp got want || { echo "$f $o $op"; return 1; }
			done
			# shellcheck disable=SC2086  # words
			mbatch --partial --merge $op <states | cmp - states
		done; done
	done
	[ $n -gt 70 ]
}

@test "--partial, --merge: lists and what goes with the largest, in order" {
	local i
	random_records 3000 8 >records
	set -- stats list:3,values:2,v=values:3,argmax:3@2,argmin:3@2 by 1
	mbatch -a "$@" <records >want 2>told
	for i in 1 2 3 4 5; do
		command split -l $((i * 150)) -d records "piece$i."
		for f in piece"$i".*; do
			mbatch --partial "$@" <"$f"
		done >states
		try --merge "$@" <states
		cmp want out
		cmp told err
		mbatch --partial --merge "$@" <states >less
		mbatch --merge "$@" <less 2>err | cmp - want
	done
	sed 's/.......$//' states | head -n 1 >short
	try --merge "$@" <short
	fails 1 'cut short or changed'
}

@test "--partial, --merge: first and last by the records' time, however merged" {
	local i
	set -- stats first:3,last:3,count by 2
	awk 'BEGIN { for (i = 0; i < 2000; i++)
	    printf "17000%05d.5 k%d v%d\n", i * 777 % 2000, i % 7, i }' >in
	mbatch -a -T 1 "$@" <in >all
	for i in 1 2 3; do
		command split -l $((i * 190)) -d in "part$i."
		for f in part"$i".*; do
			mbatch -T 1 --partial "$@" <"$f"
		done | sort >states
		try --merge "$@" then sort 1 <states
		sort all | cmp - out
		mbatch --partial --merge "$@" <states | mbatch --merge "$@" |
		    sort | cmp - out
	done
}

@test "--merge -w --runs: a window closes as all runs have passed it" {
	local r
	live -w 10s --merge --runs 3 count by 2 then sort 1
	mkfifo a b c
	for r in a b c; do
		"$MBATCH" --run $r -T 1 -w 10s --partial count by 2 <$r >&8 &
	done
	exec 5>a 6>b 7>c
	printf '1 x\n2 x\n12 x\n' >&5
	printf '1 y\n13 y\n25 y\n' >&6
	printf '3 x\n9 y\n' >&7
	printf '10 z\n' >&7
	hear $'x\t3'
	hear $'y\t2'
	# a run that has ended holds nothing back
	exec 7>&-
	printf '20 x\n' >&5
	hear $'x\t1'
	hear $'y\t1'
	hear $'z\t1'
	exec 5>&- 6>&-
	hush
	hear $'x\t1'
	hear $'y\t1'
	hear_end
	ended
	is "$status" 0
}

# streamed RUN TIMES...: what --partial -w writes of a stream.
streamed() {
	local run=$1
	shift
	printf '%s\n' "$@" | mbatch --run "$run" -T 1 -w 10s --partial count
}

@test "--merge -w --runs: silent runs and lines out of order" {
	streamed a 1 2 11 25 >a
	streamed b 1 12 13 25 >b
	is "$(grep -c ' w ' a)" 2
	# lines in any order but a run's own: nothing is late
	try -w 10s --merge --runs 2 count < <(cat b a)
	gives '3\n3\n2\n'
	# a state behind its watermark is refused
	try -w 10s --merge --runs 2 count < <(cat b; grep ' w ' a; grep -v ' w ' a)
	fails 1 'behind their run.s watermark'
	try -w 10s --merge --runs 2 --idle 1 count <a
	fails 1 'runs 2: 1 came'
	live -w 10s --merge --runs 2 --idle 0.1 count
	sed 2q b >&8
	grep -v ' e ' a >&8
	hear 3
	until_true grep -q '^mbatch: --idle: nothing came of run .b.;' err
	hear 1
	sed 1,2d b >&8
	tail -n 1 a >&8
	ended
	is "$status" 0
	grep -q 'before the windows still open' err
	live -w 10s --merge --runs 2 --idle 0.1 count
	sed 2q b >&8
	until_true grep -q 'idle: of 2 runs 1 came; windows close without the others' err
	ended
	try --merge --idle 1 count
	usage '--idle is for --merge -w --runs N'
	try -w 10s --merge --idle 1 count
	usage '--idle is for --merge -w --runs N'
}

# runs N CHAIN...: the states of N runs, r1 to rN.
runs() {
	local n=$1 i
	shift
	for ((i = 1; i <= n; i++)); do
		seq $i $((i * 10)) | mbatch --run r$i --partial "$@" >r$i
	done
}

@test "a run that was cut, lost or sent twice is told, and there is no answer" {
	runs 3 count
	cat r? >all
	try -v --merge count <all
	is "$out" '57\n'
	fails 0 '3 runs, of 57 records, 147 bytes, 0 bad records'
	try --runs 3 --merge count <all
	gives '57\n'
	refused() {
		fails 1 "$@"
		is "$out" ''
	}
	try --merge count < <(sed 1d all)
	refused '2 of the 3 lines of states that 3 runs wrote came'
	try --merge count < <(sed 2d all)
	refused '3 lines of states came, and 2 runs ended that wrote 2'
	try --merge count < <(cat all all)
	refused 'run .r1. came twice' 'run .r2. came twice' 'run .r3. came twice'
	try --merge count < <(sed p all)
	refused 'run .r1. came twice'
	try --merge count < <(cat r1 r2 r3 <(seq 3 | mbatch --run r2 --partial count))
	refused 'run .r2. came twice'
	try --merge count < <(sed '1{h;s/.*//;x;}; 3{p;d;}' all | sed 1d
	    sed -n 3p all)
	refused
	try --runs 4 --merge count <all
	refused "--runs 4: 3 came: 'r1', 'r2', 'r3'"
	try --merge count </dev/null
	refused 'nothing came'
	try --merge count by 1 </dev/null
	refused 'nothing came'
	# one state in the place of another one of as many lines
	try --merge count < <(sed -n 3p all; sed 1d all)
	refused 'others than those that the runs wrote'
	# a user who takes what there is
	try --bad skip --merge count < <(cat r1 r2; sed 1q r3)
	fails 0 'a run is missing its end'
	is "$out" '57\n'
	# a signal, and a failure, in a mapper and in a combiner
	mkfifo in
	"$MBATCH" --partial count <in >bad &
	exec 7>in
	printf '1\n2\n' >&7
	"$H/settled" $! <&7
	kill -TERM $!
	wait $! || :
	exec 7>&-
	try --merge count <bad
	refused 'did not see all of its input: signal-15'
	! mbatch --bad fail -i json --partial count by a <<<x >bad 2>err || false
	try --merge count by a <bad
	refused 'did not see all of its input: failed'
	! mbatch -i json --partial count by a <<<x >bad 2>err || false
	try --merge count by a <bad
	refused 'did not see all of its input: unread'
	! mbatch --partial assert '$1 < 5' then count <<<7 >bad 2>err || false
	try --merge assert '$1 < 5' then count <bad
	refused 'did not see all of its input: status-3'
	! { cat r1; echo x; cat r2; } | mbatch --partial --merge count >bad \
	    2>err || false
	try --merge count < <(cat bad r3)
	refused 'did not see all of its input: failed'
}

@test "--range: a part that is missing, doubled, or of another number is told" {
	local k chain=(count by 2)
	mkdir far
	seq 300 | sed 's/.$/& &/' >log
	for k in 1 2 3 4; do
		mbatch --run r$k --range $k/4 --partial "${chain[@]}" <log >s$k
	done
	mbatch -a "${chain[@]}" <log | sort >want
	cat s? | mbatch --merge "${chain[@]}" | sort | cmp - want
	parts() {
		try --merge "${chain[@]}" < <(cat "${@:2}")
		fails 1 "$1"
		is "$out" ''
	}
	parts 'part 3 of 4 of .log. is missing' s1 s2 s4
	parts 'part 1 of 4 of .log. is missing' s4
	try --merge --part "${chain[@]}" < <(cat s1 s2 s4)
	is "$status" 0
	# a retry that made a name of its own
	mbatch --range 2/4 --partial "${chain[@]}" <log >again
	parts 'part 2 of 4 of .log., which another one read, too' s? again
	try --merge --part "${chain[@]}" < <(cat s2 again)
	fails 1 'part 2 of 4 of .log., which'
	for k in 1 2; do
		mbatch --range $k/2 --partial "${chain[@]}" <log
	done >halves
	parts 'part 1 of 2 of .log., .* in parts of another number' s? halves
	# a copy that lies elsewhere is the same file, one of another size not
	cp log far/log
	mbatch --range 3/4 --partial "${chain[@]}" <far/log >s3
	cat s? | mbatch --merge "${chain[@]}" | sort | cmp - want
	echo 1 >>log
	mbatch --range 3/4 --partial "${chain[@]}" <log >s3
	parts 'part . of 4 of .log. is missing, or the file grew' s?
	# what a combiner passes on is compared, too
	mbatch --partial --merge "${chain[@]}" < <(cat s1 s2) >some
	parts 'part . of 4 of .log. is missing' some
	: >log
	for k in 1 2; do
		mbatch --range $k/2 --partial "${chain[@]}" <log
		mbatch --range $k/3 --partial "${chain[@]}" <log
	done | mbatch --merge "${chain[@]}" >got
	is "$(<got)" ''
}

@test "states of other chains, and what several mergers can't say, are refused" {
	seq 10 | mbatch --partial where '$1 > 3' then count >a
	seq 10 | mbatch --partial where '$1 > 8' then count >b
	try --merge where '$1 > 3' then count < <(cat a b)
	fails 1 'different chains: run .* before the aggregate'
	is "$out" ''
	try --merge count <a
	fails 1 'different chains'
	seq 10 | mbatch -i json --bad skip --partial count >a 2>/dev/null
	seq 10 | mbatch --partial count >b
	try --merge count < <(cat a b)
	fails 1 'read its records with other options than the first run'
	for o in '-m ^1' '--null-words 3' '-F x' -0; do
		# shellcheck disable=SC2086  # words
		seq 10 | mbatch $o --partial count | tr '\0' '\n' >a
		try --merge count < <(cat a b)
		fails 1 'read its records with other options than the first run'
	done
	# what another aggregate of the same states makes of them
	seq 10 | mbatch --partial count by 1 >a
	try --merge top 1 by 1 <a
	gives '1\t1\n'
	for chain in 'count -p by 1' 'top 1 by 1' 'template' 'movers by 1'; do
		# shellcheck disable=SC2086  # words
		try --part --merge $chain </dev/null
		usage 'needs all groups, and with --part'
		# shellcheck disable=SC2086  # words
		try -k 1 --merge $chain </dev/null
		usage 'needs all groups, and with -k'
	done
	try -k 1 --merge top 1 by 1,2 </dev/null
	gives ''
	printf '%s\n' b a a c | mbatch -n 1 --partial count by 1 >states
	try -k 1 --merge count by 1 <states
	fails 1 'record 2: its key comes before that of the line before'
	is "$out" ''
	LC_ALL=C sort states >sorted
	try -k 1 --merge count by 1 <sorted
	gives 'a\t2\nb\t1\nc\t1\n'
	try -k 1 --merge count by 1 < <(sed 3d sorted)
	gives 'a\t1\nb\t1\nc\t1\n'
	try --runs 1 -k 1 --merge count by 1 < <(sed 3d sorted)
	fails 1 '3 of the 4 lines of states'
	for op in "where nr()>3" "let x=nr()"; do
		# shellcheck disable=SC2086  # words
		try --partial $op then count
		usage 'nr\(\) counts the records of one run'
	done
	try --merge count by 1 then where 'nr() < 3' <a
	is "$status" 0
	try --run x count
	usage '--run names a run of --partial'
	try --run '' --partial count
	usage 'from 1 to 64'
	for o in '--runs 3' --part '--runs 3 --part --merge' '--runs 0 --merge'
	do
		# shellcheck disable=SC2086  # words
		try $o count
		usage
	done
}

@test "reducers that see part of the keys, or of the windows" {
	printf '2024-01-01T0%d:00:00Z %s\n' 1 a 1 b 5 a 7 c 7 a >in
	mbatch -T 1 -w 1h count then stamp time <in | grep -v '0$' >want
	mbatch -T 1 -w 1h --partial count <in >states
	awk '{ print > ("red" NR % 2) }' states
	for i in 0 1; do
		mbatch -w 1h --merge --part count then stamp time <red$i
	done | LC_ALL=C sort | cmp - want
	try -w 1h --merge count <red0
	fails 1
	is "$out" ''
}

@test "lines are short, whatever keys and states are; several writers do no harm" {
	local chain=(stats 'count,distinct:2,list:2,first:2' by 1) long i
	long=$(printf '%0200d' 0 | tr 0 k)
	for i in $long ${long}x ${long}y x$long k; do
		seq 60 | sed "s/^/$i /"
		echo "$i $long$long$long"
	done >records
	mbatch -a "${chain[@]}" <records >want
	mbatch --partial "${chain[@]}" <records >states
	is "$(awk 'length > 511' states | wc -l)" 0
	[ "$(grep -c 'mbatch3 k' states)" -gt 9 ]
	[ "$(grep -c 'mbatch3 c' states)" -gt 2 ]
	# a key is cut alike, be its state short or long
	is "$(sed -n 62p records | mbatch --partial "${chain[@]}" | cut -f 1 |
	    sed 1q)" "$(grep 'mbatch3 k' states | cut -f 1 | sed 1q)"
	mbatch --merge "${chain[@]}" <states | cmp - want
	LC_ALL=C sort want >sorted
	LC_ALL=C sort states | mbatch --merge "${chain[@]}" | LC_ALL=C sort |
	    cmp - sorted
	LC_ALL=C sort states | mbatch -k 1 --merge "${chain[@]}" |
	    LC_ALL=C sort | cmp - sorted
	tac states | mbatch --merge "${chain[@]}" | LC_ALL=C sort |
	    cmp - sorted
	# combiners of some of the pieces
	for i in 0 1; do
		awk -v i=$i 'NR % 2 == i' states |
		    mbatch --partial --merge "${chain[@]}"
	done >some
	mbatch --merge "${chain[@]}" <some | LC_ALL=C sort | cmp - sorted
	for i in 1 2 3 4; do
		awk -v i=$i 'NR % 4 + 1 == i' records >part.$i
	done
	seq 4 | xargs -P 4 -I I sh -c '"$0" --partial stats "$@" <part.I' \
	    "$MBATCH" count,distinct:2 by 1 |
	    mbatch --runs 4 --merge stats count,distinct:2 by 1 |
	    LC_ALL=C sort >got
	cut -f 1-3 sorted | cmp - got
	# a piece that is lost, or comes twice
	try --merge "${chain[@]}" < <(sed 2d states)
	fails 1 'came in part only'
	is "$out" ''
	try --merge "${chain[@]}" < <(sed 2p states)
	fails 1
	is "$out" ''
	# the input's name is told up to there: a blank is four bytes of it
	local room name
	seq 3 >x
	room=$((511 + 1 - $(mbatch -a --partial count <x |
	    awk '/mbatch3 e/ { print length }')))
	for ((i = room - 3; i <= room + 3; i++)); do
		printf -v name '%*s%.*s' $((i / 4)) '' $((i % 4)) xxx
		cp x "$name"
		mbatch -a --partial count <"$name"
	done >states
	is "$(awk 'length > most { most = length } END { print most }' \
	    states)" 511
}

@test "equal states are equal bytes, whatever order their values came in" {
	local chain=(stats 'count,distinct:3,mode:3,median:2,p9:3,sum:2,min:3' by 1)
	random_records 6000 21 >records
	mbatch --run r --partial "${chain[@]}" <records | LC_ALL=C sort >want
	grep -q 'mbatch3 c' want
	tac records | mbatch --run r --partial "${chain[@]}" | LC_ALL=C sort \
	    >got
	# but for where in the run a line that was cut stood
	for f in want got; do
		grep -v ' e r ' $f | sed -E 's/(mbatch3 c) .{8}/\1/; s/.{6}$//'
	done >both
	is "$(sort both | uniq -c | awk '$1 != 2' | wc -l)" 0
}

@test "top: equal groups are cut by key, alone and where states are merged" {
	local i
	for i in 3 1 5 2 4 1 2 3 4 5; do echo "k$i $i"; done >records
	mbatch -a top 3 by 1 <records >want
	is "$(<want)" 'k1\t2\nk2\t2\nk3\t2'
	is "$(mbatch -a top -r 2 by 1 <records)" 'k1\t2\nk2\t2'
	split 3 top 3 by 1 >states
	mbatch --merge top 3 by 1 <states | cmp - want
	tac states | mbatch --merge top 3 by 1 | cmp - want
	mbatch -a top 3 2 <records >want
	is "$(<want)" 'k5 5\nk5 5\nk4 4'
}

@test "random cuts, drops, doublings and swaps of lines give no wrong answer" {
	faults 60 7
}

@test "three levels of merging, of any lines" {
	random_records 600 8 >records
	levels 1 stats count,sum:2,p90:2,distinct:3,mode:3 by 1
	levels 2 top 3 by 3
}

@test "--merge --sorted: any number of keys and windows, a group at a time" {
	local i chain
	timed_records 2000 19 >records
	for chain in 'count by 2' 'count by 2,4' \
	    'stats count,distinct:4,p90:3,values:4 by 2' 'uniq -c 2,4' \
	    'uniq -u 4' 'count by 4 then sort -n -r count then head 3' \
	    'count' 'stats distinct:4,list:3 by 4,2 then where distinct_4>0' \
	    'count by 2,4 then head 2'; do
		# shellcheck disable=SC2086  # words
		split 3 $chain | LC_ALL=C sort >states
		# shellcheck disable=SC2086  # words
		mbatch --merge $chain <states >want
		# shellcheck disable=SC2086  # words
		MBATCH_WORK=1:300 mbatch --merge --sorted $chain <states |
		    cmp - want
		# and by a combiner, which keeps the order
		# shellcheck disable=SC2086  # words
		mbatch --partial --merge --sorted $chain <states >again
		grep -v '	mbatch3 e' again | LC_ALL=C sort -c
		# shellcheck disable=SC2086  # words
		LC_ALL=C sort again | mbatch --merge --sorted $chain |
		    cmp - want
	done
	for chain in 'count by 2' 'count' 'stats p9:3,mode:4 by 2,4' \
	    'count by 2 then stamp batch,time,reason'; do
		# shellcheck disable=SC2086  # words
		split 3 -w 2h -T 1 $chain | LC_ALL=C sort >states
		# shellcheck disable=SC2086  # words
		mbatch -w 2h --merge $chain <states >want
		# shellcheck disable=SC2086  # words
		mbatch -w 2h --merge --sorted $chain <states | cmp - want
		# shellcheck disable=SC2086  # words
		mbatch -w 2h --partial --merge --sorted $chain <states |
		    LC_ALL=C sort >again
		# shellcheck disable=SC2086  # words
		mbatch -w 2h --merge --sorted $chain <again | cmp - want
	done
	tac states >upside
	try -w 2h --merge --sorted count by 2 then stamp batch,time,reason \
	    <upside
	fails 1 'record 2: its key comes before'
	for chain in 'count -p by 1' 'top by 1' template 'movers by 1' \
	    'rate by 1'; do
		# shellcheck disable=SC2086  # words
		try --merge --sorted $chain </dev/null
		usage 'needs all groups, and with --sorted'
	done
	for i in '--merge -n 3' '' '--merge -k 1'; do
		# shellcheck disable=SC2086  # words
		try $i --sorted count by 1 </dev/null
		usage '--sorted is for'
	done
	# a line that is missing shows at the end
	split 3 count by 4 | LC_ALL=C sort >states
	try --merge --sorted count by 4 < <(sed '$d' states)
	fails 1 'are missing'
}

@test "recipes: ssh, xargs" {
	local h
	mkdir -p bin a b c lost
	printf '#!/bin/sh\ncd "$1" || exit 255\nshift\nexec sh -c "$*"\n' \
	    >bin/ssh
	ln -s "$MBATCH" bin/mbatch
	chmod +x bin/ssh
	rmdir lost
	for h in a b c; do
		printf 'bytes=%d host=%s\n' 6000 $h 40 $h 9000 x >$h/log
	done
	hosts() {
		local h
		for h; do
			# shellcheck disable=SC2029  # here
			PATH=$PWD/bin:$PATH ssh "$h" "mbatch --run $h --partial \
			    where 'bytes > 5000' then count by host < log" &
		done 2>/dev/null
		wait
	}
	hosts a b c | mbatch --runs 3 --merge where 'bytes > 5000' then \
	    count by host | LC_ALL=C sort >got
	is "$(<got)" 'a\t1\nb\t1\nc\t1\nx\t3'
	try --runs 3 --merge where 'bytes > 5000' then count by host \
	    < <(hosts a lost c)
	fails 1 "--runs 3: 2 came: '[ac]', '[ac]'"
	is "$out" ''
	# who gives the host up
	try --bad skip --runs 3 --merge where 'bytes > 5000' then \
	    count by host then stats sum:count < <(hosts a lost c)
	fails 0 '--runs 3: 2 came'
	is "$out" '4\n'

	random_records 3000 5 >log
	mbatch -a count by 1 <log | LC_ALL=C sort >want
	seq 8 | xargs -P 8 -I K sh -c \
	    '"$0" --range K/8 --partial count by 1 < log' "$MBATCH" |
	    mbatch --merge count by 1 | LC_ALL=C sort | cmp - want
}

@test "partial: windows of groups by several keys" {
	printf '%s\n' '2024-01-01T00:00:00Z a 1' '2024-01-01T01:00:00Z b 2' |
	    mbatch -w 1h -T 1 --partial count by 2,3 >states
	is "$(grep ' g@' states | cut -f 1-3)" \
	    '2024-01-01T00:00:00Z\ta\t1\n2024-01-01T01:00:00Z\tb\t2'
	mbatch --merge -w 1h -o csv count by 2,3 <states >out
	is "$(<out)" '2,3,count\na,1,1\nb,2,1'
}
