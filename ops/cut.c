/* cut - some of the fields, in the order given, or all but some */
#include <limits.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/data/fmt.h"
#include "lib/run/args.h"

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
	size_t *col;
};

static int push_split(void *, const void *, const struct vec *,
    struct emit *);
static int push_quoted(void *, const void *, const struct vec *,
    struct emit *);
static int push_except(void *, const void *, const struct vec *,
    struct emit *);

/* "2-4" or "4-". */
static bool
read_range(struct item *it, struct slice s)
{
	size_t i = 0;
	int n[2] = { 0, 0 }, side = 0;

	for (; i < s.n; i++) {
		if (s.p[i] == '-' && side == 0 && i > 0) {
			side = 1;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9' || n[side] > 100000)
			return false;
		n[side] = n[side] * 10 + s.p[i] - '0';
	}
	if (side == 0 || n[0] == 0)
		return false;
	it->from = n[0];
	it->to = s.p[s.n - 1] == '-' ? INT_MAX : n[1];
	return it->to >= it->from;
}

static int
read_item(struct conf *c, struct args *a, struct item *it, struct slice s)
{
	const char *eq = s.p[0] == '{' ? NULL : memchr(s.p, '=', s.n);
	struct slice name = { s.p, 0 };

	if (read_range(it, s)) {
		c->split |= it->to == INT_MAX;
		return OK;
	}
	if (eq != NULL && !c->except) {
		name.n = (size_t)(eq - s.p);
		s = (struct slice){ eq + 1, s.n - name.n - 1 };
	}
	if (args_field(a, arena_str(a->arena, s), false, &it->field) != OK)
		return FAIL;
	it->name = name.n > 0 ? name : it->field.name;
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	struct slice *part;
	const char *w = args_peek(a);
	size_t i;
	int f;

	if (w != NULL && (strncmp(w, "-f", 2) == 0 || strncmp(w, "-d", 2) == 0))
		return args_fail(a, "fields are given without -f, and the "
		    "separator before the operator: mbatch -F, cut 1,3");
	while ((f = args_flag(a, "x")) > 0)
		c->except = true;
	if (f < 0 || (w = args_need(a, "the list of fields")) == NULL)
		return FAIL;
	part = field_list(slice_str(w), &c->n, a->arena);
	c->item = arena_zero(a->arena, c->n * sizeof *c->item);
	for (i = 0; i < c->n; i++)
		if (part[i].n == 0)
			return args_fail(a, "a field of the list is empty");
		else if (read_item(c, a, &c->item[i], part[i]) != OK)
			return FAIL;
	if (c->except)
		op->push = push_except;
	return OK;
}

/* Ranges become fields; one to the end does where the columns are known. */
static void
expand(struct conf *c, struct bind *b)
{
	struct item *out, *it;
	size_t i, n = 0, total = 0;
	int p, to;

	for (i = 0; i < c->n; i++) {
		it = &c->item[i];
		if (it->to == INT_MAX && b->in->closed)
			it->to = (int)b->in->ncol;
		total += it->from == 0 || it->to == INT_MAX ? 1 :
		    it->to < it->from ? 0 : (size_t)(it->to - it->from) + 1;
	}
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
}

/* Positions of named columns keep their names. */
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
		if (col != NULL && col->name.n > 0)
			it->name = col->name;
	}
}

/* Whether the whole record may stand as a field of this format as it is. */
static bool
holds_records(const struct format *f)
{
	return strcmp(f->name, "text") == 0 || strcmp(f->name, "auto") == 0 ||
	    strcmp(f->name, "json") == 0;
}

static bool
excluded(const struct conf *c, int pos, int fromend, struct slice name)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		const struct item *it = &c->item[i];

		if (it->from > 0 ? pos >= it->from && pos <= it->to :
		    it->field.kind == FIELD_POS ? it->field.pos == pos ||
		    it->field.pos == fromend :
		    it->field.kind == FIELD_NAME &&
		    slice_eq(it->field.name, name))
			return true;
	}
	return false;
}

/* -x: the columns that stay, where they are known. */
static int
bind_except(struct conf *c, struct bind *b)
{
	struct slice *name = arena_zero(b->arena,
	    (b->in->ncol + 1) * sizeof *name);
	unsigned char *flags = arena_zero(b->arena, b->in->ncol + 1);
	size_t i, n = 0;

	for (i = 0; i < c->n; i++) {
		struct item *it = &c->item[i];

		if (it->from > 0)
			continue;
		if (it->field.kind == FIELD_NAME && it->field.npath > 1 &&
		    (b->in->format->traits & FMT_NAMED) != 0)
			return bind_fail(b, "-x takes whole members, not %s",
			    diag_quote(it->field.text,
			    strlen(it->field.text)));
		if (bind_want(b, &it->field, WANT_RAW) < 0)
			return FAIL;
	}
	for (i = 0; i < b->in->ncol; i++) {
		const struct column *col = &b->in->col[i];

		if (excluded(c, col->pos, (int)i - (int)b->in->ncol,
		    col->name))
			continue;
		name[n] = col->name;
		flags[n++] = col->flags;
	}
	bind_select(b, name, flags, n, &c->raw);
	return OK;
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	struct slice *name;
	unsigned char *flags;
	const struct column *col;
	size_t i;
	int k;

	if (c->except)
		return bind_except(c, b);
	expand(c, b);
	name_items(c, b->in);
	c->col = arena_zero(b->arena, (c->n + 1) * sizeof *c->col);
	name = arena_zero(b->arena, (c->n + 1) * sizeof *name);
	flags = arena_zero(b->arena, c->n + 1);
	c->raw = strcmp(b->in->format->name, "clf") != 0;
	for (i = 0; i < c->n; i++) {
		name[i] = c->item[i].name;
		if (c->item[i].to == INT_MAX) {
			field_parse(&c->item[i].field, SLICE("1"), false,
			    b->arena);
			name[i] = (struct slice){ "", 0 };
		}
		k = bind_want(b, &c->item[i].field, c->raw ? WANT_RAW : 0);
		if (k < 0)
			return FAIL;
		c->col[i] = (size_t)k;
		c->quote |= c->item[i].field.kind == FIELD_WHOLE &&
		    !holds_records(b->in->format);
		col = shape_field(b->in, &c->item[i].field);
		flags[i] = col == NULL ? 0 : col->flags;
	}
	bind_select(b, name, flags, c->split ? 0 : c->n, &c->raw);
	if (c->split)
		b->out->closed = false;	/* as many as each record has */
	return OK;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct slice val[64], *vals = val;
	size_t i, k;
	int r = OK;

	if (c->split)
		return push_split(vs, vc, v, e);
	if (c->quote)
		return push_quoted(vs, vc, v, e);
	if (c->n > 64)
		vals = mem_alloc(c->n * sizeof *vals);
	for (i = 0; i < v->n && r == OK; i++) {
		for (k = 0; k < c->n; k++)
			vals[k] = v->col[c->col[k]][i];
		r = emit_select(e, v->rec[i], v->num[i], vals, c->n);
	}
	if (vals != val)
		free(vals);
	return r;
}

/* The whole record as a value among tokens. */
static int
push_quoted(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	const struct item *it;
	struct cells out = { 0 };
	size_t i, k;
	int r = OK;

	(void)vs;
	for (i = 0; i < v->n && r == OK; i++) {
		for (k = 0, out.n = 0; k < c->n; k++) {
			it = &c->item[k];
			cells_add(&out, it->name, v->col[c->col[k]][i],
			    c->raw && it->field.kind != FIELD_WHOLE);
		}
		r = emit_cells(e, v->rec[i], v->num[i], &out);
	}
	cells_free(&out);
	return r;
}

/* A range to the end: as many fields as the record has. */
static int
push_split(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct cells out = { 0 }, *all;
	size_t i, j, k;
	int r = OK;

	(void)vs;
	for (i = 0; i < v->n && r == OK; i++) {
		if ((all = emit_split(e, v->rec[i], v->num[i])) == NULL)
			continue;
		for (k = 0, out.n = 0; k < c->n; k++) {
			const struct item *it = &c->item[k];

			if (it->to != INT_MAX)
				cells_add(&out, it->name,
				    v->col[c->col[k]][i], c->raw &&
				    !(c->quote &&
				    it->field.kind == FIELD_WHOLE));
			for (j = (size_t)it->from - 1; it->to == INT_MAX &&
			    j < all->n; j++)
				cells_add(&out, all->c[j].name, all->c[j].val,
				    all->c[j].raw);
		}
		r = emit_cells(e, v->rec[i], v->num[i], &out);
	}
	cells_free(&out);
	return r;
}

static int
push_except(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct cells *all;
	size_t i, j, n;
	int r = OK;

	(void)vs;
	for (i = 0; i < v->n && r == OK; i++) {
		if ((all = emit_split(e, v->rec[i], v->num[i])) == NULL)
			continue;
		for (j = n = 0; j < all->n; j++)
			if (!excluded(c, (int)j + 1, (int)j - (int)all->n,
			    all->c[j].name))
				all->c[n++] = all->c[j];
		all->n = n;
		r = emit_cells(e, v->rec[i], v->num[i], all);
	}
	return r;
}

const struct op op_cut = {
	.name = "cut",
	.args = "[-x] FIELDS",
	.makes = "changed",
	.help = "those fields, in that order (-x: all but those)",
	.example = "cut 1,4-6",
	.traits = OP_EACH,
	.conf_size = sizeof(struct conf),
	.parse = parse,
	.bind = bind,
	.push = push
};
