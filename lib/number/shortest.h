/* shortest.h - doubles as the decimals of fewest digits, and back */
#ifndef MBATCH_SHORTEST_H
#define MBATCH_SHORTEST_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The digits and the exponent of the decimal of fewest digits that reads back
 * as the double, of several the nearest, of two the even one: it is the
 * returned integer, at most 17 digits and without zeros at its end, times
 * 10^*exp.  The double is finite and above 0.
 */
uint64_t shortest(double, int *exp);

/* The nearest double to mant * 10^exp, of two the even one; mant isn't 0.
   False: not known (a tie, or far from what most numbers are). */
bool shortest_back(double *, uint64_t mant, int64_t exp);

#endif
