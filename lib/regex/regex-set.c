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
	int i;

	for (i = 0; i < 4; i++)
		s->w[i] = ~s->w[i];
}

void
set_fold(struct byteset *s)
{
	int c;

	for (c = 'a'; c <= 'z'; c++)
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

static int
wrong(struct parser *ps, size_t at, const char *err)
{
	parser_fail(ps, at, err);
	return ITEM_WRONG;
}

static bool
set_class(struct byteset *s, struct slice name)
{
	const char *c;
	size_t i;

	for (i = 0; i < CLASSES; i++)
		if (slice_eq(name, slice_str(classes[i].name)))
			break;
	if (i == CLASSES)
		return false;
	for (c = classes[i].pairs; *c != '\0'; c += 2)
		set_range(s, (unsigned char)c[0], (unsigned char)c[1]);
	if (strcmp(classes[i].name, "cntrl") == 0)
		set_add(s, '\0');
	return true;
}

/* Adds what \d \w \s, or \D \W \S, stand for; false: it is none of them. */
static bool
set_escape(struct byteset *s, char c)
{
	struct byteset in = { { 0 } };
	int i;

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
	for (i = 0; i < 4; i++)
		s->w[i] |= in.w[i];
	return true;
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

int
parse_escape(struct parser *ps, struct byteset *s)
{
	static const char from[] = "tnrfv", to[] = "\t\n\r\f\v";
	const char *is, *hint = "a backslash itself is \\\\";
	size_t i, at = ps->i++;
	int hi, lo;
	char c;

	if (!more(ps))
		return wrong(ps, at, "a backslash at the end");
	c = ps->p[ps->i++];
	if (set_escape(s, c))
		return ITEM_CLASS;
	if (c == 'x') {
		hi = more(ps) ? hex_value(ps->p[ps->i]) : -1;
		lo = ps->i + 1 < ps->n ? hex_value(ps->p[ps->i + 1]) : -1;
		if (hi < 0 || lo < 0)
			return wrong(ps, at,
			    "\\x needs two hexadecimal digits");
		ps->i += 2;
		return hi << 4 | lo;
	}
	if (c == '0' && !(more(ps) && is_digit(ps->p[ps->i])))
		return 0;
	is = c == '\0' ? NULL : strchr(from, c);
	if (is != NULL)
		return to[is - from];
	if (!is_alnum(c) && c >= ' ' && c <= '~' && strchr("<>'`", c) == NULL)
		return c;
	for (i = 0; c != '\0' && i < sizeof hints / sizeof *hints; i++)
		if (strchr(hints[i].letters, c) != NULL)
			hint = hints[i].hint;
	if (c > ' ' && c <= '~')
		hint = arena_printf(ps->arena, "\\%c has no meaning here: %s",
		    c, hint);
	return wrong(ps, at, hint);
}

/*
 * One of [:class:], [=c=], [.c.], at its first bracket: the byte, or
 * ITEM_CLASS (added to s), or ITEM_WRONG.
 */
static int
bracket_named(struct parser *ps, struct byteset *s)
{
	size_t i, at = ps->i, from = at + 2;
	char kind = ps->p[at + 1];
	const char *list = "";
	struct slice name;

	for (ps->i = from; more(ps); ps->i++)
		if (looking(ps, 0, kind) && looking(ps, 1, ']'))
			break;
	if (!more(ps))
		return wrong(ps, at, "unmatched [: or [. or [= in a bracket");
	name = (struct slice){ ps->p + from, ps->i - from };
	ps->i += 2;
	if (kind != ':')
		return name.n == 1 ? (unsigned char)name.p[0] :
		    wrong(ps, at, "only single bytes are collating elements");
	if (set_class(s, name))
		return ITEM_CLASS;
	for (i = 0; i < CLASSES; i++)
		list = arena_printf(ps->arena, "%s [:%s:]", list,
		    classes[i].name);
	return wrong(ps, at, arena_printf(ps->arena, "there is no such class; "
	    "there are%s", list));
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

	if (is_alnum(c))
		return parse_escape(ps, s);
	ps->i += looking(ps, 1, '\\') ? 2 : 1;
	if (c == ']' && closes_more(ps, at + 2))
		return wrong(ps, at, "in a bracket ] stands first, []a] or "
		    "[^]a], and a backslash is \\\\");
	if (c == '-' && !looking(ps, 1, ']'))
		return wrong(ps, at, "in a bracket - stands first or last, "
		    "[-a] or [a-], and a backslash is \\\\");
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
	if (!looking(ps, 0, '-') || looking(ps, 1, ']') || ps->i + 1 >= ps->n) {
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

bool
parse_bracket(struct parser *ps, struct byteset *s)
{
	size_t at = ps->i++, first, j;
	bool invert = looking(ps, 0, '^');

	ps->i += invert;
	for (j = ps->i + 1; j < ps->n && is_letter(ps->p[j]); j++)
		;
	if (looking(ps, 0, ':') && j > ps->i + 1 && j + 1 < ps->n &&
	    ps->p[j] == ':' && ps->p[j + 1] == ']')
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
