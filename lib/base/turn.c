/* turn.c - what records brought about, until it is known which count */
#include <stdlib.h>

#include "lib/base/diag.h"
#include "lib/base/turn.h"

/* One more of a tally, or bytes to be written. */
struct turn_told {
	struct tally *tally;
	uint64_t n;			/* more of it */
	turn_write_fn *write;
	const void *arg;
	uint64_t num, cause;
	size_t stage, seq;
	size_t text, len;		/* in turn.text; len 0: no message */
};

void
turn_stages(struct turn *t, size_t n)
{
	static const struct turn_stage none = { .last = TURN_ALL,
	    .end = TURN_ALL, .cause = TURN_ALL };

	t->at = mem_reserve(t->at, &t->cap, n, sizeof *t->at);
	while (t->n < n)
		t->at[t->n++] = none;
}

void
turn_free(struct turn *t)
{
	free(t->at);
	free(t->told);
	buf_free(&t->text);
	memset(t, 0, sizeof *t);
}

void
turn_counted(struct turn *t)
{
	struct turn_told *from = t->told + t->from, *to = from, *p;
	struct turn_stage *s;

	for (p = from; p < t->told + t->ntold; p++)
		if (p->num <= t->at[p->stage].last)
			*to++ = *p;
	t->ntold = t->from + (size_t)(to - from);
	if (t->ntold == 0)
		t->text.n = 0;
	t->cut = false;
	for (s = t->at; s < t->at + t->n; s++) {
		if (s->end > s->last)
			s->end = s->cause = TURN_ALL;
		s->last = TURN_ALL;
		t->cut |= s->end != TURN_ALL;
	}
}

static struct turn_told *
add(struct turn *t, uint64_t num)
{
	struct turn_told *p;

	t->told = mem_reserve(t->told, &t->toldcap, t->ntold + 1,
	    sizeof *t->told);
	p = &t->told[t->ntold];
	*p = (struct turn_told){ .num = num, .stage = t->stage,
	    .cause = num > t->since ? num : t->since, .seq = t->ntold++,
	    .text = t->text.n };
	return p;
}

/* Where only the earliest record's message is told, an earlier record may still
   come, so each that is the earliest so far has its text. */
bool
turn_tally(struct turn *t, struct tally *tally, uint64_t n, uint64_t num,
    bool *text)
{
	struct turn_told *p;

	if (!t->on)
		return false;
	if (t->gathers && tally->part == t->part && num >= tally->first) {
		t->told[tally->at].n += n;
		*text = false;
		return true;
	}
	p = add(t, num);
	p->tally = tally;
	p->n = n;
	*text = tally->n < tally->most && tally->kept == 0 && !tally->quiet &&
	    (tally->most > 1 ||
	    tally->part != t->part || num <= tally->first);
	if (*text || t->gathers) {
		tally->part = t->part;
		tally->first = num;
		tally->at = p->seq;
	}
	return true;
}

/* Without numbers (0) turn_settle leaves them as they come. */
static void
keep_bytes(struct turn *t, uint64_t num, turn_write_fn *write,
    const void *arg, struct slice s)
{
	struct turn_told *p = add(t, num);

	p->write = write;
	p->arg = arg;
	turn_text(t, s.p, s.n);
}

void
turn_keep(struct turn *t, struct tally *tally, uint64_t n, uint64_t num,
    struct slice msg)
{
	struct turn_told *p;

	if (tally->kept > 0) {
		t->told[tally->kept - 1].n += n;
		return;
	}
	p = add(t, 0);
	p->num = num;
	p->tally = tally->of;
	p->n = n;
	if (msg.n > 0)
		turn_text(t, msg.p, msg.n);
	tally->kept = t->ntold;
}

void
turn_move(struct turn *from, struct turn *to)
{
	struct turn all = *from;

	from->told = to->told;
	from->toldcap = to->toldcap;
	from->text = to->text;
	from->text.n = from->ntold = 0;
	from->part++;
	to->told = all.told;
	to->toldcap = all.toldcap;
	to->ntold = all.ntold;
	to->text = all.text;
}

void
turn_drop(struct turn *t)
{
	t->ntold = t->text.n = 0;
	t->part++;
}

void
turn_text(struct turn *t, const char *p, size_t n)
{
	buf_add(&t->text, p, n);
	t->told[t->ntold - 1].len += n;
}

bool
turn_write(struct turn *t, turn_write_fn *write, const void *arg,
    struct slice bytes, uint64_t num)
{
	if (t->on)
		keep_bytes(t, num, write, arg, bytes);
	else if (t->to != NULL)
		keep_bytes(t->to, 0, write, arg, bytes);
	return t->on || t->to != NULL;
}

void
turn_last(struct turn *t, size_t from, uint64_t num)
{
	size_t k;

	if (!t->on)
		return;
	t->cut = true;
	for (k = from; k <= t->stage; k++)
		if (num < t->at[k].last)
			t->at[k].last = num;
}

bool
turn_end(struct turn *t, uint64_t num, int status)
{
	struct turn_stage *s;

	if (!t->on)
		return false;
	t->cut = true;
	s = &t->at[t->stage];
	if (num < s->end)
		*s = (struct turn_stage){ s->last, num,
		    num > t->since ? num : t->since, status };
	return true;
}

/* The earliest end, of two at a record the later stage's. */
static const struct turn_stage *
first_end(const struct turn *t)
{
	const struct turn_stage *s, *first = NULL;

	if (!t->cut)
		return NULL;
	for (s = t->at; s < t->at + t->n; s++)
		if (s->end <= s->last && s->end != TURN_ALL &&
		    (first == NULL || s->cause <= first->cause))
			first = s;
	return first;
}

uint64_t
turn_limit(const struct turn *t, size_t stage)
{
	const struct turn_stage *s;
	uint64_t last;

	if (!t->on || !t->cut)
		return TURN_ALL;
	last = t->at[stage].last;
	s = first_end(t);
	return s != NULL && s->end < last ? s->end : last;
}

bool
turn_ends(const struct turn *t, uint64_t upto, uint64_t *num, int *status)
{
	const struct turn_stage *s = first_end(t);

	if (s == NULL || s->cause > upto)
		return false;
	*num = s->cause;
	*status = s->status;
	return true;
}

void
turn_take(struct turn *t, const struct turn *other)
{
	const struct turn_told *o;
	struct turn_told *p;
	size_t stage = t->stage;

	for (o = other->told; o < other->told + other->ntold; o++) {
		t->stage = o->stage;
		p = add(t, o->num == 0 ? 0 : other->base + o->num);
		p->tally = o->tally;
		p->n = o->n;
		p->write = o->write;
		p->arg = o->arg;
		turn_text(t, other->text.p + o->text, o->len);
	}
	t->stage = stage;
}

static int
order(const void *a, const void *b)
{
	const struct turn_told *x = a, *y = b;

	if (x->cause != y->cause)
		return x->cause < y->cause ? -1 : 1;
	if (x->stage != y->stage)
		return x->stage < y->stage ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

int
turn_settle(struct turn *t, uint64_t upto, bool drop)
{
	struct turn_told *p;
	struct slice s;
	int r = 0;
	size_t i;

	t->on = false;
	if (t->ntold == 0)
		return 0;
	for (i = 1; i < t->ntold; i++)		/* mostly they are sorted */
		if (order(&t->told[i - 1], &t->told[i]) > 0) {
			qsort(t->told, t->ntold, sizeof *t->told, order);
			break;
		}
	for (i = 0; i < t->ntold && t->told[i].cause <= upto && r == 0; i++) {
		p = &t->told[i];
		t->reached = p->cause;
		s = (struct slice){ t->text.p + p->text, p->len };
		if (p->tally != NULL)
			tally_told(p->tally, p->n, p->num == 0 ? 0 :
			    t->base + p->num, s);
		else if (t->to != NULL)
			keep_bytes(t->to, 0, p->write, p->arg, s);
		else
			r = p->write(p->arg, s);
	}
	if (drop)
		i = t->ntold;
	t->ntold -= i;
	memmove(t->told, t->told + i, t->ntold * sizeof *t->told);
	if (t->ntold == 0)
		t->text.n = 0;
	return r;
}
