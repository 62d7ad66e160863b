/* bins.h - numbers counted between round edges, exactly, in bounded memory */
#ifndef MBATCH_BINS_H
#define MBATCH_BINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"
#include "lib/number/number.h"

struct buf;

/* mant * 10^exp; mant ends in no zero, 0 is 0 * 10^0. */
struct decimal {
	int64_t mant;
	int exp;
};

/*
 * Bin k counts the values from k * 10^exp to below (k + 1) * 10^exp.  exp is
 * the least for which all values fall into at most fine bins, so that bins
 * that are 1, 2 or 5 times a power of ten wide, at most fine / 5 - 2 of them,
 * can be put together from these.  Nor is it below the 15th digit of the
 * largest value, the 18th of an integer, so that edges are told exactly.  With
 * log bins are not equal: bin 3d + i begins at 10^d, 2 * 10^d, 5 * 10^d.
 *
 * What is counted depends on the values alone, not on their order or on how
 * they were split and merged.  Memory: this struct and at most 8 * fine bytes,
 * or 15 KB with log.  All zero is one of no values, to be given its parameters.
 */
struct bins {
	unsigned fine;
	bool log;
	int scale;		/* not log: the values' decimals, from 0 on */
	int exp;
	uint64_t n;		/* values counted */
	uint64_t below;		/* log: values not above 0, which n does not
				   count; not merged or saved */
	struct decimal one;	/* nbins is 0: the only value there is */
	uint64_t *count;	/* of bin first + i; the outer ones not 0 */
	int64_t first;
	size_t nbins, cap;
};

enum { BINS_MAX = 1000 };

/* For at most so many bins in the end, at most BINS_MAX. */
void bins_init(struct bins *, size_t bins, bool log);
void bins_add(struct bins *, const struct number *);
/* Of equal parameters, or into one that has none yet. */
void bins_merge(struct bins *, const struct bins *);
void bins_reset(struct bins *);		/* keeps parameters and memory */
void bins_free(struct bins *);
/* Appends printable text without blanks; load: fills an empty one, giving it
   its parameters; false, and it stays empty, if the text is no such state. */
void bins_save(const struct bins *, struct buf *);
bool bins_load(struct bins *, struct slice);

#endif
