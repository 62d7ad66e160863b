/* agg-number.c - what is kept of numbers: counts, sums, values */
#include "lib/agg/agg-hooks.h"
#include "lib/agg/agg.h"
#include "lib/agg/quantile.h"
#include "lib/number/sum.h"

/* count: a uint64_t */

static void
count_add(char *st, size_t stride, const struct agg_values *v)
{
	uint64_t *count = (uint64_t *)(void *)st;
	size_t i;

	if (v->one) {
		*count += v->n;
	} else {
		stride /= sizeof *count;
		for (i = 0; i < v->n; i++)
			count[v->group[i] * stride]++;
	}
}

static void
count_merge(void *st, const void *newer)
{
	*(uint64_t *)st += *(const uint64_t *)newer;
}

static bool
count_save(void *st, uint64_t *piece, struct buf *b)
{
	b->n += number_put_u64(buf_room(b, NUMBER_MAX), *(uint64_t *)st);
	return false;
}

/* Digits and nothing else. */
static bool
count_load(void *st, struct slice s)
{
	int64_t i;

	if (s.n == 0 || s.p[0] < '0' || s.p[0] > '9' || !number_int(&i, s))
		return false;
	*(uint64_t *)st = (uint64_t)i;
	return true;
}

const struct agg_kind agg_kind_count = {
	.name = "count",
	.size = sizeof(uint64_t),
	.add = count_add,
	.merge = count_merge,
	.save = count_save,
	.load = count_load
};

void
agg_put_count(const struct agg_column *c, void *st, void *other,
    struct buf *b)
{
	b->n += number_put_u64(buf_room(b, NUMBER_MAX), *(uint64_t *)st);
}

/* sum: a struct sum; moments: a struct moments, which begins with one */

AGG_ADD(sum, , &v->num[i])
AGG_ALONE(sum, )

const struct agg_kind agg_kind_sum = {
	.name = "sum",
	.size = sizeof(struct sum),
	.numbers = true,
	.wider = &agg_kind_moments,
	AGG_HOOKS(sum)
};

AGG_ADD(moments, , &v->num[i])
AGG_ALONE(moments, )

const struct agg_kind agg_kind_moments = {
	.name = "moments",
	.size = sizeof(struct moments),
	.numbers = true,
	AGG_HOOKS(moments)
};

AGG_PUT(sum, sum_put)
AGG_PUT(mean, sum_put_mean)
AGG_PUT(var, moments_put_var)
AGG_PUT(stddev, moments_put_stddev)

/* values: a struct quantile, all of them */

enum { PIECE_VALUES = 4096 };	/* in a piece of a written state */

AGG_ADD(quantile, , &v->num[i])
AGG_MERGE(quantile, )
AGG_RESET(quantile)
AGG_FREE(quantile)
AGG_LOAD(quantile, )

static void
values_take(void *st, void *newer)
{
	quantile_take(st, newer);
}

static bool
values_save(void *st, uint64_t *piece, struct buf *b)
{
	struct quantile *q = st, part;
	size_t from = (size_t)*piece * PIECE_VALUES, n;

	if (from == 0)
		quantile_sort(q);
	n = q->n - from;
	part = (struct quantile){ .v = q->v == NULL ? NULL : q->v + from,
	    .n = n < PIECE_VALUES ? n : PIECE_VALUES, .scale = q->scale };
	quantile_save(&part, b);
	++*piece;
	return n > PIECE_VALUES;
}

const struct agg_kind agg_kind_values = {
	.name = "values2",
	.size = sizeof(struct quantile),
	.numbers = true,
	.bulky = true,
	.add = quantile_add_state,
	.merge = quantile_merge_state,
	.take = values_take,
	.reset = quantile_reset_state,
	.free = quantile_free_state,
	.save = values_save,
	.load = quantile_load_state
};
