#!/usr/bin/env bats
# format-tsv.bats - tsv in: escapes, header, ragged records

load helper

setup() {
	begin
	printf 'x\ty z\n1\ta\\tb\n\\\\\t\\n\n\t\n' >in
}

@test "tsv: kept records are the same bytes" {
	mbatch -i tsv <in | cmp - in
	mbatch -i tsv -o tsv -n 1 <in | cmp - in
	printf '\xef\xbb\xbfa\tb\r\n1\t2\r\n' >crlf
	mbatch -i tsv where 'b = 2' <crlf | cmp - crlf
}

@test "tsv: changed records keep their escapes" {
	try -i tsv cut '{y z},x' <in
	gives 'y z\tx\na\\tb\t1\n\\n\t\\\\\n\t\n'
	try -i tsv cut 2 <in
	gives 'y z\na\\tb\n\\n\n\n'
	try -i tsv let 'x=concat(x, "\t\\")' then head 1 <in
	gives 'x\ty z\n1\\t\\\\\ta\\tb\n'
	try -a -i tsv uniq -c x <in
	gives 'count\tx\ty z\n1\t1\ta\\tb\n1\t\\\\\t\\n\n1\t\t\n'
	try -i tsv cut r=0 then head 1 <in
	gives 'r\n1\\ta\\\\tb\n'
}

@test "tsv: values are unescaped where they are looked at, and made again" {
	try -i tsv where '{y z} = "a\tb"' <in
	gives 'x\ty z\n1\ta\\tb\n'
	try -a -i tsv count by '{y z}',x <in
	gives 'a\\tb\t1\t1\n\\n\t\\\\\t1\n\t\t1\n'
	try -a -i tsv -o json count by '{y z}' <in
	gives '{"y z":"a\\tb","count":1}\n{"y z":"\\n","count":1}\n{"y z":"","count":1}\n'
	try -a -i tsv count by '{y z}' then sort -r '{y z}' then cut 1 <in
	gives 'a\\tb\n\\n\n\n'
}

@test "tsv: made records read back" {
	mbatch -i tsv -o tsv -a count by '{y z}',x <in >made
	try -i tsv -o json <made
	gives '{"y z":"a\\tb","x":1,"count":1}\n{"y z":"\\n","x":"\\\\","count":1}\n{"y z":"","x":"","count":1}\n'
}

@test "tsv: names, -N, header alone, nothing" {
	try -i tsv cut xx <in
	usage "no field 'xx'"
	try -i tsv -N cut 1 <in
	gives 'x\n1\n\\\\\n\n'
	try -i tsv cut x <<<$'x\ty'
	gives 'x\n'
	try -i tsv </dev/null
	gives ''
	try -i tsv let z=1 < <(printf 'a\tb\n1\n1\t2\t3\n')
	gives 'a\tb\tz\n1\t\t1\n1\t2\t1\t3\n'
}
