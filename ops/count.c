/* count - the number of records, of the batch or of each group */
#include "mbatch.h"
#include "lib/data/number.h"
#include "lib/run/args.h"
#include "lib/run/group.h"

struct conf {
	uint64_t seed;
	struct keys by;
	bool share;
};

struct state {
	struct groups groups;		/* an accumulator is a uint64_t */
	uint64_t total;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	int f;

	(void)op;
	c->seed = a->opt->seed;
	while ((f = args_flag(a, "p")) > 0)
		c->share = true;
	return f < 0 ? FAIL : args_by(a, &c->by.field, &c->by.n);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	size_t n = c->by.n + 1 + c->share;
	struct slice *name = arena_zero(b->arena, n * sizeof *name);
	unsigned char *flags = arena_zero(b->arena, n);

	if (keys_bind(&c->by, b) != OK)
		return FAIL;
	keys_names(&c->by, b->in, name, flags);
	name[c->by.n] = SLICE("count");
	flags[c->by.n] = COL_NUMBER;
	if (c->share) {
		name[n - 1] = SLICE("share");
		flags[n - 1] = COL_NUMBER;
	}
	bind_made(b, name, flags, n);
	return OK;
}

static int
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	(void)a;
	groups_init(&s->groups, &c->by, sizeof(uint64_t), c->seed);
	return OK;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint64_t *count;
	size_t i;

	(void)e;
	s->total += v->n;
	if (c->by.n == 0)
		return OK;
	groups_find(&s->groups, &c->by, v);
	count = (uint64_t *)(void *)s->groups.acc;
	for (i = 0; i < v->n; i++)
		count[s->groups.idx[i]]++;
	return OK;
}

/* KEYS, count and perhaps its share of the total. */
static int
put_row(const struct state *s, const struct conf *c, struct slice key,
    uint64_t n, struct buf *row, struct emit *e)
{
	row->n = 0;
	keys_put(&c->by, key, row);
	if (c->by.n > 0)
		buf_char(row, '\t');
	row->n += number_put_u64(buf_room(row, NUMBER_MAX), n);
	if (c->share) {
		buf_char(row, '\t');
		row->n += number_put_real(buf_room(row, NUMBER_MAX),
		    s->total == 0 ? 0 : (double)n / (double)s->total);
	}
	return emit_bytes(e, (struct slice){ row->p, row->n }, 0);
}

static int
flush(const void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	const struct state *s = vs;
	struct buf *row = emit_buf(e);
	size_t i;
	int r = OK;

	(void)b;
	if (c->by.n == 0)
		r = put_row(s, c, (struct slice){ NULL, 0 }, s->total, row,
		    e);
	for (i = 0; i < s->groups.n && r == OK; i++)
		r = put_row(s, c, groups_key(&s->groups, i),
		    *(uint64_t *)groups_acc(&s->groups, i), row, e);
	return r;
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	s->total = 0;
	groups_reset(&s->groups);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	groups_fini(&s->groups);
}

const struct op op_count = {
	.name = "count",
	.args = "[-p] [by KEYS]",
	.makes = "made",
	.help = "the number of records, of each group (-p: and its share)",
	.example = "count by 9",
	.traits = OP_HOLD | OP_MERGE,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.reset = reset,
	.fini = fini
};
