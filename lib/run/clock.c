/* clock.c - the time that an operator goes by */
#include "lib/format/pack.h"
#include "lib/run/clock.h"

#define MINUTE	INT64_C(60000000000)

/* Made records may have lost the field of their time; then a window's start
   is theirs. */
int
clock_bind(struct clock *c, struct bind *b, const char *what, int64_t dur)
{
	const struct options *o = b->opt;
	const struct field *f = o->time;
	const char *name = f == NULL ? NULL : diag_quote(f->name.p, f->name.n);

	c->opt = o;
	c->in = b->in;
	c->dur = dur;
	if (f != NULL && (!b->in->made || (f->kind == FIELD_NAME &&
	    shape_column(b->in, f->name) != NULL))) {
		c->by = CLOCK_FIELD;
		c->none = times_unread(o);
		return bind_want(b, f, 0, &c->col);
	}
	c->by = o->event_time ? CLOCK_WINDOW : CLOCK_ARRIVAL;
	if (o->event_time)
		return OK;
	if (f != NULL && (!o->time_implied || o->regular))
		return bind_fail(b, "%s by the field of -T, %s, which these "
		    "records don't have any more", what, name);
	if (o->regular)
		return bind_fail(b, "%s by the records' own time, -T FIELD, "
		    "where the input is a file: its lines come all at once",
		    what);
	return OK;
}

void
clock_warn(const struct bind *b)
{
	const struct options *o = b->opt;

	if (o->window.width > MINUTE && !o->regular)
		diag_warn("%s: what it finds is written as its window of -w "
		    "closes; -T 0 -t 1s instead of -w tells it within a second",
		    b->op->name);
}

void
clock_init(struct clock_run *r, const struct clock *c)
{
	*r = (struct clock_run){ .c = c, .now = INT64_MIN,
	    .newest = INT64_MIN };
	if (c->by == CLOCK_FIELD)
		times_reader(&r->reader, c->opt, c->in);
}

void
clock_vec(struct clock_run *r)
{
	r->came = time_mono();
	if (r->c->by != CLOCK_ARRIVAL)
		return;
	r->offset = time_now() - r->came;
	r->now = r->newest = r->mono = r->came;
}

enum times_found
clock_at(struct clock_run *r, const struct vec *v, size_t i, int64_t *own)
{
	enum times_found found = TIMES_FOUND;

	*own = r->now;
	if (r->c->by == CLOCK_WINDOW)
		*own = v->batch->opened;
	else if (r->c->by == CLOCK_FIELD)
		found = times_read(&r->reader, v->col[r->c->col][i],
		    v->rec[i], v->num[i], own);
	if (found == TIMES_FOUND && *own > r->newest) {
		r->newest = *own;
		r->mono = r->came;
		if (*own > r->now)
			r->now = *own;
	}
	return found;
}

bool
clock_take(struct clock_run *r, const struct vec *v, size_t i, int64_t *own,
    struct emit *e, int *result)
{
	enum times_found found = clock_at(r, v, i, own);

	if (found == TIMES_FOUND)
		return true;
	*result = emit_bad(e, v->rec[i], v->num[i],
	    found == TIMES_AHEAD ? NULL : r->c->none, 0);
	return false;
}

/* Whether the newest record tells what time it is now, as its own time was
   about that when it was read; and nothing else does. */
static bool
goes_on(const struct clock_run *r)
{
	const struct options *o = r->c->opt;
	int64_t near = r->c->dur > MINUTE ? r->c->dur : MINUTE, then;

	if (o->regular || o->event_time || r->newest == INT64_MIN)
		return false;
	then = time_less(time_now(), time_less(time_mono(), r->mono));
	return r->c->by == CLOCK_ARRIVAL ||
	    (time_less(then, r->newest) <= near &&
	    time_less(r->newest, then) <= near);
}

void
clock_watch(const struct clock_run *r, int64_t time, int64_t *wake)
{
	int64_t when = time_less(r->mono, time_less(r->newest,
	    time_after(time, r->c->dur)));

	if (when < *wake && goes_on(r))
		*wake = when;
}

void
clock_silent(struct clock_run *r, int64_t mono)
{
	int64_t ns = time_less(r->newest, time_less(r->mono, mono));

	if (ns > r->now && goes_on(r))
		r->now = ns;
}

void
clock_batch(struct clock_run *r, const struct batch *b)
{
	if (r->c->opt->event_time && b->reason == BY_WINDOW &&
	    b->closed > r->now)
		r->now = b->closed;
}

size_t
clock_put(const struct clock_run *r, char *out, int64_t ns)
{
	return time_put(out, time_less(ns, -r->offset), r->c->opt->local);
}

/* When the newest came matters where the clock may go on by itself. */
void
clock_both(struct clock_run *r, struct both *b)
{
	int64_t real = time_now() - time_mono(), none = 0;

	if (both_reads(b) && r->c->by == CLOCK_ARRIVAL)
		r->offset = real;
	both_time(b, &r->now, r->offset);
	both_time(b, &r->newest, r->offset);
	both_expect(b, r->newest <= r->now);
	both_time(b, r->c->opt->regular ? &none : &r->mono,
	    r->c->opt->regular ? 0 : real);
	both_bool(b, &r->reader.time.seen);
	both_i64(b, &r->reader.time.newest);
}
