/* keyed.c - keys in the order they came against a plain array; rings */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/agg/keyed.h"
#include "lib/base/hash.h"
#include "lib/run/ring.h"

enum { KEYS = 9000 };

static struct { bool held; int64_t time; uint64_t turn, state; } model[KEYS];
static size_t nheld;

static uint64_t
below(uint64_t n)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

/* Keys of many lengths, the empty one too. */
static struct slice
key_text(unsigned key, char *text)
{
	int n = key == 0 ? 0 : snprintf(text, 512, "%u%*s", key,
	    (int)(key % 300), "");

	return (struct slice){ text, (size_t)n };
}

static int
wrong(const char *what, unsigned key)
{
	printf("keyed: %s: key %u\n", what, key);
	return 1;
}

static unsigned
oldest(void)
{
	unsigned k, least = KEYS;

	for (k = 0; k < KEYS; k++)
		if (model[k].held && (least == KEYS ||
		    model[k].turn < model[least].turn))
			least = k;
	return least;
}

/* The oldest leaves, if it is due at that time. */
static int
leaves(struct keyed *k, int64_t time)
{
	uint32_t at = keyed_due(k, time);
	unsigned key = oldest();
	char text[512];

	if (key == KEYS || model[key].time > time)
		return at == KEYED_NONE ? 0 : wrong("early", key);
	if (at == KEYED_NONE || keyed_first(k) != model[key].time ||
	    !slice_eq(keyed_key(k, at), key_text(key, text)) ||
	    *(uint64_t *)keyed_state(k, at) != model[key].state)
		return wrong("not the oldest", key);
	keyed_leave(k, at);
	*(uint64_t *)keyed_state(k, at) = 0;
	keyed_give(k, at);
	model[key].held = false;
	nheld--;
	return 0;
}

static int
comes(struct keyed *k, unsigned key, int64_t now, uint64_t turn)
{
	char text[512];
	struct slice s = key_text(key, text);
	uint64_t hash = hash_bytes(s.p, s.n, 1), *state;
	uint32_t at = keyed_find(k, s, hash);

	if ((at != KEYED_NONE) != model[key].held)
		return wrong(at == KEYED_NONE ? "lost" : "still there", key);
	if (at == KEYED_NONE) {
		at = keyed_add(k, s, hash, now);
		nheld++;
		model[key].held = true;
		model[key].state = 0;
	} else {
		keyed_touch(k, at, now);
	}
	state = keyed_state(k, at);
	if (*state != model[key].state)
		return wrong("another state", key);
	*state = ++model[key].state;
	model[key].time = now;
	model[key].turn = turn;
	return 0;
}

static int
test_keyed(unsigned keys, int64_t span, uint64_t turns)
{
	struct keyed k;
	int64_t now = 0;
	uint64_t i;
	int bad = 0;

	keyed_init(&k, sizeof(uint64_t), 1);
	for (i = 0; i < turns && bad == 0; i++) {
		now += (int64_t)below(3);
		bad = comes(&k, (unsigned)below(keys), now, i) ||
		    leaves(&k, now - span) ||
		    (k.n != nheld && wrong("how many", (unsigned)nheld));
	}
	while (bad == 0 && nheld > 0)
		bad = leaves(&k, INT64_MAX);
	if (bad == 0 && (k.n != 0 || keyed_first(&k) != INT64_MAX))
		bad = wrong("not empty", 0);
	keyed_free(&k);
	return bad;
}

/* Against all that was ever added: [from, n) are held. */
static int
test_ring(uint32_t max)
{
	enum { MOST = 5000 };
	static int64_t all[MOST];
	struct ring r = { .mark = 7 };
	uint32_t from = 0, n, i;
	int bad = 0;

	for (n = 0; n < MOST && !bad; n++) {
		all[n] = (int64_t)below(1000);
		ring_add(&r, all[n], max);
		from += n + 1 - from > max;
		while (from <= n && below(5) == 0) {
			ring_drop(&r);
			from++;
		}
		if (below(500) == 0) {
			ring_clear(&r);
			from = n + 1;
		}
		bad = r.n != n + 1 - from || r.mark != 7;
		for (i = 0; i < r.n && !bad; i++)
			bad = ring_get(&r, i) != all[from + i];
	}
	ring_free(&r);
	if (bad || r.mark != 0)
		printf("ring: of %u: wrong after %u\n", (unsigned)max,
		    (unsigned)n);
	return bad;
}

int
main(void)
{
	static const uint32_t max[] = { 1, 2, 3, 4, 7, 100, RING_MAX };
	size_t i;
	int bad;

	bad = test_keyed(3, 2, 2000) || test_keyed(100, 50, 5000) ||
	    test_keyed(KEYS, 200, 5000) || test_keyed(KEYS, INT32_MAX, 20000);
	for (i = 0; i < sizeof max / sizeof *max; i++)
		bad |= test_ring(max[i]);
	return bad;
}
