/* emit-edit.c - changed records */
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
	shape_init(&s, f, NULL, 0);
	s.format = f;
	return s;
}

const struct shape *
emit_out_shape(const struct stage *s, struct slice rec, struct shape *room)
{
	if (s->edit == NULL || s->edit->how != EDIT_AUTO)
		return &s->out;
	*room = auto_shape(s, rec);
	return room;
}

struct shape
emit_split_shape(const struct stage *stage, struct slice rec)
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

const struct cells *
emit_edit_cells(struct emit *e, const struct edit *ed, const struct slice *val,
    const bool *raw)
{
	if (ed->how == EDIT_COLUMNS)
		edit_columns(e, ed, val, raw);
	else
		edit_named(e, ed, val, raw);
	return &e->edited;
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

const struct cells *
emit_set_columns(struct emit *e, const struct stage *s, struct slice rec,
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
		by_record = emit_split_shape(s, rec);
		in = &by_record;
	}
	if (!take_apart(e, in, rec, num))
		return NULL;
	return emit_edit_cells(e, ed, val, raw);
}

int
emit_edit(struct emit *e, const struct vec *v, size_t i,
    const struct slice *val, const bool *raw, size_t n)
{
	bool carrying = e->carrying;
	struct shape by_record;
	const struct cells *c;

	if (e->status != OK)
		return e->status;
	if (carrying && !is_sure(e, v, i)) {
		by_record = emit_split_shape(e->stage, v->rec[i]);
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
	c = emit_set_columns(e, e->stage, v->rec[i], v->num[i], val, raw);
	return c == NULL ? e->status : emit_put(e, emit_out_shape(e->stage,
	    v->rec[i], &by_record), c, v->rec[i], v->num[i]);
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
	struct slice some[16] = { { NULL, 0 } }, *val = some, rec[VEC_MAX];
	bool flag[16] = { false }, *raw = flag, all;
	size_t i, j;

	if (e->carrying && v->n > VEC_MAX / 16 && vec_sure(e, v) &&
	    emit_same(e, col, v->n)) {
		emit_kind(e, true);
		if (e->n > 0 && emit_drain(e) != OK)
			return e->status;
		return emit_set_all(e, v, v->rec, v->num, v->n, col);
	}
	memcpy(rec, v->rec, v->n * sizeof *rec);
	all = emit_written(e, rec, v->n, col);
	if (n > 16) {
		val = mem_alloc(n * sizeof *val);
		raw = mem_alloc(n * sizeof *raw);
	}
	for (i = 0; i < v->n && e->status == OK; i++) {
		if (all && rec[i].p != NULL) {
			emit_slice(e, rec[i], v->num[i]);
			continue;
		}
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

int
emit_cells(struct emit *e, struct slice rec, uint64_t num,
    const struct cells *c)
{
	struct shape by_record;

	return e->status != OK ? e->status : emit_put(e,
	    emit_out_shape(e->stage, rec, &by_record), c, rec, num);
}

struct cells *
emit_split(struct emit *e, struct slice rec, uint64_t num)
{
	struct shape by_record = emit_split_shape(e->stage, rec);
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
