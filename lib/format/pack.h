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
/* How many things follow, of a field or more each: bad if the line is too short
   for them, so that no text asks for more memory than it has. */
size_t unpack_count(struct unpack *);

/* Fields both ways, so that what writes them and what reads them are one: each
   of these writes what is there, or puts in its place what it reads. */
struct both {
	struct buf *out;	/* NULL: it reads */
	struct unpack *in;
};

static inline bool
both_reads(const struct both *b)
{
	return b->out == NULL;
}

/* Whether something that was read is bad: loops end there. */
static inline bool
both_bad(const struct both *b)
{
	return both_reads(b) && b->in->bad;
}

/* What must be true of what was read. */
static inline void
both_expect(struct both *b, bool good)
{
	if (both_reads(b) && !good)
		b->in->bad = true;
}

void both_u64(struct both *, uint64_t *);
void both_size(struct both *, size_t *);
void both_i64(struct both *, int64_t *);
/* Written so much later; INT64_MIN stays what it is. */
void both_time(struct both *, int64_t *, int64_t later);
void both_bool(struct both *, bool *);
void both_double(struct both *, double *);
void both_number(struct both *, struct number *);
struct slice both_text(struct both *, struct slice);	/* never absent */
size_t both_count(struct both *, size_t n);	/* as unpack_count */

#endif
