/* grid.h - columns aligned for people (-o table) */
#ifndef MBATCH_GRID_H
#define MBATCH_GRID_H

#include <stdbool.h>

#include "lib/base/arena.h"

/*
 * Takes rows as tsv lines (the first one names the columns) and writes them
 * aligned: widths in terminal columns, from the rows of the first call and
 * growing with each later one; columns of numbers to the right; control
 * characters and bytes that are no UTF-8 shown as \xHH.
 */
struct grid;

enum { GRID_ROWS = 1000 };	/* rows for a call, so that widths are the
				   same however records come */

/* For a terminal lines that are wider than it are cut, with a sign, and the
   first row (headed) comes again after each screenful: what it measures is
   asked for at each call.  fd: the terminal, -1: none. */
struct grid *grid_new(int fd, bool headed);
void grid_free(struct grid *);
/* Asked for each value in order: NULL, or what stands before it, and behind;
   where *after is NULL in the place of the blank before it. */
typedef const char *grid_style_fn(void *arg, const char **after);
void grid_style(struct grid *, grid_style_fn *, void *arg);
void grid_write(struct grid *, struct slice rows, struct buf *out);

#endif
