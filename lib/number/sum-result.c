/* sum-result.c - what sums and moments say: fractions rounded once */
#include <float.h>
#include <math.h>
#include <string.h>

#include "lib/number/ratio.h"
#include "lib/number/sum-inner.h"

bool
sum_decimals(const struct sum *s, struct big *dec, unsigned *scale)
{
	struct sum_more w = { { 0, 0, 0 }, { 0 }, NULL, NULL };
	uint64_t t[WIDE] = { 0, 0, 0 };
	bool neg;

	*scale = (unsigned)(s->head & SUM_SCALE);
	w.dec[0] = s->lo;
	w.dec[1] = s->hi;
	w.dec[2] = 0 - (s->hi >> 63);
	if (s->more != NULL) {
		memcpy(w.dec, s->more->dec, sizeof w.dec);
		sum_spill_to(&w, s, NULL);
		*scale = SCALE;
	}
	neg = w.dec[WIDE - 1] >> 63 != 0;
	if (neg) {
		wide_sub(t, WIDE, w.dec, WIDE);
		memcpy(w.dec, t, sizeof t);
	}
	big_limbs(dec, w.dec, WIDE);
	return neg;
}

void
sum_squares(const struct moments *s, struct big *square)
{
	struct sum_more w = { { 0, 0, 0 }, { 0 }, NULL, NULL };

	big_limbs(square, s->square, 2);
	if (s->sum.more != NULL) {
		memcpy(w.square, s->sum.more->square, sizeof w.square);
		sum_spill_to(&w, &s->sum, s->square);
		big_limbs(square, w.square, WIDE_SQUARE);
	}
}

/* The sum divided by n; returns the scale of its decimals. */
static unsigned
sum_ratio(const struct sum *s, uint64_t n, struct ratio *r)
{
	struct big bin;
	unsigned scale;
	bool binneg;

	r->neg = sum_decimals(s, &r->num, &scale);
	big_set(&r->den, n);
	big_mul10(&r->den, scale);
	r->exp = 0;
	/* Doubles that cancel out leave what was rounded off them. */
	r->exact = s->more == NULL || s->more->bin == NULL;
	if (r->exact)
		return scale;
	binneg = super_big(s->more->bin, &bin);
	big_mul10(&bin, scale);
	big_shl(&r->num, SUPER_BIAS);
	big_add_signed(&r->num, &r->neg, &bin, binneg);
	r->exp = -SUPER_BIAS;
	return scale;
}

/* (n * squares - sum^2) / (n (n - 1)); false: no squares have that sum. */
static bool
var_ratio(const struct moments *s, struct ratio *r)
{
	uint64_t n = sum_count(&s->sum);
	struct big square, t;
	unsigned scale;

	scale = sum_ratio(&s->sum, 1, r);
	sum_squares(s, &square);
	t.n = 0;
	if (s->sum.more != NULL)
		super_big(s->sum.more->binsquare, &t);
	if (r->exact && t.n > 0) {
		/* The doubles' sum is 0, but not that of their squares. */
		big_shl(&r->num, SUPER_BIAS);
		r->exact = false;
	}
	if (!r->exact) {
		big_mul10(&t, 2 * scale);
		big_shl(&square, SUPER_SQUARE_BIAS);
		big_add(&square, &t);
	}
	big_mul64(&square, n);
	t = r->num;
	big_mul(&t, &r->num);
	if (big_cmp(&square, &t) < 0)
		return false;
	big_sub(&square, &t);
	r->num = square;
	r->neg = false;
	r->exp = r->exact ? 0 : -SUPER_SQUARE_BIAS;
	big_set(&r->den, n);
	big_mul64(&r->den, n - 1);
	big_mul10(&r->den, 2 * scale);
	return true;
}

bool
moments_valid(const struct moments *s)
{
	struct ratio r;

	return sum_count(&s->sum) < 2 || var_ratio(s, &r);
}

/*
 * The common case: a sum and a divisor below 2^53 have a quotient that is
 * rounded once by the hardware.  False: not so.
 */
static bool
small_mean(const struct sum *s, uint64_t n, int64_t *num, int64_t *den)
{
	const uint64_t most = (uint64_t)1 << 53;
	uint64_t by = 1;

	for (unsigned i = s->head & SUM_SCALE; i > 0; i--)
		by *= 10;
	if (FLT_EVAL_METHOD != 0 || s->more != NULL || n > most / by ||
	    s->lo + most > 2 * most || s->hi != 0 - (s->lo >> 63))
		return false;
	*num = s->hi == 0 ? (int64_t)s->lo : -(int64_t)(0 - s->lo);
	*den = (int64_t)(n * by);
	return true;
}

static size_t
put_over(const struct sum *s, uint64_t n, char *out)
{
	struct ratio r;
	int64_t num, den;

	if (small_mean(s, n, &num, &den)) {
		if (num % den == 0)
			return number_put_i64(out, num / den);
		return number_put_real(out, (double)num / (double)den);
	}
	sum_ratio(s, n, &r);
	return ratio_put(&r, out);
}

size_t
sum_put(const struct sum *s, char *out)
{
	return put_over(s, 1, out);
}

size_t
sum_put_mean(const struct sum *s, char *out)
{
	uint64_t n = sum_count(s);

	return n == 0 ? 0 : put_over(s, n, out);
}

size_t
moments_put_var(const struct moments *s, char *out)
{
	struct ratio r;

	if (sum_count(&s->sum) < 2 || !var_ratio(s, &r))
		return 0;
	return ratio_put(&r, out);
}

size_t
moments_put_stddev(const struct moments *s, char *out)
{
	double x;

	return moments_var(s, &x) ? ratio_put_real(sqrt(x), out) : 0;
}

double
sum_real(const struct sum *s)
{
	struct ratio r;
	int64_t num, den;

	if (small_mean(s, 1, &num, &den))
		return (double)num / (double)den;
	sum_ratio(s, 1, &r);
	return ratio_real(&r);
}

bool
moments_var(const struct moments *s, double *out)
{
	struct ratio r;

	if (sum_count(&s->sum) < 2 || !var_ratio(s, &r))
		return false;
	*out = ratio_real(&r);
	return true;
}
