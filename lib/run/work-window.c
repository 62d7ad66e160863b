/* work-window.c - records into event-time windows, block by block */
#include <stdlib.h>

#include "lib/run/work-inner.h"

/*
 * The times of a block are read first.  Then, in the order of blocks, each
 * learns where the watermark was before it and says where it is behind it, for
 * which its newest time will do; so all that follows can go on side by side and
 * yet each record is late or not as it is in one loop.  A window's records that
 * came from one block are joined to those from earlier ones; windows close
 * behind the block that brings the watermark past them, since no record of it
 * that comes later is put into them.
 */
struct timed {
	struct windows windows;
	struct times times;
	struct slice *rec;		/* those of a block that have a time */
	uint64_t *num;
	int64_t *ns;
	size_t n, reccap, numcap, nscap;
	struct timed_vec {
		size_t n;
		bool contig;
	} *vec;				/* as they came */
	size_t nvec, veccap;
	int64_t newest;
};

enum { PART = 8 };		/* of a block: a window for which that pays */

/* Whether states of the stage may be joined, and that pays by the records of
   an open window. */
static bool
joins(const struct work *k, size_t at, bool alone)
{
	const struct stage *s = &k->chain->stage[at];
	const struct options *opt = k->chain->opt;
	const struct instance *in;
	const struct batch *b;

	if (s->op.join == NULL || opt->max_groups > 0 || opt->partial ||
	    opt->bad->what != BAD_SKIP || (s->op.traits & OP_ACROSS) != 0)
		return false;
	in = windows_any(&k->feed->windows, &b);
	return in != NULL && b->bytes >= k->block / PART &&
	    (s->op.pays == NULL || s->op.pays(in->st[at], s->conf, b->records,
	    alone));
}

bool
window_suits(struct crew *c)
{
	const struct work *k = c->work;
	const struct chain *chain = k->chain;
	const unsigned each = OP_EACH | OP_EFFECT | OP_NUMBER;

	for (c->to = chain->from; c->to < chain->head; c->to++)
		if ((chain->stage[c->to].op.traits & each) != OP_EACH)
			break;
	c->mode = WORK_WINDOWS;
	c->joins = c->to < chain->head && joins(k, c->to,
	    c->to == chain->from);
	c->to += c->joins;
	return c->to > chain->from && !chain->opt->merge &&
	    work_takes_all(chain, c->to);
}

void
window_begin(struct crew *c)
{
	c->mark = mem_alloc(sizeof *c->mark);
	*c->mark = c->work->feed->windows;
}

void
window_free(struct crew *c)
{
	free(c->mark);
}

void
window_init(struct worker *w)
{
	const struct windows *run = &w->crew->work->feed->windows;
	struct timed *t = w->timed = mem_zero(sizeof *t);

	w->opt.doubted = tally_new(&w->diag, &w->arena, w->opt.doubted->what);
	windows_init(&t->windows, &run->grid, run->late, false, &w->opt);
	t->windows.hold = true;
	w->chain.head = w->crew->to;
	windows_bind(&t->windows, &w->chain, NULL);
	if (!w->crew->joins)
		t->windows.shared = w->inst = instance_new(&w->chain,
		    w->chain.from, w->crew->to, NULL);
	if (times_bind(&t->times, &w->shape, &w->opt) != OK)
		abort();	/* the run's are bound to the same */
}

void
window_fini(struct worker *w)
{
	struct timed *t = w->timed;

	if (t == NULL)
		return;
	windows_free(&t->windows);
	times_free(&t->times);
	free(t->rec);
	free(t->num);
	free(t->ns);
	free(t->vec);
	free(t);
}

void
window_add(struct worker *w, struct vec *v)
{
	struct timed *t = w->timed;
	size_t i, n;

	(void)times_take(&t->times, &w->opt, v);
	n = t->n + v->n;
	t->rec = mem_reserve(t->rec, &t->reccap, n, sizeof *t->rec);
	t->num = mem_reserve(t->num, &t->numcap, n, sizeof *t->num);
	t->ns = mem_reserve(t->ns, &t->nscap, n, sizeof *t->ns);
	t->vec = mem_reserve(t->vec, &t->veccap, t->nvec + 1, sizeof *t->vec);
	t->vec[t->nvec++] = (struct timed_vec){ v->n, v->contig };
	memcpy(t->rec + t->n, v->rec, v->n * sizeof *t->rec);
	memcpy(t->num + t->n, v->num, v->n * sizeof *t->num);
	memcpy(t->ns + t->n, t->times.ns, v->n * sizeof *t->ns);
	for (i = 0; i < v->n; i++)
		if (t->newest < t->times.ns[i])
			t->newest = t->times.ns[i];
	t->n = n;
}

/* The times of the piece's records, by what the worker has read before. */
static void
read_times(struct worker *w, off_t at, off_t to)
{
	struct timed *t = w->timed;

	t->n = t->nvec = 0;
	t->newest = INT64_MIN;
	t->times.reader.time.twice = false;
	w->diag.turn.stage = 0;
	worker_block(w, at, to);
}

/* The same once more, by what all before it have read. */
static void
read_again(struct worker *w, off_t at, off_t to)
{
	struct crew *c = w->crew;
	struct piece *p = w->piece;
	struct time_reader *r = &w->timed->times.reader.time;

	turn_drop(&w->diag.turn);
	w->bad.told = 0;
	p->records = p->bytes = 0;
	p->cut = false;
	r->nlast = 0;
	if (piece_wait(w)) {
		r->seen = c->mark->seen;
		r->newest = c->mark->newest;
	}
	read_times(w, at, to);
}

/* The watermark before the piece is known, and that behind it is told. */
static void
pass_mark(struct worker *w)
{
	struct crew *c = w->crew;
	struct timed *t = w->timed;
	bool close = false;

	if (!piece_wait(w))
		return;
	windows_follow(&t->windows, c->mark);
	if (t->n > 0)
		windows_cut(c->mark, &t->newest, 1, 0, 0, &close);
	windows_move(c->mark);
	piece_passed(w, false);
}

/* Records of a vector into windows; those that close some are marked. */
static void
put(struct timed *t, struct feed_part *p, const struct vec *all,
    const int64_t *ns)
{
	struct vec v = *all;
	size_t left = v.n;
	bool close;

	for (; left > 0; left -= v.n, ns += v.n, v.rec += v.n, v.num += v.n) {
		v.n = windows_cut(&t->windows, ns, left, 0, 0, &close);
		if (close) {
			p->mark = mem_reserve(p->mark, &p->markcap,
			    p->nmark + 1, sizeof *p->mark);
			p->mark[p->nmark++] = (struct feed_mark){ v.num[v.n],
			    ns[v.n] };
		}
		if (v.n > 0)
			(void)windows_push(&t->windows, &v, ns);
		windows_move(&t->windows);
	}
}

void
window_work(struct worker *w, off_t at, off_t to)
{
	struct timed *t = w->timed;
	struct piece *p = w->piece;
	size_t i, k = 0;

	read_times(w, at, to);
	if (t->times.reader.time.twice)
		read_again(w, at, to);
	pass_mark(w);
	p->part.nmark = 0;
	for (i = 0; i < t->nvec; k += t->vec[i++].n)
		put(t, &p->part, &(struct vec){ .n = t->vec[i].n,
		    .rec = t->rec + k, .num = t->num + k,
		    .contig = t->vec[i].contig }, t->ns + k);
	p->part.timed = t->n > 0;
	p->part.newest = t->newest;
	windows_leave(&t->windows, &p->part.list);
}
