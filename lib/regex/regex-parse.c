/* regex-parse.c - an extended regular expression as a tree */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/regex/regex-inner.h"
#include "lib/regex/regex.h"

enum { DEPTH_MAX = 1000 };

struct parser {
	const char *p;
	size_t n, i;
	bool icase;
	unsigned parens;		/* open ones */
	struct ast *ast;
	struct arena *arena;
	const char *err;
	size_t at;
};

static struct node *parse_alt(struct parser *);

/* The first error counts; always NULL. */
static void *
fail(struct parser *ps, size_t at, const char *err)
{
	if (ps->err == NULL) {
		ps->err = err;
		ps->at = at;
	}
	return NULL;
}

static struct node *
node_new(struct parser *ps, enum node_kind kind)
{
	struct node *nd = arena_zero(ps->arena, sizeof *nd);

	nd->kind = kind;
	nd->glo = nd->ghi = (unsigned)ps->ast->groups + 1;
	return nd;
}

static struct node *
node_assert(struct parser *ps, enum edge_kind kind)
{
	struct node *nd = node_new(ps, N_ASSERT);

	nd->assert = kind;
	ps->ast->asserts = true;
	if (kind == E_WORD || kind == E_NOWORD)
		ps->ast->bounds = true;
	return nd;
}

static void
set_range(struct byteset *s, unsigned from, unsigned to)
{
	for (; from <= to; from++)
		set_add(s, (unsigned char)from);
}

static void
set_invert(struct byteset *s)
{
	for (int i = 0; i < 4; i++)
		s->w[i] = ~s->w[i];
}

static void
set_fold(struct byteset *s)
{
	for (int c = 'a'; c <= 'z'; c++)
		if (set_has(s, (unsigned char)c) ||
		    set_has(s, (unsigned char)(c - 32))) {
			set_add(s, (unsigned char)c);
			set_add(s, (unsigned char)(c - 32));
		}
}

static void
set_spaces(struct byteset *s)
{
	set_range(s, '\t', '\r');
	set_add(s, ' ');
}

static void
set_words(struct byteset *s)
{
	for (unsigned c = 0; c < 256; c++)
		if (regex_word((unsigned char)c))
			set_add(s, (unsigned char)c);
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

static bool
set_class(struct byteset *s, const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		const char *c = classes[i].pairs;

		if (strlen(classes[i].name) != n ||
		    memcmp(classes[i].name, name, n) != 0)
			continue;
		for (; *c != '\0'; c += 2)
			set_range(s, (unsigned char)c[0], (unsigned char)c[1]);
		if (strcmp(classes[i].name, "cntrl") == 0)
			set_add(s, '\0');
		return true;
	}
	return false;
}

static bool
more(const struct parser *ps)
{
	return ps->i < ps->n;
}

static bool
looking(const struct parser *ps, size_t ahead, char c)
{
	return ps->i + ahead < ps->n && ps->p[ps->i + ahead] == c;
}

/*
 * One of [:class:], [=c=], [.c.], at its first bracket.  Returns the byte that
 * it stands for, -1 for a class (added to s), -2 on error.
 */
static int
bracket_named(struct parser *ps, struct byteset *s)
{
	size_t at = ps->i, from = at + 2;
	char kind = ps->p[at + 1];

	for (ps->i = from; more(ps); ps->i++)
		if (looking(ps, 0, kind) && looking(ps, 1, ']'))
			break;
	if (!more(ps)) {
		fail(ps, at, "unmatched [: or [. or [= in a bracket");
		return -2;
	}
	ps->i += 2;
	if (kind == ':') {
		if (set_class(s, ps->p + from, ps->i - 2 - from))
			return -1;
		fail(ps, at, "unknown character class");
		return -2;
	}
	if (ps->i - 2 - from != 1) {
		fail(ps, at, "only single bytes are collating elements");
		return -2;
	}
	return (unsigned char)ps->p[from];
}

/* An end of a range or a single element; as bracket_named. */
static int
bracket_item(struct parser *ps, struct byteset *s)
{
	if (looking(ps, 0, '[') && (looking(ps, 1, ':') ||
	    looking(ps, 1, '.') || looking(ps, 1, '=')))
		return bracket_named(ps, s);
	return (unsigned char)ps->p[ps->i++];
}

/* An item, or a range if a hyphen and its end follow. */
static bool
bracket_range(struct parser *ps, struct byteset *s)
{
	size_t at = ps->i;
	int from = bracket_item(ps, s), to;

	if (from == -2)
		return false;
	if (!looking(ps, 0, '-') || looking(ps, 1, ']') ||
	    ps->i + 1 >= ps->n) {
		if (from >= 0)
			set_add(s, (unsigned char)from);
		return true;
	}
	ps->i++;
	to = bracket_item(ps, s);
	if (to == -2)
		return false;
	if (from < 0 || to < 0)
		return fail(ps, at, "a class cannot bound a range") != NULL;
	if (from > to)
		return fail(ps, at, "the range is empty") != NULL;
	set_range(s, (unsigned)from, (unsigned)to);
	if (looking(ps, 0, '-') && !looking(ps, 1, ']') && ps->i + 1 < ps->n)
		return fail(ps, ps->i, "a range cannot start with "
		    "another's end") != NULL;
	return true;
}

static struct node *
parse_bracket(struct parser *ps)
{
	size_t at = ps->i++, first;
	struct node *nd = node_new(ps, N_SET);
	bool invert = looking(ps, 0, '^');

	ps->i += invert;
	for (first = ps->i; ; ) {
		if (!more(ps))
			return fail(ps, at, "unmatched [");
		if (looking(ps, 0, ']') && ps->i > first)
			break;
		if (!bracket_range(ps, &nd->set))
			return NULL;
	}
	ps->i++;
	if (ps->icase)
		set_fold(&nd->set);
	if (invert)
		set_invert(&nd->set);
	return nd;
}

static struct node *
parse_byte(struct parser *ps)
{
	struct node *nd = node_new(ps, N_SET);

	set_add(&nd->set, (unsigned char)ps->p[ps->i++]);
	if (ps->icase)
		set_fold(&nd->set);
	return nd;
}

static struct node *
parse_escape(struct parser *ps)
{
	size_t at = ps->i++;
	struct node *nd;
	char c;

	if (!more(ps))
		return fail(ps, at, "a backslash at the end");
	c = ps->p[ps->i];
	if (c != '\0' && strchr("^.[]$()|*+?{}\\", c) != NULL)
		return parse_byte(ps);
	ps->i++;
	if (c == 'b' || c == 'B')
		return node_assert(ps, c == 'b' ? E_WORD : E_NOWORD);
	if (c >= '1' && c <= '9')
		return fail(ps, at, "back-references are not supported");
	nd = node_new(ps, N_SET);
	if (c == 'w' || c == 'W')
		set_words(&nd->set);
	else if (c == 's' || c == 'S')
		set_spaces(&nd->set);
	else if (c == 'd' || c == 'D')
		set_range(&nd->set, '0', '9');
	else
		return fail(ps, at, "POSIX leaves this escape undefined");
	if (c == 'W' || c == 'S' || c == 'D')
		set_invert(&nd->set);
	return nd;
}

static struct node *
parse_group(struct parser *ps)
{
	size_t at = ps->i++;
	struct node *nd = node_new(ps, N_GROUP);

	nd->group = (unsigned)++ps->ast->groups;
	if (++ps->parens > DEPTH_MAX)
		return fail(ps, at, "nested too deeply");
	nd->kid = parse_alt(ps);
	ps->parens--;
	if (nd->kid == NULL)
		return NULL;
	if (!looking(ps, 0, ')'))
		return fail(ps, at, "unmatched (");
	ps->i++;
	return nd;
}

static struct node *
parse_atom(struct parser *ps)
{
	struct node *nd;

	switch (ps->p[ps->i]) {
	case '(':
		return parse_group(ps);
	case '[':
		return parse_bracket(ps);
	case '\\':
		return parse_escape(ps);
	case '^':
		ps->i++;
		return node_assert(ps, E_BOL);
	case '$':
		ps->i++;
		return node_assert(ps, E_EOL);
	case '.':
		ps->i++;
		nd = node_new(ps, N_SET);
		set_invert(&nd->set);
		return nd;
	case '*':
	case '+':
	case '?':
		return fail(ps, ps->i, "nothing to repeat");
	case '{':
		if (ps->i + 1 < ps->n && ps->p[ps->i + 1] >= '0' &&
		    ps->p[ps->i + 1] <= '9')
			return fail(ps, ps->i, "nothing to repeat");
		break;
	}
	return parse_byte(ps);
}

/* Digits; false if there are none or their value is over REP_MAX. */
static bool
parse_count(struct parser *ps, unsigned *v)
{
	size_t from = ps->i;

	for (*v = 0; more(ps) && ps->p[ps->i] >= '0' && ps->p[ps->i] <= '9' &&
	    *v <= REP_MAX; ps->i++)
		*v = *v * 10 + (unsigned)(ps->p[ps->i] - '0');
	if (*v > REP_MAX)
		return fail(ps, from, "repeated more than 255 times") != NULL;
	return ps->i > from;
}

/* {m}, {m,} or {m,n}, at its brace. */
static bool
parse_interval(struct parser *ps, struct node *nd)
{
	size_t at = ps->i++;

	if (!parse_count(ps, &nd->min))
		return fail(ps, at, "an interval is {m}, {m,} or {m,n}") !=
		    NULL;
	nd->max = nd->min;
	if (looking(ps, 0, ',')) {
		ps->i++;
		nd->max = REP_INF;
		if (!looking(ps, 0, '}') && !parse_count(ps, &nd->max))
			return fail(ps, at,
			    "an interval is {m}, {m,} or {m,n}") != NULL;
	}
	if (!looking(ps, 0, '}'))
		return fail(ps, at, "unmatched {") != NULL;
	ps->i++;
	if (nd->min > nd->max)
		return fail(ps, at, "the interval is empty") != NULL;
	return true;
}

/* A brace is a repeat only where a digit or a comma follows: {"a" is text. */
static bool
at_repeat(const struct parser *ps)
{
	char c;

	if (!more(ps))
		return false;
	c = ps->p[ps->i];
	if (c != '{' || ps->i + 1 == ps->n)
		return c == '*' || c == '+' || c == '?';
	c = ps->p[ps->i + 1];
	return c == ',' || (c >= '0' && c <= '9');
}

static struct node *
parse_piece(struct parser *ps)
{
	struct node *nd = parse_atom(ps), *rep;

	while (nd != NULL && at_repeat(ps)) {
		if (nd->kind == N_ASSERT)
			return fail(ps, ps->i, "nothing to repeat");
		rep = node_new(ps, N_REP);
		rep->kid = nd;
		rep->max = REP_INF;
		if (looking(ps, 0, '{')) {
			if (!parse_interval(ps, rep))
				return NULL;
		} else {
			rep->min = looking(ps, 0, '+');
			if (looking(ps, 0, '?'))
				rep->max = 1;
			ps->i++;
		}
		rep->glo = nd->kind == N_GROUP ? nd->group : nd->glo;
		rep->depth = nd->depth + 1;
		if (rep->depth > DEPTH_MAX)
			return fail(ps, ps->i, "nested too deeply");
		nd = rep;
	}
	return nd;
}

static struct node *
parse_cat(struct parser *ps)
{
	struct node *nd = node_new(ps, N_CAT), **tail = &nd->kid;

	while (more(ps) && !looking(ps, 0, '|') &&
	    !(looking(ps, 0, ')') && ps->parens > 0)) {
		if (looking(ps, 0, ')'))
			return fail(ps, ps->i, "unmatched )");
		*tail = parse_piece(ps);
		if (*tail == NULL)
			return NULL;
		tail = &(*tail)->next;
	}
	if (nd->kid == NULL)
		nd->kind = N_EMPTY;
	else if (nd->kid->next == NULL)
		return nd->kid;
	return nd;
}

static struct node *
parse_alt(struct parser *ps)
{
	struct node *nd = node_new(ps, N_ALT), **tail = &nd->kid;

	for (;;) {
		*tail = parse_cat(ps);
		if (*tail == NULL)
			return NULL;
		if (!looking(ps, 0, '|'))
			break;
		tail = &(*tail)->next;
		ps->i++;
	}
	return nd->kid->next == NULL ? nd->kid : nd;
}

static struct node *
parse_fixed(struct parser *ps)
{
	struct node *nd = node_new(ps, N_CAT), **tail = &nd->kid;

	for (; more(ps); tail = &(*tail)->next)
		*tail = parse_byte(ps);
	if (nd->kid == NULL)
		nd->kind = N_EMPTY;
	return nd;
}

/* ^(...)$ around it, but without a group. */
static struct node *
node_whole(struct parser *ps, struct node *inner)
{
	struct node *nd = node_new(ps, N_CAT);

	nd->kid = node_assert(ps, E_BOL);
	nd->kid->next = inner;
	inner->next = node_assert(ps, E_EOL);
	return nd;
}

bool
regex_parse(struct ast *ast, struct slice pattern, unsigned flags,
    struct arena *arena, const char **err, size_t *at)
{
	struct parser ps = { .p = pattern.p, .n = pattern.n, .ast = ast,
	    .icase = (flags & REGEX_ICASE) != 0, .arena = arena };

	*ast = (struct ast){ 0 };
	ast->root = (flags & REGEX_FIXED) != 0 ? parse_fixed(&ps) :
	    parse_alt(&ps);
	if (ast->root == NULL) {
		*err = ps.err;
		*at = ps.at;
		return false;
	}
	if ((flags & REGEX_WHOLE) != 0)
		ast->root = node_whole(&ps, ast->root);
	ast_settle(ast, arena);
	return true;
}
