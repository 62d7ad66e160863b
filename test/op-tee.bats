#!/usr/bin/env bats
# op-tee.bats - tee: the batch into files too

load helper

setup() {
	begin
	mkdir w && cd w || return
	seq 25 >../in
}

# The files made here, hidden ones too, in one line.
files() {
	find . -type f | sed 's,^\./,,' | grep -vxE 'out|err' | sort |
	    tr '\n' ' '
}

@test "records pass and are in the file" {
	try -n 10 tee f <../in
	gives "$(cat ../in)\n"
	cmp ../in f
	[ "$(files)" = 'f ' ]
}

@test "byte for byte: NUL, CRLF, no final newline, -0" {
	printf 'a\0b\r\n\n\xff' >../odd
	try -n 1 tee f <../odd
	{ cat ../odd; echo; } | cmp - f
	try -0 tee g < <(printf 'a\nb\0c')
	printf 'a\nb\0c\0' | cmp - g
}

@test "what comes after does not matter, -a head ends early or not" {
	try -a tee f then head 2 <../in
	gives '1\n2\n'
	cmp ../in f
	try -n 10 tee g then grep nothing <../in
	gives ''
	cmp ../in g
	try -n 10 grep 1 then tee h then count <../in
	gives '2\n9\n1\n'
	grep 1 ../in | cmp - h
}

@test "%N: a file a batch, whole when the batch is over" {
	try -n 10 tee 'p-%N.log' <../in
	gives "$(cat ../in)\n"
	[ "$(files)" = 'p-1.log p-2.log p-3.log ' ]
	cat p-1.log p-2.log p-3.log | cmp - ../in
	[ "$(wc -l <p-3.log)" -eq 5 ]
}

@test "%N: the name is there before the next batch" {
	live -n 2 tee '%N'
	say '1\n2\n3\n'
	hear 1
	hear 2
	settle
	[ ! -e 2 ]
	is "$(cat 1)" '1\n2'
	ended
	[ "$(files)" = '1 2 ' ]
}

@test "another name stays temporary until the end" {
	live -n 1 tee whole
	say '1\n'
	hear 1
	[ ! -e whole ]
	[ "$(cat .whole.*)" = 1 ]
	ended
	[ "$(files)" = 'whole ' ]
}

@test "{FIELD}: a file for each value; their lines add up" {
	random_records 5000 1 >../r
	try -n 300 tee 'k-{1}' <../r
	is "$status" 0
	cmp out ../r
	for k in k0 k1 k2 k3 k4 k5 k6; do
		grep "^$k " ../r | cmp - "k-$k"
	done
	[ "$(files | wc -w)" -eq 7 ]
}

@test "{FIELD}: more values than files may be open" {
	awk 'BEGIN { for (i = 0; i < 4000; i++) print i % 400, i }' >../r
	(ulimit -n 90 && mbatch -n 100 tee '{1}' <../r | cmp - ../r)
	[ "$(files | wc -w)" -eq 400 ]
	for k in 0 7 399; do
		grep "^$k " ../r | cmp - "$k"
	done
	cat -- * | sort | cmp - <(sort ../r)
}

@test "{FIELD}: files are closed where descriptors run short" {
	awk 'BEGIN { for (i = 0; i < 4000; i++) print i % 200, i }' >../r
	plain_build_only
	(ulimit -n 40 && mbatch -n 100 tee '{1}' then tee 'b{1}' then \
	    into cat <../r | cmp - ../r)
	[ "$(files | wc -w)" -eq 400 ]
	for k in 0 7 199; do
		grep "^$k " ../r | cmp - "$k"
		cmp "$k" "b$k"
	done
}

@test "{FIELD}: values are made safe as names" {
	printf 'k=a/b\nk=..\nk=.hid\nk=\nx=1\nk="q w"\n' >../r
	try -i logfmt tee '{k}' <../r
	is "$err" ''
	[ "$(files)" = '_ _. _hid a_b q w ' ]
	printf 'k=\nx=1\n' | cmp - _
	mkdir d
	try -i logfmt tee 'd/{k}' <../r
	[ -e d/_. ]
	[ -e d/_hid ]
	try -i logfmt tee 'x.{k}' <../r
	[ -e x... ]
	printf '{"k":"a\\u0000b"}\n' >../j
	try -i json tee 'j-{k}' <../j
	[ -e j-a_b ]
}

@test "{FIELD}: no value leads out of the folder" {
	mkdir '._'
	printf 'k=.\nk=..\nk=../..\n' >../r
	try -n 1 -i logfmt head 1 then tee '.{k}/f' < <(head -n 1 ../r)
	is "$err" ''
	[ "$(files)" = '._/f ' ]
	try -i logfmt tee '.{k}' < <(tail -n 2 ../r)
	[ "$(files)" = '._. ._._.. ._/f ' ]
}

@test "{FIELD}: a value longer than a name can be ends the run at once" {
	printf 'a\n%0300d\nb\n' 0 >../r
	try -n 1 tee '{1}' <../r
	fails 1 'tee: 0*: File ?name too long'
	is "$out" 'a\n'
	[ "$(files)" = 'a ' ]
}

@test "{FIELD} with a bucket, a position, both, and %N" {
	printf '17 a\n23 b\n29 c\n' >../r
	try tee '{1:10}' <../r
	[ "$(files)" = '10 20 ' ]
	try tee '{-1}-{1}.x' <../r
	[ "$(files)" = '10 20 a-17.x b-23.x c-29.x ' ]
	try -n 2 tee '%N-{1}' <../r
	[ -e 1-17 ]
	[ -e 2-29 ]
	try -i logfmt tee 'x{-a:10}-{1-2}' <<<'-a=17 1-2=b'
	[ -e x10-b ]
}

@test "times are the batch's: UTC, or TZ's with --local" {
	local day
	try tee '%Y-%m-%d_%%' < <(cat ../in)
	day=$(date -u +%Y-%m-%d)
	[ -e "${day}_%" ] || [ -e "$(date -u +%Y-%m-%d)_%" ]
	TZ=XXX-5:30 try tee 'u%z' < <(cat ../in)
	[ -e u+0000 ]
	TZ=XXX-5:30 try --local tee 'l%z' < <(cat ../in)
	[ -e l+0530 ]
}

@test "another time: the file before is whole; the same again is added to" {
	live -n 1 tee 's-%s'
	say '1\n'
	hear 1
	[ "$(find . -name 's-*' | wc -l)" -eq 0 ]
	local now
	now=$(date +%s)
	until [ "$(date +%s)" -gt $((now + 1)) ]; do sleep 0.05; done
	say '2\n'
	hear 2
	[ "$(find . -name 's-*' | wc -l)" -eq 1 ]
	[ "$(cat s-*)" = 1 ]
	ended
	[ "$(cat s-*)" = "$(seq 2)" ]
}

@test "another time: an empty window will do" {
	live -w 0.1s tee 's-%s'
	say '1\n'
	hear 1
	until_true eval '[ -n "$(find . -name "s-*")" ]'
	[ "$(cat s-*)" = 1 ]
	ended
}

@test "a file that was taken away meanwhile is made anew" {
	live -i csv -w 1h -T t tee '%H.csv'
	say 't\n2026-10-06T08:00:00Z\n2026-10-06T09:00:00Z\n'
	hear t
	hear 2026-10-06T08:00:00Z
	wait_for 08.csv
	mv 08.csv old
	say '2026-10-07T08:00:00Z\n2026-10-07T08:00:01Z\n'
	say '2026-10-08T09:00:00Z\n'
	ended
	[ "$status" -eq 0 ]
	[ "$(files)" = '08.csv 09.csv old ' ]
	is "$(cat old)" 't\n2026-10-06T08:00:00Z'
	is "$(cat 08.csv)" 't\n2026-10-07T08:00:00Z\n2026-10-07T08:00:01Z'
	is "$(cat 09.csv)" 't\n2026-10-06T09:00:00Z\n2026-10-08T09:00:00Z'
}

@test "a file of an earlier run is refused, and left as it was" {
	echo old >f
	try tee f <../in
	fails 1 'tee: f is there already; -a adds to it'
	[ "$(cat f)" = old ]
	[ "$(files)" = 'f ' ]
	try -n 10 tee '%N' <../in
	is "$status" 0
	try -n 10 tee '%N' <../in
	fails 1 '1 is there already'
	seq 10 | cmp - 1
}

@test "-a adds to it" {
	seq 3 >f
	try -a tee -a f < <(seq 4 6)
	gives '4\n5\n6\n'
	[ "$(cat f)" = "$(seq 6)" ]
	try -a tee -a new < <(seq 2)
	[ "$(cat new)" = "$(seq 2)" ]
}

@test "-a adds to a file that appears meanwhile, too" {
	printf 'a\n1\n2\n' >../csv
	try -a -i csv tee -a f then where 'a > 1' then tee -a f <../csv
	gives 'a\n2\n'
	is "$(cat f)" 'a\n1\n2\n2'
	[ "$(files)" = 'f ' ]
	live -n 1 tee -a g
	say '1\n'
	hear 1
	mkdir g
	ended
	[ "$status" -eq 1 ]
	grep -q 'what is meant for g is left in .g.*: Is a directory' err
}

@test "a file that appears meanwhile is not replaced" {
	live -n 1 tee f
	say '1\n'
	hear 1
	echo mine >f
	ended
	[ "$status" -eq 1 ]
	[ "$(cat f)" = mine ]
	grep -q 'what is meant for f is left in .f.*: File exists' err
	[ "$(cat .f.*)" = 1 ]
}

@test "csv and tsv: a header line on top of each file" {
	printf '"a",b\n1,x\n2,y\n3,x\n' >../csv
	try -n 1 -i csv tee '{b}.csv' <../csv
	gives "$(cat ../csv)\n"
	is "$(cat x.csv)" '"a",b\n1,x\n3,x'
	is "$(cat y.csv)" '"a",b\n2,y'
	try -n 1 -i csv tee -a x.csv <../csv
	is "$(cat x.csv)" '"a",b\n1,x\n3,x\n1,x\n2,y\n3,x'
	try -n 2 -i csv tee '%N' <../csv
	is "$(cat 2)" '"a",b\n3,x'
	try -i csv -N tee none <../csv
	is "$(cat none)" "$(cat ../csv)"
	try -i csv cut b then tee cut <../csv
	is "$(cat cut)" 'b\nx\ny\nx'
}

@test "a header line, too, where the first records can't be written" {
	try -n 1 -i json -o csv tee f <<<$'{\n{"a":1}\n{"a":2}'
	fails 0 '^mbatch: record 1: cut short'
	is "$(cat f)" 'a\n1\n2'
	is "$out" 'a\n1\n2\n'
	try -n 1 -i json -o csv tee -a f <<<$'{\n{"a":3}'
	is "$(cat f)" 'a\n1\n2\n3'
}

@test "-o is for what leaves: the last operator's tee" {
	printf 'a,b\n1,x\n' >../csv
	try -i csv -o json tee last <../csv
	gives '{"a":1,"b":"x"}\n'
	is "$(cat last)" '{"a":1,"b":"x"}'
	try -i csv -o json tee middle then cut a <../csv
	gives '{"a":1}\n'
	cmp middle ../csv
	try -i csv -o csv count by b then tee made <../csv
	gives 'b,count\nx,1\n'
	is "$(cat made)" 'b,count\nx,1'
	try -i csv -o table tee table <../csv
	is "$(cat table)" 'a\tb\n1\tx'
}

@test "a batch without records makes no file" {
	try tee f </dev/null
	gives ''
	try -a tee f </dev/null
	gives ''
	try -n 10 grep 5 then tee '%N' <../in
	[ "$(files)" = '1 2 3 ' ]
	rm -f ./*
	try -n 10 grep 7 then grep 1 then tee '%N' <../in
	[ "$(files)" = '2 ' ]
}

@test "what is no regular file is written as it stands" {
	try tee /dev/null <../in
	gives "$(cat ../in)\n"
	mkfifo p
	cat p >got &
	try -n 5 tee p <../in
	wait $!
	cmp got ../in
}

@test "a signal while nobody reads a FIFO yet does not end the run" {
	mkfifo p
	live -n 1 tee p
	say '1\n'
	settle
	kill -USR1 "$live"
	settle
	cat p >got 8>&- 9<&- &
	hear 1
	ended
	[ "$status" -eq 0 ]
	wait $!
	[ "$(cat got)" = 1 ]
}

@test "TERM ends waiting for the reader of a FIFO" {
	mkfifo p
	live -n 1 tee p
	say '1\n'
	settle
	kill -TERM "$live"
	ended
	[ "$status" -eq 1 ]
	grep -q 'tee: p: Interrupted' err
}

@test "/dev/stdout and /dev/stderr are ours, files too" {
	{
		echo before
		mbatch -a tee -a /dev/stdout <../in
		mbatch -a tee /dev/stdout then count <../in
		echo after
	} >got
	{ echo before; cat ../in ../in ../in; printf '25\nafter\n'; } |
	    cmp - got
	{
		echo before >&2
		mbatch -a tee /dev/stderr then into false <../in
	} 2>got && false
	{ echo before; cat ../in; } | cmp - <(head -n 26 got)
	[[ $(tail -n +27 got) == 'mbatch: into: batch 1 '* ]]
}

@test "write errors: told, exit 1" {
	try tee /dev/full <../in
	fails 1 'tee: /dev/full: No space left'
	try tee nowhere/f <../in
	fails 1 'tee: nowhere/f: No such file'
	try tee . <../in
	fails 1 'tee: \.: Is a directory'
}

@test "a file that could not be written whole does not get its name" {
	(
		ulimit -f 1
		seq 1000 | mbatch tee f >/dev/null 2>err
	) && false
	grep -q 'tee: f: File too large' err
	grep -q 'f is not whole; what there is of it is left in \.f\.' err
	[ ! -e f ]
	[ "$(find . -name '.f.*' -size +0 | wc -l)" -eq 1 ]
}

@test "a link to nothing is no place for a file" {
	ln -s nothing f
	try tee f <../in
	fails 1 'tee: f: File exists'
	[ "$(files)" = '' ]
}

@test "TERM: the file is whole and has its name" {
	live tee f
	say '1\n2\n'
	settle
	kill -TERM "$live"
	ended
	[ "$status" -eq 143 ]
	[ "$(files)" = 'f ' ]
	is "$(cat f)" '1\n2'
}

@test "what ends the run otherwise: what was written gets its name" {
	try -n 10 tee f then into false <../in
	fails 1 'batch 1'
	[ "$(files)" = 'f ' ]
	seq 10 | cmp - f
	try tee g <../in
	mbatch -n 1 tee h <../in >/dev/full 2>err || :
	grep -q 'No space left' err
	[ "$(cat h)" = 1 ]
	live -n 1 tee i
	say '1\n'
	hear 1
	exec 9<&-
	status=0
	wait "$live" || status=$?
	live=
	[ "$status" -eq 141 ]
	[ -e i ]
	[ "$(files)" = 'f g h i ' ]
}

@test "several in one chain" {
	try -n 10 tee a then grep 1 then tee b then tee c <../in
	cmp a ../in
	grep 1 ../in | cmp - b
	cmp b c
}

@test "much goes through" {
	seq 500000 >../big
	mbatch tee f <../big | cmp - ../big
	cmp f ../big
	mbatch -a tee '{1:100000}' <../big | cmp - ../big
	cat 0 100000 200000 300000 400000 500000 | cmp - ../big
}

@test "bad arguments" {
	try tee </dev/null
	usage 'tee: FILE is missing' 'usage: mbatch tee'
	try tee '' </dev/null
	usage 'FILE must not be empty'
	try tee a b </dev/null
	usage "one word too many: 'b'"
	try tee -x f </dev/null
	usage 'no flag -x'
	try tee 'a{b' </dev/null
	usage 'a\{b: a \{ without its \}'
	try -i csv tee '{nme}' < <(printf 'name\n1\n')
	usage "there is no field 'nme'; did you mean 'name'"
	try tee '{}' </dev/null
	usage 'FILE: \{\} names no field'
	try tee 'a{$1}'
	usage "tee: field '[\$]1': a position is written without"
	try tee 'a{9999999999}'
	usage "field '9999999999': position too large"
	try tee 'a{n:1e19}'
	usage "field 'n:1e19': a bucket must fit 64 bits"
}

@test "a time in the name of a file made from a file is refused, as -w is" {
	local t
	for t in '%H.log' '%F/x' 'a%%%S' '{1}-%j'; do
		try tee "$t" <../in
		usage "tee: a time in FILE is the clock's.*-w 1h -T FIELD" \
		    'usage: mbatch tee'
	done
	try -a grep 1 then tee '%H' <../in
	usage "the clock's"
	[ "$(files)" = '' ]
	try -a tee '%%H%%%%' <../in
	[ "$(files)" = '%H%% ' ]
	printf '2026-10-06T08:%d0:00Z\n' {0..5} >../t
	try -w 1h -T 1 tee '%H.log' <../t
	cmp 08.log ../t
	printf '%s - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 1\n' \
	    h >../clf
	try -i clf -w 1d tee '%F.log' <../clf
	cmp 2000-10-10.log ../clf
}

@test "two that come to one name: told as it happens, and nothing is lost" {
	local op
	for op in "tee f then tee {1}" "tee {1} then tee f"; do
		# shellcheck disable=SC2086  # words
		try $op < <(printf '%s\n' a f b)
		fails 1 '^mbatch: tee: a later tee makes f, too; -a there adds' \
		    '^mbatch: tee: what is meant for f is left in \.f\.'
		is "$(cat f .f.* | sort)" 'a\nb\nf\nf'
		rm -f a b f .f.*
		# shellcheck disable=SC2086  # words
		live -n 1 $op
		say 'a\nf\n'
		hear a
		hear f
		grep -q '^mbatch: tee: an* [a-z]* tee makes f, too; -a' err
		say 'b\n'
		hear b
		ended
		is "$status" 1
		is "$(cat f .f.* | sort)" 'a\nb\nf\nf'
		rm -f a b f .f.*
	done
	for op in "tee f then tee -a {1}" "tee {1} then tee -a f"; do
		# shellcheck disable=SC2086  # words
		try $op < <(printf '%s\n' a f b)
		is "$err" ''
		is "$status" 0
		is "$(sort f)" 'a\nb\nf\nf'
		rm -f a b f
	done
}

@test "two that make one file: a usage error, unless the later one adds" {
	local name
	for name in f %N.x '{1}'; do
		try -a tee "$name" then grep 1 then tee "$name" <../in
		usage "tee: an earlier tee makes '.*'; -a adds to it"
		try -a tee -a "$name" then tee "$name" <../in
		usage "an earlier tee makes"
	done
	try tee ./f then tee f <../in
	usage "an earlier tee makes 'f'"
	[ "$(files)" = '' ]
	try -a tee f then grep 2 then tee -a f <../in
	is "$err" ''
	cmp f <(cat ../in; grep 2 ../in)
	try -a tee /dev/null then tee /dev/null then tee /dev/stdout then \
	    tee /dev/stdout then count <../in
	is "$err" ''
	is "$out" "$(cat ../in ../in)\n25\n"
	ln -s /dev/null sink
	try -a tee sink then tee sink then count <../in
	gives '25\n'
	mkfifo p
	cat p >got &
	try -a tee p then tee p then count <../in
	gives '25\n'
	wait $!
	[ "$(wc -l <got)" -eq 50 ]
}

@test "a name is told harmlessly, whatever is in it" {
	local r
	printf '%b\n' '\033[31mX' 'a\rb' 'c\0302\0233d' 'e\0342\0200\0256f' \
	    'g\0377h' 'i\0177' 'j\0342\0201\0246' >../names
	while read -r r; do
		for _ in 1 2; do
			try tee '{0}' <<<"$r"
		done
		fails 1 '^mbatch: tee: .*\\x[0-9a-f][0-9a-f].* is there already'
		[ "$(LC_ALL=C tr -d ' -~\n' <err | wc -c)" -eq 0 ]
		[ "$(wc -l <err)" -eq 1 ]
	done <../names
	for _ in 1 2; do
		try -0 tee '{0}' < <(printf 'a\nmbatch: forged\0')
	done
	is "$err" 'mbatch: tee: a\\x0ambatch: forged is there already; -a adds to it\n'
	for _ in 1 2; do
		try tee '{0}' <<<$'\303\274n\303\257'
	done
	is "$err" 'mbatch: tee: \0303\0274n\0303\0257 is there already; -a adds to it\n'
}

@test "a temporary name that another file has taken gives it no name" {
	live -n 1 tee f
	say '1\n'
	hear 1
	local t
	t=$(echo .f.*)
	mv "$t" mine
	echo other >"$t"
	ended
	[ "$status" -eq 1 ]
	grep -q "tee: what is meant for f is left in $t: Stale" err
	is "$(<"$t")" other
	is "$(<mine)" 1
	[ ! -e f ]
}

@test "the input is no file to add to" {
	cp ../in f && ln f g
	try tee -a f <f
	fails 1 'tee: f: that is the input file'
	cmp f ../in
	try tee -a '{1}' < <(echo f)
	is "$status" 0
	echo k >k
	try tee -a '{1}' <k
	fails 1 'tee: k: that is the input file'
	is "$(<k)" k
	try tee -a f <g
	fails 1 'tee: f: that is the input file'
	[ "$(wc -l <g)" -eq 26 ]
}

@test "a file that close finds not to be whole does not get its name" {
	try_fault 'close -1 0 1' tee f <../in
	is "$out" "$(cat ../in)\n"
	fails 1 'tee: f: No space left' 'f is not whole'
	[ ! -e f ]
}

@test "signals that limit its time end it as TERM does" {
	local sig
	for sig in ALRM XCPU; do
		# GNU parallel, where it runs the tests, ignores ALRM.
		[ -z "$(trap -p $sig)" ] || continue
		live tee $sig
		say '1\n2\n'
		settle
		kill -s $sig "$live"
		ended
		is "$(kill -l $status)" $sig
		is "$(<$sig)" '1\n2'
	done
	[ "$(files)" = 'ALRM XCPU ' ] || [ "$(files)" = 'XCPU ' ]
}
