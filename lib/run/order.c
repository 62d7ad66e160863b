/* order.c - the order of records by their keys */

#include "mbatch.h"
#include "lib/base/words.h"
#include "lib/number/rank.h"
#include "lib/number/shortest.h"
#include "lib/run/order.h"

enum { TEXT_WORD = 7, TEXT_ON = TEXT_WORD + 1, FEW = 6 };
#define NO_NUMBER	UINT64_MAX
#define SIGN		((uint64_t)1 << 63)	/* turned: keys are signed */
#define DIGITS_REAL	1000000000000000	/* decimals of 15 digits differ
						   where their doubles do */

static void sort_rest(const struct order *, struct radix_item *, size_t n);

int
order_bind(struct order_by *o, struct bind *b)
{
	const struct column *col;
	size_t i;

	o->numeric = arena_zero(b->arena, o->keys.n);
	for (i = 0; i < o->keys.n; i++) {
		col = shape_field(b->in, &o->keys.field[i]);
		o->numeric[i] = o->number ||
		    (col != NULL && (col->flags & COL_NUMBER) != 0);
	}
	o->whole = o->keys.n == 1 && o->keys.field[0].kind == FIELD_WHOLE &&
	    !o->numeric[0];
	b->whole = o->whole;
	return keys_bind(&o->keys, b);
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

bool
order_word(const struct order_by *c, size_t j, struct slice key,
    uint64_t *word, bool *vague)
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
		*word = (uint64_t)number_key(v.real) ^ SIGN;
		all = v.exact && v.mant > -DIGITS_REAL && v.mant < DIGITS_REAL;
		*vague |= !all;
	}
	if (c->reverse)
		*word = ~*word;
	return all;
}

/* A key that its first word says all of, in room (NUMBER_MAX): a text, or one
   of the same number. */
static struct slice
word_key(const struct order_by *c, uint64_t word, char *room)
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
	d = number_of_key((int64_t)(word ^ SIGN));
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

/* Key j of a record; p NULL: its first word says all. */
static inline struct slice
key_of(const struct order *o, size_t j, const struct radix_item *a)
{
	return o->by->whole ? pile_record(o->pile, &o->by->keys, a) :
	    pile_key(o->pile, &o->by->keys, j, a);
}

struct slice
order_key(const struct order *o, size_t j, const struct radix_item *a,
    char *room)
{
	struct slice key = key_of(o, j, a);

	return key.p != NULL ? key : word_key(o->by, a->word, room);
}

static int
compare_numbers(const struct order *o, size_t j, const struct radix_item *a,
    const struct radix_item *b)
{
	char aroom[NUMBER_MAX], broom[NUMBER_MAX];
	struct rank x, y;

	rank_set(&x, order_key(o, j, a, aroom), true);
	rank_set(&y, order_key(o, j, b, broom), true);
	return rank_cmp(&x, &y, o->by->reverse);
}

int
order_cmp(const struct order *o, const struct radix_item *a,
    const struct radix_item *b)
{
	const struct order_by *c = o->by;
	struct slice x, y;
	size_t j, at;
	int r;

	for (j = o->j, at = o->at; j < c->keys.n; j++, at = 0) {
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

	for (i = 1; n <= FEW && i < n; i++) {
		x = a[i];
		for (k = i; k > 0 && order_cmp(o, &a[k - 1], &x) > 0; k--)
			a[k] = a[k - 1];
		a[k] = x;
	}
	if (n <= FEW)
		return;
	sort_compared(o, a, n / 2);
	sort_compared(o, r, n - n / 2);
	memcpy(l, a, n / 2 * sizeof *l);
	while (l < lend)
		*a++ = r < rend && order_cmp(o, l, r) > 0 ? *r++ : *l++;
}

bool
order_next(const struct order *o, uint64_t word, struct order *next)
{
	const struct order_by *c = o->by;
	bool number = c->numeric[o->j] && o->at == 0;

	*next = *o;
	next->depth++;
	if (number && word != NO_NUMBER && o->vague)
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

uint64_t
order_word_at(const struct order *o, const struct radix_item *a, bool *vague)
{
	struct slice key = key_of(o, o->j, a);
	uint64_t word;

	if (o->at == 0) {
		order_word(o->by, o->j, key, &word, vague);
		return word;
	}
	word = text_word(key, o->at - o->by->numeric[o->j]);
	return o->by->reverse ? ~word : word;
}

/* By the words, then runs of equal ones by what follows. */
void
order_sort(const struct order *o, struct radix_item *a, size_t n)
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
		if (!order_next(o, word, &next)) {
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

	if (o->j == o->by->keys.n)
		return;
	if (n <= FEW || o->depth > ORDER_DEEP) {
		sort_compared(o, a, n);
		return;
	}
	for (i = 0; i < n; i++) {
		pile_prefetch(o->pile, a, i, n);
		a[i].word = order_word_at(o, &a[i], &vague);
	}
	if (vague)
		sort_compared(o, a, n);
	else
		order_sort(o, a, n);
}
