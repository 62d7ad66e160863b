/* emit-inner.h - what the files of emit share */
#ifndef MBATCH_EMIT_INNER_H
#define MBATCH_EMIT_INNER_H

#include "lib/run/emit.h"

struct edit;

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
/* As what the stage writes what becomes of a record: of auto's, in *room, JSON
   or key=value. */
const struct shape *emit_out_shape(const struct stage *, struct slice rec,
    struct shape *room);
/* As what a record of the stage is taken apart: auto's positions are text's,
   its names those of JSON or key=value. */
struct shape emit_split_shape(const struct stage *, struct slice rec);
/* The cells of a record, e's, with the columns that a stage sets. */
const struct cells *emit_edit_cells(struct emit *e, const struct edit *,
    const struct slice *val, const bool *raw);
/* The same of the record; NULL: it can't be taken apart, which was told. */
const struct cells *emit_set_columns(struct emit *, const struct stage *,
    struct slice rec, uint64_t num, const struct slice *val, const bool *raw);
/* Writes n records with the columns that the stage sets (p NULL: rows made of
   them), each where rec[i] then is until the next; p NULL: not that one.
   False: none, and rec is as it was. */
bool emit_written(struct emit *, struct slice *rec, size_t n,
    const struct values *set);

#endif
