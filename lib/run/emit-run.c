/* emit-run.c - what a stage asks of the run and tells it */
#include "mbatch.h"
#include "lib/format/bad.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"

int
emit_bad(struct emit *e, struct slice rec, uint64_t num, const char *why,
    size_t at)
{
	return bad_record(e->inst->chain->opt, rec, num, why, at);
}

int
emit_done(struct emit *e, uint64_t num)
{
	e->last = num;
	return DONE;
}

int
emit_end(struct emit *e, uint64_t num, int status)
{
	struct chain *c = e->inst->chain;

	if (turn_end(e->inst->turn, num, status))
		return emit_done(e, num);
	c->stop = status;
	return OK;
}

size_t
emit_counted(struct emit *e, const struct vec *v)
{
	emit_drain(e);
	return nums_upto(v->num, v->n, turn_limit(e->inst->turn, e->k + 1));
}

struct buf *
emit_buf(struct emit *e)
{
	e->text.n = 0;
	return &e->text;
}

void
emit_stop(struct emit *e, int status)
{
	e->inst->chain->stop = status;
}

void
emit_status(struct emit *e, int status)
{
	e->inst->chain->status = status;
}

bool
emit_plain(const struct emit *e, char *term)
{
	const struct chain *c = e->inst->chain;

	*term = c->opt->term;
	return e->k + 1 == c->n && e->stage->link == NULL &&
	    e->inst->store == NULL && out_plain(c->out);
}

int
emit_text(struct emit *e, struct buf *text, uint64_t records)
{
	e->status = out_text(e->inst->chain->out, text, records);
	return e->status;
}

int
emit_output(struct emit *e, const char *p, size_t n)
{
	return out_raw(e->inst->chain->out, p, n);
}

bool
emit_output_failed(const struct emit *e)
{
	return e->inst->chain->out->failed;
}

int
emit_output_dead(struct emit *e)
{
	e->inst->chain->out->failed = e->inst->chain->out->dead = true;
	return FAIL;
}

struct slice
emit_batch_end(struct emit *e)
{
	struct out *o = e->inst->chain->out;

	o->buf.n = 0;			/* a sink has no other use for it */
	if (o->batch_end != NULL) {
		buf_add(&o->buf, o->batch_end, o->batch_endlen);
		buf_char(&o->buf, o->opt->term);
	}
	return buf_text(&o->buf);
}

const struct batch *
emit_batch(const struct emit *e)
{
	return e->inst->batch;
}
