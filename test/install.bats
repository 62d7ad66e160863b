#!/usr/bin/env bats
# install.bats - make install, uninstall

load helper

# install_to TARGET: what was built, to a folder with a blank in its name.
install_to() {
	env -u MAKEFLAGS -u MFLAGS make -s -C "$ROOT" -o all "$1" \
	    BIN="$MBATCH" DESTDIR="$BATS_TEST_TMPDIR/a b" PREFIX='/my opt'
}

@test "install and uninstall, with blanks in DESTDIR and PREFIX" {
	need make install
	install_to install
	"a b/my opt/bin/mbatch" -V
	cmp "a b/my opt/share/man/man1/mbatch.1" "$ROOT/man/mbatch.1"
	[ "$(find 'a b' -type f | wc -l)" -eq 5 ]
	install_to uninstall
	[ "$(find 'a b' -type f | wc -l)" -eq 0 ]
}
