/* fmt-text.c - fields between blanks, as awk sees them, or between -F's text */
#include "lib/format/columns.h"
#include "lib/format/escape.h"
#include "lib/format/fmt.h"
#include "lib/scan/scan.h"

size_t
text_cut(const struct shape *s, struct slice rec, struct slice *field,
    size_t max, struct bad *bad)
{
	if (s->sep == NULL)
		return scan_blanks(rec, field, max, s->lines);
	return scan_sep(rec, s->sep, s->seplen, field, max);
}

void
text_plan(struct take *t, struct arena *a)
{
	columns_plan(t, t->shape->sep != NULL ? SCAN_SEP : t->shape->lines ?
	    SCAN_LINES : SCAN_BLANKS, a);
}

void
text_take(struct take *t, const struct slice *rec, size_t n)
{
	(void)columns_take(t, rec, n);
}

/* What would end the field or the record is escaped. */
static void
put_value(struct buf *b, const struct shape *s, struct slice v)
{
	escape_put_text(b, v);
}

struct slice
text_decode(struct slice raw, struct arena *a)
{
	return raw;
}

/* Between separators: what would end the field or the record is no part of
   it. */
static bool
same(const struct shape *s, struct slice v)
{
	return escape_same_text(v) && same_apart(s, v);
}

static void
ready(const struct shape *s, struct texts *t)
{
	static const struct scan_odds odds = { '\n' + 1, '\t', '\t', false };

	texts_ready(t, s, &odds);
}

const struct format format_text = {
	.name = "text",
	.help = "fields between blanks, or between -F's separator",
	.traits = FMT_POSITIONS | FMT_OUTPUT | FMT_OPEN | FMT_SEPARATOR |
	    FMT_SURE,
	.cut = text_cut,
	.header = header_cut,
	.plan = text_plan,
	.take = text_take,
	.sure = sure_always,
	.same = same,
	.split = split_cut,
	.decode = text_decode,
	.put = put_row,
	.value = put_value,
	.lead = lead_sep,
	.ready = ready,
	.end = "",
	.head = put_head
};
