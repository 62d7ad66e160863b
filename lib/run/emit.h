/* emit.h - what a stage hands on, gathered into vectors */
#ifndef MBATCH_EMIT_H
#define MBATCH_EMIT_H

#include "mbatch.h"

struct instance;
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
	struct values *col, *given;	/* and where they lie: there; elsewhere */
	bool columns;			/* what is gathered is such */
	bool odd;			/* and has a value that would be read
					   back as another one */
	size_t n;			/* gathered and not yet handed on */
	struct slice rec[VEC_MAX];
	uint64_t num[VEC_MAX];
	struct arena bytes;		/* of made and changed records */
	struct buf row, text, step[2];
	struct cells cells, edited;
};

struct emit *emit_new(struct stage *, size_t k);
void emit_free(struct emit *);

/* A vector that it handed on as columns, as text after all: as emit_drain. */
int emit_rewrite(struct emit *, const struct vec *);

/* A stage's hook begins for this instance, of a vector or (NULL) of none. */
void emit_begin(struct emit *, struct instance *, const struct vec *);
/* Hands on what was gathered: OK, DONE or FAIL, the worst since the hook
   began. */
int emit_drain(struct emit *);

#endif
