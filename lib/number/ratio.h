/* ratio.h - a result as a fraction of integers, rounded once when written */
#ifndef MBATCH_RATIO_H
#define MBATCH_RATIO_H

#include "lib/number/big.h"

/* num / den * 2^exp; den is not 0. */
struct ratio {
	struct big num, den;
	bool neg;
	bool exact;		/* made of exact decimals only; exp is 0 */
	int exp;
};

/* a += b, both with their signs. */
void big_add_signed(struct big *a, bool *neg, const struct big *b, bool bneg);

/* The nearest double. */
double ratio_real(const struct ratio *);
/*
 * Written to out (NUMBER_MAX bytes, not NUL-terminated), the length: an exact
 * integer below 2^128 in full, all else as %.15g of the nearest double.
 */
size_t ratio_put(const struct ratio *, char *out);
/* A result that is rounded already: its digits past the 15th say nothing. */
size_t ratio_put_real(double, char *out);

#endif
