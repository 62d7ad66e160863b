/* time-format.c - times by strftime's and strptime's formats */
#include <time.h>

#include "lib/time/time-inner.h"

/* What the conversions of a format have said so far. */
struct fields {
	int century, year2, year;	/* -1: not given */
	int mon, day, yday;		/* from 1; 0: not given */
	int hour, hour12, min, sec;	/* hour12, pm -1: not given */
	int pm, nsec;
	bool epoch;
	int64_t epoch_sec;
};

struct cursor {
	const char *p, *end;
	struct when *w;
	struct fields f;
};

static bool
space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
skip_space(struct cursor *c)
{
	while (c->p < c->end && space(*c->p))
		c->p++;
}

/* An integer of at most width digits, from lo to hi; blanks may lead it. */
static bool
take_int(struct cursor *c, int *v, int width, int lo, int hi)
{
	int n = 0, x = 0;

	skip_space(c);
	for (; n < width && c->p < c->end && is_digit(*c->p); n++)
		x = x * 10 + (*c->p++ - '0');
	*v = x;
	return n > 0 && x >= lo && x <= hi;
}

/* One of the names, whole or its first 3 letters, in any case: its index. */
static int
take_name(struct cursor *c, const char *const *names, int n)
{
	size_t left = (size_t)(c->end - c->p), k, len;
	int i;

	for (i = 0; i < n; i++) {
		len = strlen(names[i]);
		for (k = 0; k < len && k < left; k++)
			if (((unsigned char)c->p[k] | 0x20) !=
			    ((unsigned char)names[i][k] | 0x20))
				break;
		if (k == len || k >= 3) {
			c->p += k == len ? k : 3;
			return i;
		}
	}
	return -1;
}

static bool
take_month(struct cursor *c)
{
	static const char *const names[] = {
		"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December"
	};

	c->f.mon = take_name(c, names, 12) + 1;
	return c->f.mon != 0;
}

static bool
take_weekday(struct cursor *c)
{
	static const char *const names[] = {
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday"
	};

	return take_name(c, names, 7) >= 0;
}

static bool
take_ampm(struct cursor *c)
{
	if (c->end - c->p < 2 || (c->p[1] | 0x20) != 'm')
		return false;
	c->f.pm = (c->p[0] | 0x20) == 'p';
	c->p += 2;
	return c->f.pm || (c->p[-2] | 0x20) == 'a';
}

/* Only two digits let the seconds be told apart in the next text. */
static bool
take_sec(struct cursor *c)
{
	skip_space(c);
	c->w->sec = c->p;
	c->w->sec_n = 2;
	if (!take_int(c, &c->f.sec, 2, 0, 60))
		return false;
	if (c->p - c->w->sec != 2)
		c->w->sec = NULL;
	return true;
}

static bool
take_epoch(struct cursor *c)
{
	bool minus = c->p < c->end && *c->p == '-';
	const char *start = c->p += minus;
	int64_t v = 0;

	for (; c->p < c->end && is_digit(*c->p) && c->p - start < 12; c->p++)
		v = v * 10 + (*c->p - '0');
	c->f.epoch = true;
	c->f.epoch_sec = minus ? -v : v;
	return c->p > start;
}

static bool
take_fraction(struct cursor *c)
{
	const char *start = c->p;

	c->p = digits_fraction(c->p, c->end, &c->f.nsec);
	return c->p > start;
}

static bool
take_zone(struct cursor *c, bool name)
{
	const char *q;

	skip_space(c);
	if (c->p == c->end || (name && !is_letter(*c->p)))
		return false;
	q = *c->p == '+' || *c->p == '-' ? offset_scan(c->w, c->p, c->end) :
	    name || lower(*c->p) == 'z' ? zone_scan(c->w, c->p, c->end) : NULL;
	if (q == NULL)
		return false;
	c->p = q;
	return true;
}

/* Conversions that stand for others; NULL: not one of them. */
static const char *
expansion(char conv)
{
	switch (conv) {
	case 'c': return "%a %b %e %H:%M:%S %Y";
	case 'D':
	case 'x': return "%m/%d/%y";
	case 'F': return "%Y-%m-%d";
	case 'R': return "%H:%M";
	case 'r': return "%I:%M:%S %p";
	case 'T':
	case 'X': return "%H:%M:%S";
	default: return NULL;
	}
}

static bool
take_one(struct cursor *c, char conv)
{
	struct fields *f = &c->f;
	int v;

	switch (conv) {
	case 'a':
	case 'A': return take_weekday(c);
	case 'b':
	case 'B':
	case 'h': return take_month(c);
	case 'C': return take_int(c, &f->century, 2, 0, 99);
	case 'd':
	case 'e': return take_int(c, &f->day, 2, 1, 31);
	case 'H':
	case 'k': return take_int(c, &f->hour, 2, 0, 23);
	case 'I':
	case 'l': return take_int(c, &f->hour12, 2, 1, 12);
	case 'j': return take_int(c, &f->yday, 3, 1, 366);
	case 'm': return take_int(c, &f->mon, 2, 1, 12);
	case 'M': return take_int(c, &f->min, 2, 0, 59);
	case 'p': return take_ampm(c);
	case 'S': return take_sec(c);
	case 's': return take_epoch(c);
	case 'f':
	case 'N': return take_fraction(c);
	case 'u': return take_int(c, &v, 1, 1, 7);
	case 'w': return take_int(c, &v, 1, 0, 6);
	case 'y': return take_int(c, &f->year2, 2, 0, 99);
	case 'Y': return take_int(c, &f->year, 4, 0, 9999);
	case 'z': return take_zone(c, false);
	case 'Z': return take_zone(c, true);
	default: return false;
	}
}

/* Matches the text at the cursor; false: it does not. */
static bool
take(struct cursor *c, const char *format)
{
	const char *more;

	for (; *format != '\0'; format++) {
		if (space(*format)) {
			skip_space(c);
			continue;
		}
		if (*format == '%') {
			format++;
			if (*format == 'E' || *format == 'O')
				format++;
			if (*format == 'n' || *format == 't') {
				skip_space(c);
				continue;
			}
			more = expansion(*format);
			if (more != NULL ? !take(c, more) : *format != '%' &&
			    !take_one(c, *format))
				return false;
			if (*format != '%')
				continue;
		}
		if (c->p == c->end || *c->p != *format)
			return false;
		c->p++;
	}
	return true;
}

/* %y alone: 69 to 99 are of the 1900s, as POSIX has it. */
static int
fields_year(const struct fields *f)
{
	if (f->year >= 0)
		return f->year;
	if (f->century >= 0)
		return f->century * 100 + (f->year2 > 0 ? f->year2 : 0);
	if (f->year2 >= 0)
		return f->year2 + (f->year2 < 69 ? 2000 : 1900);
	return -1;
}

static bool
fields_date(const struct fields *f, struct when *w)
{
	int year = fields_year(f);
	struct date d;

	w->year = year < 0 ? 1970 : year;
	w->mon = f->mon == 0 ? 1 : f->mon;
	w->day = f->day == 0 ? 1 : f->day;
	w->yearless = year < 0 && f->mon != 0;
	if (f->yday == 0 || f->mon != 0 || w->year == 0)
		return date_valid(w->yearless ? 2000 : w->year, w->mon, w->day);
	d = date_of(days_of(w->year, 1, 1) + f->yday - 1);
	w->mon = d.mon;
	w->day = d.day;
	return d.year == w->year;
}

static bool
fields_finish(const struct fields *f, struct when *w)
{
	int hour = f->hour;

	if (f->epoch) {
		w->epoch = true;
		w->sec = NULL;
		return ns_join(&w->ns, f->epoch_sec, f->nsec);
	}
	if (f->hour12 >= 0)
		hour = f->hour12 % 12 + (f->pm > 0 ? 12 : 0);
	w->clock = hour * 3600 + f->min * 60 + f->sec;
	w->nsec = f->nsec;
	w->dated = w->clocked = true;
	return fields_date(f, w);
}

const char *
when_format(struct when *w, const char *format, const char *p, const char *end,
    bool local)
{
	struct cursor c = { p, end, w, { .century = -1, .year2 = -1,
	    .year = -1, .hour12 = -1, .pm = -1 } };

	*w = (struct when){ .local = local };
	return take(&c, format) && fields_finish(&c.f, w) ? c.p : NULL;
}

const char *
time_format_error(const char *format)
{
	for (; *format != '\0'; format++) {
		if (*format != '%')
			continue;
		format++;
		if (*format == 'E' || *format == 'O')
			format++;
		if (*format == '\0')
			return "nothing after the last %";
		if (strchr("aAbBcCdDeFfhHIjklmMnNprRsStTuwxXyYzZ%",
		    *format) == NULL)
			return "an unknown conversion";
	}
	return NULL;
}

/* The user's format is what this is for. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* strftime of one conversion with its flags.  A byte before it tells an empty
   result from one that does not fit. */
static size_t
format_system(char *out, const char *spec, size_t n, const struct tm *tm)
{
	char one[32], text[128];
	size_t len;

	if (n > sizeof one - 2)
		return SIZE_MAX;
	one[0] = '.';
	memcpy(one + 1, spec, n);
	one[1 + n] = '\0';
	if ((len = strftime(text, sizeof text, one, tm)) == 0)
		return SIZE_MAX;
	memcpy(out, text + 1, len - 1);
	return len - 1;
}

static size_t
format_digits(char *out, int64_t v, int width)
{
	char rev[24];
	size_t n = 0, i = 0;
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	do
		rev[n++] = (char)('0' + u % 10);
	while ((u /= 10) != 0 || n < (size_t)width);
	if (v < 0)
		rev[n++] = '-';
	while (n > 0)
		out[i++] = rev[--n];
	return i;
}

static size_t
format_offset(char *out, int off)
{
	int m = (off < 0 ? -off : off) / 60;

	out[0] = off < 0 ? '-' : '+';
	return 1 + format_digits(out + 1, m / 60 * 100 + m % 60, 4);
}

/* One conversion of n bytes into at most 128; SIZE_MAX: it cannot be. */
static size_t
format_one(char *out, const char *spec, size_t n, int64_t ns,
    const struct tm *tm, bool local)
{
	int64_t sec = number_floor(ns, NS);
	int nsec = (int)mod_floor(ns, NS);

	if (n == 2)
		switch (spec[1]) {
		case 's': return format_digits(out, sec, 1);
		case 'z': return format_offset(out, local ?
			    zone_offset(sec) : 0);
		case 'f': return format_digits(out, nsec / 1000, 6);
		case 'N': return format_digits(out, nsec, 9);
		case 'Z':
			if (local)
				break;
			memcpy(out, "UTC", sizeof "UTC");
			return 3;
		}
	return format_system(out, spec, n, tm);
}

/* Broken down; the system does it for local, so that %Z is set. */
static bool
break_down(int64_t sec, bool local, struct tm *tm)
{
	time_t t = (time_t)sec;

	return (local ? localtime_r(&t, tm) : gmtime_r(&t, tm)) != NULL;
}

/* The bytes of the conversion at p, flags and width counted. */
static size_t
spec_size(const char *p)
{
	size_t n = 1 + strspn(p + 1, "_-0^#+");

	n += strspn(p + n, "0123456789");
	n += strspn(p + n, "EO");
	return p[n] == '\0' ? 0 : n + 1;
}

size_t
time_format(char *out, size_t cap, const char *format, int64_t ns, bool local)
{
	char one[128];
	size_t n = 0, k, spec;
	struct tm tm;

	if (!break_down(number_floor(ns, NS), local, &tm))
		return 0;
	while (*format != '\0') {
		one[0] = *format;
		k = spec = 1;
		if (*format == '%') {
			if ((spec = spec_size(format)) == 0)
				return 0;
			k = format_one(one, format, spec, ns, &tm, local);
		}
		if (k >= cap - n || cap - n == 0)
			return 0;
		memcpy(out + n, one, k);
		n += k;
		format += spec;
	}
	if (n < cap)
		out[n] = '\0';
	return n;
}
