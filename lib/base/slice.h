/* slice.h - a run of bytes that somebody else owns */
#ifndef MBATCH_SLICE_H
#define MBATCH_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Not NUL-terminated; p NULL means absent, which differs from empty. */
struct slice {
	const char *p;
	size_t n;
};

#define SLICE(lit)	((struct slice){ lit, sizeof(lit) - 1 })
#define SLICE_NONE	((struct slice){ NULL, 0 })

static inline struct slice
slice_str(const char *s)
{
	return (struct slice){ s, s == NULL ? 0 : strlen(s) };
}

/* From p on, up to end. */
static inline struct slice
slice_to(const char *p, const char *end)
{
	return (struct slice){ p, (size_t)(end - p) };
}

/* Leaves its first n bytes out. */
static inline void
slice_skip(struct slice *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Byte order, shorter first where one is the other's start. */
static inline int
slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

/* Takes the part before the next sep, or what is left; false: nothing is. */
static inline bool
slice_cut(struct slice *s, char sep, struct slice *part)
{
	const char *p;

	if (s->p == NULL)
		return false;
	p = s->n == 0 ? NULL : memchr(s->p, sep, s->n);
	*part = *s;
	if (p == NULL) {
		*s = (struct slice){ NULL, 0 };
		return true;
	}
	part->n = (size_t)(p - s->p);
	*s = (struct slice){ p + 1, s->n - part->n - 1 };
	return true;
}

#endif
