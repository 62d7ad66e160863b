/* mark.h - a place in a file, known again by what stands before it */
#ifndef MBATCH_MARK_H
#define MBATCH_MARK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { MARK = 4096 };		/* bytes that are looked at, at either end */

/* What is hashed are the first min(MARK, at) bytes, and as many before at.
   Where these are few, other files may begin alike: device and inode count,
   too. */
struct mark {
	off_t at;
	uint64_t head, tail;
	uint64_t dev, ino;
};

/* The place at in fd, a regular file: OK, or FAIL with errno; ESPIPE: it has
   not so many bytes. */
int mark_make(struct mark *, int fd, off_t at);
/* Whether it is a place in fd; alike: by content alone. */
bool mark_fits(const struct mark *, int fd, bool alike);
/* Whether it was made in the file that fd is now. */
bool mark_same(const struct mark *, int fd);

#endif
