/* times.c - the records' own times: -T */
#include "lib/run/bind.h"
#include "lib/run/chain.h"
#include "lib/run/times.h"

void
times_reader(struct time_reader *r, bool *find, const struct options *opt)
{
	r->local = opt->local;
	r->format = opt->time_format;
	r->newest_hint = opt->time_hint;
	*find = opt->time->kind == FIELD_WHOLE;
}

int
times_bind(struct times *t, const struct shape *in, const struct options *opt)
{
	const struct slice name = opt->time->name;

	if (opt->merge) {
		t->reader.local = opt->local;
		return OK;
	}
	t->take.shape = in;
	if (bind_field(&t->take, in, opt->time, 0, "-T", &t->col) != OK)
		return FAIL;
	take_plan(&t->take, opt->arena);
	times_reader(&t->reader, &t->find, opt);
	t->none = t->find ? "no timestamp" : arena_printf(opt->arena,
	    "no time in field %s", diag_quote(name.p, name.n));
	return OK;
}

/* Record i's time. */
static bool
read_time(struct times *t, const struct vec *v, size_t i, int64_t *ns)
{
	struct slice val;

	if (t->window != NULL) {
		t->none = t->window(t->states, v->rec[i], &t->reader, ns,
		    &t->at);
		return t->none == NULL;
	}
	val = t->take.col[t->col][i];
	if (val.p == NULL)
		return false;
	return t->find ? time_find(&t->reader, val, ns) :
	    time_read(&t->reader, val, ns);
}

/* Why record i has no time, by --bad. */
static int
no_time(struct times *t, struct chain *c, const struct vec *v, size_t i)
{
	struct slice rec = v->rec[i], val;
	size_t k, at = 0;

	if (t->window != NULL)
		return bad_record(c->opt, rec, v->num[i], t->none, t->at);
	val = t->take.col[t->col][i];
	for (k = 0; k < t->take.nbad; k++)
		if (t->take.bad[k].i == i)
			return bad_record(c->opt, rec, v->num[i],
			    t->take.bad[k].why, t->take.bad[k].at);
	if (val.p != NULL && val.p >= rec.p && val.p <= rec.p + rec.n)
		at = (size_t)(val.p - rec.p);
	return bad_record(c->opt, rec, v->num[i], t->none, at);
}

/* From record i on, the first without a time: the others move up. */
static int
drop_untimed(struct times *t, struct chain *c, struct vec *v, size_t i)
{
	size_t n = i;
	int r = OK;

	memcpy(t->rec, v->rec, i * sizeof *t->rec);
	memcpy(t->num, v->num, i * sizeof *t->num);
	for (; i < v->n; i++) {
		if (!read_time(t, v, i, &t->ns[n])) {
			if ((r = no_time(t, c, v, i)) != OK)
				break;
			continue;
		}
		t->rec[n] = v->rec[i];
		t->num[n++] = v->num[i];
	}
	v->rec = t->rec;
	v->num = t->num;
	v->n = n;
	v->contig = false;
	return r;
}

int
times_take(struct times *t, struct chain *c, struct vec *v)
{
	size_t i = 0;

	take_run(&t->take, v->rec, v->n);
	if (t->window == NULL && !t->find)
		i = time_read_all(&t->reader, t->take.col[t->col], v->n,
		    t->ns);
	for (; i < v->n; i++)
		if (!read_time(t, v, i, &t->ns[i]))
			return drop_untimed(t, c, v, i);
	return OK;
}

void
times_free(struct times *t)
{
	take_free(&t->take);
}
