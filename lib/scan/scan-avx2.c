/* scan-avx2.c - scanning with AVX2 and BMI2, where the processor has them */
#include "lib/scan/scan-set.h"
#include "lib/scan/scan.h"

#ifdef __x86_64__

#include <immintrin.h>

#define SCAN_NAME	avx2
#define SCAN_TARGET	__attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))

INLINE __m256i
load(const char *p)
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

typedef __m256i vec;
#define all		_mm256_set1_epi8
#define equal		_mm256_cmpeq_epi8
#define least(v, c)	equal(_mm256_min_epu8(v, all(c)), v)
#define beyond(v)	(v)
#define and		_mm256_and_si256
#define or		_mm256_or_si256
#define xor		_mm256_xor_si256

INLINE uint32_t
bits(__m256i v)
{
	return (uint32_t)_mm256_movemask_epi8(v);
}

#define EACH16(lo, hi, f, x)	(bits(f(_mm256_set_epi64x(0, 0,		\
	(long long)(hi), (long long)(lo)), x)) & 0xffff)
#define RETURN32(p, f, x)	return bits(f(p, x))
#define RETURN64(p, f, x)						\
	return bits(f(p, x)) | (uint64_t)bits(f((p) + 32, x)) << 32

/* A byte's lower half chooses which of the upper ones go with it. */
INLINE uint32_t
class_32(const char *p, const struct scan_class *c)
{
	const __m256i half = _mm256_set1_epi8(15);
	const __m256i each = _mm256_set1_epi64x((long long)0x8040201008040201);
	__m256i v = load(p), low = and(v, half), bit, in;

	bit = _mm256_shuffle_epi8(each,
	    and(_mm256_srli_epi16(v, 4), half));
	in = _mm256_blendv_epi8(
	    _mm256_shuffle_epi8(table128(c->low[0]), low),
	    _mm256_shuffle_epi8(table128(c->low[1]), low), v);
	return bits(equal(and(in, bit), bit));
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

#define class32		class_32

#include "lib/scan/scan-body.h"

#endif
