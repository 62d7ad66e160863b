#!/usr/bin/env bats
# op-extract.bats - extract: a pattern's groups as fields

load helper

@test "the manual's example" {
	try -a extract '^([^ ]+) .* ([0-9]+)$' ip,ms then count by ip \
	    < <(printf '1.1.1.1 GET 5\n2.2.2.2 PUT 7\nbad\n1.1.1.1 GET 9\n')
	gives '1.1.1.1\t2\n2.2.2.2\t1\n'
}

@test "groups, names, positions, skipped ones" {
	try extract '(a)(x)?(b)' <<<'zabab'
	gives 'a\t\tb\n'
	try extract '(a)(x)?(b)' one,_,'{th ree}' then cut '{th ree},one' <<<ab
	gives 'b\ta\n'
	try extract '(a)(b)' then cut 2 <<<ab
	gives 'b\n'
	try extract '[0-9]+' <<<'a 12 b 3'
	gives '12\n'
	try extract '(a*)' x then count by x < <(printf 'b\naa\n')
	gives '\t1\naa\t1\n'
	# more of them than there is room for at once, and many records
	local ere names
	printf -v ere '(%.0s.)' {1..18}
	printf -v names '%s,' {a..r}
	try -o csv extract "$ere" "${names%,}" <<<abcdefghijklmnopqrs
	gives "${names%,}\\n${names%,}\\n"
	seq 100 300 >in
	try -o csv extract '(.)(.)(.)' a,b,c then count by a <in
	gives 'a,count\n1,100\n2,100\n3,1\n'
}

@test "what other tools write is known, or told with what to write" {
	try extract '(?:a|b)+(\d+)\t([^\t]*)' <<<$'ab12\tx y\tz'
	gives '12\tx y\n'
	try extract '(?i)user=([\w.-]+)' <<<'User=a.b-c_1 x'
	gives 'a.b-c_1\n'
	try extract '"(.*?)"' <<<x
	usage 'write \[\^"\]\*$' '^mbatch:   "\(\.\*\?\)"$' \
	    '^mbatch:       \^$'
	try extract '\[([^\]]*)\]' <<<x
	usage 'stands first, \[\]a\]' '^mbatch:        \^$'
	try extract '(?P<ip>.*)' <<<x
	usage 'no name here'
	try extract '"(a*+)"' <<<x
	usage 'write \* alone'
}

@test "no match, no record; counted under -v" {
	try -v extract '(b)' < <(printf 'a\nb\nc\n')
	is "$out" 'b\n'
	fails 0 '2 records that extract found nothing in'
	try extract '(b)' < <(printf 'a\nb\nc\n')
	gives 'b\n'
}

@test "-f adds to the other fields" {
	try extract -f msg '([a-z]+) ([0-9]+)' word,n \
	    <<<'{"msg":"took 12","a":[1, 2]}'
	gives '{"msg":"took 12","a":[1, 2],"word":"took","n":12}\n'
	try -i csv extract -f a '(.)-(.)' < <(printf 'a,b\nx-y,"1,2"\nz,2\n')
	gives 'a,b,a_1,a_2\nx-y,"1,2",x,y\n'
	try -i csv extract -f a '(.)-' b < <(printf 'a,b\nx-y,1\n')
	gives 'a,b\nx-y,x\n'
	try extract -f 2 '(.)-(.)' <<<'h x-y z'
	gives 'h\tx-y\tz\tx\ty\n'
	try extract -f nosuch 'a' <<<'{"a":1}'
	is "$out" ''
	fails 0 "no record had 'nosuch'"
}

@test "empty input, NUL, CRLF, any -n" {
	try -a extract '(a)' </dev/null
	gives ''
	try extract '(.+)' < <(printf 'a\0b\r\n')
	gives 'a\\0b\\r\n'
	same_for_every_n extract '(k.) -?([0-9]+)' k,n
	agrees "sed -nE 's/.*(k[0-9]) ([0-9]).*/\1\t\2/p'" \
	    extract '(k[0-9]) ([0-9])'
}

@test "arguments" {
	try extract </dev/null
	usage 'the pattern \(ERE\) is missing'
	try extract '(a' </dev/null
	usage 'in the pattern' '^mbatch:   \(a$' '^mbatch:   \^$'
	try extract '(a)(b)' x </dev/null
	usage '1 name for 2 parts'
	try extract '(a)' _ </dev/null
	usage 'all parts are skipped'
	try extract '(a)' x y </dev/null
	usage 'one word too many'
}

@test "extract: a name twice" {
	try extract '(a)(b)' x,x
	usage "extract: two parts are named 'x'"
	try extract '(a)(b)' _,x <<<ab
	gives 'b\n'
}
