/* times.h - the records' own times: -T */
#ifndef MBATCH_TIMES_H
#define MBATCH_TIMES_H

#include "lib/format/settings.h"
#include "lib/format/vec.h"
#include "lib/time/time.h"

#define AHEAD_ALL	INT64_MAX

/* Reads options.time of records, as often as somebody asks.  All zero is no
   reader yet. */
struct times_reader {
	struct time_reader time;
	bool find;			/* -T 0: the first timestamp there is */
	bool spread;			/* blanks make several fields of one */
	int64_t ahead;			/* options.ahead */
	int64_t believed;		/* times up to this are known to be no
					   further ahead than that */
	struct tally *doubted;
	const char *limit;		/* what the told limit is called */
};

/* Its settings, for a shape of records. */
void times_reader(struct times_reader *, const struct options *,
    const struct shape *);

/* The time of a record in val, its field.  AHEAD: it has one that is not
   believed (told). */
enum times_found { TIMES_FOUND, TIMES_NONE, TIMES_AHEAD };
enum times_found times_read(struct times_reader *, struct slice val,
    struct slice rec, uint64_t num, int64_t *ns);

/* Reads options.time of one shape of record, or with --merge the start of a
   state's window.  All zero is a new one. */
struct times {
	/* --merge: the start of the window that a state is of, NULL or why it
	   can't be read, at which byte (partial_window); else NULL. */
	const char *(*window)(const void *states, struct slice line,
	    struct time_reader *, int64_t *ns, size_t *at);
	const void *states;		/* its first argument */
	struct take take;		/* the window loop's; else not used */
	size_t col;
	struct times_reader reader;
	const char *none;		/* why a record can't be read */
	const char *absent;		/* ... and has no such field */
	size_t at;			/* --merge: and the byte where not */
	int64_t ns[VEC_MAX];		/* the last vector's */
	struct vec_room *room;		/* for those that have one */
};

/* Why a record's can't be read. */
const char *times_unread(const struct options *);

/* The input's shape is known: OK, or FAIL (told) if it has no such field. */
int times_bind(struct times *, const struct shape *, const struct options *);

/*
 * The times of a vector of the input's records, in ns[0..v->n-1].  Those that
 * have none are handled by --bad and leave v, which may become empty.  OK, or
 * as bad_record.
 */
int times_take(struct times *, const struct options *, struct vec *);

void times_free(struct times *);

#endif
