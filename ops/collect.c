/* collect - the batch as one JSON array */
#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/format/json.h"
#include "lib/format/pack.h"
#include "lib/write/convert.h"

struct conf {
	bool text;		/* records without names: strings */
	bool json;		/* records are JSON, or may be (auto) */
	struct convert *convert;	/* of the others to objects */
};

struct state {
	struct buf array;	/* "[a,b" so far */
	struct buf line;	/* one record converted */
	uint64_t first;		/* the number of the first record */
};

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	unsigned traits = b->in->format->traits;

	c->json = (traits & FMT_JSON) != 0;
	c->text = (traits & FMT_OPEN) != 0 && b->in->ncol == 0;
	if (!c->json && !c->text) {
		c->convert = convert_new(b->in, &format_json, false, NULL,
		    b->opt);
		arena_defer(b->arena, convert_free, c->convert);
	}
	shape_init(b->out, &format_json, NULL, 0);
	b->out->arrays = true;
	return OK;
}

enum { NOT_JSON = DONE + 1 };

/* Appends a record that is JSON; NOT_JSON: it is none and a string is right. */
static int
add_json(struct state *s, const struct conf *c, struct slice rec,
    uint64_t num, struct emit *e)
{
	struct slice value = json_trim(skip_bom(rec));
	const char *why;
	size_t at;

	if (c->text && (value.n == 0 || *value.p != '{'))
		return NOT_JSON;
	why = json_check(value, &at);
	if (why == NULL)
		buf_slice(&s->array, value);
	else if (c->text)
		return NOT_JSON;
	else
		return emit_bad(e, rec, num, why,
		    at + (size_t)(value.p - rec.p));
	return OK;
}

/* One element, without the comma; nothing if the record can't be read. */
static int
add(struct state *s, const struct conf *c, const struct slice *rec,
    const uint64_t *num, struct emit *e)
{
	int r = c->json ? add_json(s, c, *rec, *num, e) : NOT_JSON;

	if (r != NOT_JSON)
		return r;
	if (c->text) {
		json_put_string(&s->array, *rec);
		return OK;
	}
	s->line.n = 0;
	r = convert_add(c->convert, rec, num, 1, &s->line);
	if (s->line.n > 0)
		buf_add(&s->array, s->line.p, s->line.n - 1);
	return r;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	struct state *s = vs;
	size_t i, had;
	int r = OK;

	if (s->array.n == 0)
		s->first = v->num[0];
	for (i = 0; i < v->n && r == OK; i++) {
		buf_char(&s->array, s->array.n == 0 ? '[' : ',');
		had = s->array.n;
		r = add(s, vc, &v->rec[i], &v->num[i], e);
		if (s->array.n == had)
			s->array.n--;
	}
	return r;
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct state *s = vs;
	struct buf *out = emit_buf(e);

	buf_slice(out, s->array.n == 0 ? SLICE("[") : buf_text(&s->array));
	buf_char(out, ']');
	return emit_slice(e, buf_text(out),
	    s->array.n == 0 ? b->first : s->first);
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	s->array.n = 0;
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	struct state *s = vs;
	struct slice array;

	both_u64(b, &s->first);
	array = both_text(b, buf_text(&s->array));
	if (both_reads(b))
		buf_slice(&s->array, array);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	buf_free(&s->array);
	buf_free(&s->line);
}

const struct op op_collect = {
	.name = "collect",
	.args = "",
	.makes = "made",
	.help = "the batch as one JSON array: of objects, of strings for text",
	.example = "-n 3 cut 9 then collect",
	.shows = "[{\"9\":200},{\"9\":200},{\"9\":302}]\n"
	    "[{\"9\":500},{\"9\":200},{\"9\":503}]\n"
	    "[{\"9\":404},{\"9\":200},{\"9\":200}]\n"
	    "...\n",
	.see = "join into",
	.holds = "the batch",
	.traits = OP_HOLD | OP_FRAME,
	OP_SIZES,
	.bind = bind,
	.push = push,
	.flush = flush,
	.reset = reset,
	.both = remember,
	.fini = fini
};
