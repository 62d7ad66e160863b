/* pack.c - values as the fields of a line of text: see pack.h */
#include <math.h>

#include "lib/format/escape.h"
#include "lib/format/pack.h"
#include "lib/time/time.h"

enum { SCALE_MAX = 18 };

void
pack_u64(struct buf *b, uint64_t x)
{
	char *p = buf_room(b, 21);
	size_t n = number_put_u64(p, x);

	p[n] = '\t';
	b->n += n + 1;
}

/* Near 0, of either sign, few digits. */
void
pack_i64(struct buf *b, int64_t x)
{
	pack_u64(b, (uint64_t)x << 1 ^ (x < 0 ? UINT64_MAX : 0));
}

void
pack_double(struct buf *b, double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof bits);
	pack_u64(b, bits);
}

void
pack_text(struct buf *b, struct slice s)
{
	buf_add(b, s.p == NULL ? "-" : "=", 1);
	if (s.p != NULL)
		escape_put(b, s);
	buf_add(b, "\t", 1);
}

static struct slice
field(struct unpack *u)
{
	const char *tab = u->left.n == 0 ? NULL :
	    memchr(u->left.p, '\t', u->left.n);
	struct slice s = { NULL, 0 };

	if (tab == NULL) {
		u->bad = true;
		return s;
	}
	s = slice_to(u->left.p, tab);
	slice_skip(&u->left, s.n + 1);
	return s;
}

uint64_t
unpack_u64(struct unpack *u)
{
	struct slice s = field(u);
	uint64_t x = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit = (uint64_t)(unsigned char)s.p[i] - '0';

		if (digit > 9 || x > (UINT64_MAX - digit) / 10) {
			u->bad = true;
			return 0;
		}
		x = x * 10 + digit;
	}
	u->bad |= s.n == 0;
	return x;
}

int64_t
unpack_i64(struct unpack *u)
{
	uint64_t x = unpack_u64(u);

	return (int64_t)(x >> 1) ^ -(int64_t)(x & 1);
}

double
unpack_double(struct unpack *u)
{
	uint64_t bits = unpack_u64(u);
	double x;

	memcpy(&x, &bits, sizeof x);
	return x;
}

struct slice
unpack_text(struct unpack *u)
{
	struct slice s = field(u), absent = { NULL, 0 };

	if (s.n > 0 && s.p[0] == '=')
		return escape_get((struct slice){ s.p + 1, s.n - 1 }, u->arena);
	u->bad |= !slice_eq(s, SLICE("-"));
	return absent;
}

struct slice
unpack_there(struct unpack *u)
{
	struct slice s = unpack_text(u);

	if (s.p == NULL) {
		u->bad = true;
		s = SLICE("");
	}
	return s;
}

size_t
unpack_count(struct unpack *u)
{
	uint64_t n = unpack_u64(u);

	if (!u->bad && n <= u->left.n / 2)
		return (size_t)n;
	u->bad = true;
	return 0;
}

#define BOTH(name, type)						\
void									\
both_##name(struct both *b, type *x)					\
{									\
	if (both_reads(b))						\
		*x = unpack_##name(b->in);				\
	else								\
		pack_##name(b->out, *x);				\
}

BOTH(u64, uint64_t)
BOTH(i64, int64_t)
BOTH(double, double)

void
both_size(struct both *b, size_t *n)
{
	uint64_t x = *n;

	both_u64(b, &x);
	both_expect(b, x <= SIZE_MAX);
	*n = (size_t)x;
}

void
both_time(struct both *b, int64_t *time, int64_t later)
{
	int64_t t = *time;

	if (!both_reads(b) && t != INT64_MIN)
		t = time_less(t, -later);
	both_i64(b, &t);
	if (both_reads(b))
		*time = t == INT64_MIN ? t : time_less(t, later);
}

void
both_bool(struct both *b, bool *x)
{
	uint64_t is = !both_reads(b) && *x;

	both_u64(b, &is);
	*x = is != 0;
}

/* In three fields. */
void
both_number(struct both *b, struct number *x)
{
	uint64_t scale = x->exact ? (uint64_t)x->scale + 1 : 0;

	both_u64(b, &scale);
	both_i64(b, &x->mant);
	both_double(b, &x->real);
	both_expect(b, scale <= SCALE_MAX + 1 && isfinite(x->real));
	if (!both_reads(b))
		return;
	x->exact = scale > 0;
	x->scale = x->exact && !b->in->bad ? (int)scale - 1 : 0;
}

struct slice
both_text(struct both *b, struct slice s)
{
	if (both_reads(b))
		return unpack_there(b->in);
	if (s.n == 0)
		s = SLICE("");
	pack_text(b->out, s);
	return s;
}

size_t
both_count(struct both *b, size_t n)
{
	if (both_reads(b))
		return unpack_count(b->in);
	pack_u64(b->out, n);
	return n;
}
