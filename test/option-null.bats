#!/usr/bin/env bats
# option-null.bats - -0 and -S: how records and batches end

load helper

@test "-0: records end in NUL, in and out" {
	try -0 < <(printf 'a\nb\0c\0')
	gives 'a\nb@c@'
	try --null -a sort -r < <(printf 'a\nb\0c\0d')
	gives 'd@c@a\nb@'
	try -0 -a count < <(printf 'a\nb\0c\0')
	gives '2@'
	try -0 -n 1 -S end < <(printf 'a\0b\0')
	gives 'a@end@b@end@'
}

@test "-0 with other operators" {
	printf '%s\0' 'b 1' 'a 2' 'b
3' >in
	try -0 -a count by 1 <in
	is "$status" 0
	is "$out" 'b\t1@a\t1@b\\n3\t1@'
	try -0 -a tail 2 <in
	gives 'a 2@b\n3@'
	try -0 -a grep '^3' <in
	gives ''
}

@test "-S writes a line after each batch" {
	try -n 2 -S -- < <(seq 3)
	gives '1\n2\n--\n3\n--\n'
	try -n 2 --batch-end '' < <(seq 3)
	gives '1\n2\n\n3\n\n'
	try -n 2 -S '\t%\\' < <(seq 2)
	gives '1\n2\n\t%\\\n'
}

@test "-S writes after batches without output too" {
	try -n 1 -S end grep 2 < <(seq 3)
	gives 'end\n2\nend\nend\n'
}

@test "-S reads escapes" {
	try -a -S '\x41\0\n.' <<<a
	gives 'a\nA@\n.\n'
}
