/* json.c - fuzzes the JSON reader: against a plain recursive one, each scanner
   alike, records together as each by itself, and what is split put together
   again */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/format/json.h"
#include "lib/scan/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* RFC 8259 as it is written; NULL: not this.  The input is short enough to
   recurse. */
static const char *value(const char *, const char *);

static const char *
blanks(const char *p, const char *end)
{
	while (p < end && memchr(" \t\n\r", *p, 4) != NULL)
		p++;
	return p;
}

static const char *
literal(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - p) >= n && memcmp(p, word, n) == 0 ? p + n : NULL;
}

static const char *
digits(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p > from ? p : NULL;
}

static const char *
number(const char *p, const char *end)
{
	if (p < end && *p == '-')
		p++;
	p = p < end && *p == '0' ? p + 1 : digits(p, end);
	if (p != NULL && p < end && *p == '.')
		p = digits(p + 1, end);
	if (p != NULL && p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		p = digits(p, end);
	}
	return p;
}

static const char *
string(const char *p, const char *end)
{
	int i;

	if (p == end || *p++ != '"')
		return NULL;
	for (; p < end && *p != '"'; p++) {
		if ((unsigned char)*p < ' ')
			return NULL;
		if (*p != '\\')
			continue;
		if (++p == end || memchr("\"\\/bfnrtu", *p, 9) == NULL)
			return NULL;
		for (i = 0; *p == 'u' && i < 4; i++)
			if (end - p <= 1 + i || memchr("0123456789abcdef"
			    "ABCDEF", p[1 + i], 22) == NULL)
				return NULL;
		if (*p == 'u')
			p += 4;
	}
	return p < end ? p + 1 : NULL;
}

/* Behind the opening character. */
static const char *
list(const char *p, const char *end, char close)
{
	p = blanks(p, end);
	if (p < end && *p == close)
		return p + 1;
	for (;;) {
		if (close == '}') {
			p = string(blanks(p, end), end);
			p = p == NULL ? NULL : blanks(p, end);
			if (p == NULL || p == end || *p++ != ':')
				return NULL;
		}
		p = value(p, end);
		if (p == NULL || p == end)
			return NULL;
		if (*p == close)
			return p + 1;
		if (*p++ != ',')
			return NULL;
	}
}

/* A value with the blanks around it. */
static const char *
value(const char *p, const char *end)
{
	p = blanks(p, end);
	if (p == end)
		return NULL;
	switch (*p) {
	case '{': p = list(p + 1, end, '}'); break;
	case '[': p = list(p + 1, end, ']'); break;
	case '"': p = string(p, end); break;
	case 't': p = literal(p, end, "true"); break;
	case 'f': p = literal(p, end, "false"); break;
	case 'n': p = literal(p, end, "null"); break;
	default: p = number(p, end); break;
	}
	return p == NULL ? NULL : blanks(p, end);
}

static bool
plain_check(const char *p, size_t n)
{
	return value(p, p + n) == p + n;
}

/* A stage that asks for "a", "b.a" and "b.0". */
struct stage {
	struct shape shape;
	struct take take;
	struct field field[3];
	struct arena arena;
};

static void
stage_open(struct stage *s)
{
	static const char *const names[] = { "a", "b.a", "b.0" };
	int k;

	*s = (struct stage){ .take = { 0 } };
	s->take.shape = &s->shape;
	shape_init(&s->shape, format_find("json"), NULL, 0);
	for (k = 0; k < 3; k++) {
		field_parse(&s->field[k], slice_str(names[k]), false,
		    &s->arena);
		take_want(&s->take, &s->field[k], 0, 0);
	}
	take_plan(&s->take, &s->arena);
}

static void
stage_close(struct stage *s)
{
	take_free(&s->take);
	arena_free(&s->arena);
}

/* Whether the stage finds record i of those it took as it finds rec alone:
   bad or not, with the same values. */
static bool
same_alone(const struct take *all, size_t i, const struct bad *bad,
    struct slice rec)
{
	struct slice a, b;
	struct stage s;
	bool same;
	int k;

	stage_open(&s);
	take_run(&s.take, &rec, 1);
	same = s.take.nbad == (bad != NULL) && (bad == NULL ||
	    (s.take.bad[0].at == bad->at && s.take.bad[0].why == bad->why));
	for (k = 0; k < 3; k++) {
		a = all->col[k][i];
		b = s.take.col[k][0];
		same &= (a.p == NULL) == (b.p == NULL) && slice_eq(a, b);
	}
	stage_close(&s);
	return same;
}

/* The input's lines, twice: what is known by then must not change a thing. */
static void
take_lines(const char *p, size_t n)
{
	static struct slice rec[VEC_MAX];
	const struct bad *bad;
	size_t i, k, used, turn;
	struct stage s;

	k = scan_records(p, n, '\n', rec, VEC_MAX - 1, &used);
	if (used < n && k < VEC_MAX - 1)
		rec[k++] = (struct slice){ p + used, n - used };
	stage_open(&s);
	for (turn = 0; turn < 2 && k > 0; turn++) {
		take_run(&s.take, rec, k);
		bad = s.take.bad;
		for (i = 0; i < k; i++) {
			bool is_bad = bad < s.take.bad + s.take.nbad &&
			    bad->i == i;

			if (!same_alone(&s.take, i, is_bad ? bad : NULL,
			    rec[i]))
				abort();
			bad += is_bad;
		}
	}
	stage_close(&s);
}

/* Whether the stage finds the record readable. */
static bool
taken(struct slice rec)
{
	struct stage s;
	bool ok;

	stage_open(&s);
	take_run(&s.take, &rec, 1);
	ok = s.take.nbad == 0;
	stage_close(&s);
	return ok;
}

static void
split_and_put(struct slice rec)
{
	struct cells c = { 0 }, d = { 0 };
	struct buf b = { 0 };
	struct shape s;
	size_t i, at;

	shape_init(&s, format_find("json"), NULL, 0);
	if (s.format->split(&s, rec, &c, &at) != NULL)
		abort();
	s.format->put(&b, &s, c.c, c.n);
	if (s.format->split(&s, (struct slice){ b.p, b.n }, &d, &at) != NULL)
		abort();
	for (i = 0; i < c.n && i < d.n; i++)
		if (!slice_eq(c.c[i].val, d.c[i].val))
			abort();
	if (d.n > c.n)
		abort();
	cells_free(&c);
	cells_free(&d);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const way[] = { "none", "sse2", "avx2" };
	struct slice rec = { (const char *)data, n };
	size_t i, at, first = 0;
	const char *start = rec.p;
	bool ok;

	if (n > 4096)
		return 0;
	if (n >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
		start += 3;
	ok = plain_check(start, n - (size_t)(start - rec.p));
	start = blanks(start, rec.p + n);
	for (i = 0; i < sizeof way / sizeof way[0]; i++) {
		setenv("MBATCH_SIMD", way[i], 1);
		scan_init();
		if ((json_check(rec, &at) == NULL) != ok)
			abort();
		if (i > 0 && at != first)
			abort();
		first = at;
		if (taken(rec) != (ok && *start == '{'))
			abort();
		take_lines(rec.p, rec.n);
	}
	if (ok && *start == '{')
		split_and_put(rec);
	return 0;
}
