/* json-outline.c - records that are alike but for their scalars */
#include <stdint.h>
#include <string.h>

#include "lib/base/words.h"
#include "lib/format/json-outline.h"
#include "lib/format/json.h"
#include "lib/number/number.h"
#include "lib/scan/scan.h"

/* What is rare is kept out of the loops whose speed matters. */
#define APART	__attribute__((noinline))
#define INLINE	inline __attribute__((always_inline))

/*
 * Learning costs as much as walking through a few records, and must pay: each
 * time takes COST from a credit that each record found adds 1 to.  So must
 * looking: when most records aren't found all is left to walking for a while.
 */
enum {
	SCALARS = 256,		/* of one outline */
	POOL = 64 * 1024,	/* for all of them; full, they are forgotten */
	OTHERS = 8,		/* steps at one place */
	SPAN = 16 * 1024,	/* the longest record looked at */
	BEHIND = 32,		/* bytes behind a record that may be read */
	COST = 64,		/* of learning */
	CREDIT = 8 * COST,	/* at first, and at most */
	LUCK = 64,		/* at first, and at most: a record found adds 2,
				   one not found takes 1; none left ends it */
	REST = 4096		/* records that are not looked at then */
};

/*
 * The outlines known are a tree: a text, a scalar behind it unless the record
 * ends there, and what may follow.  Of texts at one place at most one, with
 * its scalar, is what a record has.
 */
struct step {
	uint64_t word[2];	/* the text's first 16 bytes, the first one
				   lowest; those it has not are 0 */
	uint64_t mask[2];	/* 0xff where it has them */
	const char *text;
	uint32_t n;
	bool last;
	bool plain;		/* not last, at most 16 bytes */
	struct step *then;	/* behind the scalar */
	struct step *other;	/* another text at the same place */
};

/* A byte of the record, so far behind the end of that scalar; number 0 ends
   where the record begins. */
struct point {
	uint32_t scalar, behind;
};

struct place {
	bool there;
	struct point from, to;
};

/* The last step, which is the whole outline's. */
struct outline {
	struct step step;
	unsigned char keys;
	struct place place[];	/* one for each want */
};

/* Where a scalar is. */
struct span {
	size_t from, to;
};

struct outlines {
	struct step *first;
	size_t nwant;
	unsigned credit, luck, rest;
	size_t used;		/* of pool */
	char *pool;
	/* Of what base[0..n) the stops are known. */
	const char *base;
	const char *origin;	/* the same, or what base is a copy of */
	size_t n;
	char bits[SCAN_BITS(SPAN)];
	char copy[SPAN + BEHIND];
};

struct outlines *
outlines_new(size_t nwant, struct arena *a)
{
	struct outlines *o = arena_alloc(a, sizeof *o);

	o->first = NULL;
	o->nwant = nwant;
	o->credit = CREDIT;
	o->luck = LUCK;
	o->rest = 0;
	o->used = 0;
	o->pool = arena_alloc(a, POOL);
	outlines_start(o);
	return o;
}

void
outlines_start(struct outlines *o)
{
	o->base = o->origin = NULL;
	o->n = 0;
}

/* Behind the first stop from p on, a byte that may end a string. */
static inline const char *
past_stop(const struct outlines *o, const char *p)
{
	size_t at = (size_t)(p - o->base);
	uint64_t w = load_64(o->bits + at / 8) >> at % 8;

	while (w == 0) {
		p += 64 - at % 8;
		at = (size_t)(p - o->base);
		w = load_64(o->bits + at / 8);
	}
	return p + ((unsigned)__builtin_ctzll(w) + 1);
}

/*
 * The functions below give the place behind what begins at p, NULL if that is
 * something else.  The record ends at stop; a few bytes behind it may be taken
 * for its own.
 */

/* The rest of a string, behind its first stop. */
static APART const char *
past_escapes(const struct outlines *o, const char *p, const char *stop,
    bool *escapes)
{
	size_t n;

	while (p[-1] != '"') {
		if (p[-1] != '\\' || (n = json_escape(p, stop)) == 0)
			return NULL;
		*escapes = true;
		p = past_stop(o, p + n);
	}
	return p;
}

/* A bit in each byte that is no digit, and in some behind it. */
static inline uint64_t
no_digits(const char *p)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t x = load_64(p) ^ ones * '0';

	return ((x + ones * 0x76) | x) & ones << 7;
}

static APART const char *
past_word(const char *p)
{
	if (memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0)
		return p + 4;
	return memcmp(p, "false", 5) == 0 ? p + 5 : NULL;
}

static INLINE const char *
past_scalar(const struct outlines *o, const char *p, const char *stop,
    bool *escapes)
{
	const char *end;
	uint64_t other;

	if (*p == '"') {
		end = past_stop(o, p + 1);
		if (end[-1] != '"')
			end = past_escapes(o, end, stop, escapes);
	} else if (*p > '0' && (other = no_digits(p)) != 0 &&
	    p[__builtin_ctzll(other) / 8] == ',') {
		end = p + __builtin_ctzll(other) / 8;
	} else {
		end = *p <= '9' ? number_json_end(p, stop) : past_word(p);
	}
	return end <= stop ? end : NULL;
}

/* Whether the first 16 bytes of the text are at p. */
static inline bool
has_begin(const struct step *s, const char *p)
{
	return (((load_64(p) ^ s->word[0]) & s->mask[0]) |
	    ((load_64(p + 8) ^ s->word[1]) & s->mask[1])) == 0;
}

/* Whether the rest is, and the record ends with it if it should. */
static inline bool
has_rest(const struct step *s, const char *p, const char *stop)
{
	size_t left = (size_t)(stop - p);

	if (s->last ? s->n != left : s->n > left)
		return false;
	return s->n <= 16 || memcmp(p + 16, s->text + 16, s->n - 16) == 0;
}

/* A text and the scalar behind it; the last text has none. */
static INLINE const char *
past_step(const struct outlines *o, const struct step *s, const char *p,
    const char *stop, bool *escapes)
{
	if (!has_begin(s, p) ||
	    (!s->plain && (s->last || !has_rest(s, p, stop))))
		return NULL;
	return past_scalar(o, p + s->n, stop, escapes);
}

/* A record's way through the tree. */
struct trail {
	const char *at, *stop;
	size_t n;			/* scalars passed */
	const char *ends[SCALARS + 1];	/* theirs; 0: the record's start */
};

/* The outline of the record that has come to these steps, NULL if it isn't
   known.  One found far behind comes to the front. */
static APART const struct outline *
trail_follow(const struct outlines *o, struct step **first, struct trail *w,
    bool *escapes)
{
	struct step **at = first, *s;
	const char *end;
	size_t n = 0;			/* steps that it isn't */

	while ((s = *at) != NULL) {
		end = NULL;
		if (has_begin(s, w->at) && has_rest(s, w->at, w->stop)) {
			if (s->last)
				return (const struct outline *)s;
			end = past_scalar(o, w->at + s->n, w->stop, escapes);
		}
		if (end == NULL) {
			at = &s->other;
			n++;
			continue;
		}
		if (n >= OTHERS / 2) {
			*at = s->other;
			s->other = *first;
			*first = s;
		}
		w->ends[++w->n] = w->at = end;
		first = at = &s->then;
		n = 0;
	}
	return NULL;
}

/* The same where the first is mostly the last step. */
static inline const struct outline *
trail_end(const struct outlines *o, struct step **first, struct trail *w,
    bool *escapes)
{
	const struct step *s = *first;

	if (s->last && has_begin(s, w->at) && has_rest(s, w->at, w->stop))
		return (const struct outline *)s;
	return trail_follow(o, first, w, escapes);
}

/*
 * The outlines of two records, which go as far as their ways are the same side
 * by side: while the processor waits for the one's scalar to end it looks at
 * the other's.
 */
static APART void
trail_both(struct outlines *o, struct trail w[2],
    const struct outline **found, bool *escapes)
{
	struct step **first = &o->first;
	const char *x = w[0].at, *y = w[1].at, *xe, *ye;
	size_t n = 0;

	while ((xe = past_step(o, *first, x, w[0].stop, escapes)) != NULL &&
	    (ye = past_step(o, *first, y, w[1].stop, escapes)) != NULL) {
		n++;
		w[0].ends[n] = x = xe;
		w[1].ends[n] = y = ye;
		first = &(*first)->then;
	}
	w[0].at = x;
	w[1].at = y;
	w[0].n = w[1].n = n;
	found[0] = trail_end(o, first, &w[0], escapes);
	found[1] = trail_end(o, first, &w[1], escapes);
}

/* The values of record i. */
static inline void
find_values(const struct outlines *o, const struct outline *l,
    const char *const *ends, struct slice *const *raw, unsigned char *keys,
    size_t i)
{
	const struct place *at = l->place;
	const char *from, *to;
	size_t k;

	if (keys != NULL)
		keys[i] = l->keys;
	for (k = 0; k < o->nwant; k++, at++) {
		if (!at->there) {
			raw[k][i] = SLICE_NONE;
			continue;
		}
		from = ends[at->from.scalar] + at->from.behind;
		to = ends[at->to.scalar] + at->to.behind;
		raw[k][i] = (struct slice){ o->origin + (from - o->base),
		    (size_t)(to - from) };
	}
}

/* Looks for the stops of record i, of at most SPAN bytes, and of those behind
   it that the span holds; if too little behind it can be read, of a copy. */
static APART void
find_stops(struct outlines *o, const struct slice *rec, size_t i,
    const char *hi)
{
	size_t left = (size_t)(hi - rec[i].p);

	o->base = o->origin = rec[i].p;
	if (left >= rec[i].n + BEHIND) {
		o->n = left - BEHIND < SPAN ? left - BEHIND : SPAN;
	} else {
		memcpy(o->copy, rec[i].p, rec[i].n);
		memset(o->copy + rec[i].n, 0, BEHIND);
		o->base = o->copy;
		o->n = rec[i].n;
		hi = o->copy + rec[i].n + BEHIND;
	}
	scan_stops(o->base, o->n, hi, o->bits);
}

/* Sets out for a record; false: its stops aren't known. */
static inline bool
trail_begin(const struct outlines *o, struct slice rec, struct trail *w)
{
	size_t at = (uintptr_t)rec.p - (uintptr_t)o->origin;

	if (at >= o->n || rec.n > o->n - at)
		return false;
	w->ends[0] = w->at = o->base + at;
	w->stop = w->at + rec.n;
	w->n = 0;
	return true;
}

static unsigned
at_most(size_t n, unsigned max)
{
	return n < max ? (unsigned)n : max;
}

/* The same as outlines_find of two records at most. */
static inline size_t
find_next(struct outlines *o, const struct slice *rec, size_t i, size_t n,
    const char *hi, struct slice *const *raw, unsigned char *keys,
    bool *escapes)
{
	const struct outline *found[2] = { NULL, NULL };
	struct trail w[2];

	if (!trail_begin(o, rec[i], &w[0])) {
		if (rec[i].n > SPAN)
			return i;
		find_stops(o, rec, i, hi);
		if (!trail_begin(o, rec[i], &w[0]))
			return i;
	}
	if (i + 1 < n && trail_begin(o, rec[i + 1], &w[1]))
		trail_both(o, w, found, escapes);
	else
		found[0] = trail_follow(o, &o->first, &w[0], escapes);
	if (found[0] == NULL)
		return i;
	find_values(o, found[0], w[0].ends, raw, keys, i++);
	if (found[1] != NULL)
		find_values(o, found[1], w[1].ends, raw, keys, i++);
	return i;
}

size_t
outlines_find(struct outlines *o, const struct slice *rec, size_t i,
    size_t n, const char *hi, struct slice *const *raw, unsigned char *keys,
    bool *escapes)
{
	size_t from = i, next;

	if (o->rest > 0 && --o->rest == 0) {
		o->credit = CREDIT;
		o->luck = LUCK;
	}
	if (o->rest > 0 || o->first == NULL)
		return i;
	for (; i < n; i = next) {
		next = find_next(o, rec, i, n, hi, raw, keys, escapes);
		if (next == i)
			break;
	}
	o->credit = at_most(o->credit + (i - from), CREDIT);
	o->luck = at_most(o->luck + 2 * (i - from), LUCK);
	if (i < n && --o->luck == 0)
		o->rest = REST;
	return i;
}

static size_t
pass_any(struct slice rec, size_t at, const char *set)
{
	while (at < rec.n && strchr(set, rec.p[at]) != NULL)
		at++;
	return at;
}

/* The scalars of a well-formed text; more than SCALARS if there are more. */
static size_t
find_scalars(struct slice rec, struct span *out)
{
	size_t at = 0, end, next, k = 0;

	while ((at = pass_any(rec, at, "{}[]:, \t\r\n\xef\xbb\xbf")) < rec.n) {
		end = at + 1;
		if (rec.p[at] == '"')
			for (; rec.p[end++] != '"';)
				end += rec.p[end - 1] == '\\';
		else
			while (end < rec.n &&
			    strchr(",]} \t\r\n", rec.p[end]) == NULL)
				end++;
		next = pass_any(rec, end, " \t\r\n");
		if (next == rec.n || rec.p[next] != ':') {	/* no key */
			if (k == SCALARS)
				return SCALARS + 1;
			out[k++] = (struct span){ at, end };
		}
		at = end;
	}
	return k;
}

static void *
pool_take(struct outlines *o, size_t n)
{
	void *p = o->pool + o->used;

	o->used += (n + 7) & ~(size_t)7;
	return p;
}

static uint64_t
first_bytes(size_t n)
{
	return n < 8 ? ((uint64_t)1 << 8 * n) - 1 : UINT64_MAX;
}

/* The step with that text among those at a place; if there is none a new one,
   for which the last of too many goes. */
static struct step *
step_at(struct outlines *o, struct step **first, struct slice text, bool last)
{
	struct step *s, **at = first;
	char *copy;
	size_t n;

	for (n = 1; (s = *at) != NULL; at = &s->other, n++) {
		if (s->last == last &&
		    slice_eq((struct slice){ s->text, s->n }, text))
			return s;
		if (n == OTHERS)
			s->other = NULL;
	}
	s = pool_take(o, last ? sizeof(struct outline) +
	    o->nwant * sizeof(struct place) : sizeof *s);
	copy = pool_take(o, text.n);
	memcpy(copy, text.p, text.n);
	*s = (struct step){ .text = copy, .n = (uint32_t)text.n,
	    .last = last, .plain = !last && text.n <= 16, .other = *first };
	load_part(copy, text.n < 16 ? text.n : 16, &s->word[0], &s->word[1]);
	s->mask[0] = first_bytes(text.n);
	s->mask[1] = text.n < 8 ? 0 : first_bytes(text.n - 8);
	return *first = s;
}

static struct point
point_at(const struct span *scalar, size_t n, size_t at)
{
	struct point p = { 0, (uint32_t)at };
	size_t k;

	for (k = 0; k < n && scalar[k].to <= at; k++)
		p = (struct point){ (uint32_t)k + 1,
		    (uint32_t)(at - scalar[k].to) };
	return p;
}

void
outlines_learn(struct outlines *o, const struct slice *rec, size_t i,
    struct slice *const *raw, const unsigned char *keys)
{
	struct span scalar[SCALARS];
	struct step **at, *s;
	struct outline *l;
	struct slice v;
	size_t from, k, n, size = rec[i].n;

	if (o->rest > 0 || o->credit < COST)
		return;
	o->credit -= COST;
	n = rec[i].n > SPAN ? SCALARS + 1 : find_scalars(rec[i], scalar);
	if (n > SCALARS)
		return;
	for (k = 0; k < n; k++)
		size -= scalar[k].to - scalar[k].from;
	/* What it takes of the pool at most. */
	size += (n + 1) * (sizeof(struct step) + 8) + sizeof(struct outline) +
	    o->nwant * sizeof(struct place);
	if (size > POOL)
		return;
	if (size > POOL - o->used) {
		o->first = NULL;
		o->used = 0;
		o->credit = CREDIT;
	}
	at = &o->first;
	for (k = 0, from = 0; k < n; k++) {
		s = step_at(o, at, (struct slice){ rec[i].p + from,
		    scalar[k].from - from }, false);
		from = scalar[k].to;
		at = &s->then;
	}
	l = (struct outline *)step_at(o, at,
	    (struct slice){ rec[i].p + from, rec[i].n - from }, true);
	l->keys = keys == NULL ? 0 : keys[i];
	for (k = 0; k < o->nwant; k++) {
		v = raw[k][i];
		l->place[k] = (struct place){ .there = v.p != NULL };
		if (v.p == NULL)
			continue;
		from = (size_t)(v.p - rec[i].p);
		l->place[k].from = point_at(scalar, n, from);
		l->place[k].to = point_at(scalar, n, from + v.n);
	}
}
