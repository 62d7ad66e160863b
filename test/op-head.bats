#!/usr/bin/env bats
# op-head.bats - the first records

load helper

@test "head: what every operator does" {
	usual head
	usual head 1
	usual head 1 by 1
}

@test "head: the first N of the batch, ten without N" {
	try -a head < <(seq 12)
	is "$out" '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n'
	try -n 4 head 2 < <(seq 9)
	gives '1\n2\n5\n6\n9\n'
	try -a head 0 < <(seq 9)
	gives ''
	try -a head 1k < <(seq 2000)
	is "$(wc -l <out)" 1000
}

@test "head by: the first N of each key" {
	try -a head 1 by 1 <<<$'a 1\nb 2\na 3\nb 4'
	gives 'a 1\nb 2\n'
	try -a head 2 by 1,2 <<<$'a 1\na 1\na 1\nb 1'
	gives 'a 1\na 1\nb 1\n'
	try -n 3 head 1 by 1 <<<$'a 1\na 2\na 3\na 4'
	gives 'a 1\na 4\n'
	try -a head by 1 < <(yes | head -n 12)
	is "$(wc -l <out)" 10
}

@test "head: CRLF and NUL are bytes of the record" {
	try -a head 1 < <(printf 'a\0\r\nb\n')
	gives 'a@\r\n'
	try -a head 1 by 1 < <(printf 'a\0b\na\0c\na\0b\n')
	gives 'a@b\na@c\n'
}

@test "head: what follows is told nothing more, what comes before sees all" {
	try -a uniq -c then head 1 < <(printf 'a\na\nb\na\n')
	gives '3\ta\n'
	try -n 2 head 1 then stamp batch,records < <(seq 4)
	gives '1\t2\t1\n2\t2\t3\n'
}

@test "head: bad words" {
	try head x
	usage '^mbatch: head: N must be a whole number' 'usage: mbatch head'
	try head 1 by
	usage '^mbatch: head: '
	try head 1 2
	usage '^mbatch: head: '
	try head -z
	usage '^mbatch: head: .*-z'
}

@test "head agrees with head and awk" {
	agrees 'head -n 100' head 100
	agrees 'awk "n[\$1]++ < 3"' head 3 by 1
	agrees 'awk "n[\$1 \" \" \$3]++ < 1"' head 1 by 1,3
}
