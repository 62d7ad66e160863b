/* parse - what stands for the stars of a literal pattern, as fields */
#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/run/captures.h"
#include "lib/scan/find.h"

struct conf {
	struct captures captures;
	struct slice *piece;	/* the texts around the stars: found + 1 */
};

CAPTURES_FIRST(struct conf, captures);

/* Cuts the pattern at its stars; FAIL: told. */
static int
cut(struct conf *c, struct args *a, const char *w, size_t *stars)
{
	char *out = arena_bytes(a->arena, strlen(w) + 1), *from = out;
	const char *p;

	c->piece = arena_zero(a->arena, (strlen(w) + 1) * sizeof *c->piece);
	for (p = w, *stars = 0; *p != '\0'; p++) {
		if (*p == '*') {
			if (out == from && *stars > 0)
				return caret_fail(a, w, (size_t)(p - w),
				    "nothing stands between two stars");
			c->piece[(*stars)++] = slice_to(from, out);
			from = out;
			continue;
		}
		if (*p == '\\' && (p[1] == '*' || p[1] == '\\'))
			p++;
		*out++ = *p;
	}
	c->piece[*stars] = slice_to(from, out);
	if (*stars == 0)
		return args_fail(a, "the pattern has no * to stand for a "
		    "field: '* - *'");
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;
	size_t stars;

	if ((w = args_need(a, "the pattern")) == NULL ||
	    cut(c, a, w, &stars) != OK)
		return FAIL;
	return captures_names(&c->captures, a, stars);
}

/*
 * Each piece at its first place after the one before.  No other choice can
 * match where this one doesn't: it leaves the most for those that follow.
 */
static bool
match(const struct conf *c, struct slice s, struct slice *part)
{
	const char *end = s.p + s.n, *at;
	size_t k;

	for (k = 0; k <= c->captures.found; k++) {
		at = k == c->captures.found && c->piece[k].n == 0 ? end :
		    find_text(s, c->piece[k]);
		if (at == NULL)
			return false;
		if (k > 0)
			part[k - 1] = slice_to(s.p, at);
		s.p = at + c->piece[k].n;
		s.n = (size_t)(end - s.p);
	}
	return true;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct slice part[CAPTURES_MAX], s;
	size_t i;

	for (i = 0; i < v->n; i++) {
		s = captures_text(&c->captures, v, i);
		if (s.p != NULL && match(c, s, part))
			captures_add(&c->captures, vs, i, part);
	}
	return captures_emit(&c->captures, vs, v, e);
}

const struct op op_parse = {
	.name = "parse",
	.args = "[-f FIELD] PATTERN [NAMES]",
	.makes = "made",
	.help = "what stands for each * of a pattern (-f: added to the others)",
	.example = "parse '* - * [*] \"*\"' ip,_,_,request",
	.shows = "192.0.2.10\tGET / HTTP/1.1\n"
	    "192.0.2.10\tGET /style.css HTTP/1.1\n"
	    "198.51.100.7\tPOST /login HTTP/1.1\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-f", captures.field, "FIELD is taken apart, "
		    "and the parts are added")),
	.see = "extract split",
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct captured),
	.parse = parse,
	.bind = captures_bind,
	.push = push,
	.fini = captures_fini
};
