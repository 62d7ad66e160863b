#!/usr/bin/env bats
# per.bats - -p: each value of a field has batches of its own

load helper

# Lines of the form KEY NUMBER TEXT, KEYS values, some of them rare.
lines() {
	awk -v n="$1" -v keys="$2" 'BEGIN { srand(7); for (i = 1; i <= n; i++) {
		k = int(keys * rand() ^ 3)
		s = ""
		for (j = int(30 * rand()); j > 0; j--)
			s = s "x"
		print "k" k, i, s
	} }'
}

# What -n N -b BYTES makes of them (0: no limit), a line - behind each batch.
batches() {
	awk -v n="$1" -v bytes="$2" '
	function shut(k) {
		printf "%s-\n", held[k]
		held[k] = ""
		count[k] = size[k] = 0
		first[k] = ""
	}
	{
		k = $1
		if (bytes > 0 && count[k] > 0 && size[k] + length + 1 > bytes)
			shut(k)
		if (count[k] == 0) {
			first[k] = NR
			of[NR] = k
		}
		held[k] = held[k] $0 "\n"
		size[k] += length + 1
		if (++count[k] == n || (bytes > 0 && size[k] >= bytes))
			shut(k)
	}
	END {
		for (i = 1; i <= NR; i++)
			if (i in of && first[of[i]] == i)
				shut(of[i])
	}'
}

@test "-p: batches of each value by records and bytes, as awk has them" {
	local n bytes
	lines 8000 40 >in
	for n in 1 7 1000 1024 1025 0; do
		for bytes in 0 200 40000; do
			limits=()
			[ "$n" -eq 0 ] || limits+=(-n "$n")
			[ "$bytes" -eq 0 ] || limits+=(-b "$bytes")
			[ ${#limits[@]} -gt 0 ] || limits=(-a)
			batches "$n" "$bytes" <in >want
			mbatch "${limits[@]}" -p 1 -S - <in >out
			cmp out want
			mbatch "${limits[@]}" -p 1 -S - < <(cat in) >out
			cmp out want
		done
	done
}

@test "-p: records of several KiB, alone and among others" {
	local n
	lines 300 5 | awk 'BEGIN { for (s = "x"; length(s) < 9000;) s = s s }
		{ print $0, substr(s, 1, NR * 1297 % 9000) }' >in
	for n in 1 2 7; do
		batches $n 0 <in >want
		mbatch -n $n -p 1 -S - <in >out
		cmp out want
	done
}

@test "-p: of records whose text nobody wants, as awk adds up each batch" {
	local limits
	lines 3000 9 | awk 'BEGIN { for (x = "x"; length(x) < 300;) x = x x }
		{ n = NR % 5 * 64 + length($3)
		    print $1, $2, n, substr(x, 1, n + 1) }' >in
	for limits in '-n 7' '-n 1100' '-b 4000' -a; do
		batches "$([[ $limits != -n* ]] || echo "${limits#-n }")" \
		    "$([[ $limits != -b* ]] || echo "${limits#-b }")" <in |
		    awk '$1 == "-" { print n "\t" s "\t" kinds; n = s = kinds = 0
				split("", seen); next }
			{ n++; s += $2; kinds += !($4 in seen); seen[$4] }' \
		    >want
		cut -f 1 want >counts
		# shellcheck disable=SC2086  # words
		mbatch $limits -p 1 count <in >out
		cmp out counts
		# shellcheck disable=SC2086  # words
		mbatch $limits -p 1 where '$4 =~ "x$"' then count <in >out
		cmp out counts
		# shellcheck disable=SC2086  # words
		mbatch $limits -p 1 stats count,sum:2,distinct:4 <in >out
		cmp out want
	done
}

@test "-p: a value that a stage can't read, and names that no record has" {
	# of two batches the one that closes first tells first
	printf '%s\n' k,a b,'"1"x' a,'"2"x' a,3 b,4 >in
	try -i csv -n 2 -p k stats count,sum:a <in
	is "$out" '1\t3\n1\t4\n'
	fails 0 '^mbatch: record 2: text after' '2 records could'
	try --bad fail -i csv -n 2 -p k stats count,sum:a <in
	fails 1 'record 2: text after'
	is "$out" ''
	try --bad left -i csv -a -p k stats count,sum:a <in
	is "$(<left)" 'b,"1"x\na,"2"x'
	try -i json -n 1 -p k stats sum:a < \
	    <(printf '%s\n' '{"k":1}' '{"k":2,"a":3}' '{"k":3}')
	is "$out" '0\n3\n0\n'
	fails 0 "first batch had 'a'"
	try -i json -n 1 -p k stats sum:a <<<'{"k":1,"a":null}'
	fails 0 '^$'
}

@test "-p: each value's result, in the order in which batches close" {
	printf '%s\n' a,1 b,2 a,3 a,4 b,5 c,6 >in
	try -F , -p 1 -n 2 stats count,sum:2 then stamp batch,reason,key <in
	gives '1,records,a,2,4\n2,records,b,2,7\n3,eof,a,1,4\n4,eof,c,1,6\n'
	try -F , -a -p 1 sort -n -r 2 then head 1 <in
	gives 'a,4\nb,5\nc,6\n'
	try -F , -n 2 -p 1 into sh -c 'echo "$MBATCH_NUMBER $MBATCH_KEY" $(cat)' <in
	gives '1 a a,1 a,3\n2 b b,2 b,5\n3 a a,4\n4 c c,6\n'
	try -a -p 1 count </dev/null
	gives ''
}

@test "-p: what operators remember is the value's own" {
	printf '%s\n' 'a 1' 'b 10' 'a 3' 'b 30' 'a 6' 'a 6' >in
	try -n 1 -p 1 step delta 2 <in
	gives 'a\t1\t\nb\t10\t\na\t3\t2\nb\t30\t20\na\t6\t3\na\t6\t0\n'
	try -n 2 -p 1 count over all then stamp key <in
	gives 'a\t2\nb\t2\na\t4\n'
	try -n 1 -p 1 dedup 2 <in
	gives 'a 1\nb 10\na 3\nb 30\na 6\n'
	lines 30000 40 >in
	mbatch -n 100 -p 1 step sum 2 <in | sort >out
	mbatch -n 100 step sum 2 by 1 <in | sort >want
	cmp out want
	# what is kept before it, and what is made anew where much came
	awk 'BEGIN { for (i = 0; i < 600; i++) print i % 3, i % 7 }' >in
	mbatch -p 1 -n 100 grep 1 then dedup 1,2 <in >out
	is "$(sort out)" "$(grep 1 in | sort -u)"
	mbatch -p 1 -n 100 sort 2 then dedup 1,2 <in >out
	is "$(sort out)" "$(sort -u in)"
	try -p 1 -n 2 -i csv -N stats count:2 <<<$'a,1\na\nb,1\nb,2'
	gives '1\n2\n'
	# a batch's own time
	try -T 1 -n 2 -p 2 rate <<<$'1 a\n2 b\n11 a\n22 b'
	gives '0.2\n0.1\n'
}

@test "-p: all go on in one tee, assert and into, batch by batch" {
	printf '%s\n' 'a 1' 'b 2' 'a 3' 'b 4' >in
	try -n 2 -p 1 tee '%N' then count <in
	gives '2\n2\n'
	is "$(cat 1 2)" 'a 1\na 3\nb 2\nb 4'
	try -n 1 -p 1 tee 'k-%K' then count <in
	gives '1\n1\n1\n1\n'
	is "$(cat k-a k-b)" 'a 1\na 3\nb 2\nb 4'
	try -n 2 tee '%K' <in
	usage '%K is the batch.s key'
	try -n 2 -p 1 assert '$2 < 3' <in
	fails 3 'record 3'
	is "$out" 'a 1\na 3\n'
	try -n 2 -p 1 tee x then step delta 2 <in
	usage 'step: .*must stand before tee'
	try -p 1 seq 1m '$2 = 1' '$2 = 2' by 1 <in
	usage 'seq: with -p'
}

@test "-p: time and silence close each value's own" {
	live -p 1 -t 100s -g 20s -S - stamp reason
	say 'a 1\nb 2\n'
	settle
	kill -USR1 "$live"
	hear $'flush\ta 1'
	hear -
	hear $'flush\tb 2'
	hear -
	hush
	live -p 1 -t 50ms stamp reason
	say 'a 1\n'
	hear $'timeout\ta 1'
	say 'b 1\nb 2\n'
	hear $'timeout\tb 1'
	hear $'timeout\tb 2'
	hush
	live -p 1 -g 50ms stamp reason
	say 'a 1\nb 1\n'
	hear $'gap\ta 1'
	hear $'gap\tb 1'
	hush
}

@test "-p --max-open: the one longest open closes, which is told" {
	printf '%s\n' a b a c b d >in
	try -n 9 -p 1 --max-open 2 -S - stamp reason <in
	is "$out" 'full\ta\nfull\ta\n-\nfull\tb\nfull\tb\n-\neof\tc\n-\neof\td\n-\n'
	fails 0 'more batches are open than --max-open 2' '2 batches closed'
	try -n 1 -p 1 --max-open 2 step delta 1 <in
	fails 0 'more values are remembered than --max-open 2' '[0-9]+ values were forgotten'
	printf '%s\n' x '{"k":1}' '{"k":2}' '{"k":3}' >in
	try -i json -p k --max-open 2 count <in
	[[ $(<err) == *'record 1: not'*'more batches are open'* ]]
	# values that come and go take no room
	seq 30000 | mbatch -n 1 -p 1 --max-open 10 stats count >out 2>err
	is "$(sort -u out)" 1
	is "$(wc -l <out)" 30000
}

@test "-p: the values remembered hold none of their records" {
	plain_build_only
	awk 'BEGIN { for (i = 0; i < 20000; i++)
		printf "%d %0900d\n", i / 100, i }' >in
	"$H/maxrss" rss "$MBATCH" -j 1 -n 100 -p 1 step count <in >out
	is "$(wc -l <out)" 20000
	[ "$(<rss)" -lt 8192 ]
}

@test "-p: several batches of a file are told where a value has several" {
	seq 1001 | sed 's/$/ x/' >in
	try -p 1:1000 count <in
	fails 0 '^$'
	is "$out" '999\n2\n'
	try -p 2 count <in
	fails 0 'input was 2 batches .* -a makes one of each value$'
}

@test "-p: fields of any format, buckets, what can't be read" {
	try -i json -n 2 -p t count then stamp key < \
	    <(printf '%s\n' '{"t":"x"}' '{"t":1}' 'no' '{"t":"x"}' '{}' '{"t":null}')
	is "$out" 'x\t2\n\t2\n1\t1\n'
	fails 0 'record 3'
	try -a -p 1:10 -S - <<<$'1\n12\n3'
	gives '1\n3\n-\n12\n-\n'
	try -i json -a -p t count <<<no
	fails 1 'record 1'
	try -i csv -a -p nme count <<<$'name\na'
	usage "nme"
	try --bad fail -i json -n 2 -p t count < \
	    <(printf '%s\n' '{"t":1}' '{"t":1}' '{"t":1}' x '{"t":1}')
	fails 1 'record 4'
	is "$out" '2\n'
	try -i json -n 2 -p t where 'a > 1' < \
	    <(printf '%s\n' '{"t":1,"a":2}' '{"t":1,"a":1}' '{"t":2}')
	is "$out" '{"t":1,"a":2}\n'
	# a later one is not reached
	printf 'p=1 k=a w="q\np=1 k=b\np=2 k=c\nz="q p=3\n' >later
	try -v --bad fail -i logfmt -n 2 -p p uniq -c k <later
	fails 1 'record 1: unterminated' ': 2 records, ' ': 1 bad record'
}

@test "-p: words for absent, a name that no record has, what failed" {
	awk 'BEGIN { for (i = 0; i < 3000; i++)
		print i % 3, i % 7 ? i : "NA" }' >in
	try -n 600 --null-words NA -p 1 stats count:2,sum:2 <in
	gives '514\t462345\n514\t462343\n514\t462341\n343\t822942\n343\t822943\n343\t822944\n'
	try -i json -n 600 -p nokey stats sum:k < <(yes '{"k":1}' | head -n 3000)
	fails 0 "^mbatch: -p: no record had 'nokey'"
	try -n 2 -p 1 into false <<<$'a\nb\na\nb'
	fails 1 'batch 1 \(records 1-3\)'
	try -n 2 -p 1 into --on-fail kept false <<<$'a\nb\na\nb'
	fails 1 'batch 2 \(records 2-4\)'
}

@test "-p: what it can't go with" {
	local o
	for o in '-k 1' '-s x' '-e x' '-w 1s -T 1' --merge --partial; do
		# shellcheck disable=SC2086  # words
		try -p 1 $o count <<<1
		usage "can't be combined with ${o%% *}"
	done
	try --max-open 3 count <<<1
	usage 'it needs -p'
	try -a stamp key <<<1
	usage 'with -k or -p'
}

@test "-p: values that are gone are forgotten, those that are open are not" {
	{
		echo x 1
		for ((k = 0; k < 4000; k++)); do
			printf 'k%d 1\nk%d 2\n' $k $k
		done
		echo x 2
	} >in
	try -p 1 -n 2 count then stamp key <in
	is "$status" 0
	is "$(wc -l <out)" 4001
	is "$(sort -u -k 2 out | cut -f 2)" 2
	is "$(tail -n 1 out)" 'x\t2'
	try -j 1 -p 1 -n 2 count then stamp key <in
	is "$(tail -n 1 out)" 'x\t2'
}

@test "-p: a value that pauses closes alone; fields that are absent" {
	live -p 1 -g 50ms join then stamp key,reason
	say 'a 1\nb 1\na 2\n'
	until_true test -n "$(timeout 30 head -n 2 <&9 >two; cat two)"
	ended
	is "$(sort two | cut -f 1,2)" 'a\tgap\nb\tgap'
	printf '%s\n' '{"k":1,"v":2}' '{"k":1}' '{"k":2,"v":3}' >in
	try -i json -p k -n 2 cut v,k <in
	gives '{"v":2,"k":1}\n{"v":null,"k":1}\n{"v":3,"k":2}\n'
	try -i json -p k -a stats count,sum:v then stamp key <in
	gives '1\t2\t2\n2\t1\t3\n'
}
