/*
 * agg-hooks.h - the hooks of a state that stands alone, from the functions of
 * its type
 *
 * AGG_MERGE(sum, ) is sum_merge_state, the merge hook that calls
 * sum_merge(struct sum *, const struct sum *); likewise the others.  of(st) is
 * what is handed on: nothing, or a function that gives a state of zeroes its
 * parameters.
 */
#ifndef MBATCH_AGG_HOOKS_H
#define MBATCH_AGG_HOOKS_H

#define AGG_MERGE(pre, of)						\
static void								\
pre##_merge_state(void *st, const void *newer)				\
{									\
	pre##_merge(of(st), newer);					\
}

#define AGG_RESET(pre)							\
static void								\
pre##_reset_state(void *st)						\
{									\
	pre##_reset(st);						\
}

#define AGG_FREE(pre)							\
static void								\
pre##_free_state(void *st)						\
{									\
	pre##_free(st);							\
}

#define AGG_SAVE(pre, of)	/* in one piece */			\
static bool								\
pre##_save_state(void *st, uint64_t *piece, struct buf *b)		\
{									\
	pre##_save(of(st), b);						\
	return false;							\
}

#define AGG_LOAD(pre, of)						\
static bool								\
pre##_load_state(void *st, struct slice piece)				\
{									\
	return pre##_load(of(st), piece);				\
}

/* All of a state that is saved in one piece and keeps no memory; their names
   in the kind. */
#define AGG_ALONE(pre, of)						\
AGG_MERGE(pre, of)							\
AGG_FREE(pre)								\
AGG_SAVE(pre, of)							\
AGG_LOAD(pre, of)

#define AGG_HOOKS(pre)							\
	.add = pre##_add_state, .merge = pre##_merge_state,		\
	.free = pre##_free_state, .save = pre##_save_state,		\
	.load = pre##_load_state

/* The add hook: ... is what PRE_add takes, of value i of v. */
#define AGG_ADD(pre, of, ...)						\
static void								\
pre##_add_state(char *st, size_t stride, const struct agg_values *v)	\
{									\
	size_t i;							\
									\
	for (i = 0; i < v->n; i++)					\
		pre##_add(of(agg_state(st, stride, v, i)), __VA_ARGS__); \
}

/* The put of a result that PRE_FN(const T *, char *) writes. */
#define AGG_PUT(name, put)						\
void									\
agg_put_##name(const struct agg_column *c, void *st, void *other,	\
    struct buf *b)							\
{									\
	b->n += put(st, buf_room(b, NUMBER_MAX));			\
}

#endif
