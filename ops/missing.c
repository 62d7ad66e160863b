/* missing - keys of earlier batches, or of a file, that this one lacks */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "mbatch.h"
#include "lib/agg/group.h"
#include "lib/base/hash.h"
#include "lib/format/escape.h"
#include "lib/format/pack.h"
#include "lib/run/args.h"

struct conf {
	struct keys by;
	const char *file;		/* -f, or NULL */
	uint64_t over;			/* batches before this one */
	bool all;
	struct slice *name;		/* keys of the file, as keys_join has
					   them */
	size_t nnames, ncol;
	bool *zero;			/* of each column of a row: 0, */
	size_t *key;			/* or one of KEYS; else nothing */
	struct tally *dropped;
};

/* What is known of a key. */
struct seen {
	uint64_t batch;			/* that had it last, 0: none */
	bool named;			/* in the file */
};

struct state {
	struct groups known;		/* an accumulator is a struct seen */
	uint64_t batch;			/* over so far */
	struct arena text;
	struct slice *val;		/* of a row */
};

#define NO_KEY	SIZE_MAX

enum { MOST = 10 };			/* dropped keys that are told */

/* A line of the file, its fields as tsv has them; false: there are not as many
   as KEYS. */
static bool
read_key(struct slice line, size_t nkeys, struct slice *key, struct arena *a)
{
	struct buf b = { 0 };
	size_t i, from = 0, n = 0;

	for (i = 0; i <= line.n; i++) {
		if (i < line.n && line.p[i] != '\t')
			continue;
		*key = escape_get((struct slice){ line.p + from, i - from }, a);
		if (n++ > 0)
			buf_char(&b, '\t');
		escape_put(&b, *key);
		from = i + 1;
	}
	if (nkeys > 1)
		*key = buf_text(&b);
	*key = arena_copy(a, *key);
	buf_free(&b);
	return n == nkeys;
}

static int
read_file(struct conf *c, struct args *a, const char *name)
{
	FILE *f = fopen(name, "r");
	size_t cap = 0, room = 0, num = 0;
	struct slice s;
	char *line = NULL;
	uint64_t hash = 0;
	ssize_t n;
	int r = OK;

	while (f != NULL && r == OK && (n = getline(&line, &cap, f)) >= 0) {
		s = (struct slice){ line, (size_t)n };
		num++;
		hash = hash_bytes(s.p, s.n, hash);
		while (s.n > 0 && (s.p[s.n - 1] == '\n' ||
		    s.p[s.n - 1] == '\r'))
			s.n--;
		if (s.n == 0)
			continue;
		MEM_RESERVE(c->name, room, c->nnames + 1);
		if (!read_key(s, c->by.n, &c->name[c->nnames++], a->arena))
			r = args_fail(a, "%s, line %zu: as many fields as KEYS "
			    "must stand there, tabs between them", name, num);
	}
	if (f == NULL || ferror(f) != 0)
		r = diag_errno("missing: %s", name);
	if (f != NULL)
		(void)fclose(f);
	free(line);
	arena_defer(a->arena, free, c->name);
	options_need(a->opt, name, hash);
	return r;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;

	if (args_by(a, &c->by) != OK)
		return FAIL;
	if (c->by.n == 0 && args_peek(a) == NULL)
		return args_fail(a, "by KEYS is missing");
	c->over = c->file == NULL;
	if (args_over(a, &c->over, &c->all) != OK)
		return FAIL;
	return c->file == NULL ? OK : read_file(c, a, c->file);
}

/* A row is made of what an aggregate made: all its columns are known. */
static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	const struct column *is;
	size_t i, k;

	if (!b->in->made || !b->in->closed)
		return bind_fail(b, "it comes after an aggregate: count by "
		    "KEYS then missing by KEYS");
	if (keys_bind(&c->by, b) != OK)
		return FAIL;
	c->ncol = b->in->ncol;
	c->zero = arena_zero(b->arena, c->ncol * sizeof *c->zero);
	c->key = arena_zero(b->arena, c->ncol * sizeof *c->key);
	for (k = 0; k < c->ncol; k++) {
		c->zero[k] = (b->in->col[k].flags & COL_ZERO) != 0;
		c->key[k] = NO_KEY;
	}
	for (i = 0; i < c->by.n; i++) {
		is = shape_field(b->in, &c->by.field[i]);
		if (is == NULL)
			return bind_fail(b, "column %s is not one of those "
			    "that are known", diag_quote(c->by.field[i].text,
			    strlen(c->by.field[i].text)));
		if ((is->flags & COL_ZERO) != 0)
			return bind_fail(b, "column %s, %s, is a count or a "
			    "sum and no key", diag_quote(c->by.field[i].text,
			    strlen(c->by.field[i].text)),
			    diag_quote(is->name.p, is->name.n));
		c->key[is - b->in->col] = i;
	}
	c->dropped = tally_new(b->opt->diag, b->arena,
	    "keys had not come for as long and are no longer shown");
	c->dropped->most = MOST;
	return OK;
}

/* Those of the file. */
static void
add_names(struct state *s, const struct conf *c)
{
	uint32_t idx[VEC_MAX];
	size_t i, n, from;

	for (from = 0; from < c->nnames; from += n) {
		n = c->nnames - from < VEC_MAX ? c->nnames - from : VEC_MAX;
		groups_find_keys(&s->known, c->name + from, n, idx);
		for (i = 0; i < n; i++)
			((struct seen *)groups_acc(&s->known,
			    idx[i]))->named = true;
	}
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	s->val = arena_alloc(a, c->ncol * sizeof *s->val);
	groups_init(&s->known, &c->by, sizeof(struct seen), c->by.seed);
	add_names(s, c);
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	uint32_t idx[VEC_MAX];
	size_t i;

	groups_find(&s->known, &c->by, v, idx);
	for (i = 0; i < v->n; i++)
		((struct seen *)groups_acc(&s->known, idx[i]))->batch =
		    s->batch + 1;
	return emit_run(e, v, 0, v->n);
}

static int
put_row(struct state *s, const struct conf *c, struct slice key, struct emit *e)
{
	size_t k;

	arena_reset(&s->text);
	for (k = 0; k < c->ncol; k++)
		s->val[k] = c->key[k] != NO_KEY ?
		    keys_part(&c->by, key, c->key[k], &s->text) :
		    c->zero[k] ? SLICE("0") : SLICE_NONE;
	return emit_row(e, s->val, c->ncol, 0);
}

/* Forgets the keys of which that is said, the others in their order. */
static void
forget(struct state *s, const struct conf *c, const bool *gone)
{
	struct groups old = s->known;
	struct slice key;
	uint32_t to;
	size_t i;

	groups_init(&s->known, &c->by, sizeof(struct seen), c->by.seed);
	for (i = 0; i < old.n; i++) {
		if (gone[i])
			continue;
		key = groups_key(&old, i);
		groups_find_keys(&s->known, &key, 1, &to);
		*(struct seen *)groups_acc(&s->known, to) =
		    *(struct seen *)groups_acc(&old, i);
	}
	groups_fini(&old);
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t i, n = s->known.n, left = 0;
	bool *gone = mem_zero(n + 1);
	int r = OK;

	/* A batch that closes as records come is never one of silence, but one
	   of all there is can show what a file names. */
	if (s->batch++ == 0 && !b->window &&
	    (c->nnames == 0 || b->reason < BY_EOF))
		diag_warn("missing: without -w there are no batches of "
		    "silence: a batch closes because records come");
	for (i = 0; i < n; i++) {
		const struct seen *k = groups_acc(&s->known, i);
		struct slice key = groups_key(&s->known, i);

		if (!k->named && !c->all && s->batch - k->batch > c->over) {
			gone[i] = true;
			left++;
			tally_add(c->dropped, c->over > 0, 0, "missing: %s "
			    "came last %" PRIu64 " batches ago: it is no "
			    "longer shown", diag_quote(key.p, key.n),
			    c->over + 1);
		} else if (k->batch != s->batch && r == OK) {
			r = put_row(s, c, key, e);
		}
	}
	if (left > 0)
		forget(s, c, gone);
	free(gone);
	return r;
}

static void
both_seen(const void *vc, void *seen, struct both *b)
{
	both_u64(b, &((struct seen *)seen)->batch);
}

/* The file's keys keep the places that they had, whatever it names now. */
static void
remember(void *vs, const void *vc, struct both *b)
{
	const struct conf *c = vc;
	struct state *s = vs;

	both_u64(b, &s->batch);
	if (both_reads(b)) {
		groups_fini(&s->known);
		groups_init(&s->known, &c->by, sizeof(struct seen), c->by.seed);
	}
	groups_both(&s->known, vc, b, both_seen);
	if (both_reads(b))
		add_names(s, c);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	groups_fini(&s->known);
	arena_free(&s->text);
}

const struct op op_missing = {
	.name = "missing",
	.args = "[-f FILE] by KEYS [over N|all]",
	.makes = "kept",
	.help = "and keys of the last N batches that this one lacks, with 0",
	.example = "-T 0 -w 1h count by 9 then missing by 1",
	.shows = "200\t2\n"
	    "302\t1\n"
	    "500\t1\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-f", file, "keys that are awaited, one a line")),
	.see = "count movers windows",
	.holds = "the keys of the batches before",
	.traits = OP_ACROSS,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.both = remember,
	.fini = fini
};
