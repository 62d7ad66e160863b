/*
 * partial.h - states of groups as lines that other machines read: --partial,
 * --merge
 *
 * A line is the key fields, joined by tabs and escaped as tsv has it, a tab
 * (without keys too, so that all such lines have one key, the empty one), and
 * the state: these words, joined by blanks,
 *
 *	mbatch1		the version of what follows
 *	g or o		a group, or the one beyond --max-groups
 *	KINDS|KEYS	what it is a state of: count,values:ms|path
 *	STATE...	one of each kind, - for none
 *	CHECK		six characters: the checksum of the line so far
 *
 * all printable, without tabs.  A state is merged, so a large one is written
 * as several lines of one key.
 */
#ifndef MBATCH_PARTIAL_H
#define MBATCH_PARTIAL_H

#include "mbatch.h"
#include "lib/run/grouped.h"

struct chain;

/* The chain of --partial ends, that of --merge starts with the first aggregate.
   OK, or FAIL after a message: a usage error. */
int chain_partial(struct chain *);
/* Whether the operator is the one that reads states. */
bool partial_merges(const struct op *);

/* With --partial what leaves are lines, not made records. */
void partial_shape(struct bind *);

/* KINDS|KEYS, in the arena. */
struct slice partial_name(const struct grouping *, struct arena *);
/* Emits a group's state. */
int partial_put(const struct grouping *, struct slice key, struct agg_group,
    struct emit *);

/* A line read. */
struct partial {
	struct slice key;	/* as in the line; n 0 and other: beyond */
	bool other;
	struct slice states;	/* the words between KEYS and CHECK */
};
/* NULL, or why it can't be read, with the offset in *at. */
const char *partial_get(struct partial *, const struct grouping *,
    struct slice line, size_t *at);
/* Adds the states to the group's; false: one is garbled. */
bool partial_add(const struct grouping *, struct agg_group, struct slice);

#endif
