/* expr-parse.c - an expression's text made a tree, and the tree checked */
#include "lib/expr/expr-inner.h"
#include "lib/regex/regex.h"
#include "lib/run/table.h"

enum {
	NEST_MAX = 200		/* of parentheses, and of the tree */
};

struct parser {
	struct lexer l;
	struct expr *x;
	struct token tok;		/* the next one */
	struct token last;		/* the one before */
	unsigned nest;
};

static struct node *parse_or(struct parser *);
static struct node *parse_sum(struct parser *);

#define fail(p, at, ...)	(lex_fail(&(p)->l, at, __VA_ARGS__), NULL)

static void
advance(struct parser *p)
{
	p->last = p->tok;
	p->tok = lex(&p->l);
}

static bool
accept(struct parser *p, enum token_kind kind)
{
	if (p->tok.kind != kind)
		return false;
	advance(p);
	return true;
}

/* The text of a token, as a message shows it. */
static const char *
shown(const struct parser *p, const struct token *t)
{
	return diag_quote(p->l.text.p + t->at, t->end - t->at);
}

static struct node *
node_new(struct parser *p, enum node_kind kind, size_t at, size_t n)
{
	struct node *x = arena_zero(p->x->arena, sizeof *x);

	x->kind = kind;
	x->at = at;
	x->n = n;
	x->arg = arena_zero(p->x->arena, n * sizeof *x->arg);
	return x;
}

/* Of numbers, the digits behind the point that they have at least; -1: what can
   be no column of decimals (see expr_decimals). */
static int
places_of(struct node *x)
{
	const struct node *a, *b;
	struct decimal by;
	int n;

	if (x->kind == N_CONST)
		return x->val.kind == V_DECIMAL && x->val.i != NO_DECIMAL ?
		    x->val.scale : -1;
	if (x->kind != N_ARITH)
		return x->kind == N_FIELD || x->kind == N_LET ? 0 : -1;
	a = x->arg[0];
	b = x->arg[1];
	if (a->places < 0 || b->places < 0)
		return -1;
	if ((x->op == '/' || x->op == '%') &&
	    (b->kind != N_CONST || b->val.i == 0))
		return -1;
	n = a->places > b->places ? a->places : b->places;
	if (x->op == '*')
		n = a->places + b->places;
	if (x->op == '/') {	/* that times 1 / b */
		if (!decimal_div(&by, (struct decimal){ 1, 0 },
		    as_decimal(&b->val)) || by.mant == NO_DECIMAL)
			return -1;
		x->val = value_decimal(by);
		n = a->places + by.scale;
	}
	return n > DECIMAL_SCALE ? -1 : n;
}

/* The tree's depth and the columns of values that it takes, once its arguments
   are there. */
static struct node *
node_done(struct parser *p, struct node *x)
{
	bool own = x->kind == N_AND || x->kind == N_OR;
	size_t i, need;

	x->slots = 1;
	for (i = 0; i < x->n; i++) {
		if (x->arg[i]->depth >= x->depth)
			x->depth = x->arg[i]->depth + 1;
		need = x->arg[i]->slots + (own ? 0 : x->kind == N_IN ? i > 0 :
		    i);
		if (need > x->slots)
			x->slots = need;
	}
	x->places = places_of(x);
	if (x->depth > NEST_MAX)
		return fail(p, x->at, "this is nested too deeply");
	return x;
}

static struct node *
node_pair(struct parser *p, enum node_kind kind, size_t at, struct node *a,
    struct node *b)
{
	struct node *x = node_new(p, kind, at, 2);

	x->arg[0] = a;
	x->arg[1] = b;
	return x;
}

/* Appends to a node's arguments, which grow by doubling. */
static void
node_add(struct parser *p, struct node *x, struct node *arg)
{
	struct node **grown;

	if ((x->n & (x->n - 1)) == 0) {
		grown = arena_zero(p->x->arena,
		    (x->n == 0 ? 1 : x->n * 2) * sizeof *grown);
		if (x->n > 0)
			memcpy(grown, x->arg, x->n * sizeof *grown);
		x->arg = grown;
	}
	x->arg[x->n++] = arg;
}

/* Whether its value is known without any record. */
static bool
is_constant(const struct node *x)
{
	size_t i;

	if (x->kind == N_FIELD || x->kind == N_LET ||
	    (x->kind == N_CALL && x->fn->varies))
		return false;
	for (i = 0; i < x->n; i++)
		if (!is_constant(x->arg[i]))
			return false;
	return true;
}

/* A lone constant as a condition: did a position lose its $? */
static struct node *
constant_condition(struct parser *p, const struct node *x)
{
	if (x->kind == N_CONST && value_is_int(&x->val) && x->val.i > 0)
		return fail(p, x->at, "a constant is the same for all records; "
		    "field %lld is $%lld (and the expression in single quotes, "
		    "or the shell takes the $)", (long long)x->val.i,
		    (long long)x->val.i);
	return fail(p, x->at, "a constant is the same for all records");
}

/* A lone field as a condition. */
static struct node *
field_condition(struct parser *p, const struct node *x)
{
	const struct field *f = &x->field;
	const char *name = f->text[0] == '.' ? f->text + 1 : f->text;

	if (f->kind != FIELD_NAME)
		name = arena_printf(p->x->arena, "$%s", name);
	return fail(p, x->at, "a field alone is no condition: compare it, as "
	    "in '%s = true', '%s != 0' or '%s != \"\"'%s", name, name, name,
	    x->at == 0 && p->tok.kind == T_END ?
	    " (outside quotes the shell takes < and > away)" : "");
}

/* Checks what is to be true or false: NULL after an error. */
static struct node *
condition(struct parser *p, struct node *x)
{
	const struct node *is = x;

	while (is->kind == N_LET)
		is = p->x->root[is->let].top;
	if (is->kind >= N_CMP)
		return x;
	if (is->kind == N_FIELD)
		return field_condition(p, x);
	if (is_constant(is))
		return constant_condition(p, x);
	if (is->kind == N_CALL && is->fn->gives == GIVES_TEXT)
		return fail(p, x->at, "%s() gives text: compare it",
		    is->fn->name);
	return x;
}

/* awk's variables, and what they are here. */
static const struct instead fields_instead[] = {
	{ "FILENAME", "input is standard input" },
	{ "FNR", "did you mean nr()?" },
	{ "FS", "-F separates fields" },
	{ "NF", "$-1 is the last field" },
	{ "NR", "did you mean nr()?" },
	{ "RS", "-0 ends records by NUL" },
	{ NULL, NULL }
};

static struct node *
parse_field(struct parser *p, const struct token *t)
{
	struct node *x = node_new(p, N_FIELD, t->at, 0);
	const char *why = field_parse(&x->field, t->word, false, p->x->arena);
	const struct field *f;
	size_t k;

	if (why != NULL)
		return fail(p, t->at, "field %s: %s", shown(p, t), why);
	if (x->field.kind == FIELD_NAME)
		x->field.hint = instead_of(fields_instead, x->field.text);
	for (k = p->x->n; k-- > 0; ) {
		f = p->x->root[k].name;
		if (f == NULL || f->kind != x->field.kind ||
		    f->pos != x->field.pos ||
		    (f->kind == FIELD_NAME && !slice_eq(f->name,
		    x->field.name)))
			continue;
		x->kind = N_LET;
		x->let = p->x->root[k].top->kind == N_LET ?
		    p->x->root[k].top->let : k;
		break;
	}
	return node_done(p, x);
}

static struct node *
wrong_count(struct parser *p, const struct node *x)
{
	const struct function *fn = x->fn;
	const char *how = fn->max == ARGS_MAX ? "at least " : "";

	if (fn->max == fn->min + 1)
		return fail(p, x->at, "%s(%s) has %d or %d arguments, not %zu",
		    fn->name, fn->args, fn->min, fn->max, x->n);
	if (x->n > ARGS_MAX)
		return fail(p, x->at, "%s(%s) has at most %d arguments",
		    fn->name, fn->args, ARGS_MAX);
	return fail(p, x->at, "%s(%s) has %s%d argument%s, not %zu", fn->name,
	    fn->args, how, fn->min, fn->min == 1 ? "" : "s", x->n);
}

static struct node *
check_call(struct parser *p, struct node *x)
{
	const struct function *fn = x->fn;
	const char *why;

	if (x->n < fn->min || x->n > fn->max)
		return wrong_count(p, x);
	if (fn->kind == N_IF && condition(p, x->arg[0]) == NULL)
		return NULL;
	if (fn->check != NULL && (why = fn->check(p->x, x)) != NULL)
		return fail(p, x->at, "%s", why);
	return node_done(p, x);
}

/* Appends what parse finds, between commas, up to the parenthesis; false:
   told. */
static bool
parse_list(struct parser *p, struct node *x,
    struct node *(*parse)(struct parser *))
{
	struct node *arg;

	do {
		if ((arg = parse(p)) == NULL)
			return false;
		node_add(p, x, arg);
	} while (accept(p, T_COMMA));
	if (!accept(p, T_CLOSE))
		return fail(p, p->tok.at, "a comma or a ) is missing here") !=
		    NULL;
	return true;
}

static struct node *
parse_call(struct parser *p, const struct token *t)
{
	const struct function *fn = function_find(t->word);
	struct node *x;

	if (fn == NULL)
		return fail(p, t->at, "there is no function %s; %s",
		    diag_quote(t->word.p, t->word.n),
		    function_hint(t->word, p->x->arena));
	x = node_new(p, fn->kind, t->at, 0);
	x->fn = fn;
	advance(p);		/* the parenthesis that made it a call */
	return accept(p, T_CLOSE) || parse_list(p, x, parse_or) ?
	    check_call(p, x) : NULL;
}

/* Something else stands where a value must be. */
static struct node *
no_value(struct parser *p)
{
	const struct token *t = &p->tok, *last = &p->last;

	if (t->kind == T_BAD)
		return NULL;
	if (t->kind == T_END && last->end == 0)
		return fail(p, 0, "the expression is empty");
	if (t->kind == T_END)
		return fail(p, last->end, "a value must follow %s",
		    shown(p, last));
	if (t->kind == T_SLASH && (last->kind == T_MATCH ||
	    last->kind == T_NOMATCH))
		return fail(p, t->at, "a pattern must stand in quotes");
	if (t->kind >= T_MATCH && t->kind <= T_PERCENT &&
	    (last->end == 0 || last->kind == T_AND || last->kind == T_OR ||
	    last->kind == T_NOT || last->kind == T_OPEN))
		return fail(p, t->at, "there is no value before %s (within "
		    "double quotes the shell takes $9 away: use single quotes)",
		    shown(p, t));
	if (last->end == 0)
		return fail(p, t->at, "there is no value before %s",
		    shown(p, t));
	if (last->kind == T_EQ && (t->kind == T_GT || t->kind == T_LT))
		return fail(p, t->at, "a value must follow '='; did you mean "
		    "'%c='?", t->kind == T_GT ? '>' : '<');
	return fail(p, t->at, "a value must follow %s, not %s", shown(p, last),
	    shown(p, t));
}

/* What stands within something else, which begins at at. */
static struct node *
parse_nested(struct parser *p, size_t at,
    struct node *(*parse)(struct parser *))
{
	struct node *x;

	if (++p->nest > NEST_MAX)
		return fail(p, at, "this is nested too deeply");
	x = parse(p);
	p->nest--;
	return x;
}

static struct node *
parse_inside(struct parser *p, size_t at)
{
	struct node *x = parse_nested(p, at, parse_or);

	if (x == NULL)
		return NULL;
	if (!accept(p, T_CLOSE))
		return fail(p, p->tok.at, "the ( at character %zu has no )",
		    at + 1);
	return x;
}

static struct node *
parse_primary(struct parser *p)
{
	struct token t = p->tok;
	struct node *x;

	switch (t.kind) {
	case T_NUMBER:
	case T_TEXT:
	case T_TRUTH:
		advance(p);
		x = node_new(p, N_CONST, t.at, 0);
		x->val = t.val;
		x->quoted = t.kind == T_TEXT;
		return node_done(p, x);
	case T_FIELD:
		advance(p);
		return parse_field(p, &t);
	case T_CALL:
		advance(p);
		if (++p->nest > NEST_MAX)
			return fail(p, t.at, "this is nested too deeply");
		x = parse_call(p, &t);
		p->nest--;
		return x;
	case T_OPEN:
		advance(p);
		return parse_inside(p, t.at);
	default:
		return no_value(p);
	}
}

static struct node *
parse_unary(struct parser *p)
{
	size_t at = p->tok.at;
	struct node *zero, *arg;

	if (!accept(p, T_MINUS))
		return parse_primary(p);
	if ((arg = parse_nested(p, at, parse_unary)) == NULL)
		return NULL;
	if (arg->kind == N_CONST && arg->val.kind != V_TEXT &&
	    (arg->val.kind != V_DECIMAL || arg->val.i != INT64_MIN)) {
		if (arg->val.kind == V_DECIMAL)
			arg->val.i = -arg->val.i;
		else
			arg->val.d = -arg->val.d;
		return arg;
	}
	zero = node_new(p, N_CONST, at, 0);
	zero->val = value_int(0);
	arg = node_pair(p, N_ARITH, at, node_done(p, zero), arg);
	arg->op = '-';
	return node_done(p, arg);
}

/* Two bare names with a minus between may be one name. */
static void
hint_braces(struct parser *p, struct node *a, struct node *b)
{
	struct field *f = &a->field, *g = &b->field;

	if (a->kind != N_FIELD || b->kind != N_FIELD ||
	    f->kind != FIELD_NAME || g->kind != FIELD_NAME ||
	    f->text[0] == '.' || g->text[0] == '.')
		return;
	f->hint = g->hint = arena_printf(p->x->arena, "a name with - stands in "
	    "braces: {%s-%s}", f->text, g->text);
}

/* Left to right: product binds closer than sum. */
static struct node *
parse_arith(struct parser *p, bool product)
{
	struct node *a = product ? parse_unary(p) : parse_arith(p, true), *b;
	enum token_kind kind;
	size_t at;

	while (a != NULL) {
		kind = p->tok.kind;
		at = p->tok.at;
		if (product ? kind != T_STAR && kind != T_SLASH &&
		    kind != T_PERCENT : kind != T_PLUS && kind != T_MINUS)
			return a;
		advance(p);
		b = product ? parse_unary(p) : parse_arith(p, true);
		if (b == NULL)
			return NULL;
		if (!product && kind == T_MINUS)
			hint_braces(p, a, b);
		a = node_pair(p, N_ARITH, at, a, b);
		a->op = p->l.text.p[at];
		a = node_done(p, a);
	}
	return NULL;
}

static struct node *
parse_sum(struct parser *p)
{
	return parse_arith(p, false);
}

/* What x = y does when the sides have changed places. */
static unsigned
mirrored(unsigned mask)
{
	return (mask & (CMP_EQ | CMP_APART)) | (mask & CMP_LT ? CMP_GT : 0) |
	    (mask & CMP_GT ? CMP_LT : 0);
}

/* A field with a text to be equal to gets a loop of its own. */
static struct node *
compare(struct parser *p, size_t at, unsigned mask, struct node *a,
    struct node *b)
{
	bool turn = a->kind == N_CONST && b->kind == N_FIELD;
	struct node *x, *left = turn ? b : a, *right = turn ? a : b;

	if (is_constant(a) && is_constant(b)) {
		if (a->kind == N_CONST && value_is_int(&a->val) && a->val.i > 0)
			return fail(p, a->at, "both sides are constants; field "
			    "%lld is $%lld (and the expression in single "
			    "quotes, or the shell takes the $)",
			    (long long)a->val.i, (long long)a->val.i);
		return fail(p, at, "both sides are constants: this is the same "
		    "for all records");
	}
	if (b->kind == N_FIELD && b->field.kind == FIELD_NAME &&
	    b->field.hint == NULL && b->field.text[0] != '.')
		b->field.hint = arena_printf(p->x->arena, "text stands in "
		    "quotes: \"%s\"", b->field.text);
	x = node_pair(p, N_CMP, at, left, right);
	x->mask = turn ? mirrored(mask) : mask;
	x->text = a->quoted || b->quoted;
	if (left->kind == N_FIELD && right->quoted && (mask == CMP_EQ ||
	    mask == (CMP_LT | CMP_GT | CMP_APART))) {
		x->val = right->val;
		x->kind = N_CMP_TEXT;
	}
	return node_done(p, x);
}

static struct node *
parse_match(struct parser *p, struct node *a)
{
	struct node *x = node_new(p, N_MATCH, p->last.at, 1), *b;
	const char *err;
	size_t at;

	if ((b = parse_sum(p)) == NULL)
		return NULL;
	if (b->kind != N_CONST || !b->quoted)
		return fail(p, b->at, "a pattern must stand in quotes");
	if (is_constant(a))
		return fail(p, a->at, "a constant is the same for all records");
	x->arg[0] = a;
	x->re = regex_new(b->val.s, 0, p->x->arena, &err, &at);
	if (x->re == NULL)
		return fail(p, b->at + 1 + at, "in the pattern: %s", err);
	return node_done(p, x);
}

static struct node *
parse_in(struct parser *p, struct node *a)
{
	struct node *x = node_new(p, N_IN, p->last.at, 0);

	if (is_constant(a))
		return fail(p, a->at, "a constant is the same for all records");
	node_add(p, x, a);
	if (!accept(p, T_OPEN))
		return fail(p, p->tok.at, "a list in parentheses must follow "
		    "in: in (1, 2)");
	return parse_list(p, x, parse_sum) ? node_done(p, x) : NULL;
}

static struct node *
parse_contains(struct parser *p, struct node *a)
{
	struct node *b;
	size_t at = p->last.at;

	if ((b = parse_sum(p)) == NULL)
		return NULL;
	if (is_constant(a) && is_constant(b))
		return fail(p, at, "both sides are constants: this is the same "
		    "for all records");
	return node_done(p, node_pair(p, N_CONTAINS, at, a, b));
}

static struct node *
negate(struct parser *p, size_t at, struct node *arg)
{
	struct node *x = node_new(p, N_NOT, at, 1);

	x->arg[0] = arg;
	return node_done(p, x);
}

static unsigned
mask_of(enum token_kind kind)
{
	switch (kind) {
	case T_EQ:
		return CMP_EQ;
	case T_NE:
		return CMP_LT | CMP_GT | CMP_APART;
	case T_LT:
		return CMP_LT;
	case T_LE:
		return CMP_LT | CMP_EQ;
	case T_GT:
		return CMP_GT;
	case T_GE:
		return CMP_GT | CMP_EQ;
	default:
		return 0;
	}
}

static struct node *
parse_comparison(struct parser *p)
{
	struct node *a = parse_sum(p), *b;
	size_t at = p->tok.at;
	unsigned mask = mask_of(p->tok.kind);
	bool invert = false;

	if (a == NULL)
		return NULL;
	if (mask != 0) {
		advance(p);
		b = parse_sum(p);
		a = b == NULL ? NULL : compare(p, at, mask, a, b);
	} else if (p->tok.kind == T_MATCH || p->tok.kind == T_NOMATCH) {
		invert = p->tok.kind == T_NOMATCH;
		advance(p);
		a = parse_match(p, a);
	} else {
		invert = accept(p, T_NOT);
		if (accept(p, T_IN))
			a = parse_in(p, a);
		else if (accept(p, T_CONTAINS))
			a = parse_contains(p, a);
		else if (invert)
			return fail(p, p->last.at, "and or or is missing "
			    "before %s", shown(p, &p->last));
		else
			return a;
	}
	if (a != NULL && invert)
		a = negate(p, a->at, a);
	if (a != NULL && (mask_of(p->tok.kind) != 0 || p->tok.kind == T_MATCH ||
	    p->tok.kind == T_NOMATCH))
		return fail(p, p->tok.at, "one comparison can't follow "
		    "another: join them by and");
	return a;
}

static struct node *
parse_not(struct parser *p)
{
	size_t at = p->tok.at;
	struct node *arg;

	if (!accept(p, T_NOT))
		return parse_comparison(p);
	arg = parse_nested(p, at, parse_not);
	return arg == NULL || condition(p, arg) == NULL ? NULL :
	    negate(p, at, arg);
}

/* a and b and c, or with or, as one node. */
static struct node *
parse_joined(struct parser *p, enum token_kind by)
{
	struct node *a = by == T_OR ? parse_joined(p, T_AND) : parse_not(p);
	struct node *x;

	if (a == NULL || p->tok.kind != by)
		return a;
	x = node_new(p, by == T_OR ? N_OR : N_AND, p->tok.at, 0);
	for (;;) {
		if (condition(p, a) == NULL)
			return NULL;
		node_add(p, x, a);
		if (!accept(p, by))
			return node_done(p, x);
		a = by == T_OR ? parse_joined(p, T_AND) : parse_not(p);
		if (a == NULL)
			return NULL;
	}
}

static struct node *
parse_or(struct parser *p)
{
	return parse_joined(p, T_OR);
}

/* A value is complete, and something stands after it. */
static struct node *
left_over(struct parser *p)
{
	static const char *const words[] = { "and", "or", "in", "not",
		"contains" };
	static const struct instead instead[] = {
		{ "between", ">= A and ... <=" },
		{ "ends", "=~ \"...$\"" }, { "endswith", "=~ \"...$\"" },
		{ "eq", "=" }, { "ge", ">=" }, { "gt", ">" }, { "is", "=" },
		{ "le", "<=" },
		{ "like", "contains" }, { "lt", "<" }, { "matches", "=~" },
		{ "ne", "!=" }, { "starts", "=~ \"^...\"" },
		{ "startswith", "=~ \"^...\"" },
		{ NULL, NULL }
	};
	const struct token *t = &p->tok;
	const char *near = NULL;
	char lower[16];
	size_t i;

	if (t->kind == T_CLOSE)
		return fail(p, t->at, "this ) has no (");
	if (t->kind == T_COMMA)
		return fail(p, t->at, "a list stands only after in, and "
		    "between a function's parentheses");
	if ((t->kind == T_FIELD || t->kind == T_CALL) &&
	    t->word.n < sizeof lower) {
		for (i = 0; i < t->word.n; i++)
			lower[i] = t->word.p[i] >= 'A' && t->word.p[i] <= 'Z' ?
			    (char)(t->word.p[i] | 32) : t->word.p[i];
		lower[i] = '\0';
		if (strcmp(lower, "then") == 0)
			return fail(p, t->at, "then stands outside the quotes "
			    "of the expression");
		near = instead_of(instead, lower);
		if (near == NULL)
			near = diag_nearest(lower, words, 5);
	}
	if (near != NULL)
		return fail(p, t->at, "an operator is missing before %s; did "
		    "you mean '%s'?", shown(p, t), near);
	return fail(p, t->at, "an operator is missing before %s", shown(p, t));
}

struct node *
parse_expr(struct expr *x, const char *text, unsigned flags,
    struct expr_error *err)
{
	struct parser p = { .l = { slice_str(text), 0, x->arena, err },
		.x = x };
	struct node *top;

	*err = (struct expr_error){ 0 };
	p.tok = lex(&p.l);
	top = parse_or(&p);
	if (top != NULL && p.tok.kind == T_BAD)
		return NULL;
	if (top != NULL && p.tok.kind != T_END)
		return left_over(&p);
	if (top != NULL && (flags & EXPR_CONDITION) != 0)
		return condition(&p, top);
	return top;
}
