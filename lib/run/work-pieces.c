/* work-pieces.c - who works on what, and what came of it */
#include <stdlib.h>
#include <unistd.h>

#include "lib/run/work-inner.h"

struct piece *
piece_new(struct crew *c)
{
	struct piece *p = c->spare;

	if (p == NULL)
		return mem_zero(sizeof *p);
	c->spare = p->next;
	p->next = NULL;
	p->records = p->bytes = 0;
	p->sum = (struct feed_sum){ .records = 0 };
	p->stop = 0;
	p->opens = false;
	p->cut = p->done = false;
	return p;
}

void
piece_free(struct piece *p)
{
	struct piece *next;

	for (; p != NULL; p = next) {
		next = p->next;
		instance_free(p->inst);
		turn_free(&p->told);
		buf_free(&p->text);
		free(p->due.end);
		free(p->head.part);
		free(p->body.part);
		window_list_free(&p->part.list);
		free(p->part.mark);
		store_fini(&p->passed);
		free(p);
	}
}

/* What the worker reads is its next piece; one worker reads at a time.  The
   lock is held, but not meanwhile. */
static bool
read_next(struct crew *c, struct worker *w)
{
	bool more = !c->stop;

	pthread_mutex_unlock(&c->lock);
	if (more)
		more = pipe_next(c, w);
	pthread_mutex_lock(&c->lock);
	c->stop |= !more;
	return more;
}

/* The next block, a piece of its own, once there is room for its result. */
static bool
next_block(struct crew *c, struct worker *w)
{
	bool file = c->work->in->regular, more;
	struct piece *p;

	while (!c->stop && c->held >= 2 * c->n + 2)
		pthread_cond_wait(&c->room, &c->lock);
	if (!file) {
		pthread_mutex_unlock(&c->lock);
		pthread_mutex_lock(&c->reads);
		pthread_mutex_lock(&c->lock);
	}
	if (c->mode == WORK_BATCHES)
		lump_begin(w);
	more = file ? !c->stop && c->next < c->end : read_next(c, w);
	if (more) {
		w->piece = p = piece_new(c);
		p->at = p->end = p->to = 0;
		p->seq = c->given++;
		if (file) {
			p->at = p->end = c->next;
			c->next += (off_t)c->block;
			p->to = c->next < c->end ? c->next : c->end;
		}
		*c->last = p;
		c->last = &p->next;
		c->held++;
	} else if (c->mode == WORK_BATCHES) {
		lump_end(w);
	}
	if (!file)
		pthread_mutex_unlock(&c->reads);
	return more;
}

bool
piece_wait(struct worker *w)
{
	struct crew *c = w->crew;
	uint64_t seq = w->piece->seq;
	bool mine;

	pthread_mutex_lock(&c->lock);
	while (c->passed != seq && seq <= c->dead)
		pthread_cond_wait(&w->turn, &c->lock);
	mine = c->passed == seq;
	pthread_mutex_unlock(&c->lock);
	return mine;
}

struct worker *
piece_worker(const struct crew *c, uint64_t seq)
{
	struct worker *w = c->worker, *end = w + c->started;

	while (w < end && (w->piece == NULL || w->piece->seq != seq))
		w++;
	return w < end ? w : NULL;
}

void
piece_passed(struct worker *w, bool stop)
{
	struct crew *c = w->crew;

	pthread_mutex_lock(&c->lock);
	c->stop |= stop;
	w = piece_worker(c, ++c->passed);
	if (w != NULL)
		pthread_cond_signal(&w->turn);
	pthread_mutex_unlock(&c->lock);
}

void
piece_wake(struct crew *c)
{
	size_t i;

	for (i = 0; i < c->started; i++)
		pthread_cond_signal(&c->worker[i].turn);
}

/* What the last stage holds of the piece is handed on.  The lock is held, but
   not meanwhile. */
static void
flush(struct worker *w)
{
	if ((w->chain.stage[w->crew->to - 1].op.traits & OP_HOLD) == 0)
		return;
	pthread_mutex_unlock(&w->crew->lock);
	(void)instance_flush(w->inst, &w->batch);
	pthread_mutex_lock(&w->crew->lock);
}

void
piece_done(struct worker *w)
{
	struct piece *p = w->piece;
	struct buf text = p->text;
	struct due due = p->due;

	p->text = w->out.buf;
	p->due = w->out.due;
	p->written = w->out.encode.is.records - w->written;
	w->written += p->written;
	w->out.buf = text;
	w->out.due = due;
	w->out.buf.n = w->out.due.n = 0;
	if (w->crew->mode == WORK_OUTPUT || w->crew->mode == WORK_BATCHES)
		buf_room(&w->out.buf, w->crew->block);	/* once */
	p->done = true;
	w->piece = NULL;
}

/* What came of the worker's piece, and was told of it, goes to it. */
static void
end_piece(struct worker *w)
{
	struct piece *p = w->piece;

	diag_hold(&w->diag);
	if (w->diag.turn.gathers)
		turn_move(&w->diag.turn, &p->told);
	p->unread = w->bad.told;
	w->bad.told = 0;
	piece_done(w);
}

bool
piece_next(struct worker *w, off_t *at, off_t *to)
{
	struct crew *c = w->crew;
	off_t block = (off_t)c->block;
	struct piece *p = w->piece;

	if (p != NULL && (p->cut || p->at >= p->to || c->stop)) {
		if (c->mode == WORK_REST)
			flush(w);
		end_piece(w);
		if (c->mode != WORK_RANGES && p == c->first)
			(void)!write(c->wake[1], "", 1);
	}
	if (c->stop && w->piece == NULL)
		return false;
	if (w->piece == NULL && !(c->mode == WORK_RANGES ?
	    file_steal(c, w) : next_block(c, w)))
		return false;
	p = w->piece;
	*at = p->at;
	*to = p->to - p->at > block ? p->at + block : p->to;
	p->at = *to;
	return true;
}
