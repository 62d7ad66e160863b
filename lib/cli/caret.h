/* caret.h - usage errors that show the place in a word */
#ifndef MBATCH_CARET_H
#define MBATCH_CARET_H

#include "lib/run/args.h"

struct expr;
struct regex;

/* As args_fail, with text and a caret under byte at between the message and
   the usage line; returns FAIL. */
int caret_fail(struct args *, const char *text, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Compiles a pattern (REGEX_*), told if it is none. */
int caret_regex(struct args *, const char *pattern, unsigned flags,
    struct regex **);
/* Adds an expression (EXPR_*), told if it is none. */
int caret_expr(struct args *, struct expr *, const struct field *name,
    const char *text, unsigned flags);
/* A new one of text, the operator's last word, that is true or false. */
int caret_condition(struct args *, struct expr **, const char *text);

#endif
