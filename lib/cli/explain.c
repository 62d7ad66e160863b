/* explain.c - what a command line would do (--explain) */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/shown.h"
#include "lib/cli/explain.h"
#include "lib/cli/help.h"
#include "lib/format/fmt.h"
#include "lib/format/pack.h"
#include "lib/run/carry.h"

enum { COLUMN = 12, NAME = 256 };

/* A line's first word, and of what follows the first part. */
static void
begin(const char *what)
{
	printf("%-*s", COLUMN, what);
}

/* In the longest unit that it is a whole number of. */
static const char *
duration(int64_t ns, struct arena *a)
{
	static const struct {
		int64_t ns;
		const char *name;
	} unit[] = {
		{ 86400000000000, "d" }, { 3600000000000, "h" },
		{ 60000000000, "m" }, { 1000000000, "s" }, { 1000000, "ms" },
		{ 1000, "us" }, { 1, "ns" }
	};
	size_t i = 0;

	while (ns % unit[i].ns != 0)
		i++;
	return arena_printf(a, "%" PRId64 "%s", ns / unit[i].ns, unit[i].name);
}

/* A name, harmless on a terminal. */
static const char *
shown(struct slice name, struct arena *a)
{
	char text[NAME];
	size_t n = shown_put(text, sizeof text, name.p, name.n);

	return arena_str(a, (struct slice){ text, n });
}

static void
put_names(const struct shape *s, struct arena *a)
{
	size_t i;

	for (i = 0; i < s->ncol; i++)
		printf("%s%s", i == 0 ? "" : ", ", shown(s->col[i].name, a));
}

static void
tell_input(const struct explained *x)
{
	const struct options *o = &x->cmd->opt;

	begin("reads");
	if (o->merge)
		printf("states of the first aggregate");
	else
		printf("%s records", o->input->name);
	printf(" %s, from %s\n", o->lines ? "of several lines" :
	    o->term == '\0' ? "that end in NUL" : "that end in newline",
	    x->regular ? "a regular file" :
	    isatty(STDIN_FILENO) ? "a terminal" : "a stream");
	if (!o->merge && x->shape->ncol > 0) {
		begin("");
		printf("whose columns are ");
		put_names(x->shape, o->arena);
		printf("%s\n", x->shape->closed ? "" : " and others");
	} else if (!x->bound) {
		begin("");
		printf("whose first one names the columns\n");
	}
}

/* What closes a batch, behind what else does. */
static void closes(bool *any, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
closes(bool *any, const char *fmt, ...)
{
	va_list ap;

	printf("%s", *any ? ", " : "close ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	*any = true;
}

static void
tell_batches(const struct explained *x)
{
	const struct limits *l = &x->cmd->lim;
	struct arena *a = x->cmd->opt.arena;
	bool any = false;

	begin("batches");
	if (l->per != NULL)
		printf("of each %s, ", shown(slice_str(l->per->text), a));
	if (l->records > 0)
		closes(&any, "at %" PRIu64 " record%s", l->records,
		    diag_plural(l->records, "s"));
	if (l->bytes > 0)
		closes(&any, "at %" PRIu64 " bytes", l->bytes);
	if (l->timeout > 0 && !x->regular)
		closes(&any, "%s after their first record came",
		    duration(l->timeout, a));
	if (l->gap > 0 && !x->regular)
		closes(&any, "after %s of silence", duration(l->gap, a));
	if (l->window.width > 0)
		closes(&any, "every %s%s", l->window.months > 0 ?
		    arena_printf(a, "%d month%s", l->window.months,
		    diag_plural((uint64_t)l->window.months, "s")) :
		    duration(l->window.width, a), x->cmd->opt.event_time ?
		    " of the records' own time" : " by the clock");
	if (l->key != NULL)
		closes(&any, "where %s changes",
		    shown(slice_str(l->key->text), a));
	if (l->start != NULL)
		closes(&any, "before a record that matches -s");
	if (l->end != NULL)
		closes(&any, "behind one that matches -e");
	closes(&any, "at the end of input\n");
}

/* Where the stage has a field: in its records, or a column of an earlier
   stage. */
static void
tell_want(const struct chain *c, size_t k, size_t i)
{
	const struct stage *s = &c->stage[k];
	const struct want *w = &s->take.want[i];
	const struct carry *carry = s->carry;
	const struct source *from;

	if (w->whole) {
		printf("the whole record");
		return;
	}
	printf("%s", shown(slice_str(w->field->text), c->opt->arena));
	if (carry != NULL && carry->want[i].column) {
		from = &c->stage[k - 1].link->col[carry->want[i].at];
		printf(" (%s %zu)", from->found ? "found for" : "made by",
		    from->stage + 1);
	} else if (w->pos != 0 && w->field->kind != FIELD_POS) {
		printf(" (field %d)", w->pos);
	}
}

/* A want is told once, though some stages take it twice, as text and as it
   stands. */
static bool
is_told(const struct take *t, size_t i)
{
	const struct want *w = &t->want[i], *v = t->want;

	while (v < w && (v->lent || v->whole != w->whole || (!w->whole &&
	    strcmp(v->field->text, w->field->text) != 0)))
		v++;
	return v < w;
}

static void
tell_stage(const struct explained *x, size_t k)
{
	const struct stage *s = &x->chain->stage[k];
	const struct op *op = &s->op;
	bool first = true;
	char name[64];
	size_t i;

	snprintf(name, sizeof name, "%zu %s ", k + 1, op->name);
	begin(name);
	printf("%s", (op->traits & OP_HOLD) != 0 ?
	    "holds to the batch's end" : (op->traits & OP_LAST) != 0 ?
	    "ends the chain" : "streams");
	if (op->holds != NULL)
		printf("; in memory: %s%s", op->holds,
		    (op->traits & OP_ACROSS) != 0 ? ", of all batches" : "");
	if (op->save != NULL || op->join != NULL)
		printf("; parts can be merged");
	putchar('\n');
	for (i = 0; x->bound && i < s->take.n; i++) {
		if (s->take.want[i].lent || is_told(&s->take, i))
			continue;	/* lent: for another stage */
		if (first)
			begin("");
		printf("%s", first ? "takes " : ", ");
		first = false;
		tell_want(x->chain, k, i);
	}
	if (!first)
		putchar('\n');
}

static void
tell_output(const struct explained *x)
{
	const struct options *o = &x->cmd->opt;
	const struct shape *s = chain_shape(x->chain, x->shape);

	begin("writes");
	if (chain_sinks(x->chain)) {
		printf("nothing but what %s does\n",
		    x->chain->stage[x->chain->n - 1].op.name);
		return;
	}
	if (o->partial)
		printf("states, for --merge");
	else if (o->table || o->live)
		printf("an aligned table");
	else if (o->output != NULL)
		printf("%s", o->output->name);
	else if (x->bound && s->made)
		printf("fields with tabs between");
	else
		printf("records in the format they have");
	if (x->bound && !o->partial && s->made && s->ncol > 0) {
		printf(": ");
		put_names(s, o->arena);
	}
	putchar('\n');
}

static void
tell_estimate(const struct explained *x)
{
	uint64_t n;

	if (x->records == 0 || x->bytes == 0)
		return;
	n = (uint64_t)((double)x->size / (double)x->bytes * (double)x->records);
	begin("input");
	printf("%" PRIu64 " bytes, %s%" PRIu64 " record%s\n", x->size,
	    x->bytes < x->size ? "about " : "", n, diag_plural(n, "s"));
}

/* Which operators the memory is of, a line each. */
static void
tell_memory(struct slice memory, struct arena *a)
{
	struct slice left = memory, line, name;
	const char *with = "remembered: ";
	struct unpack u;

	begin("");
	while (slice_cut(&left, '\n', &line)) {
		u = (struct unpack){ .arena = a, .left = line };
		name = unpack_text(&u);
		if (slice_eq(name, SLICE("stage"))) {
			(void)unpack_u64(&u);
			name = unpack_text(&u);
			printf("%s%.*s", with, (int)name.n, name.p);
			with = ", ";
		}
	}
	printf("%s, %zu bytes\n", *with == 'r' ? "no operator remembers" : "",
	    memory.n);
}

/* Where the next run begins, and how much there is for it. */
static void
tell_position(const struct saved *s)
{
	struct stat st;

	printf("at byte %jd", (intmax_t)s->at.at);
	if (!mark_fits(&s->at, STDIN_FILENO, false) ||
	    fstat(STDIN_FILENO, &st) != 0)
		printf(" of another file than this\n");
	else
		printf(", and %jd follow\n",
		    (intmax_t)(st.st_size - s->at.at));
}

static void
tell_state(const struct explained *x)
{
	const struct state_options *o = &x->cmd->state;
	const struct saved *s = x->last;
	char when[TIME_MAX];

	if (o->file == NULL)
		return;
	begin("state");
	if (s->command.p == NULL) {
		printf("none yet: the input is read from its %s\n",
		    o->end ? "end" : "start");
		return;
	}
	if (s->begun) {
		tell_position(s);
		begin("");
	}
	printf("after %" PRIu64 " batch%s of %" PRIu64 " record%s, the last "
	    "run %.*s%s\n", s->batches, diag_plural(s->batches, "es"),
	    s->records, diag_plural(s->records, "s"),
	    (int)time_put(when, s->when, x->cmd->opt.local), when, s->tried ?
	    ", which ended early: it is repeated" : "");
	tell_memory(s->memory, x->cmd->opt.arena);
}

enum command_status
explain(const struct explained *x)
{
	size_t k;

	tell_input(x);
	tell_estimate(x);
	tell_state(x);
	tell_batches(x);
	for (k = x->chain->from; k < x->chain->n; k++)
		tell_stage(x, k);
	tell_output(x);
	begin("uses");
	if (x->jobs > 1)
		printf("up to %u processors, where that pays\n", x->jobs);
	else
		printf("one processor\n");
	return help_written();
}
