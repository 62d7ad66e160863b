/* scan-sse2.c - scanning with SSE2, which every x86-64 has */
#include "lib/scan/scan-set.h"
#include "lib/scan/scan-variant.h"
#include "lib/scan/scan.h"

#ifdef __SSE2__

#include <emmintrin.h>

#define SCAN_NAME	sse2
#define SCAN_TARGET

INLINE uint64_t
mask_reg(__m128i v, struct set s)
{
	__m128i m = _mm_cmpeq_epi8(v, _mm_set1_epi8(s.a));

	if (s.n > 1)
		m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8(s.b)));
	if (s.n > 2)
		m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8(s.c)));
	return (uint64_t)_mm_movemask_epi8(m);
}

INLINE __m128i
load128(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

INLINE uint64_t
mask16(uint64_t lo, uint64_t hi, struct set s)
{
	return mask_reg(_mm_set_epi64x((long long)hi, (long long)lo), s);
}

INLINE uint64_t
mask64(const char *p, struct set s)
{
	return mask_reg(load128(p), s) |
	    mask_reg(load128(p + 16), s) << 16 |
	    mask_reg(load128(p + 32), s) << 32 |
	    mask_reg(load128(p + 48), s) << 48;
}

/* Bytes below a blank: those that are no larger than 0x1f. */
INLINE uint64_t
control_reg(__m128i v)
{
	return (uint64_t)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v));
}

INLINE uint64_t
control64(const char *p)
{
	return control_reg(load128(p)) | control_reg(load128(p + 16)) << 16 |
	    control_reg(load128(p + 32)) << 32 |
	    control_reg(load128(p + 48)) << 48;
}

/* Square brackets differ from braces by 0x20. */
INLINE uint64_t
nest_reg(__m128i v)
{
	v = _mm_or_si128(v, _mm_set1_epi8(0x20));
	return (uint64_t)_mm_movemask_epi8(_mm_or_si128(
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('{')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('}'))));
}

INLINE uint64_t
nest64(const char *p)
{
	return nest_reg(load128(p)) | nest_reg(load128(p + 16)) << 16 |
	    nest_reg(load128(p + 32)) << 32 | nest_reg(load128(p + 48)) << 48;
}

/* With bit 1 turned over just the quote and what is below a blank are at most
   a blank. */
INLINE uint64_t
stop_reg(__m128i v)
{
	__m128i x = _mm_xor_si128(v, _mm_set1_epi8(2));

	return (uint64_t)_mm_movemask_epi8(_mm_or_si128(
	    _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(' ')), x),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
}

INLINE uint64_t
stop64(const char *p)
{
	return stop_reg(load128(p)) | stop_reg(load128(p + 16)) << 16 |
	    stop_reg(load128(p + 32)) << 32 | stop_reg(load128(p + 48)) << 48;
}

INLINE uint64_t
odd16(const char *p, const struct scan_odds *c)
{
	__m128i v = load128(p), m;

	m = _mm_cmpeq_epi8(_mm_min_epu8(v,
	    _mm_set1_epi8((char)(c->below - 1))), v);
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8(c->a)));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8(c->b)));
	m = _mm_or_si128(m, _mm_and_si128(v,
	    _mm_set1_epi8(c->high ? -1 : 0)));
	return (uint64_t)_mm_movemask_epi8(m);
}

INLINE uint64_t
odd32(const char *p, const struct scan_odds *c)
{
	return odd16(p, c) | odd16(p + 16, c) << 16;
}

/* Where the clue's byte k stands, as if it were the text's first. */
INLINE __m128i
clue_reg(const char *p, const struct scan_clue *c, int k)
{
	return _mm_cmpeq_epi8(_mm_or_si128(load128(p + c->at[k]),
	    _mm_set1_epi8((char)c->fold[k])),
	    _mm_set1_epi8((char)c->byte[k]));
}

INLINE uint64_t
clue16(const char *p, const struct scan_clue *c)
{
	return (uint64_t)_mm_movemask_epi8(
	    _mm_and_si128(clue_reg(p, c, 0), clue_reg(p, c, 1)));
}

INLINE uint64_t
clue64(const char *p, const struct scan_clue *c)
{
	return clue16(p, c) | clue16(p + 16, c) << 16 |
	    clue16(p + 32, c) << 32 | clue16(p + 48, c) << 48;
}

#define popcount	set_popcount
#define low_bit		set_low_bit
#define nth_bit		set_nth_bit
#define parity		set_parity

#include "lib/scan/scan-body.h"

#endif
