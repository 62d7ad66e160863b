/* step - each record against the previous ones of its key */
#include <math.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/group.h"
#include "lib/agg/owned.h"
#include "lib/base/locale.h"
#include "lib/format/pack.h"
#include "lib/number/decimal.h"
#include "lib/number/number.h"
#include "lib/number/sum.h"
#include "lib/run/args.h"
#include "lib/run/bind.h"

enum {
	WARM_UP = 10,		/* values before the first anomaly is told */
	SPAN = 20,		/* values that anomaly remembers, by default */
	SPARKS = 16,		/* values that spark shows, by default */
	SPARKS_MAX = 64,
	RING_MAX = 1000000	/* values of a key that can be asked for */
};
#define FAR	1e6		/* the largest anomaly, where nothing varied */

enum kind_is {
	DELTA, RATIO, EWMA, ANOMALY, SPARK, SUM, LAG, MEAN, COUNT, KINDS
};

struct conf;
struct past;

/* Writes the new column, of x and the key's past, to out, and makes x part of
   the past.  The length; 0: absent. */
typedef size_t step_fn(const struct conf *, struct past *,
    const struct number *x, char *out);

struct conf {
	struct field field;		/* but of count */
	struct keys by;
	enum kind_is is;
	const struct kind *kind;
	struct slice name;		/* NAME=; p NULL: not given */
	double param;			/* alpha; of a ring: how many values, 0:
					   all */
	const char *digits;		/* and as it was typed */
	bool blocks;
	size_t col;
	size_t shown;			/* lag: of the values as they stand, */
	bool raw;			/* tokens or not */
	struct tally *nan;
};

/* What is known of a key. */
struct past {
	uint64_t n;			/* values so far */
	union {
		struct number last;	/* delta, ratio */
		struct {		/* ewma, anomaly: exponentially */
			double mean, var;	/* weighted */
		};
		struct sum sum;		/* sum, mean: of the ring's */
	};
	void *ring;			/* the last values: value i has place i
					   modulo their number */
	size_t cap;
};

struct state {
	struct groups groups;		/* an accumulator is a struct past */
	struct buf text;
};

/* The place of the next value, which that N values ago has left; memory follows
   what there is. */
static void *
ring_place(struct past *p, uint64_t max, size_t size)
{
	size_t i = (size_t)(p->n % max), cap = p->cap;

	if (i >= cap) {
		p->ring = mem_reserve(p->ring, &p->cap, i + 1, size);
		memset((char *)p->ring + cap * size, 0, (p->cap - cap) * size);
	}
	return (char *)p->ring + i * size;
}

/* Absent if it is beyond a double's range. */
static size_t
put_real(char *out, double x)
{
	return isfinite(x) ? number_put_real(out, x) : 0;
}

static size_t
step_delta(const struct conf *c, struct past *p, const struct number *x,
    char *out)
{
	size_t n = 0;
	struct decimal d;

	if (p->n > 0 && x->exact && p->last.exact &&
	    decimal_sub(&d, decimal_of(x), decimal_of(&p->last)))
		n = number_put_decimal(out, d.mant, d.scale);
	else if (p->n > 0)
		n = put_real(out, x->real - p->last.real);
	p->last = *x;
	return n;
}

static size_t
step_ratio(const struct conf *c, struct past *p, const struct number *x,
    char *out)
{
	struct number last = p->last;

	p->last = *x;
	return p->n == 0 ? 0 : number_put_ratio(out, x, &last);
}

static size_t
step_ewma(const struct conf *c, struct past *p, const struct number *x,
    char *out)
{
	p->mean = p->n == 0 ? x->real :
	    p->mean + c->param * (x->real - p->mean);
	return put_real(out, p->mean);
}

/*
 * The distance from the exponentially weighted mean in such deviations, then
 * both take x in (T. Finch, Incremental calculation of weighted mean and
 * variance, 2009, 9).  As long as there are few values they weigh the same.
 */
static size_t
step_anomaly(const struct conf *c, struct past *p, const struct number *x,
    char *out)
{
	double alpha = c->param, far = 0, diff = x->real - p->mean;

	if (p->n > 0 && diff != 0)
		far = fabs(diff) / sqrt(p->var);
	if (1 / (double)(p->n + 1) > alpha)
		alpha = 1 / (double)(p->n + 1);
	p->mean += alpha * diff;
	p->var = (1 - alpha) * (p->var + alpha * diff * diff);
	if (!(far < FAR))
		far = FAR;
	return p->n < WARM_UP ? 0 : number_put_real(out, far);
}

static size_t
step_spark(const struct conf *c, struct past *p, const struct number *x,
    char *out)
{
	static const char ascii[] = ".:-=+*#@";
	uint64_t i, max = (uint64_t)c->param, from;
	double lo = x->real, hi = lo, v, *value;
	size_t n = 0;
	int level;

	*(double *)ring_place(p, max, sizeof *value) = x->real;
	value = p->ring;
	from = p->n < max ? 0 : p->n - max + 1;
	for (i = from; i < p->n; i++) {
		v = value[i % max];
		lo = v < lo ? v : lo;
		hi = v > hi ? v : hi;
	}
	for (i = from; i <= p->n; i++) {
		v = value[i % max] / 2 - lo / 2;
		level = hi > lo ? (int)(v / (hi / 2 - lo / 2) * 7.999) : 0;
		if (c->blocks) {	/* U+2581 to U+2588 */
			out[n++] = '\xe2';
			out[n++] = '\x96';
			out[n++] = (char)(0x81 + level);
		} else {
			out[n++] = ascii[level];
		}
	}
	return n;
}

static size_t
step_sum(const struct conf *c, struct past *p, const struct number *x,
    char *out)
{
	sum_add(&p->sum, x);
	return sum_put(&p->sum, out);
}

/* What decimals make is taken out again as it was added; where there is more
   than these the sum is made anew, so that what left has left no trace. */
static size_t
step_mean(const struct conf *c, struct past *p, const struct number *x,
    char *out)
{
	uint64_t i, max = (uint64_t)c->param;
	struct number *at;

	if (max == 0) {
		sum_add(&p->sum, x);
		return sum_put_mean(&p->sum, out);
	}
	at = ring_place(p, max, sizeof *at);
	if (p->n >= max && !sum_take(&p->sum, at)) {
		*at = *x;
		sum_free(&p->sum);
		for (i = 0; i < max; i++)
			sum_add(&p->sum, (const struct number *)p->ring + i);
	} else {
		*at = *x;
		sum_add(&p->sum, x);
	}
	return sum_put_mean(&p->sum, out);
}

/* x is of no use. */
static size_t
step_count(const struct conf *c, struct past *p, const struct number *x,
    char *out)
{
	return number_put_u64(out, p->n + 1);
}

/* The text N values ago, in old; p NULL: there were fewer. */
static struct slice
lag(const struct conf *c, struct past *p, struct slice text, struct buf *old)
{
	struct owned *at = ring_place(p, (uint64_t)c->param, sizeof *at);
	struct slice was = { NULL, 0 };

	if (at->there) {
		old->n = 0;
		buf_room(old, 1);	/* an empty text is no absent one */
		buf_slice(old, owned_get(at));
		was = buf_text(old);
	}
	owned_set(at, text);
	return was;
}

static const struct kind {
	const char *name, *column;	/* the column's is column_FIELD */
	step_fn *step;			/* NULL: lag, of any text */
	const char *param;		/* its name, NULL: there is none */
	double value;			/* if none is given */
	unsigned char flags;
} kinds[KINDS] = {
	[DELTA] = { "delta", "delta", step_delta, NULL, 0, COL_NUMBER },
	[RATIO] = { "ratio", "ratio", step_ratio, NULL, 0, COL_NUMBER },
	[EWMA] = { "ewma", "ewma", step_ewma, "ALPHA", 0.5, COL_NUMBER },
	[ANOMALY] = { "anomaly", "anomaly", step_anomaly, "K", SPAN,
	    COL_NUMBER },
	[SPARK] = { "spark", "spark", step_spark, "N", SPARKS, COL_FILLED },
	[SUM] = { "sum", "running", step_sum, NULL, 0, COL_NUMBER },
	[LAG] = { "lag", "lag", NULL, "N", 1, COL_FILLED },
	[MEAN] = { "mean", "mean", step_mean, "N", 0, COL_NUMBER },
	[COUNT] = { "count", "count", step_count, NULL, 0, COL_NUMBER }
};

static const char *
kind_name(size_t i)
{
	return i < KINDS ? kinds[i].name : NULL;
}

/* The number after the colon, unless a field stands there. */
static int
parse_param(struct conf *c, struct args *a, struct slice text)
{
	const struct kind *k = c->kind;
	const char *next = args_peek(a);
	bool number = number_real(&c->param, text), alpha = c->is == EWMA;
	double least = c->is == LAG ? 1 : 2;
	double most = c->is == SPARK ? SPARKS_MAX : RING_MAX;

	if (!number && c->is == COUNT)
		return args_fail(a, "count is of records, not of a field");
	if (!number && text.n > 0 && (next == NULL || strcmp(next, "by") == 0))
		return args_fail(a, "the field is a word of its own: step %s "
		    "%.*s", k->name, (int)text.n, text.p);
	if (k->param == NULL)
		return args_fail(a, "%s takes no number", k->name);
	if (!number || c->param <= 0 || (alpha && c->param > 1) || (!alpha &&
	    (c->param < least || c->param != floor(c->param))))
		return args_fail(a, "%s of %s must be %s, not %s", k->param,
		    k->name, alpha ? "above 0 and at most 1" : c->is == LAG ?
		    "a whole number from 1 on" : "a whole number from 2 on",
		    diag_quote(text.p, text.n));
	if (!alpha && c->is != ANOMALY && c->param > most)
		return args_fail(a, "%s of %s is at most %.0f", k->param,
		    k->name, most);
	c->digits = arena_printf(a->arena, "%.0f", c->param);
	return OK;
}

/* NAME=KIND:N */
static int
parse_kind(struct conf *c, struct args *a, const char *word)
{
	const char *names[KINDS];
	size_t i, n = field_new(word);
	struct field named;

	if (n > 0) {
		if (args_field(a, arena_str(a->arena, (struct slice){ word,
		    n }), false, &named) != OK)
			return FAIL;
		c->name = named.name;
		word += n + 1;
	}
	n = strcspn(word, ":");
	for (i = 0; i < KINDS; i++) {
		names[i] = kinds[i].name;
		if (slice_eq(slice_str(names[i]), (struct slice){ word, n }))
			break;
	}
	if (i == KINDS)
		return args_none(a, "step", (struct slice){ word, n }, names,
		    KINDS);
	c->is = (enum kind_is)i;
	c->kind = &kinds[i];
	c->param = kinds[i].value;
	if (word[n] == ':' &&
	    parse_param(c, a, slice_str(word + n + 1)) != OK)
		return FAIL;
	if (c->is == ANOMALY)
		c->param = 2 / (c->param + 1);
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w = args_need(a, "what to compute");

	c->blocks = locale_utf8();
	if (w == NULL || parse_kind(c, a, w) != OK)
		return FAIL;
	if (c->is != COUNT && ((w = args_need(a, "FIELD")) == NULL ||
	    args_field(a, w, false, &c->field) != OK))
		return FAIL;
	return args_by(a, &c->by);
}

/* A number of values is part of the name where one can't do without. */
static struct slice
column_name(const struct conf *c, struct arena *a)
{
	bool ring = c->is == LAG || c->is == MEAN;

	if (c->name.p != NULL)
		return c->name;
	if (c->is == COUNT)
		return slice_str(c->kind->column);
	return slice_str(arena_printf(a, "%s%s_%s", c->kind->column,
	    ring && c->digits != NULL ? c->digits : "",
	    arena_str(a, c->field.name)));
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	struct slice name = column_name(c, b->arena);
	unsigned char flags = c->kind->flags;
	const struct column *is;

	if (c->is != COUNT) {
		if (bind_want(b, &c->field, WANT_VALUE, &c->col) != OK)
			return FAIL;
		is = shape_field(b->in, &c->field);
		if (c->is == LAG && is != NULL)
			flags |= is->flags & (COL_NUMBER | COL_TIME);
		c->nan = tally_new(b->opt->diag, b->arena, arena_printf(
		    b->arena, "values of '%s' were not numbers and have no %s",
		    arena_str(b->arena, c->field.name), c->kind->name));
	}
	if (keys_bind(&c->by, b) != OK)
		return FAIL;
	bind_edit(b, &name, &flags, 1, false);
	if (c->is != LAG)
		return OK;
	/* Where records' members have types, what is shown later is a token. */
	c->raw = b->edit->how == EDIT_NAMED && c->field.kind == FIELD_NAME;
	return bind_want(b, &c->field, c->raw ? WANT_RAW : 0, &c->shown);
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	groups_init(&s->groups, &c->by, sizeof(struct past), c->by.seed);
}

/* The new column of a record that has the field, p NULL: it is absent. */
static struct slice
take_value(const struct conf *c, struct state *s, struct past *p,
    struct slice in, uint64_t num)
{
	struct slice val = { NULL, 0 };
	struct number x = { 0 };

	if (c->is == LAG) {
		val = lag(c, p, in, &s->text);
	} else if (c->is == COUNT || number_parse(&x, in)) {
		s->text.n = 0;
		val.p = buf_room(&s->text, SPARKS_MAX * 3 + NUMBER_MAX);
		val.n = c->kind->step(c, p, &x, s->text.p);
		if (val.n == 0)
			val.p = NULL;
	} else {
		tally_add(c->nan, 1, num, "step: %s is no number",
		    diag_quote(in.p, in.n));
		return val;
	}
	p->n++;
	return val;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	bool count = c->is == COUNT;
	const struct slice *col = count ? v->rec : v->col[c->col];
	const struct slice *shown = c->is == LAG ? v->col[c->shown] : col;
	struct slice val;
	uint32_t group[VEC_MAX];
	size_t i;

	groups_find(&s->groups, &c->by, v, group);
	for (i = 0; i < v->n; i++) {
		val = SLICE_NONE;
		if (count || col[i].p != NULL)
			val = take_value(c, s, groups_acc(&s->groups,
			    group[i]), shown[i], v->num[i]);
		if (emit_edit(e, v, i, &val, &c->raw, 1) == FAIL)
			return FAIL;
	}
	return OK;
}

/* The values of a ring.  What the sum is of is added to it again. */
static void
both_ring(const struct conf *c, struct past *p, struct both *b)
{
	uint64_t n = p->n, i, max = (uint64_t)c->param;
	size_t size = c->is == SPARK ? sizeof(double) : c->is == MEAN ?
	    sizeof(struct number) : sizeof(struct owned);
	void *at;

	for (i = 0; i < n && i < max && !both_bad(b); i++) {
		p->n = i;
		at = ring_place(p, max, size);
		if (c->is == SPARK)
			both_double(b, at);
		else if (c->is == MEAN)
			both_number(b, at);
		else
			owned_both(at, b);
		if (c->is == MEAN && both_reads(b))
			sum_add(&p->sum, at);
	}
	p->n = n;
}

static void
both_sum(struct sum *sum, struct both *b)
{
	struct buf text = { 0 };

	if (both_reads(b)) {
		both_expect(b, sum_load(sum, unpack_there(b->in)));
		return;
	}
	sum_save(sum, &text);
	(void)both_text(b, buf_text(&text));
	buf_free(&text);
}

static void
both_past(const void *vc, void *acc, struct both *b)
{
	const struct conf *c = vc;
	struct past *p = acc;

	both_u64(b, &p->n);
	if (c->is == DELTA || c->is == RATIO) {
		both_number(b, &p->last);
	} else if (c->is == EWMA || c->is == ANOMALY) {
		both_double(b, &p->mean);
		both_double(b, &p->var);
	} else if (c->is == SUM || (c->is == MEAN && c->param == 0)) {
		both_sum(&p->sum, b);
	} else if (c->is != COUNT) {
		both_ring(c, p, b);
	}
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	groups_both(&((struct state *)vs)->groups, vc, b, both_past);
}

static void
fini(void *vs, const void *vc)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct past *p;
	size_t i, k;

	for (i = 0; i < s->groups.n; i++) {
		p = groups_acc(&s->groups, i);
		if (c->is == SUM || c->is == MEAN)
			sum_free(&p->sum);
		for (k = 0; c->is == LAG && k < p->cap; k++)
			owned_free((struct owned *)p->ring + k);
		free(p->ring);
	}
	groups_fini(&s->groups);
	buf_free(&s->text);
}

const struct op op_step = {
	.name = "step",
	.args = "[NAME=]KIND[:N] [FIELD] [by KEYS]",
	.makes = "changed",
	.help = "a column from the record and earlier ones of its key: delta "
	    "ratio ewma anomaly spark sum lag mean count",
	.example = "step delta 10 by 1 then cut 1,10,-1",
	.shows = "192.0.2.10\t5120\t\n"
	    "192.0.2.10\t871\t-4249\n"
	    "198.51.100.7\t0\t\n"
	    "...\n",
	.see = "let movers",
	.holds = "a few numbers of each key",
	.word = kind_name,
	.traits = OP_ACROSS | OP_FIELDS,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.both = remember,
	.fini = fini
};
