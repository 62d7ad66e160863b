/* ring.c - the newest of the times that something happened */
#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/format/pack.h"
#include "lib/run/ring.h"

enum { FEW = 3 };

static int64_t *
place(const struct ring *r, uint32_t i)
{
	uint64_t at = (uint64_t)r->first + i;

	return &r->at.many[at < r->cap ? at : at - r->cap];
}

int64_t
ring_get(const struct ring *r, uint32_t i)
{
	return r->cap == 0 ? r->at.one : *place(r, i);
}

/* Room for more, with the oldest one in front. */
static void
grow(struct ring *r, uint32_t max)
{
	uint32_t i, cap = r->cap == 0 ? FEW :
	    r->cap > max / 2 ? max : r->cap * 2;
	int64_t *many;

	cap = cap < max ? cap : max;
	many = mem_alloc(cap * sizeof *many);
	for (i = 0; i < r->n; i++)
		many[i] = ring_get(r, i);
	if (r->cap > 0)
		free(r->at.many);
	r->at.many = many;
	r->first = 0;
	r->cap = cap;
}

void
ring_add(struct ring *r, int64_t time, uint32_t max)
{
	if (r->n == max)
		ring_drop(r);
	if (r->n > 0 && r->n >= r->cap)
		grow(r, max);
	*(r->cap == 0 ? &r->at.one : place(r, r->n)) = time;
	r->n++;
}

void
ring_drop(struct ring *r)
{
	r->n--;
	r->first = r->first + 1 < r->cap ? r->first + 1 : 0;
}

void
ring_clear(struct ring *r)
{
	r->n = r->first = 0;
}

void
ring_free(struct ring *r)
{
	if (r->cap > 0)
		free(r->at.many);
	memset(r, 0, sizeof *r);
}

void
ring_both(struct ring *r, int64_t later, uint32_t max, struct both *b)
{
	uint64_t mark = r->mark, count = r->count;
	size_t i, n;
	int64_t time;

	both_u64(b, &mark);
	both_u64(b, &count);
	r->mark = (uint16_t)mark;
	r->count = (uint16_t)count;
	n = both_count(b, r->n);
	both_expect(b, n <= max);
	for (i = 0; i < n && !both_bad(b); i++) {
		time = both_reads(b) ? 0 : ring_get(r, (uint32_t)i);
		both_time(b, &time, later);
		if (both_reads(b))
			ring_add(r, time, max);
	}
}
