/* live.h - the last batch's table, redrawn in place (--live) */
#ifndef MBATCH_LIVE_H
#define MBATCH_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/slice.h"
#include "lib/format/shape.h"

/*
 * Draws on a terminal, at most ten times a second, always whole tables.  The
 * cursor stays on the line below, so that nothing needs to be set back however
 * the run ends, and what others write there scrolls the table up and is
 * followed by a new one.  A line that did not change is not written again.
 *
 * Numbers of a row, which is known by its other columns, that are not what they
 * were when last drawn are bold; with NO_COLOR an arrow stands before them.
 */
struct live;

/* NULL: the terminal can't move its cursor (TERM=dumb), and tables follow each
   other.  Told of nothing.  The shape is that of what the rows are made from;
   seed: of tables. */
struct live *live_new(int fd, const struct shape *, uint64_t seed);
void live_free(struct live *);

/* The batch's rows, tsv lines of which the first names the columns, are what
   is to be drawn.  What is to be written to the terminal, n 0: nothing yet;
   valid until the next call. */
struct slice live_rows(struct live *, struct slice rows, int64_t mono);
/* When, by the monotonic clock, something is to be drawn; INT64_MAX: never, as
   where there is no such table (NULL). */
int64_t live_deadline(const struct live *);
/* What is due, or at the end what was not drawn yet. */
struct slice live_due(struct live *, int64_t mono, bool end);
/* The terminal may have another size now. */
void live_resized(struct live *);

#endif
