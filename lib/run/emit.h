/* emit.h - what a stage hands on, gathered into vectors */
#ifndef MBATCH_EMIT_H
#define MBATCH_EMIT_H

#include "mbatch.h"

struct direct;
struct instance;
struct number;
struct stage;

struct emit {
	struct instance *inst;		/* the one that runs */
	struct stage *stage;
	size_t k;			/* the stage's place */
	int status;			/* the worst since the hook began */
	uint64_t last;			/* emit_done's record in this hook,
					   TURN_ALL: none */
	bool carrying;			/* columns go on (lib/run/carry.h) */
	struct gathered {		/* each of them, */
		struct slice text[VEC_MAX];
		bool token[VEC_MAX];
		struct number *num;	/* VEC_MAX; NULL until needed */
	} *gathered;
	struct values *col, *given;	/* where they lie: there; elsewhere */
	bool columns;			/* what is gathered is such */
	bool odd;			/* and has a value that would be read
					   back as another one */
	size_t n;			/* gathered and not yet handed on */
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX];
	struct arena bytes;		/* of made and changed records */
	struct arena numbers;		/* those that are set, as text */
	struct buf row, text, step[2];
	struct cells cells, edited;
	struct direct *direct;		/* writes a vector of what the stage
					   made or changed, or NULL */
	bool asked;			/* whether there can be one is known */
	struct buf written[2];		/* by such */
};

/* Room for the columns of the stage's link. */
void emit_link(struct emit *);
struct emit *emit_new(struct stage *, size_t k);
void emit_free(struct emit *);

/* A vector that it handed on as columns, as text after all: as emit_drain. */
int emit_rewrite(struct emit *, const struct vec *);

/* Column j of those that go on, as it came; text NULL: the stage sets it. */
struct values emit_column(const struct emit *, const struct vec *, size_t j);
/* One record of columns: emit_next, OK, or as emit_drain; emit_set for each of
   them, what it points to staying until the hook returns; emit_added. */
int emit_next(struct emit *);
void emit_set(struct emit *, size_t j, struct slice text, bool token,
    const struct number *);
int emit_added(struct emit *, struct slice rec, uint64_t num);

/* A stage's hook begins for this instance, of a vector or (NULL) of none. */
void emit_begin(struct emit *, struct instance *, const struct vec *);
/* Hands on what was gathered: OK, DONE or FAIL, the worst since the hook
   began. */
int emit_drain(struct emit *);

#endif
