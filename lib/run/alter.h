/* alter.h - one field of each record changed where it stands */
#ifndef MBATCH_ALTER_H
#define MBATCH_ALTER_H

#include "mbatch.h"

struct alter {
	struct field field;
	size_t col, raw;	/* its values, its tokens */
	bool spares;		/* what does not change stays as it is */
};

/* Asks for the field's values and tokens, and for it to be edited: emit_edit
   takes its new value.  OK or FAIL (told). */
int alter_bind(struct alter *, struct bind *);
/* Emits record i with the token that it has. */
int alter_same(const struct alter *, const struct vec *, size_t i,
    struct emit *);

/* Whether f can be set in records of this shape: OK, or FAIL (told). */
int alter_check(const struct field *f, struct bind *);

#endif
