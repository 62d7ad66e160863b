/* over.h - aggregates over the last N batches, by merging their states */
#ifndef MBATCH_OVER_H
#define MBATCH_OVER_H

#include "lib/agg/grouped.h"

/*
 * A window of c->over batches.  A group has a pane for each of them that it
 * came in, in two stacks (Tangwongsan, Hirzel and Schneider, Low-Latency
 * Sliding-Window Aggregation in Worst-Case Constant Time, 2017, section 2):
 * panes come to the back, whose states are also merged into one; when the
 * front is empty the back becomes it, each pane merged with those after it.
 * A pane is merged at most three times; a batch costs the groups that enter,
 * leave and are shown.  States that grow with their values are not merged in
 * stacks: counted texts are counted down as they leave, values are gathered
 * when they are shown.
 */
struct over;

struct over *over_new(const struct grouping *);
void over_free(struct over *);

/* The batch is over: takes its groups' states, which are left empty. */
void over_close(struct over *, struct grouped *batch);
/* The groups in the window, in order of first appearance in it; a row stays
   until the next is asked for. */
size_t over_rows(const struct over *);
struct row over_row(struct over *, size_t i);

/* The window as it is, as fields; into a new one. */
void over_both(struct over *, struct both *);

#endif
