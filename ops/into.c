/* into - a command run once for each batch, the batch on its stdin */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/data/time.h"
#include "lib/life/signal.h"
#include "lib/run/args.h"
#include "lib/write/encode.h"
#include "lib/write/jobs.h"

extern char **environ;		/* POSIX leaves this to the program */

enum {
	AT_ONCE = 500,		/* the most that -P takes */
	VARS = 6,		/* of the environment that are ours */
	MS = 1000000,
	ON_FAIL = 256		/* --on-fail among the flags */
};

/* Where the batches of failed commands go. */
struct refuge {
	const char *name;	/* NULL: there is none, the run ends */
	int fd;
	bool ours;		/* made by this run: no empty one is left */
};

struct conf {
	char *const *argv;
	uint64_t at_once;	/* -P, 0: one, whose stdout is ours */
	int64_t limit;		/* -t, ns, 0: none */
	bool local;
	struct refuge refuge;
	struct encode *encode;
};

struct sink {
	struct jobs jobs;
	struct job *open;	/* being filled */
	bool stop;		/* a command failed: no more are run */
	uint64_t failed, saved;
	uint64_t killed;	/* of these, by the signal that ends us too */
	char **env;
	size_t nenv;		/* of what there was */
	char var[VARS][64];
	struct buf key;
};

struct state {
	struct sink *sink;
};

static int
open_refuge(struct args *a, struct refuge *r)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;

	r->fd = open(r->name, flags | O_EXCL, 0666);
	r->ours = r->fd >= 0;
	if (r->fd < 0)
		r->fd = open(r->name, flags, 0666);
	if (r->fd < 0)
		return args_fail(a, "--on-fail %s: %s", r->name,
		    strerror(errno));
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	static const struct args_long longs[] = {
		{ "on-fail", ON_FAIL, true }, { NULL, 0, false }
	};
	struct conf *c = vc;
	int f;

	(void)op;
	c->local = a->opt->local;
	c->refuge.fd = -1;
	a->longs = longs;
	while ((f = args_flag(a, "P:t:")) > 0) {
		if (f == ON_FAIL)
			c->refuge.name = a->val;
		if (f == 't' && args_duration(a, "-t", a->val,
		    &c->limit) != OK)
			return FAIL;
		if (f != 'P')
			continue;
		if (args_count(a, "-P", a->val, &c->at_once) != OK)
			return FAIL;
		if (c->at_once == 0 || c->at_once > AT_ONCE)
			return args_fail(a, "-P must be from 1 to %d", AT_ONCE);
	}
	if (f < 0 || args_need(a, "the command") == NULL)
		return FAIL;
	c->argv = a->word - 1;
	if (*c->argv[0] == '\0')
		return args_fail(a, "the command must not be empty");
	while (*a->word != NULL)
		a->word++;
	return c->refuge.name == NULL ? OK : open_refuge(a, &c->refuge);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	c->encode = arena_zero(b->arena, sizeof *c->encode);
	encode_bind(c->encode, b->in, b->header, b->opt, ENCODE_RESULT);
	return OK;
}

/* Whether a variable is one of those that each command gets anew. */
static bool
is_ours(const char *var)
{
	static const char *const name[VARS] = { "NUMBER=", "RECORDS=",
	    "BYTES=", "REASON=", "TIME=", "KEY=" };
	size_t i;

	if (strncmp(var, "MBATCH_", 7) != 0)
		return false;
	for (i = 0; i < VARS; i++)
		if (strncmp(var + 7, name[i], strlen(name[i])) == 0)
			return true;
	return false;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct sink *k = s->sink = mem_zero(sizeof *k);
	size_t n = 0;

	(void)a;
	jobs_init(&k->jobs, c->argv, c->at_once > 0 ? (size_t)c->at_once : 1,
	    c->at_once > 0, c->limit);
	while (environ[n] != NULL)
		n++;
	k->env = mem_alloc((n + VARS + 1) * sizeof *k->env);
	for (n = 0; environ[n] != NULL; n++)
		if (!is_ours(environ[n]))
			k->env[k->nenv++] = environ[n];
}

/* An empty batch for the next command. */
static struct job *
open_job(struct sink *k, const struct conf *c)
{
	encode_begin(c->encode, true);
	return jobs_open(&k->jobs);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct sink *k = ((struct state *)vs)->sink;
	struct buf *b;
	const char *p;
	bool first = k->open == NULL;

	(void)e;
	if (k->stop)
		return OK;
	if (first)
		k->open = open_job(k, c);
	b = &k->open->spool.mem;
	if (encode_add(c->encode, v->rec, v->num, v->n, b) != OK)
		return FAIL;
	if (first && encode_heads(c->encode) &&
	    (p = memchr(b->p, c->encode->opt->term, b->n)) != NULL)
		k->open->head = (size_t)(p - b->p) + 1;
	return spool_settle(&k->open->spool, false);
}

static char **
environment(struct sink *k, const struct conf *c, const struct batch *b)
{
	char **env = k->env + k->nenv, time[TIME_MAX];
	size_t n = 0, size = sizeof k->var[0];

	snprintf(k->var[0], size, "MBATCH_NUMBER=%" PRIu64, b->number);
	snprintf(k->var[1], size, "MBATCH_RECORDS=%" PRIu64, b->records);
	snprintf(k->var[2], size, "MBATCH_BYTES=%" PRIu64, b->bytes);
	snprintf(k->var[3], size, "MBATCH_REASON=%s", reason_name(b->reason));
	snprintf(k->var[4], size, "MBATCH_TIME=%.*s",
	    (int)time_put(time, b->opened / MS * MS, c->local), time);
	for (n = 0; n < VARS - 1; n++)
		env[n] = k->var[n];
	if (b->key.p != NULL) {
		k->key.n = 0;
		buf_str(&k->key, "MBATCH_KEY=");
		buf_slice(&k->key, b->key);	/* up to a NUL, if any */
		buf_char(&k->key, '\0');
		env[n++] = k->key.p;
	}
	env[n] = NULL;
	return k->env;
}

/* Its batch goes to the refuge, without a second header line. */
static int
save_batch(struct sink *k, const struct job *j, const struct refuge *r)
{
	struct stat st;
	bool more = fstat(r->fd, &st) == 0 && st.st_size > 0;

	if (spool_copy(&j->spool, more ? j->head : 0, r->fd) == OK) {
		k->saved++;
		return OK;
	}
	diag_errno("into: --on-fail %s", r->name);
	return FAIL;
}

/* A command failed: said, and what follows from it. */
static int
give_up(struct sink *k, const struct conf *c, const struct job *j,
    const char *why)
{
	const struct batch *b = &j->batch;
	char range[64];

	snprintf(range, sizeof range, b->first == b->last ?
	    "record %" PRIu64 : "records %" PRIu64 "-%" PRIu64, b->first,
	    b->last);
	diag_warn("into: batch %" PRIu64 " (%s): %s: %s", b->number, range,
	    c->argv[0], why);
	k->failed++;
	k->stop = c->refuge.name == NULL;
	return k->stop ? OK : save_batch(k, j, &c->refuge);
}

static bool
nobody_reads(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP)) != 0;
}

/* The command could not be run.  What is too long is the key: the rest of what
   it gets was not too long for us. */
static int
judge_start(struct sink *k, const struct conf *c, const struct job *j)
{
	char why[256];

	if (j->error != E2BIG || j->batch.key.p == NULL)
		return give_up(k, c, j, strerror(j->error));
	snprintf(why, sizeof why, "%s: the key, MBATCH_KEY, has %zu bytes",
	    strerror(j->error), j->batch.key.n);
	return give_up(k, c, j, why);
}

/* The command has ended.  If it failed as nobody reads our output any more,
   that is no failure of its own. */
static int
judge(struct sink *k, const struct conf *c, const struct job *j,
    struct emit *e)
{
	const struct spawn *s = &j->child;
	char why[128];

	if (j->error != 0)
		return judge_start(k, c, j);
	if (!s->late && WIFEXITED(s->status) && WEXITSTATUS(s->status) == 0)
		return OK;
	if (c->at_once == 0 && nobody_reads(STDOUT_FILENO))
		return emit_output_dead(e);
	if (WIFSIGNALED(s->status) && WTERMSIG(s->status) == signal_ended())
		k->killed++;
	if (s->late)
		snprintf(why, sizeof why, "ran longer than -t allows");
	else if (WIFSIGNALED(s->status))
		snprintf(why, sizeof why, "killed by signal %d (%s)",
		    WTERMSIG(s->status), strsignal(WTERMSIG(s->status)));
	else
		snprintf(why, sizeof why, "exit status %d",
		    WEXITSTATUS(s->status));
	return give_up(k, c, j, why);
}

/* What ended is judged, and what has its turn is written. */
static int
settle(struct sink *k, const struct conf *c, struct emit *e)
{
	struct job *j;
	struct buf *b;
	int r = OK;

	while ((j = jobs_ended(&k->jobs)) != NULL) {
		buf_slice(&j->held, emit_batch_end(e));
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

static int
wait_turn(struct sink *k, const struct conf *c, struct emit *e)
{
	switch (jobs_wait(&k->jobs, STDOUT_FILENO)) {
	case OK:
		return settle(k, c, e);
	case DONE:
		return emit_output_dead(e);
	default:
		return FAIL;
	}
}

/* Starts the command once there is room, unless one failed meanwhile.  Where
   no records came there is none. */
static int
run_job(struct sink *k, const struct conf *c, struct job *j, bool records,
    struct emit *e)
{
	int r = OK;

	while (r == OK && !jobs_room(&k->jobs))
		r = wait_turn(k, c, e);
	if (r != OK || k->stop) {
		jobs_drop(&k->jobs, j);
		return r;
	}
	if (!records)
		jobs_pass(&k->jobs, j);
	else if (jobs_run(&k->jobs, j, environment(k, c, &j->batch)) != OK)
		return FAIL;
	r = settle(k, c, e);
	while (r == OK && c->at_once == 0 && jobs_running(&k->jobs))
		r = wait_turn(k, c, e);
	return r;
}

/* Ends the run if a command failed.  Where that was by the signal that we got
   too, as when ^C goes to all of them, it is what we die by. */
static void
stop(const struct sink *k, struct emit *e)
{
	if (k->stop)
		emit_stop(e, k->failed > k->killed ? EXIT_RUN :
		    EXIT_SIGNAL + signal_ended());
}

static int
flush(const void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	struct sink *k = ((const struct state *)vs)->sink;
	struct job *j = k->open;
	bool records = j != NULL && b->records > 0;
	int r;

	if (k->stop || (j == NULL && emit_batch_end(e).n == 0))
		return OK;
	if (j == NULL)
		j = open_job(k, c);
	k->open = NULL;
	j->batch = *b;
	if (records)
		encode_batch(c->encode, &j->spool.mem);
	r = run_job(k, c, j, records, e);
	stop(k, e);
	return r;
}

static void
reset(void *vs, const void *vc)
{
	(void)vs;		/* flush has taken the batch */
	(void)vc;
}

static size_t
watch(void *vs, struct pollfd *fd, size_t max, int64_t *wake)
{
	return jobs_watch(&((struct state *)vs)->sink->jobs, fd, max, wake);
}

static int
ready(void *vs, const void *vc, struct emit *e)
{
	struct sink *k = ((struct state *)vs)->sink;
	int r;

	jobs_serve(&k->jobs);
	r = settle(k, vc, e);
	stop(k, e);
	return r;
}

/* Of a refuge that was made for nothing, nothing is left. */
static void
remove_unused(const struct refuge *r)
{
	struct stat st;

	if (r->ours && fstat(r->fd, &st) == 0 && st.st_size == 0 &&
	    st.st_nlink > 0)
		unlink(r->name);
}

static void
tell_refuge(const struct sink *k, const struct refuge *r)
{
	const char *what = k->failed == 1 ? "batch" : "batches";

	if (k->failed == 0 || r->name == NULL)
		return;
	if (k->saved < k->failed)
		diag_warn("into: %" PRIu64 " %s failed; %" PRIu64 " in %s",
		    k->failed, what, k->saved, r->name);
	else
		diag_warn("into: %" PRIu64 " %s failed; %s in %s", k->failed,
		    what, k->failed == 1 ? "it is" : "they are", r->name);
}

/* What runs may finish, but not if nobody reads what it writes. */
static int
end(void *vs, const void *vc, struct emit *e, bool ok)
{
	const struct conf *c = vc;
	struct sink *k = ((struct state *)vs)->sink;
	int r = OK;

	(void)ok;
	while (jobs_running(&k->jobs) && !emit_output_failed(e))
		if (wait_turn(k, c, e) != OK)
			r = FAIL;
	if (!emit_output_failed(e) && settle(k, c, e) != OK)
		r = FAIL;
	jobs_kill(&k->jobs, SIGTERM);
	tell_refuge(k, &c->refuge);
	remove_unused(&c->refuge);
	return r != OK || k->failed > k->killed ? FAIL : OK;
}

static void
fini(void *vs, const void *vc)
{
	struct sink *k = ((struct state *)vs)->sink;

	(void)vc;
	if (k->open != NULL)
		jobs_drop(&k->jobs, k->open);
	jobs_free(&k->jobs);
	buf_free(&k->key);
	free(k->env);
	free(k);
}

static void
discard(void *vc)
{
	struct conf *c = vc;

	encode_free(c->encode);
	if (c->refuge.name == NULL)
		return;
	remove_unused(&c->refuge);
	if (c->refuge.fd >= 0)
		close(c->refuge.fd);
}

const struct op op_into = {
	.name = "into",
	.args = "[-P N] [-t DUR] [--on-fail FILE] CMD [ARG]...",
	.makes = "sink",
	.help = "runs a command once for each batch, with the batch on its "
	    "stdin",
	.example = "into wc -l",
	.traits = OP_HOLD | OP_EFFECT | OP_LAST,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.reset = reset,
	.watch = watch,
	.ready = ready,
	.end = end,
	.fini = fini,
	.discard = discard
};
