/* digits.h - eight ASCII digits at a time, in a word */
#ifndef MBATCH_DIGITS_H
#define MBATCH_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"
#include "lib/base/words.h"

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

/* The number that eight digits are, of which each byte has the value. */
static inline uint32_t
digits_join(uint64_t w)
{
	w = w * 10 + (w >> 8);
	return (uint32_t)(((w & 0x000000ff000000ff) * 0x000f424000000064 +
	    ((w >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32);
}

/* The number that eight digits are. */
static inline uint32_t
digits_value(uint64_t w)
{
	return digits_join(w - DIGITS_ZERO);
}

/* The n bytes of w, 1 to 8, behind as many zeros as make it eight. */
static inline uint64_t
digits_fill(uint64_t w, size_t n)
{
	return n == 8 ? w : w << (64 - 8 * n) | DIGITS_ZERO >> 8 * n;
}

/* 1 to 8 digits, mostly a part of rec, as a number; false: s is anything else.
   Their number decides no branch where a word of rec holds them. */
static inline bool
digits_short(int64_t *value, struct slice s, struct slice rec)
{
	size_t at = (uintptr_t)s.p - (uintptr_t)rec.p;
	uint64_t w, rest;

	if (s.n - 1 >= 8)
		return false;
	if (rec.n >= 8 && at <= rec.n - 8)
		w = load_64(s.p);
	else
		load_part(s.p, s.n, &w, &rest);
	w = (w ^ DIGITS_ZERO) << (64 - 8 * s.n);
	*value = digits_join(w);
	return (((w + 0x7676767676767676) | w) & 0x8080808080808080) == 0;
}

#endif
