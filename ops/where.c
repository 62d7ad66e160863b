/* where - records for which an expression is true */
#include <stdlib.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/data/expr.h"
#include "lib/run/point.h"

struct conf {
	struct expr *expr;
};

struct state {
	struct expr_run *run;
};

/* The expression stood outside quotes, and came as words; `status >= 500`
   as two, its >= having made a file called "=". */
static int
unquoted(struct args *a, const char *first, const char *next)
{
	if (access("=", F_OK) != 0 || !args_is_number(next))
		return args_fail(a, "the expression must be one word in single "
		    "quotes: '%s %s ...'", first, next);
	return args_fail(a, "the expression must be one word in single quotes: "
	    "'%s >= %s' (the shell took >= as an order to write the file '=', "
	    "which is here now)", first, next);
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *text = args_need(a, "the expression"), *next;

	(void)op;
	if (text == NULL)
		return FAIL;
	if ((next = args_peek(a)) != NULL)
		return unquoted(a, text, next);
	c->expr = expr_new(a->opt, a->arena);
	return point_expr(a, c->expr, NULL, text, EXPR_CONDITION);
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

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	struct state *s = vs;
	uint16_t idx[VEC_MAX];

	(void)vc;
	return emit_some(e, v, idx, expr_select(s->run, v, 1, idx));
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

const struct op op_where = {
	.name = "where",
	.args = "EXPR",
	.makes = "kept",
	.help = "records for which an expression is true",
	.example = "where '$9 >= 500 and $6 = \"\\\"GET\"' then head 2",
	.traits = OP_EACH,
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
