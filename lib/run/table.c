/* table.c - the operators by name, and their usage */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/run/table.h"

#define OP(name)	extern const struct op op_##name;
#include "ops/ops.def"
#undef OP

const struct op *const ops[] = {
#define OP(name)	&op_##name,
#include "ops/ops.def"
#undef OP
};
const size_t nops = sizeof ops / sizeof *ops;

const struct op *
op_find(const char *name)
{
	size_t i;

	for (i = 0; i < nops; i++)
		if (strcmp(ops[i]->name, name) == 0)
			return ops[i];
	return NULL;
}

const char *
instead_of(const struct instead *t, const char *word)
{
	for (; t != NULL && t->theirs != NULL; t++)
		if (strcmp(t->theirs, word) == 0)
			return t->here;
	return NULL;
}

/* Whether it is one of the operator's other names. */
static bool
is_also(const struct op *op, const char *name)
{
	struct slice rest = slice_str(op->also), one;

	while (slice_cut(&rest, ' ', &one))
		if (slice_eq(one, slice_str(name)))
			return true;
	return false;
}

const char *
op_nearest(const char *name)
{
	const char **names, *near;
	size_t i;

	for (i = 0; i < nops; i++) {
		if (is_also(ops[i], name))
			return ops[i]->name;
		near = instead_of(ops[i]->aka, name);
		if (near != NULL)
			return near;
	}
	names = mem_alloc(nops * sizeof *names);
	for (i = 0; i < nops; i++)
		names[i] = ops[i]->name;
	near = diag_nearest(name, names, nops);
	free(names);
	return near;
}

const char *
op_list(unsigned trait, const char *last, struct arena *a)
{
	const char *list = "", *sep = "";
	size_t i;

	for (i = nops; i-- > 0; ) {
		const struct op *op = ops[i];

		if ((op->traits & trait) == 0)
			continue;
		list = arena_printf(a, "%s%s%s%s%s", op->name,
		    op->with == NULL ? "" : " ", op->with == NULL ? "" :
		    op->with, sep, list);
		sep = *sep == '\0' ? last : ", ";
	}
	return list;
}

void
op_warn(const struct op *op, const char *fmt, va_list ap)
{
	char msg[512];

	vsnprintf(msg, sizeof msg, fmt, ap);
	diag_warn("%s: %s", op->name, msg);
}

int
op_usage(const struct op *op)
{
	return diag_warn("usage: mbatch %s%s%s", op->name,
	    op->args[0] == '\0' ? "" : " ", op->args);
}

int
op_fail(const struct op *op, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	op_warn(op, fmt, ap);
	va_end(ap);
	return op_usage(op);
}
