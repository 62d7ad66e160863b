#!/usr/bin/env bats
# op-reverse.bats - the batch backwards

load helper

@test "reverse: what every operator does" {
	usual reverse
}

@test "reverse: the last record first, batch by batch" {
	try -a reverse < <(seq 4)
	gives '4\n3\n2\n1\n'
	try -n 2 reverse < <(seq 5)
	gives '2\n1\n4\n3\n5\n'
}

@test "reverse: CRLF, NUL and empty records" {
	try -a reverse < <(printf 'a\r\n\n\0\n')
	gives '@\n\na\r\n'
}

@test "reverse: bad words" {
	try reverse 1
	usage '^mbatch: reverse: ' 'usage: mbatch reverse'
	try reverse by 1
	usage '^mbatch: reverse: '
}

@test "reverse agrees with tac" {
	agrees tac reverse
}

@test "reverse twice is nothing" {
	agrees cat reverse then reverse
}
