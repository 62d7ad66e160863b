/* find.c - a text in another */
#define _GNU_SOURCE		/* memmem, which POSIX has since 2024 */
#include <string.h>

#include "lib/scan/find.h"

const char *
find_text(struct slice s, struct slice piece)
{
	if (piece.n == 0)
		return s.p;
	if (piece.n > s.n)
		return NULL;
	if (piece.n == 1)
		return memchr(s.p, piece.p[0], s.n);
	return memmem(s.p, s.n, piece.p, piece.n);
}
