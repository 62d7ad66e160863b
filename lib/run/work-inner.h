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
	WORK_BATCHES,	/* the output of whole batches */
	WORK_WINDOWS,	/* parts of event-time windows: states, or records for
			   the stages behind */
	WORK_SPREAD,	/* of the last stage's one state, by key: op_parts */
	WORK_STATES,	/* of the last stage that runs here, block by block */
	WORK_RANGES	/* the same, of large parts of a file */
};

enum { WORK_READ = 64 * 1024 };	/* room for a read: a packet is read whole */

static inline bool
work_holds(enum work_mode m)
{
	return m == WORK_STATES || m == WORK_RANGES;
}

/* A block of the input, whose lines several pieces may have. */
struct lump {
	char *buf;
	size_t cap;
	struct slice *line;
	size_t nlines, linecap;
	unsigned users;
	struct lump *next, *spare;
};

/* Lines of batches, which may be of many blocks. */
struct parts {
	struct part {
		struct lump *lump;
		size_t from, to;
	} *part;
	size_t n, cap;
};

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
	struct store passed;	/* or these; */
	struct parts head;	/* of the run's open batch, if that */
	bool opens;		/* ends here, */
	enum reason reason;	/* for this reason; */
	struct parts body;	/* of batches behind it; */
	struct due due;		/* the end of each's output, */
	struct feed_sum sum;	/* what was counted of them, */
	int stop;		/* and with what the run ends, 0: it doesn't */
	struct feed_part part;	/* of windows */
	uint64_t seq;		/* pieces before it */
	bool cut;		/* the worker stopped before the end of it */
	bool done;
	size_t left;		/* op_parts that have not taken what is of it */
	struct piece *next;
};

/* Where a batch ends: so many records and batches come before, and why. */
struct todo {
	uint64_t records, batches;
	enum reason reason;
};

struct worker {
	struct crew *crew;
	pthread_t thread;
	pthread_cond_t turn;	/* of its piece, or something else to do */
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
	struct feed feed;	/* of batches, */
	struct todo todo;	/* what is before them, and why the last one
				   closes; */
	int64_t mono, clock;	/* when they were read, */
	struct lump *lump;	/* to which place; buf is its own meanwhile */
	struct timed *timed;	/* of windows */
	struct piece *piece;
	char *buf;		/* a block of the input */
	size_t cap;
	size_t n;		/* its bytes, of no file */
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX];
};

/* Where batches end: who has a block has it in turn. */
struct cutter {
	struct arena arena;		/* of its patterns */
	struct batcher b;		/* of what was looked at */
	uint64_t num;			/* up to this record */
	bool opens;			/* the run's open batch has no end */
	struct todo from, whole;	/* the run's, and the last one */
	const struct slice *head, *end;	/* they end before these lines of the
					   block, NULL: not in it */
	struct parts left;		/* of the next batch */
	size_t bytes;			/* of it */
	int64_t mono, clock;
	off_t at;			/* behind the last batch */
	bool over;			/* the rest is for the loop */
};

struct crew {
	const struct work *work;
	size_t to;		/* stages [from, to) run here */
	enum work_mode mode;
	size_t block;		/* bytes of a worker's step */
	bool joins;		/* of windows: the last one's state */
	size_t rest;		/* stages behind; the last one may be there
				   again */
	off_t begin, end;	/* of the file */
	struct worker *worker;
	size_t n, started;
	int wake[2];		/* written to when a piece is done */
	pthread_mutex_t lock;	/* of all below, and of what is said of pieces
				   but to the worker that has one */
	pthread_cond_t room;
	bool stop;
	int dies;		/* a worker can't go on, nor can the run, which
				   ends with this status, */
	char why[256];		/* for this reason */
	bool cut;		/* a piece that was settled did not end where
				   the next one begins */
	size_t running;
	struct piece *first;	/* in the file's order: not yet settled */
	struct piece **last;
	struct piece *spare;	/* settled, to be used again */
	size_t held;		/* pieces that are there */
	off_t next;		/* blocks of a file: not yet given out */
	uint64_t given;		/* pieces so far, */
	uint64_t passed;	/* those that had their turn */
	struct take_turn {
		uint64_t taken;	/* the same of one of so many op_parts, */
		bool busy;	/* which a worker has */
	} *take;
	size_t parts;
	uint64_t dead;		/* who had this one, or a later one, died */
	struct windows *mark;	/* where their times bring the watermark */
	struct cutter cutter;	/* or their batches */
	struct lump *lump;	/* all, */
	struct lump *spare_lump;	/* and those to be used again */
	pthread_mutex_t reads;	/* of what follows: no file */
	struct slice left;	/* read, but no whole record: it lies with who
				   read it, until that reads again */
	struct buf before;	/* or here, at first */
	int error;		/* of the last read */
};

/* workers.c: whether the stages from k on may get all records of a vector,
   whoever ends the batch or the run: no head, no assert. */
bool work_takes_all(const struct chain *, size_t k);

/* work-pieces.c: what the worker does next, records that begin in [*at, *to).
   The lock is held.  False: nothing more. */
bool piece_next(struct worker *, off_t *at, off_t *to);
/* The output that is due goes to the worker's piece, which is over. */
void piece_done(struct worker *);
/* The piece's turn, in the order of pieces, and that it was, maybe the last one
   that works.  False: it never comes, as who works on one before died. */
bool piece_wait(struct worker *);
void piece_passed(struct worker *, bool stop);
/* All who wait look again.  The lock is held. */
void piece_wake(struct crew *);
/* Who works on this piece, NULL: nobody.  The lock is held. */
struct worker *piece_worker(const struct crew *, uint64_t seq);
/* An empty one, in no list yet. */
struct piece *piece_new(struct crew *);
void piece_free(struct piece *);

/* work-pipe.c: the whole records that come next from a pipe or the like; what
   is left of them is for who reads next.  False: there are none. */
bool pipe_next(struct crew *, struct worker *);

/* work-batch.c: whether all stages can be run for one batch beside another. */
bool batch_suits(const struct work *);
/* The same for another thread: what patterns learn as they go is its own. */
struct limits batch_limits(const struct limits *, struct arena *);
/* Where the run is in its open batch. */
void batch_begin(struct crew *);
/* The worker's next block has a place, and has it no more but for what others
   still need.  The lock is held. */
void lump_begin(struct worker *);
void lump_end(struct worker *);
void parts_leave(struct crew *, struct parts *);
/* The batches that end in the worker's block, through the worker's feed. */
void batch_work(struct worker *, off_t at, off_t to);
/* Lines through a feed, whose batch then closes. */
int batch_feed(struct feed *, const struct parts *, enum reason);
/* What was read of a pipe and is in no batch that went through a feed. */
void batch_left(struct crew *, struct buf *);
void batch_end(struct crew *);

/* work-window.c: whether the records of event-time windows can be put into them
   apart, and how far they go. */
bool window_suits(struct crew *);
void window_begin(struct crew *);
void window_free(struct crew *);
void window_init(struct worker *);
/* The times of a vector, which is put into windows at the end of its piece. */
void window_add(struct worker *, struct vec *);
/* The records of the worker's piece, of which block adds the vectors. */
void window_work(struct worker *, off_t at, off_t to);
void window_fini(struct worker *);

/* work-spread.c: the run's last state in parts; a worker's; until each part has
   taken what the worker's piece has for it, what any piece has for any part. */
void spread_begin(struct crew *);
void spread_attach(struct worker *);
void spread_take(struct worker *);

/* work-file.c: one piece of the file each, to begin with; and the latter half
   of what is left to another worker, where it pays. */
void file_share(struct crew *);
bool file_steal(struct crew *, struct worker *);
/* The whole records that begin in [at, to); *from: where the first is.  The
   piece is cut where they can't be had. */
struct slice file_block(struct worker *, off_t at, off_t to, off_t *from);

/* work-settle.c: all pieces that are done become the run's, in the file's
   order, up to one that was cut.  The lock is held, but not meanwhile. */
int piece_settle(struct crew *, off_t *to);

/* worker.c: with a chain of its own, of the same words. */
void worker_init(struct worker *, struct crew *);
void *worker_main(void *);
/* What some worker's records had, the run's had. */
void worker_seen(const struct worker *, const struct crew *);
void worker_free(struct worker *);
/* How many of n lines, of so many bytes, come before one that is out of the
   ordinary: too long, or the front of a record. */
size_t worker_before_odd(const struct worker *, const struct slice *rec,
    size_t n, size_t bytes);
/* The records of a block, with those that are the loop's cut off. */
void worker_block(struct worker *, off_t at, off_t to);
/* Room for n bytes of input. */
void worker_room(struct worker *, size_t n);
/* What is left of what was read before comes first, with room for more. */
void worker_left(struct worker *, size_t more);

#endif
