/* regex-match.c - which part of a match each group took
 *
 * The rule is that of POSIX.1-2017, XBD 9.1: of the ways to match the span,
 * each subpattern from left to right takes as much as it can, where an outer
 * one goes before those in it.  As Kuklewicz and Okui and Suzuki (CIAA 2010)
 * read it: in a concatenation each piece in turn takes the most that lets the
 * rest match; of alternatives the first that can take the span does; each
 * iteration of a repeat takes the most, and none is empty unless the minimum
 * asks for it or nothing else matched; groups report the last iteration.
 *
 * A node's span is divided among its pieces like this: its automaton is run
 * backward over the span once, keeping at each place the set of states that
 * can still reach the end; then forward, piece by piece, as long as the states
 * reached have one in common with those kept.  As no step goes past the end
 * of the piece, both passes are linear, so all is bounded by the length times
 * the size of the pattern times its depth.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/regex/regex-inner.h"

static void match_node(struct matcher *, struct node *, struct slice, size_t,
    size_t);

/* Keeps, for each place from j down to i, which states can reach nd's exit
   at j. */
static void
live_fill(struct matcher *mt, struct node *nd, struct slice s, size_t i,
    size_t j)
{
	const unsigned char *p = (const unsigned char *)s.p;
	struct dfa *d = nd->back;
	const uint64_t *set;
	uint32_t st;
	uint64_t *to;

	if (d == NULL)
		d = nd->back = dfa_new(mt->nfa, nd->at, true, false);
	mt->live = mem_reserve(mt->live, &mt->cap, (j - i + 1) * d->nw,
	    sizeof *mt->live);
	to = mt->live + (j - i) * d->nw;
	st = dfa_start(d, ctx_right(mt->nfa, s, j));
	for (;; to -= d->nw, st = dfa_step(d, st, p[--j])) {
		set = dfa_set(d, st, ctx_left(mt->nfa, s, j));
		memcpy(to, set, d->nw * sizeof *to);
		if (j == i)
			return;
	}
}

/*
 * How far the piece at span goes from i at most, with the rest of nd, whose
 * live sets start at base, still matching.  *pd is the piece's automaton.
 */
static size_t
piece_end(struct matcher *mt, const struct node *nd, struct dfa **pd,
    struct span at, struct slice s, size_t base, size_t i, size_t j)
{
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned skip, ctx, w, nw = nd->back->nw;
	const uint64_t *set, *live;
	uint64_t both;
	struct dfa *d = *pd;
	size_t end = i;
	uint32_t st;

	if (d == NULL)
		d = *pd = dfa_new(mt->nfa, at, false, false);
	skip = d->w0 - nd->back->w0;
	st = dfa_start(d, ctx_left(mt->nfa, s, i));
	for (;; st = dfa_step(d, st, p[i++])) {
		ctx = ctx_right(mt->nfa, s, i);
		set = dfa_set(d, st, ctx);
		live = mt->live + (i - base) * nw;
		if ((dfa_row(d, st) >> ctx & 1) != 0 &&
		    (live[at.hi / 64 - nd->back->w0] >> (at.hi & 63) & 1) != 0)
			end = i;
		for (w = 0, both = 0; w < d->nw; w++)
			both |= set[w] & live[skip + w];
		if (both == 0 || i == j)
			return end;
	}
}

static struct dfa **
ahead_of(struct node *nd, size_t n)
{
	if (nd->ahead == NULL)
		nd->ahead = mem_zero(n * sizeof(struct dfa *));
	return nd->ahead;
}

static void
match_cat(struct matcher *mt, struct node *nd, struct slice s, size_t i,
    size_t j)
{
	size_t x, at = i, base = NOWHERE;
	struct node *k;

	for (k = nd->kid, x = 0; k != NULL; k = k->next, x++) {
		k->from = at;
		if (k->width != WIDTH_VARIES)
			at += k->width;
		else if (k->rest != WIDTH_VARIES)
			at = j - k->rest;
		else if (k->run != NULL)
			while (at < j &&
			    set_has(k->run, (unsigned char)s.p[at]))
				at++;
		else {
			if (base == NOWHERE)
				live_fill(mt, nd, s, base = at, j);
			at = piece_end(mt, nd, &ahead_of(nd, nd->nkid)[x],
			    k->at, s, base, at, j);
		}
		k->to = at;
	}
	for (k = nd->kid; k != NULL; k = k->next)
		match_node(mt, k, s, k->from, k->to);
}

static void
match_alt(struct matcher *mt, struct node *nd, struct slice s, size_t i,
    size_t j)
{
	struct node *k = nd->kid;
	struct dfa **d;
	size_t x = 0;

	for (; x + 1 < nd->nkid; k = k->next, x++) {
		d = &ahead_of(nd, nd->nkid)[x];
		if (*d == NULL)
			*d = dfa_new(mt->nfa, k->at, false, false);
		if (dfa_exact(*d, s, i, j))
			break;
	}
	match_node(mt, k, s, i, j);
}

/* Only the last iteration is seen in the groups. */
static void
match_rep(struct matcher *mt, struct node *nd, struct slice s, size_t i,
    size_t j)
{
	size_t at = i, from = i, x = 0, c;

	if (nd->ncopy == 0)
		return;
	live_fill(mt, nd, s, i, j);
	while (x < nd->min || at < j || x == 0) {
		c = x < nd->ncopy ? x : nd->ncopy - 1;
		/* Nothing at all, and an iteration cannot be nothing. */
		if (i == j && nd->min == 0 &&
		    (mt->live[(nd->copy[0].lo / 64 - nd->back->w0)] >>
		    (nd->copy[0].lo & 63) & 1) == 0)
			return;
		from = at;
		at = piece_end(mt, nd, &ahead_of(nd, nd->ncopy)[c],
		    nd->copy[c], s, i, at, j);
		x++;
	}
	match_node(mt, nd->kid, s, from, at);
}

static void
match_node(struct matcher *mt, struct node *nd, struct slice s, size_t i,
    size_t j)
{
	if (nd->glo >= nd->ghi || nd->glo >= mt->nm)
		return;		/* no group wanted is in it */
	switch (nd->kind) {
	case N_CAT:
		match_cat(mt, nd, s, i, j);
		break;
	case N_ALT:
		match_alt(mt, nd, s, i, j);
		break;
	case N_REP:
		match_rep(mt, nd, s, i, j);
		break;
	case N_GROUP:
		mt->m[nd->group] = (struct slice){ s.p + i, j - i };
		match_node(mt, nd->kid, s, i, j);
		break;
	case N_EMPTY:
	case N_SET:
	case N_ASSERT:
		break;
	}
}

void
match_groups(struct matcher *mt, struct node *root, struct slice s, size_t i,
    size_t j)
{
	size_t g;

	for (g = root->glo; g < root->ghi && g < mt->nm; g++)
		mt->m[g] = (struct slice){ NULL, 0 };
	match_node(mt, root, s, i, j);
}

void
match_free(struct node *nd)
{
	size_t n = nd->kind == N_REP ? nd->ncopy : nd->nkid;
	struct node *k;

	for (k = nd->kid; k != NULL; k = k->next)
		match_free(k);
	dfa_free(nd->back);
	if (nd->ahead != NULL)
		while (n-- > 0)
			dfa_free(nd->ahead[n]);
	free(nd->ahead);
}
