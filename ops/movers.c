/* movers - the groups that rose and fell most against earlier batches */
#include <math.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/agg/over.h"
#include "lib/base/chars.h"
#include "lib/format/pack.h"
#include "lib/number/decimal.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/time/time.h"

struct conf {
	struct grouping group;		/* over: the batches before this one */
	uint64_t max;
	bool merge;			/* times are in the states */
};

struct state {
	struct grouped group;
	uint64_t batch;			/* over so far */
};

GROUPED_FIRST(struct conf, group, struct state, group);

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	struct grouping *g = &c->group;
	const char *w = args_maybe(a);

	c->max = 10;
	if (w != NULL && is_digit(*w)) {
		if (args_count(a, "N", w, &c->max) != OK)
			return FAIL;
		w = args_maybe(a);
	}
	if (w != NULL && !agg_named(w) && strchr(w, ':') == NULL)
		return args_fail(a, "one word too many: %s; did you mean "
		    "'by %s'?", diag_quote(w, strlen(w)), w);
	if (w == NULL)
		aggs_count(&g->aggs, a);
	else if (aggs_parse(&g->aggs, a, w) != OK)
		return FAIL;
	if (g->aggs.ncol > 1 || (g->aggs.col[0].agg->traits & AGG_SHARE) == 0)
		return args_fail(a, "it goes by counts, or by sum:FIELD alone");
	g->over = 1;
	g->timed = a->opt->event_time;
	if (grouping_parse(op, g, a) != OK)
		return FAIL;
	op->traits |= OP_MERGE;
	if (g->by.n == 0)
		return args_fail(a, "by KEYS is missing");
	return g->all ? args_fail(a, "over is followed by a number of batches, "
	    "those before this one") : OK;
}

static int
bind(void *vc, struct bind *b)
{
	static const unsigned char flags[] = {
		COL_NUMBER | COL_ZERO, COL_NUMBER, COL_NUMBER, COL_NUMBER
	};
	struct conf *c = vc;
	struct slice name[] = { c->group.aggs.col[0].name, SLICE("was"),
		SLICE("ratio"), SLICE("g2") };

	c->merge = (b->op->traits & OP_LOADS) != 0;
	if (b->opt->merge && b->opt->event_time && !c->merge)
		return bind_fail(b, "with --merge and -w it comes first: the "
		    "states before it don't say how far the last window came");
	return grouping_columns(&c->group, &c->group.by, b, name, flags, 4);
}

/* A group of this batch, of those before, or of both. */
struct mover {
	struct slice key;
	size_t row;			/* in this batch, NO_ROW: not there */
	struct number now, before;	/* before: in all of them */
	double g2;
	size_t order;
};

#define NO_ROW	SIZE_MAX
#define PLACES	1e6

/* What the batches before have in all, times num by den, is for one of this
   one's length. */
struct past {
	struct number num, den;
};

static double
scaled(const struct past *p, double x)
{
	return x * p->num.real / p->den.real;
}

static struct number
times(struct number a, struct number b)
{
	struct number r = { .real = a.real * b.real };
	struct decimal d;

	if (a.exact && b.exact && decimal_mul(&d, decimal_of(&a),
	    decimal_of(&b)))
		r = (struct number){ d.mant, d.scale, true, decimal_real(d) };
	return r;
}

/* A sum may be below 0, if only by rounding; a cell is not. */
static double
above_0(double x)
{
	return x > 0 ? x : 0;
}

static double
term(double seen, double expected)
{
	return seen > 0 ? seen * log(seen / expected) : 0;
}

/*
 * The log-likelihood ratio (T. Dunning, Accurate methods for the statistics of
 * surprise and coincidence, 1993) of this table, negative where the key's share
 * fell:
 *
 *			this batch	those before, scaled to it
 *	the key		a		b
 *	all others	c		d
 *
 * G2 = 2 * sum of seen * ln(seen / expected) over the four, where a cell's
 * expected number is the product of its row's and its column's sum divided by
 * a + b + c + d.  It is 0 where a * d = b * c.  Rounded to PLACES, it does not
 * depend on whose log() it is, and what moved alike is equal.
 */
static double
log_likelihood(double a, double b, double c, double d)
{
	double all = a + b + c + d, g2;

	if (!isfinite(all) || a * d == b * c)
		return 0;
	g2 = 2 * (term(a, (a + b) * ((a + c) / all)) +
	    term(b, (a + b) * ((b + d) / all)) +
	    term(c, (c + d) * ((a + c) / all)) +
	    term(d, (c + d) * ((b + d) / all)));
	g2 = g2 > 0 ? rint(g2 * PLACES) / PLACES : 0;
	return a * d > b * c ? g2 : -g2;
}

static int64_t
common_divisor(int64_t a, int64_t b)
{
	int64_t rest;

	for (; b != 0; b = rest) {
		rest = a % b;
		a = b;
	}
	return a;
}

/* How much of the window had passed when its last record came, if it was closed
   before its end. */
static void
window_part(const struct conf *c, const struct state *s, const struct batch *b,
    struct past *p)
{
	struct extent when = s->group.when;
	int64_t to, part, all, divisor;

	if (!b->window || b->reason == BY_WINDOW)
		return;
	if (!c->merge)
		extent_widen(&when, &(struct extent){ b->records > 0 &&
		    b->from <= b->to, b->from, b->to });
	to = when.known ? when.to : c->merge ? b->closed : time_now();
	if (to >= b->closed)
		return;
	part = to <= b->opened ? 0 : to - b->opened;
	all = b->closed - b->opened;
	divisor = common_divisor(all, part);
	p->num = number_whole(part / divisor);
	p->den = times(p->den, number_whole(all / divisor));
}

/* The groups of the batches before, those among them that this batch has, and
   those that only it has; how many. */
static size_t
collect(const struct state *s, const struct grouping *g,
    const struct grouping *alone, struct mover *m)
{
	size_t i, n, from, old = over_rows(s->group.over), all = old;
	size_t rows = s->group.groups.n;
	uint32_t idx[VEC_MAX];
	struct slice key[VEC_MAX];
	bool *met = mem_zero(rows + 1);
	struct row row;

	for (from = 0; from < old; from += n) {
		n = old - from < VEC_MAX ? old - from : VEC_MAX;
		for (i = 0; i < n; i++) {
			row = grouped_row(&s->group, g, from + i);
			key[i] = row.key;
			m[from + i] = (struct mover){ .key = row.key,
			    .row = NO_ROW, .now = { .exact = true },
			    .before = row_amount(g, &row) };
		}
		if (rows > 0)
			table_find(s->group.groups.table, key, n, rows, idx);
		for (i = 0; i < n && rows > 0; i++)
			if (idx[i] != TABLE_FULL) {
				m[from + i].row = idx[i];
				met[idx[i]] = true;
			}
	}
	for (i = 0; i < rows; i++) {
		row = grouped_row(&s->group, alone, i);
		if (!met[i])
			m[all++] = (struct mover){ .key = row.key, .row = i,
			    .before = { .exact = true } };
	}
	for (i = 0; i < all; i++) {
		m[i].order = i;
		if (m[i].row == NO_ROW)
			continue;
		row = grouped_row(&s->group, alone, m[i].row);
		m[i].now = row_amount(alone, &row);
	}
	free(met);
	return all;
}

static int
more(const void *va, const void *vb)
{
	const struct mover *a = va, *b = vb;

	if (fabs(a->g2) != fabs(b->g2))
		return fabs(a->g2) > fabs(b->g2) ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* The number of those before for one batch, and this one's divided by it. */
static void
put_ratio(const struct mover *m, const struct past *p, struct buf *b)
{
	struct number was = times(m->before, p->num);
	struct number now = times(m->now, p->den);

	b->n += number_put_ratio(buf_room(b, NUMBER_MAX), &was, &p->den);
	buf_char(b, '\t');
	b->n += number_put_ratio(buf_room(b, NUMBER_MAX), &now, &was);
}

static int
put(const struct state *s, const struct grouping *alone,
    const struct mover *m, const struct past *p, struct emit *e)
{
	struct row row = { .key = m->key };
	struct buf *b = row_begin(alone, &row, e);

	if (m->row == NO_ROW) {
		buf_char(b, '0');
	} else {
		row = grouped_row(&s->group, alone, m->row);
		aggs_put(&alone->aggs, &row.at, 0, b);
	}
	buf_char(b, '\t');
	put_ratio(m, p, b);
	buf_char(b, '\t');
	b->n += number_put_real(buf_room(b, NUMBER_MAX), m->g2);
	return emit_bytes(e, buf_text(b), 0);
}

/* Compares the batch with those before. */
static int
compare(const struct state *s, const struct conf *c,
    const struct grouping *alone, const struct batch *batch, struct emit *e)
{
	const struct grouping *g = &c->group;
	size_t i, n, old = over_rows(s->group.over), rows = s->group.groups.n;
	struct mover *m = mem_alloc((old + rows) * sizeof *m);
	double now = grouped_total(&s->group, alone, rows).real;
	double before = grouped_total(&s->group, g, old).real;
	uint64_t batches = s->batch < g->over ? s->batch : g->over;
	struct past p = { number_whole(1), number_whole((int64_t)batches) };
	int r = OK;

	window_part(c, s, batch, &p);
	n = collect(s, g, alone, m);
	for (i = 0; i < n; i++)
		m[i].g2 = log_likelihood(above_0(m[i].now.real),
		    above_0(scaled(&p, m[i].before.real)),
		    above_0(now - m[i].now.real),
		    above_0(scaled(&p, before - m[i].before.real)));
	qsort(m, n, sizeof *m, more);
	for (i = 0; i < n && i < c->max && r == OK; i++)
		r = put(s, alone, &m[i], &p, e);
	free(m);
	return r;
}

/* What the batch itself has, over none before. */
static struct grouping
by_itself(const struct grouping *g)
{
	struct grouping alone = *g;

	alone.over = 0;
	return alone;
}

static int
flush(void *vs, const void *vc, const struct batch *batch, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct grouping alone = by_itself(&c->group);
	int r = s->batch == 0 ? OK : compare(s, c, &alone, batch, e);

	s->batch++;
	(void)grouped_close(&s->group, &c->group);
	s->group.when.known = false;
	return r;
}

static int
save(void *vs, const void *vc, const struct batch *batch, struct emit *e)
{
	struct grouping alone = by_itself(vc);
	int r = grouped_save(vs, &alone, batch, e);

	grouped_reset(vs, vc);
	return r;
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	both_u64(b, &((struct state *)vs)->batch);
	grouped_both(vs, vc, b);
}

static int
end(void *vs, const void *vc, struct emit *e, bool ok)
{
	const struct state *s = vs;

	if (ok && s->batch == 1)
		diag_warn("movers: there was one batch and none before it to "
		    "compare it with; -w or -n makes several");
	return OK;
}

const struct op op_movers = {
	.name = "movers",
	.args = "[N] [sum:FIELD] by KEYS [over N]",
	.makes = "made",
	.help = "the N groups (10) that rose or fell most against the batch "
	    "before",
	.example = "-n 4 movers 2 by 9",
	.shows = "302\t0\t1\t0\t-1.529641\n"
	    "500\t0\t1\t0\t-1.529641\n"
	    "200\t2\t2\t1\t2.092993\n"
	    "...\n",
	.see = "step count top",
	.holds = "the groups of the batches before",
	.traits = OP_HOLD | OP_MERGE | OP_ACROSS | OP_GROUPS | OP_FIELDS |
	    OP_WHOLE,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = grouped_init,
	.push = grouped_push,
	.flush = flush,
	.save = save,
	.load = grouped_load,
	.end = end,
	.both = remember,
	.fini = grouped_fini
};
