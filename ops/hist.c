/* hist - a histogram of numbers, in text */
#include <math.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/data/number.h"
#include "lib/life/locale.h"
#include "lib/run/args.h"
#include "lib/run/grouped.h"
#include "lib/run/quantile.h"

enum { BINS = 12, BINS_MAX = 1000, BAR = 40 };

struct conf {
	struct grouping group;		/* without keys */
	uint64_t bins;
	bool log;
	bool blocks;			/* the locale has UTF-8 */
	struct tally *below;		/* values without a logarithm */
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;
	int f;

	c->bins = BINS;
	c->blocks = locale_utf8();
	while ((f = args_flag(a, "ln:")) > 0) {
		c->log |= f == 'l';
		if (f == 'n' && args_count(a, "-n", a->val, &c->bins) != OK)
			return FAIL;
	}
	if (f < 0)
		return FAIL;
	if (c->bins == 0 || c->bins > BINS_MAX)
		return args_fail(a, "-n: from 1 to %d bins", BINS_MAX);
	w = args_need(a, "FIELD");
	if (w == NULL || aggs_values(&c->group.aggs, a, w) != OK ||
	    grouping_parse(op, &c->group, a) != OK)
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
	return grouping_bind(&c->group, b, false, names, flags, 4);
}

static double
power_of_10(int e)
{
	double x = 1;

	for (; e > 0; e--)
		x *= 10;
	return x;
}

/*
 * The edges of the bins: multiples of a step, first and on.  A step is 1, 2 or
 * 5 times a power of 10, and edges are k * mant * 10^exp, so that they print
 * short; logarithmic ones are 10^k, or 1, 2, 5 times it.
 */
struct scale {
	bool log;
	int mant, exp;		/* linear: the step; log: the decades of a step
				   in exp, 0: thirds of one */
	int64_t first;
	size_t n;		/* bins */
};

static double
edge(const struct scale *s, size_t i)
{
	static const int thirds[] = { 1, 2, 5 };
	int64_t k = s->first + (int64_t)i, third = 0;
	double m;
	int e;

	if (!s->log) {
		m = (double)(k * s->mant);
		e = s->exp;
	} else if (s->exp > 0) {
		m = 1;
		e = (int)k * s->exp;
	} else {
		third = ((k % 3) + 3) % 3;
		m = thirds[third];
		e = (int)((k - third) / 3);
	}
	/* Powers up to 22 are exact, so that this rounds once. */
	return e < 0 ? m / power_of_10(-e) : m * power_of_10(e);
}

/* Sets first and n for values from lo to hi; false: more than max bins. */
static bool
cover(struct scale *s, double lo, double hi, size_t max)
{
	double at;

	if (s->log)
		at = s->exp > 0 ? log10(lo) / s->exp : log10(lo) * 3;
	else
		at = lo / (s->exp < 0 ? s->mant / power_of_10(-s->exp) :
		    s->mant * power_of_10(s->exp));
	if (fabs(at) > 1e15)
		return false;
	s->first = (int64_t)floor(at) - 1;
	while (edge(s, 1) <= lo)
		s->first++;
	for (s->n = 1; s->n <= max && edge(s, s->n) <= hi;)
		s->n++;
	return s->n <= max;
}

/* The smallest step that makes at most max bins. */
static bool
choose(struct scale *s, double lo, double hi, size_t max)
{
	static const int mant[] = { 1, 2, 5 };
	double step = hi / (double)max - lo / (double)max;
	int i, e;

	for (e = 0; s->log && e < 700; e++) {
		s->exp = e;
		if (cover(s, lo, hi, max))
			return true;
	}
	e = step > 0 ? (int)floor(log10(step)) - 1 : 0;
	for (i = 0; !s->log && i < 18; i++) {
		s->mant = mant[i % 3];
		s->exp = e + i / 3;
		if (cover(s, lo, hi, max))
			return true;
	}
	return false;
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

static int
put_bin(const struct conf *c, double from, double to, uint64_t n,
    uint64_t most, struct emit *e)
{
	struct buf *b = emit_buf(e);

	b->n += number_put_real(buf_room(b, NUMBER_MAX), from);
	buf_char(b, '\t');
	b->n += number_put_real(buf_room(b, NUMBER_MAX), to);
	buf_char(b, '\t');
	b->n += number_put_u64(buf_room(b, NUMBER_MAX), n);
	buf_char(b, '\t');
	put_bar(b, c->blocks, n, most);
	return emit_bytes(e, (struct slice){ b->p, b->n }, 0);
}

/* The bin of a value that is covered. */
static size_t
bin_of(const double *edges, size_t n, double x)
{
	size_t lo = 0, mid;

	while (n - lo > 1) {
		mid = lo + (n - lo) / 2;
		if (edges[mid] <= x)
			lo = mid;
		else
			n = mid;
	}
	return lo;
}

/* Counts the values, which scale covers, and writes the bins. */
static int
put_bins(const struct conf *c, const struct scale *s, const double *v,
    size_t n, struct emit *e)
{
	uint64_t *count = mem_zero(s->n * sizeof *count), most = 0;
	double *edges = mem_alloc((s->n + 1) * sizeof *edges);
	size_t i;
	int r = OK;

	for (i = 0; i <= s->n; i++)
		edges[i] = edge(s, i);
	for (i = 0; i < n; i++)
		if (!s->log || v[i] > 0)
			count[bin_of(edges, s->n, v[i])]++;
	for (i = 0; i < s->n; i++)
		most = count[i] > most ? count[i] : most;
	for (i = 0; i < s->n && r == OK; i++)
		r = put_bin(c, edges[i], edges[i + 1], count[i], most, e);
	free(edges);
	free(count);
	return r;
}

static int
flush(const void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct conf *c = vc;
	size_t i, n = grouped_rows(vs, &c->group);
	struct row row = grouped_row(vs, &c->group, n - 1);
	const struct quantile *q = agg_at(&c->group.aggs, row.at, 0).st;
	struct scale s = { .log = c->log };
	double lo = HUGE_VAL, hi = -HUGE_VAL;
	uint64_t below = 0;

	(void)batch;
	for (i = 0; i < q->n; i++) {
		if (c->log && q->v[i] <= 0) {
			below++;
			continue;
		}
		lo = q->v[i] < lo ? q->v[i] : lo;
		hi = q->v[i] > hi ? q->v[i] : hi;
	}
	tally_add(c->below, below, 0, "hist: -l leaves out what is not above "
	    "0");
	if (lo > hi)
		return OK;
	if (lo == hi)
		return put_bin(c, lo, hi, q->n - below, q->n - below, e);
	if (choose(&s, lo, hi, (size_t)c->bins))
		return put_bins(c, &s, q->v, q->n, e);
	return put_bin(c, lo, hi, q->n - below, q->n - below, e);
}

const struct op op_hist = {
	.name = "hist",
	.args = "[-l] [-n BINS] FIELD [over N|all]",
	.makes = "made",
	.help = "a histogram of a field's numbers (-l: logarithmic)",
	.example = "hist 10",
	.traits = OP_HOLD | OP_MERGE,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct grouped),
	.parse = parse,
	.bind = bind,
	.init = grouped_init,
	.push = grouped_push,
	.flush = flush,
	.reset = grouped_reset,
	.merge = grouped_merge,
	.save = grouped_save,
	.load = grouped_load,
	.fini = grouped_fini
};
