/* cut - some of the fields, in the order given, or all but some */
#include <limits.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/base/chars.h"
#include "lib/format/fmt.h"
#include "lib/run/args.h"

enum { FAR = 100000 };			/* no position is larger */

/* One item of the list: a field, or the positions from..to. */
struct item {
	struct field field;
	struct slice name;		/* NEW=FIELD, else the field's */
	int from, to;			/* a range; to INT_MAX: to the end */
};

struct conf {
	struct item *item;
	size_t n;
	bool except;
	bool raw;
	bool split;			/* a range to the end: fields found */
	bool quote;			/* whole records that are no token */
	bool rest;			/* what is beyond the columns, too */
	size_t beyond;			/* the first such field in vec.col */
	size_t *col;
};

/* "2-4" or "4-": false, if s is no such. */
static bool
is_range(struct slice s, struct item *it)
{
	int n[2] = { 0, 0 }, side = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] == '-' && i > 0 && side == 0)
			side = 1;
		else if (!is_digit(s.p[i]))
			return false;
		else if (n[side] <= FAR)
			n[side] = n[side] * 10 + s.p[i] - '0';
	if (side == 0)
		return false;
	it->from = n[0];
	it->to = s.p[s.n - 1] == '-' ? INT_MAX : n[1];
	return true;
}

static int
check_range(const struct item *it, struct args *a, struct slice s)
{
	if (it->from > FAR || (it->to > FAR && it->to < INT_MAX))
		return args_fail(a, "%s: position too large",
		    diag_quote(s.p, s.n));
	if (it->from == 0)
		return args_fail(a, "%s: positions are counted from 1",
		    diag_quote(s.p, s.n));
	if (it->to < it->from)
		return args_fail(a, "%s: a range begins with the smaller "
		    "position", diag_quote(s.p, s.n));
	return OK;
}

static int
read_item(struct conf *c, struct args *a, struct item *it, struct slice s)
{
	const char *text = arena_str(a->arena, s);
	size_t n = c->except ? 0 : field_new(text);
	struct field new;

	if (is_range(s, it)) {
		c->split |= it->to == INT_MAX;
		return check_range(it, a, s);
	}
	if (args_field(a, n > 0 ? text + n + 1 : text, false, &it->field) != OK)
		return FAIL;
	it->name = it->field.name;
	if (n == 0)
		return OK;
	s.n = n;
	if (args_field(a, arena_str(a->arena, s), false, &new) != OK)
		return FAIL;
	it->name = new.name;
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	struct slice *part;
	const char *w;
	size_t i;

	if ((w = args_need(a, "the list of fields")) == NULL)
		return FAIL;
	part = field_list(slice_str(w), &c->n, a->arena);
	c->item = arena_zero(a->arena, c->n * sizeof *c->item);
	for (i = 0; i < c->n; i++)
		if (part[i].n == 0)
			return args_fail(a, "a field of the list is empty");
		else if (read_item(c, a, &c->item[i], part[i]) != OK)
			return FAIL;
	return OK;
}

/* A range to the end, where the columns are known; the last one takes what a
   ragged record has beyond them. */
static int
end_range(struct conf *c, struct item *it, struct bind *b)
{
	int n = (int)b->in->ncol;

	if (n > 0 && it->from > n)
		return bind_fail(b, "there is no field %d: the records have "
		    "%d", it->from, n);
	it->to = n;
	c->rest |= n > 0 && it == &c->item[c->n - 1];
	return OK;
}

/* Ranges become fields; one to the end does where the columns are known. */
static int
expand(struct conf *c, struct bind *b)
{
	struct item *out, *it;
	size_t i, n = 0, total = 0;
	int p, to;

	for (i = 0; i < c->n; i++) {
		it = &c->item[i];
		if (it->to == INT_MAX && b->in->closed &&
		    end_range(c, it, b) != OK)
			return FAIL;
		total += it->from == 0 || it->to == INT_MAX ? 1 :
		    it->to < it->from ? 0 : (size_t)(it->to - it->from) + 1;
	}
	if (total > TAKE_MOST)
		return bind_fail(b, "these are %zu fields: at most %d can be "
		    "chosen, -x leaves out any", total, TAKE_MOST);
	out = arena_zero(b->arena, (total + 1) * sizeof *out);
	for (i = 0; i < c->n; i++) {
		it = &c->item[i];
		if (it->from == 0 || it->to == INT_MAX) {
			out[n++] = *it;
			continue;
		}
		for (p = it->from, to = it->to; p <= to; p++, n++) {
			const char *t = arena_printf(b->arena, "%d", p);

			field_parse(&out[n].field, slice_str(t), false,
			    b->arena);
			out[n].name = out[n].field.name;
		}
	}
	c->item = out;
	c->n = n;
	for (i = 0, c->split = false; i < n; i++)
		c->split |= out[i].to == INT_MAX;
	return OK;
}

/* Positions of a header's columns keep their names, or none. */
static void
name_items(struct conf *c, const struct shape *in)
{
	const struct column *col;
	size_t i;

	for (i = 0; i < c->n; i++) {
		struct item *it = &c->item[i];

		if (it->field.kind != FIELD_POS || it->name.p !=
		    it->field.name.p)
			continue;
		col = shape_field(in, &it->field);
		if (col != NULL && (col->name.n > 0 || in->closed))
			it->name = col->name;
	}
}

/* Where names are in the record, one that comes again is called by its
   position, as with -o. */
static void
part_names(struct conf *c, const struct shape *in, struct arena *a)
{
	struct column *col = arena_zero(a, (c->n + 1) * sizeof *col);
	const struct column *called;
	size_t i;

	if ((in->format->traits & FMT_NAMED) == 0)
		return;
	for (i = 0; i < c->n; i++)
		if (c->item[i].field.kind == FIELD_POS)
			return;		/* auto, taken as text */
	for (i = 0; i < c->n; i++)
		col[i] = (struct column){ c->item[i].name, (int)i + 1, 0 };
	called = columns_unique(col, c->n, a);
	for (i = 0; i < c->n; i++)
		if (c->item[i].name.n > 0)
			c->item[i].name = called[i].name;
}

static bool
excluded(const struct conf *c, int pos, int fromend, struct slice name)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		const struct item *it = &c->item[i];

		if (it->from > 0 ? pos >= it->from && pos <= it->to :
		    it->field.kind == FIELD_POS ? it->field.pos == pos ||
		    it->field.pos == fromend : it->field.kind == FIELD_NAME &&
		    slice_eq(it->field.name, name))
			return true;
	}
	return false;
}

/* Where the columns of the records that leave are; n may be 0. */
static void
set_columns(struct bind *b, const struct column *col, size_t n)
{
	if ((b->out->format->traits & FMT_NAMED) != 0)
		return;
	b->out->col = col;
	b->out->ncol = n;
	b->out->closed = b->in->closed;
}

/* Where column i is when those that -x names are gone. */
static int
kept_place(const struct conf *c, const struct shape *in, size_t i)
{
	int p = in->col[i].pos, at = p > 0 ? 1 : -1, q;
	const struct column *col;
	size_t j;

	for (q = 1; q < p; q++) {
		struct slice name = { NULL, 0 };

		for (j = 0; j < in->ncol; j++)
			if (in->col[j].pos == q)
				name = in->col[j].name;
		at += !excluded(c, q, 0, name);
	}
	for (j = 0; j < in->ncol; j++) {
		col = &in->col[j];
		if (p < 0 && col->pos < 0 && col->pos > p &&
		    !excluded(c, col->pos, 0, col->name))
			at--;
	}
	return at;
}

/* An item of -x must be there, as everywhere. */
static int
want_excluded(const struct item *it, struct bind *b)
{
	const struct field *f = &it->field;

	if (it->from > 0)
		return OK;
	if (f->kind == FIELD_NAME && f->npath > 1 &&
	    (b->in->format->traits & FMT_JSON) != 0)
		return bind_fail(b, "-x takes whole members, not %s (a member "
		    "of that name is {%.*s})", diag_quote(f->text,
		    strlen(f->text)), (int)f->name.n, f->name.p);
	return bind_want(b, f, WANT_RAW, NULL);
}

/* The names that stay of those that operators gave. */
static void
keep_given(const struct conf *c, struct bind *b)
{
	const struct shape *in = b->in;
	struct slice *to = arena_zero(b->arena, (in->ngiven + 1) * sizeof *to);
	size_t i, n = 0;

	for (i = 0; i < in->ngiven; i++)
		if (!excluded(c, 0, 0, in->given[i]))
			to[n++] = in->given[i];
	b->out->given = to;
	b->out->ngiven = n;
	b->out->only = in->only;
}

/* -x: the columns that stay, where they are known. */
static int
bind_except(struct conf *c, struct bind *b)
{
	const struct shape *in = b->in;
	struct column *col = arena_zero(b->arena, (in->ncol + 1) * sizeof *col);
	struct slice *name = arena_zero(b->arena,
	    (in->ncol + 1) * sizeof *name);
	int end = in->closed ? (int)in->ncol : 0;
	size_t i, n = 0;

	for (i = 0; i < c->n; i++)
		if (want_excluded(&c->item[i], b) != OK)
			return FAIL;
	for (i = 0; i < in->ncol; i++) {
		if (in->col[i].pos == 0 || excluded(c, in->col[i].pos,
		    end == 0 ? 0 : (int)i - end, in->col[i].name))
			continue;
		col[n] = in->col[i];
		name[n] = col[n].name;
		col[n].pos = in->closed ? (int)n + 1 : kept_place(c, in, i);
		n++;
	}
	if (end > 0 && n == 0)
		return bind_fail(b, "-x leaves no field");
	bind_select(b, name, NULL, n, &c->raw);
	set_columns(b, col, n);
	keep_given(c, b);
	b->whole = true;
	return OK;
}

/*
 * Names for the columns where one range is to the end: those in it keep
 * theirs, and what stands behind it is counted from the end.
 */
static void
place_split(const struct conf *c, struct bind *b, const struct slice *name,
    const unsigned char *flags)
{
	const struct column *in = b->in->col;
	struct column *col = arena_zero(b->arena,
	    (c->n + b->in->ncol) * sizeof *col);
	int at, behind, from, i, n = (int)c->n;
	size_t j, k = 0;
	bool one = true;

	for (at = 0; c->item[at].to != INT_MAX; at++)
		col[k++] = (struct column){ name[at], at + 1, flags[at] };
	for (i = at + 1; i < n; i++)
		one = one && c->item[i].to != INT_MAX;
	behind = n - at - 1;
	from = c->item[at].from;
	for (j = 0; j < b->in->ncol; j++) {
		if (in[j].pos == 0 || (in[j].pos > 0 ? in[j].pos < from : !one))
			continue;
		col[k] = in[j];
		col[k++].pos += in[j].pos > 0 ? at + 1 - from : -behind;
	}
	for (i = at + 1; one && i < n; i++)
		col[k++] = (struct column){ name[i], i - n, flags[i] };
	set_columns(b, col, k);
}

/* The first field beyond the columns tells that there is more. */
static void
want_rest(struct conf *c, struct bind *b)
{
	struct field *f = arena_zero(b->arena, sizeof *f);

	field_parse(f, slice_str(arena_printf(b->arena, "%zu",
	    b->in->ncol + 1)), false, b->arena);
	c->beyond = take_want(b->take, f, 0, WANT_RAW);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	struct slice *name;
	unsigned char *flags;
	const struct column *col;
	bool whole = false, places = false, names = false;
	size_t i;

	if (c->except)
		return bind_except(c, b);
	if (expand(c, b) != OK)
		return FAIL;
	name_items(c, b->in);
	part_names(c, b->in, b->arena);
	c->col = arena_zero(b->arena, (c->n + 1) * sizeof *c->col);
	name = arena_zero(b->arena, (c->n + 1) * sizeof *name);
	flags = arena_zero(b->arena, c->n + 1);
	c->raw = (b->in->format->traits & FMT_FIXED) == 0;
	for (i = 0; i < c->n; i++) {
		name[i] = c->item[i].name;
		if (c->item[i].to == INT_MAX)
			field_parse(&c->item[i].field, SLICE("1"), false,
			    b->arena);
		if (c->split && c->item[i].field.kind == FIELD_POS &&
		    name[i].p == c->item[i].field.name.p)
			name[i] = SLICE_NONE;
		if (bind_want(b, &c->item[i].field, WANT_NUMBER |
		    (c->raw ? WANT_RAW : 0), &c->col[i]) != OK)
			return FAIL;
		/* Of some formats no record is a token. */
		whole |= c->item[i].field.kind == FIELD_WHOLE;
		places |= c->item[i].field.kind == FIELD_POS;
		names |= c->item[i].field.kind == FIELD_NAME;
		col = shape_field(b->in, &c->item[i].field);
		flags[i] = col == NULL ? 0 : col->flags;
		if (!c->raw)		/* clf's "-" becomes nothing */
			flags[i] |= COL_FILLED;
	}
	c->quote = whole && (b->in->format->pick != NULL ? names && !places :
	    (b->in->format->traits & (FMT_OPEN | FMT_JSON)) == 0);
	bind_select(b, name, flags, c->split ? 0 : c->n, &c->raw);
	if (c->split)
		place_split(c, b, name, flags);
	if (c->rest)
		want_rest(c, b);
	b->whole = c->split || c->quote || c->rest;
	return OK;
}

/* Whether record i has fields beyond the columns, and they are wanted. */
static bool
has_rest(const struct conf *c, const struct vec *v, size_t i)
{
	return c->rest && v->col[c->beyond][i].p != NULL;
}

/* A range to the end has as many fields as the record; a whole record may be a
   value among tokens. */
static int
push_cells(const struct conf *c, const struct vec *v, size_t i,
    struct cells *out, struct emit *e)
{
	bool rest = has_rest(c, v, i);
	bool raw = c->raw && !(c->quote &&
	    (format_of(v->shape, v->rec[i])->traits & FMT_JSON) == 0);
	struct cells *all = NULL;
	size_t j, k;

	if ((c->split || rest) &&
	    (all = emit_split(e, v->rec[i], v->num[i])) == NULL)
		return OK;
	out->n = 0;
	for (k = 0; k < c->n; k++) {
		const struct item *it = &c->item[k];

		j = (size_t)it->from - 1;
		if (it->to != INT_MAX)
			cells_add(out, it->name, v->col[c->col[k]][i],
			    it->field.kind == FIELD_WHOLE ? raw : c->raw);
		else if (all != NULL && (j += all->front) < all->n)
			cells_some(out, all->c + j, all->n - j);
	}
	j = v->shape->ncol;
	if (rest && all != NULL && j < all->n)
		cells_some(out, all->c + j, all->n - j);
	return emit_cells(e, v->rec[i], v->num[i], out);
}

/* Record by record, as columns where that will do. */
static int
push_each(const struct conf *c, const struct vec *v, struct emit *e)
{
	struct slice *val = mem_alloc((c->n + 1) * sizeof *val);
	bool *raw = mem_alloc(c->n + 1);
	struct cells out = { 0 };
	size_t i, k;
	int r = OK;

	for (i = 0; i < v->n && r == OK; i++) {
		if (c->split || c->quote || has_rest(c, v, i)) {
			r = push_cells(c, v, i, &out, e);
			continue;
		}
		for (k = 0; k < c->n; k++) {
			val[k] = v->col[c->col[k]][i];
			raw[k] = c->raw;
		}
		r = emit_edit(e, v, i, val, raw, c->n);
	}
	free(val);
	free(raw);
	cells_free(&out);
	return r;
}

static int
push_except(const struct conf *c, const struct vec *v, struct emit *e)
{
	struct cells *all;
	size_t i, j, n;
	int r = OK;

	for (i = 0; i < v->n && r == OK; i++) {
		if ((all = emit_split(e, v->rec[i], v->num[i])) == NULL)
			continue;
		for (j = all->front, n = 0; j < all->n; j++)
			if (!excluded(c, (int)(j - all->front) + 1,
			    (int)j - (int)all->n, all->c[j].name))
				all->c[n++] = all->c[j];
		all->n = n;
		r = emit_cells(e, v->rec[i], v->num[i], all);
	}
	return r;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct values *col;
	size_t k;
	int r;

	if (c->except)
		return push_except(c, v, e);
	if (c->split || c->quote || c->rest)
		return push_each(c, v, e);
	col = mem_alloc((c->n + 1) * sizeof *col);
	for (k = 0; k < c->n; k++)
		col[k] = c->raw ? vec_tokens(v, c->col[k]) :
		    vec_values(v, c->col[k]);
	r = emit_edits(e, v, col, c->n);
	free(col);
	return r;
}

const struct op op_cut = {
	.name = "cut",
	.args = "[-x] FIELDS",
	.makes = "changed",
	.help = "those fields, in that order (-x: all but those)",
	.example = "cut 1,7,9",
	.shows = "192.0.2.10\t/\t200\n"
	    "192.0.2.10\t/style.css\t200\n"
	    "198.51.100.7\t/login\t302\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-x", except, "all fields but those")),
	.see = "let extract fields",
	.also = "select project fields keep",
	.flags_instead = INSTEAD(
		{ "df", "fields are given without -f, and the separator "
		    "before the operator: mbatch -F, cut 1,3" },
		{ "bc", "bytes are cut by an expression: let part='substr($0, "
		    "1, 5)'" }),
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.parse = parse,
	.bind = bind,
	.push = push
};
