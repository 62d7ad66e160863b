/*
 * take.c - what was read goes to the chain
 */
#include <inttypes.h>
#include <poll.h>

#include "lib/agg/partial.h"
#include "lib/engine/engine.h"
#include "lib/format/fmt.h"
#include "lib/format/lookup.h"
#include "lib/read/packed.h"
#include "lib/run/carry.h"

bool
run_headed(const struct run *r)
{
	const struct options *o = &r->cmd.opt;

	return !o->merge && (o->text_header ||
	    (o->header && (o->input->traits & FMT_HEADER) != 0));
}

int
run_bind(struct run *r)
{
	const struct options *opt = &r->cmd.opt;
	const char *why;
	const struct shape *out, *in = opt->merge ? &r->lines : &r->shape;
	struct feed *f = &r->feed;

	if (opt->merge && opt->event_time) {
		f->times.window = partial_window;
		f->times.states = partial_of(&r->chain);
	}
	r->misused = feed_bind(f, in) != OK ||
	    chain_bind(&r->chain, &r->shape, r->header) != OK ||
	    command_suits(&r->cmd, chain_shape(&r->chain, &r->shape)) != OK ||
	    bad_open(&r->cmd.bad) != OK;	/* only now: no typo makes it */
	if (r->misused)
		return FAIL;
	out = chain_shape(&r->chain, &r->shape);
	r->out.sink = chain_sinks(&r->chain);
	out_bind(&r->out, out, chain_header(&r->shape, out, r->header));
	carry_out(&r->chain);
	r->out.streaming = !chain_has(&r->chain, OP_HOLD) &&
	    r->out.live == NULL;
	feed_stages(f);
	why = state_resume(&r->state, f, &r->out);
	if (why != NULL)
		diag_warn("--state %s: %s; --state-reset begins anew",
		    r->cmd.state.file, why);
	return why == NULL ? OK : FAIL;
}

int
run_first(struct run *r, struct slice rec)
{
	const char *why;
	size_t at;

	if (!run_headed(r)) {
		partial_call(&r->chain, rec);
		return run_bind(r);
	}
	r->header = arena_copy(&r->arena, rec);
	why = r->cmd.opt.input->header(&r->shape, r->header, &r->arena, &at);
	if (why != NULL)
		return diag_warn("the header: %s at byte %zu", why, at + 1);
	columns_repeats("the header", r->shape.col, r->shape.ncol);
	return run_bind(r) == OK ? DONE : FAIL;
}

int
run_passed(struct run *r)
{
	int64_t mark;

	return r->feed.tail != NULL && runs_passed(&r->cmd.runs, time_mono(),
	    &mark) ? feed_passed(&r->feed, mark) : OK;
}

/* The records that were read, of which the first may be the header. */
static int
take_some(struct run *r, const struct slice *rec, size_t n)
{
	const struct options *o = &r->cmd.opt;
	bool blanks = !o->merge && (o->input->traits & FMT_BLANKS) != 0;
	size_t m;
	int st;

	for (; n > 0; rec += m, n -= m) {
		m = blanks ? input_before_empty(rec, n) : n;
		if (m == 0) {
			r->feed.bytes += rec[m++].n + 1;
			continue;
		}
		if (r->feed.tail == NULL &&
		    (st = run_first(r, *rec)) != OK) {
			if (st == FAIL)
				return FAIL;
			m = 1;
			continue;
		}
		if ((st = feed_records(&r->feed, rec, m)) != OK)
			return st;
	}
	return OK;
}

/* n lines of states, of which some may be ends of runs, or pieces of states:
   those are no records of a batch. */
static int
take_states(struct run *r, const struct slice *rec, size_t n)
{
	struct feed *f = &r->feed;
	struct slice whole;
	size_t m, sorted = runs_ascending(&r->cmd.runs, rec, n);
	bool descends = sorted < n;
	int st = OK;

	n = sorted;
	for (; n > 0 && st == OK; rec += m, n -= m) {
		m = runs_states(&r->cmd.runs, rec, n);
		if (m > 0) {
			st = take_some(r, rec, m);
		} else if (!runs_take(&r->cmd.runs, &r->cmd.opt, *rec,
		    &whole)) {
			st = take_some(r, rec, m = 1);
		} else if (whole.n > 0) {
			m = 1;
			st = take_some(r, &whole, 1);
		} else {
			m = 1;
			f->records++;
			f->bytes += rec->n + 1;
			st = run_passed(r);
		}
	}
	if (st != OK || !descends)
		return st;
	return diag_warn("record %" PRIu64 ": its key comes before that of the "
	    "line before: the lines are not sorted as LC_ALL=C sort does",
	    f->records + 1);
}

/* Compressed input is no records: OK, or FAIL (told). */
static int
check_packed(struct slice first)
{
	const struct packed *kind = packed_find(first);

	if (kind == NULL)
		return OK;
	return diag_warn("standard input is compressed by %s: %s FILE | mbatch "
	    "...", kind->name, kind->cat);
}

/* A batch was written: --state may go on from its end, unless some operator
   still has to do with it. */
static int
cut(struct run *r)
{
	struct pollfd fd[1];
	int64_t wake = INT64_MAX;
	off_t at = input_at(&r->in, r->feed.cut);

	r->feed.cut = NULL;
	if (!r->state.places ||
	    instance_watch(r->feed.tail, fd, 1, &wake) > 0)
		return OK;
	return state_cut(&r->state, at, &r->feed, &r->out);
}

int
run_take(struct run *r)
{
	const struct badness *bad = &r->cmd.bad;
	bool skip = bad->given && bad->what != BAD_FAIL;
	uint64_t *num = &r->feed.records;
	struct slice *rec = r->rec, first;
	size_t n;
	int st = OK;

	while (st == OK) {
		n = input_records(&r->in, rec, VEC_MAX);
		if (n == 0 && !r->in.too_long)
			return OK;
		if (n == 0) {
			if (!skip) {
				(void)out_cut(&r->out);
				return diag_warn("record %" PRIu64 " is longer "
				    "than %zu bytes; --max-record takes longer "
				    "ones, --bad skip passes over them",
				    *num + 1, r->in.max_record);
			}
			tally_add(bad->tally, 1, ++*num,
			    "longer than --max-record %zu", r->in.max_record);
			input_skip(&r->in);
			continue;
		}
		if (!r->begun && *num == 0 && check_packed(*rec) != OK)
			return FAIL;
		first = skip_bom(*rec);
		if (!r->begun && *num == 0 && !r->cmd.opt.merge &&
		    (!run_headed(r) || input_before_empty(&first, 1) == 0)) {
			r->feed.bytes += rec->n - first.n;
			*rec = first;
		}
		r->begun = true;
		st = r->cmd.opt.merge ? take_states(r, rec, n) :
		    take_some(r, rec, n);
		if (r->feed.cut != NULL && cut(r) != OK)
			st = FAIL;
	}
	return st;
}
