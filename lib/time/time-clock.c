/* time-clock.c - times of day, and what may stand behind one */
#include <time.h>

#include "lib/time/time-inner.h"

/* The digits at p as a fraction: nine count.  Where they end. */
const char *
digits_fraction(const char *p, const char *end, int *nsec)
{
	int v = 0, n = 0;

	for (; p < end && is_digit(*p); p++)
		if (n < 9) {
			v = v * 10 + (*p - '0');
			n++;
		}
	for (; n < 9; n++)
		v *= 10;
	*nsec = v;
	return p;
}

/* Behind a colon only whole groups of three digits are a fraction. */
static const char *
scan_fraction(struct when *w, const char *p, const char *end)
{
	const char *q;

	if (end - p < 2 || !is_digit(p[1]) ||
	    (*p != '.' && *p != ',' && *p != ':'))
		return p;
	q = digits_fraction(p + 1, end, &w->nsec);
	if (*p == ':' && q - p != 4 && q - p != 7 && q - p != 10)
		return broken(w);
	if (end - q >= 2 && (*q == '.' || *q == ':') && is_digit(q[1]))
		return broken(w);
	return q;
}

/* Within the clock's 24 hours and a second 60, or 24:00. */
static bool
set_clock(struct when *w, int h, int m, int s)
{
	if ((unsigned)m > 59 || (unsigned)s > 60 || (unsigned)h > 24 ||
	    (h == 24 && (m != 0 || s != 0 || w->nsec != 0)))
		return false;
	if (h == 24)
		w->sec = NULL;		/* has no other seconds */
	w->clock = h * 3600 + m * 60 + s;
	w->clocked = true;
	return true;
}

/* hh:mm[:ss[.fraction]], the hour of one digit or two */
const char *
clock_scan(struct when *w, const char *p, const char *end)
{
	int h, m, s = 0;

	if (end - p >= 5 && p[2] == ':') {
		h = digits2(p);
		p += 3;
	} else if (end - p >= 4 && p[1] == ':' && is_digit(*p)) {
		h = *p - '0';
		p += 2;
	} else
		return NULL;
	m = digits2(p);
	p += 2;
	if (h < 0 || m < 0)
		return NULL;
	if (end - p >= 2 && *p == ':' && is_alnum(p[1])) {
		if (end - p < 3 || (s = digits2(p + 1)) < 0)
			return broken(w);
		w->sec = p + 1;
		p = scan_fraction(w, p + 3, end);
		if (p == NULL)
			return NULL;
		w->sec_n = (int)(p - w->sec);
	} else if (end - p >= 2 && *p == '.' && is_digit(p[1]))
		return broken(w);
	if (p < end && is_digit(*p))
		return w->sec == NULL ? NULL : broken(w);
	return set_clock(w, h, m, s) ? p : broken(w);
}

/* n digits apart by sep (0: by nothing): hhmmss, hh.mm.ss; a fraction */
const char *
clock_packed(struct when *w, const char *p, const char *end, char sep)
{
	int step = sep == 0 ? 2 : 3, h, m, s;

	if (end - p < 2 * step + 2 ||
	    (sep != 0 && (p[2] != sep || p[5] != sep)))
		return NULL;
	h = digits2(p);
	m = digits2(p + step);
	s = digits2(p + 2 * step);
	if (h < 0 || m < 0 || s < 0)
		return NULL;
	w->sec = p + 2 * step;
	p = scan_fraction(w, w->sec + 2, end);
	if (p == NULL)
		return NULL;
	w->sec_n = (int)(p - w->sec);
	return set_clock(w, h, m, s) ? p : broken(w);
}

/* Whether d:dd or dd:dd is at p, be it a time of day or not. */
bool
clock_like(const char *p, const char *end)
{
	int n = end - p >= 2 && is_digit(p[1]) ? 2 : 1;

	return end - p >= n + 2 && is_digit(*p) && p[n] == ':' &&
	    is_digit(p[n + 1]);
}

/* +hh, +hhmm or +hh:mm, and no more digits behind it. */
const char *
offset_scan(struct when *w, const char *p, const char *end)
{
	int h, m = 0, sign = *p == '-' ? -1 : 1;

	p++;
	if (end - p < 2 || (h = digits2(p)) < 0 || h > 23)
		return NULL;
	p += 2;
	if (end - p >= 3 && *p == ':' && digits2(p + 1) >= 0)
		p++;
	if (end - p >= 2 && (m = digits2(p)) >= 0)
		p += 2;
	else
		m = 0;
	if (m > 59 || (p < end && is_digit(*p)) ||
	    (end - p >= 2 && *p == ':' && is_digit(p[1])))
		return NULL;
	w->off = sign * (h * 3600 + m * 60);
	w->zoned = true;
	return p;
}

/* Zones' names.  Those of RFC 822, which come first, mean one thing; the others
   are used for several, or not everybody's tables have them, and are in no
   time. */
enum { SURE = 11 };

static const signed char zone_hours[SURE] = {
	0, 0, 0, -5, -4, -6, -5, -7, -6, -8, -7
};

static const char zone_names[][6] = {
	"UTC", "GMT", "UT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST",
	"PDT",
	"CET", "CEST", "MET", "MEST", "MEZ", "MESZ", "WET", "WEST", "EET",
	"EEST", "BST", "IST", "IDT", "MSK", "MSD", "TRT", "PKT", "NPT", "ICT",
	"WIB", "WITA", "WIT", "PHT", "SGT", "MYT", "HKT", "JST", "KST", "AWST",
	"ACST", "ACDT", "AEST", "AEDT", "NZST", "NZDT", "SAST", "CAT", "EAT",
	"WAT", "BRT", "BRST", "ART", "CLT", "CLST", "COT", "PET", "AST", "ADT",
	"NST", "NDT", "AKST", "AKDT", "HST", "HDT"
};

enum { ZONES = sizeof zone_names / sizeof *zone_names };

/* Which name the n bytes are; UTC and GMT in any case.  -1: none of them.
   They are found the fastest that are none: by their last letter. */
static int
find_name(const char *p, size_t n)
{
	int i;

	if (n == 3)
		for (i = 0; i < 2; i++)
			if (((p[0] ^ zone_names[i][0]) & 0xdf) == 0 &&
			    ((p[1] ^ zone_names[i][1]) & 0xdf) == 0 &&
			    ((p[2] ^ zone_names[i][2]) & 0xdf) == 0)
				return i;
	if (!is_upper(p[1]) || strchr("TZKDBA", p[n - 1]) == NULL)
		return -1;
	for (i = 0; i < ZONES; i++)
		if (*p == *zone_names[i] && memcmp(p, zone_names[i], n) == 0 &&
		    zone_names[i][n] == '\0')
			return i;
	return -1;
}

/* Europe/Berlin and the like. */
static bool
is_area(const char *p, const char *end)
{
	static const char *const areas[] = {
		"Africa", "America", "Antarctica", "Arctic", "Asia",
		"Atlantic", "Australia", "Europe", "Indian", "Pacific", "Etc",
		"US"
	};
	size_t i, n;

	for (i = 0; i < sizeof areas / sizeof *areas; i++) {
		n = strlen(areas[i]);
		if ((size_t)(end - p) > n + 1 && p[n] == '/' &&
		    is_letter(p[n + 1]) && memcmp(p, areas[i], n) == 0)
			return true;
	}
	return false;
}

/* UTC+1, GMT+0100, UTC-05:30: what stands behind the three letters. */
static const char *
scan_utc_offset(struct when *w, const char *p, const char *end)
{
	const char *q;

	if (end - p < 2 || (*p != '+' && *p != '-') || !is_digit(p[1]))
		return p;
	if (end - p == 2 || !is_alnum(p[2])) {
		w->off = (*p == '-' ? -3600 : 3600) * (p[1] - '0');
		return end - p > 3 && p[2] == ':' && is_digit(p[3]) ?
		    broken(w) : p + 2;
	}
	q = offset_scan(w, p, end);
	return q == NULL ? broken(w) : q;
}

/* A zone's name at p. */
static const char *
scan_name(struct when *w, const char *p, const char *end)
{
	const char *q = p;
	size_t n;
	int z;

	while (q < end && is_letter(*q))
		q++;
	if (q < end && *q == '/' && is_area(p, end)) {
		if (end - p < 7 || (memcmp(p, "Etc/UTC", 7) != 0 &&
		    memcmp(p, "Etc/GMT", 7) != 0) ||
		    (end - p > 7 && (is_alnum(p[7]) || p[7] == '+' ||
		    p[7] == '-')))
			return broken(w);
		w->zoned = true;
		return p + 7;
	}
	if (q - p < 2 || q - p > 5 ||
	    (q < end && (is_alnum(*q) || *q == '_')))
		return NULL;
	n = (size_t)(q - p);
	for (z = 0; w->local && z < 2; z++)
		if (strlen(tzname[z]) == n && memcmp(tzname[z], p, n) == 0) {
			w->named = 1 + z;
			return q;
		}
	if ((z = find_name(p, n)) < 0)
		return NULL;
	if (z >= SURE)
		return broken(w);
	w->off = zone_hours[z] * 3600;
	w->zoned = true;
	return n == 3 && zone_hours[z] == 0 ? scan_utc_offset(w, q, end) : q;
}

/* The name, in brackets or not, that some write behind an offset. */
static const char *
skip_name(const char *p, const char *end)
{
	const char *q = p + 1;

	if (end - p < 3 || *p != ' ')
		return p;
	if (*q == '(') {
		while (++q < end && (is_letter(*q) || *q == ' '))
			;
		return q < end && *q == ')' ? q + 1 : p;
	}
	while (q < end && is_upper(*q))
		q++;
	return (q < end && is_alnum(*q)) || q - p > 6 || q - p < 3 ||
	    find_name(p + 1, (size_t)(q - p) - 1) < 0 ? p : q;
}

/* An offset or a zone at p or behind one blank: where it ends.  NULL: none;
   w->broken: one that can't be read. */
const char *
zone_scan(struct when *w, const char *p, const char *end)
{
	bool apart = p < end && is_blank(*p);
	const char *q;

	p += apart;
	if (p == end)
		return NULL;
	if (*p == '+' || *p == '-') {
		if ((q = offset_scan(w, p, end)) != NULL)
			return skip_name(q, end);
		if (!apart && end - p > 1 && is_digit(p[1]) &&
		    !(*p == '-' && clock_like(p + 1, end)))
			return broken(w);
		return NULL;		/* a number, or the end of a span */
	}
	if (apart && *p == '(') {
		q = scan_name(w, p + 1, end);
		return q != NULL && q < end && *q == ')' ? q + 1 : q;
	}
	if (!is_letter(*p))
		return NULL;
	if (*p == 'Z' || (*p == 'z' && !apart)) {
		if (end - p > 1 && (is_alnum(p[1]) || p[1] == '_'))
			return NULL;
		w->off = 0;
		w->zoned = true;
		return p + 1;
	}
	return scan_name(w, p, end);
}

/* A blank, also one that is not to be broken (U+00A0, U+202F): its bytes. */
static int
one_blank(const char *p, const char *end)
{
	if (p == end)
		return 0;
	if (is_blank(*p))
		return 1;
	if (end - p >= 2 && memcmp(p, "\xc2\xa0", 2) == 0)
		return 2;
	return end - p >= 3 && memcmp(p, "\xe2\x80\xaf", 3) == 0 ? 3 : 0;
}

/* AM or PM, a.m. or p.m.: where it ends, p if there is none. */
static const char *
half_scan(struct when *w, const char *p, const char *end)
{
	int hour = w->clock / 3600;
	const char *q = p + one_blank(p, end);
	bool pm;

	if (end - q < 2 || (lower(*q) != 'a' && lower(*q) != 'p'))
		return p;
	pm = lower(*q++) == 'p';
	if (lower(*q) == 'm')
		q++;
	else if (end - q >= 3 && memcmp(q, ".m.", 3) == 0)
		q += 3;
	else
		return p;
	if (q < end && is_alnum(*q))
		return p;
	if (hour == 0 || hour > 12)
		return !pm && q[-1] == 'm' ? p : broken(w); /* a word */
	w->clock += (pm ? 12 : 0) * 3600 - (hour == 12 ? 12 * 3600 : 0);
	return q;
}

/* Four digits as a year of our range, 0: not that. */
int
year_scan(const char *p, const char *end)
{
	int c, y;

	if (end - p < 4 || (end - p > 4 && is_alnum(p[4])))
		return 0;
	c = digits2(p);
	y = digits2(p + 2);
	return c >= 16 && c <= 22 && y >= 0 ? c * 100 + y : 0;
}

/* " yyyy", also behind a zone that is not known: that one's time is not.
   Only a weekday makes a year of any four digits. */
static const char *
scan_year(struct when *w, const char *p, const char *end, bool weekday)
{
	const char *q = p + 1;
	int n = 0, year;

	if (end - p < 5 || *p != ' ')
		return p;
	while (end - q > n && n < 6 && is_upper(q[n]))
		n++;
	if (n >= 3 && n <= 5 && end - q > n && q[n] == ' ')
		q += n + 1;
	year = year_scan(q, end);
	if (year == 0 || (!weekday && (year < 1970 || year > 2099)))
		return p;
	if (q != p + 1)
		return broken(w);
	w->year = year;
	w->yearless = false;
	return q + 4;
}

/*
 * All that may follow a time of day: AM or PM, a zone, the year if it was
 * not there yet, an offset behind that.  NULL: what follows is of the time,
 * but can't be read.
 */
const char *
tail_scan(struct when *w, const char *p, const char *end, bool weekday)
{
	const char *q;

	if (p == end)
		return p;
	if ((p = half_scan(w, p, end)) == NULL)
		return NULL;
	if ((q = zone_scan(w, p, end)) != NULL)
		p = q;
	if (w->yearless && !w->broken)
		p = scan_year(w, p, end, weekday);
	if (w->broken || p == NULL)
		return NULL;
	if (!w->yearless && !w->zoned && w->named == 0 &&
	    (q = zone_scan(w, p, end)) != NULL)
		p = q;
	if (w->broken || (p < end && is_alnum(*p)))
		return broken(w);
	return p;
}
