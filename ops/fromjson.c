/* fromjson - the JSON object in a text becomes the record's members */
#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/format/json.h"
#include "lib/run/alter.h"
#include "lib/run/args.h"
#include "lib/write/convert.h"

struct conf {
	struct field field;
	bool whole;			/* the record is the text */
	size_t col;
	struct slice name;		/* of the member that it is; n 0: the
					   pos'th, from the end if negative */
	int pos;
	struct convert *convert;	/* of others to JSON */
	struct tally *none;
};

struct state {
	struct cells record, object;
	struct buf line, out;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;

	c->whole = c->field.kind == FIELD_WHOLE;
	return OK;
}

/* What the field is called once the record is JSON; without columns all of it
   is one member, which stays. */
static void
find_member(struct conf *c, struct bind *b)
{
	const struct shape *in = b->in;
	const struct column *is = shape_field(in, &c->field);

	if (is != NULL && is->name.n > 0)
		c->name = is->name;
	else if (c->field.kind == FIELD_NAME)
		c->name = c->field.name;
	else if (c->field.pos > 0)
		c->name = place_name(in->col, in->ncol, (size_t)c->field.pos,
		    b->arena);
	else if (in->ncol > 0 || in->sep != NULL)
		c->pos = c->field.pos;
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	const struct shape *in = b->in;

	if (c->whole && ((in->format->traits & FMT_OPEN) == 0 || in->ncol > 0))
		return bind_fail(b, "-f FIELD is missing: which one of the %s "
		    "records has the text", in->format->name);
	if (!c->whole && (alter_check(&c->field, b) != OK ||
	    bind_want(b, &c->field, 0, &c->col) != OK))
		return FAIL;
	find_member(c, b);
	if (!c->whole && in->format != &format_json) {
		c->convert = convert_new(in, &format_json, false, NULL,
		    b->opt);
		arena_defer(b->arena, convert_free, c->convert);
	}
	c->none = tally_new(b->opt->diag, b->arena,
	    "texts were no JSON objects and stay what they are");
	shape_init(b->out, &format_json, NULL, 0);
	return OK;
}

/* The text's members as cells; false: it is no object, which is told. */
static bool
read_object(struct state *s, const struct conf *c, struct slice text,
    uint64_t num)
{
	const char *why;
	size_t at;

	why = format_json.split(NULL, text, &s->object, &at);
	if (why == NULL)
		return true;
	tally_add(c->none, 1, num, "fromjson: %s: %s at byte %zu",
	    diag_quote(text.p, text.n), why, at + 1);
	return false;
}

/* The record's own members without the field, which goes, then the text's,
   which set those that are called so. */
static void
merge(struct state *s, const struct conf *c)
{
	struct cells *to = &s->record;
	size_t i, n = to->n;

	for (i = to->n = 0; i < n; i++)
		if (c->name.n > 0 ? !slice_eq(to->c[i].name, c->name) :
		    (int)i - (int)n != c->pos)
			to->c[to->n++] = to->c[i];
	for (i = 0; i < s->object.n; i++)
		cells_add(to, s->object.c[i].name, s->object.c[i].val, true);
	cells_unique(to, true, NULL);
}

/* The record as JSON, in *rec; n 0: it can't be read, which was told. */
static int
as_json(struct state *s, const struct conf *c, struct slice *rec, uint64_t num)
{
	static const struct slice name = { "record", 6 };
	struct cell text = { name, *rec, false };
	int r;

	s->line.n = 0;
	if (c->whole) {
		format_json.put(&s->line, NULL, &text, 1);
		*rec = buf_text(&s->line);
		return OK;
	}
	if (c->convert == NULL)
		return OK;
	r = convert_add(c->convert, rec, &num, 1, &s->line);
	*rec = (struct slice){ s->line.p, s->line.n > 0 ? s->line.n - 1 : 0 };
	return r;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct slice text, rec;
	const char *why;
	bool object;
	size_t i, at;
	int r = OK;

	for (i = 0; i < v->n && r == OK; i++) {
		rec = v->rec[i];
		text = c->whole ? skip_bom(json_trim(rec)) : v->col[c->col][i];
		object = text.n > 0 && read_object(s, c, text, v->num[i]);
		if (c->whole && object) {
			r = emit_slice(e, text, v->num[i]);
			continue;
		}
		r = as_json(s, c, &rec, v->num[i]);
		if (r != OK || rec.n == 0)
			continue;
		if (!object) {
			r = emit_bytes(e, rec, v->num[i]);
			continue;
		}
		why = format_json.split(NULL, rec, &s->record, &at);
		if (why != NULL) {
			r = emit_bad(e, rec, v->num[i], why, at);
			continue;
		}
		merge(s, c);
		s->out.n = 0;
		format_json.put(&s->out, NULL, s->record.c, s->record.n);
		r = emit_bytes(e, buf_text(&s->out), v->num[i]);
	}
	return r;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	cells_free(&s->record);
	cells_free(&s->object);
	buf_free(&s->line);
	buf_free(&s->out);
}

const struct op op_fromjson = {
	.name = "fromjson",
	.args = "[-f FIELD]",
	.makes = "changed",
	.help = "the members of the JSON object that a text is: JSON records",
	.example = "replace '.*\" (...) .*' '{\"to\":\\1}' then fromjson",
	.shows = "{\"to\":200}\n"
	    "{\"to\":200}\n"
	    "{\"to\":302}\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-f", field, "the text is in FIELD, not the whole "
		    "record")),
	.see = "parse extract",
	.aka = INSTEAD({ "json-parse", "fromjson -f" },
	    { "parse_json", "fromjson -f" }, { "parse-json", "fromjson -f" },
	    { "spath", "fromjson -f" }, { "json", "fromjson -f" }),
	.traits = OP_EACH,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.push = push,
	.fini = fini
};
