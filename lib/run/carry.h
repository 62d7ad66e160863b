/* carry.h - columns that a stage hands to the next one in the place of text */
#ifndef MBATCH_CARRY_H
#define MBATCH_CARRY_H

#include "mbatch.h"

struct chain;
struct stage;

/*
 * Where a stage looks at nothing but fields (OP_FIELDS), and each of them is a
 * column that the one before made or a field of the record that it changed, no
 * text is written between the two: vec.carried has the columns, vec.rec the
 * records as they were before, p NULL where rows were made.  What the fields
 * are is as if text had been written and read.
 */
struct carry {
	struct take base;	/* fields of the records as they were */
	struct take made;	/* the columns */
	struct shape as;	/* of these */
	size_t n;		/* of the stage's wants, */
	bool *made_of;		/* each of them is in one of the takes, */
	size_t *place;		/* there, */
	bool *padded;		/* and, absent, an empty field of the text */
	const struct slice **col;	/* as take.col */
};

/* Whether stage s can have what prev hands on as columns: then s->carry and
   prev->emit are made ready. */
void carry_bind(struct stage *prev, struct stage *s, const struct options *);
void carry_free(struct carry *);

/* The same of the last stage and the output, which is bound. */
void carry_out(struct chain *);

/* Takes the stage's fields of a vector with carried columns; false: some record
   can't be read so, and text must be written. */
bool carry_take(struct stage *, struct vec *);
/* As take_counted. */
void carry_counted(struct stage *, const struct slice *rec, size_t n);

#endif
