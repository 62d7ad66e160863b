/* extract - the groups of a pattern's first match as fields */
#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/regex/regex.h"
#include "lib/run/captures.h"

struct conf {
	struct captures captures;
	struct regex *re;
	size_t whole;			/* 1: no group, the match itself */
	size_t *group;			/* of each column */
};

CAPTURES_FIRST(struct conf, captures);

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;
	size_t groups, k;

	if ((w = args_need(a, "the pattern (ERE)")) == NULL ||
	    caret_regex(a, w, 0, &c->re) != OK)
		return FAIL;
	groups = regex_groups(c->re);
	c->whole = groups == 0;
	if (captures_names(&c->captures, a, groups + c->whole) != OK)
		return FAIL;
	c->group = arena_zero(a->arena, c->captures.n * sizeof *c->group);
	for (k = 0; k < c->captures.n; k++)
		c->group[k] = c->captures.from[k] + !c->whole;
	return OK;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	const struct captures *p = &c->captures;
	struct captured *found = vs;
	struct slice m[CAPTURES_MAX + 1], text;
	size_t i;

	if (!p->by_field) {
		captures_room(p, found);
		found->n = regex_columns(c->re, v->rec, v->n, v->contig,
		    c->group, p->n, found->text, found->hit);
	}
	for (i = 0; p->by_field && i < v->n; i++) {
		text = captures_text(p, v, i);
		if (text.p != NULL && regex_find(c->re, text, 0, m,
		    p->found + !c->whole))
			captures_add(p, found, i, m + !c->whole);
	}
	return captures_emit(p, found, v, e);
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
	.bind = captures_bind,
	.push = push,
	.fini = captures_fini
};
