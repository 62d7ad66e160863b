/* captures.c - parts found in a text, as columns: extract and parse */
#include <stdlib.h>

#include "lib/run/captures.h"

/* Without NAMES: positions, or after the field's name with -f. */
int
captures_names(struct captures *p, struct args *a, size_t found)
{
	const char *w = args_maybe(a);
	struct field *f;
	size_t n, i, k;

	p->by_field = p->field.text != NULL;
	p->found = found;
	p->missed = tally_quiet(a->opt->diag, a->arena, arena_printf(a->arena,
	    "that %s found nothing in", a->op->name));
	if (found > CAPTURES_MAX)
		return args_fail(a, "more than %d parts", CAPTURES_MAX);
	p->from = arena_zero(a->arena, found * sizeof *p->from);
	p->name = arena_zero(a->arena, found * sizeof *p->name);
	if (w == NULL) {
		for (i = 0; i < found; i++) {
			p->from[i] = i;
			p->name[i] = !p->by_field ? SLICE("") :
			    slice_str(arena_printf(a->arena, "%.*s_%zu",
			    (int)p->field.name.n, p->field.name.p, i + 1));
		}
		p->n = found;
		return OK;
	}
	if (args_fields(a, w, false, &f, &n) != OK)
		return FAIL;
	if (n != found)
		return args_fail(a, "%zu name%s for %zu part%s of the pattern "
		    "(_ skips one)", n, diag_plural(n, "s"), found,
		    diag_plural(found, "s"));
	for (i = 0; i < n; i++) {
		if (slice_eq(f[i].name, SLICE("_")))
			continue;
		for (k = 0; k < p->n; k++)
			if (slice_eq(p->name[k], f[i].name))
				return args_fail(a, "two parts are named %s",
				    diag_quote(f[i].name.p, f[i].name.n));
		p->from[p->n] = i;
		p->name[p->n++] = f[i].name;
	}
	return p->n > 0 ? OK : args_fail(a, "all parts are skipped");
}

int
captures_bind(void *conf, struct bind *b)
{
	struct captures *p = conf;

	b->whole = !p->by_field;
	if (!p->by_field) {
		bind_made(b, p->name, NULL, p->n);
		return OK;
	}
	if (bind_want(b, &p->field, 0, &p->col) != OK)
		return FAIL;
	bind_edit(b, p->name, NULL, p->n, false);
	return OK;
}

struct slice
captures_text(const struct captures *p, const struct vec *v, size_t i)
{
	return p->by_field ? v->col[p->col][i] : v->rec[i];
}

void
captures_room(const struct captures *p, struct captured *c)
{
	size_t k;

	if (c->col != NULL)
		return;
	c->text = mem_alloc(p->n * sizeof *c->text);
	c->col = mem_zero(p->n * sizeof *c->col);
	for (k = 0; k < p->n; k++)
		c->col[k].text = c->text[k] =
		    mem_alloc(VEC_MAX * sizeof **c->text);
}

void
captures_add(const struct captures *p, struct captured *c, size_t i,
    const struct slice *part)
{
	size_t k;

	captures_room(p, c);
	for (k = 0; k < p->n; k++)
		c->text[k][c->n] = part[p->from[k]];
	c->hit[c->n++] = (uint16_t)i;
}

int
captures_emit(const struct captures *p, struct captured *c,
    const struct vec *v, struct emit *e)
{
	struct slice val[CAPTURES_MAX];
	size_t i, k, n = c->n, counted;
	int r = OK;

	c->n = 0;
	if (n > 0 && !p->by_field)
		r = emit_rows(e, v, c->hit, n, c->col, p->n);
	else if (n > 0 && n == v->n)
		r = emit_edits(e, v, c->col, p->n);
	else
		for (i = 0; i < n && r == OK; i++) {
			for (k = 0; k < p->n; k++)
				val[k] = c->text[k][i];
			r = emit_edit(e, v, c->hit[i], val, NULL, p->n);
		}
	counted = emit_counted(e, v);
	while (n > 0 && c->hit[n - 1] >= counted)
		n--;
	p->missed->n += counted - n;
	return r;
}

void
captures_fini(void *st, const void *conf)
{
	const struct captures *p = conf;
	struct captured *c = st;
	size_t k;

	for (k = 0; c->text != NULL && k < p->n; k++)
		free(c->text[k]);
	free(c->text);
	free(c->col);
}
