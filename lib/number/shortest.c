/*
 * shortest.c - doubles as the decimals of fewest digits, and back
 *
 * R. Giulietti, The Schubfach way to render doubles, 2021: one candidate of
 * each of two lengths is looked at, by products of 64 by 128 bits.  Back: D.
 * Lemire, Number Parsing at a Gigabyte per Second, 2021, by the same products.
 */
#include <string.h>

#include "lib/base/wide.h"
#include "lib/number/shortest.h"

enum { FIRST = -297, STEP = 27, BIAS = 1075, FRACTION = 52 };
enum {
	EXACT = 55,		/* 10^EXACT has 128 bits beside its factors of
				   2 */
	BACK_LEAST = -292,	/* of normal numbers, whose power is right */
	BACK_MOST = 308
};

/* The leading 192 bits of 10^(FIRST + i * STEP), the lowest word first. */
static const uint64_t power[][3] = {
	{ 0x657c8f4d43323a36, 0xaf2af2b80af6f24e, 0xa76c582338ed2621 },
	{ 0xcc35eddfcf0996d7, 0x5a7744a6e804a291, 0x873e4f75e2224e68 },
	{ 0xa30294cc2934e662, 0xaf39a475506a899e, 0xda7f5bf590966848 },
	{ 0xfe13a5c86af64418, 0xbd8d794d96aacfb3, 0xb080392cc4349dec },
	{ 0x41b0230e1421487d, 0x547eb47b7282ee9c, 0x8e938662882af53e },
	{ 0xa3b561b1cb208396, 0x0cb4a5a3112a5112, 0xe65829b3046b0afa },
	{ 0x21a0183e10583cd3, 0x92f34d62616ce413, 0xba121a4650e4ddeb },
	{ 0xe9082f25e9c5e9ec, 0x3a6a07f8d510f86f, 0x964e858c91ba2655 },
	{ 0x3695dad7e8858901, 0xfae27299423fb9c3, 0xf2d56790ab41c2a2 },
	{ 0x96842dc95323f5a8, 0xaa97e14c3c26b886, 0xc428d05aa4751e4c },
	{ 0xca49f1c05120c9c7, 0x775ea264cf55347d, 0x9e74d1b791e07e48 },
	{ 0x0000000000000000, 0x0000000000000000, 0x8000000000000000 },
	{ 0x0000000000000000, 0x0000000000000000, 0xcecb8f27f4200f3a },
	{ 0x0000000000000000, 0x999090b65f67d924, 0xa70c3c40a64e6c51 },
	{ 0xdf9f915627c04e28, 0x69a028bb3ded71a3, 0x86f0ac99b4e8dafd },
	{ 0xd74baad03bc1d8d3, 0xe80e6f4820cc9495, 0xda01ee641a708de9 },
	{ 0xc04c79ffe324301f, 0x5ec05dcff72e7f8f, 0xb01ae745b101e9e4 },
	{ 0x23bd6a2059c002f5, 0x14588f13be847307, 0x8e41ade9fbebc27d },
	{ 0xf0b5ccf5176ecc7c, 0x8f1668c8a86da5fa, 0xe5d3ef282a242e81 },
	{ 0x88efb0037ac08bde, 0x6d953e2bd7173692, 0xb9a74a0637ce2ee1 },
	{ 0x0d5a4af7b3a98e47, 0x4abdaf101564f98e, 0x95f83d0a1fb69cd9 },
	{ 0x3d9c44cd2f36917c, 0xbc633b39673c8cec, 0xf24a01a73cf2dccf },
	{ 0x02606ea01029dc37, 0x0a862f80ec4700c8, 0xc3b8358109e84f07 },
	{ 0x4944d9f52cd0dec2, 0x6c07a2c26a8346d1, 0x9e19db92b4e31ba9 },
};

/* a / 2^n, rounded down. */
static int
down(int64_t a, int n)
{
	int64_t d = (int64_t)1 << n;

	return (int)(a >= 0 ? a / d : -((d - 1 - a) / d));
}

/* floor(log2(10^k)) */
static int
log2_ten(int k)
{
	return down((int64_t)k * 1741647, 19);
}

/* The leading 128 bits of 10^k, rounded up.  Those of the table times 5^j are
   right to them for all k that doubles have, as a test shows. */
static void
ten(int k, uint64_t *hi, uint64_t *lo)
{
	int i = (k - FIRST) / STEP, j = (k - FIRST) % STEP, n;
	uint64_t w[4], five = 1;

	while (j-- > 0)
		five *= 5;
	memcpy(w, power[i], sizeof power[i]);
	wide_scale(w, 3, five);
	if (w[3] == 0) {
		*hi = w[2];
		*lo = w[1];
	} else {
		n = __builtin_clzll(w[3]);	/* 1 to 62: five < 2^63 */
		*hi = w[3] << n | w[2] >> (64 - n);
		*lo = w[2] << n | w[1] >> (64 - n);
	}
	if (k < 0 || k > EXACT)
		*hi += ++*lo == 0;
}

/* x * hi:lo / 2^128, an inexact one made odd. */
static uint64_t
times(uint64_t x, uint64_t hi, uint64_t lo)
{
	uint64_t top, mid, carry;

	wide_mul(x, lo, &carry);
	mid = wide_mul(x, hi, &top) + carry;
	top += mid < carry;
	return top | (mid > 1);
}

/* Without zeros at the end. */
static uint64_t
strip(uint64_t digits, int *exp)
{
	while (digits % 10 == 0) {
		digits /= 10;
		++*exp;
	}
	return digits;
}

uint64_t
shortest(double d, int *exp)
{
	uint64_t bits, c, hi, lo, low, mid, high, s;
	bool closer, below, above;
	int q, k, h;

	memcpy(&bits, &d, sizeof bits);
	c = bits & (((uint64_t)1 << FRACTION) - 1);
	q = (int)(bits >> FRACTION & 0x7ff);
	closer = c == 0 && q > 1;		/* the double below is nearer */
	if (q > 0)
		c |= (uint64_t)1 << FRACTION;
	q = (q > 0 ? q : 1) - BIAS;
	/* floor(log10(2^q)), of 3/4 2^q where closer; floor(log2(10^-k)). */
	k = down((int64_t)q * 1262611 - (closer ? 524031 : 0), 22);
	h = q + log2_ten(-k) + 1;
	ten(-k, &hi, &lo);
	low = times((4 * c - 2 + closer) << h, hi, lo) + (c & 1);
	mid = times(4 * c << h, hi, lo);
	high = times((4 * c + 2) << h, hi, lo) - (c & 1);
	s = mid / 4;
	*exp = k;
	if (s >= 10) {			/* a digit fewer */
		uint64_t t = s / 10 * 40;

		below = low <= t;
		above = t + 40 <= high;
		if (below != above) {
			++*exp;
			return strip(s / 10 + above, exp);
		}
	}
	below = low <= 4 * s;
	above = 4 * s + 4 <= high;
	if (below == above)
		above = mid > 4 * s + 2 || (mid == 4 * s + 2 && (s & 1) != 0);
	return strip(s + above, exp);
}

/* The double nearest to w * 2^exp, w of three words, the lowest first, with one
   of its two highest bits set; 0: it is too large. */
static uint64_t
round_words(const uint64_t w[3], int exp)
{
	unsigned n = w[2] >> 63 == 0;
	uint64_t top = n == 0 ? w[2] : w[2] << 1 | w[1] >> 63, bits;
	bool half = (top & 0x400) != 0, rest;

	rest = ((top & 0x3ff) | w[0] | (n == 0 ? w[1] : w[1] << 1)) != 0;
	exp += 191 - (int)n + 1023;
	if (exp > 0x7fe)
		return 0;
	/* The carry of a fraction of ones goes to the exponent. */
	bits = ((uint64_t)exp << FRACTION) +
	    (top >> 11 & (((uint64_t)1 << FRACTION) - 1));
	return bits + (half && (rest || (bits & 1) != 0));
}

bool
shortest_back(double *real, uint64_t mant, int64_t exp)
{
	uint64_t hi, lo, w[3], least[3], x;
	int n = __builtin_clzll(mant), k = (int)exp, e;

	if (exp < BACK_LEAST || exp > BACK_MOST)
		return false;
	ten(k, &hi, &lo);
	mant <<= n;
	w[0] = wide_mul(mant, lo, &w[1]);
	x = wide_mul(mant, hi, &w[2]);
	w[1] += x;
	w[2] += w[1] < x;
	/* The power was rounded up by less than 1: so much less, or nothing. */
	memcpy(least, w, sizeof w);
	if (k < 0 || k > EXACT)
		wide_sub(least, 3, &mant, 1);
	e = log2_ten(k) - 127 - n;
	x = round_words(w, e);
	if (x == 0 || x != round_words(least, e))
		return false;
	memcpy(real, &x, sizeof x);
	return true;
}
