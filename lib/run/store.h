/* store.h - records that an operator holds, some of them replaced */
#ifndef MBATCH_STORE_H
#define MBATCH_STORE_H

#include "mbatch.h"
#include "lib/run/hold.h"

/*
 * Records in numbered places.  One that is replaced leaves waste, which is
 * taken out once it is more than half: ten records held of a hundred million
 * take the room of twenty.
 */
struct store {
	struct stored {
		size_t off, len;
		uint64_t num;
	} *rec;
	size_t n, cap;
	struct buf bytes, columns;
	size_t live;		/* bytes of records that are still there */
};

static inline struct stored *
store_place(struct store *k)
{
	if (k->n == k->cap)
		k->rec = mem_reserve(k->rec, &k->cap, k->n + 1,
		    sizeof *k->rec);
	return &k->rec[k->n++];
}

/* Copies record j of a vector to a new place, which is returned; a whole vector
   (emit NULL: as text). */
static inline size_t
store_add(struct store *k, const struct vec *v, size_t j, struct emit *e)
{
	struct stored *r = store_place(k);

	*r = (struct stored){ k->bytes.n, 0, v->num[j] };
	hold_put(&k->bytes, e, v, j);
	r->len = k->bytes.n - r->off;
	k->live += r->len;
	return k->n - 1;
}

void store_vec(struct store *, const struct vec *, struct emit *);
/* Puts another record in place i. */
void store_set(struct store *, size_t i, const struct vec *, size_t j,
    struct emit *);
void store_reset(struct store *);
void store_fini(struct store *);

/* All places as fields; into an empty one. */
void store_both(struct store *, struct both *);

/* Emits all, ascending by came, which has a number for each place. */
int store_emit_came(const struct store *, const uint64_t *came, struct emit *);

/* The hooks push, reset, both and fini of an operator that holds the whole
   batch: its state begins with a struct store. */
int store_op_push(void *st, const void *conf, const struct vec *,
    struct emit *);
void store_op_reset(void *st, const void *conf);
void store_op_fini(void *st, const void *conf);
void store_op_both(void *st, const void *conf, struct both *);
#define STORE_HOOKS							\
	.push = store_op_push, .reset = store_op_reset,			\
	.both = store_op_both, .fini = store_op_fini

/* What was held in place i; valid until the next add or set. */
static inline struct slice
store_get(const struct store *s, size_t i)
{
	const struct stored *r = &s->rec[i];

	return (struct slice){ r->len == 0 ? "" : s->bytes.p + r->off,
	    r->len };
}

/* As many as a vector has from place i on, their numbers counted on from base;
   the next place. */
size_t store_take(const struct store *, size_t i, uint64_t base,
    struct vec_room *, struct vec *);

/* Emits place i. */
static inline int
store_emit(const struct store *s, size_t i, struct emit *e)
{
	return hold_emit(store_get(s, i), s->rec[i].num, e);
}

#endif
