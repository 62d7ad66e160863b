/* scan-neon.c - scanning with NEON, which every 64-bit ARM has */
#include "lib/scan/scan-set.h"
#include "lib/scan/scan.h"

#if defined(__aarch64__) && !defined(__AARCH64EB__)

#include <arm_neon.h>

#define SCAN_NAME	neon
#define SCAN_TARGET

typedef uint8x16_t vec;
#define load(p)		vld1q_u8((const uint8_t *)(p))
#define all(c)		vdupq_n_u8((uint8_t)(c))
#define equal		vceqq_u8
#define least(v, c)	vcleq_u8(v, all(c))
#define beyond(v)	vcgtq_u8(v, all(0x7f))
#define and		vandq_u8
#define or		vorrq_u8
#define xor		veorq_u8

/* Each byte's own bit within its group of eight. */
static const uint8_t weight[16] = { 1, 2, 4, 8, 16, 32, 64, 128,
	1, 2, 4, 8, 16, 32, 64, 128 };

INLINE uint64_t
bits(uint8x16_t v)
{
	v = and(v, vld1q_u8(weight));
	return (uint64_t)vaddv_u8(vget_low_u8(v)) |
	    (uint64_t)vaddv_u8(vget_high_u8(v)) << 8;
}

/* Neighbours are added three times: eight weights become one byte. */
INLINE uint64_t
gather(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
	const uint8x16_t w = vld1q_u8(weight);

	a = vpaddq_u8(vpaddq_u8(and(a, w), and(b, w)),
	    vpaddq_u8(and(c, w), and(d, w)));
	a = vpaddq_u8(a, a);
	return vgetq_lane_u64(vreinterpretq_u64_u8(a), 0);
}

#define EACH16(lo, hi, f, x)						\
	bits(f(vcombine_u8(vcreate_u8(lo), vcreate_u8(hi)), x))
#define RETURN32(p, f, x)						\
	return bits(f(p, x)) | bits(f((p) + 16, x)) << 16
#define RETURN64(p, f, x)						\
	return gather(f(p, x), f((p) + 16, x), f((p) + 32, x),		\
	    f((p) + 48, x))

INLINE size_t
popcount(uint64_t m)
{
	return (size_t)__builtin_popcountll(m);
}

#define low_bit		set_low_bit
#define nth_bit		set_nth_bit
#define parity		set_parity

#include "lib/scan/scan-body.h"

#endif
