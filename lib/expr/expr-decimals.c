/* expr-decimals.c - expressions of decimals, a column at a time */
#include "lib/expr/expr-inner.h"
#include "lib/number/digits.h"

/* from * 10^up at the records of s, perhaps in its own place. */
static bool
scale_up(int64_t *out, const int64_t *from, const struct sel *s, int up)
{
	int64_t by = number_power(up);
	bool over = false;
	size_t k, i;

	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		if ((out[i] = from[i]) != NO_DECIMAL)
			over |= __builtin_mul_overflow(from[i], by, &out[i]) ||
			    out[i] == NO_DECIMAL;
	}
	return !over;
}

/* What is no short integer, of record s->idx[k]: at the scale of those before,
   or these at its own. */
static bool
load_one(const struct expr_run *r, const struct node *x, const struct sel *s,
    size_t k, int64_t *out, struct decimals *d)
{
	size_t i = s->idx[k];
	struct sel before = { s->idx, k };
	struct value v = field_value(r, x->col, i), num;

	out[i] = NO_DECIMAL;
	if (v.kind == V_ABSENT)
		return d->gaps = true;
	if (!value_number(&v, &num) || num.kind != V_DECIMAL)
		return false;
	if (num.scale > d->scale) {
		if (!scale_up(out, out, &before, num.scale - d->scale))
			return false;
		d->scale = num.scale;
	}
	return !__builtin_mul_overflow(num.i,
	    number_power(d->scale - num.scale), &out[i]) &&
	    out[i] != NO_DECIMAL;
}

static bool
load_field(const struct expr_run *r, const struct node *x, const struct sel *s,
    int64_t *out, struct decimals *d)
{
	const struct slice *col = r->v->col[x->col], *rec = r->v->rec;
	size_t k, i;

	*d = (struct decimals){ out, 1, 0, false };
	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		if ((d->scale > 0 || !digits_short(&out[i], col[i], rec[i])) &&
		    !load_one(r, x, s, k, out, d))
			return false;
	}
	return true;
}

/* Of one that is no constant in slot, of one that is in *one. */
static bool
raise(struct expr_run *r, struct decimals *d, const struct sel *s,
    size_t slot, int up, int64_t *one)
{
	static const uint16_t first = 0;
	struct sel only = { &first, 1 };
	int64_t *out = d->step == 0 ? one : r->slot[slot].mant;

	if (up <= 0)
		return true;
	if (!scale_up(out, d->mant, d->step == 0 ? &only : s, up))
		return false;
	d->mant = out;
	d->scale += up;
	return true;
}

/* Both arguments, at one scale if align. */
static bool
both(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, bool align, struct decimals *a, struct decimals *b,
    int64_t *one)
{
	int up;

	if (!expr_decimals(r, x->arg[0], s, slot, a) ||
	    !expr_decimals(r, x->arg[1], s, slot + 1, b))
		return false;
	up = b->scale - a->scale;
	return !align || (raise(r, a, s, slot, up, &one[0]) &&
	    raise(r, b, s, slot + 1, -up, &one[1]));
}

/* One loop for each operator, and one where some may be absent: OVER sets v to
   what it comes to of p and q, and is true where that has no room. */
#define LOOP(NONE, OVER)						\
	for (k = 0; k < s->n; k++) {					\
		i = s->idx[k];						\
		p = a.mant[i * a.step];					\
		q = b.mant[i * b.step];					\
		none = NONE;						\
		full = OVER;						\
		over |= (full | (v == NO_DECIMAL)) & !none;		\
		out[i] = none ? NO_DECIMAL : v;				\
	}

#define EACH(OVER)							\
	if (d->gaps)							\
		LOOP((p == NO_DECIMAL) | (q == NO_DECIMAL), OVER)	\
	else								\
		LOOP(false, OVER)					\
	break;

static bool
arith(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, struct decimals *d)
{
	bool factor = x->op == '*' || x->op == '/', over = false, none, full;
	int64_t *out = r->slot[slot].mant, p, q, v, one[2];
	struct decimals a, b;
	size_t k, i;

	if (!both(r, x, s, slot, !factor, &a, &b, one))
		return false;
	if (x->op == '/')
		b = (struct decimals){ &x->val.i, 0, x->val.scale, false };
	*d = (struct decimals){ out, 1, factor ? a.scale + b.scale : a.scale,
	    a.gaps | b.gaps };
	if (d->scale > DECIMAL_SCALE)
		return false;
	switch (x->op) {
	case '+':
		EACH(__builtin_add_overflow(p, q, &v))
	case '-':
		EACH(__builtin_sub_overflow(p, q, &v))
	case '%':		/* q is no 0 */
		EACH((v = none ? 0 : p % q, false))
	default:
		EACH(__builtin_mul_overflow(p, q, &v))
	}
	return !over;
}

bool
expr_decimals(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, struct decimals *d)
{
	const struct node *is = x->kind == N_LET ?
	    r->x->root[x->let].top : x;

	if (x->places < 0)
		return false;
	switch (is->kind == N_FIELD ? N_FIELD : x->kind) {
	case N_CONST:
		*d = (struct decimals){ &x->val.i, 0, x->val.scale, false };
		return true;
	case N_LET:
		*d = r->result[x->let].d;
		return d->mant != NULL;
	case N_FIELD:
		return load_field(r, is, s, r->slot[slot].mant, d);
	default:
		return arith(r, x, s, slot, d);
	}
}

bool
expr_compare(struct expr_run *r, const struct node *x, const struct sel *s,
    size_t slot, signed char *t)
{
	unsigned mask = x->mask;
	struct decimals a, b;
	int64_t p, q, one[2];
	size_t k, i;

	if (x->arg[0]->places < 0 || x->arg[1]->places < 0 ||
	    !both(r, x, s, slot, true, &a, &b, one))
		return false;
	for (k = 0; k < s->n; k++) {
		i = s->idx[k];
		p = a.mant[i * a.step];
		q = b.mant[i * b.step];
		t[i] = (signed char)(mask >> ((p >= q) + (p > q)) & 1);
		if (p == NO_DECIMAL || q == NO_DECIMAL)
			t[i] = -1;
	}
	return true;
}
