/*
 * grouped.h - what grouping operators share: BY and OVER read, groups with
 * their aggregates, rows to be written, states saved and read
 *
 * An operator has a struct grouping first in its conf and a struct grouped
 * first in its state: then the hooks below that have a hook's type are its
 * own.  Where parts of a batch are grouped apart (--merge, over; workers),
 * their groups are joined by key with groups_find_keys and aggs_merge.
 */
#ifndef MBATCH_GROUPED_H
#define MBATCH_GROUPED_H

#include "mbatch.h"
#include "lib/agg/agg.h"
#include "lib/agg/group.h"
#include "lib/agg/runs.h"
#include "lib/run/keys.h"

struct over;
struct route;
struct spread;

struct grouping {
	struct keys by;
	struct aggs aggs;
	uint64_t over;		/* batches; 0: just this one */
	bool all;		/* over all */
	bool share;		/* a row ends with its share of all rows */
	uint64_t seed, max;
	unsigned jobs;			/* threads that may write rows, */
	size_t step;			/* so many at a time */
	struct tally *other;	/* records that went to (other) */
	struct slice name;	/* of its states in writing */
	const struct keys *shown;	/* what a row's keys are: by, but for
					   sketches of all */
	struct slice names;	/* of those, in a state: partial_names */
	const struct slice *called;	/* what a state read calls them; NULL:
					   by their own words */
	const unsigned char *called_flags;	/* and their columns' flags */
	struct time_grid window;	/* their first key; all 0: none */
	bool local;		/* and it is in TZ */
	bool timed;		/* they say when records came */
	struct runs *runs;	/* that they are of */
	size_t saved;		/* of the aggregates' states so many are
				   written; */
	const struct op *sorted;	/* --merge --sorted: the operator, a
					   group of which goes on as it has
					   passed */
	bool merged;		/* behind them, what a group stands for:
				   --partial --merge */
};

struct extent {			/* of the records' own times */
	bool known;
	int64_t from, to;
};

/* Makes it include the other one. */
void extent_widen(struct extent *, const struct extent *);
void extent_both(struct extent *, struct both *);

struct grouped {
	struct groups groups;
	void **shared;		/* of the aggregates: aggs_open */
	struct over *over;	/* NULL: this batch only, or all */
	struct arena text;	/* of a line that is read */
	struct agg_group line;	/* its states; acc NULL: none was read */
	struct extent when;	/* --merge: when the records came that the
				   states read are of */
	struct buf key;		/* --sorted: of the group that passes */
	struct standing none;	/* --merge: what lines of no group stand for */
	struct spread *spread;	/* in parts: spread.h; */
	struct route *route;	/* or what goes to another one's */
};

/* `by KEYS`, then `over N` or `over all`, which makes op OP_ACROSS and takes
   OP_MERGE away; after the aggregates were parsed.  OK or FAIL (told). */
int grouping_parse(struct op *, struct grouping *, struct args *);
/* The same without words: keys and aggregates are known. */
void grouping_done(struct grouping *, struct args *);
/* Asks for the fields; the outgoing columns are keys and then the n others. */
int grouping_columns(struct grouping *, struct keys *, struct bind *,
    const struct slice *name, const unsigned char *flags, size_t n);

/* Hooks. */
int grouping_bind(void *conf, struct bind *);	/* KEYS, aggregates, share */
void grouped_init(void *st, const void *conf, struct arena *);
int grouped_push(void *st, const void *conf, const struct vec *,
    struct emit *);
int grouped_flush(void *st, const void *conf, const struct batch *,
    struct emit *);		/* likewise, a row for each group */
void grouped_reset(void *st, const void *conf);
int grouped_save(void *st, const void *conf, const struct batch *,
    struct emit *);
int grouped_load(void *st, const void *conf, const struct vec *,
    struct emit *);
void grouped_join(void *st, const void *conf, void *other, uint64_t base);
bool grouped_pays(const void *st, const void *conf, uint64_t records,
    bool alone);
void grouped_both(void *st, const void *conf, struct both *);
void grouped_fini(void *st, const void *conf);

extern const struct op_parts grouped_parts;	/* spread.c */

#define GROUPED_FIRST(conf, grouping_, state, grouped_)			\
	_Static_assert(offsetof(conf, grouping_) == 0 &&		\
	    offsetof(state, grouped_) == 0, "the hooks look there")

#define GROUPED_HOOKS							\
	.init = grouped_init, .reset = grouped_reset,			\
	.save = grouped_save, .load = grouped_load,			\
	.both = grouped_both

#define GROUPED_ALL_HOOKS						\
	GROUPED_HOOKS, .join = grouped_join, .pays = grouped_pays,	\
	.fini = grouped_fini

/* For a flush of one's own. */
struct row {
	struct slice key;
	struct agg_group at;
};

/* The batch is over, which is to be said once: over moves on.  So many rows are
   to be shown. */
size_t grouped_close(struct grouped *, const struct grouping *);
/* Row i, until the next is asked for. */
struct row grouped_row(const struct grouped *, const struct grouping *,
    size_t i);
/* Starts a made record with the row's keys, a tab after each. */
struct buf *row_begin(const struct grouping *, const struct row *,
    struct emit *);
/* Emits the row: its keys, its aggregates, and its share of a total. */
int row_emit(const struct grouping *, const struct row *,
    const struct number *total, struct emit *);

/* What the shares of n rows are of; AGG_SHARE, the first aggregate's. */
struct number grouped_total(const struct grouped *, const struct grouping *,
    size_t n);

/* The first aggregate, AGG_SHARE, as a number. */
struct number row_amount(const struct grouping *, const struct row *);

/* The first aggregate if it is a count: false if not. */
bool row_count(const struct grouping *, const struct row *, uint64_t *);

/* The first time that a group found no room is told; num: of the record. */
void grouping_full(const struct grouping *, uint64_t num);

#endif
