/* options-inner.h - the table of options, between its two files and help */
#ifndef MBATCH_OPTIONS_INNER_H
#define MBATCH_OPTIONS_INNER_H

#include "lib/cli/options.h"

enum { OPTIONS = 31 };

struct option_row {
	char letter;			/* 0: none */
	const char *name;
	const char *value;		/* NULL: takes none */
	const char *help;
	/* Takes the value: OK, or FAIL with *why.  NULL: nothing but flag. */
	int (*set)(struct command *, const char *val, const char **why);
	size_t flag;			/* where in struct command a bool is
					   that is set; 0: none */
};

/* In the order of --help. */
extern const struct option_row option_rows[OPTIONS];

#endif
