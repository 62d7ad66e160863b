/* top - the records, or the groups, with the largest values */
#include <math.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/agg/sketch.h"
#include "lib/format/pack.h"
#include "lib/number/number.h"
#include "lib/number/rank.h"
#include "lib/run/args.h"
#include "lib/run/store.h"

struct conf {
	struct grouping group;		/* top by */
	struct keys by;			/* with --approx, and none in group */
	uint64_t max;
	bool least;
	bool named;			/* FIELD was given */
	struct field field;
	size_t col;
	struct tally *nan;
};

/* One of the kept: its value, a group's key, when it came, its place in the
   keep. */
struct entry {
	struct rank rank;
	struct slice key;
	uint64_t order;
	size_t place;
};

struct records {			/* top FIELD: state */
	struct store store;
	struct entry *heap;		/* the worst of the kept on top */
	size_t n, cap;
	uint64_t order;
};

static int parse_groups(struct op *, struct conf *, struct args *,
    const char *);

/* Whether w is N, not a field: .10k would be one. */
static bool
is_count(const char *w)
{
	uint64_t n;
	const char *why = *w == '.' ? w : number_count(&n, w);

	return args_is_number(w) || why == NULL || why == number_too_large;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w, *next;

	c->max = 10;
	w = args_maybe(a);
	if (w != NULL && is_count(w)) {
		if (args_count(a, "N", w, &c->max) != OK)
			return FAIL;
		w = args_maybe(a);
	}
	next = args_peek(a);
	if (next != NULL && (strcmp(next, "by") == 0 ||
	    strcmp(next, "over") == 0))
		return parse_groups(op, c, a, w);
	op->traits = OP_HOLD | OP_FIELDS | OP_AGAIN;
	if (c->group.share)
		return args_fail(a, "-p goes with by KEYS");
	if (w != NULL && strchr(w, ':') != NULL && agg_named(w))
		return args_fail(a, "top %s is of groups: by KEYS is missing",
		    w);
	c->named = w != NULL;
	if (w == NULL)
		return OK;
	if (args_field(a, w, false, &c->field) != OK)
		return FAIL;
	c->field.hint = *w == '-' && args_is_number(w + 1) ?
	    arena_printf(a->arena, "%s is a field, counted from the "
	    "end; for %s records: top %s", w, w + 1, w + 1) :
	    arena_printf(a->arena, "to rank groups by how often they come: "
	    "top by %s", w);
	return OK;
}

/* FIELD, or count where there is such a column, else the last one. */
static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	if (!c->named) {
		bool count = shape_column(b->in, SLICE("count")) != NULL;

		field_parse(&c->field, count ? SLICE("count") : SLICE("-1"),
		    false, b->arena);
		if (!count && (b->in->format->traits & FMT_POSITIONS) == 0)
			return bind_fail(b, "%s records have no last field: "
			    "name one", b->in->format->name);
	}
	c->nan = tally_new(b->opt->diag, b->arena, arena_printf(b->arena,
	    "values of %s were not numbers", diag_quote(c->field.text,
	    strlen(c->field.text))));
	b->few = true;
	return bind_want(b, &c->field, WANT_VALUE, &c->col);
}

/* Whether a comes before b in the output: larger (-r: smaller), then a group by
   its key, which is the same where states are merged, and a record by when it
   came. */
static bool
before(const struct entry *a, const struct entry *b, bool least)
{
	int r = rank_cmp(&a->rank, &b->rank, !least);

	if (r == 0)
		r = slice_cmp(a->key, b->key);
	return r != 0 ? r < 0 : a->order < b->order;
}

static void
sift_down(struct entry *h, size_t n, size_t i, bool least)
{
	struct entry e = h[i];
	size_t kid;

	while ((kid = 2 * i + 1) < n) {
		if (kid + 1 < n && before(&h[kid], &h[kid + 1], least))
			kid++;
		if (!before(&e, &h[kid], least))
			break;
		h[i] = h[kid];
		i = kid;
	}
	h[i] = e;
}

static void
sift_up(struct entry *h, size_t i, bool least)
{
	struct entry e = h[i];

	while (i > 0 && before(&h[(i - 1) / 2], &e, least)) {
		h[i] = h[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	h[i] = e;
}

/* What a value is compared by: only what does not fit 64 bits by its text. */
static void
entry_rank(struct entry *e, struct slice value)
{
	rank_set(&e->rank, value, true);
	if (!e->rank.number || e->rank.num.exact)
		e->rank.text = SLICE_NONE;
}

static void
entry_free(struct entry *e)
{
	free((char *)(uintptr_t)e->rank.text.p);
}

static void
entry_own(struct entry *e)
{
	struct slice text = e->rank.text;
	char *own;

	if (text.p == NULL)
		return;
	own = mem_alloc(text.n);
	memcpy(own, text.p, text.n);
	e->rank.text.p = own;
}

/* Adds an entry to the heap, which has room, or puts it in the worst one's
   place.  It keeps a text of its own. */
static void
heap_take(struct entry *h, size_t *n, size_t max, struct entry e, bool least)
{
	entry_own(&e);
	if (*n < max) {
		h[*n] = e;
		sift_up(h, (*n)++, least);
		return;
	}
	entry_free(&h[0]);
	h[0] = e;
	sift_down(h, *n, 0, least);
}

/* Keeps record i if it is among the best so far. */
static void
offer(struct records *s, const struct conf *c, struct entry *e,
    const struct vec *v, size_t i, struct emit *out)
{
	e->order = s->order++;
	if (s->n < c->max) {
		e->place = store_add(&s->store, v, i, out);
		MEM_RESERVE(s->heap, s->cap, s->n + 1);
	} else if (c->max > 0 && before(e, &s->heap[0], c->least)) {
		e->place = s->heap[0].place;
		store_set(&s->store, e->place, v, i, out);
	} else
		return;
	heap_take(s->heap, &s->n, (size_t)c->max, *e, c->least);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct records *s = vs;
	const struct slice *col = v->col[c->col];
	struct entry entry = { .order = 0 };
	size_t i;

	for (i = 0; i < v->n; i++) {
		if (col[i].p == NULL)
			continue;
		entry_rank(&entry, col[i]);
		if (entry.rank.number)
			offer(s, c, &entry, v, i, e);
		else
			tally_add(c->nan, 1, v->num[i],
			    "top: %s is not a number%s%s",
			    diag_quote(col[i].p, col[i].n), c->named ? "; " :
			    "", c->named ? c->field.hint : "");
	}
	return OK;
}

/* Where few of the records stay. */
static bool
pays(const void *vs, const void *vc, uint64_t records, bool alone)
{
	const struct records *s = vs;

	return s->n <= records / 4;
}

/* The heap taken apart from its worst leaves the best first. */
static void
order(struct entry *heap, size_t n, bool least)
{
	struct entry worst;

	for (; n > 1; n--) {
		worst = heap[0];
		heap[0] = heap[n - 1];
		heap[n - 1] = worst;
		sift_down(heap, n - 1, 0, least);
	}
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	const struct records *s = vs;
	size_t i;
	int r = OK;

	order(s->heap, s->n, c->least);
	for (i = 0; i < s->n && r == OK; i++)
		r = store_emit(&s->store, s->heap[i].place, e);
	return r;
}

static void
reset(void *vs, const void *vc)
{
	struct records *s = vs;

	store_reset(&s->store);
	while (s->n > 0)
		entry_free(&s->heap[--s->n]);
	s->order = 0;
}

/* A value is written as its number, or as the text that it is compared by. */
static void
both_entry(struct records *s, struct entry *e, struct both *b)
{
	struct slice text = e->rank.text;
	struct number num = e->rank.num;

	both_size(b, &e->place);
	both_u64(b, &e->order);
	both_number(b, &num);
	if (!num.exact)
		text = both_text(b, text);
	if (num.exact)
		e->rank = (struct rank){ .number = true, .num = num };
	else if (both_reads(b))
		entry_rank(e, text);
	both_expect(b, e->rank.number && e->place < s->store.n);
	if (both_reads(b) && !both_bad(b)) {
		entry_own(e);
		s->heap[s->n++] = *e;
	}
}

/* The heap as it is. */
static void
remember(void *vs, const void *vc, struct both *b)
{
	const struct conf *c = vc;
	struct records *s = vs;
	struct entry e = { .order = 0 };
	size_t i;

	store_both(&s->store, b);
	both_expect(b, s->store.n <= c->max);
	both_u64(b, &s->order);
	MEM_RESERVE(s->heap, s->cap, s->store.n);
	for (i = 0; i < s->store.n && !both_bad(b); i++)
		both_entry(s, both_reads(b) ? &e : &s->heap[i], b);
}

static void
fini(void *vs, const void *vc)
{
	struct records *s = vs;

	reset(vs, vc);
	store_fini(&s->store);
	free(s->heap);
}

/* top by KEYS */

/* A result beyond a double's range ranks beyond all others, though no value
   that reads so is a number. */
static void
rank_endless(struct rank *r, struct slice value)
{
	bool neg = value.n > 0 && value.p[0] == '-';

	slice_skip(&value, neg);
	if (slice_eq(value, SLICE("inf")))
		*r = (struct rank){ .number = true,
		    .num = { .real = neg ? -HUGE_VAL : HUGE_VAL } };
}

/* What a group is ordered by; text is room for it. */
static void
rank_row(const struct grouping *g, const struct row *row, struct entry *e,
    struct buf *text)
{
	struct slice value;
	uint64_t n;

	if (row_count(g, row, &n)) {
		e->rank = (struct rank){ .number = true,
		    .num = number_whole((int64_t)n) };
		return;
	}
	text->n = 0;
	aggs_put(&g->aggs, &row->at, 0, text);
	value = buf_text(text);
	entry_rank(e, value);
	if (!e->rank.number && (g->aggs.col[0].agg->traits & AGG_TEXT) == 0)
		rank_endless(&e->rank, value);
}

/* The best of n rows, in order; how many. */
static size_t
best_rows(const void *vs, const struct conf *c, size_t n, struct entry **out)
{
	size_t i, held = 0, max = c->max < n ? (size_t)c->max : n;
	struct entry *heap = mem_alloc(max * sizeof *heap), x = { .order = 0 };
	struct buf text = { 0 };

	for (i = 0; i < n && max > 0; i++) {
		struct row row = grouped_row(vs, &c->group, i);

		rank_row(&c->group, &row, &x, &text);
		x.key = row.key;
		x.order = x.place = i;
		if (held < max || before(&x, &heap[0], c->least))
			heap_take(heap, &held, max, x, c->least);
	}
	order(heap, held, c->least);
	buf_free(&text);
	*out = heap;
	return held;
}

static int
flush_groups(void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct conf *c = vc;
	const struct grouping *g = vc;
	size_t i, all = grouped_close(vs, g), n;
	struct number total = { 0 };
	struct entry *best;
	int r = OK;

	if (g->share)
		total = grouped_total(vs, g, all);
	n = best_rows(vs, c, all, &best);
	for (i = 0; i < n && r == OK; i++) {
		struct row row = grouped_row(vs, g, best[i].place);

		r = row_emit(g, &row, &total, e);
	}
	while (n > 0)
		entry_free(&best[--n]);
	free(best);
	return r;
}

/*
 * top by KEYS with --approx: counts in fixed memory.  One sketch (sketch.h:
 * Space-Saving) of all records: of N records every group of more than N /
 * HEAVY_MAX is held, and the column error says by how much a count may be too
 * high.
 */
struct counts {				/* state */
	struct grouped all;
	struct slice room[VEC_MAX];	/* for keys of several fields */
	struct buf joined;
};

GROUPED_FIRST(struct conf, group, struct counts, all);

static int
bind_counts(void *vc, struct bind *b)
{
	static const struct slice name[] = {
		{ "count", 5 }, { "error", 5 }, { "share", 5 }
	};
	static const unsigned char flags[] = {
		COL_NUMBER | COL_ZERO, COL_NUMBER, COL_NUMBER
	};
	struct conf *c = vc;

	return grouping_columns(&c->group, &c->by, b, name, flags,
	    2 + c->group.share);
}

static int
push_counts(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct counts *s = vs;
	struct agg_values val = { .n = v->n, .one = true,
	    .text = keys_join(&c->by, v, &s->joined, s->room) };

	groups_one(&s->all.groups);
	agg_kind_heavy.add(s->all.groups.acc, 0, &val);
	return OK;
}

static int
flush_counts(void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct conf *c = vc;
	size_t i, n = grouped_close(vs, &c->group);
	struct row row = grouped_row(vs, &c->group, n - 1);
	const struct heavy *h = (void *)row.at.acc;
	uint32_t *sorted = mem_alloc(h->n * sizeof *sorted);
	int r = OK;

	heavy_sort(h, sorted);
	for (i = 0; i < h->n && i < c->max && r == OK; i++) {
		const struct heavy_item *x = &h->item[sorted[i]];
		struct buf *b = emit_buf(e);

		keys_put(&c->by, heavy_key(h, sorted[i]), b);
		buf_char(b, '\t');
		b->n += number_put_u64(buf_room(b, NUMBER_MAX), x->count);
		buf_char(b, '\t');
		b->n += number_put_u64(buf_room(b, NUMBER_MAX), x->error);
		if (c->group.share) {
			buf_char(b, '\t');
			b->n += number_put_real(buf_room(b, NUMBER_MAX),
			    (double)x->count / (double)h->total);
		}
		r = emit_bytes(e, buf_text(b), 0);
	}
	free(sorted);
	return r;
}

static void
fini_counts(void *vs, const void *vc)
{
	buf_free(&((struct counts *)vs)->joined);
	grouped_fini(vs, vc);
}

#define TOP(some)							\
	.name = "top",							\
	.args = "[-r] [-p] [N] [FIELD|AGG] [by KEYS] [over N|all]",	\
	.help = "the N records, or groups, with the largest values (10)", \
	.example = "top 3 by 1",					\
	.shows = "192.0.2.10\t3\n"					\
	    "198.51.100.7\t3\n"						\
	    "203.0.113.9\t2\n",						\
	.flags = OP_FLAGS(						\
		FLAG("-r", least, "the smallest"),			\
		FLAG("-p", group.share, "and each group's share, as a "	\
		    "column")),						\
	.see = "sort count head",					\
	.traits = OP_HOLD | OP_MERGE | OP_GROUPS | OP_WHOLE | (some),	\
	.with = "by",							\
	.conf_size = sizeof(struct conf)

static const struct op by_groups = {
	TOP(OP_FIELDS),
	.holds = "the groups",
	.makes = "made",
	.state_size = sizeof(struct grouped),
	.bind = grouping_bind,
	.push = grouped_push,
	.flush = flush_groups,
	GROUPED_ALL_HOOKS,
	.parts = &grouped_parts
};

static const struct op by_counts = {
	TOP(OP_FIELDS),
	.holds = "as many groups as are counted closely",
	.makes = "made",
	.state_size = sizeof(struct counts),
	.bind = bind_counts,
	.push = push_counts,
	.flush = flush_counts,
	GROUPED_HOOKS,
	.fini = fini_counts
};

static int
parse_groups(struct op *op, struct conf *c, struct args *a, const char *agg)
{
	struct grouping *g = &c->group;
	bool approx;

	if (agg == NULL)
		aggs_count(&g->aggs, a);
	else if (aggs_parse(&g->aggs, a, agg) != OK)
		return FAIL;
	approx = a->opt->approx &&
	    (g->aggs.col[0].agg->traits & AGG_COUNT) != 0;
	*op = approx ? by_counts : by_groups;
	if (aggs_date(&g->aggs, a->opt))
		op->traits |= OP_TIME;
	if (grouping_parse(op, g, a) != OK)
		return FAIL;
	if (g->by.n == 0)
		return args_fail(a, "over goes with by KEYS");
	if (g->aggs.ncol > 1)
		return args_fail(a, "one aggregate orders the groups; stats "
		    "%s by ... then top gives more", agg);
	if ((g->aggs.col[0].agg->traits & AGG_LIST) != 0)
		return args_fail(a, "a list orders nothing");
	if (g->share && (g->aggs.col[0].agg->traits & AGG_SHARE) == 0)
		return args_fail(a, "-p: only counts and sums have shares");
	if (!approx)
		return OK;
	if (c->least)
		return args_fail(a, "-r: the smallest groups are not known "
		    "with --approx");
	if (c->max > HEAVY_MAX)
		return args_fail(a, "with --approx N is at most %d", HEAVY_MAX);
	aggs_heavy(&g->aggs, a);
	grouping_done(g, a);
	c->by = g->by;
	g->shown = &c->by;
	g->by.n = 0;
	return OK;
}

const struct op op_top = {
	TOP(0),
	.holds = "N records",
	.flags_instead = INSTEAD({ "n", "N is given without -n: top %" }),
	.makes = "kept",
	.state_size = sizeof(struct records),
	.parse = parse,
	.bind = bind,
	.push = push,
	.flush = flush,
	.reset = reset,
	.pays = pays,
	.both = remember,
	.fini = fini
};
