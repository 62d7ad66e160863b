/* bad.h - what becomes of records that can't be read (--bad) */
#ifndef MBATCH_BAD_H
#define MBATCH_BAD_H

#include "lib/format/settings.h"
#include "lib/format/vec.h"

struct badness {
	enum { BAD_SKIP, BAD_FAIL, BAD_FILE } what;
	bool given;			/* --bad was there */
	int fd;				/* BAD_FILE */
	const char *name;
	struct buf line;		/* one record, to be written in one
					   piece */
	struct tally *tally;
	uint64_t told;			/* others, which were told as what they
					   are */
};

/* Opens the file, if it is one, to add to it: OK, or FAIL (told). */
int bad_open(struct badness *);
/* No more come: OK, or FAIL (told), if only now it shows that the file could
   not be written. */
int bad_close(struct badness *);

/* How many there were. */
static inline uint64_t
bad_count(const struct badness *bad)
{
	return bad->tally->n + bad->told;
}

/* Record num can't be read, from byte offset at on: tells of the first,
   counts it, keeps it.  why NULL: that was told.  OK, DONE if the run ends at
   it, with what came before it still to be handed on, or FAIL if it ends
   here. */
int bad_record(const struct options *, struct slice rec, uint64_t num,
    const char *why, size_t at);

/* The place in take.bad of the first bad record from i on. */
size_t bad_from(const struct take *, size_t i);
/* Takes the records that could not be read out of *v, which are those of the
   take's last run from place from on, and out of its columns: vec_stay.  OK,
   or as bad_record: behind a record at which the run ends there are none. */
int bad_drop(const struct options *, struct take *, size_t from, struct vec *,
    struct vec_room **room);

#endif
