/* field.c - field references and buckets as written on the command line */
#include <limits.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/chars.h"
#include "lib/base/diag.h"
#include "lib/format/field.h"
#include "lib/number/number.h"
#include "lib/time/time.h"

/* A run of digits as a number up to 999999999, INT_MAX if it is larger; false:
   there is none. */
static bool
read_digits(const char **p, const char *end, int *value)
{
	const char *s = *p;

	for (*value = 0; *p < end && is_digit(**p); ++*p)
		*value = *value > 99999999 ? INT_MAX :
		    *value * 10 + (**p - '0');
	return *p > s;
}

/* "/24" or "/24/48". */
static const char *
bucket_net(struct bucket *b, struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;

	b->v6 = 64;
	p++;
	if (!read_digits(&p, end, &b->v4))
		return NULL;
	if (p < end && *p == '/') {
		p++;
		if (!read_digits(&p, end, &b->v6))
			return NULL;
	}
	if (p < end)
		return NULL;
	if (b->v4 > 32)
		return "an IPv4 prefix has at most 32 bits (/24/48: "
		    "IPv4, IPv6)";
	if (b->v6 > 128)
		return "an IPv6 prefix has at most 128 bits";
	b->kind = BUCKET_NET;
	return NULL;
}

/* "10", "0.5", "10k", "1.5M": powers of 1000. */
static const char *
bucket_number(struct bucket *b, struct slice s)
{
	static const char unit[] = "kMGT";
	const char *u = memchr(unit, s.p[s.n - 1], 4);
	struct number num;
	int k = u == NULL ? 0 : 3 * (int)(u - unit + 1);

	if (u != NULL)
		s.n--;
	if (!number_parse(&num, s) || (num.exact && num.mant <= 0))
		return NULL;
	if (!num.exact)
		return "a bucket must fit 64 bits";
	for (; k > 0; k--) {
		if (num.scale > 0)
			num.scale--;
		else if (num.mant > INT64_MAX / 10)
			return "a bucket must fit 64 bits";
		else
			num.mant *= 10;
	}
	b->mant = num.mant;
	b->scale = num.scale;
	b->kind = BUCKET_NUMBER;
	return NULL;
}

/* Reads s as a bucket if it is one; NULL or what is wrong with it. */
static const char *
bucket_parse(struct bucket *b, struct slice s)
{
	const char *why;
	char last;

	*b = (struct bucket){ .kind = BUCKET_NONE };
	if (s.n == 0)
		return NULL;
	if (s.p[0] == '/')
		return bucket_net(b, s);
	if (slice_eq(s, SLICE("mask")))
		b->kind = BUCKET_MASK;
	if (!is_digit(s.p[0]) && s.p[0] != '.')
		return NULL;
	last = s.p[s.n - 1];
	if ((is_digit(last) || memchr(".kMGT", last, 5) != NULL) &&
	    memchr(s.p, '@', s.n) == NULL)
		return bucket_number(b, s);
	why = time_grid_parse(&b->time, s);
	if (why == NULL && b->time.width > 0)
		b->kind = BUCKET_TIME;
	if (time_grid_thursdays(&b->time))
		diag_warn("%.*s: weeks that begin on Thursdays, as the epoch "
		    "did; 1w are those from Monday on", (int)s.n, s.p);
	if (why == number_too_large)
		return "a bucket must fit 64 bits";
	return b->time.width > 0 || why == time_grid_units ? why : NULL;
}

/* The last colon outside braces, or NULL. */
static const char *
last_colon(struct slice s)
{
	const char *last = NULL;
	bool in = false;
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] == ':' && !in)
			last = s.p + i;
		else if (s.p[i] == '{' || s.p[i] == '}')
			in = s.p[i] == '{';
	return last;
}

/* "12", "-1", "0": true, and what position; *err where it is too large. */
static bool
read_position(struct field *f, struct slice s, const char **err)
{
	const char *p = s.p, *end = s.p + s.n;
	bool neg = s.n > 0 && *p == '-';
	size_t i;

	p += neg;
	if (p == end)
		return false;
	for (i = 0; p + i < end; i++)
		if (!is_digit(p[i]))
			return false;
	if (read_digits(&p, end, &f->pos) && f->pos == INT_MAX) {
		*err = "position too large";
		return false;
	}
	if (neg)
		f->pos = -f->pos;
	f->kind = f->pos == 0 ? FIELD_WHOLE : FIELD_POS;
	f->name = s;
	return true;
}

/* One part of a path from *p on, up to a dot; braces off.  NULL or what is
   wrong. */
static const char *
read_part(const char **p, const char *end, struct slice *part)
{
	const char *s = *p, *e;
	bool braces = s < end && *s == '{';

	s += braces;
	e = memchr(s, braces ? '}' : '.', (size_t)(end - s));
	if (braces && e == NULL)
		return "'{' without '}'";
	e = e == NULL ? end : e;
	if (braces && e + 1 < end && e[1] != '.')
		return "text after '}'";
	*part = slice_to(s, e);
	*p = e + braces;
	return NULL;
}

/* The path's parts, and the name as one: the parts with dots between. */
static const char *
read_name(struct field *f, struct slice s, struct arena *a)
{
	const char *p = s.p, *end = s.p + s.n, *err;
	struct slice *part;
	char *name;
	size_t i, max = 1;

	if (s.n == 0)
		return "empty field name";
	for (i = 0; i < s.n; i++)
		max += s.p[i] == '.';
	f->path = part = arena_alloc(a, max * sizeof *part);
	f->name.p = name = arena_bytes(a, s.n + 1);
	for (;;) {
		err = read_part(&p, end, &part[f->npath]);
		if (err != NULL)
			return err;
		memcpy(name, part[f->npath].p, part[f->npath].n);
		name += part[f->npath++].n;
		if (p == end)
			break;
		p++;
		*name++ = '.';
	}
	f->name.n = (size_t)(name - f->name.p);
	f->kind = FIELD_NAME;
	return NULL;
}

/* What other tools write: $1, and ranges of positions, which only cut has. */
static const char *
foreign(struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;
	bool dollar = p < end && *p == '$';
	int pos;

	p += dollar;
	p += dollar && p < end && *p == '-';
	if (p == end || !read_digits(&p, end, &pos) || pos == INT_MAX)
		return NULL;
	if (dollar)
		return p == end ? "a position is written without $" : NULL;
	if (pos > 999 || p == end || (*p != '-' && *p != ':'))
		return NULL;
	if (++p < end && (!read_digits(&p, end, &pos) || pos > 999))
		return NULL;
	return p == end ? "a range is for cut, and written 2-4 or 4-; a name "
	    "like it stands in braces" : NULL;
}

const char *
field_parse(struct field *f, struct slice text, bool buckets, struct arena *a)
{
	const char *colon, *err = NULL;
	struct slice s = text;

	*f = (struct field){ .text = arena_str(a, text) };
	colon = buckets ? last_colon(s) : NULL;
	if (colon != NULL) {
		s.n = (size_t)(s.p + s.n - colon - 1);
		s.p = colon + 1;
		err = bucket_parse(&f->bucket, s);
		if (err != NULL)
			return err;
		s = text;
		if (f->bucket.kind != BUCKET_NONE)
			s.n = (size_t)(colon - s.p);
	}
	s = arena_copy(a, s);
	if (read_position(f, s, &err) || err != NULL)
		return err;
	if (s.n > 0 && s.p[0] == '.') {
		slice_skip(&s, 1);
	} else if ((err = foreign(s)) != NULL) {
		return err;
	} else if (s.n > 1 && s.p[0] == '-') {
		return "a name that begins with - stands in braces";
	}
	return read_name(f, s, a);
}

size_t
field_new(const char *text)
{
	size_t n = text[0] == '{' ? strcspn(text, "}") : 0;

	n += strcspn(text + n, "=");
	return text[n] == '=' ? n : 0;
}

struct slice *
field_list(struct slice text, size_t *n, struct arena *a)
{
	struct slice *part;
	size_t i, from = 0, max = 1;
	bool in = false;

	for (i = 0; i < text.n; i++)
		max += text.p[i] == ',';
	part = arena_alloc(a, max * sizeof *part);
	*n = 0;
	for (i = 0; i <= text.n; i++) {
		if (i == text.n || (text.p[i] == ',' && !in)) {
			part[(*n)++] =
			    (struct slice){ text.p + from, i - from };
			from = i + 1;
		} else if (text.p[i] == '{' || text.p[i] == '}') {
			in = text.p[i] == '{';
		}
	}
	return part;
}
