/* sum.c - exact sums: against slow oracles, in any order, split and merged */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/number/big.h"
#include "lib/number/sum.h"
#include "test/unit/check.h"

static struct number
num(const char *text)
{
	struct number v;

	CHECK(number_parse(&v, slice_str(text)), "%s", text);
	return v;
}

/* A value of one of several kinds of data. */
static void
random_value(char *out, int kind)
{
	int64_t r = (int64_t)rnd();

	switch (kind) {
	case 0:
		sprintf(out, "%d", (int)(r % 1000));
		break;
	case 1:
		sprintf(out, "%d.%02d", (int)(r % 100000), (int)(rnd() % 100));
		break;
	case 2:
		sprintf(out, "%.*f", (int)(rnd() % 7), (double)r / 0x1p50);
		break;
	case 3:
		sprintf(out, "%" PRId64, r);
		break;
	case 4:
		sprintf(out, "%.17g", (double)r / 0x1p63);
		break;
	case 5:
		sprintf(out, "%.15ge%d", (double)r / 0x1p63,
		    (int)(rnd() % 560) - 280);
		break;
	case 6:
		if (rnd() % 50 == 0)
			random_value(out, 5);
		else
			random_value(out, (int)(rnd() % 5));
		break;
	default:
		sprintf(out, "%" PRId64 "e-%d", r, (int)(rnd() % 19));
		break;
	}
}

static char *
text_of(const struct moments *m)
{
	static char out[8192];
	char a[4][NUMBER_MAX];
	struct buf b = { NULL, 0, 0 };
	size_t n[4];

	n[0] = sum_put(&m->sum, a[0]);
	n[1] = sum_put_mean(&m->sum, a[1]);
	n[2] = moments_put_var(m, a[2]);
	n[3] = moments_put_stddev(m, a[3]);
	moments_save(m, &b);
	sum_save(&m->sum, &b);
	snprintf(out, sizeof out, "%.*s %.*s %.*s %.*s %.*s", (int)n[0], a[0],
	    (int)n[1], a[1], (int)n[2], a[2], (int)n[3], a[3], (int)b.n, b.p);
	buf_free(&b);
	return out;
}

/* The same values shuffled, split into parts, some of them by way of text. */
static void
add_split(struct moments *m, struct number *v, size_t n)
{
	struct moments part[8];
	struct buf b = { NULL, 0, 0 };

	memset(part, 0, sizeof part);
	for (size_t i = n; i > 1; i--) {
		size_t k = rnd() % i;
		struct number t = v[k];

		v[k] = v[i - 1];
		v[i - 1] = t;
	}
	for (size_t i = 0; i < n; i++)
		moments_add(&part[rnd() % 8], &v[i]);
	for (int i = 0; i < 8; i++) {
		if (rnd() % 2) {
			b.n = 0;
			moments_save(&part[i], &b);
			moments_free(&part[i]);
			CHECK(moments_load(&part[i],
			    (struct slice){ b.p, b.n }), "%.*s", (int)b.n, b.p);
		}
		moments_merge(m, &part[i]);
		moments_free(&part[i]);
	}
	buf_free(&b);
}

static void
test_order(void)
{
	static struct number v[2000];
	char text[64], *want;

	for (int round = 0; round < 400; round++) {
		struct moments a = { 0 }, b = { 0 };
		size_t n = rnd() % (round % 10 == 0 ? 2000 : 20);

		for (size_t i = 0; i < n; i++) {
			random_value(text, round % 8);
			v[i] = num(text);
			moments_add(&a, &v[i]);
		}
		want = strdup(text_of(&a));
		add_split(&b, v, n);
		CHECK(strcmp(want, text_of(&b)) == 0, "kind %d:\n%s\n%s",
		    round % 8, want, text_of(&b));
		free(want);
		moments_free(&a);
		moments_free(&b);
	}
}

/* Decimal columns, added as on paper: digit[0] counts 10^-18. */
static void
paper_add(int64_t *digit, const struct number *v)
{
	uint64_t m = v->mant < 0 ? 0 - (uint64_t)v->mant : (uint64_t)v->mant;

	for (int i = 18 - v->scale; m > 0; m /= 10, i++)
		digit[i] += (v->mant < 0 ? -1 : 1) * (int64_t)(m % 10);
}

static void
paper_put(char *out, int64_t *digit, int n)
{
	bool neg = false, point = false;

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < n - 1; i++) {
			int64_t up = (digit[i] - (digit[i] < 0 ? 9 : 0)) / 10;

			digit[i] -= up * 10;
			digit[i + 1] += up;
		}
		if (digit[n - 1] >= 0)
			break;
		neg = true;
		for (int i = 0; i < n; i++)
			digit[i] = -digit[i];
	}
	if (neg)
		*out++ = '-';
	while (n > 19 && digit[n - 1] == 0)
		n--;
	for (int i = n - 1; i >= 0; i--) {
		*out++ = (char)('0' + digit[i]);
		if (i == 18) {
			*out++ = '.';
			point = true;
		}
	}
	while (point && out[-1] == '0')
		out--;
	if (out[-1] == '.')
		out--;
	*out = '\0';
}

static void
test_paper(void)
{
	char text[64], want[80], prefix[128];

	for (int round = 0; round < 3000; round++) {
		struct sum s = { 0 };
		int64_t digit[60] = { 0 };
		struct buf b = { NULL, 0, 0 };
		uint64_t n = rnd() % 100;

		for (uint64_t i = 0; i < n; i++) {
			static const int kind[] = { 0, 1, 2, 3, 7 };
			struct number v;

			random_value(text, kind[round % 5]);
			v = num(text);
			CHECK(v.exact, "%s", text);
			sum_add(&s, &v);
			paper_add(digit, &v);
		}
		paper_put(want, digit, 60);
		snprintf(prefix, sizeof prefix, "%" PRIu64 ",%s,;", n, want);
		sum_save(&s, &b);
		buf_char(&b, '\0');
		CHECK(strcmp(b.p, prefix) == 0, "%s, not %s", b.p, prefix);
		buf_free(&b);
		sum_free(&s);
	}
}

/* Shewchuk's expansions, the parts never overlapping; the sum rounded once. */
static double
expansion_sum(const double *x, size_t n)
{
	static double part[4000];
	size_t np = 0, k;
	double hi, lo, y, t;

	for (size_t i = 0; i < n; i++) {
		y = x[i];
		k = 0;
		for (size_t j = 0; j < np; j++) {
			if (fabs(y) < fabs(part[j])) {
				t = y;
				y = part[j];
				part[j] = t;
			}
			hi = y + part[j];
			lo = part[j] - (hi - y);
			if (lo != 0)
				part[k++] = lo;
			y = hi;
		}
		part[k++] = y;
		np = k;
	}
	if (np == 0)
		return 0;
	hi = part[--np];
	lo = 0;
	while (np > 0 && lo == 0) {
		y = hi;
		t = part[--np];
		hi = y + t;
		lo = t - (hi - y);
	}
	if (np > 0 && ((lo < 0 && part[np - 1] < 0) ||
	    (lo > 0 && part[np - 1] > 0))) {
		y = lo * 2;
		t = hi + y;
		if (y == t - hi)
			hi = t;
	}
	return hi;
}

static void
test_doubles(void)
{
	static double x[1000];

	for (int round = 0; round < 3000; round++) {
		struct moments s = { 0 };
		size_t n = rnd() % (round % 20 == 0 ? 1000 : 10) + 1;
		int span = (int)(rnd() % 600);
		double got, want;

		for (size_t i = 0; i < n; i++) {
			struct number v = { 0, 0, false, 0 };

			x[i] = ldexp((double)(int64_t)rnd(),
			    (int)(rnd() % (unsigned)(2 * span + 1)) - span);
			if (i > 0 && rnd() % 4 == 0)
				x[i] = -x[rnd() % i];
			if (span == 1)
				x[i] = ldexp((double)(rnd() % 9), -1074);
			v.real = x[i];
			moments_add(&s, &v);
		}
		want = expansion_sum(x, n);
		got = sum_real(&s.sum);
		CHECK(got == want, "%a, not %a", got, want);
		moments_free(&s);
	}
}

/* Decimals and doubles of the same values must agree in what they say. */
static void
test_variance(void)
{
	for (int round = 0; round < 2000; round++) {
		struct moments a = { 0 }, b = { 0 };
		size_t n = rnd() % 50 + 2;
		long double mean = 0, want = 0;
		double x[60], var, bin;

		for (size_t i = 0; i < n; i++) {
			char text[40];
			struct number v;

			sprintf(text, "%d.%03d", (int)(rnd() % 20000),
			    (int)(rnd() % 8) * 125);
			v = num(text);
			moments_add(&a, &v);
			v.exact = round % 2 == 0 && rnd() % 2 == 0;
			moments_add(&b, &v);
			x[i] = v.real;
			mean += (long double)v.real / (long double)n;
		}
		for (size_t i = 0; i < n; i++)
			want += ((long double)x[i] - mean) *
			    ((long double)x[i] - mean);
		want /= (long double)(n - 1);
		CHECK(moments_var(&a, &var) && moments_var(&b, &bin), "none");
		CHECK(var == bin, "%.17g, %.17g", var, bin);
		CHECK(fabsl((long double)var - want) <= 1e-12L * want,
		    "%.17g, not %.17Lg", var, want);
		moments_free(&a);
		moments_free(&b);
	}
}

/* values: separated by blanks.  want: sum, mean, var, stddev; "-" for none. */
static void
is(const char *values, const char *want)
{
	struct moments m = { 0 };
	char copy[400], got[256], out[NUMBER_MAX];
	size_t n, len = 0;

	snprintf(copy, sizeof copy, "%s", values);
	for (char *p = strtok(copy, " "); p != NULL; p = strtok(NULL, " ")) {
		struct number v = num(p);

		moments_add(&m, &v);
	}
	for (int i = 0; i < 4; i++) {
		n = i == 0 ? sum_put(&m.sum, out) :
		    i == 1 ? sum_put_mean(&m.sum, out) :
		    i == 2 ? moments_put_var(&m, out) :
		    moments_put_stddev(&m, out);
		if (n == 0)
			out[n++] = '-';
		len += (size_t)sprintf(got + len, "%s%.*s", i > 0 ? " " : "",
		    (int)n, out);
	}
	CHECK(strcmp(got, want) == 0, "%s: %s, not %s", values, got, want);
	moments_free(&m);
}

static void
test_known(void)
{
	is("", "0 - - -");
	is("5", "5 5 - -");
	is("0.1 0.2", "0.3 0.15 0.005 0.07071067811865475");
	is("0.5 0.5", "1 0.5 0 0");
	is("1 2 3 4", "10 2.5 1.6666666666666667 1.2909944487358056");
	is("9007199254740993 1",
	    "9007199254740994 4503599627370497 "
	    "40564819207303340847894502572032 6369051672525773");
	is("9007199254740993", "9007199254740993 9007199254740993 - -");
	is("9223372036854775807 9223372036854775807 2",
	    "18446744073709551616 6148914691236517000 "
	    "2.8356863910078204e+37 5325116328314171000");
	is("-9223372036854775808 -9223372036854775808",
	    "-18446744073709551616 -9223372036854775808 0 0");
	is("1e300 -1e300 5", "5 1.6666666666666667 inf 1e+300");
	is("1e300 1 -1e300", "1 0.3333333333333333 inf 1e+300");
	/* what doubles lost is lost, even if they cancel out */
	is("9223372036854775807 -9223372036854775809 9223372036854775808",
	    "9223372036854776000 3074457345618258400 "
	    "1.1342745564031281e+38 10650232656628343000");
	is("100000000000000000000000 7 -100000000000000000000000",
	    "7 2.3333333333333335 9.999999999999999e+45 1e+23");
	/* sums in full, whatever their length; others where 64 bits do */
	is("9223372036854775807 9223372036854775807 0.5",
	    "18446744073709551614.5 6148914691236517000 "
	    "2.8356863910078204e+37 5325116328314171000");
	is("9223372036854775807 9223372036854775807 0.000000000000000001",
	    "18446744073709551614.000000000000000001 6148914691236517000 "
	    "2.8356863910078204e+37 5325116328314171000");
	is("-9223372036854775808 -9223372036854775808 -0.25",
	    "-18446744073709551616.25 -6148914691236517000 "
	    "2.8356863910078204e+37 5325116328314171000");
	is("9007199254740993 9007199254740994", "18014398509481987 "
	    "9007199254740993.5 0.5 0.7071067811865476");
	is("1e-18 2e-18 6e-18 3e-18", "0.000000000000000012 "
	    "0.000000000000000003 4.6666666666666664e-36 "
	    "2.1602468994692865e-18");
	is("1e-300 1e-300", "2e-300 1e-300 0 0");
	is("1e200 1e200 1e200", "3e+200 1e+200 0 0");
	is("1.5 1e2", "101.5 50.75 4851.125 69.65001794687493");
	is("0.1 1e-30", "0.1 0.05 0.005 0.07071067811865475");
	is("-1 1 -0", "0 0 1 1");
	is("-3.25 1.25", "-2 -1 10.125 3.181980515339464");
}

/* NIST's StRD: NumAcc1 to NumAcc4, certified mean and standard deviation. */
static void
test_numacc(void)
{
	is("10000001 10000003 10000002", "30000006 10000002 1 1");
	for (int set = 2; set <= 4; set++) {
		static const char *const val[5][3] = { { 0 }, { 0 },
		    { "1.2", "1.1", "1.3" },
		    { "1000000.2", "1000000.1", "1000000.3" },
		    { "10000000.2", "10000000.1", "10000000.3" } };
		static const char *const mean[5] = { "", "", "1.2",
		    "1000000.2", "10000000.2" };
		struct moments m = { 0 };
		struct number v = num(val[set][0]);
		char out[NUMBER_MAX];
		size_t n;

		moments_add(&m, &v);
		for (int i = 0; i < 1000; i++) {
			v = num(val[set][1 + i % 2]);
			moments_add(&m, &v);
		}
		n = sum_put_mean(&m.sum, out);
		CHECK(n == strlen(mean[set]) && !memcmp(out, mean[set], n),
		    "NumAcc%d: %.*s", set, (int)n, out);
		n = moments_put_stddev(&m, out);
		CHECK(n == 3 && !memcmp(out, "0.1", 3), "NumAcc%d: %.*s", set,
		    (int)n, out);
		moments_free(&m);
	}
}

static void
test_refused(void)
{
	static const char *const bad[] = { "", ";", "1,2,,4,", "1,2,,4,;x",
	    "1,2,,4", "x,2,,4,;", "-1,2,,4,;", "1,,,4,;", "1,2,,,;",
	    "1,2x,,4,;", "1,1.0000000000000000001,,4,;", "1,2,,-4,;",
	    "2,2,,1,;", "1,2,g@1,4,;", "1,2,1,4,;", "1,2,1@,4,;",
	    "1,2,1@-1,4,;", "1,2,1@9999,4,;", "1,2,-,4,;", "1,2,,4,-1@0;",
	    "72057594037927936,2,,4,;", "1,2,,4;", "3,5,,25,1@3;",
	    "3,5,1@3,25,;",
	    "1,99999999999999999999999999999999999999999999999999,,1,;" };
	struct buf b = { NULL, 0, 0 };
	struct moments m = { 0 };
	static const struct moments zero;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK(!moments_load(&m, slice_str(bad[i])), "%s", bad[i]);
		CHECK(memcmp(&m, &zero, sizeof m) == 0, "%s", bad[i]);
	}
	for (int i = 0; i < 40; i++) {
		struct number v = num(i % 3 ? "-12345.678" : "1.5e-200");

		moments_add(&m, &v);
	}
	moments_save(&m, &b);
	moments_free(&m);
	for (size_t n = 0; n < b.n; n++)
		CHECK(!moments_load(&m, (struct slice){ b.p, n }), "cut at %zu",
		    n);
	CHECK(moments_load(&m, (struct slice){ b.p, b.n }), "whole");
	moments_free(&m);
	buf_free(&b);
}

static void
test_multiply(void)
{
	for (int i = 0; i < 100000; i++) {
		uint64_t a = rnd() >> rnd() % 64, b = rnd() >> rnd() % 64, h, g;

		if (i % 7 == 0)
			a = UINT64_MAX - a % 3;
		if (i % 5 == 0)
			b = UINT64_MAX - b % 3;
		CHECK(wide_mul(a, b, &h) == wide_mul_plain(a, b, &g) && h == g,
		    "%" PRIx64 " * %" PRIx64, a, b);
	}
}

/* a = q * b + r for numbers that bring out the division's rare steps. */
static void
test_divide(void)
{
	for (int i = 0; i < 100000; i++) {
		struct big a, b, q, r;

		a.n = rnd() % 12 + 1;
		b.n = rnd() % 6 + 1;
		for (size_t k = 0; k < a.n; k++)
			a.d[k] = rnd() % 3 ? (uint32_t)rnd() : 0 -
			    (uint32_t)(rnd() % 2);
		for (size_t k = 0; k < b.n; k++)
			b.d[k] = rnd() % 3 ? (uint32_t)rnd() : 0 -
			    (uint32_t)(rnd() % 2);
		a.d[a.n - 1] |= 1;
		b.d[b.n - 1] |= rnd() % 2 ? 1 : 0x80000000;
		r = a;
		big_div(&r, &b, &q);
		CHECK(big_cmp(&r, &b) < 0, "the rest is too large");
		big_mul(&q, &b);
		big_add(&q, &r);
		CHECK(big_cmp(&q, &a) == 0, "the product is another");
	}
}

int
main(void)
{
	CHECK(sizeof(struct sum) <= 32 && sizeof(struct moments) <= 48,
	    "size of a group");
	test_multiply();
	test_divide();
	test_known();
	test_numacc();
	test_paper();
	test_doubles();
	test_variance();
	test_order();
	test_refused();
	return 0;
}
