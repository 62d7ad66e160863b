/* emit-text.c - columns that a stage made or changed, written as text */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/run/bind.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"
#include "lib/run/emit-inner.h"
#include "lib/write/direct.h"

/* The fields of a record of the stage, to be changed, as its first one shows
   where the shape does not: each has a mark for its value.  False: they can't
   be known. */
static bool
mark_fields(struct emit *e, const struct shape *in, struct slice rec,
    const char **mark, struct arena *a)
{
	const struct edit *ed = e->stage->edit;
	const struct slice none = { NULL, 0 };
	struct cells *c = &e->cells;
	size_t i, at;
	char *m;

	c->n = 0;
	while (c->n < ed->width)
		cells_add(c, none, none, true);
	if (ed->width == 0 && (in->format->split(in, rec, c, &at) != NULL ||
	    c->n == 0))
		return false;
	*mark = m = arena_zero(a, c->n + ed->n);
	for (i = 0; i < c->n; i++) {
		if (c->c[i].name.p != NULL)
			c->c[i].name = arena_copy(a, c->c[i].name);
		c->c[i].val = (struct slice){ m + i, 1 };
	}
	return true;
}

/* The same for the columns that it sets; and what they make of the fields is
   what each record becomes. */
static void
plan_edit(struct emit *e, struct slice rec, const struct options *opt)
{
	const struct edit *ed = e->stage->edit;
	struct shape *in = arena_alloc(opt->arena, sizeof *in);
	struct arena *a = opt->arena;
	struct slice *name, *val;
	const struct cells *c;
	struct part *part;
	const char *mark;
	size_t i, n, more = 0;

	*in = emit_split_shape(e->stage, rec);
	if (!mark_fields(e, in, rec, &mark, a))
		return;
	e->asked = true;
	n = e->cells.n;
	name = arena_zero(a, n * sizeof *name);
	for (i = 0; i < n; i++)
		name[i] = e->cells.c[i].name;
	val = arena_zero(a, ed->n * sizeof *val);
	for (i = 0; i < ed->n; i++) {
		val[i] = (struct slice){ mark + n + i, 1 };
		more += ed->how == EDIT_COLUMNS && ed->pos[i] == 0;
	}
	c = emit_edit_cells(e, ed, val, NULL);
	if (ed->how == EDIT_COLUMNS && c->n > n + more)
		return;			/* grows as its values say */
	part = arena_zero(a, c->n * sizeof *part);
	for (i = 0; i < c->n; i++) {
		part[i].name = c->c[i].name;
		part[i].at = (size_t)(c->c[i].val.p - mark);
		part[i].set = part[i].at >= n;
		part[i].at -= part[i].set ? n : 0;
	}
	e->direct = direct_own(in, ed->how == EDIT_AUTO ? in : &e->stage->out,
	    part, c->n, name, n, opt);
}

/* Rows, or records that keep none of their columns. */
static void
plan_rows(struct emit *e, const struct options *opt)
{
	const struct stage *s = e->stage;
	size_t i, n = s->edit == NULL ? s->out.ncol : s->edit->n;
	struct part *part = arena_zero(opt->arena, (n + 1) * sizeof *part);

	e->asked = true;
	for (i = 0; i < n; i++)
		part[i] = (struct part){ .name = s->edit == NULL ?
		    s->out.col[i].name : s->edit->name[i], .at = i,
		    .set = true };
	e->direct = direct_own(&s->out, &s->out, part, n, NULL, 0, opt);
}

static struct direct *
direct_of(struct emit *e, struct slice rec, const struct options *opt)
{
	const struct edit *ed = e->stage->edit;

	if (e->asked)
		return e->direct;
	if (ed != NULL && (ed->how == EDIT_PREFIX ||
	    (ed->how == EDIT_AUTO && ed->selects)))
		e->asked = true;
	else if (ed == NULL || ed->selects)
		plan_rows(e, opt);
	else
		plan_edit(e, rec, opt);
	return e->direct;
}

/* Whether the writer of what the first record is serves for all: those of auto
   must be JSON. */
static bool
all_alike(const struct stage *s, const struct slice *rec, size_t n)
{
	size_t i = 0;

	if (s->edit == NULL || s->edit->how != EDIT_AUTO)
		return true;
	while (i < n && format_of(&s->in, rec[i]) == &format_json)
		i++;
	return i == n;
}

/* The n records with the columns that a stage set, as text in b; p NULL: not
   that one.  False: none. */
static bool
write_all(struct emit *stage, const struct options *opt, struct slice *rec,
    size_t n, const struct values *set, struct buf *b)
{
	struct direct *d = all_alike(stage->stage, rec, n) ?
	    direct_of(stage, rec[0], opt) : NULL;
	size_t len[VEC_MAX], i, run, at;

	if (d == NULL || !direct_set(d, rec[0].p == NULL ? NULL : rec, n, set))
		return false;
	b->n = 0;
	for (i = 0; i < n; i += run) {
		run = direct_run(d, i, n);
		if (run > 0)
			direct_put(d, i, run, opt->term, b, len);
		else
			len[i] = SIZE_MAX;
		run += run == 0;
	}
	for (i = at = 0; i < n; i++) {
		rec[i] = len[i] == SIZE_MAX ? (struct slice){ NULL, 0 } :
		    (struct slice){ b->p + at, len[i] };
		at += len[i] + 1;
	}
	return true;
}

bool
emit_written(struct emit *e, struct slice *rec, size_t n,
    const struct values *set)
{
	if (e->carrying || n <= VEC_MAX / 16 || (e->n > 0 &&
	    emit_drain(e) != OK))
		return false;
	return write_all(e, e->inst->chain->opt, rec, n, set, &e->written[0]);
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
			rec = buf_text(b);
		at += values_of(e, s, v, i, at, val, raw);
		c = emit_set_columns(e, s, rec, num, val, raw);
		if (c == NULL)
			return;
		b = &e->step[b == &e->step[0]];
		b->n = 0;
		buf_room(b, 1);		/* an empty record is no absent one */
		out = emit_out_shape(s, rec, &by_record);
		out->format->put(b, out, c->c, c->n);
	}
	if (b != NULL)
		rec = buf_text(b);
	emit_bytes(e, rec, num);
}

/* All of them, stage by stage; p NULL: one by one.  False: all those. */
static bool
rewrite_all(struct emit *e, const struct vec *v, struct slice *text)
{
	const struct link *l = e->stage->link;
	const struct chain *c = e->inst->chain;
	struct values *set = mem_zero((l->ntext + 1) * sizeof *set);
	const struct stage *s = &c->stage[l->bottom];
	bool odd[VEC_MAX] = { false }, all = true;
	size_t i, j, k, n, at = 0, side = 0;

	for (; all && s <= e->stage; s++) {
		if (carry_keeps(s))
			continue;
		n = s->edit != NULL ? s->edit->n : s->out.ncol;
		for (j = 0; j < n; j++) {
			k = l->text[at++];
			if (k < l->n)
				set[j] = v->carried[k];
			else
				memset(&set[j], 0, sizeof set[j]);
		}
		for (i = 0; i < v->n; i++)
			if (odd[i])
				text[i] = v->rec[i];
		all = write_all(s->emit, c->opt, text, v->n, set,
		    &e->written[side ^= 1]);
		for (i = 0; i < v->n; i++)
			odd[i] |= text[i].p == NULL;
	}
	for (i = 0; i < v->n; i++)
		if (odd[i])
			text[i].p = NULL;
	free(set);
	return all;
}

int
emit_rewrite(struct emit *e, const struct vec *v)
{
	const struct link *l = e->stage->link;
	struct slice *val = mem_alloc((l->ntext + 1) * sizeof *val);
	bool *raw = mem_alloc((l->ntext + 1) * sizeof *raw);
	bool carrying = e->carrying, all;
	struct slice rec[VEC_MAX], text[VEC_MAX];
	uint64_t num[VEC_MAX];
	size_t i;

	memcpy(rec, v->rec, v->n * sizeof *rec);
	memcpy(num, v->num, v->n * sizeof *num);
	e->carrying = false;
	memcpy(text, rec, v->n * sizeof *rec);
	all = v->n > VEC_MAX / 16 && rewrite_all(e, v, text);
	for (i = 0; i < v->n && e->status == OK; i++)
		if (all && text[i].p != NULL)
			emit_slice(e, text[i], num[i]);
		else
			rewrite(e, v, i, rec[i], num[i], val, raw);
	emit_drain(e);
	e->carrying = carrying;
	free(val);
	free(raw);
	return e->status;
}
