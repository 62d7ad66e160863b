/* count - the number of records, of the batch or of each group */
#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/run/args.h"

struct conf {
	struct grouping group;
	bool share;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	int f;

	while ((f = args_flag(a, "p")) > 0)
		c->share = true;
	if (f < 0)
		return FAIL;
	aggs_count(&c->group.aggs, a);
	return grouping_parse(op, &c->group, a);
}

static int
bind(void *vc, struct bind *b)
{
	static const struct slice name = { "share", 5 };
	static const unsigned char flag = COL_NUMBER;
	struct conf *c = vc;

	return grouping_bind(&c->group, b, true, &name, &flag, c->share);
}

static int
flush(void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct conf *c = vc;
	size_t i, n;
	struct buf *b;
	struct row row;
	double total;
	int r = OK;

	if (!c->share)
		return grouped_flush(vs, vc, batch, e);
	n = grouped_rows(vs, &c->group);
	total = grouped_total(vs, &c->group, n);
	for (i = 0; i < n && r == OK; i++) {
		row = grouped_row(vs, &c->group, i);
		b = row_begin(&c->group, &row, e);
		row_aggs(&c->group, &row, b);
		buf_char(b, '\t');
		row_share(&c->group, &row, total, b);
		r = emit_bytes(e, (struct slice){ b->p, b->n }, 0);
	}
	return r;
}

const struct op op_count = {
	.name = "count",
	.args = "[-p] [by KEYS] [over N|all]",
	.makes = "made",
	.help = "the number of records, of each group (-p: and its share)",
	.example = "count by 9",
	.traits = OP_HOLD | OP_MERGE,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct grouped),
	.parse = parse,
	.bind = bind,
	.init = grouped_init,
	.push = grouped_push,
	.flush = flush,
	.reset = grouped_reset,
	.merge = grouped_merge,
	.save = grouped_save,
	.load = grouped_load,
	.fini = grouped_fini
};
