/* keys.h - the fields that records are grouped, sorted or told apart by */
#ifndef MBATCH_KEYS_H
#define MBATCH_KEYS_H

#include "mbatch.h"

/* Part of an operator's conf: filled by args_fields or args_by, then bound. */
struct keys {
	struct field *field;
	size_t n;
	size_t *col;		/* where each is in vec.col */
	uint64_t seed;		/* args_by: for the tables of them */
};

/* Asks for the fields.  OK or FAIL (told). */
int keys_bind(struct keys *, struct bind *);
/* The same as an operator's hook: its conf begins with a struct keys. */
int keys_op_bind(void *conf, struct bind *);

/* The conf of `[N] [by KEYS]`, and its parse and bind hooks: 10 if no N is
   given. */
struct quota {
	struct keys by;
	uint64_t max;
};

int quota_parse(struct op *, void *conf, struct args *);
int quota_bind(void *conf, struct bind *);

/*
 * One key a record, v->n of them: the field's value where there is one field,
 * else the values escaped and joined by tabs; no field: the whole record.
 * They lie in the vector, or in room (of VEC_MAX) and *joined.
 */
const struct slice *keys_join(const struct keys *, const struct vec *,
    struct buf *joined, struct slice *room);

/* Names and flags of the key columns, for bind_made: the first n entries. */
void keys_names(const struct keys *, const struct shape *in,
    struct slice *name, unsigned char *flags);

/* Appends a key of keys_join as columns of a made record. */
void keys_put(const struct keys *, struct slice key, struct buf *);
/* Field i of such a key; what has escapes is in the arena. */
struct slice keys_part(const struct keys *, struct slice key, size_t i,
    struct arena *);
/* The first field of what is left of one, which is taken from *rest. */
struct slice keys_next(const struct keys *, struct slice *rest,
    struct arena *);

#endif
