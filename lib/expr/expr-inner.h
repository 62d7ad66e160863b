/* expr-inner.h - what the parts of lib/expr share */
#ifndef MBATCH_EXPR_INNER_H
#define MBATCH_EXPR_INNER_H

#include <math.h>

#include "lib/expr/expr.h"
#include "lib/number/decimal.h"
#include "lib/number/number.h"
#include "lib/time/time.h"

enum value_kind { V_ABSENT, V_DECIMAL, V_REAL, V_TEXT };

/* 24 bytes at most, of which there are vectors. */
struct value {
	enum value_kind kind;
	int scale;		/* V_DECIMAL: i * 10^-scale */
	union {
		int64_t i;
		double d;	/* finite */
		struct slice s;
	};
};

static const struct value absent = { .kind = V_ABSENT };

static inline struct value
value_int(int64_t i)
{
	return (struct value){ .kind = V_DECIMAL, .i = i };
}

static inline struct value
value_decimal(struct decimal d)
{
	return (struct value){ .kind = V_DECIMAL, .scale = d.scale,
	    .i = d.mant };
}

static inline struct decimal
as_decimal(const struct value *v)
{
	return (struct decimal){ v->i, v->scale };
}

static inline bool
value_is_int(const struct value *v)
{
	return v->kind == V_DECIMAL && v->scale == 0;
}

/* What is beyond a double's range, or no number at all, is absent. */
static inline struct value
value_real(double d)
{
	return isfinite(d) ? (struct value){ .kind = V_REAL, .d = d } : absent;
}

static inline struct value
value_text(struct slice s)
{
	return (struct value){ .kind = s.p == NULL ? V_ABSENT : V_TEXT,
	    .s = s };
}

/* The number that v is or that its text reads as; false: none. */
bool value_number(const struct value *v, struct value *num);
double value_double(const struct value *num);
/* The number that the text of v reads as, if that is its text; back. */
bool value_as_read(const struct value *v, struct number *);
struct value value_number_of(const struct number *);
/* As text; numbers are written to the arena. */
struct slice value_put(const struct value *, struct arena *);

/* How a comparison came out, as bits of a mask; 0: a side was absent. */
enum { CMP_LT = 1, CMP_EQ = 2, CMP_GT = 4, CMP_APART = 8 };
unsigned value_compare(const struct value *, const struct value *, bool text,
    struct arena *);
unsigned value_compare_numbers(const struct value *, const struct value *);

/* 1, 0 or -1 for absent: a number other than 0 is true, and so is the word;
   text that is neither a number nor true or false is absent. */
int value_truth(const struct value *);

/* a op b for '+' '-' '*' '/' '%' of numbers. */
struct value value_arith(char op, const struct value *, const struct value *);

enum node_kind {
	/* values */
	N_CONST, N_FIELD, N_LET, N_ARITH, N_CALL, N_IF, N_DEFAULT,
	/* conditions */
	N_CMP, N_CMP_TEXT, N_MATCH, N_IN, N_CONTAINS, N_AND, N_OR, N_NOT
};

struct function;
struct regex;

struct node {
	enum node_kind kind;
	size_t at;			/* where in the text */
	struct node **arg;
	size_t n;
	struct value val;		/* N_CONST, N_CMP_TEXT; of a division
					   1 / its constant, if places >= 0 */
	bool quoted;			/* N_CONST: was in quotes */
	bool text;			/* N_CMP: compares as text */
	unsigned mask;			/* N_CMP*: the outcomes that are true */
	int places;			/* see places_of; -1: no decimals */
	char op;			/* N_ARITH */
	struct regex *re;		/* N_MATCH; a call's, NULL: none */
	struct field field;		/* N_FIELD */
	size_t col;			/* N_FIELD, N_CMP_TEXT */
	size_t let;			/* N_LET */
	const struct function *fn;	/* N_CALL */
	const char *format;		/* a call's, NULL: none */
	size_t reader;			/* a call's time_reader in the run */
	unsigned depth;			/* of the tree below */
	size_t slots;			/* columns of values it needs */
};

/* What a call sees of one record; no argument is absent. */
struct call {
	struct expr_run *run;
	const struct node *x;
	const struct value *arg;
	size_t n;
	size_t i;			/* the record in the vector */
};

enum { ARGS_MAX = 16 };

enum gives { GIVES_NUMBER, GIVES_TEXT, GIVES_EITHER };

struct function {
	const char *name;
	const char *args;		/* as messages show them */
	unsigned char min, max;		/* arguments */
	enum gives gives;
	bool varies;			/* without any field in it, too */
	enum node_kind kind;		/* N_CALL, or evaluated by themselves */
	/* Checks constant arguments at parse: NULL or what is wrong. */
	const char *(*check)(struct expr *, struct node *);
	struct value (*call)(struct call *);
	int with;			/* what the call goes by; the same */
	double (*real)(double);		/* of doubles */
};

/* Of expr-units.c. */
struct value fn_bytes(struct call *);
struct value fn_duration(struct call *);

const struct function *function_find(struct slice name);
/* The nearest name, or a list of all, as a message shows it. */
const char *function_hint(struct slice name, struct arena *);

struct root {
	const struct field *name;	/* NULL: none */
	const char *text;
	struct node *top;
	struct tally *not_number, *not_time;
};

struct expr {
	const struct options *opt;
	struct arena *arena;
	struct root *root;
	size_t n, cap;
	size_t slots;			/* of all roots */
	size_t readers;
	bool numbered;
};

/* The records that are asked for, by index, ascending. */
struct sel {
	const uint16_t *idx;
	size_t n;
};

/* A column of values, or one for all records (step 0). */
struct operand {
	const struct value *v;
	size_t step;
};

/* The same of numbers that are decimals of one scale. */
struct decimals {
	const int64_t *mant;
	size_t step;
	int scale;
	bool gaps;			/* some may be NO_DECIMAL: absent */
};

#define NO_DECIMAL	INT64_MIN

struct expr_run {
	const struct expr *x;
	const struct vec *v;
	const struct root *root;	/* the one being evaluated */
	struct arena arena;		/* of this vector's texts */
	union slot {
		struct value v[VEC_MAX];
		int64_t mant[VEC_MAX];
	} *slot;			/* root k's result in number k, what it
					   takes beside that behind it */
	struct result {
		struct operand v;	/* v NULL: as d */
		struct decimals d;	/* mant NULL: as v */
	} *result;			/* of each root */
	struct slice *only;		/* VEC_MAX times number_only */
	bool tried;			/* as decimals, and some are none */
	struct time_reader *reader;
	int64_t now;			/* 0: not asked yet */
	uint16_t all[VEC_MAX];		/* 0, 1, 2 ... */
};

/*
 * The values of x as decimals, what they stand in in slot and those behind it;
 * false: some value, or a value on the way to it, is none, or has no room at
 * the scale that all have.
 */
bool expr_decimals(struct expr_run *, const struct node *x, const struct sel *,
    size_t slot, struct decimals *);
/* a compared with b, as decimals; false: not done. */
bool expr_compare(struct expr_run *, const struct node *x, const struct sel *,
    size_t slot, signed char *t);
/* Field k of record i, of those that may be numbers. */
struct value field_value(const struct expr_run *, size_t k, size_t i);

/* v, which record i gave, is not a number, or no time: told and counted. */
struct value not_number(struct expr_run *, size_t i, const struct value *v);
struct value not_time(struct expr_run *, size_t i, const struct value *v);

enum token_kind {
	T_END, T_NUMBER, T_TEXT, T_TRUTH, T_FIELD, T_CALL, T_OPEN, T_CLOSE,
	T_COMMA, T_OR, T_AND, T_NOT, T_IN, T_CONTAINS, T_MATCH, T_NOMATCH,
	T_EQ, T_NE, T_LT, T_LE, T_GT, T_GE,
	T_PLUS, T_MINUS, T_STAR, T_SLASH, T_PERCENT,
	T_BAD
};

struct token {
	enum token_kind kind;
	size_t at, end;		/* where it stands */
	struct value val;	/* of T_NUMBER, T_TEXT, T_TRUTH */
	struct slice word;	/* T_FIELD: a reference, T_CALL: the name */
};

struct lexer {
	struct slice text;
	size_t at;
	struct arena *arena;
	struct expr_error *err;
};

/* The next token; T_BAD after *err was set. */
struct token lex(struct lexer *);
void lex_fail(struct lexer *, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Parses text, of root number x->n; NULL after *err was set. */
struct node *parse_expr(struct expr *, const char *text, unsigned flags,
    struct expr_error *err);

#endif
