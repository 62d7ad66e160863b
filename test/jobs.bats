#!/usr/bin/env bats
# jobs.bats - -j: many processors, the same bytes
load helper

# Workers begin at 8 blocks of input, which are small here.
many() {
	MBATCH_WORK=$1:$2 mbatch "${@:3}"
}

# A status of the program's own goes behind its output; any other fails.
ends() {
	local was=0
	"$@" ||
	    was=$?
	[ "$was" -eq 0 ] || echo "status $was"
	[ "$was" -le 3 ]
}

# Records of which some can't be read, some are empty lines, one is long.
mixed() {
	awk -v n="$1" 'BEGIN {
		srand(7)
		print "name,size,note"
		for (i = 0; i < n; i++) {
			if (i % 97 == 13)
				print ""
			else if (i % 211 == 5)
				printf "k%d,\"open %d\n", i % 5, i
			else if (i == 1500)
				printf "long,1,%0900d\n", 7
			else
				printf "k%d,%d,\"a, %s\"\n", rand() * 40,
				    rand() * 1000, i % 3 ? "x" : "yy"
		}
	}'
}

# The same from a file and a pipe, by any number of workers.
agree() {
	local work
	ends mbatch -v "$@" <in >want 2>err
	grep -v ' records/s$' err >want.err
	for work in 2:64 3:1000 7:200; do
		MBATCH_WORK=$work ends mbatch -v "$@" <in >out 2>err
		cmp out want
		grep -v ' records/s$' err | diff - want.err
		# Here a batch may be a second old.
		MBATCH_WORK=$work ends plumb packet 90 \
		    "$MBATCH" -v "$@" <in >out 2>err
		cmp out want
		diff <(grep -Ev ' records/s$| batch' err) \
		    <(grep -v ' batch' want.err)
	done
}

@test "-j: -a says nothing beside an option that closes batches" {
	seq 300 >in
	local limit op
	for limit in '-n 70' '-b 250' '-k 1:100' '-s 5$' '-e 5$'; do
		for op in count 'head 1' 'sort -r' 'stats p9:1'; do
			# shellcheck disable=SC2086  # words
			mbatch -j 1 $limit $op <in >want
			# shellcheck disable=SC2086
			mbatch -j 1 -a $limit $op <in | cmp - want
			# shellcheck disable=SC2086
			many 3 30 -a $limit $op <in | cmp - want
		done
	done
}

@test "-j: chains of records, by any number of workers" {
	mixed 2000 >in
	local chain
	for chain in 'where size>500' 'let half=size/2 then cut name,half' \
	    'grep x' 'extract -f note (y+) ys' 'replace [0-9] N'; do
		# shellcheck disable=SC2086  # words
		agree -i csv $chain
		# shellcheck disable=SC2086  # words
		agree -a -i csv -o json $chain
	done
	agree -i csv -o tsv
}

@test "-j: aggregates, by any number of workers" {
	mixed 2000 >in
	local chain
	for chain in count 'count by name' 'top 3 by name' 'hist size' \
	    'stats first:size,last:size,mode:size,p50:size,sd:size by name' \
	    'stats list:size,values:note,argmax:note@size,argmin:size@size' \
	    'stats list:note,values:size,argmax:note@size by name' \
	    'let h=size/3 then stats sum:h,mean:h,distinct:h by note' \
	    'where size>2 then count by name then sort -n count then head 3' \
	    'uniq -c name' 'cut name then uniq -c' 'uniq -d note,name'
	do
		# shellcheck disable=SC2086  # words
		agree -a -i csv $chain
	done
}

@test "-j: what one processor must do behind what all can" {
	mixed 2000 >in
	local chain
	for chain in 'where size>300 then top 5 size' \
	    'let h=size/2 then sort -n h,name then cut 1,h' \
	    'let h=size/2 then dedup name,note' 'grep k3 then tail 4' \
	    'cut name,size then step delta size by name' \
	    'where size>10 then step mean:3 size then step lag name by note' \
	    'cut name,size then count by name then missing by name' \
	    'where size>10 then movers 5 sum:size by name' \
	    'where size>10 then uniq -c name' 'grep 1 then count by note over 3' \
	    'let h=1/size then stats sum:h by name over all' \
	    'replace k K then tee /dev/null then count'; do
		# shellcheck disable=SC2086  # words
		agree -a -i csv $chain
		# shellcheck disable=SC2086  # words
		agree -n 70 -i csv $chain
	done
	# What heads in the middle, or asks, is as with one.
	agree -i csv -a grep 1 then head 5 then count
	agree -i csv -n 70 grep 1 then assert 'size != 77' then count
	agree -i csv -a grep k then stamp records,bytes then head 3
}

@test "-j: what is looked at again after all have left some of it" {
	mixed 2000 >in
	local chain
	for chain in 'top 7 size' 'top -r 3 size then cut size' 'uniq note,name' \
	    'tail 3 by name then seq' 'tail 30 then step delta size' \
	    'let n=size%10 then dedup n,note then count by note' \
	    'where size>3 then uniq name then top 3 size then cut name'; do
		# shellcheck disable=SC2086  # words
		agree -a -i csv $chain
	done
	agree -i csv dedup name
	agree -n 70 -i csv let n=size%10 then dedup n,note
	agree -n 70 -i csv tail 3 then cut name
	agree -n 70 -i csv uniq note
}

@test "-j: alert, wherever it finds something" {
	local jobs chain n want
	seq 20000 >in
	for chain in 'alert $1=19000' 'alert -q $1=300||$1=19000' \
	    'alert $1=0' 'alert -q $1<0' 'where $1>9 then alert $1=12 then sort' \
	    'where $1>9 then alert -q $1=3000 then count'; do
		for n in -a '-n 100'; do
			# shellcheck disable=SC2086  # words
			try -j 1 $n $chain <in
			cp out want
			want=$status
			for jobs in 2 5; do
				status=0
				# shellcheck disable=SC2086  # words
				many $jobs 500 $n $chain <in >out 2>err ||
				    status=$?
				is "$status:$(<err)" "$want:"
				cmp out want
			done
		done
	done
}

@test "-j: names that only some of the workers' records have" {
	local chain n
	awk 'BEGIN { for (i = 0; i < 2000; i++)
		print (i < 1500 ? "{\"v\":1}" : "{\"v\":1,\"k\":1}") }' >in
	for chain in 'count by k' 'let x=k' 'where k=1' 'stats sum:k'; do
		# shellcheck disable=SC2086  # words
		many 3 1000 -a -i json $chain <in >out 2>err
		is "$(<err)" ''
	done
	many 3 1000 -a -i json count by w <in >out 2>err
	is "$(<err)" "mbatch: count: no record had 'w'"
}

@test "-j: TERM, USR1 and a dead reader are seen while workers run" {
	seq 400000 >in
	mkfifo out
	MBATCH_WORK=3:5000 "$MBATCH" where '$1 > 0' <in >out &
	exec 7<out
	IFS= read -r line <&7
	is "$line" 1
	kill -TERM $!
	{ echo 1; cat <&7; } >got
	exec 7<&-
	wait $! || status=$?
	is "$status" 143
	head -n "$(wc -l <got)" in | cmp - got
	[ "$(wc -l <got)" -lt 400000 ]
	# Whole batches, but for the last one.
	MBATCH_WORK=3:5000 "$MBATCH" -n 50 join , <in >out &
	exec 7<out
	IFS= read -r line <&7
	kill -TERM $!
	{ echo "$line"; cat <&7; } >got
	exec 7<&-
	status=0
	wait $! || status=$?
	is "$status" 143
	mbatch -j 1 -n 50 join , <in | head -n "$(($(wc -l <got) - 1))" >want
	sed '$d' got | cmp - want
	[ "$(wc -l <got)" -lt 8000 ]
	MBATCH_WORK=3:5000 mbatch where '$1 > 0' <in | head -n 3 >got
	is "$(cat got)" '1\n2\n3'
}

@test "-j: a record that is too long, in its place" {
	{ seq 2000; printf '%0700d\n' 5; seq 2000; } >in
	agree --max-record 300 where '$1 > 3'
	agree --max-record 300 --bad skip -a stats count,last:1
	agree --max-record 300 --bad skip -a cut 1
}

@test "-j: bad records go to --bad FILE in their order" {
	mixed 3000 >in
	mbatch -i csv --bad want where 'size > 5' <in >/dev/null 2>&1
	MBATCH_WORK=3:200 mbatch -i csv --bad got where 'size > 5' <in >/dev/null 2>&1
	cmp got want
	[ -s got ]
}

@test "-j: what comes before a record that --bad FILE can't take" {
	[ -c /dev/full ] ||
	    skip 'no /dev/full'
	local at run
	for at in 1003 1025 1047; do
		seq 2000 | sed 's/.*/{"a":&}/; '$at's/:.*//' >in
		for run in 'mbatch -j 1' 'many 3 300'; do
			status=0
			# shellcheck disable=SC2086  # words
			$run -n 10 -i json --bad /dev/full sort -n a \
			    <in >out 2>err || status=$?
			is "$status" 1
			is "$(tail -n 1 err)" \
			    "mbatch: --bad '/dev/full': No space left on device"
			head -n $((at / 10 * 10)) in | cmp - out
		done
	done
}

@test "-j: bad usage, and one that is no number" {
	try -j x count </dev/null
	usage "-j.*'x'"
	try -j 0 count </dev/null
	gives ''
	try -a -j 1 count </dev/null
	gives '0\n'
}

@test "-j: sort, whose buckets are sorted side by side" {
	mixed 2000 >in
	local chain
	for chain in 'sort' 'sort -r size' 'sort -n size' 'sort -n note,size' \
	    'sort name' 'let h=size/7 then sort -n h then cut h,name' \
	    'sort -r -n size,name then let n=nr() then cut n'; do
		# shellcheck disable=SC2086  # words
		agree -a -i csv $chain
	done
}

@test "-j: rows of many groups are written side by side" {
	seq 3000 | awk '{ print ($1 * 7) % 1999, "a\\b" $1 % 3 }' >in
	local chain
	for chain in 'count by 1' 'count -p by 1,2' 'count by 1 then head 700' \
	    '-o json stats p50:1,mode:2,distinct:2 by 1' \
	    '-0 stats first:2 by 1' '--max-groups 1700 count by 1' \
	    'stats list:2 by 1'; do
		read -ra chain <<<"$chain"
		many 1 100 -a "${chain[@]}" <in >want
		many 4 100 -a "${chain[@]}" <in | cmp - want
	done
}

@test "-j: a byte order mark is no part of the first record" {
	{ printf '\357\273\277'; seq 3000; } >in
	agree -a stats sum:1
	agree -a cut 1
	agree -a count by 1
}

@test "-j: records too long for --max-record, of a full pipe" {
	seq 300000 | awk '{ print } NR % 9973 == 0 {
		s = ""
		while (length(s) < 70000)
			s = s "x"
		print s
	}' >in
	for chain in '-a stats count,distinct:1' '-a grep 7 then tail 4'; do
		# shellcheck disable=SC2086  # words
		mbatch -j 1 --max-record 9000 --bad skip $chain <in >want 2>err
		# shellcheck disable=SC2086  # words
		many 3 3000 --max-record 9000 --bad skip $chain \
		    < <(exec cat in) >out 2>err2
		cmp out want
		cmp err err2
	done
}

@test "-j: a record of a file that is longer than blocks are looked into" {
	{
		seq 900
		head -c 20000 /dev/zero | tr '\0' x
		printf '\n'
		seq 900
	} >in
	agree grep '[x1]'
	agree -a stats count,distinct:1
	agree -n 30 count
}

@test "-j: whole batches, a worker each" {
	mixed 2000 >in
	local limit chain
	for limit in '-n 7' '-b 500' '-k name' '-s k3' '-e k1,' \
	    '-n 30 -b 400 -s k3,5 -e k7 -k name'; do
		for chain in 'where size>5 then sort -n size' 'count by name' \
		    'head 3 then stamp batch,records,bytes,reason,key' \
		    'let h=1/size then uniq -c name then alert count>1' \
		    'alert -q size>980 then shuffle -s 3' \
		    '-S end -o json cut name'; do
			# shellcheck disable=SC2086  # words
			ends mbatch -j 1 -v $limit -i csv $chain \
			    <in >want 2>err
			[ -s want ]
			grep -v ' records/s$' err >want.err
			# shellcheck disable=SC2086  # words
			ends many 3 300 -v $limit -i csv $chain \
			    <in >out 2>err
			cmp out want
			grep -v ' records/s$' err | diff - want.err
			# shellcheck disable=SC2086  # words
			ends many 5 200 $limit -i csv $chain \
			    < <(cat in) >out 2>err
			cmp out want
		done
	done
}

@test "-j: a pattern is each thread's own" {
	{ echo E1D; echo E2D; seq 7000; seq -f E%gD 9000; } >in
	local how work
	for how in -s -e; do
		mbatch -j 1 $how 'E.*D|x[^2]*y' count <in >want
		for work in 2:3000 3:3000 3:5000 3:8000; do
			MBATCH_WORK=$work mbatch $how 'E.*D|x[^2]*y' count \
			    <in >out
			cmp out want
		done
	done
}

# Records by time, some of them late, some without one; windows, some of which
# are empty.
timed() {
	awk -v n="$1" 'BEGIN {
		srand(3)
		t = 1730000000
		for (i = 0; i < n; i++) {
			t += rand() * 9 + (i % 400 == 9) * 800
			late = i % 9 == 4 ? rand() * 50 : 0
			if (i % 97 == 13)
				print ""
			else if (i % 53 == 5)
				print "no time", i
			else
				printf "%.3f k%d %d %s\n", t - late,
				    rand() * 9, rand() * 1000, i % 3 ? "x" : "yy"
		}
	}'
}

@test "-j: windows by the records' own time" {
	timed 1200 >in
	local limit chain
	for limit in '-w 5m' '-w 1h --late 20s' '-w 10m --late all'; do
		for chain in 'count by 2' \
		    'stats first:3,last:3,list:4,p50:3 by 4 then sort 1' \
		    'where $3>500' 'let h=$3/7 then sort -n h then head 3' \
		    'where $3>9 then stamp window,batch then dedup 2,4'; do
			# shellcheck disable=SC2086  # words
			agree $limit -T 1 $chain
		done
	done
	agree -w 1h -T 1 grep x then assert '$3 != 77' then count
	agree -w 1h -T 1 --ahead 1s -o json extract 'k(.)' k
	agree -w 1h -T 1 sort -n 3 then movers 3 by 2
	# A window that closes tells before a later record does.
	{
		yes '1970-01-01T00:00:00Z a' | head -n 40
		echo '1970-01-01T09:00:00Z a'
		echo '1970-01-01T00:00:05Z late'
	} >long
	mv in usual
	mv long in
	agree -w 1s -T 1 count
	mv usual in
	# before 1970
	awk '{ sub(/^17/, "-2") } 1' in >before
	mv before in
	agree -w 5m -T 1 count by 2
}

@test "-j: windows of the clock" {
	local chain
	mixed 2000 >in
	for chain in 'count by name' 'where size>300 then cut name,size' \
	    'where size>300 then sort -n size' 'top 3 by note'; do
		# shellcheck disable=SC2086  # words
		mbatch -j 1 -w 5000d -i csv $chain < <(cat in) >want 2>err
		# shellcheck disable=SC2086  # words
		many 3 300 -w 5000d -i csv $chain < <(cat in) >out 2>err2
		cmp out want
		cmp err err2
	done
	yes 'a b' | head -n 400000 >in
	many 3 5000 -w 1ms count < <(cat in) >out
	[ "$(wc -l <out)" -gt 1 ]
	is "$(awk '{ n += $1 } END { print n }' out)" 400000
	many 3 5000 -w 1ms replace a b then tail < <(cat in) >out
	is "$(sort -u out)" 'b b'
}

@test "-j: times that the clock shows twice, windows of it" {
	export TZ=CET-1CEST,M3.5.0,M10.5.0/3
	awk 'BEGIN {
		for (i = 0; i < 1500; i++) {
			t = 6600 + i * 6 - (i % 9 == 4) * 600
			t -= t >= 10800 ? 3600 : 0
			printf "2024-10-27 %02d:%02d:%02d k%d %d\n", t / 3600,
			    t / 60 % 60, t % 60, i % 5, i
		}
	}' >in
	agree --local -w 10m -T 0 count
	agree --local -w 7m -T 0 where '$4 % 3 = 1' then stamp window
}

@test "-j: each batch is written as it closes, in a piece of its own" {
	seq 9000 >in
	plumb writes "$MBATCH" -j 1 -n 100 where '$1 != 377' then sort <in >want
	MBATCH_WORK=3:400 plumb writes "$MBATCH" -n 100 where '$1 != 377' \
	    then sort <in >out
	is "$(wc -l <want)" 90
	cmp out want
}

@test "-j: a worker without memory ends the run behind the batches before" {
	local n
	seq 3000 | sed 's/00$/& END/' >in
	{ sed -n '1,2000p' in; seq -s ' ' 12000 | tr ' ' '\n'; echo END
	    sed -n '2001,$p' in; } >all
	export MBATCH_WORK=3:8000
	for _ in 1 2 3 4 5; do
		try_fault 'grow 3 400000 1' -e END replace . \
		    XXXXXXXXXXXXXXXXXXXXXXX then sort -r <all
		is "$status" 1
		is "$(<err)" 'mbatch: out of memory'
		n=$(wc -l <out)
		is "$n" 2000
	done
	MBATCH_WORK=3:8000 mbatch -e END replace . XXXXXXXXXXXXXXXXXXXXXXX \
	    then sort -r <all | head -n 2000 | cmp - out
}

# Many groups, some of which come again and again, with values of many kinds.
groups() {
	awk -v n="$1" 'BEGIN {
		srand(5)
		print "k,v,t"
		for (i = 0; i < n; i++) {
			k = i % 3 ? "k" int(rand() * n * 2) : i % 9
			if (i % 211 == 5)
				k = "\"open"
			if (i % 83 == 7)
				k = i % 2 ? "" : "\"a,\"\" b\t" i "\""
			if (i == 300)
				k = sprintf("%0900d", 7)
			v = int(rand() * 1e6) / 10 ^ (i % 4)
			print k "," (i % 7 ? v : i % 2 ? "" : "x") "," i % 5
		}
	}'
}

@test "-j: one state of many groups, by any number of workers" {
	groups 1500 >in
	local chain
	for chain in 'count by k' 'count -p -s by t,k' 'top -r 30 sum:v by k,t' \
	    'stats sum:v,min:v,max:v,p50:v,sd=stddev:v,first:v,last:t by k' \
	    'stats list:v,range:v by k,v then sort -n range_v then head 40' \
	    'where t!=3 then let h=v/3 then stats mean:h,count,first:k by k'
	do
		# shellcheck disable=SC2086  # words
		agree -a -i csv $chain
	done
	agree -a -i csv --max-record 300 --bad skip stats sum:v,last:t by k
}

@test "-j: many groups that come late, in many reads, batch by batch" {
	seq 400000 >first
	seq 399999 -1 350000 >second
	{ seq 9; seq 2000; } >third
	export MBATCH_WORK=3:20000
	live -a stats count,first:1,sum:1 by 1
	for part in first second; do
		cat $part >&8
		settle
	done
	kill -USR1 "$live"
	settle
	cat third >&8
	hush
	cat <&9 >out
	ended
	is "$status" 0
	{ cat first second | mbatch -j 1 -a stats count,first:1,sum:1 by 1
	    mbatch -j 1 -a stats count,first:1,sum:1 by 1 <third; } | cmp - out
	seq 40000 >in
	try_fault 'grow 3 30000 1' -a count by 1 <in
	is "$status" 1
	is "$(<err)" 'mbatch: out of memory'
	is "$(<out)" ''
	try_fault 'thread 0 0 2' -a count by 1 <in
	sed 's/$/\t1/' in | cmp - out
	try_fault 'thread 0 0 1' -a count by 1 <in
	sed 's/$/\t1/' in | cmp - out
}

# Whether each of the chains of stdin, each behind one or all, has threads begun
# for the input in the file.
begun() {
	local file=$1 want chain got
	shift
	while read -r want chain; do
		# shellcheck disable=SC2086  # words
		FAULT='thread 0 0 0' LD_PRELOAD=$H/fault.so MBATCH_WORK=2:500 \
		    "$MBATCH" "$@" $chain <"$file" >out 2>err
		got=one
		[[ $(<err) != thread* ]] ||
		    got=all
		is "$got $chain" "$want $chain"
	done
}

@test "-j: which chains run on all processors" {
	local agg format
	try_fault 'thread 0 0 0' -V
	seq 1500 | awk 'BEGIN { print "k,v,n" }
	    { print $1 % 4 "," $1 % 9 "," $1 }' >csv
	for agg in count {sum,mean,min,max,range,p99,stddev,var}:n \
	    {distinct,mode,first,last,list,values}:v arg{min,max}:k@v; do
		echo "all stats $agg"
		echo "all stats $agg by k"
	done >chains
	begun csv -a -i csv <chains
	begun csv -a -i csv <<-'EOF'
		all --approx stats p9:n,distinct:n by k
		all count by v
		all top 3 by v
		all hist n
		all template
		all sort -n n
		all top 3 n
		all tail 3 by k
		all dedup v
		all uniq v
		all where v>2
		all where v>2 then count by k
		all where v>2 then sort v
		all -o json cut v
		all -o csv let x=v/2
		all count by n
		all stats sum:n,p50:k,first:v by n
		one stats mode:v by n
		one count by v,n over 2
		one --max-groups 2000 count by n
		one stats distinct:n
		one stats mode:n by k
		one head 3
		one let n=nr()
		one count by v over 2
		one step delta v
	EOF
	begun csv -i csv <<-'EOF'
		all -n 30 count by v
		all -b 200 sort v
		all -k k stats p50:v
		all -s ^0 cut v
		all -e ^0 reverse
		all where v>2
		one -n 30 step delta v
	EOF
	for format in tsv json logfmt; do
		mbatch -i csv -o $format <csv >$format
	done
	sed 's/,/,"/; s/,[^,]*$/"&/' csv >quoted
	for format in csv quoted tsv json logfmt; do
		begun $format -a -i "${format/quoted/csv}" <<-'EOF'
			all stats mean:n by k
			all count by v
			all -o json where v>2
			all sort -n v
		EOF
	done
	sed 1d csv >text
	begun text -a -i csv -N <<<'all stats p99:3 by 2'
	begun text -a -F , <<<'all stats p99:3 by 2'
	seq 8000 >rows		# which threads write
	begun rows -a <<-'EOF'
		all head 8000 then count by 1
		one head 7000 then count by 1
	EOF
}
