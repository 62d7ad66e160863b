/* help.h - --help, --help OP, -l, -V, from the tables */
#ifndef MBATCH_HELP_H
#define MBATCH_HELP_H

/* Help on all, or on an operator (op not NULL).  Return COMMAND_DONE,
   COMMAND_WRONG (no such operator) or COMMAND_FAILED (not written), told. */
int help(const char *op);
int help_op(const char *op);
int help_list(void);
int help_version(void);

#endif
