/* sample - a share of the records, or so many of each batch */
#include <math.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/base/hash.h"
#include "lib/format/pack.h"
#include "lib/number/number.h"
#include "lib/number/random.h"
#include "lib/run/args.h"
#include "lib/run/store.h"
#include "lib/run/keys.h"

/* One for all runs and machines, so that they take the same keys. */
#define KEY_SEED	UINT64_C(0x6d62617463680001)

struct conf {
	struct keys keys;
	uint64_t below;		/* taken if 64 random bits are below */
	bool all;		/* RATE is 1 */
	const char *many;	/* -n, or NULL */
	uint64_t n;		/* so many */
	const char *given;	/* -s, or NULL */
	uint64_t seed, key_seed;
	bool interleaved;
};

struct state {
	uint64_t random;	/* -n */
	uint64_t num, ordinal;	/* the last record, and how many of its number
				   came before it, of made ones in its batch */
	uint64_t batch;
	struct buf joined;
	struct store store;
	uint64_t *came;		/* when each kept one did */
	size_t cap;
	uint64_t seen;
};

static const struct op of_batch;

/* 1%, 0.01 or 1/100. */
static int
read_rate(struct conf *c, struct args *a, const char *w)
{
	const char *slash = strchr(w, '/');
	struct slice s = slice_str(w);
	double rate, of = 1;

	if (slash != NULL) {
		s.n = (size_t)(slash - w);
		if (!number_real(&of, slice_str(slash + 1)) || of <= 0)
			of = -1;
	} else if (s.n > 0 && s.p[s.n - 1] == '%') {
		s.n--;
		of = 100;
	}
	if (of < 0 || !number_real(&rate, s) || rate < 0)
		return args_fail(a, "RATE is 1%%, 0.01 or 1/100, not %s",
		    diag_quote(w, strlen(w)));
	rate /= of;
	if (rate > 1 && args_is_number(w))
		return args_fail(a, "RATE %s is more than all (-n %s takes so "
		    "many of each batch)", w, w);
	if (rate > 1)
		return args_fail(a, "RATE %s is more than all", w);
	c->all = rate >= 1;
	c->below = c->all ? 0 : (uint64_t)ldexp(rate, 64);
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	c->seed = a->opt->seed;
	c->interleaved = a->opt->interleaved;
	c->key_seed = KEY_SEED;
	if (c->many != NULL) {
		*op = of_batch;
		if (args_count(a, "K", c->many, &c->n) != OK)
			return FAIL;
		return c->n == 0 ? args_fail(a, "K must be above 0") :
		    args_seed(a, c->given, &c->seed);
	}
	if ((w = args_need(a, "the share (RATE)")) == NULL ||
	    read_rate(c, a, w) != OK)
		return FAIL;
	if (args_by(a, &c->keys) != OK)
		return FAIL;
	if (c->given == NULL && c->keys.n > 0)
		return OK;
	if (args_seed(a, c->given, &c->seed) != OK)
		return FAIL;
	if (c->given != NULL)
		c->key_seed = KEY_SEED ^ c->seed;
	return OK;
}

/* A record's chance is its own, whatever came before it in the batch; that of
   a row that was made, without a number, its place's in the batch. */
static uint64_t
chance(struct state *s, const struct conf *c, const struct vec *v, size_t i)
{
	uint64_t state, num = v->num[i];

	s->ordinal = num == s->num && (num > 0 ||
	    s->batch == v->batch->number) ? s->ordinal + 1 : 0;
	s->num = num;
	s->batch = v->batch->number;
	state = c->seed + KEY_SEED * s->ordinal +
	    RANDOM_STEP * (num > 0 ? num - 1 : ~s->batch);
	return random_next(&state);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct slice room[VEC_MAX];
	const struct slice *key = NULL;
	uint16_t idx[VEC_MAX];
	uint64_t bits;
	size_t i, n = 0;

	if (c->all)
		return emit_run(e, v, 0, v->n);
	if (c->keys.n > 0)
		key = keys_join(&c->keys, v, &s->joined, room);
	for (i = 0; i < v->n; i++) {
		bits = c->keys.n > 0 ? hash_bytes(key[i].p, key[i].n,
		    c->key_seed) : chance(s, c, v, i);
		idx[n] = (uint16_t)i;
		n += bits < c->below;
	}
	return emit_some(e, v, idx, n);
}

static int
bind_number(void *vc, struct bind *b)
{
	b->few = true;
	return OK;
}

/* Vitter's algorithm R (1985): each record so far is kept equally likely. */
static int
push_number(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint64_t at;
	size_t i;

	if (s->seen == 0)	/* an open window has no number yet */
		s->random = c->seed + KEY_SEED *
		    (c->interleaved ? v->num[0] : v->batch->number);
	for (i = 0; i < v->n; i++) {
		at = s->seen++;
		if (at < c->n) {
			MEM_RESERVE(s->came, s->cap, (size_t)at + 1);
			store_add(&s->store, v, i, e);
		} else {
			at = random_below(&s->random, s->seen);
			if (at >= c->n)
				continue;
			store_set(&s->store, (size_t)at, v, i, e);
		}
		s->came[at] = s->seen;
	}
	return OK;
}

static int
flush_number(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct state *s = vs;

	return store_emit_came(&s->store, s->came, e);
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	store_reset(&s->store);
	s->seen = 0;
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t i, n;

	both_u64(b, &s->random);
	both_u64(b, &s->seen);
	store_both(&s->store, b);
	n = s->store.n;
	both_expect(b, n == (s->seen < c->n ? s->seen : c->n));
	MEM_RESERVE(s->came, s->cap, n);
	for (i = 0; i < n; i++)
		both_u64(b, &s->came[i]);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	store_fini(&s->store);
	buf_free(&s->joined);
	free(s->came);
}

#define SAMPLE								\
	.name = "sample",						\
	.args = "[-s SEED] RATE [by FIELDS] | -n K [-s SEED]",		\
	.makes = "kept",						\
	.help = "a share of the records or of the keys, or K of the batch", \
	.example = "sample -s 1 1/2 then cut 1,7",			\
	.shows = "203.0.113.9\t/cart\n"					\
	    "198.51.100.7\t/cart\n"					\
	    "198.51.100.7\t/orders\n",					\
	.flags = OP_FLAGS(						\
		FLAG("-s", given, "the same choice in each run"),	\
		FLAG("-n", many, "K records of each batch, equally "	\
		    "likely")),						\
	.see = "head shuffle",						\
	OP_SIZES,							\
	.parse = parse,							\
	.fini = fini

static const struct op of_batch = {
	SAMPLE,
	.holds = "N records, with -n",
	.traits = OP_HOLD | OP_FIELDS,
	.bind = bind_number,
	.push = push_number,
	.flush = flush_number,
	.reset = reset,
	.both = remember
};

const struct op op_sample = {
	SAMPLE,
	.traits = OP_EACH | OP_NUMBER | OP_FIELDS,
	.bind = keys_op_bind,
	.push = push
};
