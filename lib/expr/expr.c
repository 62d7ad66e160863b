/* expr.c - expressions: made, bound, and the memory to evaluate them */
#include <stdlib.h>

#include "lib/expr/expr-inner.h"

struct expr *
expr_new(const struct options *opt, struct arena *a)
{
	struct expr *x = arena_zero(a, sizeof *x);

	x->opt = opt;
	x->arena = a;
	return x;
}

static struct tally *
tally(struct expr *x, const char *text, const char *what)
{
	return tally_new(x->opt->diag, x->arena, arena_printf(x->arena,
	    "values in %s were not %s", diag_quote(text, strlen(text)), what));
}

int
expr_add(struct expr *x, const struct field *name, const char *text,
    unsigned flags, struct expr_error *err)
{
	struct node *top = parse_expr(x, text, flags, err);
	struct root *grown;

	if (top == NULL)
		return FAIL;
	if (x->n == x->cap) {
		x->cap = x->cap == 0 ? 1 : x->cap * 2;
		grown = arena_zero(x->arena, x->cap * sizeof *grown);
		if (x->n > 0)
			memcpy(grown, x->root, x->n * sizeof *grown);
		x->root = grown;
	}
	x->root[x->n++] = (struct root){ name, text, top,
	    tally(x, text, "numbers"), tally(x, text, "times") };
	if (x->n - 1 + top->slots > x->slots)
		x->slots = x->n - 1 + top->slots;
	return OK;
}

bool
expr_numbered(const struct expr *x)
{
	return x->numbered;
}

const struct field *
expr_copies(const struct expr *x, size_t k)
{
	const struct node *top = x->root[k].top;

	while (top->kind == N_LET)
		top = x->root[top->let].top;
	return top->kind == N_FIELD ? &top->field : NULL;
}

static int
bind_node(struct node *x, struct bind *b, unsigned flags)
{
	size_t i;

	if (x->kind == N_CMP_TEXT)
		flags = 0;
	for (i = 0; i < x->n; i++)
		if (bind_node(x->arg[i], b, flags) != OK)
			return FAIL;
	if (x->kind == N_FIELD && bind_want(b, &x->field, flags | WANT_VALUE,
	    &x->col) != OK)
		return FAIL;
	if (x->kind == N_CMP_TEXT)
		x->col = x->arg[0]->col;
	return OK;
}

int
expr_bind(struct expr *x, struct bind *b)
{
	size_t k;

	for (k = 0; k < x->n; k++)
		if (bind_node(x->root[k].top, b, WANT_NUMBER) != OK)
			return FAIL;
	return OK;
}

struct expr_run *
expr_run_new(const struct expr *x)
{
	struct expr_run *r = mem_zero(sizeof *r);
	size_t i;

	r->x = x;
	r->slot = mem_alloc(x->slots * sizeof *r->slot);
	r->result = mem_zero(x->n * sizeof *r->result);
	r->only = mem_alloc(VEC_MAX * sizeof *r->only);
	r->reader = mem_zero((x->readers + 1) * sizeof *r->reader);
	for (i = 0; i < x->readers; i++) {
		r->reader[i].local = x->opt->local;
		r->reader[i].newest_hint = x->opt->time_hint;
	}
	for (i = 0; i < VEC_MAX; i++) {
		r->all[i] = (uint16_t)i;
		r->only[i] = (struct slice){ number_only, 1 };
	}
	return r;
}

void
expr_run_free(struct expr_run *r)
{
	if (r == NULL)
		return;
	arena_free(&r->arena);
	free(r->slot);
	free(r->result);
	free(r->only);
	free(r->reader);
	free(r);
}

int
expr_op_bind(void *conf, struct bind *b)
{
	struct expr **x = conf;

	return expr_bind(*x, b);
}

void
expr_op_init(void *st, const void *conf, struct arena *a)
{
	struct expr *const *x = conf;
	struct expr_run **run = st;

	*run = expr_run_new(*x);
}

void
expr_op_fini(void *st, const void *conf)
{
	struct expr_run **run = st;

	expr_run_free(*run);
}
