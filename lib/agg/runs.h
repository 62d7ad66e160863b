/*
 * runs.h - the runs of --partial: each ends in a line that says what it wrote,
 * which --merge compares with what came
 *
 * An end line has the empty key and these words, joined by blanks:
 *
 *	mbatch3 e	(partial.h)
 *	NAME		of the run: --run, or one of its own
 *	B.A.O		hashes of the chain's words before the aggregate, of
 *			the aggregate's, and of the options that say how
 *			records are read
 *	LINES.SUM	the lines of states that it wrote, and the sum of their
 *			hashes modulo 2^64, which has no order
 *	RECORDS BYTES BAD
 *	WHY		eof, or what ended it before
 *	K/N/SIZE	of the file, with --range, else -
 *	VERSION HOST INPUT
 *	CHECK
 *
 * Where a run reads a stream into windows of -w, it writes a watermark each
 * time that some close, no state of a window before which follows:
 *
 *	mbatch3 w
 *	NAME TIME	the run's; in ns
 *	CHECK
 */
#ifndef MBATCH_RUNS_H
#define MBATCH_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/agg/pieces.h"
#include "lib/base/arena.h"
#include "lib/base/slice.h"

struct agg_kind;
struct chain;
struct field;
struct options;

/* The lines of runs that a line stands for, itself or many merged. */
struct standing {
	uint64_t lines, sum;
};

static inline void
standing_add(struct standing *to, struct standing s)
{
	to->lines += s.lines;
	to->sum += s.sum;
}

/* Of a group, where merged states are written: a kind that is not. */
extern const struct agg_kind runs_standing;

enum runs_hash { RUNS_BEFORE, RUNS_AGG, RUNS_READ, RUNS_HASHES };

struct run_totals {
	uint64_t records, bytes, bad;
};

/* The K-th of N parts of a file of so many bytes; n 0: all of it. */
struct run_part {
	uint64_t k, n, size;
};

struct runs {
	/* What the command line says. */
	const char *name;		/* --run */
	uint64_t want;			/* --runs, 0: any number */
	const struct field *key;	/* -k, NULL: none */
	bool sorted;
	struct run_part part;		/* --range */
	uint64_t hash[RUNS_HASHES];
	uint64_t salt;
	uint64_t seed;			/* of tables */
	size_t max;			/* bytes of a line */
	/* --partial: what was written; --merge: what came. */
	struct standing came;
	struct pieces pieces;
	/* --merge: what the end lines say. */
	struct standing told;
	uint64_t n;			/* runs */
	struct table *names;
	struct table *parts;		/* of each K/N/SIZE and the file's name,
					   of a first also SIZE and name */
	struct buf ends;		/* to be passed on, each with its
					   terminator */
	struct run_totals all;
	uint64_t first[RUNS_HASHES];	/* the first one's */
	struct buf last;		/* -k: the key of the last line */
	struct buf text;		/* of parts */
	bool wrong;			/* something was told */
	/* --merge -w --runs: windows close as all runs have passed them. */
	bool live;
	int64_t idle;			/* ns without a word until one is left
					   out, 0: never */
	int64_t began;			/* when, by the monotonic clock */
	struct table *marked;		/* names, and of each: */
	struct run_mark *mark;
	size_t marks, markcap;
	bool early;			/* some were left out */
	char own[128];			/* the name of one without --run */
};

/* Names it if --run did not; the chain is parsed, and its states are those of
   stage k.  read: a hash of the options. */
void runs_begin(struct runs *, const struct chain *, size_t k, uint64_t read);
void runs_free(struct runs *);

/* How many of these next lines are whole states, which are counted, or unknown.
   0: the first is neither, and take takes it: *whole is the line of a state
   that pieces make whole, n 0: none.  false: the chain is to refuse it. */
size_t runs_states(struct runs *, const struct slice *line, size_t n);
bool runs_take(struct runs *, const struct options *, struct slice line,
    struct slice *whole);

/* --partial: the line that says how far the run came, with its terminator. */
void runs_mark(const struct options *, int64_t time, struct buf *out);
/* live: whether all runs, but for those that are idle at mono, which is told,
   have passed a time: *mark.  deadline: when one will have been idle for long
   enough, INT64_MAX: never. */
bool runs_passed(struct runs *, int64_t mono, int64_t *mark);
int64_t runs_deadline(const struct runs *);

/* How many of these next lines have keys in ascending order, if that is asked
   for; the first is compared with the last one of those before. */
size_t runs_ascending(struct runs *, const struct slice *line, size_t n);

/* The end of a run that wrote states; the line, with its terminator, goes to
   *out, behind those of the runs whose states it merged. */
void runs_end(struct runs *, const struct options *, const char *why,
    const struct run_totals *, struct buf *out);
/* The end of a run that reads states: OK, or FAIL if not all of them came or
   they don't belong together (told). */
int runs_check(struct runs *, const struct options *);

#endif
