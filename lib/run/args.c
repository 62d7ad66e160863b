/* args.c - an operator's words on the command line */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/base/chars.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/run/keys.h"
#include "lib/run/table.h"

enum { LONG = 256 };		/* the letter of --name is this + 'n' */

int
args_none(struct args *a, const char *kind, struct slice word,
    const char *const *name, size_t n)
{
	const char *near = diag_nearest(arena_str(a->arena, word), name, n);
	const char *list = name[0], *hint = "";
	size_t i;

	for (i = 1; i < n; i++)
		list = arena_printf(a->arena, "%s%s%s", list,
		    i + 1 == n ? " and " : ", ", name[i]);
	if (near != NULL)
		hint = arena_printf(a->arena, "; did you mean '%s'?", near);
	return args_fail(a, "there is no %s %s; there are %s%s", kind,
	    diag_quote(word.p, word.n), list, hint);
}

const char *
args_peek(const struct args *a)
{
	if (a->word[0] == NULL || strcmp(a->word[0], "then") == 0)
		return NULL;
	return a->word[0];
}

/* Whether the next word is a bundle of flags. */
static bool
is_flags(const char *w)
{
	return w != NULL && w[0] == '-' && w[1] != '\0' &&
	    !isdigit((unsigned char)w[1]);
}

/* The next word as a flag's value. */
static int
take_value(struct args *a, const char *flag)
{
	if (a->word[0] == NULL)
		return args_fail(a, "%s needs a value", flag);
	a->val = *a->word++;
	return OK;
}

/* A flag that the operator doesn't have. */
static int
no_flag(struct args *a, char flag)
{
	const char option[] = { '-', flag, '\0' };
	const struct instead *other = a->op->flags_instead;
	const char *value = &a->word[-1][2];

	if (*value == '\0')
		value = args_peek(a) != NULL ? args_peek(a) : "5";
	for (; other != NULL && other->theirs != NULL; other++)
		if (strchr(other->theirs, flag) != NULL)
			return args_fail(a, "there is no flag -%c: %.*s%s",
			    flag, (int)strcspn(other->here, "%"), other->here,
			    strchr(other->here, '%') == NULL ? "" : value);
	if (flag == 'h' || flag == '-')
		return args_fail(a, "there is no flag -%c; for help: mbatch "
		    "--help %s", flag, a->op->name);
	if (strlen(a->word[-1]) > 2)
		return isdigit((unsigned char)flag) ?
		    args_fail(a, "there is no flag -%c; in %s the value is a "
		    "word of its own", flag, a->word[-1]) :
		    args_fail(a, "there is no flag -%c, as in %s", flag,
		    a->word[-1]);
	if (a->opt->is_option(option))
		return args_fail(a, "there is no flag -%c; an option -%c "
		    "stands before the first operator: mbatch -%c ... %s",
		    flag, flag, flag, a->op->name);
	return args_fail(a, "there is no flag -%c", flag);
}

const char *
args_flag_tail(const struct op *op, const char *flag, size_t n)
{
	const char *at = op->args;
	size_t len;

	for (; (at = strchr(at, '-')) != NULL; at += len) {
		len = strcspn(at, " ]");
		if (len == n && memcmp(at, flag, n) == 0)
			return at + n;
	}
	return NULL;
}

/* --name VALUE, --name=VALUE: all have one. */
static int
long_flag(struct args *a)
{
	const char *w = *a->word++, *tail;
	size_t n = strcspn(w, "=");
	int flag = LONG + (unsigned char)w[2];

	tail = args_flag_tail(a->op, w, n);
	if (tail == NULL && a->opt->is_option(w))
		return args_fail(a, "there is no flag %s; as an option it "
		    "stands before the first operator", w);
	if (tail == NULL)
		return args_fail(a, "there is no flag %s", w);
	if (w[n] == '\0')
		return take_value(a, w) == OK ? flag : FAIL;
	a->val = w + n + 1;
	return flag;
}

/* The next flag's letter; 0 when there are no more; FAIL. */
static int
next_flag(struct args *a)
{
	char flag[] = "-?";
	const char *tail;

	if (a->bundle == NULL || *a->bundle == '\0') {
		a->bundle = NULL;
		if (!is_flags(args_peek(a)))
			return 0;
		if (strncmp(*a->word, "--", 2) == 0 && (*a->word)[2] != '\0')
			return long_flag(a);
		a->bundle = *a->word++ + 1;
		if (strcmp(a->bundle, "-") == 0) {
			a->bundle = NULL;
			return 0;
		}
	}
	flag[1] = *a->bundle++;
	tail = args_flag_tail(a->op, flag, 2);
	if (tail == NULL)
		return no_flag(a, flag[1]);
	if (*tail != ' ')
		return flag[1];
	if (*a->bundle != '\0')
		a->val = a->bundle;
	else if (take_value(a, flag) != OK)
		return FAIL;
	a->bundle = NULL;
	return flag[1];
}

static int
set_flag(struct args *a, const struct flag *is, void *to)
{
	switch (is->kind) {
	case FLAG_BOOL:
		*(bool *)to = true;
		break;
	case FLAG_COUNT:
		return args_count(a, is->name, a->val, to);
	case FLAG_DURATION:
		return args_duration(a, is->name, a->val, to);
	case FLAG_WORD:
		*(const char **)to = a->val;
		break;
	case FLAG_TEXT:
		return args_text(a, is->name, a->val, to);
	case FLAG_FIELD:
		return args_field(a, a->val, false, to);
	}
	return OK;
}

int
args_flags(struct args *a, void *conf)
{
	const struct flag *is;
	void *to;
	int f;

	for (is = a->op->flags; is->name != NULL; is++) {
		to = (char *)conf + is->at;
		if (is->value > 0)
			*(uint64_t *)to = is->value;
	}
	while ((f = next_flag(a)) > 0) {
		for (is = a->op->flags; is->name != NULL && f != (is->name[1] !=
		    '-' ? is->name[1] : LONG + (unsigned char)is->name[2]);
		    is++)
			;
		if (set_flag(a, is, (char *)conf + is->at) != OK)
			return FAIL;
	}
	return f;
}

const char *
args_need(struct args *a, const char *what)
{
	if (a->word[0] == NULL) {
		args_fail(a, "%s is missing", what);
		return NULL;
	}
	return *a->word++;
}

const char *
args_maybe(struct args *a)
{
	const char *w = args_peek(a);

	if (w == NULL || strcmp(w, "by") == 0 || strcmp(w, "over") == 0)
		return NULL;
	a->word++;
	return w;
}

bool
args_keyword(struct args *a, const char *keyword)
{
	const char *w = args_peek(a);

	if (w == NULL || strcmp(w, keyword) != 0)
		return false;
	a->word++;
	return true;
}

bool
args_is_number(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

int
args_count(struct args *a, const char *what, const char *text, uint64_t *n)
{
	const char *why = number_count(n, text);

	if (why == NULL)
		return OK;
	if (why == number_too_large)
		return args_fail(a, "%s %s: %s", what,
		    diag_quote(text, strlen(text)), why);
	return args_fail(a, "%s must be a whole number, not %s", what,
	    diag_quote(text, strlen(text)));
}

const char *
args_unescape(const char *s, struct arena *a, struct slice *out)
{
	char *o = arena_bytes(a, strlen(s) + 1);

	*out = (struct slice){ o, 0 };
	for (; *s != '\0'; s++) {
		if (*s != '\\') {
			*o++ = *s;
			continue;
		}
		switch (*++s) {
		case 't': *o++ = '\t'; break;
		case 'n': *o++ = '\n'; break;
		case 'r': *o++ = '\r'; break;
		case '0': *o++ = '\0'; break;
		case '\\': *o++ = '\\'; break;
		case 'x':
			if (hex_value(s[1]) < 0 || hex_value(s[2]) < 0)
				return "\\x needs two hexadecimal digits";
			*o++ = (char)(hex_value(s[1]) * 16 + hex_value(s[2]));
			s += 2;
			break;
		default:
			return "only \\t \\n \\r \\0 \\\\ and \\xHH mean "
			    "something";
		}
	}
	*o = '\0';
	out->n = (size_t)(o - out->p);
	return NULL;
}

int
args_text(struct args *a, const char *what, const char *text,
    struct slice *out)
{
	const char *why = args_unescape(text, a->arena, out);

	if (why != NULL)
		return args_fail(a, "%s: %s", what, why);
	return OK;
}

int
args_seed(struct args *a, const char *given, uint64_t *seed)
{
	if (given != NULL)
		return args_count(a, "-s", given, seed);
	if (!a->opt->exact)
		return OK;
	return args_fail(a, "--state needs a seed (-s), so that a run that is "
	    "killed can be repeated");
}

int
args_duration(struct args *a, const char *what, const char *text, int64_t *ns)
{
	const char *why = number_duration(ns, slice_str(text));

	if (why != NULL)
		return args_fail(a, "%s %s: %s", what,
		    diag_quote(text, strlen(text)), why);
	return OK;
}

int
args_span(struct args *a, const char *what, int64_t *ns)
{
	const char *w = args_need(a, what);

	if (w == NULL || args_duration(a, what, w, ns) != OK)
		return FAIL;
	return *ns > 0 ? OK : args_fail(a, "%s must be above 0", what);
}

int
args_first(struct args *a, uint64_t *n)
{
	const char *w = args_maybe(a);

	if (w != NULL && strcmp(w, "--") == 0)
		w = args_maybe(a);
	if (w != NULL && w[0] == '-' && args_is_number(w + 1))
		w++;
	else if (is_flags(w))
		return no_flag(a, w[1]);
	return w == NULL ? OK : args_count(a, "N", w, n);
}

int
args_field(struct args *a, const char *text, bool bucket, struct field *f)
{
	const char *why = field_parse(f, slice_str(text), bucket, a->arena);

	if (why != NULL)
		return args_fail(a, "field %s: %s",
		    diag_quote(text, strlen(text)), why);
	return OK;
}

/* Whether what should be fields is rather a file that is there. */
static bool
names_file(const char *text)
{
	return (*text != '.' || text[1] == '/') &&
	    !isdigit((unsigned char)*text) &&
	    strpbrk(text, "./") != NULL && access(text, F_OK) == 0;
}

int
args_fields(struct args *a, const char *text, bool buckets, struct field **f,
    size_t *n)
{
	struct slice *part = field_list(slice_str(text), n, a->arena);
	size_t i;

	if (*n > 1 && part[*n - 1].n == 0 && args_peek(a) != NULL)
		return args_fail(a, "lists are joined by commas, without "
		    "blanks: %s%s", text, args_peek(a));
	if (names_file(text))
		return args_fail(a, "%s is a file; records come from standard "
		    "input: mbatch ... %s < %s", diag_quote(text, strlen(text)),
		    a->op->name, text);
	*f = arena_zero(a->arena, *n * sizeof **f);
	for (i = 0; i < *n; i++)
		if (args_field(a, arena_str(a->arena, part[i]), buckets,
		    &(*f)[i]) != OK)
			return FAIL;
	return OK;
}

int
args_keys(struct args *a, struct keys *k)
{
	const char *w;

	(void)args_keyword(a, "by");
	w = args_maybe(a);
	return args_fields(a, w == NULL ? "0" : w, true, &k->field, &k->n);
}

int
args_by(struct args *a, struct keys *k)
{
	const char *text;

	*k = (struct keys){ .seed = a->opt->seed };
	if (!args_keyword(a, "by"))
		return OK;
	text = args_need(a, "what to group by");
	return text == NULL ? FAIL :
	    args_fields(a, text, true, &k->field, &k->n);
}

int
args_over(struct args *a, uint64_t *over, bool *all)
{
	const char *w, *why;
	int64_t dur;
	uint64_t n;

	if (!args_keyword(a, "over"))
		return OK;
	w = args_need(a, "N of over");
	if (w == NULL)
		return FAIL;
	if (strcmp(w, "all") == 0) {
		*all = true;
		return OK;
	}
	why = number_count(&n, w);
	if (why == NULL && n > 0) {
		*over = n;
		return OK;
	}
	if (why == number_too_large)
		return args_fail(a, "over %s: %s", w, why);
	if (number_duration(&dur, slice_str(w)) == NULL && dur > 0)
		return args_fail(a, "over counts batches: -w %s makes batches "
		    "of that time, over 12 takes the last twelve", w);
	return args_fail(a, "over is followed by a number of batches or all, "
	    "not %s", diag_quote(w, strlen(w)));
}
