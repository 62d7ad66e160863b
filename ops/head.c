/* head - the first records of the batch, or of each key */
#include "mbatch.h"
#include "lib/agg/group.h"
#include "lib/format/pack.h"
#include "lib/run/args.h"

struct state {
	uint64_t seen;
	struct groups groups;		/* by: an accumulator is a uint64_t */
};

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct quota *c = vc;
	struct state *s = vs;

	groups_init(&s->groups, &c->by, sizeof(uint64_t), c->by.seed);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct quota *c = vc;
	struct state *s = vs;
	uint32_t group[VEC_MAX];
	uint16_t idx[VEC_MAX];
	uint64_t *seen, left = c->max - s->seen;
	size_t i, n = 0;

	if (c->by.n == 0 && left > v->n) {
		s->seen += v->n;
		return emit_run(e, v, 0, v->n);
	}
	if (c->by.n == 0) {
		s->seen = c->max;
		if (emit_run(e, v, 0, (size_t)left) == FAIL)
			return FAIL;
		return emit_done(e, v->num[left > 0 ? left - 1 : 0]);
	}
	groups_find(&s->groups, &c->by, v, group);
	for (i = 0; i < v->n; i++) {
		seen = groups_acc(&s->groups, group[i]);
		if (*seen == c->max)
			continue;
		++*seen;
		idx[n++] = (uint16_t)i;
	}
	return emit_some(e, v, idx, n);
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	s->seen = 0;
	groups_reset(&s->groups);
}

static void
both_seen(const void *vc, void *seen, struct both *b)
{
	both_u64(b, seen);
	both_expect(b, *(uint64_t *)seen <= ((const struct quota *)vc)->max);
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	struct state *s = vs;

	both_seen(vc, &s->seen, b);
	groups_both(&s->groups, vc, b, both_seen);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	groups_fini(&s->groups);
}

const struct op op_head = {
	.name = "head",
	.args = "[N] [by KEYS]",
	.makes = "kept",
	.help = "the first N records (10) of the batch, or of each key",
	.example = "head 3 then cut 1,7",
	.shows = "192.0.2.10\t/\n"
	    "192.0.2.10\t/style.css\n"
	    "198.51.100.7\t/login\n",
	.see = "tail top sample",
	.also = "limit first take",
	.flags_instead = INSTEAD({ "n", "N is given without -n: head %" }),
	.traits = OP_FIELDS,
	.conf_size = sizeof(struct quota),
	.state_size = sizeof(struct state),
	.parse = quota_parse,
	.bind = quota_bind,
	.init = init,
	.push = push,
	.reset = reset,
	.both = remember,
	.fini = fini
};
