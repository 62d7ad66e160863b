/* window.h - event-time windows: records by their own time, and a watermark */
#ifndef MBATCH_WINDOW_H
#define MBATCH_WINDOW_H

#include "lib/format/settings.h"
#include "lib/format/vec.h"
#include "lib/read/batch.h"
#include "lib/time/time.h"

struct both;
struct chain;
struct instance;
struct window;

#define LATE_ALL	INT64_MAX
enum { WINDOWS_EMPTY = 10000 };	/* the most empty ones in a row */

/*
 * Windows are those of the grid.  The watermark is the newest
 * time seen less late; a window is open until the watermark reaches its end
 * (T. Akidau et al., The Dataflow Model, VLDB 2015).  An open window with
 * records has an instance of the chain's stages before chain.head; what they
 * hand on goes, in the order of windows, to the one tail.
 */
struct windows {
	struct time_grid grid;
	int64_t late;			/* ns; LATE_ALL: none closes before
					   the end of input */
	bool local;
	bool sparse;			/* empty ones are others' */
	bool live;			/* silence may close windows */
	bool hold;			/* what the oldest hands on waits for
					   its end too: so it can be saved */
	struct chain *chain;
	struct instance *shared;		/* all windows' stages, where
						   these remember nothing */
	struct instance *tail;
	struct turn *turn;		/* of the whole run */
	struct tally *overdue, *skipped;

	bool seen;			/* a record came */
	uint64_t latest;		/* the number of the last one pushed */
	int64_t newest;			/* of all times */
	int64_t mono;			/* when the newest record was read */
	bool fresh;			/* and that was close to its own time */
	int64_t mark;			/* the watermark, once windows_close saw
					   that it passed a window's end */
	struct time_span oldest;	/* the oldest still open: it holds
					   the watermark */

	struct window **open;		/* [at, n) have records, by start */
	size_t at, n, cap;
	struct window *last;		/* the last one looked up */
	struct window *spare;		/* closed ones, to be used again */

	bool begun;			/* next is set */
	int64_t next;			/* start of the next window to close */
	uint64_t number;		/* batches closed */
	unsigned empty;			/* of these the last ones in a row */
	size_t flushing;		/* windows that a flush closes */
	bool ending;
	enum reason end_reason;

	struct window *touched[VEC_MAX];	/* by a vector */
	uint16_t link[VEC_MAX];		/* its records, window by window */
	struct vec_room room;		/* one window's part of a vector */
};

/* live: silence may close windows (not a regular file). */
void windows_init(struct windows *, const struct time_grid *, int64_t late,
    bool live, const struct options *);
/* The chain is bound; tail has its stages from chain.head on. */
void windows_bind(struct windows *, struct chain *, struct instance *tail);
void windows_free(struct windows *);

/*
 * How many of these next records, by their times, come before the watermark
 * passes the oldest open window; *close is set if it then does: after these
 * were pushed, windows_close.  mono, clock: when they were read.
 */
size_t windows_cut(struct windows *, const int64_t *ns, size_t n, int64_t mono,
    int64_t clock, bool *close);

/* Puts the records into their windows.  OK or FAIL (told). */
int windows_push(struct windows *, const struct vec *, const int64_t *ns);

/* The watermark and what it is of are as another one's. */
void windows_follow(struct windows *, const struct windows *);
/* The oldest window still open is the one that the watermark has come to. */
void windows_move(struct windows *);

/* Windows with their records, apart from those that they were put into. */
struct window_list {
	struct window **v;
	size_t n, cap;
	struct window *spare;		/* whose stages others share */
};

/* All that are open leave; the list has none before. */
void windows_leave(struct windows *, struct window_list *);
void window_list_free(struct window_list *);
/* What records of the list's windows brought about becomes these windows', as
   if they had come last, numbered from base on: the state of stage k or, join
   false, the records that are to come to it.  OK or FAIL (told). */
int windows_take(struct windows *, struct window_list *, uint64_t base,
    size_t k, bool join);
/* The stages of the oldest open window, and what came to it; NULL: none is. */
const struct instance *windows_any(const struct windows *,
    const struct batch **);

/*
 * Closes the next window that is due: its records have come to the tail, which
 * the caller flushes with *b (valid until the next call to this module); NULL:
 * none is due.  OK or FAIL (told).
 */
int windows_close(struct windows *, const struct batch **b);

/* Monotonic time at which the silence since the newest record will have closed
   the oldest open window; INT64_MAX: never.  silent: there is nothing to read;
   whether windows are due. */
int64_t windows_deadline(const struct windows *);
bool windows_silent(struct windows *, int64_t mono);

/* The watermark is said to be there; whether windows are due. */
bool windows_passed(struct windows *, int64_t mark);

/* Makes all open windows with records due: flush leaves them open to further
   records; end: no records come any more (BY_EOF, BY_SIGNAL). */
void windows_flush(struct windows *);
void windows_end(struct windows *, enum reason);

/* What is known of all windows, as fields, and of open one i; into new ones.
   window_both returns its stages, which are not part of it; NULL: it is bad. */
void windows_both(struct windows *, struct both *);
struct instance *window_both(struct windows *, size_t i, struct both *);
/* Back to none. */
void windows_forget(struct windows *);

#endif
