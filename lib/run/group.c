/* group.c - accumulators by key: what aggregates stand on */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/run/group.h"

void
groups_init(struct groups *g, const struct keys *k, size_t size, uint64_t seed)
{
	memset(g, 0, sizeof *g);
	g->size = size;
	if (k->n > 0)
		g->table = table_new(seed);
}

/* Accumulators for n groups, the new ones zero. */
static void
grow(struct groups *g, size_t n)
{
	size_t from = g->keep && g->used > g->n ? g->used : g->n;

	if (n <= g->n)
		return;
	g->acc = mem_reserve(g->acc, &g->cap, n, g->size);
	if (n > from)
		memset(g->acc + from * g->size, 0, (n - from) * g->size);
	g->n = n;
	if (n > g->used)
		g->used = n;
}

/* Keys that found no room belong to the group after the last. */
static void
find_other(struct groups *g, size_t n)
{
	size_t i, more = 0;

	for (i = 0; i < n; i++)
		if (g->idx[i] == TABLE_FULL) {
			g->idx[i] = (uint32_t)g->max;
			more = 1;
		}
	grow(g, table_count(g->table) + more);
}

void
groups_find_keys(struct groups *g, const struct slice *key, size_t n)
{
	if (g->table == NULL) {
		grow(g, 1);
		return;
	}
	table_find(g->table, key, n, (size_t)g->max, g->idx);
	if (g->max != 0)
		find_other(g, n);
	else
		grow(g, table_count(g->table));
}

void
groups_find(struct groups *g, const struct keys *k, const struct vec *v)
{
	if (g->table != NULL)
		keys_join(k, v, &g->joined, g->key);
	groups_find_keys(g, g->key, v->n);
}

void
groups_reset(struct groups *g)
{
	g->n = 0;
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

struct slice
groups_key(const struct groups *g, size_t i)
{
	if (g->table == NULL)
		return (struct slice){ NULL, 0 };
	if (groups_is_other(g, i))
		return SLICE(GROUP_OTHER);
	return table_key(g->table, (uint32_t)i);
}
