/* found.h - what was found as the records were read: columns, stops */
#ifndef MBATCH_FOUND_H
#define MBATCH_FOUND_H

#include "lib/scan/scan.h"

/*
 * n records that lie side by side in p[0..size): record i ends at p + end[i],
 * and c[k].col[i] is its column by plan, as scan_columns gives it.  The first
 * record, which may have begun before p, has none.  stops are those of all
 * bytes, as scan_stops has them, where the plan is SCAN_STOPS; else NULL.
 * All zero: nothing was found.
 */
struct found {
	const struct scan_plan *plan;
	const char *p;
	size_t size;
	const uint32_t *end;
	size_t n;
	const struct scan_column *c;
	bool plain;		/* SCAN_CSV: as scan_plain has it, of all from
				   1 on */
	const char *stops;
};

/* The place among f's records of n of the input's, at least 1, in its order;
   SIZE_MAX: some are not among f's, or not in a row. */
size_t found_at(const struct found *f, const struct slice *rec, size_t n);

#endif
