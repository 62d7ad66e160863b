/* keyed.c - what is known of keys, which leave in the order they came */
#include <stdlib.h>
#include <string.h>

#include "lib/agg/keyed.h"
#include "lib/base/hash.h"
#include "lib/format/pack.h"

enum { BITS_MIN = 6, NEAR = 15, FAR = 255 };

/* A key's bytes: in place, or behind their length in memory of their own. */
union text {
	struct {
		char p[NEAR];
		unsigned char n;	/* FAR: elsewhere */
	} near;
	char *far;
};

/* A place.  In links KEYED_NONE is the end. */
struct keyed_entry {
	uint32_t tag;		/* of the hash */
	uint32_t next;		/* of the bucket, or the next spare place */
	uint32_t older, newer;
	int64_t time;
	union text key;
};

static void
text_set(union text *t, struct slice s)
{
	char *p;

	if (s.n <= NEAR) {
		if (s.n > 0)
			memcpy(t->near.p, s.p, s.n);
		t->near.n = (unsigned char)s.n;
		return;
	}
	p = mem_alloc(sizeof s.n + s.n);
	memcpy(p, &s.n, sizeof s.n);
	memcpy(p + sizeof s.n, s.p, s.n);
	memset(t, 0, sizeof *t);
	t->far = p;
	t->near.n = FAR;
}

static struct slice
text_get(const union text *t)
{
	struct slice s = { t->near.p, t->near.n };

	if (s.n == FAR) {
		memcpy(&s.n, t->far, sizeof s.n);
		s.p = t->far + sizeof s.n;
	}
	return s;
}

static void
text_free(union text *t)
{
	if (t->near.n == FAR)
		free(t->far);
	t->near.n = 0;
}

static size_t
buckets_size(unsigned bits)
{
	return sizeof(uint32_t) << bits;
}

void
keyed_init(struct keyed *k, size_t size, uint64_t seed)
{
	memset(k, 0, sizeof *k);
	k->size = size;
	k->seed = seed;
	k->bits = BITS_MIN;
	k->bucket = mem_alloc(buckets_size(k->bits));
	memset(k->bucket, 0xff, buckets_size(k->bits));
	k->oldest = k->newest = k->spare = KEYED_NONE;
}

void
keyed_free(struct keyed *k)
{
	size_t i;

	for (i = 0; i < k->used; i++)
		text_free(&k->entry[i].key);
	free(k->entry);
	free(k->state);
	free(k->bucket);
	buf_free(&k->joined);
}

static inline uint32_t *
bucket_of(const struct keyed *k, uint64_t hash)
{
	return &k->bucket[(uint32_t)hash >> (32 - k->bits)];
}

const struct slice *
keyed_keys(struct keyed *k, const struct keys *by, const struct vec *v,
    struct slice *room, uint64_t *hash)
{
	const struct slice *key = room;
	size_t i;

	for (i = 0; i < v->n && by->n == 0; i++)
		room[i] = SLICE("");
	if (by->n > 0)
		key = keys_join(by, v, &k->joined, room);
	for (i = 0; i < v->n; i++) {
		hash[i] = hash_bytes(key[i].p, key[i].n, k->seed);
		__builtin_prefetch(bucket_of(k, hash[i]));
	}
	return key;
}

struct slice
keyed_key(const struct keyed *k, uint32_t i)
{
	return text_get(&k->entry[i].key);
}

uint32_t
keyed_find(const struct keyed *k, struct slice key, uint64_t hash)
{
	uint32_t i = *bucket_of(k, hash);

	while (i != KEYED_NONE && (k->entry[i].tag != (uint32_t)hash ||
	    !slice_eq(keyed_key(k, i), key)))
		i = k->entry[i].next;
	return i;
}

static void
grow_buckets(struct keyed *k)
{
	uint32_t *b, i;

	k->bits++;
	k->bucket = mem_grow(k->bucket, buckets_size(k->bits));
	memset(k->bucket, 0xff, buckets_size(k->bits));
	for (i = k->oldest; i != KEYED_NONE; i = k->entry[i].newer) {
		b = bucket_of(k, k->entry[i].tag);
		k->entry[i].next = *b;
		*b = i;
	}
}

/* Puts it behind the newest. */
static void
link_newest(struct keyed *k, uint32_t i, int64_t time)
{
	struct keyed_entry *e = &k->entry[i];

	e->time = time;
	e->older = k->newest;
	e->newer = KEYED_NONE;
	if (k->newest == KEYED_NONE)
		k->oldest = i;
	else
		k->entry[k->newest].newer = i;
	k->newest = i;
}

static void
unlink_one(struct keyed *k, uint32_t i)
{
	const struct keyed_entry *e = &k->entry[i];

	*(e->older == KEYED_NONE ? &k->oldest : &k->entry[e->older].newer) =
	    e->newer;
	*(e->newer == KEYED_NONE ? &k->newest : &k->entry[e->newer].older) =
	    e->older;
}

/* A place that nobody has. */
static uint32_t
take_place(struct keyed *k)
{
	uint32_t i = k->spare;
	size_t cap = k->cap;

	if (i != KEYED_NONE) {
		k->spare = k->entry[i].next;
		return i;
	}
	if (k->used == KEYED_NONE)
		diag_die(EXIT_RUN, "too many keys");
	if (k->used == cap) {
		k->entry = mem_reserve(k->entry, &k->cap, cap + 1,
		    sizeof *k->entry);
		k->state = mem_grow(k->state, k->cap * k->size);
	}
	i = (uint32_t)k->used++;
	memset(&k->entry[i], 0, sizeof *k->entry);
	memset(keyed_state(k, i), 0, k->size);
	return i;
}

uint32_t
keyed_add(struct keyed *k, struct slice key, uint64_t hash, int64_t time)
{
	uint32_t i = take_place(k), *b;
	struct keyed_entry *e = &k->entry[i];

	if (++k->n >= (size_t)1 << k->bits && k->bits < 31)
		grow_buckets(k);
	b = bucket_of(k, hash);
	text_set(&e->key, key);
	e->tag = (uint32_t)hash;
	e->next = *b;
	*b = i;
	link_newest(k, i, time);
	return i;
}

void
keyed_touch(struct keyed *k, uint32_t i, int64_t time)
{
	if (i == k->newest) {
		k->entry[i].time = time;
		return;
	}
	unlink_one(k, i);
	link_newest(k, i, time);
}

void
keyed_leave(struct keyed *k, uint32_t i)
{
	uint32_t *at = bucket_of(k, k->entry[i].tag);

	while (*at != i)
		at = &k->entry[*at].next;
	*at = k->entry[i].next;
	unlink_one(k, i);
	k->n--;
}

void
keyed_give(struct keyed *k, uint32_t i)
{
	text_free(&k->entry[i].key);
	k->entry[i].next = k->spare;
	k->spare = i;
}

uint32_t
keyed_due(const struct keyed *k, int64_t time)
{
	return keyed_first(k) <= time && k->n > 0 ? k->oldest : KEYED_NONE;
}

int64_t
keyed_first(const struct keyed *k)
{
	return k->n == 0 ? INT64_MAX : k->entry[k->oldest].time;
}

/* The next key that is read, which none may be; KEYED_NONE: it is bad. */
static uint32_t
read_key(struct keyed *k, struct slice key, int64_t time, struct both *b)
{
	uint64_t hash = hash_bytes(key.p, key.n, k->seed);

	both_expect(b, (k->n == 0 || time >= k->entry[k->newest].time) &&
	    keyed_find(k, key, hash) == KEYED_NONE);
	return both_bad(b) ? KEYED_NONE : keyed_add(k, key, hash, time);
}

void
keyed_both(struct keyed *k, int64_t later, struct both *b, void *st,
    const void *conf, keyed_each *each)
{
	size_t n = both_count(b, k->n);
	struct slice key = { NULL, 0 };
	uint32_t at = k->oldest;
	int64_t time = 0;

	for (; n > 0 && !both_bad(b); n--) {
		if (!both_reads(b)) {
			time = k->entry[at].time;
			key = keyed_key(k, at);
		}
		both_time(b, &time, later);
		key = both_text(b, key);
		if (both_reads(b))
			at = read_key(k, key, time, b);
		if (at == KEYED_NONE)
			return;
		each(st, conf, at, b);
		at = k->entry[at].newer;
	}
}
