/* work-batch.c - whole batches, for the worker that is next */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/regex/regex.h"
#include "lib/run/work-inner.h"
#include "lib/scan/scan.h"
#include "lib/time/time.h"

enum { LONG = 16 };		/* blocks that a batch may have */

/* Whether the stage is made anew for each batch, and all that it does is what
   it hands on. */
static bool
afresh(const struct op *op)
{
	return (op->traits & (OP_ACROSS | OP_EFFECT | OP_LAST | OP_TIME)) ==
	    0 && op->watch == NULL && op->timer == NULL && op->end == NULL;
}

bool
batch_suits(const struct work *k)
{
	const struct chain *c = k->chain;
	const struct limits *lim = &k->feed->batcher.lim;
	size_t i;

	for (i = c->from; i < c->n; i++)
		if (!afresh(&c->stage[i].op))
			return false;
	return (lim->records > 0 || lim->bytes > 0 || lim->key != NULL ||
	    lim->start != NULL || lim->end != NULL) && !lim->all &&
	    lim->window.width == 0 && (lim->gap == 0 || k->in->regular) &&
	    (c->n > c->from || k->out->encode.convert != NULL) &&
	    !c->opt->partial && encode_settled(&k->out->encode);
}

struct limits
batch_limits(const struct limits *run, struct arena *arena)
{
	struct limits lim = *run;

	lim.start = regex_copy(lim.start, arena);
	lim.end = regex_copy(lim.end, arena);
	return lim;
}

/* The open batch's records so far are known to the cutter. */
void
batch_begin(struct crew *c)
{
	const struct work *k = c->work;
	const struct batcher *b = &k->feed->batcher;
	struct cutter *t = &c->cutter;
	struct limits lim = batch_limits(&b->lim, &t->arena);

	batch_init(&t->b, &lim);
	if (batch_bind(&t->b, k->shape, k->chain->opt) != OK)
		abort();	/* the run's own is bound to the same */
	t->b.cur = b->cur;
	t->b.oldest = b->oldest;
	t->b.keyed = b->keyed;
	if (b->keyed) {
		buf_slice(&t->b.key, b->cur.key);
		t->b.cur.key = buf_text(&t->b.key);
	}
	t->opens = b->cur.records > 0;
	t->num = t->whole.records = k->feed->records;
	t->whole.batches = b->cur.number - 1;
	t->at = c->begin;
}

/* What is read next goes there.  The lock is held. */
void
lump_begin(struct worker *w)
{
	struct crew *c = w->crew;
	struct lump *l = c->spare_lump;

	if (l != NULL) {
		c->spare_lump = l->spare;
	} else {
		l = mem_zero(sizeof *l);
		l->next = c->lump;
		c->lump = l;
	}
	l->users = 1;
	w->lump = l;
	w->buf = l->buf;
	w->cap = l->cap;
}

static void
lump_leave(struct crew *c, struct lump *l)
{
	if (--l->users > 0)
		return;
	l->spare = c->spare_lump;
	c->spare_lump = l;
}

void
lump_end(struct worker *w)
{
	w->lump->buf = w->buf;
	w->lump->cap = w->cap;
	w->buf = NULL;
	w->cap = 0;
	lump_leave(w->crew, w->lump);
}

void
parts_leave(struct crew *c, struct parts *p)
{
	while (p->n > 0)
		lump_leave(c, p->part[--p->n].lump);
}

/* What worker and cutter share: records as they are read, without the lines
   that are none. */
static size_t
some_records(const struct options *opt, const struct slice *rec, size_t n)
{
	return (opt->input->traits & FMT_BLANKS) != 0 ?
	    input_before_empty(rec, n) : n;
}

/* Records of the open batch, and those behind it. */
static void
cut(struct cutter *t, const struct slice *rec, size_t n)
{
	struct batcher *b = &t->b;
	bool close;
	size_t m;

	batch_look(b, rec, n);
	for (; n > 0; rec += m, n -= m) {
		m = batch_cut(b, rec, n, &close);
		if (m > 0)
			batch_add(b, m, (uint64_t)(rec[m - 1].p - rec->p) +
			    rec[m - 1].n + 1, t->num + 1, t->mono, t->clock);
		t->num += m;
		if (!close)
			continue;
		t->whole = (struct todo){ t->num, t->whole.batches + 1,
		    b->cur.reason };
		if (t->opens) {
			t->head = rec + m;
			t->from = t->whole;
		} else {
			t->end = rec + m;
		}
		t->opens = false;
		batch_next(b, t->clock);
	}
}

/* Looks for where batches end in a block's lines, up to one that is the
   loop's. */
static void
look(struct cutter *t, const struct worker *w)
{
	const struct slice *r = w->lump->line, *end = r + w->lump->nlines;
	size_t n, odd, m;

	while (r < end && !t->over) {
		n = (size_t)(end - r) < VEC_MAX ? (size_t)(end - r) : VEC_MAX;
		odd = worker_before_odd(w, r, n, (size_t)(r[n - 1].p - r->p) +
		    r[n - 1].n);
		t->over = odd < n;
		for (n = odd; n > 0; r += m, n -= m) {
			m = some_records(&w->opt, r, n);
			if (m > 0)
				cut(t, r, m);
			m += m == 0;
		}
	}
}

/* Lines of the worker's block, *from becoming to. */
static void
add_part(struct parts *p, const struct worker *w, size_t *from, size_t to)
{
	if (*from == to)
		return;
	p->part = mem_reserve(p->part, &p->cap, p->n + 1, sizeof *p->part);
	p->part[p->n++] = (struct part){ w->lump, *from, to };
	w->lump->users++;
	*from = to;
}

/* All that there is of batches up to the end of one. */
static void
add_whole(struct cutter *t, struct parts *to, const struct worker *w,
    size_t *from, const struct slice *end)
{
	struct parts none = *to;

	if (end == NULL)
		return;
	*to = t->left;
	t->left = none;
	add_part(to, w, from, (size_t)(end - w->lump->line));
}

/*
 * Batches that end in the worker's block, of n bytes, which begins there, are
 * its own, with what came of the first one before, but that which was open when
 * workers began is the run's.  What is left is for who has the next block; or
 * for the loop where there is no end of it, for now or within what may be held,
 * or time is to close it.
 */
static void
cut_block(struct worker *w, off_t begins, size_t n)
{
	struct cutter *t = &w->crew->cutter;
	struct lump *l = w->lump;
	struct piece *p = w->piece;
	size_t from = 0, bytes;

	t->mono = w->mono;
	t->clock = w->clock;
	t->head = t->end = NULL;
	t->from = t->whole;
	look(t, w);
	w->todo = t->from;
	w->todo.reason = t->whole.reason;
	p->reason = t->from.reason;
	pthread_mutex_lock(&w->crew->lock);
	add_whole(t, &p->head, w, &from, t->head);
	p->opens = t->head != NULL;	/* not where memory ran out before */
	add_whole(t, &p->body, w, &from, t->end);
	bytes = from == l->nlines ? n : (size_t)(l->line[from].p - l->line->p);
	add_part(&t->left, w, &from, l->nlines);
	pthread_mutex_unlock(&w->crew->lock);
	if (t->head != NULL || t->end != NULL) {
		t->at = begins + (off_t)bytes;
		t->bytes = 0;
		n -= bytes;
	}
	p->end = t->at;
	t->bytes += n;
	t->over |= p->cut || t->bytes > LONG * w->crew->work->block ||
	    batch_expired(&t->b, t->mono, 0);
	p->cut = t->over;
}

static void
lines(struct worker *w, struct slice b)
{
	struct lump *l = w->lump;
	size_t used;

	for (l->nlines = 0; b.n > 0; b.p += used, b.n -= used) {
		l->line = mem_reserve(l->line, &l->linecap,
		    l->nlines + VEC_MAX, sizeof *l->line);
		l->nlines += scan_records(b.p, b.n, w->crew->work->in->term,
		    l->line + l->nlines, VEC_MAX, &used);
	}
}

int
batch_feed(struct feed *f, const struct parts *p, enum reason why)
{
	const struct slice *r, *end;
	size_t i, n, m;
	int st = OK;

	for (i = 0; i < p->n; i++) {
		r = p->part[i].lump->line + p->part[i].from;
		end = p->part[i].lump->line + p->part[i].to;
		for (; r < end && st == OK; r += m) {
			n = (size_t)(end - r);
			m = some_records(f->opt, r, n < VEC_MAX ? n : VEC_MAX);
			if (m > 0)
				st = feed_records(f, r, m);
			else
				f->bytes += r[m++].n + 1;
		}
	}
	return st == OK ? feed_close(f, why) : st;
}

/* The worker's batches go through its feed. */
static void
feed_body(struct worker *w)
{
	const struct todo *d = &w->todo;
	struct piece *p = w->piece;
	struct feed *f = &w->feed;

	w->diag.turn.to = &p->told;
	p->told.since = p->told.reached = 0;
	f->records = d->records;
	f->batches = d->batches;
	f->batcher.cur.number = d->batches + 1;
	f->mono = w->mono;
	f->clock = w->clock;
	f->bytes = 0;
	memset(f->closed, 0, sizeof f->closed);
	p->cut |= batch_feed(f, &p->body, d->reason) != OK;
	p->stop = w->chain.stop;
	p->sum.records = f->records - d->records;
	p->sum.bytes = f->bytes;
	p->sum.batches = f->batches - d->batches;
	memcpy(p->sum.closed, f->closed, sizeof f->closed);
}

void
batch_work(struct worker *w, off_t at, off_t to)
{
	struct crew *c = w->crew;
	struct slice b = { w->buf, w->n };
	bool mine;

	w->mono = time_mono();
	w->clock = time_now();
	if (c->work->in->regular)
		b = file_block(w, at, to, &at);
	lines(w, b);
	mine = piece_wait(w);
	if (mine) {
		cut_block(w, at, b.n);
		piece_passed(w, c->cutter.over);
		feed_body(w);
	}
	pthread_mutex_lock(&c->lock);
	w->piece->cut |= !mine;
	parts_leave(c, &w->piece->body);
	lump_end(w);
	pthread_mutex_unlock(&c->lock);
}

/* What is left of a pipe, from the open batch on. */
void
batch_left(struct crew *c, struct buf *all)
{
	const struct parts *p = &c->cutter.left;
	const struct slice *from, *last;
	size_t i;

	for (i = 0; i < p->n; i++) {
		from = p->part[i].lump->line + p->part[i].from;
		last = p->part[i].lump->line + p->part[i].to - 1;
		buf_add(all, from->p, (size_t)(last->p - from->p) + last->n +
		    1);
	}
	buf_slice(all, c->left);
}

void
batch_end(struct crew *c)
{
	struct lump *l, *next;

	for (l = c->lump; l != NULL; l = next) {
		next = l->next;
		free(l->buf);
		free(l->line);
		free(l);
	}
	free(c->cutter.left.part);
	batch_free(&c->cutter.b);
	arena_free(&c->cutter.arena);
}
