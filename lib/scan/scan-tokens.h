/*
 * scan-tokens.h - where the tokens of JSON and of key=value are
 *
 * Part of scan-body.h.  What lies in strings is found without a branch, after
 * Langdale and Lemire, "Parsing Gigabytes of JSON per Second" (2019): from a
 * quote to the next the number of quotes so far is odd.
 */
static const struct set backslash = { '\\', 0, 0, 1 };
static const struct set pair_mark = { ' ', '=', '"', 3 };
static const struct set tab = { '\t', 0, 0, 1 };

/* The block of left bytes at p, up to hi readable: itself, or a copy with
   blanks behind. */
INLINE const char *
token_block(const char *p, size_t left, const char *hi, char *copy)
{
	if (hi - p >= 64)
		return p;
	memset(copy, ' ', 64);
	memcpy(copy, p, left);
	return copy;
}

INLINE uint32_t
token_offset(uint64_t *m, uint32_t from)
{
	return from + (uint32_t)next_bit(m);
}

/*
 * The offsets of m's bits, eight at a time: what is written beyond the last
 * one is overwritten or not looked at.
 */
INLINE size_t
token_offsets(uint64_t m, size_t at, uint32_t *out)
{
	size_t i = 0, k = popcount(m);
	uint32_t from = (uint32_t)at;

	do {
		out[i] = token_offset(&m, from);
		out[i + 1] = token_offset(&m, from);
		out[i + 2] = token_offset(&m, from);
		out[i + 3] = token_offset(&m, from);
		out[i + 4] = token_offset(&m, from);
		out[i + 5] = token_offset(&m, from);
		out[i + 6] = token_offset(&m, from);
		out[i + 7] = token_offset(&m, from);
	} while ((i += 8) < k);
	return k;
}

/* The bytes behind a backslash that is not behind one itself; *carry: the
   block's first byte is one, then whether the next block's is. */
INLINE uint64_t
escaped(uint64_t slash, uint64_t *carry)
{
	uint64_t bit, e = *carry;

	slash &= ~*carry;
	for (*carry = 0; slash != 0; slash &= ~(bit | bit << 1)) {
		bit = slash & -slash;
		e |= bit << 1;
		*carry = bit >> 63;
	}
	return e;
}

static const unsigned char escape_kind[256] = {
	['"'] = 1, ['\\'] = 1, ['/'] = 1, ['b'] = 1, ['f'] = 1, ['n'] = 1,
	['r'] = 1, ['t'] = 1, ['u'] = 2
};

/* The first of the bytes at m's bits that makes no escape; rec.n if none. */
INLINE size_t
bad_escape(struct slice rec, size_t from, uint64_t m)
{
	size_t i;
	int kind;

	for (; m != 0; m &= m - 1) {
		i = from + (size_t)__builtin_ctzll(m);
		kind = escape_kind[(unsigned char)rec.p[i]];
		if (kind == 0 || (kind == 2 &&
		    hex_four(rec.p + i + 1, rec.p + rec.n) < 0))
			return i;
	}
	return rec.n;
}

FN size_t
json(struct slice rec, const char *hi, uint32_t *at, struct scan_json *j)
{
	uint64_t keep, q, s, e, in, op, c, carry = 0, open = 0;
	size_t i, k = 0;
	const char *p;
	char copy[64];

	*j = (struct scan_json){ false, rec.n, rec.n };
	for (i = 0; i < rec.n; i += 64) {
		p = token_block(rec.p + i, rec.n - i < 64 ? rec.n - i : 64,
		    hi, copy);
		keep = rec.n - i < 64 ? below(rec.n - i) : ~(uint64_t)0;
		q = mask64(p, quote) & keep;
		s = mask64(p, backslash) & keep;
		e = 0;
		if ((s | carry) != 0) {
			e = escaped(s, &carry) & keep;
			j->escapes = true;
			q &= ~e;
		}
		in = parity(q) ^ open;
		open = 0 - (in >> 63);
		op = nest64(p) & keep & ~in;
		c = control64(p) & keep & in;
		if (c != 0 && j->control == rec.n)
			j->control = i + (size_t)__builtin_ctzll(c);
		if ((e & in) != 0 && j->escape == rec.n)
			j->escape = bad_escape(rec, i, e & in);
		k += token_offsets(q | op, i, at + k);
	}
	return k;
}

FN void
stops(const char *p, size_t n, const char *hi, char *bits)
{
	char copy[64];
	size_t i;

	for (i = 0; i + 64 <= n; i += 64, bits += 8)
		store_64(bits, stop64(p + i));
	if (i < n) {
		store_64(bits, ~below(n - i) |
		    stop64(token_block(p + i, n - i, hi, copy)));
		bits += 8;
	}
	memset(bits, 0xff, 16);
}

FN size_t
pairs(struct slice rec, const char *hi, uint32_t *at)
{
	size_t i, k = 0;
	const char *p;
	char copy[64];
	uint64_t m;

	for (i = 0; i < rec.n; i += 64) {
		p = token_block(rec.p + i, rec.n - i < 64 ? rec.n - i : 64,
		    hi, copy);
		m = mask64(p, pair_mark) | mask64(p, tab);
		if (rec.n - i < 64)
			m &= below(rec.n - i);
		k += token_offsets(m, i, at + k);
	}
	return k;
}
