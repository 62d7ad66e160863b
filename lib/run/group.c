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
	if (n <= g->n)
		return;
	g->acc = mem_reserve(g->acc, &g->cap, n, g->size);
	memset(g->acc + g->n * g->size, 0, (n - g->n) * g->size);
	g->n = n;
}

void
groups_find(struct groups *g, const struct keys *k, const struct vec *v)
{
	if (g->table == NULL) {
		grow(g, 1);
		memset(g->idx, 0, v->n * sizeof *g->idx);
		return;
	}
	keys_join(k, v, &g->joined, g->key);
	table_find(g->table, g->key, v->n, 0, g->idx);
	grow(g, table_count(g->table));
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
	return g->table == NULL ? (struct slice){ NULL, 0 } :
	    table_key(g->table, (uint32_t)i);
}
