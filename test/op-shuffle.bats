#!/usr/bin/env bats
# op-shuffle.bats - the batch in random order

load helper

differ() {
	local r=0
	cmp -s "$1" "$2" || r=$?
	[ "$r" -eq 1 ]
}

@test "shuffle: what every operator does" {
	usual shuffle -s 1
}

@test "shuffle: the same records, batch by batch" {
	seq 1000 >in
	mbatch -a shuffle <in >one
	sort -n one | cmp - in
	differ one in
	mbatch -n 100 shuffle <in >one
	local i
	for i in 1 2 10; do
		head -n $((i * 100)) one | tail -n 100 | sort -n |
		    cmp - <(seq $((i * 100 - 99)) $((i * 100)))
	done
}

@test "shuffle: another order each run, the same with the same seed" {
	seq 1000 >in
	mbatch -a shuffle <in >one
	mbatch -a shuffle <in >two
	differ one two
	mbatch -a shuffle -s 7 <in >one
	mbatch -a shuffle -s 7 <in >two
	cmp one two
	mbatch -a shuffle -s 8 <in >two
	differ one two
}

@test "shuffle: every order is as likely" {
	# 6 orders of 3 records, 6000 batches: each within 6 deviations.
	yes "$(printf 'a\nb\nc')" | head -n 18000 |
	    mbatch -n 3 shuffle -s 1 | paste -d '' - - - | LC_ALL=C sort |
	    uniq -c >out
	[ "$(wc -l <out)" -eq 6 ]
	awk '$1 < 827 || $1 > 1173 { exit 1 }' out
}

@test "shuffle: bytes" {
	try -a shuffle < <(printf 'a\0\r\n')
	gives 'a@\r\n'
}

@test "shuffle: bad words" {
	try shuffle -s x
	usage '^mbatch: shuffle: ' 'usage: mbatch shuffle'
	try shuffle -s
	usage '^mbatch: shuffle: .*-s'
	try shuffle 1
	usage '^mbatch: shuffle: '
}
