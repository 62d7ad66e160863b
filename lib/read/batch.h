/* batch.h - what is known of a batch */
#ifndef MBATCH_BATCH_H
#define MBATCH_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"

enum reason {			/* why a batch closed: reason_name() */
	BY_RECORDS, BY_BYTES, BY_TIMEOUT, BY_GAP, BY_WINDOW, BY_KEY,
	BY_START, BY_END, BY_FULL, BY_TIMER, BY_FLUSH, BY_EOF, BY_SIGNAL
};

const char *reason_name(enum reason);

/*
 * A batch.  number, opened and start are known from its first record on; the
 * rest counts what came so far and is final when flush sees it.
 */
struct batch {
	uint64_t number;	/* from 1; 0: not known before flush, as older
				   windows are still open */
	uint64_t records;	/* input records */
	uint64_t bytes;		/* of input, terminators counted */
	uint64_t first, last;	/* numbers of its first and last input record */
	int64_t opened;		/* ns since the epoch; -w: the window's start */
	int64_t closed;		/* ns since the epoch; -w: the window's end */
	int64_t from, to;	/* with -T: its records' times; from > to, or
				   no records: none; of the clock's windows
				   what was seen of it */
	int64_t span;		/* ns it lasted, by the monotonic clock; with -T
				   from its first to its last record's time */
	enum reason reason;
	bool window;		/* -w: opened and closed are its bounds */
	struct slice key;	/* -k, -p: the field's value, else p
				   NULL */
};

/* When it opened, to the ms, or the window's start, as text of at most TIME_MAX
   bytes: returns how many. */
size_t batch_put_time(char *, const struct batch *, bool local);

#endif
