#!/usr/bin/env bats
# format-clf.bats - access logs in: common, combined, odd requests, bad ones

load helper

setup() {
	begin
	cat >in <<'END'
192.0.2.1 - bob [10/Oct/2000:13:55:36 -0700] "GET /a b HTTP/1.0" 200 23 "-" "A \"q\""
2001:db8::1 - - [10/Oct/2000:13:55:37 -0700] "\x16\x03" 400 0
192.0.2.1 - - [10/Oct/2000:13:55:38 -0700] "POST /c HTTP/1.1" 500 - "http://www.example.org/" "B" 0.5 "x y"
nothing of the kind
END
	sed 4d in >good
}

@test "clf: kept records are the same bytes" {
	mbatch -i clf <in | cmp - in
	mbatch -i clf where 'status >= 0' <good | cmp - good
}

@test "clf: changed records are tab-separated" {
	try -i clf cut status,path,bytes <good
	gives '200\t/a b\t23\n400\t\\\\x16\\\\x03\t0\n500\t/c\t\n'
	try -i clf cut 1,5-6 then head 1 <good
	gives '192.0.2.1\tGET\t/a b\n'
	try -i clf cut NEW=status then cut NEW then head 1 <good
	gives '200\n'
	try -i clf cut 12- <good
	gives '\n\n0.5\tx y\n'
	try -i clf cut 6- then tail 2 then head 1 <good
	gives '\\\\x16\\\\x03\t\t400\t0\t\t\n'
	try -i clf cut -x host,time,agent,referer then head 1 <good
	gives '\tbob\tGET\t/a b\tHTTP/1.0\t200\t23\n'
	try -a -i clf stamp batch then head 1 <good
	cmp out <(printf '1\t'; head -n 1 good)
	try -i clf let status=1 then cut status then head 1 <good
	gives '1\n'
}

@test "clf: made records, and as objects" {
	try -a -i clf count by host,status <good
	gives '192.0.2.1\t200\t1\n2001:db8::1\t400\t1\n192.0.2.1\t500\t1\n'
	try -a -i clf count by user <good
	gives 'bob\t1\n\t2\n'
	try -a -i clf count by 'host:/24/48' <good
	gives '192.0.2.0/24\t2\n2001:db8::/48\t1\n'
	try -a -i clf count by time:1h <good
	gives '2000-10-10T20:00:00Z\t3\n'
	try -i clf -o json cut host,user,path,status,agent <good
	gives '{"host":"192.0.2.1","user":"bob","path":"/a b","status":200,"agent":"A \\"q\\""}\n'\
'{"host":"2001:db8::1","user":null,"path":"\\\\x16\\\\x03","status":400,"agent":null}\n'\
'{"host":"192.0.2.1","user":null,"path":"/c","status":500,"agent":"B"}\n'
	try -i clf -o json head 1 <good
	gives '{"host":"192.0.2.1","ident":null,"user":"bob","time":"10/Oct/2000:13:55:36 -0700","method":"GET","path":"/a b","protocol":"HTTP/1.0","status":200,"bytes":23,"referer":null,"agent":"A \\"q\\""}\n'
	try -i clf -o csv cut path,agent then head 1 <good
	gives 'path,agent\n/a b,"A ""q"""\n'
}

@test "clf: names are known, records that can't be read are told" {
	try -i clf cut stat <good
	usage "no field 'stat'; did you mean 'status'"
	try -a -i clf count by status <in
	is "$out" '200\t1\n400\t1\n500\t1\n'
	fails 0 '^mbatch: record 4: .*at byte'
	try -i clf --bad kept -o json <in
	is "$(wc -l <out)" 3
	cmp kept <(sed -n 4p in)
	try -i clf -n 1 --bad fail cut status <in
	is "$out" '200\n400\n500\n'
	fails 1 'record 4'
}

@test "clf: brackets are the time's own, also when it is set" {
	echo 'h - - [10/Oct/2000:13:55:36 -0700] "[x]" 400 0' >odd
	try -i clf cut time,path <odd
	gives '10/Oct/2000:13:55:36 -0700\t[x]\n'
	try -i clf let time='concat(time, "]")' path='"/y"' <odd
	gives 'h - - [10/Oct/2000:13:55:36 -0700_] "/y" 400 0\n'
	try -i clf let bytes=1 <<<'h - - [] "GET /" 200 0'
	gives 'h - - [] "GET /" 200 1\n'
}

@test "clf: a new column without a value is there, not the one before it" {
	printf '%s\n' 'h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200 - "r" "77"' \
	    'h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200 5 "r" "77" more' \
	    'h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200' >in
	try -i clf let x=bytes+1 <in
	gives 'h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200 - "r" "77" "-"\n'\
'h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200 5 "r" "77" more "6"\n'\
'h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200 - "-" "-" "-"\n'
	try -i clf -a let x=bytes+1 y=status then cut x,y,agent <in
	gives '\t200\t77\n6\t200\t77\n\t200\t\n'
	try -i clf -a step delta bytes then count by delta_bytes <in
	gives '\t3\n'
	try -i clf -o json let x=bytes then cut agent,x then head 1 <in
	gives '{"agent":77,"x":null}\n'
	try -i clf let agent=bytes then where 'status = 200' <in
	is "${out%%@*}" \
	    'h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200 - "r"\n'\
'h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200 5 "r" "5" more\n'\
'h - - [10/Oct/2000:13:55:36 -0700] "GET /" 200\n'
}

# The other lines of a log that has these: what is read of each.
@test "clf: a vhost before the host, with a port or without" {
	local rest='[12/Apr/2026:14:50:12 +0200] "GET /x HTTP/1.1" 200 742' line
	while IFS='|' read -r line want; do
		try -i clf -o json cut vhost,host,ident,user,status \
			<<<"$line $rest"
		is "$out" "{$want,\"status\":200}\n"
		# the same by position, the columns as they always were
		try -i clf -o json cut host=1,status=8 <<<"$line $rest"
		gives "{$(grep -o '"host":[^,]*' <<<"$want"),\"status\":200}\n"
		# and where the line ends in columns that are no usual ones
		try -i clf -o json cut vhost,agent <<<"$line $rest \"-\" \"a\" 1"
		is "$out" "{${want%%,*},\"agent\":\"a\"}\n"
		try -i clf let host=host <<<"$line $rest"
		gives "$line $rest\n"
		try -i clf let 'user="u"' then cut vhost,host,user \
			<<<"$line $rest"
		is "$out" "$(mbatch -i clf cut vhost,host <<<"$line $rest"
			)\tu\n"
	done <<-'END'
		shop.example:443 192.0.2.4 - -|"vhost":"shop.example:443","host":"192.0.2.4","ident":null,"user":null
		shop.example 192.0.2.4 - -|"vhost":"shop.example","host":"192.0.2.4","ident":null,"user":null
		shop.example:443 192.0.2.4 - two words|"vhost":"shop.example:443","host":"192.0.2.4","ident":null,"user":"two words"
		shop:80 192.0.2.4 me you|"vhost":"shop:80","host":"192.0.2.4","ident":"me","user":"you"
		shop:80 client.example - -|"vhost":"shop:80","host":"client.example","ident":null,"user":null
		shop:80 2001:db8::1 - -|"vhost":"shop:80","host":"2001:db8::1","ident":null,"user":null
		[::1]:80 ::1 - -|"vhost":"[::1]:80","host":"::1","ident":null,"user":null
		192.0.2.1:80 192.0.2.4 - -|"vhost":"192.0.2.1:80","host":"192.0.2.4","ident":null,"user":null
		192.0.2.4 - -|"vhost":null,"host":"192.0.2.4","ident":null,"user":null
		192.0.2.4 - two words|"vhost":null,"host":"192.0.2.4","ident":null,"user":"two words"
		192.0.2.4 me two words|"vhost":null,"host":"192.0.2.4","ident":"me","user":"two words"
		192.0.2.4 - - x|"vhost":null,"host":"192.0.2.4","ident":null,"user":"- x"
		2001:db8::5 - you|"vhost":null,"host":"2001:db8::5","ident":null,"user":"you"
	END
}

@test "clf: where the vhost is: every field, another format, a key" {
	local rest='- - [12/Apr/2026:14:50:12 +0200] "GET /x HTTP/1.1" 200'
	printf '%s\n' "a:1 192.0.2.1 $rest 1 - - x" "192.0.2.2 $rest 2" \
		"b:2 192.0.2.3 $rest 3" >vhosts
	local told='record 2: the first record had no .vhost., which is left out'
	try -a -i clf count by vhost <vhosts
	gives 'a:1\t1\n\t1\nb:2\t1\n'
	try -i clf -k vhost count <vhosts
	gives '1\n1\n1\n'
	try -i clf where 'vhost = "b:2"' <vhosts
	gives "$(tail -1 vhosts)\n"
	try -i clf -o json <vhosts
	is "$(cut -d, -f1-2 out)" '{"vhost":"a:1","host":"192.0.2.1"\n{"host":"192.0.2.2","ident":null\n{"vhost":"b:2","host":"192.0.2.3"'
	is "$(grep -o '"agent.*' out)" '"agent":null,"12":"x"}\n"agent":null}\n"agent":null}'
	try -i clf -o csv <vhosts
	is "$(cut -d, -f1,2,9- out)" 'vhost,host,status,bytes,referer,agent\na:1,192.0.2.1,200,1,,,x\n,192.0.2.2,200,2,,\nb:2,192.0.2.3,200,3,,'
	try -i clf -o csv < <(tac vhosts | tail -2)
	is "$(cut -d, -f1,8- out)" 'host,status,bytes,referer,agent\n192.0.2.2,200,2,,\n192.0.2.1,200,1,,,x'
	fails 0 "$told"
	try -i clf -o csv < <(printf '%s "r" "z"\n' "a:1 192.0.2.1 $rest 1" \
	    "192.0.2.2 $rest 2")
	is "$(cut -d, -f1,2,10- out)" 'vhost,host,bytes,referer,agent\na:1,192.0.2.1,1,r,z\n,192.0.2.2,2,r,z'
	try -i clf -o text < <(tac vhosts | tail -2)
	is "$(cut -f1 out)" '192.0.2.2\n192.0.2.1'
	fails 0 "$told"
	try -i clf -o csv let n=bytes <vhosts
	is "$(cut -d, -f1,2,9- out)" 'vhost,host,status,bytes,referer,agent,12,n\na:1,192.0.2.1,200,1,,,x,1\n,192.0.2.2,200,2,,,,2\nb:2,192.0.2.3,200,3,,,,3'
	# what goes by position does not see it
	try -i clf cut 1- then cut 1 <vhosts
	gives '192.0.2.1\n192.0.2.2\n192.0.2.3\n'
	try -i clf cut 1,-1 <vhosts
	gives '192.0.2.1\tx\n192.0.2.2\t2\n192.0.2.3\t3\n'
	try -i clf cut -x time,user then cut 1,2,3 <vhosts
	gives '192.0.2.1\t\tGET\n192.0.2.2\t\tGET\n192.0.2.3\t\tGET\n'
	try -i clf let '$-1="y"' '$1="z"' then cut vhost,host,-1 <vhosts
	gives 'a:1\tz\ty\n\tz\ty\nb:2\tz\ty\n'
	try -i clf let vhost=host <vhosts
	usage "let: 'vhost' can't be changed"
	# it gives way to a new column of its name
	try -i clf extract -f path '(.)' vhost then cut vhost,host <vhosts
	gives '/\t192.0.2.1\n/\t192.0.2.2\n/\t192.0.2.3\n'
	try -i clf cut vhost < <(sed -n 2p vhosts)
	is "$out" '\n'
	fails 0 "no record had 'vhost'"
}

@test "clf: a list of addresses is told, not misread" {
	local list rest='- - [12/Apr/2026:14:50:12 +0200] "GET /x HTTP/1.1" 200 1'
	for list in '192.0.2.1, 192.0.2.2' '192.0.2.1, 192.0.2.2, 192.0.2.3' \
		'unknown, 192.0.2.2' 'shop:80 192.0.2.1, 192.0.2.2' \
		'-, 192.0.2.2' '2001:db8::1, 192.0.2.2'; do
		for n in host vhost,status 1,-1 14; do
			try -i clf cut $n < <(
				printf '%s\n' "$list $rest" "h $rest")
			is "$(wc -l <out)" 1
			fails 0 '^mbatch: record 1: a list of addresses .*byte 1$'
		done
	done
}

@test "clf: quotes and backslashes that are written; a quote before the end" {
	local a='1.2.3.4 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-"'
	try -i clf let 'agent="x\"y\\"' <<<"$a \"agent\""
	is "$status" 0
	is "$err" ''
	[ "$(<out)" = "$a \"x\\\"y\\\\\"" ]
	cp out in
	try -i clf -o json cut agent <in
	gives '{"agent":"x\\"y\\\\\\\\"}\n'
	# an agent that the end cut short is closed
	printf '%s "a%s\n' "$a" '\"' "$a" '\\"' "$a" '' >in
	try -i clf let x=5 <in
	printf '%s "a%s "5"\n' "$a" '\""' "$a" '\\"' "$a" '"' | cmp - out
}
