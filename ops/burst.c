/* burst - the record that makes N of a key within a time */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/agg/keyed.h"
#include "lib/agg/owned.h"
#include "lib/format/pack.h"
#include "lib/run/args.h"
#include "lib/run/clock.h"
#include "lib/run/keys.h"
#include "lib/run/ring.h"

struct conf {
	struct clock clock;
	struct keys by;
	const char *distinct;		/* -d, or NULL */
	struct field field;		/* which that is */
	size_t col;			/* of it */
	uint64_t n, max;
	int64_t dur;			/* ns */
	struct tally *forgotten;
};

/* A value of -d's field, and when it came last. */
struct value {
	int64_t time;
	struct owned text;
};

/* What is known of a key: when records came, or values of them did; and
   whether it is quiet, as the count is N. */
union past {
	struct ring times;		/* mark: quiet */
	struct {
		struct value *at;
		uint32_t n, cap;
		bool quiet;
	} values;
};

struct state {
	struct clock_run clock;
	struct keyed keys;		/* a state is a union past */
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	if (c->distinct != NULL &&
	    args_field(a, c->distinct, true, &c->field) != OK)
		return FAIL;
	if ((w = args_need(a, "N")) == NULL ||
	    args_count(a, "N", w, &c->n) != OK)
		return FAIL;
	if (c->n == 0 || c->n > RING_MAX)
		return args_fail(a, "N is from 1 to %d", RING_MAX);
	if (args_span(a, "DUR", &c->dur) != OK)
		return FAIL;
	return args_by(a, &c->by);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	c->forgotten = tally_new(b->opt->diag, b->arena,
	    "keys were forgotten early, as burst -m holds no more");
	if (clock_bind(&c->clock, b, "it goes", c->dur) != OK ||
	    keys_bind(&c->by, b) != OK)
		return FAIL;
	clock_warn(b);
	return !c->distinct ? OK : bind_want(b, &c->field,
	    c->field.bucket.kind == BUCKET_NONE ? 0 : WANT_KEY, &c->col);
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	clock_init(&s->clock, &c->clock);
	keyed_init(&s->keys, sizeof(union past), c->by.seed);
}

static void
free_past(const struct conf *c, union past *p)
{
	uint32_t i;

	if (!c->distinct) {
		ring_free(&p->times);
	} else {
		for (i = 0; i < p->values.n; i++)
			owned_free(&p->values.at[i].text);
		free(p->values.at);
	}
	memset(p, 0, sizeof *p);
}

static void
forget(struct state *s, const struct conf *c, uint32_t i)
{
	keyed_leave(&s->keys, i);
	free_past(c, keyed_state(&s->keys, i));
	keyed_give(&s->keys, i);
}

/* Values that came up to old are out; of N others the oldest leaves for one
   more. */
static uint32_t
add_value(const struct conf *c, union past *p, struct slice text,
    int64_t now, int64_t old)
{
	struct value *v = p->values.at;
	uint32_t i, is = UINT32_MAX, oldest = 0;
	size_t cap = p->values.cap;

	for (i = 0; i < p->values.n;) {
		if (v[i].time <= old) {
			owned_free(&v[i].text);
			v[i] = v[--p->values.n];
			continue;
		}
		if (slice_eq(owned_get(&v[i].text), text))
			is = i;
		if (v[i].time < v[oldest].time)
			oldest = i;
		i++;
	}
	if (is == UINT32_MAX) {
		is = i < c->n ? i : oldest;
		if (is == i) {
			MEM_RESERVE(v, cap, (size_t)i + 1);
			memset(&v[i], 0, sizeof *v);
			p->values.at = v;
			p->values.cap = (uint32_t)cap;
			p->values.n++;
		}
		owned_set(&v[is].text, text);
	}
	v[is].time = now;
	return p->values.n;
}

static uint32_t
add_time(const struct conf *c, union past *p, int64_t now, int64_t old)
{
	struct ring *r = &p->times;

	while (r->n > 0 && ring_get(r, 0) <= old)
		ring_drop(r);
	ring_add(r, now, (uint32_t)c->n);
	return r->n;
}

/* Whether record i makes N. */
static bool
makes(struct state *s, const struct conf *c, const struct vec *v, size_t i,
    struct slice key, uint64_t hash)
{
	int64_t now = s->clock.now, old = time_less(now, c->dur);
	struct slice val = c->distinct ? v->col[c->col][i] : key;
	union past *p;
	uint32_t at;
	bool full, was;

	while ((at = keyed_due(&s->keys, old)) != KEYED_NONE)
		forget(s, c, at);
	if (c->distinct && (val.p == NULL ||
	    (val.n == 0 && c->field.bucket.kind != BUCKET_NONE)))
		return false;
	at = keyed_find(&s->keys, key, hash);
	if (at == KEYED_NONE) {
		if (c->max > 0 && s->keys.n >= c->max) {
			tally_add(c->forgotten, 1, v->num[i], "burst: -m is "
			    "reached; the oldest keys are forgotten early");
			forget(s, c, s->keys.oldest);
		}
		at = keyed_add(&s->keys, key, hash, now);
	} else {
		keyed_touch(&s->keys, at, now);
	}
	p = keyed_state(&s->keys, at);
	full = (c->distinct ? add_value(c, p, val, now, old) :
	    add_time(c, p, now, old)) == c->n;
	if (c->distinct) {
		was = p->values.quiet;
		p->values.quiet = full;
	} else {
		was = p->times.mark != 0;
		p->times.mark = full;
	}
	return full && !was;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct slice room[VEC_MAX];
	uint64_t hash[VEC_MAX];
	const struct slice *key = keyed_keys(&s->keys, &c->by, v, room, hash);
	uint16_t idx[VEC_MAX];
	size_t i, n = 0;
	int64_t own;
	int r = OK;

	clock_vec(&s->clock);
	for (i = 0; i < v->n && r == OK; i++)
		if (clock_take(&s->clock, v, i, &own, e, &r) &&
		    makes(s, c, v, i, key[i], hash[i]))
			idx[n++] = (uint16_t)i;
	if (n > 0 && r != FAIL && emit_some(e, v, idx, n) == FAIL)
		return FAIL;
	return r;
}

static void
both_values(const struct state *s, const struct conf *c, union past *p,
    struct both *b)
{
	size_t i, n, cap = p->values.cap;
	struct value *v;

	both_bool(b, &p->values.quiet);
	n = both_count(b, p->values.n);
	both_expect(b, n <= c->n);
	for (i = 0; i < n && !both_bad(b); i++) {
		if (both_reads(b)) {
			v = mem_reserve(p->values.at, &cap, i + 1, sizeof *v);
			memset(&v[i], 0, sizeof *v);
			p->values.at = v;
			p->values.cap = (uint32_t)cap;
			p->values.n++;
		}
		v = &p->values.at[i];
		both_time(b, &v->time, s->clock.offset);
		owned_both(&v->text, b);
	}
}

static void
both_past(void *vs, const void *vc, uint32_t at, struct both *b)
{
	const struct conf *c = vc;
	struct state *s = vs;
	union past *p = keyed_state(&s->keys, at);

	if (c->distinct)
		both_values(s, c, p, b);
	else
		ring_both(&p->times, s->clock.offset, (uint32_t)c->n, b);
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	struct state *s = vs;

	clock_both(&s->clock, b);
	keyed_both(&s->keys, s->clock.offset, b, vs, vc, both_past);
}

static void
fini(void *vs, const void *vc)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t i;

	for (i = 0; i < s->keys.used; i++)
		free_past(c, keyed_state(&s->keys, (uint32_t)i));
	keyed_free(&s->keys);
}

const struct op op_burst = {
	.name = "burst",
	.args = "[-d FIELD] [-m N] N DUR [by KEYS]",
	.makes = "kept",
	.help = "the record that makes N, or N different FIELDs, within DUR",
	.example = "-T 0 burst 2 1m by 1 then cut 1,4",
	.shows = "192.0.2.10\t[06/Oct/2026:08:58:13\n"
	    "198.51.100.7\t[06/Oct/2026:09:00:05\n"
	    "203.0.113.9\t[06/Oct/2026:09:00:31\n",
	.flags = OP_FLAGS(
		FLAG("-d", distinct, "N different values of FIELD count, not N "
		    "records"),
		FLAG_OR("-m", max, KEYED_KEYS, "keys held at most (1M; 0: any "
		    "number)")),
	.see = "seq session dedup",
	.holds = "the newest N times of each key",
	.also = "threshold",
	.traits = OP_ACROSS | OP_TIME,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.both = remember,
	.fini = fini
};
