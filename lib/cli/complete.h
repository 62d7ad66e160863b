/* complete.h - what the shells' completions ask: the next words */
#ifndef MBATCH_COMPLETE_H
#define MBATCH_COMPLETE_H

#include "lib/cli/options.h"

/*
 * mbatch --complete N WORD...: the words of a command line, the program first,
 * < FILE anywhere, of which number N is the one to be completed.  Prints what
 * it may be, a line each, behind a tab what that is; ":files" where that may be
 * files, ":command K" where word K and those behind are another command.
 */
enum command_status complete(char **word, struct arena *);

#endif
