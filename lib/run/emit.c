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
#include "lib/run/emit-inner.h"
#include "lib/write/direct.h"

void
emit_link(struct emit *e)
{
	const struct link *l = e->stage->link;
	size_t j;

	e->gathered = mem_zero((l->n + 1) * sizeof *e->gathered);
	e->col = mem_zero((l->n + 1) * sizeof *e->col);
	e->given = mem_zero((l->n + 1) * sizeof *e->given);
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
	arena_free(&e->numbers);
	buf_free(&e->row);
	buf_free(&e->text);
	cells_free(&e->cells);
	cells_free(&e->edited);
	buf_free(&e->step[0]);
	buf_free(&e->step[1]);
	buf_free(&e->written[0]);
	buf_free(&e->written[1]);
	direct_free(e->direct);
	for (j = 0; e->gathered != NULL && j < e->stage->link->n; j++)
		free(e->gathered[j].num);
	free(e->gathered);
	free(e->col);
	free(e->given);
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
	struct vec v;
	size_t j;

	if (e->n == 0)
		return e->status;
	v = (struct vec){ .n = e->n, .rec = e->rec, .num = e->num };
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

/* Whether a value that is set is read back as it is.  A token is written so,
   too, and of a record's last one a carriage return at its end is no part. */
static inline bool
stays(const struct shape *out, struct slice v, bool token)
{
	return token ? v.n == 0 || v.p[v.n - 1] != '\r' :
	    out->format->same(out, v);
}

int
emit_carry(struct emit *e, const struct vec *v, size_t i, uint64_t num,
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
		if (v != NULL && (src->found || src->stage != e->k)) {
			from = emit_column(e, v, j);
			gather(e, j, &from, &at, 1);
			continue;
		}
		own = val[src->j];
		token = raw != NULL && raw[src->j] && own.p != NULL;
		if (own.p != NULL)
			e->odd |= !stays(out, own, token);
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
	if (e->n == 0 && (n > VEC_MAX / 16 || n == v->n))
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

void
emit_left_out(struct emit *e, int r)
{
	if (r != OK && emit_drain(e) != FAIL)
		e->status = r;
}

int
emit_put(struct emit *e, const struct shape *s, const struct cells *c,
    struct slice rec, uint64_t num)
{
	const struct options *opt = e->inst->chain->opt;
	const char *why = cells_end(c, s->format, opt->term);

	emit_kind(e, false);
	if (why != NULL) {
		emit_left_out(e, bad_record(opt, rec, num, why, 0));
		return e->status;
	}
	e->row.n = 0;
	buf_room(&e->row, 1);		/* an empty record is no absent one */
	s->format->put(&e->row, s, c->c, c->n);
	return emit_bytes(e, buf_text(&e->row), num);
}

int
emit_row(struct emit *e, const struct slice *val, size_t n, uint64_t num)
{
	const struct shape *s = &e->stage->out;
	size_t i;

	if (e->status != OK)
		return e->status;
	if (e->carrying)
		return emit_carry(e, NULL, 0, num, val, NULL);
	e->cells.n = 0;
	for (i = 0; i < n; i++)
		cells_add(&e->cells, s->col[i].name, val[i], false);
	return emit_put(e, s, &e->cells, (struct slice){ 0 }, num);
}

bool
emit_same(const struct emit *e, const struct values *col, size_t n)
{
	const struct link *l = e->stage->link;
	const struct shape *out = &e->stage->out;
	const bool any = same_any(out);
	const struct values *c;
	size_t i, j;

	for (j = 0; j < l->n; j++) {
		if (l->col[j].found || l->col[j].stage != e->k)
			continue;
		c = &col[l->col[j].j];
		for (i = 0; (!any || c->token != NULL) && i < n; i++)
			if (c->text[i].p != NULL &&
			    c->text[i].p != number_only &&
			    !stays(out, c->text[i], c->token != NULL &&
			    c->token[i]))
				return false;
	}
	return true;
}

int
emit_set_all(struct emit *e, const struct vec *v, const struct slice *rec,
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
	struct slice some[16], *val = some, rec[VEC_MAX];
	size_t i, j;
	bool all;

	if (e->carrying && n > VEC_MAX / 16 && emit_same(e, col, n)) {
		emit_kind(e, true);
		if (e->n > 0 && emit_drain(e) != OK)
			return e->status;
		for (i = 0; i < n; i++) {
			e->rec[i] = (struct slice){ NULL, 0 };
			e->num[i] = v->num[idx[i]];
		}
		return emit_set_all(e, v, e->rec, e->num, n, col);
	}
	rec[0].p = NULL;
	all = emit_written(e, rec, n, col);
	if (ncol > 16)
		val = mem_alloc(ncol * sizeof *val);
	for (i = 0; i < n && e->status == OK; i++) {
		if (all && rec[i].p != NULL) {
			emit_slice(e, rec[i], v->num[idx[i]]);
			continue;
		}
		for (j = 0; j < ncol; j++)
			val[j] = values_text(&col[j], i, &e->bytes);
		emit_row(e, val, ncol, v->num[idx[i]]);
	}
	if (val != some)
		free(val);
	return e->status;
}
