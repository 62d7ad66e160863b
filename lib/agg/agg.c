/* agg.c - aggregates: asked for, bound to fields, updated by vectors */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/agg/agg.h"
#include "lib/base/chars.h"
#include "lib/format/pack.h"
#include "lib/run/args.h"
#include "lib/run/times.h"

static const struct agg all[] = {
#define AGG(name_, exact_, put_, approx_, traits_)			\
	{ .name = #name_, .exact = &agg_kind_##exact_,			\
	    .approx = &agg_kind_##approx_, .put = agg_put_##put_,	\
	    .traits = traits_ },
#include "lib/agg/aggs.def"
#undef AGG
};

enum { ALL = sizeof all / sizeof *all };

/* What other programs call them. */
static const char *const other_names[][2] = {
	{ "avg", "mean" }, { "average", "mean" }, { "sd", "stddev" },
	{ "std", "stddev" }, { "sstdev", "stddev" }, { "variance", "var" },
	{ "svar", "var" }, { "unique", "distinct" }, { "nunique", "distinct" },
	{ "countunique", "distinct" }, { "minimum", "min" },
	{ "maximum", "max" }, { "total", "sum" }, { "percentile", "p90" },
	{ "quantile", "p90" }, { "antimode", "mode" }, { "collapse", "list" },
	{ "collect", "list" }, { "array_agg", "list" },
	{ "group_concat", "list" }, { "string_agg", "list" },
	{ "collect_list", "list" }, { "collect_set", "values" },
	{ "uniques", "values" }, { "max_by", "argmax" }, { "maxby", "argmax" },
	{ "min_by", "argmin" }, { "minby", "argmin" }
};

const struct agg *
agg_number(size_t i)
{
	return i < ALL ? &all[i] : NULL;
}

/* Whether w is p and a number: its percentage. */
static bool
is_percent(struct slice w, struct number *percent)
{
	return w.n > 1 && w.p[0] == 'p' && is_digit(w.p[1]) &&
	    number_parse(percent, (struct slice){ w.p + 1, w.n - 1 }) &&
	    percent->exact;
}

static const struct agg *
find(struct slice w, struct number *percent)
{
	size_t i;
	bool found;

	for (i = 0; i < ALL; i++) {
		found = (all[i].traits & AGG_PERCENT) != 0 ?
		    is_percent(w, percent) :
		    slice_eq(w, slice_str(all[i].name));
		if (found)
			return &all[i];
	}
	return NULL;
}

static const char *
nearest(const char *w)
{
	const char *names[ALL];
	size_t i, n = 0;

	for (i = 0; i < sizeof other_names / sizeof *other_names; i++)
		if (strcmp(w, other_names[i][0]) == 0)
			return other_names[i][1];
	for (i = 0; i < ALL; i++)
		if ((all[i].traits & AGG_PERCENT) == 0)
			names[n++] = all[i].name;
	return diag_nearest(w, names, n);
}

/* Of NAME in NAME=AGG; 0: there is none. */
static size_t
as_length(const char *text)
{
	size_t n = field_new(text);

	return text[0] != '{' && memchr(text, ':', n) != NULL ? 0 : n;
}

bool
agg_named(const char *text)
{
	struct number percent;
	size_t as = as_length(text);

	if (as > 0)
		text += as + 1;
	return find((struct slice){ text, strcspn(text, ":") }, &percent) !=
	    NULL;
}

/* Those beside the two that are named as examples. */
static const char *
other_aggregates(struct arena *a)
{
	const char *list = "";
	size_t i;

	for (i = 0; i < ALL; i++)
		if (strcmp(all[i].name, "count") != 0 &&
		    strcmp(all[i].name, "sum") != 0)
			list = arena_printf(a, "%s, %s%s", list, all[i].name,
			    (all[i].traits & AGG_PERCENT) != 0 ? "90" : "");
	return list;
}

static int
no_such(struct args *a, struct slice w, const char *field)
{
	const char *name = arena_str(a->arena, w), *near = nearest(name);
	size_t call = strcspn(name, "(");
	struct number percent;

	if (w.n == 0 && field == NULL)
		return args_fail(a, "an aggregate is missing in the list");
	if (field != NULL && find(slice_str(field), &percent) != NULL)
		return args_fail(a, "the aggregate comes first: %s:%s", field,
		    name);
	/* sum(bytes), as other languages have it */
	if (name[call] != '\0' && find((struct slice){ name, call },
	    &percent) != NULL)
		return args_fail(a, "%s: the field comes behind a colon: "
		    "%.*s:FIELD", diag_quote(w.p, w.n), (int)call, name);
	if (field == NULL && strstr(a->op->args, "[AGGS]") != NULL)
		return args_fail(a, "there is no aggregate %s; did you mean "
		    "'%s%s%s'?", diag_quote(w.p, w.n), near != NULL ? near :
		    "", near != NULL ? "', or 'by " : "by ", name);
	if (near != NULL)
		return args_fail(a, "there is no aggregate '%s'; did you mean "
		    "'%s'?", name, near);
	return args_fail(a, "there is no aggregate %s; there are count, and "
	    "of a field (sum:FIELD) sum%s", diag_quote(w.p, w.n),
	    other_aggregates(a->arena));
}

/* The state that a column reads, shared with others of the same field. */
static size_t
want_part(struct aggs *a, const struct agg_kind *kind, size_t input)
{
	size_t i;

	for (i = 0; i < a->nparts; i++) {
		struct agg_part *p = &a->part[i];

		if (p->input != input)
			continue;
		if (p->kind->wider == kind)
			p->kind = kind;
		if (p->kind == kind || p->kind == kind->wider)
			return i;
	}
	a->part[a->nparts] = (struct agg_part){ kind, input, 0 };
	return a->nparts++;
}

/* by NULL: the field alone. */
static size_t
want_input(struct aggs *a, const char *text, const struct field *f,
    const struct field *by, bool numbers)
{
	size_t i;

	for (i = 0; i < a->nin; i++)
		if (a->in[i].numbers == numbers &&
		    a->in[i].pair == (by != NULL) &&
		    strcmp(a->in[i].text, text) == 0)
			return i;
	a->in[a->nin] = (struct agg_input){ .text = text, .field = *f,
	    .by = by != NULL ? *by : *f, .numbers = numbers,
	    .pair = by != NULL };
	return a->nin++;
}

/* AGG_FIELD, the field without its bucket. */
static struct slice
column_name(struct arena *a, struct slice agg, const struct field *f)
{
	char *s;

	if (f == NULL)
		return agg;
	s = arena_printf(a, "%.*s_%.*s", (int)agg.n, agg.p, (int)f->name.n,
	    f->name.p);
	return slice_str(s);
}

/* Where @BY begins in FIELD@BY, of which each may begin with an @; 0: there is
   none. */
static size_t
by_starts(const char *text)
{
	size_t n = text[0] == '{' ? strcspn(text, "}") : 1;

	n += strcspn(text + n, "@");
	return text[n] == '@' && text[n + 1] != '\0' ? n : 0;
}

/* The field that follows the colon, or NULL. */
static int
parse_field(struct aggs *g, struct args *a, const struct agg *agg,
    const struct agg_kind *kind, const char *name, const char *text,
    struct field *f, size_t *input)
{
	bool pair = (agg->traits & AGG_BY) != 0;
	const char *what = pair ? "FIELD@BY" : "FIELD";
	size_t n = pair && text != NULL && *text != '\0' ? by_starts(text) : 0;
	struct field by = { 0 };

	if (text == NULL || *text == '\0' || (pair && n == 0))
		return args_fail(a, "%s needs %s: %s:%s", name, pair ?
		    "a field and what it goes by" : "a field", name, what);
	if (pair && args_field(a, text + n + 1, false, &by) != OK)
		return FAIL;
	if (args_field(a, n == 0 ? text : arena_str(a->arena, (struct slice){
	    text, n }), (agg->traits & AGG_BUCKET) != 0, f) != OK)
		return FAIL;
	if (text[0] != '{' && strpbrk(text, "*/+()' ") != NULL)
		f->hint = arena_printf(a->arena, strstr(text, " as ") != NULL ?
		    "a name stands in front: %s x=%s:FIELD" :
		    "an expression is let's: let x='...' then %s %s:x",
		    a->op->name, name);
	*input = want_input(g, text, f, pair ? &by : NULL, kind->numbers);
	return OK;
}

/* One of the list. */
static int
parse_one(struct aggs *g, struct args *a, const char *text)
{
	struct agg_column *c = &g->col[g->ncol];
	const struct agg_kind *kind;
	struct slice as = { text, as_length(text) }, name;
	struct field f = { 0 }, named;
	size_t n, input = NO_INPUT;
	const char *field;

	if (as.n > 0 && args_field(a, arena_str(a->arena, as), false,
	    &named) != OK)
		return FAIL;
	text += as.n > 0 ? as.n + 1 : 0;
	n = strcspn(text, ":");
	name = (struct slice){ text, n };
	field = text[n] == ':' ? text + n + 1 : NULL;
	number_parse(&c->percent, SLICE("50"));
	c->agg = find(name, &c->percent);
	if (c->agg == NULL)
		return no_such(a, name, field);
	if ((c->agg->traits & AGG_PERCENT) != 0 && c->percent.real > 100)
		return args_fail(a, "%.*s: a percentage is from 0 to 100",
		    (int)n, text);
	c->approx = g->approx;
	kind = g->approx ? c->agg->approx : c->agg->exact;
	if ((field != NULL || (c->agg->traits & AGG_COUNT) == 0) &&
	    parse_field(g, a, c->agg, kind, arena_str(a->arena, name), field,
	    &f, &input) != OK)
		return FAIL;
	c->name = as.n > 0 ? named.name : column_name(a->arena, name,
	    input == NO_INPUT ? NULL : &f);
	c->part = want_part(g, kind, input);
	if ((c->agg->traits & AGG_MIN) != 0)
		c->part2 = want_part(g, &agg_kind_min, input);
	if ((c->agg->traits & AGG_LIST) != 0 && field != NULL)
		c->cut = tally_new(a->opt->diag, a->arena, arena_printf(
		    a->arena, "lists of %s end in ...", diag_quote(field,
		    strlen(field))));
	g->ncol++;
	return OK;
}

/* Where each state lies in a group's accumulator. */
static void
lay_out(struct aggs *g)
{
	size_t i;

	g->size = 0;
	g->plain = true;
	for (i = 0; i < g->nparts; i++) {
		g->part[i].off = g->size;
		g->size += (g->part[i].kind->size + 7) / 8 * 8;
		if (g->part[i].kind->free != NULL ||
		    g->part[i].kind->shared != NULL)
			g->plain = false;
	}
}

static void
start(struct aggs *g, struct args *a, size_t n)
{
	*g = (struct aggs){ .seed = a->opt->seed, .approx = a->opt->approx,
	    .op = a->op->name };
	g->col = arena_zero(a->arena, n * sizeof *g->col);
	g->part = arena_zero(a->arena, (2 * n + 1) * sizeof *g->part);
	g->in = arena_zero(a->arena, n * sizeof *g->in);
}

int
aggs_parse(struct aggs *g, struct args *a, const char *list)
{
	struct slice *part;
	size_t i, j, n;

	part = field_list(slice_str(list), &n, a->arena);
	start(g, a, n);
	for (i = 0; i < n; i++) {
		if (parse_one(g, a, arena_str(a->arena, part[i])) != OK)
			return FAIL;
		for (j = 0; j < i; j++)
			if (slice_eq(g->col[i].name, g->col[j].name))
				return args_fail(a, "two columns are named %s; "
				    "NAME=AGG:FIELD gives one another name",
				    diag_quote(g->col[i].name.p,
				    g->col[i].name.n));
	}
	lay_out(g);
	return OK;
}

void
aggs_count(struct aggs *g, struct args *a)
{
	start(g, a, 1);
	parse_one(g, a, "count");
	lay_out(g);
}

int
aggs_bins(struct aggs *g, struct args *a, const char *field, size_t bins)
{
	struct field f = { 0 };

	start(g, a, 1);
	g->bins = bins;
	if (args_field(a, field, false, &f) != OK)
		return FAIL;
	want_part(g, bins == 0 ? &agg_kind_logbins : &agg_kind_bins,
	    want_input(g, field, &f, NULL, true));
	lay_out(g);
	return OK;
}

void
aggs_heavy(struct aggs *g, struct args *a)
{
	start(g, a, 1);
	want_part(g, &agg_kind_heavy, NO_INPUT);
	lay_out(g);
}

bool
aggs_beside(struct aggs *g, const struct agg_kind *kind)
{
	if (g->part[g->nparts - 1].kind == kind)
		return false;
	g->part[g->nparts++] = (struct agg_part){ kind, NO_INPUT, 0 };
	lay_out(g);
	return true;
}

bool
aggs_date(struct aggs *g, const struct options *o)
{
	size_t i;

	if (o->time == NULL || o->time_implied)
		return false;
	for (i = 0; i < g->ncol; i++) {
		const struct agg_column *c = &g->col[i];

		if ((c->agg->traits & AGG_DATED) == 0)
			continue;
		g->in[g->part[c->part].input].dated = true;
		g->dated = o;
	}
	return g->dated != NULL;
}

/* Made records have their order, unless they still have the field. */
static int
bind_time(struct aggs *g, struct bind *b)
{
	const struct field *f;

	if (g->dated == NULL)
		return OK;
	f = g->dated->time;
	g->shape = b->in;
	g->timeless = tally_new(b->opt->diag, b->arena,
	    "records without a time were neither first nor last");
	if (!b->in->made || (f->kind == FIELD_NAME &&
	    shape_column(b->in, f->name) != NULL))
		return bind_want(b, f, 0, &g->when);
	g->dated = NULL;
	return OK;
}

int
aggs_bind(struct aggs *g, struct bind *b)
{
	size_t i;

	if (bind_time(g, b) != OK)
		return FAIL;
	for (i = 0; i < g->nin; i++) {
		struct agg_input *in = &g->in[i];
		const char *text = in->by.text;

		if (bind_want(b, &in->field, WANT_VALUE |
		    (in->field.bucket.kind != BUCKET_NONE ? WANT_KEY :
		    in->numbers && !in->pair ? WANT_NUMBER : 0),
		    &in->col) != OK)
			return FAIL;
		in->bycol = in->col;
		if (in->pair && bind_want(b, &in->by, WANT_VALUE,
		    &in->bycol) != OK)
			return FAIL;
		if (in->numbers)
			in->nan = tally_new(b->opt->diag, b->arena,
			    arena_printf(b->arena, "values of %s were not "
			    "numbers", diag_quote(text, strlen(text))));
	}
	return OK;
}

void **
aggs_open(const struct aggs *g, bool keyed)
{
	void **shared = mem_zero((g->nparts + 1) * sizeof *shared);
	size_t i;

	for (i = 0; i < g->nparts; i++)
		if (g->part[i].kind->shared != NULL)
			shared[i] = g->part[i].kind->shared->open(
			    g->part[i].kind->shared, g->seed, keyed);
	if (g->dated != NULL && g->shape != NULL) {	/* it is bound */
		shared[i] = mem_zero(sizeof(struct times_reader));
		times_reader(shared[i], g->dated, g->shape);
	}
	return shared;
}

void
aggs_clear(const struct aggs *g, void **shared)
{
	size_t i;

	for (i = 0; i < g->nparts; i++)
		if (shared[i] != NULL)
			g->part[i].kind->shared->clear(shared[i]);
}

void
aggs_close(const struct aggs *g, void **shared)
{
	size_t i;

	for (i = 0; shared != NULL && i < g->nparts; i++)
		if (shared[i] != NULL)
			g->part[i].kind->shared->close(shared[i]);
	if (shared != NULL)
		free(shared[g->nparts]);
	free(shared);
}

size_t
aggs_held(const struct aggs *g, void *const *shared)
{
	size_t i, n, most = 0;

	for (i = 0; i < g->nparts; i++) {
		n = shared[i] == NULL ? 0 :
		    g->part[i].kind->shared->held(shared[i]);
		most = n > most ? n : most;
	}
	return most;
}

/* The times of a vector's records; AGG_UNDATED: none. */
static void
read_times(const struct aggs *g, struct times_reader *r, const struct vec *v,
    int64_t *time)
{
	size_t i;

	for (i = 0; i < v->n; i++) {
		if (times_read(r, v->col[g->when][i], v->rec[i], v->num[i],
		    &time[i]) == TIMES_FOUND)
			continue;
		time[i] = AGG_UNDATED;
		tally_add(g->timeless, 1, v->num[i], "%s: no time (-T), so "
		    "neither first nor last", g->op);
	}
}

/* What others write where there is no value. */
static bool
is_null_word(struct slice val)
{
	static const char *const word[] = { "-", "N/A", "NA", "NULL", "NaN",
		"None", "\\N", "nan", "null" };
	size_t i;

	for (i = 0; i < sizeof word / sizeof *word; i++)
		if (slice_eq(val, slice_str(word[i])))
			return true;
	return false;
}

/* Whether record i has a value of the input, and a number if it is to be. */
static inline bool
has_value(const struct aggs *g, const struct agg_input *in,
    const struct vec *v, size_t i, struct number *num)
{
	const struct slice val = v->col[in->bycol][i];

	if (val.p == number_only && num != NULL && v->number != NULL) {
		*num = v->number[in->col][i];
		return true;
	}
	/* Keys have no absent values, only empty ones. */
	if (val.p == NULL || v->col[in->col][i].p == NULL ||
	    (val.n == 0 && in->field.bucket.kind != BUCKET_NONE))
		return false;
	if (!in->numbers || number_parse(num, val))
		return true;
	tally_add(in->nan, 1, v->num[i], "%s: %s of %s is not a number%s",
	    g->op, diag_quote(val.p, val.n), diag_quote(in->by.text,
	    strlen(in->by.text)), is_null_word(val) ?
	    " (--null-words takes words for absent)" : "");
	return false;
}

/* Of all records as they are, else those moved together. */
void
aggs_gather(const struct aggs *g, size_t k, struct agg_room *w,
    const uint32_t *group, const struct vec *v, struct agg_values *out)
{
	const struct agg_input *in = &g->in[k];
	const struct slice *col = v->col[in->col], *by = v->col[in->bycol];
	const struct number *num = w->num;
	size_t i, n;

	if (in->numbers && !in->pair && v->number != NULL &&
	    v->number[in->col] != NULL) {
		for (n = 0; n < v->n && col[n].p == number_only; n++)
			;
		num = v->number[in->col];
	} else if (in->numbers)
		n = number_parse_many(w->num, by, v->rec, v->n);
	else
		for (n = 0; n < v->n && has_value(g, in, v, n, NULL); n++)
			;
	for (i = 0; in->pair && i < n; i++)
		if (col[i].p == NULL)
			n = i;
	*out = (struct agg_values){ .n = n, .one = group == NULL,
	    .group = group, .text = col, .num = num, .by = by,
	    .bins = g->bins, .when = in->dated && g->dated != NULL ?
	    w->time : NULL };
	if (n == v->n)
		return;
	if (num != w->num)
		memcpy(w->num, num, n * sizeof *num);
	memcpy(w->text, col, n * sizeof *col);
	if (in->pair)
		memcpy(w->by, by, n * sizeof *by);
	if (out->when != NULL)
		memcpy(w->when, w->time, n * sizeof *w->when);
	if (group != NULL)
		memcpy(w->group, group, n * sizeof *group);
	for (i = n; i < v->n; i++) {
		if (!has_value(g, in, v, i, &w->num[n]))
			continue;
		w->text[n] = col[i];
		w->by[n] = by[i];
		if (out->when != NULL)
			w->when[n] = w->time[i];
		w->group[n++] = group == NULL ? 0 : group[i];
	}
	out->n = n;
	out->when = out->when == NULL ? NULL : w->when;
	out->num = w->num;
	out->text = w->text;
	out->by = w->by;
	out->group = w->group;
}

void
aggs_add_values(const struct aggs *g, void **shared, char *acc, size_t k,
    struct agg_values *v)
{
	size_t i;

	for (i = 0; i < g->nparts; i++) {
		const struct agg_part *p = &g->part[i];

		v->shared = shared[i];
		if (p->input == k)
			p->kind->add(acc + p->off, g->size, v);
	}
}

void
aggs_add(const struct aggs *g, void **shared, char *acc,
    const uint32_t *group, const struct vec *v)
{
	struct agg_room room;
	struct agg_values val = { .n = v->n, .one = group == NULL,
	    .group = group };
	size_t k;

	if (g->dated != NULL)
		read_times(g, shared[g->nparts], v, room.time);
	aggs_add_values(g, shared, acc, NO_INPUT, &val);
	for (k = 0; k < g->nin; k++) {
		aggs_gather(g, k, &room, group, v, &val);
		if (val.n > 0)
			aggs_add_values(g, shared, acc, k, &val);
	}
}

void
agg_merge(const struct agg_kind *k, struct agg_at to, struct agg_at newer)
{
	if (k->shared != NULL)
		k->shared->merge(to, newer);
	else
		k->merge(to.st, newer.st);
}

void
agg_reset(const struct agg_kind *k, void *st)
{
	if (k->reset != NULL)
		k->reset(st);
	else if (k->free != NULL)
		k->free(st);
	else
		memset(st, 0, k->size);
}

bool
agg_save(const struct agg_kind *k, struct agg_at at, uint64_t *piece,
    struct buf *b)
{
	return k->shared != NULL ? k->shared->save(at, piece, b) :
	    k->save(at.st, piece, b);
}

bool
agg_load(const struct agg_kind *k, struct agg_at at, struct slice piece)
{
	return k->shared != NULL ? k->shared->load(at, piece) :
	    k->load(at.st, piece);
}

void
aggs_merge(const struct aggs *g, struct agg_group to, struct agg_group newer)
{
	const struct agg_kind *k;
	size_t i;

	for (i = 0; i < g->nparts; i++) {
		k = g->part[i].kind;
		if (k->take != NULL)
			k->take(agg_at(g, to, i).st, agg_at(g, newer, i).st);
		else
			agg_merge(k, agg_at(g, to, i), agg_at(g, newer, i));
	}
}

void
aggs_reset(const struct aggs *g, char *acc, size_t n)
{
	size_t i, k;

	if (g->plain) {
		memset(acc, 0, n * g->size);
		return;
	}
	for (k = 0; k < n; k++, acc += g->size)
		for (i = 0; i < g->nparts; i++)
			agg_reset(g->part[i].kind, acc + g->part[i].off);
}

void
aggs_forgetful(struct aggs *g)
{
	struct agg_part *p;

	for (p = g->part; p < g->part + g->nparts; p++)
		if (p->kind->shared != NULL && !p->kind->shared->counted)
			p->kind = p->kind->wider;
}

void
aggs_leave(const struct aggs *g, struct agg_group old)
{
	size_t i;

	for (i = 0; i < g->nparts; i++) {
		const struct agg_kind *k = g->part[i].kind;
		struct agg_at at = agg_at(g, old, i);

		if (k->shared != NULL)
			k->shared->forget(at, at);
		else
			agg_reset(k, at.st);
	}
}

/* One kind's states move to another thing that they share. */
static void
share_anew(const struct aggs *g, size_t part, void **shared, char *acc,
    size_t n)
{
	const struct agg_kind *k = g->part[part].kind;
	void *fresh = k->shared->open(k->shared, g->seed, true);
	char *was = mem_alloc(k->size), *st = acc + g->part[part].off;
	size_t i;

	for (i = 0; i < n; i++, st += g->size) {
		memcpy(was, st, k->size);
		memset(st, 0, k->size);
		agg_merge(k, (struct agg_at){ st, fresh, (uint32_t)i },
		    (struct agg_at){ was, shared[part], (uint32_t)i });
	}
	free(was);
	k->shared->close(shared[part]);
	shared[part] = fresh;
}

void
aggs_tidy(const struct aggs *g, void **shared, char *acc, size_t n)
{
	size_t i;

	for (i = 0; i < g->nparts; i++)
		if (shared[i] != NULL &&
		    g->part[i].kind->shared->gone(shared[i]))
			share_anew(g, i, shared, acc, n);
}

void
aggs_free(const struct aggs *g, char *acc, size_t n)
{
	size_t i, k;

	for (k = 0; k < n && !g->plain; k++, acc += g->size)
		for (i = 0; i < g->nparts; i++)
			if (g->part[i].kind->free != NULL)
				g->part[i].kind->free(acc + g->part[i].off);
}

/* Its pieces, and none behind the last. */
static void
put_state(const struct agg_kind *k, struct agg_at at, struct buf *b)
{
	struct buf text = { 0 };
	struct slice end = { NULL, 0 };
	uint64_t piece = 0;
	bool more;

	do {
		text.n = 0;
		more = agg_save(k, at, &piece, &text);
		pack_text(b, buf_text(&text));
	} while (more);
	pack_text(b, end);
	buf_free(&text);
}

/* One more piece of a state that stands alone. */
static bool
add_piece(const struct agg_kind *k, void *st, struct slice piece)
{
	void *one = mem_zero(k->size);
	bool good = k->load(one, piece);

	if (good)
		k->merge(st, one);
	if (k->free != NULL)
		k->free(one);
	free(one);
	return good;
}

static bool
get_state(const struct aggs *g, const struct agg_kind *k, struct agg_at at,
    struct unpack *u)
{
	struct slice piece;
	size_t n;

	for (n = 0; (piece = unpack_text(u)).p != NULL; n++)
		if (n == 0 || k->shared != NULL ? !agg_load(k, at, piece) :
		    !add_piece(k, at.st, piece))
			return false;
	return n > 0 && (k->differs == NULL || k->differs(g, at.st) == NULL);
}

void
aggs_both_times(const struct aggs *g, void **shared, struct both *b)
{
	struct times_reader *r = shared[g->nparts];

	if (r == NULL)
		return;
	both_bool(b, &r->time.seen);
	both_i64(b, &r->time.newest);
}

void
agg_both(const struct aggs *g, size_t part, struct agg_group group,
    struct both *b)
{
	const struct agg_kind *k = g->part[part].kind;
	struct agg_at at = agg_at(g, group, part);

	if (both_reads(b))
		both_expect(b, get_state(g, k, at, b->in));
	else
		put_state(k, at, b->out);
}

void
aggs_both(const struct aggs *g, struct agg_group group, struct both *b)
{
	size_t i;

	for (i = 0; i < g->nparts && !both_bad(b); i++)
		agg_both(g, i, group, b);
}

void
aggs_put(const struct aggs *g, const struct agg_group *at, size_t col,
    struct buf *b)
{
	const struct agg_column *c = &g->col[col];

	c->agg->put(c, at->acc + g->part[c->part].off,
	    (c->agg->traits & AGG_MIN) == 0 ? at->shared[c->part] :
	    at->acc + g->part[c->part2].off, b);
}
