/* alter.c - one field of each record changed where it stands */
#include "lib/run/alter.h"
#include "lib/run/bind.h"

enum { FAR = 100000 };		/* no position that is set is larger */

int
alter_check(const struct field *f, struct bind *b)
{
	bool paths = (b->in->format->traits & FMT_JSON) != 0;
	const struct column *c = shape_field(b->in, f);

	if (c != NULL && c->pos == 0)
		return bind_fail(b, "%s can't be changed",
		    diag_quote(c->name.p, c->name.n));
	if (f->kind == FIELD_WHOLE)
		return bind_fail(b, "0 is the whole record, not a field to "
		    "change");
	if (f->kind == FIELD_POS && (f->pos > FAR || f->pos < -FAR))
		return bind_fail(b, "position %d is too far", f->pos);
	if (f->kind == FIELD_NAME && paths && f->npath > 1)
		return bind_fail(b, "only whole members can be changed, not %s "
		    "(a member of that name is {%.*s})",
		    diag_quote(f->text, strlen(f->text)), (int)f->name.n,
		    f->name.p);
	return OK;
}

int
alter_bind(struct alter *t, struct bind *b)
{
	if (alter_check(&t->field, b) != OK ||
	    bind_want(b, &t->field, 0, &t->col) != OK ||
	    bind_want(b, &t->field, WANT_RAW, &t->raw) != OK)
		return FAIL;
	bind_edit_at(b, &t->field.name, &t->field.pos, NULL, 1, false);
	t->spares = b->edit->how == EDIT_NAMED || b->edit->how == EDIT_AUTO;
	b->whole = t->spares;		/* they go on as they are */
	b->out->given = b->in->given;	/* where it is absent it stays so */
	b->out->ngiven = b->in->ngiven;
	return OK;
}

int
alter_same(const struct alter *t, const struct vec *v, size_t i,
    struct emit *e)
{
	struct slice raw = v->col[t->raw][i];
	bool token = v->token == NULL || v->token[t->raw][i];

	if (t->spares)
		return emit_keep(e, v, i);
	return emit_edit(e, v, i, &raw, raw.p == NULL ? NULL : &token, 1);
}
