/* bind.c - what an operator asks for and sets as names are bound */
#include <string.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/format/lookup.h"
#include "lib/number/number.h"
#include "lib/run/bind.h"
#include "lib/run/table.h"

int
bind_want(struct bind *b, const struct field *f, unsigned flags, size_t *col)
{
	if (b->opt->nulls == NULL)
		flags &= ~(unsigned)WANT_VALUE;
	else if ((flags & WANT_VALUE) != 0)
		flags &= ~(unsigned)WANT_NUMBER;
	return field_want(b->take, b->in, f, flags, b->op->name, col);
}

void
bind_made(struct bind *b, const struct slice *name, const unsigned char *flags,
    size_t n)
{
	shape_made(b->out, name, flags, n, b->arena);
	columns_repeats(b->op->name, b->out->col, n);
}

static struct edit *
new_edit(struct bind *b, enum edit_how how, const struct slice *name, size_t n)
{
	struct edit *e = arena_zero(b->arena, sizeof *e);

	e->how = how;
	e->n = n;
	e->name = arena_alloc(b->arena, n * sizeof *e->name);
	if (n > 0)
		memcpy(e->name, name, n * sizeof *name);
	e->pos = arena_zero(b->arena, n * sizeof *e->pos);
	b->edit = e;
	return e;
}

/* Whether some want of the stage is a position, or else a name, not the whole
   record. */
static bool
wants(const struct take *t, bool position)
{
	size_t k;

	for (k = 0; k < t->n; k++)
		if (!t->want[k].whole &&
		    (t->want[k].pos != 0) == position)
			return true;
	return false;
}

/* Text whose fields end at -F's separator, or a tab. */
static void
to_text(struct bind *b)
{
	b->out->format = &format_text;
	if (b->out->sep == NULL) {
		b->out->sep = "\t";
		b->out->seplen = 1;
	}
}

/* The columns in front: names for their positions, the others moved on. */
static void
add_front(struct bind *b, struct edit *e, const unsigned char *flags,
    bool others)
{
	size_t i, old = others ? b->in->ncol : 0, n = e->n;
	struct column *c = arena_zero(b->arena, (old + n) * sizeof *c);

	for (i = 0; i < n; i++) {
		c[i] = (struct column){ e->name[i], (int)i + 1,
		    flags == NULL ? 0 : flags[i] };
		if (others && shape_column(b->in, e->name[i]) != NULL)
			diag_warn("%s: %s means the new column, not the older "
			    "one of that name behind it", b->op->name,
			    diag_quote(e->name[i].p, e->name[i].n));
	}
	for (i = 0; i < old; i++) {
		c[n + i] = b->in->col[i];
		if (c[n + i].pos > 0)
			c[n + i].pos += (int)n;
	}
	b->out->col = c;
	b->out->ncol = old + n;
}

/* The columns replaced where their name or position is, the others put at the
   end. */
static void
add_back(struct bind *b, struct edit *e, const unsigned char *flags,
    const int *pos)
{
	struct field f = { .kind = FIELD_POS };
	size_t i, fresh = 0, old = b->in->ncol, at = old;
	struct column *c = arena_zero(b->arena, (old + e->n) * sizeof *c);
	const struct column *is;

	if (old > 0)
		memcpy(c, b->in->col, old * sizeof *c);
	for (i = 0; i < e->n; i++) {
		f.pos = pos == NULL ? 0 : pos[i];
		is = f.pos != 0 ? shape_field(b->in, &f) :
		    shape_column(b->in, e->name[i]);
		e->pos[i] = f.pos != 0 || is == NULL ? f.pos : is->pos;
		fresh += e->pos[i] == 0;
		if (is == NULL)
			continue;
		if (e->pos[i] == 0) {
			c[is - b->in->col].name.n = 0;
			continue;
		}
		e->name[i] = is->name;
		c[is - b->in->col].flags = flags ? flags[i] : 0;
	}
	for (i = 0; i < old; i++)
		if (c[i].pos < 0)
			c[i].pos -= (int)fresh;
	for (i = 0; i < e->n; i++) {
		if (e->pos[i] != 0)
			continue;
		c[at] = (struct column){ e->name[i], 0, flags ? flags[i] : 0 };
		c[at].pos = b->in->closed ? (int)at + 1 :
		    (int)(at - old) - (int)fresh;
		at++;
	}
	e->width = b->in->closed ? old : 0;
	b->out->col = c;
	b->out->ncol = at;
}

/* Behind columns in front the whole record is one, if it has no tab: text knows
   no escapes, and the record must stay as it is. */
static void
name_record(struct bind *b)
{
	size_t n = b->out->ncol;
	struct column *c = arena_zero(b->arena, (n + 1) * sizeof *c);

	memcpy(c, b->out->col, n * sizeof *c);
	c[n] = (struct column){ SLICE("record"), (int)n + 1, 0 };
	b->out->col = c;
	b->out->ncol = n + 1;
}

/* Adds a name to those given, if it isn't there. */
static void
give_name(struct shape *s, struct slice *to, struct slice name,
    struct arena *a)
{
	struct cell cell = { name, name, false };
	char digits[NUMBER_MAX];
	size_t i;

	name = arena_copy(a, cell_name(&cell, s->ngiven, digits));
	for (i = 0; i < s->ngiven; i++)
		if (slice_eq(to[i], name))
			return;
	to[s->ngiven++] = name;
}

/* Members called so from here on: besides others, before them or behind, or as
   all there are. */
static void
give_names(struct bind *b, const struct slice *name, size_t n, bool front,
    bool all)
{
	size_t i, old = all ? 0 : b->in->ngiven;
	struct slice *to = arena_zero(b->arena, (old + n + 1) * sizeof *to);

	b->out->given = to;
	b->out->ngiven = 0;
	for (i = 0; i < n && front; i++)
		give_name(b->out, to, name[i], b->arena);
	for (i = 0; i < old; i++)
		give_name(b->out, to, b->in->given[i], b->arena);
	for (i = 0; i < n && !front; i++)
		give_name(b->out, to, name[i], b->arena);
	b->out->only |= all;
}

void
bind_edit(struct bind *b, const struct slice *name, const unsigned char *flags,
    size_t n, bool front)
{
	bind_edit_at(b, name, NULL, flags, n, front);
}

void
bind_edit_at(struct bind *b, const struct slice *name, const int *pos,
    const unsigned char *flags, size_t n, bool front)
{
	const struct format *f = b->in->format;
	bool text = (f->traits & FMT_OPEN) != 0;
	struct edit *e;

	if (shape_headless(b->in)) {
		new_edit(b, EDIT_COLUMNS, name, n);
		return;
	}
	if (f->pick != NULL && !front && !wants(b->take, true)) {
		new_edit(b, EDIT_AUTO, name, n);
		give_names(b, name, n, false, false);
		return;
	}
	if ((f->traits & FMT_NAMED) != 0 && !text) {
		e = new_edit(b, EDIT_NAMED, name, n);
		e->front = front;
		give_names(b, name, n, front, false);
		return;
	}
	if (front && ((text && !b->in->closed) ||
	    (f->traits & FMT_FIXED) != 0)) {
		e = new_edit(b, EDIT_PREFIX, name, n);
		add_front(b, e, flags, b->in->sep != NULL);
		if (b->in->sep == NULL)
			name_record(b);
		to_text(b);
		return;
	}
	e = new_edit(b, EDIT_COLUMNS, name, n);
	e->front = front;
	if (text)
		to_text(b);
	if (front)
		add_front(b, e, flags, true);
	else
		add_back(b, e, flags, pos);
}

void
bind_select(struct bind *b, const struct slice *name,
    const unsigned char *flags, size_t n, bool *raw)
{
	const struct format *f = b->in->format;
	struct edit *e;

	*raw = true;
	if (shape_headless(b->in)) {
		new_edit(b, EDIT_SELECT, name, n)->selects = true;
		return;
	}
	if ((f->traits & FMT_FIXED) != 0) {
		*raw = false;
		new_edit(b, EDIT_SELECT, name, n)->selects = true;
		shape_made(b->out, name, flags, n, b->arena);
		return;
	}
	if (f->pick != NULL && !wants(b->take, true) &&
	    wants(b->take, false)) {
		e = new_edit(b, EDIT_AUTO, name, n);
		e->selects = e->raw = true;
		give_names(b, name, n, false, true);
		return;
	}
	e = new_edit(b, EDIT_SELECT, name, n);
	e->selects = e->raw = true;
	if ((f->traits & FMT_OPEN) != 0) {
		to_text(b);
	} else if ((f->traits & FMT_NAMED) != 0) {
		give_names(b, name, n, false, true);
		return;
	}
	b->out->closed = b->in->closed;
	add_front(b, e, flags, false);
}
