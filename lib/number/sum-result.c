/* sum-result.c - what sums and moments say: fractions rounded once */
#include <math.h>
#include <string.h>

#include "lib/number/decimal.h"
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

/* The common case: a sum of 64 bits.  False: it is not. */
static bool
small_sum(const struct sum *s, struct decimal *sum)
{
	if (s->more != NULL || s->hi != 0 - (s->lo >> 63))
		return false;
	memcpy(&sum->mant, &s->lo, sizeof sum->mant);
	sum->scale = (int)(s->head & SUM_SCALE);
	return true;
}

size_t
sum_put(const struct sum *s, char *out)
{
	struct decimal small;
	struct ratio r;
	unsigned scale;
	size_t n;

	if (small_sum(s, &small))
		return number_put_decimal(out, small.mant, small.scale);
	scale = sum_ratio(s, 1, &r);
	n = r.exact ? ratio_put_decimal(&r.num, r.neg, scale, out) : 0;
	return n > 0 ? n : number_put_real(out, ratio_real(&r));
}

size_t
sum_put_mean(const struct sum *s, char *out)
{
	uint64_t n = sum_count(s);
	struct decimal small;
	struct ratio r;

	if (n == 0)
		return 0;
	if (small_sum(s, &small))
		return n == 1 ?
		    number_put_decimal(out, small.mant, small.scale) :
		    decimal_put_ratio(out, small,
			(struct decimal){ (int64_t)n, 0 });
	sum_ratio(s, n, &r);
	return ratio_put(&r, out);
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
	struct ratio r;
	double x;

	if (!moments_var(s, &x))
		return 0;
	if (!isinf(x) || !var_ratio(s, &r))
		return number_put_real(out, sqrt(x));
	r.exp -= 1200;		/* beyond a double, of which the root is one */
	return number_put_real(out, ldexp(sqrt(ratio_real(&r)), 600));
}

double
sum_real(const struct sum *s)
{
	struct decimal small;
	struct ratio r;

	if (small_sum(s, &small))
		return decimal_real(small);
	sum_ratio(s, 1, &r);
	return ratio_real(&r);
}

struct number
sum_number(const struct sum *s)
{
	struct number v = { 0, 0, false, sum_real(s) };
	struct decimal small;

	v.exact = small_sum(s, &small);
	if (v.exact) {
		v.mant = small.mant;
		v.scale = small.scale;
	}
	return v;
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
