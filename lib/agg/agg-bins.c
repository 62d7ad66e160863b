/* agg-bins.c - what hist keeps: counts between round edges */
#include "lib/agg/agg.h"
#include "lib/agg/bins.h"

static void
add(char *st, size_t stride, const struct agg_values *v, bool log)
{
	struct bins *b;
	size_t i;

	for (i = 0; i < v->n; i++) {
		b = agg_state(st, stride, v, i);
		if (b->fine == 0)
			bins_init(b, v->bins, log);
		bins_add(b, &v->num[i]);
	}
}

static void
linear_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	(void)shared;
	add(st, stride, v, false);
}

static void
log_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	(void)shared;
	add(st, stride, v, true);
}

static void
merge(struct agg_at to, struct agg_at from)
{
	struct bins *b = to.st;
	const struct bins *o = from.st;

	if (b->fine == 0) {
		b->fine = o->fine;
		b->log = o->log;
	}
	bins_merge(b, o);
}

static void
reset(void *st)
{
	bins_reset(st);
}

static void
clear(void *st)
{
	bins_free(st);
}

static bool
save(struct agg_at at, uint64_t *part, struct buf *b)
{
	(void)part;
	bins_save(at.st, b);
	return false;
}

/* -n says how fine bins are that are no logarithmic ones. */
static const char *
linear_differs(const struct aggs *g, struct slice s)
{
	struct bins b = { 0 }, want = { 0 };
	bool same;

	bins_init(&want, g->bins, false);
	same = !bins_load(&b, s) || b.n == 0 || b.fine == want.fine;
	bins_free(&b);
	return same ? NULL : "a state of hist with another -n";
}

static bool
load(struct agg_at at, struct slice s, bool log)
{
	struct bins *b = at.st, one = { 0 };
	bool good = bins_load(&one, s) && (one.n == 0 || (one.log == log &&
	    (b->fine == 0 || b->fine == one.fine)));

	if (good && one.n > 0)
		merge(at, (struct agg_at){ &one, NULL, 0 });
	bins_free(&one);
	return good;
}

static bool
linear_load(struct agg_at at, struct slice s)
{
	return load(at, s, false);
}

static bool
log_load(struct agg_at at, struct slice s)
{
	return load(at, s, true);
}

const struct agg_kind agg_kind_bins = {
	.name = "bins",
	.size = sizeof(struct bins),
	.numbers = true,
	.add = linear_add,
	.merge = merge,
	.reset = reset,
	.free = clear,
	.save = save,
	.differs = linear_differs,
	.load = linear_load
};

const struct agg_kind agg_kind_logbins = {
	.name = "logbins",
	.size = sizeof(struct bins),
	.numbers = true,
	.add = log_add,
	.merge = merge,
	.reset = reset,
	.free = clear,
	.save = save,
	.load = log_load
};
