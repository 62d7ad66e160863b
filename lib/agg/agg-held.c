/*
 * agg-held.c - what is kept of one value as it came: first, last, min, max,
 * argmax, argmin
 */
#include <string.h>

#include "lib/agg/agg-hooks.h"
#include "lib/agg/agg.h"
#include "lib/agg/owned.h"
#include "lib/format/escape.h"
#include "lib/number/sum.h"

/* A struct owned, first in each of these states. */
AGG_RESET(owned)
AGG_FREE(owned)
AGG_SAVE(owned, )

/*
 * first, last: the text, and the time of its record where they go by it, else
 * 0.  Of those of one time it is the first or last as they came, or were
 * merged.
 */
struct dated {
	struct owned text;
	int64_t at;
};

static inline void
dated_take(struct dated *d, int64_t at, struct slice text)
{
	d->at = at;
	owned_set(&d->text, text);
}

#define DATED(name_, beyond)						\
static void								\
name_##_add(char *st, size_t stride, const struct agg_values *v)	\
{									\
	struct dated *d;						\
	size_t i;							\
	int64_t at;							\
									\
	for (i = name_##_from(v); i < v->n; i++) {			\
		d = agg_state(st, stride, v, i);			\
		at = v->when == NULL ? 0 : v->when[i];			\
		if ((!d->text.there || at beyond d->at) &&		\
		    at != AGG_UNDATED)					\
			dated_take(d, at, v->text[i]);			\
	}								\
}									\
									\
static void								\
name_##_merge(void *st, const void *newer)				\
{									\
	const struct dated *n = newer;					\
	struct dated *d = st;						\
									\
	if (n->text.there && (!d->text.there || n->at beyond d->at))	\
		dated_take(d, n->at, owned_get(&n->text));		\
}									\
									\
const struct agg_kind agg_kind_##name_ = {				\
	.name = #name_,							\
	.size = sizeof(struct dated),					\
	.add = name_##_add,						\
	.merge = name_##_merge,						\
	.reset = owned_reset_state,					\
	.free = dated_free,						\
	.save = dated_save,						\
	.load = dated_load						\
};

static void
dated_free(void *st)
{
	struct dated *d = st;

	owned_free(&d->text);
	d->at = 0;
}

/* The text and, behind a point, the time if it is not 0. */
static bool
dated_save(void *st, uint64_t *piece, struct buf *out)
{
	const struct dated *d = st;

	owned_save(&d->text, out);
	if (d->text.there && d->at != 0) {
		buf_char(out, '.');
		out->n += number_put_i64(buf_room(out, NUMBER_MAX), d->at);
	}
	return false;
}

static bool
dated_load(void *st, struct slice s)
{
	struct dated *d = st;
	const char *point = memchr(s.p, '.', s.n);
	struct slice text = s;

	d->at = 0;
	if (point != NULL) {
		text.n = (size_t)(point - s.p);
		s.p = point + 1;
		s.n -= text.n + 1;
		if (!number_int(&d->at, s) || d->at == AGG_UNDATED)
			return false;
	}
	return owned_load(&d->text, text) && (d->text.there || d->at == 0);
}

/* Of one group without times the vector's last value is the last. */
static inline size_t
last_from(const struct agg_values *v)
{
	return v->one && v->when == NULL ? v->n - 1 : 0;
}

static inline size_t
first_from(const struct agg_values *v)
{
	return 0;
}

DATED(first, <)
DATED(last, >=)

void
agg_put_text(const struct agg_column *c, void *st, void *other,
    struct buf *b)
{
	const struct owned *h = st;

	if (h->there)
		escape_put(b, owned_get(h));
}

/*
 * min, max: the text and its number.  Of texts for one number (1, 1.0) the
 * first in byte order stays, whatever the order they came in.
 */
struct extreme {
	struct owned text;
	struct number num;
};

/* Takes value if it is beyond (sign 1: above, -1: below) what is held. */
static void
extreme_take(struct extreme *e, int sign, const struct number *num,
    struct slice text)
{
	char out[NUMBER_MAX];
	int c = 1;

	if (text.p == number_only)
		text = (struct slice){ out, number_put(out, num) };
	if (e->text.there) {
		c = num->real > e->num.real ? 1 : num->real < e->num.real ?
		    -1 : slice_eq(text, owned_get(&e->text)) ? 0 :
		    number_text_cmp(text, owned_get(&e->text));
		c *= sign;
		if (c == 0)
			c = -slice_cmp(text, owned_get(&e->text));
	}
	if (c <= 0)
		return;
	e->num = *num;
	owned_set(&e->text, text);
}

static bool
extreme_load(void *st, struct slice s)
{
	struct extreme *e = st;

	return owned_load(&e->text, s) && (!e->text.there ||
	    number_parse(&e->num, owned_get(&e->text)));
}

/* What is clearly not beyond does not go to extreme_take. */
#define EXTREME(name_, beyond, sign)					\
static void								\
name_##_add(char *st, size_t stride, const struct agg_values *v)	\
{									\
	struct extreme *e;						\
	size_t i;							\
									\
	for (i = 0; i < v->n; i++) {					\
		e = agg_state(st, stride, v, i);			\
		if (!e->text.there || v->num[i].real beyond e->num.real) \
			extreme_take(e, sign, &v->num[i], v->text[i]);	\
	}								\
}									\
									\
static void								\
name_##_merge(void *st, const void *newer)				\
{									\
	const struct extreme *e = newer;				\
									\
	if (e->text.there)						\
		extreme_take(st, sign, &e->num, owned_get(&e->text));	\
}									\
									\
const struct agg_kind agg_kind_##name_ = {				\
	.name = #name_,							\
	.size = sizeof(struct extreme),					\
	.numbers = true,						\
	.add = name_##_add,						\
	.merge = name_##_merge,						\
	.reset = owned_reset_state,					\
	.free = owned_free_state,					\
	.save = owned_save_state,					\
	.load = extreme_load						\
};

EXTREME(max, >=, 1)
EXTREME(min, <=, -1)

void
agg_put_extreme(const struct agg_column *c, void *st, void *other,
    struct buf *b)
{
	const struct extreme *e = st;

	if (e->text.there)
		buf_slice(b, owned_get(&e->text));
}

/* The largest less the smallest, exactly. */
void
agg_put_range(const struct agg_column *c, void *st, void *other,
    struct buf *b)
{
	const struct extreme *max = st, *min = other;
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

/*
 * argmax, argmin: the text that goes with the largest or smallest number; of
 * several the first's, so that merging goes by order.
 */
struct best {
	struct owned text;
	struct extreme at;
};

/* Whether num, written by, is beyond (sign 1: above, -1: below) what is held,
   or the first. */
static inline bool
best_beyond(const struct best *b, int sign, const struct number *num,
    struct slice by)
{
	const struct extreme *e = &b->at;

	if (!e->text.there)
		return true;
	if (num->real != e->num.real)
		return (num->real > e->num.real) == (sign > 0);
	return sign * number_text_cmp(by, owned_get(&e->text)) > 0;
}

static void
best_take(struct best *b, const struct number *num, struct slice by,
    struct slice text)
{
	b->at.num = *num;
	owned_set(&b->at.text, by);
	owned_set(&b->text, text);
}

static void
best_free(void *st)
{
	struct best *b = st;

	owned_free(&b->text);
	owned_free(&b->at.text);
}

static void
best_reset(void *st)
{
	struct best *b = st;

	owned_reset(&b->text);
	owned_reset(&b->at.text);
}

/* The number and, behind a point, the text. */
static bool
best_save(void *st, uint64_t *piece, struct buf *out)
{
	const struct best *b = st;

	owned_save(&b->at.text, out);
	buf_char(out, '.');
	owned_save(&b->text, out);
	return false;
}

static bool
best_load(void *st, struct slice s)
{
	struct best *b = st;
	const char *point = memchr(s.p, '.', s.n);
	struct slice by = { s.p, 0 };

	if (point == NULL)
		return false;
	by.n = (size_t)(point - s.p);
	s.n -= by.n + 1;
	s.p += by.n + 1;
	return extreme_load(&b->at, by) && owned_load(&b->text, s) &&
	    b->text.there == b->at.text.there;
}

#define BEST(name_, sign)						\
static void								\
name_##_add(char *st, size_t stride, const struct agg_values *v)	\
{									\
	struct best *b;							\
	size_t i;							\
									\
	for (i = 0; i < v->n; i++) {					\
		b = agg_state(st, stride, v, i);			\
		if (best_beyond(b, sign, &v->num[i], v->by[i]))		\
			best_take(b, &v->num[i], v->by[i], v->text[i]);	\
	}								\
}									\
									\
static void								\
name_##_merge(void *st, const void *newer)				\
{									\
	const struct best *n = newer;					\
	struct slice by = owned_get(&n->at.text);			\
									\
	if (n->text.there && best_beyond(st, sign, &n->at.num, by))	\
		best_take(st, &n->at.num, by, owned_get(&n->text));	\
}									\
									\
const struct agg_kind agg_kind_##name_ = {				\
	.name = #name_,							\
	.size = sizeof(struct best),					\
	.numbers = true,						\
	.add = name_##_add,						\
	.merge = name_##_merge,						\
	.reset = best_reset,						\
	.free = best_free,						\
	.save = best_save,						\
	.load = best_load						\
};

BEST(argmax, 1)
BEST(argmin, -1)
