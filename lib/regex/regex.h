/* regex.h - POSIX extended regular expressions, fast where most patterns are */
#ifndef MBATCH_REGEX_H
#define MBATCH_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"

struct arena;
struct regex;

enum {
	REGEX_ICASE = 1,	/* ASCII letters of either case */
	REGEX_FIXED = 2,	/* the pattern is plain text */
	REGEX_WHOLE = 4,	/* must match the whole subject */
	REGEX_LINES = 8		/* ^ and $ are also the ends of its lines */
};

/* From now on all that are compiled are REGEX_LINES. */
void regex_by_lines(void);

/*
 * Compiles an ERE, plus \w \s \b \d (and \W \S \B \D), \t \n \r \f \v \0 \xHH,
 * in brackets too but for \b, (?:...), and (?i) at the start; what else POSIX
 * leaves undefined and other tools have a meaning for is an error, and so is a
 * pattern that can't match.  Bytes, not characters: "." is any byte, ^ and $
 * only the subject's ends.  NULL on error: *err says what, and what to write,
 * *at where (byte offset in the pattern).  Lives as long as the arena;
 * regex_free gives back what it mallocs before that.
 */
struct regex *regex_new(struct slice pattern, unsigned flags, struct arena *,
    const char **err, size_t *at);
void regex_free(void *);
/* The same compiled once more, NULL of NULL; for another thread, too: what a
   pattern learns as it goes is its own. */
struct regex *regex_copy(const struct regex *, struct arena *);

size_t regex_groups(const struct regex *);	/* parenthesised groups */

/* Leftmost-longest, as POSIX.  m[0] is the whole match, m[g] group g, p NULL
   where it took no part; nm <= groups + 1.  from: where the search starts
   (^ still means offset 0). Time is bounded by O(pattern * subject). */
bool regex_test(struct regex *, struct slice subject);
bool regex_find(struct regex *, struct slice subject, size_t from,
    struct slice *m, size_t nm);

/*
 * The matches of a subject one after the other, as sed's s///g takes them: an
 * empty one does not count right behind another.  A walk of all zeros begins
 * at the front; at most max of the next ones are written to m, and how many is
 * returned, 0 at the end; nm slices of each, as regex_find has them, 1 or more.
 */
struct regex_walk {
	const char *hi;			/* up to which can be read behind the
					   subject; NULL: not at all */
	size_t from;			/* the next one begins here or later */
	bool behind;			/* another one ended there */
};
size_t regex_all(struct regex *, struct slice subject, struct regex_walk *,
    struct slice *m, size_t max, size_t nm);
/* Whether that takes no longer than to see that there is no match. */
bool regex_walks(const struct regex *);

/*
 * Tests n subjects: writes the indexes of those that match (or don't, if
 * invert) to idx, ascending, and returns how many.  contig: they lie side by
 * side in one buffer with one byte between, and the span may be searched as
 * one.
 */
size_t regex_select(struct regex *, const struct slice *subject, size_t n,
    bool contig, bool invert, uint16_t *idx);
/* The same, with the first match in each: group[g] of the k-th that matches, 0
   for the match itself, is col[g][k], as regex_find has it. */
size_t regex_columns(struct regex *, const struct slice *subject, size_t n,
    bool contig, const size_t *group, size_t ngroup, struct slice *const *col,
    uint16_t *idx);

#endif
