#!/usr/bin/env bats
# op-tail.bats - the last records

load helper

@test "tail: what every operator does" {
	usual tail
	usual tail 1
	usual tail 1 by 1
}

@test "tail: the last N of the batch, ten without N" {
	try -a tail < <(seq 12)
	is "$out" '3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n'
	try -n 4 tail 2 < <(seq 9)
	gives '3\n4\n7\n8\n9\n'
	try -a tail 0 < <(seq 9)
	gives ''
}

@test "tail by: the last N of each key, in the order they came" {
	try -a tail 1 by 1 <<<$'a 1\nb 2\na 3\nc 4\nb 5'
	gives 'a 3\nc 4\nb 5\n'
	try -a tail 2 by 1 <<<$'a 1\nb 2\na 3\na 4\nb 5'
	gives 'b 2\na 3\na 4\nb 5\n'
	try -a sort -r 2 then tail 1 by 1 <<<$'a 1\nb 2\na 3\nc 4\nb 5'
	gives 'c 4\nb 2\na 1\n'
	try -a split 1 then tail 3 by 2 <<<'a,b,c,d,e x'
	gives 'c\tx\nd\tx\ne\tx\n'
	try -n 3 tail 1 by 1 <<<$'a 1\na 2\na 3\na 4'
	gives 'a 3\na 4\n'
}

@test "tail: CRLF and NUL are bytes of the record" {
	try -a tail 1 < <(printf 'b\na\0\r\n')
	gives 'a@\r\n'
}

@test "tail: bad words" {
	try tail x
	usage '^mbatch: tail: N must be a whole number' 'usage: mbatch tail'
	try tail 1 by
	usage '^mbatch: tail: '
	try tail 1 2
	usage '^mbatch: tail: '
	try tail -f
	usage '^mbatch: tail: '
}

@test "tail agrees with tail and awk" {
	# each record longer than what it takes the place of
	awk 'BEGIN { while (++i < 1200) print i, s = s "x" }' >in
	try -a tail 3 by 3 <in
	tail -n 3 in | cmp - out
	agrees 'tail -n 100' tail 100
	agrees 'tac | awk "n[\$1]++ < 3" | tac' tail 3 by 1
}
