/* time-inner.h - what the time-*.c files share */
#ifndef MBATCH_TIME_INNER_H
#define MBATCH_TIME_INNER_H

#include "lib/base/chars.h"
#include "lib/number/number.h"
#include "lib/time/time.h"

#define NS	INT64_C(1000000000)
#define DAY	INT64_C(86400)

/* What a text said, before a zone or a missing year is looked for. */
struct when {
	bool epoch;		/* ns is all there is */
	bool yearless;
	bool zoned;		/* off is set */
	int named;		/* or tzname[named - 1] was there; 0: no */
	bool local;		/* tzname's names are names */
	bool dated, clocked;	/* a date, a time of day was there */
	bool short_hour;	/* of one digit */
	bool bare;		/* nothing but digits */
	bool broken;		/* none, as something is there that is of a
				   time and not known for sure */
	int year, mon, day;	/* mon, day from 1 */
	int yday, wday;		/* only if yearless, from 1; 0: not there */
	bool monthless, dayless;	/* that is missing, too */
	int clock;		/* s of the day, to 86400 with a second 60 */
	int nsec;
	int off;		/* s east of UTC */
	int64_t ns;
	const char *sec;	/* where the seconds stand, NULL: nowhere */
	int sec_n;		/* with point and fraction */
};

/* Both read a time at p and return where it ends, NULL: none there.  local: a
   zone's name may be TZ's. */
const char *when_scan(struct when *, const char *p, const char *end,
    bool local);
const char *when_format(struct when *, const char *format, const char *p,
    const char *end, bool local);

/* Two digits, -1 if they are not. */
static inline int
digits2(const char *p)
{
	unsigned a = (unsigned char)p[0] - '0', b = (unsigned char)p[1] - '0';

	return a <= 9 && b <= 9 ? (int)(a * 10 + b) : -1;
}

/* A time is there, but not one whose meaning is certain. */
static inline const char *
broken(struct when *w)
{
	w->broken = true;
	return NULL;
}

/* In lower case, from January and from Sunday on. */
extern const char time_months[12][10], time_days[7][10];

/* Which of n names begins with the three letters at p, in any case; -1: none
   does. */
int name_scan(const char *p, const char *end, const char (*names)[10], int n);

/*
 * Parts of a time at p: where each ends, NULL if it is not there, with
 * when.broken if there is something that can't be read.  clock_scan:
 * hh:mm[:ss[.fraction]]; clock_packed: hh, mm and ss apart by sep or, with 0,
 * by nothing; offset_scan: +hh[[:]mm]; zone_scan: that or a name, perhaps
 * behind a blank; tail_scan: what may follow the time of day, p if nothing
 * does.
 */
const char *digits_fraction(const char *p, const char *end, int *nsec);
const char *clock_scan(struct when *, const char *p, const char *end);
const char *clock_packed(struct when *, const char *p, const char *end,
    char sep);
const char *offset_scan(struct when *, const char *p, const char *end);
const char *zone_scan(struct when *, const char *p, const char *end);
int zone_gap(const char *p, const char *end);
const char *tail_scan(struct when *, const char *p, const char *end,
    bool weekday);
int year_scan(const char *p, const char *end);
/* Whether d:dd or the like is at p, be it a time of day or not. */
bool clock_like(const char *p, const char *end);
bool date_valid(int year, int mon, int day);

/*
 * Days since 1970-01-01 of a date in the proleptic Gregorian calendar, years
 * from 1 on, and back, after Howard Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms": years begin in March, so that the leap day is the last.
 */
static inline int64_t
days_of(int year, int mon, int day)
{
	int y = year - (mon <= 2);
	int m = mon + (mon <= 2 ? 9 : -3);

	return INT64_C(365) * y + y / 4 - y / 100 + y / 400 +
	    (153 * m + 2) / 5 + day - 1 - 719468;
}

struct date {
	int year, mon, day;
};

static inline struct date
date_of(int64_t days)
{
	unsigned z = (unsigned)(days + 719468);		/* of year 0, March */
	unsigned era = z / 146097, doe = z % 146097;
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned m = (5 * doy + 2) / 153;
	struct date d;

	d.day = (int)(doy - (153 * m + 2) / 5) + 1;
	d.mon = (int)m + (m < 10 ? 3 : -9);
	d.year = (int)(yoe + era * 400) + (d.mon <= 2);
	return d;
}

/* What number_floor(a, b) leaves: 0 to b - 1. */
static inline int64_t
mod_floor(int64_t a, int64_t b)
{
	int64_t r = a % b;

	return r < 0 ? r + b : r;
}

/* sec + nsec as ns; false if that is out of int64_t. */
bool ns_join(int64_t *ns, int64_t sec, int nsec);

/* Makes ns of what was scanned in text, which is remembered if that pays.
   False: out of range. */
bool time_settle(struct time_reader *, struct when *, struct slice text,
    int64_t *ns);

/* Whether the nlast (not 0) bytes at p are the last text, except perhaps its
   seconds, and their time. */
bool time_recall(struct time_reader *, const char *p, int64_t *ns);

/* TZ's offset at a time in s since the epoch. */
int zone_offset(int64_t sec);

/* The offset of TZ's summer time, or of its other one, near a time. */
int zone_named(int64_t sec, bool summer);

/*
 * The time at which TZ's clock shows wall (s as if it were UTC).  If it does
 * so twice, *other is the later one; else *other is the result.  *plain: the
 * clock is not changed on the day before, on or after.
 */
int64_t zone_resolve(struct time_zone *, int64_t wall, int64_t *other,
    bool *plain);

#endif
