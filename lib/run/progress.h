/* progress.h - how far the run is, told while it goes on (--progress, USR2) */
#ifndef MBATCH_PROGRESS_H
#define MBATCH_PROGRESS_H

#include "lib/read/input.h"
#include "lib/run/feed.h"

/* A line on standard error once a second, in place, where that is a terminal
   and standard output is none; messages stand above it. */
struct progress {
	const struct input *in;
	const struct feed *feed;
	bool shown;
	int64_t began, next;	/* monotonic: the run; the next line */
	off_t from, to;		/* of a regular file; equal: of none */
	uint64_t first;		/* bytes counted before the run began */
};

/* asked: --progress. */
void progress_init(struct progress *, const struct input *,
    const struct feed *, bool asked);
/* When the next line is due, INT64_MAX: never. */
static inline int64_t
progress_deadline(const struct progress *p)
{
	return p->shown ? p->next : INT64_MAX;
}

/* Shows it, if it is due; at: the offset in the file up to which records were
   taken, -1: that of the input. */
void progress_look(struct progress *, off_t at);
/* Tells it as a message. */
void progress_tell(const struct progress *);
/* The line goes. */
void progress_end(struct progress *);

#endif
