/* replace - every match of a pattern, as sed's s///g does */
#include <ctype.h>

#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/regex/regex.h"
#include "lib/run/alter.h"

/* A piece of TEXT: plain text, or a group of the match. */
struct piece {
	struct slice text;	/* p NULL: the group */
	size_t group;
};

enum { GROUPS = 10, SHORT = 16 };

struct conf {
	struct regex *re;
	struct alter alter;	/* -f */
	struct piece *piece;
	size_t n;
	size_t text;		/* bytes of all texts; SHORT more lie behind
				   each */
	size_t groups;		/* the largest one used, and 1 */
};

/* One escape that is no group, its backslash at *p, which moves to its last
   byte; what it is goes to *to. */
static int
read_escape(struct args *a, const char *w, const char **p, char *to)
{
	size_t at = (size_t)(*p - w);
	struct slice hex;
	char c = (*p)[1];

	if (c == 'x') {
		if (args_unescape(arena_str(a->arena, (struct slice){ *p,
		    strnlen(*p, 4) }), a->arena, &hex) != NULL)
			return caret_fail(a, w, at, "\\x needs two "
			    "hexadecimal digits");
		*to = hex.p[0];
		*p += 2;
	}
	if (c == 'n')
		*to = '\n';
	if ((c == 'x' || c == 'n') && *to == a->opt->term)
		return caret_fail(a, w, at, "a record can't hold a %s",
		    *to == '\n' ? "newline" : "NUL");
	if (strchr("trxn", c) == NULL && isalpha((unsigned char)c))
		return caret_fail(a, w, at, "\\%c has no meaning here%s", c,
		    strchr("ULEul", c) != NULL ? ": upper() and lower() of let "
		    "change the case" : "");
	if (c != 'x' && c != 'n')
		*to = c == 't' ? '\t' : c == 'r' ? '\r' : c;
	(*p)++;
	return OK;
}

/* The text with its \1 to \9 and &. */
static int
read_text(struct conf *c, struct args *a, const char *w)
{
	char *out = arena_bytes(a->arena, strlen(w) + 1 + SHORT), *from = out;
	const char *p;
	size_t g, groups = regex_groups(c->re);

	c->piece = arena_zero(a->arena, (2 * strlen(w) + 1) * sizeof *c->piece);
	c->groups = 1;
	for (p = w; ; p++) {
		g = *p == '&' ? 0 : *p == '\\' && isdigit((unsigned char)p[1]) ?
		    (size_t)(p[1] - '0') : GROUPS;
		if ((g < GROUPS || *p == '\0') && out > from) {
			c->piece[c->n++].text = (struct slice){ from,
			    (size_t)(out - from) };
			c->text += (size_t)(out - from);
		}
		if (*p == '\0')
			return OK;
		if (g < GROUPS) {
			if (g > groups)
				return caret_fail(a, w, (size_t)(p - w),
				    "the pattern has %zu group%s, not %zu",
				    groups, diag_plural(groups, "s"), g);
			c->piece[c->n++].group = g;
			if (g + 1 > c->groups)
				c->groups = g + 1;
			from = out;
			p += *p == '\\';
			continue;
		}
		if (*p == '\n' && a->opt->term == '\n')
			return caret_fail(a, w, (size_t)(p - w),
			    "a record can't hold a newline");
		if (*p == '$' && p[1] > '0' && p[1] <= '9' &&
		    (size_t)(p[1] - '0') <= groups)
			return caret_fail(a, w, (size_t)(p - w), "group %c is "
			    "\\%c; a dollar sign before a digit is \\$", p[1],
			    p[1]);
		*out = *p;
		if (*p == '\\' && p[1] != '\0' &&
		    read_escape(a, w, &p, out) != OK)
			return FAIL;
		out++;
	}
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w, *text;

	(void)op;
	if (args_flags(a, c) != OK ||
	    (w = args_need(a, "the pattern (ERE)")) == NULL)
		return FAIL;
	if (strncmp(w, "s/", 2) == 0 && args_peek(a) == NULL)
		return args_fail(a, "pattern and text are two words, without "
		    "s and slashes: replace ERE TEXT");
	if ((text = args_need(a, "the text to put there")) == NULL ||
	    caret_regex(a, w, 0, &c->re) != OK)
		return FAIL;
	return read_text(c, a, text);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	if (c->alter.field.text != NULL)
		return alter_bind(&c->alter, b);
	b->whole = true;
	b->out->arrays = false;		/* nobody knows what it makes of them */
	return OK;
}

/* A copy of n bytes; short ones are copied with what lies behind them, up to
   end, where the length would cost more than the bytes.  out has room for
   SHORT more. */
static char *
copy(char *out, const char *p, size_t n, const char *end)
{
	if (n <= SHORT && end - p >= SHORT)
		memcpy(out, p, SHORT);
	else
		memcpy(out, p, n);
	return out + n;
}

/* Appends what stands before each of n matches and what replaces it; done is
   where the last one ended. */
static void
put_plain(const struct conf *c, struct slice s, const char *done,
    const struct slice *m, size_t n, struct buf *b)
{
	const char *end = s.p + s.n;
	size_t all = (size_t)(m[n - 1].p + m[n - 1].n - done), i, k;
	char *o;

	for (i = k = 0; i < n; i++)
		k += m[i].n;
	o = buf_room(b, all + n * c->text + c->n * k + SHORT);
	for (i = 0; i < n; i++) {
		o = copy(o, done, (size_t)(m[i].p - done), end);
		for (k = 0; k < c->n; k++)
			o = c->piece[k].text.p == NULL ?
			    copy(o, m[i].p, m[i].n, end) :
			    copy(o, c->piece[k].text.p, c->piece[k].text.n,
			    c->piece[k].text.p + SHORT);
		done = m[i].p + m[i].n;
	}
	b->n = (size_t)(o - b->p);
}

/* Appends s with its matches replaced.  False: there was none. */
static bool
substitute(const struct conf *c, struct slice s, struct buf *b)
{
	struct slice m[64], group[GROUPS];
	struct regex_walk w = { 0 };
	const char *done = s.p;
	bool found = false;
	size_t i, k, n;

	while ((n = regex_all(c->re, s, &w, m, 64)) > 0) {
		found = true;
		if (c->groups == 1) {
			put_plain(c, s, done, m, n, b);
			done = m[n - 1].p + m[n - 1].n;
		}
		for (i = 0; c->groups > 1 && i < n; i++) {
			regex_find(c->re, s, (size_t)(m[i].p - s.p), group,
			    c->groups);
			buf_add(b, done, (size_t)(group[0].p - done));
			for (k = 0; k < c->n; k++)
				buf_slice(b, c->piece[k].text.p != NULL ?
				    c->piece[k].text :
				    group[c->piece[k].group]);
			done = m[i].p + m[i].n;
		}
	}
	buf_add(b, done, (size_t)(s.p + s.n - done));
	return found;
}

static int
push_field(const struct conf *c, const struct vec *v, struct emit *e)
{
	const struct slice *col = v->col[c->alter.col];
	struct slice val;
	size_t i;
	int r = OK;

	for (i = 0; i < v->n && r == OK; i++) {
		struct buf *b = emit_buf(e);

		if (col[i].p == NULL || !substitute(c, col[i], b)) {
			r = alter_same(&c->alter, v, i, e);
			continue;
		}
		val = (struct slice){ b->n == 0 ? "" : b->p, b->n };
		r = emit_edit(e, v, i, &val, NULL, 1);
	}
	return r;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	uint16_t idx[VEC_MAX];
	size_t k, n, done = 0;
	int r = OK;

	(void)vs;
	if (c->alter.field.text != NULL)
		return push_field(c, v, e);
	n = regex_select(c->re, v->rec, v->n, v->contig, false, idx);
	for (k = 0; k < n && r == OK; k++) {
		struct buf *b = emit_buf(e);

		if (idx[k] > done)
			r = emit_run(e, v, done, idx[k] - done);
		done = (size_t)idx[k] + 1;
		substitute(c, v->rec[idx[k]], b);
		if (r == OK)
			r = emit_bytes(e, (struct slice){ b->n == 0 ? "" :
			    b->p, b->n },
			    v->num[idx[k]]);
	}
	return r != OK || done == v->n ? r : emit_run(e, v, done, v->n - done);
}

const struct op op_replace = {
	.name = "replace",
	.args = "[-f FIELD] ERE TEXT",
	.makes = "changed",
	.help = "every match replaced, \\1 and & as in sed",
	.example = "replace '([.][0-9]+){2} ' '.x.x ' then cut 1,7",
	.shows = "192.0.x.x\t/\n"
	    "192.0.x.x\t/style.css\n"
	    "198.51.x.x\t/login\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-f", alter.field, "only FIELD is changed")),
	.see = "let extract patterns",
	.aka = INSTEAD(
		{ "gsub", "replace" }, { "sed", "replace" },
		{ "sub", "replace" }),
	.flags_instead = INSTEAD({ "g", "every match is replaced without it" }),
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.parse = parse,
	.bind = bind,
	.push = push
};
