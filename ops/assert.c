/* assert - passes all; one for which an expression is false ends the run */
#include <inttypes.h>

#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/expr/expr.h"

struct conf {
	struct expr *expr;
	const char *text;
	struct tally *failed;
};

struct state {
	struct expr_run *run;
	bool ended;			/* the last record has passed */
};

enum { MOST = 10 };			/* false ones that are told */

EXPR_FIRST(struct conf, expr, struct state, run);

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;

	c->text = args_need(a, "the expression");
	if (c->text == NULL)
		return FAIL;
	c->failed = tally_new(a->opt->diag, a->arena, "assertions failed");
	c->failed->most = MOST;
	return caret_condition(a, &c->expr, c->text);
}

/* Absent is not false: it passes, as with SQL's CHECK.  The first that is false
   passes too, and is the last; those behind it are told if they are of the
   batch, which they are where it is being flushed. */
static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint16_t idx[VEC_MAX];
	size_t i, n = expr_select(s->run, v, 0, idx);
	int r = OK;

	if (!s->ended)
		r = emit_run(e, v, 0, n == 0 ? v->n : idx[0] + 1u);
	if (n == 0 || r == FAIL)
		return r;
	for (i = 0; i < n; i++)
		if (v->num[idx[i]] != 0)
			tally_add(c->failed, 1, v->num[idx[i]], "assert: not "
			    "%s: %s", c->text, diag_quote(v->rec[idx[i]].p,
			    v->rec[idx[i]].n));
		else
			tally_add(c->failed, 1, 0, "batch %" PRIu64 ": assert: "
			    "not %s: %s", emit_batch(e)->number, c->text,
			    diag_quote(v->rec[idx[i]].p, v->rec[idx[i]].n));
	s->ended = true;
	return emit_end(e, v->num[idx[0]], EXIT_ASSERT);
}

const struct op op_assert = {
	.name = "assert",
	.args = "EXPR",
	.makes = "kept",
	.help = "passes all; one for which EXPR is false ends the run (exit 3)",
	.example = "assert '$9 < 600' then count",
	.shows = "10\n",
	.see = "alert where",
	.traits = OP_EACH | OP_EFFECT,
	OP_SIZES,
	.parse = parse,
	.bind = expr_op_bind,
	.init = expr_op_init,
	.push = push,
	.fini = expr_op_fini
};
