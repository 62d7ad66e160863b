/* encode.h - records as the bytes that leave: -o, header lines */
#ifndef MBATCH_ENCODE_H
#define MBATCH_ENCODE_H

#include "lib/format/settings.h"
#include "lib/format/vec.h"
#include "lib/write/convert.h"

struct grid;

/*
 * An encoder of one stage's records.  All zero is one for which nothing was
 * bound: it adds nothing.
 */
struct encode {
	const struct options *opt;
	struct slice header;		/* a line before all, n 0: none */
	struct converted is;
	struct convert *convert;	/* -o, or the default for made records;
					   NULL: bytes as they are */
	struct grid *grid;		/* aligns what convert writes to rows */
	int terminal;			/* that these go to, -1: none */
	struct buf rows;
	size_t nrows;
	bool lines;			/* not yet told that a record leaves as
					   several, should it */
};

enum {
	ENCODE_RESULT = 1,	/* -o applies, and -F to made records */
	ENCODE_PLAIN = 2,	/* a copy of what goes on to where bad records
				   are told; -o table is tsv */
	ENCODE_TERMINAL = 4,	/* made records are aligned, --live all */
	ENCODE_ROWS = 8		/* what grid_write takes, for others to */
};

/* header: the input's own header record where it stands for these records
   too, else p NULL.  A new one is in the options' arena. */
struct encode *encode_new(const struct shape *, struct slice header,
    const struct options *, unsigned flags);
void encode_bind(struct encode *, const struct shape *, struct slice header,
    const struct options *, unsigned flags);
void encode_free(void *);

/* Whether others can go on behind it: not where what they write depends on
   records that it did not see yet, or on more than one of them. */
bool encode_settled(const struct encode *);
/* It goes on behind the first one, of the same records. */
void encode_follow(struct encode *, const struct encode *first);

/* Whether the header line, if there is one, was written.  Then what later ones
   need to write such records behind it, as fields of a line; and to go on
   there: false if those are none. */
bool encode_headed(const struct encode *);
void encode_save(const struct encode *, struct buf *);
bool encode_resume(struct encode *, struct slice saved, struct arena *);

/* What follows goes to another place, which needs a header line or not. */
void encode_begin(struct encode *, bool header);
/* Bytes of the header line that it got since: 0 also while no record came that
   could be written, and where rows are aligned. */
size_t encode_head(const struct encode *);
/* The columns, *n, that a vector may have carried in the place of text, or
   NULL; fits: whether one may now. */
const struct column *encode_takes(struct encode *, size_t *n);
bool encode_fits(const struct encode *);
/* Appends n records from from on, after the header line if it is due.  OK, or
   DONE or FAIL where one can't be read and --bad ends the run: bad_record. */
int encode_add(struct encode *, const struct vec *, size_t from, size_t n,
    struct buf *);
/* Whether records are added as they are and nothing is said of them; and so
   many are, behind what is appended: the header line if it is due. */
bool encode_plain(const struct encode *);
void encode_text(struct encode *, uint64_t records, struct buf *);
/* Appends what was held back to be aligned; the batch is over. */
void encode_cut(struct encode *, struct buf *);
void encode_batch(struct encode *, struct buf *);
/* All is over: also the header line for which no record came. */
void encode_end(struct encode *, struct buf *);

#endif
