#!/usr/bin/env bats
# op-pivot.bats - values of a field as columns

load helper

# What awk makes of records of key, name, value: the names in order, then a row
# for each key; empty cells are EMPTY.
model() {
	awk -v OFS='\t' -v empty="$1" '
	!($1 in row) { row[$1]; key[++keys] = $1 }
	!($2 in col) { col[$2]; name[++names] = $2 }
	{ cell[$1, $2] = $3 }
	END {
		line = "1"
		for (j = 1; j <= names; j++)
			line = line OFS name[j]
		print line
		for (i = 1; i <= keys; i++) {
			line = key[i]
			for (j = 1; j <= names; j++)
				line = line OFS ((key[i], name[j]) in cell ? \
				    cell[key[i], name[j]] : empty)
			print line
		}
	}'
}

@test "pivot agrees with awk" {
	usual pivot -c b,a 1 2 by 3
	usual_across pivot 1 2 by 3
	random_records 3000 1 | awk '{ print $1, $3, $2 }' >in
	model '' <in >want
	mbatch -a pivot 2 3 by 1 <in 2>/dev/null | cmp - want
	awk '{ n[$1 " " $2]++ } END { for (k in n) print k, n[k] }' in |
	    sort >counts
	model 0 <counts >want
	mbatch -a sort 1,2 then count by 1,2 then pivot 2 count <in |
	    cmp - want
	sed 1d want >rows
	mbatch -a sort 1,2 then count by 1,2 then pivot \
	    -c "$(sed -n '1s/^1\t//; 1s/\t/,/gp' want)" 2 count <in |
	    cmp - rows
}

@test "columns are known by name to what follows, in every format" {
	local i
	cp "$ROOT/test/data/access.log" in
	cp in log
	mbatch -i clf -o csv <in >in.csv
	mbatch -i clf -o json <in >in.json
	mbatch -i clf -o logfmt <in >in.logfmt
	for i in clf csv json logfmt; do
		[ $i = clf ] || mv in.$i in
		try -a -i $i -o csv count by host,status then \
		    pivot status count then where '{500} + {404} > 0' then \
		    sort -n .404 then let n='{200} * 10' then \
		    cut -x '{302}' then head 2 <in
		gives 'host,200,500,503,404,n
203.0.113.9,0,1,1,0,0\n192.0.2.10,2,0,0,1,20\n'
		try -a -i $i -o json count by host,status then \
		    pivot -c '{200},404,.500' status count then \
		    where '{500} + {404} > 0' then sort -r .404 <in
		is "$out" '{"host":"192.0.2.10","200":2,"404":1,"500":0}
{"host":"203.0.113.9","200":0,"404":0,"500":1}\n'
		fails 0 "pivot: -c does not have '302', which is left out" \
		    '2 records were of other columns'
	done
	try -a -i clf count by host,status then pivot status count then \
	    sort 404 <log
	usage 'a field called so is .404'
	try -a -i clf count by host,status then pivot -c 200,404 status count \
	    then sort 404 <log
	usage 'the records have 3; the one called so is .404'
}

@test "columns of the first batch, 0 for counts, new ones told or in json" {
	printf '%s\n' 'a x' 'b y' 'a z' 'c x' 'a y' 'a y' >in
	try -n 2 -o csv count by 1,2 then pivot 2 count <in
	is "$out" '1,x,y\na,1,0\nb,0,1\na,0,0\nc,1,0\na,0,2\n'
	fails 0 "the first record had no 'z', which is left out"
	try -n 2 -o json count by 1,2 then pivot 2 count <in
	gives '{"1":"a","x":1,"y":0}\n{"1":"b","x":0,"y":1}
{"1":"a","x":0,"y":0,"z":1}\n{"1":"c","x":1,"y":0,"z":0}
{"1":"a","x":0,"y":2}\n'
	try -n 2 count by 1,2 then pivot -c y,z 2 count then stamp batch <in
	is "$out" '1\ta\t0\t0\n1\tb\t1\t0\n2\ta\t0\t1\n2\tc\t0\t0\n3\ta\t2\t0\n'
	try -n 2 -S - -o table stats max:2,sum:2 by 1,2 then \
	    pivot 2 sum_2 by 1 <<<$'a 1\na 2\nb 2'
	gives '1  _1  2\na   1  2\n-\nb   0  2\n-\n'
	# of windows without records there is no row
	printf '%s\n' 1,x 25,y >in
	try -w 10s -T 1 -F, count by 2 then stamp time then pivot 2 count <in
	is "$out" 'batch_time,x\n1970-01-01T00:00:00Z,1
1970-01-01T00:00:20Z,0\n'
}

@test "absent cells, odd names, cells that come twice" {
	printf 'k,n,v,w\na,x,1,t\na,y y,,t\nb,,"z ""z",t\nb,k,4,t\nb,k,5,t\n' >in
	try -i csv -o json pivot n v <in
	is "$out" '{"k":"a","w":"t","x":1,"y y":"","":null,"_k":null}
{"k":"b","w":"t","x":null,"y y":null,"":"z \\"z","_k":5}\n'
	fails 0 "record 5: pivot: there is a value of 'k' for these keys"
	try -i csv pivot n v by w <in
	is "$out" 'w\tx\ty y\t\tk\nt\t1\t\tz "z\t5\n'
	try -0 -i json -o csv pivot n v by k <<<'{"k":1,"n":"a\tb","v":"\n"}'
	is "$out" 'k,a\tb@1,"\n"@'
	try -a -i csv pivot n v </dev/null
	gives ''
	try -a -i csv pivot -c 1 n v then count <<<k,n,v
	gives '0\n'
	# a key that was no number is absent
	printf 'a x 1\n5 x 2\n' >in
	try -o json step lag 3 then pivot 2 3 by lag_3 <in
	gives '{"lag_3":null,"x":1}\n{"lag_3":1,"x":2}\n'
}

@test "without by the keys are all other members" {
	printf '%s\n' '{"h":"a","t":1,"m":"cpu","v":3}' \
	    '{"t":1,"h":"a","m":"mem","v":4}' '{"h":"a","t":1,"m":"mem","v":"x"}' \
	    '{"h":[1, 2],"m":"cpu","v":5}' '{"m":"h","v":null}' '{"m":' >in
	try -i json -o json pivot m v <in
	is "$out" '{"h":"a","t":1,"cpu":3,"mem":"x","_h":null}
{"t":1,"h":"a","cpu":null,"mem":4,"_h":null}
{"h":[1, 2],"cpu":5,"mem":null,"_h":null}\n{"cpu":null,"mem":null,"h":null}\n'
	fails 0 '^mbatch: record 6: '
	try -i json -o csv pivot -c mem,cpu m v then where 'cpu = 3' <in
	is "$out" 'h,t,mem,cpu\na,1,x,3\n'
	head -n 1 in | mbatch -i json -o logfmt >in.logfmt
	try -i logfmt -o logfmt pivot m v <in.logfmt
	gives 'h=a t=1 cpu=3\n'
}

@test "pivot's bad arguments" {
	try pivot
	usage 'NAME is missing' 'usage: mbatch pivot'
	try pivot a
	usage 'VALUE is missing'
	try -i csv pivot a v <<<k,v
	usage "no field 'a'"
	try pivot a v
	usage 'by KEYS is missing: which columns auto records have'
	try -i json pivot a.b v
	usage 'by KEYS is missing: a.b is within a member'
	try pivot -c a,b,a 1 2
	usage "-c has 'a' twice"
	try --partial pivot 1 2 by 3 then count
	usage 'pivot'
	try pivot -s a,b
	usage 'pivot NAME VALUE by KEYS'
	try reshape 1
	usage "did you mean 'pivot'"
}

@test "pivot: a record that is broken behind the fields" {
	try -i json pivot k v <<<$'{"k":"a","v":1,"b":}\n{"k":"a","v":2}'
	is "$out" 'a\n2\n'
	fails 0 '^mbatch: record 1: no value where one should be at byte 20$'
}
