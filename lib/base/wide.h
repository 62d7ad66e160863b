/* wide.h - the product of two 64-bit numbers, and runs of 64-bit limbs */
#ifndef MBATCH_WIDE_H
#define MBATCH_WIDE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 wide_uint128;
#endif

/* *hi * 2^64 + return value = a * b, in C11 alone. */
static inline uint64_t
wide_mul_plain(uint64_t a, uint64_t b, uint64_t *hi)
{
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t low = al * bl, m1 = ah * bl + (low >> 32),
	    m2 = al * bh + (uint32_t)m1;

	*hi = ah * bh + (m1 >> 32) + (m2 >> 32);
	return m2 << 32 | (uint32_t)low;
}

static inline uint64_t
wide_mul(uint64_t a, uint64_t b, uint64_t *hi)
{
#ifdef __SIZEOF_INT128__
	wide_uint128 p = (wide_uint128)a * b;

	*hi = (uint64_t)(p >> 64);
	return (uint64_t)p;
#else
	return wide_mul_plain(a, b, hi);
#endif
}

/* Limbs: the lowest first.  Both wrap modulo 2^(64 na); nb <= na. */
static inline void
wide_add(uint64_t *a, size_t na, const uint64_t *b, size_t nb)
{
	uint64_t carry = 0, t;
	size_t i;

	for (i = 0; i < na; i++) {
		if (i >= nb && carry == 0)
			break;
		t = a[i] + carry;
		carry = t < carry;
		a[i] = t + (i < nb ? b[i] : 0);
		carry += a[i] < t;
	}
}

static inline void
wide_sub(uint64_t *a, size_t na, const uint64_t *b, size_t nb)
{
	uint64_t borrow = 0, t, x;
	size_t i;

	for (i = 0; i < na; i++) {
		if (i >= nb && borrow == 0)
			break;
		x = i < nb ? b[i] : 0;
		t = a[i] - x;
		x = a[i] < x;
		a[i] = t - borrow;
		borrow = x + (t < borrow);
	}
}

/* a[0..n] = a[0..n-1] * m; room for one limb more. */
static inline void
wide_scale(uint64_t *a, size_t n, uint64_t m)
{
	uint64_t carry = 0, hi, lo;
	size_t i;

	for (i = 0; i < n; i++) {
		lo = wide_mul(a[i], m, &hi);
		a[i] = lo + carry;
		carry = hi + (a[i] < lo);
	}
	a[n] = carry;
}

#endif
