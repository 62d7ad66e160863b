/* bins.c - numbers counted between round edges, exactly, in bounded memory */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/agg/bins.h"
#include "lib/agg/sketch-text.h"
#include "lib/base/arena.h"
#include "lib/number/shortest.h"

enum {
	FINE_MIN = 5 * (1 + 2),
	FINE_MAX = 5 * (BINS_MAX + 2),
	DIGITS = 18,		/* of a bin's number, at most */
	DECIMALS = 15,		/* digits of an edge that is no integer */
	EXP_MAX = 400,		/* of any value, and below 0 */
	LOG_MAX = 2000		/* bins of all doubles */
};

void
bins_init(struct bins *b, size_t bins, bool log)
{
	b->fine = log ? LOG_MAX : 5 * ((unsigned)bins + 2);
	b->log = log;
}

/* The fewest digits that read as this double. */
static struct decimal
real_digits(double x)
{
	struct decimal d = { 0, 0 };

	if (x != 0)
		d.mant = (int64_t)shortest(x < 0 ? -x : x, &d.exp);
	if (x < 0)
		d.mant = -d.mant;
	return d;
}

static struct decimal
decimal_of(const struct number *v)
{
	struct decimal d = { v->mant, -v->scale };

	if (!v->exact)
		d = real_digits(v->real);
	for (; d.mant != 0 && d.mant % 10 == 0; d.exp++)
		d.mant /= 10;
	if (d.mant == 0)
		d.exp = 0;
	return d;
}

/* How many digits it has, 0 none. */
static int
digits_of(int64_t mant)
{
	uint64_t m = number_magnitude(mant);
	int n = 0;

	while (n <= DIGITS && m >= number_ten[n])
		n++;
	return n;
}

/* The least exp that a value can do with. */
static int
least_exp(const struct decimal *d)
{
	int m = digits_of(d->mant) + d->exp;	/* it is below 10^m */

	if (d->mant == 0)
		return INT_MIN;
	return m < DECIMALS ? m - DECIMALS : m <= DIGITS ? 0 : m - DIGITS;
}

/* floor(k / 10^up) */
static int64_t
coarser(int64_t k, int up)
{
	return up > DIGITS ? -(k < 0) : number_floor(k, number_power(up));
}

/* The bin of a value; exp is not below its least one. */
static int64_t
bin_of(const struct decimal *d, int exp)
{
	if (d->mant == 0)
		return 0;
	return d->exp >= exp ? d->mant * number_power(d->exp - exp) :
	    coarser(d->mant, exp - d->exp);
}

/* Likewise of a value above 0, log. */
static int64_t
third_of(int64_t mant, int exp)
{
	int n = mant > 1 ? digits_of(mant) - 1 : 0;

	return 3 * (int64_t)(n + exp) + (mant / 2 >= number_power(n)) +
	    (mant / 5 >= number_power(n));
}

static void
coarsen(struct bins *b, int up)
{
	int64_t first = coarser(b->first, up);
	size_t to = 0;

	b->exp += up;
	for (size_t i = 0; up > 0 && i < b->nbins; i++) {
		uint64_t n = b->count[i];

		to = (size_t)(coarser(b->first + (int64_t)i, up) - first);
		b->count[i] = 0;
		b->count[to] += n;
	}
	if (up > 0 && b->nbins > 0)
		b->nbins = to + 1;
	b->first = first;
}

/* Bins for lo to hi of exp, as wide as they must be then. */
static void
cover(struct bins *b, int exp, int64_t lo, int64_t hi)
{
	int64_t first, last, l, h;
	int to = exp > b->exp ? exp : b->exp;
	size_t n, shift;

	for (;; to++) {
		l = coarser(lo, to - exp);
		h = coarser(hi, to - exp);
		first = coarser(b->first, to - b->exp);
		last = coarser(b->first + (int64_t)b->nbins - 1, to - b->exp);
		l = l < first ? l : first;
		h = h > last ? h : last;
		if (h - l < (int64_t)b->fine)
			break;
	}
	coarsen(b, to - b->exp);
	n = (size_t)(h - l) + 1;
	shift = (size_t)(b->first - l);
	b->count = mem_reserve(b->count, &b->cap, n, sizeof *b->count);
	memmove(b->count + shift, b->count, b->nbins * sizeof *b->count);
	memset(b->count, 0, shift * sizeof *b->count);
	memset(b->count + shift + b->nbins, 0, (n - shift - b->nbins) *
	    sizeof *b->count);
	b->first = l;
	b->nbins = n;
}

/* The only value becomes a bin. */
static void
open_bins(struct bins *b, int exp)
{
	b->exp = b->log ? 0 : exp;
	b->first = b->log ? third_of(b->one.mant, b->one.exp) :
	    bin_of(&b->one, exp);
	b->count = mem_reserve(b->count, &b->cap, 1, sizeof *b->count);
	b->count[0] = b->n;
	b->nbins = 1;
}

static void
add(struct bins *b, const struct decimal *d, uint64_t n)
{
	int exp = least_exp(d), least = least_exp(&b->one);
	int64_t k;

	if (!b->log && -d->exp > b->scale)
		b->scale = -d->exp;
	if (b->n == 0)
		b->one = *d;
	b->n += n;
	if (b->nbins == 0) {
		if (d->mant == b->one.mant && d->exp == b->one.exp)
			return;
		b->n -= n;
		open_bins(b, exp > least ? exp : least);
		b->n += n;
	}
	exp = b->log ? 0 : exp > b->exp ? exp : b->exp;
	k = b->log ? third_of(d->mant, d->exp) : bin_of(d, exp);
	cover(b, exp, k, k);
	b->count[coarser(k, b->exp - exp) - b->first] += n;
}

/* The bin of a value that needs no other bins and decimals. */
static inline bool
quick(const struct bins *b, const struct number *v, size_t *i)
{
	int up = b->exp + v->scale;
	int64_t k;

	if (!v->exact || b->nbins == 0)
		return false;
	if (b->log && v->mant > 0)
		k = third_of(v->mant, -v->scale);
	else if (!b->log && v->scale <= b->scale && up >= 0 && up <= DIGITS)
		k = number_floor(v->mant, number_power(up));
	else
		return false;
	*i = (size_t)((uint64_t)k - (uint64_t)b->first);
	return *i < b->nbins;
}

void
bins_add(struct bins *b, const struct number *v)
{
	struct decimal d;
	size_t i;

	if (quick(b, v, &i)) {
		b->count[i]++;
		b->n++;
		return;
	}
	d = decimal_of(v);
	if (b->log && d.mant <= 0)
		b->below++;
	else
		add(b, &d, 1);
}

/* Adds the bins of another one; both have some. */
static void
add_bins(struct bins *b, const struct bins *o)
{
	cover(b, o->exp, o->first, o->first + (int64_t)o->nbins - 1);
	for (size_t i = 0; i < o->nbins; i++)
		b->count[coarser(o->first + (int64_t)i, b->exp - o->exp) -
		    b->first] += o->count[i];
	b->n += o->n;
	b->scale = b->scale > o->scale ? b->scale : o->scale;
}

void
bins_merge(struct bins *b, const struct bins *o)
{
	struct decimal one = b->one;
	uint64_t n = b->n;

	if (o->n == 0)
		return;
	if (b->fine == 0) {
		b->fine = o->fine;
		b->log = o->log;
	}
	if (o->nbins == 0) {
		add(b, &o->one, o->n);
	} else if (b->nbins > 0) {
		add_bins(b, o);
	} else {
		b->n = 0;
		b->exp = o->exp;
		b->first = o->first;
		add_bins(b, o);
		if (n > 0)
			add(b, &one, n);
	}
}

void
bins_reset(struct bins *b)
{
	b->n = b->below = 0;
	b->nbins = 0;
	b->scale = 0;
}

void
bins_free(struct bins *b)
{
	free(b->count);
	memset(b, 0, sizeof *b);
}

static void
put_signed(struct buf *out, int64_t i)
{
	text_number(out, (uint64_t)i << 1 ^ (i < 0 ? UINT64_MAX : 0));
}

static int64_t
get_signed(struct text_reader *r)
{
	uint64_t u = text_get_number(r);
	int64_t half = (int64_t)(u >> 1);

	return u % 2 == 0 ? half : -half - 1;
}

/*
 * The text: fine, log, scale and the number of bins that are not empty; of one
 * value itself and how often it came (0: none did), else exp, the first bin,
 * its count, and of each further one the distance and the count.
 */
void
bins_save(const struct bins *b, struct buf *out)
{
	size_t from = out->n, held = 0, last = 0;

	for (size_t i = 0; i < b->nbins; i++)
		held += b->count[i] != 0;
	text_number(out, b->fine);
	text_number(out, b->log);
	text_number(out, (uint64_t)b->scale);
	text_number(out, held);
	if (held == 0) {
		put_signed(out, b->one.mant);
		put_signed(out, b->one.exp);
		text_number(out, b->n);
	} else {
		put_signed(out, b->exp);
		put_signed(out, b->first);
	}
	for (size_t i = 0; i < b->nbins; i++) {
		if (b->count[i] == 0)
			continue;
		if (i > 0)
			text_number(out, i - last);
		text_number(out, b->count[i]);
		last = i;
	}
	text_close(out, from);
}

static bool
load_one(struct bins *b, struct text_reader *r)
{
	int64_t exp;

	b->one.mant = get_signed(r);
	exp = get_signed(r);
	b->one.exp = (int)exp;
	b->n = text_get_number(r);
	if (r->bad || exp < -EXP_MAX || exp > EXP_MAX ||
	    (b->log && b->n > 0 && b->one.mant <= 0))
		return false;
	return b->one.mant % 10 != 0 || (b->one.mant == 0 && exp == 0);
}

static bool
load_bins(struct bins *b, struct text_reader *r, uint64_t held)
{
	int64_t exp = get_signed(r);
	int64_t limit = b->log ? LOG_MAX : number_power(DIGITS);
	uint64_t at = 0, step, n;

	b->first = get_signed(r);
	b->exp = (int)exp;
	if (r->bad || exp < -DIGITS - b->scale || exp > EXP_MAX ||
	    (b->log && exp != 0) || b->first < -limit || b->first >= limit)
		return false;
	for (uint64_t i = 0; i < held; i++) {
		step = i > 0 ? text_get_number(r) : 0;
		n = text_get_number(r);
		if (r->bad || n == 0 || n > UINT64_MAX - b->n ||
		    (step == 0 && i > 0) || step >= b->fine - at ||
		    b->first + (int64_t)(at + step) >= limit)
			return false;
		at += step;
		cover(b, b->exp, b->first, b->first + (int64_t)at);
		b->count[at] = n;
		b->n += n;
	}
	return true;
}

static bool
load(struct bins *b, struct text_reader *r)
{
	uint64_t fine = text_get_number(r), log = text_get_number(r),
	    scale = text_get_number(r), held = text_get_number(r);

	if (r->bad || fine > FINE_MAX || log > 1 || scale > EXP_MAX ||
	    (log == 1 && fine != LOG_MAX))
		return false;
	b->fine = (unsigned)fine;
	b->log = log == 1;
	b->scale = (int)scale;
	return (held == 0 ? load_one(b, r) : load_bins(b, r, held)) &&
	    (b->n == 0 || fine >= FINE_MIN) && text_done(r);
}

TEXT_LOAD(bins, bins, bins_reset)
