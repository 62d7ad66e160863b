/* dedup - drops what was seen before, across batches */
#include "mbatch.h"
#include "lib/run/args.h"
#include "lib/run/keys.h"
#include "lib/run/recent.h"
#include "lib/run/times.h"
#include "lib/time/time.h"

struct conf {
	uint64_t seed;
	struct keys by;
	uint64_t max;			/* keys held, 0: no limit */
	int64_t dur;			/* ns, 0: for ever */
	enum { ARRIVAL, WINDOW, FIELD } clock;
	size_t timecol;			/* FIELD */
	const struct shape *in;		/* and of which records */
	const struct options *opt;
	struct tally *forgotten;
};

struct state {
	struct recent seen;
	struct times_reader reader;
	int64_t now;			/* the newest time so far */
	struct buf joined;
	uint64_t hash[VEC_MAX];
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;
	int f;

	c->seed = a->opt->seed;
	c->opt = a->opt;
	while ((f = args_flag(a)) > 0) {
		if (f == 'm' && args_count(a, "-m", a->val, &c->max) != OK)
			return FAIL;
		if (f == 't' && args_duration(a, "-t", a->val, &c->dur) != OK)
			return FAIL;
	}
	if (f < 0)
		return FAIL;
	if (c->dur == 0)
		op->traits = OP_ACROSS;
	args_keyword(a, "by");		/* dedup by x, as people type it */
	w = args_maybe(a);
	return args_fields(a, w == NULL ? "0" : w, true, &c->by.field,
	    &c->by.n);
}

/* Made records may have lost the field of their time; then a window's start
   is theirs. */
static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	const struct field *f = b->opt->time;

	c->forgotten = tally_new(b->opt->diag, b->arena,
	    "keys were forgotten early, as dedup -m holds no more");
	c->in = b->in;
	if (keys_bind(&c->by, b) != OK)
		return FAIL;
	if (c->dur == 0 || f == NULL) {
		c->clock = ARRIVAL;
	} else if (!b->in->made || (f->kind == FIELD_NAME &&
	    shape_column(b->in, f->name) != NULL)) {
		c->clock = FIELD;
		return bind_want(b, f, 0, &c->timecol);
	} else if (b->opt->event_time) {
		c->clock = WINDOW;
	} else if (!b->opt->time_implied) {
		return bind_fail(b, "-t goes by the field of -T, %s, which "
		    "these records don't have any more", diag_quote(f->name.p,
		    f->name.n));
	}
	return OK;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	(void)a;
	recent_init(&s->seen, c->seed);
	s->now = INT64_MIN;
	if (c->clock == FIELD)
		times_reader(&s->reader, c->opt, c->in);
}

/* The clock goes on to record i's time, never back, and keys expire. */
static void
go_on(struct state *s, const struct conf *c, const struct vec *v, size_t i)
{
	int64_t now = s->now;

	if (c->clock == WINDOW) {
		now = v->batch->opened;
	} else if (c->clock == ARRIVAL) {
		now = i == 0 ? time_mono() : now;
	} else if (times_read(&s->reader, v->col[c->timecol][i], v->rec[i],
	    v->num[i], &now) != TIMES_FOUND) {
		return;
	}
	if (now <= s->now)
		return;
	s->now = now;
	if (now > INT64_MIN + c->dur)
		recent_expire(&s->seen, now - c->dur);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct slice room[VEC_MAX];
	const struct slice *key = keys_join(&c->by, v, &s->joined, room);
	uint16_t idx[VEC_MAX];
	size_t i, n = 0;

	recent_hash(&s->seen, key, v->n, s->hash);
	for (i = 0; i < v->n; i++) {
		if (c->dur > 0)
			go_on(s, c, v, i);
		if (recent_has(&s->seen, key[i], s->hash[i]))
			continue;
		if (c->max > 0 && recent_count(&s->seen) >= c->max) {
			tally_add(c->forgotten, 1, v->num[i], "dedup: -m is "
			    "reached; the oldest keys are forgotten early");
			recent_drop(&s->seen);
		}
		recent_add(&s->seen, key[i], s->hash[i], s->now);
		idx[n++] = (uint16_t)i;
	}
	return n > 0 ? emit_some(e, v, idx, n) : OK;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	recent_free(&s->seen);
	buf_free(&s->joined);
}

const struct op op_dedup = {
	.name = "dedup",
	.args = "[-t DUR] [-m N] [FIELDS]",
	.makes = "kept",
	.help = "drops what was seen before, in any batch (-t: within DUR)",
	.example = "dedup -t 10m 1",
	.traits = OP_ACROSS | OP_TIME,
	.with = "-t",
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.fini = fini
};
