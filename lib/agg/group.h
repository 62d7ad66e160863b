/* group.h - accumulators by key: what aggregates stand on */
#ifndef MBATCH_GROUP_H
#define MBATCH_GROUP_H

#include "lib/base/hash.h"
#include "lib/format/vec.h"
#include "lib/run/keys.h"

struct both;

/*
 * Groups in order of first appearance, each with an accumulator of the same
 * size in a dense array, zero at first.  Without keys there is one group.
 */
struct groups {
	struct table *table;	/* NULL: no keys */
	size_t size;		/* bytes of an accumulator */
	char *acc;
	size_t n, cap;
	size_t used;		/* accumulators ever made; see reuse */
	bool reuse;		/* those made before are not zeroed again: who
				   resets them keeps what they own */
	uint64_t max;		/* further keys go to one more group; 0: no
				   limit */
	uint32_t other;		/* that group, TABLE_FULL: none yet */
	struct buf joined;
};

/* size: bytes of an accumulator; max and reuse may be set after. */
void groups_init(struct groups *, const struct keys *, size_t size,
    uint64_t seed);
/* Finds or makes each record's group: idx[0..v->n-1], 0 without keys. */
void groups_find(struct groups *, const struct keys *, const struct vec *,
    uint32_t *idx);
/* The same for n keys as keys_join gives them, at most VEC_MAX. */
void groups_find_keys(struct groups *, const struct slice *key, size_t n,
    uint32_t *idx);
/* The same without a limit, their tags known (lib/base/hash.h); of so many
   parts of all groups. */
void groups_find_tags(struct groups *, const struct slice *key,
    const uint32_t *tag, size_t n, size_t parts, uint32_t *idx);
/* Makes the one group that there is without keys. */
void groups_one(struct groups *);
void groups_reset(struct groups *);		/* O(held) */
void groups_fini(struct groups *);

/* All keys as fields, and behind each those of its accumulator; into one
   without groups. */
void groups_both(struct groups *, const void *conf, struct both *,
    void (*each)(const void *conf, void *acc, struct both *));
/* Key i only, or the next that is read: its accumulator, NULL: it is bad. */
void *groups_both_key(struct groups *, size_t i, struct both *);

static inline void *
groups_acc(const struct groups *g, size_t i)
{
	return g->acc + i * g->size;
}

/* Group i's key, as keys_join gave it; of the one beyond max groups_beyond. */
struct slice groups_key(const struct groups *, size_t i);
extern const struct slice groups_beyond;

#endif
