/* input.c - standard input as records in one buffer */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/pipe.h"
#include "lib/read/ahead.h"
#include "lib/read/input.h"
#include "lib/scan/scan.h"

enum { READ = AHEAD_BLOCK };

void
input_init(struct input *in, int fd, char term, size_t max_record)
{
	struct stat st;

	*in = (struct input){ .fd = fd, .term = term,
	    .max_record = max_record, .most = READ,
	    .enough = READ / 4 };
	in->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	if (in->regular) {
		in->mtime = (int64_t)st.st_mtim.tv_sec * 1000000000 +
		    st.st_mtim.tv_nsec;
		in->rest = st.st_size - lseek(fd, 0, SEEK_CUR);
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
	in->buf = in->own;
	in->scanned -= in->start;
	in->start = 0;
	in->end = left;
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
	in->found = (struct found){ 0 };
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
	in->buf = b->p - left;
	in->scanned -= in->start;
	in->start = 0;
	in->end = left;
	in->found = b->found;
	in->ends = b->found.end;
	in->nends = b->found.n;
	in->ends_all = b->all;
	return b->n;
}

enum input_status
input_fill(struct input *in)
{
	ssize_t n;

	if (in->eof)
		return INPUT_END;
	if (in->error != 0)
		return INPUT_ERROR;
	if (in->end > 0 && in->rest > 0) {	/* the second read */
		if (in->rest >= AHEAD_FROM)
			in->ahead = ahead_new(in->fd, in->term, in->plan);
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
		in->found = (struct found){ 0 };
		n = read(in->fd, in->buf + in->end, in->regular ?
		    in->most : READ);
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
	in->full = n < in->enough ? 0 : in->full + 1;
	in->end += (size_t)n;
	return INPUT_MORE;
}

/* Drops what belongs to a record that is being skipped. */
static void
skip(struct input *in)
{
	const char *p = in->buf + in->start;
	const char *q = memchr(p, in->term, in->end - in->start);

	in->start = q == NULL ? in->end : (size_t)(q - in->buf) + 1;
	in->scanned = in->start;
	in->nends = 0;
	if (q != NULL || in->eof)
		in->skipping = false;
}

/* Records whose ends were found as they were read, else a scan's, unless it is
   known that there is no whole one. */
static size_t
whole_records(struct input *in, struct slice *rec, size_t max)
{
	const char *p = in->buf + in->start, *q;
	size_t i, used, n = in->nends < max ? in->nends : max;

	if (n > 0) {
		for (i = 0; i < n; i++, p = q + 1) {
			q = in->found.p + in->ends[i];
			rec[i] = (struct slice){ p, (size_t)(q - p) };
		}
		in->ends += n;
		in->nends -= n;
		in->start = (size_t)(p - in->buf);
		in->scanned = in->nends == 0 && in->ends_all ? in->end :
		    in->start;
		return n;
	}
	if (in->scanned > in->start && memchr(in->buf + in->scanned, in->term,
	    in->end - in->scanned) == NULL) {
		in->scanned = in->end;
		return 0;
	}
	n = scan_records(p, in->end - in->start, in->term, rec, max, &used);
	in->start += used;
	in->scanned = n < max ? in->end : in->start;
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
		in->start = in->scanned = (size_t)(rec[i].p - in->buf);
		in->nends = 0;
		in->too_long = i == 0;
		in->partial = false;
		return i;
	}
	return n;
}

size_t
input_records(struct input *in, struct slice *rec, size_t max)
{
	size_t from, n = 0;

	if (in->skipping)
		skip(in);
	from = in->start;
	if (in->scanned < in->end)
		n = whole_records(in, rec, max);
	if (n == 0 && in->scanned == in->end && in->eof &&
	    in->start < in->end) {	/* the unterminated rest */
		rec[n++] = (struct slice){ in->buf + in->start,
		    in->end - in->start };
		in->start = in->scanned = in->end;
		in->partial = true;
	}
	if (in->start - from > in->max_record)
		n = cut_long(in, rec, n);
	if (n == 0 && in->end - in->start > in->max_record &&
	    in->scanned == in->end)
		in->too_long = true;
	return n;
}

/* How many of n records come before one that may be empty. */
static size_t
before_short(const struct slice *rec, size_t n)
{
	const struct slice *r = rec, *end = rec + n, *eights = rec + n / 8 * 8;

	for (; r < eights; r += 8)
		if (r[0].n < 2 || r[1].n < 2 || r[2].n < 2 || r[3].n < 2 ||
		    r[4].n < 2 || r[5].n < 2 || r[6].n < 2 || r[7].n < 2)
			break;
	while (r < end && r->n > 1)
		r++;
	return (size_t)(r - rec);
}

size_t
input_before_empty(const struct slice *rec, size_t n)
{
	size_t i = before_short(rec, n);

	while (i < n && rec[i].n == 1 && *rec[i].p != '\r')
		i += 1 + before_short(rec + i + 1, n - i - 1);
	return i;
}

void
input_skip(struct input *in)
{
	in->skipping = true;
	in->too_long = false;
	skip(in);
}

off_t
input_offset(const struct input *in)
{
	off_t at = in->ahead != NULL ? ahead_offset(in->ahead) :
	    lseek(in->fd, 0, SEEK_CUR);

	return at - (off_t)(in->end - in->start);
}

bool
input_seek(struct input *in, off_t to)
{
	ahead_free(in->ahead);
	in->ahead = NULL;
	in->found = (struct found){ 0 };
	in->start = in->scanned = in->end = 0;
	in->nends = 0;
	in->buf = in->own;
	return lseek(in->fd, to, SEEK_SET) == to;
}

void
input_take_back(struct input *in, struct buf *left)
{
	buf_add(left, in->buf + in->start, in->end - in->start);
	in->start = in->scanned = in->end = 0;
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
	size_t left = in->end - in->start;

	in->start = in->scanned = in->end;
	in->nends = 0;
	in->eof = true;
	return left;
}
