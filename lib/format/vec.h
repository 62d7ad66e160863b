/* vec.h - a run of records with their fields */
#ifndef MBATCH_VEC_H
#define MBATCH_VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/slice.h"
#include "lib/format/shape.h"

struct batch;
struct number;

/* Text of a value that is a number and nothing else yet. */
extern const char number_only[1];

/* A column of a vector. */
struct values {
	const struct slice *text;	/* p NULL: absent; p number_only: that
					   which reads as num */
	const struct number *num;	/* NULL: all have text */
	const bool *token;		/* which are tokens as they stand in
					   their record; NULL: none */
};

/* Value i's text, a number's written to the arena. */
struct slice values_text(const struct values *, size_t i, struct arena *);

extern const bool vec_all[VEC_MAX], vec_none[VEC_MAX];	/* true; false */

/*
 * A run of records, at most VEC_MAX, never none.  What it points to is valid
 * until push returns.
 */
struct vec {
	size_t n;
	const struct slice *rec;
	const struct slice *const *col;	/* col[k][i]: of record i field k as
					   bind_want gave it; p NULL: absent */
	const struct number *const *number;	/* likewise, as in struct
					   values; NULL, number[k] NULL: all
					   have text */
	const bool *const *token;	/* token[k][i]: what was wanted raw is a
					   token, else a value; NULL: all are */
	const struct values *carried;	/* columns in the place of text, or
					   found in it, from stage to stage:
					   lib/run/carry.h; else NULL */
	const uint64_t *num;		/* input record numbers, for messages */
	bool taken;			/* col is there, and rec has no text */
	bool columns;			/* who holds records holds columns of
					   them (lib/run/hold.h) */
	const struct shape *shape;
	const struct batch *batch;
	bool contig;			/* records lie side by side, in order,
					   one terminator byte after each */
};

/* How many of n record numbers, ascending, are at most last. */
static inline size_t
nums_upto(const uint64_t *num, size_t n, uint64_t last)
{
	size_t lo = 0, mid;

	if (n > 0 && num[n - 1] <= last)
		return n;
	while (lo < n) {
		mid = lo + (n - lo) / 2;
		if (num[mid] <= last)
			lo = mid + 1;
		else
			n = mid;
	}
	return lo;
}

/* Column k as values; wanted raw. */
static inline struct values
vec_values(const struct vec *v, size_t k)
{
	return (struct values){ v->col[k],
	    v->number == NULL ? NULL : v->number[k], NULL };
}

static inline struct values
vec_tokens(const struct vec *v, size_t k)
{
	struct values c = vec_values(v, k);

	c.token = v->token == NULL ? vec_all : v->token[k];
	return c;
}

/* Room for the records that stay where some leave a vector. */
struct vec_room {
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX];
};

/* Only the n records of idx, ascending, stay: in *room, made where it is NULL,
   which may be where the vector lies already. */
static inline void
vec_stay(struct vec *v, const uint16_t *idx, size_t n, struct vec_room **room)
{
	struct vec_room *g = *room;
	size_t i;

	if (g == NULL)
		g = *room = mem_alloc(sizeof *g);
	for (i = 0; i < n; i++) {
		g->rec[i] = v->rec[idx[i]];
		g->num[i] = v->num[idx[i]];
	}
	v->rec = g->rec;
	v->num = g->num;
	v->n = n;
	v->contig = false;
}

#endif
