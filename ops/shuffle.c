/* shuffle - the batch's records in random order */
#include "mbatch.h"
#include "lib/number/random.h"
#include "lib/run/args.h"
#include "lib/run/store.h"

struct conf {
	const char *given;		/* -s, or NULL */
	uint64_t seed;
};

struct state {
	struct store store;
	uint64_t random;
};

_Static_assert(offsetof(struct state, store) == 0, "the hooks look there");

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;

	c->seed = a->opt->seed;
	return args_seed(a, c->given, &c->seed);
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	s->random = c->seed;
}

/* Durstenfeld's shuffle (1964) of the places. */
static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct state *s = vs;
	struct stored *rec = s->store.rec, swap;
	uint64_t random = s->random + b->number;
	size_t i, j;
	int r = OK;

	for (i = s->store.n; i > 1; i--) {
		j = (size_t)random_below(&random, i);
		swap = rec[i - 1];
		rec[i - 1] = rec[j];
		rec[j] = swap;
	}
	for (i = 0; i < s->store.n && r == OK; i++)
		r = store_emit(&s->store, i, e);
	return r;
}

const struct op op_shuffle = {
	.name = "shuffle",
	.args = "[-s SEED]",
	.makes = "kept",
	.help = "the batch's records in random order (-s: the same each run)",
	.example = "shuffle -s 1 then cut 1,9",
	.shows = "2001:db8::5\t200\n"
	    "198.51.100.7\t200\n"
	    "203.0.113.9\t500\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-s", given, "the same order in each run")),
	.see = "sample sort",
	.holds = "the batch",
	.also = "shuf",
	.traits = OP_HOLD | OP_FIELDS,
	OP_SIZES,
	.parse = parse,
	.init = init,
	.flush = flush,
	STORE_HOOKS
};
