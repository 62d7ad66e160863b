/* where - records for which an expression is true */
#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/expr/expr.h"

struct conf {
	struct expr *expr;
};

struct state {
	struct expr_run *run;
};

EXPR_FIRST(struct conf, expr, struct state, run);

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *text = args_need(a, "the expression");

	if (text == NULL || caret_condition(a, &c->expr, text) != OK)
		return FAIL;
	op->traits |= expr_numbered(c->expr) ? OP_NUMBER : 0;
	return OK;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	struct state *s = vs;
	uint16_t idx[VEC_MAX];

	return emit_some(e, v, idx, expr_select(s->run, v, 1, idx));
}

const struct op op_where = {
	.name = "where",
	.args = "EXPR",
	.makes = "kept",
	.help = "records for which an expression is true",
	.example = "where '$9 >= 500' then cut 1,7,9",
	.shows = "203.0.113.9\t/cart\t500\n"
	    "203.0.113.9\t/cart\t503\n",
	.see = "grep alert expressions",
	.also = "filter",
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = expr_op_bind,
	.init = expr_op_init,
	.push = push,
	.fini = expr_op_fini
};
