/* ratio.c - a result as a fraction of integers, rounded once when written */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/number/number.h"
#include "lib/number/ratio.h"

void
big_add_signed(struct big *a, bool *neg, const struct big *b, bool bneg)
{
	struct big t;

	if (*neg == bneg) {
		big_add(a, b);
	} else if (big_cmp(a, b) >= 0) {
		big_sub(a, b);
	} else {
		t = *b;
		big_sub(&t, a);
		*a = t;
		*neg = bneg;
	}
}

double
ratio_real(const struct ratio *r)
{
	double x = big_ratio(&r->num, &r->den, r->exp);

	return r->neg && x != 0 ? -x : x;
}

size_t
ratio_put_real(double x, char *out)
{
	char buf[NUMBER_MAX];
	int n;

	if (fabs(x) < 1e15)
		return number_put_real(out, x);
	n = snprintf(buf, sizeof buf, "%.15g", x);
	memcpy(out, buf, (size_t)n);
	return (size_t)n;
}

size_t
ratio_put(const struct ratio *r, char *out)
{
	struct big rest = r->num, q;
	bool neg = r->neg && r->num.n > 0;

	if (r->exact) {
		big_div(&rest, &r->den, &q);
		if (rest.n == 0 && big_bits(&q) < 128) {
			out[0] = '-';
			return neg + big_put(&q, out + neg);
		}
	}
	return ratio_put_real(ratio_real(r), out);
}
