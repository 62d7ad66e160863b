/* columns.h - fields by position, for a whole vector in one pass */
#ifndef MBATCH_COLUMNS_H
#define MBATCH_COLUMNS_H

#include "lib/format/shape.h"
#include "lib/scan/scan.h"

/*
 * Makes take.scan: the positions wanted, each once, ascending.  NULL if there
 * are none, one counts from the end, or a separator is more than a byte.
 */
void columns_plan(struct take *, enum scan_what, struct arena *);

/* Their values as scan_columns has them, for all that want them; false: all was
   done by take_cut, as nothing can be scanned for. */
bool columns_take(struct take *, const struct slice *rec, size_t n);

/* Decodes those that begin with quote (NUL: all), without carriage returns at
   the record's end; those that are SCAN_UNSURE are left. */
void columns_finish(struct take *, char quote, const struct slice *rec,
    size_t n);

#endif
