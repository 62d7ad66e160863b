/* carry.c - columns that a stage hands to the next one in the place of text */
#include "lib/format/fmt.h"
#include "lib/run/bind.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"

/* What the columns are read as: what is absent is nothing written, which is the
   empty text unless the column is filled. */
static void
take_carried(struct take *t, const struct slice *rec, size_t n)
{
	const struct slice *const *carried = t->plan;
	const struct slice *from;
	struct want *w;
	size_t i, k;

	(void)rec;
	for (k = 0; k < t->n; k++) {
		w = &t->want[k];
		from = carried[w->pos - 1];
		memcpy(w->col, from, n * sizeof *from);
		w->seen = true;		/* if only as nothing */
		for (i = 0; i < n && t->shape->closed; i++)
			if (from[i].p == NULL)
				w->col[i] = SLICE("");
	}
}

static const struct format format_carried = { .name = "carried",
	.take = take_carried };

/* Of columns set in records with places: those replaced, then the new ones
   behind all others. */
static size_t
column_at(const struct stage *prev, int pos, size_t n, bool *base)
{
	const struct edit *ed = prev->edit;
	const struct column *fresh = prev->out.col + prev->in.ncol;
	size_t i, j;

	for (j = 0; j < n; j++)
		if (pos == (ed->pos[j] != 0 ? ed->pos[j] : (fresh++)->pos))
			return j;
	for (i = 0; i < prev->in.ncol; i++)
		*base |= pos > 0 && prev->in.col[i].pos == pos;
	return n;
}

/* Which of the n columns that prev makes is wanted; n: none, and *base says
   whether it is a field of the record that prev changed. */
static size_t
column_of(const struct stage *prev, const struct want *w, size_t n, bool *base)
{
	const struct edit *ed = prev->edit;
	const struct field *f = w->field;
	size_t j;

	*base = false;
	if (ed == NULL || (ed->how == EDIT_SELECT && w->pos > 0))
		return w->pos > 0 && (size_t)w->pos <= n ? (size_t)w->pos - 1 :
		    n;
	if (ed->how == EDIT_COLUMNS)
		return w->pos == 0 ? n : column_at(prev, w->pos, n, base);
	for (j = 0; j < n; j++)
		if (slice_eq(ed->name[j], f->name))
			return j;
	for (j = 0; j < n && f->npath > 1; j++)
		if (slice_eq(ed->name[j], f->path[0]))
			return n;	/* within what was changed */
	*base = ed->how == EDIT_NAMED;
	return n;
}

/* Whether what prev hands on can be columns at all; how many. */
static size_t
columns_made(const struct stage *prev)
{
	const struct edit *ed = prev->edit;
	size_t j;

	/* From the end: which column that is, each record tells. */
	for (j = 0; ed != NULL && ed->how == EDIT_COLUMNS && j < ed->n; j++)
		if (ed->pos[j] < 0)
			return 0;
	if (prev->out.format->same == NULL || (ed != NULL && (ed->front ||
	    ed->how == EDIT_AUTO || ed->how == EDIT_PREFIX)))
		return 0;
	return ed != NULL ? ed->n : prev->out.made ? prev->out.ncol : 0;
}

/* A want of the stage in one of the two takes; false: it needs the text. */
static bool
place_want(struct carry *c, const struct stage *prev, const struct want *w,
    size_t n)
{
	size_t i = c->n++, j;
	struct take *t = &c->made;
	bool base;

	if (w->whole || (w->flags & WANT_RAW) != 0 ||
	    w->field->bucket.kind == BUCKET_TIME)
		return false;
	j = column_of(prev, w, n, &base);
	if (j == n && !base)
		return false;
	if (j == n)
		t = &c->base;
	c->place[i] = take_want(t, w->field, j == n ? w->pos : (int)j + 1,
	    w->flags);
	c->made_of[i] = j < n;
	t->want[c->place[i]].filled = w->filled;
	c->padded[i] = j == n && c->as.closed && !w->filled &&
	    prev->edit->width > 0 && (w->flags & WANT_KEY) == 0;
	return true;
}

void
carry_bind(struct stage *prev, struct stage *s, const struct options *opt)
{
	struct carry *c = arena_zero(opt->arena, sizeof *c);
	size_t k, n = columns_made(prev);
	bool *wanted;

	if (n == 0 || opt->term == '\0' || (s->op.traits & OP_FIELDS) == 0)
		return;
	c->place = arena_zero(opt->arena, (s->take.n + 1) * sizeof *c->place);
	c->made_of = arena_zero(opt->arena, s->take.n + 1);
	c->padded = arena_zero(opt->arena, s->take.n + 1);
	c->col = arena_zero(opt->arena, (s->take.n + 1) * sizeof *c->col);
	c->as.format = &format_carried;
	c->as.closed = (prev->out.format->traits & (FMT_SIGN | FMT_NAMED)) == 0;
	c->made.shape = &c->as;
	c->base.shape = &prev->in;
	c->base.local = c->made.local = opt->local;
	c->base.hint = c->made.hint = opt->time_hint;
	for (k = 0; k < s->take.n; k++)
		if (!place_want(c, prev, &s->take.want[k], n)) {
			carry_free(c);
			return;
		}
	take_plan(&c->base, opt->arena);
	take_plan(&c->made, opt->arena);
	s->carry = c;
	wanted = arena_zero(opt->arena, n);
	for (k = 0; k < c->made.n; k++)
		wanted[c->made.want[k].pos - 1] = true;
	emit_carry(prev->emit, n, wanted);
}

void
carry_out(struct chain *c)
{
	const struct stage *s = c->n > c->from ? &c->stage[c->n - 1] : NULL;
	size_t n = s == NULL ? 0 : columns_made(s), j;
	struct slice *name;
	bool *wanted;

	if (n == 0 || c->opt->term == '\0' || c->opt->partial ||
	    (c->opt->event_time && c->head == c->n) ||
	    (s->edit != NULL && s->edit->how != EDIT_SELECT))
		return;
	name = arena_alloc(c->opt->arena, n * sizeof *name);
	wanted = arena_zero(c->opt->arena, n);
	for (j = 0; j < n; j++) {
		name[j] = s->edit != NULL ? s->edit->name[j] :
		    s->out.col[j].name;
		wanted[j] = true;
	}
	if (encode_takes(&c->out->encode, name, n))
		emit_carry(s->emit, n, wanted);
}

void
carry_free(struct carry *c)
{
	if (c == NULL)
		return;
	take_free(&c->base);
	take_free(&c->made);
}

/* The stage's wants were seen where the takes saw theirs. */
static void
tell_seen(struct stage *s, bool counted)
{
	struct carry *c = s->carry;
	struct want *w, *own;
	size_t k;

	for (k = 0; k < c->n; k++) {
		w = (c->made_of[k] ? &c->made : &c->base)->want + c->place[k];
		own = &s->take.want[k];
		own->seen = w->seen || (!counted && own->seen);
	}
}

bool
carry_take(struct stage *s, struct vec *v)
{
	struct carry *c = s->carry;
	struct slice *col;
	size_t i, k;

	c->made.plan = (void *)(uintptr_t)v->carried;
	take_run(&c->base, v->rec, v->n);
	if (c->base.nbad > 0)
		return false;
	take_run(&c->made, v->rec, v->n);
	for (k = 0; k < c->n; k++) {
		if (c->made_of[k]) {
			c->col[k] = c->made.col[c->place[k]];
			continue;
		}
		c->col[k] = c->base.col[c->place[k]];
		col = c->base.want[c->place[k]].col;
		for (i = 0; c->padded[k] && i < v->n; i++)
			if (col[i].p == NULL)
				col[i] = SLICE("");
	}
	v->col = c->col;
	tell_seen(s, false);
	return true;
}

void
carry_counted(struct stage *s, const struct slice *rec, size_t n)
{
	take_counted(&s->carry->base, rec, n);
	take_counted(&s->carry->made, rec, n);
	tell_seen(s, true);
}
