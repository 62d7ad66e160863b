/* width.h - columns of a terminal, and what takes how many */
#ifndef MBATCH_WIDTH_H
#define MBATCH_WIDTH_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/slice.h"

/* 0, 1 or 2, of a code point that is no control character. */
unsigned width_of(uint32_t c);

/* Bytes of a line that may have SGR sequences, and else nothing that moves a
   cursor, to be written on a screen of so many columns; less than all: as many
   as leave room for the sign that it was cut.  *width: columns that it takes,
   with the sign. */
size_t width_fit(struct slice line, size_t columns, size_t *width);
const char *width_sign(void);

/* What the terminal measures, 0: it doesn't say. */
void width_screen(int fd, size_t *columns, size_t *lines);
/* Whether its cursor can be moved, by TERM. */
bool width_moves(void);

#endif
