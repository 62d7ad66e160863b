/*
 * fmt-auto.c - the reference picks the parser, record by record
 *
 * A position is text's.  A name is a JSON key where the record starts with a
 * brace, else the key of key=value.
 */
#include "lib/base/chars.h"
#include "lib/format/fmt.h"
#include "lib/format/json.h"
#include "lib/scan/scan.h"

struct auto_plan {
	struct json_plan *json;
	struct pairs_plan *pairs;
	bool positions, names;
};

static bool
is_object(struct slice rec)
{
	size_t i = 0;

	rec = skip_bom(rec);
	while (i < rec.n && is_blank(rec.p[i]))
		i++;
	return i < rec.n && rec.p[i] == '{';
}

static const struct format *
pick(const struct shape *s, struct slice rec)
{
	if (is_object(rec))
		return &format_json;
	return s->only || (s->sep == NULL && pairs_only(rec)) ?
	    &format_logfmt : &format_text;
}

static void
plan(struct take *t, struct arena *a)
{
	struct auto_plan *p = arena_zero(a, sizeof *p);
	size_t k;

	for (k = 0; k < t->n; k++) {
		p->positions |= t->want[k].pos != 0;
		p->names |= t->want[k].pos == 0 && !t->want[k].whole;
	}
	if (p->positions)
		text_plan(t, a);
	if (p->names) {
		p->json = json_plan(t, a);
		p->pairs = pairs_plan(t, a);
	}
	t->plan = p;
}

static void
take_names(struct take *t, struct auto_plan *p, const struct slice *rec,
    size_t n)
{
	const char *hi;
	size_t from, i, next;

	json_start(t, p->json, rec, n);
	pairs_start(t, p->pairs, rec, n);
	for (i = 0; i < n;) {
		hi = scan_run(rec, i, n, &next);
		while (i < next) {
			for (from = i; i < next && is_object(rec[i]); i++)
				;
			if (i > from)
				json_take(t, p->json, rec, from, i, hi);
			else
				pairs_take(t, p->pairs, rec, i++, hi,
				    !t->shape->only);
		}
	}
}

static void
take(struct take *t, const struct slice *rec, size_t n)
{
	struct auto_plan *p = t->plan;

	if (p->positions)
		text_take(t, rec, n);
	if (p->names)
		take_names(t, p, rec, n);
}

/* Records are split and put by what format_of says they are. */
const struct format format_auto = {
	.name = "auto",
	.help = "by position as text, by name as json or key=value",
	.traits = FMT_NAMED | FMT_POSITIONS | FMT_JSON | FMT_OPEN,
	.members = &format_pairs,
	.cut = text_cut,
	.pick = pick,
	.plan = plan,
	.take = take,
	.same = json_holds,
	.decode = text_decode
};
