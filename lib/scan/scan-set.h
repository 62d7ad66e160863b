/* scan-set.h - the bytes looked for, and bit counting without instructions */
#ifndef MBATCH_SCAN_SET_H
#define MBATCH_SCAN_SET_H

#include <stddef.h>
#include <stdint.h>

/* Of a variant, which has defined SCAN_TARGET.  Sets are constants only where
   all is inlined. */
#define INLINE	static inline __attribute__((always_inline)) SCAN_TARGET

/* One to three bytes; n is a constant wherever a set is used. */
struct set {
	char a, b, c;
	int n;
};

/* Warren, Hacker's Delight, section 5-1: counts by halves. */
static inline size_t
set_popcount(uint64_t m)
{
	m -= m >> 1 & 0x5555555555555555;
	m = (m & 0x3333333333333333) + (m >> 2 & 0x3333333333333333);
	m = (m + (m >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (size_t)(m * 0x0101010101010101 >> 56);
}

static inline uint64_t
set_parity(uint64_t m)
{
	m ^= m << 1;
	m ^= m << 2;
	m ^= m << 4;
	m ^= m << 8;
	m ^= m << 16;
	return m ^ m << 32;
}

static inline size_t
set_low_bit(uint64_t m)
{
	return (size_t)__builtin_ctzll(m | (uint64_t)1 << 63);
}

static inline size_t
set_nth_bit(uint64_t m, size_t k)
{
	while (k-- > 0)
		m &= m - 1;
	return (size_t)__builtin_ctzll(m);
}

#endif
