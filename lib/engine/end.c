/*
 * end.c - the end of a run: what is left is written, what is open is closed
 */
#include <errno.h>
#include <inttypes.h>

#include "lib/base/signal.h"
#include "lib/engine/engine.h"

void
run_stats(struct run *r, int64_t took)
{
	const struct feed *f = &r->feed;
	const struct runs *runs = &r->cmd.runs;
	uint64_t bad = bad_count(&r->cmd.bad);
	uint64_t records = f->records - r->state.last.records;
	uint64_t batches = f->batches - r->state.last.batches;
	const char *by = "";
	size_t i;

	for (i = 0; i <= BY_SIGNAL; i++)
		if (f->closed[i] > 0)
			by = arena_printf(&r->arena, "%s%s%" PRIu64 " by %s",
			    by, *by == '\0' ? ": " : ", ", f->closed[i],
			    reason_name((enum reason)i));
	diag_warn("%" PRIu64 " record%s, %" PRIu64 " byte%s", records,
	    diag_plural(records, "s"), f->bytes, diag_plural(f->bytes, "s"));
	diag_warn("%" PRIu64 " batch%s%s", batches,
	    diag_plural(batches, "es"), by);
	diag_warn("%" PRIu64 " bad record%s", bad, diag_plural(bad, "s"));
	if (r->cmd.opt.merge)
		diag_warn("%" PRIu64 " run%s, of %" PRIu64 " records, %" PRIu64
		    " bytes, %" PRIu64 " bad records%s", runs->n,
		    diag_plural(runs->n, "s"), runs->all.records,
		    runs->all.bytes, runs->all.bad, r->cmd.opt.part ?
		    "; only part of their states was to come (--part)" : "");
	diag_quiet(&r->diag);
	diag_warn("%.3f s, %.0f records/s", (double)took / 1e9, took == 0 ? 0 :
	    (double)records * 1e9 / (double)took);
}

/* All that was written is safe: so is the state that says so. */
static int
keep_state(struct run *r, int st)
{
	const struct input *in = &r->in;
	const char *at = r->feed.at;

	if (!r->state.on)
		return st;
	if (r->signal != 0 || st != OK)
		return state_keep(&r->state, &r->feed, &r->out) == OK ? st :
		    FAIL;
	if (r->chain.stop == 0)
		return state_commit(&r->state, &r->out, in->keeps && in->eof ?
		    input_offset(in) : -1);
	return at == NULL ? OK :
	    state_commit(&r->state, &r->out, input_at(&r->in, at));
}

bool
run_unread(const struct run *r)
{
	const struct badness *bad = &r->cmd.bad;
	uint64_t records = r->feed.records - r->state.last.records;

	return !bad->given && records > 0 && bad_count(bad) >= records;
}

/* The line that says how the run went whose states were written. */
static int
end_states(struct run *r, int st)
{
	struct run_totals all = { r->feed.records, r->feed.bytes,
	    bad_count(&r->cmd.bad) };
	struct buf line = { 0 };
	const char *why = st == FAIL ? "failed" : r->signal != 0 ?
	    arena_printf(&r->arena, "signal-%d", r->signal) :
	    r->chain.stop != 0 ? arena_printf(&r->arena, "status-%d",
	    r->chain.stop) : run_unread(r) ? "unread" : "eof";

	if (r->out.failed)
		return FAIL;
	runs_end(&r->cmd.runs, &r->cmd.opt, why, &all, &line);
	if (out_raw(&r->out, line.p, line.n) != OK)
		st = FAIL;
	buf_free(&line);
	return st;
}

/* A state that comes behind its run's watermark was not written so. */
static void
check_order(struct run *r)
{
	struct runs *runs = &r->cmd.runs;

	if (!runs->live || runs->early || r->feed.windows.overdue->n == 0)
		return;
	diag_warn("--merge: states came behind their run's watermark: the "
	    "lines are not in the order in which they were written");
	runs->wrong = true;
}

/* A part of --range that ends in a quote: then it does not end at a record's,
   or one is not closed anywhere. */
static int
tell_torn(const struct run *r)
{
	const struct command *c = &r->cmd;

	diag_warn("--range: part %" PRIu64 "/%" PRIu64 " ends within the "
	    "quotes of a record, and the next one begins there; cut the file "
	    "into another number of parts", c->runs.part.k, c->runs.part.n);
	return c->bad.given && c->bad.what != BAD_FAIL ? OK : FAIL;
}

int
run_finish(struct run *r, int st)
{
	struct feed *f = &r->feed;
	const struct options *o = &r->cmd.opt;
	bool leaves = r->state.places && r->signal != 0;

	if (st == FAIL)
		(void)turn_settle(&r->diag.turn, TURN_ALL, true);
	else if (f->tail == NULL && !r->state.places) {
		r->shape.closed = true;	/* no header: no field at all */
		st = run_bind(r);
	}
	if (st != FAIL && r->in.torn)
		st = tell_torn(r);
	if (st != FAIL && o->merge) {
		check_order(r);
		st = runs_check(&r->cmd.runs, o);
	}
	if (st != FAIL)
		st = leaves || f->tail == NULL ? OK :
		    feed_end(f, r->signal != 0 ? BY_SIGNAL : BY_EOF);
	if (st == OK && !leaves)
		st = out_end(&r->out);
	if (o->partial && !r->misused)
		st = end_states(r, st);
	if (st == OK && r->state.on && f->tail != NULL)
		state_remember(&r->state, f);
	if (f->tail != NULL && instance_end(f->tail, st == OK) != OK)
		st = FAIL;
	if (bad_close(&r->cmd.bad) != OK)
		st = FAIL;
	if (st == OK && r->state.places)
		st = out_sync(&r->out);
	if (!r->state.again && out_close(&r->out) != OK)
		st = FAIL;
	if (r->state.sink ? st == OK || r->chain.stop != 0 : st == OK)
		st = keep_state(r, st);
	if (r->out.dead) {
		signal_pipe();
		errno = EPIPE;
		diag_errno("standard output");
	}
	return st;
}
