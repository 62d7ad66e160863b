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
#include <time.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/agg/partial.h"
#include "lib/base/signal.h"
#include "lib/cli/help.h"
#include "lib/cli/options.h"
#include "lib/format/fmt.h"
#include "lib/format/lookup.h"
#include "lib/read/batcher.h"
#include "lib/read/input.h"
#include "lib/run/chain.h"
#include "lib/run/times.h"
#include "lib/run/window.h"
#include "lib/scan/scan.h"
#include "lib/time/time.h"
#include "lib/write/out.h"

enum { WATCH = 1024 };		/* most descriptors that operators wait for */
#define CLOCK_CHECK 10000000000	/* ns: the clock may be set while we wait */

struct run {
	struct command cmd;
	struct arena arena;
	struct diag diag;
	struct input in;
	struct batcher batcher;
	struct times times;		/* -T */
	struct windows windows;		/* -w with -T: in the batcher's place */
	struct chain chain;
	struct instance *tail;		/* all, or what windows share */
	struct out out;
	struct shape shape;		/* of the input's records */
	struct shape lines;		/* --merge: what is read instead */
	struct slice header;		/* the input's header record */
	bool bound;			/* names are known */
	bool begun;			/* the first record came */
	bool timed;			/* records' own times are asked for */
	bool done;			/* the chain wants no more at all */
	bool ended;			/* and its last batch is written */
	bool misused;			/* names the records don't have */
	int signal;			/* that ended the run, 0: none */
	int sigfd;			/* readable when a signal came */
	int64_t mono, clock;		/* when the last read returned */
	uint64_t records, bytes;	/* taken, bad ones too */
	uint64_t batches;
	uint64_t closed[BY_SIGNAL + 1];	/* batches by reason */
	struct tally *missed;		/* windows nobody saw */
	struct turn *turn;		/* what is told is held in it */
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX];
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

/* Who takes columns of all records may find some as they are read. */
static void
plan_reading(struct run *r)
{
	struct take *takes[] = { chain_take(&r->chain), &r->times.take,
	    &r->batcher.take };
	size_t i;

	for (i = 0; i < sizeof takes / sizeof *takes; i++) {
		if (takes[i] == NULL || takes[i]->scan == NULL)
			continue;
		takes[i]->found = &r->in.found;
		r->in.plan = takes[i]->scan;
		return;
	}
}

/* The input's shape is known: all names are looked up now. */
static int
bind_names(struct run *r)
{
	const struct options *opt = &r->cmd.opt;
	const struct shape *out, *in = opt->merge ? &r->lines : &r->shape;

	if (opt->merge && opt->event_time) {
		r->times.window = partial_window;
		r->times.states = partial_of(&r->chain);
	}
	r->misused = batch_bind(&r->batcher, in, opt) != OK ||
	    (r->timed && times_bind(&r->times, in, opt) != OK) ||
	    chain_bind(&r->chain, &r->shape, r->header) != OK ||
	    command_suits(&r->cmd, chain_shape(&r->chain, &r->shape)) != OK ||
	    bad_open(&r->cmd.bad) != OK;	/* only now: no typo makes it */
	if (r->misused)
		return FAIL;
	r->bound = true;
	plan_reading(r);
	out = chain_shape(&r->chain, &r->shape);
	r->out.sink = chain_sinks(&r->chain);
	out_bind(&r->out, out, chain_header(&r->shape, out, r->header));
	r->out.streaming = chain_streams(&r->chain);
	r->tail = instance_new(&r->chain, opt->event_time ? r->chain.head :
	    r->chain.from, r->chain.n, NULL);
	r->tail->batch = &r->batcher.cur;
	turn_stages(r->turn, r->chain.n + 2);
	windows_bind(&r->windows, &r->chain, r->tail);
	return OK;
}

/* Whether the first record names the fields. */
static bool
wants_header(const struct run *r)
{
	const struct options *o = &r->cmd.opt;

	return !o->merge && (o->text_header ||
	    (o->header && (o->input->traits & FMT_HEADER) != 0));
}

static int
read_header(struct run *r, struct slice rec)
{
	const char *why;
	size_t at;

	r->header = arena_copy(&r->arena, rec);
	why = r->cmd.opt.input->header(&r->shape, r->header, &r->arena, &at);
	if (why == NULL) {
		columns_repeats("the header", r->shape.col, r->shape.ncol);
		return bind_names(r);
	}
	diag_warn("the header: %s at byte %zu", why, at + 1);
	return FAIL;
}

/* The first record that was read makes the names known.  DONE: it was no more
   than that. */
static int
first_record(struct run *r, struct slice rec)
{
	if (wants_header(r))
		return read_header(r, rec) == OK ? DONE : FAIL;
	partial_call(&r->chain, rec);
	return bind_names(r);
}

/* How batches are cut, now that the input is known. */
static void
set_limits(struct run *r)
{
	struct command *c = &r->cmd;

	c->lim.regular = c->opt.regular = r->in.regular;
	c->opt.time_hint = r->in.mtime;
	r->timed = c->opt.event_time || (c->opt.time != NULL &&
	    !c->opt.merge && chain_timed(&r->chain));
	if (c->opt.event_time) {
		windows_init(&r->windows, c->lim.window, c->late,
		    !r->in.regular, &c->opt);
		c->lim.window = 0;
	}
	batch_init(&r->batcher, &c->lim);
	r->missed = tally_new(&r->diag, &r->arena,
	    "windows passed unseen");
}

static int
set_up(struct run *r)
{
	const struct command *c = &r->cmd;

	if (chain_parse(&r->chain, c->chain, &c->opt) != OK)
		return EXIT_USAGE;
	if (r->chain.help != NULL)
		return help_op(r->chain.help) == COMMAND_DONE ? EXIT_OK :
		    EXIT_RUN;
	if (chain_partial(&r->chain) != OK)
		return EXIT_USAGE;
	r->chain.out = &r->out;
	r->turn = &r->diag.turn;
	c->opt.input->shape(&r->shape, c->opt.sep, c->opt.seplen);
	partial_lines(&r->lines);
	input_init(&r->in, STDIN_FILENO, c->opt.term, (size_t)c->max_record);
	if (command_check(c, &r->chain, r->in.regular) != OK)
		return EXIT_USAGE;
	set_limits(r);
	if (c->opt.local)
		tzset();
	out_init(&r->out, STDOUT_FILENO, &c->opt);
	r->out.batch_end = c->batch_end;
	r->out.batch_endlen = c->batch_endlen;
	if (!wants_header(r) && !partial_calls(&r->chain) &&
	    bind_names(r) != OK)
		return EXIT_USAGE;
	r->mono = time_mono();
	r->clock = time_now();
	batch_start(&r->batcher, r->clock);
	return EXIT_OK;
}

static void
tear_down(struct run *r)
{
	windows_free(&r->windows);
	instance_free(r->tail);
	chain_free(&r->chain);
	times_free(&r->times);
	batch_free(&r->batcher);
	out_free(&r->out);
	input_free(&r->in);
	(void)bad_close(&r->cmd.bad);
	turn_free(&r->diag.turn);
	arena_free(&r->arena);
	free(r->reserve);
}

/* The names that no record had, of the first batch or of all. */
static void
tell_unseen(const struct run *r, bool end)
{
	if (r->cmd.lim.key != NULL && r->records > bad_count(&r->cmd.bad))
		take_unseen(&r->batcher.take, "-k", end);
	chain_unseen(&r->chain, end);
}

/* The batch is over: its result is written.  DONE: the run is over too. */
static int
write_batch(struct run *r, const struct batch *b)
{
	r->closed[b->reason]++;
	r->batches++;
	if (instance_flush(r->tail, b) != OK || out_batch(&r->out) != OK)
		return FAIL;
	if (r->batches == 1 && b->reason < BY_EOF)
		tell_unseen(r, false);
	r->ended = r->chain.stop != 0;
	return r->ended ? DONE : OK;
}

/* ns that the open batch lasted; how long merging takes is nobody's time. */
static int64_t
batch_span(const struct run *r)
{
	const struct batcher *b = &r->batcher;

	if (b->cur.records == 0 || r->cmd.opt.merge)
		return 0;
	if (r->timed)
		return b->cur.to > b->cur.from ?
		    time_less(b->cur.to, b->cur.from) : 0;
	return time_mono() - b->oldest;
}

/* The open batch closes, and the next one opens. */
static int
close_batch(struct run *r)
{
	struct batcher *b = &r->batcher;
	int64_t clock = time_now(), end;
	int st;

	if (!b->cur.window)
		b->cur.closed = clock;
	b->cur.span = batch_span(r);
	st = write_batch(r, &b->cur);
	if (st == FAIL)
		return FAIL;
	end = b->cur.closed;
	if (b->cur.window)		/* writing may have taken long */
		clock = time_now();
	batch_next(b, clock);
	if (b->cur.window && b->cur.opened > end)
		tally_add(r->missed,
		    (uint64_t)((b->cur.opened - end) / b->lim.window), 0,
		    "windows passed while nothing could be read or written");
	return st;
}

/* Closes all event-time windows that are due. */
static int
close_windows(struct run *r)
{
	const struct batch *b;
	int st;

	do {
		st = windows_close(&r->windows, &b);
		if (st == OK && b != NULL)
			st = write_batch(r, b);
	} while (st == OK && b != NULL);
	return st;
}

/* n records as they were read, numbered and counted. */
static struct vec
count_records(struct run *r, const struct slice *rec, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		r->num[i] = r->records + i + 1;
	r->records += n;
	r->bytes += (uint64_t)(rec[n - 1].p - rec->p) + rec[n - 1].n + 1;
	return (struct vec){ .n = n, .rec = rec, .num = r->num,
	    .contig = true };
}

/* Of the n records that were counted last those behind number last are not:
   how many, and their bytes. */
static size_t
take_back(struct run *r, const struct slice *rec, size_t n, uint64_t last,
    uint64_t *bytes)
{
	size_t behind = r->records > last ? (size_t)(r->records - last) : 0;
	const struct slice *end = &rec[n - 1], *to = end - behind;

	*bytes = (uint64_t)(end->p + end->n - to->p) - to->n;
	r->records -= behind;
	r->bytes -= *bytes;
	return behind;
}

/* Those of the vector whose key and time can be read, for the chain. */
static int
good_records(struct run *r, struct vec *v)
{
	if (r->cmd.lim.key != NULL &&
	    batch_good(&r->batcher, &r->cmd.opt, v) == FAIL)
		return FAIL;
	if (r->timed && v->n > 0 && times_take(&r->times, &r->cmd.opt, v) == FAIL)
		return FAIL;
	return OK;
}

/* The turn of n records is over: those behind *last, the last that counts, are
   not of the batch. */
static int
end_turn(struct run *r, const struct slice *rec, size_t n, uint64_t *last)
{
	uint64_t bytes;
	int status;

	*last = r->done ? r->tail->last : TURN_ALL;
	(void)turn_ends(r->turn, *last, last, &status);
	n = take_back(r, rec, n, *last, &bytes);
	batch_take_back(&r->batcher, n, bytes);
	return chain_settle(&r->chain, *last);
}

/* n records of the open batch go through the chain.  DONE: no more are wanted
   at all. */
static int
push_records(struct run *r, const struct slice *rec, size_t n)
{
	uint64_t bytes = r->bytes, last = TURN_ALL;
	struct vec v = count_records(r, rec, n);
	const uint64_t *num;
	size_t good;
	int st = OK;

	batch_add(&r->batcher, n, r->bytes - bytes, v.num[0], r->mono,
	    r->clock);
	turn_begin(r->turn);
	if (good_records(r, &v) == FAIL)
		return FAIL;
	num = v.num;
	good = v.n;
	if (good > 0)
		st = instance_push(r->tail, &v);
	if (st == FAIL)
		return FAIL;
	r->done = st == DONE && r->cmd.lim.all;
	st = !r->done && turn_over(r->turn) ? OK :
	    end_turn(r, rec, n, &last);
	if (r->timed)
		batch_times(&r->batcher.cur, r->times.ns,
		    nums_upto(num, good, last));
	return st == OK && r->done ? DONE : st;
}

/* Records into event-time windows, which close as the watermark moves on. */
static int
feed_windows(struct run *r, const struct slice *rec, size_t n)
{
	struct vec all = count_records(r, rec, n), v;
	const int64_t *ns = r->times.ns;
	uint64_t last, bytes;
	size_t at = 0;
	bool close;
	int st, status;

	turn_begin(r->turn);
	if (times_take(&r->times, &r->cmd.opt, &all) == FAIL)
		return FAIL;
	do {
		turn_begin(r->turn);
		v = all;
		v.rec += at;
		v.num += at;
		v.n = windows_cut(&r->windows, ns + at, all.n - at, r->mono,
		    r->clock, &close);
		if (v.n > 0 && windows_push(&r->windows, &v, ns + at) != OK)
			return FAIL;
		at += v.n;
		last = at < all.n ? all.num[at] - 1 : TURN_ALL;
		if (turn_ends(r->turn, last, &last, &status))
			take_back(r, rec, n, last, &bytes);
		st = chain_settle(&r->chain, last);
		if (st == OK && close && (st = close_windows(r)) == DONE)
			take_back(r, rec, n, all.num[at], &bytes);
	} while (st == OK && at < all.n);
	return st;
}

/* Records into batches, as the limits cut them. */
static int
feed(struct run *r, const struct slice *rec, size_t n)
{
	bool close;
	size_t m;
	int st;

	if (r->cmd.opt.event_time)
		return feed_windows(r, rec, n);
	batch_look(&r->batcher, rec, n);
	while (n > 0) {
		m = batch_cut(&r->batcher, rec, n, &close);
		if (m > 0 && (st = push_records(r, rec, m)) != OK)
			return st;
		if (close && (st = close_batch(r)) != OK)
			return st;
		rec += m;
		n -= m;
	}
	return OK;
}

/* The end came, but not the terminator of what was read last. */
static void
tell_left(size_t n)
{
	if (n > 0)
		diag_warn("%zu byte%s of an unfinished record %s left", n,
		    diag_plural(n, "s"), n == 1 ? "was" : "were");
}

/* Reading failed: what the open batch was to give by now is written, and then
   it is told. */
static int
read_failed(struct run *r)
{
	(void)out_cut(&r->out);
	errno = r->in.error;
	diag_errno("standard input");
	tell_left(input_close(&r->in));
	return FAIL;
}

/* A record longer than is taken: skipped if --bad was given. */
static int
long_record(struct run *r)
{
	uint64_t num = r->records + 1;

	if (!r->cmd.bad.given || r->cmd.bad.what == BAD_FAIL) {
		(void)out_cut(&r->out);
		diag_warn("record %" PRIu64 " is longer than %zu bytes; "
		    "--max-record takes longer ones, --bad skip passes over "
		    "them", num, r->in.max_record);
		return FAIL;
	}
	tally_add(r->cmd.bad.tally, 1, num, "longer than --max-record %zu",
	    r->in.max_record);
	input_skip(&r->in);
	r->records++;
	return OK;
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
			r->bytes += rec[m++].n + 1;
			continue;
		}
		if (!r->bound && (st = first_record(r, *rec)) != OK) {
			if (st == FAIL)
				return FAIL;
			m = 1;
			continue;
		}
		if ((st = feed(r, rec, m)) != OK)
			return st;
	}
	return OK;
}

/* A byte order mark is no part of the first record; before a header it stays,
   as the header does. */
static void
pass_mark(struct run *r, struct slice *rec)
{
	struct slice first = skip_bom(*rec);

	if (!r->begun && r->records == 0 && !r->cmd.opt.merge &&
	    (!wants_header(r) || input_before_empty(&first, 1) == 0)) {
		r->bytes += rec->n - first.n;
		*rec = first;
	}
	r->begun = true;
}

/* All the whole records that were read. */
static int
take_records(struct run *r)
{
	struct slice *rec = r->rec;
	size_t n;
	int st;

	for (;;) {
		n = input_records(&r->in, rec, VEC_MAX);
		if (n == 0 && !r->in.too_long)
			return OK;
		if (n == 0) {
			if (long_record(r) != OK)
				return FAIL;
			continue;
		}
		pass_mark(r, rec);
		if ((st = take_some(r, rec, n)) != OK)
			return st;
	}
}

/* Time closes batches, once all that was read has been taken. */
static int
check_time(struct run *r)
{
	struct batcher *b = &r->batcher;
	bool window = b->lim.window > 0;
	int st;

	if (!window && b->lim.timeout == 0 && b->lim.gap == 0)
		return OK;
	while (batch_expired(b, time_mono(), window ? time_now() : 0)) {
		if (r->bound && (st = close_batch(r)) != OK)
			return st;
		if (!r->bound)
			batch_next(b, time_now());
	}
	return OK;
}

/* Milliseconds to wait, rounded up; -1: for ever. */
static int
wait_time(struct run *r, int64_t wake)
{
	bool clock = r->batcher.lim.window > 0;
	int64_t mono = time_mono(), when;

	if (r->cmd.opt.event_time)
		when = windows_deadline(&r->windows);
	else
		when = batch_deadline(&r->batcher, mono,
		    clock ? time_now() : 0);
	if (wake < when)
		when = wake;
	if (clock && when > mono + CLOCK_CHECK)
		when = mono + CLOCK_CHECK;
	if (when == INT64_MAX)
		return -1;
	if (when <= mono)
		return 0;
	when = (when - mono + 999999) / 1000000;
	return when > INT_MAX ? INT_MAX : (int)when;
}

/* USR1 closes the open batch; TERM, INT, HUP end the reading. */
static int
check_signals(struct run *r, bool woken)
{
	bool flush;
	int st = OK;

	r->signal = signal_take(woken, &flush);
	if (flush && r->cmd.opt.event_time) {
		windows_flush(&r->windows);
		st = close_windows(r);
	} else if (flush && r->bound && r->batcher.cur.records > 0) {
		r->batcher.cur.reason = BY_FLUSH;
		st = close_batch(r);
	}
	if (r->signal == 0)
		return st;
	tell_left(input_close(&r->in));
	return st == OK ? DONE : st;
}

/* There was nothing to read: silence may close event-time windows. */
static int
stay_silent(struct run *r)
{
	if (!r->cmd.opt.event_time ||
	    !windows_silent(&r->windows, time_mono()))
		return OK;
	return close_windows(r);
}

static int
read_more(struct run *r)
{
	switch (input_fill(&r->in)) {
	case INPUT_ERROR:
		return read_failed(r);
	case INPUT_END:
		return DONE;
	default:
		r->mono = time_mono();
		r->clock = time_now();
		return r->batcher.lim.window > 0 ? check_time(r) : OK;
	}
}

/* Waits for input, a signal, time, the reader's end or an operator's need. */
static int
wait_for_more(struct run *r)
{
	struct pollfd fd[3 + WATCH];
	int64_t wake = INT64_MAX;
	size_t n = 0;
	int st, found;

	fd[0] = (struct pollfd){ .fd = r->in.fd, .events = POLLIN };
	fd[1] = (struct pollfd){ .fd = r->sigfd, .events = POLLIN };
	fd[2] = (struct pollfd){ .fd = r->out.fd, .events = 0 };
	if (r->tail != NULL)
		n = instance_watch(r->tail, fd + 3, WATCH, &wake);
	found = poll(fd, 3 + n, wait_time(r, wake));
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
	if (r->tail != NULL && (n > 0 || wake != INT64_MAX) &&
	    instance_ready(r->tail) != OK)
		return FAIL;
	if (r->chain.stop != 0)
		return DONE;
	if (fd[0].revents != 0)
		return read_more(r);
	return found < 0 ? OK : stay_silent(r);
}

/* Until the input ends, nothing more is wanted, or something fails. */
static int
loop(struct run *r)
{
	int st;

	for (;;) {
		if ((st = take_records(r)) != OK)
			return st;
		if ((st = check_time(r)) != OK)
			return st;
		if ((st = wait_for_more(r)) == FAIL)
			return FAIL;
		if (st == DONE)
			return r->chain.stop != 0 ? DONE : take_records(r);
	}
}

/* What is open when the input is over: a batch if it has records, and -a's
   one batch in any case. */
static int
last_batch(struct run *r)
{
	struct batcher *b = &r->batcher;
	bool only = b->lim.all && b->cur.number == 1;
	enum reason why = r->signal != 0 ? BY_SIGNAL : BY_EOF;

	if (!r->bound) {
		r->shape.closed = true;	/* no header: no field at all */
		if (bind_names(r) != OK)
			return FAIL;
	}
	if (r->ended || (r->chain.stop != 0 && r->chain.stop != EXIT_ASSERT))
		return OK;
	if (r->cmd.opt.event_time) {
		windows_end(&r->windows, why);
		return close_windows(r) == FAIL ? FAIL : OK;
	}
	if (b->cur.records == 0 && !only)
		return OK;
	b->cur.reason = why;
	return close_batch(r) == FAIL ? FAIL : OK;
}

/* Several batches where the user may have wanted one. */
static void
tell_batches(const struct run *r)
{
	uint64_t n = r->batches;

	if (r->cmd.limited || !r->in.regular || n < 2 ||
	    !chain_by_batch(&r->chain))
		return;
	diag_warn("the input was %" PRIu64 " batches (-n 1000), each with its "
	    "own result; -a makes one of it", n);
}

static void
tell_stats(struct run *r)
{
	uint64_t bad = bad_count(&r->cmd.bad);
	const char *by = "";
	size_t i;

	for (i = 0; i <= BY_SIGNAL; i++)
		if (r->closed[i] > 0)
			by = arena_printf(&r->arena, "%s%s%" PRIu64 " by %s",
			    by, *by == '\0' ? ": " : ", ", r->closed[i],
			    reason_name((enum reason)i));
	diag_warn("%" PRIu64 " record%s, %" PRIu64 " byte%s", r->records,
	    diag_plural(r->records, "s"), r->bytes,
	    diag_plural(r->bytes, "s"));
	diag_warn("%" PRIu64 " batch%s%s", r->batches,
	    diag_plural(r->batches, "es"), by);
	diag_warn("%" PRIu64 " bad record%s", bad, diag_plural(bad, "s"));
	diag_quiet(&r->diag);
}

/* The exit status of a run in which nothing failed.  One that could read no
   record at all was hardly meant so, unless --bad was. */
static int
verdict(const struct run *r)
{
	const struct badness *bad = &r->cmd.bad;

	if (r->chain.stop != 0 || r->signal != 0)
		return r->chain.stop;
	if (!bad->given && r->records > 0 && bad_count(bad) >= r->records)
		return EXIT_RUN;
	return encode_records(&r->out.encode) > 0 || chain_sunk(&r->chain) ?
	    EXIT_OK : (int)r->cmd.none;
}

/* The run from the first read to the last write; the exit status. */
static int
run(struct run *r)
{
	int64_t began = r->mono, took;
	int st = loop(r);

	if (st == FAIL)
		(void)turn_settle(r->turn, TURN_ALL, true);
	else
		st = last_batch(r);
	if (st == OK)
		st = out_end(&r->out);
	if (r->tail != NULL && instance_end(r->tail, st == OK) != OK)
		st = FAIL;
	if (bad_close(&r->cmd.bad) != OK)
		st = FAIL;
	if (out_close(&r->out) != OK)
		st = FAIL;
	if (r->out.dead) {
		signal_pipe();
		errno = EPIPE;
		diag_errno("standard output");
	}
	if (st == OK && r->bound)
		tell_unseen(r, true);
	tell_batches(r);
	diag_totals(&r->diag);
	if (r->cmd.stats) {
		tell_stats(r);
		took = time_mono() - began;
		diag_warn("%.3f s, %.0f records/s", (double)took / 1e9,
		    took == 0 ? 0 : (double)r->records * 1e9 /
		    (double)took);
	}
	if (st == FAIL)
		return r->misused ? EXIT_USAGE : EXIT_RUN;
	return verdict(r);
}

/* The run can't go on, out of memory or past a limit: what has effects is
   finished, as after any other failure. */
static void
run_ends(void *vr)
{
	struct run *r = vr;

	free(r->reserve);
	r->reserve = NULL;
	if (r->tail != NULL)
		(void)instance_end(r->tail, false);
	(void)bad_close(&r->cmd.bad);
	diag_totals(&r->diag);
	if (r->tail == NULL)		/* it had hardly begun */
		arena_free(&r->arena);
}

int
main(int argc, char **argv)
{
	static struct run r;
	int status, died;

	hold_standard_fds();
	mem_init();
	if (!scan_init())
		diag_die(EXIT_USAGE, "MBATCH_SIMD must be none, or sse2, avx2 "
		    "or neon as the processor has it, not %s",
		    diag_quote(getenv("MBATCH_SIMD"),
		    strlen(getenv("MBATCH_SIMD"))));
	switch (command_read(&r.cmd, argc, argv, &r.arena, &r.diag)) {
	case COMMAND_DONE:
		return EXIT_OK;
	case COMMAND_FAILED:
		return EXIT_RUN;
	case COMMAND_WRONG:
		return EXIT_USAGE;
	case COMMAND_RUN:
		break;
	}
	r.sigfd = signal_init();
	r.reserve = mem_alloc(RESERVE);
	diag_last_will(run_ends, &r);
	status = set_up(&r);
	if (status == EXIT_OK && r.chain.help == NULL)
		status = run(&r);
	died = signal_ended();
	diag_last_will(NULL, NULL);
	tear_down(&r);
	if (died != 0 && (status == EXIT_OK || status == EXIT_SIGNAL + died))
		signal_die(died);
	return status;
}
