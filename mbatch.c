/*
 * mbatch - micro-batches for pipes
 *
 * Options -> chain -> the run -> exit status.  Records come from lib/read, go
 * through lib/run's stages and leave by lib/write; lib/engine has the loop.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/agg/partial.h"
#include "lib/base/processors.h"
#include "lib/base/signal.h"
#include "lib/cli/explain.h"
#include "lib/cli/help.h"
#include "lib/engine/engine.h"
#include "lib/scan/scan.h"

enum { RESERVE = 128 * 1024, STACK = 512 * 1024 };

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

/* Vectors lie on the stack.  One that is smaller (ulimit -s) grows, or there is
   a word in place of a crash. */
static void
need_stack(void)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_STACK, &lim) != 0 || lim.rlim_cur >= STACK)
		return;
	lim.rlim_cur = STACK;
	if (lim.rlim_cur > lim.rlim_max || setrlimit(RLIMIT_STACK, &lim) != 0)
		diag_die(EXIT_RUN, "a stack of %d KB is needed (ulimit -s)",
		    STACK / 1024);
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

	if (c->state.file == NULL)
		return EXIT_OK;
	if (c->explain)
		return state_look(&r->state, &c->state, c->words, c->opt.exact,
		    &r->arena) == OK ? EXIT_OK : EXIT_RUN;
	status = state_begin(&r->state, &c->state, c->words,
	    arena_copy(&r->arena, buf_text(&c->outside)), &r->in,
	    run_headed(r), (c->opt.input->traits & FMT_BLANKS) != 0,
	    chain_sinks(&r->chain), &r->arena);
	r->begun = r->state.resumed;
	if (c->opt.partial && c->runs.name == c->runs.own && r->state.on) {
		r->cmd.runs.name = arena_printf(&r->arena, "%s-%" PRIu64,
		    r->state.mark, r->state.last.records);
		begin_states(r);
	}
	r->cmd.claims.owns = state_owns;
	r->cmd.claims.told_by = &r->state;
	if (status == EXIT_OK && r->state.places) {
		r->cmd.claims.mark = r->state.mark;
		r->cmd.claims.skip = c->state.skip;
		r->cmd.claims.again = r->state.again;
		r->cmd.claims.resumed = r->state.last.batches > 0;
		r->cmd.claims.tell = state_files;
		if (r->state.again)
			claims_get(&r->cmd.claims, r->state.last.files);
	}
	return status;
}

/* N:BYTES, workers and the size of blocks. */
static void
work_for_test(struct run *r, const char *test)
{
	size_t n = strcspn(test, ":");
	int64_t jobs, block;

	if (test[n] == '\0' || !number_int(&jobs, (struct slice){ test, n }) ||
	    !number_int(&block, slice_str(test + n + 1)) || jobs < 0 ||
	    jobs > WORKERS || block < 1 || block > WORK_BLOCK)
		diag_die(EXIT_USAGE, "MBATCH_WORK must be N:BYTES, not %s",
		    diag_quote(test, strlen(test)));
	if (r->cmd.jobs == 0)
		r->work.jobs = (unsigned)jobs;
	r->work.block = r->cmd.opt.step = (size_t)block;
	if (r->work.block < r->in.most)
		r->in.most = r->work.block;
	r->in.enough = 1;
}

/* How many can work, which operators are bound with. */
static void
plan_jobs(struct run *r)
{
	const char *test = getenv("MBATCH_WORK");
	struct rlimit memory;

	r->work = (struct work){ .in = &r->in, .feed = &r->feed,
	    .chain = &r->chain, .out = &r->out, .shape = &r->shape,
	    .words = r->cmd.chain, .limited = r->cmd.limited,
	    .block = WORK_BLOCK, .sigfd = r->sigfd, .progress = &r->progress,
	    .jobs = r->cmd.jobs > WORKERS ? WORKERS : (unsigned)r->cmd.jobs };
	if (r->work.jobs == 0)
		r->work.jobs = processors() > WORKERS ? WORKERS : processors();
	if (test != NULL)
		work_for_test(r, test);
	if (getrlimit(RLIMIT_AS, &memory) == 0 &&
	    memory.rlim_cur != RLIM_INFINITY)
		r->work.jobs = 1;	/* it is for one, not for several */
	r->cmd.opt.jobs = r->cmd.opt.live ? 1 : r->work.jobs;
}

/* Who can take records from the input, and how. */
static void
plan_work(struct run *r)
{
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
	if (!input_range(&r->in, part->k, part->n, &head))
		return diag_errno("standard input");
	if (!run_headed(r) || head.p == NULL)
		return OK;
	return run_first(r, head) == FAIL ? FAIL : OK;
}

static int
set_up(struct run *r)
{
	struct command *c = &r->cmd;
	int status;

	input_init(&r->in, STDIN_FILENO, c->opt.lines ? '\n' : c->opt.term,
	    (size_t)c->max_record);
	c->lim.regular = c->opt.regular = r->in.regular;
	c->opt.exact = c->state.file != NULL && r->in.regular &&
	    !saved_fd(c->state.file);
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
	shape_init(&r->shape, c->opt.input, c->opt.sep, c->opt.seplen);
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
	plan_jobs(r);
	if (r->state.parts.header.p != NULL ?
	    run_first(r, r->state.parts.header) == FAIL :
	    !run_headed(r) && !partial_calls(&r->chain) &&
	    run_bind(r) != OK)
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
	buf_free(&r->cmd.outside);
	claims_free(&r->cmd.claims);
	(void)bad_close(&r->cmd.bad);
	turn_free(&r->diag.turn);
	runs_free(&r->cmd.runs);
	arena_free(&r->arena);
	free(r->reserve);
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
	st = run_finish(r, run_loop(r));
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
		run_stats(r, time_mono() - began);
	if (st == FAIL)
		return r->misused ? EXIT_USAGE : EXIT_RUN;
	if (r->chain.stop != 0 || r->signal != 0)
		return r->chain.stop;
	if (run_unread(r))
		return EXIT_RUN;
	if (r->chain.status != 0)
		return r->chain.status;
	return r->out.encode.is.records > 0 || chain_sunk(&r->chain) ?
	    EXIT_OK : (int)r->cmd.none;
}

/* --explain: the names of a regular file's fields are known from its first
   record. */
static int
explain_run(struct run *r)
{
	struct explained x = { .cmd = &r->cmd, .chain = &r->chain,
	    .last = &r->state.last,
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
			st = run_first(r, *r->rec);
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
	need_stack();
	mem_init();
	if (!scan_init())
		diag_die(EXIT_USAGE, "MBATCH_SIMD must be none, sse2, avx2 or "
		    "neon as this build and the processor have it, not %s",
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
