/* time-scan.c - the known forms of a time, read by hand */
#include "lib/time/time-inner.h"

const char time_months[12][10] = {
	"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december"
};

const char time_days[7][10] = {
	"sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
	"saturday"
};

int
name_scan(const char *p, const char *end, const char (*names)[10], int n)
{
	char a, b, c;
	int i;

	if (end - p < 3)
		return -1;
	a = (char)lower(p[0]);
	b = (char)lower(p[1]);
	c = (char)lower(p[2]);
	for (i = 0; i < n; i++)
		if (names[i][0] == a && names[i][1] == b && names[i][2] == c)
			return i;
	return -1;
}

/* Where a name of three letters ends that goes on as rest does, or has a
   point; NULL: it is another word. */
static const char *
name_end(const char *p, const char *end, const char *rest)
{
	const char *q = p + 3;

	while (q < end && is_letter(*q) && lower(*q) == (unsigned char)*rest) {
		q++;
		rest++;
	}
	if (q < end && is_letter(*q))
		return NULL;
	if (q - p > 3 && *rest != '\0' && !(q - p == 4 && lower(p[0]) == 's'))
		return NULL;		/* but Sept */
	return q < end && *q == '.' ? q + 1 : q;
}

static const char *
month_scan(const char *p, const char *end, int *mon)
{
	*mon = name_scan(p, end, time_months, 12) + 1;
	return *mon == 0 ? NULL : name_end(p, end, time_months[*mon - 1] + 3);
}

bool
date_valid(int year, int mon, int day)
{
	static const char days[] = {
		31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (mon < 1 || mon > 12 || day < 1 || day > days[mon - 1])
		return false;
	return mon != 2 || day < 29 ||
	    (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/*
 * The bytes between a date and what may be the time of day directly behind
 * it, -1: nothing is.  *sure: they are such that hh:mm is one, without
 * seconds.
 */
static int
gap(const char *p, const char *end, bool *sure)
{
	int n = 0;

	*sure = true;
	if (end - p < 2)
		return -1;
	if ((*p == 'T' || *p == 't' || *p == ' ') && is_digit(p[1]))
		return 1;
	if (end - p > 4 && memcmp(p, " at ", 4) == 0)
		n = 4;
	for (; n < 5 && end - p > n + 1 && !is_alnum(p[n]); n++)
		*sure &= p[n] == ' ' || p[n] == '\t' || p[n] == ',' ||
		    (p[n] == '-' && p[n + 1] == ' ' && n > 0);
	return n > 0 && is_digit(p[n]) ? n : -1;
}

/* How many digits are at p, to 20. */
static int
count_digits(const char *p, const char *end)
{
	int n = 0;

	while (n < 20 && p + n < end && is_digit(p[n]))
		n++;
	return n;
}

/* Whether dd is at p, of the hours or minutes below max. */
static bool
two(const char *p, const char *end, int max)
{
	return end - p >= 2 && (unsigned)digits2(p) < (unsigned)max &&
	    (end - p == 2 || !is_digit(p[2]));
}

/* Whether hh-mm, hhhmm, hh.mm.ss, hh mm ss, hhmm, hhmmss or 12Z is at p: a
   time of day that is not read, as it may be something else. */
static bool
clock_odd(const char *p, const char *end)
{
	int n = count_digits(p, end);
	const char *q = p + n;
	char next = q < end ? *q : ' ';

	if (n == 4 || n == 6 || n == 9)
		return digits2(p) <= 24 && digits2(p + 2) < 60 &&
		    (n == 4 || digits2(p + 4) <= 60) && (!is_alnum(next) ||
		    lower(next) == 'z' || lower(next) == 'h') && (n != 4 ||
		    end - q < 2 || strchr("-/.", next) == NULL ||
		    !is_alnum(q[1]));		/* 2024-11 */
	if (!two(p, end, 25))
		return false;
	if (next == '.' || next == ' ')
		return two(q + 1, end, 60) && end - q >= 6 && q[3] == next &&
		    two(q + 4, end, 61) && (end - q == 6 ||
		    (q[6] != '.' && !is_alnum(q[6])));
	if (lower(next) == 'z')
		return end - q == 1 || !is_alnum(q[1]);
	return (next == '-' || next == '_' || lower(next) == 'h') &&
	    two(q + 1, end, 60);
}

/* A date is over at p: what it is that goes on with the time of day, if it
   does; p if it doesn't. */
static const char *
scan_day(struct when *w, const char *p, const char *end, bool weekday)
{
	const char *q, *from;
	bool sure;
	int n;

	w->dated = true;
	if ((n = gap(p, end, &sure)) < 0)
		return p;
	from = p + n;
	q = clock_scan(w, from, end);
	if (q == NULL && n == 1 && *p != ' ' && !w->broken)
		q = clock_packed(w, from, end, '.');
	if (q == NULL) {
		if (w->broken || lower(*p) == 't' || clock_like(from, end) ||
		    clock_odd(from, end))
			return broken(w);
		q = from + 1 + (end - from > 1 && is_digit(from[1]));
		q += q < end && *q == ' ';
		/* "3 PM" is an hour that is not read. */
		return end - q >= 2 && (lower(*q) == 'a' ||
		    lower(*q) == 'p') && lower(q[1]) == 'm' &&
		    (end - q == 2 || !is_alnum(q[2])) ? broken(w) : p;
	}
	if (!sure && w->sec == NULL) {
		w->clocked = false;
		w->clock = 0;
		return p;
	}
	return tail_scan(w, q, end, weekday);
}

/* A date that can't be read is over at p: a time is broken if one of day goes
   on. */
static const char *
no_day(struct when *w, const char *p, const char *end)
{
	bool sure;
	int n = gap(p, end, &sure);

	return n >= 0 && clock_like(p + n, end) ? broken(w) : NULL;
}

/* One or two digits. */
static const char *
scan_small(const char *p, const char *end, int *v)
{
	if (p == end || !is_digit(*p))
		return NULL;
	*v = *p++ - '0';
	if (p < end && is_digit(*p))
		*v = *v * 10 + *p++ - '0';
	return p < end && is_digit(*p) ? NULL : p;
}

/* yyyy-mm-dd, also with / or ., and the time of day behind it.  Without one
   there are no points and two digits each. */
static const char *
scan_iso(struct when *w, const char *p, const char *end)
{
	char sep = p[4];
	const char *q;
	bool whole = end - p >= 10 && p[7] == sep;

	w->year = digits2(p) * 100 + digits2(p + 2);
	if (whole) {
		w->mon = digits2(p + 5);
		w->day = digits2(p + 8);
		q = p + 10;
	}
	if (!whole || w->mon < 0 || w->day < 0) {
		whole = false;
		q = scan_small(p + 5, end, &w->mon);
		if (q == NULL || q == end || *q != sep ||
		    (q = scan_small(q + 1, end, &w->day)) == NULL)
			return NULL;
	}
	if (!date_valid(w->year, w->mon, w->day))
		return no_day(w, q, end);
	q = scan_day(w, q, end, false);
	return w->clocked || (whole && sep != '.') ? q : NULL;
}

/* yyyymmdd and a time of day, where T, - and _ may go before hhmmss */
static const char *
scan_basic(struct when *w, const char *p, const char *end)
{
	const char *q = p + 8;

	w->year = digits2(p) * 100 + digits2(p + 2);
	w->mon = digits2(p + 4);
	w->day = digits2(p + 6);
	if (end - p < 12 || !date_valid(w->year, w->mon, w->day))
		return NULL;
	w->dated = true;
	if (lower(*q) == 't' || *q == '-' || *q == '_') {
		q = clock_packed(w, q + 1, end, 0);
		if (q != NULL)
			return tail_scan(w, q, end, false);
		w->sec = NULL;
	}
	if (year_scan(p, p + 4) == 0)
		return NULL;
	q = scan_day(w, p + 8, end, false);
	return w->clocked ? q : NULL;
}

/* yyyymmddhhmmss[fff], which is too large for an epoch. */
static const char *
scan_compact(struct when *w, const char *p, const char *end, int n)
{
	const char *q = p + 14;

	w->year = year_scan(p, p + 4);
	w->mon = digits2(p + 4);
	w->day = digits2(p + 6);
	if (w->year == 0 || !date_valid(w->year, w->mon, w->day) ||
	    clock_packed(w, p + 8, q, 0) == NULL)
		return NULL;
	w->dated = w->bare = true;
	if (n == 17)
		q = digits_fraction(q, end, &w->nsec);
	else if (end - q >= 2 && *q == '.' && is_digit(q[1]))
		q = digits_fraction(q + 1, end, &w->nsec);
	w->sec_n = n == 17 ? 2 : (int)(q - w->sec);
	if (n == 17)
		w->sec = NULL;
	q = tail_scan(w, q, end, false);
	w->bare = !w->zoned;
	return q;
}

/* dd/Mon/yyyy:hh:mm:ss [+hhmm], after n digits of the day */
static const char *
scan_apache(struct when *w, const char *p, const char *end, int n)
{
	if (end - p < n + 10 || p[n + 4] != '/' || p[n + 9] != ':')
		return NULL;
	w->day = n == 2 ? digits2(p) : *p - '0';
	w->mon = name_scan(p + n + 1, end, time_months, 12) + 1;
	p += n + 5;
	if (digits2(p) < 0 || digits2(p + 2) < 0)
		return NULL;
	w->year = digits2(p) * 100 + digits2(p + 2);
	if (!date_valid(w->year, w->mon, w->day))
		return NULL;
	w->dated = true;
	if ((p = clock_scan(w, p + 5, end)) == NULL)
		return NULL;
	return tail_scan(w, p, end, false);
}

/* Months by name make a time only with a time of day; that in day and mon,
   and year if it is not 0. */
static const char *
scan_named(struct when *w, const char *p, const char *end, int weekday)
{
	w->yearless = w->year == 0;
	if (!date_valid(w->yearless ? 2000 : w->year, w->mon, w->day))
		return no_day(w, p, end);
	p = scan_day(w, p, end, weekday != 0);
	return p == NULL || !w->clocked || !date_valid(w->yearless ? 2000 :
	    w->year, w->mon, w->day) ? NULL : p;
}

/* dd Mon, dd-Mon-yyyy, dd Month yyyy: after n digits of the day. */
static const char *
scan_day_first(struct when *w, const char *p, const char *end, int n,
    int weekday)
{
	char sep = p[n];
	const char *q;
	int y;

	w->day = n == 2 ? digits2(p) : *p - '0';
	p = month_scan(p + n + 1, end, &w->mon);
	if (p == NULL || p == end)
		return NULL;
	if (*p != sep && *p != ' ' && *p != ',')
		return NULL;
	q = p + 1;
	q += *p == ',' && q < end && *q == ' ';
	if ((w->year = year_scan(q, end)) != 0)
		return scan_named(w, q + 4, end, weekday);
	if (end - q <= 2 || (y = digits2(q)) < 0 || is_digit(q[2]) ||
	    q[2] == ':')
		return scan_named(w, p, end, weekday);
	/* The century is that in which the date falls on the weekday. */
	for (y += 2000; y >= 1900; y -= 100)
		if (date_valid(y, w->mon, w->day) && mod_floor(days_of(y,
		    w->mon, w->day) + 4, 7) + 1 == weekday) {
			w->year = y;
			return scan_named(w, q + 2, end, weekday);
		}
	return no_day(w, q + 2, end);
}

/* yyyy Mon dd, with blanks, - or / */
static const char *
scan_year_first(struct when *w, const char *p, const char *end)
{
	char sep = p[4];

	if ((w->year = year_scan(p, p + 4)) == 0)
		return NULL;
	p = month_scan(p + 5, end, &w->mon);
	if (p == NULL || p == end || *p != sep)
		return NULL;
	p += 1 + (sep == ' ' && end - p > 1 && p[1] == ' ');
	if ((p = scan_small(p, end, &w->day)) == NULL)
		return NULL;
	return scan_named(w, p, end, 0);
}

/* nn/nn/nn, nn.nn.nnnn, nn-nn: nobody knows which is which. */
static const char *
scan_unsure(struct when *w, const char *p, const char *end)
{
	char sep;
	int v;

	if ((p = scan_small(p, end, &v)) == NULL || p == end)
		return NULL;
	sep = *p;
	if ((p = scan_small(p + 1, end, &v)) == NULL || p == end)
		return NULL;
	if (*p == sep)
		while (++p < end && is_digit(*p))
			;
	else if (sep == '.')
		return NULL;		/* a number */
	return no_day(w, p, end);
}

/* n digits, the size telling the unit, and a fraction.  An offset behind
   seconds (git's raw form) changes nothing. */
static const char *
scan_epoch(struct when *w, const char *p, const char *end, int n)
{
	int64_t unit = n <= 11 ? NS : n <= 14 ? NS / 1000 : n <= 17 ? 1000 : 1;
	uint64_t v = 0;
	const char *q;
	int frac = 0;

	if (n > 19)
		return NULL;
	for (; n > 0; n--, p++)
		v = v * 10 + (uint64_t)(*p - '0');
	if (unit > 1 && end - p >= 2 && *p == '.' && is_digit(p[1]))
		p = digits_fraction(p + 1, end, &frac);
	frac = (int)(frac / (NS / unit));
	if (v > (uint64_t)((INT64_MAX - frac) / unit))
		return NULL;
	w->epoch = true;
	w->ns = (int64_t)v * unit + frac;
	if (unit == NS && end - p >= 6 && *p == ' ' &&
	    (p[1] == '+' || p[1] == '-') &&
	    (q = offset_scan(w, p + 1, end)) != NULL && q - p == 6)
		return q;
	return p;
}

/* A form that begins with a digit; weekday: that went before it. */
static const char *
scan_digits(struct when *w, const char *p, const char *end, int weekday)
{
	int n = count_digits(p, end);
	const char *q = NULL;
	char sep = end - p > n + 4 ? p[n] : '\0';

	if (n == 4 && (sep == '-' || sep == '/' || sep == '.' || sep == ' ')) {
		if (sep != ' ' && is_digit(p[5]))
			return scan_iso(w, p, end);
		if (is_letter(p[5]))
			q = scan_year_first(w, p, end);
	} else if (n <= 2 && sep != '\0' && is_letter(p[n + 1])) {
		if (sep == '/')
			q = scan_apache(w, p, end, n);
		if (q == NULL && !w->broken && (sep == ' ' || sep == '-' ||
		    sep == '/'))
			q = scan_day_first(w, p, end, n, weekday);
	} else if (n <= 2 && (sep == '/' || sep == '-' || sep == '.') &&
	    is_digit(p[n + 1])) {
		q = scan_unsure(w, p, end);
	} else if (n == 8 && sep != '\0') {
		q = scan_basic(w, p, end);
	} else if (n == 6 && sep == ' ') {
		q = no_day(w, p + n, end);
	} else if (n == 14 || n == 17) {
		q = scan_compact(w, p, end, n);
	}
	if (q != NULL || w->broken)
		return q;
	*w = (struct when){ .local = w->local };
	return weekday != 0 ? NULL : scan_epoch(w, p, end, n);
}

/* Immdd hh:mm:ss.ffffff, Iyyyymmdd hh:mm:ss.ffffff (glog, klog): a level's
   letter before the date. */
static const char *
scan_level(struct when *w, const char *p, const char *end)
{
	int n = count_digits(p + 1, end);

	if (strchr("IWEFD", *p) == NULL || (n != 4 && n != 8) ||
	    end - p < n + 10 || p[n + 1] != ' ')
		return NULL;
	if (n == 8 && (w->year = year_scan(p + 1, p + 5)) == 0)
		return NULL;
	p += n - 3;
	w->yearless = n == 4;
	w->mon = digits2(p);
	w->day = digits2(p + 2);
	if (!date_valid(w->yearless ? 2000 : w->year, w->mon, w->day) ||
	    (p = clock_scan(w, p + 5, end)) == NULL || w->sec == NULL)
		return NULL;
	w->dated = true;
	return p < end && is_alnum(*p) ? NULL : p;
}

/*
 * [Www[,] ]Mon dd[[,] yyyy] hh:mm:ss and what may follow, the day with a
 * blank or 0 or neither; a weekday before a form that begins with a digit.
 */
static const char *
scan_names(struct when *w, const char *p, const char *end)
{
	int weekday = 0;
	const char *q = month_scan(p, end, &w->mon);

	if (q == NULL) {
		weekday = name_scan(p, end, time_days, 7) + 1;
		if (weekday == 0 || (p = name_end(p, end,
		    time_days[weekday - 1] + 3)) == NULL)
			return NULL;
		p += p < end && *p == ',';
		if (p == end || *p++ != ' ')
			return NULL;
		if (p < end && is_digit(*p))
			return scan_digits(w, p, end, weekday);
		q = month_scan(p, end, &w->mon);
	}
	if (q == NULL || end - q < 2 || *q != ' ')
		return NULL;
	p = q + 1 + (q[1] == ' ');
	if ((p = scan_small(p, end, &w->day)) == NULL || p == end)
		return NULL;
	q = p + (*p == ',');
	if (q < end && *q == ' ' && (w->year = year_scan(q + 1, end)) != 0)
		p = q + 5;
	return scan_named(w, p, end, weekday);
}

/* @ and 24 hex digits: TAI64N as multilog and svlogd write it, 10 s before
   what the clock counts. */
static const char *
scan_tai(struct when *w, const char *p, const char *end)
{
	uint64_t v[2] = { 0, 0 };
	int i, d;

	if (end - p < 25)
		return NULL;
	for (i = 0; i < 24; i++) {
		if ((d = hex_value(p[1 + i])) < 0)
			return NULL;
		v[i >= 16] = v[i >= 16] << 4 | (unsigned)d;
	}
	if (v[1] >= (uint64_t)NS || v[0] >> 63 != 0 ||
	    !ns_join(&w->ns, (int64_t)v[0] - (INT64_C(1) << 62) - 10,
	    (int)v[1]))
		return NULL;
	w->epoch = true;
	return p + 25;
}

const char *
when_scan(struct when *w, const char *p, const char *end, bool local)
{
	int n;

	*w = (struct when){ .local = local };
	if (p == end)
		return NULL;
	if (is_digit(*p))
		return scan_digits(w, p, end, 0);
	if (is_letter(*p))
		return end - p > 1 && is_digit(p[1]) ? scan_level(w, p, end) :
		    scan_names(w, p, end);
	if (*p == '@')
		return scan_tai(w, p, end);
	if (*p != '-' || (n = count_digits(p + 1, end)) == 0)
		return NULL;
	if ((p = scan_epoch(w, p + 1, end, n)) != NULL)
		w->ns = -w->ns;
	return p;
}
