/* keep.h - records that an operator holds, some of them replaced */
#ifndef MBATCH_KEEP_H
#define MBATCH_KEEP_H

#include "mbatch.h"
#include "lib/run/hold.h"

/*
 * Records in numbered places.  One that is replaced leaves waste, which is
 * taken out once it is more than half: ten records kept of a hundred million
 * take the room of twenty.
 */
struct keep {
	struct kept {
		size_t off, len;
		uint64_t num;
	} *rec;
	size_t n, cap;
	struct buf bytes, columns;
	size_t live;		/* bytes of records that are still there */
};

/* Copies record j of a vector to a new place, which is returned; a whole vector
   (emit NULL: as text). */
size_t keep_add(struct keep *, const struct vec *, size_t j, struct emit *);
void keep_vec(struct keep *, const struct vec *, struct emit *);
/* Puts another record in place i. */
void keep_set(struct keep *, size_t i, const struct vec *, size_t j,
    struct emit *);
void keep_reset(struct keep *);
void keep_fini(struct keep *);

/* Emits all, ascending by came, which has a number for each place. */
int keep_emit_came(const struct keep *, const uint64_t *came, struct emit *);

/* The hooks push, reset and fini of an operator that holds the whole batch:
   its state begins with a struct keep. */
int keep_op_push(void *st, const void *conf, const struct vec *, struct emit *);
void keep_op_reset(void *st, const void *conf);
void keep_op_fini(void *st, const void *conf);

/* What was held in place i; valid until the next add or set. */
static inline struct slice
keep_get(const struct keep *k, size_t i)
{
	const struct kept *r = &k->rec[i];

	return (struct slice){ r->len == 0 ? "" : k->bytes.p + r->off,
	    r->len };
}

/* Emits place i. */
static inline int
keep_emit(const struct keep *k, size_t i, struct emit *e)
{
	return hold_emit(keep_get(k, i), k->rec[i].num, e);
}

#endif
