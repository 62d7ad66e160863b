/* step - each record against the previous ones of its key */
#include <math.h>

#include "mbatch.h"
#include "lib/agg/group.h"
#include "lib/base/locale.h"
#include "lib/number/decimal.h"
#include "lib/number/number.h"
#include "lib/run/args.h"

enum {
	WARM_UP = 10,		/* values before the first anomaly is told */
	SPAN = 20,		/* values that anomaly remembers, by default */
	SPARKS = 16,		/* values that spark shows, by default */
	SPARKS_MAX = 64
};
#define FAR	1e6		/* the largest anomaly, where nothing varied */

struct conf;
struct past;

/* Writes the new column, of x and the key's past, to out, and makes x part of
   the past.  The length; 0: absent. */
typedef size_t step_fn(const struct conf *, struct past *,
    const struct number *x, char *out);

struct conf {
	uint64_t seed;
	struct field field;
	struct keys by;
	const char *name;		/* of what is added: "delta" */
	step_fn *step;
	double param;			/* alpha; spark: how many values */
	bool blocks;
	size_t col;
	struct tally *nan;
};

/* What is known of a key, in constant room. */
struct past {
	uint64_t n;			/* values so far */
	struct number last;
	double mean, var;		/* exponentially weighted */
	double value[];			/* spark: the last ones, a ring */
};

struct state {
	struct groups groups;		/* an accumulator is a struct past */
};

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

	(void)c;
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

	(void)c;
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
	double lo = x->real, hi = lo, v;
	size_t n = 0;
	int level;

	p->value[p->n % max] = x->real;
	from = p->n < max ? 0 : p->n - max + 1;
	for (i = from; i < p->n; i++) {
		v = p->value[i % max];
		lo = v < lo ? v : lo;
		hi = v > hi ? v : hi;
	}
	for (i = from; i <= p->n; i++) {
		v = p->value[i % max] / 2 - lo / 2;
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

static const struct kind {
	const char *name;
	step_fn *step;
	const char *param;		/* its name, NULL: there is none */
	double value;			/* if none is given */
} kinds[] = {
	{ "delta", step_delta, NULL, 0 },
	{ "ratio", step_ratio, NULL, 0 },
	{ "ewma", step_ewma, "ALPHA", 0.5 },
	{ "anomaly", step_anomaly, "K", SPAN },
	{ "spark", step_spark, "N", SPARKS }
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* The number after the colon. */
static int
parse_param(struct conf *c, struct args *a, const struct kind *k,
    struct slice text)
{
	bool alpha = k->step == step_ewma;

	if (k->param == NULL)
		return args_fail(a, "%s takes no number", k->name);
	if (!number_real(&c->param, text) || c->param <= 0 ||
	    (alpha && c->param > 1) || (!alpha && (c->param < 2 ||
	    c->param != floor(c->param))))
		return args_fail(a, "%s of %s must be %s, not %s", k->param,
		    k->name, alpha ? "above 0 and at most 1" :
		    "a whole number from 2 on", diag_quote(text.p, text.n));
	if (k->step == step_spark && c->param > SPARKS_MAX)
		return args_fail(a, "%s of %s is at most %d", k->param,
		    k->name, SPARKS_MAX);
	return OK;
}

static int
parse_kind(struct conf *c, struct args *a, const char *word)
{
	const char *names[KINDS];
	size_t i, n = strcspn(word, ":");

	for (i = 0; i < KINDS; i++) {
		names[i] = kinds[i].name;
		if (strlen(kinds[i].name) == n &&
		    memcmp(kinds[i].name, word, n) == 0)
			break;
	}
	if (i == KINDS)
		return args_none(a, "step", (struct slice){ word, n }, names,
		    KINDS);
	c->name = kinds[i].name;
	c->step = kinds[i].step;
	c->param = kinds[i].value;
	if (word[n] == ':' && parse_param(c, a, &kinds[i],
	    slice_str(word + n + 1)) != OK)
		return FAIL;
	if (c->step == step_anomaly)
		c->param = 2 / (c->param + 1);
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w = args_need(a, "what to compute");

	(void)op;
	c->seed = a->opt->seed;
	c->blocks = locale_utf8();
	if (w == NULL || parse_kind(c, a, w) != OK)
		return FAIL;
	w = args_need(a, "FIELD");
	if (w == NULL || args_field(a, w, false, &c->field) != OK)
		return FAIL;
	return args_by(a, &c->by.field, &c->by.n);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	const char *field = arena_str(b->arena, c->field.name);
	struct slice name = slice_str(arena_printf(b->arena, "%s_%s", c->name,
	    field));
	unsigned char flags = c->step == step_spark ? COL_FILLED :
	    COL_NUMBER;

	if (bind_want(b, &c->field, 0, &c->col) != OK ||
	    keys_bind(&c->by, b) != OK)
		return FAIL;
	c->nan = tally_new(b->opt->diag, b->arena, arena_printf(b->arena,
	    "values of '%s' were not numbers and have no %s", field, c->name));
	bind_edit(b, &name, &flags, 1, false);
	return OK;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t size = sizeof(struct past);

	(void)a;
	if (c->step == step_spark)
		size += (size_t)c->param * sizeof(double);
	groups_init(&s->groups, &c->by, size, c->seed);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	char text[SPARKS_MAX * 3 + NUMBER_MAX];
	struct slice val;
	struct number x;
	uint32_t group[VEC_MAX];
	struct past *p;
	size_t i;

	groups_find(&s->groups, &c->by, v, group);
	for (i = 0; i < v->n; i++) {
		const struct slice *in = &v->col[c->col][i];

		val = (struct slice){ NULL, 0 };
		if (in->n > 0 && number_parse(&x, *in)) {
			p = groups_acc(&s->groups, group[i]);
			val.n = c->step(c, p, &x, text);
			val.p = val.n > 0 ? text : NULL;
			p->n++;
		} else if (in->n > 0) {
			tally_add(c->nan, 1, v->num[i], "step: %s is no number",
			    diag_quote(in->p, in->n));
		}
		if (emit_edit(e, v, i, &val, NULL, 1) == FAIL)
			return FAIL;
	}
	return OK;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	groups_fini(&s->groups);
}

const struct op op_step = {
	.name = "step",
	.args = "delta|ratio|ewma[:ALPHA]|anomaly[:K]|spark[:N] FIELD "
	    "[by KEYS]",
	.makes = "changed",
	.help = "a column from the record and the previous ones of its key",
	.example = "step delta 2 by 1",
	.traits = OP_ACROSS | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.fini = fini
};
