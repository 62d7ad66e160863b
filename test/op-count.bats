#!/usr/bin/env bats
# op-count.bats - how many records

load helper

@test "count: what every operator does" {
	usual count
	usual count by 1
}

@test "count: of each batch" {
	try -n 2 count < <(seq 5)
	gives '2\n2\n1\n'
	try -a count </dev/null
	gives '0\n'
}

@test "count by: of each group, in order of first appearance" {
	try -a count by 1 <<<$'b 1\na 2\nb 3'
	gives 'b\t2\na\t1\n'
	try -n 2 count by 1 <<<$'b\na\nb'
	gives 'b\t1\na\t1\nb\t1\n'
	try -a count by 2,1 <<<$'b 1\na 2\nb 1'
	gives '1\tb\t2\n2\ta\t1\n'
	try -a count by -1 <<<$'b 1\na 2\nb 1 2'
	gives '1\t1\n2\t2\n'
}

@test "count by: a missing field is the empty key" {
	try -a count by 2 <<<$'a\na b\nc'
	gives '\t2\nb\t1\n'
	try -a -F, count by 2 <<<$'a\na,\nc,x'
	gives ',2\nx,1\n'
}

@test "count by: tabs and backslashes in keys are escaped" {
	try -a count by 0 < <(printf 'a\tb\n\\\n')
	gives 'a\\tb\t1\n\\\\\t1\n'
	try -a -F, count by 1 < <(printf 'a\tb,\n')
	gives 'a\\tb,1\n'
}

@test "count by: NUL and CR are bytes of the key, shown as \\0 and \\r" {
	try -a count by 1 < <(printf 'a\0\na\na\r\na\0\n')
	gives 'a\\0\t2\na\t1\na\\r\t1\n'
}

@test "count by: buckets" {
	try -a count by 1:10 <<<$'1\n9\n10\n-1\n10.5'
	gives '0\t2\n10\t2\n-10\t1\n'
	try -a count by 1:10 <<<$'12345678901234567890\n12345678901234567899'
	gives '12345678901234567890\t2\n'
	try -a count by 1:/24 <<<$'192.0.2.1\n192.0.2.200\n192.0.3.1'
	gives '192.0.2.0/24\t2\n192.0.3.0/24\t1\n'
	try -a count by 1:1m <<<$'2026-01-02T03:04:05Z\n2026-01-02T03:04:59Z\n2026-01-02T03:05:00Z'
	gives '2026-01-02T03:04:00Z\t2\n2026-01-02T03:05:00Z\t1\n'
}

@test "count -p: and the share" {
	try -a count -p by 1 <<<$'a\na\na\nb'
	gives 'a\t3\t0.75\nb\t1\t0.25\n'
	# there is no share of nothing
	try -a count -p </dev/null
	gives '0\t\n'
	try -a -o json top -p sum:2 by 1 <<<$'a -1\nb 1'
	gives '{"1":"b","sum_2":1,"share":null}\n{"1":"a","sum_2":-1,"share":null}\n'
	# of the decimals, not of the doubles next to them
	try -a top -p sum:2 by 1 <<<$'a 2.4\nb 0.6'
	gives 'a\t2.4\t0.8\nb\t0.6\t0.2\n'
	try -a top -p sum:2 by 1 <<<$'a 1.7e308\na 1.7e308'
	gives 'a\tinf\t\n'
}

@test "count -P: the share within keys; -s: the total" {
	printf '%s\n' 'a x' 'a y' 'a x' 'b x' 'c z' 'c z' 'c y' 'c z' >in
	local rows='a\tx\t2\t0.6666666666666666\na\ty\t1\t0.3333333333333333
b\tx\t1\t1\nc\tz\t3\t0.75\nc\ty\t1\t0.25\n'
	try -a count -P 1 by 1,2 <in
	gives "$rows"
	try -a count -s -P 1 by 1,2 <in
	gives "$rows(total)\t\t8\t\n"
	mbatch -a --partial count -P 1 by 1,2 <in >states
	try --merge count -P 1 -s by 1,2 <states
	gives "$rows(total)\t\t8\t\n"
	try -a count -P 2,1 by 3,1,2 <in
	gives '\ta\tx\t2\t1\n\ta\ty\t1\t1\n\tb\tx\t1\t1
\tc\tz\t3\t1\n\tc\ty\t1\t1\n'
	try -n 4 count -ps by 1 over 2 <in
	gives 'a\t3\t0.75\nb\t1\t0.25\n(total)\t4\t1
a\t3\t0.375\nb\t1\t0.125\nc\t4\t0.5\n(total)\t8\t1\n'
	try -a -o json count -ps by 1 </dev/null
	gives '{"1":"(total)","count":0,"share":null}\n'
	try -a --max-groups 1 count -sP 1 by 1 <in
	is "$out" 'a\t3\t1\n(other)\t5\t\n(total)\t8\t\n'
	random_records 5000 2 >in
	mbatch -a count -P 1 by 1,3 <in >whole
	mbatch -j 3 -a count -P 1 by 1,3 <in | cmp - whole
	awk 'NR == FNR { n[$1]++; next }
	{ d = $4 - $3 / n[$1]; if (d * d > 1e-20) exit 1 }' in whole
	try -a count -P 3 by 1
	usage "-P: '3' is none of by KEYS"
	try -a count -p -P 1 by 1
	usage '-p and -P are both the share'
	try count -s
	usage '-s is of groups: by KEYS is missing'
	try --partial count -s by 1
	usage '-s: no state is a total'
	try --merge --part count -s by 1 <states
	usage 'needs all groups'
}

@test "count by: long keys, and keys that differ in their last byte" {
	awk 'BEGIN {
		for (i = 0; i < 300; i++)
			s = s "x"
		for (i = 0; i < 3000; i++)
			print s i % 3
	}' >in
	mbatch -a count by 1 <in | cut -c 301- >out
	is "$(<out)" '0\t1000\n1\t1000\n2\t1000'
	try -a count by 1 <<<$'1234567\n12345678\n123456789\n1234567'
	gives '1234567\t2\n12345678\t1\n123456789\t1\n'
}

@test "count by: many groups, again and again" {
	awk 'BEGIN { for (i = 0; i < 100000; i++) print i % 50000 }' >in
	mbatch -a count by 1 <in >out
	awk '$1 != NR - 1 || $2 != 2 { exit 1 } END { exit NR != 50000 }' out
	mbatch -n 50000 count by 1 <in >out
	awk '$1 != (NR - 1) % 50000 || $2 != 1 { exit 1 }
	    END { exit NR != 100000 }' out
}

@test "count: bad words" {
	try count by
	usage '^mbatch: count: ' 'usage: mbatch count'
	try count 1
	usage '^mbatch: count: '
	try count by 1 2
	usage '^mbatch: count: '
	try count by ''
	usage '^mbatch: count: '
	try count -z
	usage '^mbatch: count: .*-z'
}

@test "count agrees with awk" {
	agrees 'awk "END { print NR }"' count
	agrees 'awk -v OFS="\t" "!n[\$1]++ { k[++m] = \$1 }
	    END { for (i = 1; i <= m; i++) print k[i], n[k[i]] }"' count by 1
	agrees 'awk -v OFS="\t" "{ s = \$3 OFS \$1 } !n[s]++ { k[++m] = s }
	    END { for (i = 1; i <= m; i++) print k[i], n[k[i]] }"' count by 3,1
	agrees 'LC_ALL=C sort | uniq -c | awk "{ print \$1 }"' sort then \
	    count by 0 then cut count
}
