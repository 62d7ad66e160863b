/* hash.c - hashing bytes, and a table from keys to dense indexes */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/hash.h"
#include "lib/base/wide.h"
#include "lib/base/words.h"

/* Odd words without pattern: golden ratio, square roots of 3, 5, 7. */
#define K0	UINT64_C(0x9e3779b97f4a7c15)
#define K1	UINT64_C(0xbb67ae8584caa73b)
#define K2	UINT64_C(0x3c6ef372fe94f82b)
#define K3	UINT64_C(0xa54ff53a5f1d36f1)

static inline uint64_t
fold(uint64_t a, uint64_t b)
{
	uint64_t hi, lo = wide_mul(a, b, &hi);

	return lo ^ hi;
}

/*
 * No word of the key meets another one in a product: a factor of 0, or of all
 * ones, would make what it is multiplied by not matter.  Each is xored into
 * what the words before it came to, and that is multiplied by a factor that is
 * of the seed alone: whatever the other words are, it has all its weight.
 */
uint64_t
hash_bytes(const char *p, size_t n, uint64_t seed)
{
	uint64_t lo, hi, s = seed ^ K0, t = s, by = (seed ^ K1) | 1;
	const char *end;

	if (n <= 16) {
		load_part(p, n, &lo, &hi);
	} else {
		end = p + n;
		lo = load_64(end - 16);
		hi = load_64(end - 8);
		/* Side by side, one multiplication hides the other. */
		for (; end - p > 16; p += 16) {
			s = fold(s ^ load_64(p), by);
			t = fold(t ^ load_64(p + 8), by);
		}
		s = fold(s, K2) ^ t;
	}
	s = fold(s ^ lo, by);
	if (n > 8)
		s = fold(s ^ hi, by);
	return fold(s ^ n, K3);
}

/*
 * The table's own, for words that nobody knows: two words of the key in one
 * product, each xored with one of them, the second in turn with what came
 * before.  Without them, no two keys can be made that are likely to be equal.
 */
struct secret {
	uint64_t a, b;
};

static void
secret_make(struct secret *k, uint64_t seed)
{
	k->a = hash_bytes("", 0, seed);
	k->b = hash_bytes("", 0, seed ^ K2);
}

/* Two chains, told apart by what is done with the second in the end. */
static uint64_t
hash_long(const char *p, size_t n, const struct secret *k)
{
	uint64_t s = k->b, t = k->b ^ K2;

	for (; n > 32; n -= 32, p += 32) {
		s = fold(load_64(p) ^ k->a, load_64(p + 8) ^ s);
		t = fold(load_64(p + 16) ^ k->a, load_64(p + 24) ^ t);
	}
	if (n > 16)
		s = fold(load_64(p) ^ k->a, load_64(p + 8) ^ s);
	return s ^ (t << 32 | t >> 32);
}

static inline uint64_t
hash_secret(const char *p, size_t n, const struct secret *k)
{
	uint64_t lo, hi, s = k->b;

	if (n <= 16) {
		load_part(p, n, &lo, &hi);
	} else {
		s = hash_long(p, n, k);
		lo = load_64(p + n - 16);
		hi = load_64(p + n - 8);
	}
	return fold(fold(lo ^ k->a, hi ^ s) ^ K3, n ^ s ^ K2);
}

/*
 * Open addressing, linear probing, at most three quarters full.  A slot is 0
 * (free) or the hash's upper 32 bits and the index + 1 in the lower.  The place
 * is taken from the top of those 32 bits, so that growing is one pass over the
 * slots in order and looks at nothing else.
 */
enum {
	BITS_MIN = 6,
	CACHED = 128 * 1024,	/* bytes up to which nothing is prefetched */
	LARGE = 32 * 1024 * 1024,
	VECTOR = 1024,
	ASK = 16,
	STEP = 8		/* keys from one fetch to the next: of 3 to 32
				   this was the fastest */
};

/* So that the slots' bytes fit a size_t, and a place the upper 32 bits. */
#define BITS_MAX	(sizeof(size_t) > 4 ? 32 : 27)
#define COUNT_MAX	((size_t)1 << (BITS_MAX - 1))

struct table {
	struct secret secret;
	uint64_t *slot;
	unsigned bits;		/* 1 << bits slots */
	unsigned part;		/* so many bits of all tags are the same */
	const char **key;	/* the bytes, behind their length: see
				   key_length() */
	size_t count, cap;	/* of key */
	struct arena arena;
};

static size_t
slots_size(unsigned bits)
{
	return sizeof(uint64_t) << bits;
}

/* Free ones.  Pages are written before they are read, as else each is had
   twice: first as one of zeros that all share, and when that ends all
   processors are told.  Large ones are huge pages, for which it's no matter. */
static uint64_t *
slots_new(unsigned bits)
{
	size_t n = slots_size(bits);

	return n < LARGE ? memset(mem_alloc(n), 0, n) : mem_zero(n);
}

struct table *
table_new(uint64_t seed)
{
	struct table *t = mem_zero(sizeof *t);

	secret_make(&t->secret, seed);
	t->bits = BITS_MIN;
	t->slot = slots_new(t->bits);
	return t;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	arena_free(&t->arena);
	free(t->slot);
	free(t->key);
	free(t);
}

size_t
table_count(const struct table *t)
{
	return t->count;
}

size_t
table_memory(const struct table *t)
{
	return sizeof *t + slots_size(t->bits) + t->cap * sizeof *t->key +
	    t->arena.held;
}

/* The length of a key is the byte before it; from LONG on that is LONG and the
   length is in the bytes before. */
enum { LONG = 255 };

static inline size_t
key_length(const char *p)
{
	size_t n = (unsigned char)p[-1];

	if (n == LONG)
		memcpy(&n, p - 1 - sizeof n, sizeof n);
	return n;
}

/* Most keys without a call. */
static inline void
copy_bytes(char *to, const char *p, size_t n)
{
	if (n >= 8 && n <= 16) {
		store_64(to, load_64(p));
		store_64(to + n - 8, load_64(p + n - 8));
	} else if (n > 0) {
		memcpy(to, p, n);
	}
}

/* A copy in the arena. */
static inline const char *
key_copy(struct table *t, struct slice key)
{
	size_t n = key.n, before = n < LONG ? 1 : 1 + sizeof n;
	char *p = arena_bytes(&t->arena, before + n) + before;

	p[-1] = (char)(n < LONG ? n : LONG);
	if (n >= LONG)
		memcpy(p - before, &n, sizeof n);
	copy_bytes(p, key.p, n);
	return p;
}

struct slice
table_key(const struct table *t, size_t i)
{
	return (struct slice){ t->key[i], key_length(t->key[i]) };
}

/* The first slot to look at for a tag, the hash's upper half. */
static inline size_t
home(const struct table *t, uint32_t tag)
{
	return (size_t)(tag << t->part >> (32 - t->bits));
}

static inline size_t
after(const struct table *t, size_t at)
{
	return (at + 1) & (((size_t)1 << t->bits) - 1);
}

static inline uint32_t
tag_of(const struct table *t, struct slice key)
{
	return (uint32_t)(hash_secret(key.p, key.n, &t->secret) >> 32);
}

/* A cluster is freed whole from a key's home on, so no slot is cut off from its
   home before its turn. */
void
table_reset(struct table *t)
{
	size_t at, i;

	if (t->count >= ((size_t)1 << t->bits) / 16)
		memset(t->slot, 0, slots_size(t->bits));
	else
		for (i = 0; i < t->count; i++) {
			at = home(t, tag_of(t, table_key(t, i)));
			for (; t->slot[at] != 0; at = after(t, at))
				t->slot[at] = 0;
		}
	t->count = 0;
	arena_reset(&t->arena);
}

static void
grow_slots(struct table *t)
{
	size_t at, i, n = (size_t)1 << t->bits;
	uint64_t *old = t->slot;

	t->slot = slots_new(++t->bits);
	for (i = 0; i < n; i++) {
		if (old[i] == 0)
			continue;
		at = home(t, (uint32_t)(old[i] >> 32));
		while (t->slot[at] != 0)
			at = after(t, at);
		t->slot[at] = old[i];
	}
	free(old);
}

/* Equal lengths; short keys without a call. */
static inline bool
same_bytes(const char *a, const char *b, size_t n)
{
	if (n > 16)
		return memcmp(a, b, n) == 0;
	if (n >= 8)
		return ((load_64(a) ^ load_64(b)) |
		    (load_64(a + n - 8) ^ load_64(b + n - 8))) == 0;
	if (n >= 4)
		return ((load_32(a) ^ load_32(b)) |
		    (load_32(a + n - 4) ^ load_32(b + n - 4))) == 0;
	return n == 0 || ((a[0] ^ b[0]) | (a[n / 2] ^ b[n / 2]) |
	    (a[n - 1] ^ b[n - 1])) == 0;
}

static inline bool
same_key(struct slice a, struct slice b)
{
	return a.n == b.n && same_bytes(a.p, b.p, a.n);
}

/* From slot at on, the first that is free or has this tag. */
static inline size_t
seek(const struct table *t, size_t at, uint32_t tag)
{
	uint64_t s;

	while ((s = t->slot[at]) != 0 && s >> 32 != tag)
		at = after(t, at);
	return at;
}

/* A key that is not there, into the free slot. */
static __attribute__((noinline)) uint32_t
add(struct table *t, struct slice key, uint32_t tag, size_t max, size_t at)
{
	if ((max != 0 && t->count >= max) || t->count >= COUNT_MAX)
		return TABLE_FULL;
	t->key = mem_reserve(t->key, &t->cap, t->count + 1, sizeof *t->key);
	t->key[t->count] = key_copy(t, key);	/* or it ends here */
	t->count++;
	t->slot[at] = (uint64_t)tag << 32 | t->count;
	if (t->count > ((size_t)1 << t->bits) / 4 * 3)
		grow_slots(t);
	return (uint32_t)t->count - 1;
}

/* What is before slot at has other tags. */
static inline __attribute__((always_inline)) uint32_t
find_one(struct table *t, struct slice key, uint32_t tag, size_t max,
    size_t at)
{
	uint32_t index;

	for (;;) {
		at = seek(t, at, tag);
		if (t->slot[at] == 0)
			return add(t, key, tag, max, at);
		index = (uint32_t)t->slot[at] - 1;
		if (same_key(table_key(t, index), key))
			return index;
		at = after(t, at);
	}
}

/*
 * Slot, key and its bytes are each fetched STEP keys before they are looked at,
 * so that the misses of many keys overlap and nothing fetched is driven out
 * again.  The place found for a key still counts after others were added, as
 * these took free slots, unless the table has grown.
 */
static void
find_far(struct table *t, const struct slice *key, const uint32_t *tag,
    size_t n, size_t max, uint32_t *idx)
{
	uint32_t maybe[VECTOR];
	size_t at[VECTOR], i, k;
	unsigned bits = t->bits;

	for (i = 0; i < n + 3 * STEP; i++) {
		if (i < n)
			__builtin_prefetch(&t->slot[home(t, tag[i])]);
		if (i >= STEP && (k = i - STEP) < n) {
			at[k] = seek(t, home(t, tag[k]), tag[k]);
			maybe[k] = (uint32_t)t->slot[at[k]];
			maybe[k] -= maybe[k] != 0;
			__builtin_prefetch(&t->key[maybe[k]]);
		}
		if (i >= 2 * STEP && (k = i - 2 * STEP) < n)
			__builtin_prefetch(t->key[maybe[k]]);
		if (i >= 3 * STEP && (k = i - 3 * STEP) < n) {
			if (t->bits != bits)
				at[k] = home(t, tag[k]);
			idx[k] = find_one(t, key[k], tag[k], max, at[k]);
		}
	}
}

void
table_tags(const struct table *t, const struct slice *key, size_t n,
    uint32_t *tag)
{
	size_t i;

	for (i = 0; i < n; i++)
		tag[i] = tag_of(t, key[i]);
}

void
table_find_tags(struct table *t, const struct slice *key, const uint32_t *tag,
    size_t n, uint32_t *idx)
{
	find_far(t, key, tag, n, 0, idx);
}

/* Apart, as tags have room. */
static __attribute__((noinline)) void
find_hashed(struct table *t, const struct slice *key, size_t n, size_t max,
    uint32_t *idx)
{
	uint32_t tag[VECTOR];

	table_tags(t, key, n, tag);
	find_far(t, key, tag, n, max, idx);
}

void
table_find(struct table *t, const struct slice *key, size_t n, size_t max,
    uint32_t *idx)
{
	bool run = false;
	uint32_t tag;
	size_t i;

	if (table_memory(t) > CACHED) {
		find_hashed(t, key, n, max, idx);
		return;
	}
	for (i = 0; i < n; i++) {
		/* Runs are common; where there are none, the question costs. */
		if (run || i % ASK == 0)
			run = i > 0 && same_key(key[i], key[i - 1]);
		if (run) {
			idx[i] = idx[i - 1];
			continue;
		}
		tag = tag_of(t, key[i]);
		idx[i] = find_one(t, key[i], tag, max, home(t, tag));
	}
}

void
table_look(const struct table *t, const struct slice *key, size_t n,
    uint32_t *idx)
{
	struct table all = *t;	/* it stays as it is */
	size_t i;

	if (t->count > 0)
		table_find(&all, key, n, t->count, idx);
	for (i = 0; t->count == 0 && i < n; i++)
		idx[i] = TABLE_FULL;
}

void
table_fetch(const struct table *t, size_t i)
{
	__builtin_prefetch(&t->key[i]);
}

void
table_part(struct table *t, unsigned bits)
{
	t->part = bits;
	t->key = mem_reserve(t->key, &t->cap, 1, sizeof *t->key);
	t->key[0] = NULL;	/* which find_far looks at */
}
