/* session - runs of a key's records without a gap */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/agg/agg.h"
#include "lib/agg/grouped.h"
#include "lib/agg/keyed.h"
#include "lib/agg/partial.h"
#include "lib/format/pack.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/run/clock.h"
#include "lib/run/keys.h"

/*
 * The states of --partial are of sessions as if start and end were two keys
 * more, in ns: --merge joins those of one key without the gap between, which
 * makes of parts what the whole has.
 */
struct conf {
	struct grouping group;
	struct clock clock;
	struct keys by;
	bool saves, loads;		/* --partial; --merge */
	int64_t gap;			/* ns */
	uint64_t max;
	struct tally *early;
};

struct span {			/* of the records' own times */
	int64_t from, to;
};

/* One that is to be shown. */
struct over {
	uint32_t at;
	bool open;			/* it is not over in truth */
	uint64_t num;			/* of the record that showed it */
};

struct state {
	struct grouped group;		/* --merge: sessions as they came */
	struct clock_run clock;
	struct keyed keys;		/* open sessions: a state is a struct
					   span */
	char *acc;			/* and their aggregates */
	size_t naccs;
	void **shared;
	struct over *over;
	size_t nover, cap;
	struct buf text;
};

/* A session that was read, or several in one. */
struct part {
	struct slice key;		/* and its tab */
	struct span span;
	uint32_t at;			/* in the groups */
};

GROUPED_FIRST(struct conf, group, struct state, group);

/* The states' keys. */
static int
parse_states(struct conf *c, struct args *a)
{
	struct field *f = arena_zero(a->arena, (c->by.n + 2) * sizeof *f);

	if ((a->opt->partial || a->opt->merge) && a->opt->event_time)
		return args_fail(a, "sessions go on from window to window: "
		    "--partial and --merge have them without -w");
	if (c->by.n > 0)
		memcpy(f, c->by.field, c->by.n * sizeof *f);
	f[c->by.n].text = "start";
	f[c->by.n + 1].text = arena_printf(a->arena, "end+%" PRId64, c->gap);
	c->group.by = (struct keys){ .field = f, .n = c->by.n + 2 };
	grouping_done(&c->group, a);
	c->group.shown = &c->by;
	c->group.max = 0;
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	if (args_span(a, "GAP", &c->gap) != OK)
		return FAIL;
	if ((w = args_maybe(a)) == NULL)
		aggs_count(&c->group.aggs, a);
	else if (aggs_parse(&c->group.aggs, a, w) != OK)
		return FAIL;
	aggs_forgetful(&c->group.aggs);
	aggs_date(&c->group.aggs, a->opt);
	if (args_by(a, &c->by) != OK)
		return FAIL;
	return parse_states(c, a);
}

/* The keys, start, end, duration, the aggregates, open. */
static void
set_columns(struct conf *c, struct bind *b)
{
	size_t i, n = c->by.n, all = n + 3 + c->group.aggs.ncol + 1;
	struct slice *name = arena_zero(b->arena, all * sizeof *name);
	unsigned char *flag = arena_zero(b->arena, all);

	partial_names(&c->group, b, name, flag);
	name[n] = SLICE("start");
	name[n + 1] = SLICE("end");
	flag[n] = flag[n + 1] = COL_TIME;
	name[n + 2] = SLICE("duration");
	flag[n + 2] = COL_NUMBER;
	n += 3;
	for (i = 0; i < c->group.aggs.ncol; i++, n++) {
		name[n] = c->group.aggs.col[i].name;
		flag[n] = (c->group.aggs.col[i].agg->traits & AGG_TEXT) != 0 ?
		    0 : COL_NUMBER;
	}
	name[n] = SLICE("open");
	flag[n] = COL_NUMBER;
	bind_made(b, name, flag, all);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	c->early = tally_new(b->opt->diag, b->arena,
	    "sessions came before they were over, as session -m holds no more");
	c->saves = (b->op->traits & OP_SAVES) != 0;
	c->loads = (b->op->traits & OP_LOADS) != 0;
	if (c->loads) {
		c->clock.opt = b->opt;
		set_columns(c, b);
		return OK;
	}
	if (c->saves && b->opt->time == NULL)
		return bind_fail(b, "with --partial it needs the records' own "
		    "time, -T FIELD");
	if (clock_bind(&c->clock, b, "it goes", c->gap) != OK ||
	    keys_bind(&c->by, b) != OK || aggs_bind(&c->group.aggs, b) != OK)
		return FAIL;
	set_columns(c, b);
	return OK;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	if (c->loads)
		grouped_init(vs, vc, a);
	clock_init(&s->clock, &c->clock);
	keyed_init(&s->keys, sizeof(struct span), c->by.seed);
	s->shared = aggs_open(&c->group.aggs, true);
}

static struct agg_group
group_at(const struct state *s, const struct conf *c, uint32_t at)
{
	return (struct agg_group){ s->acc + at * c->group.aggs.size,
	    s->shared, at };
}

static struct agg_group
merged_at(const struct grouped *g, uint32_t at)
{
	return (struct agg_group){ groups_acc(&g->groups, at), g->shared, at };
}

/* The oldest session is closed; it is shown later, as record num. */
static void
close_oldest(struct state *s, bool open, uint64_t num)
{
	uint32_t at = s->keys.oldest;

	MEM_RESERVE(s->over, s->cap, s->nover + 1);
	s->over[s->nover++] = (struct over){ at, open, num };
	keyed_leave(&s->keys, at);
}

/* Those close of which no record came for the gap. */
static void
close_due(struct state *s, const struct conf *c, uint64_t num)
{
	int64_t last = time_less(s->clock.now, c->gap);

	while (keyed_due(&s->keys, last) != KEYED_NONE)
		close_oldest(s, false, num);
}

/* Aggregates for all places. */
static void
grow(struct state *s, const struct conf *c)
{
	if (s->naccs == s->keys.cap)
		return;
	s->acc = mem_grow(s->acc, s->keys.cap * c->group.aggs.size);
	memset(s->acc + s->naccs * c->group.aggs.size, 0,
	    (s->keys.cap - s->naccs) * c->group.aggs.size);
	s->naccs = s->keys.cap;
}

static uint32_t
open_session(struct state *s, const struct conf *c, struct slice key,
    uint64_t hash, int64_t own)
{
	uint32_t at = keyed_add(&s->keys, key, hash, s->clock.now);

	grow(s, c);
	*(struct span *)keyed_state(&s->keys, at) = (struct span){ own, own };
	return at;
}

/* The session that a record of record num's own time belongs to. */
static uint32_t
session_of(struct state *s, const struct conf *c, struct slice key,
    uint64_t hash, int64_t own, uint64_t num)
{
	uint32_t at;
	struct span *p;

	close_due(s, c, num);
	at = keyed_find(&s->keys, key, hash);
	if (at == KEYED_NONE) {
		if (c->max > 0 && s->keys.n >= c->max) {
			tally_add(c->early, 1, num, "session: -m is reached; "
			    "the oldest sessions come before they are over");
			close_oldest(s, true, num);
		}
		return open_session(s, c, key, hash, own);
	}
	keyed_touch(&s->keys, at, s->clock.now);
	p = keyed_state(&s->keys, at);
	if (own < p->from)
		p->from = own;
	if (own > p->to)
		p->to = own;
	return at;
}

/* A row.  key: its fields as they are written. */
static int
put_row(struct state *s, const struct conf *c, struct slice key,
    const struct span *p, struct agg_group group, bool open, uint64_t num,
    struct emit *e)
{
	struct buf *b = emit_buf(e);
	size_t i;

	buf_slice(b, key);
	b->n += clock_put(&s->clock, buf_room(b, TIME_MAX), p->from);
	buf_char(b, '\t');
	b->n += clock_put(&s->clock, buf_room(b, TIME_MAX), p->to);
	buf_char(b, '\t');
	b->n += number_put_decimal(buf_room(b, NUMBER_MAX),
	    time_less(p->to, p->from), 9);
	buf_char(b, '\t');
	for (i = 0; i < c->group.aggs.ncol; i++) {
		aggs_put(&c->group.aggs, &group, i, b);
		buf_char(b, '\t');
	}
	buf_char(b, open ? '1' : '0');
	return emit_bytes(e, buf_text(b), num);
}

/* A row, or a state. */
static int
put(struct state *s, const struct conf *c, const struct over *o, struct emit *e)
{
	const struct span *p = keyed_state(&s->keys, o->at);
	struct agg_group group = group_at(s, c, o->at);
	struct buf *b = &s->text;

	b->n = 0;
	(void)buf_room(b, 1);
	keys_put(&c->by, keyed_key(&s->keys, o->at), b);
	if (c->by.n > 0)
		buf_char(b, '\t');
	if (!c->saves)
		return put_row(s, c, buf_text(b), p, group, o->open, o->num, e);
	b->n += number_put_i64(buf_room(b, NUMBER_MAX), p->from);
	buf_char(b, '\t');
	b->n += number_put_i64(buf_room(b, NUMBER_MAX), p->to);
	return partial_put(&c->group, buf_text(b), group,
	    &(struct extent){ .known = false }, (struct standing){ 0 }, e);
}

/* What was closed is shown, and forgotten.  OK, DONE if there was some, or
   FAIL. */
static int
show(struct state *s, const struct conf *c, struct emit *e)
{
	size_t i, n = s->nover;
	int r = OK;

	for (i = 0; i < n; i++) {
		if (r == OK)
			r = put(s, c, &s->over[i], e);
		aggs_leave(&c->group.aggs, group_at(s, c, s->over[i].at));
		keyed_give(&s->keys, s->over[i].at);
	}
	s->nover = 0;
	aggs_tidy(&c->group.aggs, s->shared, s->acc, s->keys.used);
	return r == FAIL ? FAIL : n > 0 ? DONE : OK;
}

/* Sessions that close stay in their place until all records of the vector were
   added to theirs.  Records without a time are those of one that nobody
   sees. */
static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct slice room[VEC_MAX];
	uint64_t hash[VEC_MAX];
	uint32_t group[VEC_MAX], none = KEYED_NONE;
	const struct slice *key = keyed_keys(&s->keys, &c->by, v, room, hash);
	struct vec some = *v;
	int64_t own;
	size_t i;
	int r = OK;

	clock_vec(&s->clock);
	for (i = 0; i < v->n; i++) {
		if (clock_take(&s->clock, v, i, &own, e, &r)) {
			group[i] = session_of(s, c, key[i], hash[i], own,
			    v->num[i]);
			continue;
		}
		if (r != OK)
			break;
		if (none == KEYED_NONE) {
			none = open_session(s, c, key[i], hash[i], own);
			keyed_leave(&s->keys, none);
		}
		group[i] = none;
	}
	some.n = i;
	if (i > 0)
		aggs_add(&c->group.aggs, s->shared, s->acc, group, &some);
	if (none != KEYED_NONE) {
		aggs_leave(&c->group.aggs, group_at(s, c, none));
		keyed_give(&s->keys, none);
	}
	return show(s, c, e) == FAIL ? FAIL : r;
}

static int
by_key(const void *va, const void *vb)
{
	const struct part *a = va, *b = vb;
	int c = slice_cmp(a->key, b->key);

	if (c == 0)
		c = (a->span.from > b->span.from) - (a->span.from <
		    b->span.from);
	return c != 0 ? c : (a->span.to > b->span.to) - (a->span.to <
	    b->span.to);
}

static int
by_end(const void *va, const void *vb)
{
	const struct part *a = va, *b = vb;
	int c = (a->span.to > b->span.to) - (a->span.to < b->span.to);

	return c != 0 ? c : by_key(va, vb);
}

/* What stands in a group's key; false: garbled. */
static bool
get_part(const struct grouped *g, size_t i, struct part *p)
{
	struct slice s = groups_key(&g->groups, i), rest = s;
	size_t tabs = 2;

	while (s.n > 0 && (s.p[s.n - 1] != '\t' || --tabs > 0))
		s.n--;
	if (tabs > 0)		/* no key: start and end alone */
		s.n = 0;
	p->key = s;
	p->at = (uint32_t)i;
	slice_skip(&rest, s.n);
	return number_int(&p->span.from, line_word(&rest, '\t')) &&
	    number_int(&p->span.to, rest) && p->span.from <= p->span.to;
}

/* Sessions of one key without the gap between become one: how many are left. */
static size_t
join_parts(struct grouped *g, const struct conf *c, struct part *p, size_t n)
{
	size_t i, to = 0;

	qsort(p, n, sizeof *p, by_key);
	for (i = 1; i < n; i++) {
		struct part *last = &p[to];

		if (!slice_eq(last->key, p[i].key) ||
		    time_less(p[i].span.from, last->span.to) >= c->gap) {
			p[++to] = p[i];
			continue;
		}
		if (p[i].span.to > last->span.to)
			last->span.to = p[i].span.to;
		aggs_merge(&c->group.aggs, merged_at(g, last->at),
		    merged_at(g, p[i].at));
	}
	return n == 0 ? 0 : to + 1;
}

/* --merge: as one run over all had them. */
static int
flush_merged(struct state *s, const struct conf *c, struct emit *e)
{
	struct grouped *g = &s->group;
	size_t i, n = g->groups.n;
	struct part *p = mem_alloc((n + 1) * sizeof *p);
	int64_t last;
	int r = OK;

	for (i = 0; i < n && r == OK; i++)
		if (!get_part(g, i, &p[i]))
			r = diag_warn("session: a garbled state");
	n = r == OK ? join_parts(g, c, p, n) : 0;
	if (n > 0)
		qsort(p, n, sizeof *p, by_end);
	last = n == 0 ? 0 : time_less(p[n - 1].span.to, c->gap);
	for (i = 0; i < n && r == OK; i++)
		r = put_row(s, c, p[i].key, &p[i].span, merged_at(g, p[i].at),
		    p[i].span.to > last, 0, e);
	free(p);
	grouped_reset(s, c);
	return r;
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;

	if (c->loads)
		return flush_merged(s, c, e);
	clock_batch(&s->clock, b);
	close_due(s, c, 0);
	return show(s, c, e) == FAIL ? FAIL : OK;
}

static int
save(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	int r;

	if (!c->loads)
		return flush(vs, vc, b, e);
	r = grouped_save(vs, vc, b, e);
	grouped_reset(vs, vc);
	return r;
}

static size_t
watch(void *vs, struct pollfd *fd, size_t max, int64_t *wake)
{
	struct state *s = vs;

	if (s->keys.n > 0)
		clock_watch(&s->clock, keyed_first(&s->keys), wake);
	return 0;
}

static int
timer(void *vs, const void *vc, int64_t mono, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;

	if (mono != TIMER_END) {
		clock_silent(&s->clock, mono);
		close_due(s, c, 0);
	}
	while (mono == TIMER_END && s->keys.n > 0)
		close_oldest(s, true, 0);
	return show(s, c, e);
}

static void
both_session(void *vs, const void *vc, uint32_t at, struct both *b)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct span *p = keyed_state(&s->keys, at);

	grow(s, c);
	both_time(b, &p->from, s->clock.offset);
	both_time(b, &p->to, s->clock.offset);
	aggs_both(&c->group.aggs, group_at(s, c, at), b);
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	struct state *s = vs;

	clock_both(&s->clock, b);
	aggs_both_times(&((const struct conf *)vc)->group.aggs, s->shared, b);
	keyed_both(&s->keys, s->clock.offset, b, vs, vc, both_session);
}

static void
fini(void *vs, const void *vc)
{
	const struct conf *c = vc;
	struct state *s = vs;

	if (s->naccs > 0)
		aggs_free(&c->group.aggs, s->acc, s->naccs);
	aggs_close(&c->group.aggs, s->shared);
	if (c->loads)
		grouped_fini(vs, vc);
	free(s->acc);
	free(s->over);
	buf_free(&s->text);
	keyed_free(&s->keys);
}

const struct op op_session = {
	.name = "session",
	.args = "[-m N] GAP [AGGS] [by KEYS]",
	.makes = "made",
	.help = "runs of records without GAP between: start, end, aggregates",
	.example = "-T 0 session 30m count by 1 then cut 1,2,4,5",
	.shows = "203.0.113.9\t2026-10-06T09:00:02Z\t29\t2\n"
	    "192.0.2.10\t2026-10-06T08:58:12Z\t175\t3\n"
	    "192.0.2.44\t2026-10-06T09:03:55Z\t0\t1\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG_OR("-m", max, KEYED_KEYS, "keys held at most; the oldest "
		    "is closed first")),
	.see = "seq burst stats",
	.holds = "the open sessions",
	.also = "sessionize transaction",
	.traits = OP_ACROSS | OP_TIME | OP_MERGE | OP_WHOLE,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.save = save,
	.load = grouped_load,
	.watch = watch,
	.timer = timer,
	.both = remember,
	.fini = fini
};
