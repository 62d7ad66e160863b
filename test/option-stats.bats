#!/usr/bin/env bats
# option-stats.bats - -v: what was done, on standard error

load helper

@test "-v tells records, bytes and batches by reason" {
	try -n 4 -v < <(seq 10)
	is "$out" '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n'
	fails 0 '10 records' '21 bytes' '3 batches' '2 .*records' '1 .*eof'
	try -v -a count </dev/null
	is "$out" '0\n'
	fails 0 '0 records' '0 bytes' '1 batch'
	try --stats -n 1 < <(printf 'a')
	fails 0 '^mbatch: 1 record, 2 bytes$' '^mbatch: 1 batch: 1 by records$'
	try -v < <(echo)
	fails 0 '^mbatch: 1 record, 1 byte$' '^mbatch: 0 bad records$'
}

@test "-v tells bad records" {
	try -v --bad skip --max-record 3 <<<$'a\n12345\nb'
	is "$out" 'a\nb\n'
	fails 0 '^mbatch: 1 bad record$'
}

@test "-v is told when the run ends by a signal too" {
	live -v -a count
	say 'a\n'
	settle
	kill -TERM "$live"
	hear 1
	ended
	is "$status" 143
	grep -q '1 record' err
	grep -q 'signal' err
}
