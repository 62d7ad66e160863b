/* templates.h - the words in which masks vary, found among all of them */
#ifndef MBATCH_TEMPLATES_H
#define MBATCH_TEMPLATES_H

#include "lib/base/hash.h"

/*
 * Two masks that differ in one word, which is no value by itself, have a slot
 * there, and what the slot holds says whether it is of values: then it is * in
 * a template.  That is so if it holds
 *
 *	2 words, one of them a * already, beside two others;
 *	10 words, if it is the first one or the mask has three at most;
 *	2 words, where a name is to be expected: behind = and some words;
 *	5 words, else.
 *
 * A word that no blank parts from a * is one too if the mask without it is
 * there.  What stands before = never is, nor is the last word of all.  All
 * slots are looked at together, and again until nothing changes, so that the
 * order of masks does not matter.
 */
struct templates;

/* Of the masks that are a table's keys; the table is taken over. */
struct templates *templates_find(struct table *masks);
void templates_free(struct templates *);

/* That of mask i. */
struct slice templates_of(const struct templates *, size_t i);

#endif
