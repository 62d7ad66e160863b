/*
 * agg.h - aggregates: small states that are updated by vectors, merged,
 * written and read
 *
 * What is asked for (mean:x, stddev:x, p99:x) and what is kept for it differ:
 * aggregates of one field share a state where they can, and a field is read as
 * numbers once for all of them.
 */
#ifndef MBATCH_AGG_H
#define MBATCH_AGG_H

#include "mbatch.h"
#include "lib/number/number.h"

/* The values of one field that a vector has, each with its group. */
struct agg_values {
	size_t n;
	bool one;			/* all in group 0 */
	const uint32_t *group;
	const struct slice *text;
	const struct number *num;	/* of kinds that want numbers */
	size_t bins;			/* of kinds that count in bins */
};

/* The state of value i's group, of those that lie stride bytes apart. */
static inline void *
agg_state(char *st, size_t stride, const struct agg_values *v, size_t i)
{
	return st + (v->one ? 0 : v->group[i] * stride);
}

/* A group's state, and what all groups' states of a kind share. */
struct agg_at {
	void *st;
	void *shared;
	uint32_t group;
};

/*
 * A kind of state.  All zero is the state of no values.  NULL hooks: nothing
 * is shared; reset zeroes; there is nothing to free.  Merging depends on the
 * order only for first, last and the heavy hitters.
 */
struct aggs;
struct agg_kind {
	const char *name;
	size_t size;			/* bytes; put at multiples of 8 */
	bool numbers;			/* wants numbers, else texts */
	bool bulky;			/* grows with its values */
	void *(*open)(uint64_t seed, bool keyed);
	void (*clear)(void *shared);	/* O(held), with all its states */
	void (*close)(void *shared);
	/* st: group 0's state, the others stride bytes apart. */
	void (*add)(char *st, size_t stride, void *shared,
	    const struct agg_values *);
	void (*merge)(struct agg_at to, struct agg_at newer);
	/* bulky ones that can take an older pane out of a window again. */
	void (*forget)(struct agg_at from, struct agg_at older);
	void (*reset)(void *st);	/* may keep a little memory */
	void (*free)(void *st);
	/* Appends printable text without blanks; *part counts the pieces of a
	   large state from 0: true if another is to follow. */
	bool (*save)(struct agg_at, uint64_t *part, struct buf *);
	/* NULL, or why a piece has other parameters than is asked for; NULL
	   hook: there are none. */
	const char *(*differs)(const struct aggs *, struct slice);
	/* Adds a piece; false: it is none, and nothing was added. */
	bool (*load)(struct agg_at, struct slice);
};

enum {				/* traits of an aggregate */
	AGG_BARE = 1,		/* goes without a field */
	AGG_BUCKET = 2,		/* its field takes a bucket */
	AGG_TEXT = 4,		/* the result is text */
	AGG_PERCENT = 8,	/* its name goes on with a percentage */
	AGG_MIN = 16		/* reads the minimum too */
};

struct agg_column;
struct agg_group;
/* Appends the value as a made record has it; nothing: there is none. */
typedef void agg_put(const struct aggs *, const struct agg_column *,
    struct agg_group, struct buf *);

struct agg {
	const char *name;
	const struct agg_kind *kept, *approx;
	agg_put *put;
	unsigned traits;
};

/* A column of the result. */
struct agg_column {
	const struct agg *agg;
	struct slice name;
	struct number percent;		/* AGG_PERCENT, and median */
	size_t part;			/* the state that it is read from */
	size_t part2;			/* AGG_MIN: and the minimum's */
};

struct agg_part {		/* a state that each group has */
	const struct agg_kind *kind;
	size_t input;		/* NO_INPUT: of the records themselves */
	size_t off;		/* in the group's accumulator */
};

struct agg_input {		/* a field */
	struct field field;
	size_t col;		/* in vec.col */
	bool numbers;
	struct tally *nan;
};

#define NO_INPUT	SIZE_MAX

/* What an operator's conf holds of its aggregates. */
struct aggs {
	struct agg_column *col;
	struct agg_part *part;
	struct agg_input *in;
	size_t ncol, nparts, nin;
	size_t size;		/* bytes of a group's states */
	bool plain;		/* they own no memory and are reset to zero */
	size_t bins;		/* see aggs_bins */
	uint64_t seed;
	bool approx;
	const char *op;
};

struct args;

/* `count,p99:ms,NAME=sum:bytes`: OK or FAIL (told). */
int aggs_parse(struct aggs *, struct args *, const char *list);
/* Whether text begins as an aggregate does; and just that one. */
bool agg_named(const char *text);
/* No fields, counting records only. */
void aggs_count(struct aggs *, struct args *);
/* A field's numbers counted for so many bins: a struct bins. */
int aggs_bins(struct aggs *, struct args *, const char *field, size_t bins,
    bool log);
/* Asks for the fields. */
int aggs_bind(struct aggs *, struct bind *);

/*
 * What all groups of an instance share, for each part: made, emptied with the
 * states (O(held)), and freed (NULL: nothing).  The groups' states are
 * elsewhere.
 */
void **aggs_open(const struct aggs *, bool keyed);
void aggs_clear(const struct aggs *, void **shared);
void aggs_close(const struct aggs *, void **shared);
/* Adds a vector, record i to the group at acc + group[i] * size; group NULL:
   all to acc. */
void aggs_add(const struct aggs *, void **shared, char *acc,
    const uint32_t *group, const struct vec *);

/* A group's states in one place. */
struct agg_group {
	char *acc;
	void **shared;
	uint32_t group;
};

static inline struct agg_at
agg_at(const struct aggs *a, struct agg_group g, size_t part)
{
	return (struct agg_at){ g.acc + a->part[part].off, g.shared[part],
	    g.group };
}

void aggs_merge(const struct aggs *, struct agg_group to, struct agg_group);
/* n groups' states from acc on; what they share is left. */
void aggs_reset(const struct aggs *, char *acc, size_t n);
void aggs_free(const struct aggs *, char *acc, size_t n);

/* Whether most of what a bag's groups share was forgotten. */
bool agg_mostly_gone(const void *shared);

/* Appends a column's value as a made record has it. */
void aggs_put(const struct aggs *, struct agg_group, size_t col, struct buf *);

/* What the aggs.def's columns are read by. */
agg_put agg_put_count, agg_put_distinct, agg_put_extreme, agg_put_held,
    agg_put_mean, agg_put_mode, agg_put_quantile, agg_put_range,
    agg_put_stddev, agg_put_sum, agg_put_var;

extern const struct agg_kind agg_kind_bag, agg_kind_bins, agg_kind_count,
    agg_kind_first, agg_kind_hll, agg_kind_last, agg_kind_logbins,
    agg_kind_max, agg_kind_min, agg_kind_moments, agg_kind_set,
    agg_kind_sketch, agg_kind_sum, agg_kind_values;

#endif
