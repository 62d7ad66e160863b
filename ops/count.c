/* count - the number of records, of the batch or of each group */
#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/run/args.h"

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct grouping *c = vc;
	int f;

	while ((f = args_flag(a)) > 0)
		c->share = true;
	if (f < 0)
		return FAIL;
	aggs_count(&c->aggs, a);
	return grouping_parse(op, c, a);
}

const struct op op_count = {
	.name = "count",
	.args = "[-p] [by KEYS] [over N|all]",
	.makes = "made",
	.help = "the number of records, of each group (-p: and its share)",
	.example = "count by 9",
	.shows = "200\t6\n"
	    "302\t1\n"
	    "500\t1\n"
	    "...\n",
	.flags = OP_FLAGS(
		{ "-p", "and each group's share of all, as a column" }),
	.see = "stats top rate uniq",
	.aka = INSTEAD({ "wc", "count" },
		{ "groupby", "count by KEYS" },
		{ "group_by", "count by KEYS" },
		{ "freq", "count by KEYS" },
		{ "frequencies", "count by KEYS" },
		{ "tally", "count by KEYS" }),
	.traits = OP_HOLD | OP_MERGE | OP_GROUPS | OP_FIELDS,
	.conf_size = sizeof(struct grouping),
	.state_size = sizeof(struct grouped),
	.parse = parse,
	.bind = grouping_bind,
	.push = grouped_push,
	.flush = grouped_flush,
	GROUPED_HOOKS,
	.join = grouped_join,
	.pays = grouped_pays,
	.fini = grouped_fini
};
