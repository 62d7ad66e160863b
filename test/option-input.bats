#!/usr/bin/env bats
# option-input.bats - -i with -F, -H, -N, -0, -k, --bad and what is no format

load helper

# What every operator that takes a field must do with every format: the same
# five records, by name and, where there are any, by position.
five() {
	printf 'k,v\na,1\nb,2\na,3\nc,4\nb,5\n' >csv
	tr , '\t' <csv >tsv
	tail -n +2 tsv >text
	sed -n '2,$s/\(.*\),\(.*\)/{"k":"\1","v":\2}/p' csv >json
	sed -n '2,$s/\(.*\),\(.*\)/k=\1 v=\2/p' csv >logfmt
	sed -n '2,$s/\(.*\),\(.*\)/192.0.2.1 - \1 [10\/Oct\/2000:13:55:36 +0000] "GET \/ HTTP\/1.0" 200 \2/p' \
	    csv >clf
}

# same OP...: the same made records from all formats; K and V are the fields.
same() {
	local f op dollar=${dollar-}
	for f in csv tsv json logfmt; do
		op=("${@//K/k}")
		mbatch -a -i "$f" "${op[@]//V/v}" <"$f" >"$f.out"
	done
	op=("${@//K/user}")
	mbatch -a -i clf "${op[@]//V/bytes}" <clf >clf.out
	for f in json logfmt; do
		op=("${@//K/k}")
		mbatch -a "${op[@]//V/v}" <"$f" >"auto-$f.out"
	done
	op=("${@//K/${dollar}1}")
	op=("${op[@]//V/${dollar}2}")
	mbatch -a -i text "${op[@]}" <text >text.out
	mbatch -a "${op[@]}" <text >auto.out
	mbatch -a -i csv "${op[@]}" <csv >csv-pos.out
	mbatch -a -i tsv -N "${op[@]}" <text >tsv-pos.out
	[ -s csv.out ]
	for f in ./*.out; do
		cmp csv.out "$f" || return
	done
}

@test "every operator gives the same from the same values in any format" {
	five
	same count by K
	same count -p by K,V
	same stats sum:V,mean:V,max:V,first:K by K
	same stats p50:V,distinct:K,mode:K
	same top 2 by K
	same top 2 sum:V by K
	same sort -r V then count by K
	same reverse then count by V
	same uniq K then count by K,V
	same uniq -d K then count by K,V
	same head 1 by K then count by K,V
	same tail 1 by K then count by K,V
	same grep -f K '^[ab]$' then count by K
	same top 2 V then count by V
	same hist V
}

@test "where, let and assert take positions with a dollar" {
	five
	dollar=$
	same where 'V > 2 and K != "c"' then count
	same assert 'V > 0 and K in ("a", "b", "c")' then count
}

@test "-k by a field of any format" {
	five
	local f
	for f in csv tsv json logfmt; do
		try -i $f -k k count <$f
		gives '1\n1\n1\n1\n1\n'
	done
	try -i csv -k v:2 count <csv
	gives '1\n2\n2\n'
	try -i text -k 1 count <text
	gives '1\n1\n1\n1\n1\n'
	try -k 1 -i json count <json
	usage '^mbatch: .*positions'
	try -k nosuch -i csv count <csv
	usage "'nosuch'"
}

@test "buckets in by, sort, uniq" {
	five
	local f
	for f in csv json logfmt; do
		try -a -i $f count by v:2 <$f
		gives '0\t1\n2\t2\n4\t2\n'
		try -a -i $f uniq v:2 then count by v <$f
		gives '1\t1\n2\t1\n4\t1\n'
		try -a -i $f sort -r v:2 then count by v <$f
		gives '4\t1\n5\t1\n2\t1\n3\t1\n1\t1\n'
	done
}

@test "what is no bucket behind a field is told as such" {
	five
	try -a -i csv count by v:1yeer <csv
	usage "no field 'v:1yeer'; 'v' takes a bucket .*10k"
	try -a -i csv stats sum:v:10 <csv
	usage "no field 'v:10'; 'v' takes a bucket where it is a key"
	try -a -i csv count by w:1h <csv
	usage "no field 'w'; there are"
}

@test "-i, -F, -H, -N: what is no format or makes no sense" {
	try -i jsn
	usage "'jsn': there is no such format; did you mean 'json'"
	try -i table
	usage "'table': there is no such format"
	try -i
	usage '-i|--input'
	try -F ''
	usage '-F|--separator'
}

@test "-F, -N: an option that nothing uses is told" {
	local in='{"a":"x y"}'
	try -i json -F, cut a <<<"$in"
	usage '-F is used by '
	try -i logfmt -F: <<<"$in"
	usage '-F is used by '
	try -i clf -F, grep x <<<"$in"
	usage '-F is used by '
	try -i json -F, -o csv count by a <<<"$in"
	usage '-F is used by '
	try -i json -F, count by a <<<"$in"
	gives 'x y,1\n'
	try -i json -F, -o text <<<"$in"
	gives 'x y\n'
	# the same options on every side
	try -i json -F, --partial count by a <<<"$in"
	mv out states
	try -i json -F, --merge count by a <states
	gives 'x y,1\n'
	try -i csv -F '"' <<<'a"b'
	usage '-F: a quote '
	try -i csv -F '";"' <<<'a"b'
	usage '-F: a quote '
	try -F '"' cut 2 <<<'a"b'
	gives 'b\n'
	try -N cut 1 <<<a
	usage '-N is for csv and tsv'
	try -i json -N -o logfmt <<<"$in"
	usage '-N is for csv and tsv'
	try -H -N cut 1 <<<a
	usage '-N is for csv and tsv'
	try -i json -N -o csv <<<"$in"
	gives 'x y\n'
	try -i tsv -N cut 2 <<<$'a\tb'
	gives 'b\n'
}

@test "-0: records end in NUL, in every format" {
	printf 'a,b\0"x\ny",2\0' >in
	mbatch -0 -i csv <in | cmp - in
	mbatch -0 -i csv cut b,a <in | cmp - <(printf 'b,a\0002,"x\ny"\0')
	mbatch -0 -i csv -o json <in | cmp - <(printf '{"a":"x\\ny","b":2}\0')
	mbatch -0 -a -i csv count by a <in | cmp - <(printf 'x\\ny\t1\0')
	mbatch -0 -i csv -o table <in |
	    cmp - <(printf 'a       b\nx\\x0ay  2\n')
	printf '{"a":\n1}\0' | mbatch -0 -i json cut a |
	    cmp - <(printf '{"a":1}\0')
	printf 'a=1 b="x\ny"\0' | mbatch -0 -i logfmt cut b |
	    cmp - <(printf 'b="x\ny"\0')
	printf 'a b\0c d\0' | mbatch -0 cut 2 | cmp - <(printf 'b\0d\0')
	printf 'a:\0{"a":\0' | mbatch -0 -i json --bad kept cut a 2>err
	cmp kept <(printf 'a:\0{"a":\0')
}

@test "a bad header ends the run" {
	try -i csv cut a <<<$'"a,b\n1,2'
	is "$out" ''
	fails 1 'header.*quote'
}

@test "formats agree for any size of batch and read" {
	five
	local f n
	for f in csv tsv json logfmt clf; do
		mbatch -i $f -o csv <$f >whole
		for n in 1 2 3; do
			mbatch -n $n -i $f -o csv <$f | cmp - whole
		done
		plumb packet 1 "$MBATCH" -i $f -o csv <$f | cmp - whole
	done
}

@test "a byte order mark at the input's start is in no value" {
	local bom='\xef\xbb\xbf' f opt rec chain want
	while IFS='|' read -r opt rec chain want; do
		# shellcheck disable=SC2086
		try -a $opt $chain < <(printf %b "$bom$rec")
		gives "$want\n"
		# one later is text like any other
		# shellcheck disable=SC2086
		try -a $opt count < <(printf %b "$rec$bom$rec")
		gives '2\n'
	done <<-'END'
		-i text|a b\n|cut 1|a
		-i text|a b\n|count by 1|a\t1
		-i text|a b\n|sort|a b
		-i text -F :|a:b\n|cut 1|a
		-i text|a b\n|grep ^a|a b
		-i tsv -N|a\tb\n|count by 1|a\t1
		-i csv -N|"a,b",1\n|count by 1|a,b\t1
		-i csv -N|a,1\n|cut 0|"a,1"
		-i clf|::1 - - [12/Apr/2026:14:50:12 +0200] "G / HTTP/1.1" 200 1\n|count by host|::1\t1
		-i logfmt|a=1\n|count by a|1\t1
		-i json|{"a":1}\n|cut a|{"a":1}
		-i json|{"a":1}\n|collect|[{"a":1}]
		-i auto|a b\n|count by 1|a\t1
		-i auto|a=1\n|count by a|1\t1
		-i auto|{"a":1}\n|count by a|1\t1
		-i auto|{"a":1}\n|let b=2|{"a":1,"b":2}
		-i auto|{"a":1}\n|grep ^{|{"a":1}
	END
	# read in pieces, too, and where there is nothing else
	for f in '' -N; do
		# shellcheck disable=SC2086
		plumb packet 1 "$MBATCH" -a -i csv $f -o csv cut 1 \
			< <(printf %b "$bom" 'a\n1\n') >pieces
		printf '%s\n' a 1 | cmp - pieces
	done
	try -a -i csv -N count < <(printf %b "$bom")
	gives '0\n'
	# states are no text: what a key begins with is kept
	printf %b "x\n${bom}a\n" | mbatch --partial count by 1 | sed -n 2p >state
	try --merge --part count by 1 <state
	gives '\xef\xbb\xbfa\t1\n'
}

@test "--range: csv is cut behind records whose quotes hold newlines" {
	local n k
	awk 'BEGIN { srand(3); print "a,b,c"
	    for (i = 0; i < 150; i++) {
		t = ""
		for (j = int(rand() * 6); j > 0; j--)
			t = t (rand() < .5 ? "x,y" : "\"\"q\"\"") \
			    (rand() < .7 ? "\n" : " ")
		print i ",\"" t "\"," (rand() < .3 ? "\"z\"" : "w")
	    } }' >in
	mbatch -i csv -o json <in >want
	for n in 2 3 5 17; do
		for ((k = 1; k <= n; k++)); do
			mbatch -i csv -o json --range $k/$n <in
		done | cmp - want
	done
	# where no guess is right, the part before tells
	{ echo a; echo '1"'; printf '"%0700000d\n"\n' 0 | fold -w 99; seq 9; } \
	    >in
	try -i csv -a --range 1/2 count <in
	fails 1 'part 1/2 ends within the quotes of a record'
	is "$out" ''
	try --bad skip -i csv -a --range 1/2 count <in
	fails 0 'part 1/2 ends within the quotes of a record'
	try -i csv -a --range 1/1 count <in
	gives '11\n'
}

@test "--range: every record is in one of the parts, with the header" {
	local n k
	seq 2000 | sed 's/.*/& x&/' >in
	for n in 1 2 3 7 100 5000; do
		for ((k = 1; k <= n && k < 101; k++)); do
			mbatch -n 10 --range $k/$n <in
		done | { [ $n = 5000 ] || cmp - in; }
	done
	printf '\na,b\r\n1,2\n3,4\n5,6' >in
	for k in 1 2 3 4; do
		mbatch -i csv -o json -a --range $k/4 cut b <in
	done >got
	is "$(<got)" '{"b":2}\n{"b":4}\n{"b":6}'
	try -i csv -o json --range 1/99 cut b <in
	gives ''
	printf 'a\nbbbbbbbbbbbbbbbbbb' >in
	for k in 1 2 3; do
		mbatch -S - --range $k/3 <in
	done >got
	is "$(<got)" 'a\nbbbbbbbbbbbbbbbbbb\n-'
	try -a --range 2/2 --partial stats sum:2 < <(seq 3)
	usage '--range is of a regular file, and standard input is none'
	for k in 0/3 4/3 x 3 1/0 2/; do
		try --range $k count <in
		usage "--range.*: it is K/N, the K-th of N parts"
	done
	: >in
	try -a --range 1/2 count <in
	gives '0\n'
	# by workers, and by the thread that reads ahead
	seq 300000 >in
	for k in 1 2 3; do
		MBATCH_WORK=3:20000 mbatch -a --range $k/3 count <in
	done >got
	is "$(awk '{ n += $1 } END { print n }' got)" 300000
	for k in 1 2; do
		mbatch -a --range $k/2 --partial stats count,sum:1 <in
	done | mbatch --runs 2 --merge stats count,sum:1 >got
	is "$(<got)" '300000\t45000150000'
}
