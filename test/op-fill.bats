#!/usr/bin/env bats
# op-fill.bats - absent fields get the value before them, or a text

load helper

@test "fill agrees with awk, at every size of batches" {
	local n
	usual_across fill 4,2 by 1
	usual fill -v none 4
	same_for_every_n fill 4 by 1
	same_for_every_n fill -v x 4
	random_records 3000 1 | awk -v OFS=, '
	BEGIN { print "key", "n", "word" }
	{ print $1, $2 % 3 ? "" : $2, $2 % 5 ? $3 : "" }' >in
	awk -F, -v OFS=, 'NR > 1 {
		if ($2 == "")
			$2 = n[$1]
		n[$1] = $2
		if ($3 == "")
			$3 = w[$1]
		w[$1] = $3
	} 1' in >want
	for n in 1 7 1000 3000; do
		mbatch -n $n -i csv fill -e n,3 by key <in | cmp - want
	done
	awk -F, -v OFS=, '{ if ($3 == "") $3 = "a,b"; $3 = $3 ~ /,/ ? \
	    "\"" $3 "\"" : $3 } 1' in >want
	mbatch -i csv fill -e -v a,b word <in | cmp - want
}

@test "fill: of json and logfmt members stay what they are" {
	printf '%s\n' '{"h":"a","x":[1, 2],"y":"007"}' '{"h":"b"}' \
	    '{"h":"a","x":null,"z": 5}' '{"h":"b","y":""}' '{"h":"b"}' >in
	try -i json fill x,y <in
	gives '{"h":"a","x":[1, 2],"y":"007"}\n{"h":"b","x":[1, 2],"y":"007"}
{"h":"a","x":[1, 2],"z":5,"y":"007"}\n{"h":"b","y":"","x":[1, 2]}
{"h":"b","x":[1, 2],"y":""}\n'
	cp out want
	try fill x,y <in
	cmp out want
	try -n 2 -i json fill -e x,y by h then cut y,x then stamp batch <in
	gives '{"batch":1,"y":"007","x":[1, 2]}\n{"batch":1,"y":null,"x":null}
{"batch":2,"y":"007","x":[1, 2]}\n{"batch":2,"y":"","x":null}
{"batch":3,"y":null,"x":null}\n'
	try -o csv fill -v 0 x then where 'x = 0' then head 1 <in
	gives 'h,x\nb,0\n'
	try -i json fill -e w then cut w <<<$'{"w":"x"}\n{"w":""}\n{"w":"yy"}'
	gives '{"w":"x"}\n{"w":"x"}\n{"w":"yy"}\n'
	printf 'a="1 2" b=2\nb=\n{"c":4}\nat main\n' >in
	try fill a,b <in
	gives 'a="1 2" b=2\nb= a="1 2"\n{"c":4,"a":"1 2","b":""}
at main a="1 2" b=\n'
	try -i logfmt fill -e b <<<$'b="x y"\nb=\n'
	gives 'b="x y"\nb="x y"\nb="x y"\n'
}

@test "fill: text, clf, made columns; what is empty is told" {
	printf '%s\n' 'a 1' b '' 'a 2' 'b 3 4' b >in
	try fill 2 <in
	gives 'a\t1\nb\t1\n\t1\na\t2\nb\t3\t4\nb\t3\n'
	sed 's/"[^"]*"$/"-"/' "$ROOT/test/data/access.log" >in
	sed -n 1p "$ROOT/test/data/access.log" | cat - in >log
	try -i clf fill agent then count by agent <log
	gives 'Mozilla/5.0\t11\n'
	printf '%s\n' '1 x 5' '11 x a' '21 x 7' >in
	try -w 10s -T 1 -o json stats max:3 by 2 then fill max_3 by 1 then \
	    fill -v 0 max_3 then sort max_3 <in
	is "$out" '{"2":"x","max_3":5}\n{"2":"x","max_3":5}\n{"2":"x","max_3":7}\n'
	try -i csv fill b <<<$'a,b\n1,2\n3,\n4\n5,'
	is "$out" 'a,b\n1,2\n3,\n4,\n5,\n'
	fails 0 "^mbatch: record 2: fill: the value of 'b' is empty, not absent" \
	    '^mbatch: 2 values were empty, which only fill -e takes'
}

@test "fill's bad arguments" {
	try fill
	usage 'FIELDS is missing' 'usage: mbatch fill'
	try fill -v 0 2 by 1
	usage 'by KEYS says nothing of TEXT'
	try fill 0
	usage '0 is the whole record'
	try -i json fill a.b
	usage 'only whole members can be changed'
	try fill -f 2
	usage 'FIELDS stand without a flag'
	try fill-down -a
	usage "did you mean 'fill'"
	try --partial fill 2 then count
	usage 'fill'
}
