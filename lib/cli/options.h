/* options.h - the command line before the chain */
#ifndef MBATCH_OPTIONS_H
#define MBATCH_OPTIONS_H

#include "lib/agg/runs.h"
#include "lib/format/settings.h"
#include "lib/read/batcher.h"
#include "lib/run/chain.h"
#include "lib/state/state.h"
#include "lib/write/files.h"

/* All that was said before the first operator. */
struct command {
	struct options opt;
	struct limits lim;
	bool limited;			/* some limit was given */
	const struct field *time;	/* -T, NULL: not given */
	int64_t late;			/* LATE_ALL: to the end of input */
	bool late_given, ahead_given;
	const char *batch_end;		/* -S, NULL: none */
	size_t batch_endlen;
	struct badness bad;
	struct claims claims;
	struct runs runs;		/* --run, --runs, --part */
	uint64_t reads;			/* a hash of what lines and words are
					   to be taken for */
	uint64_t max_record;
	uint64_t jobs;			/* -j, 0: as many as processors */
	uint64_t none;			/* the status where nothing came out */
	struct regex *first;		/* -m, NULL: a record is a line; */
	bool others;			/* what its other lines match */
	bool stats;			/* -v */
	bool explain;			/* --explain */
	bool progress;			/* --progress */
	struct state_options state;
	struct buf outside;		/* of opt.outside */
	char **chain;			/* the words of the chain */
	struct buf said;		/* what makes the output what it is: */
	struct slice words;		/* options, then the chain, packed */
};

enum command_status {
	COMMAND_RUN, COMMAND_DONE, COMMAND_WRONG, COMMAND_FAILED
};

/* Reads argv.  DONE: it was answered (--help, -l, -V); FAILED: the answer could
   not be written; WRONG: a usage error; both are told.  arena and diag live
   until the end of the run. */
enum command_status command_read(struct command *, int argc, char **argv,
    struct arena *, struct diag *);
/* A hash of what says how records are read. */
uint64_t command_reads(const struct command *);
/* What only the chain and the kind of input tell to be wrong: OK, or FAIL
   (told), a usage error.  regular: the input is a regular file. */
int command_check(const struct command *, const struct chain *, bool regular);
/* What the shape of what leaves tells. */
int command_suits(const struct command *, const struct shape *out);

#endif
