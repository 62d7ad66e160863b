/* regex.c - matching: what each call asks of the automata */
#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/regex/regex-inner.h"
#include "lib/regex/regex.h"
#include "lib/scan/scan.h"

struct regex {
	struct slice pattern;
	unsigned flags;
	struct ast ast;
	struct nfa nfa;
	const struct literal *lit;
	bool settled;		/* which one it is */
	bool exact;		/* REGEX_WHOLE where ^ and $ don't say it */
	struct dfa *scan;	/* from anywhere on, to the first end */
	struct dfa *ahead;	/* from a known start to the longest end */
	struct dfa *back;	/* from a known end to the leftmost start */
	struct matcher matcher;
	struct track *track;	/* instead of ahead and matcher, or NULL */
	size_t known;		/* bytes of it that the literal is */
	bool quick;		/* only the literal's places are tried */
	struct slice *m;	/* of a match */
	const char *hi;		/* what can be read ends there */
	bool hit[LANES];	/* what is known of the next records */
};

/* Where the literal stands in a vector's records. */
struct places {
	size_t k, n, from;
	uint32_t at[PLACES + SCAN_ROOM];
};

static unsigned always;		/* flags */

void
regex_by_lines(void)
{
	always |= REGEX_LINES;
}

struct regex *
regex_again(const struct regex *re, struct arena *arena)
{
	const char *err;
	size_t at;

	return regex_new(re->pattern, re->flags, arena, &err, &at);
}

/* What is looked for from now on. */
static void
literal_settle(struct regex *re, const struct literal *l)
{
	size_t n = re->track == NULL || l->lead != 0 || l->other != NULL ? 0 :
	    track_fixed(re->track);

	re->lit = l;
	re->known = n < l->n ? n : l->n;
	re->quick = re->track != NULL && l->lead != WIDTH_VARIES &&
	    !re->ast.anchored;
}

struct regex *
regex_new(struct slice pattern, unsigned flags, struct arena *arena,
    const char **err, size_t *at)
{
	struct regex *re = arena_zero(arena, sizeof *re);

	*at = 0;
	re->pattern = pattern;
	re->flags = flags |= always;
	if (!regex_parse(&re->ast, pattern, flags, arena, err, at) ||
	    !nfa_make(&re->nfa, &re->ast, arena, err))
		return NULL;
	re->lit = literal_of(&re->ast, arena);
	re->exact = (flags & REGEX_WHOLE) != 0 && re->ast.lines;
	re->scan = dfa_new(&re->nfa, re->ast.root->at, false,
	    !re->ast.anchored);
	re->ahead = dfa_new(&re->nfa, re->ast.root->at, false, false);
	re->back = dfa_new(&re->nfa, re->ast.root->at, true, true);
	re->matcher.nfa = &re->nfa;
	re->track = track_of(&re->ast, arena);
	re->m = arena_alloc(arena, (re->ast.groups + 1) * sizeof *re->m);
	literal_settle(re, re->lit);
	re->pattern = arena_copy(arena, pattern);
	re->flags = flags;
	arena_defer(arena, regex_free, re);
	return re;
}

struct regex *
regex_copy(const struct regex *re, struct arena *arena)
{
	const char *err;
	size_t at;

	return re == NULL ? NULL :
	    regex_new(re->pattern, re->flags, arena, &err, &at);
}

void
regex_free(void *p)
{
	struct regex *re = p;

	if (re == NULL || re->scan == NULL)
		return;
	dfa_free(re->scan);
	dfa_free(re->ahead);
	dfa_free(re->back);
	match_free(re->ast.root);
	free(re->matcher.live);
	re->scan = NULL;
}

size_t
regex_groups(const struct regex *re)
{
	return re->ast.groups;
}

/*
 * Where the engine has to start: no match from from on starts before that.
 * NOWHERE if the literal shows that there is none.
 */
static size_t
find_from(const struct regex *re, struct slice subject, size_t from)
{
	const struct literal *l = re->lit;
	size_t at;

	if (re->ast.anchored && from > 0)
		return NOWHERE;
	at = literal_find(l, subject, from);
	if (at == NOWHERE || l->lead == WIDTH_VARIES || l->n == 0 ||
	    at < from + l->lead || re->ast.anchored)
		return at == NOWHERE ? at : from;
	return at - l->lead;
}

/* Where the first match to end ends that starts from from on, and the state
   of re->scan there. */
static size_t
find_end(struct regex *re, struct slice subject, size_t from, uint32_t *state)
{
	size_t stop;

	if (from == NOWHERE)
		return NOWHERE;
	*state = dfa_start(re->scan, ctx_left(&re->nfa, subject, from));
	return dfa_first(re->scan, subject, from, state, &stop);
}

/* Where the longest match from i on ends; *stop is the last place looked at. */
static inline size_t
end_from(struct regex *re, struct slice s, size_t i, size_t *stop)
{
	return re->track != NULL ?
	    track_end(re->track, s, re->hi, i, 0, stop) :
	    dfa_longest(re->ahead, s, i, dfa_start(re->ahead,
	    ctx_left(&re->nfa, s, i)), stop);
}

/* Whether there is a match from i on, where the literal stands as it should. */
static inline bool
matches_from(struct regex *re, struct slice s, size_t i, size_t *stop)
{
	uint32_t state;

	if (re->track != NULL)
		return track_end(re->track, s, re->hi, i, re->known, stop) !=
		    NOWHERE;
	state = dfa_start(re->ahead, ctx_left(&re->nfa, s, i));
	return dfa_first(re->ahead, s, i, &state, stop) != NOWHERE;
}

/* A subject behind which nothing can be read.  No pointer is calculated from
   one that is NULL. */
static struct slice
own(struct regex *re, struct slice s)
{
	if (s.p == NULL)
		s = SLICE("");
	re->hi = s.p + s.n;
	return s;
}

enum { WASTE = 128 };		/* bytes read more than once, before one pass
				   is made over the rest */

/*
 * Whether there is a match in s, where the literal stands first at at.  Where
 * it is known how far in a match it stands, only those places are tried, and
 * the first match is found to begin at *begin.
 */
static bool
test_at(struct regex *re, struct slice s, size_t at, size_t *begin)
{
	const struct literal *l = re->lit;
	size_t from = at, waste = 0, start, stop;
	uint32_t state;

	if (l->lead == WIDTH_VARIES || re->ast.anchored)
		return find_end(re, s, 0, &state) != NOWHERE;
	for (; at != NOWHERE; at = literal_find(l, s, at + 1)) {
		if (at < l->lead)
			continue;
		start = at - l->lead;
		if (matches_from(re, s, start, &stop)) {
			*begin = start;
			return true;
		}
		waste += stop - start;
		if (waste > WASTE + 2 * (at - from))
			return find_end(re, s, start, &state) != NOWHERE;
	}
	return false;
}

bool
regex_test(struct regex *re, struct slice subject)
{
	uint32_t state;
	size_t at, begin;

	subject = own(re, subject);
	if (re->exact)
		return dfa_exact(re->ahead, subject, 0, subject.n);
	if (re->lit->pure)
		return literal_match(re->lit, subject, 0) != NOWHERE;
	if (re->lit->n == 0)
		return find_end(re, subject, 0, &state) != NOWHERE;
	at = literal_find(re->lit, subject, 0);
	return at != NOWHERE && test_at(re, subject, at, &begin);
}

/*
 * Tries the places where a match may begin, one by one from *i on: true if
 * there is a match, from *i to *j.  False: there is none that starts before
 * *i, NOWHERE if none at all; trying on would read the same bytes too often.
 */
static bool
try_starts(struct regex *re, struct slice s, size_t *i, size_t *j)
{
	size_t at = *i, from = at, waste = 0, stop, next;

	for (; (at = scan_class(s, at, re->hi, re->ast.first)) < s.n;
	    at = next) {
		*i = at;
		*j = end_from(re, s, at, &stop);
		if (*j != NOWHERE)
			return true;
		next = re->track != NULL ? track_next(re->track) : at + 1;
		waste += stop - at;
		if (waste > WASTE + 2 * (at - from)) {
			*i = next;
			return false;
		}
	}
	*i = NOWHERE;
	return false;
}

/*
 * Where a match must start at from, or where most do, that is tried first;
 * then where its first byte is.  Else the first end found is the start's bound:
 * the leftmost match starts there or before.  Reading on, without starts after
 * it, until nothing is left bounds where that match ends; backward from there
 * is the leftmost start.
 */
static bool
span_find(struct regex *re, struct slice subject, size_t from, size_t *i,
    size_t *j)
{
	uint32_t state;
	size_t stop, end;

	if (re->lit->pure) {
		*i = literal_match(re->lit, subject, from);
		*j = *i + re->lit->n;
		return *i != NOWHERE;
	}
	from = find_from(re, subject, from);
	if (from == NOWHERE)
		return false;
	if (re->ast.anchored || re->ast.dots ||
	    (re->lit->n > 0 && re->lit->lead != WIDTH_VARIES)) {
		*i = from;
		*j = end_from(re, subject, from, &stop);
		if (*j != NOWHERE || re->ast.anchored || re->ast.dots)
			return *j != NOWHERE;
	}
	if (re->ast.first != NULL) {
		*i = from;
		if (try_starts(re, subject, i, j))
			return true;
		from = *i;
	}
	end = find_end(re, subject, from, &state);
	if (end == NOWHERE)
		return false;
	dfa_longest(re->ahead, subject, end,
	    dfa_adopt(re->ahead, re->scan, state), &stop);
	*i = dfa_leftmost(re->back, subject, from, stop);
	*j = end_from(re, subject, *i, &stop);
	return true;
}

/* What is wanted of a match from i to j. */
static void
fill(struct regex *re, struct slice s, size_t i, size_t j, struct slice *m,
    size_t nm)
{
	size_t stop;

	if (nm > 0)
		m[0] = (struct slice){ s.p + i, j - i };
	if (nm > 1 && re->track != NULL) {
		if (re->lit->pure)	/* found in another way */
			(void)track_end(re->track, s, re->hi, i, 0, &stop);
		(void)track_groups(re->track, s, m, nm);
	} else if (nm > 1) {
		re->matcher.m = m;
		re->matcher.nm = nm;
		match_groups(&re->matcher, re->ast.root, s, i, j);
	}
}

/* regex_find, whatever can be read behind the subject. */
static bool
find(struct regex *re, struct slice s, size_t from, struct slice *m,
    size_t nm)
{
	size_t i, j;

	if (from > s.n || !span_find(re, s, from, &i, &j))
		return false;
	fill(re, s, i, j, m, nm);
	return true;
}

bool
regex_find(struct regex *re, struct slice subject, size_t from,
    struct slice *m, size_t nm)
{
	return find(re, own(re, subject), from, m, nm);
}

bool
regex_walks(const struct regex *re)
{
	return re->ast.run;
}

size_t
regex_all(struct regex *re, struct slice s, struct regex_walk *w,
    struct slice *m, size_t max, size_t nm)
{
	size_t i, j, k = 0;

	s = own(re, s);
	if ((uintptr_t)w->hi > (uintptr_t)re->hi)
		re->hi = w->hi;
	if (re->ast.run && nm == 1) {
		k = scan_runs(s, re->hi, re->ast.first, &w->from, m, max);
		return k;
	}
	while (k < max && w->from <= s.n &&
	    span_find(re, s, w->from, &i, &j)) {
		if (j > i || i != w->from || !w->behind)
			fill(re, s, i, j, m + k++ * nm, nm);
		w->behind = j > i;
		w->from = j;
		if (j == i)		/* past a whole character of UTF-8 */
			for (w->from++; w->from < s.n &&
			    ((unsigned char)s.p[w->from] & 0xc0) == 0x80;)
				w->from++;
	}
	if (k < max)
		w->from = s.n + 1;
	return k;
}

/* The record that p is in or after, of those from i on. */
static size_t
record_of(const struct slice *subject, size_t n, size_t i, const char *p)
{
	size_t step = 1, end, mid;

	while (i + step < n && subject[i + step].p <= p) {
		i += step;
		step *= 2;
	}
	for (end = i + step < n ? i + step : n; end - i > 1;) {
		mid = i + (end - i) / 2;
		if (subject[mid].p <= p)
			i = mid;
		else
			end = mid;
	}
	return i;
}

/*
 * The first record from i on that matches, n if none: the literal is searched
 * in all of them at once, then the records that hold it are tried.  *begin:
 * where in it the first match begins, NOWHERE if that is not known.
 */
static size_t
select_span(struct regex *re, const struct slice *subject, size_t n, size_t i,
    struct places *w, size_t *begin)
{
	const struct literal *l = re->lit;
	const struct slice span = { subject[0].p,
		(size_t)(re->hi - subject[0].p) };
	size_t at, stop, waste = 0, tried = n;

	*begin = NOWHERE;
	while (i < n) {
		if (w->k == w->n) {
			w->k = 0;
			w->n = literal_places(l, span, &w->from, w->at);
			if (w->n == 0)
				break;
		}
		at = w->at[w->k++];
		if (span.p + at < subject[i].p)
			continue;	/* that record is done */
		i = record_of(subject, n, i, span.p + at);
		at -= (size_t)(subject[i].p - span.p);
		if (at + l->n > subject[i].n)
			continue;	/* across records: no hit */
		if (l->pure)
			return i;
		if (re->quick && at < l->lead)
			continue;
		if (re->quick) {
			*begin = at - l->lead;
			if (matches_from(re, subject[i], *begin, &stop))
				return i;
			waste = (i == tried ? waste : 0) + stop - *begin;
			tried = i;
			*begin = NOWHERE;
			if (waste <= WASTE)
				continue;
		}
		if (test_at(re, subject[i], at, begin))
			return i;
		i++;
	}
	return n;
}

/* The same, one by one; or a few at once, kept for the next calls. */
static size_t
select_each(struct regex *re, const struct slice *subject, size_t n, size_t i)
{
	bool lanes = re->lit->n == 0 && !re->lit->pure && !re->ast.anchored &&
	    !re->exact;

	for (; i < n; i++) {
		if (!lanes || i / LANES * LANES + LANES > n) {
			if (regex_test(re, subject[i]))
				break;
			continue;
		}
		if (i % LANES == 0)
			dfa_lanes(re->scan, subject + i, re->hit);
		if (re->hit[i % LANES])
			break;
	}
	return i;
}

/* Whether the literal can be searched in all records at once; which one that
   is, if there are several, their first ones show. */
static bool
spans(struct regex *re, const struct slice *subject, size_t n, bool contig,
    struct places *w)
{
	enum { SAMPLE = 32 * 1024 };
	const struct literal *l = re->lit;
	struct slice some;

	w->k = w->n = w->from = 0;
	if (!contig || n == 0 || l->n == 0 || re->exact ||
	    (l->pure && (l->bol || l->eol)))
		return false;
	re->hi = subject[n - 1].p + subject[n - 1].n;
	if ((uintptr_t)re->hi - (uintptr_t)subject[0].p >= UINT32_MAX)
		return false;
	if (!re->settled) {
		some.p = subject[0].p;
		some.n = (size_t)(subject[n - 1].p - some.p) + subject[n - 1].n;
		some.n = some.n < SAMPLE ? some.n : SAMPLE;
		literal_settle(re, literal_rarest(l, some));
		re->settled = true;
	}
	return true;
}

size_t
regex_columns(struct regex *re, const struct slice *subject, size_t n,
    bool contig, const size_t *group, size_t ngroup, struct slice *const *col,
    uint16_t *idx)
{
	struct places w;
	bool span = spans(re, subject, n, contig, &w);
	const char *hi = n == 0 ? NULL : subject[n - 1].p + subject[n - 1].n;
	size_t g, i, k = 0, nm = 0, begin = NOWHERE, end;
	struct slice *m = re->m;

	for (g = 0; g < ngroup; g++)
		nm = group[g] < nm ? nm : group[g] + 1;
	for (i = 0; i < n; i++) {
		i = span ? select_span(re, subject, n, i, &w, &begin) :
		    select_each(re, subject, n, i);
		if (i == n)
			break;
		re->hi = contig ? hi : subject[i].p + subject[i].n;
		if (begin == NOWHERE || re->track == NULL) {
			(void)find(re, subject[i], 0, m, nm);
		} else {
			end = track_groups(re->track, subject[i], m, nm);
			m[0] = (struct slice){ subject[i].p + begin,
				end - begin };
		}
		for (g = 0; g < ngroup; g++)
			col[g][k] = m[group[g]];
		idx[k++] = (uint16_t)i;
	}
	return k;
}

size_t
regex_select(struct regex *re, const struct slice *subject, size_t n,
    bool contig, bool invert, uint16_t *idx)
{
	struct places w;
	bool span = spans(re, subject, n, contig, &w);
	size_t k = 0, i, next, begin;

	for (i = 0; i < n; i = next + 1) {
		next = span ? select_span(re, subject, n, i, &w, &begin) :
		    select_each(re, subject, n, i);
		for (; invert && i < next; i++)
			idx[k++] = (uint16_t)i;
		if (!invert && next < n)
			idx[k++] = (uint16_t)next;
	}
	return k;
}
