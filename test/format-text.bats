#!/usr/bin/env bats
# format-text.bats - text in: blanks, -F, -H

load helper

setup() {
	begin
	printf 'user  n\nroot 1\n  bob\t2  x\n\n' >in
}

@test "text: kept records are the same bytes" {
	mbatch -i text <in | cmp - in
	mbatch -i text -H <in | cmp - in
	mbatch -i text -o text -n 1 <in | cmp - in
	printf 'a\tb\\t\0\xff\r\n\n' >odd
	mbatch -i text -o text <odd | cmp - odd
	mbatch -o text <odd | cmp - odd
	mbatch -i text -F , -o text <odd | cmp - odd
}

@test "text: changed records have tabs between, or -F's" {
	try -i text cut 2,1 <in
	gives 'n\tuser\n1\troot\n2\tbob\n\t\n'
	try -i text let 2=9 <in
	gives 'user\t9\nroot\t9\nbob\t9\tx\n\t9\n'
	try -i text let 4=9 <in
	gives 'user\tn\t\t9\nroot\t1\t\t9\nbob\t2\tx\t9\n\t\t\t9\n'
	try -i text let x=9 <<<'a b'
	gives 'a\tb\t9\n'
	try -i text let x=9 then cut x,1 <<<$'a b\nc'
	gives '9\ta\n9\tc\n'
	try -F : let 2=9 <<<'a:b:c'
	gives 'a:9:c\n'
	try -F : let x=9 <<<'a:b:c'
	gives 'a:b:c:9\n'
	try -F : cut 3,1,9 <<<'a:b:c'
	gives 'c:a:\n'
	try -a -i text stamp batch then head 2 <in
	gives '1\tuser  n\n1\troot 1\n'
	try -F : -a stamp batch <<<'a:b'
	gives '1:a:b\n'
	try -a -i text uniq -c <<<$'a b\na b'
	gives '2\ta b\n'
	try -i text let '2="a\tb"' <<<'x y'
	gives 'x\ta\\tb\n'
}

@test "text -H: names, with the header in and out" {
	try -H cut n <in
	gives 'n\n1\n2\n\n'
	try -H where 'n > 1' <in
	gives 'user  n\n  bob\t2  x\n'
	try -H let z=n+1 <in
	gives 'user\tn\tz\nroot\t1\t2\nbob\t2\t3\tx\n\t\t\n'
	try -H -a stamp batch then head 1 <in
	gives 'batch\tuser\tn\n1\troot\t1\n'
	try -H -a count by user <in
	gives 'root\t1\nbob\t1\n\t1\n'
	try -H -F , cut b <<<$'a,b\n1,2'
	gives 'b\n2\n'
	try -H -o csv <<<$'a b\n1 2'
	gives 'a,b\n1,2\n'
	try -H -o json <<<$'a b\n1 x\n2'
	gives '{"a":1,"b":"x"}\n{"a":2,"b":null}\n'
	try -H cut use <in
	usage "no field 'use'; did you mean 'user'"
	try -H cut user </dev/null
	gives ''
	try -H cut user <<<'user n'
	gives 'user\n'
	try -i text cut user <in
	usage "no field 'user'" '-H'
	try -F '\r' cut 2,1 <<<$'a b\rc'
	gives 'c\ra b\n'
}

@test "text: the whole record behind columns in front is called record" {
	try -a -o json stamp batch <<<$'a  b\nc'
	gives '{"batch":1,"record":"a  b"}\n{"batch":1,"record":"c"}\n'
	try -a -o csv uniq -c then stamp batch <<<$'a,b\na,b'
	gives 'batch,count,record\n1,2,"a,b"\n'
	try -a uniq -c then uniq -c then cut record,1,2 <<<$'a b\na b'
	is "$out" 'a b\t1\t2\n'
	fails 0 "^mbatch: uniq: 'count' means the new column"
	try -a -F: -o json uniq -c <<<'a:b'
	gives '{"count":1,"2":"a","3":"b"}\n'
	try -H cut a < <(printf '\xef\xbb\xbfa b\n1 2\n')
	gives 'a\n1\n'
}

@test "text -F: what it does to made records, and with -o" {
	try -F : -a count by 1 <<<$'a:b\na:c'
	gives 'a:2\n'
	try -F : -a -o tsv count by 1 <<<$'a:b\na:c'
	gives '1\tcount\na\t2\n'
	try -F : -a -o csv count by 1 <<<$'a,x:b\na:c'
	gives '1,count\n"a,x",1\na,1\n'
	try -F : -o csv <<<$'a:b\n1:2:3'
	gives '1,2\na,b\n1,2,3\n'
	try -F : -N -o csv <<<$'a:b\n1:2:3'
	gives 'a,b\n1,2,3\n'
	try -F : -o json <<<$'a:b\n1:2:3'
	gives '{"1":"a","2":"b"}\n{"1":1,"2":2,"3":3}\n'
	try -i json -F : -o text <<<'{"a":1,"b":"x"}'
	gives '1:x\n'
	try -i csv -o text -F ',' <<<$'a,b\n"x,y",2'
	gives 'x,y,2\n'
}

@test "text without names becomes one field" {
	try -i text -o json <<<$'a  b\n{"c":1}'
	gives '{"record":"a  b"}\n{"record":"{\\"c\\":1}"}\n'
	try -i text -o csv <<<$'a,b'
	gives 'record\n"a,b"\n'
	try -i text -o tsv <<<$'a\tb'
	gives 'record\na\\tb\n'
	try -i text -o logfmt <<<$'a b'
	gives 'record="a b"\n'
}

@test "text: there are no bad records" {
	try -i text --bad fail cut 1 < <(printf '"\n{\n\xff\xfe\n\0\n')
	gives '"\n{\n\xff\xfe\n@\n'
}
