#!/usr/bin/env bats
# format-added.bats - a format that is one file and one line more: ltsv, in a
# program of its own

load helper

export MBATCH=$MBATCH_BUILD/format/mbatch

setup() {
	begin
	printf '%b' 'h:a\ts:200\tn:10\tt:x,y\nh:b\ts:404\tn:20\tt:z\n' \
	    'h:a\ts:500\tn:5\n' >in
}

# chain WANT ARG...: from in, as -i ltsv.
chain() {
	local want=$1
	shift
	try -i ltsv "$@" <in
	gives "$want"
}

@test "an added format: help, the lists and the messages know it" {
	try --help
	[[ $out == *'ltsv   '*'label:value between tabs'* ]]
	try -i ltsf
	usage "did you mean 'ltsv'"
	try -i ltsv cut 1 <in
	fails 2 'ltsv records have no positions'
	try -i ltsv -F , <in
	fails 2 '-F is used by'
	try -i ltsv -H <in
	usage 'ltsv has its own names'
	try -i ltsv -N <in
	usage '-N is for'
	try -i ltsv -a -o csv collect <in
	fails 2 'its arrays are JSON'
}

@test "an added format: records that are kept are the same bytes" {
	local c
	for c in '' 'where n>0' 'grep :' 'head 9' 'dedup n' 'sample 100%' \
	    '-a tail 9' '-a into cat' '-a tee f' '-o ltsv' '-a reverse then reverse'; do
		# shellcheck disable=SC2086  # words
		mbatch -i ltsv $c <in | cmp - in
	done
	cmp f in
	chain 'h:a\ts:500\tn:5\nh:b\ts:404\tn:20\tt:z\nh:a\ts:200\tn:10\tt:x,y\n' \
	    -a reverse
	chain 'h:b\ts:404\tn:20\tt:z\nh:a\ts:500\tn:5\n' 'where' 's >= 400'
	chain 'h:a\ts:500\tn:5\n'\
'h:a\ts:200\tn:10\tt:x,y\nh:b\ts:404\tn:20\tt:z\n' -a sort -n n
	chain 'h:b\ts:404\tn:20\tt:z\n' -a top 1 n
	chain 'h:a\ts:200\tn:10\tt:x,y\nh:b\ts:404\tn:20\tt:z\n' dedup h
}

@test "an added format: fields are taken and taken out" {
	chain 'n:10\tH:a\nn:20\tH:b\nn:5\tH:a\n' cut n,H=h
	chain 'h:a\ts:200\tn:10\nh:b\ts:404\tn:20\nh:a\ts:500\tn:5\n' cut -x t
	chain 't:x,y\nt:z\n\n' cut t
	chain 'r:h:a\\ts:200\\tn:10\\tt:x,y\n' cut r=0 then head 1
	chain '{"r":"h:a\\ts:200\\tn:10\\tt:x,y"}\n' -o json cut r=0 then head 1
	try -i ltsv cut 'a,{b:c}=a' <<<'a:1'
	gives 'a:1\tb_c:1\n'
}

@test "an added format: members are changed, added and put in front" {
	chain 'h:a\ts:200\tn:10\tt:x,y\tk:20\n' let 'k=n*2' then head 1
	chain 'h:a\ts:200\tn:11\tt:x,y\n' let n=n+1 then head 1
	chain 'h:_\ts:200\tn:10\tt:x,y\n' replace -f h a _ then head 1
	chain 'h:a\ts:200\tn:10\tt:x\nh:a\ts:200\tn:10\tt:y\n' \
	    split t then head 2
	chain 'h:a\ts:200\tn:10\tt:x,y\tu:x\n' \
	    extract -f t '^([a-z])' u then head 1
	chain 'batch:1\th:a\ts:200\tn:10\tt:x,y\n' -a stamp batch then head 1
	chain 'count:2\th:a\ts:200\tn:10\tt:x,y\ncount:1\th:b\ts:404\tn:20\tt:z\n' \
	    -a uniq -c h
	chain 'h:a\ts:200\tn:10\tt:x,y\n'\
'h:b\ts:404\tn:20\tt:z\tdelta_n:10\nh:a\ts:500\tn:5\tdelta_n:-15\n' \
	    -a step delta n
	chain 'n,delta_n\n10,\n20,10\n5,-15\n' -a -o csv cut n then step delta n
}

@test "an added format: what is made of it" {
	chain 'a\t2\nb\t1\n' -a count by h
	chain 'a\t15\t2\nb\t20\t1\n' -a stats sum:n,count by h
	chain '1\n1\n1\n' -k h count
	chain 'count:3\n' -a -o ltsv count
	chain 'h:a\tsum_n:15\nh:b\tsum_n:20\n' -a -o ltsv stats sum:n by h
	chain '[{"h":"a","s":200,"n":10,"t":"x,y"},'\
'{"h":"b","s":404,"n":20,"t":"z"},{"h":"a","s":500,"n":5}]\n' -a collect
	chain 'h:a\ts:200\tn:10\tt:x,y;h:b\ts:404\tn:20\tt:z\n' \
	    -a head 2 then join ';'
}

@test "an added format: a member that the first record does not show is a column" {
	local in='a:1\tb:2\na:3\tb:4\tc:5\n'
	try -i ltsv -o csv let q=a < <(printf '%b' "$in")
	is "$out" 'a,b,q\n1,2,1\n3,4,3\n'
	try -i ltsv -o csv let q=c < <(printf '%b' "$in")
	is "$out" 'a,b,q\n1,2,\n3,4,5\n'
	try -i ltsv -o csv cut c,a < <(printf '%b' "$in")
	gives 'c,a\n,1\n5,3\n'
	try -i ltsv -o csv let '{q:r}=c' < <(printf '%b' "$in")
	is "$out" 'a,b,q_r\n1,2,\n3,4,5\n'
	try -i ltsv -o csv let q=x <<<'a:1'
	is "$out" 'a,q\n1,\n'
}

@test "an added format: there and back" {
	local f
	head -n 2 in >same
	for f in json csv tsv logfmt; do
		mbatch -i ltsv -o $f <same >"same.$f"
		mbatch -i $f -o ltsv <"same.$f" | cmp - same
		mbatch -a -i ltsv -o $f sort -r s <same | mbatch -a -i $f -o ltsv \
		    sort s | cmp - same
	done
	cmp same.json - <<'END'
{"h":"a","s":200,"n":10,"t":"x,y"}
{"h":"b","s":404,"n":20,"t":"z"}
END
	mbatch -o ltsv <same.json | cmp - same
	mbatch -o ltsv <same.logfmt | cmp - same
	try -i ltsv -o text <same
	gives 'a\t200\t10\tx,y\nb\t404\t20\tz\n'
	try -i ltsv -o text -F '|' <same
	gives 'a|200|10|x,y\nb|404|20|z\n'
	try -i ltsv -o table <same
	gives 'h    s   n  t\na  200  10  x,y\nb  404  20  z\n'
	try -i text -o ltsv <<<'a b'
	gives 'record:a b\n'
	try -i text -H -o ltsv < <(printf 'x y\na b\n')
	gives 'x:a\ty:b\n'
	try -i clf -o ltsv cut status,path \
	    <<<'h - - [06/Oct/2026:08:00:00 +0000] "GET /p HTTP/1.1" 200 5'
	gives 'status:200\tpath:/p\n'
	printf '{"a":"t\\tb\\\\","n":null,"e":""}\n' >hard
	try -i json -o ltsv <hard
	gives 'a:t\\tb\\\\\te:\n'
	cp out made
	try -i ltsv -o json <made
	gives '{"a":"t\\tb\\\\","e":""}\n'
}

@test "an added format: a record that can't be read" {
	printf 'a:1\nword\n:2\na:3\n' >in
	try -i ltsv cut a <in
	is "$out" 'a:1\na:3\n'
	fails 0 'record 2: a field without a label at byte 1'
	try -i ltsv --bad fail cut a <in
	fails 1 'record 2'
	try -i ltsv --bad f -o json <in
	is "$out" '{"a":1}\n{"a":3}\n'
	cmp f - <<<$'word\n:2'
	try -i ltsv --bad fail <in	# nothing asks what is in it
	gives 'a:1\nword\n:2\na:3\n'
}
