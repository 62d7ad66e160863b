#!/usr/bin/env bats
# op-replace.bats - replace, as sed's s///g

load helper

@test "the manual's example" {
	try replace '([0-9]+)[.]([0-9]+)[.][0-9.]+' '\1.\2.x.x' \
	    <<<'a 10.1.22.3 b 192.0.2.7'
	gives 'a 10.1.x.x b 192.0.x.x\n'
}

@test "as sed -E, empty matches too" {
	local re s want
	for re in a 'x*' 'b*' '^' '$' '[0-9]*' 'a|b' '(a)|(b)' '(a*)(b*)' '^a' \
	    'a$' '.'; do
		for s in abc baaac '' a1b22 aXbX bb; do
			want=$(sed -E "s/$re/<&>/g" <<<"$s")
			try replace "$re" '<&>' <<<"$s"
			is "$out" "$want\n" || { echo "$re on $s"; return 1; }
		done
	done
}

@test "random patterns and texts, as sed -E" {
	local i re
	random_records 200 7 >in
	for i in 'k' '[0-9]+' 'w(1|2)' '(k.) (-?[0-9]*) ' ' ' '(1)?(2)?'; do
		mbatch -a replace "$i" '[\1&]' <in >ours 2>err || {
			grep -q 'has 0 groups' err
			mbatch -a replace "$i" '[&]' <in >ours
			sed -E "s/$i/[&]/g" <in >want
			cmp ours want
			continue
		}
		sed -E "s/$i/[\1&]/g" <in | cmp ours -
	done
}

setup() {
	begin
}

@test "the text: groups, &, escapes" {
	try replace '(a)(b)' '\2\1-\0-&-\&-\\-\t' <<<ab
	gives 'ba-ab-ab-&-\\-\t\n'
	try replace '(a)|(b)' '[\2]' <<<ab
	gives '[][b]\n'
	try replace '(a)(b)' '\x41\x2f\r\$1\-$3\' <<<ab
	gives 'A/\r$1-$3\\\n'
	try replace a '' <<<aXa
	gives 'X\n'
	try replace '.*' '' <<<a
	gives '\n'
	try replace 'x*' - <<<'ü'
	gives '-ü-\n'
}

@test "records without a match stay as they are" {
	try replace b X < <(printf 'a \nb\n c\t\n')
	gives 'a \nX\n c\t\n'
}

@test "-f changes one field" {
	try -i csv replace -f b , ';' < <(printf 'a,b\n1,"x,y"\n"2,2",z\n3\n')
	gives 'a,b\n1,x;y\n"2,2",z\n3,\n'
	try -i json replace -f b '^.' '"' \
	    < <(printf '{"a":1,"b":"xy"}\n{"a": 2}\n')
	gives '{"a":1,"b":"\\"y"}\n{"a": 2}\n'
	try replace -f 2 a X < <(printf 'a a  a\na\n')
	gives 'a\tX\ta\na\n'
	try -F: replace -f 2 a X <<<'a:a:a'
	gives 'a:X:a\n'
	try -i logfmt replace -f m o 0 <<<'a=1 m="foo bar"'
	gives 'a=1 m="f00 bar"\n'
}

@test "-f: what does not match stays as it is written" {
	local t
	for t in '{"n":"12", "m":1}' '{"n":true}' '{"n":[1,"a"]}' '{"n":12}' \
	    '{"n":"\u0041"}' '{"n":{"a": 1}}' '{"n":null}'; do
		try -i json replace -f n z y <<<"$t"
		is "$out" "${t//\\/\\\\}\n"
		try replace -f n z y <<<"$t"
		is "$out" "${t//\\/\\\\}\n"
	done
	try -i json split n < <(printf '{"n":"12", "m":1}\n{"n":false}\n')
	gives '{"n":"12", "m":1}\n{"n":false}\n'
	try -i logfmt replace -f m z y <<<$'m="a"  n\nm n'
	gives 'm="a"  n\nm n\n'
	try -i csv replace -f b z y < <(printf 'a,b\r\n"1","2"\r\n1\r\n')
	gives 'a,b\n"1","2"\n1,\n'
	try -i tsv replace -f b z y < <(printf 'a\tb\n1\t\\x\n')
	gives 'a\tb\n1\t\\x\n'
}

@test "empty input, NUL, CRLF, any -n" {
	try -a replace a b </dev/null
	gives ''
	try replace '[^a]' X < <(printf 'a\0b\r\n')
	gives 'aXXX\n'
	same_for_every_n replace '[0-9]+' '<&>'
}

@test "arguments" {
	try replace </dev/null
	usage 'the pattern \(ERE\) is missing'
	try replace a </dev/null
	usage 'the text to put there is missing'
	try replace '(a)' '\2' </dev/null
	usage 'has 1 group, not 2'
	try replace a 'x\ny' </dev/null
	usage "can't hold a newline"
	try replace a 'b\x0a' <<<a
	usage "can't hold a newline" '^mbatch:    \^$'
	try replace a 'b\x0' <<<a
	usage 'two hexadecimal digits'
	try replace '(a)' 'b$1' <<<a
	usage 'group 1 is \\1; a dollar' '^mbatch:    \^$'
	try replace a '\U&' <<<a
	usage 'upper\(\) and lower\(\) of let'
	try replace a '\q' <<<a
	usage 'q has no meaning'
	try replace 'a(' x </dev/null
	usage 'in the pattern'
	try -i json replace -f a.b x y <<<'{}'
	usage 'whole members'
	try replace -f 0 x y <<<'{}'
	usage 'the whole record'
}

@test "replace -f: a record without the field gets no column for it" {
	try replace -f 3 c x <<<$'a b\na b c\n'
	gives 'a\tb\na\tb\tx\n\n'
}

@test "replace: TEXT can't hold what ends a record" {
	try replace b '\n' <<<ab
	usage "a record can't hold a newline"
	try -0 replace b '\x00' < <(printf 'ab\0')
	usage "a record can't hold a NUL"
	try -0 replace b '\n' < <(printf 'ab\0')
	gives 'a\n@'
}
