/*
 * toplist.h - the groups with the most records, in fixed memory: top by with
 * --approx
 *
 * One sketch (sketch.h: Space-Saving) of HEAVY_MAX keys: of N records every
 * group of more than N / HEAVY_MAX is held, and the column error says by how
 * much a count may be too high.
 *
 * An operator has a struct toplist first in its conf and a struct toplist_state
 * as its state; other hooks are those of grouped.h.
 */
#ifndef MBATCH_TOPLIST_H
#define MBATCH_TOPLIST_H

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/agg/sketch.h"

struct toplist {
	struct grouping all;		/* without keys: of all records */
	struct keys by;
	uint64_t n;			/* shown */
};

struct toplist_state {
	struct grouped all;
	struct slice room[VEC_MAX];	/* for keys of several fields */
	struct buf joined;
};

/* Hooks. */
int toplist_bind(void *conf, struct bind *);
int toplist_push(void *st, const void *conf, const struct vec *,
    struct emit *);
int toplist_flush(void *st, const void *conf, const struct batch *,
    struct emit *);
void toplist_fini(void *st, const void *conf);

#endif
