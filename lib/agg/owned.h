/* owned.h - one text in memory of its own */
#ifndef MBATCH_OWNED_H
#define MBATCH_OWNED_H

#include "lib/base/arena.h"
#include "lib/base/slice.h"

struct both;

/* All zero is none.  Short texts are held in place; it may be moved, but not
   copied. */
struct owned {
	uint32_t n;
	uint32_t cap : 31;		/* of far; 0: near is used */
	uint32_t there : 1;
	union {
		char near[16];
		char *far;
	} at;
};

/* Takes a copy, of at most a gigabyte: more ends the program. */
void owned_set(struct owned *, struct slice);
void owned_reset(struct owned *);		/* keeps a little memory */
void owned_free(struct owned *);

static inline struct slice
owned_get(const struct owned *h)
{
	return (struct slice){ h->cap > 0 ? h->at.far : h->at.near, h->n };
}

void owned_both(struct owned *, struct both *);	/* one that is there */
/* Appends it as printable text without blanks; load fills one that is all
   zero: false, and it stays so, if the text is no such state. */
void owned_save(const struct owned *, struct buf *);
bool owned_load(struct owned *, struct slice);

#endif
