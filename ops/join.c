/* join - the batch as one record */
#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/format/pack.h"
#include "lib/run/args.h"

struct conf {
	struct slice sep;
};

struct state {
	struct buf text;
	uint64_t n, first;	/* records, and the number of the first */
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w = args_maybe(a);

	c->sep = SLICE(" ");
	return w == NULL ? OK : args_text(a, "SEP", w, &c->sep);
}

static int
bind(void *vc, struct bind *b)
{
	shape_init(b->out, &format_text, b->opt->sep, b->opt->seplen);
	return OK;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t i;

	if (s->n == 0)
		s->first = v->num[0];
	for (i = 0; i < v->n; i++) {
		if (s->n++ > 0)
			buf_slice(&s->text, c->sep);
		buf_slice(&s->text, v->rec[i]);
	}
	return OK;
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct state *s = vs;

	return emit_slice(e, (struct slice){ s->n == 0 ? "" : s->text.p,
	    s->text.n }, s->n == 0 ? b->first : s->first);
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	s->n = 0;
	s->text.n = 0;
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	struct state *s = vs;
	struct slice text;

	both_u64(b, &s->n);
	both_u64(b, &s->first);
	text = both_text(b, buf_text(&s->text));
	if (both_reads(b))
		buf_slice(&s->text, text);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	buf_free(&s->text);
}

const struct op op_join = {
	.name = "join",
	.args = "[SEP]",
	.makes = "made",
	.help = "the batch as one record, its records joined by SEP (blank)",
	.example = "cut 9 then join ,",
	.shows = "200,200,302,500,200,503,404,200,200,200\n",
	.see = "collect split",
	.holds = "the batch",
	.also = "paste",
	.traits = OP_HOLD | OP_FRAME,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.push = push,
	.flush = flush,
	.reset = reset,
	.both = remember,
	.fini = fini
};
