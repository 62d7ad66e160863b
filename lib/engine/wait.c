/*
 * wait.c - the loop: input, signals, time, and what operators wait for
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#include "lib/base/signal.h"
#include "lib/engine/engine.h"

enum { WATCH = 1024 };		/* most descriptors that operators wait for */

#define SILENCE	1000000000	/* ns: then no line follows that belongs to a
				   record, or quote, which may go on */

/* The end came, but not the terminator of what was read last. */
static void
tell_left(size_t n)
{
	if (n > 0)
		diag_warn("%zu byte%s of an unfinished record %s left", n,
		    diag_plural(n, "s"), n == 1 ? "was" : "were");
}

/* The reading ends: of a file what is left is more than was read into memory,
   and the record there isn't cut short by whoever wrote it. */
static void
end_reading(struct run *r)
{
	const struct progress *p = &r->progress;
	off_t at = input_offset(&r->in);
	size_t left = input_close(&r->in);

	if (r->state.places)		/* it stays for the next run */
		return;
	if (p->to <= p->from)
		tell_left(left);
	else if (at < p->to)
		diag_warn("the last %jd byte%s of the input %s not read",
		    (intmax_t)(p->to - at), diag_plural(p->to - at, "s"),
		    p->to - at == 1 ? "was" : "were");
}

/* USR1 closes the open batch; TERM, INT, HUP end the reading. */
static int
check_signals(struct run *r, bool woken)
{
	struct signals s = signal_take(woken);
	int st = OK;

	r->signal = s.end;
	if (s.resized)
		live_resized(r->out.live);
	if (s.tell)
		progress_tell(&r->progress);
	if (s.flush && r->state.on)
		diag_warn("USR1 closes no batch where --state is given");
	else if (s.flush)
		st = feed_flush(&r->feed);
	if (r->signal == 0)
		return st;
	end_reading(r);
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
	int st = r->state.places ? run_take(r) : OK;

	return st == OK ? state_next(&r->state, &r->in) : st;
}

/* The time until which there is nothing to do but to read, of an operator's
   wake and silent's: all that wait for a time. */
static int64_t
deadline(struct run *r, int64_t now, int64_t wake, int64_t silent)
{
	int64_t at[] = { feed_deadline(&r->feed, now),
	    live_deadline(r->out.live), progress_deadline(&r->progress),
	    runs_deadline(&r->cmd.runs), silent, wake };
	size_t i, first = 0;

	for (i = 1; i < sizeof at / sizeof *at; i++)
		if (at[i] < at[first])
			first = i;
	return at[first];
}

/* From now to when in ms for poll, rounded up; -1: for ever. */
static int
wait_ms(int64_t now, int64_t when)
{
	if (when <= now)
		return 0;
	if (when == INT64_MAX)
		return -1;
	when = (when - now + 999999) / 1000000;
	return when > INT_MAX ? INT_MAX : (int)when;
}

/* The reading failed.  What the open batch was to give before that is written
   before it is told. */
static int
read_failed(struct run *r)
{
	bool memory = r->in.error == ENOMEM;

	if (memory) {
		free(r->reserve);
		r->reserve = NULL;
	}
	(void)out_cut(&r->out);
	errno = r->in.error;
	if (memory)
		diag_warn("out of memory");
	else
		diag_errno("standard input");
	tell_left(input_close(&r->in));
	return FAIL;
}

/* Reads what came; without that, time passed. */
static int
read_more(struct run *r, bool came, bool interrupted, int64_t silent)
{
	int st;

	if (!came) {
		if (time_mono() >= silent)
			input_silent(&r->in);
		if (interrupted)
			return OK;
		st = run_passed(r);
		return st == OK ? feed_silent(&r->feed) : st;
	}
	switch (input_fill(&r->in)) {
	case INPUT_ERROR:
		return read_failed(r);
	case INPUT_END:
		return end_input(r);
	default:
		return feed_came(&r->feed);
	}
}

/* Waits for input, a signal, time, the reader's end or an operator's need, then
   sees to it. */
static int
wait_for_more(struct run *r)
{
	struct instance *tail = r->feed.tail;
	struct pollfd fd[3 + WATCH];
	int64_t now, wake = INT64_MAX, silent = silent_from(r);
	size_t n = 0;
	int st, found;

	fd[0] = (struct pollfd){ .fd = r->in.fd, .events = POLLIN };
	fd[1] = (struct pollfd){ .fd = r->sigfd, .events = POLLIN };
	fd[2] = (struct pollfd){ .fd = r->out.fd, .events = 0 };
	if (tail != NULL)
		n = instance_watch(tail, fd + 3, WATCH, &wake);
	now = time_mono();
	found = poll(fd, 3 + n, wait_ms(now, deadline(r, now, wake, silent)));
	if (found < 0 && errno != EINTR)
		return diag_errno("poll");
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
	if (out_time(&r->out, false) != OK)
		return FAIL;
	return read_more(r, fd[0].revents != 0, found < 0, silent);
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
	return run_take(r);
}

int
run_loop(struct run *r)
{
	int st;

	for (;;) {
		progress_look(&r->progress, -1);
		if ((st = run_take(r)) != OK ||
		    (st = share_work(r)) != OK ||
		    (st = feed_time(&r->feed)) != OK)
			return st;
		if ((st = wait_for_more(r)) == FAIL)
			return FAIL;
		if (st == DONE)
			return r->chain.stop != 0 ? DONE : run_take(r);
	}
}
