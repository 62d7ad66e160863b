/* number.c - numbers in text, always in the C locale */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/chars.h"
#include "lib/base/words.h"
#include "lib/number/digits.h"
#include "lib/number/number.h"
#include "lib/number/shortest.h"

enum {
	SCALE_MAX = 18,
	DIGITS_U64 = 19,	/* so many digits always fit a uint64_t */
	/* A double's rounding depends on at most 767 digits; what follows them
	   only tells a tie from more than one. */
	DIGITS_KEPT = 768,
	EXP_MAX = 99999,	/* far outside a double's range, with any
				   number of kept digits */
	/* Doubles whose first digit is this far left of the units' are written
	   without an exponent. */
	PLAIN_LEAST = -5,
	PLAIN_MOST = 20
};

/* The parts of a number's text. */
struct text {
	bool neg;
	const char *whole, *frac;	/* digits before and after the point */
	size_t nwhole, nfrac;
	int64_t exp;
	uint64_t mant;		/* all digits, if at most DIGITS_U64 of them */
};

const uint64_t number_ten[] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
	100000000000000, 1000000000000000, 10000000000000000,
	100000000000000000, 1000000000000000000, 10000000000000000000U
};

/* Takes a run of digits; *mant wraps if there are too many. */
static inline size_t
digits_take(const char **p, const char *end, uint64_t *mant)
{
	const char *s = *p;
	uint64_t m = *mant, w;
	size_t n;

	while (end - s >= 8 && digits_all(w = load_64(s))) {
		m = m * 100000000 + digits_value(w);
		s += 8;
	}
	while (s < end && is_digit(*s))
		m = m * 10 + (uint64_t)(*s++ - '0');
	n = (size_t)(s - *p);
	*p = s;
	*mant = m;
	return n;
}

/* The part after "e", capped where it can't matter any more. */
static bool
exp_take(const char **p, const char *end, int64_t *exp)
{
	const int64_t cap = INT64_MAX / 4;
	bool neg = false;

	if (*p < end && (**p == '+' || **p == '-'))
		neg = *(*p)++ == '-';
	if (*p == end)
		return false;
	for (*exp = 0; *p < end && is_digit(**p); (*p)++) {
		if (*exp < cap / 10)
			*exp = *exp * 10 + (**p - '0');
		else
			*exp = cap;
	}
	if (neg)
		*exp = -*exp;
	return *p == end;
}

/* Cuts s, whose sign is gone, into its parts. */
static bool
text_split(struct text *t, struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;

	t->mant = 0;
	t->exp = 0;
	t->whole = p;
	t->nwhole = digits_take(&p, end, &t->mant);
	t->frac = p;
	t->nfrac = 0;
	if (p < end && *p == '.') {
		t->frac = ++p;
		t->nfrac = digits_take(&p, end, &t->mant);
	}
	if (t->nwhole + t->nfrac == 0)
		return false;
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		return exp_take(&p, end, &t->exp);
	}
	return p == end;
}

/* Leading zeros of the whole and closing zeros of the fraction say nothing;
   true if what is left fits 64 bits. */
static bool
text_trim(struct text *t)
{
	const char *p;

	while (t->nwhole > 0 && *t->whole == '0') {
		t->whole++;
		t->nwhole--;
	}
	while (t->nfrac > 0 && t->frac[t->nfrac - 1] == '0')
		t->nfrac--;
	p = t->frac;
	if (t->nwhole == 0)
		while (p < t->frac + t->nfrac && *p == '0')
			p++;
	if (t->nwhole + (size_t)(t->frac + t->nfrac - p) > DIGITS_U64)
		return false;
	t->mant = 0;
	p = t->whole;
	digits_take(&p, t->whole + t->nwhole, &t->mant);
	p = t->frac;
	digits_take(&p, t->frac + t->nfrac, &t->mant);
	return true;
}

/* Adds digits to buf, of *n so far, up to DIGITS_KEPT; the number dropped. */
static int64_t
digits_keep(char *buf, size_t *n, const char *p, size_t len, bool *sticky)
{
	size_t i = 0, kept;

	if (*n == 0)
		while (i < len && p[i] == '0')
			i++;
	for (; i < len && *n < DIGITS_KEPT; i++)
		buf[(*n)++] = p[i];
	for (kept = i; i < len && !*sticky; i++)
		*sticky = p[i] != '0';
	return (int64_t)(len - kept);
}

/* The nearest double, by strtod on a copy of bounded length. */
static double
text_real(const struct text *t)
{
	char buf[DIGITS_KEPT + 16];
	bool sticky = false;
	size_t n = 0;
	int64_t exp = t->exp - (int64_t)t->nfrac;

	exp += digits_keep(buf, &n, t->whole, t->nwhole, &sticky);
	exp += digits_keep(buf, &n, t->frac, t->nfrac, &sticky);
	if (n == 0)
		return 0;
	if (sticky) {
		buf[n++] = '1';
		exp--;
	}
	if (exp > EXP_MAX)
		exp = EXP_MAX;
	if (exp < -EXP_MAX)
		exp = -EXP_MAX;
	snprintf(buf + n, sizeof buf - n, "e%d", (int)exp);
	return strtod(buf, NULL);
}

/* mant * 10^-scale rounded once: both are doubles exactly (Clinger, How to
   Read Floating Point Numbers Accurately, 1990), or there is no fraction. */
static inline bool
short_real(double *real, uint64_t mant, int scale)
{
	static const double dten[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
	    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18 };

	if (scale == 0) {
		*real = (double)(int64_t)mant;
		return mant <= INT64_MAX;
	}
	if (FLT_EVAL_METHOD != 0 || mant > (uint64_t)1 << 53)
		return false;
	*real = (double)(int64_t)mant / dten[scale];
	return true;
}

/* Digits in 64 bits and an exponent: exact where scale can be 0 to 18. */
static bool
fit_scale(uint64_t *mant, int64_t *scale)
{
	if (*mant == 0)
		*scale = 0;
	for (; *scale > SCALE_MAX && *mant % 10 == 0; (*scale)--)
		*mant /= 10;
	for (; *scale < 0 && *mant <= INT64_MAX / 10; (*scale)++)
		*mant *= 10;
	return *scale >= 0 && *scale <= SCALE_MAX;
}

static bool
set_exact(struct number *v, uint64_t mant, int scale, bool neg)
{
	if (mant > (uint64_t)INT64_MAX + neg)
		return false;
	v->mant = neg ? (int64_t)(0 - mant) : (int64_t)mant;
	v->scale = scale;
	v->exact = true;
	return true;
}

static bool
parse_long(struct number *v, struct slice s, bool neg)
{
	struct text t;
	int64_t scale;
	bool fits, some;		/* digits in 64 bits, not all 0 */

	if (!text_split(&t, s))
		return false;
	fits = t.nwhole + t.nfrac <= DIGITS_U64 || text_trim(&t);
	some = fits && t.mant > 0;
	scale = (int64_t)t.nfrac - t.exp;
	fits = fits && fit_scale(&t.mant, &scale) &&
	    set_exact(v, t.mant, (int)scale, neg);
	if (!fits) {
		v->mant = 0;
		v->scale = 0;
		v->exact = false;
	}
	if ((!fits || !short_real(&v->real, t.mant, (int)scale)) &&
	    (!some || !shortest_back(&v->real, t.mant, -scale)))
		v->real = text_real(&t);
	if (neg && v->real != 0)
		v->real = -v->real;
	return isfinite(v->real);
}

/* A word whose last n bytes, 1 to 8, are digits with at most one point among
   them, and the others zeros; false: anything else, to be looked at again. */
static inline bool
parse_word(struct number *v, uint64_t w, size_t n, bool neg)
{
	const uint64_t ones = 0x0101010101010101, high = ones * 0x80;
	uint64_t x = w ^ ones * '.';
	unsigned at;

	v->scale = 0;
	x = (x - ones) & ~x & high;
	if (x != 0) {
		if (n == 1)
			return false;
		at = (unsigned)__builtin_ctzll(x) / 8;
		x = (x & (0 - x)) << 1;		/* 0 in the last byte */
		w = (w & (0 - x)) | (w & ((x - 1) >> 8)) << 8 | '0';
		v->scale = 7 - (int)at;
	}
	if (!digits_all(w))
		return false;
	v->exact = true;
	v->mant = digits_value(w);
	if (!short_real(&v->real, (uint64_t)v->mant, v->scale))
		return false;
	if (neg && v->mant != 0) {
		v->mant = -v->mant;
		v->real = -v->real;
	}
	return true;
}

/* Whether s is in rec, with 8 bytes up to its end. */
static inline bool
has_before(struct slice rec, struct slice s)
{
	size_t end = (uintptr_t)s.p - (uintptr_t)rec.p + s.n;

	return end >= 8 && end <= rec.n && s.n <= end;
}

/* 1 to 8 bytes at the end of 8 that can be read.  Their number decides no
   branch, as where lengths are mixed it could not be predicted. */
static inline bool
parse_before(struct number *v, const char *p, size_t n)
{
	uint64_t rest = n == 8 ? 0 : (uint64_t)-1 >> 8 * n;

	return parse_word(v, (load_64(p + n - 8) & ~rest) |
	    (DIGITS_ZERO & rest), n, false);
}

bool
number_parse(struct number *v, struct slice s)
{
	uint64_t lo, hi;
	bool neg = false;

	if (s.n > 0 && (*s.p == '-' || *s.p == '+')) {
		neg = *s.p == '-';
		s.p++;
		s.n--;
	}
	if (s.n == 0)
		return false;
	if (s.n <= 8) {
		load_part(s.p, s.n, &lo, &hi);
		if (parse_word(v, digits_fill(lo | hi, s.n), s.n, neg))
			return true;
	}
	return parse_long(v, s, neg);
}

size_t
number_parse_many(struct number *v, const struct slice *val,
    const struct slice *rec, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (val[i].n - 1 < 8 && has_before(rec[i], val[i]) &&
		    parse_before(&v[i], val[i].p, val[i].n))
			continue;
		if (val[i].p == NULL || !number_parse(&v[i], val[i]))
			break;
	}
	return i;
}

bool
number_real(double *real, struct slice s)
{
	struct number v;

	if (!number_parse(&v, s))
		return false;
	*real = v.real;
	return true;
}

/* a * 10^-ascale against b * 10^-bscale, by what is before the point, then
   after it. */
static int
cmp_scaled(uint64_t a, int ascale, uint64_t b, int bscale)
{
	uint64_t i = a / number_ten[ascale], j = b / number_ten[bscale];

	if (i == j) {
		i = a % number_ten[ascale] * number_ten[SCALE_MAX - ascale];
		j = b % number_ten[bscale] * number_ten[SCALE_MAX - bscale];
	}
	return (i > j) - (i < j);
}

int
number_cmp(const struct number *a, const struct number *b)
{
	uint64_t i = (uint64_t)a->mant, j = (uint64_t)b->mant;

	if (a->real != b->real || !a->exact || !b->exact)
		return (a->real > b->real) - (a->real < b->real);
	/* Of one double, so of one sign. */
	return a->mant < 0 ? cmp_scaled(0 - j, b->scale, 0 - i, a->scale) :
	    cmp_scaled(i, a->scale, j, b->scale);
}

/* Digit i, of the whole and then the fraction; zeros follow. */
static char
digit_at(const struct text *t, size_t i)
{
	if (i < t->nwhole)
		return t->whole[i];
	return i < t->nwhole + t->nfrac ? t->frac[i - t->nwhole] : '0';
}

/* A number's text, its sign and its first digit that is not 0; false: it is
   0. */
static bool
text_of(struct text *t, struct slice s, size_t *from)
{
	size_t n;

	t->neg = s.n > 0 && *s.p == '-';
	if (s.n > 0 && (*s.p == '-' || *s.p == '+')) {
		s.p++;
		s.n--;
	}
	if (!text_split(t, s))
		return false;
	n = t->nwhole + t->nfrac;
	for (*from = 0; *from < n && digit_at(t, *from) == '0';)
		++*from;
	return *from < n;
}

/* The same without signs, neither of them 0. */
static int
cmp_digits(const struct text *a, size_t i, const struct text *b, size_t j)
{
	int64_t tops[] = { (int64_t)a->nwhole - (int64_t)i + a->exp,
	    (int64_t)b->nwhole - (int64_t)j + b->exp };
	size_t an = a->nwhole + a->nfrac, bn = b->nwhole + b->nfrac;

	if (tops[0] != tops[1])
		return tops[0] < tops[1] ? -1 : 1;
	for (; i < an || j < bn; i++, j++)
		if (digit_at(a, i) != digit_at(b, j))
			return digit_at(a, i) < digit_at(b, j) ? -1 : 1;
	return 0;
}

int
number_text_cmp(struct slice a, struct slice b)
{
	struct text t, u;
	size_t i, j;
	bool some = text_of(&t, a, &i), more = text_of(&u, b, &j);
	int sign = t.neg ? -1 : 1, other = u.neg ? -1 : 1;

	if (!some || !more)
		return (some ? sign : 0) - (more ? other : 0);
	return sign != other ? sign : sign * cmp_digits(&t, i, &u, j);
}

bool
number_int(int64_t *out, struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;
	uint64_t mant = 0;
	bool neg = false;
	struct number v;

	if (s.n > 0 && (*p == '-' || *p == '+'))
		neg = *p++ == '-';
	while (end - p > DIGITS_U64 && *p == '0')
		p++;
	if (p == end || end - p > DIGITS_U64)
		return false;
	digits_take(&p, end, &mant);
	if (p != end || !set_exact(&v, mant, 0, neg))
		return false;
	*out = v.mant;
	return true;
}

static const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && is_digit(*p))
		p++;
	return p;
}

const char *
number_json_end(const char *p, const char *end)
{
	const char *q;

	if (p < end && *p == '-')
		p++;
	q = skip_digits(p, end);
	if (q == p)
		return NULL;
	if (*p == '0')
		q = p + 1;
	if (q < end && *q == '.') {
		p = q + 1;
		if ((q = skip_digits(p, end)) == p)
			return NULL;
	}
	if (q < end && (*q == 'e' || *q == 'E')) {
		p = q + 1;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		if ((q = skip_digits(p, end)) == p)
			return NULL;
	}
	return q;
}

bool
number_is_json(struct slice s)
{
	return s.n > 0 && number_json_end(s.p, s.p + s.n) == s.p + s.n;
}

size_t
number_put_u64(char *out, uint64_t u)
{
	size_t n = 2;

	if (u < 10) {
		*out = (char)('0' + u);
		return 1;
	}
	while (n <= DIGITS_U64 && u >= number_ten[n])
		n++;
	for (size_t i = n; i-- > 0; u /= 10)
		out[i] = (char)('0' + u % 10);
	return n;
}

size_t
number_put_i64(char *out, int64_t i)
{
	if (i >= 0)
		return number_put_u64(out, (uint64_t)i);
	*out = '-';
	return 1 + number_put_u64(out + 1, 0 - (uint64_t)i);
}

size_t
number_put_point(char *out, const char *digit, size_t n, size_t scale)
{
	char *o = out;
	size_t whole;

	for (; scale > 0 && n > 0 && digit[n - 1] == '0'; n--)
		scale--;
	whole = n > scale ? n - scale : 0;
	if (whole == 0)
		*o++ = '0';
	memcpy(o, digit, whole);
	o += whole;
	if (n > whole) {
		*o++ = '.';
		memset(o, '0', scale - (n - whole));
		o += scale - (n - whole);
		memcpy(o, digit + whole, n - whole);
		o += n - whole;
	}
	return (size_t)(o - out);
}

size_t
number_put_decimal(char *out, int64_t mant, int scale)
{
	char digit[DIGITS_U64 + 1];
	size_t neg = mant < 0, n;

	if (scale == 0)
		return number_put_i64(out, mant);
	n = number_put_u64(digit, number_magnitude(mant));
	*out = '-';
	return neg + number_put_point(out + neg, digit, n, (size_t)scale);
}

/* d.ddde+NN, as C does. */
static size_t
put_exponent(char *out, const char *digit, size_t n, int exp)
{
	size_t len = number_put_point(out, digit, n, n - 1);

	out[len++] = 'e';
	out[len++] = exp < 0 ? '-' : '+';
	exp = exp < 0 ? -exp : exp;
	out[len] = '0';
	len += exp < 10;
	return len + number_put_u64(out + len, (uint64_t)exp);
}

size_t
number_put_real(char *out, double real)
{
	char digit[DIGITS_U64 + 1];
	size_t neg = real < 0, n;
	int exp, first;

	if (fabs(real) <= 0x1p53 && real == (double)(int64_t)real)
		return number_put_i64(out, (int64_t)real);
	*out = '-';
	out += neg;
	if (!(fabs(real) <= DBL_MAX)) {
		memcpy(out, isnan(real) ? "nan" : "inf", 3);
		return neg + 3;
	}
	n = number_put_u64(digit, shortest(fabs(real), &exp));
	first = (int)n - 1 + exp;
	if (first < PLAIN_LEAST || first > PLAIN_MOST)
		return neg + put_exponent(out, digit, n, first);
	if (exp < 0)
		return neg + number_put_point(out, digit, n, (size_t)-exp);
	memcpy(out, digit, n);
	memset(out + n, '0', (size_t)exp);
	return neg + n + (size_t)exp;
}

struct unit {
	const char *name;
	uint64_t value;
};

const char number_too_large[] = "too large";

static const struct unit *
unit_find(const struct unit *u, const char *name, size_t n)
{
	for (; u->name != NULL; u++)
		if (strlen(u->name) == n && memcmp(u->name, name, n) == 0)
			return u;
	return NULL;
}

/* Whether some digit of the text is not 0. */
static bool
is_some(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] >= '1' && s.p[i] <= '9')
			return true;
	return false;
}

/*
 * Takes "digits[.digits][unit]" from the front of s and adds it to *sum, in
 * the smallest unit, rounded down.  first: if this is all, the unit may be
 * missing, and is then the first of the table.  A unit's value is below 2^59.
 * units says which there are.
 */
static const char *
quantity_take(uint64_t *sum, struct slice *s, const struct unit *table,
    const char *units, bool first)
{
	const char *end = s->p + s->n, *p, *q, *r;
	const struct unit *u;
	uint64_t whole = 0, part = 0;

	p = skip_digits(s->p, end);
	q = p < end && *p == '.' ? skip_digits(p + 1, end) : p;
	if (p == s->p && q - p < 2)
		return "a number is missing";
	for (r = q; r < end && !is_digit(*r) && *r != '.';)
		r++;
	u = unit_find(table, q, (size_t)(r - q));
	if (u == NULL)
		return r == q ? "a unit is missing" : units;
	if (r == q && (!first || r < end))
		return "a unit is missing";
	for (const char *d = s->p; d < p; d++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, *d - '0', &whole))
			return number_too_large;
	while (q > p + 1)
		part = ((uint64_t)(*--q - '0') * u->value + part) / 10;
	if (__builtin_mul_overflow(whole, u->value, &whole) ||
	    __builtin_add_overflow(*sum, whole, sum) ||
	    __builtin_add_overflow(*sum, part, sum))
		return number_too_large;
	s->n -= (size_t)(r - s->p);
	s->p = r;
	return NULL;
}

static const char *
quantity_one(uint64_t *out, const char *text, const struct unit *table)
{
	struct slice s = slice_str(text);
	const char *why;
	uint64_t sum = 0;

	if (s.n > 0 && *s.p == '-')
		return "it can't be negative";
	if ((why = quantity_take(&sum, &s, table,
	    "the units are k, M, G and T", true)) != NULL)
		return why;
	if (s.n > 0)
		return "there is more than a number and a unit";
	if (sum == 0 && is_some(slice_str(text)))
		return "too small";
	*out = sum;
	return NULL;
}

const char *
number_size(uint64_t *out, const char *text)
{
	const uint64_t t = (uint64_t)1 << 40;
	const struct unit table[] = { { "", 1 }, { "B", 1 },
	    { "k", 1024 }, { "K", 1024 }, { "kB", 1024 }, { "KB", 1024 },
	    { "KiB", 1024 }, { "M", 1 << 20 }, { "m", 1 << 20 },
	    { "MB", 1 << 20 }, { "MiB", 1 << 20 }, { "G", 1 << 30 },
	    { "g", 1 << 30 }, { "GB", 1 << 30 }, { "GiB", 1 << 30 },
	    { "T", t }, { "t", t }, { "TB", t }, { "TiB", t }, { NULL, 0 } };

	return quantity_one(out, text, table);
}

const char *
number_count(uint64_t *out, const char *text)
{
	static const struct unit table[] = { { "", 1 },
	    { "k", 1000 }, { "K", 1000 }, { "M", 1000000 },
	    { "G", 1000000000 }, { "T", 1000000000000 }, { NULL, 0 } };
	size_t n = strlen(text);

	if (n > 0 && is_digit(text[n - 1]) && strchr(text, '.') != NULL)
		return "it must be whole";
	return quantity_one(out, text, table);
}

const char *
number_duration(int64_t *out, struct slice s)
{
	enum { S = 1000000000 };
	const uint64_t min = (uint64_t)60 * S, h = 60 * min;
	const struct unit table[] = { { "", S }, { "s", S }, { "ms", 1000000 },
	    { "us", 1000 }, { "\xc2\xb5s", 1000 }, { "\xce\xbcs", 1000 },
	    { "ns", 1 }, { "m", min }, { "h", h }, { "d", 24 * h },
	    { "sec", S }, { "secs", S }, { "second", S }, { "seconds", S },
	    { "min", min }, { "mins", min }, { "minute", min },
	    { "minutes", min }, { "hr", h }, { "hour", h }, { "hours", h },
	    { "day", 24 * h }, { "days", 24 * h }, { NULL, 0 } };
	bool first = true;
	uint64_t sum = 0;
	const struct slice text = s;
	const char *why;

	if (s.n > 0 && *s.p == '-')
		return "it can't be negative";
	do {
		why = quantity_take(&sum, &s, table,
		    "the units are ns, us, ms, s, m, h and d", first);
		if (why != NULL)
			return why;
		first = false;
	} while (s.n > 0);
	if (sum > INT64_MAX)
		return number_too_large;
	if (sum == 0 && is_some(text))
		return "too small";
	*out = (int64_t)sum;
	return NULL;
}

size_t
number_put(char *out, const struct number *v)
{
	return v->exact ? number_put_decimal(out, v->mant, v->scale) :
	    number_put_real(out, v->real);
}
