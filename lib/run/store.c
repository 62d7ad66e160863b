/* store.c - records that an operator holds, some of them replaced */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/format/pack.h"
#include "lib/run/store.h"

enum { SMALL = 64 * 1024 };	/* waste that is not worth a pass */

void
store_vec(struct store *k, const struct vec *v, struct emit *e)
{
	const struct slice *first = &v->rec[0], *last = &v->rec[v->n - 1];
	size_t i, base = k->bytes.n;

	if (!v->contig || v->columns) {
		for (i = 0; i < v->n; i++)
			store_add(k, v, i, e);
		return;
	}
	for (i = 0; i < v->n; i++)
		*store_place(k) = (struct stored){
		    base + (size_t)(v->rec[i].p - first->p), v->rec[i].n,
		    v->num[i] };
	buf_add(&k->bytes, first->p, (size_t)(last->p - first->p) + last->n);
	k->live = k->bytes.n;
}

/* Puts something else in place i. */
static void
put(struct store *k, size_t i, struct slice held, uint64_t num)
{
	struct stored *r = &k->rec[i];
	struct buf b = { 0 };
	size_t off;

	k->live += held.n - r->len;
	r->num = num;
	if (held.n <= r->len) {
		r->len = held.n;
		if (held.n > 0)
			memcpy(k->bytes.p + r->off, held.p, held.n);
		return;
	}
	r->off = k->bytes.n;
	r->len = held.n;
	buf_slice(&k->bytes, held);
	if (k->bytes.n <= SMALL || k->bytes.n / 2 <= k->live)
		return;
	buf_room(&b, k->live * 2);	/* only what is live stays */
	for (i = 0; i < k->n; i++) {
		off = b.n;
		buf_slice(&b, store_get(k, i));
		k->rec[i].off = off;
	}
	buf_free(&k->bytes);
	k->bytes = b;
}

__attribute__((noinline)) static void
put_columns(struct store *k, size_t i, const struct vec *v, size_t j,
    struct emit *e)
{
	k->columns.n = 0;
	hold_columns(&k->columns, e, v, j);
	put(k, i, buf_text(&k->columns), v->num[j]);
}

void
store_set(struct store *k, size_t i, const struct vec *v, size_t j,
    struct emit *e)
{
	if (v->columns)
		put_columns(k, i, v, j, e);
	else
		put(k, i, v->rec[j], v->num[j]);
}

size_t
store_take(const struct store *k, size_t i, uint64_t base,
    struct vec_room *room, struct vec *v)
{
	*v = (struct vec){ .rec = room->rec, .num = room->num };
	for (; v->n < VEC_MAX && i < k->n; i++, v->n++) {
		room->rec[v->n] = store_get(k, i);
		room->num[v->n] = base + k->rec[i].num;
	}
	return i;
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
store_emit_came(const struct store *k, const uint64_t *came, struct emit *e)
{
	struct came *order = mem_alloc((k->n + 1) * sizeof *order);
	size_t i;
	int r = OK;

	for (i = 0; i < k->n; i++)
		order[i] = (struct came){ came[i], i };
	qsort(order, k->n, sizeof *order, earlier);
	for (i = 0; i < k->n && r == OK; i++)
		r = store_emit(k, order[i].i, e);
	free(order);
	return r;
}

void
store_reset(struct store *k)
{
	k->n = 0;
	k->bytes.n = 0;
	k->live = 0;
}

void
store_fini(struct store *k)
{
	free(k->rec);
	buf_free(&k->bytes);
	buf_free(&k->columns);
}

int
store_op_push(void *st, const void *conf, const struct vec *v, struct emit *e)
{
	store_vec(st, v, e);
	return OK;
}

void
store_op_reset(void *st, const void *conf)
{
	store_reset(st);
}

void
store_op_fini(void *st, const void *conf)
{
	store_fini(st);
}

void
store_both(struct store *k, struct both *b)
{
	size_t i, n = both_count(b, k->n);

	for (i = 0; i < n && !both_bad(b); i++) {
		if (both_reads(b))
			*store_place(k) = (struct stored){ k->bytes.n, 0, 0 };
		both_u64(b, &k->rec[i].num);
		if (!both_reads(b)) {
			pack_text(b->out, store_get(k, i));
			continue;
		}
		hold_restore(&k->bytes, b->in);
		k->rec[i].len = k->bytes.n - k->rec[i].off;
		k->live = k->bytes.n;
	}
}

void
store_op_both(void *st, const void *conf, struct both *b)
{
	store_both(st, b);
}
