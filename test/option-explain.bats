#!/usr/bin/env bats
# option-explain.bats - --explain: what would be done

load helper

@test "--explain: input, batches, stages with their fields, output" {
	printf '%s\n' host,bytes,status a,1024,200 b,2048,500 >in.csv
	try -j 3 --explain -i csv -n 500 -t 1s where 'status >= 400' then \
	    let kb='bytes / 1024' then stats sum:kb by host <in.csv
	gives 'reads       csv records that end in newline, from a regular file
            whose columns are host, bytes, status
input       40 bytes, 2 records
batches     close at 500 records, at the end of input
1 where     streams
            takes status (field 3)
2 let       streams
            takes bytes (field 2)
3 stats     holds to the batch'"'"'s end; in memory: the groups; parts can be merged
            takes host (field 1), kb (made by 2)
writes      fields with tabs between: host, sum_kb
uses        up to 3 processors, where that pays\n'
	try -j 1 --explain -i csv -p host -b 1k -t 90s -g 250ms dedup then \
	    into cat < <(cat in.csv)
	is "$out" 'reads       csv records that end in newline, from a stream
            whose first one names the columns
batches     of each host, close at 1024 bytes, 90s after their first record came, after 250ms of silence, at the end of input
1 dedup     streams; in memory: the keys, 10 bytes and their text each, of all batches
2 into      holds to the batch'"'"'s end; in memory: the batch, in a file from 1 MiB on
writes      nothing but what into does
uses        one processor\n'
	try --explain -0 -w 1h -T 0 --partial count <in.csv
	[[ $out == *'end in NUL'*'every 1h of the records'\'' own time'*'writes      states, for --merge'* ]]
}

@test "--explain: how batches close, and as what they are written" {
	local options want
	while IFS='|' read -r options want; do
		# shellcheck disable=SC2086  # words
		try --explain $options count by 1 <<<'a 1'
		is "$status" 0
		[[ $out == *"$want"* ]] || { show; return 1; }
	done <<-'END'
	-k 1|close where 1 changes, at
	-s x|close before a record that matches -s, at
	-e x|close behind one that matches -e, at
	-w 1mo -T 2|close every 1 month of the records' own time, at
	-w 3mo|close every 3 months by the clock, at
	-o table|writes      an aligned table: 1, count
	-o json|writes      json: 1, count
	END
}

@test "--explain: nothing is read, nothing is done" {
	echo name >in.csv
	(mbatch --explain -n 1 tee made then into touch ran && cat) \
	    <<<left >out
	is "$(tail -n 1 out)" left
	[ ! -e made ]
	[ ! -e ran ]
	try --explain -i csv cut nme <in.csv
	usage nme
	try --explain count </dev/null
	is "$status" 0
	"$MBATCH" --explain count >/dev/full 2>err <<<1 || status=$?
	is "$status" 1
}

@test "--explain: each operator's example" {
	local op words
	for op in $("$ROOT"/test/helper/operators); do
		words=$(mbatch --help "$op" | sed -n 's/^example: mbatch //p')
		[ "$op" != lookup ] || cp "$ROOT/test/data/statuses.csv" .
		bash -c "\"\$MBATCH\" --explain ${words% < access.log}" \
		    <"$ROOT/test/data/access.log" >out
		grep -q '^uses ' out
	done
}

@test "--explain: states that are merged" {
	try --merge --explain stats count by 1
	is "$status" 0
	grep -q '^reads  *states of the first aggregate that end in newline' out
}
