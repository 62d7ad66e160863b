#!/usr/bin/env bats
# option-null-words.bats - texts that count as absent

load helper

setup() {
	begin
	printf '%s\n' k,v,w a,1,x a,-,NA NA,NA, b,3,y 'b,\N,-' >in
	mbatch -i csv -o json <in >in.json
	mbatch -i csv -o logfmt <in >in.logfmt
}

@test "--null-words in aggregates, expressions, fill, step and top" {
	local i n='-,NA,\N'
	mv in in.csv
	for i in csv json logfmt; do
		try -a -i $i --null-words "$n" stats \
		    count,sum:v,count:v,distinct:w,argmax:w@v by k <in.$i
		gives 'a\t2\t1\t1\t1\tx\nNA\t1\t0\t0\t1\t\nb\t2\t3\t1\t1\ty\n'
		try -i $i -o csv --null-words "$n" where 'v < 3 or w = "NA"' \
		    then cut v <in.$i
		gives 'v\n1\n'
		try -i $i -o csv --null-words "$n" let 'x=default(v, 0)' y=w \
		    then cut x,y <in.$i
		gives 'x,y\n1,x\n0,\n0,\n3,y\n0,\n'
		try -i $i -o csv --null-words "$n" fill v by k then cut v \
		    then where 'v != 0' <in.$i
		gives 'v\n1\n1\n3\n3\n'
		try -i $i -o csv --null-words "$n" fill -v 0 v then step delta v \
		    then top 1 v then cut v,delta_v <in.$i
		gives 'v,delta_v\n3,3\n'
		# columns that an operator hands on, numbers without text too
		try -a -i $i --null-words "$n" count by v then \
		    stats list:v,sum:count <in.$i
		gives '1,3\t5\n'
		try -a -i $i --null-words 1 count by v then \
		    stats list:v,sum:count,count:count <in.$i
		gives '-,NA,3,\\\\\\\\N\t0\t0\n'
	done
	mbatch -a -i csv stats sum:v by k <in.csv >out 2>err
	is "$(<out)" 'a\t1\nNA\t0\nb\t3'
	grep -q '3 values of .v. were not numbers' err
}

@test "--null-words: keys, what passes, and bucketed texts stay" {
	try -i csv --null-words NX,- where 'k != "b"' then cut k,w <in
	gives 'k,w\na,x\na,NA\nNA,\n'
	try -i csv --null-words '' count by w <in
	gives 'x\t1\nNA\t1\n\t1\ny\t1\n-\t1\n'
	try -i csv --null-words NA, stats count:w,list:w <in
	gives '3\tx,y,-\n'
	try -a --null-words x stats count:0 <<<x
	gives '1\n'
	random_records 5000 1 | sed 's/ 1[0-9]* / NA /' >in
	mbatch -a --null-words NA,-1 stats count:2,sum:2,p50:2 by 1 <in >whole
	sed 's/ NA / /; s/ -1 / /' in | awk '{ print $1, (NF > 2 ? $2 : "") }' |
	    mbatch -a stats count:2,sum:2,p50:2 by 1 | cmp - whole
	mbatch -a --null-words NA,-1 --partial stats count:2,sum:2,p50:2 by 1 \
	    <in | mbatch --merge stats count:2,sum:2,p50:2 by 1 | cmp - whole
}
