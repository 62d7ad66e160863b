/* rate - records a second */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/format/pack.h"
#include "lib/number/decimal.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/time/time.h"

struct conf {
	struct grouping group;
	bool times;			/* the records' own count, not ours */
	bool sees;			/* the records, not what was made of
					   them */
};

/*
 * When the batches were that over looks back at, the last N: one before turn is
 * joined with those up to turn, those from there on are joined in newer, so
 * that a batch that leaves takes nothing with it.  Of all batches only newer.
 */
struct extents {
	struct extent *at, newer;
	size_t first, turn, n, cap;
};

struct state {
	struct grouped group;
	struct extents seen;
};

GROUPED_FIRST(struct conf, group, struct state, group);

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct grouping *c = &((struct conf *)vc)->group;

	aggs_count(&c->aggs, a);
	c->timed = true;
	return grouping_parse(op, c, a);
}

/* A window has its length.  Else states tell when records came, by their own
   time; other machines' clocks tell nothing. */
static int
check_states(struct bind *b)
{
	const struct options *o = b->opt;

	if (o->event_time || (b->op->traits & OP_LOADS) != 0)
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
	struct conf *c = vc;

	if (check_states(b) != OK)
		return FAIL;
	c->times = b->opt->time != NULL;
	c->sees = !b->in->made || (b->op->traits & OP_LOADS) != 0;
	return grouping_columns(&c->group, &c->group.by, b, &name, &flag, 1);
}

/* The newer ones become the older. */
static void
turn(struct extents *x)
{
	size_t i;

	for (i = x->n - 1; i-- > x->first;)
		extent_widen(&x->at[i], &x->at[i + 1]);
	x->turn = x->n;
	x->newer = (struct extent){ false, 0, 0 };
}

/* max: batches that are looked back at, 0: all. */
static void
add_extent(struct extents *x, uint64_t max, const struct extent *one)
{
	extent_widen(&x->newer, one);
	if (max == 0)
		return;
	if (x->n - x->first == max)
		x->first++;
	if (x->n == x->cap && x->first > x->n / 2) {
		x->n -= x->first;
		x->turn -= x->first < x->turn ? x->first : x->turn;
		memmove(x->at, x->at + x->first, x->n * sizeof *x->at);
		x->first = 0;
	}
	MEM_RESERVE(x->at, x->cap, x->n + 1);
	x->at[x->n++] = *one;
	if (x->first >= x->turn)
		turn(x);
}

/* When a batch was, or its records were; of a window what was seen of it: the
   first one may have begun before the input did, one that closed for another
   reason than its time was not over.  when: of --merge's states, else not
   known. */
static struct extent
extent_of(const struct conf *c, const struct batch *b,
    const struct extent *when)
{
	struct extent x = { true, b->opened, b->closed }, seen = *when;

	if (!seen.known)
		seen = (struct extent){ (b->records > 0 || !c->times) &&
		    b->from <= b->to, b->from, b->to };
	if (!b->window)
		return c->times ? seen : x;
	if (!seen.known || !c->sees)
		return x;
	if (b->number == 1 && seen.from > x.from)
		x.from = seen.from;
	if (b->reason >= BY_FLUSH && seen.to >= x.from && seen.to < x.to)
		x.to = seen.to;
	return x;
}

/* From the first of the batches that over looks back at to the last. */
static int64_t
span_over(const struct conf *c, const struct batch *b, struct extents *x)
{
	static const struct extent none = { false, 0, 0 };
	struct extent one = extent_of(c, b, &none), all;

	add_extent(x, c->group.over, &one);
	all = x->newer;
	if (x->first < x->turn)
		extent_widen(&all, &x->at[x->first]);
	if (!b->window && !c->times && all.from == b->opened)
		return b->span;		/* by a clock that is never set */
	return all.known ? time_less(all.to, all.from) : 0;
}

/* How long the records shown took to come, in ns. */
static int64_t
time_taken(const struct conf *c, const struct batch *b, struct state *s)
{
	const struct extent *when = &s->group.when;
	struct extent x;

	if (c->group.over > 0 || c->group.all)
		return span_over(c, b, &s->seen);
	if (b->window) {
		x = extent_of(c, b, when);
		return time_less(x.to, x.from);
	}
	return when->known ? time_less(when->to, when->from) : b->span;
}

static int
flush(void *vs, const void *vc, const struct batch *batch, struct emit *e)
{
	const struct grouping *c = vc;
	struct state *s = vs;
	size_t i, n = grouped_close(vs, c);
	struct decimal time = { time_taken(vc, batch, s), 9 };
	uint64_t count = 0;
	int r = OK;

	for (i = 0; i < n && r == OK; i++) {
		struct row row = grouped_row(vs, c, i);
		struct buf *b = row_begin(c, &row, e);

		row_count(c, &row, &count);
		if (time.mant > 0)
			b->n += decimal_put_ratio(buf_room(b, NUMBER_MAX),
			    (struct decimal){ (int64_t)count, 0 }, time);
		r = emit_bytes(e, buf_text(b), 0);
	}
	return r;
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct extents *x = &s->seen;
	size_t n = x->n - x->first, turn = x->turn - x->first;
	size_t i;

	grouped_both(vs, vc, b);
	extent_both(&x->newer, b);
	both_size(b, &turn);
	n = both_count(b, n);
	both_expect(b, turn <= n && n <= c->group.over);
	if (both_reads(b)) {
		MEM_RESERVE(x->at, x->cap, n);
		x->n = n;
		x->turn = turn;
	}
	for (i = 0; i < n; i++)
		extent_both(&x->at[x->first + i], b);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	free(s->seen.at);
	grouped_fini(vs, vc);
}

const struct op op_rate = {
	.name = "rate",
	.args = "[by KEYS] [over N|all]",
	.makes = "made",
	.help = "records a second, of each group",
	.example = "-T 0 -a rate by 9",
	.shows = "200\t0.0013550135501355014\n"
	    "302\t0.00022583559168925022\n"
	    "500\t0.00022583559168925022\n"
	    "...\n",
	.see = "count windows",
	.holds = "the groups",
	.traits = OP_HOLD | OP_MERGE | OP_GROUPS | OP_TIME | OP_WHOLE,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.push = grouped_push,
	.flush = flush,
	.init = grouped_init,
	.reset = grouped_reset,
	.save = grouped_save,
	.load = grouped_load,
	.both = remember,
	.fini = fini
};
