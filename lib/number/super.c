/* super.c - superaccumulators: sums of doubles without any rounding */
#include <assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/wide.h"
#include "lib/number/super.h"

enum { ADDS_MAX = 256 };

static void
carry(struct super *a)
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

struct super *
super_new(unsigned bias, unsigned n)
{
	struct super *a = mem_zero(sizeof *a + n * sizeof *a->chunk);

	a->n = n;
	a->bias = bias;
	return a;
}

/* Adds m * 2^exp, m below 2^53. */
static void
add_at(struct super *a, uint64_t m, int exp, bool neg)
{
	unsigned at = (unsigned)(exp + (int)a->bias), s = at % 32;
	int64_t low = (int64_t)(uint32_t)(m << s), high = (int64_t)(m >> 1 >>
	    (31 - s));

	assert(at / 32 + 1 < a->n);
	a->chunk[at / 32] += neg ? -low : low;
	a->chunk[at / 32 + 1] += neg ? -high : high;
	if (++a->adds >= ADDS_MAX)
		carry(a);
}

/* Cuts a finite double into m * 2^exp, m below 2^53. */
static uint64_t
double_parts(double x, int *exp, bool *neg)
{
	const uint64_t one = (uint64_t)1 << 52;
	uint64_t u;

	memcpy(&u, &x, sizeof u);
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

void
super_add(struct super *a, double x)
{
	bool neg;
	int exp;
	uint64_t m = double_parts(x, &exp, &neg);

	add_at(a, m, exp, neg);
}

void
super_add_square(struct super *a, double x)
{
	bool neg;
	int exp;
	uint64_t m = double_parts(x, &exp, &neg), lo, hi;

	lo = wide_mul(m, m, &hi);
	add_at(a, lo & (((uint64_t)1 << 53) - 1), 2 * exp, false);
	add_at(a, hi << 11 | lo >> 53, 2 * exp + 53, false);
}

void
super_merge(struct super **a, const struct super *b)
{
	if (b == NULL)
		return;
	if (*a == NULL)
		*a = super_new(b->bias, b->n);
	for (unsigned i = 0; i < b->n; i++)
		(*a)->chunk[i] += b->chunk[i];
	carry(*a);
}

bool
super_big(const struct super *b, struct big *out)
{
	int64_t buf[sizeof(struct super) / 8 + SUPER_SQUARE_CHUNKS];
	struct super *a = (struct super *)(void *)buf;
	bool neg;

	out->n = 0;
	if (b == NULL)
		return false;
	memcpy(a, b, sizeof *b + b->n * sizeof *b->chunk);
	carry(a);
	neg = a->chunk[a->n - 1] < 0;
	if (neg) {
		for (unsigned i = 0; i < a->n; i++)
			a->chunk[i] = -a->chunk[i];
		carry(a);
	}
	for (unsigned i = 0; i < a->n; i++)
		out->d[i] = (uint32_t)a->chunk[i];
	/* The last chunk may have more than 32 bits. */
	out->d[a->n] = (uint32_t)(a->chunk[a->n - 1] >> 32);
	for (out->n = a->n + 1; out->n > 0 && out->d[out->n - 1] == 0;)
		out->n--;
	return neg;
}
