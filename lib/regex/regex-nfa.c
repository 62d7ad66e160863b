/* regex-nfa.c - Thompson's automaton of a pattern, with edges both ways */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/regex/regex-inner.h"

enum { STATES_MAX = 16384 };

struct raw {			/* an edge while all are collected */
	uint32_t from;
	struct edge e;
};

struct maker {
	struct raw *edge;
	size_t n, cap;
	uint32_t states;
	struct arena *arena;
};

static void
maker_edge(struct maker *mk, uint32_t from, uint32_t to, enum edge_kind kind,
    const struct byteset *set)
{
	mk->edge = mem_reserve(mk->edge, &mk->cap, mk->n + 1, sizeof *mk->edge);
	mk->edge[mk->n++] = (struct raw){ from, { to, kind, set } };
}

static uint32_t
maker_after(struct maker *mk, uint32_t from)
{
	uint32_t s = mk->states++;

	maker_edge(mk, from, s, E_FREE, NULL);
	return s;
}

static uint32_t maker_node(struct maker *, struct node *, uint32_t, bool);

static uint32_t
maker_alt(struct maker *mk, struct node *nd, uint32_t in, bool first)
{
	uint32_t *ends = arena_alloc(mk->arena, nd->nkid * sizeof *ends), out;
	struct node *k;
	size_t i = 0;

	for (k = nd->kid; k != NULL; k = k->next)
		ends[i++] = maker_node(mk, k, maker_after(mk, in), first);
	out = mk->states++;
	while (i-- > 0)
		maker_edge(mk, ends[i], out, E_FREE, NULL);
	return out;
}

/*
 * The kid's copies one after the other, from the min-th on with a way out.
 * Without an upper bound the last one is entered again, through a state of
 * its own: nothing inside the copy may lead back to the copy's entry.
 */
static uint32_t
maker_rep(struct maker *mk, struct node *nd, uint32_t in, bool first)
{
	size_t n = nd->max == REP_INF ? (nd->min == 0 ? 1 : nd->min) : nd->max;
	struct span *copy = arena_alloc(mk->arena, (n + 1) * sizeof *copy);
	uint32_t at = in, out;
	size_t i;

	for (i = 0; i < n && mk->states <= STATES_MAX; i++) {
		at = maker_after(mk, at);
		copy[i].lo = maker_after(mk, at);
		copy[i].hi = maker_node(mk, nd->kid, copy[i].lo,
		    first && i == 0);
		if (i + 1 == n && nd->max == REP_INF)
			maker_edge(mk, copy[i].hi, at, E_FREE, NULL);
		at = copy[i].hi;
	}
	out = mk->states++;
	if (nd->min == 0)
		maker_edge(mk, in, out, E_FREE, NULL);
	if (mk->states <= STATES_MAX)
		for (i = nd->min == 0 ? 0 : nd->min - 1; i < n; i++)
			maker_edge(mk, copy[i].hi, out, E_FREE, NULL);
	if (first) {
		nd->copy = copy;
		nd->ncopy = n;
	}
	return out;
}

/* Adds the states of nd after in, and returns its exit. */
static uint32_t
maker_node(struct maker *mk, struct node *nd, uint32_t in, bool first)
{
	uint32_t out = in;
	struct node *k;

	if (mk->states > STATES_MAX)
		return in;
	switch (nd->kind) {
	case N_EMPTY:
		out = maker_after(mk, in);
		break;
	case N_SET:
	case N_ASSERT:
		out = mk->states++;
		maker_edge(mk, in, out,
		    nd->kind == N_SET ? E_SET : nd->assert, &nd->set);
		break;
	case N_CAT:
		for (k = nd->kid; k != NULL; k = k->next)
			out = maker_node(mk, k, out, first);
		break;
	case N_ALT:
		out = maker_alt(mk, nd, in, first);
		break;
	case N_REP:
		out = maker_rep(mk, nd, in, first);
		break;
	case N_GROUP:
		out = maker_node(mk, nd->kid, in, first);
		break;
	}
	if (first)
		nd->at = (struct span){ in, out };
	return out;
}

/* Sorts the edges by where they start (way 0) or end (way 1). */
static void
nfa_index(struct nfa *a, int way, const struct maker *mk, struct arena *arena)
{
	uint32_t *first = arena_zero(arena, (a->n + 2) * sizeof *first);
	struct edge *to, *e = arena_alloc(arena, mk->n * sizeof *e + 1);
	const struct raw *r;
	size_t i;

	for (i = 0; i < mk->n; i++)
		first[(way ? mk->edge[i].e.to : mk->edge[i].from) + 2]++;
	for (i = 2; i < a->n + 2; i++)
		first[i] += first[i - 1];
	for (i = 0; i < mk->n; i++) {
		r = &mk->edge[i];
		to = &e[first[(way ? r->e.to : r->from) + 1]++];
		*to = r->e;
		if (way)
			to->to = r->from;
	}
	a->first[way] = first;
	a->edge[way] = e;
}

/* Splits the classes so that set is made of whole ones. */
static void
classes_split(struct nfa *a, const struct byteset *set)
{
	int moved[256];
	unsigned total[256] = { 0 }, in[256] = { 0 }, c, k;

	for (c = 0; c < 256; c++) {
		total[a->cls[c]]++;
		in[a->cls[c]] += set_has(set, (unsigned char)c);
	}
	memset(moved, -1, sizeof moved);
	for (c = 0; c < 256; c++) {
		k = a->cls[c];
		if (!set_has(set, (unsigned char)c) || in[k] == total[k])
			continue;
		if (moved[k] < 0)
			moved[k] = (int)a->nclass++;
		a->cls[c] = (uint8_t)moved[k];
	}
}

static void
classes_node(struct nfa *a, const struct node *nd)
{
	const struct node *k;

	if (nd->kind == N_SET)
		classes_split(a, &nd->set);
	for (k = nd->kid; k != NULL; k = k->next)
		classes_node(a, k);
}

bool
nfa_make(struct nfa *a, struct ast *ast, struct arena *arena, const char **err)
{
	struct maker mk = { .arena = arena };
	struct byteset words = { { 0 } }, newline = { { 0 } };
	unsigned c;

	*a = (struct nfa){ .nclass = 1, .nctx = ast->asserts ? CTXS : 1 };
	maker_node(&mk, ast->root, mk.states++, true);
	a->n = mk.states;
	if (a->n <= STATES_MAX) {
		nfa_index(a, 0, &mk, arena);
		nfa_index(a, 1, &mk, arena);
	}
	free(mk.edge);
	if (a->n > STATES_MAX) {
		*err = "the pattern is too large with its repeats written out";
		return false;
	}
	classes_node(a, ast->root);
	for (c = 0; c < 256; c++)
		if (ast->bounds && regex_word((unsigned char)c)) {
			set_add(&words, (unsigned char)c);
			a->ctx[c] = CTX_WORD;
		} else if (ast->asserts)
			a->ctx[c] = CTX_OTHER;
	if (ast->bounds)
		classes_split(a, &words);
	if (ast->lines && ast->asserts) {
		set_add(&newline, '\n');
		classes_split(a, &newline);
		a->ctx['\n'] = CTX_END;
	}
	return true;
}
