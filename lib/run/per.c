/* per.c - batches by key: each value of a field has an open one of its own */
#include <inttypes.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/format/bad.h"
#include "lib/format/lookup.h"
#include "lib/run/chain.h"
#include "lib/run/per.h"
#include "lib/time/time.h"

enum { SHEET = 2048, LARGE = 64 };

struct head {			/* of a record in a sheet */
	uint64_t num;
	size_t len;
};

void
per_init(struct per *p, const struct limits *lim, const struct options *opt)
{
	p->lim = *lim;
	p->opt = opt;
	if (lim->per == NULL)
		return;
	p->keys = table_new(opt->seed);
	p->full = tally_new(opt->diag, opt->arena,
	    "batches closed as too many were open (--max-open)");
	p->forgot = tally_new(opt->diag, opt->arena, "values were forgotten "
	    "as too many were remembered (--max-open)");
}

/* What remembers must be each value's own, and time brings forth nothing where
   no batch is open. */
static int
check_stages(struct per *p, const struct chain *c)
{
	size_t k;

	for (k = c->from; k < c->n; k++) {
		const struct op *op = &c->stage[k].op;

		if (op->timer != NULL) {
			diag_warn("%s: with -p what time alone brings forth "
			    "has no batch; %s ... by KEYS keeps values apart "
			    "itself", op->name, op->name);
			return FAIL;
		}
		if ((op->traits & OP_ACROSS) == 0)
			continue;
		p->remembers = true;
		if (k >= c->head) {
			diag_warn("%s: with -p it must stand before %s, which "
			    "is one for all values", op->name,
			    c->stage[c->head].op.name);
			return FAIL;
		}
	}
	return OK;
}

int
per_bind(struct per *p, struct chain *c, const struct shape *in)
{
	p->chain = c;
	p->take.shape = in;
	p->take.local = p->opt->local;
	p->take.hint = p->opt->time_hint;
	if (field_want(&p->take, in, p->lim.per, WANT_KEY, "-p",
	    &p->keycol) != OK || check_stages(p, c) != OK)
		return FAIL;
	take_plan(&p->take, p->opt->arena);
	return OK;
}

/* Those of one large record go, whose vector was worked on. */
static void
free_large(struct per *p)
{
	struct sheet *q;

	while ((q = p->large) != NULL) {
		p->large = q->next;
		free(q);
	}
}

/* The slot's sheets come back; what they hold stays until one is taken. */
static void
let_go_sheets(struct per *p, struct slot *s)
{
	struct sheet *q, **to;

	while ((q = s->first) != NULL) {
		s->first = q->next;
		to = q->end > q->text + SHEET ? &p->large : &p->sheets;
		q->next = *to;
		*to = q;
	}
	s->last = NULL;
	s->at = s->heads = NULL;
	s->n = 0;
	s->bytes = 0;
}

/* One more, with room for so many bytes. */
static void
add_sheet(struct per *p, struct slot *s, size_t need)
{
	size_t size = need > SHEET ? need : SHEET;
	struct sheet *q = p->sheets;

	free_large(p);
	if (need > SHEET)
		q = mem_alloc(sizeof *q + size);
	else if (q == NULL)
		q = arena_alloc(&p->texts, sizeof *q + size);
	else
		p->sheets = q->next;
	q->next = NULL;
	if (s->last == NULL) {
		s->first = q;
	} else {
		s->last->next = q;
		s->last->heads = s->heads;
	}
	s->last = q;
	s->at = q->text;
	s->heads = q->end = q->text + size;
}

static void
let_go_held(struct per *p, struct slot *s)
{
	s->held->next = p->held;
	p->held = s->held;
}

static void
free_slots(struct per *p, struct slot *s)
{
	struct slot *next;

	for (; s != NULL; s = next) {
		next = s->link[BY_AGE].next;
		instance_free(s->head);
		if (s->open) {
			let_go_sheets(p, s);
			let_go_held(p, s);
		}
		free(s);
	}
}

void
per_free(struct per *p)
{
	struct held *h;

	if (p->keys == NULL)
		return;
	free_slots(p, p->open[BY_AGE].first);
	free_slots(p, p->idle.first);
	free_slots(p, p->spare);
	while ((h = p->held) != NULL) {
		p->held = h->next;
		store_fini(&h->made);
		free(h);
	}
	free_large(p);
	arena_free(&p->texts);
	table_free(p->keys);
	take_free(&p->take);
	free(p->slot);
	free(p->room);
}

static void
link_last(struct slots *l, struct slot *s, int by)
{
	s->link[by] = (struct slot_link){ l->last, NULL };
	if (l->last == NULL)
		l->first = s;
	else
		l->last->link[by].next = s;
	l->last = s;
}

static void
unlink_slot(struct slots *l, struct slot *s, int by)
{
	struct slot_link *k = &s->link[by];

	if (k->prev == NULL)
		l->first = k->next;
	else
		k->prev->link[by].next = k->next;
	if (k->next == NULL)
		l->last = k->prev;
	else
		k->next->link[by].prev = k->prev;
}

int
per_keys(struct per *p, struct vec *v)
{
	int r = OK;

	take_run(&p->take, v->rec, v->n);
	if (p->take.nbad > 0)
		r = bad_drop(p->opt, &p->take, 0, v, &p->room);
	if (r != FAIL && v->n > 0)
		table_find(p->keys, p->take.col[p->keycol], v->n, 0, p->idx);
	return r;
}

/* Room for the slots of all keys.  Values that are gone leave the table once
   most are: those of the vector and of slots stay. */
static void
make_room(struct per *p, const struct vec *v)
{
	size_t n = table_count(p->keys), i;
	struct slot *s, *list[2] = { p->open[BY_AGE].first, p->idle.first };

	if (n > 2 * (p->count + VEC_MAX)) {
		struct table *keys = table_new(p->opt->seed);

		for (i = 0; i < 2; i++)
			for (s = list[i]; s != NULL; s = s->link[BY_AGE].next) {
				struct slice key = table_key(p->keys, s->key);

				table_find(keys, &key, 1, 0, &s->key);
				s->batch.key = table_key(keys, s->key);
			}
		table_find(keys, p->take.col[p->keycol], v->n, 0, p->idx);
		table_free(p->keys);
		p->keys = keys;
		memset(p->slot, 0, p->cap * sizeof *p->slot);
		for (i = 0; i < 2; i++)
			for (s = list[i]; s != NULL; s = s->link[BY_AGE].next)
				p->slot[s->key] = s;
		n = table_count(keys);
	}
	i = p->cap;
	p->slot = mem_reserve(p->slot, &p->cap, n, sizeof *p->slot);
	memset(p->slot + i, 0, (p->cap - i) * sizeof *p->slot);
}

static void
due(struct per *p, struct slot *s, enum reason why)
{
	p->due = s;
	p->closing = true;
	s->batch.reason = why;
}

/* The slot is its value's no longer. */
static void
let_go(struct per *p, struct slot *s)
{
	p->slot[s->key] = NULL;
	p->count--;
	s->link[BY_AGE].next = p->spare;
	p->spare = s;
}

/* One for a value that had none; NULL: another batch must close first. */
static struct slot *
take_slot(struct per *p, uint32_t key)
{
	struct slot *s = p->idle.first;

	if (p->count >= p->lim.max_open && s != NULL) {
		tally_add(p->forgot, 1, 0, "-p: more values are remembered "
		    "than --max-open %" PRIu64 "; those longest without a "
		    "batch are forgotten", p->lim.max_open);
		unlink_slot(&p->idle, s, BY_AGE);
		let_go(p, s);
		instance_free(s->head);
		s->head = NULL;
	} else if (p->count >= p->lim.max_open) {
		s = p->open[BY_AGE].first;
		tally_add(p->full, 1, 0, "-p: more batches are open than "
		    "--max-open %" PRIu64 "; the one longest open closes",
		    p->lim.max_open);
		due(p, s, BY_FULL);
		return NULL;
	}
	s = p->spare;
	if (s == NULL)
		s = mem_zero(sizeof *s);
	else
		p->spare = s->link[BY_AGE].next;
	p->count++;
	p->slot[key] = s;
	s->key = key;
	return s;
}

/* Something is due once the slot has a vector, or the batch all its records. */
static void
set_full(const struct per *p, struct slot *s)
{
	uint64_t left = p->lim.records - s->batch.records;

	s->full = p->lim.records > 0 && left < VEC_MAX ? (uint32_t)left :
	    VEC_MAX;
}

/* The value's batch, opened if need be; NULL: another must close first. */
static struct slot *
open_slot(struct per *p, uint32_t key, uint64_t num, int64_t mono,
    int64_t clock)
{
	struct slot *s = p->slot[key];

	if (s != NULL && s->open)
		return s;
	if (s != NULL)
		unlink_slot(&p->idle, s, BY_AGE);
	else if ((s = take_slot(p, key)) == NULL)
		return NULL;
	s->batch = (struct batch){ .opened = clock, .first = num,
	    .from = INT64_MAX, .to = INT64_MIN,
	    .key = table_key(p->keys, key) };
	s->held = p->held;
	if (s->held == NULL)
		s->held = mem_zero(sizeof *s->held);
	else
		p->held = s->held->next;
	s->oldest = mono;
	s->open = true;
	set_full(p, s);
	link_last(&p->open[BY_AGE], s, BY_AGE);
	link_last(&p->open[BY_NEWEST], s, BY_NEWEST);
	return s;
}

/* Record i; whether its batch is due with it. */
static inline bool
add_record(struct per *p, struct slot *s, const struct vec *v, size_t i,
    int64_t mono)
{
	struct slice rec = v->rec[i];
	struct head h = { v->num[i], rec.n };

	if ((size_t)(s->heads - s->at) < sizeof h + rec.n)
		add_sheet(p, s, sizeof h + rec.n);
	s->heads -= sizeof h;
	memcpy(s->heads, &h, sizeof h);
	memcpy(s->at, rec.p, rec.n);
	s->at += rec.n;
	s->bytes += rec.n + 1;
	p->latest = h.num;
	s->newest = mono;
	if (p->lim.gap > 0 && p->open[BY_NEWEST].last != s) {
		unlink_slot(&p->open[BY_NEWEST], s, BY_NEWEST);
		link_last(&p->open[BY_NEWEST], s, BY_NEWEST);
	}
	if (++s->n < s->full && (p->lim.bytes == 0 ||
	    s->batch.bytes + s->bytes < p->lim.bytes))
		return false;
	if (s->batch.records + s->n == p->lim.records)
		due(p, s, BY_RECORDS);
	else if (p->lim.bytes > 0 && s->batch.bytes + s->bytes >= p->lim.bytes)
		due(p, s, BY_BYTES);
	else
		p->due = s;
	return true;
}

size_t
per_add(struct per *p, const struct vec *v, size_t i, int64_t mono,
    int64_t clock)
{
	struct turn *turn = &p->opt->diag->turn;
	struct slot *s;

	p->due = NULL;
	p->closing = false;
	if (i < v->n && i == 0)
		make_room(p, v);
	for (; i < v->n; i++) {
		p->since = v->num[i];
		turn->since = p->since;		/* of what is told of it */
		s = open_slot(p, p->idx[i], v->num[i], mono, clock);
		turn->since = 0;
		if (s == NULL)
			return i;
		if (p->lim.bytes > 0 && s->batch.records + s->n > 0 &&
		    s->batch.bytes + s->bytes + v->rec[i].n + 1 >
		    p->lim.bytes) {
			due(p, s, BY_BYTES);
			return i;
		}
		if (add_record(p, s, v, i, mono))
			return i + 1;
	}
	return i;
}

int64_t
per_deadline(const struct per *p)
{
	const struct slot *s = p->open[BY_AGE].first;
	int64_t when = INT64_MAX, at;

	if (s == NULL || p->lim.regular)
		return when;
	if (p->lim.timeout > 0)
		when = time_after(s->oldest, p->lim.timeout);
	if (p->lim.gap > 0) {
		at = time_after(p->open[BY_NEWEST].first->newest, p->lim.gap);
		when = at < when ? at : when;
	}
	return when;
}

bool
per_expired(struct per *p, int64_t mono)
{
	const struct slot *s = p->open[BY_AGE].first;

	if (per_deadline(p) > mono)
		return false;
	if (p->lim.timeout > 0 &&
	    time_after(s->oldest, p->lim.timeout) <= mono)
		return per_any(p, BY_TIMEOUT);
	p->since = 0;
	due(p, p->open[BY_NEWEST].first, BY_GAP);
	return true;
}

bool
per_any(struct per *p, enum reason why)
{
	p->since = 0;
	if (p->open[BY_AGE].first == NULL)
		return false;
	due(p, p->open[BY_AGE].first, why);
	return true;
}

bool
per_vec(struct per *p, struct instance *tail, struct vec *v)
{
	struct slot *s = p->due;
	const struct sheet *q;
	const char *at, *head;
	struct head h;
	size_t n = 0;

	if (s->head == NULL)
		s->head = instance_new(p->chain, p->chain->from,
		    p->chain->head, tail);
	s->head->batch = &s->batch;
	s->head->store = &s->held->made;
	if (s->n == 0)
		return false;
	s->last->heads = s->heads;
	for (q = s->first; q != NULL; q = q->next)
		for (at = q->text, head = q->end; head > q->heads;
		    at += h.len) {
			head -= sizeof h;
			memcpy(&h, head, sizeof h);
			p->vec.rec[n] = (struct slice){ at, h.len };
			p->vec.num[n++] = h.num;
		}
	*v = (struct vec){ .n = n, .rec = p->vec.rec, .num = p->vec.num };
	s->batch.records += n;
	s->batch.bytes += s->bytes;
	s->batch.last = p->vec.num[s->n - 1];
	let_go_sheets(p, s);
	set_full(p, s);
	return true;
}

struct slot *
per_close(struct per *p, int64_t clock, uint64_t number)
{
	struct slot *s = p->due;

	s->batch.number = number;
	s->batch.closed = clock;
	unlink_slot(&p->open[BY_AGE], s, BY_AGE);
	unlink_slot(&p->open[BY_NEWEST], s, BY_NEWEST);
	if (p->remembers)
		link_last(&p->idle, s, BY_AGE);
	else
		let_go(p, s);
	let_go_held(p, s);
	s->open = false;
	return s;
}

void
per_idle(struct per *p, struct slot *s)
{
	size_t k;

	if (!p->remembers || s->batch.records < LARGE)
		return;
	for (k = p->chain->from; k < p->chain->head; k++)
		if ((p->chain->stage[k].op.traits & OP_ACROSS) == 0)
			instance_renew(s->head, k);
}

void
per_take_back(struct per *p, const struct vec *v, uint64_t last)
{
	struct batch *b = &p->due->batch;
	size_t i = nums_upto(v->num, v->n, last);

	for (; i < v->n; i++) {
		b->records--;
		b->bytes -= v->rec[i].n + 1;
	}
}
