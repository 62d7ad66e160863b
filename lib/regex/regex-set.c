/* regex-set.c - escapes and brackets: the bytes that a set is written with */
#include <string.h>

#include "lib/regex/regex-parser.h"

static void
set_range(struct byteset *s, unsigned from, unsigned to)
{
	for (; from <= to; from++)
		set_add(s, (unsigned char)from);
}

void
set_invert(struct byteset *s)
{
	for (int i = 0; i < 4; i++)
		s->w[i] = ~s->w[i];
}

void
set_fold(struct byteset *s)
{
	for (int c = 'a'; c <= 'z'; c++)
		if (set_has(s, (unsigned char)c) ||
		    set_has(s, (unsigned char)(c - 32))) {
			set_add(s, (unsigned char)c);
			set_add(s, (unsigned char)(c - 32));
		}
}

/* Character classes as pairs of bounds, those of the C locale. */
static const struct {
	const char *name, *pairs;
} classes[] = {
	{ "alnum", "09AZaz" },
	{ "alpha", "AZaz" },
	{ "blank", "\t\t  " },
	{ "cntrl", "\001\037\177\177" },
	{ "digit", "09" },
	{ "graph", "!~" },
	{ "lower", "az" },
	{ "print", " ~" },
	{ "punct", "!/:@[`{~" },
	{ "space", "\t\r  " },
	{ "upper", "AZ" },
	{ "xdigit", "09AFaf" }
};

enum { CLASSES = sizeof classes / sizeof *classes };

static bool
set_class(struct byteset *s, struct slice name)
{
	for (size_t i = 0; i < CLASSES; i++) {
		const char *c = classes[i].pairs;

		if (!slice_eq(name, slice_str(classes[i].name)))
			continue;
		for (; *c != '\0'; c += 2)
			set_range(s, (unsigned char)c[0], (unsigned char)c[1]);
		if (strcmp(classes[i].name, "cntrl") == 0)
			set_add(s, '\0');
		return true;
	}
	return false;
}

static int
no_class(struct parser *ps, size_t at)
{
	const char *list = "";

	for (size_t i = 0; i < CLASSES; i++)
		list = arena_printf(ps->arena, "%s [:%s:]", list,
		    classes[i].name);
	parser_fail(ps, at, arena_printf(ps->arena, "there is no such class; "
	    "there are%s", list));
	return ITEM_WRONG;
}

/* Adds what \d \w \s, or \D \W \S, stand for; false: it is none of them. */
static bool
set_escape(struct byteset *s, char c)
{
	struct byteset in = { { 0 } };

	switch (c | 32) {
	case 'd':
		set_range(&in, '0', '9');
		break;
	case 's':
		set_class(&in, SLICE("space"));
		break;
	case 'w':
		set_class(&in, SLICE("alnum"));
		set_add(&in, '_');
		break;
	default:
		return false;
	}
	if (c < 'a')
		set_invert(&in);
	for (int i = 0; i < 4; i++)
		s->w[i] |= in.w[i];
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* What other tools' escapes are written as here. */
static const struct {
	const char *letters, *hint;
} hints[] = {
	{ "123456789", "back-references are not supported" },
	{ "A`", "the start is ^" },
	{ "Zz'", "the end is $" },
	{ "<>", "where a word begins or ends is \\b" },
	{ "bB", "it is no byte, and can't stand in a bracket" },
	{ "hH", "a blank or tab is [[:blank:]]" },
	{ "pPX", "a letter is [[:alpha:]], and a byte beyond ASCII "
	    "[\\x80-\\xff]" },
	{ "0aceuUN", "a byte is \\xHH, of two hexadecimal digits" },
	{ "QE", "a backslash before each of .[($|*+?{^\\ makes plain text of "
	    "it" },
	{ "K", "what is wanted of a match stands in ( ), for extract" },
	{ "R", "a record's end is $" }
};

static int
no_escape(struct parser *ps, size_t at, char c)
{
	const char *hint = "a backslash itself is \\\\";

	for (size_t i = 0; c != '\0' && i < sizeof hints / sizeof *hints; i++)
		if (strchr(hints[i].letters, c) != NULL)
			hint = hints[i].hint;
	if (c > ' ' && c <= '~')
		hint = arena_printf(ps->arena, "\\%c has no meaning here: %s",
		    c, hint);
	parser_fail(ps, at, hint);
	return ITEM_WRONG;
}

static int
hex(char c)
{
	return is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ?
	    (c | 32) - 'a' + 10 : -1;
}

static int
parse_hex(struct parser *ps, size_t at)
{
	int hi = more(ps) ? hex(ps->p[ps->i]) : -1;
	int lo = ps->i + 1 < ps->n ? hex(ps->p[ps->i + 1]) : -1;

	if (hi < 0 || lo < 0) {
		parser_fail(ps, at, "\\x needs two hexadecimal digits");
		return ITEM_WRONG;
	}
	ps->i += 2;
	return hi << 4 | lo;
}

int
parse_escape(struct parser *ps, struct byteset *s)
{
	static const char from[] = "tnrfv", to[] = "\t\n\r\f\v";
	size_t at = ps->i++;
	const char *is;
	char c;

	if (!more(ps)) {
		parser_fail(ps, at, "a backslash at the end");
		return ITEM_WRONG;
	}
	c = ps->p[ps->i++];
	if (set_escape(s, c))
		return ITEM_CLASS;
	if (c == 'x')
		return parse_hex(ps, at);
	if (c == '0' && !(more(ps) && is_digit(ps->p[ps->i])))
		return 0;
	is = c == '\0' ? NULL : strchr(from, c);
	if (is != NULL)
		return to[is - from];
	if (is_letter(c) || is_digit(c) || c < ' ' || c > '~' ||
	    strchr("<>'`", c) != NULL)
		return no_escape(ps, at, c);
	return c;
}

/*
 * One of [:class:], [=c=], [.c.], at its first bracket: the byte, or
 * ITEM_CLASS (added to s), or ITEM_WRONG.
 */
static int
bracket_named(struct parser *ps, struct byteset *s)
{
	size_t at = ps->i, from = at + 2;
	char kind = ps->p[at + 1];
	struct slice name;

	for (ps->i = from; more(ps); ps->i++)
		if (looking(ps, 0, kind) && looking(ps, 1, ']'))
			break;
	if (!more(ps)) {
		parser_fail(ps, at, "unmatched [: or [. or [= in a bracket");
		return ITEM_WRONG;
	}
	name = (struct slice){ ps->p + from, ps->i - from };
	ps->i += 2;
	if (kind == ':')
		return set_class(s, name) ? ITEM_CLASS : no_class(ps, at);
	if (name.n != 1) {
		parser_fail(ps, at, "only single bytes are collating elements");
		return ITEM_WRONG;
	}
	return (unsigned char)name.p[0];
}

/* Whether a ] at j closes what no [ before it has opened. */
static bool
closes_more(const struct parser *ps, size_t j)
{
	for (; j < ps->n && ps->p[j] != '['; j++) {
		if (ps->p[j] == ']')
			return true;
		j += ps->p[j] == '\\';
	}
	return false;
}

/*
 * A backslash in a bracket.  Before a letter or a digit it is as outside, two
 * are one, and else it stands for itself, as POSIX has it; but where that
 * ends the bracket or begins a range, it was hardly meant.
 */
static int
bracket_escape(struct parser *ps, struct byteset *s)
{
	size_t at = ps->i;
	char c = at + 1 < ps->n ? ps->p[at + 1] : '\0';

	if (is_letter(c) || is_digit(c))
		return parse_escape(ps, s);
	ps->i += looking(ps, 1, '\\') ? 2 : 1;
	if (c == ']' && closes_more(ps, at + 2)) {
		parser_fail(ps, at, "in a bracket ] stands first, []a] or "
		    "[^]a], and a backslash is \\\\");
		return ITEM_WRONG;
	}
	if (c == '-' && !looking(ps, 1, ']')) {
		parser_fail(ps, at, "in a bracket - stands first or last, "
		    "[-a] or [a-], and a backslash is \\\\");
		return ITEM_WRONG;
	}
	return '\\';
}

/* An end of a range or a single element; as bracket_named. */
static int
bracket_item(struct parser *ps, struct byteset *s)
{
	if (looking(ps, 0, '[') && (looking(ps, 1, ':') ||
	    looking(ps, 1, '.') || looking(ps, 1, '=')))
		return bracket_named(ps, s);
	if (looking(ps, 0, '\\'))
		return bracket_escape(ps, s);
	return (unsigned char)ps->p[ps->i++];
}

/* An item, or a range if a hyphen and its end follow. */
static bool
bracket_range(struct parser *ps, struct byteset *s)
{
	size_t at = ps->i;
	int from = bracket_item(ps, s), to;

	if (from == ITEM_WRONG)
		return false;
	if (!looking(ps, 0, '-') || looking(ps, 1, ']') ||
	    ps->i + 1 >= ps->n) {
		if (from >= 0)
			set_add(s, (unsigned char)from);
		return true;
	}
	ps->i++;
	to = bracket_item(ps, s);
	if (to == ITEM_WRONG)
		return false;
	if (from < 0 || to < 0)
		return parser_fail(ps, at, "a class can't bound a range: in a "
		    "bracket - stands first or last") != NULL;
	if (from > to)
		return parser_fail(ps, at, "the range is empty: in a bracket - "
		    "stands first or last") != NULL;
	set_range(s, (unsigned)from, (unsigned)to);
	if (looking(ps, 0, '-') && !looking(ps, 1, ']') && ps->i + 1 < ps->n)
		return parser_fail(ps, ps->i, "a range cannot start with "
		    "another's end") != NULL;
	return true;
}

/* [:digit:] without the bracket that it has to stand in. */
static bool
bare_class(const struct parser *ps)
{
	size_t j = ps->i + 1;

	while (j < ps->n && is_letter(ps->p[j]))
		j++;
	return looking(ps, 0, ':') && j > ps->i + 1 && j + 1 < ps->n &&
	    ps->p[j] == ':' && ps->p[j + 1] == ']';
}

bool
parse_bracket(struct parser *ps, struct byteset *s)
{
	size_t at = ps->i++, first;
	bool invert = looking(ps, 0, '^');

	ps->i += invert;
	if (bare_class(ps))
		return parser_fail(ps, at, "a class stands in a bracket, "
		    "[[:digit:]] or [^[:space:]]") != NULL;
	for (first = ps->i; ; ) {
		if (!more(ps))
			return parser_fail(ps, at, "unmatched [") != NULL;
		if (looking(ps, 0, ']') && ps->i > first)
			break;
		if (!bracket_range(ps, s))
			return false;
	}
	ps->i++;
	if (ps->icase)
		set_fold(s);
	if (invert)
		set_invert(s);
	return true;
}
