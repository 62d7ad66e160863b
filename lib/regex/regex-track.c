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

enum { STEPS = 32, GROUPS = 8 };

struct track {
	size_t n, ngroup;
	bool eol;			/* the subject ends behind it */
	struct {
		struct byteset set;
		size_t min, max;
		struct scan_class *others;	/* of a run: what ends it */
	} step[STEPS];
	struct span group[GROUPS];	/* of steps */
	size_t at[STEPS + 1];		/* where each step of the last match
					   began, and its end */
	size_t next;			/* the next place for a match */
};

static bool
add_step(struct track *t, const struct byteset *set, unsigned min,
    unsigned max, struct arena *a)
{
	struct scan_class *others = NULL;
	unsigned b;

	if (t->n == STEPS || t->eol)
		return false;
	if (min != 1 || max != 1) {
		others = arena_zero(a, sizeof *others);
		for (b = 0; b < 256; b++)
			if (!set_has(set, (unsigned char)b))
				scan_class_add(others, (unsigned char)b);
	}
	t->step[t->n].set = *set;
	t->step[t->n].min = min;
	t->step[t->n].max = max == REP_INF ? SIZE_MAX : max;
	t->step[t->n++].others = others;
	return true;
}

/* Adds the steps of nd; false: it has others. */
static bool
add_node(struct track *t, const struct ast *ast, const struct node *nd,
    struct arena *a)
{
	const struct node *k;
	size_t from = t->n;

	switch (nd->kind) {
	case N_EMPTY:
		return true;
	case N_SET:
		return add_step(t, &nd->set, 1, 1, a);
	case N_REP:
		return nd->kid->kind == N_SET &&
		    add_step(t, &nd->kid->set, nd->min, nd->max, a);
	case N_ASSERT:
		if (nd->assert == E_BOL)
			return ast->anchored && t->n == 0;
		t->eol = nd->assert == E_EOL && !ast->lines;
		return t->eol;
	case N_GROUP:
	case N_CAT:
		for (k = nd->kid; k != NULL; k = k->next)
			if (!add_node(t, ast, k, a))
				return false;
		break;
	case N_ALT:
		return false;
	}
	if (nd->kind == N_GROUP)
		t->group[nd->group - 1] = (struct span){ (uint32_t)from,
		    (uint32_t)t->n };
	return true;
}

/* Whether a step that may take fewer bytes than there are never needs to. */
static bool
takes_all(const struct track *t, size_t i)
{
	size_t j, w;

	if (t->step[i].min == t->step[i].max)
		return true;
	for (j = i + 1; j < t->n; j++) {
		for (w = 0; w < 4; w++)
			if ((t->step[i].set.w[w] & t->step[j].set.w[w]) != 0)
				return false;
		if (t->step[j].min > 0)
			break;
	}
	return true;
}

struct track *
track_of(const struct ast *ast, struct arena *a)
{
	struct track *t;
	size_t i;

	if (ast->groups > GROUPS)
		return NULL;
	t = arena_zero(a, sizeof *t);
	t->ngroup = ast->groups;
	if (!add_node(t, ast, ast->root, a))
		return NULL;
	for (i = 0; i < t->n; i++)
		if (!takes_all(t, i))
			return NULL;
	return t;
}

size_t
track_end(struct track *t, struct slice s, size_t i, size_t *stop)
{
	size_t k, end;

	t->next = i + 1;
	for (k = 0; k < t->n; k++) {
		t->at[k] = *stop = i;
		if (t->step[k].others == NULL) {
			if (i == s.n || !set_has(&t->step[k].set,
			    (unsigned char)s.p[i]))
				return NOWHERE;
			i++;
			continue;
		}
		end = s.n - i < t->step[k].max ? s.n : i + t->step[k].max;
		end = find_class(t->step[k].others,
		    (struct slice){ s.p, end }, i);
		*stop = end;
		if (k == 0 && t->step[0].max == SIZE_MAX && end > i)
			t->next = end;	/* from within it as from here */
		if (end - i < t->step[k].min)
			return NOWHERE;
		i = end;
	}
	t->at[k] = *stop = i;
	return t->eol && i < s.n ? NOWHERE : i;
}

size_t
track_next(const struct track *t)
{
	return t->next;
}

size_t
track_groups(const struct track *t, struct slice s, struct slice *m, size_t nm)
{
	size_t g, from;

	for (g = 0; g < t->ngroup && g + 1 < nm; g++) {
		from = t->at[t->group[g].lo];
		m[g + 1] = (struct slice){ s.p + from,
		    t->at[t->group[g].hi] - from };
	}
	return t->at[t->n];
}
