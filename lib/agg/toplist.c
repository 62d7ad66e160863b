/* toplist.c - the groups with the most records, in fixed memory */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/toplist.h"

int
toplist_bind(void *vc, struct bind *b)
{
	static const struct slice name[] = {
		{ "count", 5 }, { "error", 5 }, { "share", 5 }
	};
	static const unsigned char flags[] = {
		COL_NUMBER, COL_NUMBER, COL_NUMBER
	};
	struct toplist *c = vc;

	return grouping_columns(&c->all, &c->by, b, name, flags,
	    2 + c->all.share);
}

int
toplist_push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct toplist *c = vc;
	struct toplist_state *s = vs;
	struct agg_values val = { .n = v->n, .one = true,
	    .text = keys_join(&c->by, v, &s->joined, s->room) };

	(void)e;
	groups_one(&s->all.groups);
	c->all.aggs.part[0].kind->add(s->all.groups.acc, 0, &val);
	return OK;
}

int
toplist_flush(void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct toplist *c = vc;
	size_t i, n = grouped_close(vs, &c->all);
	struct row row = grouped_row(vs, &c->all, n - 1);
	const struct heavy *h = agg_at(&c->all.aggs, row.at, 0).st;
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
		if (c->all.share) {
			buf_char(b, '\t');
			b->n += number_put_real(buf_room(b, NUMBER_MAX),
			    (double)x->count / (double)h->total);
		}
		r = emit_bytes(e, (struct slice){ b->p, b->n }, 0);
	}
	free(order);
	return r;
}

void
toplist_fini(void *vs, const void *vc)
{
	buf_free(&((struct toplist_state *)vs)->joined);
	grouped_fini(vs, vc);
}
