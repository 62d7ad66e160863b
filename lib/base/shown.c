/* shown.c - text as people are shown it: nothing in it moves a cursor */
#include <string.h>

#include "lib/base/chars.h"
#include "lib/base/shown.h"

/* What does harm moves the cursor, or turns the order of what follows: the
   controls, line separators, bidirectional embeddings and isolates. */
size_t
shown_next(const char *p, size_t n, uint32_t *c)
{
	size_t len = utf8_decode(p, n, c);
	uint32_t u = *c;

	if (len == 0 || u < 0x20 || (u >= 0x7f && u < 0xa0) || u == 0x61c ||
	    (u >= 0x200e && u <= 0x200f) || (u >= 0x2028 && u <= 0x202e) ||
	    (u >= 0x2066 && u <= 0x2069))
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
