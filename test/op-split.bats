#!/usr/bin/env bats
# op-split.bats - split: a record for each part of a field

load helper

@test "the manual's example" {
	try -a split 2 ';' then count by 2 < <(printf 'x a;b\ny b\n')
	gives 'a\t1\nb\t2\n'
}

@test "parts of a text" {
	try -i csv split b < <(printf 'a,b,c\n1,"x,y",2\n3,,4\n5\n')
	gives 'a,b,c\n1,x,2\n1,y,2\n3,,4\n5,,\n'
	try -i tsv split b '\t' < <(printf 'a\tb\n1\tx\\ty\n')
	gives 'a\tb\n1\tx\n1\ty\n'
	try split 2 -- < <(printf 'h a--b--\n')
	gives 'h\ta\nh\tb\nh\t\n'
	try -i logfmt split t < <(printf 'a=1 t=x,y\nb=2\n')
	gives 'a=1 t=x\na=1 t=y\nb=2\n'
}

@test "elements of a JSON array, as they are" {
	local in='{"t":[1, "a,b" ,{"c":[2,"]"]},true,null,1.50,"\"]"],"z":0}'
	local want='{"t":1,"z":0}\n{"t":"a,b","z":0}\n{"t":{"c":[2,"]"]},"z":0}
{"t":true,"z":0}\n{"t":null,"z":0}\n{"t":1.50,"z":0}\n{"t":"\\"]","z":0}\n'
	try -i json split t <<<"$in"
	gives "$want"
	try split t <<<"$in"
	gives "$want"
	try -i json split t < <(printf '%s\n' '{"t":[ ]}' '{"t":[]}' '{"z":1}' \
	    '{"t":"[a,b]"}')
	gives '{"z":1}\n{"t":"[a"}\n{"t":"b]"}\n'
}

@test "empty input, NUL, CRLF, any -n" {
	try -a split 1 </dev/null
	gives ''
	try split 1 '\0' < <(printf 'a\0b\n')
	gives 'a\nb\n'
	try -F' ' split 2 < <(printf 'a b,c\r\n')
	gives 'a b\na c\r\n'
	same_for_every_n split 3 w
}

@test "arguments" {
	try split </dev/null
	usage 'the field is missing'
	try split a '' </dev/null
	usage 'the separator is empty'
	try split a '\q' </dev/null
	usage 'mean something'
	try split a b c </dev/null
	usage 'one word too many'
	try -i json split a.b <<<'{}'
	usage 'whole members'
}

@test "split: a record without the field gets no column for it" {
	try split 2 <<<$'a\nb c,d'
	gives 'a\nb\tc\nb\td\n'
	try -F , split 3 ';' <<<$'a,b\na,b,c;d'
	gives 'a,b\na,b,c\na,b,d\n'
	try split nosuch <<<'{"a":1}'
	is "$err" "mbatch: split: no record had 'nosuch'\n"
}
