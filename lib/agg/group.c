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

static void
check(const struct groups *g, size_t max)
{
	if (g->n > max)
		diag_die(EXIT_RUN, "too many groups; --max-groups puts the "
		    "last ones in one");
}

void
groups_find_tags(struct groups *g, const struct slice *key,
    const uint32_t *tag, size_t n, size_t parts, uint32_t *idx)
{
	table_find_tags(g->table, key, tag, n, idx);
	grow(g, table_count(g->table));
	check(g, GROUPS_MAX / parts);
}

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
		check(g, GROUPS_MAX);
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

/* The next place is a new one's: no other key has it. */
void *
groups_both_key(struct groups *g, size_t i, struct both *b)
{
	struct slice key = { NULL, 0 };
	uint32_t at;

	if (g->table != NULL)
		key = both_text(b, both_reads(b) ? key : groups_key(g, i));
	if (both_reads(b) && !both_bad(b)) {
		i = g->n;
		groups_find_keys(g, &key, 1, &at);
		both_expect(b, at == i);
	}
	return both_bad(b) ? NULL : groups_acc(g, i);
}

void
groups_both(struct groups *g, const void *conf, struct both *b,
    void (*each)(const void *conf, void *acc, struct both *))
{
	size_t i, n = both_count(b, g->n);
	void *acc;

	for (i = 0; i < n && !both_bad(b); i++)
		if ((acc = groups_both_key(g, i, b)) != NULL)
			each(conf, acc, b);
}
