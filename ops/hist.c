/* hist - a histogram of numbers, in text */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/bins.h"
#include "lib/agg/grouped.h"
#include "lib/base/locale.h"
#include "lib/number/number.h"
#include "lib/run/args.h"

enum { BINS = 12, BAR = 40 };

struct conf {
	struct grouping group;		/* without keys */
	uint64_t bins;
	bool log;
	bool blocks;			/* the locale has UTF-8 */
	struct tally *below;		/* values without a logarithm */
};

_Static_assert(offsetof(struct conf, group) == 0, "the hooks look there");

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	c->blocks = locale_utf8();
	if (c->bins == 0 || c->bins > BINS_MAX)
		return args_fail(a, "-n: from 1 to %d bins", BINS_MAX);
	w = args_need(a, "FIELD");
	if (w == NULL || aggs_bins(&c->group.aggs, a, w, c->log ? 0 :
	    (size_t)c->bins) != OK || grouping_parse(op, &c->group, a) != OK)
		return FAIL;
	if (c->group.by.n > 0)
		return args_fail(a, "by: a histogram is of all records; -k "
		    "makes batches by key");
	return OK;
}

static int
bind(void *vc, struct bind *b)
{
	static const struct slice names[] = {
		{ "from", 4 }, { "to", 2 }, { "count", 5 }, { "bar", 3 }
	};
	static const unsigned char flags[] = {
		COL_NUMBER, COL_NUMBER, COL_NUMBER, 0
	};
	struct conf *c = vc;

	c->below = tally_new(b->opt->diag, b->arena,
	    "values not above 0 have no place in hist -l");
	return grouping_columns(&c->group, &c->group.by, b, names, flags, 4);
}

/*
 * A histogram's bins: each is made of per of those counted, from number first
 * of such on.  Edges are k * mant * 10^exp; log: 10^(k * decades), or with 0
 * decades as they were counted.
 */
struct scale {
	int64_t per, first;
	size_t n;
	int mant, exp, decades;
};

/* Puts per together; false: more than max bins. */
static bool
fits(struct scale *s, const struct bins *b, int64_t per, size_t max)
{
	int64_t last = number_floor(b->first + (int64_t)b->nbins - 1, per);

	s->per = per;
	s->first = number_floor(b->first, per);
	s->n = (size_t)(last - s->first) + 1;
	/* What is on both sides of 0 meets in no single one. */
	return s->n <= max || (max == 1 && s->n == 2 && s->first == -1);
}

/* The smallest step that makes at most max bins, not below the values' own
   decimals. */
static void
choose(struct scale *s, const struct bins *b, size_t max)
{
	static const int mant[] = { 1, 2, 5 };
	int64_t per = 1;
	int i;

	if (b->log) {
		while (!fits(s, b, s->decades == 0 ? 1 : 3 * s->decades, max))
			s->decades++;
		return;
	}
	for (s->exp = b->exp; s->exp < -b->scale; s->exp++)
		per *= 10;
	for (;; per *= 10, s->exp++)
		for (i = 0; i < 3; i++) {
			s->mant = mant[i];
			if (fits(s, b, per * mant[i], max))
				return;
		}
}

/* mant * 10^exp, in full where that fits 64 bits. */
static void
put_edge(struct buf *b, int64_t mant, int exp)
{
	char text[2 * NUMBER_MAX];
	struct number v;
	size_t n;

	for (; mant != 0 && mant % 10 == 0; exp++)
		mant /= 10;
	n = number_put_i64(text, mant);
	text[n++] = 'e';
	n += number_put_i64(text + n, exp);
	if (!number_parse(&v, (struct slice){ text, n }))
		buf_slice(b, (struct slice){ text, n });	/* too large */
	else if (v.exact)
		b->n += number_put_decimal(buf_room(b, NUMBER_MAX), v.mant,
		    v.scale);
	else
		b->n += number_put_real(buf_room(b, NUMBER_MAX), v.real);
}

static void
put_edge_of(struct buf *b, const struct scale *s, bool log, size_t i)
{
	static const int third[] = { 1, 2, 5 };
	int64_t k = s->first + (int64_t)i, decade = number_floor(k, 3);

	if (!log)
		put_edge(b, k * s->mant, s->exp);
	else if (s->decades > 0)
		put_edge(b, 1, (int)k * s->decades);
	else
		put_edge(b, third[k - 3 * decade], (int)decade);
}

/* A bar of eighths of BAR cells, or of whole ones: something for 1 of any. */
static void
put_bar(struct buf *b, bool blocks, uint64_t n, uint64_t most)
{
	/* U+2588 is a full block, U+2589 seven eighths and so on. */
	char part[] = "\xe2\x96\x88";
	size_t unit = blocks ? 8 : 1, len;

	if (n == 0)
		return;
	len = (size_t)((double)n / (double)most * BAR * (double)unit + 0.5);
	len = len == 0 ? 1 : len;
	for (; len >= unit; len -= unit)
		if (blocks)
			buf_str(b, part);
		else
			buf_char(b, '#');
	if (len > 0) {
		part[2] = (char)(0x90 - (int)len);
		buf_str(b, part);
	}
}

/* The rest of a line that has its edges. */
static int
put_count(const struct conf *c, struct buf *b, uint64_t n, uint64_t most,
    struct emit *e)
{
	buf_char(b, '\t');
	b->n += number_put_u64(buf_room(b, NUMBER_MAX), n);
	buf_char(b, '\t');
	put_bar(b, c->blocks, n, most);
	return emit_bytes(e, buf_text(b), 0);
}

static int
put_bins(const struct conf *c, const struct bins *b, struct emit *e)
{
	struct scale s = { 0 };
	uint64_t *count, most = 0;
	struct buf *line;
	size_t i, wide;
	int r = OK;

	choose(&s, b, (size_t)c->bins);
	wide = s.n > c->bins ? s.n : 1;		/* one bin on both sides of 0 */
	count = mem_zero(s.n * sizeof *count);
	for (i = 0; i < b->nbins; i++)
		count[(size_t)(number_floor(b->first + (int64_t)i, s.per) -
		    s.first) / wide] += b->count[i];
	for (i = 0; i < s.n; i++)
		most = count[i] > most ? count[i] : most;
	for (i = 0; i < s.n && r == OK; i += wide) {
		line = emit_buf(e);
		put_edge_of(line, &s, b->log, i);
		buf_char(line, '\t');
		put_edge_of(line, &s, b->log, i + wide);
		r = put_count(c, line, count[i / wide], most, e);
	}
	free(count);
	return r;
}

static int
flush(void *vs, const void *vc, const struct batch *batch, struct emit *e)
{
	const struct conf *c = vc;
	size_t n = grouped_close(vs, &c->group);
	struct row row = grouped_row(vs, &c->group, n - 1);
	const struct bins *b = agg_at(&c->group.aggs, row.at, 0).st;
	struct buf *line;

	if (b->n == 0)
		return OK;
	if (b->nbins > 0)
		return put_bins(c, b, e);
	line = emit_buf(e);
	put_edge(line, b->one.mant, b->one.exp);
	buf_char(line, '\t');
	put_edge(line, b->one.mant, b->one.exp);
	return put_count(c, line, b->n, b->n, e);
}

static uint64_t
below(const struct grouped *s)
{
	const struct bins *b;

	if (s->groups.n == 0)
		return 0;
	b = groups_acc(&s->groups, 0);
	return b->below;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	uint64_t n = below(vs);
	int r = grouped_push(vs, vc, v, e);

	tally_add(c->below, below(vs) - n, 0, "hist: -l leaves out what is "
	    "not above 0");
	return r;
}

const struct op op_hist = {
	.name = "hist",
	.args = "[-l] [-n BINS] FIELD [over N|all]",
	.makes = "made",
	.help = "a histogram of a field's numbers (-l: logarithmic)",
	.example = "hist -n 3 10 then cut 1-3",
	.shows = "0\t10000\t9\n"
	    "10000\t20000\t1\n",
	.flags = OP_FLAGS(
		FLAG("-l", log, "logarithmic: each bin ends at about twice its "
		    "start"),
		FLAG_OR("-n", bins, BINS, "how many bins there are, about")),
	.see = "stats count",
	.holds = "the groups",
	.also = "histogram",
	.traits = OP_HOLD | OP_MERGE | OP_GROUPS | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct grouped),
	.parse = parse,
	.bind = bind,
	.push = push,
	.flush = flush,
	GROUPED_ALL_HOOKS
};
