/* scan.c - fuzzes the scanners: all variants, records together and apart */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/scan/scan.h"

enum { MAX = 1024 };

struct result {
	struct slice rec[MAX], col[2][MAX], field[2][MAX];
	size_t nrec, used, nfield[2];
};

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
scan(struct result *r, const char *p, size_t n, const char *sep, size_t seplen,
    unsigned pos, size_t max)
{
	struct slice all = { p, n };

	r->nrec = scan_records(p, n, sep[0], r->rec, max, &r->used);
	r->nfield[0] = scan_blanks(all, r->field[0], max, false);
	r->nfield[1] = scan_sep(all, sep, seplen, r->field[1], max);
	scan_columns(&(struct scan_plan){ SCAN_BLANKS, 0,
	    &(struct scan_column){ pos, r->col[0] }, 1 }, r->rec, r->nrec);
	scan_columns(&(struct scan_plan){ SCAN_SEP, sep[1],
	    &(struct scan_column){ pos, r->col[1] }, 1 }, r->rec, r->nrec);
}

static void
same(const struct slice *a, const struct slice *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (a[i].p != b[i].p || a[i].n != b[i].n)
			abort();
}

static void
compare(const struct result *a, const struct result *b)
{
	int i;

	if (a->nrec != b->nrec || a->used != b->used)
		abort();
	same(a->rec, b->rec, a->nrec);
	for (i = 0; i < 2; i++) {
		if (a->nfield[i] != b->nfield[i])
			abort();
		same(a->field[i], b->field[i], a->nfield[i]);
		same(a->col[i], b->col[i], a->nrec);
	}
}

/* A column must be what splitting each record gives, in memory of its own. */
static void
apart(const struct result *r, char sep, unsigned pos)
{
	static struct slice field[256];
	struct slice one, col;
	const struct scan_column c = { pos, &col };
	const struct scan_plan blanks = { SCAN_BLANKS, 0, &c, 1 },
	    seps = { SCAN_SEP, sep, &c, 1 };
	size_t i, k;
	char *p;

	for (i = 0; i < r->nrec; i++) {
		one.n = r->rec[i].n;
		one.p = p = malloc(one.n + (one.n == 0));
		memcpy(p, r->rec[i].p, one.n);
		k = scan_blanks(one, field, pos, false);
		scan_columns(&blanks, &one, 1);
		if (k < pos ? col.p != NULL : col.p != field[pos - 1].p)
			abort();
		if (!slice_eq(col, r->col[0][i]))
			abort();
		k = scan_sep(one, &sep, 1, field, pos);
		scan_columns(&seps, &one, 1);
		if (k < pos ? col.p != NULL : col.p != field[pos - 1].p)
			abort();
		if (!slice_eq(col, r->col[1][i]))
			abort();
		free(p);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const names[] = { "swar", "sse2", "avx2", "neon" };
	static struct result first, r;
	size_t i, max, seplen;
	char sep[3], *p;
	unsigned pos;

	if (n < 6)
		return 0;
	memcpy(sep, data, 3);
	seplen = 1 + data[3] % 3;
	pos = 1 + data[4];
	max = data[5] < 128 ? MAX : data[5] - 128U;
	n -= 6;
	p = malloc(n + (n == 0));
	memcpy(p, data + 6, n);
	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		setenv("MBATCH_SIMD", names[i], 1);
		scan_init();
		scan(i == 0 ? &first : &r, p, n, sep, seplen, pos, max);
		if (i > 0)
			compare(&first, &r);
		apart(i == 0 ? &first : &r, sep[1], pos);
	}
	free(p);
	return 0;
}
