/* per.c - batches by key: each value of a field has an open one of its own */
#include <inttypes.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/base/words.h"
#include "lib/format/bad.h"
#include "lib/format/lookup.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/per.h"
#include "lib/time/time.h"

enum { SHEET = 2048, LARGE = 64, WANTS = 16 };

struct head {			/* of a record whose text is in a sheet */
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

		if (op->timer != NULL)
			return diag_warn("%s: with -p what time alone brings "
			    "forth has no batch; %s ... by KEYS keeps values "
			    "apart itself", op->name, op->name);
		if ((op->traits & OP_ACROSS) == 0)
			continue;
		p->remembers = true;
		if (k >= c->head)
			return diag_warn("%s: with -p it must stand before %s, "
			    "which is one for all values", op->name,
			    c->stage[c->head].op.name);
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

/* As take_want. */
static size_t
want_too(struct per *p, const struct want *w)
{
	size_t k = take_want(&p->all, w->field, w->pos, w->flags);

	p->all.want[k].filled = w->filled;
	p->fields &= w->reader == NULL;	/* records before have a say in it */
	return k;
}

void
per_stages(struct per *p, bool timed)
{
	const struct chain *c = p->chain;
	const struct stage *s = &c->stage[c->from];
	size_t k;

	if (timed || carry_text(c, c->from, c->head) || s->take.n > WANTS)
		return;
	p->fields = true;
	p->counts = s->take.n == 0 && (s->op.traits & (OP_HOLD | OP_NUMBER)) ==
	    OP_HOLD && !carry_keeps(s);
	p->all.shape = p->take.shape;
	p->all.nulls = s->take.nulls;
	for (k = 0; k < s->take.n; k++)
		want_too(p, &s->take.want[k]);
	p->ncol = p->all.n;
	p->keyall = want_too(p, &p->take.want[p->keycol]);
	take_plan(&p->all, p->opt->arena);
	p->column = mem_zero((p->ncol + 1) * sizeof *p->column);
	p->col = mem_zero((p->ncol + 1) * sizeof *p->col);
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

/* No more goes to the last sheet. */
static void
end_sheet(struct slot *s)
{
	s->last->to = s->at;
	s->last->heads = s->heads;
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
		end_sheet(s);
	}
	q->columns = s->columns = p->columns;
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
	take_free(&p->all);
	free(p->column);
	free(p->col);
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

/* Whether all names that are told if no record has them were seen, which text
   shows as it goes through the stages. */
static bool
all_seen(struct per *p)
{
	const struct chain *c = p->chain;
	size_t k;

	for (k = c->from; k < c->head; k++)
		if (!take_seen(&c->stage[k].take))
			return false;
	if (!take_seen(&p->take))
		return false;
	p->take.want[p->keycol].had = true;
	p->seen = true;
	return true;
}

int
per_keys(struct per *p, struct vec *v)
{
	int r = OK;

	p->columns = p->fields && !p->counts && (p->seen || all_seen(p));
	if (p->columns) {
		take_run(&p->all, v->rec, v->n);
		p->columns = p->all.nbad == 0;	/* else its stage tells */
		p->key = p->all.col[p->keyall];
	}
	if (!p->columns) {
		take_run(&p->take, v->rec, v->n);
		p->key = p->take.col[p->keycol];
		if (p->take.nbad > 0)
			r = bad_drop(p->opt, &p->take, 0, v, &p->room);
	}
	if (r != FAIL && v->n > 0)
		table_find(p->keys, p->key, v->n, 0, p->idx);
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
		table_find(keys, p->key, v->n, 0, p->idx);
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
	s->num = s->before = 0;
	s->oldest = mono;
	s->open = true;
	set_full(p, s);
	link_last(&p->open[BY_AGE], s, BY_AGE);
	link_last(&p->open[BY_NEWEST], s, BY_NEWEST);
	return s;
}

static inline void
put_text(struct per *p, struct slot *s, struct slice rec, uint64_t num)
{
	struct head h = { num, rec.n };

	if ((size_t)(s->heads - s->at) < sizeof h + rec.n || s->columns)
		add_sheet(p, s, sizeof h + rec.n);
	s->heads -= sizeof h;
	memcpy(s->heads, &h, sizeof h);
	memcpy(s->at, rec.p, rec.n);
	s->at += rec.n;
}

/* By how much record i's number is more than the last one's, and of each column
   0 if the value is absent, else its length and 1 more, and the value. */
static inline void
put_columns(struct per *p, struct slot *s, size_t i, uint64_t num)
{
	size_t j, need = (1 + p->ncol) * SEVENS_MAX;
	struct slice v;
	char *at;

	for (j = 0; j < p->ncol; j++)
		need += p->all.col[j][i].n;
	if ((size_t)(s->heads - s->at) < need || !s->columns)
		add_sheet(p, s, need);
	at = sevens_put(s->at, num - s->num);
	for (j = 0; j < p->ncol; j++) {
		v = p->all.col[j][i];
		if (v.p == NULL) {
			*at++ = 0;
			continue;
		}
		at = sevens_put(at, (uint64_t)v.n + 1);
		memcpy(at, v.p, v.n);
		at += v.n;
	}
	s->at = at;
}

/* One more record of so many bytes; whether its batch is due with it. */
static inline bool
add_record(struct per *p, struct slot *s, size_t bytes, int64_t mono)
{
	s->bytes += bytes;
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
	size_t bytes;

	p->due = NULL;
	p->closing = false;
	if (i < v->n && i == 0)
		make_room(p, v);
	for (; i < v->n; i++) {
		if (i + 16 < v->n) {
			__builtin_prefetch(p->slot[p->idx[i + 16]]);
			if ((s = p->slot[p->idx[i + 8]]) != NULL)
				__builtin_prefetch(s->at, 1);
		}
		p->since = v->num[i];
		s = p->slot[p->idx[i]];
		if (s == NULL || !s->open) {
			turn->since = p->since;	/* of what is told of it */
			s = open_slot(p, p->idx[i], v->num[i], mono, clock);
			turn->since = 0;
			if (s == NULL)
				return i;
		}
		bytes = v->rec[i].n + 1;
		if (p->lim.bytes > 0 && s->batch.records + s->n > 0 &&
		    s->batch.bytes + s->bytes + bytes > p->lim.bytes) {
			due(p, s, BY_BYTES);
			return i;
		}
		if (p->columns)
			put_columns(p, s, i, v->num[i]);
		else if (!p->counts)
			put_text(p, s, v->rec[i], v->num[i]);
		s->num = v->num[i];
		if (add_record(p, s, bytes, mono))
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

/* The records of a sheet, the nth of the vector and more; the next one. */
static size_t
get_texts(struct per *p, const struct sheet *q, size_t n)
{
	const char *at = q->text, *head = q->end;
	struct head h;

	for (; head > q->heads; at += h.len) {
		head -= sizeof h;
		memcpy(&h, head, sizeof h);
		p->vec.rec[n] = (struct slice){ at, h.len };
		p->vec.num[n++] = h.num;
	}
	return n;
}

static size_t
get_columns(struct per *p, const struct sheet *q, size_t n, uint64_t *num)
{
	const char *at = q->text;
	uint64_t len;
	size_t j;

	for (; at < q->to; n++) {
		at = sevens_get(at, &len);
		p->vec.num[n] = *num += len;
		p->vec.rec[n] = (struct slice){ NULL, 0 };
		for (j = 0; j < p->ncol; j++) {
			at = sevens_get(at, &len);
			p->column[j][n] = (struct slice){ len == 0 ? NULL : at,
			    len == 0 ? 0 : (size_t)len - 1 };
			at += p->column[j][n].n;
		}
	}
	return n;
}

static void
get_records(struct per *p, const struct slot *s)
{
	const struct sheet *q;
	uint64_t num = s->before;
	size_t n = 0;

	for (q = s->first; q != NULL; q = q->next) {
		if (q->columns) {
			n = get_columns(p, q, n, &num);
			continue;
		}
		n = get_texts(p, q, n);
		num = p->vec.num[n - 1];
	}
}

bool
per_vec(struct per *p, struct instance *tail, struct vec *v)
{
	struct slot *s = p->due;
	size_t i;

	if (s->head == NULL)
		s->head = instance_new(p->chain, p->chain->from,
		    p->chain->head, tail);
	s->head->batch = &s->batch;
	s->head->store = &s->held->made;
	if (s->n == 0)
		return false;
	if (!p->counts) {
		end_sheet(s);
		get_records(p, s);
	}
	for (i = 0; p->counts && i < s->n; i++)
		p->vec.num[i] = s->num;
	p->n = s->n;
	*v = (struct vec){ .n = s->n, .rec = p->vec.rec, .num = p->vec.num };
	s->batch.records += s->n;
	s->batch.bytes += s->bytes;
	s->batch.last = s->num;
	s->before = s->num;
	let_go_sheets(p, s);
	set_full(p, s);
	return true;
}

size_t
per_part(struct per *p, size_t at, struct vec *v)
{
	size_t i, j;

	v->rec = p->vec.rec + at;
	v->num = p->vec.num + at;
	v->taken = v->rec->p == NULL;
	for (i = at; i < p->n && (p->vec.rec[i].p == NULL) == v->taken; i++)
		;
	v->n = i - at;
	for (j = 0; j < p->ncol; j++)
		p->col[j] = p->column[j] + at;
	v->col = p->col;
	return i;
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
