/* input.h - standard input as records in one buffer */
#ifndef MBATCH_INPUT_H
#define MBATCH_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/base/arena.h"
#include "lib/read/join.h"

struct input {
	int fd;
	char term;
	bool regular;		/* a regular file: time never closes a batch */
	int64_t mtime;		/* last change, ns since the epoch; else 0 */
	bool eof;
	bool partial;		/* the last record had no terminator */
	size_t max_record;	/* bytes, terminator not counted */
	size_t most;		/* bytes of a read of a file */
	ssize_t enough;		/* of a read that found much */
	off_t rest;		/* bytes of a regular file yet unread, at the
				   start; 0: no thread may read it */
	off_t at;		/* of such: where end is in it */
	off_t to;		/* and no byte from here on is read: */
	bool keeps;		/* a record that may go on there is none yet */
	struct ahead *ahead;	/* that reads it, or NULL */
	bool ahead_ends;	/* it came to the file's end */
	char *own;		/* what read(2) fills */
	size_t cap;		/* of own */
	char *buf;		/* own, or a block read ahead */
	const uint32_t *ends;	/* where the next nends records end, counted
				   from block on */
	const char *block;
	size_t nends;
	bool ends_all;		/* and no others in buf */
	size_t start;		/* first byte not yet given out */
	size_t line;		/* start, or behind the lines of a record that
				   may go on */
	size_t scanned;		/* no terminator in line..scanned */
	size_t end;
	unsigned full;		/* of no file: reads in a row that found
				   much, */
	int64_t since, reading;	/* from when on, monotonic, and how long the
				   others of them took */
	int error;		/* why reading failed */
	bool too_long;		/* the next record exceeds max_record:
				   input_skip() it or give up */
	bool skipping;		/* inside such a record, */
	bool dropping;		/* or among the lines behind its first */
	const struct join *join;	/* how lines become records; NULL: they
				   are these */
	bool cut;		/* a part that is not the file's last, */
	bool torn;		/* and ends in an open quote */
	bool looked;		/* at the first line */
	bool silent;		/* the record that may go on does not */
};

enum input_status {
	INPUT_MORE,		/* something was read */
	INPUT_WAIT,		/* nothing there now (EAGAIN, EINTR) */
	INPUT_END,
	INPUT_ERROR		/* see error */
};

void input_init(struct input *, int fd, char term, size_t max_record);
void input_free(struct input *);

/* Of a regular file, before it is read: only part k of n of it, from 1 on, of
   about as many bytes, cut behind terminators.  *head: the file's first line
   that is not empty, where that is in a part before (until input_fill), else
   p NULL.  False, with errno. */
bool input_range(struct input *, uint64_t k, uint64_t n, struct slice *head);

/* One read(2), of at most 256 KiB; those of a large file are made ahead by a
   thread.  What input_records gave out before is gone after. */
enum input_status input_fill(struct input *);

/*
 * At most max records from the buffer, side by side; at the end of input the
 * last one even without terminator.  0: none whole, or too_long.
 */
size_t input_records(struct input *, struct slice *rec, size_t max);

/* How many of n records come before the first that is an empty line, with a
   carriage return or without. */
size_t input_before_empty(const struct slice *rec, size_t n);

/* Passes over the record that is too long, wherever it ends. */
void input_skip(struct input *);

/*
 * Of a regular file: where the first record that was not given out begins, and
 * to go on there.  input_seek: false if it can't.
 */
off_t input_offset(const struct input *);
/* Where a byte is in it that was read, and is still there. */
off_t input_at(const struct input *, const char *);
bool input_seek(struct input *, off_t);
/* The bytes [from, to) of another regular file come next: false if they can't.
   What was read before must have been given out. */
bool input_part(struct input *, int fd, off_t from, off_t to, bool keeps);
/* Of another input: what was read and not given out is added to *left; and
   comes back, with the error of a read that failed meanwhile, 0: none. */
void input_take_back(struct input *, struct buf *left);
void input_give(struct input *, struct slice left, int error);

/* Whether lines were read that are the front of a record, or a whole one: what
   comes next tells, or that for a while nothing comes, input_silent. */
bool input_waits(const struct input *);
void input_silent(struct input *);

/* No more is read: of a line that has no terminator yet so many bytes are left,
   which are none. */
size_t input_close(struct input *);

#endif
