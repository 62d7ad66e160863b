/* arena.c - memory that is given back all at once; growing buffers */
#define _DEFAULT_SOURCE		/* madvise */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "lib/base/arena.h"
#include "lib/base/diag.h"

enum {
	CHUNK = 64 * 1024,
	MAP_FROM = 512 * 1024,	/* below, what a thread gave back others can't
				   have, who grow the same tables */
	HUGE_FROM = 8 * 1024 * 1024
};

struct arena_chunk {
	struct arena_chunk *next;
	size_t cap;
	max_align_t data[];
};

static void *
must(void *p)
{
	if (p == NULL)
		diag_die(EXIT_RUN, "out of memory");
	return p;
}

/*
 * A large region is asked to be in huge pages: fewer faults and misses.  One
 * that grows is not: it is moved without a copy, and most of it is written from
 * front to back, where huge pages were measured to cost more than they save.
 */
static void *
huge(void *p, size_t n)
{
#ifdef MADV_HUGEPAGE
	size_t page, off;

	if (n < HUGE_FROM)
		return p;
	page = (size_t)sysconf(_SC_PAGESIZE);
	off = (uintptr_t)p & (page - 1);
	(void)madvise((char *)p - off, (n + off + page - 1) & ~(page - 1),
	    MADV_HUGEPAGE);
#else
#endif
	return p;
}

void
mem_init(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, MAP_FROM);
#endif
}

void *
mem_alloc(size_t n)
{
	return huge(must(malloc(n == 0 ? 1 : n)), n);
}

void *
mem_zero(size_t n)
{
	return huge(must(calloc(1, n == 0 ? 1 : n)), n);
}

void *
mem_grow(void *p, size_t n)
{
	return must(realloc(p, n == 0 ? 1 : n));
}

void *
mem_reserve(void *p, size_t *cap, size_t want, size_t elem)
{
	size_t n = *cap;

	if (want <= n)
		return p;
	n = n < 8 ? 8 : n;
	while (n < want) {
		if (n > SIZE_MAX / 2 / elem)
			diag_die(EXIT_RUN, "out of memory");
		n *= 2;
	}
	p = mem_grow(p, n * elem);
	*cap = n;		/* only now: what ends the run may use p */
	return p;
}

/* A new head chunk with room for n bytes. */
static void
arena_more(struct arena *a, size_t n)
{
	size_t cap = a->cap < CHUNK ? CHUNK : a->cap * 2;
	struct arena_chunk *c;

	if (cap > 16 * 1024 * 1024)
		cap = 16 * 1024 * 1024;
	if (cap < n)
		cap = n;
	c = mem_alloc(sizeof *c + cap);
	c->cap = cap;
	c->next = a->head;
	a->head = c;
	a->cap = cap;
	a->used = 0;
}

char *
arena_bytes(struct arena *a, size_t n)
{
	char *p;

	if (a->cap - a->used < n || a->head == NULL)
		arena_more(a, n);
	p = (char *)a->head->data + a->used;
	a->used += n;
	a->held += n;
	return p;
}

void
arena_cut(struct arena *a, const char *end)
{
	size_t used = (size_t)(end - (char *)a->head->data);

	a->held -= a->used - used;
	a->used = used;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	size_t pad = -a->used & (_Alignof(max_align_t) - 1);

	if (a->cap - a->used >= pad)
		a->used += pad;
	else
		a->used = a->cap;
	return arena_bytes(a, n);
}

void *
arena_zero(struct arena *a, size_t n)
{
	return memset(arena_alloc(a, n), 0, n);
}

struct slice
arena_copy(struct arena *a, struct slice s)
{
	char *p;

	if (s.p == NULL)
		return s;
	p = arena_bytes(a, s.n);
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return (struct slice){ p, s.n };
}

char *
arena_str(struct arena *a, struct slice s)
{
	char *p = arena_bytes(a, s.n + 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = arena_bytes(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

struct arena_defer {
	void (*free_it)(void *);
	void *p;
	struct arena_defer *next;
};

void
arena_defer(struct arena *a, void (*free_it)(void *), void *p)
{
	struct arena_defer *d = arena_alloc(a, sizeof *d);

	*d = (struct arena_defer){ free_it, p, a->defer };
	a->defer = d;
}

void
arena_clear(struct arena *a)
{
	struct arena_chunk *c, *next;

	for (; a->defer != NULL; a->defer = a->defer->next)
		a->defer->free_it(a->defer->p);
	a->used = a->held = 0;
	if (a->head == NULL)
		return;
	for (c = a->head->next; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	a->head->next = NULL;
}

void
arena_free(struct arena *a)
{
	arena_reset(a);
	free(a->head);
	*a = (struct arena){ 0 };
}

char *
buf_grow(struct buf *b, size_t n)
{
	if (b->cap - b->n < n || b->p == NULL)
		b->p = mem_reserve(b->p, &b->cap, b->n + n + 1, 1);
	return b->p + b->n;
}

void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}
