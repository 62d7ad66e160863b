/* bind.h - what becomes of the records that an operator changes */
#ifndef MBATCH_BIND_H
#define MBATCH_BIND_H

#include "mbatch.h"

/* bind_edit where fields are changed by position, too: pos[j] is that of field
   j, 0: it goes by its name; NULL: all do. */
void bind_edit_at(struct bind *, const struct slice *name, const int *pos,
    const unsigned char *flags, size_t n, bool front);

/* What emit_edit and emit_select do to a record. */
struct edit {
	enum edit_how {
		EDIT_COLUMNS,	/* columns at known places */
		EDIT_NAMED,	/* members by name */
		EDIT_AUTO,	/* members, as format_of says of each record */
		EDIT_PREFIX,	/* before the whole record */
		EDIT_SELECT	/* these and no others */
	} how;
	size_t n;
	bool front;
	bool selects;		/* the others go */
	bool twice;		/* two of them are one column */
	bool raw;		/* and values are tokens */
	struct slice *name;
	int *pos;		/* EDIT_COLUMNS: the place that is replaced, 0:
				   a new one */
	size_t width;		/* columns of the incoming shape that are sure
				   to be there, if closed */
};

#endif
