/* snapshot.c - all that a run remembers, as lines of text: see snapshot.h */
#include "lib/base/hash.h"
#include "lib/format/pack.h"
#include "lib/run/snapshot.h"

#define VERSION_WORD	"mbatch1"
#define CHECK_SEED	UINT64_C(0x6d62617463683031)

static const char damaged[] = "it is damaged";

/* Whether the stage has something to be remembered, and is in a head of an
   event-time window or behind that. */
static bool
remembers(const struct chain *c, size_t k)
{
	const struct op *op = &c->stage[k].op;

	if ((op->traits & OP_ACROSS) != 0)
		return true;
	return c->opt->event_time && k < c->head &&
	    ((op->traits & OP_HOLD) != 0 || op->reset != NULL);
}

const struct op *
chain_forgets(const struct chain *c)
{
	size_t k;

	for (k = c->from; k < c->n; k++)
		if (remembers(c, k) && c->stage[k].op.both == NULL)
			return &c->stage[k].op;
	return NULL;
}

static void
put_word(struct buf *b, const char *word)
{
	pack_text(b, slice_str(word));
}

/* One line for each stage that remembers something. */
static void
put_stages(const struct instance *in, struct buf *b)
{
	size_t k;

	for (k = in->from; k < in->to; k++) {
		const struct stage *s = &in->chain->stage[k];

		if (!remembers(in->chain, k))
			continue;
		put_word(b, "stage");
		pack_u64(b, k);
		put_word(b, s->op.name);
		s->op.both(in->st[k], s->conf, &(struct both){ .out = b });
		buf_char(b, '\n');
	}
}

static void
both_feed(struct feed *f, struct both *b)
{
	struct time_reader *t = &f->times.reader.time;

	both_u64(b, &f->records);
	both_u64(b, &f->batches);
	both_u64(b, &f->batcher.cur.number);
	both_bool(b, &t->seen);
	both_i64(b, &t->newest);
}

/* A window, and which of its stages want no more: these, NULL: it is bad. */
static struct instance *
both_window(struct windows *w, size_t i, struct both *b)
{
	struct instance *in = window_both(w, i, b);
	size_t k;

	for (k = in == NULL ? 0 : in->from; in != NULL && k < in->to; k++)
		both_bool(b, &in->closed[k]);
	return in;
}

static void
put_windows(struct windows *w, struct buf *b)
{
	struct both both = { .out = b };
	struct instance *in;
	size_t i;

	put_word(b, "windows");
	windows_both(w, &both);
	buf_char(b, '\n');
	for (i = 0; i < w->n - w->at; i++) {
		put_word(b, "window");
		in = both_window(w, i, &both);
		buf_char(b, '\n');
		put_stages(in, b);
	}
}

void
snapshot_check(struct buf *b, size_t from)
{
	put_word(b, "end");
	pack_u64(b, hash_bytes(b->p + from, b->n - from, CHECK_SEED));
	buf_char(b, '\n');
}

void
chain_snapshot(struct feed *f, struct buf *b)
{
	size_t from = b->n;

	put_word(b, VERSION_WORD);
	pack_u64(b, f->chain->n);
	buf_char(b, '\n');
	put_word(b, "feed");
	both_feed(f, &(struct both){ .out = b });
	buf_char(b, '\n');
	put_stages(f->tail, b);
	if (f->opt->event_time)
		put_windows(&f->windows, b);
	snapshot_check(b, from);
}

/* Lines that are read, into the stages of one instance after the other. */
struct reader {
	struct feed *feed;
	struct instance *in;
	size_t at;		/* of its stages those before were read */
	bool windows;		/* the line of that name was read */
	struct unpack u;	/* a line's fields */
};

/* The next stage that remembers, in->to if there is none. */
static size_t
next_stage(const struct reader *r)
{
	size_t k = r->at;

	while (k < r->in->to && !remembers(r->in->chain, k))
		k++;
	return k;
}

static bool
get_stage(struct reader *r, struct both *b)
{
	size_t k = next_stage(r);
	struct unpack *u = &r->u;
	const struct stage *s = &r->in->chain->stage[k];

	if (k == r->in->to || unpack_u64(u) != k ||
	    !slice_eq(unpack_text(u), slice_str(s->op.name)))
		return false;
	r->at = k + 1;
	u->link = s->link;
	if (s->op.both == NULL)
		return false;
	s->op.both(r->in->st[k], s->conf, b);
	return true;
}

static bool
get_window(struct reader *r, struct both *b)
{
	struct instance *in;

	if (!r->windows || next_stage(r) < r->in->to)
		return false;
	r->u.link = NULL;
	in = both_window(&r->feed->windows, 0, b);
	if (in == NULL)
		return false;
	r->in = in;
	r->at = in->from;
	return true;
}

/* The next line; false: there is none. */
static bool
next_line(struct slice *lines, struct slice *line)
{
	const char *end = lines->n == 0 ? NULL :
	    memchr(lines->p, '\n', lines->n);

	if (end == NULL)
		return false;
	*line = slice_to(lines->p, end);
	slice_skip(lines, line->n + 1);
	return true;
}

static bool
get_line(struct reader *r)
{
	struct slice word = unpack_text(&r->u);
	struct both b = { .in = &r->u };
	bool good = true;

	if (slice_eq(word, SLICE("stage"))) {
		good = get_stage(r, &b);
	} else if (slice_eq(word, SLICE("window"))) {
		good = get_window(r, &b);
	} else if (slice_eq(word, SLICE("windows"))) {
		good = r->feed->opt->event_time && !r->windows;
		r->windows = true;
		windows_both(&r->feed->windows, &b);
	} else {
		good = slice_eq(word, SLICE("feed"));
		both_feed(r->feed, &b);
	}
	return good && !r->u.bad && r->u.left.n == 0;
}

/* The lines between the first and the last, if that has their checksum. */
static const char *
check_lines(const struct chain *c, struct slice *lines, struct unpack *u)
{
	const char *from = lines->p, *last = lines->p + lines->n;
	uint64_t check;

	if (!next_line(lines, &u->left))
		return damaged;
	if (!slice_eq(unpack_text(u), SLICE(VERSION_WORD)))
		return "it is of another version of mbatch";
	if (unpack_u64(u) != c->n || u->bad)
		return "it is of another chain";
	while (last > lines->p && (last[-1] != '\n' ||
	    (size_t)(lines->p + lines->n - last) < sizeof "=end\t"))
		last--;
	u->left = (struct slice){ last, (size_t)(lines->p + lines->n - last) };
	lines->n -= u->left.n;
	if (!slice_eq(unpack_text(u), SLICE("end")))
		return damaged;
	check = hash_bytes(from, (size_t)(u->left.p - from), CHECK_SEED);
	return unpack_u64(u) == check && !u->bad &&
	    slice_eq(u->left, SLICE("\n")) ? NULL : damaged;
}

const char *
chain_restore(struct feed *f, struct slice lines)
{
	struct arena text = { 0 };
	struct reader r = { .feed = f, .in = f->tail, .at = f->tail->from,
	    .u.arena = &text };
	const char *why = check_lines(f->chain, &lines, &r.u);

	while (why == NULL && next_line(&lines, &r.u.left)) {
		if (!get_line(&r))
			why = damaged;
		arena_reset(&text);
	}
	if (why == NULL && (next_stage(&r) < r.in->to ||
	    r.windows != f->opt->event_time))
		why = damaged;
	arena_free(&text);
	return why;
}

void
chain_resume(struct feed *f)
{
	const struct op *forgets = chain_forgets(f->chain);
	struct buf b = { 0 };
	const char *why;
	size_t k;

	if (f->opt->per)
		return;
	if (forgets != NULL)
		diag_die(EXIT_RUN, "%s has no snapshot", forgets->name);
	chain_snapshot(f, &b);
	f->tail->batch = &f->batcher.cur;
	windows_forget(&f->windows);
	for (k = f->tail->from; k < f->tail->to; k++)
		if (remembers(f->chain, k))
			instance_renew(f->tail, k);
	why = chain_restore(f, buf_text(&b));
	if (why != NULL)
		diag_die(EXIT_RUN, "%s: %.*s", why, (int)b.n, b.p);
	buf_free(&b);
}
