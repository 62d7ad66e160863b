/* captures.h - parts found in a text, as columns: extract and parse */
#ifndef MBATCH_CAPTURES_H
#define MBATCH_CAPTURES_H

#include "mbatch.h"
#include "lib/run/args.h"

enum { CAPTURES_MAX = 256 };	/* in a pattern */

struct captures {
	struct field field;	/* -f: what is looked at */
	bool by_field;
	size_t col;
	size_t found;		/* parts that the pattern has */
	size_t *from;		/* the part of each column */
	struct slice *name;
	size_t n;		/* columns */
	struct tally *missed;
};

/* Takes NAMES, if they are there, for so many parts that a pattern finds.  OK
   or FAIL (told). */
int captures_names(struct captures *, struct args *, size_t found);
/* The hook bind of an operator whose conf begins with a struct captures. */
int captures_bind(void *conf, struct bind *);
/* What is looked at of record i; p NULL: nothing there. */
struct slice captures_text(const struct captures *, const struct vec *,
    size_t i);

/* What was found in the records of a vector, as columns: an instance's state,
   which begins as zero bytes. */
struct captured {
	size_t n;
	uint16_t hit[VEC_MAX];	/* in which */
	struct slice **text;
	struct values *col;
};

/* Makes room for them. */
void captures_room(const struct captures *, struct captured *);
/* Adds the parts found in record i, which comes behind those there. */
void captures_add(const struct captures *, struct captured *, size_t i,
    const struct slice *part);
/* Emits the records with what was found in them, and counts those in which
   nothing was. */
int captures_emit(const struct captures *, struct captured *,
    const struct vec *, struct emit *);
/* The hook fini of one whose state is a struct captured. */
void captures_fini(void *st, const void *conf);
#define CAPTURES_FIRST(conf, member)					\
	_Static_assert(offsetof(conf, member) == 0, "the hooks look there")

#endif
