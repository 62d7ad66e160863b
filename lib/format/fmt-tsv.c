/* fmt-tsv.c - columns between tabs; \t \n \r \0 \\ in values; a header line */
#include "lib/format/columns.h"
#include "lib/format/escape.h"
#include "lib/format/fmt.h"
#include "lib/scan/scan.h"

static size_t
cut(const struct shape *s, struct slice rec, struct slice *field, size_t max,
    struct bad *bad)
{
	return scan_sep(strip_cr(rec), s->sep, s->seplen, field, max);
}

static void
take(struct take *t, const struct slice *rec, size_t n)
{
	if (columns_take(t, rec, n))
		columns_finish(t, '\0', rec, n);
}

static void
put_value(struct buf *b, const struct shape *s, struct slice v)
{
	escape_put(b, v);
}

static void
ready(const struct shape *s, struct texts *t)
{
	static const struct scan_odds odds = { '\r' + 1, '\\', '\\', false };

	texts_ready(t, s, &odds);
}

const struct format format_tsv = {
	.name = "tsv",
	.help = "tab-separated columns, \\t \\n \\\\ in values, a header line",
	.traits = FMT_HEADER | FMT_POSITIONS | FMT_OUTPUT | FMT_SEPARATOR |
	    FMT_SURE,
	.sep = "\t",
	.cut = cut,
	.header = header_cut,
	.plan = text_plan,
	.take = take,
	.sure = sure_always,
	.same = same_apart,
	.split = split_cut,
	.decode = escape_get,
	.put = put_row,
	.value = put_value,
	.lead = lead_sep,
	.ready = ready,
	.end = "",
	.head = put_head
};
