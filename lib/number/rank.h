/* rank.h - comparing values as bytes or as numbers */
#ifndef MBATCH_RANK_H
#define MBATCH_RANK_H

#include <stdbool.h>

#include "lib/base/slice.h"
#include "lib/number/number.h"

/* A value ready to be compared.  Numbers come before what is no number; among
   numbers of one double value their texts decide, which exact ones can do
   without. */
struct rank {
	struct number num;
	bool number;
	struct slice text;
};

/* numeric: read as a number if it is one. */
void rank_set(struct rank *, struct slice value, bool numeric);
/* <0, 0, >0.  reverse swaps numbers with numbers and text with text, but
   numbers stay first. */
int rank_cmp(const struct rank *, const struct rank *, bool reverse);

#endif
