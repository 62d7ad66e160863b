/* agg-sketch.c - what --approx and hist keep; quantiles of either kind */
#include "lib/agg/agg-hooks.h"
#include "lib/agg/agg.h"
#include "lib/agg/bins.h"
#include "lib/agg/quantile.h"
#include "lib/agg/sketch.h"

/* PRE_of, the state as a struct TYPE with its parameters, of which some is not
   0 once they are set. */
#define SKETCH_OF(pre, type, some, ...)					\
static struct type *							\
pre##_of(void *st)							\
{									\
	struct type *s = st;						\
									\
	if (s->some == 0)						\
		pre##_init(s, __VA_ARGS__);				\
	return s;							\
}

/* sketch: a struct ddsketch */

SKETCH_OF(dd, ddsketch, bins, DD_BINS, DD_MAX_BINS)
AGG_ADD(dd, dd_of, v->num[i].real)
AGG_ALONE(dd, dd_of)
AGG_RESET(dd)

const struct agg_kind agg_kind_sketch = {
	.name = "ddsketch",
	.size = sizeof(struct ddsketch),
	.numbers = true,
	.reset = dd_reset_state,
	AGG_HOOKS(dd)
};

void
agg_put_quantile(const struct agg_column *c, void *st, void *other,
    struct buf *b)
{
	double x;

	if (!c->approx)
		b->n += quantile_put(st, &c->percent,
		    buf_room(b, NUMBER_MAX));
	else if (dd_quantile(st, &c->percent, &x))
		b->n += number_put_real(buf_room(b, NUMBER_MAX), x);
}

/* hll: a struct hll */

SKETCH_OF(hll, hll, p, HLL_P, HLL_EXACT)
AGG_ADD(hll, hll_of, v->text[i])
AGG_ALONE(hll, hll_of)

const struct agg_kind agg_kind_hll = {
	.name = "hll",
	.size = sizeof(struct hll),
	AGG_HOOKS(hll)
};

/* heavy: a struct heavy */

SKETCH_OF(heavy, heavy, max, HEAVY_MAX)
AGG_ADD(heavy, heavy_of, v->text[i], 1)
AGG_ALONE(heavy, heavy_of)
AGG_RESET(heavy)

const struct agg_kind agg_kind_heavy = {
	.name = "heavy",
	.size = sizeof(struct heavy),
	.reset = heavy_reset_state,
	AGG_HOOKS(heavy)
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

AGG_ALONE(bins, )
AGG_RESET(bins)

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
#define BINS								\
	.size = sizeof(struct bins),					\
	.numbers = true,						\
	.reset = bins_reset_state,					\
	.differs = bins_differ,						\
	AGG_HOOKS(bins)

const struct agg_kind agg_kind_bins = { .name = "bins", BINS };
const struct agg_kind agg_kind_logbins = { .name = "logbins", BINS };
