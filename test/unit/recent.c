/* recent.c - a searchable queue against a plain array of what it holds */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/run/recent.h"

enum { MOST = 5000, KEYS = 9000 };

static struct { unsigned key; int64_t time; } held[MOST];
static size_t first, last;

static uint64_t
below(uint64_t n)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

static bool
is_held(unsigned key)
{
	size_t i;

	for (i = first; i < last; i++)
		if (held[i % MOST].key == key)
			return true;
	return false;
}

/* Keys of many lengths, the empty one too. */
static struct slice
key_text(unsigned key, char *text)
{
	int n = key == 0 ? 0 : snprintf(text, 256, "%u%*s", key,
	    (int)(key % 90), "");

	return (struct slice){ text, (size_t)n };
}

static int
wrong(const char *what, unsigned key)
{
	printf("recent: %s: key %u\n", what, key);
	return 1;
}

static int
round_of(struct recent *r, uint64_t keys, size_t most, int64_t *now)
{
	unsigned key = (unsigned)below(keys);
	char text[256];
	struct slice s = key_text(key, text);
	uint64_t hash;
	bool has;

	*now += (int64_t)below(3);
	recent_expire(r, *now - 1500);
	while (first < last && held[first % MOST].time <= *now - 1500)
		first++;
	recent_hash(r, &s, 1, &hash);
	has = recent_has(r, s, hash);
	if (has != is_held(key))
		return wrong(has ? "is held" : "is not held", key);
	if (has)
		return 0;
	if (last - first == most) {
		recent_drop(r);
		first++;
	}
	recent_add(r, s, hash, *now);
	held[last % MOST].key = key;
	held[last++ % MOST].time = *now;
	return recent_count(r) != last - first ? wrong("count", key) : 0;
}

static size_t
memory(const struct recent *r)
{
	return r->cap * 32 + r->keys.cap;	/* an entry, about */
}

int
main(void)
{
	struct recent r;
	int64_t now = -5000;
	size_t big = 0;
	int i, phase;

	recent_init(&r, 7);
	for (phase = 0; phase < 4; phase++) {
		for (i = 0; i < 20000; i++)
			if (round_of(&r, phase % 2 == 0 ? KEYS : 50,
			    phase == 2 ? 100 : MOST, &now) != 0)
				return 1;
		if (phase == 0)
			big = memory(&r);
		while (phase == 1 && recent_count(&r) > 0) {
			recent_drop(&r);
			first++;
		}
	}
	if (memory(&r) > big / 2)
		return wrong("memory after many keys", 0);
	recent_free(&r);
	return 0;
}
