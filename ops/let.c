/* let - new or changed fields */
#include <ctype.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/expr/expr.h"
#include "lib/run/alter.h"
#include "lib/run/bind.h"
#include "lib/run/table.h"

struct conf {
	struct expr *expr;
	struct field **field;		/* of each NAME=EXPR, in order */
	size_t n;
	size_t *last;			/* of each column: the last one that
					   sets it */
	size_t ncol;
	size_t *token;			/* of a column that is a copy: where the
					   field's token is in vec.col */
	bool *copy;
};

struct state {
	struct expr_run *run;
};

EXPR_FIRST(struct conf, expr, struct state, run);

/* One NAME=EXPR; a field may be written as in expressions, $2. */
static int
read_word(struct conf *c, struct args *a, const char *w)
{
	bool dollar = w[0] == '$' && w[1] != '=';
	struct field *f = arena_zero(a->arena, sizeof *f);
	struct slice name;
	size_t eq;

	w += dollar;
	eq = field_new(w);
	name = (struct slice){ w, eq };
	while (name.n > 0 && isspace((unsigned char)name.p[name.n - 1]))
		name.n--;
	if (name.n == 0 && op_find(w) != NULL)
		return args_fail(a, "one word too many: %s; operators are "
		    "joined by then: ... then %s ...", diag_quote(w,
		    strlen(w)), w);
	if (name.n == 0)
		return args_fail(a, "%s is not NAME=EXPR%s",
		    diag_quote(w, strlen(w)), a->word[0] != NULL &&
		    a->word[0][0] == '=' ? ": without blanks around the =" :
		    "");
	if (name.n > 1 && strchr("+-*/%.|", name.p[name.n - 1]) != NULL)
		return args_fail(a, "there is no %c=: a field set anew is x='x "
		    "+ 1' (one of that name stands in braces)",
		    name.p[name.n - 1]);
	if (args_field(a, arena_str(a->arena, name), false, f) != OK)
		return FAIL;
	if (caret_expr(a, c->expr, f, w + eq + 1, 0) != OK)
		return FAIL;
	c->field[c->n++] = f;
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;
	size_t n = 0;

	if (args_peek(a) == NULL)
		return args_fail(a, "NAME=EXPR is missing");
	while (a->word[n] != NULL)
		n++;
	c->expr = expr_new(a->opt, a->arena);
	c->field = arena_zero(a->arena, n * sizeof *c->field);
	while ((w = args_peek(a)) != NULL) {
		a->word++;
		if (read_word(c, a, w) != OK)
			return FAIL;
	}
	op->traits |= expr_numbered(c->expr) ? OP_NUMBER : 0;
	return OK;
}

/* Where a record's members have types, a member that is another one is its
   token. */
static int
bind_copies(struct conf *c, struct bind *b)
{
	const struct field *f;
	size_t j;

	c->token = arena_zero(b->arena, c->ncol * sizeof *c->token);
	c->copy = arena_zero(b->arena, c->ncol * sizeof *c->copy);
	if ((b->edit->how != EDIT_NAMED && b->edit->how != EDIT_AUTO) ||
	    b->opt->nulls != NULL)
		return OK;
	for (j = 0; j < c->ncol; j++) {
		f = expr_copies(c->expr, c->last[j]);
		if (f == NULL || f->kind != FIELD_NAME)
			continue;
		if (bind_want(b, f, WANT_RAW | WANT_NUMBER, &c->token[j]) != OK)
			return FAIL;
		c->copy[j] = true;
	}
	return OK;
}

/* A field set twice is one column: the last one is what remains. */
static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	struct slice *name = arena_zero(b->arena, c->n * sizeof *name);
	int *pos = arena_zero(b->arena, c->n * sizeof *pos);
	size_t i, j;

	if (expr_bind(c->expr, b) != OK)
		return FAIL;
	c->last = arena_zero(b->arena, c->n * sizeof *c->last);
	for (i = 0; i < c->n; i++) {
		if (alter_check(c->field[i], b) != OK)
			return FAIL;
		if (c->field[i]->kind == FIELD_POS &&
		    bind_want(b, c->field[i], WANT_NUMBER, NULL) != OK)
			return FAIL;
		for (j = 0; j < c->ncol; j++)
			if (pos[j] == c->field[i]->pos &&
			    slice_eq(name[j], c->field[i]->name))
				break;
		name[j] = c->field[i]->name;
		pos[j] = c->field[i]->pos;
		c->last[j] = i;
		c->ncol += j == c->ncol;
	}
	bind_edit_at(b, name, pos, NULL, c->ncol, false);
	return bind_copies(c, b);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct values *col = mem_alloc(c->ncol * sizeof *col);
	size_t j;
	int r;

	expr_eval(s->run, v);
	for (j = 0; j < c->ncol; j++)
		col[j] = c->copy[j] ? vec_tokens(v, c->token[j]) :
		    expr_column(s->run, c->last[j], emit_numbers(e, v));
	r = emit_edits(e, v, col, c->ncol);
	free(col);
	return r;
}

const struct op op_let = {
	.name = "let",
	.args = "NAME=EXPR...",
	.makes = "changed",
	.help = "new or changed fields; later ones see earlier ones",
	.example = "let kb='round($10 / 1024, 1)' then cut 7,kb",
	.shows = "/\t5\n"
	    "/style.css\t0.9\n"
	    "/login\t0\n"
	    "...\n",
	.see = "step replace expressions",
	.also = "map put eval mutate extend awk set",
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.init = expr_op_init,
	.push = push,
	.fini = expr_op_fini
};
