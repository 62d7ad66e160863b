/* reverse - the batch's records, last first */
#include "mbatch.h"
#include "lib/run/keep.h"

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct keep *k = vs;
	size_t i;
	int r = OK;

	(void)vc;
	(void)b;
	for (i = k->n; i > 0 && r == OK; i--)
		r = keep_emit(k, i - 1, e);
	return r;
}

const struct op op_reverse = {
	.name = "reverse",
	.args = "",
	.makes = "kept",
	.help = "the batch's records, last first",
	.example = "reverse",
	.aka = INSTEAD({ "tac", "reverse" }),
	.traits = OP_HOLD | OP_FIELDS,
	.state_size = sizeof(struct keep),
	.push = keep_op_push,
	.flush = flush,
	.reset = keep_op_reset,
	.fini = keep_op_fini
};
