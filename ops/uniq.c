/* uniq - distinct records of the batch, not only adjacent ones */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/agg/owned.h"
#include "lib/format/pack.h"
#include "lib/number/number.h"
#include "lib/run/args.h"

struct conf {
	struct grouping group;		/* count, and first:0 unless whole */
	bool whole;			/* the key is the record */
	bool count, repeated, single;
};

/* Groups by key, and the number of each one's first record. */
struct state {
	struct grouped group;
	uint64_t *num;
	size_t n, cap;
};

GROUPED_FIRST(struct conf, group, struct state, group);

static const struct op streaming;

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	struct keys *by = &c->group.by;
	const char *w;
	bool held;

	if (c->repeated && c->single)
		return args_fail(a, "-d and -u leave nothing");
	held = c->count || c->repeated || c->single || a->opt->partial ||
	    a->opt->merge;
	if (!held)
		*op = streaming;
	/* uniq by x, as people type it */
	if (args_by(a, by) != OK)
		return FAIL;
	w = by->n > 0 ? NULL : args_maybe(a);
	if (by->n == 0 && args_fields(a, w == NULL ? "0" : w, true,
	    &by->field, &by->n) != OK)
		return FAIL;
	c->whole = by->n == 1 && by->field->kind == FIELD_WHOLE &&
	    by->field->bucket.kind == BUCKET_NONE;
	if (aggs_parse(&c->group.aggs, a, !held || c->whole ? "count" :
	    "count,first:0") != OK)
		return FAIL;
	grouping_done(&c->group, a);
	c->group.max = 0;		/* no group is (other) */
	return OK;
}

/* States are of records as the input has them, but for its header. */
static int
check_header(struct bind *b)
{
	const struct options *o = b->opt;

	if ((b->op->traits & (OP_SAVES | OP_LOADS)) == 0 ||
	    (!o->text_header && (!o->header ||
	    (o->input->traits & FMT_HEADER) == 0)))
		return OK;
	return bind_fail(b, "--%s: no state has the header that its records "
	    "need; count by FIELDS needs none, nor do records with -N",
	    o->merge ? "merge" : "partial");
}

static int
bind(void *vc, struct bind *b)
{
	static const struct slice name = { "count", 5 };
	static const unsigned char flag = COL_NUMBER;
	struct conf *c = vc;

	if (check_header(b) != OK || ((b->op->traits & OP_LOADS) == 0 &&
	    keys_bind(&c->group.by, b) != OK))
		return FAIL;
	if (c->count)
		bind_edit(b, &name, &flag, 1, true);
	return OK;
}

/* Passes each key's first record at once. */
static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint32_t group[VEC_MAX];
	uint16_t idx[VEC_MAX];
	size_t i, n = 0;

	groups_find(&s->group.groups, &c->group.by, v, group);
	for (i = 0; i < v->n; i++)
		if (group[i] == s->n) {
			idx[n++] = (uint16_t)i;
			s->n++;
		}
	return emit_some(e, v, idx, n);
}

/* Where a group's first record is, unless it is the key. */
static struct owned *
first_of(const struct conf *c, char *acc)
{
	const struct aggs *a = &c->group.aggs;

	return (struct owned *)(void *)(acc + a->part[a->col[1].part].off);
}

/* Of most records only the group is of interest, so first is not handed all. */
static int
push_held(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	const struct agg_part *count = &c->group.aggs.part[0];
	struct state *s = vs;
	struct groups *g = &s->group.groups;
	uint32_t group[VEC_MAX];
	struct agg_values val = { .n = v->n, .group = group };
	size_t i;

	groups_find(g, &c->group.by, v, group);
	count->kind->add(g->acc + count->off, g->size, &val);
	MEM_RESERVE(s->num, s->cap, g->n);
	for (i = 0; i < v->n && s->n < g->n; i++) {
		if (group[i] != s->n)
			continue;
		if (!c->whole)
			owned_set(first_of(c, groups_acc(g, s->n)), v->rec[i]);
		s->num[s->n++] = v->num[i];
	}
	return OK;
}

static int
flush_held(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	const struct state *s = vs;
	char digits[NUMBER_MAX];
	struct slice count = { digits, 0 }, rec;
	size_t i, groups = grouped_close(vs, vc);
	uint64_t n = 0, num;
	struct vec one = { .n = 1, .rec = &rec, .num = &num };
	int r = OK;

	for (i = 0; i < groups && r == OK; i++) {
		struct row row = grouped_row(vs, vc, i);

		row_count(&c->group, &row, &n);
		if ((c->repeated && n == 1) || (c->single && n > 1))
			continue;
		rec = c->whole ? row.key : owned_get(first_of(c, row.at.acc));
		num = i < s->n ? s->num[i] : 0;
		count.n = number_put_u64(digits, n);
		r = c->count ? emit_edit(e, &one, 0, &count, NULL, 1) :
		    emit_slice(e, rec, num);
	}
	return r;
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	grouped_reset(vs, vc);
	s->n = 0;
}

/* New groups come in the other's order. */
static void
join(void *vs, const void *vc, void *vo, uint64_t base)
{
	struct state *s = vs, *o = vo;
	const struct groups *to = &s->group.groups, *from = &o->group.groups;
	size_t i;

	grouped_join(vs, vc, vo, base);
	MEM_RESERVE(s->num, s->cap, to->n);
	for (i = 0; s->n < to->n; i++)
		if (slice_eq(groups_key(from, i), groups_key(to, s->n)))
			s->num[s->n++] = base + o->num[i];
}

/* Of the streaming one groups are all there is to know. */
static void
remember(void *vs, const void *vc, struct both *b)
{
	struct state *s = vs;

	grouped_both(vs, vc, b);
	s->n = s->group.groups.n;
}

static void
hold(void *vs, const void *vc, struct both *b)
{
	struct state *s = vs;
	size_t i;

	grouped_both(vs, vc, b);
	s->n = both_count(b, s->n);
	both_expect(b, s->n <= s->group.groups.n);
	MEM_RESERVE(s->num, s->cap, s->n);
	for (i = 0; i < s->n; i++)
		both_u64(b, &s->num[i]);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	free(s->num);
	grouped_fini(vs, vc);
}

#define UNIQ								\
	.name = "uniq",							\
	.args = "[-c] [-d] [-u] [FIELDS]",				\
	.makes = "kept",						\
	.help = "distinct records (-c: counted, -d: repeated, "		\
	    "-u: single ones)",						\
	.example = "cut 1,7 then uniq -c 2",				\
	.shows = "3\t192.0.2.10\t/\n"					\
	    "1\t192.0.2.10\t/style.css\n"				\
	    "1\t198.51.100.7\t/login\n"					\
	    "...\n",							\
	.flags = OP_FLAGS(						\
		FLAG("-c", count, "how often it came in front"),	\
		FLAG("-d", repeated, "only those that came more than once"), \
		FLAG("-u", single, "only those that came once")),	\
	.see = "dedup count",						\
	.holds = "the different records",				\
	OP_SIZES,							\
	.bind = bind,							\
	.init = grouped_init,						\
	.pays = grouped_pays,						\
	.reset = reset,							\
	.fini = fini

/* Of which it need not be known what is to come. */
static const struct op streaming = {
	UNIQ,
	.traits = OP_FIELDS | OP_AGAIN,
	.push = push,
	.both = remember
};

const struct op op_uniq = {
	UNIQ,
	.also = "distinct",
	.traits = OP_HOLD | OP_MERGE,
	.parse = parse,
	.push = push_held,
	.flush = flush_held,
	.save = grouped_save,
	.load = grouped_load,
	.join = join,
	.both = hold
};
