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

enum { RATIO_DIGITS = 39 };	/* of 2^128 */
/* Magnitude * 10^-scale, of at most so many digits, in full: the length, 0 if
   there are more.  NUMBER_MAX bytes, not NUL-terminated, as below. */
size_t ratio_put_decimal(const struct big *, bool neg, unsigned scale,
    char *out);
/* What is exact in full, if it is an integer of so many digits or a decimal
   that fits 64 bits; all else as the nearest double. */
size_t ratio_put(const struct ratio *, char *out);

#endif
