/* shortest.h - doubles as the decimals of fewest digits */
#ifndef MBATCH_SHORTEST_H
#define MBATCH_SHORTEST_H

#include <stdint.h>

/*
 * The digits and the exponent of the decimal of fewest digits that reads back
 * as the double, of several the nearest, of two the even one: it is the
 * returned integer, at most 17 digits and without zeros at its end, times
 * 10^*exp.  The double is finite and above 0.
 */
uint64_t shortest(double, int *exp);

#endif
