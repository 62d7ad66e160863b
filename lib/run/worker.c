/* worker.c - records through a chain of one's own */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/run/carry.h"
#include "lib/run/work-inner.h"
#include "lib/scan/scan.h"

void
worker_room(struct worker *w, size_t n)
{
	if (w->cap >= n)
		return;
	w->cap = n;
	w->buf = mem_grow(w->buf, n);
}

/* n records of the piece through the worker's chain, without the empty lines
   that are none. */
static void
push(struct worker *w, const struct slice *rec, size_t n)
{
	const struct options *opt = &w->opt;
	bool blanks = (opt->input->traits & FMT_BLANKS) != 0;
	struct piece *p = w->piece;
	struct vec v;
	size_t i, m;

	for (; n > 0; rec += m, n -= m) {
		m = blanks ? input_before_empty(rec, n) : n;
		if (m == 0) {
			m = 1;
			continue;
		}
		for (i = 0; i < m; i++)
			w->num[i] = p->records + i + 1;
		p->records += m;
		v = (struct vec){ .n = m, .rec = rec, .num = w->num,
		    .contig = true };
		if (w->timed != NULL)
			window_add(w, &v);
		else
			(void)instance_push(w->inst, &v);
	}
}

void
worker_left(struct worker *w, size_t more)
{
	struct crew *c = w->crew;
	struct slice left = c->left;
	uintptr_t at = (uintptr_t)left.p - (uintptr_t)w->buf;
	size_t cap = w->cap;

	c->left.n = 0;
	w->n = left.n;
	if (left.n > 0 && at < cap)
		memmove(w->buf, left.p, left.n);
	worker_room(w, left.n + more);
	if (left.n > 0 && at >= cap)
		memcpy(w->buf, left.p, left.n);
}

/* How many of n records come before one that is too long. */
static size_t
before_long(const struct slice *rec, size_t n, size_t max)
{
	size_t i;

	for (i = 0; i < n && rec[i].n <= max; i++)
		;
	return i;
}

size_t
worker_before_odd(const struct worker *w, const struct slice *rec, size_t n,
    size_t used)
{
	const struct input *in = w->crew->work->in;
	const struct format *f = w->shape.format;

	if (used > in->max_record)
		n = before_long(rec, n, in->max_record);
	return in->join == NULL ? n : f->open(&w->shape, rec, n);
}

void
worker_block(struct worker *w, off_t at, off_t to)
{
	const struct input *in = w->crew->work->in;
	struct piece *p = w->piece;
	off_t from = at;
	struct slice b = in->regular ? file_block(w, at, to, &from) :
	    (struct slice){ w->buf, w->n };
	size_t n, some, used;

	for (; b.n > 0 && !p->cut; b.p += used, b.n -= used) {
		n = scan_records(b.p, b.n, in->term, w->rec, VEC_MAX, &used);
		some = worker_before_odd(w, w->rec, n, used);
		if (some < n) {
			used = (size_t)(w->rec[some].p - b.p);
			p->cut = true;
		}
		if (some > 0)
			push(w, w->rec, some);
		p->bytes += used;
		p->end = from += (off_t)used;
	}
}

/* The worker can't go on.  It leaves its locks, if it has some, and the end to
   the main thread, which first sees to what comes before, the piece's batches
   that are over among it. */
static void
give_up(void *vw, int status, const char *why)
{
	struct worker *w = vw;
	struct crew *c = w->crew;

	(void)pthread_mutex_unlock(&c->lock);
	pthread_mutex_lock(&c->lock);
	if (c->dies == 0)
		snprintf(c->why, sizeof c->why, "%s", why);
	c->dies = c->dies != 0 ? c->dies : status;
	if (w->piece != NULL && w->piece->seq < c->dead)
		c->dead = w->piece->seq;
	if (w->piece != NULL && c->mode == WORK_BATCHES) {
		w->piece->cut = true;
		piece_done(w);
	}
	c->stop = true;
	c->running--;
	piece_wake(c);
	(void)!write(c->wake[1], "", 1);
	pthread_mutex_unlock(&c->lock);
	(void)pthread_mutex_unlock(&c->reads);
	for (;;)
		pause();
}

void *
worker_main(void *arg)
{
	struct worker *w = arg;
	struct crew *c = w->crew;
	off_t at, to;

	diag_heir(give_up, w);
	pthread_mutex_lock(&c->lock);
	while (piece_next(w, &at, &to)) {
		pthread_mutex_unlock(&c->lock);
		if (c->mode == WORK_BATCHES || c->mode == WORK_WINDOWS) {
			if (c->mode == WORK_BATCHES)
				batch_work(w, at, to);
			else
				window_work(w, at, to);
			pthread_mutex_lock(&c->lock);
			continue;
		}
		if (work_holds(c->mode) && w->piece->inst == NULL)
			w->piece->inst = instance_new(&w->chain, w->chain.from,
			    c->to, NULL);
		if (work_holds(c->mode))
			w->inst = w->piece->inst;
		w->inst->batch = &w->batch;
		w->inst->store = c->mode == WORK_REST ? &w->piece->passed :
		    NULL;
		worker_block(w, at, to);
		if (c->mode == WORK_SPREAD)
			spread_take(w);
		pthread_mutex_lock(&c->lock);
	}
	c->running--;
	(void)!write(c->wake[1], "", 1);
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* A feed of the worker's own, whose batches only records end. */
static void
worker_feed(struct worker *w, const struct feed *run)
{
	struct limits lim = batch_limits(&run->batcher.lim, &w->arena);

	lim.timeout = lim.gap = 0;
	feed_init(&w->feed, &w->chain, &lim, 0);
	diag_mute(true);
	if (feed_bind(&w->feed, &w->shape) != OK)
		abort();
	diag_mute(false);
	feed_stages(&w->feed);
}

void
worker_init(struct worker *w, struct crew *c)
{
	const struct work *k = c->work;
	const struct options *opt = k->chain->opt;
	bool batches = c->mode == WORK_BATCHES;
	const struct shape *out;

	w->crew = c;
	pthread_cond_init(&w->turn, NULL);
	w->opt = *opt;
	w->opt.arena = &w->arena;
	w->opt.diag = &w->diag;
	w->opt.bad = &w->bad;
	w->opt.claims = &w->claims;
	w->opt.outside = NULL;
	w->opt.jobs = 1;
	w->bad = *opt->bad;
	w->bad.told = 0;
	w->bad.line = (struct buf){ 0 };
	w->bad.tally = tally_new(&w->diag, &w->arena, opt->bad->tally->what);
	w->diag.turn.gathers = !batches;
	if (!batches)
		turn_begin(&w->diag.turn);
	w->shape = *k->shape;
	w->batch = k->feed->batcher.cur;
	diag_mute(true);
	if (chain_parse(&w->chain, k->words, &w->opt) != OK)
		abort();	/* the run's chain is made of the same */
	if (c->mode == WORK_REST || (c->mode == WORK_WINDOWS && !c->joins))
		w->chain.apart = c->to;
	if (chain_bind(&w->chain, &w->shape, k->header) != OK)
		abort();
	diag_mute(false);
	w->chain.out = &w->out;
	w->out.opt = &w->opt;
	w->out.fd = -1;
	w->out.holds = batches;
	w->out.batch_end = k->out->batch_end;
	w->out.batch_endlen = k->out->batch_endlen;
	if (c->mode == WORK_OUTPUT || batches) {
		out = chain_shape(&w->chain, &w->shape);
		out_bind(&w->out, out, chain_header(&w->shape, out,
		    k->header));
		encode_follow(&w->out.encode, &k->out->encode);
		carry_out(&w->chain);
	}
	if (batches)
		worker_feed(w, k->feed);
	else if (c->mode == WORK_WINDOWS)
		window_init(w);
	else if (!work_holds(c->mode))
		w->inst = instance_new(&w->chain, w->chain.from, c->to, NULL);
	if (c->mode == WORK_SPREAD)
		spread_attach(w);
	turn_stages(&w->diag.turn, w->chain.n + 2);
	diag_join(&w->diag, opt->diag);
}

void
worker_seen(const struct worker *w, const struct crew *c)
{
	struct take *key = &c->work->feed->batcher.take;
	size_t i, j;

	if (w->chain.status != 0)
		c->work->chain->status = w->chain.status;
	for (i = 0; c->mode == WORK_BATCHES && i < key->n; i++)
		key->want[i].seen |= w->feed.batcher.take.want[i].seen;
	for (i = w->chain.from; i < c->to; i++) {
		const struct stage *from = &w->chain.stage[i];
		struct stage *to = &c->work->chain->stage[i];

		to->pushed |= from->pushed;
		for (j = 0; j < from->take.n; j++)
			to->take.want[j].seen |= from->take.want[j].seen;
	}
}

void
worker_free(struct worker *w)
{
	pthread_cond_destroy(&w->turn);
	if (!work_holds(w->crew->mode))
		instance_free(w->inst);
	feed_free(&w->feed);
	window_fini(w);
	chain_free(&w->chain);
	out_free(&w->out);
	turn_free(&w->diag.turn);
	buf_free(&w->bad.line);
	arena_free(&w->arena);
	free(w->buf);
}
