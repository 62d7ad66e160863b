/* lookup - columns of the row that a file has for a key */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/format/pack.h"
#include "lib/run/alter.h"
#include "lib/run/args.h"
#include "lib/run/beside.h"
#include "lib/run/bind.h"
#include "lib/run/keys.h"

struct conf {
	struct keys by;			/* the stream's */
	struct beside_want want;
	struct beside *beside;
	struct field *as;		/* what each of the file's columns is
					   called in the stream */
	size_t n;
	bool keep, invert, bare;	/* -k, -v, -N */
	struct tally *missed;
	bool again;			/* FILE is read anew if it changes */
};

struct state {
	struct beside_rows *rows;
	bool begins;			/* a batch: the file may be another */
	struct buf joined;
	struct slice *val;		/* n times VEC_MAX */
	struct values *col;
};

/* OURS=THEIRS, or one word for both, whose last n bytes are not looked at. */
static int
read_pair(struct args *a, struct slice word, size_t n, struct field *ours,
    struct field *theirs)
{
	char *w = arena_str(a->arena, word);
	size_t eq;

	w[word.n - n] = '\0';
	eq = field_new(w);
	if (args_field(a, w + eq + (eq > 0), false, theirs) != OK)
		return FAIL;
	w[eq > 0 ? eq : word.n] = '\0';
	return args_field(a, w, false, ours);
}

static int
read_keys(struct conf *c, struct args *a, const char *w)
{
	static const struct slice net = { ":net", 4 };
	struct slice *part = field_list(slice_str(w), &c->by.n, a->arena);
	size_t i, n;

	c->want.nkeys = c->by.n;
	c->by.field = arena_zero(a->arena, c->by.n * sizeof *c->by.field);
	c->want.key = arena_zero(a->arena, c->by.n * sizeof *c->want.key);
	for (i = 0; i < c->by.n; i++) {
		n = part[i].n > net.n && memcmp(part[i].p + part[i].n - net.n,
		    net.p, net.n) == 0 ? net.n : 0;
		c->want.net |= n > 0;
		if (read_pair(a, part[i], n, &c->by.field[i],
		    &c->want.key[i]) != OK)
			return FAIL;
	}
	return c->want.net && c->by.n > 1 ?
	    args_fail(a, "a column of networks is the only key") : OK;
}

static int
read_values(struct conf *c, struct args *a, const char *w)
{
	struct slice *part = field_list(slice_str(w), &c->n, a->arena);
	struct field *f;
	size_t i;

	c->want.nvalues = c->n;
	c->as = arena_zero(a->arena, c->n * sizeof *c->as);
	c->want.value = arena_zero(a->arena, c->n * sizeof *c->want.value);
	for (i = 0; i < c->n; i++) {
		f = &c->want.value[i];
		if (read_pair(a, part[i], 0, &c->as[i], f) != OK)
			return FAIL;
		if (f->kind == FIELD_POS &&
		    memchr(part[i].p, '=', part[i].n) == NULL)
			c->as[i].kind = FIELD_WHOLE;	/* name_values */
	}
	return OK;
}

/* What is known by its position is called so behind the key's name. */
static void
name_values(struct conf *c, struct arena *a)
{
	const struct field *key = &c->by.field[0], *f;
	struct field *as = c->as;
	size_t i;

	if (as == NULL)
		c->as = as = arena_zero(a, (c->n + 1) * sizeof *as);
	for (i = 0; i < c->n; i++, as++) {
		f = &c->want.value[i];
		if (as->name.p == NULL)
			*as = *f;
		else if (as->kind != FIELD_WHOLE)
			continue;
		if (f->kind == FIELD_POS)
			*as = (struct field){ .kind = FIELD_NAME,
			    .name = slice_str(arena_printf(a, "%.*s_%d",
			    (int)key->name.n, key->name.p, f->pos)) };
	}
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	struct beside_rows *rows;
	const char *keys, *values;

	c->want.seed = a->opt->seed;
	c->want.header = !c->bare;
	if ((c->want.file = args_need(a, "FILE")) == NULL ||
	    (keys = args_need(a, "the key, [FIELD=]COLUMN,")) == NULL ||
	    read_keys(c, a, keys) != OK)
		return FAIL;
	values = args_maybe(a);
	if (c->invert && (c->keep || values != NULL))
		return args_fail(a, "-v passes records without a row: there "
		    "are no columns to add");
	if (values != NULL && read_values(c, a, values) != OK)
		return FAIL;
	c->want.others = values == NULL && !c->invert;
	c->want.words = arena_printf(a->arena, "%d %s %s", c->want.header,
	    keys, values != NULL ? values : c->invert ? "" : "*");
	c->beside = beside_open(&c->want, op->name, a->arena);
	c->n = c->want.nvalues;
	c->missed = tally_quiet(a->opt->diag, a->arena,
	    "that lookup found no row for");
	name_values(c, a->arena);
	if (c->beside == NULL)
		return FAIL;
	c->again = !a->opt->exact;
	rows = beside_rows(c->beside, false);
	options_need(a->opt, c->want.file, rows->hash);
	beside_let(c->beside, rows);
	return OK;
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	struct slice *name = arena_zero(b->arena, (c->n + 1) * sizeof *name);
	int *pos = arena_zero(b->arena, (c->n + 1) * sizeof *pos);
	unsigned char *flags = arena_zero(b->arena, c->n + 1);
	size_t i;

	c->by.col = arena_zero(b->arena, c->by.n * sizeof *c->by.col);
	for (i = 0; i < c->by.n; i++)
		if (bind_want(b, &c->by.field[i], 0, &c->by.col[i]) != OK)
			return FAIL;
	for (i = 0; i < c->n; i++) {
		if (alter_check(&c->as[i], b) != OK ||
		    (c->as[i].kind == FIELD_POS &&
		    bind_want(b, &c->as[i], WANT_NUMBER, NULL) != OK))
			return FAIL;
		name[i] = c->as[i].name;
		pos[i] = c->as[i].pos;
		flags[i] = COL_FILLED;
	}
	if (c->n > 0)
		bind_edit_at(b, name, pos, flags, c->n, false);
	return OK;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t j;

	s->rows = beside_rows(c->beside, false);
	s->val = mem_alloc((c->n + 1) * VEC_MAX * sizeof *s->val);
	s->col = mem_zero((c->n + 1) * sizeof *s->col);
	for (j = 0; j < c->n; j++)
		s->col[j].text = s->val + j * VEC_MAX;
}

/* The row of each record; those that have one are put to hit. */
static size_t
find_rows(const struct conf *c, struct state *s, const struct vec *v,
    uint32_t *row, uint16_t *hit)
{
	struct slice room[VEC_MAX];
	size_t i, k, n = 0;

	beside_find(s->rows, keys_join(&c->by, v, &s->joined, room), v->n, row);
	for (k = 0; k < c->by.n; k++)
		for (i = 0; i < v->n; i++)
			if (v->col[c->by.col[k]][i].p == NULL)
				row[i] = BESIDE_NONE;
	for (i = 0; i < v->n; i++)
		if ((row[i] == BESIDE_NONE) == c->invert)
			hit[n++] = (uint16_t)i;
	return n;
}

/* Their values, each fetched before it is looked at. */
static void
set_values(const struct conf *c, struct state *s, const uint32_t *row, size_t n)
{
	enum { AHEAD = 8 };
	const struct slice none = { NULL, 0 };
	struct slice val;
	size_t i, j, to;

	for (i = 0; i < n + AHEAD; i++) {
		if (i < n && row[i] != BESIDE_NONE)
			__builtin_prefetch(&s->rows->at[row[i] * c->n]);
		if (i < AHEAD)
			continue;
		to = i - AHEAD;
		for (j = 0; j < c->n; j++) {
			val = row[to] == BESIDE_NONE ? none :
			    beside_value(s->rows, row[to], j);
			__builtin_prefetch(val.p);
			s->val[j * VEC_MAX + to] = val;
		}
	}
}

/* Records i of hit with the columns that were found for them. */
static int
emit_hits(const struct conf *c, struct state *s, const struct vec *v,
    const uint16_t *hit, size_t n, struct emit *e)
{
	size_t i, j;
	int r = OK;

	if (n == v->n)
		return emit_edits(e, v, s->col, c->n);
	for (i = 0; i < n && r == OK; i++) {
		for (j = 0; j < c->n; j++)
			s->val[c->n * VEC_MAX + j] =
			    s->val[j * VEC_MAX + hit[i]];
		r = emit_edit(e, v, hit[i], s->val + c->n * VEC_MAX, NULL,
		    c->n);
	}
	return r;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint32_t row[VEC_MAX];
	uint16_t hit[VEC_MAX];
	size_t i, n;
	int r;

	if (s->begins) {
		beside_let(c->beside, s->rows);
		s->rows = beside_rows(c->beside, c->again);
		s->begins = false;
	}
	n = find_rows(c, s, v, row, hit);
	set_values(c, s, row, v->n);
	if (!c->keep && !c->invert)
		r = c->n == 0 ? emit_run(e, v, 0, v->n) :
		    emit_edits(e, v, s->col, c->n);
	else if (c->n == 0)
		r = n == 0 ? OK : emit_some(e, v, hit, n);
	else
		r = emit_hits(c, s, v, hit, n, e);
	for (i = 0, n = emit_counted(e, v); i < n; i++)
		c->missed->n += row[i] == BESIDE_NONE;
	return r;
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	s->begins = true;
}

/* The file that a run goes on with has the same bytes. */
static void
remember(void *vs, const void *vc, struct both *b)
{
	const struct state *s = vs;
	uint64_t hash = s->rows->hash;

	both_u64(b, &hash);
	both_expect(b, hash == s->rows->hash);
	if (both_bad(b))
		diag_warn("lookup: %s: it is not what it was when the state "
		    "was written", ((const struct conf *)vc)->want.file);
}

static void
fini(void *vs, const void *vc)
{
	const struct conf *c = vc;
	struct state *s = vs;

	beside_let(c->beside, s->rows);
	buf_free(&s->joined);
	free(s->val);
	free(s->col);
}

const struct op op_lookup = {
	.name = "lookup",
	.args = "[-k] [-v] [-N] FILE KEYS [COLUMNS]",
	.makes = "changed",
	.help = "columns of the row that a file has for a key or an address",
	.example = "lookup statuses.csv 9=status then cut 1,meaning",
	.shows = "192.0.2.10\tOK\n"
	    "192.0.2.10\tOK\n"
	    "198.51.100.7\tFound\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-k", keep, "only records that have a row"),
		FLAG("-v", invert, "only those that have none"),
		FLAG("-N", bare, "FILE has no header; its columns are "
		    "positions")),
	.see = "let join",
	.holds = "the rows of the file",
	.also = "enrich vlookup",
	.traits = OP_EACH | OP_FIELDS,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.reset = reset,
	.both = remember,
	.fini = fini
};
