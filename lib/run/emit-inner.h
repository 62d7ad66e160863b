/* emit-inner.h - what the files of emit share */
#ifndef MBATCH_EMIT_INNER_H
#define MBATCH_EMIT_INNER_H

#include "lib/run/emit.h"

/* What is gathered next is columns, or is not: the other kind goes on first. */
static inline void
emit_kind(struct emit *e, bool columns)
{
	if (e->columns != columns && e->n > 0)
		emit_drain(e);
	e->columns = columns;
}

/* Record i, p NULL where rows are made, with the columns that the stage
   sets. */
int emit_carry(struct emit *, const struct vec *, size_t i, uint64_t num,
    const struct slice *val, const bool *raw);
/* Whether columns that the stage sets can be handed on as they are. */
bool emit_same(const struct emit *, const struct values *col, size_t n);
/* All records with columns as they are; rec and num may be those gathered. */
int emit_set_all(struct emit *, const struct vec *, const struct slice *rec,
    const uint64_t *num, size_t n, const struct values *col);
/* The cells, of an incoming record, as one of this shape. */
int emit_put(struct emit *, const struct shape *, const struct cells *,
    struct slice rec, uint64_t num);
/* After bad_record: where the run ends at that record, what came before it goes
   on first. */
void emit_left_out(struct emit *, int r);

#endif
