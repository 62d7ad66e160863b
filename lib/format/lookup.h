/* lookup.h - field references against the shape that is there */
#ifndef MBATCH_LOOKUP_H
#define MBATCH_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/format/shape.h"

/* Registers a want for f, as records of this shape have it: OK with its index
   in *col (unless NULL), or FAIL after "mbatch: WHO: ...". */
int field_want(struct take *, const struct shape *, const struct field *f,
    unsigned flags, const char *who, size_t *col);

/* Tells of a name that several columns have, if there is one: who made them. */
void columns_repeats(const char *who, const struct column *, size_t n);

/* No header came, so no record will. */
bool shape_headless(const struct shape *);

#endif
