/* refuge.h - a file for the batches whose commands failed (--on-fail) */
#ifndef MBATCH_REFUGE_H
#define MBATCH_REFUGE_H

#include <stdbool.h>
#include <stddef.h>

struct spool;

/*
 * Several runs may share a file: none takes one away that another has made or
 * has written to, and none writes to one that was taken away.
 */
struct refuge {
	const char *name;
	int fd;			/* -1: it is closed */
	bool ours;		/* made by this run: no empty one is left */
	bool sync;		/* what was added is to be safe on the disk */
};

/* Appends to the file of that name: NULL, or why that can't be. */
const char *refuge_open(struct refuge *, const char *name);
/* Adds a batch, whose first head bytes are a header line: only an empty file
   gets that.  OK, or FAIL with errno. */
int refuge_save(struct refuge *, const struct spool *, size_t head);
/* Removes the file if it was made for nothing.  OK, or FAIL with errno if only
   now it shows that it could not be written. */
int refuge_close(struct refuge *);

#endif
