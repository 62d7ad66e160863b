/* time-zone.c - TZ's clock: offsets, wall clock times, windows */
#include <time.h>

#include "lib/time/time-inner.h"

int
zone_offset(int64_t sec)
{
	time_t t = (time_t)sec;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return 0;
	return (int)(days_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) *
	    DAY + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec - sec);
}

/* Looked for around the time, in steps of two months for four years. */
int
zone_named(int64_t sec, bool summer)
{
	int64_t step = 60 * DAY;
	struct tm tm;
	time_t t;
	int i;

	for (i = 0; i < 50; i++) {
		t = (time_t)(sec + (i % 2 != 0 ? -1 : 1) * (i + 1) / 2 * step);
		if (localtime_r(&t, &tm) != NULL && (tm.tm_isdst > 0) == summer)
			return zone_offset(t);
	}
	return zone_offset(sec);
}

/* The first second with the offset that sec has, given one before it that
   has another. */
static int64_t
zone_change(int64_t lo, int64_t sec)
{
	int off = zone_offset(sec);
	int64_t mid;

	while (sec - lo > 1) {
		mid = lo + (sec - lo) / 2;
		if (zone_offset(mid) == off)
			sec = mid;
		else
			lo = mid;
	}
	return sec;
}

/*
 * No offset is as large as a day: if those of a day before and a day after
 * are the same, the wall clock's day is even.  (Two changes within three days
 * that undo each other have not been seen.)  Else the change is searched for.
 */
int64_t
zone_resolve(struct time_zone *z, int64_t wall, int64_t *other, bool *plain)
{
	int64_t day = number_floor(wall, DAY), first, second;

	if (!z->known || z->day != day) {
		z->known = true;
		z->day = day;
		z->before = zone_offset((day - 1) * DAY);
		z->after = zone_offset((day + 2) * DAY);
		z->turn = z->before == z->after ? INT64_MAX :
		    zone_change((day - 1) * DAY, (day + 2) * DAY);
	}
	first = *other = wall - z->before;
	*plain = z->turn == INT64_MAX && z->before % 60 == 0;
	second = wall - z->after;
	if (second >= z->turn)
		*other = second;
	/* Where both are not there it was skipped: the gap's length later. */
	return first < z->turn ? first : *other;
}

/* The start of a window by a clock that is never set: wall in s, and so the
   grid's parts. */
static int64_t
floor_wall(int64_t wall, const struct time_grid *g)
{
	int64_t width = g->width / NS, shift = g->shift / NS;
	struct date d;

	if (g->months == 0)
		return wall - mod_floor(wall - shift, width);
	d = date_of(number_floor(wall - shift, DAY));
	return days_of(d.year, d.mon - (d.mon - 1) % g->months, 1) * DAY +
	    shift;
}

static int64_t
floor_local(int64_t sec, const struct time_grid *g)
{
	int64_t width = g->width / NS, start, turn, early;
	int now = zone_offset(sec), old;

	start = floor_wall(sec + now, g) - now;
	old = zone_offset(start);
	if (old != now) {
		turn = zone_change(start, sec);
		if (start + now - old >= turn)
			return turn;	/* the start was skipped */
		return floor_local(turn - 1, g);
	}
	/* The wall clock may have shown this before, if it was put back. */
	old = zone_offset(start - (width < DAY ? width : DAY));
	early = start + now - old;
	if (old > now && old - now < width && zone_offset(early) == old)
		return early;
	return start;
}

/* How far ns is into its window, where all are as long; else below 0.  Windows
   of less than a second, or of broken ones, don't follow the wall clock: only
   offsets from before 1972 would show. */
static int64_t
even_part(int64_t ns, const struct time_grid *g, bool local)
{
	if (g->months > 0 || (local && g->width % NS == 0 &&
	    g->shift % NS == 0))
		return -1;
	return mod_floor(mod_floor(ns, g->width) - g->shift, g->width);
}

int64_t
time_floor(int64_t ns, const struct time_grid *g, bool local)
{
	int64_t from, sec;

	if (g->width <= 0)
		return ns;
	from = even_part(ns, g, local);
	if (from >= 0)
		return ns < INT64_MIN + from ? INT64_MIN : ns - from;
	sec = number_floor(ns, NS);
	if (!ns_join(&from, local ? floor_local(sec, g) : floor_wall(sec, g),
	    0))
		return ns < 0 ? INT64_MIN : INT64_MAX;
	return from;
}

/*
 * A window is at most twice as long as its width, where the clock is put
 * back, and may be shorter where it is put forward, or of a short month.
 */
int64_t
time_next(int64_t ns, const struct time_grid *g, bool local)
{
	int64_t from, next, before, width = g->width;

	if (width <= 0)
		return ns;
	from = even_part(ns, g, local);
	if (from >= 0)
		return ns > INT64_MAX - (width - from) ? INT64_MAX :
		    ns + (width - from);
	from = time_floor(ns, g, local);
	if (from > INT64_MAX - width)
		return INT64_MAX;
	next = time_floor(from + width, g, local);
	if (next <= from && from > INT64_MAX - 2 * width)
		return INT64_MAX;
	if (next <= from)
		next = time_floor(from + 2 * width, g, local);
	while ((before = time_floor(next - 1, g, local)) > from)
		next = before;
	return next;
}
