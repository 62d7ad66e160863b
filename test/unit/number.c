/* number.c - numbers read and written, against strtod and by hand */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/number/number.h"
#include "test/unit/check.h"

/* As a part of a record, which has nothing around it. */
static bool
parse_within(struct number *v, const char *text, size_t n)
{
	size_t before = rnd() % 12, size = before + n + rnd() % 3, found;
	char *p = malloc(size == 0 ? 1 : size);
	struct slice rec = { p, size }, val = { p + before, n };

	for (size_t i = 0; i < size; i++)
		p[i] = "0123456789.-x,"[rnd() % 14];
	memcpy(p + before, text, n);
	found = number_parse_many(v, &val, &rec, 1);
	free(p);
	return found == 1;
}

/* A copy without anything around it, so that a sanitizer sees overreads. */
static bool
parse(struct number *v, const char *text, size_t n)
{
	char *p = malloc(n == 0 ? 1 : n);
	struct number w;
	bool ok;

	memcpy(p, text, n);
	ok = number_parse(v, (struct slice){ p, n });
	free(p);
	CHECK(parse_within(&w, text, n) == ok, "%.*s", (int)n, text);
	CHECK(!ok || (w.exact == v->exact && w.mant == v->mant &&
	    w.scale == v->scale && w.real == v->real), "%.*s", (int)n, text);
	return ok;
}

static void
test_exact(void)
{
	static const struct {
		const char *text;
		int64_t mant;
		int scale;
	} t[] = {
		{ "0", 0, 0 }, { "-0", 0, 0 }, { "+7", 7, 0 },
		{ "12345678", 12345678, 0 }, { "123456789", 123456789, 0 },
		{ "-1.5", -15, 1 }, { ".5", 5, 1 }, { "5.", 5, 0 },
		{ "0.001", 1, 3 }, { "10000000.1", 100000001, 1 },
		{ "1234567.8", 12345678, 1 }, { "1.2345678", 12345678, 7 },
		{ "1e3", 1000, 0 }, { "1.5e1", 15, 0 }, { "25e-1", 25, 1 },
		{ "0e999999999999999999999", 0, 0 }, { "1E+2", 100, 0 },
		{ "9223372036854775807", INT64_MAX, 0 },
		{ "-9223372036854775808", INT64_MIN, 0 },
		{ "0.000000000000000001", 1, 18 },
		{ "9007199254740993", 9007199254740993, 0 },
		{ "00000000000000000000000000000000012", 12, 0 },
		{ "1.000000000000000000000000000000000", 1, 0 },
		{ "0.0000000000000000000000000", 0, 0 },
	};
	struct number v;

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		CHECK(parse(&v, t[i].text, strlen(t[i].text)), "%s", t[i].text);
		CHECK(v.exact && v.mant == t[i].mant && v.scale == t[i].scale,
		    "%s: %" PRId64 " %d", t[i].text, v.mant, v.scale);
		CHECK(v.real == strtod(t[i].text, NULL), "%s", t[i].text);
		CHECK(!signbit(v.real) || v.real < 0, "%s", t[i].text);
	}
}

static void
test_inexact(void)
{
	static const char *const t[] = { "9223372036854775808",
	    "-9223372036854775809", "1e300", "1e-30", "123456789012345678901",
	    "0.1234567890123456789012", "4.9e-324", "1e-400", "1e18446744",
	};
	struct number v;

	for (size_t i = 0; i < sizeof t / sizeof *t - 1; i++) {
		CHECK(parse(&v, t[i], strlen(t[i])), "%s", t[i]);
		CHECK(!v.exact, "%s", t[i]);
		CHECK(v.real == strtod(t[i], NULL), "%s", t[i]);
	}
	CHECK(!parse(&v, t[8], strlen(t[8])), "beyond a double");
}

static void
test_refused(void)
{
	static const char *const t[] = { "", "-", "+", ".", "-.", "e1", "1e",
	    "1e+", "1.2.3", "0x10", "inf", "nan", "-inf", "infinity", " 1",
	    "1 ", "1,000", "--1", "+-1", "1e1.5", "1..", "12345678x", "1/",
	    "1:", "1e1e1", "NA", "1234567890123x", "1.5s", ".e1", "..",
	    "1..2" };
	struct number v;

	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		CHECK(!parse(&v, t[i], strlen(t[i])), "%s", t[i]);
	CHECK(!parse(&v, "1\0", 2), "NUL");
	CHECK(!number_parse(&v, (struct slice){ NULL, 0 }), "absent");
}

/* A random number's text, of any length up to what a double can tell. */
static size_t
random_text(char *p)
{
	static const unsigned char width[] = { 3, 9, 18, 22, 40, 200 };
	size_t n = 0, whole = rnd() % width[rnd() % 6],
	    frac = rnd() % width[rnd() % 6];

	if (rnd() % 2)
		p[n++] = "+-"[rnd() % 2];
	if (rnd() % 8 == 0)
		for (size_t i = rnd() % 30; i > 0; i--)
			p[n++] = '0';
	if (whole + frac == 0)
		whole = 1;
	for (size_t i = 0; i < whole; i++)
		p[n++] = (char)('0' + rnd() % 10);
	if (frac > 0)
		p[n++] = '.';
	for (size_t i = 0; i < frac; i++)
		p[n++] = (char)('0' + rnd() % (rnd() % 4 ? 10 : 1));
	if (rnd() % 3 == 0)
		n += (size_t)sprintf(p + n, "%c%d", "eE"[rnd() % 2],
		    (int)(rnd() % 600) - 320);
	p[n] = '\0';
	return n;
}

static void
test_random(void)
{
	char text[600], out[64];
	struct number v;
	double want;

	for (int i = rounds(100000); i > 0; i--) {
		size_t n = random_text(text);

		want = strtod(text, NULL);
		CHECK(parse(&v, text, n) == !isinf(want), "%s", text);
		CHECK(isinf(want) || v.real == want, "%s: %a, not %a", text,
		    v.real, want);
		if (isinf(want) || !v.exact)
			continue;
		sprintf(out, "%" PRId64 "e-%d", v.mant, v.scale);
		CHECK(strtod(out, NULL) == want, "%s: %s", text, out);
	}
}

/* As many digits as 64 bits hold: of doubles as others print them, beside and
   between two of them. */
static void
test_back(void)
{
	char text[64];
	struct number v;
	double x;

	for (int i = rounds(150000); i > 0; i--) {
		uint64_t bits = rnd() ^ (uint64_t)rnd() << 32, digits;
		int exp = -300 + (int)(rnd() % 620);

		memcpy(&x, &bits, sizeof x);
		if (i % 2 == 0)
			exp = -20 + (int)(rnd() % 22);
		if (i % 4 == 1 && isfinite(x)) {
			sprintf(text, "%.*e", 15 + (int)(rnd() % 4), fabs(x));
			digits = 0;
		} else if (i % 4 == 3) {	/* a tie, and its neighbours */
			bits = (bits >> 11 | (uint64_t)1 << 52) * 2 + 1;
			exp = -(int)(rnd() % 2);
			digits = exp == 0 ? bits : bits / 2 * 10 + 5;
			digits += rnd() % 3 - 1;
			sprintf(text, "%" PRIu64 "e%d", digits, exp);
		} else {
			digits = bits >> rnd() % 14;
			sprintf(text, "%" PRIu64 "e%d", digits, exp);
		}
		x = strtod(text, NULL);
		CHECK(parse(&v, text, strlen(text)) == !isinf(x), "%s", text);
		CHECK(isinf(x) || v.real == x, "%s: %a, not %a", text, v.real,
		    x);
	}
}

/* Up to the first that is none, also where a value is not in its record. */
static void
test_many(void)
{
	const struct slice rec = SLICE("12345678 1.5 x"), val[] = {
	    { rec.p, 8 }, { rec.p + 9, 3 }, SLICE("77"), { rec.p + 13, 1 },
	    { rec.p, 1 } }, recs[] = { rec, rec, rec, rec, rec };
	const struct slice none = { NULL, 0 };
	struct number v[5];

	CHECK(number_parse_many(v, val, recs, 5) == 3, "how many");
	CHECK(v[0].mant == 12345678 && v[1].mant == 15 && v[2].mant == 77,
	    "which");
	CHECK(number_parse_many(v, &none, recs, 1) == 0, "absent");
	CHECK(number_parse_many(v, val, recs, 0) == 0, "none");
}

/* Halfway cases: only the digits far behind tell which way to round. */
static void
test_long(void)
{
	size_t n = 1000000;
	char *p = malloc(n + 1);
	struct number v;

	memset(p, '0', n);
	memcpy(p, "9007199254740993.", 17);
	CHECK(parse(&v, p, n) && v.exact && v.real == 9007199254740992.0,
	    "tie");
	p[n - 1] = '1';
	CHECK(parse(&v, p, n) && !v.exact && v.real == 9007199254740994.0,
	    "just above the tie");
	memset(p, '0', n);
	p[1] = '.';
	memcpy(p + n - 9, "5e1000000", 9);
	CHECK(parse(&v, p, n) && v.real == 5e10, "small, made large: %a",
	    v.real);
	memset(p, '9', n);
	CHECK(!parse(&v, p, n), "too large");
	memcpy(p + n - 8, "e-999995", 8);
	CHECK(parse(&v, p, n) && v.real == 0.0 + strtod("1e-3", NULL),
	    "large, made small: %a", v.real);
	free(p);
}

/* Numbers in ascending order; those of one line are the same. */
static const char *const ascending[] = {
	"-1e300", "-9223372036854775809", "-9223372036854775808.5",
	"-9223372036854775808 -9223372036854775808.0", "-9223372036854775807",
	"-9007199254740993", "-9007199254740992.5", "-9007199254740992",
	"-1.000000000000000002", "-1.000000000000000001", "-1 -1.00 -1e0",
	"-1e-300", "0 -0 +0 0.00 0e5 .0", "1e-300", "0.1 .1 1e-1 0.10",
	"0.1000000000000000000001", "0.10000000000000000555", "0.2",
	"1 +1 001 10e-1", "1.000000000000000001", "1.000000000000000002",
	"100000 1e5 1E+05", "9007199254740992", "9007199254740992.5",
	"9007199254740993 9007199254740993.000 900719925474099.3e1",
	"9223372036854775807", "9223372036854775808 9.223372036854775808e18",
	"18446744073709551614", "18446744073709551615", "1e300"
};
enum { ASCENDING = sizeof ascending / sizeof *ascending };

static int
sign(int c)
{
	return (c > 0) - (c < 0);
}

/* Word k of a line, not terminated. */
static bool
word(const char *line, int k, struct slice *s)
{
	for (; k > 0 && *line != '\0'; k--)
		line += strcspn(line, " ") + (line[strcspn(line, " ")] == ' ');
	*s = (struct slice){ line, strcspn(line, " ") };
	return s->n > 0;
}

static void
test_cmp(void)
{
	struct slice a, b;
	struct number v, w;

	for (int i = 0; i < ASCENDING * ASCENDING; i++) {
		int x = i / ASCENDING, y = i % ASCENDING, want = sign(x - y);

		for (int k = 0; word(ascending[x], k, &a); k++) {
			for (int l = 0; word(ascending[y], l, &b); l++) {
				CHECK(sign(number_text_cmp(a, b)) == want,
				    "%.*s, %.*s", (int)a.n, a.p, (int)b.n, b.p);
				CHECK(number_parse(&v, a) &&
				    number_parse(&w, b), "parse");
				if ((!v.exact || !w.exact) && v.real == w.real)
					continue;
				CHECK(number_cmp(&v, &w) == want,
				    "%.*s, %.*s", (int)a.n, a.p, (int)b.n, b.p);
			}
		}
	}
}

static void
test_int(void)
{
	static const char *const bad[] = { "", "-", "1.0", "1e1", "x",
	    "9223372036854775808", "-9223372036854775809",
	    "99999999999999999999999" };
	int64_t i;

	CHECK(number_int(&i, SLICE("-9223372036854775808")) && i == INT64_MIN,
	    "least");
	CHECK(number_int(&i, SLICE("+0000000000000000000000042")) && i == 42,
	    "zeros");
	for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
		CHECK(!number_int(&i, slice_str(bad[k])), "%s", bad[k]);
}

static void
test_json(void)
{
	static const char *const yes[] = { "0", "-0", "10", "1.5", "1e5",
	    "1E+5", "-1.25e-7" };
	static const char *const no[] = { "", "-", "01", "-01", "1.", ".5",
	    "+1", "1e", "1e+", "1.e5", "0x1", "1 ", "NaN" };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		CHECK(number_is_json(slice_str(yes[i])), "%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		CHECK(!number_is_json(slice_str(no[i])), "%s", no[i]);
}

static void
put_is(double x, const char *want)
{
	char out[NUMBER_MAX + 1];

	out[number_put_real(out, x)] = '\0';
	CHECK(strcmp(out, want) == 0, "%a: %s, not %s", x, out, want);
}

/* From the first that is not 0 to the last, which a whole number's zeros
   follow. */
static size_t
digits(const char *s)
{
	size_t n = 0, last = 0;

	for (; *s != '\0' && *s != 'e'; s++) {
		if (*s < '0' || *s > '9' || (n == 0 && *s == '0'))
			continue;
		n++;
		last = *s != '0' ? n : last;
	}
	return last;
}

static void
decimal_is(int64_t mant, int scale, const char *want)
{
	char out[NUMBER_MAX + 1];

	out[number_put_decimal(out, mant, scale)] = '\0';
	CHECK(strcmp(out, want) == 0, "%s, not %s", out, want);
}

static void
test_put(void)
{
	char out[NUMBER_MAX + 1], want[64];

	put_is(0.1, "0.1");
	put_is(-0.0, "0");
	put_is(1e15, "1000000000000000");
	put_is(9007199254740992.0, "9007199254740992");
	put_is(1e18, "1000000000000000000");
	put_is(-0x1p63, "-9223372036854776000");
	put_is(0x1p62, "4611686018427388000");
	put_is(1e19, "10000000000000000000");
	put_is(-1.5e20, "-150000000000000000000");
	put_is(9.9e20, "990000000000000000000");
	put_is(1e21, "1e+21");
	put_is(1.25e21, "1.25e+21");
	put_is(1e300, "1e+300");
	put_is(0x1.fffffffffffffp1023, "1.7976931348623157e+308");
	put_is(-4.9e-324, "-5e-324");
	put_is(0.00001, "0.00001");
	put_is(0.000012345, "0.000012345");
	put_is(9.5e-6, "9.5e-06");
	put_is(1.0 / 3, "0.3333333333333333");
	put_is(10.0 / 3, "3.3333333333333335");
	put_is(2.0 / 3e7, "6.666666666666667e-08");
	decimal_is(0, 5, "0");
	decimal_is(-150, 2, "-1.5");
	decimal_is(100, 0, "100");
	decimal_is(100, 2, "1");
	decimal_is(5, 18, "0.000000000000000005");
	decimal_is(INT64_MIN, 18, "-9.223372036854775808");
	decimal_is(INT64_MAX, 1, "922337203685477580.7");
	put_is(HUGE_VAL, "inf");
	put_is(-HUGE_VAL, "-inf");
	put_is(-(double)NAN, "nan");
	for (int i = rounds(100000); i > 0; i--) {
		uint64_t u = rnd() >> rnd() % 64;
		double x = ldexp((double)(int64_t)rnd(),
		    (int)(rnd() % 200) - 160);

		sprintf(want, "%" PRIu64, u);
		out[number_put_u64(out, u)] = '\0';
		CHECK(strcmp(out, want) == 0, "%s, not %s", out, want);
		sprintf(want, "%" PRId64, (int64_t)u);
		out[number_put_i64(out, (int64_t)u)] = '\0';
		CHECK(strcmp(out, want) == 0, "%s, not %s", out, want);
		out[number_put_real(out, x)] = '\0';
		CHECK(strtod(out, NULL) == x, "%a: %s", x, out);
		for (int n = 0; n == 0 || strtod(want, NULL) != x; n++)
			snprintf(want, sizeof want, "%.*e", n, x);
		CHECK(digits(out) == digits(want), "%s, not %s", out, want);
	}
}

static void
test_units(void)
{
	static const struct {
		const char *text;
		int64_t ns;
	} t[] = {
		{ "5", 5000000000 }, { "1.5s", 1500000000 },
		{ "20ms", 20000000 }, { "1h30m", 5400000000000 }, { "0", 0 },
		{ ".5", 500000000 },
		{ "1d", 86400000000000 }, { "3us", 3000 }, { "7ns", 7 },
		{ "0.000000001", 1 }, { "0.0000000019", 1 },
		{ "1m0.5s", 60500000000 }, { "1min", 60000000000 },
		{ "3.79ms", 3790000 }, { "2hours1sec", 7201000000000 },
		{ "5\xc2\xb5s", 5000 },
	};
	static const char *const bad[] = { "", "x", "1x", "-1s", "1h30", "s",
	    ".", "1s ", " 1s", "300000d", "99999999999999999999", "1.5.5s" };
	uint64_t u;
	int64_t ns;

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		const char *why = number_duration(&ns, slice_str(t[i].text));

		CHECK(why == NULL && ns == t[i].ns, "%s: %s", t[i].text,
		    why == NULL ? "wrong" : why);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(number_duration(&ns, slice_str(bad[i])) != NULL, "%s",
		    bad[i]);
	CHECK(number_size(&u, "64k") == NULL && u == 65536, "64k");
	CHECK(number_size(&u, "1.5MiB") == NULL && u == 1572864, "1.5MiB");
	CHECK(number_size(&u, "64kB") == NULL && u == 65536, "64kB");
	CHECK(number_size(&u, "7B") == NULL && u == 7, "7B");
	CHECK(number_size(&u, "1.5M") == NULL && u == 1572864, "1.5M");
	CHECK(number_size(&u, "18446744073709551615") == NULL &&
	    u == UINT64_MAX, "largest");
	CHECK(number_size(&u, "18446744073709551616") != NULL, "too large");
	CHECK(number_size(&u, "16777216T") != NULL, "too large");
	CHECK(number_size(&u, "1kk") != NULL, "two units");
	CHECK(number_count(&u, "2k") == NULL && u == 2000, "2k");
	CHECK(number_count(&u, "-1") != NULL, "negative");
}

int
main(void)
{
	test_exact();
	test_inexact();
	test_refused();
	test_random();
	test_back();
	test_many();
	test_long();
	test_cmp();
	test_int();
	test_json();
	test_put();
	test_units();
	return 0;
}
