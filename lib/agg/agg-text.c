/* agg-text.c - what is kept of texts: the first, the last, the distinct */
#include <stdlib.h>
#include <string.h>

#include "lib/agg/agg.h"
#include "lib/agg/sketch-text.h"
#include "lib/agg/text.h"
#include "lib/base/hash.h"
#include "lib/format/escape.h"
#include "lib/number/rank.h"

/* first, last: a struct held */

static void
first_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	struct held *h;
	size_t i, n = v->one ? 1 : v->n;

	(void)shared;
	for (i = 0; i < n; i++) {
		h = agg_state(st, stride, v, i);
		if (!h->there)
			held_set(h, v->text[i]);
	}
}

static void
last_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	size_t i;

	(void)shared;
	for (i = v->one ? v->n - 1 : 0; i < v->n; i++)
		held_set(agg_state(st, stride, v, i), v->text[i]);
}

static void
first_merge(struct agg_at to, struct agg_at from)
{
	const struct held *h = from.st;

	if (h->there && !((struct held *)to.st)->there)
		held_set(to.st, held_get(h));
}

static void
last_merge(struct agg_at to, struct agg_at from)
{
	const struct held *h = from.st;

	if (h->there)
		held_set(to.st, held_get(h));
}

static void
text_reset(void *st)
{
	held_reset(st);
}

static void
text_free(void *st)
{
	held_free(st);
}

static bool
text_save(struct agg_at at, uint64_t *part, struct buf *b)
{
	(void)part;
	held_save(at.st, b);
	return false;
}

static bool
text_load(struct agg_at at, struct slice s, bool last)
{
	struct held h = { 0 };

	if (!held_load(&h, s))
		return false;
	if (h.there && (last || !((struct held *)at.st)->there))
		held_set(at.st, held_get(&h));
	held_free(&h);
	return true;
}

static bool
first_load(struct agg_at at, struct slice s)
{
	return text_load(at, s, false);
}

static bool
last_load(struct agg_at at, struct slice s)
{
	return text_load(at, s, true);
}

const struct agg_kind agg_kind_first = {
	.name = "first",
	.size = sizeof(struct held),
	.add = first_add,
	.merge = first_merge,
	.reset = text_reset,
	.free = text_free,
	.save = text_save,
	.load = first_load
};

const struct agg_kind agg_kind_last = {
	.name = "last",
	.size = sizeof(struct held),
	.add = last_add,
	.merge = last_merge,
	.reset = text_reset,
	.free = text_free,
	.save = text_save,
	.load = last_load
};

void
agg_put_held(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	const struct held *h = agg_at(g, at, c->part).st;

	if (h->there)
		escape_put(b, held_get(h));
}

/*
 * set, bag: distinct texts; a bag counts them.  All groups' texts are in one
 * table, so that a vector of them is looked up at once; behind each text
 * stands its group, and those of a group are chained.  Where there is but one
 * group, all are its own.
 */
struct pool {
	struct table *table;
	bool keyed;		/* texts have their group behind them */
	bool counted;
	uint32_t *next;		/* keyed: of the same group, + 1; 0: none */
	uint64_t *count;
	size_t n, cap, countcap;
	size_t dead;		/* of a bag, counted down to 0 */
	struct buf text;
	struct slice key[VEC_MAX];
	uint32_t idx[VEC_MAX];
};

struct set {
	uint64_t n;
	uint32_t head;		/* + 1 */
	uint32_t unused;
};

enum { GROUP_BYTES = 4, PIECE_BYTES = 32 * 1024 };

static struct pool *
pool_new(uint64_t seed, bool keyed, bool counted)
{
	struct pool *p = mem_zero(sizeof *p);

	p->table = table_new(seed);
	p->keyed = keyed;
	p->counted = counted;
	return p;
}

static void *
set_open(uint64_t seed, bool keyed)
{
	return pool_new(seed, keyed, false);
}

static void *
bag_open(uint64_t seed, bool keyed)
{
	return pool_new(seed, keyed, true);
}

static void
pool_clear(void *shared)
{
	struct pool *p = shared;

	table_reset(p->table);
	p->n = p->dead = 0;
}

static void
pool_close(void *shared)
{
	struct pool *p = shared;

	table_free(p->table);
	free(p->next);
	free(p->count);
	buf_free(&p->text);
	free(p);
}

/* Texts with their groups behind them: key[0..v->n-1]. */
static const struct slice *
pool_keys(struct pool *p, const struct agg_values *v)
{
	size_t i, at = 0;

	if (!p->keyed)
		return v->text;
	for (i = 0; i < v->n; i++)
		at += v->text[i].n + GROUP_BYTES;
	p->text.n = 0;
	buf_room(&p->text, at + 1);
	for (i = 0, at = 0; i < v->n; i++) {
		char *s = p->text.p + at;
		size_t n = v->text[i].n;
		uint32_t group = v->one ? 0 : v->group[i];

		if (n > 0)
			memcpy(s, v->text[i].p, n);
		memcpy(s + n, &group, GROUP_BYTES);
		p->key[i] = (struct slice){ s, n + GROUP_BYTES };
		at += n + GROUP_BYTES;
	}
	return p->key;
}

/* The entry of the same group before this one, both + 1; 0: there is none. */
static inline uint32_t
pool_next(const struct pool *p, uint32_t entry)
{
	return p->keyed ? p->next[entry - 1] : entry - 1;
}

/* Counts n times more of entry i, of the group s, which a new one joins. */
static inline void
pool_count(struct pool *p, uint32_t i, struct set *s, uint64_t n)
{
	if (i >= p->n) {
		p->n = (size_t)i + 1;
		if (p->keyed)
			p->next[i] = s->head;
		s->head = i + 1;
		s->n++;
		if (p->counted)
			p->count[i] = n;
	} else if (p->counted) {
		if (p->count[i] == 0) {		/* forgotten before */
			s->n++;
			p->dead--;
		}
		p->count[i] += n;
	}
}

static void
pool_check(const struct pool *p, size_t n)
{
	bool full = false;
	size_t i;

	for (i = 0; i < n; i++)
		full |= p->idx[i] == TABLE_FULL;
	if (full)
		diag_die(EXIT_RUN, "too many distinct values; --approx counts "
		    "any number");
}

/* times: how often each came, NULL: once. */
static void
pool_add(struct pool *p, char *st, size_t stride, const struct agg_values *v,
    const uint64_t *times)
{
	struct set *s = (struct set *)(void *)st;
	size_t i, n;

	table_find(p->table, pool_keys(p, v), v->n, 0, p->idx);
	pool_check(p, v->n);
	n = table_count(p->table);
	if (!p->keyed && !p->counted) {
		s->n = p->n = n;
		s->head = (uint32_t)n;
		return;
	}
	if (p->keyed && n > p->cap)
		p->next = mem_reserve(p->next, &p->cap, n, sizeof *p->next);
	if (p->counted && n > p->countcap)
		p->count = mem_reserve(p->count, &p->countcap, n,
		    sizeof *p->count);
	for (i = 0; i < v->n; i++)
		pool_count(p, p->idx[i], agg_state(st, stride, v, i),
		    times == NULL ? 1 : times[i]);
}

static void
set_add(char *st, size_t stride, void *shared, const struct agg_values *v)
{
	pool_add(shared, st, stride, v, NULL);
}

static struct slice
pool_text(const struct pool *p, uint32_t i)
{
	struct slice s = table_key(p->table, i);

	s.n -= p->keyed ? GROUP_BYTES : 0;
	return s;
}

/* Takes up to a vector of a group's texts, the next at *at. */
static size_t
pool_some(const struct pool *p, uint32_t *at, struct slice *text,
    uint64_t *times)
{
	size_t n = 0;

	for (; *at != 0 && n < VEC_MAX; *at = pool_next(p, *at)) {
		uint32_t i = *at - 1;

		if (p->counted && p->count[i] == 0)
			continue;
		text[n] = pool_text(p, i);
		times[n++] = p->counted ? p->count[i] : 1;
	}
	return n;
}

static void
set_merge(struct agg_at to, struct agg_at from)
{
	struct slice text[VEC_MAX];
	uint64_t times[VEC_MAX];
	uint32_t at = ((struct set *)from.st)->head, group[VEC_MAX];
	struct agg_values v = { .text = text, .group = group };
	size_t i;

	while ((v.n = pool_some(from.shared, &at, text, times)) > 0) {
		for (i = 0; i < v.n; i++)
			group[i] = to.group;
		pool_add(to.shared, to.st, 0, &v, times);
	}
}

/* The entries of the older pane are counted down. */
static void
bag_forget(struct agg_at from, struct agg_at older)
{
	struct pool *p = from.shared;
	struct set *s = from.st;
	struct slice text[VEC_MAX];
	uint64_t times[VEC_MAX];
	uint32_t at = ((struct set *)older.st)->head, group[VEC_MAX];
	struct agg_values v = { .text = text, .group = group };
	size_t i;

	while ((v.n = pool_some(older.shared, &at, text, times)) > 0) {
		for (i = 0; i < v.n; i++)
			group[i] = from.group;
		table_find(p->table, pool_keys(p, &v), v.n, 0, p->idx);
		for (i = 0; i < v.n; i++) {
			p->count[p->idx[i]] -= times[i];
			if (p->count[p->idx[i]] == 0) {
				s->n--;
				p->dead++;
			}
		}
	}
}

bool
agg_mostly_gone(const void *shared)
{
	const struct pool *p = shared;

	return p->dead > VEC_MAX && p->dead > p->n / 2;
}

/* A piece: the number of texts, and each with its length, a bag's with its
   count.  The state of none is one piece. */
static bool
set_save(struct agg_at at, uint64_t *part, struct buf *b)
{
	const struct pool *p = at.shared;
	uint32_t i = *part > 0 ? (uint32_t)*part :
	    ((struct set *)at.st)->head;
	size_t from = b->n;

	for (; i != 0 && b->n - from < PIECE_BYTES; i = pool_next(p, i)) {
		struct slice text = pool_text(p, i - 1);

		if (p->counted && p->count[i - 1] == 0)
			continue;
		text_number(b, text.n);
		text_bytes(b, text);
		if (p->counted)
			text_number(b, p->count[i - 1]);
	}
	text_close(b, from);
	*part = i;
	return i != 0;
}

/* Reads all of a piece before any of it is added. */
static bool
set_load(struct agg_at at, struct slice piece)
{
	struct pool *p = at.shared;
	uint32_t group = at.group;
	uint64_t times;
	struct agg_values v = { .n = 1, .group = &group };
	struct text_reader r;
	struct buf text = { 0 };
	struct slice one;
	uint64_t n;

	/* The checksum vouches for the rest. */
	if (!text_open(&r, piece))
		return false;
	while (!r.bad && r.p < r.end) {
		n = text_get_number(&r);
		if (r.bad || n > piece.n)
			break;
		text.n = 0;
		one = (struct slice){ buf_room(&text, (size_t)n + 1),
		    (size_t)n };
		text_get_bytes(&r, text.p, (size_t)n);
		times = p->counted ? text_get_number(&r) : 1;
		v.text = &one;
		if (!r.bad)
			pool_add(p, at.st, 0, &v, &times);
	}
	buf_free(&text);
	return text_done(&r);
}

const struct agg_kind agg_kind_set = {
	.name = "set",
	.size = sizeof(struct set),
	.bulky = true,
	.open = set_open,
	.clear = pool_clear,
	.close = pool_close,
	.add = set_add,
	.merge = set_merge,
	.save = set_save,
	.load = set_load
};

const struct agg_kind agg_kind_bag = {
	.name = "bag",
	.size = sizeof(struct set),
	.bulky = true,
	.open = bag_open,
	.clear = pool_clear,
	.close = pool_close,
	.add = set_add,
	.merge = set_merge,
	.forget = bag_forget,
	.save = set_save,
	.load = set_load
};

/* The most frequent text; of several the smallest number, then the first in
   byte order: the order of the records does not matter. */
void
agg_put_mode(const struct aggs *g, const struct agg_column *c,
    struct agg_group at, struct buf *b)
{
	struct agg_at a = agg_at(g, at, c->part);
	const struct pool *p = a.shared;
	struct rank best = { 0 }, rank;
	uint64_t most = 0;
	uint32_t i;
	int cmp;

	for (i = ((struct set *)a.st)->head; i != 0; i = pool_next(p, i)) {
		if (p->count[i - 1] < most || p->count[i - 1] == 0)
			continue;
		rank_set(&rank, pool_text(p, i - 1), true);
		cmp = p->count[i - 1] > most ? -1 :
		    rank_cmp(&rank, &best, false);
		if (cmp == 0)
			cmp = slice_cmp(rank.text, best.text);
		if (cmp < 0) {
			best = rank;
			most = p->count[i - 1];
		}
	}
	if (most > 0)
		escape_put(b, best.text);
}
