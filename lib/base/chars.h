/* chars.h - kinds of bytes, whatever the locale; hex digits, UTF-8 */
#ifndef MBATCH_CHARS_H
#define MBATCH_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEX_DIGITS	"0123456789abcdef"

static inline bool
is_digit(char c)
{
	return (unsigned)(unsigned char)c - '0' < 10;
}

/* Lower case of a letter; other bytes become no letter. */
static inline unsigned
lower(char c)
{
	return (unsigned char)c | 0x20u;
}

static inline bool
is_letter(char c)
{
	return lower(c) - 'a' < 26;
}

static inline bool
is_upper(char c)
{
	return (unsigned)(unsigned char)c - 'A' < 26;
}

static inline bool
is_alnum(char c)
{
	return is_digit(c) || is_letter(c);
}

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A hex digit's value, -1 of any other byte. */
static inline int
hex_value(char c)
{
	return is_digit(c) ? c - '0' : lower(c) - 'a' < 6 ?
	    (int)(lower(c) - 'a') + 10 : -1;
}

/* That of four hex digits at p, -1 if they are not there. */
static inline int32_t
hex_four(const char *p, const char *end)
{
	int32_t v = 0, i, d;

	for (i = 0; i < 4; i++, v = v << 4 | d)
		if (p + i >= end || (d = hex_value(p[i])) < 0)
			return -1;
	return v;
}

/* A character of UTF-8 (RFC 3629) of n bytes, at least one: its length, 0 and
   *c 0 if it is none. */
static inline size_t
utf8_decode(const char *p, size_t n, uint32_t *c)
{
	uint32_t u = (unsigned char)*p;
	size_t i, len = (size_t)2 + (u >= 0xe0) + (u >= 0xf0);

	*c = u;
	if (u < 0x80)
		return 1;
	*c = 0;
	if (u < 0xc2 || u > 0xf4 || len > n)
		return 0;
	u &= 0x7fu >> len;
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		u = u << 6 | (p[i] & 0x3fu);
	}
	/* Not the shortest form, a surrogate, or beyond the last. */
	if ((len == 3 && (u < 0x800 || u - 0xd800 < 0x800)) ||
	    (len == 4 && u - 0x10000 > 0xfffff))
		return 0;
	*c = u;
	return len;
}

#endif
