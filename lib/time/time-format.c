/* time-format.c - times by strftime's and strptime's formats */
#include <time.h>

#include "lib/time/time-inner.h"

/* What the conversions of a format have said so far. */
struct fields {
	int century, year2, year;	/* -1: not given */
	int mon, day, yday, wday;	/* from 1; 0: not given */
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

static void
skip_space(struct cursor *c)
{
	while (c->p < c->end && is_space(*c->p))
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
take_name(struct cursor *c, const char (*names)[10], int n)
{
	int i = name_scan(c->p, c->end, names, n);
	size_t left = (size_t)(c->end - c->p), k = 3;

	if (i < 0)
		return i;
	while (k < left && names[i][k] != '\0' &&
	    lower(c->p[k]) == (unsigned char)names[i][k])
		k++;
	c->p += names[i][k] == '\0' ? k : 3;
	return i;
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
	const char *start = c->p;
	bool minus;
	int v;

	switch (conv) {
	case 'a':
	case 'A': f->wday = take_name(c, time_days, 7) + 1;
		return f->wday != 0;
	case 'b':
	case 'B':
	case 'h': f->mon = take_name(c, time_months, 12) + 1;
		return f->mon != 0;
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
	case 'p':
		if (c->end - start < 2 || lower(start[1]) != 'm')
			return false;
		f->pm = lower(*start) == 'p';
		c->p += 2;
		return f->pm || lower(*start) == 'a';
	case 'S':
		skip_space(c);
		start = c->p;
		if (!take_int(c, &f->sec, 2, 0, 60))
			return false;
		/* Only two digits can be told apart in the next text. */
		c->w->sec = c->p - start == 2 ? start : NULL;
		c->w->sec_n = 2;
		return true;
	case 's':
		f->epoch_sec = 0;
		minus = c->p < c->end && *c->p == '-';
		start = c->p += minus;
		for (; c->p < c->end && is_digit(*c->p) && c->p - start < 12;
		    c->p++)
			f->epoch_sec = f->epoch_sec * 10 + (*c->p - '0');
		f->epoch_sec = minus ? -f->epoch_sec : f->epoch_sec;
		f->epoch = true;
		return c->p > start;
	case 'f':
	case 'N':
		c->p = digits_fraction(c->p, c->end, &f->nsec);
		return c->p > start;
	case 'u':
		if (!take_int(c, &v, 1, 1, 7))
			return false;
		f->wday = v % 7 + 1;
		return true;
	case 'w':
		if (!take_int(c, &v, 1, 0, 6))
			return false;
		f->wday = v + 1;
		return true;
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
		if (is_space(*format)) {
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

/* What was said, as a time; false: there is none such. */
static bool
fields_finish(const struct fields *f, struct when *w)
{
	int year = f->year, hour = f->hour;
	struct date d;

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
	if (year < 0 && f->century >= 0)
		year = f->century * 100 + (f->year2 > 0 ? f->year2 : 0);
	else if (year < 0 && f->year2 >= 0)	/* as POSIX has it */
		year = f->year2 + (f->year2 < 69 ? 2000 : 1900);
	w->year = year;
	w->mon = f->mon == 0 ? 1 : f->mon;
	w->day = f->day == 0 ? 1 : f->day;
	if (year < 0) {
		w->yearless = true;
		w->yday = f->mon == 0 ? f->yday : 0;
		w->wday = f->wday;
		w->monthless = f->mon == 0 && f->yday == 0;
		w->dayless = w->monthless && f->day == 0;
	}
	if (f->yday == 0 || f->mon != 0 || year <= 0)
		return date_valid(year < 0 ? 2000 : year, w->mon, w->day);
	d = date_of(days_of(w->year, 1, 1) + f->yday - 1);
	w->mon = d.mon;
	w->day = d.day;
	return d.year == w->year;
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
	bool told = false;

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
		told |= strchr("MSnptfNzZ%", *format) == NULL;
	}
	return told ? NULL : "the format has neither a date nor an hour";
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

/* With zeros before it up to a width. */
static size_t
format_digits(char *out, int v, size_t width)
{
	char digit[NUMBER_MAX];
	size_t n = number_put_u64(digit, (uint64_t)v);
	size_t zeros = n < width ? width - n : 0;

	memset(out, '0', zeros);
	memcpy(out + zeros, digit, n);
	return zeros + n;
}

/* One conversion of n bytes into at most 128; SIZE_MAX: it cannot be. */
static size_t
format_one(char *out, const char *spec, size_t n, int64_t ns,
    const struct tm *tm, bool local)
{
	int64_t sec = number_floor(ns, NS);
	int nsec = (int)mod_floor(ns, NS), min;

	if (n == 2)
		switch (spec[1]) {
		case 's': return number_put_i64(out, sec);
		case 'z':
			min = local ? zone_offset(sec) : 0;
			*out = min < 0 ? '-' : '+';
			min = (min < 0 ? -min : min) / 60;
			return 1 + format_digits(out + 1,
			    min / 60 * 100 + min % 60, 4);
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

size_t
time_format(char *out, size_t cap, const char *format, int64_t ns, bool local)
{
	char one[128];
	size_t n = 0, k, spec;
	time_t sec = (time_t)number_floor(ns, NS);
	struct tm tm;

	/* The system does it for local, so that %Z is set. */
	if ((local ? localtime_r(&sec, &tm) : gmtime_r(&sec, &tm)) == NULL)
		return 0;
	while (*format != '\0') {
		one[0] = *format;
		k = spec = 1;
		if (*format == '%') {
			spec += strspn(format + spec, "_-0^#+");
			spec += strspn(format + spec, "0123456789");
			spec += strspn(format + spec, "EO");
			if (format[spec++] == '\0')
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
