#!/usr/bin/env bats
# option-limits.bats - -n -b -t -g -w -a and their values

load helper

@test "sizes of -b take k, M and G, of 1024" {
	seq 1000000 >in
	try -b 1k stamp bytes <in
	head -n 1 out >first
	is "$(<first)" '1024\t1' || [ "$(cut -f 1 first)" -gt 1018 ]
	try -b 2M count <in
	is "$out" '311184\n299593\n299593\n89630\n' ||
	    [ "$(wc -l <out)" -eq 4 ]
	try -b 1G count <in
	is "$out" '1000000\n'
}

@test "counts of -n take k and M, of 1000" {
	seq 2500 >in
	try -n 1k count <in
	gives '1000\n1000\n500\n'
	try -n 1M count <in
	gives '2500\n'
	try --records=1000 count <in
	gives '1000\n1000\n500\n'
	try --records 1000 count <in
	gives '1000\n1000\n500\n'
}

@test "durations take units and fractions" {
	local t
	for t in 100ms 0.1 0.1s 100000us 100000000ns; do
		live -t $t stamp reason
		say 'a\n'
		hear $'timeout\ta'
		hush
		ended
	done
	for t in 1m 1h 1d 1.5h; do
		try -t $t stamp reason < <(echo a)
		gives 'eof\ta\n'
	done
}

@test "what is no size, count or duration is a usage error" {
	local v
	for v in x -1 1x 1.5.5 '' 5ms; do
		try -n "$v" </dev/null
		usage "'$v'|empty|needs"
	done
	for v in x -1 1q 1s ''; do
		try -b "$v" </dev/null
		usage "'$v'|empty|needs"
	done
	for v in x -1 1q 1k 1.5.5s ''; do
		try -t "$v" </dev/null
		usage "'$v'|empty|needs"
		try -w "$v" </dev/null
		usage "'$v'|empty|needs"
		try -g "$v" </dev/null
		usage "'$v'|empty|needs"
	done
}

@test "-a goes on to the end of input" {
	live -a count
	say 'a\nb\n'
	settle
	say 'c\n'
	hush
	hear 3
	hear_end
}

@test "-w on a regular file needs a time" {
	echo a >in
	try -w 1h count <in
	usage '-T'
}

@test "batches of a window can be closed by other limits too" {
	try -w 1d -n 2 stamp batch,reason < <(seq 3)
	gives '1\trecords\t1\n1\trecords\t2\n2\teof\t3\n'
}
