/* work-spread.c - one state in parts, to which all workers add in turn */
#include <stdlib.h>

#include "lib/run/work-inner.h"

static const struct stage *
last(const struct crew *c)
{
	return &c->work->chain->stage[c->to - 1];
}

static void *
whole(const struct crew *c)
{
	return c->work->feed->tail->st[c->to - 1];
}

void
spread_begin(struct crew *c)
{
	const struct stage *s = last(c);

	c->parts = s->op.parts->open(whole(c), s->conf, c->n);
	c->take = mem_zero(c->parts * sizeof *c->take);
}

void
spread_attach(struct worker *w)
{
	const struct crew *c = w->crew;
	const struct stage *s = &w->chain.stage[c->to - 1];

	s->op.parts->attach(w->inst->st[c->to - 1], s->conf, whole(c));
}

/* Who has what is next for part k, NULL: nobody, not yet or never. */
static struct worker *
next(const struct crew *c, size_t k)
{
	uint64_t seq = c->take[k].taken;
	struct worker *w = seq <= c->dead ? piece_worker(c, seq) : NULL;

	return w != NULL && w->piece->left > 0 ? w : NULL;
}

/* A part that nobody has, and for which there is something; from k on, so that
   a worker comes to the same ones again. */
static size_t
find(const struct crew *c, size_t k)
{
	const struct worker *w = c->worker, *end = w + c->started;
	const struct piece *p;
	size_t i;

	for (; w < end; w++) {
		p = w->piece;
		if (p == NULL || p->left == 0 || p->seq > c->dead)
			continue;
		for (i = k; i < k + c->parts; i++)
			if (c->take[i % c->parts].taken == p->seq &&
			    !c->take[i % c->parts].busy)
				return i % c->parts;
	}
	return c->parts;
}

/* All that there is for part k.  The lock is held, but not meanwhile. */
static void
take(struct worker *w, size_t k)
{
	struct crew *c = w->crew;
	const struct stage *s = &w->chain.stage[c->to - 1];
	struct take_turn *t = &c->take[k];
	struct worker *from;
	struct piece *p;

	t->busy = true;
	while ((from = next(c, k)) != NULL && c->dies == 0) {
		p = from->piece;	/* which from leaves where one dies */
		pthread_mutex_unlock(&c->lock);
		s->op.parts->take(w->inst->st[c->to - 1], s->conf, k,
		    from->inst->st[c->to - 1]);
		pthread_mutex_lock(&c->lock);
		t->taken++;
		if (--p->left == 0)
			pthread_cond_signal(&from->turn);
	}
	t->busy = false;
}

/* What comes behind a piece that was cut is never taken. */
void
spread_take(struct worker *w)
{
	struct crew *c = w->crew;
	struct piece *p = w->piece;
	size_t k = (size_t)(w - c->worker) * c->parts / c->n;

	pthread_mutex_lock(&c->lock);
	p->left = c->parts;
	if (p->cut && p->seq < c->dead)
		c->dead = p->seq;
	piece_wake(c);
	while (p->left > 0 && p->seq <= c->dead && c->dies == 0) {
		k = find(c, k % c->parts);
		if (k < c->parts)
			take(w, k);
		else
			pthread_cond_wait(&w->turn, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
}
