/* split - one record for each part of a field */
#include "mbatch.h"
#include "lib/format/json.h"
#include "lib/run/alter.h"
#include "lib/run/args.h"
#include "lib/scan/find.h"

struct conf {
	struct alter alter;
	struct slice sep;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w = args_need(a, "the field");

	if (w == NULL || args_field(a, w, false, &c->alter.field) != OK)
		return FAIL;
	w = args_maybe(a);
	if (args_text(a, "the separator", w == NULL ? "," : w, &c->sep) != OK)
		return FAIL;
	return c->sep.n > 0 ? OK : args_fail(a, "the separator is empty");
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;

	if (c->alter.field.kind == FIELD_WHOLE)
		return bind_fail(b, "0 is the whole record, not a field of it: "
		    "tr , '\\n' | mbatch ... makes records of its parts");
	return alter_bind(&c->alter, b);
}

/* The end of the array's element at p: its comma or closing bracket.  The
   array is known to be well formed. */
static const char *
element_end(const char *p, const char *end)
{
	size_t depth = 0;
	bool text = false;

	for (; p < end; p++) {
		if (text) {
			if (*p == '\\')
				p++;
			else if (*p == '"')
				text = false;
		} else if (*p == '"') {
			text = true;
		} else if (*p == '[' || *p == '{') {
			depth++;
		} else if ((*p == ']' || *p == '}' || *p == ',') &&
		    depth == 0) {
			break;
		} else if (*p == ']' || *p == '}') {
			depth--;
		}
	}
	return p;
}

/* One record for each element, none for an empty array. */
static int
split_array(struct slice array, const struct vec *v, size_t i, struct emit *e)
{
	static const bool is_token[] = { true };
	const char *p = array.p + 1, *end = array.p + array.n, *next;
	struct slice val;
	int r = OK;

	for (; r == OK && p < end; p = next + 1) {
		next = element_end(p, end);
		val = json_trim(slice_to(p, next));
		if (val.n > 0)
			r = emit_edit(e, v, i, &val, is_token, 1);
	}
	return r;
}

static int
split_text(const struct conf *c, struct slice s, const struct vec *v, size_t i,
    struct emit *e)
{
	const char *at = find_text(s, c->sep);
	struct slice part;
	int r = OK;

	if (at == NULL)
		return alter_same(&c->alter, v, i, e);
	for (; r == OK && at != NULL; at = find_text(s, c->sep)) {
		part = slice_to(s.p, at);
		r = emit_edit(e, v, i, &part, NULL, 1);
		s.n -= part.n + c->sep.n;
		s.p = at + c->sep.n;
	}
	return r != OK ? r : emit_edit(e, v, i, &s, NULL, 1);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	const struct slice *val = v->col[c->alter.col];
	const struct slice *raw = v->col[c->alter.raw];
	size_t i;
	int r = OK;

	for (i = 0; i < v->n && r == OK; i++) {
		if (val[i].p == NULL)
			r = alter_same(&c->alter, v, i, e);
		else if (raw[i].n > 0 && raw[i].p[0] == '[' &&
		    (format_of(v->shape, v->rec[i])->traits & FMT_JSON) != 0)
			r = split_array(raw[i], v, i, e);
		else
			r = split_text(c, val[i], v, i, e);
	}
	return r;
}

const struct op op_split = {
	.name = "split",
	.args = "FIELD [SEP]",
	.makes = "changed",
	.help = "a record for each part of a field (,), or JSON array element",
	.example = "split 7 / then count by 7",
	.shows = "\t13\n"
	    "style.css\t1\n"
	    "login\t1\n"
	    "...\n",
	.see = "parse join",
	.traits = OP_EACH | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.parse = parse,
	.bind = bind,
	.push = push
};
