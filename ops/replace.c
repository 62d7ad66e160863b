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

enum { GROUPS = 10, SHORT = 32, MATCHES = 64 };

struct conf {
	struct regex *re;
	struct alter alter;	/* -f */
	struct piece *piece;
	size_t n;
	size_t text;		/* bytes of all texts; SHORT more lie behind
				   each */
	size_t groups;		/* the largest one used, and 1 */
	char term;
};

/* One escape that is no group, its backslash at *p, which moves to its last
   byte; what it is goes to *to. */
static int
read_escape(struct args *a, const char *w, const char **p, char *to)
{
	size_t at = (size_t)(*p - w), n = 2;
	char c = (*p)[1];
	struct slice is = { *p + 1, 1 };

	if (strchr("trnx", c) != NULL) {
		n = strnlen(*p, c == 'x' ? 4 : 2);
		if (args_unescape(arena_str(a->arena, (struct slice){ *p, n }),
		    a->arena, &is) != NULL)
			return caret_fail(a, w, at, "\\x needs two "
			    "hexadecimal digits");
		if (*is.p == a->opt->term)
			return caret_fail(a, w, at, "a record can't hold a %s",
			    *is.p == '\n' ? "newline" : "NUL");
	} else if (isalpha((unsigned char)c)) {
		return caret_fail(a, w, at, "\\%c has no meaning here%s", c,
		    strchr("ULEul", c) != NULL ? ": upper() and lower() of let "
		    "change the case" : "");
	}
	*to = *is.p;
	*p += n - 1;
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
			c->piece[c->n++].text = slice_to(from, out);
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

	if ((w = args_need(a, "the pattern (ERE)")) == NULL)
		return FAIL;
	if (strncmp(w, "s/", 2) == 0 && args_peek(a) == NULL)
		return args_fail(a, "pattern and text are two words, without "
		    "s and slashes: replace ERE TEXT");
	if ((text = args_need(a, "the text to put there")) == NULL ||
	    caret_regex(a, w, 0, &c->re) != OK)
		return FAIL;
	c->term = a->opt->term;
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
   hi, where the length would cost more than the bytes.  out has room for SHORT
   more. */
static inline char *
copy(char *out, const char *p, size_t n, const char *hi)
{
	if (n <= SHORT && hi - p >= SHORT)
		memcpy(out, p, SHORT);
	else if (n > 0)
		memcpy(out, p, n);
	return out + n;
}

/* Appends what stands before each of n matches and what replaces it; done is
   where the last one ended. */
static void
put(const struct conf *c, const char *done, const char *hi,
    const struct slice *m, size_t n, struct buf *b)
{
	const struct slice *last = m + (n - 1) * c->groups;
	size_t i, k, all = (size_t)(last->p + last->n - done);
	const struct piece *p;
	char *o;

	for (i = k = 0; i < n; i++)
		k += m[i * c->groups].n;
	o = buf_room(b, all + n * c->text + c->n * k + SHORT);
	for (; m <= last; m += c->groups) {
		o = copy(o, done, (size_t)(m->p - done), hi);
		for (k = 0, p = c->piece; k < c->n; k++, p++)
			if (p->text.p != NULL)
				o = copy(o, p->text.p, p->text.n,
				    p->text.p + SHORT);
			else if (m[p->group].n > 0)
				o = copy(o, m[p->group].p, m[p->group].n, hi);
		done = m->p + m->n;
	}
	b->n = (size_t)(o - b->p);
}

/* Appends s with its matches replaced; up to hi, if it isn't NULL, can be read.
   False: there was none. */
static bool
substitute(const struct conf *c, struct slice s, const char *hi, struct buf *b)
{
	struct slice m[MATCHES * GROUPS];
	struct regex_walk w = { .hi = hi };
	const char *done = s.p;
	bool found = false;
	size_t n;

	if (hi == NULL)
		hi = s.p + s.n;
	while ((n = regex_all(c->re, s, &w, m, MATCHES, c->groups)) > 0) {
		put(c, done, hi, m, n, b);
		done = m[(n - 1) * c->groups].p + m[(n - 1) * c->groups].n;
		found = true;
	}
	if (found) {
		n = (size_t)(s.p + s.n - done);
		copy(buf_room(b, n + SHORT), done, n, hi);
		b->n += n;
	}
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

		if (col[i].p == NULL || !substitute(c, col[i], NULL, b)) {
			r = alter_same(&c->alter, v, i, e);
			continue;
		}
		val = (struct slice){ b->n == 0 ? "" : b->p, b->n };
		r = emit_edit(e, v, i, &val, NULL, 1);
	}
	return r;
}

/* The records that change stand in a buffer as they will leave: side by side,
   where they are neighbours. */
static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct slice *last = &v->rec[v->n - 1];
	const struct conf *c = vc;
	const char *hi = v->contig ? last->p + last->n : NULL;
	const bool walks = regex_walks(c->re);
	struct buf *b = emit_buf(e);
	size_t end[VEC_MAX], i, k, n = v->n, at = 0, done = 0, changed = 0;
	uint16_t idx[VEC_MAX];
	int r = OK;

	if (c->alter.field.text != NULL)
		return push_field(c, v, e);
	if (!walks)
		n = regex_select(c->re, v->rec, v->n, v->contig, false, idx);
	for (k = 0; k < n; k++) {
		i = walks ? k : idx[k];
		if (!substitute(c, v->rec[i], hi, b))
			continue;
		end[changed] = b->n;
		idx[changed++] = (uint16_t)i;
		buf_char(b, c->term);
	}
	for (k = 0; k < changed && r == OK; k++) {
		if (idx[k] > done)
			r = emit_run(e, v, done, idx[k] - done);
		done = (size_t)idx[k] + 1;
		if (r == OK)
			r = emit_slice(e, (struct slice){ b->p + at,
			    end[k] - at }, v->num[idx[k]]);
		at = end[k] + 1;
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
	.also = "gsub sed sub",
	.flags_instead = INSTEAD({ "g", "every match is replaced without it" }),
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.parse = parse,
	.bind = bind,
	.push = push
};
