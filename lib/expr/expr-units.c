/* expr-units.c - numbers that have units behind them, as text */
#include "lib/base/chars.h"
#include "lib/expr/expr-inner.h"

struct unit {
	const char *name;
	struct decimal is;
};

static const struct unit durations[] = {
	{ "", { 1, 0 } }, { "s", { 1, 0 } }, { "ms", { 1, 3 } },
	{ "us", { 1, 6 } }, { "\xc2\xb5s", { 1, 6 } },
	{ "\xce\xbcs", { 1, 6 } }, { "ns", { 1, 9 } }, { "m", { 60, 0 } },
	{ "h", { 3600, 0 } }, { "d", { 86400, 0 } }, { "w", { 604800, 0 } },
	{ "sec", { 1, 0 } }, { "secs", { 1, 0 } }, { "second", { 1, 0 } },
	{ "seconds", { 1, 0 } }, { "msec", { 1, 3 } }, { "usec", { 1, 6 } },
	{ "min", { 60, 0 } }, { "mins", { 60, 0 } }, { "minute", { 60, 0 } },
	{ "minutes", { 60, 0 } }, { "hr", { 3600, 0 } },
	{ "hrs", { 3600, 0 } }, { "hour", { 3600, 0 } },
	{ "hours", { 3600, 0 } }, { "day", { 86400, 0 } },
	{ "days", { 86400, 0 } }, { "week", { 604800, 0 } },
	{ "weeks", { 604800, 0 } }, { NULL, { 0, 0 } }
};

/* As ls -h and du -h write them without a B, of 1024. */
static const struct unit sizes[] = {
	{ "", { 1, 0 } }, { "b", { 1, 0 } }, { "byte", { 1, 0 } },
	{ "bytes", { 1, 0 } },
#define SIZE(letter, power)						\
	{ letter "b", { INT64_C(1) * power, 0 } }
	SIZE("k", 1000), SIZE("m", 1000000), SIZE("g", 1000000000),
	SIZE("t", 1000000000000), SIZE("p", 1000000000000000),
	SIZE("e", 1000000000000000000),
#undef SIZE
#define SIZE(letter, bits)						\
	{ letter, { INT64_C(1) << bits, 0 } },				\
	{ letter "i", { INT64_C(1) << bits, 0 } },			\
	{ letter "ib", { INT64_C(1) << bits, 0 } }
	SIZE("k", 10), SIZE("m", 20), SIZE("g", 30), SIZE("t", 40),
	SIZE("p", 50), SIZE("e", 60), { NULL, { 0, 0 } }
#undef SIZE
};

static void
skip_blanks(struct slice *s)
{
	while (s->n > 0 && (*s->p == ' ' || *s->p == '\t')) {
		s->p++;
		s->n--;
	}
}

/* Takes n bytes off the front. */
static struct slice
take(struct slice *s, size_t n)
{
	struct slice front = { s->p, n };

	s->p += n;
	s->n -= n;
	return front;
}

/* Digits, a point, and an exponent if digits are in it. */
static size_t
number_length(struct slice s)
{
	size_t n = 0, e;

	while (n < s.n && (is_digit(s.p[n]) || s.p[n] == '.'))
		n++;
	if (n < s.n && (s.p[n] == 'e' || s.p[n] == 'E')) {
		e = n + 1;
		e += e < s.n && (s.p[e] == '-' || s.p[e] == '+');
		if (e < s.n && is_digit(s.p[e]))
			for (n = e; n < s.n && is_digit(s.p[n]); n++)
				;
	}
	return n;
}

/* What is no digit, sign or blank; fold: letters of either case are small. */
static const struct unit *
take_unit(struct slice *s, const struct unit *u, bool fold)
{
	char name[8];
	size_t i, n = 0;

	while (n < s->n && !is_digit(s->p[n]) &&
	    memchr(" \t.+-", s->p[n], 5) == NULL)
		n++;
	if (n > sizeof name)
		return NULL;
	for (i = 0; i < n; i++)
		name[i] = fold && s->p[i] >= 'A' && s->p[i] <= 'Z' ?
		    (char)(s->p[i] | 32) : s->p[i];
	take(s, n);
	while (u->name != NULL && !slice_eq(slice_str(u->name),
	    (struct slice){ name, n }))
		u++;
	return u->name == NULL ? NULL : u;
}

/* The sum of the numbers times their units, several if sums; absent if it is
   none. */
static struct value
quantity(struct slice s, const struct unit *table, bool fold, bool sums)
{
	struct value sum = value_int(0), v, is;
	const struct unit *u;
	struct number num;
	bool neg, first = true;

	skip_blanks(&s);
	neg = s.n > 0 && *s.p == '-';
	if (s.n > 0 && (neg || *s.p == '+'))
		take(&s, 1);
	do {
		if (!number_parse(&num, take(&s, number_length(s))))
			return absent;
		skip_blanks(&s);
		u = take_unit(&s, table, fold);
		if (u == NULL || (u->name[0] == '\0' && !first))
			return absent;
		v = value_number_of(&num);
		is = value_decimal(u->is);
		v = value_arith('*', &v, &is);
		sum = value_arith(neg ? '-' : '+', &sum, &v);
		skip_blanks(&s);
		first = false;
	} while (sums && s.n > 0 && sum.kind != V_ABSENT);
	return s.n > 0 ? absent : sum;
}

static struct value
of_text(struct call *c, const struct unit *table, bool fold, bool sums)
{
	struct value v;

	if (c->arg[0].kind != V_TEXT)
		return c->arg[0];
	v = quantity(c->arg[0].s, table, fold, sums);
	return v.kind == V_ABSENT ? not_number(c->run, c->i, &c->arg[0]) : v;
}

struct value
fn_duration(struct call *c)
{
	return of_text(c, durations, false, true);
}

struct value
fn_bytes(struct call *c)
{
	return of_text(c, sizes, true, false);
}
