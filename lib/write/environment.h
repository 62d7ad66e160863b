/* environment.h - what a command is told of its batch: MBATCH_* variables */
#ifndef MBATCH_ENVIRONMENT_H
#define MBATCH_ENVIRONMENT_H

#include "lib/base/arena.h"
#include "lib/read/batch.h"

/* Our own environment with NUMBER, RECORDS, BYTES, REASON, TIME and, with -k,
   KEY of a batch, each after MBATCH_, instead of those that were there. */
struct environment {
	char **var;
	size_t n;		/* of what there was */
	bool local;		/* as options.local */
	struct arena text;	/* of the batch's */
};

void environment_init(struct environment *, bool local);
void environment_free(struct environment *);

/* For a command with this batch; valid until the next call. */
char *const *environment_of(struct environment *, const struct batch *);

#endif
