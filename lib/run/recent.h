/* recent.h - keys seen lately: a queue that can be searched */
#ifndef MBATCH_RECENT_H
#define MBATCH_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"

struct both;

/*
 * Keys in the order they were added, each with a time that is never before
 * the last one's.  They leave at the old end only, in O(1); adding, looking
 * up and growing are O(1) amortised.  Memory follows what is held, also down.
 *
 * Entries are a ring of numbered places.  Each links to the next older one of
 * its hash bucket; a link to a number that has left the ring is the end, so
 * that leaving needs no unlinking.
 */
struct recent {
	struct recent_entry *ring;
	uint64_t *bucket;		/* the newest entry's number */
	size_t cap;			/* of both: a power of two */
	uint64_t old, end;		/* numbers held: old..end - 1, from 1 */
	struct buf keys;		/* bytes, in order */
	uint64_t gone;			/* bytes that were before keys.p */
	size_t dead;			/* of keys: of entries that left */
	uint64_t seed;
};

void recent_init(struct recent *, uint64_t seed);
void recent_free(struct recent *);

static inline size_t
recent_count(const struct recent *r)
{
	return (size_t)(r->end - r->old);
}

/* Hashes of n keys; what they will look at is fetched ahead. */
void recent_hash(const struct recent *, const struct slice *key, size_t n,
    uint64_t *hash);
/* Whether the key is held; hash from recent_hash. */
bool recent_has(const struct recent *, struct slice key, uint64_t hash);
/* Adds a key that is not held. */
void recent_add(struct recent *, struct slice key, uint64_t hash, int64_t time);
/* The oldest leaves; there must be one. */
void recent_drop(struct recent *);
/* All of it as fields, with times that are so much later; into a new one. */
void recent_both(struct recent *, int64_t later, struct both *);
/* All leave whose time is before or at that time. */
void recent_expire(struct recent *, int64_t time);

#endif
