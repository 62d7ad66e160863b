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
		w->short_hour = true;
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

/* U+2010 to U+2013 */
static bool
is_dash(const char *p)
{
	return memcmp(p, "\xe2\x80", 2) == 0 && (unsigned char)p[2] - 0x90u < 4;
}

/* A sign before a digit, also U+2212, a plus as addresses have it (%2B) and
   the hyphens and dashes that are no sign: its bytes, 0 if it is none. */
static int
sign_scan(const char *p, const char *end)
{
	if (end - p >= 2 && (*p == '+' || *p == '-'))
		return is_digit(p[1]);
	return end - p >= 4 && is_digit(p[3]) &&
	    (memcmp(p, "\xe2\x88\x92", 3) == 0 || (p[0] == '%' &&
	    p[1] == '2' && lower(p[2]) == 'b') || is_dash(p)) ? 3 : 0;
}

int
zone_gap(const char *p, const char *end)
{
	int n = 0, k;

	for (; p + n < end && !is_alnum(p[n]); n += k) {
		k = 1;
		if ((unsigned char)p[n] >= 0x80 || p[n] == '+' || p[n] == '-' ||
		    p[n] == '%') {
			if (sign_scan(p + n, end) > 0)
				break;
			if ((unsigned char)p[n] >= 0x80)
				k = one_blank(p + n, end);
		}
		if (k == 0 || n + k > 4)
			return -1;
	}
	return p + n == end ? -1 : n;
}

/* +hh, +hhmm, +hh:mm or +h:mm, from -12 to +14 as there are on earth, and
   nothing behind it that goes on with it. */
const char *
offset_scan(struct when *w, const char *p, const char *end)
{
	int n = sign_scan(p, end), h, m = 0;
	int sign = *p == '+' || *p == '%' ? 1 : -1;

	if (n == 0 || (n == 3 && is_dash(p)))
		return NULL;
	p += n;
	if (end - p >= 4 && p[1] == ':' && !(w->short_hour && sign < 0)) {
		h = *p++ - '0';
	} else if (end - p >= 2 && (h = digits2(p)) >= 0) {
		p += 2;
	} else {
		return NULL;
	}
	if (end - p >= 3 && *p == ':' && digits2(p + 1) >= 0)
		p++;
	if (end - p >= 2 && (m = digits2(p)) >= 0)
		p += 2;
	else
		m = 0;
	if (m > 59 || h * 60 + m > (sign < 0 ? 720 : 840) ||
	    (p < end && is_digit(*p)) ||
	    (end - p >= 2 && (*p == ':' || *p == '.') && is_digit(p[1])))
		return NULL;
	w->off = sign * (h * 3600 + m * 60);
	w->zoned = true;
	return p;
}

/* Whether a sign and digits, apart from the time, can be no number: there is a
   colon, or four digits of which the sign or the first is no number's. */
static bool
offset_sure(const char *p, const char *end)
{
	const char *q = p + sign_scan(p, end);
	int n = 0;

	while (n < 5 && q + n < end && is_digit(q[n]))
		n++;
	return n == 4 ? *p == '+' || *q == '0' :
	    n <= 2 && q + n < end && q[n] == ':';
}

/* What offset_scan can't read, but may be meant so: -800, +25:00, not the end
   of a span. */
static bool
offset_like(const char *p, const char *end)
{
	const char *q = p + sign_scan(p, end);
	int n = 0, m;

	while (n < 4 && q + n < end && is_digit(q[n]))
		n++;
	if (n <= 2 && end - q >= n + 3 && q[n] == ':' &&
	    digits2(q + n + 1) >= 0)
		return end - q < n + 5 || q[n + 3] != ':' ||
		    !is_digit(q[n + 4]);
	if (n != 3 || (end - q > 3 && is_alnum(q[3])) ||
	    (end - q > 4 && q[3] == '.' && is_digit(q[4])))
		return false;
	m = digits2(q + 1);
	return m < 60 && m % 15 == 0;
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

/* Pacific Standard Time and the like; all its words are in capitals. */
static bool
is_long(const char *p, const char *end)
{
	static const char *const last[] = {
		"Standard Time", "Daylight Time", "Summer Time"
	};
	size_t i, n;
	int words;

	for (words = 0; words < 4; words++) {
		while (p < end && (is_letter(*p) || *p == '.'))
			p++;
		if (end - p < 2 || *p != ' ' || !is_upper(*++p))
			return false;
		for (i = 0; i < sizeof last / sizeof *last; i++) {
			n = strlen(last[i]);
			if ((size_t)(end - p) >= n &&
			    memcmp(p, last[i], n) == 0)
				return true;
		}
	}
	return false;
}

/* UTC+1, GMT+0100, UTC-05:30, UTC +01:00: what stands behind the letters. */
static const char *
scan_utc_offset(struct when *w, const char *p, const char *end)
{
	int n = sign_scan(p, end);
	const char *q = p + n;

	if (n == 0)
		return p < end && *p == ' ' && offset_sure(p + 1, end) &&
		    (q = offset_scan(w, p + 1, end)) != NULL ? q : p;
	if (end - q > 1 && (is_alnum(q[1]) || q[1] == ':'))
		return (q = offset_scan(w, p, end)) == NULL ? broken(w) : q;
	w->off = (*p == '+' || *p == '%' ? 3600 : -3600) * (*q - '0');
	return q + 1;
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
	n = (size_t)(q - p);
	if (is_upper(*p) && end - q > 1 && (*q == ' ' || *q == '.') &&
	    is_long(p, end))
		return broken(w);
	if (n == 2 && end - p > 2 && lower(p[0]) == 't' && lower(p[1]) == 'z' &&
	    (*q == '=' || *q == ':'))
		return (q = zone_scan(w, q + 1, end)) == NULL ? broken(w) : q;
	if (n < 2 || n > 5 || (q < end && *q == '_') ||
	    (end - q > 1 && (*q == '-' || *q == '.') && is_letter(q[1])))
		return NULL;
	for (z = 0; w->local && z < 2; z++)
		if (strlen(tzname[z]) == n && memcmp(tzname[z], p, n) == 0 &&
		    (q == end || !is_digit(*q))) {
			w->named = 1 + z;
			return q;
		}
	if ((z = find_name(p, n)) < 0)
		return NULL;
	if (z >= SURE || (q < end && is_digit(*q)) || (zone_hours[z] != 0 &&
	    (sign_scan(q, end) > 0 || (q < end && *q == '/'))))
		return broken(w);	/* CET, PST8PDT, EST+5, PST/PDT */
	w->off = zone_hours[z] * 3600;
	w->zoned = true;
	return zone_hours[z] == 0 ? scan_utc_offset(w, q, end) : q;
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

/* Whether a and b are a pair of brackets. */
static bool
is_pair(char a, char b)
{
	return (a == '(' && b == ')') || (a == '[' && b == ']') ||
	    (a == '{' && b == '}') || (a == '<' && b == '>');
}

/* An offset at p, behind a gap of n bytes that may be more than a blank. */
static const char *
scan_offset(struct when *w, const char *p, const char *end, int n, bool apart)
{
	const char *q = p + sign_scan(p, end);

	if (q == p || (apart && !offset_sure(p, end)))
		return NULL;		/* a number */
	if ((q = offset_scan(w, p, end)) != NULL)
		return skip_name(q, end);
	q = p + sign_scan(p, end);
	return (!apart && offset_like(p, end)) ||
	    (n == 0 && (*p == '+' || !clock_like(q, end))) ?
	    broken(w) : NULL;		/* or the end of a span */
}

/* Whether what stands behind a Z is another time, the end of a span. */
static bool
is_span(const char *p, const char *end)
{
	int n = 0;

	while (n < 5 && p + n < end && is_digit(p[n]))
		n++;
	return n == 5 || (n == 4 && p + n < end && p[n] == '-') ||
	    (clock_like(p, end) && !offset_like(p - 1, end));
}

/* An offset or a zone at p or behind a gap: where it ends.  NULL: none;
   w->broken: one that can't be read. */
const char *
zone_scan(struct when *w, const char *p, const char *end)
{
	int n = zone_gap(p, end);
	bool apart;
	const char *q;

	if (n < 0)
		return NULL;
	apart = n != one_blank(p, end);
	p += n;
	if (*p == 'Z' || (*p == 'z' && n == 0)) {
		q = p + 1;
		if (q < end && (is_alnum(*q) || *q == '_'))
			return NULL;
		if (sign_scan(q, end) > 0 && (*q != '-' || !is_span(q + 1,
		    end)))
			return broken(w);
		w->off = 0;
		w->zoned = true;
	} else {
		q = is_letter(*p) ? scan_name(w, p, end) :
		    scan_offset(w, p, end, n, apart);
	}
	return q != NULL && q < end && n > 0 && is_pair(p[-1], *q) ? q + 1 : q;
}

/* AM or PM, a.m. or p. m., behind blanks: where it ends, p if there is none. */
static const char *
half_scan(struct when *w, const char *p, const char *end)
{
	int hour = w->clock / 3600, n;
	const char *q = p;
	bool pm, point;

	while (q - p < 4 && (n = one_blank(q, end)) > 0)
		q += n;
	if (q - p > 4 || end - q < 2 || (lower(*q) != 'a' && lower(*q) != 'p'))
		return p;
	pm = lower(*q++) == 'p';
	point = *q == '.';
	q += point;
	q += point ? one_blank(q, end) : 0;
	if (q == end || lower(*q) != 'm')
		return p;
	q++;
	q += point && q < end && *q == '.';
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

/* " yyyy", ", yyyy", also behind a zone that is not known: that one's time is
   not.  Only a weekday makes a year of any four digits. */
static const char *
scan_year(struct when *w, const char *p, const char *end, bool weekday)
{
	const char *from = p + (p < end && *p == ','), *q = from + 1;
	int n = 0, year;

	if (end - from < 5 || *from != ' ')
		return p;
	while (end - q > n && n < 6 && is_upper(q[n]))
		n++;
	if (n >= 3 && n <= 5 && end - q > n && q[n] == ' ')
		q += n + 1;
	year = year_scan(q, end);
	if (year == 0 || (!weekday && (year < 1970 || year > 2099)))
		return p;
	if (q != from + 1)
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
