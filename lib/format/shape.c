/* shape.c - shapes, and taking the fields that a stage asked for */
#include <stdlib.h>

#include "lib/base/diag.h"
#include "lib/format/field.h"
#include "lib/format/fmt.h"
#include "lib/format/vec.h"
#include "lib/number/number.h"
#include "lib/time/time.h"

const struct format *const formats[] = {
#define FORMAT(name)	&format_##name,
#include "lib/format/formats.def"
#undef FORMAT
};

#define ALL_4	true, true, true, true
#define ALL_16	ALL_4, ALL_4, ALL_4, ALL_4
#define ALL_64	ALL_16, ALL_16, ALL_16, ALL_16
#define ALL_256	ALL_64, ALL_64, ALL_64, ALL_64
const bool vec_all[VEC_MAX] = { ALL_256, ALL_256, ALL_256, ALL_256 };
const bool vec_none[VEC_MAX];
const char number_only[1] = { '#' };

const size_t nformats = sizeof formats / sizeof formats[0];

const struct format *
format_find(const char *name)
{
	size_t i;

	for (i = 0; i < nformats; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

const struct format *
format_of(const struct shape *s, struct slice rec)
{
	return s->format->pick == NULL ? s->format : s->format->pick(s, rec);
}

void
shape_init(struct shape *s, const struct format *f, const char *sep,
    size_t seplen)
{
	*s = (struct shape){ .format = f, .col = f->col, .ncol = f->ncol };
	if ((f->traits & (FMT_SEPARATOR | FMT_OPEN)) == 0)
		return;
	s->sep = sep == NULL ? f->sep : sep;
	s->seplen = sep == NULL ? s->sep != NULL : seplen;
}

void
shape_made(struct shape *s, const struct slice *name,
    const unsigned char *flags, size_t n, struct arena *a)
{
	struct column *col = arena_zero(a, (n + 1) * sizeof *col);
	size_t i;

	for (i = 0; i < n; i++) {
		col[i].name = arena_copy(a, name[i]);
		col[i].pos = (int)i + 1;
		col[i].flags = flags == NULL ? 0 : flags[i];
	}
	shape_init(s, &format_tsv, NULL, 0);
	s->col = col;
	s->ncol = n;
	s->closed = s->made = true;
}

const struct column *
shape_column(const struct shape *s, struct slice name)
{
	size_t i;

	for (i = 0; i < s->ncol; i++)
		if (s->col[i].name.n > 0 && slice_eq(s->col[i].name, name))
			return &s->col[i];
	return NULL;
}

const struct column *
shape_field(const struct shape *s, const struct field *f)
{
	int pos = f->pos;
	size_t i;

	if (f->kind == FIELD_NAME)
		return shape_column(s, f->name);
	if (pos < 0 && s->closed)
		pos += (int)s->ncol + 1;
	if (f->kind == FIELD_POS && pos > 0 && (size_t)pos <= s->ncol &&
	    s->col[pos - 1].pos == pos)
		return &s->col[pos - 1];
	for (i = 0; i < s->ncol && f->kind == FIELD_POS; i++)
		if (s->col[i].pos == pos)
			return &s->col[i];
	return NULL;
}

static bool
same_bucket(const struct bucket *a, const struct bucket *b)
{
	return a->kind == b->kind && time_grid_same(&a->time, &b->time) &&
	    a->mant == b->mant && a->scale == b->scale && a->v4 == b->v4 &&
	    a->v6 == b->v6;
}

static bool
same_field(const struct field *a, const struct field *b)
{
	size_t i;

	if (a->kind != b->kind || a->pos != b->pos || a->npath != b->npath ||
	    !slice_eq(a->name, b->name) || !same_bucket(&a->bucket, &b->bucket))
		return false;
	for (i = 0; i < a->npath; i++)
		if (!slice_eq(a->path[i], b->path[i]))
			return false;
	return true;
}

struct slice
values_text(const struct values *v, size_t i, struct arena *a)
{
	char out[NUMBER_MAX];
	size_t n;

	if (v->text[i].p != number_only)
		return v->text[i];
	n = number_put(out, &v->num[i]);
	return arena_copy(a, (struct slice){ out, n });
}

size_t
take_want(struct take *t, const struct field *f, int pos, unsigned flags)
{
	struct want *w;
	size_t k;

	if (pos == 0 && f->kind == FIELD_POS)
		pos = f->pos;
	for (k = 0; k < t->n; k++)
		if (t->want[k].pos == pos && t->want[k].flags == flags &&
		    same_field(t->want[k].field, f))
			return k;
	if (t->n == TAKE_MOST)
		diag_die(EXIT_RUN, "more than %d fields of a record are wanted "
		    "at a time", TAKE_MOST);
	if (t->n == t->cap) {
		t->cap = t->cap == 0 ? 8 : t->cap * 2;
		t->want = mem_grow(t->want, t->cap * sizeof *t->want);
		t->col = mem_grow(t->col, t->cap * sizeof *t->col);
	}
	w = &t->want[t->n];
	*w = (struct want){ .field = f, .pos = pos, .flags = flags,
	    .whole = pos == 0 && f->kind == FIELD_WHOLE,
	    .col = mem_zero(VEC_MAX * sizeof *w->col) };
	if ((flags & WANT_KEY) && f->bucket.kind == BUCKET_TIME)
		w->reader = mem_zero(sizeof *w->reader);
	t->col[t->n] = w->col;
	return t->n++;
}

void
take_plan(struct take *t, struct arena *a)
{
	const struct want *w;
	size_t k;

	t->max = 0;
	t->all = t->any = false;
	for (k = 0; k < t->n; k++) {
		w = &t->want[k];
		if (w->pos > 0 && (size_t)w->pos > t->max)
			t->max = (size_t)w->pos;
		t->all |= w->pos < 0;
		t->any |= !w->whole;
		if (w->reader == NULL)
			continue;
		w->reader->local = t->local;
		w->reader->newest_hint = t->hint;
	}
	t->plan = NULL;
	t->scan = NULL;
	if (t->any && t->shape->format->plan != NULL)
		t->shape->format->plan(t, a);
}

bool
shape_spreads(const struct shape *s, const struct field *f)
{
	unsigned traits = s->format->traits;

	return s->sep == NULL && !s->made &&
	    (traits & (FMT_POSITIONS | FMT_HEADER | FMT_SIGN)) ==
	    FMT_POSITIONS && (f->kind == FIELD_POS ||
	    (traits & FMT_NAMED) == 0);
}

/* A mask is that of the first line. */
static struct slice
first_line(struct slice v)
{
	const char *q = v.n == 0 ? NULL : memchr(v.p, '\n', v.n);

	return q == NULL ? v : slice_to(v.p, q);
}

/* A key's bucket; runs of one value are common, so the last is remembered, but
   for times that their record has a say in: dates alone, those that go on. */
static void
want_buckets(struct take *t, struct want *w, const struct slice *rec, size_t n)
{
	bool time = w->reader != NULL;
	bool spread = time && shape_spreads(t->shape, w->field);
	bool line = t->shape->lines && w->field->bucket.kind == BUCKET_MASK;
	struct slice last = { NULL, 0 }, floor = last, v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = w->col[i];
		if (v.p == NULL)
			continue;
		if (line)
			v = first_line(v);
		if (last.p == NULL || spread || (time && v.n <= 10) ||
		    !slice_eq(v, last)) {
			last = v;
			floor = bucket_floor(&w->field->bucket, v, rec[i],
			    spread, w->reader, &t->scratch);
		}
		w->col[i] = floor;
	}
}

/* The words of --null-words are absent. */
static void
want_value(struct take *t, struct want *w, size_t n)
{
	const struct nulls *nulls = t->nulls;
	struct slice *v;
	size_t i, k;

	for (i = 0; i < n; i++) {
		v = &w->col[i];
		if (v->p == NULL || (nulls->lengths >> v->n % 64 & 1) == 0)
			continue;
		for (k = 0; k < nulls->n; k++)
			if (slice_eq(*v, nulls->word[k])) {
				*v = SLICE_NONE;
				break;
			}
	}
}

void
take_finish(struct take *t, struct want *w, const struct slice *rec, size_t n)
{
	size_t i;

	if ((w->flags & WANT_VALUE) && !w->whole)
		want_value(t, w, n);
	if (w->filled)
		for (i = 0; i < n; i++)
			if (w->col[i].n == 0)
				w->col[i].p = NULL;
	if ((w->flags & WANT_KEY) == 0)
		return;
	if (w->field->bucket.kind != BUCKET_NONE)
		want_buckets(t, w, rec, n);
	for (i = 0; i < n; i++)
		if (w->col[i].p == NULL)
			w->col[i] = SLICE("");
}

void
take_run(struct take *t, const struct slice *rec, size_t n)
{
	struct want *w;
	size_t k;

	arena_reset(&t->scratch);
	t->nbad = 0;
	for (k = 0; k < t->n; k++)
		t->want[k].had = t->want[k].seen;
	if (t->keys != NULL)
		memset(t->keys, KEYS_MORE, n);
	if (t->any)
		t->shape->format->take(t, rec, n);
	for (k = 0; k < t->n; k++) {
		w = &t->want[k];
		if (w->whole) {
			memcpy(w->col, rec, n * sizeof *rec);
			w->seen = true;
		}
		if (w->filled || (w->flags & (WANT_VALUE | WANT_KEY)) != 0)
			take_finish(t, w, rec, n);
	}
}

void
take_counted(struct take *t, const struct slice *rec, size_t n)
{
	bool fresh = false;
	size_t k;

	for (k = 0; k < t->n; k++) {
		fresh |= t->want[k].seen && !t->want[k].had;
		t->want[k].seen = t->want[k].had;
	}
	if (fresh && n > 0)
		take_run(t, rec, n);
}

/* Whether an earlier want is of the same name. */
static bool
wanted_before(const struct take *t, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (t->want[j].pos == 0 && !t->want[j].whole &&
		    slice_eq(t->want[j].field->name, t->want[i].field->name))
			return true;
	return false;
}

void
take_unseen(const struct take *t, const char *who, bool end)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		const struct want *w = &t->want[i];

		if (w->seen || w->lent || w->pos != 0 || w->whole ||
		    wanted_before(t, i))
			continue;
		diag_warn("%s: no record%s had %s%s%s", who,
		    end ? "" : " of the first batch",
		    diag_quote(w->field->name.p, w->field->name.n),
		    w->field->hint == NULL ? "" : "; ",
		    w->field->hint == NULL ? "" : w->field->hint);
	}
}

bool
take_seen(const struct take *t)
{
	const struct want *w;

	for (w = t->want; w < t->want + t->n; w++)
		if (!w->seen && !w->lent && w->pos == 0 && !w->whole)
			return false;
	return true;
}

void
take_free(struct take *t)
{
	size_t k;

	for (k = 0; k < t->n; k++) {
		free(t->want[k].col);
		free(t->want[k].reader);
	}
	free(t->want);
	free(t->col);
	free(t->field);
	arena_free(&t->scratch);
	t->want = NULL;
	t->col = NULL;
	t->field = NULL;
	t->n = t->cap = t->fieldcap = 0;
}
