#!/usr/bin/env bats
# messages.bats - what is told, beside the command lines that provoke it
#
# "$ ARGS" are arguments of mbatch, and redirections, as bash reads them; its
# input is access.log.  What is told, but for the usage line, are the lines
# behind it.  The exit status is 2, or stands in front: "3$ ARGS".

load helper

setup() {
	begin
	cp "$ROOT"/test/data/* .
}

# told STATUS ARGS TEXT
told() {
	local got status=0
	echo "$2"
	got=$(
		eval "exec \"\$H/limit\" \"\$LIMIT\" \"\$MBATCH\" $2" \
		    <access.log 2>&1 >/dev/null
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
	$ count , sort
	mbatch: count: one word too many: ','; operators are joined by then: ... then sort ...
	$ count by 9 THEN sort
	mbatch: count: one word too many: 'THEN'; operators are joined by then: ... then sort ...
	$ count by 1 , 2
	mbatch: count: one word too many: ','; lists are joined by commas, without blanks: 1,2
	$ sort 2 desc
	mbatch: sort: one word too many: 'desc'; -r turns the order round: sort -r ...
	$ -i clf top bytes 3
	mbatch: top: one word too many: '3'; N stands first: top 3 ...
	$ stats count,sum:2 as n
	mbatch: stats: one word too many: 'as'; a new name stands in front: n=sum:2
	$ -i clf dedup 1m host
	mbatch: dedup: one word too many: 'host'; a time stands behind -t: dedup -t 1m ...
	$ -i clf session 30m host
	mbatch: session: there is no aggregate 'host'; did you mean 'last', or 'by host'?
	$ sort -n10
	mbatch: sort: there is no flag -1; in -n10 the value is a word of its own
	$ sort -seats
	mbatch: sort: there is no flag -s, as in -seats
	0$ -a top -5
	mbatch: record 1: top: 'HTTP/1.1"' is not a number; -5 is a field, counted from the end; for 5 records: top 5
	mbatch: 10 values of '-5' were not numbers
	1$ -a into false then count
	mbatch: into: batch 1 (records 1-10): false: exit status 1; it was given 'then count', too: into is the last operator
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

@test "first tries of who comes from other tools: expressions and fields" {
	tells <<-'EOF'
	$ where '$1 =~ /3/'
	mbatch: where: a pattern must stand in quotes
	mbatch:   $1 =~ /3/
	mbatch:         ^
	$ where '$9 is 200'
	mbatch: where: an operator is missing before 'is'; did you mean '='?
	mbatch:   $9 is 200
	mbatch:      ^
	$ where '$9 like "2%"'
	mbatch: where: an operator is missing before 'like'; did you mean 'contains'?
	mbatch:   $9 like "2%"
	mbatch:      ^
	$ where '$9 => 200'
	mbatch: where: a value must follow '='; did you mean '>='?
	mbatch:   $9 => 200
	mbatch:       ^
	$ where 'startswith($7, "/c")'
	mbatch: where: there is no function 'startswith'; did you mean 'FIELD =~ "^TEXT"'?
	mbatch:   startswith($7, "/c")
	mbatch:   ^
	$ where '$9 eq 200'
	mbatch: where: an operator is missing before 'eq'; did you mean '='?
	mbatch:   $9 eq 200
	mbatch:      ^
	$ where '$7 startswith "/c"'
	mbatch: where: an operator is missing before 'startswith'; did you mean '=~ "^..."'?
	mbatch:   $7 startswith "/c"
	mbatch:      ^
	$ where '$0 ~ "cart" then count'
	mbatch: where: then stands outside the quotes of the expression
	mbatch:   $0 ~ "cart" then count
	mbatch:               ^
	$ where 'length($7) > 5'
	mbatch: where: there is no function 'length'; did you mean 'len'?
	mbatch:   length($7) > 5
	mbatch:   ^
	$ where '$7 !~ /cart/'
	mbatch: where: a pattern must stand in quotes
	mbatch:   $7 !~ /cart/
	mbatch:         ^
	$ where '5xx = 1'
	mbatch: where: a number ends before 'xx'; a field of that name is $5xx
	mbatch:   5xx = 1
	mbatch:   ^
	$ where '5ä = 1'
	mbatch: where: a number ends before 'ä'; a field of that name is $5ä
	mbatch:   5ä = 1
	mbatch:   ^
	$ where '5aäöüäöüäöüäöüäöü = 1'
	mbatch: where: a number ends before 'aäöüäöüäöüäöüäöü'; a field of that name is $5aäöüäöüäöüäöüäöü
	mbatch:   5aäöüäöüäöüäöüäöü = 1
	mbatch:   ^
	$ where '55aäöüäöüäöüäöüäöü = 1'
	mbatch: where: a number ends before 'aäöüäöüäöüäöüäöü'; a field of that name is $55aäöüäöüäöüäöüäö
	mbatch:   55aäöüäöüäöüäöüäöü = 1
	mbatch:   ^
	$ where '$1 = "äöüäöüäöüäöüäöüäöüäöüäöüäöüäöü" x "äöüäöüäöüäöüäöüäöü"'
	mbatch: where: an operator is missing before 'x'
	mbatch:   äöüäöüäöüäöüäöü" x "äöüäöüäöüäöüäö
	mbatch:                    ^
	$ where '$1 = "äöüäöüäöüäöüäöüäöüäöüäöüäöüäöü"  x "äöüäöüäöüäöüäöüäöü"'
	mbatch: where: an operator is missing before 'x'
	mbatch:   äöüäöüäöüäöüäöü"  x "äöüäöüäöüäöüäö
	mbatch:                     ^
	$ let 'x=a ? b : c'
	mbatch: let: '?' has no meaning here: if(CONDITION, X, OTHER) chooses
	mbatch:   a ? b : c
	mbatch:     ^
	$ let 'x=$10 ^ 2'
	mbatch: let: '^' has no meaning here: x * x multiplies
	mbatch:   $10 ^ 2
	mbatch:       ^
	$ let 'x=$1 . $2'
	mbatch: let: '.' has no meaning here: concat(TEXT, ...) joins
	mbatch:   $1 . $2
	mbatch:      ^
	$ where '$1 = 1 | $2 = 2'
	mbatch: where: '|' has no meaning here: one of two is or
	mbatch:   $1 = 1 | $2 = 2
	mbatch:          ^
	$ where '$1 = 1 & $2 = 2'
	mbatch: where: '&' has no meaning here: both is and
	mbatch:   $1 = 1 & $2 = 2
	mbatch:          ^
	$ let 'x=sprintf("%d", $1)'
	mbatch: let: there is no function 'sprintf'; did you mean 'round, pad or concat'?
	mbatch:   sprintf("%d", $1)
	mbatch:   ^
	$ let 'x=gsub("a","b",$1)'
	mbatch: let: there is no function 'gsub'; did you mean 'replace ERE TEXT'?
	mbatch:   gsub("a","b",$1)
	mbatch:   ^
	$ let 'x=avg($1)'
	mbatch: let: there is no function 'avg'; did you mean 'stats mean:FIELD'?
	mbatch:   avg($1)
	mbatch:   ^
	$ let 'x+=1'
	mbatch: let: there is no +=: a field set anew is x='x + 1' (one of that name stands in braces)
	$ missing 3 by 1
	mbatch: missing: one word too many: '3'
	$ replace s/a/b/
	mbatch: replace: pattern and text are two words, without s and slashes: replace ERE TEXT
	$ tail -f
	mbatch: tail: there is no flag -f: a file that grows comes by tail(1): tail -F FILE | mbatch ...
	$ split 0
	mbatch: split: 0 is the whole record, not a field of it: tr , '\n' | mbatch ... makes records of its parts
	0$ -a stats 'p99:10 as x'
	mbatch: stats: no record had '10 as x'; a name stands in front: stats x=p99:FIELD
	0$ -a stats 'mean:10*2'
	mbatch: stats: no record had '10*2'; an expression is let's: let x='...' then stats mean:x
	0$ -a stats mean:8 < <(echo 1 2 3 4 5 6 7 NA)
	mbatch: record 1: stats: 'NA' of '8' is not a number (--null-words takes words for absent)
	1$ -T at -w 1m extract '(..)' at then count < app.ndjson
	mbatch: record 1: the input has no field 'at' for -T at byte 1
	mbatch: 5 records could not be read
	1$ -T 4:%d -w 1h count
	mbatch: record 1: no time in field '4' at byte 16
	mbatch: 10 records could not be read
	$ -i clf count by user-agent
	mbatch: count: there is no field 'user-agent'; there are 'host', 'ident', 'user', 'time', 'method', 'path', 'protocol', 'status', 'bytes', 'referer', 'agent', 'vhost'
	$ -i clf count by status_code
	mbatch: count: there is no field 'status_code'; did you mean 'status'?
	$ -i csv cut tail,mak < planes.csv
	mbatch: cut: there is no field 'mak'; there are 'tail', 'year', 'maker', 'seats'
	$ -n=5 count
	mbatch: --records '=5': a letter's value stands behind it, without =
	$ -i clf let 'kb=bytes/1024' cut kb
	mbatch: let: one word too many: 'cut'; operators are joined by then: ... then cut ...
	$ --help nosuch
	mbatch: there is no operator or page of help 'nosuch' (mbatch -l lists the operators)
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
	mbatch: record 1: no time in field '1' (-T FIELD:FORMAT says its form) at byte 1
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

@test "options: what is wrong, and what to do" {
	tells <<-'EOF'
	$ -t '1m5' count
	mbatch: --timeout '1m5': a unit is missing
	$ -w 1h30 count
	mbatch: --window '1h30': a unit is missing
	$ -w 2w count
	mbatch: --window '2w': weeks are 1w, months 1mo, 2mo, 3mo, 4mo or 6mo, years 1y
	$ -w 5mo -T 0 count
	mbatch: --window '5mo': weeks are 1w, months 1mo, 2mo, 3mo, 4mo or 6mo, years 1y
	$ -w 1mo@30d -T 0 count
	mbatch: --window '1mo@30d': behind the @ is less than 28d
	$ -w 1h@2h -T 0 count
	mbatch: --window '1h@2h': behind the @ is less than before it
	$ -w 1mo@500ms -T 0 count
	mbatch: --window '1mo@500ms': months begin at a whole second
	$ -T 1: -w 1h count
	mbatch: --time '1:': a format follows the colon
	$ -T 1:%q -w 1h count
	mbatch: --time '1:%q': an unknown conversion
	$ -T 1:%q rate
	mbatch: --time '1:%q': an unknown conversion
	$ --state-from x --state s count
	mbatch: --state-from 'x': it is start or end
	$ --state-to x count
	mbatch: --state-to and what else begins so need --state FILE
	$ --state s -o table count
	mbatch: --state can't be combined with -o table: its columns are aligned anew by each run
	$ --state s --state-to n tee x
	mbatch: --state-to: the files of tee don't wait for who reads the output
	$ --state s stamp time
	mbatch: stamp: with --state a batch has no time but that of -w and -T; stamp batch,records,bytes,reason is the rest
	$ -f 1
	mbatch: there is no option -f: fields are an operator's: cut 1,3; files come by < FILE
	$ --format json
	mbatch: there is no option --format: -i says what is read, -o what is written
	$ --interval 5
	mbatch: there is no option --interval: -w DUR makes windows, -t DUR limits the wait
	$ --parallel 3
	mbatch: there is no option --parallel: -j N limits processors, into -P N runs commands
	$ --quiet
	mbatch: there is no option --quiet: an operator that prints nothing is none: --none STATUS
	$ --threads 3
	mbatch: there is no option --threads: -j N limits processors
	$ --utc
	mbatch: there is no option --utc: times are UTC without --local
	$ --zero
	mbatch: there is no option --zero: -0 ends records by NUL
	$ --file x
	mbatch: there is no option --file: records come from standard input: mbatch ... < FILE
	$ --follow
	mbatch: there is no option --follow: tail -F FILE | mbatch ...
	$ --lines 3
	mbatch: there is no option --lines: -n N closes a batch at N records
	$ --tsv
	mbatch: there is no option --tsv: -i tsv reads it, -o tsv writes it
	$ -H -i csv
	mbatch: -H is for text: csv has a header anyway
	$ -H -i json
	mbatch: -H is for text: json has its own names
	$ -F '\q' cut 1
	mbatch: --separator '\q': only \t \n \r \0 \\ and \xHH mean something
	$ --partial cut 1
	mbatch: --partial needs an aggregate: count, hist, movers, rate, session, stats, template, top by, uniq
	$ --partial where 'nr() > 1' then count
	mbatch: --partial: where: nr() counts the records of one run, and means nothing to several
	$ --partial sort then count
	mbatch: --partial: sort can't come before the first aggregate: it sees more than one record
	$ --partial count over all
	mbatch: --partial: count over: states of several batches can't be merged with others
	$ --merge head
	mbatch: --merge: head can't come before the first aggregate: it sees more than one record
	$ --partial movers over 3
	mbatch: movers: by KEYS is missing
	$ --approx top -r by 1
	mbatch: top: -r: the smallest groups are not known with --approx
	$ --approx top 99999999 by 1
	mbatch: top: with --approx N is at most 16384
	$ --state s count > >(cat)
	mbatch: --state: standard output must be a regular file that is appended to (>> FILE) and may be read; this is none: nobody knows what its reader has got.  For a command: mbatch --state s --state-to s.new ... | CMD && mv s.new s
	$ --state s count 1<access.log
	mbatch: --state: standard output must be a regular file that is appended to (>> FILE) and may be read; it is none.  For a command: mbatch --state s --state-to s.new ... | CMD && mv s.new s
	$ --state s count 1<>access.log
	mbatch: --state: standard output must be a regular file that is appended to (>> FILE) and may be read; this would overwrite what is there.  For a command: mbatch --state s --state-to s.new ... | CMD && mv s.new s
	EOF
}

@test "operators: what is wrong with their words" {
	tells <<-'EOF'
	$ cut
	mbatch: cut: the list of fields is missing
	$ cut -x a.b < app.ndjson
	mbatch: cut: -x takes whole members, not 'a.b' (a member of that name is {a.b})
	$ cut -f 1 -d ,
	mbatch: cut: there is no flag -f: fields are given without -f, and the separator before the operator: mbatch -F, cut 1,3
	$ grep -E x
	mbatch: grep: there is no flag -E: patterns are extended regular expressions
	$ grep -c x
	mbatch: grep: there is no flag -c: to count: grep ERE then count
	$ grep -o x
	mbatch: grep: there is no flag -o: to take the match out: extract ERE
	$ sort -k 2
	mbatch: sort: there is no flag -k: fields are given without -k: sort 2
	$ stamp time,time,batch,batch,records,bytes,reason,key
	mbatch: stamp: there are only 6 columns
	$ stats
	mbatch: stats: what to reckon (count,mean:FIELD) is missing
	$ sum 2
	mbatch: there is no operator 'sum'; did you mean 'stats sum:FIELD'?
	$ mean 2
	mbatch: there is no operator 'mean'; did you mean 'stats mean:FIELD'?
	$ max 2
	mbatch: there is no operator 'max'; did you mean 'stats max:FIELD'?
	$ min 2
	mbatch: there is no operator 'min'; did you mean 'stats min:FIELD'?
	$ avg 2
	mbatch: there is no operator 'avg'; did you mean 'stats mean:FIELD'?
	$ step
	mbatch: step: what to compute is missing
	$ step delta
	mbatch: step: FIELD is missing
	$ lookup statuses.csv
	mbatch: lookup: the key, [FIELD=]COLUMN, is missing
	$ top by 1 count,sum:10
	mbatch: top: one word too many: 'count,sum:10'; it stands before by: top count,sum:10 by 1
	$ hist 10 20
	mbatch: hist: one word too many: '20'; -n says how many bins
	$ top count,sum:10 by 1
	mbatch: top: one aggregate orders the groups; stats count,sum:10 by ... then top gives more
	$ top 5 count,sum:10 by 9
	mbatch: top: one aggregate orders the groups; stats count,sum:10 by ... then top gives more
	$ count over
	mbatch: count: N of over is missing
	$ count by 9 over
	mbatch: count: N of over is missing
	$ count over 5m
	mbatch: count: over counts batches: -w 5m makes batches of that time, over 12 takes the last twelve
	$ count over x
	mbatch: count: over is followed by a number of batches or all, not 'x'
	$ count then then count
	mbatch: an operator must follow 'then'
	$ then count
	mbatch: an operator must come before 'then'
	$ extract '(a)(b)' x
	mbatch: extract: 1 name for 2 parts of the pattern (_ skips one)
	$ extract '(a)' x,y
	mbatch: extract: 2 names for 1 part of the pattern (_ skips one)
	$ let 99999999=1
	mbatch: let: position 99999999 is too far
	$ stamp rcords
	mbatch: stamp: there is no column 'rcords'; there are batch, time, records, bytes, reason and key; did you mean 'records'?
	$ let '$99999999=1'
	mbatch: let: position 99999999 is too far
	$ split 99999999
	mbatch: split: position 99999999 is too far
	$ split 9999999
	mbatch: split: position 9999999 is too far
	$ replace -f 9999999 a b
	mbatch: replace: position 9999999 is too far
	$ cut ''
	mbatch: cut: a field of the list is empty
	$ cut '{a}b'
	mbatch: cut: field '{a}b': text after '}'
	$ cut '{a'
	mbatch: cut: field '{a': '{' without '}'
	$ sort ''
	mbatch: sort: field '': empty field name
	$ count by ''
	mbatch: count: field '': empty field name
	$ join '\q'
	mbatch: join: SEP: only \t \n \r \0 \\ and \xHH mean something
	$ top -p 10
	mbatch: top: -p goes with by KEYS
	$ top -r by 1 --approx
	mbatch: top: one word too many: '--approx'; options stand before the first operator: mbatch --approx ... top
	$ movers over x
	mbatch: movers: over is followed by a number of batches or all, not 'x'
	$ fill -e
	mbatch: fill: FIELDS is missing
	$ pivot
	mbatch: pivot: NAME is missing
	$ pivot 1 2
	mbatch: pivot: by KEYS is missing: which columns auto records have isn't known before they come
	$ seq 1h
	mbatch: seq: a step is missing, an expression: '$0 contains "Failed"'
	$ burst 0 1m
	mbatch: burst: N is from 1 to 2147483647
	$ burst
	mbatch: burst: N is missing
	$ hist -n 0 10
	mbatch: hist: -n: from 1 to 1000 bins
	$ sample 2
	mbatch: sample: RATE 2 is more than all (-n 2 takes so many of each batch)
	$ sample -n 0
	mbatch: sample: K must be above 0
	$ sample x
	mbatch: sample: RATE is 1%, 0.01 or 1/100, not 'x'
	$ session
	mbatch: session: GAP is missing
	$ rate x
	mbatch: rate: one word too many: 'x'; did you mean 'by x'?
	$ missing
	mbatch: missing: by KEYS is missing
	$ parse
	mbatch: parse: the pattern is missing
	$ replace a
	mbatch: replace: the text to put there is missing
	$ tee
	mbatch: tee: FILE is missing
	$ tee '%Q'
	mbatch: tee: a time in FILE is the clock's, and a regular file is not read as it is written: -w 1h -T FIELD goes by the records' own time
	$ template x
	mbatch: template: N must be a whole number, not 'x'
	$ uniq -d -u
	mbatch: uniq: -d and -u leave nothing
	$ fromjson -f
	mbatch: fromjson: -f needs a value
	$ collect x
	mbatch: collect: one word too many: 'x'
	$ shuffle x
	mbatch: shuffle: one word too many: 'x'
	$ reverse x
	mbatch: reverse: one word too many: 'x'
	$ join a b
	mbatch: join: one word too many: 'b'
	$ tail x
	mbatch: tail: N must be a whole number, not 'x'
	$ head x
	mbatch: head: N must be a whole number, not 'x'
	EOF
}

@test "patterns and expressions: where they are wrong" {
	tells <<-'EOF'
	$ where '$'
	mbatch: where: a position or a name must follow $
	mbatch:   $
	mbatch:   ^
	$ where '$ = 1'
	mbatch: where: a position or a name must follow $
	mbatch:   $ = 1
	mbatch:   ^
	$ where "a = 'x"
	mbatch: where: the text has no closing '
	mbatch:   a = 'x
	mbatch:       ^
	$ where 'upper(a)'
	mbatch: where: upper() gives text: compare it
	mbatch:   upper(a)
	mbatch:   ^
	$ where '1 not 2'
	mbatch: where: and or or is missing before 'not'
	mbatch:   1 not 2
	mbatch:     ^
	$ where 'a not b'
	mbatch: where: and or or is missing before 'not'
	mbatch:   a not b
	mbatch:     ^
	$ where 'a ~ "["'
	mbatch: where: in the pattern: unmatched [
	mbatch:   a ~ "["
	mbatch:        ^
	$ where 'a ~ "(?i"'
	mbatch: where: in the pattern: (?i) stands only at the start of a pattern
	mbatch:   a ~ "(?i"
	mbatch:        ^
	$ grep '['
	mbatch: grep: in the pattern: unmatched [
	mbatch:   [
	mbatch:   ^
	$ grep '(?!x)'
	mbatch: grep: in the pattern: nothing looks ahead: leave records out by grep -v
	mbatch:   (?!x)
	mbatch:   ^
	$ grep '(?<!x)'
	mbatch: grep: in the pattern: nothing looks behind: leave records out by grep -v
	mbatch:   (?<!x)
	mbatch:   ^
	$ grep '(?>x)'
	mbatch: grep: in the pattern: nothing is tried twice here: write ( )
	mbatch:   (?>x)
	mbatch:   ^
	$ grep '(?=x)'
	mbatch: grep: in the pattern: nothing looks ahead: of a match, ( ) is what is wanted
	mbatch:   (?=x)
	mbatch:   ^
	$ grep 'x{256}'
	mbatch: grep: in the pattern: repeated more than 255 times
	mbatch:   x{256}
	mbatch:     ^
	$ grep 'x{,3}'
	mbatch: grep: in the pattern: an interval is {m}, {m,} or {m,n}
	mbatch:   x{,3}
	mbatch:    ^
	$ grep 'x{3,2}'
	mbatch: grep: in the pattern: the interval is empty
	mbatch:   x{3,2}
	mbatch:    ^
	$ grep 'x{3'
	mbatch: grep: in the pattern: unmatched {
	mbatch:   x{3
	mbatch:    ^
	$ grep 'x++'
	mbatch: grep: in the pattern: a repeat of a repeat: write + alone, as nothing is tried twice here
	mbatch:   x++
	mbatch:     ^
	$ grep 'x*+'
	mbatch: grep: in the pattern: a repeat of a repeat: write * alone, as nothing is tried twice here
	mbatch:   x*+
	mbatch:     ^
	$ grep 'x^y'
	mbatch: grep: in the pattern: nothing stands before ^, the start; the sign itself is \^
	mbatch:   x^y
	mbatch:    ^
	$ grep 'x$y'
	mbatch: grep: in the pattern: nothing follows $, the end; a dollar sign is \$
	mbatch:   x$y
	mbatch:    ^
	$ grep '(.)\1'
	mbatch: grep: in the pattern: \1 has no meaning here: back-references are not supported
	mbatch:   (.)\1
	mbatch:      ^
	$ grep '\Ax'
	mbatch: grep: in the pattern: \A has no meaning here: the start is ^
	mbatch:   \Ax
	mbatch:   ^
	$ grep 'x\Z'
	mbatch: grep: in the pattern: \Z has no meaning here: the end is $
	mbatch:   x\Z
	mbatch:    ^
	$ grep '\<x'
	mbatch: grep: in the pattern: \< has no meaning here: where a word begins or ends is \b
	mbatch:   \<x
	mbatch:   ^
	$ grep '[\b]'
	mbatch: grep: in the pattern: \b has no meaning here: it is no byte, and can't stand in a bracket
	mbatch:   [\b]
	mbatch:    ^
	$ grep '\hx'
	mbatch: grep: in the pattern: \h has no meaning here: a blank or tab is [[:blank:]]
	mbatch:   \hx
	mbatch:   ^
	$ grep '\pL'
	mbatch: grep: in the pattern: \p has no meaning here: a letter is [[:alpha:]], and a byte beyond ASCII [\x80-\xff]
	mbatch:   \pL
	mbatch:   ^
	$ grep '\u0041'
	mbatch: grep: in the pattern: \u has no meaning here: a byte is \xHH, of two hexadecimal digits
	mbatch:   \u0041
	mbatch:   ^
	$ grep '\Qx'
	mbatch: grep: in the pattern: \Q has no meaning here: a backslash before each of .[($|*+?{^\ makes plain text of it
	mbatch:   \Qx
	mbatch:   ^
	$ grep 'x\Ky'
	mbatch: grep: in the pattern: \K has no meaning here: what is wanted of a match stands in ( ), for extract
	mbatch:   x\Ky
	mbatch:    ^
	$ grep 'x\R'
	mbatch: grep: in the pattern: \R has no meaning here: a record's end is $
	mbatch:   x\R
	mbatch:    ^
	$ grep '\m'
	mbatch: grep: in the pattern: \m has no meaning here: a backslash itself is \\
	mbatch:   \m
	mbatch:   ^
	$ grep '[[:alpha'
	mbatch: grep: in the pattern: unmatched [: or [. or [= in a bracket
	mbatch:   [[:alpha
	mbatch:    ^
	$ grep '[[.ab.]]'
	mbatch: grep: in the pattern: only single bytes are collating elements
	mbatch:   [[.ab.]]
	mbatch:    ^
	$ grep '[a-c-e]'
	mbatch: grep: in the pattern: a range cannot start with another's end
	mbatch:   [a-c-e]
	mbatch:       ^
	$ grep '[:digit:]'
	mbatch: grep: in the pattern: a class stands in a bracket, [[:digit:]] or [^[:space:]]
	mbatch:   [:digit:]
	mbatch:   ^
	$ grep '[c-a]'
	mbatch: grep: in the pattern: the range is empty: in a bracket - stands first or last
	mbatch:   [c-a]
	mbatch:    ^
	EOF
}

@test "records and runs: what is told as they go on" {
	tells <<-'EOF'
	0$ where 'a = RS'
	mbatch: where: no record had 'a'
	mbatch: where: no record had 'RS'; -0 ends records by NUL
	1$ --merge count < /dev/null
	mbatch: --merge: nothing came: no state, and no run's end line
	1$ -i clf count by status < <(echo 'a b c [06/Oct/2026:08:59:40 +0000]')
	mbatch: record 1: no "request" after the time at byte 35
	1$ -i clf count by status < <(echo 'a b c [06/Oct/2026:08:59:40 +0000] "x"')
	mbatch: record 1: no status at byte 39
	1$ -i clf count by status < <(echo 'a')
	mbatch: record 1: not host ident user [time] at byte 2
	1$ -i json count by a < <(echo '{"a":"')
	mbatch: record 1: unterminated string at byte 6
	1$ -i json count by a < <(echo '{"a"')
	mbatch: record 1: cut short at byte 5
	1$ -i json count by a < <(echo '{"a":}')
	mbatch: record 1: no value where one should be at byte 6
	1$ -i json count by a < <(echo '{"a":x}')
	mbatch: record 1: not a value at byte 6
	1$ -i json count by a < <(echo '{"a":1 2}')
	mbatch: record 1: no , or } after a member at byte 8
	1$ -i json count by a < <(echo '{"a":[1 2]}')
	mbatch: record 1: no , or ] after an element at byte 9
	1$ -i json count by a < <(echo '{"b" 2}')
	mbatch: record 1: no : after a key at byte 6
	1$ -i json count by a < <(echo '{"b":1,}')
	mbatch: record 1: no key in quotes at byte 8
	0$ -i csv count by a < <(printf 'a,a,b,b\n1,2,3,4\n')
	mbatch: the header: columns 1 and 2 are called 'a': the name means the first (and 1 more like it)
	0$ -a dedup -m 2 1
	mbatch: record 4: dedup: -m is reached; the oldest keys are forgotten early
	mbatch: 5 keys were forgotten early, as dedup -m holds no more
	0$ -a --max-open 1 -p 1 dedup
	mbatch: -p: more batches are open than --max-open 1; the one longest open closes
	mbatch: -p: more values are remembered than --max-open 1; those longest without a batch are forgotten
	mbatch: 8 batches closed as too many were open (--max-open)
	mbatch: 8 values were forgotten as too many were remembered (--max-open)
	0$ -p 9 --max-open 2 -n 2 count
	mbatch: -p: more batches are open than --max-open 2; the one longest open closes
	mbatch: 4 batches closed as too many were open (--max-open)
	0$ -p 9 --max-open 2 -a count
	mbatch: -p: more batches are open than --max-open 2; the one longest open closes
	mbatch: 5 batches closed as too many were open (--max-open)
	1$ --ahead 1d -T 1 -w 1h count < <(echo 2199-01-01)
	mbatch: record 1: its time, 2199-01-01T00:00:00Z, is further ahead of the clock than --ahead lets it be, and not believed
	0$ -a dedup -m 1 9
	mbatch: record 3: dedup: -m is reached; the oldest keys are forgotten early
	mbatch: 6 keys were forgotten early, as dedup -m holds no more
	3$ -a assert '$9 < 300'
	mbatch: record 3: assert: not $9 < 300: '198.51.100.7 - alice [06/Oct/2026:08:59:40 +0000] "POST /login H...'
	3$ -n 4 count then assert 'count < 3'
	mbatch: batch 1: assert: not count < 3: '4'
	1$ -n 1 -a into false
	mbatch: into: batch 1 (record 1): false: exit status 1
	1$ -n 5 into false
	mbatch: into: batch 1 (records 1-5): false: exit status 1
	1$ -n 5 into --on-fail f false
	mbatch: into: batch 1 (records 1-5): false: exit status 1
	mbatch: into: batch 2 (records 6-10): false: exit status 1
	mbatch: into: 2 batches failed; they are in f
	1$ -n 5 into --on-fail f nosuchcommand
	mbatch: into: batch 1 (records 1-5): nosuchcommand: No such file or directory
	mbatch: into: batch 2 (records 6-10): nosuchcommand: No such file or directory
	mbatch: into: 2 batches failed; they are in f
	1$ -a into -t 10ms sleep 5
	mbatch: into: batch 1 (records 1-10): sleep: ran longer than -t allows
	1$ -n 5 into sh -c 'kill $$'
	mbatch: into: batch 1 (records 1-5): sh: killed by signal 15 (Terminated)
	0$ uniq x
	mbatch: uniq: no record had 'x'
	EOF
}

@test "what takes more than a line to provoke" {
	MBATCH_WORK=x try count
	usage "MBATCH_WORK must be N:BYTES, not 'x'"
	is "$(mbatch -5 2>&1 | tail -n 1)" "mbatch: usage: mbatch [OPTION]... \
[OP [ARG]... [then OP [ARG]...]...]; see mbatch --help"
	mbatch --run a --partial count <access.log >a
	try --merge count < <(cat a a)
	fails 1 "^mbatch: --merge: run 'a' came twice"
	try -v --merge --part count <a
	fails 0 '1 run, of 10 records, 967 bytes, 0 bad records; only part of their states was to come \(--part\)'
	live --state s --state-to new count
	settle
	kill -USR1 "$live"
	until_true grep -q 'USR1 closes no batch where --state is given' err
	ended
	seq 3 >log
	mbatch --state p -a count <log >>counts
	mv log log.3
	seq 5 | tee log log.1 >log.2
	touch -d '2100-01-01' log.1 log.2
	try --state p --state-rotated log.1 --state-rotated log.2 \
	    --state-rotated log.3 -a count <log
	fails 1 'state-rotated: log.[12] and log.[12] were changed at the same time; which one comes first\?'
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

@test "what is said of arguments: the rest" {
	: >file
	tells <<-'EOF'
	$ top sum:1
	mbatch: top: top sum:1 is of groups: by KEYS is missing
	$ -i json top
	mbatch: top: json records have no last field: name one
	$ top -p p99:2 by 1
	mbatch: top: -p: only counts and sums have shares
	$ sample 150%
	mbatch: sample: RATE 150% is more than all
	$ grep -f file
	mbatch: grep: -f names a field to look at, not a file of patterns: join them by |
	$ grep -h x
	mbatch: grep: there is no flag -h; for help: mbatch --help grep
	$ replace x $'a\nb'
	mbatch: replace: a record can't hold a newline
	mbatch:   a b
	mbatch:    ^
	$ tee x%Q%
	mbatch: tee: 'x%Q%' is no name with a time
	$ where 'a ~ /x/'
	mbatch: where: a pattern must stand in quotes
	mbatch:   a ~ /x/
	mbatch:       ^
	$ where '.3x == 1'
	mbatch: where: a number ends before 'x'; a field of that name is $.3x
	mbatch:   .3x == 1
	mbatch:   ^
	$ where '.{ == 1'
	mbatch: where: there is no closing }
	mbatch:   .{ == 1
	mbatch:    ^
	$ where 'min(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17)'
	mbatch: where: min(X, ...) has at most 16 arguments
	mbatch:   min(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17)
	mbatch:   ^
	$ extract "$(printf '(a)%.0s' {1..300})"
	mbatch: extract: more than 256 parts
	$ -b 1k5
	mbatch: --bytes '1k5': there is more than a number and a unit
	$ -b 17179869184G
	mbatch: --bytes '17179869184G': too large
	$ -t 2562047h2562047h
	mbatch: --timeout '2562047h2562047h': too large
	$ --state s --range 1/2 count
	mbatch: --state can't be combined with --range
	$ sort 1 desc
	mbatch: sort: one word too many: 'desc'; -r turns the order round: sort -r ...
	$ cut 1 desc
	mbatch: cut: one word too many: 'desc'; lists are joined by commas, without blanks: 1,desc
	EOF
}

@test "the place in a long text of characters of several bytes" {
	local e x
	printf -v e 'é%.0s' {1..70}
	printf -v x '\x80%.0s' {1..140}
	for front in '' x; do
		try where "$front$e +"
		usage "^mbatch: where: a value must follow '\+'"
		grep -qxE 'mbatch:   (é)+ \+' err
		try where "x$front x $e +"
		usage "^mbatch: where: an operator is missing before 'x'"
		grep -qxE "mbatch:   x$front x (é)+" err
	done
	try where "x x $x"
	is "$status" 2
	while IFS= read -r line; do
		[ ${#line} -lt 90 ]
	done < <(head -n 3 <<<"$err")
}
