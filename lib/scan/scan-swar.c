/* scan-swar.c - scanning eight bytes at a time in plain C */
#include "lib/base/words.h"
#include "lib/scan/scan-set.h"
#include "lib/scan/scan.h"

#define SCAN_NAME	swar
#define SCAN_TARGET
#define ONES		((uint64_t)0x0101010101010101)
#define LOW7		(ONES * 0x7f)

/* A byte is true by its top bit alone: no carry leaves one. */
typedef uint64_t vec;
#define load(p)		load_64(p)
#define all(c)		(ONES * (unsigned char)(c))
#define beyond(v)	((v) & ~LOW7)
#define and(v, w)	((v) & (w))
#define or(v, w)	((v) | (w))
#define xor(v, w)	((v) ^ (w))

/* Added to the low 7 bits this sets the top one from c + 1 on. */
INLINE uint64_t
least(uint64_t w, char c)
{
	return ~(((w & LOW7) + ONES * (uint64_t)(127 - c)) | w | LOW7);
}

INLINE uint64_t
equal(uint64_t v, uint64_t w)
{
	return least(v ^ w, 0);
}

/* One bit for each byte. */
INLINE uint64_t
bits(uint64_t w)
{
	return (w >> 7) * 0x0102040810204080 >> 56;
}

#define EACH16(lo, hi, f, x)	(bits(f(lo, x)) | bits(f(hi, x)) << 8)
#define RETURN32(p, f, x)	RETURN_EACH(32, p, f, x)
#define RETURN64(p, f, x)	RETURN_EACH(64, p, f, x)
#define RETURN_EACH(n, p, f, x) do {					\
	uint64_t m = 0;							\
	int i;								\
									\
	for (i = 0; i < (n); i += 8)					\
		m |= bits(f((p) + i, x)) << i;				\
	return m;							\
} while (0)

#define popcount	set_popcount
#define low_bit		set_low_bit
#define nth_bit		set_nth_bit
#define parity		set_parity

#include "lib/scan/scan-body.h"
