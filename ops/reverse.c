/* reverse - the batch's records, last first */
#include "mbatch.h"
#include "lib/run/store.h"

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct store *k = vs;
	size_t i;
	int r = OK;

	for (i = k->n; i > 0 && r == OK; i--)
		r = store_emit(k, i - 1, e);
	return r;
}

const struct op op_reverse = {
	.name = "reverse",
	.args = "",
	.makes = "kept",
	.help = "the batch's records, last first",
	.example = "cut 1,9 then reverse",
	.shows = "2001:db8::5\t200\n"
	    "198.51.100.7\t200\n"
	    "192.0.2.44\t200\n"
	    "...\n",
	.see = "sort tail",
	.holds = "the batch",
	.also = "tac",
	.traits = OP_HOLD | OP_FIELDS,
	.state_size = sizeof(struct store),
	.flush = flush,
	STORE_HOOKS
};
