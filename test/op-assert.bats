#!/usr/bin/env bats
# op-assert.bats - assert ends the run with status 3

load helper

@test "the manual's example" {
	try -a assert '$1 < 600' then count < <(seq 598 599)
	gives '2\n'
}

@test "passes all; one that is false is the last" {
	try -n 2 assert '$1 < 3' < <(seq 9)
	is "$out" '1\n2\n3\n'
	fails 3 "record 3: assert: not .*: '3'"
	is "$(wc -l <<<"${err%?}")" 1
	# the number is the input's, however many records were left out above
	try -n 200 extract '^(.*[02468])$' a then let 'b = a * 2' then \
	    assert 'b < 250' < <(seq 200)
	fails 3 'record 126: assert: not b < 250'
}

@test "the result of its batch is still written" {
	try -a assert '$1 < 3' then count < <(seq 9)
	is "$out" '3\n'
	fails 3 'record 3'
	try -n 4 assert '$1 < 6' then count < <(seq 20)
	is "$out" '4\n2\n'
	fails 3 'record 6'
	try -n 4 assert '$1 < 6' then stamp batch,records,bytes,reason < <(seq 20)
	is "$(tail -n 2 out)" '2\t2\t4\teof\t5\n2\t2\t4\teof\t6'
	try -a tee seen then assert '$1 < 3' then count < <(seq 9)
	is "$(<seen)" '1\n2\n3'
	try -a sort -n then assert '$1 < 3' < <(seq 9 -1 1)
	is "$out" '1\n2\n3\n'
}

@test "of two the earlier record counts" {
	try -a assert '$1 < 7' then assert '$1 < 3' < <(seq 9)
	is "$out" '1\n2\n3\n'
	is "$err" "mbatch: record 3: assert: not \$1 < 3: '3'\n"
	is "$status" 3
}

@test "of a batch that is over each false record is told, up to ten" {
	try -a sort -n then assert '$1 < 7' < <(seq 9 -1 1)
	is "$out" '1\n2\n3\n4\n5\n6\n7\n'
	is "$status" 3
	is "$err" "mbatch: record 3: assert: not \$1 < 7: '7'
mbatch: record 2: assert: not \$1 < 7: '8'
mbatch: record 1: assert: not \$1 < 7: '9'\nmbatch: 3 assertions failed\n"
	try -a count by 1 then assert 'count < 2' then cut 1 \
	    < <(seq 5000; seq 9 2000)
	is "$out" "$(seq 9)\n"
	is "$status" 3
	is "$(grep -c 'assert: not count < 2: ' err)" 10
	is "$(sed -n '10p;11p' err)" "mbatch: batch 1: assert: not count < 2: '18\\\\x092'
mbatch: 1992 assertions failed"
	try -n 4 sort -n then assert '$1 != 2 and $1 != 6' < <(seq 8)
	is "$out" '1\n2\n'
	is "$err" "mbatch: record 2: assert: not \$1 != 2 and \$1 != 6: '2'\n"
}

@test "a live run ends without more input" {
	live -n 1 assert '$1 = 1'
	say '1\n'
	hear 1
	say '2\n'
	hear 2
	hear_end
	ended
	is "$status" 3
}

@test "it sees all, whatever is wanted below" {
	try -a assert '$1 < 5' then head 1 < <(seq 9)
	is "$out" '1\n'
	fails 3 'record 5'
}

@test "absent is not false" {
	try assert '$2 = 1' < <(printf 'a 1\na\n')
	gives 'a 1\na\n'
}

@test "empty input, NUL, CRLF" {
	try assert '$1 = 1' </dev/null
	gives ''
	try assert '$2 = "\x41"' < <(printf 'a\0 A\nb A\r\n')
	fails 3 'record 2'
	is "$out" 'a@ A\nb A\r\n'
}

@test "arguments" {
	try assert </dev/null
	usage 'the expression is missing'
	try assert a '<' 3 </dev/null
	usage 'one word in single quotes'
	try assert 'a <' </dev/null
	usage 'a value must follow'
}
