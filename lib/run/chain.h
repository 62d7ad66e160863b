/* chain.h - operators one after the other: parsed, bound, run */
#ifndef MBATCH_CHAIN_H
#define MBATCH_CHAIN_H

#include "mbatch.h"
#include "lib/format/bad.h"
#include "lib/write/out.h"

struct pollfd;

/* One operator of the chain, as all its instances share it. */
struct stage {
	struct op op;			/* a copy that parse may change */
	char **word;			/* as typed, up to then or NULL */
	void *conf;
	struct shape in, out;
	struct take take;
	struct edit *edit;		/* what bind_edit, bind_select asked */
	struct emit *emit;		/* what it hands on */
	struct vec_room *room;		/* for records that can be read */
	bool whole;			/* it looks at whole records after all,
					   though OP_FIELDS */
	bool few;			/* few records go on */
	struct carry *carry;		/* to do without text, or NULL */
	struct link *link;		/* what is handed on so, or NULL */
	bool pushed;			/* some record came */
};

struct chain {
	struct stage *stage;
	size_t n;		/* stages [from, n) run */
	size_t nwords;		/* stages that were typed, all of them bound:
				   --partial leaves the rest to --merge */
	size_t from;		/* --merge: those before ran for --partial */
	struct shape states;	/* --partial: what leaves */
	size_t head;		/* [from, head) are each event-time window's
				   own, up to the first ACROSS, EFFECT or
				   LAST; or -p's values' own, ACROSS too */
	size_t apart;		/* a stage that gets text, whatever the one
				   before made; 0: none */
	const struct options *opt;
	struct out *out;
	struct stage *leaves;	/* the output as one that takes columns, or
				   NULL */
	int stop;		/* emit_stop's status, 0: none */
	int status;		/* emit_status's */
	const char *help;	/* the operator in OP --help, NULL: none */
};

/*
 * States for the stages [from, to), which hand on to next, or to the output.
 * One instance runs at a time.
 */
struct instance {
	struct chain *chain;
	struct turn *turn;		/* of the whole run */
	size_t from, to;
	struct instance *next;		/* NULL: the output */
	struct store *store;	/* where records wait that it would
					   hand on to next; NULL: they go on */
	void **st;			/* [chain->n] */
	struct arena *arena;		/* [chain->n] */
	bool *closed;			/* [chain->n]: wants no more of this
					   batch */
	const struct batch *batch;
	uint64_t last;			/* after a push that was DONE: the last
					   record that counts for its first
					   stage */
};

/* Reads `OP [ARG]... [then OP [ARG]...]...` (NULL-terminated words, none is a
   chain that passes all).  OK, or FAIL after a message: a usage error.  At
   `OP --help` it stops, with help set. */
int chain_parse(struct chain *, char **word, const struct options *);
/* Sets head anew.  chain_parse calls it, and whoever changes n or from. */
void chain_split(struct chain *);
/* The input's shape is known, and its header record if there is one (else p
   NULL): OK, or FAIL after a message: a usage error.  The shape must stay.
   chain_shape: the last stage's outgoing shape; chain_header: the header where
   it stands for records of the shape out too, else p NULL. */
int chain_bind(struct chain *, const struct shape *in, struct slice header);
const struct shape *chain_shape(const struct chain *, const struct shape *in);
struct slice chain_header(const struct shape *in, const struct shape *out,
    struct slice header);
bool chain_sinks(const struct chain *);		/* the last is OP_LAST */
bool chain_sunk(const struct chain *);		/* and records came to it */
void chain_free(struct chain *);

/* Whether some stage that runs has the trait; or one that runs where states are
   merged. */
bool chain_has(const struct chain *, unsigned trait);
bool chain_names(const struct chain *, unsigned trait);
/* Whether some stage's result depends on where batches end, and may be taken
   for one of all input. */
bool chain_by_batch(const struct chain *);

struct instance *instance_new(struct chain *, size_t from, size_t to,
    struct instance *next);
void instance_free(struct instance *);
/* Stage k as it was when the instance was made. */
void instance_renew(struct instance *, size_t k);

/* One vector of the chain's input, in a turn, which it may shorten.  DONE: no
   more of this batch is wanted, or the run ends. */
int instance_push(struct instance *, struct vec *);
/* The same for records that come to stage k. */
int instance_push_at(struct instance *, size_t k, struct vec *);
/* What a store holds goes to the first stage, and leaves the store. */
int instance_push_store(struct instance *, struct store *);
/* The turn is over for records up to upto: what came of them is told.  OK, DONE
   if the run ends among them, with stop set, or FAIL (told): what a streaming
   chain has of the open batch has been written. */
int chain_settle(struct chain *, uint64_t upto);
/* The batch is over: flush, stage by stage, then reset. */
int instance_flush(struct instance *, const struct batch *);
/* What the stages wait for beside the input: see op.watch and op.ready. */
size_t instance_watch(struct instance *, struct pollfd *, size_t max,
    int64_t *wake);
int instance_ready(struct instance *);
/* What time alone brings forth goes down the chain: see op.timer.  OK, DONE if
   there was something, or FAIL (told). */
int instance_timer(struct instance *, int64_t mono);
/* The run is over. */
int instance_end(struct instance *, bool ok);

/* Whether records had all names so far. */
bool chain_seen(const struct chain *);
/* Names that no record had: told after the first batch, and at the end. */
void chain_unseen(const struct chain *, bool end);

#endif
