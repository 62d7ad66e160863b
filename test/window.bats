#!/usr/bin/env bats
# window.bats - -w by the records' own time: -T, --late; and by the clock

load helper

# log N SEED: a clf log over half a day, in order to the second, some hours
# empty.
log() {
	awk -v n="$1" -v seed="$2" '
	BEGIN {
		x = seed + 7
		t = 0
		for (i = 0; i < n; i++) {
			x = (x * 16807) % 2147483647
			t += x % 40
			if (x % 501 == 0)
				t += 7300
			d = int(t / 86400)
			s = t % 86400
			printf "h%d - - [%02d/Oct/2023:%02d:%02d:%02d +0000] ",
			    x % 9, 1 + d, s / 3600, s / 60 % 60, s % 60
			printf "\"GET /p%d HTTP/1.1\" %d %d\n", x % 5,
			    x % 11 ? 200 : 500, x % 5000
		}
	}'
}

# The hours that have records, from a log's text: start and number.
hours() {
	awk '
	{
		h = "2023-10-" substr($4, 2, 2) "T" substr($4, 14, 2) ":00:00Z"
		n[h]++
	}
	END { for (h in n) print h "\t" n[h] }' | sort
}

@test "each window is a batch: in order, empty ones too, all records in one" {
	local seed
	for seed in 1 2 3; do
		log 3000 $seed >in
		mbatch -i clf -w 1h count then stamp time <in >got
		awk '{ n += $2 } END { exit n != 3000 }' got
		sort -c got
		awk '$2 > 0' got | cmp - <(hours <in)
		# No hour between the first and the last is missing.
		awk '{ sub(/T/, " "); gsub(/[-:]/, " "); sub(/Z/, "")
		    h = $3 * 24 + $4
		    if (NR > 1 && h != last + 1) exit 1; last = h }' got
	done
}

@test "the same bytes from a file, a pipe, and however the reads fall" {
	log 300 1 >in
	local options chain piece
	for options in '' '--late 1h' '--late all'; do
		for chain in 'stamp' 'count by host' 'grep 500' '' \
		    'head 2 then stamp time' 'stamp batch then grep p1'; do
			# shellcheck disable=SC2086  # words
			mbatch -i clf -w 30m $options $chain <in >want
			for piece in 1 13 4096; do
				# shellcheck disable=SC2086  # words
				plumb packet $piece "$MBATCH" -i clf -w 30m \
				    $options $chain <in |
				    cmp - want
			done
		done
	done
}

@test "windows agree with time buckets of keys" {
	log 2000 4 >in
	local width
	for width in 1h 7m 90s 1d 1w 1mo 1d@6h; do
		mbatch -i clf -w $width count then stamp time <in |
		    awk '$2 > 0' >windows
		mbatch -i clf -a count by "time:$width" <in |
		    cmp - windows
	done
}

@test "weeks, months and years, in order, empty ones too" {
	printf '%s\n' 1969-12-28T23:59:59Z 1969-12-29 1970-01-04T23:59:59Z \
	    1970-01-19 >in
	try -T 1 -w 1w count then stamp time <in
	gives '1969-12-22T00:00:00Z\t1\n1969-12-29T00:00:00Z\t2\n1970-01-05T00:00:00Z\t0\n1970-01-12T00:00:00Z\t0\n1970-01-19T00:00:00Z\t1\n'
	printf '%s\n' 2023-12-31T23:59:59Z 2024-02-29T23:59:59Z 2024-03-01 \
	    2024-02-01 2024-04-30 >in
	try -T 1 -w 1mo count then stamp time <in
	is "$out" '2023-12-01T00:00:00Z\t1\n2024-01-01T00:00:00Z\t0\n2024-02-01T00:00:00Z\t1\n2024-03-01T00:00:00Z\t2\n2024-04-01T00:00:00Z\t1\n'
	fails 0 '^mbatch: record 4: its time, 2024-02-01T00:00:00Z, is before'
	try -T 1 -w 1mo --late 30d count then stamp time <in
	gives '2023-12-01T00:00:00Z\t1\n2024-01-01T00:00:00Z\t0\n2024-02-01T00:00:00Z\t2\n2024-03-01T00:00:00Z\t1\n2024-04-01T00:00:00Z\t1\n'
	# the whole one has 366 days
	try -T 1 -w 1y --late all rate then cut 1 < <(printf '%s\n' \
	    2023-12-31T23:59:59Z 2024-02-29 2025-01-01)
	is "$(sed -n 2p out)" 3.1623153207852664e-08
	try -T 1 -w 6mo@14d --late all count then stamp time <in
	gives '2023-07-15T00:00:00Z\t1\n2024-01-15T00:00:00Z\t4\n'
	try -a count by 1:3mo <in
	gives '2023-10-01T00:00:00Z\t1\n2024-01-01T00:00:00Z\t3\n2024-04-01T00:00:00Z\t1\n'
}

@test "days and months by TZ's clock, where it is changed" {
	export TZ=CET-1CEST,M3.5.0,M10.5.0/3
	printf '%s\n' 2024-03-30T23:00:00Z 2024-03-31T04:00:00Z \
	    2024-03-31T21:59:59Z 2024-03-31T22:00:00Z 2024-10-27T04:59:59Z \
	    2024-10-27T05:00:00Z 2024-10-31T22:59:59Z >in
	try --local -a count by 1:1d <in
	gives '2024-03-31T00:00:00+01:00\t3\n2024-04-01T00:00:00+02:00\t1\n2024-10-27T00:00:00+02:00\t2\n2024-10-31T00:00:00+01:00\t1\n'
	try --local -a count by 1:1d@6h <in
	gives '2024-03-30T06:00:00+01:00\t1\n2024-03-31T06:00:00+02:00\t3\n2024-10-26T06:00:00+02:00\t1\n2024-10-27T06:00:00+01:00\t1\n2024-10-31T06:00:00+01:00\t1\n'
	try --local -a count by 1:1mo <in
	gives '2024-03-01T00:00:00+01:00\t3\n2024-04-01T00:00:00+02:00\t1\n2024-10-01T00:00:00+02:00\t3\n'
	try --local -a count by 1:1w <in
	gives '2024-03-25T00:00:00+01:00\t3\n2024-04-01T00:00:00+02:00\t1\n2024-10-21T00:00:00+02:00\t2\n2024-10-28T00:00:00+01:00\t1\n'
	try --local -T 1 -w 6mo@1d count then stamp time <in
	gives '2024-01-02T00:00:00+01:00\t4\n2024-07-02T00:00:00+02:00\t3\n'
	# from the change on, as its start is skipped; then the first of two
	export TZ=CST5CDT,M3.2.0/0,M11.1.0/1
	try --local -a count by 1:1d < <(printf '%s\n' 2024-03-10T04:59:59Z \
	    2024-03-10T05:00:00Z 2024-11-03T05:30:00Z 2024-11-03T06:30:00Z)
	gives '2024-03-09T00:00:00-05:00\t1\n2024-03-10T01:00:00-04:00\t1\n2024-11-03T00:00:00-04:00\t2\n'
}

@test "what windows and buckets can't be, and weeks of 7d" {
	local w
	for w in 2w 5mo 2y 1d@1d 1mo@28d 1.5mo; do
		try -T 1 -w $w count </dev/null
		usage "^mbatch: --window '$w': "
		try -a count by 1:$w </dev/null
		usage "^mbatch: count: field '1:$w': "
	done
	for w in -t -g --late; do
		try -T 1 $w 1w </dev/null
		usage "^mbatch: --[a-z]* '1w': the units are"
	done
	try burst 3 1mo </dev/null
	usage 'the units are'
	try -T 1 -w 7d count <<<1970-01-01
	is "$out" '1\n'
	fails 0 '^mbatch: -w: weeks that begin on Thursdays'
	try -a count by 1:14d <<<1970-01-01
	is "$out" '1970-01-01T00:00:00Z\t1\n'
	fails 0 '^mbatch: 14d: weeks that begin on Thursdays'
	live -w 1mo count then stamp time
	say 'a\n'
	settle
	hush
	hear "$(date -u +%Y-%m)-01T00:00:00Z"$'\t1'
	ended
	is "$status$(<err)" 0
}

@test "--late all: shuffled input gives what the sorted does" {
	local seed
	for seed in 1 2 3; do
		log 2000 $seed >in
		awk -v s=$seed 'BEGIN { srand(s) } { print rand() "\t" $0 }' in |
		    sort | cut -f 2- >mixed
		mbatch -i clf -w 1h count then stamp time,reason <in >want
		mbatch -i clf -w 1h --late all count then stamp time,reason \
		    <mixed |
		    cmp - want
		mbatch -i clf -w 1h --late all sort then stamp time <in >want
		mbatch -i clf -w 1h --late all sort then stamp time <mixed |
		    cmp - want
	done
}

@test "--late all streams nothing out of order" {
	log 2000 5 >in
	awk 'BEGIN { srand(5) } { print rand() "\t" $0 }' in | sort |
	    cut -f 2- >mixed
	# Records stay in input order within their hour.
	awk '{ print substr($4, 2, 14) "\t" NR "\t" $0 }' mixed |
	    sort -t "$(printf '\t')" -k 1,1 -k 2,2n | cut -f 3- >want
	mbatch -i clf -w 1h --late all <mixed | cmp - want
	mbatch -i clf -w 1h --late all grep . then head 10000 <mixed |
	    cmp - want
}

@test "a late record is never dropped: it counts in the oldest, and is told" {
	cat >in <<-'E'
	100 a
	161 b
	99 late
	170 c
	230 d
	E
	try -w 1m -T 1 stamp time <in
	is "$out" "$(printf '1970-01-01T00:01:00Z\t100 a
1970-01-01T00:02:00Z\t161 b
1970-01-01T00:02:00Z\t99 late
1970-01-01T00:02:00Z\t170 c
1970-01-01T00:03:00Z\t230 d')\n"
	fails 0 '^mbatch: record 3: .*1970-01-01T00:01:39Z.*--late'
	try -w 1m -T 1 --late 30s stamp time <in
	is "$out" "$(printf '1970-01-01T00:01:00Z\t100 a
1970-01-01T00:02:00Z\t161 b
1970-01-01T00:02:00Z\t99 late
1970-01-01T00:02:00Z\t170 c
1970-01-01T00:03:00Z\t230 d')\n"
	try -w 1m -T 1 --late 42s stamp time <in
	gives "$(printf '1970-01-01T00:01:00Z\t100 a
1970-01-01T00:01:00Z\t99 late
1970-01-01T00:02:00Z\t161 b
1970-01-01T00:02:00Z\t170 c
1970-01-01T00:03:00Z\t230 d')\n"
}

@test "random lateness: counts add up, and those not late are where they belong" {
	log 3000 6 >in
	awk 'BEGIN { srand(6) }
	{ split(substr($4, 2), t, /[\/:]/)
	  printf "%d\t%s\n", t[1] * 86400 + t[4] * 3600 + t[5] * 60 + t[6] + \
	      rand() * 5400, $0 }' in |
	    sort -n | cut -f 2- >mixed
	mbatch -i clf -w 1h count then stamp time <in >want
	mbatch -i clf -w 1h --late 90m count then stamp time <mixed 2>err |
	    cmp - want
	is "$(<err)" ''
	mbatch -i clf -w 1h --late 10m count then stamp time <mixed 2>err >got
	awk '{ n += $2 } END { exit n != 3000 }' got
	sort -c got
	grep -q '^mbatch: [0-9]* records came after their window' err
}

@test "a record without a readable time is a bad record" {
	printf '%s\n' '100 a' 'x b' '' '110 c' >in
	try -w 1m -T 1 stamp records <in
	is "$out" '2\t100 a\n2\t110 c\n'
	fails 0 "^mbatch: record 2: no time in field '1' .* at byte 1" \
	    '^mbatch: 2 records could not be read'
	try --bad fail -w 1m -T 1 count <in
	fails 1 "record 2: no time in field '1'"
	try --bad bad -w 1m -T 1 count <in
	is "$(<bad)" 'x b'
	try -w 1m -T 0 count < <(printf 'nothing here\n')
	fails 1 '^mbatch: record 1: no timestamp'
	is "$out" ''
	try -w 1m -T time -i json count \
	    < <(printf '{"time":5}\n{"time":6\n{"a":1}\n{"time":null}\n')
	is "$out" '1\n'
	fails 0 '3 records could not be read'
}

@test "-T takes a name, a position, the whole record, a format" {
	try -w 1h -T ts -i json stamp time then cut batch_time,m \
	    < <(printf '{"ts":"2024-01-02T03:04:05Z","m":1}\n')
	gives '{"batch_time":"2024-01-02T03:00:00Z","m":1}\n'
	try -w 1h -T t stamp time < <(printf 'm=1 t=1700000000123\n')
	gives '2023-11-14T22:00:00Z\tm=1 t=1700000000123\n'
	try -w 1h -T '1:%d.%m.%Y-%H:%M' count then stamp time \
	    < <(printf '05.06.2024-23:59 x\n')
	gives '2024-06-05T23:00:00Z\t1\n'
	try -w 1h -T '0:%d.%m.%Y %H:%M' count then stamp time \
	    < <(printf 'so on 05.06.2024 23:59 x\n')
	gives '2024-06-05T23:00:00Z\t1\n'
	try -w 1h -T 0 count then stamp time \
	    < <(printf '[Sun Dec 04 04:47:44 2005] [notice] x\n')
	gives '2005-12-04T04:00:00Z\t1\n'
	try -w 1h -T '{a:b}:%s' -i json count then stamp time \
	    < <(printf '{"a:b":"3600"}\n')
	gives '1970-01-01T01:00:00Z\t1\n'
	try -w 1h -T -1 count then stamp time < <(printf 'x y 7200\n')
	gives '1970-01-01T02:00:00Z\t1\n'
	try -F, -w 1h -T 2 count then stamp time < <(printf 'x,7200\n')
	gives '1970-01-01T02:00:00Z,1\n'
	try -i csv -w 1h -T at count then stamp time \
	    < <(printf 'x,at\n1,7200\n2,7201\n')
	gives '1970-01-01T02:00:00Z\t2\n'
}

@test "a missing year is the newest that is not a day after the file's change" {
	printf '%s\n' 'Dec 31 23:59:59 x' 'Jan  1 00:00:01 y' >in
	TZ=UTC touch -t 202001010000.05 in
	try -w 1s -T 0 count then stamp time <in
	gives '2019-12-31T23:59:59Z\t1\n2020-01-01T00:00:00Z\t0\n2020-01-01T00:00:01Z\t1\n'
	printf 'Jan  1 00:00:01,y\n' >in
	TZ=UTC touch -t 201501010000.05 in
	try -F, -a count by 1:1d <in
	gives '2015-01-01T00:00:00Z,1\n'
	try -F, -a let 'y=strftime("%Y",$1)' then cut -1 <in
	gives '2015\n'
	try -F, -a let 'y=strptime($1)' 'z=strptime("%b %e %T",$1)' \
	    then cut -2,-1 <in
	gives '1420070401,1420070401\n'
	try -F, -k 1:1d into sh -c 'echo "$MBATCH_KEY"' <in
	gives '2015-01-01T00:00:00Z\n'
}

@test "a format without a date means the newest day, and needs an hour" {
	printf '%s\n' '12:30:00 x' '11:30:00 y' >in
	TZ=UTC touch -t 202201021100.05 in
	try -w 23h -T '0:%H:%M:%S' sort then stamp time <in
	gives '2022-01-01T05:00:00Z\t12:30:00 x\n2022-01-02T04:00:00Z\t11:30:00 y\n'
	try -a let 't=strftime("%F",strptime("%j","003"))' \
	    'u=strftime("%F",strptime("%j","004"))' then cut -2,-1 then \
	    head 1 <in
	gives 't=2022-01-03\tu=2021-01-04\n'
	try -w 1h -T '0:%M:%S' count <in
	fails 2 "^mbatch: --time '0:%M:%S': the format has neither a date nor"
	try let 't=strptime("%S", $1)' <in
	fails 2 '^mbatch: let: the format has neither a date nor an hour'
}

@test "more than ten thousand empty windows in a row are skipped, and told" {
	printf '%s\n' 0 10001 20003 3000000000 3000000002 >in
	mbatch -w 1s -T 1 --ahead all count <in >got 2>err
	is "$(grep -c 1 got)" 5
	is "$(grep -c 0 got)" 30001
	is "$(tail -n 3 got)" '1\n0\n1'
	grep -q '^mbatch: more than 10000 windows' err
	grep -q '^mbatch: 2999969997 empty windows were skipped' err
}

@test "times at the ends of what can be told" {
	try -w 1h -T 1 --ahead all count < <(printf '%s\n' -9214560000 \
	    9214646399999999999 9214646399999999999 9214646399999999998 1)
	is "$(grep -v '^0$' <<<"$out")" '1\n4'
	try -w 1h --late 100000d -T 1 --ahead all count < <(printf '%s\n' \
	    -9214560000 9214646399999999999 1)
	is "$(grep -v '^0$' <<<"$out")" '1\n1\n1'
	try -w 100000d -T 1 --ahead all count < <(printf '%s\n' -9214560000 1 \
	    9214646399)
	is "$out" '1\n0\n1\n1\n'
	try -w 1h -T 1 --ahead all count < <(printf '%s\n' -9214560001 \
	    9214646400 9223372036854775807)
	is "$out" ''
	fails 1 '^mbatch: 3 records could not be read'
}

@test "-T 0: a time is read whole, or the record has none" {
	local time rec
	while IFS='|' read -r time rec; do
		try -w 1h -T 0 count then stamp time < <(printf '%b\n' "$rec")
		echo "$rec"
		is "$out" "$time"
		[ -n "$time" ] || fails 1 'record 1: no timestamp'
	done <<-'E'
	2016-12-19T15:00:00Z\t1\n|2016-12-19T16:31:46.725+0100: 1.595: [GC
	2013-04-27T01:00:00Z\t1\n|Date:   Sat Apr 27 03:33:07 2013 +0200
	2025-04-24T17:00:00Z\t1\n|2025-04-24 19:51:57:317 +0200 x
	2021-11-19T09:00:00Z\t1\n|2021 Nov 19 09:15:05 sw1 x
	2024-11-12T15:00:00Z\t1\n|[GIN] 2024/11/12 - 15:19:06 - 200
	2019-12-04T21:00:00Z\t1\n|2019-12-04\t21:02:31\tLAX1
	|2021-11-19 09:15:05 CET x
	|2019-12-04, from 21:02:31 on
	|x = 9223372036854775807
	E
}

@test "-T: a time that blanks cut goes on behind its field" {
	try -w 1h -T 4 count then stamp time \
	    < <(printf 'h - - [10/Oct/2000:13:55:36 -0700] "GET"\n')
	gives '2000-10-10T20:00:00Z\t1\n'
	try -w 1h -T 2 count then stamp time \
	    < <(printf 'x 2024-11-12 14:39:08,5 y\n')
	gives '2024-11-12T14:00:00Z\t1\n'
	try -H -w 1h -T at count then stamp time \
	    < <(printf 'id at\n1 2024-11-12\n2 2024-11-12\n')
	gives '2024-11-12T00:00:00Z\t2\n'
	try -w 1h -T 1 count < <(printf '2024-11-12 CET 14:39:08\n')
	is "$out" ''
	fails 1 "no time in field '1'"
	try -i csv -w 1h -T day count < <(printf 'day,at\n2024-11-12,9:15\n')
	is "$out" ''
	fails 1 "no time in field 'day'"
	try -i csv -w 1h -T day:%F count then stamp time \
	    < <(printf 'day,at\n2024-11-12,9:15\n')
	gives '2024-11-12T00:00:00Z\t1\n'
	try -a count by 1:1h < <(printf '%s\n' '2024-11-12 14:39:08 +0100 x' \
	    '2024-11-12 14:40:08 +0100' '2024-11-12 x' '2024-11-12 at 9:15 x')
	gives "$(printf '2024-11-12T13:00:00Z\t2\n2024-11-12T00:00:00Z\t1
2024-11-12T09:00:00Z\t1')\n"
	try -F, -a count by 1:1h < <(printf '%s\n' 2024-11-12,9:15 2024-11-12,x)
	gives '2024-11-12,1\n2024-11-12T00:00:00Z,1\n'
	try -F, -a count by 1:1d < <(printf '%s\n' 2024-11-12,9:15)
	gives '2024-11-12T00:00:00Z,1\n'
}

@test "--local: the zone's own names are read, others are not" {
	export TZ=CET-1CEST,M3.5.0,M10.5.0/3
	printf '%s\n' '2021-10-31 02:15:05 CEST' '2021-10-31 02:15:05 CET' \
	    '2021-10-31 02:15:05 EST' '2021-10-31 02:15:05 JST' >in
	try --local -w 1h -T 0 count then stamp time <in
	is "$(grep -v '^.*\s0$' <<<"$out")" "$(printf '%s\t1\n' \
	    2021-10-31T02:00:00+02:00 2021-10-31T02:00:00+01:00 \
	    2021-10-31T08:00:00+01:00)"
	fails 0 'record 4: no timestamp'
}

@test "--ahead: a time too far ahead is not believed, told and in no window" {
	printf '%s\n' 60 86460 86461 61 >in
	TZ=UTC touch -t 197001010001.00 in
	try -w 1d -T 1 --late all count then stamp time <in
	is "$out" '1970-01-01T00:00:00Z\t2\n1970-01-02T00:00:00Z\t1\n'
	printf '%s\n' '100 a' 'x b' '86461 c' '4000000000 d' '164 f' >in
	TZ=UTC touch -t 197001010001.00 in
	try -w 1m -T 1 --bad bad count then stamp time <in
	is "$out" '1970-01-01T00:01:00Z\t1\n1970-01-01T00:02:00Z\t1\n'
	is "$(<bad)" 'x b\n86461 c\n4000000000 d'
	fails 0 "record 2: no time in field '1'" \
	    "record 3: .* 1970-01-02T00:01:01Z, .* the input file's last change" \
	    '^mbatch: 2 records were dated too far ahead'
	try -w 100000d -T 1 --ahead all count <in
	is "$out" '4\n'
	try -w 1m -T 1 --ahead 40s count <in
	is "$out" '1\n'
	fails 0 '3 records were dated too far ahead'
	try --bad fail -w 1m -T 1 count <in
	fails 1 "record 2: no time"
	try -a -T 1 rate <in
	is "$out" '0.03125\n'
	try -a -T 1 dedup -t 100s then count <in
	is "$out" '2\n'
	try -w 1m -T 1 count < <(echo 4000000000)
	is "$out" ''
	fails 1 'record 1: its time, 2096-10-02T07:06:40Z, .* the clock'
	# what a window's closing ends is ended before what comes later is read
	printf 't=1 k=a w="q\nt=2 k=b\nt=20 k=c\nt=x k=d\nt=30 k=e\n' >later
	try -v --bad fail -i logfmt -w 1s -T t --ahead all uniq -c k <later
	fails 1 'record 1: unterminated' ': 2 records, ' ': 1 bad record'
}

@test "--ahead: one record of 2099 does not stop a live stream's windows" {
	live -w 1s -T 1 count
	{ date +%s; echo 4070908800 x; } >&8
	hear 1
	hear 0
	ended
	is "$status" 0
	grep -q '^mbatch: record 2: its time, 2099-01-01' err
}

@test "--ahead that nothing uses is a usage error" {
	try --ahead 5 count </dev/null
	usage '--ahead.*-T'
	try --ahead 5 -w 1h count < <(:)
	usage '--ahead.*-T'
	try --ahead 5 -T 1 count </dev/null
	usage
	try --ahead x -T 1 -w 1h count </dev/null
	usage "ahead 'x'"
	try --ahead 5 -i clf -a rate </dev/null
	is "$status" 0
}

@test "operators that remember come once, after all windows" {
	printf '%s\n' '10 a' '70 b' '130 c' '75 d' '190 e' >in
	try -w 1m -T 1 --late all tail 1 then stamp time,records <in
	gives "$(printf '1970-01-01T00:00:00Z\t1\t10 a
1970-01-01T00:01:00Z\t2\t75 d
1970-01-01T00:02:00Z\t1\t130 c
1970-01-01T00:03:00Z\t1\t190 e')\n"
	try -w 1m -T 1 --late 1m stamp batch,bytes <in
	gives "$(printf '1\t5\t10 a\n2\t10\t70 b\n2\t10\t75 d
3\t6\t130 c\n4\t6\t190 e')\n"
}

@test "a chain that wants no more of a window does not end the run" {
	try -w 1m -T 1 head 1 < <(printf '%s\n' '1 a' '2 b' '61 c' '62 d')
	gives '1 a\n61 c\n'
}

@test "a window has its output before the next has its records" {
	live -w 1m -T 1 -S . stamp time,reason
	say '100 a\n'
	settle
	say '120 b\n'
	hear $'1970-01-01T00:01:00Z\twindow\t100 a'
	hear .
	say '250 c\n'
	hear $'1970-01-01T00:02:00Z\twindow\t120 b'
	hear .
	hear .
	hush
	hear $'1970-01-01T00:04:00Z\teof\t250 c'
	hear .
	hear_end
}

@test "a pause changes nothing where times are not of now" {
	log 200 8 >in
	mbatch -i clf -w 1s count <in >want
	live -i clf -w 1s count
	exec 7>got
	cat <&9 >&7 8>&- &
	reader=$!
	head -n 100 in >&8
	settle
	sleep 2.2
	tail -n 100 in >&8
	hush
	wait $reader
	cmp got want
}

@test "windows of a live log close while it is silent" {
	live -w 1s -T 1 count
	local sum=0 n now
	now=$(date +%s.%N)
	say "$now\n$now\n"
	for _ in 1 2 3 4; do
		read -r -t "$LIMIT" n <&9
		sum=$((sum + n))
	done
	[ "$sum" -eq 2 ]
	[ "$n" -eq 0 ]
	ended
	is "$status" 0
}

@test "--late puts off what silence closes" {
	live -w 1s -T 1 --late 1h count
	date +%s >&8
	settle
	sleep 2.2
	hush
	hear 1
	hear_end
}

@test "USR1 closes the open windows, which go on" {
	live -w 1m -T 1 --late 10m stamp time,records,reason
	say '130 a\n10 b\n131 c\n'
	settle
	kill -USR1 "$live"
	hear $'1970-01-01T00:00:00Z\t1\tflush\t10 b'
	hear $'1970-01-01T00:02:00Z\t2\tflush\t130 a'
	hear $'1970-01-01T00:02:00Z\t2\tflush\t131 c'
	say '140 d\n'
	hush
	hear $'1970-01-01T00:02:00Z\t1\teof\t140 d'
	hear_end
}

@test "the first told is the first of the input, whatever window it is of" {
	try -w 10s -T 1 --late all stats sum:2 <<<$'1 1\n12 x\n2 y\n3 1'
	is "$out" '2\n0\n'
	fails 0 "^mbatch: record 2: stats: 'x' of '2' is not a number"
	try -i json -T t -w 10s --late all --bad kept stats sum:v \
	    <<<$'{"t":1,"v":1}\n{"t":12,"v":}\nx\n{"t":2,"v":"y"}\n{"t":13}'
	is "$(<kept)" '{"t":12,"v":}\nx'
}

@test "assert: its record is the last, and its window the last written" {
	printf '%s\n' '1 1' '2 3' '12 1' '3 1' '25 9' >in
	try -w 10s -T 1 assert '$2 < 3' then stamp records,reason <in
	is "$out" '2\teof\t1 1\n2\teof\t2 3\n'
	fails 3 'record 2: assert: '
	try -w 10s -T 1 --late 10s sort then assert '$2 < 3' <in
	is "$out" '1 1\n2 3\n'
	fails 3 'record 2: assert: '
}

@test "TERM closes the open windows in order" {
	live -w 1m -T 1 --late 10m stamp time,reason
	say '130 a\n10 b\n131 c\n'
	settle
	kill -TERM "$live"
	hear $'1970-01-01T00:00:00Z\twindow\t10 b'
	hear $'1970-01-01T00:02:00Z\tsignal\t130 a'
	hear $'1970-01-01T00:02:00Z\tsignal\t131 c'
	hear_end
	ended
	is "$status" 143
}

@test "--local: windows of a day with a change of clocks, none lost or doubled" {
	export TZ=EST5EDT,M3.2.0,M11.1.0
	awk 'BEGIN { for (t = 1699070400; t < 1699246800; t += 600) print t }' \
	    >in			# 2023-11-04 00:00 -0400 to 11-06 00:00 -0500
	try --local -w 1d -T 1 count then stamp time <in
	gives '2023-11-04T00:00:00-04:00\t144\n2023-11-05T00:00:00-04:00\t150\n'
	mbatch --local -w 1h -T 1 count then stamp time <in >got
	awk '$2 != 6 { exit 1 }' got
	[ "$(wc -l <got)" -eq 49 ]
	grep -q '^2023-11-05T01:00:00-04:00' got
	grep -q '^2023-11-05T01:00:00-05:00' got
	awk 'BEGIN { for (t = 1678510800; t < 1678680000; t += 600) print t }' \
	    >in			# 2023-03-11 00:00 -0500 to 03-13 00:00 -0400
	try --local -w 1d -T 1 count then stamp time <in
	gives '2023-03-11T00:00:00-05:00\t144\n2023-03-12T00:00:00-05:00\t138\n'
	mbatch --local -w 1h -T 1 count then stamp time <in >got
	awk '$2 != 6 { exit 1 }' got
	[ "$(wc -l <got)" -eq 47 ]
	mbatch --local -a count by 1:1h <in | cmp - got
}

@test "event-time windows and other limits are a usage error" {
	local o
	for o in '-n 5' '-b 5' '-t 5' '-g 5' '-k 1' '-s x' '-e x' -a; do
		# shellcheck disable=SC2086  # words
		try -w 1h -T 1 $o count </dev/null
		usage "${o%% *} can't be combined with -w and -T|${o%% *} can't"
	done
	try -w 1h -i clf -n 5 count </dev/null
	usage "-n can't be combined .*-i clf"
	try -w 1h -T 1 -n 0 count </dev/null
	gives ''
}

@test "what nothing uses is a usage error" {
	try -T 1 count </dev/null
	usage '-T is used by'
	try -T 1 -w 0 count </dev/null
	usage '-T is used by'
	try --late 5 count </dev/null
	usage 'late.*-T'
	try --late 5 -w 1h count < <(:)
	usage 'late.*-T'
	try --late x -T 1 -w 1h count </dev/null
	usage "late 'x'"
	try -T '' -w 1h count </dev/null
	usage
	try -T '1:%Q' -w 1h count </dev/null
	usage "%Q"
	try -T 1: -w 1h count </dev/null
	usage
	try -T nosuch -i csv -w 1h count < <(printf 'a,b\n1,2\n')
	usage "-T: there is no field 'nosuch'"
}

@test "clock windows that passed while the reader slept are told, not shown" {
	# Some of the first window's output does not fit the pipe.
	local writer reader
	yes 012345678901234567890123456789 | head -n 40000 >in
	live -w 1s -S .
	cat in >&8 &
	writer=$!
	until_true read -r -t 0 <&9
	sleep 3
	cat <&9 >got 8>&- &
	reader=$!
	wait $writer
	say 'end\n'
	ended
	wait $reader
	is "$(grep -c -v '^\.$' got)" 40001
	# Nobody saw some of three seconds.
	awk '/ windows passed unseen/ { n = $2 } END { exit n < 1 }' err
}

@test "what waits to be read is not silence" {
	local now stopped=
	until [ -n "$stopped" ]; do
		live -w 1s -T 1 stamp records
		now=$(date +%s)
		say "$now a\n"
		settle
		kill -STOP "$live"
		stopped=1
		if read -r -t 0 <&9; then	# too late: it was silent
			stopped=
			kill -CONT "$live"
			ended
		fi
	done
	say "$now b\n"
	sleep 2.5
	kill -CONT "$live"
	hear $'2\t'"$now a"
	hear $'2\t'"$now b"
	hush
	ended
	is "$(<err)" ''
}

@test "-T without -w: a batch lasts from its first to its last record's time" {
	try -a -T 1 rate <<<$'100 a\n104 b\n102 c'
	gives '0.75\n'
	try -n 2 -T 1 rate <<<$'100 a\n104 b\n102 c'
	gives '0.5\n\n'
	try -a -T 1 rate <<<$'100 a\nx b\n102 c'
	is "$out" '1\n'
	fails 0 "record 2: no time in field '1'"
	try -w 10s -T 1 rate <<<$'100 a\n104 b\n111 c'
	gives '0.2\n1\n'
}

@test "-T: a time by a format goes on behind its field, too" {
	try -T '2:%y%m%d %H%M%S' -w 1h count then stamp time \
	    <<<$'x 081109 203615 1\nx 081109 213807 2'
	gives '2008-11-09T20:00:00Z\t1\n2008-11-09T21:00:00Z\t1\n'
	try -T '2:%y%m%d %H%M' -w 1h count \
	    <<<$'x 081109 2036\nx 081109 203615\nx 081109\n081109 2036 x'
	is "$out" '1\n'
	grep -q '3 records could not be read' err
}
