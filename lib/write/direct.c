/* direct.c - records written column by column */
#include <stdlib.h>

#include "lib/format/fmt.h"
#include "lib/format/vec.h"
#include "lib/scan/scan.h"
#include "lib/write/direct.h"

/* A column is VEC_MAX values of memory: beyond MOST records are written one by
   one. */
enum { LEAD = 32, SLACK = 2 * SCAN_REACH, TRIES = 1024, MOST = 1024 };

/* What stands before the value of a column; text holds up to LEAD bytes. */
struct lead {
	char text[LEAD];
	struct slice s;
};

struct direct {
	const struct shape *out;
	struct take take;
	size_t n;			/* columns */
	struct part *part;		/* what they are, where the format
					   stays: wants up to another; NULL:
					   one each */
	size_t nwant;			/* of columns; those behind them are of
					   what no record should have */
	const struct want *last;	/* what each should have, or NULL */
	struct slice **col;		/* as they are written */
	struct slice (*set)[VEC_MAX];	/* room for those set */
	struct lead *lead;
	unsigned char (*wrap)[VEC_MAX];
	bool sparse;			/* what is absent isn't written */
	bool exact;			/* names must be those, in order */
	size_t nend;			/* bytes behind the last value */
	size_t size;			/* of the records taken, at most */
	struct scan_reach reach[VEC_MAX];
	unsigned char keys[VEC_MAX];
	unsigned char other[VEC_MAX];	/* 1: not for here */
	uint64_t tried, found;		/* records taken, and those that were
					   for here */
	struct arena texts;
	struct buf row;
};

static void
set_lead(struct direct *d, size_t k, struct slice name, struct arena *a)
{
	struct lead *l = &d->lead[k];

	d->row.n = 0;
	d->out->format->lead(&d->row, d->out, name, k);
	l->s = d->row.n == 0 ? SLICE("") : arena_copy(a, buf_text(&d->row));
	memcpy(l->text, l->s.p, l->s.n < LEAD ? l->s.n : LEAD);
}

/* For n columns, which are wanted next; NULL: out can't be written so, or in
   read. */
static struct direct *
new(const struct shape *in, const struct shape *out, size_t n,
    const struct options *opt)
{
	struct arena *a = opt->arena;
	struct direct *d;

	if (n == 0 || n > MOST || out->format->lead == NULL ||
	    in->format->pick != NULL || in->arrays ||
	    (opt->term == '\0' && out->format->no_nul != NULL))
		return NULL;
	d = arena_zero(a, sizeof *d);
	d->out = out;
	d->take.shape = in;
	d->n = d->nwant = n;
	d->col = arena_zero(a, (n + 1) * sizeof *d->col);
	d->lead = arena_zero(a, (n + 1) * sizeof *d->lead);
	d->wrap = mem_alloc((n + 1) * sizeof *d->wrap);
	d->sparse = (out->format->traits & FMT_SPARSE) != 0;
	d->nend = strlen(out->format->end);
	return d;
}

struct direct *
direct_new(const struct shape *in, const struct shape *out,
    const struct options *opt)
{
	bool named = (out->format->traits & FMT_NAMED) != 0;
	const struct column *col = in->col;
	struct direct *d;
	size_t k, n = 0;

	if (in->format == out->format || in->ncol > MOST ||
	    (in->format->traits & (FMT_NAMED | FMT_OPEN)) != 0)
		return NULL;
	for (k = 0; k < in->ncol; k++) {
		n += col[k].pos != 0;
		if ((col[k].name.n == 0 && (named || col[k].pos == 0)) ||
		    (col[k].pos != 0 && col[k].pos != (int)k + 1))
			return NULL;
	}
	if ((d = new(in, out, n, opt)) == NULL)
		return NULL;
	for (k = 0; k < n; k++) {
		take_column(&d->take, in, &col[k], (int)k + 1, 0,
		    opt->arena);
		set_lead(d, k, col[k].name, opt->arena);
	}
	take_column(&d->take, in, NULL, (int)n + 1, 0, opt->arena);
	for (k = n; k < in->ncol; k++)
		take_column(&d->take, in, &col[k], 0, 0, opt->arena);
	take_plan(&d->take, opt->arena);
	return d;
}

struct direct *
direct_like(const struct shape *in, const struct shape *out,
    const struct column *like, size_t n, bool exact, const struct options *opt)
{
	struct direct *d;
	size_t k;

	if (in->format == out->format ||
	    (in->format->traits & FMT_NAMED) == 0 ||
	    (d = new(in, out, n, opt)) == NULL)
		return NULL;
	for (k = 0; k < n; k++) {
		take_column(&d->take, in, &like[k], 0, 0, opt->arena);
		set_lead(d, k, like[k].name, opt->arena);
	}
	d->take.keys = d->keys;
	d->exact = exact;
	take_plan(&d->take, opt->arena);
	return d;
}

struct direct *
direct_given(const struct shape *in, const struct shape *out,
    const struct column *col, size_t n, const struct options *opt)
{
	struct direct *d;
	size_t k;

	if ((d = new(in, out, n, opt)) == NULL)
		return NULL;
	d->set = mem_alloc(n * sizeof *d->set);
	for (k = 0; k < n; k++)
		set_lead(d, k, col[k].name, opt->arena);
	return d;
}

/* Columns that stay side by side are one, with the separators between; how many
   there are then. */
static size_t
join_parts(struct part *part, size_t n, bool spans)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		part[i].to = part[i].at;
		if (spans && k > 0 && !part[k - 1].set && !part[i].set &&
		    part[k - 1].to + 1 == part[i].at)
			part[k - 1].to++;
		else
			part[k++] = part[i];
	}
	return k;
}

/* Wants for the parts, and to see whether there are n columns. */
static void
want_places(struct direct *d, const struct shape *in, size_t n,
    struct arena *a)
{
	struct part *p;
	size_t last;

	for (p = d->part; p < d->part + d->n; p++) {
		if (p->set)
			continue;
		p->at = take_column(&d->take, in, NULL, (int)p->at + 1,
		    WANT_RAW, a);
		p->to = take_column(&d->take, in, NULL, (int)p->to + 1,
		    WANT_RAW, a);
	}
	last = take_column(&d->take, in, NULL, (int)n, WANT_RAW, a);
	d->nwant = d->take.n;
	take_column(&d->take, in, NULL, (int)n + 1, WANT_RAW, a);
	d->last = &d->take.want[last];
}

struct direct *
direct_own(const struct shape *in, const struct shape *out, struct part *part,
    size_t nparts, const struct slice *name, size_t n,
    const struct options *opt)
{
	bool named = (in->format->traits & FMT_NAMED) != 0;
	struct direct *d;
	size_t k;

	/* Quotes may be the sign of an empty value that is all there is. */
	if (n > MOST || (n == 1 && out->format->quote != '\0'))
		return NULL;
	nparts = join_parts(part, nparts, !named && in->sep != NULL);
	if ((d = new(in, out, nparts, opt)) == NULL)
		return NULL;
	d->part = part;
	d->nwant = n;
	d->set = mem_alloc(nparts * sizeof *d->set);
	memset(d->wrap, 0, nparts * sizeof *d->wrap);
	for (k = 0; k < nparts; k++)
		set_lead(d, k, part[k].name, opt->arena);
	for (k = 0; k < n && named; k++)
		take_column(&d->take, in, &(struct column){ .name = name[k] },
		    0, WANT_RAW, opt->arena);
	if (n > 0 && named)
		d->take.keys = d->keys;
	else if (n > 0)
		want_places(d, in, n, opt->arena);
	d->exact = true;
	take_plan(&d->take, opt->arena);
	return d;
}

void
direct_free(struct direct *d)
{
	if (d == NULL)
		return;
	take_free(&d->take);
	arena_free(&d->texts);
	buf_free(&d->row);
	free(d->wrap);
	free(d->set);
}

size_t
direct_count(const struct direct *d)
{
	return d->n;
}

/* Which records are for here. */
static void
find_others(struct direct *d, size_t n)
{
	const struct take *t = &d->take;
	unsigned keys = d->exact ? KEYS_MORE | KEYS_FEWER | KEYS_ORDER :
	    KEYS_MORE;
	size_t i, k;

	for (i = 0; i < n; i++)
		d->other[i] = t->keys != NULL && (t->keys[i] & keys) != 0;
	for (k = d->nwant; k < t->n; k++)
		for (i = 0; i < n; i++)
			d->other[i] |= t->col[k][i].p != NULL;
	for (i = 0; d->last != NULL && i < n; i++)
		d->other[i] |= d->last->col[i].p == NULL;
	for (i = 0; i < t->nbad; i++)
		d->other[t->bad[i].i] = 1;
}

/* The same of a column of which some are tokens, which stay. */
static void
ready_some(struct direct *d, size_t k, const bool *token, struct texts *t)
{
	struct scan_reach reach[VEC_MAX];
	unsigned char wrap[VEC_MAX];
	struct slice v[VEC_MAX];
	uint16_t idx[VEC_MAX];
	struct texts some = *t;
	size_t i, n = 0;

	for (i = 0; i < t->n; i++) {
		if (token[i] && t->v[i].n > 0)
			continue;
		idx[n] = (uint16_t)i;
		v[n] = t->v[i];
		reach[n++] = t->reach[i];
	}
	memset(d->wrap[k], 0, t->n);
	if (n == 0)
		return;
	some.n = n;
	some.v = v;
	some.wrap = wrap;
	some.reach = reach;
	d->out->format->ready(d->out, &some);
	for (i = 0; i < n; i++) {
		t->v[idx[i]] = v[i];
		d->wrap[k][idx[i]] = wrap[i];
	}
}

/* A key alone in a line of those that don't write what is absent has a token
   like no other: not for here. */
static void
find_alone(struct direct *d, const struct slice *v, const bool *token, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		d->other[i] |= token[i] && v[i].n == 1 && *v[i].p == ' ';
}

static size_t
sum_sizes(const struct slice *v, size_t n)
{
	size_t i, size = 0;

	for (i = 0; i < n; i++)
		size += v[i].n;
	return size;
}

/* The columns as they are written, and what room that takes. */
static void
make_ready(struct direct *d, const struct slice *rec, size_t n,
    const struct values *set)
{
	struct texts t = { .reach = d->reach, .n = n, .alone = d->n == 1,
	    .arena = &d->texts, .row = &d->row };
	const bool *token;
	size_t i, k, size = 0;

	if (rec != NULL)
		scan_reach(rec, n, d->reach);
	for (i = 0; rec == NULL && i < n; i++)
		d->reach[i] = (struct scan_reach){ 1, 0 };
	for (k = 0; k < d->n; k++) {
		t.v = d->col[k];
		t.wrap = d->wrap[k];
		token = set == NULL ? NULL : !d->part[k].set ? vec_all :
		    set[d->part[k].at].token;
		if (token != NULL && d->sparse)
			find_alone(d, t.v, token, n);
		if (token == NULL)
			d->out->format->ready(d->out, &t);
		else if (d->part[k].set)
			ready_some(d, k, token, &t);
		size += sum_sizes(d->col[k], n) + n * (d->lead[k].s.n + 2);
	}
	d->size = size + n * (d->nend + 1);
}

/* Takes what is wanted of n records. */
static bool
read_records(struct direct *d, const struct slice *rec, size_t n)
{
	size_t i;

	if (d->tried >= TRIES && d->found < d->tried / 4)
		return false;
	take_run(&d->take, rec, n);
	find_others(d, n);
	d->tried += n;
	for (i = 0; i < n; i++)
		d->found += !d->other[i];
	return true;
}

bool
direct_take(struct direct *d, const struct slice *rec, size_t n)
{
	size_t k;

	if (!read_records(d, rec, n))
		return false;
	for (k = 0; k < d->n; k++)
		d->col[k] = d->take.want[k].col;
	arena_reset(&d->texts);
	make_ready(d, rec, n, NULL);
	return true;
}

/* A column that was set, in room of its own. */
static struct slice *
column_set(struct direct *d, size_t k, const struct values *c, size_t n)
{
	struct slice *v = d->set[k];
	size_t i;

	if (c->text == NULL)
		memset(v, 0, n * sizeof *v);
	else if (c->num == NULL)
		memcpy(v, c->text, n * sizeof *v);
	else
		for (i = 0; i < n; i++)
			v[i] = values_text(c, i, &d->texts);
	return v;
}

/* One that stays, or several and what is between them. */
static struct slice *
column_kept(struct direct *d, size_t k, size_t n)
{
	const struct part *part = &d->part[k];
	struct slice *first = d->take.want[part->at].col, *v = d->set[k];
	const struct slice *last = d->take.want[part->to].col;
	size_t i;

	if (part->at == part->to)
		return first;
	for (i = 0; i < n; i++)
		v[i] = last[i].p == NULL ? last[i] : (struct slice){ first[i].p,
		    (size_t)(last[i].p - first[i].p) + last[i].n };
	return v;
}

bool
direct_set(struct direct *d, const struct slice *rec, size_t n,
    const struct values *set)
{
	const struct part *part = d->part;
	size_t k;

	memset(d->other, 0, n * sizeof *d->other);
	if (d->nwant > 0 && !read_records(d, rec, n))
		return false;
	arena_reset(&d->texts);
	for (k = 0; k < d->n; k++)
		d->col[k] = part[k].set ?
		    column_set(d, k, &set[part[k].at], n) :
		    column_kept(d, k, n);
	make_ready(d, rec, n, set);
	return true;
}

void
direct_columns(struct direct *d, const struct slice *const *col, size_t from,
    const struct slice *rec, size_t n)
{
	size_t k;

	memset(d->other, 0, n * sizeof *d->other);
	for (k = 0; k < d->n; k++) {
		d->col[k] = d->set[k];
		memcpy(d->col[k], col[k] + from, n * sizeof **col);
	}
	arena_reset(&d->texts);
	make_ready(d, rec, n, NULL);
}

size_t
direct_run(const struct direct *d, size_t i, size_t n)
{
	const unsigned char *end = memchr(d->other + i, 1, n - i);

	return end == NULL ? n - i : (size_t)(end - (d->other + i));
}

bool
direct_lacks(const struct direct *d, size_t i)
{
	return (d->keys[i] & KEYS_FEWER) != 0;
}

/* Up to SLACK bytes more may be written. */
static inline char *
put_text(char *o, struct slice v, const struct scan_reach *r)
{
	if (v.n <= SCAN_REACH && scan_reaches(r, v.p)) {
		memcpy(o, v.p, SCAN_REACH);
	} else if (v.n > SCAN_REACH && v.n <= 2 * SCAN_REACH) {
		memcpy(o, v.p, SCAN_REACH);
		memcpy(o + v.n - SCAN_REACH, v.p + v.n - SCAN_REACH,
		    SCAN_REACH);
	} else if (v.n > 0) {
		memcpy(o, v.p, v.n);
	}
	return o + v.n;
}

static inline char *
put_lead(char *o, const struct lead *l)
{
	if (l->s.n <= LEAD)
		memcpy(o, l->text, LEAD);
	else
		memcpy(o, l->s.p, l->s.n);
	return o + l->s.n;
}

/* Absent values are not written, and the first that is has no blank before
   it. */
static char *
put_sparse(const struct direct *d, size_t i, char *o)
{
	const char *start = o;
	struct slice v, lead;
	size_t k;

	for (k = 0; k < d->n; k++) {
		v = d->col[k][i];
		if (v.p == NULL)
			continue;
		lead = d->lead[k].s;
		if (o == start && k > 0) {
			slice_skip(&lead, 1);
		}
		memcpy(o, lead.p, lead.n);
		o += lead.n;
		*o = '"';
		o = put_text(o + d->wrap[k][i], v, &d->reach[i]);
		*o = '"';
		o += d->wrap[k][i];
	}
	return o;
}

/* What is asked for each value is at hand: bytes that are written may be
   anything to the compiler. */
static void
put_full(const struct direct *d, size_t i, size_t end, char term, struct buf *b)
{
	const struct lead *lead = d->lead, *last = lead + d->n, *l;
	const unsigned char (*wrap)[VEC_MAX] =
	    (const unsigned char (*)[VEC_MAX])d->wrap;
	struct slice *const *col = d->col;
	const char *tail = d->out->format->end;
	size_t k, w, ntail = d->nend;
	struct scan_reach reach;
	char *o = b->p + b->n;

	for (; i < end; i++) {
		reach = d->reach[i];
		for (k = 0, l = lead; l < last; k++, l++) {
			o = put_lead(o, l);
			w = wrap[k][i];
			*o = '"';
			o = put_text(o + w, col[k][i], &reach);
			*o = '"';
			o += w;
		}
		memcpy(o, tail, ntail);
		o += ntail;
		*o++ = term;
	}
	b->n = (size_t)(o - b->p);
}

static void
put_some(const struct direct *d, size_t i, size_t end, char term, struct buf *b)
{
	char *o = b->p + b->n;

	if (!d->sparse) {
		put_full(d, i, end, term, b);
		return;
	}
	for (; i < end; i++) {
		o = put_sparse(d, i, o);
		*o++ = term;
	}
	b->n = (size_t)(o - b->p);
}

void
direct_put(const struct direct *d, size_t i, size_t n, char term, struct buf *b,
    size_t *len)
{
	size_t at, end = i + n;

	buf_room(b, d->size + SLACK);
	if (len == NULL) {
		put_some(d, i, end, term, b);
		return;
	}
	for (; i < end; i++) {
		at = b->n;
		put_some(d, i, i + 1, term, b);
		len[i] = b->n - at - 1;
	}
}
