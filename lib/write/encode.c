/* encode.c - records as the bytes that leave: -o, header lines */
#include <unistd.h>

#include "lib/format/fmt.h"
#include "lib/format/pack.h"
#include "lib/write/encode.h"
#include "lib/write/grid.h"

/* The format that records are written in. */
static const struct format *
target(const struct shape *s, const struct options *opt)
{
	if (opt->output != NULL)
		return opt->output;
	if (s->made && opt->sep != NULL)
		return &format_text;
	if (s->made && (s->format->traits & FMT_NAMED) != 0)
		return &format_tsv;	/* its columns weren't known before */
	return s->format;
}

/* Whether a header line comes before the records: csv and tsv, text that
   had one; made records only if a format was asked for. */
static bool
has_header(const struct shape *s, const struct format *to, bool asked,
    const struct options *opt)
{
	if (s->made && !asked)
		return false;
	return (to->traits & FMT_HEADER) != 0 ? opt->header :
	    opt->text_header && to->head != NULL;
}

void
encode_bind(struct encode *e, const struct shape *s, struct slice header,
    const struct options *opt, unsigned flags)
{
	bool result = (flags & ENCODE_RESULT) != 0;
	bool asked = result && opt->output != NULL;
	const struct format *to = result ? target(s, opt) : s->format;
	struct buf line = { 0 };

	e->opt = opt;
	if ((flags & ENCODE_ROWS) != 0) {
		e->is.lines = true;
		e->convert = convert_new(s, &format_tsv, opt->header, &e->is,
		    opt);
		return;
	}
	e->lines = result && opt->lines && opt->term == '\n' &&
	    (to == s->format || (to->traits & FMT_OPEN) != 0);
	if (((flags & ENCODE_PLAIN) == 0 && asked && opt->table) ||
	    ((s->made || opt->live) && !asked &&
	    (flags & ENCODE_TERMINAL) != 0)) {
		e->is.lines = true;
		e->convert = convert_new(s, &format_tsv,
		    !asked || opt->header, &e->is, opt);
		e->terminal = (flags & ENCODE_TERMINAL) != 0 ? STDOUT_FILENO :
		    -1;
		e->grid = grid_new(e->terminal, !asked || opt->header);
		return;
	}
	if (to != s->format) {
		e->is.quiet = (flags & ENCODE_PLAIN) != 0;
		e->convert = convert_new(s, to, opt->header, &e->is, opt);
		return;
	}
	if (!has_header(s, to, asked, opt))
		return;
	if (header.p == NULL && s->ncol > 0) {
		to->head(&line, s);
		header = buf_text(&line);
	}
	e->header = arena_copy(opt->arena, header);
	buf_free(&line);
}

struct encode *
encode_new(const struct shape *s, struct slice header,
    const struct options *opt, unsigned flags)
{
	struct encode *e = arena_zero(opt->arena, sizeof *e);

	arena_defer(opt->arena, encode_free, e);
	encode_bind(e, s, header, opt, flags);
	return e;
}

void
encode_free(void *ve)
{
	struct encode *e = ve;

	convert_free(e->convert);
	grid_free(e->grid);
	buf_free(&e->rows);
}

void
encode_begin(struct encode *e, bool header)
{
	e->is.headed = !header;
	e->is.head = 0;
	if (e->convert != NULL)
		convert_begin(e->convert, header);
	if (e->grid == NULL)
		return;
	grid_free(e->grid);
	e->grid = grid_new(e->terminal, header);
	e->rows.n = e->nrows = 0;
}

bool
encode_settled(const struct encode *e)
{
	if (e->grid != NULL)
		return false;
	return e->convert != NULL ? e->is.records > 0 :
	    e->is.headed || e->header.p == NULL;
}

void
encode_follow(struct encode *e, const struct encode *first)
{
	e->is.headed = true;
	if (first->convert != NULL)
		convert_follow(e->convert, first->convert);
}

bool
encode_headed(const struct encode *e)
{
	return e->convert == NULL ? e->is.headed : convert_headed(e->convert);
}

void
encode_save(const struct encode *e, struct buf *b)
{
	if (e->convert != NULL)
		convert_save(e->convert, b);
}

bool
encode_resume(struct encode *e, struct slice saved, struct arena *a)
{
	struct unpack u = { .left = saved, .arena = a };

	e->is.headed = true;
	return (e->convert == NULL || convert_resume(e->convert, &u)) &&
	    !u.bad && u.left.n == 0;
}

size_t
encode_head(const struct encode *e)
{
	return e->grid != NULL ? 0 : e->is.head;
}

static inline void
put_header(struct encode *e, struct buf *b)
{
	if (e->is.headed || e->convert != NULL)
		return;
	e->is.headed = true;
	if (e->header.p == NULL)
		return;
	buf_slice(b, e->header);
	buf_char(b, e->opt->term);
	e->is.head = e->header.n + 1;
}

bool
encode_plain(const struct encode *e)
{
	return e->convert == NULL && e->grid == NULL && !e->lines &&
	    e->opt != NULL;
}

void
encode_text(struct encode *e, uint64_t records, struct buf *b)
{
	put_header(e, b);
	e->is.records += records;
}

const struct column *
encode_takes(struct encode *e, size_t *n)
{
	return e->convert == NULL || e->grid != NULL ? NULL :
	    convert_takes(e->convert, n);
}

bool
encode_fits(const struct encode *e)
{
	return convert_fits(e->convert);
}

/* How many of n records lie side by side, with terminators between. */
static size_t
side_by_side(const struct slice *rec, size_t n, char term)
{
	const char *end = rec->p + rec->n;
	size_t i;

	for (i = 1; i < n && rec[i].p == end + 1 && *end == term; i++)
		end += 1 + rec[i].n;
	return i;
}

/* One copy for each run of records that lie side by side. */
static void
add_as_they_are(struct buf *b, const struct slice *rec, size_t n, bool contig,
    char term)
{
	const struct slice *last;
	size_t run;

	for (; n > 0; rec += run, n -= run) {
		run = contig ? n : side_by_side(rec, n, term);
		last = &rec[run - 1];
		buf_add(b, rec->p, (size_t)(last->p - rec->p) + last->n);
		buf_char(b, term);
	}
}

void
encode_cut(struct encode *e, struct buf *b)
{
	if (e->grid == NULL)
		return;
	grid_write(e->grid, buf_text(&e->rows), b);
	e->rows.n = e->nrows = 0;
}

/* Records by way of -o's format. */
static int
add_converted(struct encode *e, const struct vec *v, size_t from, size_t n,
    struct buf *b)
{
	if (v->carried == NULL)
		return convert_add(e->convert, v->rec + from, v->num + from, n,
		    b);
	convert_columns(e->convert, v->col, from, v->rec, n, b);
	return OK;
}

/* The same as rows that are aligned GRID_ROWS at a time, however many records
   come at once. */
static int
add_aligned(struct encode *e, const struct vec *v, size_t from, size_t n,
    struct buf *b)
{
	size_t some;
	int r;

	for (; n > 0; from += some, n -= some) {
		some = GRID_ROWS - e->nrows;
		some = n < some ? n : some;
		r = add_converted(e, v, from, some, &e->rows);
		if (r != OK)
			return r;
		e->nrows += some;
		if (e->nrows == GRID_ROWS)
			encode_cut(e, b);
	}
	return OK;
}

/* Told where what was added at from has more lines than records. */
static void
tell_lines(struct encode *e, const struct buf *b, size_t from, uint64_t records)
{
	const char *p = b->p + from, *end = b->p + b->n;
	uint64_t n;

	for (n = 0; p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL;
	    n++)
		p++;
	if (n <= records)
		return;
	diag_warn("a record of several lines leaves as it is: -0 tells where "
	    "each ends, -o json makes a line of it");
	e->lines = false;
}

int
encode_add(struct encode *e, const struct vec *v, size_t from, size_t n,
    struct buf *b)
{
	size_t at;
	uint64_t records;
	int st = OK;

	put_header(e, b);
	at = b->n;
	records = e->is.records;
	if (e->convert == NULL) {
		add_as_they_are(b, v->rec + from, n, v->contig &&
		    (!e->opt->lines || e->opt->term == '\n'), e->opt->term);
		e->is.records += n;
	} else {
		st = e->grid != NULL ? add_aligned(e, v, from, n, b) :
		    add_converted(e, v, from, n, b);
		at += records == 0 ? encode_head(e) : 0;
	}
	if (e->lines && e->grid == NULL && b->n > at)
		tell_lines(e, b, at, e->is.records - records);
	return st;
}

void
encode_batch(struct encode *e, struct buf *b)
{
	put_header(e, b);
	encode_cut(e, b);
}

void
encode_end(struct encode *e, struct buf *b)
{
	put_header(e, b);
	if (e->convert != NULL)
		convert_end(e->convert, e->grid == NULL ? b : &e->rows);
	encode_cut(e, b);
}
