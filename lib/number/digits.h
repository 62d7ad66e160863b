/* digits.h - eight ASCII digits at a time, in a word */
#ifndef MBATCH_DIGITS_H
#define MBATCH_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGITS_ZERO	UINT64_C(0x3030303030303030)	/* "00000000" */

/* Words are as load_64() and load_part() give them: the first byte is the
   lowest. */

/* Whether all eight bytes are digits. */
static inline bool
digits_all(uint64_t w)
{
	return ((w & (w + 0x0606060606060606)) & 0xf0f0f0f0f0f0f0f0) ==
	    DIGITS_ZERO;
}

/* The number that eight digits are. */
static inline uint32_t
digits_value(uint64_t w)
{
	w -= DIGITS_ZERO;
	w = w * 10 + (w >> 8);
	return (uint32_t)(((w & 0x000000ff000000ff) * 0x000f424000000064 +
	    ((w >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32);
}

/* The n bytes of w, 1 to 8, behind as many zeros as make it eight. */
static inline uint64_t
digits_fill(uint64_t w, size_t n)
{
	return n == 8 ? w : w << (64 - 8 * n) | DIGITS_ZERO >> 8 * n;
}

#endif
