/* carry.h - columns that stages hand on in the place of text, or beside it */
#ifndef MBATCH_CARRY_H
#define MBATCH_CARRY_H

#include "mbatch.h"

struct chain;
struct stage;

/*
 * A segment is a run of stages of which the first takes text, or makes rows,
 * and the others look at nothing but fields (OP_FIELDS) that are known where
 * they come from: a column that a stage of the segment set, or a field of the
 * text that the first one was given.  What these hand on is records as they
 * came to the segment, p NULL where rows were made, and columns: those that
 * somebody further down wants.  What the fields are is as if each stage had
 * written text and the next one had read it; where a value can't be handed on
 * so, that vector goes on as text.
 */

/* A column, and who has it first. */
struct source {
	size_t stage;
	size_t j;		/* of the columns that the stage sets, or */
	bool found;		/* of the wants of the segment's first stage */
};

/* What a stage hands on as columns. */
struct link {
	bool starts;		/* the stage is given text, or makes rows */
	size_t first;		/* of the segment */
	size_t bottom;		/* text is that of records as they came there:
				   the last stage that made or selected, else
				   first */
	size_t changes;		/* stages from bottom to this that set columns,
				   0: the records still are the text */
	bool records;		/* these are wanted beside their columns */
	bool leaves;		/* the output takes columns: chain.leaves */
	size_t n;
	struct source *col;
	size_t *from;		/* each one's place in what comes, if it does */
	size_t *text;		/* where the columns are that the stages from
				   bottom on set, in order; n: not wanted */
	size_t ntext;
};

/* How a stage has its fields of such a vector. */
struct carry {
	struct had {
		bool column;	/* of the vector, else of base */
		size_t at;
		bool pads;	/* absent it is an empty field of the text */
		bool open;	/* absent, only the text says what it is */
		bool loose;	/* so does it of some values: COL_LOOSE */
		int pos;	/* its place where it comes from */
		const struct shape *token;	/* what its tokens are of, */
		bool by_record;	/* as each record tells */
	} *want;
	struct take base;	/* of the records as they came to the segment */
	size_t fields;		/* base.want from here on: what no record may
				   have */
	bool bare;		/* these are what the stage was bound for */
	const struct slice **col;	/* as in struct vec */
	const struct number **number;
	const bool **token;
};

/* Once all stages are bound: their carry and link, and further wants. */
void carry_bind(struct chain *);
void carry_free(struct carry *);
/* The output, which is bound, as a stage behind the last. */
void carry_out(struct chain *);

/* Whether records leave as they came; else they are changed, or rows made. */
bool carry_keeps(const struct stage *);

/* Whether stages [first, end) want more of the text that comes than the first
   one's fields, or hand it on. */
bool carry_text(const struct chain *, size_t first, size_t end);

/* Takes the stage's fields of a vector with carried columns; false: some record
   can't be read so, and text must be written. */
bool carry_take(struct stage *, struct vec *);
/* As take_counted. */
void carry_counted(struct stage *, const struct vec *, size_t n);

#endif
