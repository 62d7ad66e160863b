/* extract - the groups of a pattern's first match as fields */
#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/regex/regex.h"
#include "lib/run/captures.h"

struct conf {
	struct captures captures;
	struct regex *re;
	size_t whole;			/* 1: no group, the match itself */
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;
	size_t groups;

	(void)op;
	if (captures_flags(&c->captures, a) != OK ||
	    (w = args_need(a, "the pattern (ERE)")) == NULL ||
	    caret_regex(a, w, 0, &c->re) != OK)
		return FAIL;
	groups = regex_groups(c->re);
	c->whole = groups == 0;
	return captures_names(&c->captures, a, groups + c->whole);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	return captures_bind(&c->captures, b);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct slice m[CAPTURES_MAX + 1], text;
	uint16_t idx[VEC_MAX];
	bool all = c->captures.by_field;	/* not the matching only */
	size_t i, k, n = v->n, found = 0;
	int r = OK;

	(void)vs;
	if (!all)
		n = regex_select(c->re, v->rec, v->n, v->contig, false, idx);
	for (k = 0; k < n && r == OK; k++) {
		i = all ? k : idx[k];
		text = captures_text(&c->captures, v, i);
		if (text.p == NULL || !regex_find(c->re, text, 0, m,
		    c->whole ? 1 : c->captures.found + 1))
			continue;
		idx[found++] = (uint16_t)i;
		r = captures_emit(&c->captures, v, i, c->whole ? m : m + 1, e);
	}
	captures_missed(&c->captures, v, idx, found, e);
	return r;
}

const struct op op_extract = {
	.name = "extract",
	.args = "[-f FIELD] ERE [NAMES]",
	.makes = "made",
	.help = "the groups of the first match (-f: added to the other fields)",
	.example = "extract '\" ([0-9]+) ([0-9]+)' status,bytes",
	.shows = "200\t5120\n"
	    "200\t871\n"
	    "302\t0\n"
	    "...\n",
	.flags = OP_FLAGS(
		{ "-f", "FIELD is searched, and the groups are added" }),
	.see = "parse replace patterns",
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.parse = parse,
	.bind = bind,
	.push = push
};
