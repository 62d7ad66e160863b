/* regex.c - matching: what each call asks of the automata */
#include <stdlib.h>

#include "lib/data/regex-impl.h"
#include "lib/data/regex.h"
#include "lib/life/arena.h"

struct regex {
	struct ast ast;
	struct nfa nfa;
	struct dfa *scan;	/* from anywhere on, to the first end */
	struct dfa *ahead;	/* from a known start to the longest end */
	struct dfa *back;	/* from a known end to the leftmost start */
	struct matcher matcher;
};

struct regex *
regex_new(struct slice pattern, unsigned flags, struct arena *arena,
    const char **err, size_t *at)
{
	struct regex *re = arena_zero(arena, sizeof *re);

	*at = 0;
	if (!regex_parse(&re->ast, pattern, flags, arena, err, at) ||
	    !nfa_make(&re->nfa, &re->ast, arena, err))
		return NULL;
	re->scan = dfa_new(&re->nfa, re->ast.root->at, false, true);
	re->ahead = dfa_new(&re->nfa, re->ast.root->at, false, false);
	re->back = dfa_new(&re->nfa, re->ast.root->at, true, true);
	re->matcher.nfa = &re->nfa;
	return re;
}

void
regex_free(struct regex *re)
{
	if (re == NULL)
		return;
	dfa_free(re->scan);
	dfa_free(re->ahead);
	dfa_free(re->back);
	match_free(re->ast.root);
	free(re->matcher.live);
}

size_t
regex_groups(const struct regex *re)
{
	return re->ast.groups;
}

bool
regex_test(struct regex *re, struct slice subject)
{
	uint32_t state;

	return dfa_first(re->scan, subject, 0, &state) != NOWHERE;
}

/*
 * The first end found is the start's bound: the leftmost match starts there
 * or before.  Reading on, without starts after it, until nothing is left
 * bounds where that match ends; backward from there is the leftmost start.
 */
static bool
span_find(struct regex *re, struct slice subject, size_t from, size_t *i,
    size_t *j)
{
	uint32_t state;
	size_t stop, end = dfa_first(re->scan, subject, from, &state);

	if (end == NOWHERE)
		return false;
	stop = end;
	dfa_longest(re->ahead, subject, end,
	    dfa_adopt(re->ahead, re->scan, state), &stop);
	*i = dfa_leftmost(re->back, subject, from, stop);
	*j = dfa_longest(re->ahead, subject, *i,
	    dfa_start(re->ahead, ctx_left(&re->nfa, subject, *i)), &stop);
	return true;
}

bool
regex_find(struct regex *re, struct slice subject, size_t from,
    struct slice *m, size_t nm)
{
	size_t i, j;

	if (from > subject.n || !span_find(re, subject, from, &i, &j))
		return false;
	if (nm > 0)
		m[0] = (struct slice){ subject.p + i, j - i };
	if (nm > 1) {
		re->matcher.m = m;
		re->matcher.nm = nm;
		match_groups(&re->matcher, re->ast.root, subject, i, j);
	}
	return true;
}

size_t
regex_select(struct regex *re, const struct slice *subject, size_t n,
    bool contig, bool invert, uint16_t *idx)
{
	size_t k = 0;

	(void)contig;
	for (size_t i = 0; i < n; i++) {
		idx[k] = (uint16_t)i;
		k += regex_test(re, subject[i]) != invert;
	}
	return k;
}
