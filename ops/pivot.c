/* pivot - the values of one field become columns, with another one's values */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/group.h"
#include "lib/format/fmt.h"
#include "lib/format/pack.h"
#include "lib/run/args.h"

struct conf {
	struct field name, value;
	size_t name_col, value_col;
	struct keys by;
	bool rest;			/* the key is what else a record has */
	struct slice *key;		/* what KEYS are called */
	bool *filled;			/* of each: with nothing it is absent */
	const char *values;		/* -c, or NULL */
	struct slice *fixed;		/* which these are */
	size_t nfixed;
	bool zero;			/* cells that are absent are 0 */
	struct tally *others, *twice;
};

/* The cells of a row as far as it has any; p NULL: absent. */
struct line {
	struct slice *v;
	size_t cap;
};

struct state {
	struct groups rows;		/* an accumulator is a struct line */
	struct groups names;		/* of the columns */
	size_t known;			/* of these each batch has them */
	bool begun;			/* some batch had some */
	struct arena text;		/* of the cells */
	struct arena part;		/* of one row's keys */
	struct cells row, rest;
	struct buf key;
};

static const struct keys one_key = { .n = 1 };

/* VALUES, each a text even if it is a number. */
static int
read_fixed(struct conf *c, struct args *a)
{
	struct field *f;
	size_t i, k;

	if (args_fields(a, c->values, false, &f, &c->nfixed) != OK)
		return FAIL;
	c->fixed = arena_zero(a->arena, c->nfixed * sizeof *c->fixed);
	for (i = 0; i < c->nfixed; i++) {
		c->fixed[i] = f[i].name;
		for (k = 0; k < i; k++)
			if (slice_eq(c->fixed[k], f[i].name))
				return args_fail(a, "-c has %s twice",
				    diag_quote(f[i].name.p, f[i].name.n));
	}
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *name, *value;

	if ((c->values != NULL && read_fixed(c, a) != OK) ||
	    (name = args_need(a, "NAME")) == NULL ||
	    (value = args_need(a, "VALUE")) == NULL ||
	    args_field(a, name, true, &c->name) != OK ||
	    args_field(a, value, false, &c->value) != OK)
		return FAIL;
	if (c->nfixed == 0)	/* the first batch's columns are remembered */
		op->traits |= OP_ACROSS;
	return args_by(a, &c->by);
}

/* Without KEYS, where each record names its fields: all but these. */
static int
key_is_rest(struct conf *c, struct bind *b)
{
	const struct format *f = b->in->format;

	if ((f->traits & FMT_NAMED) == 0 || f->pick != NULL)
		return bind_fail(b, "by KEYS is missing: which columns %s "
		    "records have isn't known before they come", f->name);
	if (c->name.npath > 1 || c->value.npath > 1)
		return bind_fail(b, "by KEYS is missing: %s is within a "
		    "member", c->name.npath > 1 ? c->name.text : c->value.text);
	c->rest = b->whole = true;
	return OK;
}

/* Without KEYS: all columns but NAME and VALUE. */
static int
other_keys(struct conf *c, struct bind *b)
{
	const struct shape *in = b->in;
	const struct column *name = shape_field(in, &c->name);
	const struct column *value = shape_field(in, &c->value), *is;
	struct field *f;

	if (!in->closed)
		return key_is_rest(c, b);
	if (in->ncol > TAKE_MOST)
		return bind_fail(b, "by KEYS is missing: %zu columns are too "
		    "many to be keys", in->ncol);
	c->by.field = arena_zero(b->arena, (in->ncol + 1) *
	    sizeof *c->by.field);
	for (is = in->col; is < in->col + in->ncol; is++) {
		if (is == name || is == value)
			continue;
		f = &c->by.field[c->by.n++];
		f->kind = FIELD_POS;
		f->pos = is->pos;
		f->name = is->name;
		f->text = arena_str(b->arena, is->name);
	}
	return OK;
}

/* Columns that aren't known before they come are members of JSON, which is
   made: what leaves so has a header line. */
static void
set_shape(const struct conf *c, struct bind *b, struct slice *name,
    unsigned char *flags, unsigned char cell)
{
	size_t i, n = c->by.n;

	for (i = 0; i < c->nfixed; i++) {
		name[n + i] = c->fixed[i];
		flags[n + i] = cell;
	}
	if (c->nfixed > 0 && !c->rest) {
		bind_made(b, name, flags, n + c->nfixed);
		return;
	}
	shape_init(b->out, &format_json, NULL, 0);
	b->out->made = true;
}

static int
bind(void *vc, struct bind *b)
{
	const unsigned passed = COL_NUMBER | COL_TIME | COL_FILLED | COL_ZERO;
	struct conf *c = vc;
	const struct column *is;
	unsigned char *flags;
	size_t i;

	if (bind_want(b, &c->name, WANT_KEY, &c->name_col) != OK ||
	    bind_want(b, &c->value, 0, &c->value_col) != OK ||
	    (c->by.n == 0 && other_keys(c, b) != OK) ||
	    keys_bind(&c->by, b) != OK)
		return FAIL;
	is = shape_field(b->in, &c->value);
	c->zero = is != NULL && (is->flags & COL_ZERO) != 0;
	c->key = arena_zero(b->arena, (c->by.n + c->nfixed + 1) *
	    sizeof *c->key);
	c->filled = arena_zero(b->arena, c->by.n + 1);
	flags = arena_zero(b->arena, c->by.n + c->nfixed + 1);
	keys_names(&c->by, b->in, c->key, flags);
	for (i = 0; i < c->by.n; i++)
		c->filled[i] = (flags[i] & (COL_NUMBER | COL_FILLED)) != 0;
	set_shape(c, b, c->key, flags, is == NULL ? COL_FILLED :
	    (unsigned char)((is->flags & passed) | COL_FILLED));
	c->others = tally_new(b->opt->diag, b->arena, "records were of other "
	    "columns than those of pivot -c and were left out");
	c->twice = tally_new(b->opt->diag, b->arena, "values came for a cell "
	    "that had one: the last one counts");
	return OK;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint32_t idx;
	size_t i;

	groups_init(&s->rows, c->rest ? &one_key : &c->by,
	    sizeof(struct line), c->by.seed);
	groups_init(&s->names, &one_key, 1, c->by.seed);
	for (i = 0; i < c->nfixed; i++)
		groups_find_keys(&s->names, &c->fixed[i], 1, &idx);
	s->names.max = s->known = c->nfixed;
}

/* Whether it had a value. */
static bool
set_cell(struct state *s, uint32_t row, uint32_t col, struct slice val)
{
	struct line *l = groups_acc(&s->rows, row);
	size_t had = l->cap;
	bool was;

	if (col >= had) {
		MEM_RESERVE(l->v, l->cap, col + 1);
		memset(l->v + had, 0, (l->cap - had) * sizeof *l->v);
	}
	was = l->v[col].p != NULL;
	l->v[col] = arena_copy(&s->text, val);
	return was;
}

/* The row of record i: its other members, as a JSON object, are the key.
   TABLE_FULL: it can't be read, which was told; *r is then what that means. */
static uint32_t
rest_row(struct state *s, const struct conf *c, const struct vec *v, size_t i,
    struct emit *e, int *r)
{
	const struct format *f = v->shape->format;
	struct slice key;
	const char *why;
	struct cell *x;
	size_t k, at;
	uint32_t row;

	why = f->split(v->shape, v->rec[i], &s->rest, &at);
	if (why != NULL) {
		*r = emit_bad(e, v->rec[i], v->num[i], why, at);
		return TABLE_FULL;
	}
	arena_reset(&s->part);
	s->row.n = 0;
	for (k = 0; k < s->rest.n; k++) {
		x = &s->rest.c[k];
		if (slice_eq(x->name, c->name.name) ||
		    slice_eq(x->name, c->value.name))
			continue;
		if (f == &format_json)
			cells_add(&s->row, x->name, x->val, x->raw);
		else
			cells_add(&s->row, x->name, f->decode(x->val,
			    &s->part), false);
	}
	s->key.n = 0;
	format_json.put(&s->key, NULL, s->row.c, s->row.n);
	key = buf_text(&s->key);
	groups_find_keys(&s->rows, &key, 1, &row);
	return row;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	const struct slice *name = v->col[c->name_col];
	const struct slice *val = v->col[c->value_col];
	uint32_t row[VEC_MAX], col[VEC_MAX];
	size_t i;
	int r = OK;

	if (!c->rest)
		groups_find(&s->rows, &c->by, v, row);
	groups_find_keys(&s->names, name, v->n, col);
	for (i = 0; i < v->n && r == OK; i++) {
		if (c->rest)
			row[i] = rest_row(s, c, v, i, e, &r);
		if (row[i] == TABLE_FULL)
			continue;
		if (c->nfixed > 0 && col[i] >= c->nfixed)
			tally_add(c->others, 1, v->num[i], "pivot: -c does "
			    "not have %s, which is left out",
			    diag_quote(name[i].p, name[i].n));
		else if (val[i].p != NULL && set_cell(s, row[i], col[i],
		    val[i]))
			tally_add(c->twice, 1, v->num[i], "pivot: there is a "
			    "value of %s for these keys already; the last one "
			    "counts", diag_quote(name[i].p, name[i].n));
	}
	return r;
}

static bool
is_key(const struct cells *row, size_t keys, struct slice name)
{
	size_t i = 0;

	while (i < keys && !slice_eq(row->c[i].name, name))
		i++;
	return i < keys;
}

/* Column i is called as its value, but not as one of the row's keys is. */
static struct slice
column_name(const struct conf *c, struct state *s, size_t i, size_t keys)
{
	struct slice name = groups_key(&s->names, i);

	while ((c->nfixed == 0 || c->rest) && is_key(&s->row, keys, name))
		name = slice_str(arena_printf(&s->part, "_%.*s", (int)name.n,
		    name.p));
	return name;
}

/* Row i as cells. */
static void
put_line(const struct conf *c, struct state *s, size_t i, size_t ncol)
{
	const struct line *l = groups_acc(&s->rows, i);
	struct slice val, key = groups_key(&s->rows, i);
	size_t k, keys;

	arena_reset(&s->part);
	s->row.n = 0;
	if (c->rest)
		(void)format_json.split(NULL, key, &s->row, &k);
	for (k = 0; k < c->by.n; k++) {
		val = keys_next(&c->by, &key, &s->part);
		if (val.n == 0 && c->filled[k])
			val.p = NULL;
		cells_add(&s->row, c->key[k], val, false);
	}
	keys = s->row.n;
	for (k = 0; k < ncol; k++) {
		val = k < l->cap ? l->v[k] : SLICE_NONE;
		if (val.p == NULL && c->zero)
			val = SLICE("0");
		cells_add(&s->row, column_name(c, s, k, keys), val, false);
	}
}

/* Back to no rows; of the names those stay that each batch has. */
static void
forget(struct state *s, const struct conf *c)
{
	struct groups old = s->names;
	struct line *l;
	struct slice name;
	uint32_t idx;
	size_t i;

	for (i = 0; i < s->rows.n; i++) {
		l = groups_acc(&s->rows, i);
		free(l->v);
		*l = (struct line){ NULL, 0 };
	}
	groups_reset(&s->rows);
	arena_reset(&s->text);
	if (old.n == s->known)
		return;
	groups_init(&s->names, &one_key, 1, c->by.seed);
	for (i = 0; i < s->known; i++) {
		name = groups_key(&old, i);
		groups_find_keys(&s->names, &name, 1, &idx);
	}
	s->names.max = c->nfixed;
	groups_fini(&old);
}

static void
reset(void *vs, const void *vc)
{
	forget(vs, vc);
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t i, k, n = c->nfixed > 0 ? c->nfixed : s->names.n;
	struct slice *val = mem_alloc((c->by.n + n + 1) * sizeof *val);
	struct buf *line;
	int r = OK;

	for (i = 0; i < s->rows.n && r == OK; i++) {
		put_line(c, s, i, n);
		if (c->nfixed > 0 && !c->rest) {
			for (k = 0; k < s->row.n; k++)
				val[k] = s->row.c[k].val;
			r = emit_row(e, val, s->row.n, 0);
			continue;
		}
		line = emit_buf(e);
		format_json.put(line, NULL, s->row.c, s->row.n);
		r = emit_bytes(e, buf_text(line), 0);
	}
	free(val);
	if (c->nfixed > 0)
		return r;
	if (!s->begun)
		s->known = s->names.n;
	s->begun |= s->rows.n > 0;
	forget(s, c);
	return r;
}

/* A row's cells as far as it has any. */
static void
both_line(struct state *s, uint32_t row, struct both *b)
{
	const struct line *l = groups_acc(&s->rows, row);
	struct slice text;
	size_t k, n = l->cap;

	while (n > 0 && l->v[n - 1].p == NULL)
		n--;
	n = both_count(b, n);
	both_expect(b, n <= s->names.n);
	for (k = 0; k < n && !both_bad(b); k++)
		if (!both_reads(b))
			pack_text(b->out, l->v[k]);
		else if ((text = unpack_text(b->in)).p != NULL)
			set_cell(s, row, (uint32_t)k, text);
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t i, n, known = s->known;

	both_bool(b, &s->begun);
	both_size(b, &known);
	n = both_count(b, c->nfixed > 0 ? 0 : s->names.n);
	for (i = 0; i < n && !both_bad(b); i++)
		(void)groups_both_key(&s->names, i, b);
	both_expect(b, known <= s->names.n);
	if (c->nfixed == 0 && !both_bad(b))
		s->known = known;
	n = both_count(b, s->rows.n);
	for (i = 0; i < n && !both_bad(b); i++)
		if (groups_both_key(&s->rows, i, b) != NULL)
			both_line(s, (uint32_t)i, b);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	forget(s, vc);
	groups_fini(&s->rows);
	groups_fini(&s->names);
	arena_free(&s->text);
	arena_free(&s->part);
	cells_free(&s->row);
	cells_free(&s->rest);
	buf_free(&s->key);
}

const struct op op_pivot = {
	.name = "pivot",
	.args = "[-c VALUES] NAME VALUE [by KEYS]",
	.makes = "made",
	.help = "a row for each of KEYS, a column for each value of NAME",
	.example = "count by 1,9 then pivot 2 count",
	.shows = "1\t200\t302\t500\t503\t404\n"
	    "192.0.2.10\t2\t0\t0\t0\t1\n"
	    "198.51.100.7\t2\t1\t0\t0\t0\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-c", values, "the columns are VALUES, always")),
	.see = "count stats",
	.holds = "the rows",
	.also = "reshape spread crosstab pivotp pivot_wider unstack",
	.flags_instead = INSTEAD(
		{ "ski", "NAME and VALUE stand without flags, then by KEYS: "
		    "pivot NAME VALUE by KEYS" },
		{ "v", "NAME and VALUE are given without flags, then by KEYS: "
		    "pivot NAME VALUE by KEYS" }),
	.traits = OP_HOLD | OP_FIELDS,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.reset = reset,
	.both = remember,
	.fini = fini
};
