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

#define AGG_UNDATED	INT64_MIN	/* a record without a time */

/* The values of one field that a vector has, each with its group. */
struct agg_values {
	size_t n;
	bool one;			/* all in group 0 */
	const uint32_t *group;
	const struct slice *text;	/* with numbers perhaps number_only */
	const struct number *num;	/* of kinds that want numbers */
	const struct slice *by;		/* FIELD@BY: num's texts */
	const int64_t *when;		/* the records' own times, or NULL */
	void *shared;			/* see struct agg_shared */
	size_t bins;			/* of hist: aggs_bins */
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

struct aggs;
struct both;
struct agg_shared;

/*
 * A kind of state.  All zero is the state of no values.  A NULL hook has the
 * default in brackets.  Merging depends on the order only for first and last
 * of equal times, and the heavy hitters.
 */
struct agg_kind {
	const char *name;
	size_t size;			/* bytes; put at multiples of 8 */
	bool numbers;			/* wants numbers, else texts */
	bool bulky;			/* grows with its values */
	/* A kind whose states give this one's results too.  [none] */
	const struct agg_kind *wider;
	/* st: group 0's state, the others stride bytes apart. */
	void (*add)(char *st, size_t stride, const struct agg_values *);
	void (*merge)(void *st, const void *newer);
	/* The same of one that is only reset after.  [merge] */
	void (*take)(void *st, void *newer);
	/* Back to no values; may keep a little memory.  [as free] */
	void (*reset)(void *st);
	/* Back to no values without memory.  [zeroes: it has none] */
	void (*free)(void *st);
	/* Appends printable text without blanks; *piece counts the pieces of a
	   large state from 0: true if another is to follow. */
	bool (*save)(void *st, uint64_t *piece, struct buf *);
	/* Fills a state of no values with a piece; false: it is none, and what
	   the state holds means nothing until it is reset.  What is then
	   added gives the same as if the state were the one that was saved. */
	bool (*load)(void *st, struct slice piece);
	/* NULL, or why a state that was read has other parameters than those
	   asked for.  [there are none] */
	const char *(*differs)(const struct aggs *, const void *st);
	/* In place of merge, save and load.  [a state stands alone] */
	const struct agg_shared *shared;
};

/* Of states that stand in something which all groups' share. */
struct agg_shared {
	bool counted;			/* and so can be forgotten one by one */
	/* keyed: of several groups, else of one, which is number 0. */
	void *(*open)(const struct agg_shared *, uint64_t seed, bool keyed);
	void (*clear)(void *shared);	/* O(held), with all its states */
	void (*close)(void *shared);
	size_t (*held)(const void *shared);	/* texts */
	void (*merge)(struct agg_at to, struct agg_at newer);
	bool (*save)(struct agg_at, uint64_t *piece, struct buf *);
	bool (*load)(struct agg_at, struct slice piece);	/* or adds it */
	/* Of counted ones: takes an older pane out of a window again; whether
	   most of what there was is gone. */
	void (*forget)(struct agg_at from, struct agg_at older);
	bool (*gone)(const void *shared);
};

enum {				/* traits of an aggregate */
	AGG_COUNT = 1,		/* goes without a field: it counts, and its
				   state is a uint64_t */
	AGG_BUCKET = 2,		/* its field takes a bucket */
	AGG_TEXT = 4,		/* the result is text */
	AGG_PERCENT = 8,	/* its name goes on with a percentage */
	AGG_MIN = 16,		/* reads the minimum too */
	AGG_SHARE = 32,		/* groups have shares of the whole: a count or
				   a sum */
	AGG_BY = 64,		/* of FIELD@BY: the text of FIELD that goes
				   with a number of BY */
	AGG_LIST = 128,		/* the result is a list (lib/format/list.h) */
	AGG_DATED = 256		/* goes by the records' own time where they
				   have one: aggs_date */
};

struct agg_column;
/* Appends the value of a state as a made record has it; nothing: there is none.
   other: what the states share; with AGG_MIN the minimum's state. */
typedef void agg_put(const struct agg_column *, void *st, void *other,
    struct buf *);

struct agg {
	const char *name;
	const struct agg_kind *exact, *approx;
	agg_put *put;
	unsigned traits;
};

/* A column of the result. */
struct agg_column {
	const struct agg *agg;
	struct slice name;
	struct number percent;		/* AGG_PERCENT; 50 */
	bool approx;			/* the state is agg->approx */
	size_t part;			/* the state that it is read from */
	size_t part2;			/* AGG_MIN: and the minimum's */
	struct tally *cut;		/* AGG_LIST: where it is not whole */
};

struct agg_part {		/* a state that each group has */
	const struct agg_kind *kind;
	size_t input;		/* NO_INPUT: of the records themselves */
	size_t off;		/* in the group's accumulator */
};

struct agg_input {		/* a field, or FIELD@BY */
	const char *text;	/* as it was typed */
	struct field field, by;	/* by: where numbers are, mostly in field */
	size_t col, bycol;	/* in vec.col */
	bool numbers, pair;	/* pair: FIELD@BY */
	bool dated;		/* some of its states are */
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
	size_t bins;		/* aggs_bins */
	uint64_t seed;
	bool approx;
	const char *op;
	/* aggs_date; NULL: nothing goes by time, or the records have none. */
	const struct options *dated;
	const struct shape *shape;
	size_t when;		/* in vec.col: the time's field */
	struct tally *timeless;
};

struct args;

/* `count,p99:ms,NAME=sum:bytes`: OK or FAIL (told). */
int aggs_parse(struct aggs *, struct args *, const char *list);
/* Number i of all there are, NULL: no more. */
const struct agg *agg_number(size_t i);
/* Whether text begins as an aggregate does. */
bool agg_named(const char *text);
/* No fields, counting records only. */
void aggs_count(struct aggs *, struct args *);
/* A field's numbers counted for so many bins, 0: logarithmic: a struct bins. */
int aggs_bins(struct aggs *, struct args *, const char *field, size_t bins);
/* What is handed to its add hook, in fixed memory: a struct heavy. */
void aggs_heavy(struct aggs *, struct args *);
/* One state more, of no column: the last one.  False: it is there. */
bool aggs_beside(struct aggs *, const struct agg_kind *);
/* After aggs_parse, where -T is given: first and last go by it.  Whether there
   is one. */
bool aggs_date(struct aggs *, const struct options *);
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
/* How many texts the one with most of them holds. */
size_t aggs_held(const struct aggs *, void *const *shared);
/* Adds a vector, record i to the group at acc + group[i] * size; group NULL:
   all to acc. */
void aggs_add(const struct aggs *, void **shared, char *acc,
    const uint32_t *group, const struct vec *);

/* The same in two steps: the values of input k that are there, each with its
   group; they go to the states that are kept of it, NO_INPUT: all records to
   those of none. */
struct agg_room {		/* what a struct agg_values points to */
	struct number num[VEC_MAX];
	struct slice text[VEC_MAX], by[VEC_MAX];
	uint32_t group[VEC_MAX];
	int64_t when[VEC_MAX], time[VEC_MAX];
};

void aggs_gather(const struct aggs *, size_t k, struct agg_room *,
    const uint32_t *group, const struct vec *, struct agg_values *);
void aggs_add_values(const struct aggs *, void **shared, char *acc, size_t k,
    struct agg_values *);

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

/* One state of a group; the hooks of its kind. */
void agg_merge(const struct agg_kind *, struct agg_at to, struct agg_at newer);
void agg_reset(const struct agg_kind *, void *st);
bool agg_save(const struct agg_kind *, struct agg_at, uint64_t *piece,
    struct buf *);
bool agg_load(const struct agg_kind *, struct agg_at, struct slice piece);

/* Where groups come and go one by one: after aggs_parse, texts are kept so that
   a group's can be forgotten; keyed is true.  leave: a group's states are back
   to no values; tidy: then, of n groups from acc on, what they share is made
   anew where most of it is of those that left. */
void aggs_forgetful(struct aggs *);
void aggs_leave(const struct aggs *, struct agg_group);
void aggs_tidy(const struct aggs *, void **shared, char *acc, size_t n);

/* The other group is only reset after. */
void aggs_merge(const struct aggs *, struct agg_group to, struct agg_group);
/* n groups' states from acc on; what they share is left. */
void aggs_reset(const struct aggs *, char *acc, size_t n);
void aggs_free(const struct aggs *, char *acc, size_t n);

/* What is known of the records' times, as fields. */
void aggs_both_times(const struct aggs *, void **shared, struct both *);
/* One of a group's states, or all, as fields; into those of no values. */
void agg_both(const struct aggs *, size_t part, struct agg_group,
    struct both *);
void aggs_both(const struct aggs *, struct agg_group, struct both *);

/* Appends a column's value as a made record has it. */
void aggs_put(const struct aggs *, const struct agg_group *, size_t col,
    struct buf *);

/* The kinds of aggs.def's columns and what those are read by. */
#define AGG(name, exact, put, approx, traits)				\
extern const struct agg_kind agg_kind_##exact, agg_kind_##approx;	\
extern agg_put agg_put_##put;
#include "lib/agg/aggs.def"
#undef AGG

/* Those that only an operator asks for. */
extern const struct agg_kind agg_kind_bins, agg_kind_heavy, agg_kind_logbins;

#endif
