/* partial.c - states of groups as lines that other machines read */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/partial.h"
#include "lib/agg/sketch-text.h"
#include "lib/base/chars.h"
#include "lib/base/hash.h"
#include "lib/base/shown.h"
#include "lib/format/fmt.h"
#include "lib/run/chain.h"
#include "lib/run/table.h"

#define FAMILY	"mbatch"

#define WRITTEN	UINT64_MAX	/* a state's next piece: there is none */

enum { CHECK = 6 };		/* characters of text_close */

static const char garbled[] = "a garbled state";

void
partial_lines(struct shape *s)
{
	memset(s, 0, sizeof *s);
	s->format = &format_text;
	shape_init(s, s->format, "\t", 1);
}

/* All that can be saved has a struct grouping first in its conf. */
const struct grouping *
partial_of(const struct chain *c)
{
	return c->stage[c->from].conf;
}

/* The first aggregate's place; what comes before must see one record at a
   time. */
static int
first_aggregate(const struct chain *c, const char *option, size_t *k)
{
	const struct op *op;

	for (*k = 0; *k < c->n; ++*k) {
		op = &c->stage[*k].op;
		if (op->save != NULL)
			break;
		if ((op->traits & ~op_find(op->name)->traits &
		    OP_NUMBER) != 0)
			return diag_warn("%s: %s: nr() counts the records of "
			    "one run, and means nothing to several", option,
			    op->name);
		if ((op->traits & OP_EACH) == 0)
			return diag_warn("%s: %s can't come before the first "
			    "aggregate: it sees more than one record", option,
			    op->name);
	}
	if (*k == c->n)
		return diag_warn("%s needs an aggregate: %s", option,
		    op_list(OP_MERGE, ", ", c->opt->arena));
	op = &c->stage[*k].op;
	if ((op->traits & OP_MERGE) == 0)
		return diag_warn("%s: %s over: states of several batches can't "
		    "be merged with others", option, op->name);
	return OK;
}

/* A merger that sees some of the groups can't say what needs all of them. */
static int
check_part(const struct op *op, const struct grouping *g,
    const struct options *o)
{
	const struct runs *r = o->runs;
	bool one = r->key != NULL && g->by.n <= 1;

	if (o->partial || (op->traits & OP_WHOLE) == 0 ||
	    (!r->sorted && (r->key != NULL ? !one : !o->part)))
		return OK;
	return diag_warn("--merge: %s%s needs all groups, and with %s they are "
	    "not together; merge without, or give the first --merge count or "
	    "stats, and its rows to another mbatch", op->name, g->share ?
	    " -p" : "", r->sorted ? "--sorted" : one ? "-k" : "--part");
}

int
chain_partial(struct chain *c)
{
	const char *option = c->opt->merge ? "--merge" : "--partial";
	size_t k;

	if (!c->opt->partial && !c->opt->merge)
		return OK;
	if (first_aggregate(c, option, &k) != OK)
		return FAIL;
	if (c->opt->partial) {
		c->n = k + 1;
		partial_lines(&c->states);
		c->stage[k].op.flush = c->stage[k].op.save;
		c->stage[k].op.traits |= OP_SAVES;
	}
	if (c->opt->merge && check_part(&c->stage[k].op, c->stage[k].conf,
	    c->opt) != OK)
		return FAIL;
	if (c->opt->merge) {
		c->from = k;
		c->stage[k].op.push = c->stage[k].op.load;
		c->stage[k].op.traits |= OP_LOADS;
	}
	if (c->opt->runs->sorted) {
		((struct grouping *)c->stage[k].conf)->sorted =
		    &c->stage[k].op;
		c->stage[k].op.traits &= ~(unsigned)OP_HOLD;
	}
	chain_split(c);
	return OK;
}

void
line_name(struct buf *b, struct slice s)
{
	for (; s.n > 0; s.p++, s.n--) {
		unsigned char c = (unsigned char)*s.p;

		if (c > ' ' && c < 0x7f && strchr(",|\\", c) == NULL) {
			buf_char(b, (char)c);
			continue;
		}
		shown_hex(buf_room(b, SHOWN_HEX), s.p, 1);
		b->n += SHOWN_HEX;
	}
}

void
line_put(struct buf *b, uint64_t n, char sep)
{
	b->n += number_put_u64(buf_room(b, NUMBER_MAX), n);
	buf_char(b, sep);
}

struct slice
partial_name(const struct grouping *c, struct arena *a)
{
	struct buf b = { 0 };
	struct slice name;
	size_t i;

	for (i = 0; i < c->saved; i++) {
		const struct agg_part *p = &c->aggs.part[i];

		if (i > 0)
			buf_char(&b, ',');
		buf_str(&b, p->kind->name);
		if (p->input == NO_INPUT)
			continue;
		buf_char(&b, ':');
		line_name(&b, slice_str(c->aggs.in[p->input].text));
	}
	buf_char(&b, '|');
	for (i = 0; i < c->by.n; i++) {
		if (i > 0)
			buf_char(&b, ',');
		line_name(&b, slice_str(c->by.field[i].text));
	}
	name = arena_copy(a, buf_text(&b));
	buf_free(&b);
	return name;
}

/* Flags of a key's column that its states tell. */
#define FLAGS	(COL_NUMBER | COL_TIME | COL_FILLED)

void
partial_names(struct grouping *c, struct bind *to, struct slice *name,
    unsigned char *flags)
{
	struct buf b = { 0 };
	bool differ = false;
	size_t i;

	keys_names(c->shown, to->in, name, flags);
	for (i = 0; i < c->shown->n; i++) {
		const struct field *f = &c->shown->field[i];

		if (c->called != NULL) {
			name[i] = c->called[i];
			flags[i] = c->called_flags[i];
		}
		buf_char(&b, i == 0 ? '|' : ',');
		line_name(&b, name[i]);
		buf_char(&b, '\\');
		buf_char(&b, (char)('0' + (flags[i] & FLAGS)));
		differ |= !slice_eq(name[i], f->name) || (flags[i] & FLAGS) !=
		    (f->bucket.kind == BUCKET_TIME ? COL_TIME : 0);
	}
	if (differ)
		c->names = arena_copy(to->arena, buf_text(&b));
	buf_free(&b);
}

static void
put_int(struct buf *b, int64_t n)
{
	b->n += number_put_i64(buf_room(b, NUMBER_MAX), n);
}

/* The key fields. */
static void
put_keys(const struct grouping *c, struct slice key, char kind,
    const struct batch *batch, struct buf *b)
{
	size_t i;

	if (c->window.width > 0)
		b->n += time_put(buf_room(b, TIME_MAX), batch->opened,
		    c->local);
	if (c->window.width > 0 && c->by.n > 0)
		buf_char(b, '\t');
	if (kind == PARTIAL_GROUP)
		keys_put(&c->by, key, b);
	for (i = 1; kind != PARTIAL_GROUP && i < c->by.n; i++)
		buf_char(b, '\t');
}

/* The words before the states. */
static void
put_words(const struct grouping *c, char kind, const struct extent *when,
    struct buf *b)
{
	buf_str(b, "\t" PARTIAL_VERSION " ");
	buf_char(b, kind);
	if (c->window.width > 0 || c->timed)
		buf_char(b, '@');
	if (c->window.width > 0)
		b->n += time_grid_put(buf_room(b, TIME_GRID_MAX), &c->window);
	if (c->window.width > 0 && c->timed)
		buf_char(b, '@');
	if (c->timed && when->known)
		put_int(b, when->from);
	if (c->timed)
		buf_char(b, ',');
	if (c->timed && when->known)
		put_int(b, when->to);
	buf_char(b, ' ');
	buf_slice(b, c->name);
	buf_slice(b, c->names);
}

static void
put_standing(struct buf *b, struct standing s)
{
	line_put(b, s.lines, '.');
	line_put(b, s.sum, ' ');
}

/* One line; the pieces that are due of each state; false: no more.  rest: what
   all of the group's lines stand for, less those before, if it was merged. */
static int
put_line(const struct grouping *c, struct slice key, struct agg_group at,
    const struct extent *when, uint64_t *piece, bool *more,
    struct standing *rest, struct emit *e)
{
	struct buf *b = emit_buf(e);
	struct standing own = { .lines = 1 };
	size_t tab;
	char kind = at.acc == NULL ? PARTIAL_NONE :
	    slice_eq(key, groups_beyond) ? PARTIAL_OTHER : PARTIAL_GROUP;
	size_t i;

	put_keys(c, key, kind, emit_batch(e), b);
	tab = b->n + 1;
	put_words(c, kind, when, b);
	*more = false;
	for (i = 0; i < c->saved; i++) {
		buf_char(b, ' ');
		if (piece[i] == WRITTEN)
			buf_char(b, '-');
		else if (agg_save(c->aggs.part[i].kind, agg_at(&c->aggs, at, i),
		    &piece[i], b))
			*more = true;
		else
			piece[i] = WRITTEN;
	}
	buf_char(b, ' ');
	own.sum = hash_bytes(b->p, b->n, 0);
	if (c->merged && !*more)
		own = *rest;
	rest->lines -= own.lines;
	rest->sum -= own.sum;
	if (!c->merged)
		standing_add(&c->runs->came, own);
	put_standing(b, own);
	text_close(b, 0);
	return pieces_emit(&c->runs->pieces, buf_text(b), tab,
	    c->runs->salt, e);
}

int
partial_put(const struct grouping *c, struct slice key, struct agg_group at,
    const struct extent *when, struct standing rest, struct emit *e)
{
	uint64_t *piece = mem_alloc(c->saved * sizeof *piece);
	bool more = true;
	size_t i;
	int r = OK;

	for (i = 0; i < c->saved; i++)
		piece[i] = at.acc == NULL ? WRITTEN : 0;
	if (c->merged && at.acc != NULL)
		standing_add(&rest, *(struct standing *)agg_at(&c->aggs, at,
		    c->saved).st);
	while (more && r == OK)
		r = put_line(c, key, at, when, piece, &more, &rest, e);
	free(piece);
	return r;
}

struct slice
line_word(struct slice *s, char sep)
{
	const char *p = s->n == 0 ? NULL : memchr(s->p, sep, s->n);
	struct slice w = { s->p, p == NULL ? s->n : (size_t)(p - s->p) };
	size_t skip = p == NULL ? w.n : w.n + 1;

	s->p += skip;
	s->n -= skip;
	return w;
}

uint64_t
line_number(struct slice *s, char sep, bool *bad)
{
	struct slice w = line_word(s, sep);
	uint64_t n = 0;

	*bad |= w.n == 0 || w.n > 20;
	for (; w.n > 0; w.p++, w.n--) {
		*bad |= *w.p < '0' || *w.p > '9';
		n = n * 10 + (uint64_t)(*w.p - '0');
	}
	return n;
}

/* The place behind the last tab, and how many there are. */
static size_t
last_tab(struct slice s, size_t *n)
{
	const char *p, *from = s.p, *end = s.p + s.n;

	for (*n = 0; from < end && (p = memchr(from, '\t',
	    (size_t)(end - from))) != NULL; from = p + 1)
		++*n;
	return (size_t)(from - s.p);
}

bool
line_kind(struct line *l, struct slice text)
{
	size_t n, tab = last_tab(text, &n);
	struct slice words = { text.p + tab, text.n - tab }, kind;

	if (tab == 0 || !slice_eq(line_word(&words, ' '),
	    SLICE(PARTIAL_VERSION)) || words.n == 0)
		return false;
	kind = line_word(&words, ' ');
	*l = (struct line){ .text = text, .key = { text.p, tab - 1 },
	    .tabs = n, .words = words };
	if (kind.n > 0) {
		l->kind = *kind.p;
		l->when = (struct slice){ kind.p + 1, kind.n - 1 };
	}
	return true;
}

bool
line_check(struct line *l)
{
	struct text_reader r;

	if (l->words.n < CHECK + 1 || !text_open(&r, l->text))
		return false;
	l->words.n -= CHECK + 1;
	return true;
}

/* Of a line that line_kind does not know. */
static const char *
other_version(struct slice line, size_t *at)
{
	size_t n;
	struct slice version;

	*at = last_tab(line, &n);
	version = (struct slice){ line.p + *at, line.n - *at };
	version = line_word(&version, ' ');
	if (*at > 0 && (slice_eq(version, SLICE(FAMILY "1")) ||
	    slice_eq(version, SLICE(FAMILY "2"))))
		return "a state of an older version of mbatch, whose runs "
		    "don't say how much they wrote; make it anew";
	if (*at > 0 && version.n > sizeof FAMILY - 1 &&
	    memcmp(version.p, FAMILY, sizeof FAMILY - 1) == 0)
		return "a state of another version of mbatch";
	return "not a line that --partial wrote";
}

/* What stands behind the kind: of which window, or when its records came. */
static const char *
get_when(struct partial *p, const struct grouping *c, struct slice s)
{
	struct extent *x = &p->when;
	struct slice from, width = line_word(&s, '@');
	bool extent;
	char own[TIME_GRID_MAX];

	if (width.n > 0 && memchr(width.p, ',', width.n) != NULL) {
		s = width;
		width.n = 0;
	}
	extent = s.n > 0 && memchr(s.p, ',', s.n) != NULL;
	*x = (struct extent){ .known = extent && s.n > 1 };
	if (c->window.width == 0 && width.n > 0)
		return "a state of a window; --merge needs the same -w";
	if (c->window.width > 0 && width.n == 0)
		return "a state of no window";
	if (c->window.width > 0 && !slice_eq(width, (struct slice){ own,
	    time_grid_put(own, &c->window) }))
		return "a state of windows of another length";
	if (extent != c->timed)
		return c->timed ? "a state that does not say when its records "
		    "came" : "a state of other aggregates or keys than the "
		    "chain's";
	from = line_word(&s, ',');
	return !x->known || (number_int(&x->from, from) &&
	    number_int(&x->to, s) && x->from <= x->to) ? NULL : garbled;
}

/* The word of g, o, n. */
static const char *
get_kind(struct partial *p, const struct grouping *c, const struct line *l)
{
	struct slice when = l->when;

	if ((l->kind != PARTIAL_GROUP && l->kind != PARTIAL_OTHER &&
	    l->kind != PARTIAL_NONE) || (when.n > 0 && *when.p != '@'))
		return garbled;
	p->kind = (unsigned char)l->kind;
	if (when.n > 0)
		line_word(&when, '@');
	return get_when(p, c, when);
}

/* The window's start and the group's keys: n fields. */
static const char *
get_keys(struct partial *p, const struct grouping *c, struct slice keys,
    size_t n)
{
	size_t want = c->by.n + (c->window.width > 0);

	if (want == 0 ? keys.n > 0 : n != want)
		return "a state with other key fields than the chain's";
	p->window = (struct slice){ NULL, 0 };
	if (c->window.width > 0)
		p->window = line_word(&keys, '\t');
	p->key = keys;
	return NULL;
}

/* KINDS|KEYS of a state's word, and NAMES. */
static struct slice
cut_names(struct slice s, struct slice *names)
{
	struct slice kinds = line_word(&s, '|'), keys = line_word(&s, '|');

	*names = s;
	return (struct slice){ kinds.p,
	    (size_t)(keys.p + keys.n - kinds.p) };
}

/* What line_name wrote. */
static struct slice
get_name(struct slice s, struct arena *a)
{
	char *out = arena_bytes(a, s.n + 1);
	size_t n = 0;
	int hi, lo;

	for (; s.n > 0; s.p++, s.n--) {
		out[n++] = *s.p;
		if (*s.p != '\\' || s.n < 4 || (hi = hex_value(s.p[2])) < 0 ||
		    (lo = hex_value(s.p[3])) < 0)
			continue;
		out[n - 1] = (char)(hi << 4 | lo);
		s.p += 3;
		s.n -= 3;
	}
	return (struct slice){ out, n };
}

bool
partial_calls(const struct chain *c)
{
	return c->opt->merge && partial_of(c)->shown->n > 0;
}

void
partial_call(const struct chain *c, struct slice line)
{
	struct grouping *g = c->stage[c->from].conf;
	struct arena *a = c->opt->arena;
	size_t i, at, n = g->shown->n;
	struct slice *name = arena_zero(a, n * sizeof *name), w;
	unsigned char *flags = arena_zero(a, n);
	struct partial p;

	if (partial_get(&p, g, line, &at) != NULL || p.names.n == 0)
		return;
	for (i = 0; i < n; i++) {
		w = line_word(&p.names, ',');
		if (w.n >= 2 && w.p[w.n - 2] == '\\') {
			flags[i] = (w.p[w.n - 1] - '0') & FLAGS;
			w.n -= 2;
		}
		name[i] = get_name(w, a);
	}
	g->called = name;
	g->called_flags = flags;
}

/* Takes the last word off the states. */
static bool
get_standing(struct slice *states, struct standing *standing)
{
	struct slice s = *states;
	const char *blank = s.p + s.n;
	bool bad = false;

	if (s.n == 0)
		return false;
	while (blank > s.p && *--blank != ' ')
		;
	states->n = (size_t)(blank - s.p);
	s.p = blank + (*blank == ' ');
	s.n -= (size_t)(s.p - states->p);
	standing->lines = line_number(&s, '.', &bad);
	standing->sum = line_number(&s, ' ', &bad);
	return !bad && s.n == 0;
}

bool
line_standing(const struct line *l, struct standing *standing)
{
	struct slice states = l->words;

	if (states.n < CHECK + 2)
		return false;
	states.n -= CHECK + 1;
	return get_standing(&states, standing);
}

const char *
partial_get(struct partial *p, const struct grouping *c, struct slice line,
    size_t *at)
{
	struct line l;
	const char *why;

	if (!line_kind(&l, line))
		return other_version(line, at);
	*at = l.key.n + 1;
	if (!line_check(&l))
		return "a state that was cut short or changed";
	if (!slice_eq(cut_names(line_word(&l.words, ' '), &p->names), c->name))
		return "a state of other aggregates, keys or --approx than "
		    "the chain's";
	why = get_kind(p, c, &l);
	if (why == NULL)
		why = get_keys(p, c, l.key, l.tabs);
	if (why != NULL)
		return why;
	p->states = l.words;
	return get_standing(&p->states, &p->standing) ? NULL : garbled;
}

const char *
partial_window(const void *grouping, struct slice line,
    struct time_reader *r, int64_t *ns, size_t *at)
{
	const struct grouping *c = grouping;
	struct partial p;
	const char *why = partial_get(&p, c, line, at);

	if (why != NULL)
		return why;
	*at = 0;
	return time_read(r, p.window, ns) &&
	    time_floor(*ns, &c->window, c->local) == *ns ? NULL :
	    "no window of -w starts when this state's does; are --local and "
	    "TZ the same?";
}

const char *
partial_states(const struct grouping *c, struct agg_group g,
    struct slice states)
{
	const struct agg_kind *kind;
	const char *why;
	struct agg_at at;
	struct slice w;
	size_t i;

	for (i = 0; i < c->saved; i++) {
		kind = c->aggs.part[i].kind;
		at = agg_at(&c->aggs, g, i);
		w = line_word(&states, ' ');
		if (slice_eq(w, SLICE("-")))
			continue;
		if (!agg_load(kind, at, w))
			return garbled;
		why = kind->differs == NULL ? NULL :
		    kind->differs(&c->aggs, at.st);
		if (why != NULL)
			return why;
	}
	return states.n == 0 ? NULL : garbled;
}
