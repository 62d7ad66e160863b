/* sketch-dd.c - DDSketch: quantiles within 1 % in bounded memory */
#include <math.h>
#include <stdlib.h>

#include "lib/agg/quantile.h"
#include "lib/agg/sketch-text.h"
#include "lib/agg/sketch.h"
#include "lib/base/arena.h"

enum { SLACK = 32 };	/* bins made ready below a new lowest one */

void
dd_init(struct ddsketch *s, unsigned bins, unsigned max_bins)
{
	memset(s, 0, sizeof *s);
	s->bins = bins;
	s->max_bins = max_bins;
}

/* From 0 to 1 as x does; the slope of e * ln(2) + cubic(x) by the logarithm is
   at its least at both ends, 10/7 / ln(2) of it. */
static inline double
cubic(double x)
{
	return ((6.0 / 35 * x - 3.0 / 5) * x + 10.0 / 7) * x;
}

/* The bin of a value above 0. */
static inline int
bin_of(double v, unsigned bins)
{
	const uint64_t mant = ((uint64_t)1 << 52) - 1, one = (uint64_t)1023;
	uint64_t u;
	int exp, bin;
	double x;

	memcpy(&u, &v, sizeof u);
	exp = (int)(u >> 52) - 1023;
	if (exp == -1023) {
		v *= 0x1p54;
		memcpy(&u, &v, sizeof u);
		exp = (int)(u >> 52) - 1023 - 54;
	}
	u = (u & mant) | one << 52;
	memcpy(&v, &u, sizeof v);
	x = (exp + cubic(v - 1)) * bins;
	bin = (int)x;
	return bin - (x < bin);
}

/* The x of 0 to 1 whose cubic is y, to the last bit. */
static double
cubic_root(double y)
{
	double low = 0, high = 1, x;

	for (;;) {
		x = low + (high - low) / 2;
		if (x <= low || x >= high)
			return high;
		if (cubic(x) < y)
			low = x;
		else
			high = x;
	}
}

/* The value nearest, relatively, to both ends of a bin. */
static double
value_of(int bin, unsigned bins)
{
	double t = (double)bin / bins, u = ((double)bin + 1) / bins,
	    exp = floor(t), low, high;

	low = 1 + cubic_root(t - exp);
	t = floor(u);
	high = ldexp(1 + cubic_root(u - t), (int)(t - exp));
	return ldexp(2 * low * high / (low + high), (int)exp);
}

static void
store_reserve(struct dd_store *s, unsigned n)
{
	unsigned cap = n + n / 4;

	if (n <= s->cap)
		return;
	s->count = mem_grow(s->count, cap * sizeof *s->count);
	s->cap = cap;
}

/* Makes room for a new highest bin; what falls off below joins the new
   lowest one. */
static void
store_up(struct dd_store *s, int bin, unsigned max)
{
	uint64_t lost = 0;
	unsigned n = (unsigned)(bin - s->low) + 1, drop = n > max ? n - max : 0,
	    keep;

	for (unsigned i = 0; i < drop && i < s->n; i++)
		lost += s->count[i];
	keep = drop < s->n ? s->n - drop : 0;
	n -= drop;
	store_reserve(s, n);
	if (drop > 0 && keep > 0)
		memmove(s->count, s->count + drop, keep * sizeof *s->count);
	memset(s->count + keep, 0, (n - keep) * sizeof *s->count);
	s->low += (int)drop;
	s->n = n;
	s->count[0] += lost;
}

/* Makes room for a new lowest bin; the one that stands for it. */
static int
store_down(struct dd_store *s, int bin, unsigned max)
{
	int top = s->low + (int)s->n - 1, least = top - (int)max + 1,
	    low = bin - SLACK;
	unsigned n;

	if (bin < least)
		bin = least;
	if (low < least)
		low = least;
	if (low >= s->low)
		return bin;
	n = (unsigned)(top - low) + 1;
	store_reserve(s, n);
	memmove(s->count + (n - s->n), s->count, s->n * sizeof *s->count);
	memset(s->count, 0, (n - s->n) * sizeof *s->count);
	s->n = n;
	s->low = low;
	return bin;
}

static void
store_new(struct dd_store *s, int bin, uint64_t n, unsigned max)
{
	if (s->n == 0) {
		store_reserve(s, 1);
		s->low = bin;
		s->n = 1;
		s->count[0] = 0;
	} else if (bin < s->low)
		bin = store_down(s, bin, max);
	else
		store_up(s, bin, max);
	s->count[bin - s->low] += n;
}

static inline void
store_add(struct dd_store *s, int bin, uint64_t n, unsigned max)
{
	unsigned i = (unsigned)bin - (unsigned)s->low;

	if (i < s->n)
		s->count[i] += n;
	else
		store_new(s, bin, n, max);
}

void
dd_add(struct ddsketch *s, double v)
{
	v += 0.0;		/* -0 becomes 0 */
	if (s->n++ == 0)
		s->min = s->max = v;
	else if (v < s->min)
		s->min = v;
	else if (v > s->max)
		s->max = v;
	if (v > 0)
		store_add(&s->above, bin_of(v, s->bins), 1, s->max_bins);
	else if (v < 0)
		store_add(&s->below, bin_of(-v, s->bins), 1, s->max_bins);
	else
		s->zeros++;
}

/* From the top, so that bins fall off only once. */
static void
store_merge(struct dd_store *s, const struct dd_store *other, unsigned max)
{
	for (unsigned i = other->n; i-- > 0;)
		if (other->count[i] != 0)
			store_add(s, other->low + (int)i, other->count[i], max);
}

bool
dd_merge(struct ddsketch *s, const struct ddsketch *other)
{
	if (s->bins != other->bins || s->max_bins != other->max_bins)
		return false;
	if (other->n == 0)
		return true;
	if (s->n == 0 || other->min < s->min)
		s->min = other->min;
	if (s->n == 0 || other->max > s->max)
		s->max = other->max;
	s->n += other->n;
	s->zeros += other->zeros;
	store_merge(&s->above, &other->above, s->max_bins);
	store_merge(&s->below, &other->below, s->max_bins);
	return true;
}

void
dd_reset(struct ddsketch *s)
{
	s->n = s->zeros = 0;
	s->min = s->max = 0;
	s->above.n = s->below.n = 0;
}

void
dd_free(struct ddsketch *s)
{
	free(s->above.count);
	free(s->below.count);
	dd_init(s, s->bins, s->max_bins);
}

static double
within(const struct ddsketch *s, double v)
{
	return v < s->min ? s->min : v > s->max ? s->max : v;
}

/* The value of rank k, of 0 to n - 1. */
static double
value_at(const struct ddsketch *s, uint64_t k)
{
	unsigned i;

	if (k == 0)
		return s->min;
	if (k == s->n - 1)
		return s->max;
	for (i = s->below.n; i-- > 0; k -= s->below.count[i])
		if (k < s->below.count[i])
			return within(s, -value_of(s->below.low + (int)i,
			    s->bins));
	if (k < s->zeros)
		return within(s, 0);
	k -= s->zeros;
	for (i = 0; k >= s->above.count[i]; i++)
		k -= s->above.count[i];
	return within(s, value_of(s->above.low + (int)i, s->bins));
}

bool
dd_quantile(const struct ddsketch *s, const struct number *percent,
    double *out)
{
	struct quantile_rank r;

	if (s->n == 0)
		return false;
	r = quantile_rank_of(s->n, percent);
	*out = value_at(s, r.low);
	if (r.part != 0)
		*out = quantile_between(*out, value_at(s, r.low + 1), r.part);
	return true;
}

/* The number of bins not empty, and from the lowest on each one's distance
   and count. */
static void
store_save(const struct dd_store *s, struct buf *out)
{
	unsigned held = 0;
	int last = -(1 << 30);

	for (unsigned i = 0; i < s->n; i++)
		held += s->count[i] != 0;
	text_number(out, held);
	for (unsigned i = 0; i < s->n; i++) {
		if (s->count[i] == 0)
			continue;
		text_number(out, (uint64_t)(s->low + (int)i - last));
		text_number(out, s->count[i]);
		last = s->low + (int)i;
	}
}

void
dd_save(const struct ddsketch *s, struct buf *out)
{
	size_t from = out->n;

	text_number(out, s->bins);
	text_number(out, s->max_bins);
	text_number(out, s->zeros);
	text_real(out, s->min);
	text_real(out, s->max);
	store_save(&s->above, out);
	store_save(&s->below, out);
	text_close(out, from);
}

static bool
store_load(struct dd_store *s, struct text_reader *r, unsigned max,
    uint64_t *total)
{
	uint64_t held = text_get_number(r), gap, count;
	int64_t bin = -(1 << 30), first = 0;

	for (uint64_t i = 0; i < held && !r->bad; i++) {
		gap = text_get_number(r);
		count = text_get_number(r);
		bin += gap < (uint64_t)1 << 31 ? (int64_t)gap : 0;
		if (i == 0)
			first = bin;
		if (gap == 0 || gap >= (uint64_t)1 << 31 || count == 0 ||
		    count > UINT64_MAX - *total || bin >= 1 << 29 ||
		    bin <= -(1 << 29) || bin - first >= (int64_t)max)
			return false;
		*total += count;
		store_add(s, (int)bin, count, max);
	}
	return !r->bad;
}

static bool
load(struct ddsketch *s, struct text_reader *r)
{
	if (text_get_number(r) != s->bins || text_get_number(r) != s->max_bins)
		return false;
	s->n = s->zeros = text_get_number(r);
	s->min = text_get_real(r);
	s->max = text_get_real(r);
	return !r->bad && store_load(&s->above, r, s->max_bins, &s->n) &&
	    store_load(&s->below, r, s->max_bins, &s->n) && text_done(r) &&
	    s->min <= s->max;
}

TEXT_LOAD(dd, ddsketch, dd_reset)
