/* sum.c - exact sums of numbers and of their squares, whatever the order */
#include "lib/run/sum.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/life/arena.h"
#include "lib/run/big.h"

enum {
	SCALE = 18,		/* of the wide decimals; squares: twice that */
	WIDE = 3,		/* limbs: |10^18 * 2^63| * 2^56 < 2^179 */
	WIDE_SQUARE = 5,	/* (10^18 * 2^63)^2 * 2^56 < 2^302 */
	WIDE_BITS = 182, WIDE_SQUARE_BITS = 310,
	ADDS_MAX = 256		/* before a superaccumulator must carry */
};

/*
 * A superaccumulator: chunk[i] counts 2^(32 i - bias).  A chunk takes 54 bits
 * at a time, so 2^9 of them fit; carrying leaves 32 in each but the last,
 * which has the sign.
 */
struct super {
	unsigned adds;
	unsigned n, bias;
	int64_t chunk[];
};

enum {
	BIAS = 1088,		/* doubles are multiples of 2^-1074 */
	CHUNKS = (BIAS + 1024 + 64) / 32,
	CHUNKS_SQUARE = (2 * BIAS + 2048 + 64) / 32
};

struct sum_more {
	uint64_t dec[WIDE];		/* two's complement, * 10^-18 */
	uint64_t square[WIDE_SQUARE];	/* * 10^-36 */
	struct super *bin, *binsquare;
};

static const uint64_t ten[] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
	100000000000000, 1000000000000000, 10000000000000000,
	100000000000000000, 1000000000000000000
};

static struct sum_more *
more_of(struct sum *s)
{
	if (s->more == NULL)
		s->more = mem_zero(sizeof(*s->more));
	return s->more;
}

static void
super_carry(struct super *a)
{
	int64_t up;

	for (unsigned i = 0; i + 1 < a->n; i++) {
		up = a->chunk[i] >= 0 ? a->chunk[i] >> 32 :
		    -((-a->chunk[i] + 0xffffffff) >> 32);
		a->chunk[i] -= up * ((int64_t)1 << 32);
		a->chunk[i + 1] += up;
	}
	a->adds = 0;
}

static struct super *
super_new(unsigned bias, unsigned n)
{
	struct super *a = mem_zero(sizeof(*a) + n * sizeof(*a->chunk));

	a->n = n;
	a->bias = bias;
	return a;
}

/* Adds m * 2^exp, m below 2^53. */
static void
super_add(struct super *a, uint64_t m, int exp, bool neg)
{
	unsigned at = (unsigned)(exp + (int)a->bias), s = at % 32;
	int64_t low = (int64_t)(uint32_t)(m << s), high = (int64_t)(m >> 1 >>
	    (31 - s));

	assert(at / 32 + 1 < a->n);
	a->chunk[at / 32] += neg ? -low : low;
	a->chunk[at / 32 + 1] += neg ? -high : high;
	if (++a->adds >= ADDS_MAX)
		super_carry(a);
}

static void
super_merge(struct super **a, const struct super *b)
{
	if (b == NULL)
		return;
	if (*a == NULL)
		*a = super_new(b->bias, b->n);
	for (unsigned i = 0; i < b->n; i++)
		(*a)->chunk[i] += b->chunk[i];
	super_carry(*a);
}

/* Its magnitude, * 2^-bias; whether it is below zero. */
static bool
super_big(const struct super *b, struct big *out)
{
	int64_t buf[sizeof(struct super) / 8 + CHUNKS_SQUARE];
	struct super *a = (struct super *)(void *)buf;
	bool neg;

	out->n = 0;
	if (b == NULL)
		return false;
	memcpy(a, b, sizeof(*b) + b->n * sizeof(*b->chunk));
	super_carry(a);
	neg = a->chunk[a->n - 1] < 0;
	if (neg) {
		for (unsigned i = 0; i < a->n; i++)
			a->chunk[i] = -a->chunk[i];
		super_carry(a);
	}
	for (unsigned i = 0; i < a->n; i++)
		out->d[i] = (uint32_t)a->chunk[i];
	/* The last chunk may have more than 32 bits. */
	out->d[a->n] = (uint32_t)(a->chunk[a->n - 1] >> 32);
	for (out->n = a->n + 1; out->n > 0 && out->d[out->n - 1] == 0;)
		out->n--;
	return neg;
}

/* Cuts a finite double into m * 2^exp, m below 2^53. */
static uint64_t
double_parts(double x, int *exp, bool *neg)
{
	const uint64_t one = (uint64_t)1 << 52;
	uint64_t u;

	memcpy(&u, &x, sizeof(u));
	*neg = u >> 63 != 0;
	*exp = (int)(u >> 52 & 0x7ff);
	u &= one - 1;
	if (*exp == 0)
		*exp = 1;
	else
		u |= one;
	*exp -= 1075;
	return u;
}

static void
add_double(struct sum *s, bool squares, double x)
{
	struct sum_more *w = more_of(s);
	uint64_t m, lo, hi;
	bool neg;
	int exp;

	m = double_parts(x, &exp, &neg);
	if (w->bin == NULL)
		w->bin = super_new(BIAS, CHUNKS);
	super_add(w->bin, m, exp, neg);
	if (!squares)
		return;
	if (w->binsquare == NULL)
		w->binsquare = super_new(2 * BIAS, CHUNKS_SQUARE);
	lo = wide_mul(m, m, &hi);
	super_add(w->binsquare, lo & (((uint64_t)1 << 53) - 1), 2 * exp, false);
	super_add(w->binsquare, hi << 11 | lo >> 53, 2 * exp + 53, false);
}

/* Adds b's inline parts to w. */
static void
spill_to(struct sum_more *w, const struct sum *b, const uint64_t *square)
{
	unsigned up = SCALE - (unsigned)(b->head & SUM_SCALE);
	uint64_t t[WIDE_SQUARE] = { b->lo, b->hi };
	bool neg = b->hi >> 63 != 0;

	if (neg) {
		memset(t, 0, sizeof(t));
		wide_sub(t, 2, &b->lo, 1);
		t[1] -= b->hi;
	}
	wide_scale(t, 2, ten[up]);
	if (neg)
		wide_sub(w->dec, WIDE, t, WIDE);
	else
		wide_add(w->dec, WIDE, t, WIDE);
	if (square == NULL)
		return;
	memcpy(t, square, 2 * sizeof(*t));
	wide_scale(t, 2, ten[up]);
	wide_scale(t, 3, ten[up]);
	wide_add(w->square, WIDE_SQUARE, t, 4);
}

void
sum_spill(struct sum *s, uint64_t *square)
{
	spill_to(more_of(s), s, square);
	s->lo = s->hi = 0;
	if (square != NULL)
		square[0] = square[1] = 0;
}

/* *lo, *hi times 10^power while it stays below 2^126. */
static bool
scale_two(uint64_t *lo, uint64_t *hi, unsigned power)
{
	bool neg = *hi >> 63 != 0;
	uint64_t t[3] = { *lo, *hi, 0 };

	if (neg) {
		t[0] = 0 - *lo;
		t[1] = 0 - *hi - (*lo != 0);
	}
	wide_scale(t, 2, ten[power]);
	if (t[2] != 0 || t[1] >> 62 != 0)
		return false;
	*lo = neg ? 0 - t[0] : t[0];
	*hi = neg ? 0 - t[1] - (t[0] != 0) : t[1];
	return true;
}

/* The same for s and square, both or none. */
static bool
scale_up(struct sum *s, uint64_t *square, unsigned power)
{
	uint64_t lo = s->lo, hi = s->hi, q[2] = { 0, 0 };

	if (square != NULL)
		memcpy(q, square, sizeof(q));
	if (!scale_two(&lo, &hi, power) || !scale_two(&q[0], &q[1], power) ||
	    !scale_two(&q[0], &q[1], power))
		return false;
	s->lo = lo;
	s->hi = hi;
	if (square != NULL)
		memcpy(square, q, sizeof(q));
	s->head += power;
	return true;
}

/* Makes the inline parts' scale the larger one. */
static void
raise_scale(struct sum *s, uint64_t *square, unsigned scale)
{
	unsigned old = (unsigned)(s->head & SUM_SCALE);

	if (scale > old && !scale_up(s, square, scale - old)) {
		sum_spill(s, square);
		s->head += scale - old;
	}
}

/* A decimal that does not fit 64 bits at the inline scale. */
static void
add_wide(struct sum *s, bool squares, const struct number *v)
{
	struct sum_more *w = more_of(s);
	uint64_t t[2], p[4], hi,
	    m = v->mant < 0 ? 0 - (uint64_t)v->mant : (uint64_t)v->mant;

	t[0] = wide_mul(m, ten[SCALE - v->scale], &t[1]);
	if (v->mant < 0)
		wide_sub(w->dec, WIDE, t, 2);
	else
		wide_add(w->dec, WIDE, t, 2);
	if (!squares)
		return;
	p[0] = wide_mul(t[0], t[0], &p[1]);
	p[2] = wide_mul(t[1], t[1], &p[3]);
	wide_add(w->square, WIDE_SQUARE, p, 4);
	p[0] = wide_mul(t[0], t[1], &hi);
	p[1] = hi;
	for (int i = 0; i < 2; i++)
		wide_add(w->square + 1, WIDE_SQUARE - 1, p, 2);
}

/* What the inline functions leave: another scale, a value that is only a
   double.  square: NULL for a sum. */
void
sum_add_other(struct sum *s, uint64_t *square, const struct number *v)
{
	struct number u = *v;
	uint64_t m = v->mant < 0 ? 0 - (uint64_t)v->mant : (uint64_t)v->mant;
	uint64_t over;
	unsigned scale;

	if (!v->exact) {
		s->head += SUM_ONE;
		add_double(s, square != NULL, v->real);
		return;
	}
	raise_scale(s, square, (unsigned)v->scale);
	scale = (unsigned)(s->head & SUM_SCALE);
	m = wide_mul(m, ten[scale - (unsigned)v->scale], &over);
	if (over != 0 || m > INT64_MAX) {
		s->head += SUM_ONE;
		add_wide(s, square != NULL, v);
		return;
	}
	u.mant = v->mant < 0 ? -(int64_t)m : (int64_t)m;
	u.scale = (int)scale;
	if (square == NULL)
		sum_add(s, &u);
	else
		moments_add((struct moments *)(void *)s, &u);
}

void
sum_add_many(struct sum *s, const struct number *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum_add(s, &v[i]);
}

void
moments_add_many(struct moments *s, const struct number *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		moments_add(s, &v[i]);
}

static void
merge(struct sum *a, uint64_t *square, const struct sum *b,
    const uint64_t *bsquare)
{
	struct sum t = *b;
	uint64_t q[2] = { 0, 0 }, carry;
	unsigned scale = (unsigned)(t.head & SUM_SCALE);

	raise_scale(a, square, scale);
	a->head += t.head - scale;
	if (bsquare != NULL)
		memcpy(q, bsquare, sizeof(q));
	scale = (unsigned)(a->head & SUM_SCALE) - scale;
	if (scale_up(&t, q, scale)) {
		a->lo += t.lo;
		a->hi += t.hi + (a->lo < t.lo);
		carry = (a->hi + ((uint64_t)1 << 62)) >> 63;
		if (square != NULL) {
			square[0] += q[0];
			square[1] += q[1] + (square[0] < q[0]);
			carry |= square[1] >> 63;
		}
		if (carry != 0)
			sum_spill(a, square);
	} else
		spill_to(more_of(a), b, bsquare);
	if (b->more != NULL) {
		struct sum_more *w = more_of(a);

		wide_add(w->dec, WIDE, b->more->dec, WIDE);
		wide_add(w->square, WIDE_SQUARE, b->more->square, WIDE_SQUARE);
		super_merge(&w->bin, b->more->bin);
		super_merge(&w->binsquare, b->more->binsquare);
	}
}

void
sum_merge(struct sum *a, const struct sum *b)
{
	merge(a, NULL, b, NULL);
}

void
moments_merge(struct moments *a, const struct moments *b)
{
	merge(&a->sum, a->square, &b->sum, b->square);
}

void
sum_free(struct sum *s)
{
	if (s->more != NULL) {
		free(s->more->bin);
		free(s->more->binsquare);
		free(s->more);
	}
	memset(s, 0, sizeof(*s));
}

void
moments_free(struct moments *s)
{
	sum_free(&s->sum);
	memset(s, 0, sizeof(*s));
}

/* The decimal part as magnitude * 10^-scale, scale 18 or the inline one. */
static bool
dec_total(const struct sum *s, struct big *dec, unsigned *scale)
{
	struct sum_more w = { { 0, 0, 0 }, { 0 }, NULL, NULL };
	uint64_t t[WIDE] = { 0, 0, 0 };
	bool neg;

	*scale = (unsigned)(s->head & SUM_SCALE);
	w.dec[0] = s->lo;
	w.dec[1] = s->hi;
	w.dec[2] = 0 - (s->hi >> 63);
	if (s->more != NULL) {
		memcpy(w.dec, s->more->dec, sizeof(w.dec));
		spill_to(&w, s, NULL);
		*scale = SCALE;
	}
	neg = w.dec[WIDE - 1] >> 63 != 0;
	if (neg) {
		wide_sub(t, WIDE, w.dec, WIDE);
		memcpy(w.dec, t, sizeof(t));
	}
	big_limbs(dec, w.dec, WIDE);
	return neg;
}

/* The same for squares, the scale twice that. */
static void
square_total(const struct moments *s, struct big *square)
{
	struct sum_more w = { { 0, 0, 0 }, { 0 }, NULL, NULL };

	big_limbs(square, s->square, 2);
	if (s->sum.more != NULL) {
		memcpy(w.square, s->sum.more->square, sizeof(w.square));
		spill_to(&w, &s->sum, s->square);
		big_limbs(square, w.square, WIDE_SQUARE);
	}
}

/* a and b with their signs. */
static void
add_signed(struct big *a, bool *neg, const struct big *b, bool bneg)
{
	struct big t;

	if (*neg == bneg)
		big_add(a, b);
	else if (big_cmp(a, b) >= 0)
		big_sub(a, b);
	else {
		t = *b;
		big_sub(&t, a);
		*a = t;
		*neg = bneg;
	}
}

/* A result: num / den * 2^exp. */
struct ratio {
	struct big num, den;
	bool neg;
	bool exact;		/* made of exact decimals only; exp is 0 */
	int exp;
};

/* The sum divided by n; returns the scale of its decimals. */
static unsigned
sum_ratio(const struct sum *s, uint64_t n, struct ratio *r)
{
	struct big bin;
	unsigned scale;
	bool binneg = false;

	r->neg = dec_total(s, &r->num, &scale);
	bin.n = 0;
	if (s->more != NULL)
		binneg = super_big(s->more->bin, &bin);
	big_set(&r->den, n);
	big_mul10(&r->den, scale);
	r->exp = 0;
	r->exact = bin.n == 0;
	if (r->exact)
		return scale;
	big_mul10(&bin, scale);
	big_shl(&r->num, BIAS);
	add_signed(&r->num, &r->neg, &bin, binneg);
	r->exp = -BIAS;
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
	square_total(s, &square);
	t.n = 0;
	if (s->sum.more != NULL)
		super_big(s->sum.more->binsquare, &t);
	if (r->exact && t.n > 0) {
		/* The doubles' sum is 0, but not that of their squares. */
		big_shl(&r->num, BIAS);
		r->exact = false;
	}
	if (!r->exact) {
		big_mul10(&t, 2 * scale);
		big_shl(&square, 2 * BIAS);
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
	r->exp = r->exact ? 0 : -2 * BIAS;
	big_set(&r->den, n);
	big_mul64(&r->den, n - 1);
	big_mul10(&r->den, 2 * scale);
	return true;
}

static double
ratio_real(const struct ratio *r)
{
	double x = big_ratio(&r->num, &r->den, r->exp);

	return r->neg && x != 0 ? -x : x;
}

/* A rounded result: its digits past the 15th say nothing. */
static size_t
put_rounded(double x, char *out)
{
	char buf[NUMBER_MAX];
	int n;

	if (fabs(x) < 1e15)
		return number_put_real(out, x);
	n = snprintf(buf, sizeof(buf), "%.15g", x);
	memcpy(out, buf, (size_t)n);
	return (size_t)n;
}

static size_t
ratio_put(const struct ratio *r, char *out)
{
	struct big rest = r->num, q;

	if (r->exact) {
		big_div(&rest, &r->den, &q);
		if (rest.n == 0 && big_bits(&q) < 128) {
			out[0] = '-';
			return r->neg + big_put(&q, out + r->neg);
		}
	}
	return put_rounded(ratio_real(r), out);
}

/*
 * The common case: a sum and a divisor below 2^53 have a quotient that is
 * rounded once by the hardware.  False: not so.
 */
static bool
small_mean(const struct sum *s, uint64_t n, int64_t *num, int64_t *den)
{
	const uint64_t most = (uint64_t)1 << 53;
	uint64_t by = ten[s->head & SUM_SCALE];

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

static double
real_over(const struct sum *s, uint64_t n)
{
	struct ratio r;
	int64_t num, den;

	if (small_mean(s, n, &num, &den))
		return (double)num / (double)den;
	sum_ratio(s, n, &r);
	return ratio_real(&r);
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

	return moments_stddev(s, &x) ? put_rounded(x, out) : 0;
}

bool
sum_real(const struct sum *s, double *out)
{
	*out = real_over(s, 1);
	return true;
}

bool
sum_mean(const struct sum *s, double *out)
{
	uint64_t n = sum_count(s);

	if (n > 0)
		*out = real_over(s, n);
	return n > 0;
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

bool
moments_stddev(const struct moments *s, double *out)
{
	if (!moments_var(s, out))
		return false;
	*out = sqrt(*out);
	return true;
}

/*
 * The text: COUNT,DECIMAL,BINARY; and for moments COUNT,DECIMAL,BINARY,
 * SQUARES,BINARY;  A decimal has no closing zeros after its point, BINARY is
 * empty for zero, else [-]HEX@ZEROS: HEX digits followed by that many zeros,
 * in units of 2^-1088 (squares: 2^-2176).
 */
static void
put_decimal(struct buf *out, const struct big *mag, bool neg, unsigned scale)
{
	char digit[BIG_DIGITS];
	size_t n = big_put(mag, digit), whole = n > scale ? n - scale : 0,
	    zeros = n > scale ? 0 : scale - n;

	while (n > whole && digit[n - 1] == '0')
		n--;
	if (neg)
		buf_char(out, '-');
	if (whole == 0)
		buf_char(out, '0');
	buf_add(out, digit, whole);
	if (n == whole)
		return;
	buf_char(out, '.');
	while (zeros-- > 0)
		buf_char(out, '0');
	buf_add(out, digit + whole, n - whole);
}

static unsigned
nibble(const struct big *a, size_t i)
{
	return a->d[i / 8] >> (4 * (i % 8)) & 15;
}

static void
put_binary(struct buf *out, const struct super *a)
{
	char num[NUMBER_MAX];
	size_t low = 0, high;
	struct big mag;

	if (super_big(a, &mag))
		buf_char(out, '-');
	if (mag.n == 0)
		return;
	while (nibble(&mag, low) == 0)
		low++;
	high = mag.n * 8;
	while (nibble(&mag, high - 1) == 0)
		high--;
	while (high-- > low)
		buf_char(out, "0123456789abcdef"[nibble(&mag, high)]);
	buf_char(out, '@');
	buf_add(out, num, number_put_u64(num, low));
}

static void
save(const struct sum *s, const struct moments *m, struct buf *out)
{
	char num[NUMBER_MAX];
	struct big mag;
	unsigned scale;
	bool neg;

	buf_add(out, num, number_put_u64(num, sum_count(s)));
	buf_char(out, ',');
	neg = dec_total(s, &mag, &scale);
	put_decimal(out, &mag, neg, scale);
	buf_char(out, ',');
	put_binary(out, s->more == NULL ? NULL : s->more->bin);
	if (m != NULL) {
		buf_char(out, ',');
		square_total(m, &mag);
		put_decimal(out, &mag, false, 2 * scale);
		buf_char(out, ',');
		put_binary(out, s->more == NULL ? NULL : s->more->binsquare);
	}
	buf_char(out, ';');
}

void
sum_save(const struct sum *s, struct buf *out)
{
	save(s, NULL, out);
}

void
moments_save(const struct moments *s, struct buf *out)
{
	save(&s->sum, s, out);
}

/* Takes the text before the next end, and that; p NULL: there is none. */
static struct slice
part_take(struct slice *s, char end)
{
	const char *p = s->n == 0 ? NULL : memchr(s->p, end, s->n);
	struct slice part = { NULL, 0 };

	if (p != NULL) {
		part = (struct slice){ s->p, (size_t)(p - s->p) };
		s->n -= part.n + 1;
		s->p = p + 1;
	}
	return part;
}

static bool
sign_take(struct slice *s)
{
	if (s->n == 0 || *s->p != '-')
		return false;
	s->p++;
	s->n--;
	return true;
}

/* A decimal as limbs at the scale, two's complement. */
static bool
get_decimal(struct slice s, unsigned scale, uint64_t *limb, size_t n,
    size_t bits)
{
	uint64_t t[WIDE_SQUARE];
	struct big mag, digit;
	bool neg = sign_take(&s), point = false;

	if (s.p == NULL || s.n == 0 || s.n > 120)
		return false;
	mag.n = 0;
	for (; s.n > 0; s.p++, s.n--) {
		if (*s.p == '.' && !point) {
			point = true;
			continue;
		}
		if (*s.p < '0' || *s.p > '9' || (point && scale-- == 0))
			return false;
		big_mul10(&mag, 1);
		big_set(&digit, (uint64_t)(*s.p - '0'));
		big_add(&mag, &digit);
	}
	big_mul10(&mag, scale);
	if (big_bits(&mag) > bits)
		return false;
	memset(limb, 0, n * sizeof(*limb));
	big_store(&mag, t, n);
	if (neg)
		wide_sub(limb, n, t, n);
	else
		wide_add(limb, n, t, n);
	return true;
}

static bool
get_binary(struct slice s, unsigned bias, unsigned n, bool sign,
    struct super **out)
{
	static const char hex[] = "0123456789abcdef";
	bool neg = sign && sign_take(&s);
	struct slice mant = part_take(&s, '@');
	struct super *a;
	int64_t zeros, at;
	const char *h;

	if (mant.n == 0 || !number_int(&zeros, s) || zeros < 0 ||
	    mant.n > 8 * n - 2 || zeros > (int64_t)(8 * n - 2 - mant.n))
		return false;
	a = super_new(bias, n);
	for (size_t i = 0; i < mant.n; i++) {
		h = memchr(hex, mant.p[mant.n - 1 - i], 16);
		if (h == NULL) {
			free(a);
			return false;
		}
		at = zeros + (int64_t)i;
		a->chunk[at / 8] |= (int64_t)(h - hex) << 4 * (at % 8);
	}
	for (unsigned i = 0; i < n; i++)
		a->chunk[i] = neg ? -a->chunk[i] : a->chunk[i];
	*out = a;
	return true;
}

/* Digits after the point. */
static unsigned
scale_of(struct slice s)
{
	const char *p = s.n == 0 ? NULL : memchr(s.p, '.', s.n);

	return p == NULL ? 0 : (unsigned)(s.p + s.n - p - 1);
}

/* The decimals, inline at their own scale where they fit. */
static bool
load_decimals(struct sum *s, uint64_t *square, struct slice dec,
    struct slice squares)
{
	unsigned scale = scale_of(dec), need = (scale_of(squares) + 1) / 2;
	uint64_t t[2], q[2] = { 0, 0 };

	if (scale < need)
		scale = need;
	if (scale > SCALE)
		return false;
	if (get_decimal(dec, scale, t, 2, 126) && (square == NULL ||
	    get_decimal(squares, 2 * scale, q, 2, 126)) && q[1] >> 63 == 0) {
		s->lo = t[0];
		s->hi = t[1];
		s->head += scale;
		if (square != NULL)
			memcpy(square, q, sizeof(q));
		return true;
	}
	return get_decimal(dec, SCALE, more_of(s)->dec, WIDE, WIDE_BITS) &&
	    (square == NULL || (*squares.p != '-' && get_decimal(squares,
	    2 * SCALE, more_of(s)->square, WIDE_SQUARE, WIDE_SQUARE_BITS)));
}

static bool
load(struct sum *s, uint64_t *square, struct slice text)
{
	struct slice count = part_take(&text, ','), dec = part_take(&text, ','),
	    bin, squares = { NULL, 0 }, binsquare = { NULL, 0 };
	int64_t n;

	bin = part_take(&text, square == NULL ? ';' : ',');
	if (square != NULL) {
		squares = part_take(&text, ',');
		binsquare = part_take(&text, ';');
		if (squares.n == 0 || binsquare.p == NULL)
			return false;
	}
	if (text.n != 0 || bin.p == NULL || !number_int(&n, count) || n < 0 ||
	    n >= (int64_t)1 << 56)
		return false;
	s->head = (uint64_t)n * SUM_ONE;
	if (!load_decimals(s, square, dec, squares))
		return false;
	if (bin.n > 0 && !get_binary(bin, BIAS, CHUNKS, true,
	    &more_of(s)->bin))
		return false;
	return binsquare.n == 0 || get_binary(binsquare, 2 * BIAS,
	    CHUNKS_SQUARE, false, &more_of(s)->binsquare);
}

bool
sum_load(struct sum *s, struct slice text)
{
	if (load(s, NULL, text))
		return true;
	sum_free(s);
	return false;
}

bool
moments_load(struct moments *s, struct slice text)
{
	struct ratio r;

	if (load(&s->sum, s->square, text) &&
	    (sum_count(&s->sum) < 2 || var_ratio(s, &r)))
		return true;
	moments_free(s);
	return false;
}
