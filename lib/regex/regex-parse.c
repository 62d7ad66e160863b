/* regex-parse.c - an extended regular expression as a tree */
#include <string.h>

#include "lib/regex/regex-parser.h"
#include "lib/regex/regex.h"

enum { DEPTH_MAX = 1000 };

static struct node *parse_alt(struct parser *);

#define fail	parser_fail

void *
parser_fail(struct parser *ps, size_t at, const char *err)
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

static struct node *
node_byte(struct parser *ps, int c)
{
	struct node *nd = node_new(ps, N_SET);

	set_add(&nd->set, (unsigned char)c);
	if (ps->icase)
		set_fold(&nd->set);
	return nd;
}

static struct node *
parse_byte(struct parser *ps)
{
	return node_byte(ps, ps->p[ps->i++]);
}

/* (? and what follows, which is no group with a number. */
static struct node *
fail_special(struct parser *ps)
{
	static const struct {
		const char *begin, *hint;
	} known[] = {
		{ "(?i", "(?i) stands only at the start of a pattern" },
		{ "(?=", "nothing looks ahead: of a match, ( ) is what is "
		    "wanted" },
		{ "(?!", "nothing looks ahead: leave records out by grep -v" },
		{ "(?<=", "nothing looks behind: of a match, ( ) is what is "
		    "wanted" },
		{ "(?<!", "nothing looks behind: leave records out by grep "
		    "-v" },
		{ "(?<", "a group has no name here: write ( ), and the names "
		    "of all behind the pattern of extract" },
		{ "(?P<", "a group has no name here: write ( ), and the names "
		    "of all behind the pattern of extract" },
		{ "(?>", "nothing is tried twice here: write ( )" }
	};
	const char *p = ps->p + ps->i;
	size_t n = ps->n - ps->i, i;

	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (n >= strlen(known[i].begin) && memcmp(p, known[i].begin,
		    strlen(known[i].begin)) == 0)
			return fail(ps, ps->i, known[i].hint);
	return fail(ps, ps->i, "of what begins with (? there are only (?: ), a "
	    "group without a number, and (?i) at the start of a pattern");
}

static struct node *
parse_group(struct parser *ps)
{
	size_t at = ps->i++;
	bool counts = !looking(ps, 0, '?');
	struct node *nd = NULL, *kid;

	if (counts) {
		nd = node_new(ps, N_GROUP);
		nd->group = (unsigned)++ps->ast->groups;
	} else if (looking(ps, 1, ':')) {
		ps->i += 2;
	} else {
		ps->i = at;
		return fail_special(ps);
	}
	if (++ps->parens > DEPTH_MAX)
		return fail(ps, at, "nested too deeply");
	kid = parse_alt(ps);
	ps->parens--;
	if (kid == NULL)
		return NULL;
	if (!looking(ps, 0, ')'))
		return fail(ps, at, "unmatched (");
	ps->i++;
	if (counts)
		nd->kid = kid;
	return counts ? nd : kid;
}

static struct node *
parse_atom(struct parser *ps)
{
	struct node *nd;
	int c = (unsigned char)ps->p[ps->i];

	switch (c) {
	case '(':
		return parse_group(ps);
	case '[':
		nd = node_new(ps, N_SET);
		return parse_bracket(ps, &nd->set) ? nd : NULL;
	case '\\':
		if (looking(ps, 1, 'b') || looking(ps, 1, 'B')) {
			ps->i += 2;
			return node_assert(ps, ps->p[ps->i - 1] == 'b' ?
			    E_WORD : E_NOWORD);
		}
		nd = node_new(ps, N_SET);
		c = parse_escape(ps, &nd->set);
		return c == ITEM_WRONG ? NULL : c == ITEM_CLASS ? nd :
		    node_byte(ps, c);
	case '^':
	case '$':
		ps->i++;
		return node_assert(ps, c == '^' ? E_BOL : E_EOL);
	case '.':
		ps->i++;
		nd = node_new(ps, N_SET);
		set_invert(&nd->set);
		return nd;
	case '{':
		if (ps->i + 1 < ps->n && is_digit(ps->p[ps->i + 1]))
			return fail(ps, ps->i, "nothing to repeat");
		break;
	case '*':
	case '+':
	case '?':
		return fail(ps, ps->i, "nothing to repeat");
	}
	return parse_byte(ps);
}

/* Digits; false if there are none or their value is over REP_MAX. */
static bool
parse_count(struct parser *ps, unsigned *v)
{
	size_t from = ps->i;

	for (*v = 0; more(ps) && is_digit(ps->p[ps->i]) && *v <= REP_MAX;
	    ps->i++)
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
	bool ok = parse_count(ps, &nd->min);

	nd->max = nd->min;
	if (ok && looking(ps, 0, ',')) {
		ps->i++;
		nd->max = REP_INF;
		ok = looking(ps, 0, '}') || parse_count(ps, &nd->max);
	}
	if (!ok)
		return fail(ps, at, "an interval is {m}, {m,} or {m,n}") !=
		    NULL;
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
	const char *p = ps->p + ps->i;

	if (!more(ps))
		return false;
	if (*p != '{')
		return *p == '*' || *p == '+' || *p == '?';
	return ps->i + 1 < ps->n && (p[1] == ',' || is_digit(p[1]));
}

/* The byte that must come next, past the ends of groups, '\0': not known. */
static char
next_byte(const struct parser *ps, size_t i)
{
	static const char special[] = ".[]()$|*+?{}^\\\"'/-";
	bool escaped;

	while (i < ps->n && ps->p[i] == ')')
		i++;
	escaped = i < ps->n && ps->p[i] == '\\';
	i += escaped;
	if (i >= ps->n || ps->p[i] < ' ' || ps->p[i] > '~' ||
	    (escaped ? strchr(special, ps->p[i]) == NULL :
	    strchr(".[($|*+?{^", ps->p[i]) != NULL))
		return '\0';
	return ps->p[i];
}

/* A ? or + right behind a repeat, which began at from: lazy or possessive in
   other tools. */
static struct node *
fail_twice(struct parser *ps, const struct node *rep, size_t from)
{
	int n = (int)(ps->i - from);
	const char *how = ps->p + from;
	char c = next_byte(ps, ps->i + 1);
	bool any = rep->kid->kind == N_SET && set_all(&rep->kid->set);

	if (looking(ps, 0, '+'))
		return fail(ps, ps->i, arena_printf(ps->arena, "a repeat of "
		    "a repeat: write %.*s alone, as nothing is tried twice "
		    "here", n, how));
	if (any && c != '\0')
		return fail(ps, ps->i, arena_printf(ps->arena, "the longest "
		    "match counts, no repeat is lazy: write [^%c]%.*s", c, n,
		    how));
	return fail(ps, ps->i, arena_printf(ps->arena, "the longest match "
	    "counts, no repeat is lazy: write %.*s after what may stand there, "
	    "as in [^\"]%.*s up to a quote", n, how, n, how));
}

static struct node *
parse_piece(struct parser *ps)
{
	struct node *rep, *nd = parse_atom(ps);
	size_t from;

	for (; nd != NULL && at_repeat(ps); nd = rep) {
		from = ps->i;
		if (nd->kind == N_ASSERT)
			return fail(ps, from, "nothing to repeat");
		rep = node_new(ps, N_REP);
		rep->kid = nd;
		if (looking(ps, 0, '{')) {
			if (!parse_interval(ps, rep))
				return NULL;
		} else {
			rep->min = looking(ps, 0, '+');
			rep->max = looking(ps, 0, '?') ? 1 : REP_INF;
			ps->i++;
		}
		rep->glo = nd->kind == N_GROUP ? nd->group : nd->glo;
		rep->depth = nd->depth + 1;
		if (rep->depth > DEPTH_MAX)
			return fail(ps, ps->i, "nested too deeply");
		if (looking(ps, 0, '?') || looking(ps, 0, '+'))
			return fail_twice(ps, rep, from);
	}
	return nd;
}

static bool
takes_bytes(const struct node *nd)
{
	while (nd->kind == N_REP && nd->min > 0)
		nd = nd->kid;
	return nd->kind == N_SET;
}

/* b, at offset at, follows a in a concatenation that is no group's: if it
   can't, and is no alternative, there is no match at all. */
static void
note_stuck(struct parser *ps, const struct node *a, const struct node *b,
    size_t at)
{
	if (ps->parens > 0 || ps->stuck != NULL)
		return;
	if (a->kind == N_ASSERT && a->assert == E_EOL && takes_bytes(b)) {
		ps->stuck = "nothing follows $, the end; a dollar sign is \\$";
		ps->stuck_at = at - 1;
	} else if (b->kind == N_ASSERT && b->assert == E_BOL &&
	    takes_bytes(a)) {
		ps->stuck = "nothing stands before ^, the start; the sign "
		    "itself is \\^";
		ps->stuck_at = at;
	}
}

static struct node *
parse_cat(struct parser *ps)
{
	struct node *nd = node_new(ps, N_CAT), **tail = &nd->kid, *last = NULL;
	size_t at;

	while (more(ps) && !looking(ps, 0, '|') &&
	    !(looking(ps, 0, ')') && ps->parens > 0)) {
		at = ps->i;
		if (looking(ps, 0, ')'))
			return fail(ps, at, "unmatched )");
		*tail = parse_piece(ps);
		if (*tail == NULL)
			return NULL;
		if (last != NULL)
			note_stuck(ps, last, *tail, at);
		last = *tail;
		tail = &last->next;
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

bool
regex_parse(struct ast *ast, struct slice pattern, unsigned flags,
    struct arena *arena, const char **err, size_t *at)
{
	struct parser ps = { .p = pattern.p, .n = pattern.n, .ast = ast,
	    .icase = (flags & REGEX_ICASE) != 0, .arena = arena };
	bool fixed = (flags & REGEX_FIXED) != 0;
	struct node *nd, **tail;

	*ast = (struct ast){ .lines = (flags & REGEX_LINES) != 0 };
	if (!fixed && ps.n >= 4 && memcmp(ps.p, "(?i)", 4) == 0) {
		ps.icase = true;
		ps.i = 4;
	}
	if (fixed) {
		nd = node_new(&ps, ps.n > 0 ? N_CAT : N_EMPTY);
		for (tail = &nd->kid; more(&ps); tail = &(*tail)->next)
			*tail = parse_byte(&ps);
	} else {
		nd = parse_alt(&ps);
		if (nd != NULL && nd->kind != N_ALT && ps.stuck != NULL)
			nd = fail(&ps, ps.stuck_at, ps.stuck);
	}
	if (nd == NULL) {
		*err = ps.err;
		*at = ps.at;
		return false;
	}
	ast->root = nd;
	if ((flags & REGEX_WHOLE) != 0 && !ast->lines) {	/* ^(...)$, but
								   no group */
		ast->root = node_new(&ps, N_CAT);
		ast->root->kid = node_assert(&ps, E_BOL);
		ast->root->kid->next = nd;
		nd->next = node_assert(&ps, E_EOL);
	}
	ast_settle(ast, arena);
	return true;
}
