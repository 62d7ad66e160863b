/*
 * convert.c - random records there and back: written, split, taken, converted
 *
 * What a format can hold comes back from it, whatever the scanner, one by one
 * or many side by side.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/format/json.h"
#include "lib/scan/scan.h"
#include "lib/write/convert.h"
#include "test/unit/check.h"

enum { NCOL = 5, NREC = 300 };

static const char *const names[NCOL] = { "a", "bb", "c.d", "e-f", "\xc3\xa9" };
static struct arena A;
static const char *testing;

static void
die(const char *what, struct slice s)
{
	fprintf(stderr, "convert.c: %s (%s): %s: %.*s\n", testing,
	    scan_by->name, what, (int)s.n, s.p == NULL ? "" : s.p);
	exit(1);
}

/* What a format can't hold is left out of the pieces. */
static struct slice
random_value(bool absent)
{
	static const char *const piece[] = { "a", "word", "0", "-1.50", "1e3",
	    "\"", "\"\"", ",", "=", " ", "\\", "\\\\", "\\n", "\\u0041", "{",
	    "}", "[", "]", ":", "\t", "'", "\xc3\xa9", "\xf0\x9f\x98\x80",
	    "#", "/", "null", "some words that fill the rest of a block of 64",
	    "\x01", "\x7f", "-", "+", "\r" };
	unsigned n = chance(5);
	struct buf b = { 0 };
	struct slice v;

	if (absent && chance(6) == 0)
		return (struct slice){ NULL, 0 };
	while (n-- > 0)
		buf_str(&b, piece[chance(sizeof piece / sizeof piece[0])]);
	v = b.n == 0 ? SLICE("") : arena_copy(&A, (struct slice){ b.p, b.n });
	buf_free(&b);
	return v;
}

static struct shape
shape_of(const char *name, const char *sep)
{
	const struct format *f = format_find(name);
	struct shape s;
	struct slice list[NCOL];
	size_t i;

	for (i = 0; i < NCOL; i++)
		list[i] = slice_str(names[i]);
	shape_made(&s, list, NULL, NCOL, &A);
	s.format = f;
	s.sep = sep;
	s.seplen = sep == NULL ? 0 : strlen(sep);
	if (f->traits & FMT_NAMED)
		s.ncol = 0;
	return s;
}

static bool
same(struct slice a, struct slice b)
{
	return (a.p == NULL) == (b.p == NULL) && slice_eq(a, b);
}

static struct slice
put(const struct shape *s, const struct cell *c, size_t n)
{
	struct buf b = { 0 };
	struct slice rec;

	s->format->put(&b, s, c, n);
	rec = b.n == 0 ? SLICE("") : arena_copy(&A, (struct slice){ b.p, b.n });
	buf_free(&b);
	return rec;
}

static void
split(const struct shape *s, struct slice rec, struct cells *c)
{
	const char *why;
	size_t at;

	why = s->format->split(s, rec, c, &at);
	if (why != NULL)
		die(why, rec);
}

/* rec was written from val: split and decoded they are the same, and put from
   the raw cells the record is. */
static void
check_split(const struct shape *s, struct slice rec, const struct slice *val)
{
	struct cells c = { 0 };
	struct slice v;
	size_t i, k = 0;

	split(s, rec, &c);
	for (i = 0; i < NCOL; i++) {
		if (val[i].p == NULL && k < c.n &&
		    !slice_eq(c.c[k].name, slice_str(names[i])))
			continue;
		if (val[i].p == NULL && k == c.n)
			continue;
		if (k == c.n)
			die("a cell is missing", rec);
		if (!slice_eq(c.c[k].name, slice_str(names[i])))
			die("another name", rec);
		v = c.c[k].raw ? s->format->decode(c.c[k].val, &A) :
		    c.c[k].val;
		if (!same(v, val[i]))
			die("another value", rec);
		k++;
	}
	if (k != c.n)
		die("a cell too many", rec);
	if (!same(put(s, c.c, c.n), rec))
		die("put otherwise", rec);
	cells_free(&c);
}

/* All columns of all records at once, and the last one alone. */
static void
check_take(const struct shape *s, const struct slice *rec,
    struct slice val[][NCOL], size_t n)
{
	struct take all = { .shape = s }, one = { .shape = s };
	struct field f[NCOL];
	const struct column *col;
	size_t i, k;

	for (k = 0; k < NCOL; k++) {
		f[k] = (struct field){ 0 };
		f[k].kind = FIELD_NAME;
		f[k].text = names[k];
		f[k].name = slice_str(names[k]);
		f[k].path = &f[k].name;
		f[k].npath = 1;
		col = shape_column(s, f[k].name);
		take_want(&all, &f[k], col == NULL ? 0 : col->pos, 0);
	}
	take_want(&one, &f[2], col == NULL ? 0 : 3, 0);
	take_plan(&all, &A);
	take_plan(&one, &A);
	take_run(&all, rec, n);
	take_run(&one, rec, n);
	if (all.nbad > 0 || one.nbad > 0)
		die(all.bad[0].why, rec[all.bad[0].i]);
	for (i = 0; i < n; i++) {
		for (k = 0; k < NCOL; k++)
			if (!same(all.col[k][i], val[i][k]))
				die("taken otherwise", rec[i]);
		if (!same(one.col[0][i], val[i][2]))
			die("taken alone otherwise", rec[i]);
	}
	take_free(&all);
	take_free(&one);
}

static void
check_format(const char *name, const char *sep, bool absent)
{
	static struct slice rec[NREC], val[NREC][NCOL];
	struct shape s = shape_of(name, sep);
	struct cell c[NCOL];
	struct buf side = { 0 };
	size_t i, k, at = 0;

	testing = name;
	for (i = 0; i < NREC; i++) {
		for (k = 0; k < NCOL; k++) {
			val[i][k] = random_value(absent);
			c[k] = (struct cell){ slice_str(names[k]), val[i][k],
				false };
		}
		rec[i] = put(&s, c, NCOL);
		check_split(&s, rec[i], val[i]);
		buf_slice(&side, rec[i]);
		buf_char(&side, '\n');
	}
	check_take(&s, rec, val, NREC);
	for (i = 0; i < NREC; i++, at += rec[i - 1].n + 1)
		rec[i].p = side.p + at;
	check_take(&s, rec, val, NREC);
	buf_free(&side);
}

/* The record in another format, as -o does it. */
static struct slice
convert(const struct shape *from, const struct shape *to, struct slice rec)
{
	struct cells c = { 0 };
	struct slice out;
	size_t i;

	split(from, rec, &c);
	for (i = 0; i < c.n; i++) {
		if (c.c[i].raw)
			c.c[i].val = from->format->decode(c.c[i].val, &A);
		c.c[i].raw = false;
	}
	out = put(to, c.c, c.n);
	cells_free(&c);
	return out;
}

/* From the first to the second and back the record is the same. */
static void
check_there(const char *first, const char *sep1, const char *second,
    const char *sep2)
{
	struct shape a = shape_of(first, sep1), b = shape_of(second, sep2);
	struct cell c[NCOL];
	struct slice rec, back;
	size_t i, k;

	testing = second;
	for (i = 0; i < NREC; i++) {
		for (k = 0; k < NCOL; k++)
			c[k] = (struct cell){ slice_str(names[k]),
				random_value(false), false };
		rec = put(&a, c, NCOL);
		back = convert(&b, &a, convert(&a, &b, rec));
		if (!same(rec, back))
			die("not the same", rec);
	}
}

/* Many records at once are what each is by itself. */
static void
check_many(const char *first, const char *second)
{
	struct diag diag = { 0 };
	struct options opt = { .arena = &A, .diag = &diag, .term = '\n',
		.header = true };
	struct shape a = shape_of(first, NULL), b;
	struct buf side = { 0 }, want = { 0 }, got = { 0 };
	struct slice rec[NREC];
	uint64_t num[NREC];
	struct cell c[NCOL];
	struct convert *to;
	size_t i, k;

	shape_init(&b, a.format, NULL, 0);
	a.sep = b.sep;
	a.seplen = b.seplen;
	shape_init(&b, format_find(second), NULL, 0);
	testing = second;
	for (i = 0; i < NREC; i++) {
		for (k = 0; k < NCOL; k++)
			c[k] = (struct cell){ slice_str(names[k]),
				random_value(false), false };
		num[i] = i + 1;
		rec[i] = put(&a, c, NCOL);
		buf_slice(&side, rec[i]);
		buf_char(&side, '\n');
		buf_slice(&want, convert(&a, &b, rec[i]));
		buf_char(&want, '\n');
	}
	for (i = 0, k = 0; i < NREC; k += rec[i++].n + 1)
		rec[i].p = side.p + k;
	to = convert_new(&a, b.format, false, NULL, &opt);
	for (i = 0; i < NREC; i += k) {
		k = 1 + chance(NREC - (uint32_t)i);
		if (convert_add(to, rec + i, num + i, k, &got) != OK)
			die("not converted", rec[i]);
	}
	if (!same((struct slice){ got.p, got.n },
	    (struct slice){ want.p, want.n }))
		die("otherwise than one by one", rec[0]);
	convert_free(to);
	buf_free(&side);
	buf_free(&want);
	buf_free(&got);
}

static void
check_all(void)
{
	static const struct {
		const char *name, *sep;
	} f[] = { { "csv", "," }, { "csv", "::" }, { "tsv", "\t" },
	    { "json", NULL }, { "logfmt", NULL } };
	const size_t n = sizeof f / sizeof f[0];
	size_t i, k;

	for (i = 0; i < n; i++) {
		check_format(f[i].name, f[i].sep, f[i].sep == NULL);
		for (k = 0; k < n; k++)
			if (strcmp(f[i].name, f[k].name) != 0)
				check_many(f[i].name, f[k].name);
		for (k = 0; k < n; k++)
			check_there(f[i].name, f[i].sep, f[k].name, f[k].sep);
	}
}

int
main(void)
{
	static const char *const way[] = { "none", "sse2", "avx2", "neon" };
	size_t i;

	for (i = 0; i < sizeof way / sizeof way[0]; i++) {
		setenv("MBATCH_SIMD", way[i], 1);
		scan_init();
		check_all();
		arena_free(&A);
	}
	return 0;
}
