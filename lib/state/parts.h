/* parts.h - which bytes of which files are the input's next ones */
#ifndef MBATCH_PARTS_H
#define MBATCH_PARTS_H

#include "lib/state/saved.h"

/* Standard input, or a file that --state-rotated names. */
struct origin {
	const char *name;	/* NULL: standard input */
	int fd;
	off_t size;
	int64_t changed;	/* ns since the epoch */
	size_t header;		/* bytes of it that the header is, with what
				   stands before it */
};

/* The bytes [from, to) of a file. */
struct part {
	struct origin *of;
	off_t from, to;
};

struct parts {
	char term;
	bool headed;		/* each file begins with a header record, */
	bool blanks;		/* before which there may be empty lines */
	struct slice header;	/* the first one's, p NULL: none */
	struct origin *origin;
	size_t norigins;
	struct part *part;
	size_t n, at;		/* those before at were read */
	bool late;		/* the first is behind a file that was left */
	struct arena *arena;
};

/* The files are opened and looked at: OK or FAIL (told). */
int parts_open(struct parts *, int fd, const char *const *rotated, size_t n);
void parts_close(struct parts *);

/* What comes after s->at, and behind it up to the last whole record.  skip: if
   that can't be known, what is surely new; else FAIL (told). */
int parts_after(struct parts *, const struct saved *s, bool skip);
/* What s->part says.  False: some of it is no longer there. */
bool parts_again(struct parts *, const struct saved *s);
/* Nothing: standard input's end is where the next run begins. */
int parts_end(struct parts *);

/* Bytes to be read. */
off_t parts_bytes(const struct parts *);

#endif
