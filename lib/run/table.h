/* table.h - the operators by name, and their usage */
#ifndef MBATCH_TABLE_H
#define MBATCH_TABLE_H

#include <stdarg.h>
#include <stddef.h>

struct op;

/* The operator of that name, NULL if none; all of them in ops.def's order. */
const struct op *op_find(const char *name);
const char *op_nearest(const char *name);
/* "mbatch: OP: ..." and the operator's usage, as after a usage error. */
void op_warn(const struct op *, const char *fmt, va_list);
void op_usage(const struct op *);
extern const struct op *const ops[];
extern const size_t nops;

#endif
