/*
 * scan-clf.h - where the columns of a usual line of an access log end
 *
 * Part of scan-body.h.
 */
static const struct set bracket_quote = { ']', '"', 0, 2 };
static const struct set blank_quote = { ' ', '\t', '"', 3 };

enum { CLF_TIME = 28 };		/* [10/Oct/2000:13:55:36 -0700] */

/* The first quote from offset i on, 0 if there is none. */
INLINE size_t
quote_from(struct slice r, size_t i)
{
	uint64_t m;

	for (; i < r.n; i += 64)
		if ((m = mask64(r.p + i, quote)) != 0) {
			i += low_bit(m);
			return i < r.n ? i : 0;
		}
	return 0;
}

/* host ident user: one blank between two, and one behind. */
INLINE bool
clf_client(struct slice r, struct scan_clf *c)
{
	uint64_t m = mask64(r.p, blank);
	size_t host = next_bit(&m), ident = next_bit(&m), user;

	if (m == 0)
		return false;
	user = low_bit(m);
	c->host = (uint16_t)host;
	c->ident = (uint16_t)ident;
	c->user = (uint16_t)user;
	return host > 0 && ident > host + 1 && user > ident + 1 &&
	    r.p[host] == ' ' && r.p[ident] == ' ' && r.p[user] == ' ' &&
	    user + CLF_TIME + 4 < r.n;
}

/* [time] "request": the first quotes of the line, none of them escaped. */
INLINE bool
clf_request(struct slice r, size_t at, struct scan_clf *c)
{
	uint64_t m = mask64(r.p + at, bracket_quote);
	size_t end;

	if (r.p[at] != '[' || next_bit(&m) != CLF_TIME - 1 ||
	    r.p[at + CLF_TIME - 1] != ']' || r.p[at + CLF_TIME] != ' ' ||
	    next_bit(&m) != CLF_TIME + 1 || r.p[at + CLF_TIME + 1] != '"')
		return false;
	end = at + (m != 0 ? low_bit(m) : 64);
	if (m == 0 || r.p[end] != '"')
		end = quote_from(r, end);
	c->time = (uint16_t)(at + CLF_TIME);
	c->request = (uint16_t)(end + 1);
	return end != 0 && end < r.n && r.p[end - 1] != '\\';
}

/* status bytes, which may end the line. */
INLINE bool
clf_result(struct slice r, size_t at, struct scan_clf *c)
{
	size_t left = r.n - at, status, bytes;
	uint64_t m = mask64(r.p + at, blank_quote);

	if (at + 4 > r.n || r.p[at] != ' ')
		return false;
	if (left < 64)
		m |= (uint64_t)1 << left;
	(void)next_bit(&m);
	status = next_bit(&m);
	if (m == 0)
		return false;
	bytes = low_bit(m);
	c->status = (uint16_t)(at + status);
	c->bytes = (uint16_t)(at + bytes);
	return status > 1 && bytes > status + 1 && bytes <= left &&
	    r.p[at + status] == ' ' &&
	    (bytes == left ? r.p[at + bytes - 1] > ' ' :
	    r.p[at + bytes] == ' ');
}

/* Where the column ends that follows a blank at offset at; 0: it is of another
   form. */
INLINE size_t
clf_column(struct slice r, size_t at)
{
	size_t end, left;
	uint64_t m;

	if (r.p[at] != ' ' || ++at == r.n)
		return 0;
	if (r.p[at] == '"') {
		end = quote_from(r, at + 1);
		return end == 0 || r.p[end - 1] == '\\' ? 0 : end + 1;
	}
	left = r.n - at;
	m = mask64(r.p + at, blank_quote);
	if (left < 64)
		m |= (uint64_t)1 << left;
	end = at + low_bit(m);
	return m == 0 || end == at || (end == r.n ? r.p[end - 1] <= ' ' :
	    r.p[end] != ' ') ? 0 : end;
}

/* What follows bytes. */
INLINE bool
clf_rest(struct slice r, size_t more, struct scan_clf *c)
{
	size_t at = c->bytes;

	if (at < r.n && (at = clf_column(r, at)) == 0)
		return false;
	c->referer = c->agent = (uint16_t)at;
	if (more == 1)
		return true;
	if (at < r.n && (at = clf_column(r, at)) == 0)
		return false;
	c->agent = (uint16_t)at;
	return more == 2 || at == r.n;
}

/* Blocks are read whole: a record with fewer than 64 bytes behind it is not
   for here. */
FN void
clf(const struct slice *rec, size_t n, size_t more, struct scan_clf *out)
{
	const char *hi;
	size_t i, j;

	for (i = 0; i < n;) {
		j = run_end(rec, i, n);
		hi = end_of(rec[j - 1]);
		for (; i < j; i++)
			if (rec[i].n == 0 || rec[i].n > UINT16_MAX - 64 ||
			    hi - end_of(rec[i]) < 64 ||
			    !clf_client(rec[i], &out[i]) ||
			    !clf_request(rec[i], out[i].user + (size_t)1,
			    &out[i]) ||
			    !clf_result(rec[i], out[i].request, &out[i]) ||
			    (more > 0 && !clf_rest(rec[i], more, &out[i])))
				out[i].host = 0;
	}
}
