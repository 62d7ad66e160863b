/* agg-list.c - what is kept of texts in their order: list, values */
#include <string.h>

#include "lib/agg/agg.h"
#include "lib/agg/sketch-text.h"
#include "lib/format/escape.h"
#include "lib/format/list.h"

/*
 * list: the first MOST texts; firsts: those that differ.  What comes beyond
 * them is not held, only that it came: so both can be merged, in order, to what
 * one look at all texts gives.
 */
struct list {
	struct buf text;	/* each behind its length */
	uint32_t n;
	bool more;
};

enum { MOST = 100, LENGTH = 4, KEPT = 1024 };

/* The text at offset *at, which moves on. */
static struct slice
next_text(const struct list *l, size_t *at)
{
	struct slice s = { l->text.p + *at + LENGTH, 0 };
	uint32_t n;

	memcpy(&n, l->text.p + *at, LENGTH);
	s.n = n;
	*at += LENGTH + n;
	return s;
}

static bool
holds(const struct list *l, struct slice s)
{
	size_t at = 0;

	while (at < l->text.n)
		if (slice_eq(next_text(l, &at), s))
			return true;
	return false;
}

static void
take(struct list *l, struct slice s, bool differ)
{
	uint32_t n = (uint32_t)s.n;

	if (l->more || (differ && holds(l, s)))
		return;
	if (l->n == MOST) {
		l->more = true;
		return;
	}
	if (s.n > INT32_MAX)
		diag_die(EXIT_RUN, "a value of more than two gigabytes");
	buf_add(&l->text, (const char *)&n, LENGTH);
	buf_slice(&l->text, s);
	l->n++;
}

static void
list_free(void *st)
{
	struct list *l = st;

	buf_free(&l->text);
	memset(l, 0, sizeof *l);
}

static void
list_reset(void *st)
{
	struct list *l = st;

	if (l->text.cap > KEPT)
		buf_free(&l->text);
	l->text.n = 0;
	l->n = 0;
	l->more = false;
}

static bool
list_save(void *st, uint64_t *piece, struct buf *b)
{
	const struct list *l = st;
	size_t from = b->n, at = 0;
	struct slice s;

	text_number(b, l->more);
	while (at < l->text.n) {
		s = next_text(l, &at);
		text_number(b, s.n);
		text_bytes(b, s);
	}
	text_close(b, from);
	return false;
}

static bool
load(struct list *l, struct slice piece, bool differ)
{
	struct text_reader r;
	struct buf b = { 0 };
	uint64_t more;

	if (!text_open(&r, piece))
		return false;
	more = text_get_number(&r);
	while (!r.bad && r.p < r.end)
		take(l, text_get_text(&r, &b), differ);
	buf_free(&b);
	if (more > 1 || l->more || (more == 1 && l->n < MOST))
		return false;
	l->more = more == 1;
	return text_done(&r);
}

#define LIST(name_, differ)						\
static void								\
name_##_add(char *st, size_t stride, const struct agg_values *v)	\
{									\
	size_t i;							\
									\
	for (i = 0; i < v->n; i++)					\
		take(agg_state(st, stride, v, i), v->text[i], differ);	\
}									\
									\
static void								\
name_##_merge(void *st, const void *newer)				\
{									\
	const struct list *n = newer;					\
	struct list *l = st;						\
	size_t at = 0;							\
									\
	while (at < n->text.n)						\
		take(l, next_text(n, &at), differ);			\
	l->more |= n->more;						\
}									\
									\
static bool								\
name_##_load(void *st, struct slice piece)				\
{									\
	return load(st, piece, differ);					\
}									\
									\
const struct agg_kind agg_kind_##name_ = {				\
	.name = #name_,							\
	.size = sizeof(struct list),					\
	.add = name_##_add,						\
	.merge = name_##_merge,						\
	.reset = list_reset,						\
	.free = list_free,						\
	.save = list_save,						\
	.load = name_##_load						\
};

LIST(list, false)
LIST(firsts, true)

void
agg_put_list(const struct agg_column *c, void *st, void *other,
    struct buf *b)
{
	const struct list *l = st;
	struct buf all = { 0 };
	size_t at = 0;
	bool first = true;

	for (; at < l->text.n; first = false)
		list_join(&all, first, next_text(l, &at));
	if (l->more) {
		list_join(&all, false, SLICE("..."));
		tally_add(c->cut, 1, 0, "%.*s: more than %d values: the list "
		    "ends in ...", (int)c->name.n, c->name.p, MOST);
	}
	escape_put(b, buf_text(&all));
	buf_free(&all);
}
