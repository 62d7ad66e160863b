/* time.c - reading a field's times with what was read before in mind */
#include <time.h>

#include "lib/base/words.h"
#include "lib/time/time-inner.h"

/* 1678-01-01T00:00:00Z and the last ns of 2261: sentinels at the ends of
   int64_t are no times. */
#define LEAST	(INT64_C(-9214560000) * NS)
#define MOST	(INT64_C(9214646400) * NS - 1)

bool
ns_join(int64_t *ns, int64_t sec, int nsec)
{
	if (sec < 0 && nsec > 0) {
		sec++;
		nsec -= (int)NS;
	}
	if (sec > INT64_MAX / NS || sec < INT64_MIN / NS)
		return false;
	sec *= NS;
	if (nsec > 0 ? sec > INT64_MAX - nsec : sec < INT64_MIN - nsec)
		return false;
	*ns = sec + nsec;
	return true;
}

static int64_t
distance(int64_t a, int64_t b)
{
	return a < b ? b - a : a - b;
}

/* The wall clock's second for which when stands. */
static int64_t
when_wall(const struct when *w, int year)
{
	return days_of(year, w->mon, w->day) * DAY + w->clock;
}

/* Whether the day is one, and the time on it not beyond the limit.  *edge: not
   for all seconds of the minute. */
static bool
fits(const struct when *w, int64_t limit, bool *edge)
{
	int64_t late;

	if (!date_valid(w->year, w->mon, w->day))
		return false;
	late = when_wall(w, w->year) - limit;
	*edge |= late > -60 && late < 60;
	return late <= 0;
}

static void
set_date(struct when *w, int64_t days)
{
	struct date d = date_of(days);

	w->year = d.year;
	w->mon = d.mon;
	w->day = d.day;
}

/* The newest day on which the time is at most an hour beyond the hint, and
   which is that of the week if one was told. */
static void
find_day(struct when *w, int64_t limit, bool *edge)
{
	int64_t left = limit - DAY + 3600 - w->clock;
	int64_t day = number_floor(left, DAY);

	left -= day * DAY;
	*edge |= left < 60 || left > DAY - 60;
	while (w->wday != 0 && mod_floor(day + 4, 7) + 1 != w->wday)
		day--;
	set_date(w, day);
}

/* The newest year or month that puts the time at most a day after the hint,
   which limit is.  Leap days are at most 8 years apart. */
static bool
find_date(struct when *w, int64_t limit, int year, bool *edge)
{
	struct date d = date_of(number_floor(limit, DAY));
	int i;

	if (w->dayless) {
		find_day(w, limit, edge);
		return true;
	}
	for (i = 0; i < 10; i++) {
		w->year = year - i;
		if (w->monthless) {
			w->year = d.year - (d.mon <= i);
			w->mon = d.mon - i + (d.mon <= i ? 12 : 0);
		} else if (w->yday != 0) {
			set_date(w, days_of(w->year, 1, 1) + w->yday - 1);
			if (w->year != year - i)
				continue;
		}
		if (fits(w, limit, edge))
			return true;
	}
	return false;
}

/* What is missing of the date.  *edge: it may be another one for another second
   of the minute, or later. */
static bool
find_missing(struct time_reader *r, struct when *w, bool *edge)
{
	int64_t hint = r->newest_hint, sec;
	bool zoned;

	if (hint == 0) {
		hint = number_floor(time_now(), 60 * NS) * 60 * NS;
		*edge |= w->dayless;
	}
	sec = number_floor(hint, NS) + DAY;
	if (!r->limit_known || r->limit_hint != hint) {
		r->limit = sec + (r->local ? zone_offset(sec) : 0);
		r->limit_year = date_of(number_floor(r->limit, DAY)).year;
		r->limit_hint = hint;
		r->limit_known = true;
	}
	/* An offset may lead to a year more. */
	zoned = w->zoned || w->named != 0;
	if (!zoned)
		return find_date(w, r->limit, r->limit_year, edge);
	return find_date(w, sec + (w->named != 0 ?
	    zone_named(sec, w->named == 2) : w->off), r->limit_year + 1, edge);
}

/* When as s since the epoch.  *steady: another second of its minute is as far
   from it as it looks. */
static int64_t
resolve(struct time_reader *r, const struct when *w, bool *steady)
{
	int64_t wall = when_wall(w, w->year), sec, other, newest;

	*steady = true;
	if (w->named != 0)
		return wall - zone_named(wall, w->named == 2);
	if (w->zoned)
		return wall - w->off;
	if (!r->local)
		return wall;
	sec = zone_resolve(&r->zone, wall, &other, steady);
	newest = number_floor(r->newest, NS);
	r->twice |= other != sec;
	if (r->seen && distance(other, newest) <= distance(sec, newest))
		sec = other;
	return sec;
}

/* Remembers text, whose seconds the next one may differ in, if it is compared
   by words within its 64 bytes and a minute around it is in range. */
static void
remember(struct time_reader *r, struct slice text, const struct when *w,
    int64_t ns)
{
	unsigned char at = 0, n = 0;

	if (text.n < 8 || text.n > 64 || ns >= MOST - 61 * NS ||
	    ns <= LEAST + 61 * NS)
		return;
	r->last_minute = ns;
	r->whole = w->zoned && !w->yearless && is_digit(text.p[text.n - 1]);
	if (w->sec != NULL) {
		at = (unsigned char)(w->sec - text.p);
		n = (unsigned char)w->sec_n;
		r->last_minute -= digits2(w->sec) * NS;
		r->last_minute -= n > 2 ? w->nsec : 0;
	}
	if (r->nlast != text.n || r->sec_at != at || r->sec_n != n) {
		memset(r->same, 0xff, sizeof r->same);
		memset(r->same + at, 0, n);
		r->nlast = (unsigned char)text.n;
		r->sec_at = at;
		r->sec_n = n;
	}
	memcpy(r->last, text.p, text.n);
}

bool
time_settle(struct time_reader *r, struct when *w, struct slice text,
    int64_t *ns)
{
	bool steady = false, edge = false;

	if (w->epoch) {
		*ns = w->ns;
	} else {
		if (w->yearless && !find_missing(r, w, &edge))
			return false;
		if (!ns_join(ns, resolve(r, w, &steady), w->nsec))
			return false;
	}
	if (*ns < LEAST || *ns > MOST)
		return false;
	if (steady && !edge)
		remember(r, text, w, *ns);
	if (!r->seen || *ns > r->newest)
		r->newest = *ns;
	r->seen = true;
	return true;
}

/* Where the words at offset i of p and the last text differ outside the
   seconds. */
static uint64_t
differ(const struct time_reader *r, const char *p, size_t i)
{
	return (load_64(p + i) ^ load_64(r->last + i)) &
	    load_64((const char *)r->same + i);
}

bool
time_recall(struct time_reader *r, const char *p, int64_t *ns)
{
	size_t i, n = r->nlast;
	uint64_t d = differ(r, p, n - 8);
	const char *q, *end;
	int s, frac = 0;

	for (i = 0; i + 8 < n; i += 8)
		d |= differ(r, p, i);
	if (d != 0)
		return false;
	if (r->sec_n == 0) {
		*ns = r->last_minute;
		return true;
	}
	/* The seconds, laid out as in the remembered text. */
	q = p + r->sec_at;
	end = q + r->sec_n;
	s = digits2(q);
	if (s < 0 || s > 59)
		return false;
	if (r->sec_n > 2 && ((q[2] != '.' && q[2] != ',' && (q[2] != ':' ||
	    r->sec_n % 3 != 0 || r->sec_n > 12)) ||
	    digits_fraction(q + 3, end, &frac) != end))
		return false;
	*ns = r->last_minute + s * NS + frac;
	if (*ns > r->newest)
		r->newest = *ns;
	return true;
}

/* 16 to 32 bytes as words, which overlap. */
struct words {
	uint64_t a, b, c, d;
};

static inline struct words
words_of(const char *p, size_t n)
{
	return (struct words){ load_64(p), load_64(p + 8), load_64(p + n - 16),
	    load_64(p + n - 8) };
}

/* Without blanks around, nor brackets. */
static struct slice
trim(struct slice s)
{
	while (s.n > 0 && (is_blank(s.p[s.n - 1]) || s.p[s.n - 1] == '\r'))
		s.n--;
	while (s.n > 0 && (is_blank(*s.p) || *s.p == '\r')) {
		s.p++;
		s.n--;
	}
	if (s.n > 0 && *s.p == '[') {
		s.p++;
		s.n--;
	}
	if (s.n > 0 && s.p[s.n - 1] == ']')
		s.n--;
	return s;
}

bool
time_read(struct time_reader *r, struct slice text, int64_t *ns)
{
	struct when w;
	struct slice s;
	const char *end;

	if (text.n == 0)
		return false;
	if (text.n == r->nlast && time_recall(r, text.p, ns))
		return true;
	if (r->format != NULL) {
		end = text.p + text.n;
		return when_format(&w, r->format, text.p, end, r->local) ==
		    end && time_settle(r, &w, text, ns);
	}
	s = trim(text);
	if (s.n == 0)
		return false;
	end = when_scan(&w, s.p, s.p + s.n, r->local);
	if (end != s.p + s.n || (r->hours && !w.clocked && !w.epoch))
		return false;
	if (*text.p == '[' && text.p[text.n - 1] != ']' && !w.epoch && !w.zoned)
		return false;	/* cut at the blank before an offset */
	return time_settle(r, &w, text, ns);
}

bool
time_read_in(struct time_reader *r, struct slice text, struct slice rec,
    int64_t *ns)
{
	bool ok;

	if (time_read(r, text, ns))
		return true;
	if (!r->hours || time_clocked(rec))
		return false;
	r->hours = false;
	ok = time_read(r, text, ns);
	r->nlast = 0;
	r->hours = true;
	return ok;
}

/* time_recall for as many of n texts as it holds for, where seconds have no
   fraction and words of the text are its first and last two. */
static size_t
recall_all(struct time_reader *r, const struct slice *text, size_t n,
    int64_t *ns)
{
	const size_t len = r->nlast, sec = r->sec_at;
	const struct words last = words_of(r->last, len);
	const struct words same = words_of((const char *)r->same, len);
	int64_t newest = r->newest;
	struct words w;
	size_t i;
	int s;

	for (i = 0; i < n && text[i].n == len; i++) {
		w = words_of(text[i].p, len);
		s = digits2(text[i].p + sec);
		if ((((w.a ^ last.a) & same.a) | ((w.b ^ last.b) & same.b) |
		    ((w.c ^ last.c) & same.c) | ((w.d ^ last.d) & same.d)) !=
		    0 || s < 0 || s > 59)
			break;
		ns[i] = r->last_minute + s * NS;
		newest = ns[i] > newest ? ns[i] : newest;
	}
	r->newest = newest;
	return i;
}

size_t
time_read_all(struct time_reader *r, const struct slice *text, size_t n,
    int64_t *ns)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (r->nlast >= 16 && r->nlast <= 32 && r->sec_n == 2)
			i += recall_all(r, text + i, n - i, ns + i);
		if (i == n || !time_read(r, text[i], &ns[i]))
			break;
	}
	return i;
}

static char *
put2(char *p, int v)
{
	p[0] = (char)('0' + v / 10);
	p[1] = (char)('0' + v % 10);
	return p + 2;
}

/* Offsets of before railway time had seconds, which RFC 3339 has not: they
   are cut to minutes, and the time of day with them. */
size_t
time_put(char *out, int64_t ns, bool local)
{
	int64_t sec = number_floor(ns, NS), day;
	int off = local ? zone_offset(sec) / 60 * 60 : 0, clock, n, i;
	int nsec = (int)mod_floor(ns, NS);
	struct date d;
	char *p = out;

	day = number_floor(sec + off, DAY);
	clock = (int)(sec + off - day * DAY);
	d = date_of(day);
	p = put2(p, d.year / 100);
	p = put2(p, d.year % 100);
	*p++ = '-';
	p = put2(p, d.mon);
	*p++ = '-';
	p = put2(p, d.day);
	*p++ = 'T';
	p = put2(p, clock / 3600);
	*p++ = ':';
	p = put2(p, clock / 60 % 60);
	*p++ = ':';
	p = put2(p, clock % 60);
	if (nsec != 0) {
		for (n = 9; nsec % 1000 == 0; n -= 3)
			nsec /= 1000;
		*p++ = '.';
		for (i = n; i-- > 0; nsec /= 10)
			p[i] = (char)('0' + nsec % 10);
		p += n;
	}
	if (!local) {
		*p++ = 'Z';
		return (size_t)(p - out);
	}
	*p++ = off < 0 ? '-' : '+';
	off = off < 0 ? -off : off;
	p = put2(p, off / 3600);
	*p++ = ':';
	p = put2(p, off / 60 % 60);
	return (size_t)(p - out);
}

struct slice
time_bucket(struct time_reader *r, int64_t ns, const struct time_grid *g)
{
	if (ns < r->bucket.from || ns >= r->bucket.to) {
		time_span_floor(&r->bucket, ns, g, r->local);
		r->nbucket = (unsigned char)time_put(r->bucket_text,
		    r->bucket.from, r->local);
	}
	return (struct slice){ r->bucket_text, r->nbucket };
}

int64_t
time_less(int64_t a, int64_t b)
{
	if (b > 0 && a < INT64_MIN + b)
		return INT64_MIN;
	if (b < 0 && a > INT64_MAX + b)
		return INT64_MAX;
	return a - b;
}

int64_t
time_after(int64_t t, int64_t dur)
{
	return t > INT64_MAX - dur ? INT64_MAX : t + dur;
}

static int64_t
clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * NS + t.tv_nsec;
}

int64_t
time_now(void)
{
	return clock_ns(CLOCK_REALTIME);
}

int64_t
time_mono(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}
