#!/usr/bin/env bats
# output-table.bats - -o table: widths, alignment, what is no plain text

load helper

@test "table: numbers to the right, text to the left, no blanks at line ends" {
	try -i csv -o table <<<$'name,n,v\na,1,x\nbbb,-22.5,\nc,,yy'
	gives 'name      n  v\na         1  x\nbbb   -22.5\nc            yy\n'
	try -i csv -o table <<<$'a,b\n1,2\nx,3'
	gives 'a  b\n1  2\nx  3\n'
}

@test "table: widths are columns of the terminal" {
	try -i csv -o table <<<$'n,v\n日本,1\ne\xcc\x81,22\n😀x,3\nabcde,4'
	gives 'n       v\n日本    1\ne\xcc\x81      22\n😀x     3\nabcde   4\n'
}

@test "table: characters of no width and of two, in many scripts" {
	local c
	# a letter and its mark or sign: one column
	for c in 'שְ' 'عّ' 'กิ' 'क़' 'কঁ' 'ကိ' '가' 'x⃝' 'a‍'; do
		try -i csv -o table <<<"a,b
$c,1"
		if [ "$c" = '가' ]; then
			is "$out" "a   b\n$c  1\n"
		else
			is "$out" "a  b\n$c  1\n"
		fi
	done
	for c in ⛔ ⚽ ❎ 한 あ Ａ 𠀀 🦊; do
		try -i csv -o table <<<"a,b
$c,1"
		is "$out" "a   b\n$c  1\n"
	done
	for c in é ① ♥ ｱ 🄰; do
		try -i csv -o table <<<"a,b
$c,1"
		is "$out" "a  b\n$c  1\n"
	done
}

@test "table: what turns the direction of writing is shown" {
	try -i csv -o table < <(printf 'a,b\n\xe2\x80\xaex,\xe2\x81\xa6\n')
	gives 'a              b\n\\xe2\\x80\\xaex  \\xe2\\x81\\xa6\n'
}

@test "table: control characters and what is no UTF-8 are shown as bytes" {
	try -i json -o table < <(printf '{"a":"\\u001b[31m\\t","b":"\xff\xc3","c":"\\n\\u0085"}\n')
	gives 'a             b         c\n\\x1b[31m\\x09  \\xff\\xc3  \\x0a\\xc2\\x85\n'
	try -i csv -o table < <(printf 'a\x1bb\n1\n')
	gives 'a\\x1bb\n     1\n'
}

@test "table: one header, widths that grow, for batches and many rows" {
	try -n 1 -i csv -o table <<<$'a,b\n1,x\n1000,y'
	gives 'a  b\n1  x\n1000  y\n'
	seq 2500 | mbatch -i text -o table let '2=$1*1000' >out
	is "$(wc -l <out)" 2501
	is "$(awk '{ print length }' out | sort -u)" 13
	try -n 2 -S -- -o table count by 1 < <(seq 3)
	gives '1  count\n1      1\n2      1\n--\n3      1\n--\n'
}

@test "table: widths are those of 1000 rows, however records come" {
	{
		echo a,b
		seq -f '%.0f,1' 1001 2000
		echo 12345,1
	} >in
	mbatch -a -i csv -o table <in >out
	is "$(awk '{ print length }' out | uniq -c | xargs)" '1001 7 1 8'
	mbatch -a -i csv -o table where 'a != 1001' <in >out
	is "$(awk '{ print length }' out | uniq -c | xargs)" '1001 8'
}

@test "table: ragged rows and absent values" {
	try -i csv -o table <<<$'a,b\n1\n2,3,4'
	gives 'a  b\n1\n2  3  4\n'
	try -i json -o table <<<$'{"a":null,"b":1}\n{"b":2}'
	is "$out" 'a  b\n   1\n   2\n'
	fails 0 'record 2: '
}

@test "table: text without names, a header alone, nothing" {
	try -o table <<<'a  b'
	gives 'record\na  b\n'
	try -i csv -o table <<<'a,b'
	gives 'a  b\n'
	try -i csv -o table </dev/null
	gives ''
	try -o table count </dev/null
	gives 'count\n'
}

@test "table: one long value costs its own length, not that of each row" {
	local long
	long=$(printf '%01100d' 0)
	try -a -o table -N cut 1-4 < <(printf 'a b c d\nff %s c d\n' "$long")
	gives "a   b  c  d\nff  $long  c  d\n"
	long=$(printf 'x%0900d' 0)
	try -a -o table -N cut 1-3 < <(printf 'a b c\nff %s c\n' "$long")
	gives "a   b$(printf '%900s' '')  c\nff  $long  c\n"
	awk 'BEGIN { for (i = 0; i < 1000; i++) print "a b c"
		for (s = "x"; length(s) < 1e6;) s = s s
		print "a", s, "c" }' >in
	"$H/maxrss" rss "$MBATCH" -j 1 -a -o table cut 1-3 <in >out
	[ "$(<rss)" -lt 100000 ]
	[ "$(wc -c <out)" -lt 1100000 ]
}

@test "table: -N leaves the names out" {
	try -o table -N -i csv < <(printf 'a,1\nbb,22\n')
	gives 'a    1\nbb  22\n'
	try -a -o table -N count by 1 < <(printf 'x\ny\nx\n')
	gives 'x  2\ny  1\n'
}

@test "table: made records in a pipe are tab-separated without -o" {
	mbatch -a count by 1 <<<'a b' | cat >out
	slurp
	is "$out" 'a\t1\n'
}

@test "table: on a terminal lines are cut, names come again after a screenful" {
	need_terminals
	local long
	long=$(printf 'x%099d' 0)
	for i in {1..50}; do
		printf '%s,%s,%s\n' "$i" "$long" 'é'
	done | sed '1i n,long,c' >in
	# 24 lines of 80 columns
	plumb outtty "$MBATCH" -i csv -o table <in >out
	is "$(grep -n '^ *n  long' out | cut -d: -f1 | xargs)" '1 24 47'
	is "$(awk '{ print length }' out | sort -u)" 80
	is "$(sed -n '2p' out)" " 1  ${long:0:75}>"
	COLUMNS=40 LINES=10 plumb outtty "$MBATCH" -n 7 -i csv -o table <in >out
	is "$(grep -n '^ *n  long' out | cut -d: -f1 | xargs | cut -c 1-7)" '1 10 19'
	is "$(awk '{ print length }' out | sort -u)" 40
	# a sign of its own where it can be shown; a character is not cut
	LC_ALL=C.UTF-8 COLUMNS=7 plumb outtty "$MBATCH" -o table <<<'日本語日本' >out
	is "$(<out)" 'record\n日本語…'
	# what fits is whole; a pipe is no terminal
	COLUMNS=10 plumb outtty "$MBATCH" -o table <<<'x123456789' >out
	is "$(<out)" 'record\nx123456789'
	COLUMNS=40 LINES=10 mbatch -i csv -o table <in >out
	is "$(wc -l <out)" 51
	is "$(sed -n 2p out)" " 1  $long  é"
}
