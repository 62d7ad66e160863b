/* work-batch.c - whole batches, for the worker that is next */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The open batch's records so far are known to the cutter. */
void
batch_begin(struct crew *c)
{
	const struct work *k = c->work;
	const struct batcher *b = &k->feed->batcher;
	struct cutter *t = &c->cutter;

	batch_init(&t->b, &b->lim);
	if (batch_bind(&t->b, k->shape, k->chain->opt) != OK)
		abort();	/* the run's own is bound to the same */
	t->b.cur = b->cur;
	t->b.oldest = b->oldest;
	t->b.keyed = b->keyed;
	if (b->keyed) {
		buf_slice(&t->b.key, b->cur.key);
		t->b.cur.key = (struct slice){ t->b.key.p, t->b.key.n };
	}
	t->whole.num = t->num = k->feed->records;
	t->whole.batches = b->cur.number - 1;
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
cut(struct cutter *t, const struct slice *rec, size_t n, const char *from)
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
		t->whole.n = (size_t)((m == 0 ? rec->p : rec[m - 1].p +
		    rec[m - 1].n + 1) - from);
		t->whole.num = t->num;
		t->whole.reason = b->cur.reason;
		t->whole.batches++;
		batch_next(b, t->clock);
		if (t->least == 0 && t->whole.n > 0)
			return;
	}
}

/* The next lines of what was read from offset at on, behind those there are.
   Their bytes. */
static size_t
lines(struct worker *w, size_t at, size_t to, size_t *n)
{
	size_t used;

	w->line = mem_reserve(w->line, &w->linecap, w->nlines + VEC_MAX,
	    sizeof *w->line);
	*n = scan_records(w->buf + at, to - at, w->crew->work->in->term,
	    w->line + w->nlines, VEC_MAX, &used);
	w->nlines += *n;
	return used;
}

/* Those that were looked at before. */
static void
lines_left(struct cutter *t, struct worker *w)
{
	size_t at, n;

	w->nlines = 0;
	for (at = 0; at < t->seen; at += lines(w, at, t->seen, &n))
		;
}

/* Looks at what was read for where batches end, up to a line that is the
   loop's. */
static void
look(struct cutter *t, struct worker *w)
{
	const struct slice *r;
	size_t n, some, m, used;

	while (!t->over) {
		used = lines(w, t->seen, w->n, &n);
		if (n == 0)
			break;
		r = w->line + w->nlines - n;
		some = worker_before_odd(w, r, n, used);
		t->over = some < n;
		for (; some > 0; r += m, some -= m) {
			m = some_records(&w->opt, r, some);
			if (m > 0)
				cut(t, r, m, w->buf);
			m += m == 0;
			if (t->least == 0 && t->whole.n > 0)
				return;
		}
		t->seen += used;
	}
}

/* Reads on behind what there is.  False: nothing comes. */
static bool
read_more(struct crew *c, struct worker *w)
{
	const struct input *in = c->work->in;
	size_t had = w->n, n = c->work->block;
	ssize_t got;

	if (!in->regular)
		return pipe_read(c, w, had + n);
	if (in->to - c->next < (off_t)n)
		n = in->to > c->next ? (size_t)(in->to - c->next) : 0;
	worker_room(w, had + n);
	got = pread(in->fd, w->buf + had, n, c->next);
	if (got <= 0)
		return false;
	c->next += got;
	w->n += (size_t)got;
	return true;
}

/* The same; lines stay where they are. */
static bool
read_on(struct crew *c, struct worker *w)
{
	uintptr_t was = (uintptr_t)w->buf;
	bool more = read_more(c, w);
	size_t i;

	for (i = 0; i < w->nlines && (uintptr_t)w->buf != was; i++)
		w->line[i].p = w->buf + ((uintptr_t)w->line[i].p - was);
	return more;
}

/*
 * The batches that come next, of at least so many bytes in all; 0: one.  What
 * is read of the next one is left for who comes next, and for the loop where
 * there is no end of it, for now or within what may be held, or time is to
 * close it.
 */
bool
batch_take(struct crew *c, struct worker *w, size_t least)
{
	struct cutter *t = &c->cutter;
	struct todo *d = &w->todo;

	worker_left(w, c->work->block + WORK_READ);
	lines_left(t, w);
	t->least = least;
	*d = (struct todo){ .records = t->whole.num,
	    .batches = t->whole.batches };
	do {
		t->mono = d->mono = time_mono();
		t->clock = d->clock = time_now();
		look(t, w);
		t->over |= w->n > LONG * c->work->block ||
		    batch_expired(&t->b, t->mono, 0);
	} while (t->whole.n < (least > 0 ? least : 1) && !t->over &&
	    read_on(c, w));
	d->reason = t->whole.reason;
	c->left = (struct slice){ w->buf + t->whole.n, w->n - t->whole.n };
	w->n = t->whole.n;
	while (w->nlines > 0 && w->line[w->nlines - 1].p >= w->buf + w->n)
		w->nlines--;
	t->seen = least == 0 ? 0 : t->seen - w->n;
	if (least == 0)
		t->num = t->whole.num;
	t->at += (off_t)w->n;
	t->whole.n = 0;
	return w->n > 0;
}

int
batch_feed(struct feed *f, struct worker *w)
{
	const struct slice *r, *end = w->line + w->nlines;
	size_t n, m;
	int st = OK;

	for (r = w->line; r < end && st == OK; r += m) {
		n = (size_t)(end - r);
		m = some_records(f->opt, r, n < VEC_MAX ? n : VEC_MAX);
		if (m > 0)
			st = feed_records(f, r, m);
		else
			f->bytes += r[m++].n + 1;
	}
	return st == OK ? feed_close(f, w->todo.reason) : st;
}

void
batch_work(struct worker *w)
{
	const struct todo *d = &w->todo;
	struct piece *p = w->piece;
	struct feed *f = &w->feed;

	w->diag.turn.to = &p->told;
	p->told.since = p->told.reached = 0;
	f->records = d->records;
	f->batches = d->batches;
	f->batcher.cur.number = d->batches + 1;
	f->mono = d->mono;
	f->clock = d->clock;
	f->bytes = 0;
	memset(f->closed, 0, sizeof f->closed);
	p->cut = batch_feed(f, w) != OK;
	p->stop = w->chain.stop;
	p->sum.records = f->records - d->records;
	p->sum.bytes = f->bytes;
	p->sum.batches = f->batches - d->batches;
	memcpy(p->sum.closed, f->closed, sizeof f->closed);
}
