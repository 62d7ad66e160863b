/* quantile.h - exact quantiles, and the ranks they stand on */
#ifndef MBATCH_QUANTILE_H
#define MBATCH_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"
#include "lib/number/number.h"

struct buf;

/*
 * R-7 (Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996; numpy,
 * datamash and Excel): of n sorted values x[0..n-1] the quantile is
 * x[low] + part * (x[low + 1] - x[low]), with low + part = (n - 1) * percent /
 * 100, reckoned exactly.  part is 0 where low is the last one.  n is not 0;
 * percent is exact, 0 to 100.
 */
struct quantile_rank {
	uint64_t low;
	double part;
};

struct quantile_rank quantile_rank_of(uint64_t n, const struct number *percent);
/* a + part * (b - a), a where part is 0, never beyond a or b. */
double quantile_between(double a, double b, double part);

/*
 * Every value, 8 bytes each, up to 16 while the array grows.  As long as all
 * of them are exact decimals that fit 64 bits at the largest scale among them
 * (zeros at their ends aside), they are integers at that scale; else doubles.
 * Which of the two depends on the values alone, because what does not fit
 * among some values does not fit among more: results and saved text don't
 * depend on their order or on how they were split and merged.
 *
 * All zero is one of no values.
 */
struct quantile {
	int64_t *v;		/* as doubles: in their order, as integers */
	size_t n, cap;
	int scale;		/* 0 to 18, QUANTILE_REAL: doubles */
	struct quantile *more;	/* values that were taken over as they lay */
};

enum { QUANTILE_REAL = -1 };

void quantile_add_other(struct quantile *, const struct number *);

static inline void
quantile_add(struct quantile *q, const struct number *v)
{
	if (v->exact && v->scale == q->scale && q->n < q->cap)
		q->v[q->n++] = v->mant;
	else
		quantile_add_other(q, v);
}

void quantile_merge(struct quantile *, const struct quantile *);
/* The same of one that is only reset or freed after: many are not copied. */
void quantile_take(struct quantile *, struct quantile *);
/* Back to no values, in O(1); keeps a little memory.  free gives it back. */
void quantile_reset(struct quantile *);
void quantile_free(struct quantile *);

/*
 * Written to out (NUMBER_MAX bytes, not NUL-terminated), the length; 0: no
 * values.  Reckoned exactly and rounded once: an integer in full, all else, and
 * doubles from 10^15 on, as %.15g.  Reorders the values, O(n).
 */
size_t quantile_put(struct quantile *, const struct number *percent, char *out);

/* Puts the values in order. */
void quantile_sort(struct quantile *);
/* Appends the state, sorting the values: printable text without blanks, about
   2 bytes a value of short integers or decimals, 10 otherwise.  load: fills one
   without values; false, and it stays so, if the text is not such a state. */
void quantile_save(struct quantile *, struct buf *);
bool quantile_load(struct quantile *, struct slice);

#endif
