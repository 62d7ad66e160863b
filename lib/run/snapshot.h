/* snapshot.h - all that a run remembers, as lines of text that another goes on
   from */
#ifndef MBATCH_SNAPSHOT_H
#define MBATCH_SNAPSHOT_H

#include "lib/run/feed.h"

/*
 * Lines, each the fields of pack.h:
 *
 *	mbatch1 STAGES		the version, and how many lines there may be of
 *				stages that remember
 *	feed ...		numbers of records and batches, the newest time
 *	windows ...		-w by the records' own time: the watermark
 *	window ...		an open one, and then its own stages'
 *	stage K NAME ...	what an operator's hook both wrote
 *	end CHECK		the checksum of what is before
 *
 * It is taken at the end of a batch; with event-time windows, whose heads wait
 * for their end (windows.hold), at any time between two vectors.  Batches by
 * key (-p) are not part of it.
 */

/* Appends it. */
void chain_snapshot(struct feed *, struct buf *);

/* The last line, of those from offset from on. */
void snapshot_check(struct buf *, size_t from);

/* Into a feed whose stages were just made (feed_stages), between that and its
   first record.  NULL, or why not: then the feed is good for nothing but
   feed_free. */
const char *chain_restore(struct feed *, struct slice lines);

/* The first operator whose memory a snapshot would lack; NULL: there is none.
   Once the chain was parsed. */
const struct op *chain_forgets(const struct chain *);

/* For tests: all that is remembered is written, thrown away, made anew and read
   again. */
void chain_resume(struct feed *);

#endif
