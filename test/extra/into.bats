#!/usr/bin/env bats
# into.bats - into with databases and a server, each started here
#
# What is not installed is skipped, saying so.

load ../helper

setup() {
	begin
	awk 'BEGIN {
		split("200 304 404 500", status, " ")
		for (i = 0; i < 2500; i++)
			printf "192.0.2.%d - - [10/Oct/2023:13:55:36 +0000] " \
			    "\"GET /q%d HTTP/1.1\" %s %d\n", i % 250, i,
			    status[i % 4 + 1], i
	}' >log
}

teardown() {
	local pid
	for pid in ${server-} ${live-}; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	[ -z "${home-}" ] || rm -rf "$home"
}

@test "SQLite: .import of each batch" {
	need sqlite3
	local how
	for how in '' '-P 1'; do
		rm -f a.db
		sqlite3 a.db 'create table hits(host, status, bytes)'
		# shellcheck disable=SC2086  # flags are words
		try -n 1000 -i clf -o csv cut host,status,bytes then into $how \
		    sqlite3 a.db '.import --csv --skip 1 /dev/stdin hits' <log
		gives ''
		[ "$(sqlite3 a.db 'select count(*), sum(bytes),
		    count(distinct host) from hits')" = '2500|3123750|250' ]
	done
}

# A command as a user who may run a server.
as_user() {
	if [ "$(id -u)" -eq 0 ]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}

@test "PostgreSQL: psql's \\copy of each batch" {
	need psql
	local bin user=postgres
	bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	PATH=$PATH:$bin
	need initdb postgres
	if [ "$(id -u)" -eq 0 ]; then
		id postgres >/dev/null 2>&1 || skip 'no user postgres'
	else
		user=$(id -un)
	fi
	home=$(mktemp -d /tmp/mbatch-pg.XXXXXX)
	[ "$(id -u)" -ne 0 ] || chown postgres "$home"
	cd "$home"
	as_user "$bin/initdb" -D "$home/data" -A trust -U "$user" --no-sync \
	    >"$BATS_TEST_TMPDIR/initdb" 2>&1
	as_user "$bin/postgres" -D "$home/data" -k "$home" -F \
	    -c listen_addresses= >"$BATS_TEST_TMPDIR/server" 2>&1 3>&- &
	server=$!
	cd "$BATS_TEST_TMPDIR"
	local psql=(psql -X -q -h "$home" -U "$user" -d postgres
	    -v ON_ERROR_STOP=1)
	until_true "${psql[@]}" -c 'select 1'
	"${psql[@]}" -c 'create table hits(host text, status int, bytes int)'
	try -n 1000 -i clf -o csv cut host,status,bytes then into -P 2 \
	    "${psql[@]}" -c '\copy hits from stdin (format csv, header)' <log
	gives ''
	[ "$("${psql[@]}" -At -c 'select count(*), sum(bytes),
	    count(distinct host) from hits')" = '2500|3123750|250' ]
	# One batch of three that the table takes only as a whole, or not.
	"${psql[@]}" -c 'truncate hits' \
	    -c 'alter table hits add check (bytes <> 1500)'
	try -n 1000 -i clf -o csv cut host,status,bytes then into \
	    --on-fail kept \
	    "${psql[@]}" -c '\copy hits from stdin (format csv, header)' <log
	fails 1 'batch 2 \(records 1001-2000\): psql: exit status' \
	    '1 batch failed; it is in kept'
	[ "$("${psql[@]}" -At -c 'select count(*) from hits')" = 1500 ]
	[ "$(wc -l <kept)" -eq 1001 ]
	kill -INT "$(head -n 1 "$home/data/postmaster.pid")"
	wait "$server" || :
	server=
}

@test "Redis: redis-cli --pipe of each batch" {
	need redis-server redis-cli
	home=$(mktemp -d /tmp/mbatch-redis.XXXXXX)
	redis-server --port 0 --unixsocket "$home/s" --dir "$home" --save '' \
	    >server 2>&1 3>&- &
	server=$!
	local cli=(redis-cli -s "$home/s")
	until_true "${cli[@]}" ping
	try -n 1000 -i clf let 'c=concat("INCRBY status:", status, " ", bytes)' \
	    then cut c then into "${cli[@]}" --pipe <log
	is "$err" ''
	is "$status" 0
	[ "$(grep -c 'errors: 0, replies: [15]' <<<"$out")" -eq 3 ]
	[ "$("${cli[@]}" get status:404)" = "$(awk '$9 == 404 { n += $10 }
	    END { print n }' log)" ]
	[ "$("${cli[@]}" dbsize)" = 4 ]
}

@test "HTTP: a POST of each batch with curl" {
	need curl python3
	cat >server.py <<-'EOP'
	import http.server
	class Handler(http.server.BaseHTTPRequestHandler):
	    posts = 0
	    def do_POST(self):
	        body = self.rfile.read(int(self.headers["Content-Length"]))
	        Handler.posts += 1
	        bad = b"q1500 " in body and self.path == "/strict"
	        if not bad:
	            with open("got", "ab") as f:
	                f.write(body)
	        self.send_response(503 if bad else 200)
	        self.end_headers()
	        self.wfile.write(b"post %d\n" % Handler.posts)
	    def log_message(self, *args):
	        pass
	server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
	with open("port.new", "w") as f:
	    f.write(str(server.server_port))
	import os
	os.rename("port.new", "port")
	server.serve_forever()
	EOP
	python3 server.py >server 2>&1 3>&- &
	server=$!
	until_true test -e port
	local url curl
	url=http://127.0.0.1:$(cat port)
	curl=(curl -fsS --noproxy '*' --data-binary @-)
	try -n 1000 into "${curl[@]}" "$url" <log
	gives 'post 1\npost 2\npost 3\n'
	cmp got log
	rm got
	try -a -i clf -o json where 'bytes < 10' then cut host,bytes \
	    then collect then into -P 2 "${curl[@]}" "$url" <log
	gives 'post 4\n'
	[ "$(head -c 35 got)" = '[{"host":"192.0.2.0","bytes":0},{"h' ]
	rm got
	try -n 1000 into --on-fail kept "${curl[@]}" "$url/strict" <log
	fails 1 'batch 2 \(records 1001-2000\): curl: exit status 22' '503'
	cat got kept | sort | cmp - <(sort log)
	try -n 1000 into "${curl[@]}" "$url/strict" <log
	is "$out" 'post 8\n'
	fails 1 'batch 2 '
}
