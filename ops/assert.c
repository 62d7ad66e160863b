/* assert - passes all; one for which an expression is false ends the run */
#include <inttypes.h>

#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/expr/expr.h"

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

/* Absent is not false: it passes, as with SQL's CHECK. */
static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint16_t idx[VEC_MAX];

	if (expr_select(s->run, v, 0, idx) > 0) {
		if (!s->told)
			diag_warn("assert: record %" PRIu64 ": not %s: %s",
			    v->num[idx[0]], c->text,
			    diag_quote(v->rec[idx[0]].p, v->rec[idx[0]].n));
		s->told = true;
		emit_stop(e, EXIT_ASSERT);
	}
	return emit_run(e, v, 0, v->n);
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
	.bind = expr_op_bind,
	.init = expr_op_init,
	.push = push,
	.reset = expr_op_reset,
	.fini = expr_op_fini,
	.discard = expr_op_discard
};
