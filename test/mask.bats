#!/usr/bin/env bats
# mask.bats - FIELD:mask, the bucket of what a text says (see unit/mask.c)

load helper

setup() {
	begin
	printf '%s\n' 'got 5 of a' 'got 17 of a' 'no' 'got 5 of b' 'no' >in
}

@test "mask: a key like others" {
	try -a count by 0:mask <in
	gives 'got * of a\t2\nno\t2\ngot * of b\t1\n'
	try -a top 1 by 0:mask <in
	gives 'got * of a\t2\n'
	try -a stats distinct:0:mask,distinct:2:mask <in
	gives '3\t1\n'
	try -a dedup 0:mask <in
	gives 'got 5 of a\nno\ngot 5 of b\n'
	try -a uniq -c 0:mask then cut 1 <in
	gives '2\n2\n1\n'
	try -a head 1 by 0:mask <in
	gives 'got 5 of a\nno\ngot 5 of b\n'
	try -k 0:mask count <in
	gives '2\n1\n1\n1\n'
	try -a count by 4:mask,0:mask <in
	gives 'a\tgot * of a\t2\n\tno\t2\nb\tgot * of b\t1\n'
	try -a count by 0:mask over all <in
	gives 'got * of a\t2\nno\t2\ngot * of b\t1\n'
	try -a -o json count by 0:mask then head 1 <in
	gives '{"0":"got * of a","count":2}\n'
}

@test "mask: of a field's value, not of how it is written" {
	printf '%s\n' '{"m":"a\t5 \"x\"\n"}' '{"m":"a 6 \"x\""}' '{"m":7}' \
	    '{"m":null}' '{}' >in.json
	try -a -i json count by m:mask <in.json
	gives 'a * "x"\t2\n*\t1\n\t2\n'
	try -a -i csv count by m:mask <<<$'m,n\n"a, 1",2\n"a, 2",2'
	gives 'a, *\t2\n'
	# of rows that an operator made
	try -a extract '^(.*)$' m then count by m:mask <in
	gives 'got * of a\t2\nno\t2\ngot * of b\t1\n'
	# tabs are blanks, and no columns
	try -a count by 0:mask,1 < <(printf 'a\t1\na 2\n')
	gives 'a *\ta\t2\n'
}

@test "mask: dedup by time, rate, files by mask" {
	try -a -T 1 dedup -t 1h 0:mask < <(printf '%s\n' \
	    '2026-01-01T00:00:00Z up 1' '2026-01-01T00:30:00Z up 2' \
	    '2026-01-01T01:00:00Z up 3')
	gives '2026-01-01T00:00:00Z up 1\n2026-01-01T01:00:00Z up 3\n'
	try -a -T 1 rate by 0:mask < <(printf '%s\n' \
	    '2026-01-01T00:00:00Z up' '2026-01-01T00:00:02Z up')
	gives '* up\t1\n'
	try -a tee '{2:mask}' then count <in
	gives '5\n'
	is "$(<'*')" 'got 5 of a\ngot 17 of a\ngot 5 of b'
}

@test "mask: states, under any split" {
	random_records 2000 3 | awk '{ n = substr($3, 2)
		printf "%s: got %d of %c\n", $1, $2, 97 + n % 26 }' >records
	mbatch -a count by 0:mask,1 <records >want
	awk '{ print $1, $5 }' records | LC_ALL=C sort | uniq -c |
	    awk '{ printf "*: got * of %s\t%s\t%d\n", $3, $2, $1 }' |
	    cmp - <(LC_ALL=C sort -t "	" -k 2,2 -k 1,1 want)
	split -n r/5 records part.
	for p in part.*; do
		mbatch --partial count by 0:mask,1 <"$p"
	done >states
	mbatch --merge count by 0:mask,1 <states | LC_ALL=C sort |
	    cmp - <(LC_ALL=C sort want)
	try --merge count by 0,1 <states
	fails 1 'a state of other aggregates, keys'
}

@test "mask: what is no bucket" {
	try -a -i csv count by m:masks <<<$'m\n1'
	usage "no field 'm:masks'; 'm' takes a bucket .* or mask"
	# where there is none, and where it is a name
	try -a -i json sum:m:mask <<<'{}'
	fails 2
	try -a -i json count by '{m:mask}' <<<'{"m:mask":7}'
	gives '7\t1\n'
	try -a -i json sort m:mask <<<$'{"m":5}\n{"m":4}'
	gives '{"m":5}\n{"m":4}\n'
}

@test "mask: bytes of every kind" {
	try -a count by 0:mask < <(printf 'a 1\r\na 2\n\xff\0 3\n \n\na 3')
	gives 'a *\t3\n\xff\\0 *\t1\n\t2\n'
	try -0 -a count by 0:mask < <(printf 'a\n1\0a 2\0')
	gives 'a *\t2@'
	# long ones, and many of them in one vector
	for c in a 1 ' ' '=' '()' '"' '1,' '/' 'a.b.' 'a:' '<1'; do
		awk -v c="$c" 'BEGIN { s = c
			while (length(s) < 2 ^ 17) s = s s
			for (i = 0; i < 5; i++) print s }' |
		    mbatch -a count by 0:mask | cut -f 2
	done >got
	is "$(sort -u got)" 5
	is "$(wc -l <got)" 11
}
