/* alter.h - one field of each record changed where it stands */
#ifndef MBATCH_ALTER_H
#define MBATCH_ALTER_H

#include "mbatch.h"
#include "lib/run/args.h"

struct alter {
	struct field field;
	size_t col;
	bool keep;		/* a record without the field stays as it is */
};

int alter_parse(struct alter *, struct args *, const char *field);
int alter_bind(struct alter *, struct bind *);
/* Record i with this value; p NULL where it has none. */
int alter_emit(const struct alter *, const struct vec *, size_t i,
    struct slice val, struct emit *);

/* Whether f can be set in records of this shape: OK, or FAIL (told). */
int alter_check(const struct field *f, struct bind *);

#endif
