#!/usr/bin/env bats
# live.bats - --live: the last batch's table, redrawn in place

load helper

# What a terminal of ROWSxCOLS shows of a run on stdin, in $out.
screen() {
	local size=$1
	shift
	status=0
	PLUMB_SIZE=$size TERM=${TERM_IS-xterm} plumb outtty "$MBATCH" "$@" \
	    >drawn 2>err || status=$?
	"$H/screen" "${size%x*}" "${size#*x}" <drawn >out
	slurp
}

setup() {
	begin
	need_terminals
}

@test "--live: one table, whose numbers that moved are bold" {
	screen 10x40 -n 3 --live count by 1 over all < \
	    <(printf '%s\n' a b a c b a && sleep 0.3)
	is "$out" '-\n1  count\na      <3>\nb      <2>\nc      1\n'
	# what did not change is not written again
	is "$(grep -c '^c' drawn)" 1
	# nor what stood there before the one before
	screen 10x40 -n 1 --live count by 1 over all < \
	    <(for k in a b b; do echo $k && sleep 0.15; done)
	is "$out" '-\n1  count\na      1\nb      <2>\n'
}

@test "--live: the last one stands, fewer rows than before too" {
	screen 10x40 -n 4 --live count by 1 < \
	    <(printf '%s\n' a b c d && sleep 0.3; printf '%s\n' a a a b)
	is "$out" '-\n1  count\na      <3>\nb      1\n'
	screen 10x40 -n 4 --live grep a <<<$'b\nc'
	is "$out" '-\n'
}

# drawn_more BYTES
drawn_more() {
	[ "$(wc -c <drawn)" -gt "$1" ]
}

@test "--live: on a terminal of another size than before all is drawn anew" {
	local n
	mkfifo in
	exec 8<>in
	printf 'abcdefghijkl\n' >&8
	# shellcheck disable=SC2016  # of the shell in the terminal
	PLUMB_SIZE=10x30 TERM=xterm plumb outtty sh -c \
	    'echo $$ >pid; exec "$0" -n 1 --live count by 1 over all <in' \
	    "$MBATCH" >drawn 2>err 8>&- &
	until_true grep -q abcdefghijkl drawn
	stty rows 10 cols 9 <"/proc/$(<pid)/fd/1"
	n=$(wc -c <drawn)
	printf 'b\n' >&8
	until_true grep -q '^b .*>' drawn
	stty cols 12 <"/proc/$(<pid)/fd/1"
	kill -WINCH "$(<pid)"		# told, without a record more
	until_true grep -q 'abcdefghijk[^l]*>' drawn
	exec 8>&-
	wait $!
	# two lines of 19 have become six
	is "$(tail -c +$((n + 1)) drawn | tr -d '\r' | sed 's/\x1b\[0m//')" \
	    '\e[6A\e[J1       >\nabcdefgh>\nb       >
\e[3A\e[J1          >\nabcdefghijk>\nb          >'
}

@test "--live: NO_COLOR: arrows; TERM=dumb: tables one after the other" {
	NO_COLOR=1 screen 10x40 -n 2 --live stats sum:2 by 1 < \
	    <(printf '%s\n' 'a 5' 'b 5' && sleep 0.3; printf '%s\n' 'a 7' 'b 3')
	is "$out" '-\n1  sum_2\na     ^7\nb     v3\n'
	TERM_IS=dumb screen 10x40 -n 1 --live count by 1 <<<$'a\nb'
	[[ $(tr -d '\r' <drawn) == $'1  count\na      1\nb      1' ]]
	TERM_IS=dumb screen 10x40 -a --live <<<$'k=1\nk=2\e[2J'
	[[ $(tr -d '\r' <drawn) == $'k\n1\n2\\x1b[2J' ]]
}

@test "--live: tables that are too long or too wide are cut" {
	screen 6x30 -a --live count by 1 < <(seq 20)
	is "$out" '-\n1  count\n1      1\n2      1\n... 18 more\n'
	screen 6x30 -a --live count by 1 < <(seq 4)
	is "$out" '-\n1  count\n1      1\n2      1\n3      1\n4      1\n'
	screen 6x20 -a --live count by 1 <<<'abcdefghijklmnopqrstuvwxyz'
	is "$out" '-\n1                  >\nabcdefghijklmnopqrs>\n'
	screen 6x12 -a --live count by 1 < <(printf 'abcdefgh\na\tb\e[2J\n')
	is "$out" '-\n1         c>\nabcdefgh   >\na          >\n'
}

@test "--live: lines above the screen, and half a wide character, are redrawn" {
	screen 2x20 -n 2 --live count over all < \
	    <(printf '%s\n' a a && sleep 0.3; printf '%s\n' b c)
	is "$out" 'count\ncount\n-\n    <4>\n'
	locale -a | grep -qix 'c.utf-*8' || return 0
	LC_ALL=C.UTF-8 TERM=xterm PLUMB_SIZE=5x8 plumb outtty "$MBATCH" \
	    -n 1 --live count by 1 >drawn < \
	    <(echo aaaa && sleep 0.3; echo 世界世界世界)
	grep -qaF $'…\e[K' drawn
}

@test "--live: ten times a second at most, and the last one in any case" {
	screen 10x40 -n 1 --live count over all < <(seq 20000)
	is "$out" '-\ncount\n20000\n' || is "$out" '-\ncount\n<20000>\n'
	[ "$(wc -c <drawn)" -lt 20000 ]
}

@test "--live: what it can't go with" {
	try --live count <<<1
	usage 'standard output is none'
	screen 10x40 --live -o json count </dev/null
	fails 2 'live draws tables, and -o json is none'
	screen 10x40 --live -S - count </dev/null
	fails 2 "can't be combined with -S"
	screen 10x40 --live into cat </dev/null
	fails 2 'draws what reaches standard output, and into writes elsewhere'
}
