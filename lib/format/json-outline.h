/* json-outline.h - records that are alike but for their scalars */
#ifndef MBATCH_JSON_OUTLINE_H
#define MBATCH_JSON_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/arena.h"
#include "lib/base/slice.h"

/*
 * A log's records mostly have the same keys in the same order.  The outline of
 * a record is all of it but its scalars: strings that are no keys, numbers,
 * true, false, null.  That of one which was walked through is kept with the
 * places of its values; of the next one that has it, only the scalars need
 * checking.  What is found so is what walking would find: whether a text is
 * well-formed, and where a value is, depends on nothing else.
 */
struct outlines;

/* For the values of nwant wants; memory in the arena. */
struct outlines *outlines_new(size_t nwant, struct arena *);

/* Before the records of another vector. */
void outlines_start(struct outlines *);

/*
 * Of records from i to n - 1, which lie side by side and of which bytes up to
 * hi may be read, the first one whose outline isn't known; n if there is none.
 * raw[k][j], for those before it, is the k-th value as it stands, p NULL where
 * there is none; *escapes is set if some of their strings have backslashes.
 */
size_t outlines_find(struct outlines *, const struct slice *rec, size_t i,
    size_t n, const char *hi, struct slice *const *raw, unsigned char *keys,
    bool *escapes);

/* Remembers the outline of rec[i], which is well-formed, and where its values
   raw[k][i] are. */
void outlines_learn(struct outlines *, const struct slice *rec, size_t i,
    struct slice *const *raw, const unsigned char *keys);

#endif
