#!/usr/bin/env bats
# op-where.bats - where, and the language of its expressions

load helper

# is_true EXPR RECORD...: the records for which it is true, blanks as commas.
is_true() {
	local expr=$1
	shift
	printf '%s\n' "$@" >records
	try -a where "$expr" <records
	is "$status" 0
	out=$(printf %s "${out%?}" | tr ' \n' ',;')
}

setup() {
	begin
}

@test "the manual's example" {
	try -a where '$9 >= 500 and $6 = "\"GET"' < <(printf '%s\n' \
	    'h - - [t z] "GET /a p" 503 1' 'h - - [t z] "GET /b p" 200 1' \
	    'h - - [t z] "PUT /c p" 500 1')
	gives 'h - - [t z] "GET /a p" 503 1\n'
}

@test "empty input, no final newline, CRLF, NUL, a batch of one" {
	try -a where '$1 > 1' </dev/null
	gives ''
	try where '$1 > 1' < <(printf '1\n2')
	gives '2\n'
	try where '$0 =~ "^2.$"' < <(printf '1\r\n2\r\n')
	gives '2\r\n'
	try where '$2 = "b"' < <(printf 'a\0 b\nc b\0\n')
	gives 'a@ b\n'
	same_for_every_n where '$2 > 400 and $1 != "k3" or $3 in ("w7", "w9")'
}

@test "numbers are compared as numbers, exactly" {
	is_true '$1 >= 500' 499 500 501 5e2 500.0 499.99 abc '' 9223372036854775807
	is "$out" '500;501;5e2;500.0;9223372036854775807'
	is_true '$1 = 9223372036854775807' 9223372036854775806 9223372036854775807
	is "$out" 9223372036854775807
	is_true '$1 < 0.5' 0.4 0.5 -1 x
	is "$out" '0.4;-1'
	is_true '$1 = 12345678' 12345678 012345678 12345679 1234567x
	is "$out" '12345678;012345678'
	is_true '5 > $1' 4 5 6 x
	is "$out" 4
	is_true '$1 > $2' '10 9' '9 10' 'b a' 'a b' '1 a'
	is "$out" '10,9;b,a'
}

@test "a quoted literal is compared as text" {
	is_true '$1 = "007"' 7 007 7.0
	is "$out" 007
	is_true '$1 != "007"' 7 007 7.0
	is "$out" '7;7.0'
	is_true '$1 < "b"' a b c 1
	is "$out" 'a;1'
	is_true '$1 = 007' 7 007 7.0 x
	is "$out" '7;007;7.0'
	is_true "\$1 == 'a long text, of more than 16 bytes'" x
	is "$out" ''
	is_true '$1 == "abcdefghijklmnopqrstuvw"' abcdefghijklmnopqrstuvw \
	    abcdefghijklmnopqrstuvx
	is "$out" abcdefghijklmnopqrstuvw
}

@test "a number and a text only differ" {
	is_true '$1 < 5 or $1 >= 5 or $1 = 5' abc 5
	is "$out" 5
	is_true '$1 != 5' abc 5
	is "$out" abc
}

@test "absent is not true, and neither is its opposite" {
	is_true '$2 = 1' 'a 1' a 'a 2'
	is "$out" 'a,1'
	is_true '$2 != 1' 'a 1' a 'a 2'
	is "$out" 'a,2'
	is_true 'not $2 = 1' 'a 1' a 'a 2'
	is "$out" 'a,2'
	is_true '$2 = 1 or $1 = "a"' 'b 1' a 'b'
	is "$out" 'b,1;a'
	is_true 'not ($2 = 1 and $1 = "a")' 'a 1' a b
	is "$out" b
	is_true 'default($2, 0) = 0' 'a 1' a 'a 0'
	is "$out" 'a;a,0'
	is_true '$2 in (1, 2)' 'a 2' a 'a 3'
	is "$out" 'a,2'
	is_true '$2 not in (1, 2)' 'a 2' a 'a 3'
	is "$out" 'a,3'
	is_true '$1 in (1, $2)' '1' '2'
	is "$out" '1'
	is_true '$2 contains "x" or $2 !~ "x"' 'a x' a 'a y'
	is "$out" 'a,x;a,y'
}

@test "precedence: or, and, not, comparison, sum, product, sign" {
	is_true '$1 = 1 or $1 = 2 and $2 = 3' '1 0' '2 0' '2 3'
	is "$out" '1,0;2,3'
	is_true '($1 = 1 or $1 = 2) and $2 = 3' '1 0' '2 0' '2 3'
	is "$out" '2,3'
	is_true 'not $1 = 1 and $2 = 3' '1 3' '2 3'
	is "$out" '2,3'
	is_true '$1 + 2 * 3 = 7' 1 3
	is "$out" 1
	is_true '-$1 - 1 = -3' 2 3
	is "$out" 2
	is_true '10 - 3 - $1 = 5' 2 3
	is "$out" 2
	is_true '!($1 == 1) && $1 <> 2 || $1 == 1' 1 2 3
	is "$out" '1;3'
}

@test "patterns, lists, contains" {
	is_true '$1 =~ "^a.c$"' abc abd xabc
	is "$out" abc
	is_true '$1 !~ "\.css$" and $1 =~ "\w+\.\d"' a.css a.5 a5
	is "$out" a.5
	is_true '$1 in (1, 2, "x")' 1 2.0 3 x
	is "$out" '1;2.0;x'
	is_true '$1 contains "b"' abc xyz
	is "$out" abc
	is_true '$0 !~ "b"' 'a b' 'a c'
	is "$out" 'a,c'
}

@test "true and false: as words, beside numbers, as conditions" {
	local e
	# what is true for the one must be false for the other
	for e in 'ok = true' 'ok != false' 'true = ok' 'ok = "true"' 'ok = 1' \
	    'ok != 0' 'ok > false' 'ok >= 1' 'ok in (true)' 'ok not in (false)' \
	    'ok in (2, 1)' 'ok in ("true", "x")' 'not ok = false' \
	    'not (ok != true)' 'if(ok = true, 1, 0) = 1' 'default(ok, false)' \
	    'if(default(ok, 0), "y", "n") = "y"' 'not not default(ok, 0)' \
	    'ok = (1 < $n)' '$n > 1 and default(ok, false)' '(ok = true) = ok' \
	    '$true = 2 or ok = yes'; do
		try -a where "$e" <<\END
{"ok":false,"n":2,"yes":true}
{"ok":true,"n":2,"yes":true}
END
		gives '{"ok":true,"n":2,"yes":true}\n' ||
		    { echo "$e"; return 1; }
		try -a where "$e" <<<$'ok=false n=2 yes=true\nok=true n=2 yes=true'
		gives 'ok=true n=2 yes=true\n' || { echo "$e"; return 1; }
	done
	is_true '$1 = true' true false 1 0 True yes 2 1.0
	is "$out" 'true;1;1.0'
	is_true '$1 != false' true false 0 yes
	is "$out" 'true;yes'
	is_true '$1 = $2' 'true true' 'true 1' 'false 0' 'true false' '0 true'
	is "$out" 'true,true;true,1;false,0'
	is_true 'not ($1 = true)' true false x ''
	is "$out" 'false;x'
	is_true '$1 =~ "^t" and $1 contains true' true tree
	is "$out" true
}

@test "absent is neither true nor false" {
	local e
	for e in 'ok = true' 'ok = false' 'ok != true' 'not ok = true' \
	    'ok in (true, false)' 'not default(ok, no)'; do
		try -a where "$e" <<<'{"n":1,"ok":null}'
		is "$out" '' || { echo "$e"; return 1; }
	done
	try -a where 'default(ok, true)' <<<'{"n":1}'
	is "$out" '{"n":1}\n'
}

@test "names: bare, \$name, braces, paths, reserved words" {
	try -a where 'a.b = 1 and tags.0 = "x" and r.{user-agent} = "c"' <<\END
{"a":{"b":1},"tags":["x"],"r":{"user-agent":"c"}}
{"a":{"b":1},"tags":["y"],"r":{"user-agent":"c"}}
END
	gives '{"a":{"b":1},"tags":["x"],"r":{"user-agent":"c"}}\n'
	try where '$and = 1 and {or} = 2 and $in > 0 and {no t} = 3' -- <<\END
END
	[ "$status" -eq 2 ]
	try where '$and = 1 and {or} = 2 and $in > 0' <<<'and=1 or=2 in=3'
	gives 'and=1 or=2 in=3\n'
	try -i csv where '{b c} > 1 and $1 = 1' < <(printf 'a,b c\n1,2\n1,1\n')
	gives 'a,b c\n1,2\n'
	try where '$-1 = 3' < <(printf '1 2 3\n3 2 1\n')
	gives '1 2 3\n'
}

@test "the same with each format" {
	try -i csv where 'b > 1' < <(printf 'a,b\n1,"2"\n1,1\n')
	gives 'a,b\n1,"2"\n'
	try -i tsv where 'b > 1' < <(printf 'a\tb\n1\t2\n1\t1\n')
	gives 'a\tb\n1\t2\n'
	try -i json where 'b = "x\ty"' < <(printf '%s\n' '{"b":"x\ty"}' '{"b":1}')
	gives '{"b":"x\\ty"}\n'
	try -i logfmt where 'b > 1' < <(printf 'a=1 b="2"\na=2 b=1\n')
	gives 'a=1 b="2"\n'
	try -a count by 1 then where 'count > 1' < <(printf 'a\nb\na\n')
	gives 'a\t2\n'
}

@test "a name that no record had is told" {
	try -a where 'nosuch > 1' <<<'{"a":1}'
	is "$out" ''
	fails 0 "no record had 'nosuch'"
	try -i csv where 'yaer > 1' < <(printf 'year\n1\n')
	usage "no field 'yaer'; did you mean 'year'"
}

@test "errors show the place" {
	try where 'a >' </dev/null
	usage "a value must follow '>'" '^mbatch:   a >$' '^mbatch:      \^$' \
	    'usage: mbatch where EXPR'
	try where 'größe = 1 )' </dev/null
	usage 'this \) has no \(' '^mbatch:             \^$'
	try where '(a = 1' </dev/null
	usage 'the \( at character 1 has no \)'
	try where 'a = 1 AND b = 2' </dev/null
	usage "did you mean 'and'"
	try where 'a = "x' </dev/null
	usage 'no closing "'
	try where 'a = {x' </dev/null
	usage 'no closing }'
	try where '1 < a < 3' </dev/null
	usage 'join them by and'
	try where 'a =~ "x\q"' </dev/null
	usage 'in the pattern' '^mbatch:          \^$'
	try where 'a =~ b' </dev/null
	usage 'must stand in quotes'
	try where 'a = 5ms' </dev/null
	usage 'a number ends before'
	try where 'a & b' </dev/null
	usage "'&' has no meaning here"
	try where 'a = null' </dev/null
	usage 'default'
	try where 'a in 1' </dev/null
	usage 'a list in parentheses'
	try where 'a = 1, b' </dev/null
	usage 'a list stands only'
	try where "$(printf '(%.0s' {1..300})a" </dev/null
	usage 'nested too deeply'
	try where "$(printf 'not %.0s' {1..300})a = 1" </dev/null
	usage 'nested too deeply'
	try where "$(printf -- '-%.0s' {1..300})a = 1" </dev/null
	usage 'nested too deeply'
	try where "a = 1 $(printf '+ 1 %.0s' {1..300})" </dev/null
	usage 'nested too deeply'
	while IFS='|' read -r expr what; do
		try where "$expr" </dev/null
		usage "$what"
	done <<-'EOF'
		lower(a b)|a comma or a \) is missing here
		a in (1 2)|a comma or a \) is missing here
		"x" =~ "y"|a constant is the same for all records
		1 in (1)|a constant is the same for all records
		"ab" contains "b"|both sides are constants
		a a|an operator is missing before 'a'$
		and a|there is no value before 'and'$
		* 2|there is no value before '\*' \(within
		a = and|a value must follow '=', not 'and'
		a =~ /x/|a pattern must stand in quotes
		$99999999999999999999 = 1|field '.*': position too large
		a = 1e|a number ends before 'e'
		a = 1.5.5|this is no number
	EOF
	try where "$(printf 'lower(%.0s' {1..300})a" </dev/null
	usage 'nested too deeply'
	try where '' </dev/null
	usage 'the expression is empty'
	try where </dev/null
	usage 'the expression is missing'
}

@test "many conditions joined are no nesting" {
	try where "$(printf '$1 != %d and ' {1..900}) \$1 > 0" < <(seq 1000)
	is "$status" 0
	is "$(wc -l <<<"$out")" 101
}

@test "functions: misspelt, and with the wrong arguments" {
	try where 'lowr(a) = "x"' </dev/null
	usage "no function 'lowr'; did you mean 'lower'"
	try where 'foobar(a) = "x"' </dev/null
	usage 'there are abs bytes ceil'
	try where 'round(1, 2, 3) = a' </dev/null
	usage 'round\(X \[, PLACES\]\) has 1 or 2 arguments, not 3'
	try where 'len() = a' </dev/null
	usage 'len\(TEXT\) has 1 argument, not 0'
	try where 'strftime("%", a) = 1' </dev/null
	usage 'this is no format'
	try where 'strptime("%Q", a) = 1' </dev/null
	usage
	try where 'part(a, "", 1) = 1' </dev/null
	usage 'separator of part\(\) is empty'
	try where 'if(a, 1, 2) = 1' </dev/null
	usage 'a field alone is no condition'
}

@test "a lone field, constant or text is no condition" {
	try where status </dev/null
	usage "as in 'status = true', 'status != 0'" 'shell takes < and >'
	try where 'not ok' </dev/null
	usage "'ok = true'"
	try where true </dev/null
	usage 'a constant is the same'
	try where 'true = false' </dev/null
	usage 'both sides are constants'
	try where 'a =~ true' </dev/null
	usage 'must stand in quotes'
	try where 'a = 1 and status' </dev/null
	usage "'status != 0'"
	try where '$9' </dev/null
	usage "'\\\$9 != 0'"
	try where '9 >= 500' </dev/null
	usage 'both sides are constants' '\$9'
	try where 9 </dev/null
	usage '\$9'
	try where '"x" = "y"' </dev/null
	usage 'both sides are constants'
	try where 'lower(a)' </dev/null
	usage 'lower\(\) gives text'
}

@test "what the shell did to an expression is recognised" {
	try where ' > 1' </dev/null		# "$9 > 1"
	usage 'the shell takes \$9 away: use single quotes'
	try where '$1 = 1 and > 1' </dev/null
	usage 'the shell takes \$9 away'
	try where status 500 </dev/null
	usage 'one word in single quotes'
	echo >=
	try where status 500 </dev/null		# status >= 500
	usage "'status >= 500'" "write the file '='"
	try where a = b then count </dev/null
	usage "one word in single quotes: 'a = b'$"
}

@test "where: texts of any length equal themselves and nothing else" {
	local text=
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		text+=x
		printf '%s\n' "$text" "${text%x}y" "y${text#x}" "${text}x" >in
		try -a -F, where "\$1 = '$text'" <in
		gives "$text\n"
		try -a -F, where "\$1 != '$text'" then count <in
		gives '3\n'
	done
}
