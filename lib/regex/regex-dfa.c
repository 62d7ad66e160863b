/* regex-dfa.c - the subset automaton, made lazily */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/regex/regex-inner.h"

/* A cache holds at most this, but always a few states. */
enum { CACHE_BYTES = 2 * 1024 * 1024, CACHE_LEAST = 16 };

struct dfa *
dfa_new(const struct nfa *a, struct span at, bool back, bool scan)
{
	struct dfa *d = mem_zero(sizeof *d);
	size_t each;
	int i;

	d->nfa = a;
	d->at = at;
	d->back = back;
	d->scan = scan;
	d->w0 = at.lo / 64;
	d->nw = at.hi / 64 - d->w0 + 1;
	d->stride = a->nclass + 1;
	each = d->stride * sizeof *d->trans + a->nctx * d->nw * sizeof *d->sets;
	d->max = CACHE_BYTES / each;
	if (d->max < CACHE_LEAST)
		d->max = CACHE_LEAST;
	d->made = mem_zero(a->nctx * d->nw * sizeof *d->made);
	d->core = mem_zero(d->nw * sizeof *d->core);
	d->stack = mem_alloc((at.hi - at.lo + 1) * sizeof *d->stack);
	for (i = 0; i < CTXS; i++)
		d->start[i] = DFA_NEW;
	return d;
}

void
dfa_free(struct dfa *d)
{
	if (d == NULL)
		return;
	free(d->trans);
	free(d->sets);
	free(d->hash);
	free(d->made);
	free(d->core);
	free(d->stack);
	free(d);
}

static bool
edge_open(const struct dfa *d, const struct edge *e, unsigned behind,
    unsigned ahead)
{
	unsigned left = d->back ? ahead : behind;
	unsigned right = d->back ? behind : ahead;

	switch (e->kind) {
	case E_FREE:
		return true;
	case E_BOL:
		return left == CTX_END;
	case E_EOL:
		return right == CTX_END;
	case E_WORD:
		return (left == CTX_WORD) != (right == CTX_WORD);
	case E_NOWORD:
		return (left == CTX_WORD) == (right == CTX_WORD);
	case E_SET:
		break;
	}
	return false;
}

static bool
set_put(struct dfa *d, uint64_t *set, uint32_t q)
{
	uint64_t bit = (uint64_t)1 << (q & 63), *w = &set[q / 64 - d->w0];

	if (q < d->at.lo || q > d->at.hi || (*w & bit) != 0)
		return false;
	*w |= bit;
	return true;
}

/* Calls for each state q of a set. */
#define SET_EACH(d, set, q)						\
	for (unsigned w_ = 0; w_ < (d)->nw; w_++)			\
		for (uint64_t b_ = (set)[w_]; b_ != 0 && ((q) =		\
		    ((d)->w0 + w_) * 64 +				\
		    (uint32_t)__builtin_ctzll(b_), true);		\
		    b_ &= b_ - 1)

/* set becomes d->core and all that can be reached from it without a byte,
   between the two contexts. */
static void
dfa_close(struct dfa *d, uint64_t *set, unsigned behind, unsigned ahead)
{
	const uint32_t *first = d->nfa->first[d->back];
	const struct edge *e, *end;
	size_t n = 0;
	uint32_t q;

	memcpy(set, d->core, d->nw * sizeof *set);
	SET_EACH(d, d->core, q)
		d->stack[n++] = q;
	while (n > 0) {
		q = d->stack[--n];
		e = d->nfa->edge[d->back] + first[q];
		for (end = e + (first[q + 1] - first[q]); e < end; e++)
			if (edge_open(d, e, behind, ahead) &&
			    set_put(d, set, e->to))
				d->stack[n++] = e->to;
	}
}

static uint64_t
set_hash(const uint64_t *set, size_t n)
{
	uint64_t h = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		h = (h ^ set[i]) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	return h;
}

/* Room for one state more; may throw all others away. */
static void
dfa_room(struct dfa *d)
{
	size_t words = d->nfa->nctx * d->nw, cap = d->cap, h, i;

	if (d->n == d->max) {
		d->n = 0;
		d->flushes++;
		memset(d->hash, 0xff, d->hcap * sizeof *d->hash);
		for (i = 0; i < CTXS; i++)
			d->start[i] = DFA_NEW;
	}
	if (d->n < d->cap)
		return;
	d->trans = mem_reserve(d->trans, &cap, d->n + 1,
	    d->stride * sizeof *d->trans);
	d->sets = mem_grow(d->sets, cap * words * sizeof *d->sets);
	d->cap = cap;
	d->hcap = cap * 2;
	d->hash = mem_grow(d->hash, d->hcap * sizeof *d->hash);
	memset(d->hash, 0xff, d->hcap * sizeof *d->hash);
	for (i = 0; i < d->n; i++) {
		h = set_hash(d->sets + i * words, words) % d->hcap;
		while (d->hash[h] != DFA_NEW)
			h = (h + 1) % d->hcap;
		d->hash[h] = (uint32_t)i;
	}
}

/* The flags of the state that d->made is. */
static uint32_t
made_flags(const struct dfa *d)
{
	uint32_t goal = d->back ? d->at.lo : d->at.hi, flags = 0;
	const uint64_t *set = d->made;
	uint64_t any = 0;
	unsigned c, w;

	for (c = 0; c < d->nfa->nctx; c++, set += d->nw) {
		flags |= (uint32_t)(set[goal / 64 - d->w0] >> (goal & 63) & 1)
		    << c;
		for (w = 0; w < d->nw; w++)
			any |= set[w];
	}
	return any == 0 ? DFA_DEAD : flags;
}

/* The state whose sets are d->made, new or known, with DFA_LOOK. */
static uint32_t
dfa_intern(struct dfa *d)
{
	size_t words = d->nfa->nctx * d->nw, h;
	uint32_t *row, flags, id;

	if (d->n == d->cap || d->n == d->max)
		dfa_room(d);
	h = set_hash(d->made, words) % d->hcap;
	for (; (id = d->hash[h]) != DFA_NEW; h = (h + 1) % d->hcap)
		if (memcmp(d->sets + id * words, d->made,
		    words * sizeof *d->made) == 0)
			break;
	row = d->trans + (id == DFA_NEW ? d->n : id) * d->stride;
	if (id == DFA_NEW) {
		id = (uint32_t)d->n++;
		d->hash[h] = id;
		memcpy(d->sets + id * words, d->made, words * sizeof *d->made);
		memset(row, 0xff, d->stride * sizeof *row);
		row[d->stride - 1] = id << 4 | made_flags(d);
	}
	flags = row[d->stride - 1] & 15;
	return (uint32_t)(id * d->stride) | (flags != 0 ? DFA_LOOK : 0);
}

/* The state that d->core is, after a byte (or end) of context behind. */
static uint32_t
dfa_make(struct dfa *d, unsigned behind)
{
	unsigned c;

	if (d->scan)
		set_put(d, d->core, d->back ? d->at.hi : d->at.lo);
	for (c = 0; c < d->nfa->nctx; c++)
		dfa_close(d, d->made + c * d->nw, behind, c);
	return dfa_intern(d);
}

uint32_t
dfa_start(struct dfa *d, unsigned ctx)
{
	uint32_t s = d->start[ctx];

	if (s == DFA_NEW) {
		memset(d->core, 0, d->nw * sizeof *d->core);
		set_put(d, d->core, d->back ? d->at.hi : d->at.lo);
		s = dfa_make(d, ctx) & ~DFA_LOOK;
		d->start[ctx] = s;	/* only now: all may be forgotten */
	}
	return s;
}

uint32_t
dfa_build(struct dfa *d, uint32_t s, unsigned char c)
{
	unsigned ctx = d->nfa->ctx[c];
	const uint64_t *set = dfa_set(d, s, ctx);
	const uint32_t *first = d->nfa->first[d->back];
	const struct edge *e, *end;
	uint32_t q, t;
	size_t before;

	memset(d->core, 0, d->nw * sizeof *d->core);
	SET_EACH(d, set, q) {
		e = d->nfa->edge[d->back] + first[q];
		for (end = e + (first[q + 1] - first[q]); e < end; e++)
			if (e->kind == E_SET && set_has(e->set, c))
				set_put(d, d->core, e->to);
	}
	before = d->n;
	t = dfa_make(d, ctx);
	if (d->n >= before)	/* else s was thrown away */
		d->trans[s + d->nfa->cls[c]] = t;
	return t;
}

uint32_t
dfa_adopt(struct dfa *d, const struct dfa *e, uint32_t s)
{
	memcpy(d->made, dfa_set(e, s, 0),
	    d->nfa->nctx * d->nw * sizeof *d->made);
	return dfa_intern(d) & ~DFA_LOOK;
}

/* Reads on from i while the states neither accept nor are new. */
static inline size_t
dfa_glide(const struct dfa *d, struct slice subject, size_t i, uint32_t *state)
{
	const unsigned char *p = (const unsigned char *)subject.p;
	const uint32_t *trans = d->trans;
	const uint8_t *cls = d->nfa->cls;
	uint32_t s = *state, t;

	for (; i < subject.n; i++, s = t) {
		t = trans[s + cls[p[i]]];
		if ((t & DFA_LOOK) != 0)
			break;
	}
	*state = s;
	return i;
}

/* Reads on from i while that leads back to the same state. */
static inline size_t
dfa_stay(const struct dfa *d, struct slice subject, size_t i, uint32_t s)
{
	const unsigned char *p = (const unsigned char *)subject.p;
	const uint32_t *row = d->trans + s;
	const uint8_t *cls = d->nfa->cls;

	while (i < subject.n && (row[cls[p[i]]] & ~DFA_LOOK) == s)
		i++;
	return i;
}

static inline size_t
dfa_glide_back(const struct dfa *d, struct slice subject, size_t from,
    size_t i, uint32_t *state)
{
	const unsigned char *p = (const unsigned char *)subject.p;
	const uint32_t *trans = d->trans;
	const uint8_t *cls = d->nfa->cls;
	uint32_t s = *state, t;

	for (; i > from; i--, s = t) {
		t = trans[s + cls[p[i - 1]]];
		if ((t & DFA_LOOK) != 0)
			break;
	}
	*state = s;
	return i;
}

size_t
dfa_first(struct dfa *d, struct slice subject, size_t i, uint32_t *state,
    size_t *stop)
{
	size_t end = NOWHERE;
	uint32_t row;

	for (;;) {
		row = dfa_row(d, *state);
		if ((row >> ctx_right(d->nfa, subject, i) & 1) != 0)
			end = i;
		if (end != NOWHERE || (row & DFA_DEAD) != 0)
			break;
		i = dfa_glide(d, subject, i, state);
		if (i == subject.n)
			break;
		*state = dfa_step(d, *state, (unsigned char)subject.p[i++]);
	}
	*stop = i;
	return end;
}

void
dfa_lanes(struct dfa *d, const struct slice *subject, bool *hit)
{
	const unsigned char *p[LANES];
	const uint8_t *cls = d->nfa->cls;
	uint32_t start = dfa_start(d, CTX_END), s[LANES], t[LANES];
	const uint32_t *trans = d->trans;
	size_t i = 0, n = subject[0].n, flushes = d->flushes, stop;
	int k;

	for (k = 0; k < LANES; k++) {
		p[k] = (const unsigned char *)subject[k].p;
		s[k] = start;
		n = subject[k].n < n ? subject[k].n : n;
	}
	if (dfa_row(d, start) % 16 != 0)
		n = 0;
	for (; i < n; i++) {
		t[0] = trans[s[0] + cls[p[0][i]]];
		t[1] = trans[s[1] + cls[p[1][i]]];
		t[2] = trans[s[2] + cls[p[2][i]]];
		t[3] = trans[s[3] + cls[p[3][i]]];
		if (((t[0] | t[1] | t[2] | t[3]) & DFA_LOOK) != 0)
			break;
		s[0] = t[0];
		s[1] = t[1];
		s[2] = t[2];
		s[3] = t[3];
	}
	for (k = 0; k < LANES; k++) {
		if (d->flushes != flushes) {	/* s[k] is no more */
			s[k] = dfa_start(d, CTX_END);
			i = 0;
			flushes = SIZE_MAX;
		}
		hit[k] = dfa_first(d, subject[k], i, &s[k], &stop) != NOWHERE;
	}
}

size_t
dfa_longest(struct dfa *d, struct slice subject, size_t i, uint32_t s,
    size_t *stop)
{
	size_t end = NOWHERE;
	uint32_t row;

	for (;; i++) {
		row = dfa_row(d, s);
		if ((row >> ctx_right(d->nfa, subject, i) & 1) != 0) {
			if (d->nfa->nctx == 1)
				i = dfa_stay(d, subject, i, s);
			end = i;
		}
		if ((row & DFA_DEAD) != 0 || i == subject.n)
			break;
		i = dfa_glide(d, subject, i, &s);
		if (i == subject.n)
			break;
		s = dfa_step(d, s, (unsigned char)subject.p[i]);
	}
	*stop = i;
	return end;
}

size_t
dfa_leftmost(struct dfa *d, struct slice subject, size_t from, size_t i)
{
	uint32_t row, s = dfa_start(d, ctx_right(d->nfa, subject, i));
	size_t start = NOWHERE;

	for (;; i--) {
		row = dfa_row(d, s);
		if ((row >> ctx_left(d->nfa, subject, i) & 1) != 0)
			start = i;
		if ((row & DFA_DEAD) != 0 || i == from)
			return start;
		i = dfa_glide_back(d, subject, from, i, &s);
		if (i == from)
			return start;
		s = dfa_step(d, s, (unsigned char)subject.p[i - 1]);
	}
}

bool
dfa_exact(struct dfa *d, struct slice subject, size_t i, size_t j)
{
	const unsigned char *p = (const unsigned char *)subject.p;
	uint32_t s = dfa_start(d, ctx_left(d->nfa, subject, i));

	for (; i < j; i++) {
		if ((dfa_row(d, s) & DFA_DEAD) != 0)
			return false;
		s = dfa_step(d, s, p[i]);
	}
	return (dfa_row(d, s) >> ctx_right(d->nfa, subject, i) & 1) != 0;
}
