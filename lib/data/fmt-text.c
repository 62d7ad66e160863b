/* fmt-text.c - fields between blanks, as awk sees them, or between -F's text */
#include "lib/data/escape.h"
#include "lib/data/fmt.h"
#include "lib/read/scan.h"

static void
shape(struct shape *s, const char *sep, size_t seplen)
{
	*s = (struct shape){ .format = &format_text, .sep = sep,
		.seplen = seplen };
}

static size_t
cut(const struct shape *s, struct slice rec, struct slice *field, size_t max,
    struct bad *bad)
{
	(void)bad;
	if (s->sep == NULL)
		return scan_blanks(rec, field, max);
	return scan_sep(rec, s->sep, s->seplen, field, max);
}

static const char *
header(struct shape *s, struct slice rec, struct arena *a, size_t *at)
{
	return header_cut(s, rec, a, at, cut);
}

static bool
column_seen(const struct slice *col, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (col[i].p != NULL)
			return true;
	return false;
}

void
text_take(struct take *t, const struct columns *p, const struct slice *rec,
    size_t n)
{
	const struct shape *s = t->shape;
	struct want *w;
	size_t k;

	if (p == NULL || s->seplen > 1) {
		take_cut(t, rec, n, cut);
		return;
	}
	if (s->sep == NULL)
		scan_blank_columns(rec, n, p->c, p->n);
	else
		scan_sep_columns(rec, n, *s->sep, p->c, p->n);
	columns_share(t, p, n);
	for (k = 0; k < t->n; k++) {
		w = &t->want[k];
		w->seen = w->seen || column_seen(w->col, n);
	}
}

static void
plan(struct take *t, struct arena *a)
{
	t->plan = columns_plan(t, a);
}

static void
take(struct take *t, const struct slice *rec, size_t n)
{
	text_take(t, t->plan, rec, n);
}

static const char *
split(const struct shape *s, struct slice rec, struct cells *c, size_t *at)
{
	return split_cut(s, rec, c, at, cut);
}

static struct slice
decode(struct slice raw, struct arena *a)
{
	(void)a;
	return raw;
}

/* Raw fields stand as they are; in others what would end the field or the
   record is escaped. */
static void
put(struct buf *b, const struct shape *s, const struct cell *c, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i > 0 && s->sep != NULL)
			buf_add(b, s->sep, s->seplen);
		else if (i > 0)
			buf_char(b, '\t');
		if (c[i].raw)
			buf_slice(b, c[i].val);
		else
			escape_put_text(b, c[i].val);
	}
}

const struct format format_text = {
	.name = "text",
	.help = "fields between blanks, or between -F's separator",
	.traits = FMT_POSITIONS | FMT_OUTPUT,
	.shape = shape,
	.header = header,
	.plan = plan,
	.take = take,
	.split = split,
	.decode = decode,
	.put = put,
	.head = put_head
};
