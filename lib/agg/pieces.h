/*
 * pieces.h - lines of states of any length as lines of at most PIECES_LINE
 * bytes, which several writers of one pipe don't tear, and which can be sorted
 *
 * A line that fits and whose key is short stays as it is.  Another one, KEYS, a
 * tab and STATE, becomes lines of KEYS, a tab and these words:
 *
 *	mbatch3 c	(partial.h)
 *	ID		of the line, eight characters
 *	AT OF		the place of this piece, and the length of all, each as
 *			eight hexadecimal digits: so sorted they are in order
 *	PIECE		of STATE
 *	CHECK		as of any line
 *
 * Of a long key KEYS has the front, \~ and a hash, whatever the state's length,
 * so that it is always the same; then k stands in the place of c, and all of
 * the key, as text_bytes has it behind its length, and a blank before STATE.
 */
#ifndef MBATCH_PIECES_H
#define MBATCH_PIECES_H

#include "lib/base/arena.h"
#include "lib/base/slice.h"

struct emit;
struct line;
struct options;
struct table;

enum { PIECES_LINE = 511 };		/* and a terminator */

/* All zero is none. */
struct pieces {
	struct buf text, line;
	uint64_t written;		/* lines that were cut */
	struct table *ids;		/* of what is put together: */
	struct assembly *of;
	size_t n, cap;
	size_t left;			/* of these not yet whole */
	struct buf whole;
};

void pieces_free(struct pieces *);

/* Emits a line whose state begins at offset at.  salt: of the run, so that
   equal lines of several runs are not mixed up.  As emit_bytes. */
int pieces_emit(struct pieces *, struct slice line, size_t at, uint64_t salt,
    struct emit *);

/* A line of kind c or k was read: *whole is the line that it makes whole (until
   the next call), n 0: there is more to come.  false: it does not fit. */
bool pieces_take(struct pieces *, const struct line *, const struct options *,
    size_t max, struct slice *whole);
/* With --partial: adds those that made nothing whole, as they came. */
void pieces_rest(const struct pieces *, struct buf *out);

#endif
