/* formats.c - field references, buckets, and each format's records */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/data/fmt.h"
#include "lib/read/scan.h"

static struct arena A;

#define CHECK(cond)	check((cond), __LINE__, #cond)

static void
check(bool ok, int line, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "formats.c:%d: %s\n", line, what);
	exit(1);
}

static void
check_text(struct slice got, const char *want, int line)
{
	if (got.p == NULL ? want == NULL :
	    want != NULL && slice_eq(got, slice_str(want)))
		return;
	fprintf(stderr, "formats.c:%d: got %s%.*s, not %s\n", line,
	    got.p == NULL ? "(absent)" : "", (int)got.n,
	    got.p == NULL ? "" : got.p, want == NULL ? "(absent)" : want);
	exit(1);
}

#define TEXT(got, want)	check_text((got), (want), __LINE__)

static struct field *
ref(const char *text)
{
	struct field *f = arena_alloc(&A, sizeof *f);
	const char *err = field_parse(f, slice_str(text), true, &A);

	if (err != NULL) {
		fprintf(stderr, "formats.c: %s: %s\n", text, err);
		exit(1);
	}
	return f;
}

static const char *
wrong(const char *text)
{
	struct field f;

	return field_parse(&f, slice_str(text), true, &A);
}

static void
test_references(void)
{
	struct field *f;

	CHECK(ref("3")->kind == FIELD_POS && ref("3")->pos == 3);
	CHECK(ref("-1")->kind == FIELD_POS && ref("-1")->pos == -1);
	CHECK(ref("0")->kind == FIELD_WHOLE);
	CHECK(ref(".9")->kind == FIELD_NAME);
	TEXT(ref(".9")->name, "9");
	TEXT(ref(".by")->name, "by");
	TEXT(ref("{user-agent}")->name, "user-agent");
	TEXT(ref("{9}")->name, "9");
	CHECK(ref("{9}")->kind == FIELD_NAME);
	f = ref("user.{a.b}");
	CHECK(f->npath == 2);
	TEXT(f->name, "user.a.b");
	TEXT(f->path[0], "user");
	TEXT(f->path[1], "a.b");
	f = ref(".user.name.0");
	CHECK(f->npath == 3);
	TEXT(f->path[2], "0");
	f = ref("{server:1m}.{x,y}:1m");
	TEXT(f->path[0], "server:1m");
	TEXT(f->path[1], "x,y");
	CHECK(f->bucket.kind == BUCKET_TIME);
	TEXT(ref("a:b")->name, "a:b");
	CHECK(wrong("") != NULL && wrong(".") != NULL);
	CHECK(wrong("{a") != NULL && wrong("{a}b") != NULL);
	CHECK(wrong("99999999999") != NULL);
	CHECK(wrong("ip:/33") != NULL && wrong("ip:/24/129") != NULL);
}

static struct slice
floor_of(const char *text, const char *value)
{
	return bucket_floor(&ref(text)->bucket, slice_str(value), NULL, &A);
}

static void
test_buckets(void)
{
	CHECK(ref("ts:1m")->bucket.width == 60000000000);
	CHECK(ref("ts:1h30m")->bucket.width == 5400000000000);
	CHECK(ref("b:10k")->bucket.mant == 10000);
	CHECK(ref("b:1.5k")->bucket.mant == 1500);
	CHECK(ref("b:0")->bucket.kind == BUCKET_NONE);
	CHECK(ref("b:x")->bucket.kind == BUCKET_NONE);
	CHECK(ref("2:10")->pos == 2);
	TEXT(floor_of("b:10k", "203023"), "200000");
	TEXT(floor_of("b:10", "-1"), "-10");
	TEXT(floor_of("b:10", "-10"), "-10");
	TEXT(floor_of("b:0.1", "0.3"), "0.3");
	TEXT(floor_of("b:0.1", "0.29"), "0.2");
	TEXT(floor_of("b:10", "9223372036854775807"), "9223372036854775800");
	TEXT(floor_of("b:10", "1e3"), "1000");
	TEXT(floor_of("b:10", "abc"), "abc");
	TEXT(floor_of("b:10", ""), "");
	TEXT(floor_of("ip:/24", "83.149.9.216"), "83.149.9.0/24");
	TEXT(floor_of("ip:/20", "83.149.255.216"), "83.149.240.0/20");
	TEXT(floor_of("ip:/0", "83.149.9.216"), "0.0.0.0/0");
	TEXT(floor_of("ip:/32", "83.149.9.216"), "83.149.9.216/32");
	TEXT(floor_of("ip:/24", "2001:db8:1:2:3::1"), "2001:db8:1:2::/64");
	TEXT(floor_of("ip:/24/48", "2001:db8:1:2::1"), "2001:db8:1::/48");
	TEXT(floor_of("ip:/24", "host.example"), "host.example");
	TEXT(floor_of("ip:/24", "1.2.3.4.5"), "1.2.3.4.5");
}

static void
test_lists(void)
{
	struct slice *p;
	size_t n;

	p = field_list(slice_str("a,{b,c},,3"), &n, &A);
	CHECK(n == 4);
	TEXT(p[1], "{b,c}");
	TEXT(p[2], "");
	TEXT(p[3], "3");
}

/* The value of one reference in one record. */
static struct slice
value(const struct shape *s, const char *text, struct slice rec, unsigned flags,
    const char **why, size_t *at)
{
	struct take t = { .shape = s };
	const struct field *f = ref(text);
	const struct column *c;
	struct slice v;

	c = f->kind == FIELD_NAME ? shape_column(s, f->name) : NULL;
	take_want(&t, f, c == NULL ? 0 : c->pos, flags);
	take_plan(&t, &A);
	take_run(&t, &rec, 1);
	v = arena_copy(&A, t.col[0][0]);
	*why = t.nbad > 0 ? t.bad[0].why : NULL;
	*at = t.nbad > 0 ? t.bad[0].at : 0;
	take_free(&t);
	return v;
}

static struct slice
get(const struct shape *s, const char *text, const char *rec)
{
	const char *why;
	struct slice v;
	size_t at;

	v = value(s, text, slice_str(rec), 0, &why, &at);
	if (why != NULL)
		fprintf(stderr, "formats.c: '%s': %s at %zu\n", rec, why, at);
	CHECK(why == NULL);
	return v;
}

static struct shape
shape_of(const char *format, const char *sep, const char *header)
{
	struct shape s;
	const struct format *f = format_find(format);

	CHECK(f != NULL);
	f->shape(&s, sep, sep == NULL ? 0 : strlen(sep));
	if (header != NULL)
		CHECK(f->header(&s, slice_str(header), &A) == NULL);
	return s;
}

static void
test_text(void)
{
	struct shape s = shape_of("text", NULL, NULL);

	TEXT(get(&s, "1", "  a b\tc "), "a");
	TEXT(get(&s, "3", "  a b\tc "), "c");
	TEXT(get(&s, "-1", "  a b\tc "), "c");
	TEXT(get(&s, "-3", "  a b\tc "), "a");
	TEXT(get(&s, "-4", "  a b\tc "), NULL);
	TEXT(get(&s, "4", "  a b\tc "), NULL);
	TEXT(get(&s, "0", "  a b\tc "), "  a b\tc ");
	s = shape_of("text", "::", NULL);
	TEXT(get(&s, "2", "a::b:c::"), "b:c");
	TEXT(get(&s, "3", "a::b:c::"), "");
	s = shape_of("text", NULL, "USER  PID %CPU");
	TEXT(get(&s, "PID", "root 1 0.0"), "1");
	TEXT(get(&s, "{%CPU}", "root 1 0.0"), "0.0");
	s = shape_of("auto", NULL, NULL);
	TEXT(get(&s, "2", "{ b"), "b");
}

static void
test_tsv(void)
{
	struct shape s = shape_of("tsv", NULL, "\xef\xbb\xbf" "a\tb\\tc\td\r");
	const char *why;
	size_t at;

	CHECK(s.closed && s.ncol == 3);
	TEXT(get(&s, "a", "1\t2\t3"), "1");
	TEXT(get(&s, "{b\tc}", "1\tx\\ty\\n\\\\\\q\t3"), "x\ty\n\\\\q");
	TEXT(value(&s, "2", slice_str("1\tx\\ty"), WANT_RAW, &why, &at),
	    "x\\ty");
	TEXT(get(&s, "d", "1\t2\t3\r"), "3");
	TEXT(get(&s, "d", "1\t2"), NULL);
	TEXT(value(&s, "d", slice_str("1\t2"), WANT_KEY, &why, &at), "");
	TEXT(get(&s, "4", "1\t2\t3\t4"), "4");
	TEXT(get(&s, "1", ""), "");
}

int
main(void)
{
	scan_init();
	test_references();
	test_buckets();
	test_lists();
	test_text();
	test_tsv();
	arena_free(&A);
	return 0;
}
