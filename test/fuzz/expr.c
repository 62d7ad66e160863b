/* expr.c - expressions, one a line: any text is parsed or refused with a place
 * in it; a vector gives what its records give one by one */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/expr/expr.h"
#include "lib/format/fmt.h"
#include "lib/number/number.h"

enum { RECORDS = 7, FIELDS = 3, TABLES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Of anything, of decimals with gaps, and of large and small ones. */
static const struct slice table[TABLES][RECORDS + FIELDS] = {
	{ { "7", 1 }, { NULL, 0 }, { "abc", 3 }, { "", 0 }, { "-0.5", 4 },
	    { "12345678", 8 }, { "2024-11-12T14:39:08Z", 20 }, { "a\0b", 3 },
	    { "1e300", 5 }, { "200", 3 } },
	{ { "7", 1 }, { NULL, 0 }, { "0.125", 5 }, { "-3", 2 }, { "0", 1 },
	    { "12345678", 8 }, { "1.50", 4 }, { "-0.3", 4 }, { NULL, 0 },
	    { "200", 3 } },
	{ { "9007199254740993", 16 }, { "0.5", 3 }, { "-1", 2 }, { "3", 1 },
	    { "9223372036854775807", 19 }, { "0.000000000000000001", 20 },
	    { "-9223372036854775807", 20 }, { "4611686018427387904", 19 },
	    { "0.0", 3 }, { "2", 1 } } };

/* Records from..from+n-1, their fields as the wants have them. */
static struct vec
vector(struct take *t, const struct slice *values, const struct slice *rec,
    const uint64_t *num, size_t from, size_t n)
{
	size_t i, k;

	for (k = 0; k < t->n; k++)
		for (i = 0; i < n; i++)
			t->want[k].col[i] = t->want[k].whole ? rec[from + i] :
			    values[from + i + k % FIELDS];
	return (struct vec){ .n = n, .rec = rec + from, .num = num + from,
		.col = t->col };
}

/* Number i of a, and the one of b. */
static bool
equal(const struct values *a, size_t i, const struct values *b)
{
	const char *p = a->text[i].p, *q = b->text[0].p;
	const struct number *x, *y;

	if ((p == NULL) != (q == NULL) ||
	    (p == number_only) != (q == number_only))
		return false;
	if (p != number_only)
		return slice_eq(a->text[i], b->text[0]);
	x = &a->num[i];
	y = &b->num[0];
	return x->exact == y->exact && x->mant == y->mant &&
	    x->scale == y->scale && x->real == y->real;
}

static void
same(const struct expr *x, size_t roots, struct take *t,
    const struct slice *values, bool numbers)
{
	struct expr_run *all = expr_run_new(x), *one = expr_run_new(x);
	struct slice rec[RECORDS];
	uint64_t num[RECORDS];
	struct values a, b;
	struct vec v, w;
	size_t i, k;

	for (i = 0; i < RECORDS; i++) {
		rec[i] = values[i].p == NULL ? SLICE("") : values[i];
		num[i] = i + 1;
	}
	for (i = 0; i < RECORDS; i++) {
		v = vector(t, values, rec, num, 0, RECORDS);
		expr_eval(all, &v);
		w = vector(t, values, rec, num, i, 1);
		expr_eval(one, &w);
		for (k = 0; k < roots; k++) {
			a = expr_column(all, k, numbers);
			b = expr_column(one, k, numbers);
			if (!equal(&a, i, &b))
				abort();
		}
	}
	expr_run_free(all);
	expr_run_free(one);
}

/* Each line sees the one before it as x. */
static size_t
add_lines(struct expr *x, char *text)
{
	static const struct field name = { .text = "x", .kind = FIELD_NAME,
		.name = { "x", 1 } };
	struct expr_error err;
	char *end;
	size_t n = 0;

	for (; text != NULL; text = end) {
		end = strchr(text, '\n');
		if (end != NULL)
			*end++ = '\0';
		if (expr_add(x, &name, text, 0, &err) == OK) {
			n++;
			continue;
		}
		if (err.what[0] == '\0' || err.at > strlen(text))
			abort();
		return 0;
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct options opt = { .arena = &arena, .diag = &diag };
	struct take take = { 0 };
	struct shape shape;
	struct op op = { .name = "fuzz", .args = "" };
	struct bind b = { .op = &op, .opt = &opt, .in = &shape, .take = &take,
		.arena = &arena };
	struct expr *x = expr_new(&opt, &arena);
	char *text = arena_str(&arena, (struct slice){ (const char *)data, n });
	struct tally *t;
	size_t i, roots;

	shape_init(&shape, format_find("auto"), NULL, 0);
	take.shape = &shape;
	if (strstr(text, "now") != NULL) {
		/* the clock goes on between two looks at it */
	} else if ((roots = add_lines(x, text)) > 0 &&
	    expr_bind(x, &b) == OK) {
		for (t = diag.tallies; t != NULL; t = t->next)
			t->n = 1;	/* the first one was told */
		for (i = 0; i < TABLES * 2; i++)
			same(x, roots, &take, table[i / 2], i % 2 > 0);
	}
	take_free(&take);
	arena_free(&arena);
	return 0;
}
