#!/usr/bin/env bats
# op-join.bats - join: the batch as one record

load helper

@test "records are joined by a blank, or SEP" {
	try -n 3 join < <(seq 5)
	gives '1 2 3\n4 5\n'
	try -n 3 join , < <(seq 5)
	gives '1,2,3\n4,5\n'
	try -n 3 join ' | ' < <(seq 5)
	gives '1 | 2 | 3\n4 | 5\n'
	try -n 3 join '' < <(seq 5)
	gives '123\n45\n'
}

@test "SEP reads escapes" {
	try -n 3 join '\t' < <(seq 3)
	gives '1\t2\t3\n'
	try -n 3 join '\x2c\\\0' < <(seq 2)
	gives '1,\\@2\n'
	try join '\q' </dev/null
	usage 'join: SEP: only '
}

@test "records of all kinds as they are" {
	try -a join , < <(printf 'a\0b\nc\r\n\nd')
	gives 'a@b,c\r,,d\n'
	try -a -i csv join ';' < <(printf 'a,b\n1,"x"\n3,4\n')
	gives '1,"x";3,4\n'
	try -0 -a join , < <(printf 'a\nb\0c\0')
	gives 'a\nb,c@'
	try -n 1 join < <(seq 2)
	gives '1\n2\n'
}

@test "empty input" {
	try join </dev/null
	gives ''
	try -a join </dev/null
	gives '\n'
}

@test "it agrees with paste" {
	random_records 2000 1 >"$BATS_TEST_TMPDIR/in"
	mbatch -a join , <"$BATS_TEST_TMPDIR/in" |
	    cmp - <(paste -sd, "$BATS_TEST_TMPDIR/in")
}

@test "bad arguments" {
	try join , x </dev/null
	usage "join: one word too many: 'x'" 'usage: mbatch join'
}
