/*
 * scan-columns.h - columns between separators; in csv those in quotes are
 * passed over
 *
 * Part of scan-body.h; quotes are paired as in scan-tokens.h.
 */

/* Where quotes stand, block by block. */
struct quoting {
	uint64_t in;		/* all ones: the next block begins in quotes */
	uint64_t start;		/* 1: its first byte may open quotes */
	uint64_t closed;	/* 1: the byte before it closed some */
};

/* The separators of a block that are outside its quotes q; *odd: where a quote
   opens but begins no field, or text follows a closing one.  valid: the bits of
   the bytes that are the record's. */
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

/* The separators of the block at offset i, *odd: quotes that are not plain. */
INLINE uint64_t
sep_block(struct slice r, size_t i, char by, struct quoting *s, uint64_t *odd,
    const char *lo, const char *hi)
{
	const struct set sep = { by, 0, 0, 1 };
	const char *p = r.p + i;
	size_t left = r.n - i;
	bool whole = left >= 64;
	uint64_t m = whole ? mask64(p, sep) : mask_run(p, left, lo, hi, sep), q;

	*odd = 0;
	if (s == NULL)
		return m;
	q = whole ? mask64(p, quote) : mask_run(p, left, lo, hi, quote);
	if ((q | s->in | s->closed) != 0)
		return outside(s, m, q, whole ? ~(uint64_t)0 : below(left),
		    odd);
	s->start = m >> 63;
	return m;
}

/* The record ends: so does the field that is begun (in); no more follow. */
INLINE void
last_fields(struct slice r, size_t at, const struct scan_column *c, size_t k,
    size_t nc, bool in, size_t start)
{
	if (in)
		c[k++].col[at] = start == 0 ? r :
		    (struct slice){ r.p + start, r.n - start };
	for (; k < nc; k++)
		c[k].col[at] = (struct slice){ NULL, 0 };
}

/*
 * The columns c[0..nc-1] of record at; s NULL: quotes are as other bytes.
 * next is the separator, counted from the record's start, that begins field k,
 * or ends it once it is begun (in).
 */
INLINE void
sep_fields(struct slice r, size_t at, char by, const struct scan_column *c,
    size_t nc, struct quoting *s, const char *lo, const char *hi)
{
	const struct slice unsure = { r.p, SCAN_UNSURE };
	size_t bit, i, k = 0, passed = 0, seps, start = 0;
	bool in = c->pos == 1;
	size_t next = in ? 0 : c->pos - 2;
	uint64_t m, odd;

	for (i = 0; i < r.n; i += 64) {
		m = sep_block(r, i, by, s, &odd, lo, hi);
		seps = popcount(m);
		while (next - passed < seps) {
			bit = nth_bit(m, next++ - passed);
			if (in) {
				c[k].col[at] = (struct slice){ r.p + start,
					i + bit - start };
				if (++k == nc) {
					if ((odd & below(bit)) != 0)
						c->col[at] = unsure;
					return;
				}
				in = c[k].pos == next + 1;
				next = in ? next : c[k].pos - 2;
			} else {
				in = true;
			}
			start = i + bit + 1;
		}
		if (odd != 0)
			break;
		passed += seps;
	}
	if (s != NULL && r.n > 0 && (i < r.n || s->in != 0))
		c->col[at] = unsure;
	else
		last_fields(r, at, c, k, nc, in, start);
}

/* The same where they are the first nc of all. */
INLINE void
first_fields(struct slice r, size_t at, char by, const struct scan_column *c,
    size_t nc, struct quoting *s, const char *lo, const char *hi)
{
	const struct slice unsure = { r.p, SCAN_UNSURE };
	const struct scan_column *to = c, *end = c + nc;
	const char *start = r.p;
	size_t i, bit;
	uint64_t m, odd;

	for (i = 0; i < r.n; i += 64) {
		m = sep_block(r, i, by, s, &odd, lo, hi);
		while (m != 0) {
			bit = next_bit(&m);
			to->col[at] = (struct slice){ start,
				(size_t)(r.p + i + bit - start) };
			start = r.p + i + bit + 1;
			if (++to == end) {
				if ((odd & below(bit)) != 0)
					c->col[at] = unsure;
				return;
			}
		}
		if (odd != 0)
			break;
	}
	if (s != NULL && r.n > 0 && (i < r.n || s->in != 0))
		c->col[at] = unsure;
	else
		last_fields(r, at, c, (size_t)(to - c), nc, true,
		    r.n == 0 ? 0 : (size_t)(start - r.p));
}

INLINE void
columns_between(const struct slice *rec, size_t n, char by,
    const struct scan_column *c, size_t nc, bool quoted, bool first)
{
	struct quoting s;
	const char *lo, *hi;
	size_t i, j;

	for (i = 0; i < n;) {
		j = run_end(rec, i, n);
		lo = rec[i].p;
		hi = end_of(rec[j - 1]);
		for (; i < j; i++) {
			s = (struct quoting){ 0, 1, 0 };
			if (first)
				first_fields(rec[i], i, by, c, nc,
				    quoted ? &s : NULL, lo, hi);
			else
				sep_fields(rec[i], i, by, c, nc,
				    quoted ? &s : NULL, lo, hi);
		}
	}
}

/* Compiled for one column, for several, and for the first ones by
   themselves. */
INLINE void
columns_of(const struct slice *rec, size_t n, char by,
    const struct scan_column *c, size_t nc, bool quoted)
{
	if (nc == 1)
		columns_between(rec, n, by, c, 1, quoted, false);
	else if (c[nc - 1].pos == nc)
		columns_between(rec, n, by, c, nc, quoted, true);
	else
		columns_between(rec, n, by, c, nc, quoted, false);
}
