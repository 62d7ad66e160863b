#!/usr/bin/env bats
# op-cut.bats - some of the fields

load helper

@test "cut: what every operator does" {
	usual cut 2
	usual cut -x 1
}

@test "cut: fields in the order given" {
	try -a cut 3,1 <<<$'a b c\n  d   e\tf g'
	gives 'c\ta\nf\td\n'
	try -a cut -1 <<<$'a b c\nd'
	gives 'c\nd\n'
	try -a cut 1,1 <<<$'a b'
	gives 'a\ta\n'
	try -a cut 0 <<<$'a  b'
	gives 'a  b\n'
}

@test "cut: ranges" {
	try -a cut 2-3 <<<$'a b c d'
	gives 'b\tc\n'
	try -a cut 3-,1 <<<$'a b c d'
	gives 'c\td\ta\n'
	try -a cut 2- <<<$'a b c d\ne f'
	gives 'b\tc\td\nf\n'
}

@test "cut: fields that are not there" {
	try -a cut 1,5 <<<$'a b'
	gives 'a\t\n'
	try -a cut 1 <<<$'\n \na'
	gives '\n\na\n'
}

@test "cut -x: all but those" {
	try -a cut -x 2 <<<$'a b c\nd'
	gives 'a\tc\nd\n'
	try -a cut -x 1,3- <<<$'a b c d'
	gives 'b\n'
	try -F, -a cut -x -1 <<<$'a,b,c'
	gives 'a,b\n'
}

@test "cut -F: fields between exactly that" {
	try -F, -a cut 3,1 <<<$'a,b,c\n,,\nx'
	gives 'c,a\n,\n,x\n'
	try -F ', ' -a cut 2 <<<$'a, b c,d, e'
	gives 'b c,d\n'
	try -F '\t' -a cut 2,1 <<<$'a b\tc'
	gives 'c\ta b\n'
	try -F '\x7c' -a cut 2 <<<$'a|b'
	gives 'b\n'
}

@test "cut: CRLF and NUL are bytes of the record" {
	try -a -F, cut 2 < <(printf 'a,b\r\n')
	gives 'b\r\n'
	try -a cut 2 < <(printf 'a b\0c d\n')
	gives 'b@c\n'
}

@test "cut: bad words" {
	try cut
	usage '^mbatch: cut: ' 'usage: mbatch cut'
	try cut ''
	usage '^mbatch: cut: '
	try cut 1,,2
	usage '^mbatch: cut: '
	try cut -f1
	usage '^mbatch: cut: '
	try cut 1 2
	usage '^mbatch: cut: '
	try cut -z 1
	usage '^mbatch: cut: '
}

@test "cut agrees with awk" {
	agrees 'awk -v OFS="\t" "{ print \$3, \$1 }"' cut 3,1
	agrees 'awk "{ print \$NF }"' cut -1
	agrees 'awk -v OFS="\t" "{ print \$2, \$3 }"' cut 2-3
	agrees 'awk -v OFS="\t" "{ print \$1, \$3 }"' cut -x 2
}

@test "cut: the same for every -n" {
	same_for_every_n cut 3,1
	same_for_every_n cut 2-
	same_for_every_n cut -x 1
}

@test "cut: after a range to the end, names are gone" {
	printf '%s\n' '192.0.2.1 - - [06/Oct/2026:08:58:12 +0000] "GET / HTTP/1.1" 200 5' >log
	run "$MBATCH" -a -i clf cut 8- then cut 2 <log
	[ "$output" = 5 ]
	run "$MBATCH" -a -i clf cut 8- then cut -x method <log
	[ "$status" -eq 2 ]
}
