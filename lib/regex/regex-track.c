/*
 * regex-track.c - patterns that can match from a place in one way only
 *
 * A row of bytes and of runs of bytes, where nothing that may follow a run
 * begins with one of its bytes, as in item/([0-9]+) or ([^ ]+) ([^ ]+): each
 * run takes all that it can, as in no other way the rest, or more, would match.
 * The one way gives the match's end and its groups.
 */
#include "lib/base/arena.h"
#include "lib/regex/regex-inner.h"
#include "lib/scan/scan.h"

enum { SINGLE = 4 };	/* bytes of one set that are steps of their own */

static bool
add_step(struct track *t, const struct byteset *set, unsigned min, unsigned max)
{
	struct scan_step *st = &t->step[t->n];
	unsigned b;

	if (t->n == TRACK_STEPS || t->eol)
		return false;
	for (b = 0; b < 256; b++)
		if (!set_has(set, (unsigned char)b))
			scan_class_add(&st->others, (unsigned char)b);
	st->min = min;
	st->max = max == REP_INF ? SIZE_MAX : max;
	t->n++;
	return true;
}

/* Adds the steps of nd; false: it has others. */
static bool
add_node(struct track *t, const struct ast *ast, const struct node *nd)
{
	const struct node *k;
	size_t from = t->n;
	unsigned n;

	switch (nd->kind) {
	case N_EMPTY:
		return true;
	case N_SET:
		return add_step(t, &nd->set, 1, 1);
	case N_REP:
		if (nd->kid->kind != N_SET)
			return false;
		if (nd->min != nd->max || nd->max > SINGLE)
			return add_step(t, &nd->kid->set, nd->min, nd->max);
		for (n = 0; n < nd->max; n++)
			if (!add_step(t, &nd->kid->set, 1, 1))
				return false;
		break;
	case N_ASSERT:
		if (nd->assert == E_BOL)
			return ast->anchored && t->n == 0;
		t->eol = nd->assert == E_EOL && !ast->lines;
		return t->eol;
	case N_GROUP:
	case N_CAT:
		for (k = nd->kid; k != NULL; k = k->next)
			if (!add_node(t, ast, k))
				return false;
		break;
	case N_ALT:
		return false;
	}
	if (nd->kind == N_GROUP)
		t->group[nd->group] = (struct track_group){
		    .from = (uint32_t)from, .to = (uint32_t)t->n };
	return true;
}

/* Whether there is a byte of both steps. */
static bool
overlap(const struct scan_step *a, const struct scan_step *b)
{
	unsigned c;

	for (c = 0; c < 256; c++)
		if (!a->others.has[c] && !b->others.has[c])
			return true;
	return false;
}

/* Whether a step that may take fewer bytes than there are never needs to. */
static bool
takes_all(const struct track *t, size_t i)
{
	size_t j;

	if (t->step[i].min == t->step[i].max)
		return true;
	for (j = i + 1; j < t->n; j++) {
		if (overlap(&t->step[i], &t->step[j]))
			return false;
		if (t->step[j].min > 0)
			break;
	}
	return true;
}

struct track *
track_of(const struct ast *ast, struct arena *a)
{
	struct track_group *g;
	struct track *t;
	size_t i;

	if (ast->groups > TRACK_GROUPS)
		return NULL;
	t = arena_zero(a, sizeof *t);
	t->step = arena_zero(a, (TRACK_STEPS + 1) * sizeof *t->step);
	if (!add_node(t, ast, ast->root))
		return NULL;
	for (i = 0; i < t->n; i++)
		if (!takes_all(t, i))
			return NULL;
	t->scan = (struct scan_track){ t->step, t->n, t->at };
	while (t->fixed < t->n && t->step[t->fixed].min == 1 &&
	    t->step[t->fixed].max == 1)
		t->fixed++;
	t->group[0].to = (uint32_t)t->n;
	for (g = t->group; g <= t->group + ast->groups; g++) {
		if (g->from <= t->fixed) {
			g->from_add = g->from;
			g->from = 0;
		}
		if (g->to <= t->fixed) {
			g->to_add = g->to;
			g->to = 0;
		}
	}
	return t;
}
