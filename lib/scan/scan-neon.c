/* scan-neon.c - scanning with NEON, which every 64-bit ARM has */
#include "lib/scan/scan-set.h"
#include "lib/scan/scan-variant.h"
#include "lib/scan/scan.h"

#if defined(__aarch64__) && !defined(__AARCH64EB__)

#include <arm_neon.h>

#define SCAN_NAME	neon
#define SCAN_TARGET

/* Each byte's own bit within its group of eight. */
static const uint8_t weight[16] = { 1, 2, 4, 8, 16, 32, 64, 128,
	1, 2, 4, 8, 16, 32, 64, 128 };

INLINE uint8x16_t
match(uint8x16_t v, struct set s)
{
	uint8x16_t m = vceqq_u8(v, vdupq_n_u8((uint8_t)s.a));

	if (s.n > 1)
		m = vorrq_u8(m, vceqq_u8(v, vdupq_n_u8((uint8_t)s.b)));
	if (s.n > 2)
		m = vorrq_u8(m, vceqq_u8(v, vdupq_n_u8((uint8_t)s.c)));
	return vandq_u8(m, vld1q_u8(weight));
}

INLINE uint8x16_t
load128(const char *p)
{
	return vld1q_u8((const uint8_t *)p);
}

INLINE uint64_t
mask16(uint64_t lo, uint64_t hi, struct set s)
{
	uint8x16_t m = match(vcombine_u8(vcreate_u8(lo), vcreate_u8(hi)), s);

	return (uint64_t)vaddv_u8(vget_low_u8(m)) |
	    (uint64_t)vaddv_u8(vget_high_u8(m)) << 8;
}

/* Neighbours are added three times: eight weights become one byte. */
INLINE uint64_t
gather(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
	a = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
	a = vpaddq_u8(a, a);
	return vgetq_lane_u64(vreinterpretq_u64_u8(a), 0);
}

INLINE uint64_t
mask64(const char *p, struct set s)
{
	return gather(match(load128(p), s), match(load128(p + 16), s),
	    match(load128(p + 32), s), match(load128(p + 48), s));
}

INLINE uint8x16_t
control_reg(uint8x16_t v)
{
	return vandq_u8(vcltq_u8(v, vdupq_n_u8(' ')), vld1q_u8(weight));
}

/* Bytes below a blank. */
INLINE uint64_t
control64(const char *p)
{
	return gather(control_reg(load128(p)), control_reg(load128(p + 16)),
	    control_reg(load128(p + 32)), control_reg(load128(p + 48)));
}

/* Square brackets differ from braces by 0x20. */
INLINE uint8x16_t
nest_reg(uint8x16_t v)
{
	v = vorrq_u8(v, vdupq_n_u8(0x20));
	return vandq_u8(vorrq_u8(vceqq_u8(v, vdupq_n_u8('{')),
	    vceqq_u8(v, vdupq_n_u8('}'))), vld1q_u8(weight));
}

INLINE uint64_t
nest64(const char *p)
{
	return gather(nest_reg(load128(p)), nest_reg(load128(p + 16)),
	    nest_reg(load128(p + 32)), nest_reg(load128(p + 48)));
}

/* With bit 1 turned over just the quote and what is below a blank are at most
   a blank. */
INLINE uint8x16_t
stop_reg(uint8x16_t v)
{
	return vandq_u8(vorrq_u8(
	    vcleq_u8(veorq_u8(v, vdupq_n_u8(2)), vdupq_n_u8(' ')),
	    vceqq_u8(v, vdupq_n_u8('\\'))), vld1q_u8(weight));
}

INLINE uint64_t
stop64(const char *p)
{
	return gather(stop_reg(load128(p)), stop_reg(load128(p + 16)),
	    stop_reg(load128(p + 32)), stop_reg(load128(p + 48)));
}

INLINE uint8x16_t
odd_reg(const char *p, const struct scan_odds *c)
{
	uint8x16_t v = load128(p), m = vcltq_u8(v, vdupq_n_u8(c->below));

	m = vorrq_u8(m, vceqq_u8(v, vdupq_n_u8((uint8_t)c->a)));
	m = vorrq_u8(m, vceqq_u8(v, vdupq_n_u8((uint8_t)c->b)));
	m = vorrq_u8(m, vcgtq_u8(v, vdupq_n_u8(c->high ? 0x7f : 0xff)));
	return vandq_u8(m, vld1q_u8(weight));
}

INLINE uint64_t
odd32(const char *p, const struct scan_odds *c)
{
	uint8x16_t a = odd_reg(p, c), b = odd_reg(p + 16, c);

	return gather(a, b, a, b) & UINT32_MAX;
}

/* Where the clue's byte k stands, as if it were the text's first. */
INLINE uint8x16_t
clue_byte(const char *p, const struct scan_clue *c, int k)
{
	return vceqq_u8(vorrq_u8(load128(p + c->at[k]), vdupq_n_u8(c->fold[k])),
	    vdupq_n_u8(c->byte[k]));
}

INLINE uint8x16_t
clue_reg(const char *p, const struct scan_clue *c)
{
	return vandq_u8(vandq_u8(clue_byte(p, c, 0), clue_byte(p, c, 1)),
	    vld1q_u8(weight));
}

INLINE uint64_t
clue64(const char *p, const struct scan_clue *c)
{
	return gather(clue_reg(p, c), clue_reg(p + 16, c),
	    clue_reg(p + 32, c), clue_reg(p + 48, c));
}

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
