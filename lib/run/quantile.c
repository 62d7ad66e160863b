/* quantile.c - exact quantiles, and the ranks they stand on */
#include "lib/run/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/life/arena.h"
#include "lib/run/big.h"
#include "lib/run/sketch-text.h"

struct rank
rank_of(uint64_t n, const struct number *percent)
{
	struct big h, den, low;
	struct rank r;

	big_set(&h, n - 1);
	big_mul64(&h, (uint64_t)percent->mant);
	big_set(&den, 1);
	big_mul10(&den, (unsigned)percent->scale + 2);
	big_div(&h, &den, &low);
	big_store(&low, &r.low, 1);
	r.part = big_ratio(&h, &den, 0);
	return r;
}

double
rank_between(double a, double b, double part)
{
	double x;

	if (part == 0 || a == b)
		return a;
	x = isfinite(b - a) ? a + part * (b - a) : a * (1 - part) + b * part;
	return x < fmin(a, b) ? fmin(a, b) : x > fmax(a, b) ? fmax(a, b) : x;
}

void
quantile_add_many(struct quantile *q, const double *v, size_t n)
{
	q->v = mem_reserve(q->v, &q->cap, q->n + n, sizeof(*q->v));
	for (size_t i = 0; i < n; i++)
		q->v[q->n + i] = v[i] + 0.0;	/* -0 becomes 0 */
	q->n += n;
}

void
quantile_add(struct quantile *q, double v)
{
	if (q->n == q->cap)
		q->v = mem_reserve(q->v, &q->cap, q->n + 1, sizeof(*q->v));
	q->v[q->n++] = v + 0.0;
}

void
quantile_merge(struct quantile *q, const struct quantile *other)
{
	if (other->n > 0)
		quantile_add_many(q, other->v, other->n);
}

void
quantile_reset(struct quantile *q)
{
	q->n = 0;
}

void
quantile_free(struct quantile *q)
{
	free(q->v);
	memset(q, 0, sizeof(*q));
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
middle(double a, double b, double c)
{
	return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a :
	    b < c ? c : b);
}

/* A pivot near v[k]'s value: the middle of three middles where it pays. */
static double
pivot(const double *v, size_t n)
{
	size_t s = n / 9;

	if (n < 100)
		return middle(v[0], v[n / 2], v[n - 1]);
	return middle(middle(v[0], v[s], v[2 * s]),
	    middle(v[3 * s], v[4 * s], v[5 * s]),
	    middle(v[6 * s], v[7 * s], v[n - 1]));
}

/*
 * Puts the k-th smallest at v[k], no larger ones before it and no smaller ones
 * after it (Hoare, Algorithm 65: Find, 1961).  Data made to defeat the pivots
 * is sorted instead.
 */
static void
place(double *v, size_t n, size_t k)
{
	int tries = 64;

	while (n > 1) {
		double p = pivot(v, n), t;
		size_t i = 0, j = n - 1;

		if (--tries == 0) {
			qsort(v, n, sizeof(*v), compare);
			return;
		}
		for (;;) {
			while (v[i] < p)
				i++;
			while (v[j] > p)
				j--;
			if (i >= j)
				break;
			t = v[i];
			v[i++] = v[j];
			v[j--] = t;
		}
		/* v[0..i-1] <= p <= v[i..n-1]; i may stand on p itself. */
		if (i == j && k == i)
			return;
		if (i == j)
			i += k > i;
		if (k < i) {
			n = i;
		} else {
			v += i;
			n -= i;
			k -= i;
		}
	}
}

bool
quantile_get(struct quantile *q, const struct number *percent, double *out)
{
	struct rank r;
	double next;

	if (q->n == 0)
		return false;
	r = rank_of(q->n, percent);
	place(q->v, q->n, r.low);
	*out = q->v[r.low];
	if (r.part == 0)
		return true;
	next = q->v[r.low + 1];
	for (size_t i = r.low + 2; i < q->n; i++)
		next = q->v[i] < next ? q->v[i] : next;
	*out = rank_between(*out, next, r.part);
	return true;
}

/*
 * The text: the number of values, a scale, and for each distinct value, in
 * ascending order, how far it is above the one before and how many more than
 * one there are of it.  Scale 0 to SCALE_MAX: the values are integers *
 * 10^-scale; else they are doubles, counted by their bits.
 */
enum { SCALE_MAX = 9, SCALE_BITS = SCALE_MAX + 1 };

static const double ten[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8,
    1e9 };

static bool
fits_scale(double x, unsigned scale)
{
	double up = x * ten[scale];

	return fabs(up) < 0x1p50 && nearbyint(up) / ten[scale] == x;
}

static unsigned
best_scale(const struct quantile *q)
{
	unsigned scale = 0;

	for (size_t i = 0; i < q->n; i++)
		while (scale < SCALE_BITS && !fits_scale(q->v[i], scale))
			scale++;
	/* What fits one scale fits larger ones, unless it becomes too large. */
	if (scale < SCALE_BITS && (!fits_scale(q->v[0], scale) ||
	    !fits_scale(q->v[q->n - 1], scale)))
		scale = SCALE_BITS;
	return scale;
}

/* Numbers in the order of the doubles, apart by 1 at least. */
static uint64_t
to_order(double x, unsigned scale)
{
	uint64_t u;

	if (scale < SCALE_BITS)
		return (uint64_t)(int64_t)nearbyint(x * ten[scale]) +
		    ((uint64_t)1 << 52);
	memcpy(&u, &x, sizeof(u));
	return u >> 63 != 0 ? ~u : u | (uint64_t)1 << 63;
}

static double
from_order(uint64_t u, unsigned scale)
{
	double x;

	if (scale < SCALE_BITS)
		return (double)((int64_t)u - ((int64_t)1 << 52)) / ten[scale];
	u = u >> 63 != 0 ? u & ~((uint64_t)1 << 63) : ~u;
	memcpy(&x, &u, sizeof(x));
	return x;
}

void
quantile_save(struct quantile *q, struct buf *out)
{
	size_t from = out->n, same;
	uint64_t last = 0, u;
	unsigned scale;

	if (q->n > 0)
		qsort(q->v, q->n, sizeof(*q->v), compare);
	scale = q->n > 0 ? best_scale(q) : 0;
	text_number(out, q->n);
	text_number(out, scale);
	for (size_t i = 0; i < q->n; i += same) {
		for (same = 1; i + same < q->n && q->v[i + same] == q->v[i];)
			same++;
		u = to_order(q->v[i], scale);
		text_number(out, u - last);
		text_number(out, same - 1);
		last = u;
	}
	text_close(out, from);
}

static bool
load(struct quantile *q, struct text_reader *r)
{
	uint64_t n = text_get_number(r), scale = text_get_number(r), u = 0;
	uint64_t same;
	double x;

	if (scale > SCALE_BITS || n > SIZE_MAX / sizeof(double) / 2)
		return false;
	while (!r->bad && r->p < r->end) {
		u += text_get_number(r);
		same = text_get_number(r);
		if (r->bad || same >= n - q->n || (scale < SCALE_BITS &&
		    u >> 53 != 0))
			return false;
		x = from_order(u, (unsigned)scale);
		if (!isfinite(x))
			return false;
		q->v = mem_reserve(q->v, &q->cap, q->n + same + 1, sizeof(x));
		for (same += q->n + 1; q->n < same;)
			q->v[q->n++] = x;
	}
	return text_done(r) && q->n == n;
}

bool
quantile_load(struct quantile *q, struct slice s)
{
	struct text_reader r;

	if (text_open(&r, s) && load(q, &r))
		return true;
	q->n = 0;
	return false;
}
