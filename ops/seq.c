/* seq - the record that completes a sequence of steps within a time */
#include <string.h>

#include "mbatch.h"
#include "lib/agg/keyed.h"
#include "lib/agg/owned.h"
#include "lib/cli/caret.h"
#include "lib/expr/expr.h"
#include "lib/format/pack.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/run/clock.h"
#include "lib/run/keys.h"
#include "lib/run/ring.h"

enum { STEPS_MAX = 64, TIMES_MAX = UINT16_MAX, COLUMNS = 4 };

struct step {
	struct expr *expr;
	uint32_t n;			/* so many records */
};

struct conf {
	struct clock clock;
	struct keys by;
	struct step *step;
	size_t nsteps;
	bool unfinished;		/* -u */
	int64_t dur;			/* ns */
	uint64_t max;
	struct tally *forgotten;
};

/* How far a key has come. */
struct past {
	struct ring first;		/* the newest records of the first step;
					   mark: the step that is awaited,
					   count: records of that, if it isn't
					   the first */
	/* -u: the last record that matched, and its time */
	int64_t time;
	struct owned rec;
};

struct state {
	struct clock_run clock;
	struct keyed keys;		/* a state is a struct past, without -u
					   only its first */
	struct expr_run **run;		/* of each step */
	uint64_t match[VEC_MAX];	/* a bit for each step */
	struct arena text;		/* of records that were handed on */
};

static int
parse_steps(struct conf *c, struct args *a)
{
	const char *w;
	uint64_t n;

	for (n = 0; a->word[n] != NULL; n++)
		;
	c->step = arena_zero(a->arena, (n + 1) * sizeof *c->step);
	while ((w = args_maybe(a)) != NULL) {
		n = 1;
		if (args_is_number(w)) {
			if (args_count(a, "N", w, &n) != OK)
				return FAIL;
			if (n == 0 || n > TIMES_MAX)
				return args_fail(a, "N is from 1 to %d",
				    TIMES_MAX);
			if ((w = args_maybe(a)) == NULL)
				return args_fail(a, "the step that is to come "
				    "%s times is missing", a->word[-1]);
		}
		if (c->nsteps == STEPS_MAX)
			return args_fail(a, "there can be %d steps", STEPS_MAX);
		c->step[c->nsteps].n = (uint32_t)n;
		c->step[c->nsteps].expr = expr_new(a->opt, a->arena);
		if (caret_expr(a, c->step[c->nsteps++].expr, NULL, w,
		    EXPR_CONDITION) != OK)
			return FAIL;
	}
	return c->nsteps > 0 ? OK : args_fail(a, "a step is missing, an "
	    "expression: '$0 contains \"Failed\"'");
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;

	if (args_span(a, "DUR", &c->dur) != OK || parse_steps(c, a) != OK)
		return FAIL;
	return args_by(a, &c->by);
}

static int
bind(void *vc, struct bind *b)
{
	static const struct slice name[COLUMNS] = { { "seq_start", 9 },
	    { "seq_elapsed", 11 }, { "seq_count", 9 }, { "seq_step", 8 } };
	static const unsigned char flag[COLUMNS] = { COL_TIME, COL_NUMBER,
	    COL_NUMBER, COL_NUMBER };
	struct conf *c = vc;
	size_t k;

	c->forgotten = tally_new(b->opt->diag, b->arena,
	    "keys were forgotten early, as seq -m holds no more");
	if (clock_bind(&c->clock, b, "it goes", c->dur) != OK ||
	    keys_bind(&c->by, b) != OK)
		return FAIL;
	for (k = 0; k < c->nsteps; k++)
		if (expr_bind(c->step[k].expr, b) != OK)
			return FAIL;
	clock_warn(b);
	bind_edit(b, name, flag, c->unfinished ? COLUMNS : COLUMNS - 1, false);
	return OK;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t k;

	clock_init(&s->clock, &c->clock);
	keyed_init(&s->keys, c->unfinished ? sizeof(struct past) :
	    offsetof(struct past, time), c->by.seed);
	s->run = arena_zero(a, c->nsteps * sizeof *s->run);
	for (k = 0; k < c->nsteps; k++)
		s->run[k] = expr_run_new(c->step[k].expr);
}

static void
forget(struct state *s, const struct conf *c, uint32_t at)
{
	struct past *p = keyed_state(&s->keys, at);

	keyed_leave(&s->keys, at);
	ring_free(&p->first);
	if (c->unfinished)
		owned_reset(&p->rec);
	keyed_give(&s->keys, at);
}

/* A record of a sequence, at that time, with its columns.  step: that it
   matches. */
static int
put(struct state *s, const struct conf *c, const struct past *p,
    struct slice rec, uint64_t num, int64_t time, size_t step, struct emit *e)
{
	int64_t start = ring_get(&p->first, 0);
	char text[TIME_MAX + 3 * NUMBER_MAX], *t = text;
	struct slice val[COLUMNS];
	uint64_t n = p->first.count;
	size_t k;

	for (k = 0; k < p->first.mark; k++)
		n += c->step[k].n;
	val[0] = (struct slice){ t, clock_put(&s->clock, t, start) };
	t += val[0].n;
	val[1] = (struct slice){ t, number_put_decimal(t,
	    time_less(time, start), 9) };
	t += val[1].n;
	val[2] = (struct slice){ t, number_put_u64(t, n) };
	t += val[2].n;
	val[3] = (struct slice){ t, number_put_u64(t, step) };
	return emit_edit(e, &(struct vec){ .n = 1, .rec = &rec, .num = &num },
	    0, val, NULL, c->unfinished ? COLUMNS : COLUMNS - 1);
}

/* Its next step did not come: of what came the last record is told, for record
   num. */
static int
put_unfinished(struct state *s, const struct conf *c, const struct past *p,
    uint64_t num, struct emit *e)
{
	return put(s, c, p, arena_copy(&s->text, owned_get(&p->rec)), num,
	    p->time, p->first.mark + (p->first.count > 0), e);
}

/* Keys leave of which nothing is held any more.  *told: whether something was
   handed on. */
static int
expire(struct state *s, const struct conf *c, uint64_t num, struct emit *e,
    bool *told)
{
	int64_t old = time_less(s->clock.now, c->dur);
	const struct past *p;
	uint32_t at;

	while ((at = keyed_due(&s->keys, old)) != KEYED_NONE) {
		p = keyed_state(&s->keys, at);
		if (c->unfinished && p->first.mark > 0) {
			*told = true;
			if (put_unfinished(s, c, p, num, e) == FAIL)
				return FAIL;
		}
		forget(s, c, at);
	}
	return OK;
}

/* The key as it is, or as it begins with record i; KEYED_NONE: that is of no
   sequence. */
static uint32_t
key_of(struct state *s, const struct conf *c, const struct vec *v, size_t i,
    struct slice key, uint64_t hash)
{
	uint32_t at = keyed_find(&s->keys, key, hash);

	if (at != KEYED_NONE || (s->match[i] & 1) == 0)
		return at;
	if (c->max > 0 && s->keys.n >= c->max) {
		tally_add(c->forgotten, 1, v->num[i], "seq: -m is reached; "
		    "the oldest keys are forgotten early");
		forget(s, c, s->keys.oldest);
	}
	return keyed_add(&s->keys, key, hash, s->clock.now);
}

/* The time is over for what came of it: the first step is to come again, which
   is still held if nothing followed it. */
static int
lapse(struct state *s, const struct conf *c, struct past *p, uint64_t num,
    struct emit *e)
{
	if (c->unfinished && put_unfinished(s, c, p, num, e) == FAIL)
		return FAIL;
	if (p->first.mark > 1 || p->first.count > 0)
		ring_clear(&p->first);
	p->first.mark = p->first.count = 0;
	return OK;
}

/* Whether record i is a step further; what it is in the sequence is noted. */
static bool
advance(struct state *s, const struct conf *c, uint32_t at, uint64_t match)
{
	struct past *p = keyed_state(&s->keys, at);
	int64_t now = s->clock.now;
	uint32_t most = c->step[0].n, awaited = p->first.mark;

	if (awaited > 0 && (match >> awaited & 1) != 0) {
		if (++p->first.count == c->step[awaited].n) {
			p->first.mark++;
			p->first.count = 0;
		}
		return true;
	}
	if ((match & 1) == 0 ||
	    (awaited > 0 && (awaited > 1 || p->first.count > 0 || most == 1)))
		return false;
	ring_add(&p->first, now, most);
	keyed_touch(&s->keys, at, now);
	if (p->first.n == most &&
	    ring_get(&p->first, 0) > time_less(now, c->dur))
		p->first.mark = 1;
	return true;
}

/* Record i, which matches some step. */
static int
take(struct state *s, const struct conf *c, const struct vec *v, size_t i,
    struct slice key, uint64_t hash, struct emit *e)
{
	uint32_t at = key_of(s, c, v, i, key, hash);
	struct past *p;
	int r;

	if (at == KEYED_NONE)
		return OK;
	p = keyed_state(&s->keys, at);
	if (p->first.mark > 0 && ring_get(&p->first, 0) <=
	    time_less(s->clock.now, c->dur) &&
	    lapse(s, c, p, v->num[i], e) == FAIL)
		return FAIL;
	if (!advance(s, c, at, s->match[i])) {
		if (p->first.n == 0)
			forget(s, c, at);
		return OK;
	}
	if (p->first.mark == c->nsteps) {
		r = put(s, c, p, v->rec[i], v->num[i], s->clock.now,
		    c->nsteps, e);
		forget(s, c, at);
		return r;
	}
	if (c->unfinished) {
		owned_set(&p->rec, v->rec[i]);
		p->time = s->clock.now;
	}
	return OK;
}

/* Which steps each record matches. */
static void
match(struct state *s, const struct conf *c, const struct vec *v)
{
	uint16_t idx[VEC_MAX];
	size_t i, k, n;

	memset(s->match, 0, v->n * sizeof *s->match);
	for (k = 0; k < c->nsteps; k++) {
		n = expr_select(s->run[k], v, 1, idx);
		for (i = 0; i < n; i++)
			s->match[idx[i]] |= (uint64_t)1 << k;
	}
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct slice room[VEC_MAX];
	uint64_t hash[VEC_MAX];
	const struct slice *key = keyed_keys(&s->keys, &c->by, v, room, hash);
	bool told = false;
	int64_t own;
	size_t i;
	int r = OK;

	arena_reset(&s->text);
	clock_vec(&s->clock);
	match(s, c, v);
	for (i = 0; i < v->n && r == OK; i++) {
		if (!clock_take(&s->clock, v, i, &own, e, &r))
			continue;
		if (expire(s, c, v->num[i], e, &told) == FAIL ||
		    (s->match[i] != 0 && take(s, c, v, i, key[i], hash[i],
		    e) == FAIL))
			return FAIL;
	}
	return r;
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	struct state *s = vs;
	bool told = false;

	arena_reset(&s->text);
	clock_batch(&s->clock, b);
	return expire(s, vc, 0, e, &told);
}

static size_t
watch(void *vs, struct pollfd *fd, size_t max, int64_t *wake)
{
	struct state *s = vs;

	if (s->keys.size == sizeof(struct past) && s->keys.n > 0)
		clock_watch(&s->clock, keyed_first(&s->keys), wake);
	return 0;
}

/* What still may be finished as the input ends is not unfinished. */
static int
timer(void *vs, const void *vc, int64_t mono, struct emit *e)
{
	struct state *s = vs;
	bool told = false;

	if (mono == TIMER_END)
		return OK;
	arena_reset(&s->text);
	clock_silent(&s->clock, mono);
	if (expire(s, vc, 0, e, &told) == FAIL)
		return FAIL;
	return told ? DONE : OK;
}

static void
both_past(void *vs, const void *vc, uint32_t at, struct both *b)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct past *p = keyed_state(&s->keys, at);

	ring_both(&p->first, s->clock.offset, c->step[0].n, b);
	both_expect(b, p->first.n > 0 && p->first.mark < c->nsteps &&
	    p->first.count < c->step[p->first.mark].n);
	if (!c->unfinished)
		return;
	both_time(b, &p->time, s->clock.offset);
	owned_both(&p->rec, b);
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
	struct past *p;
	size_t i;

	for (i = 0; i < s->keys.used; i++) {
		p = keyed_state(&s->keys, (uint32_t)i);
		ring_free(&p->first);
		if (c->unfinished)
			owned_free(&p->rec);
	}
	for (i = 0; i < c->nsteps; i++)
		expr_run_free(s->run[i]);
	arena_free(&s->text);
	keyed_free(&s->keys);
}

const struct op op_seq = {
	.name = "seq",
	.args = "[-u] [-m N] DUR [N] EXPR [[N] EXPR]... [by KEYS]",
	.makes = "changed",
	.help = "the record that completes a sequence of steps within DUR",
	.example = "-T 0 seq 1h '$9=302' '$10>9000' by 1 then cut 1,-2",
	.shows = "198.51.100.7\t270\n",
	.flags = OP_FLAGS(
		FLAG("-u", unfinished, "tells of sequences that were not "
		    "completed, too"),
		FLAG_OR("-m", max, KEYED_KEYS, "keys held at most (1M; 0: any "
		    "number)")),
	.see = "burst session expressions",
	.holds = "where each key is, and its newest records",
	.also = "scan",
	.traits = OP_ACROSS | OP_TIME,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.watch = watch,
	.timer = timer,
	.both = remember,
	.fini = fini
};
