/* keys.c - the fields that records are grouped, sorted or told apart by */
#include "mbatch.h"
#include "lib/format/escape.h"
#include "lib/run/args.h"
#include "lib/run/keys.h"

int
keys_bind(struct keys *k, struct bind *b)
{
	size_t i;

	k->col = arena_zero(b->arena, k->n * sizeof *k->col);
	for (i = 0; i < k->n; i++)
		if (bind_want(b, &k->field[i], WANT_KEY, &k->col[i]) != OK)
			return FAIL;
	return OK;
}

int
keys_op_bind(void *conf, struct bind *b)
{
	return keys_bind(conf, b);
}

int
quota_parse(struct op *op, void *conf, struct args *a)
{
	struct quota *q = conf;

	q->max = 10;
	if (args_first(a, &q->max) != OK)
		return FAIL;
	return args_by(a, &q->by);
}

int
quota_bind(void *conf, struct bind *b)
{
	b->few = true;
	return keys_bind(conf, b);
}

/* Offsets become pointers once the buffer no longer moves. */
static void
join_all(const struct keys *k, const struct vec *v, struct buf *b,
    struct slice *out)
{
	size_t i, j, from;

	b->n = 0;
	for (i = 0; i < v->n; i++) {
		from = b->n;
		for (j = 0; j < k->n; j++) {
			if (j > 0)
				buf_char(b, '\t');
			escape_put(b, v->col[k->col[j]][i]);
		}
		out[i].n = b->n - from;
	}
	for (i = 0, from = 0; i < v->n; from += out[i++].n)
		out[i].p = b->p + from;
}

const struct slice *
keys_join(const struct keys *k, const struct vec *v, struct buf *joined,
    struct slice *room)
{
	if (k->n == 0)
		return v->rec;
	if (k->n == 1)
		return v->col[k->col[0]];
	join_all(k, v, joined, room);
	return room;
}

void
keys_names(const struct keys *k, const struct shape *in, struct slice *name,
    unsigned char *flags)
{
	const struct column *c;
	size_t i;

	for (i = 0; i < k->n; i++) {
		c = shape_field(in, &k->field[i]);
		name[i] = c != NULL && (c->name.n > 0 || in->closed) ?
		    c->name : k->field[i].name;
		flags[i] = c == NULL ? 0 : c->flags & ~COL_ZERO;
		if (k->field[i].bucket.kind == BUCKET_TIME)
			flags[i] = COL_TIME;
		else if (k->field[i].bucket.kind != BUCKET_NONE)
			flags[i] = 0;
	}
}

void
keys_put(const struct keys *k, struct slice key, struct buf *b)
{
	if (k->n > 1)
		buf_slice(b, key);
	else if (k->n == 1)
		escape_put(b, key);
}

struct slice
keys_next(const struct keys *k, struct slice *rest, struct arena *a)
{
	struct slice part = *rest;
	const char *tab;

	if (k->n == 1)
		return part;
	tab = memchr(part.p, '\t', part.n);
	if (tab != NULL)
		part.n = (size_t)(tab - part.p);
	rest->p += part.n + (tab != NULL);
	rest->n -= part.n + (tab != NULL);
	return escape_get(part, a);
}

struct slice
keys_part(const struct keys *k, struct slice key, size_t i, struct arena *a)
{
	const char *tab;

	for (; i > 0 && (tab = memchr(key.p, '\t', key.n)) != NULL; i--) {
		key.n -= (size_t)(tab - key.p) + 1;
		key.p = tab + 1;
	}
	return keys_next(k, &key, a);
}
