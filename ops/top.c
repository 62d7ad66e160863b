/* top - the records, or the groups, with the largest values */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/data/number.h"
#include "lib/run/args.h"
#include "lib/run/group.h"
#include "lib/run/keep.h"
#include "lib/run/order.h"

struct conf {
	uint64_t max, seed;
	bool least, share;
	bool named;			/* FIELD was given */
	struct field field;
	struct keys by;
	size_t col;
	struct tally *nan;
};

/* One of the kept: its value, when it came, its place in the keep. */
struct entry {
	struct rank rank;
	uint64_t order;
	size_t place;
};

struct state {
	struct groups groups;		/* by: an accumulator is a uint64_t */
	uint64_t total;
	struct keep keep;
	struct entry *heap;		/* the worst of the kept on top */
	size_t n, cap;
	uint64_t order;
};

static int push_groups(void *, const void *, const struct vec *,
    struct emit *);
static int flush_groups(const void *, const void *, const struct batch *,
    struct emit *);

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;
	int f;

	c->max = 10;
	c->seed = a->opt->seed;
	while ((f = args_flag(a, "rp")) > 0) {
		c->least |= f == 'r';
		c->share |= f == 'p';
	}
	if (f < 0)
		return FAIL;
	w = args_maybe(a);
	if (w != NULL && args_is_number(w)) {
		if (args_count(a, "N", w, &c->max) != OK)
			return FAIL;
		w = args_maybe(a);
	}
	c->named = w != NULL;
	if (w != NULL && args_field(a, w, false, &c->field) != OK)
		return FAIL;
	if (args_by(a, &c->by.field, &c->by.n) != OK)
		return FAIL;
	if (c->by.n > 0) {
		op->push = push_groups;
		op->flush = flush_groups;
		op->traits |= OP_MERGE;
		if (c->named && !slice_eq(c->field.name, SLICE("count")))
			return args_fail(a, "%s is no aggregate",
			    diag_quote(c->field.text, strlen(c->field.text)));
	} else if (c->share) {
		return args_fail(a, "-p goes with by KEYS");
	}
	return OK;
}

static int
bind_groups(struct conf *c, struct bind *b)
{
	size_t n = c->by.n + 1 + c->share;
	struct slice *name = arena_zero(b->arena, n * sizeof *name);
	unsigned char *flags = arena_zero(b->arena, n);

	if (keys_bind(&c->by, b) != OK)
		return FAIL;
	keys_names(&c->by, b->in, name, flags);
	name[c->by.n] = SLICE("count");
	flags[c->by.n] = COL_NUMBER;
	if (c->share) {
		name[n - 1] = SLICE("share");
		flags[n - 1] = COL_NUMBER;
	}
	bind_made(b, name, flags, n);
	return OK;
}

/* FIELD, or count where there is such a column, else the last one. */
static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	int col;

	if (c->by.n > 0)
		return bind_groups(c, b);
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
	col = bind_want(b, &c->field, 0);
	c->col = col < 0 ? 0 : (size_t)col;
	return col < 0 ? FAIL : OK;
}

static int
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	(void)a;
	groups_init(&s->groups, &c->by, sizeof(uint64_t), c->seed);
	return OK;
}

/* Whether a comes before b in the output: larger (-r: smaller), then
   earlier. */
static bool
before(const struct entry *a, const struct entry *b, bool least)
{
	int r = rank_cmp(&a->rank, &b->rank, !least);

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

/* Keeps the record if it is among the best so far. */
static void
offer(struct state *s, const struct conf *c, const struct rank *rank,
    struct slice rec, uint64_t num)
{
	struct entry e = { *rank, s->order++, 0 };

	e.rank.text = (struct slice){ NULL, 0 };
	if (s->n < c->max) {
		e.place = keep_add(&s->keep, rec, num);
		s->heap = mem_reserve(s->heap, &s->cap, s->n + 1,
		    sizeof *s->heap);
		s->heap[s->n] = e;
		sift_up(s->heap, s->n++, c->least);
	} else if (c->max > 0 && before(&e, &s->heap[0], c->least)) {
		e.place = s->heap[0].place;
		keep_set(&s->keep, e.place, rec, num);
		s->heap[0] = e;
		sift_down(s->heap, s->n, 0, c->least);
	}
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	const struct slice *col = v->col[c->col];
	struct rank rank;
	size_t i;

	(void)e;
	for (i = 0; i < v->n; i++) {
		if (col[i].p == NULL)
			continue;
		rank_set(&rank, col[i], true);
		if (rank.number)
			offer(s, c, &rank, v->rec[i], v->num[i]);
		else
			tally_add(c->nan, 1, v->num[i],
			    "top: %s is not a number",
			    diag_quote(col[i].p, col[i].n));
	}
	return OK;
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
flush(const void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	const struct state *s = vs;
	size_t i;
	int r = OK;

	(void)b;
	order(s->heap, s->n, c->least);
	for (i = 0; i < s->n && r == OK; i++)
		r = keep_emit(&s->keep, s->heap[i].place, e);
	return r;
}

static int
push_groups(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint64_t *count;
	size_t i;

	(void)e;
	s->total += v->n;
	groups_find(&s->groups, &c->by, v);
	count = (uint64_t *)(void *)s->groups.acc;
	for (i = 0; i < v->n; i++)
		count[s->groups.idx[i]]++;
	return OK;
}

static int
put_group(const struct state *s, const struct conf *c, size_t i,
    struct emit *e)
{
	uint64_t n = *(uint64_t *)groups_acc(&s->groups, i);
	struct buf *row = emit_buf(e);

	keys_put(&c->by, groups_key(&s->groups, i), row);
	buf_char(row, '\t');
	row->n += number_put_u64(buf_room(row, NUMBER_MAX), n);
	if (c->share) {
		buf_char(row, '\t');
		row->n += number_put_real(buf_room(row, NUMBER_MAX),
		    (double)n / (double)s->total);
	}
	return emit_bytes(e, (struct slice){ row->p, row->n }, 0);
}

static int
flush_groups(const void *vs, const void *vc, const struct batch *b,
    struct emit *e)
{
	const struct conf *c = vc;
	const struct state *s = vs;
	size_t i, n = 0, max = c->max < s->groups.n ? (size_t)c->max :
	    s->groups.n;
	struct entry *heap = mem_alloc(max * sizeof *heap);
	int r = OK;

	(void)b;
	for (i = 0; i < s->groups.n && max > 0; i++) {
		uint64_t count = *(uint64_t *)groups_acc(&s->groups, i);
		struct entry x = { .rank = { .number = true,
		    .real = (double)count, .whole = (int64_t)count },
		    .order = i, .place = i };

		if (n < max) {
			heap[n] = x;
			sift_up(heap, n++, c->least);
		} else if (before(&x, &heap[0], c->least)) {
			heap[0] = x;
			sift_down(heap, n, 0, c->least);
		}
	}
	order(heap, n, c->least);
	for (i = 0; i < n && r == OK; i++)
		r = put_group(s, c, heap[i].place, e);
	free(heap);
	return r;
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	groups_reset(&s->groups);
	keep_reset(&s->keep);
	s->n = 0;
	s->total = s->order = 0;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	groups_fini(&s->groups);
	keep_fini(&s->keep);
	free(s->heap);
}

const struct op op_top = {
	.name = "top",
	.args = "[-r] [-p] [N] [FIELD] [by KEYS]",
	.makes = "kept",
	.help = "the N records, or groups, with the largest values (10)",
	.example = "top 3 by 1",
	.traits = OP_HOLD,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.reset = reset,
	.fini = fini
};
