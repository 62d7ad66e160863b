/* group.c - accumulators by key: what aggregates stand on */
#include <stdlib.h>
#include <string.h>

#include "lib/agg/group.h"
#include "lib/format/pack.h"

/* No field has it by accident. */
#define BEYOND	"\0(other)\0mbatch"
const struct slice groups_beyond = { BEYOND, sizeof BEYOND - 1 };

void
groups_init(struct groups *g, const struct keys *k, size_t size, uint64_t seed)
{
	memset(g, 0, sizeof *g);
	g->size = size;
	g->other = TABLE_FULL;
	if (k->n > 0)
		g->table = table_new(seed);
}

/* Accumulators for n groups, the new ones zero. */
static void
grow(struct groups *g, size_t n)
{
	size_t from = g->reuse && g->used > g->n ? g->used : g->n;

	if (n <= g->n)
		return;
	g->acc = mem_reserve(g->acc, &g->cap, n, g->size);
	if (n > from)
		memset(g->acc + from * g->size, 0, (n - from) * g->size);
	g->n = n;
	if (n > g->used)
		g->used = n;
}

/* The group of keys beyond max. */
static uint32_t
other_group(struct groups *g)
{
	if (g->other == TABLE_FULL) {
		table_find(g->table, &groups_beyond, 1, 0, &g->other);
		grow(g, table_count(g->table));
	}
	return g->other;
}

/* With a limit: keys that find no room belong to one group more. */
static void
find_limited(struct groups *g, const struct slice *key, size_t n,
    uint32_t *idx)
{
	size_t i, max = (size_t)g->max + (g->other != TABLE_FULL);

	for (i = 0; i < n; i++)
		if (slice_eq(key[i], groups_beyond) &&
		    g->other == TABLE_FULL) {
			other_group(g);
			max++;
		}
	table_find(g->table, key, n, max, idx);
	grow(g, table_count(g->table));
	for (i = 0; i < n; i++)
		if (idx[i] == TABLE_FULL)
			idx[i] = other_group(g);
}

enum { GROUPS_MAX = 1 << 30 };

void
groups_find_keys(struct groups *g, const struct slice *key, size_t n,
    uint32_t *idx)
{
	if (g->table == NULL) {
		grow(g, 1);
		memset(idx, 0, n * sizeof *idx);
	} else if (g->max != 0) {
		find_limited(g, key, n, idx);
	} else {
		table_find(g->table, key, n, 0, idx);
		grow(g, table_count(g->table));
		if (g->n > GROUPS_MAX)
			diag_die(EXIT_RUN, "too many groups; --max-groups "
			    "puts the last ones in one");
	}
}

void
groups_find(struct groups *g, const struct keys *k, const struct vec *v,
    uint32_t *idx)
{
	struct slice room[VEC_MAX];

	groups_find_keys(g, g->table == NULL ? NULL :
	    keys_join(k, v, &g->joined, room), v->n, idx);
}

void
groups_reset(struct groups *g)
{
	g->n = 0;
	g->other = TABLE_FULL;
	if (g->table != NULL)
		table_reset(g->table);
}

void
groups_fini(struct groups *g)
{
	if (g->table != NULL)
		table_free(g->table);
	free(g->acc);
	buf_free(&g->joined);
}

void
groups_one(struct groups *g)
{
	grow(g, 1);
}

struct slice
groups_key(const struct groups *g, size_t i)
{
	if (g->table == NULL)
		return (struct slice){ NULL, 0 };
	return table_key(g->table, i);
}

void
groups_pack(const struct groups *g, size_t i, struct buf *b)
{
	struct slice key = groups_key(g, i);

	if (g->table != NULL && key.n == 0)
		key = SLICE("");
	pack_text(b, key);
}

/* The next place is the new one's: no other key has it. */
void *
groups_unpack(struct groups *g, struct unpack *u)
{
	struct slice key = unpack_text(u);
	uint32_t i, n = (uint32_t)g->n;

	u->bad |= (key.p == NULL) != (g->table == NULL);
	if (u->bad)
		return NULL;
	groups_find_keys(g, &key, 1, &i);
	u->bad = i != n;
	return u->bad ? NULL : groups_acc(g, i);
}

void
groups_snapshot(const struct groups *g, const void *conf, struct buf *b,
    void (*put)(const void *conf, void *acc, struct buf *))
{
	size_t i;

	pack_u64(b, g->n);
	for (i = 0; i < g->n; i++) {
		groups_pack(g, i, b);
		put(conf, groups_acc(g, i), b);
	}
}

bool
groups_restore(struct groups *g, const void *conf, struct unpack *u,
    bool (*get)(const void *conf, void *acc, struct unpack *))
{
	size_t i, n = unpack_count(u);
	void *acc;

	for (i = 0; i < n; i++)
		if ((acc = groups_unpack(g, u)) == NULL || !get(conf, acc, u))
			return false;
	return !u->bad;
}
