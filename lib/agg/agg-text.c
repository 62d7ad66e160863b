/* agg-text.c - what is kept of texts: the distinct ones, and how often */
#include <stdlib.h>
#include <string.h>

#include "lib/agg/agg.h"
#include "lib/agg/sketch-text.h"
#include "lib/agg/sketch.h"
#include "lib/base/hash.h"
#include "lib/format/escape.h"
#include "lib/number/rank.h"

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
	struct buf text, read;
	struct entry *order;	/* of the state that is being saved */
	size_t norder, ordercap;
	struct slice key[VEC_MAX];
	uint32_t idx[VEC_MAX];
};

/* A text by its place. */
struct entry {
	struct slice text;
	uint32_t i;
};

struct set {
	uint64_t n;
	uint32_t head;		/* + 1 */
	uint32_t unused;
};

enum { GROUP_BYTES = 4, PIECE_BYTES = 32 * 1024 };

static void *
pool_open(const struct agg_shared *kind, uint64_t seed, bool keyed)
{
	struct pool *p = mem_zero(sizeof *p);

	p->table = table_new(seed);
	p->keyed = keyed;
	p->counted = kind->counted;
	return p;
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
	free(p->order);
	buf_free(&p->text);
	buf_free(&p->read);
	free(p);
}

static size_t
pool_held(const void *shared)
{
	return table_count(((const struct pool *)shared)->table);
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
set_add(char *st, size_t stride, const struct agg_values *v)
{
	pool_add(v->shared, st, stride, v, NULL);
}

static struct slice
pool_text(const struct pool *p, uint32_t i)
{
	struct slice s = table_key(p->table, i);

	s.n -= p->keyed ? GROUP_BYTES : 0;
	return s;
}

/* A group's entries, a vector at a time: where all are its own as they came,
   else the latest first.  next is + 1; 0: no more. */
struct walk {
	const struct pool *p;
	uint32_t next, last;
	uint32_t to;			/* the group that they are meant for */
	struct slice text[VEC_MAX];
	uint64_t times[VEC_MAX];
	uint32_t group[VEC_MAX];	/* to, of each */
};

static void
walk_begin(struct walk *w, struct agg_at at, uint32_t group)
{
	const struct set *s = at.st;

	w->p = at.shared;
	w->last = s->head;
	w->next = w->p->keyed ? s->head : s->head > 0;
	w->to = group;
}

/* Fills v with up to a vector of them; false: there are no more. */
static bool
walk_some(struct walk *w, struct agg_values *v)
{
	const struct pool *p = w->p;
	uint32_t i;

	*v = (struct agg_values){ .text = w->text, .group = w->group };
	for (; w->next != 0 && v->n < VEC_MAX; w->next = p->keyed ?
	    p->next[i] : w->next < w->last ? w->next + 1 : 0) {
		i = w->next - 1;
		if (p->counted && p->count[i] == 0)
			continue;
		w->text[v->n] = pool_text(p, i);
		w->group[v->n] = w->to;
		w->times[v->n++] = p->counted ? p->count[i] : 1;
	}
	return v->n > 0;
}

static void
set_merge(struct agg_at to, struct agg_at from)
{
	struct walk w;
	struct agg_values v;

	walk_begin(&w, from, to.group);
	while (walk_some(&w, &v))
		pool_add(to.shared, to.st, 0, &v, w.times);
}

/* The entries of the older pane are counted down. */
static void
bag_forget(struct agg_at from, struct agg_at older)
{
	struct pool *p = from.shared;
	struct walk w;
	struct agg_values v;
	size_t i;

	walk_begin(&w, older, from.group);
	while (walk_some(&w, &v)) {
		table_find(p->table, pool_keys(p, &v), v.n, 0, p->idx);
		for (i = 0; i < v.n; i++) {
			p->count[p->idx[i]] -= w.times[i];
			if (p->count[p->idx[i]] == 0) {
				((struct set *)from.st)->n--;
				p->dead++;
			}
		}
	}
}

static bool
bag_gone(const void *shared)
{
	const struct pool *p = shared;

	return p->dead > VEC_MAX && p->dead > p->n / 2;
}

static int
by_text(const void *a, const void *b)
{
	return slice_cmp(((const struct entry *)a)->text,
	    ((const struct entry *)b)->text);
}

/* The state's texts in order. */
static void
put_in_order(struct pool *p, const struct set *s)
{
	uint32_t i;

	p->order = mem_reserve(p->order, &p->ordercap, s->n + 1,
	    sizeof *p->order);
	p->norder = 0;
	for (i = s->head; i != 0; i = pool_next(p, i))
		if (!p->counted || p->count[i - 1] > 0)
			p->order[p->norder++] = (struct entry){
			    pool_text(p, i - 1), i - 1 };
	qsort(p->order, p->norder, sizeof *p->order, by_text);
}

/* A piece: texts in their order, so that equal states are equal texts, each
   behind its length, a bag's before its count.  The state of none is one
   piece. */
static bool
set_save(struct agg_at at, uint64_t *piece, struct buf *b)
{
	struct pool *p = at.shared;
	size_t k = (size_t)*piece, from = b->n;

	if (k == 0)
		put_in_order(p, at.st);
	for (; k < p->norder && b->n - from < PIECE_BYTES; k++) {
		text_number(b, p->order[k].text.n);
		text_bytes(b, p->order[k].text);
		if (p->counted)
			text_number(b, p->count[p->order[k].i]);
	}
	text_close(b, from);
	*piece = k;
	return k < p->norder;
}

static bool
set_load(struct agg_at at, struct slice piece)
{
	struct pool *p = at.shared;
	struct slice text[VEC_MAX];
	uint64_t times[VEC_MAX], n;
	uint32_t group[VEC_MAX];
	struct agg_values v = { .text = text, .group = group };
	struct text_reader r;
	char *to, *end;

	if (!text_open(&r, piece))
		return false;
	p->read.n = 0;
	to = buf_room(&p->read, piece.n);
	end = to + piece.n;
	while (!r.bad && r.p < r.end) {
		n = text_get_number(&r);
		r.bad = r.bad || n > (uint64_t)(end - to);
		if (r.bad)
			break;
		text_get_bytes(&r, to, (size_t)n);
		text[v.n] = (struct slice){ to, (size_t)n };
		group[v.n] = at.group;
		times[v.n] = p->counted ? text_get_number(&r) : 1;
		r.bad = r.bad || times[v.n] == 0;
		to += n;
		if (r.bad || ++v.n < VEC_MAX)
			continue;
		pool_add(p, at.st, 0, &v, times);
		v.n = 0;
	}
	if (v.n > 0 && !r.bad)
		pool_add(p, at.st, 0, &v, times);
	return text_done(&r);
}

#define POOL(counted_)							\
	.counted = counted_,						\
	.open = pool_open,						\
	.clear = pool_clear,						\
	.close = pool_close,						\
	.held = pool_held,						\
	.merge = set_merge,						\
	.save = set_save,						\
	.load = set_load,						\
	.forget = bag_forget,						\
	.gone = bag_gone

static const struct agg_shared set_shared = { POOL(false) };
static const struct agg_shared bag_shared = { POOL(true) };

const struct agg_kind agg_kind_set = {
	.name = "set",
	.size = sizeof(struct set),
	.bulky = true,
	.wider = &agg_kind_bag,
	.add = set_add,
	.shared = &set_shared
};

const struct agg_kind agg_kind_bag = {
	.name = "bag",
	.size = sizeof(struct set),
	.bulky = true,
	.add = set_add,
	.shared = &bag_shared
};

void
agg_put_distinct(const struct agg_column *c, void *st, void *other,
    struct buf *b)
{
	b->n += number_put_u64(buf_room(b, NUMBER_MAX), c->approx ?
	    hll_count(st) : ((struct set *)st)->n);
}

/* The most frequent text; of several the smallest number, then the first in
   byte order: the order of the records does not matter. */
void
agg_put_mode(const struct agg_column *c, void *st, void *other,
    struct buf *b)
{
	const struct pool *p = other;
	struct rank best = { 0 }, rank;
	uint64_t most = 0;
	uint32_t i;
	int cmp;

	for (i = ((struct set *)st)->head; i != 0; i = pool_next(p, i)) {
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
