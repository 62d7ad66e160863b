/* template - what records say, without what varies in them */
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/grouped.h"
#include "lib/agg/templates.h"
#include "lib/format/escape.h"
#include "lib/format/pack.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/run/store.h"

/* Groups are of KEYS and, the last of their keys, the mask. */
struct conf {
	struct grouping group;		/* count, first:FIELD */
	uint64_t max;
	bool records;			/* -r */
	const char *field;		/* -f */
};

/* -r: the records, and of what group each is. */
struct state {
	struct grouped group;
	struct store store;
	uint32_t *of;
	size_t cap;
};

GROUPED_FIRST(struct conf, group, struct state, group);

static const struct op with_records;

/* KEYS, and FIELD:mask. */
static int
parse_keys(struct op *op, struct conf *c, struct args *a)
{
	struct grouping *g = &c->group;
	struct keys *by = &g->by;
	const char *field = c->field == NULL ? "0" : c->field;
	struct field *key;
	size_t n;

	if (args_fields(a, field, false, &key, &n) != OK)
		return FAIL;
	if (n > 1)
		return args_fail(a, "-f: one field, not %s",
		    diag_quote(field, strlen(field)));
	if (aggs_parse(&g->aggs, a, arena_printf(a->arena, "count,first:%s",
	    field)) != OK || grouping_parse(op, g, a) != OK)
		return FAIL;
	key = arena_zero(a->arena, (by->n + 1) * sizeof *key);
	if (by->n > 0)
		memcpy(key, by->field, by->n * sizeof *key);
	by->field = key;
	if (args_field(a, arena_printf(a->arena, "%s:mask", field), true,
	    &key[by->n++]) != OK)
		return FAIL;
	grouping_done(g, a);
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	c->max = UINT64_MAX;
	if (c->records)
		*op = with_records;
	w = args_maybe(a);
	if (w != NULL && args_count(a, "N", w, &c->max) != OK)
		return FAIL;
	if (parse_keys(op, c, a) != OK)
		return FAIL;
	if (c->records && (w != NULL || c->group.by.n > 1))
		return args_fail(a, "-r shows all records: %s goes without it",
		    w != NULL ? "N" : "by KEYS");
	if (c->records)
		c->group.max = 0;
	return OK;
}

/* The last of the keys is called template. */
static int
bind(void *vc, struct bind *b)
{
	static const struct slice name[] = {
		{ "count", 5 }, { "share", 5 }, { "first", 5 }
	};
	static const unsigned char flags[] = { COL_NUMBER, COL_NUMBER, 0 };
	struct conf *c = vc;
	struct grouping *g = &c->group;
	struct slice *called;
	unsigned char *as;

	if (g->called == NULL) {
		called = arena_zero(b->arena, g->by.n * sizeof *called);
		as = arena_zero(b->arena, g->by.n);
		keys_names(&g->by, b->in, called, as);
		called[g->by.n - 1] = SLICE("template");
		g->called = called;
		g->called_flags = as;
	}
	return grouping_columns(g, &g->by, b, name, flags, 3);
}

/* Where the mask begins in a group's key. */
static size_t
mask_at(const struct grouping *g, struct slice key)
{
	size_t at = g->by.n == 1 ? 0 : key.n;

	while (at > 0 && key.p[at - 1] != '\t')
		at--;
	return at;
}

/* Each row's mask, by its number in the table. */
static void
find_masks(struct grouped *s, const struct grouping *g, size_t n,
    struct table *masks, uint32_t *mask)
{
	struct arena text = { 0 };
	struct slice key;
	size_t i, at;

	for (i = 0; i < n; i++) {
		key = grouped_row(s, g, i).key;
		at = mask_at(g, key);
		key = (struct slice){ key.p + at, key.n - at };
		if (g->by.n > 1)
			key = escape_get(key, &text);
		table_find(masks, &key, 1, 0, &mask[i]);
		arena_reset(&text);
	}
	arena_free(&text);
}

/* The rows of one template and the same other keys. */
struct line {
	struct slice key;	/* as it is written */
	uint64_t count;
	size_t first;		/* of the rows */
};

/* Most frequent first, then in byte order: whatever came first. */
static int
compare(const void *va, const void *vb)
{
	const struct line *a = va, *b = vb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return slice_cmp(a->key, b->key);
}

/* Joins the rows; how many lines there are, whose keys lie in the table. */
static size_t
join_rows(struct grouped *s, const struct grouping *g, size_t n,
    const struct templates *t, const uint32_t *mask, struct table *keys,
    struct line *line)
{
	struct buf text = { 0 };
	struct slice key;
	struct row row;
	uint64_t count = 0;
	uint32_t k;
	size_t i, lines = 0;

	for (i = 0; i < n; i++) {
		row = grouped_row(s, g, i);
		row_count(g, &row, &count);
		text.n = 0;
		buf_add(&text, row.key.p, mask_at(g, row.key));
		escape_put(&text, templates_of(t, mask[i]));
		key = slice_eq(row.key, groups_beyond) ? row.key :
		    buf_text(&text);
		table_find(keys, &key, 1, 0, &k);
		if (k == lines)
			line[lines++] = (struct line){ table_key(keys, k), 0,
			    i };
		line[k].count += count;
	}
	buf_free(&text);
	return lines;
}

static int
put_line(struct grouped *s, const struct grouping *g, const struct line *l,
    uint64_t total, struct emit *e)
{
	struct row row = grouped_row(s, g, l->first);
	struct buf *b;

	if (slice_eq(l->key, groups_beyond)) {
		b = row_begin(g, &row, e);
	} else {
		b = emit_buf(e);
		buf_slice(b, l->key);
		buf_char(b, '\t');
	}
	b->n += number_put_u64(buf_room(b, NUMBER_MAX), l->count);
	buf_char(b, '\t');
	b->n += number_put_real(buf_room(b, NUMBER_MAX),
	    (double)l->count / (double)total);
	buf_char(b, '\t');
	aggs_put(&g->aggs, &row.at, 1, b);
	return emit_bytes(e, buf_text(b), 0);
}

static int
flush(void *vs, const void *vc, const struct batch *batch, struct emit *e)
{
	const struct conf *c = vc;
	const struct grouping *g = vc;
	size_t i, n = grouped_close(vs, g), lines;
	struct table *masks = table_new(g->seed), *keys = table_new(g->seed);
	uint32_t *mask = mem_alloc(n * sizeof *mask);
	struct line *line = mem_alloc(n * sizeof *line);
	struct templates *t;
	uint64_t total = 0;
	int r = OK;

	find_masks(vs, g, n, masks, mask);
	t = templates_find(masks);
	lines = join_rows(vs, g, n, t, mask, keys, line);
	templates_free(t);
	free(mask);
	for (i = 0; i < lines; i++)
		total += line[i].count;
	qsort(line, lines, sizeof *line, compare);
	for (i = 0; i < lines && i < c->max && r == OK; i++)
		r = put_line(vs, g, &line[i], total, e);
	free(line);
	table_free(keys);
	return r;
}

static int
bind_records(void *vc, struct bind *b)
{
	static const struct slice name = { "template", 8 };
	struct conf *c = vc;

	if (keys_bind(&c->group.by, b) != OK)
		return FAIL;
	bind_edit(b, &name, NULL, 1, false);
	return OK;
}

static int
push_records(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;

	MEM_RESERVE(s->of, s->cap, s->store.n + v->n);
	groups_find(&s->group.groups, &c->group.by, v, s->of + s->store.n);
	store_vec(&s->store, v, NULL);
	return OK;
}

/* The batch's groups are the first masks; then come those of older ones. */
static int
flush_records(void *vs, const void *vc, const struct batch *batch,
    struct emit *e)
{
	const struct grouping *g = vc;
	struct state *s = vs;
	const struct store *k = &s->store;
	struct table *masks = table_new(g->seed);
	struct templates *t;
	struct slice text, rec;
	size_t i, n;
	uint32_t at;
	int r = OK;

	for (i = 0; i < s->group.groups.n; i++) {
		text = groups_key(&s->group.groups, i);
		table_find(masks, &text, 1, 0, &at);
	}
	n = g->over > 0 ? grouped_close(&s->group, g) : 0;
	for (i = 0; i < n; i++) {
		text = grouped_row(&s->group, g, i).key;
		table_find(masks, &text, 1, 0, &at);
	}
	t = templates_find(masks);
	for (i = 0; i < k->n && r == OK; i++) {
		text = templates_of(t, s->of[i]);
		rec = store_get(k, i);
		r = emit_edit(e, &(struct vec){ .n = 1, .rec = &rec,
		    .num = &k->rec[i].num }, 0, &text, NULL, 1);
	}
	templates_free(t);
	store_reset(&s->store);
	return r;
}

static void
remember(void *vs, const void *vc, struct both *b)
{
	struct state *s = vs;
	uint64_t of;
	size_t i;

	grouped_both(vs, vc, b);
	store_both(&s->store, b);
	MEM_RESERVE(s->of, s->cap, s->store.n);
	for (i = 0; i < s->store.n; i++) {
		of = both_reads(b) ? 0 : s->of[i];
		both_u64(b, &of);
		both_expect(b, of < s->group.groups.n);
		s->of[i] = (uint32_t)of;
	}
}

static void
fini_records(void *vs, const void *vc)
{
	struct state *s = vs;

	store_fini(&s->store);
	free(s->of);
	grouped_fini(vs, vc);
}

#define TEMPLATE(some)							\
	.name = "template",						\
	.args = "[-r] [-f FIELD] [N] [by KEYS] [over N|all]",		\
	.help = "what records say, without what varies (-r: behind each)", \
	.example = "template then cut count,template",			\
	.shows = "7\t* - - [*] \"GET *\" * \"*\" \"*\"\n"		\
	    "2\t* - alice [*] \"GET *\" * \"-\" \"*\"\n"		\
	    "1\t* - alice [*] \"POST *\" * \"*\" \"*\"\n",		\
	.flags = OP_FLAGS(						\
		FLAG("-r", records, "each record, with its template "	\
		    "behind it"),					\
		FLAG("-f", field, "FIELD is looked at, not the record")), \
	.see = "count uniq replace",					\
	.holds = "the different masks",					\
	.conf_size = sizeof(struct conf),				\
	.traits = OP_HOLD | (some)

static const struct op with_records = {
	TEMPLATE(0),
	.makes = "changed",
	.state_size = sizeof(struct state),
	.bind = bind_records,
	.init = grouped_init,
	.push = push_records,
	.flush = flush_records,
	.reset = grouped_reset,
	.both = remember,
	.fini = fini_records
};

const struct op op_template = {
	TEMPLATE(OP_MERGE | OP_GROUPS | OP_FIELDS | OP_WHOLE),
	.makes = "made",
	.state_size = sizeof(struct grouped),
	.parse = parse,
	.bind = bind,
	.push = grouped_push,
	.flush = flush,
	GROUPED_ALL_HOOKS
};
