/* help.h - -h, --help, --help OP, -l, -V, from the tables */
#ifndef MBATCH_HELP_H
#define MBATCH_HELP_H

#include "lib/cli/options.h"

/* All return COMMAND_DONE, COMMAND_WRONG (no such operator) or COMMAND_FAILED
   (not written), told.  Help on one screen, or on all; on an operator or a
   topic; to who gave no word and has nothing on standard input (WRONG). */
enum command_status help(bool all);
enum command_status help_about(const char *name);
enum command_status help_lost(void);
enum command_status help_list(void);
enum command_status help_version(void);
/* Standard output is closed: whether it was written whole. */
enum command_status help_written(void);

#endif
