/* instance.c - the states of a chain's stages, and records going through */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"
#include "lib/run/keep.h"

enum { STAYS = OP_ACROSS | OP_EFFECT };	/* DONE does not pass these */

struct instance *
instance_new(struct chain *c, size_t from, size_t to, struct instance *next)
{
	struct instance *in = mem_zero(sizeof *in);
	size_t k;

	in->chain = c;
	in->from = from;
	in->to = to;
	in->next = next;
	in->st = mem_zero(c->n * sizeof *in->st);
	in->arena = mem_zero(c->n * sizeof *in->arena);
	in->closed = mem_zero(c->n * sizeof *in->closed);
	for (k = from; k < to; k++) {
		const struct stage *s = &c->stage[k];

		in->st[k] = mem_zero(s->op.state_size);
		if (s->op.init != NULL)
			s->op.init(in->st[k], s->conf, &in->arena[k]);
	}
	return in;
}

void
instance_free(struct instance *in)
{
	size_t k;

	if (in == NULL)
		return;
	for (k = in->from; k < in->to; k++) {
		const struct stage *s = &in->chain->stage[k];

		if (s->op.fini != NULL)
			s->op.fini(in->st[k], s->conf);
		free(in->st[k]);
		arena_free(&in->arena[k]);
	}
	free(in->st);
	free(in->arena);
	free(in->closed);
	free(in);
}

/* Records that couldn't be read leave the vector and its columns. */
static int
drop_bad(struct instance *in, struct stage *s, struct vec *v)
{
	struct take *t = &s->take;
	struct slice *rec = s->good->rec;
	uint64_t *num = s->good->num;
	size_t i, k, b = 0, n = 0;

	for (i = 0; i < v->n; i++) {
		if (b < t->nbad && t->bad[b].i == i) {
			if (bad_record(in->chain->opt, v->rec[i], v->num[i],
			    t->bad[b].why, t->bad[b].at) != OK)
				return FAIL;
			b++;
			continue;
		}
		for (k = 0; k < t->n; k++)
			t->want[k].col[n] = t->want[k].col[i];
		rec[n] = v->rec[i];
		num[n++] = v->num[i];
	}
	v->rec = rec;
	v->num = num;
	v->n = n;
	v->contig = false;
	return OK;
}

/* The stage's fields, for the records that can be read. */
static int
take_fields(struct instance *in, struct stage *s, struct vec *v)
{
	take_run(&s->take, v->rec, v->n);
	v->col = s->take.col;
	if (s->take.nbad == 0)
		return OK;
	if (s->good == NULL)
		s->good = mem_alloc(sizeof *s->good);
	return drop_bad(in, s, v);
}

int
instance_push_at(struct instance *in, size_t k, struct vec *v)
{
	struct stage *s;
	int r, below;

	if (k == in->to) {
		if (in->hold != NULL) {
			keep_vec(in->hold, v);
			return OK;
		}
		if (in->next != NULL)
			return instance_push_at(in->next, k, v);
		return out_vec(in->chain->out, v);
	}
	if (in->closed[k])
		return DONE;
	s = &in->chain->stage[k];
	if (s->take.n > 0 && take_fields(in, s, v) != OK)
		return FAIL;
	if (v->n == 0)
		return OK;
	v->shape = &s->in;
	v->batch = in->batch;
	s->pushed = true;
	emit_begin(s->emit, in);
	r = s->op.push == NULL ? emit_run(s->emit, v, 0, v->n) :
	    s->op.push(in->st[k], s->conf, v, s->emit);
	below = emit_drain(s->emit);
	if (r == FAIL || below == FAIL)
		return FAIL;
	if (below == DONE && (s->op.traits & STAYS) != 0)
		return OK;
	in->closed[k] = r == DONE || below == DONE;
	return in->closed[k] ? DONE : OK;
}

int
instance_push(struct instance *in, struct vec *v)
{
	return instance_push_at(in, in->from, v);
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
	else
		memset(in->st[k], 0, s->op.state_size);
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
		emit_begin(s->emit, in);
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
		emit_begin(s->emit, in);
		if (s->op.ready(in->st[k], s->conf, s->emit) == FAIL ||
		    emit_drain(s->emit) == FAIL)
			return FAIL;
	}
	return OK;
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
		emit_begin(s->emit, in);
		if (s->op.end(in->st[k], s->conf, s->emit, ok) != OK)
			r = FAIL;
	}
	return r;
}
