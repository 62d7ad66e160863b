/* quantile.c - exact quantiles, and the ranks they stand on */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/agg/quantile.h"
#include "lib/agg/sketch-text.h"
#include "lib/base/arena.h"
#include "lib/base/radix.h"
#include "lib/number/big.h"
#include "lib/number/decimal.h"
#include "lib/number/ratio.h"

/* low, and part as rest / den. */
static uint64_t
rank_exact(uint64_t n, const struct number *percent, struct big *rest,
    struct big *den)
{
	struct big low;
	uint64_t k;

	big_set(rest, n - 1);
	big_mul64(rest, (uint64_t)percent->mant);
	big_set(den, 1);
	big_mul10(den, (unsigned)percent->scale + 2);
	big_div(rest, den, &low);
	big_store(&low, &k, 1);
	return k;
}

struct quantile_rank
quantile_rank_of(uint64_t n, const struct number *percent)
{
	struct big rest, den;
	struct quantile_rank r;

	r.low = rank_exact(n, percent, &rest, &den);
	r.part = big_ratio(&rest, &den, 0);
	return r;
}

double
quantile_between(double a, double b, double part)
{
	double x;

	if (part == 0 || a == b)
		return a;
	x = isfinite(b - a) ? a + part * (b - a) : a * (1 - part) + b * part;
	return x < fmin(a, b) ? fmin(a, b) : x > fmax(a, b) ? fmax(a, b) : x;
}

enum { SCALE_MAX = 18, KEEP = 512,	/* values that a reset keeps room for */
	SORT_FEW = 256,
	TAKE_FROM = 512,		/* values that are better not copied */
	RUNS = 32 };		/* arrays that are looked through as one */

static void
to_real(struct quantile *q)
{
	if (q->scale == QUANTILE_REAL)
		return;
	for (size_t i = 0; i < q->n; i++)
		q->v[i] = number_key(decimal_real(
		    (struct decimal){ q->v[i], q->scale }));
	q->scale = QUANTILE_REAL;
}

/* v[i] * by fits, for all of them. */
static bool
all_fit(const int64_t *v, size_t n, int64_t by)
{
	int64_t least = INT64_MIN / by, most = INT64_MAX / by;

	for (size_t i = 0; i < n; i++)
		if (v[i] < least || v[i] > most)
			return false;
	return true;
}

/* To a larger scale, if all values fit it. */
static bool
to_scale(struct quantile *q, int scale)
{
	int64_t by = number_power(scale - q->scale);

	if (!all_fit(q->v, q->n, by))
		return false;
	for (size_t i = 0; i < q->n; i++)
		q->v[i] *= by;
	q->scale = scale;
	return true;
}

/* An exact decimal at the values' scale, which may grow for it. */
static bool
fit(struct quantile *q, const struct number *v, int64_t *out)
{
	int64_t m = v->mant;
	int scale = v->scale;

	for (; scale > q->scale && m % 10 == 0; scale--)
		m /= 10;
	if (scale > q->scale && !to_scale(q, scale))
		return false;
	if (!all_fit(&m, 1, number_power(q->scale - scale)))
		return false;
	*out = m * number_power(q->scale - scale);
	return true;
}

void
quantile_add_other(struct quantile *q, const struct number *v)
{
	int64_t m;

	q->v = mem_reserve(q->v, &q->cap, q->n + 1, sizeof *q->v);
	if (q->scale != QUANTILE_REAL && v->exact && fit(q, v, &m)) {
		q->v[q->n++] = m;
		return;
	}
	to_real(q);
	q->v[q->n++] = number_key(v->real);
}

static void
merge_own(struct quantile *q, const struct quantile *o)
{
	int64_t *to, by;
	bool fits = q->scale != QUANTILE_REAL && o->scale != QUANTILE_REAL;

	if (o->n == 0)
		return;
	q->v = mem_reserve(q->v, &q->cap, q->n + o->n, sizeof *q->v);
	to = q->v + q->n;
	if (o->scale == q->scale) {
		memcpy(to, o->v, o->n * sizeof *to);
		q->n += o->n;
		return;
	}
	fits = fits && (o->scale <= q->scale || to_scale(q, o->scale)) &&
	    all_fit(o->v, o->n, number_power(q->scale - o->scale));
	if (!fits)
		to_real(q);
	by = fits ? number_power(q->scale - o->scale) : 1;
	for (size_t i = 0; i < o->n; i++)
		to[i] = fits || o->scale == QUANTILE_REAL ? o->v[i] * by :
		    number_key(decimal_real((struct decimal){ o->v[i],
		    o->scale }));
	q->n += o->n;
}

void
quantile_merge(struct quantile *q, const struct quantile *o)
{
	for (; o != NULL; o = o->more)
		merge_own(q, o);
}

void
quantile_take(struct quantile *q, struct quantile *o)
{
	struct quantile old = *q, **end;

	if (o->n < TAKE_FROM && o->more == NULL) {
		merge_own(q, o);
		return;
	}
	*q = *o;
	*o = (struct quantile){ 0 };
	for (end = &q->more; *end != NULL; end = &(*end)->more)
		;
	*end = old.more;
	if (old.n > 0) {
		*end = mem_alloc(sizeof old);
		**end = old;
	} else {
		free(old.v);
	}
}

void
quantile_free(struct quantile *q)
{
	struct quantile *m, *next;

	for (m = q->more; m != NULL; m = next) {
		next = m->more;
		free(m->v);
		free(m);
	}
	free(q->v);
	memset(q, 0, sizeof *q);
}

/* All values in one array. */
static void
gather(struct quantile *q)
{
	struct quantile more = { .more = q->more };

	q->more = NULL;
	quantile_merge(q, &more);
	quantile_free(&more);
}

void
quantile_reset(struct quantile *q)
{
	if (q->cap > KEEP || q->more != NULL)
		quantile_free(q);
	q->n = 0;
	q->scale = 0;
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t
middle(int64_t a, int64_t b, int64_t c)
{
	return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a :
	    b < c ? c : b);
}

/* A pivot near v[k]'s value: the middle of three middles where it pays. */
static int64_t
pivot(const int64_t *v, size_t n)
{
	size_t s = n / 9;

	if (n < 100)
		return middle(v[0], v[n / 2], v[n - 1]);
	return middle(middle(v[0], v[s], v[2 * s]),
	    middle(v[3 * s], v[4 * s], v[5 * s]),
	    middle(v[6 * s], v[7 * s], v[n - 1]));
}

/* Moves what is not above p to the front; how many that are.  Without branches,
   which nothing could predict (Lomuto). */
static size_t
to_front(int64_t *v, size_t n, int64_t p)
{
	size_t i, front = 0;
	int64_t t;

	for (i = 0; i < n; i++) {
		t = v[i];
		v[i] = v[front];
		v[front] = t;
		front += t <= p;
	}
	return front;
}

/* Some values of an array, and how many of them are at the front of it. */
struct run {
	int64_t *v;
	size_t n, front;
};

/* The same of several arrays: how many in all. */
static size_t
all_to_front(struct run *r, size_t n, int64_t p)
{
	size_t i, all = 0;

	for (i = 0; i < n; i++)
		all += r[i].front = to_front(r[i].v, r[i].n, p);
	return all;
}

static void
drop_front(struct run *r, size_t n)
{
	for (; n > 0; n--, r++) {
		r->v += r->front;
		r->n -= r->front;
	}
}

static const struct run *
longest(const struct run *r, size_t n)
{
	const struct run *max = r;

	for (; n > 0; n--, r++)
		max = r->n > max->n ? r : max;
	return max;
}

/* The least value, where there is one below most. */
static int64_t
least(const struct run *r, size_t n, int64_t most)
{
	for (; n > 0; n--, r++)
		for (size_t i = 0; i < r->n; i++)
			most = r->v[i] < most ? r->v[i] : most;
	return most;
}

/*
 * The k-th smallest of the arrays' values, and the one after it, if any (Hoare,
 * Algorithm 65: Find, 1961).  False: they are made to defeat the pivots.
 */
static bool
find(struct run *r, size_t n, size_t k, int64_t at[2])
{
	int64_t p, above = INT64_MAX;	/* the least one that was left out */
	const struct run *l;
	int tries = 64;
	size_t m, i;

	while (--tries > 0) {
		l = longest(r, n);
		p = pivot(l->v, l->n);
		m = p == INT64_MIN ? 0 : all_to_front(r, n, p - 1);
		if (k < m) {
			above = p;
			for (i = 0; i < n; i++)
				r[i].n = r[i].front;
			continue;
		}
		if (m > 0)
			drop_front(r, n);
		k -= m;
		m = all_to_front(r, n, p);
		drop_front(r, n);
		if (k < m) {
			at[0] = p;
			at[1] = k + 1 < m ? p : least(r, n, above);
			return true;
		}
		k -= m;
	}
	return false;
}

/* Where the values lie: one array, where they are of two kinds. */
static size_t
runs_of(struct quantile *q, struct run *r)
{
	const struct quantile *m;
	size_t n = 0;

	for (m = q; m != NULL && n < RUNS && m->scale == q->scale; m = m->more)
		r[n++] = (struct run){ m->v, m->n, 0 };
	if (m == NULL)
		return n;
	gather(q);
	*r = (struct run){ q->v, q->n, 0 };
	return 1;
}

/* A value as *neg * big * 2^exp, doubles of one exponent. */
static bool
value_big(const struct quantile *q, int64_t v, int exp, struct big *b)
{
	double x;
	int e;

	if (q->scale != QUANTILE_REAL) {
		big_set(b, number_magnitude(v));
		return v < 0;
	}
	x = frexp(number_of_key(v), &e);
	big_set(b, (uint64_t)(fabs(x) * 0x1p53));
	if (b->n > 0)
		big_shl(b, (size_t)(e - 53 - exp));
	return x < 0;
}

/* An exponent at which both doubles are integers. */
static int
low_exp(int64_t a, int64_t b)
{
	int ea, eb;
	double x = frexp(number_of_key(a), &ea);
	double y = frexp(number_of_key(b), &eb);

	if (x == 0 || (y != 0 && eb < ea))
		ea = eb;
	return ea - 53;
}

/* a + (b - a) * part / of. */
static size_t
put_between(const struct quantile *q, int64_t a, int64_t b,
    const struct big *part, const struct big *of, char *out)
{
	struct ratio r = { .exact = q->scale != QUANTILE_REAL, .den = *of };
	struct big diff;
	bool neg;

	r.exp = r.exact ? 0 : low_exp(a, b);
	r.neg = value_big(q, a, r.exp, &r.num);
	neg = value_big(q, b, r.exp, &diff);
	big_add_signed(&diff, &neg, &r.num, !r.neg);
	big_mul(&diff, part);
	big_mul(&r.num, of);
	big_add_signed(&r.num, &r.neg, &diff, neg);
	if (r.exact)
		big_mul10(&r.den, (unsigned)q->scale);
	return ratio_put(&r, out);
}

static size_t
put_value(const struct quantile *q, int64_t v, char *out)
{
	if (q->scale == QUANTILE_REAL)
		return number_put_real(out, number_of_key(v));
	return number_put_decimal(out, v, q->scale);
}

size_t
quantile_put(struct quantile *q, const struct number *percent, char *out)
{
	struct run run[RUNS];
	struct big part, of;
	size_t low, nrun, n = 0, i;
	int64_t at[2];

	nrun = runs_of(q, run);
	for (i = 0; i < nrun; i++)
		n += run[i].n;
	if (n == 0)
		return 0;
	low = (size_t)rank_exact(n, percent, &part, &of);
	if (!find(run, nrun, low, at)) {
		quantile_sort(q);
		memcpy(at, q->v + low, (low + 1 < n ? 2 : 1) * sizeof *at);
	}
	if (part.n == 0 || at[0] == at[1])
		return put_value(q, at[0], out);
	return put_between(q, at[0], at[1], &part, &of, out);
}

/*
 * The text: the number of values, a scale, the least value, its sign in the
 * lowest bit, how many more than one there are of it, and for each further one
 * in ascending order how far it is above the one before and how many more than
 * one there are.  Scale 0 to SCALE_MAX: the values are integers * 10^-scale;
 * one more: they are doubles, as integers of the same order.
 */
enum { SCALE_REAL = SCALE_MAX + 1 };

/* Values in order, as words in theirs, and back. */
static void
turn_sign(int64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] ^= INT64_MIN;
}

void
quantile_sort(struct quantile *q)
{
	int64_t *other;
	size_t i;

	gather(q);
	for (i = 1; i < q->n && q->v[i - 1] <= q->v[i]; i++)
		;
	if (i >= q->n)
		return;
	if (q->n < SORT_FEW) {
		qsort(q->v, q->n, sizeof *q->v, compare);
		return;
	}
	other = mem_alloc(q->n * sizeof *other);
	turn_sign(q->v, q->n);
	radix_words((uint64_t *)q->v, q->n, (uint64_t *)other);
	turn_sign(q->v, q->n);
	free(other);
}

void
quantile_save(struct quantile *q, struct buf *out)
{
	size_t from = out->n, same;
	uint64_t step;
	char *to;

	quantile_sort(q);
	text_number(out, q->n);
	text_number(out, q->scale == QUANTILE_REAL ? SCALE_REAL :
	    (uint64_t)q->scale);
	for (size_t i = 0; i < q->n; i += same) {
		for (same = 1; i + same < q->n && q->v[i + same] == q->v[i];)
			same++;
		step = i > 0 ? (uint64_t)q->v[i] - (uint64_t)q->v[i - 1] :
		    (uint64_t)q->v[0] << 1 ^ (q->v[0] < 0 ? UINT64_MAX : 0);
		to = buf_room(out, 2 * TEXT_NUMBER);
		to = text_number_at(text_number_at(to, step), same - 1);
		out->n = (size_t)(to - out->p);
	}
	text_close(out, from);
}

/* The value a step above v, or the first one. */
static bool
load_step(int64_t *v, uint64_t step, bool first)
{
	uint64_t u = (uint64_t)*v + step;

	if (first)
		u = step >> 1 ^ (0 - (step & 1));
	else if (step == 0 || step > (uint64_t)INT64_MAX - (uint64_t)*v)
		return false;
	memcpy(v, &u, sizeof u);
	return true;
}

static bool
load(struct quantile *q, struct text_reader *r)
{
	uint64_t n = text_get_number(r), scale = text_get_number(r), step, same;
	int64_t v = 0;

	if (scale > SCALE_REAL || n > SIZE_MAX / sizeof v / 2)
		return false;
	q->scale = scale == SCALE_REAL ? QUANTILE_REAL : (int)scale;
	while (!r->bad && r->p < r->end) {
		step = text_get_number(r);
		same = text_get_number(r);
		if (r->bad || same >= n - q->n || !load_step(&v, step,
		    q->n == 0))
			return false;
		if (scale == SCALE_REAL && (!isfinite(number_of_key(v)) ||
		    number_key(number_of_key(v)) != v))
			return false;
		if (q->cap - q->n <= same)
			q->v = mem_reserve(q->v, &q->cap, q->n + same + 1,
			    sizeof v);
		for (same += q->n + 1; q->n < same;)
			q->v[q->n++] = v;
	}
	return text_done(r) && q->n == n;
}

TEXT_LOAD(quantile, quantile, quantile_reset)
