#!/usr/bin/env bats
# names.bats - names that are odd, repeated or missing, in every format and
# operator

load helper

# The same three records in each format that has names.
setup() {
	begin
	printf '%s\n' id,http.status,1 a,500,7 b,200,9 a,500,8 >csv
	tr , '\t' <csv >tsv
	printf 'id=%s http.status=%s 1=%s\n' a 500 7 b 200 9 a 500 8 >logfmt
	cp logfmt auto
	printf '{"id":"%s","http.status":%s,"1":%s}\n' a 500 7 b 200 9 \
		a 500 8 >json
	printf ',0,1\n0,5,6\n1,7,8\n' >nameless
}

# alike WANT OPTION... OPERATOR...: the same from all formats.
alike() {
	local want=$1 f
	shift
	for f in csv tsv logfmt auto json; do
		echo "mbatch -a -i $f $*"
		try -a -i $f "$@" <$f
		gives "$want"
	done
}

# alike_each: a table of CHAIN|WANT, what the chain's result is in JSON.  Words
# hold no blanks; "in 1 3" stands for these of the records.
alike_each() {
	local chain want i
	while IFS='|' read -r chain want; do
		case $want in
		in*)
			for i in $want; do
				[ "$i" = in ] || sed -n "${i}p" json
			done >want
			want=$(cat want)
			;;
		esac
		# shellcheck disable=SC2086
		alike "$want\n" -o json $chain
	done
}

@test "names: one with a dot, by every operator" {
	alike_each <<-'END'
		cut http.status then head 1|{"http.status":500}
		cut n=http.status then tail 1|{"n":500}
		cut http.status=id then head 1|{"http.status":"a"}
		cut id,http.status,id then head 1|{"id":"a","http.status":500,"3":"a"}
		cut -x {http.status} then head 1|{"id":"a","1":7}
		where http.status<300|in 2
		where $http.status<300|in 2
		where {http.status}<300|in 2
		let x=http.status+1 then cut x then head 1|{"x":501}
		let {http.status}=1 then head 1|{"id":"a","http.status":1,"1":7}
		replace -f {http.status} 0 1 then head 1|{"id":"a","http.status":511,"1":7}
		split {http.status} 0 then cut http.status then head 1|{"http.status":5}
		extract -f http.status (.) then tail 1|{"id":"a","http.status":500,"1":8,"http.status_1":5}
		parse -f http.status 2* then cut http.status_1|{"http.status_1":"00"}
		step delta http.status then cut delta_http.status then tail 1|{"delta_http.status":300}
		stats sum:http.status|{"sum_http.status":1200}
		stats x=max:http.status|{"x":500}
		count by http.status then head 1|{"http.status":500,"count":2}
		count by http.status:1k|{"http.status":0,"count":3}
		top 1 sum:http.status by http.status|{"http.status":500,"sum_http.status":1000}
		top 1 http.status|in 1
		sort -n http.status|in 2 1 3
		uniq http.status|in 1 2
		dedup http.status|in 1 2
		head 1 by http.status|in 1 2
		tail 1 by http.status|in 2 3
		sample 1 by http.status|in 1 2 3
		grep -f http.status 2|in 2
		assert http.status>1|in 1 2 3
		hist -n 1 http.status then cut count|{"count":3}
	END
}

@test "names: one that is a number, by every operator" {
	alike_each <<-'END'
		cut .1 then head 1|{"1":7}
		cut n=.1 then tail 1|{"n":8}
		cut .1=id then head 1|{"1":"a"}
		cut .2=id,.1,.1 then head 1|{"2":"a","1":7,"3":7}
		cut .3=id,.1,.1 then head 1|{"3":"a","1":7,"_3":7}
		cut -x .1 then head 1|{"id":"a","http.status":500}
		where {1}<8|in 1
		let x={1}+1 then cut x then head 1|{"x":8}
		let .1=5 then head 1|{"id":"a","http.status":500,"1":5}
		let {1}=5 then head 1|{"id":"a","http.status":500,"1":5}
		let .2=5 then head 1|{"id":"a","http.status":500,"1":7,"2":5}
		replace -f .1 7 1 then head 1|{"id":"a","http.status":500,"1":1}
		split .1 0 then head 1|in 1
		extract -f .1 (.) then head 1|{"id":"a","http.status":500,"1":7,"1_1":7}
		extract -f id (.) .1 then head 1|{"id":"a","http.status":500,"1":"a"}
		extract -f id (.) .2 then head 1|{"id":"a","http.status":500,"1":7,"2":"a"}
		step delta .1 then cut delta_1 then tail 1|{"delta_1":-1}
		stats sum:.1|{"sum_1":24}
		count by .1 then head 1|{"1":7,"count":1}
		count by .1:10|{"1":0,"count":3}
		top 1 sum:.1 by id|{"id":"a","sum_1":15}
		top 1 .1|in 2
		sort -n .1|in 1 3 2
		uniq .1|in 1 2 3
		dedup .1:10|in 1
		head 1 by .1|in 1 2 3
		grep -f .1 9|in 2
		assert {1}>1|in 1 2 3
	END
}

@test "names: odd ones in -k, -T, tee and partial states" {
	local f n
	for f in csv tsv logfmt auto json; do
		for n in http.status .1; do
			try -i $f -k $n count <$f
			gives '1\n1\n1\n'
			mbatch -i $f --partial count by $n <$f >state
			try -i $f --merge count by $n <state
			is "$out" "$(mbatch -a -i $f count by $n <$f)\n"
		done
		try -a -i $f tee 'to-{http.status}-{.1}' then count <$f
		gives '3\n'
		is "$(echo to-*)" 'to-200-9 to-500-7 to-500-8'
		rm to-*
		sed 's/500/1764150000/; s/200/1764153600/' $f >timed
		try -i $f -w 1h -T http.status --late all count <timed
		gives '2\n1\n'
	done
}

@test "names: a path is told where only a member will do" {
	local f
	for f in auto json; do
		for n in 'let http.status=1' 'split http.status' \
			'replace -f http.status 0 1' 'cut -x http.status'; do
			# shellcheck disable=SC2086
			try -i $f $n <$f
			usage 'whole members' ' is {http.status}'
		done
	done
	for f in csv tsv logfmt; do
		try -a -i $f -o json let http.status=1 then cut -x .1 <$f
		gives '{"id":"a","http.status":1}\n{"id":"b","http.status":1}\n{"id":"a","http.status":1}\n'
	done
}

@test "names: a column without one keeps its place and the header is empty" {
	local chain want f
	while IFS='|' read -r chain want; do
		# shellcheck disable=SC2086
		try -a -i csv $chain <nameless
		gives "$want\n"
		tr , '\t' <nameless >nameless.tsv
		# shellcheck disable=SC2086
		try -a -i tsv $chain <nameless.tsv
		gives "$(tr , '\t' <<<"$want")\n"
	done <<-'END'
		cut 1-|,0,1\n0,5,6\n1,7,8
		cut 1- then cut 1,.1|,1\n0,6\n1,8
		cut 3,1|1,\n6,0\n8,1
		cut n=1,.1|n,1\n0,6\n1,8
		cut -x 3|,0\n0,5\n1,7
		cut -x 2 then cut -x .1 then cut 1,1|,\n0,0\n1,1
		let 1=7|,0,1\n7,5,6\n7,7,8
		let .1=7|,0,1\n0,5,7\n1,7,7
		let $1=7|,0,1\n7,5,6\n7,7,8
		let s=$2+$1|,0,1,s\n0,5,6,5\n1,7,8,8
		stamp batch|batch,,0,1\n1,0,5,6\n1,1,7,8
		uniq -c 1|count,,0,1\n1,0,5,6\n1,1,7,8
		step delta 1|,0,1,delta_1\n0,5,6,\n1,7,8,1
		extract -f 1 (.) n|,0,1,n\n0,5,6,0\n1,7,8,1
		replace -f 1 0 x|,0,1\nx,5,6\n1,7,8
		split 1 x|,0,1\n0,5,6\n1,7,8
		sort -r 1|,0,1\n1,7,8\n0,5,6
		where $1=1|,0,1\n1,7,8
		top 1 1|,0,1\n1,7,8
		dedup 1|,0,1\n0,5,6\n1,7,8
	END
	while IFS='|' read -r chain want; do
		# shellcheck disable=SC2086
		try -a -i csv $chain <nameless
		gives "$want\n"
	done <<-'END'
		cut 1- then stats sum:.1|14
		stats sum:.1,x=sum:1|14\t1
		-o csv count by 1|,count\n0,1\n1,1
		-o csv top 1 count by 1,.1|,1,count\n0,6,1
		-o tsv|\t0\t1\n0\t5\t6\n1\t7\t8
		-o table|   0  1\n0  5  6\n1  7  8
		-o csv cut 1 then count by 1|,count\n0,1\n1,1
	END
	try -a -i csv cut 1 <nameless
	gives '""\n0\n1\n'
	try -a -i csv cut .2 <nameless
	usage "no field '2'"
	# text that has no header calls fields by their positions, as before
	try -a -F , -o csv count by 2 <nameless
	gives '2,count\n0,1\n5,1\n7,1\n'
	try -a -F , -o csv <nameless
	gives '1,2,3\n,0,1\n0,5,6\n1,7,8\n'
}

@test "names: in JSON and logfmt no key comes twice" {
	while IFS='|' read -r head rec chain want; do
		# shellcheck disable=SC2086
		try -a -i csv -o json $chain <<<"$head"$'\n'"$rec"
		is "$out" "$want\n"
		is "$status" 0
		command -v jq >keys || continue
		jq '[.] | flatten[0] | length' <out >keys
		is "$(cat keys)" "$(grep -o '"[^":]*":' <out | wc -l)"
	done <<-'END'
		,0,1|7,8,9||{"_1":7,"0":8,"1":9}
		1,|7,8||{"1":7,"2":8}
		2,|7,8||{"2":7,"_2":8}
		2,,_2,|7,8,9,0||{"2":7,"__2":8,"_2":9,"4":0}
		a,b,a|7,8,9||{"a":7,"b":8,"3":9}
		a,3,a|7,8,9||{"a":7,"3":8,"_3":9}
		3,a|7,8,9,10||{"3":7,"a":8,"_3":9,"4":10}
		,1|7,8|let x=1|{"_1":7,"1":8,"x":1}
		,batch|7,8|stamp batch|{"batch":1,"2":7,"3":8}
		count,x|7,8|count by count|{"count":7,"2":1}
		1,x|7,8|cut 2,1,1|{"x":8,"1":7,"3":7}
		3,x|7,8|cut 2,1,1|{"x":8,"3":7,"_3":7}
		3,x|7,8|collect|[{"3":7,"x":8}]
		,1|7,8|collect|[{"_1":7,"1":8}]
	END
	try -i csv -o logfmt <nameless
	gives '_1=0 0=5 1=6\n_1=1 0=7 1=8\n'
	# a field behind the log's own, and one that is called as it would be
	mbatch -i clf -o json let '.12="z"' <<<'192.0.2.1 - - [12/Apr/2026:14:50:12 +0200] "GET / HTTP/1.1" 200 1 - - x' |
		grep -o '"agent.*' >got
	is "$(cat got)" '"agent":null,"_12":"x","12":"z"}'
}

@test "names: of repeated ones the first is meant, which is told once" {
	local chain want
	printf 'a,b,a\n1,2,3\n' >twice
	while IFS='|' read -r chain want; do
		# shellcheck disable=SC2086
		try -a -i csv $chain <twice
		is "$out" "$want\n"
		fails 0 "^mbatch: the header: columns 1 and 3 are called 'a'"
		is "$(wc -l <err)" 1
	done <<-'END'
		count|1
		cut a,b then cut a|a\n1
		cut a,3|a,a\n1,3
		let a=9|a,b,a\n9,2,3
		let $3=9|a,b,a\n1,2,9
		where a=1 then where a=1|a,b,a\n1,2,3
		stats sum:a|1
		sort a then uniq a then dedup a|a,b,a\n1,2,3
		replace -f a 1 x|a,b,a\nx,2,3
		top 1 a|a,b,a\n1,2,3
		-k a count|1
	END
}

@test "names: a made column that is called as another is told" {
	while IFS='|' read -r op chain want; do
		# shellcheck disable=SC2086
		try -a -i csv -o csv $chain <<<$'count,sum_x,batch,x\n1,2,3,4'
		is "$out" "$want\n"
		fails 0 "^mbatch: $op: "
		is "$(wc -l <err)" 1
	done <<-'END'
		count|count by count|count,count\n1,1
		count|count by x,count|x,count,count\n4,1,1
		stats|stats sum:x by sum_x|sum_x,sum_x\n2,4
		top|top 1 sum:x by sum_x|sum_x,sum_x\n2,4
		stamp|stamp batch|batch,count,sum_x,batch,x\n1,1,2,3,4
		uniq|uniq -c|count,count,sum_x,batch,x\n1,1,2,3,4
	END
	# where a column or a member is set, as let does, there is one
	try -a -i csv extract -f x '(.)' sum_x <<<$'x,sum_x\n4,2'
	gives 'x,sum_x\n4,4\n'
	try -a -i csv step delta x then step ratio x then step delta x \
		<<<$'x\n4\n6'
	gives 'x,delta_x,ratio_x\n4,,\n6,2,1.5\n'
	try -a stamp batch <<<'{"a":1,"batch":7}'
	gives '1\t{"a":1,"batch":7}\n'
	try -a -i json stamp batch <<<'{"a":1,"batch":7}'
	gives '{"batch":1,"a":1}\n'
}

@test "names: let \$N sets the field that \$N is in an expression" {
	local f
	try -a let '$2=$1+$3' <<<'1 2 3'
	gives '1\t4\t3\n'
	try -a let '$2=$1+$3' 'x=$2' '$-1=9' <<<'1 2 3'
	gives '1\t4\t9\t4\n'
	try -F , let '$2=7' <<<'1,2,3'
	gives '1,7,3\n'
	try -i csv let '$2=7' <<<$'2,1\n5,6'
	gives '2,1\n5,7\n'
	try -i csv let '.2=7' '$2={2}+1' <<<$'2,1\n5,6'
	gives '2,1\n7,8\n'
	try -i csv -N let '$2=7' '$4=8' <<<'5,6'
	gives '5,7,,8\n'
	try -i clf let '$1="h"' <<<'a - - [12/Apr/2026:14:50:12 +0200] "G / HTTP/1.1" 200 1'
	gives 'h - - [12/Apr/2026:14:50:12 +0200] "G / HTTP/1.1" 200 1\n'
	try -i json let '$and={and}+1' '$x.y=2' <<<'{"and":1}'
	usage "whole members.*'x.y'"
	try -i json let '$and={and}+1' <<<'{"and":1}'
	gives '{"and":2}\n'
	try -i csv let '{$2}=7' <<<$'a\n1'
	gives 'a,$2\n1,7\n'
	for f in json logfmt; do
		try -i $f let '$2=1' <$f
		usage 'no positions'
	done
	try let '$0=1' <<<x
	usage 'the whole record'
	try let '$2' <<<x
	usage 'NAME=EXPR'
	try let '$2=1 +' <<<x
	usage '^mbatch:       *\^$'
}
