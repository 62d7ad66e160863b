#!/usr/bin/env bats
# completion.bats - what the shells complete

load helper

# completes LINE WANT...: the words that bash would offer are these.
completes() {
	local line=$1 got
	shift
	got=$(bash -c '
		. "$1"
		read -r -a COMP_WORDS <<<"$2"
		[[ $2 != *" " ]] || COMP_WORDS+=("")
		COMP_WORDS[0]=$MBATCH
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_mbatch
		printf "%s\n" "${COMPREPLY[@]}"
	' - "$ROOT/man/completion.bash" "$line" | tr '\n' ' ')
	echo "$line: $got"
	[ "$got" = "$* " ]
}

@test "bash: operators where one can stand" {
	local all
	all=$("$ROOT"/test/helper/operators | tr '\n' ' ')
	# shellcheck disable=SC2086  # words
	completes 'mbatch ' $all
	completes 'mbatch cou' count
	completes 'mbatch -n 5 sor' sort
	completes 'mbatch --records 5 -a sor' sort
	completes 'mbatch --records=5 sor' sort
	completes 'mbatch -a count by 1 then to' top
	completes 'mbatch -h cou' count
	completes 'mbatch -a count the' 'then'
}

@test "bash: options before the operator" {
	completes 'mbatch --rec' --records
	completes 'mbatch -a --max-r' --max-record
	completes 'mbatch -i lo' logfmt
	completes 'mbatch -o ta' table
	completes 'mbatch -a count ov' over
	completes 'mbatch -e x cou' count
	completes 'mbatch --late x cou' count
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
	chmod +x bin/xyzzy-command
	PATH=$PWD/bin:$PATH
	zsh_completes 'mbatch -n 5 cou' 'mbatch -n 5 count '
	zsh_completes 'mbatch -a count then to' 'then top '
	zsh_completes 'mbatch --recor' --records
	zsh_completes 'mbatch into -P 2 xyzz' xyzzy-command
}

# fish_completes LINE WANT...: the words that fish would offer are these.
fish_completes() {
	local line=$1 got
	shift
	need fish
	got=$(PATH=$PWD/bin:$PATH fish -c \
	    'source $argv[1]; complete -C $argv[2]' \
	    "$ROOT/man/mbatch.fish" "$line" | cut -f 1 | tr '\n' ' ')
	echo "$line: $got"
	[ "$got" = "$* " ]
}

@test "fish: operators, options, files" {
	mkdir bin
	ln -s "$MBATCH" bin/mbatch
	: >xyzzy-file
	fish_completes 'mbatch -a cou' count
	fish_completes 'mbatch --records 5 cou' count
	fish_completes 'mbatch -n 5 cou' count
	fish_completes 'mbatch -h cou' count
	fish_completes 'mbatch -a count by 1 then to' top
	fish_completes 'mbatch -a count ov' over
	fish_completes 'mbatch --max-r' --max-record
	fish_completes 'mbatch -i lo' logfmt
	fish_completes 'mbatch tee xyz' xyzzy-file
	fish_completes 'mbatch --bad xyz' xyzzy-file
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
