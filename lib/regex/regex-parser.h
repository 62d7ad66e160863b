/* regex-parser.h - what the two halves of the parser share */
#ifndef MBATCH_REGEX_PARSER_H
#define MBATCH_REGEX_PARSER_H

#include "lib/base/arena.h"
#include "lib/regex/regex-inner.h"

struct parser {
	const char *p;
	size_t n, i;
	bool icase;
	unsigned parens;		/* open ones */
	struct ast *ast;
	struct arena *arena;
	const char *err;
	size_t at;
	const char *stuck;		/* why it can't match, NULL: it may */
	size_t stuck_at;
};

/* The first error counts; always NULL. */
void *parser_fail(struct parser *, size_t at, const char *err);

static inline bool
more(const struct parser *ps)
{
	return ps->i < ps->n;
}

static inline bool
looking(const struct parser *ps, size_t ahead, char c)
{
	return ps->i + ahead < ps->n && ps->p[ps->i + ahead] == c;
}

void set_fold(struct byteset *);
void set_invert(struct byteset *);

/* What a set is read from stands for one byte, or for several, which were
   added to the set; or it was told to be wrong. */
enum { ITEM_CLASS = -1, ITEM_WRONG = -2 };
/* An escape, at its backslash: as above. */
int parse_escape(struct parser *, struct byteset *);
/* A bracket, at its [; false: told. */
bool parse_bracket(struct parser *, struct byteset *);

#endif
