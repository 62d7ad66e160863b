/* agg-sketch.c - what --approx keeps, and results of either kind */
#include <stdlib.h>
#include <string.h>

#include "lib/agg/agg.h"
#include "lib/agg/quantile.h"
#include "lib/agg/sketch.h"

/* sketch: a struct ddsketch */

static struct ddsketch *
dd_of(void *st)
{
	struct ddsketch *d = st;

	if (d->bins == 0)
		dd_init(d, DD_BINS, DD_MAX_BINS);
	return d;
}

static void
sketch_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	size_t i;

	(void)shared;
	for (i = 0; i < v->n; i++)
		dd_add(dd_of(agg_state(st, stride, v, i)), v->num[i].real);
}

static void
sketch_merge(struct agg_at to, struct agg_at from)
{
	dd_merge(dd_of(to.st), dd_of(from.st));
}

static void
sketch_reset(void *st)
{
	dd_reset(dd_of(st));
}

static void
sketch_free(void *st)
{
	dd_free(st);
	memset(st, 0, sizeof(struct ddsketch));
}

static bool
sketch_save(struct agg_at at, uint64_t *part, struct buf *b)
{
	(void)part;
	dd_save(dd_of(at.st), b);
	return false;
}

static bool
sketch_load(struct agg_at at, struct slice s)
{
	struct ddsketch d;
	bool good;

	memset(&d, 0, sizeof d);
	dd_init(&d, DD_BINS, DD_MAX_BINS);
	good = dd_load(&d, s);
	if (good)
		dd_merge(dd_of(at.st), &d);
	dd_free(&d);
	return good;
}

const struct agg_kind agg_kind_sketch = {
	.name = "ddsketch",
	.size = sizeof(struct ddsketch),
	.numbers = true,
	.add = sketch_add,
	.merge = sketch_merge,
	.reset = sketch_reset,
	.free = sketch_free,
	.save = sketch_save,
	.load = sketch_load
};

void
agg_put_quantile(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	struct agg_at a = agg_at(g, at, c->part);
	double x;

	if (g->part[c->part].kind != &agg_kind_sketch)
		b->n += quantile_put(a.st, &c->percent,
		    buf_room(b, NUMBER_MAX));
	else if (dd_quantile(dd_of(a.st), &c->percent, &x))
		b->n += number_put_real(buf_room(b, NUMBER_MAX), x);
}

/* hll: a struct hll */

static struct hll *
hll_of(void *st)
{
	struct hll *h = st;

	if (h->p == 0)
		hll_init(h, HLL_P, HLL_EXACT);
	return h;
}

static void
distinct_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	size_t i;

	(void)shared;
	for (i = 0; i < v->n; i++)
		hll_add(hll_of(agg_state(st, stride, v, i)), v->text[i]);
}

static void
distinct_merge(struct agg_at to, struct agg_at from)
{
	hll_merge(hll_of(to.st), hll_of(from.st));
}

static void
distinct_reset(void *st)
{
	hll_reset(hll_of(st));
}

static void
distinct_free(void *st)
{
	hll_free(st);
	memset(st, 0, sizeof(struct hll));
}

static bool
distinct_save(struct agg_at at, uint64_t *part, struct buf *b)
{
	(void)part;
	hll_save(hll_of(at.st), b);
	return false;
}

static bool
distinct_load(struct agg_at at, struct slice s)
{
	struct hll h;
	bool good;

	memset(&h, 0, sizeof h);
	hll_init(&h, HLL_P, HLL_EXACT);
	good = hll_load(&h, s);
	if (good)
		hll_merge(hll_of(at.st), &h);
	hll_free(&h);
	return good;
}

const struct agg_kind agg_kind_hll = {
	.name = "hll",
	.size = sizeof(struct hll),
	.add = distinct_add,
	.merge = distinct_merge,
	.reset = distinct_reset,
	.free = distinct_free,
	.save = distinct_save,
	.load = distinct_load
};

void
agg_put_distinct(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	struct agg_at a = agg_at(g, at, c->part);

	b->n += number_put_u64(buf_room(b, NUMBER_MAX),
	    g->part[c->part].kind == &agg_kind_hll ? hll_count(hll_of(a.st)) :
	    *(uint64_t *)a.st);
}
