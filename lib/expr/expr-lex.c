/* expr-lex.c - the words of an expression */
#include <stdarg.h>
#include <stdio.h>

#include "lib/base/chars.h"
#include "lib/expr/expr-inner.h"

void
lex_fail(struct lexer *l, size_t at, const char *fmt, ...)
{
	va_list ap;

	if (l->err->what[0] != '\0')
		return;			/* the first one is the reason */
	l->err->at = at;
	va_start(ap, fmt);
	vsnprintf(l->err->what, sizeof l->err->what, fmt, ap);
	va_end(ap);
}

/* What a name may hold, but for dots; bytes of UTF-8 are letters. */
static bool
is_name(char c)
{
	return is_digit(c) || is_letter(c) ||
	    c == '_' || c == '@' || (unsigned char)c >= 0x80;
}

static char
char_at(const struct lexer *l, size_t i)
{
	return i < l->text.n ? l->text.p[i] : '\0';
}

static struct token
bad(struct lexer *l)
{
	return (struct token){ .kind = T_BAD, .at = l->at, .end = l->at };
}

static struct token
lex_number(struct lexer *l)
{
	struct token t = { .kind = T_NUMBER, .at = l->at };
	size_t i = l->at, e;

	while (is_digit(char_at(l, i)) || char_at(l, i) == '.')
		i++;
	if ((char_at(l, i) | 32) == 'e') {
		e = i + 1;
		if (char_at(l, e) == '+' || char_at(l, e) == '-')
			e++;
		if (is_digit(char_at(l, e)))
			for (i = e; is_digit(char_at(l, i)); i++)
				;
	}
	t.end = l->at = i;
	t.val = value_text((struct slice){ l->text.p + t.at, i - t.at });
	if (is_name(char_at(l, i))) {
		while (is_name(char_at(l, i)))
			i++;
		for (e = i - t.at > 32 ? t.at + 32 : i;
		    e < i && ((unsigned char)l->text.p[e] & 0xc0) == 0x80; e--)
			;		/* whole characters */
		lex_fail(l, t.at, "a number ends before %s; a field of that "
		    "name is $%.*s", diag_quote(l->text.p + t.end, i - t.end),
		    (int)(e - t.at), l->text.p + t.at);
		return bad(l);
	}
	if (!value_number(&t.val, &t.val)) {
		lex_fail(l, t.at, "this is no number");
		return bad(l);
	}
	return t;
}

/* One escape from l->at on, its backslash seen; what is none stays as it is,
   so that patterns can be written with single backslashes. */
static char
lex_escape(struct lexer *l)
{
	static const char from[] = "nrt\\\"'", to[] = "\n\r\t\\\"'";
	char c = char_at(l, l->at + 1);
	const char *is = c == '\0' ? NULL : strchr(from, c);
	int hi, lo;

	if (is != NULL) {
		l->at += 2;
		return to[is - from];
	}
	if (c == 'x' && (hi = hex_value(char_at(l, l->at + 2))) >= 0 &&
	    (lo = hex_value(char_at(l, l->at + 3))) >= 0) {
		l->at += 4;
		return (char)(hi << 4 | lo);
	}
	l->at++;
	return '\\';
}

static struct token
lex_text(struct lexer *l)
{
	struct token t = { .kind = T_TEXT, .at = l->at };
	char quote = l->text.p[l->at++];
	char *out = arena_bytes(l->arena, l->text.n);
	size_t n = 0;

	for (;;) {
		if (l->at >= l->text.n) {
			lex_fail(l, t.at, "the text has no closing %c", quote);
			return bad(l);
		}
		if (l->text.p[l->at] == quote)
			break;
		out[n++] = l->text.p[l->at] == '\\' ? lex_escape(l) :
		    l->text.p[l->at++];
	}
	t.end = ++l->at;
	t.val = value_text((struct slice){ out, n });
	return t;
}

/* Moves past a name's parts between dots; false: told. */
static bool
skip_path(struct lexer *l)
{
	for (;;) {
		if (char_at(l, l->at) == '{') {
			size_t at = l->at;

			while (l->at < l->text.n && l->text.p[l->at] != '}')
				l->at++;
			if (l->at++ >= l->text.n) {
				l->at--;
				lex_fail(l, at, "there is no closing }");
				return false;
			}
		} else {
			while (is_name(char_at(l, l->at)))
				l->at++;
		}
		if (char_at(l, l->at) != '.' ||
		    (!is_name(char_at(l, l->at + 1)) &&
		    char_at(l, l->at + 1) != '{'))
			return true;
		l->at++;
	}
}

/* $1, $-1, $0, $name, ${name}. */
static struct token
lex_dollar(struct lexer *l)
{
	struct token t = { .kind = T_FIELD, .at = l->at };
	size_t i = ++l->at;
	char after;

	i += char_at(l, i) == '-';
	while (is_digit(char_at(l, i)))
		i++;
	t.word.p = l->text.p + l->at;
	after = char_at(l, i);
	if (is_digit(l->text.p[i - 1]) && !is_name(after) && after != '.') {
		l->at = i;
	} else if (is_name(char_at(l, l->at)) || char_at(l, l->at) == '{') {
		if (!skip_path(l))
			return bad(l);
		/* a dot in front makes a name of any word */
		t.word = slice_str(arena_printf(l->arena, ".%.*s",
		    (int)(l->text.p + l->at - t.word.p), t.word.p));
		t.end = l->at;
		return t;
	} else {
		lex_fail(l, t.at, "a position or a name must follow $");
		return bad(l);
	}
	t.word.n = (size_t)(l->text.p + l->at - t.word.p);
	t.end = l->at;
	return t;
}

/* What is no field when written bare. */
static bool
lex_reserved(struct lexer *l, struct token *t)
{
	static const struct {
		const char *word;
		enum token_kind kind;
	} words[] = {
		{ "and", T_AND }, { "contains", T_CONTAINS },
		{ "false", T_TRUTH }, { "in", T_IN }, { "not", T_NOT },
		{ "or", T_OR }, { "true", T_TRUTH }
	};
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (slice_eq(t->word, slice_str(words[i].word)))
			t->kind = words[i].kind;
	t->val = value_text(t->word);		/* of T_TRUTH */
	if (slice_eq(t->word, SLICE("null"))) {
		lex_fail(l, t->at, "there is no null: default(FIELD, \"\") "
		    "gives an absent field a value; a field of that name is "
		    "$null");
		return false;
	}
	return true;
}

static struct token
lex_word(struct lexer *l)
{
	struct token t = { .kind = T_FIELD, .at = l->at };
	size_t i;

	if (l->text.p[l->at] == '.')
		l->at++;
	if (!skip_path(l))
		return bad(l);
	t.end = l->at;
	t.word = (struct slice){ l->text.p + t.at, l->at - t.at };
	for (i = l->at; char_at(l, i) == ' '; i++)
		;
	if (!lex_reserved(l, &t))
		return bad(l);
	if (t.kind == T_FIELD && char_at(l, i) == '(' && t.word.p[0] != '{' &&
	    t.word.p[0] != '.')
		t.kind = T_CALL;
	return t;
}

static struct token
lex_operator(struct lexer *l)
{
	static const struct {
		char text[3];
		enum token_kind kind;
	} ops[] = {
		{ "||", T_OR }, { "&&", T_AND }, { "==", T_EQ }, { "!=", T_NE },
		{ "<>", T_NE }, { "<=", T_LE }, { ">=", T_GE },
		{ "=~", T_MATCH }, { "!~", T_NOMATCH }, { "=", T_EQ },
		{ "<", T_LT }, { ">", T_GT }, { "!", T_NOT }, { "~", T_MATCH },
		{ "+", T_PLUS }, { "-", T_MINUS }, { "*", T_STAR },
		{ "/", T_SLASH }, { "%", T_PERCENT }, { "(", T_OPEN },
		{ ")", T_CLOSE }, { ",", T_COMMA }
	};
	struct token t = { .at = l->at };
	const char *hint;
	size_t i, n;

	for (i = 0; i < sizeof ops / sizeof *ops; i++) {
		n = strlen(ops[i].text);
		if (l->text.n - l->at < n ||
		    memcmp(l->text.p + l->at, ops[i].text, n) != 0)
			continue;
		t.kind = ops[i].kind;
		t.end = l->at += n;
		return t;
	}
	hint = strchr("?^.|&", l->text.p[l->at]);
	lex_fail(l, l->at, "%s has no meaning here%s",
	    diag_quote(l->text.p + l->at, 1), hint == NULL || *hint == '\0' ?
	    "" : *hint == '?' ? ": if(CONDITION, X, OTHER) chooses" :
	    *hint == '^' ? ": x * x multiplies" :
	    *hint == '.' ? ": concat(TEXT, ...) joins" :
	    *hint == '|' ? ": one of two is or" : ": both is and");
	return bad(l);
}

struct token
lex(struct lexer *l)
{
	char c, next;

	while (l->at < l->text.n && strchr(" \t\n\r", l->text.p[l->at]) != NULL)
		l->at++;
	if (l->at >= l->text.n)
		return (struct token){ .kind = T_END, .at = l->at,
		    .end = l->at };
	c = l->text.p[l->at];
	next = char_at(l, l->at + 1);
	if (is_digit(c) || (c == '.' && is_digit(next)))
		return lex_number(l);
	if (c == '"' || c == '\'')
		return lex_text(l);
	if (c == '$')
		return lex_dollar(l);
	if (is_name(c) || c == '{' || (c == '.' && (is_name(next) ||
	    next == '{')))
		return lex_word(l);
	return lex_operator(l);
}
