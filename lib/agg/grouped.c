/* grouped.c - what grouping operators share: BY, OVER, groups, rows, states */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/agg/over.h"
#include "lib/agg/partial.h"
#include "lib/format/escape.h"
#include "lib/number/sum.h"
#include "lib/run/args.h"

#define OTHER	"(other)"

static int
parse_over(struct op *op, struct grouping *c, struct args *a)
{
	const char *w;
	int64_t dur;

	if (!args_keyword(a, "over"))
		return OK;
	w = args_need(a, "over how many batches");
	if (w == NULL)
		return FAIL;
	op->traits |= OP_ACROSS;
	if (strcmp(w, "all") == 0) {
		c->all = true;
		return OK;
	}
	if (number_count(&c->over, w) == NULL && c->over > 0)
		return OK;
	if (number_duration(&dur, slice_str(w)) == NULL && dur > 0)
		return args_fail(a, "over counts batches: -w %s makes batches "
		    "of that time, over 12 takes the last twelve", w);
	return args_fail(a, "over is followed by a number of batches or all, "
	    "not %s", diag_quote(w, strlen(w)));
}

/* Distinct texts must be counted where they are to be forgotten. */
static void
count_texts(struct aggs *a)
{
	size_t i;

	for (i = 0; i < a->nparts; i++)
		if (a->part[i].kind == &agg_kind_set)
			a->part[i].kind = &agg_kind_bag;
}

void
grouping_done(struct grouping *c, struct args *a)
{
	c->seed = a->opt->seed;
	c->max = a->opt->max_groups;
	c->window = a->opt->event_time ? a->opt->window : 0;
	c->local = a->opt->local;
	c->name = partial_name(c, a->arena);
	c->shown = &c->by;
}

int
grouping_parse(struct op *op, struct grouping *c, struct args *a)
{
	if (args_by(a, &c->by.field, &c->by.n) != OK ||
	    parse_over(op, c, a) != OK)
		return FAIL;
	if (c->over > 0)
		count_texts(&c->aggs);
	grouping_done(c, a);
	return OK;
}

int
grouping_bind(struct grouping *c, struct bind *b, bool with,
    const struct slice *extra, const unsigned char *flags, size_t n)
{
	size_t nagg = with ? c->aggs.ncol : 0, all = c->by.n + nagg + n, i;
	struct slice *name = arena_zero(b->arena, all * sizeof *name);
	unsigned char *flag = arena_zero(b->arena, all);

	if (!partial_merges(b->op) &&
	    (keys_bind(&c->by, b) != OK || aggs_bind(&c->aggs, b) != OK))
		return FAIL;
	partial_names(c, b, name, flag);
	for (i = 0; i < nagg; i++) {
		const struct agg_column *col = &c->aggs.col[i];

		name[c->by.n + i] = col->name;
		flag[c->by.n + i] = (col->agg->traits & AGG_TEXT) != 0 ? 0 :
		    COL_NUMBER;
	}
	for (i = 0; i < n; i++) {
		name[c->by.n + nagg + i] = extra[i];
		flag[c->by.n + nagg + i] = flags[i];
	}
	bind_made(b, name, flag, all);
	if (c->max != 0)
		c->other = tally_new(b->opt->diag, b->arena,
		    "records of further groups went to " OTHER);
	return OK;
}

void
grouped_init(void *vs, const void *vc, struct arena *arena)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;

	(void)arena;
	groups_init(&s->groups, &c->by, c->aggs.size, c->seed);
	s->groups.keep = !c->aggs.plain;
	s->groups.max = c->max;
	s->shared = aggs_open(&c->aggs, c->by.n > 0);
	if (c->over > 0)
		s->over = over_new(c);
}

void
grouping_full(const struct grouping *c, uint64_t n, uint64_t num)
{
	tally_add(c->other, n, num, "%s: more than --max-groups %" PRIu64
	    ": further groups are one, " OTHER, c->aggs.op, c->max);
}

/* Records that went to the group beyond --max-groups are told. */
static void
tell_other(const struct grouped *s, const struct grouping *c,
    const struct vec *v, const uint32_t *idx)
{
	uint64_t n = 0;
	size_t i, first = 0;

	if (s->groups.other == TABLE_FULL)
		return;
	for (i = 0; i < v->n; i++)
		if (idx[i] == s->groups.other && n++ == 0)
			first = i;
	if (n > 0)
		grouping_full(c, n, v->num[first]);
}

int
grouped_push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;
	uint32_t idx[VEC_MAX];

	(void)e;
	groups_find(&s->groups, &c->by, v, idx);
	if (c->max != 0 && c->by.n > 0)
		tell_other(s, c, v, idx);
	aggs_add(&c->aggs, s->shared, s->groups.acc,
	    c->by.n > 0 ? idx : NULL, v);
	return OK;
}

static void
empty(struct grouped *s, const struct grouping *c)
{
	s->when.known = false;
	if (!c->aggs.plain)
		aggs_reset(&c->aggs, s->groups.acc, s->groups.n);
	groups_reset(&s->groups);
	aggs_clear(&c->aggs, s->shared);
}

void
grouped_reset(void *vs, const void *vc)
{
	empty(vs, vc);
}

void
grouped_fini(void *vs, const void *vc)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;

	over_free(s->over);
	if (s->groups.keep)
		aggs_free(&c->aggs, s->groups.acc, s->groups.used);
	aggs_close(&c->aggs, s->shared);
	arena_free(&s->text);
	groups_fini(&s->groups);
}

static struct agg_group
group_at(const struct grouped *s, size_t i)
{
	return (struct agg_group){ groups_acc(&s->groups, i), s->shared,
	    (uint32_t)i };
}

/* Adds a group's states to the group of that key. */
static void
merge_keys(struct grouped *s, const struct grouping *c,
    const struct grouped *newer, size_t from, size_t n)
{
	struct slice key[VEC_MAX];
	uint32_t idx[VEC_MAX];
	size_t i;

	groups_keys(&newer->groups, from, n, key);
	groups_find_keys(&s->groups, key, n, idx);
	for (i = 0; i < n; i++)
		aggs_merge(&c->aggs, group_at(s, idx[i]),
		    group_at(newer, from + i));
}

int
grouped_merge(void *vs, const void *vc, const void *vnewer)
{
	const struct grouped *newer = vnewer;
	size_t i, n;

	for (i = 0; i < newer->groups.n; i += n) {
		n = newer->groups.n - i;
		n = n < VEC_MAX ? n : VEC_MAX;
		merge_keys(vs, vc, newer, i, n);
	}
	return OK;
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

/* An empty window says nothing; one with records but no group that it was
   there, and so does what asks when records came. */
int
grouped_save(void *vs, const void *vc, struct emit *e)
{
	const struct grouping *c = vc;
	const struct grouped *s = vs;
	const struct batch *b = emit_batch(e);
	struct extent when = s->when;
	struct row row = { .key = { NULL, 0 } };
	size_t i, n;
	int r = OK;

	if (c->window > 0 && b->records == 0)
		return OK;
	extent_widen(&when, &(struct extent){ b->records > 0 &&
	    b->from <= b->to, b->from, b->to });
	n = grouped_rows(vs, c);
	if (n == 0 && (c->window > 0 || (c->timed && when.known)))
		return partial_put(c, row.key, row.at, &when, e);
	for (i = 0; i < n && r == OK; i++) {
		row = grouped_row(vs, c, i);
		r = partial_put(c, row.key, row.at, &when, e);
	}
	return r;
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
		grouping_full(c, 1, num);
	return idx;
}

/* Merges a line; NULL, or why it can't be. */
static const char *
load_line(struct grouped *s, const struct grouping *c, struct slice rec,
    uint64_t num, size_t *at)
{
	struct partial line;
	const char *why = partial_get(&line, c, rec, at);
	size_t g;

	if (why != NULL)
		return why;
	extent_widen(&s->when, &line.when);
	if (line.kind == PARTIAL_NONE)
		return NULL;
	g = line_group(s, c, &line, num);
	return partial_add(c, group_at(s, g), line.states);
}

int
grouped_load(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const char *why;
	size_t i, at = 0;

	for (i = 0; i < v->n; i++) {
		why = load_line(vs, vc, v->rec[i], v->num[i], &at);
		if (why != NULL && emit_bad(e, v->rec[i], v->num[i], why,
		    at) != OK)
			return FAIL;
	}
	return OK;
}

size_t
grouped_rows(const struct grouped *s, const struct grouping *c)
{
	/* flush shows only, but a window moves as its batch ends. */
	struct grouped *batch = (struct grouped *)(uintptr_t)s;

	if (c->over > 0) {
		over_close(s->over, batch);
		return over_rows(s->over);
	}
	if (c->by.n == 0)
		groups_one(&batch->groups);
	return s->groups.n;
}

struct row
grouped_row(const struct grouped *s, const struct grouping *c, size_t i)
{
	if (c->over > 0)
		return over_row(s->over, i);
	return (struct row){ groups_key(&s->groups, i), group_at(s, i) };
}

struct buf *
row_begin(const struct grouping *c, const struct row *r, struct emit *e)
{
	struct buf *b = emit_buf(e);
	size_t i;

	if (slice_eq(r->key, groups_beyond)) {
		buf_str(b, OTHER);
		for (i = 1; i < c->by.n; i++)
			buf_char(b, '\t');
	} else {
		keys_put(&c->by, r->key, b);
	}
	if (c->by.n > 0)
		buf_char(b, '\t');
	return b;
}

void
row_aggs(const struct grouping *c, const struct row *r, struct buf *b)
{
	size_t i;

	for (i = 0; i < c->aggs.ncol; i++) {
		if (i > 0)
			buf_char(b, '\t');
		aggs_put(&c->aggs, r->at, i, b);
	}
}

int
grouped_flush(void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct grouping *c = vc;
	size_t i, n = grouped_rows(vs, c);
	struct row row;
	struct buf *b;
	int r = OK;

	(void)batch;
	for (i = 0; i < n && r == OK; i++) {
		row = grouped_row(vs, c, i);
		b = row_begin(c, &row, e);
		row_aggs(c, &row, b);
		r = emit_bytes(e, (struct slice){ b->p, b->n }, 0);
	}
	return r;
}

bool
grouping_shares(const struct grouping *c)
{
	return c->aggs.col[0].agg->put == agg_put_count ||
	    c->aggs.col[0].agg->put == agg_put_sum;
}

bool
row_count(const struct grouping *c, const struct row *r, uint64_t *n)
{
	if (c->aggs.col[0].agg->put != agg_put_count)
		return false;
	*n = *(uint64_t *)agg_at(&c->aggs, r->at, c->aggs.col[0].part).st;
	return true;
}

double
grouped_total(const struct grouped *s, const struct grouping *c, size_t n)
{
	struct sum sum = { 0 };
	uint64_t total = 0, one;
	double real;
	size_t i;

	for (i = 0; i < n; i++) {
		struct row row = grouped_row(s, c, i);

		if (row_count(c, &row, &one))
			total += one;
		else
			sum_merge(&sum, agg_at(&c->aggs, row.at,
			    c->aggs.col[0].part).st);
	}
	real = (double)total;
	if (sum_count(&sum) > 0)
		real = sum_real(&sum);
	sum_free(&sum);
	return real;
}

void
row_share(const struct grouping *c, const struct row *r, double total,
    struct buf *b)
{
	uint64_t n;
	double real;

	if (row_count(c, r, &n))
		real = (double)n;
	else
		real = sum_real(agg_at(&c->aggs, r->at,
		    c->aggs.col[0].part).st);
	real /= total;
	if (isfinite(real))
		b->n += number_put_real(buf_room(b, NUMBER_MAX), real);
}
