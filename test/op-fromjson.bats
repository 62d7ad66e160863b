#!/usr/bin/env bats
# op-fromjson.bats - JSON in a text becomes members

load helper

@test "fromjson: members of a text, in every format" {
	usual fromjson 2>err
	cat >in <<'E'
{"log":"{\"level\":\"info\",\"n\":1.50,\"o\":{\"a\":[1]}}\n","stream":"out","level":0}
{"log":"plain","stream":"err"}
{"log":"","stream":"x"}
{"log":"{\"level\":1,}"}
{"log":null}
E
	try -i json fromjson -f log <in
	is "$out" '{"stream":"out","level":"info","n":1.50,"o":{"a":[1]}}
'"$(sed 1d in)"'\n'
	fails 0 "^mbatch: record 2: fromjson: 'plain': not a JSON object at byte" \
	    '^mbatch: 2 texts were no JSON objects and stay'
	cp out want
	mbatch fromjson -f log <in 2>err | cmp - want
	mbatch -j 3 -n 1 fromjson -f log <in 2>err | cmp - want
	try -o csv fromjson -f log then cut level,o.a,n then head 1 <in
	is "$out" 'level,o.a,n\ninfo,[1],1.50\n'
	printf 'a,b,c\n1,"{""x"":1,""a"":2}",3\n4,{},6\n' >in
	try -i csv fromjson -f b then let y=x+1 <in
	gives '{"a":2,"c":3,"x":1,"y":2}\n{"a":4,"c":6,"y":null}\n'
	try -i csv fromjson -f -2 then stats sum:x <in
	gives '1\n'
	try -F $'\t' -i text fromjson -f 2 <<<$'a\t{"1":5,"u":"\\u00e9"}\tb'
	gives '{"1":5,"3":"b","u":"\\u00e9"}\n'
	try -i logfmt fromjson -f c then let z=b.c+1 <<<'a=1 c="{\"b\":{\"c\":2}}"'
	gives '{"a":1,"b":{"c":2},"z":3}\n'
	try -i clf fromjson -f agent then count by a,status <<<\
'h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 5 "-" "{\"a\":1}"'
	gives '1\t200\t1\n'
	# what has no columns is one member, which stays
	try -F ' ' fromjson -f -1 <<<'1 2 {"a":3}'
	gives '{"1":1,"2":2,"a":3}\n'
	try fromjson -f -1 <<<'1 2 {"a":3}'
	gives '{"record":"1 2 {\\"a\\":3}","a":3}\n'
	try -i csv -N fromjson -f -2 <<<'1,"{""a"":3}",2'
	gives '{"1":1,"3":2,"a":3}\n'
}

@test "fromjson: the record is the text" {
	printf '%s\n' $'\xef\xbb\xbf{"a": 1} ' ' {"a":2}' 'k=v {' '' '{x' >in
	try fromjson then cut a,record <in
	is "$out" '{"a":1,"record":null}\n{"a":2,"record":null}
{"a":null,"record":"k=v {"}\n{"a":null,"record":""}
{"a":null,"record":"{x"}\n'
	fails 0 "record 3: fromjson: 'k=v .': not a JSON object" \
	    '2 texts were no JSON objects'
	try -i csv -o tsv fromjson <<<a,b
	usage '-f FIELD is missing: which one of the csv records'
	try -i json fromjson
	usage '-f FIELD is missing'
	try fromjson log
	usage "one word too many: 'log'"
	try parse_json log
	usage "did you mean 'fromjson -f'"
}

@test "fromjson: records that can't be read, --bad" {
	printf '%s\n' '{"a":"{}","b":1}' '{"a":"{}"' '{"a":"{}","b":2}' >in
	try -i json --bad bad fromjson -f a then cut b <in
	is "$out" '{"b":1}\n{"b":2}\n'
	is "$(<bad)" '{"a":"{}"'
	printf 'a,b\n{},1\n{},"2\n{},3\n' >in
	try -i csv --bad fail fromjson -f a <in
	is "$out" '{"b":1}\n'
	fails 1 'record 2'
}

@test "fromjson: a record that is broken behind the field" {
	try -i json fromjson -f a <<<$'{"a":"{\\"x\\":1}","b":}\n{"a":"{\\"x\\":2}"}'
	is "$out" '{"x":2}\n'
	fails 0 '^mbatch: record 1: no value where one should be at byte 22$'
}
