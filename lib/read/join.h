/* join.h - records made of several lines */
#ifndef MBATCH_JOIN_H
#define MBATCH_JOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/slice.h"

struct regex;
struct shape;

/* How lines become records, where they are not these themselves. */
struct join {
	const struct shape *shape;	/* its quotes may hold newlines, or */
	struct regex *first;		/* what first lines match, */
	bool others;			/* or what others do */
	size_t max;			/* bytes of the longest record */
};

/* What the lines of a known kind of records match that are no first ones; NULL:
   no kind is called so. */
const char *join_known(const char *name);
#define JOIN_NAMES "indent, java, python, go"

/* Whether a line is a record's first, where there is a pattern. */
bool join_begins(const struct join *, struct slice line);

/* Between two calls. */
struct joining {
	const char *begun;	/* the record that is not over, NULL: none */
	const char *next;	/* the line that is looked at next */
	bool drop;		/* first: lines up to the next first one are of
				   none */
};

/*
 * Makes records of n lines, at least 1, that lie side by side: in place; how
 * many.  The lines of the last one, which may go on, are not among them.
 *
 * A quote that is not closed, or not rightly, within max bytes costs a line:
 * that is a record which can't be read, next is the one behind it.  A line
 * longer than max is a first one.
 */
size_t join_lines(const struct join *, struct slice *line, size_t n,
    struct joining *);

/* Of n bytes of whole lines, from the first of a record on: how many come
   before one that leaves a quote open. */
size_t join_before_open(const struct join *, const char *p, size_t n);

/* The record from begun to end, at which there may be no more lines: it, or
   the line that an open quote costs. */
struct slice join_end(const struct join *, const char *end, struct joining *);

#endif
