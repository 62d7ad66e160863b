#!/usr/bin/env bats
# messages.bats - what is told, beside the command lines that provoke it
#
# "$ ARGS" are arguments of mbatch as bash reads them, on access.log; what is
# told, but for the usage line, are the lines behind it.  The exit status is 2,
# or stands in front: "3$ ARGS".

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$ROOT"/test/data/* .
}

# told STATUS ARGS TEXT
told() {
	local got status=0
	echo "$2"
	got=$(
		eval "set -- $2"
		exec "$H/limit" "$LIMIT" "$MBATCH" "$@" <access.log 2>&1 >/dev/null
	) || status=$?
	got=$(grep -v '^mbatch: usage: ' <<<"$got")
	[ "$status" -eq "$1" ] && [ "$got" = "$3" ] && return
	printf 'status %s, tells:\n%s\nnot:\n%s\n' "$status" "$got" "$3"
	return 1
}

# tells FILE: all that stand there.
tells() {
	local line cmd='' want='' code=2 n=0
	while IFS= read -r line; do
		if [[ $line =~ ^([0-9]*)\$\ (.*) ]]; then
			[ -z "$cmd" ] || told "$code" "$cmd" "${want%$'\n'}"
			code=${BASH_REMATCH[1]:-2} cmd=${BASH_REMATCH[2]} want=''
			n=$((n + 1))
		else
			want+=$line$'\n'
		fi
	done
	told "$code" "$cmd" "${want%$'\n'}"
	echo "$n command lines"
}

@test "first tries of who comes from other tools: operators" {
	tells <<-'EOF'
	$ limit
	mbatch: there is no operator 'limit'; did you mean 'head'?
	$ order
	mbatch: there is no operator 'order'; did you mean 'sort'?
	$ groupby 1
	mbatch: there is no operator 'groupby'; did you mean 'count by KEYS'?
	$ histogram 2
	mbatch: there is no operator 'histogram'; did you mean 'hist'?
	$ eval x=1
	mbatch: there is no operator 'eval'; did you mean 'let'?
	$ freq 1
	mbatch: there is no operator 'freq'; did you mean 'count by KEYS'?
	$ write out
	mbatch: there is no operator 'write'; did you mean 'tee'?
	$ mean:2
	mbatch: there is no operator 'mean:2'; did you mean 'stats mean:2'?
	$ help
	mbatch: there is no operator 'help'; did you mean 'mbatch --help'?
	$ -a cuont
	mbatch: there is no operator 'cuont'; did you mean 'count'?
	$ access.log
	mbatch: 'access.log' is no operator; records come from standard input: mbatch ... < access.log
	$ 'count by 1'
	mbatch: 'count by 1' is one word: operator and arguments are words of their own, without quotes around all
	$ -w 1 m
	mbatch: 1 'm': a number and its unit are one word: 1m
	$ -b 64 KiB count
	mbatch: 64 'KiB': a number and its unit are one word: 64KiB
	$ $'x\e[2J'
	mbatch: there is no operator 'x\x1b[2J'; `mbatch -l` lists them
	$ --help cuont
	mbatch: there is no operator or page of help 'cuont'; did you mean 'count'?
	EOF
}

@test "first tries of who comes from other tools: options" {
	tells <<-'EOF'
	$ -5
	mbatch: there is no option -5; did you mean -n 5 (batches of so many records), or the operator 'head 5'?
	$ -d, count
	mbatch: there is no option -d: -F separates fields
	$ -q
	mbatch: there is no option -q; an operator's flags stand after its name
	$ --csv count
	mbatch: there is no option --csv: -i csv reads it, -o csv writes it
	$ --json
	mbatch: there is no option --json: -i json reads it, -o json writes it
	$ --batch 5
	mbatch: there is no option --batch: -n N closes a batch at N records, -b SIZE at bytes
	$ --batch=5 count
	mbatch: there is no option --batch: -n N closes a batch at N records, -b SIZE at bytes
	$ --size
	mbatch: there is no option --size: -n N closes a batch at N records, -b SIZE at bytes
	$ --recrods 5
	mbatch: there is no option --recrods; did you mean --records?
	$ -n 5x
	mbatch: --records '5x': the units are k, M, G and T
	$ -t 5x
	mbatch: --timeout '5x': the units are ns, us, ms, s, m, h and d
	$ -i nginx
	mbatch: --input 'nginx': there is no such format; did you mean 'clf'?
	$ -i combined
	mbatch: --input 'combined': there is no such format; did you mean 'clf'?
	$ -i syslog
	mbatch: --input 'syslog': there is no such format: its lines are text, -T 0 finds their time; fields by parse '* * * *: *' month,day,time,host,what
	$ -o clf
	mbatch: --output 'clf': clf is only read; there are text, tsv, csv, json, logfmt and table
	$ -o jsonn
	mbatch: --output 'jsonn': there is no such format; did you mean 'json'?
	EOF
}

@test "first tries of who comes from other tools: arguments" {
	tells <<-'EOF'
	$ count by 1, 2
	mbatch: count: lists are joined by commas, without blanks: 1,2
	$ count by 1 2
	mbatch: count: one word too many: '2'; lists are joined by commas, without blanks: 1,2
	$ stats count sum:2
	mbatch: stats: one word too many: 'sum:2'; lists are joined by commas, without blanks: count,sum:2
	$ cut 1 2
	mbatch: cut: one word too many: '2'; lists are joined by commas, without blanks: 1,2
	$ count by=1
	mbatch: count: one word too many: 'by=1'; keys stand apart: by 1
	$ count 1
	mbatch: count: one word too many: '1'; did you mean 'by 1'?
	$ count sort
	mbatch: count: one word too many: 'sort'; operators are joined by then: ... then sort ...
	$ count -n 5
	mbatch: count: there is no flag -n; an option -n stands before the first operator: mbatch -n ... count
	$ head -n 2
	mbatch: head: there is no flag -n: N is given without -n: head 2
	$ top -n5
	mbatch: top: there is no flag -n: N is given without -n: top 5
	$ grep -e x
	mbatch: grep: there is no flag -e: the pattern stands alone, several are joined by |
	$ count by '$1'
	mbatch: count: field '$1': a position is written without $
	$ dedup 2-
	mbatch: dedup: field '2-': a range is for cut, and written 2-4 or 4-; a name like it stands in braces
	$ cut 1:2
	mbatch: cut: field '1:2': a range is for cut, and written 2-4 or 4-; a name like it stands in braces
	$ sort access.log
	mbatch: sort: 'access.log' is a file; records come from standard input: mbatch ... sort < access.log
	$ where 'ms>1' app.ndjson
	mbatch: where: 'app.ndjson' is a file; records come from standard input: mbatch ... where 'ms>1' < app.ndjson
	$ where a = b
	mbatch: where: the expression must be one word in single quotes: 'a = b'
	$ into 'wc -l'
	mbatch: into: there is no command 'wc -l': it and its arguments are words of their own: into wc -l, or a line for the shell: into sh -c 'wc -l'
	$ -i clf where 'status = error'
	mbatch: where: there is no field 'error'; text stands in quotes: "error"
	$ -i csv where 'user-agent = "x"' then count
	mbatch: where: there is no field 'user'; a name with - stands in braces: {user-agent}
	$ -i clf where 'NR > 1'
	mbatch: where: there is no field 'NR'; did you mean nr()?
	EOF
}

@test "what records tell at run time says what to write instead" {
	tells <<-'EOF'
	0$ -a where 'level = error'
	mbatch: where: no record had 'level'
	mbatch: where: no record had 'error'; text stands in quotes: "error"
	0$ -a where 'NR > 1'
	mbatch: where: no record had 'NR'; did you mean nr()?
	0$ -a where 'user-agent = "x"'
	mbatch: where: no record had 'user'; a name with - stands in braces: {user-agent}
	mbatch: where: no record had 'agent'; a name with - stands in braces: {user-agent}
	0$ -a top 10 host
	mbatch: top: no record had 'host'; to rank groups by how often they come: top by host
	0$ -a -i clf head 1 then top 10 host
	mbatch: record 1: top: '192.0.2.10' is not a number; to rank groups by how often they come: top by host
	1$ -w 1m -T 1 count
	mbatch: record 1: no time in field '1' at byte 1
	mbatch: 10 records could not be read
	1$ -i json count by a
	mbatch: record 1: not a JSON object at byte 1
	mbatch: 10 records could not be read
	3$ -a count then assert 'count < 3'
	mbatch: batch 1: assert: not count < 3: '10'
	3$ assert '$9 = 200'
	mbatch: record 3: assert: not $9 = 200: '198.51.100.7 - alice [06/Oct/2026:08:59:40 +0000] "POST /login H...'
	EOF
	try -w 1m -T 0 count <<<x
	fails 1 'no timestamp that can be read \(-T FIELD:FORMAT says its form\) at byte 1'
}

@test "compressed input is told, and nothing comes out" {
	local magic name cat
	while read -r magic name cat; do
		# shellcheck disable=SC2059  # a format indeed
		printf "$magic\\x00\\x01\\n\\x02" >packed
		for o in '-a count' '-n 1' '-i csv count' '-0 -a sort' \
		    '--bad skip -w 1h -T 0 count' '--merge count'; do
			# shellcheck disable=SC2086  # words
			try $o <packed
			is "$status" 1
			is "$out" ''
			is "$err" "mbatch: standard input is compressed by $name: $cat FILE | mbatch ...\n"
		done
	done <<-'EOF'
	\x1f\x8b\x08 gzip zcat
	\x28\xb5\x2f\xfd zstd zstdcat
	\xfd7zXZ xz xzcat
	BZh91AY&SY bzip2 bzcat
	\x04\x22\x4d\x18 lz4 lz4cat
	EOF
	try <<<BZh9
	gives 'BZh9\n'
}
