/*
 * scan-quoted.h - a column of csv, separators in quotes passed over
 *
 * Part of scan-body.h; quotes are paired as in scan-tokens.h.
 */

/* Where quotes stand, block by block. */
struct quoting {
	uint64_t in;		/* all ones: the next block begins in quotes */
	uint64_t start;		/* 1: its first byte may open quotes */
	uint64_t closed;	/* 1: the byte before it closed some */
};

/* The separators sep of a block outside its quotes q; *odd: where a quote
   opens that does not begin a field, or text is behind a closing one.  valid:
   the bits of bytes that are the record's. */
INLINE uint64_t
outside(struct quoting *s, uint64_t sep, uint64_t q, uint64_t valid,
    uint64_t *odd)
{
	uint64_t in = parity(q) ^ s->in, open = q & in, close = q & ~in;

	sep &= ~in;
	*odd = open & ~((sep | close) << 1 | s->start);
	*odd |= (close << 1 | s->closed) & ~(sep | open) & valid;
	s->in = 0 - (in >> 63);
	s->start = (sep | close) >> 63;
	s->closed = close >> 63;
	return sep;
}

INLINE struct slice
csv_field(struct slice r, char by, size_t skip, const char *lo, const char *hi)
{
	struct set s = { by, 0, 0, 1 };
	struct quoting at = { 0, 1, 0 };
	struct slice unsure = { r.p, SCAN_UNSURE };
	uint64_t m, q, odd;
	size_t i, seps, start = 0;

	for (i = 0; i < r.n; i += 64) {
		m = mask_of(r.p + i, r.n - i, lo, hi, s);
		q = mask_of(r.p + i, r.n - i, lo, hi, quote);
		odd = 0;
		if ((q | at.in | at.closed) != 0)
			m = outside(&at, m, q, r.n - i < 64 ?
			    below(r.n - i) : ~(uint64_t)0, &odd);
		else
			at.start = m >> 63;
		seps = popcount(m);
		if (skip < seps) {
			size_t end = nth_bit(m, skip);

			if ((odd & (((uint64_t)1 << end) - 1)) != 0)
				return unsure;
			if (skip > 0)
				start = i + nth_bit(m, skip - 1) + 1;
			return (struct slice){ r.p + start, i + end - start };
		}
		if (odd != 0)
			return unsure;
		if (seps > 0 && skip == seps)
			start = i + nth_bit(m, skip - 1) + 1;
		skip -= seps;
	}
	if (at.in != 0)
		return unsure;
	if (skip > 0)
		return (struct slice){ NULL, 0 };
	return start == 0 ? r : (struct slice){ r.p + start, r.n - start };
}

FN void
csv_column(const struct slice *rec, size_t n, char by, unsigned pos,
    struct slice *col)
{
	const char *lo, *hi;
	size_t i, j;

	for (i = 0; i < n;) {
		j = run_end(rec, i, n);
		lo = rec[i].p;
		hi = end_of(rec[j - 1]);
		for (; i < j; i++)
			col[i] = csv_field(rec[i], by, pos - 1, lo, hi);
	}
}
