#!/usr/bin/env bats
# option-bad.bats - --max-record and --bad

load helper

@test "a record without end is an error that names --max-record" {
	status=0
	head -c 80M /dev/zero | mbatch >out 2>err || status=$?
	slurp
	fails 1 '^mbatch: .*--max-record'
	is "$out" ''
	[ "$(wc -l <err)" -eq 1 ]
}

@test "memory stays near --max-record" {
	plain_build_only
	status=0
	head -c 200M /dev/zero | "$H/maxrss" rss "$MBATCH" -j 1 2>err || status=$?
	is "$status" 1
	[ "$(<rss)" -lt 90000 ]
	status=0
	head -c 20M /dev/zero | "$H/maxrss" rss "$MBATCH" -j 1 --max-record 1M \
	    2>err || status=$?
	is "$status" 1
	[ "$(<rss)" -lt 8192 ]
}

@test "--max-record takes what is as long, and no more" {
	try --max-record 5 <<<$'12345\nabc'
	gives '12345\nabc\n'
	try --max-record 5 < <(printf 'a\n12345')
	gives 'a\n12345\n'
	try --max-record 5 <<<$'abc\n123456\nx'
	fails 1 '^mbatch: .*2.*--max-record'
}

@test "what came before a record that is too long is written" {
	local options
	for options in '-n 1' '-a' ''; do
		# shellcheck disable=SC2086  # words
		try $options --max-record 5 <<<$'abc\n123456\nx'
		fails 1 '--max-record'
		is "$out" 'abc\n'
	done
	try -a --max-record 5 count <<<$'abc\n123456\nx'
	fails 1 '--max-record'
	is "$out" ''
}

@test "--bad skip leaves out what is too long, and tells how many" {
	try --bad skip --max-record 5 <<<$'abc\n123456\nx\n1234567\ny'
	is "$out" 'abc\nx\ny\n'
	fails 0 '^mbatch: .*2.*' '^mbatch: 2 '
	try --bad=skip --max-record 5 < <(printf 'a\n123456789')
	is "$out" 'a\n'
	fails 0 '^mbatch: '
	head -c 3M /dev/zero >in
	printf '\nshort\n' >>in
	try --bad skip --max-record 1M <in
	is "$out" 'short\n'
	fails 0 '^mbatch: '
}

@test "--bad skip: reads of any size" {
	printf 'abc\n123456\nx\n1234567\ny\n' >in
	local n
	for n in 1 2 3 5 6 7 11; do
		plumb packet $n "$MBATCH" --bad skip --max-record 5 <in 2>err |
		    cmp - <(printf 'abc\nx\ny\n')
		grep -q '^mbatch: 2 ' err
	done
}

@test "--bad FILE does not have what is too long" {
	try -v -i json --bad kept --max-record 9 cut a \
	    <<<$'{"a":1}\n{"a":1234567}\n{"a"\n{"a":2}'
	is "$out" '{"a":1}\n{"a":2}\n'
	fails 0 'record 2: longer than --max-record 9' '^mbatch: 2 bad records$'
	is "$(<kept)" '{"a"'
}

@test "--bad fail ends the run" {
	try -n 1 --bad fail --max-record 5 <<<$'abc\n123456\nx'
	is "$out" 'abc\n'
	fails 1 '^mbatch: .*2'
}

@test "--bad fail counts the one that failed" {
	try -v -i json --bad fail cut a <<<$'{"a":1}\n{\n{'
	is "$out" '{"a":1}\n'
	fails 1 'record 2: cut short at byte 2' '^mbatch: 1 bad record$'
	is "$(grep -c 'cut short' <err)" 1
	grep -q '2 records, 10 bytes' err
}

@test "--bad fail: what came before goes through the chain" {
	printf '{"a":1}\n{"a":2}\nbad\n{"a":3}\n' >in
	try -i json --bad fail -a cut a <in
	is "$out" '{"a":1}\n{"a":2}\n'
	fails 1 'record 3: '
	try -i json --bad fail -o table -a cut a <in
	is "$out" 'a\n1\n2\n'
	fails 1 'record 3: '
	try -i json --bad fail -S -- -n 1 cut a <in
	is "$out" '{"a":1}\n--\n{"a":2}\n--\n'
	try -i json --bad fail -a tee seen then where 'a > 0' <in
	is "$out" '{"a":1}\n{"a":2}\n'
	is "$(<seen)" '{"a":1}\n{"a":2}\nbad'
}

@test "--bad fail: no result of a part of a batch is shown" {
	printf '{"a":1}\n{"a":2}\n{"a":3}\nbad\n' >in
	local chain
	for chain in 'stats sum:a' 'sort a' 'tail 1 by a' 'join' \
	    'stamp batch then cut a' 'where a>0 then into cat'; do
		# shellcheck disable=SC2086  # words
		try -i json --bad fail -a cut a then $chain <in
		is "$out" ''
		fails 1 'record 4: '
	done
	try -i json --bad fail -n 2 stats sum:a <in
	is "$out" '3\n'
	fails 1 'record 4: '
}

@test "--bad fail: a record that nobody wants any more is not looked at" {
	printf '{"a":1}\nbad\n' >in
	try -i json --bad fail -a where 'a=1' then head 1 <in
	gives '{"a":1}\n'
	try -i json --bad fail -n 2 where 'a=1' then head 1 <in
	gives '{"a":1}\n'
	try -i json --bad fail -a where 'a=1' then tee all then head 1 <in
	is "$out" '{"a":1}\n'
	fails 1 'record 2: '
}

@test "--bad: of what two stages can't read the earlier record is told first" {
	printf 'a,b,c\n1,2,3\n1,2,"x\n"x,2,3\n1,2,"x\n' >in
	try -a -i csv where 'a >= 0' then where 'c >= 0' <in
	is "$out" 'a,b,c\n1,2,3\n'
	is "$err" 'mbatch: record 2: unterminated quote at byte 5\nmbatch: 3 records could not be read\n'
	try -a -i csv --bad kept where 'a >= 0' then where 'c >= 0' <in
	is "$(<kept)" '1,2,"x\n"x,2,3\n1,2,"x'
	try -a -i csv --bad fail where 'a >= 0' then where 'c >= 0' <in
	is "$err" 'mbatch: record 2: unterminated quote at byte 5\n'
	is "$status" 1
}

@test "no record at all could be read: 1, unless --bad was given" {
	local chain
	seq 2500 >in
	for chain in '-i json cut a' '-i json -a stats sum:a' '-i json -o csv' \
	    '-i json -o csv tee all' '-i clf cut host' '-i json -n 10 -k a' \
	    '-i clf -w 1h count' '-T nosuch -w 1h count' \
	    '-T 0 -w 1h --late all count' '-i json where a=1 then count' \
	    '-i json -a cut a then into cat' '-T 2 -a dedup -t 1m 1'; do
		rm -f all
		# shellcheck disable=SC2086
		try $chain <in
		fails 1 '^mbatch: record 1: ' '^mbatch: 2500 records could' ||
		    { echo "$chain"; return 1; }
		rm -f all
		# shellcheck disable=SC2086
		try --bad skip $chain <in
		fails 0 '^mbatch: 2500 records could' ||
		    { echo "$chain"; return 1; }
		rm -f all kept
		# shellcheck disable=SC2086
		try --bad kept $chain <in
		fails 0 '^mbatch: 2500 records could'
		cmp kept in
	done
	try -i json cut a <<<x
	fails 1 'record 1: not a JSON object'
}

@test "one record that could be read is enough; so are none" {
	local chain
	{ seq 1500; echo '{"a":1,"t":"2020-01-01T00:00:00Z"}'; seq 900; } >in
	for chain in '-i json cut a' '-i json -a stats sum:a' '-i json -o csv' \
	    '-i json -o csv tee all' '-i json -k a' '-T t -w 1h count' \
	    '-i json where a=2' '-i json grep 7 then cut a'; do
		rm -f all
		# shellcheck disable=SC2086
		try $chain <in
		fails 0 'records could not be read' ||
		    { echo "$chain"; return 1; }
		rm -f all
		# shellcheck disable=SC2086
		try $chain </dev/null
		is "$status" 0
	done
	try -i csv cut a <<<a
	gives 'a\n'
}

@test "a record that tee can't write either is counted, and kept, once" {
	printf '{"a":1}\nx\n{"a":2}\n' >in
	try -v -i json -o csv --bad kept tee all <in
	is "$out" 'a\n1\n2\n'
	fails 0 'record 2: not a JSON' '^mbatch: 1 bad record$'
	is "$(<all)" 'a\n1\n2'
	is "$(<kept)" x
	rm all
	try -i json -o csv --bad fail tee all <in
	fails 1 'record 2: not a JSON'
}

@test "--bad takes skip, fail or a file that can be written" {
	try --bad
	usage '--bad'
	try --bad /nosuch/folder/file <<<a
	is "$out" ''
	[ "$status" -ne 0 ]
	grep -q '^mbatch: .*/nosuch/folder/file.*No such file' err
}

@test "--bad FILE is not touched before all is known to be right" {
	echo precious >kept
	try --bad kept -n x <<<a
	usage '--records'
	try --bad kept nosuch <<<a
	usage 'nosuch'
	try --bad kept -T 1 count <<<a
	usage '-T'
	try -i csv --bad kept cut nosuch <<<a
	usage "'nosuch'"
	try --bad '' <<<a
	usage "--bad ''"
	is "$(<kept)" precious
	try --bad kept <<<a
	gives 'a\n'
	is "$(<kept)" precious
}

@test "--bad /dev/stderr: between what is told there, in a file too" {
	{
		echo before >&2
		mbatch -i json --bad /dev/stderr cut a <<<$'{\n{"a":1}'
	} >out 2>err
	is "$(cat err)" 'before\nmbatch: record 1: cut short at byte 2\n{'
}

@test "--bad FILE keeps what can't be read, as it came, in every format" {
	printf '{"a":1}\n{"a":\n\xff\n{"a":2}\r\n{"a' >in
	try -i json --bad kept cut a <in
	is "$out" '{"a":1}\n{"a":2}\n'
	is "$err" 'mbatch: record 2: cut short at byte 6\nmbatch: 3 records could not be read\n'
	cmp kept <(printf '{"a":\n\xff\n{"a\n')
	try -i csv --bad kept cut a < <(printf 'a,b\r\n"x\r\n1,2\r\n')
	is "$out" 'a\n1\n'
	cmp kept <(printf '{"a":\n\xff\n{"a\n"x\r\n')
	try -i csv --bad ./skip cut a < <(printf 'a\n"x\n')
	cmp skip <(printf '"x\n')
}

@test "--bad: a record is told by its number, and counted once" {
	printf 'a,b\n1,2\n"x\n3,4\n"y\n' >in
	try -v -n 1 -i csv cut a then where 'a > 0' then count by a <in
	is "$out" '1\t1\n3\t1\n'
	fails 0 '^mbatch: record 2: unterminated quote at byte 1$' \
	    '^mbatch: 2 records could not be read' '^mbatch: 2 bad records'
	is "$(grep -c 'could not be read' err)" 1
	try -n 1 -i csv --bad fail cut a <in
	is "$out" 'a\n1\n'
	is "$err" 'mbatch: record 2: unterminated quote at byte 1\n'
	is "$status" 1
}

@test "--bad: every byte that a JSON record is cut at" {
	local whole='{"a":[1,{"b":"\u00e9x"}],"c":-1.5e+3,"d":null}' i
	for ((i = 0; i < ${#whole}; i++)); do
		printf '%s\n' "${whole:0:i}"
	done >in
	try -i json --bad kept cut d <in
	is "$out" ''
	cmp in kept
	try -i json cut c,d <<<"$whole"
	gives '{"c":-1.5e+3,"d":null}\n'
}

@test "--bad FILE adds: many runs at a time on one file lose nothing" {
	local i
	for ((i = 0; i < 50; i++)); do
		printf "%s of run $i\\n" {1..9} |
		    "$MBATCH" -i json --bad kept cut a 2>/dev/null &
	done
	wait
	[ "$(wc -l <kept)" -eq 450 ]
	for ((i = 0; i < 50; i++)); do
		grep -x "[1-9] of run $i" kept | cmp - \
		    <(printf "%s of run $i\\n" {1..9})
	done
}

@test "--bad FILE: a record and its end are one write" {
	try_fault 'write -1 2 1' -i json --bad kept cut a <<<x
	fails 1 "^mbatch: --bad 'kept': No space left"
	[ ! -s kept ]
	try_fault 'write -1 2 2' -i json --bad kept cut a <<<x
	fails 0 'record 1'
	is "$(<kept)" x
}

@test "--bad FILE: what can't be written is told, by close too" {
	try -i json --bad /dev/full cut a <<<x
	fails 1 "^mbatch: --bad '/dev/full': No space left"
	try_fault 'close -1 0 1' -i json --bad kept cut a <<<$'x\n{"a":1}'
	is "$out" '{"a":1}\n'
	fails 1 "^mbatch: --bad 'kept': No space left"
}

@test "--bad FILE that is the input is refused, and stays as it was" {
	local name
	printf '{"a":1}\nbad\n' >in
	ln in hard && ln -s in soft
	for name in in ./in hard soft; do
		try -i json --bad "$name" cut a <in
		usage "^mbatch: --bad '$name': that is the input file"
		is "$(<in)" '{"a":1}\nbad'
	done
	try -i csv --bad in cut 1 <in
	fails 2 'that is the input file'
	try -i json --bad kept cut a < <(cat in)
	is "$(<kept)" bad
}
