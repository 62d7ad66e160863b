/* time-scan.c - the known forms of a time, read by hand */
#include "lib/time/time-inner.h"

/* Lower case of a letter; other bytes become no letter. */
static inline unsigned
lower(char c)
{
	return (unsigned char)c | 0x20u;
}

static inline bool
letter(char c)
{
	return lower(c) - 'a' < 26u;
}

static inline bool
upper(char c)
{
	return (unsigned)(unsigned char)c - 'A' < 26;
}

static inline bool
alnum(char c)
{
	return digit(c) || letter(c);
}

#define NAME3(a, b, c)	((unsigned)(a) << 16 | (unsigned)(b) << 8 | (c))

/* Of 3 letters: 1 to 12, 0 none. */
static int
month_name(const char *p)
{
	switch (NAME3(lower(p[0]), lower(p[1]), lower(p[2]))) {
	case NAME3('j', 'a', 'n'): return 1;
	case NAME3('f', 'e', 'b'): return 2;
	case NAME3('m', 'a', 'r'): return 3;
	case NAME3('a', 'p', 'r'): return 4;
	case NAME3('m', 'a', 'y'): return 5;
	case NAME3('j', 'u', 'n'): return 6;
	case NAME3('j', 'u', 'l'): return 7;
	case NAME3('a', 'u', 'g'): return 8;
	case NAME3('s', 'e', 'p'): return 9;
	case NAME3('o', 'c', 't'): return 10;
	case NAME3('n', 'o', 'v'): return 11;
	case NAME3('d', 'e', 'c'): return 12;
	default: return 0;
	}
}

static bool
is_weekday(const char *p)
{
	switch (NAME3(lower(p[0]), lower(p[1]), lower(p[2]))) {
	case NAME3('m', 'o', 'n'):
	case NAME3('t', 'u', 'e'):
	case NAME3('w', 'e', 'd'):
	case NAME3('t', 'h', 'u'):
	case NAME3('f', 'r', 'i'):
	case NAME3('s', 'a', 't'):
	case NAME3('s', 'u', 'n'):
		return true;
	default:
		return false;
	}
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

/* The digits at p as a fraction: nine count.  Where they end. */
const char *
digits_fraction(const char *p, const char *end, int *nsec)
{
	int v = 0, n = 0;

	for (; p < end && digit(*p); p++)
		if (n < 9) {
			v = v * 10 + (*p - '0');
			n++;
		}
	for (; n < 9; n++)
		v *= 10;
	*nsec = v;
	return p;
}

/* hh:mm[:ss[.fraction]] */
static const char *
scan_clock(struct when *w, const char *p, const char *end)
{
	int h, m, s = 0;

	if (end - p < 5 || p[2] != ':')
		return NULL;
	h = digits2(p);
	m = digits2(p + 3);
	if ((unsigned)h > 23 || (unsigned)m > 59)
		return NULL;
	p += 5;
	if (end - p >= 3 && *p == ':' && (s = digits2(p + 1)) >= 0) {
		if (s > 60)
			return NULL;
		w->sec = p + 1;
		p += 3;
		if (end - p >= 2 && (*p == '.' || *p == ',') && digit(p[1]))
			p = digits_fraction(p + 1, end, &w->nsec);
		w->sec_n = (int)(p - w->sec);
	} else
		s = 0;
	w->clock = h * 3600 + m * 60 + s;
	w->clocked = true;
	return p;
}

/* +hh, +hhmm or +hh:mm, and no digit or colon after it. */
static const char *
scan_offset(struct when *w, const char *p, const char *end)
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
	if (m > 59 || (p < end && (digit(*p) || *p == ':')))
		return NULL;
	w->off = sign * (h * 3600 + m * 60);
	w->zoned = true;
	return p;
}

/* UTC or GMT as a word. */
static const char *
scan_utc(struct when *w, const char *p, const char *end)
{
	if (end - p < 3 || (end - p > 3 && alnum(p[3])))
		return NULL;
	if (memcmp(p, "UTC", 3) != 0 && memcmp(p, "GMT", 3) != 0)
		return NULL;
	w->off = 0;
	w->zoned = true;
	return p + 3;
}

/* An offset if one is at p, NULL if not; after a blank only one with minutes,
   so that "12:30 -10 items" keeps its number. */
const char *
zone_scan(struct when *w, const char *p, const char *end)
{
	const char *q;

	if (p == end)
		return NULL;
	if (*p == '+' || *p == '-')
		return scan_offset(w, p, end);
	if (*p == 'Z' || *p == 'z') {
		if (end - p > 1 && alnum(p[1]))
			return NULL;
		w->off = 0;
		w->zoned = true;
		return p + 1;
	}
	if (*p != ' ' || end - p < 4)
		return NULL;
	if (p[1] != '+' && p[1] != '-')
		return scan_utc(w, p + 1, end);
	if ((q = scan_offset(w, p + 1, end)) == NULL || q - p > 4)
		return q;
	w->zoned = false;
	return NULL;
}

static const char *
scan_zone(struct when *w, const char *p, const char *end)
{
	const char *q = zone_scan(w, p, end);

	return q == NULL ? p : q;
}

/* yyyy-mm-dd, with - or /, and a time of day if one follows. */
static const char *
scan_iso(struct when *w, const char *p, const char *end)
{
	const char *q;

	if (end - p < 10 || p[4] != p[7])
		return NULL;
	w->year = digits2(p) * 100 + digits2(p + 2);
	w->mon = digits2(p + 5);
	w->day = digits2(p + 8);
	if (!date_valid(w->year, w->mon, w->day))
		return NULL;
	w->dated = true;
	p += 10;
	if (p == end || (*p != 'T' && *p != 't' && *p != ' '))
		return p;
	if ((q = scan_clock(w, p + 1, end)) == NULL)
		return p;
	return scan_zone(w, q, end);
}

/* yyyymmddThhmmss */
static const char *
scan_basic(struct when *w, const char *p, const char *end)
{
	int h, m, s;

	if (end - p < 15 || (p[8] != 'T' && p[8] != 't'))
		return NULL;
	w->year = digits2(p) * 100 + digits2(p + 2);
	w->mon = digits2(p + 4);
	w->day = digits2(p + 6);
	h = digits2(p + 9);
	m = digits2(p + 11);
	s = digits2(p + 13);
	if (!date_valid(w->year, w->mon, w->day) || (unsigned)h > 23 ||
	    (unsigned)m > 59 || (unsigned)s > 60)
		return NULL;
	w->dated = w->clocked = true;
	w->clock = h * 3600 + m * 60 + s;
	w->sec = p + 13;
	p += 15;
	if (end - p >= 2 && (*p == '.' || *p == ',') && digit(p[1]))
		p = digits_fraction(p + 1, end, &w->nsec);
	w->sec_n = (int)(p - w->sec);
	return scan_zone(w, p, end);
}

/* dd/Mon/yyyy:hh:mm:ss [+hhmm], after n digits of the day */
static const char *
scan_apache(struct when *w, const char *p, const char *end, int n)
{
	if (end - p < n + 10 || p[n + 4] != '/' || p[n + 9] != ':')
		return NULL;
	w->day = n == 2 ? digits2(p) : *p - '0';
	w->mon = month_name(p + n + 1);
	p += n + 5;
	if (digits2(p) < 0 || digits2(p + 2) < 0)
		return NULL;
	w->year = digits2(p) * 100 + digits2(p + 2);
	if (!date_valid(w->year, w->mon, w->day))
		return NULL;
	w->dated = true;
	if ((p = scan_clock(w, p + 5, end)) == NULL)
		return NULL;
	return scan_zone(w, p, end);
}

/* How many digits are at p, to 20. */
static int
count_digits(const char *p, const char *end)
{
	int n = 0;

	while (n < 20 && p + n < end && digit(p[n]))
		n++;
	return n;
}

/* n digits, the size telling the unit, and a fraction. */
static const char *
scan_epoch(struct when *w, const char *p, const char *end, int n)
{
	int64_t unit = n <= 11 ? NS : n <= 14 ? NS / 1000 : n <= 17 ? 1000 : 1;
	uint64_t v = 0;
	int frac = 0;

	if (n > 19)
		return NULL;
	for (; n > 0; n--, p++)
		v = v * 10 + (uint64_t)(*p - '0');
	if (unit > 1 && end - p >= 2 && *p == '.' && digit(p[1]))
		p = digits_fraction(p + 1, end, &frac);
	frac = (int)(frac / (NS / unit));
	if (v > (uint64_t)((INT64_MAX - frac) / unit))
		return NULL;
	w->epoch = true;
	w->ns = (int64_t)v * unit + frac;
	return p;
}

/* A form that begins with a digit. */
static const char *
scan_digits(struct when *w, const char *p, const char *end)
{
	int n = count_digits(p, end);

	if (n <= 4 && end - p > n + 5) {
		if (n == 4 && (p[n] == '-' || p[n] == '/'))
			return scan_iso(w, p, end);
		if (n <= 2 && p[n] == '/' && letter(p[n + 1]))
			return scan_apache(w, p, end, n);
	}
	if (n == 8 && end - p > n && (p[n] | 0x20) == 't')
		return scan_basic(w, p, end);
	return scan_epoch(w, p, end, n);
}

/* Four digits as a year of our range, 0: not that. */
static int
scan_year(const char *p, const char *end)
{
	int c, y;

	if (end - p < 4 || (end - p > 4 && alnum(p[4])))
		return 0;
	c = digits2(p);
	y = digits2(p + 2);
	return c >= 16 && c <= 22 && y >= 0 ? c * 100 + y : 0;
}

/*
 * What may follow the time of day in ctime's form: " yyyy", " UTC yyyy".  A
 * zone of another name makes it no time rather than a wrong one.  Without a
 * weekday a number is no year: syslog's next word may be one.
 */
static const char *
scan_tail(struct when *w, const char *p, const char *end, bool weekday)
{
	const char *q = p + 1;
	int year, n = 0;

	while (end - q > n && n < 6 && upper(q[n]))
		n++;
	if (n >= 3 && n <= 5 && end - q > n && q[n] == ' ')
		q += n + 1;
	else if (!weekday)
		return p;
	else
		n = 0;
	if ((year = scan_year(q, end)) == 0)
		return p;
	if (n > 0 && scan_utc(w, p + 1, end) == NULL)
		return NULL;
	w->year = year;
	w->yearless = false;
	return q + 4;
}

/* [Www ]Mon dd hh:mm:ss[ [UTC ]yyyy], the day with a blank or 0 or neither */
static const char *
scan_names(struct when *w, const char *p, const char *end)
{
	bool weekday = end - p >= 4 && p[3] == ' ' && is_weekday(p);

	if (weekday)
		p += 4;
	if (end - p < 11 || p[3] != ' ' || (w->mon = month_name(p)) == 0)
		return NULL;
	p += 4;
	p += *p == ' ';
	if (digits2(p) >= 0) {
		w->day = digits2(p);
		p += 2;
	} else if (digit(*p))
		w->day = *p++ - '0';
	if (*p != ' ')
		return NULL;
	if ((p = scan_clock(w, p + 1, end)) == NULL)
		return NULL;
	w->yearless = w->dated = true;
	if (p < end && *p == ' ' &&
	    (p = scan_tail(w, p, end, weekday)) == NULL)
		return NULL;
	if (!date_valid(w->yearless ? 2000 : w->year, w->mon, w->day))
		return NULL;
	return p;
}

const char *
when_scan(struct when *w, const char *p, const char *end)
{
	int n;

	*w = (struct when){ 0 };
	if (p == end)
		return NULL;
	if (digit(*p))
		return scan_digits(w, p, end);
	if (letter(*p))
		return scan_names(w, p, end);
	if (*p != '-' || (n = count_digits(p + 1, end)) == 0)
		return NULL;
	if ((p = scan_epoch(w, p + 1, end, n)) != NULL)
		w->ns = -w->ns;
	return p;
}
