/* beside.h - a table from a file: rows that are looked up by keys */
#ifndef MBATCH_BESIDE_H
#define MBATCH_BESIDE_H

#include "mbatch.h"

/* What is wanted of the file, in its own terms. */
struct beside_want {
	const char *file;
	bool header;		/* csv, tsv: its first line names the columns */
	bool net;		/* the key is a network */
	const char *words;	/* says all this: of two stages of one file
				   that have the same it is one table */
	struct field *key, *value;
	size_t nkeys, nvalues;
	bool others;		/* values: all columns that are no keys */
	uint64_t seed;
};

/* A file's rows as they were read at one time, held by who looks at them. */
struct beside_rows {
	size_t refs;
	uint64_t hash;		/* of the file's bytes */
	struct table *keys;	/* a row has its key's index; NULL: */
	struct nets *nets;
	size_t nrows, nvalues;
	size_t *at;		/* of each value, row by row, and one more:
				   twice where it begins, and 1 if absent */
	struct buf text;
};

#define BESIDE_NONE	UINT32_MAX	/* no row */

static inline struct slice
beside_value(const struct beside_rows *r, size_t row, size_t j)
{
	const size_t *at = &r->at[row * r->nvalues + j];

	if ((at[0] & 1) != 0)
		return (struct slice){ NULL, 0 };
	return (struct slice){ r->text.p + at[0] / 2, at[1] / 2 - at[0] / 2 };
}

/*
 * The file is read, or the table is there already: all the chains of a run,
 * which its workers have of the same words, share it.  With others, value and
 * nvalues are set.  NULL: told, as what is wrong for who.  It goes with the
 * last arena that asked for it.
 */
struct beside;
struct beside *beside_open(struct beside_want *, const char *who,
    struct arena *);

/* The rows that are there now, until they are let go.  again: the file is read
   anew first if it has changed; if it can't be, that is told once, and the old
   rows stay. */
struct beside_rows *beside_rows(struct beside *, bool again);
void beside_let(struct beside *, struct beside_rows *);

/* The row of each of n keys, as keys_join has them. */
void beside_find(const struct beside_rows *, const struct slice *key, size_t n,
    uint32_t *row);

#endif
