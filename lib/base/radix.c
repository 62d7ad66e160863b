/* radix.c - items in the order of 64-bit words */
#include <string.h>

#include "lib/base/radix.h"

enum { BYTES = 8, FEW = 48 };	/* items that are inserted one by one */

/* Counts become the places where each byte's items begin; whether there is
   more than one. */
static int
places(size_t *count, size_t n)
{
	size_t b, c, at = 0;

	for (b = 0; b < 256; b++) {
		if (count[b] == n)
			return 0;
		c = count[b];
		count[b] = at;
		at += c;
	}
	return 1;
}

void
radix_sort(struct radix_item *a, size_t n, struct radix_item *other)
{
	size_t count[BYTES][256];
	struct radix_item *from = a, *to = other, *t, x;
	size_t i, d, k;
	uint64_t w;

	if (n <= FEW) {
		for (i = 1; i < n; i++) {
			x = a[i];
			for (k = i; k > 0 && a[k - 1].word > x.word; k--)
				a[k] = a[k - 1];
			a[k] = x;
		}
		return;
	}
	memset(count, 0, sizeof count);
	for (i = 0; i < n; i++)
		for (d = 0, w = a[i].word; d < BYTES; d++, w >>= 8)
			count[d][w & 255]++;
	for (d = 0; d < BYTES; d++) {
		if (!places(count[d], n))
			continue;
		for (i = 0; i < n; i++)
			to[count[d][from[i].word >> 8 * d & 255]++] = from[i];
		t = from;
		from = to;
		to = t;
	}
	if (from != a)
		memcpy(a, from, n * sizeof *a);
}

void
radix_words(uint64_t *a, size_t n, uint64_t *other)
{
	size_t count[BYTES][256];
	uint64_t *from = a, *to = other, *t, w;
	size_t i, d;

	memset(count, 0, sizeof count);
	for (i = 0; i < n; i++)
		for (d = 0, w = a[i]; d < BYTES; d++, w >>= 8)
			count[d][w & 255]++;
	for (d = 0; d < BYTES; d++) {
		if (!places(count[d], n))
			continue;
		for (i = 0; i < n; i++)
			to[count[d][from[i] >> 8 * d & 255]++] = from[i];
		t = from;
		from = to;
		to = t;
	}
	if (from != a)
		memcpy(a, from, n * sizeof *a);
}
