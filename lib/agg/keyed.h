/* keyed.h - what is known of keys, which leave in the order they came */
#ifndef MBATCH_KEYED_H
#define MBATCH_KEYED_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/run/keys.h"

struct both;

/*
 * Keys in the order in which they were added or touched last, each with the
 * time of that, never before the last one's, and a place for its state: a
 * number, below cap, that is its own until it leaves.  Looking up, adding,
 * touching and leaving are O(1).  A key of up to 15 bytes takes 40 bytes, and 4
 * to 8 in the hash table.
 */
struct keyed {
	struct keyed_entry *entry;
	size_t used, cap;	/* places ever taken; room */
	size_t n;		/* keys held */
	char *state;		/* cap times size bytes, zero for a new key */
	size_t size;
	uint32_t *bucket;
	unsigned bits;		/* 1 << bits buckets */
	uint32_t oldest, newest, spare;
	uint64_t seed;
	struct buf joined;
};

#define KEYED_NONE	UINT32_MAX
enum { KEYED_KEYS = 1000000 };	/* held by default */

/* size: bytes of a key's state. */
void keyed_init(struct keyed *, size_t size, uint64_t seed);
void keyed_free(struct keyed *);

/* The keys of a vector's records, and their hashes, at most VEC_MAX; without
   fields the empty key for all.  room: VEC_MAX. */
const struct slice *keyed_keys(struct keyed *, const struct keys *,
    const struct vec *, struct slice *room, uint64_t *hash);

/* The key's place, KEYED_NONE if it isn't held. */
uint32_t keyed_find(const struct keyed *, struct slice key, uint64_t hash);
/* Adds one that is not held, as the newest. */
uint32_t keyed_add(struct keyed *, struct slice key, uint64_t hash,
    int64_t time);
/* It becomes the newest. */
void keyed_touch(struct keyed *, uint32_t, int64_t time);
/* It is not held any more, but key and state stay until its place is given
   back; who does that frees what the state owns, and leaves it zero or as a
   new key may find it. */
void keyed_leave(struct keyed *, uint32_t);
void keyed_give(struct keyed *, uint32_t);

/* The oldest key if its time is at or before that one, else KEYED_NONE. */
uint32_t keyed_due(const struct keyed *, int64_t time);
/* The oldest key's time; INT64_MAX: there is none. */
int64_t keyed_first(const struct keyed *);

/* All keys from the oldest on as fields, with times that are so much later, and
   behind each those of its state; into one without keys. */
typedef void keyed_each(void *st, const void *conf, uint32_t, struct both *);
void keyed_both(struct keyed *, int64_t later, struct both *, void *st,
    const void *conf, keyed_each *);

struct slice keyed_key(const struct keyed *, uint32_t);

static inline void *
keyed_state(const struct keyed *k, uint32_t i)
{
	return k->state + i * k->size;
}

#endif
