/* saved.h - what a run leaves to the next one, as one text file */
#ifndef MBATCH_SAVED_H
#define MBATCH_SAVED_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/state/mark.h"
#include "lib/base/slice.h"

struct arena;
struct buf;

/* Bytes that a run is to read: of the file in which end is, from from on. */
struct stretch {
	off_t from;
	struct mark end;
};

struct saved {
	struct slice command;	/* the words that made it, packed */
	bool begun;		/* there is a position */
	struct mark at;		/* which is this */
	struct mark left;	/* the end of the file before it; at 0: none */
	uint64_t header;	/* hash of the header record, 0: none */
	bool headed;		/* a header line was written */
	struct slice columns;	/* and these are its columns, packed */
	uint64_t batches, records;	/* so far */
	int64_t when;		/* the files were looked at, or it was
				   written, ns since the epoch */
	struct slice memory;	/* what the chain remembers, lines */

	/* The try: what a run that has begun was to read, from there on, so
	   that whoever finds it can do the same. */
	bool tried;
	int64_t now;		/* the time that it went by */
	uint64_t dev, ino;	/* standard output, */
	off_t length;		/* which had so many bytes */
	struct slice outside;	/* what options_need was told */
	struct slice files;	/* what claims_put says of tee's files */
	struct stretch *part;
	size_t nparts;
};

/* The text of it. */
void saved_put(struct buf *, struct saved *);
/* Reads such a text: NULL, or what is wrong with it.  All lies in the arena. */
const char *saved_get(struct saved *, struct slice text, struct arena *);

/* The file of that name, whole; p NULL: there is none.  OK or FAIL (told). */
int saved_read(const char *name, struct slice *text, struct arena *);
/* A new file of that name to write to, whatever was there. */
int saved_temp(const char *name);
/* Becomes the file of that name, or what it was stays: OK or FAIL (told).  Of
   a descriptor (/dev/fd/N) it is written to that. */
int saved_write(const char *name, struct slice text, struct arena *);
/* Whether the name is a descriptor's. */
bool saved_fd(const char *name);

#endif
