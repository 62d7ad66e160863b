/* radix.h - items in the order of 64-bit words */
#ifndef MBATCH_RADIX_H
#define MBATCH_RADIX_H

#include <stddef.h>
#include <stdint.h>

struct radix_item {
	uint64_t word;
	uint32_t of, i;		/* whose word it is */
};

/* Sorts n items by their words, stable; other is room for as many.  Linear
   where there are many: bytes that are the same in all words cost nothing. */
void radix_sort(struct radix_item *, size_t n, struct radix_item *other);

/* The same of n words alone. */
void radix_words(uint64_t *, size_t n, uint64_t *other);

#endif
