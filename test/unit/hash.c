/* hash.c - hash.h against a plain list of keys */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.c"	/* to know where keys come */
#include "test/unit/check.h"

enum { POOL = 6000, ROUNDS = 60 };

static char text[POOL][300];
static struct slice pool[POOL];		/* distinct */
static uint32_t want[POOL];		/* index of each, or TABLE_FULL */
static uint32_t order[POOL];		/* which of pool has an index */

static void
check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "hash: %s\n", what);
	exit(1);
}

/* Distinct keys of 0 to 79 bytes, some of 250 to 299, some with NUL, many alike
   but for a byte. */
static void
make_pool(void)
{
	size_t i, n, j;

	for (i = 0; i < POOL; i++) {
		n = i == 0 ? 0 : i < 256 ? 1 : i % 32 == 0 ? 250 + chance(50) :
		    4 + chance(76);
		for (j = 0; j < n; j++)
			text[i][j] = 'x';
		if (n == 1)
			text[i][0] = (char)i;
		else if (n > 1) {
			j = chance((uint32_t)n - 3);
			text[i][j] = (char)(i & 0x7f);
			text[i][j + 1] = (char)(i >> 7 & 0x7f);
			text[i][j + 2] = '\0';
		}
		pool[i] = (struct slice){ text[i], n };
	}
	for (i = 0; i < POOL; i++)
		for (j = 0; j < i; j++)
			while (slice_eq(pool[i], pool[j])) {
				text[i][0]++;
				j = 0;
			}
}

static void
check_held(const struct table *t, size_t count)
{
	size_t i;

	check(table_count(t) == count, "table_count");
	for (i = 0; i < count; i++)
		check(slice_eq(table_key(t, i), pool[order[i]]),
		    "table_key");
}

/* One life of a table: vectors of keys out of the first `of` of the pool. */
static void
fill_table(struct table *t, uint32_t of, size_t max, int rounds)
{
	struct slice key[VECTOR];
	uint32_t idx[VECTOR], pick[VECTOR];
	size_t count = 0, i, n;

	memset(want, 0xff, sizeof want);
	while (rounds-- > 0) {
		n = chance(4) == 0 ? 1 + chance(5) : 1 + chance(VECTOR);
		for (i = 0; i < n; i++)
			key[i] = pool[pick[i] = chance(of)];
		table_find(t, key, n, max, idx);
		for (i = 0; i < n; i++) {
			if (want[pick[i]] == TABLE_FULL &&
			    (max == 0 || count < max)) {
				order[count] = pick[i];
				want[pick[i]] = (uint32_t)count++;
			}
			check(idx[i] == want[pick[i]], "table_find");
		}
	}
	check_held(t, count);
	check(table_memory(t) > count, "table_memory");
}

/* Few in what has room for many, cleared one by one: each set twice. */
static void
check_few(struct table *t)
{
	static char digits[VECTOR][16];
	struct slice key[VECTOR];
	uint32_t idx[VECTOR];
	unsigned i, round;

	for (round = 0; round < 100; round++) {
		for (i = 0; i < VECTOR; i++) {
			key[i].n = (size_t)sprintf(digits[i], "%u.%u",
			    round / 2, i);
			key[i].p = digits[i];
		}
		table_find(t, key, VECTOR, 0, idx);
		for (i = 0; i < VECTOR; i++)
			check(idx[i] == i, "a key outlived its reset");
		check(table_count(t) == VECTOR, "table_count after reset");
		table_reset(t);
		check(table_count(t) == 0, "a key is there after the reset");
	}
}

/* So many keys that some have the same 32 bits of hash. */
static void
check_collisions(size_t len)
{
	struct table *t = table_new(len);
	static char p[VECTOR][32];
	struct slice key[VECTOR];
	uint32_t idx[VECTOR];
	uint32_t i, k, v;

	for (v = 0; v < 250; v++) {
		for (i = 0; i < VECTOR; i++) {
			k = v * VECTOR + i;
			memset(p[i], 'x', len);
			p[i][0] = (char)k;
			p[i][len / 2] = (char)(k >> 8);
			p[i][len - 1] = (char)(k >> 16);
			key[i] = (struct slice){ p[i], len };
		}
		table_find(t, key, VECTOR, 0, idx);
		for (i = 0; i < VECTOR; i++)
			check(idx[i] == v * VECTOR + i, "keys of one hash");
	}
	table_free(t);
}

/* The same vector of new keys twice over, past the size of any cache limit. */
static void
check_many(void)
{
	struct table *t = table_new(7);
	static char digits[VECTOR][16];
	struct slice key[VECTOR];
	uint32_t idx[VECTOR];
	unsigned v, i, round;

	for (round = 0; round < 2; round++)
		for (v = 0; v < 100; v++) {
			for (i = 0; i < VECTOR; i++) {
				key[i].n = (size_t)sprintf(digits[i], "%u",
				    v * 512 + i / 2);
				key[i].p = digits[i];
			}
			table_find(t, key, VECTOR, 0, idx);
			for (i = 0; i < VECTOR; i++)
				check(idx[i] == v * 512 + i / 2,
				    "duplicates within a vector");
		}
	check(table_count(t) == 51200, "table_count of many");
	table_reset(t);
	check_few(t);
	table_free(t);
}

/* How many slots, of 4096, are the first to be looked at for 512 keys. */
static unsigned
homes(const struct slice *key, uint64_t seed)
{
	struct table *t = table_new(seed);
	bool seen[4096] = { false };
	unsigned i, n = 0;
	size_t at;

	for (i = 0; i < 512; i++) {
		at = tag_of(t, key[i]) >> 20;
		n += !seen[at];
		seen[at] = true;
	}
	table_free(t);
	return n;
}

/* Keys that all collide for a seed that is known do for no other one: those
   found by trying, and those that leave nothing of one factor. */
static void
check_made(void)
{
	static char p[512][16];
	struct slice key[512];
	struct table *t = table_new(1);
	uint64_t other;
	unsigned i, n = 0;

	for (i = 0; n < 512; i++) {
		key[n] = (struct slice){ p[n], (size_t)sprintf(p[n], "%u", i) };
		n += tag_of(t, key[n]) >> 20 == 7;
	}
	check(homes(key, 1) == 1, "no keys were found that collide");
	for (other = 2; other < 50; other++)
		check(homes(key, other) > 400, "keys collide for two seeds");
	for (i = 0; i < 512; i++) {
		store_64(p[i], t->secret.a);
		store_64(p[i] + 8, i);
		key[i] = (struct slice){ p[i], 16 };
	}
	check(homes(key, 1) == 1, "keys that were made don't collide");
	for (other = 2; other < 50; other++)
		check(homes(key, other) > 400, "made keys collide elsewhere");
	table_free(t);
}

/* These must never change: samples and sketches are shared by machines. */
static void
check_known(void)
{
	static const struct {
		const char *key;
		uint64_t hash;
	} known[] = {
		{ "",
		    0x3e7b72bddedce87a },
		{ "a",
		    0xd421d70d68cb5162 },
		{ "abc",
		    0x4689107b09ad871d },
		{ "200",
		    0x6cf54b669bfff6fc },
		{ "127.0.0.1",
		    0x29b66533dea48b4c },
		{ "0123456789abcdef",
		    0x5b7e8702e0ae37a6 },
		{ "0123456789abcdefg",
		    0x2fde95c003428916 },
		{ "a key of more than thirty-two bytes",
		    0xeef10a233ba19195 },
		{ "a key of more than thirty-two bytes, and then more "
		    "than sixty-four of them",
		    0x6e6d284992d3573f },
	};
	size_t i;

	for (i = 0; i < sizeof known / sizeof known[0]; i++)
		check(hash_bytes(known[i].key, strlen(known[i].key), 1) ==
		    known[i].hash, "the hash is another one");
	check(hash_bytes("ab", 2, 1) != hash_bytes("ab", 2, 2), "the seed");
	check(hash_bytes("\0", 1, 1) != hash_bytes("\0\0", 2, 1),
	    "the length");
}

int
main(void)
{
	struct table *t;
	int i;

	make_pool();
	check_known();
	for (i = 0; i < 4; i++) {
		t = table_new((uint64_t)i);
		check(table_count(t) == 0, "a new table");
		fill_table(t, POOL, 0, ROUNDS);
		table_reset(t);
		fill_table(t, 6, 0, 5);
		table_reset(t);
		fill_table(t, POOL, 100, 10);
		table_reset(t);
		fill_table(t, 300, 1, 3);
		table_reset(t);
		memset(want, 0xff, sizeof want);
		check_held(t, 0);
		table_free(t);
	}
	check_made();
	check_many();
	check_collisions(3);
	check_collisions(6);
	check_collisions(12);
	check_collisions(20);
	table_free(NULL);
	return 0;
}
