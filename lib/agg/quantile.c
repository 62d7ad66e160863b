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
	SORT_FEW = 256 };

/* Doubles as integers of the same order; -0 is not among them. */
static int64_t
real_key(double x)
{
	int64_t i;

	x += 0.0;
	memcpy(&i, &x, sizeof i);
	return i < 0 ? i ^ INT64_MAX : i;
}

static double
key_real(int64_t i)
{
	double x;

	i = i < 0 ? i ^ INT64_MAX : i;
	memcpy(&x, &i, sizeof x);
	return x;
}

static uint64_t
magnitude(int64_t i)
{
	return i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
}

static void
to_real(struct quantile *q)
{
	if (q->scale == QUANTILE_REAL)
		return;
	for (size_t i = 0; i < q->n; i++)
		q->v[i] = real_key(decimal_real(
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
	q->v[q->n++] = real_key(v->real);
}

void
quantile_add_many(struct quantile *q, const struct number *v, size_t n)
{
	int64_t *to;
	size_t i = 0;

	q->v = mem_reserve(q->v, &q->cap, q->n + n, sizeof *q->v);
	while (i < n) {
		to = q->v + q->n;
		for (; i < n && v[i].exact && v[i].scale == q->scale; i++)
			*to++ = v[i].mant;
		q->n = (size_t)(to - q->v);
		if (i < n)
			quantile_add_other(q, &v[i++]);
	}
}

void
quantile_merge(struct quantile *q, const struct quantile *o)
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
		    real_key(decimal_real((struct decimal){ o->v[i],
		    o->scale }));
	q->n += o->n;
}

void
quantile_free(struct quantile *q)
{
	free(q->v);
	memset(q, 0, sizeof *q);
}

void
quantile_reset(struct quantile *q)
{
	if (q->cap > KEEP)
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

/* Moves what is below p to the front, and what is p too if equal; how many
   that are.  Without branches, which nothing could predict (Lomuto). */
static size_t
to_front(int64_t *v, size_t n, int64_t p, bool equal)
{
	size_t i, front = 0;
	int64_t t;

	for (i = 0; i < n; i++) {
		t = v[i];
		v[i] = v[front];
		v[front] = t;
		front += (t < p) | (equal & (t == p));
	}
	return front;
}

/*
 * Puts the k-th smallest at v[k], no larger ones before it and no smaller ones
 * after it (Hoare, Algorithm 65: Find, 1961).  Data made to defeat the pivots
 * is sorted instead.
 */
static void
place(int64_t *v, size_t n, size_t k)
{
	int tries = 64;
	int64_t p;
	size_t m;

	while (n > 1) {
		if (--tries == 0) {
			qsort(v, n, sizeof *v, compare);
			return;
		}
		p = pivot(v, n);
		m = to_front(v, n, p, false);
		if (k < m) {
			n = m;
			continue;
		}
		v += m;
		n -= m;
		k -= m;
		m = to_front(v, n, p, true);
		if (k < m)
			return;
		v += m;
		n -= m;
		k -= m;
	}
}

/* The value after the one placed at low. */
static int64_t
next_after(const struct quantile *q, size_t low)
{
	int64_t next = q->v[low + 1];

	for (size_t i = low + 2; i < q->n; i++)
		next = q->v[i] < next ? q->v[i] : next;
	return next;
}

/* A value as *neg * big * 2^exp, doubles of one exponent. */
static bool
value_big(const struct quantile *q, int64_t v, int exp, struct big *b)
{
	double x;
	int e;

	if (q->scale != QUANTILE_REAL) {
		big_set(b, magnitude(v));
		return v < 0;
	}
	x = frexp(key_real(v), &e);
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
	double x = frexp(key_real(a), &ea), y = frexp(key_real(b), &eb);

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
		return number_put_real(out, key_real(v));
	return number_put_decimal(out, v, q->scale);
}

size_t
quantile_put(struct quantile *q, const struct number *percent, char *out)
{
	struct big part, of;
	size_t low;
	int64_t next;

	if (q->n == 0)
		return 0;
	low = (size_t)rank_exact(q->n, percent, &part, &of);
	place(q->v, q->n, low);
	next = part.n == 0 ? q->v[low] : next_after(q, low);
	if (next == q->v[low])
		return put_value(q, next, out);
	return put_between(q, q->v[low], next, &part, &of, out);
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
		if (scale == SCALE_REAL && (!isfinite(key_real(v)) ||
		    real_key(key_real(v)) != v))
			return false;
		if (q->cap - q->n <= same)
			q->v = mem_reserve(q->v, &q->cap, q->n + same + 1,
			    sizeof v);
		for (same += q->n + 1; q->n < same;)
			q->v[q->n++] = v;
	}
	return text_done(r) && q->n == n;
}

bool
quantile_load(struct quantile *q, struct slice s)
{
	struct text_reader r;

	if (text_open(&r, s) && load(q, &r))
		return true;
	quantile_reset(q);
	return false;
}
