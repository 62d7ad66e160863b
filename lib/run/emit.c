/* emit.c - what a stage hands on, gathered into vectors */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/run/bind.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"

struct emit *
emit_new(struct stage *stage, size_t k)
{
	struct emit *e = mem_zero(sizeof *e);

	e->stage = stage;
	e->k = k;
	return e;
}

void
emit_free(struct emit *e)
{
	if (e == NULL)
		return;
	arena_free(&e->bytes);
	buf_free(&e->row);
	buf_free(&e->text);
	cells_free(&e->cells);
	cells_free(&e->edited);
	free(e->carried);
	free(e->col);
	free(e);
}

void
emit_begin(struct emit *e, struct instance *inst)
{
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

	if (e->n == 0)
		return e->status;
	e->n = 0;
	if (e->columns) {
		e->columns = false;
		v.carried = e->col;
		if (e->odd)
			emit_rewrite(e, &v);
		else
			hand_on(e, &v);
		e->odd = false;
	} else {
		hand_on(e, &v);
	}
	arena_reset(&e->bytes);
	return e->status;
}

void
emit_carry(struct emit *e, size_t n, const bool *wanted)
{
	size_t j;

	e->ncarried = n;
	e->carried = mem_alloc(n * sizeof *e->carried);
	e->col = mem_alloc(n * sizeof *e->col);
	for (j = 0; j < n; j++)
		e->col[j] = wanted[j] ? e->carried[j] : NULL;
}

/* What is gathered next is columns, or is not: the other kind goes on first. */
static void
emit_kind(struct emit *e, bool columns)
{
	if (e->columns != columns && e->n > 0)
		emit_drain(e);
	e->columns = columns;
}

/* One record with its columns.  raw[j]: val[j] is a token of the incoming
   records' format. */
static int
carry(struct emit *e, struct slice rec, uint64_t num, const struct slice *val,
    const bool *raw, bool all)
{
	const struct format *f = e->stage->out.format;
	const struct format *in = e->stage->in.format;
	struct slice v;
	size_t j;

	emit_kind(e, true);
	if (e->status != OK)
		return e->status;
	for (j = 0; j < e->ncarried; j++) {
		if (e->col[j] == NULL)
			continue;
		v = val[j];
		if (v.p != NULL && (all || (raw != NULL && raw[j]))) {
			v = in->decode(v, &e->bytes);
		} else if (v.p != NULL) {
			e->odd |= !f->same(v);
			v = v.n > 0 ? arena_copy(&e->bytes, v) : v;
		}
		e->carried[j][e->n] = v;
	}
	e->rec[e->n] = rec;
	e->num[e->n++] = num;
	return e->n == VEC_MAX ? emit_drain(e) : OK;
}

int
emit_slice(struct emit *e, struct slice rec, uint64_t num)
{
	emit_kind(e, false);
	if (rec.n == 0)
		rec.p = "";		/* empty, not absent */
	if (e->status != OK)
		return e->status;
	e->rec[e->n] = rec;
	e->num[e->n++] = num;
	return e->n == VEC_MAX ? emit_drain(e) : OK;
}

int
emit_keep(struct emit *e, const struct vec *v, size_t i)
{
	return emit_slice(e, v->rec[i], v->num[i]);
}

int
emit_run(struct emit *e, const struct vec *v, size_t from, size_t n)
{
	size_t take;

	emit_kind(e, false);
	if (e->n == 0 && n > VEC_MAX / 16) {
		struct vec run = { .n = n, .rec = v->rec + from,
		    .num = v->num + from, .contig = v->contig };

		return hand_on(e, &run);
	}
	for (; n > 0 && e->status == OK; from += take, n -= take) {
		take = n < VEC_MAX - e->n ? n : VEC_MAX - e->n;
		memcpy(e->rec + e->n, v->rec + from, take * sizeof *e->rec);
		memcpy(e->num + e->n, v->num + from, take * sizeof *e->num);
		e->n += take;
		if (e->n == VEC_MAX)
			emit_drain(e);
	}
	return e->status;
}

int
emit_some(struct emit *e, const struct vec *v, const uint16_t *idx, size_t n)
{
	size_t i;

	if (n == v->n)
		return emit_run(e, v, 0, n);
	emit_kind(e, false);
	if (e->status != OK)
		return e->status;
	if (e->n + n > VEC_MAX && emit_drain(e) != OK)
		return e->status;
	for (i = 0; i < n; i++) {
		e->rec[e->n + i] = v->rec[idx[i]];
		e->num[e->n + i] = v->num[idx[i]];
	}
	e->n += n;
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
	if (e->ncarried > 0)
		return carry(e, (struct slice){ 0 }, num, val, NULL, false);
	e->cells.n = 0;
	for (i = 0; i < n; i++)
		cells_add(&e->cells, s->col[i].name, val[i], false);
	return put_cells(e, s, &e->cells, (struct slice){ 0 }, num);
}

/* What the records of an auto shape are, for writing: JSON or key=value. */
static struct shape
auto_shape(const struct emit *e, struct slice rec)
{
	const struct format *f = format_of(&e->stage->in, rec);
	struct shape s = { 0 };

	if ((f->traits & FMT_NAMED) == 0)
		f = e->stage->in.format->members;
	f->shape(&s, NULL, 0);
	s.format = f;
	return s;
}

/* As what a record of the stage is taken apart: auto's positions are text's,
   its names those of JSON or key=value. */
static struct shape
split_shape(const struct emit *e, struct slice rec)
{
	struct shape s = e->stage->in;

	if (e->stage->edit->how == EDIT_AUTO)
		return auto_shape(e, rec);
	if (s.format->pick != NULL)
		s.format = &format_text;
	return s;
}

static bool
is_raw(const struct emit *e, size_t j)
{
	return e->raw != NULL && e->raw[j];
}

/* Replaces the members that are there, adds the others. */
static void
edit_named(struct emit *e, const struct edit *ed, const struct slice *val)
{
	struct cells *c = &e->cells, *out = &e->edited;
	size_t i, j;

	out->n = 0;
	for (j = 0; ed->front && j < ed->n; j++)
		cells_add(out, ed->name[j], val[j], is_raw(e, j));
	for (i = 0; i < c->n; i++) {
		for (j = 0; j < ed->n; j++)
			if (slice_eq(c->c[i].name, ed->name[j]))
				break;
		if (j == ed->n)
			cells_add(out, c->c[i].name, c->c[i].val,
			    c->c[i].raw);
		else if (!ed->front)
			cells_add(out, ed->name[j], val[j], is_raw(e, j));
	}
	for (j = 0; !ed->front && j < ed->n; j++) {
		for (i = 0; i < c->n; i++)
			if (slice_eq(c->c[i].name, ed->name[j]))
				break;
		if (i == c->n)
			cells_add(out, ed->name[j], val[j], is_raw(e, j));
	}
}

/* Sets the columns that have a place, growing the record up to it if there is
   a value to put there. */
static void
replace_columns(struct emit *e, const struct edit *ed, const struct slice *val)
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
			is_raw(e, j) };
	}
}

/* Replaces columns, puts new ones in front or last; what a ragged record has
   beyond the columns stays beyond them. */
static void
edit_columns(struct emit *e, const struct edit *ed, const struct slice *val)
{
	struct cells *c = &e->cells, *out = &e->edited;
	size_t i, j, sure;

	replace_columns(e, ed, val);
	sure = ed->width > 0 && !ed->front ? ed->width : c->n;
	out->n = 0;
	for (j = 0; ed->front && j < ed->n; j++)
		cells_add(out, ed->name[j], val[j], is_raw(e, j));
	for (i = 0; i < sure; i++)
		cells_add(out, c->c[i].name, c->c[i].val, c->c[i].raw);
	for (j = 0; !ed->front && j < ed->n; j++)
		if (ed->pos[j] == 0)
			cells_add(out, ed->name[j], val[j], is_raw(e, j));
	for (; i < c->n; i++)
		cells_add(out, c->c[i].name, c->c[i].val, c->c[i].raw);
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
   apart to see. */
static bool
is_sure(const struct emit *e, struct slice rec)
{
	const struct format *f = e->stage->in.format;

	return ((f->traits & FMT_SURE) != 0 && e->stage->take.any) ||
	    (f->sure != NULL && f->sure(rec));
}

int
emit_edit(struct emit *e, struct slice rec, uint64_t num,
    const struct slice *val, size_t n)
{
	const struct edit *ed = e->stage->edit;
	const struct shape *out = &e->stage->out;
	struct shape by_record;
	size_t i;

	if (e->status != OK)
		return e->status;
	if (ed->how == EDIT_PREFIX) {
		e->cells.n = 0;
		for (i = 0; i < n; i++)
			cells_add(&e->cells, ed->name[i], val[i], false);
		cells_add(&e->cells, (struct slice){ 0 }, rec, true);
		return put_cells(e, out, &e->cells, rec, num);
	}
	by_record = split_shape(e, rec);
	if (ed->how == EDIT_AUTO)
		out = &by_record;
	if (e->ncarried > 0)
		return is_sure(e, rec) || take_apart(e, &by_record, rec, num) ?
		    carry(e, rec, num, val, e->raw, false) : e->status;
	if (!take_apart(e, &by_record, rec, num))
		return e->status;
	if (ed->how == EDIT_COLUMNS)
		edit_columns(e, ed, val);
	else
		edit_named(e, ed, val);
	return put_cells(e, out, &e->edited, rec, num);
}

int
emit_edit_raw(struct emit *e, struct slice rec, uint64_t num,
    const struct slice *val, const bool *raw, size_t n)
{
	int r;

	e->raw = raw;
	r = emit_edit(e, rec, num, val, n);
	e->raw = NULL;
	return r;
}

int
emit_select(struct emit *e, struct slice rec, uint64_t num,
    const struct slice *val, size_t n)
{
	const struct edit *ed = e->stage->edit;
	const struct shape *out = &e->stage->out;
	struct shape by_record;
	size_t i;

	if (e->status != OK)
		return e->status;
	if (ed->how == EDIT_AUTO) {
		by_record = auto_shape(e, rec);
		out = &by_record;
	}
	if (e->ncarried > 0)
		return carry(e, rec, num, val, NULL, ed->raw);
	e->cells.n = 0;
	for (i = 0; i < n; i++)
		cells_add(&e->cells, ed->name[i], val[i], ed->raw);
	return put_cells(e, out, &e->cells, rec, num);
}

int
emit_rewrite(struct emit *e, const struct vec *v)
{
	const struct edit *ed = e->stage->edit;
	struct slice *val = mem_alloc(e->ncarried * sizeof *val);
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX];
	size_t i, j, n = e->ncarried;

	const bool *raw = e->raw;

	memcpy(rec, v->rec, v->n * sizeof *rec);
	memcpy(num, v->num, v->n * sizeof *num);
	e->ncarried = 0;
	e->raw = NULL;			/* carried columns are values */
	for (i = 0; i < v->n && e->status == OK; i++) {
		for (j = 0; j < n; j++)
			val[j] = v->carried[j] == NULL ?
			    (struct slice){ NULL, 0 } : v->carried[j][i];
		if (ed == NULL) {
			emit_row(e, val, n, num[i]);
		} else if (ed->how == EDIT_SELECT) {
			e->cells.n = 0;
			for (j = 0; j < n; j++)
				cells_add(&e->cells, ed->name[j], val[j],
				    false);
			put_cells(e, &e->stage->out, &e->cells, rec[i],
			    num[i]);
		} else {
			emit_edit(e, rec[i], num[i], val, n);
		}
	}
	emit_drain(e);
	e->ncarried = n;
	e->raw = raw;
	free(val);
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
	by_record = auto_shape(e, rec);
	return put_cells(e, &by_record, c, rec, num);
}

struct cells *
emit_split(struct emit *e, struct slice rec, uint64_t num)
{
	struct shape by_record = split_shape(e, rec);
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

	if (!turn_end(e->inst->turn, num, status))
		c->stop = status;
	return emit_done(e, num);
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
