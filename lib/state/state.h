/* state.h - --state: a run goes on where the last one ended */
#ifndef MBATCH_STATE_H
#define MBATCH_STATE_H

#include "lib/state/parts.h"

struct chain;
struct claims;
struct feed;
struct input;
struct limits;
struct out;

enum { EXIT_HELD = 4 };		/* the exit status where another run goes on */

/* What the command line says of it. */
struct state_options {
	const char *file;	/* NULL: none of all this */
	const char *to;		/* --state-to, NULL: it goes to file */
	const char **rotated;	/* --state-rotated */
	size_t nrotated;
	bool end;		/* --state-from end */
	bool skip, reset;
	int64_t wait;		/* --state-wait, ns */
};

/*
 * Where the input is a regular file a run reads what is behind the position of
 * the last one, up to the last whole record that is there as it begins.  Before
 * it writes it puts down what it is about to do, a try: a run that finds one
 * does the same again, and passes over the output that is there.  Of another
 * input only what the chain remembers is kept.
 */
struct state {
	const struct state_options *opt;
	struct arena *arena;
	bool on;		/* there is a state, */
	bool places;		/* with positions in the input */
	bool again;		/* a try is repeated: then there is more */
	bool resumed;		/* not from the input's start */
	bool idle;		/* there is nothing to be read */
	bool gave_up;		/* a try was found, and is not repeated */
	bool sink;		/* the last operator has effects of its own */
	int64_t kept;		/* when it was written last, monotonic */
	struct saved last;	/* what was there */
	struct saved next;	/* what is to be */
	struct saved tried;	/* what was put down before the first output */
	const char **own;	/* names of its files */
	const char *mark;	/* its own, for names of what is written */
	struct parts parts;
	struct part *here;	/* that is read */

	int back;		/* standard output, to read; 0: not needed */
	bool cut;		/* a batch was written that ends where */
	struct part cut_in;	/* this does, */
	uint64_t batches, records, written;	/* after so many, and bytes */
	struct buf memory;	/* what the chain remembers at the end */
};

/* Whether what was asked for can be kept: OK, or FAIL (told), a usage error.
   limited: the limits were asked for. */
int state_suits(const struct state_options *, const struct chain *,
    const struct limits *, bool limited);

/* Reads the state, for --explain: OK or FAIL (told). */
int state_look(struct state *, const struct state_options *,
    struct slice command, bool places, struct arena *);

/*
 * Takes the lock and reads the state; of a regular file finds what is to be
 * read.  command: the words that the state is for, packed; outside: what the
 * chain needs beside, likewise (options_need).  headed: the input
 * begins with a header record, before which blanks may stand.  sink: what
 * leaves the chain is not written by us.  EXIT_OK, or a status after a message.
 */
int state_begin(struct state *, const struct state_options *,
    struct slice command, struct slice outside, struct input *, bool headed,
    bool blanks, bool sink, struct arena *);
void state_end(struct state *);

/* What is known of the output and the batches is handed on; feed_stages has
   been called: NULL, or why the chain can't remember it. */
const char *state_resume(const struct state *, struct feed *, struct out *);
/* The try is written down; one that was found tells out what may stand there
   already.  OK or FAIL (told). */
int state_try(struct state *, struct out *);

/* The try is written down once more, with the files that tee writes to:
   claims.tell of told_by, the state. */
int state_files(void *, const struct claims *);

/* Whether the name is that of a file of the state, which is replaced:
   claims.owns of told_by. */
bool state_owns(void *, const char *);

/* The part that is read is over: OK, and the input is the next one's, DONE if
   there is none, or FAIL (told) if it was cut meanwhile. */
int state_next(struct state *, struct input *);
/* A batch was written that ends at this byte of the input, and nothing of it is
   still under way.  OK or FAIL (told). */
int state_cut(struct state *, off_t, const struct feed *, const struct out *);

/* After the last batch: what the chain remembers. */
void state_remember(struct state *, struct feed *);
/*
 * After the last write: the state of this run, which ended with its input; or
 * (at not below 0) at this byte of it.  state_keep: by a signal or a command
 * that failed, as far as the position of the last whole batch is one to go on
 * from.  OK or FAIL (told).
 */
int state_commit(struct state *, const struct out *, off_t at);
int state_keep(struct state *, const struct feed *, const struct out *);

#endif
