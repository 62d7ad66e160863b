/* feed.h - records into batches, batches through the chain */
#ifndef MBATCH_FEED_H
#define MBATCH_FEED_H

#include "lib/read/batcher.h"
#include "lib/run/chain.h"
#include "lib/run/per.h"
#include "lib/run/times.h"
#include "lib/run/window.h"

/* All zero before feed_init. */
struct feed {
	const struct options *opt;
	struct chain *chain;
	struct batcher batcher;
	struct times times;		/* -T */
	struct windows windows;		/* -w with -T: in the batcher's place */
	struct per per;			/* -p: likewise */
	struct instance *tail;		/* all stages, or what windows share;
					   NULL: names are not known yet */
	struct turn *turn;		/* what is told is held in it */
	bool timed;			/* records' own times are asked for */
	bool ended;			/* the run's last batch is written */
	bool resume;			/* for tests: chain_resume as often as
					   may be */
	int64_t mono, clock;		/* when the last read returned */
	uint64_t records, bytes;	/* taken, bad ones too */
	uint64_t batches;
	const char *at;			/* behind the last record that counts,
					   NULL: not known */
	const char *cut;		/* the same of the last batch that was
					   written; the caller makes it NULL
					   before what was read is gone, */
	uint64_t cut_batches, cut_records;	/* behind so many */
	uint64_t closed[BY_SIGNAL + 1];	/* batches by reason */
	/* The line that says how far the run came, NULL: none is written; and
	   the last watermark that was. */
	void (*mark)(const struct options *, int64_t time, struct buf *);
	int64_t marked;
	struct tally *missed;		/* windows nobody saw */
	uint64_t num[VEC_MAX];
};

/*
 * The chain is parsed; it and the limits tell how batches are cut.  Then the
 * input's shape is known: names are looked up, OK or FAIL (told).  Then the
 * chain is bound: its stages get their states.  Then the first batch opens.
 */
void feed_init(struct feed *, struct chain *, const struct limits *,
    int64_t late);
int feed_bind(struct feed *, const struct shape *);
void feed_stages(struct feed *);
void feed_start(struct feed *);
void feed_free(struct feed *);

/*
 * The rest may close batches, whose results are written, and returns OK, FAIL
 * (told), or DONE if the run ends.
 */

/* Something was read: a window of the clock that is over closes before it. */
int feed_came(struct feed *);
/* At most VEC_MAX records, side by side. */
int feed_records(struct feed *, const struct slice *rec, size_t n);
/* n records, of so many bytes, went through the chain elsewhere, which has no
   need to know of batches: these are only counted. */
void feed_count(struct feed *, uint64_t n, uint64_t bytes);
/*
 * The same where the stages from one on are still to see what came of them: it
 * begins with what was told of these records, then come those that passed, by
 * their numbers in the input, and the end, which is the last one's number.
 */
void feed_front(struct feed *, const struct turn *told, uint64_t bytes);
int feed_rest(struct feed *, size_t stage, struct vec *);
int feed_rest_end(struct feed *, uint64_t last);
/* Whole batches went through another feed: this is what it counted. */
struct feed_sum {
	uint64_t records, bytes, batches;
	uint64_t closed[BY_SIGNAL + 1];
};
void feed_batches(struct feed *, const struct feed_sum *);
/* Records of event-time windows were put into some elsewhere, whose stages up
   to k ran, k too if join: what was told of them, how many they are, those that
   closed windows, and the newest time of those that had one (timed). */
struct feed_part {
	struct window_list list;
	uint64_t records, bytes;
	struct feed_mark {
		uint64_t num;
		int64_t ns;
	} *mark;
	size_t nmark, markcap;
	bool timed;
	int64_t newest;
};
int feed_windows(struct feed *, const struct turn *told, struct feed_part *,
    size_t k, bool join);
/* Time closes batches, once all that was read was taken. */
int feed_time(struct feed *);
/* There is nothing to read: silence closes event-time windows, and time brings
   forth records. */
int feed_silent(struct feed *);
/* --merge: no states of windows before mark follow. */
int feed_passed(struct feed *, int64_t mark);
/* What is open closes; and a batch for a reason that is known elsewhere. */
int feed_flush(struct feed *);
int feed_close(struct feed *, enum reason);
/* The input is over: a batch that has records closes, and -a's one batch in
   any case.  OK or FAIL (told). */
int feed_end(struct feed *, enum reason);

/* When one of feed_time and feed_silent has something to do, by the monotonic
   clock; INT64_MAX: never. */
int64_t feed_deadline(const struct feed *, int64_t mono);
/* Tells of names that no record had: of the first batch, or (end) of all. */
void feed_unseen(const struct feed *, bool end);

#endif
