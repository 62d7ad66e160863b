#!/usr/bin/env bats
# op-parse.bats - parse: what stands for the stars of a pattern

load helper

line='192.0.2.1 - bob [06/Oct/2026:08:58:12 +0000] "GET /a HTTP/1.1" 200 7'

@test "the manual's example" {
	try -a parse '* - * [*] "*"' ip,user,time,request then head 2 <<<"$line"
	gives '192.0.2.1\tbob\t06/Oct/2026:08:58:12 +0000\tGET /a HTTP/1.1\n'
}

@test "pieces are found from left to right, the last star takes the rest" {
	try parse 'a*b*' <<<'xxa1b2b3'
	gives '1\t2b3\n'
	try parse '*b' <<<'1b2b'
	gives '1\n'
	try parse '*,*,*' <<<',,'
	gives '\t\t\n'
	try parse '*aab*' <<<'aaab!'
	gives 'a\t!\n'
	try parse '*: *' k,_ then cut k <<<'a: b: c'
	gives 'a\n'
	try parse '\*=*;\\*' <<<'x*=1;\2'
	gives '1\t2\n'
	try parse '[*.+]' <<<'[1.+]'
	gives '1\n'
}

@test "no match, no record; counted under -v" {
	try -v parse 'a*b' < <(printf 'ba\nab\n')
	is "$out" '\n'
	fails 0 '^mbatch: 1 record that parse found nothing in'
}

@test "-f adds to the other fields" {
	try -i logfmt parse -f msg 'took *ms' ms <<<'a=1 msg="took 12ms"'
	gives 'a=1 msg="took 12ms" ms=12\n'
	try -i csv parse -f b '*/*' < <(printf 'a,b\n1,x/y\n2,z\n')
	gives 'a,b,b_1,b_2\n1,x/y,x,y\n'
}

@test "empty input, NUL, CRLF, any -n" {
	try -a parse '*' </dev/null
	gives ''
	try parse '*b*' < <(printf 'a\0b\r\n')
	gives 'a\\0\t\\r\n'
	same_for_every_n parse '* *w*' a,b,c
}

@test "arguments" {
	try parse </dev/null
	usage 'the pattern is missing'
	try parse abc </dev/null
	usage 'no \* to stand for a field'
	try parse 'a**' </dev/null
	usage 'nothing stands between two stars' '^mbatch:     \^$'
	try parse '* *' a </dev/null
	usage '1 name for 2 parts'
}
