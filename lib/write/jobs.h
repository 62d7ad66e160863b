/* jobs.h - commands fed side by side, what they write in their turn */
#ifndef MBATCH_JOBS_H
#define MBATCH_JOBS_H

#include "lib/base/diag.h"
#include "lib/read/batch.h"
#include "lib/write/spawn.h"
#include "lib/write/spool.h"

/* One batch and its command. */
struct job {
	struct spool spool;	/* its stdin; the caller's until jobs_run */
	struct buf heard;	/* of its stdout, what is not written yet */
	struct spawn child;	/* once it has ended: its status, if late */
	int error;		/* why it could not be run, 0: it was */
	struct batch batch;	/* the caller's, as is the next */
	size_t head;		/* bytes of the header line in spool */

	struct job *next;	/* from here on: of jobs.c only */
	size_t fed;
	enum { JOB_RUNS, JOB_ENDED, JOB_OVER } is;
};

/*
 * Runs one command with many inputs, so many at a time.  jobs_run puts a job in
 * line; jobs_serve moves all of them on; after each of these two and after
 * jobs_wait the caller takes what has ended from jobs_ended,
 * then what can be written from jobs_turn, until there is none.  How a command
 * ended is for the caller to judge: nothing here looks at it.
 */
struct jobs {
	char *const *argv;
	size_t most;
	bool hear;
	int64_t limit;
	struct job *first, **last;	/* in line: what runs, and what has
					   ended but may not be written yet */
	struct job *spare;
	size_t running;			/* commands */
	size_t waiting;
	int child_fd;		/* readable when one has ended */
	struct pollfd *fd;
};

/* argv, hear, limit: as spawn_start has them.  most: that run at a time, at
   most SIGNAL_CHILDREN.  From here on SIGPIPE is ignored. */
void jobs_init(struct jobs *, char *const *argv, size_t most, bool hear,
    int64_t limit);
/* The jobs in line too; a command that still runs is left alone. */
void jobs_free(struct jobs *);

/* An empty job, to be filled, then given back by one of the two. */
struct job *jobs_open(struct jobs *);
void jobs_drop(struct jobs *, struct job *);
/* Runs the command with this environment; env NULL: none, it has ended well.
   OK, FAIL if there is no place for its input (told; dropped), or DONE if that
   must wait until another one ends: there are as many as may be, or descriptors
   or processes are short.  A command that can't be run has ended. */
int jobs_run(struct jobs *, struct job *, char *const *env);

/* What to wait for, as op.watch has it. */
size_t jobs_watch(const struct jobs *, struct pollfd *, size_t max,
    int64_t *wake);
/* All that can be done for the children now. */
void jobs_serve(struct jobs *);
/* Waits until something has happened to a child, and serves.  OK, DONE if
   nobody reads from the descriptor out any more, FAIL (told). */
int jobs_wait(struct jobs *, int out);

/* The next one that has ended since, in order; NULL: none.  Valid until
   jobs_turn; what is added to heard comes after what the command wrote. */
struct job *jobs_ended(struct jobs *);
/* Output whose turn it is, never empty: the caller writes it and empties it.
   NULL: none.  Out of turn 1 MiB is held, then that command waits. */
struct buf *jobs_turn(struct jobs *);

/* A signal to all that run. */
void jobs_kill(const struct jobs *, int sig);

#endif
