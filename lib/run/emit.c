/* emit.c - what a stage hands on, gathered into vectors */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/number/number.h"
#include "lib/run/bind.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"

void
emit_link(struct emit *e)
{
	const struct link *l = e->stage->link;
	size_t j;

	e->gathered = mem_zero((l->n + 1) * sizeof *e->gathered);
	e->col = mem_zero((l->n + 1) * sizeof *e->col);
	e->given = mem_zero((l->n + 1) * sizeof *e->given);
	e->leaving = mem_zero((l->n + 1) * sizeof *e->leaving);
	for (j = 0; j < l->n; j++)
		e->col[j].text = e->gathered[j].text;
}

struct emit *
emit_new(struct stage *stage, size_t k)
{
	struct emit *e = mem_zero(sizeof *e);

	e->stage = stage;
	e->k = k;
	if (stage->link != NULL)
		emit_link(e);
	return e;
}

void
emit_free(struct emit *e)
{
	size_t j;

	if (e == NULL)
		return;
	arena_free(&e->bytes);
	buf_free(&e->row);
	buf_free(&e->text);
	cells_free(&e->cells);
	cells_free(&e->edited);
	buf_free(&e->step[0]);
	buf_free(&e->step[1]);
	for (j = 0; e->gathered != NULL && j < e->stage->link->n; j++)
		free(e->gathered[j].num);
	free(e->gathered);
	free(e->col);
	free(e->given);
	free(e->leaving);
	free(e->value);
	free(e);
}

void
emit_begin(struct emit *e, struct instance *inst, const struct vec *v)
{
	const struct link *l = e->stage->link;

	e->carrying = l != NULL &&
	    (l->starts || (v != NULL && v->carried != NULL));
	e->inst = inst;
	e->status = OK;
	e->last = TURN_ALL;
}

/* One vector to the next stage. */
static int
hand_on(struct emit *e, struct vec *v)
{
	int r;

	if (e->status == FAIL)
		return FAIL;
	r = instance_push_at(e->inst, e->k + 1, v);
	e->inst->turn->stage = e->k + 1;
	if (r != OK)
		e->status = r;
	return e->status;
}

int
emit_drain(struct emit *e)
{
	struct vec v = { .n = e->n, .rec = e->rec, .num = e->num };
	size_t j;

	if (e->n == 0)
		return e->status;
	e->n = 0;
	if (!e->columns) {
		hand_on(e, &v);
		arena_reset(&e->bytes);
		return e->status;
	}
	e->columns = false;
	v.carried = e->col;
	if (e->odd)
		emit_rewrite(e, &v);
	else
		hand_on(e, &v);
	e->odd = false;
	for (j = 0; j < e->stage->link->n; j++)
		e->col[j] = (struct values){ .text = e->gathered[j].text };
	arena_reset(&e->bytes);
	return e->status;
}

/* What is gathered next is columns, or is not: the other kind goes on first. */
static void
emit_kind(struct emit *e, bool columns)
{
	if (e->columns != columns && e->n > 0)
		emit_drain(e);
	e->columns = columns;
}

struct values
emit_column(const struct emit *e, const struct vec *v, size_t j)
{
	const struct link *l = e->stage->link;
	const struct source *src = &l->col[j];

	if (src->stage == e->k && !src->found)
		return (struct values){ .text = NULL };
	if (!l->starts)
		return v->carried[l->from[j]];
	return (struct values){ v->col[src->j], NULL,
	    (e->stage->take.want[src->j].flags & WANT_RAW) != 0 ? vec_all :
	    NULL };
}

/* Which of n more of a column are tokens, some or some earlier ones. */
static void
gather_tokens(struct emit *e, size_t j, const bool *token, const uint16_t *idx,
    size_t n)
{
	bool *all = e->gathered[j].token;
	size_t i;

	if (e->col[j].token == NULL)
		memset(all, false, e->n);
	e->col[j].token = all;
	for (i = 0; i < n; i++)
		all[e->n + i] = token != NULL && token[idx[i]];
}

/* The numbers of n more. */
static void
gather_numbers(struct emit *e, size_t j, const struct number *num,
    const uint16_t *idx, size_t n)
{
	struct gathered *g = &e->gathered[j];
	size_t i;

	if (g->num == NULL)
		g->num = mem_alloc(VEC_MAX * sizeof *g->num);
	e->col[j].num = g->num;
	for (i = 0; i < n; i++)
		if (num != NULL && g->text[e->n + i].p == number_only)
			g->num[e->n + i] = num[idx[i]];
}

/* Records idx of a column, behind those gathered. */
static void
gather(struct emit *e, size_t j, const struct values *from,
    const uint16_t *idx, size_t n)
{
	struct slice *text = e->gathered[j].text + e->n;
	size_t i;

	for (i = 0; from->text != NULL && i < n; i++)
		text[i] = from->text[idx[i]];
	if (from->num != NULL)
		gather_numbers(e, j, from->num, idx, n);
	if (from->token != NULL || e->col[j].token != NULL)
		gather_tokens(e, j, from->token, idx, n);
}

/* The same of those that came, for all columns. */
static void
gather_in(struct emit *e, const struct vec *v, const uint16_t *idx, size_t n)
{
	struct values from;
	size_t j;

	for (j = 0; j < e->stage->link->n; j++) {
		from = emit_column(e, v, j);
		if (from.text != NULL)
			gather(e, j, &from, idx, n);
	}
}

int
emit_next(struct emit *e)
{
	emit_kind(e, true);
	return e->status;
}

static inline void
set(struct emit *e, size_t j, struct slice text, bool token,
    const struct number *num)
{
	const uint16_t first = 0;

	e->gathered[j].text[e->n] = text;
	if (text.p == number_only)
		gather_numbers(e, j, num, &first, 1);
	if (token || e->col[j].token != NULL)
		gather_tokens(e, j, &token, &first, 1);
}

void
emit_set(struct emit *e, size_t j, struct slice text, bool token,
    const struct number *num)
{
	set(e, j, text, token, num);
}

int
emit_added(struct emit *e, struct slice rec, uint64_t num)
{
	e->rec[e->n] = rec;
	e->num[e->n++] = num;
	return e->n == VEC_MAX ? emit_drain(e) : OK;
}

/* Whether the bytes are some of the record's: they stay as long as it does. */
static inline bool
lies_in(struct slice s, struct slice rec)
{
	return (uintptr_t)s.p - (uintptr_t)rec.p < rec.n;
}

/* Record i, p NULL where rows are made, with the columns that the stage
   sets. */
static int
carry(struct emit *e, const struct vec *v, size_t i, uint64_t num,
    const struct slice *val, const bool *raw)
{
	const struct link *l = e->stage->link;
	const struct shape *out = &e->stage->out;
	const struct source *src = l->col;
	const uint16_t at = (uint16_t)i;
	struct values from;
	struct slice own;
	bool token;
	size_t j;

	if (emit_next(e) != OK)
		return e->status;
	for (j = 0; j < l->n; j++, src++) {
		if (src->found || src->stage != e->k) {
			from = emit_column(e, v, j);
			gather(e, j, &from, &at, 1);
			continue;
		}
		own = val[src->j];
		token = raw != NULL && raw[src->j] && own.p != NULL;
		if (!token && own.p != NULL)
			e->odd |= !out->format->same(out, own);
		if (own.n > 0 && !(token && lies_in(own, v->rec[i])))
			own = arena_copy(&e->bytes, own);
		set(e, j, own, token, NULL);
	}
	return emit_added(e, v == NULL ? (struct slice){ NULL, 0 } : v->rec[i],
	    num);
}

/* A record of text, where columns or VEC_MAX records may have been gathered. */
__attribute__((noinline)) static int
add_slice(struct emit *e, struct slice rec, uint64_t num)
{
	emit_kind(e, false);
	return e->status != OK ? e->status : emit_added(e, rec, num);
}

int
emit_slice(struct emit *e, struct slice rec, uint64_t num)
{
	if (rec.n == 0)
		rec.p = "";		/* empty, not absent */
	if (e->columns || e->status != OK || e->n == VEC_MAX - 1)
		return add_slice(e, rec, num);
	e->rec[e->n] = rec;
	e->num[e->n++] = num;
	return OK;
}

/* Those of a vector that came, kept: with their columns where these go on. */
static void
keep_some(struct emit *e, const struct vec *v, const uint16_t *idx, size_t n)
{
	size_t i;

	if (e->columns)
		gather_in(e, v, idx, n);
	for (i = 0; i < n; i++) {
		e->rec[e->n + i] = v->rec[idx[i]];
		e->num[e->n + i] = v->num[idx[i]];
	}
	e->n += n;
}

int
emit_keep(struct emit *e, const struct vec *v, size_t i)
{
	uint16_t idx = (uint16_t)i;

	return emit_some(e, v, &idx, 1);
}

/* Records that lie so in a vector go on as a vector. */
static int
hand_run(struct emit *e, const struct vec *v, size_t from, size_t n)
{
	struct vec run = { .n = n, .rec = v->rec + from,
	    .num = v->num + from, .contig = v->contig };
	struct values *c;
	size_t j;

	if (!e->columns)
		return hand_on(e, &run);
	for (j = 0; j < e->stage->link->n; j++) {
		c = &e->given[j];
		*c = emit_column(e, v, j);
		c->text += from;
		c->num += c->num == NULL ? 0 : from;
		c->token += c->token == NULL ? 0 : from;
	}
	run.carried = e->given;
	return hand_on(e, &run);
}

int
emit_run(struct emit *e, const struct vec *v, size_t from, size_t n)
{
	uint16_t idx[VEC_MAX];
	size_t i, take;

	emit_kind(e, e->carrying && carry_keeps(e->stage));
	if (e->n == 0 && n > VEC_MAX / 16)
		return hand_run(e, v, from, n);
	for (; n > 0 && e->status == OK; from += take, n -= take) {
		take = n < VEC_MAX - e->n ? n : VEC_MAX - e->n;
		for (i = 0; i < take; i++)
			idx[i] = (uint16_t)(from + i);
		keep_some(e, v, idx, take);
		if (e->n == VEC_MAX)
			emit_drain(e);
	}
	return e->status;
}

int
emit_some(struct emit *e, const struct vec *v, const uint16_t *idx, size_t n)
{
	if (n == v->n)
		return emit_run(e, v, 0, n);
	emit_kind(e, e->carrying && carry_keeps(e->stage));
	if (e->status != OK)
		return e->status;
	if (e->n + n > VEC_MAX && emit_drain(e) != OK)
		return e->status;
	keep_some(e, v, idx, n);
	return e->n == VEC_MAX ? emit_drain(e) : OK;
}

int
emit_bytes(struct emit *e, struct slice rec, uint64_t num)
{
	emit_kind(e, false);
	if (e->status != OK)
		return e->status;
	return emit_slice(e, arena_copy(&e->bytes, rec), num);
}

/* After bad_record: where the run ends at that record, what came before it goes
   on first. */
static void
left_out(struct emit *e, int r)
{
	if (r != OK && emit_drain(e) != FAIL)
		e->status = r;
}

/* The cells, of an incoming record, as one of this shape. */
static int
put_cells(struct emit *e, const struct shape *s, const struct cells *c,
    struct slice rec, uint64_t num)
{
	const struct options *opt = e->inst->chain->opt;
	const char *why = cells_end(c, s->format, opt->term);

	emit_kind(e, false);
	if (why != NULL) {
		left_out(e, bad_record(opt, rec, num, why, 0));
		return e->status;
	}
	e->row.n = 0;
	buf_room(&e->row, 1);		/* an empty record is no absent one */
	s->format->put(&e->row, s, c->c, c->n);
	return emit_bytes(e, (struct slice){ e->row.p, e->row.n }, num);
}

int
emit_row(struct emit *e, const struct slice *val, size_t n, uint64_t num)
{
	const struct shape *s = &e->stage->out;
	size_t i;

	if (e->status != OK)
		return e->status;
	if (e->carrying)
		return carry(e, NULL, 0, num, val, NULL);
	e->cells.n = 0;
	for (i = 0; i < n; i++)
		cells_add(&e->cells, s->col[i].name, val[i], false);
	return put_cells(e, s, &e->cells, (struct slice){ 0 }, num);
}

/* Whether columns that the stage sets can be handed on as they are. */
static bool
all_same(const struct emit *e, const struct values *col, size_t n)
{
	const struct link *l = e->stage->link;
	const struct shape *out = &e->stage->out;
	const struct values *c;
	size_t i, j;

	for (j = 0; j < l->n; j++) {
		if (l->col[j].found || l->col[j].stage != e->k)
			continue;
		c = &col[l->col[j].j];
		for (i = 0; i < n; i++)
			if (c->text[i].p != NULL &&
			    c->text[i].p != number_only &&
			    (c->token == NULL || !c->token[i]) &&
			    !out->format->same(out, c->text[i]))
				return false;
	}
	return true;
}

/* All records with columns as they are; rec and num may be those gathered. */
static int
hand_edits(struct emit *e, const struct vec *v, const struct slice *rec,
    const uint64_t *num, size_t n, const struct values *col)
{
	const struct link *l = e->stage->link;
	struct vec all = { .n = n, .rec = rec, .num = num,
	    .carried = e->given };
	size_t j;

	for (j = 0; j < l->n; j++) {
		e->given[j] = emit_column(e, v, j);
		if (e->given[j].text == NULL)
			e->given[j] = col[l->col[j].j];
	}
	return hand_on(e, &all);
}

int
emit_rows(struct emit *e, const struct vec *v, const uint16_t *idx, size_t n,
    const struct values *col, size_t ncol)
{
	struct slice some[16], *val = some;
	size_t i, j;

	if (e->carrying && n > VEC_MAX / 16 && all_same(e, col, n)) {
		emit_kind(e, true);
		if (e->n > 0 && emit_drain(e) != OK)
			return e->status;
		for (i = 0; i < n; i++) {
			e->rec[i] = (struct slice){ NULL, 0 };
			e->num[i] = v->num[idx[i]];
		}
		return hand_edits(e, v, e->rec, e->num, n, col);
	}
	if (ncol > 16)
		val = mem_alloc(ncol * sizeof *val);
	for (i = 0; i < n && e->status == OK; i++) {
		for (j = 0; j < ncol; j++)
			val[j] = values_text(&col[j], i, &e->bytes);
		emit_row(e, val, ncol, v->num[idx[i]]);
	}
	if (val != some)
		free(val);
	return e->status;
}

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
	left_out(e, bad_record(e->inst->chain->opt, rec, num, why, at));
	return false;
}

/* Whether nothing can be wrong with a record, so that it need not be taken
   apart to see: the last change, its own field's, or a look at it tells. */
static bool
all_sure(const struct emit *e, const struct vec *v)
{
	if (v->carried != NULL && !e->stage->carry->bare)
		return true;
	return (e->stage->in.format->traits & FMT_SURE) != 0 &&
	    (v->carried != NULL || e->stage->take.any);
}

static bool
is_sure(const struct emit *e, const struct vec *v, size_t i)
{
	const struct shape *in = &e->stage->in;
	const struct format *f = in->format->pick != NULL &&
	    e->stage->edit->how != EDIT_AUTO ? &format_text : in->format;

	return all_sure(e, v) || (f->sure != NULL && f->sure(in, v->rec[i]));
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
	struct shape by_record;
	const struct cells *c;

	(void)n;
	if (e->status != OK)
		return e->status;
	if (e->carrying && !ed->selects && !is_sure(e, v, i)) {
		by_record = split_shape(e->stage, v->rec[i]);
		if (!take_apart(e, &by_record, v->rec[i], v->num[i]))
			return e->status;
	}
	if (e->carrying)
		return carry(e, v, i, v->num[i], val, raw);
	c = set_columns(e, e->stage, v->rec[i], v->num[i], val, raw);
	if (ed->how == EDIT_AUTO) {
		by_record = auto_shape(e->stage, v->rec[i]);
		out = &by_record;
	}
	return c == NULL ? e->status :
	    put_cells(e, out, c, v->rec[i], v->num[i]);
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
		put_cells(e, &e->stage->out, &e->cells, v->rec[i], v->num[i]);
	}
	return e->status;
}

/* Whether no record has to be taken apart to see that nothing is wrong. */
static bool
vec_sure(const struct emit *e, const struct vec *v)
{
	size_t i;

	if (e->stage->edit->selects || all_sure(e, v))
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
	    all_same(e, col, v->n)) {
		emit_kind(e, true);
		if (e->n > 0 && emit_drain(e) != OK)
			return e->status;
		return hand_edits(e, v, v->rec, v->num, v->n, col);
	}
	if (n > 16) {
		val = mem_alloc(n * sizeof *val);
		raw = mem_alloc(n * sizeof *raw);
	}
	for (i = 0; i < v->n && e->status == OK; i++) {
		for (j = 0; j < n; j++) {
			val[j] = values_text(&col[j], i, &e->bytes);
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
	const struct cells *c;
	struct buf *b = NULL;
	size_t at = 0;

	for (; s <= e->stage; s++) {
		if (carry_keeps(s))
			continue;
		if (b != NULL)
			rec = (struct slice){ b->p, b->n };
		at += values_of(e, s, v, i, at, val, raw);
		c = set_columns(e, s, rec, num, val, raw);
		if (c == NULL)
			return;
		b = &e->step[b == &e->step[0]];
		b->n = 0;
		buf_room(b, 1);		/* an empty record is no absent one */
		s->out.format->put(b, &s->out, c->c, c->n);
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
		return put_cells(e, &e->stage->out, c, rec, num);
	by_record = auto_shape(e->stage, rec);
	return put_cells(e, &by_record, c, rec, num);
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

int
emit_bad(struct emit *e, struct slice rec, uint64_t num, const char *why,
    size_t at)
{
	return bad_record(e->inst->chain->opt, rec, num, why, at);
}

int
emit_done(struct emit *e, uint64_t num)
{
	e->last = num;
	return DONE;
}

int
emit_end(struct emit *e, uint64_t num, int status)
{
	struct chain *c = e->inst->chain;

	if (turn_end(e->inst->turn, num, status))
		return emit_done(e, num);
	c->stop = status;
	return OK;
}

size_t
emit_counted(struct emit *e, const struct vec *v)
{
	emit_drain(e);
	return nums_upto(v->num, v->n, turn_limit(e->inst->turn, e->k + 1));
}

struct buf *
emit_buf(struct emit *e)
{
	e->text.n = 0;
	return &e->text;
}

void
emit_stop(struct emit *e, int status)
{
	e->inst->chain->stop = status;
}

void
emit_status(struct emit *e, int status)
{
	e->inst->chain->status = status;
}

int
emit_output(struct emit *e, const char *p, size_t n)
{
	return out_raw(e->inst->chain->out, p, n);
}

bool
emit_output_failed(const struct emit *e)
{
	return e->inst->chain->out->failed;
}

int
emit_output_dead(struct emit *e)
{
	e->inst->chain->out->failed = e->inst->chain->out->dead = true;
	return FAIL;
}

struct slice
emit_batch_end(struct emit *e)
{
	struct out *o = e->inst->chain->out;

	o->buf.n = 0;			/* a sink has no other use for it */
	if (o->batch_end != NULL) {
		buf_add(&o->buf, o->batch_end, o->batch_endlen);
		buf_char(&o->buf, o->opt->term);
	}
	return (struct slice){ o->buf.p, o->buf.n };
}

const struct batch *
emit_batch(const struct emit *e)
{
	return e->inst->batch;
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
