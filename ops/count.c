/* count - the number of records, of the batch or of each group */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/format/escape.h"
#include "lib/number/decimal.h"
#include "lib/number/number.h"
#include "lib/run/args.h"

struct conf {
	struct grouping group;
	const char *alike;		/* -P, or NULL */
	struct keys within;		/* which these are */
	size_t *of;			/* which of KEYS each is */
	bool total;			/* -s */
};

struct state {
	struct grouped group;
};

GROUPED_FIRST(struct conf, group, struct state, group);

#define TOTAL	"(total)"

/* Each of -P's fields is one of KEYS. */
static int
find_within(struct conf *c, struct args *a)
{
	const struct keys *by = &c->group.by;
	const char *text;
	size_t i, k;

	c->of = arena_zero(a->arena, (c->within.n + 1) * sizeof *c->of);
	for (i = 0; i < c->within.n; i++) {
		text = c->within.field[i].text;
		for (k = 0; k < by->n; k++)
			if (strcmp(by->field[k].text, text) == 0)
				break;
		if (k == by->n)
			return args_fail(a, "-P: %s is none of by KEYS",
			    diag_quote(text, strlen(text)));
		c->of[i] = k;
	}
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;

	if (c->alike != NULL && args_fields(a, c->alike, true, &c->within.field,
	    &c->within.n) != OK)
		return FAIL;
	if (c->group.share && c->within.n > 0)
		return args_fail(a, "-p and -P are both the share: of all, or "
		    "of what has the same KEYS");
	c->group.share |= c->within.n > 0;
	if (c->total && a->opt->partial)
		return args_fail(a, "-s: no state is a total: it comes with "
		    "--merge");
	aggs_count(&c->group.aggs, a);
	if (grouping_parse(op, &c->group, a) != OK)
		return FAIL;
	if (c->total)
		op->traits |= OP_WHOLE;
	if (c->group.by.n == 0 && (c->total || c->within.n > 0))
		return args_fail(a, "-%c is of groups: by KEYS is missing",
		    c->total ? 's' : 'P');
	return find_within(c, a);
}

/* The groups of -P that n rows are in, an accumulator being the count of their
   records; *of: the one of each row, TABLE_FULL: it has none. */
static uint32_t *
sum_within(struct groups *sums, struct grouped *s, const struct conf *c,
    size_t n)
{
	uint32_t *of = mem_alloc((n + 1) * sizeof *of);
	struct arena parts = { 0 };
	struct buf joined = { 0 };
	struct slice key;
	struct row row;
	uint64_t count;
	size_t i, k;

	groups_init(sums, &c->within, sizeof count, c->group.seed);
	for (i = 0; i < n; i++) {
		row = grouped_row(s, &c->group, i);
		of[i] = TABLE_FULL;
		if (slice_eq(row.key, groups_beyond))
			continue;
		joined.n = 0;
		for (k = 0; k < c->within.n; k++) {
			if (k > 0)
				buf_char(&joined, '\t');
			escape_put(&joined, keys_part(&c->group.by, row.key,
			    c->of[k], &parts));
		}
		key = joined.n == 0 ? SLICE("") : buf_text(&joined);
		groups_find_keys(sums, &key, 1, &of[i]);
		row_count(&c->group, &row, &count);
		*(uint64_t *)groups_acc(sums, of[i]) += count;
		arena_reset(&parts);
	}
	arena_free(&parts);
	buf_free(&joined);
	return of;
}

/* A row behind all others: how many records these have. */
static int
put_total(const struct conf *c, const struct number *total, struct emit *e)
{
	const struct grouping *g = &c->group;
	struct buf *b = emit_buf(e);
	size_t i;

	buf_str(b, TOTAL);
	for (i = 0; i < g->by.n; i++)
		buf_char(b, '\t');
	b->n += number_put(buf_room(b, NUMBER_MAX), total);
	if (g->share)
		buf_char(b, '\t');
	if (g->share && c->within.n == 0)
		b->n += number_put_ratio(buf_room(b, NUMBER_MAX), total, total);
	return emit_bytes(e, buf_text(b), 0);
}

static int
flush(void *vs, const void *vc, const struct batch *batch, struct emit *e)
{
	const struct conf *c = vc;
	const struct grouping *g = &c->group;
	size_t i, n;
	struct number all, part;
	struct groups sums;
	uint32_t *of = NULL;
	struct row row;
	int r = OK;

	if (!c->total && c->within.n == 0)
		return grouped_flush(vs, vc, batch, e);
	n = grouped_close(vs, g);
	all = grouped_total(vs, g, n);
	if (c->within.n > 0)
		of = sum_within(&sums, vs, c, n);
	for (i = 0; i < n && r == OK; i++) {
		part = all;
		if (of != NULL)
			part = number_whole(of[i] == TABLE_FULL ? 0 :
			    *(int64_t *)groups_acc(&sums, of[i]));
		row = grouped_row(vs, g, i);
		r = row_emit(g, &row, &part, e);
	}
	if (of != NULL)
		groups_fini(&sums);
	free(of);
	return r == OK && c->total ? put_total(c, &all, e) : r;
}

const struct op op_count = {
	.name = "count",
	.args = "[-p] [-P KEYS] [-s] [by KEYS] [over N|all]",
	.makes = "made",
	.help = "the number of records, of each group (-p: and its share, -P: "
	    "within KEYS, -s: the total)",
	.example = "count by 9",
	.shows = "200\t6\n"
	    "302\t1\n"
	    "500\t1\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-p", group.share, "and each group's share of all, as a "
		    "column"),
		FLAG("-P", alike, "and its share of those that have these KEYS "
		    "alike"),
		FLAG("-s", total, "a last row for all: (total)")),
	.see = "stats top rate uniq",
	.holds = "the groups",
	.also = "wc",
	.aka = INSTEAD({ "groupby", "count by KEYS" },
	    { "group_by", "count by KEYS" }, { "freq", "count by KEYS" },
	    { "frequencies", "count by KEYS" }, { "tally", "count by KEYS" }),
	.traits = OP_HOLD | OP_MERGE | OP_GROUPS | OP_FIELDS,
	OP_SIZES,
	.parse = parse,
	.bind = grouping_bind,
	.push = grouped_push,
	.flush = flush,
	GROUPED_ALL_HOOKS,
	.parts = &grouped_parts
};
