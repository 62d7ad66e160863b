/* out.c - results to standard output: one write a batch */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/life/signal.h"
#include "lib/write/convert.h"
#include "lib/write/grid.h"
#include "lib/write/out.h"

enum { FULL = 1024 * 1024 };

void
out_init(struct out *o, int fd, const struct options *opt)
{
	memset(o, 0, sizeof *o);
	o->fd = fd;
	o->opt = opt;
}

/* The format that the last stage's records are written in. */
static const struct format *
target(const struct out *o, const struct shape *s)
{
	if (o->opt->output != NULL)
		return o->opt->output;
	if (s->made && o->opt->sep != NULL)
		return format_find("text");
	return s->format;
}

/* Whether a header line comes before the records: csv and tsv, text that
   had one; made records only if a format was asked for. */
static bool
has_header(const struct out *o, const struct shape *s, const struct format *to)
{
	if (s->made && o->opt->output == NULL)
		return false;
	return (to->traits & FMT_HEADER) != 0 ? o->opt->header :
	    o->opt->text_header && to->head != NULL;
}

void
out_bind(struct out *o, const struct shape *s, struct slice header)
{
	const struct format *to = target(o, s);
	struct buf line = { 0 };

	if (o->opt->table ||
	    (s->made && o->opt->output == NULL && isatty(o->fd))) {
		o->convert = convert_new(s, format_find("tsv"), true, o->opt);
		o->grid = grid_new();
		return;
	}
	if (to != s->format) {
		o->convert = convert_new(s, to, o->opt->header, o->opt);
		return;
	}
	if (!has_header(o, s, to))
		return;
	if (header.p == NULL && s->ncol > 0) {
		to->head(&line, s);
		header = (struct slice){ line.p, line.n };
	}
	o->header = arena_copy(o->opt->arena, header);
	buf_free(&line);
}

void
out_free(struct out *o)
{
	convert_free(o->convert);
	grid_free(o->grid);
	buf_free(&o->rows);
	buf_free(&o->buf);
}

int
out_write(int fd, const char *p, size_t n)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	ssize_t w;

	while (n > 0) {
		w = write(fd, p, n);
		if (w >= 0) {
			p += w;
			n -= (size_t)w;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			return FAIL;
		}
	}
	return OK;
}

/* Writes the first n bytes of the buffer. */
static int
write_some(struct out *o, size_t n)
{
	if (n == 0)
		return OK;
	if (out_write(o->fd, o->buf.p, n) != OK) {
		o->failed = true;
		if (errno == EPIPE)
			signal_pipe();
		diag_errno("standard output");
		return FAIL;
	}
	o->bytes += n;
	o->buf.n -= n;
	if (o->buf.n > 0)
		memmove(o->buf.p, o->buf.p + n, o->buf.n);
	return OK;
}

static void
put_header(struct out *o)
{
	if (o->header.n > 0 && !o->headed) {
		buf_slice(&o->buf, o->header);
		buf_char(&o->buf, o->opt->term);
	}
	o->headed = true;
}

/* Records that lie side by side with terminators between are one copy. */
static void
add_records(struct buf *b, const struct slice *rec, size_t n, char term)
{
	size_t i, len;

	while (n > 0) {
		len = rec[0].n;
		for (i = 1; i < n && rec[i].p == rec[0].p + len + 1 &&
		    rec[i].p[-1] == term; i++)
			len += rec[i].n + 1;
		buf_add(b, rec[0].p, len);
		buf_char(b, term);
		rec += i;
		n -= i;
	}
}

/* How much of a full buffer goes out now: whole MiB, cut at a record. */
static size_t
full_part(const struct buf *b, size_t before, char term)
{
	const char *p;
	size_t n = b->n / FULL * FULL;

	if (n <= before)	/* one record crosses the mark */
		return b->n;
	for (p = b->p + n; p > b->p && p[-1] != term; p--)
		;
	return p == b->p ? b->n : (size_t)(p - b->p);
}

/* Rows gathered so far, aligned. */
static void
align_rows(struct out *o)
{
	if (o->grid == NULL)
		return;
	grid_write(o->grid, (struct slice){ o->rows.p, o->rows.n }, &o->buf);
	o->rows.n = o->nrows = 0;
}

/* Records by way of -o's format. */
static void
add_converted(struct out *o, const struct vec *v, size_t from, size_t n)
{
	convert_add(o->convert, v->rec + from, v->num + from, n,
	    o->grid == NULL ? &o->buf : &o->rows);
	o->nrows += n;
	if (o->nrows >= GRID_ROWS)
		align_rows(o);
}

int
out_vec(struct out *o, const struct vec *v)
{
	size_t i, n, before;

	if (o->failed)
		return FAIL;
	put_header(o);
	for (i = 0; i < v->n; i += n) {
		n = v->n - i < 64 ? v->n - i : 64;
		before = o->buf.n;
		if (o->convert != NULL)
			add_converted(o, v, i, n);
		else
			add_records(&o->buf, v->rec + i, n, o->opt->term);
		if (o->streaming && o->buf.n >= FULL && write_some(o,
		    full_part(&o->buf, before, o->opt->term)) != OK)
			return FAIL;
	}
	return OK;
}

int
out_batch(struct out *o)
{
	if (o->failed)
		return FAIL;
	put_header(o);
	align_rows(o);
	if (o->batch_end != NULL) {
		buf_add(&o->buf, o->batch_end, o->batch_endlen);
		buf_char(&o->buf, o->opt->term);
	}
	return write_some(o, o->buf.n);
}

int
out_end(struct out *o)
{
	if (o->failed)
		return FAIL;
	put_header(o);
	if (o->convert != NULL)
		convert_end(o->convert, o->grid == NULL ? &o->buf : &o->rows);
	align_rows(o);
	return write_some(o, o->buf.n);
}
