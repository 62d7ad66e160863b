/* list.h - several texts in one: joined by commas, an array in JSON */
#ifndef MBATCH_LIST_H
#define MBATCH_LIST_H

#include <stdbool.h>

#include "lib/base/slice.h"

struct buf;

/* Appends one, behind a comma unless it is the first; a comma or a backslash
   within it gets a backslash. */
void list_join(struct buf *, bool first, struct slice);
/* Appends the list as a JSON array; the empty text is one of nothing. */
void list_array(struct buf *, struct slice list);

#endif
