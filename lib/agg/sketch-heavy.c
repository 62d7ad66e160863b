/* sketch-heavy.c - Space-Saving: the heaviest keys in bounded memory */
#include <assert.h>
#include <stdlib.h>

#include "lib/agg/sketch-text.h"
#include "lib/agg/sketch.h"
#include "lib/base/arena.h"
#include "lib/base/hash.h"

enum { FIRST_ROOM = 8 };

void
heavy_init(struct heavy *s, uint32_t max)
{
	memset(s, 0, sizeof *s);
	s->max = max;
}

static void
heap_set(struct heavy *s, uint32_t place, uint32_t item)
{
	s->heap[place] = item;
	s->item[item].place = place;
}

static void
sift_down(struct heavy *s, uint32_t place)
{
	uint32_t item = s->heap[place], child;
	uint64_t count = s->item[item].count;

	while ((child = 2 * place + 1) < s->n) {
		if (child + 1 < s->n && s->item[s->heap[child + 1]].count <
		    s->item[s->heap[child]].count)
			child++;
		if (count <= s->item[s->heap[child]].count)
			break;
		heap_set(s, place, s->heap[child]);
		place = child;
	}
	heap_set(s, place, item);
}

static void
sift_up(struct heavy *s, uint32_t place)
{
	uint32_t item = s->heap[place], up;
	uint64_t count = s->item[item].count;

	while (place > 0) {
		up = (place - 1) / 2;
		if (s->item[s->heap[up]].count <= count)
			break;
		heap_set(s, place, s->heap[up]);
		place = up;
	}
	heap_set(s, place, item);
}

struct slice
heavy_key(const struct heavy *s, uint32_t index)
{
	return (struct slice){ s->item[index].key, s->item[index].nkey };
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t
slot_find(const struct heavy *s, struct slice key, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (s->nslot - 1);

	for (; s->slot[i] != 0; i = (i + 1) & (s->nslot - 1))
		if (s->item[s->slot[i] - 1].hash == hash &&
		    slice_eq(heavy_key(s, s->slot[i] - 1), key))
			break;
	return i;
}

/* Frees a slot and moves up those that had to pass it (Knuth, The Art of
   Computer Programming 3, 6.4, algorithm R). */
static void
slot_free(struct heavy *s, uint32_t i)
{
	uint32_t mask = s->nslot - 1, k = i, home;

	for (;;) {
		s->slot[i] = 0;
		do {
			k = (k + 1) & mask;
			if (s->slot[k] == 0)
				return;
			home = (uint32_t)s->item[s->slot[k] - 1].hash & mask;
		} while (((k - home) & mask) < ((k - i) & mask));
		s->slot[i] = s->slot[k];
		i = k;
	}
}

static void
grow(struct heavy *s)
{
	uint32_t room = s->room == 0 ? FIRST_ROOM : s->room * 2, i;

	if (room > s->max)
		room = s->max;
	s->item = mem_grow(s->item, room * sizeof *s->item);
	memset(s->item + s->room, 0, (room - s->room) * sizeof *s->item);
	s->heap = mem_grow(s->heap, room * sizeof *s->heap);
	s->room = room;
	if (s->nslot / 2 >= room)
		return;
	for (s->nslot = 2 * FIRST_ROOM; s->nslot / 2 < room;)
		s->nslot *= 2;
	free(s->slot);
	s->slot = mem_zero(s->nslot * sizeof *s->slot);
	for (uint32_t k = 0; k < s->n; k++) {
		i = (uint32_t)s->item[k].hash & (s->nslot - 1);
		while (s->slot[i] != 0)
			i = (i + 1) & (s->nslot - 1);
		s->slot[i] = k + 1;
	}
}

static void
item_set(struct heavy_item *e, struct slice key, uint64_t hash)
{
	if (key.n > e->cap || e->key == NULL) {
		e->cap = (uint32_t)(key.n < 16 ? 16 : key.n);
		e->key = mem_grow(e->key, e->cap);
	}
	if (key.n > 0)
		memcpy(e->key, key.p, key.n);
	e->nkey = (uint32_t)key.n;
	e->hash = hash;
}

static uint64_t
hash_of(struct slice key)
{
	return hash_bytes(key.p, key.n, 0x6865617679);
}

/* A key not held: a new item, or the smallest one's place. */
static void
add_new(struct heavy *s, struct slice key, uint64_t hash, uint64_t count,
    uint64_t error)
{
	uint32_t k;
	struct heavy_item *e;

	if (s->n < s->max) {
		if (s->n == s->room)
			grow(s);
		k = s->n++;
		s->item[k].count = s->item[k].error = 0;
		heap_set(s, k, k);
	} else {
		k = s->heap[0];
		slot_free(s, slot_find(s, heavy_key(s, k), s->item[k].hash));
		s->item[k].error = s->item[k].count;
	}
	e = &s->item[k];
	item_set(e, key, hash);
	e->count += count;
	e->error += error;
	s->slot[slot_find(s, key, hash)] = k + 1;
	if (s->n == s->max)
		sift_down(s, e->place);
	sift_up(s, e->place);
}

void
heavy_add(struct heavy *s, struct slice key, uint64_t weight)
{
	uint64_t hash = hash_of(key);
	uint32_t i;

	s->total += weight;
	if (s->n > 0) {
		i = s->slot[slot_find(s, key, hash)];
		if (i != 0) {
			s->item[i - 1].count += weight;
			sift_down(s, s->item[i - 1].place);
			return;
		}
	}
	add_new(s, key, hash, weight, 0);
}

uint64_t
heavy_bound(const struct heavy *s)
{
	return s->n == s->max && s->n > 0 ? s->item[s->heap[0]].count : 0;
}

static int
compare(const void *a, const void *b)
{
	const struct heavy_item *x = *(struct heavy_item *const *)a,
	    *y = *(struct heavy_item *const *)b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	if (x->error != y->error)
		return x->error < y->error ? -1 : 1;
	return slice_cmp((struct slice){ x->key, x->nkey },
	    (struct slice){ y->key, y->nkey });
}

void
heavy_sort(const struct heavy *s, uint32_t *index)
{
	const struct heavy_item **e = mem_alloc((s->n + 1) * sizeof *e);

	for (uint32_t i = 0; i < s->n; i++)
		e[i] = &s->item[i];
	qsort(e, s->n, sizeof *e, compare);
	for (uint32_t i = 0; i < s->n; i++)
		index[i] = (uint32_t)(e[i] - s->item);
	free(e);
}

static const struct heavy_item *
find(const struct heavy *s, const struct heavy_item *e)
{
	struct slice key = { e->key, e->nkey };
	uint32_t i = s->n == 0 ? 0 : s->slot[slot_find(s, key, e->hash)];

	return i == 0 ? NULL : &s->item[i - 1];
}

/* The items of both, their keys still their owners', with the counts that
   bound the truth from above: what one does not hold may be as much as its
   bound. */
static uint32_t
candidates(const struct heavy *a, const struct heavy *b,
    struct heavy_item *out)
{
	uint64_t amin = heavy_bound(a), bmin = heavy_bound(b);
	const struct heavy_item *e;
	uint32_t n = 0;

	assert((a->n == 0 || a->item != NULL) && (b->n == 0 ||
	    b->item != NULL));
	for (uint32_t i = 0; i < a->n; i++) {
		out[n] = a->item[i];
		e = find(b, &a->item[i]);
		out[n].count += e == NULL ? bmin : e->count;
		out[n++].error += e == NULL ? bmin : e->error;
	}
	for (uint32_t i = 0; i < b->n; i++) {
		if (find(a, &b->item[i]) != NULL)
			continue;
		out[n] = b->item[i];
		out[n].count += amin;
		out[n++].error += amin;
	}
	return n;
}

bool
heavy_merge(struct heavy *s, const struct heavy *other)
{
	struct heavy_item *all, **sorted;
	struct heavy new;
	uint32_t n;

	if (s->max != other->max)
		return false;
	all = mem_alloc((s->n + other->n + 1) * sizeof *all);
	sorted = mem_alloc((s->n + other->n + 1) * sizeof *sorted);
	n = candidates(s, other, all);
	for (uint32_t i = 0; i < n; i++)
		sorted[i] = &all[i];
	qsort(sorted, n, sizeof *sorted, compare);
	heavy_init(&new, s->max);
	new.total = s->total + other->total;
	for (uint32_t i = 0; i < n && i < s->max; i++)
		add_new(&new, (struct slice){ sorted[i]->key, sorted[i]->nkey },
		    sorted[i]->hash, sorted[i]->count, sorted[i]->error);
	free(all);
	free(sorted);
	heavy_free(s);
	*s = new;
	return true;
}

void
heavy_reset(struct heavy *s)
{
	if (s->n > 0)
		memset(s->slot, 0, s->nslot * sizeof *s->slot);
	s->n = 0;
	s->total = 0;
}

void
heavy_free(struct heavy *s)
{
	for (uint32_t i = 0; i < s->room; i++)
		free(s->item[i].key);
	free(s->item);
	free(s->heap);
	free(s->slot);
	heavy_init(s, s->max);
}

/* In the heap's order, so that what is loaded replaces the same ones. */
void
heavy_save(const struct heavy *s, struct buf *out)
{
	const struct heavy_item *e;
	size_t from = out->n;

	text_number(out, s->max);
	text_number(out, s->total);
	text_number(out, s->n);
	for (uint32_t i = 0; i < s->n; i++) {
		e = &s->item[s->heap[i]];
		text_number(out, e->count);
		text_number(out, e->error);
		text_number(out, e->nkey);
		text_bytes(out, heavy_key(s, s->heap[i]));
	}
	text_close(out, from);
}

static bool
item_load(struct heavy *s, struct text_reader *r, struct buf *key)
{
	uint64_t count = text_get_number(r), error = text_get_number(r), hash;
	struct slice k = text_get_text(r, key);

	if (r->bad || error > count || k.n > UINT32_MAX)
		return false;
	hash = hash_of(k);
	if (s->n > 0 && s->slot[slot_find(s, k, hash)] != 0)
		return false;
	add_new(s, k, hash, count, error);
	return true;
}

static bool
load(struct heavy *s, struct text_reader *r)
{
	struct buf key = { NULL, 0, 0 };
	uint64_t n;
	bool ok = text_get_number(r) == s->max;

	s->total = text_get_number(r);
	n = text_get_number(r);
	ok = ok && !r->bad && n <= s->max;
	for (; n > 0 && ok; n--)
		ok = item_load(s, r, &key);
	buf_free(&key);
	return ok && text_done(r);
}

TEXT_LOAD(heavy, heavy, heavy_reset)
