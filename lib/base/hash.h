/* hash.h - hashing bytes, and a table from keys to dense indexes */
#ifndef MBATCH_HASH_H
#define MBATCH_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"

/* A 64-bit hash of good quality, the same on every machine for one seed. */
uint64_t hash_bytes(const char *p, size_t n, uint64_t seed);

/*
 * Keys get the indexes 0, 1, 2 ... in order of first appearance.  Slots are 8
 * bytes (hash, index); keys lie in an arena of the table's.
 */
struct table;
struct table *table_new(uint64_t seed);
void table_free(struct table *);
void table_reset(struct table *);		/* O(held) */
size_t table_count(const struct table *);	/* keys held */
size_t table_memory(const struct table *);	/* bytes, about */
/* A key by its index.  Its bytes stay where they are until table_reset or
   table_free. */
struct slice table_key(const struct table *, size_t i);

/*
 * Looks up n keys (at most 1024) and adds those not yet there while the table
 * holds fewer than max (0: no limit): idx[i] is the index of key[i], or
 * TABLE_FULL.  Vectorised: hash all, prefetch slots, groups, keys, then probe.
 */
#define TABLE_FULL	UINT32_MAX
void table_find(struct table *, const struct slice *key, size_t n, size_t max,
    uint32_t *idx);
/* The same in two steps: tags are equal for all tables of one seed, and of the
   upper half of a hash. */
void table_tags(const struct table *, const struct slice *key, size_t n,
    uint32_t *tag);
void table_find_tags(struct table *, const struct slice *key,
    const uint32_t *tag, size_t n, uint32_t *idx);
/* So that table_key is quick. */
void table_fetch(const struct table *, size_t i);
/* A new table is for keys whose tags have the same upper bits. */
void table_part(struct table *, unsigned bits);
/* The same, but nothing is added: TABLE_FULL is not there.  Also by many
   threads at once. */
void table_look(const struct table *, const struct slice *key, size_t n,
    uint32_t *idx);

#endif
