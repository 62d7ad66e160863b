/* quantile.c - exact quantiles: by their definition, in any order and split */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/agg/quantile.h"
#include "lib/base/arena.h"
#include "test/unit/check.h"

enum { MANY = 5000, KINDS = 8, TEXT = 40 };

static char text[MANY][TEXT];
static struct number data[MANY];
static long double sorted[MANY];

static struct number
number(const char *s)
{
	struct number v;

	CHECK(number_parse(&v, slice_str(s)), "%s", s);
	return v;
}

static void
value(int kind, size_t i, char *out)
{
	int n = (int)(rnd() % 100000);

	switch (kind) {
	case 0:
		snprintf(out, TEXT, "%d", n);
		break;
	case 1:
		snprintf(out, TEXT, "%d.%03d", n / 1000, n % 1000);
		break;
	case 2:
		snprintf(out, TEXT, "-%d.%d0", n, n % 10);
		break;
	case 3:
		snprintf(out, TEXT, "%" PRIu64, rnd() >> 1);
		break;
	case 4:		/* scales that grow, at last too large */
		snprintf(out, TEXT, "%de-%zu", n, i % 16);
		break;
	case 5:
		snprintf(out, TEXT, "%de%d", n, n % 500 - 250);
		break;
	case 6:
		snprintf(out, TEXT, "%.17g", ldexp((double)rnd(), -64));
		break;
	default:
		snprintf(out, TEXT, "%s%d", n % 2 ? "-" : "", n % 100);
		break;
	}
}

static int
compare(const void *a, const void *b)
{
	long double x = *(const long double *)a, y = *(const long double *)b;

	return (x > y) - (x < y);
}

static void
fill(int kind, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		value(kind, i, text[i]);
		data[i] = number(text[i]);
		sorted[i] = strtold(text[i], NULL);
	}
	qsort(sorted, n, sizeof *sorted, compare);
}

static void
add(struct quantile *q, const struct number *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		quantile_add(q, &v[i]);
}

static const char *const points[] = { "0", "0.1", "1", "10", "25", "50", "66.7",
    "90", "99", "99.9", "99.99", "100" };

/* The quantile by its definition, on the sorted values. */
static long double
definition(size_t n, const char *p)
{
	long double h = (long double)(n - 1) * strtold(p, NULL) / 100;
	size_t low = (size_t)(h + 1e-9L);
	long double part = h - (long double)low;

	if (part < 1e-9L || low + 1 >= n)
		return sorted[low];
	return sorted[low] + part * (sorted[low + 1] - sorted[low]);
}

static const char *
put(struct quantile *q, const char *p)
{
	static char out[NUMBER_MAX + 1];
	struct number percent = number(p);

	out[quantile_put(q, &percent, out)] = '\0';
	return out;
}

/* The definition is computed in long double, which may be double. */
#define NEAR	(LDBL_MANT_DIG > DBL_MANT_DIG ? 6e-15L : 1e-12L)

static void
test_definition(void)
{
	static const size_t sizes[] = { 1, 2, 3, 10, 101, 1000, MANY };

	for (int kind = 0; kind < KINDS; kind++) {
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
			struct quantile q = { 0 };
			long double got, want;

			fill(kind, sizes[s]);
			add(&q, data, sizes[s]);
			for (size_t i = 0; i < 24; i++) {
				const char *p = points[rnd() % 12];

				want = definition(sizes[s], p);
				got = strtold(put(&q, p), NULL);
				CHECK(fabsl(got - want) <= NEAR *
				    fabsl(want), "kind %d of %zu, p%s: "
				    "%.17Lg, not %.17Lg", kind, sizes[s], p,
				    got, want);
			}
			quantile_free(&q);
		}
	}
}

/* Values that were taken over from others give what one array of them gives,
   whatever is asked first: a quantile, or their text. */
static void
test_take(void)
{
	enum { PARTS = 40 };

	for (int round = 0; round < 6 * KINDS; round++) {
		struct quantile all = { 0 }, q = { 0 }, p[PARTS] = { { 0 } };
		size_t n = 1 + rnd() % PARTS, at, i;
		struct buf x = { 0 }, y = { 0 };
		const char *point = points[rnd() % 12];
		char want[NUMBER_MAX + 1];

		fill(round % KINDS, MANY);
		add(&all, data, MANY);
		snprintf(want, sizeof want, "%s", put(&all, point));
		for (i = 0; i < MANY; i++)
			add(&p[i < MANY / 2 ? rnd() % n : i % n], &data[i], 1);
		for (i = 0; i < n; i++) {
			at = i + rnd() % (n - i);	/* or later ones */
			quantile_take(at == i ? &q : &p[at], &p[i]);
			quantile_reset(&p[i]);
		}
		CHECK(round % 2 != 0 || strcmp(put(&q, point), want) == 0,
		    "round %d, p%s of %zu: %s, not %s", round, point, n,
		    put(&q, point), want);
		quantile_merge(&p[0], &q);
		quantile_save(round % 3 == 0 ? &p[0] : &q, &x);
		quantile_save(&all, &y);
		CHECK(x.n == y.n && memcmp(x.p, y.p, x.n) == 0, "round %d",
		    round);
		CHECK(strcmp(put(&q, point), want) == 0, "round %d", round);
		for (i = 0; i < n; i++)
			quantile_free(&p[i]);
		quantile_free(&q);
		quantile_free(&all);
		buf_free(&x);
		buf_free(&y);
	}
}

/* Values separated by blanks, a percentage, the result. */
static const char *const cases[][3] = {
	{ "", "50", "" },
	{ "9007199254740993", "50", "9007199254740993" },
	{ "9007199254740993 9007199254740995", "50", "9007199254740994" },
	{ "9007199254740993 9007199254740994", "50", "9007199254740993.5" },
	{ "9223372036854775807 -9223372036854775808", "100",
	    "9223372036854775807" },
	{ "9223372036854775807 -9223372036854775808", "0",
	    "-9223372036854775808" },
	{ "9223372036854775807 -9223372036854775808", "50", "-0.5" },
	{ "9223372036854775807 9223372036854775805", "50",
	    "9223372036854775806" },
	{ "900719925474099.3 1.50", "100", "900719925474099.3" },
	{ "9007199254740993.0 1.5", "100", "9007199254740993" },
	{ "9007199254740993.000 1e3", "100", "9007199254740993" },
	{ "0.1 0.2", "50", "0.15" },
	{ "0.1 0.3 0.2 0.30", "50", "0.25" },
	{ "-0 0.000000000000000000 9223372036854775807", "100",
	    "9223372036854775807" },
	{ "-0", "50", "0" },
	{ "-1 1", "50", "0" },
	{ "0.5 9223372036854775807", "100", "9223372036854776000" },
	{ "0.5 9223372036854775807", "0", "0.5" },
	{ "1e300 -1e300", "50", "0" },
	{ "1.7e308 1.6e308", "50", "1.6499999999999999e+308" },
	{ "-1.7e308 1.7e308", "75", "8.5e+307" },
	{ "5e-324 1e300", "0", "5e-324" },
	{ "1e-320 0", "50", "5e-321" },
	{ "9007199254740993 1e300", "0", "9007199254740992" },
	{ "1 2 3 4", "99.9999999999999999",
	    "3.999999999999999997" },
	{ "0 1", "0.0000000000000001", "0.000000000000000001" }
};

static void
add_words(struct quantile *q, const char *s)
{
	char word[TEXT];
	int n;

	for (; sscanf(s, "%39s%n", word, &n) == 1; s += n) {
		struct number v = number(word);

		quantile_add(q, &v);
	}
}

static void
test_cases(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct quantile q = { 0 };
		const char *got;

		add_words(&q, cases[i][0]);
		got = put(&q, cases[i][1]);
		CHECK(strcmp(got, cases[i][2]) == 0, "p%s of %s: %s, not %s",
		    cases[i][1], cases[i][0], got, cases[i][2]);
		quantile_free(&q);
	}
}

/* Data that makes the pivots bad (Musser, 1997) must not take long: this ends
   only if the selection does not go quadratic. */
static void
test_killer(void)
{
	size_t n = 400000;
	struct quantile q = { 0 };
	struct number v = number("0");

	for (size_t i = 0; i < n / 2; i++) {
		v.mant = (int64_t)(i % 2 ? n / 2 + i - i % 2 : i);
		quantile_add(&q, &v);
	}
	for (size_t i = 0; i < n / 2; i++) {
		v.mant = (int64_t)(2 * i + 1);
		quantile_add(&q, &v);
	}
	CHECK(strcmp(put(&q, "0"), "0") == 0, "least");
	put(&q, "50");
	quantile_free(&q);
}

static void
test_ranks(void)
{
	struct number p = number("99.9");
	struct quantile_rank r = quantile_rank_of(1001, &p);

	CHECK(r.low == 999 && r.part == 0, "%" PRIu64 " + %g", r.low, r.part);
	p = number("50");
	r = quantile_rank_of((uint64_t)1 << 60, &p);
	CHECK(r.low == ((uint64_t)1 << 59) - 1 && r.part == 0.5,
	    "%" PRIu64 " + %g", r.low, r.part);
	CHECK(quantile_between(-HUGE_VAL / 2, 1, 0) == -HUGE_VAL, "ends");
	CHECK(quantile_between(-1.7e308, 1.7e308, 0.5) == 0, "range");
}

static void
shuffle(size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = rnd() % i;
		struct number t = data[k];

		data[k] = data[i - 1];
		data[i - 1] = t;
	}
}

/* No text that is cut or changed is taken. */
static void
refuse(struct buf *x)
{
	struct quantile q = { 0 };

	for (size_t i = 0; i < x->n; i += 1 + x->n / 50) {
		CHECK(!quantile_load(&q, (struct slice){ x->p, i }),
		    "cut at %zu", i);
		x->p[i] ^= 1;
		CHECK(!quantile_load(&q, (struct slice){ x->p, x->n }),
		    "garbled at %zu", i);
		x->p[i] ^= 1;
		CHECK(q.n == 0 && q.scale == 0, "not empty");
	}
	quantile_free(&q);
}

/* A state's text is the same for every order and split, also by way of text,
   and makes the same values. */
static void
test_text(void)
{
	for (int round = 0; round < 20 * KINDS; round++) {
		struct quantile a = { 0 }, part[4] = { { 0 } }, c = { 0 };
		struct buf x = { 0 }, y = { 0 };
		size_t n = rnd() % 1000, i, k;

		fill(round % KINDS, n);
		add(&a, data, n);
		quantile_save(&a, &x);
		shuffle(n);
		for (i = 0; i < n; i++)
			add(&part[rnd() % 4], &data[i], 1);
		for (k = 0; k < 4; k++) {
			y.n = 0;
			quantile_save(&part[k], &y);
			quantile_reset(&part[k]);
			CHECK(quantile_load(&part[k], (struct slice){ y.p,
			    y.n }), "load");
			quantile_merge(&c, &part[k]);
			quantile_free(&part[k]);
		}
		y.n = 0;
		quantile_save(&c, &y);
		CHECK(x.n == y.n && memcmp(x.p, y.p, x.n) == 0,
		    "round %d:\n%.*s\n%.*s", round, (int)x.n, x.p, (int)y.n,
		    y.p);
		CHECK(c.n == n && a.scale == c.scale && (n == 0 ||
		    memcmp(c.v, a.v, n * sizeof *c.v) == 0), "round %d",
		    round);
		refuse(&x);
		quantile_free(&a);
		quantile_free(&c);
		buf_free(&x);
		buf_free(&y);
	}
}

int
main(void)
{
	test_ranks();
	test_cases();
	test_definition();
	test_take();
	test_killer();
	test_text();
	return 0;
}
