/* batcher.h - where a batch ends: limits and reasons */
#ifndef MBATCH_BATCHER_H
#define MBATCH_BATCHER_H

#include "lib/format/settings.h"
#include "lib/format/vec.h"
#include "lib/read/batch.h"

struct vec_room;
struct regex;

/* 0 and NULL: that limit is off.  Durations in ns. */
struct limits {
	uint64_t records, bytes;
	int64_t timeout, gap;
	struct time_grid window;
	const struct field *key;
	const struct field *per;	/* each of its values has batches of
					   its own, */
	uint64_t max_open;		/* at most so many at a time */
	struct regex *start, *end;
	bool all;
	bool local;			/* windows by TZ's clock */
	bool regular;			/* from a regular file: timeout and gap
					   never close */
};

/* The records of a vector that match. */
struct matches {
	uint16_t i[VEC_MAX];
	size_t n;
	size_t next;			/* the first that is not yet cut off */
};

/* The open batch and what decides its end. */
struct batcher {
	struct limits lim;
	struct batch cur;
	int64_t oldest, newest;		/* when its first and its last record
					   came, monotonic */
	struct take take;		/* -k */
	size_t keycol;
	struct buf key;			/* the open batch's, for comparison */
	bool keyed;			/* it is known */
	struct vec_room *room;		/* for what batch_drop leaves */
	struct matches start, end;	/* -s, -e */
	size_t at;			/* how many of the records looked at
					   were cut off */
};

void batch_init(struct batcher *, const struct limits *);
/* -k: the input's shape is known; FAIL (told) if it has no such field. */
int batch_bind(struct batcher *, const struct shape *, const struct options *);
void batch_free(struct batcher *);

/* Looks at a vector of records: their keys, and what they match.  batch_cut
   then takes them off its front. */
void batch_look(struct batcher *, const struct slice *rec, size_t n);

/*
 * How many of these next records, which lie side by side, belong to the open
 * batch; *close is set if it then closes, and cur.reason says why.  0 with
 * *close: it closes before them.
 */
size_t batch_cut(struct batcher *, const struct slice *rec, size_t n,
    bool *close);

/* n records were put into the batch that arrived at mono (clock: real time);
   num is the first one's number, bytes counts terminators. */
void batch_add(struct batcher *, size_t n, uint64_t bytes, uint64_t num,
    int64_t mono, int64_t clock);

/* The last n of them, of so many bytes, don't count. */
void batch_take_back(struct batcher *, size_t n, uint64_t bytes);

/* Takes the records whose key can't be read out of *v, the records cut off
   last; they are told.  OK, or as bad_record (--bad fail). */
int batch_drop(struct batcher *, const struct options *, struct vec *);

/* Widens the batch's from and to by n records' own times. */
void batch_times(struct batch *, const int64_t *ns, size_t n);

/* When time will close the open batch, by the monotonic clock; INT64_MAX:
   never.  expired: it has, and cur.reason says why. */
int64_t batch_deadline(const struct batcher *, int64_t mono, int64_t clock);
bool batch_expired(struct batcher *, int64_t mono, int64_t clock);

/* The first window opens; the next batch opens after one closed. */
void batch_start(struct batcher *, int64_t clock);
void batch_next(struct batcher *, int64_t clock);

#endif
