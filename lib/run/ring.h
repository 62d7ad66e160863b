/* ring.h - the newest of the times that something happened */
#ifndef MBATCH_RING_H
#define MBATCH_RING_H

#include <stdint.h>

struct both;

/* All zero is none.  The first one needs no memory of its own; others come in
   doubling memory, up to the most that are asked for. */
struct ring {
	union {
		int64_t one;		/* cap is 0 */
		int64_t *many;
	} at;
	uint32_t n, first, cap;
	uint16_t mark, count;		/* whatever its owner knows of it */
};

enum { RING_MAX = INT32_MAX };

/* The time i of n, from the oldest. */
int64_t ring_get(const struct ring *, uint32_t i);
/* Adds one that is not before the last; of max, the oldest leaves. */
void ring_add(struct ring *, int64_t time, uint32_t max);
/* The oldest leaves; there must be one. */
void ring_drop(struct ring *);
void ring_clear(struct ring *);
void ring_free(struct ring *);

/* All of it as fields, with times that are so much later; into none, of at most
   max. */
void ring_both(struct ring *, int64_t later, uint32_t max, struct both *);

#endif
