/* scan-avx2.c - scanning with AVX2 and BMI2, where the processor has them */
#include "lib/scan/scan-set.h"
#include "lib/scan/scan-variant.h"
#include "lib/scan/scan.h"

#ifdef __x86_64__

#include <immintrin.h>

#define SCAN_NAME	avx2
#define SCAN_TARGET	__attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))

INLINE __m256i
load256(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* 16 bytes twice. */
INLINE __m256i
table128(const unsigned char *p)
{
	return _mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const __m128i *)(const void *)p));
}

INLINE uint64_t
mask_reg(__m256i v, struct set s)
{
	__m256i m = _mm256_cmpeq_epi8(v, _mm256_set1_epi8(s.a));

	if (s.n > 1)
		m = _mm256_or_si256(m,
		    _mm256_cmpeq_epi8(v, _mm256_set1_epi8(s.b)));
	if (s.n > 2)
		m = _mm256_or_si256(m,
		    _mm256_cmpeq_epi8(v, _mm256_set1_epi8(s.c)));
	return (uint32_t)_mm256_movemask_epi8(m);
}

INLINE uint64_t
mask16(uint64_t lo, uint64_t hi, struct set s)
{
	return mask_reg(_mm256_set_epi64x(0, 0, (long long)hi, (long long)lo),
	    s) & 0xffff;
}

INLINE uint64_t
mask64(const char *p, struct set s)
{
	return mask_reg(load256(p), s) | mask_reg(load256(p + 32), s) << 32;
}

/* Bytes below a blank: those that are no larger than 0x1f. */
INLINE uint64_t
control_reg(__m256i v)
{
	__m256i top = _mm256_set1_epi8(0x1f);

	return (uint32_t)_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(_mm256_min_epu8(v, top), v));
}

INLINE uint64_t
control64(const char *p)
{
	return control_reg(load256(p)) | control_reg(load256(p + 32)) << 32;
}

/* Square brackets differ from braces by 0x20. */
INLINE uint64_t
nest_reg(__m256i v)
{
	v = _mm256_or_si256(v, _mm256_set1_epi8(0x20));
	return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(
	    _mm256_cmpeq_epi8(v, _mm256_set1_epi8('{')),
	    _mm256_cmpeq_epi8(v, _mm256_set1_epi8('}'))));
}

INLINE uint64_t
nest64(const char *p)
{
	return nest_reg(load256(p)) | nest_reg(load256(p + 32)) << 32;
}

/* With bit 1 turned over just the quote and what is below a blank are at most
   a blank. */
INLINE uint64_t
stop_reg(__m256i v)
{
	__m256i x = _mm256_xor_si256(v, _mm256_set1_epi8(2));

	return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(
	    _mm256_cmpeq_epi8(_mm256_min_epu8(x, _mm256_set1_epi8(' ')), x),
	    _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'))));
}

INLINE uint64_t
stop64(const char *p)
{
	return stop_reg(load256(p)) | stop_reg(load256(p + 32)) << 32;
}

INLINE uint64_t
odd32(const char *p, const struct scan_odds *c)
{
	__m256i v = load256(p), m;

	m = _mm256_cmpeq_epi8(_mm256_min_epu8(v,
	    _mm256_set1_epi8((char)(c->below - 1))), v);
	m = _mm256_or_si256(m, _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c->a)));
	m = _mm256_or_si256(m, _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c->b)));
	m = _mm256_or_si256(m, _mm256_and_si256(v,
	    _mm256_set1_epi8(c->high ? -1 : 0)));
	return (uint32_t)_mm256_movemask_epi8(m);
}

/* Where the clue's byte k stands, as if it were the text's first. */
INLINE __m256i
clue_reg(const char *p, const struct scan_clue *c, int k)
{
	return _mm256_cmpeq_epi8(_mm256_or_si256(load256(p + c->at[k]),
	    _mm256_set1_epi8((char)c->fold[k])),
	    _mm256_set1_epi8((char)c->byte[k]));
}

INLINE uint64_t
clue32(const char *p, const struct scan_clue *c)
{
	return (uint32_t)_mm256_movemask_epi8(
	    _mm256_and_si256(clue_reg(p, c, 0), clue_reg(p, c, 1)));
}

INLINE uint64_t
clue64(const char *p, const struct scan_clue *c)
{
	return clue32(p, c) | clue32(p + 32, c) << 32;
}

/* A byte's lower half chooses which of the upper ones go with it. */
INLINE uint32_t
class_block(const char *p, const struct scan_class *c)
{
	const __m256i half = _mm256_set1_epi8(15);
	const __m256i bits = _mm256_set1_epi64x((long long)0x8040201008040201);
	__m256i v = load256(p), low = _mm256_and_si256(v, half), bit, in;

	bit = _mm256_shuffle_epi8(bits,
	    _mm256_and_si256(_mm256_srli_epi16(v, 4), half));
	in = _mm256_blendv_epi8(
	    _mm256_shuffle_epi8(table128(c->low[0]), low),
	    _mm256_shuffle_epi8(table128(c->low[1]), low), v);
	return (uint32_t)_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(_mm256_and_si256(in, bit), bit));
}

INLINE size_t
popcount(uint64_t m)
{
	return (size_t)_mm_popcnt_u64(m);
}

INLINE size_t
low_bit(uint64_t m)
{
	return (size_t)_tzcnt_u64(m);
}

INLINE size_t
nth_bit(uint64_t m, size_t k)
{
	return (size_t)_tzcnt_u64(_pdep_u64((uint64_t)1 << k, m));
}

/* A product without carries by all ones adds up what is below each bit. */
INLINE uint64_t
parity(uint64_t m)
{
	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(
	    _mm_set_epi64x(0, (long long)m), _mm_set1_epi8(-1), 0));
}

#define class32		class_block

#include "lib/scan/scan-body.h"

#endif
