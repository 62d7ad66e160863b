/* table.h - the operators by name, and their usage */
#ifndef MBATCH_TABLE_H
#define MBATCH_TABLE_H

#include <stdarg.h>
#include <stddef.h>

struct arena;
struct op;

/* The operator of that name, NULL if none; all of them in ops.def's order. */
const struct op *op_find(const char *name);
/* What other tools call so, or whose name is near; NULL: nothing. */
const char *op_nearest(const char *name);
/* What the table says of a word, NULL: nothing. */
struct instead;
const char *instead_of(const struct instead *, const char *word);
/* The names of those with a trait, and words that it depends on, as a message
   lists them: ", " between them, last before the last. */
const char *op_list(unsigned trait, const char *last, struct arena *);
/* "mbatch: OP: ..." and the operator's usage, as after a usage error: FAIL. */
void op_warn(const struct op *, const char *fmt, va_list);
int op_usage(const struct op *);
extern const struct op *const ops[];
extern const size_t nops;

#endif
