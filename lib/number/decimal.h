/* decimal.h - arithmetic of decimals, exact or not done */
#ifndef MBATCH_DECIMAL_H
#define MBATCH_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/number/number.h"

/* mant * 10^-scale; zeros may stand at the end of a fraction. */
struct decimal {
	int64_t mant;
	int scale;		/* 0 to DECIMAL_SCALE */
};

enum { DECIMAL_SCALE = 18 };

/* Of a number that is exact. */
static inline struct decimal
decimal_of(const struct number *v)
{
	return (struct decimal){ v->mant, v->scale };
}

/*
 * The result, exactly; false where that has no mant of 64 bits at such a
 * scale: *out is then as it was.  A divisor is not 0; a rest has the sign of
 * the dividend.
 */
bool decimal_add(struct decimal *out, struct decimal, struct decimal);
bool decimal_sub(struct decimal *out, struct decimal, struct decimal);
bool decimal_mul(struct decimal *out, struct decimal, struct decimal);
bool decimal_div(struct decimal *out, struct decimal, struct decimal);
bool decimal_rem(struct decimal *out, struct decimal, struct decimal);

/* The nearest double to a / b, b not 0; to a op b, of + - * /; and to a. */
double decimal_ratio(struct decimal a, struct decimal b);
double decimal_near(char op, struct decimal a, struct decimal b);
double decimal_real(struct decimal a);

/* Without zeros at the end of its fraction, as the number that its text reads
   as; n that have one scale. */
struct number decimal_number(struct decimal);
void decimal_numbers(struct number *out, const int64_t *mant, size_t n,
    int scale);

/* a / b in full, else as that double; NUMBER_MAX bytes, the length.  Of
   numbers: 0 where there is none. */
size_t decimal_put_ratio(char *out, struct decimal a, struct decimal b);
size_t number_put_ratio(char *out, const struct number *a,
    const struct number *b);

int decimal_cmp(struct decimal, struct decimal);

/* With at most places digits behind the point, 0 or more. */
enum rounding { ROUND_HALF_AWAY, ROUND_DOWN, ROUND_UP, ROUND_TO_ZERO };
struct decimal decimal_round(struct decimal, int places, enum rounding);

/* The decimal of fewest digits that reads back as d, which is finite; false:
   it does not fit. */
bool decimal_of_real(struct decimal *, double d);

#endif
