/* json.c - RFC 8259, section by section: what is taken, refused, decoded */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/format/json.h"
#include "lib/scan/scan.h"

static struct arena A;
static int line_now;

#define AT	line_now = __LINE__

static void
die(const char *what, struct slice text)
{
	fprintf(stderr, "json.c:%d (%s): %s: %.*s\n", line_now, scan_by->name,
	    what, (int)(text.n < 200 ? text.n : 200), text.p);
	exit(1);
}

/* A copy with nothing around it, so that a sanitizer sees what is read
   beside. */
static const char *
check_copy(struct slice text, size_t *at)
{
	char *p = malloc(text.n == 0 ? 1 : text.n);
	const char *why;

	if (p == NULL)
		die("no memory", text);
	if (text.n > 0)
		memcpy(p, text.p, text.n);
	why = json_check((struct slice){ p, text.n }, at);
	free(p);
	return why;
}

static void
takes(struct slice text)
{
	const char *why;
	size_t at;

	why = check_copy(text, &at);
	if (why != NULL) {
		fprintf(stderr, "json.c: %s at %zu\n", why, at);
		die("refused", text);
	}
}

static void
refuses(struct slice text)
{
	size_t at;

	if (check_copy(text, &at) == NULL)
		die("taken", text);
	if (at > text.n)
		die("error behind the end", text);
}

/* As it is, and with as much in front and behind that it crosses blocks. */
static void
everywhere(struct slice text, void (*test)(struct slice))
{
	static const size_t shift[] = { 0, 1, 29, 58, 61, 62, 63, 64, 127 };
	struct buf b = { 0 };
	size_t i, k;

	test(text);
	for (i = 0; i < sizeof shift / sizeof shift[0]; i++) {
		b.n = 0;
		buf_str(&b, "[\"");
		for (k = 0; k < shift[i]; k++)
			buf_char(&b, 'x');
		buf_str(&b, "\",");
		buf_slice(&b, text);
		buf_str(&b, ",\"y\"]");
		test((struct slice){ b.p, b.n });
	}
	buf_free(&b);
}

#define TAKES(lit)	(AT, everywhere(SLICE(lit), takes))
#define REFUSES(lit)	(AT, everywhere(SLICE(lit), refuses))
#define ALONE(lit)	(AT, refuses(SLICE(lit)))

/* 2: structural characters and white space; 3: values. */
static void
test_grammar(void)
{
	TAKES("true");
	TAKES("false");
	TAKES("null");
	TAKES(" \t\r\n1 \t\r\n");
	TAKES("[ ]");
	TAKES(" { \"a\" : [ 1 , 2 ] } ");
	REFUSES("");
	REFUSES(" ");
	REFUSES("True");
	REFUSES("nul");
	REFUSES("nullx");
	REFUSES("truefalse");
	REFUSES("undefined");
	REFUSES("NaN");
	REFUSES("Infinity");
	REFUSES("'a'");
	REFUSES("a");
	REFUSES("1 2");
	REFUSES("\"a\" \"b\"");
	REFUSES("1\"a\"");
	REFUSES("\"a\"1");
	REFUSES("\f1");
	REFUSES("\v1");
	REFUSES("1\f");
	REFUSES("\xc2\xa0" "1");
	REFUSES("/* */1");
	REFUSES("1//x");
	REFUSES("\0" "1");
	REFUSES("1\0");
	ALONE("1,");
	ALONE(",1");
	AT;
	takes(SLICE("\xef\xbb\xbf" "1"));
	refuses(SLICE("\xef\xbb\xbf"));
	refuses(SLICE("\xef\xbb\xbf\xef\xbb\xbf" "1"));
	refuses(SLICE(" \xef\xbb\xbf" "1"));
	refuses(SLICE("[\xef\xbb\xbf" "1]"));
	ALONE("]");
	ALONE("}");
	ALONE(":");
	ALONE("[1]]");
	ALONE("{}}");
	ALONE("[1][2]");
	ALONE("{}{}");
}

/* 4: objects; 5: arrays. */
static void
test_containers(void)
{
	TAKES("{}");
	TAKES("{\"\":0}");
	TAKES("{\"a\":1,\"a\":2}");
	TAKES("{\"a\":{\"b\":{\"c\":[[[]],{}]}}}");
	TAKES("[1,\"a\",null,true,[],{}]");
	REFUSES("{\"a\"}");
	REFUSES("{\"a\":}");
	REFUSES("{\"a\":1,}");
	REFUSES("{,\"a\":1}");
	REFUSES("{\"a\":1,,\"b\":2}");
	REFUSES("{\"a\" 1}");
	REFUSES("{\"a\"::1}");
	REFUSES("{\"a\":1 \"b\":2}");
	REFUSES("{\"a\":1:2}");
	REFUSES("{a:1}");
	REFUSES("{1:1}");
	REFUSES("{null:1}");
	REFUSES("{[]:1}");
	REFUSES("{\"a\":1]");
	REFUSES("{\"a\",1}");
	REFUSES("{\"a\":x}");
	REFUSES("{x\"a\":1}");
	REFUSES("{\"a\"x:1}");
	REFUSES("{\"a\":1x}");
	REFUSES("{\"a\":\"b\"x}");
	REFUSES("{\"a\":{}x}");
	REFUSES("{:1}");
	REFUSES("{");
	REFUSES("[");
	REFUSES("[1}");
	REFUSES("[1,]");
	REFUSES("[,1]");
	REFUSES("[,]");
	REFUSES("[1,,2]");
	REFUSES("[1 2]");
	REFUSES("[1:2]");
	REFUSES("[[1]");
	REFUSES("[{]}");
	REFUSES("[\"a\":1]");
	REFUSES("[]]");
}

/* 6: numbers. */
static void
test_numbers(void)
{
	TAKES("0");
	TAKES("-0");
	TAKES("10");
	TAKES("-1");
	TAKES("0.5");
	TAKES("-0.0");
	TAKES("1e5");
	TAKES("1E5");
	TAKES("1e+5");
	TAKES("1e-5");
	TAKES("1.25e007");
	TAKES("123456789012345678901234567890.5e999999");
	REFUSES("00");
	REFUSES("01");
	REFUSES("-01");
	REFUSES("-");
	REFUSES("+1");
	REFUSES("--1");
	REFUSES(".5");
	REFUSES("-.5");
	REFUSES("1.");
	REFUSES("1.e5");
	REFUSES("1e");
	REFUSES("1e+");
	REFUSES("1e5.5");
	REFUSES("1.2.3");
	REFUSES("0x10");
	REFUSES("1_000");
	REFUSES("1 000");
	REFUSES("1a");
	REFUSES("-Infinity");
	REFUSES("\xef\xbc\x91");
}

/* 7: strings. */
static void
test_strings(void)
{
	TAKES("\"\"");
	TAKES("\" {}[]:,\"");
	TAKES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"");
	TAKES("\"\\u0000\\uABCD\\uabcd\\u12aF\"");
	TAKES("\"\\ud83d\\ude00\"");
	TAKES("\"\\ud83d\"");
	TAKES("\"\x7f\"");
	TAKES("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
	TAKES("\"\xff\xc0\x80\"");
	TAKES("\"\\\\\"");
	TAKES("\"\\\\\\\"\"");
	TAKES("\"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"");
	REFUSES("\"");
	REFUSES("\"a");
	REFUSES("\"\\\"");
	REFUSES("\"\\\\\\\"");
	REFUSES("\"\\a\"");
	REFUSES("\"\\x41\"");
	REFUSES("\"\\U0041\"");
	REFUSES("\"\\'\"");
	REFUSES("\"\\u\"");
	REFUSES("\"\\u1\"");
	REFUSES("\"\\u123\"");
	REFUSES("\"\\u12g4\"");
	REFUSES("\"\\u 123\"");
	REFUSES("\"\\u-123\"");
	REFUSES("\"\t\"");
	REFUSES("\"\n\"");
	REFUSES("\"\x1f\"");
	REFUSES("\"a\0b\"");
	REFUSES("\\\"a\"");
	REFUSES("\"a\"\\");
	ALONE("\"\\");
	ALONE("\"\\u");
	ALONE("\"\\u12");
}

static void
decodes(struct slice raw, struct slice want)
{
	struct slice got;

	takes(raw);
	got = json_decode(raw, &A);
	if ((got.p == NULL) != (want.p == NULL) || !slice_eq(got, want))
		die("decoded otherwise", got);
}

#define DECODES(raw, want)	(AT, decodes(SLICE(raw), SLICE(want)))

static void
test_decode(void)
{
	DECODES("\"\"", "");
	DECODES("\"a b\"", "a b");
	DECODES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
	DECODES("\"x\\u0041y\"", "xAy");
	DECODES("\"\\u0000\"", "\0");
	DECODES("\"\\u007f\\u0080\\u07ff\\u0800\\uffff\"",
	    "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf");
	DECODES("\"\\ud800\\udc00\"", "\xf0\x90\x80\x80");
	DECODES("\"\\uDBFF\\uDFFF\"", "\xf4\x8f\xbf\xbf");
	DECODES("\"\\ud83d\\ude00!\"", "\xf0\x9f\x98\x80!");
	DECODES("\"\\ud83d!\"", "\xef\xbf\xbd!");
	DECODES("\"\\ud83d\"", "\xef\xbf\xbd");
	DECODES("\"\\ude00\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd");
	DECODES("\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80");
	DECODES("\"\\ud83d\\n\"", "\xef\xbf\xbd\n");
	DECODES("\"\\ud83d\\u0041\"", "\xef\xbf\xbd" "A");
	DECODES("1.50", "1.50");
	DECODES("true", "true");
	DECODES("{\"a\":\"\\n\"}", "{\"a\":\"\\n\"}");
	AT;
	decodes(SLICE("null"), (struct slice){ NULL, 0 });
}

static void
puts_as(struct slice text, struct slice want)
{
	struct buf b = { 0 };

	json_put_value(&b, text);
	takes((struct slice){ b.p, b.n });
	if (!slice_eq((struct slice){ b.p, b.n }, want))
		die("written otherwise", (struct slice){ b.p, b.n });
	buf_free(&b);
}

#define PUTS(text, want)	(AT, puts_as(SLICE(text), SLICE(want)))

static void
test_put(void)
{
	PUTS("", "\"\"");
	PUTS("12", "12");
	PUTS("-1.50e3", "-1.50e3");
	PUTS("012", "\"012\"");
	PUTS("+1", "\"+1\"");
	PUTS("true", "\"true\"");
	PUTS("null", "\"null\"");
	PUTS("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
	PUTS("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
	PUTS("\0\x1f\x7f", "\"\\u0000\\u001f\x7f\"");
	PUTS("plain text that is long enough \"for words\" of eight",
	    "\"plain text that is long enough \\\"for words\\\" of eight\"");
	PUTS("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
	PUTS("\xff", "\"\xef\xbf\xbd\"");
	PUTS("\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	PUTS("\xed\xa0\x80",
	    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	PUTS("\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	PUTS("\xf4\x90\x80\x80",
	    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	AT;
	puts_as((struct slice){ NULL, 0 }, SLICE("null"));
}

/* No text that is cut short is one. */
static void
test_truncated(void)
{
	const struct slice whole = SLICE(" {\"a\":[1,-2.5e3,true,"
	    "false,null,\"\\\\ \\\" \\u0041 \\ud83d\\ude00\",{\"b\":{},"
	    "\"c\":[]}],\"d\":{\"e\":[[[0]]]},\"long enough for the second "
	    "block\":\"and the third one, which is of 64 bytes, too\"}");
	size_t n;

	AT;
	takes(whole);
	for (n = 0; n < whole.n; n++)
		refuses((struct slice){ whole.p, n });
}

/* open, inside, close: depth times. */
static struct slice
deep(struct buf *b, size_t depth, const char *open, const char *inside,
    const char *close)
{
	size_t i;

	b->n = 0;
	for (i = 0; i < depth; i++)
		buf_str(b, open);
	buf_str(b, inside);
	for (i = 0; i < depth; i++)
		buf_str(b, close);
	return (struct slice){ b->p, b->n };
}

/* 9: an implementation may set limits; here there are none. */
static void
test_depth(void)
{
	static const size_t depths[] = { 63, 64, 65, 1023, 1024, 1025, 10000,
	    1000000 };
	struct buf b = { 0 };
	size_t i, n;

	AT;
	for (i = 0; i < sizeof depths / sizeof depths[0]; i++) {
		n = depths[i];
		takes(deep(&b, n, "[", "", "]"));
		takes(deep(&b, n, "{\"a\":", "1", "}"));
		takes(deep(&b, n, "[{\"a\":", "[]", "}]"));
		refuses(deep(&b, n, "[", "]", "]"));
		refuses(deep(&b, n, "[", "}", "]"));
		refuses((struct slice){ deep(&b, n, "[", "", "").p, n });
		deep(&b, n, "{\"a\":", "1", "}");
		b.p[b.n - n / 2 - 1] = ']';
		refuses((struct slice){ b.p, b.n });
	}
	buf_free(&b);
}

static void
fails_at(struct slice text, size_t want)
{
	const char *why;
	size_t at;

	why = check_copy(text, &at);
	if (why == NULL || at != want) {
		fprintf(stderr, "json.c: at %zu, not %zu\n", at, want);
		die(why == NULL ? "taken" : why, text);
	}
}

static void
test_offsets(void)
{
	AT;
	fails_at(SLICE("{\"a\":1,\"b\":tru}"), 11);
	fails_at(SLICE("{\"a\":1 \"b\":2}"), 7);
	fails_at(SLICE("{\"a\":\"x\\q\"}"), 7);
	fails_at(SLICE("{\"a\":\"x\ty\",}"), 7);
	fails_at(SLICE("{\"a\":1,} \"\t\""), 7);
	fails_at(SLICE("{\"a\":\"xyz"), 5);
	fails_at(SLICE("{\"a\":[1,2"), 9);
	fails_at(SLICE("1 x"), 2);
	fails_at(SLICE("[1] x"), 4);
}

int
main(void)
{
	scan_init();
	test_grammar();
	test_containers();
	test_numbers();
	test_strings();
	test_decode();
	test_put();
	test_truncated();
	test_depth();
	test_offsets();
	arena_free(&A);
	return 0;
}
