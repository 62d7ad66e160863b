/*
 * mbatch - micro-batches for pipes
 *
 * Options -> chain -> the poll loop -> exit status.  Records come from
 * lib/read, go through lib/run's stages and leave by lib/write.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/agg/partial.h"
#include "lib/base/processors.h"
#include "lib/base/signal.h"
#include "lib/cli/explain.h"
#include "lib/cli/help.h"
#include "lib/cli/options.h"
#include "lib/format/fmt.h"
#include "lib/format/lookup.h"
#include "lib/read/input.h"
#include "lib/read/packed.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/feed.h"
#include "lib/run/progress.h"
#include "lib/run/workers.h"
#include "lib/scan/scan.h"
#include "lib/state/state.h"
#include "lib/time/time.h"
#include "lib/write/out.h"

enum { WATCH = 1024 };		/* most descriptors that operators wait for */

#define SILENCE	1000000000	/* ns: then no line follows that belongs to a
				   record, or quote, which may go on */

struct run {
	struct command cmd;
	struct arena arena;
	struct diag diag;
	struct input in;
	struct join join;		/* of lines to the records of in */
	struct chain chain;
	struct feed feed;
	struct out out;
	struct state state;		/* --state */
	struct shape shape;		/* of the input's records */
	struct shape lines;		/* --merge: what is read instead */
	struct slice header;		/* the input's header record */
	struct work work;		/* what many processors may take */
	struct progress progress;
	unsigned worked;		/* how often they did */
	bool begun;			/* the first record came */
	bool misused;			/* names the records don't have */
	bool more;			/* --state: a try was repeated, and now
					   comes what that run had not seen */
	int signal;			/* that ended the run, 0: none */
	int sigfd;			/* readable when a signal came */
	struct slice rec[VEC_MAX];
	char *reserve;			/* memory for the end, if there is no
					   more */
};

enum { RESERVE = 128 * 1024 };

/* 0 to 2 found closed: so that using them fails and hits no other file. */
static void
hold_standard_fds(void)
{
	static const int mode[] = { O_WRONLY, O_RDONLY, O_RDONLY };
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", mode[fd]) != fd)
			_exit(EXIT_RUN);
}

/* Whether the first record names the fields. */
static bool
wants_header(const struct run *r)
{
	const struct options *o = &r->cmd.opt;

	return !o->merge && (o->text_header ||
	    (o->header && (o->input->traits & FMT_HEADER) != 0));
}

/* The input's shape is known: all names are looked up now. */
static int
bind_names(struct run *r)
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
	r->out.streaming = chain_streams(&r->chain) && r->out.live == NULL;
	feed_stages(f);
	why = state_resume(&r->state, f, &r->out);
	if (why != NULL)
		diag_warn("--state %s: %s; --state-reset begins anew",
		    r->cmd.state.file, why);
	return why == NULL ? OK : FAIL;
}

/* The first record that was read makes the names known.  DONE: it was the
   header, and no more than that. */
static int
first_record(struct run *r, struct slice rec)
{
	const char *why;
	size_t at;

	if (!wants_header(r)) {
		partial_call(&r->chain, rec);
		return bind_names(r);
	}
	r->header = arena_copy(&r->arena, rec);
	why = r->cmd.opt.input->header(&r->shape, r->header, &r->arena, &at);
	if (why != NULL) {
		diag_warn("the header: %s at byte %zu", why, at + 1);
		return FAIL;
	}
	columns_repeats("the header", r->shape.col, r->shape.ncol);
	return bind_names(r) == OK ? DONE : FAIL;
}

/* --partial, --merge: who says what. */
static void
begin_states(struct run *r)
{
	const struct chain *c = &r->chain;

	runs_begin(&r->cmd.runs, c, c->opt->merge ? c->from : c->n - 1,
	    command_reads(&r->cmd));
}

/* --state: what is to be read is known, and the header with it. */
static int
begin_state(struct run *r)
{
	const struct command *c = &r->cmd;
	int status;

	if (c->state.file == NULL || c->explain)
		return EXIT_OK;
	status = state_begin(&r->state, &c->state, c->words, &r->in,
	    wants_header(r), (c->opt.input->traits & FMT_BLANKS) != 0,
	    chain_sinks(&r->chain), &r->arena);
	r->begun = r->state.resumed;
	if (c->opt.partial && c->runs.name == c->runs.own && r->state.on) {
		r->cmd.runs.name = arena_printf(&r->arena, "%s-%" PRIu64,
		    r->state.mark, r->state.last.records);
		begin_states(r);
	}
	r->cmd.claims.again = r->state.again;
	r->cmd.claims.mark = r->state.places ? r->state.mark : NULL;
	return status;
}

/* Who can take records from the input, and how. */
static void
plan_work(struct run *r)
{
	const char *test = getenv("MBATCH_WORK");	/* N:BLOCK, for tests */
	struct rlimit memory;
	unsigned jobs;
	size_t block;

	r->work = (struct work){ .in = &r->in, .feed = &r->feed,
	    .chain = &r->chain, .out = &r->out, .shape = &r->shape,
	    .words = r->cmd.chain, .limited = r->cmd.limited,
	    .block = WORK_BLOCK, .sigfd = r->sigfd, .progress = &r->progress,
	    .jobs = r->cmd.jobs > WORKERS ? WORKERS : (unsigned)r->cmd.jobs };
	if (r->work.jobs == 0)
		r->work.jobs = processors() > WORKERS ? WORKERS : processors();
	if (test != NULL) {
		if (sscanf(test, "%u:%zu", &jobs, &block) != 2 || block == 0)
			diag_die(EXIT_USAGE, "MBATCH_WORK must be N:BYTES, not "
			    "%s", diag_quote(test, strlen(test)));
		if (r->cmd.jobs == 0)
			r->work.jobs = jobs;
		r->work.block = block;
		if (block < r->in.most)
			r->in.most = block;
		r->in.enough = 1;
	}
	if (getrlimit(RLIMIT_AS, &memory) == 0 &&
	    memory.rlim_cur != RLIM_INFINITY)
		r->work.jobs = 1;	/* it is for one, not for several */
	if (r->work.jobs == 1)
		r->in.rest = 0;
	if (r->cmd.opt.live)
		r->work.jobs = 1;	/* what is written is drawn */
	if (r->cmd.opt.lines)
		r->work.jobs = 1;	/* they know of lines only */
}

/* Where a record may be more than a line. */
static void
plan_lines(struct run *r)
{
	const struct options *o = &r->cmd.opt;
	bool quotes = !o->merge && o->term == '\n' && o->input->open != NULL;

	r->join = (struct join){ &r->shape, r->cmd.first, r->cmd.others,
	    r->in.max_record };
	if (quotes || o->lines)
		r->in.join = &r->join;
	r->shape.lines = o->lines;
}

/* --range: the header is that of the file, whichever part has it. */
static int
take_range(struct run *r)
{
	struct run_part *part = &r->cmd.runs.part;
	struct slice head;

	part->size = (uint64_t)r->in.rest;
	if (!input_range(&r->in, part->k, part->n, &head)) {
		diag_errno("standard input");
		return FAIL;
	}
	if (!wants_header(r) || head.p == NULL)
		return OK;
	return first_record(r, head) == FAIL ? FAIL : OK;
}

static int
set_up(struct run *r)
{
	struct command *c = &r->cmd;
	int status;

	input_init(&r->in, STDIN_FILENO, c->opt.lines ? '\n' : c->opt.term,
	    (size_t)c->max_record);
	c->lim.regular = c->opt.regular = r->in.regular;
	if (chain_parse(&r->chain, c->chain, &c->opt) != OK)
		return EXIT_USAGE;
	if (r->chain.help != NULL)
		return help_about(r->chain.help) == COMMAND_DONE ? EXIT_OK :
		    EXIT_RUN;
	if (chain_partial(&r->chain) != OK)
		return EXIT_USAGE;
	if (c->opt.partial || c->opt.merge)
		begin_states(r);
	r->chain.out = &r->out;
	c->opt.input->shape(&r->shape, c->opt.sep, c->opt.seplen);
	partial_lines(&r->lines);
	plan_lines(r);
	if (command_check(c, &r->chain, r->in.regular) != OK)
		return EXIT_USAGE;
	if ((status = begin_state(r)) != EXIT_OK)
		return status;
	c->opt.time_hint = r->in.mtime;
	feed_init(&r->feed, &r->chain, &c->lim, c->late);
	r->feed.windows.hold = c->opt.kept;
	if (c->opt.partial && !c->opt.merge)
		r->feed.mark = runs_mark;
	if (getenv("MBATCH_RESUME") != NULL)	/* for tests */
		r->feed.resume = r->feed.windows.hold = true;
	if (c->opt.local)
		tzset();
	out_init(&r->out, STDOUT_FILENO, &c->opt);
	r->out.batch_end = c->batch_end;
	r->out.batch_endlen = c->batch_endlen;
	if (r->state.parts.header.p != NULL ?
	    first_record(r, r->state.parts.header) == FAIL :
	    !wants_header(r) && !partial_calls(&r->chain) &&
	    bind_names(r) != OK)
		return r->misused ? EXIT_USAGE : EXIT_RUN;
	if (isatty(STDIN_FILENO))
		diag_warn("records are read from this terminal; ^D ends them");
	if (c->runs.part.n > 0 && take_range(r) != OK)
		return r->misused ? EXIT_USAGE : EXIT_RUN;
	feed_start(&r->feed);
	plan_work(r);
	progress_init(&r->progress, &r->in, &r->feed, c->progress);
	return state_try(&r->state, &r->out) == OK ? EXIT_OK : EXIT_RUN;
}

static void
tear_down(struct run *r)
{
	feed_free(&r->feed);
	chain_free(&r->chain);
	out_free(&r->out);
	input_free(&r->in);
	state_end(&r->state);
	(void)bad_close(&r->cmd.bad);
	turn_free(&r->diag.turn);
	runs_free(&r->cmd.runs);
	arena_free(&r->arena);
	free(r->reserve);
}

/* The end came, but not the terminator of what was read last. */
static void
tell_left(size_t n)
{
	if (n > 0)
		diag_warn("%zu byte%s of an unfinished record %s left", n,
		    diag_plural(n, "s"), n == 1 ? "was" : "were");
}

static int take_some(struct run *, const struct slice *, size_t);

/* --merge: windows that all runs have passed close. */
static int
close_passed(struct run *r)
{
	int64_t mark;

	return r->feed.tail != NULL && runs_passed(&r->cmd.runs, time_mono(),
	    &mark) ? feed_passed(&r->feed, mark) : OK;
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
			st = close_passed(r);
		}
	}
	if (st != OK || !descends)
		return st;
	diag_warn("record %" PRIu64 ": its key comes before that of the line "
	    "before: the lines are not sorted as LC_ALL=C sort does",
	    f->records + 1);
	return FAIL;
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
		    (st = first_record(r, *rec)) != OK) {
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

/* Compressed input is no records: OK, or FAIL (told). */
static int
check_packed(struct slice first)
{
	const struct packed *kind = packed_find(first);

	if (kind == NULL)
		return OK;
	diag_warn("standard input is compressed by %s: %s FILE | mbatch ...",
	    kind->name, kind->cat);
	return FAIL;
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

/* All the whole records that were read.  A byte order mark is no part of the
   first one; before a header it stays, as the header does. */
static int
take_records(struct run *r)
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
				diag_warn("record %" PRIu64 " is longer than "
				    "%zu bytes; --max-record takes longer "
				    "ones, --bad skip passes over them",
				    *num + 1, r->in.max_record);
				return FAIL;
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
		    (!wants_header(r) || input_before_empty(&first, 1) == 0)) {
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

/* USR1 closes the open batch; TERM, INT, HUP end the reading. */
static int
check_signals(struct run *r, bool woken)
{
	struct signals s = signal_take(woken);
	size_t left;
	int st = OK;

	r->signal = s.end;
	if (s.resized)
		out_resized(&r->out);
	if (s.tell)
		progress_tell(&r->progress);
	if (s.flush && r->state.on)
		diag_warn("USR1 closes no batch where --state is given");
	else if (s.flush)
		st = feed_flush(&r->feed);
	if (r->signal == 0)
		return st;
	left = input_close(&r->in);
	if (!r->state.places)		/* else it stays for the next run */
		tell_left(left);
	return st == OK ? DONE : st;
}

/* When silence has ended the record that may go on; INT64_MAX: there is none,
   or no time ends it. */
static int64_t
silent_from(const struct run *r)
{
	const struct limits *lim = &r->cmd.lim;
	int64_t after = SILENCE;

	if (lim->timeout > 0 && lim->timeout < after)
		after = lim->timeout;
	if (lim->gap > 0 && lim->gap < after)
		after = lim->gap;
	return lim->regular || !input_waits(&r->in) ? INT64_MAX :
	    time_after(r->feed.mono, after);
}

/* What was read is over: --state may know of more, once the end of this is
   taken. */
static int
end_input(struct run *r)
{
	int st = r->state.places ? take_records(r) : OK;

	return st == OK ? state_next(&r->state, &r->in) : st;
}

/* Waits for input, a signal, time, the reader's end or an operator's need, then
   sees to it.  What the open batch was to give before a read that failed is
   written before that is told. */
static int
wait_for_more(struct run *r)
{
	struct instance *tail = r->feed.tail;
	struct pollfd fd[3 + WATCH];
	int64_t mono, when, wake = INT64_MAX, silent = silent_from(r);
	size_t n = 0;
	int st, found, ms = -1;

	fd[0] = (struct pollfd){ .fd = r->in.fd, .events = POLLIN };
	fd[1] = (struct pollfd){ .fd = r->sigfd, .events = POLLIN };
	fd[2] = (struct pollfd){ .fd = r->out.fd, .events = 0 };
	if (tail != NULL)
		n = instance_watch(tail, fd + 3, WATCH, &wake);
	mono = time_mono();
	when = feed_deadline(&r->feed, mono);
	if (wake < when)
		when = wake;
	if (out_deadline(&r->out) < when)
		when = out_deadline(&r->out);
	if (progress_deadline(&r->progress) < when)
		when = progress_deadline(&r->progress);
	if (silent < when)
		when = silent;
	if (runs_deadline(&r->cmd.runs) < when)
		when = runs_deadline(&r->cmd.runs);
	if (when <= mono)
		ms = 0;
	else if (when != INT64_MAX) {		/* rounded up */
		when = (when - mono + 999999) / 1000000;
		ms = when > INT_MAX ? INT_MAX : (int)when;
	}
	found = poll(fd, 3 + n, ms);
	if (found < 0 && errno != EINTR) {
		diag_errno("poll");
		return FAIL;
	}
	if ((st = check_signals(r, fd[1].revents != 0)) != OK)
		return st;
	if ((fd[2].revents & (POLLERR | POLLHUP)) != 0) {
		r->out.failed = r->out.dead = true;
		return FAIL;
	}
	if (tail != NULL && (n > 0 || wake != INT64_MAX) &&
	    instance_ready(tail) != OK)
		return FAIL;
	if (r->chain.stop != 0)
		return DONE;
	if (out_time(&r->out) != OK)
		return FAIL;
	if (fd[0].revents == 0 && time_mono() >= silent)
		input_silent(&r->in);
	if (fd[0].revents == 0 && found >= 0 && (st = close_passed(r)) != OK)
		return st;
	if (fd[0].revents == 0)
		return found < 0 ? OK : feed_silent(&r->feed);
	switch (input_fill(&r->in)) {
	case INPUT_ERROR:
		if (r->in.error == ENOMEM) {
			free(r->reserve);
			r->reserve = NULL;
		}
		(void)out_cut(&r->out);
		errno = r->in.error;
		if (errno == ENOMEM)
			diag_warn("out of memory");
		else
			diag_errno("standard input");
		tell_left(input_close(&r->in));
		return FAIL;
	case INPUT_END:
		return end_input(r);
	default:
		return feed_came(&r->feed);
	}
}

/* All processors take records, if that pays: not before the first, which is the
   loop's, and not once more where they had to leave too much of them to it. */
static int
share_work(struct run *r)
{
	uint64_t before = r->feed.bytes;
	int st;

	if (!r->begun || r->worked == WORK_AGAIN || !work_suits(&r->work))
		return OK;
	r->work.header = r->header;
	if ((st = feed_came(&r->feed)) != OK ||
	    (st = work_run(&r->work)) != OK)
		return st;
	if (r->feed.bytes - before < WORK_FROM * r->work.block)
		r->worked++;
	return take_records(r);
}

/* Until the input ends, nothing more is wanted, or something fails. */
static int
loop(struct run *r)
{
	int st;

	for (;;) {
		progress_look(&r->progress, -1);
		if ((st = take_records(r)) != OK ||
		    (st = share_work(r)) != OK ||
		    (st = feed_time(&r->feed)) != OK)
			return st;
		if ((st = wait_for_more(r)) == FAIL)
			return FAIL;
		if (st == DONE)
			return r->chain.stop != 0 ? DONE : take_records(r);
	}
}

/* -v */
static void
tell_stats(struct run *r, int64_t took)
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

/* Whether no record could be read, which was hardly meant so, unless --bad
   was. */
static bool
unread(const struct run *r)
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
	    r->chain.stop) : unread(r) ? "unread" : "eof";

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

/* What remains when nothing more is read: the last batch, what has effects
   and the files come to their ends, OK if all of that went well.  With --state
   a signal leaves the open batch to the next run. */
static int
finish(struct run *r, int st)
{
	struct feed *f = &r->feed;
	const struct options *o = &r->cmd.opt;
	bool leaves = r->state.places && r->signal != 0;

	if (st == FAIL)
		(void)turn_settle(&r->diag.turn, TURN_ALL, true);
	else if (f->tail == NULL && !r->state.places) {
		r->shape.closed = true;	/* no header: no field at all */
		st = bind_names(r);
	}
	if (st != FAIL && r->in.torn)
		st = tell_torn(r);
	if (st != FAIL && o->merge)
		check_order(r);
	if (st != FAIL && o->merge)
		st = runs_check(&r->cmd.runs, o);
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

/* The run from the first read to the last write; the exit status. */
static int
run(struct run *r)
{
	int64_t began = r->feed.mono;
	uint64_t before = r->state.last.batches;
	int st;

	if (r->state.idle)
		return state_commit(&r->state, &r->out, -1) == OK ?
		    (int)r->cmd.none : EXIT_RUN;
	st = finish(r, loop(r));
	r->more = st == OK && r->state.again && r->chain.stop == 0 &&
	    r->signal == 0 && r->chain.status == 0;
	if (st == OK && r->feed.tail != NULL)
		feed_unseen(&r->feed, true);
	if (!r->cmd.limited && r->in.regular && r->feed.batches > before + 1 &&
	    r->feed.closed[BY_RECORDS] > 0 && chain_by_batch(&r->chain))
		diag_warn("the input was %" PRIu64 " batches (-n 1000), each "
		    "with its own result; -a makes one of %s",
		    r->feed.batches - before,
		    r->feed.opt->per ? "each value" : "it");
	progress_end(&r->progress);
	diag_totals(&r->diag);
	if (r->cmd.stats)
		tell_stats(r, time_mono() - began);
	if (st == FAIL)
		return r->misused ? EXIT_USAGE : EXIT_RUN;
	if (r->chain.stop != 0 || r->signal != 0)
		return r->chain.stop;
	if (unread(r))
		return EXIT_RUN;
	if (r->chain.status != 0)
		return r->chain.status;
	return encode_records(&r->out.encode) > 0 || chain_sunk(&r->chain) ?
	    EXIT_OK : (int)r->cmd.none;
}

/* --explain: the names of a regular file's fields are known from its first
   record. */
static int
explain_run(struct run *r)
{
	struct explained x = { .cmd = &r->cmd, .chain = &r->chain,
	    .shape = &r->shape, .jobs = r->work.jobs,
	    .regular = r->in.regular };
	struct stat file;
	int st;

	if (r->in.regular && fstat(r->in.fd, &file) == 0 &&
	    input_fill(&r->in) != INPUT_ERROR) {
		x.size = (uint64_t)(file.st_size - input_offset(&r->in));
		x.records = input_records(&r->in, r->rec, VEC_MAX);
		if (x.records > 0)
			x.bytes = (uint64_t)(r->rec[x.records - 1].p +
			    r->rec[x.records - 1].n + 1 - r->rec->p);
		if (x.records > 0 && r->feed.tail == NULL) {
			st = first_record(r, *r->rec);
			if (st == FAIL)
				return EXIT_USAGE;
			x.records -= st == DONE;
		}
	}
	x.bound = r->feed.tail != NULL;
	return explain(&x) == COMMAND_DONE ? EXIT_OK : EXIT_RUN;
}

/* The run can't go on, out of memory or past a limit: what has effects is
   finished, as after any other failure. */
static void
run_ends(void *vr)
{
	struct run *r = vr;

	free(r->reserve);
	r->reserve = NULL;
	if (r->feed.tail != NULL)
		(void)instance_end(r->feed.tail, false);
	(void)bad_close(&r->cmd.bad);
	diag_totals(&r->diag);
	if (r->feed.tail == NULL)	/* it had hardly begun */
		arena_free(&r->arena);
}

/* What the words ask for, in *again whether once more. */
static int
one_run(struct run *r, int argc, char **argv, bool *again)
{
	int status;

	*again = false;
	switch (command_read(&r->cmd, argc, argv, &r->arena, &r->diag)) {
	case COMMAND_DONE:
		return EXIT_OK;
	case COMMAND_FAILED:
		return EXIT_RUN;
	case COMMAND_WRONG:
		return EXIT_USAGE;
	case COMMAND_RUN:
		break;
	}
	r->sigfd = signal_init();
	r->reserve = mem_alloc(RESERVE);
	diag_last_will(run_ends, r);
	status = set_up(r);
	if (status == EXIT_OK && r->cmd.explain)
		status = explain_run(r);
	else if (status == EXIT_OK && r->chain.help == NULL)
		status = run(r);
	*again = r->more;
	diag_last_will(NULL, NULL);
	tear_down(r);
	return status;
}

int
main(int argc, char **argv)
{
	static struct run r;
	const char *simd = getenv("MBATCH_SIMD");
	int status, died;
	bool again;

	hold_standard_fds();
	mem_init();
	if (!scan_init())
		diag_die(EXIT_USAGE, "MBATCH_SIMD must be none, or sse2, avx2 "
		    "or neon as the processor has it, not %s",
		    diag_quote(simd, simd == NULL ? 0 : strlen(simd)));
	status = one_run(&r, argc, argv, &again);
	while (again) {
		memset(&r, 0, sizeof r);
		status = one_run(&r, argc, argv, &again);
	}
	died = signal_ended();
	if (died != 0 && (status == EXIT_OK || status == EXIT_SIGNAL + died))
		signal_die(died);
	return status;
}
