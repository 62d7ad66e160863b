/* find.h - a text in another */
#ifndef MBATCH_FIND_H
#define MBATCH_FIND_H

#include "lib/base/slice.h"

/* The first place of piece in s, NULL if none; the empty piece is at once. */
const char *find_text(struct slice s, struct slice piece);

#endif
