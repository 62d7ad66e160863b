/*
 * scan-clf.h - where the columns of a usual line of an access log end
 *
 * Part of scan-body.h.
 */
static const struct set bracket_quote = { ']', '"', 0, 2 };
static const struct set blank_quote = { ' ', '\t', '"', 3 };

enum { CLF_TIME = 28 };		/* [10/Oct/2000:13:55:36 -0700] */

INLINE size_t
next_bit(uint64_t *m)
{
	size_t at = low_bit(*m);

	*m &= *m - 1;
	return at;
}

/* The first quote from offset i on, 0 if there is none. */
INLINE size_t
quote_from(struct slice r, size_t i, const char *lo, const char *hi)
{
	uint64_t m;

	for (; i < r.n; i += 64)
		if ((m = mask_of(r.p + i, r.n - i, lo, hi, quote)) != 0)
			return i + low_bit(m);
	return 0;
}

/* host ident user: one blank between two, and one behind. */
INLINE bool
clf_client(struct slice r, const char *lo, const char *hi, struct scan_clf *c)
{
	uint64_t m = mask_of(r.p, r.n, lo, hi, blank);
	size_t host = next_bit(&m), ident = next_bit(&m), user;

	if (m == 0)
		return false;
	user = low_bit(m);
	c->host = (uint16_t)host;
	c->ident = (uint16_t)ident;
	c->user = (uint16_t)user;
	return host > 0 && ident > host + 1 && user > ident + 1 &&
	    r.p[host] == ' ' && r.p[ident] == ' ' && r.p[user] == ' ';
}

/* [time] "request": the first quotes of the line, none of them escaped. */
INLINE bool
clf_request(struct slice r, const char *lo, const char *hi,
    struct scan_clf *c)
{
	size_t at = (size_t)c->user + 1, end;
	uint64_t m;

	if (r.n - at < CLF_TIME + 4)
		return false;
	m = mask_of(r.p + at, r.n - at, lo, hi, bracket_quote);
	if (r.p[at] != '[' || next_bit(&m) != CLF_TIME - 1 ||
	    r.p[at + CLF_TIME - 1] != ']' || r.p[at + CLF_TIME] != ' ' ||
	    next_bit(&m) != CLF_TIME + 1 || r.p[at + CLF_TIME + 1] != '"')
		return false;
	end = at + (m != 0 ? low_bit(m) : 64);
	if (m == 0 || r.p[end] != '"')
		end = quote_from(r, end, lo, hi);
	c->time = (uint16_t)(at + CLF_TIME);
	c->request = (uint16_t)(end + 1);
	return end != 0 && r.p[end - 1] != '\\';
}

/* status bytes, which may end the line. */
INLINE bool
clf_result(struct slice r, const char *lo, const char *hi, struct scan_clf *c)
{
	size_t at = c->request, left = r.n - at, status, bytes;
	uint64_t m;

	if (left < 4 || r.p[at] != ' ')
		return false;
	m = mask_of(r.p + at, left, lo, hi, blank_quote);
	if (left < 64)
		m |= (uint64_t)1 << left;
	(void)next_bit(&m);
	status = next_bit(&m);
	if (m == 0)
		return false;
	bytes = low_bit(m);
	c->status = (uint16_t)(at + status);
	c->bytes = (uint16_t)(at + bytes);
	return status > 1 && bytes > status + 1 && r.p[at + status] == ' ' &&
	    (bytes == left ? r.p[at + bytes - 1] > ' ' :
	    r.p[at + bytes] == ' ');
}

FN void
clf(const struct slice *rec, size_t n, struct scan_clf *out)
{
	const char *lo, *hi;
	size_t i, j;

	for (i = 0; i < n;) {
		j = run_end(rec, i, n);
		lo = rec[i].p;
		hi = end_of(rec[j - 1]);
		for (; i < j; i++)
			if (rec[i].n > UINT16_MAX ||
			    !clf_client(rec[i], lo, hi, &out[i]) ||
			    !clf_request(rec[i], lo, hi, &out[i]) ||
			    !clf_result(rec[i], lo, hi, &out[i]))
				out[i].host = 0;
	}
}
