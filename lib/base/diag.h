/* diag.h - what is told on standard error, in the manner of err(3) */
#ifndef MBATCH_DIAG_H
#define MBATCH_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"
#include "lib/base/turn.h"

/* What a function that can fail returns.  After FAIL it has already said why,
   where its comment says "told".  DONE: no more is wanted. */
enum { FAIL = -1, OK = 0, DONE = 1 };

/* Exit statuses; from EXIT_SIGNAL on those of a signal's death. */
enum { EXIT_OK, EXIT_RUN, EXIT_USAGE, EXIT_ASSERT, EXIT_SIGNAL = 128 };

/* "mbatch: ...\n", in one write: one line, whatever the arguments hold, with
   what does harm on a terminal as \xHH.  Returns FAIL. */
int diag_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same with ": strerror(errno)". */
int diag_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Tells it, lets the last will run, and ends the program; or has another thread
   do so, where this one is not the run's own: see diag_heir. */
_Noreturn void diag_die(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A line that stands below all messages, on a terminal, until there is another
   one or, empty, none. */
void diag_status(const char *);

/* How many messages there were so far. */
uint64_t diag_told(void);

/* What diag_die calls before the end, once, even if that dies, too. */
void diag_last_will(void (*)(void *), void *arg);
/* What this thread's diag_die does instead; it must not return. */
void diag_heir(void (*)(void *, int status, const char *why), void *arg);

/*
 * Something that may happen to many records: the first, or the first few,
 * are told as they happen, the total at the end ("mbatch: 70 WHAT").  what
 * reads after a number: "values of 'year' were not numbers".
 */
struct tally {
	const char *what;
	uint64_t n;
	uint64_t most;		/* so many of the first are told (1) */
	bool quiet;		/* told by -v only */
	struct turn *turn;	/* in which it is held, and of its part the */
	unsigned part;		/* earliest record that has a message, */
	uint64_t first;
	size_t at;		/* told there */
	struct tally *of;	/* a worker's: the run's that it is part of, */
	size_t kept;		/* and which of those held in turn.to, 0: none
				   yet */
	struct tally *next;
};

struct diag {
	struct tally *tallies, **last;
	struct turn turn;
};

struct arena;
struct tally *tally_new(struct diag *, struct arena *, const char *what);
/* Of what is no fault: told by -v at the end.  what reads after "3 records" and
   "1 record": "that grep did not find". */
struct tally *tally_quiet(struct diag *, struct arena *, const char *what);
/* n more of them; fmt tells one of the first, of record num (0: of none). */
void tally_add(struct tally *, uint64_t n, uint64_t num, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* n more that were held, of record num on (0: of none); msg tells one of
   the first. */
void tally_told(struct tally *, uint64_t n, uint64_t num, struct slice msg);
/* A worker's tallies are parts of those of the same words, in order. */
void diag_join(struct diag *worker, const struct diag *run);
/* What its tallies were counted up by themselves is held as well. */
void diag_hold(struct diag *worker);
/* Nothing is told meanwhile: what was told already is said again. */
void diag_mute(bool);
void diag_totals(const struct diag *);
void diag_quiet(const struct diag *);		/* those of tally_quiet */

/* The ending of a plural, none if n is 1. */
const char *diag_plural(uint64_t n, const char *ending);

/* The one of n names that is nearest to word, NULL if none is near: within a
   Damerau-Levenshtein distance of a third of its length, rounded up, or, of the
   longer one, a part that no other has. */
const char *diag_nearest(const char *word, const char *const *name, size_t n);

/* The bytes within quotes for a message: made harmless, NUL too, and cut at 64
   bytes.  One of four static buffers, taken in turn. */
const char *diag_quote(const char *p, size_t n);

#endif
