/* lookup.c - field references against the shape that is there */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/diag.h"
#include "lib/format/field.h"
#include "lib/format/fmt.h"
#include "lib/format/lookup.h"

enum {				/* as many names, as long ones, are compared; */
	NAMES = 64, NAME = 64, LIST = 256	/* so much of them is told */
};

/* What stands before a colon is a column: what follows was meant as a bucket.
   Says so. */
static bool
no_such_bucket(const struct shape *s, const struct field *f, const char *who)
{
	const char *colon = memchr(f->name.p, ':', f->name.n);
	struct slice name = { f->name.p, 0 };

	if (colon == NULL)
		return false;
	name.n = (size_t)(colon - name.p);
	if (shape_column(s, name) == NULL)
		return false;
	diag_warn("%s: there is no field %s; '%.*s' takes a bucket where it is "
	    "a key: a duration (1m), a number (10k), a prefix (/24) or mask",
	    who, diag_quote(f->name.p, f->name.n), (int)name.n, name.p);
	return true;
}

/* The shape has no such name: says so, with the nearest. */
static int
no_such_name(const struct shape *s, const struct field *f, const char *who)
{
	const char *names[NAMES], *near, *word, *q, *list = "";
	struct arena a = { 0 };
	size_t i, n = 0;

	if (no_such_bucket(s, f, who))
		return FAIL;
	for (i = 0; i < s->ncol && n < NAMES; i++)
		if (s->col[i].name.n > 0 && s->col[i].name.n < NAME)
			names[n++] = arena_str(&a, s->col[i].name);
	for (i = 0; i < n; i++) {
		q = diag_quote(names[i], strlen(names[i]));
		if (strlen(list) + strlen(q) + sizeof ", , ..." > LIST) {
			list = arena_printf(&a, "%s, ...", list);
			break;
		}
		list = arena_printf(&a, "%s%s%s", list, i == 0 ? "" : ", ", q);
	}
	word = diag_quote(f->name.p, f->name.n);
	near = diag_nearest(f->name.n < NAME ? arena_str(&a, f->name) : "",
	    names, n);
	if (f->hint != NULL)
		diag_warn("%s: there is no field %s; %s", who, word, f->hint);
	else if (near != NULL)
		diag_warn("%s: there is no field %s; did you mean %s?", who,
		    word, diag_quote(near, strlen(near)));
	else if (n == 0)
		diag_warn("%s: these records have no names, so there is no "
		    "field %s: give its position, or see -H and -i", who, word);
	else
		diag_warn("%s: there is no field %s; there %s %s", who, word,
		    n == 1 ? "is only" : "are", list);
	arena_free(&a);
	return FAIL;
}

bool
shape_headless(const struct shape *s)
{
	return s->closed && s->ncol == 0;
}

static int
check_position(const struct shape *s, const struct field *f, const char *who)
{
	size_t pos = (size_t)(f->pos < 0 ? -f->pos : f->pos);
	const struct column *c;

	if ((s->format->traits & FMT_POSITIONS) == 0)
		return diag_warn("%s: %s records have no positions: name the "
		    "field instead of %s (a field called so is .%s)", who,
		    s->format->name, f->text, f->text);
	if (s->closed && s->ncol > 0 && pos > s->ncol) {
		c = shape_column(s, f->name);
		return diag_warn("%s: there is no field %s: the records have "
		    "%zu%s%s", who, f->text, s->ncol, c == NULL ? "" :
		    "; the one called so is .", c == NULL ? "" : f->text);
	}
	return OK;
}

int
field_want(struct take *t, const struct shape *s, const struct field *f,
    unsigned flags, const char *who, size_t *col)
{
	const struct column *c;
	int pos = 0;
	size_t k;

	if (f->kind == FIELD_POS) {
		if (check_position(s, f, who) != OK)
			return FAIL;
		pos = f->pos;
	} else if (f->kind == FIELD_NAME) {
		c = shape_column(s, f->name);
		if (c != NULL)
			pos = c->pos;
		else if (shape_headless(s))
			pos = INT_MAX;
		else if (s->closed || (s->format->traits & FMT_NAMED) == 0)
			return no_such_name(s, f, who);
	}
	k = take_want(t, f, pos, flags & ~(unsigned)WANT_NUMBER);
	t->want[k].text |= (flags & WANT_NUMBER) == 0;
	c = shape_field(s, f);
	t->want[k].filled = c != NULL && (flags & WANT_RAW) == 0 &&
	    column_filled(s, c);
	if (col != NULL)
		*col = k;
	return OK;
}

void
columns_repeats(const char *who, const struct column *col, size_t n)
{
	bool *again = mem_zero(n + 1);
	size_t i = 0, first = 0, some = columns_again(col, n, again);
	char more[64] = "";

	if (some > 1)
		snprintf(more, sizeof more, " (and %zu more like it)",
		    some - 1);
	if (some > 0) {
		while (!again[i])
			i++;
		while (!slice_eq(col[first].name, col[i].name))
			first++;
		diag_warn("%s: columns %zu and %zu are called %s: the name "
		    "means the first%s", who, first + 1, i + 1,
		    diag_quote(col[i].name.p, col[i].name.n), more);
	}
	free(again);
}
