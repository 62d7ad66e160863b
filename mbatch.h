/*
 * mbatch.h - what an operator's author needs: the contract of an operator and
 * the helpers behind it; records, vectors, shapes, batches and settings are
 * described where they are included from
 *
 * Data flows one way: input -> scan -> batch boundary -> op 1 -> ... -> op n
 * -> out.  A stage never calls upward; it hands records on through emit_*().
 */
#ifndef MBATCH_H
#define MBATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/slice.h"
#include "lib/format/field.h"
#include "lib/format/settings.h"
#include "lib/format/shape.h"
#include "lib/format/vec.h"
#include "lib/read/batch.h"

enum {				/* traits of an operator */
	OP_EACH = 1,	/* one record at a time: any cut gives the same bytes */
	OP_HOLD = 2,	/* emits only at flush */
	OP_MERGE = 4,	/* states of parts can be joined: save and load are
			   there, or in the form that parse makes of it */
	OP_ACROSS = 8,	/* remembers across batches: one instance a run */
	OP_EFFECT = 16,	/* must see every record, whatever is DONE below */
	OP_LAST = 32,	/* nothing can follow it: what goes to standard output
			   it writes itself, emit_output() */
	OP_TIME = 64,	/* looks at the records' own time where they have one:
			   options.time, batch.span */
	OP_FRAME = 128,	/* is there to tell one batch from another: that there
			   are several surprises nobody */
	OP_SAVES = 256,	/* --partial: its flush is save */
	OP_LOADS = 512,	/* --merge: its push is load */
	OP_GROUPS = 1024, /* its groups are what --approx and --max-groups are
			   for */
	OP_FIELDS = 2048, /* looks at the fields it wants and at nothing else of
			   a record, unless bind.whole; hands on those of the
			   vector, by index */
	OP_NUMBER = 4096, /* looks at the records' numbers */
	OP_WHOLE = 8192, /* OP_MERGE: what comes of a group depends on others */
	OP_AGAIN = 16384 /* keeps records: of those that it keeps of each part,
			    one part behind the other, the same as of all */
};

#define TIMER_END	INT64_MAX

struct args;		/* an operator's words: lib/run/args.h */
struct bind;		/* names known, wants registered: bind_*() below */
struct emit;		/* where a stage's records go: emit_*() below */
struct pollfd;
struct both;		/* fields both ways: lib/format/pack.h */

/* What people type who come from other tools. */
struct instead {
	const char *theirs, *here;	/* %: of a flag, its value */
};

#define INSTEAD(...) (const struct instead[]){ __VA_ARGS__, { NULL, NULL } }

/* What a flag does; its value's name is in the synopsis.  What was given is put
   into a member of the conf before parse, by its type: true; a count; a
   duration; the word; the word with its escapes read; a field. */
struct flag {
	const char *name, *help;
	size_t at;
	enum flag_kind {
		FLAG_BOOL, FLAG_COUNT, FLAG_DURATION, FLAG_WORD, FLAG_TEXT,
		FLAG_FIELD
	} kind;
	uint64_t value;		/* a count's, if the flag isn't given */
};

#define OP_FLAGS(...) (const struct flag[]){ __VA_ARGS__, { 0 } }
#define FLAG(name, member, help) FLAG_OR(name, member, 0, help)
#define FLAG_OR(name, member, value, help) {				\
	name, help, offsetof(struct conf, member),			\
	_Generic(((struct conf *)NULL)->member,				\
	    bool: FLAG_BOOL, uint64_t: FLAG_COUNT,			\
	    int64_t: FLAG_DURATION, const char *: FLAG_WORD,		\
	    struct slice: FLAG_TEXT, struct field: FLAG_FIELD),		\
	value								\
}

/*
 * Where one state is of many keys, and each key of one of n parts by its hash:
 * after open other instances, each on a thread of its own, keep what is pushed
 * to them, and take puts what from, which is one of them, has for part k there,
 * behind what was taken there of records before: to the byte as if the one had
 * seen them.  st is of the thread that takes, which may be another's than from.
 * A part is taken by one thread at a time, and what from has for all parts
 * before more is pushed to it.
 */
struct op_parts {
	/* Whether that can be, and is less work than to join states, after so
	   many records. */
	bool (*suit)(const void *st, const void *conf, uint64_t records);
	size_t (*open)(void *st, const void *conf, size_t threads);	/* n */
	/* From now on st, which is new, is one of the others. */
	void (*attach)(void *st, const void *conf, void *whole);
	void (*take)(void *st, const void *conf, size_t k, void *from);
};

/*
 * An operator.  Its file is ops/NAME.c, whose only symbol is op_NAME.  A NULL
 * hook has the default in brackets.  conf is what the command line said:
 * filled by parse and bind, immutable after, shared by all instances; what it
 * holds outside the arena of args and bind is left to arena_defer.  st is the
 * memory of one instance; both start as zero bytes.
 */
struct op {
	const char *name;	/* as typed, and the file's name */
	const char *args;	/* synopsis after the name, "" if none */
	const char *makes;	/* one word for -l: kept, changed, made, sink */
	const char *help;	/* one line, lower case, no full stop */
	const char *example;	/* a chain that uses it, */
	const char *shows;	/* and the first lines of what that makes of
				   test/data/access.log; "...": and more */
	const struct flag *flags;	/* one for each in args */
	const char *(*word)(size_t i);	/* what the first argument may be, from
					   0 on; NULL: no more.  [anything] */
	const char *see;	/* neighbours: operators, topics */
	const char *holds;	/* in memory: of a batch or, OP_ACROSS, of all;
				   NULL: nothing */
	const char *also;	/* other tools' names for it, with blanks
				   between, */
	const struct instead *aka;	/* and for a use of it */
	const struct instead *flags_instead;	/* letters of their flags, and
						   what is said of these */
	unsigned traits;
	const char *with;	/* the word or flag without which parse takes
				   some traits away, NULL: none */
	size_t conf_size, state_size;

	/* Reads the words behind the flags; may put another variant of the
	   operator in the place of its copy, and set traits.  [no
	   arguments] */
	int (*parse)(struct op *, void *conf, struct args *);

	/* The incoming shape is known: registers the fields wanted, sets the
	   outgoing shape.  Once, in chain order.  [keeps the shape] */
	int (*bind)(void *conf, struct bind *);

	/* A new instance.  The arena is the instance's: emptied after each
	   batch unless OP_ACROSS.  [nothing] */
	void (*init)(void *st, const void *conf, struct arena *);

	/* Takes a vector, never an empty one.  DONE: wants no more of this
	   batch.  [keeps all] */
	int (*push)(void *st, const void *conf, const struct vec *,
	    struct emit *);

	/* The batch is over: emits what was held, in order; once a batch, so
	   that it may sort in place.  reset clears it.  [nothing] */
	int (*flush)(void *st, const void *conf, const struct batch *,
	    struct emit *);

	/* After flush, before the next batch: O(held), never O(capacity).  Not
	   called for OP_ACROSS.  [nothing] */
	void (*reset)(void *st, const void *conf);

	/* OP_MERGE: a flush that writes the state as records, a push that adds
	   such records to it (see lib/agg/partial.h). */
	int (*save)(void *st, const void *conf, const struct batch *,
	    struct emit *);
	int (*load)(void *st, const void *conf, const struct vec *,
	    struct emit *);

	/* Takes in the state of another instance, which saw the records behind
	   those of this one, numbered from base + 1 on, and is only freed
	   after; to the byte as if this one had seen them.  [it can't]
	   pays: whether that is less work than if one instance had
	   all, as after so many records; alone: no stage is before it.  [it
	   is] */
	void (*join)(void *st, const void *conf, void *other, uint64_t base);
	bool (*pays)(const void *st, const void *conf, uint64_t records,
	    bool alone);

	/* The same without a join, where there is much to be joined.  [it
	   can't] */
	const struct op_parts *parts;

	/* Descriptors the loop should wait for beside its own: fills at most
	   max, returns how many; *wake is lowered to the monotonic time (ns) at
	   which ready should be called at the latest.  [none] */
	size_t (*watch)(void *st, struct pollfd *, size_t max, int64_t *wake);
	int (*ready)(void *st, const void *conf, struct emit *);

	/* OP_ACROSS: emits the records that time alone brings forth.  Called
	   when nothing has come up to mono, by the monotonic clock, at the
	   latest at *wake of watch; and with TIMER_END before the last flush,
	   for what is left then.  They are of the open batch, or, if that has
	   no records, of one of no records that closes at once (BY_TIMER).
	   DONE: there were some.  What an event-time window's end brings forth
	   flush emits.  [nothing] */
	int (*timer)(void *st, const void *conf, int64_t mono, struct emit *);

	/* The input is over and the last batch flushed (ok), or the run failed
	   (not ok): finishes effects.  Emits no records.  [nothing] */
	int (*end)(void *st, const void *conf, struct emit *, bool ok);

	/* --state: writes all that an instance remembers for the next run, at
	   the end of a batch or, of those that are not OP_ACROSS, between two
	   vectors, as fields, or reads them into an instance that is new.  An
	   operator that holds or remembers and has none can't be there.
	   [there is nothing to remember] */
	void (*both)(void *st, const void *conf, struct both *);

	void (*fini)(void *st, const void *conf);	/* frees; [nothing] */
};

/* As a file calls them that has both. */
#define OP_SIZES							\
	.conf_size = sizeof(struct conf), .state_size = sizeof(struct state)

/*
 * bind: what an operator may ask for and set.
 *
 * bind_want registers a field (flags: WANT_*, see lib/format/shape.h): OK, and
 * its values are vec.col[*col] (NULL: nobody asks), or FAIL (told: no such
 * name, a position where the format has none).  The same field with the same
 * flags gets the same column.
 */
struct bind {
	const struct op *op;
	const struct options *opt;
	const struct shape *in;		/* as records come */
	struct shape *out;		/* as they leave; at first like in */
	struct slice header;		/* the input's header record where it
					   stands for these too, else p NULL */
	bool last;			/* of the chain */
	struct take *take;		/* where wants are registered */
	struct edit *edit;		/* what bind_edit or bind_select made */
	bool whole;			/* set where an OP_FIELDS operator needs
					   whole records after all */
	bool few;			/* set where of many records few go on
					   as a rule */
	struct arena *arena;		/* lives until the end of the run */
};

int bind_want(struct bind *, const struct field *, unsigned flags,
    size_t *col);

/* The outgoing records are made: tab-separated, closed, with these names.
   flags: COL_* for each column, or NULL. */
void bind_made(struct bind *, const struct slice *name,
    const unsigned char *flags, size_t n);

/* The outgoing records are the incoming ones with the n columns set as
   emit_edit will give them: added, or replaced where the name is there.
   front: put before the others. */
void bind_edit(struct bind *, const struct slice *name,
    const unsigned char *flags, size_t n, bool front);

/* The outgoing records are the incoming ones with only these n columns, which
   emit_select gives.  *raw: it wants them as tokens (WANT_RAW). */
void bind_select(struct bind *, const struct slice *name,
    const unsigned char *flags, size_t n, bool *raw);

/* A usage error: "mbatch: OP: ...", usage line; returns FAIL. */
int op_fail(const struct op *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
#define bind_fail(b, ...)	op_fail((b)->op, __VA_ARGS__)

/*
 * emit: three ways to hand a record on.  Each returns OK, DONE (nobody below
 * wants more of this batch: the stage may return DONE) or FAIL.
 *
 * kept: the same bytes.  Of the vector being pushed: emit_keep record i,
 * emit_run n records from from on, emit_some the n of idx, ascending.
 * emit_slice: bytes that the stage holds and that stay valid until its hook
 * returns.  num is the number of the input record that one stems from, 0: of
 * none.
 */
int emit_keep(struct emit *, const struct vec *, size_t i);
int emit_run(struct emit *, const struct vec *, size_t from, size_t n);
int emit_some(struct emit *, const struct vec *, const uint16_t *idx, size_t n);
int emit_slice(struct emit *, struct slice rec, uint64_t num);

/* changed: record i of the vector with the columns of bind_edit, or only those
   of bind_select, set to val[0..n-1]; p NULL: absent.  raw[j]: val[j] is a
   token of the record's own format; NULL: none is. */
int emit_edit(struct emit *, const struct vec *, size_t i,
    const struct slice *val, const bool *raw, size_t n);
/* Whether the columns of emit_edits had better be numbers where they are. */
bool emit_numbers(const struct emit *, const struct vec *);
/* The same for all records of the vector: col[j] has their values. */
int emit_edits(struct emit *, const struct vec *, const struct values *col,
    size_t n);

/* made: a row of the columns of bind_made, from plain values (escaped here).
   emit_bytes: a record already encoded in the outgoing shape (copied). */
int emit_row(struct emit *, const struct slice *val, size_t n, uint64_t num);
/* The same of n records of the vector, those of idx, ascending: col[j] has the
   values in this order, which stay until the hook returns. */
int emit_rows(struct emit *, const struct vec *, const uint16_t *idx, size_t n,
    const struct values *col, size_t ncol);
int emit_bytes(struct emit *, struct slice rec, uint64_t num);

/* After bind_select, for what is not known by column: the record's fields as
   they stand (NULL: it can't be read, which was told), and a record of such. */
struct cells *emit_split(struct emit *, struct slice rec, uint64_t num);
int emit_cells(struct emit *, struct slice rec, uint64_t num,
    const struct cells *);

/* A record that the stage itself found it can't read: told and counted, as
   --bad says; OK, or what the hook then returns: DONE if the run ends at it,
   with what came before it still to be handed on, or FAIL. */
int emit_bad(struct emit *, struct slice rec, uint64_t num, const char *why,
    size_t at);

/* An empty buffer to build one record in. */
struct buf *emit_buf(struct emit *);

/* For push, which returns it: num is the last record that counts for this
   batch.  What was said of later ones, here or above, is dropped. */
int emit_done(struct emit *, uint64_t num);
/* The same for the whole run, which ends with this status once the batch, which
   closes behind that record, is written.  Where the batch is being flushed,
   and all of it counts: OK, and the rest of it comes, too. */
int emit_end(struct emit *, uint64_t num, int status);
/* Hands on what was emitted of the vector; then how many of its records count,
   as far as it is known now.  What has an effect of its own comes after. */
size_t emit_counted(struct emit *, const struct vec *);

/* The run ends with this status once the batch is written; from ready, once
   it returns. */
void emit_stop(struct emit *, int status);
/* The run, if all goes well, has this status at its end. */
void emit_status(struct emit *, int status);

/* Whether all that a stage hands on leaves as it is.  If so emit_text takes the
   text of records, *term behind each, and may leave another buffer there: OK or
   FAIL. */
bool emit_plain(const struct emit *, char *term);
int emit_text(struct emit *, struct buf *text, uint64_t records);

/* For OP_LAST.  These bytes to standard output, at once: OK or FAIL (told).
   The line with its terminator that is due after each batch's output (-S), n
   0: none. */
int emit_output(struct emit *, const char *p, size_t n);
bool emit_output_failed(const struct emit *);
int emit_output_dead(struct emit *);	/* its reader went away: FAIL */
struct slice emit_batch_end(struct emit *);

/* The batch that is being pushed or flushed. */
const struct batch *emit_batch(const struct emit *);

#endif
