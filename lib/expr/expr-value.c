/* expr-value.c - values of expressions: numbers, text, comparisons */
#include "lib/expr/expr-inner.h"

bool
value_number(const struct value *v, struct value *num)
{
	struct number n;

	if (v->kind != V_TEXT) {
		*num = *v;
		return v->kind != V_ABSENT;
	}
	if (!number_parse(&n, v->s))
		return false;
	*num = value_number_of(&n);
	return true;
}

struct value
value_number_of(const struct number *n)
{
	return n->exact ? value_decimal(decimal_of(n)) : value_real(n->real);
}

bool
value_as_read(const struct value *v, struct number *n)
{
	struct decimal d = { 0, 0 };

	if (v->kind == V_DECIMAL) {
		*n = decimal_number(as_decimal(v));
		return true;
	}
	/* What is written with an exponent is read as what is not. */
	if (v->kind != V_REAL || (v->d != 0 && fabs(v->d) < 1e-5))
		return false;
	n->exact = decimal_of_real(&d, v->d);
	n->mant = d.mant;
	n->scale = d.scale;
	n->real = v->d + 0;		/* no -0 */
	return true;
}

/* The same of the words true and false, which are 1 and 0. */
static bool
word_number(const struct value *v, struct value *num)
{
	bool truth = v->kind == V_TEXT && slice_eq(v->s, SLICE("true"));

	*num = value_int(truth);
	return truth || (v->kind == V_TEXT && slice_eq(v->s, SLICE("false")));
}

double
value_double(const struct value *num)
{
	return num->kind == V_DECIMAL ? decimal_real(as_decimal(num)) : num->d;
}

struct slice
value_put(const struct value *v, struct arena *a)
{
	char out[NUMBER_MAX];
	size_t n;

	switch (v->kind) {
	case V_TEXT:
		return v->s;
	case V_DECIMAL:
		n = number_put_decimal(out, v->i, v->scale);
		break;
	case V_REAL:
		n = number_put_real(out, v->d);
		break;
	default:
		return (struct slice){ NULL, 0 };
	}
	return arena_copy(a, (struct slice){ out, n });
}

static unsigned
order(int c)
{
	return c < 0 ? CMP_LT : c > 0 ? CMP_GT : CMP_EQ;
}

/* Exact: an integer beyond 2^53 is not rounded to meet the double. */
static int
compare_mixed(int64_t i, double d)
{
	const double two63 = 9223372036854775808.0;
	int64_t whole;

	if (d >= two63)
		return -1;
	if (d < -two63)
		return 1;
	whole = (int64_t)d;
	if (i != whole)
		return i < whole ? -1 : 1;
	d -= (double)whole;
	return d > 0 ? -1 : d < 0;
}

/* Whether v is an integer, whatever its scale. */
static bool
value_whole(const struct value *v, int64_t *i)
{
	int64_t unit;

	if (v->kind != V_DECIMAL)
		return false;
	unit = number_power(v->scale);
	*i = v->i / unit;
	return v->i % unit == 0;
}

unsigned
value_compare_numbers(const struct value *a, const struct value *b)
{
	double x, y;
	int64_t i;

	if (a->kind == V_DECIMAL && b->kind == V_DECIMAL)
		return order(decimal_cmp(as_decimal(a), as_decimal(b)));
	if (value_whole(a, &i))
		return order(compare_mixed(i, b->d));
	if (value_whole(b, &i))
		return order(-compare_mixed(i, a->d));
	x = value_double(a);
	y = value_double(b);
	return order((x > y) - (x < y));
}

unsigned
value_compare(const struct value *a, const struct value *b, bool text,
    struct arena *arena)
{
	struct value na, nb;
	bool is_a, is_b;

	if (a->kind == V_ABSENT || b->kind == V_ABSENT)
		return 0;
	if (text)
		return order(slice_cmp(value_put(a, arena),
		    value_put(b, arena)));
	is_a = value_number(a, &na);
	is_b = value_number(b, &nb);
	if (is_a != is_b) {
		is_a = is_a || word_number(a, &na);
		is_b = is_b || word_number(b, &nb);
	}
	if (is_a && is_b)
		return value_compare_numbers(&na, &nb);
	if (is_a || is_b)
		return CMP_APART;
	return order(slice_cmp(a->s, b->s));
}

int
value_truth(const struct value *v)
{
	struct value n;

	if (!value_number(v, &n) && !word_number(v, &n))
		return -1;
	return n.kind == V_DECIMAL ? n.i != 0 : n.d != 0;
}

/* Exactly, where that is a decimal; b is not 0 where it divides. */
static bool
arith_exact(char op, struct decimal a, struct decimal b, struct decimal *out)
{
	switch (op) {
	case '+':
		return decimal_add(out, a, b);
	case '-':
		return decimal_sub(out, a, b);
	case '*':
		return decimal_mul(out, a, b);
	case '/':
		return decimal_div(out, a, b);
	default:
		return decimal_rem(out, a, b);
	}
}

struct value
value_arith(char op, const struct value *a, const struct value *b)
{
	bool decimals = a->kind == V_DECIMAL && b->kind == V_DECIMAL;
	struct decimal r;
	double x, y;

	if ((op == '/' || op == '%') &&
	    (b->kind == V_DECIMAL ? b->i == 0 : b->d == 0))
		return absent;
	if (decimals && arith_exact(op, as_decimal(a), as_decimal(b), &r))
		return value_decimal(r);
	if (decimals && op != '%')
		return value_real(decimal_near(op, as_decimal(a),
		    as_decimal(b)));
	x = value_double(a);
	y = value_double(b);
	switch (op) {
	case '+':
		return value_real(x + y);
	case '-':
		return value_real(x - y);
	case '*':
		return value_real(x * y);
	case '/':
		return value_real(x / y);
	default:
		return value_real(fmod(x, y));
	}
}
