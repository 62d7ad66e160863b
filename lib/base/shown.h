/* shown.h - text as people are shown it: nothing in it moves a cursor */
#ifndef MBATCH_SHOWN_H
#define MBATCH_SHOWN_H

#include <stddef.h>
#include <stdint.h>

enum { SHOWN_HEX = 4 };		/* bytes that one takes as \xHH */

/* What comes next in n bytes, at least one: how many make a character of UTF-8
   (RFC 3629) that does no harm, *c, or *c is UINT32_MAX and they are to be
   written as \xHH each: controls, C1 among them, what turns the direction of
   writing or ends a line, and a byte that is no UTF-8. */
size_t shown_next(const char *p, size_t n, uint32_t *c);
/* Writes n bytes so; what is behind the last one. */
char *shown_hex(char *out, const char *p, size_t n);

/* Writes what fits of n bytes into size, at most whole characters, without a
   NUL; how much that was. */
size_t shown_put(char *out, size_t size, const char *p, size_t n);

#endif
