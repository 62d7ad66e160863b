#!/usr/bin/env bats
# terminal.bats - what a user sees, in tmux

load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	tmux -S socket kill-server 2>/dev/null || :
}

# A terminal of COLS x ROWS with a shell that says $.
terminal() {
	need tmux
	tmux -S socket -f /dev/null new-session -d -x "$1" -y "$2" \
	    "env PS1='\$ ' ENV= NO_COLOR=1 sh"
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
