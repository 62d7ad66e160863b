/* regex.c - patterns against tables, regexec and each other */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/regex/regex.h"
#include "lib/scan/scan.h"
#include "test/unit/check.h"

enum { NM = 10 };

static struct arena arena;

static _Noreturn void
die(const char *what, const char *pattern, struct slice subject)
{
	fprintf(stderr, "regex: %s: pattern '%s', subject '%.*s' (%zu)\n",
	    what, pattern, (int)subject.n, subject.p, subject.n);
	exit(1);
}

static struct regex *
compile(struct slice pattern, unsigned flags)
{
	const char *err;
	size_t at;
	struct regex *re = regex_new(pattern, flags, &arena, &err, &at);

	if (re == NULL)
		die(err, pattern.p, SLICE(""));
	return re;
}

/* "(0,3)(1,2)(?,?)" */
static char *
show(char *to, struct slice subject, const struct slice *m, size_t nm)
{
	size_t at = 0;

	for (size_t g = 0; g < nm; g++)
		if (m[g].p == NULL)
			at += (size_t)sprintf(to + at, "(?,?)");
		else
			at += (size_t)sprintf(to + at, "(%zu,%zu)",
			    (size_t)(m[g].p - subject.p),
			    (size_t)(m[g].p - subject.p) + m[g].n);
	return to;
}

/* What is expected: groups as show() prints them, NULL for no match. */
struct known {
	const char *pattern, *subject, *groups;
	unsigned flags;
};

static const struct known known[] = {
	/* the whole match */
	{ "abc", "xabcabc", "(1,4)", 0 },
	{ "", "abc", "(0,0)", 0 },
	{ "", "", "(0,0)", 0 },
	{ "a", "", NULL, 0 },
	{ "a.c", "a\nc", "(0,3)", 0 },
	{ "x*", "aaa", "(0,0)", 0 },
	{ "ab|abcd", "xabcde", "(1,5)", 0 },
	{ "abcd|b", "abcx", "(1,2)", 0 },
	{ "abcd|b", "abcd", "(0,4)", 0 },
	{ "a|ab|abc|abcd", "zabcz", "(1,4)", 0 },
	/* anchors */
	{ "^a", "ba", NULL, 0 },
	{ "^a", "ab", "(0,1)", 0 },
	{ "a$", "aba", "(2,3)", 0 },
	{ "^$", "", "(0,0)", 0 },
	{ "^$", "a", NULL, 0 },
	{ "$", "abc", "(3,3)", 0 },
	{ "^", "abc", "(0,0)", 0 },
	{ "(a^b)", "a^b", NULL, 0 },
	{ "a$b|c", "a$b", NULL, 0 },
	{ "a$b|c", "a$bc", "(3,4)", 0 },
	{ "a$b*", "ba", "(1,2)", 0 },
	{ "a*^b", "b", "(0,1)", 0 },
	{ "(^|x)a", "a", "(0,1)(0,0)", 0 },
	{ "(^|x)a", "bxa", "(1,3)(1,2)", 0 },
	{ "(a$|b)c*", "bcca", "(0,3)(0,1)", 0 },
	{ "^^a", "a", "(0,1)", 0 },
	{ "x(^a)", "xa", NULL, 0 },
	{ "(^a)*b", "cb", "(1,2)(?,?)", 0 },
	{ "(^a|b)c", "xbc", "(1,3)(1,2)", 0 },
	/* brackets */
	{ "[abc]+", "xxbcax", "(2,5)", 0 },
	{ "[^abc]+", "abxyc", "(2,4)", 0 },
	{ "[]a]+", "x]a]", "(1,4)", 0 },
	{ "[^]a]+", "]xa", "(1,2)", 0 },
	{ "[a-c]+", "xabcd", "(1,4)", 0 },
	{ "[a-]+", "b-a-", "(1,4)", 0 },
	{ "[-a]+", "b-a-", "(1,4)", 0 },
	{ "[--/]+", "a-./", "(1,4)", 0 },
	{ "[+--]+", "+,-.", "(0,3)", 0 },
	{ "[\\]+", "a\\\\]", "(1,3)", 0 },
	{ "[\\\\]+", "a\\\\d", "(1,3)", 0 },
	{ "[\\\\d]+", "1\\d", "(1,3)", 0 },
	{ "[\\/]+", "a\\/", "(1,3)", 0 },
	{ "[\\.]+", "a.\\", "(1,3)", 0 },
	{ "[.\\-]+", "a-\\.", "(1,4)", 0 },
	{ "[\\\\-a]+", "b]`-", "(1,3)", 0 },
	{ "[\\][a]", "\\a", "(0,2)", 0 },
	{ "[\\d.]+", "a1.2\\d", "(1,4)", 0 },
	{ "[^\\s]+", " ab\t", "(1,3)", 0 },
	{ "[\\w.-]+", " a_1.-\\", "(1,6)", 0 },
	{ "[\\D]+", "1ab2", "(1,3)", 0 },
	{ "[^\\W1]+", "-a1", "(1,2)", 0 },
	{ "[\\S\\s]+", "a \n", "(0,3)", 0 },
	{ "[\\t ]+", "t \t\\", "(1,3)", 0 },
	{ "[^\\t]+", "\tt\\\t", "(1,3)", 0 },
	{ "[\\r\\n]+", "rn\r\n", "(2,4)", 0 },
	{ "[\\x41-\\x43]+", "xABCD4", "(1,4)", 0 },
	{ "[\\t-\\r]+", "\b\t\n\r", "(1,4)", 0 },
	{ "[*.]+", "a.*", "(1,3)", 0 },
	{ "[[:digit:]]+", "ab123", "(2,5)", 0 },
	{ "[^[:digit:]]+", "12ab3", "(2,4)", 0 },
	{ "[[:alpha:]_][[:alnum:]_]*", "9a_1-", "(1,4)", 0 },
	{ "[[:upper:][:digit:]]+", "aB1c", "(1,3)", 0 },
	{ "[[:space:]]+", "a \t\n\v\f\rb", "(1,7)", 0 },
	{ "[[:blank:]]+", "a \t\nb", "(1,3)", 0 },
	{ "[[:punct:]]+", "a!~/b", "(1,4)", 0 },
	{ "[[:cntrl:]]+", "a\001\177b", "(1,3)", 0 },
	{ "[[:print:]]+", "\001a b\002", "(1,4)", 0 },
	{ "[[:graph:]]+", " ab ", "(1,3)", 0 },
	{ "[[:xdigit:]]+", "xFf0g", "(1,4)", 0 },
	{ "[[:lower:]]+", "AbcD", "(1,3)", 0 },
	{ "[[.a.]]+", "baa", "(1,3)", 0 },
	{ "[[.].]]+", "a]]", "(1,3)", 0 },
	{ "[[...]]+", "a..", "(1,3)", 0 },
	{ "[[=a=]b]+", "cab", "(1,3)", 0 },
	{ "[[.a.]-[.c.]]+", "xabcd", "(1,4)", 0 },
	{ "[a[.-.]z]+", "b-az", "(1,4)", 0 },
	{ "[[]+", "a[[", "(1,3)", 0 },
	{ "[[a]+", "x[a", "(1,3)", 0 },
	{ "a]", "a]", "(0,2)", 0 },
	/* intervals */
	{ "a{2}", "aaa", "(0,2)", 0 },
	{ "a{2,}", "aaaa", "(0,4)", 0 },
	{ "a{1,2}", "aaa", "(0,2)", 0 },
	{ "a{0}b", "ab", "(1,2)", 0 },
	{ "(a){0}b", "ab", "(1,2)(?,?)", 0 },
	{ "(ab){2,3}", "abababab", "(0,6)(4,6)", 0 },
	{ "(a|ab){2}", "aba", "(0,3)(2,3)", 0 },
	{ "a{0,1}b", "aab", "(1,3)", 0 },
	{ "a{,b", NULL, NULL, 0 },
	{ "{\"a\":1}", "x{\"a\":1}", "(1,8)", 0 },
	{ "a{x", "a{x", "(0,3)", 0 },
	{ "a{", "a{", "(0,2)", 0 },
	{ "a}", "a}", "(0,2)", 0 },
	{ "(a{2}){2}", "aaaaa", "(0,4)(2,4)", 0 },
	{ "[0-9]{1,3}(\\.[0-9]{1,3}){3}", "ip 10.0.0.255 ", "(3,13)(9,13)", 0 },
	{ "(a){255}", "b", NULL, 0 },
	/* alternation, empty alternatives */
	{ "a|b|", "c", "(0,0)", 0 },
	{ "(|a)b", "ab", "(0,2)(0,1)", 0 },
	{ "(a|)b", "b", "(0,1)(0,0)", 0 },
	{ "()b", "ab", "(1,2)(1,1)", 0 },
	{ "a||b", "b", "(0,1)", 0 },
	{ "(a|b)*", "abc", "(0,2)(1,2)", 0 },
	/* groups, as POSIX divides the match */
	{ "(a|ab)(c|bcd)(d*)", "abcd", "(0,4)(0,2)(2,3)(3,4)", 0 },
	{ "(a|ab)(bcd|c)(d*)", "abcd", "(0,4)(0,2)(2,3)(3,4)", 0 },
	{ "(ab|a)(c|bcd)(d*)", "abcd", "(0,4)(0,2)(2,3)(3,4)", 0 },
	{ "(a*)(b|abc)", "abc", "(0,3)(0,0)(0,3)", 0 },
	{ "((a|ab)(c|bcd))(d*)", "abcd", "(0,4)(0,4)(0,1)(1,4)(4,4)", 0 },
	{ "(a*)(ab)*(b*)", "abb", "(0,3)(0,1)(?,?)(1,3)", 0 },
	{ "(.*)-(.*)", "a-b-c", "(0,5)(0,3)(4,5)", 0 },
	{ "(.?)(.?)(.?)", "ab", "(0,2)(0,1)(1,2)(2,2)", 0 },
	{ "(a*)*", "a", "(0,1)(0,1)", 0 },
	{ "(a*)*", "x", "(0,0)(0,0)", 0 },
	{ "(a*)+", "aa", "(0,2)(0,2)", 0 },
	{ "(a*)+", "x", "(0,0)(0,0)", 0 },
	{ "(a|b)*", "x", "(0,0)(?,?)", 0 },
	{ "(a*|b)*", "aab", "(0,3)(2,3)", 0 },
	{ "(a*){2}", "aa", "(0,2)(2,2)", 0 },
	{ "((a)|b)*", "ab", "(0,2)(1,2)(?,?)", 0 },
	{ "((a)|(b))*", "ba", "(0,2)(1,2)(1,2)(?,?)", 0 },
	{ "((a)?b)*", "abb", "(0,3)(2,3)(?,?)", 0 },
	{ "(a+|b){2}", "aaab", "(0,4)(3,4)", 0 },
	{ "(ab|a)(bc)?", "abc", "(0,3)(0,1)(1,3)", 0 },
	{ "(foo|foobar)(bar)?", "foobar", "(0,6)(0,6)(?,?)", 0 },
	{ "(x?)(ab|aba)*", "ababa", "(0,5)(0,0)(2,5)", 0 },
	{ "((((a))))", "a", "(0,1)(0,1)(0,1)(0,1)(0,1)", 0 },
	{ "(a)|(b)", "b", "(0,1)(?,?)(0,1)", 0 },
	{ "(a)|b", "b", "(0,1)(?,?)", 0 },
	{ "\"([A-Z]+) ([^ ]*) ([^\"]*)\"", "- \"GET /a HTTP/1.1\" 200",
	    "(2,19)(3,6)(7,9)(10,18)", 0 },
	{ "(.*)(\\bfoo\\b)(.*)", "a foo foo b", "(0,11)(0,6)(6,9)(9,11)", 0 },
	{ "(^a|b)+(c$)?", "abc", "(0,3)(1,2)(2,3)", 0 },
	/* escapes */
	{ "\\.\\*\\[\\]\\(\\)\\|\\+\\?\\{\\}\\^\\$\\\\", "x.*[]()|+?{}^$\\",
	    "(1,15)", 0 },
	{ "\\w+", "-a_9-", "(1,4)", 0 },
	{ "\\W+", "a-+b", "(1,3)", 0 },
	{ "\\s\\S", "a b", "(1,3)", 0 },
	{ "\\d+\\D", "a12b", "(1,4)", 0 },
	{ "\\bfoo\\b", "foobar foo.", "(7,10)", 0 },
	{ "\\Boo", "oo foo", "(4,6)", 0 },
	{ "a\\b", "ab a", "(3,4)", 0 },
	{ "\\b", "  a", "(2,2)", 0 },
	{ "\\b", "  ", NULL, 0 },
	{ "\\B", "", "(0,0)", 0 },
	{ "\\t\\n\\r\\f\\v", "t\t\n\r\f\v", "(1,6)", 0 },
	{ "\\x41\\x7a+", "x41Azz", "(3,6)", 0 },
	{ "\\x2e", "a.", "(1,2)", 0 },
	{ "\\-\\/\\\"\\:\\ \\_", "a-/\": _", "(1,7)", 0 },
	/* groups without a number, either case */
	{ "(?:a|b)+c", "xabc", "(1,4)", 0 },
	{ "(?:a|ab)(c|bcd)(?:d*)", "abcd", "(0,4)(2,3)", 0 },
	{ "(?:(a)|b)*", "ab", "(0,2)(?,?)", 0 },
	{ "(?:a*)+", "aab", "(0,2)", 0 },
	{ "(?:)(x)", "x", "(0,1)(0,1)", 0 },
	{ "(?:^|,)b", "a,b", "(1,3)", 0 },
	{ "(?i)aBc", "xAbC", "(1,4)", 0 },
	{ "(?i)[^a]", "A", NULL, 0 },
	{ "(?i)^err(or)?$", "ERROR", "(0,5)(3,5)", 0 },
	{ "(?i)a", "A(?i)a", "(1,6)", REGEX_FIXED },
	/* either case */
	{ "aBc", "xAbC", "(1,4)", REGEX_ICASE },
	{ "[a-c]+", "xABz", "(1,3)", REGEX_ICASE },
	{ "[^a]", "A", NULL, REGEX_ICASE },
	{ "[[:upper:]]+", "-ab", "(1,3)", REGEX_ICASE },
	{ "(a|B)+", "AbaBx", "(0,4)(3,4)", REGEX_ICASE },
	{ "k", "\xe2\x84\xaa", NULL, REGEX_ICASE },
	{ "[@-[]+", "@`{[", "(0,1)", 0 },
	/* plain text, the whole subject */
	{ "a.c", "abc a.c", "(4,7)", REGEX_FIXED },
	{ "(a", "b(a", "(1,3)", REGEX_FIXED },
	{ "A.", "xa.", "(1,3)", REGEX_FIXED | REGEX_ICASE },
	{ "", "x", "(0,0)", REGEX_FIXED },
	{ "a|ab", "ab", "(0,2)", REGEX_WHOLE },
	{ "a|b", "ab", NULL, REGEX_WHOLE },
	{ "a.c", "a.c", "(0,3)", REGEX_WHOLE | REGEX_FIXED },
	{ "a.c", "xa.c", NULL, REGEX_WHOLE | REGEX_FIXED },
	{ "(a|ab)(c|bcd)?", "ab", "(0,2)(0,2)(?,?)", REGEX_WHOLE },
	{ "", "", "(0,0)", REGEX_WHOLE },
	{ "", "a", NULL, REGEX_WHOLE },
};

static void
test_known(void)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const struct known *k = &known[i];
		struct slice s, m[NM];
		struct regex *re;
		char got[256] = "";
		size_t nm;
		bool hit;

		if (k->subject == NULL)
			continue;
		s = slice_str(k->subject);
		re = compile(slice_str(k->pattern), k->flags);
		nm = regex_groups(re) + 1;
		hit = regex_find(re, s, 0, m, nm);
		if (hit != (k->groups != NULL) || hit != regex_test(re, s))
			die("a match or none", k->pattern, s);
		if (hit && strcmp(show(got, s, m, nm), k->groups) != 0) {
			fprintf(stderr, "%s, not %s\n", got, k->groups);
			die("groups", k->pattern, s);
		}
		regex_free(re);
	}
}

static const struct {
	const char *pattern;
	size_t at;
	const char *part;	/* of the message */
} wrong[] = {
	{ "a(b", 1, "unmatched (" },
	{ "ab)", 2, "unmatched )" },
	{ "a|)", 2, "unmatched )" },
	{ "a[b", 1, "unmatched [" },
	{ "a[]", 1, "unmatched [" },
	{ "[[:alpha:", 1, "unmatched [" },
	{ "[[:alpha:]", 0, "unmatched [" },
	{ "[[:nothing:]]", 1, "[:alnum:] [:alpha:]" },
	{ "[[:word:]]", 1, "[:xdigit:]" },
	{ "[:digit:]", 0, "[[:digit:]]" },
	{ "a[^:space:]", 1, "[^[:space:]]" },
	{ "[[.space.]]", 1, "single" },
	{ "[[==]]", 1, "single" },
	{ "[z-a]", 1, "range" },
	{ "[a-c-e]", 4, "range" },
	{ "[[:digit:]-a]", 1, "range" },
	{ "a\\", 1, "backslash" },
	{ "a\\q", 1, "\\q has no meaning here" },
	{ "a\\\303\251", 1, "\\\\" },
	{ "\\<a", 0, "\\b" },
	{ "a\\>", 1, "\\b" },
	{ "\\`a", 0, "^" },
	{ "\\Aa", 0, "^" },
	{ "a\\Z", 1, "$" },
	{ "a\\z", 1, "$" },
	{ "a\\'", 1, "$" },
	{ "a\\h", 1, "[[:blank:]]" },
	{ "\\p{L}", 0, "[[:alpha:]]" },
	{ "\\u00e9", 0, "\\xHH" },
	{ "\\e[", 0, "\\xHH" },
	{ "\\012", 0, "\\xHH" },
	{ "a\\x4", 1, "two" },
	{ "a\\x4g", 1, "two" },
	{ "\\Qa.b\\E", 0, "backslash before each" },
	{ "a=\\Kb", 2, "( )" },
	{ "(a)\\1", 3, "back-references" },
	{ "[\\q]", 1, "\\q has no meaning here" },
	{ "[a\\1]", 2, "back-references" },
	{ "[\\b]", 1, "bracket" },
	{ "[\\pL]", 1, "[[:alpha:]]" },
	{ "[^\\]]*", 2, "] stands first" },
	{ "[^\\]\"]*", 2, "] stands first" },
	{ "[\\[\\]]", 3, "] stands first" },
	{ "x[\\\\\\]]", 4, "] stands first" },
	{ "[a\\-z]", 2, "- stands first or last" },
	{ "[\\w\\-.]", 3, "- stands first or last" },
	{ "[\\w-.]", 1, "- stands first or last" },
	{ "[.-\\d]", 1, "- stands first or last" },
	{ "(.*?)\"", 3, "[^\"]*" },
	{ "<.+?>", 3, "[^>]+" },
	{ "\\[(.*?)\\]", 5, "[^]]*" },
	{ "((.*?)) ", 4, "[^ ]*" },
	{ "(.*?)", 3, "[^\"]*" },
	{ "(.*?)\\d", 3, "[^\"]*" },
	{ "a\\w+?b", 4, "write +" },
	{ "a??", 2, "write ?" },
	{ "[ab]{2,}?", 8, "write {2,}" },
	{ "a*+", 2, "write * alone" },
	{ "a++", 2, "write + alone" },
	{ "a{2}+", 4, "write {2} alone" },
	{ "(?=a)", 0, "ahead" },
	{ "a(?!b)", 1, "grep -v" },
	{ "(?<=a)b", 0, "behind" },
	{ "(?<!a)b", 0, "behind" },
	{ "(?<n>a)", 0, "name" },
	{ "(?P<n>a)", 0, "name" },
	{ "(?>a)", 0, "( )" },
	{ "a(?i)b", 1, "start" },
	{ "(?i:b)", 0, "start" },
	{ "(?s).", 0, "(?:" },
	{ "(?", 0, "(?:" },
	{ "(?:a", 0, "unmatched (" },
	{ "a$b", 1, "\\$" },
	{ "$5", 0, "\\$" },
	{ "a$b+", 1, "\\$" },
	{ "a$\n", 1, "\\$" },
	{ "a^b", 1, "\\^" },
	{ "x+^", 2, "\\^" },
	{ "*a", 0, "nothing to repeat" },
	{ "(+a)", 1, "nothing to repeat" },
	{ "a|?", 2, "nothing to repeat" },
	{ "{1}", 0, "nothing to repeat" },
	{ "^*", 1, "nothing to repeat" },
	{ "a\\b+", 3, "nothing to repeat" },
	{ "a{1", 1, "unmatched {" },
	{ "a{1,2", 1, "unmatched {" },
	{ "a{1x}", 1, "unmatched {" },
	{ "a{,2}", 1, "interval" },
	{ "a{2,1}", 1, "interval" },
	{ "a{256}", 2, "255" },
	{ "a{1,99999999999}", 4, "255" },
	{ "((a{255}){255}){255}", 0, "too large" },
	{ "(a{200}){200}", 0, "too large" },
};

static void
test_wrong(void)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const char *err = NULL, *p = wrong[i].pattern;
		size_t at = 99;

		if (regex_new(slice_str(p), 0, &arena, &err, &at) != NULL)
			die("should not compile", p, SLICE(""));
		if (strstr(err, wrong[i].part) == NULL || at != wrong[i].at) {
			fprintf(stderr, "regex: '%s' at %zu\n", err, at);
			die("another error expected", p, SLICE(""));
		}
	}
}

/* Any byte may stand in a subject, and in a pattern. */
static void
test_bytes(void)
{
	static const struct {
		struct slice pattern, subject;
		size_t at, n;
	} any[] = {
		{ { "a.b", 3 }, { "xa\0b", 4 }, 1, 3 },
		{ { "a\0b", 3 }, { "ab\0a\0b", 6 }, 3, 3 },
		{ { "[^a]+", 5 }, { "a\0\377\n", 4 }, 1, 3 },
		{ { "[\200-\377]+$", 7 }, { "a\200\303\251", 4 }, 1, 3 },
		{ { "\\W+", 3 }, { "a\0\351", 3 }, 1, 2 },
		{ { "[[:cntrl:]]", 11 }, { "a\0", 2 }, 1, 1 },
		{ { "[\0-\2]+", 7 }, { "a\1\2\0\3", 5 }, 1, 3 },
		{ { "^$", 2 }, { NULL, 0 }, 0, 0 },
		{ { "x*", 2 }, { NULL, 0 }, 0, 0 },
	};

	for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
		struct regex *re = compile(any[i].pattern, 0);
		struct slice m;

		if (!regex_find(re, any[i].subject, 0, &m, 1) ||
		    m.p == NULL || m.n != any[i].n || (any[i].subject.n > 0 &&
		    m.p != any[i].subject.p + any[i].at))
			die("bytes", any[i].pattern.p, any[i].subject);
		regex_free(re);
	}
}

/* Patterns and subjects that take most matchers for ever. */
static void
test_hard(void)
{
	static const char *const hard[] = {
		"(a*)*b", "(a|a)*b", "((a*)|b*)*c", "((a*)*|b*)*", "(x+x+)+y",
		"(a|a[^b]*b)*", "((a|aa)(a|aa))*", "(.*)(.*)(.*)(.*)x",
		"(a?){50}a{50}(b)", "((a{0,5}){0,5}){0,5}(b)", "(a+)+(a+)+$",
		"(.*a){12}(b)?", "[ax][^b]{40}c", "((.)(.))*(c)", "(\\b|a)*$",
		"(x|a)*(a|x){10}[ab]x"
	};
	size_t n = 100000;
	char *p = mem_alloc(n);

	for (size_t i = 0; i < sizeof hard / sizeof *hard; i++)
		for (int kind = 0; kind < 3; kind++) {
			struct regex *re = compile(slice_str(hard[i]), 0);
			struct slice m[NM], s = { p, n };
			size_t nm = regex_groups(re) + 1;

			memset(p, 'a', n);
			if (kind == 1)
				p[n - 1] = 'b';
			for (size_t j = 0; kind == 2 && j < n; j++)
				p[j] = j * j % 7 < 3 ? 'x' : 'a';
			if (regex_test(re, s) != regex_find(re, s, 0, m, nm))
				die("test and find differ", hard[i],
				    SLICE("a..."));
			regex_free(re);
		}
	free(p);
}

static char *
put(char *to, const char *s)
{
	size_t n = strlen(s);

	memcpy(to, s, n + 1);
	return to + n;
}

/*
 * A random pattern; *budget bounds how many atoms it gets.  Only asserting
 * patterns have anchors, and repeat no groups: glibc, which writes repeats out,
 * forgets what guards the copies ("((^b){2})|a" is not in "bda", nor
 * "($|^[^a]*)+ab" in "dab"; "($.|){2}" is the "x" of "xy").  It takes "a*\B"
 * for "a" in "ba".
 */
static char *
random_pattern(char *to, int depth, int *budget, bool asserting)
{
	static const char *const atom[] = { "a", "b", "c", "ab", "bc", ".",
	    "[ab]", "[^a]", "abc", "[[:alpha:]]" };
	static const char *const times[] = { "*", "+", "?", "{2}", "{1,2}",
	    "{0,2}", "{2,}" };
	static const char *const assert[] = { "^", "$", "\\b" };
	unsigned alts = chance(3) == 0 ? 2 + chance(2) : 1;

	for (unsigned a = 0; a < alts; a++) {
		unsigned pieces = 1 + chance(3);

		if (a > 0)
			to = put(to, "|");
		for (unsigned i = 0; i < pieces && --*budget > 0; i++) {
			if (asserting && chance(4) == 0) {
				to = put(to, assert[chance(3)]);
				continue;
			}
			if (depth > 0 && chance(3) == 0) {
				to = put(to, "(");
				to = random_pattern(to, depth - 1, budget,
				    asserting);
				to = put(to, ")");
				if (asserting)
					continue;
			} else
				to = put(to, atom[chance(10)]);
			if (chance(3) == 0)
				to = put(to, times[chance(7)]);
		}
	}
	return to;
}

static void
compare(struct regex *re, const regex_t *rx, const char *pattern,
    struct slice s)
{
	regmatch_t rm[1];
	struct slice m[NM];
	bool hit = regexec(rx, s.p, 1, rm, 0) == 0;

	if (hit != regex_test(re, s) ||
	    hit != regex_find(re, s, 0, m, rx->re_nsub + 1))
		die("regexec differs", pattern, s);
	if (hit && (m[0].p - s.p != rm[0].rm_so ||
	    m[0].p - s.p + (ptrdiff_t)m[0].n != rm[0].rm_eo))
		die("regexec's match differs", pattern, s);
}

/* musl finds "(.([^a]|[[:alpha:]]ab))+" in "dbdabdaa" from 1 on, not from 0. */
#ifdef __GLIBC__
static const bool trust_regexec = true;
#else
static const bool trust_regexec = false;
#endif

static void
test_random(int rounds)
{
	for (int r = 0; r < rounds; r++) {
		char pattern[512] = "", subject[32];
		int budget = 7;
		struct regex *re;
		regex_t rx;

		if (r % 2)		/* as a group, $ may stand before a */
			strcpy(random_pattern(put(pattern, "("), 2, &budget,
			    true), ")");
		else
			random_pattern(pattern, 2, &budget, false);
		if (regcomp(&rx, pattern, REG_EXTENDED) != 0)
			continue;
		re = compile(slice_str(pattern), 0);
		for (int i = 0; i < 10; i++) {
			struct slice s = { subject, chance(10) };

			for (size_t j = 0; j < s.n; j++)
				subject[j] = "aabbc -d"[chance(8)];
			subject[s.n] = '\0';
			compare(re, &rx, pattern, s);
		}
		regfree(&rx);
		regex_free(re);
	}
}

/*
 * Concatenations of groups that are not repeated and whose alternatives, if
 * any, are single bytes: there glibc divides the match as POSIX says.
 */
static char *
random_groups(char *to, int depth)
{
	static const char *const atom[] = { "a", "b", "c", ".", "[ab]", "[^a]",
	    "(a|b)", "(b|c|d)" };
	static const char *const times[] = { "*", "+", "?", "", "{1,2}",
	    "{2,}" };

	for (unsigned pieces = 1 + chance(3); pieces > 0; pieces--)
		if (depth > 0 && chance(2) == 0) {
			to = put(to, "(");
			to = random_groups(to, depth - 1);
			to = put(to, ")");
		} else {
			unsigned k = chance(8);

			to = put(to, atom[k]);
			to = put(to, times[k < 6 ? chance(6) : 3]);
		}
	return to;
}

static void
test_groups(int rounds)
{
	for (int r = 0; r < rounds; r++) {
		char pattern[512], subject[32], got[512], want[512];
		struct regex *re;
		regmatch_t rm[20];
		struct slice m[20];
		regex_t rx;

		random_groups(pattern, 2);
		re = compile(slice_str(pattern), 0);
		if (regex_groups(re) >= 20 ||
		    regcomp(&rx, pattern, REG_EXTENDED) != 0)
			die("regcomp", pattern, SLICE(""));
		for (int i = 0; i < 20; i++) {
			struct slice s = { subject, chance(14) };
			size_t nm = rx.re_nsub + 1;

			for (size_t j = 0; j < s.n; j++)
				subject[j] = "aabbcd"[chance(6)];
			subject[s.n] = '\0';
			if (!regex_find(re, s, 0, m, nm))
				continue;
			if (regexec(&rx, subject, nm, rm, 0) != 0)
				die("regexec finds nothing", pattern, s);
			show(got, s, m, nm);
			for (size_t g = 0; g < nm; g++)
				m[g] = rm[g].rm_so < 0 ?
				    (struct slice){ NULL, 0 } :
				    (struct slice){ subject + rm[g].rm_so,
				    (size_t)(rm[g].rm_eo - rm[g].rm_so) };
			show(want, s, m, nm);
			if (strcmp(got, want) != 0) {
				fprintf(stderr, "%s, not %s\n", got, want);
				die("groups", pattern, s);
			}
		}
		regfree(&rx);
		regex_free(re);
	}
}

/* Many records side by side, and what they are made of. */
enum { RECORDS = 200 };

struct records {
	char *p;
	struct slice rec[RECORDS];
	size_t n;
};

static void
records_make(struct records *r, const char *const *word, unsigned words)
{
	size_t at[RECORDS + 1], n = 0;
	char *to = r->p = mem_alloc(RECORDS * 200);

	r->n = 1 + chance(RECORDS);
	for (size_t i = 0; i < r->n; i++) {
		at[i] = n;
		for (unsigned k = chance(4) == 0 ? 0 : chance(12); k > 0; k--)
			n = (size_t)(put(to + n, word[chance(words)]) - to);
		to[n++] = '\n';
	}
	at[r->n] = n;
	/* Nothing to read after the last one. */
	r->p = mem_alloc(n - 1);
	memcpy(r->p, to, n - 1);
	for (size_t i = 0; i < r->n; i++)
		r->rec[i] = (struct slice){ r->p + at[i],
		    at[i + 1] - at[i] - 1 };
	free(to);
}

/* A pattern against the same without a literal to look for. */
static void
test_literal(const char *pattern, unsigned flags, const char *plain,
    unsigned plain_flags, const struct records *r)
{
	struct regex *re = compile(slice_str(pattern), flags);
	struct regex *engine = compile(slice_str(plain), plain_flags);
	uint16_t got[RECORDS], one[RECORDS];
	struct slice found[RECORDS];
	const size_t match = 0;

	for (int how = 0; how < 4; how++) {
		bool contig = how & 1, invert = how & 2;
		size_t k = regex_select(re, r->rec, r->n, contig, invert, got);
		size_t w = 0;

		for (size_t i = 0; i < r->n; i++) {
			one[w] = (uint16_t)i;
			w += regex_test(engine, r->rec[i]) != invert;
		}
		if (k != w || memcmp(got, one, k * sizeof *got) != 0)
			die("select differs", pattern, r->rec[0]);
		if (invert)
			continue;
		k = regex_columns(re, r->rec, r->n, contig, &match, 1,
		    &(struct slice *){ found }, one);
		if (k != w || memcmp(got, one, k * sizeof *got) != 0)
			die("columns differ", pattern, r->rec[0]);
		for (size_t i = 0; i < k; i++) {
			struct slice f;

			if (!regex_find(engine, r->rec[got[i]], 0, &f, 1) ||
			    found[i].p != f.p || found[i].n != f.n)
				die("column differs", pattern, r->rec[got[i]]);
		}
	}
	for (size_t i = 0; i < r->n; i++)
		for (size_t from = 0; from <= r->rec[i].n; from += 3) {
			struct slice m, w;
			bool hit = regex_find(re, r->rec[i], from, &m, 1);

			if (hit != regex_find(engine, r->rec[i], from, &w, 1) ||
			    (hit && (m.p != w.p || m.n != w.n)))
				die("find differs", pattern, r->rec[i]);
		}
	regex_free(re);
	regex_free(engine);
}

static void
test_literals(void)
{
	static const char *const word[] = { "a", "b", "ab", "GET ", "get ",
	    "/index.html", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "404 ",
	    "x", "Mozilla/5.0 (", " needle ", "needl", "\"", "  ", "eedle\t",
	    "GE", "@", "`", "[", "{" };
	static const char *const pattern[] = { "needle", "n", "GET /index",
	    "^GET", "GET $", "^a*$", "^$", "", "html404 ", "(needle)",
	    " needle [^ ]*GET", "[0-9]+ needle", "(ab)+GET", "a{3}needl",
	    "aaaaaaaaaaaaaaaaaaaab", "\\bneedle\\b", "x.needle", "^.*@",
	    "^(GET|get) /", "(404|needle|get)", "n(ee)?dle", "@`\\[", "e+dle",
	    "^GET $", "e", "a", "(^a|^b)b", "a$b|x^", "\n", "a\nb",
	    "(b+$|ab)a" };
	static const char *const simd[] = { "none", "sse2", "avx2",
	    "neon" };
	char plain[256];

	for (int s = 0; s < 4; s++) {
		setenv("MBATCH_SIMD", simd[s], 1);
		scan_init();
		for (size_t i = 0; i < sizeof pattern / sizeof *pattern; i++)
			for (int round = 0; round < 4; round++) {
				struct records r;
				unsigned icase = round & 1 ? REGEX_ICASE : 0;

				records_make(&r, word, 20);
				sprintf(plain, "(%s)|x^x", pattern[i]);
				test_literal(pattern[i], icase, plain, icase,
				    &r);
				sprintf(plain, "^(%s)$|x^x", pattern[i]);
				test_literal(pattern[i], icase | REGEX_WHOLE,
				    plain, icase, &r);
				free(r.p);
			}
	}
}

int
main(void)
{
	scan_init();
	test_known();
	test_wrong();
	test_bytes();
	if (trust_regexec) {
		test_random(20000);
		test_groups(10000);
	}
	test_literals();
	test_hard();
	arena_free(&arena);
	return 0;
}
