/* field.h - field references and buckets as written on the command line */
#ifndef MBATCH_FIELD_H
#define MBATCH_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"
#include "lib/time/time.h"

enum bucket_kind {
	BUCKET_NONE, BUCKET_TIME, BUCKET_NUMBER, BUCKET_NET, BUCKET_MASK
};

struct bucket {			/* always the floor */
	enum bucket_kind kind;
	struct time_grid time;	/* BUCKET_TIME */
	int64_t mant;		/* BUCKET_NUMBER: mant * 10^-scale */
	int scale;
	int v4, v6;		/* BUCKET_NET: prefix lengths */
};

enum field_kind { FIELD_WHOLE, FIELD_POS, FIELD_NAME };

struct field {
	const char *text;	/* as written */
	enum field_kind kind;
	int pos;		/* FIELD_POS: 1.. from the front, -1.. from the
				   end */
	struct slice name;	/* without braces, leading dot and bucket; for
				   a position its digits */
	const struct slice *path;	/* the name cut at its dots (not inside
					   braces): a JSON path */
	size_t npath;
	struct bucket bucket;
	const char *hint;	/* what may have been meant if nothing is called
				   so, NULL: nothing in particular */
};

struct arena;

/*
 * Reads a reference: a bare number is a position, a leading dot makes a name
 * of any word, braces hold odd characters.  buckets: what follows the last
 * colon is a bucket if it reads as one.  NULL or what is wrong with it.
 */
const char *field_parse(struct field *, struct slice text, bool buckets,
    struct arena *);

/* The length of NEW where text is NEW=..., NEW perhaps in braces; 0: it isn't
   that. */
size_t field_new(const char *text);

/* Cuts a list at its commas, outside braces; the parts are in the arena. */
struct slice *field_list(struct slice text, size_t *n, struct arena *);

/*
 * The bucket that value falls in, written to out (in the arena); value itself
 * if it is absent or can't be read as the bucket's kind.  A number prints as
 * the multiple below, a time as RFC 3339, an address as its network with the
 * prefix length ("83.149.9.0/24").  A date alone is no time of hours if its
 * record rec has a time of day; spread: a time may go on behind value in rec.
 * reader: keeps what was read of times from value to value (its local is what
 * counts); NULL: nothing kept, UTC.
 */
struct slice bucket_floor(const struct bucket *, struct slice value,
    struct slice rec, bool spread, struct time_reader *reader,
    struct arena *out);

#endif
