/* expr.c - expressions: any text is parsed or refused with a place in it; a
 * vector gives what its records give one by one */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/expr/expr.h"
#include "lib/format/fmt.h"

enum { RECORDS = 7, FIELDS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct slice values[RECORDS + FIELDS] = { { "7", 1 }, { NULL, 0 },
	{ "abc", 3 }, { "", 0 }, { "-0.5", 4 }, { "12345678", 8 },
	{ "2024-11-12T14:39:08Z", 20 }, { "a\0b", 3 }, { "1e300", 5 },
	{ "200", 3 } };

/* Records from..from+n-1, their fields as the wants have them. */
static struct vec
vector(struct take *t, const struct slice *rec, const uint64_t *num,
    size_t from, size_t n)
{
	size_t i, k;

	for (k = 0; k < t->n; k++)
		for (i = 0; i < n; i++)
			t->want[k].col[i] = t->want[k].whole ? rec[from + i] :
			    values[from + i + k % FIELDS];
	return (struct vec){ .n = n, .rec = rec + from, .num = num + from,
		.col = t->col };
}

static void
same(const struct expr *x, struct take *t)
{
	struct expr_run *all = expr_run_new(x), *one = expr_run_new(x);
	struct slice rec[RECORDS], a, b;
	uint64_t num[RECORDS];
	struct vec v, w;
	size_t i;

	for (i = 0; i < RECORDS; i++) {
		rec[i] = values[i].p == NULL ? SLICE("") : values[i];
		num[i] = i + 1;
	}
	for (i = 0; i < RECORDS; i++) {
		v = vector(t, rec, num, 0, RECORDS);
		expr_eval(all, &v);
		a = expr_column(all, 0, false).text[i];
		w = vector(t, rec, num, i, 1);
		expr_eval(one, &w);
		b = expr_column(one, 0, false).text[0];
		if ((a.p == NULL) != (b.p == NULL) || !slice_eq(a, b))
			abort();
	}
	expr_run_free(all);
	expr_run_free(one);
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
	struct expr_error err;
	char *text = arena_str(&arena, (struct slice){ (const char *)data, n });
	struct tally *t;

	shape_init(&shape, format_find("auto"), NULL, 0);
	take.shape = &shape;
	if (strstr(text, "now") != NULL) {
		/* the clock goes on between two looks at it */
	} else if (expr_add(x, NULL, text, 0, &err) != OK) {
		if (err.what[0] == '\0' || err.at > strlen(text))
			abort();
	} else if (expr_bind(x, &b) == OK) {
		for (t = diag.tallies; t != NULL; t = t->next)
			t->n = 1;	/* the first one was told */
		same(x, &take);
	}
	take_free(&take);
	arena_free(&arena);
	return 0;
}
