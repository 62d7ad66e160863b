/* work-settle.c - what came of pieces becomes the run's, in order */
#include "lib/run/work-inner.h"

/* The records that came of a piece go on, with what was told of it. */
static int
settle_rest(struct crew *c, struct piece *p)
{
	const struct work *k = c->work;
	struct store *r = &p->passed;
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX], base = k->feed->records;
	size_t i, n;
	int st = OK;

	feed_front(k->feed, &p->told, p->bytes);
	for (i = 0; i < r->n && st == OK; i += n) {
		for (n = 0; n < VEC_MAX && i + n < r->n; n++) {
			rec[n] = store_get(r, i + n);
			num[n] = base + r->rec[i + n].num;
		}
		st = feed_rest(k->feed, c->rest, &(struct vec){ .n = n,
		    .rec = rec, .num = num });
	}
	if (st == OK)
		st = feed_rest_end(k->feed, base + p->records);
	if (st == OK)
		st = feed_time(k->feed);
	store_reset(r);
	return st == DONE ? OK : st;
}

/* What came of batches is written, as each of them closed: of those up to what
   could be told. */
static int
settle_batches(struct crew *c, struct piece *p, bool told)
{
	const struct work *k = c->work;
	size_t i, from = 0, n = told ? p->due.n : (size_t)p->told.reached;
	int st = OK;

	feed_batches(k->feed, &p->sum);
	k->out->encode.is.records += p->written;
	for (i = 0; i < n && st == OK; from = p->due.end[i++])
		st = out_join(k->out, (struct slice){ p->text.p + from,
		    p->due.end[i] - from }, 0);
	if (st != OK || !told)
		return FAIL;
	if (p->stop == 0)
		return OK;
	k->chain->stop = p->stop;
	k->feed->ended = true;
	return DONE;
}

/* The run's open batch ends in the piece. */
static int
settle_open(struct crew *c, struct piece *p)
{
	struct feed *f = c->work->feed;
	int st = batch_feed(f, &p->head, p->reason);

	f->at = f->cut = NULL;
	pthread_mutex_lock(&c->lock);
	parts_leave(c, &p->head);
	pthread_mutex_unlock(&c->lock);
	return st;
}

/* The windows that a piece's records came to are the run's; those that its
   newest time leaves behind close. */
static int
settle_windows(struct crew *c, struct piece *p)
{
	p->part.records = p->records;
	p->part.bytes = p->bytes;
	return feed_windows(c->work->feed, &p->told, &p->part,
	    c->joins ? c->to - 1 : c->to, c->joins);
}

/* What came of a piece becomes the run's. */
static int
settle(struct crew *c, struct piece *p, off_t *to)
{
	const struct work *k = c->work;
	const struct stage *last;
	bool told;
	int st;

	p->told.base = c->mode == WORK_BATCHES ? 0 : k->feed->records;
	k->chain->opt->bad->told += p->unread;
	*to = p->end > *to ? p->end : *to;
	if (c->mode != WORK_BATCHES && (st = feed_came(k->feed)) != OK)
		return st;
	if (p->opens && (st = settle_open(c, p)) != OK)
		return st;
	if (c->mode == WORK_REST)
		return settle_rest(c, p);
	if (c->mode == WORK_WINDOWS)
		return settle_windows(c, p);
	told = turn_settle(&p->told, TURN_ALL, true) == OK;
	if (c->mode == WORK_BATCHES)
		return settle_batches(c, p, told);
	if (!told)
		return FAIL;
	feed_count(k->feed, p->records, p->bytes);
	if (c->mode == WORK_SPREAD)
		return OK;
	if (!work_holds(c->mode))
		return out_join(k->out, buf_text(&p->text), p->written);
	if (p->inst == NULL)
		return OK;
	last = &k->chain->stage[c->to - 1];
	last->op.join(k->feed->tail->st[c->to - 1], last->conf,
	    p->inst->st[c->to - 1], p->told.base);
	return OK;
}

int
piece_settle(struct crew *c, off_t *to)
{
	struct piece *p;
	int st = OK;

	while (st == OK && !c->cut && (p = c->first) != NULL && p->done) {
		pthread_mutex_unlock(&c->lock);
		st = settle(c, p, to);
		instance_free(p->inst);
		p->inst = NULL;
		pthread_mutex_lock(&c->lock);
		c->cut = p->cut || p->at < p->to;
		c->first = p->next;
		if (c->first == NULL)
			c->last = &c->first;
		p->next = c->spare;
		c->spare = p;
		c->held--;
		pthread_cond_signal(&c->room);
	}
	return st;
}
