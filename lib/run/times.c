/* times.c - the records' own times: -T */
#include <stdlib.h>
#include <string.h>

#include "lib/format/bad.h"
#include "lib/format/field.h"
#include "lib/format/lookup.h"
#include "lib/run/times.h"

void
times_reader(struct times_reader *r, const struct options *opt,
    const struct shape *in)
{
	r->time.local = opt->local;
	r->time.format = opt->time_format;
	r->time.newest_hint = opt->time_hint;
	r->time.hours = true;
	r->find = opt->time->kind == FIELD_WHOLE;
	r->spread = shape_spreads(in, opt->time) &&
	    (opt->time_format == NULL || strchr(opt->time_format, ' ') != NULL);
	r->ahead = opt->ahead;
	r->believed = opt->ahead == AHEAD_ALL ? INT64_MAX :
	    opt->time_hint == 0 ? INT64_MIN :
	    time_after(opt->time_hint, opt->ahead);
	r->limit = opt->time_hint == 0 ? "the clock" :
	    "the input file's last change";
	r->doubted = opt->doubted;
}

/* Whether a time is not further ahead than may be, also now. */
static bool
believe(struct times_reader *r, int64_t ns)
{
	if (ns <= r->believed)
		return true;
	if (r->time.newest_hint == 0)
		r->believed = time_after(time_now(), r->ahead);
	return ns <= r->believed;
}

static bool
read_field(struct times_reader *r, struct slice val, struct slice rec,
    int64_t *ns)
{
	if (r->find)
		return time_find(&r->time, val, ns);
	if (r->spread)
		return time_begin(&r->time, val, rec, ns);
	return time_read_in(&r->time, val, rec, ns);
}

enum times_found
times_read(struct times_reader *r, struct slice val, struct slice rec,
    uint64_t num, int64_t *ns)
{
	int64_t newest = r->time.newest;
	bool seen = r->time.seen;
	char text[TIME_MAX + 1];

	if (val.p == NULL || !read_field(r, val, rec, ns))
		return TIMES_NONE;
	if (believe(r, *ns))
		return TIMES_FOUND;
	r->time.newest = newest;
	r->time.seen = seen;
	text[time_put(text, *ns, r->time.local)] = '\0';
	tally_add(r->doubted, 1, num, "its time, %s, is further ahead of %s "
	    "than --ahead lets it be, and not believed", text, r->limit);
	return TIMES_AHEAD;
}

const char *
times_unread(const struct options *opt)
{
	static const char hint[] = " (-T FIELD:FORMAT says its form)";
	const struct field *f = opt->time;
	bool whole = f->kind == FIELD_WHOLE;

	return arena_printf(opt->arena, "%s%s%s", whole ?
	    "no timestamp that can be read" : "no time in field ", whole ? "" :
	    diag_quote(f->name.p, f->name.n), opt->time_format != NULL ? "" :
	    hint);
}

int
times_bind(struct times *t, const struct shape *in, const struct options *opt)
{
	const struct slice name = opt->time->name;

	if (opt->merge) {
		t->reader.time.local = opt->local;
		return OK;
	}
	t->take.shape = in;
	if (field_want(&t->take, in, opt->time, 0, "-T", &t->col) != OK)
		return FAIL;
	take_plan(&t->take, opt->arena);
	times_reader(&t->reader, opt, in);
	t->none = times_unread(opt);
	t->absent = arena_printf(opt->arena, "the input has no field %s for -T",
	    diag_quote(name.p, name.n));
	return OK;
}

/* Record i has no time: by --bad. */
static int
no_time(const struct times *t, const struct options *opt, const struct vec *v,
    size_t i)
{
	struct slice rec = v->rec[i], val;
	const char *why = t->none;
	size_t at = t->at;

	if (t->window == NULL) {
		val = t->take.col[t->col][i];
		if (val.p == NULL && opt->time->kind == FIELD_NAME)
			why = t->absent;
		at = val.p != NULL && val.p >= rec.p && val.p <= rec.p + rec.n ?
		    (size_t)(val.p - rec.p) : 0;
	}
	return bad_record(opt, rec, v->num[i], why, at);
}

/* The times of a vector's records, from the first on, as far as they have one
   that is believed: how many. */
static size_t
take_all(struct times *t, const struct vec *v)
{
	struct times_reader *r = &t->reader;
	const struct slice *val = t->take.col[t->col];
	struct time_reader before = r->time;
	size_t i = 0;

	if (!r->find && !r->spread)
		i = time_read_all(&r->time, val, v->n, t->ns);
	else
		while (i < v->n && val[i].p != NULL &&
		    read_field(r, val[i], v->rec[i], &t->ns[i]))
			i++;
	if (!r->time.seen || believe(r, r->time.newest))
		return i;
	r->time = before;
	return 0;
}

int
times_take(struct times *t, const struct options *opt, struct vec *v)
{
	enum times_found found;
	uint16_t idx[VEC_MAX];
	size_t i = 0, n;
	int r = OK;

	take_run(&t->take, v->rec, v->n);
	if (bad_drop(opt, &t->take, 0, v, &t->room) == FAIL)
		return FAIL;
	if (t->window == NULL)
		i = take_all(t, v);
	if (i == v->n)
		return OK;
	for (n = 0; n < i; n++)
		idx[n] = (uint16_t)n;
	for (; i < v->n && r == OK; i++) {
		found = TIMES_NONE;
		if (t->window == NULL)
			found = times_read(&t->reader, t->take.col[t->col][i],
			    v->rec[i], v->num[i], &t->ns[n]);
		else if ((t->none = t->window(t->states, v->rec[i],
		    &t->reader.time, &t->ns[n], &t->at)) == NULL)
			found = TIMES_FOUND;
		if (found == TIMES_FOUND)
			idx[n++] = (uint16_t)i;
		else
			r = found == TIMES_NONE ? no_time(t, opt, v, i) :
			    bad_record(opt, v->rec[i], v->num[i], NULL, 0);
	}
	if (n < v->n)
		vec_stay(v, idx, n, &t->room);
	return r;
}

void
times_free(struct times *t)
{
	take_free(&t->take);
	free(t->room);
}
