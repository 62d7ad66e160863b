/* bucket.c - the multiple, time or network that a key's value falls into */
#include <arpa/inet.h>
#include <math.h>

#include "lib/base/arena.h"
#include "lib/base/chars.h"
#include "lib/format/field.h"
#include "lib/format/mask.h"
#include "lib/format/nets.h"
#include "lib/number/big.h"
#include "lib/number/decimal.h"
#include "lib/number/number.h"
#include "lib/time/time.h"

enum { DIGITS = 1000 };		/* longer numbers are their own key */

#define DAY	INT64_C(86400000000000)
#define FAR	1e15		/* doubles beyond it are not known to a unit */

/* The floor in units of 10^-b->scale, where all fits 64 bits. */
static bool
floor_short(const struct bucket *b, const struct number *v, int64_t *units)
{
	int64_t x = v->mant, by, rest;

	if (!v->exact)
		return false;
	by = number_power(b->scale < v->scale ? v->scale - b->scale :
	    b->scale - v->scale);
	if (b->scale < v->scale)
		x = number_floor(x, by);
	else if (x > INT64_MAX / by || x < INT64_MIN / by)
		return false;
	else
		x *= by;
	rest = x % b->mant;
	rest += rest < 0 ? b->mant : 0;
	if (x < INT64_MIN + rest)
		return false;
	*units = x - rest;
	return true;
}

/* The magnitude of a decimal without exponent in units of 10^-scale, cut off;
   *more: there was something to cut.  False: it is no such, or too long. */
static bool
read_units(struct big *x, struct slice s, int scale, bool *more)
{
	const char *p = s.p, *end = s.p + s.n;
	bool point = false;
	struct big digit;

	big_set(x, 0);
	if (s.n > DIGITS)
		return false;
	for (p += *p == '-' || *p == '+'; p < end; p++) {
		if (*p == '.') {
			point = true;
		} else if (!is_digit(*p)) {
			return false;
		} else if (point && scale == 0) {
			*more |= *p != '0';
		} else {
			big_set(&digit, (uint64_t)(*p - '0'));
			big_mul64(x, 10);
			big_add(x, &digit);
			scale -= point;
		}
	}
	big_mul10(x, (unsigned)scale);
	return true;
}

/* The same of what is known exactly in 64 bits. */
static void
scale_units(struct big *x, const struct number *v, int scale, bool *more)
{
	struct big by, q;

	big_set(x, number_magnitude(v->mant));
	if (scale >= v->scale) {
		big_mul10(x, (unsigned)(scale - v->scale));
		return;
	}
	big_set(&by, number_ten[v->scale - scale]);
	big_div(x, &by, &q);
	*more |= x->n > 0;
	*x = q;
}

/* The same of a double below FAR: of its fewest digits, or of 18 places where
   it is too small for these. */
static void
real_units(struct big *x, struct number *v, int scale, bool *more)
{
	struct decimal d;

	*more = v->real == 0 || !decimal_of_real(&d, v->real);
	if (*more)
		d = (struct decimal){ (int64_t)(v->real * 1e18), 18 };
	v->mant = d.mant;
	v->scale = d.scale;
	scale_units(x, v, scale, more);
}

/* By numbers of any length: x less what is left of it, a unit further down
   where the value is below 0 and not a multiple. */
static struct slice
floor_long(const struct bucket *b, struct big *x, bool neg, bool more,
    struct arena *a)
{
	char digit[BIG_DIGITS], *out;
	struct big size, q, one;
	size_t n;

	big_set(&size, (uint64_t)b->mant);
	big_div(x, &size, &q);
	big_set(&one, neg && (more || x->n > 0));
	big_add(&q, &one);
	big_mul(&q, &size);
	n = big_put(&q, digit);
	neg = neg && q.n > 0;
	out = arena_bytes(a, n + (size_t)b->scale + 3);
	*out = '-';
	return (struct slice){ out, neg + number_put_point(out + neg, digit, n,
	    (size_t)b->scale) };
}

/* Both as integers of one scale, so that 0.3 in steps of 0.1 is 0.3. */
static struct slice
floor_number(const struct bucket *b, struct slice value, struct arena *a)
{
	char digit[NUMBER_MAX];
	struct number v;
	struct big x;
	bool more = false;
	int64_t units;
	size_t n;

	if (!number_parse(&v, value))
		return value;
	if (floor_short(b, &v, &units)) {
		n = number_put_decimal(digit, units, b->scale);
		return arena_copy(a, (struct slice){ digit, n });
	}
	if (v.exact)
		scale_units(&x, &v, b->scale, &more);
	else if (!read_units(&x, value, b->scale, &more)) {
		if (fabs(v.real) >= FAR)
			return value;
		real_units(&x, &v, b->scale, &more);
	}
	return floor_long(b, &x, *value.p == '-', more, a);
}

static struct slice
floor_net(const struct bucket *b, struct slice value, struct arena *a)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char bytes[16];
	struct address addr;
	int i, bits;

	if (!address_read(&addr, value))
		return value;
	bits = addr.v4 ? b->v4 : b->v6;
	for (i = 0; i < 16; i++) {
		bytes[i] = (unsigned char)((i < 8 ? addr.hi : addr.lo) >>
		    (56 - i % 8 * 8));
		if (i * 8 + 8 > bits)
			bytes[i] &= i * 8 >= bits ? 0 :
			    (unsigned char)(0xff00 >> bits % 8);
	}
	if (inet_ntop(addr.v4 ? AF_INET : AF_INET6, bytes, text,
	    sizeof text) == NULL)
		return value;
	return slice_str(arena_printf(a, "%s/%d", text, bits));
}

struct slice
bucket_floor(const struct bucket *b, struct slice value, struct slice rec,
    bool spread, struct time_reader *r, struct arena *a)
{
	struct time_reader none = { 0 };
	int64_t ns;
	char *out;

	if (value.p == NULL)
		return value;
	switch (b->kind) {
	case BUCKET_TIME:
		r = r == NULL ? &none : r;
		r->hours = b->time.width % DAY != 0 || b->time.shift % DAY != 0;
		return (spread ? time_begin(r, value, rec, &ns) :
		    time_read_in(r, value, rec, &ns)) ?
		    arena_copy(a, time_bucket(r, ns, &b->time)) : value;
	case BUCKET_NUMBER:
		return floor_number(b, value, a);
	case BUCKET_NET:
		return floor_net(b, value, a);
	case BUCKET_MASK:
		out = arena_bytes(a, MASK_MAX(value.n));
		value = (struct slice){ out, mask_put(out, value) };
		arena_cut(a, out + value.n);
		return value;
	case BUCKET_NONE:
		break;
	}
	return value;
}
