/* convert.h - records of one format written in another (-o) */
#ifndef MBATCH_CONVERT_H
#define MBATCH_CONVERT_H

#include "lib/format/settings.h"
#include "lib/format/shape.h"

/*
 * A converter from records of shape in to a format; what it writes has the
 * columns of the shape, or of the first record where records name their own
 * (json to csv), and says so when a later one has others.  header: a format
 * that has a header line gets it.
 */
struct convert;
struct unpack;

/* How it writes, and what it has written, for its owner; NULL: in no special
   way, and nobody asks. */
struct converted {
	bool lines;		/* each record ends in newline, whatever the
				   terminator (-0) */
	bool quiet;		/* a record that can't be read is left out
				   without a word */
	bool headed;		/* no header line is due */
	size_t head;		/* bytes of the one that it wrote since
				   convert_begin, 0: none so far */
	uint64_t records;	/* that it, or what follows it, has written */
};

struct convert *convert_new(const struct shape *in, const struct format *to,
    bool header, struct converted *, const struct options *);
void convert_free(void *);		/* also for arena_defer */
/* What follows goes to another place, which needs a header line or not. */
void convert_begin(struct convert *, bool header);
/* It goes on where the first one stands, which saw some record: its columns,
   and no header line. */
void convert_follow(struct convert *, const struct convert *first);
/* Whether its columns are known and their header line, if there is one, was
   written: not where no record came that names them, though none is due. */
bool convert_headed(const struct convert *);
/* Its columns then, as fields of a line, and back: false if they are none. */
void convert_save(const struct convert *, struct buf *);
bool convert_resume(struct convert *, struct unpack *);

/* Appends n records with their terminators, and before the first one the
   header line if the format has one.  OK, or DONE or FAIL where one can't be
   read and --bad ends the run: see bad_record. */
int convert_add(struct convert *, const struct slice *rec,
    const uint64_t *num, size_t n, struct buf *);
/* The columns, *n, that records without others can come as, which is as if
   their text came: convert_columns, of n records from from on; values may lie
   in rec.  NULL: only text.  fits: not where earlier ones had others. */
const struct column *convert_takes(struct convert *, size_t *n);
bool convert_fits(const struct convert *);
void convert_columns(struct convert *, const struct slice *const *col,
    size_t from, const struct slice *rec, size_t n, struct buf *);
/* The header line, if it was due and no record came. */
void convert_end(struct convert *, struct buf *);

#endif
