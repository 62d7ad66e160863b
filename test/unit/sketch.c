/* sketch.c - quantiles, distinct counts and heavy hitters, by their bounds */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/agg/sketch-text.h"
#include "lib/agg/sketch.h"
#include "lib/base/arena.h"
#include "test/unit/check.h"

enum { MANY = 20000, KINDS = 9 };

static double data[MANY], sorted[MANY];

static double
uniform(void)
{
	return (double)((rnd() >> 11) + 1) * 0x1p-53;
}

static struct number
percent(const char *text)
{
	struct number v;

	CHECK(number_parse(&v, slice_str(text)) && v.exact, "%s", text);
	return v;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
value(int kind, size_t i)
{
	switch (kind) {
	case 0:
		return uniform();
	case 1:
		return pow(uniform(), -1.5);		/* Pareto */
	case 2:
		return 42;
	case 3:
		return (double)i;			/* sorted */
	case 4:
		return (double)(MANY - i);
	case 5:
		return (double)(rnd() % 100);
	case 6:
		return (uniform() - 0.5) * 1e6;		/* of both signs */
	case 7:
		return i % 2 ? 1e-3 : 1e9 * uniform();	/* far apart */
	default:
		return exp(uniform() * 30 - 10);
	}
}

static void
shuffle(double *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = rnd() % i;
		double t = v[k];

		v[k] = v[i - 1];
		v[i - 1] = t;
	}
}

static void
fill(int kind, size_t n)
{
	for (size_t i = 0; i < n; i++)
		data[i] = value(kind, i);
	memcpy(sorted, data, n * sizeof *data);
	qsort(sorted, n, sizeof *sorted, compare);
}

static const char *const points[] = { "0", "0.1", "1", "10", "25", "50", "66.7",
    "90", "99", "99.9", "99.99", "100" };

/* The quantile by its definition, on the sorted values. */
static double
definition(size_t n, const char *p)
{
	long double h = (long double)(n - 1) * strtold(p, NULL) / 100;
	size_t low = (size_t)(h + 1e-9L);
	long double part = h - (long double)low;

	if (part < 1e-9L || low + 1 >= n)
		return sorted[low];
	return (double)((long double)sorted[low] + part *
	    ((long double)sorted[low + 1] - (long double)sorted[low]));
}

static void
near(double got, double want, const char *what)
{
	CHECK(fabs(got - want) <= 0.01 * fabs(want), "%s: %.17g, not %.17g",
	    what, got, want);
}

/* Every value within 1 %: of all magnitudes, and closely along two octaves. */
static void
test_dd_bins(void)
{
	struct number p = percent("50");
	struct ddsketch s;

	dd_init(&s, DD_BINS, DD_MAX_BINS);
	for (int i = rounds(300000); i > 0; i--) {
		uint64_t bits = rnd() >> 1;
		double x, got;

		memcpy(&x, &bits, sizeof x);
		if (i % 3 == 0)
			x = exp(i / 200000.0) * (1 + uniform() * 1e-9);
		if (!isfinite(x * 1.5) || x / 1.5 == 0)
			continue;
		/* The least and the largest come out as they are. */
		dd_reset(&s);
		dd_add(&s, x * 1.5);
		dd_add(&s, x);
		dd_add(&s, x / 1.5);
		CHECK(dd_quantile(&s, &p, &got), "none");
		near(got, x, "a bin");
	}
	dd_free(&s);
}

static void
dd_fill(struct ddsketch *s, const double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		dd_add(s, v[i]);
}

static void
test_dd(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		static const size_t sizes[] = { 1, 2, 7, 1000, MANY };

		for (size_t k = 0; k < 5; k++) {
			struct ddsketch s;
			double got;

			dd_init(&s, DD_BINS, DD_MAX_BINS);
			fill(kind, sizes[k]);
			dd_fill(&s, data, sizes[k]);
			for (size_t i = 0; i < 12; i++) {
				struct number p = percent(points[i]);

				CHECK(dd_quantile(&s, &p, &got), "none");
				if (kind == 6 && i == 5)
					continue;	/* between signs */
				near(got, definition(sizes[k], points[i]),
				    points[i]);
			}
			CHECK(s.above.cap <= DD_MAX_BINS * 5 / 4 &&
			    s.below.cap <= DD_MAX_BINS * 5 / 4, "memory");
			dd_free(&s);
		}
	}
}

static void
dd_text(const struct ddsketch *s, struct buf *out)
{
	out->n = 0;
	dd_save(s, out);
}

/* Also where bins fall off the lower end: values of all magnitudes, in any
   order and any split, few bins. */
static void
test_dd_order(void)
{
	for (int round = 0; round < 300; round++) {
		unsigned max = round % 3 == 0 ? DD_MAX_BINS : 1 + rnd() % 300;
		struct ddsketch a, part[4], c;
		struct buf x = { NULL, 0, 0 }, y = { NULL, 0, 0 };
		size_t n = rnd() % 500;
		double span = (double)(rnd() % 600);

		for (size_t i = 0; i < n; i++)
			data[i] = round % 2 ? value(round % KINDS, i) :
			    exp((uniform() - 0.5) * span) *
			    (rnd() % 3 ? 1 : -1) * (rnd() % 9 != 0);
		dd_init(&a, DD_BINS, max);
		dd_init(&c, DD_BINS, max);
		dd_fill(&a, data, n);
		dd_text(&a, &x);
		shuffle(data, n);
		for (int k = 0; k < 4; k++)
			dd_init(&part[k], DD_BINS, max);
		for (size_t i = 0; i < n; i++)
			dd_add(&part[rnd() % 4], data[i]);
		for (int k = 0; k < 4; k++) {
			dd_text(&part[k], &y);
			dd_reset(&part[k]);
			CHECK(dd_load(&part[k], (struct slice){ y.p, y.n }),
			    "load");
			CHECK(dd_merge(&c, &part[k]), "merge");
			dd_free(&part[k]);
		}
		dd_text(&c, &y);
		CHECK(x.n == y.n && memcmp(x.p, y.p, x.n) == 0,
		    "round %d, %u bins:\n%.*s\n%.*s", round, max, (int)x.n, x.p,
		    (int)y.n, y.p);
		dd_free(&a);
		dd_free(&c);
		buf_free(&x);
		buf_free(&y);
	}
}

/* Far apart values: the upper ones keep their bound. */
static void
test_dd_collapse(void)
{
	struct ddsketch s;
	double got;

	dd_init(&s, DD_BINS, DD_MAX_BINS);
	for (size_t i = 0; i < MANY; i++)
		data[i] = exp((uniform() - 0.5) * 1000);
	memcpy(sorted, data, sizeof data);
	qsort(sorted, MANY, sizeof *sorted, compare);
	dd_fill(&s, data, MANY);
	for (size_t i = 0; i < 12; i++) {
		struct number p = percent(points[i]);
		double want = definition(MANY, points[i]);

		CHECK(dd_quantile(&s, &p, &got), "none");
		if (want > sorted[MANY - 1] * 0x1p-57)
			near(got, want, points[i]);
	}
	CHECK(s.above.n == DD_MAX_BINS && s.above.cap <= DD_MAX_BINS * 5 / 4,
	    "bins");
	dd_free(&s);
}

static void
test_dd_refused(void)
{
	struct ddsketch a, b;
	struct buf x = { NULL, 0, 0 };

	dd_init(&a, DD_BINS, DD_MAX_BINS);
	dd_init(&b, DD_BINS, 100);
	CHECK(!dd_merge(&a, &b), "other parameters");
	dd_add(&a, 1);
	dd_add(&a, -5);
	dd_text(&a, &x);
	CHECK(!dd_load(&b, (struct slice){ x.p, x.n }), "other parameters");
	dd_reset(&a);
	for (size_t i = 0; i < x.n; i++) {
		CHECK(!dd_load(&a, (struct slice){ x.p, i }), "cut at %zu", i);
		x.p[i] ^= 1;
		CHECK(!dd_load(&a, (struct slice){ x.p, x.n }),
		    "garbled at %zu", i);
		x.p[i] ^= 1;
		CHECK(a.n == 0 && a.above.n == 0 && a.below.n == 0,
		    "not empty");
	}
	dd_free(&a);
	dd_free(&b);
	buf_free(&x);
}

static void
add_key(struct hll *s, uint64_t i)
{
	char key[32];

	hll_add(s, (struct slice){ key, (size_t)sprintf(key, "k%" PRIu64, i) });
}

static void
hll_text(const struct hll *s, struct buf *out)
{
	out->n = 0;
	hll_save(s, out);
}

/* Exact to 4096; five standard errors (0.8 %) beyond. */
static void
test_hll_count(void)
{
	struct hll s;
	uint64_t next = 1, got;

	hll_init(&s, HLL_P, HLL_EXACT);
	CHECK(hll_count(&s) == 0, "empty");
	for (uint64_t i = 1; i <= 600000; i++) {
		add_key(&s, i);
		if (i % 3 == 0)
			add_key(&s, i / 2 + 1);
		if (i < next && i != 4096 && i != 4097)
			continue;
		next = i + i / 10 + 1;
		got = hll_count(&s);
		if (i <= 4096)
			CHECK(got == i, "%" PRIu64 ", not %" PRIu64, got, i);
		else
			CHECK(fabs((double)got / (double)i - 1) <= 0.0406,
			    "%" PRIu64 ", not %" PRIu64, got, i);
		CHECK((s.reg == NULL) == (i <= 4096), "at %" PRIu64, i);
	}
	CHECK(s.cap == 0 && s.set == NULL, "memory");
	hll_free(&s);
}

static int
compare_bits(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Texts as different as values are, and adversarial ones: long, and alike but
   for one byte at either end. */
static struct slice
kind_key(int kind, double x, char *out, size_t size)
{
	uint64_t u;
	int n;

	memcpy(&u, &x, sizeof u);
	switch (kind) {
	case 0:
		n = snprintf(out, size, "%.17g", x);
		break;
	case 1:
		memcpy(out, &x, sizeof x);
		n = sizeof x;
		break;
	case 2:
		n = snprintf(out, size, "%0150" PRIu64, u);
		break;
	default:
		n = snprintf(out, size, "%" PRIu64 "%0150d", u, 0);
		break;
	}
	return (struct slice){ out, (size_t)n };
}

/* Whatever the values are: uniform, Pareto, one only, sorted, and so on. */
static void
test_hll_kinds(void)
{
	static uint64_t bits[MANY];
	char key[200];

	for (int round = 0; round < 4 * KINDS; round++) {
		struct hll s;
		uint64_t want = 0, got;

		fill(round % KINDS, MANY);
		hll_init(&s, HLL_P, HLL_EXACT);
		for (size_t i = 0; i < MANY; i++) {
			memcpy(&bits[i], &data[i], sizeof bits[i]);
			hll_add(&s, kind_key(round / KINDS, data[i], key,
			    sizeof key));
		}
		qsort(bits, MANY, sizeof *bits, compare_bits);
		for (size_t i = 0; i < MANY; i++)
			want += i == 0 || bits[i] != bits[i - 1];
		got = hll_count(&s);
		CHECK(want <= HLL_EXACT ? got == want :
		    fabs((double)got / (double)want - 1) <= 0.0406,
		    "round %d: %" PRIu64 ", not %" PRIu64, round, got, want);
		hll_free(&s);
	}
}

/* The mean over many small ones shows a bias that one does not. */
static void
test_hll_bias(void)
{
	static const uint64_t sizes[] = { 5, 20, 60, 150, 1000 };

	for (size_t k = 0; k < 5; k++) {
		double sum = 0;

		for (uint64_t t = 0; t < 400; t++) {
			struct hll s;

			hll_init(&s, 6, 0);
			for (uint64_t i = 0; i < sizes[k]; i++)
				add_key(&s, t << 32 | i);
			sum += (double)hll_count(&s);
			hll_free(&s);
		}
		sum /= 400 * (double)sizes[k];
		CHECK(fabs(sum - 1) < 0.035, "%" PRIu64 " values: %g", sizes[k],
		    sum);
	}
}

static void
test_hll_order(void)
{
	for (int round = 0; round < 60; round++) {
		static const unsigned exact[] = { 0, 10, 100, HLL_EXACT };
		unsigned p = 4 + rnd() % 11, limit = exact[rnd() % 4];
		struct hll a, c, part[3];
		struct buf x = { NULL, 0, 0 }, y = { NULL, 0, 0 };
		uint64_t n = rnd() % (round % 4 ? 300 : 6000), base = rnd();

		hll_init(&a, p, limit);
		hll_init(&c, p, limit);
		for (int k = 0; k < 3; k++)
			hll_init(&part[k], p, limit);
		for (uint64_t i = 0; i < n; i++)
			add_key(&a, base + i);
		for (uint64_t i = n; i-- > 0;)
			for (uint64_t r = rnd(); r % 2 || r % 3; r >>= 2)
				add_key(&part[r % 3], base + i);
		for (uint64_t i = n; i-- > 0;)
			add_key(&part[rnd() % 3], base + i);
		for (int k = 0; k < 3; k++) {
			hll_text(&part[k], &y);
			hll_free(&part[k]);
			CHECK(hll_load(&part[k], (struct slice){ y.p, y.n }),
			    "load");
			CHECK(hll_merge(&c, &part[k]), "merge");
			hll_free(&part[k]);
		}
		hll_text(&a, &x);
		hll_text(&c, &y);
		CHECK(x.n == y.n && memcmp(x.p, y.p, x.n) == 0,
		    "round %d: p %u, exact %u, %" PRIu64 " values", round, p,
		    limit, n);
		for (size_t i = 0; i < x.n; i += 1 + x.n / 50) {
			hll_free(&c);
			CHECK(!hll_load(&c, (struct slice){ x.p, i }), "cut");
			x.p[i] ^= 1;
			CHECK(!hll_load(&c, (struct slice){ x.p, x.n }),
			    "garbled");
			x.p[i] ^= 1;
			CHECK(c.n == 0 && c.reg == NULL, "not empty");
		}
		hll_free(&a);
		hll_free(&c);
		buf_free(&x);
		buf_free(&y);
	}
}

static void
test_hll_refused(void)
{
	struct hll a, b;

	hll_init(&a, 14, 4096);
	hll_init(&b, 14, 100);
	CHECK(!hll_merge(&a, &b), "other exact");
	hll_init(&b, 12, 4096);
	CHECK(!hll_merge(&a, &b), "other p");
}

/* A register is at most one more than the bits that are left of a hash. */
static void
test_hll_registers(void)
{
	struct buf text = { 0 }, none = { 0 };
	struct hll a, b;
	int more;

	hll_init(&a, 6, 0);
	add_key(&a, 1);
	for (more = 0; more < 2; more++) {
		a.reg[5] = (unsigned char)(65 - 6 + more);
		text.n = 0;
		hll_text(&a, &text);
		hll_init(&b, 6, 0);
		CHECK(hll_load(&b, (struct slice){ text.p, text.n }) == !more,
		    "register %d", a.reg[5]);
		hll_free(&b);
	}
	/* One too few, and a checksum that is right. */
	a.reg[5] = 1;
	hll_text(&a, &text);
	text_close(&none, 0);
	text.n -= none.n + 1;
	text_close(&text, 0);
	hll_init(&b, 6, 0);
	CHECK(!hll_load(&b, (struct slice){ text.p, text.n }), "too few");
	hll_free(&a);
	buf_free(&none);
	buf_free(&text);
}

enum { KEYS = 3000 };

static void
heavy_key_add(struct heavy *s, uint64_t *truth, uint64_t i, uint64_t weight)
{
	char key[40];
	int n = sprintf(key, "%s%" PRIu64, i % 3 ? "" : "a longer key of many ",
	    i);

	truth[i] += weight;
	heavy_add(s, (struct slice){ key, (size_t)n }, weight);
}

static uint64_t
heavy_value(int kind, uint64_t i, uint64_t n)
{
	switch (kind) {
	case 0:
		return rnd() % KEYS;			/* uniform */
	case 1:
		return (uint64_t)(pow(uniform(), 4) * (KEYS - 1));
	case 2:
		return 7;
	case 3:
		return i * KEYS / n;			/* sorted */
	case 4:		/* the heavy one first, then always new ones */
		return i < n / 10 ? 0 : i % KEYS;
	default:	/* each just pushed out before it comes again */
		return i % 60;
	}
}

/* What Space-Saving promises, against the true weights. */
static void
heavy_check(const struct heavy *s, const uint64_t *truth, uint64_t total)
{
	static bool held[KEYS];
	uint32_t *index = mem_alloc((s->n + 1) * sizeof *index);
	uint64_t last = UINT64_MAX;

	memset(held, 0, sizeof held);
	CHECK(s->total == total, "total");
	CHECK(s->n <= s->max, "too many");
	CHECK(heavy_bound(s) <= total / s->max, "bound %" PRIu64 " of %" PRIu64,
	    heavy_bound(s), total);
	heavy_sort(s, index);
	for (uint32_t i = 0; i < s->n; i++) {
		const struct heavy_item *e = &s->item[index[i]];
		struct slice key = heavy_key(s, index[i]);
		uint64_t k = 0;

		while (key.n > 0 && *key.p >= ' ' && (*key.p < '0' ||
		    *key.p > '9')) {
			key.p++;
			key.n--;
		}
		for (; key.n > 0; key.p++, key.n--)
			k = k * 10 + (uint64_t)(*key.p - '0');
		CHECK(k < KEYS && !held[k], "key");
		held[k] = true;
		CHECK(e->count <= last, "order");
		last = e->count;
		CHECK(truth[k] <= e->count && e->count - e->error <= truth[k],
		    "%" PRIu64 " - %" PRIu64 ", truly %" PRIu64, e->count,
		    e->error, truth[k]);
	}
	for (uint64_t k = 0; k < KEYS; k++)
		CHECK(held[k] || truth[k] <= heavy_bound(s), "not held");
	free(index);
}

static void
test_heavy(void)
{
	static uint64_t truth[KEYS];

	for (int round = 0; round < 120; round++) {
		struct heavy s, part[4];
		struct buf x = { NULL, 0, 0 }, y = { NULL, 0, 0 };
		uint64_t n = rnd() % 20000 + 1, total = 0, w;
		uint32_t max = 1 + rnd() % (round % 5 ? 100 : 5000);

		memset(truth, 0, sizeof truth);
		heavy_init(&s, max);
		for (int k = 0; k < 4; k++)
			heavy_init(&part[k], max);
		for (uint64_t i = 0; i < n; i++) {
			w = round % 7 == 0 ? rnd() % 5 : 1;
			total += w;
			heavy_key_add(round % 2 ? &s : &part[rnd() % 4], truth,
			    heavy_value(round % 6, i, n), w);
		}
		for (int k = 0; k < 4 && round % 2 == 0; k++) {
			CHECK(heavy_merge(&s, &part[k]), "merge");
			CHECK(s.n <= max, "too many");
		}
		heavy_check(&s, truth, total);
		heavy_save(&s, &x);
		heavy_reset(&part[0]);
		CHECK(heavy_load(&part[0], (struct slice){ x.p, x.n }), "load");
		heavy_check(&part[0], truth, total);
		heavy_save(&part[0], &y);
		CHECK(x.n == y.n && memcmp(x.p, y.p, x.n) == 0, "round trip");
		for (size_t i = 0; i < x.n; i += 1 + x.n / 30) {
			heavy_reset(&part[0]);
			CHECK(!heavy_load(&part[0], (struct slice){ x.p, i }),
			    "cut");
			x.p[i] ^= 1;
			CHECK(!heavy_load(&part[0], (struct slice){ x.p, x.n }),
			    "garbled");
			x.p[i] ^= 1;
			CHECK(part[0].n == 0, "not empty");
		}
		heavy_free(&s);
		for (int k = 0; k < 4; k++)
			heavy_free(&part[k]);
		buf_free(&x);
		buf_free(&y);
	}
}

/* Below capacity all counts are exact, any bytes may be keys. */
static void
test_heavy_exact(void)
{
	struct heavy s, t;
	struct slice odd = { "\0\n\t\\", 4 }, empty = { "", 0 };
	uint32_t index[2];

	heavy_init(&s, 10);
	heavy_init(&t, 11);
	CHECK(!heavy_merge(&s, &t), "other capacity");
	for (int i = 0; i < 5; i++)
		heavy_add(&s, odd, 1);
	heavy_add(&s, empty, 3);
	heavy_sort(&s, index);
	CHECK(s.n == 2 && slice_eq(heavy_key(&s, index[0]), odd) &&
	    s.item[index[0]].count == 5 && s.item[index[0]].error == 0 &&
	    slice_eq(heavy_key(&s, index[1]), empty) && heavy_bound(&s) == 0,
	    "counts");
	heavy_free(&s);
	heavy_free(&t);
}

static void
test_text(void)
{
	struct buf b = { NULL, 0, 0 }, text = { NULL, 0, 0 };
	struct text_reader r;
	char out[300], in[300];

	for (int round = 0; round < 2000; round++) {
		uint64_t u = rnd() >> rnd() % 64;
		double x = ldexp((double)(int64_t)rnd(), (int)(rnd() % 900) -
		    500);
		size_t n = rnd() % 300;

		for (size_t i = 0; i < n; i++)
			in[i] = (char)rnd();
		b.n = 0;
		buf_char(&b, '!');
		text_number(&b, u);
		text_real(&b, x);
		text_bytes(&b, (struct slice){ in, n });
		text_number(&b, n);
		text_bytes(&b, (struct slice){ in, n });
		text_number(&b, UINT64_MAX);
		text_close(&b, 1);
		for (size_t i = 1; i < b.n; i++)
			CHECK(b.p[i] > ' ' && b.p[i] < 127 && b.p[i] != '\\',
			    "%d", b.p[i]);
		CHECK(text_open(&r, (struct slice){ b.p + 1, b.n - 1 }), "sum");
		CHECK(text_get_number(&r) == u, "number");
		CHECK(text_get_real(&r) == x, "real");
		text_get_bytes(&r, out, n);
		CHECK(memcmp(in, out, n) == 0, "bytes");
		CHECK(slice_eq(text_get_text(&r, &text),
		    ((struct slice){ in, n })), "text");
		CHECK(!text_done(&r) && text_get_number(&r) == UINT64_MAX &&
		    text_done(&r), "end");
		CHECK(text_get_number(&r) == 0 && r.bad, "beyond the end");
	}
	b.n = 0;
	text_number(&b, 0);
	r = (struct text_reader){ b.p, b.p + b.n, false };
	CHECK(text_get_text(&r, &text).n == 0 && text_done(&r), "empty");
	b.n = 0;
	text_number(&b, UINT64_MAX);
	text_bytes(&b, (struct slice){ in, sizeof in });
	r = (struct text_reader){ b.p, b.p + b.n, false };
	CHECK(text_get_text(&r, &text).n == 0 && r.bad, "more than there is");
	buf_free(&b);
	buf_free(&text);
}

int
main(void)
{
	test_text();
	test_dd_bins();
	test_dd();
	test_dd_order();
	test_dd_collapse();
	test_dd_refused();
	test_hll_count();
	test_hll_kinds();
	test_hll_bias();
	test_hll_order();
	test_hll_refused();
	test_hll_registers();
	test_heavy();
	test_heavy_exact();
	return 0;
}
