/* spool.h - bytes held in memory, from 1 MiB on in an unlinked file */
#ifndef MBATCH_SPOOL_H
#define MBATCH_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/arena.h"

enum { SPOOL_MEMORY = 1024 * 1024 };

/*
 * The writer appends to mem and calls spool_settle() now and then, which
 * moves what is too much into a file in TMPDIR (/tmp) that has no name.  An
 * empty one is SPOOL_EMPTY.
 */
struct spool {
	struct buf mem;		/* all, or what is not yet in the file */
	int fd;			/* the file, -1: none, or it is whole */
	int reader;		/* the same, opened for reading, at its start;
				   -1: there is none */
	uint64_t filed;		/* bytes in the file */
};

#define SPOOL_EMPTY	((struct spool){ .fd = -1, .reader = -1 })

/* all: nothing more comes, and nothing stays in memory once there is a file.
   OK or FAIL (told). */
int spool_settle(struct spool *, bool all);
/* How much was appended since it was empty. */
uint64_t spool_size(const struct spool *);
/* Appends the bytes from the given offset on to fd: OK, or FAIL with errno. */
int spool_copy(const struct spool *, uint64_t from, int fd);
/* Empty again; keeps the memory. */
void spool_reset(struct spool *);
void spool_free(struct spool *);

#endif
