/*
 * fmt-clf.c - Apache's and nginx's access logs, common and combined
 *
 * host ident user [time] "request" status bytes "referer" "agent" and further
 * columns, bare or quoted.  A line is read as far as it goes; up to the status
 * it must go.  The request counts as three columns.  A vhost in front has a
 * name only, so that host is column 1 of every line.  Of the escapes in quotes
 * only \" is read: the others, as \x16, stay the text they are in the log.
 */
#include "lib/base/chars.h"
#include "lib/format/field.h"
#include "lib/format/fmt.h"
#include "lib/scan/scan.h"

enum { HOST, IDENT, USER, TIME, METHOD, PATH, PROTOCOL, STATUS, BYTES, REFERER,
	AGENT, NAMED, VHOST = NAMED };

/* What begins as a quote and ends as none is closed where a line is changed: at
   the end of one that was cut short, or in a column of a bare word. */
static const struct column columns[NAMED + 1] = {
	[HOST] = { { "host", 4 }, HOST + 1, COL_FILLED | COL_LOOSE },
	[IDENT] = { { "ident", 5 }, IDENT + 1, COL_FILLED | COL_LOOSE },
	[USER] = { { "user", 4 }, USER + 1, COL_FILLED | COL_LOOSE },
	[TIME] = { { "time", 4 }, TIME + 1, COL_TIME | COL_FILLED },
	[METHOD] = { { "method", 6 }, METHOD + 1, COL_FILLED | COL_PART },
	[PATH] = { { "path", 4 }, PATH + 1, COL_FILLED | COL_PART },
	[PROTOCOL] = { { "protocol", 8 }, PROTOCOL + 1, COL_FILLED | COL_PART },
	[STATUS] = { { "status", 6 }, STATUS + 1, COL_FILLED | COL_LOOSE },
	[BYTES] = { { "bytes", 5 }, BYTES + 1, COL_FILLED | COL_LOOSE },
	[REFERER] = { { "referer", 7 }, REFERER + 1, COL_FILLED | COL_LOOSE },
	[AGENT] = { { "agent", 5 }, AGENT + 1, COL_FILLED | COL_LOOSE },
	[VHOST] = { { "vhost", 5 }, 0, COL_FILLED }
};

/* A line being read: p goes from the front to end. */
struct reader {
	const char *p, *end;
	struct slice *field;
	size_t n, max;
};

static void
add(struct reader *r, struct slice field)
{
	if (r->n < r->max)
		r->field[r->n] = field;
	r->n++;
}

static struct slice
between(const char *p, const char *end)
{
	return (struct slice){ p, p == NULL ? 0 : (size_t)(end - p) };
}

static void
skip_blanks(struct reader *r)
{
	while (r->p < r->end && is_blank(*r->p))
		r->p++;
}

/* A token up to a blank, false if there is none. */
static bool
read_bare(struct reader *r, struct slice *token)
{
	const char *from, *e;

	skip_blanks(r);
	if (r->p == r->end)
		return false;
	from = r->p;
	e = memchr(from, ' ', (size_t)(r->end - from));
	r->p = e == NULL ? r->end : e;
	*token = between(from, r->p);
	return true;
}

/* Who asked: what a line begins with. */
struct client {
	struct slice vhost, host, ident, user;
};

/* The user may hold blanks: it ends where " [" begins the time. */
static bool
read_user(struct reader *r, struct slice *user)
{
	const char *from, *e;

	skip_blanks(r);
	from = r->p;
	for (e = from; e < r->end; e++) {
		e = memchr(e, '[', (size_t)(r->end - e));
		if (e == NULL)
			return false;
		if (e > from && e[-1] == ' ')
			break;
	}
	if (e >= r->end)
		return false;
	for (r->p = e; e > from && e[-1] == ' '; e--)
		;
	*user = between(from, e);
	return true;
}

/* Digits with points, or hexadecimal ones with colons. */
static bool
is_address(struct slice s)
{
	static const char set[] = "0123456789.:abcdefABCDEF";
	size_t i = 0, n = memchr(s.p, ':', s.n) == NULL ? 11 : sizeof set - 1;

	while (i < s.n && memchr(set, s.p[i], n) != NULL)
		i++;
	return i == s.n;
}

/* Of four tokens the first is the vhost, if the second is a host: an address,
   or a name and the ident is not known.  Else the user has a blank. */
static void
find_vhost(struct client *c)
{
	const char *end = c->user.p + c->user.n;
	const char *e = memchr(c->user.p, ' ', c->user.n);
	struct slice third = between(c->user.p, e == NULL ? end : e);

	if (e == NULL || slice_eq(c->ident, SLICE("-")) ||
	    (!slice_eq(third, SLICE("-")) && !is_address(c->ident)))
		return;
	c->vhost = c->host;
	c->host = c->ident;
	c->ident = third;
	while (*e == ' ')
		e++;
	c->user = between(e, end);
}

static bool
ends_in_comma(struct slice s)
{
	return s.n > 0 && s.p[s.n - 1] == ',';
}

/* Up to the time; NULL, or what is wrong. */
static const char *
read_client(struct reader *r, struct client *c)
{
	const char *from = r->p;

	*c = (struct client){ .vhost = { NULL, 0 } };
	if (!read_bare(r, &c->host) || !read_bare(r, &c->ident) ||
	    !read_user(r, &c->user))
		return "not host ident user [time]";
	if (ends_in_comma(c->host) || ends_in_comma(c->ident)) {
		r->p = from;
		return "a list of addresses where one host stands";
	}
	find_vhost(c);
	return NULL;
}

/* The token is what the brackets hold, if anything. */
static bool
read_time(struct reader *r)
{
	const char *e = memchr(r->p, ']', (size_t)(r->end - r->p));

	if (e == NULL)
		return false;
	add(r, e > r->p + 1 ? between(r->p + 1, e) : between(NULL, NULL));
	r->p = e + 1;
	return true;
}

/* Past the letters at p. */
static const char *
pass_method(const char *p, const char *end)
{
	while (p < end && ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' &&
	    *p <= 'z') || *p == '-' || *p == '_'))
		p++;
	return p;
}

/* The last " HTTP/..." of p..end, or end. */
static const char *
find_protocol(const char *p, const char *end)
{
	const char *e = end;

	while (e > p && e[-1] != ' ')
		e--;
	return e > p && end - e >= 5 && memcmp(e, "HTTP/", 5) == 0 ?
	    e - 1 : end;
}

/* "GET /x HTTP/1.1", what is in the quotes.  A method is letters, a protocol
   begins with HTTP/; what else there is, is the path: broken requests are all
   path. */
static void
split_request(const char *from, const char *e, struct slice part[3])
{
	const char *m, *proto;

	part[0] = part[1] = part[2] = between(NULL, NULL);
	if (e == from || (e == from + 1 && *from == '-'))
		return;
	m = pass_method(from, e);
	if (m > from && (m == e || *m == ' ')) {
		part[0] = between(from, m);
		from = m < e ? m + 1 : NULL;
	}
	proto = from == NULL ? e : find_protocol(from, e);
	part[1] = between(from, proto);
	part[2] = between(proto < e ? proto + 1 : NULL, e);
}

static bool
read_request(struct reader *r)
{
	struct slice part[3];
	const char *e;
	int i;

	skip_blanks(r);
	if (r->p == r->end || *r->p != '"' ||
	    (e = quote_end(r->p, r->end)) == NULL)
		return false;
	split_request(r->p + 1, e, part);
	r->p = e + 1;
	for (i = 0; i < 3; i++)
		add(r, part[i]);
	return true;
}

/* Columns after the request: bare or quoted, while there are any. */
static void
read_rest(struct reader *r)
{
	struct slice token;
	const char *e;

	while (r->n < r->max) {
		skip_blanks(r);
		if (r->p == r->end)
			return;
		e = *r->p == '"' ? quote_end(r->p, r->end) : NULL;
		if (e != NULL) {
			add(r, between(r->p, e + 1));
			r->p = e + 1;
		} else {
			read_bare(r, &token);
			add(r, token);
		}
	}
}

static const char *
read_line(struct reader *r)
{
	struct client c;
	struct slice status;
	const char *why = read_client(r, &c);

	if (why != NULL)
		return why;
	add(r, c.host);
	add(r, c.ident);
	add(r, c.user);
	if (!read_time(r))
		return "not host ident user [time]";
	if (!read_request(r))
		return "no \"request\" after the time";
	if (!read_bare(r, &status))
		return "no status";
	add(r, status);
	read_rest(r);
	return NULL;
}

static size_t
cut(const struct shape *s, struct slice rec, struct slice *field, size_t max,
    struct bad *bad)
{
	struct reader r = { rec.p, rec.p + strip_blanks(rec).n, field, 0, max };

	bad->why = read_line(&r);
	if (bad->why != NULL)
		bad->at = (size_t)(r.p - rec.p);
	return r.n < max ? r.n : max;
}

/* The vhost of a line, absent if it has none. */
static struct slice
vhost_of(struct slice rec)
{
	struct reader r = { .p = rec.p, .end = rec.p + rec.n };
	struct client c;

	return read_client(&r, &c) == NULL ? c.vhost : between(NULL, NULL);
}

static const char *
split(const struct shape *s, struct slice rec, struct cells *c, size_t *at)
{
	const char *why = split_cut(s, rec, c, at);
	const struct column *col = s->col;
	struct slice vhost;

	c->front = 0;
	if (why != NULL || (vhost = vhost_of(rec)).p == NULL)
		return why;
	c->front = 1;
	cells_add(c, vhost, vhost, true);
	memmove(c->c + 1, c->c, (c->n - 1) * sizeof *c->c);
	while (col->pos != 0)		/* if no other took its name */
		col++;
	c->c[0] = (struct cell){ col->name, vhost, true };
	return NULL;
}

/* \" read as a quote. */
static struct slice
unescape(struct slice s, struct arena *a)
{
	const char *p = s.p, *end = s.p + s.n, *q;
	char *out, *o;

	if (memchr(p, '"', s.n) == NULL)
		return s;
	o = out = arena_bytes(a, s.n);
	for (; p < end; p = q) {
		q = memchr(p, '"', (size_t)(end - p));
		q = q == NULL ? end : q + 1;
		memcpy(o, p, (size_t)(q - p));
		o += q - p;
		if (q - p > 1 && q[-1] == '"' && q[-2] == '\\')
			*(--o - 1) = '"';
	}
	return slice_to(out, o);
}

static struct slice
decode(struct slice raw, struct arena *a)
{
	if (raw.n > 1 && raw.p[0] == '"' && raw.p[raw.n - 1] == '"') {
		raw.p++;
		raw.n -= 2;
	}
	if (raw.n == 1 && raw.p[0] == '-')
		return SLICE_NONE;
	return raw.n == 0 ? raw : unescape(raw, a);
}

/* The column from offset from to offset to, without the quotes it may have;
   absent where it would begin behind that. */
static struct slice
usual_rest(struct slice r, size_t from, size_t to, bool raw)
{
	if (from > to)
		return between(NULL, NULL);
	if (!raw && r.p[from] == '"') {
		from++;
		to--;
	}
	return between(r.p + from, r.p + to);
}

/* A column of a line of the usual form, but for the request's. */
static inline __attribute__((always_inline)) struct slice
usual_field(struct slice r, const struct scan_clf *c, int column, bool raw)
{
	switch (column) {
	case HOST:
		return between(r.p, r.p + c->host);
	case IDENT:
		return between(r.p + c->host + 1, r.p + c->ident);
	case USER:
		return between(r.p + c->ident + 1, r.p + c->user);
	case TIME:
		return between(r.p + c->user + 2, r.p + c->time - 1);
	case STATUS:
		return between(r.p + c->request + 1, r.p + c->status);
	case BYTES:
		return between(r.p + c->status + 1, r.p + c->bytes);
	case REFERER:
		return usual_rest(r, c->bytes + (size_t)1, c->referer, raw);
	case AGENT:
		return usual_rest(r, c->referer + (size_t)1, c->agent, raw);
	default:			/* the line has ended */
		return between(NULL, NULL);
	}
}

struct request {
	struct slice part[3];
};

/* The requests of lines of the usual form, if a part of them is wanted. */
static void
split_requests(const struct take *t, const struct slice *rec, size_t n,
    const struct scan_clf *c, struct request *out)
{
	size_t i, k = 0;

	while (k < t->n && (t->want[k].pos <= METHOD ||
	    t->want[k].pos > PROTOCOL + 1))
		k++;
	for (i = 0; k < t->n && i < n; i++)
		if (c[i].host != 0)
			split_request(rec[i].p + c[i].time + 2,
			    rec[i].p + c[i].request - 1, out[i].part);
}

/* The column of the lines of the usual form, in which nothing is escaped. */
static inline __attribute__((always_inline)) void
take_column_of(struct want *w, int column, const struct slice *rec, size_t n,
    const struct scan_clf *c, const struct request *request)
{
	bool raw = (w->flags & WANT_RAW) != 0, seen = false;
	bool part = column >= METHOD && column <= PROTOCOL;
	struct slice v, *out = w->col;
	size_t i;

	for (i = 0; i < n; i++) {
		if (c[i].host == 0)
			continue;
		v = part ? request[i].part[column - METHOD] :
		    usual_field(rec[i], &c[i], column, raw);
		if (!raw && v.n == 1 && *v.p == '-')
			v = between(NULL, NULL);
		out[i] = v;
		seen |= v.p != NULL;
	}
	w->seen |= seen;
}

/* Column k: a loop for each that is wanted often. */
static void
take_usual(struct take *t, size_t k, const struct slice *rec, size_t n,
    const struct scan_clf *c, const struct request *request)
{
	struct want *w = &t->want[k];
	int column = w->pos - 1;

	if (column == STATUS)
		take_column_of(w, STATUS, rec, n, c, request);
	else if (column == BYTES)
		take_column_of(w, BYTES, rec, n, c, request);
	else
		take_column_of(w, column, rec, n, c, request);
}

/* The vhosts; lines of the usual form have none.  c NULL: none is known to be
   of it. */
static void
take_vhost(struct take *t, size_t k, const struct slice *rec, size_t n,
    const struct scan_clf *c)
{
	struct want *w = &t->want[k];
	struct slice v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = c != NULL && c[i].host != 0 ? between(NULL, NULL) :
		    vhost_of(rec[i]);
		if (v.p != NULL && (w->flags & WANT_RAW) == 0)
			v = decode(v, &t->scratch);
		take_set(t, k, i, v);
	}
}

static void
take_vhosts(struct take *t, const struct slice *rec, size_t n,
    const struct scan_clf *c)
{
	size_t k;

	for (k = 0; k < t->n; k++)
		if (t->want[k].pos == 0 && !t->want[k].whole)
			take_vhost(t, k, rec, n, c);
}

static void
take(struct take *t, const struct slice *rec, size_t n)
{
	size_t more = t->max > BYTES + 1 ? t->max - (BYTES + 1) : 0;
	struct scan_clf c[VEC_MAX];
	struct request request[VEC_MAX];
	size_t i, k;

	if (t->all) {
		take_cut(t, rec, n);
		take_vhosts(t, rec, n, NULL);
		return;
	}
	scan_clf(rec, n, more < 3 ? more : 3, c);
	MEM_RESERVE(t->field, t->fieldcap, t->max);
	for (i = 0; i < n; i++)
		if (c[i].host == 0)
			take_cut_at(t, rec, i);
	split_requests(t, rec, n, c, request);
	for (k = 0; k < t->n; k++)
		if (t->want[k].pos > 0)
			take_usual(t, k, rec, n, c, request);
	take_vhosts(t, rec, n, c);
}

static bool
named(const struct cell *c, int column)
{
	return slice_eq(c->name, columns[column].name);
}

static bool
is_request(const struct cell *c)
{
	return named(c, METHOD) || named(c, PATH) || named(c, PROTOCOL);
}

/* Within quotes: quotes, and backslashes before them, get one; control
   characters become blanks. */
static void
put_quoted(struct buf *b, struct slice v)
{
	size_t i, run = 0;

	for (i = 0; i < v.n; i++) {
		if (v.p[i] == '"' && run % 2 == 0)
			buf_char(b, '\\');
		buf_char(b, (unsigned char)v.p[i] < ' ' ? ' ' : v.p[i]);
		run = v.p[i] == '\\' ? run + 1 : 0;
	}
	if (run % 2 == 1)
		buf_char(b, '\\');
}

/* A token that ends at a blank: blanks and quotes in it become _. */
static void
put_bare(struct buf *b, struct slice v)
{
	size_t i;

	for (i = 0; v.p != NULL && i < v.n; i++)
		buf_char(b, (unsigned char)v.p[i] <= ' ' || v.p[i] == '"' ?
		    '_' : v.p[i]);
}

/* In brackets, of which it can't hold the closing one. */
static void
put_time(struct buf *b, const struct cell *c)
{
	struct slice v = c->val.p != NULL ? c->val : c->raw ? SLICE("") :
	    SLICE("-");
	size_t i;

	buf_char(b, '[');
	if (c->raw)
		buf_slice(b, v);
	else
		for (i = 0; i < v.n; i++)
			buf_char(b, (unsigned char)v.p[i] < ' ' ||
			    v.p[i] == ']' ? '_' : v.p[i]);
	buf_char(b, ']');
}

/* The cells of the request from c on; how many they are. */
static size_t
put_request(struct buf *b, const struct cell *c, size_t n)
{
	size_t i, put = 0;

	buf_char(b, '"');
	for (i = 0; i < n && is_request(&c[i]); i++) {
		if (c[i].val.p == NULL)
			continue;
		if (put++ > 0)
			buf_char(b, ' ');
		if (c[i].raw)
			buf_slice(b, c[i].val);
		else
			put_quoted(b, c[i].val);
	}
	buf_str(b, put == 0 ? "-\"" : "\"");
	return i;
}

/* Whether a token begins a quote that the end of its line cut short. */
static bool
is_unclosed(struct slice raw)
{
	size_t n = raw.n, slashes = 0;

	if (n == 0 || raw.p[0] != '"')
		return false;
	if (n == 1 || raw.p[n - 1] != '"')
		return true;
	while (slashes < n - 2 && raw.p[n - 2 - slashes] == '\\')
		slashes++;
	return slashes % 2 != 0;
}

static void
put_cell(struct buf *b, const struct cell *c)
{
	bool bare = named(c, HOST) || named(c, IDENT) || named(c, USER) ||
	    named(c, STATUS) || named(c, BYTES);

	if (named(c, TIME)) {
		put_time(b, c);
	} else if (c->raw && c->val.p != NULL) {
		buf_slice(b, c->val);
		if (is_unclosed(c->val))
			buf_char(b, '"');
	} else if (bare) {
		put_bare(b, c->val.n == 0 ? SLICE("-") : c->val);
	} else {
		buf_char(b, '"');
		put_quoted(b, c->val.p == NULL ? SLICE("-") : c->val);
		buf_char(b, '"');
	}
}

/* Columns of the log that are missing at its end are not written; one behind
   them is counted from there, and always is. */
static void
put(struct buf *b, const struct shape *s, const struct cell *c, size_t n)
{
	size_t i = 0, last = n > 0 && named(c, VHOST) ? NAMED + 1 : NAMED;

	while (n > 0 && n <= last && c[n - 1].val.p == NULL && !c[n - 1].raw &&
	    !is_request(&c[n - 1]))
		n--;
	while (i < n) {
		if (i > 0)
			buf_char(b, ' ');
		if (is_request(&c[i])) {
			i += put_request(b, c + i, n - i);
		} else {
			put_cell(b, &c[i]);
			i++;
		}
	}
}

/* What a bare column holds. */
static bool
same(const struct shape *shape, struct slice s)
{
	size_t i = 0;

	if (slice_eq(s, SLICE("-")))
		return false;
	while (i < s.n && s.p[i] > ' ' && s.p[i] < 0x7f && s.p[i] != '"' &&
	    s.p[i] != '\\')
		i++;
	return s.n > 0 && i == s.n;
}

static const struct field own_time = { .text = "time", .kind = FIELD_NAME,
	.name = { "time", 4 }, .path = &own_time.name, .npath = 1 };

const struct format format_clf = {
	.name = "clf",
	.help = "web server logs, common and combined",
	.traits = FMT_POSITIONS | FMT_SIGN | FMT_FIXED | FMT_SURE,
	.time = &own_time,
	.col = columns,
	.ncol = NAMED + 1,
	.cut = cut,
	.take = take,
	.same = same,
	.split = split,
	.decode = decode,
	.put = put
};
