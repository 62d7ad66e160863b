/* regex.c - matching: what each call asks of the automata */
#include <stdlib.h>
#include <string.h>

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
	bool runs;		/* it begins with a run of any length */
	bool quick;		/* only the literal's places are tried */
	struct slice *m;	/* of a match */
	const char *hi;		/* what can be read ends there */
};

static unsigned always;		/* flags */

void
regex_by_lines(void)
{
	always |= REGEX_LINES;
}

/* What is looked for from now on. */
static void
literal_settle(struct regex *re, const struct literal *l)
{
	size_t n = re->track == NULL || l->lead != 0 || l->other != NULL ? 0 :
	    re->track->fixed;

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
	re->runs = re->track != NULL && re->track->n > 0 &&
	    re->track->step[0].max == SIZE_MAX && re->track->step[0].min > 0;
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
	    track_end(re->track, s, re->hi, i, 0, i, stop) :
	    dfa_longest(re->ahead, s, i, dfa_start(re->ahead,
	    ctx_left(&re->nfa, s, i)), stop);
}

/* Whether there is a match from i on, where the literal stands as it should. */
static inline bool
matches_from(struct regex *re, struct slice s, size_t i, size_t *stop)
{
	uint32_t state;

	if (re->track != NULL)
		return track_end(re->track, s, re->hi, i, re->known,
		    i + re->known, stop) != NOWHERE;
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

/* The next place that has one of the first bytes: most are near. */
static inline size_t
first_from(const struct regex *re, struct slice s, size_t i)
{
	const bool *has = re->ast.first->has;
	size_t near = s.n - i < 8 ? s.n : i + 8;

	for (; i < near; i++)
		if (has[(unsigned char)s.p[i]])
			return i;
	return scan_class(s, i, re->hi, re->ast.first);
}

/* Whether step k of a track may begin at i: a look at one byte. */
static inline bool
step_begins(const struct track *t, size_t k, struct slice s, size_t i)
{
	return k >= t->n || t->step[k].min == 0 || (i < s.n &&
	    !t->step[k].others.has[(unsigned char)s.p[i]]);
}

/* Whether all single bytes that a track begins with are there. */
static inline bool
fixed_begin(const struct track *t, struct slice s, size_t i)
{
	size_t k;

	for (k = 1; k < t->fixed && step_begins(t, k, s, i + k); k++)
		;
	return k >= t->fixed;
}

enum { TRY_YES, TRY_NO, TRY_WASTE };

/*
 * Tries the places where a match may begin, one by one from *i on: YES if there
 * is a match, from *i to *j; NO if there is none.  WASTE: there is none that
 * starts before *i; trying on would read the same bytes too often.
 */
static int
try_starts(struct regex *re, struct slice s, size_t *i, size_t *j)
{
	struct track *t = re->track;
	size_t at = *i, from = at, waste = 0, stop;

	for (; (at = first_from(re, s, at)) < s.n; at++) {
		if (t != NULL && !fixed_begin(t, s, at))
			continue;
		*i = at;
		*j = end_from(re, s, at, &stop);
		if (*j != NOWHERE)
			return TRY_YES;
		waste += stop - at;
		*i = at + 1;
		if (waste > WASTE + 2 * (at - from))
			return TRY_WASTE;
	}
	return TRY_NO;
}

/* The same of a track that begins with a run of any length: from within it
   there is no match if there is none from its first byte on. */
static int
try_runs(struct regex *re, struct slice s, size_t *i, size_t *j)
{
	enum { RUNS = 4 };
	struct track *t = re->track;
	size_t at, next = *i, from = next, waste = 0, k, n = RUNS, end, stop;
	struct slice run[RUNS];

	while (n == RUNS) {
		n = scan_runs(s, re->hi, re->ast.first, &next, run, RUNS);
		for (k = 0; k < n; k++) {
			at = (size_t)(run[k].p - s.p);
			end = at + run[k].n;
			if (run[k].n < t->step[0].min ||
			    !step_begins(t, 1, s, end))
				continue;
			*i = at;
			*j = track_end(t, s, re->hi, at, 1, end, &stop);
			if (*j != NOWHERE)
				return TRY_YES;
			waste += stop - end;
			*i = end;
			if (waste > WASTE + 2 * (at - from))
				return TRY_WASTE;
		}
	}
	return TRY_NO;
}

static inline int
try_from(struct regex *re, struct slice s, size_t *i, size_t *j)
{
	return re->runs ? try_runs(re, s, i, j) : try_starts(re, s, i, j);
}

/*
 * Whether there is a match in s, where the literal stands first at at.  Where
 * it is known how far in a match it stands, only those places are tried.
 * *tracked: the track found the first match.
 */
static bool
test_at(struct regex *re, struct slice s, size_t at, bool *tracked)
{
	const struct literal *l = re->lit;
	size_t from = at, waste = 0, start = 0, stop, end;
	int tried = TRY_WASTE;
	uint32_t state;

	*tracked = re->track != NULL;
	if (*tracked && re->ast.anchored)
		return end_from(re, s, 0, &stop) != NOWHERE;
	if (l->lead == WIDTH_VARIES || re->ast.anchored) {
		if (*tracked && re->ast.first != NULL)
			tried = try_from(re, s, &start, &end);
		if (tried != TRY_WASTE)
			return tried == TRY_YES;
		*tracked = false;
		return find_end(re, s, start, &state) != NOWHERE;
	}
	for (; at != NOWHERE; at = literal_find(l, s, at + 1)) {
		if (at < l->lead)
			continue;
		start = at - l->lead;
		if (matches_from(re, s, start, &stop))
			return true;
		waste += stop - start;
		if (waste > WASTE + 2 * (at - from)) {
			*tracked = false;
			return find_end(re, s, start, &state) != NOWHERE;
		}
	}
	return false;
}

bool
regex_test(struct regex *re, struct slice subject)
{
	uint32_t state;
	bool tracked;
	size_t at;

	subject = own(re, subject);
	if (re->exact)
		return dfa_exact(re->ahead, subject, 0, subject.n);
	if (re->lit->pure)
		return literal_match(re->lit, subject, 0) != NOWHERE;
	if (re->lit->n == 0)
		return find_end(re, subject, 0, &state) != NOWHERE;
	at = literal_find(re->lit, subject, 0);
	return at != NOWHERE && test_at(re, subject, at, &tracked);
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
	int tried;

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
		tried = try_from(re, subject, i, j);
		if (tried != TRY_WASTE)
			return tried == TRY_YES;
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
	size_t g, stop;

	if (nm > 0)
		m[0] = (struct slice){ s.p + i, j - i };
	if (nm > 1 && re->track != NULL) {
		if (re->lit->pure)	/* found in another way */
			(void)track_end(re->track, s, re->hi, i, 0, i, &stop);
		for (g = 1; g < nm; g++)
			m[g] = track_group(re->track, s, g);
	} else if (nm > 1) {
		re->matcher.m = m;
		re->matcher.nm = nm;
		match_groups(&re->matcher, re->ast.root, s, i, j);
	}
}

/* regex_find, whatever can be read behind the subject. */
static bool
find(struct regex *re, struct slice s, size_t from, struct slice *m, size_t nm)
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

/* regex_all for plain text. */
static size_t
all_places(const struct literal *l, struct slice s, struct regex_walk *w,
    struct slice *m, size_t max)
{
	uint32_t place[PLACES + SCAN_ROOM];
	size_t from = w->from, i, k = 0, n;

	while (k < max && (n = literal_places(l, s, &from, place)) > 0)
		for (i = 0; i < n && k < max; i++)
			if (place[i] >= w->from) {
				m[k++] = (struct slice){ s.p + place[i], l->n };
				w->from = place[i] + l->n;
			}
	return k;
}

size_t
regex_all(struct regex *re, struct slice s, struct regex_walk *w,
    struct slice *m, size_t max, size_t nm)
{
	size_t i, j, k = 0;

	s = own(re, s);
	if ((uintptr_t)w->hi > (uintptr_t)re->hi)
		re->hi = w->hi;
	if (re->ast.run && nm == 1)
		return scan_runs(s, re->hi, re->ast.first, &w->from, m, max);
	if (re->lit->pure && re->lit->n > 0 && !re->lit->bol &&
	    !re->lit->eol && nm == 1 && s.n < UINT32_MAX)
		return all_places(re->lit, s, w, m, max);
	while (k < max && w->from <= s.n && span_find(re, s, w->from, &i, &j)) {
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

/* What is wanted of the records that match; NULL: nothing. */
struct columns {
	const size_t *group;
	size_t n, groups;		/* the largest one, and 1 */
	struct slice *const *col;
};

/* Row k, of the first match in a record, which the track found, */
static inline void
take_track(const struct track *t, struct slice s, const struct columns *c,
    size_t k)
{
	size_t g;

	for (g = 0; c != NULL && g < c->n; g++)
		c->col[g][k] = track_group(t, s, c->group[g]);
}

/* or did not. */
static void
take(struct regex *re, struct slice s, const struct columns *c, size_t k)
{
	size_t g;

	if (c == NULL)
		return;
	(void)find(re, s, 0, re->m, c->groups);
	for (g = 0; g < c->n; g++)
		c->col[g][k] = re->m[c->group[g]];
}

/* Where the literal stands in records that lie side by side. */
struct places {
	uint32_t at[PLACES + SCAN_ROOM];
	uint32_t end[PLACES + SCAN_ROOM];	/* of the run behind it */
	size_t n, next;
	size_t from;			/* the rest is not yet searched */
	size_t since;			/* the record where at[] began */
	bool dense;			/* most would be passed over */
	const struct scan_class *others;	/* end the run; NULL: there is
						   none, or more */
};

enum { DENSE = 3 };		/* places of two records, of one call */

/* The next place at or after lo, where record i begins.  One call finds many,
   until there were several in a record: then one. */
static inline size_t
next_place(struct places *p, const struct literal *l, struct slice span,
    size_t lo, size_t i)
{
	size_t at;

	for (;;) {
		while (p->next < p->n)
			if (p->at[p->next++] >= lo)
				return p->at[p->next - 1];
		p->dense |= 2 * p->n > DENSE * (i - p->since + 1);
		if (p->dense) {
			at = literal_find(l, span, lo > p->from ? lo : p->from);
			p->from = at + 1;
			return at;
		}
		p->since = i;
		p->next = 0;
		p->n = literal_places(l, span, &p->from, p->at);
		if (p->n == 0)
			return NOWHERE;
		if (p->others != NULL)
			scan_class_each(span, p->at, p->n, l->n, p->others,
			    p->end);
	}
}

/*
 * The records that match: the literal is searched in all of them at once, then
 * those that hold it are tried.
 */
static size_t
select_span(struct regex *re, const struct slice *subject, size_t n,
    const struct columns *c, uint16_t *idx)
{
	const struct literal *l = re->lit;
	const struct slice span = { subject[0].p,
		(size_t)(re->hi - subject[0].p) };
	struct track *const quick = re->quick ? re->track : NULL;
	const size_t len = l->n, known = re->known;
	const char *const hi = re->hi;
	struct places places;
	size_t at, i = 0, k = 0, from, stop, waste = 0, tried = n;
	struct slice s;
	bool tracked;

	places.n = places.next = places.from = places.since = 0;
	places.dense = false;
	places.others = quick == NULL ? NULL : track_run(quick, l->n, known);
	while (i < n) {
		at = next_place(&places, l, span,
		    (size_t)(subject[i].p - span.p), i);
		if (at == NOWHERE)
			break;
		if (i + 1 < n && span.p + at >= subject[i + 1].p)
			i = record_of(subject, n, i + 1, span.p + at);
		s = subject[i];
		at -= (size_t)(s.p - span.p);
		if (at + len > s.n)
			continue;	/* across records: no hit */
		if (quick != NULL) {
			if (at < l->lead)
				continue;
			from = at - l->lead;
			if ((places.others != NULL && !places.dense ?
			    track_at(quick, s, from, places.end[places.next -
			    1] - (size_t)(s.p - span.p), &stop) :
			    track_end(quick, s, hi, from, known, from + known,
			    &stop)) != NOWHERE) {
				take_track(quick, s, c, k);
				idx[k++] = (uint16_t)i++;
				continue;
			}
			waste = (i == tried ? waste : 0) + stop - from;
			tried = i;
			if (waste <= WASTE)
				continue;
		}
		tracked = false;
		if (l->pure || test_at(re, s, at, &tracked)) {
			if (tracked)
				take_track(re->track, s, c, k);
			else
				take(re, s, c, k);
			idx[k++] = (uint16_t)i;
		}
		i++;
	}
	return k;
}

/* The same, one by one; or a few at once. */
static size_t
select_each(struct regex *re, const struct slice *subject, size_t n,
    const char *hi, const struct columns *c, uint16_t *idx)
{
	bool lanes = re->lit->n == 0 && !re->lit->pure && !re->ast.anchored &&
	    !re->exact, hit[LANES], is;
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		if (!lanes || i / LANES * LANES + LANES > n) {
			is = regex_test(re, subject[i]);
		} else {
			if (i % LANES == 0)
				dfa_lanes(re->scan, subject + i, hit);
			is = hit[i % LANES];
		}
		if (!is)
			continue;
		re->hi = hi != NULL ? hi : subject[i].p + subject[i].n;
		take(re, subject[i], c, k);
		idx[k++] = (uint16_t)i;
	}
	return k;
}

/* Whether the literal can be searched in all records, up to re->hi, at once;
   which one that is, if there are several, their first ones show. */
static bool
spans(struct regex *re, const struct slice *subject)
{
	enum { SAMPLE = 32 * 1024 };
	const struct literal *l = re->lit;
	struct slice some = { subject[0].p, (size_t)(re->hi - subject[0].p) };

	if (l->n == 0 || re->exact || (l->pure && (l->bol || l->eol)) ||
	    some.n >= UINT32_MAX)
		return false;
	if (!re->settled) {
		some.n = some.n < SAMPLE ? some.n : SAMPLE;
		literal_settle(re, literal_rarest(l, some));
		re->settled = true;
	}
	return true;
}

static size_t
select_some(struct regex *re, const struct slice *subject, size_t n,
    bool contig, const struct columns *c, uint16_t *idx)
{
	const char *hi = NULL;

	if (n > 0 && contig)
		re->hi = hi = subject[n - 1].p + subject[n - 1].n;
	return hi != NULL && spans(re, subject) ?
	    select_span(re, subject, n, c, idx) :
	    select_each(re, subject, n, hi, c, idx);
}

size_t
regex_columns(struct regex *re, const struct slice *subject, size_t n,
    bool contig, const size_t *group, size_t ngroup, struct slice *const *col,
    uint16_t *idx)
{
	struct columns c = { group, ngroup, 0, col };
	size_t g;

	for (g = 0; g < ngroup; g++)
		c.groups = group[g] < c.groups ? c.groups : group[g] + 1;
	return select_some(re, subject, n, contig, &c, idx);
}

size_t
regex_select(struct regex *re, const struct slice *subject, size_t n,
    bool contig, bool invert, uint16_t *idx)
{
	size_t i, j, k, w;

	k = select_some(re, subject, n, contig, NULL, idx);
	if (!invert)
		return k;
	/* Backwards, from behind those: what is written is not yet read. */
	for (i = w = n, j = k; i-- > 0;)
		if (j > 0 && idx[j - 1] == i)
			j--;
		else
			idx[--w] = (uint16_t)i;
	memmove(idx, idx + w, (n - w) * sizeof *idx);
	return n - w;
}
