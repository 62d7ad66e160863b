/* pile.c - all records of a batch, held once, with an item of each to sort */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/run/pile.h"

enum {
	CHUNK_FROM = 4096,
	CHUNK = 16 * 1024 * 1024 - 64	/* with what malloc adds, the kernel's
					   huge pages */
};

/* Another chunk, with room for n bytes. */
static struct pile_chunk *
more_chunk(struct pile *p, size_t n)
{
	size_t cap = CHUNK_FROM;

	if (p->nchunks > 0) {
		cap = p->chunk[p->nchunks - 1].cap;
		cap = cap < CHUNK / 2 ? 2 * cap : CHUNK;
	}
	p->chunk = mem_reserve(p->chunk, &p->chunkcap, p->nchunks + 1,
	    sizeof *p->chunk);
	p->chunk[p->nchunks] = (struct pile_chunk){
	    mem_alloc(cap > n ? cap : n), 0, cap, 0 };
	return &p->chunk[p->nchunks++];
}

/* The last chunk, with room for n bytes. */
static inline struct pile_chunk *
more_room(struct pile *p, size_t n)
{
	struct pile_chunk *c = &p->chunk[p->nchunks - 1];

	return c->n + n <= c->cap ? c : more_chunk(p, n);
}

void
pile_room(struct pile *p, size_t n)
{
	struct pile_share *h;

	if (p->nchunks == 0)
		more_chunk(p, 0);
	if (p->nshares == 0 || p->share[p->nshares - 1].n >= PILE_SHARE) {
		p->share = mem_reserve(p->share, &p->sharecap, p->nshares + 1,
		    sizeof *p->share);
		p->share[p->nshares++] = (struct pile_share){ .n = 0 };
		n += p->nshares > 1 ? PILE_SHARE : 0;
	}
	h = &p->share[p->nshares - 1];
	h->item = mem_reserve(h->item, &h->cap, h->n + n, sizeof *h->item);
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
   *behind on. */
static inline char *
put_keys(const struct keys *by, const struct vec *v, size_t i, char *p,
    size_t *behind)
{
	struct slice key;
	size_t j, at;

	for (j = 0; j < by->n; j++) {
		key = v->col[by->col[j]][i];
		at = key.n == 0 ? 0 : (size_t)(key.p - v->rec[i].p);
		if (apart(v, key, i)) {
			at = *behind;
			*behind += key.n;
		}
		p = sevens_put(sevens_put(p, at), key.n);
	}
	return p;
}

static void
put_apart(const struct keys *by, const struct vec *v, size_t i, char *p)
{
	struct slice key;
	size_t j;

	for (j = 0; j < by->n; j++) {
		key = v->col[by->col[j]][i];
		if (!apart(v, key, i))
			continue;
		memcpy(p, key.p, key.n);
		p += key.n;
	}
}

void
pile_add(struct pile *s, const struct keys *by, const struct vec *v, size_t i,
    struct emit *e, uint64_t word)
{
	struct pile_share *h = &s->share[s->nshares - 1];
	struct slice text = v->rec[i];
	struct pile_chunk *c;
	size_t j, n, apart, end;
	char *p, *to;

	if (v->columns) {
		s->columns.n = 0;
		hold_columns(&s->columns, e, v, i);
		text = buf_text(&s->columns);
	}
	n = 2 * SEVENS_MAX + text.n;
	apart = end = text.n + SEVENS_MAX;
	for (j = 0; by != NULL && j < by->n; j++)
		n += 2 * SEVENS_MAX + v->col[by->col[j]][i].n;
	c = more_room(s, n);
	p = sevens_put(c->p + c->n, (uint64_t)text.n << 1 | (by != NULL));
	if (by != NULL)
		p = put_keys(by, v, i, p, &end);
	if (text.n > 0)
		memcpy(p, text.p, text.n);
	to = sevens_put(p + text.n, v->num[i]);
	if (end > apart) {
		put_apart(by, v, i, p + apart);
		to = p + end;
	}
	h->item[h->n++] = (struct radix_item){ word,
	    (uint32_t)((size_t)(c - s->chunk) - h->chunk), (uint32_t)c->n };
	c->n = (size_t)(to - c->p);
}

struct slice
pile_key(const struct pile *s, const struct keys *by, size_t j,
    const struct radix_item *a)
{
	uint64_t n, at, len, from = 0, size = 0;
	const char *p = sevens_get(pile_place(s, a), &n);
	size_t k;

	if ((n & 1) == 0)
		return (struct slice){ NULL, 0 };
	for (k = 0; k < by->n; k++) {
		p = sevens_get(sevens_get(p, &at), &len);
		from = k == j ? at : from;
		size = k == j ? len : size;
	}
	return (struct slice){ p + from, (size_t)size };
}

size_t
pile_count(const struct pile *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->nshares; i++)
		n += p->share[i].n;
	return n;
}

size_t
pile_bytes(const struct pile *p)
{
	size_t i, n = pile_count(p) * sizeof(struct radix_item);

	for (i = 0; i < p->nchunks; i++)
		n += p->chunk[i].n;
	return n;
}

void
pile_join(struct pile *p, struct pile *o, uint64_t base)
{
	size_t i;

	p->chunk = mem_reserve(p->chunk, &p->chunkcap, p->nchunks + o->nchunks,
	    sizeof *p->chunk);
	p->share = mem_reserve(p->share, &p->sharecap, p->nshares + o->nshares,
	    sizeof *p->share);
	for (i = 0; i < o->nshares; i++) {
		p->share[p->nshares] = o->share[i];
		p->share[p->nshares++].chunk += p->nchunks;
	}
	for (i = 0; i < o->nchunks; i++) {
		p->chunk[p->nchunks] = o->chunk[i];
		p->chunk[p->nchunks].cap = o->chunk[i].n;
		p->chunk[p->nchunks++].base += base;
	}
	o->nshares = o->nchunks = 0;
}

void
pile_reset(struct pile *p)
{
	struct pile_chunk last;

	if (p->nshares == 0)
		return;
	while (p->nshares > 1)
		free(p->share[--p->nshares].item);
	p->share->n = p->share->chunk = 0;
	last = p->chunk[--p->nchunks];
	while (p->nchunks > 0)
		free(p->chunk[--p->nchunks].p);
	p->chunk[p->nchunks++] = (struct pile_chunk){ last.p, 0, last.cap, 0 };
}

void
pile_fini(struct pile *p)
{
	while (p->nshares > 0)
		free(p->share[--p->nshares].item);
	while (p->nchunks > 0)
		free(p->chunk[--p->nchunks].p);
	free(p->share);
	free(p->chunk);
	buf_free(&p->columns);
}
