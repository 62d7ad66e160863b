/* ahead.h - a large file read, cut and searched ahead by a second thread */
#ifndef MBATCH_AHEAD_H
#define MBATCH_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/scan/found.h"

enum {
	AHEAD_BLOCK = 256 * 1024,	/* bytes of a block but the last */
	AHEAD_ROOM = 64 * 1024,		/* that may be written before it */
	AHEAD_FROM = 8 * 1024 * 1024	/* a file for which a thread pays */
};

/*
 * A block as read(2) gave it.  found: where term is in it, the first found.n
 * times; all: nowhere else; and the columns that the plan asks for, if there is
 * one: they may be written to.
 */
struct ahead_block {
	char *p;
	ssize_t n;		/* bytes; -1: reading failed, with error */
	int error;
	struct found found;
	bool all;
};

struct ahead;

/*
 * Reads fd, a regular file, from where it stands, up to the offset to at most;
 * plan, NULL if none, must stay.  NULL where there is no second processor, or
 * no thread or memory to be had.
 */
struct ahead *ahead_new(int fd, char term, const struct scan_plan *plan,
    off_t to);
/* fd then stands after the last block that was given.  NULL is fine. */
void ahead_free(struct ahead *);

/*
 * The next block.  It has fewer than AHEAD_BLOCK bytes at the limit, or at
 * what was the file's end when it was read: then nothing may be asked for
 * after.  A block stays until the call after the next one, so that what is left
 * of it can be copied in front of its successor.
 */
const struct ahead_block *ahead_next(struct ahead *);

#endif
