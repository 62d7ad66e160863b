/* sort - the batch's records in order, stable */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/base/radix.h"
#include "lib/base/words.h"
#include "lib/format/pack.h"
#include "lib/number/rank.h"
#include "lib/number/shortest.h"
#include "lib/run/args.h"
#include "lib/run/hold.h"
#include "lib/run/keys.h"

/*
 * Keys are compared as words: of text 7 bytes and how many there are, so that
 * what ends sorts before what goes on; of a number its double.  Records of
 * equal words are sorted by the next one, of this key or of the next; few of
 * them, and those that are equal for long, by comparing what is left.
 */
enum { TEXT_WORD = 7, TEXT_ON = TEXT_WORD + 1, FEW = 6, DEEP = 16 };
#define NO_NUMBER	UINT64_MAX
#define DIGITS_REAL	1000000000000000	/* decimals of 15 digits differ
						   where their doubles do */

struct conf {
	struct keys by;
	bool *numeric;			/* [by.n] */
	bool number, reverse;
	bool whole;			/* the record is the key */
};

/* Records lie one after the other in text; record i ends at end[i].  What its
   keys' first words don't say is at more[i] - 1 of rest: each key's length and
   bytes; more[i] 0: nothing. */
struct state {
	struct buf text, rest;
	uint64_t *end, *more, *num;	/* more, num: NULL until needed */
	struct radix_item *item;	/* the first key's words */
	size_t n, endcap, morecap, numcap, itemcap;
	bool vague;			/* a number's word doesn't tell it */
	uint64_t first;			/* number of record 0, num NULL: the
					   others follow */
	struct part {			/* states that were joined, sorted */
		struct state *s;
		uint64_t base;		/* of its numbers */
		size_t next;		/* while they are merged */
	} *part;
	size_t nparts;
};

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	(void)op;
	if (args_flags(a, c) != OK)
		return FAIL;
	args_keyword(a, "by");		/* sort by x, as people type it */
	w = args_maybe(a);
	return args_fields(a, w == NULL ? "0" : w, true, &c->by.field,
	    &c->by.n);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	const struct column *col;
	size_t i;

	c->numeric = arena_zero(b->arena, c->by.n);
	for (i = 0; i < c->by.n; i++) {
		col = shape_field(b->in, &c->by.field[i]);
		c->numeric[i] = c->number ||
		    (col != NULL && (col->flags & COL_NUMBER) != 0);
	}
	c->whole = c->by.n == 1 && c->by.field[0].kind == FIELD_WHOLE &&
	    !c->numeric[0];
	b->whole = c->whole;
	return keys_bind(&c->by, b);
}

/* The word of text from at on. */
static uint64_t
text_word(struct slice s, size_t at)
{
	size_t n = s.n - at;
	uint64_t w, rest;

	if (n > TEXT_WORD)
		w = load_64(s.p + at);
	else
		load_part(s.p + at, n, &w, &rest);
	w = __builtin_bswap64(w);
	return (w & ~(uint64_t)255) | (n > TEXT_WORD ? TEXT_ON : n);
}

/* Doubles in the order of their words: of IEEE 754's own, with what is below 0
   turned round. */
static uint64_t
number_word(double d)
{
	uint64_t w, sign = (uint64_t)1 << 63;

	d += 0;				/* no -0 */
	memcpy(&w, &d, sizeof w);
	return (w & sign) != 0 ? ~w : w | sign;
}

static double
word_number(uint64_t w)
{
	uint64_t sign = (uint64_t)1 << 63;
	double d;

	w = (w & sign) != 0 ? w ^ sign : ~w;
	memcpy(&d, &w, sizeof d);
	return d;
}

/* The first word of a key; whether that says all.  *vague: it is a number and
   doesn't. */
static bool
first_word(const struct conf *c, size_t j, struct slice key, uint64_t *word,
    bool *vague)
{
	struct number v;
	bool all;

	if (!c->numeric[j]) {
		*word = text_word(key, 0);
		all = key.n <= TEXT_WORD;
	} else if (!number_parse(&v, key)) {
		*word = NO_NUMBER;
		return false;
	} else {
		*word = number_word(v.real);
		all = v.exact && v.mant > -DIGITS_REAL && v.mant < DIGITS_REAL;
		*vague |= !all;
	}
	if (c->reverse)
		*word = ~*word;
	return all;
}

/* Copies the records behind those that are there. */
static void
hold(struct state *s, const struct vec *v, struct emit *e)
{
	size_t i;

	if (s->n + v->n > UINT32_MAX)
		diag_die(EXIT_RUN, "sort: more than %" PRIu32 " records of a "
		    "batch", UINT32_MAX);
	s->end = mem_reserve(s->end, &s->endcap, s->n + v->n, sizeof *s->end);
	for (i = 0; i < v->n; i++) {
		hold_put(&s->text, e, v, i);
		s->end[s->n + i] = s->text.n;
	}
}

/* The numbers of records follow one another, or are kept. */
static void
hold_numbers(struct state *s, const struct vec *v)
{
	size_t i;

	if (s->n == 0)
		s->first = v->num[0];
	for (i = 0; s->num == NULL && i < v->n; i++)
		if (v->num[i] != s->first + s->n + i)
			break;
	if (s->num == NULL && i == v->n)
		return;
	i = s->num == NULL ? 0 : s->n;
	s->num = mem_reserve(s->num, &s->numcap, s->n + v->n, sizeof *s->num);
	for (; i < s->n; i++)
		s->num[i] = s->first + i;
	memcpy(s->num + s->n, v->num, v->n * sizeof *v->num);
}

/* All keys of record i of the vector. */
static void
hold_keys(struct state *s, const struct conf *c, const struct vec *v, size_t i)
{
	size_t j, at = s->n + i;

	if (s->more == NULL || at >= s->morecap) {
		size_t had = s->morecap;

		s->more = mem_reserve(s->more, &s->morecap, at + 1,
		    sizeof *s->more);
		memset(s->more + had, 0, (s->morecap - had) * sizeof *s->more);
	}
	s->more[at] = s->rest.n + 1;
	for (j = 0; j < c->by.n; j++) {
		struct slice key = v->col[c->by.col[j]][i];

		buf_add(&s->rest, (const char *)&key.n, sizeof key.n);
		buf_slice(&s->rest, key);
	}
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct slice *key;
	const struct conf *c = vc;
	struct state *s = vs;
	uint64_t word;
	size_t i;
	bool all;

	hold(s, v, e);
	hold_numbers(s, v);
	s->item = mem_reserve(s->item, &s->itemcap, s->n + v->n,
	    sizeof *s->item);
	key = v->col[c->by.col[0]];
	for (i = 0; i < v->n; i++) {
		all = first_word(c, 0, key[i], &word, &s->vague);
		s->item[s->n + i] = (struct radix_item){ word,
		    (uint32_t)(s->n + i) };
		if (c->by.n > 1 || (!all && !c->whole))
			hold_keys(s, c, v, i);
	}
	s->n += v->n;
	return OK;
}

/* Records that are equal before byte at of key j.  A key that is sorted as a
   number is one at byte 0; if it is none, its text begins at byte 1. */
struct order {
	const struct conf *conf;
	const struct state *s;
	struct radix_item *other;	/* room for as many */
	size_t j, at;
	unsigned depth;
};

static struct slice
record(const struct state *s, size_t i)
{
	uint64_t from = i == 0 ? 0 : s->end[i - 1];

	return (struct slice){ s->text.p + from, (size_t)(s->end[i] - from) };
}

/* Key j of record i; p NULL: its first word says all. */
static struct slice
key_of(const struct order *o, size_t j, size_t i)
{
	struct slice key = { NULL, 0 };
	const char *p;

	if (o->conf->whole)
		return record(o->s, i);
	if (i >= o->s->morecap || o->s->more[i] == 0)
		return key;
	p = o->s->rest.p + o->s->more[i] - 1;
	do {
		memcpy(&key.n, p, sizeof key.n);
		key.p = p + sizeof key.n;
		p = key.p + key.n;
	} while (j-- > 0);
	return key;
}

/* A key that its first word says all of, in room (NUMBER_MAX): a text, or one
   of the same number. */
static struct slice
word_key(const struct conf *c, uint64_t word, char *room)
{
	struct slice key = { room, 1 };
	double d;
	int exp;

	if (c->reverse)
		word = ~word;
	if (!c->numeric[0]) {
		store_64(room, __builtin_bswap64(word));
		key.n = word & 255;
		return key;
	}
	d = word_number(word);
	*room = '0';
	if (d != 0) {
		*room = '-';
		key.n = (size_t)(d < 0);
		key.n += number_put_u64(room + key.n,
		    shortest(d < 0 ? -d : d, &exp));
		room[key.n++] = 'e';
		key.n += number_put_i64(room + key.n, exp);
	}
	return key;
}

static void
get_rank(const struct order *o, size_t j, const struct radix_item *a,
    char *room, struct rank *r)
{
	struct slice key = key_of(o, j, a->i);

	if (key.p == NULL)
		key = word_key(o->conf, a->word, room);
	rank_set(r, key, true);
}

static int
compare_numbers(const struct order *o, size_t j, const struct radix_item *a,
    const struct order *p, const struct radix_item *b)
{
	char aroom[NUMBER_MAX], broom[NUMBER_MAX];
	struct rank x, y;

	get_rank(o, j, a, aroom, &x);
	get_rank(p, j, b, broom, &y);
	return rank_cmp(&x, &y, o->conf->reverse);
}

/* By all that is left of o's keys; b is one of p's. */
static int
compare_two(const struct order *o, const struct radix_item *a,
    const struct order *p, const struct radix_item *b)
{
	const struct conf *c = o->conf;
	struct slice x, y;
	size_t j, at;
	int r;

	for (j = o->j, at = o->at; j < c->by.n; j++, at = 0) {
		if (c->numeric[j] && at == 0) {
			r = compare_numbers(o, j, a, p, b);
		} else {
			at -= c->numeric[j];
			x = key_of(o, j, a->i);
			y = key_of(p, j, b->i);
			r = slice_cmp((struct slice){ x.p + at, x.n - at },
			    (struct slice){ y.p + at, y.n - at });
			r = c->reverse ? -r : r;
		}
		if (r != 0)
			return r;
	}
	return 0;
}

static int
compare(const struct order *o, const struct radix_item *a,
    const struct radix_item *b)
{
	return compare_two(o, a, o, b);
}

/* Merges halves, down to a few that are inserted. */
static void
sort_compared(const struct order *o, struct radix_item *a, size_t n)
{
	struct radix_item x, *l = o->other, *r = a + n / 2;
	struct radix_item *lend = l + n / 2, *rend = a + n;
	size_t i, k;

	if (n <= FEW) {
		for (i = 1; i < n; i++) {
			x = a[i];
			for (k = i; k > 0 && compare(o, &a[k - 1], &x) > 0; k--)
				a[k] = a[k - 1];
			a[k] = x;
		}
		return;
	}
	sort_compared(o, a, n / 2);
	sort_compared(o, r, n - n / 2);
	memcpy(l, a, n / 2 * sizeof *l);
	while (l < lend)
		*a++ = r < rend && compare(o, l, r) > 0 ? *r++ : *l++;
}

static void sort_rest(struct order, struct radix_item *, size_t n);

/* The words are those of o's place: sorts by them, then runs of equal ones by
   what follows. */
static void
sort_words(const struct order *o, struct radix_item *a, size_t n)
{
	const struct conf *c = o->conf;
	struct order next = *o;
	size_t i, k, run;
	uint64_t word;

	radix_sort(a, n, o->other);
	next.depth++;
	for (i = 0; i < n; i += run) {
		word = a[i].word;
		for (run = 1; i + run < n && a[i + run].word == word; run++)
			;
		if (run == 1)
			continue;
		next.j = o->j;
		if (c->numeric[o->j] && o->at == 0 && word == NO_NUMBER) {
			next.at = 1;
		} else if (c->numeric[o->j] && o->at == 0) {
			if (o->s->vague) {
				sort_compared(o, a + i, run);
				continue;
			}
			next.j++;
			next.at = 0;
		} else if (((c->reverse ? ~word : word) & 255) == TEXT_ON) {
			next.at = o->at + TEXT_WORD;
		} else {
			next.j++;
			next.at = 0;
		}
		sort_rest(next, a + i, run);
		for (k = i; k < i + run; k++)
			a[k].word = word;
	}
}

/* Nothing is known but that they are equal so far. */
static void
sort_rest(struct order o, struct radix_item *a, size_t n)
{
	const struct conf *c = o.conf;
	bool vague = false;
	struct slice key;
	size_t i;

	if (o.j == c->by.n)
		return;
	if (n <= FEW || o.depth > DEEP) {
		sort_compared(&o, a, n);
		return;
	}
	for (i = 0; i < n; i++) {
		key = key_of(&o, o.j, a[i].i);
		if (o.at == 0) {
			first_word(c, o.j, key, &a[i].word, &vague);
			continue;
		}
		a[i].word = text_word(key, o.at - c->numeric[o.j]);
		if (c->reverse)
			a[i].word = ~a[i].word;
	}
	if (vague)
		sort_compared(&o, a, n);
	else
		sort_words(&o, a, n);
}

static void
sort_all(void *vs, const void *vc)
{
	struct state *s = vs;
	struct order o = { .conf = vc, .s = s };
	struct radix_item few[32];

	if (s->n < 2)
		return;
	o.other = s->n <= 32 ? few : mem_alloc(s->n * sizeof *o.other);
	sort_words(&o, s->item, s->n);
	if (o.other != few)
		free(o.other);
}

static int
emit_item(const struct state *s, size_t i, uint64_t base, struct emit *e)
{
	enum { NEAR = 8, FAR = 24 };
	size_t at = s->item[i].i;

	if (i + FAR < s->n)
		__builtin_prefetch(&s->end[s->item[i + FAR].i]);
	if (i + NEAR < s->n)
		__builtin_prefetch(record(s, s->item[i + NEAR].i).p);
	return hold_emit(record(s, at), base + (s->num == NULL ?
	    s->first + at : s->num[at]), e);
}

/* Another part, which takes the memory of o. */
static void
add_part(struct state *s, struct state *o, uint64_t base)
{
	struct part *p;

	s->part = mem_grow(s->part, (s->nparts + 1) * sizeof *s->part);
	p = &s->part[s->nparts++];
	*p = (struct part){ mem_alloc(sizeof *o), base, 0 };
	*p->s = *o;
	memset(o, 0, sizeof *o);
}

/* The records of its own that came before are a part, too. */
static void
join(void *vs, const void *vc, void *vo, uint64_t base)
{
	struct state *s = vs, own = *s;

	if (s->n > 0) {
		sort_all(&own, vc);
		own.part = NULL;
		own.nparts = 0;
		*s = (struct state){ .part = s->part, .nparts = s->nparts };
		add_part(s, &own, 0);
	}
	add_part(s, vo, base);
}

/* Merging compares long texts where sorting has words and passes. */
static bool
pays(const void *vs, const void *vc, uint64_t records, bool alone)
{
	(void)vs;
	(void)records;
	(void)alone;
	return ((const struct conf *)vc)->numeric[0];
}

/* Whether two first keys whose words are this one are equal. */
static bool
says_all(const struct conf *c, uint64_t word, const struct state *s,
    const struct state *t)
{
	if (c->numeric[0])
		return word != NO_NUMBER && !s->vague && !t->vague;
	return ((c->reverse ? ~word : word) & 255) != TEXT_ON;
}

/* Which of the parts has the next record: of equal ones the earlier part. */
static size_t
least(const struct part *p, size_t n, const struct conf *c)
{
	const struct radix_item *a = &p->s->item[p->next], *b;
	struct order x = { .conf = c }, y = { .conf = c };
	size_t i, at = 0;

	for (i = 1; i < n; i++) {
		b = &p[i].s->item[p[i].next];
		if (b->word > a->word)
			continue;
		x.s = p[at].s;
		y.s = p[i].s;
		x.j = a->word == b->word && says_all(c, a->word, x.s, y.s);
		if (b->word < a->word || compare_two(&x, a, &y, b) > 0) {
			a = b;
			at = i;
		}
	}
	return at;
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	struct state *s = vs;
	size_t i, k, n = s->nparts + 1;
	struct part *all, *p;
	int r = OK;

	(void)b;
	sort_all(s, vc);
	if (s->nparts == 0) {
		for (i = 0; r == OK && i < s->n; i++)
			r = emit_item(s, i, 0, e);
		return r;
	}
	p = all = mem_zero(n * sizeof *all);
	for (i = 0; i < s->nparts; i++)
		all[i] = s->part[i];
	all[i].s = s;
	for (i = k = 0; i < n; i++)	/* those that have records */
		if (p[i].s->n > 0)
			p[k++] = p[i];
	while (r == OK && k > 0) {
		i = least(p, k, vc);
		r = emit_item(p[i].s, p[i].next++, p[i].base, e);
		if (p[i].next == p[i].s->n)
			memmove(p + i, p + i + 1, (--k - i) * sizeof *p);
	}
	free(all);
	return r;
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;
	size_t i;

	for (i = 0; i < s->nparts; i++) {
		fini(s->part[i].s, vc);
		free(s->part[i].s);
	}
	free(s->part);
	buf_free(&s->text);
	buf_free(&s->rest);
	free(s->end);
	free(s->more);
	free(s->num);
	free(s->item);
}

static void
reset(void *vs, const void *vc)
{
	struct state *s = vs;

	if (s->nparts > 0) {	/* of one batch, all there is */
		fini(s, vc);
		memset(s, 0, sizeof *s);
		return;
	}
	s->text.n = s->rest.n = 0;
	if (s->more != NULL)
		memset(s->more, 0, (s->n < s->morecap ? s->n : s->morecap) *
		    sizeof *s->more);
	free(s->num);
	s->num = NULL;
	s->numcap = s->n = 0;
	s->vague = false;
}

/* Each record with its keys, which need no field where it is the key itself. */
static void
snapshot(void *vs, const void *vc, struct buf *b)
{
	const struct conf *c = vc;
	const struct state *s = vs;
	struct order o = { .conf = c, .s = s };
	char room[NUMBER_MAX];
	struct slice key;
	size_t i, j;

	pack_u64(b, s->n);
	for (i = 0; i < s->n; i++) {
		pack_u64(b, s->num == NULL ? s->first + i : s->num[i]);
		pack_text(b, record(s, i));
		for (j = 0; !c->whole && j < c->by.n; j++) {
			key = key_of(&o, j, i);
			pack_text(b, key.p != NULL ? key :
			    word_key(c, s->item[i].word, room));
		}
	}
}

/* The records come once more, one by one. */
static bool
restore(void *vs, const void *vc, struct unpack *u)
{
	const struct conf *c = vc;
	size_t i, j, ncol = 1, n = unpack_count(u);
	const struct slice **col;
	struct slice *key = mem_alloc(c->by.n * sizeof *key);
	struct buf held = { 0 };
	struct slice rec;
	uint64_t num;

	for (j = 0; j < c->by.n; j++)
		ncol = c->by.col[j] < ncol ? ncol : c->by.col[j] + 1;
	col = mem_zero(ncol * sizeof *col);
	for (j = 0; j < c->by.n; j++)
		col[c->by.col[j]] = &key[j];
	for (i = 0; i < n && !u->bad; i++) {
		num = unpack_u64(u);
		held.n = 0;
		hold_restore(&held, u);
		rec = key[0] = (struct slice){ held.n == 0 ? "" : held.p,
		    held.n };
		for (j = 0; !c->whole && j < c->by.n; j++)
			key[j] = unpack_there(u);
		push(vs, vc, &(struct vec){ .n = 1, .rec = &rec, .num = &num,
		    .col = col }, NULL);
	}
	free(col);
	free(key);
	buf_free(&held);
	return !u->bad;
}

const struct op op_sort = {
	.name = "sort",
	.args = "[-n] [-r] [FIELDS]",
	.makes = "kept",
	.help = "the batch's records in order (-n: as numbers, -r: reversed)",
	.example = "count by 9 then sort -r count",
	.shows = "200\t6\n"
	    "302\t1\n"
	    "500\t1\n"
	    "...\n",
	.flags = OP_FLAGS(
		FLAG("-n", number, "as numbers"),
		FLAG("-r", reverse, "reversed")),
	.see = "top reverse uniq",
	.holds = "the batch",
	.aka = INSTEAD(
		{ "order", "sort" },
		{ "orderby", "sort" },
		{ "sort_by", "sort" }),
	.flags_instead = INSTEAD(
		{ "k", "fields are given without -k: sort 2" },
		{ "t", "the separator stands before the operator: mbatch -F, "
		    "sort 2" },
		{ "u", "distinct records: sort then uniq" }),
	.traits = OP_HOLD | OP_FIELDS,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct state),
	.parse = parse,
	.bind = bind,
	.push = push,
	.flush = flush,
	.reset = reset,
	.join = join,
	.seal = sort_all,
	.pays = pays,
	.snapshot = snapshot,
	.restore = restore,
	.fini = fini
};
