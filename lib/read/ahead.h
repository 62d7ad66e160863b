/* ahead.h - a large file read and cut ahead by a second thread */
#ifndef MBATCH_AHEAD_H
#define MBATCH_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	AHEAD_BLOCK = 256 * 1024,	/* bytes of a block but the last */
	AHEAD_ROOM = 64 * 1024,		/* that may be written before it */
	AHEAD_FROM = 8 * 1024 * 1024	/* a file for which a thread pays */
};

/* A block as read(2) gave it.  end: where term is in it, the first nends times;
   all: nowhere else. */
struct ahead_block {
	char *p;
	ssize_t n;		/* bytes; -1: reading failed, with error */
	int error;
	const uint32_t *end;
	size_t nends;
	bool all;
};

struct ahead;

/* Reads fd, a regular file, from where it stands, up to the offset to at most.
   NULL where there is no second processor, or no thread or memory to be had. */
struct ahead *ahead_new(int fd, char term, off_t to);
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
