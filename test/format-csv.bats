#!/usr/bin/env bats
# format-csv.bats - csv in: kept, changed and made records, ragged and bad ones

load helper

setup() {
	begin
	printf 'id,name,q\n1,"a, b","say ""hi"""\n2,,x\n3,"",y\n' >in
	printf '\xef\xbb\xbfid,name\r\n1,"a, b"\r\n2,c\r\n' >bom
	printf 'a,b\n1,2,3\n4\n""\n' >ragged
	printf 'a,b\n1,2\n"x,3\n4,"y"z\n5,6\n' >bad
}

@test "csv: kept records are the same bytes, the header too" {
	local f
	for f in in bom ragged bad; do
		mbatch -i csv <$f | cmp - $f
		mbatch -a -i csv <$f | cmp - $f
		mbatch -n 1 -i csv -o csv <$f | cmp - $f
	done
	for f in in ragged bad; do
		mbatch -N -i csv <$f | cmp - $f
	done
	try -i csv head 1 <bom
	gives '\xef\xbb\xbfid,name\r\n1,"a, b"\r\n'
	try -a -i csv sort -r 1 <bom
	gives '\xef\xbb\xbfid,name\r\n2,c\r\n1,"a, b"\r\n'
	try -i csv where 'name contains ","' <bom
	gives '\xef\xbb\xbfid,name\r\n1,"a, b"\r\n'
	try -i csv head 1 < <(printf 'a,b\n1,2')
	gives 'a,b\n1,2\n'
}

@test "csv: changed records keep their quotes and have a header" {
	try -i csv cut q,name <in
	gives 'q,name\n"say ""hi""","a, b"\nx,\ny,""\n'
	try -i csv cut 3,1 <in
	gives 'q,id\n"say ""hi""",1\nx,2\ny,3\n'
	try -i csv cut -1 <in
	gives 'q\n"say ""hi"""\nx\ny\n'
	try -i csv cut NEW=name,id <in
	gives 'NEW,id\n"a, b",1\n,2\n"",3\n'
	try -i csv cut 2- then head 1 <in
	gives 'name,q\n"a, b","say ""hi"""\n'
	try -i csv cut -x name <in
	gives 'id,q\n1,"say ""hi"""\n2,x\n3,y\n'
	try -i csv let n=id*2 then head 2 <in
	gives 'id,name,q,n\n1,"a, b","say ""hi""",2\n2,,x,4\n'
	try -i csv let 'name=concat(q, ",")' then cut name <in
	gives 'name\n"say ""hi"","\n"x,"\n"y,"\n'
	try -a -i csv stamp batch <in
	gives 'batch,id,name,q\n1,1,"a, b","say ""hi"""\n1,2,,x\n1,3,"",y\n'
	try -a -i csv uniq -c name <in
	gives 'count,id,name,q\n1,1,"a, b","say ""hi"""\n2,2,,x\n'
	try -i csv cut 2 <bom
	gives 'name\n"a, b"\nc\n'
}

@test "csv: the whole record as a field is quoted" {
	try -i csv cut id,all=0 <<<$'id,x\n1,"a"'
	gives 'id,all\n1,"1,""a"""\n'
}

@test "csv: made records are tab-separated, with names for -o and later" {
	try -a -i csv count by name <in
	gives 'a, b\t1\n\t2\n'
	try -a -i csv -o csv count by name <in
	gives 'name,count\n"a, b",1\n,2\n'
	try -a -i csv count by 2 then sort -r name then cut name <in
	gives 'a, b\n\n'
	try -a -i csv count by -1,id then cut q,id <in
	gives 'say "hi"\t1\nx\t2\ny\t3\n'
	try -a -i csv -o json count by 2 then head 1 <in
	gives '{"name":"a, b","count":1}\n'
	try -a -i csv count by x <<<$'x\n"\t\\"'
	gives '\\t\\\\\t1\n'
}

@test "csv: -F is the separator, in and out, of made records too" {
	printf 'a;b\n1;"x;y"\n2;3,4\n' >semi
	try -i csv -F ';' cut b <semi
	gives 'b\n"x;y"\n3,4\n'
	try -i csv -F ';' let c='"p;q"' then head 1 <semi
	gives 'a;b;c\n1;"x;y";"p;q"\n'
	try -i csv -F ';' -o json <semi
	gives '{"a":1,"b":"x;y"}\n{"a":2,"b":"3,4"}\n'
	try -i csv -F ';' -o csv <semi
	gives "$(<semi)\n"
	try -a -i csv -F ';' count by a <semi
	gives '1;1\n2;1\n'
	try -i csv -F ';' -o tsv <semi
	gives 'a\tb\n1\tx;y\n2\t3,4\n'
	try -i csv -F '||' cut b,a <<<$'a||b\n1||"x||"'
	gives 'b||a\n"x||"||1\n'
}

@test "csv -N: no header, in or out" {
	try -i csv -N cut 2 <in
	gives 'name\n"a, b"\n""\n""\n'
	try -i csv -N -o json cut 1,3 then head 1 <in
	gives '{"1":"id","3":"q"}\n'
	try -i csv -N -o tsv <<<$'a,"b,c"\n1,2,3'
	gives 'a\tb,c\n1\t2\t3\n'
	try -a -i csv -N -o csv count by 1 <<<$'a,b\na,c'
	gives 'a,2\n'
	try -i csv -N cut name <in
	usage "no field 'name'" 'position'
}

@test "csv: a header alone, and nothing" {
	try -i csv <<<'a,b'
	gives 'a,b\n'
	try -i csv cut b <<<'a,b'
	gives 'b\n'
	try -a -i csv count by a <<<'a,b'
	gives ''
	try -a -i csv -o csv count by a <<<'a,b'
	gives 'a,count\n'
	try -a -i csv -o json <<<'a,b'
	gives ''
	try -i csv cut nosuch </dev/null
	gives ''
	try -a -i csv let x=a then sort x then count by x </dev/null
	gives ''
	try -a -i csv count </dev/null
	gives '0\n'
}

@test "csv: one header for all batches" {
	try -n 1 -i csv <in
	gives "$(<in)\n"
	try -n 1 -i csv -S -- cut id <in
	gives 'id\n1\n--\n2\n--\n3\n--\n'
	try -n 2 -i csv -o csv count by name <in
	gives 'name,count\n"a, b",1\n,1\n,1\n'
	printf 'x\n' >numbers
	seq 5000 >>numbers
	mbatch -i csv cut x <numbers | cmp - numbers
}

@test "csv: what a ragged record has too much stays beyond the columns" {
	try -i csv let z=9 <ragged
	gives 'a,b,z\n1,2,9,3\n4,,9\n"",,9\n'
	try -i csv let z=9 then where 'z = 9' then cut z <ragged
	gives 'z\n9\n9\n9\n'
	try -i csv let a=8 <ragged
	gives 'a,b\n8,2,3\n8,\n8,\n'
	try -i csv -o json <ragged
	gives '{"a":1,"b":2,"3":3}\n{"a":4,"b":null}\n{"a":"","b":null}\n'
	try -i csv cut b <ragged
	gives 'b\n2\n""\n""\n'
	try -i csv -o table <ragged
	gives 'a  b\n1  2  3\n4\n\n'
	try -i csv cut 3 <ragged
	usage 'no field 3' 'have 2'
}

@test "csv: a header of no names, and one that can't be read" {
	try -i csv < <(printf '""\n1,2\n')
	gives '""\n1,2\n'
	try -n 1 -i csv -o json < <(printf '""\n1,2\n')
	gives '{"1":1,"2":2}\n'
	try -i csv cut a < <(printf 'a,"b\n1,2\n')
	is "$out" ''
	fails 1 '^mbatch: the header: unterminated quote at byte 3$'
	try -i csv -o json < <(printf '\xef\xbb\xbf"a"b\n1,2\n')
	fails 1 '^mbatch: the header: text after a closing quote at byte 7$'
}

@test "csv: one empty value is no empty line" {
	try -i json -o csv <<<$'{"a":""}\n{"a":null}\n{"a":1}'
	gives 'a\n""\n""\n1\n'
	try -i csv let a=a <<<$'a\n\n""'
	gives 'a\n""\n'
}

@test "csv: an empty line is no record" {
	local nl eol
	for nl in '\n' '\r\n'; do
		for eol in "$nl" ''; do
			printf %b "$nl$nl" "a,b$nl$nl" "1,2$nl$nl$nl" \
				"3,4$nl$nl" "5,6$eol" >blank
			try -a -i csv count <blank
			gives '3\n'
			try -n 2 -i csv count <blank
			gives '2\n1\n'
			try -i csv -o tsv stamp records <blank
			gives 'batch_records\ta\tb\n3\t1\t2\n3\t3\t4\n3\t5\t6\n'
			try -a -N -i csv count <blank
			gives '4\n'
		done
	done
	try -i csv <blank
	gives 'a,b\r\n1,2\r\n3,4\r\n5,6\n'
	# all but the header's bytes are counted, with the missing terminator
	try -i csv -v count <blank
	fails 0 " $(($(wc -c <blank) - 4)) bytes"
	try -a -0 -i csv count < <(printf 'a\0\0x\0\0')
	is "$out" 1@
	# a letter alone, a blank and an empty value are records
	try -a -i csv count <<<$'a\nx\n \n""\n\n,'
	gives '4\n'
	# tsv has no quotes: there an empty line is an empty value
	try -a -i tsv count <<<$'a\nx\n\ny'
	gives '3\n'
	# more than a vector of them
	{
		echo n
		for nl in {1..3000}; do printf '%s\n\n' "$nl"; done
	} >many
	try -a -i csv stats count,sum:n <many
	gives '3000\t4501500\n'
	try -a -i csv -o text tail 1 <many
	gives '3000\n'
}

@test "csv: a byte order mark is in no value, with a header or without" {
	printf '\xef\xbb\xbf"x,y",2\n\xef\xbb\xbfz,3\n' >mark
	try -i csv -N -o text cut 1 <mark
	gives 'x,y\n\xef\xbb\xbfz\n'
	try -i csv -N <mark
	gives '"x,y",2\n\xef\xbb\xbfz,3\n'
	try -i csv -o json < <(printf '\xef\xbb\xbf\na\n1\n')
	gives '{"a":1}\n'
	try -i csv -N -o json < <(printf '\xef\xbb\xbf\n1\n')
	gives '{"1":1}\n'
}

@test "csv: of columns of one name the first is meant" {
	local told="columns 1 and 3 are called 'a': .* the first .*1 more"
	printf 'a,b,a,,a\n1,2,3,4,5\n' >in
	try -i csv cut a then let a=a+1 <in
	is "$out" 'a\n2\n'
	fails 0 "^mbatch: the header: $told"
	is "$(wc -l <err)" 1
	try -i csv let a=9 <in
	is "$out" 'a,b,a,,a\n9,2,3,4,5\n'
	try -i csv -o tsv <in
	is "$out" 'a\tb\ta\t\ta\n1\t2\t3\t4\t5\n'
	try -i csv -o json <in
	is "$out" '{"a":1,"b":2,"3":3,"4":4,"5":5}\n'
	try -i csv -o logfmt cut 3,1,a <in
	is "$out" 'a=3 2=1 3=1\n'
}

@test "csv: a name that is not there, with the nearest" {
	try -i csv cut nme <in
	usage "cut: there is no field 'nme'; did you mean 'name'"
	try -i csv count by Name:10 <in
	usage "'Name'; did you mean 'name'"
	try -i csv sort zzzz <in
	usage "'zzzz'; there are 'id', 'name', 'q'"
	try -i csv sort zzzz <<<one
	usage "'zzzz'; there is only 'one'"
	try -i csv -k nme <in
	usage "'nme'"
	try -i csv cut name then cut id <in
	usage "cut: there is no field 'id'"
	try -i csv let 'x=nam' <in
	usage "let: .*'nam'.*'name'"
}

@test "csv: records that can't be read" {
	try -i csv cut b <bad
	is "$out" 'b\n2\n6\n'
	fails 0 '^mbatch: record 2: .*quote at byte 1$' '^mbatch: 2 records '
	is "$(wc -l <err)" 2
	try -i csv -o json <bad
	is "$out" '{"a":1,"b":2}\n{"a":5,"b":6}\n'
	fails 0 'record 2: .*quote at byte 1$' '2 records'
	try -i csv cut a <bad
	is "$out" 'a\n1\n4\n5\n'
	fails 0 'record 2: '
}

@test "csv: a value with a newline goes out in quotes, as RFC 4180 has it" {
	try -i json -o csv <<<'{"a":"x\ny","b":"\r"}'
	gives 'a,b\n"x\ny","\r"\n'
}

@test "csv: a value in quotes may hold newlines" {
	local f='a,"n\nm"\n1,"x\n\ny ""q"""\r\n2,z\n3,"\r\n,\n"\n' op
	printf '%b' "$f" >lines
	for op in '' '-a' '-n 1 -o csv' 'grep .' 'dedup a' 'tee copy' \
	    '-a sort a' 'into cat' '-b 1' 'let a=a'; do
		# shellcheck disable=SC2086  # words
		mbatch -i csv $op <lines >out
		cmp <(tr -d '\r' <out) <(tr -d '\r' <lines)
	done
	cmp copy lines
	try -i csv -o json <lines
	gives '{"a":1,"n\\nm":"x\\n\\ny \\"q\\""}\n{"a":2,"n\\nm":"z"}\n{"a":3,"n\\nm":"\\r\\n,\\n"}\n'
	try -i csv -o tsv cut 2 <lines
	gives 'n\\nm\nx\\n\\ny "q"\nz\n\\r\\n,\\n\n'
	try -i csv -o text cut 2,1 then head 1 <lines
	gives 'x\\n\\ny "q"\t1\n'
	try -a -i csv count by 2 then tail 2 <lines
	gives 'z\t1\n\\r\\n,\\n\t1\n'
	try -n 2 -i csv -S -- where $'{n\nm} contains "\\n"' then cut a <lines
	gives 'a\n1\n--\n3\n--\n'
	try -b 35 -i csv -N -S -- cut 1 <lines
	gives 'a\n1\n2\n--\n3\n--\n'
	try -i csv replace y Y <lines
	gives 'a,"n\nm"\n1,"x\n\nY ""q"""\r\n2,z\n3,"\r\n,\n"\n'
	try -n 1 -i csv stamp batch then tail 1 then cut -x a <lines
	gives 'batch,"n\nm"\n1,"x\n\ny ""q"""\n2,z\n3,"\r\n,\n"\n'
	try -a -i csv collect <lines
	gives '[{"a":1,"n\\nm":"x\\n\\ny \\"q\\""},{"a":2,"n\\nm":"z"},{"a":3,"n\\nm":"\\r\\n,\\n"}]\n'
	printf '\xef\xbb\xbf"a\nb",c\n1,2\n' | mbatch -i csv -o json >out
	is "$(<out)" '{"a\\nb":1,"c":2}'
	try -0 -N -i csv -o json < <(printf '1,"2\0a,"3\n"')
	is "$out" '{"1":"a","2":"3\\n"}@'
	fails 0 '^mbatch: record 1: unterminated quote'
}

@test "csv: quoted newlines by many workers and in reads of a byte" {
	local i op
	for ((i = 0; i < 300; i++)); do
		printf '%d,"%d, \n","a"\n%d,5" x,"""\r\n"\r\n' $i $((i % 7)) $i
		((i % 20)) || printf '%d,"not\n,\nclosed"?\n' $i
	done >in
	for op in 'cut 2' 'count by 2' 'grep 3' 'sort -n 3,1' \
	    '-n 7 count' 'cut 1 then tail 5'; do
		# shellcheck disable=SC2086  # words
		mbatch -j 1 -a -N -i csv $op <in >want 2>want.err
		# shellcheck disable=SC2086
		MBATCH_WORK=3:300 mbatch -a -N -i csv $op <in >out 2>err
		cmp out want
		cmp err want.err
		# shellcheck disable=SC2086
		MBATCH_WORK=3:90 plumb packet 90 "$MBATCH" -a -N -i csv $op \
		    <in >out 2>err
		cmp out want
		cmp err want.err
	done
	mbatch -j 1 -N -i csv -o json <in >want 2>want.err
	[ "$(wc -l <want)" -eq 630 ]
	plumb packet 1 "$MBATCH" -N -i csv -o json <in >out 2>err
	cmp out want
	cmp err want.err
}

@test "csv: a quote that is not closed costs one line" {
	local told='mbatch: record 2: unterminated quote at byte 3\n'
	try -i csv -o json <<<$'a,b\n1,2\n3,"4\n5,6\n7,8'
	is "$out" '{"a":1,"b":2}\n{"a":5,"b":6}\n{"a":7,"b":8}\n'
	is "$err" "$told"
	try -i csv -o json <<<$'a,b\n1,2\n3,"4\n5,"6\n7,"8"\n'
	is "$out" '{"a":1,"b":2}\n{"a":7,"b":8}\n'
	fails 0 'record 2: unterminated quote at byte 3' '2 records could not'
	printf 'a,b\n1,2\n3,"4\n55555,6\n7,8"\n9,"0\n"\n' >in
	for op in "$MBATCH" "plumb packet 1 $MBATCH"; do
		$op --max-record 16 -i csv -o json <in >out 2>err
		slurp
		is "$out" '{"a":1,"b":2}\n{"a":55555,"b":6}\n{"a":7,"b":"8\\""}\n{"a":9,"b":"0\\n"}\n'
		is "$err" "$told"
	done
	try --max-record 17 -i csv -o json <in
	gives '{"a":1,"b":2}\n{"a":3,"b":"4\\n55555,6\\n7,8"}\n{"a":9,"b":"0\\n"}\n'
	try -i csv --bad unread cut b <<<$'a,b\n1,"x\ny"\n2,"z\nx\n3,"4\n5"?,5'
	is "$out" 'b\n"x\ny"\n""\n5\n'
	is "$(<unread)" '2,"z\n3,"4'
}

@test "csv: live, a second of silence ends what an open quote holds" {
	live -n 1 -i csv -o json
	say 'a,b\n1,"x\n'
	say 'y"\n2,"z\n3,4\n'
	hear '{"a":1,"b":"x\ny"}'
	hear '{"a":3,"b":4}'
	say '5,"6\n7'
	settle
	kill -TERM "$live"
	ended
	hear_end
	is "$status" 143
	grep -q '^mbatch: record 2: unterminated quote' err
	grep -q '^mbatch: 1 byte of an unfinished record was left' err
}
