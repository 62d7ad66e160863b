#!/usr/bin/env bats
# terminal.bats - what a user sees, in tmux

load ../helper

# What is typed is in a checkout that was built.
setup() {
	begin
	mkdir test
	ln -s "$ROOT/test/data" test/data
	cp "$ROOT"/test/data/* .
	ln -s "$MBATCH" mbatch
}

teardown() {
	tmux -S socket kill-server 2>/dev/null || :
}

# terminal COLS ROWS [SHELL...]: with a shell that says $.
terminal() {
	local rows=$2
	COLS=$1
	shift 2
	[ $# -gt 0 ] || set -- sh
	need tmux "$1"
	tmux -S socket -f /dev/null new-session -d -x "$COLS" -y "$rows" \
	    env PS1='$ ' ENV= NO_COLOR=1 PATH="$PWD:$PATH" "$@"
	sees '\$'
}

# Types a line.
types() {
	tmux -S socket send-keys -l "$1"
	tmux -S socket send-keys Enter
}

# Waits until the screen has a line that matches each ERE, in this order.
sees() {
	local n re text
	for ((n = 0; n < 400; n++)); do
		[ $n -eq 0 ] || sleep 0.05
		text=$(tmux -S socket capture-pane -p)
		for re; do
			[[ $text =~ (^|$'\n')$re ]] || continue 2
		done
		return 0
	done
	printf 'not seen: %s\n' "$@"
	printf '%s\n' "$text"
	return 1
}

# Waits until the screen is that of the file: NAME.COLUMNS where it is another
# one in so many columns.  SCREENS=write: makes the file, whatever is seen.
shows() {
	local want=$ROOT/test/extra/screens/$1 n text
	if [ -n "${SCREENS-}" ]; then
		sleep 1.5
		text=$(tmux -S socket capture-pane -p)
		[ ! -e "$want" ] || [ "$text" = "$(<"$want")" ] ||
		    want+=.$COLS
		printf '%s\n' "$text" >"$want"
		return
	fi
	[ ! -e "$want.$COLS" ] || want+=.$COLS
	for ((n = 0; n < 400; n++)); do
		[ $n -eq 0 ] || sleep 0.05
		text=$(tmux -S socket capture-pane -p)
		[ "$text" != "$(<"$want")" ] || return 0
	done
	diff "$want" - <<<"$text"
}

# An empty screen, as far as a prompt is.  A key that comes while a shell ends
# a line is lost.
clears() {
	local n
	for ((n = 0; n < 400; n++)); do
		((n % 10)) || tmux -S socket send-keys C-l
		[ "$(tmux -S socket capture-pane -p)" != '$' ] || return 0
		sleep 0.05
	done
	return 1
}

# does NAME LINE: a line typed on an empty screen, and what comes of it.
does() {
	clears
	types "$2"
	shows "$1"
}

# completes NAME LINE KEY...: a line that is not ended, and what keys make of it.
completes() {
	clears
	tmux -S socket send-keys -l "$2"
	tmux -S socket send-keys "${@:3}"
	shows "$1"
	tmux -S socket send-keys C-c
}

@test "--live over a growing log: messages, another size, the end" {
	local size
	for size in '80 24' '200 50'; do
		# shellcheck disable=SC2086  # two words
		terminal $size
		printf 'a\n' >log
		types "tail -n +1 -f log | $MBATCH -t 50ms --live count by 1 over all"
		sees '1  count' 'a +1 *$'
		printf 'a\nb\n' >>log
		sees 'a +.2 *'$'\n''b +1'
		[ "$(tmux -S socket capture-pane -p | grep -c '^1  count')" -eq 1 ]
		tmux -S socket resize-window -x 40 -y 12
		printf 'c\n' >>log
		sees '1  count *'$'\n''a +2 *'$'\n''b +1 *'$'\n''c +1'
		[ "$(tmux -S socket capture-pane -p | grep -c '^1  count')" -eq 1 ]
		tmux -S socket send-keys C-c
		sees 'c +1 *'$'\n''(\^C *'$'\n'')?\$'
		tmux -S socket kill-server
	done
}

@test "--live: a message stands between two tables" {
	terminal 80 24
	types "{ echo '{\"a\":1}'; sleep 1; echo x; sleep 1; echo '{\"a\":1}'; } | $MBATCH -i json -t 50ms --live count by a over all"
	sees 'a  count *'$'\n''1 +1 *'$'\n''mbatch: record 2:.*'$'\n''.*a  count *'$'\n''1 +.2'
}

# What a shell offers, on screens called after it.
offers() {
	completes "$1-operator" 'mbatch -a cou' Tab
	completes "$1-then" 'mbatch -a count by 1 then to' Tab
	completes "$1-format" 'mbatch --input=j' Tab
	completes "$1-fields" 'mbatch -i csv < planes.csv count by m' Tab
	completes "$1-list" 'mbatch -i clf stats count,p99:by' Tab
	completes "$1-flags" 'mbatch dedup -' Tab Tab
	completes "$1-pages" 'mbatch --help ' Tab Tab
	completes "$1-kinds" 'mbatch -i csv step ' Tab Tab
	completes "$1-buckets" 'mbatch -i clf count by time:' Tab Tab
	completes "$1-file" 'mbatch -a count < acc' Tab
}

@test "a new user's first ten minutes" {
	local size first='./mbatch -a count by 9 < test/data/access.log'
	grep -qF "&& $first" "$ROOT/README"
	export LC_ALL=C.UTF-8
	printf '%s\n' "PS1='\$ '" "bind 'set enable-bracketed-paste off'" >rc
	seq -f '%.0f some words' 5 >lines
	for size in '80 24' '200 50'; do
		# shellcheck disable=SC2086  # two words
		terminal $size bash --noprofile --rcfile rc -i
		does count "$first"
		does route 'mbatch -a stats count,p99:ms by route < app.ndjson'
		does alone 'mbatch'
		does short 'mbatch -h'
		does help 'mbatch --help top'
		does page 'mbatch --help windows'
		does mistake 'mbatch count by 1, 9 < access.log'
		does misspelt 'mbatch -a cuont by 9 < access.log'
		does quoted "mbatch where 'status = error' < app.logfmt"
		does hours "mbatch -i clf -w 1h where 'status >= 400' then count then stamp time < access.log"
		does explain 'mbatch -j 1 --explain -a count by 9 < access.log'
		does wide 'mbatch -a -i clf -o table head 3 < access.log'
		does heads 'seq 60 | mbatch -a -o table let n=1'
		does templates 'mbatch -a template < server.log'
		clears
		types 'mbatch -a count by 1'
		sees 'mbatch: records are read'
		types 'b'
		types 'a'
		types 'b'
		tmux -S socket send-keys C-d
		shows typed
		cp app.ndjson log
		clears
		types 'tail -n +1 -F log | mbatch -t 50ms --live stats count,max:ms by route over all'
		shows live
		printf '%s\n' '{"route":"/new","ms":7}' '{"route":"/cart","ms":9}' \
		    >>log
		shows live-new
		seq -f '{"route":"/%03.0f","ms":1}' 80 >>log
		shows live-long
		tmux -S socket send-keys C-c
		shows live-end
		tmux -S socket kill-server
	done
}

@test "completions typed: bash" {
	export LC_ALL=C.UTF-8
	printf '%s\n' "PS1='\$ '" "bind 'set bell-style none'" \
	    "bind 'set enable-bracketed-paste off'" \
	    ". '$ROOT/man/completion.bash'" >rc
	terminal 80 24 bash --noprofile --rcfile rc -i
	offers bash
}

@test "completions typed: zsh" {
	export LC_ALL=C.UTF-8 ZDOTDIR=$PWD
	printf '%s\n' "PS1='\$ '" 'unsetopt beep' \
	    "fpath=('$ROOT/man' \$fpath)" 'autoload -Uz compinit' \
	    'compinit -u -D' >.zshrc
	terminal 80 24 zsh -d -i
	offers zsh
}

@test "completions typed: fish" {
	export LC_ALL=C.UTF-8
	terminal 80 24 fish -N -i -C "function fish_prompt; echo -n '\$ '; end" \
	    -C 'set -g fish_autosuggestion_enabled 0' \
	    -C "source '$ROOT/man/mbatch.fish'"
	offers fish
}
