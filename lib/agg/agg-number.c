/* agg-number.c - what is kept of numbers: counts, sums, extremes, values */
#include <stdlib.h>

#include "lib/agg/agg.h"
#include "lib/agg/quantile.h"
#include "lib/agg/text.h"
#include "lib/number/sum.h"

/* count: a uint64_t */

static void
count_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	uint64_t *count = (uint64_t *)(void *)st;
	size_t i;

	(void)shared;
	if (v->one) {
		*count += v->n;
	} else if (stride == sizeof *count) {
		for (i = 0; i < v->n; i++)
			count[v->group[i]]++;
	} else {
		stride /= sizeof *count;
		for (i = 0; i < v->n; i++)
			count[v->group[i] * stride]++;
	}
}

static void
count_merge(struct agg_at to, struct agg_at from)
{
	*(uint64_t *)to.st += *(uint64_t *)from.st;
}

static bool
count_save(struct agg_at at, uint64_t *part, struct buf *b)
{
	(void)part;
	b->n += number_put_u64(buf_room(b, NUMBER_MAX), *(uint64_t *)at.st);
	return false;
}

/* Digits and nothing else. */
static bool
read_count(struct slice s, uint64_t *n)
{
	int64_t i;

	if (s.n == 0 || s.p[0] < '0' || s.p[0] > '9' || !number_int(&i, s))
		return false;
	*n = (uint64_t)i;
	return true;
}

static bool
count_load(struct agg_at at, struct slice s)
{
	uint64_t n;

	if (!read_count(s, &n))
		return false;
	*(uint64_t *)at.st += n;
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
agg_put_count(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	b->n += number_put_u64(buf_room(b, NUMBER_MAX),
	    *(uint64_t *)agg_at(g, at, c->part).st);
}

/* sum: a struct sum; moments: a struct moments, which begins with one */

static void
sum_update(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	size_t i;

	(void)shared;
	if (v->one)
		sum_add_many((struct sum *)(void *)st, v->num, v->n);
	else
		for (i = 0; i < v->n; i++)
			sum_add(agg_state(st, stride, v, i), &v->num[i]);
}

static void
sum_add_state(struct agg_at to, struct agg_at from)
{
	sum_merge(to.st, from.st);
}

static void
sum_clear(void *st)
{
	sum_free(st);
}

static bool
sum_write(struct agg_at at, uint64_t *part, struct buf *b)
{
	(void)part;
	sum_save(at.st, b);
	return false;
}

static bool
sum_read(struct agg_at at, struct slice s)
{
	struct sum one = { 0 };

	if (!sum_load(&one, s))
		return false;
	sum_merge(at.st, &one);
	sum_free(&one);
	return true;
}

const struct agg_kind agg_kind_sum = {
	.name = "sum",
	.size = sizeof(struct sum),
	.numbers = true,
	.add = sum_update,
	.merge = sum_add_state,
	.reset = sum_clear,
	.free = sum_clear,
	.save = sum_write,
	.load = sum_read
};

static void
moments_update(char *st, size_t stride, void *shared,
    const struct agg_values *v)
{
	size_t i;

	(void)shared;
	if (v->one)
		moments_add_many((struct moments *)(void *)st, v->num, v->n);
	else
		for (i = 0; i < v->n; i++)
			moments_add(agg_state(st, stride, v, i),
			    &v->num[i]);
}

static void
moments_add_state(struct agg_at to, struct agg_at from)
{
	moments_merge(to.st, from.st);
}

static void
moments_clear(void *st)
{
	moments_free(st);
}

static bool
moments_write(struct agg_at at, uint64_t *part, struct buf *b)
{
	(void)part;
	moments_save(at.st, b);
	return false;
}

static bool
moments_read(struct agg_at at, struct slice s)
{
	struct moments one = { { 0 }, { 0, 0 } };

	if (!moments_load(&one, s))
		return false;
	moments_merge(at.st, &one);
	moments_free(&one);
	return true;
}

const struct agg_kind agg_kind_moments = {
	.name = "moments",
	.size = sizeof(struct moments),
	.numbers = true,
	.add = moments_update,
	.merge = moments_add_state,
	.reset = moments_clear,
	.free = moments_clear,
	.save = moments_write,
	.load = moments_read
};

void
agg_put_sum(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	b->n += sum_put(agg_at(g, at, c->part).st, buf_room(b, NUMBER_MAX));
}

void
agg_put_mean(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	b->n += sum_put_mean(agg_at(g, at, c->part).st,
	    buf_room(b, NUMBER_MAX));
}

void
agg_put_var(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	b->n += moments_put_var(agg_at(g, at, c->part).st,
	    buf_room(b, NUMBER_MAX));
}

void
agg_put_stddev(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	b->n += moments_put_stddev(agg_at(g, at, c->part).st,
	    buf_room(b, NUMBER_MAX));
}

/*
 * min, max: the number and its text.  Of texts for one number (1, 1.0) the
 * first in byte order stays, whatever the order they came in.
 */
struct extreme {
	struct number num;
	struct held text;
};

/* Takes value if it is beyond (sign 1: above, -1: below) what is held. */
static void
extreme_take(struct extreme *e, int sign, const struct number *num,
    struct slice text)
{
	int c = 1;

	if (e->text.there) {
		c = num->real > e->num.real ? 1 : num->real < e->num.real ?
		    -1 : slice_eq(text, held_get(&e->text)) ? 0 :
		    number_text_cmp(text, held_get(&e->text));
		c *= sign;
		if (c == 0)
			c = -slice_cmp(text, held_get(&e->text));
	}
	if (c <= 0)
		return;
	e->num = *num;
	held_set(&e->text, text);
}

static void
max_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	struct extreme *e;
	size_t i;

	(void)shared;
	for (i = 0; i < v->n; i++) {
		e = agg_state(st, stride, v, i);
		if (!e->text.there || v->num[i].real >= e->num.real)
			extreme_take(e, 1, &v->num[i], v->text[i]);
	}
}

static void
min_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	struct extreme *e;
	size_t i;

	(void)shared;
	for (i = 0; i < v->n; i++) {
		e = agg_state(st, stride, v, i);
		if (!e->text.there || v->num[i].real <= e->num.real)
			extreme_take(e, -1, &v->num[i], v->text[i]);
	}
}

static void
extreme_merge(struct extreme *to, const struct extreme *from, int sign)
{
	if (from->text.there)
		extreme_take(to, sign, &from->num, held_get(&from->text));
}

static void
max_merge(struct agg_at to, struct agg_at from)
{
	extreme_merge(to.st, from.st, 1);
}

static void
min_merge(struct agg_at to, struct agg_at from)
{
	extreme_merge(to.st, from.st, -1);
}

static void
extreme_reset(void *st)
{
	held_reset(&((struct extreme *)st)->text);
}

static void
extreme_free(void *st)
{
	held_free(&((struct extreme *)st)->text);
}

static bool
extreme_save(struct agg_at at, uint64_t *part, struct buf *b)
{
	(void)part;
	held_save(&((struct extreme *)at.st)->text, b);
	return false;
}

static bool
extreme_load(struct agg_at at, struct slice s, int sign)
{
	struct held text = { 0 };
	struct number num;
	bool good = held_load(&text, s);

	if (good && text.there) {
		good = number_parse(&num, held_get(&text));
		if (good)
			extreme_take(at.st, sign, &num, held_get(&text));
	}
	held_free(&text);
	return good;
}

static bool
max_load(struct agg_at at, struct slice s)
{
	return extreme_load(at, s, 1);
}

static bool
min_load(struct agg_at at, struct slice s)
{
	return extreme_load(at, s, -1);
}

const struct agg_kind agg_kind_max = {
	.name = "max",
	.size = sizeof(struct extreme),
	.numbers = true,
	.add = max_add,
	.merge = max_merge,
	.reset = extreme_reset,
	.free = extreme_free,
	.save = extreme_save,
	.load = max_load
};

const struct agg_kind agg_kind_min = {
	.name = "min",
	.size = sizeof(struct extreme),
	.numbers = true,
	.add = min_add,
	.merge = min_merge,
	.reset = extreme_reset,
	.free = extreme_free,
	.save = extreme_save,
	.load = min_load
};

void
agg_put_extreme(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	const struct extreme *e = agg_at(g, at, c->part).st;

	if (e->text.there)
		buf_slice(b, held_get(&e->text));
}

/* The largest less the smallest, exactly. */
void
agg_put_range(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	const struct extreme *max = agg_at(g, at, c->part).st;
	const struct extreme *min = agg_at(g, at, c->part2).st;
	struct sum all = { 0 };
	struct number low, one;

	if (!max->text.there)
		return;
	low = min->num;
	low.real = -low.real;
	sum_add(&all, &max->num);
	if (low.exact && low.mant == INT64_MIN) {
		low.mant = INT64_MAX;	/* and 1 more */
		one = (struct number){ 1, low.scale, true, 1 };
		sum_add(&all, &one);
	} else {
		low.mant = -low.mant;
	}
	sum_add(&all, &low);
	b->n += sum_put(&all, buf_room(b, NUMBER_MAX));
	sum_free(&all);
}

/* values: a struct quantile, all of them */

enum { KEEP_VALUES = 512,	/* memory that a reset keeps */
    PIECE_VALUES = 4096 };	/* values in a piece of a written state */

static void
values_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	size_t i;

	(void)shared;
	if (v->one)
		quantile_add_many((struct quantile *)(void *)st, v->num, v->n);
	else
		for (i = 0; i < v->n; i++)
			quantile_add(agg_state(st, stride, v, i),
			    &v->num[i]);
}

static void
values_merge(struct agg_at to, struct agg_at from)
{
	quantile_merge(to.st, from.st);
}

static void
values_reset(void *st)
{
	struct quantile *q = st;

	if (q->cap > KEEP_VALUES)
		quantile_free(q);
	else
		quantile_reset(q);
}

static void
values_free(void *st)
{
	quantile_free(st);
}

static bool
values_save(struct agg_at at, uint64_t *part, struct buf *b)
{
	const struct quantile *q = at.st;
	size_t from = (size_t)*part * PIECE_VALUES, n = q->n - from;
	struct quantile piece = { q->v == NULL ? NULL : q->v + from,
	    n < PIECE_VALUES ? n : PIECE_VALUES, 0, q->scale };

	quantile_save(&piece, b);
	++*part;
	return n > PIECE_VALUES;
}

static bool
values_load(struct agg_at at, struct slice s)
{
	struct quantile q = { 0 };
	bool good = quantile_load(&q, s);

	if (good)
		quantile_merge(at.st, &q);
	quantile_free(&q);
	return good;
}

const struct agg_kind agg_kind_values = {
	.name = "values2",
	.size = sizeof(struct quantile),
	.numbers = true,
	.bulky = true,
	.add = values_add,
	.merge = values_merge,
	.reset = values_reset,
	.free = values_free,
	.save = values_save,
	.load = values_load
};
