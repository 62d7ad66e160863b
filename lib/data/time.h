/* time.h - points in time as text: reading, writing, cutting into windows */
#ifndef MBATCH_TIME_H
#define MBATCH_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/data/slice.h"

/* Times are ns since 1970-01-01T00:00:00Z in int64_t: years 1678 to 2261. */

/*
 * A reader of one field's times.  All zero but for the three settings is a
 * new one; it remembers the last text read, the last zone offset, and the
 * newest time seen.
 */
struct time_reader {
	bool local;		/* no offset in the text: TZ, not UTC */
	const char *format;	/* strptime format, NULL: the known ones */
	int64_t newest_hint;	/* a missing year is the newest that puts the
				   time at most a day after this (ns) */
	char last[64];		/* cache: text, its length and its value */
	size_t nlast;
	int64_t last_value;
	int64_t newest;
};

/*
 * Reads the whole slice: RFC 3339 and ISO 8601 (T or blank; fraction after .
 * or ,), Apache "10/Oct/2000:13:55:36 -0700" (in [ ] or not), ctime "Sun Dec
 * 04 04:47:44 2005", syslog "Oct 10 13:55:36", epoch in s, ms, us, ns by size.
 * False: not a time.
 */
bool time_read(struct time_reader *, struct slice, int64_t *ns);

/* Finds and reads the first timestamp in a record (an epoch only as a lone
   number of 10, 13, 16 or 19 digits). */
bool time_find(struct time_reader *, struct slice rec, int64_t *ns);

enum { TIME_MAX = 40 };		/* bytes that hold any time written below */
/* RFC 3339; fraction digits only where needed (0, 3, 6 or 9), "Z" or, with
   local, the zone's offset.  Not NUL-terminated; the length. */
size_t time_put(char *out, int64_t ns, bool local);

/* The largest k * width <= ns, by the epoch; local: by TZ's clock (days and
   hours start where the wall clock's do). */
int64_t time_floor(int64_t ns, int64_t width, bool local);

/* strftime and strptime with ns; local as above.  format returns 0 if it does
   not fit. */
size_t time_format(char *out, size_t cap, const char *format, int64_t ns,
    bool local);
bool time_parse(const char *format, struct slice text, bool local, int64_t *ns);

int64_t time_now(void);		/* CLOCK_REALTIME */
int64_t time_mono(void);	/* CLOCK_MONOTONIC */

#endif
