/* sketch-text.c - states as printable text: numbers, bytes and a checksum */

#include "lib/agg/sketch-text.h"
#include "lib/base/hash.h"

enum { CHECK_CHARS = 6 };

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Of ASCII's characters from - on: what each stands for, + 1; 0: nothing. */
static const signed char sixes[] = {
	63, 0, 0, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0, 0, 0, 0, 0, 0, 0,
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
	21, 22, 23, 24, 25, 26, 0, 0, 0, 0, 64, 0, 27, 28, 29, 30, 31, 32, 33,
	34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
	52
};

static inline int
six_of(char c)
{
	unsigned i = (unsigned char)c - (unsigned)'-';

	return i < sizeof sixes ? sixes[i] - 1 : -1;
}

void
text_six(struct buf *out, unsigned six)
{
	buf_char(out, alphabet[six & 63]);
}

void
text_number(struct buf *out, uint64_t u)
{
	char *from = buf_room(out, TEXT_NUMBER);

	out->n += (size_t)(text_number_at(from, u) - from);
}

char *
text_number_at(char *to, uint64_t u)
{
	for (; u > 31; u >>= 5)
		*to++ = alphabet[(u & 31) | 32];
	*to++ = alphabet[u];
	return to;
}

/* Bits in an order that makes short doubles short texts: the low bits, mostly
   zeros, go last. */
static uint64_t
turn(uint64_t u)
{
	uint64_t r = 0;

	for (int i = 0; i < 64; i++)
		r |= (u >> i & 1) << (63 - i);
	return r;
}

void
text_real(struct buf *out, double x)
{
	uint64_t u;

	memcpy(&u, &x, sizeof u);
	text_number(out, turn(u));
}

void
text_bytes(struct buf *out, struct slice s)
{
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < s.n; i++) {
		bits = (bits << 8 | (unsigned char)s.p[i]) & 0xffff;
		for (have += 8; have >= 6; have -= 6)
			text_six(out, bits >> (have - 6));
	}
	if (have > 0)
		text_six(out, bits << (6 - have));
}

static uint64_t
checksum(const char *p, size_t n)
{
	return hash_bytes(p, n, 0x636865636b73756d);
}

void
text_close(struct buf *out, size_t from)
{
	uint64_t sum;

	(void)buf_room(out, CHECK_CHARS);	/* p is not NULL now */
	sum = checksum(out->p + from, out->n - from);
	for (int i = 0; i < CHECK_CHARS; i++, sum >>= 6)
		text_six(out, (unsigned)(sum & 63));
}

bool
text_open(struct text_reader *r, struct slice s)
{
	uint64_t sum;

	if (s.n < CHECK_CHARS)
		return false;
	r->p = s.p;
	r->end = s.p + s.n - CHECK_CHARS;
	r->bad = false;
	sum = checksum(s.p, s.n - CHECK_CHARS);
	for (int i = 0; i < CHECK_CHARS; i++, sum >>= 6)
		if (six_of(r->end[i]) != (int)(sum & 63))
			return false;
	return true;
}

unsigned
text_get_six(struct text_reader *r)
{
	int six = r->p < r->end ? six_of(*r->p) : -1;

	if (six < 0) {
		r->bad = true;
		r->p = r->end;
		return 0;
	}
	r->p++;
	return (unsigned)six;
}

uint64_t
text_get_number(struct text_reader *r)
{
	uint64_t u = 0;
	unsigned shift;
	int six;

	for (shift = 0; shift <= 60 && r->p < r->end; shift += 5) {
		six = six_of(*r->p++);
		if (six < 0 || (shift == 60 && six > 15))
			break;
		u |= (uint64_t)(six & 31) << shift;
		if (six < 32)
			return u;
	}
	r->bad = true;
	r->p = r->end;
	return 0;
}

double
text_get_real(struct text_reader *r)
{
	uint64_t u = turn(text_get_number(r));
	double x;

	if ((u >> 52 & 0x7ff) == 0x7ff) {
		r->bad = true;
		return 0;
	}
	memcpy(&x, &u, sizeof x);
	return x;
}

void
text_get_bytes(struct text_reader *r, char *out, size_t n)
{
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < n; i++) {
		for (; have < 8; have += 6)
			bits = (bits << 6 | text_get_six(r)) & 0xffff;
		have -= 8;
		out[i] = (char)(bits >> have);
	}
	if ((bits & ((1u << have) - 1)) != 0)
		r->bad = true;
}

struct slice
text_get_text(struct text_reader *r, struct buf *b)
{
	uint64_t n = text_get_number(r);

	r->bad = r->bad || n > (uint64_t)(r->end - r->p);
	n = r->bad ? 0 : n;
	b->n = 0;
	text_get_bytes(r, buf_room(b, (size_t)n), (size_t)n);
	b->n = (size_t)n;
	return buf_text(b);
}

bool
text_done(const struct text_reader *r)
{
	return !r->bad && r->p == r->end;
}
