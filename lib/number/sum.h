/*
 * sum.h - exact sums of numbers and of their squares, whatever the order
 *
 * Exact decimals are added as integers: 128 bits at the largest scale seen,
 * and what does not fit moves on to 192 bits at scale 18 (squares: 320 bits at
 * scale 36), which 2^56 values can't overflow.  Values that are only doubles
 * go, exactly, to a superaccumulator (R. Neal, Fast Exact Summation Using
 * Small and Large Superaccumulators, 2015); so do their squares.  The parts
 * meet in the result, a fraction of integers that is rounded once.  Results
 * and saved text therefore depend on the values alone, not on their order or
 * on how they were split and merged.
 *
 * A sum takes 32 bytes, moments 48.  What does not fit takes 80 bytes more;
 * doubles 560, and 1088 for their squares.
 */
#ifndef MBATCH_SUM_H
#define MBATCH_SUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"
#include "lib/base/wide.h"
#include "lib/number/number.h"

struct buf;
struct sum_more;

/* All zero is the sum of no values.  It may be moved, but not copied. */
struct sum {
	uint64_t head;		/* values added * 256 + scale of lo, hi */
	uint64_t lo, hi;	/* two's complement, from -2^126 to 2^126 */
	struct sum_more *more;	/* to be added to it; NULL: nothing */
};

/* The same with the sum of squares.  All zero is of no values. */
struct moments {
	struct sum sum;		/* its own: sum_put(&m->sum, ...) */
	uint64_t square[2];	/* at twice the scale, below 2^127 */
};

enum { SUM_ONE = 256, SUM_SCALE = 255 };

static inline uint64_t
sum_count(const struct sum *s)
{
	return s->head / SUM_ONE;
}

void sum_add_other(struct sum *, uint64_t *square, const struct number *);
void sum_spill(struct sum *, uint64_t *square);

/* v at the scale of s, if it fits and that is no smaller one. */
static inline bool
sum_scaled(const struct sum *s, const struct number *v, int64_t *mant)
{
	uint64_t up = (s->head & SUM_SCALE) - (uint64_t)v->scale;

	return v->exact && up <= 18 &&
	    !__builtin_mul_overflow(v->mant, number_power((int)up), mant);
}

/* Adds a value. */
static inline void
sum_add(struct sum *s, const struct number *v)
{
	int64_t m;

	if (!sum_scaled(s, v, &m)) {
		sum_add_other(s, NULL, v);
		return;
	}
	s->head += SUM_ONE;
	s->lo += (uint64_t)m;
	s->hi += (uint64_t)(s->lo < (uint64_t)m) - (m < 0);
	if ((s->hi + ((uint64_t)1 << 62)) >> 63 != 0)
		sum_spill(s, NULL);
}

static inline void
moments_add(struct moments *s, const struct number *v)
{
	uint64_t lo, hi, m;
	int64_t mant;

	if (!sum_scaled(&s->sum, v, &mant)) {
		sum_add_other(&s->sum, s->square, v);
		return;
	}
	m = (uint64_t)mant;
	s->sum.head += SUM_ONE;
	s->sum.lo += m;
	s->sum.hi += (uint64_t)(s->sum.lo < m) - (mant < 0);
	m = mant < 0 ? 0 - m : m;
	lo = wide_mul(m, m, &hi);
	s->square[0] += lo;
	s->square[1] += hi + (s->square[0] < lo);
	if (((s->sum.hi + ((uint64_t)1 << 62)) | s->square[1]) >> 63 != 0)
		sum_spill(&s->sum, s->square);
}

/* Takes a value that was added out again; false, and nothing is changed, where
   it would leave a trace. */
bool sum_take(struct sum *, const struct number *);

/* Adds what the other one added. */
void sum_merge(struct sum *, const struct sum *);
void moments_merge(struct moments *, const struct moments *);

/* Back to the sum of no values; frees. */
void sum_free(struct sum *);
void moments_free(struct moments *);

/*
 * Appends the state as printable text without blanks that ends in ";":
 * moments about 200 bytes at most, with doubles 1600.  load: fills one that is
 * all zero; false, and it stays so, if the text is not such a state.
 */
void sum_save(const struct sum *, struct buf *);
bool sum_load(struct sum *, struct slice);
void moments_save(const struct moments *, struct buf *);
bool moments_load(struct moments *, struct slice);

/*
 * Results, written to out (NUMBER_MAX bytes, not NUL-terminated): the length,
 * 0 if there is none (a mean of no values, a variance of one).  The sum of no
 * values is 0.  What exact decimals make is in full: a sum or an integer of up
 * to 39 digits, other decimals that fit 64 bits; all else is the nearest
 * double.  Variance and deviation are the sample's, over n - 1; the deviation
 * is the root of the nearest variance.
 */
size_t sum_put(const struct sum *, char *out);
size_t sum_put_mean(const struct sum *, char *out);
size_t moments_put_var(const struct moments *, char *out);
size_t moments_put_stddev(const struct moments *, char *out);

/* The nearest double; false: no variance.  As a number: exact where it fits
   64 bits at the scale that it has. */
double sum_real(const struct sum *);
struct number sum_number(const struct sum *);
bool moments_var(const struct moments *, double *);

#endif
