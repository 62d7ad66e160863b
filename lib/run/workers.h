/* workers.h - records through the chain on many processors */
#ifndef MBATCH_WORKERS_H
#define MBATCH_WORKERS_H

#include "lib/read/input.h"
#include "lib/run/chain.h"
#include "lib/run/feed.h"
#include "lib/run/progress.h"
#include "lib/write/out.h"

/*
 * Each worker has a chain of its own, made of the same words, so that nothing
 * that runs is shared.  It takes records from its place of a regular file, or
 * the next ones of another input, and puts them through, as far as one record's
 * result does not depend on others: up to the output, whose pieces are written
 * in order; up to an aggregate or sort, whose states are joined in order; or up
 * to other stages, which get what passed in order on one processor.  What is
 * told of records is held and told in their order.
 *
 * Workers take whole records only, and of those that one loop would take next;
 * wherever they stop, for whatever reason (the end, a signal, a record that is
 * too long), the loop goes on.  So what ends the input, or is out of the
 * ordinary, is in one place.
 */
struct work {
	struct input *in;
	struct feed *feed;
	struct chain *chain;		/* bound, and records went through */
	struct out *out;
	const struct shape *shape;	/* of the input's records, */
	struct slice header;		/* and its header, p NULL: none */
	char **words;			/* of the chain */
	bool limited;			/* batches were asked for: not just
					   those of 1000 that nobody sees */
	unsigned jobs;			/* at most so many workers */
	size_t block;			/* bytes of a worker's step */
	int sigfd;			/* readable: a signal wants the loop */
	struct progress *progress;	/* is shown meanwhile */
};

enum {
	WORK_BLOCK = 1024 * 1024,
	WORK_FROM = 8,		/* blocks of a file for which workers pay */
	WORK_AGAIN = 8,		/* times that they begin anew */
	WORKERS = 256		/* at most */
};

/* Whether workers can take what is left of the input. */
bool work_suits(const struct work *);
/* They take it, as far as they can.  OK, or FAIL (told). */
int work_run(const struct work *);

#endif
