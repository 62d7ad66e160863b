/* direct.h - records written in another format column by column */
#ifndef MBATCH_DIRECT_H
#define MBATCH_DIRECT_H

#include "lib/format/settings.h"
#include "lib/format/shape.h"

/*
 * Where it is known which columns records have, by their place or their name,
 * these are taken from many records at once and written side by side: in
 * another format, or in their own with columns that were set, where the others
 * stay the tokens that they are.  A record that has others, or can't be read,
 * is not for here.
 */
struct direct;
struct values;

/* From in to out, whose format isn't in's; memory in the arena of options.
   NULL: not records of these shapes.  like: for records that name their own
   fields, n of these, or (exact) just these in their order. */
struct direct *direct_new(const struct shape *in, const struct shape *out,
    const struct options *);
struct direct *direct_like(const struct shape *in, const struct shape *out,
    const struct column *like, size_t n, bool exact, const struct options *);
/* The same of records that come as columns (direct_columns), so called. */
struct direct *direct_given(const struct shape *in, const struct shape *out,
    const struct column *, size_t n, const struct options *);
/* In their own format, of in's shape and out's: the columns of parts, some of
   the n that a record has, which are called so where it names them. */
struct part {
	struct slice name;
	size_t at;		/* of a record's columns, or */
	bool set;		/* of those set */
	size_t to;		/* for direct's own use */
};
struct direct *direct_own(const struct shape *in, const struct shape *out,
    struct part *, size_t nparts, const struct slice *name, size_t n,
    const struct options *);
size_t direct_count(const struct direct *);	/* columns */
void direct_free(struct direct *);

/* Reads n records, at most VEC_MAX; false: not even tried, as few of those so
   far were for here. */
bool direct_take(struct direct *, const struct slice *rec, size_t n);
/* Has n of them as columns, from from on: rec are records that values may lie
   in. */
void direct_columns(struct direct *, const struct slice *const *col,
    size_t from, const struct slice *rec, size_t n);
/* Reads n records (NULL: rows, none of whose columns stays) and sets columns;
   else as direct_take. */
bool direct_set(struct direct *, const struct slice *rec, size_t n,
    const struct values *set);
/* How many of them from i on, below n, are for here. */
size_t direct_run(const struct direct *, size_t i, size_t n);
/* Whether record i lacks some of the columns. */
bool direct_lacks(const struct direct *, size_t i);
/* Appends n of them from i on, with their terminators; len[i], if asked for, is
   what record i takes without. */
void direct_put(const struct direct *, size_t i, size_t n, char term,
    struct buf *, size_t *len);

#endif
