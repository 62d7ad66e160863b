/* expr.c - expressions against a plain recursive evaluator */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/expr/expr-inner.h"
#include "lib/format/fmt.h"
#include "lib/number/decimal.h"
#include "lib/number/random.h"

enum { FIELDS = 3, RECORDS = 40, TEXT = 256, DEEP = 4 };

#define CHECK(ok, ...)	do { if (!(ok)) die(__VA_ARGS__); } while (0)

static struct arena arena;
static struct diag diag;
static uint64_t seed = 1;

static _Noreturn void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	exit(1);
}

static unsigned
below(unsigned n)
{
	return (unsigned)random_below(&seed, n);
}

/* What the plain evaluator computes with. */
struct plain {
	enum { NONE, NUM, STR } is;
	struct number n;
	char s[TEXT];
	bool vague;		/* too large for a double to be exact */
};

/* A random expression: its operator, arguments, and what a leaf is. */
struct tree {
	const char *op;
	struct tree *arg[3];
	size_t n;
	int field;		/* -1: none */
	bool quoted;
	const char *lit;
};

static const char *const values[] = { NULL, "", "abc", "GET", "get", "7", "-3",
	"007", "0.5", "1e3", "12", "x1", "200", "b", "1", "true", "false",
	"0", "True" };

static struct tree *
tree_new(const char *op, size_t n)
{
	struct tree *t = arena_zero(&arena, sizeof *t);

	t->op = op;
	t->n = n;
	t->field = -1;
	return t;
}

static struct tree *condition(unsigned deep);

static struct tree *
leaf(bool varies)
{
	static const char *const numbers[] = { "0", "1", "7", "0.5", "12",
		"200", "true", "false" };
	static const char *const texts[] = { "", "abc", "GET", "7", "b",
		"true" };
	struct tree *t = tree_new(NULL, 0);

	if (varies || below(2) == 0) {
		t->field = (int)below(FIELDS);
	} else if (below(2) == 0) {
		t->lit = numbers[below(8)];
	} else {
		t->lit = texts[below(6)];
		t->quoted = true;
	}
	return t;
}

/* varies: the first leaf is a field, so that it is no constant. */
static struct tree *
value(unsigned deep, bool varies)
{
	static const struct {
		const char *op;
		size_t n;
	} ops[] = { { "+", 2 }, { "-", 2 }, { "*", 2 }, { "/", 2 }, { "%", 2 },
		{ "neg", 1 }, { "len", 1 }, { "lower", 1 }, { "abs", 1 },
		{ "floor", 1 }, { "num", 1 }, { "concat", 2 }, { "min", 2 },
		{ "default", 2 }, { "if", 3 }, { "index", 2 } };
	struct tree *t;
	size_t k, i;

	if (deep == 0 || below(3) == 0)
		return leaf(varies);
	if (below(6) == 0)
		return condition(deep - 1);
	k = below(sizeof ops / sizeof *ops);
	t = tree_new(ops[k].op, ops[k].n);
	for (i = 0; i < t->n; i++)
		t->arg[i] = i == 0 && strcmp(t->op, "if") == 0 ?
		    condition(deep - 1) : value(deep - 1, varies && i == 0);
	return t;
}

static struct tree *
condition(unsigned deep)
{
	static const char *const ops[] = { "=", "!=", "<", "<=", ">", ">=",
		"in", "contains", "not contains", "not in" };
	struct tree *t;
	unsigned k = below(5);

	if (deep > 0 && k < 3) {
		t = tree_new(k == 0 ? "and" : k == 1 ? "or" : "not",
		    k == 2 ? 1 : 2);
		t->arg[0] = condition(deep - 1);
		if (t->n == 2)
			t->arg[1] = condition(deep - 1);
		return t;
	}
	t = tree_new(ops[below(10)], 2);
	if (strstr(t->op, "in") != NULL && strstr(t->op, "co") == NULL)
		t->n = 3;
	t->arg[0] = value(deep == 0 ? 0 : deep - 1, true);
	t->arg[1] = value(deep == 0 ? 0 : deep - 1, false);
	t->arg[2] = leaf(false);
	return t;
}

static void
print(const struct tree *t, struct buf *b)
{
	bool infix = t->op != NULL && t->n > 1 &&
	    strchr("+-*/%=!<>", t->op[0]) != NULL;
	size_t i;

	if (t->field >= 0) {
		buf_str(b, t->field == 0 ? "f0" : t->field == 1 ? "$f1" :
		    "{f2}");
	} else if (t->op == NULL) {
		buf_str(b, t->quoted ? "\"" : "");
		buf_str(b, t->lit);
		buf_str(b, t->quoted ? "\"" : "");
	} else if (infix || strcmp(t->op, "and") == 0 ||
	    strcmp(t->op, "or") == 0 || strstr(t->op, "contains") != NULL) {
		buf_char(b, '(');
		print(t->arg[0], b);
		buf_char(b, ' ');
		buf_str(b, t->op);
		buf_char(b, ' ');
		print(t->arg[1], b);
		buf_char(b, ')');
	} else if (strcmp(t->op, "in") == 0 || strcmp(t->op, "not in") == 0) {
		buf_char(b, '(');
		print(t->arg[0], b);
		buf_char(b, ' ');
		buf_str(b, t->op);
		buf_str(b, " (");
		print(t->arg[1], b);
		buf_char(b, ',');
		print(t->arg[2], b);
		buf_str(b, "))");
	} else {
		buf_char(b, '(');
		buf_str(b, strcmp(t->op, "neg") == 0 ? "-" : t->op);
		for (i = 0; i < t->n; i++) {
			buf_char(b, i == 0 ? '(' : ',');
			print(t->arg[i], b);
		}
		buf_str(b, "))");
	}
}

static struct plain
none(void)
{
	struct plain p = { .is = NONE };

	return p;
}

static struct plain
num(double d)
{
	struct plain p = { .is = NUM, .n = { 0, 0, false, d } };

	if (!isfinite(d))
		return none();
	p.vague = fabs(d) > 1e14;
	return p;
}

static struct plain
exact(struct decimal d)
{
	struct plain p = num(decimal_real(d));

	p.n = (struct number){ d.mant, d.scale, true, p.n.real };
	return p;
}

static struct plain
whole(int64_t i)
{
	return exact((struct decimal){ i, 0 });
}

static struct plain
literal(const char *s)
{
	struct plain p = whole(0);

	CHECK(number_parse(&p.n, slice_str(s)), "%s", s);
	return p;
}

static struct plain
str(const char *s)
{
	struct plain p = { .is = STR };

	CHECK(strlen(s) < TEXT, "the test's texts grew too long");
	strcpy(p.s, s);
	return p;
}

static bool
number(const struct plain *p, struct number *n)
{
	*n = p->n;
	return p->is == NUM ||
	    (p->is == STR && number_parse(n, slice_str(p->s)));
}

static const char *
text(const struct plain *p)
{
	static char turn[4][TEXT];
	static unsigned next;
	char *out = turn[next++ % 4];

	if (p->is == STR)
		strcpy(out, p->s);
	else if (p->n.exact)
		out[number_put_decimal(out, p->n.mant, p->n.scale)] = '\0';
	else
		out[number_put_real(out, p->n.real)] = '\0';
	return out;
}

static bool
worded(const struct plain *p, struct number *n)
{
	bool yes = p->is == STR && strcmp(p->s, "true") == 0;

	*n = whole(yes).n;
	return yes || (p->is == STR && strcmp(p->s, "false") == 0);
}

/* 1, 0 or -1. */
static int
truth(const struct plain *p)
{
	struct number n;

	return number(p, &n) || worded(p, &n) ? n.real != 0 : -1;
}

static struct plain
three(int t)
{
	return t < 0 ? none() : whole(t);
}

static int
compared(const char *op, const struct plain *a, const struct plain *b,
    bool quoted)
{
	struct number x, y;
	bool na = number(a, &x), nb = number(b, &y);
	int c;

	if (a->is == NONE || b->is == NONE)
		return -1;
	if (!quoted && na != nb && (na ? !worded(b, &y) : !worded(a, &x)))
		return strcmp(op, "!=") == 0;
	na = na || nb;
	c = !quoted && na ? number_cmp(&x, &y) : strcmp(text(a), text(b));
	switch (op[0]) {
	case '=':
		return c == 0;
	case '!':
		return c != 0;
	case '<':
		return c < 0 || (c == 0 && op[1] == '=');
	default:
		return c > 0 || (c == 0 && op[1] == '=');
	}
}

static struct plain eval(const struct tree *, const struct slice *rec);

static struct plain
arith(char op, const struct plain *a, const struct plain *b)
{
	struct number x, y;
	struct decimal d = { 0, 0 }, i, j;
	bool fits;

	if (!number(a, &x) || !number(b, &y))
		return none();
	if (y.real == 0 && (op == '/' || op == '%'))
		return none();
	i = decimal_of(&x);
	j = decimal_of(&y);
	fits = x.exact && y.exact && (op == '+' ? decimal_add(&d, i, j) :
	    op == '-' ? decimal_sub(&d, i, j) :
	    op == '*' ? decimal_mul(&d, i, j) :
	    op == '/' ? decimal_div(&d, i, j) : decimal_rem(&d, i, j));
	if (fits)
		return exact(d);
	if (x.exact && y.exact && op != '%')
		return num(decimal_near(op, i, j));
	return num(op == '+' ? x.real + y.real : op == '-' ? x.real - y.real :
	    op == '*' ? x.real * y.real : op == '/' ? x.real / y.real :
	    fmod(x.real, y.real));
}

static struct plain
joined(const struct tree *t, const struct slice *rec)
{
	struct plain a = eval(t->arg[0], rec), b = eval(t->arg[1], rec);
	int x = truth(&a), y = truth(&b);

	if (strcmp(t->op, "and") == 0)
		return three(x == 0 || y == 0 ? 0 : x < 0 || y < 0 ? -1 : 1);
	return three(x == 1 || y == 1 ? 1 : x < 0 || y < 0 ? -1 : 0);
}

static struct plain
listed(const struct tree *t, const struct slice *rec)
{
	struct plain a = eval(t->arg[0], rec), b;
	int found = 0, c;
	size_t i;

	for (i = 1; i < 3; i++) {
		b = eval(t->arg[i], rec);
		c = compared("=", &a, &b, t->arg[i]->quoted);
		if (found != 1 && c != 0)
			found = c;
	}
	return three(found < 0 ? -1 : t->op[0] == 'n' ? !found : found);
}

static struct plain
called(const char *op, const struct plain *a, const struct plain *b)
{
	struct plain zero = whole(0), n = none();
	char out[2 * TEXT];
	struct number x, y;
	char *p;

	if (strcmp(op, "len") == 0)
		return whole((int64_t)strlen(text(a)));
	if (strcmp(op, "index") == 0) {
		strcpy(out, text(a));
		p = strstr(out, text(b));
		return whole(p == NULL ? 0 : p - out + 1);
	}
	if (strcmp(op, "concat") == 0) {
		snprintf(out, sizeof out, "%s%s", text(a), text(b));
		return str(out);
	}
	if (strcmp(op, "lower") == 0) {
		strcpy(out, text(a));
		for (p = out; *p != '\0'; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p = (char)(*p + 32);
		return str(out);
	}
	if (!number(a, &x) || (b != NULL && !number(b, &y)))
		return none();
	n.is = NUM;
	n.n = strcmp(op, "min") == 0 && number_cmp(&y, &x) < 0 ? y : x;
	n.vague = fabs(n.n.real) > 1e14;
	if (strcmp(op, "neg") == 0 ||
	    (strcmp(op, "abs") == 0 && x.real < 0))
		return arith('-', &zero, &n);
	if (strcmp(op, "floor") == 0)
		return x.exact ? exact(decimal_round(decimal_of(&x), 0,
		    ROUND_DOWN)) : fabs(x.real) < 0x1p63 ?
		    whole((int64_t)floor(x.real)) : num(floor(x.real));
	return n;
}

static struct plain
eval(const struct tree *t, const struct slice *rec)
{
	struct plain a, b = none(), r;
	int c;

	if (t->field >= 0)
		return rec[t->field].p == NULL ? none() :
		    str(rec[t->field].p);
	if (t->op == NULL)
		return t->quoted || strchr("tf", t->lit[0]) != NULL ?
		    str(t->lit) : literal(t->lit);
	if (strcmp(t->op, "and") == 0 || strcmp(t->op, "or") == 0)
		return joined(t, rec);
	if (t->n == 3 && strcmp(t->op, "if") != 0)
		return listed(t, rec);
	a = eval(t->arg[0], rec);
	if (strcmp(t->op, "if") == 0)
		return eval(t->arg[truth(&a) == 1 ? 1 : 2], rec);
	if (strcmp(t->op, "default") == 0)
		return a.is != NONE ? a : eval(t->arg[1], rec);
	if (strcmp(t->op, "not") == 0)
		return three(truth(&a) < 0 ? -1 : !truth(&a));
	if (t->n == 2)
		b = eval(t->arg[1], rec);
	if (strchr("=!<>", t->op[0]) != NULL)
		r = three(compared(t->op, &a, &b, t->arg[0]->quoted ||
		    t->arg[1]->quoted));
	else if (a.is == NONE || (t->n == 2 && b.is == NONE))
		r = none();
	else if (strstr(t->op, "contains") != NULL) {
		c = strstr(text(&a), text(&b)) != NULL;
		r = three(t->op[0] == 'n' ? !c : c);
	} else if (t->op[1] == '\0')
		r = arith(t->op[0], &a, &b);
	else
		r = called(t->op, &a, t->n == 2 ? &b : NULL);
	r.vague |= a.vague || b.vague;
	return r;
}

/* Records whose fields are columns f0, f1 and f2. */
struct table {
	struct shape shape;
	struct take take;
	struct slice rec[RECORDS], field[RECORDS][FIELDS];
	uint64_t num[RECORDS];
	size_t n;
};

static void
table_new(struct table *t)
{
	static const struct slice name[FIELDS] = { { "f0", 2 }, { "f1", 2 },
		{ "f2", 2 } };
	size_t i, k;

	memset(t, 0, sizeof *t);
	shape_made(&t->shape, name, NULL, FIELDS, &arena);
	t->take.shape = &t->shape;
	t->n = 1 + below(RECORDS);
	for (i = 0; i < t->n; i++) {
		t->num[i] = i + 1;
		t->rec[i] = SLICE("");
		for (k = 0; k < FIELDS; k++)
			t->field[i][k] = slice_str(values[below(
			    sizeof values / sizeof *values)]);
	}
}

static struct expr *
compile(struct table *t, const struct options *opt, const char *s,
    unsigned flags)
{
	struct expr *x = expr_new(opt, &arena);
	struct expr_error err;
	static struct op op;
	struct bind b = { .op = &op, .opt = opt, .in = &t->shape,
	    .take = &t->take };

	op.name = "test";
	CHECK(expr_add(x, NULL, s, flags, &err) == OK, "%s: %s at %zu", s,
	    err.what, err.at);
	CHECK(expr_bind(x, &b) == OK, "%s: not bound", s);
	return x;
}

/* The vector of records from..from+n-1, their fields taken. */
static struct vec
vector(struct table *t, size_t from, size_t n)
{
	size_t i, k;

	for (k = 0; k < t->take.n; k++)
		for (i = 0; i < n; i++)
			t->take.want[k].col[i] = t->field[from + i]
			    [t->take.want[k].pos - 1];
	return (struct vec){ .n = n, .rec = t->rec, .num = t->num,
		.col = t->take.col };
}

static void
same(const char *s, struct slice got, const struct plain *want)
{
	const char *w = want->is == NONE ? NULL : text(want);

	if (want->vague)
		return;
	CHECK((got.p == NULL) == (w == NULL), "%s: %s, not %s", s,
	    got.p == NULL ? "absent" : arena_str(&arena, got),
	    w == NULL ? "absent" : w);
	CHECK(w == NULL || slice_eq(got, slice_str(w)), "%s: %s, not %s", s,
	    arena_str(&arena, got), w);
}

static struct slice
result(struct expr_run *r, size_t i)
{
	return expr_column(r, 0, false).text[i];
}

static void
one_tree(const struct options *opt)
{
	static struct table t;
	struct tree *tree = below(2) ? condition(DEEP) : value(DEEP, true);
	struct buf b = { 0 };
	struct expr *x;
	struct expr_run *r;
	struct plain want;
	struct vec v;
	char *s;
	size_t i;

	print(tree, &b);
	s = arena_str(&arena, (struct slice){ b.p, b.n });
	buf_free(&b);
	table_new(&t);
	x = compile(&t, opt, s, 0);
	r = expr_run_new(x);
	v = vector(&t, 0, t.n);
	expr_eval(r, &v);
	for (i = 0; i < t.n; i++) {
		want = eval(tree, t.field[i]);
		same(s, result(r, i), &want);
	}
	for (i = 0; i < t.n; i++) {
		want = eval(tree, t.field[i]);
		v = vector(&t, i, 1);
		expr_eval(r, &v);
		same(s, result(r, 0), &want);
	}
	expr_run_free(r);
	take_free(&t.take);
}

/* SQL's tables for and, or and not, of 1, 0 and absent. */
static void
truth_tables(const struct options *opt)
{
	static const char *const in[] = { "1", "0", NULL };
	static const int and[3][3] = { { 1, 0, -1 }, { 0, 0, 0 },
		{ -1, 0, -1 } };
	static const int or[3][3] = { { 1, 1, 1 }, { 1, 0, -1 },
		{ 1, -1, -1 } };
	static const char *const text[] = { "f0 = 1 and f1 = 1",
		"f0 = 1 or f1 = 1", "not (f0 = 1 and f1 = 1)",
		"not (f0 = 1 or f1 = 1)" };
	static struct table t;
	size_t k, i, j, n;
	uint16_t idx[RECORDS];
	int want, w;

	for (k = 0; k < 4; k++) {
		struct expr_run *r;
		struct vec v;

		table_new(&t);
		t.n = 9;
		for (i = 0; i < 9; i++) {
			t.field[i][0] = slice_str(in[i / 3]);
			t.field[i][1] = slice_str(in[i % 3]);
		}
		r = expr_run_new(compile(&t, opt, text[k], EXPR_CONDITION));
		for (want = -1; want <= 1; want++) {
			v = vector(&t, 0, 9);
			n = expr_select(r, &v, want, idx);
			for (i = j = 0; i < 9; i++) {
				w = k % 2 == 0 ? and[i / 3][i % 3] :
				    or[i / 3][i % 3];
				w = k >= 2 && w >= 0 ? !w : w;
				if (w == want)
					CHECK(j < n && idx[j++] == i,
					    "%s is not %d for row %zu",
					    text[k], want, i);
			}
			CHECK(j == n, "%s is %d too often", text[k], want);
		}
		expr_run_free(r);
		take_free(&t.take);
	}
}

/* Of random decimals: what goes and comes back is the same, exactly. */
static void
identities(const struct options *opt)
{
	static const char *const same[] = { "f0 + f1 - f1", "f0 * f1 / f1",
		"f1 - (f1 - f0)", "-(-f0)", "f0 / 1000 * 1000", "f0 / 64 * 64",
		"round(f0, 18)", "int(f0) + (f0 - int(f0))", "f1 / f1 * f0",
		"(f0 - f0 % f1) / f1 * f1 + f0 % f1", "min(f0, max(f0, f1))",
		"if((f0 + f1 > f1) = (f0 > 0), f0, 0)",
		"if(f0 * f1 = f1 * f0, f0, 0)" };
	static struct table t;
	static char num[RECORDS][FIELDS][NUMBER_MAX];
	size_t k, i, j;

	for (k = 0; k < sizeof same / sizeof *same; k++) {
		struct expr_run *r;
		struct vec v;

		table_new(&t);
		for (i = 0; i < t.n; i++)
			for (j = 0; j < FIELDS; j++)
				t.field[i][j] = (struct slice){ num[i][j],
				    number_put_decimal(num[i][j],
				    (int64_t)below(20000000) - 9999999 -
				    (j == 1) * 100000000, (int)below(7)) };
		r = expr_run_new(compile(&t, opt, same[k], 0));
		v = vector(&t, 0, t.n);
		expr_eval(r, &v);
		for (i = 0; i < t.n; i++)
			CHECK(slice_eq(result(r, i), t.field[i][0]),
			    "%s: %s of %.*s and %.*s", same[k],
			    arena_str(&arena, result(r, i)),
			    (int)t.field[i][0].n, t.field[i][0].p,
			    (int)t.field[i][1].n, t.field[i][1].p);
		expr_run_free(r);
		take_free(&t.take);
	}
}

/* Of all sizes; some are absent. */
static struct slice
any_decimal(char *room)
{
	int64_t mant = (int64_t)random_next(&seed) >> (below(3) > 0 ? 30 :
	    below(64));

	if (below(9) == 0)
		return (struct slice){ NULL, 0 };
	return (struct slice){ room, number_put_decimal(room,
	    below(3) > 0 ? mant % 5000 : mant, (int)below(below(3) > 0 ? 3 :
	    DECIMAL_SCALE + 1)) };
}

/* A column of decimals at once comes to what each record does beside a text,
   where they are taken one by one. */
static void
columns(const struct options *opt)
{
	static const char *const exprs[] = { "f0 / 1024", "-f0 * f1 + f2",
		"f0 % 7", "(f0 - f1) % 0.25 / 0.5", "f0 * 1.50 - f1 * f2",
		"f0 * f1 / 3", "f0 % -1 + f1 / 0.001", "f0 > f1", "f0 = 12",
		"f0 - f1 <= 0.5 * f2", "f0 / 1024 / 1024", "2 * 3 - f0",
		"if(f0 > f1, f0 / 8, f1 * f2)", "f0 / -40 != f1 and f2 < 7" };
	static struct table t;
	static char num[RECORDS][FIELDS][NUMBER_MAX];
	const char *e = exprs[below(sizeof exprs / sizeof *exprs)];
	struct expr_run *r, *one;
	struct values all;
	struct slice s, want, next[FIELDS];
	struct expr *x;
	struct vec v;
	size_t i, j;

	table_new(&t);
	x = compile(&t, opt, e, 0);
	r = expr_run_new(x);
	one = expr_run_new(x);
	for (i = 0; i < t.n; i++)
		for (j = 0; j < FIELDS; j++)
			t.field[i][j] = any_decimal(num[i][j]);
	v = vector(&t, 0, t.n);
	expr_eval(r, &v);
	all = expr_column(r, 0, true);
	for (i = 0; i + 1 < t.n; i++) {
		memcpy(next, t.field[i + 1], sizeof next);
		for (j = 0; j < FIELDS; j++)
			t.field[i + 1][j] = SLICE("x");
		v = vector(&t, i, 2);
		expr_eval(one, &v);
		want = result(one, 0);
		s = values_text(&all, i, &arena);
		CHECK((s.p == NULL) == (want.p == NULL) && slice_eq(s, want),
		    "%s of record %zu: %.*s, not %.*s", e, i, (int)s.n, s.p,
		    (int)want.n, want.p);
		memcpy(t.field[i + 1], next, sizeof next);
	}
	expr_run_free(r);
	expr_run_free(one);
	take_free(&t.take);
}

/* A number that is handed on without its text is what that text reads as, and
   has it. */
static void
as_read(void)
{
	struct number got, want;
	struct value v;
	struct slice s;
	uint64_t bits;
	double d;

	bits = random_next(&seed);
	memcpy(&d, &bits, sizeof d);
	switch (below(4)) {
	case 0:
		v = value_decimal((struct decimal){ (int64_t)bits >>
		    below(64), (int)below(DECIMAL_SCALE + 1) });
		break;
	case 1:
		v = value_real(d);
		break;
	case 2:
		v = value_real((double)(int64_t)(bits >> below(64)) /
		    (double)number_ten[below(20)]);
		break;
	default:
		v = value_decimal((struct decimal){ (int64_t)below(1000) -
		    500, (int)below(8) });
		while (below(2) > 0 && v.i < INT64_MAX / 100)
			v.i *= 10;
	}
	if (!value_as_read(&v, &got))
		return;
	s = value_put(&v, &arena);
	CHECK(number_parse(&want, s) && got.exact == want.exact &&
	    memcmp(&got.real, &want.real, sizeof got.real) == 0 &&
	    (!got.exact || (got.mant == want.mant && got.scale == want.scale)),
	    "%.*s: %d %lld %d %a", (int)s.n, s.p, got.exact,
	    (long long)got.mant, got.scale, got.real);
	CHECK(slice_eq(values_text(&(struct values){ &(struct slice){
	    number_only, 1 }, &got, NULL }, 0, &arena), s), "%.*s", (int)s.n,
	    s.p);
}

int
main(void)
{
	struct options opt = { .arena = &arena, .diag = &diag };
	int i, j;

	/* what the expressions tell of values that are no numbers */
	if (freopen("/dev/null", "w", stderr) == NULL)
		die("no /dev/null");
	truth_tables(&opt);
	for (i = 0; i < 6000; i++) {
		one_tree(&opt);
		if (i % 20 == 0)
			identities(&opt);
		columns(&opt);
		for (j = 0; j < 20; j++)
			as_read();
		arena_reset(&arena);
		diag = (struct diag){ 0 };
	}
	return 0;
}
