/* workers.c - records through the chain on many processors */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/run/carry.h"
#include "lib/run/store.h"
#include "lib/run/workers.h"
#include "lib/scan/scan.h"
#include "lib/write/files.h"

enum {
	STACK = 1024 * 1024,
	SOME = 4096,		/* bytes behind a block, for its end */
	READ = 64 * 1024,	/* room for it: a packet is read whole */
	MOMENT = 2		/* ms without input: it comes slowly again */
};

/* A run of the file's records, one behind the other, that one worker takes. */
struct piece {
	off_t at, to;		/* what is left to be given out: records that
				   begin there */
	off_t end;		/* behind the last record that was taken */
	uint64_t records, bytes;
	struct turn told;
	uint64_t unread;	/* bad records that were told otherwise */
	struct instance *inst;	/* of the worker's chain, with the states */
	struct buf text;	/* or its output, */
	uint64_t written;	/* of so many records, */
	struct store passed;	/* or these */
	bool cut;		/* the worker stopped before the end of it */
	bool done;
	struct piece *next;
};

struct worker {
	struct crew *crew;
	pthread_t thread;
	struct options opt;
	struct badness bad;
	struct diag diag;
	struct arena arena;
	struct chain chain;
	struct shape shape;
	struct claims claims;
	struct batch batch;
	struct out out;
	uint64_t written;	/* records before those of this piece */
	struct instance *inst;	/* for all pieces without states */
	struct piece *piece;
	char *buf;		/* a block of the input */
	size_t cap;
	size_t n;		/* its bytes, of no file */
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX];
};

struct crew {
	const struct work *work;
	size_t to;		/* stages [from, to) run here */
	bool states;		/* the last of them is an aggregate, */
	bool rest;		/* or others follow, on one processor */
	bool ranges;		/* and its pieces are large, of a file */
	off_t begin, end;	/* of the file */
	struct worker *worker;
	size_t n, started;
	int wake[2];		/* written to when a piece is done */
	pthread_mutex_t lock;	/* of all below, and of what is said of pieces
				   but to the worker that has one */
	pthread_cond_t room;
	bool stop;
	bool cut;		/* a piece that was settled did not end where
				   the next one begins */
	size_t running;
	struct piece *first;	/* in the file's order: not yet settled */
	struct piece **last;
	struct piece *spare;	/* settled, to be used again */
	size_t held;		/* pieces that are there */
	off_t next;		/* blocks of a file: not yet given out */
	pthread_mutex_t reads;	/* of what follows: no file */
	struct buf left;	/* read, but no whole record */
	int error;		/* of the last read */
};

static off_t
file_end(const struct work *k)
{
	struct stat st;

	if (fstat(k->in->fd, &st) != 0)
		return 0;
	return k->in->to < st.st_size ? k->in->to : st.st_size;
}

/* Whether the stages from k on may get all records of a vector, whoever ends
   the batch or the run: no head, no assert. */
static bool
takes_all(const struct chain *c, size_t k)
{
	const unsigned ends = OP_EACH | OP_EFFECT;
	unsigned t;

	for (; k < c->n; k++) {
		t = c->stage[k].op.traits;
		if ((t & ends) == ends ||
		    (t & (ends | OP_HOLD | OP_ACROSS)) == 0)
			return false;
	}
	return true;
}

/* The stages that can be run apart, and how: false if there are none. */
static bool
front(const struct work *k, struct crew *f)
{
	const struct chain *c = k->chain;
	const struct limits *lim = &k->feed->batcher.lim;
	const struct op *op;
	unsigned rest = 0;
	size_t i;

	for (f->to = c->from; f->to < c->n; f->to++)
		if ((c->stage[f->to].op.traits &
		    (OP_EACH | OP_EFFECT | OP_NUMBER)) != OP_EACH)
			break;
	if (f->to == c->n)
		return (c->n > 0 || k->out->encode.convert != NULL) &&
		    (lim->all || !k->limited) && k->out->batch_end == NULL &&
		    encode_settled(&k->out->encode);
	op = &c->stage[f->to].op;
	f->states = op->join != NULL && (op->traits & OP_ACROSS) == 0 &&
	    (op->pays == NULL || op->pays(k->feed->tail->st[f->to],
	    c->stage[f->to].conf, k->feed->records, f->to == c->from)) &&
	    (op->seal == NULL || k->in->regular) &&
	    lim->all && c->opt->max_groups == 0 && !c->opt->partial &&
	    c->opt->bad->what == BAD_SKIP;
	if (f->states) {
		f->to++;
		return true;
	}
	for (i = f->to; i < c->n; i++)
		rest |= c->stage[i].op.traits;
	f->rest = true;
	return f->to > c->from && takes_all(c, f->to) && (lim->all ||
	    (lim->records > 0 && lim->bytes == 0 && lim->key == NULL &&
	    lim->start == NULL && lim->end == NULL && lim->window.width == 0 &&
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
	return in->full >= WORK_FROM && k->block < in->max_record;
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

bool
work_suits(const struct work *k)
{
	const struct options *opt = k->chain->opt;
	const struct feed *f = k->feed;
	struct crew front_of = { .work = k };

	if (k->jobs < 2 || k->in->eof || k->in->skipping ||
	    input_waits(k->in) || opt->merge ||
	    opt->interleaved || opt->bad->what == BAD_FAIL || f->timed ||
	    f->tail == NULL || (!f->batcher.lim.all && f->batches == 0) ||
	    k->chain->stop != 0 || k->out->failed ||
	    (f->batches > 0 && watches(k->chain)))
		return false;
	return front(k, &front_of) && plenty(k);
}

static struct piece *
piece_new(struct crew *c)
{
	struct piece *p = c->spare;

	if (p == NULL)
		return mem_zero(sizeof *p);
	c->spare = p->next;
	p->next = NULL;
	p->records = p->bytes = 0;
	p->cut = p->done = false;
	return p;
}

/* Room for n bytes of input. */
static void
make_room(struct worker *w, size_t n)
{
	if (w->cap >= n)
		return;
	w->cap = n;
	w->buf = mem_grow(w->buf, n);
}

/* Reads what there is of a block, and waits a moment for the first of it.
   False: nothing comes. */
static bool
read_some(struct worker *w)
{
	struct crew *c = w->crew;
	struct pollfd fd = { .fd = c->work->in->fd, .events = POLLIN };
	size_t had = c->left.n, most = had + c->work->block;
	ssize_t n = 1;

	make_room(w, most + READ);
	if (had > 0)
		memcpy(w->buf, c->left.p, had);
	w->n = had;
	c->left.n = 0;
	while (n > 0 && w->n < most &&
	    poll(&fd, 1, w->n == had ? MOMENT : 0) > 0) {
		n = read(fd.fd, w->buf + w->n, most + READ - w->n);
		w->n += n > 0 ? (size_t)n : 0;
		c->error = n < 0 && errno != EAGAIN && errno != EINTR ? errno :
		    0;
	}
	return w->n > had;
}

/* The whole records that come next from a pipe or the like; what is left of
   them is for who reads next.  False: there are none. */
static bool
next_read(struct crew *c, struct worker *w)
{
	char term = c->work->in->term;
	size_t n;
	bool stop;

	pthread_mutex_lock(&c->lock);
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	if (stop)
		return false;
	for (n = read_some(w) ? w->n : 0; n > 0 && w->buf[n - 1] != term; n--)
		;
	if (w->n > c->work->in->max_record)	/* one may be too long */
		n = 0;
	if (c->work->in->join != NULL)
		n = join_before_open(c->work->in->join, w->buf, n);
	buf_add(&c->left, w->buf + n, w->n - n);
	w->n = n;
	return n > 0;
}

/* The next block, a piece of its own, once there is room for its result. */
static bool
next_block(struct crew *c, struct worker *w)
{
	bool file = c->work->in->regular, more;
	struct piece *p;

	while (!c->stop && c->held >= 2 * c->n + 2)
		pthread_cond_wait(&c->room, &c->lock);
	if (!file) {
		pthread_mutex_unlock(&c->lock);
		pthread_mutex_lock(&c->reads);
		more = next_read(c, w);
		pthread_mutex_lock(&c->lock);
		c->stop |= !more;
	} else {
		more = !c->stop && c->next < c->end;
	}
	if (more) {
		w->piece = p = piece_new(c);
		p->at = p->end = c->next;
		p->to = c->next += (off_t)c->work->block;
		p->to = p->to < c->end || !file ? p->to : c->end;
		*c->last = p;
		c->last = &p->next;
		c->held++;
	}
	if (!file)
		pthread_mutex_unlock(&c->reads);
	return more;
}

/* The latter half of what is left to another worker, where it pays. */
static bool
steal(struct crew *c, struct worker *w)
{
	off_t block = (off_t)c->work->block, most = 4 * block;
	struct piece *p, *from = NULL;

	for (p = c->first; p != NULL; p = p->next)
		if (!p->done && p->to - p->at >= most) {
			most = p->to - p->at;
			from = p;
		}
	if (from == NULL)
		return false;
	w->piece = p = piece_new(c);
	p->to = from->to;
	from->to = p->at = p->end = from->at + most / 2 / block * block;
	p->next = from->next;
	from->next = p;
	return true;
}

/* The piece's aggregate gets no more.  The lock is held, but not meanwhile. */
static void
seal(struct worker *w)
{
	size_t k = w->crew->to - 1;
	const struct stage *s = &w->chain.stage[k];

	if (s->op.seal == NULL)
		return;
	pthread_mutex_unlock(&w->crew->lock);
	s->op.seal(w->inst->st[k], s->conf);
	pthread_mutex_lock(&w->crew->lock);
}

/* What came of the worker's piece goes to it. */
static void
end_piece(struct worker *w)
{
	struct piece *p = w->piece;
	struct buf text = p->text;

	diag_hold(&w->diag);
	turn_move(&w->diag.turn, &p->told);
	p->unread = w->bad.told;
	w->bad.told = 0;
	p->text = w->out.buf;
	p->written = encode_records(&w->out.encode) - w->written;
	w->written += p->written;
	w->out.buf = text;
	w->out.buf.n = 0;
	p->done = true;
	w->piece = NULL;
}

/* What the worker does next: records that begin in [*at, *to).  The lock is
   held.  False: nothing more. */
static bool
take_work(struct worker *w, off_t *at, off_t *to)
{
	struct crew *c = w->crew;
	off_t block = (off_t)c->work->block;
	struct piece *p = w->piece;

	if (p != NULL && (p->cut || p->at >= p->to || c->stop)) {
		if (c->states)
			seal(w);
		end_piece(w);
		if (!c->ranges)
			(void)!write(c->wake[1], "", 1);
	}
	if (c->stop && w->piece == NULL)
		return false;
	if (w->piece == NULL && !(c->ranges ? steal(c, w) : next_block(c, w)))
		return false;
	p = w->piece;
	*at = p->at;
	*to = p->to - p->at > block ? p->at + block : p->to;
	p->at = *to;
	return true;
}

/* Reads the file from at on, so that buf has n bytes: how many there are. */
static size_t
read_to(struct worker *w, off_t at, size_t have, size_t n)
{
	ssize_t got;

	make_room(w, n);
	while (have < n) {
		got = pread(w->crew->work->in->fd, w->buf + have, n - have,
		    at + (off_t)have);
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	return have;
}

/* The whole records that begin in [at, to); *from: where the first is.  The
   piece is cut where they can't be had. */
static struct slice
read_block(struct worker *w, off_t at, off_t to, off_t *from)
{
	const struct work *k = w->crew->work;
	size_t before = at > w->crew->begin, have, want, n;
	size_t most = k->block + SOME;	/* longer ones are the loop's */
	const char *p, *q;
	char term = k->in->term;

	*from = at;
	n = (size_t)(to - at) + before;		/* its bytes, and one before */
	want = n + SOME;
	have = read_to(w, at - (off_t)before, 0, want);
	for (;;) {		/* the end of the last of them */
		p = w->buf;
		q = have < n ? NULL : memchr(p + n - 1, term, have - n + 1);
		if (q != NULL || have < want || want > n + most)
			break;
		want += want - n;
		have = read_to(w, at - (off_t)before, have, want);
	}
	if (q == NULL) {	/* only what is whole before it */
		w->piece->cut = true;
		n = have < n ? have : n;
		for (q = p + n; q > p && q[-1] != term; q--)
			;
		if (q-- == p)
			return (struct slice){ p, 0 };
	}
	if (before) {
		p = memchr(p, term, (size_t)(q - p) + 1);
		p++;
		*from = at - 1 + (off_t)(p - w->buf);
	}
	/* A record that covers all of the block is another block's. */
	if (*from >= to)
		return (struct slice){ p, 0 };
	return (struct slice){ p, (size_t)(q + 1 - p) };
}

/* n records of the piece through the worker's chain, without the empty lines
   that are none. */
static void
push(struct worker *w, const struct slice *rec, size_t n)
{
	const struct options *opt = &w->opt;
	bool blanks = (opt->input->traits & FMT_BLANKS) != 0;
	struct piece *p = w->piece;
	struct vec v;
	size_t i, m;

	for (; n > 0; rec += m, n -= m) {
		m = blanks ? input_before_empty(rec, n) : n;
		if (m == 0) {
			m = 1;
			continue;
		}
		for (i = 0; i < m; i++)
			w->num[i] = p->records + i + 1;
		p->records += m;
		v = (struct vec){ .n = m, .rec = rec, .num = w->num,
		    .contig = true };
		(void)instance_push(w->inst, &v);
	}
}

/* How many of n records come before one that is too long. */
static size_t
before_long(const struct slice *rec, size_t n, size_t max)
{
	size_t i;

	for (i = 0; i < n && rec[i].n <= max; i++)
		;
	return i;
}

/* How many of n lines come before one that is out of the ordinary: too long, or
   the front of a record. */
static size_t
before_odd(const struct worker *w, const struct slice *rec, size_t n,
    size_t used)
{
	const struct input *in = w->crew->work->in;
	const struct format *f = w->shape.format;

	if (used > in->max_record)
		n = before_long(rec, n, in->max_record);
	return in->join == NULL ? n : f->open(&w->shape, rec, n);
}

/* Records of a block, up to a line that is the loop's. */
static void
work_block(struct worker *w, off_t at, off_t to)
{
	const struct input *in = w->crew->work->in;
	struct piece *p = w->piece;
	off_t from = at;
	struct slice b = in->regular ? read_block(w, at, to, &from) :
	    (struct slice){ w->buf, w->n };
	size_t n, some, used;

	for (; b.n > 0 && !p->cut; b.p += used, b.n -= used) {
		n = scan_records(b.p, b.n, in->term, w->rec, VEC_MAX, &used);
		some = before_odd(w, w->rec, n, used);
		if (some < n) {
			used = (size_t)(w->rec[some].p - b.p);
			p->cut = true;
		}
		if (some > 0)
			push(w, w->rec, some);
		p->bytes += used;
		p->end = from += (off_t)used;
	}
}

static void *
worker_main(void *arg)
{
	struct worker *w = arg;
	struct crew *c = w->crew;
	off_t at, to;

	pthread_mutex_lock(&c->lock);
	while (take_work(w, &at, &to)) {
		pthread_mutex_unlock(&c->lock);
		if (c->states && w->piece->inst == NULL)
			w->piece->inst = instance_new(&w->chain, w->chain.from,
			    c->to, NULL);
		if (c->states)
			w->inst = w->piece->inst;
		w->inst->batch = &w->batch;
		w->inst->store = c->rest ? &w->piece->passed : NULL;
		work_block(w, at, to);
		pthread_mutex_lock(&c->lock);
	}
	c->running--;
	(void)!write(c->wake[1], "", 1);
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* A chain of the worker's own, of the same words. */
static void
worker_init(struct worker *w, struct crew *c)
{
	const struct work *k = c->work;
	const struct options *opt = k->chain->opt;
	const struct shape *out;

	w->crew = c;
	w->opt = *opt;
	w->opt.arena = &w->arena;
	w->opt.diag = &w->diag;
	w->opt.bad = &w->bad;
	w->opt.claims = &w->claims;
	w->bad = *opt->bad;
	w->bad.told = 0;
	w->bad.line = (struct buf){ 0 };
	w->bad.tally = tally_new(&w->diag, &w->arena, opt->bad->tally->what);
	w->diag.turn.gathers = true;
	turn_begin(&w->diag.turn);
	w->shape = *k->shape;
	w->batch = k->feed->batcher.cur;
	diag_mute(true);
	if (chain_parse(&w->chain, k->words, &w->opt) != OK)
		abort();	/* the run's chain is made of the same */
	w->chain.apart = c->rest ? c->to : 0;
	if (chain_bind(&w->chain, &w->shape, k->header) != OK)
		abort();
	diag_mute(false);
	w->chain.out = &w->out;
	w->out.opt = &w->opt;
	w->out.fd = -1;
	if (!c->states && !c->rest) {
		out = chain_shape(&w->chain, &w->shape);
		out_bind(&w->out, out, chain_header(&w->shape, out,
		    k->header));
		encode_follow(&w->out.encode, &k->out->encode);
		carry_out(&w->chain);
	}
	if (!c->states)
		w->inst = instance_new(&w->chain, w->chain.from, c->to, NULL);
	turn_stages(&w->diag.turn, w->chain.n + 2);
	diag_join(&w->diag, opt->diag);
}

/* What some worker's records had, the run's had. */
static void
worker_seen(const struct worker *w, const struct crew *c)
{
	size_t i, j;

	if (w->chain.status != 0)
		c->work->chain->status = w->chain.status;
	for (i = w->chain.from; i < c->to; i++) {
		const struct stage *from = &w->chain.stage[i];
		struct stage *to = &c->work->chain->stage[i];

		to->pushed |= from->pushed;
		for (j = 0; j < from->take.n; j++)
			to->take.want[j].seen |= from->take.want[j].seen;
	}
}

static void
worker_free(struct worker *w)
{
	if (!w->crew->states)
		instance_free(w->inst);
	chain_free(&w->chain);
	out_free(&w->out);
	turn_free(&w->diag.turn);
	buf_free(&w->bad.line);
	arena_free(&w->arena);
	free(w->buf);
}

static void
piece_free(struct piece *p)
{
	struct piece *next;

	for (; p != NULL; p = next) {
		next = p->next;
		instance_free(p->inst);
		turn_free(&p->told);
		buf_free(&p->text);
		store_fini(&p->passed);
		free(p);
	}
}

/* One piece of the file each, to begin with. */
static void
share_out(struct crew *c)
{
	off_t size = c->end - c->begin, at = c->begin;
	struct piece *p;
	size_t i;

	for (i = 0; i < c->started; i++) {
		p = c->worker[i].piece = piece_new(c);
		p->at = p->end = at;
		p->to = at = i + 1 == c->started ? c->end : c->begin +
		    size / (off_t)c->started * (off_t)(i + 1);
		*c->last = p;
		c->last = &p->next;
	}
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
	if (c->ranges)
		share_out(c);
	pthread_mutex_unlock(&c->lock);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
}

/* The records that came of a piece go on, with what was told of it. */
static int
settle_rest(struct crew *c, struct piece *p)
{
	const struct work *k = c->work;
	struct store *r = &p->passed;
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX], base = k->feed->records;
	size_t i, n;
	int st = feed_came(k->feed);

	feed_front(k->feed, &p->told, p->bytes);
	for (i = 0; i < r->n && st == OK; i += n) {
		for (n = 0; n < VEC_MAX && i + n < r->n; n++) {
			rec[n] = store_get(r, i + n);
			num[n] = base + r->rec[i + n].num;
		}
		st = feed_rest(k->feed, c->to, &(struct vec){ .n = n,
		    .rec = rec, .num = num });
	}
	if (st == OK)
		st = feed_rest_end(k->feed, base + p->records);
	if (st == OK)
		st = feed_time(k->feed);
	store_reset(r);
	return st == DONE ? OK : st;
}

/* What came of a piece becomes the run's. */
static int
settle(struct crew *c, struct piece *p, off_t *to)
{
	const struct work *k = c->work;
	const struct stage *last;

	p->told.base = k->feed->records;
	k->chain->opt->bad->told += p->unread;
	*to = p->end > *to ? p->end : *to;
	if (c->rest)
		return settle_rest(c, p);
	if (turn_settle(&p->told, TURN_ALL, true) != OK)
		return FAIL;
	feed_count(k->feed, p->records, p->bytes);
	if (!c->states)
		return out_join(k->out, (struct slice){ p->text.p, p->text.n },
		    p->written);
	if (p->inst == NULL)
		return OK;
	last = &k->chain->stage[c->to - 1];
	last->op.join(k->feed->tail->st[c->to - 1], last->conf,
	    p->inst->st[c->to - 1], p->told.base);
	return OK;
}

/* All pieces that are done, in the file's order, up to one that was cut.  The
   lock is held, but not while they are settled. */
static int
settle_done(struct crew *c, off_t *to)
{
	struct piece *p;
	int st = OK;

	while (st == OK && !c->cut && (p = c->first) != NULL && p->done) {
		pthread_mutex_unlock(&c->lock);
		st = settle(c, p, to);
		instance_free(p->inst);
		p->inst = NULL;
		pthread_mutex_lock(&c->lock);
		c->cut = p->cut || p->at < p->to;
		c->first = p->next;
		if (c->first == NULL)
			c->last = &c->first;
		p->next = c->spare;
		c->spare = p;
		c->held--;
		pthread_cond_signal(&c->room);
	}
	return st;
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
		if (poll(fd, 3, -1) < 0 && errno != EINTR)
			abort();
		if (fd[0].revents != 0)
			(void)!read(c->wake[0], some, sizeof some);
		pthread_mutex_lock(&c->lock);
		if (!c->ranges && st == OK)
			st = settle_done(c, to);
		c->stop |= c->cut || st != OK || fd[1].revents != 0 ||
		    (fd[2].revents & (POLLERR | POLLHUP)) != 0;
		if (c->stop) {
			fd[1].fd = fd[2].fd = -1;
			pthread_cond_broadcast(&c->room);
		}
		running = c->running > 0;
		pthread_mutex_unlock(&c->lock);
	}
	return st;
}

int
work_run(const struct work *k)
{
	struct crew c = { .work = k, .n = k->jobs };
	off_t to = 0;
	int st = OK;
	size_t i;

	if (pipe(c.wake) != 0)
		return OK;
	(void)front(k, &c);
	c.ranges = c.states && k->in->regular;
	if (k->in->regular) {
		c.begin = c.next = to = input_offset(k->in);
		c.end = file_end(k);
	} else {
		input_take_back(k->in, &c.left);
	}
	pthread_mutex_init(&c.reads, NULL);
	c.last = &c.first;
	pthread_mutex_init(&c.lock, NULL);
	pthread_cond_init(&c.room, NULL);
	c.worker = mem_zero(c.n * sizeof *c.worker);
	for (i = 0; i < c.n; i++)
		worker_init(&c.worker[i], &c);
	start(&c);
	if (c.started > 0)
		st = supervise(&c, &to);
	for (i = 0; i < c.started; i++)
		pthread_join(c.worker[i].thread, NULL);
	pthread_mutex_lock(&c.lock);
	if (st == OK)
		st = settle_done(&c, &to);
	pthread_mutex_unlock(&c.lock);
	piece_free(c.first);
	piece_free(c.spare);
	for (i = 0; i < c.n; i++) {
		worker_seen(&c.worker[i], &c);
		worker_free(&c.worker[i]);
	}
	free(c.worker);
	pthread_mutex_destroy(&c.lock);
	pthread_mutex_destroy(&c.reads);
	pthread_cond_destroy(&c.room);
	close(c.wake[0]);
	close(c.wake[1]);
	if (!k->in->regular) {
		input_give(k->in, (struct slice){ c.left.p, c.left.n },
		    c.error);
		buf_free(&c.left);
	} else if (!input_seek(k->in, to)) {
		diag_errno("standard input");
		return FAIL;
	}
	return st;
}
