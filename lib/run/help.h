/* help.h - --help, --help OP, -l, -V, from the tables */
#ifndef MBATCH_HELP_H
#define MBATCH_HELP_H

#include <stddef.h>

struct option_help {
	char letter;			/* 0: none */
	const char *name;
	const char *value;		/* NULL: takes none */
	const char *help;
};

/* The first of n rows of stride bytes each.  Return COMMAND_DONE,
   COMMAND_WRONG (no such operator) or COMMAND_FAILED (not written), told. */
int help(const char *op, const struct option_help *first, size_t stride,
    size_t n);
int help_op(const char *op);
int help_list(void);
int help_version(void);

#endif
