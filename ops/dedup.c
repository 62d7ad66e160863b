/* dedup - drops what was seen before, across batches */
#include "mbatch.h"
#include "lib/format/pack.h"
#include "lib/run/args.h"
#include "lib/run/clock.h"
#include "lib/run/keys.h"
#include "lib/run/recent.h"

struct conf {
	uint64_t seed;
	struct keys by;
	uint64_t max;			/* keys held, 0: no limit */
	int64_t dur;			/* ns, 0: for ever */
	struct clock clock;		/* if dur is not 0 */
	struct tally *forgotten;
};

struct state {
	struct recent seen;
	struct clock_run clock;
	struct buf joined;
	uint64_t hash[VEC_MAX];
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;

	c->seed = a->opt->seed;
	if (c->dur == 0)
		op->traits = OP_ACROSS | OP_FIELDS |
		    (c->max == 0 ? OP_AGAIN : 0);
	return args_keys(a, &c->by);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	c->forgotten = tally_new(b->opt->diag, b->arena,
	    "keys were forgotten early, as dedup -m holds no more");
	if (c->dur > 0 && clock_bind(&c->clock, b, "-t goes", c->dur) != OK)
		return FAIL;
	b->whole = c->dur > 0;	/* a time may go on behind its field */
	return keys_bind(&c->by, b);
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	recent_init(&s->seen, c->seed);
	if (c->dur > 0)
		clock_init(&s->clock, &c->clock);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct slice room[VEC_MAX];
	const struct slice *key = keys_join(&c->by, v, &s->joined, room);
	uint16_t idx[VEC_MAX];
	int64_t own;
	size_t i, n = 0;

	if (c->dur > 0)
		clock_vec(&s->clock);
	recent_hash(&s->seen, key, v->n, s->hash);
	for (i = 0; i < v->n; i++) {
		if (c->dur > 0) {
			(void)clock_at(&s->clock, v, i, &own);
			recent_expire(&s->seen,
			    time_less(s->clock.now, c->dur));
		}
		if (recent_has(&s->seen, key[i], s->hash[i]))
			continue;
		if (c->max > 0 && recent_count(&s->seen) >= c->max) {
			tally_add(c->forgotten, 1, v->num[i], "dedup: -m is "
			    "reached; the oldest keys are forgotten early");
			recent_drop(&s->seen);
		}
		recent_add(&s->seen, key[i], s->hash[i], s->clock.now);
		idx[n++] = (uint16_t)i;
	}
	return n > 0 ? emit_some(e, v, idx, n) : OK;
}

/* Where most were seen before. */
static bool
pays(const void *vs, const void *vc, uint64_t records, bool alone)
{
	const struct state *s = vs;

	return recent_count(&s->seen) <= records / 4;
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	const struct conf *c = vc;
	struct state *s = vs;

	if (c->dur > 0)
		clock_both(&s->clock, b);
	recent_both(&s->seen, s->clock.offset, b);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	recent_free(&s->seen);
	buf_free(&s->joined);
}

const struct op op_dedup = {
	.name = "dedup",
	.args = "[-t DUR] [-m N] [FIELDS]",
	.makes = "kept",
	.help = "drops what was seen before, in any batch (-t: within DUR)",
	.example = "dedup 9 then cut 1,9",
	.shows = "192.0.2.10\t200\n"
	    "198.51.100.7\t302\n"
	    "203.0.113.9\t500\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-t", dur, "a record passes again after DUR"),
		FLAG("-m", max, "keys held at most; the oldest is forgotten "
		    "first")),
	.see = "uniq burst",
	.holds = "the keys, 10 bytes and their text each",
	.traits = OP_ACROSS | OP_TIME | OP_FIELDS,
	.with = "-t",
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.pays = pays,
	.init = init,
	.push = push,
	.both = remember,
	.fini = fini
};
