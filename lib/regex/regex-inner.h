/* regex-inner.h - what the parts of the regex matcher share */
#ifndef MBATCH_REGEX_INNER_H
#define MBATCH_REGEX_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/chars.h"
#include "lib/base/slice.h"
#include "lib/scan/scan.h"

struct arena;

struct byteset {
	uint64_t w[4];
};

static inline bool
set_has(const struct byteset *s, unsigned char c)
{
	return s->w[c >> 6] >> (c & 63) & 1;
}

static inline void
set_add(struct byteset *s, unsigned char c)
{
	s->w[c >> 6] |= (uint64_t)1 << (c & 63);
}

static inline bool
set_all(const struct byteset *s)
{
	return (s->w[0] & s->w[1] & s->w[2] & s->w[3]) == UINT64_MAX;
}

/* What stands beside a position, as far as an assertion can tell: no byte, or a
   newline where that is a line's end; another one. */
enum { CTX_END, CTX_OTHER, CTX_WORD, CTXS };

static inline bool
regex_word(unsigned char c)
{
	return is_alnum((char)c) || c == '_';
}

/* The pattern as a tree. */
enum node_kind { N_EMPTY, N_SET, N_ASSERT, N_CAT, N_ALT, N_REP, N_GROUP };
enum edge_kind { E_FREE, E_BOL, E_EOL, E_WORD, E_NOWORD, E_SET };
enum { REP_MAX = 255, REP_INF = REP_MAX + 1 };

struct span {
	uint32_t lo, hi;
};

struct dfa;
struct node {
	enum node_kind kind;
	enum edge_kind assert;		/* N_ASSERT */
	struct byteset set;		/* N_SET */
	unsigned min, max;		/* N_REP */
	unsigned group;			/* N_GROUP: its number, from 1 */
	unsigned glo, ghi;		/* the groups in it: glo <= g < ghi */
	unsigned depth;
	size_t width;			/* bytes it takes, or WIDTH_VARIES */
	size_t rest;			/* width of what follows in its N_CAT */
	const struct byteset *run;	/* it ends where these do: node_run */
	struct node *kid, *next;
	size_t nkid;
	struct span at;			/* its entry and exit in the automaton;
					   in the first copy, if it is copied */
	struct span *copy;		/* N_REP: the copies of its kid */
	size_t ncopy;
	size_t from, to;		/* what it took, in regex-match.c */
	struct dfa *back;		/* over all of it: regex-match.c */
	struct dfa **ahead;		/* of each kid or copy */
};
#define WIDTH_VARIES	SIZE_MAX

struct ast {
	struct node *root;
	size_t groups;
	bool bounds;			/* there is a \b or \B */
	bool asserts;			/* or any other assertion */
	bool lines;			/* ^ and $ are also the ends of lines */
	bool anchored;			/* every match starts with ^, there */
	bool dots;			/* the pattern starts with .* */
	const struct scan_class *first;	/* a match begins with one of these;
					   NULL: it may be empty */
	bool run;			/* and is a run of these */
};

/* Fills in what follows from the tree: widths, runs, whether it is anchored. */
void ast_settle(struct ast *, struct arena *);

/* false on error: *err says what, *at where. */
bool regex_parse(struct ast *, struct slice pattern, unsigned flags,
    struct arena *, const char **err, size_t *at);

/*
 * The automaton: Thompson's, with edges kept in both directions, so that sets
 * of states going forward and backward can be intersected.  A node's states
 * are numbered without a gap from its entry to its exit, no edge inside
 * enters its entry and none leaves its exit.
 */
struct edge {
	uint32_t to;
	enum edge_kind kind;
	const struct byteset *set;
};

struct nfa {
	uint32_t n;
	struct edge *edge[2];		/* [0] out of, [1] into each state */
	uint32_t *first[2];		/* n + 1 indexes into edge */
	uint8_t cls[256];		/* bytes no set tells apart share one */
	uint8_t ctx[256];
	unsigned nclass;
	unsigned nctx;			/* CTXS, or 1 if nothing asserts */
};

bool nfa_make(struct nfa *, struct ast *, struct arena *, const char **err);

/*
 * The subset automaton of the states lo to hi, made as it is needed and
 * thrown away when it has grown too large.  A state of it is an offset into
 * trans, where its row is: where each class of byte leads, then its number and
 * flags.  It holds a set of NFA states for each context that may follow.
 */
struct dfa {
	const struct nfa *nfa;
	struct span at;
	bool back;			/* reads from hi to lo */
	bool scan;			/* may start anywhere */
	unsigned w0, nw;		/* the words a set takes */
	size_t stride;
	uint32_t *trans;
	uint64_t *sets;			/* nctx * nw words each */
	size_t n, cap, max;
	uint32_t *hash;
	size_t hcap;
	uint32_t start[CTXS];
	size_t flushes;
	uint64_t *made;			/* the set being made */
	uint64_t *core;
	uint32_t *stack;
};

#define DFA_NEW		UINT32_MAX	/* not yet known where it leads */
#define DFA_LOOK	0x80000000u	/* accepts or is dead: see its row */
#define DFA_DEAD	8u		/* in the last word of a row, beside the
					   contexts it accepts in */

struct dfa *dfa_new(const struct nfa *, struct span, bool back, bool scan);
void dfa_free(struct dfa *);
uint32_t dfa_start(struct dfa *, unsigned ctx);
uint32_t dfa_build(struct dfa *, uint32_t s, unsigned char c);
/* The state of d that is the same set as s of e, both of the same span. */
uint32_t dfa_adopt(struct dfa *d, const struct dfa *e, uint32_t s);

static inline uint32_t
dfa_step(struct dfa *d, uint32_t s, unsigned char c)
{
	uint32_t t = d->trans[s + d->nfa->cls[c]];

	if (t == DFA_NEW)
		t = dfa_build(d, s, c);
	return t & ~DFA_LOOK;
}

static inline uint32_t
dfa_row(const struct dfa *d, uint32_t s)
{
	return d->trans[s + d->stride - 1];
}

static inline const uint64_t *
dfa_set(const struct dfa *d, uint32_t s, unsigned ctx)
{
	return d->sets + ((dfa_row(d, s) >> 4) * d->nfa->nctx + ctx) * d->nw;
}

/* The context on the left and the right of position i of s. */
static inline unsigned
ctx_left(const struct nfa *a, struct slice s, size_t i)
{
	return i == 0 ? CTX_END : a->ctx[(unsigned char)s.p[i - 1]];
}

static inline unsigned
ctx_right(const struct nfa *a, struct slice s, size_t i)
{
	return i == s.n ? CTX_END : a->ctx[(unsigned char)s.p[i]];
}

#define NOWHERE	SIZE_MAX

/* Where the first match to end ends, reading on from i in *state, which
   becomes the state there; *stop is the last place looked at. */
size_t dfa_first(struct dfa *, struct slice, size_t i, uint32_t *state,
    size_t *stop);
/* Tests LANES subjects at once, which takes less than twice the time of one. */
enum { LANES = 4 };
void dfa_lanes(struct dfa *, const struct slice *, bool *hit);
/* Where the longest match ends that state s at i leads to; *stop is the last
   place looked at. */
size_t dfa_longest(struct dfa *, struct slice, size_t i, uint32_t s,
    size_t *stop);
/* The smallest place >= from that a match starts at which ends at i or
   before. */
size_t dfa_leftmost(struct dfa *, struct slice, size_t from, size_t i);
/* Does it match exactly i to j? */
bool dfa_exact(struct dfa *, struct slice, size_t i, size_t j);

/*
 * The longest text that every match holds, or several of which it holds one.
 * Where fold[i] is set, it is or'ed to the subject's byte before that is
 * compared with p[i].
 */
enum { LITERAL_MAX = 128 };
struct literal {
	size_t n;			/* 0: there is none to look for */
	size_t lead;			/* bytes of a match before it, or
					   WIDTH_VARIES */
	bool folds;
	bool pure;			/* the pattern is nothing else, but */
	bool bol, eol;			/* for these */
	size_t rare;			/* where its rarest byte is */
	struct literal *other;		/* of the same length, that may stand
					   instead of it */
	struct literal *rival;		/* another one of every match, which may
					   be rarer */
	const struct scan_clue *clue;	/* of it and all others */
	size_t nclues;
	uint64_t word, care, folded;	/* of n <= 8: as words.h has them */
	unsigned char p[LITERAL_MAX], fold[LITERAL_MAX];
};

const struct literal *literal_of(const struct ast *, struct arena *);
/* Where it stands first from from on, or NOWHERE. */
size_t literal_find(const struct literal *, struct slice, size_t from);
/* The places where it stands from *from on, as scan_places has them; 0: there
   are no more. */
enum { PLACES = 64 };
size_t literal_places(const struct literal *, struct slice, size_t *from,
    uint32_t *at);
/* That of it and its rivals which is rarest in a sample. */
const struct literal *literal_rarest(const struct literal *, struct slice);
/* Where a pure pattern matches. */
size_t literal_match(const struct literal *, struct slice, size_t from);

/* A pattern that can match from a place in one way only. */
enum { TRACK_STEPS = 32, TRACK_GROUPS = 8 };
struct track {
	struct scan_track scan;
	struct scan_step *step;
	size_t n, fixed;		/* steps; those of a byte before all
					   others */
	bool eol;			/* the subject ends behind it */
	struct track_group {	/* it lies from at[from] + from_add on */
		uint32_t from, from_add, to, to_add;
	} group[TRACK_GROUPS + 1];
	size_t at[TRACK_STEPS + 1];	/* where each step of the last match
					   began, and its end; of the fixed ones
					   maybe that of the first alone */
};

struct track *track_of(const struct ast *, struct arena *);	/* or NULL */

/* Where its match ends that begins at i and whose step k does at at, with up
   to hi readable; *stop is the last place looked at. */
static inline size_t
track_end(struct track *t, struct slice s, const char *hi, size_t i, size_t k,
    size_t at, size_t *stop)
{
	t->at[0] = i;
	t->at[k] = at;
	k = k < t->n ? scan_steps(&t->scan, k, s, hi) : k;
	*stop = t->at[k < t->n ? k + 1 : k];
	return k < t->n || (t->eol && *stop < s.n) ? NOWHERE : *stop;
}

/* Where, if a track is bytes that are len long and then a run of any length, of
   one line, that run ends; NULL: it is not.  known bytes of it are seen. */
static inline const struct scan_class *
track_run(const struct track *t, size_t len, size_t known)
{
	const struct scan_step *st = &t->step[known];

	return known == len && known + 1 == t->n && st->max == SIZE_MAX &&
	    st->others.has['\n'] && st->others.has['\0'] ? &st->others : NULL;
}

/* track_end of such a one, whose run ends at end, or with the subject. */
static inline size_t
track_at(struct track *t, struct slice s, size_t i, size_t end, size_t *stop)
{
	size_t at = i + t->n - 1;

	*stop = end = end < s.n ? end : s.n;
	t->at[0] = i;
	t->at[t->n - 1] = at;
	t->at[t->n] = end;
	return end - at < t->step[t->n - 1].min || (t->eol && end < s.n) ?
	    NOWHERE : end;
}

/* Of the last match the slice of group g, from 1; of 0, of all of it. */
static inline struct slice
track_group(const struct track *t, struct slice s, size_t g)
{
	const struct track_group *w = &t->group[g];
	size_t from = t->at[w->from] + w->from_add;
	size_t to = t->at[w->to] + w->to_add;

	return (struct slice){ s.p + from, to - from };
}

/* Sets the groups of a match of root from i to j. */
struct matcher {
	const struct nfa *nfa;
	struct slice *m;		/* m[g] for 1 <= g < nm */
	size_t nm;
	uint64_t *live;			/* a set for each position */
	size_t cap;
};
void match_groups(struct matcher *, struct node *root, struct slice, size_t i,
    size_t j);
void match_free(struct node *root);

#endif
