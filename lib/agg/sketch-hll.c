/* sketch-hll.c - HyperLogLog: distinct values in bounded memory */
#include <stdlib.h>

#include "lib/agg/sketch-text.h"
#include "lib/agg/sketch.h"
#include "lib/base/arena.h"
#include "lib/base/hash.h"

enum { FIRST_CAP = 8 };

void
hll_init(struct hll *s, unsigned p, unsigned exact)
{
	memset(s, 0, sizeof *s);
	s->p = p;
	s->exact = exact;
}

/* Never 0, which marks a free slot. */
static inline uint64_t
hash_of(struct slice v)
{
	uint64_t h = hash_bytes(v.p, v.n, 0x64697374696e6374);

	return h == 0 ? 1 : h;
}

/* The place of the highest 1, counted from 1; u is not 0. */
static inline unsigned
leading(uint64_t u)
{
	return (unsigned)__builtin_clzll(u) + 1;
}

static inline void
reg_add(struct hll *s, uint64_t hash)
{
	unsigned char *reg = &s->reg[hash >> (64 - s->p)],
	    rank = (unsigned char)leading((hash << 1 | 1) << (s->p - 1));

	if (*reg < rank)
		*reg = rank;
}

static void
to_registers(struct hll *s)
{
	s->reg = mem_zero((size_t)1 << s->p);
	for (uint32_t i = 0; i < s->cap; i++)
		if (s->set[i] != 0)
			reg_add(s, s->set[i]);
	free(s->set);
	s->set = NULL;
	s->n = s->cap = 0;
}

static uint64_t *
set_slot(const struct hll *s, uint64_t hash)
{
	uint32_t i = (uint32_t)(hash >> 32) & (s->cap - 1);

	while (s->set[i] != 0 && s->set[i] != hash)
		i = (i + 1) & (s->cap - 1);
	return &s->set[i];
}

static void
set_grow(struct hll *s)
{
	uint64_t *old = s->set;
	uint32_t n = s->cap;

	s->cap = n == 0 ? FIRST_CAP : n * 2;
	s->set = mem_zero(s->cap * sizeof *s->set);
	for (uint32_t i = 0; i < n; i++)
		if (old[i] != 0)
			*set_slot(s, old[i]) = old[i];
	free(old);
}

static void
set_add(struct hll *s, uint64_t hash)
{
	uint64_t *slot;

	if (s->cap == 0 || (s->n >= s->cap / 2 && s->n < s->exact))
		set_grow(s);
	slot = set_slot(s, hash);
	if (*slot == hash)
		return;
	if (s->n == s->exact) {
		to_registers(s);
		reg_add(s, hash);
		return;
	}
	*slot = hash;
	s->n++;
}

static inline void
hash_add(struct hll *s, uint64_t hash)
{
	if (s->reg != NULL)
		reg_add(s, hash);
	else
		set_add(s, hash);
}

void
hll_add(struct hll *s, struct slice v)
{
	hash_add(s, hash_of(v));
}

bool
hll_merge(struct hll *s, const struct hll *other)
{
	if (s->p != other->p || s->exact != other->exact)
		return false;
	if (s == other)
		return true;
	for (uint32_t i = 0; i < other->cap; i++)
		if (other->set[i] != 0)
			hash_add(s, other->set[i]);
	if (other->reg == NULL)
		return true;
	if (s->reg == NULL)
		to_registers(s);
	for (size_t i = 0; i < (size_t)1 << s->p; i++)
		if (s->reg[i] < other->reg[i])
			s->reg[i] = other->reg[i];
	return true;
}

void
hll_free(struct hll *s)
{
	free(s->set);
	free(s->reg);
	hll_init(s, s->p, s->exact);
}

/* Ertl's correction for registers that are 0. */
static double
sigma(double x)
{
	double y = 1, z = x, last;

	do {
		x *= x;
		last = z;
		z += x * y;
		y += y;
	} while (z != last);
	return z;
}

uint64_t
hll_count(const struct hll *s)
{
	const double alpha = 0.72134752044448170368;	/* 1 / (2 ln 2) */
	double m = (double)((uint64_t)1 << s->p), z;
	unsigned q = 64 - s->p;
	uint32_t count[66] = { 0 };

	if (s->reg == NULL)
		return s->n;
	for (size_t i = 0; i < (size_t)1 << s->p; i++)
		count[s->reg[i]]++;
	/* His correction for those at their end is left out: a hash does so
	   to one of 2^50 values. */
	z = 0;
	for (unsigned k = q; k >= 1; k--)
		z = 0.5 * (z + count[k]);
	z += m * sigma(count[0] / m);
	z = alpha * m * m / z;
	return z < 0x1p63 ? (uint64_t)(z + 0.5) : UINT64_MAX;
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The hashes, ascending, each as its distance from the one before. */
static void
set_save(const struct hll *s, struct buf *out)
{
	uint64_t *hash = mem_alloc((s->n + 1) * sizeof *hash), last = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->cap; i++)
		if (s->set[i] != 0)
			hash[n++] = s->set[i];
	qsort(hash, n, sizeof *hash, compare);
	text_number(out, n);
	for (uint32_t i = 0; i < n; i++) {
		text_number(out, hash[i] - last);
		last = hash[i];
	}
	free(hash);
}

void
hll_save(const struct hll *s, struct buf *out)
{
	size_t from = out->n;

	text_number(out, s->p);
	text_number(out, s->exact);
	text_number(out, s->reg == NULL);
	if (s->reg == NULL)
		set_save(s, out);
	else
		for (size_t i = 0; i < (size_t)1 << s->p; i++)
			text_six(out, s->reg[i]);
	text_close(out, from);
}

static bool
load(struct hll *s, struct text_reader *r)
{
	uint64_t kind, n, hash = 0, gap;

	if (text_get_number(r) != s->p || text_get_number(r) != s->exact)
		return false;
	kind = text_get_number(r);
	if (r->bad || kind > 1)
		return false;
	if (kind == 0) {
		s->reg = mem_zero((size_t)1 << s->p);
		for (size_t i = 0; i < (size_t)1 << s->p && !r->bad; i++) {
			s->reg[i] = (unsigned char)text_get_six(r);
			r->bad = r->bad || s->reg[i] > 65 - s->p;
		}
		return text_done(r);
	}
	n = text_get_number(r);
	if (n > s->exact)
		return false;
	while (n-- > 0 && !r->bad) {
		gap = text_get_number(r);
		if (gap == 0 || gap > UINT64_MAX - hash)
			return false;
		set_add(s, hash += gap);
	}
	return text_done(r);
}

TEXT_LOAD(hll, hll, hll_free)
