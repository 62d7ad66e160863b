/* clock.h - the time that an operator goes by */
#ifndef MBATCH_CLOCK_H
#define MBATCH_CLOCK_H

#include "mbatch.h"
#include "lib/run/times.h"

/*
 * It is the newest of the records' own times so far where they have one (-T);
 * of what an aggregate made of event-time windows, the window's start; else,
 * where the input is no regular file, the time of arrival.  It never goes back:
 * what is dated before it counts as of now.
 *
 * When nothing comes, it goes on as the time since the newest record was read,
 * but only where that was close to its own time, as windows do.
 */
struct clock {			/* part of the operator's conf */
	enum { CLOCK_ARRIVAL, CLOCK_WINDOW, CLOCK_FIELD } by;
	size_t col;		/* FIELD: in vec.col */
	int64_t dur;		/* ns that matter */
	const struct shape *in;
	const struct options *opt;
	const char *none;	/* why a record can't be read */
};

struct clock_run {		/* part of its state */
	const struct clock *c;
	struct times_reader reader;
	int64_t now;		/* INT64_MIN: nothing came */
	int64_t newest;		/* of the records */
	int64_t came, mono;	/* when the vector came, and the newest did */
	int64_t offset;		/* ARRIVAL: it is monotonic, and so much less
				   than real time */
};

/* Asks for the field; what names what goes by it: "-t"; dur is how much
   time matters, ns.  OK, or FAIL (told): there is no such time. */
int clock_bind(struct clock *, struct bind *, const char *what, int64_t dur);
/* Tells, once, that -w holds back what is to be known at once. */
void clock_warn(const struct bind *);
void clock_init(struct clock_run *, const struct clock *);

/* A vector came: before its records are asked for. */
void clock_vec(struct clock_run *);
/* The clock goes on to record i, whose own time is *own.  Not FOUND: it has
   none, and the clock stands. */
enum times_found clock_at(struct clock_run *, const struct vec *, size_t i,
    int64_t *own);
/* The same; false: it has none, which was told and counted, and *result as of
   emit_bad. */
bool clock_take(struct clock_run *, const struct vec *, size_t i, int64_t *own,
    struct emit *, int *result);

/* For watch: lowers *wake to the monotonic time at which dur has passed since
   the clock was at time, if nothing comes. */
void clock_watch(const struct clock_run *, int64_t time, int64_t *wake);
/* Nothing has come up to that monotonic time. */
void clock_silent(struct clock_run *, int64_t mono);
/* The batch is over: an event-time window's end is now. */
void clock_batch(struct clock_run *, const struct batch *);

/* All as fields; into a new one.  Its readings, and what is known of times by
   it, are written as real time, which is so much (offset) later. */
void clock_both(struct clock_run *, struct both *);

/* A reading of the clock as RFC 3339: at most TIME_MAX bytes. */
size_t clock_put(const struct clock_run *, char *, int64_t);

#endif
