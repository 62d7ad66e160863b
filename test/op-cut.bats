#!/usr/bin/env bats
# op-cut.bats - some of the fields

load helper

@test "cut: what every operator does" {
	usual cut 2
	usual cut -x 1
}

@test "cut: fields in the order given" {
	try -a cut 3,1 <<<$'a b c\n  d   e\tf g'
	gives 'c\ta\nf\td\n'
	try -a cut -1 <<<$'a b c\nd'
	gives 'c\nd\n'
	try -a cut 1,1 <<<$'a b'
	gives 'a\ta\n'
	try -a cut 0 <<<$'a  b'
	gives 'a  b\n'
}

@test "cut: ranges" {
	try -a cut 2-3 <<<$'a b c d'
	gives 'b\tc\n'
	try -a cut 3-,1 <<<$'a b c d'
	gives 'c\td\ta\n'
	try -a cut 2- <<<$'a b c d\ne f'
	gives 'b\tc\td\nf\n'
}

@test "cut: fields that are not there" {
	try -a cut 1,5 <<<$'a b'
	gives 'a\t\n'
	try -a cut 1 <<<$'\n \na'
	gives '\n\na\n'
}

@test "cut -x: all but those" {
	try -a cut -x 2 <<<$'a b c\nd'
	gives 'a\tc\nd\n'
	try -a cut -x 1,3- <<<$'a b c d'
	gives 'b\n'
	try -F, -a cut -x -1 <<<$'a,b,c'
	gives 'a,b\n'
}

@test "cut -F: fields between exactly that" {
	try -F, -a cut 3,1 <<<$'a,b,c\n,,\nx'
	gives 'c,a\n,\n,x\n'
	try -F ', ' -a cut 2 <<<$'a, b c,d, e'
	gives 'b c,d\n'
	try -F '\t' -a cut 2,1 <<<$'a b\tc'
	gives 'c\ta b\n'
	try -F '\x7c' -a cut 2 <<<$'a|b'
	gives 'b\n'
}

@test "cut: CRLF and NUL are bytes of the record" {
	try -a -F, cut 2 < <(printf 'a,b\r\n')
	gives 'b\r\n'
	try -a cut 2 < <(printf 'a b\0c d\n')
	gives 'b@c\n'
}

@test "cut: bad words" {
	try cut
	usage '^mbatch: cut: ' 'usage: mbatch cut'
	try cut ''
	usage '^mbatch: cut: '
	try cut 1,,2
	usage '^mbatch: cut: '
	try cut -f1
	usage '^mbatch: cut: '
	try cut 1 2
	usage '^mbatch: cut: '
	try cut -z 1
	usage '^mbatch: cut: '
}

@test "cut agrees with awk" {
	agrees 'awk -v OFS="\t" "{ print \$3, \$1 }"' cut 3,1
	agrees 'awk "{ print \$NF }"' cut -1
	agrees 'awk -v OFS="\t" "{ print \$2, \$3 }"' cut 2-3
	agrees 'awk -v OFS="\t" "{ print \$1, \$3 }"' cut -x 2
}

@test "cut: the same for every -n" {
	same_for_every_n cut 3,1
	same_for_every_n cut 2-
	same_for_every_n cut -x 1
}

@test "cut: names where records differ in length" {
	printf '%s\n' 'h - - [t] "GET /" 200 5 "-" "-" more' \
	    'h - - [t] "-" 404' >log
	try -i clf cut 8- then cut 2 <log
	gives '5\n\n'
	try -i clf cut 8- then cut -x method <log
	usage "no field 'method'"
	try -i clf -o json let x=9 then cut 8- <log
	gives '{"status":200,"bytes":5,"referer":null,"agent":null,"5":"more","x":9}
{"status":404,"bytes":null,"referer":null,"agent":null,"x":9}\n'
	try -i clf let x=9 then cut 10-,host then cut host,x <log
	gives 'h\t9\nh\t9\n'
	try -i clf let x=9 then cut -x 1-7,agent then cut x,status <log
	gives '9\t200\n9\t404\n'
	try let 'x=concat($1, "!")' 'y=x' then cut -x 1,y then cut x \
	    <<<$'a b c\nd'
	gives 'a!\nd!\n'
	try let 'x=$1' then cut 2-,x,2- then cut x <<<'a b'
	usage
	try let x='$1+9' y='$2+9' z='$3+9' then cut -x y,1 then count by x,z,1 \
	    <<<'1 2 3'
	gives '10\t12\t2\t1\n'
}

@test "cut: the last range to the end takes what is beyond the header" {
	printf 'a,b\n1,"2",3,4\n5,6\n7\n' >in
	try -i csv cut 2- <in
	gives 'b\n"2",3,4\n6\n""\n'
	try -i csv -o json cut 2- <in
	gives '{"b":2,"2":3,"3":4}\n{"b":6}\n{"b":""}\n'
	try -i csv cut 2-,1 <in
	gives 'b,a\n"2",1\n6,5\n,7\n'
	try -i csv cut 0,2- <in
	gives '0,b\n"1,""2"",3,4","2",3,4\n"5,6",6\n7,\n'
	try -H cut PID,2- <<<$'PID CMD\n1 init -x y\n2 sh'
	gives 'PID\tCMD\n1\tinit\t-x\ty\n2\tsh\n'
	try -i csv cut 3- <in
	usage 'there is no field 3: the records have 2'
	try -i csv cut 3- </dev/null
	gives ''
}

@test "cut: ranges that are none" {
	try cut 4-2
	usage "'4-2': a range begins with the smaller" 'usage: mbatch cut'
	try cut 0-2
	usage "'0-2': positions are counted from 1"
	try cut 1,2-999999999999
	usage "'2-999999999999': position too large"
	try cut 2-2 <<<'a b c'
	gives 'b\n'
}

@test "a name that comes twice" {
	try -i json cut a,x.b,x.b,a <<<'{"a":1,"x":{"b":2}}'
	gives '{"a":1,"x.b":2,"3":2,"4":1}\n'
	try cut n=a,n=b <<<'{"a":1,"b":2}'
	gives '{"n":1,"2":2}\n'
	try cut a,b,a <<<'a=1 b='
	gives 'a=1 b= 3=1\n'
	try -i logfmt cut a,a,0 <<<'a b=1'
	gives 'a 2 0="a b=1"\n'
	try cut k,0 <<<$'a b k=v\n{"k":1}'
	gives 'k=v 0="a b k=v"\n{"k":1,"0":{"k":1}}\n'
	try cut 1,0 <<<$'a\tb k=v'
	gives 'a\ta\tb k=v\n'
	try -i csv cut a,a <<<$'a,b\n1,2'
	gives 'a,a\n1,1\n'
	try -i csv -o json cut a,a <<<$'a,b\n1,2'
	gives '{"a":1,"2":1}\n'
	try cut 1,1 <<<'a b'
	gives 'a\ta\n'
}

@test "new names in braces, or with a dot" {
	try cut '{a b}=b,{c=d},{x=y}=z' <<<'{"b":1,"c=d":2,"z":3}'
	gives '{"a b":1,"c=d":2,"x=y":3}\n'
	try cut .9=b,x.y=b <<<'{"b":1}'
	gives '{"9":1,"x.y":1}\n'
	try cut '{a=b' <<<'{"b":1}'
	usage "'{' without '}'"
}

@test "-x of all fields that there are" {
	try -i csv cut -x a,b <<<$'a,b\n1,2'
	usage 'cut: -x leaves no field'
	try -i csv -N cut -x 1 <<<1
	gives '\n'
	try count then cut -x count <<<1
	usage 'cut: -x leaves no field'
	try -i csv cut -x a </dev/null
	gives ''
	try cut -x a <<<'{"a":1}'
	gives '{}\n'
}

@test "cut: more columns than there is room for at once" {
	local all
	all=$(seq -s , 80)
	try -i csv -N cut "$(seq -s , 70 -1 1)" <<<"$all"
	gives "$(seq -s , 70 -1 1)\n"
	try -i csv -N cut 2- <<<$'a,"b'
	is "$status" 1
	grep -q 'record 1: unterminated quote at byte 3' err
}
