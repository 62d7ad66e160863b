/* help.h - --help, --help OP, -l, -V, from the tables */
#ifndef MBATCH_HELP_H
#define MBATCH_HELP_H

#include "lib/cli/options.h"

/* Help on all, or on an operator (op not NULL).  All return COMMAND_DONE,
   COMMAND_WRONG (no such operator) or COMMAND_FAILED (not written), told. */
enum command_status help(const char *op);
enum command_status help_op(const char *op);
enum command_status help_list(void);
enum command_status help_version(void);

#endif
