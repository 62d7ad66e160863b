/*
 * engine.h - one run: what it is made of, and its way from the first read to
 * the last write
 *
 * take.c gives what was read to the chain, wait.c waits for more, end.c comes
 * to the end.  OK, FAIL and DONE as in mbatch.h; what failed was told.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "mbatch.h"
#include "lib/cli/options.h"
#include "lib/read/input.h"
#include "lib/run/chain.h"
#include "lib/run/feed.h"
#include "lib/run/progress.h"
#include "lib/run/workers.h"
#include "lib/state/state.h"
#include "lib/write/out.h"

struct run {
	struct command cmd;
	struct arena arena;
	struct diag diag;
	struct input in;
	struct join join;		/* of lines to the records of in */
	struct chain chain;
	struct feed feed;
	struct out out;
	struct state state;		/* --state */
	struct shape shape;		/* of the input's records */
	struct shape lines;		/* --merge: what is read instead */
	struct slice header;		/* the input's header record */
	struct work work;		/* what many processors may take */
	struct progress progress;
	unsigned worked;		/* how often they did */
	bool begun;			/* the first record came */
	bool misused;			/* names the records don't have */
	bool more;			/* --state: a try was repeated, and now
					   comes what that run had not seen */
	int signal;			/* that ended the run, 0: none */
	int sigfd;			/* readable when a signal came */
	struct slice rec[VEC_MAX];
	char *reserve;			/* memory for the end, if there is no
					   more */
};

/* Whether the first record names the fields. */
bool	run_headed(const struct run *);

/* The input's shape is known: all names are looked up now. */
int	run_bind(struct run *);

/* The first record that was read makes the names known.  DONE: it was the
   header, and no more than that. */
int	run_first(struct run *, struct slice);

/* All the whole records that were read go to the chain. */
int	run_take(struct run *);

/* --merge: windows that all runs have passed close. */
int	run_passed(struct run *);

/* Reads and takes until the input ends (OK), nothing more is wanted (DONE), or
   something fails. */
int	run_loop(struct run *);

/* What remains when nothing more is read, after run_loop's result: the last
   batch, what has effects and the files come to their ends, OK if all of that
   went well.  With --state a signal leaves the open batch to the next run. */
int	run_finish(struct run *, int);

/* Whether no record could be read, which was hardly meant so, unless --bad
   was. */
bool	run_unread(const struct run *);

/* -v, of a run that took so many ns. */
void	run_stats(struct run *, int64_t);

#endif
