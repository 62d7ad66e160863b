/* into - a command run once for each batch, the batch on its stdin */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/base/signal.h"
#include "lib/run/args.h"
#include "lib/run/table.h"
#include "lib/write/encode.h"
#include "lib/write/environment.h"
#include "lib/write/jobs.h"
#include "lib/write/refuge.h"

enum { AT_ONCE = 500 };		/* the most that -P takes */

struct conf {
	char *const *argv;
	const char *many;	/* -P, or NULL */
	uint64_t at_once;	/* so many, 0: one, whose stdout is ours */
	int64_t limit;		/* -t, ns, 0: none */
	const char *on_fail;	/* or NULL */
	bool local;
	struct refuge *refuge;	/* NULL: the first failure ends the run */
	struct encode *encode;
};

struct state {
	struct jobs jobs;
	struct environment env;
	struct job *open;	/* being filled */
	bool stop;		/* a command failed: no more are run */
	uint64_t failed, saved;
	uint64_t killed;	/* of these, by the signal that ends us too */
};

static void
release(void *refuge)
{
	refuge_close(refuge);
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *why;

	c->local = a->opt->local;
	if (c->many != NULL &&
	    args_count(a, "-P", c->many, &c->at_once) != OK)
		return FAIL;
	if (c->many != NULL && (c->at_once == 0 || c->at_once > AT_ONCE))
		return args_fail(a, "-P must be from 1 to %d", AT_ONCE);
	if (args_need(a, "the command") == NULL)
		return FAIL;
	c->argv = a->word - 1;
	if (*c->argv[0] == '\0')
		return args_fail(a, "the command must not be empty");
	if (strchr(*c->argv, ' ') != NULL && *a->word == NULL &&
	    access(*c->argv, X_OK) != 0)
		return args_fail(a, "there is no command %s: it and its "
		    "arguments are words of their own: into %s, or a line for "
		    "the shell: into sh -c '%s'", diag_quote(*c->argv,
		    strlen(*c->argv)), *c->argv, *c->argv);
	while (*a->word != NULL)
		a->word++;
	if (c->on_fail == NULL)
		return OK;
	c->refuge = arena_zero(a->arena, sizeof *c->refuge);
	arena_defer(a->arena, release, c->refuge);
	c->refuge->sync = a->opt->kept;
	why = refuge_open(c->refuge, c->on_fail);
	return why == NULL ? OK : args_fail(a, "--on-fail %s: %s", c->on_fail,
	    why);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	c->encode = encode_new(b->in, b->header, b->opt, ENCODE_RESULT);
	return OK;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *k = vs;

	jobs_init(&k->jobs, c->argv, c->at_once > 0 ? (size_t)c->at_once : 1,
	    c->at_once > 0, c->limit);
	environment_init(&k->env, c->local);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *k = vs;
	int r;

	if (k->stop)
		return OK;
	if (k->open == NULL) {
		k->open = jobs_open(&k->jobs);
		encode_begin(c->encode, true);
	}
	r = encode_add(c->encode, v, 0, v->n, &k->open->spool.mem);
	k->open->head = encode_head(c->encode);
	return r != FAIL && spool_settle(&k->open->spool, false) != OK ? FAIL :
	    r;
}

/* What of a command's words may have been meant as the next operator, of which
   there is none; mbatch itself has such words. */
static const char *
meant_next(const struct conf *c)
{
	char *const *w;

	for (w = c->argv + 1; *w != NULL && w[1] != NULL; w++)
		if (strcmp(*w, "then") == 0 && op_find(w[1]) != NULL &&
		    strstr(c->argv[0], "mbatch") == NULL)
			return w[1];
	return NULL;
}

/* Why a command failed.  What is too long to be run with is the key: the rest
   of what it gets was not too long for us. */
static void
tell_failure(const struct conf *c, const struct job *j)
{
	const struct batch *b = &j->batch;
	const struct spawn *s = &j->child;
	const char *next = meant_next(c);
	char range[64], why[256];

	snprintf(range, sizeof range, b->records == 0 ? "no records" :
	    b->first == b->last ? "record %" PRIu64 :
	    "records %" PRIu64 "-%" PRIu64, b->first, b->last);
	if (j->error == E2BIG && b->key.p != NULL)
		snprintf(why, sizeof why, "%s: the key, MBATCH_KEY, has %zu "
		    "bytes", strerror(j->error), b->key.n);
	else if (j->error != 0)
		snprintf(why, sizeof why, "%s", strerror(j->error));
	else if (s->error != 0)
		snprintf(why, sizeof why, "its input or output: %s",
		    strerror(s->error));
	else if (s->late)
		snprintf(why, sizeof why, "ran longer than -t allows");
	else if (WIFSIGNALED(s->status))
		snprintf(why, sizeof why, "killed by signal %d (%s)",
		    WTERMSIG(s->status), strsignal(WTERMSIG(s->status)));
	else
		snprintf(why, sizeof why, "exit status %d",
		    WEXITSTATUS(s->status));
	diag_warn("into: batch %" PRIu64 " (%s): %s: %s%s%s%s", b->number,
	    range, c->argv[0], why, next == NULL ? "" : "; it was given 'then ",
	    next == NULL ? "" : next, next == NULL ? "" : "', too: into is the "
	    "last operator");
}

/* What follows from how a command ended.  If it failed as nobody reads our
   output any more, that is no failure of its own. */
static int
judge(struct state *k, const struct conf *c, const struct job *j,
    struct emit *e)
{
	const struct spawn *s = &j->child;
	struct pollfd out = { .fd = STDOUT_FILENO };
	bool ran = j->error == 0 && s->error == 0;

	if (ran && !s->late && WIFEXITED(s->status) &&
	    WEXITSTATUS(s->status) == 0)
		return OK;
	if (ran && c->at_once == 0 && poll(&out, 1, 0) > 0 &&
	    (out.revents & (POLLERR | POLLHUP)) != 0)
		return emit_output_dead(e);
	tell_failure(c, j);
	k->failed++;
	if (WIFSIGNALED(s->status) && WTERMSIG(s->status) == signal_ended())
		k->killed++;
	k->stop = c->refuge == NULL;
	if (k->stop)
		return OK;
	if (refuge_save(c->refuge, &j->spool, j->head) != OK)
		return diag_errno("into: --on-fail %s", c->refuge->name);
	k->saved++;
	return OK;
}

/* What ended is judged, and output whose turn it is is written. */
static int
settle(struct state *k, const struct conf *c, struct emit *e)
{
	struct job *j;
	struct buf *b;
	int r = OK;

	while ((j = jobs_ended(&k->jobs)) != NULL) {
		buf_slice(&j->heard, emit_batch_end(e));
		if (judge(k, c, j, e) != OK)
			r = FAIL;
	}
	while ((b = jobs_turn(&k->jobs)) != NULL) {
		if (emit_output(e, b->p, b->n) != OK)
			return FAIL;
		b->n = 0;
	}
	return r;
}

/* Waits until something has happened to a command, and sees to it. */
static int
wait_turn(struct state *k, const struct conf *c, struct emit *e)
{
	int r = jobs_wait(&k->jobs, STDOUT_FILENO);

	if (r == DONE)
		return emit_output_dead(e);
	return r == OK ? settle(k, c, e) : FAIL;
}

/* Ends the run if a command failed.  Where that was by the signal that we got
   too, as when ^C goes to all of them, it is what we die by. */
static void
stop(const struct state *k, struct emit *e)
{
	if (k->stop)
		emit_stop(e, k->failed > k->killed ? EXIT_RUN :
		    EXIT_SIGNAL + signal_ended());
}

/* Starts the command once it can be, unless one failed meanwhile, and without
   -P waits for its end.  A batch of which no records came has none, nor has one
   of which none could be written. */
static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	struct state *k = vs;
	struct job *j = k->open;
	char *const *env = NULL;
	int r;

	if (k->stop || (j == NULL && emit_batch_end(e).n == 0))
		return OK;
	if (j != NULL)
		encode_batch(c->encode, &j->spool.mem);
	else
		j = jobs_open(&k->jobs);
	k->open = NULL;
	j->batch = *b;
	if (spool_size(&j->spool) > 0)
		env = environment_of(&k->env, &j->batch);
	while ((r = jobs_run(&k->jobs, j, env)) == DONE) {
		r = wait_turn(k, c, e);
		if (r != OK || k->stop) {
			jobs_drop(&k->jobs, j);
			stop(k, e);
			return r;
		}
	}
	if (r == OK)
		r = settle(k, c, e);
	while (r == OK && c->at_once == 0 && k->jobs.running > 0)
		r = wait_turn(k, c, e);
	stop(k, e);
	return r;
}

static size_t
watch(void *vs, struct pollfd *fd, size_t max, int64_t *wake)
{
	return jobs_watch(&((struct state *)vs)->jobs, fd, max, wake);
}

static int
ready(void *vs, const void *vc, struct emit *e)
{
	struct state *k = vs;
	int r;

	jobs_serve(&k->jobs);
	r = settle(k, vc, e);
	stop(k, e);
	return r;
}

/* What runs may finish, but not if nobody reads what it writes.  Then the
   file of --on-fail is whole, or it is told that it is not. */
static int
end(void *vs, const void *vc, struct emit *e, bool ok)
{
	const struct conf *c = vc;
	struct state *k = vs;
	int r = OK;

	while (k->jobs.running > 0 && !emit_output_failed(e))
		if (wait_turn(k, c, e) != OK)
			r = FAIL;
	jobs_kill(&k->jobs, SIGTERM);
	if (c->refuge != NULL && refuge_close(c->refuge) != OK)
		return diag_errno("into: --on-fail %s", c->refuge->name);
	if (c->refuge != NULL && k->failed > k->saved)
		diag_warn("into: %" PRIu64 " batch%s failed; %" PRIu64 " in %s",
		    k->failed, diag_plural(k->failed, "es"), k->saved,
		    c->refuge->name);
	else if (c->refuge != NULL && k->failed > 0)
		diag_warn("into: %" PRIu64 " batch%s failed; %s in %s",
		    k->failed, diag_plural(k->failed, "es"),
		    k->failed == 1 ? "it is" : "they are", c->refuge->name);
	return r != OK || k->failed > k->killed ? FAIL : OK;
}

static void
fini(void *vs, const void *vc)
{
	struct state *k = vs;

	if (k->open != NULL)
		jobs_drop(&k->jobs, k->open);
	jobs_free(&k->jobs);
	environment_free(&k->env);
}

const struct op op_into = {
	.name = "into",
	.args = "[-P N] [-t DUR] [--on-fail FILE] CMD [ARG]...",
	.makes = "sink",
	.help = "runs a command once for each batch, with the batch on its "
	    "stdin",
	.example = "into wc -l",
	.shows = "10\n",
	.flags = OP_FLAGS(
		FLAG("-P", many, "up to N commands run at a time"),
		FLAG("-t", limit, "a command that takes longer than DUR has "
		    "failed"),
		FLAG("--on-fail", on_fail, "batches that failed are added to "
		    "FILE")),
	.see = "tee collect",
	.holds = "the batch, in a file from 1 MiB on",
	.also = "exec xargs",
	.traits = OP_HOLD | OP_EFFECT | OP_LAST,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.watch = watch,
	.ready = ready,
	.end = end,
	.fini = fini
};
