#!/usr/bin/env bats
# option-none.bats - --none: whether a record came out, as an exit status

load helper

# none STATUS OPTION... OP...: the status, with --none 9, of a run that is well.
none() {
	local want=$1
	shift
	seq 5 >in
	try --none 9 "$@" <in
	[ "$status" -eq "$want" ] || { echo "$*"; show; return 1; }
	is "$err" ''
	try "$@" <in
	is "$status" 0
}

@test "--none: whatever keeps records away" {
	local chain
	for chain in 'grep x' 'grep -v .' 'where $1>9' 'extract x(.)' \
	    'head 0' 'tail 0' 'grep x then grep 1' 'grep x then sort' \
	    'grep x then tee -a all' 'grep x then into cat' \
	    'where $1>9 then count by 1' 'grep x then head 1' \
	    'let a=$1+1 then where $1>9'; do
		# shellcheck disable=SC2086
		none 9 $chain
		# shellcheck disable=SC2086
		none 9 -a $chain
	done
	try --none 9 </dev/null
	fails 9
	try -i csv --none 9 <<<a,b
	is "$out" 'a,b\n'
	fails 9
	try -i json -o csv --none 9 grep x <<<'{"a":1}'
	fails 9
	try -S -- --none 9 grep x <in
	is "$out" '--\n'
	fails 9
}

@test "--none: one record is enough, in any batch, and so is an aggregate's" {
	local chain
	for chain in 'grep 5' 'where $1=1' 'head 1' 'grep x then count' \
	    'stats sum:1' 'grep 3 then tee -a all' 'grep 3 then into true' \
	    'count then into true' 'uniq' 'grep x then collect'; do
		# shellcheck disable=SC2086
		none 0 -a $chain
	done
	none 0 -n 1 grep 5
	none 0 -n 1 grep 5 then into true
	none 9 -n 1 grep x then into true
	none 0 --partial count by 1
	none 9 --partial grep x then count by 1
	yes abc | head -n 500000 >in
	try --none 9 grep -v abd <in
	is "$status" 0
}

@test "--none: what failed has its own status" {
	seq 5 >in
	try --none 9 assert '$1 > 1' then grep x <in
	fails 3
	try --none 9 grep x then into false <in
	fails 9
	try --none 9 into false <in
	fails 1
	try --none 9 nosuch <in
	usage
	try --none 9 -i json cut a <in
	fails 1 '5 records could not be read'
	try --none 9 -i json --bad skip cut a <in
	fails 9 '5 records could not be read'
	try --none 9 -i json --bad skip -o csv <in
	fails 9 '5 records could not be read'
	live --none 9 grep x
	say 'a\n'
	settle
	kill -TERM "$live"
	ended
	is "$status" 143
}

@test "--none: from 1 to 125" {
	local n
	for n in 0 126 255 256 4294967297 -1 1.5 x ''; do
		try --none "$n" grep x </dev/null
		usage "--none '$n': a status is from 1 to 125"
	done
	try --none
	usage '--none needs a value: --none STATUS'
	try --none 1 --none=125 grep x </dev/null
	fails 125
}
