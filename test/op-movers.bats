#!/usr/bin/env bats
# op-movers.bats - the groups that rose and fell most against earlier batches

load helper

setup() {
	begin
	random_records 3000 1 | awk '{ k = $1
		if (NR > 1000 && NR < 1400 && NR % 3)
			k = "k3"
		if (NR > 2000 && k == "k5")
			k = "new" int(NR / 500)
		print k, $2 + 300, $3 }' >in
}

# What an awk program gives for movers MAX by 1 over OVER of each N records, or
# of sums of the second field (WHAT is 2).
model() {
	awk -v n="$1" -v max="$2" -v over="$3" -v what="${4-}" "$FEWEST"'
	function abs(x) {
		return x < 0 ? -x : x
	}
	function term(x, e) {
		return x > 0 ? x * log(x / e) : 0
	}
	function llr(a, b, c, d,  s, g) {
		s = a + b + c + d
		if (a * d == b * c)
			return 0
		g = 2 * (term(a, (a + b) * ((a + c) / s)) + \
		    term(b, (a + b) * ((b + d) / s)) + \
		    term(c, (c + d) * ((a + c) / s)) + \
		    term(d, (c + d) * ((b + d) / s)))
		g = int(g * 1e6 + 0.5) / 1e6
		return a * d > b * c ? g : -g
	}
	function flush(i, j, k, m, t1, t2, keys, from) {
		b++
		from = b - over < 1 ? 1 : b - over
		t1 = t2 = keys = 0
		split("", has); split("", was)
		for (j = from; j <= b; j++)
			for (i = 1; i <= nkey[j]; i++) {
				k = key[j, i]
				if (!has[k]++)
					name[++keys] = k
				if (j < b) {
					was[k] += count[j, k]
					t2 += count[j, k]
				} else {
					t1 += count[j, k]
				}
			}
		m = b - from
		for (i = 1; b > 1 && i <= keys; i++) {
			k = name[i]
			g[k] = llr(count[b, k] + 0, was[k] / m,
			    t1 - count[b, k], (t2 - was[k]) / m)
			for (j = i; j > 1 && abs(g[name[j - 1]]) < abs(g[k]); j--)
				name[j] = name[j - 1]
			name[j] = k
		}
		for (i = 1; b > 1 && i <= keys && i <= max; i++) {
			k = name[i]
			print k, count[b, k] + 0, fewest(was[k] / m), (was[k] ? \
			    fewest(count[b, k] * m / was[k]) : ""), fewest(g[k])
		}
	}
	{
		b1 = b + 1
		if (!(($1, b1) in seen)) {
			seen[$1, b1]
			key[b1, ++nkey[b1]] = $1
		}
		count[b1, $1] += what ? $what : 1
	}
	NR % n == 0 { flush() }
	END { if (NR % n) flush() }' | tr ' ' '\t'
}

# close_to FILE: standard input says the same, the last column to its last digit.
close_to() {
	paste - "$1" | awk -F '\t' '{
		d = $5 - $10
		e = 2e-6
		if (NF != 10 || $1 != $6 || $2 != $7 || $3 != $8 ||
		    $4 != $9 || d > e || d < -e) {
			print NR ": " $0
			exit 1
		}
	}'
}

@test "movers agrees with awk" {
	local n over
	for n in 1 7 100 1000; do
		for over in 1 3 50; do
			mbatch -n $n movers 5 by 1 over $over <in >out
			model $n 5 $over <in >want
			[ -s want ]
			[ "$(wc -l <out)" -eq "$(wc -l <want)" ]
			close_to want <out
		done
	done
	mbatch -n 100 movers 4 sum:2 by 1 over 2 <in >out
	model 100 4 2 2 <in >want
	close_to want <out
	mbatch -n 100 movers by 1 <in >out
	model 100 10 1 <in >want
	close_to want <out
}

@test "an incident comes first, and says which way it went" {
	{
		for h in 0 1 2 3; do
			seq 0 9 3599 | awk -v h=$h '{
				print h * 3600 + $1, "w" NR % 20 }'
			[ $h -ge 2 ] || seq 0 30 3599 | awk -v h=$h '{
				print h * 3600 + $1, "heartbeat" }'
			[ $h -ne 3 ] || seq 0 4 3599 | awk -v h=$h '{
				print h * 3600 + $1, "w7" }'
			[ $h -ne 3 ] || seq 0 60 3599 | awk -v h=$h '{
				print h * 3600 + $1, "panic" }'
		done
		echo 14400 end
	} | sort -n -s -k 1,1 >in
	mbatch -T 1 -w 1h movers 2 by 2 then cut 1-4 then stamp batch <in >out
	is "$(sed -n '1,2p' out | cut -f 2-4)" 'w1\t20\t20\nheartbeat\t120\t120'
	is "$(sed -n 3p out)" '3\theartbeat\t0\t120\t0'
	is "$(sed -n '5,6p' out)" \
	    '4\tw7\t920\t20\t46\n4\tpanic\t60\t0\t'
	mbatch -T 1 -w 1h movers 2 by 2 then cut g2 <in >out
	[[ $(sed -n 3p out) == -* && $(sed -n 5p out) != -* ]]
}

@test "a window cut short is compared with as much of the others" {
	{
		seq 0 39 | sed 's/$/ a/'
		seq 0 2 39 | sed 's/$/ b/'
	} | sort -n -s -k 1,1 >in
	printf '40 a\n40 b\n42 a\n42 b\n44 a\n44 b\n45 a\n' >>in
	try -T 1 -w 10s movers by 2 over 2 then cut 1-4 then stamp batch <in
	is "$(tail -n 2 out | sort)" '5\ta\t4\t5\t0.8\n5\tb\t3\t2.5\t1.2'
	is "$(sed -n '1,6p' out | cut -f 2- | sort -u)" \
	    'a\t10\t10\t1\nb\t5\t5\t1'
	is "$err" ''
	# which nothing is known of at its very start
	sed '/^4[1-9]/d' in >start
	try -T 1 -w 10s movers by 2 then cut 1-4 <start
	is "$(tail -n 2 out)" 'a\t1\t0\t\nb\t1\t0\t'
}

@test "a single batch is told, and so compared with nothing" {
	try -a movers by 1 <in
	is "$out" ''
	is "$err" 'mbatch: movers: there was one batch and none before it to compare it with; -w or -n makes several\n'
	is "$status" 0
	try -a movers by 1 </dev/null
	is "$out" ''
	fails 0 'there was one batch'
	try -n 10 movers by 1 </dev/null
	gives ''
}

@test "batches of nothing" {
	printf '%s\n' '5 a' '7 b' '25 b' '31 b' >in
	try -T 1 -w 10s movers by 2 then stamp batch <in
	gives '2\ta\t0\t1\t0\t0\n2\tb\t0\t1\t0\t0\n3\tb\t1\t0\t\t0
4\tb\t1\t0.1\t10\t0\n'
	try -n 2 movers by 1 then count <<<$'a\nb\na\nb\na'
	gives '0\n2\n2\n'
}

@test "sums: exact, of decimals, and below 0" {
	try -n 2 movers sum:2 by 1 over 2 then cut 1-4 \
	    <<<$'a 0.1\nb 3\na 0.2\nb 3\na 0.3\nb 2.5'
	is "$(sort out)" 'a\t0.2\t0.1\t2\na\t0.3\t0.15\t2\nb\t2.5\t3\t0.8333333333333334\nb\t3\t3\t1'
	try -n 1 movers sum:2 by 1 then cut 1-4 \
	    <<<$'a 9223372036854775807\na 9223372036854775806\na -1\na x'
	is "$out" 'a\t9223372036854775806\t9223372036854775807\t1
a\t-1\t9223372036854775806\t-1.0842021724855044e-19\na\t0\t-1\t0\n'
	fails 0 "record 4: movers: 'x'"
}

@test "columns and formats" {
	try -i logfmt -n 2 -o json movers by k <<<$'k=a\nk=b\nk=a\nk=a'
	# 2 * (2 * ln(2 / 1.5) + ln(1 / 1.5) + ln(1 / 0.5))
	is "$out" '{"k":"a","count":2,"was":1,"ratio":2,"g2":1.726092}
{"k":"b","count":0,"was":1,"ratio":0,"g2":-1.726092}\n'
	try -i logfmt -n 1 -o csv movers n=sum:x by k,j <<<$'k=a x=1 j=\nk=a x=3 j='
	gives 'k,j,n,was,ratio,g2\na,,3,1,3,0\n'
	try -n 2 count by 1 then movers 1 sum:count by 1 then \
	    where 'g2 > 0' then alert <<<$'a\nb\na\na'
	is "$(cut -f 1,2 out)" 'a\t2'
	is "$status" 3
}

@test "--max-groups: the others are one" {
	try --max-groups 2 -n 4 movers by 1 then cut 1-3 \
	    <<<$'a\nb\nc\nd\na\na\nc\nd'
	is "$(sort out)" '(other)\t1\t2\na\t2\t1\nb\t0\t1\nc\t1\t0'
}

@test "--partial, --merge: the counts of each window" {
	local i
	awk '{ print NR * 4, $0 }' in | head -n 2990 >timed
	for over in 1 3; do
		set -- movers 100 by 2 over $over then stamp batch,time
		mbatch -T 1 -w 1000s "$@" <timed >want
		for i in 0 1 2; do
			awk -v i=$i 'NR % 3 == i' timed |
			    mbatch -T 1 -w 1000s --partial "$@"
		done >states
		mbatch -w 1000s --merge "$@" <states | sort >out
		sort want | cmp - out
		mbatch -w 1000s --partial --merge "$@" <states |
		    mbatch -w 1000s --merge "$@" | sort | cmp - out
	done
	is "$(grep -Evc '	mbatch3 (g@1000000000000@[0-9]+,[0-9]+ count\|2|[ew]) ' \
	    states)" 0
	# one batch of all states
	try --merge movers 5 by 2 < <(mbatch --partial movers 5 by 2 <timed)
	is "$out" ''
	fails 0 'there was one batch'
	try -w 1000s --merge count by 2 <states
	fails 1 'mbatch: '
	try -w 2000s --merge movers by 2 <states
	fails 1 'a state of windows of another length'
	try --merge movers by 2 <states
	fails 1 'a state of a window; --merge needs the same -w'
	mbatch --partial movers by 2 <timed >plain
	try -w 1000s --merge movers by 2 <plain
	fails 1 'a state of no window'
	try -w 10s --merge count by 2 then movers sum:count by 2 <states
	usage 'with --merge and -w it comes first'
}

@test "bad words" {
	try movers </dev/null
	usage 'by KEYS is missing' \
	    'usage: mbatch movers \[N\] \[sum:FIELD\] by KEYS \[over N\]'
	try movers 5 </dev/null
	usage 'by KEYS is missing'
	try movers 5x by 1 </dev/null
	usage "N must be a whole number, not '5x'"
	try movers 99999999999999999999 by 1 </dev/null
	usage "N '99999999999999999999': "
	try movers by 1 over 99999999999999999999 </dev/null
	usage 'over 99999999999999999999: '
	try movers path </dev/null
	usage "did you mean 'by path'"
	try movers max:x by 1 </dev/null
	usage 'it goes by counts, or by sum:FIELD alone'
	try movers count,sum:x by 1 </dev/null
	usage 'it goes by counts, or by sum:FIELD alone'
	try movers sm:x by 1 </dev/null
	usage "did you mean 'sum'"
	try movers by 1 over all </dev/null
	usage 'over is followed by a number of batches'
	try movers by 1 over 1h </dev/null
	usage 'over counts batches'
	try mover by 1 </dev/null
	usage "did you mean 'movers'"
}
