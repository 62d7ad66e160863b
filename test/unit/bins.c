/* bins.c - counts between round edges: right, in any order and split */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/agg/bins.h"
#include "lib/base/arena.h"
#include "test/unit/check.h"

enum { MANY = 1000, KINDS = 8, TEXT = 40, ROUNDS = 40 * KINDS };

static char text[MANY][TEXT];
static struct number data[MANY];

static void
value(int kind, char *out)
{
	int n = (int)(rnd() % 100000);

	switch (kind) {
	case 0:
		snprintf(out, TEXT, "%d", n - 50000);
		break;
	case 1:
		snprintf(out, TEXT, "%d.%03d", n / 1000, n % 1000);
		break;
	case 2:
		snprintf(out, TEXT, "-0.%05d%d", n, n % 7 * 10);
		break;
	case 3:
		snprintf(out, TEXT, "%" PRId64, (int64_t)rnd());
		break;
	case 4:
		snprintf(out, TEXT, "%de%d", n - 20000, n % 600 - 300);
		break;
	case 5:
		snprintf(out, TEXT, "%.17g", ldexp((double)rnd(), -70));
		break;
	case 6:
		snprintf(out, TEXT, "9007199254740%03d", n % 20);
		break;
	default:
		strcpy(out, n % 3 ? "1.5" : "1.50");
		break;
	}
}

static void
fill(int kind, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		value(kind, text[i]);
		CHECK(number_parse(&data[i], slice_str(text[i])), "%s",
		    text[i]);
	}
}

/* The number of values from k * 10^exp to below (k + 1) * 10^exp, the edges
   being doubles exactly. */
static uint64_t
count_of(size_t n, int64_t k, int exp)
{
	char edge[2][TEXT];
	uint64_t found = 0;

	for (int i = 0; i < 2; i++)
		snprintf(edge[i], TEXT, "%" PRId64 "e%d", k + i, exp);
	for (size_t i = 0; i < n; i++) {
		long double x = strtold(text[i], NULL);

		found += x >= strtold(edge[0], NULL) &&
		    x < strtold(edge[1], NULL);
	}
	return found;
}

static void
check_counts(const struct bins *b, size_t n)
{
	uint64_t all = 0;

	if (b->nbins == 0)
		return;
	CHECK(b->count[0] > 0 && b->count[b->nbins - 1] > 0, "outer bins");
	CHECK(b->nbins <= b->fine && b->cap <= 2 * b->fine, "memory");
	for (size_t i = 0; i < b->nbins; i++) {
		int64_t k = b->first + (int64_t)i;

		all += b->count[i];
		if (!b->log && b->nbins < 200 && LDBL_MANT_DIG >= 64)
			CHECK(b->count[i] == count_of(n, k, b->exp), "bin %"
			    PRId64 "e%d: %" PRIu64 ", not %" PRIu64, k, b->exp,
			    b->count[i], count_of(n, k, b->exp));
	}
	CHECK(all == n - b->below, "%" PRIu64 " of %zu", all, n);
}

/* No text that is cut or changed is taken. */
static void
refuse(struct buf *x)
{
	struct bins b = { 0 };

	for (size_t i = 0; i < x->n; i += 1 + x->n / 50) {
		CHECK(!bins_load(&b, (struct slice){ x->p, i }), "cut at %zu",
		    i);
		x->p[i] ^= 1;
		CHECK(!bins_load(&b, (struct slice){ x->p, x->n }),
		    "garbled at %zu", i);
		x->p[i] ^= 1;
		CHECK(b.n == 0, "not empty");
	}
	bins_free(&b);
}

static void
by_text(struct bins *b)
{
	struct buf x = { 0 };

	bins_save(b, &x);
	bins_reset(b);
	CHECK(bins_load(b, (struct slice){ x.p, x.n }), "%.*s", (int)x.n, x.p);
	buf_free(&x);
}

/* The values in another order, in parts, some of them by way of text. */
static void
split_and_merge(const struct bins *like, size_t bins, size_t n,
    const struct buf *want)
{
	struct bins part[4], all = { 0 };
	struct buf got = { 0 };
	size_t i, k;

	bins_init(&all, bins, like->log);
	for (k = 0; k < 4; k++) {
		memset(&part[k], 0, sizeof part[k]);
		bins_init(&part[k], bins, like->log);
	}
	for (i = n; i > 1; i--) {
		struct number t = data[k = rnd() % i];

		data[k] = data[i - 1];
		data[i - 1] = t;
	}
	for (i = 0; i < n; i++)
		bins_add(&part[rnd() % 4], &data[i]);
	for (k = 0; k < 4; k++) {
		if (rnd() % 2)
			by_text(&part[k]);
		bins_merge(&all, &part[k]);
		bins_free(&part[k]);
	}
	bins_save(&all, &got);
	CHECK(got.n == want->n && memcmp(got.p, want->p, got.n) == 0,
	    "%zu bins of %zu values like %s:\n%.*s\n%.*s", bins, n, text[0],
	    (int)got.n, got.p, (int)want->n, want->p);
	bins_free(&all);
	buf_free(&got);
}

int
main(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		size_t bins = 1 + rnd() % (round % 3 ? 20 : 1000),
		    n = rnd() % (round % 2 ? 10 : MANY);
		struct bins b = { 0 };
		struct buf x = { 0 };

		bins_init(&b, bins, rnd() % 3 == 0);
		fill(round % KINDS, n);
		for (size_t i = 0; i < n; i++)
			bins_add(&b, &data[i]);
		check_counts(&b, n);
		bins_save(&b, &x);
		split_and_merge(&b, bins, n, &x);
		refuse(&x);
		bins_free(&b);
		buf_free(&x);
	}
	return 0;
}
