/* scan-swar.c - scanning eight bytes at a time in plain C */
#include "lib/base/words.h"
#include "lib/scan/scan-set.h"
#include "lib/scan/scan-variant.h"
#include "lib/scan/scan.h"

#define SCAN_NAME	swar
#define SCAN_TARGET
#define ONES		((uint64_t)0x0101010101010101)
#define LOW7		(ONES * 0x7f)

/* The top bit of each byte of w that is c, exactly: no carry leaves a byte. */
INLINE uint64_t
match(uint64_t w, char c)
{
	w ^= ONES * (unsigned char)c;
	return ~(((w & LOW7) + LOW7) | w | LOW7);
}

/* One bit for each byte of w. */
INLINE uint64_t
mask8(uint64_t w, struct set s)
{
	uint64_t m = match(w, s.a);

	if (s.n > 1)
		m |= match(w, s.b);
	if (s.n > 2)
		m |= match(w, s.c);
	return (m >> 7) * 0x0102040810204080 >> 56;
}

INLINE uint64_t
mask16(uint64_t lo, uint64_t hi, struct set s)
{
	return mask8(lo, s) | mask8(hi, s) << 8;
}

INLINE uint64_t
mask64(const char *p, struct set s)
{
	uint64_t m = 0;
	int i;

	for (i = 0; i < 64; i += 8)
		m |= mask8(load_64(p + i), s) << i;
	return m;
}

/* Bytes below a blank: 0x60 added to the low 7 bits sets the top one from 0x20
   on. */
INLINE uint64_t
control64(const char *p)
{
	uint64_t w, m = 0;
	int i;

	for (i = 0; i < 64; i += 8) {
		w = load_64(p + i);
		w = ~(((w & LOW7) + ONES * 0x60) | w | LOW7);
		m |= ((w >> 7) * 0x0102040810204080 >> 56) << i;
	}
	return m;
}

/* Square brackets differ from braces by 0x20. */
INLINE uint64_t
nest64(const char *p)
{
	uint64_t w, m = 0;
	int i;

	for (i = 0; i < 64; i += 8) {
		w = load_64(p + i) | ONES * 0x20;
		w = match(w, '{') | match(w, '}');
		m |= ((w >> 7) * 0x0102040810204080 >> 56) << i;
	}
	return m;
}

/* With bit 1 turned over just the quote and what is below a blank are at most
   a blank.  0x5f added to the low 7 bits sets the top one from 0x21 on. */
INLINE uint64_t
stop64(const char *p)
{
	uint64_t w, x, m = 0;
	int i;

	for (i = 0; i < 64; i += 8) {
		w = load_64(p + i);
		x = w ^ ONES * 2;
		x = ~(((x & LOW7) + ONES * 0x5f) | x | LOW7);
		m |= (((x | match(w, '\\')) >> 7) * 0x0102040810204080 >> 56)
		    << i;
	}
	return m;
}

/* 128 - below added to the low 7 bits sets the top one from below on. */
INLINE uint64_t
odd32(const char *p, const struct scan_odds *c)
{
	uint64_t w, x, m = 0, add = ONES * (uint64_t)(128 - c->below);
	uint64_t high = c->high ? ~LOW7 : 0;
	int i;

	for (i = 0; i < 32; i += 8) {
		w = load_64(p + i);
		x = ~(((w & LOW7) + add) | w | LOW7);
		x |= match(w, c->a) | match(w, c->b) | (w & high);
		m |= ((x >> 7) * 0x0102040810204080 >> 56) << i;
	}
	return m;
}

/* The top bit of each of eight bytes where the clue's byte k stands, as if it
   were the text's first. */
INLINE uint64_t
clue_word(const char *p, const struct scan_clue *c, int k)
{
	return match(load_64(p + c->at[k]) | ONES * c->fold[k],
	    (char)c->byte[k]);
}

INLINE uint64_t
clue64(const char *p, const struct scan_clue *c)
{
	uint64_t w, m = 0;
	int i;

	for (i = 0; i < 64; i += 8) {
		w = clue_word(p + i, c, 0) & clue_word(p + i, c, 1);
		m |= ((w >> 7) * 0x0102040810204080 >> 56) << i;
	}
	return m;
}

#define popcount	set_popcount
#define low_bit		set_low_bit
#define nth_bit		set_nth_bit
#define parity		set_parity

#include "lib/scan/scan-body.h"
