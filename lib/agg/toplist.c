/* toplist.c - the groups with the most records, in fixed memory */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/agg/partial.h"
#include "lib/agg/sketch.h"
#include "lib/agg/toplist.h"
#include "lib/run/args.h"

struct state {
	struct grouped all;
	struct slice room[VEC_MAX];	/* for keys of several fields */
	struct buf joined;
};

static struct heavy *
heavy_of(void *st)
{
	struct heavy *h = st;

	if (h->max == 0)
		heavy_init(h, TOPLIST_MAX);
	return h;
}

static void
heavy_update(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	struct heavy *h = heavy_of(st);
	size_t i;

	(void)stride;
	(void)shared;
	for (i = 0; i < v->n; i++)
		heavy_add(h, v->text[i], 1);
}

static void
heavy_add_state(struct agg_at to, struct agg_at from)
{
	heavy_merge(heavy_of(to.st), heavy_of(from.st));
}

static void
heavy_clear(void *st)
{
	heavy_reset(heavy_of(st));
}

static void
heavy_close(void *st)
{
	heavy_free(st);
	memset(st, 0, sizeof(struct heavy));
}

static bool
heavy_write(struct agg_at at, uint64_t *part, struct buf *b)
{
	(void)part;
	heavy_save(heavy_of(at.st), b);
	return false;
}

static bool
heavy_read(struct agg_at at, struct slice s)
{
	struct heavy h;
	bool good;

	memset(&h, 0, sizeof h);
	heavy_init(&h, TOPLIST_MAX);
	good = heavy_load(&h, s);
	if (good)
		heavy_merge(heavy_of(at.st), &h);
	heavy_free(&h);
	return good;
}

static const struct agg_kind kind = {
	.name = "heavy",
	.size = sizeof(struct heavy),
	.add = heavy_update,
	.merge = heavy_add_state,
	.reset = heavy_clear,
	.free = heavy_close,
	.save = heavy_write,
	.load = heavy_read
};

static int
bind(void *vc, struct bind *b)
{
	static const struct slice names[] = {
		{ "count", 5 }, { "error", 5 }, { "share", 5 }
	};
	struct toplist *c = vc;
	size_t i, n = c->by.n + 2 + c->share;
	struct slice *name = arena_zero(b->arena, n * sizeof *name);
	unsigned char *flags = arena_zero(b->arena, n);

	if (!partial_merges(b->op) && keys_bind(&c->by, b) != OK)
		return FAIL;
	partial_names(&c->all, b, name, flags);
	for (i = c->by.n; i < n; i++) {
		name[i] = names[i - c->by.n];
		flags[i] = COL_NUMBER;
	}
	bind_made(b, name, flags, n);
	return OK;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct toplist *c = vc;
	struct state *s = vs;
	const struct slice *key = keys_join(&c->by, v, &s->joined, s->room);
	struct agg_values val = { v->n, true, NULL, key, NULL, 0 };

	(void)e;
	groups_one(&s->all.groups);
	kind.add(s->all.groups.acc, 0, NULL, &val);
	return OK;
}

static int
flush(void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct toplist *c = vc;
	size_t i, n = grouped_rows(vs, &c->all);
	struct row row = grouped_row(vs, &c->all, n - 1);
	const struct heavy *h = heavy_of(row.at.acc);
	uint32_t *order = mem_alloc(h->n * sizeof *order);
	int r = OK;

	(void)batch;
	heavy_sort(h, order);
	for (i = 0; i < h->n && i < c->n && r == OK; i++) {
		const struct heavy_item *x = &h->item[order[i]];
		struct buf *b = emit_buf(e);

		keys_put(&c->by, heavy_key(h, order[i]), b);
		buf_char(b, '\t');
		b->n += number_put_u64(buf_room(b, NUMBER_MAX), x->count);
		buf_char(b, '\t');
		b->n += number_put_u64(buf_room(b, NUMBER_MAX), x->error);
		if (c->share) {
			buf_char(b, '\t');
			b->n += number_put_real(buf_room(b, NUMBER_MAX),
			    (double)x->count / (double)h->total);
		}
		r = emit_bytes(e, (struct slice){ b->p, b->n }, 0);
	}
	free(order);
	return r;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	buf_free(&s->joined);
	grouped_fini(vs, vc);
}

void
toplist_use(struct op *op, struct toplist *c, struct args *a)
{
	struct aggs *g = &c->all.aggs;

	g->part = arena_zero(a->arena, sizeof *g->part);
	g->part[0] = (struct agg_part){ &kind, NO_INPUT, 0 };
	g->nparts = 1;
	g->nin = 0;
	g->size = kind.size;
	g->plain = false;
	c->all.name = partial_name(&c->all, a->arena);
	c->by = c->all.by;
	c->all.shown = &c->by;
	c->all.by.n = 0;
	op->bind = bind;
	op->state_size = sizeof(struct state);
	op->push = push;
	op->flush = flush;
	op->fini = fini;
}
