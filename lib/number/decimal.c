/* decimal.c - arithmetic of decimals, exact or not done */
#include <float.h>
#include <math.h>

#include "lib/base/wide.h"
#include "lib/number/big.h"
#include "lib/number/decimal.h"
#include "lib/number/number.h"
#include "lib/number/shortest.h"

/* Integers up to it are doubles; so are powers of ten up to 10^22. */
#define EXACT_REAL	((uint64_t)1 << 53)

/* A sign and a magnitude of 128 bits, times 10^-scale. */
struct wide_decimal {
	uint64_t lo, hi;
	int scale;
	bool neg;
};

/* w / 10 if that leaves nothing. */
static bool
divide_by_ten(struct wide_decimal *w)
{
	uint64_t rest = w->hi % 10, top, bottom;

	/* 2^64 = 10 * 1844674407370955161 + 6 */
	top = rest << 32 | w->lo >> 32;
	bottom = top % 10 << 32 | (uint32_t)w->lo;
	if (bottom % 10 != 0)
		return false;
	w->hi /= 10;
	w->lo = (top / 10) << 32 | bottom / 10;
	w->scale--;
	return true;
}

static bool
fit(struct decimal *out, struct wide_decimal *w)
{
	while (w->hi != 0 || w->lo > (uint64_t)INT64_MAX + w->neg ||
	    w->scale > DECIMAL_SCALE)
		if (w->scale == 0 || !divide_by_ten(w))
			return false;
	out->mant = w->neg ? (int64_t)(0 - w->lo) : (int64_t)w->lo;
	out->scale = w->scale;
	return true;
}

/* a's magnitude at a scale that is not smaller. */
static struct wide_decimal
widen(struct decimal a, int scale)
{
	struct wide_decimal w = { .scale = scale, .neg = a.mant < 0 };

	w.lo = wide_mul(number_magnitude(a.mant),
	    number_ten[scale - a.scale], &w.hi);
	return w;
}

static int
cmp_wide(const struct wide_decimal *a, const struct wide_decimal *b)
{
	if (a->hi != b->hi)
		return a->hi > b->hi ? 1 : -1;
	return (a->lo > b->lo) - (a->lo < b->lo);
}

/* a - b in magnitude, a not smaller. */
static void
take_off(struct wide_decimal *a, const struct wide_decimal *b)
{
	a->hi -= b->hi + (a->lo < b->lo);
	a->lo -= b->lo;
}

/* a + b, or a - b. */
static struct wide_decimal
add_wide(struct decimal a, struct decimal b, bool minus)
{
	int scale = a.scale > b.scale ? a.scale : b.scale;
	struct wide_decimal x = widen(a, scale), y = widen(b, scale);

	y.neg ^= minus;
	if (x.neg == y.neg) {
		x.lo += y.lo;
		x.hi += y.hi + (x.lo < y.lo);
	} else if (cmp_wide(&x, &y) >= 0) {
		take_off(&x, &y);
	} else {
		take_off(&y, &x);
		x = y;
	}
	return x;
}

static struct wide_decimal
mul_wide(struct decimal a, struct decimal b)
{
	struct wide_decimal w = { .scale = a.scale + b.scale,
	    .neg = (a.mant < 0) != (b.mant < 0) };

	w.lo = wide_mul(number_magnitude(a.mant),
	    number_magnitude(b.mant), &w.hi);
	return w;
}

static inline bool
add(struct decimal *out, struct decimal a, struct decimal b, bool minus)
{
	struct wide_decimal w;
	int64_t sum;

	if (a.scale != b.scale || (minus ?
	    __builtin_sub_overflow(a.mant, b.mant, &sum) :
	    __builtin_add_overflow(a.mant, b.mant, &sum))) {
		w = add_wide(a, b, minus);
		return fit(out, &w);
	}
	*out = (struct decimal){ sum, a.scale };
	return true;
}

bool
decimal_add(struct decimal *out, struct decimal a, struct decimal b)
{
	return add(out, a, b, false);
}

bool
decimal_sub(struct decimal *out, struct decimal a, struct decimal b)
{
	return add(out, a, b, true);
}

bool
decimal_mul(struct decimal *out, struct decimal a, struct decimal b)
{
	struct wide_decimal w = mul_wide(a, b);

	return fit(out, &w);
}

/* *m, not 0, without its factors 2, at most max of them; how many were taken
   out.  Likewise 5. */
static int
take_twos(uint64_t *m, int max)
{
	int n = __builtin_ctzll(*m);

	n = n < max ? n : max;
	*m >>= n;
	return n;
}

static int
take_fives(uint64_t *m, int max)
{
	int n = 0;

	for (; n < max && *m % 5 == 0; n++)
		*m /= 5;
	return n;
}

/* *m * p^n, if that fits; p is 2, 5 or 10. */
static bool
put_in(uint64_t *m, uint64_t p, int n)
{
	if (p == 5 && n > 0 && n < 20)		/* 10^n / 2^n */
		return !__builtin_mul_overflow(*m, number_ten[n] >> n, m);
	while (n-- > 0)
		if (__builtin_mul_overflow(*m, p, m))
			return false;
	return true;
}

/*
 * A quotient is a decimal if its divisor has no factors but 2 and 5 once both
 * sides have none in common: num / (2^twos * 5^fives) then is num times what
 * makes these equally many.
 */
bool
decimal_div(struct decimal *out, struct decimal a, struct decimal b)
{
	uint64_t num = number_magnitude(a.mant), den = number_magnitude(b.mant);
	struct wide_decimal w = { .neg = (a.mant < 0) != (b.mant < 0) };
	int twos, fives, scale = a.scale - b.scale;

	if (num == 0) {
		*out = (struct decimal){ 0, 0 };
		return true;
	}
	twos = take_twos(&den, 64);
	fives = take_fives(&den, 64);
	if (den != 1) {
		if (num % den != 0)
			return false;
		num /= den;
	}
	twos -= take_twos(&num, twos);
	fives -= take_fives(&num, fives);
	if (twos > fives ? !put_in(&num, 5, twos - fives) :
	    !put_in(&num, 2, fives - twos))
		return false;
	scale += twos > fives ? twos : fives;
	if (scale < 0 && !put_in(&num, 10, -scale))
		return false;
	w.lo = num;
	w.scale = scale < 0 ? 0 : scale;
	return fit(out, &w);
}

/* (a + b) mod m, both below m. */
static uint64_t
add_mod(uint64_t a, uint64_t b, uint64_t m)
{
	return a >= m - b ? a - (m - b) : a + b;
}

bool
decimal_rem(struct decimal *out, struct decimal a, struct decimal b)
{
	uint64_t num = number_magnitude(a.mant);
	uint64_t den = number_magnitude(b.mant), twice;

	if (a.scale > b.scale && !put_in(&den, 10, a.scale - b.scale)) {
		*out = a;		/* smaller than any such divisor */
		return true;
	}
	num %= den;
	for (; a.scale < b.scale; a.scale++) {	/* num * 10 mod den */
		twice = add_mod(num, num, den);
		num = add_mod(num, add_mod(twice, twice, den), den);
		num = add_mod(num, num, den);
	}
	if (num > INT64_MAX)
		return false;
	out->mant = a.mant < 0 ? -(int64_t)num : (int64_t)num;
	out->scale = a.scale;
	return true;
}

double
decimal_ratio(struct decimal a, struct decimal b)
{
	int ups = b.scale - a.scale;
	uint64_t num = number_magnitude(a.mant), den = number_magnitude(b.mant);
	struct big n, d;
	double x;

	if (FLT_EVAL_METHOD == 0 && put_in(&num, 10, ups) &&
	    put_in(&den, 10, -ups) && num <= EXACT_REAL && den <= EXACT_REAL) {
		x = (double)num / (double)den;
	} else {
		big_set(&n, number_magnitude(a.mant));
		big_set(&d, number_magnitude(b.mant));
		big_mul10(&n, ups > 0 ? (unsigned)ups : 0);
		big_mul10(&d, ups < 0 ? (unsigned)-ups : 0);
		x = big_ratio(&n, &d, 0);
	}
	return (a.mant < 0) == (b.mant < 0) || x == 0 ? x : -x;
}

double
decimal_near(char op, struct decimal a, struct decimal b)
{
	struct wide_decimal w;
	struct big n, d;
	double x;

	if (op == '/')
		return decimal_ratio(a, b);
	w = op == '*' ? mul_wide(a, b) : add_wide(a, b, op == '-');
	big_limbs(&n, (uint64_t[]){ w.lo, w.hi }, 2);
	big_set(&d, 1);
	big_mul10(&d, (unsigned)w.scale);
	x = big_ratio(&n, &d, 0);
	return w.neg && x != 0 ? -x : x;
}

size_t
decimal_put_ratio(char *out, struct decimal a, struct decimal b)
{
	struct decimal q;

	if (decimal_div(&q, a, b))
		return number_put_decimal(out, q.mant, q.scale);
	return number_put_real(out, decimal_ratio(a, b));
}

size_t
number_put_ratio(char *out, const struct number *a, const struct number *b)
{
	double x = a->real / b->real;

	if (b->real == 0 || !(fabs(x) <= DBL_MAX))
		return 0;
	return a->exact && b->exact ?
	    decimal_put_ratio(out, decimal_of(a), decimal_of(b)) :
	    number_put_real(out, x);
}

double
decimal_real(struct decimal a)
{
	if (a.scale == 0)
		return (double)a.mant;
	if (FLT_EVAL_METHOD == 0 && number_magnitude(a.mant) <= EXACT_REAL)
		return (double)a.mant / (double)number_power(a.scale);
	return decimal_ratio((struct decimal){ a.mant, 0 },
	    (struct decimal){ number_power(a.scale), 0 });
}

/*
 * m without zeros at its end, at most *scale of them, which goes down by as
 * many.  It is a multiple of 10^k if its product with 5^-k mod 2^64, rotated by
 * k bits, is not above what 2^64 / 10^k is (Granlund and Montgomery, Division
 * by Invariant Integers using Multiplication, 1994, 9), and that is the
 * quotient.  No branch depends on m.
 */
static inline uint64_t
strip_zeros(uint64_t m, int *scale)
{
	uint64_t q;
	bool is;

#define STRIP(k, inverse, most)						\
	q = m * UINT64_C(inverse);					\
	q = q >> k | q << (64 - k);					\
	is = (q <= UINT64_C(most)) & (*scale >= k);			\
	m = is ? q : m;							\
	*scale -= is ? k : 0;

	if (*scale >= 16) {
		STRIP(16, 0xe4a4d1417cd9a041, 0x734)
	}
	STRIP(8, 0xc767074b22e90e21, 0x2af31dc461)
	STRIP(4, 0xd288ce703afb7e91, 0x68db8bac710cb)
	STRIP(2, 0x8f5c28f5c28f5c29, 0x28f5c28f5c28f5c)
	STRIP(1, 0xcccccccccccccccd, 0x1999999999999999)
#undef STRIP
	return m;
}

/* ten: what the scale is of. */
static inline struct number
number_at(int64_t mant, int scale, double ten)
{
	struct number n = { mant, scale, true, 0 };
	uint64_t m = number_magnitude(mant);

	if (scale > 0) {
		m = strip_zeros(m, &n.scale);
		n.mant = mant < 0 ? (int64_t)(0 - m) : (int64_t)m;
	}
	n.real = FLT_EVAL_METHOD == 0 && number_magnitude(mant) <= EXACT_REAL ?
	    (double)mant / ten : decimal_real(decimal_of(&n));
	return n;
}

struct number
decimal_number(struct decimal d)
{
	return number_at(d.mant, d.scale, (double)number_power(d.scale));
}

void
decimal_numbers(struct number *out, const int64_t *mant, size_t n, int scale)
{
	double ten = (double)number_power(scale);
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = number_at(mant[i], scale, ten);
}

int
decimal_cmp(struct decimal a, struct decimal b)
{
	int scale = a.scale > b.scale ? a.scale : b.scale, c;
	struct wide_decimal x, y;

	if (a.scale == b.scale || (a.mant < 0) != (b.mant < 0))
		return (a.mant > b.mant) - (a.mant < b.mant);
	x = widen(a, scale);
	y = widen(b, scale);
	c = cmp_wide(&x, &y);
	return a.mant < 0 ? -c : c;
}

struct decimal
decimal_round(struct decimal a, int places, enum rounding how)
{
	int64_t unit, rest;

	if (a.scale <= places)
		return a;
	unit = number_power(a.scale - places);
	rest = a.mant % unit;
	a.mant /= unit;
	a.scale = places;
	if (how == ROUND_HALF_AWAY)
		a.mant += (rest >= unit / 2) - (rest <= -(unit / 2));
	else if (how == ROUND_DOWN)
		a.mant -= rest < 0;
	else if (how == ROUND_UP)
		a.mant += rest > 0;
	return a;
}

bool
decimal_of_real(struct decimal *out, double d)
{
	struct wide_decimal w = { .neg = d < 0 };
	int exp;

	if (d == 0) {
		*out = (struct decimal){ 0, 0 };
		return true;
	}
	w.lo = shortest(w.neg ? -d : d, &exp);
	if (exp > 0 && !put_in(&w.lo, 10, exp))
		return false;
	w.scale = exp < 0 ? -exp : 0;
	return fit(out, &w);
}
