/* caret.c - usage errors that show the place in a word */
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/cli/caret.h"
#include "lib/expr/expr.h"
#include "lib/regex/regex.h"
#include "lib/run/table.h"

enum { SHOW = 64 };		/* bytes of the text that are shown */

static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* The text around its place, a character a column, and the caret. */
static void
show(const char *text, size_t at)
{
	size_t n = strlen(text), from = at > SHOW / 2 ? at - SHOW / 2 : 0;
	size_t to, i;
	char line[SHOW + 1], caret[SHOW + 3], *o = line, *c = caret;

	while (from > 0 && from < n && continues(text[from]))
		from--;
	to = from + SHOW < n ? from + SHOW : n;
	while (to < n && to > from && continues(text[to]))
		to--;
	for (i = from; i < to; i++) {
		*o++ = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? ' ' :
		    text[i];
		if (i < at && !continues(text[i]))
			*c++ = ' ';
	}
	*o = '\0';
	*c++ = '^';
	*c = '\0';
	diag_warn("  %s", line);
	diag_warn("  %s", caret);
}

int
caret_fail(struct args *a, const char *text, size_t at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	op_warn(a->op, fmt, ap);
	va_end(ap);
	if (*text != '\0')
		show(text, at);
	return op_usage(a->op);
}

/* An expression came as several words, first and next among them, or with a
   file behind it.  Of `status >= 500` two words are left: the shell took >= as
   writing to a file called "=". */
static int
unquoted(struct args *a, const char *first, const char *next)
{
	const char *all = first;

	if (access("=", F_OK) == 0 && args_is_number(next))
		return args_fail(a, "the expression must be one word in single "
		    "quotes: '%s >= %s' (the shell took >= as an order to "
		    "write the file '=', which is here now)", first, next);
	if (strpbrk(next, "./") != NULL && access(next, F_OK) == 0)
		return args_fail(a, "%s is a file; records come from standard "
		    "input: mbatch ... %s '%s' < %s", diag_quote(next,
		    strlen(next)), a->op->name, first, next);
	for (; args_peek(a) != NULL; a->word++)
		all = arena_printf(a->arena, "%s %s", all, args_peek(a));
	return args_fail(a, "the expression must be one word in single "
	    "quotes: '%s'", all);
}

int
caret_regex(struct args *a, const char *pattern, unsigned flags,
    struct regex **re)
{
	const char *err;
	size_t at;

	*re = regex_new(slice_str(pattern), flags, a->arena, &err, &at);
	return *re != NULL ? OK : caret_fail(a, pattern, at,
	    "in the pattern: %s", err);
}

int
caret_expr(struct args *a, struct expr *x, const struct field *name,
    const char *text, unsigned flags)
{
	struct expr_error err;

	if (expr_add(x, name, text, flags, &err) == OK)
		return OK;
	return caret_fail(a, text, err.at, "%s", err.what);
}

int
caret_condition(struct args *a, struct expr **x, const char *text)
{
	const char *next = args_peek(a);

	if (next != NULL)
		return unquoted(a, text, next);
	*x = expr_new(a->opt, a->arena);
	return caret_expr(a, *x, NULL, text, EXPR_CONDITION);
}
