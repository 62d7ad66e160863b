/* quantile.h - exact quantiles, and the ranks they stand on */
#ifndef MBATCH_QUANTILE_H
#define MBATCH_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/data/number.h"
#include "lib/data/slice.h"

struct buf;

/*
 * R-7 (Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996; numpy,
 * datamash and Excel): of n sorted values x[0..n-1] the quantile is
 * x[low] + part * (x[low + 1] - x[low]), with low + part = (n - 1) * percent /
 * 100, reckoned exactly.  part is 0 where low is the last one.  n is not 0;
 * percent is exact, 0 to 100.
 */
struct rank {
	uint64_t low;
	double part;
};

struct rank rank_of(uint64_t n, const struct number *percent);
/* a + part * (b - a), a where part is 0, never beyond a or b. */
double rank_between(double a, double b, double part);

/*
 * Every value as a double: 8 bytes each, up to 16 while the array grows.  All
 * zero is one of no values.  Results and saved text hang on the values alone,
 * not on their order.
 */
struct quantile {
	double *v;
	size_t n, cap;
};

void quantile_add(struct quantile *, double);
void quantile_add_many(struct quantile *, const double *, size_t n);
void quantile_merge(struct quantile *, const struct quantile *);
/* Back to no values, in O(1); keeps the memory.  free gives it back. */
void quantile_reset(struct quantile *);
void quantile_free(struct quantile *);

/* False: no values.  Reorders the values, O(n). */
bool quantile_get(struct quantile *, const struct number *percent, double *);

/* Appends the state, sorting the values: printable text without blanks, about
   2 bytes a value of short integers or decimals, 10 otherwise.  load: fills one
   without values; false, and it stays so, if the text is not such a state. */
void quantile_save(struct quantile *, struct buf *);
bool quantile_load(struct quantile *, struct slice);

#endif
