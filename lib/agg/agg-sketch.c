/* agg-sketch.c - what --approx and hist keep; quantiles of either kind */
#include "lib/agg/agg-hooks.h"
#include "lib/agg/agg.h"
#include "lib/agg/bins.h"
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
dd_add_state(char *st, size_t stride, const struct agg_values *v)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		dd_add(dd_of(agg_state(st, stride, v, i)), v->num[i].real);
}

AGG_MERGE(dd, dd_of)
AGG_RESET(dd)
AGG_FREE(dd)
AGG_SAVE(dd, dd_of)
AGG_LOAD(dd, dd_of)

const struct agg_kind agg_kind_sketch = {
	.name = "ddsketch",
	.size = sizeof(struct ddsketch),
	.numbers = true,
	.add = dd_add_state,
	.merge = dd_merge_state,
	.reset = dd_reset_state,
	.free = dd_free_state,
	.save = dd_save_state,
	.load = dd_load_state
};

void
agg_put_quantile(const struct agg_column *c, void *st, void *other,
    struct buf *b)
{
	double x;

	(void)other;
	if (!c->approx)
		b->n += quantile_put(st, &c->percent,
		    buf_room(b, NUMBER_MAX));
	else if (dd_quantile(st, &c->percent, &x))
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
hll_add_state(char *st, size_t stride, const struct agg_values *v)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		hll_add(hll_of(agg_state(st, stride, v, i)), v->text[i]);
}

AGG_MERGE(hll, hll_of)
AGG_FREE(hll)
AGG_SAVE(hll, hll_of)
AGG_LOAD(hll, hll_of)

const struct agg_kind agg_kind_hll = {
	.name = "hll",
	.size = sizeof(struct hll),
	.add = hll_add_state,
	.merge = hll_merge_state,
	.free = hll_free_state,
	.save = hll_save_state,
	.load = hll_load_state
};

/* heavy: a struct heavy */

static struct heavy *
heavy_of(void *st)
{
	struct heavy *h = st;

	if (h->max == 0)
		heavy_init(h, HEAVY_MAX);
	return h;
}

/* Keys are what it counts: there is one group. */
static void
heavy_add_state(char *st, size_t stride, const struct agg_values *v)
{
	struct heavy *h = heavy_of(st);
	size_t i;

	(void)stride;
	for (i = 0; i < v->n; i++)
		heavy_add(h, v->text[i], 1);
}

AGG_MERGE(heavy, heavy_of)
AGG_RESET(heavy)
AGG_FREE(heavy)
AGG_SAVE(heavy, heavy_of)
AGG_LOAD(heavy, heavy_of)

const struct agg_kind agg_kind_heavy = {
	.name = "heavy",
	.size = sizeof(struct heavy),
	.add = heavy_add_state,
	.merge = heavy_merge_state,
	.reset = heavy_reset_state,
	.free = heavy_free_state,
	.save = heavy_save_state,
	.load = heavy_load_state
};

/* bins, logbins: a struct bins */

static void
bins_add_state(char *st, size_t stride, const struct agg_values *v)
{
	struct bins *b;
	size_t i;

	for (i = 0; i < v->n; i++) {
		b = agg_state(st, stride, v, i);
		if (b->fine == 0)
			bins_init(b, v->bins, v->bins == 0);
		bins_add(b, &v->num[i]);
	}
}

AGG_MERGE(bins, )
AGG_RESET(bins)
AGG_FREE(bins)
AGG_SAVE(bins, )
AGG_LOAD(bins, )

/* -n says how fine bins are that are no logarithmic ones. */
static const char *
bins_differ(const struct aggs *g, const void *st)
{
	const struct bins *b = st;
	struct bins want = { 0 };

	bins_init(&want, g->bins, g->bins == 0);
	return b->n == 0 || (b->fine == want.fine && b->log == want.log) ?
	    NULL : "a state of hist with another -n";
}

/* Two names for one kind. */
#define BINS(kind)							\
const struct agg_kind agg_kind_##kind = {				\
	.name = #kind,							\
	.size = sizeof(struct bins),					\
	.numbers = true,						\
	.add = bins_add_state,						\
	.merge = bins_merge_state,					\
	.reset = bins_reset_state,					\
	.free = bins_free_state,					\
	.save = bins_save_state,					\
	.load = bins_load_state,					\
	.differs = bins_differ						\
}

BINS(bins);
BINS(logbins);
