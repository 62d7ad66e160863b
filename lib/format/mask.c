/* mask.c - what a text says, without what varies in it */
#include <string.h>

#include "lib/base/chars.h"
#include "lib/format/mask.h"

#define B	MASK_BLANK
#define M	MASK_MARK
#define D	MASK_DIGIT
#define H	MASK_HEX
#define S	MASK_SLASH
#define P	MASK_DOT
#define A	MASK_AT
#define R	MASK_REST
#define R8	R, R, R, R, R, R, R, R
#define R16	R8, R8

const unsigned char mask_kind[256] = {
	/* 00 */ R, R, R, R, R, R, R, R, R, B, B, B, B, B, R, R, R16,
	/* 20 */ B, R, M, R, R, R, R, M, M, M, R, R, M, R, P, S,
	/* 30 */ D, D, D, D, D, D, D, D, D, D, M, M, M, M, M, R,
	/* 40 */ A, H, H, H, H, H, H, R, R8,
	/* 50 */ R8, R, R, R, M, S, M, R, R,
	/* 60 */ R, H, H, H, H, H, H, R, R8,
	/* 70 */ R8, R, R, R, M, M, M, R, R,
	/* 80 */ R16, R16, R16, R16, R16, R16, R16, R16
};

/* The mask as far as it is written. */
struct mask {
	char *out, *at;
	char *star;		/* behind the last *, if only blanks and marks
				   came after it that it may be joined over */
	size_t open;		/* brackets that went as it was joined: their
				   other halves go too */
};

static inline unsigned
kind(char c)
{
	return mask_kind[(unsigned char)c];
}

static inline bool
is_stop(char c)
{
	return (kind(c) & MASK_STOP) != 0;
}

static inline bool
is_opener(char c)
{
	return c == '(' || c == '[' || c == '{' || c == '<';
}

static inline bool
is_closer(char c)
{
	return c == ')' || c == ']' || c == '}' || c == '>';
}

static inline bool
is_quote(char c)
{
	return c == '"' || c == '\'';
}

static inline bool
is_pause(char c)
{
	return c == ',' || c == ';' || c == ':';
}

/* A month or a day of the week, whole or its first three letters. */
static bool
is_date(struct slice w)
{
	static const struct slice name[] = {
		{ "January", 7 }, { "February", 8 }, { "March", 5 },
		{ "April", 5 }, { "May", 3 }, { "June", 4 }, { "July", 4 },
		{ "August", 6 }, { "September", 9 }, { "October", 7 },
		{ "November", 8 }, { "December", 8 }, { "Monday", 6 },
		{ "Tuesday", 7 }, { "Wednesday", 9 }, { "Thursday", 8 },
		{ "Friday", 6 }, { "Saturday", 8 }, { "Sunday", 6 }
	};
	size_t i;

	for (i = 0; i < sizeof name / sizeof *name; i++)
		if (memcmp(w.p, name[i].p, 3) == 0)
			return w.n == 3 || slice_eq(w, name[i]);
	return false;
}

/* What a number may be of. */
static bool
is_unit(struct slice w)
{
	static const char *const unit[] = {
		"B", "KB", "MB", "GB", "TB", "kB", "KiB", "MiB", "GiB", "TiB",
		"byte", "bytes", "ns", "us", "ms", "s", "sec", "secs",
		"second", "seconds", "min", "mins", "minute", "minutes", "h",
		"hour", "hours", "day", "days", "AM", "PM", "%"
	};
	size_t i;

	w.n -= w.n > 1 && w.p[w.n - 1] == '.';
	for (i = 0; i < sizeof unit / sizeof *unit; i++)
		if (*w.p == *unit[i] && slice_eq(w, slice_str(unit[i])))
			return true;
	return false;
}

/* Up to four hex digits stand between the colon at p and another one. */
static bool
is_address(const char *p, const char *end)
{
	size_t n;

	for (n = 1; n <= 5 && p + n < end; n++)
		if ((kind(p[n]) & (MASK_DIGIT | MASK_HEX)) == 0)
			return n > 1 && p[n] == ':';
	return false;
}

/* Of a word that has slashes: it begins with /, has several, or a dot. */
static bool
is_path(struct slice w, unsigned bits)
{
	size_t i, slashes = 0;

	for (i = 0; i < w.n; i++)
		slashes += (kind(w.p[i]) & MASK_SLASH) != 0;
	return *w.p == '/' || slashes > 1 || (bits & MASK_DOT) != 0;
}

/* Names of hosts, classes and the like: two dots inside, or one and a port
   behind. */
static bool
is_dotted(struct slice w, const char *end)
{
	const char *p = w.p + w.n;
	size_t i, dots = 0;

	for (i = 1; i + 1 < w.n; i++)
		dots += w.p[i] == '.' && w.p[i - 1] != '.' && w.p[i + 1] != '.';
	return dots > 1 || (dots == 1 && p + 1 < end && *p == ':' &&
	    is_digit(p[1]));
}

/* Whether a word is a value; bits: the kinds of its bytes, end: the text's. */
static inline bool
is_value(const struct mask *m, struct slice w, unsigned bits, const char *end)
{
	const char *p = w.p + w.n;

	if (end - p > 1 && *p == '=' && (bits & MASK_SLASH) == 0 &&
	    (!is_stop(p[1]) || is_opener(p[1]) || is_quote(p[1])))
		return false;		/* a key */
	if ((bits & MASK_DIGIT) != 0)
		return true;
	if (bits == MASK_HEX && (w.n >= 8 || (w.n <= 4 &&
	    ((p < end && *p == ':' && is_address(p, end)) ||
	    (m->star != NULL && m->at == m->star + 1 && *m->star == ':')))))
		return true;
	if (m->star != NULL && w.n <= 8 && (p == end || *p != '=') &&
	    is_unit(w))
		return true;
	if ((bits & ~(unsigned)(MASK_HEX | MASK_REST)) == 0)
		return w.n >= 3 ? is_upper(*w.p) && is_date(w) :
		    w.n == 1 && *w.p == '*';
	return ((bits & MASK_SLASH) != 0 && is_path(w, bits)) ||
	    ((bits & MASK_AT) != 0 && w.n > 2 &&
	    memchr(w.p + 1, '@', w.n - 2) != NULL) ||
	    ((bits & MASK_DOT) != 0 && is_dotted(w, end));
}

/* Writes a star, or joins it to the last one. */
static void
put_star(struct mask *m)
{
	const char *p;

	if (m->star == NULL) {
		*m->at++ = '*';
		m->star = m->at;
		return;
	}
	for (p = m->star; p < m->at; p++)
		m->open += is_opener(*p);
	m->at = m->star;
}

/* Where a URL ends that goes on at p: before what ends a sentence. */
static const char *
url_end(const char *p, const char *end)
{
	while (p < end && (!is_stop(*p) || is_pause(*p) || *p == '='))
		p++;
	while (is_pause(p[-1]) || p[-1] == '.')
		p--;
	return p;
}

/* Writes the mark at p of the text from start to end.  Where there is nothing
   in brackets, in quotes or behind = there is a star. */
static void
put_mark(struct mask *m, const char *start, const char *p, const char *end)
{
	char before = p > start ? p[-1] : ' ';

	if ((is_closer(*p) ? is_opener(before) : is_quote(*p) &&
	    before == *p) && (p - start < 2 || (is_stop(p[-2]) && p[-2] != *p)))
		put_star(m);
	if (is_closer(*p) && m->open > 0) {
		m->open--;
		return;
	}
	if (is_closer(*p) || is_quote(*p))
		m->star = NULL;
	*m->at++ = *p;
	if (*p == '=' && !is_stop(before) && (++p == end || *p == ',' ||
	    *p == ';' || is_closer(*p) || (kind(*p) & MASK_BLANK) != 0))
		put_star(m);
}

/* Writes the word at p, or a star for it, and for all of a URL; its end. */
static inline const char *
put_word(struct mask *m, const char *p, const char *end)
{
	struct slice w = { p, 0 };
	unsigned k, bits = 0;
	char *to = m->at;

	for (; p < end && ((k = kind(*p)) & MASK_STOP) == 0; p++) {
		bits |= k;
		*to++ = *p;
	}
	w.n = (size_t)(p - w.p);
	if (end - p > 2 && p[0] == ':' && p[1] == '/' && p[2] == '/') {
		p = url_end(p + 3, end);
	} else if (!is_value(m, w, bits, end)) {
		m->at = to;
		m->star = NULL;
		return p;
	} else if (m->at > m->out && m->at[-1] == '<' && (p == end ||
	    *p != '>')) {
		m->at--;		/* <1 */
	}
	put_star(m);
	return p;
}

size_t
mask_put(char *out, struct slice text)
{
	struct mask m = { .out = out, .at = out };
	const char *p = text.p, *end = p + text.n;

	while (p < end)
		if (!is_stop(*p)) {
			p = put_word(&m, p, end);
		} else if ((kind(*p) & MASK_MARK) != 0) {
			put_mark(&m, text.p, p++, end);
		} else {
			if (m.at > out && m.at[-1] != ' ')
				*m.at++ = ' ';
			p++;
		}
	if (m.at > out && m.at[-1] == ' ')
		m.at--;
	return (size_t)(m.at - out);
}
