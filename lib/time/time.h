/* time.h - points in time as text: reading, writing, cutting into windows */
#ifndef MBATCH_TIME_H
#define MBATCH_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"

/*
 * Times are ns since 1970-01-01T00:00:00Z in int64_t.  None is read that lies
 * outside of the years 1678 to 2261.  "local" is TZ's clock, for which main
 * calls tzset() once; else UTC.
 */

/* How one day of TZ's clock runs.  All zero is an unknown day. */
struct time_zone {
	bool known;
	int before, after;	/* offsets, s east of UTC */
	int64_t day;		/* of the wall clock, since the epoch */
	int64_t turn;		/* s since the epoch at which before becomes
				   after; INT64_MAX: not around this day */
};

struct time_span {		/* from <= ns < to; all zero: none */
	int64_t from, to;
};

/*
 * Where windows and buckets begin: at whole multiples of width since the epoch,
 * or on the first of each so many months of a year; and shift behind that.  All
 * zero: there are none.
 */
struct time_grid {
	int64_t width;		/* ns; of months not less than they have */
	int64_t shift;		/* ns: less than width; of months than 28 days,
				   and whole seconds */
	int months;		/* 1 to 12, a part of 12; 0: width is exact */
};

/* A duration, "1w" (from Monday on), "1mo" "2mo" "3mo" "4mo" "6mo" or "1y",
   each perhaps with "@" and how much later it begins.  NULL or what is wrong
   with it. */
const char *time_grid_parse(struct time_grid *, struct slice);
extern const char time_grid_units[];	/* these, but of another number */
static inline bool
time_grid_same(const struct time_grid *a, const struct time_grid *b)
{
	return a->width == b->width && a->shift == b->shift &&
	    a->months == b->months;
}

/* Weeks, but such as the epoch began on a Thursday. */
bool time_grid_thursdays(const struct time_grid *);
/* As text, the same only for the same grid: the length. */
enum { TIME_GRID_MAX = 48 };
size_t time_grid_put(char *out, const struct time_grid *);

enum { TIME_MAX = 40 };		/* bytes that hold any time written here */

/*
 * A reader of one field's times.  All zero but for the four settings is a
 * new one; it remembers the last text read, the last day's offsets, and the
 * newest time seen.
 */
struct time_reader {
	bool local;		/* no offset in the text: TZ, not UTC */
	const char *format;	/* as strptime's, NULL: the known forms */
	bool hours;		/* a date alone is no time */
	int64_t newest_hint;	/* a missing year is the newest that puts the
				   time at most a day after this (ns); 0:
				   after the clock, also as it goes on */

	bool seen;		/* newest is set */
	int64_t newest;		/* of all times read */
	bool twice;		/* which mattered, for a time that TZ's clock
				   shows twice */

	bool whole;		/* the last text has an offset and a year */
	unsigned char nlast;	/* length of the last text, 0: none */
	unsigned char sec_at;	/* where its seconds stand, 0: nowhere */
	unsigned char sec_n;	/* bytes of them with point and fraction */
	char last[64];		/* the last text */
	unsigned char same[64];	/* 0xff but where the seconds stand */
	uint64_t behind[2];	/* bytes behind it that do not go on with it, */
	uint64_t counts[2];	/* and which bits of them say so; 0: none */
	int64_t last_minute;	/* the value but for its seconds */

	struct time_zone zone;
	bool limit_known;
	int64_t limit_hint;	/* the newest_hint that limit is from */
	int64_t limit;		/* wall clock s a missing year keeps below */
	int limit_year;			/* and the year that it lies in */

	struct time_span bucket;	/* the last one, and its text */
	unsigned char nbucket;
	char bucket_text[TIME_MAX];
};

/*
 * Reads the whole slice, blanks around it aside, by the format or in one of
 * these forms; of several parts in brackets each may be left out:
 *
 *   2024-11-12T14:39:08.123+09:00	RFC 3339, ISO 8601; / or . for -; what
 *					is no letter or digit for T; a
 *					weekday before it
 *   2024-11-12				the day's start
 *   20241112T143908Z, 20241112-14:39:08
 *   20241112143908[123]
 *   10/Oct/2000:13:55:36 -0700		Apache, nginx
 *   12 Nov 2024 14:39:08		a weekday before it (RFC 5322, HTTP);
 *					with - or / between
 *   Nov 12[, 2024] 14:39:08		syslog, ctime; a weekday before it
 *   2024 Nov 12 14:39:08		also with - or /
 *   I1112 14:39:08.123456		klog: a level's letter and the date
 *   1731391316.698			epoch: to 11 digits s, 14 ms, 17 us,
 *					19 ns; a - may stand before it; git's
 *					offset behind it
 *   @4000000067334a8e1a2b3c4d		TAI64N, 10 s ahead of UTC
 *
 * The hour has one digit or two, to 24:00; seconds may be missing where the
 * gap before them is blank; a fraction follows . or , or, with 3, 6 or 9
 * digits, a colon (9 digits are used).  Behind the time of day there may be
 * AM or PM, Z, an offset (+hh, +hhmm, +hh:mm, +h:mm), a zone of RFC 822's or,
 * if local, TZ's names, UTC and GMT with an offset, the year if it is not there
 * yet; blanks may stand before each, up to four bytes of any signs before an
 * offset or a zone.
 *
 * Brackets around are passed over.  Names in any case.  A second :60 is the
 * start of the next minute.  A time that TZ's clock shows twice is read as
 * nearest to the newest time seen (as near: the later; at first: the earlier);
 * one that it skips as mktime does, the length of the gap later.  False: not
 * a time, or one that can't be read whole: with a zone of another name, with
 * days and months that may be the other way round.
 */
bool time_read(struct time_reader *, struct slice, int64_t *ns);

/* As time_read of each of n slices, up to the first that is not a time (absent
   ones are none): its index, n if there is none. */
size_t time_read_all(struct time_reader *, const struct slice *, size_t n,
    int64_t *ns);

/* As time_read of a field of rec: with hours, a date alone is still a time if
   nothing in the record looks like a time of day. */
bool time_read_in(struct time_reader *, struct slice text, struct slice rec,
    int64_t *ns);

/* The time that begins with text, of rec's bytes, and covers it, but may go on
   behind it, with a format too; a date alone as above.  time_read_in, if
   text is none of rec's. */
bool time_begin(struct time_reader *, struct slice text, struct slice rec,
    int64_t *ns);

/*
 * Finds and reads the first timestamp in a record, which no letter or digit
 * may touch: an epoch only as a lone number of 10, 13, 16 or 19 digits.  What
 * begins as a time and can't be read whole makes it none.  If nothing else is
 * found, a time in a name or a number of 19 digits; if not even that, a date
 * without a time of day, in a record where nothing looks like one.  With a
 * format, the first place at which it matches.
 */
bool time_find(struct time_reader *, struct slice rec, int64_t *ns);

/* Whether the record holds what looks like a time of day: d:dd, dd:dd. */
bool time_clocked(struct slice rec);

/* RFC 3339; fraction digits only where needed (0, 3, 6 or 9), "Z" or, with
   local, the zone's offset.  Not NUL-terminated; the length. */
size_t time_put(char *out, int64_t ns, bool local);

/*
 * The start of the window that ns lies in; local: by TZ's clock, so that days
 * and hours start where the wall clock's do and a day may have 23 or 25 hours.
 * Where the clock is put back, windows not longer than what it goes back by
 * start at both readings of a time, longer ones at the first only; where a
 * start is skipped, the window starts at the change.  Kept within int64_t.
 * time_next: the start of the window after ns's.
 */
int64_t time_floor(int64_t ns, const struct time_grid *, bool local);
int64_t time_next(int64_t ns, const struct time_grid *, bool local);

/* time_floor with the last window remembered, for many times in a row: TZ is
   asked once a window only.  All zero at first, one grid and local each. */
static inline int64_t
time_span_floor(struct time_span *s, int64_t ns, const struct time_grid *g,
    bool local)
{
	if (ns < s->from || ns >= s->to) {
		s->from = time_floor(ns, g, local);
		s->to = time_next(ns, g, local);
	}
	return s->from;
}

/* The start of ns's window as time_put writes it, by the reader's clock: in
   the reader, until the next call.  One grid for each reader. */
struct slice time_bucket(struct time_reader *, int64_t ns,
    const struct time_grid *);

/*
 * strftime's formats, with %s, %z and %Z as local says, %f (6 digits of the
 * fraction) and %N (9).  NUL-terminated; the length, or 0 if it does not fit
 * into cap bytes or a conversion is unknown to the system.
 */
size_t time_format(char *out, size_t cap, const char *format, int64_t ns,
    bool local);

/*
 * NULL, or what is wrong with a format for time_reader.  They are strptime's in
 * the C locale: a A b B h c C d e D F H I j k l m M n p r R S t T w u x X y Y
 * Z (as a zone behind a time of day) %, and s (epoch), z (Z, +hh:mm, +hhmm or
 * +hh), f and N (1 or more digits of a fraction).  A blank stands for any
 * blanks.  Numbers may have fewer digits.  A missing year is the newest by the
 * hint, also beside j, and so is a month missing beside a day; where there is
 * no date at all it is the newest day, of a or u's if told, that puts the time
 * at most an hour after the hint.  What else is missing is the first of the
 * year, the month or the day.
 */
const char *time_format_error(const char *format);

/* a - b, kept within int64_t. */
int64_t time_less(int64_t a, int64_t b);
/* t + dur likewise; dur is not below 0. */
int64_t time_after(int64_t t, int64_t dur);

int64_t time_now(void);		/* CLOCK_REALTIME */
int64_t time_mono(void);	/* CLOCK_MONOTONIC */

#endif
