/*
 * fmt-logfmt.c - key=value, quoted values with \" \\ \n \t escapes
 *
 * A key starts the line or follows a blank outside quotes; a key alone has the
 * value "true".  Of keys that come twice the first counts.
 */
#include "lib/base/chars.h"
#include "lib/format/field.h"
#include "lib/format/fmt.h"
#include "lib/format/json.h"
#include "lib/number/number.h"
#include "lib/scan/scan.h"

static const struct slice alone = { "true", 4 };

/* The raw value of a key alone, which no line holds, so that copies tell. */
static const char no_value[1] = { ' ' };

struct pairs_plan {
	size_t *named, n;	/* the wants by name */
	uint64_t lengths;	/* bit n % 64: a name has n bytes */
	uint32_t *room;
};

/* A line being read: its blanks, = and " are known. */
struct reader {
	struct slice rec;
	const uint32_t *at;
	size_t n, k;
	size_t pos;
	bool lax;
	const char *why;
	size_t bad;
};

struct pair {
	struct slice key;
	struct slice raw;	/* as it stands, with quotes; p NULL: no = */
};

static size_t
mark(const struct reader *r)
{
	return r->k < r->n ? r->at[r->k] : r->rec.n;
}

/* The first mark from r->pos on that is a blank or, if equals, =. */
static size_t
find_mark(struct reader *r, bool equals)
{
	size_t m;

	for (; (m = mark(r)) < r->rec.n; r->k++)
		if (m >= r->pos && r->rec.p[m] != '"' &&
		    (equals || r->rec.p[m] != '='))
			break;
	return m;
}

static bool
is_escaped(const char *p, size_t from, size_t at)
{
	size_t i = at;

	while (i > from && p[i - 1] == '\\')
		i--;
	return (at - i) % 2 == 1;
}

/* Past the quote that closes the one at r->pos.  Where there is none: in lax
   text past the word, else an error. */
static bool
pass_quoted(struct reader *r)
{
	size_t from = r->pos + 1, k = r->k, m;

	for (; (m = mark(r)) < r->rec.n; r->k++)
		if (m >= from && r->rec.p[m] == '"' &&
		    !is_escaped(r->rec.p, from, m)) {
			r->pos = m + 1;
			return true;
		}
	if (!r->lax) {
		r->why = "unterminated quote";
		r->bad = r->pos;
		return false;
	}
	r->k = k;
	r->pos = find_mark(r, false);
	return true;
}

static struct slice
since(const struct reader *r, size_t from)
{
	return (struct slice){ r->rec.p + from, r->pos - from };
}

/* The next pair; false at the end or an error.  What begins with a quote is
   no key, but passed up to its end as if it were one alone. */
static bool
next_pair(struct reader *r, struct pair *p)
{
	size_t from;

	while (r->pos < r->rec.n && is_blank(r->rec.p[r->pos]))
		r->pos++;
	if (r->pos == r->rec.n)
		return false;
	from = r->pos;
	p->raw = SLICE_NONE;
	if (r->rec.p[from] == '"') {
		if (!pass_quoted(r))
			return false;
		p->key = since(r, from);
		return true;
	}
	r->pos = find_mark(r, true);
	p->key = since(r, from);
	if (r->pos == r->rec.n || r->rec.p[r->pos] != '=')
		return true;
	from = ++r->pos;
	if (from < r->rec.n && r->rec.p[from] == '"') {
		if (!pass_quoted(r))
			return false;
	} else {
		r->pos = find_mark(r, false);
	}
	p->raw = since(r, from);
	return true;
}

static void
open_reader(struct reader *r, struct slice rec, const char *hi, uint32_t *room)
{
	*r = (struct reader){ .rec = strip_blanks(rec), .at = room };
	r->n = scan_pairs(r->rec, hi, room);
}

struct pairs_plan *
pairs_plan(struct take *t, struct arena *a)
{
	struct pairs_plan *p = arena_zero(a, sizeof *p);
	size_t k;

	p->named = arena_alloc(a, (t->n + 1) * sizeof *p->named);
	for (k = 0; k < t->n; k++) {
		if (t->want[k].pos != 0 || t->want[k].whole)
			continue;
		p->named[p->n++] = k;
		p->lengths |= (uint64_t)1 << t->want[k].field->name.n % 64;
	}
	return p;
}

static void
plan(struct take *t, struct arena *a)
{
	t->plan = pairs_plan(t, a);
}

static inline bool
is_alone(struct slice raw)
{
	return raw.n == sizeof no_value && *raw.p == *no_value;
}

/* Go's and JSON's escapes; a key alone is true. */
static struct slice
decode(struct slice raw, struct arena *a)
{
	if (is_alone(raw))
		return alone;
	if (raw.n >= 2 && raw.p[0] == '"' && raw.p[raw.n - 1] == '"')
		return json_unescape((struct slice){ raw.p + 1, raw.n - 2 }, a);
	return raw;
}

static void
set_want(struct take *t, size_t k, size_t i, const struct pair *pair)
{
	struct slice v = pair->raw.p == NULL ?
	    (struct slice){ no_value, sizeof no_value } : pair->raw;

	take_set(t, k, i, (t->want[k].flags & WANT_RAW) ? v :
	    decode(v, &t->scratch));
}

/* Gives a pair to the wants of its name that have none yet; how many. */
static size_t
set_wants(struct take *t, const struct pairs_plan *p, size_t i,
    const struct pair *pair)
{
	const struct want *w;
	size_t j, k, set = 0;

	for (j = 0; j < p->n; j++) {
		k = p->named[j];
		w = &t->want[k];
		if (w->col[i].p != NULL || !slice_eq(w->field->name, pair->key))
			continue;
		set_want(t, k, i, pair);
		set++;
	}
	return set;
}

/* All pairs of a record, of which the first to come of a name counts: what its
   names are beside those wanted. */
static unsigned char
take_keys(struct take *t, const struct pairs_plan *p, size_t i,
    struct reader *r)
{
	unsigned keys = 0;
	struct pair pair;
	size_t at, k = 0, set = 0;

	for (; next_pair(r, &pair); k++) {
		at = k;
		if (k == p->n ||
		    !slice_eq(t->want[p->named[k]].field->name, pair.key))
			for (at = 0; at < p->n; at++)
				if (slice_eq(t->want[p->named[at]].field->name,
				    pair.key))
					break;
		if (at == p->n || t->want[p->named[at]].col[i].p != NULL)
			return KEYS_MORE;
		if (at != k) {
			keys |= KEYS_ORDER;
			k = at;
		}
		set_want(t, p->named[at], i, &pair);
		set++;
	}
	return (unsigned char)(keys | (set < p->n ? KEYS_FEWER : 0));
}

/* Whether some key=value comes from r on. */
static bool
has_value(struct reader r)
{
	struct pair p;

	while (next_pair(&r, &p))
		if (p.key.n > 0 && p.raw.p != NULL)
			return true;
	return false;
}

void
pairs_start(struct take *t, struct pairs_plan *p, const struct slice *rec,
    size_t n)
{
	p->room = scan_room(rec, n, &t->scratch);
}

void
pairs_take(struct take *t, struct pairs_plan *p, const struct slice *rec,
    size_t i, const char *hi, bool lax)
{
	struct reader r, start;
	struct pair pair;
	bool words = false;		/* passed over that may be keys */
	size_t j, left = p->n;

	for (j = 0; j < p->n; j++)
		t->want[p->named[j]].col[i] = SLICE_NONE;
	open_reader(&r, rec[i], hi, p->room);
	r.lax = lax;
	start = r;
	if (t->keys != NULL) {
		t->keys[i] = take_keys(t, p, i, &r);
		left = 0;
	}
	while (left > 0 && next_pair(&r, &pair)) {
		if ((p->lengths >> pair.key.n % 64 & 1) == 0)
			continue;
		if (lax && pair.raw.p == NULL)
			words = true;
		else
			left -= set_wants(t, p, i, &pair);
	}
	if (left > 0 && words && has_value(start))
		while (next_pair(&start, &pair))
			if (pair.raw.p == NULL)
				set_wants(t, p, i, &pair);
	if (r.why != NULL)
		take_bad(t, i, r.bad, r.why);
}

static void
take(struct take *t, const struct slice *rec, size_t n)
{
	const char *hi;
	size_t i, next;

	pairs_start(t, t->plan, rec, n);
	for (i = 0; i < n;) {
		hi = scan_run(rec, i, n, &next);
		for (; i < next; i++)
			pairs_take(t, t->plan, rec, i, hi, false);
	}
}

static const char *
split_pairs(struct slice rec, bool lax, struct cells *c, size_t *at)
{
	struct reader r;
	struct pair p;

	arena_reset(&c->names);
	c->n = 0;
	open_reader(&r, rec, rec.n == 0 ? rec.p : rec.p + rec.n,
	    scan_room(&rec, 1, &c->names));
	r.lax = lax;
	if (lax && r.rec.n > 0 && !has_value(r)) {
		cells_add(c, SLICE_NONE, r.rec, true);
		return NULL;
	}
	while (next_pair(&r, &p)) {
		if (p.raw.p == NULL)
			cells_add(c, p.key, (struct slice){ no_value,
			    sizeof no_value }, true);
		else
			cells_add(c, p.key, p.raw, true);
	}
	if (r.why == NULL)
		cells_unique(c, false, lax ? no_value : NULL);
	*at = r.bad;
	return r.why;
}

static const char *
split(const struct shape *s, struct slice rec, struct cells *c, size_t *at)
{
	return split_pairs(rec, false, c, at);
}

static const char *
split_lax(const struct shape *s, struct slice rec, struct cells *c, size_t *at)
{
	return split_pairs(rec, true, c, at);
}

/* Past a value, in quotes or not; NULL: the quote is never closed. */
static const char *
past_value(const char *p, const char *end)
{
	if (p < end && *p == '"') {
		p = quote_end(p, end);
		return p == NULL ? NULL : p + 1;
	}
	while (p < end && !is_blank(*p))
		p++;
	return p;
}

bool
pairs_only(struct slice rec)
{
	const char *p = rec.p, *end = rec.p + rec.n, *e;
	bool some = false;

	for (; p < end; some = true) {
		e = p;
		while (e < end && *e != '=' && !is_blank(*e) && *e != '"')
			e++;
		if (e == p || e == end || *e != '=')
			return false;
		p = past_value(e + 1, end);
		if (p == NULL || (p < end && !is_blank(*p)))
			return false;
		while (p < end && is_blank(*p))
			p++;
	}
	return some;
}

/* What would end a key or make it no key becomes _. */
static void
put_key(struct buf *b, struct slice key)
{
	size_t i;

	for (i = 0; i < key.n; i++)
		buf_char(b, memchr(" \t\n=", key.p[i], 5) != NULL ||
		    (i == 0 && key.p[i] == '"') ? '_' : key.p[i]);
}

static struct slice
write_key(struct slice name, struct arena *a)
{
	struct buf b = { 0 };
	struct slice key;

	put_key(&b, name);
	key = arena_copy(a, buf_text(&b));
	buf_free(&b);
	return key;
}

/* In quotes where needed, with JSON escapes; bytes that are not UTF-8 stay. */
static void
put_value(struct buf *b, const struct shape *s, struct slice v)
{
	size_t i = 0;

	while (i < v.n && (unsigned char)v.p[i] > ' ' && v.p[i] != '=' &&
	    v.p[i] != '"')
		i++;
	if (i == v.n) {
		buf_slice(b, v);
		return;
	}
	buf_char(b, '"');
	for (i = 0; i < v.n; i++)
		if (!json_put_escape(b, v.p[i]))
			buf_char(b, v.p[i]);
	buf_char(b, '"');
}

/* Absent values are left out; a token without a name is text. */
static void
put(struct buf *b, const struct shape *s, const struct cell *c, size_t n)
{
	char digits[NUMBER_MAX];
	size_t i, start = b->n;
	struct slice name;

	for (i = 0; i < n; i++) {
		if (c[i].val.p == NULL)
			continue;
		if (b->n > start)
			buf_char(b, ' ');
		if (c[i].raw && c[i].name.p == NULL) {
			buf_slice(b, c[i].val);
			continue;
		}
		name = cell_name(&c[i], i, digits);
		if (c[i].raw && is_alone(c[i].val)) {
			/* Text in quotes where a key might be stays. */
			if (name.n > 0 && *name.p == '"')
				buf_slice(b, name);
			else
				put_key(b, name);
			continue;
		}
		put_key(b, name);
		buf_char(b, '=');
		if (c[i].raw)
			buf_slice(b, c[i].val);
		else
			put_value(b, s, c[i].val);
	}
}

/* From quote to quote: each is the first of a key's value, and closed. */
static bool
sure(const struct shape *s, struct slice rec)
{
	const char *end = rec.p + rec.n, *from, *q, *k;

	for (from = rec.p; from < end; from = q) {
		q = memchr(from, '"', (size_t)(end - from));
		if (q == NULL)
			break;
		if (q == from || q[-1] != '=')
			return false;
		for (k = q - 1; k > from && !is_blank(k[-1]); k--)
			if (k[-1] == '=')
				return false;
		q = past_value(q, end);
		if (q == NULL)
			return false;
	}
	return true;
}

static void
lead(struct buf *b, const struct shape *s, struct slice name, size_t i)
{
	if (i > 0)
		buf_char(b, ' ');
	put_key(b, name);
	buf_char(b, '=');
}

static void
ready(const struct shape *s, struct texts *t)
{
	static const struct scan_odds quoted = { ' ' + 1, '=', '"', false };
	static const struct scan_odds escaped = { ' ', '\\', '"', false };
	unsigned char escape[VEC_MAX];
	size_t i;

	scan_odd(t->v, t->n, t->reach, &quoted, t->wrap);
	if (memchr(t->wrap, 1, t->n) == NULL)
		return;
	scan_odd(t->v, t->n, t->reach, &escaped, escape);
	for (i = 0; i < t->n; i++)
		if (t->wrap[i] & escape[i])
			texts_put(t, i, s);
}

const struct format format_logfmt = {
	.name = "logfmt",
	.help = "key=value, values in quotes where needed",
	.traits = FMT_NAMED | FMT_OUTPUT | FMT_SPARSE,
	.plan = plan,
	.take = take,
	.split = split,
	.sure = sure,
	.same = same_always,
	.decode = decode,
	.put = put,
	.value = put_value,
	.key = write_key,
	.lead = lead,
	.ready = ready,
	.end = ""
};

const struct format format_pairs = {
	.name = "logfmt",
	.traits = FMT_NAMED | FMT_SPARSE,
	.plan = plan,
	.take = take,
	.split = split_lax,
	.decode = decode,
	.put = put,
	.key = write_key
};
