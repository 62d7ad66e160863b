/* captures.h - parts found in a text, as columns: extract and parse */
#ifndef MBATCH_CAPTURES_H
#define MBATCH_CAPTURES_H

#include "mbatch.h"
#include "lib/run/args.h"

enum { PARTS_MAX = 256 };	/* in a pattern */

struct parts {
	struct field field;	/* -f: what is looked at */
	bool by_field;
	size_t col;
	size_t found;		/* parts that the pattern has */
	size_t *from;		/* the part of each column */
	struct slice *name;
	size_t n;		/* columns */
	struct tally *missed;
};

/* Takes `-f FIELD`; then NAMES, if they are there, for so many parts that a
   pattern finds.  OK or FAIL (told). */
int parts_flags(struct parts *, struct args *);
int parts_names(struct parts *, struct args *, size_t found);
/* Sets the columns; asks for the field.  OK or FAIL (told). */
int parts_bind(struct parts *, struct bind *);
/* What is looked at of record i; p NULL: nothing there. */
struct slice parts_text(const struct parts *, const struct vec *, size_t i);
/* Emits record i with the parts that were found in it. */
int parts_emit(const struct parts *, const struct vec *, size_t i,
    const struct slice *part, struct emit *);
/* Counts the records of the vector in which nothing was found: all but the n of
   hit, ascending. */
void parts_missed(const struct parts *, const struct vec *,
    const uint16_t *hit, size_t n, struct emit *);

#endif
