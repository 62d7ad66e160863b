/*
 * partial.h - states of groups as lines that other machines read: --partial,
 * --merge
 *
 * A line is the key fields, joined by tabs and escaped as tsv has it, a tab
 * (without keys too, so that all such lines have one key, the empty one), and
 * the state.  With windows of the records' own time the first key field is the
 * window's start.  The state is these words, joined by blanks,
 *
 *	mbatch3		the version of what follows
 *	g, o or n	a group, the one beyond --max-groups, or none: there
 *			were records, but no group of them
 *	  @NS		  and of a window of that length
 *	  @FROM,TO	  or, behind that, when all records came: of rate,
 *			  movers
 *	KINDS|KEYS	what it is a state of: count,values:ms|path
 *	  |NAMES	  and what its keys are called, each with a backslash
 *			  and its column's flags, where KEYS does not say it
 *	STATE...	one of each kind, - for none
 *	LINES.SUM	what it stands for (runs.h): itself, 1 and the hash of
 *			the line so far, or the sums of those it was merged of
 *	CHECK		six characters: the checksum of the line so far
 *
 * all printable, without tabs.  A state is merged, so a large one is written
 * as several lines of one key; of those merged of others all but the last stand
 * for themselves, the last for what remains.  Long lines are cut further
 * (pieces.h: kinds c and k), and a run ends in a line of its own (runs.h: e).
 */
#ifndef MBATCH_PARTIAL_H
#define MBATCH_PARTIAL_H

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/agg/runs.h"
#include "lib/time/time.h"

struct chain;

#define PARTIAL_VERSION	"mbatch3"

/* Any line of --partial, as far as all have it. */
struct line {
	struct slice text;
	struct slice key;	/* all key fields */
	size_t tabs;		/* in front of the state */
	char kind;
	struct slice when;	/* behind it in its word */
	struct slice words;	/* behind the kind, a blank between; with CHECK
				   until line_check */
};

/* False: it is none. */
bool line_kind(struct line *, struct slice text);
/* Whether the checksum is right; takes it off the words. */
bool line_check(struct line *);
/* Of a whole state, unchecked: what it stands for. */
bool line_standing(const struct line *, struct standing *);
/* Takes the text before the next sep, or all. */
struct slice line_word(struct slice *, char sep);
/* The number that it is; what is none makes bad true. */
uint64_t line_number(struct slice *, char sep, bool *bad);
void line_put(struct buf *, uint64_t, char sep);
/* Printable, without blanks and the separators of a name. */
void line_name(struct buf *, struct slice);

/* The chain of --partial ends, that of --merge starts with the first aggregate.
   OK, or FAIL after a message: a usage error. */
int chain_partial(struct chain *);

/* The shape of such lines. */
void partial_lines(struct shape *);
/* What the chain of --merge reads states of. */
const struct grouping *partial_of(const struct chain *);

/* KINDS|KEYS, in the arena. */
struct slice partial_name(const struct grouping *, struct arena *);
/* Names and flags of the key columns, as keys_names has them, or as a state
   that was read; its own states get them if they are not those of KEYS. */
void partial_names(struct grouping *, struct bind *, struct slice *name,
    unsigned char *flags);
/* Whether the states that are read may say what the keys' columns are, so that
   the chain is bound when the first one is known. */
bool partial_calls(const struct chain *);
/* Before it is bound: the keys are called as this one says, if it does. */
void partial_call(const struct chain *, struct slice line);
/* Emits a group's state, or if acc is NULL that there is no group.  when: the
   time that all of the batch's records came in; more: what it stands for
   beside what the group does. */
int partial_put(const struct grouping *, struct slice key, struct agg_group,
    const struct extent *when, struct standing more, struct emit *);

/* A line read. */
struct partial {
	struct slice window;	/* its start, if windows are the first key */
	struct slice key;	/* as in the line; n 0 if it is no group's */
	enum { PARTIAL_GROUP = 'g', PARTIAL_OTHER = 'o', PARTIAL_NONE = 'n' }
	    kind;
	struct extent when;
	struct slice names;	/* of its word */
	struct slice states;	/* the words between KEYS and LINES.SUM */
	struct standing standing;
};
/* NULL, or why it can't be read, with the offset in *at. */
const char *partial_get(struct partial *, const struct grouping *,
    struct slice line, size_t *at);
/* The same for the start of the line's window. */
const char *partial_window(const void *grouping, struct slice line,
    struct time_reader *, int64_t *ns, size_t *at);
/* Fills a group's states, which are of no values; NULL, or why one can't be
   read: then they mean nothing until they are reset. */
const char *partial_states(const struct grouping *, struct agg_group,
    struct slice states);

#endif
