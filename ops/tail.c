/* tail - the last records of the batch, or of each key */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/group.h"
#include "lib/format/pack.h"
#include "lib/run/args.h"
#include "lib/run/store.h"

/* A key's ring: its records' places in the keep, the oldest overwritten. */
struct ring {
	uint64_t seen;
	uint32_t *place;
	size_t cap;
};

struct state {
	struct groups groups;		/* an accumulator is a struct ring */
	struct store store;
	uint64_t *came;			/* with keys: when each kept one did */
	size_t cap;
	uint64_t seen;
};

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct quota *c = vc;
	struct state *s = vs;

	groups_init(&s->groups, &c->by, sizeof(struct ring), c->by.seed);
	s->groups.reuse = true;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct quota *c = vc;
	struct state *s = vs;
	uint32_t group[VEC_MAX];
	struct ring *r;
	size_t i = 0, at;

	if (c->max == 0)
		return emit_done(e, v->num[0]);
	groups_find(&s->groups, &c->by, v, group);
	if (c->by.n == 0 && v->n > c->max)
		i = v->n - (size_t)c->max;	/* the others can't stay */
	for (; i < v->n; i++) {
		r = groups_acc(&s->groups, group[i]);
		at = (size_t)(r->seen++ % c->max);
		if (r->seen > c->max) {
			store_set(&s->store, r->place[at], v, i, e);
		} else {
			MEM_RESERVE(r->place, r->cap, at + 1);
			r->place[at] = (uint32_t)store_add(&s->store, v, i, e);
		}
		if (c->by.n == 0)
			continue;
		at = r->place[at];
		MEM_RESERVE(s->came, s->cap, at + 1);
		s->came[at] = s->seen++;
	}
	return OK;
}

/* Where few of the records stay. */
static bool
pays(const void *vs, const void *vc, uint64_t records, bool alone)
{
	const struct quota *c = vc;
	const struct state *s = vs;

	return c->max > 0 && s->store.n <= records / 4;
}

/* Rings are read from their oldest; with keys, records leave in the order in
   which they came. */
static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct quota *c = vc;
	const struct state *s = vs;
	const struct ring *r;
	size_t i, n;
	int st = OK;

	if (s->groups.n == 0)
		return OK;
	if (c->by.n > 0)
		return store_emit_came(&s->store, s->came, e);
	r = groups_acc(&s->groups, 0);
	n = s->store.n;
	for (i = 0; i < n && st == OK; i++)
		st = store_emit(&s->store, r->place[(r->seen + i) % n], e);
	return st;
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;
	size_t i;

	for (i = 0; i < s->groups.n; i++)
		((struct ring *)groups_acc(&s->groups, i))->seen = 0;
	groups_reset(&s->groups);
	store_reset(&s->store);
}

/* A key's places, which are there. */
static void
both_ring(const void *vc, void *acc, struct both *b)
{
	const struct quota *c = vc;
	struct ring *r = acc;
	uint64_t place, i;

	both_u64(b, &r->seen);
	for (i = 0; i < r->seen && i < c->max && !both_bad(b); i++) {
		place = both_reads(b) ? 0 : r->place[i];
		both_u64(b, &place);
		if (both_reads(b))
			MEM_RESERVE(r->place, r->cap, (size_t)i + 1);
		r->place[i] = (uint32_t)place;
	}
}

/* Whether each place is there, and without keys all are the one ring's. */
static bool
places_fit(const struct state *s, const struct quota *c)
{
	const struct ring *r;
	size_t i, k, n = 0;

	for (i = 0; i < s->groups.n; i++) {
		r = groups_acc(&s->groups, i);
		for (k = 0; k < r->seen && k < c->max; k++)
			if (r->place[k] >= s->store.n)
				return false;
		n += k;
	}
	return n == s->store.n;
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	const struct quota *c = vc;
	struct state *s = vs;
	size_t i, n;

	store_both(&s->store, b);
	groups_both(&s->groups, vc, b, both_ring);
	both_u64(b, &s->seen);
	n = c->by.n > 0 ? s->store.n : 0;
	MEM_RESERVE(s->came, s->cap, n);
	for (i = 0; i < n; i++)
		both_u64(b, &s->came[i]);
	both_expect(b, both_bad(b) || places_fit(s, c));
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;
	size_t i;

	for (i = 0; i < s->groups.used; i++)
		free(((struct ring *)groups_acc(&s->groups, i))->place);
	groups_fini(&s->groups);
	store_fini(&s->store);
	free(s->came);
}

const struct op op_tail = {
	.name = "tail",
	.args = "[N] [by KEYS]",
	.makes = "kept",
	.help = "the last N records (10) of the batch, or of each key",
	.example = "tail 3 then cut 1,7",
	.shows = "192.0.2.44\t/\n"
	    "198.51.100.7\t/orders\n"
	    "2001:db8::5\t/\n",
	.see = "head reverse",
	.holds = "N records",
	.also = "last",
	.flags_instead = INSTEAD(
		{ "f", "a file that grows comes by tail(1): tail -F FILE | "
		    "mbatch ..." },
		{ "n", "N is given without -n: tail %" }),
	.traits = OP_HOLD | OP_FIELDS | OP_AGAIN,
	.conf_size = sizeof(struct quota),
	.state_size = sizeof(struct state),
	.parse = quota_parse,
	.bind = quota_bind,
	.init = init,
	.push = push,
	.flush = flush,
	.reset = reset,
	.pays = pays,
	.both = remember,
	.fini = fini
};
