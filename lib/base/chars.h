/* chars.h - kinds of bytes in ASCII, whatever the locale; hex digits */
#ifndef MBATCH_CHARS_H
#define MBATCH_CHARS_H

#include <stdbool.h>
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

#endif
