/* edit.h - a text with changes at places that a fuzzer chooses */
#include <stdint.h>

#include "lib/base/arena.h"

/* Each of four bytes: the place, of two, how many bytes are taken out there,
   and the one that is put in.  What is there stays more than none. */
static void
edit(struct buf *b, const uint8_t *p, size_t n)
{
	size_t at, out;

	for (; n >= 4; p += 4, n -= 4) {
		at = (size_t)(p[0] | p[1] << 8) % b->n;
		out = p[2] < b->n - at ? p[2] : b->n - at - 1;
		b->p[at] = (char)p[3];
		memmove(b->p + at + 1, b->p + at + 1 + out,
		    b->n - at - 1 - out);
		b->n -= out;
	}
}
