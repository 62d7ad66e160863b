/* recent.c - keys seen lately: a queue that can be searched */
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/format/pack.h"
#include "lib/run/recent.h"

enum { LEAST = 1024, WASTE = 64 * 1024 };

struct recent_entry {
	uint64_t hash;
	uint64_t older;		/* the next one of the bucket */
	uint64_t at;		/* where its key is, of all bytes ever added */
	size_t len;
	int64_t time;
};

static struct recent_entry *
entry(const struct recent *r, uint64_t number)
{
	return &r->ring[number & (r->cap - 1)];
}

/* A ring of another size, with the same entries. */
static void
resize(struct recent *r, size_t cap)
{
	struct recent_entry *ring = mem_alloc(cap * sizeof *ring), *e;
	uint64_t i, *bucket = mem_zero(cap * sizeof *bucket), *b;

	for (i = r->old; i < r->end; i++) {
		e = &ring[i & (cap - 1)];
		*e = *entry(r, i);
		b = &bucket[e->hash & (cap - 1)];
		e->older = *b;
		*b = i;
	}
	free(r->ring);
	free(r->bucket);
	r->ring = ring;
	r->bucket = bucket;
	r->cap = cap;
}

void
recent_init(struct recent *r, uint64_t seed)
{
	memset(r, 0, sizeof *r);
	r->seed = seed;
	r->old = r->end = 1;
	resize(r, LEAST);
}

void
recent_free(struct recent *r)
{
	free(r->ring);
	free(r->bucket);
	buf_free(&r->keys);
}

void
recent_hash(const struct recent *r, const struct slice *key, size_t n,
    uint64_t *hash)
{
	size_t i;

	for (i = 0; i < n; i++) {
		hash[i] = hash_bytes(key[i].p, key[i].n, r->seed);
		__builtin_prefetch(&r->bucket[hash[i] & (r->cap - 1)]);
	}
	for (i = 0; i < n; i++)
		__builtin_prefetch(entry(r,
		    r->bucket[hash[i] & (r->cap - 1)]));
}

bool
recent_has(const struct recent *r, struct slice key, uint64_t hash)
{
	const struct recent_entry *e;
	uint64_t i = r->bucket[hash & (r->cap - 1)];

	for (; i >= r->old; i = e->older) {
		e = entry(r, i);
		if (e->hash == hash && e->len == key.n && (key.n == 0 ||
		    memcmp(r->keys.p + (e->at - r->gone), key.p, key.n) == 0))
			return true;
	}
	return false;
}

void
recent_add(struct recent *r, struct slice key, uint64_t hash, int64_t time)
{
	uint64_t *bucket;

	if (recent_count(r) == r->cap)
		resize(r, r->cap * 2);
	bucket = &r->bucket[hash & (r->cap - 1)];
	*entry(r, r->end) = (struct recent_entry){ .hash = hash,
	    .older = *bucket, .at = r->gone + r->keys.n, .len = key.n,
	    .time = time };
	*bucket = r->end++;
	buf_slice(&r->keys, key);
}

/* The bytes of keys that left are given back, once they are most of them. */
void
recent_drop(struct recent *r)
{
	struct buf b = { 0 };

	r->dead += entry(r, r->old++)->len;
	if (r->dead > WASTE && r->dead > r->keys.n / 2) {
		buf_room(&b, (r->keys.n - r->dead) * 2);
		buf_add(&b, r->keys.p + r->dead, r->keys.n - r->dead);
		buf_free(&r->keys);
		r->keys = b;
		r->gone += r->dead;
		r->dead = 0;
	}
	if (r->cap > LEAST && recent_count(r) < r->cap / 8)
		resize(r, r->cap / 4 > LEAST ? r->cap / 4 : LEAST);
}

void
recent_expire(struct recent *r, int64_t time)
{
	while (r->old < r->end && entry(r, r->old)->time <= time)
		recent_drop(r);
}

void
recent_both(struct recent *r, int64_t later, struct both *b)
{
	size_t i, n = both_count(b, recent_count(r));
	const struct recent_entry *e;
	struct slice key = { NULL, 0 };
	int64_t time = 0;
	uint64_t hash;

	for (i = 0; i < n && !both_bad(b); i++) {
		if (!both_reads(b)) {
			e = entry(r, r->old + i);
			time = e->time;
			key = (struct slice){ e->len == 0 ? "" :
			    r->keys.p + (e->at - r->gone), e->len };
		}
		both_time(b, &time, later);
		key = both_text(b, key);
		if (!both_reads(b))
			continue;
		recent_hash(r, &key, 1, &hash);
		both_expect(b, (i == 0 || time >= entry(r, r->end - 1)->time) &&
		    !recent_has(r, key, hash));
		if (!both_bad(b))
			recent_add(r, key, hash, time);
	}
}
