/* fmt-csv.c - RFC 4180: quotes, CRLF, a header */
#include "lib/format/columns.h"
#include "lib/format/fmt.h"
#include "lib/scan/scan.h"

/* The separator from p on, or end. */
static const char *
find_sep(const struct shape *s, const char *p, const char *end)
{
	const char *q;

	for (; p < end; p = q + 1) {
		q = memchr(p, *s->sep, (size_t)(end - p));
		if (q == NULL)
			break;
		if (s->seplen == 1 || ((size_t)(end - q) >= s->seplen &&
		    memcmp(q, s->sep, s->seplen) == 0))
			return q;
	}
	return end;
}

/* Past the quote that closes the field which p is in; NULL: there is none. */
static const char *
find_close(const char *p, const char *end)
{
	for (; p < end; p += 2) {
		p = memchr(p, '"', (size_t)(end - p));
		if (p == NULL)
			return NULL;
		if (p + 1 == end || p[1] != '"')
			return p + 1;
	}
	return NULL;
}

static size_t
cut_quoted(const struct shape *s, struct slice rec, struct slice *field,
    size_t max, struct bad *bad)
{
	const char *p = rec.p, *end = rec.p + rec.n, *e;
	size_t n = 0;

	while (n < max) {
		if (p == end || *p != '"') {
			e = find_sep(s, p, end);
		} else if ((e = find_close(p + 1, end)) == NULL) {
			bad->why = "unterminated quote";
		} else if (e < end && find_sep(s, e, end) != e) {
			bad->why = "text after a closing quote";
			p = e;
		}
		if (bad->why != NULL) {
			bad->at = (size_t)(p - rec.p);
			return n;
		}
		field[n++] = slice_to(p, e);
		if (e == end)
			break;
		p = e + s->seplen;
	}
	return n;
}

static size_t
cut(const struct shape *s, struct slice rec, struct slice *field, size_t max,
    struct bad *bad)
{
	rec = strip_cr(rec);
	if (rec.n > 0 && memchr(rec.p, '"', rec.n) != NULL)
		return cut_quoted(s, rec, field, max, bad);
	return scan_sep(rec, s->sep, s->seplen, field, max);
}

/* Without the quotes; doubled ones made single. */
static struct slice
decode(struct slice raw, struct arena *a)
{
	const char *p, *q, *end;
	char *out, *o;

	if (raw.n < 2 || raw.p[0] != '"')
		return raw;
	raw.p++;
	raw.n -= 2;
	if (memchr(raw.p, '"', raw.n) == NULL)
		return raw;
	o = out = arena_bytes(a, raw.n);
	end = raw.p + raw.n;
	for (p = raw.p; p < end; p = q + 2) {
		q = memchr(p, '"', (size_t)(end - p));
		if (q == NULL) {
			memcpy(o, p, (size_t)(end - p));
			o += end - p;
			break;
		}
		memcpy(o, p, (size_t)(q + 1 - p));
		o += q + 1 - p;
	}
	return slice_to(out, o);
}

static void
plan(struct take *t, struct arena *a)
{
	columns_plan(t, SCAN_CSV, a);
}

/* Columns whose quotes may hide separators: those records are cut anew. */
static void
take(struct take *t, const struct slice *rec, size_t n)
{
	uint16_t odd[VEC_MAX];
	size_t i, k = 0, nodd = 0;
	const struct slice *col;

	if (!columns_take(t, rec, n))
		return;
	while (t->want[k].pos == 0 || t->want[k].place != 0)
		k++;
	col = t->want[k].col;	/* of the first column scanned for */
	for (i = 0; i < n; i++) {
		odd[nodd] = (uint16_t)i;
		nodd += col[i].n == SCAN_UNSURE;
	}
	for (i = 0; i < nodd; i++)
		for (k = 0; k < t->n; k++)
			if (t->want[k].pos > 0)
				t->want[k].col[odd[i]].n = SCAN_UNSURE;
	columns_finish(t, '"', rec, n);
	MEM_RESERVE(t->field, t->fieldcap, t->max);
	for (i = 0; i < nodd; i++)
		take_cut_at(t, rec, odd[i]);
}

/* In quotes where needed.  The start of a separator is enough: what follows may
   complete it. */
static void
put_value(struct buf *b, const struct shape *s, struct slice v)
{
	const char *p = v.p, *end, *q;

	if (v.n == 0)
		return;
	end = v.p + v.n;
	if (memchr(v.p, '"', v.n) == NULL && memchr(v.p, '\n', v.n) == NULL &&
	    memchr(v.p, '\r', v.n) == NULL && (s->sep == NULL ||
	    memchr(v.p, *s->sep, v.n) == NULL)) {
		buf_slice(b, v);
		return;
	}
	buf_char(b, '"');
	for (; p < end; p = q) {
		q = memchr(p, '"', (size_t)(end - p));
		q = q == NULL ? end : q + 1;
		buf_add(b, p, (size_t)(q - p));
		if (q[-1] == '"')
			buf_char(b, '"');
	}
	buf_char(b, '"');
}

/* One empty value is quoted: an empty line is no record. */
static void
put(struct buf *b, const struct shape *s, const struct cell *c, size_t n)
{
	if (n == 1 && c->val.n == 0)
		buf_str(b, "\"\"");
	else
		put_row(b, s, c, n);
}

static void
ready(const struct shape *s, struct texts *t)
{
	const struct scan_odds odds = { '\r' + 1, '"', *s->sep, false };
	size_t i;

	texts_ready(t, s, &odds);
	for (i = 0; t->alone && i < t->n; i++)
		if (t->v[i].n == 0)
			t->v[i] = SLICE("\"\"");
}

/* From quote to quote: those that begin a field are closed, and it ends
   there. */
static bool
sure(const struct shape *s, struct slice rec)
{
	const char *p = rec.p, *q, *end;

	rec = strip_cr(rec);
	for (end = p + rec.n; p < end; p = q + 1) {
		q = memchr(p, '"', (size_t)(end - p));
		if (q == NULL)
			break;
		if (s->seplen != 1)
			return false;
		if (q > rec.p && q[-1] != *s->sep)
			continue;
		q = find_close(q + 1, end);
		if (q == NULL || (q < end && *q != *s->sep))
			return false;
	}
	return true;
}

/* The field behind q that is the next to begin with a quote, or any of those
   before it; or end. */
static const char *
next_field(const struct shape *s, const char *q, const char *end)
{
	if (s->seplen > 1) {
		q = find_sep(s, q, end);
		return q == end ? end : q + s->seplen;
	}
	for (; (q = memchr(q, '"', (size_t)(end - q))) != NULL; q++)
		if (q[-1] == *s->sep)
			return q;
	return end;
}

/* The line that p, where a field begins, is in. */
static enum line_end
line_end(const struct shape *s, const char *p, const char *end)
{
	const char *q;

	for (; p < end; p = next_field(s, q, end)) {
		q = p;
		if (*p == '"' && (q = find_close(p + 1, end)) == NULL)
			return LINE_OPEN;
		if (q > p && q < end && find_sep(s, q, end) != q)
			return LINE_WRONG;
	}
	return LINE_WHOLE;
}

static enum line_end
within(const struct shape *s, struct slice line)
{
	const char *end, *q;

	line = strip_cr(line);
	end = line.p + line.n;
	q = find_close(line.p, end);
	if (q == NULL || q == end)
		return q == NULL ? LINE_OPEN : LINE_WHOLE;
	return find_sep(s, q, end) == q ? line_end(s, q + s->seplen, end) :
	    LINE_WRONG;
}

/* Lines without a quote are passed over, from quote to quote, and those whose
   last one can but close a field. */
static size_t
open(const struct shape *s, const struct slice *line, size_t n)
{
	const char *end = n == 0 ? NULL : line[n - 1].p + line[n - 1].n, *q;
	size_t i;

	for (i = 0; i < n;) {
		i += scan_closed(line + i, n - i, s->sep[s->seplen - 1]);
		if (i == n)
			break;
		q = memchr(line[i].p, '"', (size_t)(end - line[i].p));
		if (q == NULL)
			return n;
		if (q < line[i].p + line[i].n) {
			if (line_end(s, line[i].p, line[i].p + line[i].n) ==
			    LINE_OPEN)
				break;
			i++;
		} else {
			while (line[i].p + line[i].n <= q)
				i++;
		}
	}
	return i;
}

const struct format format_csv = {
	.name = "csv",
	.help = "RFC 4180, with a header",
	.traits = FMT_HEADER | FMT_POSITIONS | FMT_OUTPUT | FMT_BLANKS |
	    FMT_SEPARATOR,
	.quote = '"',
	.no_nul = "a NUL in a value, which csv can't hold with -0,",
	.sep = ",",
	.cut = cut,
	.header = header_cut,
	.plan = plan,
	.take = take,
	.sure = sure,
	.open = open,
	.within = within,
	.same = same_always,
	.split = split_cut,
	.decode = decode,
	.put = put,
	.value = put_value,
	.lead = lead_sep,
	.ready = ready,
	.end = "",
	.head = put_head
};
