#!/usr/bin/env bats
# op-stamp.bats - what is known of the batch

load helper

@test "stamp: what every operator does" {
	usual stamp records
}

@test "stamp: the columns asked for, in that order, in front" {
	try -n 2 stamp reason,batch,bytes,records < <(seq 3)
	gives 'records\t1\t4\t2\t1\nrecords\t1\t4\t2\t2\neof\t2\t2\t1\t3\n'
	try -a stamp batch_records <<<a
	gives '1\ta\n'
	try -a stamp <<<a
	is "${out/20[0-9T:.-]*Z/TIME}" '1\tTIME\t1\t2\teof\ta\n'
}

@test "stamp: all of the batch's records are known to the first" {
	seq 5000 | mbatch -n 2500 stamp records >out
	is "$(cut -f 1 out | uniq -c | tr -s ' ')" ' 5000 2500'
}

@test "stamp time: when the batch opened" {
	local before after
	before=$(date +%s)
	try -a stamp time <<<a
	after=$(date +%s)
	local t
	t=$(date -d "$(cut -f 1 out)" +%s)
	[ "$t" -ge "$before" ]
	[ "$t" -le "$after" ]
	TZ=EST5 try --local -a stamp time <<<a
	[[ $out == *-05:00$'\ta\n' ]]
}

@test "stamp after an aggregate" {
	try -n 2 count by 1 then stamp batch <<<$'a\nb\nb'
	gives '1\ta\t1\n1\tb\t1\n2\tb\t1\n'
	try -n 2 count then stamp batch then cut count,batch <<<a
	gives '1\t1\n'
}

@test "stamp: the start of a window shorter than a millisecond" {
	local t=2026-10-06T08:00:00.001500Z
	try -w 100us -T 1 stamp time <<<$t
	gives "$t\t$t\n"
	try -w 100us -T 1 into sh -c 'echo $MBATCH_TIME' <<<$t
	gives "$t\n"
	try -w 100us -T 1 stamp time <<<1960-10-06T08:00:00.001500Z
	gives '1960-10-06T08:00:00.001500Z\t1960-10-06T08:00:00.001500Z\n'
}

@test "stamp: CRLF and NUL are bytes of the record" {
	try -a stamp records < <(printf 'a b\0\r\n')
	gives '1\ta b@\r\n'
}

@test "stamp: bad words" {
	try stamp reasn
	usage "^mbatch: stamp: .*'reason'" 'usage: mbatch stamp'
	try stamp batch time
	usage '^mbatch: stamp: '
	try stamp -z
	usage '^mbatch: stamp: .*-z'
}

@test "stamp: behind its columns a record is called so" {
	try -o json stamp batch <<<'a b'
	gives '{"batch":1,"record":"a b"}\n'
	try -o csv stamp batch <<<'a "b"'
	gives 'batch,record\n1,"a ""b"""\n'
	try stamp batch then where 'record = "a b"' then cut record <<<$'a b\nc'
	gives 'a b\n'
	try -F , -o json stamp batch <<<a,b
	gives '{"batch":1,"2":"a","3":"b"}\n'
	try -o json uniq -c <<<'a b'
	gives '{"count":1,"record":"a b"}\n'
}

@test "what stands behind sees a text record as one field, or as its tabs say" {
	try -a stamp batch then cut record <<<'a b'
	gives 'a b\n'
	try -a stamp batch then cut 2 <<<$'a b\tc'
	gives 'a b\n'
	try -a stamp batch then cut 2- <<<$'a b\tc'
	gives 'a b\tc\n'
	try -a stamp batch then cut 3 <<<$'a b\tc'
	gives 'c\n'
	try -a -F, stamp batch then cut 2 <<<'a,b'
	gives 'a\n'
}
