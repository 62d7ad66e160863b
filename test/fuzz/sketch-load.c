/* sketch-load.c - states from any text: what loads must save and work again */
#include <stdlib.h>
#include <string.h>

#include "lib/agg/bins.h"
#include "lib/agg/quantile.h"
#include "lib/agg/sketch-text.h"
#include "lib/agg/sketch.h"
#include "lib/base/arena.h"
#include "lib/number/sum.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct buf first, second;
static const struct number p90 = { 90, 0, true, 90 };

/* What was loaded and saved, loaded and saved again, is the same text. */
static void
same(void)
{
	if (first.n != second.n || memcmp(first.p, second.p, first.n) != 0)
		abort();
}

static struct slice
saved(const struct buf *b)
{
	return (struct slice){ b->p, b->n };
}

static void
try_moments(struct slice text)
{
	struct moments m = { 0 }, again = { 0 };
	char out[NUMBER_MAX];

	if (moments_load(&m, text)) {
		moments_save(&m, &first);
		if (!moments_load(&again, saved(&first)))
			abort();
		moments_save(&again, &second);
		same();
		sum_put(&m.sum, out);
		sum_put_mean(&m.sum, out);
		moments_merge(&m, &again);
		moments_put_stddev(&m, out);
	}
	moments_free(&m);
	moments_free(&again);
}

static void
try_dd(struct slice text)
{
	struct ddsketch s, again;
	double x;

	dd_init(&s, DD_BINS, DD_MAX_BINS);
	dd_init(&again, DD_BINS, DD_MAX_BINS);
	if (dd_load(&s, text)) {
		dd_save(&s, &first);
		if (!dd_load(&again, saved(&first)))
			abort();
		dd_save(&again, &second);
		same();
		if (dd_quantile(&s, &p90, &x) && (x < s.min || x > s.max))
			abort();
		dd_add(&s, -1);
		dd_merge(&s, &again);
	}
	dd_free(&s);
	dd_free(&again);
}

static void
try_hll(struct slice text)
{
	struct hll s, again;

	hll_init(&s, 4, 10);
	hll_init(&again, 4, 10);
	if (hll_load(&s, text)) {
		hll_save(&s, &first);
		if (!hll_load(&again, saved(&first)) ||
		    hll_count(&again) != hll_count(&s))
			abort();
		hll_save(&again, &second);
		same();
		hll_add(&s, text);
		hll_merge(&s, &again);
		hll_count(&s);
	}
	hll_free(&s);
	hll_free(&again);
}

static void
try_heavy(struct slice text)
{
	struct heavy s, again;

	heavy_init(&s, 3);
	heavy_init(&again, 3);
	if (heavy_load(&s, text)) {
		heavy_save(&s, &first);
		if (!heavy_load(&again, saved(&first)))
			abort();
		heavy_save(&again, &second);
		same();
		heavy_add(&s, text, 1);
		heavy_merge(&s, &again);
	}
	heavy_free(&s);
	heavy_free(&again);
}

/* A short text can stand for very many values: those are left alone. */
static bool
is_small(struct slice text)
{
	struct text_reader r;

	return text_open(&r, text) && text_get_number(&r) < 100000;
}

static void
try_quantile(struct slice text)
{
	struct quantile q = { 0 }, again = { 0 };
	char out[NUMBER_MAX];

	if (is_small(text) && quantile_load(&q, text)) {
		quantile_put(&q, &p90, out);
		quantile_save(&q, &first);
		if (!quantile_load(&again, saved(&first)))
			abort();
		quantile_save(&again, &second);
		same();
	}
	quantile_free(&q);
	quantile_free(&again);
}

static void
try_bins(struct slice text)
{
	struct bins b = { 0 }, again = { 0 };

	if (bins_load(&b, text)) {
		bins_save(&b, &first);
		if (!bins_load(&again, saved(&first)))
			abort();
		bins_save(&again, &second);
		same();
		if (b.fine == 0)
			bins_init(&b, 1, false);
		bins_add(&b, &p90);
		bins_merge(&b, &again);
	}
	bins_free(&b);
	bins_free(&again);
}

/* The first byte chooses; states with a checksum are given the right one. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct buf text;
	struct slice s;

	if (n == 0)
		return 0;
	first.n = second.n = text.n = 0;
	buf_add(&text, (const char *)data + 1, n - 1);
	if (data[0] % 6 != 0)
		text_close(&text, 0);
	s = saved(&text);
	switch (data[0] % 6) {
	case 0:
		try_moments(s);
		break;
	case 1:
		try_dd(s);
		break;
	case 2:
		try_hll(s);
		break;
	case 3:
		try_heavy(s);
		break;
	case 4:
		try_quantile(s);
		break;
	default:
		try_bins(s);
		break;
	}
	return 0;
}
