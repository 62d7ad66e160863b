/* rate - records a second */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/data/number.h"
#include "lib/data/time.h"
#include "lib/run/args.h"
#include "lib/run/grouped.h"
#include "lib/run/partial.h"

/* When the batches began that over looks back at: the last N, or the first. */
struct begins {
	int64_t *at;
	size_t first, n, cap;
};

struct state {
	struct grouped group;
	struct begins begins;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct grouping *c = vc;

	aggs_count(&c->aggs, a);
	c->timed = !a->opt->event_time;
	return grouping_parse(op, c, a);
}

/* A window has its length.  Else states tell when records came, by their own
   time; other machines' clocks tell nothing. */
static int
check_states(struct bind *b)
{
	const struct options *o = b->opt;

	if (o->event_time || partial_merges(b->op))
		return OK;
	if (o->merge)
		return bind_fail(b, "with --merge it comes first or needs -w: "
		    "the states before it don't say when their records came");
	if (o->partial && o->time == NULL)
		return bind_fail(b, "with --partial it needs the records' own "
		    "time, -T FIELD: how long it takes to read them here is "
		    "no part of the whole");
	return OK;
}

static int
bind(void *vc, struct bind *b)
{
	static const struct slice name = { "rate", 4 };
	static const unsigned char flag = COL_NUMBER;

	if (check_states(b) != OK)
		return FAIL;
	return grouping_bind(vc, b, false, &name, &flag, 1);
}

static void
add_begin(struct begins *b, uint64_t max, int64_t at)
{
	if (max == 0 && b->n > 0)
		return;
	if (max > 0 && b->n - b->first == max)
		b->first++;
	if (b->n == b->cap && b->first > b->n / 2) {
		b->n -= b->first;
		memmove(b->at, b->at + b->first, b->n * sizeof *b->at);
		b->first = 0;
	}
	b->at = mem_reserve(b->at, &b->cap, b->n + 1, sizeof *b->at);
	b->at[b->n++] = at;
}

/* Seconds that the records shown came in. */
static double
seconds(const struct grouping *c, const struct batch *b, struct state *s)
{
	const struct extent *when = &s->group.when;
	struct begins *begins = &s->begins;
	int64_t ns = b->window ? b->closed - b->opened :
	    when->known ? time_less(when->to, when->from) : b->span;

	if (c->over > 0 || c->all) {
		add_begin(begins, c->over, b->opened);
		if (begins->at[begins->first] < b->opened)
			ns = b->closed - begins->at[begins->first];
	}
	return (double)ns / 1e9;
}

static int
flush(const void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct grouping *c = vc;
	/* What over looks back at moves on as a batch ends. */
	struct state *s = (struct state *)(uintptr_t)vs;
	size_t i, n = grouped_rows(vs, c);
	double time = seconds(c, batch, s);
	uint64_t count = 0;
	int r = OK;

	for (i = 0; i < n && r == OK; i++) {
		struct row row = grouped_row(vs, c, i);
		struct buf *b = row_begin(c, &row, e);

		row_count(c, &row, &count);
		if (time > 0)
			b->n += number_put_real(buf_room(b, NUMBER_MAX),
			    (double)count / time);
		r = emit_bytes(e, (struct slice){ b->p, b->n }, 0);
	}
	return r;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	free(s->begins.at);
	grouped_fini(vs, vc);
}

const struct op op_rate = {
	.name = "rate",
	.args = "[by KEYS] [over N|all]",
	.makes = "made",
	.help = "records a second, of each group",
	.example = "rate by 9",
	.traits = OP_HOLD | OP_MERGE | OP_TIME,
	.conf_size = sizeof(struct grouping),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.init = grouped_init,
	.push = grouped_push,
	.flush = flush,
	.reset = grouped_reset,
	.merge = grouped_merge,
	.save = grouped_save,
	.load = grouped_load,
	.fini = fini
};
