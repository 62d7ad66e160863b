/* reverse - the batch's records, last first */
#include "mbatch.h"
#include "lib/run/keep.h"

struct state {
	struct keep keep;
};

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	struct state *s = vs;

	(void)vc;
	(void)e;
	keep_vec(&s->keep, v);
	return OK;
}

static int
flush(const void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct state *s = vs;
	size_t i;
	int r = OK;

	(void)vc;
	(void)b;
	for (i = s->keep.n; i > 0 && r == OK; i--)
		r = keep_emit(&s->keep, i - 1, e);
	return r;
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	keep_reset(&s->keep);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	keep_fini(&s->keep);
}

const struct op op_reverse = {
	.name = "reverse",
	.args = "",
	.makes = "kept",
	.help = "the batch's records, last first",
	.example = "reverse",
	.traits = OP_HOLD,
	.state_size = sizeof(struct state),
	.push = push,
	.flush = flush,
	.reset = reset,
	.fini = fini
};
