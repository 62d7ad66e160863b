/* stats - sums, means, quantiles and the like, of the batch or each group */
#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/run/args.h"

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct grouping *c = vc;
	const char *list = args_need(a, "what to reckon (count,mean:FIELD)");

	if (list == NULL || aggs_parse(&c->aggs, a, list) != OK)
		return FAIL;
	return grouping_parse(op, c, a);
}

static int
bind(void *vc, struct bind *b)
{
	return grouping_bind(vc, b, true, NULL, NULL, 0);
}

const struct op op_stats = {
	.name = "stats",
	.args = "AGGS [by KEYS] [over N|all]",
	.makes = "made",
	.help = "count, or sum min max range mean var stddev median p90 "
	    "distinct mode first last :FIELD",
	.example = "stats count,mean:10,p99:10 by 9",
	.traits = OP_HOLD | OP_MERGE,
	.conf_size = sizeof(struct grouping),
	.state_size = sizeof(struct grouped),
	.parse = parse,
	.bind = bind,
	.init = grouped_init,
	.push = grouped_push,
	.flush = grouped_flush,
	.reset = grouped_reset,
	.merge = grouped_merge,
	.save = grouped_save,
	.load = grouped_load,
	.fini = grouped_fini
};
