/* grep - records that match a pattern */
#include <unistd.h>

#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/regex/regex.h"

struct conf {
	struct regex *re;
	struct field field;
	bool invert, icase, fixed, whole;
	size_t col;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	if (a->word[0] == NULL && c->field.text != NULL &&
	    access(c->field.text, F_OK) == 0)
		return args_fail(a, "-f names a field to look at, not a file "
		    "of patterns: join them by |");
	w = args_need(a, "the pattern (ERE)");
	return w == NULL ? FAIL : caret_regex(a, w,
	    (c->icase ? REGEX_ICASE : 0) | (c->fixed ? REGEX_FIXED : 0) |
	    (c->whole ? REGEX_WHOLE : 0), &c->re);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	b->whole = c->field.text == NULL;
	return c->field.text != NULL ? bind_want(b, &c->field, 0, &c->col) : OK;
}

/* An absent field matches nothing, so -v keeps its record. */
static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	const struct slice *col;
	uint16_t idx[VEC_MAX];
	size_t i, n = 0;

	if (c->field.text == NULL) {
		n = regex_select(c->re, v->rec, v->n, v->contig, c->invert,
		    idx);
		return emit_some(e, v, idx, n);
	}
	col = v->col[c->col];
	for (i = 0; i < v->n; i++)
		if ((col[i].p != NULL && regex_test(c->re, col[i])) !=
		    c->invert)
			idx[n++] = (uint16_t)i;
	return emit_some(e, v, idx, n);
}

const struct op op_grep = {
	.name = "grep",
	.args = "[-v] [-i] [-F] [-x] [-f FIELD] ERE",
	.makes = "kept",
	.help = "records that match (-v: that don't)",
	.example = "grep -v '/(cart|login)' then cut 1,7",
	.shows = "192.0.2.10\t/\n"
	    "192.0.2.10\t/style.css\n"
	    "192.0.2.10\t/missing\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-v", invert, "records that don't match"),
		FLAG("-i", icase, "letters of either case"),
		FLAG("-F", fixed, "the pattern is plain text"),
		FLAG("-x", whole, "the whole record, or field, must match"),
		FLAG("-f", field, "only FIELD is looked at")),
	.see = "where extract patterns",
	.also = "search match",
	.flags_instead = INSTEAD(
		{ "E", "patterns are extended regular expressions" },
		{ "e", "the pattern stands alone, several are joined by |" },
		{ "c", "to count: grep ERE then count" },
		{ "o", "to take the match out: extract ERE" },
		{ "w", "a whole word: '\\bword\\b'" }),
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.parse = parse,
	.bind = bind,
	.push = push
};
