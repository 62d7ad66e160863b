#!/usr/bin/env bats
# format-logfmt.bats - logfmt in: quotes, keys alone, bad records

load helper

setup() {
	begin
	printf 'a=1 b="x y" k\nb=2 a= c="t\\tn\\n\\""\n  b=3   a=4 a=5\n' >in
	printf 'a=1 b="x\nb="q" a=2\na=3 b=1\n' >bad
}

@test "logfmt: kept records are the same bytes" {
	mbatch -i logfmt <in | cmp - in
	mbatch -i logfmt where 'b != 9' <in | cmp - in
	mbatch -i logfmt -o logfmt <bad | cmp - bad
}

@test "logfmt: changed records keep their tokens" {
	try -i logfmt cut b,a <in
	gives 'b="x y" a=1\nb=2 a=\nb=3 a=4\n'
	try -i logfmt cut k,NEW=c <in
	gives 'k\nNEW="t\\tn\\n\\""\n\n'
	try -i logfmt cut -x b <in
	gives 'a=1 k\na= c="t\\tn\\n\\""\na=4\n'
	try -i logfmt let 'b="p=q"' <in
	gives 'a=1 b="p=q" k\nb="p=q" a= c="t\\tn\\n\\""\nb="p=q" a=4\n'
	try -i logfmt let d=a+1 <<<'a=1 b="x y" k'
	gives 'a=1 b="x y" k d=2\n'
	try -a -i logfmt stamp batch then head 1 <in
	gives 'batch=1 a=1 b="x y" k\n'
	try -a -i logfmt uniq -c k then cut count,k <in
	gives 'count=1 k\ncount=2\n'
	try -i logfmt cut NEW=k,a,b <<<'k a= b=""'
	gives 'NEW a= b=""\n'
	# also what is held, or stands for another record's
	for op in reverse 'sort b' 'tail 2' 'sample -n 2 -s 1'; do
		read -ra words <<<"$op"
		try -a -i logfmt let d=k then "${words[@]}" then sort b <<<$'k b=1\nk= b=2'
		gives 'k b=1 d\nk= b=2 d=\n'
	done
	try -a -i logfmt cut k,b then sort b <<<$'k b=1\nk= b=2'
	gives 'k b=1\nk= b=2\n'
	try -i logfmt fill k then step lag k <<<$'k b=1\nb=2\nk= b=3'
	gives 'k b=1\nb=2 k lag_k\nk= b=3 lag_k\n'
	try -i logfmt -o json <<<'k a= b=""'
	gives '{"k":"true","a":"","b":""}\n'
	try -i logfmt let b=1 <<<'"" "x y" a k'
	gives '"" "x y" a k b=1\n'
	try -a -i logfmt count by k,a <<<'k a='
	gives 'true\t\t1\n'
	try -i logfmt cut r=0 then head 1 <in
	gives 'r="a=1 b=\\"x y\\" k"\n'
}

@test "logfmt: bytes that are not UTF-8 stay, in quotes too" {
	printf 'a=\xff b="\xff\xe9 x\1" c=1\n' >in
	mbatch -i logfmt let c=c <in | cmp - in
	mbatch -i logfmt let 'b=concat(b, "")' <in |
	    cmp - <(printf 'a=\xff b="\xff\xe9 x\\u0001" c=1\n')
	mbatch -i logfmt -o tsv <in | mbatch -i tsv -o logfmt |
	    cmp - <(printf 'a=\xff b="\xff\xe9 x\\u0001" c=1\n')
	try -N -i csv -o logfmt < <(printf '"a ""\b\f\r\t\v\\"\n')
	gives '1="a \\"\\b\\f\\r\\t\\u000b\\\\"\n'
}

@test "logfmt: made records" {
	try -a -i logfmt count by a,c <in
	gives '1\t\t1\n\tt\\tn\\n"\t1\n4\t\t1\n'
	try -a -i logfmt -o logfmt count by b <in
	gives 'b="x y" count=1\nb=2 count=1\nb=3 count=1\n'
	try -a -i logfmt count by nosuch <in
	is "$out" '\t3\n'
	fails 0 "no record had 'nosuch'"
	try -i logfmt cut 1 <in
	usage 'logfmt records have no positions'
}

@test "logfmt: records that can't be read, if it is looked that far" {
	try -i logfmt cut a <bad
	gives 'a=1\na=2\na=3\n'
	try -i logfmt cut b <bad
	is "$out" 'b="q"\nb=1\n'
	fails 0 'record 1: unterminated quote at byte 7$'
	try -i logfmt cut a,b then let c=1 then cut -x b <bad
	is "$out" 'a=2 c=1\na=3 c=1\n'
	is "$err" 'mbatch: record 1: unterminated quote at byte 7\n'
	try -i logfmt -o json --bad kept <bad
	is "$out" '{"b":"q","a":2}\n{"a":3,"b":1}\n'
	cmp kept <(head -n 1 bad)
	try -i logfmt --bad fail cut -x a <bad
	is "$out" ''
	fails 1 'record 1: unterminated'
}
