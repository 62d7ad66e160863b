/* regex-literal.c - the text every match holds, and finding it fast */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/words.h"
#include "lib/regex/regex-inner.h"
#include "lib/scan/scan.h"

/* A run of single bytes, while the tree is walked from left to right. */
struct walk {
	struct literal run, best;
	struct literal *rival;	/* all runs but short ones */
	size_t nrival;
	struct literal *any;	/* one of these is in every match */
	struct arena *arena;
	size_t lead;		/* bytes before the run, WIDTH_VARIES */
	bool bol, eol;		/* ^ came first, $ came last */
	bool pure;		/* nothing but the run so far */
};

enum {
	RIVALS = 6,		/* literals compared by how rare they are */
	ANY_MAX = 8,		/* literals looked for at once */
	RANK_MAX = 45		/* commoner bytes are not looked for alone */
};

static struct literal *literal_walk(const struct node *, struct arena *);

static void
walk_break(struct walk *wk)
{
	struct literal *l;

	if (wk->run.n > wk->best.n)
		wk->best = wk->run;
	if (wk->run.n > 1 && wk->nrival < RIVALS) {
		l = arena_alloc(wk->arena, sizeof *l);
		*l = wk->run;
		l->rival = wk->rival;
		wk->rival = l;
		wk->nrival++;
	}
	wk->run.n = 0;
	wk->pure = false;
}

/* One byte, or two that differ in case, is part of a run. */
static void
walk_set(struct walk *wk, const struct node *nd)
{
	unsigned c, only = 0, n = 0;
	bool fold;

	for (c = 0; c < 256; c++)
		if (set_has(&nd->set, (unsigned char)c)) {
			only = c;
			n++;
		}
	fold = n == 2 && only >= 'a' && only <= 'z' &&
	    set_has(&nd->set, (unsigned char)(only - 32));
	if ((n != 1 && !fold) || wk->run.n == LITERAL_MAX || wk->eol)
		walk_break(wk);
	if (n == 1 || fold) {
		if (wk->run.n == 0)
			wk->run.lead = wk->lead;
		wk->run.p[wk->run.n] = (unsigned char)only;
		wk->run.fold[wk->run.n++] = fold ? 32 : 0;
	}
	wk->lead += wk->lead != WIDTH_VARIES;
}

static void walk_node(struct walk *, const struct node *);

/* Of each alternative its literal; ANY_MAX at most, cut to one length. */
static void
walk_alt(struct walk *wk, const struct node *nd)
{
	struct literal *any = NULL, *l, **tail;
	size_t n = 0, least = LITERAL_MAX, lead = WIDTH_VARIES;
	const struct node *k;

	for (k = nd->kid; k != NULL && n <= ANY_MAX; k = k->next) {
		l = literal_walk(k, wk->arena);
		if (l->n == 0)
			return;
		least = l->n < least ? l->n : least;
		if (n == 0 || l->lead != lead)
			lead = n == 0 ? l->lead : WIDTH_VARIES;
		for (n++, tail = &l->other; *tail != NULL; n++)
			tail = &(*tail)->other;
		*tail = any;
		any = l;
	}
	if (n > ANY_MAX || (wk->any != NULL && wk->any->n >= least))
		return;
	wk->any = any;
	for (l = any; l != NULL; l = l->other) {
		l->n = least;
		l->lead = lead == WIDTH_VARIES || wk->lead == WIDTH_VARIES ?
		    WIDTH_VARIES : wk->lead + lead;
		l->pure = false;
		l->rival = NULL;	/* these are of an alternative */
	}
}

static void
walk_node(struct walk *wk, const struct node *nd)
{
	const struct node *k;

	switch (nd->kind) {
	case N_EMPTY:
		break;
	case N_SET:
		walk_set(wk, nd);
		break;
	case N_ASSERT:
		if (nd->assert == E_BOL && wk->pure && wk->run.n == 0 &&
		    !wk->eol)
			wk->bol = true;
		else if (nd->assert == E_EOL && wk->pure)
			wk->eol = true;
		else
			wk->pure = false;
		break;
	case N_CAT:
	case N_GROUP:
		for (k = nd->kid; k != NULL; k = k->next)
			walk_node(wk, k);
		break;
	case N_REP:
		if (nd->min > 0)
			walk_node(wk, nd->kid);
		walk_break(wk);
		wk->lead = WIDTH_VARIES;
		if (nd->min > 0 && nd->kid->kind == N_SET)
			walk_set(wk, nd->kid);
		break;
	case N_ALT:
		walk_alt(wk, nd);
		walk_break(wk);
		if (nd->width == WIDTH_VARIES || wk->lead == WIDTH_VARIES)
			wk->lead = WIDTH_VARIES;
		else
			wk->lead += nd->width;
		break;
	}
}

/* How common a byte is in logs: 0 for the rarest. */
static size_t
byte_rank(unsigned char c)
{
	static const char common[] = "zqjxkvZQJXKVYUWF_%&=?'()[]@;,|{}"
	    "BHDLGCNMIOERSATPywbgufmdhpcl-+\"987654:/.3rsniaote210 ";
	const char *at = c == '\0' ? NULL : strchr(common, c);

	return at == NULL ? 0 : (size_t)(at - common) + 1;
}

static bool
literal_same(const struct literal *l, const unsigned char *p)
{
	size_t i;

	if (!l->folds)
		return memcmp(p, l->p, l->n) == 0;
	for (i = 0; i < l->n; i++)
		if ((p[i] | l->fold[i]) != l->p[i])
			return false;
	return true;
}

/* Whether it or another one stands at p, where left bytes are. */
static inline bool
literal_equal(const struct literal *l, const unsigned char *p, size_t left)
{
	for (; l != NULL; l = l->other)
		if (l->care != 0 && left >= 8 ?
		    ((load_64((const char *)p) | l->folded) & l->care) ==
		    l->word : literal_same(l, p))
			return true;
	return false;
}

/* By memchr for the rarest byte, or for the pair of its cases. */
static size_t
find_one(const struct literal *l, const unsigned char *p, size_t n)
{
	unsigned char c = l->p[l->rare], fold = l->fold[l->rare];
	const unsigned char *at = p + l->rare, *end, *q;

	if (n < l->n)
		return NOWHERE;
	for (end = p + n - l->n + 1 + l->rare; at < end; at++) {
		if (fold == 0) {
			q = memchr(at, c, (size_t)(end - at));
			at = q == NULL ? end : q;
		} else
			while (at < end && (*at | fold) != c)
				at++;
		if (at < end && literal_same(l, at - l->rare))
			return (size_t)(at - p) - l->rare;
	}
	return NOWHERE;
}

/* The literal of nd, or several if they are longer; n 0 if there is none. */
static struct literal *
literal_walk(const struct node *nd, struct arena *arena)
{
	struct literal *l = arena_zero(arena, sizeof *l);
	struct walk *wk = mem_zero(sizeof *wk);

	wk->pure = true;
	wk->arena = arena;
	walk_node(wk, nd);
	l->pure = wk->pure;
	walk_break(wk);
	wk->best.pure = l->pure;
	*l = wk->best;
	if (!l->pure)
		l->rival = wk->rival;
	l->bol = wk->bol;
	l->eol = wk->eol;
	if (!l->pure && wk->any != NULL && wk->any->n > l->n)
		l = wk->any;
	free(wk);
	return l;
}

/* What it and those that may stand instead of it are looked for by: the two
   rarest bytes of each. */
static void
literal_ready(struct literal *l, struct arena *arena)
{
	struct scan_clue *c;
	struct literal *k;
	size_t i, a, b;

	for (k = l->other, l->nclues = 1; k != NULL; k = k->other)
		l->nclues++;
	l->clue = c = arena_zero(arena, l->nclues * sizeof *c);
	for (k = l; k != NULL; k = k->other, c++) {
		for (i = a = 0; i < k->n; i++) {
			k->folds |= k->fold[i] != 0;
			if (byte_rank(k->p[i]) < byte_rank(k->p[a]))
				a = i;
		}
		b = a == 0 ? k->n - 1 : 0;
		for (i = 0; i < k->n; i++)
			if (i != a && byte_rank(k->p[i]) < byte_rank(k->p[b]))
				b = i;
		k->rare = a;
		for (i = 0; k->n <= 8 && i < k->n; i++) {
			k->word |= (uint64_t)k->p[i] << 8 * i;
			k->care |= (uint64_t)0xff << 8 * i;
			k->folded |= (uint64_t)k->fold[i] << 8 * i;
		}
		*c = (struct scan_clue){ { a, b }, { k->p[a], k->p[b] },
		    { k->fold[a], k->fold[b] } };
	}
}

const struct literal *
literal_of(const struct ast *ast, struct arena *arena)
{
	struct literal *l = literal_walk(ast->root, arena), *k;

	if (ast->lines && (l->bol || l->eol))
		l->pure = l->bol = l->eol = false;
	if (l->n == 0)
		return l;
	for (k = l; k != NULL; k = k->rival)
		literal_ready(k, arena);
	/* No use in looking for what is everywhere. */
	if (!l->pure && l->n == 1 && (l->other != NULL ||
	    byte_rank(l->p[l->rare]) > RANK_MAX))
		l->n = 0;
	return l;
}

const struct literal *
literal_rarest(const struct literal *l, struct slice sample)
{
	const struct literal *best = l;
	size_t hits, fewest = SIZE_MAX, at;

	for (; l != NULL; l = l->rival) {
		hits = 0;
		at = literal_find(l, sample, 0);
		for (; at != NOWHERE; at = literal_find(l, sample, at + l->n))
			hits++;
		/* What costs least to look at, of equal ones. */
		if (hits < fewest || (hits == fewest &&
		    l->lead != WIDTH_VARIES && best->lead == WIDTH_VARIES)) {
			fewest = hits;
			best = l;
		}
	}
	return best;
}

/* In what is too short for scan_clues. */
static size_t
find_short(const struct literal *l, struct slice s, size_t from)
{
	size_t at, best = NOWHERE;

	for (; l != NULL; l = l->other) {
		at = find_one(l, (const unsigned char *)s.p + from, s.n - from);
		best = at < best ? at : best;
	}
	return best == NOWHERE ? best : best + from;
}

size_t
literal_find(const struct literal *l, struct slice s, size_t from)
{
	const size_t n = s.n < l->n ? 0 : s.n - l->n + 1;
	size_t at, i;
	uint64_t m;

	if (l->n == 0)
		return from;
	if (n < 64)
		return find_short(l, s, from);
	for (i = from; i < n; i += 64) {
		i = scan_clues(s.p, i, n, l->clue, l->nclues, &m);
		if (i < from)
			m &= ~(uint64_t)0 << (from - i);
		for (; m != 0; m &= m - 1) {
			at = i + (size_t)__builtin_ctzll(m);
			if (literal_equal(l, (const unsigned char *)s.p + at,
			    s.n - at))
				return at;
		}
	}
	return NOWHERE;
}

size_t
literal_places(const struct literal *l, struct slice s, size_t *from,
    uint32_t *at)
{
	const unsigned char *p = (const unsigned char *)s.p;
	const size_t n = s.n < l->n ? 0 : s.n - l->n + 1;
	size_t i, k = 0, some;

	for (; n < 64 && *from < n && k < PLACES; *from = i + 1) {
		i = find_short(l, s, *from);
		if (i == NOWHERE)
			break;
		at[k++] = (uint32_t)i;
	}
	while (n >= 64 && *from < n && k == 0) {
		some = scan_places(s.p, from, n, l->clue, l->nclues, at,
		    PLACES);
		for (i = 0; i < some; i++) {
			at[k] = at[i];
			k += literal_equal(l, p + at[i], s.n - at[i]);
		}
	}
	return k;
}

size_t
literal_match(const struct literal *l, struct slice s, size_t from)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t at = from;

	if (s.n < l->n)
		return NOWHERE;
	if (!l->bol && !l->eol)
		return literal_find(l, s, from);
	if (l->eol)
		at = s.n - l->n;
	if (at < from || (l->bol && at != 0) || at + l->n > s.n ||
	    (l->n > 0 && !literal_equal(l, p + at, s.n - at)))
		return NOWHERE;
	return at;
}
