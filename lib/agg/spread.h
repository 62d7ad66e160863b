/*
 * spread.h - many groups in parts, by the hash of their keys, to which many
 * workers add: the hooks of struct op_parts for grouping operators
 *
 * A worker reads keys and values of its records, and puts them down by part;
 * then keys are looked up part by part, and what they have is added, by whoever
 * is free, in the order of the input.  So each record is looked up once, as by
 * one worker alone, each group has one state, which gets its values in that
 * order, and nothing is merged.
 */
#ifndef MBATCH_SPREAD_H
#define MBATCH_SPREAD_H

#include "lib/agg/grouped.h"

/* What a worker puts down, or, where all groups are, adds. */
void spread_push(struct grouped *, const struct grouping *,
    const struct vec *);
/* So that rows can be had, in the order in which groups came: how many. */
size_t spread_order(struct grouped *, const struct grouping *);
struct row spread_row(const struct grouped *, size_t i);
void spread_free(struct grouped *, const struct grouping *);

#endif
