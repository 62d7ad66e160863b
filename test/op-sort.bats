#!/usr/bin/env bats
# op-sort.bats - the batch in order

load helper

@test "sort: what every operator does" {
	usual sort
	usual sort -n 2
}

@test "sort: whole records as bytes" {
	try -a sort <<<$'b\nB\na\n10\n9\n'
	gives '\n10\n9\nB\na\nb\n'
	try -a sort -r <<<$'b\na\nc'
	gives 'c\nb\na\n'
	try -n 2 sort <<<$'b\na\nd\nc\n0'
	gives 'a\nb\nc\nd\n0\n'
	try -a sort < <(printf 'b\r\n\377\nb\0\nb\n')
	gives 'b\nb@\nb\r\n\0377\n'
}

@test "sort: by fields, stable" {
	try -a sort 2 <<<$'a 2\nb 1\nc 2\nd 1'
	gives 'b 1\nd 1\na 2\nc 2\n'
	try -a sort -r 2 <<<$'a 2\nb 1\nc 2\nd 1'
	gives 'a 2\nc 2\nb 1\nd 1\n'
	try -a sort 2,1 <<<$'d 1\nb 1\nc 2\na 2'
	gives 'b 1\nd 1\na 2\nc 2\n'
	try -a sort by 2 <<<$'a 2\nb 1'
	gives 'b 1\na 2\n'
	try -a -F, sort 2 <<<$'a,b c\nb,b b'
	gives 'b,b b\na,b c\n'
}

@test "sort -n: as numbers, which come before all else" {
	try -a sort -n 1 <<<$'10\n9\nx\n-1.5\n1e1\n\n0x10\n9.5'
	is "$(head -n 5 out)" '-1.5\n9\n9.5\n10\n1e1'
	is "$(wc -l <out)" 8
	try -a sort -n <<<$'10\n9\n-3'
	gives '-3\n9\n10\n'
	try -a sort -nr 1 <<<$'10\n9\n11'
	gives '11\n10\n9\n'
	try -a sort -n <<<$'9007199254740993\n9007199254740992\n9007199254740994'
	gives '9007199254740992\n9007199254740993\n9007199254740994\n'
	try -a sort -nr <<<$'1.000000000000000001\n1.000000000000000003\n18446744073709551614\n18446744073709551615'
	gives '18446744073709551615\n18446744073709551614\n1.000000000000000003\n1.000000000000000001\n'
	# One double, of which it says all, and which is near the other.
	try -a sort -nr <<<$'-5\n0.09999999999999999999999\n-0.3\n0.1\n-0.29999999999999999999999\n2e20'
	gives '2e20\n0.1\n0.09999999999999999999999\n-0.29999999999999999999999\n-0.3\n-5\n'
}

@test "sort: columns an aggregate made sort as numbers" {
	try -a count by 1 then sort count < <(yes a | head -n 10; yes b |
	    head -n 9; yes c | head -n 100)
	gives 'b\t9\na\t10\nc\t100\n'
	try -a count by 1 then sort -r count < <(yes a | head -n 10; yes b |
	    head -n 9; yes c | head -n 100)
	gives 'c\t100\na\t10\nb\t9\n'
	try -a count by 1 then sort 1 <<<$'10\n9'
	gives '10\t1\n9\t1\n'
	try -a count by 1 then sort 2 < <(yes a | head -n 10; echo b)
	gives 'b\t1\na\t10\n'
	try -a count by 1 then sort -1 < <(yes a | head -n 10; yes b |
	    head -n 9)
	gives 'b\t9\na\t10\n'
	try -i csv -a step delta 1 then sort 2 <<<$'n\n1\n11\n20'
	gives 'n,delta_1\n20,9\n11,10\n1,\n'
}

@test "sort: bad words" {
	try sort -z
	usage '^mbatch: sort: .*-z' 'usage: mbatch sort'
	try sort 1 2
	usage '^mbatch: sort: '
	try sort ''
	usage '^mbatch: sort: '
}

@test "sort agrees with sort -s" {
	agrees 'LC_ALL=C sort -s' sort
	agrees 'LC_ALL=C sort -s -r' sort -r
	agrees 'LC_ALL=C sort -s -k 1,1' sort 1
	agrees 'LC_ALL=C sort -s -n -k 2,2' sort -n 2
	agrees 'LC_ALL=C sort -s -k 3,3 -k 1,1' sort 3,1
	agrees 'LC_ALL=C sort -s -rn -k 2,2' sort -nr 2
	# equal first keys, second ones with more digits than a double has
	awk 'BEGIN { for (i = 0; i < 100; i++)
	    print 1, i * 37 % 7 "123456789012345678901" i % 9 }' >in
	mbatch sort -n 1,2 <in | cmp - <(command sort -s -k 1,1n -k 2,2n in)
	# keys that begin with the same 133 bytes
	awk 'BEGIN { while (length(s) < 133) s = s "abcdefg"
	    for (i = 0; i < 30; i++) print s i % 3, i }' >in
	mbatch sort -r 1 <in | cmp - <(command sort -s -r -k 1,1 in)
}

@test "sort: long keys that differ late, or only in where they end" {
	awk 'BEGIN {
		s = "a prefix that is longer than any word and is the same "
		for (i = 0; i < 3000; i++)
			printf "%.*s%s %d\n", (i * 7) % 53, s,
			    i % 3 ? i * 7919 % 100 : "", i * 31 % 977
	}' >long
	for k in '' -r; do
		mbatch -a sort $k <long | cmp - <(LC_ALL=C sort -s $k long)
		mbatch -a -F '|' sort $k 1 <long |
		    cmp - <(LC_ALL=C sort -s $k long)
		mbatch -a sort $k 1,-1 <long |
		    cmp - <(LC_ALL=C awk '{ print $1 "\t" $NF "\t" $0 }' long |
		    LC_ALL=C sort -s $k -t "$(printf '\t')" -k 1,1 -k 2,2 |
		    cut -f 3-)
	done
}

@test "sort: a number of the records that a stage before it left" {
	try -a grep a then sort then let 'y=$2*2' then cut -1 \
	    <<<$'b 1\na x\na 2\nc\na 3'
	is "$out" '4\n6\n\n'
	fails 0 'record 2: '
}

@test "records that are held and empty are empty, not absent" {
	for op in sort reverse 'tail 1' shuffle; do
		# shellcheck disable=SC2086  # several words
		try $op then stats count:0,distinct:0 <<<''
		gives '1\t1\n'
		# shellcheck disable=SC2086
		try $op then replace '^' x <<<''
		gives 'x\n'
	done
}

@test "sort: numbers of records that only look as if none was missing" {
	try -i json sort 0 then sort 0 then cut a \
	    <<<$'{"a":1}\n{"a":3}\n{"a":2 BAD\n{"a":4}'
	fails 0 '^mbatch: record 3: '
}

# Records by their numbers, in the order of all others.
sorted_by() {
	local work
	mbatch -j 1 -a "$@" <in >want 2>want.err
	for work in 1:300 2:4000 5:900; do
		MBATCH_WORK=$work mbatch -a "$@" <in >out 2>err
		cmp out want
		cmp err want.err
	done
}

@test "sort: in buckets, with many equal ones, and no text or number like another" {
	awk 'BEGIN {
		srand(3)
		for (i = 0; i < 3000; i++) {
			r = int(rand() * 8)
			if (r == 0)
				print ""
			else if (r == 1)
				printf "%d same\n", rand() * 3
			else if (r == 2)
				printf "x%d %0*d\n", rand() * 9, rand() * 99, 7
			else if (r == 3)
				printf "9007199254740993%d %d\n", rand() * 4, i
			else if (r == 4)
				printf "%.19f -3\n", rand()
			else
				printf "%s %d\n", "the same start of all",
				    rand() * 40
		}
	}' >in
	for k in sort 'sort -r 1' 'sort -n' 'sort -nr -1' 'sort -n 1,2' \
	    'sort -r -1,1' 'sort then let n=nr() then cut n' \
	    'sort -n then head 700 then uniq -c' 'cut 2 then sort -n'; do
		# shellcheck disable=SC2086  # words
		sorted_by $k
	done
	LC_ALL=C sort -s in | cmp - <(MBATCH_WORK=3:2000 mbatch -a sort <in)
	yes 'all are equal, and longer than words' | head -n 2000 |
	    awk '{ print $0 "\t" NR }' >in
	MBATCH_WORK=3:300 mbatch -a -F '\t' sort 1 <in | cmp - in
	MBATCH_WORK=3:300 mbatch -a -F '\t' sort -n 1 <in | cmp - in
}

@test "sort: a record longer than a bucket, and keys that are not its text" {
	{ head -c 70000 /dev/zero | tr '\0' b; printf '\nc\na\n'; } >in
	for w in 1:200 3:200; do
		MBATCH_WORK=$w mbatch -a sort <in >out
		LC_ALL=C sort in | cmp - out
	done
	for i in {1..300}; do
		echo "{\"a\":\"\\u00$((41 + i % 7))bc defghijkl\",\"n\":$i}"
	done >in
	sorted_by -i json sort a
	sorted_by -i json sort -r a,n
	sorted_by -i json -o csv sort -r a,n
	is "$(MBATCH_WORK=3:200 mbatch -a -i json -o csv -N sort a then cut n \
	    <in | head -n 2)" '7\n14'
}

@test "sort: memory is that of the records, and not of the result, too" {
	plain_build_only
	(ulimit -v 52000 && yes "$(printf '%099d' 7)" | head -n 200000 |
	    mbatch -a sort >out)
	is "$(wc -c <out)" 20000000
}
