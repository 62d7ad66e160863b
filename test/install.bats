#!/usr/bin/env bats
# install.bats - make install, uninstall

load helper

# make_anew ARG...: as if by hand, not from the make that runs the tests.
make_anew() {
	env -i PATH="$PATH" make -s -C "$ROOT" "$@"
}

# install_to TARGET: what was built, to a folder with a blank in its name.
install_to() {
	make_anew -o all "$1" BIN="$MBATCH" DESTDIR="$PWD/a b" PREFIX='/my opt'
}

@test "install and uninstall, with blanks in DESTDIR and PREFIX" {
	need make install
	install_to install
	"a b/my opt/bin/mbatch" -V
	cmp "a b/my opt/share/man/man1/mbatch.1" "$ROOT/man/mbatch.1"
	cmp "a b/my opt/share/man/man7/mbatch-cookbook.7" \
	    "$ROOT/man/mbatch-cookbook.7"
	[ "$(find 'a b' -type f | wc -l)" -eq 6 ]
	install_to uninstall
	[ "$(find 'a b' -type f | wc -l)" -eq 0 ]
}

@test "two makes side by side of one folder" {
	need make
	[[ $PWD != *[[:space:]]* ]] || skip "blanks in $PWD"
	local i pids=()
	make_anew O="$PWD/a" "$PWD/a/flags"
	# Each compares when both have written.
	mkdir bin
	cat >bin/cmp <<-END
		#!/bin/sh
		: >"$PWD/here.\$\$"
		while [ "\$(ls "$PWD" | grep -c here)" -lt 2 ]; do
			sleep 0.01
		done
	END
	chmod +x bin/cmp
	for i in 1 2; do
		PATH=$PWD/bin:$PATH make_anew O="$PWD/a" "$PWD/a/flags" &
		pids[i]=$!
	done
	wait "${pids[1]}"
	wait "${pids[2]}"
	[ "$(ls a)" = flags ]
}

@test "what was built is what is installed, whatever its flags were" {
	need make
	[[ $PWD != *[[:space:]]* ]] || skip "blanks in $PWD"
	local here=(O="$PWD/a" BIN="$PWD/a/mbatch")
	make_anew "${here[@]}" "$PWD/a/flags" CC=c99 CFLAGS="-DX='\"a b\"' -O1"
	make_anew -n "${here[@]}" install | grep -q "^c99 .* -DX='\"a b\"' -O1 "
	make_anew -n "${here[@]}" install | grep -q ' -O2 ' && false
	# what is given now goes before, as do the defaults of a build
	make_anew -n "${here[@]}" install CFLAGS=-O3 | grep -q '^c99 .* -O3 '
	env -i PATH="$PATH" CFLAGS=-O3 make -s -C "$ROOT" -n "${here[@]}" \
	    install | grep -q '^c99 .* -O3 '
	make_anew -n "${here[@]}" all | grep -q ' -O2 -g '
	make_anew -n "${here[@]}" all | grep -q '^c99 ' && false
	make_anew O='x y' all 2>err && false
	grep -q 'must have no blanks' err
}

@test "what a file of tests is about is built, however it is named" {
	need make
	[[ $PWD != *[[:space:]]* ]] || skip "blanks in $PWD"
	make_anew -n O="$PWD/a" check TESTS='test/u*.bats' >plan
	grep -q " $PWD/a/unit/regex " plan
	make_anew -n O="$PWD/a" check TESTS=test/op-grep.bats >plan
	grep -q /unit/ plan && false
	grep -q 'test/run test/op-grep.bats' plan
}
