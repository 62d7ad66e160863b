/* alert - records for which an expression is true; the run says there were */
#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/expr/expr.h"
#include "lib/format/pack.h"

#define LONG_WINDOW	INT64_C(60000000000)

struct conf {
	struct expr *expr;		/* NULL: all are */
	bool quit;			/* -q */
	struct tally *waits;		/* for the window's end; NULL: none
					   does that could come earlier */
};

struct state {
	struct expr_run *run;
	bool some;			/* in this batch */
};

EXPR_FIRST(struct conf, expr, struct state, run);

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *text;

	if (c->quit)
		op->traits = OP_FRAME;
	if ((text = args_peek(a)) == NULL)
		return OK;
	a->word++;
	return caret_condition(a, &c->expr, text);
}

/* What an aggregate made waits for the window's end anyway. */
static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	if (!b->opt->regular && b->opt->window.width > LONG_WINDOW &&
	    !b->in->made)
		c->waits = tally_new(b->opt->diag, b->arena,
		    "records waited in alert for the end of their window");
	return c->expr == NULL ? OK : expr_op_bind(vc, b);
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	if (((const struct conf *)vc)->expr != NULL)
		expr_op_init(vs, vc, a);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint16_t idx[VEC_MAX];
	size_t i, n = v->n;

	if (c->expr != NULL)
		n = expr_select(s->run, v, 1, idx);
	if (n == 0)
		return OK;
	s->some = true;
	emit_status(e, EXIT_ASSERT);
	for (i = 0; c->waits != NULL && i < n; i++)
		tally_add(c->waits, 1, v->num[c->expr == NULL ? i : idx[i]],
		    "alert: it is written when its window ends; -t 1s in the "
		    "place of -w would do it at once");
	return c->expr == NULL ? emit_run(e, v, 0, n) : emit_some(e, v, idx, n);
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	const struct state *s = vs;

	if (c->quit && s->some)
		emit_stop(e, EXIT_ASSERT);
	return OK;
}

static void
reset(void *vs, const void *vc)
{
	((struct state *)vs)->some = false;
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	both_bool(b, &((struct state *)vs)->some);
}

const struct op op_alert = {
	.name = "alert",
	.args = "[-q] [EXPR]",
	.makes = "kept",
	.help = "records for which EXPR is true; if there were any, exit 3",
	.example = "count by 9 then alert 'count > 5'",
	.shows = "200\t6\n",
	.flags = OP_FLAGS(
		FLAG("-q", quit, "nothing is told on standard error")),
	.see = "assert where",
	.traits = OP_EACH,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.reset = reset,
	.both = remember,
	.fini = expr_op_fini
};
