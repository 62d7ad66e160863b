/* sum-inner.h - what the parts of sum.h share */
#ifndef MBATCH_SUM_INNER_H
#define MBATCH_SUM_INNER_H

#include "lib/number/big.h"
#include "lib/number/sum.h"
#include "lib/number/super.h"

enum {
	SCALE = 18,		/* of the wide decimals; squares: twice that */
	WIDE = 3,		/* limbs: |10^18 * 2^63| * 2^56 < 2^179 */
	WIDE_SQUARE = 5		/* (10^18 * 2^63)^2 * 2^56 < 2^302 */
};

struct sum_more {
	uint64_t dec[WIDE];		/* two's complement, * 10^-18 */
	uint64_t square[WIDE_SQUARE];	/* * 10^-36 */
	struct super *bin, *binsquare;
};

/* The sum's own, made if it has none. */
struct sum_more *sum_more_of(struct sum *);
/* Adds the inline parts to another's wide ones; square may be NULL. */
void sum_spill_to(struct sum_more *, const struct sum *,
    const uint64_t *square);

/* The decimals as magnitude * 10^-scale, the scale 18 or the inline one;
   whether they are below zero.  square: its scale is twice that. */
bool sum_decimals(const struct sum *, struct big *, unsigned *scale);
void sum_squares(const struct moments *, struct big *);

/* Whether there can be values of which these are the moments. */
bool moments_valid(const struct moments *);

#endif
