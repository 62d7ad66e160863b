/* sum.c - exact sums of numbers and of their squares, whatever the order */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/number/sum-inner.h"
#include "lib/number/sum.h"

struct sum_more *
sum_more_of(struct sum *s)
{
	if (s->more == NULL)
		s->more = mem_zero(sizeof *s->more);
	return s->more;
}

static void
add_double(struct sum *s, bool squares, double x)
{
	struct sum_more *w = sum_more_of(s);

	if (w->bin == NULL)
		w->bin = super_new(SUPER_BIAS, SUPER_CHUNKS);
	super_add(w->bin, x);
	if (!squares)
		return;
	if (w->binsquare == NULL)
		w->binsquare = super_new(SUPER_SQUARE_BIAS,
		    SUPER_SQUARE_CHUNKS);
	super_add_square(w->binsquare, x);
}

void
sum_spill_to(struct sum_more *w, const struct sum *b, const uint64_t *square)
{
	unsigned up = SCALE - (unsigned)(b->head & SUM_SCALE);
	uint64_t t[WIDE_SQUARE] = { b->lo, b->hi };
	bool neg = b->hi >> 63 != 0;

	if (neg) {
		memset(t, 0, sizeof t);
		wide_sub(t, 2, &b->lo, 1);
		t[1] -= b->hi;
	}
	wide_scale(t, 2, number_ten[up]);
	if (neg)
		wide_sub(w->dec, WIDE, t, WIDE);
	else
		wide_add(w->dec, WIDE, t, WIDE);
	if (square == NULL)
		return;
	memcpy(t, square, 2 * sizeof *t);
	wide_scale(t, 2, number_ten[up]);
	wide_scale(t, 3, number_ten[up]);
	wide_add(w->square, WIDE_SQUARE, t, 4);
}

void
sum_spill(struct sum *s, uint64_t *square)
{
	sum_spill_to(sum_more_of(s), s, square);
	s->lo = s->hi = 0;
	if (square != NULL)
		square[0] = square[1] = 0;
}

/* *lo, *hi times 10^power while it stays below 2^126. */
static bool
scale_two(uint64_t *lo, uint64_t *hi, unsigned power)
{
	bool neg = *hi >> 63 != 0;
	uint64_t t[3] = { *lo, *hi, 0 };

	if (neg) {
		t[0] = 0 - *lo;
		t[1] = 0 - *hi - (*lo != 0);
	}
	wide_scale(t, 2, number_ten[power]);
	if (t[2] != 0 || t[1] >> 62 != 0)
		return false;
	*lo = neg ? 0 - t[0] : t[0];
	*hi = neg ? 0 - t[1] - (t[0] != 0) : t[1];
	return true;
}

/* The same for s and square, both or none. */
static bool
scale_up(struct sum *s, uint64_t *square, unsigned power)
{
	uint64_t lo = s->lo, hi = s->hi, q[2] = { 0, 0 };

	if (square != NULL)
		memcpy(q, square, sizeof q);
	if (!scale_two(&lo, &hi, power) || !scale_two(&q[0], &q[1], power) ||
	    !scale_two(&q[0], &q[1], power))
		return false;
	s->lo = lo;
	s->hi = hi;
	if (square != NULL)
		memcpy(square, q, sizeof q);
	s->head += power;
	return true;
}

/* Makes the inline parts' scale the larger one. */
static void
raise_scale(struct sum *s, uint64_t *square, unsigned scale)
{
	unsigned old = (unsigned)(s->head & SUM_SCALE);

	if (scale > old && !scale_up(s, square, scale - old)) {
		sum_spill(s, square);
		s->head += scale - old;
	}
}

/* A decimal that does not fit 64 bits at the inline scale. */
static void
add_wide(struct sum *s, bool squares, const struct number *v)
{
	struct sum_more *w = sum_more_of(s);
	uint64_t t[2], p[4], hi, m = number_magnitude(v->mant);

	t[0] = wide_mul(m, number_ten[SCALE - v->scale], &t[1]);
	if (v->mant < 0)
		wide_sub(w->dec, WIDE, t, 2);
	else
		wide_add(w->dec, WIDE, t, 2);
	if (!squares)
		return;
	p[0] = wide_mul(t[0], t[0], &p[1]);
	p[2] = wide_mul(t[1], t[1], &p[3]);
	wide_add(w->square, WIDE_SQUARE, p, 4);
	p[0] = wide_mul(t[0], t[1], &hi);
	p[1] = hi;
	for (int i = 0; i < 2; i++)
		wide_add(w->square + 1, WIDE_SQUARE - 1, p, 2);
}

/* What the inline functions leave: another scale, a value that is only a
   double.  square: NULL for a sum. */
void
sum_add_other(struct sum *s, uint64_t *square, const struct number *v)
{
	struct number u = *v;
	uint64_t m = number_magnitude(v->mant), over;
	unsigned scale;

	if (!v->exact) {
		s->head += SUM_ONE;
		add_double(s, square != NULL, v->real);
		return;
	}
	raise_scale(s, square, (unsigned)v->scale);
	scale = (unsigned)(s->head & SUM_SCALE);
	m = wide_mul(m, number_ten[scale - (unsigned)v->scale], &over);
	if (over != 0 || m > INT64_MAX) {
		s->head += SUM_ONE;
		add_wide(s, square != NULL, v);
		return;
	}
	u.mant = v->mant < 0 ? -(int64_t)m : (int64_t)m;
	u.scale = (int)scale;
	if (square == NULL)
		sum_add(s, &u);
	else
		moments_add((struct moments *)(void *)s, &u);
}

bool
sum_take(struct sum *s, const struct number *v)
{
	struct number less = *v;

	if (s->more != NULL || !v->exact || v->mant == INT64_MIN)
		return false;
	less.mant = -less.mant;
	sum_add(s, &less);
	s->head -= 2 * SUM_ONE;
	return true;
}

static void
merge(struct sum *a, uint64_t *square, const struct sum *b,
    const uint64_t *bsquare)
{
	struct sum t = *b;
	uint64_t q[2] = { 0, 0 }, carry;
	unsigned scale = (unsigned)(t.head & SUM_SCALE);

	raise_scale(a, square, scale);
	a->head += t.head - scale;
	if (bsquare != NULL)
		memcpy(q, bsquare, sizeof q);
	scale = (unsigned)(a->head & SUM_SCALE) - scale;
	if (scale_up(&t, q, scale)) {
		a->lo += t.lo;
		a->hi += t.hi + (a->lo < t.lo);
		carry = (a->hi + ((uint64_t)1 << 62)) >> 63;
		if (square != NULL) {
			square[0] += q[0];
			square[1] += q[1] + (square[0] < q[0]);
			carry |= square[1] >> 63;
		}
		if (carry != 0)
			sum_spill(a, square);
	} else
		sum_spill_to(sum_more_of(a), b, bsquare);
	if (b->more != NULL) {
		struct sum_more *w = sum_more_of(a);

		wide_add(w->dec, WIDE, b->more->dec, WIDE);
		wide_add(w->square, WIDE_SQUARE, b->more->square, WIDE_SQUARE);
		super_merge(&w->bin, b->more->bin);
		super_merge(&w->binsquare, b->more->binsquare);
	}
}

void
sum_merge(struct sum *a, const struct sum *b)
{
	merge(a, NULL, b, NULL);
}

void
moments_merge(struct moments *a, const struct moments *b)
{
	merge(&a->sum, a->square, &b->sum, b->square);
}

void
sum_free(struct sum *s)
{
	if (s->more != NULL) {
		free(s->more->bin);
		free(s->more->binsquare);
		free(s->more);
	}
	memset(s, 0, sizeof *s);
}

void
moments_free(struct moments *s)
{
	sum_free(&s->sum);
	memset(s, 0, sizeof *s);
}
