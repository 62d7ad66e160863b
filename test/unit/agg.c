/*
 * agg.c - every aggregate gives the same under any split, any tree of merges,
 * any detour through writing; and plain sums agree with slow ones
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/agg/agg.h"
#include "lib/agg/sketch-text.h"
#include "lib/run/args.h"
#include "test/unit/check.h"

enum { VALUES = 600, PARTS = 6, TRIES = 60 };

static const char list[] = "count,sum:1,mean:1,var:1,stddev:1,min:1,max:1,"
    "range:1,median:1,p99.9:1,distinct:1,mode:1,n=count:1";

static void
check(bool good, const char *what, unsigned try)
{
	if (good)
		return;
	fprintf(stderr, "agg: %s, try %u\n", what, try);
	exit(1);
}

/* Two groups' states of one part. */
struct part {
	char *acc;
	void **shared;
};

static struct agg_group
group(const struct aggs *g, const struct part *p, uint32_t i)
{
	return (struct agg_group){ p->acc + i * g->size, p->shared, i };
}

static void
part_init(struct part *p, const struct aggs *g)
{
	p->acc = mem_zero(2 * g->size);
	p->shared = aggs_open(g, true);
}

static void
part_fini(struct part *p, const struct aggs *g)
{
	aggs_free(g, p->acc, 2);
	aggs_close(g, p->shared);
	free(p->acc);
}

static void
add(const struct aggs *g, struct part *p, struct slice *val, uint32_t *to,
    size_t n)
{
	static uint64_t num[VEC_MAX];
	const struct slice *col[1];
	struct vec v = { .n = n, .rec = val, .num = num };

	col[0] = val;
	v.col = col;
	if (n > 0)
		aggs_add(g, p->shared, p->acc, to, &v);
}

/* A state to text and, piece by piece, back into another one. */
static void
travel_one(const struct aggs *g, size_t k, struct agg_group from,
    struct agg_group to, struct agg_group piece, unsigned try)
{
	const struct agg_kind *kind = g->part[k].kind;
	struct buf b = { 0 };
	uint64_t next = 0;
	bool more = true;

	while (more) {
		b.n = 0;
		more = agg_save(kind, agg_at(g, from, k), &next, &b);
		check(agg_load(kind, agg_at(g, piece, k), (struct slice){ b.p,
		    b.n }), kind->name, try);
		agg_merge(kind, agg_at(g, to, k), agg_at(g, piece, k));
		aggs_reset(g, piece.acc, 1);
		aggs_clear(g, piece.shared);
	}
	buf_free(&b);
}

static void
travel(const struct aggs *g, struct part *p, unsigned try)
{
	struct part q, piece;
	uint32_t i;
	size_t k;

	part_init(&q, g);
	part_init(&piece, g);
	for (i = 0; i < 2; i++)
		for (k = 0; k < g->nparts; k++)
			travel_one(g, k, group(g, p, i), group(g, &q, i),
			    group(g, &piece, 0), try);
	part_fini(&piece, g);
	part_fini(p, g);
	*p = q;
}

static void
show(const struct aggs *g, const struct part *p, struct buf *b)
{
	size_t i, k;

	b->n = 0;
	for (i = 0; i < 2; i++)
		for (k = 0; k < g->ncol; k++) {
			struct agg_group at = group(g, p, (uint32_t)i);

			aggs_put(g, &at, k, b);
			buf_char(b, ' ');
		}
	buf_char(b, '\0');
}

static struct slice
some_value(struct arena *a, unsigned try)
{
	static const char *const form[] = { "%u", "-%u.25", "%u.%03u", "%ue%u",
	    "9007199254740%u", "12345678901234567%u", "%ue-%u" };

	return slice_str(arena_printf(a, form[chance(try % 7 + 1)], chance(300),
	    chance(100) + 1));
}

/* The values into parts, these into one, in a random order. */
static void
split_and_merge(const struct aggs *g, struct slice *val, uint32_t *to,
    const char *want, unsigned try)
{
	struct part part[PARTS];
	struct buf got = { 0 };
	size_t i, n, left = PARTS;
	unsigned a, b;

	for (i = 0; i < PARTS; i++)
		part_init(&part[i], g);
	for (i = 0; i < VALUES; i += n) {
		n = 1 + chance(40);
		n = n < VALUES - i ? n : VALUES - i;
		add(g, &part[chance(PARTS)], val + i, to + i, n);
	}
	while (left > 1) {
		a = chance((unsigned)left);
		b = chance((unsigned)left);
		if (chance(3) == 0)
			travel(g, &part[a], try);
		if (a == b)
			continue;
		for (i = 0; i < 2; i++)
			aggs_merge(g, group(g, &part[a], (uint32_t)i),
			    group(g, &part[b], (uint32_t)i));
		part_fini(&part[b], g);
		part[b] = part[--left];
	}
	show(g, &part[0], &got);
	if (strcmp(got.p, want) != 0)
		fprintf(stderr, "got:  %s\nwant: %s\n", got.p, want);
	check(strcmp(got.p, want) == 0, "not the same", try);
	part_fini(&part[0], g);
	buf_free(&got);
}

/* What is reset is as if it were new. */
static void
again(const struct aggs *g, struct part *p, const char *want,
    struct slice *val, uint32_t *to, unsigned try)
{
	struct buf got = { 0 };

	aggs_reset(g, p->acc, 2);
	aggs_clear(g, p->shared);
	add(g, p, val, to, VALUES);
	show(g, p, &got);
	check(strcmp(got.p, want) == 0, "not the same after reset", try);
	buf_free(&got);
}

/* A state whose checksum is right, but whose last text is longer than it. */
static void
refuse(struct args *a)
{
	struct aggs g = { 0 };
	struct part part;
	struct buf b = { 0 };
	size_t i;

	check(aggs_parse(&g, a, "distinct:1,mode:2") == OK, "parse", 0);
	part_init(&part, &g);
	for (i = 0; i < g.nparts; i++) {
		b.n = 0;
		text_number(&b, 1);
		text_bytes(&b, SLICE("x"));
		if (g.part[i].kind->shared->counted)
			text_number(&b, 1);
		text_number(&b, UINT64_MAX);
		text_close(&b, 0);
		check(!agg_load(g.part[i].kind, agg_at(&g, group(&g, &part, 0),
		    i), (struct slice){ b.p, b.n }), "a text too long", 0);
	}
	part_fini(&part, &g);
	buf_free(&b);
}

static void
one_try(struct aggs *g, unsigned try)
{
	struct arena a = { 0 };
	struct slice val[VALUES];
	uint32_t to[VALUES];
	struct part whole;
	struct buf want = { 0 };
	size_t i;

	for (i = 0; i < VALUES; i++) {
		val[i] = some_value(&a, try);
		to[i] = chance(10) > 2;
	}
	part_init(&whole, g);
	add(g, &whole, val, to, VALUES);
	show(g, &whole, &want);
	for (i = 0; i < 5; i++)
		split_and_merge(g, val, to, want.p, try);
	again(g, &whole, want.p, val, to, try);
	part_fini(&whole, g);
	buf_free(&want);
	arena_free(&a);
}

int
main(void)
{
	static struct op op = { .name = "test", .args = "" };
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct options opt = { .arena = &arena, .diag = &diag };
	struct args args = { .op = &op, .opt = &opt, .arena = &arena };
	struct aggs g;
	unsigned try;
	size_t i;

	for (try = 0; try < TRIES; try++) {
		memset(&g, 0, sizeof g);
		opt.approx = try % 3 == 2;
		check(aggs_parse(&g, &args, list) == OK, "parse", try);
		for (i = 0; i < g.nin; i++)
			g.in[i].nan = tally_new(&diag, &arena, "not numbers");
		one_try(&g, try);
	}
	check(diag.tallies->n == 0, "a number was none", 0);
	opt.approx = false;
	refuse(&args);
	arena_free(&arena);
	return 0;
}
