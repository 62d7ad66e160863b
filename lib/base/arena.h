/* arena.h - memory that is given back all at once; growing buffers */
#ifndef MBATCH_ARENA_H
#define MBATCH_ARENA_H

#include <stddef.h>
#include <string.h>

#include "lib/base/slice.h"

/* Once, at the start: large regions grow by being mapped elsewhere, without a
   copy, where the C library leaves that open. */
void mem_init(void);

/*
 * Running out of memory ends the program with a message and status 1, so
 * nothing here returns NULL.
 */
/* As malloc and calloc(1, n); what is large is asked for in huge pages. */
void *mem_alloc(size_t n);
void *mem_zero(size_t n);
void *mem_grow(void *p, size_t n);		/* as realloc */
/* Grows *p, of *cap elements, to hold at least want, at least doubling. */
void *mem_reserve(void *p, size_t *cap, size_t want, size_t elem);
/* The same of an array and its capacity, named once. */
#define MEM_RESERVE(p, cap, want)					\
	((p) = mem_reserve(p, &(cap), want, sizeof *(p)))

/* Chunks filled from the front.  All zero is an empty arena. */
struct arena {
	struct arena_chunk *head;	/* the one being filled */
	size_t used, cap;		/* of head */
	size_t held;			/* bytes given out since the reset */
	struct arena_defer *defer;	/* the latest first */
};

void *arena_alloc(struct arena *, size_t n);	/* aligned for any type */
void *arena_zero(struct arena *, size_t n);
char *arena_bytes(struct arena *, size_t n);	/* not aligned */
/* Gives back what lies behind end, which is in the last bytes given out. */
void arena_cut(struct arena *, const char *end);
struct slice arena_copy(struct arena *, struct slice);
char *arena_str(struct arena *, struct slice);	/* NUL-terminated copy */
char *arena_printf(struct arena *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Gives all back but a chunk, so that the next batch mallocs nothing. */
void arena_clear(struct arena *);	/* where some is given out */
static inline void
arena_reset(struct arena *a)
{
	if (a->used > 0 || a->held > 0 || a->defer != NULL)
		arena_clear(a);
}

void arena_free(struct arena *);
/* free_it(p) when the arena is next reset or freed, before its memory goes. */
void arena_defer(struct arena *, void (*free_it)(void *), void *p);

/* A growing run of bytes.  All zero is an empty one. */
struct buf {
	char *p;
	size_t n, cap;
};

void buf_str(struct buf *, const char *);
void buf_free(struct buf *);
char *buf_grow(struct buf *, size_t n);

static inline struct slice
buf_text(const struct buf *b)
{
	return (struct slice){ b->p, b->n };
}

/* Room for n more bytes at p + n; the caller adds what it used to buf.n. */
static inline char *
buf_room(struct buf *b, size_t n)
{
	return b->cap - b->n > n ? b->p + b->n : buf_grow(b, n);
}

static inline void
buf_add(struct buf *b, const char *p, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_room(b, n), p, n);
	b->n += n;
}

static inline void
buf_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.p, s.n);
}

static inline void
buf_char(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	b->n++;
}

#endif
