/* spread.c - many groups in parts, to which many workers add: see spread.h */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/agg/spread.h"
#include "lib/base/gang.h"

enum {
	BITS_MAX = 6,
	PARTS_MAX = 1 << BITS_MAX,
	EACH = 4,		/* parts a worker, so that few wait: more cost
				   more, as less lies side by side */
	SHARES = 64		/* in which rows are put in order */
};

/* When a group came: the sequence number in the upper half, in the lower which
   of those records it was. */
#define CAME(seq, place)	((uint64_t)(seq) << 32 | (place))

struct part {
	struct groups groups;
	uint64_t *came;
	size_t cap;
	uint64_t seq;		/* so often was taken what others had */
};

struct spread {
	unsigned shift;		/* of a tag: then it is the part */
	size_t n;
	struct part part[PARTS_MAX];
	uint32_t *order;	/* of all groups: the part in the same upper
				   bits, in the others which of its groups, */
	size_t rows;		/* that there are */
};

/* What is put down of a record, at a multiple of 8: this, the values, the
   key's bytes, those of the values' texts. */
struct parcel {
	uint32_t size, tag, place, key;
};

struct value {
	struct number num;
	uint32_t n;			/* of the text, or: */
	enum { ABSENT, ALONE, TEXT } kind;
};

struct route {
	struct spread *to;
	struct buf parcel[PARTS_MAX];
	uint32_t place;
	struct agg_room room;
	struct agg_values val;
	size_t from[VEC_MAX];		/* a vector's parcels */
	uint32_t tag[VEC_MAX], each[VEC_MAX];
	const struct parcel *now[VEC_MAX];
	const char *text[VEC_MAX];
	struct slice key[VEC_MAX];
	struct buf joined;
};

static const struct value *
values(const struct parcel *p)
{
	return (const void *)(p + 1);
}

static size_t
text_size(const struct slice *s)
{
	return s->p == NULL || s->p == number_only ? 0 : s->n;
}

/* Record i, with values that are not there yet. */
static void
put_down(struct route *r, const struct aggs *g, const struct vec *v, size_t i,
    struct slice key)
{
	struct buf *b = &r->parcel[r->tag[i] >> r->to->shift];
	size_t k, n, size = sizeof(struct parcel) +
	    g->nin * sizeof(struct value) + key.n;
	struct parcel *p;
	struct value *val;
	char *to;

	for (k = 0; k < g->nin; k++)
		size += text_size(&v->col[g->in[k].col][i]);
	size = (size + 7) & ~(size_t)7;
	if (size > UINT32_MAX)
		diag_die(EXIT_RUN, "a record's key and values are too long");
	p = (struct parcel *)(void *)buf_room(b, size);
	*p = (struct parcel){ (uint32_t)size, r->tag[i], r->place++,
	    (uint32_t)key.n };
	val = (void *)(p + 1);
	to = (char *)(val + g->nin);
	if (key.n > 0)
		memcpy(to, key.p, key.n);
	to += key.n;
	for (k = 0; k < g->nin; k++) {
		n = text_size(&v->col[g->in[k].col][i]);
		val[k].n = (uint32_t)n;
		val[k].kind = ABSENT;
		if (n > 0)
			memcpy(to, v->col[g->in[k].col][i].p, n);
		to += n;
	}
	r->from[i] = b->n;
	b->n += size;
}

static void
put_all(struct route *r, const struct grouped *s, const struct grouping *c,
    const struct vec *v)
{
	const struct aggs *g = &c->aggs;
	const struct slice *key = keys_join(&c->by, v, &r->joined, r->key);
	struct value *val;
	size_t i, k, at;

	table_tags(s->groups.table, key, v->n, r->tag);
	for (i = 0; i < v->n; i++)
		put_down(r, g, v, i, key[i]);
	for (k = 0; k < g->nin; k++) {
		aggs_gather(g, k, &r->room, r->each, v, &r->val);
		for (i = 0; i < r->val.n; i++) {
			at = r->val.group[i];
			val = (struct value *)(void *)(r->parcel[r->tag[at] >>
			    r->to->shift].p + r->from[at] +
			    sizeof(struct parcel)) + k;
			if (g->in[k].numbers)
				val->num = r->val.num[i];
			val->kind = r->val.text[i].p == number_only ? ALONE :
			    TEXT;
		}
	}
}

/* Groups of the part that were found first just now are as old as that. */
static void
find_groups(struct part *p, struct route *r, size_t n, uint32_t *idx)
{
	size_t i, had = p->groups.n;

	groups_find_tags(&p->groups, r->key, r->tag, n, r->to->n, idx);
	p->came = mem_reserve(p->came, &p->cap, p->groups.n, sizeof *p->came);
	for (i = 0; i < n; i++)
		if (idx[i] == had)
			p->came[had++] = CAME(p->seq, r->now[i]->place);
}

/* n records' values of input k, of texts behind those of inputs before. */
static void
add_values(struct route *r, const struct aggs *g, struct grouped *s,
    struct part *p, const uint32_t *idx, size_t n, size_t k)
{
	struct agg_room *w = &r->room;
	const struct value *val;
	size_t i, m = 0;

	for (i = 0; i < n; i++) {
		val = &values(r->now[i])[k];
		w->num[m] = val->num;
		w->text[m] = (struct slice){ val->kind == ALONE ?
		    number_only : r->text[i], val->n };
		w->group[m] = idx[i];
		m += val->kind != ABSENT;
		r->text[i] += val->n;
	}
	if (m > 0)
		aggs_add_values(g, s->shared, p->groups.acc, k,
		    &(struct agg_values){ .n = m, .group = w->group,
		    .text = w->text, .num = w->num, .by = w->text,
		    .bins = g->bins });
}

static void
take(void *vs, const void *vc, size_t k, void *vfrom)
{
	const struct grouping *c = vc;
	struct grouped *s = vs, *from = vfrom;
	struct route *r = s->route;
	struct part *p = &r->to->part[k];
	struct buf *b = &from->route->parcel[k];
	size_t n, j, at = 0;
	uint32_t idx[VEC_MAX];

	p->seq++;
	while (at < b->n) {
		for (n = 0; n < VEC_MAX && at < b->n; n++) {
			r->now[n] = (const void *)(b->p + at);
			at += r->now[n]->size;
			r->tag[n] = r->now[n]->tag;
			r->key[n] = (struct slice){ (const char *)(values(
			    r->now[n]) + c->aggs.nin), r->now[n]->key };
			r->text[n] = r->key[n].p + r->key[n].n;
		}
		find_groups(p, r, n, idx);
		aggs_add_values(&c->aggs, s->shared, p->groups.acc, NO_INPUT,
		    &(struct agg_values){ .n = n, .group = idx });
		for (j = 0; j < c->aggs.nin; j++)
			add_values(r, &c->aggs, s, p, idx, n, j);
	}
	b->n = 0;
	if (k == 0)
		from->route->place = 0;
}

void
spread_push(struct grouped *s, const struct grouping *c, const struct vec *v)
{
	size_t k;

	put_all(s->route, s, c, v);
	for (k = 0; s->spread != NULL && k < s->spread->n; k++)
		take(s, c, k, s);
}

/* Whether states are where their values alone make them, and there are more
   groups than a table of each worker's own would be good for. */
static bool
suit(const void *vs, const void *vc, uint64_t records)
{
	const struct grouping *c = vc;
	const struct grouped *s = vs;
	size_t i;

	if (s->spread != NULL)
		return true;
	if (c->by.n == 0 || s->groups.n <= records / 4 || c->max != 0 ||
	    c->aggs.dated != NULL)
		return false;
	for (i = 0; i < c->aggs.nparts; i++)
		if (c->aggs.part[i].kind->shared != NULL ||
		    (c->aggs.part[i].input == NO_INPUT &&
		    c->aggs.part[i].kind != &agg_kind_count))
			return false;
	for (i = 0; i < c->aggs.nin; i++)
		if (c->aggs.in[i].pair)
			return false;
	return true;
}

static void
attach(void *vs, const void *vc, void *whole)
{
	struct grouped *s = vs, *to = whole;
	struct route *r = s->route = mem_zero(sizeof *r);
	uint32_t i;

	for (i = 0; i < VEC_MAX; i++)
		r->each[i] = i;
	r->to = to->spread;
}

/* The groups that there are go to the parts. */
static size_t
open_parts(void *vs, const void *vc, size_t threads)
{
	const struct grouping *c = vc;
	struct grouped *s = vs;
	struct groups *g = &s->groups;
	struct part *p;
	struct slice key;
	uint32_t tag, idx;
	struct spread *d = s->spread;
	bool reuse = g->reuse;
	unsigned bits = 1;
	size_t i;

	if (d != NULL)
		return d->n;
	while (bits < BITS_MAX && (size_t)1 << bits < EACH * threads)
		bits++;
	s->spread = d = mem_zero(sizeof *d);
	d->shift = 32 - bits;
	d->n = (size_t)1 << bits;
	for (i = 0; i < d->n; i++) {
		groups_init(&d->part[i].groups, &c->by, g->size, c->seed);
		table_part(d->part[i].groups.table, bits);
	}
	for (i = 0; i < g->n; i++) {
		key = groups_key(g, i);
		table_tags(g->table, &key, 1, &tag);
		p = &d->part[tag >> d->shift];
		groups_find_tags(&p->groups, &key, &tag, 1, d->n, &idx);
		p->came = mem_reserve(p->came, &p->cap, p->groups.n,
		    sizeof *p->came);
		p->came[idx] = CAME(0, i);
		memcpy(groups_acc(&p->groups, idx), groups_acc(g, i), g->size);
	}
	aggs_free(&c->aggs, groups_acc(g, g->n), g->used - g->n);
	groups_fini(g);
	groups_init(g, &c->by, g->size, c->seed);
	g->reuse = reuse;
	attach(s, c, s);
	return d->n;
}

/* How many of the part's groups came before. */
static size_t
before(const struct part *p, uint64_t came)
{
	return came == 0 ? 0 : nums_upto(p->came, p->groups.n, came - 1);
}

/* One of SHARES of all groups, by their sequence numbers: those that came close
   to the first that is left, again and again. */
static void
order(void *vd, size_t share)
{
	enum { SOME = 2048 };
	struct spread *d = vd;
	struct part *p = d->part;
	uint64_t seqs = p->seq + 1, from = CAME(seqs * share / SHARES, 0),
	    end = CAME(seqs * (share + 1) / SHARES, 0);
	size_t lo[PARTS_MAX], hi[PARTS_MAX], i, k, left = 0, at = 0;
	uint32_t of[SOME];

	for (k = 0; k < d->n; k++) {
		lo[k] = before(&p[k], from);
		hi[k] = before(&p[k], end);
		at += lo[k];
		left += hi[k] - lo[k];
	}
	while (left > 0) {
		for (from = end, k = 0; k < d->n; k++)
			if (lo[k] < hi[k] && p[k].came[lo[k]] < from)
				from = p[k].came[lo[k]];
		memset(of, 0xff, sizeof of);
		for (k = 0; k < d->n; k++)
			for (; lo[k] < hi[k] && p[k].came[lo[k]] - from < SOME;
			    lo[k]++, left--)
				of[p[k].came[lo[k]] - from] =
				    (uint32_t)(k << d->shift | lo[k]);
		for (i = 0; i < SOME; i++)
			if (of[i] != UINT32_MAX)
				d->order[at++] = of[i];
	}
}

size_t
spread_order(struct grouped *s, const struct grouping *c)
{
	struct spread *d = s->spread;
	size_t k;

	for (d->rows = 0, k = 0; k < d->n; k++)
		d->rows += d->part[k].groups.n;
	free(d->order);
	d->order = mem_alloc(d->rows * sizeof *d->order);
	gang_run(&(struct gang){ .threads = c->jobs, .work = order, .arg = d,
	    .parts = SHARES });
	return d->rows;
}

static const struct groups *
place(const struct spread *d, size_t i, uint32_t *at)
{
	*at = d->order[i] & (((uint32_t)1 << d->shift) - 1);
	return &d->part[d->order[i] >> d->shift].groups;
}

/* Neighbours lie far apart, so those of the rows that follow are fetched. */
struct row
spread_row(const struct grouped *s, size_t i)
{
	enum { NEAR = 8, FAR = 2 * NEAR };
	const struct spread *d = s->spread;
	const struct groups *g;
	uint32_t at;

	if (i + FAR < d->rows) {
		g = place(d, i + FAR, &at);
		table_fetch(g->table, at);
		__builtin_prefetch(groups_acc(g, at));
		g = place(d, i + NEAR, &at);
		__builtin_prefetch(groups_key(g, at).p);
	}
	g = place(d, i, &at);
	return (struct row){ groups_key(g, at), { groups_acc(g, at),
	    s->shared, at } };
}

static void
route_free(struct route *r)
{
	size_t k;

	for (k = 0; k < PARTS_MAX && r != NULL; k++)
		buf_free(&r->parcel[k]);
	if (r != NULL)
		buf_free(&r->joined);
	free(r);
}

void
spread_free(struct grouped *s, const struct grouping *c)
{
	struct part *p;
	size_t k;

	route_free(s->route);
	s->route = NULL;
	for (k = 0; s->spread != NULL && k < s->spread->n; k++) {
		p = &s->spread->part[k];
		aggs_free(&c->aggs, p->groups.acc, p->groups.n);
		groups_fini(&p->groups);
		free(p->came);
	}
	if (s->spread != NULL)
		free(s->spread->order);
	free(s->spread);
	s->spread = NULL;
}

const struct op_parts grouped_parts = {
	.suit = suit,
	.open = open_parts,
	.attach = attach,
	.take = take
};
