/*
 * fmt-json.c - one JSON object a line
 *
 * Every record of which a member is wanted is read and checked to its end: of
 * duplicate keys the last counts.  One like a record before it by its outline,
 * any other by walking through its members.
 */
#include "lib/base/chars.h"
#include "lib/format/field.h"
#include "lib/format/fmt.h"
#include "lib/format/json-outline.h"
#include "lib/format/json.h"
#include "lib/number/number.h"
#include "lib/scan/scan.h"

/* A want (of those by name) that ends at a node: by its path, or by a key with
   its dots. */
struct ending {
	size_t want;
	bool literal;
	struct ending *next;
};

/* The paths wanted, as a tree. */
struct node {
	struct slice key;
	size_t index;		/* the key as an element's, SIZE_MAX: none */
	struct node *child, *next;
	struct ending *ends;
	uint64_t lengths;	/* bit n % 64: a child's key has n bytes */
	uint64_t met;		/* the last record that had it */
};

struct json_plan {
	struct node root;
	size_t n;		/* wants by name */
	struct want **want;
	struct slice **col;	/* theirs; raw until all are found */
	uint64_t *literal;	/* the last record that had the literal key */
	uint64_t record;	/* counts records walked through */
	uint32_t *room;
	size_t i;		/* the record's place in the vector */
	bool escapes;		/* there are some in the vector */
	unsigned char *keys;	/* take.keys */
	struct outlines *known;
};

/* "0", "12" as an index. */
static size_t
read_index(struct slice key)
{
	size_t i, v = 0;

	if (key.n == 0 || key.n > 9 || (key.n > 1 && key.p[0] == '0'))
		return SIZE_MAX;
	for (i = 0; i < key.n && is_digit(key.p[i]); i++)
		v = v * 10 + (size_t)(key.p[i] - '0');
	return i < key.n ? SIZE_MAX : v;
}

static struct node *
node_child(struct node *n, struct slice key, struct arena *a)
{
	struct node *c;

	for (c = n->child; c != NULL; c = c->next)
		if (slice_eq(c->key, key))
			return c;
	c = arena_zero(a, sizeof *c);
	c->key = key;
	c->index = read_index(key);
	c->next = n->child;
	n->child = c;
	n->lengths |= (uint64_t)1 << key.n % 64;
	return c;
}

static void
node_end(struct node *n, size_t want, bool literal, struct arena *a)
{
	struct ending *e = arena_alloc(a, sizeof *e);

	*e = (struct ending){ want, literal, n->ends };
	n->ends = e;
}

struct json_plan *
json_plan(struct take *t, struct arena *a)
{
	struct json_plan *p = arena_zero(a, sizeof *p);
	const struct field *f;
	struct node *n;
	size_t i, k;

	p->literal = arena_zero(a, (t->n + 1) * sizeof *p->literal);
	p->want = arena_alloc(a, (t->n + 1) * sizeof *p->want);
	p->col = arena_alloc(a, (t->n + 1) * sizeof *p->col);
	for (k = 0; k < t->n; k++) {
		f = t->want[k].field;
		if (t->want[k].pos != 0 || t->want[k].whole)
			continue;
		p->want[p->n] = &t->want[k];
		p->col[p->n] = t->want[k].col;
		n = &p->root;
		for (i = 0; i < f->npath; i++)
			n = node_child(n, f->path[i], a);
		node_end(n, p->n, false, a);
		if (f->npath > 1 && strchr(f->text, '{') == NULL)
			node_end(node_child(&p->root, f->name, a), p->n, true,
			    a);
		p->n++;
	}
	p->keys = t->keys;
	p->known = outlines_new(p->n, a);
	return p;
}

static void
plan(struct take *t, struct arena *a)
{
	t->plan = json_plan(t, a);
}

/* What a node's first occurrence gave doesn't count when there is another. */
static void
node_forget(struct json_plan *p, struct node *n)
{
	const struct ending *e;
	struct node *c;

	n->met = 0;
	for (e = n->ends; e != NULL; e = e->next)
		if (e->literal || p->literal[e->want] != p->record)
			p->col[e->want][p->i] = SLICE_NONE;
	for (c = n->child; c != NULL; c = c->next)
		if (c->met == p->record)
			node_forget(p, c);
}

static struct node *
find_key(const struct json *j, const struct node *n, struct slice key)
{
	struct node *c;

	if (j->escapes)
		key = json_unescape(key, j->arena);
	if ((n->lengths >> key.n % 64 & 1) == 0)
		return NULL;
	for (c = n->child; c != NULL; c = c->next)
		if (c->key.n == key.n && memcmp(c->key.p, key.p, key.n) == 0)
			return c;
	return NULL;
}

static void walk_value(struct json *, struct json_plan *, struct node *);

/* Members of an object, elements of an array: those with a node are gone
   into.  As deep as the paths wanted. */
static void
walk_object(struct json *j, struct json_plan *p, struct node *n)
{
	struct slice key, raw;
	struct node *c;
	bool first = true;

	json_enter(j);
	while (json_next(j, n->lengths, &key, &first)) {
		c = find_key(j, n, key);
		if (c != NULL)
			walk_value(j, p, c);
		else
			json_skip(j, &raw);
	}
}

/* The whole record's members, of which none is passed unseen: *keys says how
   they are beside those wanted. */
static void
walk_keys(struct json *j, struct json_plan *p, unsigned char *keys)
{
	struct slice key, raw;
	struct node *c;
	bool first = true;
	size_t k, last = 0;

	*keys = 0;
	json_enter(j);
	while (json_member(j, &key, &first)) {
		c = find_key(j, &p->root, key);
		if (c == NULL || c->met == p->record)
			*keys |= KEYS_MORE;
		if (c == NULL) {
			json_skip(j, &raw);
			continue;
		}
		if (c->ends->want < last)
			*keys |= KEYS_ORDER;
		last = c->ends->want;
		walk_value(j, p, c);
	}
	for (k = 0; k < p->n; k++)
		if (p->col[k][p->i].p == NULL)
			*keys |= KEYS_FEWER;
}

static void
walk_array(struct json *j, struct json_plan *p, struct node *n)
{
	struct slice raw;
	struct node *c;
	bool first = true;
	size_t i;

	json_enter(j);
	for (i = 0; json_element(j, &first); i++) {
		for (c = n->child; c != NULL && c->index != i; c = c->next)
			;
		if (c != NULL)
			walk_value(j, p, c);
		else
			json_skip(j, &raw);
	}
}

static void
walk_value(struct json *j, struct json_plan *p, struct node *n)
{
	char c = json_peek(j);
	size_t from = j->pos;
	const struct ending *e;
	struct slice raw;

	if (n->met == p->record)
		node_forget(p, n);
	n->met = p->record;
	if (n->child != NULL && c == '{')
		walk_object(j, p, n);
	else if (n->child != NULL && c == '[')
		walk_array(j, p, n);
	else
		json_skip(j, &raw);
	if (j->why != NULL)
		return;
	for (e = n->ends; e != NULL; e = e->next) {
		if (e->literal)
			p->literal[e->want] = p->record;
		else if (p->literal[e->want] == p->record)
			continue;
		p->want[e->want]->seen = true;
		p->col[e->want][p->i] =
		    (struct slice){ j->p + from, j->pos - from };
	}
}

/* Finds the raw values of a record; false: it is bad. */
static bool
walk_record(struct take *t, struct json_plan *p, struct slice rec, size_t i,
    const char *hi)
{
	struct json j;
	size_t k;

	for (k = 0; k < p->n; k++)
		p->col[k][i] = SLICE_NONE;
	p->i = i;
	p->record++;
	json_open(&j, rec, hi, p->room, &t->scratch);
	if (json_peek(&j) != '{')
		json_fail(&j, j.pos < j.n ? j.pos : 0, "not a JSON object");
	else if (p->keys != NULL)
		walk_keys(&j, p, &p->keys[i]);
	else
		walk_object(&j, p, &p->root);
	p->escapes |= j.escapes;
	if (json_close(&j))
		return true;
	take_bad(t, i, j.bad, j.why);
	return false;
}

/* Values i to n - 1 from their text; null is there, too. */
static void
want_decode(struct want *w, size_t i, size_t n, bool escapes, struct arena *a)
{
	struct slice v;

	for (; i < n; i++) {
		v = w->col[i];
		if (v.p == NULL)
			continue;
		w->seen = true;
		if (w->flags & WANT_RAW)
			continue;
		if (v.p[0] == '"' ? escapes : v.p[0] == 'n')
			w->col[i] = json_decode(v, a);
		else if (v.p[0] == '"')
			w->col[i] = (struct slice){ v.p + 1, v.n - 2 };
	}
}

void
json_take(struct take *t, struct json_plan *p, const struct slice *rec,
    size_t i, size_t n, const char *hi)
{
	size_t k, from = i;

	for (;; i++) {
		i = outlines_find(p->known, rec, i, n, hi, p->col, p->keys,
		    &p->escapes);
		if (i == n)
			break;
		if (walk_record(t, p, rec[i], i, hi))
			outlines_learn(p->known, rec, i, p->col, p->keys);
	}
	for (k = 0; k < p->n; k++)
		want_decode(p->want[k], from, n, p->escapes, &t->scratch);
}

void
json_start(struct take *t, struct json_plan *p, const struct slice *rec,
    size_t n)
{
	p->room = scan_room(rec, n, &t->scratch);
	p->escapes = false;
	outlines_start(p->known);
}

static void
take(struct take *t, const struct slice *rec, size_t n)
{
	const char *hi;
	size_t i, next;

	json_start(t, t->plan, rec, n);
	for (i = 0; i < n; i = next) {
		hi = scan_run(rec, i, n, &next);
		json_take(t, t->plan, rec, i, next, hi);
	}
}

static const char *
split(const struct shape *s, struct slice rec, struct cells *c, size_t *at)
{
	struct slice key, raw = { NULL, 0 };
	struct json j;
	bool first = true;

	arena_reset(&c->names);
	c->n = 0;
	json_open(&j, rec, rec.n == 0 ? rec.p : rec.p + rec.n,
	    scan_room(&rec, 1, &c->names), &c->names);
	if (json_peek(&j) != '{')
		json_fail(&j, j.pos < j.n ? j.pos : 0, "not a JSON object");
	else
		json_enter(&j);
	while (j.why == NULL && json_member(&j, &key, &first)) {
		json_skip(&j, &raw);
		if (j.why == NULL)
			cells_add(c, json_unescape(key, &c->names), raw, true);
	}
	if (json_close(&j))
		cells_unique(c, true, NULL);
	*at = j.bad;
	return j.why;
}

static void
lead(struct buf *b, const struct shape *s, struct slice name, size_t i)
{
	buf_char(b, i == 0 ? '{' : ',');
	json_put_string(b, name);
	buf_char(b, ':');
}

static void
put(struct buf *b, const struct shape *s, const struct cell *c, size_t n)
{
	char digits[NUMBER_MAX];
	size_t i;

	if (n == 0)
		buf_char(b, '{');
	for (i = 0; i < n; i++) {
		lead(b, s, cell_name(&c[i], i, digits), i);
		if (c[i].raw && c[i].val.p != NULL)
			buf_slice(b, c[i].val);
		else
			json_put_value(b, c[i].val);
	}
	buf_char(b, '}');
}

static void
put_value(struct buf *b, const struct shape *s, struct slice v)
{
	json_put_value(b, v);
}

static void
ready(const struct shape *s, struct texts *t)
{
	static const struct scan_odds odds = { ' ', '"', '\\', true };
	unsigned char *wrap = t->wrap;
	struct slice v, *col = t->v;
	size_t i, n = t->n;

	scan_odd(col, n, t->reach, &odds, wrap);
	for (i = 0; i < n; i++) {
		v = col[i];
		if (v.p == NULL)
			col[i] = SLICE("null");
		else if (wrap[i] == 0)
			wrap[i] = v.n == 0 || !is_digit(v.p[v.n - 1]) ||
			    !json_is_number(v);
		else if (json_plain(v) < v.n)
			texts_put(t, i, s);
	}
}

const struct format format_json = {
	.name = "json",
	.help = "one JSON object a line",
	.traits = FMT_NAMED | FMT_OUTPUT | FMT_JSON | FMT_SURE,
	.plan = plan,
	.take = take,
	.same = json_holds,
	.split = split,
	.decode = json_decode,
	.put = put,
	.value = put_value,
	.lead = lead,
	.ready = ready,
	.end = "}"
};
