#!/usr/bin/env bats
# op-sample.bats - sample: a share, or so many of each batch

load helper

@test "the manual's example" {
	try -a sample -s 1 1% then count < <(seq 100000)
	is "$status" 0
	[ "${out%?}" -gt 850 ]
	[ "${out%?}" -lt 1150 ]
}

@test "a rate as per cent, fraction, decimal" {
	local rate
	for rate in 10% 0.1 1/10 .1; do
		try -a sample -s 7 "$rate" < <(seq 10000)
		is "$err" ''
		[ "$(wc -l <<<"$out")" -gt 850 ]
		[ "$(wc -l <<<"$out")" -lt 1150 ]
		[ "$rate" = 10% ] || is "$out" "$first"
		first=$out
	done
	try sample 100% < <(seq 3)
	gives '1\n2\n3\n'
	try sample 0 < <(seq 3)
	gives ''
}

@test "by: a key is taken or not, on every run, in every batch" {
	seq 10000 | sed 's/.*/& x/; p' >"$BATS_TEST_TMPDIR/in"
	try -a sample 10% by 1 <"$BATS_TEST_TMPDIR/in"
	is "$(uniq -c <<<"${out%?}" | awk '{print $1}' | sort -u)" 2
	first=$out
	[ "$(wc -l <<<"$out")" -gt 1700 ]
	[ "$(wc -l <<<"$out")" -lt 2300 ]
	try -n 3 sample 0.1 by 1 <"$BATS_TEST_TMPDIR/in"
	is "$out" "$first"
	try -a sample -s 2 10% by 1 <"$BATS_TEST_TMPDIR/in"
	[ "$out" != "$first" ]
	try -a sample 10% by 1 <<<'12 x'
	gives ''
	try -a sample 10% by 1 <<<"${first%%$'\n'*}"
	gives "${first%%$'\n'*}\n"
}

@test "-n: so many of each batch, in the order they came" {
	try -n 100 sample -n 3 < <(seq 1000)
	is "$err" ''
	is "$(wc -l <<<"${out%?}")" 30
	is "$(sort -n <<<"${out%?}" | cksum)" "$(cksum <<<"${out%?}")"
	is "$(awk '{n[int(($1 - 1) / 100)]++} END {for (i in n) print n[i]}' \
	    <<<"${out%?}" | sort -u)" 3
	try -a sample -n 5 < <(seq 3)
	gives '1\n2\n3\n'
}

@test "-n takes each record equally often" {
	yes "$(seq 8)" | head -n 3200 | mbatch -n 8 sample -s 1 -n 2 |
	    sort | uniq -c | awk '$1 < 60 || $1 > 145 {exit 1}
	    END {if (NR != 8) exit 1}'
}

@test "-s repeats" {
	try sample -s 5 10% < <(seq 1000)
	first=$out
	[ -n "$first" ]
	try -n 7 sample -s 5 10% < <(seq 1000)
	is "$out" "$first"
	try -a sample -s 5 -n 10 < <(seq 1000)
	first=$out
	try -a sample -n 10 -s 5 < <(seq 1000)
	is "$out" "$first"
	same_for_every_n sample -s 3 20%
	# also of what an operator made
	cd "$BATS_TEST_TMPDIR" || return
	seq 300 >in
	mbatch -j 1 -n 4 count by 1 then sample -s 3 50% <in >want
	MBATCH_WORK=2:16 mbatch -n 4 count by 1 then sample -s 3 50% <in >out
	cmp out want
}

@test "without -s it differs from run to run" {
	try -a sample -n 10 < <(seq 1000)
	first=$out
	try -a sample -n 10 < <(seq 1000)
	[ "$out" != "$first" ]
}

@test "empty input, NUL, CRLF, no final newline" {
	try -a sample 10% </dev/null
	gives ''
	try -a sample -n 2 </dev/null
	gives ''
	try -a sample -n 2 < <(printf 'a\0\r\nb')
	gives 'a@\r\nb\n'
}

@test "arguments" {
	try sample </dev/null
	usage 'the share \(RATE\) is missing'
	try sample x </dev/null
	usage 'RATE is 1%'
	try sample 1/0 </dev/null
	usage 'RATE is'
	try sample 10 </dev/null
	usage '-n 10 takes so many'
	try sample -- -1% </dev/null
	usage 'RATE is'
	try sample -n 0 </dev/null
	usage 'above 0'
	try sample -n x </dev/null
	usage 'K must be a whole number'
	try sample 1% 2 </dev/null
	usage 'one word too many'
}
