/* input.c - standard input as records in one buffer */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/life/arena.h"
#include "lib/life/diag.h"
#include "lib/life/pipe.h"
#include "lib/read/input.h"
#include "lib/read/scan.h"

enum { READ = 256 * 1024 };

void
input_init(struct input *in, int fd, char term, size_t max_record)
{
	struct stat st;

	*in = (struct input){ .fd = fd, .term = term,
	    .max_record = max_record };
	in->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	if (in->regular)
		in->mtime = (int64_t)st.st_mtim.tv_sec * 1000000000 +
		    st.st_mtim.tv_nsec;
	pipe_widen(fd, READ);
	in->cap = READ + READ / 4;
	in->buf = mem_alloc(in->cap);
}

void
input_free(struct input *in)
{
	free(in->buf);
	in->buf = NULL;
}

/* Room for a read behind what is left, which moves to the front. */
static void
make_room(struct input *in)
{
	size_t left = in->end - in->start;

	if (in->start > 0 && left > 0)
		memmove(in->buf, in->buf + in->start, left);
	in->scanned -= in->start;
	in->start = 0;
	in->end = left;
	if (in->cap - left >= READ)
		return;
	in->cap = in->cap * 2;
	if (in->cap > in->max_record && in->max_record + READ * 2 > left + READ)
		in->cap = in->max_record + READ * 2;
	in->buf = mem_grow(in->buf, in->cap);
}

enum input_status
input_fill(struct input *in)
{
	ssize_t n;

	if (in->eof)
		return INPUT_END;
	make_room(in);
	n = read(in->fd, in->buf + in->end, READ);
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return INPUT_WAIT;
		diag_errno("standard input");
		return INPUT_ERROR;
	}
	if (n == 0) {
		in->eof = true;
		return INPUT_END;
	}
	in->end += (size_t)n;
	return INPUT_MORE;
}

/* Drops what belongs to a record that is being skipped. */
static void
skip(struct input *in)
{
	char *p = in->buf + in->start;
	char *q = memchr(p, in->term, in->end - in->start);

	in->start = q == NULL ? in->end : (size_t)(q - in->buf) + 1;
	in->scanned = in->start;
	if (q != NULL || in->eof)
		in->skipping = false;
}

/* The unterminated rest at the end of input. */
static size_t
last_record(struct input *in, struct slice *rec)
{
	if (!in->eof || in->start == in->end)
		return 0;
	*rec = (struct slice){ in->buf + in->start, in->end - in->start };
	in->start = in->scanned = in->end;
	in->partial = true;
	return 1;
}

/* Scans for records, unless it is known that there is no whole one. */
static size_t
whole_records(struct input *in, struct slice *rec, size_t max)
{
	size_t used, n;

	if (in->scanned > in->start && memchr(in->buf + in->scanned, in->term,
	    in->end - in->scanned) == NULL) {
		in->scanned = in->end;
		return 0;
	}
	n = scan_records(in->buf + in->start, in->end - in->start, in->term,
	    rec, max, &used);
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
	if (n == 0 && in->scanned == in->end)
		n = last_record(in, rec);
	if (in->start - from > in->max_record)
		n = cut_long(in, rec, n);
	if (n == 0 && in->end - in->start > in->max_record &&
	    in->scanned == in->end)
		in->too_long = true;
	return n;
}

void
input_skip(struct input *in)
{
	in->skipping = true;
	in->too_long = false;
	skip(in);
}

void
input_close(struct input *in)
{
	in->eof = true;
}
