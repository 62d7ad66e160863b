/* regex-facts.c - what a pattern's tree tells before anything is matched */
#include "lib/base/arena.h"
#include "lib/regex/regex-inner.h"
#include "lib/scan/scan.h"

/* Adds the bytes nd may start with; can it be empty? */
static bool
node_first(const struct node *nd, struct byteset *set)
{
	bool empty = nd->kind != N_ALT, e;
	const struct node *k;
	int i;

	if (nd->kind == N_SET) {
		for (i = 0; i < 4; i++)
			set->w[i] |= nd->set.w[i];
		return false;
	}
	for (k = nd->kid; k != NULL; k = k->next) {
		e = node_first(k, set);
		empty = nd->kind == N_ALT ? empty || e : e;
		if (nd->kind == N_CAT && !e)
			break;
	}
	return empty || (nd->kind == N_REP && nd->min == 0);
}

/*
 * A piece like [^ ]*, if nothing after it may start with one of its bytes,
 * takes all of these that there are, and its end needs no search.  Returns
 * the bytes, NULL for other pieces.
 */
static const struct byteset *
node_run(const struct node *nd)
{
	enum { AHEAD = 8 };
	struct byteset first = { { 0 } };
	const struct node *rep = nd;
	int i, n = 0;

	while (rep->kind == N_GROUP)
		rep = rep->kid;
	if (rep->kind != N_REP || rep->max != REP_INF ||
	    rep->kid->kind != N_SET)
		return NULL;
	for (nd = nd->next; nd != NULL && node_first(nd, &first); nd = nd->next)
		if (++n == AHEAD)
			return NULL;
	for (i = 0; i < 4; i++)
		if ((first.w[i] & rep->kid->set.w[i]) != 0)
			return NULL;
	return &rep->kid->set;
}

/* What the groups of a concatenation are found by. */
static void
cat_settle(struct node *nd)
{
	size_t fixed = 0, vary = 0;
	struct node *k;

	for (k = nd->kid; k != NULL; k = k->next)
		if (k->width == WIDTH_VARIES)
			vary++;
		else
			fixed += k->width;
	for (k = nd->kid; k != NULL; k = k->next) {
		if (k->width == WIDTH_VARIES) {
			vary--;
			k->run = node_run(k);
		} else
			fixed -= k->width;
		k->rest = vary == 0 ? fixed : WIDTH_VARIES;
	}
}

/* Widths and ranges of groups, from the leaves up. */
static void
node_settle(struct node *nd)
{
	size_t width = nd->kind == N_SET;
	unsigned lo = UINT32_MAX, hi = 0;
	struct node *k;

	if (nd->kind == N_GROUP) {
		lo = nd->group;
		hi = lo + 1;
	}
	for (k = nd->kid; k != NULL; k = k->next) {
		node_settle(k);
		nd->nkid++;
		lo = k->ghi > k->glo && k->glo < lo ? k->glo : lo;
		hi = k->ghi > k->glo && k->ghi > hi ? k->ghi : hi;
		if (nd->kind == N_ALT && k != nd->kid)
			width = width == k->width ? width : WIDTH_VARIES;
		else if (k->width == WIDTH_VARIES || width == WIDTH_VARIES)
			width = WIDTH_VARIES;
		else
			width += k->width;
	}
	if (nd->kind == N_REP && width != WIDTH_VARIES)
		width = nd->min == nd->max ? width * nd->min : WIDTH_VARIES;
	nd->width = width;
	if (nd->kind == N_CAT)
		cat_settle(nd);
	nd->glo = lo < hi ? lo : 0;
	nd->ghi = lo < hi ? hi : 0;
}

/* Does every match of nd start with ^? */
static bool
node_anchored(const struct node *nd)
{
	const struct node *k;

	switch (nd->kind) {
	case N_ASSERT:
		return nd->assert == E_BOL;
	case N_ALT:
		for (k = nd->kid; k != NULL; k = k->next)
			if (!node_anchored(k))
				return false;
		return true;
	case N_CAT:
	case N_GROUP:
		return node_anchored(nd->kid);
	case N_REP:
		return nd->min > 0 && node_anchored(nd->kid);
	case N_EMPTY:
	case N_SET:
		break;
	}
	return false;
}

/* Is nd a set of bytes, min times or more often? */
static bool
node_repeats(const struct node *nd, unsigned min)
{
	while (nd->kind == N_GROUP)
		nd = nd->kid;
	return nd->kind == N_REP && nd->min == min && nd->max == REP_INF &&
	    nd->kid->kind == N_SET;
}

void
ast_settle(struct ast *ast, struct arena *a)
{
	const struct node *nd = ast->root;
	struct byteset set = { { 0 } };
	struct scan_class *first;
	unsigned b;

	node_settle(ast->root);
	if (!node_first(nd, &set)) {
		first = arena_zero(a, sizeof *first);
		for (b = 0; b < 256; b++)
			if (set_has(&set, (unsigned char)b))
				scan_class_add(first, (unsigned char)b);
		ast->first = first;
	}
	ast->run = node_repeats(ast->root, 1);
	ast->anchored = !ast->lines && node_anchored(ast->root);
	/* With .* the leftmost match starts at once. */
	while (nd->kind == N_CAT || nd->kind == N_GROUP)
		nd = nd->kid;
	ast->dots = node_repeats(nd, 0) && set_all(&nd->kid->set);
}
