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
	c->taken = mem_zero(c->parts * sizeof *c->taken);
}

void
spread_attach(struct worker *w)
{
	const struct crew *c = w->crew;
	const struct stage *s = &w->chain.stage[c->to - 1];

	s->op.parts->attach(w->inst->st[c->to - 1], s->conf, whole(c));
}

/* What comes behind a piece that was cut never has its turn. */
void
spread_take(struct worker *w)
{
	struct crew *c = w->crew;
	const struct stage *s = &w->chain.stage[c->to - 1];
	struct piece *p = w->piece;
	size_t k;

	if (p->cut) {
		pthread_mutex_lock(&c->lock);
		c->dead = p->seq < c->dead ? p->seq : c->dead;
		pthread_cond_broadcast(&c->turns);
		pthread_mutex_unlock(&c->lock);
	}
	for (k = 0; k < c->parts && piece_wait(w, &c->taken[k]); k++) {
		s->op.parts->take(w->inst->st[c->to - 1], s->conf, k);
		if (!p->cut)
			piece_passed(w, &c->taken[k], false);
	}
}
