#!/usr/bin/env bats
# op-hist.bats - histograms

load helper

@test "hist: what every operator does" {
	usual hist 2
	try -a hist 1 </dev/null
	gives ''
}

@test "hist: bins between round numbers, bars as long as counts" {
	try -a hist -n 4 1 <<<$'1\n2\n12\n31\n39.9\n32\n38'
	gives '0\t10\t2\t####################\n10\t20\t1\t##########\n20\t30\t0\t\n30\t40\t4\t########################################\n'
	try -a hist -n 5 1 < <(seq -50 10 49)
	gives '-50\t0\t5\t########################################\n0\t50\t5\t########################################\n'
	try -a hist -n 3 1 <<<$'0.1\n0.25\n0.3'
	is "$(cut -f 1-3 <<<"$out")" '0.1\t0.2\t1\n0.2\t0.3\t1\n0.3\t0.4\t1'
	try -a hist 1 <<<$'7\n7.0'
	gives '7\t7\t2\t########################################\n'
}

@test "hist -l: powers of ten, or of a third of one" {
	try -a hist -l -n 5 1 <<<$'1\n9\n10\n99\n100\n5000'
	is "$(cut -f 1-3 <<<"$out")" '1\t10\t2\n10\t100\t2\n100\t1000\t1\n1000\t10000\t1'
	try -a hist -l 1 <<<$'1\n3\n9\n0.4'
	is "$(cut -f 1-3 <<<"$out")" '0.2\t0.5\t1\n0.5\t1\t0\n1\t2\t1\n2\t5\t1\n5\t10\t1'
	try -a hist -l 1 <<<$'0\n-3\n10\n1e300\n1e-300'
	fails 0 'leaves out what is not above 0' '^mbatch: 2 values not above'
	awk '{ n += $3 } END { exit n != 3 }' "$BATS_TEST_TMPDIR/out"
}

@test "hist: bars of eighths where the locale says UTF-8" {
	local v
	for v in LC_ALL LC_CTYPE LANG; do
		printf '1\n1\n1\n1\n12' >in
		env -u LC_ALL "$v=en_US.utf8" "$MBATCH" -a hist -n 2 1 <in >out
		is "$(<out)" '0\t10\t4\t████████████████████████████████████████\n10\t20\t1\t██████████'
	done
	LC_ALL=C LANG=C.UTF-8 "$MBATCH" -a hist -n 2 1 <in >out
	is "$(tail -n 1 out)" '10\t20\t1\t##########'
	seq 1000 | sed 's/^1000$/1500/' >in
	LC_ALL=C.UTF-8 "$MBATCH" -a hist -n 2 1 <in >out
	is "$(tail -n 1 out)" '1000\t2000\t1\t▏'
}

@test "hist: every value is in one bin, in the right one" {
	local n
	for n in 1 2 3 7 12 40 1000; do
		random_records 2000 $n | awk '{ print $2 / 7 }' >in
		mbatch -a hist -n $n 1 <in >out
		awk -v n=$n 'NR == FNR { v[++m] = $1; next }
			{ for (i = 1; i <= m; i++)
				c += v[i] + 0 >= $1 && (v[i] + 0 < $2 || n == 1)
			  if (c != $3) exit 1
			  all += c; c = 0 }
			END { exit all != 2000 || FNR > n }' in out
	done
}

@test "hist: huge and tiny ranges" {
	try -a hist 1 <<<$'1e308\n-1e308\n0'
	awk '{ n += $3 } END { exit n != 3 }' "$BATS_TEST_TMPDIR/out"
	try -a hist 1 <<<$'1e-310\n2e-310'
	awk '{ n += $3 } END { exit n != 2 }' "$BATS_TEST_TMPDIR/out"
	try -a hist 1 <<<$'9007199254740992\n9007199254740994'
	awk '{ n += $3 } END { exit n != 2 }' "$BATS_TEST_TMPDIR/out"
}

@test "hist: what is no number is told" {
	try -a hist 1 <<<$'1\nx\n1'
	fails 0 "record 2: hist: 'x' of '1' is not a number"
	is "$(cut -f 1-3 <<<"$out")" '1\t1\t2'
}

@test "hist: no step is finer than the values, edges are told in full" {
	try -a hist 1 <<<$'1\n2\n3.0\n3\n5'
	is "$(cut -f 1-3 <<<"$out")" '1\t2\t1\n2\t3\t1\n3\t4\t2\n4\t5\t0\n5\t6\t1'
	try -a hist 1 <<<$'0.1\n0.10001'
	is "$(cut -f 1-3 <<<"$out")" '0.1\t0.10001\t1\n0.10001\t0.10002\t1'
	try -a hist 1 <<<$'9007199254740993\n9007199254740995'
	is "$(cut -f 1-3 <<<"$out")" '9007199254740993\t9007199254740994\t1\n9007199254740994\t9007199254740995\t0\n9007199254740995\t9007199254740996\t1'
	try -a hist -n 1 1 <<<$'1.7e308\n-3'
	is "$(cut -f 1-3 <<<"$out")" '-2e308\t2e308\t2'
	try -a hist 1 <<<$'9223372036854775807\n9223372036854775807'
	is "$(cut -f 1-3 <<<"$out")" '9223372036854775807\t9223372036854775807\t2'
	try -a hist 1 <<<$'0.30000000000000000000000\n0.2\n0.30'
	is "$(cut -f 1-3 <<<"$out")" '0.2\t0.3\t1\n0.3\t0.4\t2'
}

@test "hist -n 1: one bin, on both sides of 0 too" {
	try -a hist -n 1 1 <<<$'-3\n4\n70'
	is "$(cut -f 1-3 <<<"$out")" '-100\t100\t3'
	try -a hist -n 1 1 <<<$'3\n4\n70'
	is "$(cut -f 1-3 <<<"$out")" '0\t100\t3'
}

@test "hist: memory does not grow with the values" {
	plain_build_only
	local n
	for n in 200000 2000000; do
		seq $n | "$H/maxrss" $n "$MBATCH" -j 1 -a hist -n 1000 1 >out
		awk -v n=$n '{ s += $3 } END { exit s != n }' out
	done
	awk 'NR == 1 { small = $1 } END { exit !($1 < small + 4096) }' \
	    200000 2000000
}

@test "hist -l over: what is left out is counted once" {
	try -n 2 hist -l 1 over 3 <<<$'0\n1\n2\n-1\n3\n4\n5\n6'
	fails 0 '^mbatch: hist: -l leaves out' '^mbatch: 2 values not above 0'
}

@test "hist: bad words" {
	try hist
	usage 'FIELD is missing' 'usage: mbatch hist'
	try hist -n 0 1
	usage 'from 1 to 1000'
	try hist 1 by 2
	usage 'histogram is of all records'
	try hist -n x 1
	usage 'whole number'
}
