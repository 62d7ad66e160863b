/* scan.c - every variant of scan.h against the plainest implementation */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/scan/scan.h"
#include "test/unit/check.h"

enum { MAX = 1024, BYTES = 2000, COLUMNS = 4 };

static const char *variant;

static void
fail(const char *what, size_t n, size_t i)
{
	fprintf(stderr, "scan: %s: %s differs: length %zu, at %zu\n", variant,
	    what, n, i);
	exit(1);
}

static void
same(const char *what, size_t n, const struct slice *got, size_t ngot,
    const struct slice *want, size_t nwant)
{
	size_t i;

	if (ngot != nwant)
		fail(what, n, ngot);
	for (i = 0; i < ngot; i++)
		if (got[i].p != want[i].p || got[i].n != want[i].n)
			fail(what, n, i);
}

static size_t
plain_records(const char *p, size_t n, char term, struct slice *rec,
    size_t max, size_t *used)
{
	size_t i, k = 0, start = 0;

	for (i = 0; i < n && k < max; i++) {
		if (p[i] != term)
			continue;
		rec[k++] = (struct slice){ p + start, i - start };
		start = i + 1;
	}
	*used = start;
	return k;
}

static bool
ends_field(char c, bool lines)
{
	return c == ' ' || c == '\t' || (lines && c == '\n');
}

static size_t
plain_blanks(struct slice r, struct slice *field, size_t max, bool lines)
{
	size_t i = 0, k = 0, start;

	while (k < max) {
		while (i < r.n && ends_field(r.p[i], lines))
			i++;
		if (i == r.n)
			break;
		for (start = i; i < r.n && !ends_field(r.p[i], lines); i++)
			;
		field[k++] = (struct slice){ r.p + start, i - start };
	}
	return k;
}

static size_t
plain_sep(struct slice r, const char *sep, size_t len, struct slice *field,
    size_t max)
{
	size_t i = 0, k = 0, start = 0;

	while (k < max) {
		while (i + len <= r.n && memcmp(r.p + i, sep, len) != 0)
			i++;
		if (i + len > r.n) {
			field[k++] = (struct slice){ r.p + start, r.n - start };
			break;
		}
		field[k++] = (struct slice){ r.p + start, i - start };
		start = i += len;
	}
	return k;
}

static void
check_fields(struct slice r, const char *sep, size_t len, size_t max)
{
	struct slice got[MAX], want[MAX];
	size_t k;

	k = scan_blanks(r, got, max, false);
	same("scan_blanks", r.n, got, k, want,
	    plain_blanks(r, want, max, false));
	k = scan_blanks(r, got, max, true);
	same("scan_blanks of lines", r.n, got, k, want,
	    plain_blanks(r, want, max, true));
	k = scan_sep(r, sep, len, got, max);
	same("scan_sep", r.n, got, k, want, plain_sep(r, sep, len, want, max));
}

/* Past the quotes that begin at i; 0 if they are never closed. */
static size_t
plain_close(struct slice r, size_t i)
{
	for (i++; i < r.n; i++) {
		if (r.p[i] != '"')
			continue;
		if (i + 1 == r.n || r.p[i + 1] != '"')
			return i + 1;
		i++;
	}
	return 0;
}

/* Field pos of a record with quotes; false: they are not plain. */
static bool
plain_csv(struct slice r, char sep, unsigned pos, struct slice *out)
{
	size_t i = 0, from;

	for (*out = (struct slice){ NULL, 0 };; i++) {
		from = i;
		if (i < r.n && r.p[i] == '"') {
			i = plain_close(r, i);
			if (i == 0 || (i < r.n && r.p[i] != sep))
				return false;
		}
		for (; i < r.n && r.p[i] != sep; i++)
			if (r.p[i] == '"')
				return false;
		if (--pos == 0)
			break;
		if (i == r.n)
			return true;
	}
	*out = (struct slice){ r.p + from, i - from };
	return true;
}

/* Record i's columns as csv; the first is unsure if one of them is. */
static void
same_csv(struct slice r, char sep, const struct scan_column *c, size_t nc,
    size_t i)
{
	struct slice want[COLUMNS];
	size_t k;

	for (k = 0; k < nc; k++)
		if (!plain_csv(r, sep, (unsigned)c[k].pos, &want[k])) {
			if (c->col[i].p != r.p || c->col[i].n != SCAN_UNSURE)
				fail("csv columns", r.n, i);
			return;
		}
	for (k = 0; k < nc; k++)
		same("csv columns", r.n, &c[k].col[i], 1, &want[k], 1);
}

static void
check_columns(const struct slice *rec, size_t n, char sep,
    const struct scan_column *c, size_t nc)
{
	static struct slice field[BYTES + 1];
	const struct slice none = { NULL, 0 };
	size_t i, j, k, found, most = c[nc - 1].pos;

	for (j = 0; j < 2 * n; j++) {
		i = j % n;
		if (i == 0)
			scan_columns(&(struct scan_plan){ j == 0 ?
			    SCAN_BLANKS : SCAN_LINES, 0, c, nc }, rec, n);
		found = plain_blanks(rec[i], field, most, j >= n);
		for (k = 0; k < nc; k++)
			same("blank columns", rec[i].n, &c[k].col[i], 1,
			    c[k].pos > found ? &none : &field[c[k].pos - 1],
			    1);
	}
	scan_columns(&(struct scan_plan){ SCAN_SEP, sep, c, nc }, rec, n);
	for (i = 0; i < n; i++) {
		found = plain_sep(rec[i], &sep, 1, field, most);
		for (k = 0; k < nc; k++)
			same("separated columns", rec[i].n, &c[k].col[i], 1,
			    c[k].pos > found ? &none : &field[c[k].pos - 1],
			    1);
	}
	if (sep == '"')
		return;
	scan_columns(&(struct scan_plan){ SCAN_CSV, sep, c, nc }, rec, n);
	for (i = 0; i < n; i++)
		same_csv(rec[i], sep, c, nc, i);
}

/* One column up to most, or a few, some of them side by side. */
static void
check_some(const struct slice *rec, size_t n, char sep, uint32_t most)
{
	static struct slice got[COLUMNS][MAX];
	struct scan_column c[COLUMNS];
	size_t pos = 0, nc;

	for (nc = 0; nc < COLUMNS; nc++) {
		pos += 1 + (chance(2) ? chance(most) : 0);
		c[nc] = (struct scan_column){ pos, got[nc] };
		if (chance(2))
			break;
	}
	check_columns(rec, n, sep, c, nc < COLUMNS ? nc + 1 : nc);
}

static void
check_ends(const char *p, size_t n, char term, size_t max)
{
	static uint32_t at[MAX + SCAN_ROOM];
	size_t i, k = 0, got = scan_ends(p, n, term, at, max);

	for (i = 0; i < n && k < max; i++)
		if (p[i] == term && (k >= got || at[k++] != i))
			fail("scan_ends", n, i);
	if (k != got)
		fail("how many scan_ends finds", n, got);
}

static bool
plain_clue(const char *p, const struct scan_clue *c)
{
	return ((unsigned char)p[c->at[0]] | c->fold[0]) == c->byte[0] &&
	    ((unsigned char)p[c->at[1]] | c->fold[1]) == c->byte[1];
}

/* The places that scan_clues finds are those that have a clue, all of them. */
static void
check_clues(const char *p, size_t n)
{
	enum { REACH = 40 };		/* how far bytes of a text lie apart */
	struct scan_clue c[3];
	size_t i, j, k, at = 0, nc = 1 + chance(3);
	uint64_t m;
	bool is;

	if (n < 64 + REACH)
		return;
	n -= REACH;
	for (k = 0; k < nc; k++)
		for (j = 0; j < 2; j++) {
			c[k].at[j] = chance(REACH + 1);
			c[k].fold[j] = chance(3) == 0 ? 0x20 : 0;
			c[k].byte[j] = (unsigned char)p[chance((uint32_t)n)] |
			    c[k].fold[j];
		}
	for (i = 0; i < n; at = i + 64) {
		i = scan_clues(p, at, n, c, nc, &m);
		if (i > n || (i < n) != (m != 0) || (i < at && i + 64 != n))
			fail("scan_clues", n, i);
		for (j = at; j < i + 64 && j < n; j++) {
			for (k = 0, is = false; k < nc; k++)
				is = is || plain_clue(p + j, &c[k]);
			if (is != (j >= i && (m >> (j - i) & 1) != 0))
				fail("scan_clues", n, j);
		}
	}
	for (i = j = 0; i < n;) {
		static uint32_t place[MAX + SCAN_ROOM];
		size_t max = 1 + chance(MAX), some = scan_places(p, &i, n, c,
		    nc, place, max);

		for (at = 0; j < i && j < n; j++) {
			for (k = 0, is = false; k < nc; k++)
				is = is || plain_clue(p + j, &c[k]);
			if (is && (at == some || place[at++] != j))
				fail("scan_places", n, j);
		}
		if (at != some || (i < n && some < max))
			fail("how many scan_places finds", n, i);
	}
}

/* Runs and steps from anywhere on, with more or less readable behind them. */
static void
check_class(const char *p, size_t n)
{
	struct scan_step st[2] = { { .max = 1 + chance(40) },
		{ .min = 1, .max = SIZE_MAX } };
	struct scan_class c = { 0 };
	static struct slice got[MAX], want[MAX];
	struct slice s = { p, n - chance((uint32_t)n + 1) };
	const char *hi = chance(2) == 0 ? p + n : s.p + s.n;
	size_t i, from, k, max = 1 + chance(MAX), at[3], end, skip;
	uint32_t place;
	const struct scan_track t = { st, 2, at };

	for (i = 0; i < 1 + chance(3); i++)
		scan_class_add(&c, (unsigned char)(n == 0 ? 'a' :
		    p[chance((uint32_t)n)]));
	for (i = 0; i < 256; i++)
		if (!c.has[i])
			scan_class_add(&st[0].others, (unsigned char)i);
	st[1].others = c;
	from = chance((uint32_t)s.n + 1);
	for (i = from; i < s.n && !c.has[(unsigned char)p[i]];)
		i++;
	if (scan_class(s, from, hi, &c) != i)
		fail("scan_class", s.n, from);
	skip = chance((uint32_t)from + 1);
	place = (uint32_t)(from - skip);
	scan_class_each(s, &place, 1, skip, &c, &place);
	if (place != i)
		fail("scan_class_each", s.n, from);
	at[0] = from;
	for (i = from; i < s.n && i - from < st[0].max &&
	    c.has[(unsigned char)p[i]];)
		i++;
	for (end = i; end < s.n && !c.has[(unsigned char)p[end]];)
		end++;
	if (scan_steps(&t, 0, s, hi) != (end > i ? 2 : 1) ||
	    at[1] != i || at[2] != end)
		fail("scan_steps", s.n, from);
	for (k = 0, i = from; i < s.n && k < max; i = end) {
		for (end = i; end < s.n && c.has[(unsigned char)p[end]];)
			end++;
		if (end > i)
			want[k++] = (struct slice){ p + i, end - i };
		end += end == i;
	}
	same("scan_runs", s.n, got, scan_runs(s, hi, &c, &from, got, max),
	    want, k);
	if (from != (k == max ? (size_t)(want[k - 1].p - p) + want[k - 1].n :
	    s.n))
		fail("where scan_runs ends", s.n, from);
}

/* Parts of records, and others that lie in memory of their own, empty or
   absent. */
static void
check_odd(const struct slice *rec, size_t n)
{
	static struct scan_reach reach[MAX];
	static struct slice v[MAX];
	static unsigned char odd[MAX];
	static const unsigned char below[] = { 1, 11, 14, 32, 33, 128 };
	struct scan_odds c = { below[chance(6)], ",\t\xff"[chance(3)], '\x8a',
		chance(2) == 0 };
	size_t i, j, from;

	scan_reach(rec, n, reach);
	for (i = 0; i < n; i++) {
		from = rec[i].n == 0 ? 0 : chance((uint32_t)rec[i].n);
		v[i] = (struct slice){ rec[i].p + from, rec[i].n - from };
		if (chance(2) == 0 && v[i].n > 0)
			v[i].n = chance((uint32_t)v[i].n + 1);
		if (chance(8) == 0)
			v[i] = chance(2) == 0 ? (struct slice){ NULL, 0 } :
			    SLICE("a\tb");
	}
	scan_odd(v, n, reach, &c, odd);
	for (i = 0; i < n; i++) {
		for (j = 0; j < v[i].n; j++)
			if ((unsigned char)v[i].p[j] < c.below ||
			    v[i].p[j] == c.a || v[i].p[j] == c.b ||
			    (c.high && (v[i].p[j] & 0x80) != 0))
				break;
		if (odd[i] != (j < v[i].n))
			fail("scan_odd", v[i].n, i);
	}
}

/* How many lines are such that scan_closed passes over them. */
static size_t
plain_closed(const struct slice *line, size_t n, char by)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		for (k = line[i].n; k > 0 && line[i].p[k - 1] != '"'; k--)
			;
		if (k < 2 || line[i].p[k - 2] == '"' || line[i].p[k - 2] == by)
			break;
	}
	return i;
}

static void
check_closed(const struct slice *line, size_t n, char by)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (scan_closed(line + i, n - i, by) !=
		    plain_closed(line + i, n - i, by))
			fail("scan_closed", n, i);
}

/* p[0..n) has nothing readable around it, so that sanitizers see a slip. */
static void
check_bytes(const char *p, size_t n)
{
	static struct slice got[MAX], want[MAX];
	static const char terms[] = "\n \t,\0\xff" "a";
	char term = terms[chance(sizeof terms - 1)];
	size_t k, max, used[2];

	max = chance(3) == 0 ? chance(8) : MAX;
	k = scan_records(p, n, term, got, max, &used[0]);
	same("scan_records", n, got, k, want,
	    plain_records(p, n, term, want, max, &used[1]));
	if (used[0] != used[1])
		fail("used of scan_records", n, used[0]);
	check_ends(p, n, term, max);
	check_clues(p, n);
	check_class(p, n);
	check_fields((struct slice){ p, n }, &term, 1, max);
	check_fields((struct slice){ p, n }, ",,a", 1 + chance(3), max);
	check_odd(got, k);
	check_closed(got, k, ',');
	check_some(got, k, ',', 12);
	check_some(&(struct slice){ p, n }, 1, term, 70);
}

/* Every so often one of few bytes; runs of them when dense. */
static void
fill(char *p, size_t n)
{
	static const char few[] = "\n \t,\0\xff" "a\x8a\x0b\xa0\x21";
	static const char quoted[] = "\",\",\"\n";
	const char *from = chance(2) ? few : quoted;
	size_t i, nfrom = from == few ? sizeof few - 1 : sizeof quoted - 1;
	uint32_t dense = 1 + chance(24);

	for (i = 0; i < n; i++)
		p[i] = chance(dense) == 0 ? from[chance((uint32_t)nfrom)] :
		    (char)('b' + chance(20));
}

/* Records in memory of their own, in no order, some of them empty. */
static void
check_apart(void)
{
	struct slice rec[40];
	char *p[40];
	size_t i, n = 1 + chance(40);

	for (i = 0; i < n; i++) {
		rec[i].n = chance(150);
		rec[i].p = p[i] = malloc(rec[i].n == 0 ? 1 : rec[i].n);
		fill(p[i], rec[i].n);
	}
	check_some(rec, n, ',', 9);
	for (i = 0; i < n; i++)
		free(p[i]);
}

/* Plain csv: fields of many lengths, in quotes or not. */
static void
check_csv(void)
{
	static const char *const inner[] = { "a", ",", "\"\"", "bcdefgh", "" };
	char text[600];
	struct slice rec[8];
	size_t i, k, n = 1 + chance(8), at = 0;

	for (i = 0; i < n; i++) {
		rec[i].p = text + at;
		for (k = 1 + chance(6); k-- > 0;) {
			bool q = chance(2);
			size_t m = chance(5);

			at += (size_t)sprintf(text + at, "%s", q ? "\"" : "");
			while (m-- > 0)
				at += (size_t)sprintf(text + at, "%s",
				    q ? inner[chance(5)] : "wxyz");
			at += (size_t)sprintf(text + at, "%s%s", q ? "\"" : "",
			    k > 0 ? "," : "");
		}
		rec[i].n = (size_t)(text + at - rec[i].p);
		text[at++] = '\n';
		if (at > 350)
			n = i + 1;
	}
	check_some(rec, n, ',', 7);
}

/* Any bytes, the first of which are not looked at. */
static void
check_stops(void)
{
	char bits[SCAN_BITS(300)], *p;
	size_t i, n = chance(300), off = chance(64);
	unsigned char c;
	bool stop;

	p = malloc(off + n + (off + n == 0));
	for (i = 0; i < off + n; i++)
		p[i] = (char)(chance(4) == 0 ?
		    "\"\\ !#\x1f\x5d\xa2"[chance(8)] : (int)chance(256));
	scan_stops(p + off, n, p + off + n, bits);
	for (i = 0; i < n + 64; i++) {
		c = i < n ? (unsigned char)p[off + i] : '"';
		stop = c < ' ' || c == '"' || c == '\\';
		if (((unsigned char)bits[i / 8] >> i % 8 & 1) != stop)
			fail("scan_stops", n, i);
	}
	free(p);
}

static void
check_all(void)
{
	char *p;
	size_t i, n, off;

	for (i = 0; i < 6000; i++) {
		n = i < 1500 ? i % 300 : chance(BYTES);
		off = chance(64);
		p = malloc(off + n + (off + n == 0));
		fill(p + off, n);
		if (n > 0 && chance(2) == 0)
			p[off + n - 1] = '\n';
		if (n > 0 && chance(4) == 0)
			p[off] = '\n';
		check_bytes(p + off, n);
		free(p);
	}
	for (i = 0; i < 500; i++)
		check_apart();
	for (i = 0; i < 3000; i++)
		check_csv();
	for (i = 0; i < 1000; i++)
		check_stops();
}

static void
check_none(void)
{
	struct slice none = { NULL, 0 }, f = { "x", 1 };
	const struct scan_column c = { 1, &f };
	size_t used = 1;

	if (scan_records(NULL, 0, '\n', &f, 1, &used) != 0 || used != 0 ||
	    scan_blanks(none, &f, 1, true) != 0)
		fail("nothing", 0, 0);
	if (scan_sep(SLICE(""), ",", 1, &f, 1) != 1 || f.p == NULL || f.n != 0)
		fail("scan_sep of an empty record", 0, 0);
	scan_columns(&(struct scan_plan){ SCAN_BLANKS, 0, &c, 1 }, &none, 1);
	if (f.p != NULL)
		fail("blank columns of nothing", 0, 0);
	scan_columns(&(struct scan_plan){ SCAN_SEP, ',', &c, 1 }, &none, 1);
	if (f.p != NULL)
		fail("separated columns of nothing", 0, 0);
}

int
main(void)
{
	static const char *const names[] = { "swar", "sse2", "avx2", "neon" };
	size_t i, ran = 0;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		variant = names[i];
		setenv("MBATCH_SIMD", variant, 1);
		scan_init();
		if (strcmp(scan_by->name, variant) != 0)
			continue;	/* not on this machine */
		state = 1;
		check_all();
		check_none();
		ran++;
	}
	setenv("MBATCH_SIMD", "none", 1);
	scan_init();
	if (ran == 0 || strcmp(scan_by->name, "swar") != 0)
		fail("the choice of a variant", 0, 0);
	return 0;
}
