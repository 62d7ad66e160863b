/* big.c - natural numbers of up to 5120 bits, for results rounded once */
#include <math.h>
#include <string.h>

#include "lib/number/big.h"

static void
trim(struct big *a)
{
	while (a->n > 0 && a->d[a->n - 1] == 0)
		a->n--;
}

void
big_set(struct big *a, uint64_t u)
{
	a->d[0] = (uint32_t)u;
	a->d[1] = (uint32_t)(u >> 32);
	a->n = 2;
	trim(a);
}

void
big_limbs(struct big *a, const uint64_t *limb, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		a->d[2 * i] = (uint32_t)limb[i];
		a->d[2 * i + 1] = (uint32_t)(limb[i] >> 32);
	}
	a->n = 2 * n;
	trim(a);
}

void
big_store(const struct big *a, uint64_t *limb, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		limb[i] = 2 * i < a->n ? a->d[2 * i] : 0;
		if (2 * i + 1 < a->n)
			limb[i] |= (uint64_t)a->d[2 * i + 1] << 32;
	}
}

static unsigned
bits32(uint32_t u)
{
	return u == 0 ? 0 : 32 - (unsigned)__builtin_clz(u);
}

size_t
big_bits(const struct big *a)
{
	return a->n == 0 ? 0 : 32 * (a->n - 1) + bits32(a->d[a->n - 1]);
}

int
big_cmp(const struct big *a, const struct big *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (size_t i = a->n; i-- > 0;)
		if (a->d[i] != b->d[i])
			return a->d[i] < b->d[i] ? -1 : 1;
	return 0;
}

void
big_add(struct big *a, const struct big *b)
{
	size_t n = a->n > b->n ? a->n : b->n;
	uint64_t t = 0;

	for (size_t i = 0; i < n; i++) {
		t += i < a->n ? a->d[i] : 0;
		t += i < b->n ? b->d[i] : 0;
		a->d[i] = (uint32_t)t;
		t >>= 32;
	}
	a->n = n;
	if (t != 0)
		a->d[a->n++] = (uint32_t)t;
}

void
big_sub(struct big *a, const struct big *b)
{
	uint64_t borrow = 0, t;

	for (size_t i = 0; i < a->n; i++) {
		t = (uint64_t)a->d[i] - (i < b->n ? b->d[i] : 0) - borrow;
		a->d[i] = (uint32_t)t;
		borrow = t >> 63;
	}
	trim(a);
}

static void
mul32(struct big *a, uint32_t m)
{
	uint64_t t = 0;

	for (size_t i = 0; i < a->n; i++) {
		t += (uint64_t)a->d[i] * m;
		a->d[i] = (uint32_t)t;
		t >>= 32;
	}
	if (t != 0)
		a->d[a->n++] = (uint32_t)t;
	trim(a);
}

void
big_mul(struct big *a, const struct big *b)
{
	struct big r;
	uint64_t t;

	if (a->n == 0 || b->n == 0) {
		a->n = 0;
		return;
	}
	r.n = a->n + b->n;
	memset(r.d, 0, r.n * sizeof *r.d);
	for (size_t i = 0; i < a->n; i++) {
		t = 0;
		for (size_t k = 0; k < b->n; k++) {
			t += (uint64_t)a->d[i] * b->d[k] + r.d[i + k];
			r.d[i + k] = (uint32_t)t;
			t >>= 32;
		}
		r.d[i + b->n] = (uint32_t)t;
	}
	trim(&r);
	a->n = r.n;
	memcpy(a->d, r.d, r.n * sizeof *r.d);
}

void
big_mul64(struct big *a, uint64_t m)
{
	struct big b;

	if (m >> 32 == 0) {
		mul32(a, (uint32_t)m);
		return;
	}
	big_set(&b, m);
	big_mul(a, &b);
}

void
big_mul10(struct big *a, unsigned power)
{
	static const uint32_t ten[] = { 1, 10, 100, 1000, 10000, 100000,
	    1000000, 10000000, 100000000, 1000000000 };

	for (; power > 9; power -= 9)
		mul32(a, ten[9]);
	mul32(a, ten[power]);
}

void
big_shl(struct big *a, size_t bits)
{
	size_t limbs = bits / 32, s = bits % 32;
	uint64_t t = 0;

	if (a->n == 0 || bits == 0)
		return;
	memmove(a->d + limbs, a->d, a->n * sizeof *a->d);
	memset(a->d, 0, limbs * sizeof *a->d);
	a->n += limbs;
	for (size_t i = limbs; i < a->n; i++) {
		t |= (uint64_t)a->d[i] << s;
		a->d[i] = (uint32_t)t;
		t >>= 32;
	}
	if (t != 0)
		a->d[a->n++] = (uint32_t)t;
}

/* Whether a 1 was lost. */
static bool
shift_right(struct big *a, size_t bits)
{
	size_t limbs = bits / 32, s = bits % 32;
	bool lost = false;
	uint64_t t;

	for (size_t i = 0; i < limbs && i < a->n; i++)
		lost = lost || a->d[i] != 0;
	if (limbs >= a->n) {
		a->n = 0;
		return lost;
	}
	lost = lost || (a->d[limbs] & (((uint64_t)1 << s) - 1)) != 0;
	for (size_t i = limbs; i < a->n; i++) {
		t = a->d[i];
		if (i + 1 < a->n)
			t |= (uint64_t)a->d[i + 1] << 32;
		a->d[i - limbs] = (uint32_t)(t >> s);
	}
	a->n -= limbs;
	trim(a);
	return lost;
}

/* Returns the rest. */
static uint32_t
div32(struct big *a, uint32_t by)
{
	uint64_t rest = 0;

	for (size_t i = a->n; i-- > 0;) {
		rest = rest << 32 | a->d[i];
		a->d[i] = (uint32_t)(rest / by);
		rest %= by;
	}
	trim(a);
	return (uint32_t)rest;
}

/* u[0..n] -= v[0..n-1] * q, and the case that q was one too many; the q that
   was right. */
static uint32_t
div_step(uint32_t *u, const uint32_t *v, size_t n, uint64_t q)
{
	uint64_t carry = 0, borrow = 0, t;

	for (size_t i = 0; i < n; i++) {
		carry += q * v[i];
		t = (uint64_t)u[i] - (uint32_t)carry - borrow;
		u[i] = (uint32_t)t;
		borrow = t >> 63;
		carry >>= 32;
	}
	t = (uint64_t)u[n] - carry - borrow;
	u[n] = (uint32_t)t;
	if (t >> 63 == 0)
		return (uint32_t)q;
	carry = 0;
	for (size_t i = 0; i < n; i++) {
		carry += (uint64_t)u[i] + v[i];
		u[i] = (uint32_t)carry;
		carry >>= 32;
	}
	u[n] += (uint32_t)carry;
	return (uint32_t)(q - 1);
}

/* Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D. */
void
big_div(struct big *a, const struct big *b, struct big *q)
{
	struct big u = *a, v = *b;
	unsigned s = 32 - bits32(b->d[b->n - 1]);
	size_t n = b->n;
	uint64_t top, guess;

	q->n = 0;
	if (big_cmp(a, b) < 0)
		return;
	if (n == 1) {
		*q = *a;
		big_set(a, div32(q, b->d[0]));
		return;
	}
	big_shl(&v, s);
	big_shl(&u, s);
	if (u.n == a->n)
		u.d[u.n++] = 0;
	q->n = u.n - n;
	for (size_t k = q->n; k-- > 0;) {
		top = (uint64_t)u.d[k + n] << 32 | u.d[k + n - 1];
		guess = top / v.d[n - 1];
		top %= v.d[n - 1];
		while (guess >> 32 != 0 || (top >> 32 == 0 &&
		    guess * v.d[n - 2] > (top << 32 | u.d[k + n - 2]))) {
			guess--;
			top += v.d[n - 1];
			if (top >> 32 != 0)
				break;
		}
		q->d[k] = div_step(u.d + k, v.d, n, guess);
	}
	trim(q);
	u.n = n;
	trim(&u);
	shift_right(&u, s);
	*a = u;
}

size_t
big_put(const struct big *a, char *out)
{
	struct big t = *a;
	char digit[BIG_DIGITS];
	size_t n = 0;
	uint32_t part;

	while (t.n > 0) {
		part = div32(&t, 1000000000);
		for (int i = 0; i < 9; i++, part /= 10)
			digit[n++] = (char)('0' + part % 10);
	}
	while (n > 1 && digit[n - 1] == '0')
		n--;
	if (n == 0)
		digit[n++] = '0';
	for (size_t i = 0; i < n; i++)
		out[i] = digit[n - 1 - i];
	return n;
}

/* q * 2^exp, q below 2^63; more: what was cut off q is not 0. */
static double
round_once(uint64_t q, bool more, int exp)
{
	int bits = 0, drop;
	uint64_t rest, half;

	while (bits < 63 && q >> bits != 0)
		bits++;
	drop = bits > 53 ? bits - 53 : 0;
	if (exp + drop < -1074)
		drop = -1074 - exp;
	if (drop == 0)
		return ldexp((double)q, exp);
	if (drop > 63)
		return 0;
	half = (uint64_t)1 << (drop - 1);
	rest = q & (2 * half - 1);
	q = q >> (drop - 1) >> 1;
	if (rest > half || (rest == half && (more || (q & 1) != 0)))
		q++;
	return ldexp((double)q, exp + drop);
}

double
big_ratio(const struct big *num, const struct big *den, int exp)
{
	struct big a = *num, q;
	int shift = (int)big_bits(den) - (int)big_bits(num) + 62;
	bool more = false;
	uint64_t u;

	if (num->n == 0)
		return 0;
	if (shift >= 0)
		big_shl(&a, (size_t)shift);
	else
		more = shift_right(&a, (size_t)-shift);
	big_div(&a, den, &q);
	more = more || a.n > 0;
	big_store(&q, &u, 1);
	return round_once(u, more, exp - shift);
}
