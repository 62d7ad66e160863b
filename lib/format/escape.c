/* escape.c - tab, newline, NUL, return and backslash as \t \n \0 \r \\ */
#include <string.h>

#include "lib/base/words.h"
#include "lib/format/escape.h"

/* Eight bytes: not 0 if one is below 0x0e or a backslash, of which the lowest
   bit is that of the first.  (Mycroft's test, see Warren, Hacker's Delight,
   section 6-1.) */
static uint64_t
has_special(uint64_t x)
{
	const uint64_t ones = UINT64_MAX / 255, high = ones << 7;
	uint64_t slash = x ^ ones * '\\';

	return (((x - ones * 0x0e) & ~x) | ((slash - ones) & ~slash)) & high;
}

/* Whether none of the bytes can need a backslash. */
static bool
is_clean(const char *p, size_t n)
{
	size_t i;

	if (n >= 8) {
		for (i = 0; i + 8 < n; i += 8)
			if (has_special(load_64(p + i)) != 0)
				return false;
		return has_special(load_64(p + n - 8)) == 0;
	}
	if (n >= 4)
		return has_special((uint64_t)load_32(p + n - 4) << 32 |
		    load_32(p)) == 0;
	for (i = 0; i < n; i++)
		if ((unsigned char)p[i] < 0x0e || p[i] == '\\')
			return false;
	return true;
}

/* Past bytes that need none, to the first that may. */
static size_t
pass_clean(const char *p, size_t i, size_t n)
{
	uint64_t special;

	for (; n - i >= 8; i += 8)
		if ((special = has_special(load_64(p + i))) != 0)
			return i + (size_t)__builtin_ctzll(special) / 8;
	while (i < n && (unsigned char)p[i] >= 0x0e && p[i] != '\\')
		i++;
	return i;
}

/* s with a backslash and a letter for those bytes of from. */
static void
put_letters(struct buf *b, struct slice s, const char *from, size_t nfrom)
{
	static const char letter[] = "tn0r\\";
	const char *e;
	size_t i = 0, last = 0;

	if (is_clean(s.p, s.n)) {
		buf_slice(b, s);
		return;
	}
	for (; (i = pass_clean(s.p, i, s.n)) < s.n; i++) {
		e = memchr(from, s.p[i], nfrom);
		if (e == NULL)
			continue;
		buf_add(b, s.p + last, i - last);
		buf_char(b, '\\');
		buf_char(b, letter[e - from]);
		last = i + 1;
	}
	if (s.n > last)
		buf_add(b, s.p + last, s.n - last);
}

void
escape_put_text(struct buf *b, struct slice s)
{
	put_letters(b, s, "\t\n", 3);
}

bool
escape_same_text(struct slice s)
{
	return is_clean(s.p, s.n) || (memchr(s.p, '\t', s.n) == NULL &&
	    memchr(s.p, '\n', s.n) == NULL && memchr(s.p, '\0', s.n) == NULL);
}

void
escape_put(struct buf *b, struct slice s)
{
	put_letters(b, s, "\t\n\0\r\\", 5);
}

struct slice
escape_get(struct slice s, struct arena *a)
{
	static const char from[] = "tn0r\\", to[] = "\t\n\0\r\\";
	const char *p, *e, *end;
	char *out, *o;

	if (s.n == 0 || memchr(s.p, '\\', s.n) == NULL)
		return s;
	end = s.p + s.n;
	o = out = arena_bytes(a, s.n);
	for (p = s.p; p < end; p++) {
		e = *p == '\\' && p + 1 < end ? memchr(from, p[1], 5) : NULL;
		*o++ = e == NULL ? *p : to[e - from];
		p += e != NULL;
	}
	return slice_to(out, o);
}
