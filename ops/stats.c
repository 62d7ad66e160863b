/* stats - sums, means, quantiles and the like, of the batch or each group */
#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/run/args.h"

static const char help[] = "count, or of a field (sum:FIELD, p90:FIELD)"
#define AGG(name, kept, put, approx, traits)	" " #name
#include "lib/agg/aggs.def"
#undef AGG
    ;

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct grouping *c = vc;
	const char *list = args_need(a, "what to reckon (count,mean:FIELD)");

	if (list == NULL || aggs_parse(&c->aggs, a, list) != OK)
		return FAIL;
	if (aggs_date(&c->aggs, a->opt))
		op->traits |= OP_TIME;
	return grouping_parse(op, c, a);
}

const struct op op_stats = {
	.name = "stats",
	.args = "AGGS [by KEYS] [over N|all]",
	.makes = "made",
	.help = help,
	.example = "stats count,mean:10,p99:10 by 9",
	.shows = "200\t6\t6141\t17644.8\n"
	    "302\t1\t0\t0\n"
	    "500\t1\t312\t312\n"
	    "...\n",
	.see = "count top session",
	.holds = "the groups",
	.also = "agg aggregate aggregates",
	.aka = INSTEAD({ "avg", "stats mean:FIELD" },
	    { "group", "stats AGGS by KEYS" }, { "max", "stats max:FIELD" },
	    { "mean", "stats mean:FIELD" }, { "min", "stats min:FIELD" },
	    { "sum", "stats sum:FIELD" }),
	.traits = OP_HOLD | OP_MERGE | OP_GROUPS | OP_FIELDS,
	.conf_size = sizeof(struct grouping),
	.state_size = sizeof(struct grouped),
	.parse = parse,
	.bind = grouping_bind,
	.push = grouped_push,
	.flush = grouped_flush,
	GROUPED_ALL_HOOKS,
	.parts = &grouped_parts
};
