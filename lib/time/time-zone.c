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
		if (localtime_r(&t, &tm) != NULL &&
		    (tm.tm_isdst > 0) == summer)
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

/* The start of a window by the wall clock of a fixed offset. */
static int64_t
floor_offset(int64_t sec, int64_t width, int off)
{
	return sec - mod_floor(sec + off, width);
}

static int64_t
floor_local(int64_t sec, int64_t width)
{
	int now = zone_offset(sec), old;
	int64_t start = floor_offset(sec, width, now), turn, early;

	old = zone_offset(start);
	if (old != now) {
		turn = zone_change(start, sec);
		if (start + now - old >= turn)
			return turn;	/* the start was skipped */
		return floor_offset(turn - 1, width, old);
	}
	/* The wall clock may have shown this before, if it was put back. */
	old = zone_offset(start - (width < DAY ? width : DAY));
	early = start + now - old;
	if (old > now && old - now < width && zone_offset(early) == old)
		return early;
	return start;
}

/*
 * Windows of less than a second, or of broken ones, don't follow the wall
 * clock: only offsets from before 1972 would show.
 */
int64_t
time_floor(int64_t ns, int64_t width, bool local)
{
	int64_t from;

	if (width <= 0)
		return ns;
	if (!local || width % NS != 0) {
		from = mod_floor(ns, width);
		return ns < INT64_MIN + from ? INT64_MIN : ns - from;
	}
	if (!ns_join(&from, floor_local(number_floor(ns, NS), width / NS), 0))
		return ns < 0 ? INT64_MIN : INT64_MAX;
	return from;
}

/*
 * A window is at most twice as long as its width, where the clock is put
 * back, and may be shorter where it is put forward.
 */
int64_t
time_next(int64_t ns, int64_t width, bool local)
{
	int64_t from, next, before;

	if (width <= 0)
		return ns;
	if (!local || width % NS != 0) {
		next = width - mod_floor(ns, width);
		return ns > INT64_MAX - next ? INT64_MAX : ns + next;
	}
	from = time_floor(ns, width, true);
	if (from > INT64_MAX - width)
		return INT64_MAX;
	next = time_floor(from + width, width, true);
	if (next <= from && from > INT64_MAX - 2 * width)
		return INT64_MAX;
	if (next <= from)
		next = time_floor(from + 2 * width, width, true);
	while ((before = time_floor(next - 1, width, true)) > from)
		next = before;
	return next;
}
