/* buckets.h - a large pile into parts that are sorted each by itself */
#ifndef MBATCH_BUCKETS_H
#define MBATCH_BUCKETS_H

#include "lib/run/order.h"

/*
 * Sample sort (Frazer and McKellar, 1970): buckets lie between splitters, which
 * a sample of the pile has at equal distances.  Each share of it is put into
 * the order of buckets, in its place; a bucket is then gathered of all shares.
 * Shares, and later buckets, are nobody else's: threads may have one each.
 */
struct buckets {
	struct order order;		/* of the pile: the first place */
	size_t n;
	struct arena arena;		/* of all below; to be freed */
	struct radix_item *splitter;	/* [n - 1] */
	struct buckets_node *root;
	struct order *at;		/* [n]: the place of a bucket's words */
	uint32_t *end;			/* [shares][n]: where each ends there */
};

enum { BUCKETS_MAX = 2048 };

/* Items of a share or a bucket while it is in work. */
struct buckets_part {
	struct radix_item *item;
	size_t n, cap;
};

/* n and order are set; n 1: nothing needs to be spread. */
void buckets_choose(struct buckets *);
void buckets_spread(struct buckets *, size_t share, struct buckets_part *room);
/* Bucket k, sorted, to be looked at with pile_record. */
void buckets_sort(const struct buckets *, size_t k, struct buckets_part *);

#endif
