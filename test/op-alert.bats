#!/usr/bin/env bats
# op-alert.bats - alert passes what is true, and the run ends with status 3

load helper

@test "the manual's example" {
	try -i clf -w 1h count by host then alert 'count > 1' then cut host \
	    <"$ROOT/test/data/access.log"
	is "$out" '192.0.2.10\n203.0.113.9\n198.51.100.7\n'
	is "$err" ''
	is "$status" 3
}

@test "passes what where passes, and says whether that was anything" {
	local n
	random_records 3000 1 >in
	awk '$2 > 690 || $3 == "w7"' in >want
	for n in '-n 1' '-n 7' '-n 1000' -a; do
		# shellcheck disable=SC2086
		try $n alert '$2 > 690 or $3 = "w7"' <in
		cmp out want
		is "$err" ''
		is "$status" 3
		# shellcheck disable=SC2086
		try $n alert '$2 > 699' <in
		gives ''
	done
}

@test "without an expression: all that comes is one" {
	try -n 2 where '$1 > 3' then alert < <(seq 4)
	is "$out" '4\n'
	is "$status" 3
	try -n 2 where '$1 > 4' then alert < <(seq 4)
	gives ''
}

@test "-q: the batch that has one is the last" {
	local n
	for n in 1 2 3 7 100; do
		try -n $n alert -q '$1 = 5 or $1 = 6 or $1 > 90' < <(seq 100)
		cmp out <(seq 100 | awk -v n=$n '$1 == 5 || $1 == 6 || $1 > 90 {
			b = int((NR - 1) / n)
			if (got && b != last) exit
			got = 1; last = b; print }')
		is "$err" ''
		is "$status" 3
		try -n $n alert -q '$1 = 500' < <(seq 100)
		gives ''
	done
	try -n 4 alert -q '$1 = 5' then stamp batch,records,reason < <(seq 100)
	is "$out" '2\t4\trecords\t5\n'
	try -n 4 count then alert -q '$1 > 3' then stamp batch < <(seq 9)
	is "$out" '1\t4\n'
	is "$status" 3
	try -T 1 -w 10s alert -q '$1 > 12' then stamp time < <(seq 10 15; seq 20 39)
	is "$out" '1970-01-01T00:00:10Z\t13
1970-01-01T00:00:10Z\t14\n1970-01-01T00:00:10Z\t15\n'
	is "$status" 3
	# before older windows are closed
	try -T 1 -w 10s --late 20s alert -q '$1 = 25' then cut 1 \
	    < <(printf '%s\n' 5 25 7 55 65)
	is "$out" '25\n'
	is "$status" 3
}

@test "-q ends a live run without more input" {
	live -n 1 alert -q '$1 > 1'
	say '1\n2\n'
	hear 2
	hear_end
	ended
	is "$status" 3
}

@test "without -q a live run goes on" {
	live -n 1 alert '$1 > 1'
	say '1\n2\n'
	hear 2
	say '1\n3\n'
	hear 3
	hush
	hear_end
	ended
	is "$status" 3
}

@test "a signal is its own status, and so is what fails" {
	live -n 1 alert '$1 > 1'
	say '2\n'
	hear 2
	kill -TERM "$live"
	hear_end
	ended
	is "$status" 143
	try -n 1 --bad fail -i json alert 'a = 1' <<<$'{"a":1}\n{'
	is "$out" '{"a":1}\n'
	fails 1 'record 2'
	try -n 1 alert then into false <<<1
	fails 1 'batch 1'
}

@test "what comes below has no say in it" {
	try -a alert '$1 > 3' then head 1 < <(seq 9)
	is "$out" '4\n'
	is "$status" 3
	try -a --none 9 alert '$1 > 3' then grep x < <(seq 9)
	is "$out" ''
	is "$status" 3
	try -a --none 9 alert '$1 > 30' < <(seq 9)
	is "$status" 9
	try -a alert '$1 > 3' then assert '$1 < 5' < <(seq 9)
	is "$out" '4\n5\n'
	fails 3 'record 5: assert'
}

@test "absent is not true; empty input, NUL, CRLF" {
	try alert '$2 = 1' < <(printf 'a 1\na\n')
	is "$out" 'a 1\n'
	is "$status" 3
	try alert </dev/null
	gives ''
	try alert '$2 = "A"' < <(printf 'a\0 A\nb A\r\n')
	is "$out" 'a@ A\n'
	is "$status" 3
}

@test "that a window holds it back is told where that is long and live" {
	local told='alert: it is written when its window ends'
	try -T 1 -w 5m alert '$1 > 61' < <(seq 60 63)
	is "$out" '62\n63\n'
	fails 3 "^mbatch: record 3: $told" \
	    '^mbatch: 2 records waited in alert'
	seq 60 63 >in
	try -T 1 -w 5m alert '$1 > 61' <in
	is "$err" ''
	try -T 1 -w 1m alert '$1 > 61' < <(seq 60 63)
	is "$err" ''
	try -T 1 -w 5m count then alert < <(seq 60 63)
	is "$err" ''
	is "$status" 3
}

@test "arguments" {
	try alert a '<' 3 </dev/null
	usage 'one word in single quotes' 'usage: mbatch alert \[-q\] \[EXPR\]'
	try alert 'a <' </dev/null
	usage 'a value must follow'
	try alert -x </dev/null
	usage 'there is no flag -x'
	try alert 3 </dev/null
	usage '^mbatch: alert: '
	try alret </dev/null
	usage "did you mean 'alert'"
}
