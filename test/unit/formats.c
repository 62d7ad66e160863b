/* formats.c - field references, buckets, and each format's records */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/scan/scan.h"

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
	return bucket_floor(&ref(text)->bucket, slice_str(value),
	    slice_str(value), false, NULL, &A);
}

static void
test_buckets(void)
{
	CHECK(ref("ts:1m")->bucket.time.width == 60000000000);
	CHECK(ref("ts:1h30m")->bucket.time.width == 5400000000000);
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
	TEXT(floor_of("b:10", "-9223372036854775808"),
	    "-9223372036854775810");
	TEXT(floor_of("b:10", "12345678901234567899"),
	    "12345678901234567890");
	TEXT(floor_of("b:10", "-12345678901234567890"),
	    "-12345678901234567890");
	TEXT(floor_of("b:10", "-12345678901234567890.001"),
	    "-12345678901234567900");
	TEXT(floor_of("b:1k", "+99999999999999999999999999999999999999"),
	    "99999999999999999999999999999999999000");
	TEXT(floor_of("b:1k", "-99999999999999999999999999999999999999"),
	    "-100000000000000000000000000000000000000");
	TEXT(floor_of("b:10", "123456789012345678901234567890123456789"),
	    "123456789012345678901234567890123456780");
	TEXT(floor_of("b:0.25", "-0.0"), "0");
	TEXT(floor_of("b:0.25", "0.10"), "0");
	TEXT(floor_of("b:0.25", "-0.10"), "-0.25");
	TEXT(floor_of("b:0.1", "123456789012345678901e-20"), "1.2");
	TEXT(floor_of("b:0.1", "-123456789012345678901e-20"), "-1.3");
	TEXT(floor_of("b:0.1", "1e-30"), "0");
	TEXT(floor_of("b:0.1", "-1e-30"), "-0.1");
	TEXT(floor_of("b:0.1", "-1e-400"), "-0.1");
	TEXT(floor_of("b:0.1", "1234567890123456.55"), "1234567890123456.5");
	TEXT(floor_of("b:0.1", "-1234567890123456.55"),
	    "-1234567890123456.6");
	TEXT(floor_of("b:0.25", "12345678901234567890.7"),
	    "12345678901234567890.5");
	TEXT(floor_of("b:0.3", "9223372036854775807"),
	    "9223372036854775806.9");
	TEXT(floor_of("b:0.00001", "0.000019"), "0.00001");
	TEXT(floor_of("b:0.05", "-0.01"), "-0.05");
	TEXT(floor_of("b:0.05", "0.01"), "0");
	TEXT(floor_of("b:10", "-0"), "0");
	TEXT(floor_of("b:10", "-0.0000000000000000000000000000000000001"),
	    "-10");
	TEXT(floor_of("b:10", "1e-40"), "0");
	TEXT(floor_of("b:10", "-1e-40"), "-10");
	TEXT(floor_of("b:10", "1e40"), "1e40");
	TEXT(floor_of("b:10", "abc"), "abc");
	TEXT(floor_of("b:10", ""), "");
	TEXT(floor_of("ip:/24", "83.149.9.216"), "83.149.9.0/24");
	TEXT(floor_of("ip:/24", "::ffff:83.149.9.216"), "83.149.9.0/24");
	TEXT(floor_of("ip:/24", "::FFFF:5395:9d8"), "83.149.9.0/24");
	TEXT(floor_of("ip:/24", "::fffe:83.149.9.216"), "::/64");
	TEXT(floor_of("ip:/24", "83.149.9.216:80"), "83.149.9.216:80");
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
	size_t at;

	CHECK(f != NULL);
	shape_init(&s, f, sep, sep == NULL ? 0 : strlen(sep));
	if (header != NULL)
		CHECK(f->header(&s, slice_str(header), &A, &at) == NULL);
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

static const char *
refused(const struct shape *s, const char *text, const char *rec, size_t at)
{
	const char *why;
	size_t got;

	value(s, text, slice_str(rec), 0, &why, &got);
	if (why != NULL && got != at)
		fprintf(stderr, "formats.c: '%s': %s at %zu\n", rec, why, got);
	CHECK(why == NULL || got == at);
	return why == NULL ? "" : why;
}

static struct slice
raw(const struct shape *s, const char *text, const char *rec)
{
	const char *why;
	size_t at;

	return value(s, text, slice_str(rec), WANT_RAW, &why, &at);
}

static void
test_csv(void)
{
	struct shape s = shape_of("csv", NULL,
	    "\xef\xbb\xbf" "a,\"b \"\"x\"\"\",c,\r");

	CHECK(s.ncol == 4 && s.closed && s.col[3].name.p == NULL);
	TEXT(get(&s, "a", "1,2,3"), "1");
	TEXT(get(&s, "{b \"x\"}", "1,\"2,\"\"q\"\"\",3"), "2,\"q\"");
	TEXT(get(&s, "c", "1,\"2,\"\"q\"\"\",3\r"), "3");
	TEXT(get(&s, "c", "1,2,3\r"), "3");
	TEXT(get(&s, "c", "1,2,\"3\"\r"), "3");
	TEXT(get(&s, "c", "1,2"), NULL);
	TEXT(get(&s, "c", "1,2,"), "");
	TEXT(get(&s, "5", "1,2,3,4,5"), "5");
	TEXT(get(&s, "-2", "1,2,\"3\",4"), "3");
	TEXT(get(&s, "a", "\"\",2"), "");
	TEXT(get(&s, "a", "x\"y,2"), "x\"y");
	TEXT(raw(&s, "a", "\"x\"\"y\",2"), "\"x\"\"y\"");
	TEXT(get(&s, "1", ""), "");
	TEXT(slice_str(refused(&s, "c", "1,\"2,3", 2)), "unterminated quote");
	TEXT(slice_str(refused(&s, "a", "\"1\"x,2", 3)),
	    "text after a closing quote");
	s = shape_of("csv", "::", NULL);
	TEXT(get(&s, "2", "\"a::b\"::c:d::e"), "c:d");
	TEXT(get(&s, "1", "\"a::b\"::c:d::e"), "a::b");
}

static void
test_json(void)
{
	struct shape s = shape_of("json", NULL, NULL);
	const char *rec = "{\"a\":1,\"b\":\"x\\ny\",\"n\":null,"
	    "\"o\":{\"p\":[10,{\"q\":true}]},\"a.b\":2,\"e\":\"\"}";

	TEXT(get(&s, "a", rec), "1");
	TEXT(get(&s, "b", rec), "x\ny");
	TEXT(raw(&s, "b", rec), "\"x\\ny\"");
	TEXT(get(&s, "n", rec), NULL);
	TEXT(raw(&s, "n", rec), "null");
	TEXT(get(&s, "e", rec), "");
	TEXT(get(&s, "none", rec), NULL);
	TEXT(get(&s, "o", rec), "{\"p\":[10,{\"q\":true}]}");
	TEXT(get(&s, "o.p.0", rec), "10");
	TEXT(get(&s, "o.p.1.q", rec), "true");
	TEXT(get(&s, "o.p.2", rec), NULL);
	TEXT(get(&s, "o.p.00", rec), NULL);
	TEXT(get(&s, "a.b", rec), "2");
	TEXT(get(&s, "{a.b}", rec), "2");
	TEXT(get(&s, "0", rec), rec);
	TEXT(get(&s, "a.b", "{\"a.b\":2,\"a\":{\"b\":3}}"), "2");
	TEXT(get(&s, "a.b", "{\"a\":{\"b\":3},\"a.b\":2}"), "2");
	TEXT(get(&s, "a.{b}", "{\"a\":{\"b\":3},\"a.b\":2}"), "3");
	TEXT(get(&s, "a", "{\"a\":1,\"a\":2}"), "2");
	TEXT(get(&s, "a.b", "{\"a\":{\"b\":1},\"a\":{\"c\":2}}"), NULL);
	TEXT(get(&s, "a.b", "{\"a\":{\"b\":1},\"a\":5}"), NULL);
	TEXT(get(&s, "a.b", "{\"a\":{\"b\":1},\"a\":{\"b\":7}}"), "7");
	TEXT(get(&s, "key", "{\"k\\u0065y\":1}"), "1");
	TEXT(get(&s, "k", " { \"j\" : [ 1 , 2 ] , \"k\" : 3 } \r"), "3");
	TEXT(get(&s, "x", "{}"), NULL);
	TEXT(get(&s, "x", "\xef\xbb\xbf{\"x\":1}"), "1");
	TEXT(slice_str(refused(&s, "a", "[1]", 0)), "not a JSON object");
	TEXT(slice_str(refused(&s, "a", "", 0)), "not a JSON object");
	TEXT(slice_str(refused(&s, "a", "{\"a\":1", 6)), "cut short");
	TEXT(slice_str(refused(&s, "a", "{\"a\":1}x", 7)),
	    "text after the value");
	TEXT(slice_str(refused(&s, "a", "{\"b\":\"\\x\",\"a\":1", 6)),
	    "bad escape");
}

static void
test_logfmt(void)
{
	struct shape s = shape_of("logfmt", NULL, NULL);
	const char *rec = "a=1 b=\"x=2 \\\"q\\\"\\n\" x=3 a=4 flag e= f=\"\" "
	    "u=/p?a=b z.y=9\r";

	TEXT(get(&s, "a", rec), "1");
	TEXT(get(&s, "b", rec), "x=2 \"q\"\n");
	TEXT(raw(&s, "b", rec), "\"x=2 \\\"q\\\"\\n\"");
	TEXT(get(&s, "x", rec), "3");
	TEXT(get(&s, "flag", rec), "true");
	TEXT(get(&s, "e", rec), "");
	TEXT(get(&s, "f", rec), "");
	TEXT(get(&s, "u", rec), "/p?a=b");
	TEXT(get(&s, "z.y", rec), "9");
	TEXT(get(&s, "g", rec), NULL);
	TEXT(slice_str(refused(&s, "a", "b=\"x a=1", 2)),
	    "unterminated quote");
	s = shape_of("auto", NULL, NULL);
	TEXT(get(&s, "a", "b=\"x a=1"), "1");
	TEXT(get(&s, "a", "5\" \"q a=2\" a=1"), "1");
	TEXT(get(&s, "a", "  {\"a\":7}"), "7");
	TEXT(get(&s, "2", "  {\"a\":7} x"), "x");
	TEXT(get(&s, "x.y", "{\"x\":{\"y\":7}}"), "7");
	TEXT(get(&s, "x.y", "at x.y=8"), "8");
	TEXT(slice_str(refused(&s, "a", "{\"a\":", 5)), "cut short");
	CHECK(format_of(&s, slice_str("{}")) == format_find("json"));
	CHECK(format_of(&s, slice_str("a=1 b=\"x y\" c=")) ==
	    format_find("logfmt"));
	CHECK(format_of(&s, slice_str("a=1 b")) == format_find("text"));
	CHECK(format_of(&s, slice_str("a=\"1")) == format_find("text"));
	CHECK(format_of(&s, slice_str("")) == format_find("text"));
}

static void
test_clf(void)
{
	struct shape s = shape_of("clf", NULL, NULL);
	const char *rec = "::1 - a b [10/Oct/2000:13:55:36 -0700] "
	    "\"GET /x?q=\\\"1\\\" HTTP/1.1\" 200 - \"-\" \"A \\\"B\\\" C\" "
	    "0.5 \"x y\"";

	TEXT(get(&s, "host", rec), "::1");
	TEXT(get(&s, "ident", rec), NULL);
	TEXT(get(&s, "user", rec), "a b");
	TEXT(get(&s, "time", rec), "10/Oct/2000:13:55:36 -0700");
	TEXT(get(&s, "method", rec), "GET");
	TEXT(get(&s, "path", rec), "/x?q=\"1\"");
	TEXT(get(&s, "protocol", rec), "HTTP/1.1");
	TEXT(get(&s, "status", rec), "200");
	TEXT(get(&s, "bytes", rec), NULL);
	TEXT(get(&s, "referer", rec), NULL);
	TEXT(get(&s, "agent", rec), "A \"B\" C");
	TEXT(get(&s, "12", rec), "0.5");
	TEXT(get(&s, "13", rec), "x y");
	TEXT(get(&s, "-1", rec), "x y");
	TEXT(raw(&s, "time", rec), "10/Oct/2000:13:55:36 -0700");
	rec = "h - - [t] \"-\" 408";
	TEXT(get(&s, "status", rec), "408");
	TEXT(get(&s, "bytes", rec), NULL);
	TEXT(get(&s, "path", rec), NULL);
	rec = "h - - [t] \"\\x16\\x03 \\x01\" 400 226";
	TEXT(get(&s, "method", rec), NULL);
	TEXT(get(&s, "path", rec), "\\x16\\x03 \\x01");
	TEXT(get(&s, "bytes", rec), "226");
	rec = "h - - [t] \"GET /a b c\" 400 226\r";
	TEXT(get(&s, "path", rec), "/a b c");
	TEXT(get(&s, "protocol", rec), NULL);
	TEXT(get(&s, "bytes", rec), "226");
	rec = "h - - [t] \"quit\" 400";
	TEXT(get(&s, "method", rec), "quit");
	TEXT(get(&s, "path", rec), NULL);
	CHECK(*refused(&s, "host", "", 0) != '\0');
	CHECK(*refused(&s, "host", "h - - x", 4) != '\0');
	CHECK(*refused(&s, "host", "h - - [t] GET", 10) != '\0');
	CHECK(*refused(&s, "host", "h - - [t] \"GET", 10) != '\0');
	CHECK(*refused(&s, "host", "h - - [t] \"GET\"", 15) != '\0');
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
	test_csv();
	test_json();
	test_logfmt();
	test_clf();
	arena_free(&A);
	return 0;
}
