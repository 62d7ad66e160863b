/* instance.c - the states of a chain's stages, and records going through */
#include <poll.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"
#include "lib/run/store.h"

enum { STAYS = OP_ACROSS | OP_EFFECT };	/* DONE does not pass these */

static void
init_stage(struct instance *in, size_t k)
{
	const struct stage *s = &in->chain->stage[k];

	in->st[k] = mem_zero(s->op.state_size);
	if (s->op.init != NULL)
		s->op.init(in->st[k], s->conf, &in->arena[k]);
}

struct instance *
instance_new(struct chain *c, size_t from, size_t to, struct instance *next)
{
	struct instance *in = mem_zero(sizeof *in);
	size_t k;

	in->chain = c;
	in->turn = &c->opt->diag->turn;
	in->from = from;
	in->to = to;
	in->next = next;
	in->st = mem_zero(c->n * sizeof *in->st);
	in->arena = mem_zero(c->n * sizeof *in->arena);
	in->closed = mem_zero(c->n * sizeof *in->closed);
	for (k = from; k < to; k++)
		init_stage(in, k);
	return in;
}

static void
free_stage(struct instance *in, size_t k)
{
	const struct stage *s = &in->chain->stage[k];

	if (s->op.fini != NULL)
		s->op.fini(in->st[k], s->conf);
	free(in->st[k]);
	arena_free(&in->arena[k]);
}

void
instance_renew(struct instance *in, size_t k)
{
	free_stage(in, k);
	init_stage(in, k);
}

void
instance_free(struct instance *in)
{
	size_t k;

	if (in == NULL)
		return;
	for (k = in->from; k < in->to; k++)
		free_stage(in, k);
	free(in->st);
	free(in->arena);
	free(in->closed);
	free(in);
}

/* The stage's fields, for the records that can be read. */
static int
take_fields(struct instance *in, struct stage *s, struct vec *v)
{
	int r;

	take_run(&s->take, v->rec, v->n);
	v->col = s->take.col;
	v->number = NULL;
	v->token = NULL;
	if (s->take.nbad == 0)
		return OK;
	r = bad_drop(in->chain->opt, &s->take, 0, v, &s->room);
	if (r == DONE)
		take_counted(&s->take, v->rec, v->n);
	return r;
}

/* Where the records go that passed the last stage. */
static int
leave(struct instance *in, struct vec *v)
{
	if (in->store != NULL) {
		v->columns = false;
		store_vec(in->store, v, NULL);
		return OK;
	}
	if (in->next != NULL)
		return instance_push_at(in->next, in->to, v);
	return out_vec(in->chain->out, v);
}

/* The stage wants no more behind record last: neither do those above, up to one
   that must see all. */
static void
close_above(struct instance *in, size_t k, uint64_t last)
{
	const struct chain *c = in->chain;
	size_t from = k;

	while (from > c->from &&
	    (c->stage[from - 1].op.traits & STAYS) == 0)
		from--;
	turn_last(in->turn, from + 1, last);
}

/* What was seen in records that don't count was not seen. */
static void
forget(struct instance *in, size_t k, const struct vec *v)
{
	size_t n = nums_upto(v->num, v->n, turn_limit(in->turn, k + 1));

	if (v->taken)
		return;		/* all was seen before */
	if (n < v->n && v->carried != NULL)
		carry_counted(&in->chain->stage[k], v, n);
	else if (n < v->n)
		take_counted(&in->chain->stage[k].take, v->rec, n);
}

/* The hook, and what it handed on.  DONE: the stage wants no more of the batch,
   or nobody below it. */
static int
run_stage(struct instance *in, size_t k, struct vec *v)
{
	struct stage *s = &in->chain->stage[k];
	struct emit *e = s->emit;
	int r, below;

	v->shape = &s->in;
	v->columns = s->link != NULL;
	v->batch = in->batch;
	s->pushed = true;
	emit_begin(e, in, v);
	r = s->op.push == NULL ? emit_run(e, v, 0, v->n) :
	    s->op.push(in->st[k], s->conf, v, e);
	below = emit_drain(e);
	if (r == FAIL || below == FAIL)
		return FAIL;
	if (r == DONE && e->last != TURN_ALL)
		close_above(in, k, e->last);
	else if (below == DONE && (s->op.traits & STAYS) != 0)
		r = below = OK;
	if (in->turn->cut)
		forget(in, k, v);
	return r == DONE ? DONE : below;
}

int
instance_push_at(struct instance *in, size_t k, struct vec *v)
{
	struct stage *s, *prev;
	int bad = OK, r;

	in->turn->stage = k + 1;
	if (k < in->to && in->closed[k])
		return DONE;
	s = k < in->to ? &in->chain->stage[k] : NULL;
	prev = v->carried != NULL ? &in->chain->stage[k - 1] : NULL;
	if (prev != NULL && s == NULL && prev->link->leaves &&
	    encode_fits(&in->chain->out->encode) &&
	    carry_take(in->chain->leaves, v))
		return leave(in, v);
	if (prev != NULL && (s == NULL || s->carry == NULL ||
	    !carry_take(s, v))) {
		if (prev->link->changes > 0)
			return emit_rewrite(prev->emit, v);
		v->carried = NULL;	/* their text is there */
	}
	if (s == NULL)
		return leave(in, v);
	if (v->carried == NULL && !v->taken && s->take.n > 0 &&
	    (bad = take_fields(in, s, v)) == FAIL)
		return FAIL;
	r = v->n == 0 ? OK : run_stage(in, k, v);
	if (r == OK)
		r = bad;
	if (r == DONE)
		in->closed[k] = true;
	return r;
}

int
instance_push(struct instance *in, struct vec *v)
{
	int r;

	turn_part(in->turn);
	r = instance_push_at(in, in->from, v);
	if (in->turn->cut) {
		in->last = turn_limit(in->turn, in->from + 1);
		turn_counted(in->turn);
	}
	return r;
}

int
instance_push_store(struct instance *in, struct store *k)
{
	struct vec_room *room = k->n == 0 ? NULL : mem_alloc(sizeof *room);
	struct vec v;
	size_t i = 0;
	int r = OK;

	while (i < k->n && r == OK) {
		i = store_take(k, i, 0, room, &v);
		r = instance_push(in, &v);
	}
	store_reset(k);
	free(room);
	return r == FAIL ? FAIL : OK;
}

int
chain_settle(struct chain *c, uint64_t upto)
{
	struct turn *t = &c->opt->diag->turn;
	int status = 0, r;

	if (turn_ends(t, upto, &upto, &status) && status == EXIT_RUN)
		(void)out_cut(c->out);
	r = turn_settle(t, upto, status != 0);
	if (r != OK || status == EXIT_RUN)
		return FAIL;
	if (status == 0)
		return OK;
	c->stop = status;
	return DONE;
}

static void
reset_stage(struct instance *in, size_t k)
{
	const struct stage *s = &in->chain->stage[k];

	in->closed[k] = false;
	if ((s->op.traits & OP_ACROSS) != 0)
		return;
	if (s->op.reset != NULL)
		s->op.reset(in->st[k], s->conf);
	arena_reset(&in->arena[k]);
}

int
instance_flush(struct instance *in, const struct batch *b)
{
	size_t k;
	int r;

	in->batch = b;
	for (k = in->from; k < in->to; k++) {
		struct stage *s = &in->chain->stage[k];

		r = OK;
		emit_begin(s->emit, in, NULL);
		if (s->op.flush != NULL)
			r = s->op.flush(in->st[k], s->conf, b, s->emit);
		if (emit_drain(s->emit) == FAIL || r == FAIL)
			return FAIL;
	}
	for (k = in->from; k < in->to; k++)
		reset_stage(in, k);
	return OK;
}

size_t
instance_watch(struct instance *in, struct pollfd *fd, size_t max,
    int64_t *wake)
{
	size_t k, n = 0;

	for (k = in->from; k < in->to; k++) {
		const struct stage *s = &in->chain->stage[k];

		if (s->op.watch != NULL)
			n += s->op.watch(in->st[k], fd + n, max - n, wake);
	}
	return n;
}

int
instance_ready(struct instance *in)
{
	size_t k;

	for (k = in->from; k < in->to; k++) {
		struct stage *s = &in->chain->stage[k];

		if (s->op.ready == NULL)
			continue;
		emit_begin(s->emit, in, NULL);
		if (s->op.ready(in->st[k], s->conf, s->emit) == FAIL ||
		    emit_drain(s->emit) == FAIL)
			return FAIL;
	}
	return OK;
}

int
instance_timer(struct instance *in, int64_t mono)
{
	size_t k;
	int r = OK, st;

	for (k = in->from; k < in->to; k++) {
		struct stage *s = &in->chain->stage[k];

		if (s->op.timer == NULL)
			continue;
		emit_begin(s->emit, in, NULL);
		st = s->op.timer(in->st[k], s->conf, mono, s->emit);
		if (st == FAIL || emit_drain(s->emit) == FAIL)
			return FAIL;
		if (st == DONE)
			r = DONE;
	}
	return r;
}

int
instance_end(struct instance *in, bool ok)
{
	size_t k;
	int r = OK;

	for (k = in->from; k < in->to; k++) {
		struct stage *s = &in->chain->stage[k];

		if (s->op.end == NULL)
			continue;
		emit_begin(s->emit, in, NULL);
		if (s->op.end(in->st[k], s->conf, s->emit, ok) != OK)
			r = FAIL;
	}
	return r;
}
