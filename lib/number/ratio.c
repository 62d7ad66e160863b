/* ratio.c - a result as a fraction of integers, rounded once when written */
#include <string.h>

#include "lib/number/decimal.h"
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
ratio_put_decimal(const struct big *mag, bool neg, unsigned scale, char *out)
{
	char digit[BIG_DIGITS];
	size_t n = big_put(mag, digit);

	for (; scale > 0 && n > 1 && digit[n - 1] == '0'; n--)
		scale--;
	if (n > RATIO_DIGITS)
		return 0;
	neg = neg && mag->n > 0;
	*out = '-';
	return neg + number_put_point(out + neg, digit, n, scale);
}

size_t
ratio_put(const struct ratio *r, char *out)
{
	struct big rest = r->num, q;
	struct number v;
	struct slice s = { out, 0 };

	if (r->exact) {
		big_mul10(&rest, DECIMAL_SCALE);
		big_div(&rest, &r->den, &q);
		if (rest.n == 0)
			s.n = ratio_put_decimal(&q, r->neg, DECIMAL_SCALE, out);
		if (s.n > 0 && (memchr(s.p, '.', s.n) == NULL ||
		    (number_parse(&v, s) && v.exact)))
			return s.n;
	}
	return number_put_real(out, ratio_real(r));
}
