/* input.c - standard input as records in one buffer */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/base/pipe.h"
#include "lib/format/fmt.h"
#include "lib/read/ahead.h"
#include "lib/read/input.h"
#include "lib/scan/scan.h"
#include "lib/time/time.h"

enum { READ = AHEAD_BLOCK };

void
input_init(struct input *in, int fd, char term, size_t max_record)
{
	struct stat st;

	*in = (struct input){ .fd = fd, .term = term,
	    .max_record = max_record, .most = READ, .to = INT64_MAX,
	    .enough = READ / 4 };
	in->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	if (in->regular) {
		in->mtime = (int64_t)st.st_mtim.tv_sec * 1000000000 +
		    st.st_mtim.tv_nsec;
		in->at = lseek(fd, 0, SEEK_CUR);
		in->rest = st.st_size - in->at;
	}
	pipe_widen(fd, READ);
	in->cap = READ + READ / 4;
	in->own = in->buf = mem_alloc(in->cap);
}

void
input_free(struct input *in)
{
	ahead_free(in->ahead);
	free(in->own);
	*in = (struct input){ .fd = in->fd };
}

/* What is left begins at buf now. */
static void
left_at(struct input *in, char *buf)
{
	in->buf = buf;
	in->scanned -= in->start;
	in->line -= in->start;
	in->end -= in->start;
	in->start = 0;
}

/* Room for a read behind what is left, which moves to the front of own.
   False: there is no memory for it. */
static bool
make_room(struct input *in)
{
	size_t left = in->end - in->start, cap = in->cap;
	const char *from = in->buf + in->start;
	bool own = in->buf == in->own;
	char *p;

	if (cap - left < READ) {
		cap *= 2;
		if (cap > in->max_record &&
		    in->max_record + READ * 2 > left + READ)
			cap = in->max_record + READ * 2;
		if ((p = realloc(in->own, cap)) == NULL)
			return false;
		from = own ? p + in->start : from;
		in->own = p;
		in->cap = cap;
	}
	if (own && in->start > 0)
		memmove(in->own, from, left);
	if (!own)
		memcpy(in->own, from, left);
	left_at(in, in->own);
	return true;
}

/* The next block, behind what is left, which is copied in front of it; a long
   record is put together in own. */
static ssize_t
read_ahead(struct input *in)
{
	size_t left = in->end - in->start;
	const struct ahead_block *b = ahead_next(in->ahead);

	in->ahead_ends = b->n < AHEAD_BLOCK;
	errno = b->error;
	if (b->n <= 0)
		return b->n;
	if (left > AHEAD_ROOM) {
		if (!make_room(in)) {
			errno = ENOMEM;
			return -1;
		}
		memcpy(in->buf + in->end, b->p, (size_t)b->n);
		return b->n;
	}
	if (left > 0)
		memcpy(b->p - left, in->buf + in->start, left);
	left_at(in, b->p - left);
	in->block = b->p;
	in->ends = b->end;
	in->nends = b->nends;
	in->ends_all = b->all;
	return b->n;
}

/* The place behind the first terminator from at - 1 on, or the file's end. */
static off_t
line_from(struct input *in, off_t at)
{
	const char *p;
	ssize_t n;

	for (at--; (n = fd_read_at(in->fd, in->own, READ, at)) > 0; at += n)
		if ((p = memchr(in->own, in->term, (size_t)n)) != NULL)
			return at + (p - in->own) + 1;
	return n < 0 ? -1 : at;
}

/* The line's place, or, where what comes reads as the rest of a quoted field,
   that of the line behind it: a guess, but the same for the parts on both
   sides, and one that was wrong is torn. */
static off_t
behind_quotes(struct input *in, off_t at)
{
	ssize_t n = fd_read_at(in->fd, in->own, READ, at);
	const char *p = in->own, *q, *end = p + (n < 0 ? 0 : n);
	enum line_end how = LINE_OPEN;

	for (; how == LINE_OPEN && p < end; p = q + 1) {
		if ((q = memchr(p, in->term, (size_t)(end - p))) == NULL)
			return at;
		how = in->join->shape->format->within(in->join->shape,
		    (struct slice){ p, (size_t)(q - p) });
	}
	return n < 0 ? -1 : how == LINE_WHOLE ? at + (p - in->own) : at;
}

/* The place of the first record that begins at at or behind, or the end. */
static off_t
record_from(struct input *in, off_t at, off_t begin, off_t end)
{
	const char *p = in->own, *q;
	ssize_t n = 0;

	if (at <= begin || at >= end)
		return at <= begin ? begin : end;
	at = line_from(in, at);
	if (in->join == NULL || at < 0)
		return at;
	if (in->join->first == NULL)
		return behind_quotes(in, at);
	while (at >= 0 && at < end &&
	    (n = fd_read_at(in->fd, in->own, READ, at)) > 0) {
		q = memchr(p, in->term, (size_t)n);
		n = q == NULL ? n : q - p;
		if (join_begins(in->join, (struct slice){ p, (size_t)n }))
			return at;
		at = line_from(in, at + n + 1);
	}
	return n < 0 ? -1 : at > end ? end : at;
}

/* size * k / n. */
static off_t
share(off_t size, uint64_t k, uint64_t n)
{
	uint64_t u = (uint64_t)size;

	return (off_t)(u / n * k + u % n * k / n);
}

/* The first line that is not empty, in what was read of the file's front. */
static struct slice
first_line(const struct input *in, size_t n)
{
	struct slice line = { in->own, 0 };
	const char *end = in->own + n, *p;

	for (; line.p < end; line.p = p + 1) {
		p = memchr(line.p, in->term, (size_t)(end - line.p));
		line.n = (size_t)((p == NULL ? end : p) - line.p);
		if (p == NULL || input_before_empty(&line, 1) > 0)
			break;
	}
	return line;
}

bool
input_range(struct input *in, uint64_t k, uint64_t n, struct slice *head)
{
	ssize_t got;
	off_t begin = lseek(in->fd, 0, SEEK_CUR), end = begin + in->rest, at;

	at = record_from(in, begin + share(in->rest, k - 1, n), begin, end);
	in->to = record_from(in, begin + share(in->rest, k, n), begin, end);
	if (begin < 0 || at < 0 || in->to < 0)
		return false;
	in->rest = in->to - at;
	in->cut = in->to < end;
	in->eof = in->to == 0;
	*head = (struct slice){ NULL, 0 };
	if (at > begin || in->rest == 0) {
		got = fd_read_at(in->fd, in->own, READ, begin);
		if (got < 0)
			return false;
		if (got > 0)
			*head = first_line(in, (size_t)got);
	}
	in->at = at;
	return lseek(in->fd, at, SEEK_SET) == at;
}

/* One read(2) behind what is left. */
static ssize_t
read_on(const struct input *in)
{
	size_t most = in->regular ? in->most : READ;

	if (in->to - in->at < (off_t)most)
		most = (size_t)(in->to - in->at);
	return read(in->fd, in->buf + in->end, most);
}

/* A read that began then found n bytes. */
static void
count_full(struct input *in, size_t n, int64_t then)
{
	int64_t mono = time_mono();

	if (in->full == 0) {
		in->since = mono;
		in->reading = 0;
	} else {
		in->reading += mono - then;
	}
	in->full = (ssize_t)n < in->enough ? 0 : in->full + 1;
}

enum input_status
input_fill(struct input *in)
{
	int64_t then = 0;
	ssize_t n;

	if (in->eof)
		return INPUT_END;
	if (in->error != 0)
		return INPUT_ERROR;
	if (in->end > 0 && in->rest > 0) {	/* the second read */
		if (in->rest >= AHEAD_FROM && in->join == NULL)
			in->ahead = ahead_new(in->fd, in->term, in->to);
		in->rest = 0;
	}
	/* What was the end when it was read ahead is asked for again. */
	if (in->ahead == NULL || in->ahead_ends || (n = read_ahead(in)) == 0) {
		if (!make_room(in)) {
			in->error = ENOMEM;
			return INPUT_ERROR;
		}
		ahead_free(in->ahead);
		in->ahead = NULL;
		then = in->regular ? 0 : time_mono();
		n = read_on(in);
	}
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return INPUT_WAIT;
		in->error = errno;
		return INPUT_ERROR;
	}
	if (n == 0) {
		in->eof = true;
		return INPUT_END;
	}
	if (!in->regular)
		count_full(in, (size_t)n, then);
	in->end += (size_t)n;
	in->silent = false;
	in->at += n;
	return INPUT_MORE;
}

/* Drops what belongs to a record that is being skipped. */
static void
skip(struct input *in)
{
	const char *p = in->buf + in->start;
	const char *q = memchr(p, in->term, in->end - in->start);

	in->start = q == NULL ? in->end : (size_t)(q - in->buf) + 1;
	in->scanned = in->line = in->start;
	in->nends = 0;
	if (q != NULL || in->eof)
		in->skipping = false;
}

/* Lines whose ends were found as they were read, else a scan's, unless it is
   known that there is no whole one. */
static size_t
whole_lines(struct input *in, struct slice *rec, size_t max)
{
	const char *p = in->buf + in->line, *q;
	size_t i, used, n = in->nends < max ? in->nends : max;

	if (n > 0) {
		for (i = 0; i < n; i++, p = q + 1) {
			q = in->block + in->ends[i];
			rec[i] = (struct slice){ p, (size_t)(q - p) };
		}
		in->ends += n;
		in->nends -= n;
		in->line = (size_t)(p - in->buf);
		in->scanned = in->nends == 0 && in->ends_all ? in->end :
		    in->line;
		return n;
	}
	if (in->scanned > in->line && memchr(in->buf + in->scanned, in->term,
	    in->end - in->scanned) == NULL) {
		in->scanned = in->end;
		return 0;
	}
	n = scan_records(p, in->end - in->line, in->term, rec, max, &used);
	in->line += used;
	in->scanned = n < max ? in->end : in->line;
	return n;
}

/* Gives back the first record that is too long and all after it. */
static size_t
cut_long(struct input *in, const struct slice *rec, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (rec[i].n <= in->max_record)
			continue;
		in->start = in->line = in->scanned =
		    (size_t)(rec[i].p - in->buf);
		in->nends = 0;
		in->too_long = i == 0;
		in->partial = false;
		return i;
	}
	return n;
}

/* As whole_lines, at the end of input the last one even without terminator. */
static size_t
some_lines(struct input *in, struct slice *rec, size_t max)
{
	size_t n = in->scanned < in->end ? whole_lines(in, rec, max) : 0;

	if (n == 0 && in->scanned == in->end && in->eof &&
	    in->line < in->end) {
		rec[n++] = (struct slice){ in->buf + in->line,
		    in->end - in->line };
		in->line = in->scanned = in->end;
		in->partial = true;
	}
	return n;
}

/* Goes on behind what was joined. */
static void
go_on(struct input *in, const struct joining *at)
{
	const char *end = in->buf + in->end;
	size_t line = at->next > end ? in->end : (size_t)(at->next - in->buf);

	if (line < in->line) {
		in->scanned = line;
		in->partial = false;
	}
	in->line = line;
	in->start = at->begun != NULL ? (size_t)(at->begun - in->buf) : line;
	in->dropping = at->drop;
}

/* Whether no line can follow those of the record that may go on: for now, for
   ever, or as it would be too long. */
static bool
is_over(const struct input *in)
{
	size_t from = in->join->first != NULL ? in->line : in->start;

	return in->start < in->line && (in->silent ||
	    (in->eof && !in->keeps && in->line == in->end) ||
	    (in->scanned == in->end && in->end - from > in->max_record));
}

/* Records made of lines.  The first line's byte order mark is no part of it. */
static size_t
join(struct input *in, struct slice *rec, size_t max)
{
	struct joining at;
	size_t n, line, bom, k = 0;

	do {
		line = in->line;
		if ((n = some_lines(in, rec, max)) == 0)
			break;
		bom = in->looked ? 0 : rec->n - skip_bom(*rec).n;
		in->looked = true;
		rec->p += bom;
		rec->n -= bom;
		at = (struct joining){ in->start < line ? in->buf + in->start :
		    NULL, NULL, in->dropping };
		k = join_lines(in->join, rec, n, &at);
		if (k == 0 && at.begun != NULL) {
			at.begun -= bom;
		} else {
			rec->p -= bom;
			rec->n += bom;
		}
		go_on(in, &at);
	} while (k == 0);
	if (k == 0 && is_over(in)) {
		in->torn |= in->cut && in->eof && in->join->first == NULL;
		at = (struct joining){ in->buf + in->start, NULL, false };
		*rec = join_end(in->join, in->buf + in->line - !in->partial,
		    &at);
		go_on(in, &at);
		k = 1;
	}
	return k;
}

size_t
input_records(struct input *in, struct slice *rec, size_t max)
{
	size_t from, n, begun;

	if (in->skipping)
		skip(in);
	from = in->start;
	if (in->join != NULL) {
		n = join(in, rec, max);
	} else {
		n = some_lines(in, rec, max);
		in->start = in->line;
	}
	if (in->start - from > in->max_record)
		n = cut_long(in, rec, n);
	begun = in->start < in->line ? in->line - 1 : in->end;
	if (n == 0 && in->scanned == in->end &&
	    begun - in->start > in->max_record)
		in->too_long = true;
	return n;
}

bool
input_waits(const struct input *in)
{
	return in->start < in->line && !in->eof && !in->silent;
}

void
input_silent(struct input *in)
{
	in->silent = true;
}

size_t
input_before_empty(const struct slice *rec, size_t n)
{
	size_t i = 0;

	while (i < n && (rec[i].n > 1 ||
	    (rec[i].n == 1 && *rec[i].p != '\r')))
		i++;
	return i;
}

void
input_skip(struct input *in)
{
	in->skipping = true;
	in->dropping = in->join != NULL && in->join->first != NULL;
	in->too_long = false;
	skip(in);
}

off_t
input_offset(const struct input *in)
{
	return in->at - (off_t)(in->end - in->start);
}

off_t
input_at(const struct input *in, const char *p)
{
	return in->at - (off_t)(in->buf + in->end - p);
}

bool
input_seek(struct input *in, off_t to)
{
	ahead_free(in->ahead);
	in->ahead = NULL;
	in->start = in->line = in->scanned = in->end = 0;
	in->nends = 0;
	in->buf = in->own;
	in->at = to;
	return lseek(in->fd, to, SEEK_SET) == to;
}

bool
input_part(struct input *in, int fd, off_t from, off_t to, bool keeps)
{
	bool good;

	in->fd = fd;
	good = input_seek(in, from);
	in->ahead_ends = in->eof = false;
	in->rest = to - from;
	in->to = to;
	in->keeps = keeps;
	return good;
}

void
input_take_back(struct input *in, struct buf *left)
{
	buf_add(left, in->buf + in->start, in->end - in->start);
	in->start = in->line = in->scanned = in->end = 0;
}

void
input_give(struct input *in, struct slice left, int error)
{
	in->full = 0;
	in->error = error;
	if (in->cap < left.n) {
		in->cap = left.n;
		in->own = mem_grow(in->own, in->cap);
	}
	in->buf = in->own;
	if (left.n > 0)
		memcpy(in->own, left.p, left.n);
	in->end = left.n;
}

size_t
input_close(struct input *in)
{
	size_t left = in->end - in->line;

	in->end = in->scanned = in->line;
	in->nends = 0;
	in->eof = true;
	return left;
}
