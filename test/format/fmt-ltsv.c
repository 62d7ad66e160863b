/*
 * fmt-ltsv.c - label:value between tabs (ltsv.org), values escaped as tsv's
 *
 * A format that the program does not have, added to it in the tests: this file
 * and a line in formats.def.  Of labels that come twice the first counts.
 */
#include "lib/format/escape.h"
#include "lib/format/field.h"
#include "lib/format/fmt.h"

static const char *
split(const struct shape *s, struct slice rec, struct cells *c, size_t *at)
{
	const char *p = rec.p, *end, *colon;

	(void)s;
	arena_reset(&c->names);
	c->n = 0;
	rec = strip_cr(rec);
	for (; p < rec.p + rec.n; p = end + 1) {
		size_t left = (size_t)(rec.p + rec.n - p);

		end = memchr(p, '\t', left);
		if (end == NULL)
			end = p + left;
		if (end == p)
			continue;
		colon = memchr(p, ':', (size_t)(end - p));
		*at = (size_t)(p - rec.p);
		if (colon == NULL || colon == p)
			return "a field without a label";
		cells_add(c, (struct slice){ p, (size_t)(colon - p) },
		    (struct slice){ colon + 1, (size_t)(end - colon) - 1 },
		    true);
	}
	cells_unique(c, false, NULL);
	return NULL;
}

static void
take_one(struct take *t, size_t i, const struct cells *c)
{
	const struct want *w;
	struct slice v;
	size_t j, k;

	for (k = 0; k < t->n; k++) {
		w = &t->want[k];
		if (w->whole)
			continue;
		for (j = 0; j < c->n; j++)
			if (slice_eq(c->c[j].name, w->field->name))
				break;
		v = j < c->n ? c->c[j].val : (struct slice){ NULL, 0 };
		if (v.p != NULL && (w->flags & WANT_RAW) == 0)
			v = escape_get(v, &t->scratch);
		take_set(t, k, i, v);
	}
}

static void
take(struct take *t, const struct slice *rec, size_t n)
{
	struct cells c = { 0 };
	const char *why;
	size_t i, at = 0;

	for (i = 0; i < n; i++) {
		why = split(t->shape, rec[i], &c, &at);
		if (why == NULL)
			take_one(t, i, &c);
		else
			take_bad(t, i, at, why);
	}
	cells_free(&c);
}

static bool
ends_label(char c)
{
	return c == ':' || c == '\t' || c == '\n' || c == '\0' || c == '\r';
}

static struct slice
key(struct slice name, struct arena *a)
{
	char *p = arena_alloc(a, name.n + 1);
	size_t i;

	for (i = 0; i < name.n; i++)
		p[i] = ends_label(name.p[i]) ? '_' : name.p[i];
	return (struct slice){ p, name.n };
}

/* Absent values are left out. */
static void
put(struct buf *b, const struct shape *s, const struct cell *c, size_t n)
{
	struct arena names = { 0 };
	char digits[24];
	size_t i, start = b->n;

	(void)s;
	for (i = 0; i < n; i++) {
		if (c[i].val.p == NULL)
			continue;
		if (b->n > start)
			buf_char(b, '\t');
		buf_slice(b, key(cell_name(&c[i], i, digits), &names));
		buf_char(b, ':');
		if (c[i].raw)
			buf_slice(b, c[i].val);
		else
			escape_put(b, c[i].val);
	}
	arena_free(&names);
}

const struct format format_ltsv = {
	.name = "ltsv",
	.help = "label:value between tabs",
	.traits = FMT_NAMED | FMT_OUTPUT | FMT_SPARSE,
	.take = take,
	.split = split,
	.decode = escape_get,
	.put = put,
	.key = key
};
