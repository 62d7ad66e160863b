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
	struct scan_step *step;
	struct span group[GROUPS];	/* of steps */
	size_t at[STEPS + 1];		/* where each step of the last match
					   began, and its end */
	size_t next;			/* the next place for a match */
};

static bool
add_step(struct track *t, const struct byteset *set, unsigned min,
    unsigned max)
{
	struct scan_step *st = &t->step[t->n];
	unsigned b;

	if (t->n == STEPS || t->eol)
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

	switch (nd->kind) {
	case N_EMPTY:
		return true;
	case N_SET:
		return add_step(t, &nd->set, 1, 1);
	case N_REP:
		return nd->kid->kind == N_SET &&
		    add_step(t, &nd->kid->set, nd->min, nd->max);
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
		t->group[nd->group - 1] = (struct span){ (uint32_t)from,
		    (uint32_t)t->n };
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
	struct track *t;
	size_t i;

	if (ast->groups > GROUPS)
		return NULL;
	t = arena_zero(a, sizeof *t);
	t->step = arena_zero(a, (STEPS + 1) * sizeof *t->step);
	t->ngroup = ast->groups;
	if (!add_node(t, ast, ast->root))
		return NULL;
	for (i = 0; i < t->n; i++)
		if (!takes_all(t, i))
			return NULL;
	return t;
}

size_t
track_end(struct track *t, struct slice s, const char *hi, size_t i,
    size_t known, size_t *stop)
{
	size_t k, end;

	t->at[0] = i;
	k = scan_steps(t->step, t->n, known, s, hi, t->at);
	end = t->at[t->n];
	t->next = i + 1;
	if (t->n > 0 && t->step[0].max == SIZE_MAX && t->at[1] > i)
		t->next = t->at[1];	/* from within it as from here */
	*stop = k < t->n ? t->at[k + 1] : end;
	return k < t->n || (t->eol && end < s.n) ? NOWHERE : end;
}

size_t
track_next(const struct track *t)
{
	return t->next;
}

size_t
track_fixed(const struct track *t)
{
	size_t k = 0;

	while (k < t->n && t->step[k].min == 1 && t->step[k].max == 1)
		k++;
	return k;
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
