#!/usr/bin/env bats
# op-grep.bats - records that match

load helper

@test "grep: what every operator does" {
	usual grep .
	usual grep -v zzz
}

@test "grep: records that match, or don't" {
	try -a grep 'b|^c' <<<$'abc\nc\nac\n'
	gives 'abc\nc\n'
	try -a grep -v b <<<$'abc\nc\n\nb'
	gives 'c\n\n'
	try -a grep nothing <<<$'abc'
	gives ''
}

@test "grep: flags" {
	printf 'abc\nABC\na.c\nxabcx\n' >in
	try -a grep -i abc <in
	gives 'abc\nABC\nxabcx\n'
	try -a grep -F a.c <in
	gives 'a.c\n'
	try -a grep -x 'a.c' <in
	gives 'abc\na.c\n'
	try -a grep -xF a.c <in
	gives 'a.c\n'
	try -a grep -vix 'a.c' <in
	gives 'xabcx\n'
	try -a grep -iF B <in
	gives 'abc\nABC\nxabcx\n'
	try -a grep -f 2 b <<<$'b a\na b\nb\nb abc'
	gives 'a b\nb abc\n'
	try -a grep -v -f 2 b <<<$'b a\na b\nb\nb abc'
	gives 'b a\nb\n'
}

@test "grep: empty records, empty patterns" {
	printf 'a\n\nb\n' >in
	try -a grep '^$' <in
	gives '\n'
	try -a grep '' <in
	gives 'a\n\nb\n'
	try -a grep -F '' <in
	gives 'a\n\nb\n'
	try -a grep -v '' <in
	gives ''
}

@test "grep: CRLF and NUL are bytes of the record" {
	printf 'a\r\nb\r\n' >in
	try -a grep 'a.$' <in
	gives 'a\r\n'
	try -a grep 'a$' <in
	gives ''
	printf 'a\0b\nc\0\n\0\n' >in
	try -a grep b <in
	gives 'a@b\n'
	try -a grep 'a.b' <in
	gives 'a@b\n'
	try -a grep '^.$' <in
	gives '@\n'
}

@test "grep: the beyond-POSIX escapes" {
	printf 'a b\na_1\n--\n12\n' >in
	try -a grep '\s' <in
	gives 'a b\n'
	try -a grep '^\w+$' <in
	gives 'a_1\n12\n'
	try -a grep '\d' <in
	gives 'a_1\n12\n'
	try -a grep '\bb' <in
	gives 'a b\n'
}

@test "grep: bytes in a pattern, in brackets and in -F alike" {
	printf 'a\tb\na b\na\rb\na-b\n' >in
	try -a grep 'a\tb' <in
	gives 'a\tb\n'
	try -a grep 'a[\t ]b' <in
	gives 'a\tb\na b\n'
	try -a grep -i 'A[^\s-]B' <in
	gives ''
	try -a grep '\x61\rb' <in
	gives 'a\rb\n'
	try -a grep 'a\-b' <in
	gives 'a-b\n'
	try -a grep -F 'a\tb' <in
	gives ''
	try -a where '$0 =~ "a\tb"' <in
	gives 'a\tb\n'
	try -a where '$0 =~ "a[\t-]b"' <in
	gives 'a\tb\na-b\n'
	try -a -s 'a\tb' count <in
	gives '4\n'
	try -0 grep 'a\nb' < <(printf 'a\nb\0a b\0')
	gives 'a\nb@'
}

@test "grep: bad patterns and words" {
	try grep 'cost $5'
	usage 'a dollar sign is' '^mbatch:        \^$'
	try grep 'a+?'
	usage 'no repeat is lazy'
	try grep '[:digit:]'
	usage '\[\[:digit:\]\]'
	try grep '(?=a)'
	usage 'looks ahead'
	try grep '('
	usage '^mbatch: grep: ' "usage: mbatch grep"
	try grep '[a'
	usage '^mbatch: grep: '
	try grep '\q'
	usage '^mbatch: grep: '
	try grep
	usage '^mbatch: grep: ' 'pattern'
	try grep -q x
	usage '^mbatch: grep: .*-q'
	try grep -f
	usage '^mbatch: grep: .*-f'
	try grep a b
	usage '^mbatch: grep: ' "'b'"
}

@test "grep agrees with grep -E" {
	agrees 'grep -E "k[1-3] .*7|w4$" || :' grep 'k[1-3] .*7|w4$'
	agrees 'grep -Ev " 200 | -" || :' grep -v ' 200 | -'
	agrees 'grep -F 77 || :' grep 77
	agrees 'grep -Eix "K5.*W[0-9]" || :' grep -ix 'K5.*W[0-9]'
	agrees 'awk "\$2 ~ /^-?1/"' grep -f 2 '^-?1'
}

@test "grep: a pattern of more states than are kept agrees with awk" {
	awk 'BEGIN {
		srand(3)
		for (i = 0; i < 3000; i++) {
			n = 20 + int(rand() * 60)
			for (s = ""; n > 0; n--)
				s = s (rand() < .5 ? "a" : "b")
			print s
		}
	}' >in
	local k
	for k in 15 30; do
		awk -v k=$k 'length($0) > k &&
		    substr($0, length($0) - k, 1) == "a"' in >want
		mbatch -a grep "a[ab]{$k}\$" <in | cmp - want
		mbatch -a grep -v "a[ab]{$k}\$" <in | sort - want | cmp - <(sort in)
	done
}

@test "grep: the same for every -n" {
	same_for_every_n grep 'w1|7 '
	same_for_every_n grep -v 7
	same_for_every_n grep -F -f 3 w3
}

@test "grep: a text of one alternative is not looked for in the others" {
	printf '%s\n' 'GET /api/v1 login' 'POST /users/7 signup' \
	    'GET /api/v2 login' >in
	for ere in 'GET /api.*login|POST /users.*signup' \
	    'POST /users.*signup|GET /api.*login' '(GET|POST) /.*(in|up)'; do
		mbatch grep "$ere" <in | cmp - in
	done
}
