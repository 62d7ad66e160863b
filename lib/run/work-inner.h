/* work-inner.h - what the files of workers share */
#ifndef MBATCH_WORK_INNER_H
#define MBATCH_WORK_INNER_H

#include <pthread.h>
#include <sys/types.h>

#include "mbatch.h"
#include "lib/run/store.h"
#include "lib/run/workers.h"
#include "lib/write/files.h"

/* What comes of the records that one worker takes at a time. */
enum work_mode {
	WORK_OUTPUT,	/* pieces of the output */
	WORK_REST,	/* records for the stages behind, on one processor */
	WORK_STATES,	/* of the last stage that runs here, block by block */
	WORK_RANGES	/* the same, of large parts of a file */
};

static inline bool
work_holds(enum work_mode m)
{
	return m == WORK_STATES || m == WORK_RANGES;
}

/* A run of the file's records, one behind the other, that one worker takes. */
struct piece {
	off_t at, to;		/* what is left to be given out: records that
				   begin there */
	off_t end;		/* behind the last record that was taken */
	uint64_t records, bytes;
	struct turn told;
	uint64_t unread;	/* bad records that were told otherwise */
	struct instance *inst;	/* of the worker's chain, with the states */
	struct buf text;	/* or its output, */
	uint64_t written;	/* of so many records, */
	struct store passed;	/* or these */
	bool cut;		/* the worker stopped before the end of it */
	bool done;
	struct piece *next;
};

struct worker {
	struct crew *crew;
	pthread_t thread;
	struct options opt;
	struct badness bad;
	struct diag diag;
	struct arena arena;
	struct chain chain;
	struct shape shape;
	struct claims claims;
	struct batch batch;
	struct out out;
	uint64_t written;	/* records before those of this piece */
	struct instance *inst;	/* for all pieces without states */
	struct piece *piece;
	char *buf;		/* a block of the input */
	size_t cap;
	size_t n;		/* its bytes, of no file */
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX];
};

struct crew {
	const struct work *work;
	size_t to;		/* stages [from, to) run here */
	enum work_mode mode;
	off_t begin, end;	/* of the file */
	struct worker *worker;
	size_t n, started;
	int wake[2];		/* written to when a piece is done */
	pthread_mutex_t lock;	/* of all below, and of what is said of pieces
				   but to the worker that has one */
	pthread_cond_t room;
	bool stop;
	bool cut;		/* a piece that was settled did not end where
				   the next one begins */
	size_t running;
	struct piece *first;	/* in the file's order: not yet settled */
	struct piece **last;
	struct piece *spare;	/* settled, to be used again */
	size_t held;		/* pieces that are there */
	off_t next;		/* blocks of a file: not yet given out */
	pthread_mutex_t reads;	/* of what follows: no file */
	struct buf left;	/* read, but no whole record */
	int error;		/* of the last read */
};

/* work-pieces.c: what the worker does next, records that begin in [*at, *to).
   The lock is held.  False: nothing more. */
bool piece_next(struct worker *, off_t *at, off_t *to);
/* An empty one, in no list yet. */
struct piece *piece_new(struct crew *);
void pieces_free(struct piece *);

/* work-pipe.c: the whole records that come next from a pipe or the like; what
   is left of them is for who reads next.  False: there are none. */
bool pipe_next(struct crew *, struct worker *);

/* work-file.c: one piece of the file each, to begin with; and the latter half
   of what is left to another worker, where it pays. */
void file_share(struct crew *);
bool file_steal(struct crew *, struct worker *);
/* The whole records that begin in [at, to); *from: where the first is.  The
   piece is cut where they can't be had. */
struct slice file_block(struct worker *, off_t at, off_t to, off_t *from);

/* work-settle.c: all pieces that are done become the run's, in the file's
   order, up to one that was cut.  The lock is held, but not meanwhile. */
int pieces_settle(struct crew *, off_t *to);

/* worker.c: with a chain of its own, of the same words. */
void worker_init(struct worker *, struct crew *);
void *worker_main(void *);
/* What some worker's records had, the run's had. */
void worker_seen(const struct worker *, const struct crew *);
void worker_free(struct worker *);
/* Room for n bytes of input. */
void worker_room(struct worker *, size_t n);

#endif
