/* scan-run.h - runs of records that lie side by side */
#ifndef MBATCH_SCAN_RUN_H
#define MBATCH_SCAN_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"

/* The end of the run from record i on: between two there is room for a
   terminator and a carriage return. */
static inline size_t
run_end(const struct slice *rec, size_t i, size_t n)
{
	while (++i < n && (uintptr_t)rec[i].p -
	    ((uintptr_t)rec[i - 1].p + rec[i - 1].n) <= 2)
		;
	return i;
}

/* Behind a record; an absent one has no end to add up. */
static inline const char *
end_of(struct slice r)
{
	return r.n == 0 ? r.p : r.p + r.n;
}

#endif
