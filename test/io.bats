#!/usr/bin/env bats
# io.bats - what the input and the output may be

load helper

# from KIND...: the batches of `in` are the same when it comes that way.
from() {
	plumb "$@" "$MBATCH" -n 7 stamp batch,records,bytes,reason <in |
	    cmp - want
}

setup() {
	begin
	random_records 300 1 >in
	mbatch -n 7 stamp batch,records,bytes,reason <in >want
	[ "$(wc -l <want)" -eq 300 ]
}

@test "input from a file, from its middle" {
	exec 7<in
	read -r _ <&7
	mbatch <&7 | cmp - <(tail -n +2 in)
}

@test "input from a file so large that a thread reads it ahead" {
	seq -f 'record %.0f of those that make a large file' 300000 >large
	[ "$(wc -c <large)" -gt 8388608 ]
	mbatch <large | cmp - large
	try -a stats count,sum:2 <large
	gives '300000\t45000150000\n'
	try -a head 1 <large
	gives 'record 1 of those that make a large file\n'
	if command -v taskset >/dev/null; then	# and where there is no thread
		taskset -c 0 "$MBATCH" <large | cmp - large
	fi
	(tail -c +3 <large && tr '\n' ' ' <large) >long
	mbatch <long | cmp - <(cat long && echo)
}

# same_as_piped ARG...: the same from the large file as from a pipe.
same_as_piped() {
	# shellcheck disable=SC2002  # a pipe is the point
	cat large | mbatch "$@" >want 2>told
	mbatch "$@" <large 2>err | cmp - want
	cmp err told
	[ -s want ]
}

@test "columns found by the thread that reads ahead are those found later" {
	# In the second half only what lies across two reads is quoted.
	awk 'function put(s) {
		at += length(s) + 1
		print s
	}
	BEGIN {
		put("id,name,size,note")
		for (i = 0; i < 300000; i++) {
			rest = "," i % 1000 "," "note of the record"
			across = int(at / 262144) != int((at + 36) / 262144)
			if (across || (i < 150000 && i % 7 == 0))
				put(i ",\"a, \"\"b\"\" " i % 11 "\"" rest)
			else if (i % 50021 == 1)
				put(i ",x\"y" rest)
			else if (i % 50021 > 1 && i % 50021 < 5)
				put(i ",\"x\"y" rest)
			else if (i % 60013 == 1)
				put(i ",\"never closed" rest)
			else if (i % 70001 == 1)
				put(i)
			else if (i < 150000 && i % 5 == 0)
				put(i ",n" i % 13 rest "\r")
			else
				put(i ",n" i % 13 rest)
		}
	}' >large
	[ "$(wc -c <large)" -gt 8388608 ]
	same_as_piped -a -i csv stats count,sum:size by name
	same_as_piped -a -i csv stats count,sum:size,distinct:note by name,size:100
	same_as_piped -i csv -n 1000 cut note,id,name
	same_as_piped -i csv -k name:10 stats count,max:id
	same_as_piped -i csv -n 2 -k note -T id:%s rate
	same_as_piped -i csv -a where 'size > 990' then let 'more=size + 1'
	same_as_piped -i tsv -F, -N -a stats count,max:1,distinct:4 by 3
	same_as_piped -i tsv -F e -N -a stats count,max:1 by 2
	same_as_piped -F, -a stats count,last:4,distinct:1 by 3:10,3
	same_as_piped -n 999 count by 3
	same_as_piped -a count by 1:10k,-1
	same_as_piped -w 1h -T 3:%s -F, --late all stats count,max:1 by 2
	MBATCH_SIMD=none same_as_piped -a -i csv stats count,sum:size by name
}

@test "ends of strings found by the thread that reads ahead, too" {
	awk 'BEGIN {
		for (long = "x"; length(long) < 20000; )
			long = long " " long
		for (i = 0; i < 120000; i++) {
			s = i % 11 == 0 ? "a \\\"b\\\" \\u0041" : "name " i % 13
			if (i % 20011 == 1)
				s = s long
			r = "{\"id\":" i ",\"name\":\"" s "\",\"in\":{\"size\":" \
			    i % 1000 "},\"note\":\"what a record says\"}"
			if (i % 30011 == 1)
				r = substr(r, 1, length(r) - 2)
			if (i % 17 == 0)
				r = "{\"id\": " i ", \"name\": null}"
			if (i % 50021 == 1)
				r = "id=" i " name=\"text of pairs\""
			print r
		}
	}' >large
	[ "$(wc -c <large)" -gt 8388608 ]
	same_as_piped -a -i json stats count,sum:in.size,distinct:note by name
	same_as_piped -a stats count,sum:id by name
	same_as_piped -i json -n 1000 cut note,name,id
	same_as_piped -i json -a where 'in.size > 990' then count by id:1k
	MBATCH_SIMD=none same_as_piped -a -i json stats count,max:id by name
}

@test "a way of scanning that there is not is refused" {
	local way ran=0
	for way in none sse2 avx2 neon; do
		if MBATCH_SIMD=$way try -a count <in; [ "$status" -eq 0 ]; then
			gives '300\n'
			ran=$((ran + 1))
		else
			usage "MBATCH_SIMD .* not '$way'"
		fi
	done
	[ "$ran" -ge 1 ]
	[ "$ran" -lt 4 ]		# neon and avx2 are not of one machine
	for way in foo no NONE 'avx2 ' scan; do
		MBATCH_SIMD=$way try -a count <in
		usage "MBATCH_SIMD .* not '$way'"
	done
	MBATCH_SIMD='' try -a count <in
	gives '300\n'
}

# within KIB FILE: the result of FILE where that is all the address space.
within() {
	(ulimit -v "$1" && exec "$MBATCH" -n 1000 count <"$2") 2>/dev/null
}

@test "a large file asks for no more memory than a small one must have" {
	plain_build_only
	local kib least=1000
	seq 1200000 >large
	mbatch -n 1000 count <large >want
	head -n 1000 large >small
	until [ "$(within $least small)" = 1000 ]; do
		least=$((least + 100))
		[ $least -lt 100000 ]
	done
	for ((kib = least; kib < least + 12000; kib += 300)); do
		within $kib large | cmp - want
	done
}

@test "input from a pipe" {
	# shellcheck disable=SC2002  # a pipe is the point
	cat in | mbatch -n 7 stamp batch,records,bytes,reason | cmp - want
}

@test "input from a FIFO" {
	mkfifo fifo
	cat in >fifo &
	mbatch -n 7 stamp batch,records,bytes,reason <fifo | cmp - want
}

@test "input from a socket" {
	from socket
}

@test "input from a terminal" {
	need_terminals
	from tty
}

@test "input from a non-blocking descriptor" {
	from nonblock
	(head -c 1000 in; sleep 0.3; tail -c +1001 in) |
	    "$H/plumb" nonblock "$MBATCH" -n 7 \
	    stamp batch,records,bytes,reason | cmp - want
}

@test "input from a device" {
	try -a count </dev/null
	gives '0\n'
}

@test "reads of one byte, and of other sizes" {
	local n
	for n in 1 2 3 100 4095; do
		from packet $n
	done
}

@test "records that span reads" {
	yes "$(printf '%01000d' 7)" | head -n 500 | tr '\n7' '\n8' >in
	plumb packet 999 "$MBATCH" -n 3 <in | cmp - in
	plumb packet 1001 "$MBATCH" -n 3 <in | cmp - in
}

@test "records longer than any buffer" {
	{
		echo first
		head -c 3000000 /dev/zero | tr '\0' x
		echo
		head -c 5000000 /dev/zero | tr '\0' y
		printf '\nlast'
	} >in
	mbatch -n 1 <in | cmp - <(cat in; echo)
	# shellcheck disable=SC2002  # a pipe is the point
	cat in | mbatch -a sort -r | cmp - <(sed '$s/$/\n/' in | head -n 4 |
	    LC_ALL=C sort -r)
}

@test "empty records" {
	try -n 2 < <(printf '\n\n\na\n\n')
	gives '\n\n\na\n\n'
	try -n 2 stamp bytes < <(printf '\n\n\n')
	gives '2\t\n2\t\n1\t\n'
	try -a count by 0 < <(printf '\na\n\n')
	gives '\t2\na\t1\n'
}

@test "NUL bytes and invalid UTF-8 pass through" {
	printf 'a\0b\n\377\376\n\0\n' >in
	mbatch <in | cmp - in
	mbatch grep . <in | cmp - in
	mbatch -a sort <in | cmp - <(LC_ALL=C sort in)
	mbatch -a cut 1 <in | cmp - in
	try -a count by 0 <in
	is "$out" 'a\\0b\t1\n\0377\0376\t1\n\\0\t1\n'
}

@test "every byte passes through" {
	awk 'BEGIN { for (i = 1; i < 256; i++) printf "%c", i }' >in
	printf '\0\n' >>in
	mbatch <in | cmp - in
	mbatch -a tail 5 <in | cmp - in
}

@test "carriage returns are bytes like others" {
	printf 'a\r\nb\r\n' >in
	mbatch -n 1 <in | cmp - in
	mbatch -a sort -r <in | cmp - <(printf 'b\r\na\r\n')
}

@test "many small batches" {
	not_under_valgrind
	seq 200000 >in
	mbatch -n 1 <in | cmp - in
	seq 1000000 >in
	mbatch -n 10 <in | cmp - in
}

@test "output on a terminal keeps records as they are" {
	need_terminals
	mbatch grep k3 <in >want
	plumb outtty "$MBATCH" grep k3 <in | cmp - want
}

@test "a batch is written to a terminal as it closes" {
	need_terminals
	MBATCH=$H/plumb live outtty "$MBATCH" -n 2
	say 'a\nb\nc\n'
	hear a
	hear b
	hush
	hear c
	hear_end
	ended
	is "$status" 0
}

@test "a failure that only close finds is told" {
	try_fault 'close 1 0 1' -a count <in
	is "$out" '300\n'
	fails 1 '^mbatch: standard output: No space left'
	try_fault 'close 1 0 1' -V
	fails 1 '^mbatch: standard output: No space left'
	try_fault 'close 1 0 1' --help grep
	fails 1 '^mbatch: standard output: No space left'
	try_fault 'close 1 0 1' -l
	fails 1 '^mbatch: standard output: No space left'
	try_fault 'close 1 0 2' -a count <in
	gives '300\n'
}

# Runs it with f as standard input and what the shell makes of $1 as output.
from_f_to() {
	printf '%s\n' a b c >f
	status=0
	(ulimit -f 200 && eval "exec \"\$MBATCH\" \"\${@:2}\" <f $1") 2>err ||
	    status=$?
	: >out
	slurp
}

@test "input that would be read again as output is refused" {
	plain_build_only
	local to
	ln -f in f2 && ln -sf f f3
	for to in '>>f' '>>./f' '>>f3' '5<>f >>f'; do
		from_f_to "$to"
		fails 2 '^mbatch: the input file is also standard output'
		is "$(<f)" 'a\nb\nc'
		from_f_to "$to" -n 1 count
		fails 2 '^mbatch: the input file is also standard output'
		from_f_to "$to" tee /dev/null then grep x
		fails 2 '^mbatch: the input file is also standard output'
		is "$(<f)" 'a\nb\nc'
	done
	rm -f g && printf 'a\n' >f && ln f g
	status=0
	"$MBATCH" <f >>g 2>err || status=$?
	is "$status" 2
	# the output goes on behind what is read
	status=0
	(exec 6<>f && read -r _ <&6 && exec "$MBATCH" <f >&6) 2>err || status=$?
	is "$status" 2
	is "$(<f)" a
}

@test "input that is the output, but is not read again" {
	from_f_to '1<>f'			# as cat has it
	is "$status" 0
	is "$(<f)" 'a\nb\nc'
	from_f_to '1<>f' replace . X
	is "$(<f)" 'X\nX\nX'
	from_f_to '>>f' -a count		# all was read before
	is "$status" 0
	is "$(<f)" 'a\nb\nc\n3'
	from_f_to '>>f' -a sort -r
	is "$(<f)" 'a\nb\nc\nc\nb\na'
	: >f
	{ "$MBATCH" <f && "$MBATCH" <in; } >>f
	cmp in f
	"$MBATCH" <in >f
	cmp in f
}

@test "out of memory: what was written is finished, whoever ends it" {
	plain_build_only
	local kib least=1000 died=
	seq 400000 >large
	until [ "$(within $least in)" = 300 ]; do
		least=$((least + 100))
		[ $least -lt 100000 ]
	done
	mkdir d
	for ((kib = least; kib < least + 12000; kib += 400)); do
		status=0
		(ulimit -v $kib && exec "$MBATCH" -a tee d/f then tee 'd/{1:50000}' \
		    then sort -n then into --on-fail lost cat) <large >out \
		    2>err || status=$?
		[ ! -e lost ]
		is "$(find d -name '.*' -type f)" ''
		if [ "$status" -ne 0 ]; then
			is "$status" 1
			grep -qx 'mbatch: out of memory' err
		fi
		if [ "$status" -ne 0 ] && [ -s d/f ]; then
			died=1
			head -n "$(wc -l <d/f)" large | cmp - d/f
			cat d/[1-9]* d/0 | sort -n >parts
			head -n "$(wc -l <parts)" large | cmp - parts
		fi
		rm -f d/*
	done
	[ -n "$died" ]
}

@test "out of memory for one record: those before it are delivered" {
	plain_build_only
	local kib=1000 how op
	printf '{"a":1}\n' >small
	until (ulimit -v $kib && exec "$MBATCH" -a -i json -o csv cut a <small) \
	    >out 2>&1; do
		kib=$((kib + 400))
		[ $kib -lt 100000 ]
	done
	{ printf '{"a":1}\n{"a":2}\n{"a":"'; head -c 40000000 /dev/zero |
	    tr '\0' x; printf '"}\n'; } >large
	for how in file pipe; do
		for op in "-a grep a" "-i json -o csv cut a" "-a tee f" \
		    "-n 1 count"; do
			rm -f f
			status=0
			# shellcheck disable=SC2086  # words
			if [ $how = file ]; then
				(ulimit -v $((kib + 8000)) &&
				    exec "$MBATCH" $op) <large >out 2>err ||
				    status=$?
			else
				(ulimit -v $((kib + 8000)) &&
				    exec "$MBATCH" $op) < <(exec cat large) \
				    >out 2>err || status=$?
			fi
			slurp
			fails 1 '^mbatch: out of memory$' \
			    '^mbatch: [0-9]+ bytes of an unfinished record were'
			case $op in
			*csv*) is "$out" 'a\n1\n2\n' ;;
			*count) is "$out" '1\n1\n' ;;
			*) is "$out" '{"a":1}\n{"a":2}\n' ;;
			esac
			[ "$op" != "-a tee f" ] || cmp out f
		done
	done
}

@test "out of memory: the batches before are whole" {
	plain_build_only
	local op words
	{ seq 1000 && echo && seq 2000000; } >large
	for op in 'sort -r' 'count by 1' 'stats p50:1 by 1' reverse collect; do
		read -ra words <<<"$op"
		seq 1000 | mbatch -a "${words[@]}" >want
		status=0
		(ulimit -v 50000 && exec "$MBATCH" -s '^$' "${words[@]}") \
		    <large >out 2>err || status=$?
		is "$status" 1
		is "$(<err)" 'mbatch: out of memory'
		cmp out want
	done
}

# same_for_every_read OP...: output, messages, status and files are the same
# from a file, from a pipe and for reads of so many bytes.
same_for_every_read() {
	local how got='' want='' kept seen
	for how in file pipe 1 7 1000; do
		rm -f kept seen
		status=0
		case $how in
		file) mbatch -v "$@" <data >out 2>err || status=$? ;;
		pipe) mbatch -v "$@" < <(cat data) >out 2>err || status=$? ;;
		*) plumb packet $how "$MBATCH" -v "$@" <data >out 2>err ||
		    status=$? ;;
		esac
		touch kept seen
		slurp
		IFS= read -r -d '' kept <kept || :
		IFS= read -r -d '' seen <seen || :
		got="status $status
$out${err%mbatch: *records/s?}kept: $kept
seen: $seen"
		[ "$how" != file ] || want=$got
		[ "$got" = "$want" ] || {
			printf '%q, %s:\n%s\nfrom a file:\n%s\n' "$*" \
			    "$how" "$got" "$want"
			return 1
		}
	done
}

@test "result, messages and status: all acts at a record, not where reads end" {
	printf '%s\n' '{"a":1}' bad '{"a":2,"b":1}' '{"b":"x"}' '{"a"' \
	    '{"a":3,"b":2}' '{"c":1}' >json
	printf '%s\n' a,b,c 1,2,3 1,x,3 '"x,2,3' '1,2,"x' 3,2,1 x,y,z \
	    '2,"q"z,1' >csv
	printf '%s\n' 1 2 x 3 4 - 5 6 7 8 >text
	printf '%s\n' '1 1' '12 x' '2 y' x '13 3' '31 -' '5 2' '44 1' >timed
	local data words
	while read -r data words; do
		eval "set -- $words"
		cat "$data" >data
		same_for_every_read "$@"
	done <<-'EOF'
	json -i json --bad fail -a where 'a=1' then head 1
	json -i json --bad fail -a where 'a=1'
	json -i json --bad fail -a where 'b=1' then cut a then count
	json -i json --bad fail -n 2 cut a
	json -i json --bad fail -a tee seen then cut b then head 1
	json -i json --bad kept -a where 'a > 1' then head 1
	json -i json --bad kept -n 3 where 'a > 0' then head 1
	json -i json -a where 'a = 1 or c = 1' then head 1
	json -i json --bad kept -a tee seen then where 'a > 1' then head 1
	json -i json --bad skip --max-record 9 -a cut a then head 2
	json -i json --max-record 9 -a cut a
	json -i json --bad fail -k a count
	json -i json --bad fail -a -o csv
	json -i json --bad fail -a collect
	csv -i csv -a where 'a >= 0' then where 'c >= 0' then head 2
	csv -i csv --bad kept -n 4 where 'b < 9' then where 'c < 9' then head 1
	csv -i csv --bad fail -a let 'z=b+1' then where 'c > 0'
	csv -i csv --bad fail -a step delta a then head 3
	csv -i csv -a assert 'b != 2' then count
	text -a assert '$1 != 3'
	text -n 3 assert '$1 != 4' then stamp batch,records,bytes,reason
	text -k 1 assert '$1 != 3' then stamp batch,reason
	text -a tee seen then assert '$1 < 4' then stats sum:1
	text -a assert '$1 < 5' then assert '$1 < 3'
	text -a where '$1 > 2' then head 1
	text -a where '$1 > 2' then head 1 then stamp records,bytes
	text -n 5 where '$1 > 0' then head 1
	text -a extract '[0-9]+' then head 2
	text -a dedup then where '$1 > 0' then head 2
	text -n 4 sample -s 3 50% then head 1
	text -a head 3 then stats sum:1
	text -a tail 0
	text -a --max-groups 2 head 4 then count by 1
	timed -w 10s -T 1 where '$2 > 0' then head 1
	timed -w 10s -T 1 --late 10s assert '$2 < 3' then stamp records,reason
	timed -w 10s -T 1 --bad fail count
	timed -w 10s -T 1 --late all stats sum:2
	timed -T 1 -a --bad fail dedup -t 5s 2
	timed -T 1 -a --bad kept dedup -t 5s 2 then head 2
	timed -T 1 -n 2 --bad fail burst 2 20s then head 1
	timed -T 1 -a --bad kept burst -d 2 2 20s
	timed -T 1 -a --bad fail session 10s by 2
	timed -T 1 -n 3 session 10s count,sum:2 then head 1
	timed -T 1 -n 3 session 2s by 2 then assert '$1 != 3' then stamp batch
	timed -T 1 -a session 2s by 2 then where '$1 > 0' then head 2
	timed -w 10s -T 1 session 10s then stamp records,reason
	timed -T 1 -n 2 seq -u 10s '$2 > 0' '$2 < 3' then head 1
	timed -T 1 -a seq -u 2s '$2 > 0' '$2 < 0' then assert '$2 != 3'
	EOF
	seq 3000 >data
	same_for_every_read -a assert '$1 != 1030' then stats count,max:1
	same_for_every_read -a where '$1 % 2 = 0' then head 1030 then tail 1
	same_for_every_read -n 2000 tee seen then head 1500 then count
}

@test "a read that fails: what was read is delivered, then it is told" {
	[ "$(uname)" = Linux ] || skip 'reading such a terminal ends elsewhere'
	printf 'a 1\nb 2\nc' >data
	plumb failing cat <data >out 2>err && skip 'no terminal whose reading fails'
	local options want
	while IFS='|' read -r options want; do
		status=0
		# shellcheck disable=SC2086  # words
		plumb failing "$MBATCH" $options <data >out 2>err || status=$?
		slurp
		is "$out" "$want"
		is "${err#*$'^D ends them\n'}" \
		    'mbatch: standard input: Input/output error\nmbatch: 1 byte of an unfinished record was left\n'
		is "$status" 1
	done <<-'EOF'
	-a|a 1\nb 2\n
	-n 1 stamp batch|1\ta 1\n2\tb 2\n
	-a cut 2 then where $1>1|2\n
	-a tee seen|a 1\nb 2\n
	-a head 5|a 1\nb 2\n
	-a -o csv cut 1,2|1,2\na,1\nb,2\n
	-n 1 count|1\n1\n
	-a count|
	-a sort|
	-n 2 into cat|a 1\nb 2\n
	-a into cat|
	EOF
	is "$(<seen)" 'a 1\nb 2'
	try <.
	is "$out" ''
	fails 1 'standard input: Is a directory'
}
