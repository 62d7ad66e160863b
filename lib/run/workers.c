/* workers.c - records through the chain on many processors */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/run/work-inner.h"
#include "lib/run/workers.h"

enum {
	STACK = 1024 * 1024,
	EARLY = 64		/* bytes of a block for each record that must
				   have come before states are of many keys */
};

static off_t
file_end(const struct work *k)
{
	struct stat st;

	if (fstat(k->in->fd, &st) != 0)
		return 0;
	return k->in->to < st.st_size ? k->in->to : st.st_size;
}

bool
work_takes_all(const struct chain *c, size_t k)
{
	const unsigned ends = OP_EACH | OP_EFFECT;
	unsigned t;

	for (; k < c->n; k++) {
		t = c->stage[k].op.traits;
		if ((t & ends) == ends ||
		    (t & (ends | OP_HOLD | OP_ACROSS | OP_AGAIN)) == 0)
			return false;
	}
	return true;
}

/* Whether the stage is run for parts, too, to leave less for one.  What it
   remembers of earlier parts is no harm but where these may be of another
   batch. */
static bool
again(const struct work *k, size_t at, bool whole)
{
	const struct stage *s = &k->chain->stage[at];
	unsigned t = s->op.traits;

	if ((t & OP_AGAIN) == 0 || s->op.pays == NULL)
		return false;
	if ((t & OP_ACROSS) == 0 &&
	    !((t & OP_HOLD) != 0 ? whole : k->feed->batcher.lim.all))
		return false;
	return s->op.pays(k->feed->tail->st[at], s->conf, k->feed->records,
	    at == k->chain->from);
}

/* The stages that can be run apart, and how: false if there are none. */
static bool
front(const struct work *k, struct crew *f)
{
	const struct chain *c = k->chain;
	const struct limits *lim = &k->feed->batcher.lim;
	const struct op *op;
	const void *st, *conf;
	unsigned rest = 0;
	bool records, whole, joins;
	size_t i;

	records = lim->bytes == 0 && lim->key == NULL && lim->start == NULL &&
	    lim->end == NULL;
	whole = lim->all || (lim->window.width > 0 && lim->records == 0 &&
	    lim->timeout == 0 && lim->gap == 0 && records);
	if (c->opt->event_time)
		return window_suits(f);
	for (f->to = c->from; f->to < c->n; f->to++)
		if ((c->stage[f->to].op.traits &
		    (OP_EACH | OP_EFFECT | OP_NUMBER)) != OP_EACH)
			break;
	if (f->to == c->n &&
	    (c->n > 0 || k->out->encode.convert != NULL) &&
	    (whole || !k->limited) && k->out->batch_end == NULL &&
	    encode_settled(&k->out->encode))
		return true;
	if (batch_suits(k)) {
		f->to = c->n;
		f->mode = WORK_BATCHES;
		return true;
	}
	if (f->to == c->n)
		return false;
	op = &c->stage[f->to].op;
	st = k->feed->tail->st[f->to];
	conf = c->stage[f->to].conf;
	joins = op->join != NULL && (op->traits & OP_ACROSS) == 0 && whole &&
	    c->opt->max_groups == 0 && !c->opt->partial &&
	    c->opt->bad->what == BAD_SKIP;
	if (joins && (op->pays == NULL || op->pays(st, conf, k->feed->records,
	    f->to == c->from)))
		f->mode = k->in->regular ? WORK_RANGES : WORK_STATES;
	else if (joins && op->parts != NULL &&
	    k->feed->records >= k->block / EARLY &&
	    op->parts->suit(st, conf, k->feed->records))
		f->mode = WORK_SPREAD;
	if (f->mode != WORK_OUTPUT) {
		f->to++;
		return true;
	}
	for (i = f->to; i < c->n; i++)
		rest |= c->stage[i].op.traits;
	f->mode = WORK_REST;
	f->rest = f->to;
	f->to += again(k, f->to, whole);
	return f->to > c->from && work_takes_all(c, f->rest) && (whole ||
	    (lim->records > 0 && records && lim->window.width == 0 &&
	    (rest & (OP_FRAME | OP_EFFECT)) == 0));
}

/* Whether the input gives more than one processor can take. */
static bool
plenty(const struct work *k)
{
	const struct input *in = k->in;

	if (in->regular)
		return file_end(k) - input_offset(in) >=
		    (off_t)(WORK_FROM * k->block);
	if (in->full < WORK_FROM || k->block >= in->max_record)
		return false;
	/* What takes hardly longer than to read it, which is one at a time,
	   would cost more, and end no sooner. */
	return in->enough == 1 ||
	    3 * in->reading < time_mono() - in->since;
}

/* Whether an operator may wait for something else by now, as what it began with
   a batch before: the loop sees to that. */
static bool
watches(const struct chain *c)
{
	size_t i;

	for (i = c->from; i < c->n; i++)
		if (c->stage[i].op.watch != NULL)
			return true;
	return false;
}

/* Apart, as a crew is large, and the question comes with each read. */
static bool
has_front(const struct work *k)
{
	struct crew c = { .work = k };

	return front(k, &c);
}

bool
work_suits(const struct work *k)
{
	const struct options *opt = k->chain->opt;
	const struct feed *f = k->feed;
	bool windows = opt->event_time || f->batcher.lim.window.width > 0;

	if (k->jobs < 2 || k->in->eof || k->in->skipping ||
	    input_waits(k->in) || opt->merge ||
	    (!opt->event_time && (opt->interleaved || f->timed)) ||
	    opt->bad->what == BAD_FAIL || f->tail == NULL ||
	    (!f->batcher.lim.all && f->batches == 0 &&
	    !(windows && chain_seen(k->chain))) ||
	    k->chain->stop != 0 || k->out->failed ||
	    (f->batches > 0 && watches(k->chain)))
		return false;
	return plenty(k) && has_front(k);
}

/* Threads without signals, which are the main thread's. */
static void
start(struct crew *c)
{
	pthread_attr_t attr;
	sigset_t all, old;

	if (pthread_attr_init(&attr) != 0)
		return;
	(void)pthread_attr_setstacksize(&attr, STACK);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	pthread_mutex_lock(&c->lock);
	while (c->started < c->n &&
	    pthread_create(&c->worker[c->started].thread, &attr, worker_main,
	    &c->worker[c->started]) == 0)
		c->started++;
	c->running = c->started;
	if (c->mode == WORK_RANGES)
		file_share(c);
	pthread_mutex_unlock(&c->lock);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
}

/* How far the workers are in a file: what is settled, or of parts that are
   settled at the end, what was given out.  The lock is held. */
static off_t
taken(const struct crew *c, off_t settled)
{
	const struct piece *p;
	off_t at = c->end;

	if (!c->work->in->regular)
		return -1;
	if (c->mode != WORK_RANGES)
		return settled;
	for (p = c->first; p != NULL; p = p->next)
		if (!p->done)
			at -= p->to - p->at;
	return at;
}

/* Milliseconds until progress is to be shown, -1: never. */
static int
until_shown(const struct progress *p)
{
	int64_t when = progress_deadline(p), mono;

	if (when == INT64_MAX)
		return -1;
	mono = time_mono();
	return when <= mono ? 0 : (int)((when - mono) / 1000000) + 1;
}

/* Waits for the workers, with an eye on what the loop must see to. */
static int
supervise(struct crew *c, off_t *to)
{
	struct pollfd fd[] = {
		{ .fd = c->wake[0], .events = POLLIN },
		{ .fd = c->work->sigfd, .events = POLLIN },
		{ .fd = c->work->out->fd, .events = 0 }
	};
	bool running = true;
	char some[64];
	int st = OK;

	while (running) {
		fd[0].revents = fd[1].revents = fd[2].revents = 0;
		if (poll(fd, 3, until_shown(c->work->progress)) < 0 &&
		    errno != EINTR && st == OK)
			st = diag_errno("poll");
		if (fd[0].revents != 0)
			(void)!read(c->wake[0], some, sizeof some);
		pthread_mutex_lock(&c->lock);
		if (c->mode != WORK_RANGES && st == OK)
			st = piece_settle(c, to);
		c->stop |= c->cut || st != OK || fd[1].revents != 0 ||
		    (fd[2].revents & (POLLERR | POLLHUP)) != 0;
		if (c->stop) {
			fd[1].fd = fd[2].fd = -1;
			pthread_cond_broadcast(&c->room);
		}
		running = c->running > 0;
		progress_look(c->work->progress, taken(c, *to));
		pthread_mutex_unlock(&c->lock);
	}
	return st;
}

/* The workers take what they can of the input, from *to on. */
static int
take_all(struct crew *c, off_t *to)
{
	int st = OK;
	size_t i;

	start(c);
	if (c->started > 0)
		st = supervise(c, to);
	if (c->dies != 0)
		diag_die(c->dies, "%s", c->why);
	for (i = 0; i < c->started; i++)
		pthread_join(c->worker[i].thread, NULL);
	pthread_mutex_lock(&c->lock);
	if (st == OK)
		st = piece_settle(c, to);
	pthread_mutex_unlock(&c->lock);
	piece_free(c->first);
	piece_free(c->spare);
	return st;
}

/* What was read, but not taken, is the loop's; batches go on as old as they
   are. */
static int
leave(struct crew *c, off_t to)
{
	const struct work *k = c->work;
	struct buf left = { 0 };

	if (!k->in->regular) {
		batch_left(c, &left);
		input_give(k->in, buf_text(&left), c->error);
		buf_free(&left);
	} else if (!input_seek(k->in, to))
		return diag_errno("standard input");
	if (c->mode == WORK_BATCHES && c->cutter.b.cur.records > 0)
		k->feed->mono = c->cutter.b.oldest;
	return OK;
}

/* One that a thread can leave without knowing whether it has it. */
static void
init_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(lock, &a);
	pthread_mutexattr_destroy(&a);
}

int
work_run(const struct work *k)
{
	struct crew c = { .work = k, .n = k->jobs, .dead = UINT64_MAX };
	off_t to = 0;
	size_t i;
	int st;

	if (pipe(c.wake) != 0)
		return OK;
	(void)front(k, &c);
	/* Large results are best written into what the cache still has. */
	c.block = c.mode == WORK_OUTPUT || c.mode == WORK_BATCHES ?
	    k->block - k->block / 2 : k->block;
	if (k->in->regular) {
		c.begin = c.next = to = input_offset(k->in);
		c.end = file_end(k);
	} else {
		input_take_back(k->in, &c.before);
		c.left = buf_text(&c.before);
	}
	init_lock(&c.lock);
	init_lock(&c.reads);
	c.last = &c.first;
	pthread_cond_init(&c.room, NULL);
	if (c.mode == WORK_WINDOWS)
		window_begin(&c);
	else if (c.mode == WORK_BATCHES)
		batch_begin(&c);
	else if (c.mode == WORK_SPREAD)
		spread_begin(&c);
	c.worker = mem_zero(c.n * sizeof *c.worker);
	for (i = 0; i < c.n; i++)
		worker_init(&c.worker[i], &c);
	st = take_all(&c, &to);
	if (leave(&c, to) != OK)
		st = FAIL;
	for (i = 0; i < c.n; i++) {
		worker_seen(&c.worker[i], &c);
		worker_free(&c.worker[i]);
	}
	free(c.worker);
	pthread_mutex_destroy(&c.lock);
	pthread_mutex_destroy(&c.reads);
	pthread_cond_destroy(&c.room);
	free(c.take);
	window_free(&c);
	batch_end(&c);
	close(c.wake[0]);
	close(c.wake[1]);
	buf_free(&c.before);
	return st;
}
