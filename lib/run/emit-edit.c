/* emit-edit.c - changed records, and columns as text after all */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/run/bind.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"
#include "lib/run/emit-inner.h"

/* What the records of an auto shape are, for writing: JSON or key=value. */
static struct shape
auto_shape(const struct stage *stage, struct slice rec)
{
	const struct format *f = format_of(&stage->in, rec);
	struct shape s = { 0 };

	if ((f->traits & FMT_NAMED) == 0)
		f = stage->in.format->members;
	f->shape(&s, NULL, 0);
	s.format = f;
	return s;
}

/* As what a record of the stage is taken apart: auto's positions are text's,
   its names those of JSON or key=value. */
static struct shape
split_shape(const struct stage *stage, struct slice rec)
{
	struct shape s = stage->in;

	if (stage->edit->how == EDIT_AUTO)
		return auto_shape(stage, rec);
	if (s.format->pick != NULL)
		s.format = &format_text;
	return s;
}

static inline bool
is_raw(const bool *raw, size_t j)
{
	return raw != NULL && raw[j];
}

/* Replaces the members that are there, adds the others. */
static void
edit_named(struct emit *e, const struct edit *ed, const struct slice *val,
    const bool *raw)
{
	struct cells *c = &e->cells, *out = &e->edited;
	size_t i, j;

	out->n = 0;
	for (j = 0; ed->front && j < ed->n; j++)
		cells_add(out, ed->name[j], val[j], is_raw(raw, j));
	for (i = 0; i < c->n; i++) {
		for (j = 0; j < ed->n; j++)
			if (slice_eq(c->c[i].name, ed->name[j]))
				break;
		if (j == ed->n)
			cells_add(out, c->c[i].name, c->c[i].val,
			    c->c[i].raw);
		else if (!ed->front)
			cells_add(out, ed->name[j], val[j], is_raw(raw, j));
	}
	for (j = 0; !ed->front && j < ed->n; j++) {
		for (i = 0; i < c->n; i++)
			if (slice_eq(c->c[i].name, ed->name[j]))
				break;
		if (i == c->n)
			cells_add(out, ed->name[j], val[j], is_raw(raw, j));
	}
}

/* Sets the columns that have a place, growing the record up to it if there is
   a value to put there. */
static void
replace_columns(struct emit *e, const struct edit *ed, const struct slice *val,
    const bool *raw)
{
	struct cells *c = &e->cells;
	const struct slice none = { NULL, 0 };
	size_t j, place;

	while (c->n < ed->width)
		cells_add(c, none, none, false);
	for (j = 0; !ed->front && j < ed->n; j++) {
		int p = ed->pos[j];

		place = p > 0 ? c->front + (size_t)p - 1 : c->n - (size_t)-p;
		if (p == 0 || (place >= c->n && (p < 0 || val[j].p == NULL)))
			continue;
		while (c->n <= place)
			cells_add(c, none, none, false);
		c->c[place] = (struct cell){ ed->name[j], val[j],
			is_raw(raw, j) };
	}
}

/* Replaces columns, puts new ones in front or last; what a ragged record has
   beyond the columns stays beyond them. */
static void
edit_columns(struct emit *e, const struct edit *ed, const struct slice *val,
    const bool *raw)
{
	struct cells *c = &e->cells, *out = &e->edited;
	size_t j, sure;

	replace_columns(e, ed, val, raw);
	sure = ed->width > 0 && !ed->front ? ed->width : c->n;
	out->n = 0;
	for (j = 0; ed->front && j < ed->n; j++)
		cells_add(out, ed->name[j], val[j], is_raw(raw, j));
	cells_some(out, c->c, sure);
	for (j = 0; !ed->front && j < ed->n; j++)
		if (ed->pos[j] == 0)
			cells_add(out, ed->name[j], val[j], is_raw(raw, j));
	cells_some(out, c->c + sure, c->n - sure);
}

/* Whether the record could be taken apart; told and counted if not. */
static bool
take_apart(struct emit *e, const struct shape *s, struct slice rec,
    uint64_t num)
{
	const char *why;
	size_t at;

	e->cells.n = 0;
	why = s->format->split(s, rec, &e->cells, &at);
	if (why == NULL)
		return true;
	emit_left_out(e, bad_record(e->inst->chain->opt, rec, num, why, at));
	return false;
}

/* Whether nothing can be wrong with records of a format, so that they need not
   be taken apart to see: the last change or their own field's tells. */
static bool
all_sure(const struct emit *e, const struct vec *v, const struct format *f)
{
	if (v->carried != NULL && !e->stage->carry->bare)
		return true;
	return (f->traits & FMT_SURE) != 0 &&
	    (v->carried != NULL || e->stage->take.any);
}

/* The same of one record, or a look at it tells.  One of auto goes on as
   columns only where it has names. */
static bool
is_sure(const struct emit *e, const struct vec *v, size_t i)
{
	const struct shape *in = &e->stage->in;
	const struct edit *ed = e->stage->edit;
	const struct format *f = in->format;

	if (ed->how == EDIT_AUTO) {
		f = format_of(in, v->rec[i]);
		if ((f->traits & FMT_NAMED) == 0)
			return false;
	} else if (f->pick != NULL) {
		f = &format_text;
	}
	return ed->selects || all_sure(e, v, f) || (f->sure != NULL &&
	    f->sure(in, v->rec[i]));
}

/* Room for n cells. */
static inline struct cell *
cells_room(struct emit *e, size_t n)
{
	if (e->cells.cap < n)
		e->cells.c = mem_reserve(e->cells.c, &e->cells.cap, n,
		    sizeof *e->cells.c);
	return e->cells.c;
}

/* The cells of a record with the columns that a stage sets; NULL: it can't be
   taken apart, which was told. */
static const struct cells *
set_columns(struct emit *e, const struct stage *s, struct slice rec,
    uint64_t num, const struct slice *val, const bool *raw)
{
	const struct edit *ed = s->edit;
	const struct shape *in = &s->in;
	struct shape by_record;
	struct cell *c;
	size_t j, n;

	if (ed == NULL || ed->selects || ed->how == EDIT_PREFIX) {
		n = ed == NULL ? s->out.ncol : ed->n;
		for (j = 0, c = cells_room(e, n + 1); j < n; j++, c++)
			*c = (struct cell){ ed == NULL ? s->out.col[j].name :
			    ed->name[j], val[j], is_raw(raw, j) };
		if (ed != NULL && ed->how == EDIT_PREFIX)
			*c++ = (struct cell){ { NULL, 0 }, rec, true };
		e->cells.n = (size_t)(c - e->cells.c);
		return &e->cells;
	}
	if (s->in.format->pick != NULL) {
		by_record = split_shape(s, rec);
		in = &by_record;
	}
	if (!take_apart(e, in, rec, num))
		return NULL;
	if (ed->how == EDIT_COLUMNS)
		edit_columns(e, ed, val, raw);
	else
		edit_named(e, ed, val, raw);
	return &e->edited;
}

int
emit_edit(struct emit *e, const struct vec *v, size_t i,
    const struct slice *val, const bool *raw, size_t n)
{
	const struct edit *ed = e->stage->edit;
	const struct shape *out = &e->stage->out;
	bool carrying = e->carrying;
	struct shape by_record;
	const struct cells *c;

	(void)n;
	if (e->status != OK)
		return e->status;
	if (carrying && !is_sure(e, v, i)) {
		by_record = split_shape(e->stage, v->rec[i]);
		if (by_record.format == e->stage->in.format->members)
			carrying = false;
		else if (!take_apart(e, &by_record, v->rec[i], v->num[i]))
			return e->status;
	}
	if (carrying)
		return emit_carry(e, v, i, v->num[i], val, raw);
	emit_kind(e, false);
	if (e->status != OK)
		return e->status;
	c = set_columns(e, e->stage, v->rec[i], v->num[i], val, raw);
	if (ed->how == EDIT_AUTO) {
		by_record = auto_shape(e->stage, v->rec[i]);
		out = &by_record;
	}
	return c == NULL ? e->status :
	    emit_put(e, out, c, v->rec[i], v->num[i]);
}

/* All records with only these columns, as text of one format. */
static int
select_all(struct emit *e, const struct vec *v, const struct values *col,
    size_t n)
{
	const struct slice *name = e->stage->edit->name;
	struct cell *c = cells_room(e, n);
	size_t i, j;

	e->cells.n = n;
	for (i = 0; i < v->n && e->status == OK; i++) {
		for (j = 0; j < n; j++)
			c[j] = (struct cell){ name[j],
			    values_text(&col[j], i, &e->bytes),
			    col[j].token != NULL && col[j].token[i] };
		emit_put(e, &e->stage->out, &e->cells, v->rec[i], v->num[i]);
	}
	return e->status;
}

/* Whether no record has to be taken apart to see that nothing is wrong. */
static bool
vec_sure(const struct emit *e, const struct vec *v)
{
	const struct edit *ed = e->stage->edit;
	size_t i;

	if (ed->how != EDIT_AUTO && (ed->selects || all_sure(e, v,
	    e->stage->in.format)))
		return true;
	for (i = 0; i < v->n; i++)
		if (!is_sure(e, v, i))
			return false;
	return true;
}

bool
emit_numbers(const struct emit *e, const struct vec *v)
{
	return e->carrying && v->n > VEC_MAX / 16;
}

int
emit_edits(struct emit *e, const struct vec *v, const struct values *col,
    size_t n)
{
	const struct edit *ed = e->stage->edit;
	struct slice some[16], *val = some;
	bool flag[16], *raw = flag;
	size_t i, j;

	if (!e->carrying && ed->selects && ed->how != EDIT_AUTO)
		return select_all(e, v, col, n);
	if (e->carrying && v->n > VEC_MAX / 16 && vec_sure(e, v) &&
	    emit_same(e, col, v->n)) {
		emit_kind(e, true);
		if (e->n > 0 && emit_drain(e) != OK)
			return e->status;
		return emit_set_all(e, v, v->rec, v->num, v->n, col);
	}
	if (n > 16) {
		val = mem_alloc(n * sizeof *val);
		raw = mem_alloc(n * sizeof *raw);
	}
	for (i = 0; i < v->n && e->status == OK; i++) {
		arena_reset(&e->numbers);
		for (j = 0; j < n; j++) {
			val[j] = values_text(&col[j], i, &e->numbers);
			raw[j] = col[j].token != NULL && col[j].token[i];
		}
		emit_edit(e, v, i, val, raw, n);
	}
	if (val != some) {
		free(val);
		free(raw);
	}
	return e->status;
}

/* The values that a stage set in record i, from place at of link.text on; how
   many. */
static size_t
values_of(struct emit *e, const struct stage *s, const struct vec *v,
    size_t i, size_t at, struct slice *val, bool *raw)
{
	const struct link *l = e->stage->link;
	size_t j, k, n = s->edit != NULL ? s->edit->n : s->out.ncol;
	const struct values *c;

	for (j = 0; j < n; j++) {
		k = l->text[at + j];
		c = &v->carried[k];
		val[j] = k == l->n ? (struct slice){ NULL, 0 } :
		    values_text(c, i, &e->bytes);
		raw[j] = k < l->n && c->token != NULL && c->token[i];
	}
	return n;
}

/* Record i of a vector of columns as text: as each stage from the bottom on
   would have written it. */
static void
rewrite(struct emit *e, const struct vec *v, size_t i, struct slice rec,
    uint64_t num, struct slice *val, bool *raw)
{
	const struct link *l = e->stage->link;
	const struct stage *s = &e->inst->chain->stage[l->bottom];
	const struct shape *out;
	struct shape by_record;
	const struct cells *c;
	struct buf *b = NULL;
	size_t at = 0;

	for (; s <= e->stage; s++) {
		if (carry_keeps(s))
			continue;
		if (b != NULL)
			rec = (struct slice){ b->p, b->n };
		at += values_of(e, s, v, i, at, val, raw);
		if (s->edit != NULL && s->edit->how == EDIT_AUTO)
			by_record = auto_shape(s, rec);
		c = set_columns(e, s, rec, num, val, raw);
		if (c == NULL)
			return;
		b = &e->step[b == &e->step[0]];
		b->n = 0;
		buf_room(b, 1);		/* an empty record is no absent one */
		out = &s->out;
		if (s->edit != NULL && s->edit->how == EDIT_AUTO)
			out = &by_record;
		out->format->put(b, out, c->c, c->n);
	}
	if (b != NULL)
		rec = (struct slice){ b->p, b->n };
	emit_bytes(e, rec, num);
}

int
emit_rewrite(struct emit *e, const struct vec *v)
{
	const struct link *l = e->stage->link;
	struct slice *val = mem_alloc((l->ntext + 1) * sizeof *val);
	bool *raw = mem_alloc((l->ntext + 1) * sizeof *raw);
	bool carrying = e->carrying;
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX];
	size_t i;

	memcpy(rec, v->rec, v->n * sizeof *rec);
	memcpy(num, v->num, v->n * sizeof *num);
	e->carrying = false;
	for (i = 0; i < v->n && e->status == OK; i++)
		rewrite(e, v, i, rec[i], num[i], val, raw);
	emit_drain(e);
	e->carrying = carrying;
	free(val);
	free(raw);
	return e->status;
}

int
emit_cells(struct emit *e, struct slice rec, uint64_t num,
    const struct cells *c)
{
	struct shape by_record;

	if (e->status != OK)
		return e->status;
	if (e->stage->edit->how != EDIT_AUTO)
		return emit_put(e, &e->stage->out, c, rec, num);
	by_record = auto_shape(e->stage, rec);
	return emit_put(e, &by_record, c, rec, num);
}

struct cells *
emit_split(struct emit *e, struct slice rec, uint64_t num)
{
	struct shape by_record = split_shape(e->stage, rec);
	size_t i;

	if (e->status != OK)
		return NULL;
	if (!take_apart(e, &by_record, rec, num))
		return NULL;
	for (i = 0; e->stage->out.made && i < e->cells.n; i++) {
		struct cell *c = &e->cells.c[i];

		if (c->raw && !by_record.made)
			c->val = by_record.format->decode(c->val, &e->bytes);
		c->raw = by_record.made;
	}
	return &e->cells;
}

void
emit_leave(struct emit *e, struct vec *v)
{
	const struct link *l = e->stage->link;
	const struct stage *s = &e->inst->chain->stage[l->bottom];
	const struct values *c;
	struct slice x;
	size_t i, j;

	for (j = 0; j < l->ntext; j++) {
		c = &v->carried[l->text[j]];
		e->leaving[j] = c->text;
		if (c->num == NULL && c->token == NULL)
			continue;
		if (e->value == NULL)
			e->value = mem_alloc(l->ntext * sizeof *e->value);
		for (i = 0; i < v->n; i++) {
			x = values_text(c, i, &e->bytes);
			e->value[j][i] = x.p != NULL && c->token != NULL &&
			    c->token[i] ? s->in.format->decode(x, &e->bytes) :
			    x;
		}
		e->leaving[j] = e->value[j];
	}
	v->col = e->leaving;
}
