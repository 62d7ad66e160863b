#!/usr/bin/env bats
# cli.bats - the command line: words, first tries, suggestions

load helper

@test "options end at the first operator" {
	try -n 2 head 1 < <(seq 4)
	gives '1\n3\n'
	try head 1 -n 2 </dev/null
	usage 'head'
}

@test "options: bundled, joined, long, with = or a blank" {
	try -n2 -S- < <(seq 3)
	gives '1\n2\n-\n3\n-\n'
	try --records=2 --batch-end=- < <(seq 3)
	gives '1\n2\n-\n3\n-\n'
	try -0n1 < <(printf 'a\0b\0')
	gives 'a@b@'
	try -0an0 count < <(printf 'a\0b\0')
	gives '2@'
}

@test "-- ends the options, and an operator's flags" {
	try -a -- count < <(seq 3)
	gives '3\n'
	try -a grep -- -v < <(printf 'a\n-v\n')
	gives '-v\n'
}

@test "a misspelt operator: the nearest is named" {
	try cuont
	usage "'cuont'" "'count'"
	try -a grpe x
	usage "'grpe'" "'grep'"
	try count then hed
	usage "'hed'" "'head'"
	try zzzzzzzz
	usage "'zzzzzzzz'" 'mbatch -l'
}

@test "a misspelt option: the nearest is named" {
	try --recrods 5
	usage '--recrods' '--records'
	try --time-out 5
	usage '--time-?out' '--timeout'
	try --zzzzzzzzzzz
	usage '--zzzzzzzzzzz'
	try -y
	usage '-y'
	try --all -ay
	usage 'no option -y'
	try --RECORDS 5
	usage '--records'
	try --all=5
	usage '--all takes no value'
}

@test "a long option may be cut short where only one begins so" {
	try --rec=2 --batch-e -- < <(seq 3)
	gives '1\n2\n--\n3\n--\n'
	try --no
	usage '--no may be one of --no-header, --none$'
}

@test "options that need a value say so" {
	local o
	for o in -n -b -t -g -w -k -s -e -S -F -i --records --max-record; do
		try "$o"
		usage "$o|--"
	done
	try -aS
	usage '-S needs a value: -S STR$'
	try --max
	usage '--max may be one of'
	try --max-r
	usage '--max-record needs a value: --max-record SIZE$'
}

@test "options after the chain are told where they stand" {
	try head 1 -n 2
	usage "'-n'; options stand before .*mbatch -n ... head"
	try count by 1 --all
	usage "'--all'; options stand before"
	try count --all
	usage '--all; as an option it stands before'
	try count -i clf
	usage 'no flag -i; an option -i stands before .*mbatch -i ... count'
	try reverse -a
	usage "'-a'; options stand before"
}

@test "flags come first, and by before over" {
	try sort 1 -r
	usage "'-r' must stand before .*: sort -r"
	try sort 1 -nr
	usage "'-nr' must stand before"
	try top 5 -r
	usage "field '-r': a name that begins with - stands in braces"
	try cut -x -2-
	usage "field '-2-'"
	try count over all by 1
	usage 'by KEYS stands once, and before over'
	try -a head -- 2 < <(seq 3)
	gives '1\n2\n'
	try -a cut '{-r}' <<<'{"-r":1}'
	gives '{"-r":1}\n'
}

@test "values: units that there are, too small, negative" {
	try -n 5x
	usage "--records '5x': the units are k, M, G and T$"
	try -b 1kb
	usage "'1kb': the units are k, M, G and T$"
	try -t 5x
	usage "'5x': the units are ns, us, ms, s, m, h and d$"
	try dedup -t 1y
	usage "-t '1y': the units are"
	try -b 0.4
	usage "'0.4': too small"
	try -t 0.1ns
	usage "'0.1ns': too small"
	try -t -1
	usage "'-1': it can't be negative"
	try -n 1.5
	usage "'1.5': it must be whole"
	try -n 0 -t 0.0s -b 0k --max-record 0 <<<a
	gives 'a\n'
}

@test "a file name after the chain: < FILE" {
	echo a >access.log
	try -a count access.log
	usage '< access.log'
	try access.log
	usage '< access.log'
	try -a grep x access.log
	usage '< access.log'
	try -a head 5 access.log
	usage '< access.log'
}

@test "count path: by" {
	try count 9
	usage "by 9"
	try -a count path
	usage "by path"
}

@test "sort by x and head -5 simply work" {
	try -a sort by 2 <<<$'a 2\nb 1'
	gives 'b 1\na 2\n'
	try -a head -2 < <(seq 5)
	gives '1\n2\n'
	try -a tail -2 < <(seq 5)
	gives '4\n5\n'
	try -a top by 1 <<<$'a\nb\nb'
	gives 'b\t2\na\t1\n'
}

@test "cut -f1 -d, and sort -k2 are answered" {
	try cut -f1 -d,
	usage 'cut' '-F'
	try cut -d, -f1
	usage 'cut' '-F'
	try sort -k2
	usage 'sort 2|FIELD'
	try sort -k 2
	usage 'sort 2|FIELD'
	try sort -nk2
	usage 'sort 2|FIELD'
}

@test "other tools' flags are answered" {
	try head -n 5
	usage 'without -n: head 5' 'usage: mbatch head'
	try tail -n5
	usage 'without -n: tail 5'
	try top -n 5 by 1
	usage 'without -n: top 5'
	try head -q
	usage 'head: there is no flag -q'
	try sort -t, -k2
	usage 'mbatch -F, sort 2'
	try sort -u
	usage 'then uniq'
	try cut -c 1-5
	usage 'substr'
	try grep -E x
	usage 'extended'
	try grep -e x
	usage 'alone'
	try grep -c x
	usage 'then count'
	try grep -o x
	usage 'extract'
	try replace -g a b
	usage 'every match'
}

@test "what other tools call an operator is answered" {
	try filter x
	usage "'filter'; did you mean 'where'"
	try select x
	usage "'cut'"
	try sum 3
	usage "'stats sum:FIELD'"
	try GREP x
	usage "'grep'"
}

@test "then stands between operators" {
	try -a count then head 1 then cut 1 < <(seq 3)
	gives '3\n'
	try then count
	usage "then"
	try count then
	usage "then"
	try count then then head
	usage "then"
	try count count
	usage "then"
	try -a grep then < <(printf 'a\nthen\n')
	gives 'then\n'
	try -a grep then then count < <(printf 'a\nthen\n')
	gives '1\n'
}

@test "missing and excess words are usage errors, with the usage" {
	try grep
	usage '^mbatch: grep: ' 'usage: mbatch grep'
	try cut
	usage '^mbatch: cut: ' 'usage: mbatch cut'
	try head 1 2
	usage '^mbatch: head: ' 'usage: mbatch head'
	try reverse x
	usage '^mbatch: reverse: ' 'usage: mbatch reverse$'
	try count by
	usage '^mbatch: count: ' 'usage: mbatch count'
}

@test "what no 64 bits hold is too large, whatever takes it" {
	local n c
	for n in 18446744073709551616 99999999999999999999 \
	    18446744073709551616k; do
		for c in "head N" "tail N" "sample -n N" "sample -s N 1%" \
		    "shuffle -s N" "dedup -m N" "dedup -t N" "top N 1" \
		    "top N by 1" "count over N" "hist -n N 1" "into -P N cat" \
		    "into -t N cat" "-n N count" "-b N count" "-t N count" \
		    "-g N count" "-w N -T 1 count" "-w 1 -T 1 --late N count" \
		    "-w 1 -T 1 --ahead N count" "--max-groups N count" \
		    "--max-record N count"; do
			case "$c $n" in
			*-[tgw]*k | *late*k | *ahead*k) continue ;;
			esac
			# shellcheck disable=SC2086  # words
			try ${c//N/$n} </dev/null
			fails 2 "$n'?: too large$"
		done
	done
	for c in 1:18446744073709551616 1:99999999999999999999k \
	    1:99999999999999999999s 1:9223372036854775807k; do
		try count by "$c" </dev/null
		fails 2 "^mbatch: count: .*'$c': a bucket must fit 64 bits$"
	done
	try count by 1:/99999999999999999999 </dev/null
	fails 2 'an IPv4 prefix has at most 32 bits'
	try count by 99999999999999999999 </dev/null
	fails 2 'position too large'
	try head 18446744073709551615 <<<a
	gives 'a\n'
}

@test "what must be a whole number says so" {
	try head x
	usage "^mbatch: head: N must be a whole number, not 'x'$" \
	    'usage: mbatch head'
	try tail 1.5
	usage "^mbatch: tail: N must be a whole number, not '1.5'$"
	try head 99999999999999999999999
	usage "^mbatch: head: N "
}

@test "flags that an operator does not have" {
	try -a count -z
	usage '^mbatch: count: .*-z' 'usage: mbatch count'
	try -a uniq -cz
	usage '^mbatch: uniq: .*-z'
}

@test "an option that nothing uses is a usage error" {
	try --late 5m count
	usage '--late'
	try -T 1 count
	usage '-T'
}

@test "usage errors read no input and write no output" {
	echo a >in
	exec 7<in
	status=0
	mbatch nosuch <&7 >out 2>err || status=$?
	is "$status" 2
	[ ! -s out ]
	read -r line <&7
	is "$line" a
}
