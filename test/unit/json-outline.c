/* json-outline.c - records taken together give what each gives by itself */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "test/unit/check.h"

enum { MAX = 200, WANTS = 7 };

static const char *const wants[WANTS] = {
	"a", "status", "user.name", "tags.1", "user", "tags", "a_long_key"
};

/* Every % becomes a scalar. */
static const char *const forms[] = {
	"{\"a\":%,\"status\":%,\"b\":%}",
	"{\"a\":%,\"status\":%}",
	"{\"time\":%,\"user\":{\"id\":%,\"name\":%},\"tags\":[%,%],\"a\":%}",
	"{ \"a\" : % , \"user\" : { \"name\" : % } , \"status\" : % }",
	"{\"tags\":[],\"user\":{},\"a\":%,\"status\":[{\"a\":%},%]}",
	"{\"tags\":[[%],{\"a\":%}],\"user\":[],\"user.name\":%,\"x\":{}}",
	"{\"a\":%,\"user\":{\"name\":%},\"a\":%,\"user\":%}",
	"{\"\\u0061\":%,\"st\\u0061tus\":%,\"q\\\"\":%}",
	"{\"a_long_key\":%,\"a_key_of_more_than_16_bytes\":%,\"a\":%}",
	"{\"a_long_key\":%,\"a_key_of_more_than_17_bytes\":%,\"a\":%}",
	"{\"status\":%}",
	"{}",
	"[%,%]",
	"%"
};

/* The second half mostly isn't RFC 8259's. */
static const char *const scalars[] = {
	"0", "1", "-1", "12", "200", "1234567", "12345678", "123456789012",
	"0.5", "-0", "1e5", "1E-05", "-12.50e+3", "true", "false", "null",
	"\"\"", "\"a\"", "\"GET\"", "\"a b, c: {d} [e]\"", "\"\\\"\"",
	"\"\\\\\"", "\"x\\u00e9y\\n\"", "\"\xc3\xa9\xff\x7f\"",
	"\"of 57 to 64 bytes: the next word of bits is looked at too\"",
	"\"one that is longer than two words of bits, which are 128 bytes: "
	    "the end of it is looked for in a third one, and found there, "
	    "too\"",
	"01", "00", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "--1", "1.2.3",
	"0x1", "tru", "nul", "falsey", "True", "NaN", "", "\"", "\"\t\"",
	"\"\\x\"", "\"\\u12g4\"", "\"\\u12", "\"\\", "a", "{}", "[]", "[1]",
	"1 2", "\"a\"\"b\"", "{\"a\":1}"
};

static const char *variant;

/* A string that makes a record longer than what is looked at together. */
static void
put_long(struct buf *b)
{
	size_t n = 10000 + chance(20000);

	buf_char(b, '"');
	memset(buf_room(b, n), 'a', n);
	b->n += n;
	buf_char(b, '"');
}

static void
put_record(struct buf *b, uint32_t nform, uint32_t nscalar)
{
	const char *p = forms[chance(nform)];
	size_t from = b->n;

	for (; *p != '\0'; p++)
		if (*p == '%' && chance(2000) == 0)
			put_long(b);
		else if (*p == '%')
			buf_str(b, scalars[chance(nscalar)]);
		else
			buf_char(b, *p);
	if (chance(40) == 0 && b->n > from)
		b->p[from + chance((uint32_t)(b->n - from))] =
		    "\"\\{}[]:, 1\t"[chance(11)];
	if (chance(100) == 0)
		buf_char(b, '\r');
}

struct reader {
	struct shape shape;
	struct take take;
	struct field field[WANTS];
	struct arena arena;
};

static void
reader_open(struct reader *r, size_t n, unsigned flags)
{
	size_t k;

	*r = (struct reader){ .take = { 0 } };
	r->take.shape = &r->shape;
	shape_init(&r->shape, format_find("json"), NULL, 0);
	for (k = 0; k < n; k++) {
		field_parse(&r->field[k], slice_str(wants[k]), false,
		    &r->arena);
		take_want(&r->take, &r->field[k], 0, flags);
	}
	take_plan(&r->take, &r->arena);
}

static void
reader_close(struct reader *r)
{
	take_free(&r->take);
	arena_free(&r->arena);
}

static void
fail(const char *what, struct slice rec)
{
	fprintf(stderr, "json-outline: %s: %s: %.*s\n", variant, what,
	    (int)rec.n, rec.p);
	exit(1);
}

static void
same_alone(const struct take *t, const struct slice *rec, size_t i,
    const struct bad *bad, size_t n, unsigned flags)
{
	struct slice a, b;
	struct reader r;
	size_t k;

	reader_open(&r, n, flags);
	take_run(&r.take, &rec[i], 1);
	if (r.take.nbad != (bad != NULL))
		fail("taken or refused otherwise", rec[i]);
	if (bad != NULL && (r.take.bad[0].at != bad->at ||
	    strcmp(r.take.bad[0].why, bad->why) != 0))
		fail("refused for another reason", rec[i]);
	for (k = 0; k < n; k++) {
		a = t->col[k][i];
		b = r.take.col[k][0];
		if ((a.p == NULL) != (b.p == NULL) || !slice_eq(a, b))
			fail(wants[k], rec[i]);
		if (r.take.want[k].seen && !t->want[k].seen)
			fail("not seen", rec[i]);
	}
	reader_close(&r);
}

struct span {
	size_t from, to;
};

/* Records side by side, with nothing readable behind the last. */
static void
check(struct reader *r, const struct buf *b, const struct span *at, size_t n,
    size_t nwant, unsigned flags)
{
	char *p = malloc(b->n);
	struct slice rec[MAX];
	const struct take *t = &r->take;
	size_t i, nbad = 0;
	bool bad;

	if (p == NULL)
		abort();
	memcpy(p, b->p, b->n);
	for (i = 0; i < n; i++)
		rec[i] = (struct slice){ p + at[i].from,
		    at[i].to - at[i].from };
	take_run(&r->take, rec, n);
	for (i = 0; i < n; i++) {
		bad = nbad < t->nbad && t->bad[nbad].i == i;
		same_alone(t, rec, i, bad ? &t->bad[nbad] : NULL, nwant, flags);
		nbad += bad;
	}
	if (nbad != t->nbad)
		fail("a bad record too much", rec[0]);
	free(p);
}

/* Vectors of some forms and scalars, by one reader each time. */
static void
turn(size_t nwant, unsigned flags, uint32_t nform, uint32_t nscalar,
    uint32_t turns)
{
	static const char behind[] = "\n\0,";
	struct span at[MAX];
	struct buf b = { 0 };
	struct reader r;
	size_t i, n, sep;

	reader_open(&r, nwant, flags);
	for (; turns > 0; turns--) {
		b.n = 0;
		n = 1 + chance(MAX);
		sep = chance(4);
		for (i = 0; i < n; i++) {
			at[i].from = b.n;
			put_record(&b, nform, nscalar);
			at[i].to = b.n;
			if (i + 1 < n)
				buf_add(&b, behind + sep, sep < 3);
		}
		if (b.n > 0)
			check(&r, &b, at, n, nwant, flags);
	}
	reader_close(&r);
	buf_free(&b);
}

int
main(void)
{
	static const char *const names[] = { "swar", "sse2", "avx2", "neon" };
	const uint32_t nform = sizeof forms / sizeof forms[0];
	const uint32_t nscalar = sizeof scalars / sizeof scalars[0];
	uint32_t i, k;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		variant = names[i];
		setenv("MBATCH_SIMD", variant, 1);
		scan_init();
		if (strcmp(scan_by->name, variant) != 0)
			continue;	/* not on this machine */
		for (k = 1; k <= nform; k++)
			turn(1 + chance(WANTS), chance(2) ? WANT_RAW : 0, k,
			    k % 2 ? nscalar : 26, 30);
	}
	return 0;
}
