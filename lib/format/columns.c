/* columns.c - fields by position, for a whole vector in one pass */
#include "lib/format/columns.h"
#include "lib/format/fmt.h"

/* Where position pos is or belongs. */
static size_t
find(const struct scan_plan *p, size_t pos)
{
	size_t i = 0, end = p->nc, half;

	while (i < end) {
		half = i + (end - i) / 2;
		if (p->c[half].pos < pos)
			i = half + 1;
		else
			end = half;
	}
	return i;
}

/* Each want has its place in the plan; one of the same column as an earlier one
   gets a copy of that. */
void
columns_plan(struct take *t, enum scan_what what, struct arena *a)
{
	struct scan_column *c = arena_zero(a, t->n * sizeof *c);
	struct scan_plan *p = arena_zero(a, sizeof *p);
	struct want *w, **first;
	size_t i, k, pos;

	if (t->all || t->shape->seplen > 1)
		return;
	*p = (struct scan_plan){ what, ' ', c, 0 };
	if (t->shape->sep != NULL)
		p->sep = *t->shape->sep;
	for (k = 0; k < t->n; k++) {
		pos = (size_t)t->want[k].pos;
		i = find(p, pos);
		if (pos == 0 || (i < p->nc && c[i].pos == pos))
			continue;
		memmove(c + i + 1, c + i, (p->nc - i) * sizeof *c);
		c[i] = (struct scan_column){ pos, t->want[k].col };
		p->nc++;
	}
	if (p->nc == 0)
		return;
	t->scan = p;
	first = arena_zero(a, p->nc * sizeof *first);
	for (w = t->want; w < t->want + t->n; w++) {
		if (w->pos == 0)
			continue;
		w->place = find(p, (size_t)w->pos);
		if (first[w->place] == NULL)
			first[w->place] = w;
		w->first = first[w->place];
	}
}

bool
columns_take(struct take *t, const struct slice *rec, size_t n)
{
	struct want *w, *end = t->want + t->n;

	if (t->scan == NULL) {
		take_cut(t, rec, n);
		return false;
	}
	scan_columns(t->scan, rec, n);
	for (w = t->want; w < end; w++)
		if (w->pos > 0 && w->first != w)
			memcpy(w->col, w->first->col, n * sizeof *w->col);
	return true;
}

/* The column as want w has it. */
static void
finish(struct take *t, const struct want *w, char quote,
    const struct slice *rec, size_t n)
{
	const struct format *f = t->shape->format;
	bool raw = (w->flags & WANT_RAW) != 0;
	struct slice v, *col = w->col;
	size_t i;

	for (i = 0; i < n; i++) {
		v = col[i];
		if (v.n == 0 || v.n == SCAN_UNSURE ||
		    (*v.p != quote && v.p[v.n - 1] != '\r' && quote != '\0'))
			continue;
		if (v.p[v.n - 1] == '\r' && v.p + v.n == rec[i].p + rec[i].n)
			v = strip_cr(v);
		if (!raw && v.n > 0 && (quote == '\0' || *v.p == quote))
			v = f->decode(v, &t->scratch);
		col[i] = v;
	}
}

void
columns_finish(struct take *t, char quote, const struct slice *rec, size_t n)
{
	size_t k;

	for (k = 0; k < t->n; k++)
		if (t->want[k].pos > 0)
			finish(t, &t->want[k], quote, rec, n);
}
