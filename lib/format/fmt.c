/* fmt.c - what the formats share: fields by position, cells */
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/format/field.h"
#include "lib/format/fmt.h"
#include "lib/number/number.h"

void
take_set(struct take *t, size_t k, size_t i, struct slice val)
{
	t->want[k].col[i] = val;
	t->want[k].seen |= val.p != NULL;
}

void
take_bad(struct take *t, size_t i, size_t at, const char *why)
{
	size_t k;

	for (k = 0; k < t->n; k++)
		t->want[k].col[i] = SLICE_NONE;
	t->bad[t->nbad++] = (struct bad){ (uint16_t)i, at, why };
}

/* All fields of one record in *field, which grows. */
static inline size_t
cut_all(const struct shape *s, struct slice rec, struct slice **field,
    size_t *cap, struct bad *bad)
{
	size_t n;

	for (;;) {
		n = s->format->cut(s, rec, *field, *cap, bad);
		if (n < *cap)
			return n;
		*field = mem_reserve(*field, cap, *cap + 1, sizeof **field);
	}
}

/* Where the record has it, column w of its n fields. */
static struct slice
want_of(const struct take *t, const struct want *w, size_t n)
{
	size_t at = (size_t)w->pos + (w->pos < 0 ? n : (size_t)-1);

	return at < n ? t->field[at] : SLICE_NONE;
}

void
take_cut_at(struct take *t, const struct slice *rec, size_t i)
{
	const struct shape *s = t->shape;
	struct bad bad = { 0 };
	struct slice v;
	size_t k, n;

	n = t->all ? cut_all(s, rec[i], &t->field, &t->fieldcap, &bad) :
	    s->format->cut(s, rec[i], t->field, t->max, &bad);
	if (bad.why != NULL) {
		take_bad(t, i, bad.at, bad.why);
		return;
	}
	for (k = 0; k < t->n; k++) {
		v = want_of(t, &t->want[k], n);
		if (v.p != NULL && !(t->want[k].flags & WANT_RAW))
			v = s->format->decode(v, &t->scratch);
		take_set(t, k, i, v);
	}
}

void
take_cut(struct take *t, const struct slice *rec, size_t n)
{
	size_t i;

	MEM_RESERVE(t->field, t->fieldcap, t->max);
	for (i = 0; i < n; i++)
		take_cut_at(t, rec, i);
}

struct cell *
cells_add(struct cells *c, struct slice name, struct slice val, bool raw)
{
	if (c->n == c->cap)
		MEM_RESERVE(c->c, c->cap, c->n + 1);
	c->c[c->n] = (struct cell){ name, val, raw };
	return &c->c[c->n++];
}

void
cells_some(struct cells *c, const struct cell *from, size_t n)
{
	MEM_RESERVE(c->c, c->cap, c->n + n);
	if (n > 0)
		memcpy(c->c + c->n, from, n * sizeof *from);
	c->n += n;
}

/* The slot of cell i's name: the first cell that has it, i if none had. */
static size_t
cells_seen(const struct cells *c, size_t i, uint32_t *slot, size_t mask)
{
	const struct slice name = c->c[i].name;
	size_t h = (size_t)hash_bytes(name.p, name.n, 0) & mask;

	while (slot[h] != 0 && !slice_eq(c->c[slot[h] - 1].name, name))
		h = (h + 1) & mask;
	if (slot[h] == 0)
		slot[h] = (uint32_t)i + 1;
	return slot[h] - 1;
}

/* Slots for n names: a power of two, *mask is one less. */
static uint32_t *
new_slots(size_t n, size_t *mask, struct arena *a)
{
	size_t size = 16;

	while (size < n * 2)
		size *= 2;
	*mask = size - 1;
	return arena_zero(a, size * sizeof(uint32_t));
}

void
cells_unique(struct cells *c, bool last, const char *other)
{
	size_t i, first, n = 0, mask;
	uint32_t *slot = new_slots(c->n, &mask, &c->names);

	for (i = 0; i < c->n; i++) {
		c->c[n].name = c->c[i].name;
		first = n;
		if (other == NULL || c->c[i].val.p != other)
			first = cells_seen(c, n, slot, mask);
		if (first == n)
			c->c[n++] = c->c[i];
		else if (last)
			c->c[first] = c->c[i];
	}
	c->n = n;
	for (i = 0; other != NULL && i < n; i++) {
		struct cell *w = &c->c[i];

		if (w->val.p == other &&
		    c->c[cells_seen(c, i, slot, mask)].val.p != other)
			*w = (struct cell){ { NULL, 0 }, w->name, true };
	}
}

size_t
columns_find(const struct column *col, size_t n, struct slice name, size_t i)
{
	if (i < n && slice_eq(col[i].name, name))
		return i;
	for (i = 0; i < n; i++)
		if (slice_eq(col[i].name, name))
			break;
	return i;
}

struct slice
place_name(const struct column *col, size_t n, size_t place, struct arena *a)
{
	char digits[NUMBER_MAX];
	struct slice s = { digits, number_put_u64(digits, place) };

	s = arena_copy(a, s);
	while (columns_find(col, n, s, 0) < n)
		s = slice_str(arena_printf(a, "_%.*s", (int)s.n, s.p));
	return s;
}

size_t
columns_again(const struct column *col, size_t n, bool *again)
{
	struct cells c = { 0 };
	size_t i, mask, some = 0;
	uint32_t *slot = new_slots(n, &mask, &c.names);

	for (i = 0; i < n; i++) {
		cells_add(&c, col[i].name, col[i].name, false);
		again[i] = col[i].name.n > 0 &&
		    cells_seen(&c, i, slot, mask) != i;
		some += again[i];
	}
	cells_free(&c);
	return some;
}

const struct column *
columns_unique(const struct column *col, size_t n, struct arena *a)
{
	struct column *out = arena_zero(a, (n + 1) * sizeof *out);
	bool *again = arena_zero(a, n + 1);
	size_t i;

	columns_again(col, n, again);
	for (i = 0; i < n; i++) {
		out[i] = col[i];
		if (col[i].name.n > 0 && !again[i])
			continue;
		out[i].name = col[i].pos <= 0 ? SLICE_NONE :
		    place_name(col, n, (size_t)col[i].pos, a);
	}
	return out;
}

static bool
has_nul(struct slice s)
{
	return s.n > 0 && memchr(s.p, '\0', s.n) != NULL;
}

const char *
cells_end(const struct cells *c, const struct format *f, char term)
{
	const char *why = term == '\0' ? f->no_nul : NULL;
	size_t i;

	for (i = 0; why != NULL && i < c->n; i++)
		if (has_nul(c->c[i].val) || has_nul(c->c[i].name))
			return why;
	return NULL;
}

void
cells_free(struct cells *c)
{
	free(c->c);
	free(c->field);
	arena_free(&c->names);
	*c = (struct cells){ 0 };
}

struct slice
cell_name(const struct cell *c, size_t i, char *out)
{
	if (c->name.p != NULL)
		return c->name;
	return (struct slice){ out, number_put_u64(out, i + 1) };
}

bool
column_filled(const struct shape *s, const struct column *col)
{
	return (s->format->traits & FMT_SIGN) == 0 &&
	    (col->flags & (COL_NUMBER | COL_FILLED)) != 0;
}

size_t
take_column(struct take *t, const struct shape *in, const struct column *col,
    int pos, unsigned flags, struct arena *a)
{
	struct field *f = arena_zero(a, sizeof *f);
	size_t k;

	f->pos = pos;
	f->kind = pos == 0 ? FIELD_NAME : FIELD_POS;
	if (pos == 0 && col != NULL) {
		f->name = col->name;
		f->path = &f->name;
		f->npath = 1;
	}
	k = take_want(t, f, pos, flags);
	t->want[k].filled = flags == 0 && col != NULL && column_filled(in, col);
	return k;
}

/* Whether a column's token says that there is no value.  Where values may be
   quoted and it is alone, two quotes do. */
static bool
is_absent(const struct shape *s, const struct column *col, struct slice token)
{
	char quote;

	if (token.n != 2 || !column_filled(s, col))
		return token.n == 0 && column_filled(s, col);
	quote = s->format->quote;
	return quote != '\0' && token.p[0] == quote && token.p[1] == quote;
}

/* Gives the cells their columns' names; columns that are missing at the end
   become absent cells. */
static void
cells_columns(struct cells *c, const struct shape *s)
{
	const struct slice none = { NULL, 0 };
	size_t k, at, n = c->n;

	for (k = 0; k < s->ncol; k++) {
		at = s->col[k].pos > 0 ? (size_t)s->col[k].pos - 1 :
		    n - (0 - (size_t)s->col[k].pos);
		if (at < n) {
			c->c[at].name = s->col[k].name;
			if (is_absent(s, &s->col[k], c->c[at].val))
				c->c[at].val = none;
		} else if (s->col[k].pos > 0 && at == c->n) {
			cells_add(c, s->col[k].name, none, false);
		}
	}
}

const char *
split_cut(const struct shape *s, struct slice rec, struct cells *c, size_t *at)
{
	struct bad bad = { 0 };
	size_t i, n;

	arena_reset(&c->names);
	c->n = 0;
	n = cut_all(s, rec, &c->field, &c->fieldcap, &bad);
	*at = bad.at;
	if (bad.why != NULL)
		return bad.why;
	MEM_RESERVE(c->c, c->cap, n);
	for (i = 0; i < n; i++)
		c->c[i] = (struct cell){ { NULL, 0 }, c->field[i], true };
	c->n = n;
	cells_columns(c, s);
	return NULL;
}

const char *
header_cut(struct shape *s, struct slice rec, struct arena *a, size_t *at)
{
	struct slice names = skip_bom(rec), *field = NULL, name;
	struct bad bad = { 0 };
	struct column *col;
	size_t i, n, cap = 0;

	n = cut_all(s, names, &field, &cap, &bad);
	if (bad.why == NULL) {
		s->col = col = arena_zero(a, (n + 1) * sizeof *col);
		s->ncol = n;
		s->closed = true;
		for (i = 0; i < n; i++) {
			name = s->format->decode(field[i], a);
			col[i].pos = (int)i + 1;
			if (name.n > 0)
				col[i].name = arena_copy(a, name);
		}
	}
	free(field);
	*at = bad.at + (size_t)(names.p - rec.p);
	return bad.why;
}

struct slice
skip_bom(struct slice s)
{
	if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		return (struct slice){ s.p + 3, s.n - 3 };
	return s;
}

const char *
quote_end(const char *p, const char *end)
{
	const char *q, *b;

	for (p++; p < end; p = q + 1) {
		q = memchr(p, '"', (size_t)(end - p));
		if (q == NULL)
			return NULL;
		for (b = q; b > p && b[-1] == '\\'; b--)
			;
		if ((q - b) % 2 == 0)
			return q;
	}
	return NULL;
}

struct slice
strip_cr(struct slice s)
{
	while (s.n > 0 && s.p[s.n - 1] == '\r')
		s.n--;
	return s;
}

struct slice
strip_blanks(struct slice s)
{
	while (s.n > 0 && memchr("\r \t", s.p[s.n - 1], 3) != NULL)
		s.n--;
	return s;
}

void
put_head(struct buf *b, const struct shape *s)
{
	struct cells c = { 0 };
	size_t i;

	for (i = 0; i < s->ncol; i++)
		cells_add(&c, s->col[i].name, s->col[i].name, false);
	s->format->put(b, s, c.c, c.n);
	cells_free(&c);
}

void
put_row(struct buf *b, const struct shape *s, const struct cell *c, size_t n)
{
	const char *sep = s->sep != NULL ? s->sep : "\t";
	size_t i, seplen = s->sep != NULL ? s->seplen : 1;
	struct slice run;

	for (i = 0; i < n; i++) {
		if (i > 0 && seplen == 1)
			buf_char(b, *sep);
		else if (i > 0)
			buf_add(b, sep, seplen);
		if (!c[i].raw) {
			s->format->value(b, s, c[i].val);
			continue;
		}
		for (run = c[i].val; i + 1 < n && c[i + 1].raw && seplen == 1 &&
		    (uintptr_t)c[i + 1].val.p - (uintptr_t)run.p == run.n + 1 &&
		    run.p[run.n] == *sep; i++)
			run.n += 1 + c[i + 1].val.n;
		buf_slice(b, run);
	}
}

void
lead_sep(struct buf *b, const struct shape *s, struct slice name, size_t i)
{
	if (i > 0 && s->sep != NULL)
		buf_add(b, s->sep, s->seplen);
	else if (i > 0)
		buf_char(b, '\t');
}

void
texts_put(struct texts *t, size_t i, const struct shape *s)
{
	t->row->n = 0;
	s->format->value(t->row, s, t->v[i]);
	t->v[i] = arena_copy(t->arena, buf_text(t->row));
	t->wrap[i] = 0;
}

void
texts_ready(struct texts *t, const struct shape *s,
    const struct scan_odds *odds)
{
	size_t i;

	scan_odd(t->v, t->n, t->reach, odds, t->wrap);
	for (i = 0; i < t->n; i++)
		if (t->wrap[i] != 0)
			texts_put(t, i, s);
}

bool
same_always(const struct shape *s, struct slice v)
{
	return true;
}

/* Whether what separates fields is escaped in them. */
static bool
is_tab(const struct shape *s)
{
	return s->sep == NULL || s->sep[0] == '\t';
}

bool
same_apart(const struct shape *s, struct slice v)
{
	return v.n == 0 || is_tab(s) ||
	    memchr(v.p, s->sep[0], v.n) == NULL;
}

bool
same_any(const struct shape *s)
{
	return s->format->same == same_always ||
	    (s->format->same == same_apart && is_tab(s));
}

bool
sure_always(const struct shape *s, struct slice rec)
{
	return true;
}
