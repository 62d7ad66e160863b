/* nets.c - addresses, and the longest of many networks that one lies in */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/format/nets.h"
#include "lib/number/number.h"

enum {
	TOP = 16,		/* bits that the first step of a search takes */
	STEP = 8		/* addresses from one fetch to the next */
};

struct net {
	uint64_t hi, lo;
	uint32_t number;
	unsigned char len;
};

struct place {
	uint64_t hi, lo;
};

/* From place i up to the next one all addresses are of number[i]. */
struct places {
	struct place *at;	/* ascending, the first at 0 */
	uint32_t *number;
	size_t n;
	size_t *top;		/* of each 2^TOP and one more: the first place
				   that begins so, or behind it */
};

struct nets {
	struct net *net[2];	/* of IPv6, of IPv4, until they are settled */
	size_t n[2], cap[2];
	struct places places[2];
};

static uint64_t
read_64(const unsigned char *p)
{
	uint64_t x = 0;
	size_t i;

	for (i = 0; i < 8; i++)
		x = x << 8 | p[i];
	return x;
}

bool
address_read(struct address *a, struct slice s)
{
	unsigned char bytes[16] = { 0 };
	char text[INET6_ADDRSTRLEN];

	if (s.n == 0 || s.n >= sizeof text || memchr(s.p, '\0', s.n) != NULL)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	a->v4 = memchr(text, ':', s.n) == NULL;
	if (inet_pton(a->v4 ? AF_INET : AF_INET6, text, bytes) != 1)
		return false;
	a->hi = read_64(bytes);
	a->lo = read_64(bytes + 8);
	if (!a->v4 && a->hi == 0 && a->lo >> 32 == 0xffff) {
		a->v4 = true;
		a->hi = a->lo << 32;
		a->lo = 0;
	}
	return true;
}

struct nets *
nets_new(void)
{
	return mem_zero(sizeof(struct nets));
}

void
nets_free(struct nets *s)
{
	size_t f;

	for (f = 0; s != NULL && f < 2; f++) {
		free(s->net[f]);
		free(s->places[f].at);
		free(s->places[f].number);
		free(s->places[f].top);
	}
	free(s);
}

/* The bits behind a prefix. */
static struct place
behind(unsigned len)
{
	return (struct place){ len < 64 ? UINT64_MAX >> len : 0,
	    len <= 64 ? UINT64_MAX : len < 128 ? UINT64_MAX >> (len - 64) : 0 };
}

bool
nets_add(struct nets *s, struct slice text, uint32_t number)
{
	const char *slash = text.n == 0 ? NULL : memchr(text.p, '/', text.n);
	struct slice addr = text, bits = { NULL, 0 };
	struct address a;
	struct place rest;
	int64_t len, most;
	size_t f;

	if (slash != NULL) {
		addr.n = (size_t)(slash - text.p);
		bits = (struct slice){ slash + 1, text.n - addr.n - 1 };
	}
	if (!address_read(&a, addr))
		return false;
	f = a.v4;
	len = most = a.v4 ? 32 : 128;
	if (slash != NULL && (!number_int(&len, bits) || len < 0))
		return false;
	if (a.v4 && slash != NULL && memchr(addr.p, ':', addr.n) != NULL)
		len -= 96;		/* mapped */
	if (len < 0 || len > most)
		return false;
	rest = behind((unsigned)len);
	s->net[f] = mem_reserve(s->net[f], &s->cap[f], s->n[f] + 1,
	    sizeof **s->net);
	s->net[f][s->n[f]++] = (struct net){ a.hi & ~rest.hi, a.lo & ~rest.lo,
	    number, (unsigned char)len };
	return true;
}

/* By place, larger ones before those within them. */
static int
by_place(const void *va, const void *vb)
{
	const struct net *a = va, *b = vb;

	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;
	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

/* From here on all are of this number. */
static void
turn(struct places *p, struct place at, uint32_t number)
{
	struct place *last = &p->at[p->n - 1];

	if (last->hi == at.hi && last->lo == at.lo) {
		p->number[p->n - 1] = number;
		return;
	}
	p->at[p->n] = at;
	p->number[p->n++] = number;
}

/* The first place behind a network; false: there is none. */
static bool
end_of(const struct net *n, struct place *end)
{
	struct place rest = behind(n->len);

	end->lo = (n->lo | rest.lo) + 1;
	end->hi = (n->hi | rest.hi) + (end->lo == 0);
	return end->hi != 0 || end->lo != 0;
}

static bool
is_before(struct place a, struct place b)
{
	return a.hi != b.hi ? a.hi < b.hi : a.lo < b.lo;
}

/* Networks that are over by the next one end, the innermost first. */
static size_t
leave(struct places *p, const struct net **open, size_t depth,
    const struct net *next)
{
	struct place end;

	for (; depth > 0 && end_of(open[depth - 1], &end); depth--) {
		if (next != NULL &&
		    is_before((struct place){ next->hi, next->lo }, end))
			break;
		turn(p, end, depth > 1 ? open[depth - 2]->number : NETS_NONE);
	}
	return depth;
}

static void
index_places(struct places *p)
{
	size_t t, i = 0;

	p->at = mem_grow(p->at, p->n * sizeof *p->at);
	p->number = mem_grow(p->number, p->n * sizeof *p->number);
	p->top = mem_alloc((((size_t)1 << TOP) + 1) * sizeof *p->top);
	for (t = 0; t <= (size_t)1 << TOP; t++) {
		while (i < p->n && p->at[i].hi >> (64 - TOP) < t)
			i++;
		p->top[t] = i;
	}
}

size_t
nets_settle(struct nets *s)
{
	const struct net *open[130], *n, *last;
	size_t f, i, depth, repeats = 0;
	struct places *p;

	for (f = 0; f < 2; f++) {
		if (s->n[f] == 0)
			continue;
		p = &s->places[f];
		qsort(s->net[f], s->n[f], sizeof **s->net, by_place);
		p->at = mem_zero((2 * s->n[f] + 1) * sizeof *p->at);
		p->number = mem_alloc((2 * s->n[f] + 1) * sizeof *p->number);
		p->number[p->n++] = NETS_NONE;
		for (i = depth = 0, last = NULL; i < s->n[f]; i++) {
			n = &s->net[f][i];
			if (last != NULL && n->hi == last->hi &&
			    n->lo == last->lo && n->len == last->len) {
				repeats++;
				continue;
			}
			depth = leave(p, open, depth, n);
			turn(p, (struct place){ n->hi, n->lo }, n->number);
			open[depth++] = last = n;
		}
		leave(p, open, depth, NULL);
		free(s->net[f]);
		s->net[f] = NULL;
		index_places(p);
	}
	return repeats;
}

static uint32_t
find_one(const struct places *p, const struct address *a)
{
	size_t lo = p->top[a->hi >> (64 - TOP)], mid;
	size_t hi = p->top[(a->hi >> (64 - TOP)) + 1];
	struct place at = { a->hi, a->lo };

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (is_before(at, p->at[mid]))
			hi = mid;
		else
			lo = mid + 1;
	}
	return p->number[lo - 1];
}

void
nets_find(const struct nets *s, const struct slice *text, size_t n,
    uint32_t *number)
{
	struct address a[STEP];
	const struct places *p;
	size_t i, k, some, to;

	for (i = 0; i < n; i = to) {
		to = n - i < STEP ? n : i + STEP;
		for (k = i, some = 0; k < to; k++) {
			number[k] = NETS_NONE;
			if (text[k].p == NULL ||
			    !address_read(&a[some], text[k]))
				continue;
			p = &s->places[a[some].v4];
			if (p->n == 0)
				continue;
			__builtin_prefetch(&p->at[p->top[a[some++].hi >>
			    (64 - TOP)]]);
			number[k] = 0;
		}
		for (k = i, some = 0; k < to; k++)
			if (number[k] == 0) {
				p = &s->places[a[some].v4];
				number[k] = find_one(p, &a[some++]);
			}
	}
}
