/* keep.c - records that an operator holds, some of them replaced */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/run/keep.h"

enum { SMALL = 64 * 1024 };	/* waste that is not worth a pass */

static struct kept *
place(struct keep *k)
{
	k->rec = mem_reserve(k->rec, &k->cap, k->n + 1, sizeof *k->rec);
	return &k->rec[k->n++];
}

size_t
keep_add(struct keep *k, struct slice rec, uint64_t num)
{
	*place(k) = (struct kept){ k->bytes.n, rec.n, num };
	buf_slice(&k->bytes, rec);
	k->live += rec.n;
	return k->n - 1;
}

void
keep_vec(struct keep *k, const struct vec *v)
{
	const struct slice *first = &v->rec[0], *last = &v->rec[v->n - 1];
	size_t i, base = k->bytes.n;

	if (!v->contig) {
		for (i = 0; i < v->n; i++)
			keep_add(k, v->rec[i], v->num[i]);
		return;
	}
	for (i = 0; i < v->n; i++)
		*place(k) = (struct kept){
		    base + (size_t)(v->rec[i].p - first->p), v->rec[i].n,
		    v->num[i] };
	buf_add(&k->bytes, first->p, (size_t)(last->p - first->p) + last->n);
	k->live = k->bytes.n;
}

void
keep_set(struct keep *k, size_t i, struct slice rec, uint64_t num)
{
	struct kept *r = &k->rec[i];
	struct buf b = { 0 };
	size_t off;

	k->live += rec.n - r->len;
	r->num = num;
	if (rec.n <= r->len) {
		r->len = rec.n;
		if (rec.n > 0)
			memcpy(k->bytes.p + r->off, rec.p, rec.n);
		return;
	}
	r->off = k->bytes.n;
	r->len = rec.n;
	buf_slice(&k->bytes, rec);
	if (k->bytes.n <= SMALL || k->bytes.n / 2 <= k->live)
		return;
	buf_room(&b, k->live * 2);	/* only what is live stays */
	for (i = 0; i < k->n; i++) {
		off = b.n;
		buf_slice(&b, keep_get(k, i));
		k->rec[i].off = off;
	}
	buf_free(&k->bytes);
	k->bytes = b;
}

struct came {
	uint64_t when;
	size_t i;
};

static int
earlier(const void *a, const void *b)
{
	const struct came *x = a, *y = b;

	return (x->when > y->when) - (x->when < y->when);
}

int
keep_emit_came(const struct keep *k, const uint64_t *came, struct emit *e)
{
	struct came *order = mem_alloc((k->n + 1) * sizeof *order);
	size_t i;
	int r = OK;

	for (i = 0; i < k->n; i++)
		order[i] = (struct came){ came[i], i };
	qsort(order, k->n, sizeof *order, earlier);
	for (i = 0; i < k->n && r == OK; i++)
		r = keep_emit(k, order[i].i, e);
	free(order);
	return r;
}

void
keep_reset(struct keep *k)
{
	k->n = 0;
	k->bytes.n = 0;
	k->live = 0;
}

void
keep_fini(struct keep *k)
{
	free(k->rec);
	buf_free(&k->bytes);
}

int
keep_op_push(void *st, const void *conf, const struct vec *v, struct emit *e)
{
	(void)conf;
	(void)e;
	keep_vec(st, v);
	return OK;
}

void
keep_op_reset(void *st, const void *conf)
{
	(void)conf;
	keep_reset(st);
}

void
keep_op_fini(void *st, const void *conf)
{
	(void)conf;
	keep_fini(st);
}
