/* packed.h - compressed input, told by its first bytes */
#ifndef MBATCH_PACKED_H
#define MBATCH_PACKED_H

#include "lib/base/slice.h"

struct packed {
	const char *name;	/* "gzip" */
	const char *cat;	/* the command that unpacks it */
	const char *magic;
	size_t n;
};

/* What the first record is the front of, NULL: of nothing packed. */
const struct packed *packed_find(struct slice first);

#endif
