/*
 * sketch.h - quantiles, distinct counts and heavy hitters in bounded memory
 *
 * All zero but for its parameters, which init sets, a sketch is empty.  merge
 * refuses one with other parameters (false, nothing changed).  save appends
 * printable text without blanks; load fills an empty sketch, and is false,
 * leaving it empty, if the text is cut, garbled or of other parameters.
 */
#ifndef MBATCH_SKETCH_H
#define MBATCH_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"
#include "lib/number/number.h"

struct buf;

/*
 * DDSketch (Masson, Rim and Lee, DDSketch: A Fast and Fully-Mergeable Quantile
 * Sketch with Relative-Error Guarantees, 2019), with bins per octave laid out
 * by a cubic in the mantissa instead of the logarithm.  The cubic's slope is
 * never below 10/7 of the logarithm's in base e, so that a bin spans at most a
 * factor of e^(0.7 / bins), and a value is met within tanh(0.35 / bins): below
 * 1 % for 35.  The guarantee holds for the values whose magnitude is within
 * 2^(max_bins / bins) of the largest one of their sign (2^58 for 2048); smaller
 * ones are counted as the smallest of those.
 *
 * Memory: this struct and at most 2 * 8 * max_bins bytes, plus a quarter:
 * 40 KiB for 2048.  The state depends on the values alone.
 */
struct dd_store {
	uint64_t *count;	/* of bin low + i */
	int low;
	unsigned n, cap;	/* bin low + n - 1 is not empty */
};

struct ddsketch {
	unsigned bins, max_bins;
	uint64_t n, zeros;
	double min, max;	/* exact */
	struct dd_store above, below;	/* zero; below by magnitude */
};

enum { DD_BINS = 35, DD_MAX_BINS = 2048 };	/* 1 % */

void dd_init(struct ddsketch *, unsigned bins, unsigned max_bins);
void dd_add(struct ddsketch *, double);		/* finite */
bool dd_merge(struct ddsketch *, const struct ddsketch *);
void dd_reset(struct ddsketch *);		/* empty, keeps the memory */
void dd_free(struct ddsketch *);
void dd_save(const struct ddsketch *, struct buf *);	/* mostly below 8 KB */
bool dd_load(struct ddsketch *, struct slice);
/* The R-7 quantile (quantile.h) of values within the guarantee; false: none.
   The least and the largest are exact. */
bool dd_quantile(const struct ddsketch *, const struct number *percent,
    double *);

/*
 * Distinct values.  The first `exact` of them are kept as 64-bit hashes; from
 * one more on HyperLogLog (Flajolet et al., 2007) with 2^p registers and the
 * improved estimator of Ertl (New Cardinality Estimation Algorithms for
 * HyperLogLog Sketches, 2017): a standard error of 1.04 / 2^(p/2), 0.8 % for
 * 14.  The hash is the same everywhere.
 *
 * Memory: this struct and at most 2^(3 + ceil(log2(2 exact))) bytes while
 * exact, 2^p after that: 64 KiB and 16 KiB.  The state depends on the set of
 * values alone.
 */
struct hll {
	unsigned p, exact;
	uint32_t n, cap;	/* hashes, slots; cap is a power of 2 */
	uint64_t *set;		/* 0 is a free slot */
	unsigned char *reg;	/* NULL: still exact */
};

enum { HLL_P = 14, HLL_EXACT = 4096 };

/* p: 4 to 18. */
void hll_init(struct hll *, unsigned p, unsigned exact);
void hll_add(struct hll *, struct slice);
bool hll_merge(struct hll *, const struct hll *);
void hll_free(struct hll *);		/* no values again */
void hll_save(const struct hll *, struct buf *);	/* up to 50 KB */
bool hll_load(struct hll *, struct slice);
uint64_t hll_count(const struct hll *);

/*
 * Heavy hitters by Space-Saving (Metwally, Agrawal and El Abbadi, Efficient
 * Computation of Frequent and Top-k Elements in Data Streams, 2005), merged as
 * by Cafaro, Pulimeno and Tempesta (A Parallel Space Saving Algorithm for
 * Frequent Items and the Hurwitz Zeta Distribution, 2016).  Of a total weight N
 * every key of more than N / max is held; a held key's true weight is at most
 * count and at least count - error; a key not held has at most heavy_bound.
 * The same values in the same order and split give the same state; another
 * order may give another one within these bounds.
 *
 * Memory: this struct and 72 bytes and the key for each of max items.
 */
struct heavy_item {
	char *key;
	uint32_t nkey, cap;
	uint64_t hash, count, error;
	uint32_t place;		/* in the heap */
};

struct heavy {
	uint32_t max, n;
	uint32_t room;		/* items allocated */
	uint32_t nslot;		/* a power of 2 */
	uint64_t total;
	struct heavy_item *item;
	uint32_t *heap;		/* items, the smallest count first */
	uint32_t *slot;		/* item + 1, 0: free */
};

enum { HEAVY_MAX = 16384 };

void heavy_init(struct heavy *, uint32_t max);	/* at least 1 */
void heavy_add(struct heavy *, struct slice key, uint64_t weight);
bool heavy_merge(struct heavy *, const struct heavy *);
void heavy_reset(struct heavy *);
void heavy_free(struct heavy *);
void heavy_save(const struct heavy *, struct buf *);
bool heavy_load(struct heavy *, struct slice);
/* The largest weight that a key not held can have. */
uint64_t heavy_bound(const struct heavy *);
/* Writes the n items' indexes: the largest count first, of equal ones the
   smaller error, then the smaller key. */
void heavy_sort(const struct heavy *, uint32_t *index);
struct slice heavy_key(const struct heavy *, uint32_t index);

#endif
