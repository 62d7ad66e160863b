/* radix.c - items in the order of 64-bit words */
#include <stdbool.h>
#include <string.h>

#include "lib/base/radix.h"

enum { BYTES = 8, FEW = 12, SOME = 256 };	/* items that are inserted one
						   by one, or merged */

/* The items of each byte are counted: where those of it begin.  False: all have
   the same one. */
static bool
places(size_t *count, size_t n, size_t any)
{
	size_t b, c, at = 0;

	if (count[any] == n)
		return false;
	for (b = 0; b < 256; b++) {
		c = count[b];
		count[b] = at;
		at += c;
	}
	return true;
}

static void
insert(struct radix_item *a, size_t n)
{
	struct radix_item x;
	size_t i, k;

	for (i = 1; i < n; i++) {
		x = a[i];
		for (k = i; k > 0 && a[k - 1].word > x.word; k--)
			a[k] = a[k - 1];
		a[k] = x;
	}
}

static void
merge_sort(struct radix_item *a, size_t n, struct radix_item *l)
{
	struct radix_item *lend = l + n / 2, *r = a + n / 2, *rend = a + n;
	size_t right;

	if (n <= FEW) {
		insert(a, n);
		return;
	}
	merge_sort(a, n / 2, l);
	merge_sort(r, n - n / 2, l);
	memcpy(l, a, n / 2 * sizeof *a);
	while (l < lend && r < rend) {		/* without a jump */
		right = r->word < l->word;
		*a++ = *(right ? r : l);
		r += right;
		l += 1 - right;
	}
	memcpy(a, l, (size_t)(lend - l) * sizeof *a);
}

/* Of so many bytes, the word first. */
__attribute__((always_inline)) static inline void
sort_bytes(char *a, size_t n, char *other, size_t size)
{
	size_t count[BYTES][256];
	char *from = a, *to = other, *t;
	size_t i, d;
	uint64_t w;

	memset(count, 0, sizeof count);
	for (i = 0; i < n; i++) {
		memcpy(&w, a + i * size, sizeof w);
		for (d = 0; d < BYTES; d++, w >>= 8)
			count[d][w & 255]++;
	}
	for (d = 0; d < BYTES; d++) {
		memcpy(&w, a, sizeof w);
		if (!places(count[d], n, w >> 8 * d & 255))
			continue;
		for (i = 0; i < n; i++) {
			memcpy(&w, from + i * size, sizeof w);
			memcpy(to + count[d][w >> 8 * d & 255]++ * size,
			    from + i * size, size);
		}
		t = from;
		from = to;
		to = t;
	}
	if (from != a)
		memcpy(a, from, n * size);
}

void
radix_sort(struct radix_item *a, size_t n, struct radix_item *other)
{
	if (n <= SOME)
		merge_sort(a, n, other);
	else
		sort_bytes((char *)a, n, (char *)other, sizeof *a);
}

void
radix_words(uint64_t *a, size_t n, uint64_t *other)
{
	sort_bytes((char *)a, n, (char *)other, sizeof *a);
}
