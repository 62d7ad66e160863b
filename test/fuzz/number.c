/* number.c - number_parse against strtod and the grammar */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/number/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The grammar of number.h, letter by letter. */
static bool
grammar(const char *p, size_t n)
{
	size_t i = 0, digits = 0, exp = 0;

	if (i < n && (p[i] == '+' || p[i] == '-'))
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '9'; i++)
		digits++;
	if (i < n && p[i] == '.')
		for (i++; i < n && p[i] >= '0' && p[i] <= '9'; i++)
			digits++;
	if (digits > 0 && i < n && (p[i] == 'e' || p[i] == 'E')) {
		i++;
		if (i < n && (p[i] == '+' || p[i] == '-'))
			i++;
		for (; i < n && p[i] >= '0' && p[i] <= '9'; i++)
			exp++;
		if (exp == 0)
			return false;
	}
	return digits > 0 && i == n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = malloc(n + 1);
	struct slice s = { text, n };
	struct number v, w;
	double want;
	size_t skip = n > 0 ? data[0] % 12 : 0;
	int64_t i;
	bool ok;

	memcpy(text, data, n);
	text[n] = '\0';
	ok = number_parse(&v, s);
	want = grammar(text, n) ? strtod(text, NULL) : HUGE_VAL;
	if (ok != !isinf(want) || (ok && v.real != want))
		abort();
	if (skip < n) {			/* the rest of it, in a record */
		const struct slice rest = { text + skip, n - skip };

		ok = number_parse(&v, rest);
		if (number_parse_many(&w, &rest, &s, 1) != ok ||
		    (ok && (w.mant != v.mant || w.real != v.real)))
			abort();
		ok = number_parse(&v, s);
	}
	if (number_is_json(s) && !ok && !isinf(want))
		abort();
	if (number_int(&i, s) && (!ok || !v.exact || v.scale != 0 ||
	    v.mant != i))
		abort();
	free(text);
	return 0;
}
