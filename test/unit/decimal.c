/* decimal.c - exact decimals against identities, and doubles' digits against
   printf and strtod */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/number/decimal.h"
#include "lib/number/shortest.h"
#include "test/unit/check.h"

static struct decimal
dec(int64_t mant, int scale)
{
	return (struct decimal){ mant, scale };
}

static void
test_known(void)
{
	static const struct {
		struct decimal a;
		char op;
		struct decimal b;
		bool done;
		struct decimal is;
	} t[] = {
		{ { 1, 1 }, '+', { 2, 1 }, true, { 3, 1 } },
		{ { 1, 0 }, '+', { 25, 2 }, true, { 125, 2 } },
		{ { 1, 0 }, '-', { 1, 18 }, true,
		    { 999999999999999999, 18 } },
		{ { INT64_MAX, 0 }, '+', { 1, 0 }, false, { 0, 0 } },
		{ { INT64_MIN, 0 }, '-', { INT64_MIN, 0 }, true, { 0, 0 } },
		{ { INT64_MIN, 0 }, '-', { 1, 0 }, false, { 0, 0 } },
		{ { 1, 0 }, '-', { INT64_MIN, 0 }, false, { 0, 0 } },
		{ { 5000000000000000000, 0 }, '*', { 4, 1 }, true,
		    { 2000000000000000000, 0 } },
		{ { 1, 18 }, '*', { 1, 1 }, false, { 0, 0 } },
		{ { 10, 18 }, '*', { 1, 1 }, true, { 1, 18 } },
		{ { INT64_MIN, 0 }, '*', { -1, 0 }, false, { 0, 0 } },
		{ { 1234567890123456, 0 }, '/', { 1000000, 0 }, true,
		    { 1234567890123456, 6 } },
		{ { 5, 0 }, '/', { 1024, 0 }, true, { 48828125, 10 } },
		{ { 2048, 0 }, '/', { 1024, 0 }, true, { 2, 0 } },
		{ { 3, 1 }, '/', { 1, 1 }, true, { 3, 0 } },
		{ { 7, 0 }, '/', { 14, 1 }, true, { 5, 0 } },
		{ { 1, 0 }, '/', { 3, 0 }, false, { 0, 0 } },
		{ { 0, 3 }, '/', { 3, 0 }, true, { 0, 0 } },
		{ { INT64_MIN, 0 }, '/', { -1, 0 }, false, { 0, 0 } },
		{ { 75, 1 }, '%', { 2, 0 }, true, { 15, 1 } },
		{ { -75, 1 }, '%', { 2, 0 }, true, { -15, 1 } },
		{ { 1000000000000000000, 0 }, '%', { 3, 1 }, true,
		    { 1, 1 } },
		{ { 5, 18 }, '%', { 1000, 0 }, true, { 5, 18 } },
		{ { INT64_MIN, 0 }, '%', { -1, 0 }, true, { 0, 0 } }
	};
	struct decimal r;
	bool done;

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		switch (t[i].op) {
		case '+': done = decimal_add(&r, t[i].a, t[i].b); break;
		case '-': done = decimal_sub(&r, t[i].a, t[i].b); break;
		case '*': done = decimal_mul(&r, t[i].a, t[i].b); break;
		case '/': done = decimal_div(&r, t[i].a, t[i].b); break;
		default: done = decimal_rem(&r, t[i].a, t[i].b); break;
		}
		CHECK(done == t[i].done, "case %zu", i);
		CHECK(!done || decimal_cmp(r, t[i].is) == 0,
		    "case %zu: %" PRId64 " %d", i, r.mant, r.scale);
	}
}

static struct decimal
some(void)
{
	int64_t m = (int64_t)rnd();

	return dec(m >> chance(64), (int)chance(DECIMAL_SCALE + 1));
}

static void
test_identities(void)
{
	struct decimal a, b, r, s;

	for (int i = rounds(80000); i > 0; i--) {
		a = some();
		b = some();
		CHECK(decimal_cmp(a, b) == -decimal_cmp(b, a), "%d", i);
		if (decimal_add(&r, a, b) && decimal_sub(&s, r, b))
			CHECK(decimal_cmp(s, a) == 0, "%d", i);
		if (b.mant == 0)
			continue;
		if (decimal_mul(&r, a, b)) {
			CHECK(decimal_div(&s, r, b), "%d", i);
			CHECK(decimal_cmp(s, a) == 0, "%d", i);
		}
		if (decimal_div(&r, a, b)) {
			CHECK(decimal_mul(&s, r, b), "%d", i);
			CHECK(decimal_cmp(s, a) == 0, "%d", i);
			CHECK(decimal_real(r) == decimal_ratio(a, b), "%d", i);
		}
	}
}

static void
test_round(void)
{
	static const struct {
		struct decimal a;
		int places;
		int64_t half, down, up, zero;
	} t[] = {
		{ { 25, 1 }, 0, 3, 2, 3, 2 }, { { -25, 1 }, 0, -3, -3, -2, -2 },
		{ { 24, 1 }, 0, 2, 2, 3, 2 }, { { 2345, 3 }, 2, 235, 234, 235,
		    234 }, { { 20, 1 }, 0, 2, 2, 2, 2 },
		{ { -4, 1 }, 0, 0, -1, 0, 0 },
		{ { INT64_MAX, 18 }, 0, 9, 9, 10, 9 }
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct decimal a = t[i].a;
		int p = t[i].places;

		CHECK(decimal_round(a, p, ROUND_HALF_AWAY).mant == t[i].half,
		    "case %zu", i);
		CHECK(decimal_round(a, p, ROUND_DOWN).mant == t[i].down,
		    "case %zu", i);
		CHECK(decimal_round(a, p, ROUND_UP).mant == t[i].up,
		    "case %zu", i);
		CHECK(decimal_round(a, p, ROUND_TO_ZERO).mant == t[i].zero,
		    "case %zu", i);
	}
}

/* Fewest digits that read back, as printf finds them. */
static void
check_shortest(double d)
{
	char want[40], got[40];
	int n = 0, exp;
	uint64_t digits;

	if (!isfinite(d) || d <= 0)
		return;
	do
		snprintf(want, sizeof want, "%.*e", n, d);
	while (n++ < 17 && strtod(want, NULL) != d);
	digits = shortest(d, &exp);
	snprintf(got, sizeof got, "%" PRIu64 "e%d", digits, exp);
	CHECK(strtod(got, NULL) == d, "%s: %s does not read back", want, got);
	CHECK(snprintf(NULL, 0, "%" PRIu64, digits) <= n, "%s: %s", want, got);
	CHECK(digits % 10 != 0, "%s", got);
	snprintf(got, sizeof got, "%.*e", n - 1, strtod(got, NULL));
	CHECK(strcmp(got, want) == 0, "%s is nearer than %s", want, got);
}

static void
test_shortest(void)
{
	uint64_t bits;
	double d;

	for (int e = -1074; e < 1024; e++)
		for (int i = -2; i < 3; i++)
			check_shortest(ldexp(1, e) + i * ldexp(1, e - 52));
	for (int i = rounds(40000); i > 0; i--) {
		bits = rnd() >> 1;
		memcpy(&d, &bits, sizeof d);
		check_shortest(d);
		check_shortest((double)chance(100000) / (1 + chance(1000)));
	}
	for (int i = 1; i < 1000; i++)
		check_shortest(i * 5e-324);
}

static void
test_of_real(void)
{
	struct decimal r;

	CHECK(decimal_of_real(&r, 0.1) && r.mant == 1 && r.scale == 1, "0.1");
	CHECK(decimal_of_real(&r, -1e15) && r.scale == 0 &&
	    r.mant == -1000000000000000, "-1e15");
	CHECK(!decimal_of_real(&r, 1e19), "1e19");
	CHECK(!decimal_of_real(&r, 1e-19), "1e-19");
	CHECK(decimal_of_real(&r, -0.0) && r.mant == 0, "-0");
}

int
main(void)
{
	test_known();
	test_identities();
	test_round();
	test_shortest();
	test_of_real();
	return 0;
}
