/* out.c - results to standard output: one write a batch */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/base/pipe.h"
#include "lib/time/time.h"
#include "lib/write/out.h"

#ifndef PIPE_BUF
#define PIPE_BUF _POSIX_PIPE_BUF
#endif

enum { FULL = 1024 * 1024, PIPE = 256 * 1024, LINES = PIPE_BUF };

void
out_init(struct out *o, int fd, const struct options *opt)
{
	memset(o, 0, sizeof *o);
	o->fd = fd;
	o->opt = opt;
	pipe_widen(fd, PIPE);
}

void
out_bind(struct out *o, const struct shape *s, struct slice header)
{
	unsigned flags = ENCODE_RESULT;

	if (o->opt->live)
		o->live = live_new(o->fd, s, o->opt->seed);
	if (isatty(o->fd))
		flags |= o->live != NULL ? ENCODE_ROWS : ENCODE_TERMINAL;
	encode_bind(&o->encode, s, header, o->opt, flags);
}

void
out_free(struct out *o)
{
	encode_free(&o->encode);
	live_free(o->live);
	buf_free(&o->buf);
	free(o->due.end);
}

/* Lines of states may share a pipe with those of other runs, where a write of
   so many bytes at most is not torn. */
static int
write_lines(const struct out *o, const char *p, size_t n)
{
	size_t some;

	for (; n > 0; p += some, n -= some) {
		some = n < LINES ? n : LINES;
		while (some < n && some > 0 && p[some - 1] != o->opt->term)
			some--;
		some = some == 0 ? n : some;
		if (fd_write(o->fd, p, some) != OK)
			return FAIL;
	}
	return OK;
}

int
out_raw(struct out *o, const char *p, size_t n)
{
	size_t there = o->stands.fd > 0 ? stands_skip(&o->stands, p, n) : 0;

	if (o->failed)
		return FAIL;
	if (there < n && (o->opt->partial ? write_lines(o, p + there, n - there)
	    : fd_write(o->fd, p + there, n - there)) != OK) {
		o->failed = true;
		o->dead = errno == EPIPE;
		if (!o->dead)
			diag_errno("standard output");
		return FAIL;
	}
	o->bytes += n;
	return OK;
}

/* What is told from now on is behind it. */
static int
hold(struct out *o, size_t n)
{
	struct due *d = &o->due;

	if (d->n > 0 && d->end[d->n - 1] == n)
		return OK;
	MEM_RESERVE(d->end, d->cap, d->n + 1);
	d->end[d->n++] = n;
	if (o->opt->diag->turn.to != NULL)
		o->opt->diag->turn.to->since = d->n;
	return OK;
}

/* Writes the first n bytes of the buffer. */
static int
write_some(struct out *o, size_t n)
{
	if (n == 0)
		return OK;
	if (o->holds)
		return hold(o, n);
	if (out_raw(o, o->buf.p, n) != OK)
		return FAIL;
	o->buf.n -= n;
	if (o->buf.n > 0)
		memmove(o->buf.p, o->buf.p + n, o->buf.n);
	return OK;
}

/* How much of a full buffer goes out now: whole MiB, cut at a record; all, if
   one record is longer. */
static size_t
full_part(const struct buf *b, char term)
{
	const char *p;
	size_t n = b->n / FULL * FULL;

	for (p = b->p + n; p > b->p && p[-1] != term; p--)
		;
	return p == b->p ? b->n : (size_t)(p - b->p);
}

int
out_vec(struct out *o, const struct vec *v)
{
	size_t i, n;
	int r = OK;

	if (o->failed)
		return FAIL;
	for (i = 0; i < v->n && r == OK; i += n) {
		n = v->n - i < 64 ? v->n - i : 64;
		r = encode_add(&o->encode, v, i, n, &o->buf);
		if (r == FAIL)
			return FAIL;
		if (o->streaming && o->buf.n >= FULL && write_some(o,
		    full_part(&o->buf, o->opt->term)) != OK)
			return FAIL;
	}
	return r;
}

bool
out_plain(const struct out *o)
{
	return o->live == NULL && !o->sink && encode_plain(&o->encode);
}

int
out_text(struct out *o, struct buf *text, uint64_t records)
{
	struct buf b;

	if (o->failed)
		return FAIL;
	encode_text(&o->encode, records, &o->buf);
	if (!o->holds && o->buf.n + text->n >= FULL)
		return write_some(o, o->buf.n) == OK ?
		    out_raw(o, text->p, text->n) : FAIL;
	if (o->buf.n == 0) {
		b = o->buf;
		o->buf = *text;
		*text = b;
	} else {
		buf_add(&o->buf, text->p, text->n);
	}
	return OK;
}

int
out_join(struct out *o, struct slice text, uint64_t records)
{
	o->encode.is.records += records;
	if (o->failed || write_some(o, o->buf.n) != OK)
		return FAIL;
	return text.n == 0 ? OK : out_raw(o, text.p, text.n);
}

/* The batch's rows become the table that is to be seen. */
static int
draw_batch(struct out *o)
{
	struct slice s;

	encode_end(&o->encode, &o->buf);
	encode_begin(&o->encode, true);
	s = live_rows(o->live, buf_text(&o->buf), time_mono());
	o->buf.n = 0;
	return s.n == 0 ? OK : out_raw(o, s.p, s.n);
}

int
out_time(struct out *o, bool end)
{
	struct slice s = { NULL, 0 };

	if (o->live != NULL && !o->failed)
		s = live_due(o->live, time_mono(), end);
	return s.n == 0 ? OK : out_raw(o, s.p, s.n);
}

int
out_batch(struct out *o)
{
	if (o->failed)
		return FAIL;
	if (o->sink)
		return OK;
	if (o->live != NULL)
		return draw_batch(o);
	encode_batch(&o->encode, &o->buf);
	if (o->batch_end != NULL) {
		buf_add(&o->buf, o->batch_end, o->batch_endlen);
		buf_char(&o->buf, o->opt->term);
	}
	return write_some(o, o->buf.n);
}

int
out_cut(struct out *o)
{
	if (o->failed)
		return FAIL;
	if (o->sink || !o->streaming || o->live != NULL)
		return OK;
	encode_cut(&o->encode, &o->buf);
	return write_some(o, o->buf.n);
}

int
out_end(struct out *o)
{
	if (o->failed)
		return FAIL;
	if (o->sink || o->live != NULL)
		return OK;
	encode_end(&o->encode, &o->buf);
	return write_some(o, o->buf.n);
}

int
out_sync(struct out *o)
{
	if (fdatasync(o->fd) == 0 || errno == EINVAL || errno == EROFS)
		return OK;
	return diag_errno("standard output");
}

int
out_close(struct out *o)
{
	int r = out_time(o, true);

	if (fd_close(o->fd) == OK || o->failed)
		return r;
	return diag_errno("standard output");
}
