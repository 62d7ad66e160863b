/* sum-text.c - sums and moments as text */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/number/sum-inner.h"

enum { WIDE_BITS = 182, WIDE_SQUARE_BITS = 310 };

/*
 * The text: COUNT,DECIMAL,BINARY; and for moments COUNT,DECIMAL,BINARY,
 * SQUARES,BINARY;  A decimal has no closing zeros after its point, BINARY is
 * empty if there was no double, else [-]HEX@ZEROS: HEX digits followed by that
 * many zeros, in units of 2^-1088 (squares: 2^-2176); 0@0 for zero.
 */
static void
put_decimal(struct buf *out, const struct big *mag, bool neg, unsigned scale)
{
	char digit[BIG_DIGITS];
	size_t n = big_put(mag, digit);

	if (neg)
		buf_char(out, '-');
	out->n += number_put_point(buf_room(out, n + scale + 2), digit, n,
	    scale);
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

	if (a == NULL)
		return;
	if (super_big(a, &mag))
		buf_char(out, '-');
	if (mag.n == 0) {
		buf_str(out, "0@0");
		return;
	}
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
	size_t n = number_put_u64(num, sum_count(s));
	bool neg;

	buf_add(out, num, n);
	buf_char(out, ',');
	neg = sum_decimals(s, &mag, &scale);
	put_decimal(out, &mag, neg, scale);
	buf_char(out, ',');
	put_binary(out, s->more == NULL ? NULL : s->more->bin);
	if (m != NULL) {
		buf_char(out, ',');
		sum_squares(m, &mag);
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
	memset(limb, 0, n * sizeof *limb);
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
			memcpy(square, q, sizeof q);
		return true;
	}
	return get_decimal(dec, SCALE, sum_more_of(s)->dec, WIDE, WIDE_BITS) &&
	    (square == NULL || (*squares.p != '-' && get_decimal(squares,
	    2 * SCALE, sum_more_of(s)->square, WIDE_SQUARE, WIDE_SQUARE_BITS)));
}

static bool
load(struct sum *s, bool moments, uint64_t *square, struct slice text)
{
	struct slice count = part_take(&text, ','), dec = part_take(&text, ','),
	    bin, squares = { NULL, 0 }, binsquare = { NULL, 0 };
	int64_t n;

	bin = part_take(&text, moments ? ',' : ';');
	if (moments) {
		squares = part_take(&text, ',');
		binsquare = part_take(&text, ';');
		if (squares.n == 0 || binsquare.p == NULL ||
		    (bin.n == 0) != (binsquare.n == 0))
			return false;
	}
	if (text.n != 0 || bin.p == NULL || count.n == 0 ||
	    !number_int(&n, count) || n < 0 || n >= (int64_t)1 << 56)
		return false;
	s->head = (uint64_t)n * SUM_ONE;
	if (!load_decimals(s, square, dec, squares))
		return false;
	if (bin.n > 0 && !get_binary(bin, SUPER_BIAS, SUPER_CHUNKS, true,
	    &sum_more_of(s)->bin))
		return false;
	return binsquare.n == 0 || get_binary(binsquare, SUPER_SQUARE_BIAS,
	    SUPER_SQUARE_CHUNKS, false, &sum_more_of(s)->binsquare);
}

bool
sum_load(struct sum *s, struct slice text)
{
	if (load(s, false, NULL, text))
		return true;
	sum_free(s);
	return false;
}

bool
moments_load(struct moments *s, struct slice text)
{
	if (load(&s->sum, true, s->square, text) && moments_valid(s))
		return true;
	moments_free(s);
	return false;
}
