#!/usr/bin/env bats
# op-top.bats - the largest

load helper

@test "top: what every operator does" {
	usual top 5 2
	usual top by 1
}

@test "top N FIELD: the records with the largest, largest first" {
	printf '%s\n' 'a 5' 'b 10' 'c -1' 'd 10' 'e 7.5' >in
	try -a top 3 2 <in
	gives 'b 10\nd 10\ne 7.5\n'
	try -a top -r 2 2 <in
	gives 'c -1\na 5\n'
	try -a top 2 <in
	gives 'b 10\nd 10\n'
	try -n 2 top 1 2 <in
	gives 'b 10\nd 10\ne 7.5\n'
	try -a top 0 2 <in
	gives ''
	try -a top < <(seq 20)
	is "$out" '20\n19\n18\n17\n16\n15\n14\n13\n12\n11\n'
	try -a -F, top 1 2 <<<$'a,1\nb,3\nc,2'
	gives 'b,3\n'
}

@test "top: N has the units of counts, as that of head" {
	seq 3000 >in
	try -a top 2k by 1 <in
	is "$out" "$(LC_ALL=C sort in | head -n 2000 | sed 's/$/\\t1/')\n"
	try -a top 1.5k 1 <in
	is "$out" "$(sort -nr in | head -n 1500)\n"
	# a field, of JSON
	try -a top .2k <<<$'{"2k":1}\n{"2k":3}'
	gives '{"2k":3}\n{"2k":1}\n'
}

@test "top: ties go to the first" {
	try -a top 2 1 < <(printf '%s\n' '1 a' '1 b' '1 c' '0 d')
	gives '1 a\n1 b\n'
	try -a top -r 2 1 < <(printf '%s\n' '2 z' '1 a' '1 b' '1 c')
	gives '1 a\n1 b\n'
}

@test "top: numbers are compared exactly" {
	try -a top 1 1 <<<$'9007199254740992\n9007199254740993\n9007199254740991'
	gives '9007199254740993\n'
	try -a top 1 1 <<<$'1.000000000000000001\n1.000000000000000003\n1.000000000000000002'
	gives '1.000000000000000003\n'
	# beyond 64 bits too
	printf '%s\n' 9223372036854775807 9223372036854775810 \
	    9223372036854775808 0.1 0.10000000000000000000001 >in
	try -a top 4 1 <in
	gives '9223372036854775810\n9223372036854775808\n9223372036854775807\n0.10000000000000000000001\n'
	try -a top -r 3 1 <in
	gives '0.1\n0.10000000000000000000001\n9223372036854775807\n'
	try -a top 2 max:1 by 1 <in
	gives '9223372036854775810\t9223372036854775810\n9223372036854775808\t9223372036854775808\n'
	try -n 2 top 1 1 <in
	gives '9223372036854775810\n9223372036854775808\n0.10000000000000000000001\n'
	try -a top 4 1 <<<$'1e3\n999\n1000.5\n-1e9'
	gives '1000.5\n1e3\n999\n-1e9\n'
}

@test "top after count: the column count" {
	try -a count by 1 then top 2 <<<$'a\nb\nb\nc\nc\nc'
	gives 'c\t3\nb\t2\n'
	try -a count by 1 then top -r 1 <<<$'a\nb\nb\nc\nc\nc'
	gives 'a\t1\n'
}

@test "top by: the most frequent groups" {
	printf '%s\n' a b b c c c d >in
	try -a top 2 by 1 <in
	gives 'c\t3\nb\t2\n'
	try -a top by 1 <in
	gives 'c\t3\nb\t2\na\t1\nd\t1\n'
	try -a top -r 2 by 1 <in
	gives 'a\t1\nd\t1\n'
	try -a top -p 1 by 1 <<<$'a\na\na\nb'
	gives 'a\t3\t0.75\n'
	try -n 3 top 1 by 1 <in
	gives 'b\t2\nc\t3\nd\t1\n'
}

@test "top: what is no number is told and left out; what is absent is left out" {
	try -a top 3 2 <<<$'a x\nb 2\nc\nd 3\ne y'
	is "$out" 'd 3\nb 2\n'
	fails 0 "record 1\b.*'x'|'x'.*record 1\b|1.*'x'" '^mbatch: 2 '
}

@test "top: CRLF and NUL are bytes of the record" {
	try -a top 1 1 < <(printf '1 a\0\r\n0\n')
	gives '1 a@\r\n'
}

@test "top by: a sum beyond a double's range is the largest, or the least" {
	printf '%s\n' 'z -1e308' 'b 5' 'a 1e308' 'z -1e308' 'a 1e308' \
	    'y 1e308' 'y 1e308' 'c 1e308' 'e inf' >in
	try -a top 4 sum:2 by 1 <in
	is "$out" 'a\tinf\ny\tinf\nc\t1e+308\nb\t5\n'
	try -a top -r 3 sum:2 by 1 <in
	is "$out" 'z\t-inf\ne\t0\nb\t5\n'
	try -a top 1 mean:2 by 1 <in
	is "$out" 'a\t1e+308\n'
	try -a top 2 first:2 by 1 <<<$'a inf\nb 3'
	gives 'b\t3\na\tinf\n'
}

@test "top: bad words" {
	try top x y z
	usage '^mbatch: top: ' 'usage: mbatch top'
	try top 3 by
	usage '^mbatch: top: '
	try top 99999999999999999999
	usage "N '9*': too large"
	try top -z
	usage '^mbatch: top: .*-z'
}

@test "top agrees with sort and uniq" {
	agrees 'LC_ALL=C sort -s -rn -k 2,2 | head -n 20' top 20 2
	agrees 'LC_ALL=C sort -s -n -k 2,2 | head -n 20' top -r 20 2
	agrees 'awk "{ n[\$3]++ }
	    END { for (k in n) print k \"\t\" n[k] }" |
	    LC_ALL=C sort -k 2,2rn -k 1,1 | head -n 5' top 5 by 3
}
