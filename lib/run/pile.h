/* pile.h - all records of a batch, held once, with an item of each to sort */
#ifndef MBATCH_PILE_H
#define MBATCH_PILE_H

#include "lib/base/radix.h"
#include "lib/base/words.h"
#include "lib/run/hold.h"
#include "lib/run/keys.h"

/*
 * Text lies in chunks, which stay where they are, so that one pile can take in
 * another without a copy.  The items, of 16 bytes, come in shares of some ten
 * thousand, in the order of records: a word of the first key, by which they are
 * compared, and where the record lies.
 *
 * A record in its chunk: in 7 bits a byte, lowest first, its length and whether
 * there are keys; if so, for each key where it is, counted from the text on,
 * and its length; the text, or columns; its number; keys that aren't part of
 * it, with room for the longest number before them.
 */
struct pile {
	struct pile_chunk {
		char *p;
		size_t n, cap;		/* n > cap: one large record */
		uint64_t base;		/* of its records' numbers */
	} *chunk;
	struct pile_share {
		struct radix_item *item;	/* of: the chunk, i: the byte */
		size_t n, cap;
		size_t chunk;		/* from which its items count */
	} *share;
	size_t nchunks, chunkcap, nshares, sharecap;
	struct buf columns;
};

enum {
	PILE_SHARE = 32 * 1024	/* items, and less than a vector more */
};

/* Room for n items. */
void pile_room(struct pile *, size_t n);
/* Record i of the vector, in such room, with its keys (NULL: without). */
void pile_add(struct pile *, const struct keys *, const struct vec *, size_t i,
    struct emit *, uint64_t word);
/* Takes all of another, whose records are behind these and are numbered from
   base + 1 on. */
void pile_join(struct pile *, struct pile *, uint64_t base);
/* Empties it; the last chunk is kept. */
void pile_reset(struct pile *);
void pile_fini(struct pile *);

/* How many there are, and about the bytes that they take. */
size_t pile_count(const struct pile *);
size_t pile_bytes(const struct pile *);

/* Item i, counted from the first chunk of all, as those below want it. */
static inline struct radix_item
pile_item(const struct pile_share *h, size_t i)
{
	struct radix_item x = h->item[i];

	x.of += (uint32_t)h->chunk;
	return x;
}

static inline const char *
pile_place(const struct pile *p, const struct radix_item *a)
{
	return p->chunk[a->of].p + a->i;
}

/* For who looks at n items in turn: item i is the next one. */
static inline void
pile_prefetch(const struct pile *p, const struct radix_item *a, size_t i,
    size_t n)
{
	enum { NEAR = 10, LINE = 64 };
	const char *at;

	if (i + NEAR >= n)
		return;
	at = pile_place(p, &a[i + NEAR]);
	__builtin_prefetch(at);
	__builtin_prefetch(at + LINE);
	__builtin_prefetch(at + 2 * LINE);
}

/* What is held of a record, by hold_emit's rules. */
static inline struct slice
pile_record(const struct pile *s, const struct keys *by,
    const struct radix_item *a)
{
	uint64_t n, skip;
	const char *p = sevens_get(pile_place(s, a), &n);
	size_t j;

	for (j = 0; (n & 1) != 0 && j < by->n; j++)
		p = sevens_get(sevens_get(p, &skip), &skip);
	return (struct slice){ p, (size_t)(n >> 1) };
}

/* The number of that record. */
static inline uint64_t
pile_number(const struct pile *p, const struct radix_item *a,
    struct slice record)
{
	uint64_t num;

	sevens_get(record.p + record.n, &num);
	return p->chunk[a->of].base + num;
}

/* Key j; p NULL: it has none. */
struct slice pile_key(const struct pile *, const struct keys *, size_t j,
    const struct radix_item *);

#endif
