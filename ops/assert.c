/* assert - passes all; one for which an expression is false ends the run */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/data/expr.h"
#include "lib/run/point.h"

struct conf {
	struct expr *expr;
	const char *text;
};

struct state {
	struct expr_run *run;
	bool told;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *next;

	(void)op;
	c->text = args_need(a, "the expression");
	if (c->text == NULL)
		return FAIL;
	if ((next = args_peek(a)) != NULL)
		return args_fail(a, "the expression must be one word in single "
		    "quotes: '%s %s ...'", c->text, next);
	c->expr = expr_new(a->opt, a->arena);
	return point_expr(a, c->expr, NULL, c->text, EXPR_CONDITION);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	return expr_bind(c->expr, b);
}

static int
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	(void)a;
	s->run = expr_run_new(c->expr);
	return OK;
}

/* Absent is not false: it passes, as with SQL's CHECK. */
static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint16_t idx[VEC_MAX];

	if (expr_select(s->run, v, 0, idx) > 0) {
		if (!s->told)
			diag_warn("assert: record %llu: not %s: %s",
			    (unsigned long long)v->num[idx[0]], c->text,
			    diag_quote(v->rec[idx[0]].p, v->rec[idx[0]].n));
		s->told = true;
		emit_stop(e, EXIT_ASSERT);
	}
	return emit_run(e, v, 0, v->n);
}

static void
reset(void *vs, const void *vc)
{
	(void)vs;
	(void)vc;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	expr_run_free(s->run);
}

static void
discard(void *vc)
{
	struct conf *c = vc;

	expr_free(c->expr);
}

const struct op op_assert = {
	.name = "assert",
	.args = "EXPR",
	.makes = "kept",
	.help = "passes all; one for which EXPR is false ends the run (exit 3)",
	.example = "assert '$9 < 600' then count",
	.traits = OP_EACH | OP_EFFECT,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.reset = reset,
	.fini = fini,
	.discard = discard
};
