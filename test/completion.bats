#!/usr/bin/env bats
# completion.bats - what the shells complete

load helper

# Of each line of stdin what bash offers, behind a |.
bash_offers() {
	bash -c '
		. "$1"
		while IFS= read -r line; do
			read -r -a COMP_WORDS < <(
			    sed -E "s/[=:<>]+/ & /g" <<<"$line")
			[[ $line != *" " ]] || COMP_WORDS+=("")
			COMP_LINE=$MBATCH${line#mbatch} COMP_WORDS[0]=$MBATCH
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			_mbatch
			echo "$line|${COMPREPLY[*]}"
		done
	' - "$ROOT/man/completion.bash"
}

# completes LINE WANT...: the words that bash would offer are these.
completes() {
	local line=$1
	shift
	bash_offers <<<"$line" >got
	is "$(<got)" "$line|$*"
}

# What every shell is to offer: LINE|WORDS.
everywhere() {
	cat <<-'EOF'
	mbatch -a cou|count
	mbatch --records 5 -a sor|sort
	mbatch --records=5 sor|sort
	mbatch -n 5 cou|count
	mbatch -a count by 1 then to|top
	mbatch -h cou|count
	mbatch -h exp|expressions
	mbatch -a count the|then
	mbatch -a count ov|over
	mbatch -a count over a|all
	mbatch --max-r|--max-record
	mbatch -i lo|logfmt
	mbatch -o ta|table
	mbatch -e x cou|count
	mbatch --late x cou|count
	mbatch --late |all
	mbatch grep -|-v -i -F -x -f
	mbatch into --o|--on-fail
	mbatch step sp|spark
	mbatch stamp batch,rea|batch,reason
	mbatch stats count,di|count,distinct:
	mbatch top 5 arg|argmax: argmin:
	mbatch -i clf stats count,p99:by|count,p99:bytes
	mbatch -i clf stats b=sum:by|b=sum:bytes
	mbatch -i clf count by host,ag|host,agent
	mbatch -i clf count by msg:ma|msg:mask
	mbatch -i clf sort sta|status
	EOF
}

@test "bash: operators where one can stand, what all shells offer" {
	local all
	all=$("$ROOT"/test/helper/operators | tr '\n' ' ')
	# shellcheck disable=SC2086  # words
	completes 'mbatch ' $all
	# bash keeps what stands before = and :
	everywhere | awk -F '|' -v OFS='|' '{
		n = split($1, word, " ")
		if (match(word[n], /.*[=:]/))
			$2 = substr($2, RLENGTH + 1)
		print
	}' >want
	everywhere | cut -d '|' -f 1 | bash_offers | diff want -
	completes 'mbatch --input=j' json
	completes 'mbatch --input=' auto text tsv csv json logfmt clf
	completes 'mbatch -ij' -ijson
	completes 'mbatch --bad sk' skip
	# no files where there can be none
	: >xyzzy-file
	completes 'mbatch -k xyzzy' ''
	completes 'mbatch -T xyzzy' ''
	completes 'mbatch --late xyzzy' ''
	completes 'mbatch count by xyzzy' ''
	completes 'mbatch tee xyzzy' xyzzy-file
	completes 'mbatch count < xyzzy' xyzzy-file
	completes 'mbatch count >xyzzy' xyzzy-file
	completes 'mbatch 2>> xyzzy' xyzzy-file
	completes 'mbatch --bad xyzzy' xyzzy-file
	completes 'mbatch missing -f xyzzy' xyzzy-file
}

@test "bash: the names of a file's header" {
	cp "$ROOT"/test/data/* .
	printf 'plain,user-agent,a b\n1,2,3\n' >odd.csv
	completes 'mbatch < planes.csv -i csv sort ye' year
	completes 'mbatch <planes.csv -i csv count by maker,' \
	    maker,tail maker,year maker,maker maker,seats
	completes 'mbatch < app.ndjson stats mean:m' ms
	completes 'mbatch < app.logfmt count by r' route
	completes 'mbatch < odd.csv -i csv cut ' \
	    plain '\{user-agent\}' '\{a\ b\}' then
	completes 'mbatch < odd.csv -N -i csv cut pl' ''
	completes 'mbatch < nosuch -i csv cut pl' ''
	completes 'mbatch < odd.csv -F , -H cut pl' plain
	tr '\n' '\0' <odd.csv >null.csv
	completes 'mbatch < null.csv -0 -i csv cut ' \
	    plain '\{user-agent\}' '\{a\ b\}' then
	completes 'mbatch < null.csv --null -i csv cut ' \
	    plain '\{user-agent\}' '\{a\ b\}' then
	completes 'mbatch < odd.csv --no-header -i csv cut pl' ''
	completes 'mbatch < odd.csv -F , --header cut pl' plain
}

@test "bash: the command of into, behind its flags" {
	mkdir bin
	: >bin/xyzzy-command
	chmod +x bin/xyzzy-command
	PATH=$PATH:$PWD/bin
	completes 'mbatch -n 3 into xyzzy-c' xyzzy-command
	completes 'mbatch into -P 2 -t5 --on-fail f xyzzy-c' xyzzy-command
	completes 'mbatch -i csv count then into xyzzy-c' xyzzy-command
	# its own words are another completion's affair
	completes 'mbatch into xyzzy-command xyzzy-c' ''
}

@test "zsh: the completion is sound" {
	need zsh
	zsh -n "$ROOT/man/_mbatch"
}

# zsh_completes LINE WANT: what the line becomes.
zsh_completes() {
	"$H/limit" "$LIMIT" python3 - "$ROOT/man" "$@" <<-'EOP'
	import os, pty, sys
	folder, line, want = sys.argv[1:]
	pid, fd = pty.fork()
	if pid == 0:
	    os.environ["TERM"] = "dumb"
	    os.environ["FOLDER"] = folder
	    os.execvp("zsh", ["zsh", "-f", "-i"])
	def until(text):
	    got = b""
	    while text not in got:
	        more = os.read(fd, 4096)
	        sys.stdout.buffer.write(more)
	        if not more:
	            sys.exit("zsh ended")
	        got += more
	    return got
	os.write(fd, b"PS1='>'; unset zle_bracketed_paste; "
	    b"fpath=($FOLDER $fpath); "
	    b"autoload -Uz compinit; compinit -u -D; echo rea''dy\n")
	# What is typed before the next prompt may be no key but text.
	if b">" not in until(b"ready").split(b"ready", 1)[1]:
	    until(b">")
	os.write(fd, line.encode() + b"\t")
	until(want.encode())
	os.kill(pid, 9)
	EOP
}

@test "zsh: operators, options, the command of into" {
	plain_build_only	# zsh asks mbatch at each key
	need zsh python3
	need_terminals
	mkdir bin
	ln -s "$MBATCH" bin/mbatch
	: >bin/xyzzy-command
	echo user,x >h.csv
	chmod +x bin/xyzzy-command
	PATH=$PWD/bin:$PATH
	zsh_completes 'mbatch -n 5 cou' 'mbatch -n 5 count '
	zsh_completes 'mbatch -a count then to' 'then top '
	zsh_completes 'mbatch --recor' --records
	zsh_completes 'mbatch --input=js' --input=json
	zsh_completes 'mbatch -i clf count by host,ag' host,agent
	zsh_completes 'mbatch <h.csv -i csv sort us' user
	zsh_completes 'mbatch into -P 2 xyzz' xyzzy-command
}

# Of each line of stdin what fish offers, sorted, behind a |.
fish_offers() {
	PATH=$PWD/bin:$PATH fish -c '
		source $argv[1]
		while read -l line
			set -l words (complete -C $line | cut -f 1 | sort)
			echo "$line|$words"
		end' "$ROOT/man/mbatch.fish"
}

# fish_completes LINE WANT...: the words that fish would offer are these.
fish_completes() {
	local line=$1
	shift
	need fish
	fish_offers <<<"$line" >got
	is "$(<got)" "$line|$*"
}

@test "fish: what all shells offer, files, a file's header" {
	mkdir bin
	ln -s "$MBATCH" bin/mbatch
	: >xyzzy-file
	need fish
	everywhere | while IFS='|' read -r line words; do
		# shellcheck disable=SC2086  # words
		echo "$line|$(printf '%s\n' $words | LC_ALL=C sort | xargs)"
	done >want
	everywhere | cut -d '|' -f 1 | fish_offers | diff want -
	fish_completes 'mbatch tee xyz' xyzzy-file
	fish_completes 'mbatch --bad xyz' xyzzy-file
	fish_completes 'mbatch -k xyz' ''
	fish_completes 'mbatch --input=j' --input=json
	cp "$ROOT/test/data/planes.csv" .
	fish_completes 'mbatch -i csv < planes.csv sort ye' year
}

@test "fish: the command of into, behind its flags, and its words" {
	mkdir bin
	ln -s "$MBATCH" bin/mbatch
	: >bin/xyzzy-command
	: >other-file
	chmod +x bin/xyzzy-command
	fish_completes 'mbatch -n 3 into xyzzy-c' xyzzy-command
	fish_completes 'mbatch count then into -P 2 -t5 --on-fail f xyzzy-c' \
	    xyzzy-command
	fish_completes 'mbatch into xyzzy-command other' other-file
	fish_completes 'mbatch into xyzzy-command then other' other-file
	fish_completes 'mbatch into --on-fail other' other-file
	# its own completion
	fish_completes 'mbatch into mbatch -a cou' count
}

@test "--complete: options of a letter, beside their long names" {
	"$MBATCH" --complete 1 mbatch - >got
	grep -q '^-n' got
	grep -q '^--records' got
	"$MBATCH" --complete 1 mbatch -- >got
	! grep -q '^-n' got || return 1
	grep -q '^--records' got
}
