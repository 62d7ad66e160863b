/* per.h - batches by key: each value of a field has an open one of its own */
#ifndef MBATCH_PER_H
#define MBATCH_PER_H

#include "lib/read/batcher.h"
#include "lib/run/store.h"

struct chain;
struct instance;
struct table;

/* What the head of an open batch handed on. */
struct held {
	struct store made;
	struct held *next;		/* of those not in use */
};

/* Memory for records: their text from the front, their numbers and lengths from
   the end; or their columns.  All but those for one large record are of one
   size, and come back. */
struct sheet {
	struct sheet *next;
	char *end, *heads;		/* where these begin, the last first */
	char *to;			/* where text or columns end */
	bool columns;
	char text[];
};

/*
 * The batch of a value, open or, idle, only what its operators remember.  What
 * each record changes lies together: thousands of slots are written in turn.
 */
struct slot {
	/* Records that did not go through the head yet: VEC_MAX are a vector,
	   and the batch does not count them before. */
	char *at, *heads;		/* of the last sheet: free between */
	struct sheet *first, *last;
	uint32_t n, full;		/* full: at so many something is due */
	uint64_t bytes;
	uint64_t num, before;		/* of the last record, and of the one
					   before the first of these */
	int64_t newest;			/* when its last record came, and its */
	int64_t oldest;			/* first, monotonic */
	uint32_t key;			/* in the table */
	bool open;
	bool columns;			/* in the last sheet */
	struct batch batch;
	struct instance *head;		/* NULL: nothing went through yet */
	struct held *held;
	struct slot_link {
		struct slot *prev, *next;
	} link[2];			/* of lists */
};

/* Which are joined by link[BY_AGE], and link[BY_NEWEST]: the first of those
   open is the one longest open, or longest without a record. */
struct slots {
	struct slot *first, *last;
};

enum { BY_AGE, BY_NEWEST };

/*
 * The chain's stages before chain.head are each value's own; what they hand on
 * goes, as a batch closes, to the one tail.
 */
struct per {
	const struct options *opt;
	struct limits lim;		/* records, bytes, timeout, gap */
	struct chain *chain;
	struct take take;
	size_t keycol;
	struct vec_room *room;		/* for records whose key is read */
	struct table *keys;
	struct slot **slot;		/* by the key's index; NULL: none */
	size_t cap;
	size_t count;			/* slots in use */
	struct slots open[2], idle;
	struct slot *spare;		/* not in use, by link[BY_AGE].next */
	struct held *held;		/* not in use */
	struct sheet *sheets, *large;	/* not in use */
	struct arena texts;		/* theirs */
	bool remembers;			/* heads outlive their batches */
	struct tally *full, *forgot;

	uint32_t idx[VEC_MAX];		/* the vector's keys */
	struct slot *due;		/* has a vector to be worked on, */
	bool closing;			/* and then closes */
	uint64_t since;			/* the record that brings it about */
	struct vec_room vec;		/* the vector: p NULL: as columns, */
	size_t n;

	/* Where the head wants no more of records than its first stage's
	   fields, these are taken together with the key, and held. */
	bool fields;
	bool counts;			/* not even these, nor numbers */
	bool seen;			/* no name is left to be told of */
	bool columns;			/* so it is with what comes */
	struct take all;		/* ncol fields, and the key */
	size_t ncol, keyall;
	const struct slice *key;	/* that vector's */
	struct slice (*column)[VEC_MAX];	/* of the one worked on */
	const struct slice **col;
};

/* All zero before.  NULL lim.per: not in use.  bind: the input's shape is
   known; FAIL (told) if it has no such field, or a stage can't be each value's
   own. */
void per_init(struct per *, const struct limits *, const struct options *);
int per_bind(struct per *, struct chain *, const struct shape *);
/* The chain is bound; timed: records' times are read. */
void per_stages(struct per *, bool timed);
void per_free(struct per *);

/* Reads the keys of a vector; those of records that have none leave it.  OK, or
   as bad_record. */
int per_keys(struct per *, struct vec *);
/* Puts the vector's records from place i on into their batches, until one is
   due: the place of the next.  mono, clock: when they were read. */
size_t per_add(struct per *, const struct vec *, size_t i, int64_t mono,
    int64_t clock);
/* Makes one due by time, or any one that is open, the one longest open first.
   False: there is none. */
bool per_expired(struct per *, int64_t mono);
bool per_any(struct per *, enum reason);
/* When time will make one due, monotonic; INT64_MAX: never. */
int64_t per_deadline(const struct per *);

/* The due one's vector is to be pushed to its head; false: it has none. */
bool per_vec(struct per *, struct instance *tail, struct vec *);
/* It goes in parts, of text or of columns: the one from place at on; where the
   next one begins. */
size_t per_part(struct per *, size_t at, struct vec *);
/* The due batch closes, the numberth: it is whole but for what head still has
   of it, and valid until more records are added. */
struct slot *per_close(struct per *, int64_t clock, uint64_t number);
/* Once its head is flushed: the room of what is not remembered goes, if it is
   large. */
void per_idle(struct per *, struct slot *);

#endif
