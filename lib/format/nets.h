/* nets.h - addresses, and the longest of many networks that one lies in */
#ifndef MBATCH_NETS_H
#define MBATCH_NETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"

/* An address, its bits from the front; one of IPv4 has 32 of them, behind them
   are zeros. */
struct address {
	uint64_t hi, lo;
	bool v4;
};

/* False: the text is none.  An IPv4 address mapped to IPv6 (RFC 4291, 2.5.5.2)
   counts as what it is. */
bool address_read(struct address *, struct slice);

/*
 * Networks by their prefixes, each with a number.  First all are added, then
 * they are settled, then looked in, also by many threads: a search among the
 * places where the answer changes, 20 bytes each, at most two a network.
 */
struct nets;
#define NETS_NONE	UINT32_MAX
struct nets *nets_new(void);
void nets_free(struct nets *);
/* An address, with a prefix length behind a slash or as a network of its own;
   bits behind the prefix are nothing.  False: it is none. */
bool nets_add(struct nets *, struct slice, uint32_t number);
/* Of equal networks the lowest number counts; how many others there were. */
size_t nets_settle(struct nets *);
/* The number of the longest network of each of n addresses, NETS_NONE: it lies
   in none, or is no address. */
void nets_find(const struct nets *, const struct slice *, size_t n,
    uint32_t *number);

#endif
