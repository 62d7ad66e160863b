/*
 * toplist.h - the groups with the most records, in fixed memory: top by with
 * --approx
 *
 * One sketch (sketch.h: Space-Saving) of TOPLIST_MAX keys: of N records every
 * group of more than N / TOPLIST_MAX is held, and the column error says by how
 * much a count may be too high.
 */
#ifndef MBATCH_TOPLIST_H
#define MBATCH_TOPLIST_H

#include "mbatch.h"
#include "lib/agg/grouped.h"

enum { TOPLIST_MAX = 16384 };

struct toplist {			/* conf */
	struct grouping all;		/* without keys: of all records */
	struct keys by;
	uint64_t n;			/* shown */
	bool share;
};

/* Takes over the operator whose conf starts with a struct toplist; keys and
   over were parsed into all. */
void toplist_use(struct op *, struct toplist *, struct args *);

#endif
