/* expr-eval.c - expressions for a vector of records at a time */
#include "lib/base/words.h"
#include "lib/expr/expr-inner.h"
#include "lib/regex/regex.h"
#include "lib/scan/find.h"

static struct operand eval(struct expr_run *, const struct node *,
    const struct sel *, size_t slot);
static void test(struct expr_run *, const struct node *, const struct sel *,
    size_t slot, signed char *t);

static inline const struct value *
at(const struct operand *o, size_t i)
{
	return &o->v[i * o->step];
}

struct value
field_value(const struct expr_run *r, size_t k, size_t i)
{
	const struct slice s = r->v->col[k][i];

	return s.p == number_only ? value_number_of(&r->v->number[k][i]) :
	    value_text(s);
}

/* field = "text", or != */
static void
test_text(struct expr_run *r, const struct node *x, const struct sel *s,
    signed char *t)
{
	const struct slice *col = r->v->col[x->col], want = x->val.s;
	bool equal = x->mask == CMP_EQ;
	uint64_t lo, hi, want_lo, want_hi;
	size_t k, i;

	if (want.n <= 16)
		load_part(want.p, want.n, &want_lo, &want_hi);
	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		if (col[i].n != want.n) {
			t[i] = col[i].p == NULL ? -1 : !equal;
		} else if (col[i].p == NULL) {
			t[i] = -1;
		} else if (want.n <= 16) {
			load_part(col[i].p, want.n, &lo, &hi);
			t[i] = (lo == want_lo && hi == want_hi) == equal;
		} else {
			t[i] = (memcmp(col[i].p, want.p, want.n) == 0) ==
			    equal;
		}
	}
}

static void
test_compare(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, signed char *t)
{
	struct operand a, b;
	unsigned out;
	size_t k, i;

	if (!x->text && expr_compare(r, x, s, slot, t))
		return;
	a = eval(r, x->arg[0], s, slot);
	b = eval(r, x->arg[1], s, slot + 1);
	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		out = value_compare(at(&a, i), at(&b, i), x->text, &r->arena);
		t[i] = out == 0 ? -1 : (x->mask & out) != 0;
	}
}

/* The whole record is searched for as grep does, where all are asked for. */
static void
test_match(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, signed char *t)
{
	uint16_t hit[VEC_MAX];
	struct operand a;
	size_t k, i, n;

	if (x->arg[0]->kind == N_FIELD &&
	    x->arg[0]->field.kind == FIELD_WHOLE && s->n == r->v->n) {
		n = regex_select(x->re, r->v->rec, r->v->n, r->v->contig,
		    false, hit);
		memset(t, 0, r->v->n);
		for (k = 0; k < n; k++)
			t[hit[k]] = 1;
		return;
	}
	a = eval(r, x->arg[0], s, slot);
	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		if (at(&a, i)->kind == V_ABSENT)
			t[i] = -1;
		else
			t[i] = regex_test(x->re, value_put(at(&a, i),
			    &r->arena));
	}
}

static void
test_contains(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, signed char *t)
{
	struct operand a = eval(r, x->arg[0], s, slot);
	struct operand b = eval(r, x->arg[1], s, slot + 1);
	size_t k, i;

	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		if (at(&a, i)->kind == V_ABSENT || at(&b, i)->kind == V_ABSENT)
			t[i] = -1;
		else
			t[i] = find_text(value_put(at(&a, i), &r->arena),
			    value_put(at(&b, i), &r->arena)) != NULL;
	}
}

/* Those of s for which t is not yet decided; into idx, which may be s's. */
static struct sel
undecided(const struct sel *s, const signed char *t, int decided,
    uint16_t *idx)
{
	size_t k, n = 0;

	for (k = 0; k < s->n; k++) {
		idx[n] = s->idx[k];
		n += t[s->idx[k]] != decided;
	}
	return (struct sel){ idx, n };
}

/* a and b, or its mirror image a or b: decided by one that is false (true),
   else absent if any is. */
static void
test_joined(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, signed char *t)
{
	signed char u[VEC_MAX];
	uint16_t idx[VEC_MAX];
	struct sel rest = *s;
	int decides = x->kind == N_OR;
	size_t j, k, i;

	test(r, x->arg[0], s, slot, t);
	for (j = 1; j < x->n; j++) {
		rest = undecided(&rest, t, decides, idx);
		if (rest.n == 0)
			return;
		test(r, x->arg[j], &rest, slot, u);
		for (k = 0; k < rest.n; k++) {
			i = rest.idx[k];
			if (u[i] == decides || t[i] != -1)
				t[i] = u[i];
		}
	}
}

/* Equal to one of the list: or, over its members. */
static void
test_in(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, signed char *t)
{
	struct operand a = eval(r, x->arg[0], s, slot), b;
	uint16_t idx[VEC_MAX];
	struct sel rest = *s;
	const struct node *arg;
	size_t j, k, i;
	unsigned out;

	for (k = 0; k < s->n; k++)
		t[s->idx[k]] = 0;
	for (j = 1; j < x->n && rest.n > 0; j++) {
		arg = x->arg[j];
		b = eval(r, arg, &rest, slot + 1);
		for (k = 0; k < rest.n; k++) {
			i = rest.idx[k];
			out = value_compare(at(&a, i), at(&b, i), arg->quoted,
			    &r->arena);
			if (out == 0)
				t[i] = -1;
			else if (out == CMP_EQ)
				t[i] = 1;
		}
		rest = undecided(&rest, t, 1, idx);
	}
}

static void
test_not(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, signed char *t)
{
	size_t k, i;

	test(r, x->arg[0], s, slot, t);
	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		t[i] = t[i] < 0 ? -1 : !t[i];
	}
}

/* Sets t[i] to 1, 0 or -1 (absent) for the records of s. */
static void
test(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, signed char *t)
{
	struct operand a;
	size_t k;

	switch (x->kind) {
	case N_CMP:
		test_compare(r, x, s, slot, t);
		break;
	case N_CMP_TEXT:
		test_text(r, x, s, t);
		break;
	case N_MATCH:
		test_match(r, x, s, slot, t);
		break;
	case N_IN:
		test_in(r, x, s, slot, t);
		break;
	case N_CONTAINS:
		test_contains(r, x, s, slot, t);
		break;
	case N_AND:
	case N_OR:
		test_joined(r, x, s, slot, t);
		break;
	case N_NOT:
		test_not(r, x, s, slot, t);
		break;
	default:
		a = eval(r, x, s, slot);
		for (k = 0; k < s->n; k++)
			t[s->idx[k]] = (signed char)value_truth(at(&a,
			    s->idx[k]));
	}
}

struct value
not_number(struct expr_run *r, size_t i, const struct value *v)
{
	struct slice s = value_put(v, &r->arena);

	tally_add(r->root->not_number, 1, r->v->num[i], "%s is not a number, "
	    "in %s", diag_quote(s.p, s.n), diag_quote(r->root->text,
	    strlen(r->root->text)));
	return absent;
}

struct value
not_time(struct expr_run *r, size_t i, const struct value *v)
{
	struct slice s = value_put(v, &r->arena);

	tally_add(r->root->not_time, 1, r->v->num[i], "%s is not a time, in %s",
	    diag_quote(s.p, s.n), diag_quote(r->root->text,
	    strlen(r->root->text)));
	return absent;
}

static struct operand
eval_field(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot)
{
	const struct slice *col = r->v->col[x->col];
	struct value *out = r->slot[slot].v;
	bool numbers = r->v->number != NULL && r->v->number[x->col] != NULL;
	size_t k;

	for (k = 0; k < s->n; k++)
		out[s->idx[k]] = numbers ? field_value(r, x->col, s->idx[k]) :
		    value_text(col[s->idx[k]]);
	return (struct operand){ out, 1 };
}

static inline struct value
arith(struct expr_run *r, size_t i, char op, const struct value *a,
    const struct value *b)
{
	struct value x, y;

	if (a->kind == V_ABSENT || b->kind == V_ABSENT)
		return absent;
	if (!value_number(a, &x))
		return not_number(r, i, a);
	if (!value_number(b, &y))
		return not_number(r, i, b);
	return value_arith(op, &x, &y);
}

/* Decimals as values, in slot, where they may stand themselves. */
static struct operand
values_of(struct expr_run *r, const struct decimals *d, const struct sel *s,
    size_t slot)
{
	struct value *out = r->slot[slot].v;
	int64_t mant;
	size_t k, i;

	for (k = s->n; k-- > 0;) {
		i = s->idx[k] * d->step;
		mant = d->mant[i];
		out[i] = mant == NO_DECIMAL ? absent :
		    value_decimal((struct decimal){ mant, d->scale });
	}
	return (struct operand){ out, d->step };
}

/* What is computed with: a field's numbers are read together. */
static struct operand
eval_number(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot)
{
	struct decimals d;

	if (x->kind == N_FIELD && !r->tried && expr_decimals(r, x, s, slot, &d))
		return values_of(r, &d, s, slot);
	return eval(r, x, s, slot);
}

static struct operand
eval_arith(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot)
{
	bool tried = r->tried;
	struct value *out = r->slot[slot].v;
	struct operand a, b;
	struct decimals d;
	size_t k, i;

	if (!tried && expr_decimals(r, x, s, slot, &d))
		return values_of(r, &d, s, slot);
	r->tried |= x->places >= 0;
	a = eval_number(r, x->arg[0], s, slot);
	b = eval_number(r, x->arg[1], s, slot + 1);
	r->tried = tried;
	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		out[i] = arith(r, i, x->op, at(&a, i), at(&b, i));
	}
	return (struct operand){ out, 1 };
}

static struct operand
eval_call(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot)
{
	struct operand o[ARGS_MAX] = { { 0 } };
	struct value arg[ARGS_MAX], *out = r->slot[slot].v;
	struct call c = { r, x, arg, x->n, 0 };
	size_t j, k, n;

	for (j = 0; j < x->n; j++)
		o[j] = eval(r, x->arg[j], s, slot + j);
	for (k = 0; k < s->n; k++) {
		c.i = s->idx[k];
		for (j = n = 0; j < x->n; j++) {
			arg[j] = *at(&o[j], c.i);
			n += arg[j].kind != V_ABSENT;
		}
		out[c.i] = n == x->n ? x->fn->call(&c) : absent;
	}
	return (struct operand){ out, 1 };
}

static void
copy(struct value *out, const struct operand *o, const struct sel *s)
{
	size_t k;

	for (k = 0; k < s->n; k++)
		out[s->idx[k]] = *at(o, s->idx[k]);
}

/* Each side is evaluated only for the records that ask for it. */
static struct operand
eval_if(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot)
{
	signed char t[VEC_MAX];
	uint16_t idx[2][VEC_MAX];
	struct sel side[2] = { { idx[0], 0 }, { idx[1], 0 } };
	struct operand o;
	size_t k, j;

	test(r, x->arg[0], s, slot, t);
	for (k = 0; k < s->n; k++) {
		j = t[s->idx[k]] == 1;
		idx[j][side[j].n++] = s->idx[k];
	}
	o = eval(r, x->arg[1], &side[1], slot);
	copy(r->slot[slot].v, &o, &side[1]);
	o = eval(r, x->arg[2], &side[0], slot + 1);
	copy(r->slot[slot].v, &o, &side[0]);
	return (struct operand){ r->slot[slot].v, 1 };
}

static struct operand
eval_default(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot)
{
	struct operand a = eval(r, x->arg[0], s, slot), b;
	uint16_t idx[VEC_MAX];
	struct sel none = { idx, 0 };
	size_t k;

	for (k = 0; k < s->n; k++)
		if (at(&a, s->idx[k])->kind == V_ABSENT)
			idx[none.n++] = s->idx[k];
	if (none.n == 0)
		return a;
	b = eval(r, x->arg[1], &none, slot + 1);
	if (a.v != r->slot[slot].v)
		copy(r->slot[slot].v, &a, s);
	copy(r->slot[slot].v, &b, &none);
	return (struct operand){ r->slot[slot].v, 1 };
}

/* A condition as a value: 1, 0 or absent. */
static struct operand
eval_test(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot)
{
	struct value *out = r->slot[slot].v;
	signed char t[VEC_MAX];
	size_t k, i;

	test(r, x, s, slot, t);
	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		out[i] = t[i] < 0 ? absent : value_int(t[i]);
	}
	return (struct operand){ out, 1 };
}

/* What root k came to; its decimals are overwritten. */
static struct operand
result_values(struct expr_run *r, size_t k)
{
	struct result *is = &r->result[k];
	struct sel all = { r->all, r->v->n };

	if (is->v.v == NULL)
		is->v = values_of(r, &is->d, &all, k);
	is->d.mant = NULL;
	return is->v;
}

/* The value of x for the records of s, in column slot or one that stays. */
static struct operand
eval(struct expr_run *r, const struct node *x, const struct sel *s, size_t slot)
{
	switch (x->kind) {
	case N_CONST:
		return (struct operand){ &x->val, 0 };
	case N_FIELD:
		return eval_field(r, x, s, slot);
	case N_LET:
		return result_values(r, x->let);
	case N_ARITH:
		return eval_arith(r, x, s, slot);
	case N_CALL:
		return eval_call(r, x, s, slot);
	case N_IF:
		return eval_if(r, x, s, slot);
	case N_DEFAULT:
		return eval_default(r, x, s, slot);
	default:
		return eval_test(r, x, s, slot);
	}
}

static void
begin(struct expr_run *r, const struct vec *v)
{
	arena_reset(&r->arena);
	r->v = v;
	r->now = 0;
}

size_t
expr_select(struct expr_run *r, const struct vec *v, int want, uint16_t *idx)
{
	struct sel all = { r->all, v->n };
	const struct node *x = r->x->root[0].top;
	signed char t[VEC_MAX];
	size_t i, n = 0;

	begin(r, v);
	r->root = &r->x->root[0];
	for (; x->kind == N_NOT; x = x->arg[0])
		want = want < 0 ? want : !want;
	test(r, x, &all, 0, t);
	for (i = 0; i < v->n; i++) {
		idx[n] = (uint16_t)i;
		n += t[i] == want;
	}
	return n;
}

void
expr_eval(struct expr_run *r, const struct vec *v)
{
	struct sel all = { r->all, v->n };
	const struct node *top;
	struct result *is;
	size_t k;

	begin(r, v);
	for (k = 0; k < r->x->n; k++) {
		r->root = &r->x->root[k];
		top = r->root->top;
		is = &r->result[k];
		*is = (struct result){ { NULL, 0 }, { .mant = NULL } };
		/* A field alone stays as it is written, and another root is
		   there. */
		if (top->kind == N_LET)
			continue;
		if (top->kind == N_FIELD ||
		    !expr_decimals(r, top, &all, k, &is->d)) {
			is->d.mant = NULL;
			r->tried = top->places >= 0;
			is->v = eval(r, top, &all, k);
			r->tried = false;
		}
	}
}

struct values
expr_column(struct expr_run *r, size_t k, bool numbers)
{
	const struct node *top = r->x->root[k].top;
	const struct decimals *d;
	struct slice *text;
	struct number *num = NULL;
	struct operand o;
	size_t i, n = r->v->n;

	if (top->kind == N_LET)
		k = top->let;
	d = &r->result[k].d;
	text = arena_alloc(&r->arena, n * sizeof *text);
	if (numbers)
		num = arena_alloc(&r->arena, n * sizeof *num);
	if (numbers && d->mant != NULL && d->step == 1) {
		decimal_numbers(num, d->mant, n, d->scale);
		if (!d->gaps)
			return (struct values){ r->only, num, NULL };
		memcpy(text, r->only, n * sizeof *text);
		for (i = 0; i < n; i++)
			if (d->mant[i] == NO_DECIMAL)
				text[i] = (struct slice){ NULL, 0 };
		return (struct values){ text, num, NULL };
	}
	o = result_values(r, k);
	for (i = 0; i < n; i++)
		if (numbers && value_as_read(at(&o, i), &num[i]))
			text[i] = (struct slice){ number_only, 1 };
		else
			text[i] = value_put(at(&o, i), &r->arena);
	return (struct values){ text, num, NULL };
}
