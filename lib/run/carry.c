/* carry.c - columns that stages hand on in the place of text, or beside it */
#include <stdlib.h>
#include <string.h>

#include "lib/format/fmt.h"
#include "lib/format/lookup.h"
#include "lib/run/bind.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"

bool
carry_keeps(const struct stage *s)
{
	return s->edit == NULL && s->out.col == s->in.col &&
	    s->out.format == s->in.format && s->out.made == s->in.made;
}

static bool
makes(const struct stage *s)
{
	return s->edit == NULL && !carry_keeps(s);
}

static bool
fields_only(const struct stage *s)
{
	return (s->op.traits & OP_FIELDS) != 0 && !s->whole;
}

/* Whether all names are written as they are; auto's in key=value, too, so that
   it stays that. */
static bool
names_stay(const struct edit *ed, const struct format *f)
{
	bool by_record = f->pick != NULL;
	struct arena a = { 0 };
	bool stay = true;
	size_t j;

	if (by_record)
		f = f->members;
	for (j = 0; f->key != NULL && ed != NULL && j < ed->n; j++)
		stay &= slice_eq(f->key(ed->name[j], &a), ed->name[j]) &&
		    (!by_record || memchr(ed->name[j].p, '"',
		    ed->name[j].n) == NULL);
	arena_free(&a);
	return stay;
}

enum { MOST = 1024 };

/* Whether two of the columns set are one: which of them stays, text tells. */
static bool
sets_twice(const struct edit *ed)
{
	size_t i, j;

	for (i = 1; !ed->selects && ed->n <= MOST && i < ed->n; i++)
		for (j = 0; j < i; j++)
			if (slice_eq(ed->name[i], ed->name[j]) ||
			    (ed->how == EDIT_COLUMNS && ed->pos[i] != 0 &&
			    ed->pos[i] == ed->pos[j]))
				return true;
	return false;
}

/* How many columns the stage sets; 0: what it hands on can't be columns.  Each
   is VEC_MAX values of memory: more than MOST are written as text. */
static size_t
columns_set(const struct stage *s)
{
	const struct edit *ed = s->edit;
	size_t j, n = ed != NULL ? ed->n : s->out.made ? s->out.ncol : 0;

	/* From the end: which column that is, each record tells. */
	for (j = 0; ed != NULL && ed->how == EDIT_COLUMNS && j < ed->n; j++)
		if (ed->pos[j] < 0)
			return 0;
	/* A separator of several bytes may begin in what stands before it. */
	if (s->out.format->same == NULL || (s->out.seplen > 1 &&
	    s->out.format->quote == '\0') || (ed != NULL && (ed->front ||
	    ed->twice || ed->how == EDIT_PREFIX)) ||
	    !names_stay(ed, s->out.format))
		return 0;
	return n > MOST ? 0 : n;
}

/* Whether the stage hands on columns, if those that came to it. */
static bool
hands_on(const struct stage *s)
{
	return carry_keeps(s) ? fields_only(s) &&
	    (s->op.traits & (OP_SAVES | OP_LOADS)) == 0 : columns_set(s) > 0;
}

/* Whether the stage looks at fields of its own. */
static bool
takes_some(const struct stage *s)
{
	size_t i = 0;

	while (i < s->take.n && (s->take.want[i].whole ||
	    s->take.want[i].lent))
		i++;
	return i < s->take.n;
}

/* Whether a segment may begin here: there are columns, found or set. */
static bool
starts(const struct stage *s)
{
	return !carry_keeps(s) || takes_some(s);
}

/* Whether a record may end before, or behind, a position: only its text tells
   where columns set behind it are. */
static bool
is_open(const struct shape *s)
{
	return !s->closed && (s->format->traits & (FMT_NAMED | FMT_SIGN)) == 0;
}

/* Of columns set in records with places: those replaced, then the new ones
   behind all others.  Of what is not set: the place in what came. */
static size_t
column_at(const struct stage *s, struct had *h, size_t n, bool *base)
{
	const struct edit *ed = s->edit;
	const struct column *fresh = s->out.col + s->in.ncol;
	bool grows = false;
	size_t i, j;

	for (j = 0; j < n; j++) {
		h->open |= ed->pos[j] != 0 && ed->pos[j] == h->pos &&
		    is_open(&s->out);
		grows |= ed->pos[j] != 0;
		if (h->pos == (ed->pos[j] != 0 ? ed->pos[j] : (fresh++)->pos))
			return j;
	}
	for (i = 0; i < s->in.ncol; i++)
		*base |= h->pos > 0 && s->in.col[i].pos == h->pos;
	if (*base || !is_open(&s->out) || (h->pos < 0 && grows))
		return n;
	h->open = *base = true;
	if (h->pos < 0)
		h->pos += (int)(fresh - (s->out.col + s->in.ncol));
	return n;
}

/* Which of the n columns that the stage sets is wanted; n: none, and *base says
   whether it is a field of the record that it changed. */
static size_t
column_of(const struct stage *s, const struct want *w, struct had *h,
    size_t n, bool *base)
{
	const struct edit *ed = s->edit;
	const struct field *f = w->field;
	size_t j;

	*base = false;
	if (ed == NULL || (ed->how == EDIT_SELECT && h->pos > 0))
		return h->pos > 0 && (size_t)h->pos <= n ? (size_t)h->pos - 1 :
		    n;
	if (ed->how == EDIT_COLUMNS)
		return h->pos == 0 || shape_headless(&s->in) ? n :
		    column_at(s, h, n, base);
	for (j = 0; h->pos == 0 && j < n; j++)
		if (slice_eq(ed->name[j], f->name))
			return j;
	for (j = 0; j < n && f->npath > 1; j++)
		if (slice_eq(ed->name[j], f->path[0]))
			return n;	/* within what was changed */
	*base = ed->how == EDIT_NAMED || (ed->how == EDIT_AUTO &&
	    !ed->selects && h->pos == 0);
	return n;
}

/* Whether columns of the shape that are absent are read as empty text. */
static bool
reads_empty(const struct shape *s)
{
	return (s->format->traits & (FMT_SIGN | FMT_NAMED)) == 0;
}

/* Whether a field is taken out of what others are part of; whether the stage
   sets such a one, which writes the others anew. */
static bool
is_part(const struct stage *s, const struct field *f)
{
	const struct column *col = shape_field(&s->in, f);

	return col != NULL && (col->flags & COL_PART) != 0;
}

static bool
sets_part(const struct stage *s)
{
	struct field f = { .kind = FIELD_POS };
	size_t j;

	for (j = 0; s->edit != NULL && s->edit->how == EDIT_COLUMNS &&
	    j < s->edit->n; j++) {
		f.pos = s->edit->pos[j];
		if (is_part(s, &f))
			return true;
	}
	return false;
}

/* A want of stage k in the segment from first on: the column that it is, or
   a field of the base.  False: neither. */
static bool
find_source(const struct chain *c, size_t first, size_t k,
    const struct want *w, struct had *h, struct source *src)
{
	bool base, changed = false;
	const struct column *is;
	const struct stage *s;
	size_t l, n;

	*h = (struct had){ .column = true, .pos = w->pos };
	for (l = k; l-- > first;) {
		s = &c->stage[l];
		if (carry_keeps(s))
			continue;
		changed = true;
		if (w->whole || w->field->bucket.kind == BUCKET_TIME ||
		    (sets_part(s) && is_part(s, w->field)))
			return false;
		n = columns_set(s);
		*src = (struct source){ l, column_of(s, w, h, n, &base),
		    false };
		if (src->j < n) {
			h->token = &s->in;
			h->by_record = s->edit != NULL &&
			    s->edit->how == EDIT_AUTO;
			h->pads = reads_empty(&s->out) && !w->filled;
			return true;
		}
		if (!base)
			return false;
		h->pads |= reads_empty(&s->out) && !w->filled &&
		    s->edit != NULL && s->edit->width > 0;
	}
	h->column = false;
	is = shape_field(&c->stage[first].in, w->field);
	h->loose = changed && is != NULL && (is->flags & COL_LOOSE) != 0;
	return !changed || (w->flags & WANT_RAW) == 0 ||
	    (c->stage[first].in.format->traits & FMT_FIXED) == 0;
}

static bool
joins(const struct chain *c, size_t first, size_t k)
{
	const struct stage *s = &c->stage[k];
	struct source src;
	struct had h;
	size_t i;

	if (!fields_only(s) || (s->edit != NULL && columns_set(s) == 0))
		return false;
	for (i = 0; i < s->take.n; i++)
		if (!find_source(c, first, k, &s->take.want[i], &h, &src))
			return false;
	return true;
}

/* Whether the stage sees of each record whether it can be read, or all can: a
   position of auto's is found in what is no JSON, too. */
static bool
sees_bad(const struct stage *s, int pos)
{
	size_t i = 0;

	if (s->in.format->pick == NULL || s->in.only)
		return (s->in.format->traits & FMT_SURE) != 0;
	while (i < s->take.n && pos == 0 && (s->take.want[i].pos != 0 ||
	    s->take.want[i].whole || s->take.want[i].lent))
		i++;
	return i < s->take.n;
}

/* Whether the segment's first stage finds the field for stage k too: where it
   has the whole record before it and some of it is no work of its own, or has
   the same column. */
static bool
is_joint(const struct chain *c, size_t first, size_t k, const struct want *w,
    int pos)
{
	const struct stage *s = &c->stage[first];
	bool drops = false, sure = sees_bad(s, pos);
	const struct want *own;
	size_t i;

	if (makes(s) || !takes_some(s) || w->whole || pos < 0 ||
	    (s->op.traits & OP_FIELDS) == 0)
		return false;
	for (i = first; i < k; i++) {
		drops |= carry_keeps(&c->stage[i]);
		if (c->stage[i].few)
			return false;
	}
	if (sure && (!drops || (!is_part(s, w->field) &&
	    (s->in.format->traits & (FMT_NAMED | FMT_FIXED)) != 0)))
		return true;
	for (i = 0; i < s->take.n; i++) {
		own = &s->take.want[i];
		if (!own->lent && ((pos > 0 && own->pos == pos &&
		    own->flags == (w->flags & WANT_RAW)) ||
		    (sure && is_part(s, own->field))))
			return true;
	}
	return false;
}

/* The same, as a want of the first stage. */
static void
lend(struct chain *c, size_t first, const struct want *w, int pos,
    struct source *src)
{
	struct take *t = &c->stage[first].take;
	size_t n = t->n;

	src->stage = first;
	src->found = true;
	src->j = take_want(t, w->field, pos, w->flags & WANT_RAW);
	if (src->j == n)
		t->want[n].lent = true;
}

/* A column's place in the list, n: it isn't there. */
static size_t
place_of(const struct link *l, const struct source *src)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->col[i].stage == src->stage && l->col[i].j == src->j &&
		    l->col[i].found == src->found)
			break;
	return i;
}

/* The same where it is added if need be. */
static size_t
add_source(struct link *l, const struct source *src)
{
	size_t i = place_of(l, src);

	if (i == l->n)
		l->col[l->n++] = *src;
	return i;
}

/* The columns that text is written from behind stage k. */
static void
want_text(const struct chain *c, size_t bottom, size_t k, struct link *l)
{
	struct source src = { .found = false };

	for (src.stage = bottom; src.stage <= k; src.stage++)
		for (src.j = 0; !carry_keeps(&c->stage[src.stage]) &&
		    src.j < columns_set(&c->stage[src.stage]); src.j++)
			add_source(l, &src);
}

/* Whether the record is looked at beside the columns that the stage sets. */
static bool
needs_record(const struct stage *s)
{
	return !makes(s) && (s->edit == NULL || !s->edit->selects ||
	    s->edit->how == EDIT_AUTO);
}

/* What the records have besides the columns that have a place. */
static void
want_others(struct take *t, struct arena *a)
{
	const struct shape *in = t->shape;
	const struct column *col;
	int last = 0;

	for (col = in->col; col < in->col + in->ncol; col++) {
		last = col->pos > last ? col->pos : last;
		if (col->pos == 0)
			take_column(t, in, col, 0, WANT_RAW, a);
	}
	take_column(t, in, NULL, last + 1, WANT_RAW, a);
}

/* How a stage behind k - 1 has its wants of what comes, in, which grows by
   those; the output: of records with no others. */
static struct carry *
bind_wants(struct chain *c, size_t first, size_t k, struct stage *s,
    struct link *in)
{
	const struct options *opt = c->opt;
	struct carry *y = arena_zero(opt->arena, sizeof *y);
	size_t i, n = s->take.n + 1;
	struct source src = { 0, 0, false };
	struct want *w;

	y->want = arena_zero(opt->arena, n * sizeof *y->want);
	y->col = arena_zero(opt->arena, n * sizeof *y->col);
	y->number = arena_zero(opt->arena, n * sizeof *y->number);
	y->token = arena_zero(opt->arena, n * sizeof *y->token);
	y->base.shape = &c->stage[first].in;
	y->base.local = opt->local;
	y->base.hint = opt->time_hint;
	for (i = 0; i < s->take.n; i++) {
		struct had *h = &y->want[i];

		w = &s->take.want[i];
		find_source(c, first, k, w, h, &src);
		if (!h->column && k < c->n &&
		    is_joint(c, first, k, w, h->pos)) {
			lend(c, first, w, h->pos, &src);
			h->column = true;
		}
		if (h->column)
			h->at = add_source(in, &src);
		else
			h->at = take_want(&y->base, w->field, h->pos,
			    w->flags & WANT_RAW);
		if (h->open)
			want_text(c, first, k - 1, in);
		in->records |= !h->column || h->by_record || (h->open &&
		    needs_record(&c->stage[in->bottom])) ||
		    (src.found && w->pos == 0) ||
		    w->field->bucket.kind == BUCKET_TIME;
	}
	y->fields = y->base.n;
	if (k == c->n && needs_record(&c->stage[in->bottom]))
		want_others(&y->base, opt->arena);
	take_plan(&y->base, opt->arena);
	return y;
}

/* Where in what stage k hands on these columns are. */
static void
place_text(const struct chain *c, size_t k, struct link *l)
{
	struct source src = { .stage = l->bottom };

	for (; src.stage <= k; src.stage++)
		for (src.j = 0; !carry_keeps(&c->stage[src.stage]) &&
		    src.j < columns_set(&c->stage[src.stage]); src.j++)
			l->text[l->ntext++] = place_of(l, &src);
}

static struct link *
new_link(const struct chain *c, size_t first, size_t k)
{
	struct link *l = arena_zero(c->opt->arena, sizeof *l);
	size_t i, max = 1;

	for (i = first; i < c->n; i++)
		max += c->stage[i].take.n + c->stage[i].out.ncol +
		    (c->stage[i].edit != NULL ? c->stage[i].edit->n : 0);
	l->col = arena_zero(c->opt->arena, max * sizeof *l->col);
	l->text = arena_zero(c->opt->arena, max * sizeof *l->text);
	l->from = arena_zero(c->opt->arena, max * sizeof *l->from);
	l->first = l->bottom = first;
	for (i = first; i <= k; i++) {
		const struct stage *s = &c->stage[i];

		l->changes += !carry_keeps(s);
		if (makes(s) || (s->edit != NULL &&
		    s->edit->how == EDIT_SELECT)) {
			l->bottom = i;
			l->changes = 1;
		}
	}
	return l;
}

/* The segment of stages first to last; text: as text it leaves the last, which
   else makes rows.  Going backwards: what is wanted of each stage. */
static void
bind_segment(struct chain *c, size_t first, size_t last, bool text)
{
	struct link *out = NULL, *in;
	struct stage *s;
	size_t i, k;

	if (text) {
		out = new_link(c, first, last);
		if (out->changes > 0)
			want_text(c, out->bottom, last, out);
		out->records = needs_record(&c->stage[out->bottom]);
	}
	for (k = last; k > first; k--, out = in) {
		s = &c->stage[k];
		in = new_link(c, first, k - 1);
		for (i = 0; out != NULL && i < out->n; i++)
			if (out->col[i].found || out->col[i].stage != k)
				out->from[i] = add_source(in, &out->col[i]);
		s->carry = bind_wants(c, first, k, s, in);
		in->records |= ((out != NULL && out->records) ||
		    s->edit != NULL) && needs_record(s);
		s->carry->bare = in->changes == 0;
		if (out != NULL && (out->n > 0 || out->changes > 0))
			s->link = out;
		if (in->n > 0 || in->changes > 0)
			continue;
		carry_free(s->carry);	/* text comes */
		s->carry = NULL;
		if (k == last && text)
			s->link = NULL;
	}
	if (last > first && (out->n > 0 || out->changes > 0))
		c->stage[first].link = out;
	for (k = first; k <= last; k++) {
		if ((out = c->stage[k].link) == NULL)
			continue;
		out->starts = k == first || c->stage[k - 1].link == NULL;
		place_text(c, k, out);
	}
}

void
carry_bind(struct chain *c)
{
	size_t first, last;
	bool text;

	if (c->opt->term == '\0')
		return;
	for (first = c->from; first < c->n; first++)
		if (c->stage[first].edit != NULL)
			c->stage[first].edit->twice =
			    sets_twice(c->stage[first].edit);
	for (first = c->from; first < c->n; first = text ? last + 1 : last) {
		text = true;
		for (last = first; text && starts(&c->stage[first]) &&
		    hands_on(&c->stage[last]) &&
		    last + 1 < c->n &&
		    last + 1 != c->apart &&
		    joins(c, first, last + 1); last++)
			text = !makes(&c->stage[last + 1]);
		bind_segment(c, first, last, text);
	}
}

/* Whether all columns that are set in records with places are known ones. */
static bool
sets_known(const struct chain *c, const struct link *l)
{
	struct field f = { .kind = FIELD_POS };
	const struct stage *s;
	size_t j;

	for (s = &c->stage[l->bottom]; s < c->stage + c->n; s++)
		for (j = 0; s->edit != NULL && !s->edit->selects &&
		    j < s->edit->n; j++) {
			f.pos = s->edit->pos[j];
			if (f.pos != 0 && shape_field(&s->in, &f) == NULL)
				return false;
		}
	return true;
}

/* The wants of the output, n columns, as those of a stage behind the last;
   false: some can't be had as columns. */
static bool
want_output(const struct chain *c, const struct link *l, struct stage *s,
    const struct column *col, size_t n)
{
	struct source src;
	struct want *w;
	struct had h;
	size_t i, k;

	for (i = 0; i < n; i++) {
		k = take_column(&s->take, &s->in, &col[i], col[i].pos, 0,
		    c->opt->arena);
		w = &s->take.want[k];
		w->text = true;
		if (k != i || !find_source(c, l->first, c->n, w, &h, &src) ||
		    h.open)
			return false;
	}
	return sets_known(c, l) && (c->stage[l->first].in.ncol > 0 ||
	    !needs_record(&c->stage[l->bottom]));
}

void
carry_out(struct chain *c)
{
	const struct column *col;
	struct stage *s, *out;
	size_t last, n;
	struct link *l;

	if (c->n == c->from || c->opt->term == '\0' || c->opt->partial ||
	    (c->opt->interleaved && c->head == c->n))
		return;
	last = c->n - 1;
	s = &c->stage[last];
	l = s->link;
	if (l == NULL) {
		if (carry_keeps(s) || columns_set(s) == 0)
			return;
		l = new_link(c, last, last);
		l->starts = true;
		want_text(c, last, last, l);
		place_text(c, last, l);
		l->records = needs_record(s);
	}
	col = encode_takes(&c->out->encode, &n);
	if (col == NULL)
		return;
	c->leaves = out = arena_zero(c->opt->arena, sizeof *out);
	out->in = s->out;
	out->take.shape = &out->in;
	if (!want_output(c, l, out, col, n))
		return;
	out->carry = bind_wants(c, l->first, c->n, out, l);
	l->leaves = true;
	if (s->link == NULL) {
		s->link = l;
		emit_link(s->emit);
	}
}

static bool
takes_whole(const struct stage *s)
{
	size_t i;

	for (i = 0; i < s->take.n; i++)
		if (s->take.want[i].whole)
			return true;
	return false;
}

bool
carry_text(const struct chain *c, size_t first, size_t end)
{
	const struct stage *s;
	size_t k;

	for (k = first; k < end; k++) {
		s = &c->stage[k];
		if (!fields_only(s) || takes_whole(s) ||
		    (k > first && s->take.n > 0 && s->carry == NULL))
			return true;
		if (makes(s))
			return false;
		if (s->link != NULL ? s->link->records || (s->edit != NULL &&
		    !s->edit->selects) : s->edit != NULL)
			return true;
	}
	return true;
}

void
carry_free(struct carry *y)
{
	if (y != NULL)
		take_free(&y->base);
}

static bool
all_there(const struct slice *col, size_t n)
{
	size_t i = 0;

	while (i < n && col[i].p != NULL)
		i++;
	return i == n;
}

/* What a want that is no column of its own has been given, as it was asked
   for. */
static void
finish(struct stage *s, size_t k, const struct vec *v,
    const struct values *given)
{
	struct want *w = &s->take.want[k];
	const struct had *h = &s->carry->want[k];
	bool raw = (w->flags & WANT_RAW) != 0;
	bool key = (w->flags & WANT_KEY) != 0;
	const bool *token = raw ? NULL : given->token;
	bool print = given->num != NULL && (w->text || key);
	struct slice x;
	size_t i;

	s->carry->number[k] = print ? NULL : given->num;
	s->carry->token[k] = given->token;
	if (token == NULL && !print && !w->filled &&
	    (w->flags & WANT_VALUE) == 0 &&
	    (!key || w->field->bucket.kind == BUCKET_NONE) &&
	    ((!key && !h->pads) || all_there(given->text, v->n))) {
		s->carry->col[k] = given->text;
		return;
	}
	s->carry->col[k] = w->col;
	for (i = 0; i < v->n; i++) {
		x = print ? values_text(given, i, &s->take.scratch) :
		    given->text[i];
		if (token != NULL && token[i] && x.p != NULL)
			x = (h->by_record ? format_of(h->token, v->rec[i]) :
			    h->token->format)->decode(x, &s->take.scratch);
		if (x.p == NULL && h->pads)
			x = SLICE("");
		w->col[i] = x;
	}
	take_finish(&s->take, w, v->rec, v->n);
}

/* Whether some value is there; what is found for others is not told of as
   null is, nor is what would not be written. */
static bool
some_there(const struct slice *col, size_t n)
{
	size_t i = 0;

	while (i < n && col[i].p == NULL)
		i++;
	return i < n;
}

/* Whether some value may be part of a quote that its line cut short, which is
   closed where the record is written. */
static bool
some_cut(const struct slice *col, size_t n)
{
	size_t i = 0;

	while (i < n && (col[i].n == 0 || (*col[i].p != '"' &&
	    col[i].p[col[i].n - 1] != '\\')))
		i++;
	return i < n;
}

/* What the last vector showed was not seen. */
static void
unsee(struct stage *s)
{
	struct take *base = &s->carry->base;
	size_t k;

	for (k = 0; k < s->take.n; k++)
		s->take.want[k].seen = s->take.want[k].had;
	for (k = 0; k < base->n; k++)
		base->want[k].seen = base->want[k].had;
}

bool
carry_take(struct stage *s, struct vec *v)
{
	struct carry *y = s->carry;
	bool ok = true;
	size_t k;

	arena_reset(&s->take.scratch);
	if (y->base.n > 0)
		take_run(&y->base, v->rec, v->n);
	for (k = 0; k < s->take.n; k++) {
		struct want *w = &s->take.want[k];
		const struct had *h = &y->want[k];
		struct values given = { .token = vec_all };

		w->had = w->seen;
		if (h->column) {
			given = v->carried[h->at];
			w->seen |= (h->token != NULL && !h->by_record &&
			    (h->token->format->traits & FMT_SPARSE) == 0) ||
			    w->pos != 0 ||
			    some_there(given.text, v->n);
		} else {
			given.text = y->base.want[h->at].col;
			w->seen |= y->base.want[h->at].seen;
		}
		ok &= (w->seen || !h->column) &&
		    (!h->open || all_there(given.text, v->n)) &&
		    (!h->loose || !some_cut(given.text, v->n));
		if ((w->flags & WANT_RAW) != 0 && given.token == NULL)
			given.token = vec_none;
		else if ((w->flags & WANT_RAW) == 0 && h->token == NULL)
			given.token = NULL;
		finish(s, k, v, &given);
	}
	v->col = y->col;
	v->number = y->number;
	v->token = y->token;
	for (k = y->fields; k < y->base.n; k++)
		ok &= !some_there(y->base.want[k].col, v->n);
	if (ok && y->base.nbad == 0)
		return true;
	unsee(s);
	return false;
}

void
carry_counted(struct stage *s, const struct vec *v, size_t n)
{
	struct vec part = *v;

	unsee(s);
	part.n = n;
	if (n > 0)
		(void)carry_take(s, &part);
}
