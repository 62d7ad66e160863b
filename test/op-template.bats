#!/usr/bin/env bats
# op-template.bats - what records say, without what varies in them

load helper

# Lines of the words after the first, each with every one of COUNT values at @.
each() {
	local i
	for ((i = 0; i < $1; i++)); do
		printf '%s\n' "${@:2}" | sed "s/@/$(printf 'v\\x%x' $((97 + i)))/"
	done
}

# The templates alone, and how often each came.
templates() {
	mbatch -a template then cut template,count
}

@test "template: what every operator does" {
	usual template
	usual template 5 by 1
	usual template -r -f 2
	try -a template </dev/null
	gives ''
	try -w 1h -T 1 template < <(printf '%s\n' '2026-01-01T00:00:00Z a' \
	    '2026-01-01T02:00:00Z b')
	gives '* a\t1\t1\t2026-01-01T00:00:00Z a\n* b\t1\t1\t2026-01-01T02:00:00Z b\n'
}

@test "template: columns, the most frequent first, N of them" {
	printf '%s\n' 'up 5' 'down x' 'up 7' 'down b' 'up' >in
	try -a template <in
	gives 'up *\t2\t0.4\tup 5\ndown b\t1\t0.2\tdown b\ndown x\t1\t0.2\tdown x\nup\t1\t0.2\tup\n'
	try -a template 2 <in
	gives 'up *\t2\t0.4\tup 5\ndown b\t1\t0.2\tdown b\n'
	try -a template 0 <in
	gives ''
	try -a -o csv template 1 <in
	gives 'template,count,share,first\nup *,2,0.4,up 5\n'
	try -n 3 template 1 then stamp batch <in
	gives '1\tup *\t2\t0.6666666666666666\tup 5\n2\tdown b\t1\t0.5\tdown b\n'
	try -a template then where 'share > 0.3' then cut first <in
	gives 'up 5\n'
}

@test "template -f: a field; by: for each of the keys" {
	printf '%s\n' '{"l":"e","m":"a 1\t"}' '{"l":"i","m":"a 2"}' \
	    '{"m":"b"}' '{"l":"i","m":"a\\3"}' '{"l":"i"}' >in
	try -a -i json template -f m <in
	gives 'a *\t2\t0.4\ta 1\\t\n\t1\t0.2\t\n*\t1\t0.2\ta\\\\3\nb\t1\t0.2\tb\n'
	try -a -i json -o json template -f m 2 by l <in
	gives '{"l":"","template":"b","count":1,"share":0.2,"first":"b"}\n{"l":"e","template":"a *","count":1,"share":0.2,"first":"a 1\\t"}\n'
	# found among all, told apart by key
	{
		each 3 'a the @ is here'
		each 5 'b the @ is here'
	} >in
	try -a template -f 0 by 1 then cut 1,2,3 <in
	gives 'b\tb the * is here\t5\na\ta the va is here\t1\na\ta the vb is here\t1\na\ta the vc is here\t1\n'
	sed 's/ /|/' in >bars
	try -a -F '|' template -f 2 by 1 then cut 1,2,3 <bars
	gives 'b|the * is here|5\na|the * is here|3\n'
}

@test "template: words that vary" {
	# five; fewer behind = and a title, or where there is a value
	is "$(each 4 'it came to @ at last' | templates | wc -l)" 4
	is "$(each 5 'it came to @ at last' | templates)" 'it came to * at last\t5'
	is "$(each 2 'it came with a=@ at last' | templates)" 'it came with a=* at last\t2'
	is "$(each 2 'gone is User @ now' | templates)" 'gone is User * now\t2'
	is "$(each 2 'gone is a: @ now' | templates | wc -l)" 2
	is "$(each 2 'then went @ now' | templates | wc -l)" 2
	is "$(printf 'the %s is gone\n' abc 5 xyz | templates)" 'the * is gone\t3'
	# ten in front and where there is little else
	is "$(each 9 '@ came to the end' | templates | wc -l)" 9
	is "$(each 10 '@ came to the end' | templates)" '* came to the end\t10'
	is "$(each 9 '(@) came to the end' | templates | wc -l)" 9
	is "$(each 9 'it is @' 'user @ left' | templates | wc -l)" 18
	is "$(each 10 'it is @' | templates)" 'it is *\t10'
	is "$(printf 'host %s\n' up down 5 | templates | wc -l)" 3
	# keys, and the last word of all
	is "$(each 12 'a word @=5' | templates | wc -l)" 12
	is "$(each 12 '@' | templates | wc -l)" 12
	# of two that might go the one with fewer values stays
	is "$(for i in {a..k}; do each 12 "$i @"; done | templates |
	    head -n 1)" 'a *\t12'
	is "$(for i in {a..l}; do each 11 "$i @"; done | templates |
	    head -n 1)" '* va\t12'
}

@test "template: what is glued to a value goes with it" {
	is "$(printf 'known to %s for long\n' 5 'X(6)' 'y:7' | templates)" \
	    'known to * for long\t3'
	is "$(printf 'known to %s for long\n' 'X(6)' 'y:7' | templates |
	    wc -l)" 2
	# but no key, and nothing that a blank parts
	is "$(printf 'known %s\n' a=5 a=5,b=5 | templates | wc -l)" 2
	is "$(printf 'link 5 %s\n' 'not up' 'up' | templates | wc -l)" 2
}

@test "template: again until nothing changes" {
	# the second word's slot is there once the fourth is a value
	for a in {a..e}; do
		each 5 "is q$a then @ and so"
	done >in
	is "$(templates <in)" 'is * then * and so\t25'
	{
		printf 'is q%s then va and so\n' a b c d
		each 5 'is qe then @ and so'
	} >in
	is "$(templates <in)" 'is * then * and so\t9'
}

# The rules for words and blanks alone, slot by slot.
oracle() {
	awk '{ n[$0]++ } END {
		do {
			split("", slot); split("", star); split("", next_)
			changed = 0
			for (t in n) {
				k = split(t, w, " ")
				for (i = 1; i <= k; i++) {
					slot[hole()]++
					star[hole()] += w[i] == "*"
				}
			}
			for (t in n) {
				k = split(t, w, " ")
				words = vary = 0
				for (i = 1; i <= k; i++) {
					v[i] = 0
					if (w[i] == "*")
						continue
					words++
					h = hole()
					need = star[h] && W(t) > 2 ? 2 : \
					    i == 1 || W(t) <= 3 ? 10 : 5
					if (slot[h] >= need) {
						v[i] = slot[h]
						vary++
					}
				}
				if (vary > 0 && vary == words) {
					for (i = j = 1; i <= k; i++)
						if (v[i] && (!v[j] || v[i] < v[j]))
							j = i
					v[j] = 0
					vary--
				}
				changed += vary > 0
				for (i = 1; i <= k; i++)
					w[i] = v[i] ? "*" : w[i]
				s = w[1]
				for (i = 2; i <= k; i++)
					if (w[i] != "*" || w[i - 1] != "*")
						s = s " " w[i]
				next_[s] += n[t]
			}
			split("", n)
			for (t in next_)
				n[t] = next_[t]
		} while (changed)
		for (t in n)
			print t "\t" n[t]
	}
	function hole(  s, j) {
		for (j = 1; j <= k; j++)
			s = s " " (j == i ? "" : w[j])
		return s
	}
	function W(t,  x, j, c, m) {
		m = split(t, x, " ")
		for (j = 1; j <= m; j++)
			c += x[j] != "*"
		return c
	}'
}

# random_lines N SEED: of two to six words, few or many in each place.
random_lines() {
	awk -v n="$1" -v seed="$2" '
	function rnd(m) {
		x = (x * 16807) % 2147483647
		return int(x / 2147483647 * m)
	}
	BEGIN {
		x = seed * 7919 + 1
		for (i = 0; i < 9; i++)
			rnd(2)
		split("1 2 14 1 6 3 1 20 2", many, " ")
		for (i = 0; i < n; i++) {
			k = 2 + rnd(5)
			s = ""
			for (j = 1; j <= k; j++) {
				m = many[(k * 2 + j) % 9 + 1]
				w = rnd(m)
				s = s (j > 1 ? " " : "") (w == 0 && m > 5 ? "*" : \
				    sprintf("%c%c", 103 + j, 103 + w % 20))
			}
			print s
		}
	}'
}

@test "template: what awk finds, in any order" {
	local i
	for i in 1 2 3 4 5 6 7 8; do
		random_lines $((40 << i)) "$i" | tee in | oracle |
		    LC_ALL=C sort >want
		templates <in | LC_ALL=C sort | cmp - want
		shuf --random-source=<(yes "$i") in | templates | LC_ALL=C sort |
		    cmp - want
	done
	# and there was something to find
	[ "$(LC_ALL=C sort -u in | wc -l)" -gt 1000 ]
	[ "$(wc -l <want)" -gt 10 ]
	[ "$(wc -l <want)" -lt 100 ]
}

@test "template -r: the records, each with its template" {
	each 5 'it came to @ at last' 'no' >in
	try -a template -r then head 2 <in
	gives 'it came to va at last template="it came to * at last"\nno template=no\n'
	try -a -F '|' template -r then head 2 <in
	gives 'it came to va at last|it came to * at last\nno|no\n'
	try -a -i csv template -r -f m <<<$'m,n\n"a, 1",2\n"a, 2",3'
	gives 'm,n,template\n"a, 1",2,"a, *"\n"a, 2",3,"a, *"\n'
	try -a -i json template -r -f m <<<$'{"m":"a 1"}\n{"n":2}'
	gives '{"m":"a 1","template":"a *"}\n{"n":2,"template":""}\n'
	# counts of these are the rows
	random_lines 2000 7 >in
	mbatch -a -F '\x01' -o tsv -N template -r <in >out
	cut -f 1 out | cmp - in
	cut -f 2 out | LC_ALL=C sort | uniq -c |
	    awk '{ n = $1; sub(/^ *[0-9]* /, ""); print $0 "\t" n }' |
	    cmp - <(templates <in | LC_ALL=C sort)
}

@test "template over: the last batches, and all" {
	local n over i
	random_lines 600 3 >in
	for over in 1 2 3 9; do
		mbatch -n 100 template over $over <in >ours
		mbatch -n 100 -F '\x01' -o tsv -N template -r over $over <in >recs
		for i in 100 200 300 400 500 600; do
			n=$((i < over * 100 ? i : over * 100))
			head -n "$i" in | tail -n "$n" | mbatch -a template
			head -n "$i" in | tail -n "$n" | mbatch -a -F '\x01' \
			    -o tsv -N template -r | tail -n 100 >&7
		done >want 7>want.recs
		cmp ours want
		cmp recs want.recs
	done
	mbatch -n 100 template over all <in | cmp - <(mbatch -n 100 template \
	    over 9 <in)
	mbatch -n 100 -F '\x01' template -r over all <in |
	    cmp - <(mbatch -n 100 -F '\x01' template -r over 9 <in)
}

@test "template: states, to the bit under any split" {
	local by
	random_lines 3000 5 | sed 's/$/\\/' >in
	for by in '' 'by 1' 'by 2,1'; do
		# shellcheck disable=SC2086 # a keyword and its list
		set -- template $by
		mbatch -a "$@" <in >want
		awk 'NR % 97 == 1 { n = (n * 7 + NR) % 5 }
		    { print > ("part." int(NR / 800) "." n) }' in
		for p in part.*; do
			mbatch --partial "$@" <"$p"
		done >states
		rm part.*
		mbatch --merge "$@" <states | sed 's/	[^	]*$//' |
		    cmp - <(sed 's/	[^	]*$//' want)
		mbatch --partial --merge "$@" <states | LC_ALL=C sort |
		    mbatch --merge "$@" | sed 's/	[^	]*$//' |
		    cmp - <(sed 's/	[^	]*$//' want)
		# pieces in their order: the examples too
		split -n l/7 in part.
		for p in part.*; do
			mbatch --partial "$@" <"$p"
		done | mbatch --merge "$@" | cmp - want
		rm part.*
	done
	mbatch --partial template <in | head -n 1 >states
	try --merge count by 0:mask <states
	fails 1 'other aggregates'
	try --partial template -r <in
	usage 'sees more than one record'
}

@test "template: by any number of workers" {
	local jobs
	random_lines 3000 6 | sed 's/ /,/' >in
	for chain in template 'template -f 2 5 by 1' 'template -r'; do
		# shellcheck disable=SC2086 # words
		mbatch -a -F, $chain <in >want
		for jobs in 1 2 5; do
			# shellcheck disable=SC2086 # words
			MBATCH_WORK=$jobs:300 mbatch -a -F, $chain <in |
			    cmp - want
		done
	done
}

@test "template: names of columns, from states as well" {
	try -a -i csv -o csv template -f m by k <<<$'k,m\n1,a 5'
	gives 'k,template,count,share,first\n1,a *,1,1,a 5\n'
	mbatch -i csv --partial template -f m by k <<<$'k,m\n1,a 5' >states
	try --merge -o csv template -f m by k <states
	gives 'k,template,count,share,first\n1,a *,1,1,a 5\n'
	mbatch -i csv --partial template -f 2 by 1 <<<$'k,m\n1,a 5' >states
	try --merge -o csv template -f 2 by 1 <states
	gives 'k,template,count,share,first\n1,a *,1,1,a 5\n'
}

@test "template --max-groups" {
	printf '%s\n' 'a 1' 'b 2' 'c 3' 'd 4' 'a 5' >in
	try -a --max-groups 2 template then cut 1,2 <in
	fails 0 'more than --max-groups 2'
	is "$out" '(other)\t2\na *\t2\nb *\t1\n'
	try -a --max-groups 2 template by 1 then cut 1,2,3 <in
	is "$out" '(other)\t\t2\na\ta *\t2\nb\tb *\t1\n'
	# records have no groups
	try -a --max-groups 2 template -r then stats distinct:template <in
	gives '4\n'
}

@test "template: bad words" {
	try template x
	usage "N must be a whole number, not 'x'"
	try template 5 6
	usage
	try template -r 5
	usage '-r shows all records: N goes without it'
	try template -r by 1
	usage '-r shows all records: by KEYS goes without it'
	try template -f
	usage '-f needs a value'
	try template -f a,b
	usage "-f: one field, not 'a,b'"
	try template over 0
	usage 'over is followed by a number of batches or all'
	try -i csv template -f x <<<$'a\n1'
	usage "no field 'x'; there is only 'a'"
}

@test "template: bytes of every kind" {
	try -a template < <(printf 'a 1\r\na 2\r\n\xff\0 3\nb\n\nb')
	gives 'a *\t2\t0.3333333333333333\ta 1\\r\nb\t2\t0.3333333333333333\tb\n\t1\t0.16666666666666666\t\n\xff\\0 *\t1\t0.16666666666666666\t\xff\\0 3\n'
	try -0 -a template then cut 1,2 < <(printf 'a\n1\0a 2\0')
	gives 'a *\t2@'
	# long records
	for c in 'ab ' 'a=' 'a(1)b ' 'a:1,' '()' '"a" '; do
		awk -v c="$c" 'BEGIN { s = c
			while (length(s) < 2 ^ 17) s = s s
			print s "x y"; print s "z y" }' |
		    mbatch -a template | cut -f 2 | tr '\n' ' '
	done >got
	is "$(<got)" '1 1 2 1 1 1 1 1 1 1 1 '
}

@test "template: many different ones, in memory that does not explode" {
	plain_build_only
	awk 'BEGIN { x = 1
		for (i = 0; i < 100000; i++) {
			for (s = j = 0; j < 4; j++) {
				x = (x * 16807) % 2147483647
				w = ""
				for (y = x; y > 30; y = int(y / 16))
					w = w sprintf("%c", 103 + y % 16)
				s = s " so " w
			}
			print s
		} }' >in
	"$H/maxrss" used "$MBATCH" -j 1 -a template then count <in >out
	is "$(<out)" 100000
	awk '{ exit !($1 < 100 * 1024) }' used
}
