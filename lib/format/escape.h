/* escape.h - tab, newline, NUL, return and backslash as \t \n \0 \r \\ */
#ifndef MBATCH_ESCAPE_H
#define MBATCH_ESCAPE_H

#include "lib/base/arena.h"
#include "lib/base/slice.h"

/* Written and read as tsv has it; what is read and has any is in the arena. */
void escape_put(struct buf *, struct slice);
struct slice escape_get(struct slice, struct arena *);
/* Only tab, newline and NUL: text has no escapes to read. */
void escape_put_text(struct buf *, struct slice);
bool escape_same_text(struct slice);	/* there are none */

#endif
