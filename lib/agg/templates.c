/* templates.c - the words in which masks vary, found among all of them */
#include <stdlib.h>
#include <string.h>

#include "lib/agg/group.h"
#include "lib/agg/templates.h"
#include "lib/base/arena.h"
#include "lib/base/chars.h"
#include "lib/format/mask.h"

enum {
	FEW = 2, SOME = 5, MANY = 10,	/* words of a slot */
	SHORT = 3,		/* words of a mask that says little */
	GLUED = 64,		/* tokens up to which it is tried */
	ROUNDS = 8
};

#define SEED	UINT64_C(0x74656d706c617465)	/* on every machine */

/* A word of a mask, or what stands between two. */
struct token {
	struct slice text;
	uint64_t term;		/* its part of the mask's hash */
	enum { BETWEEN, KEY, STAR, WORD } what;
	bool named;		/* a name is to be expected */
	uint32_t values;	/* of a word: in its slot; 0: it is none */
};

struct slot {			/* a mask without one of its words */
	uint32_t n;		/* words that it holds */
	bool star;		/* one of them is a * */
};

struct templates {
	struct table *now;		/* masks, then what became of them */
	uint32_t *of;			/* what became of each mask */
	size_t nmasks;
	struct token *token;		/* of one mask */
	size_t n, cap;
	size_t words;			/* of these, keys too */
	uint64_t hash;
	struct buf text;
	struct groups slots;		/* by hash: of struct slot */
	unsigned char *seen;		/* hashes: not, once, again; 2 bits */
	size_t nseen;
};

static bool
is_stop(char c)
{
	return (mask_kind[(unsigned char)c] & MASK_STOP) != 0;
}

/* Words behind which a name is to be expected. */
static bool
is_title(struct slice s)
{
	static const char *const title[] = {
		"user", "host", "file", "device", "domain", "name", "login"
	};
	size_t i, k;

	for (i = 0; i < sizeof title / sizeof *title; i++) {
		for (k = 0; k < s.n && lower(s.p[k]) ==
		    (unsigned char)title[i][k]; k++)
			;
		if (k == s.n && title[i][k] == '\0')
			return true;
	}
	return false;
}

/* What stands before = is a word that never varies. */
static void
add_token(struct templates *t, struct slice s, bool named)
{
	struct token *k;

	t->token = mem_reserve(t->token, &t->cap, t->n + 1, sizeof *t->token);
	k = &t->token[t->n];
	*k = (struct token){ s, hash_bytes(s.p, s.n, SEED + t->n),
	    is_stop(*s.p) ? BETWEEN : slice_eq(s, SLICE("*")) ? STAR : WORD,
	    named, 0 };
	if (k->what == BETWEEN && *s.p == '=' && t->n > 0)
		k[-1].what = KEY;
	t->words += k->what == WORD;
	t->hash += k->term;
	t->n++;
}

/* Cuts a mask into tokens. */
static void
read_tokens(struct templates *t, struct slice mask)
{
	const char *p = mask.p, *end = p + mask.n, *from;
	struct slice s;
	bool stop, named = false;

	t->n = t->words = 0;
	t->hash = 0;
	while (p < end) {
		stop = is_stop(*p);
		for (from = p; p < end && is_stop(*p) == stop; p++)
			;
		s = (struct slice){ from, (size_t)(p - from) };
		add_token(t, s, named);
		named = stop ? named || slice_eq(s, SLICE("=")) : is_title(s);
	}
}

/* The hash of the mask without token i. */
static uint64_t
slot_hash(const struct templates *t, size_t i)
{
	return t->hash - t->token[i].term + hash_bytes("", 0, SEED + i);
}

/* Two bits for a hash: whether it came, and came again. */
static bool
seen(struct templates *t, uint64_t hash, bool note)
{
	size_t at = (size_t)(hash >> 24) & (t->nseen - 1);
	unsigned char *bits = &t->seen[at / 4];
	unsigned once = 1u << at % 4 * 2, again = once << 1;

	if (note)
		*bits |= (unsigned char)(*bits & once ? again : once);
	return (*bits & again) != 0;
}

/* Most slots hold one word, and take no room: NULL. */
static struct slot *
slot_of(struct templates *t, size_t i)
{
	uint64_t hash = slot_hash(t, i);
	struct slice key = { (char *)&hash, sizeof hash };
	uint32_t at;

	if (!seen(t, hash, false))
		return NULL;
	groups_find_keys(&t->slots, &key, 1, &at);
	return groups_acc(&t->slots, at);
}

/* Counts the words of slots; as masks are distinct, so are these.  At first it
   is noted which slots there are. */
static void
count_words(struct templates *t, bool note)
{
	size_t i, k, n = table_count(t->now);
	struct slot *s;

	for (i = 0; i < n; i++) {
		read_tokens(t, table_key(t->now, i));
		for (k = 0; k < t->n; k++) {
			if (t->token[k].what < STAR)
				continue;
			if (note) {
				seen(t, slot_hash(t, k), true);
			} else if ((s = slot_of(t, k)) != NULL) {
				s->n++;
				s->star |= t->token[k].what == STAR;
			}
		}
	}
}

/* How many words the slot of word i holds if these are values; 0: they are
   not. */
static uint32_t
slot_values(struct templates *t, size_t i)
{
	const struct slot *s = slot_of(t, i);
	bool first = i == 0 || (i == 1 && t->token[0].what == BETWEEN);
	uint32_t need;

	if (s == NULL)
		return 0;
	need = s->star && t->words > FEW ? FEW :
	    first || t->words <= SHORT ? MANY : t->token[i].named ? FEW : SOME;
	return s->n >= need ? s->n : 0;
}

/* The mask that the tokens are now. */
static struct slice
join_tokens(struct templates *t)
{
	struct slice s;
	size_t i;

	t->text.n = 0;
	for (i = 0; i < t->n; i++)
		buf_slice(&t->text, t->token[i].text);
	s.p = buf_room(&t->text, MASK_MAX(t->text.n));
	s.n = mask_put(t->text.p + t->text.n, buf_text(&t->text));
	return s;
}

/* Whether a token is a star, and the one before it has no blank. */
static bool
is_glue(const struct templates *t, size_t star, size_t between)
{
	struct slice s = t->token[between].text;

	return t->token[star].what == STAR && memchr(s.p, ' ', s.n) == NULL;
}

/* Whether a star is glued to word i, and what is left without it is there. */
static bool
is_glued(struct templates *t, size_t i)
{
	struct slice word = t->token[i].text, mask;
	uint32_t at;

	if (t->n > GLUED || !((i > 1 && is_glue(t, i - 2, i - 1)) ||
	    (i + 2 < t->n && is_glue(t, i + 2, i + 1))))
		return false;
	t->token[i].text = SLICE("*");
	mask = join_tokens(t);
	t->token[i].text = word;
	table_find(t->now, &mask, 1, table_count(t->now), &at);
	return at != TABLE_FULL;
}

/* Finds the words that vary; how many, but for one that must stay. */
static size_t
find_values(struct templates *t)
{
	struct token *k, *least = NULL;
	size_t i, n = 0;

	for (i = 0; i < t->n; i++) {
		k = &t->token[i];
		if (k->what != WORD)
			continue;
		k->values = is_glued(t, i) ? FEW : slot_values(t, i);
		if (k->values == 0)
			continue;
		n++;
		if (least == NULL || k->values < least->values)
			least = k;
	}
	if (n == 0 || n < t->words)
		return n;
	least->values = 0;
	return n - 1;
}

/* Whether any mask changed. */
static bool
round_once(struct templates *t)
{
	size_t i, k, n = table_count(t->now);
	struct table *next = table_new(SEED);
	uint32_t *to = mem_alloc(n * sizeof *to);
	bool changed = false;
	struct slice mask;

	memset(t->seen, 0, t->nseen / 4);
	groups_reset(&t->slots);
	count_words(t, true);
	count_words(t, false);
	for (i = 0; i < n; i++) {
		mask = table_key(t->now, i);
		read_tokens(t, mask);
		if (find_values(t) > 0) {
			for (k = 0; k < t->n; k++)
				if (t->token[k].values > 0)
					t->token[k].text = SLICE("*");
			mask = join_tokens(t);
			changed = true;
		}
		table_find(next, &mask, 1, 0, &to[i]);
	}
	for (i = 0; i < t->nmasks; i++)
		t->of[i] = to[t->of[i]];
	free(to);
	table_free(t->now);
	t->now = next;
	return changed;
}

struct templates *
templates_find(struct table *masks)
{
	struct templates *t = mem_zero(sizeof *t);
	size_t i, bytes = 0, rounds = 0;

	t->now = masks;
	t->nmasks = table_count(masks);
	t->of = mem_alloc(t->nmasks * sizeof *t->of);
	for (i = 0; i < t->nmasks; i++) {
		bytes += table_key(masks, i).n;
		t->of[i] = (uint32_t)i;
	}
	for (t->nseen = 1024; t->nseen < bytes / 2; t->nseen *= 2)
		;
	t->seen = mem_alloc(t->nseen / 4);
	groups_init(&t->slots, &(struct keys){ .n = 1 }, sizeof(struct slot),
	    SEED);
	while (round_once(t) && ++rounds < ROUNDS)
		;
	groups_fini(&t->slots);
	free(t->seen);
	free(t->token);
	buf_free(&t->text);
	return t;
}

void
templates_free(struct templates *t)
{
	table_free(t->now);
	free(t->of);
	free(t);
}

struct slice
templates_of(const struct templates *t, size_t i)
{
	return table_key(t->now, t->of[i]);
}
