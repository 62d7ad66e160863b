/* fill - what is absent gets the value before it, or a text */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/group.h"
#include "lib/agg/owned.h"
#include "lib/format/fmt.h"
#include "lib/format/pack.h"
#include "lib/run/alter.h"
#include "lib/run/args.h"
#include "lib/run/bind.h"

struct conf {
	struct field *field;
	size_t n, *col, *raw;		/* of each its values, its tokens */
	bool *flat;			/* nothing is absent, if it is empty */
	struct keys by;
	struct slice text;		/* -v; p NULL: the value before */
	bool empty;			/* what is empty, too */
	bool tokens;			/* tokens are remembered, */
	bool mixed;			/* but only JSON's: records may be */
	struct tally *left;
};

struct past {			/* the last value of a field and key */
	struct owned text;
	bool token;
};

struct state {
	struct groups groups;	/* an accumulator is conf.n of struct past */
	struct slice *val;
	bool *is_token;
	struct arena decoded;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	if ((w = args_need(a, "FIELDS")) == NULL ||
	    args_fields(a, w, false, &c->field, &c->n) != OK ||
	    args_by(a, &c->by) != OK)
		return FAIL;
	if (c->text.p == NULL)
		return OK;
	op->traits = OP_EACH | OP_FIELDS;
	return c->by.n == 0 ? OK : args_fail(a, "by KEYS says nothing of TEXT, "
	    "which is the same for all");
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	struct slice *name = arena_zero(b->arena, c->n * sizeof *name);
	int *pos = arena_zero(b->arena, c->n * sizeof *pos);
	unsigned char *flags = arena_zero(b->arena, c->n);
	const struct column *is;
	size_t j;

	c->col = arena_zero(b->arena, c->n * sizeof *c->col);
	c->raw = arena_zero(b->arena, c->n * sizeof *c->raw);
	c->flat = arena_zero(b->arena, c->n);
	for (j = 0; j < c->n; j++) {
		const struct field *f = &c->field[j];

		if (alter_check(f, b) != OK ||
		    bind_want(b, f, WANT_VALUE, &c->col[j]) != OK ||
		    bind_want(b, f, WANT_RAW, &c->raw[j]) != OK)
			return FAIL;
		name[j] = f->name;
		pos[j] = f->pos;
		is = shape_field(b->in, f);
		if (is != NULL && c->text.p == NULL)
			flags[j] = is->flags;
		c->flat[j] = !c->empty && is != NULL && b->in->closed &&
		    !column_filled(b->in, is);
	}
	if (keys_bind(&c->by, b) != OK)
		return FAIL;
	bind_edit_at(b, name, pos, flags, c->n, false);
	c->mixed = b->edit->how == EDIT_AUTO;
	c->tokens = c->mixed || b->edit->how == EDIT_NAMED;
	b->whole = c->tokens;	/* what does not change stays as it is */
	c->left = tally_new(b->opt->diag, b->arena,
	    "values were empty, which only fill -e takes for absent");
	return OK;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	groups_init(&s->groups, &c->by, c->n * sizeof(struct past), c->by.seed);
	s->val = mem_alloc(c->n * sizeof *s->val);
	s->is_token = mem_alloc(c->n * sizeof *s->is_token);
}

/* An absent field j becomes the value that there is, as a token where those
   of the record are: false, if there is none. */
static bool
put_past(struct state *s, const struct conf *c, const struct past *p, size_t j,
    bool tokens)
{
	if (c->text.p == NULL && !p->text.there)
		return false;
	s->val[j] = c->text.p != NULL ? c->text : owned_get(&p->text);
	s->is_token[j] = c->text.p == NULL && p->token && tokens;
	if (c->text.p == NULL && p->token && !tokens)
		s->val[j] = format_json.decode(s->val[j], &s->decoded);
	return true;
}

/* The columns of record i; past: of its key.  Whether some are new. */
static bool
fill(struct state *s, const struct conf *c, struct past *past,
    const struct vec *v, size_t i)
{
	bool tokens = c->tokens && (!c->mixed ||
	    format_of(v->shape, v->rec[i]) == &format_json);
	struct slice val, raw;
	bool token, new = false;
	size_t j;

	for (j = 0; j < c->n; j++) {
		val = v->col[c->col[j]][i];
		raw = v->col[c->raw[j]][i];
		token = v->token == NULL || v->token[c->raw[j]][i];
		s->val[j] = raw;
		s->is_token[j] = token && raw.p != NULL;
		if (c->flat[j] && val.p != NULL && val.n == 0)
			tally_add(c->left, 1, v->num[i], "fill: the value of "
			    "%s is empty, not absent: fill -e takes it for "
			    "that", diag_quote(c->field[j].text,
			    strlen(c->field[j].text)));
		if (val.p == NULL || (c->empty && val.n == 0)) {
			new |= put_past(s, c, &past[j], j, tokens);
		} else if (c->text.p == NULL) {
			owned_set(&past[j].text, tokens ? raw : val);
			past[j].token = tokens && token;
		}
	}
	return new;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint32_t group[VEC_MAX];
	bool new;
	size_t i;
	int r = OK;

	arena_reset(&s->decoded);
	groups_find(&s->groups, &c->by, v, group);
	for (i = 0; i < v->n && r != FAIL; i++) {
		new = fill(s, c, groups_acc(&s->groups, group[i]), v, i);
		if (c->tokens && !new)
			r = emit_keep(e, v, i);
		else
			r = emit_edit(e, v, i, s->val, s->is_token, c->n);
	}
	return r;
}

static void
both_past(const void *vc, void *acc, struct both *b)
{
	const struct conf *c = vc;
	struct past *p = acc;
	size_t j;
	bool there;

	for (j = 0; j < c->n; j++) {
		both_bool(b, &p[j].token);
		there = p[j].text.there;
		both_bool(b, &there);
		if (there)
			owned_both(&p[j].text, b);
	}
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	groups_both(&((struct state *)vs)->groups, vc, b, both_past);
}

static void
fini(void *vs, const void *vc)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct past *p;
	size_t i, j;

	for (i = 0; i < s->groups.n; i++) {
		p = groups_acc(&s->groups, i);
		for (j = 0; j < c->n; j++)
			owned_free(&p[j].text);
	}
	groups_fini(&s->groups);
	free(s->val);
	free(s->is_token);
	arena_free(&s->decoded);
}

const struct op op_fill = {
	.name = "fill",
	.args = "[-e] [-v TEXT] FIELDS [by KEYS]",
	.makes = "changed",
	.help = "absent fields get the value before them, of the key",
	.example = "cut 1,3 then replace - '' then fill -e 2 by 1",
	.shows = "192.0.2.10\t\n"
	    "192.0.2.10\t\n"
	    "198.51.100.7\talice\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-e", empty, "empty ones, too"),
		FLAG("-v", text, "TEXT, not the value before")),
	.see = "let step",
	.holds = "the last value of each key",
	.also = "fill-down filldown ffill",
	.aka = INSTEAD({ "fillna", "fill -v" }, { "fill-empty", "fill -e -v" },
	    { "coalesce", "fill -v" }),
	.flags_instead = INSTEAD(
		{ "a", "what is empty is filled, too, by -e; and FIELDS are "
		    "named" },
		{ "f", "FIELDS stand without a flag: fill -e host,user" },
		{ "g", "keys come behind: fill FIELDS by KEYS" }),
	.traits = OP_ACROSS | OP_FIELDS,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.both = remember,
	.fini = fini
};
