/* escape.h - tab, newline, return and backslash as \t \n \r \\ */
#ifndef MBATCH_ESCAPE_H
#define MBATCH_ESCAPE_H

#include "lib/base/arena.h"
#include "lib/base/slice.h"

/* Written and read as tsv has it; what is read and has any is in the arena. */
void escape_put(struct buf *, struct slice);
struct slice escape_get(struct slice, struct arena *);
/* Only tab and newline as \t \n: text has no escapes to read. */
void escape_put_text(struct buf *, struct slice);

#endif
