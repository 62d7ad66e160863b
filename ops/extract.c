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
	if (args_flags(a, c) != OK ||
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
	const struct captures *p = &c->captures;
	struct slice m[CAPTURES_MAX + 1], text;
	const struct slice *part = c->whole ? m : m + 1;
	size_t i, nm = c->whole ? 1 : p->found + 1;

	for (i = 0; p->by_field && i < v->n; i++) {
		text = captures_text(p, v, i);
		if (text.p != NULL && regex_find(c->re, text, 0, m, nm))
			captures_add(p, vs, i, part);
	}
	for (; !p->by_field && (i = regex_next(c->re, v->rec, v->n, v->contig,
	    i, m, nm)) < v->n; i++)
		captures_add(p, vs, i, part);
	return captures_emit(p, vs, v, e);
}

static void
fini(void *vs, const void *vc)
{
	(void)vc;
	captures_free(vs);
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
		FLAG("-f", captures.field, "FIELD is searched, "
		    "and the groups are added")),
	.see = "parse replace patterns",
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct captured),
	.parse = parse,
	.bind = bind,
	.push = push,
	.fini = fini
};
