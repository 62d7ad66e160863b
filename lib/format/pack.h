/* pack.h - values as the fields of a line of text, written and read back */
#ifndef MBATCH_PACK_H
#define MBATCH_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/slice.h"
#include "lib/number/number.h"

struct link;

/* Each adds one field and the tab that ends it. */
void pack_u64(struct buf *, uint64_t);
void pack_i64(struct buf *, int64_t);
void pack_double(struct buf *, double);		/* to the bit */
void pack_text(struct buf *, struct slice);	/* any bytes; p NULL: absent */
void pack_number(struct buf *, const struct number *);	/* three fields */

/* Fields that are read from the front.  What is no such field, or no longer
   there, reads as 0 or absent and makes bad true, which is looked at once, at
   the end. */
struct unpack {
	struct slice left;
	struct arena *arena;	/* where texts go that aren't as they stand */
	bool bad;
	const struct link *link;	/* of records that were held, if columns
					   go on with them: lib/run/hold.h */
};

uint64_t unpack_u64(struct unpack *);
int64_t unpack_i64(struct unpack *);
double unpack_double(struct unpack *);
struct slice unpack_text(struct unpack *);
struct slice unpack_there(struct unpack *);	/* one that is not absent */
struct number unpack_number(struct unpack *);
/* How many things follow, of a field or more each: bad if the line is too short
   for them, so that no text asks for more memory than it has. */
size_t unpack_count(struct unpack *);

#endif
