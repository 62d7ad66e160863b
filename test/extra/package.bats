#!/usr/bin/env bats
# package.bats - make dist, make deb, make static: what is handed out

bats_require_minimum_version 1.5.0
load ../helper

# A clone of the last commit: what is not in it is not handed out.
setup_file() {
	need git make
	git clone -q "$ROOT" "$BATS_FILE_TMPDIR/clone"
}

setup() {
	cd "$BATS_FILE_TMPDIR/clone" || return
	unset MAKEFLAGS MAKELEVEL MFLAGS CFLAGS CPPFLAGS LDFLAGS
}

@test "dist: the same bytes at another time, in another place, of another umask" {
	make -s dist
	cp mbatch-*.tar.gz first.tar.gz
	git clone -q . "$BATS_TEST_TMPDIR/other"
	(
		cd "$BATS_TEST_TMPDIR/other"
		umask 077
		git config tar.umask 0077
		TZ=Asia/Tokyo make -s dist
		cmp mbatch-*.tar.gz "$OLDPWD/first.tar.gz"
		SOURCE_DATE_EPOCH=86400 make -s dist
		cmp -s mbatch-*.tar.gz "$OLDPWD/first.tar.gz" && false
		tar -tvf mbatch-*.tar.gz >list
		grep -q '^-rwxr-xr-x 0/0 .*/test/run$' list
		[ "$(awk '{ print $4 }' list | sort -u)" = 1970-01-02 ]
	)
	git ls-files | sort >want
	tar -tf first.tar.gz | sed 's,[^/]*/,,; /\/$/d; /^$/d' | sort >got
	cmp want got
}

@test "deb: tests are run, flags are Debian's, nothing for lintian" {
	need dpkg-buildpackage dh lintian bats
	# that they are run, not all that they say
	printf '#!/bin/sh\n"$MBATCH" count </dev/null && echo tests are run\n' \
	    >test/run
	git -c user.name=t -c user.email=t@t commit -qam 'fewer tests'
	env -i PATH="$PATH" make -s deb DEB_FLAGS=-nc >log 2>&1 || {
		tail -n 30 log
		false
	}
	grep -q '^tests are run' log
	(
		cd build/deb/mbatch-*/
		DEB_BUILD_OPTIONS=nocheck DH_VERBOSE=1 dh_auto_test >checked 2>&1
		grep make checked && false
		true
	)
	grep -qE '^(cc|gcc) .*-D_FORTIFY_SOURCE=.* -fstack-protector-strong' log
	lintian --allow-root -EI --pedantic build/deb/*.changes >tags 2>&1 ||
	    true
	cat tags
	run ! grep -E '^[EWIP]:' tags
	mkdir root
	dpkg -x build/deb/mbatch_*.deb root
	seq 3 | root/usr/bin/mbatch -a count >out
	[ "$(cat out)" = 3 ]
	[ -e root/usr/share/man/man1/mbatch.1.gz ]
	[ -e root/usr/share/bash-completion/completions/mbatch ]
	# -fcf-protection is Debian's choice, by release and machine
	if command -v hardening-check >/dev/null; then
		hardening-check -q --nocfprotection root/usr/bin/mbatch
	fi
}

@test "static: one small file without libraries" {
	need musl-gcc
	make -s static >log 2>&1 || {
		tail -n 30 log
		false
	}
	tail -n 20 log
	run -1 ldd build/static/mbatch
	seq 3 | env -i build/static/mbatch -n 2 stats sum:1 >out
	printf '3\n3\n' | cmp - out
	[ "$(wc -c <build/static/mbatch)" -lt 700000 ]
}

@test "the picture is what a terminal shows" {
	need tmux
	"$ROOT/man/picture" >live.svg
	cmp live.svg man/live.svg
	[ "$(wc -c <live.svg)" -lt 15000 ]
	grep -q '>/cart .*<tspan .*>1456</tspan>' live.svg
}
