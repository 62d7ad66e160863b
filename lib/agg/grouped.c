/* grouped.c - what grouping operators share: BY, OVER, groups, rows, states */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/agg/over.h"
#include "lib/agg/partial.h"
#include "lib/agg/spread.h"
#include "lib/base/gang.h"
#include "lib/format/escape.h"
#include "lib/format/pack.h"
#include "lib/number/decimal.h"
#include "lib/number/sum.h"
#include "lib/run/args.h"
#include "lib/run/emit.h"

#define OTHER	"(other)"

enum {
	ROWS = 4 * VEC_MAX,		/* are a part, at most */
	THREADS_FROM = 16,		/* parts, */
	VALUES_FROM = 256 * 1024,	/* or states of so many values */
	THREADS = 32			/* at most */
};

void
grouping_done(struct grouping *c, struct args *a)
{
	c->seed = a->opt->seed;
	c->max = a->opt->max_groups;
	if (a->opt->event_time)
		c->window = a->opt->window;
	c->local = a->opt->local;
	c->runs = a->opt->runs;
	c->merged = a->opt->partial && a->opt->merge;
	c->saved = c->aggs.nparts;
	if (c->merged && !aggs_beside(&c->aggs, &runs_standing))
		c->saved--;
	c->name = partial_name(c, a->arena);
	c->shown = &c->by;
}

int
grouping_parse(struct op *op, struct grouping *c, struct args *a)
{
	if (args_by(a, &c->by) != OK ||
	    args_over(a, &c->over, &c->all) != OK)
		return FAIL;
	if (c->over > 0 || c->all)
		op->traits = (op->traits | OP_ACROSS) & ~OP_MERGE;
	if (c->share)
		op->traits |= OP_WHOLE;
	if (c->over > 0)
		aggs_forgetful(&c->aggs);
	grouping_done(c, a);
	return OK;
}

int
grouping_columns(struct grouping *c, struct keys *by, struct bind *b,
    const struct slice *name, const unsigned char *flags, size_t n)
{
	struct slice *names = arena_zero(b->arena, (by->n + n) * sizeof *names);
	unsigned char *flag = arena_zero(b->arena, by->n + n);
	size_t i;

	if ((b->op->traits & OP_LOADS) == 0 &&
	    (keys_bind(by, b) != OK || aggs_bind(&c->aggs, b) != OK))
		return FAIL;
	partial_names(c, b, names, flag);
	for (i = 0; i < n; i++) {
		names[by->n + i] = name[i];
		flag[by->n + i] = flags[i];
	}
	bind_made(b, names, flag, by->n + n);
	c->jobs = b->opt->jobs;
	c->step = b->opt->step == 0 || b->opt->step > ROWS ? ROWS :
	    b->opt->step;
	if (c->max != 0)
		c->other = tally_new(b->opt->diag, b->arena,
		    "records of further groups went to " OTHER);
	return OK;
}

int
grouping_bind(void *vc, struct bind *b)
{
	struct grouping *c = vc;
	size_t i, n = c->aggs.ncol;
	struct slice *name = arena_zero(b->arena, (n + 1) * sizeof *name);
	unsigned char *flag = arena_zero(b->arena, n + 1);

	for (i = 0; i < n; i++) {
		unsigned traits = c->aggs.col[i].agg->traits;

		name[i] = c->aggs.col[i].name;
		flag[i] = (traits & AGG_SHARE) != 0 ? COL_NUMBER | COL_ZERO :
		    (traits & AGG_TEXT) == 0 ? COL_NUMBER :
		    (traits & AGG_LIST) != 0 ? COL_LIST : 0;
	}
	name[n] = SLICE("share");
	flag[n] = COL_NUMBER;
	return grouping_columns(c, &c->by, b, name, flag, n + c->share);
}

void
grouped_init(void *vs, const void *vc, struct arena *arena)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;

	groups_init(&s->groups, &c->by, c->aggs.size, c->seed);
	s->groups.reuse = !c->aggs.plain;
	s->groups.max = c->max;
	s->shared = aggs_open(&c->aggs, c->by.n > 0);
	if (c->over > 0)
		s->over = over_new(c);
}

void
grouping_full(const struct grouping *c, uint64_t num)
{
	tally_add(c->other, 1, num, "%s: more than --max-groups %" PRIu64
	    ": further groups are one, " OTHER, c->aggs.op, c->max);
}

/* Records that went to the group beyond --max-groups are told. */
static void
tell_other(const struct grouped *s, const struct grouping *c,
    const struct vec *v, const uint32_t *idx)
{
	size_t i;

	if (s->groups.other == TABLE_FULL)
		return;
	for (i = 0; i < v->n; i++)
		if (idx[i] == s->groups.other)
			grouping_full(c, v->num[i]);
}

int
grouped_push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;
	uint32_t idx[VEC_MAX];

	if (s->route != NULL) {
		spread_push(s, c, v);
		return OK;
	}
	groups_find(&s->groups, &c->by, v, idx);
	if (c->max != 0 && c->by.n > 0)
		tell_other(s, c, v, idx);
	aggs_add(&c->aggs, s->shared, s->groups.acc,
	    c->by.n > 0 ? idx : NULL, v);
	return OK;
}

void
grouped_reset(void *vs, const void *vc)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;

	s->when.known = false;
	s->none = (struct standing){ 0 };
	spread_free(s, c);
	if (!c->aggs.plain)
		aggs_reset(&c->aggs, s->groups.acc, s->groups.n);
	groups_reset(&s->groups);
	aggs_clear(&c->aggs, s->shared);
}

void
grouped_fini(void *vs, const void *vc)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;

	over_free(s->over);
	spread_free(s, c);
	buf_free(&s->key);
	if (s->groups.reuse)
		aggs_free(&c->aggs, s->groups.acc, s->groups.used);
	aggs_close(&c->aggs, s->shared);
	if (s->line.acc != NULL)
		aggs_free(&c->aggs, s->line.acc, 1);
	aggs_close(&c->aggs, s->line.shared);
	free(s->line.acc);
	arena_free(&s->text);
	groups_fini(&s->groups);
}

static struct agg_group
group_at(const struct grouped *s, size_t i)
{
	return (struct agg_group){ groups_acc(&s->groups, i), s->shared,
	    (uint32_t)i };
}

/* Each group of a part is looked up once more, and each text that its states
   hold. */
bool
grouped_pays(const void *vs, const void *vc, uint64_t records, bool alone)
{
	const struct grouping *c = vc;
	const struct grouped *s = vs;

	return s->spread == NULL && s->groups.n <= records / 4 &&
	    (!alone || aggs_held(&c->aggs, s->shared) <= records / 4);
}

void
grouped_join(void *vs, const void *vc, void *other, uint64_t base)
{
	const struct grouping *c = vc;
	struct grouped *s = vs, *o = other;
	struct slice key[VEC_MAX];
	uint32_t idx[VEC_MAX];
	size_t i, j, n;

	for (i = 0; i < o->groups.n; i += n) {
		for (n = 0; n < VEC_MAX && i + n < o->groups.n; n++)
			key[n] = groups_key(&o->groups, i + n);
		groups_find_keys(&s->groups, key, n, idx);
		for (j = 0; j < n; j++)
			aggs_merge(&c->aggs, group_at(s, idx[j]),
			    group_at(o, i + j));
	}
}

void
extent_widen(struct extent *x, const struct extent *with)
{
	if (!with->known)
		return;
	if (!x->known || with->from < x->from)
		x->from = with->from;
	if (!x->known || with->to > x->to)
		x->to = with->to;
	x->known = true;
}

void
extent_both(struct extent *x, struct both *b)
{
	both_bool(b, &x->known);
	both_i64(b, &x->from);
	both_i64(b, &x->to);
}

/* An empty window says nothing; one with records but no group that it was
   there, and so does what asks when records came. */
int
grouped_save(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct grouping *c = vc;
	const struct grouped *s = vs;
	struct extent when = s->when;
	struct standing more = s->none;
	struct row row = { .key = { NULL, 0 } };
	size_t i, n;
	int r = OK;

	if (c->window.width > 0 && b->records == 0 && s->groups.n == 0)
		return OK;
	if (!when.known)		/* else states were read */
		when = (struct extent){ b->records > 0 && b->from <= b->to,
		    b->from, b->to };
	n = grouped_close(vs, c);
	if (n == 0 && (c->window.width > 0 || (c->timed && when.known)))
		return partial_put(c, row.key, row.at, &when, more, e);
	for (i = 0; i < n && r == OK; i++) {
		row = grouped_row(vs, c, i);
		r = partial_put(c, row.key, row.at, &when, more, e);
		more = (struct standing){ 0 };
	}
	return r;
}

void
grouped_both(void *vs, const void *vc, struct both *b)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;
	size_t i, n;

	both_expect(b, slice_eq(both_text(b, c->name), c->name));
	extent_both(&s->when, b);
	aggs_both_times(&c->aggs, s->shared, b);
	n = both_count(b, s->groups.n);
	for (i = 0; i < n && !both_bad(b); i++)
		if (groups_both_key(&s->groups, i, b) != NULL)
			aggs_both(&c->aggs, group_at(s, i), b);
	if (c->over > 0 && !both_bad(b))
		over_both(s->over, b);
}

/* The group that a line is of. */
static size_t
line_group(struct grouped *s, const struct grouping *c,
    const struct partial *p, uint64_t num)
{
	struct arena *a = &s->text;
	struct slice key = p->key;
	bool full = s->groups.other == TABLE_FULL;
	bool other = p->kind == PARTIAL_OTHER;
	uint32_t idx;

	if (c->by.n == 1 && !other)
		key = escape_get(key, a);
	if (other && c->by.n > 0)
		key = groups_beyond;
	groups_find_keys(&s->groups, &key, 1, &idx);
	arena_reset(a);
	if (c->max != 0 && full && !other && s->groups.other != TABLE_FULL)
		grouping_full(c, num);
	return idx;
}

/* Reads a line whole, then merges it; NULL, or why it can't be read. */
static const char *
load_line(struct grouped *s, const struct grouping *c, struct slice rec,
    uint64_t num, size_t *at)
{
	struct partial line;
	const char *why = partial_get(&line, c, rec, at);

	if (why != NULL)
		return why;
	if (line.kind != PARTIAL_NONE) {
		why = partial_states(c, s->line, line.states);
		if (c->merged)
			*(struct standing *)agg_at(&c->aggs, s->line,
			    c->saved).st = line.standing;
		if (why == NULL)
			aggs_merge(&c->aggs, group_at(s, line_group(s, c,
			    &line, num)), s->line);
		aggs_reset(&c->aggs, s->line.acc, 1);
		aggs_clear(&c->aggs, s->line.shared);
	} else {
		standing_add(&s->none, line.standing);
	}
	if (why == NULL)
		extent_widen(&s->when, &line.when);
	return why;
}

/* Of lines in the order of their keys: where another group begins, the one
   before goes on, and nothing of it stays. */
static int
let_pass(struct grouped *s, const struct grouping *c, struct slice rec,
    struct emit *e)
{
	struct slice was = { s->key.p, s->key.n };
	struct line l;
	int r;

	if (!line_kind(&l, rec) || (was.p != NULL && slice_eq(l.key, was)))
		return OK;
	s->key.n = 0;
	(void)buf_room(&s->key, 1);
	buf_slice(&s->key, l.key);
	if (s->groups.n == 0)
		return OK;
	r = c->sorted->flush(s, c, emit_batch(e), e);
	if (r != FAIL && emit_drain(e) == FAIL)
		r = FAIL;
	c->sorted->reset(s, c);
	return r;
}

int
grouped_load(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;
	const char *why;
	size_t i, at = 0;
	int r = OK;

	if (s->line.acc == NULL) {
		s->line.acc = mem_zero(c->aggs.size);
		s->line.shared = aggs_open(&c->aggs, false);
	}
	for (i = 0; i < v->n && r == OK; i++) {
		if (c->sorted != NULL &&
		    (r = let_pass(s, c, v->rec[i], e)) != OK)
			break;
		why = load_line(s, c, v->rec[i], v->num[i], &at);
		if (why != NULL)
			r = emit_bad(e, v->rec[i], v->num[i], why, at);
	}
	return r;
}

size_t
grouped_close(struct grouped *s, const struct grouping *c)
{
	if (c->over > 0) {
		over_close(s->over, s);
		return over_rows(s->over);
	}
	if (c->by.n == 0)
		groups_one(&s->groups);
	return s->spread != NULL ? spread_order(s, c) : s->groups.n;
}

struct row
grouped_row(const struct grouped *s, const struct grouping *c, size_t i)
{
	if (c->over > 0)
		return over_row(s->over, i);
	if (s->spread != NULL)
		return spread_row(s, i);
	return (struct row){ groups_key(&s->groups, i), group_at(s, i) };
}

static inline void
put_keys(const struct grouping *c, const struct row *r, struct buf *b)
{
	size_t i;

	if (c->by.n == 0)
		return;
	if (!slice_eq(r->key, groups_beyond)) {
		keys_put(&c->by, r->key, b);
	} else {
		buf_str(b, OTHER);
		for (i = 1; i < c->by.n; i++)
			buf_char(b, '\t');
	}
	buf_char(b, '\t');
}

struct buf *
row_begin(const struct grouping *c, const struct row *r, struct emit *e)
{
	struct buf *b = emit_buf(e);

	put_keys(c, r, b);
	return b;
}

bool
row_count(const struct grouping *c, const struct row *r, uint64_t *n)
{
	if ((c->aggs.col[0].agg->traits & AGG_COUNT) == 0)
		return false;
	*n = *(uint64_t *)agg_at(&c->aggs, r->at, c->aggs.col[0].part).st;
	return true;
}

/* The state of a count or a sum. */
static struct number
number_of(const struct grouping *c, const void *st)
{
	uint64_t n;

	if ((c->aggs.col[0].agg->traits & AGG_COUNT) == 0)
		return sum_number(st);
	n = *(const uint64_t *)st;
	return (struct number){ (int64_t)n, 0, true, (double)n };
}

struct number
row_amount(const struct grouping *c, const struct row *r)
{
	return number_of(c, agg_at(&c->aggs, r->at, c->aggs.col[0].part).st);
}

struct number
grouped_total(const struct grouped *s, const struct grouping *c, size_t n)
{
	const struct agg_part *p = &c->aggs.part[c->aggs.col[0].part];
	void *all = mem_zero(p->kind->size);
	struct number total;
	size_t i;

	for (i = 0; i < n; i++)
		p->kind->merge(all, grouped_row(s, c, i).at.acc + p->off);
	total = number_of(c, all);
	if (p->kind->free != NULL)
		p->kind->free(all);
	free(all);
	return total;
}

static inline void
put_row(const struct grouping *c, const struct row *r,
    const struct number *total, struct buf *b)
{
	struct number part;
	size_t i;

	put_keys(c, r, b);
	for (i = 0; i < c->aggs.ncol; i++) {
		if (i > 0)
			buf_char(b, '\t');
		aggs_put(&c->aggs, &r->at, i, b);
	}
	if (c->share) {
		buf_char(b, '\t');
		part = row_amount(c, r);
		b->n += number_put_ratio(buf_room(b, NUMBER_MAX), &part,
		    total);
	}
}

int
row_emit(const struct grouping *c, const struct row *r,
    const struct number *total, struct emit *e)
{
	struct buf *b = emit_buf(e);

	put_row(c, r, total, b);
	return emit_bytes(e, buf_text(b), 0);
}

/* All rows, in parts, each part's side by side. */
struct rows {
	const struct grouped *s;
	const struct grouping *c;
	struct number total;
	struct emit *e;
	size_t n, step;
	char term;
	bool plain;
	struct part {
		struct buf text;
		size_t end[ROWS];
	} *part;
	size_t nparts;			/* in work */
};

static size_t
rows_of(const struct rows *w, size_t k)
{
	size_t left = w->n - k * w->step;

	return left < w->step ? left : w->step;
}

static void
write_part(void *vw, size_t k)
{
	const struct rows *w = vw;
	struct part *p = &w->part[k % w->nparts];
	size_t i, n = rows_of(w, k);
	struct row row;

	p->text.n = 0;
	for (i = 0; i < n; i++) {
		row = grouped_row(w->s, w->c, k * w->step + i);
		put_row(w->c, &row, &w->total, &p->text);
		p->end[i] = p->text.n;
		buf_char(&p->text, w->term);
	}
}

static int
hand_part(void *vw, size_t k)
{
	const struct rows *w = vw;
	struct part *p = &w->part[k % w->nparts];
	size_t i, from = 0, n = rows_of(w, k);
	int r = OK;

	if (w->plain)
		return emit_text(w->e, &p->text, n);
	for (i = 0; i < n && r == OK; from = p->end[i++] + 1)
		r = emit_slice(w->e, (struct slice){ p->text.p + from,
		    p->end[i] - from }, 0);
	return emit_drain(w->e);
}

/* By how many threads rows are written: where one doesn't lie behind another
   and none is told of.  Where states hold many values, a few rows are work. */
static size_t
row_threads(struct rows *w, uint64_t records)
{
	const struct grouping *c = w->c;
	bool bulky = false;
	size_t i;

	if (c->over > 0)
		return 1;
	for (i = 0; i < c->aggs.ncol; i++)
		if ((c->aggs.col[i].agg->traits & AGG_LIST) != 0)
			return 1;
	for (i = 0; i < c->aggs.nparts; i++)
		bulky |= c->aggs.part[i].kind->bulky;
	if (bulky && records >= VALUES_FROM && w->n / w->step < 2 * THREADS)
		w->step = w->n / (2 * THREADS) + 1;
	else if (w->n / w->step < THREADS_FROM)
		return 1;
	return c->jobs < THREADS ? c->jobs : THREADS;
}

static int
share_out(struct rows *w, struct gang *g)
{
	struct part *p;
	size_t i;
	int r;

	w->nparts = g->threads * GANG_AHEAD;
	w->part = p = mem_alloc(w->nparts * sizeof *p);
	for (i = 0; i < w->nparts; i++)
		p[i].text = (struct buf){ 0 };
	r = gang_run(g);
	for (i = 0; i < w->nparts; i++)
		buf_free(&p[i].text);
	free(p);
	return r;
}

int
grouped_flush(void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct grouping *c = vc;
	struct part one;		/* the rest of it is written first */
	struct rows w = { .s = vs, .c = c, .e = e, .part = &one, .nparts = 1,
	    .n = grouped_close(vs, c), .step = c->step };
	struct gang g = { .threads = row_threads(&w, batch->records),
	    .work = write_part, .take = hand_part, .arg = &w };
	int r;

	one.text = *emit_buf(e);
	g.parts = (w.n + w.step - 1) / w.step;
	w.plain = emit_plain(e, &w.term);
	if (c->share)
		w.total = grouped_total(vs, c, w.n);
	if (g.threads > 1)
		return share_out(&w, &g);
	r = gang_run(&g);
	*emit_buf(e) = one.text;
	return r;
}
