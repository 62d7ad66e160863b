#!/usr/bin/env bats
# input, arguments and surroundings that mean no good: what comes is right or
# refused, soon, and in little memory

# shellcheck disable=SC2089,SC2090  # words of operators, as they stand
load helper

# within KIB ARG...: as try, in at most so much memory.
within() {
	local kib=$1
	shift
	status=0
	"$H/limit" "$LIMIT" "$H/maxrss" rss "$MBATCH" "$@" >out 2>err ||
	    status=$?
	slurp
	[ -n "${MBATCH_CHECK-}" ] || [ "$(<rss)" -le "$kib" ]
}

# repeat N TEXT: without a newline.
repeat() {
	yes "$2" | head -n "$1" | tr -d '\n'
}

# letters N: of one kind.
letters() {
	head -c "$1" /dev/zero | tr '\0' a
}

# limited ARG...: as try, under the shell's `ulimit -S $limits`.
limited() {
	status=0
	(
		# shellcheck disable=SC2086,SC2154  # several words
		ulimit -S $limits
		exec "$H/limit" "$LIMIT" "$MBATCH" "$@"
	) >out 2>err || status=$?
	slurp
}

# The rows that come, in every format, of a file of each.
all_formats() {
	local i
	for i in text csv tsv json logfmt clf auto; do
		try -a -i "$i" "$@" <given
		[ "$status" -le 1 ] || { show; return 1; }
	done
}

@test "records of no bytes, in every format and operator" {
	local op
	yes '' | head -n 3000 >given
	all_formats count
	try -a count <given
	gives '3000\n'
	for op in 'sort 1' 'sort -n' 'cut 1,-1' 'cut 2-' 'cut -x 1' 'uniq -c' \
	    'dedup 1' 'split 1' 'top 1' 'top 1 by 1' 'template' 'hist 1' \
	    'let x=$1+1' 'let x=substr($0,-5,9)' 'where $1=1' 'extract (x*)' \
	    'replace x* y' 'parse *-* a,b' 'fill 1' 'step lag 1' 'stamp' \
	    'stats p50:1,mode:1,first:1 by 1' 'join' \
	    'count by 1:mask' 'count by 1:/24' 'movers by 1' 'tail 2 by 1' \
	    'head 2 by 1' 'sample 50% by 1' 'reverse' 'collect'; do
		# shellcheck disable=SC2086  # several words
		try -n 1000 $op <given
		[ "$status" -eq 0 ] || { show; return 1; }
	done
}

@test "a record of 60 MB is one like others" {
	plain_build_only
	{ letters 62914560; printf '\nx\n'; } >given
	within 140000 -a grep b <given
	gives ''
	within 140000 -a where '$1 =~ "a*b" or $1 = 1' <given
	gives ''
	within 400000 -a count by 1 then let 'n=len($1)' then cut n <given
	gives '62914560\n1\n'
	within 140000 -a --max-record 60M --bad skip count <given
	is "$out" '2\n'
	within 60000 -a --max-record 1M --bad skip count <given
	is "$out" '1\n'
}

@test "a million fields" {
	plain_build_only
	{ seq -s ' ' 1000000; echo 1 2 3; } >text
	within 200000 -a cut -1,999999 <text
	gives '1000000\t999999\n3\t\n'
	try -a cut 1-1000000 <text
	usage
	awk 'BEGIN { for (i = 1; i < 9000; i++) printf "c%d,", i
		print "z"; for (i = 1; i < 9000; i++) printf "%d,", i
		print "z" }' >csv
	for o in json csv tsv logfmt; do
		within 60000 -i csv -o $o -a <csv
		[ "$status" -eq 0 ]
		mv out wide.$o
	done
	for o in json logfmt; do
		within 60000 -a -i $o -o csv <wide.$o
		cmp out wide.csv
	done
	within 60000 -i csv -a cut -x c1 <csv
	is "${out:0:9}" c2,c3,c4,
	within 60000 -i csv -a -o json let c1=0 then cut -x c2 <csv
	is "${out:0:22}" '{"c1":0,"c3":3,"c4":4,'
	{ seq -s , 70000; echo 1; } >csv
	try -i csv -a pivot 1 2 <csv
	usage '^mbatch: pivot: by KEYS is missing: 70000 columns are too many'
	try -i csv -a cut 2- <csv
	usage '^mbatch: cut: these are 69999 fields: at most 65536 can be chosen, -x'
}

@test "JSON 100 000 deep, closed or not, on a stack of 64 KB" {
	local op o
	plain_build_only
	limits='-s 64'
	awk 'BEGIN { printf "{\"a\":"; for (i = 0; i < 100000; i++) printf "["
		for (i = 0; i < 100000; i++) printf "]"; print ",\"b\":1}" }' \
	    >lists
	awk 'BEGIN { for (i = 0; i < 100000; i++) printf "{\"a\":"
		printf "1"; for (i = 0; i < 100000; i++) printf "}"; print "" }' \
	    >objects
	awk 'BEGIN { printf "{\"b\":2,\"a\":"
		for (i = 0; i < 100000; i++) printf "[{\"a\":"; print "" }' >open
	for op in 'cut b' 'cut a.a.a.0' 'let c=a' 'count by a' 'sort a' \
	    'fromjson -f a' 'replace -f a x y' template 'split a' collect \
	    'dedup a' 'pivot a b' 'stats distinct:a,mode:a,values:a' \
	    'step lag a' 'fill b' 'tail 1 by a'; do
		for o in lists objects; do
			# shellcheck disable=SC2086  # several words
			limited -a -i json $op <$o
			[ "$status" -eq 0 ] || { show; return 1; }
		done
	done
	for o in csv tsv logfmt table json; do
		limited -a -i json -o $o let c=b <lists
		[ "$status" -eq 0 ]
		limited -a -i json -o $o let c=b <objects
		[ "$status" -eq 0 ]
	done
	limited -a -i json cut b <open
	fails 1 '^mbatch: record 1: cut short at byte '
	limited -a -o json fromjson <open
	fails 0 '^mbatch: record 1: fromjson: .*: cut short at byte '
}

@test "quotes never closed" {
	local op
	{ printf 'a,b\n"'; yes 'x,""' | head -n 100000; } >given
	within 30000 -i csv -a count <given
	gives '100000\n'
	try -i csv -a --bad skip -n 5 count <given
	[ "$status" -eq 0 ]
	within 30000 -i csv --max-record 64k --bad skip -a count <given
	[ "$status" -eq 0 ]
	printf '{"a":"x\n{"a":1}\n' >given
	try -i json cut a <given
	is "$out" '{"a":1}\n'
	printf 'a="x\na=1\n' >given
	try -i logfmt cut a <given
	is "$out" 'a=1\n'
	[[ $err = *'record 1: '* ]]
	printf '1 - - [10/Oct/2000:13:55:36 -0700] "GET /\n' >given
	try -i clf count <given
	for op in 'where $1="x' "where \$1='x" 'grep [x' 'grep (x' 'cut {x' \
	    'let x=(1' 'where $1="x\' 'grep x\' 'grep [[:alpha:' 'grep x{1'; do
		# shellcheck disable=SC2086  # several words
		try $op <given
		usage '^mbatch: '
	done
}

@test "NULs and what is no UTF-8 pass, or are shown as what they are" {
	local o
	printf 'a\0b \377\376 \300\200 \355\240\200\n' >given
	try -a cut 2,3,4 <given
	gives '\xff\xfe\t\xc0\x80\t\xed\xa0\x80\n'
	try -a count by 1 <given
	[ "$out" = 'a\0b'$'\t1\n' ]
	mbatch -a <given | cmp - given
	for o in csv tsv logfmt; do
		try -a -o $o cut 1,2 <given
		[ "$status" -eq 0 ]
	done
	try -a -o json cut 1,2 <given
	gives '{"1":"a\\u0000b","2":"\xef\xbf\xbd\xef\xbf\xbd"}\n'
	try -a -o table cut 1,2 <given
	[[ $out = *'a\x00b'*'\xff\xfe'* ]]
	for o in 'sort' 'template' 'top 1 by 2' 'stats mode:2,list:1' \
	    'extract (..)' 'let x=upper($1)' 'let x=chars($2)' 'split 1 b' \
	    'let x=pad($2,5)' 'replace . x' 'grep ^a.b' 'count by 2:mask'; do
		# shellcheck disable=SC2086  # several words
		try -a $o <given
		[ "$status" -eq 0 ] && [ -n "$out" ] || { show; return 1; }
	done
}

@test "what would steer a terminal is neither in tables nor in messages" {
	local e a
	e=$'\e[31m\233\342\200\256\a'
	printf '%s a\n' "$e" >given
	for a in "lookup $e 1" "cut $e" "let x=$e" "into $e" "tee $e/x" "$e" \
	    "--$e" "-n $e" "grep [$e" "stats $e" "stats sum:$e" "step $e" \
	    "-T $e -w 1s" "-i $e" "--state $e/x" "--bad $e/x" "top $e" \
	    "-m [$e" "seq $e x" "sample $e" "hist 1" \
	    "-i csv cut z" "--range $e" "-o table" "-i csv -o table" \
	    "-o table count by 1" "-o table pivot 1 2 by 2" \
	    "missing -f $e by 1" "-i csv lookup given $e" "--explain cut $e" \
	    "--explain -k $e count" "--explain -i csv cut 1"; do
		# shellcheck disable=SC2086  # several words
		try $a <given
		[[ $err$out = *'\x1b[31m'* || $err$out = *'[31m\x9b'* ]] ||
		    { echo "$a"; show; return 1; }
		! LC_ALL=C grep -q $'[\e\a\233]' out err ||
		    { echo "$a"; show; return 1; }
	done
}

@test "keys that would collide for one seed: each run has its own" {
	seq 200 >given
	try -a shuffle <given
	mv out first
	try -a shuffle <given
	if cmp -s out first; then
		return 1
	fi
}

@test "numbers of very many digits, and dates of no year" {
	local op
	{
		printf '1e999999\n-1e999999\n1e-999999\n0x10\nnan\ninf\n'
		printf '1e18446744073709551616\n1e-18446744073709551616\n'
		repeat 10000 9; echo
		printf -- -; repeat 10000 9; echo
		printf 0.; repeat 10000 0; printf '1\n7\n'
	} >given
	for op in 'stats sum:1,mean:1,stddev:1,min:1,max:1,p50:1' 'sort -n 1' \
	    'top 2 1' 'hist 1' 'hist -l 1' 'count by 1:10' 'where $1>5' \
	    'let x=$1+1' 'let x=$1*$1' 'let x=$1/3' 'let x=$1%7' \
	    'let x=round($1,$1)' 'let x=pad($1,$1)' 'let x=substr($1,$1,$1)' \
	    'let x=part($1,9,$1)' 'let x=net($1,$1)' 'let x=duration($1)' \
	    'let x=bytes($1)' 'let x=strftime("%F",$1)' 'let x=strptime($1)' \
	    'let x=exp($1)' 'step delta 1' 'step ewma 1' 'step anomaly 1' \
	    'count by 1:1h' 'count by 1:1mo' 'pivot 1 1 by 1' template \
	    '--approx stats p50:1,distinct:1,mode:1 by 1' 'let x=sqrt($1)' \
	    '--partial stats sum:1,mean:1,stddev:1,p50:1'; do
		# shellcheck disable=SC2086  # several words
		within 40000 -a $op <given
		[ "$status" -eq 0 ] || { echo "$op"; show; return 1; }
	done
	try -a stats max:1,count:1 <given
	[ "$status" -eq 0 ]
	try let x=1e999999 <given
	usage 'this is no number'
	printf '%s a\n' 0000-00-00T00:00:00Z 9999-12-31T23:59:59Z \
	    99999-01-01T00:00:00Z 2024-02-30T00:00:00Z 2024-13-01T00:00:00Z \
	    1677-01-01T00:00:00Z 2262-05-01T00:00:00Z 2024-01-01T99:99:99Z \
	    -9223372036854775808 18446744073709551615 2024-01-01T00:00:00Z \
	    >given
	try -T 1 -w 1h --ahead all count <given
	fails 0 '^mbatch: 10 records could not be read'
	is "$out" '1\n'
	try -a count by 1:1y <given
	[ "$status" -eq 0 ]
}

@test "a million groups, windows far apart, and patterns that multiply" {
	local re
	plain_build_only
	awk 'BEGIN { for (i = 0; i < 200000; i++)
		printf "%d k%d\n", 1700000000 + int(i / 100000), i }' >given
	within 120000 -T 1 -w 1s --ahead all count by 2 then count <given
	gives '100000\n100000\n'
	within 20000 --max-groups 10 -T 1 -w 1s --ahead all count by 2 \
	    then count <given
	[ "${out%%$'\n'*}" = 11 ]
	printf '%s\n' 1970-01-01T00:00:00Z 2200-01-01T00:00:00Z >given
	within 20000 -T 0 -w 1s --ahead all count then where '$1 > 0' <given
	is "$out" '1\n1\n'
	{ letters 2000; echo; } >given
	for re in '(a*|b*)*c' '((a*|b*)*|(c*)*)*d' '(((((a*)*)*)*)*|b)*c' \
	    '(a|aa|aaa)*b' '(a?){255}a{255}b' '(.*a){20}b' \
	    '(.*)(.*)(.*)(.*)x' "$(repeat 5000 'a|')b"; do
		within 60000 -a grep -v "$re" then count <given
		[ "$status" -eq 0 ] || { echo "$re"; show; return 1; }
		within 60000 -a replace "$re" x then count <given
		gives '1\n'
	done
	for re in 'a{1,255}{1,255}' '((a{1,255}){1,255}){1,255}'; do
		try grep "$re" <given
		usage 'too large'
		try -s "$re" <given
		usage 'too large'
		try where "\$1 =~ '$re'" <given
		usage 'too large'
	done
	try grep "$(repeat 60000 '(')a$(repeat 60000 ')')" <given
	[ "$status" -le 2 ]
	try where "$(repeat 60000 '(')1=1$(repeat 60000 ')')" <given
	usage
}

@test "file names from fields stay in their folder" {
	mkdir in
	cd in
	printf '%s\n' ../x ../../x /etc/x .. . a/../../x '..\0x' '' \
	    -rf '~' .hidden >given
	printf 'a\0b\n' >>given
	mbatch -a tee 'f-{1}' <given >/dev/null 2>err
	mkdir d
	mbatch -a tee 'd/{0}' <given >/dev/null 2>err
	[ "$(find .. -maxdepth 1 | wc -l)" -eq 2 ]
	[ "$(find . -name '*x*' -o -name '*b*' | grep -c '/\.\.$')" -eq 0 ]
	repeat 5000 y >given
	try -a tee 'd/{1}' <given
	fails 1 '^mbatch: tee: .*too long'
	[ -z "$(find . -name '.*y*')" ]
}

@test "a link where a temporary file is to come is not followed" {
	local p
	plain_build_only
	echo precious >target
	# shellcheck disable=SC2016  # the shell's that is started
	p='for k in 0 1 2 3; do ln -s target ".made.$$-$k"; done
	ln -s target s.tmp; ln -s target s.tmp."$$"
	exec "$MBATCH" "$@"'
	printf 'x\n' >given
	bash -c "$p" sh -a tee made <given >out 2>err || :
	is "$(<target)" precious
	[ ! -L made ]
	rm -f .made.* s.tmp*
	bash -c "$p" sh --state s -a count <given >out 2>err || :
	is "$(<target)" precious
	[ ! -L s ]
	ln -s target late
	try -a tee late <given
	is "$(<target)" precious
	fails 1 '^mbatch: tee: late is there already'
}

@test "states that were edited are refused, or work" {
	local at
	plain_build_only
	printf '%s\n' a b c a >given
	try --state s -n 2 dedup 1 then count by 1 over all <given
	[ "$status" -eq 0 ]
	cp s kept
	while read -r at; do
		sed "$at" kept >s
		! cmp -s s kept
		try --state s -n 2 dedup 1 then count by 1 over all <given
		[[ $status = 1 && $err = 'mbatch: '* ]] ||
		    { echo "$at"; show; return 1; }
	done <<-'E'
		1s/[0-9]/9/
		2s/./X/
		$d
		1d
		s/[0-9]/18446744073709551615/
		$s/./-/
	E
	: >s
	try --state s -n 2 dedup 1 then count by 1 over all <given
	[ "$status" -le 1 ]
	head -c 100000 /dev/urandom >s
	try --state s -n 2 dedup 1 then count by 1 over all <given
	fails 1 '^mbatch: '
	try -a --partial stats sum:1,p50:1,distinct:1 <given
	cp out lines
	for at in 's/[0-9]/18446744073709551615/g' 's/./%/20' 's/\t/ /' '1d' \
	    's/[0-9][0-9]*$//'; do
		sed "$at" lines >edited
		cmp -s lines edited || {
			try --merge stats sum:1,p50:1,distinct:1 <edited
			[[ $status = 1 && $err = 'mbatch: '* ]] ||
			    { echo "$at"; show; return 1; }
		}
	done
}

@test "numbers beyond all limits" {
	local n o
	printf 'a 1\nb 2\n' >given
	for n in 18446744073709551615 "$(repeat 5000 9)"; do
		for o in '-n N' '-b N' '-n 1 -t N' '-n 1 -g N' '-T 1 -w N' \
		    '--max-record N' '--max-groups N' '-j N' '--none N' \
		    '-p 1 -n 1 --max-open N' '-T 1 -w 1s --late N' \
		    '--merge --runs N' 'head N' 'tail N' 'top N 2' \
		    'top N by 1' 'sample -n N' 'sample N' 'hist -n N 2' \
		    'step lag:N 2' 'step mean:N 2' 'movers N by 1' 'cut N' \
		    'cut N-' 'cut 1-N' 'count by 1 over N' 'count by 2:N' \
		    'stats pN:2' 'into -P N true' 'into -t N true' \
		    'template N' 'dedup -m N 1' 'count by 1:/N'; do
			# shellcheck disable=SC2086  # several words
			within 60000 ${o/N/$n} <given
			[ "$status" -le 2 ] || { echo "$o $n"; show; return 1; }
		done
	done
	try -n 18446744073709551615 count <given
	[ "$status" -le 2 ]
}

@test "few descriptors, little memory, no process, a small stack" {
	local op
	plain_build_only
	random_records 2000 1 >given
	limits='-n 8'
	for op in 'count by 1' 'sort' 'tee f-{1}' 'into cat' 'into -P 9 cat' \
	    'top 3 by 3' 'lookup given 1' 'into -P 9 --on-fail lost false'; do
		rm -f f-* lost
		# shellcheck disable=SC2086  # several words
		limited -n 100 -t 0 $op <given
		[[ $status = 0 || $err = 'mbatch: '* ]] ||
		    { echo "$op"; show; return 1; }
	done
	cat f-* 2>/dev/null | sort | cmp - /dev/null || :
	limits='-v 65536'
	limited -a count by 1 <given
	[ "$status" -eq 0 ]
	limited -a -j 2 sort <given
	[ "$status" -eq 0 ]
	letters 62914560 >big
	for op in sort 'count by 1' 'let x=upper($1)' 'into cat' stamp; do
		# shellcheck disable=SC2086  # several words
		limited -a --max-record 1G $op <big
		fails 1 '^mbatch: .*memory'
	done
	limits='-s 64'
	for op in 'count by 1' 'stats p50:2,mode:1,distinct:3 by 1' template \
	    'dedup 1' 'sort' 'top 2 by 1' 'movers by 1' 'session 1s' \
	    'rate by 1' 'pivot 1 2 by 3' 'extract (.)' '-o json let x=$1' \
	    '-o table count by 1' 'step lag 1' 'fill 1' 'lookup given 1' \
	    'count by 1 over 3' 'sample 50% by 1' 'burst 3 1s by 1' \
	    'seq 1s $1=1 $1=2' '-j 2 count by 1' '-i clf count'; do
		# shellcheck disable=SC2086  # several words
		limited -n 300 -T 0 $op <given
		[[ $status -le 2 && $err != *Segm* ]] ||
		    { echo "$op"; show; return 1; }
	done
}

# alone ARG...: as try, of a user who may have no process or thread more.  What
# make cov counts lies where that one may write.
alone() {
	local -x GCOV_PREFIX=${COVERAGE:+counts}
	# shellcheck disable=SC2016  # the shell's that is started
	local as=() p='ulimit -u 1 && exec env ./limit "$LIMIT" ./mbatch "$@"'
	[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid 65534 --regid 65534
	    --clear-groups)
	status=0
	"${as[@]}" bash -c "$p" sh "$@" <given >out 2>err || status=$?
	slurp
}

@test "no process and no thread more than its own" {
	plain_build_only
	[ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null ||
	    skip 'no setpriv: root may have as many as it likes'
	cp "$MBATCH" mbatch
	cp "$H/limit" .
	chmod 777 .
	seq 3000 | sed 's/$/ a/' >given
	alone -a into true
	fails 1 '^mbatch: into: batch 1 \(records 1-3000\): true: '
	alone -a into -P 4 --on-fail lost cat
	fails 1 '^mbatch: into: batch 1 \(records 1-3000\): cat: ' 'it is in lost'
	cmp lost given
	alone -a tee 'f-{2}'
	[ "$status" -eq 0 ] && cmp out given && cmp f-a given
	export MBATCH_WORK=4:300
	alone -a count by 2
	gives 'a\t3000\n'
	alone -j 4 -a sort -r -n 1
	[ "$status" -eq 0 ]
	[ "${out%%$'\n'*}" = '3000 a' ]
	alone -j 4 -n 1000 grep a then count
	gives '1000\n1000\n1000\n'
	alone -j 2 -p 2 -a count
	gives '3000\n'
	alone -i csv -N -j 4 -a -o json cut 1
	[ "$status" -eq 0 ] && [ "$(wc -l <out)" -eq 3000 ]
	[ -z "${COVERAGE-}" ] || cp -R counts "$COVERAGE/alone"
}
