/* shown.c - text as people are shown it: nothing in it moves a cursor */
#include <stdbool.h>
#include <string.h>

#include "lib/base/chars.h"
#include "lib/base/shown.h"

/* A character of UTF-8 (RFC 3629): its length, 0 if it is none. */
static size_t
decode(const unsigned char *p, size_t n, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len, i;

	len = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 :
	    p[0] >= 0xe0 && p[0] < 0xf0 ? 3 :
	    p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : 0;
	if (len == 0 || len > n)
		return 0;
	*c = len == 1 ? p[0] : p[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3fu);
	}
	if (*c < least[len] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return len;
}

/* Characters that move the cursor, or turn the order of what follows: the
   controls, line separators, bidirectional embeddings and isolates. */
static bool
is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
	    (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}

size_t
shown_next(const char *p, size_t n, uint32_t *c)
{
	size_t len = decode((const unsigned char *)p, n, c);

	if (len == 0 || is_harmful(*c))
		*c = UINT32_MAX;
	return len == 0 ? 1 : len;
}

char *
shown_hex(char *out, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		*out++ = '\\';
		*out++ = 'x';
		*out++ = HEX_DIGITS[(unsigned char)p[i] >> 4];
		*out++ = HEX_DIGITS[(unsigned char)p[i] & 15];
	}
	return out;
}

size_t
shown_put(char *out, size_t size, const char *p, size_t n)
{
	const char *end = p + n;
	char *o = out;
	size_t len;
	uint32_t c;

	for (; p < end; p += len) {
		len = shown_next(p, (size_t)(end - p), &c);
		if (len * (c == UINT32_MAX ? SHOWN_HEX : 1) >
		    size - (size_t)(o - out))
			break;
		if (c == UINT32_MAX) {
			o = shown_hex(o, p, len);
		} else {
			memcpy(o, p, len);
			o += len;
		}
	}
	return (size_t)(o - out);
}
