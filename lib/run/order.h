/* order.h - the order of records by their keys */
#ifndef MBATCH_ORDER_H
#define MBATCH_ORDER_H

#include "lib/run/pile.h"

/* Of an operator's conf. */
struct order_by {
	struct keys keys;
	bool *numeric;			/* [keys.n]: sorted as numbers */
	bool number, reverse;		/* all are; so are they all */
	bool whole;			/* the record is the key */
};

/*
 * Keys are compared as words: of text 7 bytes and how many there are, so that
 * what ends sorts before what goes on; of a number its double.  Records of
 * equal words are sorted by the next one, of this key or of the next; few of
 * them, and those that are equal for long, by comparing what is left.
 *
 * A place: where records go on that are equal before byte at of key j.  A key
 * that is sorted as a number is one at byte 0; if it is none, its text begins
 * at byte 1.  But for what they point to, all zero is the first place, whose
 * words are those of the pile's items.
 */
struct order {
	const struct order_by *by;
	const struct pile *pile;
	bool vague;			/* see order_word */
	struct radix_item *other;	/* room for as many as are sorted */
	size_t j, at;
	unsigned depth;			/* places before */
};

enum { ORDER_DEEP = 16 };		/* places; then it is compared */

int order_bind(struct order_by *, struct bind *);

/* The first word of key j; whether that says all.  *vague: it is a number and
   doesn't. */
bool order_word(const struct order_by *, size_t j, struct slice key,
    uint64_t *word, bool *vague);
/* The word at o's place. */
uint64_t order_word_at(const struct order *, const struct radix_item *,
    bool *vague);
/* Where records go on that have this word at o's place.  False: they are to be
   compared from that on. */
bool order_next(const struct order *, uint64_t word, struct order *next);

/* Key j of an item with its first word, or one of the same place, in room
   (NUMBER_MAX) if that word says all. */
struct slice order_key(const struct order *, size_t j,
    const struct radix_item *, char *room);
/* By all that is left of the keys from o's place on. */
int order_cmp(const struct order *, const struct radix_item *,
    const struct radix_item *);

/* Sorts items with the words of o's place, stable. */
void order_sort(const struct order *, struct radix_item *, size_t n);

#endif
