/* options-inner.h - the table of options, between its two files and help */
#ifndef MBATCH_OPTIONS_INNER_H
#define MBATCH_OPTIONS_INNER_H

#include "lib/cli/options.h"

enum option_kind {		/* what the value is, and where it goes */
	OPTION_CODE,			/* set takes it */
	OPTION_ON, OPTION_OFF,		/* none: bool, becomes true, false */
	OPTION_COUNT, OPTION_SIZE,	/* uint64_t */
	OPTION_DURATION,		/* int64_t, ns */
	OPTION_WINDOW,			/* struct time_grid */
	OPTION_FILE,			/* const char *, a name */
	OPTION_KEY,			/* const struct field * */
	OPTION_ERE			/* struct regex * */
};

struct option_row {
	char letter;			/* 0: none */
	const char *name;
	const char *value;		/* NULL: takes none */
	const char *help;
	enum option_kind kind;
	size_t at, size;		/* in struct command; not CODE */
	bool limit;			/* one that is not 0 closes batches */
	bool free;			/* a --state's runs may differ in it */
	/* NULL, or what is wrong. */
	const char *(*set)(struct command *, const char *val);
};

/* In the order of --help. */
extern const struct option_row option_rows[];
extern const size_t noptions;

/* The option of that letter, or with 0 of that name; NULL: there is none. */
const struct option_row *option_find(const char *name, size_t n, char letter);
/* The option with this value, NULL if it takes none: NULL, or what is wrong. */
const char *option_set(struct command *, const struct option_row *,
    const char *val);

#endif
