/* big.h - natural numbers of up to 5120 bits, for results rounded once */
#ifndef MBATCH_BIG_H
#define MBATCH_BIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BIG_LIMBS = 160,
	BIG_DIGITS = BIG_LIMBS * 10	/* bytes that hold any, in decimal */
};

/* d[0] is the lowest limb, d[n-1] is not 0; zero is n 0.  Nothing below
   checks for more than BIG_LIMBS: callers know their bounds. */
struct big {
	size_t n;
	uint32_t d[BIG_LIMBS];
};

void big_set(struct big *, uint64_t);
void big_limbs(struct big *, const uint64_t *limb, size_t n);
/* The low n limbs of 64 bits. */
void big_store(const struct big *, uint64_t *limb, size_t n);
size_t big_bits(const struct big *);
int big_cmp(const struct big *, const struct big *);

void big_add(struct big *, const struct big *);
void big_sub(struct big *, const struct big *);	/* not below 0 */
void big_mul(struct big *, const struct big *);
void big_mul64(struct big *, uint64_t);
void big_mul10(struct big *, unsigned power);	/* * 10^power */
void big_shl(struct big *, size_t bits);
/* a becomes the rest, *q the quotient; b is not 0. */
void big_div(struct big *a, const struct big *b, struct big *q);

/* Decimal digits, not NUL-terminated; returns how many, at least 1. */
size_t big_put(const struct big *, char *out);

/* The double nearest to num / den * 2^exp, ties to even; den is not 0.
   Beyond a double's range it is HUGE_VAL. */
double big_ratio(const struct big *num, const struct big *den, int exp);

#endif
