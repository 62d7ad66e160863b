/* mask.c - masks of lines, and how long they can be */
#include <string.h>

#include "lib/format/mask.h"
#include "test/unit/check.h"

static const char *const pairs[][2] = {
	{ "", "" },
	{ " \t\r\n", "" },
	{ "no value here", "no value here" },
	{ "  two   blanks\t\tare one\r\n", "two blanks are one" },
	/* digits */
	{ "took 12 of x86_64", "took * of *" },
	{ "id 1 2 3 and 4", "id * and *" },
	{ "1, 2;3: 4", "*" },
	{ "(1) (2)", "(*) (*)" },
	{ "got 5 (6) of 7", "got * of *" },
	{ "got 5 (6 of 7) in", "got * of * in" },
	{ "[1]: done (ok)", "[*]: done (ok)" },
	{ "lasted <1 sec", "lasted *" },
	{ "<34> pri", "<*> pri" },
	{ "-1 +2 #3 $4 5%", "*" },
	/* times */
	{ "2026-11-26T12:30:33.123Z up", "* up" },
	{ "Nov  6 09:05:01 host x[12]: a", "* host x[*]: a" },
	{ "[Sun Dec 04 04:47:44 2005] [notice]", "[*] [notice]" },
	{ "Monday January Maybe Sunny MON", "* Maybe Sunny MON" },
	{ "at 5 PM", "at *" },
	/* units */
	{ "5 bytes (2 KB) in 3 ms.", "* in *" },
	{ "bytes of 1 byte sent", "bytes of * sent" },
	{ "path=/a ms=12", "path=* ms=*" },
	/* hexadecimal, addresses */
	{ "deadbeef effaced DEADBEEF", "* effaced *" },
	{ "mac ba:dd:ca:fe:00:aa up", "mac * up" },
	{ "from fe80::1 and ::1", "from * and ::*" },
	{ "DB::open add: bad", "DB::open add: bad" },
	{ "127.0.0.1:80", "*" },
	/* paths, names */
	{ "GET /a/b?c=d HTTP/1.1", "GET *=d *" },
	{ "open /etc/passwd: no", "open *: no" },
	{ "and/or n/a a/b/c a/b.c", "and/or n/a *" },
	{ "C:\\Windows\\x y", "C:* y" },
	{ "see http://a.b/c?d=e,f. End", "see *. End" },
	{ "org.x.Y a.b ...", "* a.b ..." },
	{ "www.x.org host.org:http a.b:80", "* host.org:http *" },
	{ "mail bob@x to @x", "mail * to @x" },
	/* keys, what is empty */
	{ "uid=0 logname= tty=x", "uid=* logname=* tty=x" },
	{ "p99=5 r24=0x0", "p99=* r24=*" },
	{ "of a1== b", "of *== b" },
	{ "a=, b=;(c=)", "a=*, b=*;(c=*)" },
	{ "x = 5 y == 6", "x = * y == *" },
	{ "f() () [] x=\"\" ''", "f() (*) [*] x=\"*\" '*'" },
	{ "''''''", "'*'''''" },
	{ "host 1.2.3.4 () up", "host * up" },
	{ "{\"a\":5,\"b\":\"c\"}", "{\"a\":*,\"b\":\"c\"}" },
	/* stars, what is no text */
	{ "select * from *", "select * from *" },
	{ "BLOCK* **", "BLOCK* **" },
	{ "\xff\xfe 1 \xc3\xa9", "\xff\xfe * \xc3\xa9" }
};

static struct slice
mask(char *out, struct slice text)
{
	return (struct slice){ out, mask_put(out, text) };
}

static void
table(void)
{
	char out[256];
	size_t i;

	for (i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct slice m = mask(out, slice_str(pairs[i][0]));

		CHECK(slice_eq(m, slice_str(pairs[i][1])), "%s: %.*s, not %s",
		    pairs[i][0], (int)m.n, m.p, pairs[i][1]);
	}
}

/* NUL is a byte like others; and no mask is longer than it may be. */
static void
lengths(void)
{
	static const char some[] = "=()\"'<> \t,;:|a1fF./@*\0\xff";
	char text[64], out[MASK_MAX(sizeof text)];
	size_t i, k, n;

	CHECK(slice_eq(mask(out, SLICE("a\0b 1\0")), SLICE("a\0b *")), "NUL");
	for (i = 0; i < 300000; i++) {
		n = chance(sizeof text);
		for (k = 0; k < n; k++)
			text[k] = some[chance(i & 1 ? sizeof some : 6)];
		k = mask_put(out, (struct slice){ text, n });
		CHECK(k <= MASK_MAX(n), "%.*s", (int)n, text);
	}
}

int
main(void)
{
	table();
	lengths();
	return 0;
}
