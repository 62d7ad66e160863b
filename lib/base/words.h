/* words.h - words from and to bytes of any alignment, same on any machine */
#ifndef MBATCH_WORDS_H
#define MBATCH_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The first byte is the lowest one, whatever the machine's order. */
static inline uint64_t
load_64(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof w);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

static inline void
store_64(char *p, uint64_t w)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	memcpy(p, &w, sizeof w);
}

static inline uint32_t
load_32(const char *p)
{
	uint32_t w;

	memcpy(&w, p, sizeof w);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap32(w);
#endif
	return w;
}

/*
 * The n bytes at p, n at most 16, as two words, zeros after them.  Reads
 * nothing beside them: what is shorter than a word is read in parts that
 * overlap.
 */
static inline void
load_part(const char *p, size_t n, uint64_t *lo, uint64_t *hi)
{
	const unsigned char *u = (const unsigned char *)p;

	*lo = *hi = 0;
	if (n > 8) {
		*lo = load_64(p);
		*hi = load_64(p + n - 8) >> 8 * (16 - n);
	} else if (n >= 4) {
		*lo = load_32(p) |
		    (uint64_t)load_32(p + n - 4) << 8 * (n - 4);
	} else if (n > 0) {
		*lo = u[0] | (uint64_t)u[n / 2] << 8 * (n / 2) |
		    (uint64_t)u[n - 1] << 8 * (n - 1);
	}
}

/* Seven bits a byte, the lowest first, SEVENS_MAX bytes at most; the end. */
enum { SEVENS_MAX = 10 };

static inline char *
sevens_put(char *p, uint64_t n)
{
	for (; n > 127; n >>= 7)
		*p++ = (char)(n | 128);
	*p++ = (char)n;
	return p;
}

static inline const char *
sevens_get(const char *p, uint64_t *n)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned shift = 7;

	*n = *u;
	if (*u < 128)			/* most are */
		return p + 1;
	for (*n &= 127; *u++ > 127; shift += 7)
		*n |= (uint64_t)(*u & 127) << shift;
	return (const char *)u;
}

#endif
