/* refuge.h - a file for the batches whose commands failed (--on-fail) */
#ifndef MBATCH_REFUGE_H
#define MBATCH_REFUGE_H

#include <stdbool.h>
#include <stddef.h>

struct spool;

/* All zero: there is none. */
struct refuge {
	const char *name;
	int fd;
	bool ours;		/* made by this run: no empty one is left */
};

/* Appends to the file of that name: OK, or FAIL with errno. */
int refuge_open(struct refuge *, const char *name);
/* Adds a batch, whose first head bytes are a header line: only an empty file
   gets that.  OK, or FAIL with errno. */
int refuge_save(const struct refuge *, const struct spool *, size_t head);
/* Removes the file if it was made for nothing; closing does so too. */
void refuge_tidy(const struct refuge *);
void refuge_close(struct refuge *);

#endif
