/* uniq - distinct records of the batch, not only adjacent ones */
#include "mbatch.h"
#include "lib/data/number.h"
#include "lib/run/args.h"
#include "lib/run/group.h"
#include "lib/run/keep.h"

struct conf {
	uint64_t seed;
	struct keys by;
	bool count, repeated, single;
};

/* How often a key came; its first record is in the keep at its index. */
struct state {
	struct groups groups;		/* an accumulator is a uint64_t */
	struct keep keep;
};

static int push_held(void *, const void *, const struct vec *, struct emit *);

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;
	int f;

	c->seed = a->opt->seed;
	while ((f = args_flag(a, "cdu")) > 0) {
		c->count |= f == 'c';
		c->repeated |= f == 'd';
		c->single |= f == 'u';
	}
	if (f < 0)
		return FAIL;
	if (c->repeated && c->single)
		return args_fail(a, "-d and -u leave nothing");
	if (c->count || c->repeated || c->single) {
		op->push = push_held;
		op->traits |= OP_HOLD;
	}
	args_keyword(a, "by");		/* uniq by x, as people type it */
	w = args_maybe(a);
	return args_fields(a, w == NULL ? "0" : w, true, &c->by.field,
	    &c->by.n);
}

static int
bind(void *vc, struct bind *b)
{
	static const struct slice name = { "count", 5 };
	static const unsigned char flag = COL_NUMBER;
	struct conf *c = vc;

	if (keys_bind(&c->by, b) != OK)
		return FAIL;
	return c->count ? bind_edit(b, &name, &flag, 1, true) : OK;
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

/* Passes each key's first record at once. */
static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint16_t idx[VEC_MAX];
	size_t i, n = 0;
	uint64_t *seen;

	groups_find(&s->groups, &c->by, v);
	for (i = 0; i < v->n; i++) {
		seen = groups_acc(&s->groups, s->groups.idx[i]);
		if (*seen == 0)
			idx[n++] = (uint16_t)i;
		*seen = 1;
	}
	return emit_some(e, v, idx, n);
}

static int
push_held(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint64_t *seen;
	size_t i;

	(void)e;
	groups_find(&s->groups, &c->by, v);
	for (i = 0; i < v->n; i++) {
		seen = groups_acc(&s->groups, s->groups.idx[i]);
		if ((*seen)++ == 0)
			keep_add(&s->keep, v->rec[i], v->num[i]);
	}
	return OK;
}

static int
flush(const void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	const struct state *s = vs;
	char digits[NUMBER_MAX];
	struct slice count = { digits, 0 };
	size_t i;
	int r = OK;

	(void)b;
	for (i = 0; i < s->keep.n && r == OK; i++) {
		uint64_t n = *(uint64_t *)groups_acc(&s->groups, i);

		if ((c->repeated && n == 1) || (c->single && n > 1))
			continue;
		count.n = number_put_u64(digits, n);
		r = c->count ? emit_edit(e, keep_get(&s->keep, i),
		    s->keep.rec[i].num, &count, 1) :
		    keep_emit(&s->keep, i, e);
	}
	return r;
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	groups_reset(&s->groups);
	keep_reset(&s->keep);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	groups_fini(&s->groups);
	keep_fini(&s->keep);
}

const struct op op_uniq = {
	.name = "uniq",
	.args = "[-c] [-d] [-u] [FIELDS]",
	.makes = "kept",
	.help = "distinct records (-c: counted, -d: repeated, -u: single ones)",
	.example = "uniq -c 1",
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
