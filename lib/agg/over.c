/* over.c - aggregates over the last N batches, by merging their states */
#include <stdlib.h>

#include "lib/agg/over.h"
#include "lib/format/pack.h"

/* A group's states in one batch; in the front stack with those of all later
   panes there merged in. */
struct pane {
	uint64_t batch;
	uint64_t place;		/* among the batch's groups */
	char acc[];		/* at a multiple of 8, as its size is one */
};

/* A group in the window; the states of the back follow it, so that its size
   is a multiple of 8 where pointers have 4 bytes too. */
struct member {
	_Alignas(uint64_t) char *pane;	/* [from, n) are in the window */
	size_t from, n, cap;
	size_t front;		/* so many of them are in the front stack */
};

/* What is kept of a batch: its groups and what their states share. */
struct slot {
	uint32_t *group;	/* in the window */
	size_t n, cap;
	void **shared;
};

struct shown {
	uint64_t batch, place;	/* of its oldest pane */
	uint32_t group;
};

struct over {
	const struct grouping *c;
	const struct aggs *aggs;
	size_t pane_size;
	uint64_t batch;
	struct groups win;	/* of struct member and the back's states */
	void **shared;		/* of the window's states */
	struct slot *slot;	/* a ring */
	size_t first, nslots, slotcap;
	size_t live;		/* groups with panes */
	struct shown *shown;
	size_t nshown, shown_cap;
	char *sum;		/* a shown group's states */
};

enum { COMPACT = 64 };		/* groups gone before it pays to look */

static struct member *
member(const struct over *o, size_t i)
{
	return groups_acc(&o->win, i);
}

static struct pane *
pane(const struct over *o, const struct member *m, size_t i)
{
	return (struct pane *)(void *)(m->pane + (m->from + i) * o->pane_size);
}

static struct agg_group
back_of(const struct over *o, uint32_t g)
{
	return (struct agg_group){ (char *)(member(o, g) + 1), o->shared, g };
}

static void
win_init(struct over *o)
{
	groups_init(&o->win, &o->c->by, sizeof(struct member) + o->aggs->size,
	    o->c->seed);
	o->win.max = o->c->max;
	o->shared = aggs_open(o->aggs, o->c->by.n > 0);
	if (o->c->by.n == 0)
		groups_one(&o->win);
}

struct over *
over_new(const struct grouping *c)
{
	struct over *o = mem_zero(sizeof *o);

	o->c = c;
	o->aggs = &c->aggs;
	o->pane_size = sizeof(struct pane) + c->aggs.size;
	o->sum = mem_zero(c->aggs.size);
	win_init(o);
	return o;
}

static void
member_free(struct over *o, struct member *m)
{
	size_t i;

	for (i = 0; i < m->n - m->from; i++)
		aggs_free(o->aggs, pane(o, m, i)->acc, 1);
	aggs_free(o->aggs, (char *)(m + 1), 1);
	free(m->pane);
}

void
over_free(struct over *o)
{
	size_t i;

	if (o == NULL)
		return;
	for (i = 0; i < o->win.n; i++)
		member_free(o, member(o, i));
	for (i = 0; i < o->slotcap; i++) {
		aggs_close(o->aggs, o->slot[i].shared);
		free(o->slot[i].group);
	}
	aggs_close(o->aggs, o->shared);
	aggs_free(o->aggs, o->sum, 1);
	groups_fini(&o->win);
	free(o->slot);
	free(o->shown);
	free(o->sum);
	free(o);
}

/* Whether an older pane's state is taken out of the back's again. */
static bool
forgets(const struct agg_part *p)
{
	return p->kind->shared != NULL;
}

/* Merges the states that are kept in stacks: all but the bulky ones. */
static void
merge_stacked(const struct aggs *a, struct agg_group to, struct agg_group from)
{
	size_t i;

	for (i = 0; i < a->nparts; i++)
		if (!a->part[i].kind->bulky)
			agg_merge(a->part[i].kind, agg_at(a, to, i),
			    agg_at(a, from, i));
}

static void
reset_stacked(const struct aggs *a, char *acc)
{
	size_t i;

	for (i = 0; i < a->nparts; i++)
		if (!a->part[i].kind->bulky)
			agg_reset(a->part[i].kind, acc + a->part[i].off);
}

/* The back becomes the front: each pane with all later ones. */
static void
flip(struct over *o, struct member *m)
{
	size_t i, n = m->n - m->from;

	for (i = n; i-- > 1;)
		merge_stacked(o->aggs,
		    (struct agg_group){ pane(o, m, i - 1)->acc, o->shared, 0 },
		    (struct agg_group){ pane(o, m, i)->acc, o->shared, 0 });
	reset_stacked(o->aggs, (char *)(m + 1));
	m->front = n;
}

/* The oldest pane of a group leaves the window. */
static void
drop_pane(struct over *o, const struct slot *s, uint32_t g)
{
	struct member *m = member(o, g);
	struct pane *p = pane(o, m, 0);
	struct agg_group old = { p->acc, s->shared, (uint32_t)p->place };
	size_t i;

	for (i = 0; i < o->aggs->nparts; i++)
		if (forgets(&o->aggs->part[i]))
			o->aggs->part[i].kind->shared->forget(
			    agg_at(o->aggs, back_of(o, g), i),
			    agg_at(o->aggs, old, i));
	aggs_free(o->aggs, p->acc, 1);
	m->from++;
	if (m->front > 0)
		m->front--;
	else
		flip(o, m);
	if (m->from == m->n) {
		m->from = m->n = 0;
		o->live--;
	}
}

/* Room for one more pane; those that left make it first. */
static struct pane *
new_pane(struct over *o, struct member *m)
{
	if (m->n == m->cap && m->from > m->n / 2) {
		memmove(m->pane, m->pane + m->from * o->pane_size,
		    (m->n - m->from) * o->pane_size);
		m->n -= m->from;
		m->from = 0;
	}
	if (m->n == m->cap) {
		m->cap = m->cap == 0 ? 1 : m->cap * 2;
		m->pane = mem_grow(m->pane, m->cap * o->pane_size);
	}
	return (struct pane *)(void *)(m->pane + m->n++ * o->pane_size);
}

/* A group of the batch enters the window: its states move to a pane. */
static void
add_pane(struct over *o, struct grouped *b, size_t i, uint32_t g)
{
	const struct aggs *a = o->aggs;
	struct member *m = member(o, g);
	struct agg_group from = { groups_acc(&b->groups, i), b->shared,
	    (uint32_t)i };
	struct pane *p;
	size_t k;

	for (k = 0; k < a->nparts; k++)
		if (!a->part[k].kind->bulky || forgets(&a->part[k]))
			agg_merge(a->part[k].kind, agg_at(a, back_of(o, g), k),
			    agg_at(a, from, k));
	if (m->n > m->from && pane(o, m, m->n - m->from - 1)->batch ==
	    o->batch) {		/* a second one of (other) */
		p = pane(o, m, m->n - m->from - 1);
		aggs_merge(a, (struct agg_group){ p->acc, b->shared,
		    (uint32_t)p->place }, from);
		aggs_reset(a, from.acc, 1);
		return;
	}
	o->live += m->n == m->from;
	p = new_pane(o, m);
	p->batch = o->batch;
	p->place = i;
	memcpy(p->acc, from.acc, a->size);
	memset(from.acc, 0, a->size);
}

/* The ring's next slot, made larger while fewer than N batches are in it. */
static struct slot *
new_slot(struct over *o)
{
	struct slot *s;
	size_t i, cap = o->slotcap < 8 ? 8 : o->slotcap * 2;

	if (o->nslots == o->slotcap) {
		s = mem_zero(cap * sizeof *s);
		for (i = 0; i < o->nslots; i++)
			s[i] = o->slot[(o->first + i) % o->slotcap];
		free(o->slot);
		o->slot = s;
		o->slotcap = cap;
		o->first = 0;
	}
	s = &o->slot[(o->first + o->nslots++) % o->slotcap];
	s->n = 0;
	return s;
}

/* The batch's groups become panes. */
static void
enter(struct over *o, struct grouped *b)
{
	struct slot *s = new_slot(o);
	struct slice key[VEC_MAX];
	uint32_t idx[VEC_MAX];
	size_t i, j, n;
	void **shared;
	bool full;

	s->group = mem_reserve(s->group, &s->cap, b->groups.n,
	    sizeof *s->group);
	for (i = 0; i < b->groups.n; i += n) {
		n = b->groups.n - i < VEC_MAX ? b->groups.n - i : VEC_MAX;
		full = o->win.other == TABLE_FULL;
		for (j = 0; j < n; j++)
			key[j] = groups_key(&b->groups, i + j);
		groups_find_keys(&o->win, key, n, idx);
		if (full && o->win.other != TABLE_FULL &&
		    o->c->other->n == 0)
			grouping_full(o->c, 0);
		for (j = 0; j < n; j++) {
			add_pane(o, b, i + j, idx[j]);
			if (s->n == 0 || s->group[s->n - 1] != idx[j])
				s->group[s->n++] = idx[j];
		}
	}
	shared = s->shared;
	if (shared == NULL)
		shared = aggs_open(o->aggs, o->c->by.n > 0);
	s->shared = b->shared;
	b->shared = shared;
}

/* The oldest batch leaves. */
static void
leave(struct over *o)
{
	struct slot *s = &o->slot[o->first];
	const struct member *m;
	size_t i;

	for (i = 0; i < s->n; i++) {
		m = member(o, s->group[i]);
		if (m->n > m->from &&	/* (other) may be there twice */
		    pane(o, m, 0)->batch == o->batch - o->c->over)
			drop_pane(o, s, s->group[i]);
	}
	aggs_clear(o->aggs, s->shared);
	o->first = (o->first + 1) % o->slotcap;
	o->nslots--;
}

/* Moves the groups that are still there; to[old] is where each went. */
static void
move_members(struct over *o, struct groups *old, void **shared, uint32_t *to)
{
	const struct aggs *a = o->aggs;
	struct member *m, *at;
	struct slice key;
	size_t i, k;

	for (i = 0; i < old->n; i++) {
		m = groups_acc(old, i);
		if (m->from == m->n) {
			member_free(o, m);
			continue;
		}
		key = groups_key(old, i);
		groups_find_keys(&o->win, &key, 1, &to[i]);
		at = member(o, to[i]);
		memcpy(at, m, old->size);
		for (k = 0; k < a->nparts; k++) {
			if (!forgets(&a->part[k]))
				continue;
			memset((char *)(at + 1) + a->part[k].off, 0,
			    a->part[k].kind->size);
			agg_merge(a->part[k].kind,
			    agg_at(a, back_of(o, to[i]), k),
			    agg_at(a, (struct agg_group){ (char *)(m + 1),
			    shared, (uint32_t)i }, k));
		}
	}
}

/* Makes the window anew without the groups and texts that left. */
static void
compact(struct over *o)
{
	struct groups old = o->win;
	void **shared = o->shared;
	uint32_t *to = mem_alloc(old.n * sizeof *to);
	size_t i, k;

	win_init(o);
	move_members(o, &old, shared, to);
	for (i = 0; i < o->nslots; i++) {
		struct slot *s = &o->slot[(o->first + i) % o->slotcap];

		for (k = 0; k < s->n; k++)
			s->group[k] = to[s->group[k]];
	}
	aggs_close(o->aggs, shared);
	groups_fini(&old);
	free(to);
}

/* Whether more groups are gone than there are; where their number is limited,
   whether any is. */
static bool
mostly_gone(const struct over *o)
{
	size_t i, gone = o->win.n - o->live;

	if (o->c->by.n > 0 && (o->c->max != 0 ? gone > 0 :
	    gone > COMPACT && gone > o->live))
		return true;
	for (i = 0; i < o->aggs->nparts; i++)
		if (forgets(&o->aggs->part[i]) &&
		    o->aggs->part[i].kind->shared->gone(o->shared[i]))
			return true;
	return false;
}

static int
older(const void *va, const void *vb)
{
	const struct shown *a = va, *b = vb;

	if (a->batch != b->batch)
		return a->batch < b->batch ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

/* What is to be shown; (other) comes last, wherever it began. */
static void
list(struct over *o)
{
	const struct pane *p;
	bool sorted = true;
	size_t i, n = 0;

	o->shown = mem_reserve(o->shown, &o->shown_cap, o->live,
	    sizeof *o->shown);
	for (i = 0; i < o->win.n; i++) {
		const struct member *m = member(o, i);

		if (m->from == m->n)
			continue;
		p = pane(o, m, 0);
		o->shown[n] = (struct shown){ p->batch, p->place,
		    (uint32_t)i };
		if (i == o->win.other)
			o->shown[n].batch = UINT64_MAX;
		sorted = sorted && (n == 0 ||
		    older(&o->shown[n - 1], &o->shown[n]) < 0);
		n++;
	}
	if (!sorted)
		qsort(o->shown, n, sizeof *o->shown, older);
	o->nshown = n;
}

void
over_close(struct over *o, struct grouped *batch)
{
	o->batch++;
	if (o->nslots == o->c->over)
		leave(o);
	if (mostly_gone(o))
		compact(o);
	enter(o, batch);
	groups_reset(&batch->groups);
	list(o);
}

size_t
over_rows(const struct over *o)
{
	return o->c->by.n == 0 ? 1 : o->nshown;
}

struct row
over_row(struct over *o, size_t i)
{
	const struct aggs *a = o->aggs;
	uint32_t g = o->c->by.n == 0 ? 0 : o->shown[i].group;
	struct member *m = member(o, g);
	struct agg_group back = back_of(o, g), sum = { o->sum, o->shared, g };
	size_t k, j, n = m->n - m->from;

	for (k = 0; k < a->nparts; k++) {
		const struct agg_part *p = &a->part[k];
		size_t stack = p->kind->bulky ? n : m->front > 0;

		if (forgets(p)) {	/* owns nothing */
			memcpy(o->sum + p->off, back.acc + p->off,
			    p->kind->size);
			continue;
		}
		agg_reset(p->kind, o->sum + p->off);
		for (j = 0; j < stack; j++)
			p->kind->merge(o->sum + p->off,
			    pane(o, m, j)->acc + p->off);
		if (!p->kind->bulky)
			p->kind->merge(o->sum + p->off, back.acc + p->off);
	}
	return (struct row){ groups_key(&o->win, g), sum };
}

/* The slot of a batch that is in the window. */
static struct slot *
slot_of(const struct over *o, uint64_t batch)
{
	return &o->slot[(o->first + o->nslots - 1 -
	    (size_t)(o->batch - batch)) % o->slotcap];
}

/* A pane's states, what they share being its batch's; not of front ones, which
   have later ones merged in, but for those that stand in what is shared. */
static struct agg_group
pane_group(const struct over *o, struct pane *p)
{
	return (struct agg_group){ p->acc, slot_of(o, p->batch)->shared,
	    (uint32_t)p->place };
}

/* A pane that is read becomes group g's next one; NULL: it is bad. */
static struct pane *
read_pane(struct over *o, uint32_t g, uint64_t batch, uint64_t place)
{
	struct member *m = member(o, g);
	uint64_t least = m->n > 0 ? pane(o, m, m->n - 1)->batch :
	    o->batch - o->nslots;
	struct slot *s;
	struct pane *p;

	if (place > UINT32_MAX || batch > o->batch || batch <= least)
		return NULL;
	s = slot_of(o, batch);
	s->group = mem_reserve(s->group, &s->cap, s->n + 1, sizeof *s->group);
	s->group[s->n++] = g;
	p = new_pane(o, m);
	memset(p, 0, o->pane_size);
	p->batch = batch;
	p->place = place;
	return p;
}

/* Pane i of group g; of states that stand in what is shared those of the back
   are all the panes'. */
static void
both_pane(struct over *o, uint32_t g, size_t i, struct both *b)
{
	const struct aggs *a = o->aggs;
	struct pane *p = both_reads(b) ? NULL : pane(o, member(o, g), i);
	uint64_t batch = p == NULL ? 0 : p->batch;
	uint64_t place = p == NULL ? 0 : p->place;
	size_t k;

	both_u64(b, &batch);
	both_u64(b, &place);
	if (both_reads(b) && !both_bad(b))
		p = read_pane(o, g, batch, place);
	both_expect(b, p != NULL);
	if (p == NULL)
		return;
	aggs_both(a, pane_group(o, p), b);
	for (k = 0; both_reads(b) && !both_bad(b) && k < a->nparts; k++)
		if (forgets(&a->part[k]))
			agg_merge(a->part[k].kind, agg_at(a, back_of(o, g), k),
			    agg_at(a, pane_group(o, p), k));
}

static void
both_member(struct over *o, uint32_t g, struct both *b)
{
	const struct aggs *a = o->aggs;
	struct member *m = groups_both_key(&o->win, g, b);
	size_t i, n;

	for (i = 0; i < a->nparts && !both_bad(b); i++)
		if (!forgets(&a->part[i]))
			agg_both(a, i, back_of(o, g), b);
	if (both_bad(b))
		return;
	both_size(b, &m->front);
	n = both_count(b, m->n - m->from);
	both_expect(b, m->front <= n);
	for (i = 0; i < n && !both_bad(b); i++)
		both_pane(o, g, i, b);
	o->live += both_reads(b) && n > 0;
}

/* There is a field for each batch, so that no line asks for more of them than
   it has. */
void
over_both(struct over *o, struct both *b)
{
	uint64_t over = o->c->over, none = 0;
	size_t i, n;

	both_u64(b, &over);
	both_u64(b, &o->batch);
	n = both_count(b, o->nslots);
	both_expect(b, over == o->c->over &&
	    n == (o->batch < over ? o->batch : over));
	for (i = 0; i < n && !both_bad(b); i++) {
		both_u64(b, &none);
		if (both_reads(b))
			new_slot(o)->shared = aggs_open(o->aggs,
			    o->c->by.n > 0);
	}
	n = both_count(b, o->win.n);
	both_expect(b, o->c->by.n > 0 || n == 1);
	if (both_reads(b))	/* without keys it was made with its group */
		o->win.n = 0;
	for (i = 0; i < n && !both_bad(b); i++)
		both_member(o, (uint32_t)i, b);
	if (both_reads(b) && !both_bad(b))
		list(o);
}
