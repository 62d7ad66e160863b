/* sort - the batch's records in order, stable */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/number/rank.h"
#include "lib/run/args.h"
#include "lib/run/keep.h"
#include "lib/run/keys.h"

struct conf {
	struct keys by;
	bool *numeric;			/* [by.n] */
	bool number, reverse;
};

/* Record i of the keep has the keys rank[i * by.n ...]. */
struct state {
	struct keep keep;
	struct rank *rank;
	size_t n, cap;
	struct arena *arena;		/* what the ranks' texts lie in */
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;
	int f;

	(void)op;
	while ((f = args_flag(a, "nr")) > 0) {
		c->number |= f == 'n';
		c->reverse |= f == 'r';
	}
	if (f < 0)
		return FAIL;
	args_keyword(a, "by");		/* sort by x, as people type it */
	w = args_maybe(a);
	return args_fields(a, w == NULL ? "0" : w, true, &c->by.field,
	    &c->by.n);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	const struct column *col;
	size_t i;

	c->numeric = arena_zero(b->arena, c->by.n);
	for (i = 0; i < c->by.n; i++) {
		col = shape_field(b->in, &c->by.field[i]);
		c->numeric[i] = c->number ||
		    (col != NULL && (col->flags & COL_NUMBER) != 0);
	}
	return keys_bind(&c->by, b);
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	struct state *s = vs;

	(void)vc;
	s->arena = a;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t i, j;

	(void)e;
	keep_vec(&s->keep, v);
	s->rank = mem_reserve(s->rank, &s->cap, (s->n + v->n) * c->by.n,
	    sizeof *s->rank);
	for (i = 0; i < v->n; i++)
		for (j = 0; j < c->by.n; j++)
			rank_set(&s->rank[(s->n + i) * c->by.n + j],
			    arena_copy(s->arena, v->col[c->by.col[j]][i]),
			    c->numeric[j]);
	s->n += v->n;
	return OK;
}

struct item {
	const struct rank *rank;
	const struct conf *conf;
	size_t i;
};

static int
compare(const void *va, const void *vb)
{
	const struct item *a = va, *b = vb;
	size_t j;
	int c;

	for (j = 0; j < a->conf->by.n; j++) {
		c = rank_cmp(&a->rank[j], &b->rank[j], a->conf->reverse);
		if (c != 0)
			return c;
	}
	return (a->i > b->i) - (a->i < b->i);
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	const struct state *s = vs;
	struct item *item = mem_alloc(s->n * sizeof *item);
	size_t i;
	int r = OK;

	(void)b;
	for (i = 0; i < s->n; i++)
		item[i] = (struct item){ s->rank + i * c->by.n, c, i };
	qsort(item, s->n, sizeof *item, compare);
	for (i = 0; i < s->n && r == OK; i++)
		r = keep_emit(&s->keep, item[i].i, e);
	free(item);
	return r;
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	keep_reset(&s->keep);
	s->n = 0;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	keep_fini(&s->keep);
	free(s->rank);
}

const struct op op_sort = {
	.name = "sort",
	.args = "[-n] [-r] [FIELDS]",
	.makes = "kept",
	.help = "the batch's records in order (-n: as numbers, -r: reversed)",
	.example = "count by 9 then sort -r count",
	.traits = OP_HOLD,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.reset = reset,
	.fini = fini
};
