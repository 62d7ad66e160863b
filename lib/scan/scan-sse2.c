/* scan-sse2.c - scanning with SSE2, which every x86-64 has */
#include "lib/scan/scan-set.h"
#include "lib/scan/scan.h"

#ifdef __SSE2__

#include <emmintrin.h>

#define SCAN_NAME	sse2
#define SCAN_TARGET

typedef __m128i vec;
#define all		_mm_set1_epi8
#define equal		_mm_cmpeq_epi8
#define least(v, c)	equal(_mm_min_epu8(v, all(c)), v)
#define beyond(v)	(v)
#define and		_mm_and_si128
#define or		_mm_or_si128
#define xor		_mm_xor_si128

INLINE __m128i
load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

INLINE uint64_t
bits(__m128i v)
{
	return (uint64_t)_mm_movemask_epi8(v);
}

#define EACH16(lo, hi, f, x)						\
	bits(f(_mm_set_epi64x((long long)(hi), (long long)(lo)), x))
#define EACH32(p, f, x)	(bits(f(p, x)) | bits(f((p) + 16, x)) << 16)
#define RETURN32(p, f, x)	return EACH32(p, f, x)
#define RETURN64(p, f, x)						\
	return EACH32(p, f, x) | EACH32((p) + 32, f, x) << 32

#define popcount	set_popcount
#define low_bit		set_low_bit
#define nth_bit		set_nth_bit
#define parity		set_parity

#include "lib/scan/scan-body.h"

#endif
