/* turn.h - what records brought about, until it is known which count */
#ifndef MBATCH_TURN_H
#define MBATCH_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"

struct tally;

#define TURN_ALL UINT64_MAX

/*
 * Stages take many records at a time, and yet all is to be as if each had gone
 * through all of them before the next one was looked at.  So what is told
 * during a turn is held with the record's number and the stage, and at its end
 * is told in the order of records, then stages; what was said of records behind
 * the last that counts is dropped.  Outside a turn all is told at once.
 *
 * Stages are numbered from 1, 0 is who reads.  Records may be of an earlier
 * turn, held back until now: since is the record that brings them about.
 */
struct turn {
	bool on;
	bool gathers;			/* a worker's, of many vectors: of each
					   tally the earliest is told, for all
					   that came with it */
	struct turn *to;		/* a worker's, of many batches: what
					   would be told is held there */
	uint64_t base;			/* of its numbers, when they are told */
	size_t stage;			/* that runs now */
	uint64_t since;			/* 0: each record its own */
	struct turn_stage {
		uint64_t last;		/* the last record that counts */
		uint64_t end;		/* at which the stage ends the run, */
		uint64_t cause;		/* when that record came, */
		int status;		/* and with what */
	} *at;
	size_t n, cap;			/* of at */
	bool cut;			/* some of them are not TURN_ALL */
	struct turn_told *told;
	size_t ntold, toldcap;
	uint64_t reached;		/* cause of what was told last */
	struct buf text;
	unsigned part;			/* counts the parts pushed */
	size_t from;			/* the first told of this part */
};

/* Writes bytes, once it is known that they count: OK or FAIL (told). */
typedef int turn_write_fn(const void *arg, struct slice);

/* Room for so many stages. */
void turn_stages(struct turn *, size_t n);
void turn_free(struct turn *);

/* A turn begins, or goes on. */
static inline void
turn_begin(struct turn *t)
{
	t->part++;
	t->stage = 0;
	t->on = true;
}

/* Before and after a vector's part that goes to one instance; turn_counted
   drops what was told of records that do not count. */
static inline void
turn_part(struct turn *t)
{
	t->part += !t->gathers;
	t->from = t->ntold;
}

void turn_counted(struct turn *);

/* What is held goes to a turn of its own, to be settled elsewhere; the next
   turn begins without any. */
void turn_move(struct turn *from, struct turn *to);
/* Nothing was told. */
void turn_drop(struct turn *);
/* What another one holds is held here. */
void turn_take(struct turn *, const struct turn *other);

/* What is told of a worker's batches is held in their order. */
void turn_keep(struct turn *to, struct tally *, uint64_t n, uint64_t num,
    struct slice msg);

/* n more of a tally: whether they are held; *text: a message is wanted, which
   turn_text then adds. */
bool turn_tally(struct turn *, struct tally *, uint64_t n, uint64_t num,
    bool *text);
void turn_text(struct turn *, const char *, size_t n);
/* Bytes of record num for write; false: not in a turn. */
bool turn_write(struct turn *, turn_write_fn *write, const void *arg,
    struct slice, uint64_t num);

/* The stage wants no more of the batch: record num is the last that counts for
   the stages from that one to this. */
void turn_last(struct turn *, size_t from, uint64_t num);
/* The run ends with this status, behind record num.  False: not in a turn. */
bool turn_end(struct turn *, uint64_t num, int status);
/* The last record that counts for a stage so far. */
uint64_t turn_limit(const struct turn *, size_t stage);

/* Whether the run ends at a record up to num: its number and the status. */
bool turn_ends(const struct turn *, uint64_t upto, uint64_t *num,
    int *status);
/* The turn is over: tells what came of records up to upto, and forgets what
   came of later ones if drop.  OK or FAIL (told). */
int turn_settle(struct turn *, uint64_t upto, bool drop);

/* The same where nothing is held and all records count, as is the rule. */
static inline bool
turn_over(struct turn *t)
{
	if (t->ntold > 0 || t->cut)
		return false;
	t->on = false;
	return true;
}

#endif
