/* chain.c - operators one after the other: parsed and bound */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"
#include "lib/run/table.h"

/* What is no operator anywhere. */
static const struct instead words_instead[] = {
	{ "by", "count by KEYS" }, { "help", "mbatch --help" },
	{ "over", "count over N" }, { "version", "mbatch -V" },
	{ NULL, NULL }
};

/* The operator that other tools call so, an aggregate's, or whose name is
   near. */
static const char *
called_here(const char *name, struct arena *a)
{
	const char *here = instead_of(words_instead, name);
	const char *colon = strchr(name, ':');

	if (here == NULL && colon != NULL && colon != name && colon[1] != '\0')
		return arena_printf(a, "stats %s", name);
	return here != NULL ? here : op_nearest(name);
}

/* Whether the word is what a number's unit may be. */
static bool
is_unit(const char *word)
{
	int64_t dur;
	uint64_t size;
	char text[16] = "1";

	if (*word == '\0' || args_is_number(word) || strlen(word) > 8)
		return false;
	strcat(text, word);
	return number_duration(&dur, slice_str(text)) == NULL ||
	    number_size(&size, text) == NULL;
}

/* word: in argv, so that something stands before it. */
static int
unknown_op(char **word, struct arena *a)
{
	const char *name = *word, *before = word[-1], *near;
	const char *q = diag_quote(name, strlen(name));
	struct slice first = { name, strcspn(name, " ") };

	if (args_is_number(before) && is_unit(name))
		diag_warn("%s %s: a number and its unit are one word: %s%s",
		    before, q, before, name);
	else if (name[first.n] == ' ' &&
	    op_find(arena_str(a, first)) != NULL)
		diag_warn("%s is one word: operator and arguments are words "
		    "of their own, without quotes around all", q);
	else if ((near = called_here(name, a)) != NULL)
		diag_warn("there is no operator %s; did you mean '%s'?", q,
		    near);
	else if (access(name, F_OK) == 0)
		diag_warn("%s is no operator; records come from standard "
		    "input: mbatch ... < %s", q, name);
	else
		diag_warn("there is no operator %s; `mbatch -l` lists them", q);
	return FAIL;
}

/* Whether word is a flag, or a bundle of flags, that args ("[-n] [-r]") has. */
static bool
has_flag(const char *args, const char *word)
{
	const char flag[] = { '[', '-', word[1], '\0' };

	return word[0] == '-' && word[1] != '\0' && strstr(args, flag) != NULL;
}

/* Whether the word before is a list that this one was to go on with: of keys,
   or what the synopsis calls so. */
static bool
goes_on(const struct stage *s, char *const *word)
{
	const char *before = word[-1];

	if (strcmp(before, s->op.name) == 0 || *before == '-' ||
	    strcmp(*word, "by") == 0 || strcmp(*word, "over") == 0)
		return false;
	return strcmp(word[-2], "by") == 0 || (strchr(*word, ':') != NULL &&
	    strstr(s->op.args, "AGGS") != NULL) ||
	    strstr(s->op.args, "FIELDS]") != NULL ||
	    strcmp(word[-2], "cut") == 0;
}

/* Whether operators are joined by such a word elsewhere, as by a pipe. */
static bool
is_joint(const char *word)
{
	return strspn(word, "|;,+&>-") == strlen(word) ||
	    strcasecmp(word, "then") == 0 || strcasecmp(word, "and") == 0;
}

/* What to write instead of a word of another language, or in another place;
   NULL: nothing is known of it. */
static const char *
meant(const struct stage *s, char *const *at, struct arena *a)
{
	const char *name = s->op.name, *args = s->op.args, *before = at[-1];
	const char *word = *at, *next = at[1];
	int64_t dur;

	if (next != NULL && is_joint(word) && op_find(next) != NULL)
		return arena_printf(a, "operators are joined by then: ... "
		    "then %s ...", next);
	if (strncasecmp(word, "desc", 4) == 0 || strncasecmp(word, "asc", 3)
	    == 0)
		return strcmp(name, "sort") != 0 && strcmp(name, "top") != 0 ?
		    NULL : arena_printf(a, "-r turns the order round: %s -r "
		    "...", name);
	if (strcmp(word, "as") == 0 && next != NULL &&
	    (strstr(args, "AGGS") != NULL || strcmp(name, "cut") == 0))
		return arena_printf(a, "a new name stands in front: %s=%s",
		    next, strrchr(before, ',') == NULL ? before :
		    strrchr(before, ',') + 1);
	if (args_is_number(word) && strstr(args, "[N] ") != NULL &&
	    !args_is_number(before) && strcmp(before, name) != 0)
		return arena_printf(a, "N stands first: %s %s ...", name,
		    word);
	if (strchr(word, ':') != NULL && strstr(args, "AGG") != NULL &&
	    strcmp(before, name) != 0 && strcmp(at[-2], "by") == 0)
		return arena_printf(a, "it stands before by: %s %s by %s",
		    name, word, before);
	if (strstr(args, "[-n BINS]") != NULL)
		return "-n says how many bins";
	if (strstr(args, "[-t DUR] ") != NULL && !args_is_number(before) &&
	    number_duration(&dur, slice_str(before)) == NULL)
		return arena_printf(a, "a time stands behind -t: %s -t %s ...",
		    name, before);
	return NULL;
}

/* A word that the operator did not take and that is not `then`. */
static int
left_over(const struct stage *s, char *const *at, const struct options *opt)
{
	const char *name = s->op.name, *word = *at;
	const char *more = word + strspn(word, ","), *hint;
	bool by = strstr(s->op.args, "[by") != NULL;

	if (has_flag(s->op.args, word))
		diag_warn("%s: '%s' must stand before the other words: %s %s "
		    "...", name, word, name, word);
	else if (opt->is_option(word))
		diag_warn("%s: one word too many: '%s'; options stand before "
		    "the first operator: mbatch %s ... %s", name, word, word,
		    name);
	else if (access(word, F_OK) == 0)
		diag_warn("%s: '%s' is one word too many; records come from "
		    "standard input: mbatch ... %s ... < %s", name, word, name,
		    word);
	else if (strncmp(word, "by=", 3) == 0 || strncmp(word, "by:", 3) == 0)
		diag_warn("%s: one word too many: '%s'; keys stand apart: "
		    "by %s", name, word, word + 3);
	else if ((hint = meant(s, at, opt->arena)) != NULL)
		diag_warn("%s: one word too many: '%s'; %s", name, word, hint);
	else if (op_find(word) == NULL && goes_on(s, at))
		diag_warn("%s: one word too many: '%s'; lists are joined by "
		    "commas, without blanks: %s,%s", name, word, at[-1],
		    *more != '\0' || at[1] == NULL ? more : at[1]);
	else if (op_find(word) != NULL)
		diag_warn("%s: one word too many: '%s'; operators are joined "
		    "by then: ... then %s ...", name, word, word);
	else if (by && strcmp(word, "by") == 0)
		diag_warn("%s: by KEYS stands once, and before over", name);
	else if (by && strcmp(word, "over") != 0)
		diag_warn("%s: one word too many: '%s'; did you mean 'by %s'?",
		    name, word, word);
	else
		diag_warn("%s: one word too many: '%s'", name, word);
	return op_usage(&s->op);
}

static int
parse_stage(struct stage *s, char ***word, const struct options *opt)
{
	const struct op *op = op_find(**word);
	struct args a = { .opt = opt, .arena = opt->arena };

	if (op == NULL)
		return unknown_op(*word, opt->arena);
	s->op = *op;
	s->word = *word;
	s->conf = arena_zero(opt->arena, op->conf_size);
	a.op = &s->op;
	a.word = *word + 1;
	if ((op->flags != NULL && args_flags(&a, s->conf) != OK) ||
	    (op->parse != NULL && op->parse(&s->op, s->conf, &a) != OK))
		return FAIL;
	*word = a.word;
	if (**word != NULL && strcmp(**word, "then") != 0)
		return left_over(s, *word, opt);
	return OK;
}

/* Takes a `then` between two operators. */
static int
take_then(char ***word)
{
	if (**word == NULL)
		return OK;
	++*word;
	if (**word == NULL || strcmp(**word, "then") == 0)
		return diag_warn("an operator must follow 'then'");
	return OK;
}

void
chain_split(struct chain *c)
{
	unsigned shared = OP_EFFECT | OP_LAST;

	if (!c->opt->per)
		shared |= OP_ACROSS;
	for (c->head = c->from; c->head < c->n; c->head++)
		if ((c->stage[c->head].op.traits & shared) != 0)
			break;
	c->apart = c->opt->interleaved ? c->head : 0;
}

int
chain_parse(struct chain *c, char **word, const struct options *opt)
{
	size_t cap = 0;

	c->opt = opt;
	if (*word != NULL && strcmp(*word, "then") == 0)
		return diag_warn("an operator must come before 'then'");
	while (*word != NULL) {
		if (op_find(*word) != NULL && word[1] != NULL &&
		    strcmp(word[1], "--help") == 0) {
			c->help = *word;
			return OK;
		}
		c->stage = mem_reserve(c->stage, &cap, c->n + 1,
		    sizeof *c->stage);
		memset(&c->stage[c->n], 0, sizeof *c->stage);
		c->nwords = ++c->n;
		if (parse_stage(&c->stage[c->n - 1], &word, opt) != OK ||
		    take_then(&word) != OK)
			return FAIL;
	}
	chain_split(c);
	return OK;
}

const struct shape *
chain_shape(const struct chain *c, const struct shape *in)
{
	if (c->opt->partial)
		return &c->states;
	return c->n == 0 ? in : &c->stage[c->n - 1].out;
}

struct slice
chain_header(const struct shape *in, const struct shape *out,
    struct slice header)
{
	if (out->col != in->col || out->format != in->format)
		header = (struct slice){ NULL, 0 };
	return header;
}

int
chain_bind(struct chain *c, const struct shape *input, struct slice header)
{
	const struct shape *in = input;
	size_t k = 0;

	/* Stages that don't run are bound for the shape of what they handed
	   on, where it matters. */
	if (c->from > 0 && strcmp(c->stage[c->from].op.makes, "made") == 0)
		k = c->from;
	for (; k < c->nwords; k++) {
		struct stage *s = &c->stage[k];
		struct bind b = { .op = &s->op, .opt = c->opt, .in = &s->in,
		    .out = &s->out, .take = &s->take, .arena = c->opt->arena,
		    .header = chain_header(input, in, header),
		    .last = k + 1 == c->nwords };

		s->in = s->out = *in;
		s->take.shape = &s->in;
		s->take.local = c->opt->local;
		s->take.hint = c->opt->time_hint;
		s->take.nulls = c->opt->nulls;
		if (s->op.bind != NULL && s->op.bind(s->conf, &b) != OK)
			return FAIL;
		s->edit = b.edit;
		s->whole = b.whole;
		s->few = b.few;
		in = &s->out;
	}
	carry_bind(c);
	for (k = 0; k < c->nwords; k++) {
		take_plan(&c->stage[k].take, c->opt->arena);
		c->stage[k].emit = emit_new(&c->stage[k], k);
	}
	return OK;
}

void
chain_free(struct chain *c)
{
	size_t k;

	for (k = 0; k < c->nwords; k++) {
		take_free(&c->stage[k].take);
		carry_free(c->stage[k].carry);
		emit_free(c->stage[k].emit);
		free(c->stage[k].room);
	}
	if (c->leaves != NULL) {
		take_free(&c->leaves->take);
		carry_free(c->leaves->carry);
	}
	c->leaves = NULL;
	free(c->stage);
	c->stage = NULL;
	c->n = c->nwords = 0;
}

bool
chain_sinks(const struct chain *c)
{
	return c->n > 0 && (c->stage[c->n - 1].op.traits & OP_LAST) != 0;
}

bool
chain_sunk(const struct chain *c)
{
	return chain_sinks(c) && c->stage[c->n - 1].pushed;
}

/* Whether some stage before to has the trait. */
static bool
has_trait(const struct chain *c, unsigned trait, size_t to)
{
	size_t k;

	for (k = c->from; k < to; k++)
		if ((c->stage[k].op.traits & trait) != 0)
			return true;
	return false;
}

bool
chain_has(const struct chain *c, unsigned trait)
{
	return has_trait(c, trait, c->n);
}

bool
chain_names(const struct chain *c, unsigned trait)
{
	return has_trait(c, trait, c->nwords);
}

bool
chain_by_batch(const struct chain *c)
{
	size_t k;

	for (k = 0; k < c->n; k++)
		if ((c->stage[k].op.traits & (OP_EACH | OP_ACROSS | OP_EFFECT |
		    OP_FRAME)) == 0)
			return true;
	return false;
}

void
chain_unseen(const struct chain *c, bool end)
{
	size_t k;

	for (k = 0; k < c->n; k++)
		if (c->stage[k].pushed)
			take_unseen(&c->stage[k].take, c->stage[k].op.name,
			    end);
}

bool
chain_seen(const struct chain *c)
{
	size_t k;

	for (k = 0; k < c->n; k++)
		if (!take_seen(&c->stage[k].take))
			return false;
	return true;
}
