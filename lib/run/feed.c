/* feed.c - records into batches, batches through the chain */
#include "lib/run/feed.h"
#include "lib/run/snapshot.h"

#define CLOCK_CHECK 10000000000	/* ns: the clock may be set while we wait */

void
feed_init(struct feed *f, struct chain *c, const struct limits *lim,
    int64_t late)
{
	const struct options *opt = c->opt;

	f->opt = opt;
	f->chain = c;
	f->turn = &opt->diag->turn;
	f->timed = opt->event_time ||
	    (opt->time != NULL && !opt->merge && chain_has(c, OP_TIME));
	batch_init(&f->batcher, lim);
	if (opt->event_time) {
		windows_init(&f->windows, &lim->window, late, !lim->regular &&
		    !opt->merge, opt);
		f->batcher.lim.window.width = 0;
	}
	per_init(&f->per, lim, opt);
	if (opt->per)
		f->batcher.lim = (struct limits){ .per = lim->per };
	f->marked = INT64_MIN;
	f->missed = tally_new(opt->diag, opt->arena, "windows passed unseen");
}

int
feed_bind(struct feed *f, const struct shape *in)
{
	if (batch_bind(&f->batcher, in, f->opt) != OK ||
	    (f->opt->per && per_bind(&f->per, f->chain, in) != OK))
		return FAIL;
	return f->timed ? times_bind(&f->times, in, f->opt) : OK;
}

void
feed_stages(struct feed *f)
{
	struct chain *c = f->chain;

	f->tail = instance_new(c, f->opt->interleaved ? c->head : c->from, c->n,
	    NULL);
	f->tail->batch = &f->batcher.cur;
	turn_stages(f->turn, c->n + 2);
	windows_bind(&f->windows, c, f->tail);
	if (f->opt->per)
		per_stages(&f->per, f->timed);
}

void
feed_start(struct feed *f)
{
	f->mono = time_mono();
	f->clock = time_now();
	batch_start(&f->batcher, f->clock);
}

void
feed_free(struct feed *f)
{
	windows_free(&f->windows);
	per_free(&f->per);
	instance_free(f->tail);
	times_free(&f->times);
	batch_free(&f->batcher);
}

void
feed_unseen(const struct feed *f, bool end)
{
	if (f->batcher.lim.key != NULL && f->records > bad_count(f->opt->bad))
		take_unseen(&f->batcher.take, "-k", end);
	if (f->opt->per && f->records > bad_count(f->opt->bad))
		take_unseen(&f->per.take, "-p", end);
	chain_unseen(f->chain, end);
}

/* The batch is over: its result is written. */
static int
write_batch(struct feed *f, const struct batch *b)
{
	f->closed[b->reason]++;
	f->batches++;
	f->tail->batch = b;
	if (b->reason >= BY_EOF && !f->opt->kept &&
	    instance_timer(f->tail, TIMER_END) == FAIL)
		return FAIL;
	if (instance_flush(f->tail, b) != OK || out_batch(f->chain->out) != OK)
		return FAIL;
	if (f->batches == 1 && b->reason < BY_EOF)
		feed_unseen(f, false);
	if (f->chain->stop == 0) {
		f->cut = f->at;
		f->cut_batches = f->batches;
		f->cut_records = f->records;
	}
	f->ended = f->chain->stop != 0;
	if (f->resume && !f->ended)
		chain_resume(f);
	return f->ended ? DONE : OK;
}

/* The open batch closes, and the next one opens. */
static int
close_batch(struct feed *f)
{
	struct batcher *b = &f->batcher;
	struct batch *cur = &b->cur;
	int64_t clock = time_now(), end, width = b->lim.window.width;
	int st;

	if (!cur->window)
		cur->closed = clock;
	else if (!f->timed)
		cur->to = clock;
	if (cur->records == 0 || f->opt->merge)
		cur->span = 0;	/* how long merging takes is nobody's time */
	else if (f->timed)
		cur->span = cur->to > cur->from ?
		    time_less(cur->to, cur->from) : 0;
	else
		cur->span = time_mono() - b->oldest;
	st = write_batch(f, cur);
	if (st == FAIL)
		return FAIL;
	end = cur->closed;
	if (cur->window)		/* writing may have taken long */
		clock = time_now();
	batch_next(b, clock);
	if (cur->window && cur->opened > end)
		tally_add(f->missed,
		    (uint64_t)((cur->opened - end + width / 2) / width), 0,
		    "windows passed while nothing could be read or written");
	return st;
}

/* --partial of a stream: how far it came. */
static int
write_mark(struct feed *f)
{
	const struct options *o = f->opt;
	const struct windows *w = &f->windows;
	struct buf line = { 0 };
	int st;

	if (f->mark == NULL || o->regular || o->kept || w->ending ||
	    !w->begun || w->oldest.from <= f->marked)
		return OK;
	f->marked = w->oldest.from;
	f->mark(o, f->marked, &line);
	st = out_raw(f->chain->out, line.p, line.n);
	buf_free(&line);
	return st;
}

/* All event-time windows that are due close. */
static int
close_windows(struct feed *f)
{
	const struct batch *b;
	int st;

	do {
		st = windows_close(&f->windows, &b);
		if (st == OK && b != NULL)
			st = write_batch(f, b);
	} while (st == OK && b != NULL);
	return st == OK ? write_mark(f) : st;
}

int
feed_passed(struct feed *f, int64_t mark)
{
	return windows_passed(&f->windows, mark) ? close_windows(f) : OK;
}

/* n records as they were read, numbered and counted. */
static struct vec
count_records(struct feed *f, const struct slice *rec, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		f->num[i] = f->records + i + 1;
	f->records += n;
	f->bytes += (uint64_t)(rec[n - 1].p - rec->p) + rec[n - 1].n + 1;
	f->at = rec[n - 1].p + rec[n - 1].n + 1;
	return (struct vec){ .n = n, .rec = rec, .num = f->num,
	    .contig = true };
}

/* Of the n records that were counted last those behind number last are not:
   how many, and their bytes. */
static size_t
take_back(struct feed *f, const struct slice *rec, size_t n, uint64_t last,
    uint64_t *bytes)
{
	size_t behind = f->records > last ? (size_t)(f->records - last) : 0;
	const struct slice *end = &rec[n - 1], *to = end - behind;

	*bytes = (uint64_t)(end->p + end->n - to->p) - to->n;
	f->records -= behind;
	f->bytes -= *bytes;
	f->at -= *bytes;
	return behind;
}

/* The run ended, with st, as record last of these n came: those behind it are
   not counted, nor told of. */
static void
end_with(struct feed *f, const struct slice *rec, size_t n, uint64_t last,
    int st)
{
	uint64_t bytes;

	(void)take_back(f, rec, n, last, &bytes);
	if (st == FAIL)
		(void)turn_settle(f->turn, last, true);
}

/* n records of the open batch go through the chain, those whose key and time
   can be read.  What lies behind the last one that counts is not of the
   batch.  DONE: no more are wanted at all; but whether lines of states are
   missing is known at their end. */
static int
push_records(struct feed *f, const struct slice *rec, size_t n)
{
	uint64_t bytes = f->bytes, last = TURN_ALL;
	struct vec v = count_records(f, rec, n);
	const uint64_t *num;
	size_t good;
	bool done;
	int st = OK, status;

	batch_add(&f->batcher, n, f->bytes - bytes, v.num[0], f->mono,
	    f->clock);
	turn_begin(f->turn);
	if (f->batcher.lim.key != NULL &&
	    batch_drop(&f->batcher, f->opt, &v) == FAIL)
		return FAIL;
	if (f->timed && v.n > 0 && times_take(&f->times, f->opt, &v) == FAIL)
		return FAIL;
	num = v.num;
	good = v.n;
	if (good > 0 && (st = instance_push(f->tail, &v)) == FAIL)
		return FAIL;
	done = st == DONE && f->batcher.lim.all && !f->opt->merge;
	st = OK;
	if (done || !turn_over(f->turn)) {
		if (done)
			last = f->tail->last;
		(void)turn_ends(f->turn, last, &last, &status);
		n = take_back(f, rec, n, last, &bytes);
		batch_take_back(&f->batcher, n, bytes);
		st = chain_settle(f->chain, last);
	}
	if (f->timed)
		batch_times(&f->batcher.cur, f->times.ns,
		    nums_upto(num, good, last));
	return st == OK && done ? DONE : st;
}

/* Records into event-time windows, which close as the watermark moves on. */
static int
push_windows(struct feed *f, const struct slice *rec, size_t n)
{
	struct vec all = count_records(f, rec, n), v;
	const int64_t *ns = f->times.ns;
	uint64_t last, bytes;
	size_t at = 0;
	bool close;
	int st, status;

	turn_begin(f->turn);
	if (times_take(&f->times, f->opt, &all) == FAIL)
		return FAIL;
	do {
		turn_begin(f->turn);
		v = all;
		v.rec += at;
		v.num += at;
		v.n = windows_cut(&f->windows, ns + at, all.n - at, f->mono,
		    f->clock, &close);
		if (v.n > 0 && windows_push(&f->windows, &v, ns + at) != OK)
			return FAIL;
		at += v.n;
		last = at < all.n ? all.num[at] - 1 : TURN_ALL;
		if (turn_ends(f->turn, last, &last, &status))
			take_back(f, rec, n, last, &bytes);
		st = chain_settle(f->chain, last);
		if (st == OK && close && (st = close_windows(f)) != OK)
			end_with(f, rec, n, all.num[at], st);
	} while (st == OK && at < all.n);
	if (f->resume && st == OK)
		chain_resume(f);
	return st;
}

/* The vector of the batch that is due goes through its head. */
static int
push_due(struct feed *f, uint64_t upto)
{
	struct per *p = &f->per;
	struct slot *s = p->due;
	uint64_t last;
	size_t n, at = 0;
	struct vec v;
	int status;

	if (!per_vec(p, f->tail, &v))
		return OK;
	if (f->timed && times_take(&f->times, f->opt, &v) == FAIL)
		return FAIL;
	n = v.n;
	do {
		at = f->timed ? n : per_part(p, at, &v);
		if (v.n > 0 && instance_push(s->head, &v) == FAIL)
			return FAIL;
	} while (at < n && !turn_ends(f->turn, upto, &last, &status));
	if (f->timed)
		batch_times(&s->batch, f->times.ns, n);
	return OK;
}

/* The batch that is due closes: its result is written. */
static int
close_due(struct feed *f)
{
	uint64_t since = f->per.since, upto = since == 0 ? TURN_ALL : since;
	struct slot *s = per_close(&f->per, time_now(), f->batches + 1);
	struct batch *b = &s->batch;

	if (!f->timed)
		b->span = time_mono() - s->oldest;
	else if (b->to > b->from)
		b->span = time_less(b->to, b->from);
	f->tail->batch = b;
	s->head->store = NULL;
	if (instance_push_store(f->tail, &s->held->made) == FAIL ||
	    chain_settle(f->chain, upto) == FAIL ||
	    instance_flush(s->head, b) != OK)
		return FAIL;
	per_idle(&f->per, s);
	return write_batch(f, b);
}

/* The first batch closes behind n of the records read last: what the others
   show is not seen yet, whatever was read at once. */
static int
close_first(struct feed *f, struct take *t, const struct vec *read, size_t n,
    int (*close)(struct feed *))
{
	int st;

	take_counted(t, read->rec, n);
	st = close(f);
	take_run(t, read->rec, read->n);
	return st;
}

/* What is due of batches by key is done, as record since, of those read last,
   comes. */
static int
work_due(struct feed *f, const struct vec *read)
{
	struct per *p = &f->per;
	uint64_t upto = p->since == 0 ? TURN_ALL : p->since;
	int st;

	turn_begin(f->turn);
	f->turn->since = p->since;
	st = push_due(f, upto);
	if (st == OK)
		st = chain_settle(f->chain, upto);
	turn_begin(f->turn);
	if (st == OK && p->closing && f->batches == 0 && read != NULL)
		st = close_first(f, &p->take, read, nums_upto(f->num, read->n,
		    p->since), close_due);
	else if (st == OK && p->closing)
		st = close_due(f);
	f->turn->since = 0;
	return st;
}

/* All batches by key that are due by time, or why, close. */
static int
close_each(struct feed *f, enum reason why)
{
	int st = OK;

	while (st == OK && (why == BY_TIMEOUT ? per_expired(&f->per,
	    time_mono()) : per_any(&f->per, why)))
		st = work_due(f, NULL);
	return st;
}

/* Records into batches by key, which close as they are full. */
static int
push_per(struct feed *f, const struct slice *rec, size_t n)
{
	struct per *p = &f->per;
	struct vec all = count_records(f, rec, n), v = all;
	size_t at = 0;
	int st = OK;

	turn_begin(f->turn);
	if (per_keys(p, &v) == FAIL)
		return FAIL;
	do {
		at = per_add(p, &v, at, f->mono, f->clock);
		if (p->due != NULL && (st = work_due(f, &all)) != OK)
			end_with(f, rec, n, p->since, st);
		turn_begin(f->turn);
	} while (st == OK && (p->due != NULL || at < v.n));
	return st == OK ? chain_settle(f->chain, TURN_ALL) : st;
}

int
feed_records(struct feed *f, const struct slice *rec, size_t n)
{
	const struct vec all = { .n = n, .rec = rec };
	struct batcher *b = &f->batcher;
	bool close;
	size_t m;
	int st;

	if (f->opt->event_time)
		return push_windows(f, rec, n);
	if (f->opt->per)
		return push_per(f, rec, n);
	batch_look(b, rec, n);
	for (; n > 0; rec += m, n -= m) {
		m = batch_cut(b, rec, n, &close);
		if (m > 0 && (st = push_records(f, rec, m)) != OK)
			return st;
		if (!close)
			continue;
		if (m == 0)
			f->at = rec->p;	/* what was read before may be gone */
		st = f->batches > 0 || b->lim.key == NULL ? close_batch(f) :
		    close_first(f, &b->take, &all, b->at, close_batch);
		if (st != OK)
			return st;
	}
	return OK;
}

void
feed_count(struct feed *f, uint64_t n, uint64_t bytes)
{
	struct batcher *b = &f->batcher;
	uint64_t some, limit = b->lim.records;

	f->bytes += bytes;
	f->at = NULL;
	for (; n > 0; n -= some) {
		some = limit > 0 && limit - b->cur.records < n ?
		    limit - b->cur.records : n;
		batch_add(b, some, bytes, f->records + 1, f->mono, f->clock);
		f->records += some;
		if (limit == 0 || b->cur.records < limit)
			continue;
		f->closed[BY_RECORDS]++;
		f->batches++;
		batch_next(b, f->clock);
	}
}

void
feed_batches(struct feed *f, const struct feed_sum *s)
{
	size_t i;

	f->records += s->records;
	f->bytes += s->bytes;
	f->batches += s->batches;
	f->batcher.cur.number += s->batches;
	for (i = 0; i <= BY_SIGNAL; i++)
		f->closed[i] += s->closed[i];
}

void
feed_front(struct feed *f, const struct turn *told, uint64_t bytes)
{
	f->bytes += bytes;
	f->batcher.cur.bytes += bytes;
	f->at = NULL;
	turn_begin(f->turn);
	turn_take(f->turn, told);
}

int
feed_windows(struct feed *f, const struct turn *told, struct feed_part *p,
    size_t k, bool join)
{
	struct windows *w = &f->windows;
	struct time_reader *r = &f->times.reader.time;
	uint64_t base = f->records;
	const struct feed_mark *m;
	bool close;
	int st;

	feed_front(f, told, p->bytes);
	f->records += p->records;
	st = windows_take(w, &p->list, base, k, join);
	for (m = p->mark; st == OK && m < p->mark + p->nmark; m++) {
		w->latest = base + m->num - 1;
		windows_cut(w, &m->ns, 1, f->mono, f->clock, &close);
		st = chain_settle(f->chain, w->latest);
		if (st == OK)
			st = close_windows(f);
	}
	w->latest = f->records;
	if (st == OK)
		st = chain_settle(f->chain, TURN_ALL);
	if (st != OK || !p->timed)
		return st;
	windows_cut(w, &p->newest, 1, f->mono, f->clock, &close);
	r->seen = true;
	r->newest = w->newest;
	return OK;
}

/* Records up to this number are of the open batch. */
static void
count_to(struct feed *f, uint64_t last)
{
	if (last > f->records)
		batch_add(&f->batcher, (size_t)(last - f->records), 0,
		    f->records + 1, f->mono, f->clock);
	f->records = last;
}

/* The open batch closes if it is full. */
static int
close_full(struct feed *f)
{
	struct batcher *b = &f->batcher;
	int st;

	if (b->lim.records == 0 || b->cur.records < b->lim.records)
		return OK;
	b->cur.reason = BY_RECORDS;
	st = chain_settle(f->chain, f->records);
	if (st == OK)
		st = close_batch(f);
	turn_begin(f->turn);
	return st;
}

/* The last record that the open batch may have. */
static uint64_t
batch_end(const struct feed *f)
{
	const struct batcher *b = &f->batcher;

	return b->lim.records == 0 ? UINT64_MAX :
	    f->records + b->lim.records - b->cur.records;
}

int
feed_rest(struct feed *f, size_t stage, struct vec *v)
{
	struct vec part;
	size_t n;
	int st = OK;

	for (; st == OK && v->n > 0; v->n -= n) {
		n = nums_upto(v->num, v->n, batch_end(f));
		count_to(f, n > 0 ? v->num[n - 1] : batch_end(f));
		part = *v;
		part.n = n;
		v->rec += n;
		v->num += n;
		turn_part(f->turn);
		if (n > 0)
			st = instance_push_at(f->tail, stage, &part);
		if (st == OK)
			st = close_full(f);
	}
	return st;
}

int
feed_rest_end(struct feed *f, uint64_t last)
{
	int st = OK;

	while (st == OK && f->records < last) {
		count_to(f, last < batch_end(f) ? last : batch_end(f));
		st = close_full(f);
	}
	return st == OK ? chain_settle(f->chain, TURN_ALL) : st;
}

int
feed_time(struct feed *f)
{
	struct batcher *b = &f->batcher;
	bool window = b->lim.window.width > 0;
	int st;

	if (f->opt->per)
		return close_each(f, BY_TIMEOUT);
	if (!window && b->lim.timeout == 0 && b->lim.gap == 0)
		return OK;
	while (batch_expired(b, time_mono(), window ? time_now() : 0)) {
		if (f->tail == NULL)
			batch_next(b, time_now());
		else if ((st = close_batch(f)) != OK)
			return st;
	}
	return OK;
}

int
feed_came(struct feed *f)
{
	f->mono = time_mono();
	f->clock = time_now();
	return f->batcher.lim.window.width > 0 ? feed_time(f) : OK;
}

/* The open batch, of no records, is of what time brought forth. */
static int
close_timed(struct feed *f, enum reason why)
{
	struct batch *cur = &f->batcher.cur;

	cur->number = f->batches + 1;
	cur->reason = why;
	if (!cur->window)
		cur->opened = time_now();
	return close_batch(f);
}

int
feed_silent(struct feed *f)
{
	const struct batch *cur = &f->batcher.cur;
	int64_t mono = time_mono();
	int st;

	if (f->opt->event_time)
		return windows_silent(&f->windows, mono) ? close_windows(f) :
		    OK;
	if (f->tail == NULL || (st = instance_timer(f->tail, mono)) == OK)
		return OK;
	if (st == FAIL)
		return FAIL;
	if (cur->records == 0 && !cur->window && !f->batcher.lim.all)
		return close_timed(f, BY_TIMER);
	return f->chain->stop != 0 ? DONE : OK;
}

int
feed_flush(struct feed *f)
{
	if (f->opt->event_time) {
		windows_flush(&f->windows);
		return close_windows(f);
	}
	if (f->opt->per)
		return close_each(f, BY_FLUSH);
	return f->tail == NULL ? OK : feed_close(f, BY_FLUSH);
}

int
feed_close(struct feed *f, enum reason why)
{
	if (f->batcher.cur.records == 0)
		return OK;
	f->batcher.cur.reason = why;
	return close_batch(f);
}

int
feed_end(struct feed *f, enum reason why)
{
	struct batcher *b = &f->batcher;
	bool only = b->lim.all && b->cur.number == 1 && !f->opt->kept;
	int st = OK;

	if (f->ended ||
	    (f->chain->stop != 0 && f->chain->stop != EXIT_ASSERT))
		return OK;
	if (f->opt->event_time && !f->opt->kept) {
		windows_end(&f->windows, why);
		st = close_windows(f);
	} else if (f->opt->per) {
		st = close_each(f, why);
	} else if (b->cur.records > 0 || only) {
		b->cur.reason = why;
		st = close_batch(f);
	}
	f->tail->batch = &b->cur;
	if (st == OK && !f->ended && !f->opt->kept &&
	    (st = instance_timer(f->tail, TIMER_END)) == DONE)
		st = close_timed(f, why);
	return st == FAIL ? FAIL : OK;
}

int64_t
feed_deadline(const struct feed *f, int64_t mono)
{
	bool window = f->batcher.lim.window.width > 0;
	int64_t when;

	if (f->opt->event_time)
		return windows_deadline(&f->windows);
	if (f->opt->per)
		return per_deadline(&f->per);
	when = batch_deadline(&f->batcher, mono, window ? time_now() : 0);
	if (window && when > mono + CLOCK_CHECK)
		when = mono + CLOCK_CHECK;
	return when;
}
