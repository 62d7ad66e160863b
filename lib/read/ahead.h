/* ahead.h - a large file read ahead by a second thread */
#ifndef MBATCH_AHEAD_H
#define MBATCH_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	AHEAD_BLOCK = 256 * 1024,	/* bytes of a block but the last */
	AHEAD_ROOM = 64 * 1024,		/* that may be written before it */
	AHEAD_FROM = 8 * 1024 * 1024	/* a file for which a thread pays */
};

struct ahead;

/*
 * Reads fd, a regular file, from where it stands.  NULL where there is no
 * second processor or no thread to be had.
 */
struct ahead *ahead_new(int fd);
/* fd then stands after the last block that was given.  NULL is fine. */
void ahead_free(struct ahead *);

/*
 * The next block and its bytes: fewer than AHEAD_BLOCK at what was the file's
 * end when it was read, and nothing may be asked for after; -1 with errno where
 * reading failed.  A block stays until the call after the next one, so that
 * what is left of it can be copied in front of its successor.
 */
ssize_t ahead_next(struct ahead *, char **block);

#endif
