/* found.c - what was found as the records were read: columns, stops */
#include "lib/scan/found.h"

size_t
found_at(const struct found *f, const struct slice *rec, size_t n)
{
	uintptr_t base = (uintptr_t)f->p;
	size_t lo = 0, hi = f->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (base + f->end[mid] < (uintptr_t)rec->p + rec->n)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (n > f->n - lo || (uintptr_t)rec->p + rec->n != base + f->end[lo] ||
	    (uintptr_t)rec[n - 1].p + rec[n - 1].n !=
	    base + f->end[lo + n - 1])
		return SIZE_MAX;
	return lo;
}
