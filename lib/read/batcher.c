/* batcher.c - where a batch ends: limits and reasons */
#include <stdlib.h>

#include "lib/format/bad.h"
#include "lib/format/lookup.h"
#include "lib/read/batcher.h"
#include "lib/regex/regex.h"
#include "lib/time/time.h"

void
batch_init(struct batcher *b, const struct limits *lim)
{
	memset(b, 0, sizeof *b);
	b->lim = *lim;
	b->cur.number = 1;
}

int
batch_bind(struct batcher *b, const struct shape *in,
    const struct options *opt)
{
	if (b->lim.key == NULL)
		return OK;
	b->take.shape = in;
	b->take.local = opt->local;
	b->take.hint = opt->time_hint;
	if (field_want(&b->take, in, b->lim.key, WANT_KEY, "-k",
	    &b->keycol) != OK)
		return FAIL;
	take_plan(&b->take, opt->arena);
	return OK;
}

void
batch_free(struct batcher *b)
{
	take_free(&b->take);
	buf_free(&b->key);
	free(b->room);
}

/* A place where the batch would end, and why. */
struct cut {
	size_t at;
	enum reason reason;
	bool found;
};

static void
cut_at(struct cut *c, size_t at, enum reason why)
{
	if (c->found ? at < c->at : at <= c->at)
		*c = (struct cut){ at, why, true };
}

static void
cut_bytes(const struct batcher *b, struct cut *c, const struct slice *rec)
{
	uint64_t left, sum = b->cur.bytes;
	size_t i;

	if (sum >= b->lim.bytes) {
		cut_at(c, 0, BY_BYTES);
		return;
	}
	left = b->lim.bytes - sum;
	if (c->at > 0 && (uint64_t)(rec[c->at - 1].p - rec->p) +
	    rec[c->at - 1].n + 1 < left)
		return;		/* all of them, which lie side by side */
	for (i = 0, sum = 0; i < c->at; i++) {
		sum += rec[i].n + 1;
		if (sum < left)
			continue;
		if (sum > left && (i > 0 || b->cur.records > 0))
			cut_at(c, i, BY_BYTES);
		else
			cut_at(c, i + 1, BY_BYTES);
		return;
	}
}

void
batch_look(struct batcher *b, const struct slice *rec, size_t n)
{
	b->at = b->start.next = b->end.next = 0;
	if (b->lim.key != NULL)
		take_run(&b->take, rec, n);
	if (b->lim.start != NULL)
		b->start.n = regex_select(b->lim.start, rec, n, true, false,
		    b->start.i);
	if (b->lim.end != NULL)
		b->end.n = regex_select(b->lim.end, rec, n, true, false,
		    b->end.i);
}

/* A record that can't be read has no key, and so ends no batch. */
static void
cut_key(struct batcher *b, struct cut *c)
{
	const struct take *t = &b->take;
	const struct slice *key = t->col[b->keycol] + b->at;
	size_t i, bad = bad_from(t, b->at);

	for (i = 0; i < c->at; i++) {
		if (bad < t->nbad && t->bad[bad].i == b->at + i) {
			bad++;
		} else if (!b->keyed) {
			b->key.n = 0;
			buf_slice(&b->key, key[i]);
			b->cur.key = buf_text(&b->key);
			b->keyed = true;
		} else if (!slice_eq(key[i], b->cur.key)) {
			cut_at(c, i, BY_KEY);
			return;
		}
	}
}

/* The first match from the first record on that is still there. */
static const uint16_t *
next_match(struct matches *m, size_t at)
{
	while (m->next < m->n && m->i[m->next] < at)
		m->next++;
	return m->next < m->n ? &m->i[m->next] : NULL;
}

/* What closes a batch after a record comes before what closes it for the next
   one: of two at the same place the first stands, as in a live run. */
size_t
batch_cut(struct batcher *b, const struct slice *rec, size_t n, bool *close)
{
	struct cut c = { n, BY_RECORDS, false };
	const uint16_t *i;

	if (b->lim.records > 0 && b->lim.records - b->cur.records <= n)
		cut_at(&c, (size_t)(b->lim.records - b->cur.records),
		    BY_RECORDS);
	if (b->lim.end != NULL && (i = next_match(&b->end, b->at)) != NULL)
		cut_at(&c, *i - b->at + 1, BY_END);
	if (b->lim.bytes > 0)
		cut_bytes(b, &c, rec);
	if (b->lim.key != NULL)
		cut_key(b, &c);
	if (b->lim.start != NULL) {
		i = next_match(&b->start, b->at);
		if (i != NULL && *i == b->at && b->cur.records == 0)
			i = next_match(&b->start, b->at + 1);
		if (i != NULL)
			cut_at(&c, *i - b->at, BY_START);
	}
	*close = c.found;
	if (c.found)
		b->cur.reason = c.reason;
	b->at += c.at;
	return c.at;
}

int
batch_drop(struct batcher *b, const struct options *opt, struct vec *v)
{
	return bad_drop(opt, &b->take, b->at - v->n, v, &b->room);
}

void
batch_take_back(struct batcher *b, size_t n, uint64_t bytes)
{
	b->cur.records -= n;
	b->cur.bytes -= bytes;
	b->cur.last -= n;
}

void
batch_add(struct batcher *b, size_t n, uint64_t bytes, uint64_t num,
    int64_t mono, int64_t clock)
{
	if (b->cur.records == 0) {
		b->oldest = mono;
		b->cur.first = num;
		if (!b->cur.window) {
			b->cur.from = INT64_MAX;
			b->cur.to = INT64_MIN;
			b->cur.opened = clock;
		}
	}
	b->newest = mono;
	b->cur.records += n;
	b->cur.bytes += bytes;
	b->cur.last = num + n - 1;
}

void
batch_times(struct batch *b, const int64_t *ns, size_t n)
{
	int64_t from = b->from, to = b->to;
	size_t i;

	for (i = 0; i < n; i++) {
		from = ns[i] < from ? ns[i] : from;
		to = ns[i] > to ? ns[i] : to;
	}
	b->from = from;
	b->to = to;
}

int64_t
batch_deadline(const struct batcher *b, int64_t mono, int64_t clock)
{
	int64_t when = INT64_MAX, at;

	if (b->lim.window.width > 0)
		when = mono + (b->cur.closed - clock);
	if (b->cur.records == 0 || b->lim.regular)
		return when;
	at = time_after(b->oldest, b->lim.timeout);
	if (b->lim.timeout > 0 && at < when)
		when = at;
	at = time_after(b->newest, b->lim.gap);
	if (b->lim.gap > 0 && at < when)
		when = at;
	return when;
}

bool
batch_expired(struct batcher *b, int64_t mono, int64_t clock)
{
	bool some = b->cur.records > 0 && !b->lim.regular;

	if (b->lim.window.width > 0 && clock >= b->cur.closed)
		b->cur.reason = BY_WINDOW;
	else if (some && b->lim.timeout > 0 &&
	    mono - b->oldest >= b->lim.timeout)
		b->cur.reason = BY_TIMEOUT;
	else if (some && b->lim.gap > 0 && mono - b->newest >= b->lim.gap)
		b->cur.reason = BY_GAP;
	else
		return false;
	return true;
}

/* The window that holds the clock's time, but never one before the last. */
static void
window_at(struct batcher *b, int64_t clock, int64_t least)
{
	int64_t start = time_floor(clock, &b->lim.window, b->lim.local);

	if (start < least)
		start = least;
	b->cur.window = true;
	b->cur.opened = start;
	b->cur.closed = time_next(start, &b->lim.window, b->lim.local);
}

void
batch_start(struct batcher *b, int64_t clock)
{
	b->cur.from = clock;
	if (b->lim.window.width > 0)
		window_at(b, clock, INT64_MIN);
	if (!b->cur.window)
		b->cur.opened = clock;
}

void
batch_next(struct batcher *b, int64_t clock)
{
	struct batch *c = &b->cur;
	int64_t opened = c->opened, closed = c->closed;
	bool over = c->reason == BY_WINDOW;

	*c = (struct batch){ .number = c->number + 1 };
	b->keyed = false;
	if (b->lim.window.width > 0 && over) {
		window_at(b, clock, closed);
	} else if (b->lim.window.width > 0) {
		c->window = true;
		c->from = clock;
		c->opened = opened;
		c->closed = closed;
	}
}
