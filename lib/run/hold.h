/* hold.h - what a stage keeps of a record until it emits it */
#ifndef MBATCH_HOLD_H
#define MBATCH_HOLD_H

#include "mbatch.h"

struct unpack;

/* Appends record i of the vector that is being pushed: its text as it is (e
   NULL: in any case), or the columns that somebody below wants of it. */
void hold_columns(struct buf *, struct emit *, const struct vec *, size_t i);

static inline void
hold_put(struct buf *b, struct emit *e, const struct vec *v, size_t i)
{
	if (v->columns && e != NULL)
		hold_columns(b, e, v, i);
	else
		buf_slice(b, v->rec[i]);
}

/* Emits what was held, which stays valid until the hook returns. */
int hold_emit(struct slice held, uint64_t num, struct emit *);

/* Appends what was held and packed as a text, if it was. */
void hold_restore(struct buf *, struct unpack *);

#endif
