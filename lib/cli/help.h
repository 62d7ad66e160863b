/* help.h - -h, --help, --help OP, -l, -V, from the tables; completions */
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

/* The pages of --help that are about no operator. */
struct topic {
	const char *name, *about;
	const char *text;	/* lines; what is indented by four is a command
				   that runs on test/data/access.log */
	const char *see;	/* operators and topics, with blanks between */
};

extern const struct topic topics[];
extern const size_t ntopics;

/*
 * mbatch --complete N WORD...: the words of a command line, the program first,
 * < FILE anywhere, of which number N is the one to be completed.  Prints what
 * it may be, a line each, behind a tab what that is; ":files" where that may be
 * files, ":command K" where word K and those behind are another command.
 */
enum command_status complete(char **word, struct arena *);

#endif
