/*
 * scan-body.h - the scanners, written once over 64-bit masks
 *
 * Each scan-NAME.c includes this after defining, for its processor,
 *
 *	SCAN_NAME	the variant's name: swar, sse2 ...
 *	SCAN_TARGET	the function attribute that allows its instructions
 *	vec		some bytes of a text, which a register holds
 *	load(p)		the bytes from p on
 *	all(c)		c in each byte
 *	equal(v, w)	where bytes are equal
 *	least(v, c)	where they are at most c, which is ASCII
 *	beyond(v)	where they are not ASCII
 *	and or xor	of the bits of two of them
 *	EACH16(lo, hi, f, x)	bit i: f(v, x) is true of byte i of 16, given as
 *			two words
 *	RETURN32(p, f, x)	returns, bit i: f(p, x) is true of p[i], of
 *			p[0..32)
 *	RETURN64(p, f, x)	the same of 64
 *	class32(p, c)	bit i: p[i] is in the scan_class c; reads p[0..32);
 *			not there: bytes are looked at one by one
 *	popcount(m)	how many bits are set
 *	low_bit(m)	where the lowest set bit is; any number if there is none
 *	nth_bit(m, k)	where the set bit is that has k set ones below it
 *	parity(m)	bit i: bits 0 to i have an odd number of ones
 *
 * Nothing outside the slices given is read (but for the one or two bytes
 * between neighbours): where fewer than 64 bytes are left, the block is read
 * so that it ends with them, or in pieces.
 */
#include "lib/base/chars.h"
#include "lib/base/words.h"
#include "lib/scan/scan-run.h"

#define FN	static SCAN_TARGET

static const struct set blank = { ' ', '\t', 0, 2 };
static const struct set quote = { '"', 0, 0, 1 };
static const struct set blank_line = { ' ', '\t', '\n', 3 };

/* Which bytes are in the set. */
INLINE vec
in_set(vec v, struct set s)
{
	vec m = equal(v, all(s.a));

	if (s.n > 1)
		m = or(m, equal(v, all(s.b)));
	if (s.n > 2)
		m = or(m, equal(v, all(s.c)));
	return m;
}

INLINE vec
mask_at(const char *p, struct set s)
{
	return in_set(load(p), s);
}

INLINE uint64_t
mask16(uint64_t lo, uint64_t hi, struct set s)
{
	return EACH16(lo, hi, in_set, s);
}

/* Bit i: p[i] is in the set; reads p[0..64), as do those that follow. */
INLINE uint64_t
mask64(const char *p, struct set s)
{
	RETURN64(p, mask_at, s);
}

INLINE vec
control_at(const char *p, char last)
{
	return least(load(p), last);
}

/* Bytes below a blank. */
INLINE uint64_t
control64(const char *p)
{
	RETURN64(p, control_at, ' ' - 1);
}

/* Square brackets differ from braces by 0x20. */
INLINE vec
nest_at(const char *p, char by)
{
	vec v = or(load(p), all(by));

	return or(equal(v, all('{')), equal(v, all('}')));
}

/* One of { } [ ]. */
INLINE uint64_t
nest64(const char *p)
{
	RETURN64(p, nest_at, 0x20);
}

/* With bit 1 turned over just the quote and what is below a blank are at most
   a blank. */
INLINE vec
stop_at(const char *p, char turned)
{
	vec v = load(p);

	return or(least(xor(v, all(turned)), ' '), equal(v, all('\\')));
}

/* A quote, a backslash or below a blank. */
INLINE uint64_t
stop64(const char *p)
{
	RETURN64(p, stop_at, 2);
}

INLINE vec
odd_at(const char *p, const struct scan_odds *c)
{
	vec v = load(p), m = least(v, (char)(c->below - 1));

	m = or(m, or(equal(v, all(c->a)), equal(v, all(c->b))));
	return or(m, and(beyond(v), all((char)(c->high ? -1 : 0))));
}

INLINE uint64_t
odd32(const char *p, const struct scan_odds *c)
{
	RETURN32(p, odd_at, c);
}

/* Where the clue's byte k stands, as if it were the text's first. */
INLINE vec
clue_byte(const char *p, const struct scan_clue *c, int k)
{
	return equal(or(load(p + c->at[k]), all((char)c->fold[k])),
	    all((char)c->byte[k]));
}

INLINE vec
clue_at(const char *p, const struct scan_clue *c)
{
	return and(clue_byte(p, c, 0), clue_byte(p, c, 1));
}

/* The text of the clue can begin there. */
INLINE uint64_t
clue64(const char *p, const struct scan_clue *c)
{
	RETURN64(p, clue_at, c);
}

/* Bits 0 to n - 1, n at most 63. */
INLINE uint64_t
below(size_t n)
{
	return ((uint64_t)1 << n) - 1;
}

/* Where m's lowest bit is, which is cleared; of no bit, any number. */
INLINE size_t
next_bit(uint64_t *m)
{
	size_t at = low_bit(*m);

	*m &= *m - 1;
	return at;
}

/* The bits of fewer than 64 bytes with nothing readable around them. */
INLINE uint64_t
mask_pieces(const char *p, size_t n, struct set s)
{
	uint64_t lo, hi, m = 0;
	size_t i;

	for (i = 0; n - i >= 16; i += 16)
		m |= mask16(load_64(p + i), load_64(p + i + 8), s) << i;
	if (i < n) {
		load_part(p + i, n - i, &lo, &hi);
		m |= mask16(lo, hi, s) << i;
	}
	return m & below(n);
}

/*
 * The bits of p[0..n), of the first 64 if there are more, where from lo to hi
 * can be read.  Those from n on are 0.
 */
INLINE uint64_t
mask_of(const char *p, size_t n, const char *lo, const char *hi, struct set s)
{
	if (hi - p >= 64)
		return mask64(p, s) & (n < 64 ? below(n) : ~(uint64_t)0);
	if (n > 0 && p + n - lo >= 64)
		return mask64(p + n - 64, s) >> (64 - n);
	return mask_pieces(p, n, s);
}

/* The same for the last bytes of a run: seldom enough for a call. */
FN __attribute__((noinline, cold)) uint64_t
mask_last(const char *p, size_t n, const char *lo, struct set s)
{
	return mask_of(p, n, lo, p, s);
}

INLINE uint64_t
mask_run(const char *p, size_t n, const char *lo, const char *hi, struct set s)
{
	if (hi - p >= 64)
		return mask64(p, s) & (n < 64 ? below(n) : ~(uint64_t)0);
	return mask_last(p, n, lo, s);
}

/*
 * Appends the records that end where m has bits, at from + the bit; stops at
 * max.  *start is where the next record starts.
 */
INLINE size_t
cut_at(uint64_t m, const char *p, size_t from, size_t *start,
    struct slice *rec, size_t k, size_t max)
{
	size_t end, at = *start;

	for (; m != 0 && k < max; m &= m - 1) {
		end = from + (size_t)__builtin_ctzll(m);
		rec[k++] = (struct slice){ p + at, end - at };
		at = end + 1;
	}
	*start = at;
	return k;
}

FN size_t
records(const char *p, size_t n, char term, struct slice *rec, size_t max,
    size_t *used)
{
	struct set s = { term, 0, 0, 1 };
	size_t i, k = 0, start = 0;
	uint64_t m;

	for (i = 0; n - i >= 64 && k < max; i += 64) {
		m = mask64(p + i, s);
		k = cut_at(m, p, i, &start, rec, k, max);
	}
	if (k < max && i < n) {
		m = mask_of(p + i, n - i, p, p + n, s);
		k = cut_at(m, p, i, &start, rec, k, max);
	}
	*used = start;
	return k;
}

/* Most blocks have no more than two: those cost no branch. */
INLINE size_t
end_offsets(uint64_t m, size_t at, uint32_t *out)
{
	size_t i, k = popcount(m);
	uint32_t from = (uint32_t)at;

	out[0] = from + (uint32_t)next_bit(&m);
	out[1] = from + (uint32_t)next_bit(&m);
	for (i = 2; i < k; i++)
		out[i] = from + (uint32_t)next_bit(&m);
	return k;
}

FN size_t
ends(const char *p, size_t n, char term, uint32_t *at, size_t max)
{
	struct set s = { term, 0, 0, 1 };
	size_t i, k = 0;

	for (i = 0; n - i >= 64 && k < max; i += 64)
		k += end_offsets(mask64(p + i, s), i, at + k);
	if (k < max && i < n)
		k += end_offsets(mask_of(p + i, n - i, p, p + n, s), i,
		    at + k);
	return k < max ? k : max;
}

/* Blanks m of a record's block, left bytes of which are its own: what is behind
   its end counts as one. */
INLINE uint64_t
blank_block(uint64_t m, size_t left)
{
	return left < 64 ? m | ~below(left) : m;
}

/* A bit wherever blanks begin or end is an edge: fields lie between two. */
FN size_t
blanks(struct slice rec, struct slice *field, size_t max, bool lines)
{
	const struct set s = { ' ', '\t', lines ? '\n' : ' ', 3 };
	uint64_t b, edge, carry = 1;
	size_t at, i, k = 0, start = 0;

	for (i = 0; i < rec.n && k < max; i += 64) {
		b = blank_block(mask_of(rec.p + i, rec.n - i, rec.p,
		    rec.p + rec.n, s), rec.n - i);
		edge = b ^ (b << 1 | carry);
		for (; edge != 0 && k < max; edge &= edge - 1) {
			at = i + (size_t)__builtin_ctzll(edge);
			carry = !carry;
			if (!carry)
				start = at;
			else
				field[k++] = (struct slice){ rec.p + start,
				    at - start };
		}
		carry = b >> 63;
	}
	if (k < max && !carry && rec.n > 0)
		field[k++] = (struct slice){ rec.p + start, rec.n - start };
	return k;
}

/* Candidates are where the first byte is; the rest is compared. */
FN size_t
sep(struct slice rec, const char *by, size_t len, struct slice *field,
    size_t max)
{
	struct set s = { by[0], 0, 0, 1 };
	size_t at, i, k = 0, start = 0;
	uint64_t m;

	for (i = 0; i < rec.n && k < max; i += 64) {
		m = mask_of(rec.p + i, rec.n - i, rec.p, rec.p + rec.n, s);
		for (; m != 0 && k < max; m &= m - 1) {
			at = i + (size_t)__builtin_ctzll(m);
			if (len > 1 && (at < start || rec.n - at < len ||
			    memcmp(rec.p + at + 1, by + 1, len - 1) != 0))
				continue;
			field[k++] = (struct slice){ rec.p + start,
			    at - start };
			start = at + len;
		}
	}
	if (k < max)
		field[k++] = rec.n == 0 ? rec :
		    (struct slice){ rec.p + start, rec.n - start };
	return k;
}

FN size_t
clues(const char *p, size_t from, size_t n, const struct scan_clue *c,
    size_t nc, uint64_t *m)
{
	size_t i, k, last = n - 64;

	for (i = from; i < n; i += 64) {
		i = i < last ? i : last;
		*m = clue64(p + i, c);
		for (k = 1; k < nc; k++)
			*m |= clue64(p + i, c + k);
		if (*m != 0)
			return i;
	}
	*m = 0;
	return n;
}

FN size_t
places(const char *p, size_t *from, size_t n, const struct scan_clue *c,
    size_t nc, uint32_t *at, size_t max)
{
	const struct scan_clue first = c[0];	/* no store changes it */
	size_t i, j, k, past, last = n - 64;
	uint64_t m;

	for (i = *from, j = 0; i < n && j < max; i += 64) {
		past = i < last ? 0 : i - last;
		i -= past;
		m = clue64(p + i, &first);
		for (k = 1; k < nc; k++)
			m |= clue64(p + i, c + k);
		j += end_offsets(m >> past << past, i, at + j);
	}
	*from = i;
	return j;
}

FN void
odd(const struct slice *v, size_t n, const struct scan_reach *r,
    const struct scan_odds *odds, unsigned char *out)
{
	const struct scan_odds c = *odds;
	char copy[32] = { 0 };
	const char *p;
	uint64_t m;
	size_t i, left;

	for (i = 0; i < n; i++) {
		p = v[i].p;
		left = v[i].n;
		m = 0;
		if (left >= 32) {
			for (; left > 32; p += 32, left -= 32)
				m |= odd32(p, &c);
			m |= odd32(p + left - 32, &c);
		} else if (scan_reaches(&r[i], p)) {
			m = odd32(p, &c) & below(left);
		} else if (left > 0) {
			memcpy(copy, p, left);
			m = odd32(copy, &c) & below(left);
		}
		out[i] = m != 0;
	}
}

/* Where the blanks at or after offset i begin. */
INLINE size_t
blank_from(struct slice r, size_t i, const char *lo, const char *hi,
    struct set s)
{
	uint64_t b;

	for (; i < r.n; i += 64) {
		b = blank_block(mask_run(r.p + i, r.n - i, lo, hi, s), r.n - i);
		if (b != 0)
			return i + (size_t)__builtin_ctzll(b);
	}
	return r.n;
}

/* The columns c[0..nc-1] of record at. */
INLINE void
blank_fields(struct slice r, size_t at, const struct scan_column *c, size_t nc,
    const char *lo, const char *hi, struct set by)
{
	uint64_t b, s, carry = 1;
	size_t end, i, k = 0, start, starts, passed = 0;

	for (i = 0; i < r.n; i += 64) {
		b = blank_block(mask_run(r.p + i, r.n - i, lo, hi, by),
		    r.n - i);
		s = ~b & (b << 1 | carry);
		starts = popcount(s);
		while (c[k].pos - 1 - passed < starts) {
			start = nth_bit(s, c[k].pos - 1 - passed);
			end = b >> start != 0 ? i + start +
			    low_bit(b >> start) :
			    blank_from(r, i + 64, lo, hi, by);
			c[k].col[at] = (struct slice){ r.p + i + start,
				end - i - start };
			if (++k == nc)
				return;
		}
		passed += starts;
		carry = b >> 63;
	}
	for (; k < nc; k++)
		c[k].col[at] = (struct slice){ NULL, 0 };
}

INLINE void
columns_blank(const struct slice *rec, size_t n, const struct scan_column *c,
    size_t nc, struct set by)
{
	const char *lo, *hi;
	size_t i, j;

	for (i = 0; i < n;) {
		j = run_end(rec, i, n);
		lo = rec[i].p;
		hi = end_of(rec[j - 1]);
		for (; i < j; i++)
			blank_fields(rec[i], i, c, nc, lo, hi, by);
	}
}

#include "lib/scan/scan-class.h"
#include "lib/scan/scan-clf.h"
#include "lib/scan/scan-columns.h"
#include "lib/scan/scan-tokens.h"

/* Compiled for one column by itself. */
FN void
columns(const struct scan_plan *p, const struct slice *rec, size_t n)
{
	if (p->what == SCAN_LINES)
		columns_blank(rec, n, p->c, p->nc, blank_line);
	else if (p->what == SCAN_BLANKS && p->nc == 1)
		columns_blank(rec, n, p->c, 1, blank);
	else if (p->what == SCAN_BLANKS)
		columns_blank(rec, n, p->c, p->nc, blank);
	else if (p->what == SCAN_SEP)
		columns_of(rec, n, p->sep, p->c, p->nc, false);
	else
		columns_of(rec, n, p->sep, p->c, p->nc, true);
}

/* Behind the last quote of r, from lo on readable; its start if there is
   none. */
INLINE const char *
last_quote(struct slice r, const char *lo)
{
	const char *end = r.p + r.n;
	uint64_t m;

	while (end - r.p > 0 && end - lo >= 64) {
		m = mask64(end - 64, quote);
		if (end - r.p < 64)
			m &= ~below((size_t)(64 - (end - r.p)));
		if (m != 0)
			return end - __builtin_clzll(m);
		end = end - r.p < 64 ? r.p : end - 64;
	}
	while (end > r.p && end[-1] != '"')
		end--;
	return end;
}

FN size_t
closed(const struct slice *line, size_t n, char by)
{
	const char *lo = n == 0 ? NULL : line->p, *q;
	size_t i;

	for (i = 0; i < n; i++) {
		if (line[i].n < 2)
			break;
		q = line[i].p + line[i].n;
		if (q[-1] != '"')
			q = last_quote(line[i], lo);
		if (q - line[i].p < 2 || q[-2] == '"' || q[-2] == by)
			break;
	}
	return i;
}

#define PASTE(a, b)	a##b
#define VARIANT(name)	PASTE(scan_, name)
#define QUOTE(name)	#name
#define NAME_OF(name)	QUOTE(name)

const struct scan_variant VARIANT(SCAN_NAME) = {
	.name = NAME_OF(SCAN_NAME),
	.records = records,
	.ends = ends,
	.blanks = blanks,
	.sep = sep,
	.closed = closed,
	.class = class,
	.class_each = class_each,
	.runs = runs,
	.steps = steps,
	.clues = clues,
	.places = places,
	.odd = odd,
	.columns = columns,
	.clf = clf,
	.json = json,
	.stops = stops,
	.pairs = pairs
};
