/* sort - the batch's records in order, stable */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/base/gang.h"
#include "lib/format/pack.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/run/buckets.h"

enum {
	STEP = 1024 * 1024,		/* bytes of a bucket: as many as a
					   processor's cache holds */
	FEW = 6,			/* records */
	THREADS_FROM = 8,		/* buckets */
	THREADS = 32			/* at most */
};

struct conf {
	struct order_by by;
	unsigned jobs;
	size_t step;
};

/* A bucket while it is sorted, and its records, where these leave as they
   are. */
struct work {
	struct buckets_part bucket;
	struct buf text;
};

struct state {
	struct pile pile;
	bool vague;			/* a number's word doesn't tell it */
	struct work work;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	return args_keys(a, &((struct conf *)vc)->by.keys);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	c->jobs = b->opt->jobs;
	c->step = b->opt->step == 0 ? STEP : b->opt->step;
	return order_bind(&c->by, b);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct order_by *by = &((const struct conf *)vc)->by;
	const struct slice *key = v->col[by->keys.col[0]];
	struct state *s = vs;
	uint64_t word;
	size_t i;
	bool all;

	pile_room(&s->pile, v->n);
	for (i = 0; i < v->n; i++) {
		all = order_word(by, 0, key[i], &word, &s->vague) || by->whole;
		pile_add(&s->pile, all && by->keys.n == 1 ? NULL : &by->keys, v,
		    i, e, word);
	}
	return OK;
}

/*
 * Threads put shares of the batch into buckets, then sort a bucket each and lay
 * its text side by side, which is handed on in the order of buckets.  A small
 * batch is one bucket.
 */
struct sorting {
	struct buckets buckets;
	struct emit *e;
	bool plain;			/* records leave as they are */
	char term;
	struct work *work;		/* of part k: k % nwork */
	size_t nwork;
};

static struct slice
record(const struct sorting *t, const struct buckets_part *b, size_t i)
{
	const struct order *o = &t->buckets.order;

	if (t->buckets.n > 1)		/* more than a cache holds */
		pile_prefetch(o->pile, b->item, i, b->n);
	return pile_record(o->pile, &o->by->keys, &b->item[i]);
}

static void
spread(void *vt, size_t k)
{
	struct sorting *t = vt;

	buckets_spread(&t->buckets, k, &t->work[k % t->nwork].bucket);
}

static void
sort_bucket(void *vt, size_t k)
{
	const struct sorting *t = vt;
	struct work *w = &t->work[k % t->nwork];
	struct slice rec;
	size_t i;
	char *p;

	buckets_sort(&t->buckets, k, &w->bucket);
	w->text.n = 0;
	for (i = 0; t->plain && i < w->bucket.n; i++) {
		rec = record(t, &w->bucket, i);
		p = buf_room(&w->text, rec.n + 1);
		memcpy(p, rec.p, rec.n);
		p[rec.n] = t->term;
		w->text.n += rec.n + 1;
	}
}

static int
hand_on(void *vt, size_t k)
{
	const struct sorting *t = vt;
	struct work *w = &t->work[k % t->nwork];
	const struct buckets_part *b = &w->bucket;
	struct slice rec;
	size_t i;
	int r = OK;

	if (t->plain)
		return emit_text(t->e, &w->text, b->n);
	for (i = 0; r == OK && i < b->n; i++) {
		rec = record(t, b, i);
		r = hold_emit(rec, pile_number(t->buckets.order.pile,
		    &b->item[i], rec), t->e);
	}
	return r;
}

static void
free_work(struct work *w, size_t n)
{
	for (; n > 0; n--, w++) {
		free(w->bucket.item);
		buf_free(&w->text);
	}
}

static int
sort_all(struct sorting *t, size_t threads)
{
	struct buckets *b = &t->buckets;
	struct gang g = { .threads = threads, .arg = t };
	int r;

	if (threads > 1) {
		t->nwork = threads * GANG_AHEAD;
		t->work = mem_zero(t->nwork * sizeof *t->work);
	}
	if (b->n > 1) {
		buckets_choose(b);
		g.parts = b->order.pile->nshares;
		g.work = spread;
		(void)gang_run(&g);
	}
	g.parts = b->n;
	g.work = sort_bucket;
	g.take = hand_on;
	r = gang_run(&g);
	if (threads > 1) {
		free_work(t->work, t->nwork);
		free(t->work);
	}
	arena_free(&b->arena);
	return r;
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct sorting t = { .e = e, .work = &s->work, .nwork = 1,
	    .buckets.order = { .by = &c->by, .pile = &s->pile,
	    .vague = s->vague } };
	size_t most, n = pile_bytes(&s->pile) / c->step + 1, threads = 1;

	t.plain = emit_plain(e, &t.term);
	if (n >= THREADS_FROM)
		threads = c->jobs < THREADS ? c->jobs : THREADS;
	most = pile_count(&s->pile) / FEW + 1;
	most = most < BUCKETS_MAX ? most : BUCKETS_MAX;
	t.buckets.n = n < most ? n : most;
	return sort_all(&t, threads);
}

static void
join(void *vs, const void *vc, void *vo, uint64_t base)
{
	struct state *s = vs, *o = vo;

	pile_join(&s->pile, &o->pile, base);
	s->vague |= o->vague;
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	pile_reset(&s->pile);
	s->vague = false;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	free_work(&s->work, 1);
	pile_fini(&s->pile);
}

/* Each record with its keys, which need no field where it is the key itself. */
static void
save(const struct pile *p, const struct order_by *by, struct buf *b)
{
	struct order o = { .by = by, .pile = p };
	char room[NUMBER_MAX];
	struct radix_item x;
	struct slice rec;
	size_t i, j, k;

	pack_u64(b, pile_count(p));
	for (k = 0; k < p->nshares; k++)
		for (i = 0; i < p->share[k].n; i++) {
			x = pile_item(&p->share[k], i);
			rec = pile_record(p, &by->keys, &x);
			pack_u64(b, pile_number(p, &x, rec));
			pack_text(b, rec);
			for (j = 0; !by->whole && j < by->keys.n; j++)
				pack_text(b, order_key(&o, j, &x, room));
		}
}

/* The records come once more, one by one. */
static void
load(void *vs, const void *vc, struct unpack *u)
{
	const struct order_by *by = &((const struct conf *)vc)->by;
	size_t i, j, ncol = 1, n = unpack_count(u);
	const struct slice **col;
	struct slice *key = mem_alloc(by->keys.n * sizeof *key);
	struct buf held = { 0 };
	struct slice rec;
	uint64_t num;

	for (j = 0; j < by->keys.n; j++)
		ncol = by->keys.col[j] < ncol ? ncol : by->keys.col[j] + 1;
	col = mem_zero(ncol * sizeof *col);
	for (j = 0; j < by->keys.n; j++)
		col[by->keys.col[j]] = &key[j];
	for (i = 0; i < n && !u->bad; i++) {
		num = unpack_u64(u);
		held.n = 0;
		hold_restore(&held, u);
		rec = key[0] = (struct slice){ held.n == 0 ? "" : held.p,
		    held.n };
		for (j = 0; !by->whole && j < by->keys.n; j++)
			key[j] = unpack_there(u);
		push(vs, vc, &(struct vec){ .n = 1, .rec = &rec, .num = &num,
		    .col = col }, NULL);
	}
	free(col);
	free(key);
	buf_free(&held);
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	if (both_reads(b))
		load(vs, vc, b->in);
	else
		save(&((const struct state *)vs)->pile,
		    &((const struct conf *)vc)->by, b->out);
}

const struct op op_sort = {
	.name = "sort",
	.args = "[-n] [-r] [FIELDS]",
	.makes = "kept",
	.help = "the batch's records in order (-n: as numbers, -r: reversed)",
	.example = "count by 9 then sort -r count",
	.shows = "200\t6\n"
	    "302\t1\n"
	    "500\t1\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-n", by.number, "as numbers"),
		FLAG("-r", by.reverse, "reversed")),
	.see = "top reverse uniq",
	.holds = "the batch",
	.also = "order orderby sort_by",
	.flags_instead = INSTEAD(
		{ "k", "fields are given without -k: sort 2" },
		{ "t", "the separator stands before the operator: mbatch -F, "
		    "sort 2" },
		{ "u", "distinct records: sort then uniq" }),
	.traits = OP_HOLD | OP_FIELDS,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.push = push,
	.flush = flush,
	.reset = reset,
	.join = join,
	.both = remember,
	.fini = fini
};
