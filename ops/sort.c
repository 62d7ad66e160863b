/* sort - the batch's records in order, stable */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/base/gang.h"
#include "lib/base/radix.h"
#include "lib/base/words.h"
#include "lib/format/pack.h"
#include "lib/number/rank.h"
#include "lib/number/shortest.h"
#include "lib/run/args.h"
#include "lib/run/emit.h"
#include "lib/run/hold.h"
#include "lib/run/keys.h"

/*
 * Keys are compared as words: of text 7 bytes and how many there are, so that
 * what ends sorts before what goes on; of a number its double.  Records of
 * equal words are sorted by the next one, of this key or of the next; few of
 * them, and those that are equal for long, by comparing what is left.
 *
 * A large batch is first put into buckets, by splitters that a sample of it has
 * at equal distances, as in sample sort (Frazer and McKellar, 1970), each of
 * about as much text as a processor's cache holds.  Threads put shares of the
 * batch into the order of buckets, then sort a bucket each, of all shares, and
 * lay its text side by side, which is handed on in the order of buckets.
 */
enum {
	TEXT_WORD = 7,
	TEXT_ON = TEXT_WORD + 1,
	FEW = 6,
	NEAR = 10,
	DEEP = 16,
	VARINT = 10,			/* bytes of a number at most */
	CHUNK_FROM = 4096,
	CHUNK = 16 * 1024 * 1024 - 64,	/* with what malloc adds, the kernel's
					   huge pages */
	SHARE = 32 * 1024,		/* items, and those of a vector */
	SAMPLE = 16,			/* of each bucket */
	BUCKETS = 2048,			/* at most */
	STEP = 1024 * 1024,		/* bytes of a bucket */
	THREADS_FROM = 8,		/* buckets */
	THREADS = 32			/* at most */
};
#define NO_NUMBER	UINT64_MAX
#define RANDOM		6364136223846793005	/* Knuth's, for the sample */
#define DIGITS_REAL	1000000000000000	/* decimals of 15 digits differ
						   where their doubles do */

struct conf {
	struct keys by;
	bool *numeric;			/* [by.n] */
	bool number, reverse;
	bool whole;			/* the record is the key */
	unsigned jobs;
	size_t step;
};

/* Memory that stays where it is. */
struct chunk {
	char *p;
	size_t n, cap;
	uint64_t base;			/* of its records' numbers */
};

/* Records in the order they came, by their first words: item.of is the chunk,
   counted from the share's first one, item.i where the record lies in it. */
struct share {
	struct radix_item *item;
	size_t n, cap, chunk;
};

/* Part of what is sorted. */
struct work {
	struct radix_item *item;	/* room for twice as many */
	size_t n, cap;
	struct buf text;		/* its records, where these leave as
					   they are */
};

/*
 * A record in its chunk: in 7 bits a byte, lowest first, its length and whether
 * there are keys, as their first words don't say all; if so, for each key where
 * it is, counted from the text on, and its length; the text; its number; keys
 * that aren't part of it.
 */
struct state {
	struct chunk *chunk;
	size_t nchunks, chunkcap;
	struct share *share;
	size_t nshares, sharecap;
	bool vague;			/* a number's word doesn't tell it */
	struct buf columns;
	struct work work;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	(void)op;
	if (args_flags(a, c) != OK)
		return FAIL;
	args_keyword(a, "by");		/* sort by x, as people type it */
	w = args_maybe(a);
	return args_fields(a, w == NULL ? "0" : w, true, &c->by.field,
	    &c->by.n);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	const struct column *col;
	size_t i;

	c->numeric = arena_zero(b->arena, c->by.n);
	for (i = 0; i < c->by.n; i++) {
		col = shape_field(b->in, &c->by.field[i]);
		c->numeric[i] = c->number ||
		    (col != NULL && (col->flags & COL_NUMBER) != 0);
	}
	c->whole = c->by.n == 1 && c->by.field[0].kind == FIELD_WHOLE &&
	    !c->numeric[0];
	b->whole = c->whole;
	c->jobs = b->opt->jobs;
	c->step = b->opt->step == 0 ? STEP : b->opt->step;
	return keys_bind(&c->by, b);
}

/* The word of text from at on. */
static uint64_t
text_word(struct slice s, size_t at)
{
	size_t n = s.n - at;
	uint64_t w, rest;

	if (n > TEXT_WORD)
		w = load_64(s.p + at);
	else
		load_part(s.p + at, n, &w, &rest);
	w = __builtin_bswap64(w);
	return (w & ~(uint64_t)255) | (n > TEXT_WORD ? TEXT_ON : n);
}

/* Doubles in the order of their words: of IEEE 754's own, with what is below 0
   turned round. */
static uint64_t
number_word(double d)
{
	uint64_t w, sign = (uint64_t)1 << 63;

	d += 0;				/* no -0 */
	memcpy(&w, &d, sizeof w);
	return (w & sign) != 0 ? ~w : w | sign;
}

static double
word_number(uint64_t w)
{
	uint64_t sign = (uint64_t)1 << 63;
	double d;

	w = (w & sign) != 0 ? w ^ sign : ~w;
	memcpy(&d, &w, sizeof d);
	return d;
}

/* The first word of a key; whether that says all.  *vague: it is a number and
   doesn't. */
static bool
first_word(const struct conf *c, size_t j, struct slice key, uint64_t *word,
    bool *vague)
{
	struct number v;
	bool all;

	if (!c->numeric[j]) {
		*word = text_word(key, 0);
		all = key.n <= TEXT_WORD;
	} else if (!number_parse(&v, key)) {
		*word = NO_NUMBER;
		return false;
	} else {
		*word = number_word(v.real);
		all = v.exact && v.mant > -DIGITS_REAL && v.mant < DIGITS_REAL;
		*vague |= !all;
	}
	if (c->reverse)
		*word = ~*word;
	return all;
}

/* Another chunk, with room for n bytes. */
static char *
more_chunk(struct state *s, size_t n)
{
	size_t cap = CHUNK_FROM;

	if (s->nchunks > 0) {
		cap = s->chunk[s->nchunks - 1].cap;
		cap = cap < CHUNK / 2 ? 2 * cap : CHUNK;
	}
	cap = cap > n ? cap : n;
	s->chunk = mem_reserve(s->chunk, &s->chunkcap, s->nchunks + 1,
	    sizeof *s->chunk);
	s->chunk[s->nchunks] = (struct chunk){ mem_alloc(cap), 0, cap, 0 };
	return s->chunk[s->nchunks++].p;
}

/* Room for n bytes, behind what is there. */
static inline char *
more_room(struct state *s, size_t n)
{
	const struct chunk *c;

	if (s->nchunks == 0)
		return more_chunk(s, n);
	c = &s->chunk[s->nchunks - 1];
	return c->cap - c->n >= n && c->n < CHUNK && c->base == 0 ?
	    c->p + c->n : more_chunk(s, n);
}

/* The last share, with room for n items. */
static struct share *
more_items(struct state *s, size_t n)
{
	struct share *h;

	if (s->nshares == 0 || s->share[s->nshares - 1].n >= SHARE) {
		s->share = mem_reserve(s->share, &s->sharecap, s->nshares + 1,
		    sizeof *s->share);
		s->share[s->nshares++] = (struct share){ .n = 0 };
		n += s->nshares > 1 ? SHARE : 0;
	}
	h = &s->share[s->nshares - 1];
	h->item = mem_reserve(h->item, &h->cap, h->n + n, sizeof *h->item);
	return h;
}

static inline struct radix_item
item_of(const struct share *h, size_t i)
{
	struct radix_item x = h->item[i];

	x.of += (uint32_t)h->chunk;
	return x;
}

static inline char *
put_number(char *p, uint64_t n)
{
	for (; n > 127; n >>= 7)
		*p++ = (char)(n | 128);
	*p++ = (char)n;
	return p;
}

static inline const char *
get_number(const char *p, uint64_t *n)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned shift = 7;

	*n = *u & 127;
	for (; *u++ > 127; shift += 7)
		*n |= (uint64_t)(*u & 127) << shift;
	return (const char *)u;
}

/* Whether a key is not in the text that is held of record i. */
static inline bool
apart(const struct vec *v, struct slice key, size_t i)
{
	struct slice rec = v->rec[i];

	return key.n > 0 && (v->columns ||
	    (uintptr_t)key.p - (uintptr_t)rec.p >= rec.n);
}

/* The places of all keys of record i; of what isn't in its text, from byte
   behind on. */
static char *
put_keys(const struct conf *c, const struct vec *v, size_t i, char *p,
    size_t behind)
{
	struct slice key;
	size_t j, at;

	for (j = 0; j < c->by.n; j++) {
		key = v->col[c->by.col[j]][i];
		at = key.n == 0 ? 0 : (size_t)(key.p - v->rec[i].p);
		if (apart(v, key, i)) {
			at = behind;
			behind += key.n;
		}
		p = put_number(put_number(p, at), key.n);
	}
	return p;
}

static char *
put_apart(const struct conf *c, const struct vec *v, size_t i, char *p)
{
	struct slice key;
	size_t j;

	for (j = 0; j < c->by.n; j++) {
		key = v->col[c->by.col[j]][i];
		if (!apart(v, key, i))
			continue;
		memcpy(p, key.p, key.n);
		p += key.n;
	}
	return p;
}

/* Holds record i, with keys or without. */
static struct radix_item
hold(struct state *s, const struct conf *c, const struct vec *v, size_t i,
    bool keys, struct slice text, uint64_t word)
{
	size_t j, n = 2 * VARINT + text.n;
	struct chunk *k;
	char *p, *from;

	for (j = 0; keys && j < c->by.n; j++)
		n += 2 * VARINT + v->col[c->by.col[j]][i].n;
	from = p = more_room(s, n);
	k = &s->chunk[s->nchunks - 1];
	p = put_number(p, (uint64_t)text.n << 1 | keys);
	if (keys)
		p = put_keys(c, v, i, p, text.n + (size_t)(put_number(p,
		    v->num[i]) - p));
	if (text.n > 0)
		memcpy(p, text.p, text.n);
	p = put_number(p + text.n, v->num[i]);
	if (keys)
		p = put_apart(c, v, i, p);
	k->n = (size_t)(p - k->p);
	return (struct radix_item){ word, (uint32_t)(k - s->chunk),
	    (uint32_t)(from - k->p) };
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	const struct slice *key = v->col[c->by.col[0]];
	struct state *s = vs;
	struct share *h = more_items(s, v->n);
	struct radix_item *x;
	struct slice text;
	uint64_t word;
	size_t i;
	bool all;

	for (i = 0; i < v->n; i++) {
		text = v->rec[i];
		if (v->columns) {
			s->columns.n = 0;
			hold_columns(&s->columns, e, v, i);
			text = (struct slice){ s->columns.p, s->columns.n };
		}
		all = first_word(c, 0, key[i], &word, &s->vague);
		x = &h->item[h->n++];
		*x = hold(s, c, v, i, c->by.n > 1 || (!all && !c->whole), text,
		    word);
		x->of -= (uint32_t)h->chunk;
	}
	return OK;
}

/* Records that are equal before byte at of key j.  A key that is sorted as a
   number is one at byte 0; if it is none, its text begins at byte 1. */
struct order {
	const struct conf *conf;
	const struct state *s;
	struct radix_item *other;	/* room for as many */
	size_t j, at;
	unsigned depth;
};

static void sort_rest(const struct order *, struct radix_item *, size_t n);

static inline const char *
place(const struct state *s, const struct radix_item *a)
{
	return s->chunk[a->of].p + a->i;
}

/* So many items before it is looked at. */
static inline void
prefetch(const struct state *s, const struct radix_item *a)
{
	enum { LINE = 64 };
	const char *p = place(s, a);

	__builtin_prefetch(p);
	__builtin_prefetch(p + LINE);
	__builtin_prefetch(p + 2 * LINE);
}

/* What is held of a record; *key: where its keys' places are, NULL: it has
   none. */
static inline struct slice
record(const struct state *s, const struct conf *c, const struct radix_item *a,
    const char **key)
{
	const char *p;
	uint64_t n, skip;
	size_t j;

	p = get_number(place(s, a), &n);
	*key = (n & 1) != 0 ? p : NULL;
	for (j = 0; (n & 1) != 0 && j < c->by.n; j++)
		p = get_number(get_number(p, &skip), &skip);
	return (struct slice){ p, (size_t)(n >> 1) };
}

static uint64_t
number_of(const struct state *s, const struct radix_item *a, struct slice text)
{
	uint64_t num;

	get_number(text.p + text.n, &num);
	return s->chunk[a->of].base + num;
}

/* Key j of a record; p NULL: its first word says all. */
static inline struct slice
key_of(const struct order *o, size_t j, const struct radix_item *a)
{
	uint64_t n, at, len, from = 0, size = 0;
	const char *p;
	size_t k;

	p = get_number(place(o->s, a), &n);
	if (o->conf->whole)
		return (struct slice){ p, (size_t)(n >> 1) };
	if ((n & 1) == 0)
		return (struct slice){ NULL, 0 };
	for (k = 0; k < o->conf->by.n; k++) {
		p = get_number(get_number(p, &at), &len);
		from = k == j ? at : from;
		size = k == j ? len : size;
	}
	return (struct slice){ p + from, (size_t)size };
}

/* A key that its first word says all of, in room (NUMBER_MAX): a text, or one
   of the same number. */
static struct slice
word_key(const struct conf *c, uint64_t word, char *room)
{
	struct slice key = { room, 1 };
	double d;
	int exp;

	if (c->reverse)
		word = ~word;
	if (!c->numeric[0]) {
		store_64(room, __builtin_bswap64(word));
		key.n = word & 255;
		return key;
	}
	d = word_number(word);
	*room = '0';
	if (d != 0) {
		*room = '-';
		key.n = (size_t)(d < 0);
		key.n += number_put_u64(room + key.n,
		    shortest(d < 0 ? -d : d, &exp));
		room[key.n++] = 'e';
		key.n += number_put_i64(room + key.n, exp);
	}
	return key;
}

static void
get_rank(const struct order *o, size_t j, const struct radix_item *a,
    char *room, struct rank *r)
{
	struct slice key = key_of(o, j, a);

	if (key.p == NULL)
		key = word_key(o->conf, a->word, room);
	rank_set(r, key, true);
}

static int
compare_numbers(const struct order *o, size_t j, const struct radix_item *a,
    const struct radix_item *b)
{
	char aroom[NUMBER_MAX], broom[NUMBER_MAX];
	struct rank x, y;

	get_rank(o, j, a, aroom, &x);
	get_rank(o, j, b, broom, &y);
	return rank_cmp(&x, &y, o->conf->reverse);
}

/* By all that is left of the keys. */
static int
compare(const struct order *o, const struct radix_item *a,
    const struct radix_item *b)
{
	const struct conf *c = o->conf;
	struct slice x, y;
	size_t j, at;
	int r;

	for (j = o->j, at = o->at; j < c->by.n; j++, at = 0) {
		if (c->numeric[j] && at == 0) {
			r = compare_numbers(o, j, a, b);
		} else {
			at -= c->numeric[j];
			x = key_of(o, j, a);
			y = key_of(o, j, b);
			r = slice_cmp((struct slice){ x.p + at, x.n - at },
			    (struct slice){ y.p + at, y.n - at });
			r = c->reverse ? -r : r;
		}
		if (r != 0)
			return r;
	}
	return 0;
}

/* Merges halves, down to a few that are inserted. */
static void
sort_compared(const struct order *o, struct radix_item *a, size_t n)
{
	struct radix_item x, *l = o->other, *r = a + n / 2;
	struct radix_item *lend = l + n / 2, *rend = a + n;
	size_t i, k;

	if (n <= FEW) {
		for (i = 1; i < n; i++) {
			x = a[i];
			for (k = i; k > 0 && compare(o, &a[k - 1], &x) > 0; k--)
				a[k] = a[k - 1];
			a[k] = x;
		}
		return;
	}
	sort_compared(o, a, n / 2);
	sort_compared(o, r, n - n / 2);
	memcpy(l, a, n / 2 * sizeof *l);
	while (l < lend)
		*a++ = r < rend && compare(o, l, r) > 0 ? *r++ : *l++;
}

/* Where records go on that have this word at o's place.  False: they are to be
   compared from that on. */
static bool
next_place(const struct order *o, uint64_t word, struct order *next)
{
	const struct conf *c = o->conf;
	bool number = c->numeric[o->j] && o->at == 0;

	*next = *o;
	next->depth++;
	if (number && word != NO_NUMBER && o->s->vague)
		return false;
	if (number && word == NO_NUMBER) {
		next->at = 1;
	} else if (!number && ((c->reverse ? ~word : word) & 255) == TEXT_ON) {
		next->at = o->at + TEXT_WORD;
	} else {
		next->j++;
		next->at = 0;
	}
	return true;
}

/* The word at o's place. */
static uint64_t
word_at(const struct order *o, const struct radix_item *a, bool *vague)
{
	struct slice key = key_of(o, o->j, a);
	uint64_t word;

	if (o->at == 0) {
		first_word(o->conf, o->j, key, &word, vague);
		return word;
	}
	word = text_word(key, o->at - o->conf->numeric[o->j]);
	return o->conf->reverse ? ~word : word;
}

/* The words are those of o's place: sorts by them, then runs of equal ones by
   what follows. */
static void
sort_words(const struct order *o, struct radix_item *a, size_t n)
{
	struct order next;
	size_t i, k, run;
	uint64_t word;

	radix_sort(a, n, o->other);
	for (i = 0; i < n; i += run) {
		word = a[i].word;
		for (run = 1; i + run < n && a[i + run].word == word; run++)
			;
		if (run == 1)
			continue;
		if (!next_place(o, word, &next)) {
			sort_compared(o, a + i, run);
			continue;
		}
		sort_rest(&next, a + i, run);
		for (k = i; k < i + run; k++)
			a[k].word = word;
	}
}

/* Nothing is known but that they are equal so far. */
static void
sort_rest(const struct order *o, struct radix_item *a, size_t n)
{
	bool vague = false;
	size_t i;

	if (o->j == o->conf->by.n)
		return;
	if (n <= FEW || o->depth > DEEP) {
		sort_compared(o, a, n);
		return;
	}
	for (i = 0; i < n; i++) {
		if (i + NEAR < n)
			prefetch(o->s, &a[i + NEAR]);
		a[i].word = word_at(o, &a[i], &vague);
	}
	if (vague)
		sort_compared(o, a, n);
	else
		sort_words(o, a, n);
}

/*
 * Splitters that are equal before a place, by their words there, and those of
 * them that are equal there, too.
 */
struct node {
	struct order o;
	size_t lo, n;			/* from splitter lo on */
	uint64_t *word;
	size_t *end;			/* of those that have the same one */
	struct node **sub;		/* of these, at the first; NULL: they
					   are compared */
};

/* What is sorted: by shares, then by buckets. */
struct sorting {
	const struct conf *c;
	struct state *s;
	struct emit *e;
	struct arena arena;
	struct radix_item *splitter;	/* [buckets - 1] */
	size_t buckets;
	struct node *root;
	struct order *at;		/* of each bucket: its words' place */
	uint32_t *end;			/* [nshares][buckets]: where each ends
					   in the share */
	bool plain;			/* they leave as they are */
	char term;
	struct work *work;		/* of part k: k % nwork */
	size_t nwork;
};

static struct node *
grow(struct sorting *t, const struct order *o, size_t lo, size_t n)
{
	struct node *k = arena_zero(&t->arena, sizeof *k);
	struct order next;
	bool vague = false;
	size_t i, end;

	*k = (struct node){ .o = *o, .lo = lo, .n = n };
	k->word = arena_alloc(&t->arena, n * sizeof *k->word);
	k->end = arena_alloc(&t->arena, n * sizeof *k->end);
	k->sub = arena_zero(&t->arena, n * sizeof(struct node *));
	for (i = 0; i < n; i++)
		k->word[i] = o->depth == 0 ? t->splitter[lo + i].word :
		    word_at(o, &t->splitter[lo + i], &vague);
	for (i = 1; i < n; i++)
		t->at[lo + i] = *o;
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && k->word[end] == k->word[i]; end++)
			;
		k->end[i] = end;
		if (end - i > 1 && next_place(o, k->word[i], &next) &&
		    next.j < o->conf->by.n && next.depth < DEEP &&
		    !(next.at == 0 && o->conf->numeric[next.j]))
			k->sub[i] = grow(t, &next, lo + i, end - i);
	}
	return k;
}

/* The first of the splitters from p on, which have the word of x, too, that is
   above it: of equal records the later one is. */
static size_t
above(const struct sorting *t, const struct node *k, size_t p,
    const struct radix_item *x)
{
	const struct radix_item *y;
	size_t lo = k->lo + p, hi = k->lo + k->end[p], mid;
	struct order o;
	int r;

	if (!next_place(&k->o, k->word[p], &o))
		o = k->o;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		y = &t->splitter[mid];
		r = compare(&o, x, y);
		if (r == 0)
			r = x->of != y->of ? (x->of > y->of) - (x->of < y->of) :
			    (x->i > y->i) - (x->i < y->i);
		if (r < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* The record's bucket; its word becomes the one at that one's place. */
static size_t
bucket_of(const struct sorting *t, struct radix_item *x)
{
	const struct node *k = t->root;
	uint64_t word[DEEP], w = x->word;
	size_t lo, n, b;
	bool vague = false;

	for (;;) {
		word[k->o.depth] = w;
		for (lo = 0, n = k->n; n > 1; n -= n / 2)
			lo += k->word[lo + n / 2 - 1] < w ? n / 2 : 0;
		lo += n > 0 && k->word[lo] < w;
		b = k->lo + lo;
		if (lo == k->n || k->word[lo] != w)
			break;
		if (k->sub[lo] == NULL) {
			b = above(t, k, lo, x);
			break;
		}
		k = k->sub[lo];
		w = word_at(&k->o, x, &vague);
	}
	x->word = word[t->at[b].depth];
	return b;
}

/* Share i into the order of buckets. */
static void
spread(void *vt, size_t i)
{
	struct sorting *t = vt;
	struct share *h = &t->s->share[i];
	struct work *w = &t->work[i % t->nwork];
	uint32_t *end = t->end + i * t->buckets, at = 0, n;
	uint16_t b[SHARE + VEC_MAX];
	struct radix_item x, *from = h->item;
	size_t k, cap = h->cap;

	for (k = 0; k < h->n; k++) {
		x = item_of(h, k);
		b[k] = (uint16_t)bucket_of(t, &x);
		h->item[k].word = x.word;
		end[b[k]]++;
	}
	for (k = 0; k < t->buckets; k++) {
		n = end[k];
		end[k] = at;
		at += n;
	}
	w->item = mem_reserve(w->item, &w->cap, h->cap, sizeof *w->item);
	for (k = 0; k < h->n; k++)
		w->item[end[b[k]]++] = from[k];
	h->item = w->item;
	h->cap = w->cap;
	w->item = from;
	w->cap = cap;
}

/* Where bucket k begins in share i, and its end. */
static inline size_t
part(const struct sorting *t, size_t i, size_t k, size_t *to)
{
	const uint32_t *end = t->end + i * t->buckets;

	*to = k + 1 == t->buckets ? t->s->share[i].n : end[k];
	return k == 0 ? 0 : end[k - 1];
}

/* The records of bucket k, in the order they came. */
static void
take_bucket(const struct sorting *t, size_t k, struct work *w)
{
	const struct state *s = t->s;
	size_t i, from, to;

	for (i = w->n = 0; i < s->nshares; i++) {
		from = part(t, i, k, &to);
		w->n += to - from;
	}
	w->item = mem_reserve(w->item, &w->cap, 2 * w->n, sizeof *w->item);
	for (i = w->n = 0; i < s->nshares; i++)
		for (from = part(t, i, k, &to); from < to; from++)
			w->item[w->n++] = item_of(&s->share[i], from);
}

/* The text of its records, side by side. */
static void
lay(const struct sorting *t, struct work *w)
{
	const char *key;
	size_t i;

	w->text.n = 0;
	for (i = 0; i < w->n; i++) {
		if (i + NEAR < w->n)
			prefetch(t->s, &w->item[i + NEAR]);
		buf_slice(&w->text, record(t->s, t->c, &w->item[i], &key));
		buf_char(&w->text, t->term);
	}
}

static void
sort_bucket(void *vt, size_t k)
{
	struct sorting *t = vt;
	struct work *w = &t->work[k % t->nwork];
	struct order o = t->at[k];

	take_bucket(t, k, w);
	o.other = w->item + w->n;
	if (w->n > 1)
		sort_words(&o, w->item, w->n);
	if (t->plain)
		lay(t, w);
}

static int
hand_on(void *vt, size_t k)
{
	const struct sorting *t = vt;
	struct work *w = &t->work[k % t->nwork];
	struct slice rec;
	const char *key;
	size_t i;
	int r = OK;

	if (t->plain)
		return emit_text(t->e, &w->text, w->n);
	for (i = 0; r == OK && i < w->n; i++) {
		if (i + NEAR < w->n)
			prefetch(t->s, &w->item[i + NEAR]);
		rec = record(t->s, t->c, &w->item[i], &key);
		r = hold_emit(rec, number_of(t->s, &w->item[i], rec), t->e);
	}
	return r;
}

/* Splitters at equal distances in a sample, of which one is from each run of as
   many of all n records. */
static void
choose(struct sorting *t, size_t n)
{
	const struct state *s = t->s;
	size_t i, k, every = n / (t->buckets * SAMPLE) + 1, next = every / 2;
	size_t room = n / every + 2, at = 0;
	struct radix_item *a = arena_alloc(&t->arena, 2 * room * sizeof *a);
	struct order o = { .conf = t->c, .s = s, .other = a + room };
	uint64_t x = 1;

	for (i = n = 0; i < s->nshares; at += s->share[i++].n)
		for (; next < at + s->share[i].n; n++) {
			a[n] = item_of(&s->share[i], next - at);
			x = x * RANDOM + 1;
			next = (n + 1) * every + (x >> 33) % every;
		}
	sort_words(&o, a, n);
	t->splitter = arena_alloc(&t->arena, t->buckets * sizeof *a);
	for (k = 1; k < t->buckets; k++)
		t->splitter[k - 1] = a[k * n / t->buckets];
	o.other = NULL;
	t->at = arena_alloc(&t->arena, t->buckets * sizeof *t->at);
	for (k = 0; k < t->buckets; k++)
		t->at[k] = o;
	t->root = grow(t, &o, 0, t->buckets - 1);
}

static void
free_work(struct work *w, size_t n)
{
	for (; n > 0; n--, w++) {
		free(w->item);
		buf_free(&w->text);
	}
}

/* In n buckets. */
static int
sort_apart(struct sorting *t, size_t n, size_t threads)
{
	struct gang g = { .threads = threads, .parts = t->s->nshares,
	    .work = spread, .arg = t };
	int r;

	if (threads > 1) {
		t->nwork = threads * GANG_AHEAD;
		t->work = arena_zero(&t->arena, t->nwork * sizeof *t->work);
	}
	if (t->buckets > 1) {
		choose(t, n);
		t->end = arena_zero(&t->arena,
		    t->s->nshares * t->buckets * sizeof *t->end);
		(void)gang_run(&g);
	}
	g.parts = t->buckets;
	g.work = sort_bucket;
	g.take = hand_on;
	r = gang_run(&g);
	if (threads > 1)
		free_work(t->work, t->nwork);
	arena_free(&t->arena);
	return r;
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	struct order o = { .conf = c, .s = s };
	struct sorting t = { .c = c, .s = s, .e = e, .at = &o, .work = &s->work,
	    .nwork = 1 };
	size_t i, n = 0, bytes = 0, threads = 1;

	(void)b;
	for (i = 0; i < s->nshares; i++)
		n += s->share[i].n;
	for (i = 0; i < s->nchunks; i++)
		bytes += s->chunk[i].n;
	if (n == 0)
		return OK;
	t.plain = emit_plain(e, &t.term);
	t.buckets = (bytes + n * sizeof(struct radix_item)) / c->step + 1;
	if (t.buckets > BUCKETS)
		t.buckets = BUCKETS;
	if (t.buckets >= THREADS_FROM)
		threads = c->jobs < THREADS ? c->jobs : THREADS;
	if (t.buckets > n / FEW)
		t.buckets = n / FEW + 1;
	return sort_apart(&t, n, threads);
}

/* The other's memory is this one's. */
static void
join(void *vs, const void *vc, void *vo, uint64_t base)
{
	struct state *s = vs, *o = vo;
	size_t i;

	(void)vc;
	s->chunk = mem_reserve(s->chunk, &s->chunkcap, s->nchunks + o->nchunks,
	    sizeof *s->chunk);
	s->share = mem_reserve(s->share, &s->sharecap, s->nshares + o->nshares,
	    sizeof *s->share);
	for (i = 0; i < o->nshares; i++) {
		s->share[s->nshares] = o->share[i];
		s->share[s->nshares++].chunk += s->nchunks;
	}
	for (i = 0; i < o->nchunks; i++) {
		s->chunk[s->nchunks] = o->chunk[i];
		s->chunk[s->nchunks++].base += base;
	}
	o->nshares = o->nchunks = 0;
	s->vague |= o->vague;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	(void)vc;
	free_work(&s->work, 1);
	buf_free(&s->columns);
	while (s->nchunks > 0)
		free(s->chunk[--s->nchunks].p);
	while (s->nshares > 0)
		free(s->share[--s->nshares].item);
	free(s->chunk);
	free(s->share);
}

/* The last chunk, which is the largest, and the first share are kept. */
static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;
	size_t i;

	(void)vc;
	if (s->nshares == 0)
		return;
	for (i = 1; i < s->nshares; i++)
		free(s->share[i].item);
	s->share->n = s->share->chunk = 0;
	for (i = 1; i < s->nchunks; i++)
		free(s->chunk[i - 1].p);
	*s->chunk = s->chunk[i - 1];
	s->chunk->n = s->chunk->base = 0;
	s->nshares = s->nchunks = 1;
	s->vague = false;
}

/* Each record with its keys, which need no field where it is the key itself. */
static void
snapshot(void *vs, const void *vc, struct buf *b)
{
	const struct conf *c = vc;
	const struct state *s = vs;
	struct order o = { .conf = c, .s = s };
	struct radix_item x;
	struct slice rec, key;
	char room[NUMBER_MAX];
	const char *at;
	size_t i, j, k, n = 0;

	for (k = 0; k < s->nshares; k++)
		n += s->share[k].n;
	pack_u64(b, n);
	for (k = 0; k < s->nshares; k++)
		for (i = 0; i < s->share[k].n; i++) {
			x = item_of(&s->share[k], i);
			rec = record(s, c, &x, &at);
			pack_u64(b, number_of(s, &x, rec));
			pack_text(b, rec);
			for (j = 0; !c->whole && j < c->by.n; j++) {
				key = key_of(&o, j, &x);
				pack_text(b, key.p != NULL ? key :
				    word_key(c, x.word, room));
			}
		}
}

/* The records come once more, one by one. */
static bool
restore(void *vs, const void *vc, struct unpack *u)
{
	const struct conf *c = vc;
	size_t i, j, ncol = 1, n = unpack_count(u);
	const struct slice **col;
	struct slice *key = mem_alloc(c->by.n * sizeof *key);
	struct buf held = { 0 };
	struct slice rec;
	uint64_t num;

	for (j = 0; j < c->by.n; j++)
		ncol = c->by.col[j] < ncol ? ncol : c->by.col[j] + 1;
	col = mem_zero(ncol * sizeof *col);
	for (j = 0; j < c->by.n; j++)
		col[c->by.col[j]] = &key[j];
	for (i = 0; i < n && !u->bad; i++) {
		num = unpack_u64(u);
		held.n = 0;
		hold_restore(&held, u);
		rec = key[0] = (struct slice){ held.n == 0 ? "" : held.p,
		    held.n };
		for (j = 0; !c->whole && j < c->by.n; j++)
			key[j] = unpack_there(u);
		push(vs, vc, &(struct vec){ .n = 1, .rec = &rec, .num = &num,
		    .col = col }, NULL);
	}
	free(col);
	free(key);
	buf_free(&held);
	return !u->bad;
}

const struct op op_sort = {
	.name = "sort",
	.args = "[-n] [-r] [FIELDS]",
	.makes = "kept",
	.help = "the batch's records in order (-n: as numbers, -r: reversed)",
	.example = "count by 9 then sort -r count",
	.shows = "200\t6\n"
	    "302\t1\n"
	    "500\t1\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-n", number, "as numbers"),
		FLAG("-r", reverse, "reversed")),
	.see = "top reverse uniq",
	.holds = "the batch",
	.aka = INSTEAD(
		{ "order", "sort" },
		{ "orderby", "sort" },
		{ "sort_by", "sort" }),
	.flags_instead = INSTEAD(
		{ "k", "fields are given without -k: sort 2" },
		{ "t", "the separator stands before the operator: mbatch -F, "
		    "sort 2" },
		{ "u", "distinct records: sort then uniq" }),
	.traits = OP_HOLD | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.push = push,
	.flush = flush,
	.reset = reset,
	.join = join,
	.snapshot = snapshot,
	.restore = restore,
	.fini = fini
};
