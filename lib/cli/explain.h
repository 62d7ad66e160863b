/* explain.h - what a command line would do (--explain) */
#ifndef MBATCH_EXPLAIN_H
#define MBATCH_EXPLAIN_H

#include <stdint.h>

#include "lib/cli/options.h"

/* What is known before anything was read, or of a regular file's start. */
struct explained {
	const struct command *cmd;
	const struct chain *chain;
	const struct shape *shape;	/* of the input's records */
	bool bound;			/* names are known, and the chain bound
					   to them */
	unsigned jobs;			/* most workers */
	const struct saved *last;	/* --state: what the last run left */
	bool regular;			/* the input: */
	uint64_t size;			/* its size, and how many records its */
	uint64_t records, bytes;	/* first bytes are; 0: not known */
};

/* Tells it on standard output: COMMAND_DONE or COMMAND_FAILED (told). */
enum command_status explain(const struct explained *);

#endif
