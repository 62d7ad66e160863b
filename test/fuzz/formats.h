/*
 * formats.h - fuzzes a format: the fields of a split record are those taken
 * one by one, with each scanner; put together again and split they are the
 * same; of a format with FORMAT_PLAIN, also when written from plain values.
 * Records with bytes of FORMAT_SKIP can't be held to that, nor to the second
 * those with a token that FORMAT_MENDS(cells, i) says is written otherwise.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/scan/scan.h"

#ifndef FORMAT_MENDS
#define FORMAT_MENDS(cells, i)	false
#endif

enum { MAX_CELLS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
same(struct slice a, struct slice b)
{
	return (a.p == NULL) == (b.p == NULL) && slice_eq(a, b);
}

static void
same_cells(const struct cells *c, const struct cells *d, bool names)
{
	size_t i;

	if (c->n != d->n)
		abort();
	for (i = 0; i < c->n; i++)
		if (!same(c->c[i].val, d->c[i].val) ||
		    (names && !same(c->c[i].name, d->c[i].name)))
			abort();
}

static bool
mended(const struct cells *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (FORMAT_MENDS(c, i))
			return true;
	return false;
}

static void
decode(const struct shape *s, struct cells *c, struct arena *a)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->c[i].raw && c->c[i].val.p != NULL) {
			c->c[i].val = s->format->decode(c->c[i].val, a);
			c->c[i].raw = false;
		}
}

/* Writes the cells, reads them again into d. */
static void
again(const struct shape *s, const struct cells *c, struct cells *d,
    struct buf *b)
{
	size_t at;

	b->n = 0;
	s->format->put(b, s, c->c, c->n);
	if (s->format->split(s, (struct slice){ b->n == 0 ? "" : b->p, b->n },
	    d, &at) != NULL)
		abort();
}

/* The first cells, each asked for alone and all at once; bad: none is. */
static void
taken(const struct shape *s, struct slice rec, const struct cells *c,
    struct arena *a)
{
	struct field f[MAX_CELLS] = { { .text = "" } };
	struct take all = { .shape = s }, one;
	size_t i, n = c->n < MAX_CELLS ? c->n : MAX_CELLS;

	for (i = 0; i < n; i++) {
		f[i].kind = s->format->traits & FMT_POSITIONS && i >= c->front ?
		    FIELD_POS : FIELD_NAME;
		f[i].pos = f[i].kind == FIELD_POS ? (int)(i - c->front) + 1 : 0;
		f[i].text = "";
		f[i].name = c->c[i].name;
		f[i].path = &f[i].name;
		f[i].npath = 1;
		take_want(&all, &f[i], 0, 0);
	}
	take_plan(&all, a);
	take_run(&all, &rec, 1);
	for (i = 0; i < n; i++) {
		one = (struct take){ .shape = s };
		take_want(&one, &f[i], 0, 0);
		take_plan(&one, a);
		take_run(&one, &rec, 1);
		if (one.nbad > 0 || !same(one.col[0][0], c->c[i].val) ||
		    !same(all.col[i][0], c->c[i].val))
			abort();
		take_free(&one);
	}
	take_free(&all);
}

static void
check(const struct shape *s, struct slice rec)
{
	struct cells c = { 0 }, d = { 0 };
	struct arena a = { 0 };
	struct buf b = { 0 };
	const char *why;
	size_t at;

	why = s->format->split(s, rec, &c, &at);
	if (why != NULL && at > rec.n)
		abort();
	if (why == NULL) {
		again(s, &c, &d, &b);
		if (!mended(&c))
			same_cells(&c, &d, true);
		decode(s, &c, &a);
		taken(s, rec, &c, &a);
		if (FORMAT_PLAIN) {
			again(s, &c, &d, &b);
			decode(s, &d, &a);
			same_cells(&c, &d, true);
		}
	}
	cells_free(&c);
	cells_free(&d);
	buf_free(&b);
	arena_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const way[] = { "none", "sse2", "avx2" };
	struct shape s;
	size_t i;

	for (i = 0; i < n; i++)
		if (strchr(FORMAT_SKIP, (char)data[i]) != NULL && data[i] != 0)
			return 0;
	if (n > 4096)
		return 0;
	shape_init(&s, format_find(FORMAT_NAME), NULL, 0);
	for (i = 0; i < sizeof way / sizeof way[0]; i++) {
		setenv("MBATCH_SIMD", way[i], 1);
		scan_init();
		check(&s, (struct slice){ (const char *)data, n });
	}
	return 0;
}
