#!/usr/bin/env bats
# multiline.bats - -m: records of several lines
load helper

TOLD='^mbatch: a record of several lines leaves as it is'

setup() {
	begin
	printf 'a 1\n b 2\n\nc 3\n\td\n' >in
	cp "$ROOT/test/data/server.log" java
}

@test "-m: lines are kept, told once where they are no record each" {
	local n
	for n in 1 2 1000; do
		try -m indent -n $n <in
		is "$out" 'a 1\n b 2\n\nc 3\n\td\n'
		fails 0 "$TOLD"
		is "$(wc -l <err)" 1
		try -0 -m indent -n $n <in
		gives 'a 1\n b 2\n@c 3\n\td@'
		try -o json -m indent -n $n <in
		gives '{"record":"a 1\\n b 2\\n"}\n{"record":"c 3\\n\\td"}\n'
	done
	try -m indent head 1 then cut 1-2 <in
	gives 'a\t1\n'
	try -m indent grep c <<<$'a\n b\nc'
	gives 'c\n'
	try -0 -m indent grep -x c <<<$'c\n b\nc\nx\n c'
	gives 'c@'
	try -0 -m indent grep -vx '(?i)c.*' <<<$'c\n b\nC\nx\n c'
	gives 'x\n c@'
	try -0 -m indent grep -Fx $'c\n b' <<<$'c\n b\nc\nc\n b\n b'
	gives 'c\n b@'
	try -m indent -o text <in
	fails 0 "$TOLD"
	try -m indent -o tsv cut 3,4 <in
	gives '3\t4\nb\t2\nd\t\n'
}

@test "-m: newlines are blanks, ^ and \$ the ends of lines" {
	try -m indent count by 3,4 <in
	gives 'b\t2\t1\nd\t\t1\n'
	try -m indent cut -1,2 <in
	gives '2\t1\nd\t3\n'
	try -m indent grep '^ b' then cut 1 <in
	gives 'a\n'
	try -m indent grep 'a 1$' then cut 1 <in
	gives 'a\n'
	try -m indent grep -v '2$|^c' <in
	gives ''
	try -m indent where '$0 ~ "^c [0-9]$"' then cut 2 <in
	gives '3\n'
	try -m indent extract '^\s([a-z])' <in
	gives 'b\nd\n'
	try -m indent replace '^' '>' then head 1 <in
	is "$out" '>a 1\n> b 2\n>\n'
	try -0 grep '^ b' <in
	gives ''
	# -s and -e, too, also before it
	try -s '^.d$' -m indent -S -- cut 1 <<<$'a\nb\n\td\nc'
	gives 'a\n--\nb\nc\n--\n'
}

@test "-m: batches of records, and what operators make of them" {
	try -m indent -n 1 -S -- cut 1 <in
	gives 'a\n--\nc\n--\n'
	try -m indent -b 11 -S -- cut 1 <in
	gives 'a\n--\nc\n--\n'
	try -a -m indent sort -r then cut 1 <in
	gives 'c\na\n'
	try -a -m indent count by 0 <in
	gives 'a 1\\n b 2\\n\t1\nc 3\\n\\td\t1\n'
	try -a -m indent collect <in
	gives '["a 1\\n b 2\\n","c 3\\n\\td"]\n'
	try -m indent -n 1 into wc -l <in
	is "$out" '3\n2\n'
	try -m '^\{' -i json let c=a+1 <<<$'{\n "a": 1\n}\n{"a":\n2}'
	gives '{"a":1,"c":2}\n{"a":2,"c":3}\n'
}

@test "-m java: traces by exception, templates of first lines" {
	try -a -m java extract '^([A-Za-z.]+Exception)' then count by 1 <java
	gives 'java.lang.IllegalStateException\t2\njava.lang.NullPointerException\t1\n'
	try -m java grep '^Caused by: .*SQL' then cut 7 <java
	gives '17\n'
	try -a -m java count by 0:mask <java
	gives '* INFO [main] app.Server: started\t1\n* ERROR [*] app.Orders: order * failed\t3\n* INFO [main] app.Server: done\t1\n'
	try -m java -w 2s -T 1 count <java
	gives '2\n2\n1\n'
	mbatch -m java -n 1 -o json <java >want
	for n in 1 2 3 4 5; do
		mbatch -m java --range $n/5 -o json <java
	done | cmp - want
	mbatch -m '^[0-9]{4}-' -o json <java | cmp - want
	try -m java -o json cut 4 <java
	is "$(wc -l <out)" 5
	# a part that is in the middle of a record, to the end
	{ echo 1; seq -f ' %g' 40; } >in
	try -m '^1' --range 1/2 -0 grep -v x <in
	is "$out" "$(<in)@"
	try -m '^1' --range 2/2 -a count <in
	gives '0\n'
}

@test "-m: indent, python and go" {
	try -m python count <<'END'
ERROR:root:no
Traceback (most recent call last):
  File "x.py", line 3, in <module>
    f()
KeyError: 'a'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "x.py", line 5, in <module>
    g()
requests.exceptions.ConnectionError: refused
INFO:root:yes
END
	gives '2\n'
	try -m go count <<'END'
2026/10/06 08:00:00 up
panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
main.(*T).f(0xc000012345, {0x1, 0x2})
	/src/main.go:8 +0x1d
main.main()
	/src/main.go:12 +0x2a
created by net/http.(*Server).Serve in goroutine 1
exit status 2
2026/10/06 08:00:01 down (again)
END
	gives '3\n'
	try -m indent count <<<$' x\n\n y\na\r\n\r\n b\r'
	gives '2\n'
	try -m ruby count <in
	usage "-multiline 'ruby': there are indent, java, python, go; .* \^ruby"
	try -m '^(' count <in
	usage "-multiline '\^\('"
	try -m indent -i csv count <in
	usage '-m .* csv'
	try -m indent -j 3 --explain count <in
	grep -q '^reads  *auto records of several lines, from' <<<"$out"
	grep -q '^uses  *one processor' <<<"$out"
	try -m indent --merge count <in
	usage '-m .* --merge'
}

@test "-m: a trace of 5000 lines, reads of any size, what has no end" {
	local i
	{
		printf 'stands before\nthe first\n'
		for ((i = 0; i < 5000; i++)); do
			((i)) || echo '!long'
			echo "	at line $i"
		done
		printf '!\n!two\r\n lines\r\n\r\n!last\n no end'
	} >in
	try -m '^!' cut -1 <in
	gives 'first\n4999\n!\n\r\nend\n'
	try -m '^!' -o json tail 2 <in
	gives '{"record":"!two\\r\\n lines\\r\\n\\r"}\n{"record":"!last\\n no end"}\n'
	mbatch -m '^!' -o json <in >want
	is "$(wc -l <want)" 5
	plumb packet 90 "$MBATCH" -m '^!' -o json <in | cmp - want
	tail -n 20 in | mbatch -m '^!' -o json >want
	tail -n 20 in | plumb packet 1 "$MBATCH" -m '^!' -o json | cmp - want
	for i in 1 2 3; do
		MBATCH_WORK=$i:300 mbatch -m '^!' <in 2>err | cmp - <(
			cat in
			echo
		)
	done
}

@test "-m: --max-record is about whole records" {
	local by told='^mbatch: record 2 is longer than 9 bytes'
	printf '!a\n b\n!23\n  67890\n\n!c\n!%020d\n x\n!d\n' 0 >in
	for by in "$MBATCH" "plumb packet 1 $MBATCH"; do
		$by -m '^!' --max-record 9 -n 1 -0 <in >out 2>err && return 1
		slurp
		is "$out" '!a\n b@'
		grep -q "$told" err
		$by -m '^!' --max-record 9 --bad skip -0 <in >out 2>err
		slurp
		is "$out" '!a\n b@!c@!d@'
		grep -q '^mbatch: 2 records could not be read' err
		# lines behind one that is too long, too long themselves
		$by -m '^!' --max-record 9 --bad skip -0 < <(
			printf '%020d\n!%020d\n%020d\n x\n!a' 1 2 3) >out 2>err
		slurp
		is "$out" '!a@'
		grep -q '^mbatch: 3 records could not be read' err
	done
	try -m '^!' --max-record 24 --bad skip count <in
	gives '5\n'
}

@test "-m: live, a second of silence ends a record, and so does the end" {
	live -n 1 -m indent -o json
	say 'a\n b\nc'
	hear '{"record":"a\n b"}'
	say '\n d\ne\n'
	hear '{"record":"c\n d"}'
	say ' f\ng'
	settle
	kill -TERM "$live"
	hear '{"record":"e\n f"}'
	hear_end
	ended
	is "$status" 143
	grep -q '^mbatch: 1 byte of an unfinished record was left' err

	live -n 9 -t 10ms -m '^[a-z]' count
	say 'a\n\n'
	hear 1
	say 'b\nc\n'
	hush
	hear 2
	ended
}

@test "-m: each line that is too long is a record, however it is read" {
	local n
	for n in 5 13 60 1000; do
		awk 'BEGIN { for (i = 0; i < 9; i++)
			printf "%070d\n in\n%070d\nok\n", i, i }' |
		    plumb packet $n "$MBATCH" -a -m indent --max-record 60 \
		    --bad skip count >out 2>err
		is "$(<out)" 9
		is "$(tail -n 1 err)" 'mbatch: 18 records could not be read'
	done
}
