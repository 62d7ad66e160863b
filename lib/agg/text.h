/* text.h - one text that is kept */
#ifndef MBATCH_TEXT_H
#define MBATCH_TEXT_H

#include "lib/base/arena.h"
#include "lib/base/slice.h"

/* All zero is none.  Short texts are held in place; it may be moved, but not
   copied. */
struct held {
	uint32_t n;
	uint32_t cap : 31;		/* of far; 0: near is used */
	uint32_t there : 1;
	union {
		char near[16];
		char *far;
	} at;
};

/* Takes a copy, of at most a gigabyte: more ends the program. */
void held_set(struct held *, struct slice);
void held_reset(struct held *);		/* keeps a little memory */
void held_free(struct held *);

static inline struct slice
held_get(const struct held *h)
{
	return (struct slice){ h->cap > 0 ? h->at.far : h->at.near, h->n };
}

/* Appends it as printable text without blanks; load fills one that is all
   zero: false, and it stays so, if the text is no such state. */
void held_save(const struct held *, struct buf *);
bool held_load(struct held *, struct slice);

#endif
