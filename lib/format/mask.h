/* mask.h - what a text says, without what varies in it */
#ifndef MBATCH_MASK_H
#define MBATCH_MASK_H

#include <stddef.h>

#include "lib/base/slice.h"

/* Kinds of bytes; a word is a run of those that are of no kind of STOP. */
enum {
	MASK_BLANK = 1,
	MASK_MARK = 2,		/* = : , ; | quotes and brackets */
	MASK_DIGIT = 4,
	MASK_HEX = 8,		/* a letter of hexadecimal numbers */
	MASK_SLASH = 16,	/* either way */
	MASK_DOT = 32,
	MASK_AT = 64,
	MASK_REST = 128,
	MASK_STOP = MASK_BLANK | MASK_MARK
};

extern const unsigned char mask_kind[256];

/* Room for the mask of n bytes. */
#define MASK_MAX(n)	((n) + (n) / 2 + 2)

/*
 * Writes the text's mask, whose length is returned: words that look like
 * values are *, by what they are made of and nothing else, runs of blanks are
 * one.
 */
size_t mask_put(char *out, struct slice text);

#endif
