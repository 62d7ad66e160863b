/* super.h - superaccumulators: sums of doubles without any rounding */
#ifndef MBATCH_SUPER_H
#define MBATCH_SUPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/number/big.h"

/*
 * R. Neal, Fast Exact Summation Using Small and Large Superaccumulators, 2015:
 * chunk[i] counts 2^(32 i - bias).  A chunk takes 53 bits at a time, so 2^9 of
 * them fit; carrying leaves 32 in each but the last, which has the sign.
 */
struct super {
	unsigned adds;		/* since the last carry */
	unsigned n, bias;
	int64_t chunk[];
};

enum {				/* for 2^56 doubles and their squares */
	SUPER_BIAS = 1088,	/* doubles are multiples of 2^-1074 */
	SUPER_CHUNKS = (SUPER_BIAS + 1024 + 64) / 32,
	SUPER_SQUARE_BIAS = 2 * SUPER_BIAS,
	SUPER_SQUARE_CHUNKS = (SUPER_SQUARE_BIAS + 2048 + 64) / 32
};

/* Zero, for free(). */
struct super *super_new(unsigned bias, unsigned chunks);

/* Adds a finite double, its square. */
void super_add(struct super *, double);
void super_add_square(struct super *, double);

/* Adds b, NULL for zero; *a is made if it is NULL. */
void super_merge(struct super **a, const struct super *b);

/* Its magnitude * 2^bias; whether it is below zero. */
bool super_big(const struct super *, struct big *);

#endif
