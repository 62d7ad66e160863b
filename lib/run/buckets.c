/* buckets.c - a large pile into parts that are sorted each by itself */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/run/buckets.h"

enum { SAMPLE = 16 };			/* of each bucket */
#define RANDOM	6364136223846793005	/* Knuth's, for the sample */

/*
 * Splitters that are equal before a place, by their words there, and those of
 * them that are equal there, too.
 */
struct buckets_node {
	struct order o;
	size_t lo, n;			/* from splitter lo on */
	uint64_t *word;
	size_t *end;			/* of those that have the same one */
	struct buckets_node **sub;	/* of these, at the first; NULL: they
					   are compared */
};

static struct buckets_node *
grow(struct buckets *t, const struct order *o, size_t lo, size_t n)
{
	struct buckets_node *k = arena_zero(&t->arena, sizeof *k);
	struct order next;
	bool vague = false;
	size_t i, end;

	*k = (struct buckets_node){ .o = *o, .lo = lo, .n = n };
	k->word = arena_alloc(&t->arena, n * sizeof *k->word);
	k->end = arena_alloc(&t->arena, n * sizeof *k->end);
	k->sub = arena_zero(&t->arena, n * sizeof(struct buckets_node *));
	for (i = 0; i < n; i++)
		k->word[i] = o->depth == 0 ? t->splitter[lo + i].word :
		    order_word_at(o, &t->splitter[lo + i], &vague);
	for (i = 1; i < n; i++)
		t->at[lo + i] = *o;
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && k->word[end] == k->word[i]; end++)
			;
		k->end[i] = end;
		if (end - i > 1 && order_next(o, k->word[i], &next) &&
		    next.j < o->by->keys.n && next.depth < ORDER_DEEP &&
		    !(next.at == 0 && o->by->numeric[next.j]))
			k->sub[i] = grow(t, &next, lo + i, end - i);
	}
	return k;
}

/* The first of the splitters from p on, which have the word of x, too, that is
   above it: of equal records the later one is. */
static size_t
above(const struct buckets *t, const struct buckets_node *k, size_t p,
    const struct radix_item *x)
{
	const struct radix_item *y;
	size_t lo = k->lo + p, hi = k->lo + k->end[p], mid;
	struct order o;
	int r;

	if (!order_next(&k->o, k->word[p], &o))
		o = k->o;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		y = &t->splitter[mid];
		r = order_cmp(&o, x, y);
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
bucket_of(const struct buckets *t, struct radix_item *x)
{
	const struct buckets_node *k = t->root;
	uint64_t word[ORDER_DEEP], w = x->word;
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
		w = order_word_at(&k->o, x, &vague);
	}
	x->word = word[t->at[b].depth];
	return b;
}

void
buckets_spread(struct buckets *t, size_t i, struct buckets_part *w)
{
	struct pile_share *h = &t->order.pile->share[i];
	uint32_t *end = t->end + i * t->n, at = 0, n;
	uint16_t *b = mem_alloc((h->n + 1) * sizeof *b);
	struct radix_item x, *from = h->item;
	size_t k, cap = h->cap;

	for (k = 0; k < h->n; k++) {
		x = pile_item(h, k);
		b[k] = (uint16_t)bucket_of(t, &x);
		h->item[k].word = x.word;
		end[b[k]]++;
	}
	for (k = 0; k < t->n; k++) {
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
	free(b);
}

/* Where bucket k begins in share i, and its end. */
static inline size_t
part(const struct buckets *t, size_t i, size_t k, size_t *to)
{
	size_t at = i * t->n + k;

	*to = k + 1 == t->n ? t->order.pile->share[i].n : t->end[at];
	return k == 0 ? 0 : t->end[at - 1];
}

void
buckets_sort(const struct buckets *t, size_t k, struct buckets_part *w)
{
	const struct pile *s = t->order.pile;
	struct order o = t->n == 1 ? t->order : t->at[k];
	size_t i, from, to;

	for (i = w->n = 0; i < s->nshares; i++) {
		from = part(t, i, k, &to);
		w->n += to - from;
	}
	w->item = mem_reserve(w->item, &w->cap, 2 * w->n, sizeof *w->item);
	for (i = w->n = 0; i < s->nshares; i++)
		for (from = part(t, i, k, &to); from < to; from++)
			w->item[w->n++] = pile_item(&s->share[i], from);
	if (w->n < 2)
		return;
	o.other = w->item + w->n;
	order_sort(&o, w->item, w->n);
}

/* Of each run of so many records, one is in the sample. */
void
buckets_choose(struct buckets *t)
{
	const struct pile *s = t->order.pile;
	size_t i, k, n = pile_count(s), every = n / (t->n * SAMPLE) + 1;
	size_t room = n / every + 2, next = every / 2, at = 0;
	struct radix_item *a = arena_alloc(&t->arena, 2 * room * sizeof *a);
	struct order o = t->order;
	uint64_t x = 1;

	for (i = n = 0; i < s->nshares; at += s->share[i++].n)
		for (; next < at + s->share[i].n; n++) {
			a[n] = pile_item(&s->share[i], next - at);
			x = x * RANDOM + 1;
			next = (n + 1) * every + (x >> 33) % every;
		}
	o.other = a + room;
	order_sort(&o, a, n);
	t->splitter = arena_alloc(&t->arena, t->n * sizeof *a);
	for (k = 1; k < t->n; k++)
		t->splitter[k - 1] = a[k * n / t->n];
	t->at = arena_alloc(&t->arena, t->n * sizeof *t->at);
	for (k = 0; k < t->n; k++)
		t->at[k] = t->order;
	t->root = grow(t, &t->order, 0, t->n - 1);
	t->end = arena_zero(&t->arena, s->nshares * t->n * sizeof *t->end);
}
