/* expr.h - the expressions of where, let, alert and assert */
#ifndef MBATCH_EXPR_H
#define MBATCH_EXPR_H

#include "mbatch.h"

/*
 * A value is absent, a number (a decimal whose digits fit 64 bits, else a
 * double) or text; text that reads as a number is one wherever a number is
 * asked for.  The grammar, loosest first:
 *
 *   a or b, a || b		SQL's three values: 1, 0, absent
 *   a and b, a && b
 *   not a, !a
 *   = == != < <= > >=		as text if a side is a quoted literal, else as
 *				numbers if both are, as text if neither is;
 *				a number and a text only differ
 *   =~ !~			an ERE in quotes on the right
 *   in (a, b), not in, contains, not contains
 *   + - * / %
 *   -a
 *   (a)  12  0.5  1e3  "text"  'text'  name  a.b.0  {odd-name}  $1  $-1  $name
 *   f(a, b)			see expr-fn.c
 */
struct expr;
struct expr_run;

struct expr_error {
	size_t at;		/* byte offset in the text */
	char what[256];
};

enum {
	EXPR_CONDITION = 1	/* a lone field, constant or text is an error */
};

/*
 * One or more expressions that are bound and evaluated together.  They live in
 * the arena, and are not written to once bound.
 */
struct expr *expr_new(const struct options *, struct arena *);
/*
 * Adds one, numbered from 0; those that follow see its result as the field
 * called name (NULL: it has none).  FAIL with *err set: a usage error.
 */
int expr_add(struct expr *, const struct field *name, const char *text,
    unsigned flags, struct expr_error *err);
/* The field whose value number k is, NULL: it is more than that. */
const struct field *expr_copies(const struct expr *, size_t k);
/* Whether some of them asks for records' numbers: OP_NUMBER. */
bool expr_numbered(const struct expr *);
/* Registers the fields that they read: OK, or FAIL (told). */
int expr_bind(struct expr *, struct bind *);

/* The name of function i, in order, and its arguments as help shows them; NULL:
   there are no more. */
const char *expr_function(size_t i, const char **args);

/* The memory of one evaluation at a time. */
struct expr_run *expr_run_new(const struct expr *);
void expr_run_free(struct expr_run *);

/* The records for which number 0 is true (want 1), false (0) or absent (-1):
   their indexes to idx, ascending; how many. */
size_t expr_select(struct expr_run *, const struct vec *, int want,
    uint16_t *idx);
/* Evaluates them all for all records of the vector. */
void expr_eval(struct expr_run *, const struct vec *);
/* What number k is of each record, of one; valid until the next vector.
   numbers: without text where it is one. */
struct values expr_column(struct expr_run *, size_t k, bool numbers);

/* The hooks bind, init and fini of an operator that evaluates expressions: its
   conf begins with a struct expr *, its state with a struct expr_run *. */
int expr_op_bind(void *conf, struct bind *);
void expr_op_init(void *st, const void *conf, struct arena *);
void expr_op_fini(void *st, const void *conf);

#define EXPR_FIRST(conf, expr_, state, run_)				\
	_Static_assert(offsetof(conf, expr_) == 0 &&			\
	    offsetof(state, run_) == 0, "the hooks look there")

#endif
